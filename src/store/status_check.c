/* Integrity of statuses: rows to indexes and back, counts to edges, and how many are local. */
#include "check_int.h"
#include "core/attr.h"
#include "db/rec.h"
#include "event_int.h"
#include "poll_int.h"
#include "status_int.h"
#include "store/account.h"
#include "store/node.h"
#include "store/tables.h"
#include "store/told_vote.h"
#include "timeline_int.h"

static bool read_status(const struct check *c, uint64_t id, struct status *out)
{
	struct reckey key = reckey_u64(id);
	struct str value;
	return db_get(c->txn, &store_status, reckey_str(&key), &value) &&
	       status_decode(c->arena, value, id, out);
}

static void check_author(const struct check *c, const struct status *s)
{
	struct reckey key = reckey_u64_u64(s->account, s->id);
	const unsigned flags = s->flags & STATUS_INDEXED_FLAGS;
	struct str value;
	if (!check_has(c, &store_account, s->account))
		check_say(c, "status", s->id, "has no author");
	if (!db_get(c->txn, &store_status_by_author, reckey_str(&key), &value))
		check_say(c, "status", s->id, "is not among its author's");
	else if (value.len != 2 || (unsigned char)value.ptr[0] != (unsigned)s->visibility ||
		 ((unsigned char)value.ptr[1] & STATUS_INDEXED_FLAGS) != flags)
		check_say(c, "status", s->id, "is another one in its author's index");
}

static void check_edges(const struct check *c, const struct status *s)
{
	struct reckey key = reckey_u64_u64(s->parent, s->id);
	struct str value;
	if (s->parent != 0 &&
	    (!db_get(c->txn, &store_status_by_parent, reckey_str(&key), &value) || value.len != 1 ||
	     ((unsigned char)value.ptr[0] & STATUS_INDEXED_FLAGS) != (unsigned)s->visibility))
		check_say(c, "status", s->id, "is not among its parent's replies");
	if (s->boost_of != 0 && !check_has(c, &store_status, s->boost_of))
		check_say(c, "status", s->id, "boosts what is not there");
	if (s->boost_of != 0 && status_boost_by(c->txn, s->boost_of, s->account) == 0)
		check_say(c, "status", s->id, "is not among the boosts");
}

static void check_origin(const struct check *c, const struct status *s)
{
	struct reckey key = reckey_digest(s->origin);
	struct str value;
	uint64_t id;
	if (s->origin.len != 0 &&
	    (!db_get(c->txn, &store_status_origin, reckey_str(&key), &value) ||
	     !reckey_read_u64(value, 0, &id) || id != s->id))
		check_say(c, "status", s->id, "is not found by where it came from");
}

static void check_origin_row(const struct check *c, struct str key, struct str value)
{
	struct status s;
	uint64_t id = 0;
	if (!reckey_read_u64(value, 0, &id) || !read_status(c, id, &s) ||
	    !check_uri_fits(key, s.origin))
		check_say(c, "origin of a status", id, "is not there or another one");
}

/* Rows of one id that stand for what everybody may see: their value begins with the visibility, and ends with
 * whether they are counted. */
static uint64_t count_open(const struct check *c, const struct db_table *table, uint64_t id)
{
	struct reckey prefix = reckey_u64(id);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	uint64_t n = 0;
	db_iter_open(&it, c->txn, table, reckey_str(&prefix), DB_FORWARD, STR_NONE);
	while (db_iter_next(&it, &key, &value))
		n += value.len != 0 && visibility_is_open((unsigned char)value.ptr[0]) &&
		     ((unsigned char)value.ptr[value.len - 1] & STATUS_UNCOUNTED) == 0;
	return n;
}

static void check_counts(const struct check *c, uint64_t id)
{
	struct status_counts counts = status_counts(c->txn, id);
	if (counts.replies != count_open(c, &store_status_by_parent, id))
		check_say(c, "status", id, "miscounts its replies");
	if (counts.boosts != check_count(c, &store_boost, id))
		check_say(c, "status", id, "miscounts its boosts");
	if (counts.likes != check_count(c, &store_like, id) + told_votes(c->txn, id).up)
		check_say(c, "status", id, "miscounts its likes");
}

static void check_status(const struct check *c, struct str key, struct str value)
{
	struct uri_entry entry;
	struct status s;
	uint64_t id = 0;
	if (!reckey_read_u64(key, 0, &id) || !status_decode(c->arena, value, id, &s)) {
		check_say(c, "status", id, "cannot be decoded");
		return;
	}
	if (!check_uri(c, s.uri, &entry) || entry.kind != URI_STATUS || entry.id != id)
		check_say(c, "status", id, "is not found by its uri");
	check_author(c, &s);
	check_edges(c, &s);
	check_origin(c, &s);
	if (!event_is_indexed(c->txn, &s))
		check_say(c, "status", s.id, "is an event, but not found by its time");
	timeline_check_status(c, &s);
	if (s.has_poll && !check_has(c, &store_poll, id))
		check_say(c, "status", id, "has lost its poll");
	check_counts(c, id);
}

static void check_author_row(const struct check *c, struct str key, struct str value UNUSED)
{
	uint64_t account, id;
	struct status s;
	if (reckey_read_u64(key, 0, &account) && reckey_read_u64(key, 8, &id) &&
	    (!read_status(c, id, &s) || s.account != account))
		check_say_pair(c, "author's status", account, id, "is not there or another's");
}

/* The parent may be gone: its replies stay. */
static void check_parent_row(const struct check *c, struct str key, struct str value UNUSED)
{
	uint64_t parent, id;
	struct status s;
	if (reckey_read_u64(key, 0, &parent) && reckey_read_u64(key, 8, &id) &&
	    (!read_status(c, id, &s) || s.parent != parent))
		check_say_pair(c, "reply", parent, id, "is not there or to another status");
}

static void check_boost_row(const struct check *c, struct str key, struct str value)
{
	uint64_t original, account, id;
	struct status s;
	if (reckey_read_u64(key, 0, &original) && reckey_read_u64(key, 8, &account) &&
	    (!reckey_read_u64(value, 0, &id) || !read_status(c, id, &s) || s.boost_of != original ||
	     s.account != account))
		check_say_pair(c, "boost", original, account, "is not there or another one");
}

static void check_beside(const struct check *c, struct str key, struct str value UNUSED)
{
	uint64_t id;
	if (reckey_read_u64(key, 0, &id) && !check_has(c, &store_status, id))
		check_say(c, "status", id, "has counts or JSON but is not there");
}

static void check_uri_row(const struct check *c, struct str key, struct str value)
{
	struct uri_entry entry;
	struct status s;
	if (uri_entry_decode(value, &entry) && entry.kind == URI_STATUS &&
	    (!read_status(c, entry.id, &s) || !check_uri_fits(key, s.uri)))
		check_say(c, "uri", entry.id, "leads to no status of this uri");
}

static void check_author_count(const struct check *c, struct str key, struct str value UNUSED)
{
	uint64_t id;
	if (reckey_read_u64(key, 0, &id) &&
	    account_counts(c->txn, id).statuses != count_open(c, &store_status_by_author, id))
		check_say(c, "account", id, "miscounts its statuses");
}

/* Boosts count for their account but not for the node. */
static void check_totals(const struct check *c)
{
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	uint64_t n = 0;
	db_iter_open(&it, c->txn, &store_status_by_author, STR(""), DB_FORWARD, STR_NONE);
	while (db_iter_next(&it, &key, &value)) {
		unsigned flags = value.len == 2 ? (unsigned char)value.ptr[1] : 0;
		n += (flags & (STATUS_LOCAL | STATUS_BOOST)) == STATUS_LOCAL;
	}
	uint64_t told = node_totals(c->txn).statuses;
	if (n != told)
		check_say_pair(c, "node", told, n, "counted and found local statuses differ");
}

void status_check(struct db_txn *txn, struct arena *arena, void (*bad)(void *arg, struct str what),
		  void *arg)
{
	const struct check c = { txn, arena, bad, arg };
	check_walk(&c, &store_status, 8, check_status);
	check_walk(&c, &store_status_by_author, 16, check_author_row);
	check_walk(&c, &store_status_by_parent, 16, check_parent_row);
	check_walk(&c, &store_boost, 16, check_boost_row);
	check_walk(&c, &store_status_origin, 16, check_origin_row);
	check_walk(&c, &store_status_count, 8, check_beside);
	check_walk(&c, &store_status_raw, 8, check_beside);
	poll_check(&c);
	timeline_check(&c);
	check_walk(&c, &store_uri, 16, check_uri_row);
	check_walk(&c, &store_account, 8, check_author_count);
	check_totals(&c);
	check_end(&c, "statuses");
}
