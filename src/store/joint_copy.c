/* Posts by a partner's word alone, and hosts that keep silent. Owns tables joint_copy and silent_host. Inside
 * transactions only. */
#include "store/joint_copy.h"

#include "check_int.h"
#include "core/clock.h"
#include "db/rec.h"
#include "store/status.h"
#include "store/tables.h"

/* --- copies --- */

void joint_copy_put(struct db_txn *txn, const struct joint_copy *copy)
{
	struct reckey key = reckey_u64(copy->status),
		      value = reckey_u64_u64(copy->community, copy->partner);
	db_put(txn, &store_joint_copy, reckey_str(&key), reckey_str(&value));
}

void joint_copy_del(struct db_txn *txn, uint64_t status)
{
	struct reckey key = reckey_u64(status);
	db_del(txn, &store_joint_copy, reckey_str(&key));
}

static bool copy_decode(struct str key, struct str value, struct joint_copy *out)
{
	return reckey_read_u64(key, 0, &out->status) && value.len == 16 &&
	       reckey_read_u64(value, 0, &out->community) &&
	       reckey_read_u64(value, 8, &out->partner);
}

bool joint_copy_get(struct db_txn *txn, uint64_t status, struct joint_copy *out)
{
	struct reckey key = reckey_u64(status);
	struct str value;
	if (!db_get(txn, &store_joint_copy, reckey_str(&key), &value))
		return false;
	if (copy_decode(reckey_str(&key), value, out))
		return true;
	db_txn_fail(txn, RC_CORRUPT);
	return false;
}

bool joint_copy_any(struct db_txn *txn)
{
	return db_count(txn, &store_joint_copy) != 0;
}

bool joint_copy_next(struct db_txn *txn, uint64_t after, struct joint_copy *out)
{
	struct reckey from = reckey_u64(after + 1);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	db_iter_open(&it, txn, &store_joint_copy, STR(""), DB_FORWARD, reckey_str(&from));
	if (!db_iter_next(&it, &key, &value))
		return false;
	if (copy_decode(key, value, out))
		return true;
	db_txn_fail(txn, RC_CORRUPT);
	return false;
}

/* --- hosts --- */

bool host_silence_get(struct db_txn *txn, struct str host, struct host_silence *out)
{
	struct str value;
	if (!db_get(txn, &store_silent_host, host, &value))
		return false;
	if (value.len == 16 && reckey_read_u64(value, 0, &out->since_ms) &&
	    reckey_read_u64(value, 8, &out->last_ms))
		return true;
	db_txn_fail(txn, RC_CORRUPT);
	return false;
}

void host_silence_note(struct db_txn *txn, struct str host, uint64_t now_ms)
{
	struct host_silence s;
	if (!host_silence_get(txn, host, &s) || s.last_ms + HOST_SILENCE_GAP_MS < now_ms)
		s.since_ms = now_ms;
	struct reckey value = reckey_u64_u64(s.since_ms, now_ms);
	db_put(txn, &store_silent_host, host, reckey_str(&value));
}

void host_silence_end(struct db_txn *txn, struct str host)
{
	db_del(txn, &store_silent_host, host);
}

/* The next stale one from `host` on, which it replaces. */
static bool stale_next(struct db_txn *txn, uint64_t now_ms, struct buf *host)
{
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	uint64_t last_ms = 0;
	db_iter_open(&it, txn, &store_silent_host, STR(""), DB_FORWARD,
		     host->len != 0 ? buf_str(host) : STR_NONE);
	while (db_iter_next(&it, &key, &value)) {
		if (value.len == 16 && reckey_read_u64(value, 8, &last_ms) &&
		    last_ms + HOST_SILENCE_GAP_MS >= now_ms)
			continue;
		buf_reset(host);
		buf_add(host, key);
		return true;
	}
	return false;
}

size_t host_silence_sweep(struct db_txn *txn, uint64_t now_ms, size_t count)
{
	struct buf host CLEANUP(buf_free) = BUF_INIT(1024);
	size_t n = 0;
	for (; n < count && stale_next(txn, now_ms, &host); n++)
		host_silence_end(txn, buf_str(&host));
	return n;
}

/* --- integrity --- */

static void check_copy(const struct check *c, struct str key, struct str value)
{
	struct joint_copy copy = { .status = 0 };
	struct status status;
	if (!copy_decode(key, value, &copy))
		check_say(c, "joint copy", copy.status, "cannot be decoded");
	else if (!status_get(c->txn, c->arena, copy.status, &status))
		check_say(c, "joint copy", copy.status, "is of no post");
}

void joint_copy_check(struct db_txn *txn, struct arena *arena,
		      void (*bad)(void *arg, struct str what), void *arg)
{
	const struct check c = { txn, arena, bad, arg };
	check_walk(&c, &store_joint_copy, 8, check_copy);
}
