/*
 * Statuses. Owns tables status, status_raw, status_by_author, status_by_parent and boost, and the
 * status rows and tombstones of uri. Inside transactions only.
 */
#include "store/status.h"

#include "core/must.h"
#include "db/rec.h"
#include "event_int.h"
#include "status_int.h"
#include "store/account.h"
#include "store/graph.h"
#include "store/hint.h"
#include "store/joint.h"
#include "store/joint_copy.h"
#include "store/medium.h"
#include "store/pin.h"
#include "store/poll.h"
#include "store/reaction.h"
#include "store/revision.h"
#include "store/search.h"
#include "store/sieve.h"
#include "store/tables.h"
#include "store/team.h"
#include "store/thread.h"
#include "store/told_vote.h"
#include "store/uri.h"
#include "store_int.h"
#include "timeline_int.h"

bool status_get(struct db_txn *txn, struct arena *arena, uint64_t id, struct status *out)
{
	return status_get_many(txn, arena, &id, 1, out) && out->id != 0;
}

bool status_has_many(struct db_txn *txn, struct arena *arena, const uint64_t *ids, size_t count,
		     bool *out)
{
	const struct str *values = store_get_ids(txn, arena, &store_status, ids, count);
	for (size_t i = 0; values != NULL && i < count; i++)
		out[i] = values[i].ptr != NULL;
	return values != NULL;
}

bool status_get_many(struct db_txn *txn, struct arena *arena, const uint64_t *ids, size_t count,
		     struct status *out)
{
	struct str *values = store_get_ids(txn, arena, &store_status, ids, count);
	if (values == NULL)
		return false;
	for (size_t i = 0; i < count; i++) {
		out[i] = (struct status){ 0 };
		if (values[i].ptr == NULL)
			continue;
		struct str copy = arena_str(arena, values[i]);
		if (!status_decode(arena, copy, ids[i], &out[i]))
			return store_undecoded(txn, arena);
	}
	return true;
}

bool status_find_uri(struct db_txn *txn, struct arena *arena, struct str uri, struct status *out)
{
	struct uri_entry entry = uri_find(txn, uri);
	return entry.kind == URI_STATUS && status_get(txn, arena, entry.id, out) &&
	       str_eq(out->uri, uri);
}

uint64_t status_of_origin(struct db_txn *txn, struct str uri)
{
	struct reckey key = reckey_digest(uri);
	struct str value;
	uint64_t id;
	if (!db_get(txn, &store_status_origin, reckey_str(&key), &value))
		return 0;
	if (value.len == sizeof(id) && reckey_read_u64(value, 0, &id))
		return id;
	db_txn_fail(txn, RC_CORRUPT);
	return 0;
}

uint64_t status_named(struct db_txn *txn, struct str uri)
{
	uint64_t id = uri.len != 0 ? status_of_origin(txn, uri) : 0;
	if (id != 0 || uri.len == 0)
		return id;
	struct uri_entry entry = uri_find(txn, uri);
	return entry.kind == URI_STATUS ? entry.id : 0;
}

static bool origin_add(struct db_txn *txn, const struct status *s)
{
	struct reckey key = reckey_digest(s->origin);
	struct buf value CLEANUP(buf_free) = BUF_INIT(8);
	rec_add_u64(&value, s->id);
	return db_add(txn, &store_status_origin, reckey_str(&key), buf_str(&value), NULL);
}

/* Counts are told to everybody: they are of what everybody may see (S-066). */
static bool counted(const struct status *s)
{
	return visibility_is_open(s->visibility) && (s->flags & STATUS_HELD) == 0 && !s->waits;
}

/* What the row that is there was counted as. */
static int row_counted(struct db_txn *txn, const struct db_table *table, const struct reckey *key,
		       size_t flags_at, bool *there)
{
	struct str value;
	*there = db_get(txn, table, reckey_str(key), &value) && value.len > flags_at;
	return *there && visibility_is_open((unsigned char)value.ptr[0]) &&
	       ((unsigned char)value.ptr[flags_at] & STATUS_UNCOUNTED) == 0;
}

static void author_index_put(struct db_txn *txn, const struct status *s)
{
	struct reckey key = reckey_u64_u64(s->account, s->id);
	bool there;
	int by = counted(s) - row_counted(txn, &store_status_by_author, &key, 1, &there);
	const unsigned flags =
		(s->flags & STATUS_INDEXED_FLAGS) | (counted(s) ? 0 : STATUS_UNCOUNTED);
	const char value[2] = { (char)s->visibility, (char)flags };
	db_put(txn, &store_status_by_author, reckey_str(&key), str_n(value, sizeof(value)));
	if (by != 0)
		account_count(txn, s->account, 0, 0, by, by > 0 ? s->created_ms : 0);
}

static void author_index_del(struct db_txn *txn, const struct status *s)
{
	struct reckey key = reckey_u64_u64(s->account, s->id);
	bool there;
	int was = row_counted(txn, &store_status_by_author, &key, 1, &there);
	db_del(txn, &store_status_by_author, reckey_str(&key));
	if (was != 0)
		account_count(txn, s->account, 0, 0, -1, 0);
}

/* Adds the row, or (add false) changes one that is there; a status that joins late may be there already. */
static void parent_index_put(struct db_txn *txn, const struct status *s, bool add)
{
	struct reckey key = reckey_u64_u64(s->parent, s->id);
	bool there;
	int was = row_counted(txn, &store_status_by_parent, &key, 0, &there);
	const char row = (char)((unsigned)s->visibility | (counted(s) ? 0 : STATUS_UNCOUNTED));
	if (s->parent == 0 || (!there && !add))
		return;
	db_put(txn, &store_status_by_parent, reckey_str(&key), str_n(&row, 1));
	if (was != counted(s))
		status_count(txn, s->parent, counted(s) - was, 0, 0);
}

static void boost_put(struct db_txn *txn, const struct status *s)
{
	struct reckey key = reckey_u64_u64(s->boost_of, s->account);
	struct buf value CLEANUP(buf_free) = BUF_INIT(8);
	rec_add_u64(&value, s->id);
	if (db_add(txn, &store_boost, reckey_str(&key), buf_str(&value), NULL))
		status_count(txn, s->boost_of, 0, 1, 0);
}

static bool status_write(struct db_txn *txn, const struct status *s, bool fresh)
{
	struct reckey key = reckey_u64(s->id);
	struct buf value CLEANUP(buf_free) = BUF_INIT(STATUS_MAX_BYTES);
	status_encode(&value, s);
	if (fresh && !value.failed)
		return db_append(txn, &store_status, reckey_str(&key), buf_str(&value));
	return store_put(txn, &store_status, &key, &value);
}

bool status_add(struct db_txn *txn, struct status *status)
{
	if (status->id == 0)
		status->id = db_next_id(txn);
	if (status->root == 0)
		status->root = status->id;
	struct uri_entry entry = { .kind = URI_STATUS, .id = status->id };
	if (status->origin.len != 0 && !origin_add(txn, status))
		return false;
	if (!uri_add(txn, status->uri, entry, NULL) || !status_write(txn, status, true))
		return false;
	author_index_put(txn, status);
	thread_put(txn, status);
	if (status->parent != 0)
		parent_index_put(txn, status, true);
	if (status->boost_of != 0)
		boost_put(txn, status);
	quote_index_put(txn, status);
	timeline_put(txn, status);
	event_index(txn, NULL, status);
	/* what was brought along has an id of its own time, which the index may have passed */
	if (status->origin.len != 0)
		search_touch(txn, SEARCH_STATUS, status->id);
	return db_txn_rc(txn) == RC_OK;
}

bool status_edit(struct db_txn *txn, const struct status *status)
{
	struct arena *arena = arena_new(STATUS_MAX_BYTES * 4);
	struct status now;
	if (arena == NULL) {
		db_txn_fail(txn, RC_NO_MEMORY);
		return false;
	}
	bool found = status_get(txn, arena, status->id, &now);
	if (found && now.quote.status != status->quote.status) {
		quote_index_del(txn, &now);
		quote_index_put(txn, status);
	}
	found = found && status_write(txn, status, false);
	if (found) {
		if (now.visibility != status->visibility)
			thread_put(txn, status);
		timeline_edit(txn, &now, status);
		event_index(txn, &now, status);
	}
	arena_free(&arena);
	if (!found)
		return false;
	author_index_put(txn, status);
	parent_index_put(txn, status, false);
	search_touch(txn, SEARCH_STATUS, status->id);
	joint_note(txn, status->community, status->id);
	return db_txn_rc(txn) == RC_OK;
}

bool status_join(struct db_txn *txn, const struct status *status)
{
	if (!status_write(txn, status, false))
		return false;
	thread_put(txn, status);
	if (status->parent != 0)
		parent_index_put(txn, status, true);
	timeline_put(txn, status);
	return db_txn_rc(txn) == RC_OK;
}

static void parent_index_del(struct db_txn *txn, const struct status *s)
{
	struct reckey key = reckey_u64_u64(s->parent, s->id);
	bool there;
	int was = row_counted(txn, &store_status_by_parent, &key, 0, &there);
	if (s->parent != 0 && db_del(txn, &store_status_by_parent, reckey_str(&key)) && was != 0)
		status_count(txn, s->parent, -1, 0, 0);
}

bool status_leave(struct db_txn *txn, const struct status *status)
{
	struct status alone = *status;
	thread_del(txn, status);
	parent_index_del(txn, status);
	alone.parent = alone.parent_account = 0;
	alone.root = alone.id;
	return status_write(txn, &alone, false) && db_txn_rc(txn) == RC_OK;
}

static void boost_rows_del(struct db_txn *txn, uint64_t id)
{
	struct reckey prefix = reckey_u64(id);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	db_iter_open(&it, txn, &store_boost, reckey_str(&prefix), DB_FORWARD, STR_NONE);
	while (db_iter_next(&it, &key, &value)) {
		struct reckey one = RECKEY_INIT;
		reckey_add_bytes(&one, key.ptr, key.len);
		db_del(txn, &store_boost, reckey_str(&one));
	}
}

static void indexes_del(struct db_txn *txn, const struct status *s)
{
	struct reckey key;
	author_index_del(txn, s);
	thread_del(txn, s);
	if (s->parent == 0 && s->parent_uri.len != 0)
		waiting_del(txn, s->parent_uri, s->id);
	if (s->origin.len != 0) {
		key = reckey_digest(s->origin);
		db_del(txn, &store_status_origin, reckey_str(&key));
	}
	quote_index_del(txn, s);
	timeline_del(txn, s);
	event_index(txn, s, NULL);
	parent_index_del(txn, s);
	/* a second boost by the same account has no row of its own */
	if (s->boost_of != 0 && status_boost_by(txn, s->boost_of, s->account) == s->id) {
		key = reckey_u64_u64(s->boost_of, s->account);
		if (db_del(txn, &store_boost, reckey_str(&key)))
			status_count(txn, s->boost_of, 0, -1, 0);
	}
}

bool status_del(struct db_txn *txn, uint64_t id, uint64_t now_ms)
{
	struct arena *arena = arena_new(STATUS_MAX_BYTES * 4);
	struct status s;
	if (arena == NULL) {
		db_txn_fail(txn, RC_NO_MEMORY);
		return false;
	}
	bool found = status_get(txn, arena, id, &s);
	if (found) {
		struct reckey key = reckey_u64(id);
		indexes_del(txn, &s);
		told_votes_del(txn, id);
		likes_del(txn, id);
		reactions_del(txn, id);
		pin_del(txn, s.account, id);
		if (s.has_poll)
			poll_del(txn, id);
		if (str_eq(s.type, STR("Event")))
			participants_del(txn, id);
		boost_rows_del(txn, id);
		quotes_del(txn, id);
		revisions_del(txn, id);
		medium_del_held(txn, MEDIUM_POST, id);
		db_del(txn, &store_status_count, reckey_str(&key));
		db_del(txn, &store_status_raw, reckey_str(&key));
		hint_del(txn, id);
		look_del(txn, id);
		joint_copy_del(txn, id);
		byline_del(txn, id);
		sieve_mark_del(txn, id);
		search_touch(txn, SEARCH_STATUS, id);
		db_del(txn, &store_status, reckey_str(&key));
		uri_set(txn, s.uri,
			(struct uri_entry){ URI_TOMBSTONE, now_ms, (uint64_t)s.visibility });
	}
	arena_free(&arena);
	return found;
}

struct str status_raw(struct db_txn *txn, uint64_t id)
{
	struct reckey key = reckey_u64(id);
	struct str value;
	return db_get(txn, &store_status_raw, reckey_str(&key), &value) ? value : STR_NONE;
}

void status_raw_put(struct db_txn *txn, uint64_t id, struct str json)
{
	struct reckey key = reckey_u64(id);
	db_put(txn, &store_status_raw, reckey_str(&key), json);
}
