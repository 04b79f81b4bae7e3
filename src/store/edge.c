/* Blocks and likes. Owns tables block and like, their rows of uri, and the shelves of what people of
 * here like. */
#include "account_int.h"
#include "core/attr.h"
#include "db/rec.h"
#include "graph_int.h"
#include "page_int.h"
#include "store/graph.h"
#include "store/joint_word.h"
#include "store/search.h"
#include "store/shelf.h"
#include "store/status.h"
#include "store/tables.h"
#include "store/uri.h"
#include "store_int.h"
#include "sweep_int.h"

#define EDGE_VERSION 1
#define EDGE_MAX_BYTES 4096

/*
 * Both kinds of edge hold the same: when, and the id of the activity that made them. That id is the
 * word of a stranger: when it names something else already, that keeps its index.
 */
void edge_put(struct db_txn *txn, const struct db_table *table, const struct reckey *key,
	      struct str uri, struct uri_entry entry)
{
	struct buf row CLEANUP(buf_free) = BUF_INIT(EDGE_MAX_BYTES);
	rec_add_u8(&row, EDGE_VERSION);
	rec_add_num(&row, db_txn_now(txn));
	rec_add_str(&row, uri);
	store_put(txn, table, key, &row);
	if (uri.len != 0)
		uri_add(txn, uri, entry, NULL);
}

bool edge_decode(struct str value, struct block *out)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	out->created_ms = rec_num(&r);
	out->uri = rec_str(&r);
	return version == EDGE_VERSION && rec_ok(&r);
}

bool edge_get(struct db_txn *txn, const struct db_table *table, const struct reckey *key,
	      struct block *out)
{
	struct str value;
	struct block edge;
	if (!db_get(txn, table, reckey_str(key), &value))
		return false;
	if (!edge_decode(value, &edge)) {
		db_txn_fail(txn, RC_CORRUPT);
		return false;
	}
	if (out != NULL)
		*out = edge;
	return true;
}

bool edge_del(struct db_txn *txn, const struct db_table *table, const struct reckey *key,
	      struct uri_entry entry)
{
	struct block edge;
	if (!edge_get(txn, table, key, &edge))
		return false;
	if (edge.uri.len != 0)
		uri_release(txn, edge.uri, entry);
	return db_del(txn, table, reckey_str(key));
}

bool block_get(struct db_txn *txn, uint64_t blocker, uint64_t blocked, struct block *out)
{
	struct reckey key = reckey_u64_u64(blocker, blocked);
	return edge_get(txn, &store_block, &key, out);
}

static void touch(struct db_txn *txn, uint64_t id)
{
	struct account a;
	if (account_peek(txn, id, &a) && account_is_local(&a))
		interest_touch(txn, id);
}

void block_put(struct db_txn *txn, uint64_t blocker, uint64_t blocked, struct str uri)
{
	struct reckey key = reckey_u64_u64(blocker, blocked);
	const struct uri_entry entry = { URI_BLOCK, blocker, blocked };
	edge_del(txn, &store_block, &key, entry);
	edge_put(txn, &store_block, &key, uri, entry);
	touch(txn, blocker);
	touch(txn, blocked);
}

bool block_del(struct db_txn *txn, uint64_t blocker, uint64_t blocked)
{
	struct reckey key = reckey_u64_u64(blocker, blocked);
	if (!edge_del(txn, &store_block, &key, (struct uri_entry){ URI_BLOCK, blocker, blocked }))
		return false;
	touch(txn, blocker);
	touch(txn, blocked);
	return true;
}

size_t blocks_of(struct db_txn *txn, uint64_t blocker, uint64_t after, uint64_t *out, size_t count)
{
	struct reckey prefix = reckey_u64(blocker), from = store_key_after(blocker, after);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	size_t n = 0;
	db_iter_open(&it, txn, &store_block, reckey_str(&prefix), DB_FORWARD, reckey_str(&from));
	while (n < count && db_iter_next(&it, &key, &value))
		n += reckey_read_u64(key, 8, &out[n]);
	return n;
}

size_t blocks_page(struct db_txn *txn, uint64_t blocker, const struct page *page, uint64_t *out,
		   size_t count)
{
	struct reckey prefix = reckey_u64(blocker);
	return page_ids(txn, &store_block, &prefix, page, NULL, out, count);
}

size_t blocks_del(struct db_txn *txn, uint64_t blocker, size_t count)
{
	struct reckey prefix = reckey_u64(blocker);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	uint64_t blocked;
	size_t n = 0;
	db_iter_open(&it, txn, &store_block, reckey_str(&prefix), DB_FORWARD, STR_NONE);
	while (n < count && db_iter_next(&it, &key, &value))
		n += reckey_read_u64(key, 8, &blocked) && block_del(txn, blocker, blocked);
	return n;
}

/* What people of here like is listed for them. */
static void liked_put(struct db_txn *txn, uint64_t status, uint64_t account)
{
	struct shelved item = { .id = status };
	struct account a;
	if (account_peek(txn, account, &a) && account_is_local(&a) &&
	    shelf_put(txn, SHELF_LIKED, account, &item) != RC_OK)
		db_txn_fail(txn, RC_CORRUPT);
}

static void liked_del(struct db_txn *txn, uint64_t status, uint64_t account)
{
	const struct shelved item = { .id = status };
	shelf_del(txn, SHELF_LIKED, account, &item);
}

bool like_add(struct db_txn *txn, uint64_t status, uint64_t account, struct str uri)
{
	struct reckey key = reckey_u64_u64(status, account);
	if (edge_get(txn, &store_like, &key, NULL))
		return false;
	edge_put(txn, &store_like, &key, uri, (struct uri_entry){ URI_LIKE, status, account });
	status_count(txn, status, 0, 0, 1);
	liked_put(txn, status, account);
	/* it may trend */
	search_touch(txn, SEARCH_TREND, status);
	joint_vote_note_by(txn, status, account);
	return true;
}

bool like_del(struct db_txn *txn, uint64_t status, uint64_t account)
{
	struct reckey key = reckey_u64_u64(status, account);
	if (!edge_del(txn, &store_like, &key, (struct uri_entry){ URI_LIKE, status, account }))
		return false;
	liked_del(txn, status, account);
	status_count(txn, status, 0, 0, -1);
	joint_vote_note_by(txn, status, account);
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

void likes_by(struct db_txn *txn, struct arena *arena, uint64_t account, const uint64_t *ids,
	      size_t count, bool *out)
{
	struct str *values = store_get_pairs(txn, arena, &store_like, ids, account, count);
	for (size_t i = 0; values != NULL && i < count; i++)
		out[i] = values[i].ptr != NULL;
}

size_t likes_of(struct db_txn *txn, uint64_t status, uint64_t after, uint64_t *out, size_t count)
{
	struct reckey prefix = reckey_u64(status);
	struct reckey from = store_key_after(status, after);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	size_t n = 0;
	db_iter_open(&it, txn, &store_like, reckey_str(&prefix), DB_FORWARD, reckey_str(&from));
	while (n < count && db_iter_next(&it, &key, &value))
		n += reckey_read_u64(key, 8, &out[n]);
	return n;
}

size_t likes_page(struct db_txn *txn, uint64_t status, const struct page *page, uint64_t *out,
		  size_t count)
{
	struct reckey prefix = reckey_u64(status);
	return page_ids(txn, &store_like, &prefix, page, NULL, out, count);
}

void likes_del(struct db_txn *txn, uint64_t status)
{
	struct reckey prefix = reckey_u64(status);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	uint64_t account;
	db_iter_open(&it, txn, &store_like, reckey_str(&prefix), DB_FORWARD, STR_NONE);
	while (db_iter_next(&it, &key, &value)) {
		if (!reckey_read_u64(key, 8, &account))
			continue;
		struct reckey one = reckey_u64_u64(status, account);
		edge_del(txn, &store_like, &one, (struct uri_entry){ URI_LIKE, status, account });
		liked_del(txn, status, account);
	}
}

static void like_look(struct db_txn *txn, struct str key, struct str value UNUSED, void *arg UNUSED)
{
	uint64_t status, account;
	struct account a;
	if (reckey_read_u64(key, 0, &status) && reckey_read_u64(key, 8, &account) &&
	    account_peek(txn, account, &a) && (a.flags & ACCOUNT_DELETED) != 0)
		like_del(txn, status, account);
}

/* S-078: there is no index of likes by account; what one leaves behind is found by the way. */
bool likes_sweep(struct db_txn *txn, uint64_t now_ms UNUSED, struct sweep_cursor *cursor,
		 size_t count)
{
	return sweep_walk(txn, &store_like, cursor, count, like_look, NULL);
}
