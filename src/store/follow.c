/* Follows, both ways, and the audience of inboxes they make. Owns tables follow, follower and
 * audience, and the shelves of those who watch somebody. */
#include "account_int.h"
#include "core/must.h"
#include "db/rec.h"
#include "graph_int.h"
#include "store/follower_host.h"
#include "store/graph.h"
#include "store/list.h"
#include "store/shelf.h"
#include "store/tables.h"
#include "store/uri.h"
#include "store_int.h"

#define FOLLOW_VERSION 2
#define AUDIENCE_VERSION 1
#define URI_MAX_STORED 4096

bool follow_decode(struct str value, struct follow *out)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	out->state = (enum follow_state)rec_u8(&r);
	out->flags = rec_u8(&r);
	out->created_ms = rec_num(&r);
	out->uri = rec_str(&r);
	out->languages = rec_str(&r);
	return version == FOLLOW_VERSION && rec_ok(&r) && out->state <= FOLLOW_ACCEPTED &&
	       (out->flags & ~(unsigned)(FOLLOW_NO_BOOSTS | FOLLOW_NOTIFY)) == 0;
}

struct follow follow_get(struct db_txn *txn, uint64_t follower, uint64_t followee)
{
	struct reckey key = reckey_u64_u64(follower, followee);
	struct follow f = { .state = FOLLOW_NONE };
	struct str value;
	if (!db_get(txn, &store_follow, reckey_str(&key), &value))
		return f;
	if (!follow_decode(value, &f)) {
		db_txn_fail(txn, RC_CORRUPT);
		return (struct follow){ .state = FOLLOW_NONE };
	}
	return f;
}

struct reckey audience_key(uint64_t account, struct str inbox)
{
	struct reckey key = reckey_u64(account);
	struct reckey digest = reckey_digest(inbox);
	reckey_add_bytes(&key, digest.bytes, digest.len);
	return key;
}

bool audience_decode(struct str value, struct audience_inbox *out)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	out->followers = rec_num(&r);
	out->inbox = rec_str(&r);
	return version == AUDIENCE_VERSION && rec_ok(&r);
}

static void audience_change(struct db_txn *txn, uint64_t account, struct str inbox, int by)
{
	struct reckey key = audience_key(account, inbox);
	struct audience_inbox there = { .followers = 0 };
	struct str value;
	if (db_get(txn, &store_audience, reckey_str(&key), &value) &&
	    !audience_decode(value, &there)) {
		db_txn_fail(txn, RC_CORRUPT);
		return;
	}
	if (by < 0 && there.followers <= 1) {
		db_del(txn, &store_audience, reckey_str(&key));
		return;
	}
	struct buf row CLEANUP(buf_free) = BUF_INIT(URI_MAX_STORED);
	rec_add_u8(&row, AUDIENCE_VERSION);
	rec_add_num(&row, by < 0 ? there.followers - 1 : there.followers + 1);
	rec_add_str(&row, inbox);
	store_put(txn, &store_audience, &key, &row);
}

struct str audience_inbox_of(const struct account *follower)
{
	return account_is_local(follower) || account_is_gone(follower)
		       ? STR("")
		       : account_bulk_inbox(follower);
}

/* An accepted follow begins (1) or ends (-1). What counts is the follower as it is stored: by that
 * the audience was made. */
static void accepted_changed(struct db_txn *txn, uint64_t follower, uint64_t followee, int by)
{
	struct account stored, other;
	account_count(txn, followee, by, 0, 0, 0);
	account_count(txn, follower, 0, by, 0, 0);
	if (account_peek(txn, follower, &stored) && account_is_local(&stored))
		interest_touch(txn, follower);
	if (account_peek(txn, follower, &stored) && account_peek(txn, followee, &other))
		follower_host_change(txn, &stored, &other, by);
	if (account_peek(txn, follower, &stored) && audience_inbox_of(&stored).len != 0)
		audience_change(txn, followee, audience_inbox_of(&stored), by);
}

static void rows_put(struct db_txn *txn, uint64_t follower, uint64_t followee,
		     const struct follow *f)
{
	struct reckey key = reckey_u64_u64(follower, followee);
	struct reckey mirror = reckey_u64_u64(followee, follower);
	struct buf row CLEANUP(buf_free) = BUF_INIT(URI_MAX_STORED);
	const char state = (char)f->state;
	rec_add_u8(&row, FOLLOW_VERSION);
	rec_add_u8(&row, (uint8_t)f->state);
	rec_add_u8(&row, (uint8_t)f->flags);
	rec_add_num(&row, f->created_ms);
	rec_add_str(&row, f->uri);
	rec_add_str(&row, f->languages);
	store_put(txn, &store_follow, &key, &row);
	db_put(txn, &store_follower, reckey_str(&mirror), str_n(&state, 1));
}

void follow_put(struct db_txn *txn, const struct account *follower, const struct account *followee,
		enum follow_state state, struct str uri)
{
	must(state != FOLLOW_NONE);
	struct follow old = follow_get(txn, follower->id, followee->id);
	const struct uri_entry entry = { URI_FOLLOW, follower->id, followee->id };
	struct follow f = { .state = state, .created_ms = db_txn_now(txn), .uri = uri };
	/* old's strings point into the row that is about to be replaced */
	struct buf kept CLEANUP(buf_free) = BUF_INIT(URI_MAX_STORED);
	struct buf languages CLEANUP(buf_free) = BUF_INIT(URI_MAX_STORED);
	if (old.state != FOLLOW_NONE) {
		f.created_ms = old.created_ms;
		f.flags = old.flags;
		buf_add(&languages, old.languages);
		f.languages = buf_str(&languages);
		buf_add(&kept, old.uri);
		if (uri.len == 0)
			f.uri = buf_str(&kept);
		else if (!str_eq(old.uri, uri) && old.uri.len != 0)
			uri_release(txn, buf_str(&kept), entry);
	}
	rows_put(txn, follower->id, followee->id, &f);
	/* the id is the word of a stranger: when it names something else, that keeps its index */
	if (f.uri.len != 0)
		uri_add(txn, f.uri, entry, NULL);
	int was = old.state == FOLLOW_ACCEPTED, is = state == FOLLOW_ACCEPTED;
	if (was != is)
		accepted_changed(txn, follower->id, followee->id, is - was);
}

bool follow_want(struct db_txn *txn, uint64_t follower, uint64_t followee, unsigned flags,
		 struct str languages)
{
	struct follow f = follow_get(txn, follower, followee);
	struct shelved watcher = { .id = follower };
	struct buf kept CLEANUP(buf_free) = BUF_INIT(URI_MAX_STORED);
	if (f.state == FOLLOW_NONE)
		return false;
	buf_add(&kept, f.uri);
	f.uri = buf_str(&kept);
	f.flags = flags;
	f.languages = languages;
	rows_put(txn, follower, followee, &f);
	interest_touch(txn, follower);
	if ((flags & FOLLOW_NOTIFY) == 0)
		shelf_del(txn, SHELF_WATCHERS, followee, &watcher);
	else
		(void)!shelf_put(txn, SHELF_WATCHERS, followee, &watcher);
	return true;
}

bool follow_del(struct db_txn *txn, const struct account *follower, const struct account *followee)
{
	struct follow old = follow_get(txn, follower->id, followee->id);
	if (old.state == FOLLOW_NONE)
		return false;
	struct reckey key = reckey_u64_u64(follower->id, followee->id);
	struct reckey mirror = reckey_u64_u64(followee->id, follower->id);
	if (old.uri.len != 0)
		uri_release(txn, old.uri,
			    (struct uri_entry){ URI_FOLLOW, follower->id, followee->id });
	/* only who is followed is on lists and endorsed */
	lists_drop(txn, follower->id, followee->id);
	shelf_del(txn, SHELF_ENDORSED, follower->id, &(const struct shelved){ .id = followee->id });
	if ((old.flags & FOLLOW_NOTIFY) != 0)
		shelf_del(txn, SHELF_WATCHERS, followee->id,
			  &(const struct shelved){ .id = follower->id });
	db_del(txn, &store_follow, reckey_str(&key));
	db_del(txn, &store_follower, reckey_str(&mirror));
	if (old.state == FOLLOW_ACCEPTED)
		accepted_changed(txn, follower->id, followee->id, -1);
	return true;
}

size_t follow_followers(struct db_txn *txn, uint64_t followee, uint64_t after,
			enum follow_state state, uint64_t *out, size_t count)
{
	struct reckey prefix = reckey_u64(followee);
	struct reckey from = store_key_after(followee, after);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	size_t n = 0;
	db_iter_open(&it, txn, &store_follower, reckey_str(&prefix), DB_FORWARD, reckey_str(&from));
	while (n < count && db_iter_next(&it, &key, &value)) {
		if (value.len == 1 && (enum follow_state)value.ptr[0] == state)
			n += reckey_read_u64(key, 8, &out[n]);
	}
	return n;
}

size_t follow_following(struct db_txn *txn, uint64_t follower, uint64_t after,
			enum follow_state state, uint64_t *out, size_t count)
{
	struct reckey prefix = reckey_u64(follower);
	struct reckey from = store_key_after(follower, after);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	struct follow f;
	size_t n = 0;
	db_iter_open(&it, txn, &store_follow, reckey_str(&prefix), DB_FORWARD, reckey_str(&from));
	while (n < count && db_iter_next(&it, &key, &value)) {
		if (follow_decode(value, &f) && f.state == state)
			n += reckey_read_u64(key, 8, &out[n]);
	}
	return n;
}

size_t audience_next(struct db_txn *txn, struct arena *arena, uint64_t account, struct str *cursor,
		     struct audience_inbox *out, size_t count)
{
	struct reckey prefix = reckey_u64(account), from = prefix;
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value, last = *cursor;
	size_t n = 0;
	if (cursor->len == AUDIENCE_DIGEST_LEN)
		reckey_add_bytes(&from, cursor->ptr, cursor->len);
	db_iter_open(&it, txn, &store_audience, reckey_str(&prefix), DB_FORWARD, reckey_str(&from));
	while (n < count && db_iter_next(&it, &key, &value)) {
		struct str digest = str_skip(key, 8);
		if (digest.len != AUDIENCE_DIGEST_LEN || str_eq(digest, *cursor))
			continue;
		if (!audience_decode(value, &out[n])) {
			db_txn_fail(txn, RC_CORRUPT);
			return 0;
		}
		out[n].inbox = arena_str(arena, out[n].inbox);
		n++;
		last = digest;
	}
	*cursor = arena_str(arena, last);
	return n;
}

bool audience_has(struct db_txn *txn, uint64_t account, struct str inbox)
{
	struct reckey key = audience_key(account, inbox);
	struct str value;
	return db_get(txn, &store_audience, reckey_str(&key), &value);
}

void audience_move(struct db_txn *txn, uint64_t follower, struct str old_inbox,
		   struct str new_inbox)
{
	uint64_t followees[64], after = 0;
	size_t n;
	if (str_eq(old_inbox, new_inbox))
		return;
	while ((n = follow_following(txn, follower, after, FOLLOW_ACCEPTED, followees,
				     ARRAY_LEN(followees))) != 0) {
		for (size_t i = 0; i < n; i++) {
			if (old_inbox.len != 0)
				audience_change(txn, followees[i], old_inbox, -1);
			if (new_inbox.len != 0)
				audience_change(txn, followees[i], new_inbox, 1);
		}
		after = followees[n - 1];
	}
}
