/* Pins. Owns table pin. Inside transactions only. */
#include "store/pin.h"

#include <stdlib.h>

#include "core/buf.h"
#include "db/rec.h"
#include "store/tables.h"
#include "store_int.h"

struct pin {
	uint64_t status;
	uint64_t order; /* a later pin has a greater one */
};

static size_t read_all(struct db_txn *txn, uint64_t account, struct pin out[PINS_MAX])
{
	struct reckey prefix = reckey_u64(account);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	size_t n = 0;
	db_iter_open(&it, txn, &store_pin, reckey_str(&prefix), DB_FORWARD, STR_NONE);
	while (n < PINS_MAX && db_iter_next(&it, &key, &value)) {
		if (reckey_read_u64(key, 8, &out[n].status) &&
		    reckey_read_u64(value, 0, &out[n].order))
			n++;
	}
	return n;
}

bool pin_add(struct db_txn *txn, uint64_t account, uint64_t status)
{
	struct reckey key = reckey_u64_u64(account, status);
	struct buf value CLEANUP(buf_free) = BUF_INIT(8);
	struct pin pins[PINS_MAX];
	if (pin_has(txn, account, status) || read_all(txn, account, pins) == PINS_MAX)
		return false;
	rec_add_u64(&value, db_next_id(txn));
	return store_put(txn, &store_pin, &key, &value);
}

bool pin_del(struct db_txn *txn, uint64_t account, uint64_t status)
{
	struct reckey key = reckey_u64_u64(account, status);
	return db_del(txn, &store_pin, reckey_str(&key));
}

bool pin_has(struct db_txn *txn, uint64_t account, uint64_t status)
{
	struct reckey key = reckey_u64_u64(account, status);
	struct str value;
	return db_get(txn, &store_pin, reckey_str(&key), &value);
}

static int later_first(const void *a, const void *b)
{
	const struct pin *x = a, *y = b;
	return x->order < y->order ? 1 : x->order > y->order ? -1 : 0;
}

size_t pins_of(struct db_txn *txn, uint64_t account, uint64_t out[PINS_MAX])
{
	struct pin pins[PINS_MAX];
	size_t n = read_all(txn, account, pins);
	qsort(pins, n, sizeof(pins[0]), later_first);
	for (size_t i = 0; i < n; i++)
		out[i] = pins[i].status;
	return n;
}
