/* The node itself: what was decided when it was made, and what must not change afterwards. */
#ifndef FF_STORE_NODE_H
#define FF_STORE_NODE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/str.h"
#include "db/db.h"

struct node_record {
	struct str domain; /* of handles */
	struct str host;   /* of URLs: canonical authority */
	uint64_t created_ms;
	uint64_t instance_actor; /* account id */
};

/* Strings are copied into arena. False when the node was never made (fediflow init). */
bool node_get(struct db_txn *txn, struct arena *arena, struct node_record *out);
void node_put(struct db_txn *txn, const struct node_record *node);

/* The key that push services know the node by (RFC 8292). */
struct node_push_key {
	struct str sealed; /* the scalar */
	struct str point;
};
/* Strings are copied into arena. False when it was not made yet. */
bool node_push_key_get(struct db_txn *txn, struct arena *arena, struct node_push_key *out);
void node_push_key_put(struct db_txn *txn, const struct node_push_key *key);

/* How many local accounts and local statuses there are (NodeInfo). */
struct node_totals {
	uint64_t accounts;
	uint64_t statuses;
};
struct node_totals node_totals(struct db_txn *txn);
void node_count(struct db_txn *txn, int accounts, int statuses);

#endif
