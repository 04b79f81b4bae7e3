/* Likes and boosts: what they count, whom they tell, and that repeating has no second effect. */
#include "deed.h"
#include "store/tables.h"

static void s065_a_like_has_its_effect_once(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice"), bob = test_store_local(&t, "bob");
	struct status post = test_store_post(&t, &alice, VISIBILITY_PUBLIC, "x", NULL);
	test_store_forget_jobs(&t);
	assert_int_equal(deed_on_status(&t, DO_LIKE, &bob, post.id), RC_OK);
	for (int i = 0; i < 5; i++)
		assert_int_equal(deed_on_status(&t, DO_LIKE, &bob, post.id), RC_EXISTS);
	assert_int_equal(deed_status_counts(&t, post.id).likes, 1);
	deed_noticed(&t, &alice, 1, NOTICE_LIKE, bob.id, post.id);
	deed_told_nobody(&t);
	assert_int_equal(deed_on_status(&t, DO_UNLIKE, &bob, post.id), RC_OK);
	assert_int_equal(deed_on_status(&t, DO_UNLIKE, &bob, post.id), RC_NOT_FOUND);
	assert_int_equal(deed_status_counts(&t, post.id).likes, 0);
	test_store_check(&t);
}

static void a_like_of_a_remote_post_is_told_to_its_author_alone(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice");
	struct account bob = test_store_remote(&t, "bob", "b.example");
	struct status post = test_store_post(&t, &bob, VISIBILITY_PUBLIC, "x", NULL);
	assert_int_equal(deed_on_status(&t, DO_LIKE, &alice, post.id), RC_OK);
	struct federate f = deed_told(&t, FEDERATE_LIKE);
	assert_int_equal(f.actor, alice.id);
	assert_int_equal(f.status, post.id);
	assert_int_equal(f.target, bob.id);
	assert_int_equal(f.extra_count, 1);
	assert_int_equal(f.extra[0], bob.id);
	assert_str_eq(f.object, post.uri);
	assert_true(str_has_prefix(f.uri, alice.uri));
	struct str liked = f.uri;
	assert_int_equal(deed_on_status(&t, DO_UNLIKE, &alice, post.id), RC_OK);
	f = deed_told(&t, FEDERATE_UNLIKE);
	assert_str_eq(f.uri, liked);
	test_store_check(&t);
}

static void a_remote_like_tells_the_author_here_and_no_peer(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice");
	struct account bob = test_store_remote(&t, "bob", "b.example");
	struct status post = test_store_post(&t, &alice, VISIBILITY_PUBLIC, "x", NULL);
	test_store_forget_jobs(&t);
	assert_int_equal(deed_on_status(&t, DO_LIKE, &bob, post.id), RC_OK);
	assert_int_equal(deed_on_status(&t, DO_LIKE, &bob, post.id), RC_EXISTS);
	deed_noticed(&t, &alice, 1, NOTICE_LIKE, bob.id, post.id);
	/* one without an id counts like any other */
	struct account eve = test_store_remote(&t, "eve", "b.example");
	struct deed bare = { .verb = DO_LIKE, .actor = &eve, .status = post.id, .uri = STR("") };
	assert_int_equal(deed_do(&t, &bare), RC_OK);
	assert_int_equal(deed_status_counts(&t, post.id).likes, 2);
	deed_told_nobody(&t);
	test_store_check(&t);
}

static void s071_what_one_may_not_see_is_not_there(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice"), eve = test_store_local(&t, "eve");
	struct account far = test_store_remote(&t, "far", "b.example");
	const enum visibility hidden[] = { VISIBILITY_FOLLOWERS, VISIBILITY_DIRECT };
	for (size_t i = 0; i < ARRAY_LEN(hidden); i++) {
		struct status post = test_store_post(&t, &alice, hidden[i], "x", NULL);
		assert_int_equal(deed_on_status(&t, DO_LIKE, &eve, post.id), RC_NOT_FOUND);
		assert_int_equal(deed_on_status(&t, DO_LIKE, &far, post.id), RC_NOT_FOUND);
		assert_int_equal(deed_on_status(&t, DO_BOOST, &eve, post.id), RC_NOT_FOUND);
	}
	struct status local = test_store_post(&t, &alice, VISIBILITY_LOCAL, "x", NULL);
	assert_int_equal(deed_on_status(&t, DO_LIKE, &far, local.id), RC_NOT_FOUND);
	assert_int_equal(deed_on_status(&t, DO_LIKE, &eve, local.id), RC_OK);
	assert_int_equal(deed_on_status(&t, DO_LIKE, &eve, 4711), RC_NOT_FOUND);
	struct status open = test_store_post(&t, &alice, VISIBILITY_PUBLIC, "x", NULL);
	assert_int_equal(deed_on_account(&t, DO_BLOCK, &alice, &eve), RC_OK);
	assert_int_equal(deed_on_status(&t, DO_LIKE, &eve, open.id), RC_NOT_FOUND);
	assert_int_equal(deed_on_status(&t, DO_BOOST, &eve, open.id), RC_NOT_FOUND);
	test_store_check(&t);
}

static void the_suspended_do_nothing(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice"), eve = test_store_local(&t, "eve");
	struct status post = test_store_post(&t, &alice, VISIBILITY_PUBLIC, "x", NULL);
	eve.flags |= ACCOUNT_SUSPENDED;
	assert_int_equal(deed_on_status(&t, DO_LIKE, &eve, post.id), RC_GONE);
	assert_int_equal(deed_on_status(&t, DO_BOOST, &eve, post.id), RC_GONE);
}

static void s065_a_boost_has_its_effect_once(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice");
	struct account bob = test_store_remote(&t, "bob", "b.example");
	struct status post = test_store_post(&t, &bob, VISIBILITY_UNLISTED, "x", NULL);
	struct deed boost = {
		.verb = DO_BOOST, .actor = &alice, .status = post.id, .uri = STR("")
	};
	assert_int_equal(deed_do(&t, &boost), RC_OK);
	struct federate f = deed_told(&t, FEDERATE_BOOST);
	assert_int_equal(f.status, post.id);
	assert_int_equal(f.extra[0], bob.id);
	assert_int_equal(f.visibility, VISIBILITY_UNLISTED);
	struct status row = test_store_status(&t, boost.made);
	assert_int_equal(row.boost_of, post.id);
	/* asked for as public, it is no wider than what it boosts */
	assert_int_equal(row.visibility, VISIBILITY_UNLISTED);
	assert_str_eq(f.uri, row.uri);
	assert_int_equal(deed_do(&t, &boost), RC_EXISTS);
	assert_int_equal(deed_status_counts(&t, post.id).boosts, 1);
	assert_int_equal(deed_account_counts(&t, &alice).statuses, 1);
	assert_int_equal(deed_on_status(&t, DO_UNBOOST, &alice, post.id), RC_OK);
	struct federate undone = deed_told(&t, FEDERATE_UNBOOST);
	assert_str_eq(undone.uri, row.uri);
	assert_int_equal(deed_on_status(&t, DO_UNBOOST, &alice, post.id), RC_NOT_FOUND);
	assert_int_equal(deed_status_counts(&t, post.id).boosts, 0);
	assert_int_equal(deed_account_counts(&t, &alice).statuses, 0);
	/* and again */
	assert_int_equal(deed_do(&t, &boost), RC_OK);
	test_store_check(&t);
}

static void a_boost_of_ones_own_post_for_followers_stays_theirs(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice"), bob = test_store_local(&t, "bob");
	test_store_follow(&t, &bob, &alice);
	struct status post = test_store_post(&t, &alice, VISIBILITY_FOLLOWERS, "x", NULL);
	struct deed boost = {
		.verb = DO_BOOST, .actor = &alice, .status = post.id, .uri = STR("")
	};
	assert_int_equal(deed_do(&t, &boost), RC_OK);
	assert_int_equal(test_store_status(&t, boost.made).visibility, VISIBILITY_FOLLOWERS);
	assert_int_equal(deed_on_status(&t, DO_BOOST, &bob, post.id), RC_DENIED);
	/* and no boost of a boost */
	assert_int_equal(deed_on_status(&t, DO_BOOST, &bob, boost.made), RC_NOT_FOUND);
	assert_int_equal(deed_on_status(&t, DO_LIKE, &bob, boost.made), RC_NOT_FOUND);
}

static void a_remote_boost_tells_the_author_here(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice");
	struct account bob = test_store_remote(&t, "bob", "b.example");
	struct status post = test_store_post(&t, &alice, VISIBILITY_PUBLIC, "x", NULL);
	test_store_forget_jobs(&t);
	assert_int_equal(deed_on_status(&t, DO_BOOST, &bob, post.id), RC_OK);
	assert_int_equal(deed_on_status(&t, DO_BOOST, &bob, post.id), RC_EXISTS);
	deed_noticed(&t, &alice, 1, NOTICE_BOOST, bob.id, post.id);
	deed_told_nobody(&t);
	/* under the id of something else it is not made */
	struct account eve = test_store_remote(&t, "eve", "b.example");
	struct deed stolen = { .verb = DO_BOOST, .actor = &eve, .status = post.id, .uri = bob.uri };
	assert_int_equal(deed_do(&t, &stolen), RC_EXISTS);
	assert_int_equal(deed_status_counts(&t, post.id).boosts, 1);
	test_store_check(&t);
}

static void s060_liking_again_and_again_is_one_notice(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice");
	struct account bob = test_store_remote(&t, "bob", "b.example");
	struct status post = test_store_post(&t, &alice, VISIBILITY_PUBLIC, "x", NULL);
	for (int i = 0; i < 10; i++) {
		assert_int_equal(deed_on_status(&t, DO_LIKE, &bob, post.id), RC_OK);
		assert_int_equal(deed_on_status(&t, DO_UNLIKE, &bob, post.id), RC_OK);
		assert_int_equal(deed_on_account(&t, DO_FOLLOW, &bob, &alice), RC_OK);
		assert_int_equal(deed_on_account(&t, DO_UNFOLLOW, &bob, &alice), RC_OK);
	}
	deed_noticed(&t, &alice, 2, NOTICE_FOLLOW, bob.id, 0);
	test_store_check(&t);
}

static void nobody_is_told_of_what_they_do_to_themselves(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	struct notice out[4];
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice");
	struct status post = test_store_post(&t, &alice, VISIBILITY_PUBLIC, "x", NULL);
	assert_int_equal(deed_on_status(&t, DO_LIKE, &alice, post.id), RC_OK);
	assert_int_equal(deed_on_status(&t, DO_BOOST, &alice, post.id), RC_OK);
	assert_int_equal(test_store_notices(&t, alice.id, out, 4), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(s065_a_like_has_its_effect_once),
		cmocka_unit_test(a_like_of_a_remote_post_is_told_to_its_author_alone),
		cmocka_unit_test(a_remote_like_tells_the_author_here_and_no_peer),
		cmocka_unit_test(s071_what_one_may_not_see_is_not_there),
		cmocka_unit_test(the_suspended_do_nothing),
		cmocka_unit_test(s065_a_boost_has_its_effect_once),
		cmocka_unit_test(a_boost_of_ones_own_post_for_followers_stays_theirs),
		cmocka_unit_test(a_remote_boost_tells_the_author_here),
		cmocka_unit_test(s060_liking_again_and_again_is_one_notice),
		cmocka_unit_test(nobody_is_told_of_what_they_do_to_themselves),
	};
	return cmocka_run_group_tests_name("act_react", tests, NULL, NULL);
}
