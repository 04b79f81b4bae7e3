/*
 * Walks. A reader's cursor simply moves. The writer's is placed anew by key whenever the job has
 * changed something since the last step, so that a walk may delete and add rows under its feet.
 */
#include "core/must.h"
#include "db_int.h"

static MDB_cursor *cursor_of(struct db_iter *it)
{
	return it->cursor;
}

static void set_from(struct db_iter *it, struct str key, bool exclusive)
{
	must(key.len <= sizeof(it->from));
	if (key.len != 0)
		memcpy(it->from, key.ptr, key.len);
	it->from_len = key.len;
	it->exclusive = exclusive;
}

/* The least key behind all that have the prefix; empty when there is none. */
static void set_from_behind_prefix(struct db_iter *it)
{
	size_t len = it->prefix_len;
	while (len != 0 && it->prefix[len - 1] == 0xff)
		len--;
	set_from(it, str_n(it->prefix, len), true);
	if (len != 0)
		it->from[len - 1]++;
}

static void set_start(struct db_iter *it, struct str prefix, struct str from)
{
	bool inside = from.len != 0 && str_has_prefix(from, prefix);
	bool before = str_cmp(from, prefix) < 0;
	if (it->direction == DB_FORWARD)
		set_from(it, from.len != 0 && !before ? from : prefix, false);
	else if (inside || (from.len != 0 && before))
		set_from(it, from, false);
	else
		set_from_behind_prefix(it);
}

void db_iter_open(struct db_iter *it, struct db_txn *txn, const struct db_table *table,
		  struct str prefix, enum db_direction direction, struct str from)
{
	const struct db_slot *slot = txn_slot(txn, table);
	MDB_cursor *cursor = NULL;
	must(prefix.len <= DB_KEY_MAX && from.len <= DB_KEY_MAX);
	it->txn = txn;
	it->cursor = NULL;
	it->table = table;
	it->direction = direction;
	it->begun = false;
	it->writes = 0;
	it->prefix_len = prefix.len;
	if (prefix.len != 0)
		memcpy(it->prefix, prefix.ptr, prefix.len);
	set_start(it, prefix, from);
	txn->iters++;
	if (txn->rc != RC_OK || !slot->present)
		return;
	int error = mdb_cursor_open(txn->mdb, slot->dbi, &cursor);
	if (error != 0)
		txn_fail_mdb(txn, error);
	it->cursor = cursor;
}

void db_iter_close(struct db_iter *it)
{
	if (it->txn == NULL)
		return;
	if (it->cursor != NULL)
		mdb_cursor_close(it->cursor);
	it->txn->iters--;
	it->cursor = NULL;
	it->txn = NULL;
}

/* Places the cursor at from, or behind it. */
static int seek(struct db_iter *it, MDB_val *key, MDB_val *stored)
{
	bool forward = it->direction == DB_FORWARD;
	if (it->from_len == 0)
		return mdb_cursor_get(cursor_of(it), key, stored, forward ? MDB_FIRST : MDB_LAST);
	*key = (MDB_val){ it->from_len, it->from };
	int error = mdb_cursor_get(cursor_of(it), key, stored, MDB_SET_RANGE);
	if (error == MDB_NOTFOUND && !forward)
		return mdb_cursor_get(cursor_of(it), key, stored, MDB_LAST);
	if (error != 0)
		return error;
	bool equal =
		key->mv_size == it->from_len && memcmp(key->mv_data, it->from, it->from_len) == 0;
	if (equal && !it->exclusive)
		return 0;
	if (forward)
		return equal ? mdb_cursor_get(cursor_of(it), key, stored, MDB_NEXT) : 0;
	return mdb_cursor_get(cursor_of(it), key, stored, MDB_PREV);
}

static int step(struct db_iter *it, MDB_val *key, MDB_val *stored)
{
	if (!it->begun || it->writes != it->txn->writes)
		return seek(it, key, stored);
	return mdb_cursor_get(cursor_of(it), key, stored,
			      it->direction == DB_FORWARD ? MDB_NEXT : MDB_PREV);
}

/* The next row as it is stored, sound or not. */
static bool next_stored(struct db_iter *it, struct str *key, MDB_val *stored)
{
	struct db_txn *txn = it->txn;
	MDB_val k;
	if (it->cursor == NULL || txn->rc != RC_OK)
		return false;
	int error = step(it, &k, stored);
	if (error != 0) {
		if (error != MDB_NOTFOUND)
			txn_fail_mdb(txn, error);
		return false;
	}
	*key = str_n(k.mv_data, k.mv_size);
	if (!str_has_prefix(*key, str_n(it->prefix, it->prefix_len)))
		return false;
	it->begun = true;
	it->writes = txn->writes;
	if (txn->writable)
		set_from(it, *key, true);
	return true;
}

bool db_iter_next(struct db_iter *it, struct str *key, struct str *value)
{
	MDB_val stored;
	struct str k, v;
	while (next_stored(it, &k, &stored)) {
		if (!row_open(it->txn, txn_slot(it->txn, it->table), k, &stored, &v))
			continue;
		k = txn_keep(it->txn, k);
		if (it->txn->rc != RC_OK)
			return false;
		if (key != NULL)
			*key = k;
		if (value != NULL)
			*value = v;
		return true;
	}
	return false;
}
