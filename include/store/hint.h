/*
 * What other servers say about a post beyond what is known here: how many replies, boosts and likes
 * they have counted. Hints only: nothing is decided by them. And when a thread was last looked for.
 */
#ifndef FF_STORE_HINT_H
#define FF_STORE_HINT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/str.h"
#include "db/db.h"

/* Was not told. */
#define HINT_NONE UINT32_MAX
/* More than any post has: what is told above it is not believed. */
#define HINT_MAX 1000000000U

struct status_hints {
	uint32_t replies;
	uint32_t boosts;
	uint32_t likes;
	uint32_t thread; /* posts of the whole conversation, the first one included */
	uint64_t told_ms;
};

#define STATUS_HINTS_INIT                                     \
	{                                                     \
		HINT_NONE, HINT_NONE, HINT_NONE, HINT_NONE, 0 \
	}

/* All HINT_NONE when nothing was told. */
struct status_hints hint_get(struct db_txn *txn, uint64_t status);
/* Takes what is told, keeps what is not; told_ms is the transaction's time. Nothing is written when
 * nothing is news. */
void hint_tell(struct db_txn *txn, uint64_t status, const struct status_hints *told);
void hint_del(struct db_txn *txn, uint64_t status);

/* When the thread of a first post was last looked for, and where that goes on. */
struct thread_look {
	uint64_t looked_ms; /* 0: never */
	uint64_t ended_ms;  /* when that, or the one before, had come to its end; 0: never */
	struct str state;   /* of a crawl that was too long; empty when it came to its end */
};
#define LOOK_STATE_MAX ((size_t)512 * 1024)
/* Copies into arena. */
struct thread_look look_get(struct db_txn *txn, struct arena *arena, uint64_t root);
void look_put(struct db_txn *txn, uint64_t root, const struct thread_look *look);
void look_del(struct db_txn *txn, uint64_t root);

/* Integrity: a row whose status is not there. */
void hint_check(struct db_txn *txn, struct arena *arena, void (*bad)(void *arg, struct str what),
		void *arg);

#endif
