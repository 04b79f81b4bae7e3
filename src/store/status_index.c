/* Walks over the indexes of statuses, and their counts. Owns table status_count. */
#include "db/rec.h"
#include "page_int.h"
#include "range_int.h"
#include "status_int.h"
#include "store/status.h"
#include "store/tables.h"
#include "store_int.h"

#define COUNTS_VERSION 1

static struct status_counts counts_decode(struct db_txn *txn, struct str value)
{
	struct status_counts counts = { 0 };
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	counts.replies = rec_u32(&r);
	counts.boosts = rec_u32(&r);
	counts.likes = rec_u32(&r);
	if (version != COUNTS_VERSION || !rec_ok(&r)) {
		db_txn_fail(txn, RC_CORRUPT);
		return (struct status_counts){ 0 };
	}
	return counts;
}

struct status_counts status_counts(struct db_txn *txn, uint64_t id)
{
	struct reckey key = reckey_u64(id);
	struct str value;
	if (!db_get(txn, &store_status_count, reckey_str(&key), &value))
		return (struct status_counts){ 0 };
	return counts_decode(txn, value);
}

bool status_counts_many(struct db_txn *txn, struct arena *arena, const uint64_t *ids, size_t count,
			struct status_counts *out)
{
	struct str *values = store_get_ids(txn, arena, &store_status_count, ids, count);
	for (size_t i = 0; values != NULL && i < count; i++)
		out[i] = values[i].ptr != NULL ? counts_decode(txn, values[i])
					       : (struct status_counts){ 0 };
	return values != NULL && db_txn_rc(txn) == RC_OK;
}

static uint32_t moved(uint32_t value, int by)
{
	int64_t sum = (int64_t)value + by;
	return sum < 0 ? 0 : sum > UINT32_MAX ? UINT32_MAX : (uint32_t)sum;
}

void status_count(struct db_txn *txn, uint64_t id, int replies, int boosts, int likes)
{
	struct status_counts counts = status_counts(txn, id);
	struct reckey key = reckey_u64(id);
	struct buf value CLEANUP(buf_free) = BUF_INIT(16);
	/* a status that is gone keeps its replies, but gets no counts again */
	if (replies <= 0 && boosts <= 0 && likes <= 0 && counts.replies == 0 &&
	    counts.boosts == 0 && counts.likes == 0)
		return;
	rec_add_u8(&value, COUNTS_VERSION);
	rec_add_u32(&value, moved(counts.replies, replies));
	rec_add_u32(&value, moved(counts.boosts, boosts));
	rec_add_u32(&value, moved(counts.likes, likes));
	store_put(txn, &store_status_count, &key, &value);
}

size_t status_after(struct db_txn *txn, uint64_t after, uint64_t *out, size_t count)
{
	struct reckey from = reckey_u64(after + 1);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key;
	size_t n = 0;
	db_iter_open(&it, txn, &store_status, STR(""), DB_FORWARD, reckey_str(&from));
	while (n < count && db_iter_next(&it, &key, NULL))
		n += reckey_read_u64(key, 0, &out[n]);
	return n;
}

size_t status_before(struct db_txn *txn, uint64_t max_id, uint64_t *out, size_t count)
{
	struct reckey from = reckey_u64(max_id != 0 ? max_id - 1 : UINT64_MAX);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key;
	size_t n = 0;
	db_iter_open(&it, txn, &store_status, STR(""), DB_BACKWARD, reckey_str(&from));
	while (n < count && db_iter_next(&it, &key, NULL))
		n += reckey_read_u64(key, 0, &out[n]);
	return n;
}

size_t status_by_author(struct db_txn *txn, uint64_t account, uint64_t max_id, uint64_t min_id,
			struct status_entry *out, size_t count)
{
	struct reckey prefix = reckey_u64(account);
	struct reckey from = reckey_u64_u64(account, max_id != 0 ? max_id - 1 : UINT64_MAX);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	size_t n = 0;
	db_iter_open(&it, txn, &store_status_by_author, reckey_str(&prefix), DB_BACKWARD,
		     reckey_str(&from));
	while (n < count && db_iter_next(&it, &key, &value)) {
		struct status_entry e;
		if (!reckey_read_u64(key, 8, &e.id) || value.len != 2)
			continue;
		if (e.id <= min_id)
			break;
		e.visibility = (enum visibility)value.ptr[0];
		e.flags = (unsigned char)value.ptr[1] & STATUS_INDEXED_FLAGS;
		out[n++] = e;
	}
	return n;
}

size_t status_by_author_range(struct db_txn *txn, uint64_t account, const struct id_range *range,
			      struct status_entry *out, size_t count)
{
	const struct reckey prefix = reckey_u64(account);
	struct range_walk w CLEANUP(range_walk_close);
	struct str value;
	size_t n = 0;
	range_walk_open(&w, txn, &store_status_by_author, &prefix, range);
	while (n < count && range_walk_next(&w, &out[n].id, &value)) {
		if (value.len != 2)
			continue;
		out[n].visibility = (enum visibility)value.ptr[0];
		out[n++].flags = (unsigned char)value.ptr[1] & STATUS_INDEXED_FLAGS;
	}
	return n;
}

size_t status_since(struct db_txn *txn, uint64_t after, struct status_author *out, size_t count)
{
	const struct reckey all = RECKEY_INIT;
	const struct id_range range = { .ascending = true, .min_id = after };
	struct range_walk w CLEANUP(range_walk_close);
	struct str value;
	size_t n = 0;
	range_walk_open(&w, txn, &store_status, &all, &range);
	while (n < count && range_walk_next(&w, &out[n].id, &value))
		n += status_author_decode(value, &out[n].account);
	return n;
}

uint64_t status_newest(struct db_txn *txn)
{
	struct db_iter it CLEANUP(db_iter_close);
	struct str key;
	uint64_t id = 0;
	db_iter_open(&it, txn, &store_status, STR(""), DB_BACKWARD, STR_NONE);
	return db_iter_next(&it, &key, NULL) && reckey_read_u64(key, 0, &id) ? id : 0;
}

size_t status_by_parent(struct db_txn *txn, uint64_t parent, uint64_t after_id, uint64_t *out,
			size_t count)
{
	struct reckey prefix = reckey_u64(parent);
	struct reckey from = store_key_after(parent, after_id);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	size_t n = 0;
	db_iter_open(&it, txn, &store_status_by_parent, reckey_str(&prefix), DB_FORWARD,
		     reckey_str(&from));
	while (n < count && db_iter_next(&it, &key, &value))
		n += reckey_read_u64(key, 8, &out[n]);
	return n;
}

size_t status_boosts(struct db_txn *txn, uint64_t id, uint64_t after_account, uint64_t *boosters,
		     uint64_t *boosts, size_t count)
{
	struct reckey prefix = reckey_u64(id);
	struct reckey from = store_key_after(id, after_account);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	size_t n = 0;
	db_iter_open(&it, txn, &store_boost, reckey_str(&prefix), DB_FORWARD, reckey_str(&from));
	while (n < count && db_iter_next(&it, &key, &value)) {
		if (reckey_read_u64(key, 8, &boosters[n]) && reckey_read_u64(value, 0, &boosts[n]))
			n++;
	}
	return n;
}

size_t status_boosters_page(struct db_txn *txn, uint64_t id, const struct page *page, uint64_t *out,
			    size_t count)
{
	struct reckey prefix = reckey_u64(id);
	return page_ids(txn, &store_boost, &prefix, page, NULL, out, count);
}

void status_boosts_by(struct db_txn *txn, struct arena *arena, uint64_t account,
		      const uint64_t *ids, size_t count, bool *out)
{
	struct str *values = store_get_pairs(txn, arena, &store_boost, ids, account, count);
	for (size_t i = 0; values != NULL && i < count; i++)
		out[i] = values[i].ptr != NULL;
}

uint64_t status_boost_by(struct db_txn *txn, uint64_t id, uint64_t account)
{
	struct reckey key = reckey_u64_u64(id, account);
	struct str value;
	uint64_t boost;
	if (!db_get(txn, &store_boost, reckey_str(&key), &value) ||
	    !reckey_read_u64(value, 0, &boost))
		return 0;
	return boost;
}
