/*
 * What somebody has set for their feeds, beyond whom they follow and have blocked: asked of one post
 * at a time by what merges feeds. Inside transactions that may only read.
 */
#ifndef FF_SOCIAL_WANTS_H
#define FF_SOCIAL_WANTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/str.h"
#include "db/db.h"

/* Is the account muted by reader, or its host (empty for people of here) hidden? */
bool wants_not(struct db_txn *txn, uint64_t reader, uint64_t account, struct str host);
/* Do they not want the boosts of this followee? */
bool wants_no_boosts(struct db_txn *txn, uint64_t reader, uint64_t followee);
/* Do they want other languages of this followee? What has no language is always wanted; "de" stands for
 * "de-AT", too. */
bool wants_no_language(struct db_txn *txn, uint64_t reader, uint64_t followee, struct str language);
/* Is the followee in a list whose posts are kept out of the home feed? */
bool wants_apart(struct db_txn *txn, uint64_t reader, uint64_t followee);
/* The hashtags that they follow, folded, copied into arena, the last first; how many. */
size_t wants_tags(struct db_txn *txn, struct arena *arena, uint64_t reader, struct str *out,
		  size_t count);

#endif
