/* Query, form and JSON as one list. Pure but for the arena. */
#include "fields_int.h"

#include "core/buf.h"
#include "core/utf8.h"
#include "httpd/form.h"
#include "json/jr.h"

#define NAME_MAX_BYTES 200
#define DEPTH_MAX 4 /* "poll[options][]", "fields_attributes[0][name]" */

static bool has_nul(struct str s)
{
	return str_index(s, '\0') != s.len;
}

static enum rc add(struct ctx *ctx, struct fields *fields, struct str name, struct str value)
{
	if (fields->list == NULL)
		fields->list = ARENA_ARRAY(ctx->arena, FIELDS_MAX, struct field);
	if (fields->list == NULL)
		return RC_NO_MEMORY;
	if (fields->count == FIELDS_MAX)
		return ctx_fail(ctx, RC_TOO_LARGE, "too many parameters");
	/* no text has a NUL, and what is behind one would be lost on the way to a library */
	if (has_nul(name) || has_nul(value))
		return ctx_fail(ctx, RC_INVALID, "a parameter is malformed");
	fields->list[fields->count++] = (struct field){ name, value };
	return RC_OK;
}

enum rc fields_add_form(struct ctx *ctx, struct fields *fields, struct str form)
{
	struct str name, value;
	enum rc rc = RC_OK;
	while (rc == RC_OK && form_next(&form, &name, &value)) {
		name = form_decode(ctx->arena, name);
		value = form_decode(ctx->arena, value);
		if (arena_failed(ctx->arena))
			return RC_NO_MEMORY;
		if (name.ptr == NULL || value.ptr == NULL)
			return ctx_fail(ctx, RC_INVALID, "a parameter is malformed");
		rc = add(ctx, fields, name, value);
	}
	return rc;
}

enum rc fields_add_parts(struct ctx *ctx, struct fields *fields, const struct multipart *form)
{
	enum rc rc = RC_OK;
	for (size_t i = 0; rc == RC_OK && i < form->count; i++) {
		const struct multipart_part *part = &form->parts[i];
		if (part->file)
			continue;
		if (!utf8_valid(part->bytes))
			return ctx_fail(ctx, RC_INVALID, "a parameter is malformed");
		rc = add(ctx, fields, part->name, part->bytes);
	}
	return rc;
}

/* --- JSON --- */

static enum rc add_value(struct ctx *ctx, struct fields *fields, struct str name, struct jr value,
			 unsigned depth);

static const struct jr_limits body_limits = { .bytes = (size_t)1 << 20,
					      .depth = 32,
					      .nodes = 20000,
					      .names = 512,
					      .string = (size_t)512 << 10,
					      .long_integers = true };

static struct str scalar(struct arena *arena, struct jr value)
{
	int64_t whole;
	double number;
	switch (jr_type(value)) {
	case JR_STRING:
		return arena_str(arena, jr_str(value));
	case JR_BOOL:
		return jr_bool(value, false) ? STR("true") : STR("false");
	case JR_NUMBER:
		if (jr_i64(value, &whole))
			return arena_printf(arena, "%lld", (long long)whole);
		return jr_double(value, &number) ? arena_printf(arena, "%.17g", number) : STR_NONE;
	case JR_ABSENT:
	case JR_NULL:
	case JR_ARRAY:
	case JR_OBJECT:
		break;
	}
	return STR_NONE;
}

static struct str inner_name(struct arena *arena, struct str name, struct str member)
{
	return name.len == 0 ? arena_str(arena, member)
			     : arena_printf(arena, "%.*s[%.*s]", STR_ARG(name), STR_ARG(member));
}

static enum rc add_object(struct ctx *ctx, struct fields *fields, struct str name, struct jr object,
			  unsigned depth)
{
	struct jr_iter it = { .begun = false };
	struct str member;
	struct jr value;
	enum rc rc = RC_OK;
	while (rc == RC_OK && jr_next(object, &it, &member, &value)) {
		if (member.len > NAME_MAX_BYTES)
			return ctx_fail(ctx, RC_INVALID, "the name of a parameter is too long");
		rc = add_value(ctx, fields, inner_name(ctx->arena, name, member), value, depth);
	}
	return rc;
}

/* Scalars are name[]; objects are told apart by their place. An empty list is there all the same. */
static enum rc add_array(struct ctx *ctx, struct fields *fields, struct str name, struct jr array,
			 unsigned depth)
{
	size_t count = jr_count(array);
	enum rc rc = RC_OK;
	if (count == 0)
		return add(ctx, fields, arena_join(ctx->arena, name, STR("[]")), STR_NONE);
	for (size_t i = 0; rc == RC_OK && i < count; i++) {
		struct jr value = jr_at(array, i);
		bool object = jr_type(value) == JR_OBJECT;
		struct str inner = object ? arena_printf(ctx->arena, "%.*s[%zu]", STR_ARG(name), i)
					  : arena_join(ctx->arena, name, STR("[]"));
		rc = add_value(ctx, fields, inner, value, depth);
	}
	return rc;
}

static enum rc add_value(struct ctx *ctx, struct fields *fields, struct str name, struct jr value,
			 unsigned depth)
{
	if (arena_failed(ctx->arena))
		return RC_NO_MEMORY;
	if (depth > DEPTH_MAX)
		return ctx_fail(ctx, RC_INVALID, "parameters are nested too deeply");
	if (jr_type(value) == JR_OBJECT)
		return add_object(ctx, fields, name, value, depth + 1);
	if (jr_type(value) == JR_ARRAY)
		return add_array(ctx, fields, name, value, depth + 1);
	return add(ctx, fields, name, scalar(ctx->arena, value));
}

enum rc fields_add_json(struct ctx *ctx, struct fields *fields, struct str json)
{
	struct jr_doc *doc = NULL;
	enum rc rc = jr_parse(ctx, json, &body_limits, &doc);
	if (rc != RC_OK)
		return rc;
	if (jr_type(jr_root(doc)) == JR_OBJECT)
		rc = add_object(ctx, fields, STR(""), jr_root(doc), 0);
	else
		rc = ctx_fail(ctx, RC_INVALID, "the body must be a JSON object");
	jr_free(&doc);
	return rc == RC_OK && arena_failed(ctx->arena) ? RC_NO_MEMORY : rc;
}

const struct field *fields_find(const struct fields *fields, struct str name)
{
	for (size_t i = fields->count; i-- > 0;) {
		if (str_eq(fields->list[i].name, name))
			return &fields->list[i];
	}
	return NULL;
}
