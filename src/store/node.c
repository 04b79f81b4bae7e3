/* The node's own record and totals. Owns table node. */
#include "store/node.h"

#include "db/rec.h"
#include "store/tables.h"
#include "store_int.h"

#define NODE_VERSION 1

bool node_get(struct db_txn *txn, struct arena *arena, struct node_record *out)
{
	struct str value;
	if (!db_get(txn, &store_node, STR("node"), &value))
		return false;
	struct rec r = rec_open(arena_str(arena, value));
	uint8_t version = rec_u8(&r);
	out->created_ms = rec_u64(&r);
	out->instance_actor = rec_u64(&r);
	out->domain = rec_str(&r);
	out->host = rec_str(&r);
	return (version == NODE_VERSION && rec_ok(&r)) || store_undecoded(txn, arena);
}

void node_put(struct db_txn *txn, const struct node_record *node)
{
	struct buf row CLEANUP(buf_free) = BUF_INIT(2048);
	rec_add_u8(&row, NODE_VERSION);
	rec_add_u64(&row, node->created_ms);
	rec_add_u64(&row, node->instance_actor);
	rec_add_str(&row, node->domain);
	rec_add_str(&row, node->host);
	if (row.failed)
		db_txn_fail(txn, RC_TOO_LARGE);
	db_put(txn, &store_node, STR("node"), buf_str(&row));
}

bool node_push_key_get(struct db_txn *txn, struct arena *arena, struct node_push_key *out)
{
	struct str value;
	if (!db_get(txn, &store_node, STR("push-key"), &value))
		return false;
	struct rec r = rec_open(arena_str(arena, value));
	uint8_t version = rec_u8(&r);
	out->sealed = rec_str(&r);
	out->point = rec_str(&r);
	return (version == NODE_VERSION && rec_ok(&r)) || store_undecoded(txn, arena);
}

void node_push_key_put(struct db_txn *txn, const struct node_push_key *key)
{
	struct buf row CLEANUP(buf_free) = BUF_INIT(512);
	rec_add_u8(&row, NODE_VERSION);
	rec_add_str(&row, key->sealed);
	rec_add_str(&row, key->point);
	if (row.failed)
		db_txn_fail(txn, RC_TOO_LARGE);
	db_put(txn, &store_node, STR("push-key"), buf_str(&row));
}

struct node_totals node_totals(struct db_txn *txn)
{
	struct node_totals totals = { 0 };
	struct str value;
	if (!db_get(txn, &store_node, STR("totals"), &value))
		return totals;
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	totals.accounts = rec_u64(&r);
	totals.statuses = rec_u64(&r);
	if (version != NODE_VERSION || !rec_ok(&r)) {
		db_txn_fail(txn, RC_CORRUPT);
		return (struct node_totals){ 0 };
	}
	return totals;
}

static uint64_t moved(uint64_t value, int by)
{
	uint64_t amount = (uint64_t)(by < 0 ? -(int64_t)by : by);
	if (by >= 0)
		return value + amount;
	return value > amount ? value - amount : 0;
}

void node_count(struct db_txn *txn, int accounts, int statuses)
{
	struct node_totals totals = node_totals(txn);
	struct buf row CLEANUP(buf_free) = BUF_INIT(64);
	rec_add_u8(&row, NODE_VERSION);
	rec_add_u64(&row, moved(totals.accounts, accounts));
	rec_add_u64(&row, moved(totals.statuses, statuses));
	db_put(txn, &store_node, STR("totals"), buf_str(&row));
}
