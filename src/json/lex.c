/*
 * Strings and numbers of JSON, strictly: RFC 8259 sections 6 and 7, RFC 7493 section 2. Stateless,
 * any thread.
 */
#include "lex_int.h"

#include <endian.h>

#include "core/utf8.h"

#define ONES UINT64_C(0x0101010101010101)
#define HIGHS UINT64_C(0x8080808080808080)

static bool wrong(struct lex *lex, const unsigned char *at, const char *what)
{
	lex->at = at;
	lex->wrong = what;
	return false;
}

/* A high bit in every byte of word that is zero; bytes above the first hit may be set wrongly. */
static inline uint64_t zero_bytes(uint64_t word)
{
	return (word - ONES) & ~word & HIGHS;
}

/* Goes to the first byte that is a quote, a backslash, a control or not ASCII. */
static inline const unsigned char *plain_end(const unsigned char *at, const unsigned char *end)
{
	while ((size_t)(end - at) >= sizeof(uint64_t)) {
		uint64_t word;
		memcpy(&word, at, sizeof(word));
		word = le64toh(word);
		uint64_t hits = zero_bytes(word ^ ONES * '"') | zero_bytes(word ^ ONES * '\\') |
				((word - ONES * 0x20) & ~word & HIGHS) | (word & HIGHS);
		/* the lowest hit is a true one: a borrow goes upwards only */
		if (hits != 0)
			return at + (size_t)__builtin_ctzll(hits) / 8;
		at += sizeof(word);
	}
	while (at < end && *at >= 0x20 && *at < 0x80 && *at != '"' && *at != '\\')
		at++;
	return at;
}

static inline bool is_tail(unsigned char byte)
{
	return (byte & 0xc0) == 0x80;
}

/* How long the UTF-8 sequence is that starts with a byte above 0x7f; 0 when it is malformed (RFC
 * 3629). */
static inline size_t sequence_length(const unsigned char *at, const unsigned char *end)
{
	size_t room = (size_t)(end - at);
	unsigned char lead = at[0];
	if (lead >= 0xc2 && lead <= 0xdf)
		return room >= 2 && is_tail(at[1]) ? 2 : 0;
	if (lead >= 0xe0 && lead <= 0xef) {
		unsigned char low = lead == 0xe0 ? 0xa0 : 0x80;
		unsigned char high = lead == 0xed ? 0x9f : 0xbf;
		return room >= 3 && at[1] >= low && at[1] <= high && is_tail(at[2]) ? 3 : 0;
	}
	if (lead >= 0xf0 && lead <= 0xf4) {
		unsigned char low = lead == 0xf0 ? 0x90 : 0x80;
		unsigned char high = lead == 0xf4 ? 0x8f : 0xbf;
		return room >= 4 && at[1] >= low && at[1] <= high && is_tail(at[2]) &&
				       is_tail(at[3])
			       ? 4
			       : 0;
	}
	return 0;
}

static int hex_value(unsigned char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The value of \uXXXX at `at`, or -1. */
static int32_t unicode_escape(const unsigned char *at, const unsigned char *end)
{
	int32_t code = 0;
	if (end - at < 6 || at[0] != '\\' || at[1] != 'u')
		return -1;
	for (size_t i = 2; i < 6; i++) {
		int digit = hex_value(at[i]);
		if (digit < 0)
			return -1;
		code = code << 4 | digit;
	}
	return code;
}

static bool is_high_surrogate(int32_t code)
{
	return code >= 0xd800 && code <= 0xdbff;
}

static bool is_low_surrogate(int32_t code)
{
	return code >= 0xdc00 && code <= 0xdfff;
}

static int32_t surrogate_pair(int32_t high, int32_t low)
{
	return 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
}

static size_t utf8_length(int32_t code)
{
	return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
}

/* Reads \uXXXX, or two that are a surrogate pair. */
static bool read_unicode_escape(struct lex *lex, struct lex_string *out)
{
	const unsigned char *start = lex->at;
	int32_t code = unicode_escape(start, lex->end);
	if (code < 0)
		return wrong(lex, start, "malformed \\u escape");
	if (code == 0)
		return wrong(lex, start, "\\u0000");
	if (is_low_surrogate(code))
		return wrong(lex, start, "lone surrogate");
	lex->at += 6;
	if (is_high_surrogate(code)) {
		int32_t low = unicode_escape(lex->at, lex->end);
		if (!is_low_surrogate(low))
			return wrong(lex, start, "lone surrogate");
		code = surrogate_pair(code, low);
		lex->at += 6;
	}
	out->len += utf8_length(code);
	return true;
}

/* The character that \c stands for, or 0 when there is no such escape. */
static char simple_escape(unsigned char c)
{
	switch (c) {
	case '"':
	case '\\':
	case '/':
		return (char)c;
	case 'b':
		return '\b';
	case 'f':
		return '\f';
	case 'n':
		return '\n';
	case 'r':
		return '\r';
	case 't':
		return '\t';
	default:
		return 0;
	}
}

static bool read_escape(struct lex *lex, struct lex_string *out)
{
	out->escaped = true;
	if (lex->end - lex->at < 2)
		return wrong(lex, lex->end, "end inside a string");
	if (lex->at[1] == 'u')
		return read_unicode_escape(lex, out);
	if (simple_escape(lex->at[1]) == 0)
		return wrong(lex, lex->at, "unknown escape");
	lex->at += 2;
	out->len++;
	return true;
}

bool lex_string(struct lex *lex, struct lex_string *out)
{
	*out = (struct lex_string){ .raw = lex->at };
	for (;;) {
		const unsigned char *next = plain_end(lex->at, lex->end);
		out->len += (size_t)(next - lex->at);
		lex->at = next;
		if (next == lex->end)
			return wrong(lex, next, "end inside a string");
		if (*next == '"')
			break;
		if (*next == '\\') {
			if (!read_escape(lex, out))
				return false;
			continue;
		}
		if (*next < 0x20)
			return wrong(lex, next, "control character in a string");
		size_t n = sequence_length(next, lex->end);
		if (n == 0)
			return wrong(lex, next, "invalid UTF-8");
		lex->at += n;
		out->len += n;
	}
	out->raw_len = (size_t)(lex->at - out->raw);
	lex->at++;
	return true;
}

void lex_unescape(struct buf *out, const struct lex_string *string)
{
	const unsigned char *at = string->raw;
	const unsigned char *end = at + string->raw_len;
	while (at < end) {
		if (*at != '\\') {
			buf_add_chr(out, (char)*at++);
		} else if (at[1] != 'u') {
			buf_add_chr(out, simple_escape(at[1]));
			at += 2;
		} else {
			int32_t code = unicode_escape(at, end);
			at += 6;
			if (is_high_surrogate(code)) {
				code = surrogate_pair(code, unicode_escape(at, end));
				at += 6;
			}
			utf8_add(out, (uint32_t)code);
		}
	}
}

/* RFC 7493 section 2.2: a double holds every integer up to here. */
#define INTEGER_MAX UINT64_C(9007199254740992)
/* The largest double is 1.7976931348623157e308; its digits, and how many they are. */
#define DOUBLE_DIGITS UINT64_C(17976931348623157)
#define DOUBLE_DIGITS_COUNT 17
#define DOUBLE_EXPONENT 308
/* Enough to tell an exponent that is out of range, and far from overflow. */
#define EXPONENT_CAP 1000000

/* A number as d.ddd times ten to the exponent. */
struct decimal {
	uint64_t digits;     /* the first DOUBLE_DIGITS_COUNT from the first that is not 0 on */
	unsigned digits_len; /* how many of them were there */
	int32_t exponent;    /* of the first digit that is not 0 */
	bool fraction;	     /* it has a fraction or an exponent */
};

static inline bool is_digit(const struct lex *lex)
{
	return lex->at < lex->end && *lex->at >= '0' && *lex->at <= '9';
}

static void decimal_add(struct decimal *d, unsigned digit)
{
	if (d->digits_len == 0 && digit == 0)
		return;
	if (d->digits_len < DOUBLE_DIGITS_COUNT) {
		d->digits = d->digits * 10 + digit;
		d->digits_len++;
	}
}

static bool read_integer_part(struct lex *lex, struct decimal *d)
{
	if (!is_digit(lex))
		return wrong(lex, lex->at, "number without digits");
	bool zero = *lex->at == '0';
	const unsigned char *start = lex->at;
	for (; is_digit(lex); lex->at++)
		decimal_add(d, (unsigned)(*lex->at - '0'));
	if (zero && lex->at - start > 1)
		return wrong(lex, start, "number with leading zero");
	d->exponent = (int32_t)(lex->at - start) - 1;
	return true;
}

static bool read_fraction(struct lex *lex, struct decimal *d)
{
	if (lex->at == lex->end || *lex->at != '.')
		return true;
	lex->at++;
	d->fraction = true;
	if (!is_digit(lex))
		return wrong(lex, lex->at, "number without digits behind the point");
	for (; is_digit(lex); lex->at++) {
		/* 0.00ddd: the first digit that is not 0 is still to come */
		if (d->digits_len == 0)
			d->exponent--;
		decimal_add(d, (unsigned)(*lex->at - '0'));
	}
	return true;
}

static bool read_exponent(struct lex *lex, struct decimal *d)
{
	if (lex->at == lex->end || (*lex->at | 0x20) != 'e')
		return true;
	lex->at++;
	d->fraction = true;
	bool negative = lex->at < lex->end && *lex->at == '-';
	if (lex->at < lex->end && (*lex->at == '-' || *lex->at == '+'))
		lex->at++;
	if (!is_digit(lex))
		return wrong(lex, lex->at, "number without digits in the exponent");
	int32_t exponent = 0;
	for (; is_digit(lex); lex->at++) {
		exponent = exponent * 10 + (*lex->at - '0');
		if (exponent > EXPONENT_CAP)
			exponent = EXPONENT_CAP;
	}
	d->exponent += negative ? -exponent : exponent;
	return true;
}

static bool is_finite(const struct decimal *d)
{
	if (d->digits == 0 || d->exponent < DOUBLE_EXPONENT)
		return true;
	if (d->exponent > DOUBLE_EXPONENT)
		return false;
	uint64_t digits = d->digits;
	for (unsigned n = d->digits_len; n < DOUBLE_DIGITS_COUNT; n++)
		digits *= 10;
	return digits <= DOUBLE_DIGITS;
}

/* Not one whose digits a reader would lose. */
static bool is_integer(const struct lex *lex, const struct decimal *d, const unsigned char *start,
		       const unsigned char *end)
{
	struct str digits = str_n(start, (size_t)(end - start));
	uint64_t n;
	if (d->exponent <= 15 && d->digits <= INTEGER_MAX)
		return true;
	if (*start == '-')
		digits = str_skip(digits, 1);
	return lex->long_integers && str_to_u64(digits, &n) && n <= INT64_MAX;
}

bool lex_number(struct lex *lex)
{
	const unsigned char *start = lex->at;
	struct decimal d = { 0 };
	/* the cap keeps the arithmetic of the exponent small, and json-c's copy of the text */
	struct lex part = *lex;
	if (part.end - start > LEX_NUMBER_MAX)
		part.end = start + LEX_NUMBER_MAX;
	if (*start == '-')
		part.at++;
	bool ok = read_integer_part(&part, &d) && read_fraction(&part, &d) &&
		  read_exponent(&part, &d);
	if (part.at == part.end && part.end != lex->end)
		return wrong(lex, start, "number too long");
	if (!ok)
		return wrong(lex, part.at, part.wrong);
	if (d.fraction ? !is_finite(&d) : !is_integer(lex, &d, start, part.at))
		return wrong(lex, start, "number out of range");
	lex->at = part.at;
	return true;
}
