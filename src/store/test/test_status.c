/* Statuses: their indexes, counts, edits and ends. */
#include "store/status.h"

#include <stdio.h>

#include "db/rec.h"
#include "store/graph.h"
#include "store/tables.h"
#include "store/uri.h"
#include "testdb.h"

struct task {
	struct status status;
	uint64_t id;
	bool result;
};

static enum rc add(struct db_txn *txn, void *arg)
{
	struct task *task = arg;
	task->result = status_add(txn, &task->status);
	return db_txn_rc(txn);
}

static enum rc edit(struct db_txn *txn, void *arg)
{
	struct task *task = arg;
	task->result = status_edit(txn, &task->status);
	return db_txn_rc(txn);
}

static enum rc del(struct db_txn *txn, void *arg)
{
	struct task *task = arg;
	task->result = status_del(txn, task->id, db_txn_now(txn));
	return db_txn_rc(txn);
}

static bool try_del(struct test_db *t, uint64_t id)
{
	struct task task = { .id = id };
	test_db_write(t, del, &task);
	return task.result;
}

static struct status_counts counts_of(struct test_db *t, uint64_t id)
{
	struct db_txn *txn = test_db_read(t);
	struct status_counts counts = status_counts(txn, id);
	db_read_end(&txn);
	return counts;
}

static struct account_counts account_counts_of(struct test_db *t, uint64_t id)
{
	struct db_txn *txn = test_db_read(t);
	struct account_counts counts = account_counts(txn, id);
	db_read_end(&txn);
	return counts;
}

static void a_status_is_found_by_id_and_uri(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	struct status read, many[3];
	test_db_init(&t, NULL, 0);
	struct account alice = test_db_local(&t, "alice");
	struct status post = test_db_status(&t, &alice, 0, 0);
	struct db_txn *txn = test_db_read(&t);
	assert_true(status_find_uri(txn, t.arena, post.uri, &read));
	assert_int_equal(read.id, post.id);
	assert_int_equal(read.root, post.id);
	assert_str_eq(read.content.markup, STR("<p>text</p>"));
	assert_false(status_find_uri(txn, t.arena, alice.uri, &read));
	const uint64_t ids[] = { post.id, post.id + 1, post.id };
	assert_true(status_get_many(txn, t.arena, ids, 3, many));
	assert_int_equal(many[0].id, post.id);
	assert_int_equal(many[1].id, 0);
	assert_int_equal(many[2].id, post.id);
	db_read_end(&txn);
	assert_int_equal(account_counts_of(&t, alice.id).statuses, 1);
	assert_int_equal(account_counts_of(&t, alice.id).last_status_ms, TEST_DB_WALL_MS);
	test_db_check(&t);
}

static void a_known_uri_is_refused_without_effect(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	test_db_init(&t, NULL, 0);
	struct account alice = test_db_local(&t, "alice");
	struct task task = { .status = test_db_status(&t, &alice, 0, 0) };
	task.status.id = 0;
	test_db_write(&t, add, &task);
	assert_false(task.result);
	task.status.id = 0;
	task.status.uri = alice.uri;
	test_db_write(&t, add, &task);
	assert_false(task.result);
	assert_int_equal(account_counts_of(&t, alice.id).statuses, 1);
	test_db_check(&t);
}

static void an_authors_statuses_come_newest_first_between_two_ids(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	struct status_entry e[8];
	uint64_t ids[5];
	test_db_init(&t, NULL, 0);
	struct account alice = test_db_local(&t, "alice"), bob = test_db_local(&t, "bob");
	for (size_t i = 0; i < ARRAY_LEN(ids); i++) {
		ids[i] = test_db_status(&t, &alice, 0, 0).id;
		test_db_status(&t, &bob, 0, 0);
	}
	struct db_txn *txn = test_db_read(&t);
	assert_int_equal(status_by_author(txn, alice.id, 0, 0, e, 8), 5);
	assert_int_equal(e[0].id, ids[4]);
	assert_int_equal(e[4].id, ids[0]);
	assert_int_equal(e[0].flags, STATUS_LOCAL);
	assert_int_equal(status_by_author(txn, alice.id, ids[3], ids[0], e, 8), 2);
	assert_int_equal(e[0].id, ids[2]);
	assert_int_equal(e[1].id, ids[1]);
	assert_int_equal(status_by_author(txn, alice.id, 0, 0, e, 2), 2);
	assert_int_equal(status_by_author(txn, alice.id, 1, 0, e, 8), 0);
	db_read_end(&txn);
}

static void replies_are_listed_counted_and_share_the_root(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	uint64_t ids[8];
	test_db_init(&t, NULL, 0);
	struct account alice = test_db_remote(&t, "alice", "a.example");
	struct status top = test_db_status(&t, &alice, 0, 0);
	struct status one = test_db_status(&t, &alice, top.id, 0);
	struct status two = test_db_status(&t, &alice, top.id, 0);
	struct status deep = test_db_status(&t, &alice, one.id, 0);
	assert_int_equal(deep.root, top.id);
	struct db_txn *txn = test_db_read(&t);
	assert_int_equal(status_by_parent(txn, top.id, 0, ids, 8), 2);
	assert_int_equal(ids[0], one.id);
	assert_int_equal(status_by_parent(txn, top.id, one.id, ids, 8), 1);
	assert_int_equal(ids[0], two.id);
	assert_int_equal(status_by_parent(txn, top.id, UINT64_MAX, ids, 8), 0);
	db_read_end(&txn);
	assert_int_equal(counts_of(&t, top.id).replies, 2);
	assert_true(try_del(&t, two.id));
	assert_int_equal(counts_of(&t, top.id).replies, 1);
	test_db_check(&t);
}

static void counts_are_of_what_everybody_may_see(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	test_db_init(&t, NULL, 0);
	struct account alice = test_db_remote(&t, "alice", "a.example");
	struct account bob = test_db_remote(&t, "bob", "b.example");
	struct status top = test_db_status(&t, &alice, 0, 0);
	uint64_t replies[VISIBILITY_LOCAL + 1];
	for (int v = 0; v <= VISIBILITY_LOCAL; v++) {
		struct task task = { .status = test_db_status(&t, &bob, top.id, 0) };
		assert_true(try_del(&t, task.status.id));
		task.status.id = 0;
		task.status.uri = arena_printf(t.arena, "https://b.example/hidden/%d", v);
		task.status.visibility = (enum visibility)v;
		test_db_write(&t, add, &task);
		assert_true(task.result);
		replies[v] = task.status.id;
	}
	assert_int_equal(counts_of(&t, top.id).replies, 2);
	assert_int_equal(account_counts_of(&t, bob.id).statuses, 2);
	test_db_check(&t);
	for (int v = VISIBILITY_LOCAL; v >= 0; v--) {
		assert_true(try_del(&t, replies[v]));
		assert_int_equal(counts_of(&t, top.id).replies, v < 2 ? v : 2);
		test_db_check(&t);
	}
	assert_int_equal(account_counts_of(&t, bob.id).statuses, 0);
}

static void a_gone_parent_keeps_its_replies_but_no_counts(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	test_db_init(&t, NULL, 0);
	struct account alice = test_db_remote(&t, "alice", "a.example");
	struct status top = test_db_status(&t, &alice, 0, 0);
	struct status reply = test_db_status(&t, &alice, top.id, 0);
	assert_true(try_del(&t, top.id));
	test_db_check(&t);
	assert_true(try_del(&t, reply.id));
	assert_int_equal(test_db_rows(&t, &store_status_count), 0);
	assert_int_equal(test_db_rows(&t, &store_status_by_parent), 0);
	test_db_check(&t);
}

static enum rc like(struct db_txn *txn, void *arg)
{
	struct task *task = arg;
	for (uint64_t account = 1; account <= 150; account++) {
		char uri[64];
		int n = snprintf(uri, sizeof(uri), "https://a.example/likes/%llu",
				 (unsigned long long)account);
		like_add(txn, task->id, account, str_n(uri, (size_t)n));
	}
	return db_txn_rc(txn);
}

static void deleting_leaves_nothing_but_a_tombstone(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	struct status read;
	test_db_init(&t, NULL, 0);
	struct account alice = test_db_remote(&t, "alice", "a.example");
	uint64_t uris = test_db_rows(&t, &store_uri);
	struct status post = test_db_status(&t, &alice, 0, 0);
	struct task task = { .id = post.id };
	test_db_write(&t, like, &task);
	assert_int_equal(counts_of(&t, post.id).likes, 150);
	assert_int_equal(test_db_rows(&t, &store_uri), uris + 151);
	assert_true(try_del(&t, post.id));
	assert_false(try_del(&t, post.id));
	assert_int_equal(test_db_rows(&t, &store_status), 0);
	assert_int_equal(test_db_rows(&t, &store_status_by_author), 0);
	assert_int_equal(test_db_rows(&t, &store_status_count), 0);
	assert_int_equal(test_db_rows(&t, &store_like), 0);
	assert_int_equal(test_db_rows(&t, &store_uri), uris + 1);
	struct db_txn *txn = test_db_read(&t);
	struct uri_entry entry = uri_find(txn, post.uri);
	assert_int_equal(entry.kind, URI_TOMBSTONE);
	assert_int_equal(entry.id, TEST_DB_WALL_MS);
	assert_false(status_find_uri(txn, t.arena, post.uri, &read));
	db_read_end(&txn);
	assert_int_equal(account_counts_of(&t, alice.id).statuses, 0);
	task.status = post;
	task.status.id = 0;
	test_db_write(&t, add, &task);
	assert_false(task.result);
	test_db_check(&t);
}

static void boosts_are_listed_and_found_by_booster(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	uint64_t who[4], what[4];
	test_db_init(&t, NULL, 0);
	struct account alice = test_db_local(&t, "alice"), bob = test_db_local(&t, "bob"),
		       carol = test_db_local(&t, "carol");
	struct status post = test_db_status(&t, &alice, 0, 0);
	struct status by_bob = test_db_status(&t, &bob, 0, post.id);
	struct status by_carol = test_db_status(&t, &carol, 0, post.id);
	struct db_txn *txn = test_db_read(&t);
	assert_int_equal(status_boosts(txn, post.id, 0, who, what, 4), 2);
	assert_int_equal(who[1], carol.id);
	assert_int_equal(what[1], by_carol.id);
	assert_int_equal(status_boosts(txn, post.id, bob.id, who, what, 4), 1);
	assert_int_equal(status_boosts(txn, post.id, UINT64_MAX, who, what, 4), 0);
	assert_int_equal(status_boost_by(txn, post.id, bob.id), by_bob.id);
	assert_int_equal(status_boost_by(txn, post.id, alice.id), 0);
	db_read_end(&txn);
	assert_int_equal(counts_of(&t, post.id).boosts, 2);
	assert_true(try_del(&t, by_bob.id));
	assert_int_equal(counts_of(&t, post.id).boosts, 1);
	test_db_check(&t);
}

static void the_end_of_a_second_boost_leaves_the_first(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	test_db_init(&t, NULL, 0);
	struct account alice = test_db_local(&t, "alice"), bob = test_db_local(&t, "bob");
	struct status post = test_db_status(&t, &alice, 0, 0);
	struct status first = test_db_status(&t, &bob, 0, post.id);
	struct status second = test_db_status(&t, &bob, 0, post.id);
	assert_int_equal(counts_of(&t, post.id).boosts, 1);
	assert_true(try_del(&t, second.id));
	struct db_txn *txn = test_db_read(&t);
	assert_int_equal(status_boost_by(txn, post.id, bob.id), first.id);
	db_read_end(&txn);
	assert_int_equal(counts_of(&t, post.id).boosts, 1);
	test_db_check(&t);
}

static void an_edit_reaches_the_authors_index(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	struct status_entry e;
	test_db_init(&t, NULL, 0);
	struct account alice = test_db_local(&t, "alice");
	struct task task = { .status = test_db_status(&t, &alice, 0, 0) };
	task.status.flags |= STATUS_SENSITIVE;
	task.status.content = html_trusted(STR("<p>other</p>"));
	test_db_write(&t, edit, &task);
	assert_true(task.result);
	struct db_txn *txn = test_db_read(&t);
	assert_int_equal(status_by_author(txn, alice.id, 0, 0, &e, 1), 1);
	assert_int_equal(e.flags, STATUS_LOCAL | STATUS_SENSITIVE);
	db_read_end(&txn);
	task.status.id++;
	test_db_write(&t, edit, &task);
	assert_false(task.result);
	assert_int_equal(test_db_rows(&t, &store_status), 1);
	test_db_check(&t);
}

static enum rc put_raw(struct db_txn *txn, void *arg)
{
	status_raw_put(txn, ((struct task *)arg)->id, STR("{\"type\":\"Event\"}"));
	return db_txn_rc(txn);
}

static void the_json_of_a_status_goes_with_it(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	test_db_init(&t, NULL, 0);
	struct account alice = test_db_remote(&t, "alice", "a.example");
	struct task task = { .id = test_db_status(&t, &alice, 0, 0).id };
	test_db_write(&t, put_raw, &task);
	struct db_txn *txn = test_db_read(&t);
	assert_str_eq(status_raw(txn, task.id), STR("{\"type\":\"Event\"}"));
	assert_null(status_raw(txn, task.id + 1).ptr);
	db_read_end(&txn);
	assert_true(try_del(&t, task.id));
	assert_int_equal(test_db_rows(&t, &store_status_raw), 0);
}

static enum rc add_too_large(struct db_txn *txn, void *arg)
{
	struct task *task = arg;
	task->result = status_add(txn, &task->status);
	return db_txn_rc(txn) != RC_OK ? db_txn_rc(txn) : RC_INVALID;
}

static void too_large_a_status_fails_the_write_and_leaves_nothing(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	size_t len = 2 << 20;
	test_db_init(&t, NULL, 0);
	char *text = arena_alloc(t.arena, len);
	assert_non_null(text);
	memset(text, 'x', len);
	struct task task = { .status = { .account = 1,
					 .uri = STR("https://a.example/large"),
					 .source = str_n(text, len) } };
	assert_int_equal(db_write(t.db, add_too_large, &task), RC_TOO_LARGE);
	assert_int_equal(test_db_rows(&t, &store_uri), 0);
	assert_int_equal(test_db_rows(&t, &store_status), 0);
}

static void what_is_held_or_waits_is_not_counted(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	test_db_init(&t, NULL, 0);
	struct account alice = test_db_local(&t, "alice");
	struct status post = test_db_status(&t, &alice, 0, 0);
	const uint64_t before = account_counts_of(&t, alice.id).statuses;
	for (int i = 0; i < 2; i++) {
		struct status reply = test_db_status(&t, &alice, post.id, 0);
		assert_int_equal(counts_of(&t, post.id).replies, 1);
		assert_int_equal(account_counts_of(&t, alice.id).statuses, before + 1);
		struct task task = { .status = reply };
		task.status.flags |= i == 0 ? STATUS_HELD : 0;
		task.status.waits = i == 1;
		task.status.community = i == 1 ? alice.id : 0;
		/* said twice, it counts once */
		for (int k = 0; k < 2; k++) {
			test_db_write(&t, edit, &task);
			assert_true(task.result);
			assert_int_equal(counts_of(&t, post.id).replies, 0);
			assert_int_equal(account_counts_of(&t, alice.id).statuses, before);
		}
		struct db_txn *txn = test_db_read(&t);
		struct status_entry entry;
		assert_int_equal(status_by_author(txn, alice.id, 0, 0, &entry, 1), 1);
		assert_int_equal(entry.id, reply.id);
		assert_int_equal(entry.flags, task.status.flags);
		db_read_end(&txn);
		/* the node counts what goes by itself */
		if (i == 0)
			test_db_check(&t);
		/* let in, it counts; and goes with what it counted */
		task.status.flags &= ~(unsigned)STATUS_HELD;
		task.status.waits = false;
		test_db_write(&t, edit, &task);
		assert_int_equal(counts_of(&t, post.id).replies, 1);
		assert_int_equal(account_counts_of(&t, alice.id).statuses, before + 1);
		assert_true(try_del(&t, reply.id));
		assert_int_equal(counts_of(&t, post.id).replies, 0);
		assert_int_equal(account_counts_of(&t, alice.id).statuses, before);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_status_is_found_by_id_and_uri),
		cmocka_unit_test(a_known_uri_is_refused_without_effect),
		cmocka_unit_test(an_authors_statuses_come_newest_first_between_two_ids),
		cmocka_unit_test(replies_are_listed_counted_and_share_the_root),
		cmocka_unit_test(counts_are_of_what_everybody_may_see),
		cmocka_unit_test(a_gone_parent_keeps_its_replies_but_no_counts),
		cmocka_unit_test(deleting_leaves_nothing_but_a_tombstone),
		cmocka_unit_test(boosts_are_listed_and_found_by_booster),
		cmocka_unit_test(the_end_of_a_second_boost_leaves_the_first),
		cmocka_unit_test(an_edit_reaches_the_authors_index),
		cmocka_unit_test(what_is_held_or_waits_is_not_counted),
		cmocka_unit_test(the_json_of_a_status_goes_with_it),
		cmocka_unit_test(too_large_a_status_fails_the_write_and_leaves_nothing),
	};
	return cmocka_run_group_tests_name("status", tests, NULL, NULL);
}
