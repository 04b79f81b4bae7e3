/*
 * Reactions. Owns tables reaction and reaction_count, and their rows of uri. All of a person's to
 * one post are one row, so that nobody has more than fit there. Inside transactions only.
 */
#include "store/reaction.h"

#include <stdlib.h>

#include "account_int.h"
#include "core/attr.h"
#include "core/must.h"
#include "reaction_int.h"
#include "store/account.h"
#include "store/joint_word.h"
#include "store/tables.h"
#include "store/told_reaction.h"
#include "store/uri.h"
#include "store_int.h"
#include "sweep_int.h"

#define REACTION_VERSION 1
#define ROW_MAX_BYTES (64 * 1024)
#define COUNT_MAX_BYTES 8192

/* --- codecs --- */

void reactions_encode(struct buf *out, const struct reaction *list, size_t count)
{
	must(count <= REACTIONS_PER_PERSON);
	rec_add_u8(out, REACTION_VERSION);
	rec_add_num(out, count);
	for (size_t i = 0; i < count; i++) {
		rec_add_num(out, list[i].created_ms);
		rec_add_str(out, list[i].text);
		rec_add_str(out, list[i].host);
		rec_add_str(out, list[i].url);
		rec_add_str(out, list[i].uri);
	}
}

bool reactions_decode(struct str value, struct reaction out[REACTIONS_PER_PERSON], size_t *count)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	uint64_t n = rec_num(&r);
	*count = 0;
	if (version != REACTION_VERSION || n == 0 || n > REACTIONS_PER_PERSON)
		return false;
	for (uint64_t i = 0; i < n; i++) {
		out[i].created_ms = rec_num(&r);
		out[i].text = rec_str(&r);
		out[i].host = rec_str(&r);
		out[i].url = rec_str(&r);
		out[i].uri = rec_str(&r);
	}
	*count = (size_t)n;
	return rec_ok(&r);
}

bool reaction_count_decode(struct str value, struct reaction_count *out)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	out->count = rec_u32(&r);
	out->text = rec_str(&r);
	out->host = rec_str(&r);
	out->url = rec_str(&r);
	return version == REACTION_VERSION && rec_ok(&r) && out->count != 0;
}

struct reckey reaction_count_key(uint64_t status, struct str text, struct str host)
{
	struct buf kind CLEANUP(buf_free) = BUF_INIT(COUNT_MAX_BYTES);
	struct reckey key = reckey_u64(status);
	rec_add_str(&kind, text);
	buf_add(&kind, host);
	struct reckey digest = reckey_digest(buf_str(&kind));
	reckey_add_bytes(&key, digest.bytes, digest.len);
	return key;
}

/* --- kinds --- */

static bool count_get(struct db_txn *txn, const struct reckey *key, struct reaction_count *out)
{
	struct str value;
	if (!db_get(txn, &store_reaction_count, reckey_str(key), &value))
		return false;
	if (reaction_count_decode(value, out))
		return true;
	db_txn_fail(txn, RC_CORRUPT);
	return false;
}

static void count_put(struct db_txn *txn, const struct reckey *key, const struct reaction_count *c)
{
	struct buf row CLEANUP(buf_free) = BUF_INIT(COUNT_MAX_BYTES);
	rec_add_u8(&row, REACTION_VERSION);
	rec_add_u32(&row, c->count);
	rec_add_str(&row, c->text);
	rec_add_str(&row, c->host);
	rec_add_str(&row, c->url);
	store_put(txn, &store_reaction_count, key, &row);
}

static size_t kinds_of(struct db_txn *txn, uint64_t status)
{
	struct reckey prefix = reckey_u64(status);
	struct db_iter it CLEANUP(db_iter_close);
	size_t n = 0;
	db_iter_open(&it, txn, &store_reaction_count, reckey_str(&prefix), DB_FORWARD, STR_NONE);
	while (n < REACTION_KINDS_MAX && db_iter_next(&it, NULL, NULL))
		n++;
	return n;
}

bool reaction_kind_add(struct db_txn *txn, uint64_t status, const struct reaction *r)
{
	struct reckey key = reaction_count_key(status, r->text, r->host);
	struct reaction_count c;
	if (!count_get(txn, &key, &c)) {
		if (db_txn_rc(txn) != RC_OK || kinds_of(txn, status) == REACTION_KINDS_MAX)
			return false;
		c.count = 0;
	}
	/* the picture that was told last */
	c = (struct reaction_count){ r->text, r->host, r->url, c.count + (c.count != UINT32_MAX) };
	count_put(txn, &key, &c);
	return true;
}

void reaction_kind_drop(struct db_txn *txn, uint64_t status, const struct reaction *r)
{
	struct reckey key = reaction_count_key(status, r->text, r->host);
	struct reaction_count c;
	if (!count_get(txn, &key, &c))
		return;
	if (c.count == 1) {
		db_del(txn, &store_reaction_count, reckey_str(&key));
		return;
	}
	/* count_put() writes: what it writes must not lie in the row that it replaces */
	struct buf kept CLEANUP(buf_free) = BUF_INIT(COUNT_MAX_BYTES);
	buf_add(&kept, c.url);
	c = (struct reaction_count){ r->text, r->host, buf_str(&kept), c.count - 1 };
	count_put(txn, &key, &c);
}

bool reaction_kind_get(struct db_txn *txn, struct arena *arena, uint64_t status, struct str text,
		       struct str host, struct reaction_count *out)
{
	struct reckey key = reaction_count_key(status, text, host);
	if (!count_get(txn, &key, out))
		return false;
	out->text = text;
	out->host = host;
	out->url = arena_str(arena, out->url);
	return true;
}

/* --- rows --- */

/* Strings are copied into arena, since rows are rewritten. */
static size_t row_read(struct db_txn *txn, struct arena *arena, uint64_t status, uint64_t account,
		       struct reaction out[REACTIONS_PER_PERSON])
{
	struct reckey key = reckey_u64_u64(status, account);
	struct str value;
	size_t count = 0;
	if (!db_get(txn, &store_reaction, reckey_str(&key), &value))
		return 0;
	if (!reactions_decode(arena_str(arena, value), out, &count)) {
		store_undecoded(txn, arena);
		return 0;
	}
	return count;
}

static void row_write(struct db_txn *txn, uint64_t status, uint64_t account,
		      const struct reaction *list, size_t count)
{
	struct reckey key = reckey_u64_u64(status, account);
	struct buf row CLEANUP(buf_free) = BUF_INIT(ROW_MAX_BYTES);
	if (count == 0) {
		db_del(txn, &store_reaction, reckey_str(&key));
		return;
	}
	reactions_encode(&row, list, count);
	store_put(txn, &store_reaction, &key, &row);
}

static bool find(struct db_txn *txn, struct arena *arena, uint64_t status, uint64_t account,
		 struct str text, struct str uri, struct reaction *out)
{
	struct reaction list[REACTIONS_PER_PERSON];
	size_t n = row_read(txn, arena, status, account, list);
	for (size_t i = 0; i < n; i++) {
		if (text.ptr != NULL ? str_eq(list[i].text, text) : str_eq(list[i].uri, uri)) {
			*out = list[i];
			return true;
		}
	}
	return false;
}

bool reaction_find(struct db_txn *txn, struct arena *arena, uint64_t status, uint64_t account,
		   struct str text, struct reaction *out)
{
	return text.len != 0 && find(txn, arena, status, account, text, STR_NONE, out);
}

bool reaction_find_named(struct db_txn *txn, struct arena *arena, uint64_t status, uint64_t account,
			 const unsigned char *emoji, struct reaction *out)
{
	struct reaction list[REACTIONS_PER_PERSON];
	size_t n = row_read(txn, arena, status, account, list);
	for (size_t i = 0; i < n; i++) {
		const struct reckey text = reckey_digest(list[i].text);
		*out = list[i];
		if (memcmp(text.bytes, emoji, JOINT_NAME_SIZE) == 0)
			return true;
	}
	return false;
}

bool reaction_find_uri(struct db_txn *txn, struct arena *arena, uint64_t status, uint64_t account,
		       struct str uri, struct reaction *out)
{
	return uri.len != 0 && find(txn, arena, status, account, STR_NONE, uri, out);
}

#define ROW_ARENA ((size_t)256 * 1024)

static struct arena *row_arena(struct db_txn *txn)
{
	struct arena *arena = arena_new(ROW_ARENA);
	if (arena == NULL)
		db_txn_fail(txn, RC_NO_MEMORY);
	return arena;
}

static enum rc add(struct db_txn *txn, struct arena *arena, uint64_t status, uint64_t account,
		   const struct reaction *reaction)
{
	struct reaction list[REACTIONS_PER_PERSON];
	size_t n = row_read(txn, arena, status, account, list);
	for (size_t i = 0; i < n; i++) {
		if (str_eq(list[i].text, reaction->text))
			return RC_EXISTS;
	}
	if (n == REACTIONS_PER_PERSON || !reaction_kind_add(txn, status, reaction))
		return db_txn_rc(txn) != RC_OK ? db_txn_rc(txn) : RC_TOO_LARGE;
	list[n] = *reaction;
	list[n].created_ms = db_txn_now(txn);
	/* the id is a stranger's word: what it named before keeps it, and this has none */
	if (reaction->uri.len != 0 &&
	    !uri_add(txn, reaction->uri, (struct uri_entry){ URI_REACTION, status, account }, NULL))
		list[n].uri = STR("");
	row_write(txn, status, account, list, n + 1);
	/* who is known by now may have been told of as a stranger */
	told_reaction_del_by(txn, status, account, reaction->text);
	joint_reaction_note_by(txn, status, account, reaction->text);
	return db_txn_rc(txn);
}

enum rc reaction_add(struct db_txn *txn, uint64_t status, uint64_t account,
		     const struct reaction *reaction)
{
	struct arena *arena = row_arena(txn);
	if (arena == NULL)
		return RC_NO_MEMORY;
	enum rc rc = add(txn, arena, status, account, reaction);
	arena_free(&arena);
	return rc;
}

static void forget(struct db_txn *txn, uint64_t status, uint64_t account, const struct reaction *r)
{
	reaction_kind_drop(txn, status, r);
	if (r->uri.len != 0)
		uri_release(txn, r->uri, (struct uri_entry){ URI_REACTION, status, account });
}

bool reaction_del(struct db_txn *txn, uint64_t status, uint64_t account, struct str text)
{
	struct arena *arena = row_arena(txn);
	struct reaction list[REACTIONS_PER_PERSON];
	bool found = false;
	if (arena == NULL)
		return false;
	size_t n = row_read(txn, arena, status, account, list);
	for (size_t i = 0; i < n && !found; i++) {
		if (!str_eq(list[i].text, text))
			continue;
		found = true;
		forget(txn, status, account, &list[i]);
		memmove(&list[i], &list[i + 1], (n - i - 1) * sizeof(list[0]));
	}
	if (found) {
		row_write(txn, status, account, list, n - 1);
		joint_reaction_note_by(txn, status, account, text);
	}
	arena_free(&arena);
	return found;
}

static void row_del(struct db_txn *txn, uint64_t status, uint64_t account)
{
	struct arena *arena = row_arena(txn);
	struct reaction list[REACTIONS_PER_PERSON];
	if (arena == NULL)
		return;
	size_t n = row_read(txn, arena, status, account, list);
	for (size_t i = 0; i < n; i++)
		forget(txn, status, account, &list[i]);
	row_write(txn, status, account, list, 0);
	for (size_t i = 0; i < n; i++)
		joint_reaction_note_by(txn, status, account, list[i].text);
	arena_free(&arena);
}

void reactions_del(struct db_txn *txn, uint64_t status)
{
	struct reckey prefix = reckey_u64(status);
	struct db_iter it CLEANUP(db_iter_close), dislikes CLEANUP(db_iter_close);
	struct str key;
	uint64_t account;
	db_iter_open(&it, txn, &store_reaction, reckey_str(&prefix), DB_FORWARD, STR_NONE);
	while (db_iter_next(&it, &key, NULL)) {
		if (reckey_read_u64(key, 8, &account))
			row_del(txn, status, account);
	}
	told_reactions_del(txn, status);
	db_iter_open(&dislikes, txn, &store_dislike, reckey_str(&prefix), DB_FORWARD, STR_NONE);
	while (db_iter_next(&dislikes, &key, NULL)) {
		if (reckey_read_u64(key, 8, &account))
			dislike_del(txn, status, account);
	}
}

static int more_first(const void *a, const void *b)
{
	const struct reaction_count *x = a, *y = b;
	if (x->count != y->count)
		return x->count < y->count ? 1 : -1;
	return str_cmp(x->text, y->text);
}

size_t reaction_counts(struct db_txn *txn, struct arena *arena, uint64_t status,
		       struct reaction_count out[REACTION_KINDS_MAX])
{
	struct reckey prefix = reckey_u64(status);
	struct db_iter it CLEANUP(db_iter_close);
	struct str value;
	size_t n = 0;
	db_iter_open(&it, txn, &store_reaction_count, reckey_str(&prefix), DB_FORWARD, STR_NONE);
	while (n < REACTION_KINDS_MAX && db_iter_next(&it, NULL, &value)) {
		if (!reaction_count_decode(arena_str(arena, value), &out[n])) {
			store_undecoded(txn, arena);
			return 0;
		}
		n++;
	}
	qsort(out, n, sizeof(out[0]), more_first);
	return n;
}

/* --- what accounts leave behind (S-078) --- */

typedef void drop_fn(struct db_txn *txn, uint64_t status, uint64_t account);

struct dropping {
	drop_fn *drop;
};

static void look(struct db_txn *txn, struct str key, struct str value UNUSED, void *arg)
{
	const struct dropping *d = arg;
	uint64_t status, account;
	struct account a;
	if (reckey_read_u64(key, 0, &status) && reckey_read_u64(key, 8, &account) &&
	    account_peek(txn, account, &a) && (a.flags & ACCOUNT_DELETED) != 0)
		d->drop(txn, status, account);
}

bool reactions_sweep(struct db_txn *txn, uint64_t now_ms UNUSED, struct sweep_cursor *cursor,
		     size_t count)
{
	struct dropping d = { row_del };
	return sweep_walk(txn, &store_reaction, cursor, count, look, &d);
}

static void drop_dislike(struct db_txn *txn, uint64_t status, uint64_t account)
{
	dislike_del(txn, status, account);
}

bool dislikes_sweep(struct db_txn *txn, uint64_t now_ms UNUSED, struct sweep_cursor *cursor,
		    size_t count)
{
	struct dropping d = { drop_dislike };
	return sweep_walk(txn, &store_dislike, cursor, count, look, &d);
}
