/* Base58 (the Bitcoin alphabet) and Multikeys. Stateless, any thread. */
#include "multibase_int.h"

#include "core/must.h"

#define BASE58_MAX_BYTES 64
/* log(256) / log(58) is below 1.38 */
#define BASE58_MAX_DIGITS (BASE58_MAX_BYTES * 138 / 100 + 1)
#define ED25519_SIZE 32

static const char alphabet[] = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
static const struct str ed25519_codec = STR_INIT("\xed\x01");

/* number, n digits of base to with the last one first, becomes number * from + digit. */
static size_t shift_in(unsigned char *number, size_t n, size_t max, unsigned from, unsigned to,
		       unsigned digit)
{
	unsigned carry = digit;
	for (size_t i = 0; i < n; i++) {
		carry += number[i] * from;
		number[i] = (unsigned char)(carry % to);
		carry /= to;
	}
	for (; carry != 0; carry /= to) {
		if (n == max)
			return SIZE_MAX;
		number[n++] = (unsigned char)(carry % to);
	}
	return n;
}

static size_t count_leading(struct str s, char c)
{
	size_t n = 0;
	while (n < s.len && s.ptr[n] == c)
		n++;
	return n;
}

void base58_add(struct buf *out, struct str bytes)
{
	unsigned char digits[BASE58_MAX_DIGITS];
	size_t n = 0, zeros = count_leading(bytes, '\0');
	must(bytes.len <= BASE58_MAX_BYTES);
	for (size_t i = zeros; i < bytes.len; i++)
		n = shift_in(digits, n, sizeof(digits), 256, 58, (unsigned char)bytes.ptr[i]);
	for (size_t i = 0; i < zeros; i++)
		buf_add_chr(out, alphabet[0]);
	while (n > 0)
		buf_add_chr(out, alphabet[digits[--n]]);
}

bool base58_decode(struct buf *out, struct str text)
{
	unsigned char bytes[BASE58_MAX_BYTES];
	size_t n = 0, zeros = count_leading(text, alphabet[0]);
	if (zeros > BASE58_MAX_BYTES)
		return false;
	for (size_t i = zeros; i < text.len; i++) {
		const char *at = text.ptr[i] != '\0' ? strchr(alphabet, text.ptr[i]) : NULL;
		if (at == NULL)
			return false;
		n = shift_in(bytes, n, sizeof(bytes) - zeros, 58, 256, (unsigned)(at - alphabet));
		if (n == SIZE_MAX)
			return false;
	}
	for (size_t i = 0; i < zeros; i++)
		buf_add_chr(out, '\0');
	while (n > 0)
		buf_add_chr(out, (char)bytes[--n]);
	return !out->failed;
}

void multibase_add_ed25519(struct buf *out, struct str point)
{
	char bytes[2 + ED25519_SIZE];
	must(point.len == ED25519_SIZE);
	memcpy(bytes, ed25519_codec.ptr, ed25519_codec.len);
	memcpy(bytes + ed25519_codec.len, point.ptr, point.len);
	buf_add_chr(out, 'z');
	base58_add(out, str_n(bytes, sizeof(bytes)));
}

bool multibase_decode_ed25519(struct str text, unsigned char point[32])
{
	struct buf bytes = BUF_INIT(BASE58_MAX_BYTES);
	bool ok = str_has_prefix(text, STR("z")) && base58_decode(&bytes, str_skip(text, 1)) &&
		  bytes.len == ed25519_codec.len + ED25519_SIZE &&
		  str_has_prefix(buf_str(&bytes), ed25519_codec);
	if (ok)
		memcpy(point, bytes.ptr + ed25519_codec.len, ED25519_SIZE);
	buf_free(&bytes);
	return ok;
}
