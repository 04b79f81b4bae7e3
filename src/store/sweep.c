/* The walk that all sweeps share. Inside write transactions only. */
#include "core/must.h"
#include "sweep_int.h"

bool sweep_walk(struct db_txn *txn, const struct db_table *table, struct sweep_cursor *cursor,
		size_t count, sweep_look *look, void *arg)
{
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	must(count != 0);
	db_iter_open(&it, txn, table, STR(""), DB_FORWARD,
		     cursor->begun ? str_n(cursor->key, cursor->len) : STR_NONE);
	for (size_t read = 0; db_iter_next(&it, &key, &value); read++) {
		unsigned char here[SWEEP_KEY_MAX];
		size_t len = key.len;
		if (len > sizeof(here))
			continue;
		/* look() may delete the row: the key must outlive it */
		memcpy(here, key.ptr, len);
		if (read >= count) {
			memcpy(cursor->key, here, len);
			cursor->len = len;
			cursor->begun = true;
			return false;
		}
		look(txn, str_n(here, len), value, arg);
	}
	return true;
}
