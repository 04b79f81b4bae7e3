/* Fields of queries and forms. Pure but for the arena; any thread. */
#include "httpd/form.h"

#include "core/enc.h"
#include "core/utf8.h"

bool form_next(struct str *rest, struct str *name, struct str *value)
{
	struct str field;
	while (str_next(rest, '&', &field)) {
		if (field.len == 0)
			continue;
		if (!str_split(field, '=', name, value))
			*value = STR("");
		return true;
	}
	return false;
}

static struct str with_spaces(struct arena *arena, struct str text)
{
	char *bytes = arena_alloc(arena, text.len + 1);
	if (bytes == NULL)
		return STR_NONE;
	for (size_t i = 0; i < text.len; i++)
		bytes[i] = text.ptr[i] == '+' ? ' ' : text.ptr[i];
	return str_n(bytes, text.len);
}

struct str form_decode(struct arena *arena, struct str text)
{
	struct str plain = with_spaces(arena, text);
	if (str_index(plain, '%') != plain.len) {
		struct buf decoded = BUF_INIT(text.len);
		bool whole = enc_unpercent(&decoded, plain);
		plain = arena_take_buf(arena, &decoded);
		if (!whole)
			return STR_NONE;
	}
	return utf8_valid(plain) ? plain : STR_NONE;
}

struct str form_find(struct arena *arena, struct str form, struct str name)
{
	struct str raw_name, raw_value;
	while (form_next(&form, &raw_name, &raw_value)) {
		if (str_eq(raw_name, name) || str_eq(form_decode(arena, raw_name), name))
			return form_decode(arena, raw_value);
	}
	return STR_NONE;
}
