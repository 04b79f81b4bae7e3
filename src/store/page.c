/* Pages of ids. Inside transactions only. */
#include "page_int.h"

static struct reckey key_at(const struct reckey *prefix, uint64_t id)
{
	struct reckey key = *prefix;
	reckey_add_u64(&key, id);
	return key;
}

static void reverse(uint64_t *ids, size_t n)
{
	for (size_t i = 0; i < n / 2; i++) {
		uint64_t other = ids[n - 1 - i];
		ids[n - 1 - i] = ids[i];
		ids[i] = other;
	}
}

static uint64_t above(const struct page *page)
{
	return page->min_id > page->since_id ? page->min_id : page->since_id;
}

size_t page_ids(struct db_txn *txn, const struct db_table *table, const struct reckey *prefix,
		const struct page *page, bool (*fits)(struct str value), uint64_t *ids,
		size_t count)
{
	bool upward = page->min_id != 0;
	uint64_t low = above(page), top = page->max_id != 0 ? page->max_id - 1 : UINT64_MAX, id;
	struct db_iter it CLEANUP(db_iter_close) = { .txn = NULL };
	struct str key, value;
	size_t n = 0;
	if (low >= top)
		return 0;
	struct reckey from = key_at(prefix, upward ? low + 1 : top);
	db_iter_open(&it, txn, table, reckey_str(prefix), upward ? DB_FORWARD : DB_BACKWARD,
		     reckey_str(&from));
	while (n < count && db_iter_next(&it, &key, &value)) {
		if (!reckey_read_u64(key, prefix->len, &id) || id <= low || id > top)
			break;
		if (fits == NULL || fits(value))
			ids[n++] = id;
	}
	if (upward)
		reverse(ids, n);
	return n;
}
