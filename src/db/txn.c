/*
 * Transactions: the pool of readers, the sticky error, single rows. A reader belongs to the thread
 * that began it; the one writable transaction belongs to the writer's thread.
 */
#include <errno.h>
#include <stdlib.h>

#include "core/enc.h"
#include "core/log.h"
#include "core/metric.h"
#include "core/must.h"
#include "db_int.h"

#ifdef FF_DEBUG
#define DEBUG_COPIES true
#else
#define DEBUG_COPIES false
#endif

/* --- readers --- */

static struct db_txn *reader_new(struct db *db)
{
	struct db_txn *txn = calloc(1, sizeof(*txn));
	if (txn == NULL)
		return NULL;
	txn->db = db;
	/* in a debug build what was read dies with its transaction, so that sanitizers see who kept
	 * it */
	if (DEBUG_COPIES)
		txn->arena = arena_new(DB_TXN_ARENA_MAX);
	return txn;
}

static struct db_txn *reader_take(struct db *db)
{
	pthread_mutex_lock(&db->gate.lock);
	struct db_txn *txn = db->pool;
	bool make = txn == NULL && db->pool_count < db->readers_max;
	if (txn != NULL)
		db->pool = txn->next;
	db->pool_count += make;
	pthread_mutex_unlock(&db->gate.lock);
	if (!make)
		return txn;
	txn = reader_new(db);
	if (txn == NULL) {
		pthread_mutex_lock(&db->gate.lock);
		db->pool_count--;
		pthread_mutex_unlock(&db->gate.lock);
	}
	return txn;
}

static void reader_give_back(struct db_txn *txn)
{
	struct db *db = txn->db;
	pthread_mutex_lock(&db->gate.lock);
	txn->next = db->pool;
	db->pool = txn;
	pthread_mutex_unlock(&db->gate.lock);
}

enum rc db_read_begin(struct db *db, struct db_txn **out)
{
	struct db_txn *txn = reader_take(db);
	*out = NULL;
	if (txn == NULL)
		return RC_BUSY;
	int error = gate_txn_begin(db, MDB_RDONLY, &txn->mdb);
	if (error != 0) {
		reader_give_back(txn);
		return error == MDB_READERS_FULL ? RC_BUSY : error == ENOMEM ? RC_NO_MEMORY : RC_IO;
	}
	txn->rc = RC_OK;
	txn->owner = pthread_self();
	txn->wall_ms = clock_wall_ms(db->clock);
	txn->steady_ms = clock_steady_ms(db->clock);
	*out = txn;
	return RC_OK;
}

static void check_age(const struct db_txn *txn)
{
	uint64_t age = clock_steady_ms(txn->db->clock) - txn->steady_ms;
	if (age <= DB_TXN_AGE_MAX_MS)
		return;
#ifdef FF_DEBUG
	must(age <= DB_TXN_AGE_MAX_MS);
#endif
	metric_add(METRIC_DB_LONG_READS, 1);
}

void db_read_end(struct db_txn **txn_ptr)
{
	struct db_txn *txn = *txn_ptr;
	if (txn == NULL)
		return;
	*txn_ptr = NULL;
	must(!txn->writable && txn->iters == 0);
	must(pthread_equal(txn->owner, pthread_self()));
	check_age(txn);
	mdb_txn_reset(txn->mdb);
	gate_leave(txn->db);
	if (txn->arena != NULL)
		arena_reset(txn->arena);
	reader_give_back(txn);
}

/* --- state --- */

enum rc db_txn_rc(const struct db_txn *txn)
{
	return txn->rc;
}

struct db *db_txn_db(const struct db_txn *txn)
{
	return txn->db;
}

uint64_t db_txn_now(const struct db_txn *txn)
{
	return txn->wall_ms;
}

void db_txn_fail(struct db_txn *txn, enum rc rc)
{
	must(rc != RC_OK);
	if (txn->rc == RC_OK)
		txn->rc = rc;
}

int txn_error(int error)
{
	return error == EIO && errno != EIO ? ENOSPC : error;
}

void txn_fail_mdb(struct db_txn *txn, int error)
{
	txn->broken = true;
	switch (txn_error(error)) {
	case MDB_MAP_FULL:
		txn->map_full = true;
		FALLTHROUGH;
	case ENOSPC:
	case EDQUOT:
		db_txn_fail(txn, RC_FULL);
		return;
	case MDB_TXN_FULL:
		db_txn_fail(txn, RC_TOO_LARGE);
		return;
	case ENOMEM:
		db_txn_fail(txn, RC_NO_MEMORY);
		return;
	case MDB_CORRUPTED:
	case MDB_PAGE_NOTFOUND:
	case MDB_CURSOR_FULL:
	case MDB_INVALID:
		db_txn_fail(txn, RC_CORRUPT);
		return;
	default:
		txn->io_failed = true;
		db_txn_fail(txn, RC_IO);
	}
}

struct str txn_keep(struct db_txn *txn, struct str s)
{
	if (txn->arena == NULL)
		return s;
	struct str copy = arena_str(txn->arena, s);
	if (arena_failed(txn->arena))
		db_txn_fail(txn, RC_TOO_LARGE);
	return copy;
}

const struct db_slot *txn_slot(struct db_txn *txn, const struct db_table *table)
{
	must(table->slot < txn->db->slot_count);
	const struct db_slot *slot = &txn->db->slots[table->slot];
	must(slot->table == table);
	return slot;
}

struct db_slot *db_meta_slot(struct db *db)
{
	return &db->slots[db->slot_count - 1];
}

/* --- rows --- */

static MDB_val to_val(struct str s)
{
	/* LMDB takes keys as void * but never writes to them */
	return (MDB_val){ s.len, (void *)(uintptr_t)s.ptr };
}

bool row_sound(const struct db_slot *slot, struct str key, const MDB_val *stored, struct str *value)
{
	uint32_t seal;
	if (stored->mv_size < DB_CRC_SIZE)
		return false;
	*value = str_n(stored->mv_data, stored->mv_size - DB_CRC_SIZE);
	memcpy(&seal, value->ptr + value->len, sizeof(seal));
	return seal == row_crc(slot, key, *value);
}

bool row_open(struct db_txn *txn, const struct db_slot *slot, struct str key, const MDB_val *stored,
	      struct str *value)
{
	if (!row_sound(slot, key, stored, value)) {
		struct buf hex CLEANUP(buf_free) = BUF_INIT(2 * DB_KEY_MAX + 64);
		enc_hex(&hex, key);
		metric_add(METRIC_DB_DAMAGED, 1);
		LOG(DB_RECORD_DAMAGED, F_CSTR("table", slot->table->name),
		    F_STR("key", buf_str(&hex)));
		return false;
	}
	*value = txn_keep(txn, *value);
	return txn->rc == RC_OK;
}

bool row_get(struct db_txn *txn, const struct db_slot *slot, struct str key, struct str *value)
{
	*value = STR_NONE;
	if (txn->rc != RC_OK || !slot->present || key.len == 0 || key.len > DB_KEY_MAX)
		return false;
	MDB_val k = to_val(key), stored;
	int error = mdb_get(txn->mdb, slot->dbi, &k, &stored);
	if (error == MDB_NOTFOUND)
		return false;
	if (error != 0) {
		txn_fail_mdb(txn, error);
		return false;
	}
	if (!row_open(txn, slot, key, &stored, value)) {
		*value = STR_NONE;
		db_txn_fail(txn, RC_CORRUPT);
		return false;
	}
	return true;
}

bool db_get(struct db_txn *txn, const struct db_table *table, struct str key, struct str *value)
{
	return row_get(txn, txn_slot(txn, table), key, value);
}

bool db_get_many(struct db_txn *txn, const struct db_table *table, const struct str *keys,
		 struct str *values, size_t count)
{
	const struct db_slot *slot = txn_slot(txn, table);
	for (size_t i = 0; i < count; i++)
		row_get(txn, slot, keys[i], &values[i]);
	return txn->rc == RC_OK;
}

uint64_t db_count(struct db_txn *txn, const struct db_table *table)
{
	const struct db_slot *slot = txn_slot(txn, table);
	MDB_stat stat;
	if (txn->rc != RC_OK || !slot->present)
		return 0;
	int error = mdb_stat(txn->mdb, slot->dbi, &stat);
	if (error != 0) {
		txn_fail_mdb(txn, error);
		return 0;
	}
	return stat.ms_entries;
}

/* --- changes --- */

static bool may_write(struct db_txn *txn, struct str key)
{
	must(txn->writable);
	must(key.len != 0 && key.len <= DB_KEY_MAX);
	return txn->rc == RC_OK;
}

/* Writes value and seal into the place that LMDB reserves. */
static int seal_into(struct db_txn *txn, const struct db_slot *slot, struct str key,
		     struct str value, unsigned flags, MDB_val *place)
{
	uint32_t seal = row_crc(slot, key, value);
	MDB_val k = to_val(key);
	*place = (MDB_val){ value.len + DB_CRC_SIZE, NULL };
	int error = mdb_put(txn->mdb, slot->dbi, &k, place, flags | MDB_RESERVE);
	if (error != 0)
		return error;
	if (value.len != 0)
		memcpy(place->mv_data, value.ptr, value.len);
	memcpy((char *)place->mv_data + value.len, &seal, sizeof(seal));
	txn->writes++;
	return 0;
}

bool row_put(struct db_txn *txn, const struct db_slot *slot, struct str key, struct str value,
	     unsigned flags)
{
	MDB_val place;
	if (!may_write(txn, key) || !room_take(txn, key, value))
		return false;
	int error = seal_into(txn, slot, key, value, flags, &place);
	if (error == MDB_KEYEXIST && flags == MDB_APPEND)
		error = seal_into(txn, slot, key, value, 0, &place);
	if (error != 0)
		txn_fail_mdb(txn, error);
	return error == 0;
}

bool db_put(struct db_txn *txn, const struct db_table *table, struct str key, struct str value)
{
	return row_put(txn, txn_slot(txn, table), key, value, 0);
}

bool db_append(struct db_txn *txn, const struct db_table *table, struct str key, struct str value)
{
	return row_put(txn, txn_slot(txn, table), key, value, MDB_APPEND);
}

bool db_add(struct db_txn *txn, const struct db_table *table, struct str key, struct str value,
	    struct str *existing)
{
	const struct db_slot *slot = txn_slot(txn, table);
	MDB_val place;
	if (existing != NULL)
		*existing = STR_NONE;
	if (!may_write(txn, key) || !room_take(txn, key, value))
		return false;
	int error = seal_into(txn, slot, key, value, MDB_NOOVERWRITE, &place);
	if (error == 0)
		return true;
	if (error != MDB_KEYEXIST)
		txn_fail_mdb(txn, error);
	else if (existing != NULL)
		row_get(txn, slot, key, existing);
	return false;
}

bool db_del(struct db_txn *txn, const struct db_table *table, struct str key)
{
	const struct db_slot *slot = txn_slot(txn, table);
	if (!may_write(txn, key))
		return false;
	MDB_val k = to_val(key);
	int error = mdb_del(txn->mdb, slot->dbi, &k, NULL);
	if (error == MDB_NOTFOUND)
		return false;
	if (error != 0) {
		txn_fail_mdb(txn, error);
		return false;
	}
	txn->writes++;
	txn->freed = true;
	return true;
}
