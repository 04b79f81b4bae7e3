/* Views of bytes. Stateless but for the hash key, which is drawn once. Any thread. */
#include "core/str.h"

#include <pthread.h>

#include "core/random.h"

static char ascii_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

bool str_eq_nocase(struct str a, struct str b)
{
	return a.len == b.len && str_has_prefix_nocase(a, b);
}

int str_cmp(struct str a, struct str b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int order = n != 0 ? memcmp(a.ptr, b.ptr, n) : 0;
	if (order != 0)
		return order;
	return (a.len > b.len) - (a.len < b.len);
}

bool str_has_prefix(struct str s, struct str prefix)
{
	return s.len >= prefix.len &&
	       (prefix.len == 0 || memcmp(s.ptr, prefix.ptr, prefix.len) == 0);
}

bool str_has_prefix_nocase(struct str s, struct str prefix)
{
	if (s.len < prefix.len)
		return false;
	for (size_t i = 0; i < prefix.len; i++) {
		if (ascii_lower(s.ptr[i]) != ascii_lower(prefix.ptr[i]))
			return false;
	}
	return true;
}

bool str_has_suffix(struct str s, struct str suffix)
{
	return s.len >= suffix.len && str_eq(str_skip(s, s.len - suffix.len), suffix);
}

size_t str_index(struct str s, char c)
{
	const char *hit = s.len != 0 ? memchr(s.ptr, c, s.len) : NULL;
	return hit != NULL ? (size_t)(hit - s.ptr) : s.len;
}

size_t str_rindex(struct str s, char c)
{
	const char *hit = s.len != 0 ? memrchr(s.ptr, c, s.len) : NULL;
	return hit != NULL ? (size_t)(hit - s.ptr) : s.len;
}

size_t str_find(struct str s, struct str needle)
{
	if (needle.len == 0)
		return 0;
	const char *hit = s.len != 0 ? memmem(s.ptr, s.len, needle.ptr, needle.len) : NULL;
	return hit != NULL ? (size_t)(hit - s.ptr) : s.len;
}

bool str_contains(struct str s, struct str needle)
{
	return needle.len == 0 || str_find(s, needle) < s.len;
}

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

struct str str_trim(struct str s)
{
	while (s.len != 0 && is_space(s.ptr[0]))
		s = str_skip(s, 1);
	while (s.len != 0 && is_space(s.ptr[s.len - 1]))
		s.len--;
	return s;
}

bool str_next(struct str *rest, char sep, struct str *part)
{
	if (rest->ptr == NULL)
		return false;
	size_t at = str_index(*rest, sep);
	*part = str_take(*rest, at);
	*rest = at < rest->len ? str_skip(*rest, at + 1) : STR_NONE;
	return true;
}

bool str_split(struct str s, char sep, struct str *head, struct str *tail)
{
	size_t at = str_index(s, sep);
	*head = str_take(s, at);
	*tail = at < s.len ? str_skip(s, at + 1) : STR_NONE;
	return at < s.len;
}

bool str_to_u64(struct str s, uint64_t *out)
{
	uint64_t n = 0;
	if (s.len == 0)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] < '0' || s.ptr[i] > '9')
			return false;
		if (__builtin_mul_overflow(n, (uint64_t)10, &n) ||
		    __builtin_add_overflow(n, (uint64_t)(s.ptr[i] - '0'), &n))
			return false;
	}
	*out = n;
	return true;
}

bool str_to_i64(struct str s, int64_t *out)
{
	bool negative = s.len != 0 && s.ptr[0] == '-';
	uint64_t n;
	if (!str_to_u64(negative ? str_skip(s, 1) : s, &n))
		return false;
	if (n > (uint64_t)INT64_MAX + (negative ? 1 : 0))
		return false;
	*out = negative ? (int64_t)(0 - n) : (int64_t)n;
	return true;
}

bool str_eq_secret(struct str a, struct str b)
{
	unsigned char diff = a.len != b.len;
	for (size_t i = 0; i < a.len && i < b.len; i++)
		diff = (unsigned char)(diff | (unsigned char)(a.ptr[i] ^ b.ptr[i]));
	return diff == 0;
}

/* SipHash-1-3, J.-P. Aumasson and D. J. Bernstein, "SipHash: a fast short-input PRF" (2012). */
struct sip {
	uint64_t v0, v1, v2, v3;
};

static uint64_t hash_key[2];
static pthread_once_t hash_key_once = PTHREAD_ONCE_INIT;

static void hash_key_draw(void)
{
	random_bytes(hash_key, sizeof(hash_key));
}

static inline uint64_t rotl(uint64_t x, unsigned n)
{
	return (x << n) | (x >> (64 - n));
}

static inline void sip_round(struct sip *s)
{
	s->v0 += s->v1;
	s->v1 = rotl(s->v1, 13) ^ s->v0;
	s->v0 = rotl(s->v0, 32);
	s->v2 += s->v3;
	s->v3 = rotl(s->v3, 16) ^ s->v2;
	s->v0 += s->v3;
	s->v3 = rotl(s->v3, 21) ^ s->v0;
	s->v2 += s->v1;
	s->v1 = rotl(s->v1, 17) ^ s->v2;
	s->v2 = rotl(s->v2, 32);
}

static inline void sip_word(struct sip *s, uint64_t word)
{
	s->v3 ^= word;
	sip_round(s);
	s->v0 ^= word;
}

uint64_t str_hash(struct str in)
{
	pthread_once(&hash_key_once, hash_key_draw);
	struct sip s = { hash_key[0] ^ 0x736f6d6570736575, hash_key[1] ^ 0x646f72616e646f6d,
			 hash_key[0] ^ 0x6c7967656e657261, hash_key[1] ^ 0x7465646279746573 };
	uint64_t word;
	size_t at = 0;
	for (; at + sizeof(word) <= in.len; at += sizeof(word)) {
		memcpy(&word, in.ptr + at, sizeof(word));
		sip_word(&s, word);
	}
	word = 0;
	if (at < in.len)
		memcpy(&word, in.ptr + at, in.len - at);
	sip_word(&s, word | (uint64_t)in.len << 56);
	s.v2 ^= 0xff;
	sip_round(&s);
	sip_round(&s);
	sip_round(&s);
	return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}
