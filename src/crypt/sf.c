/* The parser of structured fields, RFC 9651 section 4.2. Stateless, any thread. */
#include "sf_int.h"

#include "core/enc.h"

struct reader {
	struct arena *arena;
	struct str rest;
};

static char peek(const struct reader *r)
{
	return r->rest.len != 0 ? r->rest.ptr[0] : '\0';
}

static bool take(struct reader *r, char c)
{
	if (r->rest.len == 0 || r->rest.ptr[0] != c)
		return false;
	r->rest = str_skip(r->rest, 1);
	return true;
}

static void skip_spaces(struct reader *r)
{
	while (take(r, ' '))
		;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool is_alpha(char c)
{
	return is_lower(c) || (c >= 'A' && c <= 'Z');
}

static bool is_key_chr(char c)
{
	return is_lower(c) || is_digit(c) || c == '_' || c == '-' || c == '.' || c == '*';
}

static bool is_token_chr(char c)
{
	return is_alpha(c) || is_digit(c) || (c != '\0' && strchr("!#$%&'*+-.^_`|~:/", c) != NULL);
}

/* The longest prefix of which every byte fits. */
static struct str take_while(struct reader *r, bool (*fits)(char c))
{
	size_t n = 0;
	while (n < r->rest.len && fits(r->rest.ptr[n]))
		n++;
	struct str taken = str_take(r->rest, n);
	r->rest = str_skip(r->rest, n);
	return taken;
}

/* Section 4.2.3.3. */
static bool read_key(struct reader *r, struct str *key)
{
	if (!is_lower(peek(r)) && peek(r) != '*')
		return false;
	*key = take_while(r, is_key_chr);
	return true;
}

/* Section 4.2.4: 15 digits, or 12 with one to three behind the point. */
static bool read_number(struct reader *r, struct sf_value *v)
{
	bool negative = take(r, '-');
	struct str digits = take_while(r, is_digit);
	uint64_t whole;
	if (digits.len > 15 || !str_to_u64(digits, &whole))
		return false;
	v->type = SF_INTEGER;
	v->number = (int64_t)whole;
	if (take(r, '.')) {
		static const int64_t scale[] = { 0, 100, 10, 1 };
		struct str fraction = take_while(r, is_digit);
		uint64_t part;
		if (digits.len > 12 || fraction.len > 3 || !str_to_u64(fraction, &part))
			return false;
		v->type = SF_DECIMAL;
		v->number = v->number * 1000 + (int64_t)part * scale[fraction.len];
	}
	if (negative)
		v->number = -v->number;
	return true;
}

bool sf_is_string(struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] < ' ' || text.ptr[i] > '~')
			return false;
	}
	return true;
}

/* How far the closing quote is, and how many backslashes escape something before it. */
static bool find_quote(struct str text, size_t *end, size_t *escapes)
{
	*escapes = 0;
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '"') {
			*end = i;
			return true;
		}
		if (text.ptr[i] != '\\')
			continue;
		++*escapes;
		i++;
		if (i == text.len || (text.ptr[i] != '"' && text.ptr[i] != '\\'))
			return false;
	}
	return false;
}

/* Section 4.2.5, behind the opening quote. */
static bool read_string(struct reader *r, struct sf_value *v)
{
	size_t end, escapes, n = 0;
	if (!find_quote(r->rest, &end, &escapes))
		return false;
	v->type = SF_STRING;
	v->text = str_take(r->rest, end);
	if (escapes != 0) {
		char *text = arena_alloc(r->arena, end - escapes);
		if (text == NULL)
			return false;
		for (size_t i = 0; i < end; i++) {
			i += r->rest.ptr[i] == '\\' ? 1 : 0;
			text[n++] = r->rest.ptr[i];
		}
		v->text = str_n(text, n);
	}
	r->rest = str_skip(r->rest, end + 1);
	return sf_is_string(v->text);
}

/* Section 4.2.7, behind the opening colon. */
static bool read_bytes(struct reader *r, struct sf_value *v)
{
	struct str encoded;
	struct buf decoded = BUF_INIT(r->rest.len);
	v->type = SF_BYTES;
	if (!str_split(r->rest, ':', &encoded, &r->rest))
		return false;
	bool ok = str_index(encoded, '-') == encoded.len &&
		  str_index(encoded, '_') == encoded.len && enc_unbase64(&decoded, encoded);
	v->text = arena_take_buf(r->arena, &decoded);
	return ok && v->text.ptr != NULL;
}

static bool read_boolean(struct reader *r, struct sf_value *v)
{
	v->type = SF_BOOLEAN;
	v->number = peek(r) == '1';
	return take(r, '0') || take(r, '1');
}

static bool read_date(struct reader *r, struct sf_value *v)
{
	bool ok = read_number(r, v) && v->type == SF_INTEGER;
	v->type = SF_DATE;
	return ok;
}

/* Section 4.2.3.1. */
static bool read_value(struct reader *r, struct sf_value *v)
{
	*v = (struct sf_value){ 0 };
	if (take(r, '"'))
		return read_string(r, v);
	if (take(r, ':'))
		return read_bytes(r, v);
	if (take(r, '?'))
		return read_boolean(r, v);
	if (take(r, '@'))
		return read_date(r, v);
	if (is_alpha(peek(r)) || peek(r) == '*') {
		v->type = SF_TOKEN;
		v->text = take_while(r, is_token_chr);
		return true;
	}
	return read_number(r, v);
}

static bool copy_rows(struct arena *arena, const void *rows, size_t count, size_t size,
		      const void **out)
{
	void *copy = arena_array(arena, count != 0 ? count : 1, size);
	if (copy == NULL)
		return false;
	memcpy(copy, rows, count * size);
	*out = copy;
	return true;
}

static bool has_param(const struct sf_param *rows, size_t count, struct str key)
{
	for (size_t i = 0; i < count; i++) {
		if (str_eq(rows[i].key, key))
			return true;
	}
	return false;
}

/* Section 4.2.3.2. */
static bool read_params(struct reader *r, struct sf_params *params)
{
	struct sf_param rows[SF_MAX_PARAMS];
	size_t n = 0;
	while (take(r, ';')) {
		struct str key;
		skip_spaces(r);
		if (n == SF_MAX_PARAMS || !read_key(r, &key) || has_param(rows, n, key))
			return false;
		rows[n] = (struct sf_param){ key, { .type = SF_BOOLEAN, .number = 1 } };
		if (take(r, '=') && !read_value(r, &rows[n].value))
			return false;
		n++;
	}
	*params = (struct sf_params){ NULL, n };
	if (n == 0)
		return true;
	return copy_rows(r->arena, rows, n, sizeof(rows[0]), (const void **)&params->rows);
}

static bool read_item(struct reader *r, struct sf_item *item)
{
	return read_value(r, &item->value) && read_params(r, &item->params);
}

/* Section 4.2.1.2, behind the opening parenthesis. */
static bool read_inner_list(struct reader *r, struct sf_member *m)
{
	struct sf_item rows[SF_MAX_ITEMS];
	m->is_list = true;
	for (;;) {
		skip_spaces(r);
		if (take(r, ')'))
			break;
		if (m->count == SF_MAX_ITEMS || !read_item(r, &rows[m->count]) ||
		    (peek(r) != ' ' && peek(r) != ')'))
			return false;
		m->count++;
	}
	return copy_rows(r->arena, rows, m->count, sizeof(rows[0]), (const void **)&m->items) &&
	       read_params(r, &m->params);
}

static bool read_member_value(struct reader *r, struct sf_member *m)
{
	struct sf_item item = { .value = { .type = SF_BOOLEAN, .number = 1 } };
	bool ok;
	if (!take(r, '='))
		ok = read_params(r, &item.params);
	else if (take(r, '('))
		return read_inner_list(r, m);
	else
		ok = read_item(r, &item);
	m->count = 1;
	return ok && copy_rows(r->arena, &item, 1, sizeof(item), (const void **)&m->items);
}

static void skip_ows(struct reader *r)
{
	while (take(r, ' ') || take(r, '\t'))
		;
}

/* Section 4.2.2. */
static bool read_dict(struct reader *r, struct sf_member rows[SF_MAX_MEMBERS], size_t *count)
{
	skip_spaces(r);
	while (r->rest.len != 0) {
		struct sf_member *m = &rows[*count];
		if (*count == SF_MAX_MEMBERS)
			return false;
		*m = (struct sf_member){ 0 };
		struct sf_dict before = { rows, *count };
		if (!read_key(r, &m->key) || sf_dict_find(&before, m->key) != NULL ||
		    !read_member_value(r, m))
			return false;
		++*count;
		skip_ows(r);
		if (r->rest.len == 0)
			return true;
		if (!take(r, ','))
			return false;
		skip_ows(r);
		if (r->rest.len == 0)
			return false;
	}
	return true;
}

bool sf_parse_dict(struct arena *arena, struct str text, struct sf_dict *out)
{
	struct sf_member rows[SF_MAX_MEMBERS];
	struct reader r = { arena, text };
	*out = (struct sf_dict){ 0 };
	size_t count = 0;
	if (!read_dict(&r, rows, &count) ||
	    !copy_rows(arena, rows, count, sizeof(rows[0]), (const void **)&out->rows))
		return false;
	out->count = count;
	return true;
}

const struct sf_member *sf_dict_find(const struct sf_dict *dict, struct str key)
{
	for (size_t i = 0; i < dict->count; i++) {
		if (str_eq(dict->rows[i].key, key))
			return &dict->rows[i];
	}
	return NULL;
}

const struct sf_value *sf_params_find(const struct sf_params *params, struct str key)
{
	for (size_t i = 0; i < params->count; i++) {
		if (str_eq(params->rows[i].key, key))
			return &params->rows[i].value;
	}
	return NULL;
}
