/* Reading the rows of many ids at once. Inside transactions only. */
#include "core/arena.h"
#include "store_int.h"

static struct str *read_all(struct db_txn *txn, struct arena *arena, const struct db_table *table,
			    const struct reckey *keys, size_t count)
{
	struct str *names = ARENA_ARRAY(arena, count, struct str);
	struct str *values = ARENA_ARRAY(arena, count, struct str);
	if (names == NULL || values == NULL) {
		store_undecoded(txn, arena);
		return NULL;
	}
	for (size_t i = 0; i < count; i++)
		names[i] = reckey_str(&keys[i]);
	return db_get_many(txn, table, names, values, count) ? values : NULL;
}

struct str *store_get_ids(struct db_txn *txn, struct arena *arena, const struct db_table *table,
			  const uint64_t *ids, size_t count)
{
	struct reckey *keys = ARENA_ARRAY(arena, count, struct reckey);
	for (size_t i = 0; keys != NULL && i < count; i++)
		keys[i] = reckey_u64(ids[i]);
	return read_all(txn, arena, table, keys, count);
}

struct str *store_get_pairs(struct db_txn *txn, struct arena *arena, const struct db_table *table,
			    const uint64_t *ids, uint64_t second, size_t count)
{
	struct reckey *keys = ARENA_ARRAY(arena, count, struct reckey);
	for (size_t i = 0; keys != NULL && i < count; i++)
		keys[i] = reckey_u64_u64(ids[i], second);
	return read_all(txn, arena, table, keys, count);
}
