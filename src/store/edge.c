/* Blocks and likes. Owns tables block and like. */
#include "db/rec.h"
#include "store/graph.h"
#include "store/status.h"
#include "store/tables.h"
#include "store/uri.h"

#define EDGE_VERSION 1
#define EDGE_MAX_BYTES 4096

/* Both kinds of edge hold the same: when, and the id of the activity that made them. */
static void edge_put(struct db_txn *txn, const struct db_table *table, const struct reckey *key,
		     struct str uri)
{
	struct buf row CLEANUP(buf_free) = BUF_INIT(EDGE_MAX_BYTES);
	rec_add_u8(&row, EDGE_VERSION);
	rec_add_num(&row, db_txn_now(txn));
	rec_add_str(&row, uri);
	db_put(txn, table, reckey_str(key), buf_str(&row));
}

static bool edge_get(struct db_txn *txn, const struct db_table *table, const struct reckey *key,
		     struct block *out)
{
	struct str value;
	if (!db_get(txn, table, reckey_str(key), &value))
		return false;
	struct rec r = rec_open(value);
	struct block edge = { 0 };
	uint8_t version = rec_u8(&r);
	edge.created_ms = rec_num(&r);
	edge.uri = rec_str(&r);
	if (version != EDGE_VERSION || !rec_ok(&r)) {
		db_txn_fail(txn, RC_CORRUPT);
		return false;
	}
	if (out != NULL)
		*out = edge;
	return true;
}

static bool edge_del(struct db_txn *txn, const struct db_table *table, const struct reckey *key)
{
	struct block edge;
	if (!edge_get(txn, table, key, &edge))
		return false;
	if (edge.uri.len != 0)
		uri_del(txn, edge.uri);
	return db_del(txn, table, reckey_str(key));
}

bool block_get(struct db_txn *txn, uint64_t blocker, uint64_t blocked, struct block *out)
{
	struct reckey key = reckey_u64_u64(blocker, blocked);
	return edge_get(txn, &store_block, &key, out);
}

void block_put(struct db_txn *txn, uint64_t blocker, uint64_t blocked, struct str uri)
{
	struct reckey key = reckey_u64_u64(blocker, blocked);
	edge_put(txn, &store_block, &key, uri);
	if (uri.len != 0)
		uri_set(txn, uri, (struct uri_entry){ URI_BLOCK, blocker, blocked });
}

bool block_del(struct db_txn *txn, uint64_t blocker, uint64_t blocked)
{
	struct reckey key = reckey_u64_u64(blocker, blocked);
	return edge_del(txn, &store_block, &key);
}

bool like_add(struct db_txn *txn, uint64_t status, uint64_t account, struct str uri)
{
	struct reckey key = reckey_u64_u64(status, account);
	if (edge_get(txn, &store_like, &key, NULL))
		return false;
	edge_put(txn, &store_like, &key, uri);
	if (uri.len != 0)
		uri_set(txn, uri, (struct uri_entry){ URI_LIKE, status, account });
	status_count(txn, status, 0, 0, 1);
	return true;
}

bool like_del(struct db_txn *txn, uint64_t status, uint64_t account)
{
	struct reckey key = reckey_u64_u64(status, account);
	if (!edge_del(txn, &store_like, &key))
		return false;
	status_count(txn, status, 0, 0, -1);
	return true;
}

bool like_get(struct db_txn *txn, uint64_t status, uint64_t account, struct str *uri)
{
	struct reckey key = reckey_u64_u64(status, account);
	struct block edge;
	if (!edge_get(txn, &store_like, &key, &edge))
		return false;
	if (uri != NULL)
		*uri = edge.uri;
	return true;
}

size_t likes_of(struct db_txn *txn, uint64_t status, uint64_t after, uint64_t *out, size_t count)
{
	struct reckey prefix = reckey_u64(status);
	struct reckey from = reckey_u64_u64(status, after + 1);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	size_t n = 0;
	db_iter_open(&it, txn, &store_like, reckey_str(&prefix), DB_FORWARD, reckey_str(&from));
	while (n < count && db_iter_next(&it, &key, &value))
		n += reckey_read_u64(key, 8, &out[n]);
	return n;
}

void likes_del(struct db_txn *txn, uint64_t status)
{
	uint64_t accounts[64];
	size_t n;
	while ((n = likes_of(txn, status, 0, accounts, ARRAY_LEN(accounts))) != 0) {
		for (size_t i = 0; i < n; i++)
			like_del(txn, status, accounts[i]);
		if (db_txn_rc(txn) != RC_OK)
			return;
	}
}
