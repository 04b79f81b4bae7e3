/* Followers by host, with the digest that FEP-8fcf compares. Owns table follower_host. Inside
 * transactions only. */
#include "store/follower_host.h"

#include "follower_host_int.h"
#include "store/graph.h"
#include "store/tables.h"
#include "store_int.h"

#define ROW_VERSION 1
#define ROW_MAX_BYTES 1024
#define ARENA_MAX ((size_t)4 << 20)
#define CHUNK 256
#define HOST_MAX 300 /* a canonical authority */

/* The sum's row stands before those of its members, which have ids that are not 0. */
struct reckey follower_host_key(uint64_t followee, struct str host, uint64_t follower)
{
	struct reckey key = reckey_u64(followee);
	struct reckey digest = reckey_digest(host);
	reckey_add_bytes(&key, digest.bytes, digest.len);
	reckey_add_u64(&key, follower);
	return key;
}

bool follower_host_decode(struct str value, struct str *host, struct follower_host *out)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	out->count = rec_num(&r);
	struct str digest = rec_str(&r);
	*host = rec_str(&r);
	if (version != ROW_VERSION || !rec_ok(&r) || digest.len != DIGEST_SIZE)
		return false;
	memcpy(out->digest.bytes, digest.ptr, DIGEST_SIZE);
	return true;
}

static void digest_add(struct digest *sum, const struct digest *d)
{
	for (size_t i = 0; i < DIGEST_SIZE; i++)
		sum->bytes[i] ^= d->bytes[i];
}

void follower_digest_add(struct digest *sum, struct str uri)
{
	struct digest d = digest_sha256(uri);
	digest_add(sum, &d);
}

struct follower_host follower_host_get(struct db_txn *txn, uint64_t followee, struct str host)
{
	struct reckey key = follower_host_key(followee, host, 0);
	struct follower_host row = { .count = 0 };
	struct str value, stored;
	if (!db_get(txn, &store_follower_host, reckey_str(&key), &value))
		return row;
	if (!follower_host_decode(value, &stored, &row)) {
		db_txn_fail(txn, RC_CORRUPT);
		return (struct follower_host){ .count = 0 };
	}
	return row;
}

size_t follower_host_list(struct db_txn *txn, uint64_t followee, struct str host, uint64_t after,
			  uint64_t *out, size_t count)
{
	struct reckey prefix = follower_host_key(followee, host, 0), from;
	struct db_iter it CLEANUP(db_iter_close) = { .txn = NULL };
	struct str key, value;
	size_t n = 0;
	prefix.len -= sizeof(uint64_t);
	if (after == UINT64_MAX)
		return 0;
	from = follower_host_key(followee, host, after + 1);
	db_iter_open(&it, txn, &store_follower_host, reckey_str(&prefix), DB_FORWARD,
		     reckey_str(&from));
	while (n < count && db_iter_next(&it, &key, &value))
		n += reckey_read_u64(key, prefix.len, &out[n]);
	return n;
}

static void sum_put(struct db_txn *txn, uint64_t followee, struct str host,
		    const struct follower_host *sum)
{
	struct reckey key = follower_host_key(followee, host, 0);
	if (sum->count == 0) {
		db_del(txn, &store_follower_host, reckey_str(&key));
		return;
	}
	struct buf row CLEANUP(buf_free) = BUF_INIT(ROW_MAX_BYTES);
	rec_add_u8(&row, ROW_VERSION);
	rec_add_num(&row, sum->count);
	rec_add_str(&row, str_n(sum->digest.bytes, DIGEST_SIZE));
	rec_add_str(&row, host);
	store_put(txn, &store_follower_host, &key, &row);
}

/* Only follows that lead from one host to another can come apart. */
static bool is_counted(const struct account *follower, const struct account *followee)
{
	return follower->uri.len != 0 && account_is_local(follower) != account_is_local(followee);
}

void follower_host_change(struct db_txn *txn, const struct account *follower,
			  const struct account *followee, int by)
{
	char name[HOST_MAX];
	/* the accounts may stand in rows, which writes move */
	struct digest id = digest_sha256(follower->uri);
	struct str host = str_n(name, follower->domain.len);
	if (!is_counted(follower, followee) || host.len > sizeof(name))
		return;
	if (host.len != 0)
		memcpy(name, follower->domain.ptr, host.len);
	struct reckey key = follower_host_key(followee->id, host, follower->id);
	uint64_t whom = followee->id;
	struct follower_host sum = follower_host_get(txn, whom, host);
	bool changed = by > 0 ? db_add(txn, &store_follower_host, reckey_str(&key), STR(""), NULL)
			      : db_del(txn, &store_follower_host, reckey_str(&key));
	if (!changed)
		return;
	sum.count = by > 0 ? sum.count + 1 : sum.count != 0 ? sum.count - 1 : 0;
	digest_add(&sum.digest, &id);
	sum_put(txn, whom, host, &sum);
}

/* --- making them anew --- */

static void chunk_add(struct db_txn *txn, struct arena *arena, const uint64_t pairs[][2], size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct account followee, follower;
		arena_reset(arena);
		if (account_get(txn, arena, pairs[i][0], &followee) &&
		    account_get(txn, arena, pairs[i][1], &follower))
			follower_host_change(txn, &follower, &followee, 1);
	}
}

/* The next accepted follows after *from, which moves on. */
static size_t chunk_read(struct db_txn *txn, struct reckey *from, uint64_t pairs[][2])
{
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	size_t n = 0;
	db_iter_open(&it, txn, &store_follower, STR(""), DB_FORWARD, reckey_str(from));
	while (n < CHUNK && db_iter_next(&it, &key, &value)) {
		if (str_eq(key, reckey_str(from)) || value.len != 1 ||
		    value.ptr[0] != FOLLOW_ACCEPTED || !reckey_read_u64(key, 0, &pairs[n][0]) ||
		    !reckey_read_u64(key, 8, &pairs[n][1]))
			continue;
		n++;
	}
	if (n != 0)
		*from = reckey_u64_u64(pairs[n - 1][0], pairs[n - 1][1]);
	return n;
}

enum rc follower_host_ensure(struct db_txn *txn, void *arg UNUSED)
{
	struct reckey from = reckey_u64_u64(0, 0);
	uint64_t pairs[CHUNK][2];
	size_t n;
	if (db_count(txn, &store_follower_host) != 0)
		return db_txn_rc(txn);
	struct arena *arena = arena_new(ARENA_MAX);
	if (arena == NULL)
		return RC_NO_MEMORY;
	while ((n = chunk_read(txn, &from, pairs)) != 0)
		chunk_add(txn, arena, pairs, n);
	arena_free(&arena);
	return db_txn_rc(txn);
}
