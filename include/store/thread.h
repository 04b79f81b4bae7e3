/*
 * Threads: which replies belong to the thread of a first post, and which wait for a parent that is
 * not known yet. A status that is first in its thread has no row here; every other has one under its
 * root, in the order of time.
 */
#ifndef FF_STORE_THREAD_H
#define FF_STORE_THREAD_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/str.h"
#include "db/db.h"
#include "store/status.h"

/* --- who waits for whom --- */

/* A status whose parent_uri is nobody's yet. */
void waiting_add(struct db_txn *txn, struct str parent_uri, uint64_t id);
void waiting_del(struct db_txn *txn, struct str parent_uri, uint64_t id);
/* Those that wait for this uri, after the id `after`. Digests may meet: the caller compares. */
size_t waiting_list(struct db_txn *txn, struct str parent_uri, uint64_t after, uint64_t *out,
		    size_t count);

/* --- the thread --- */

/* What the index says of a reply without reading it. */
struct thread_entry {
	uint64_t created_ms;
	uint64_t id;
	uint64_t account;
	enum visibility visibility;
};

/* Adds the row of a status that is not its own root, or takes it away. */
void thread_put(struct db_txn *txn, const struct status *s);
void thread_del(struct db_txn *txn, const struct status *s);

/*
 * The replies of a thread, oldest first, behind the place (created_ms, id) of the last one; zeros
 * for the first. Fills at most count, returns how many.
 */
size_t thread_list(struct db_txn *txn, uint64_t root, uint64_t created_ms, uint64_t id,
		   struct thread_entry *out, size_t count);

/*
 * The first post of the thread of status id as far as it is known now: follows roots that have got a
 * root themselves. 0 when that takes too many steps: a thread that is just being joined.
 */
uint64_t thread_top(struct db_txn *txn, struct arena *arena, uint64_t id);

/*
 * Makes a status that waited the reply of a parent: parent, root, indexes and counts. Its own
 * replies are moved by thread_move(). False when it is not there, or not waiting.
 */
bool thread_join(struct db_txn *txn, struct arena *arena, uint64_t id, const struct status *parent,
		 uint64_t root);
/* Moves at most count rows of one root to another; how many it were. */
size_t thread_move(struct db_txn *txn, struct arena *arena, uint64_t from, uint64_t to,
		   size_t count);

/* Integrity: statuses to rows and back. Calls bad() for each that disagrees. */
void thread_check(struct db_txn *txn, struct arena *arena, void (*bad)(void *arg, struct str what),
		  void *arg);

#endif
