/*
 * Fingerprints of texts: SimHash (M. Charikar, "Similarity estimation techniques from rounding
 * algorithms", STOC 2002) over runs of three words, as G. Manku, A. Jain and A. Das Sarma use it
 * ("Detecting near-duplicates for web crawling", WWW 2007). Texts that differ in few words differ in
 * few of its 64 bits. Pure.
 */
#include "sift_int.h"

#define RUN 3
#define WORDS_LEAST 5 /* of fewer, too many are alike by chance */
#define BITS 64
#define BITS_OF_CHANCE 32 /* in so many do two texts differ that have nothing in common */

/* FNV-1a, mixed at the end: the same in every process, unlike str_hash(). What a stranger gains by a
 * collision is a likeness to what was removed. */
static uint64_t hash_add(uint64_t hash, struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		hash = (hash ^ (unsigned char)s.ptr[i]) * UINT64_C(0x100000001b3);
	return (hash ^ 0x20U) * UINT64_C(0x100000001b3);
}

static uint64_t hash_end(uint64_t hash)
{
	hash ^= hash >> 33;
	hash *= UINT64_C(0xff51afd7ed558ccd);
	hash ^= hash >> 33;
	hash *= UINT64_C(0xc4ceb9fe1a85ec53);
	return hash ^ hash >> 33;
}

uint64_t sift_print_words(const struct words *words)
{
	int weights[BITS] = { 0 };
	uint64_t print = 0;
	if (words->count < WORDS_LEAST)
		return 0;
	for (size_t i = 0; i + RUN <= words->count; i++) {
		uint64_t hash = UINT64_C(0xcbf29ce484222325);
		for (size_t k = 0; k < RUN; k++)
			hash = hash_add(hash, words->list[i + k]);
		hash = hash_end(hash);
		for (unsigned bit = 0; bit < BITS; bit++)
			weights[bit] += (hash >> bit & 1) != 0 ? 1 : -1;
	}
	for (unsigned bit = 0; bit < BITS; bit++)
		print |= (uint64_t)(weights[bit] > 0) << bit;
	return print != 0 ? print : 1;
}

uint64_t sift_print(struct ctx *ctx, const struct status *status)
{
	struct words words;
	sift_words(ctx, status, &words);
	return sift_print_words(&words);
}

uint8_t sift_likeness(uint64_t a, uint64_t b)
{
	unsigned apart = (unsigned)__builtin_popcountll(a ^ b);
	if (a == 0 || b == 0 || apart >= BITS_OF_CHANCE)
		return 0;
	return (uint8_t)(100 - 100 * apart / BITS_OF_CHANCE);
}

uint8_t sift_likest(struct db_txn *txn, struct arena *arena, uint64_t print, uint32_t today)
{
	uint8_t most = 0;
	size_t count;
	if (print == 0)
		return 0;
	const struct fingerprint *all = fingerprints(txn, arena, &count);
	for (size_t i = 0; i < count; i++) {
		uint8_t likeness = sift_likeness(print, all[i].bits);
		if (likeness > most && all[i].day + FINGERPRINT_DAYS >= today)
			most = likeness;
	}
	return most;
}
