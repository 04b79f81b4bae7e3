/* Mutes of conversations. Owns table thread_mute. Inside transactions only. */
#include "db/rec.h"
#include "store/personal.h"
#include "store/tables.h"
#include "store_int.h"

#define MANY 64 /* keys at once */

bool thread_mute_add(struct db_txn *txn, uint64_t root, uint64_t account)
{
	struct reckey key = reckey_u64_u64(root, account);
	return db_add(txn, &store_thread_mute, reckey_str(&key), STR("\1"), NULL);
}

bool thread_mute_del(struct db_txn *txn, uint64_t root, uint64_t account)
{
	struct reckey key = reckey_u64_u64(root, account);
	return db_del(txn, &store_thread_mute, reckey_str(&key));
}

bool thread_mute_has(struct db_txn *txn, uint64_t root, uint64_t account)
{
	struct reckey key = reckey_u64_u64(root, account);
	struct str value;
	return db_get(txn, &store_thread_mute, reckey_str(&key), &value);
}

void thread_mute_has_many(struct db_txn *txn, uint64_t account, const uint64_t *roots, size_t count,
			  bool *out)
{
	struct reckey keys[MANY];
	struct str names[MANY], values[MANY];
	for (size_t at = 0; at < count; at += MANY) {
		size_t n = count - at < MANY ? count - at : MANY;
		for (size_t i = 0; i < n; i++) {
			keys[i] = reckey_u64_u64(roots[at + i], account);
			names[i] = reckey_str(&keys[i]);
		}
		bool read = db_get_many(txn, &store_thread_mute, names, values, n);
		for (size_t i = 0; i < n; i++)
			out[at + i] = read && values[i].ptr != NULL;
	}
}

size_t thread_mutes_move(struct db_txn *txn, uint64_t from, uint64_t to, size_t count)
{
	struct reckey prefix = reckey_u64(from);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key;
	uint64_t account;
	size_t n = 0;
	db_iter_open(&it, txn, &store_thread_mute, reckey_str(&prefix), DB_FORWARD, STR_NONE);
	while (n < count && db_iter_next(&it, &key, NULL)) {
		if (!reckey_read_u64(key, 8, &account))
			continue;
		thread_mute_del(txn, from, account);
		thread_mute_add(txn, to, account);
		n++;
	}
	return n;
}
