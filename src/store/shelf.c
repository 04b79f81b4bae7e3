/*
 * Shelves. Owns tables shelf and shelf_order: the row of a thing names its place, the row of a place
 * what the thing's key ends in. Inside transactions only.
 */
#include "shelf_int.h"

#include "account_int.h"
#include "core/attr.h"
#include "core/must.h"
#include "page_int.h"
#include "store/graph.h"
#include "store/sweep.h"
#include "store/tables.h"
#include "store_int.h"
#include "sweep_int.h"

#define SHELVED_VERSION 1
#define MANY 64 /* keys at once */
#define PAGE_MAX 256

static const struct {
	enum shelf_of of;
	size_t max; /* 0: no limit but the owner's patience */
} shelves[SHELF_LAST + 1] = {
	[SHELF_BOOKMARKS] = { SHELF_OF_STATUSES, 0 },
	[SHELF_LIKED] = { SHELF_OF_STATUSES, 0 },
	[SHELF_ENDORSED] = { SHELF_OF_ACCOUNTS, 500 },
	[SHELF_MUTED] = { SHELF_OF_ACCOUNTS, 0 },
	[SHELF_LISTED] = { SHELF_OF_ACCOUNTS, 5000 },
	[SHELF_DOMAINS] = { SHELF_OF_TEXTS, 0 },
	/* S-060: a feed is merged from all of them */
	[SHELF_TAGS] = { SHELF_OF_TEXTS, 500 },
	[SHELF_WATCHERS] = { SHELF_OF_ACCOUNTS, 0 },
};

enum shelf_of shelf_of(unsigned shelf)
{
	return shelf < ARRAY_LEN(shelves) ? shelves[shelf].of : SHELF_OF_NOTHING;
}

/* --- the stored form --- */

void shelved_encode(struct buf *out, const struct shelved *item)
{
	rec_add_u8(out, SHELVED_VERSION);
	rec_add_u64(out, item->order);
	rec_add_num(out, item->until_ms);
	rec_add_num(out, item->flags);
	rec_add_str(out, item->text);
}

bool shelved_decode(struct str value, struct shelved *out)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	*out = (struct shelved){ .order = rec_u64(&r) };
	out->until_ms = rec_num(&r);
	out->flags = store_num32(&r);
	out->text = rec_str(&r);
	return version == SHELVED_VERSION && rec_ok(&r) && out->order != 0 &&
	       (out->flags & ~(unsigned)SHELVED_NOTIFICATIONS) == 0;
}

static struct reckey prefix_of(enum shelf shelf, uint64_t owner)
{
	struct reckey key = RECKEY_INIT;
	reckey_add_u8(&key, (uint8_t)shelf);
	reckey_add_u64(&key, owner);
	return key;
}

struct reckey shelf_key(enum shelf shelf, uint64_t owner, const struct shelved *item)
{
	struct reckey key = prefix_of(shelf, owner);
	must(shelf_of(shelf) != SHELF_OF_NOTHING);
	if (shelf_of(shelf) == SHELF_OF_TEXTS) {
		struct reckey digest = reckey_digest(item->text);
		reckey_add_bytes(&key, digest.bytes, digest.len);
	} else {
		reckey_add_u64(&key, item->id);
	}
	return key;
}

struct reckey shelf_order_key(enum shelf shelf, uint64_t owner, uint64_t order)
{
	struct reckey key = prefix_of(shelf, owner);
	reckey_add_u64(&key, order);
	return key;
}

/* --- one thing --- */

static bool read_row(struct db_txn *txn, const struct reckey *key, struct shelved *out)
{
	struct str value;
	if (!db_get(txn, &store_shelf, reckey_str(key), &value))
		return false;
	if (shelved_decode(value, out))
		return true;
	db_txn_fail(txn, RC_CORRUPT);
	return false;
}

static bool has_ended(const struct shelved *item, uint64_t now_ms)
{
	return item->until_ms != 0 && item->until_ms <= now_ms;
}

static bool is_full(struct db_txn *txn, enum shelf shelf, uint64_t owner)
{
	struct reckey prefix = prefix_of(shelf, owner);
	struct db_iter it CLEANUP(db_iter_close) = { .txn = NULL };
	size_t n = 0, max = shelves[shelf].max;
	if (max == 0)
		return false;
	db_iter_open(&it, txn, &store_shelf_order, reckey_str(&prefix), DB_FORWARD, STR_NONE);
	while (n < max && db_iter_next(&it, NULL, NULL))
		n++;
	return n >= max;
}

static void place_put(struct db_txn *txn, enum shelf shelf, uint64_t owner,
		      const struct reckey *key, uint64_t order)
{
	struct reckey place = shelf_order_key(shelf, owner, order);
	db_put(txn, &store_shelf_order, reckey_str(&place),
	       str_skip(reckey_str(key), SHELF_PREFIX_LEN));
}

static void rows_del(struct db_txn *txn, const struct reckey *key, uint64_t order)
{
	struct reckey place = *key;
	place.len = SHELF_PREFIX_LEN;
	reckey_add_u64(&place, order);
	db_del(txn, &store_shelf_order, reckey_str(&place));
	db_del(txn, &store_shelf, reckey_str(key));
}

/* What is there changes what its owner reads. */
static void touch(struct db_txn *txn, enum shelf shelf, uint64_t owner)
{
	if (shelf == SHELF_MUTED || shelf == SHELF_DOMAINS || shelf == SHELF_TAGS)
		interest_touch(txn, owner);
}

enum rc shelf_put(struct db_txn *txn, enum shelf shelf, uint64_t owner, struct shelved *item)
{
	struct reckey key = shelf_key(shelf, owner, item);
	struct buf row CLEANUP(buf_free) = BUF_INIT(SHELVED_MAX_BYTES);
	struct shelved there;
	bool known = read_row(txn, &key, &there);
	/* a mute that has ended is a new one, at a new place */
	if (known && has_ended(&there, db_txn_now(txn))) {
		rows_del(txn, &key, there.order);
		known = false;
	}
	if (!known && is_full(txn, shelf, owner))
		return RC_TOO_LARGE;
	item->order = known ? there.order : db_next_id(txn);
	shelved_encode(&row, item);
	store_put(txn, &store_shelf, &key, &row);
	if (!known)
		place_put(txn, shelf, owner, &key, item->order);
	touch(txn, shelf, owner);
	return known ? RC_EXISTS : RC_OK;
}

bool shelf_del(struct db_txn *txn, enum shelf shelf, uint64_t owner, const struct shelved *item)
{
	struct reckey key = shelf_key(shelf, owner, item);
	struct shelved there;
	if (!read_row(txn, &key, &there))
		return false;
	bool ended = has_ended(&there, db_txn_now(txn));
	rows_del(txn, &key, there.order);
	touch(txn, shelf, owner);
	return !ended;
}

bool shelf_get(struct db_txn *txn, enum shelf shelf, uint64_t owner, const struct shelved *item,
	       struct shelved *out)
{
	struct reckey key = shelf_key(shelf, owner, item);
	struct shelved there;
	if (!read_row(txn, &key, &there) || has_ended(&there, db_txn_now(txn)))
		return false;
	there.id = item->id;
	if (out != NULL)
		*out = there;
	return true;
}

/* --- many --- */

static void get_some(struct db_txn *txn, enum shelf shelf, uint64_t owner,
		     const struct shelved *items, size_t count, struct shelved *out)
{
	struct reckey keys[MANY];
	struct str names[MANY], values[MANY];
	for (size_t i = 0; i < count; i++) {
		keys[i] = shelf_key(shelf, owner, &items[i]);
		names[i] = reckey_str(&keys[i]);
	}
	bool read = db_get_many(txn, &store_shelf, names, values, count);
	for (size_t i = 0; i < count; i++) {
		struct shelved there = { .order = 0 };
		if (read && values[i].ptr != NULL && !shelved_decode(values[i], &there))
			db_txn_fail(txn, RC_CORRUPT);
		if (has_ended(&there, db_txn_now(txn)))
			there.order = 0;
		there.id = items[i].id;
		there.text = items[i].text;
		out[i] = there;
	}
}

void shelf_get_many(struct db_txn *txn, enum shelf shelf, uint64_t owner,
		    const struct shelved *items, size_t count, struct shelved *out)
{
	for (size_t at = 0; at < count; at += MANY) {
		size_t n = count - at < MANY ? count - at : MANY;
		get_some(txn, shelf, owner, items + at, n, out + at);
	}
}

/* Where a place leads to. False when the two tables disagree, which the check tells. */
static bool read_place(struct db_txn *txn, enum shelf shelf, uint64_t owner, uint64_t order,
		       struct shelved *out)
{
	struct reckey place = shelf_order_key(shelf, owner, order), key = prefix_of(shelf, owner);
	struct str name;
	uint64_t id = 0;
	if (!db_get(txn, &store_shelf_order, reckey_str(&place), &name) || name.len > 16)
		return false;
	bool text = shelf_of(shelf) == SHELF_OF_TEXTS;
	if (!text && !reckey_read_u64(name, 0, &id))
		return false;
	reckey_add_bytes(&key, name.ptr, name.len);
	if (!read_row(txn, &key, out))
		return false;
	out->id = id;
	return true;
}

size_t shelf_list(struct db_txn *txn, struct arena *arena, enum shelf shelf, uint64_t owner,
		  const struct page *page, struct shelved *out, size_t count)
{
	struct reckey prefix = prefix_of(shelf, owner);
	struct page rest = *page;
	uint64_t orders[PAGE_MAX];
	size_t n = 0;
	/* what has ended leaves gaps: then there is another round behind it */
	for (;;) {
		size_t want = count - n < PAGE_MAX ? count - n : PAGE_MAX;
		size_t read = page_ids(txn, &store_shelf_order, &prefix, &rest, NULL, orders, want);
		for (size_t i = 0; i < read; i++) {
			struct shelved item;
			if (!read_place(txn, shelf, owner, orders[i], &item) ||
			    has_ended(&item, db_txn_now(txn)))
				continue;
			item.text = arena_str(arena, item.text);
			out[n++] = item;
		}
		if (read < want || n == count || page->min_id != 0)
			return n;
		rest.max_id = orders[read - 1];
	}
}

size_t shelf_ids(struct db_txn *txn, enum shelf shelf, uint64_t owner, uint64_t after,
		 uint64_t *out, size_t count)
{
	struct reckey prefix = prefix_of(shelf, owner), from = prefix;
	struct db_iter it CLEANUP(db_iter_close) = { .txn = NULL };
	struct str key;
	size_t n = 0;
	must(shelf_of(shelf) != SHELF_OF_TEXTS);
	if (after == UINT64_MAX)
		return 0;
	reckey_add_u64(&from, after + 1);
	db_iter_open(&it, txn, &store_shelf, reckey_str(&prefix), DB_FORWARD, reckey_str(&from));
	while (n < count && db_iter_next(&it, &key, NULL))
		n += reckey_read_u64(key, SHELF_PREFIX_LEN, &out[n]);
	return n;
}

size_t shelf_clear(struct db_txn *txn, enum shelf shelf, uint64_t owner, size_t count)
{
	struct reckey prefix = prefix_of(shelf, owner);
	struct db_iter it CLEANUP(db_iter_close);
	struct str name, value;
	size_t n = 0;
	db_iter_open(&it, txn, &store_shelf, reckey_str(&prefix), DB_FORWARD, STR_NONE);
	while (n < count && db_iter_next(&it, &name, &value)) {
		struct reckey key = RECKEY_INIT;
		struct shelved item;
		if (!shelved_decode(value, &item)) {
			db_txn_fail(txn, RC_CORRUPT);
			return n;
		}
		reckey_add_bytes(&key, name.ptr, name.len);
		rows_del(txn, &key, item.order);
		n++;
	}
	return n;
}

/* --- forgetting --- */

static bool is_gone(struct db_txn *txn, enum shelf_of of, uint64_t id)
{
	struct reckey key = reckey_u64(id);
	struct account a;
	struct str value;
	if (of == SHELF_OF_STATUSES)
		return !db_get(txn, &store_status, reckey_str(&key), &value);
	return of == SHELF_OF_ACCOUNTS &&
	       (!account_peek(txn, id, &a) || (a.flags & ACCOUNT_DELETED) != 0);
}

static void shelf_look(struct db_txn *txn, struct str name, struct str value, void *arg)
{
	const uint64_t *now_ms = arg;
	struct reckey key = RECKEY_INIT;
	struct shelved item;
	uint64_t id = 0, owner;
	enum shelf_of of = name.len != 0 ? shelf_of((unsigned char)name.ptr[0]) : SHELF_OF_NOTHING;
	if (of == SHELF_OF_NOTHING || !shelved_decode(value, &item) ||
	    (of != SHELF_OF_TEXTS && !reckey_read_u64(name, SHELF_PREFIX_LEN, &id)))
		return;
	if (!has_ended(&item, *now_ms) && !is_gone(txn, of, id))
		return;
	reckey_add_bytes(&key, name.ptr, name.len);
	rows_del(txn, &key, item.order);
	if (reckey_read_u64(name, 1, &owner))
		touch(txn, (enum shelf)name.ptr[0], owner);
}

bool shelf_sweep(struct db_txn *txn, uint64_t now_ms, struct sweep_cursor *cursor, size_t count)
{
	return sweep_walk(txn, &store_shelf, cursor, count, shelf_look, &now_ms);
}
