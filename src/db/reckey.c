/* The codec of keys: integers big-endian, so that the order of bytes is the order of numbers.
 * Stateless. */
#include "core/must.h"
#include "crypt/digest.h"
#include "db/rec.h"

#define KEY_DIGEST_SIZE 16

void reckey_add_bytes(struct reckey *k, const void *bytes, size_t n)
{
	must(n <= sizeof(k->bytes) - k->len);
	if (n != 0)
		memcpy(k->bytes + k->len, bytes, n);
	k->len += n;
}

void reckey_add_u8(struct reckey *k, uint8_t n)
{
	reckey_add_bytes(k, &n, 1);
}

void reckey_add_u64(struct reckey *k, uint64_t n)
{
	unsigned char bytes[8];
	for (size_t i = sizeof(bytes); i-- > 0; n >>= 8)
		bytes[i] = (unsigned char)n;
	reckey_add_bytes(k, bytes, sizeof(bytes));
}

struct str reckey_str(const struct reckey *k)
{
	return str_n(k->bytes, k->len);
}

struct reckey reckey_u64(uint64_t n)
{
	struct reckey k = RECKEY_INIT;
	reckey_add_u64(&k, n);
	return k;
}

struct reckey reckey_u64_u64(uint64_t a, uint64_t b)
{
	struct reckey k = reckey_u64(a);
	reckey_add_u64(&k, b);
	return k;
}

struct reckey reckey_digest(struct str text)
{
	struct reckey k = RECKEY_INIT;
	struct digest digest = digest_sha256(text);
	reckey_add_bytes(&k, digest.bytes, KEY_DIGEST_SIZE);
	return k;
}

bool reckey_read_u64(struct str key, size_t offset, uint64_t *out)
{
	if (key.len < sizeof(*out) || offset > key.len - sizeof(*out))
		return false;
	uint64_t n = 0;
	for (size_t i = 0; i < sizeof(n); i++)
		n = n << 8 | (unsigned char)key.ptr[offset + i];
	*out = n;
	return true;
}
