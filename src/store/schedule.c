/* Scheduled posts and request keys. Owns tables scheduled and idempotency. Inside transactions only. */
#include "schedule_int.h"

#include "core/attr.h"
#include "core/clock.h"
#include "core/must.h"
#include "db/rec.h"
#include "page_int.h"
#include "store/medium.h"
#include "store/sweep.h"
#include "store/tables.h"
#include "store_int.h"
#include "sweep_int.h"

#define SCHEDULED_VERSION 3 /* 1: without what is of teams; 2: without former writers */
#define IDEMPOTENT_VERSION 1

void scheduled_encode(struct buf *out, const struct scheduled *s)
{
	rec_add_u8(out, SCHEDULED_VERSION);
	rec_add_u64(out, s->due_ms);
	rec_add_str(out, s->params);
	rec_add_u8(out, (uint8_t)s->state);
	rec_add_u64(out, s->writer);
	rec_add_u64(out, s->owner);
	rec_add_u64(out, s->reviewer);
	rec_add_u64(out, s->edits);
	rec_add_num(out, s->changed_ms);
	rec_add_str(out, s->note);
	must(s->former_count <= SCHEDULED_FORMER_MAX);
	rec_add_num(out, s->former_count);
	for (unsigned i = 0; i < s->former_count; i++)
		rec_add_u64(out, s->former[i]);
}

static void decode_former(struct rec *r, struct scheduled *out)
{
	uint64_t count = rec_num(r);
	if (count > SCHEDULED_FORMER_MAX)
		r->bad = true;
	for (uint64_t i = 0; !r->bad && i < count; i++)
		out->former[out->former_count++] = rec_u64(r);
}

static void decode_team(struct rec *r, struct scheduled *out)
{
	uint8_t state = rec_u8(r);
	out->state = (enum scheduled_state)state;
	out->writer = rec_u64(r);
	out->owner = rec_u64(r);
	out->reviewer = rec_u64(r);
	out->edits = rec_u64(r);
	out->changed_ms = rec_num(r);
	out->note = rec_str(r);
	if (state >= SCHEDULED_STATES)
		r->bad = true;
}

bool scheduled_decode(struct str value, struct scheduled *out)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	*out = (struct scheduled){ .due_ms = rec_u64(&r) };
	out->params = rec_str(&r);
	if (version > 1)
		decode_team(&r, out);
	if (version > 2)
		decode_former(&r, out);
	return version != 0 && version <= SCHEDULED_VERSION && rec_ok(&r);
}

bool scheduled_get(struct db_txn *txn, struct arena *arena, uint64_t account, uint64_t id,
		   struct scheduled *out)
{
	struct reckey key = reckey_u64_u64(account, id);
	struct str value;
	if (!db_get(txn, &store_scheduled, reckey_str(&key), &value))
		return false;
	if (!scheduled_decode(value, out)) {
		db_txn_fail(txn, RC_CORRUPT);
		return false;
	}
	out->id = id;
	out->account = account;
	out->params = arena_str(arena, out->params);
	out->note = arena_str(arena, out->note);
	return true;
}

/* Is there room for one at this time, beside the others but the one with this id? */
static bool has_room(struct db_txn *txn, const struct scheduled *wanted)
{
	struct reckey prefix = reckey_u64(wanted->account);
	struct db_iter it CLEANUP(db_iter_close);
	struct scheduled other;
	struct str key, value;
	size_t all = 0, same_day = 0;
	uint64_t id;
	db_iter_open(&it, txn, &store_scheduled, reckey_str(&prefix), DB_FORWARD, STR_NONE);
	while (all < SCHEDULED_MAX && db_iter_next(&it, &key, &value)) {
		if (!reckey_read_u64(key, 8, &id) || id == wanted->id ||
		    !scheduled_decode(value, &other))
			continue;
		all++;
		same_day += wanted->due_ms != 0 &&
			    other.due_ms / MS_PER_DAY == wanted->due_ms / MS_PER_DAY;
	}
	return all < SCHEDULED_MAX && same_day < SCHEDULED_DAY_MAX;
}

static void row_put(struct db_txn *txn, const struct scheduled *s)
{
	struct reckey key = reckey_u64_u64(s->account, s->id);
	struct buf row CLEANUP(buf_free) = BUF_INIT(SCHEDULED_MAX_BYTES);
	scheduled_encode(&row, s);
	store_put(txn, &store_scheduled, &key, &row);
}

void scheduled_put(struct db_txn *txn, const struct scheduled *s)
{
	row_put(txn, s);
}

enum rc scheduled_add(struct db_txn *txn, struct scheduled *s)
{
	s->id = 0;
	if (!has_room(txn, s))
		return RC_TOO_LARGE;
	s->id = db_next_id(txn);
	row_put(txn, s);
	return RC_OK;
}

enum rc scheduled_move(struct db_txn *txn, struct arena *arena, uint64_t account, uint64_t id,
		       uint64_t due_ms)
{
	struct scheduled s;
	if (!scheduled_get(txn, arena, account, id, &s))
		return RC_NOT_FOUND;
	s.due_ms = due_ms;
	if (!has_room(txn, &s))
		return RC_TOO_LARGE;
	row_put(txn, &s);
	return RC_OK;
}

bool scheduled_del(struct db_txn *txn, uint64_t account, uint64_t id)
{
	struct reckey key = reckey_u64_u64(account, id);
	if (!db_del(txn, &store_scheduled, reckey_str(&key)))
		return false;
	medium_release(txn, MEDIUM_SCHEDULED, id);
	return true;
}

size_t scheduled_list(struct db_txn *txn, struct arena *arena, uint64_t account,
		      const struct page *page, struct scheduled *out, size_t count)
{
	struct reckey prefix = reckey_u64(account);
	uint64_t ids[SCHEDULED_MAX];
	size_t want = count < SCHEDULED_MAX ? count : SCHEDULED_MAX, n = 0;
	size_t found = page_ids(txn, &store_scheduled, &prefix, page, NULL, ids, want);
	for (size_t i = 0; i < found; i++)
		n += scheduled_get(txn, arena, account, ids[i], &out[n]);
	return n;
}

void scheduled_clear(struct db_txn *txn, uint64_t account)
{
	struct reckey prefix = reckey_u64(account);
	uint64_t ids[SCHEDULED_MAX];
	size_t n = page_ids(txn, &store_scheduled, &prefix, &PAGE_ALL, NULL, ids, SCHEDULED_MAX);
	for (size_t i = 0; i < n; i++)
		scheduled_del(txn, account, ids[i]);
}

/* --- requests that are made once --- */

void idempotent_encode(struct buf *out, const struct idempotent *i)
{
	rec_add_u8(out, IDEMPOTENT_VERSION);
	rec_add_u8(out, i->scheduled);
	rec_add_u64(out, i->id);
	rec_add_num(out, i->at_ms);
}

bool idempotent_decode(struct str value, struct idempotent *out)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r), scheduled = rec_u8(&r);
	*out = (struct idempotent){ .scheduled = scheduled != 0, .id = rec_u64(&r) };
	out->at_ms = rec_num(&r);
	return version == IDEMPOTENT_VERSION && rec_ok(&r) && scheduled <= 1;
}

/* Whose it is stands before the digest: no key of one account meets another's. */
static struct reckey key_of(uint64_t account, struct str key)
{
	struct reckey made = reckey_u64(account), digest = reckey_digest(key);
	reckey_add_bytes(&made, digest.bytes, digest.len);
	return made;
}

bool idempotency_get(struct db_txn *txn, uint64_t account, struct str key, struct idempotent *out)
{
	struct reckey name = key_of(account, key);
	struct str value;
	if (!db_get(txn, &store_idempotency, reckey_str(&name), &value))
		return false;
	if (!idempotent_decode(value, out)) {
		db_txn_fail(txn, RC_CORRUPT);
		return false;
	}
	return out->at_ms + IDEMPOTENCY_MS > db_txn_now(txn);
}

void idempotency_put(struct db_txn *txn, uint64_t account, struct str key, bool scheduled,
		     uint64_t id)
{
	struct reckey name = key_of(account, key);
	struct buf row CLEANUP(buf_free) = BUF_INIT(64);
	const struct idempotent made = { scheduled, id, db_txn_now(txn) };
	idempotent_encode(&row, &made);
	store_put(txn, &store_idempotency, &name, &row);
}

static void look_at_key(struct db_txn *txn, struct str key, struct str value, void *arg)
{
	const uint64_t *now_ms = arg;
	struct idempotent i;
	if (idempotent_decode(value, &i) && i.at_ms + IDEMPOTENCY_MS <= *now_ms)
		db_del(txn, &store_idempotency, key);
}

bool idempotency_sweep(struct db_txn *txn, uint64_t now_ms, struct sweep_cursor *cursor,
		       size_t count)
{
	return sweep_walk(txn, &store_idempotency, cursor, count, look_at_key, &now_ms);
}
