/* Decoding parameters by their table. Pure but for the arena. */
#include "core/date.h"
#include "core/must.h"
#include "core/utf8.h"
#include "fields_int.h"

struct decoding {
	struct ctx *ctx;
	const struct fields *fields;
	unsigned char *out;
};

static enum rc wrong(struct decoding *d, const struct param *row, const char *what)
{
	return ctx_fail(d->ctx, RC_INVALID, "%s %s", row->name, what);
}

/* The same words as Rails takes for yes and no; nothing at all leaves it unset. */
static bool tri_parse(struct str text, enum tri *out)
{
	static const struct str yes[] = { STR_INIT("true"), STR_INIT("1"),    STR_INIT("t"),
					  STR_INIT("on"),   STR_INIT("TRUE"), STR_INIT("True"),
					  STR_INIT("T"),    STR_INIT("ON"),   STR_INIT("yes") };
	static const struct str no[] = { STR_INIT("false"), STR_INIT("0"),     STR_INIT("f"),
					 STR_INIT("off"),   STR_INIT("FALSE"), STR_INIT("False"),
					 STR_INIT("F"),	    STR_INIT("OFF"),   STR_INIT("no") };
	*out = TRI_UNSET;
	for (size_t i = 0; i < ARRAY_LEN(yes); i++) {
		if (str_eq(text, yes[i]))
			*out = TRI_YES;
		if (str_eq(text, no[i]))
			*out = TRI_NO;
	}
	return *out != TRI_UNSET || text.len == 0;
}

static enum rc decode_str(struct decoding *d, const struct param *row, struct str value)
{
	struct str *out = (void *)(d->out + row->offset);
	if (value.len > row->max)
		return wrong(d, row, "is too long");
	*out = value;
	return RC_OK;
}

static enum rc decode_number(struct decoding *d, const struct param *row, struct str value)
{
	uint64_t *out = (void *)(d->out + row->offset);
	uint64_t n;
	if (value.len == 0)
		return RC_OK;
	if (!str_to_u64(value, &n))
		return wrong(d, row, "is not a number");
	if (row->kind == KIND_LIMIT)
		n = n < row->min ? row->min : n > row->max ? row->max : n;
	if (n < row->min || n > row->max)
		return wrong(d, row, "is out of range");
	*out = n;
	return RC_OK;
}

static enum rc decode_choice(struct decoding *d, const struct param *row, struct str value)
{
	uint32_t *out = (void *)(d->out + row->offset);
	if (value.len == 0)
		return RC_OK;
	for (uint32_t i = 0; row->names[i] != NULL; i++) {
		if (str_eq(value, str_of(row->names[i]))) {
			*out = i;
			return RC_OK;
		}
	}
	return wrong(d, row, "is not included in the list");
}

static enum rc decode_bool(struct decoding *d, const struct param *row, struct str value)
{
	enum tri *out = (void *)(d->out + row->offset);
	return tri_parse(value, out) ? RC_OK : wrong(d, row, "is neither true nor false");
}

static enum rc decode_one(struct decoding *d, const struct param *row, struct str value)
{
	if (row->kind == KIND_STR)
		return decode_str(d, row, value);
	if (row->kind == KIND_BOOL)
		return decode_bool(d, row, value);
	return row->kind == KIND_CHOICE ? decode_choice(d, row, value)
					: decode_number(d, row, value);
}

/* --- lists --- */

/* "name[]", or "name" from those that send one value alone. */
static bool is_item(const struct param *row, struct str name)
{
	struct str plain = str_of(row->name);
	return str_eq(name, plain) || (name.len == plain.len + 2 && str_has_prefix(name, plain) &&
				       str_has_suffix(name, STR("[]")));
}

static size_t count_items(const struct decoding *d, const struct param *row, bool *given)
{
	size_t n = 0;
	for (size_t i = 0; i < d->fields->count; i++) {
		if (!is_item(row, d->fields->list[i].name))
			continue;
		*given = true;
		n += d->fields->list[i].value.ptr != NULL;
	}
	return n;
}

static enum rc decode_strs(struct decoding *d, const struct param *row)
{
	struct str_list *out = (void *)(d->out + row->offset);
	size_t n = count_items(d, row, &out->given);
	out->list = ARENA_ARRAY(d->ctx->arena, n, struct str);
	if (n > LIST_MAX)
		return wrong(d, row, "has too many values");
	if (out->list == NULL)
		return RC_NO_MEMORY;
	for (size_t i = 0; i < d->fields->count; i++) {
		struct str value = d->fields->list[i].value;
		if (!is_item(row, d->fields->list[i].name) || value.ptr == NULL)
			continue;
		if (value.len > row->max)
			return wrong(d, row, "is too long");
		out->list[out->count++] = value;
	}
	return RC_OK;
}

static enum rc decode_ids(struct decoding *d, const struct param *row)
{
	struct id_list *out = (void *)(d->out + row->offset);
	size_t n = count_items(d, row, &out->given);
	out->list = ARENA_ARRAY(d->ctx->arena, n, uint64_t);
	if (n > LIST_MAX)
		return wrong(d, row, "has too many values");
	if (out->list == NULL)
		return RC_NO_MEMORY;
	for (size_t i = 0; i < d->fields->count; i++) {
		struct str value = d->fields->list[i].value;
		if (!is_item(row, d->fields->list[i].name) || value.ptr == NULL)
			continue;
		/* what is no id is nobody's */
		uint64_t id;
		out->list[out->count++] = str_to_u64(value, &id) ? id : 0;
	}
	return RC_OK;
}

/* --- all --- */

static enum rc decode_row(struct decoding *d, const struct param *row)
{
	if (row->kind == KIND_FILE || row->kind == KIND_INNER)
		return RC_OK;
	if (row->kind == KIND_STRS)
		return decode_strs(d, row);
	if (row->kind == KIND_IDS)
		return decode_ids(d, row);
	if (row->kind == KIND_CHOICE)
		*(uint32_t *)(void *)(d->out + row->offset) = NO_CHOICE;
	if (row->kind == KIND_NUMBER || row->kind == KIND_LIMIT)
		*(uint64_t *)(void *)(d->out + row->offset) = row->fallback;
	const struct field *field = fields_find(d->fields, str_of(row->name));
	return field != NULL && field->value.ptr != NULL ? decode_one(d, row, field->value) : RC_OK;
}

enum rc param_seen(struct ctx *ctx, struct str text, uint64_t *ms)
{
	return date_parse_rfc3339(text, ms)
		       ? RC_OK
		       : ctx_fail(ctx, RC_INVALID,
				  "updated_at is missing: say which version was looked at");
}

enum rc params_decode(struct ctx *ctx, const struct param_table *table, const struct fields *fields,
		      const void **out)
{
	struct decoding d = { ctx, fields, arena_alloc(ctx->arena, table->size) };
	enum rc rc = d.out != NULL ? RC_OK : RC_NO_MEMORY;
	for (size_t i = 0; rc == RC_OK && i < table->count; i++)
		rc = decode_row(&d, &table->rows[i]);
	*out = d.out;
	return rc;
}
