/* What moderators' decisions have taught: fingerprints of posts that were removed, and how often words
 * stood in posts that were kept or removed. Bounded, both. Inside transactions only. */
#ifndef FF_STORE_LEARNED_H
#define FF_STORE_LEARNED_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/str.h"
#include "db/db.h"

/* --- fingerprints --- */

struct fingerprint {
	uint64_t bits;
	uint64_t status; /* of whom it was; the post is gone */
	uint32_t day;	 /* on which it was added */
};
#define FINGERPRINTS_MAX 2048 /* the oldest make room */
#define FINGERPRINT_DAYS 90   /* older ones do not count */

/* Oldest first. NULL, and *count 0, when there are none; the list is in arena. */
const struct fingerprint *fingerprints(struct db_txn *txn, struct arena *arena, size_t *count);
void fingerprint_add(struct db_txn *txn, struct arena *arena, const struct fingerprint *print);
/* The post was not bad after all. */
void fingerprint_del(struct db_txn *txn, struct arena *arena, uint64_t status);

/* --- words --- */

struct word_count {
	uint32_t kept, removed; /* in how many posts */
	uint32_t day;		/* on which it was seen last */
};
struct word_totals {
	uint64_t kept_posts, removed_posts;
	uint64_t kept_words, removed_words; /* the sums of all words' counts */
	uint64_t words;			    /* how many there are */
};
#define LEARNED_WORDS_MAX 50000

struct word_totals word_totals_get(struct db_txn *txn);
void word_totals_put(struct db_txn *txn, const struct word_totals *totals);
/* False when it was never learnt. */
bool word_get(struct db_txn *txn, struct str word, struct word_count *out);
void word_put(struct db_txn *txn, struct str word, const struct word_count *count);
void word_del(struct db_txn *txn, struct str word);

#endif
