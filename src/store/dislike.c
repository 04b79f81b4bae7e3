/* Dislikes, which are never likes. Owns tables dislike and dislike_count, and their rows of uri.
 * Inside transactions only. */
#include "db/rec.h"
#include "graph_int.h"
#include "reaction_int.h"
#include "store/joint_word.h"
#include "store/tables.h"
#include "store/uri.h"
#include "store_int.h"

#define COUNT_VERSION 1

bool dislike_count_decode(struct str value, uint32_t *out)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	*out = rec_u32(&r);
	return version == COUNT_VERSION && rec_ok(&r) && *out != 0;
}

uint32_t dislike_count(struct db_txn *txn, uint64_t status)
{
	struct reckey key = reckey_u64(status);
	struct str value;
	uint32_t count;
	if (!db_get(txn, &store_dislike_count, reckey_str(&key), &value))
		return 0;
	if (dislike_count_decode(value, &count))
		return count;
	db_txn_fail(txn, RC_CORRUPT);
	return 0;
}

static void count_set(struct db_txn *txn, uint64_t status, uint32_t count)
{
	struct reckey key = reckey_u64(status);
	struct buf row CLEANUP(buf_free) = BUF_INIT(16);
	if (count == 0) {
		db_del(txn, &store_dislike_count, reckey_str(&key));
		return;
	}
	rec_add_u8(&row, COUNT_VERSION);
	rec_add_u32(&row, count);
	store_put(txn, &store_dislike_count, &key, &row);
}

void dislike_count_move(struct db_txn *txn, uint64_t status, int n)
{
	uint32_t count = dislike_count(txn, status);
	if (n > 0 && count < UINT32_MAX - (uint32_t)n)
		count += (uint32_t)n;
	else if (n < 0)
		count -= count < (uint32_t)-n ? count : (uint32_t)-n;
	count_set(txn, status, count);
}

bool dislike_add(struct db_txn *txn, uint64_t status, uint64_t account, struct str uri)
{
	struct reckey key = reckey_u64_u64(status, account);
	if (edge_get(txn, &store_dislike, &key, NULL))
		return false;
	/* the id is a stranger's word: what it named before keeps it, and this has none */
	if (uri.len != 0 && uri_find(txn, uri).kind != URI_NONE)
		uri = STR("");
	edge_put(txn, &store_dislike, &key, uri,
		 (struct uri_entry){ URI_DISLIKE, status, account });
	dislike_count_move(txn, status, 1);
	joint_vote_note_by(txn, status, account);
	return true;
}

bool dislike_del(struct db_txn *txn, uint64_t status, uint64_t account)
{
	struct reckey key = reckey_u64_u64(status, account);
	if (!edge_del(txn, &store_dislike, &key,
		      (struct uri_entry){ URI_DISLIKE, status, account }))
		return false;
	dislike_count_move(txn, status, -1);
	joint_vote_note_by(txn, status, account);
	return true;
}

bool dislike_get(struct db_txn *txn, uint64_t status, uint64_t account, struct str *uri)
{
	struct reckey key = reckey_u64_u64(status, account);
	struct block edge;
	if (!edge_get(txn, &store_dislike, &key, &edge))
		return false;
	if (uri != NULL)
		*uri = edge.uri;
	return true;
}
