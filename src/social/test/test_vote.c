/* Votes: who may, how often, and whom they are told to. */
#include "pollkit.h"
#include "store/tables.h"

static void a_person_here_votes_once(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice"), bob = test_store_local(&t, "bob");
	struct account carol = test_store_local(&t, "carol");
	struct status one = poll_ask(&t, &alice, false, VISIBILITY_PUBLIC);
	struct status many = poll_ask(&t, &alice, true, VISIBILITY_PUBLIC);
	assert_int_equal(poll_vote_do(&t, &bob, &one, "red", "blue"), RC_INVALID);
	assert_int_equal(poll_vote_do(&t, &bob, &one, "pink", NULL), RC_INVALID);
	assert_int_equal(poll_vote_do(&t, &bob, &one, NULL, NULL), RC_INVALID);
	poll_expect(&t, &one, 0, 0, 0, 0);
	assert_int_equal(poll_vote_do(&t, &bob, &one, "red", NULL), RC_OK);
	assert_int_equal(poll_vote_do(&t, &bob, &one, "red", NULL), RC_EXISTS);
	assert_int_equal(poll_vote_do(&t, &bob, &one, "blue", NULL), RC_EXISTS);
	poll_expect(&t, &one, 1, 0, 0, 1);
	assert_int_equal(poll_vote_do(&t, &carol, &many, "red", "red"), RC_INVALID);
	assert_int_equal(poll_vote_do(&t, &carol, &many, "red", "pink"), RC_INVALID);
	poll_expect(&t, &many, 0, 0, 0, 0);
	assert_int_equal(poll_vote_do(&t, &carol, &many, "red", "blue"), RC_OK);
	assert_int_equal(poll_vote_do(&t, &carol, &many, "green", NULL), RC_EXISTS);
	poll_expect(&t, &many, 1, 0, 1, 1);
	assert_int_equal(poll_vote_do(&t, &alice, &one, "red", NULL), RC_DENIED);
	/* nobody is told who has voted, nor that somebody has */
	assert_int_equal(test_store_rows(&t, &store_notice), 0);
	deed_told_nobody(&t);
}

static void remote_choices_may_come_apart(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice");
	struct account bob = test_store_remote(&t, "bob", "b.example");
	struct status one = poll_ask(&t, &alice, false, VISIBILITY_PUBLIC);
	struct status many = poll_ask(&t, &alice, true, VISIBILITY_PUBLIC);
	assert_int_equal(poll_vote_by(&t, &bob, &many, "red", "https://b.example/v/1"), RC_OK);
	assert_int_equal(poll_vote_by(&t, &bob, &many, "blue", "https://b.example/v/2"), RC_OK);
	assert_int_equal(poll_vote_by(&t, &bob, &many, "blue", "https://b.example/v/3"), RC_EXISTS);
	/* an id that was used before chooses nothing else */
	assert_int_equal(poll_vote_by(&t, &bob, &many, "green", "https://b.example/v/1"),
			 RC_EXISTS);
	poll_expect(&t, &many, 1, 0, 1, 1);
	assert_int_equal(poll_vote_by(&t, &bob, &one, "red", "https://b.example/v/4"), RC_OK);
	assert_int_equal(poll_vote_by(&t, &bob, &one, "blue", "https://b.example/v/5"), RC_EXISTS);
	assert_int_equal(poll_vote_by(&t, &bob, &one, "pink", "https://b.example/v/6"), RC_INVALID);
	poll_expect(&t, &one, 1, 0, 0, 1);
}

static void s071_only_who_sees_a_poll_votes_in_it(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice"), eve = test_store_local(&t, "eve");
	struct account bob = test_store_remote(&t, "bob", "b.example");
	struct account fan = test_store_remote(&t, "fan", "b.example");
	test_store_follow(&t, &fan, &alice);
	struct status hidden = poll_ask(&t, &alice, false, VISIBILITY_FOLLOWERS);
	struct status local = poll_ask(&t, &alice, false, VISIBILITY_LOCAL);
	struct status open = poll_ask(&t, &alice, false, VISIBILITY_PUBLIC);
	struct status plain = test_store_post(&t, &alice, VISIBILITY_PUBLIC, "x", NULL);
	assert_int_equal(poll_vote_do(&t, &eve, &hidden, "red", NULL), RC_NOT_FOUND);
	assert_int_equal(poll_vote_do(&t, &bob, &hidden, "red", NULL), RC_NOT_FOUND);
	assert_int_equal(poll_vote_do(&t, &fan, &hidden, "red", NULL), RC_OK);
	assert_int_equal(poll_vote_do(&t, &bob, &local, "red", NULL), RC_NOT_FOUND);
	assert_int_equal(poll_vote_do(&t, &eve, &local, "red", NULL), RC_OK);
	assert_int_equal(poll_vote_do(&t, &eve, &plain, "red", NULL), RC_NOT_FOUND);
	assert_int_equal(deed_on_account(&t, DO_BLOCK, &alice, &eve), RC_OK);
	assert_int_equal(poll_vote_do(&t, &eve, &open, "red", NULL), RC_NOT_FOUND);
	bob.flags |= ACCOUNT_SUSPENDED;
	assert_int_equal(poll_vote_do(&t, &bob, &open, "red", NULL), RC_GONE);
	test_store_check(&t);
}

static void a_late_vote_is_refused(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice"), bob = test_store_local(&t, "bob");
	struct account far = test_store_remote(&t, "far", "b.example");
	struct status post = poll_ask(&t, &alice, false, VISIBILITY_PUBLIC);
	test_clock_advance(&t.d.clock, MS_PER_DAY - 1);
	assert_int_equal(poll_vote_do(&t, &bob, &post, "red", NULL), RC_OK);
	/* whether or not the job has run */
	test_clock_advance(&t.d.clock, 1);
	assert_int_equal(poll_vote_do(&t, &far, &post, "red", NULL), RC_DENIED);
	poll_run(&t, POLL_END, &post);
	assert_int_equal(poll_vote_do(&t, &far, &post, "red", NULL), RC_DENIED);
	poll_expect(&t, &post, 1, 0, 0, 1);
}

static void a_vote_elsewhere_is_told_to_the_author_alone(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice");
	struct account bob = test_store_remote(&t, "bob", "b.example");
	struct account stranger = test_store_remote(&t, "x", "c.example");
	struct status post = poll_remote(&t, &bob, POLL_MULTIPLE);
	struct federate jobs[4];
	assert_int_equal(poll_vote_do(&t, &alice, &post, "green", "red"), RC_OK);
	assert_int_equal(test_store_jobs(&t, jobs, 4), 2);
	for (unsigned i = 0; i < 2; i++) {
		assert_int_equal(jobs[i].what, FEDERATE_VOTE);
		assert_int_equal(jobs[i].actor, alice.id);
		assert_int_equal(jobs[i].status, post.id);
		assert_int_equal(jobs[i].target, bob.id);
		assert_int_equal(jobs[i].visibility, VISIBILITY_DIRECT);
		assert_int_equal(jobs[i].extra_count, 1);
		assert_int_equal(jobs[i].extra[0], bob.id);
		assert_true(str_has_prefix(jobs[i].uri, alice.uri));
	}
	assert_str_eq(jobs[0].object, STR("red"));
	assert_str_eq(jobs[1].object, STR("green"));
	assert_false(str_eq(jobs[0].uri, jobs[1].uri));
	/* seen here at once, until its own server says */
	struct poll p = poll_of(&t, &post);
	assert_int_equal(p.options[0].votes, 6);
	assert_int_equal(p.voters, 8);
	/* what strangers send here for a poll elsewhere counts nothing */
	assert_int_equal(poll_vote_do(&t, &stranger, &post, "red", NULL), RC_NOT_FOUND);
	test_store_check(&t);
}

static void counts_elsewhere_are_what_their_server_says(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice");
	struct account bob = test_store_remote(&t, "bob", "b.example");
	struct status post = poll_remote(&t, &bob, 0);
	uint64_t ends = TEST_DB_WALL_MS + MS_PER_HOUR;
	assert_int_equal(poll_vote_do(&t, &alice, &post, "red", NULL), RC_OK);
	poll_told_anew(&t, &post, poll_told(0, 9, 4, ends));
	struct poll p = poll_of(&t, &post);
	assert_int_equal(p.options[0].votes, 9);
	assert_int_equal(p.voters, 13);
	assert_int_equal(poll_vote_do(&t, &alice, &post, "red", NULL), RC_EXISTS);
	/* other options: what was chosen among the old ones is no more */
	poll_told_anew(&t, &post, poll_told(POLL_MULTIPLE, 0, 0, ends));
	assert_int_equal(poll_vote_do(&t, &alice, &post, "red", NULL), RC_OK);
	/* over, and nobody has told the last counts: then, and until then only, they are asked for */
	assert_false(poll_is_stale(&p, ends - 1));
	assert_true(poll_is_stale(&p, ends));
	test_clock_advance(&t.d.clock, MS_PER_HOUR);
	poll_told_anew(&t, &post, poll_told(0, 10, 4, ends));
	p = poll_of(&t, &post);
	assert_false(poll_is_stale(&p, ends));
	test_store_check(&t);
}

static void who_voted_elsewhere_hears_of_the_end(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice"), carol = test_store_local(&t, "carol");
	struct account bob = test_store_remote(&t, "bob", "b.example");
	struct status post = poll_remote(&t, &bob, 0);
	const uint64_t hour = TEST_DB_WALL_MS + MS_PER_HOUR;
	assert_int_equal(poll_vote_do(&t, &alice, &post, "red", NULL), RC_OK);
	assert_int_equal(poll_vote_do(&t, &carol, &post, "red", NULL), RC_OK);
	struct waiting w = poll_waiting(&t);
	assert_int_equal(w.count, 1); /* one for all */
	assert_int_equal(w.due_ms[0], hour);
	/* put off: the job finds that out when it runs, and waits on */
	poll_told_anew(&t, &post, poll_told(0, 7, 2, hour + MS_PER_HOUR));
	assert_int_equal(poll_waiting(&t).count, 1);
	test_store_forget_jobs(&t);
	test_clock_advance(&t.d.clock, MS_PER_HOUR);
	poll_run(&t, POLL_END, &post);
	assert_int_equal(test_store_rows(&t, &store_notice), 0);
	w = poll_waiting(&t);
	assert_int_equal(w.count, 1);
	assert_int_equal(w.due_ms[0], hour + MS_PER_HOUR);
	test_store_forget_jobs(&t);
	test_clock_advance(&t.d.clock, MS_PER_HOUR);
	poll_run(&t, POLL_END, &post);
	deed_noticed(&t, &alice, 1, NOTICE_POLL, bob.id, post.id);
	deed_noticed(&t, &carol, 1, NOTICE_POLL, bob.id, post.id);
	deed_told_nobody(&t);
	assert_int_equal(poll_waiting(&t).count, 0);
	test_store_check(&t);
}

static void who_voted_hears_once_of_a_poll_that_is_closed_early(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice");
	struct account bob = test_store_remote(&t, "bob", "b.example");
	struct status post = poll_remote(&t, &bob, 0);
	const uint64_t hour = TEST_DB_WALL_MS + MS_PER_HOUR;
	assert_int_equal(poll_vote_do(&t, &alice, &post, "red", NULL), RC_OK);
	test_clock_advance(&t.d.clock, MS_PER_MINUTE);
	struct poll closed = poll_told(0, 6, 2, hour);
	closed.closed_ms = TEST_DB_WALL_MS + MS_PER_MINUTE;
	for (int i = 0; i < 3; i++) { /* S-060: however often it is said, and taken back */
		poll_told_anew(&t, &post, closed);
		poll_told_anew(&t, &post, poll_told(0, 6, 2, hour));
		assert_int_equal(poll_of(&t, &post).closed_ms, closed.closed_ms);
	}
	struct waiting w = poll_waiting(&t);
	assert_int_equal(w.count, 2); /* the one that was there before is one of them */
	assert_int_equal(w.due_ms[1], closed.closed_ms);
	poll_run(&t, POLL_END, &post);
	deed_noticed(&t, &alice, 1, NOTICE_POLL, bob.id, post.id);
	test_clock_advance(&t.d.clock, MS_PER_HOUR);
	poll_run(&t, POLL_END, &post);
	deed_noticed(&t, &alice, 1, NOTICE_POLL, bob.id, post.id);
	test_store_check(&t);
}

static void s060_an_end_that_moves_makes_one_job(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice");
	struct account bob = test_store_remote(&t, "bob", "b.example");
	struct status post = poll_remote(&t, &bob, 0);
	const uint64_t far = TEST_DB_WALL_MS + 3650 * MS_PER_DAY;
	poll_told_anew(&t, &post, poll_told(0, 0, 0, far));
	assert_int_equal(poll_waiting(&t).count, 0); /* nobody here has voted */
	assert_int_equal(poll_vote_do(&t, &alice, &post, "red", NULL), RC_OK);
	for (unsigned i = 0; i < 50; i++)
		poll_told_anew(&t, &post, poll_told(0, i, 0, far + i));
	struct waiting w = poll_waiting(&t);
	assert_int_equal(w.count, 1);
	/* it looks before that, so that an end that comes sooner is not missed */
	assert_int_equal(w.due_ms[0], TEST_DB_WALL_MS + MS_PER_DAY);
	test_store_forget_jobs(&t);
	test_clock_advance(&t.d.clock, MS_PER_DAY);
	poll_run(&t, POLL_END, &post);
	assert_int_equal(poll_waiting(&t).count, 1);
	test_store_forget_jobs(&t);
	poll_told_anew(&t, &post, poll_told(0, 1, 0, TEST_DB_WALL_MS + MS_PER_HOUR));
	test_clock_advance(&t.d.clock, MS_PER_DAY);
	poll_run(&t, POLL_END, &post);
	deed_noticed(&t, &alice, 1, NOTICE_POLL, bob.id, post.id);
	assert_int_equal(poll_waiting(&t).count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_person_here_votes_once),
		cmocka_unit_test(remote_choices_may_come_apart),
		cmocka_unit_test(s071_only_who_sees_a_poll_votes_in_it),
		cmocka_unit_test(a_late_vote_is_refused),
		cmocka_unit_test(a_vote_elsewhere_is_told_to_the_author_alone),
		cmocka_unit_test(counts_elsewhere_are_what_their_server_says),
		cmocka_unit_test(who_voted_elsewhere_hears_of_the_end),
		cmocka_unit_test(who_voted_hears_once_of_a_poll_that_is_closed_early),
		cmocka_unit_test(s060_an_end_that_moves_makes_one_job),
	};
	return cmocka_run_group_tests_name("vote", tests, NULL, NULL);
}
