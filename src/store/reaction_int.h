/* The codecs of reactions, shared with their check. None fails the transaction. */
#ifndef FF_STORE_REACTION_INT_H
#define FF_STORE_REACTION_INT_H

#include "db/rec.h"
#include "store/reaction.h"

#define REACTION_COUNT_KEY 24 /* status id, digest of the kind */

void reactions_encode(struct buf *out, const struct reaction *list, size_t count);
/* Strings point into value. */
bool reactions_decode(struct str value, struct reaction out[REACTIONS_PER_PERSON], size_t *count);
bool reaction_count_decode(struct str value, struct reaction_count *out);
bool dislike_count_decode(struct str value, uint32_t *out);
/* What tells a kind from the others of its post. */
struct reckey reaction_count_key(uint64_t status, struct str text, struct str host);

/* One more of a kind on the post, or one less. add: false when the post has as many kinds as it may. */
bool reaction_kind_add(struct db_txn *txn, uint64_t status, const struct reaction *r);
void reaction_kind_drop(struct db_txn *txn, uint64_t status, const struct reaction *r);

/* dislike.c: so many more, or less. */
void dislike_count_move(struct db_txn *txn, uint64_t status, int n);

/* told_vote.c: every row is a vote on a status that is there; reaction_check() runs it. */
struct check;
void told_votes_check(const struct check *c);
/* told_reaction.c: the same of reactions; how many there are of a kind. */
void told_reactions_check(const struct check *c);
uint64_t told_reactions(struct db_txn *txn, uint64_t status, const struct reaction_count *kind);

#endif
