/* A walk over rows whose key is a prefix and an id, in the order that a page is asked for. */
#ifndef FF_STORE_RANGE_INT_H
#define FF_STORE_RANGE_INT_H

#include "db/db.h"
#include "db/rec.h"
#include "store/range.h"

struct range_walk {
	struct db_iter it;
	struct id_range range;
	size_t id_at; /* where the id begins in the key */
};

/* Lives on the stack; fits CLEANUP(range_walk_close). */
static inline void range_walk_open(struct range_walk *w, struct db_txn *txn,
				   const struct db_table *table, const struct reckey *prefix,
				   const struct id_range *range)
{
	struct reckey from = *prefix;
	w->range = *range;
	w->id_at = prefix->len;
	reckey_add_u64(&from, range->ascending ? id_range_low(range) : id_range_high(range));
	db_iter_open(&w->it, txn, table, reckey_str(prefix),
		     range->ascending ? DB_FORWARD : DB_BACKWARD, reckey_str(&from));
}

/* False at the end of the range. */
static inline bool range_walk_next(struct range_walk *w, uint64_t *id, struct str *value)
{
	struct str key;
	return db_iter_next(&w->it, &key, value) && reckey_read_u64(key, w->id_at, id) &&
	       id_range_has(&w->range, *id);
}

static inline void range_walk_close(struct range_walk *w)
{
	db_iter_close(&w->it);
}

#endif
