/* Follows, blocks, reports: states, counts, whom they tell. */
#include "deed.h"
#include "store/report.h"
#include "store/tables.h"
#include "store/uri.h"

static void expect_follow(struct test_store *t, const struct account *follower,
			  const struct account *followee, enum follow_state state)
{
	assert_int_equal(deed_follow_state(t, follower, followee), state);
	unsigned accepted = state == FOLLOW_ACCEPTED;
	assert_int_equal(deed_account_counts(t, followee).followers, accepted);
	assert_int_equal(deed_account_counts(t, follower).following, accepted);
	test_store_check(t);
}

static void an_open_account_is_followed_at_once(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice"), bob = test_store_local(&t, "bob");
	struct deed follow = { .verb = DO_FOLLOW, .actor = &bob, .target = &alice, .uri = STR("") };
	assert_int_equal(deed_do(&t, &follow), RC_OK);
	assert_int_equal(follow.state, FOLLOW_ACCEPTED);
	assert_int_equal(deed_do(&t, &follow), RC_OK);
	expect_follow(&t, &bob, &alice, FOLLOW_ACCEPTED);
	deed_noticed(&t, &alice, 1, NOTICE_FOLLOW, bob.id, 0);
	deed_told_nobody(&t);
	assert_int_equal(deed_on_account(&t, DO_UNFOLLOW, &bob, &alice), RC_OK);
	assert_int_equal(deed_on_account(&t, DO_UNFOLLOW, &bob, &alice), RC_NOT_FOUND);
	expect_follow(&t, &bob, &alice, FOLLOW_NONE);
	deed_told_nobody(&t);
}

static void a_remote_follow_is_answered_as_often_as_it_comes(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice");
	struct account bob = test_store_remote(&t, "bob", "b.example");
	struct deed follow = { .verb = DO_FOLLOW,
			       .actor = &bob,
			       .target = &alice,
			       .uri = STR("https://b.example/f/1") };
	for (int i = 0; i < 3; i++) {
		assert_int_equal(deed_do(&t, &follow), RC_OK);
		struct federate f = deed_told(&t, FEDERATE_ACCEPT);
		assert_int_equal(f.actor, alice.id);
		assert_int_equal(f.target, bob.id);
		assert_str_eq(f.object, follow.uri);
		assert_int_equal(f.extra_count, 1);
		assert_int_equal(f.extra[0], bob.id);
	}
	expect_follow(&t, &bob, &alice, FOLLOW_ACCEPTED);
	deed_noticed(&t, &alice, 1, NOTICE_FOLLOW, bob.id, 0);
	/* the peer uses another id the next time: that one is answered and kept */
	follow.uri = STR("https://b.example/f/2");
	assert_int_equal(deed_do(&t, &follow), RC_OK);
	struct federate again = deed_told(&t, FEDERATE_ACCEPT);
	assert_str_eq(again.object, follow.uri);
	/* and one that sends no id at all is answered for the one that is known */
	follow.uri = STR("");
	assert_int_equal(deed_do(&t, &follow), RC_OK);
	again = deed_told(&t, FEDERATE_ACCEPT);
	assert_str_eq(again.object, STR("https://b.example/f/2"));
	expect_follow(&t, &bob, &alice, FOLLOW_ACCEPTED);
}

static void no_id_is_made_up_for_a_stranger(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice");
	struct account bob = test_store_remote(&t, "bob", "b.example");
	struct deed follow = { .verb = DO_FOLLOW, .actor = &bob, .target = &alice, .uri = STR("") };
	uint64_t uris = test_store_rows(&t, &store_uri);
	assert_int_equal(deed_do(&t, &follow), RC_OK);
	struct federate f = deed_told(&t, FEDERATE_ACCEPT);
	assert_int_equal(f.object.len, 0);
	follow.verb = DO_BLOCK;
	assert_int_equal(deed_do(&t, &follow), RC_OK);
	assert_int_equal(test_store_rows(&t, &store_uri), uris);
	test_store_check(&t);
}

static void s069_a_locked_account_decides_itself(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_locked(&t, "alice");
	struct account bob = test_store_remote(&t, "bob", "b.example");
	assert_int_equal(deed_on_account(&t, DO_FOLLOW, &bob, &alice), RC_OK);
	assert_int_equal(deed_on_account(&t, DO_FOLLOW, &bob, &alice), RC_OK);
	expect_follow(&t, &bob, &alice, FOLLOW_PENDING);
	deed_noticed(&t, &alice, 1, NOTICE_FOLLOW_REQUEST, bob.id, 0);
	deed_told_nobody(&t);
	struct account gone = bob;
	gone.flags |= ACCOUNT_SUSPENDED;
	assert_int_equal(deed_on_account(&t, DO_ACCEPT, &alice, &gone), RC_GONE);
	assert_int_equal(deed_on_account(&t, DO_ACCEPT, &alice, &bob), RC_OK);
	struct federate f = deed_told(&t, FEDERATE_ACCEPT);
	assert_true(str_has_prefix(f.object, bob.uri));
	assert_int_equal(deed_on_account(&t, DO_ACCEPT, &alice, &bob), RC_EXISTS);
	expect_follow(&t, &bob, &alice, FOLLOW_ACCEPTED);
	assert_int_equal(deed_on_account(&t, DO_REJECT, &alice, &bob), RC_OK);
	f = deed_told(&t, FEDERATE_REJECT);
	assert_true(str_has_prefix(f.object, bob.uri));
	assert_int_equal(deed_on_account(&t, DO_REJECT, &alice, &bob), RC_NOT_FOUND);
	expect_follow(&t, &bob, &alice, FOLLOW_NONE);
}

static void a_request_is_news_until_it_is_answered(void **state UNUSED)
{
	static const enum verb answers[] = { DO_ACCEPT, DO_REJECT };
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_locked(&t, "alice");
	struct account bob = test_store_remote(&t, "bob", "b.example");
	struct notice none[1];
	for (size_t i = 0; i < ARRAY_LEN(answers); i++) {
		/* taken back and asked again is no second word (S-060) */
		assert_int_equal(deed_on_account(&t, DO_FOLLOW, &bob, &alice), RC_OK);
		assert_int_equal(deed_on_account(&t, DO_UNFOLLOW, &bob, &alice), RC_OK);
		assert_int_equal(deed_on_account(&t, DO_FOLLOW, &bob, &alice), RC_OK);
		deed_noticed(&t, &alice, 1, NOTICE_FOLLOW_REQUEST, bob.id, 0);
		assert_int_equal(deed_on_account(&t, answers[i], &alice, &bob), RC_OK);
		assert_int_equal(test_store_notices(&t, alice.id, none, 1), 0);
		if (answers[i] == DO_ACCEPT)
			assert_int_equal(deed_on_account(&t, DO_UNFOLLOW, &bob, &alice), RC_OK);
	}
	test_store_check(&t);
}

static void s069_our_follow_waits_for_the_answer(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice");
	struct account bob = test_store_remote(&t, "bob", "b.example");
	assert_int_equal(deed_on_account(&t, DO_FOLLOW, &alice, &bob), RC_OK);
	struct federate asked = deed_told(&t, FEDERATE_FOLLOW);
	assert_int_equal(asked.actor, alice.id);
	assert_int_equal(asked.target, bob.id);
	expect_follow(&t, &alice, &bob, FOLLOW_PENDING);
	/* asked once more in the same words */
	assert_int_equal(deed_on_account(&t, DO_FOLLOW, &alice, &bob), RC_OK);
	struct federate again = deed_told(&t, FEDERATE_FOLLOW);
	assert_str_eq(again.uri, asked.uri);
	expect_follow(&t, &alice, &bob, FOLLOW_PENDING);
	assert_int_equal(deed_on_account(&t, DO_ACCEPT, &bob, &alice), RC_OK);
	expect_follow(&t, &alice, &bob, FOLLOW_ACCEPTED);
	assert_int_equal(deed_on_account(&t, DO_FOLLOW, &alice, &bob), RC_OK);
	deed_told_nobody(&t);
	/* S-069: a Reject after the Accept ends it */
	assert_int_equal(deed_on_account(&t, DO_REJECT, &bob, &alice), RC_OK);
	expect_follow(&t, &alice, &bob, FOLLOW_NONE);
	/* S-008: and an Accept after the Reject begins nothing */
	assert_int_equal(deed_on_account(&t, DO_ACCEPT, &bob, &alice), RC_NOT_FOUND);
	expect_follow(&t, &alice, &bob, FOLLOW_NONE);
	deed_told_nobody(&t);
}

static void s008_an_accept_of_a_follow_that_was_never_sent_is_nothing(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice");
	struct account bob = test_store_remote(&t, "bob", "b.example");
	struct account eve = test_store_remote(&t, "eve", "b.example");
	assert_int_equal(deed_on_account(&t, DO_FOLLOW, &alice, &bob), RC_OK);
	assert_int_equal(deed_on_account(&t, DO_ACCEPT, &eve, &alice), RC_NOT_FOUND);
	assert_int_equal(deed_on_account(&t, DO_REJECT, &eve, &alice), RC_NOT_FOUND);
	expect_follow(&t, &alice, &bob, FOLLOW_PENDING);
}

static void taking_back_our_follow_names_it(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice");
	struct account bob = test_store_remote(&t, "bob", "b.example");
	assert_int_equal(deed_on_account(&t, DO_FOLLOW, &alice, &bob), RC_OK);
	struct federate asked = deed_told(&t, FEDERATE_FOLLOW);
	assert_int_equal(deed_on_account(&t, DO_UNFOLLOW, &alice, &bob), RC_OK);
	struct federate undone = deed_told(&t, FEDERATE_UNFOLLOW);
	assert_str_eq(undone.uri, asked.uri);
	expect_follow(&t, &alice, &bob, FOLLOW_NONE);
}

static void follows_that_are_not_made(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice"), bob = test_store_local(&t, "bob");
	struct account far = test_store_remote(&t, "far", "b.example");
	struct account off = test_store_remote(&t, "off", "c.example");
	assert_int_equal(deed_on_account(&t, DO_FOLLOW, &alice, &alice), RC_DENIED);
	assert_int_equal(deed_on_account(&t, DO_FOLLOW, &far, &off), RC_DENIED);
	assert_int_equal(deed_on_account(&t, DO_BLOCK, &alice, &far), RC_OK);
	assert_int_equal(deed_on_account(&t, DO_FOLLOW, &far, &alice), RC_DENIED);
	assert_int_equal(deed_on_account(&t, DO_FOLLOW, &alice, &far), RC_DENIED);
	struct account gone = bob;
	gone.flags |= ACCOUNT_SUSPENDED;
	assert_int_equal(deed_on_account(&t, DO_FOLLOW, &alice, &gone), RC_GONE);
	assert_int_equal(deed_on_account(&t, DO_FOLLOW, &gone, &alice), RC_GONE);
	assert_int_equal(test_store_rows(&t, &store_follow), 0);
	test_store_check(&t);
}

static void a_block_ends_follows_both_ways(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	struct federate jobs[8];
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice");
	struct account bob = test_store_remote(&t, "bob", "b.example");
	test_store_follow(&t, &alice, &bob);
	test_store_follow(&t, &bob, &alice);
	assert_int_equal(deed_on_account(&t, DO_BLOCK, &alice, &bob), RC_OK);
	assert_int_equal(test_store_jobs(&t, jobs, 8), 3);
	assert_int_equal(jobs[0].what, FEDERATE_REJECT);
	assert_int_equal(jobs[1].what, FEDERATE_UNFOLLOW);
	assert_int_equal(jobs[2].what, FEDERATE_BLOCK);
	test_store_forget_jobs(&t);
	assert_int_equal(test_store_rows(&t, &store_follow), 0);
	assert_int_equal(test_store_rows(&t, &store_audience), 0);
	assert_int_equal(deed_on_account(&t, DO_BLOCK, &alice, &bob), RC_EXISTS);
	assert_int_equal(deed_on_account(&t, DO_BLOCK, &alice, &alice), RC_DENIED);
	test_store_check(&t);
	assert_int_equal(deed_on_account(&t, DO_UNBLOCK, &alice, &bob), RC_OK);
	struct federate undone = deed_told(&t, FEDERATE_UNBLOCK);
	assert_str_eq(undone.uri, jobs[2].uri);
	assert_int_equal(deed_on_account(&t, DO_UNBLOCK, &alice, &bob), RC_NOT_FOUND);
	test_store_check(&t);
}

static void a_remote_block_ends_follows_and_tells_no_peer(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice");
	struct account bob = test_store_remote(&t, "bob", "b.example");
	test_store_follow(&t, &alice, &bob);
	test_store_follow(&t, &bob, &alice);
	assert_int_equal(deed_on_account(&t, DO_BLOCK, &bob, &alice), RC_OK);
	assert_int_equal(test_store_rows(&t, &store_follow), 0);
	deed_told_nobody(&t);
	test_store_check(&t);
}

static void s080_a_report_goes_out_in_the_nodes_name(void **state UNUSED)
{
	static const struct str objects[] = { STR_INIT("https://b.example/posts/1"),
					      STR_INIT("https://b.example/posts/2") };
	struct test_store t CLEANUP(test_store_free);
	struct report list[2];
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice");
	struct account bob = test_store_remote(&t, "bob", "b.example");
	struct deed report = { .verb = DO_REPORT,
			       .actor = &alice,
			       .target = &bob,
			       .comment = STR("rude"),
			       .objects = objects,
			       .object_count = 2,
			       .uri = STR("") };
	assert_int_equal(deed_do(&t, &report), RC_OK);
	struct federate f = deed_told(&t, FEDERATE_FLAG);
	assert_true(f.actor != alice.id);
	assert_str_eq(test_store_account(&t, f.actor).uri, STR("https://social.example.org/actor"));
	assert_true(!str_contains(f.uri, STR("alice")));
	assert_str_eq(f.object, STR("rude"));
	assert_int_equal(f.extra[0], bob.id);
	struct db_txn *txn = test_store_read(&t);
	assert_int_equal(report_list(txn, t.d.arena, 0, list, 2), 1);
	assert_int_equal(list[0].id, f.status);
	assert_int_equal(list[0].reporter, alice.id);
	assert_int_equal(list[0].object_count, 2);
	db_read_end(&txn);
	/* what a peer reports stays here, and so does what is reported about somebody here */
	report.actor = &bob;
	report.target = &alice;
	report.uri = STR("https://b.example/flags/1");
	assert_int_equal(deed_do(&t, &report), RC_OK);
	deed_told_nobody(&t);
	assert_int_equal(test_store_rows(&t, &store_report), 2);
}

static void too_long_a_report_is_refused(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	static char text[20000];
	test_store_init(&t);
	memset(text, 'x', sizeof(text));
	struct account alice = test_store_local(&t, "alice");
	struct account bob = test_store_remote(&t, "bob", "b.example");
	struct deed report = { .verb = DO_REPORT,
			       .actor = &alice,
			       .target = &bob,
			       .comment = str_n(text, sizeof(text)),
			       .uri = STR("") };
	assert_int_equal(deed_do(&t, &report), RC_TOO_LARGE);
	report.comment = STR("");
	report.object_count = REPORT_OBJECTS_MAX + 1;
	assert_int_equal(deed_do(&t, &report), RC_TOO_LARGE);
	assert_int_equal(test_store_rows(&t, &store_report), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_open_account_is_followed_at_once),
		cmocka_unit_test(a_remote_follow_is_answered_as_often_as_it_comes),
		cmocka_unit_test(no_id_is_made_up_for_a_stranger),
		cmocka_unit_test(s069_a_locked_account_decides_itself),
		cmocka_unit_test(a_request_is_news_until_it_is_answered),
		cmocka_unit_test(s069_our_follow_waits_for_the_answer),
		cmocka_unit_test(s008_an_accept_of_a_follow_that_was_never_sent_is_nothing),
		cmocka_unit_test(taking_back_our_follow_names_it),
		cmocka_unit_test(follows_that_are_not_made),
		cmocka_unit_test(a_block_ends_follows_both_ways),
		cmocka_unit_test(a_remote_block_ends_follows_and_tells_no_peer),
		cmocka_unit_test(s080_a_report_goes_out_in_the_nodes_name),
		cmocka_unit_test(too_long_a_report_is_refused),
	};
	return cmocka_run_group_tests_name("act_relate", tests, NULL, NULL);
}
