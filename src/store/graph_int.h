/* The codecs of edges, shared with their check. None fails the transaction. */
#ifndef FF_STORE_GRAPH_INT_H
#define FF_STORE_GRAPH_INT_H

#include "db/rec.h"
#include "store/graph.h"
#include "store/uri.h"

#define AUDIENCE_DIGEST_LEN 16

/* Strings point into value. False when it is damaged. */
bool follow_decode(struct str value, struct follow *out);
bool edge_decode(struct str value, struct block *out);
/* Rows of one shape: when, and the id of the activity that made them (edge.c). */
void edge_put(struct db_txn *txn, const struct db_table *table, const struct reckey *key,
	      struct str uri, struct uri_entry entry);
bool edge_get(struct db_txn *txn, const struct db_table *table, const struct reckey *key,
	      struct block *out);
bool edge_del(struct db_txn *txn, const struct db_table *table, const struct reckey *key,
	      struct uri_entry entry);
bool audience_decode(struct str value, struct audience_inbox *out);
struct reckey audience_key(uint64_t account, struct str inbox);
/* What an audience has of a follower: the inbox for all of its host; empty for a local one and for
 * one that is suspended or gone (S-072). */
struct str audience_inbox_of(const struct account *follower);
/* That has changed: all audiences that the follower is part of follow. */
void audience_move(struct db_txn *txn, uint64_t follower, struct str old_inbox,
		   struct str new_inbox);

#endif
