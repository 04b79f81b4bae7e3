/*
 * Ids. The last one given is a row, read when a transaction first needs it and stored once at its
 * end: another process may have given some since, so nothing is remembered in between.
 */
#include "db_int.h"

#include "db/rec.h"

#define LAST_ID STR("last id")
#define SEQUENCE_BITS 16
#define WALL_MS_MAX ((UINT64_C(1) << 48) - 1)

static bool id_load(struct db_txn *txn)
{
	struct str value;
	txn->last_id = 0;
	if (row_get(txn, db_meta_slot(txn->db), LAST_ID, &value)) {
		struct rec r = rec_open(value);
		txn->last_id = rec_u64(&r);
		if (!rec_ok(&r))
			db_txn_fail(txn, RC_CORRUPT);
	}
	return txn->rc == RC_OK;
}

uint64_t db_next_id(struct db_txn *txn)
{
	if (!txn->ids_used && !id_load(txn))
		return 0;
	uint64_t now = txn->wall_ms < WALL_MS_MAX ? txn->wall_ms : WALL_MS_MAX;
	uint64_t by_clock = now << SEQUENCE_BITS;
	txn->ids_used = true;
	txn->last_id = by_clock > txn->last_id ? by_clock : txn->last_id + 1;
	return txn->last_id;
}

bool id_store(struct db_txn *txn)
{
	struct buf value CLEANUP(buf_free) = BUF_INIT(16);
	if (!txn->ids_used)
		return true;
	rec_add_u64(&value, txn->last_id);
	return row_put(txn, db_meta_slot(txn->db), LAST_ID, buf_str(&value), 0);
}
