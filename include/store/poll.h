/* Polls, which stand beside the posts they belong to, and the votes in them. */
#ifndef FF_STORE_POLL_H
#define FF_STORE_POLL_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/str.h"
#include "db/db.h"

#define POLL_OPTIONS_MAX 20 /* S-057 */
#define POLL_NAME_CHARS 500

enum poll_flags {
	POLL_MULTIPLE = 1, /* several options may be chosen */
	POLL_COUNTED = 2,  /* the votes are counted here: each is a row of poll_vote */
	POLL_TELLING = 4,  /* a job is waiting that tells peers the counts */
	POLL_WATCHED = 8,  /* of one elsewhere: a job is waiting for its end */
	POLL_SECRET = 16,  /* what was chosen is told when it is over */
};

struct poll_option {
	struct str name; /* plain text */
	uint32_t votes;
};

struct poll {
	unsigned flags;
	uint64_t ends_ms;   /* 0: nobody has said */
	uint64_t closed_ms; /* since when it is known to be over; 0: it is not */
	uint64_t told_ms;   /* when its own server has told the counts last; 0: it is ours */
	uint32_t voters;    /* people, each once; 0 where nobody has said */
	struct poll_option *options;
	unsigned option_count;
	/* not stored; of a change: the votes may be taken away */
	bool reset;
};

/* No votes are taken any more. */
static inline bool poll_is_over(const struct poll *p, uint64_t now_ms)
{
	return p->closed_ms != 0 || (p->ends_ms != 0 && p->ends_ms <= now_ms);
}

/* Reads and copies into arena. False when there is none, or the transaction or the arena has
 * failed. */
bool poll_get(struct db_txn *txn, struct arena *arena, uint64_t status, struct poll *out);
/* Adds or replaces. */
void poll_put(struct db_txn *txn, uint64_t status, const struct poll *poll);
/* The poll of a status that is being deleted, with its votes. */
void poll_del(struct db_txn *txn, uint64_t status);

/* What somebody has chosen. */
struct poll_vote {
	uint32_t choices; /* a bit for each option, the first one lowest */
	uint64_t created_ms;
	struct str uris[POLL_OPTIONS_MAX]; /* ids of the votes as they were sent; for telling
					      repetitions */
	unsigned uri_count;
};

/* Reads and copies into arena. False when there is none. */
bool poll_vote_get(struct db_txn *txn, struct arena *arena, uint64_t status, uint64_t account,
		   struct poll_vote *out);
/*
 * Writes what somebody has chosen, over what they had chosen before, and counts the difference in
 * *poll, which is written, too.
 */
void poll_vote_put(struct db_txn *txn, struct arena *arena, uint64_t status, uint64_t account,
		   const struct poll_vote *vote, struct poll *poll);
/* All votes: the counts in *poll start anew when they are counted here. *poll is not written. */
void poll_votes_del(struct db_txn *txn, uint64_t status, struct poll *poll);
/* Who has voted, in order of their ids after `after`. */
size_t poll_voters(struct db_txn *txn, uint64_t status, uint64_t after, uint64_t *out,
		   size_t count);

#endif
