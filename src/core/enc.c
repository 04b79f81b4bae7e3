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

static int base64_value(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+' || c == '-')
		return 62;
	if (c == '/' || c == '_')
		return 63;
	return -1;
}

static bool base64_decode(struct buf *out, struct str text)
{
	uint32_t word = 0;
	unsigned bits = 0;
	for (size_t i = 0; i < text.len; i++) {
		int value = base64_value(text.ptr[i]);
		if (value < 0)
			return false;
		word = word << 6 | (uint32_t)value;
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
