/* The writer. Nesting is kept in struct jw, bytes go straight into the buffer. One thread at a
 * time. */
#include "json/jw.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/date.h"
#include "core/must.h"
#include "core/utf8.h"
#include "jw_int.h"

void jw_init(struct jw *w, struct buf *out)
{
	*w = (struct jw){ .out = out };
}

void jw_done(struct jw *w)
{
	must(w->depth == 0 && w->need_comma);
}

static bool in_object(const struct jw *w)
{
	return w->depth != 0 && w->closers[w->depth - 1] == '}';
}

/* What comes before a value: a comma in an array, nothing behind a name. */
static void value_begin(struct jw *w)
{
	if (in_object(w)) {
		must(w->after_name);
		w->after_name = false;
		return;
	}
	must(w->depth != 0 || !w->need_comma);
	if (w->need_comma)
		buf_add_chr(w->out, ',');
	w->need_comma = true;
}

static void container_begin(struct jw *w, char opener, char closer)
{
	value_begin(w);
	must(w->depth < JW_DEPTH);
	w->closers[w->depth++] = closer;
	w->need_comma = false;
	buf_add_chr(w->out, opener);
}

void jw_object(struct jw *w)
{
	container_begin(w, '{', '}');
}

void jw_array(struct jw *w)
{
	container_begin(w, '[', ']');
}

void jw_end(struct jw *w)
{
	must(w->depth != 0 && !w->after_name);
	buf_add_chr(w->out, w->closers[--w->depth]);
	w->need_comma = true;
}

static void name_begin(struct jw *w)
{
	must(in_object(w) && !w->after_name);
	if (w->need_comma)
		buf_add_chr(w->out, ',');
	w->need_comma = true;
	w->after_name = true;
}

void jw_name(struct jw *w, const char *name)
{
	size_t len = strlen(name);
	name_begin(w);
	if (!buf_reserve(w->out, len + 3))
		return;
	char *at = w->out->ptr + w->out->len;
	*at++ = '"';
	memcpy(at, name, len);
	memcpy(at + len, "\":", 3); /* with the NUL that every buffer ends in */
	w->out->len += len + 3;
}

/* The letter of the short escape of c, or 0. */
static char short_escape(unsigned char c)
{
	switch (c) {
	case '"':
	case '\\':
		return (char)c;
	case '\b':
		return 'b';
	case '\f':
		return 'f';
	case '\n':
		return 'n';
	case '\r':
		return 'r';
	case '\t':
		return 't';
	default:
		return 0;
	}
}

static void add_escape(struct buf *out, unsigned char c)
{
	char letter = short_escape(c);
	if (letter != 0)
		buf_add_bytes(out, (const char[]){ '\\', letter }, 2);
	else if (c == 0)
		utf8_add(out, 0xfffd); /* no reader of ours, and no PostgreSQL, takes \u0000 */
	else
		buf_addf(out, "\\u%04x", c);
}

#define EACH_BYTE(byte) ((uint64_t)0x0101010101010101 * (byte))

/* Which bytes are zero, as their high bits; those behind the first may be wrong. */
static uint64_t zero_bytes(uint64_t word)
{
	return (word - EACH_BYTE(1)) & ~word & EACH_BYTE(0x80);
}

/* How many bytes at the start of s are ASCII that needs no escape, in steps of eight. */
static size_t plain_words(struct str s)
{
	size_t n = 0;
	for (uint64_t word; n + sizeof(word) <= s.len; n += sizeof(word)) {
		memcpy(&word, s.ptr + n, sizeof(word));
		uint64_t control = (word - EACH_BYTE(0x20)) & ~word;
		if ((((word | control) & EACH_BYTE(0x80)) | zero_bytes(word ^ EACH_BYTE('"')) |
		     zero_bytes(word ^ EACH_BYTE('\\'))) != 0)
			break;
	}
	return n;
}

/* How many bytes at the start of s can be copied as they are. */
static size_t plain_length(struct str s)
{
	size_t n = plain_words(s);
	while (n < s.len) {
		unsigned char c = (unsigned char)s.ptr[n];
		if (c < 0x20 || c == '"' || c == '\\')
			break;
		if (c < 0x80) {
			n++;
			if (n % sizeof(uint64_t) == 0)
				n += plain_words(str_skip(s, n));
			continue;
		}
		struct str rest = str_skip(s, n);
		uint32_t code;
		if (!utf8_next(&rest, &code))
			break;
		n = s.len - rest.len;
	}
	return n;
}

void jw_add_string(struct buf *out, struct str s)
{
	buf_add_chr(out, '"');
	for (;;) {
		size_t plain = plain_length(s);
		buf_add(out, str_take(s, plain));
		s = str_skip(s, plain);
		if (s.len == 0)
			break;
		unsigned char c = (unsigned char)s.ptr[0];
		if (c < 0x80)
			add_escape(out, c);
		else
			utf8_add(out, 0xfffd);
		s = str_skip(s, 1);
	}
	buf_add_chr(out, '"');
}

void jw_name_str(struct jw *w, struct str name)
{
	name_begin(w);
	jw_add_string(w->out, name);
	buf_add_chr(w->out, ':');
}

void jw_str(struct jw *w, struct str s)
{
	if (s.ptr == NULL) {
		jw_null(w);
		return;
	}
	value_begin(w);
	jw_add_string(w->out, s);
}

void jw_u64(struct jw *w, uint64_t n)
{
	value_begin(w);
	buf_add_u64(w->out, n);
}

void jw_u64_str(struct jw *w, uint64_t n)
{
	value_begin(w);
	buf_add_chr(w->out, '"');
	buf_add_u64(w->out, n);
	buf_add_chr(w->out, '"');
}

void jw_i64(struct jw *w, int64_t n)
{
	value_begin(w);
	buf_add_i64(w->out, n);
}

void jw_double(struct jw *w, double n)
{
	char text[40];
	must(isfinite(n));
	/* the fewest digits that read back as the same number */
	for (int digits = DBL_DIG; digits <= DBL_DECIMAL_DIG; digits++) {
		snprintf(text, sizeof(text), "%.*g", digits, n);
		if (strtod(text, NULL) == n)
			break;
	}
	value_begin(w);
	buf_add(w->out, str_of(text));
	/* without a point it would be an integer that I-JSON does not allow */
	if (fabs(n) > 0x1p53 && strpbrk(text, ".e") == NULL)
		buf_add(w->out, STR(".0"));
}

void jw_bool(struct jw *w, bool b)
{
	value_begin(w);
	buf_add(w->out, b ? STR("true") : STR("false"));
}

void jw_null(struct jw *w)
{
	value_begin(w);
	buf_add(w->out, STR("null"));
}

void jw_date(struct jw *w, uint64_t ms)
{
	value_begin(w);
	buf_add_chr(w->out, '"');
	date_add_rfc3339(w->out, ms);
	buf_add_chr(w->out, '"');
}

void jw_raw(struct jw *w, struct str json)
{
	value_begin(w);
	if (json.len != 0)
		buf_add(w->out, json);
	else
		buf_fail(w->out);
}

void jw_member_str(struct jw *w, const char *name, struct str s)
{
	jw_name(w, name);
	jw_str(w, s);
}

void jw_member_opt(struct jw *w, const char *name, struct str s)
{
	if (s.len != 0)
		jw_member_str(w, name, s);
}

void jw_member_u64(struct jw *w, const char *name, uint64_t n)
{
	jw_name(w, name);
	jw_u64(w, n);
}

void jw_member_bool(struct jw *w, const char *name, bool b)
{
	jw_name(w, name);
	jw_bool(w, b);
}

void jw_member_date(struct jw *w, const char *name, uint64_t ms)
{
	jw_name(w, name);
	jw_date(w, ms);
}
