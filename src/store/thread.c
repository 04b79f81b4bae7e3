/*
 * Threads. Owns tables waiting and thread. Inside transactions only.
 *
 * A status that gets a parent late takes its whole thread with it, which may be long: it is moved in
 * steps. What is still to be moved are the rows that stand under its id, so that no step needs to
 * remember where the one before it ended.
 */
#include "store/thread.h"

#include "check_int.h"
#include "core/attr.h"
#include "db/rec.h"
#include "status_int.h"
#include "store/community.h"
#include "store/personal.h"
#include "store/tables.h"
#include "store_int.h"

#define ROW_VERSION 1
#define DIGEST_LEN 16
#define MUTES_MOVED_MAX 1000 /* more people of here do not mute one conversation */
#define TOP_STEPS 64
#define MOVE_MAX 256

/* --- waiting --- */

static struct reckey waiting_key(struct str parent_uri, uint64_t id)
{
	struct reckey key = reckey_digest(parent_uri);
	reckey_add_u64(&key, id);
	return key;
}

void waiting_add(struct db_txn *txn, struct str parent_uri, uint64_t id)
{
	struct reckey key = waiting_key(parent_uri, id);
	db_put(txn, &store_waiting, reckey_str(&key), STR("\1"));
}

void waiting_del(struct db_txn *txn, struct str parent_uri, uint64_t id)
{
	struct reckey key = waiting_key(parent_uri, id);
	db_del(txn, &store_waiting, reckey_str(&key));
}

size_t waiting_list(struct db_txn *txn, struct str parent_uri, uint64_t after, uint64_t *out,
		    size_t count)
{
	const struct reckey prefix = reckey_digest(parent_uri);
	struct reckey from = prefix;
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	size_t n = 0;
	reckey_add_u64(&from, after + 1);
	db_iter_open(&it, txn, &store_waiting, reckey_str(&prefix), DB_FORWARD, reckey_str(&from));
	while (n < count && db_iter_next(&it, &key, &value))
		n += reckey_read_u64(key, DIGEST_LEN, &out[n]);
	return n;
}

/* --- rows --- */

static struct reckey row_key(uint64_t root, uint64_t created_ms, uint64_t id)
{
	struct reckey key = reckey_u64_u64(root, created_ms);
	reckey_add_u64(&key, id);
	return key;
}

void thread_put(struct db_txn *txn, const struct status *s)
{
	struct reckey key = row_key(s->root, s->created_ms, s->id);
	struct buf value CLEANUP(buf_free) = BUF_INIT(16);
	if (s->root == s->id)
		return;
	rec_add_u8(&value, ROW_VERSION);
	rec_add_u8(&value, (uint8_t)s->visibility);
	rec_add_u64(&value, s->account);
	store_put(txn, &store_thread, &key, &value);
}

void thread_del(struct db_txn *txn, const struct status *s)
{
	struct reckey key = row_key(s->root, s->created_ms, s->id);
	if (s->root != s->id)
		db_del(txn, &store_thread, reckey_str(&key));
}

static bool entry_decode(struct str key, struct str value, struct thread_entry *out)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	out->visibility = (enum visibility)rec_u8(&r);
	out->account = rec_u64(&r);
	return version == ROW_VERSION && rec_ok(&r) && out->visibility <= VISIBILITY_MEMBERS &&
	       reckey_read_u64(key, 8, &out->created_ms) && reckey_read_u64(key, 16, &out->id);
}

size_t thread_list(struct db_txn *txn, uint64_t root, uint64_t created_ms, uint64_t id,
		   struct thread_entry *out, size_t count)
{
	struct reckey prefix = reckey_u64(root);
	struct reckey from = row_key(root, created_ms, id + 1);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	size_t n = 0;
	db_iter_open(&it, txn, &store_thread, reckey_str(&prefix), DB_FORWARD, reckey_str(&from));
	while (n < count && db_iter_next(&it, &key, &value)) {
		if (!entry_decode(key, value, &out[n])) {
			db_txn_fail(txn, RC_CORRUPT);
			return 0;
		}
		n++;
	}
	return n;
}

/* --- joining --- */

uint64_t thread_top(struct db_txn *txn, struct arena *arena, uint64_t id)
{
	struct status s;
	for (unsigned step = 0; step < TOP_STEPS; step++) {
		/* what is gone is still the root of those that are left */
		if (!status_get(txn, arena, id, &s) || s.root == id)
			return db_txn_rc(txn) == RC_OK ? id : 0;
		id = s.root;
	}
	return 0;
}

bool thread_join(struct db_txn *txn, struct arena *arena, uint64_t id, const struct status *parent,
		 uint64_t root)
{
	struct status s;
	if (!status_get(txn, arena, id, &s) || s.parent != 0 || !str_eq(s.parent_uri, parent->uri))
		return false;
	waiting_del(txn, s.parent_uri, id);
	s.parent = parent->id;
	s.parent_account = parent->account;
	s.root = root;
	community_post_join(txn, s.community, s.id, root);
	return status_join(txn, &s);
}

/* The rows are read first: what is written under a cursor moves it. */
size_t thread_move(struct db_txn *txn, struct arena *arena, uint64_t from, uint64_t to,
		   size_t count)
{
	struct thread_entry rows[MOVE_MAX];
	struct status s;
	size_t n = thread_list(txn, from, 0, 0, rows, count < MOVE_MAX ? count : MOVE_MAX);
	thread_mutes_move(txn, from, to, MUTES_MOVED_MAX);
	for (size_t i = 0; i < n; i++) {
		if (status_get(txn, arena, rows[i].id, &s)) {
			thread_del(txn, &s);
			s.root = to;
			community_post_join(txn, s.community, s.id, to);
			status_join(txn, &s);
		}
	}
	return n;
}

/* --- integrity --- */

static bool read_status(const struct check *c, uint64_t id, struct status *out)
{
	struct reckey key = reckey_u64(id);
	struct str value;
	return db_get(c->txn, &store_status, reckey_str(&key), &value) &&
	       status_decode(c->arena, value, id, out);
}

static void check_status(const struct check *c, struct str key, struct str value)
{
	struct str row;
	struct status s;
	uint64_t id;
	if (!reckey_read_u64(key, 0, &id) || !status_decode(c->arena, value, id, &s) ||
	    s.root == id)
		return;
	struct reckey place = row_key(s.root, s.created_ms, id);
	if (!db_get(c->txn, &store_thread, reckey_str(&place), &row))
		check_say(c, "status", id, "is not among its thread's");
}

static void check_row(const struct check *c, struct str key, struct str value)
{
	struct thread_entry e;
	struct status s;
	uint64_t root;
	if (!reckey_read_u64(key, 0, &root) || !entry_decode(key, value, &e))
		check_say(c, "thread", key.len, "a row cannot be decoded");
	else if (!read_status(c, e.id, &s) || s.root != root || s.created_ms != e.created_ms ||
		 s.account != e.account || s.visibility != e.visibility)
		check_say_pair(c, "thread's status", root, e.id, "is not there or another one");
}

static void check_waiting(const struct check *c, struct str key, struct str value UNUSED)
{
	struct status s;
	uint64_t id;
	if (!reckey_read_u64(key, DIGEST_LEN, &id) || !read_status(c, id, &s) || s.parent != 0 ||
	    !check_uri_fits(str_take(key, DIGEST_LEN), s.parent_uri))
		check_say(c, "waiting status", id, "is not there or waits for another");
}

void thread_check(struct db_txn *txn, struct arena *arena, void (*bad)(void *arg, struct str what),
		  void *arg)
{
	const struct check c = { txn, arena, bad, arg };
	check_walk(&c, &store_status, 8, check_status);
	check_walk(&c, &store_thread, 24, check_row);
	check_walk(&c, &store_waiting, DIGEST_LEN + 8, check_waiting);
	check_end(&c, "threads");
}
