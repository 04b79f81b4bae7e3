/* Base58 (the Bitcoin alphabet) and Multikeys. Stateless, any thread. */
#include "multibase_int.h"

#include "core/must.h"

/* log(256) / log(58) is below 1.37 */
#define BASE58_MAX_DIGITS (BASE58_MAX_BYTES * 137 / 100 + 1)
/*
 * Numbers are counted in limbs, four bytes or five digits each, the lowest first: a twentieth of
 * the work that single ones take.
 */
#define LIMB_BYTES 4
#define LIMB_DIGITS 5
#define BYTES_BASE (UINT64_C(1) << 32)
#define DIGITS_BASE UINT64_C(656356768) /* 58^5 */
#define LIMBS_MAX (BASE58_MAX_DIGITS / LIMB_BYTES + 2)

static const char alphabet[] = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

static const struct str codecs[] = {
	[KEY_RSA] = STR_INIT("\x85\x24"),     /* rsa-pub, 0x1205 */
	[KEY_ED25519] = STR_INIT("\xed\x01"), /* ed25519-pub, 0xed */
};

struct number {
	uint32_t limbs[LIMBS_MAX];
	size_t n;
};

/* number, in limbs of base to, becomes number * from + limb. */
static inline void shift_in(struct number *number, uint64_t from, uint64_t to, uint64_t limb)
{
	uint64_t carry = limb;
	for (size_t i = 0; i < number->n; i++) {
		carry += number->limbs[i] * from;
		number->limbs[i] = (uint32_t)(carry % to);
		carry /= to;
	}
	for (; carry != 0; carry /= to) {
		must(number->n < LIMBS_MAX);
		number->limbs[number->n++] = (uint32_t)(carry % to);
	}
}

static size_t count_leading(struct str s, char c)
{
	size_t n = 0;
	while (n < s.len && s.ptr[n] == c)
		n++;
	return n;
}

/* The first limb of text is the short one, so that all others are whole. */
static size_t limb_end(size_t at, size_t len, size_t size)
{
	size_t odd = (len - at) % size;
	return at + (odd != 0 ? odd : size);
}

void base58_add(struct buf *out, struct str bytes)
{
	struct number number = { .n = 0 };
	char text[LIMBS_MAX * LIMB_DIGITS];
	size_t zeros = count_leading(bytes, '\0'), end = sizeof(text), start = end;
	must(bytes.len <= BASE58_MAX_BYTES);
	for (size_t at = zeros; at < bytes.len;) {
		uint32_t limb = 0;
		for (size_t stop = limb_end(at, bytes.len, LIMB_BYTES); at < stop; at++)
			limb = limb << 8 | (unsigned char)bytes.ptr[at];
		shift_in(&number, BYTES_BASE, DIGITS_BASE, limb);
	}
	for (size_t i = 0; i < number.n; i++) {
		uint32_t limb = number.limbs[i];
		for (size_t k = 0; k < LIMB_DIGITS; k++, limb /= 58)
			text[--start] = alphabet[limb % 58];
	}
	struct str digits = str_n(text + start, end - start);
	digits = str_skip(digits, count_leading(digits, alphabet[0]));
	for (size_t i = 0; i < zeros; i++)
		buf_add_chr(out, alphabet[0]);
	buf_add(out, digits);
}

static bool read_digits(struct str text, struct number *number)
{
	for (size_t at = 0; at < text.len;) {
		uint32_t limb = 0;
		for (size_t stop = limb_end(at, text.len, LIMB_DIGITS); at < stop; at++) {
			const char *digit =
				text.ptr[at] != '\0' ? strchr(alphabet, text.ptr[at]) : NULL;
			if (digit == NULL)
				return false;
			limb = limb * 58 + (uint32_t)(digit - alphabet);
		}
		shift_in(number, DIGITS_BASE, BYTES_BASE, limb);
	}
	return true;
}

bool base58_decode(struct buf *out, struct str text)
{
	struct number number = { .n = 0 };
	char bytes[LIMBS_MAX * LIMB_BYTES];
	size_t zeros = count_leading(text, alphabet[0]), end = sizeof(bytes), start = end;
	/* refused before any work is done */
	if (zeros > BASE58_MAX_BYTES || text.len - zeros > BASE58_MAX_DIGITS ||
	    !read_digits(str_skip(text, zeros), &number))
		return false;
	for (size_t i = 0; i < number.n; i++) {
		for (unsigned bit = 0; bit < 32; bit += 8)
			bytes[--start] = (char)(number.limbs[i] >> bit & 0xff);
	}
	struct str decoded = str_n(bytes + start, end - start);
	decoded = str_skip(decoded, count_leading(decoded, '\0'));
	if (zeros + decoded.len > BASE58_MAX_BYTES)
		return false;
	for (size_t i = 0; i < zeros; i++)
		buf_add_chr(out, '\0');
	buf_add(out, decoded);
	return !out->failed;
}

void multibase_add(struct buf *out, enum key_kind kind, struct str key)
{
	struct buf bytes = BUF_INIT(BASE58_MAX_BYTES);
	buf_add(&bytes, codecs[kind]);
	buf_add(&bytes, key);
	if (bytes.failed) {
		buf_fail(out);
	} else {
		buf_add_chr(out, 'z');
		base58_add(out, buf_str(&bytes));
	}
	buf_free(&bytes);
}

static enum rc split_codec(struct err *err, struct str bytes, enum key_kind *kind, struct buf *key)
{
	for (unsigned i = 0; i < ARRAY_LEN(codecs); i++) {
		if (!str_has_prefix(bytes, codecs[i]))
			continue;
		*kind = (enum key_kind)i;
		buf_add(key, str_skip(bytes, codecs[i].len));
		return key->failed ? RC_NO_MEMORY : RC_OK;
	}
	return err_set(err, RC_UNSUPPORTED, "the Multikey is neither RSA nor Ed25519");
}

enum rc multibase_decode(struct err *err, struct str text, enum key_kind *kind, struct buf *key)
{
	struct buf bytes = BUF_INIT(BASE58_MAX_BYTES);
	enum rc rc;
	if (!str_has_prefix(text, STR("z")) || !base58_decode(&bytes, str_skip(text, 1)))
		rc = err_set(err, RC_INVALID, "the Multikey is no base58btc of a key's size");
	else
		rc = split_codec(err, buf_str(&bytes), kind, key);
	buf_free(&bytes);
	return rc;
}
