/*
 * Votes that a group elsewhere tells of (FEP-1b12), whose voters are not known here: who has voted is
 * kept as a digest alone. They count with likes and dislikes.
 */
#ifndef FF_STORE_TOLD_VOTE_H
#define FF_STORE_TOLD_VOTE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/str.h"
#include "db/db.h"

#define TOLD_VOTES_MAX 100000 /* for one post, and as many against it */

/* Adds the vote of the actor with this id, or turns it. False when it was so already, or the post has
 * as many as it may. */
bool told_vote_put(struct db_txn *txn, uint64_t status, struct str voter, bool up);
/* False when there was none. */
bool told_vote_del(struct db_txn *txn, uint64_t status, struct str voter);
/* The same by the digest of the voter's id (reckey_digest()); get: false when there is none. */
bool told_vote_get_named(struct db_txn *txn, uint64_t status, const unsigned char *voter, bool *up);
bool told_vote_put_named(struct db_txn *txn, uint64_t status, const unsigned char *voter, bool up);
bool told_vote_del_named(struct db_txn *txn, uint64_t status, const unsigned char *voter);
/* All of a status that is being deleted. */
void told_votes_del(struct db_txn *txn, uint64_t status);

struct told_votes {
	uint32_t up, down;
};
/* Counts the rows: for checks. */
struct told_votes told_votes(struct db_txn *txn, uint64_t status);

#endif
