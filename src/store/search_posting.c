/* The postings of terms, in blocks. Owns table search_posting. Inside transactions only. */
#include "core/must.h"
#include "search_int.h"
#include "store/tables.h"
#include "store_int.h"

#define BLOCK_VERSION 1
#define BLOCK_MAX_BYTES (SEARCH_BLOCK_MAX * 10 + 16)

/* Ids rise: what is stored is by how much. */
void search_block_encode(struct buf *out, const uint64_t *ids, size_t count)
{
	must(count != 0 && count <= SEARCH_BLOCK_MAX);
	rec_add_u8(out, BLOCK_VERSION);
	rec_add_num(out, count);
	for (size_t i = 1; i < count; i++)
		rec_add_num(out, ids[i] - ids[i - 1]);
}

bool search_block_decode(struct str value, uint64_t first, uint64_t out[SEARCH_BLOCK_MAX],
			 size_t *count)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	uint64_t n = rec_num(&r);
	*count = 0;
	if (version != BLOCK_VERSION || n == 0 || n > SEARCH_BLOCK_MAX)
		return false;
	out[0] = first;
	for (uint64_t i = 1; i < n; i++) {
		uint64_t by = rec_num(&r);
		if (by == 0 || by > UINT64_MAX - out[i - 1])
			return false;
		out[i] = out[i - 1] + by;
	}
	*count = (size_t)n;
	return rec_ok(&r);
}

struct reckey search_term_key(struct str term)
{
	struct reckey key = RECKEY_INIT;
	must(term.len != 0 && term.len <= SEARCH_TERM_MAX);
	reckey_add_bytes(&key, term.ptr, term.len);
	reckey_add_u8(&key, 0);
	return key;
}

static struct reckey block_key(const struct reckey *prefix, uint64_t first)
{
	struct reckey key = *prefix;
	reckey_add_u64(&key, first);
	return key;
}

/* The block that id is in, or would be in: the last that begins at most there. */
static bool block_find(struct db_txn *txn, const struct reckey *prefix, uint64_t id,
		       uint64_t ids[SEARCH_BLOCK_MAX], size_t *count)
{
	struct reckey from = block_key(prefix, id);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	uint64_t first;
	*count = 0;
	db_iter_open(&it, txn, &store_search_posting, reckey_str(prefix), DB_BACKWARD,
		     reckey_str(&from));
	if (!db_iter_next(&it, &key, &value))
		return false;
	if (key.len == from.len && reckey_read_u64(key, prefix->len, &first) &&
	    search_block_decode(value, first, ids, count))
		return true;
	db_txn_fail(txn, RC_CORRUPT);
	return false;
}

static void block_put(struct db_txn *txn, const struct reckey *prefix, const uint64_t *ids,
		      size_t count)
{
	struct reckey key = block_key(prefix, ids[0]);
	struct buf row CLEANUP(buf_free) = BUF_INIT(BLOCK_MAX_BYTES);
	search_block_encode(&row, ids, count);
	store_put(txn, &store_search_posting, &key, &row);
}

void search_append(struct db_txn *txn, struct str term, const uint64_t *ids, size_t count)
{
	struct reckey prefix = search_term_key(term);
	uint64_t block[SEARCH_BLOCK_MAX];
	size_t have;
	if (block_find(txn, &prefix, UINT64_MAX, block, &have) && have == SEARCH_BLOCK_MAX)
		have = 0;
	while (count != 0 && db_txn_rc(txn) == RC_OK) {
		size_t room = SEARCH_BLOCK_MAX - have, n = count < room ? count : room;
		memcpy(block + have, ids, n * sizeof(ids[0]));
		block_put(txn, &prefix, block, have + n);
		ids += n;
		count -= n;
		have = 0;
	}
}

/* A full block becomes two. */
static void block_part(struct db_txn *txn, const struct reckey *prefix, uint64_t *ids,
		       size_t *count, uint64_t id)
{
	const size_t half = SEARCH_BLOCK_MAX / 2;
	block_put(txn, prefix, ids, half);
	block_put(txn, prefix, ids + half, *count - half);
	if (id > ids[half]) {
		memmove(ids, ids + half, (*count - half) * sizeof(ids[0]));
		*count -= half;
	} else {
		*count = half;
	}
}

void search_insert(struct db_txn *txn, struct str term, uint64_t id)
{
	struct reckey prefix = search_term_key(term);
	uint64_t ids[SEARCH_BLOCK_MAX];
	size_t count, at;
	if (!block_find(txn, &prefix, id, ids, &count)) {
		if (db_txn_rc(txn) == RC_OK)
			block_put(txn, &prefix, &id, 1);
		return;
	}
	if (count == SEARCH_BLOCK_MAX)
		block_part(txn, &prefix, ids, &count, id);
	for (at = count; at != 0 && ids[at - 1] >= id; at--) {
		if (ids[at - 1] == id)
			return;
	}
	memmove(ids + at + 1, ids + at, (count - at) * sizeof(ids[0]));
	ids[at] = id;
	block_put(txn, &prefix, ids, count + 1);
}

void search_remove(struct db_txn *txn, struct str term, uint64_t id)
{
	struct reckey prefix = search_term_key(term);
	uint64_t ids[SEARCH_BLOCK_MAX];
	size_t count, at = 0;
	if (!block_find(txn, &prefix, id, ids, &count))
		return;
	while (at < count && ids[at] != id)
		at++;
	if (at == count)
		return;
	struct reckey key = block_key(&prefix, ids[0]);
	memmove(ids + at, ids + at + 1, (count - at - 1) * sizeof(ids[0]));
	/* the first id is in the key */
	if (at == 0 || count == 1)
		db_del(txn, &store_search_posting, reckey_str(&key));
	if (count > 1)
		block_put(txn, &prefix, ids, count - 1);
}

/* --- walking --- */

void search_walk_open(struct search_walk *walk, struct db_txn *txn, struct str term)
{
	walk->txn = txn;
	walk->prefix = search_term_key(term);
	walk->count = 0;
	walk->blocks = 0;
}

uint64_t search_walk_seek(struct search_walk *walk, uint64_t max)
{
	if (walk->count == 0 || walk->ids[0] > max) {
		walk->blocks++;
		if (!block_find(walk->txn, &walk->prefix, max, walk->ids, &walk->count))
			return 0;
	}
	while (walk->ids[walk->count - 1] > max)
		walk->count--;
	return walk->ids[walk->count - 1];
}
