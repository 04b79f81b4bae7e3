/*
 * Posts that are known by a partner's word alone, since their origin could not be reached, until it answers; and which
 * hosts keep silent.
 */
#ifndef FF_STORE_JOINT_COPY_H
#define FF_STORE_JOINT_COPY_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/str.h"
#include "db/db.h"

struct joint_copy {
	uint64_t status;
	uint64_t community; /* of this node, for which it was taken */
	uint64_t partner;   /* the group whose word it is */
};

void joint_copy_put(struct db_txn *txn, const struct joint_copy *copy);
/* It goes with the post, too. */
void joint_copy_del(struct db_txn *txn, uint64_t status);
/* False: it is known from its origin. */
bool joint_copy_get(struct db_txn *txn, uint64_t status, struct joint_copy *out);
/* Most nodes have none. */
bool joint_copy_any(struct db_txn *txn);
/* The next one in the order of ids; false when there is none behind `after`. */
bool joint_copy_next(struct db_txn *txn, uint64_t after, struct joint_copy *out);

/* A host that gave no answer, of whatever kind, whenever it was asked. */
struct host_silence {
	uint64_t since_ms;
	uint64_t last_ms; /* when it was asked last */
};
/* One that was not asked for longer begins anew: nobody knows what it did meanwhile. */
#define HOST_SILENCE_GAP_MS (2 * MS_PER_DAY)

void host_silence_note(struct db_txn *txn, struct str host, uint64_t now_ms);
void host_silence_end(struct db_txn *txn, struct str host);
/* False when it has answered, or was not asked. */
bool host_silence_get(struct db_txn *txn, struct str host, struct host_silence *out);

/* Rows of those that nobody has asked for so long go, at most count of them. Returns how many. */
size_t host_silence_sweep(struct db_txn *txn, uint64_t now_ms, size_t count);

/* Integrity. */
void joint_copy_check(struct db_txn *txn, struct arena *arena,
		      void (*bad)(void *arg, struct str what), void *arg);

#endif
