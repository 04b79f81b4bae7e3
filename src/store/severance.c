/* Follows that were lost. Owns tables severance, severed and severing. Inside transactions only. */
#include "store/severance.h"

#include "core/clock.h"
#include "db/rec.h"
#include "severance_int.h"
#include "store/tables.h"
#include "store_int.h"
#include "sweep_int.h"

#define SEVERANCE_VERSION 1
#define SEVERED_VERSION 1
#define ROW_MAX 4096
#define SEVERED_KEY_LEN 25 /* account, event, direction, other */
#define FOLLOWER 1
#define FOLLOWING 0

/* --- the codec --- */

void severance_encode(struct buf *out, const struct severance *s)
{
	rec_add_u8(out, SEVERANCE_VERSION);
	rec_add_u8(out, (uint8_t)s->kind);
	rec_add_u8(out, s->purged ? 1 : 0);
	rec_add_num(out, s->followers);
	rec_add_num(out, s->following);
	rec_add_num(out, s->created_ms);
	rec_add_str(out, s->target);
}

bool severance_decode(struct str value, struct severance *out)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	out->kind = (enum severance_kind)rec_u8(&r);
	uint8_t purged = rec_u8(&r);
	out->purged = purged == 1;
	out->followers = rec_num(&r);
	out->following = rec_num(&r);
	out->created_ms = rec_num(&r);
	out->target = rec_str(&r);
	return version == SEVERANCE_VERSION && rec_ok(&r) && purged <= 1 &&
	       out->kind >= SEVERANCE_DOMAIN_BLOCK && out->kind <= SEVERANCE_ACCOUNT;
}

void severed_encode(struct buf *out, const struct severed *s)
{
	rec_add_u8(out, SEVERED_VERSION);
	rec_add_num(out, s->flags);
	rec_add_str(out, s->handle);
	rec_add_str(out, s->languages);
}

bool severed_decode(struct str value, struct severed *out)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	out->flags = store_num32(&r);
	out->handle = rec_str(&r);
	out->languages = rec_str(&r);
	return version == SEVERED_VERSION && rec_ok(&r);
}

/* --- events --- */

static void severance_write(struct db_txn *txn, const struct severance *s)
{
	struct reckey key = reckey_u64_u64(s->account, s->event);
	struct buf row CLEANUP(buf_free) = BUF_INIT(ROW_MAX);
	severance_encode(&row, s);
	store_put(txn, &store_severance, &key, &row);
}

bool severance_get(struct db_txn *txn, struct arena *arena, uint64_t account, uint64_t event,
		   struct severance *out)
{
	struct reckey key = reckey_u64_u64(account, event);
	struct str value;
	*out = (struct severance){ .event = event, .account = account };
	return db_get(txn, &store_severance, reckey_str(&key), &value) &&
	       (severance_decode(arena_str(arena, value), out) || store_undecoded(txn, arena));
}

size_t severance_list(struct db_txn *txn, struct arena *arena, uint64_t account, uint64_t max_id,
		      struct severance *out, size_t count)
{
	struct reckey prefix = reckey_u64(account);
	struct reckey from = reckey_u64_u64(account, max_id != 0 ? max_id - 1 : UINT64_MAX);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	size_t n = 0;
	db_iter_open(&it, txn, &store_severance, reckey_str(&prefix), DB_BACKWARD,
		     reckey_str(&from));
	while (n < count && db_iter_next(&it, &key, &value)) {
		out[n] = (struct severance){ .account = account };
		if (!reckey_read_u64(key, 8, &out[n].event) ||
		    !severance_decode(arena_str(arena, value), &out[n])) {
			store_undecoded(txn, arena);
			return 0;
		}
		n++;
	}
	return n;
}

/* --- what was lost --- */

static struct reckey severed_prefix(uint64_t account, uint64_t event, bool follower)
{
	struct reckey key = reckey_u64_u64(account, event);
	reckey_add_u8(&key, follower ? FOLLOWER : FOLLOWING);
	return key;
}

bool severance_add(struct db_txn *txn, struct arena *arena, const struct severance *event,
		   const struct severed *lost)
{
	struct severance s;
	struct reckey key = severed_prefix(event->account, event->event, lost->follower);
	struct buf row CLEANUP(buf_free) = BUF_INIT(ROW_MAX);
	bool fresh = !severance_get(txn, arena, event->account, event->event, &s);
	if (fresh) {
		s = *event;
		s.followers = s.following = 0;
		s.purged = false;
		s.created_ms = db_txn_now(txn);
	}
	reckey_add_u64(&key, lost->other);
	severed_encode(&row, lost);
	if (row.failed) {
		db_txn_fail(txn, RC_TOO_LARGE);
		return false;
	}
	if (!s.purged && !db_add(txn, &store_severed, reckey_str(&key), buf_str(&row), NULL))
		return false;
	s.followers += lost->follower;
	s.following += !lost->follower;
	severance_write(txn, &s);
	return fresh;
}

size_t severed_list(struct db_txn *txn, struct arena *arena, uint64_t account, uint64_t event,
		    bool followers, uint64_t after, struct severed *out, size_t count)
{
	struct reckey prefix = severed_prefix(account, event, followers), from = prefix;
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	size_t n = 0;
	reckey_add_u64(&from, after + 1);
	db_iter_open(&it, txn, &store_severed, reckey_str(&prefix), DB_FORWARD, reckey_str(&from));
	while (n < count && db_iter_next(&it, &key, &value)) {
		out[n] = (struct severed){ .follower = followers };
		if (!reckey_read_u64(key, prefix.len, &out[n].other) ||
		    !severed_decode(arena_str(arena, value), &out[n])) {
			store_undecoded(txn, arena);
			return 0;
		}
		n++;
	}
	return n;
}

/* --- forgetting --- */

/* Rows of a table whose keys begin with this, at most count. */
static size_t rows_del(struct db_txn *txn, const struct db_table *table, struct reckey prefix,
		       size_t count)
{
	struct db_iter it CLEANUP(db_iter_close);
	struct str key;
	size_t n = 0;
	db_iter_open(&it, txn, table, reckey_str(&prefix), DB_FORWARD, STR_NONE);
	while (n < count && db_iter_next(&it, &key, NULL)) {
		struct reckey one = RECKEY_INIT;
		if (key.len > sizeof(one.bytes))
			continue;
		reckey_add_bytes(&one, key.ptr, key.len);
		n += db_del(txn, table, reckey_str(&one));
	}
	return n;
}

size_t severances_del(struct db_txn *txn, uint64_t account, size_t count)
{
	size_t n = rows_del(txn, &store_severed, reckey_u64(account), count);
	if (n < count)
		n += rows_del(txn, &store_severance, reckey_u64(account), count - n);
	return n;
}

/* A row of a list goes when its event is old; the event then says that the list is gone. */
static void sweep_row(struct db_txn *txn, struct str key, struct str value UNUSED, void *arg)
{
	const uint64_t *before_ms = arg;
	struct severance s;
	struct str found;
	struct buf copy CLEANUP(buf_free) = BUF_INIT(ROW_MAX);
	uint64_t account, event;
	if (!reckey_read_u64(key, 0, &account) || !reckey_read_u64(key, 8, &event))
		return;
	struct reckey own = reckey_u64_u64(account, event);
	if (db_get(txn, &store_severance, reckey_str(&own), &found)) {
		buf_add(&copy, found);
		s = (struct severance){ .account = account, .event = event };
		if (!severance_decode(buf_str(&copy), &s) || s.created_ms >= *before_ms)
			return;
		if (!s.purged) {
			s.purged = true;
			severance_write(txn, &s);
		}
	}
	db_del(txn, &store_severed, key);
}

bool severed_sweep(struct db_txn *txn, uint64_t now_ms, struct sweep_cursor *cursor, size_t count)
{
	const uint64_t keep_ms = SEVERED_KEEP_DAYS * MS_PER_DAY;
	uint64_t before_ms = now_ms > keep_ms ? now_ms - keep_ms : 0;
	return sweep_walk(txn, &store_severed, cursor, count, sweep_row, &before_ms);
}

/* --- events that go on --- */

static struct reckey severing_key(uint64_t account, struct str target)
{
	struct reckey key = reckey_u64(account), digest = reckey_digest(target);
	reckey_add_bytes(&key, digest.bytes, digest.len);
	return key;
}

uint64_t severing_get(struct db_txn *txn, uint64_t account, struct str target)
{
	struct reckey key = severing_key(account, target);
	struct str value;
	uint64_t event = 0;
	if (db_get(txn, &store_severing, reckey_str(&key), &value) &&
	    !reckey_read_u64(value, 0, &event))
		db_txn_fail(txn, RC_CORRUPT);
	return event;
}

uint64_t severing_begin(struct db_txn *txn, uint64_t account, struct str target)
{
	uint64_t event = severing_get(txn, account, target);
	if (event != 0)
		return event;
	event = db_next_id(txn);
	struct reckey key = severing_key(account, target), value = reckey_u64(event);
	db_put(txn, &store_severing, reckey_str(&key), reckey_str(&value));
	return event;
}

void severing_end(struct db_txn *txn, uint64_t account, struct str target)
{
	struct reckey key = severing_key(account, target);
	db_del(txn, &store_severing, reckey_str(&key));
}
