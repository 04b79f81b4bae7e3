/* Dismissed suggestions. Owns table dismissed. Inside transactions only. */
#include "store/dismissed.h"

#include "db/rec.h"
#include "store/tables.h"

void dismissed_add(struct db_txn *txn, uint64_t account, uint64_t target)
{
	struct reckey key = reckey_u64_u64(account, target);
	db_put(txn, &store_dismissed, reckey_str(&key), STR(""));
}

bool dismissed_has(struct db_txn *txn, uint64_t account, uint64_t target)
{
	struct reckey key = reckey_u64_u64(account, target);
	struct str value;
	return db_get(txn, &store_dismissed, reckey_str(&key), &value);
}

size_t dismissed_del(struct db_txn *txn, uint64_t account, size_t count)
{
	struct reckey prefix = reckey_u64(account);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key;
	uint64_t target;
	size_t n = 0;
	db_iter_open(&it, txn, &store_dismissed, reckey_str(&prefix), DB_FORWARD, STR_NONE);
	while (n < count && db_iter_next(&it, &key, NULL)) {
		if (!reckey_read_u64(key, 8, &target))
			continue;
		struct reckey one = reckey_u64_u64(account, target);
		n += db_del(txn, &store_dismissed, reckey_str(&one));
	}
	return n;
}
