/* What the sweeps of this module share. */
#ifndef FF_STORE_SWEEP_INT_H
#define FF_STORE_SWEEP_INT_H

#include "core/str.h"
#include "store/sweep.h"

/* May delete the row it is shown. value is gone then, key is not. */
typedef void sweep_look(struct db_txn *txn, struct str key, struct str value, void *arg);

bool sweep_walk(struct db_txn *txn, const struct db_table *table, struct sweep_cursor *cursor,
		size_t count, sweep_look *look, void *arg);

#endif
