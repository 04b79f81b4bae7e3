/* Relations between accounts, and between accounts and statuses: follows with the audience they
 * make, blocks, likes. */
#ifndef FF_STORE_GRAPH_H
#define FF_STORE_GRAPH_H

#include <stdbool.h>
#include <stdint.h>

#include "core/str.h"
#include "db/db.h"
#include "store/account.h"
#include "store/page.h"

enum follow_state {
	FOLLOW_NONE,
	FOLLOW_PENDING,
	FOLLOW_ACCEPTED,
};

/* What a follower wants of the one whom it follows. */
enum follow_flags {
	FOLLOW_NO_BOOSTS = 1,
	FOLLOW_NOTIFY = 2, /* to hear of each new post */
};

struct follow {
	enum follow_state state;
	unsigned flags;
	uint64_t created_ms;
	struct str uri;	      /* of the Follow activity */
	struct str languages; /* of the posts that are wanted, parted by commas; empty: all */
};

/* FOLLOW_NONE when there is none. */
struct follow follow_get(struct db_txn *txn, uint64_t follower, uint64_t followee);
static inline bool follow_accepted(struct db_txn *txn, uint64_t follower, uint64_t followee)
{
	return follow_get(txn, follower, followee).state == FOLLOW_ACCEPTED;
}

/*
 * Adds a follow or changes its state, keeping counts and the audience right. uri empty keeps the
 * one that is stored. Counts and audience hold accepted follows only.
 */
void follow_put(struct db_txn *txn, const struct account *follower, const struct account *followee,
		enum follow_state state, struct str uri);
/* What the follower wants; kept as long as the follow. False when there is none. */
bool follow_want(struct db_txn *txn, uint64_t follower, uint64_t followee, unsigned flags,
		 struct str languages);
/* Many at once: what viewer follows, and the states of those who follow viewer. Strings point into
 * the transaction. */
void follow_get_many(struct db_txn *txn, uint64_t viewer, const uint64_t *others, size_t count,
		     struct follow *out);
void follower_get_many(struct db_txn *txn, uint64_t viewer, const uint64_t *others, size_t count,
		       enum follow_state *out);
/* False when there was none. */
bool follow_del(struct db_txn *txn, const struct account *follower, const struct account *followee);

/* Accepted (or, on request, pending) followers or followees, in order of their ids after `after`.
 * Returns how many. */
size_t follow_followers(struct db_txn *txn, uint64_t followee, uint64_t after,
			enum follow_state state, uint64_t *out, size_t count);
size_t follow_following(struct db_txn *txn, uint64_t follower, uint64_t after,
			enum follow_state state, uint64_t *out, size_t count);

/* The same as pages. */
size_t follow_followers_page(struct db_txn *txn, uint64_t followee, enum follow_state state,
			     const struct page *page, uint64_t *out, size_t count);
size_t follow_following_page(struct db_txn *txn, uint64_t follower, enum follow_state state,
			     const struct page *page, uint64_t *out, size_t count);

/*
 * The audience of an account: each distinct inbox (shared where there is one) of its remote
 * followers that are not suspended, once. Kept by this and by account_put(). Walked with a cursor: *cursor starts empty and is what a crash resumes with.
 * Inboxes and cursor are copied into arena.
 */
struct audience_inbox {
	struct str inbox;
	uint64_t followers;
};
size_t audience_next(struct db_txn *txn, struct arena *arena, uint64_t account, struct str *cursor,
		     struct audience_inbox *out, size_t count);
/* Is this inbox part of the account's audience? */
bool audience_has(struct db_txn *txn, uint64_t account, struct str inbox);

/*
 * How often whom a local account wants to read, or not to read, has changed: whoever keeps a list
 * made from that compares. Kept by follows and blocks; what else bears on it touches it, too.
 */
uint64_t interest_of(struct db_txn *txn, uint64_t account);
void interest_touch(struct db_txn *txn, uint64_t account);

struct block {
	uint64_t created_ms;
	struct str uri;
};
bool block_get(struct db_txn *txn, uint64_t blocker, uint64_t blocked, struct block *out);
static inline bool block_exists(struct db_txn *txn, uint64_t blocker, uint64_t blocked)
{
	return block_get(txn, blocker, blocked, NULL);
}
/* Many at once: whom blocker has blocked, and who has blocked somebody. */
void block_has_many(struct db_txn *txn, uint64_t blocker, const uint64_t *others, size_t count,
		    bool *out);
void blocked_by_many(struct db_txn *txn, uint64_t blocked, const uint64_t *others, size_t count,
		     bool *out);
void block_put(struct db_txn *txn, uint64_t blocker, uint64_t blocked, struct str uri);
bool block_del(struct db_txn *txn, uint64_t blocker, uint64_t blocked);
/* Whom an account has blocked, in order of their ids after `after`. */
size_t blocks_of(struct db_txn *txn, uint64_t blocker, uint64_t after, uint64_t *out, size_t count);
size_t blocks_page(struct db_txn *txn, uint64_t blocker, const struct page *page, uint64_t *out,
		   size_t count);
/* All that an account has blocked, at most count. Returns how many. */
size_t blocks_del(struct db_txn *txn, uint64_t blocker, size_t count);

/* False when it was there already. */
bool like_add(struct db_txn *txn, uint64_t status, uint64_t account, struct str uri);
/* False when there was none. */
bool like_del(struct db_txn *txn, uint64_t status, uint64_t account);
bool like_get(struct db_txn *txn, uint64_t status, uint64_t account, struct str *uri);
/* Which of many statuses the account likes. */
void likes_by(struct db_txn *txn, struct arena *arena, uint64_t account, const uint64_t *ids,
	      size_t count, bool *out);
/* All of a status that is being deleted, with its counts: these are not kept right. */
void likes_del(struct db_txn *txn, uint64_t status);
/* Who likes it, in order of their ids after `after`. */
size_t likes_of(struct db_txn *txn, uint64_t status, uint64_t after, uint64_t *out, size_t count);
/* The same as a page. */
size_t likes_page(struct db_txn *txn, uint64_t status, const struct page *page, uint64_t *out,
		  size_t count);

/* Integrity: follow and follower mirror each other, the audience and the counts are what the edges
 * say. */
void graph_check(struct db_txn *txn, void (*bad)(void *arg, struct str what), void *arg);

#endif
