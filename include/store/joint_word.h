/*
 * What partners of a joint community compare beside its posts: how each person has voted on each post,
 * with which emoji they have reacted to it, and who is banned. Each is a word: the latest one about the same counts, what was taken back is kept
 * as that, and no word names a person but by the digest of an id.
 */
#ifndef FF_STORE_JOINT_WORD_H
#define FF_STORE_JOINT_WORD_H

#include "store/joint.h"
#include "store/reaction.h"

#define JOINT_WORD_NAME 48 /* at most so many bytes tell words about the same apart */

struct joint_word {
	enum joint_about about; /* votes, bans or reactions */
	/* of a vote the digests of the ids of the post and of the voter, JOINT_NAME_SIZE of each; of a
	 * reaction these and that of the emoji's text; of a ban that of the person; then zeros */
	unsigned char name[JOINT_WORD_NAME];
	unsigned state;	   /* of a vote enum joint_vote, of others 0 or 1 */
	uint64_t at_ms;	   /* when it was said */
	uint64_t until_ms; /* of a ban; 0: for good */
};

/* The numbers are part of the stored format. */
enum joint_vote {
	JOINT_VOTE_NONE, /* taken back */
	JOINT_VOTE_UP,
	JOINT_VOTE_DOWN,
};

/* False when nothing was said. */
bool joint_word_get(struct db_txn *txn, uint64_t community, struct joint_word *word);
/* Adds it or replaces what was said; its sum follows. */
void joint_word_put(struct db_txn *txn, uint64_t community, const struct joint_word *word);
/* What was said is as old as that; no digest has it. */
void joint_word_stamp(struct db_txn *txn, uint64_t community, const struct joint_word *word);
/* The words of a bucket in order of their names, after a name (NULL: from the first); what was taken back
 * is among them. */
size_t joint_words(struct db_txn *txn, uint64_t community, enum joint_about about, unsigned bucket,
		   const unsigned char *after, struct joint_word *out, size_t count);
/* How much of a name keys, pages and the order of words have: of reactions all of it, of others 32 bytes. */
size_t joint_word_name(enum joint_about about);
/* What stands in a sum for it: SHA-256 of the names in hexadecimal, a line feed between them; of a vote and
 * a ban also "up" or "down", or the end of the ban in milliseconds. */
struct digest joint_word_digest(const struct joint_word *word);
/* The number of the bucket where it is. */
unsigned joint_word_bucket(const struct joint_word *word);

/* --- what is so here --- */

/* Somebody's vote on a post may be another: its word follows, where the post is in a joint community. */
void joint_vote_note(struct db_txn *txn, uint64_t status,
		     const unsigned char voter[JOINT_NAME_SIZE]);
void joint_vote_note_by(struct db_txn *txn, uint64_t status, uint64_t account);
/* Somebody's reaction with an emoji may be there, or not any more; both by digests, or by account and text. */
void joint_reaction_note(struct db_txn *txn, uint64_t status, const unsigned char *voter,
			 const unsigned char *emoji);
void joint_reaction_note_by(struct db_txn *txn, uint64_t status, uint64_t account, struct str text);
/* The reaction that a word says is there, copied into arena, without the activity's id. */
bool joint_reaction_get(struct db_txn *txn, struct arena *arena, uint64_t community,
			const struct joint_word *word, struct reaction *out);
/* Somebody may be banned from a joint community, or not any more. */
void joint_ban_note(struct db_txn *txn, uint64_t community, uint64_t account);

/* Where a walk through all votes and reactions of a community is; starts as zero. */
struct joint_walk {
	uint64_t status; /* the last one whose votes are done */
	unsigned kind;
	unsigned char after[JOINT_WORD_NAME]; /* the last vote of this kind on the next one */
};
/* Notes about count of them that are known already; true when that were all. */
bool joint_votes_index(struct db_txn *txn, uint64_t community, struct joint_walk *walk,
		       size_t count);
/* Notes who is banned, at most count after the account *after, which follows. Returns how many. */
size_t joint_bans_index(struct db_txn *txn, struct arena *arena, uint64_t community,
			uint64_t *after, size_t count);
/* At most count words, where no partner is left. Returns how many went. */
size_t joint_words_clear(struct db_txn *txn, uint64_t community, size_t count);

#endif
