/* Teams: what is stored comes back and nothing less; both directions agree; damage is found. */
#include "../schedule_int.h"
#include "../team_int.h"
#include "core/must.h"
#include "db/rec.h"
#include "store/account.h"
#include "store/node.h"
#include "store/oauth.h"
#include "store/tables.h"
#include "testdb.h"

struct world {
	struct test_db t;
	struct account desk, alice, bob;
	struct status post;
};

static enum rc fill_job(struct db_txn *txn, void *arg)
{
	struct world *w = arg;
	const struct team team = { w->desk.id, true, TEAM_CREDIT_PUBLIC, 1000 };
	const struct team_member members[] = {
		{ w->desk.id, w->alice.id, TEAM_ADMINISTRATOR, 1000, 0 },
		{ w->desk.id, w->bob.id, TEAM_AUTHOR, 2000, w->alice.id },
	};
	const struct byline byline = { .writer = w->bob.id, .reviewer = w->alice.id };
	struct team_entry entry = { .person = w->bob.id,
				    .act = STR("post.publish"),
				    .about = w->post.id,
				    .words = STR("w") };
	struct oauth_token token = {
		.app = 1, .account = w->desk.id, .person = w->bob.id, .scopes = STR("read")
	};
	w->desk.flags |= ACCOUNT_TEAM;
	must(account_put(txn, w->t.arena, &w->desk));
	team_put(txn, &team);
	team_member_put(txn, &members[0]);
	team_member_put(txn, &members[1]);
	byline_put(txn, w->post.id, &byline);
	team_log_add(txn, w->desk.id, &entry);
	oauth_token_add(txn, STR("secret"), &token);
	return db_txn_rc(txn);
}

static void world_init(struct world *w)
{
	test_db_init(&w->t, NULL, 0);
	w->desk = test_db_local(&w->t, "desk");
	w->alice = test_db_local(&w->t, "alice");
	w->bob = test_db_local(&w->t, "bob");
	w->post = test_db_status(&w->t, &w->desk, 0, 0);
	test_db_write(&w->t, fill_job, w);
}

static void world_free(struct world *w)
{
	test_db_free(&w->t);
}

static void what_is_stored_comes_back(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	struct team_member rows[4];
	struct team_entry entries[2];
	struct byline byline;
	struct team team;
	uint64_t ids[2];
	world_init(&w);
	struct db_txn *txn = test_db_read(&w.t);
	assert_true(team_get(txn, w.desk.id, &team));
	assert_true(team.four_eyes);
	assert_int_equal(team.credit, TEAM_CREDIT_PUBLIC);
	assert_false(team_get(txn, w.alice.id, &team));
	assert_int_equal(team_ids(txn, 0, ids, 2), 1);
	assert_int_equal(team_members(txn, w.desk.id, 0, rows, 4), 2);
	assert_int_equal(rows[0].person, w.alice.id);
	assert_int_equal(rows[1].role, TEAM_AUTHOR);
	assert_int_equal(rows[1].by, w.alice.id);
	assert_int_equal(team_members(txn, w.desk.id, w.alice.id, rows, 4), 1);
	assert_int_equal(teams_of(txn, w.bob.id, 0, rows, 4), 1);
	assert_int_equal(rows[0].team, w.desk.id);
	assert_int_equal(teams_of(txn, w.desk.id, 0, rows, 4), 0);
	assert_true(byline_get(txn, w.post.id, &byline));
	assert_int_equal(byline.writer, w.bob.id);
	assert_int_equal(byline.reviewer, w.alice.id);
	assert_int_equal(team_log_page(txn, w.t.arena, w.desk.id, &PAGE_ALL, entries, 2), 1);
	assert_str_eq(entries[0].act, STR("post.publish"));
	assert_int_equal(entries[0].about, w.post.id);
	assert_int_equal(entries[0].at_ms, TEST_DB_WALL_MS);
	db_read_end(&txn);
	test_db_check(&w.t);
}

static enum rc leave_job(struct db_txn *txn, void *arg)
{
	const struct world *w = arg;
	uint64_t id, account;
	assert_true(team_member_del(txn, w->desk.id, w->bob.id));
	assert_false(team_member_del(txn, w->desk.id, w->bob.id));
	assert_true(oauth_token_by_next(txn, w->bob.id, 0, &id, &account));
	assert_int_equal(account, w->desk.id);
	assert_true(oauth_token_del(txn, account, id));
	assert_false(oauth_token_by_next(txn, w->bob.id, 0, &id, &account));
	status_del(txn, w->post.id, db_txn_now(txn));
	node_count(txn, 0, -1);
	return db_txn_rc(txn);
}

static void nothing_is_left_of_a_member_or_a_post(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	test_db_write(&w.t, leave_job, &w);
	assert_int_equal(test_db_rows(&w.t, &store_team_of), 1);
	assert_int_equal(test_db_rows(&w.t, &store_team_member), 1);
	assert_int_equal(test_db_rows(&w.t, &store_token_by), 0);
	assert_int_equal(test_db_rows(&w.t, &store_byline), 0);
	/* the trail stays */
	assert_int_equal(test_db_rows(&w.t, &store_team_log), 1);
	test_db_check(&w.t);
}

static enum rc clear_job(struct db_txn *txn, void *arg)
{
	const struct world *w = arg;
	/* an account's end takes the tokens of those who act for it, too */
	oauth_tokens_del(txn, w->desk.id, 0);
	return db_txn_rc(txn);
}

static void tokens_end_from_both_sides(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	test_db_write(&w.t, clear_job, &w);
	assert_int_equal(test_db_rows(&w.t, &store_token), 0);
	assert_int_equal(test_db_rows(&w.t, &store_token_by), 0);
}

/* --- damage --- */

static void damage_is_found(void **state UNUSED)
{
	static const struct {
		struct db_table *table;
		uint64_t a, b;
		bool pair;
	} rows[] = {
		{ &store_team_of, 99, 1, true },  { &store_team_member, 1, 99, true },
		{ &store_byline, 99, 0, false },  { &store_team, 99, 0, false },
		{ &store_team_log, 1, 99, true }, { &store_token_by, 99, 1, true },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct world w CLEANUP(world_free);
		struct reckey key =
			rows[i].pair ? reckey_u64_u64(rows[i].a, rows[i].b) : reckey_u64(rows[i].a);
		world_init(&w);
		test_db_put(&w.t, rows[i].table, reckey_str(&key), STR("?"));
		assert_int_not_equal(test_db_complaints(&w.t, NULL), 0);
	}
}

/* --- codecs --- */

static void encode_team(struct buf *out)
{
	const struct team t = { 0, true, TEAM_CREDIT_EVERYWHERE, 700 };
	team_encode(out, &t);
}

static bool decode_team(struct str value)
{
	struct team t;
	return team_decode(value, &t) && t.four_eyes && t.credit == TEAM_CREDIT_EVERYWHERE &&
	       t.created_ms == 700;
}

static void encode_member(struct buf *out)
{
	const struct team_member m = { 1, 2, TEAM_ANALYST, 700, 3 };
	team_member_encode(out, &m);
}

static bool decode_member(struct str value)
{
	struct team_member m;
	return team_member_decode(value, &m) && m.role == TEAM_ANALYST && m.since_ms == 700 &&
	       m.by == 3;
}

static void encode_byline(struct buf *out)
{
	const struct byline b = { 1, 2, 3, 4 };
	byline_encode(out, &b);
}

static bool decode_byline(struct str value)
{
	struct byline b;
	return byline_decode(value, &b) && b.writer == 1 && b.reviewer == 2 && b.editor == 3 &&
	       b.former == 4;
}

static void encode_entry(struct buf *out)
{
	const struct team_entry e = {
		.at_ms = 7, .person = 8, .act = STR("a"), .about = 9, .words = STR("w")
	};
	team_entry_encode(out, &e);
}

static bool decode_entry(struct str value)
{
	struct team_entry e;
	return team_entry_decode(value, &e) && e.at_ms == 7 && e.person == 8 && e.about == 9 &&
	       str_eq(e.act, STR("a")) && str_eq(e.words, STR("w"));
}

static void encode_draft(struct buf *out)
{
	const struct scheduled s = { .due_ms = 1,
				     .params = STR("{}"),
				     .state = SCHEDULED_RETURNED,
				     .writer = 2,
				     .owner = 3,
				     .reviewer = 4,
				     .edits = 5,
				     .changed_ms = 6,
				     .note = STR("n"),
				     .former = { 7, 8 },
				     .former_count = 2 };
	scheduled_encode(out, &s);
}

static bool decode_draft(struct str value)
{
	struct scheduled s;
	return scheduled_decode(value, &s) && s.due_ms == 1 && s.state == SCHEDULED_RETURNED &&
	       s.writer == 2 && s.owner == 3 && s.reviewer == 4 && s.edits == 5 &&
	       s.changed_ms == 6 && s.former_count == 2 && s.former[1] == 8 &&
	       str_eq(s.note, STR("n")) && str_eq(s.params, STR("{}"));
}

static void codecs_refuse_every_truncation(void **state UNUSED)
{
	static const struct {
		void (*encode)(struct buf *out);
		bool (*decode)(struct str value);
	} rows[] = {
		{ encode_team, decode_team },	  { encode_member, decode_member },
		{ encode_byline, decode_byline }, { encode_entry, decode_entry },
		{ encode_draft, decode_draft },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct buf out CLEANUP(buf_free) = BUF_INIT(1024);
		rows[i].encode(&out);
		assert_true(rows[i].decode(buf_str(&out)));
		for (size_t len = 0; len < out.len; len++)
			assert_false(rows[i].decode(str_n(out.ptr, len)));
	}
}

/* What was scheduled before there were teams is read on. */
static void an_older_scheduled_post_is_read(void **state UNUSED)
{
	struct buf out CLEANUP(buf_free) = BUF_INIT(1024);
	struct scheduled s;
	rec_add_u8(&out, 1);
	rec_add_u64(&out, 77);
	rec_add_str(&out, STR("{}"));
	assert_true(scheduled_decode(buf_str(&out), &s));
	assert_int_equal(s.due_ms, 77);
	assert_int_equal(s.state, SCHEDULED_DUE);
	assert_int_equal(s.owner, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_stored_comes_back),
		cmocka_unit_test(nothing_is_left_of_a_member_or_a_post),
		cmocka_unit_test(tokens_end_from_both_sides),
		cmocka_unit_test(damage_is_found),
		cmocka_unit_test(codecs_refuse_every_truncation),
		cmocka_unit_test(an_older_scheduled_post_is_read),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
