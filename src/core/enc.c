/* Text forms of bytes. Stateless, any thread. */
#include "core/enc.h"

#include <stdint.h>

static const char hex_digits[] = "0123456789abcdef";
static const char hex_upper[] = "0123456789ABCDEF";

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

void enc_hex(struct buf *out, struct str bytes)
{
	for (size_t i = 0; i < bytes.len; i++) {
		unsigned char byte = (unsigned char)bytes.ptr[i];
		buf_add_chr(out, hex_digits[byte >> 4]);
		buf_add_chr(out, hex_digits[byte & 15]);
	}
}

bool enc_unhex(struct buf *out, struct str hex)
{
	size_t start = out->len;
	if (hex.len % 2 != 0)
		return false;
	for (size_t i = 0; i < hex.len; i += 2) {
		int high = hex_value(hex.ptr[i]);
		int low = hex_value(hex.ptr[i + 1]);
		if (high < 0 || low < 0) {
			buf_cut(out, start);
			return false;
		}
		buf_add_chr(out, (char)(high << 4 | low));
	}
	return !out->failed;
}

static const char base64_std[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char base64_url[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static void base64_add(struct buf *out, struct str in, const char *alphabet, bool pad)
{
	if (!buf_reserve(out, in.len / 3 * 4)) /* or less: the tail grows by itself */
		return;
	for (size_t i = 0; i < in.len; i += 3) {
		size_t n = in.len - i < 3 ? in.len - i : 3;
		uint32_t word = 0;
		for (size_t k = 0; k < 3; k++)
			word = word << 8 | (k < n ? (unsigned char)in.ptr[i + k] : 0);
		for (size_t k = 0; k <= n; k++)
			buf_add_chr(out, alphabet[word >> (18 - 6 * k) & 63]);
		for (size_t k = n; pad && k < 3; k++)
			buf_add_chr(out, '=');
	}
}

void enc_base64(struct buf *out, struct str bytes)
{
	base64_add(out, bytes, base64_std, true);
}

void enc_base64url(struct buf *out, struct str bytes)
{
	base64_add(out, bytes, base64_url, false);
}

/* Both alphabets; what is no digit is 0, a digit is its value and 64. */
static const unsigned char base64_digits[256] = {
	['A'] = 64,  ['B'] = 65,  ['C'] = 66,  ['D'] = 67,  ['E'] = 68,	 ['F'] = 69,  ['G'] = 70,
	['H'] = 71,  ['I'] = 72,  ['J'] = 73,  ['K'] = 74,  ['L'] = 75,	 ['M'] = 76,  ['N'] = 77,
	['O'] = 78,  ['P'] = 79,  ['Q'] = 80,  ['R'] = 81,  ['S'] = 82,	 ['T'] = 83,  ['U'] = 84,
	['V'] = 85,  ['W'] = 86,  ['X'] = 87,  ['Y'] = 88,  ['Z'] = 89,	 ['a'] = 90,  ['b'] = 91,
	['c'] = 92,  ['d'] = 93,  ['e'] = 94,  ['f'] = 95,  ['g'] = 96,	 ['h'] = 97,  ['i'] = 98,
	['j'] = 99,  ['k'] = 100, ['l'] = 101, ['m'] = 102, ['n'] = 103, ['o'] = 104, ['p'] = 105,
	['q'] = 106, ['r'] = 107, ['s'] = 108, ['t'] = 109, ['u'] = 110, ['v'] = 111, ['w'] = 112,
	['x'] = 113, ['y'] = 114, ['z'] = 115, ['0'] = 116, ['1'] = 117, ['2'] = 118, ['3'] = 119,
	['4'] = 120, ['5'] = 121, ['6'] = 122, ['7'] = 123, ['8'] = 124, ['9'] = 125, ['+'] = 126,
	['-'] = 126, ['/'] = 127, ['_'] = 127,
};

static bool base64_decode(struct buf *out, struct str text)
{
	uint32_t word = 0;
	unsigned bits = 0;
	if (!buf_reserve(out, text.len / 4 * 3 + text.len % 4 * 3 / 4))
		return false;
	for (size_t i = 0; i < text.len; i++) {
		unsigned char digit = base64_digits[(unsigned char)text.ptr[i]];
		if (digit == 0)
			return false;
		word = word << 6 | (digit & 63U);
		bits += 6;
		if (bits >= 8) {
			bits -= 8;
			buf_add_chr(out, (char)(word >> bits & 255));
			word &= (1U << bits) - 1;
		}
	}
	/* RFC 4648 section 3.5: the bits left over are zero */
	return word == 0 && bits < 6 && !out->failed;
}

bool enc_unbase64(struct buf *out, struct str text)
{
	size_t start = out->len;
	struct str body = text;
	while (body.len != 0 && body.ptr[body.len - 1] == '=')
		body.len--;
	bool padding_right =
		body.len == text.len || (text.len % 4 == 0 && text.len - body.len <= 2);
	if (padding_right && base64_decode(out, body))
		return true;
	buf_cut(out, start);
	return false;
}

static bool is_unreserved(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == '.' || c == '_' || c == '~';
}

void enc_percent(struct buf *out, struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char byte = (unsigned char)text.ptr[i];
		if (is_unreserved(text.ptr[i])) {
			buf_add_chr(out, text.ptr[i]);
			continue;
		}
		buf_add_chr(out, '%');
		buf_add_chr(out, hex_upper[byte >> 4]);
		buf_add_chr(out, hex_upper[byte & 15]);
	}
}

bool enc_unpercent(struct buf *out, struct str text)
{
	size_t start = out->len;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		if (c == '%') {
			int high = i + 2 < text.len ? hex_value(text.ptr[i + 1]) : -1;
			int low = high >= 0 ? hex_value(text.ptr[i + 2]) : -1;
			if (low < 0 || (high | low) == 0) {
				buf_cut(out, start);
				return false;
			}
			c = (char)(high << 4 | low);
			i += 2;
		}
		buf_add_chr(out, c);
	}
	return !out->failed;
}

/* RFC 4648 section 6. */
static const char base32_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

void enc_base32(struct buf *out, struct str bytes)
{
	uint32_t word = 0;
	unsigned bits = 0;
	for (size_t i = 0; i < bytes.len; i++) {
		word = word << 8 | (unsigned char)bytes.ptr[i];
		for (bits += 8; bits >= 5; bits -= 5)
			buf_add_chr(out, base32_digits[word >> (bits - 5) & 31]);
		word &= (1U << bits) - 1;
	}
	if (bits != 0)
		buf_add_chr(out, base32_digits[word << (5 - bits) & 31]);
}

static int base32_value(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a';
	if (c >= '2' && c <= '7')
		return c - '2' + 26;
	return -1;
}

bool enc_unbase32(struct buf *out, struct str text)
{
	size_t start = out->len;
	uint32_t word = 0;
	unsigned bits = 0;
	for (size_t i = 0; i < text.len; i++) {
		int digit = base32_value(text.ptr[i]);
		if (digit < 0) {
			buf_cut(out, start);
			return false;
		}
		word = word << 5 | (uint32_t)digit;
		bits += 5;
		if (bits >= 8) {
			bits -= 8;
			buf_add_chr(out, (char)(word >> bits & 255));
			word &= (1U << bits) - 1;
		}
	}
	/* a digit too many, or bits that are not zero */
	if (word == 0 && bits < 5 && !out->failed)
		return true;
	buf_cut(out, start);
	return false;
}
