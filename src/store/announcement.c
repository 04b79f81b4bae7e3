/*
 * Announcements. Owns tables announcement, announcement_mark and announcement_count. Inside
 * transactions only.
 */
#include "announcement_int.h"

#include "account_int.h"
#include "core/attr.h"
#include "core/must.h"
#include "db/rec.h"
#include "store/sweep.h"
#include "store/tables.h"
#include "store_int.h"
#include "sweep_int.h"

#define ANNOUNCEMENT_VERSION 1
#define MARK_VERSION 1
#define COUNT_VERSION 1

/* --- the stored forms --- */

void announcement_encode(struct buf *out, const struct announcement *a)
{
	rec_add_u8(out, ANNOUNCEMENT_VERSION);
	rec_add_u8(out, a->all_day);
	rec_add_num(out, a->starts_ms);
	rec_add_num(out, a->ends_ms);
	rec_add_num(out, a->published_ms);
	rec_add_num(out, a->updated_ms);
	rec_add_str(out, a->text);
	rec_add_str(out, a->content.markup);
}

bool announcement_decode(struct str value, struct announcement *out)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r), all_day = rec_u8(&r);
	*out = (struct announcement){ .all_day = all_day != 0 };
	out->starts_ms = rec_num(&r);
	out->ends_ms = rec_num(&r);
	out->published_ms = rec_num(&r);
	out->updated_ms = rec_num(&r);
	out->text = rec_str(&r);
	out->content = html_trusted(rec_str(&r));
	return version == ANNOUNCEMENT_VERSION && rec_ok(&r) && all_day <= 1;
}

void announcement_mark_encode(struct buf *out, const struct announcement_mark *mark)
{
	must(mark->name_count <= ANNOUNCEMENT_REACTIONS_MAX);
	rec_add_u8(out, MARK_VERSION);
	rec_add_u8(out, mark->read);
	rec_add_num(out, mark->name_count);
	for (unsigned i = 0; i < mark->name_count; i++)
		rec_add_str(out, mark->names[i]);
}

bool announcement_mark_decode(struct str value, struct announcement_mark *out)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r), read = rec_u8(&r);
	uint64_t count = rec_num(&r);
	*out = (struct announcement_mark){ .read = read != 0 };
	if (version != MARK_VERSION || read > 1 || count > ANNOUNCEMENT_REACTIONS_MAX)
		return false;
	for (; out->name_count < count; out->name_count++)
		out->names[out->name_count] = rec_str(&r);
	return rec_ok(&r);
}

void announcement_counts_encode(struct buf *out, const struct announcement_count *counts,
				size_t count)
{
	must(count <= ANNOUNCEMENT_REACTIONS_MAX);
	rec_add_u8(out, COUNT_VERSION);
	rec_add_num(out, count);
	for (size_t i = 0; i < count; i++) {
		rec_add_num(out, counts[i].count);
		rec_add_str(out, counts[i].name);
	}
}

bool announcement_counts_decode(struct str value,
				struct announcement_count out[ANNOUNCEMENT_REACTIONS_MAX],
				size_t *count)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	uint64_t n = rec_num(&r);
	*count = 0;
	if (version != COUNT_VERSION || n > ANNOUNCEMENT_REACTIONS_MAX)
		return false;
	for (; *count < n; ++*count) {
		out[*count].count = store_num32(&r);
		out[*count].name = rec_str(&r);
	}
	return rec_ok(&r);
}

/* --- announcements --- */

bool announcement_get(struct db_txn *txn, struct arena *arena, uint64_t id,
		      struct announcement *out)
{
	struct reckey key = reckey_u64(id);
	struct str value;
	if (!db_get(txn, &store_announcement, reckey_str(&key), &value))
		return false;
	if (!announcement_decode(arena_str(arena, value), out))
		return store_undecoded(txn, arena);
	out->id = id;
	return true;
}

size_t announcement_all(struct db_txn *txn, struct arena *arena, struct announcement **out)
{
	struct db_iter it CLEANUP(db_iter_close);
	struct str key;
	uint64_t ids[ANNOUNCEMENTS_MAX];
	size_t found = 0, n = 0;
	db_iter_open(&it, txn, &store_announcement, STR(""), DB_FORWARD, STR_NONE);
	while (found < ANNOUNCEMENTS_MAX && db_iter_next(&it, &key, NULL))
		found += reckey_read_u64(key, 0, &ids[found]);
	*out = ARENA_ARRAY(arena, found, struct announcement);
	for (size_t i = 0; *out != NULL && i < found; i++)
		n += announcement_get(txn, arena, ids[i], &(*out)[n]);
	return n;
}

enum rc announcement_add(struct db_txn *txn, struct announcement *a)
{
	struct buf row CLEANUP(buf_free) = BUF_INIT(ANNOUNCEMENT_MAX_BYTES);
	if (db_count(txn, &store_announcement) >= ANNOUNCEMENTS_MAX)
		return RC_TOO_LARGE;
	a->id = db_next_id(txn);
	struct reckey key = reckey_u64(a->id);
	announcement_encode(&row, a);
	store_put(txn, &store_announcement, &key, &row);
	return RC_OK;
}

bool announcement_del(struct db_txn *txn, uint64_t id)
{
	struct reckey key = reckey_u64(id);
	db_del(txn, &store_announcement_count, reckey_str(&key));
	return db_del(txn, &store_announcement, reckey_str(&key));
}

/* --- what people make of them --- */

/* Strings point into the transaction. */
static void mark_read(struct db_txn *txn, const struct reckey *key, struct announcement_mark *out)
{
	struct str value;
	*out = (struct announcement_mark){ .read = false };
	if (db_get(txn, &store_announcement_mark, reckey_str(key), &value) &&
	    !announcement_mark_decode(value, out))
		db_txn_fail(txn, RC_CORRUPT);
}

void announcement_mark_get(struct db_txn *txn, struct arena *arena, uint64_t id, uint64_t account,
			   struct announcement_mark *out)
{
	struct reckey key = reckey_u64_u64(id, account);
	mark_read(txn, &key, out);
	for (unsigned i = 0; i < out->name_count; i++)
		out->names[i] = arena_str(arena, out->names[i]);
}

static void mark_put(struct db_txn *txn, const struct reckey *key,
		     const struct announcement_mark *mark)
{
	struct buf row CLEANUP(buf_free) = BUF_INIT(MARK_MAX_BYTES);
	announcement_mark_encode(&row, mark);
	store_put(txn, &store_announcement_mark, key, &row);
}

void announcement_read(struct db_txn *txn, uint64_t id, uint64_t account)
{
	struct reckey key = reckey_u64_u64(id, account);
	struct announcement_mark mark;
	mark_read(txn, &key, &mark);
	mark.read = true;
	mark_put(txn, &key, &mark);
}

static size_t counts_read(struct db_txn *txn, uint64_t id,
			  struct announcement_count out[ANNOUNCEMENT_REACTIONS_MAX])
{
	struct reckey key = reckey_u64(id);
	struct str value;
	size_t n = 0;
	if (db_get(txn, &store_announcement_count, reckey_str(&key), &value) &&
	    !announcement_counts_decode(value, out, &n)) {
		db_txn_fail(txn, RC_CORRUPT);
		return 0;
	}
	return n;
}

size_t announcement_counts(struct db_txn *txn, struct arena *arena, uint64_t id,
			   struct announcement_count out[ANNOUNCEMENT_REACTIONS_MAX])
{
	size_t n = counts_read(txn, id, out);
	for (size_t i = 0; i < n; i++)
		out[i].name = arena_str(arena, out[i].name);
	return n;
}

static void counts_put(struct db_txn *txn, uint64_t id, const struct announcement_count *counts,
		       size_t n)
{
	struct reckey key = reckey_u64(id);
	struct buf row CLEANUP(buf_free) = BUF_INIT(MARK_MAX_BYTES);
	if (n == 0) {
		db_del(txn, &store_announcement_count, reckey_str(&key));
		return;
	}
	announcement_counts_encode(&row, counts, n);
	store_put(txn, &store_announcement_count, &key, &row);
}

/* One more of this name, or one less; false when there are too many names. */
static bool count_change(struct db_txn *txn, uint64_t id, struct str name, bool more)
{
	struct announcement_count counts[ANNOUNCEMENT_REACTIONS_MAX];
	size_t n = counts_read(txn, id, counts), i = 0;
	while (i < n && !str_eq(counts[i].name, name))
		i++;
	if (i == n && (!more || n == ANNOUNCEMENT_REACTIONS_MAX))
		return false;
	if (i == n)
		counts[n++] = (struct announcement_count){ name, 0 };
	counts[i].count = more ? counts[i].count + 1 : counts[i].count - 1;
	if (counts[i].count == 0)
		memmove(&counts[i], &counts[i + 1], (--n - i) * sizeof(counts[0]));
	counts_put(txn, id, counts, n);
	return true;
}

static unsigned name_find(const struct announcement_mark *mark, struct str name)
{
	unsigned i = 0;
	while (i < mark->name_count && !str_eq(mark->names[i], name))
		i++;
	return i;
}

enum rc announcement_react(struct db_txn *txn, uint64_t id, uint64_t account, struct str name)
{
	struct reckey key = reckey_u64_u64(id, account);
	struct announcement_mark mark;
	mark_read(txn, &key, &mark);
	if (name_find(&mark, name) != mark.name_count)
		return RC_EXISTS;
	if (mark.name_count == ANNOUNCEMENT_REACTIONS_MAX || !count_change(txn, id, name, true))
		return RC_TOO_LARGE;
	/* the counts' write may have moved what the names point to */
	mark_read(txn, &key, &mark);
	mark.names[mark.name_count++] = name;
	mark_put(txn, &key, &mark);
	return RC_OK;
}

bool announcement_unreact(struct db_txn *txn, uint64_t id, uint64_t account, struct str name)
{
	struct reckey key = reckey_u64_u64(id, account);
	struct announcement_mark mark;
	mark_read(txn, &key, &mark);
	unsigned at = name_find(&mark, name);
	if (at == mark.name_count)
		return false;
	count_change(txn, id, name, false);
	mark_read(txn, &key, &mark);
	mark.name_count--;
	memmove(&mark.names[at], &mark.names[at + 1],
		(mark.name_count - at) * sizeof(mark.names[0]));
	mark_put(txn, &key, &mark);
	return true;
}

/* --- forgetting --- */

/* Takes the reactions of one that is gone from the counts. */
static void mark_uncount(struct db_txn *txn, uint64_t id, struct str value)
{
	struct buf kept CLEANUP(buf_free) = BUF_INIT(MARK_MAX_BYTES);
	struct announcement_mark mark;
	/* the counts' writes may move the row */
	buf_add(&kept, value);
	if (!announcement_mark_decode(buf_str(&kept), &mark))
		return;
	for (unsigned i = 0; i < mark.name_count; i++)
		count_change(txn, id, mark.names[i], false);
}

static void look_at_mark(struct db_txn *txn, struct str key, struct str value, void *arg UNUSED)
{
	struct reckey of = RECKEY_INIT;
	struct account a;
	struct str row;
	uint64_t id, account;
	if (!reckey_read_u64(key, 0, &id) || !reckey_read_u64(key, 8, &account))
		return;
	reckey_add_u64(&of, id);
	bool there = db_get(txn, &store_announcement, reckey_str(&of), &row);
	if (there && account_peek(txn, account, &a) && (a.flags & ACCOUNT_DELETED) == 0)
		return;
	if (there)
		mark_uncount(txn, id, value);
	db_del(txn, &store_announcement_mark, key);
}

bool announcements_sweep(struct db_txn *txn, uint64_t now_ms UNUSED, struct sweep_cursor *cursor,
			 size_t count)
{
	return sweep_walk(txn, &store_announcement_mark, cursor, count, look_at_mark, NULL);
}
