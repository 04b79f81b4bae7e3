/* When to fetch what many nodes want at the same moment. Pure. */
#include "fed_int.h"

/*
 * A digest of both names rather than a random number: nodes differ from each other, each thing
 * differs from the next, and the same question has the same answer after a restart.
 */
uint64_t jitter_ms(struct str node, struct str what, uint64_t spread_ms)
{
	struct digest a = digest_sha256(node), b = digest_sha256(what);
	uint64_t x = 0;
	if (spread_ms == 0)
		return 0;
	for (size_t i = 0; i < DIGEST_SIZE; i++)
		a.bytes[i] ^= b.bytes[i];
	struct digest both = digest_sha256(str_n(a.bytes, DIGEST_SIZE));
	for (size_t i = 0; i < sizeof(x); i++)
		x = x << 8 | both.bytes[i];
	return x % spread_ms;
}
