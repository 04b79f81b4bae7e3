/* The codecs of joint communities. Pure. */
#ifndef FF_STORE_JOINT_INT_H
#define FF_STORE_JOINT_INT_H

#include "core/buf.h"
#include "db/rec.h"
#include "store/joint_word.h"

void joint_encode(struct buf *out, const struct joint *joint);
/* Its place is the key's; the string points into value. False when it is damaged. */
bool joint_decode(struct str value, struct joint *out);
/* digest: of the item, which its sum holds. */
void joint_item_encode(struct buf *out, const struct joint_item *item, const struct digest *digest);
bool joint_item_decode(struct str value, struct joint_item *out, struct digest *digest);
void joint_sum_encode(struct buf *out, const struct joint_sum *sum);
bool joint_sum_decode(struct str value, struct joint_sum *out);
void joint_word_encode(struct buf *out, const struct joint_word *word);
/* What it is about is the key's. */
bool joint_word_decode(struct str value, struct joint_word *out);

/* joint_item.c: one more stands in a sum. Pure. */
void joint_sum_add(struct joint_sum *sum, const struct digest *digest);
/* So many more are in a bucket, or with leave so many less. */
void joint_sum_change(struct db_txn *txn, uint64_t community, enum joint_about about,
		      unsigned bucket, const struct joint_sum *by, bool leave);

/* --- joint_word.c --- */

#define JOINT_WORD_AT (8 + 2) /* where the name begins in a key */
/* A row of table joint_word; false when it is damaged. */
bool joint_word_read(struct str key, struct str value, struct joint_word *out);
/* What keys of one bucket begin with. */
struct reckey joint_word_key(uint64_t community, enum joint_about about, unsigned bucket);
/* Of those under a prefix, at most count, with their sums. Returns how many went. */
size_t joint_words_del(struct db_txn *txn, uint64_t community, const struct reckey *prefix,
		       size_t count);
/* False when there is no such account. */
bool joint_voter_name(struct db_txn *txn, uint64_t account, unsigned char out[JOINT_NAME_SIZE]);
void joint_vote_note_in(struct db_txn *txn, uint64_t community,
			const unsigned char post[JOINT_NAME_SIZE], uint64_t status,
			const unsigned char voter[JOINT_NAME_SIZE]);

/* --- joint_reaction.c --- */

/* All that one account, or one row of table told_reaction (names: what its key has behind the status),
 * says about a post. */
void joint_reactions_note_of(struct db_txn *txn, uint64_t community, const struct joint_item *post,
			     uint64_t account);
void joint_reaction_note_told(struct db_txn *txn, uint64_t community, const struct joint_item *post,
			      const unsigned char *names);

/* --- joint_walk.c --- */

/* The joint community of a post, and its name in it; 0: none. */
uint64_t joint_at_find(struct db_txn *txn, uint64_t status, unsigned char name[JOINT_NAME_SIZE]);
/* The post is an item from now on, or no more; then all words about it go. */
void joint_votes_begin(struct db_txn *txn, uint64_t community, const struct joint_item *item);
void joint_votes_end(struct db_txn *txn, uint64_t community, const struct joint_item *item);
/* It is found by its post no more. */
void joint_at_del(struct db_txn *txn, uint64_t status);

#endif
