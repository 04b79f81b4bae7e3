/* Follows: states, mirrors, counts and the audience they make. */
#include "db/rec.h"
#include "store/graph.h"
#include "store/tables.h"
#include "store/uri.h"
#include "testdb.h"

struct task {
	const struct account *follower, *followee;
	enum follow_state state;
	struct str uri;
	bool result;
};

static enum rc put(struct db_txn *txn, void *arg)
{
	struct task *task = arg;
	follow_put(txn, task->follower, task->followee, task->state, task->uri);
	return db_txn_rc(txn);
}

static enum rc del(struct db_txn *txn, void *arg)
{
	struct task *task = arg;
	task->result = follow_del(txn, task->follower, task->followee);
	return db_txn_rc(txn);
}

static enum rc put_account(struct db_txn *txn, void *arg)
{
	struct test_db *t = ((void **)arg)[0];
	const struct account *a = ((void **)arg)[1];
	return account_put(txn, t->arena, a) ? RC_OK : RC_NOT_FOUND;
}

static void follow(struct test_db *t, const struct account *follower,
		   const struct account *followee, enum follow_state state, const char *uri)
{
	struct task task = {
		.follower = follower, .followee = followee, .state = state, .uri = str_of(uri)
	};
	test_db_write(t, put, &task);
}

static bool unfollow(struct test_db *t, const struct account *follower,
		     const struct account *followee)
{
	struct task task = { .follower = follower, .followee = followee };
	test_db_write(t, del, &task);
	return task.result;
}

static void expect_counts(struct test_db *t, const struct account *a, uint64_t followers,
			  uint64_t following)
{
	struct db_txn *txn = test_db_read(t);
	struct account_counts counts = account_counts(txn, a->id);
	db_read_end(&txn);
	assert_int_equal(counts.followers, followers);
	assert_int_equal(counts.following, following);
}

/* The audience as "inbox=followers" in any order; all of it, in steps of `step`. */
static void expect_audience(struct test_db *t, const struct account *a, size_t step,
			    const char *const *expected, size_t count)
{
	struct audience_inbox out[8];
	struct str cursor = STR("");
	size_t n, total = 0;
	struct db_txn *txn = test_db_read(t);
	while ((n = audience_next(txn, t->arena, a->id, &cursor, out, step)) != 0) {
		for (size_t i = 0; i < n; i++, total++) {
			struct str line = arena_printf(t->arena, "%.*s=%llu", STR_ARG(out[i].inbox),
						       (unsigned long long)out[i].followers);
			size_t k = 0;
			while (k < count && !str_eq(line, str_of(expected[k])))
				k++;
			if (k == count)
				fail_msg("unexpected %.*s", STR_ARG(line));
		}
	}
	assert_int_equal(total, count);
	assert_int_equal(db_txn_rc(txn), RC_OK);
	db_read_end(&txn);
}

static void s069_only_accepted_follows_count_and_are_in_the_audience(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	test_db_init(&t, NULL, 0);
	struct account alice = test_db_local(&t, "alice");
	struct account bob = test_db_remote(&t, "bob", "b.example");
	follow(&t, &bob, &alice, FOLLOW_PENDING, "https://b.example/f/1");
	expect_counts(&t, &alice, 0, 0);
	expect_audience(&t, &alice, 8, NULL, 0);
	follow(&t, &bob, &alice, FOLLOW_ACCEPTED, "");
	expect_counts(&t, &alice, 1, 0);
	expect_counts(&t, &bob, 0, 1);
	static const char *const one[] = { "https://b.example/inbox=1" };
	expect_audience(&t, &alice, 8, one, 1);
	follow(&t, &bob, &alice, FOLLOW_PENDING, "");
	expect_counts(&t, &alice, 0, 0);
	expect_audience(&t, &alice, 8, NULL, 0);
	test_db_check(&t);
}

static void s065_repeated_follows_and_unfollows_keep_counts_exact(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	test_db_init(&t, NULL, 0);
	struct account alice = test_db_local(&t, "alice");
	struct account bob = test_db_remote(&t, "bob", "b.example");
	for (int i = 0; i < 20; i++)
		follow(&t, &bob, &alice, FOLLOW_ACCEPTED, "https://b.example/f/1");
	expect_counts(&t, &alice, 1, 0);
	assert_true(unfollow(&t, &bob, &alice));
	for (int i = 0; i < 20; i++)
		assert_false(unfollow(&t, &bob, &alice));
	expect_counts(&t, &alice, 0, 0);
	expect_counts(&t, &bob, 0, 0);
	assert_int_equal(test_db_rows(&t, &store_follow), 0);
	assert_int_equal(test_db_rows(&t, &store_follower), 0);
	test_db_check(&t);
}

static void a_follow_is_found_by_its_newest_uri(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	test_db_init(&t, NULL, 0);
	struct account alice = test_db_local(&t, "alice");
	struct account bob = test_db_remote(&t, "bob", "b.example");
	follow(&t, &bob, &alice, FOLLOW_PENDING, "https://b.example/f/1");
	test_clock_advance(&t.clock, 5000);
	follow(&t, &bob, &alice, FOLLOW_ACCEPTED, "https://b.example/f/2");
	struct db_txn *txn = test_db_read(&t);
	struct follow f = follow_get(txn, bob.id, alice.id);
	assert_int_equal(f.state, FOLLOW_ACCEPTED);
	assert_int_equal(f.created_ms, TEST_DB_WALL_MS);
	assert_str_eq(f.uri, STR("https://b.example/f/2"));
	assert_int_equal(uri_find(txn, STR("https://b.example/f/1")).kind, URI_NONE);
	struct uri_entry entry = uri_find(txn, STR("https://b.example/f/2"));
	assert_int_equal(entry.kind, URI_FOLLOW);
	assert_int_equal(entry.id, bob.id);
	assert_int_equal(entry.other, alice.id);
	assert_int_equal(follow_get(txn, alice.id, bob.id).state, FOLLOW_NONE);
	db_read_end(&txn);
	assert_true(unfollow(&t, &bob, &alice));
	txn = test_db_read(&t);
	assert_int_equal(uri_find(txn, STR("https://b.example/f/2")).kind, URI_NONE);
	db_read_end(&txn);
}

static void s005_a_follow_under_anothers_id_takes_nothing_from_it(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	test_db_init(&t, NULL, 0);
	struct account alice = test_db_local(&t, "alice");
	struct account bob = test_db_remote(&t, "bob", "b.example");
	struct account eve = test_db_remote(&t, "eve", "b.example");
	test_db_follow(&t, &bob, &alice);
	struct db_txn *txn = test_db_read(&t);
	struct str bobs = arena_str(t.arena, follow_get(txn, bob.id, alice.id).uri);
	db_read_end(&txn);
	struct task task = { .follower = &eve, .followee = &alice, .state = FOLLOW_ACCEPTED };
	const struct str stolen[] = { bob.uri, bobs };
	for (size_t i = 0; i < ARRAY_LEN(stolen); i++) {
		task.uri = stolen[i];
		test_db_write(&t, put, &task);
		txn = test_db_read(&t);
		assert_int_equal(account_id_of_uri(txn, bob.uri), bob.id);
		assert_int_equal(uri_find(txn, bobs).id, bob.id);
		db_read_end(&txn);
		assert_true(unfollow(&t, &eve, &alice));
		txn = test_db_read(&t);
		assert_int_equal(account_id_of_uri(txn, bob.uri), bob.id);
		assert_int_equal(uri_find(txn, bobs).kind, URI_FOLLOW);
		db_read_end(&txn);
	}
	test_db_check(&t);
}

static void the_audience_has_each_inbox_once_and_can_be_resumed(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	test_db_init(&t, NULL, 0);
	struct account alice = test_db_local(&t, "alice"), local = test_db_local(&t, "local");
	test_db_follow(&t, &local, &alice);
	static const char *const hosts[] = { "b.example", "b.example", "b.example", "c.example",
					     "d.example" };
	struct account followers[ARRAY_LEN(hosts)];
	for (size_t i = 0; i < ARRAY_LEN(hosts); i++) {
		char name[] = { 'u', (char)('0' + i), '\0' };
		followers[i] = test_db_remote(&t, name, hosts[i]);
		test_db_follow(&t, &followers[i], &alice);
	}
	static const char *const all[] = { "https://b.example/inbox=3", "https://c.example/inbox=1",
					   "https://d.example/inbox=1" };
	for (size_t step = 1; step <= 4; step++)
		expect_audience(&t, &alice, step, all, 3);
	expect_counts(&t, &alice, 6, 0);
	unfollow(&t, &followers[0], &alice);
	unfollow(&t, &followers[3], &alice);
	static const char *const left[] = { "https://b.example/inbox=2",
					    "https://d.example/inbox=1" };
	expect_audience(&t, &alice, 2, left, 2);
	test_db_check(&t);
}

static void an_odd_cursor_begins_anew(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	struct audience_inbox out;
	char bytes[200] = { 0 };
	test_db_init(&t, NULL, 0);
	struct account alice = test_db_local(&t, "alice");
	struct account bob = test_db_remote(&t, "bob", "b.example");
	test_db_follow(&t, &bob, &alice);
	struct str cursor = str_n(bytes, sizeof(bytes));
	struct db_txn *txn = test_db_read(&t);
	assert_int_equal(audience_next(txn, t.arena, alice.id, &cursor, &out, 1), 1);
	assert_int_equal(audience_next(txn, t.arena, alice.id, &cursor, &out, 1), 0);
	db_read_end(&txn);
}

static void a_moved_inbox_moves_in_every_audience(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	test_db_init(&t, NULL, 0);
	struct account bob = test_db_remote(&t, "bob", "b.example");
	struct account mate = test_db_remote(&t, "mate", "b.example");
	struct account local[70];
	for (size_t i = 0; i < ARRAY_LEN(local); i++) {
		char name[16] = "u";
		name[1] = (char)('a' + i / 26);
		name[2] = (char)('a' + i % 26);
		local[i] = test_db_local(&t, name);
		test_db_follow(&t, &bob, &local[i]);
	}
	test_db_follow(&t, &mate, &local[0]);
	bob.shared_inbox = STR("https://b.example/new");
	void *args[] = { &t, &bob };
	test_db_write(&t, put_account, args);
	static const char *const both[] = { "https://b.example/inbox=1",
					    "https://b.example/new=1" };
	expect_audience(&t, &local[0], 8, both, 2);
	expect_audience(&t, &local[69], 8, &both[1], 1);
	test_db_check(&t);
}

/* S-072, S-069: who is suspended gets nothing more; a mate on the same host still does. */
static void who_is_suspended_leaves_every_audience_until_that_ends(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	static const char *const both[] = { "https://b.example/inbox=2" };
	static const char *const one[] = { "https://b.example/inbox=1" };
	test_db_init(&t, NULL, 0);
	struct account alice = test_db_local(&t, "alice"), carol = test_db_local(&t, "carol");
	struct account bob = test_db_remote(&t, "bob", "b.example");
	struct account mate = test_db_remote(&t, "mate", "b.example");
	const struct account before = bob;
	void *args[] = { &t, &bob };
	test_db_follow(&t, &bob, &alice);
	test_db_follow(&t, &mate, &alice);
	test_db_follow(&t, &bob, &carol);
	bob.flags |= ACCOUNT_SUSPENDED;
	for (int again = 0; again < 2; again++)
		test_db_write(&t, put_account, args);
	expect_audience(&t, &alice, 8, one, 1);
	expect_audience(&t, &carol, 8, NULL, 0);
	test_db_check(&t);
	/* a follow that ends meanwhile ends once, whatever its caller still knows */
	assert_true(unfollow(&t, &before, &alice));
	expect_audience(&t, &alice, 8, one, 1);
	bob.flags &= ~(unsigned)ACCOUNT_SUSPENDED;
	test_db_write(&t, put_account, args);
	expect_audience(&t, &alice, 8, one, 1);
	expect_audience(&t, &carol, 8, one, 1);
	test_db_follow(&t, &bob, &alice);
	expect_audience(&t, &alice, 8, both, 1);
	test_db_check(&t);
}

static void followers_and_followees_are_listed_by_state(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	uint64_t ids[8];
	test_db_init(&t, NULL, 0);
	struct account alice = test_db_local(&t, "alice"), bob = test_db_local(&t, "bob"),
		       carol = test_db_local(&t, "carol"), dave = test_db_local(&t, "dave");
	test_db_follow(&t, &bob, &alice);
	follow(&t, &carol, &alice, FOLLOW_PENDING, "https://x.example/1");
	test_db_follow(&t, &dave, &alice);
	struct db_txn *txn = test_db_read(&t);
	assert_int_equal(follow_followers(txn, alice.id, 0, FOLLOW_ACCEPTED, ids, 8), 2);
	assert_int_equal(ids[0], bob.id);
	assert_int_equal(ids[1], dave.id);
	assert_int_equal(follow_followers(txn, alice.id, bob.id, FOLLOW_ACCEPTED, ids, 8), 1);
	assert_int_equal(follow_followers(txn, alice.id, UINT64_MAX, FOLLOW_ACCEPTED, ids, 8), 0);
	assert_int_equal(follow_followers(txn, alice.id, 0, FOLLOW_PENDING, ids, 8), 1);
	assert_int_equal(ids[0], carol.id);
	assert_int_equal(follow_following(txn, carol.id, 0, FOLLOW_PENDING, ids, 8), 1);
	assert_int_equal(follow_following(txn, carol.id, 0, FOLLOW_ACCEPTED, ids, 8), 0);
	assert_true(follow_accepted(txn, bob.id, alice.id));
	assert_false(follow_accepted(txn, carol.id, alice.id));
	db_read_end(&txn);
}

static enum rc change_damaged(struct db_txn *txn, void *arg)
{
	struct task *task = arg;
	follow_put(txn, task->follower, task->followee, FOLLOW_ACCEPTED, STR(""));
	return db_txn_rc(txn);
}

static void a_damaged_audience_row_fails_the_write(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	test_db_init(&t, NULL, 0);
	struct account alice = test_db_local(&t, "alice");
	struct account bob = test_db_remote(&t, "bob", "b.example");
	struct account mate = test_db_remote(&t, "mate", "b.example");
	test_db_follow(&t, &bob, &alice);
	struct reckey key = reckey_u64(alice.id), digest = reckey_digest(bob.shared_inbox);
	reckey_add_bytes(&key, digest.bytes, digest.len);
	test_db_put(&t, &store_audience, reckey_str(&key), STR("\2\1x"));
	struct task task = { .follower = &mate, .followee = &alice };
	assert_int_equal(db_write(t.db, change_damaged, &task), RC_CORRUPT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(s069_only_accepted_follows_count_and_are_in_the_audience),
		cmocka_unit_test(s065_repeated_follows_and_unfollows_keep_counts_exact),
		cmocka_unit_test(a_follow_is_found_by_its_newest_uri),
		cmocka_unit_test(s005_a_follow_under_anothers_id_takes_nothing_from_it),
		cmocka_unit_test(the_audience_has_each_inbox_once_and_can_be_resumed),
		cmocka_unit_test(an_odd_cursor_begins_anew),
		cmocka_unit_test(a_moved_inbox_moves_in_every_audience),
		cmocka_unit_test(who_is_suspended_leaves_every_audience_until_that_ends),
		cmocka_unit_test(followers_and_followees_are_listed_by_state),
		cmocka_unit_test(a_damaged_audience_row_fails_the_write),
	};
	return cmocka_run_group_tests_name("follow", tests, NULL, NULL);
}
