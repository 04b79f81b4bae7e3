/* The database of tests, below any rule of module social. */
#include "testdb.h"

#include "core/must.h"
#include "store/announcement.h"
#include "store/attribute.h"
#include "store/audit.h"
#include "store/badge.h"
#include "store/card.h"
#include "store/collection.h"
#include "store/community.h"
#include "store/consultation.h"
#include "store/conversation.h"
#include "store/event.h"
#include "store/factor.h"
#include "store/graph.h"
#include "store/hint.h"
#include "store/interaction.h"
#include "store/joint.h"
#include "store/ledger.h"
#include "store/medium.h"
#include "store/node.h"
#include "store/notice.h"
#include "store/oauth.h"
#include "store/office.h"
#include "store/peer.h"
#include "store/pin.h"
#include "store/rank.h"
#include "store/reaction.h"
#include "store/relay.h"
#include "store/report.h"
#include "store/resource.h"
#include "store/revision.h"
#include "store/search.h"
#include "store/severance.h"
#include "store/shelf.h"
#include "store/sieve.h"
#include "store/strike.h"
#include "store/subscription.h"
#include "store/tables.h"
#include "store/team.h"
#include "store/thread.h"
#include "store/ticket.h"
#include "store/year.h"

#define ARENA_MAX ((size_t)64 << 20)
#define MAP_BYTES ((uint64_t)64 << 20)
#define TABLES_MAX 256

void test_db_init(struct test_db *t, struct db_table *const *extra, size_t count)
{
	struct db_table *tables[TABLES_MAX];
	struct err err = { 0 };
	must(store_table_count + count <= TABLES_MAX);
	for (size_t i = 0; i < store_table_count; i++)
		tables[i] = store_tables[i];
	for (size_t i = 0; i < count; i++)
		tables[store_table_count + i] = extra[i];
	*t = (struct test_db){ .folder = test_tmpdir_new(), .arena = arena_new(ARENA_MAX) };
	must(t->arena != NULL);
	test_clock_init(&t->clock, TEST_DB_WALL_MS);
	const struct db_settings settings = { .path = str_of(t->folder),
					      .map_bytes = MAP_BYTES,
					      .max_bytes = MAP_BYTES,
					      .batch_max = 64,
					      .readers = 8 };
	if (db_open(&err, &settings, tables, store_table_count + count, &t->clock.clock, &t->db) !=
	    RC_OK)
		fail_msg("%s", err_text(&err));
}

void test_db_free(struct test_db *t)
{
	db_close(&t->db);
	arena_free(&t->arena);
	test_tmpdir_remove(&t->folder);
}

void test_db_write(struct test_db *t, enum rc (*job)(struct db_txn *txn, void *arg), void *arg)
{
	enum rc rc = db_write(t->db, job, arg);
	if (rc != RC_OK)
		fail_msg("the write failed: %s", rc_name(rc));
}

struct db_txn *test_db_read(struct test_db *t)
{
	struct db_txn *txn;
	assert_int_equal(db_read_begin(t->db, &txn), RC_OK);
	return txn;
}

struct row {
	const struct db_table *table;
	struct str key, value;
};

static enum rc put_job(struct db_txn *txn, void *arg)
{
	const struct row *row = arg;
	if (row->value.ptr == NULL)
		return db_del(txn, row->table, row->key) ? RC_OK : RC_NOT_FOUND;
	db_put(txn, row->table, row->key, row->value);
	return db_txn_rc(txn);
}

void test_db_put(struct test_db *t, const struct db_table *table, struct str key, struct str value)
{
	struct row row = { table, key, value };
	test_db_write(t, put_job, &row);
}

uint64_t test_db_rows(struct test_db *t, const struct db_table *table)
{
	struct db_txn *txn = test_db_read(t);
	uint64_t n = db_count(txn, table);
	db_read_end(&txn);
	return n;
}

/* --- accounts --- */

struct adding {
	struct test_db *t;
	struct account *account;
};

static enum rc add_job(struct db_txn *txn, void *arg)
{
	struct adding *a = arg;
	if (account_is_local(a->account))
		node_count(txn, 1, 0);
	return account_add(txn, a->t->arena, a->account) ? db_txn_rc(txn) : RC_EXISTS;
}

static struct account account_make(struct test_db *t, const char *username, const char *host,
				   unsigned flags)
{
	struct str uri = arena_printf(t->arena, "https://%s/users/%s", host, username);
	struct account a = {
		.flags = flags,
		.username = arena_str(t->arena, str_of(username)),
		.domain =
			(flags & ACCOUNT_LOCAL) != 0 ? STR("") : arena_str(t->arena, str_of(host)),
		.uri = uri,
		.url = arena_printf(t->arena, "https://%s/@%s", host, username),
		.inbox = arena_join(t->arena, uri, STR("/inbox")),
		.shared_inbox = arena_printf(t->arena, "https://%s/inbox", host),
		.outbox = arena_join(t->arena, uri, STR("/outbox")),
		.followers = arena_join(t->arena, uri, STR("/followers")),
		.following = arena_join(t->arena, uri, STR("/following")),
		.display_name = arena_str(t->arena, str_of(username)),
		.note = html_trusted(STR("")),
		.avatar = STR(""),
		.header = STR(""),
		.moved_to = STR(""),
		.created_ms = t->clock.wall_ms,
	};
	struct adding adding = { t, &a };
	test_db_write(t, add_job, &adding);
	return a;
}

struct account test_db_local(struct test_db *t, const char *username)
{
	return account_make(t, username, "social.example.org", ACCOUNT_LOCAL);
}

struct account test_db_remote(struct test_db *t, const char *username, const char *host)
{
	return account_make(t, username, host, 0);
}

struct account test_db_account(struct test_db *t, uint64_t id)
{
	struct account a;
	struct db_txn *txn = test_db_read(t);
	assert_true(account_get(txn, t->arena, id, &a));
	db_read_end(&txn);
	return a;
}

struct pair {
	struct test_db *t;
	const struct account *follower, *followee;
};

static enum rc follow_job(struct db_txn *txn, void *arg)
{
	const struct pair *p = arg;
	struct str uri = arena_printf(p->t->arena, "%.*s#follows/%llu", STR_ARG(p->follower->uri),
				      (unsigned long long)p->followee->id);
	follow_put(txn, p->follower, p->followee, FOLLOW_ACCEPTED, uri);
	return db_txn_rc(txn);
}

void test_db_follow(struct test_db *t, const struct account *follower,
		    const struct account *followee)
{
	struct pair pair = { t, follower, followee };
	test_db_write(t, follow_job, &pair);
}

/* --- statuses --- */

struct adding_status {
	struct test_db *t;
	const struct account *author;
	struct status *status;
};

static enum rc status_job(struct db_txn *txn, void *arg)
{
	struct adding_status *a = arg;
	struct status *s = a->status, parent;
	s->id = db_next_id(txn);
	s->root = 0;
	s->uri = arena_printf(a->t->arena, "%.*s/statuses/%llu", STR_ARG(a->author->uri),
			      (unsigned long long)s->id);
	s->created_ms = db_txn_now(txn);
	if (s->parent != 0 && status_get(txn, a->t->arena, s->parent, &parent)) {
		s->parent_account = parent.account;
		s->root = parent.root;
	}
	if ((s->flags & (STATUS_LOCAL | STATUS_BOOST)) == STATUS_LOCAL)
		node_count(txn, 0, 1);
	return status_add(txn, s) ? RC_OK : RC_EXISTS;
}

struct status test_db_status(struct test_db *t, const struct account *author, uint64_t parent,
			     uint64_t boost_of)
{
	struct status s = {
		.account = author->id,
		.flags = (account_is_local(author) ? STATUS_LOCAL : 0U) |
			 (parent != 0 ? STATUS_REPLY : 0U) | (boost_of != 0 ? STATUS_BOOST : 0U),
		.parent = parent,
		.boost_of = boost_of,
		.type = boost_of != 0 ? STR("Announce") : STR("Note"),
		.content = html_trusted(STR("<p>text</p>")),
	};
	struct adding_status adding = { t, author, &s };
	test_db_write(t, status_job, &adding);
	return s;
}

/* --- integrity --- */

struct complaints {
	struct arena *arena;
	struct str first;
	size_t count;
};

static void found_bad(void *arg, struct str what)
{
	struct complaints *c = arg;
	if (c->count++ == 0)
		c->first = arena_str(c->arena, what);
}

size_t test_db_complaints(struct test_db *t, struct str *first)
{
	struct complaints c = { .arena = t->arena };
	struct arena *arena = arena_new(ARENA_MAX);
	must(arena != NULL);
	struct db_txn *txn = test_db_read(t);
	account_check(txn, arena, found_bad, &c);
	status_check(txn, arena, found_bad, &c);
	revision_check(txn, arena, found_bad, &c);
	card_check(txn, arena, found_bad, &c);
	year_check(txn, arena, found_bad, &c);
	sieve_check(txn, arena, found_bad, &c);
	thread_check(txn, arena, found_bad, &c);
	hint_check(txn, arena, found_bad, &c);
	graph_check(txn, found_bad, &c);
	interaction_check(txn, arena, found_bad, &c);
	relay_check(txn, found_bad, &c);
	oauth_check(txn, arena, found_bad, &c);
	reaction_check(txn, found_bad, &c);
	pin_check(txn, found_bad, &c);
	shelf_check(txn, found_bad, &c);
	announcement_check(txn, found_bad, &c);
	medium_check(txn, arena, found_bad, &c);
	notice_check(txn, arena, found_bad, &c);
	conversation_check(txn, arena, found_bad, &c);
	search_check(txn, arena, found_bad, &c);
	rank_check(txn, arena, found_bad, &c);
	office_check(txn, arena, found_bad, &c);
	peer_check(txn, arena, found_bad, &c);
	collection_check(txn, arena, found_bad, &c);
	community_check(txn, arena, found_bad, &c);
	consultation_check(txn, arena, found_bad, &c);
	badge_check(txn, arena, found_bad, &c);
	attribute_check(txn, arena, found_bad, &c);
	resource_check(txn, arena, found_bad, &c);
	event_check(txn, arena, found_bad, &c);
	factor_check(txn, found_bad, &c);
	push_check(txn, found_bad, &c);
	ticket_check(txn, found_bad, &c);
	report_check(txn, arena, found_bad, &c);
	strike_check(txn, arena, found_bad, &c);
	severance_check(txn, arena, found_bad, &c);
	audit_check(txn, arena, found_bad, &c);
	team_check(txn, arena, found_bad, &c);
	joint_check(txn, arena, found_bad, &c);
	ledger_check(txn, arena, found_bad, &c);
	db_read_end(&txn);
	arena_free(&arena);
	if (first != NULL)
		*first = c.first;
	return c.count;
}

void test_db_check(struct test_db *t)
{
	struct str first;
	if (test_db_complaints(t, &first) != 0)
		fail_msg("%.*s", STR_ARG(first));
}
