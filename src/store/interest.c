/* How often what an account wants to read has changed. Owns table interest. Inside transactions
 * only. */
#include "db/rec.h"
#include "store/graph.h"
#include "store/tables.h"
#include "store_int.h"

#define INTEREST_VERSION 1

uint64_t interest_of(struct db_txn *txn, uint64_t account)
{
	struct reckey key = reckey_u64(account);
	struct str value;
	if (!db_get(txn, &store_interest, reckey_str(&key), &value))
		return 0;
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	uint64_t n = rec_u64(&r);
	if (version == INTEREST_VERSION && rec_ok(&r))
		return n;
	db_txn_fail(txn, RC_CORRUPT);
	return 0;
}

void interest_touch(struct db_txn *txn, uint64_t account)
{
	struct reckey key = reckey_u64(account);
	struct buf row CLEANUP(buf_free) = BUF_INIT(16);
	uint64_t n = interest_of(txn, account);
	rec_add_u8(&row, INTEREST_VERSION);
	rec_add_u64(&row, n + 1);
	store_put(txn, &store_interest, &key, &row);
}
