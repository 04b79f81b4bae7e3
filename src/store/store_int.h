/* What the files of this module share: storing what was encoded, walking on behind a pair. */
#ifndef FF_STORE_STORE_INT_H
#define FF_STORE_STORE_INT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/buf.h"
#include "db/db.h"
#include "db/rec.h"

/* Adds or replaces a row by what was encoded. A row that passed its maximum fails the transaction:
 * half of it is never stored. */
static inline bool store_put(struct db_txn *txn, const struct db_table *table,
			     const struct reckey *key, const struct buf *row)
{
	if (row->failed) {
		db_txn_fail(txn, RC_TOO_LARGE);
		return false;
	}
	return db_put(txn, table, reckey_str(key), buf_str(row));
}

/* The least key of prefix a that is greater than (a, after); behind all of them when there can be
 * none. */
static inline struct reckey store_key_after(uint64_t a, uint64_t after)
{
	return after != UINT64_MAX ? reckey_u64_u64(a, after + 1) : reckey_u64(a + 1);
}

/* Fails the transaction by what made decoding fail: the arena, or the row. Returns false. */
static inline bool store_undecoded(struct db_txn *txn, const struct arena *arena)
{
	db_txn_fail(txn, arena_failed(arena) ? RC_NO_MEMORY : RC_CORRUPT);
	return false;
}

/* A number that was written from 32 bits; a larger one is damage. */
static inline uint32_t store_num32(struct rec *r)
{
	uint64_t n = rec_num(r);
	if (n > UINT32_MAX)
		r->bad = true;
	return (uint32_t)n;
}

/* Rows of the keys (ids[i]), or (ids[i], second), in one read: absent where there is none. NULL when
 * they cannot be read; the transaction has failed then. */
struct str *store_get_ids(struct db_txn *txn, struct arena *arena, const struct db_table *table,
			  const uint64_t *ids, size_t count);
struct str *store_get_pairs(struct db_txn *txn, struct arena *arena, const struct db_table *table,
			    const uint64_t *ids, uint64_t second, size_t count);

#endif
