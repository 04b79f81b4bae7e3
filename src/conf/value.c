/*
 * Values of settings: what each type looks like in a file, its bounds, and how it is printed so
 * that it reads back as the same value. Stateless, any thread.
 */
#include "conf_int.h"

#include <arpa/inet.h>

#include "core/clock.h"
#include "core/must.h"
#include "core/utf8.h"
#include "text/iri.h"

#define KIB UINT64_C(1024)
#define KB UINT64_C(1000)

struct unit {
	const char *name;
	uint64_t factor;
};

/* Largest first among those that are printed; the rest is read only. */
static const struct unit byte_units[] = {
	{ "TiB", KIB *KIB *KIB *KIB },
	{ "GiB", KIB *KIB *KIB },
	{ "MiB", KIB *KIB },
	{ "KiB", KIB },
	{ "TB", KB *KB *KB *KB },
	{ "GB", KB *KB *KB },
	{ "MB", KB *KB },
	{ "KB", KB },
	{ "B", 1 },
};
#define BYTE_UNITS_PRINTED 4

static const struct unit time_units[] = {
	{ "w", 7 * MS_PER_DAY },  { "d", MS_PER_DAY },	  { "h", MS_PER_HOUR },
	{ "min", MS_PER_MINUTE }, { "s", MS_PER_SECOND }, { "ms", 1 },
};

/* Where a text is read: the row's own needs and the file's folder. */
struct source {
	struct ctx *ctx;
	const struct conf_row *row;
	struct str text;
	struct str folder;
};

/* Any type's value on its way into a struct. */
union value {
	struct str str;
	uint64_t number;
	unsigned choice;
	bool flag;
};

/* What the bounds of a row are of. */
enum measure {
	MEASURE_NOTHING,
	MEASURE_NUMBER,
	MEASURE_LENGTH,
};

struct type_row {
	const char *name;
	size_t size;
	enum measure measure;
	enum rc (*parse)(const struct source *source, union value *value);
	void (*print)(struct buf *out, const struct conf_row *row, const union value *value);
};

static struct str quote(struct str text)
{
	return utf8_take(text, CONF_QUOTE_MAX, CONF_QUOTE_MAX);
}

static enum rc fail(const struct source *source, const char *expected)
{
	struct str shown = quote(source->text);
	return ctx_fail(source->ctx, RC_INVALID, "\"%.*s%s\" is not %s", STR_ARG(shown),
			shown.len < source->text.len ? "..." : "", expected);
}

/* -- numbers and their units -- */

static struct str take_number(struct str text, struct str *unit)
{
	size_t n = 0;
	while (n < text.len && text.ptr[n] >= '0' && text.ptr[n] <= '9')
		n++;
	*unit = str_trim(str_skip(text, n));
	return str_take(text, n);
}

/* False when the unit is none of them, there is no number or it is too large to count. */
static bool parse_with_unit(struct str text, const struct unit *units, size_t count, uint64_t *out)
{
	struct str unit, digits = take_number(text, &unit);
	uint64_t number;
	if (!str_to_u64(digits, &number))
		return false;
	for (size_t i = 0; i < count; i++) {
		if (str_eq_nocase(unit, str_of(units[i].name)))
			return !__builtin_mul_overflow(number, units[i].factor, out);
	}
	*out = number;
	return unit.len == 0;
}

static void print_with_unit(struct buf *out, uint64_t number, const struct unit *units,
			    size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (number != 0 && number % units[i].factor == 0) {
			buf_addf(out, "%llu %s", (unsigned long long)(number / units[i].factor),
				 units[i].name);
			return;
		}
	}
	buf_add_u64(out, number);
}

static enum rc parse_u64(const struct source *source, union value *value)
{
	if (!str_to_u64(source->text, &value->number))
		return fail(source, "a whole number");
	return RC_OK;
}

static enum rc parse_bytes(const struct source *source, union value *value)
{
	if (!parse_with_unit(source->text, byte_units, ARRAY_LEN(byte_units), &value->number))
		return fail(source,
			    "a size, such as 64 MiB (B, KB, KiB, MB, MiB, GB, GiB, TB, TiB)");
	return RC_OK;
}

bool conf_parse_duration(struct str text, uint64_t *ms)
{
	struct str unit;
	take_number(text, &unit);
	/* a bare number would leave open what it counts */
	return parse_with_unit(text, time_units, ARRAY_LEN(time_units), ms) &&
	       (unit.len != 0 || *ms == 0);
}

static enum rc parse_duration(const struct source *source, union value *value)
{
	if (!conf_parse_duration(source->text, &value->number))
		return fail(source, "a duration with its unit, such as 30 s (ms, s, min, h, d, w)");
	return RC_OK;
}

static enum rc parse_bool(const struct source *source, union value *value)
{
	static const struct {
		const char *word;
		bool flag;
	} words[] = {
		{ "yes", true }, { "true", true },   { "on", true },
		{ "no", false }, { "false", false }, { "off", false },
	};
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (str_eq_nocase(source->text, str_of(words[i].word))) {
			value->flag = words[i].flag;
			return RC_OK;
		}
	}
	return fail(source, "yes or no");
}

static enum rc parse_enum(const struct source *source, union value *value)
{
	struct str rest = str_of(source->row->choices), choice;
	for (unsigned i = 0; str_next(&rest, ' ', &choice); i++) {
		if (str_eq(choice, source->text)) {
			value->choice = i;
			return RC_OK;
		}
	}
	struct str known = arena_printf(source->ctx->arena, "one of: %s", source->row->choices);
	return fail(source, known.ptr != NULL ? known.ptr : "one of the choices");
}

/* -- text -- */

/* "" says that there is none, where the default says so too. */
static bool is_none(const struct source *source)
{
	return source->text.len == 0 && source->row->fallback != NULL &&
	       source->row->fallback[0] == '\0';
}

static enum rc parse_str(const struct source *source, union value *value)
{
	value->str = source->text;
	return RC_OK;
}

static enum rc parse_domain(const struct source *source, union value *value)
{
#ifdef FF_TEST_HOOKS
	const unsigned flags = IRI_HTTP | IRI_LITERAL;
#else
	const unsigned flags = IRI_STRICT;
#endif
	struct ctx sub = { .arena = source->ctx->arena };
	value->str = source->text;
	if (is_none(source) || iri_authority(&sub, source->text, flags, &value->str) == RC_OK)
		return RC_OK;
	struct str shown = quote(source->text);
	return ctx_fail(source->ctx, RC_INVALID, "\"%.*s\" is not a domain name: %s",
			STR_ARG(shown), err_text(&sub.err));
}

/* The canonical text of a numeric address, in brackets when it is of IPv6; absent when it is none.
 */
static struct str canonical_address(struct arena *arena, struct str host)
{
	unsigned char address[sizeof(struct in6_addr)];
	char text[INET6_ADDRSTRLEN];
	bool brackets = host.len > 2 && host.ptr[0] == '[' && host.ptr[host.len - 1] == ']';
	if (brackets)
		host = str_take(str_skip(host, 1), host.len - 2);
	if (host.len >= sizeof(text))
		return STR_NONE;
	memcpy(text, host.ptr, host.len);
	text[host.len] = '\0';
	int family = brackets ? AF_INET6 : AF_INET;
	if (inet_pton(family, text, address) != 1 ||
	    inet_ntop(family, address, text, sizeof(text)) == NULL)
		return STR_NONE;
	return arena_printf(arena, brackets ? "[%s]" : "%s", text);
}

static bool listen_port(struct str text, uint64_t *port)
{
#ifdef FF_TEST_HOOKS
	const uint64_t least = 0; /* the system chooses one */
#else
	const uint64_t least = 1;
#endif
	return text.len <= 5 && str_to_u64(text, port) && *port >= least && *port <= UINT16_MAX;
}

static enum rc parse_listen(const struct source *source, union value *value)
{
	struct str text = source->text;
	value->str = text;
	if (is_none(source))
		return RC_OK;
	size_t colon = str_rindex(text, ':');
	uint64_t port = 0;
	struct str address = STR_NONE;
	if (colon != 0 && listen_port(str_skip(text, colon + 1), &port))
		address = canonical_address(source->ctx->arena, str_take(text, colon));
	if (address.ptr == NULL)
		return fail(source, "a numeric address with a port, such as 127.0.0.1:8080 or "
				    "[::1]:8080");
	value->str = arena_printf(source->ctx->arena, "%.*s:%u", STR_ARG(address), (unsigned)port);
	return RC_OK;
}

static enum rc parse_path(const struct source *source, union value *value)
{
	struct str text = source->text, folder = source->folder;
	value->str = text;
	if (is_none(source))
		return RC_OK;
	if (text.len == 0 || str_contains(text, STR("\n")))
		return fail(source, "a path");
	if (text.ptr[0] != '/' && folder.len != 0)
		value->str =
			arena_printf(source->ctx->arena, "%.*s%s%.*s", STR_ARG(folder),
				     str_has_suffix(folder, STR("/")) ? "" : "/", STR_ARG(text));
	return RC_OK;
}

/* -- printing -- */

/* May text stand in a file without quotes? */
static bool is_plain(struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
		bool digit = c >= '0' && c <= '9';
		if (!letter && !digit && (c == '\0' || strchr("./:_@+,%[]-", c) == NULL))
			return false;
	}
	return text.len != 0;
}

void conf_value_print_text(struct buf *out, struct str text)
{
	if (is_plain(text)) {
		buf_add(out, text);
		return;
	}
	buf_add_chr(out, '"');
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		if (c == '"' || c == '\\' || c == '\n' || c == '\t')
			buf_add_chr(out, '\\');
		buf_add_chr(out, c == '\n' ? 'n' : c == '\t' ? 't' : c);
	}
	buf_add_chr(out, '"');
}

void conf_value_print_number(struct buf *out, enum conf_type type, uint64_t number)
{
	if (type == CONF_BYTES)
		print_with_unit(out, number, byte_units, BYTE_UNITS_PRINTED);
	else if (type == CONF_DURATION)
		print_with_unit(out, number, time_units, ARRAY_LEN(time_units));
	else
		buf_add_u64(out, number);
}

static void print_number(struct buf *out, const struct conf_row *row, const union value *value)
{
	conf_value_print_number(out, row->type, value->number);
}

static void print_text(struct buf *out, const struct conf_row *row UNUSED, const union value *value)
{
	conf_value_print_text(out, value->str);
}

static void print_bool(struct buf *out, const struct conf_row *row UNUSED, const union value *value)
{
	buf_add(out, value->flag ? STR("yes") : STR("no"));
}

static void print_enum(struct buf *out, const struct conf_row *row, const union value *value)
{
	struct str rest = str_of(row->choices), choice = STR_NONE;
	for (unsigned i = 0; str_next(&rest, ' ', &choice) && i < value->choice; i++)
		;
	buf_add(out, choice);
}

/* -- the table of types -- */

static const struct type_row types[] = {
	[CONF_STR] = { "text", sizeof(struct str), MEASURE_LENGTH, parse_str, print_text },
	[CONF_U64] = { "number", sizeof(uint64_t), MEASURE_NUMBER, parse_u64, print_number },
	[CONF_BOOL] = { "yes or no", sizeof(bool), MEASURE_NOTHING, parse_bool, print_bool },
	[CONF_BYTES] = { "size", sizeof(uint64_t), MEASURE_NUMBER, parse_bytes, print_number },
	[CONF_DURATION] = { "duration", sizeof(uint64_t), MEASURE_NUMBER, parse_duration,
			    print_number },
	[CONF_ENUM] = { "choice", sizeof(unsigned), MEASURE_NOTHING, parse_enum, print_enum },
	[CONF_DOMAIN] = { "domain", sizeof(struct str), MEASURE_LENGTH, parse_domain, print_text },
	[CONF_LISTEN] = { "address:port", sizeof(struct str), MEASURE_LENGTH, parse_listen,
			  print_text },
	[CONF_PATH] = { "path", sizeof(struct str), MEASURE_LENGTH, parse_path, print_text },
};

static const struct type_row *type_of(enum conf_type type)
{
	must((size_t)type < ARRAY_LEN(types));
	return &types[type];
}

const char *conf_type_name(enum conf_type type)
{
	return type_of(type)->name;
}

size_t conf_value_size(enum conf_type type)
{
	return type_of(type)->size;
}

static enum rc check_bounds(const struct source *source, const union value *value)
{
	const struct conf_row *row = source->row;
	enum measure measure = type_of(row->type)->measure;
	if (measure == MEASURE_NOTHING || (row->min == 0 && row->max == 0))
		return RC_OK;
	bool number = measure == MEASURE_NUMBER;
	uint64_t size = number ? value->number : value->str.len;
	bool low = size < row->min;
	if (!low && (row->max == 0 || size <= row->max))
		return RC_OK;
	struct buf bound CLEANUP(buf_free) = BUF_INIT(64);
	conf_value_print_number(&bound, row->type, low ? row->min : row->max);
	struct str shown = quote(source->text), limit = buf_str(&bound);
	return ctx_fail(source->ctx, RC_INVALID, "\"%.*s%s\" is %s than %.*s%s", STR_ARG(shown),
			shown.len < source->text.len ? "..." : "",
			number ? (low ? "less" : "more") : (low ? "shorter" : "longer"),
			STR_ARG(limit), number ? "" : " bytes");
}

enum rc conf_value_parse(struct ctx *ctx, const struct conf_row *row, struct str text,
			 struct str folder, void *values)
{
	const struct source source = { ctx, row, text, folder };
	const struct type_row *type = type_of(row->type);
	union value value = { .str = STR_NONE };
	enum rc rc = type->parse(&source, &value);
	if (rc == RC_OK)
		rc = check_bounds(&source, &value);
	if (rc == RC_OK && row->check != NULL)
		rc = row->check(&ctx->err, type->measure == MEASURE_LENGTH ? value.str : text);
	if (rc != RC_OK)
		return rc;
	if (arena_failed(ctx->arena))
		return ctx_fail(ctx, RC_NO_MEMORY, "out of memory");
	memcpy((char *)values + row->offset, &value, type->size);
	return RC_OK;
}

void conf_value_print(struct buf *out, const struct conf_row *row, const void *values)
{
	union value value;
	const struct type_row *type = type_of(row->type);
	memcpy(&value, (const char *)values + row->offset, type->size);
	type->print(out, row, &value);
}
