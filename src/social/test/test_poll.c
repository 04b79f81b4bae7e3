/* Polls: how they are made and changed, what peers and people hear, and how they end. */
#include "pollkit.h"
#include "social/interact.h"
#include "store/tables.h"

static void s057_a_poll_has_two_options_to_as_many_as_the_node_allows(void **state UNUSED)
{
	static const char *const many[] = { "1", "2", "3", "4", "5" };
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice");
	for (unsigned n = 0; n <= 5; n++) {
		struct poll_draft poll = poll_asks(n, many);
		struct draft draft = { .visibility = VISIBILITY_PUBLIC };
		assert_int_equal(poll_kit_compose(&t, &alice, &poll, &draft),
				 n >= 2 && n <= 4 ? RC_OK : RC_INVALID);
	}
}

static void options_are_names_that_differ(void **state UNUSED)
{
	char longest[POLL_NAME_CHARS + 2];
	const char *const pairs[][2] = {
		{ "a", "" }, { "a", " a " }, { "a", "  " }, { "a", "\xff" }, { longest, "a" }
	};
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice");
	memset(longest, 'x', sizeof(longest));
	longest[POLL_NAME_CHARS + 1] = '\0';
	for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
		struct poll_draft poll = poll_asks(2, pairs[i]);
		struct draft draft = { .visibility = VISIBILITY_PUBLIC };
		enum rc rc = poll_kit_compose(&t, &alice, &poll, &draft);
		assert_true(rc == RC_INVALID || rc == RC_TOO_LARGE);
	}
	longest[POLL_NAME_CHARS] = '\0';
	const char *const good[] = { longest, " a" };
	struct poll_draft poll = poll_asks(2, good);
	struct draft draft = { .visibility = VISIBILITY_PUBLIC };
	assert_int_equal(poll_kit_compose(&t, &alice, &poll, &draft), RC_OK);
	assert_str_eq(draft.status.poll->options[1].name, STR("a"));
	assert_str_eq(draft.status.type, STR("Question"));
	static const uint64_t lengths[] = { 0, 1, POLL_SHORTEST_MS - 1, POLL_LONGEST_MS + 1,
					    UINT64_MAX };
	for (size_t i = 0; i < ARRAY_LEN(lengths); i++) {
		poll.lasts_ms = lengths[i];
		assert_int_equal(poll_kit_compose(&t, &alice, &poll, &draft), RC_INVALID);
	}
}

static void a_poll_is_posted_with_its_end_as_a_job(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice");
	struct poll_draft poll = poll_asks(3, poll_colours);
	struct draft draft = { .visibility = VISIBILITY_PUBLIC };
	assert_int_equal(poll_kit_compose(&t, &alice, &poll, &draft), RC_OK);
	/* a job that fails and runs again begins anew */
	test_store_write(&t, poll_post_job, &draft);
	struct poll p = poll_of(&t, &draft.status);
	assert_int_equal(p.ends_ms, TEST_DB_WALL_MS + MS_PER_DAY);
	assert_int_equal(p.flags, POLL_COUNTED);
	struct waiting w = poll_waiting(&t);
	assert_int_equal(w.count, 1);
	assert_int_equal(w.jobs[0].task, POLL_END);
	assert_int_equal(w.jobs[0].status, draft.status.id);
	assert_int_equal(w.due_ms[0], p.ends_ms);
	test_store_check(&t);
}

static void s060_many_votes_are_told_at_once(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice");
	struct status post = poll_ask(&t, &alice, false, VISIBILITY_PUBLIC);
	for (unsigned i = 0; i < 20; i++) {
		struct account a =
			test_store_remote(&t, arena_printf(t.d.arena, "v%u", i).ptr, "b.example");
		assert_int_equal(poll_vote_do(&t, &a, &post, "red", NULL), RC_OK);
	}
	struct waiting w = poll_waiting(&t);
	assert_int_equal(w.count, 1);
	assert_int_equal(w.jobs[0].task, POLL_TELL);
	assert_int_equal(w.due_ms[0], TEST_DB_WALL_MS + t.site.poll_tell_ms);
	deed_told_nobody(&t);
	test_store_forget_jobs(&t);
	poll_run(&t, POLL_TELL, &post);
	struct federate f = deed_told(&t, FEDERATE_POLL);
	assert_int_equal(f.actor, alice.id);
	assert_int_equal(f.status, post.id);
	assert_int_equal(f.visibility, VISIBILITY_PUBLIC);
	/* again: nothing is new */
	poll_run(&t, POLL_TELL, &post);
	deed_told_nobody(&t);
	/* the next vote begins anew */
	struct account late = test_store_remote(&t, "late", "b.example");
	assert_int_equal(poll_vote_do(&t, &late, &post, "red", NULL), RC_OK);
	assert_int_equal(poll_waiting(&t).count, 1);
	poll_expect(&t, &post, 21, 0, 0, 21);
}

static void what_stays_here_is_not_told(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice"), bob = test_store_local(&t, "bob");
	struct status post = poll_ask(&t, &alice, false, VISIBILITY_LOCAL);
	assert_int_equal(poll_vote_do(&t, &bob, &post, "red", NULL), RC_OK);
	test_store_forget_jobs(&t);
	poll_run(&t, POLL_TELL, &post);
	test_clock_advance(&t.d.clock, MS_PER_DAY);
	poll_run(&t, POLL_END, &post);
	deed_told_nobody(&t);
	deed_noticed(&t, &bob, 1, NOTICE_POLL, alice.id, post.id);
}

static void s067_a_reply_that_waits_for_consent_tells_no_counts(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice"), bob = test_store_local(&t, "bob");
	struct poll_draft poll = poll_asks(3, poll_colours);
	struct draft asked = { .visibility = VISIBILITY_PUBLIC }, reply = asked;
	assert_int_equal(poll_kit_compose(&t, &alice, &poll, &asked), RC_OK);
	assert_int_equal(
		policy_set(t.d.arena, &asked.policy, INTERACTION_REPLY, POLICY_ASK, &alice), RC_OK);
	test_store_write(&t, poll_post_job, &asked);
	assert_int_equal(poll_kit_compose(&t, &bob, &poll, &reply), RC_OK);
	reply.parent = asked.status.id;
	test_store_write(&t, poll_post_job, &reply);
	assert_int_equal(reply.status.approval.state, INTERACTION_PENDING);
	assert_int_equal(poll_vote_do(&t, &alice, &reply.status, "red", NULL), RC_OK);
	test_store_forget_jobs(&t);
	poll_run(&t, POLL_TELL, &reply.status);
	deed_told_nobody(&t);
	test_clock_advance(&t.d.clock, MS_PER_DAY);
	poll_run(&t, POLL_END, &reply.status);
	deed_told_nobody(&t);
	deed_noticed(&t, &alice, 2, NOTICE_POLL, bob.id, reply.status.id);
}

static void a_poll_ends_once(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice"), bob = test_store_local(&t, "bob");
	struct account eve = test_store_local(&t, "eve");
	struct status post = poll_ask(&t, &alice, false, VISIBILITY_PUBLIC);
	assert_int_equal(poll_vote_do(&t, &bob, &post, "red", NULL), RC_OK);
	assert_int_equal(poll_vote_do(&t, &eve, &post, "red", NULL), RC_OK);
	test_store_forget_jobs(&t);
	poll_run(&t, POLL_END, &post);
	deed_told_nobody(&t);
	assert_int_equal(poll_of(&t, &post).closed_ms, 0);
	assert_int_equal(deed_on_account(&t, DO_BLOCK, &eve, &alice), RC_OK);
	test_clock_advance(&t.d.clock, MS_PER_DAY + MS_PER_HOUR);
	assert_int_equal(poll_run(&t, POLL_END, &post), 1);
	struct federate f = deed_told(&t, FEDERATE_POLL);
	assert_int_equal(f.status, post.id);
	assert_int_equal(poll_of(&t, &post).closed_ms, TEST_DB_WALL_MS + MS_PER_DAY);
	deed_noticed(&t, &alice, 1, NOTICE_POLL, alice.id, post.id);
	deed_noticed(&t, &bob, 1, NOTICE_POLL, alice.id, post.id);
	struct notice none[1];
	assert_int_equal(test_store_notices(&t, eve.id, none, 1), 0); /* has blocked her since */
	/* a second job (after an edit put it off and back) has nothing to do */
	poll_run(&t, POLL_END, &post);
	deed_told_nobody(&t);
	poll_run(&t, POLL_TELL, &post);
	deed_told_nobody(&t);
	deed_noticed(&t, &alice, 1, NOTICE_POLL, alice.id, post.id);
	test_store_check(&t);
}

static void many_voters_hear_in_steps(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice");
	struct status post = poll_ask(&t, &alice, false, VISIBILITY_PUBLIC);
	struct account last = { 0 };
	for (unsigned i = 0; i < 210; i++) {
		last = test_store_local(&t, arena_printf(t.d.arena, "v%u", i).ptr);
		assert_int_equal(poll_vote_do(&t, &last, &post, "red", NULL), RC_OK);
	}
	test_store_forget_jobs(&t);
	test_clock_advance(&t.d.clock, MS_PER_DAY);
	assert_int_equal(poll_run(&t, POLL_END, &post), 2);
	assert_int_equal(test_store_rows(&t, &store_notice), 211);
	deed_noticed(&t, &last, 1, NOTICE_POLL, alice.id, post.id);
	deed_told(&t, FEDERATE_POLL);
}

static void a_deleted_poll_ends_in_silence(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice"), bob = test_store_local(&t, "bob");
	struct status post = poll_ask(&t, &alice, false, VISIBILITY_PUBLIC);
	assert_int_equal(poll_vote_do(&t, &bob, &post, "red", NULL), RC_OK);
	assert_int_equal(deed_on_status(&t, DO_DELETE, &alice, post.id), RC_OK);
	test_store_forget_jobs(&t);
	test_clock_advance(&t.d.clock, MS_PER_DAY);
	poll_run(&t, POLL_TELL, &post);
	poll_run(&t, POLL_END, &post);
	deed_told_nobody(&t);
	assert_int_equal(test_store_rows(&t, &store_notice), 0);
	assert_int_equal(test_store_rows(&t, &store_poll_vote), 0);
	test_store_check(&t);
}

static enum rc edit(struct test_store *t, const struct account *author, const struct status *post,
		    struct poll *poll)
{
	struct status changed = test_store_status(t, post->id);
	changed.edited_ms = changed.edited_ms != 0 ? changed.edited_ms + 1 : TEST_DB_WALL_MS;
	changed.poll = poll;
	struct deed deed = { .verb = DO_EDIT, .actor = author, .changed = &changed };
	return deed_do(t, &deed);
}

static void other_options_take_votes_away_and_that_must_be_meant(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice"), bob = test_store_local(&t, "bob");
	struct status post = poll_ask(&t, &alice, false, VISIBILITY_PUBLIC);
	struct poll next = poll_told(POLL_COUNTED, 0, 0, MS_PER_HOUR);
	/* the text alone: the poll stays */
	assert_int_equal(edit(&t, &alice, &post, NULL), RC_OK);
	assert_int_equal(deed_told(&t, FEDERATE_UPDATE).status, post.id);
	assert_true(test_store_status(&t, post.id).has_poll);
	assert_int_equal(poll_vote_do(&t, &bob, &post, "blue", NULL), RC_OK);
	test_store_forget_jobs(&t);
	assert_int_equal(edit(&t, &alice, &post, &next), RC_CONFLICT);
	poll_expect(&t, &post, 0, 0, 1, 1);
	deed_told_nobody(&t);
	next.reset = true;
	assert_int_equal(edit(&t, &alice, &post, &next), RC_OK);
	struct poll p = poll_of(&t, &post);
	assert_int_equal(p.option_count, 2);
	assert_int_equal(p.voters, 0);
	assert_int_equal(p.ends_ms, TEST_DB_WALL_MS + MS_PER_HOUR);
	assert_int_equal(poll_vote_do(&t, &bob, &post, "green", NULL), RC_OK);
	/* the same options: votes stay, the end is another */
	next = poll_told(POLL_COUNTED, 0, 0, 2 * MS_PER_HOUR);
	assert_int_equal(edit(&t, &alice, &post, &next), RC_OK);
	p = poll_of(&t, &post);
	assert_int_equal(p.options[1].votes, 1);
	assert_int_equal(p.ends_ms, TEST_DB_WALL_MS + 2 * MS_PER_HOUR);
	/* what is over is not begun again */
	test_clock_advance(&t.d.clock, 2 * MS_PER_HOUR);
	assert_int_equal(edit(&t, &alice, &post, &next), RC_DENIED);
	struct status plain = test_store_post(&t, &alice, VISIBILITY_PUBLIC, "x", NULL);
	assert_int_equal(edit(&t, &alice, &plain, &next), RC_INVALID);
	test_store_check(&t);
}

struct bringing {
	struct account author;
	struct status status;
	struct poll poll;
};

static enum rc import_job(struct social *s, void *arg)
{
	struct bringing *b = arg;
	return act_import_post(s, &b->author, &b->status);
}

static void a_poll_that_was_brought_along_is_over(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account bob = test_store_local(&t, "bob");
	struct bringing b = { .author = test_store_local(&t, "alice"),
			      .poll = poll_told(0, 3, 4, TEST_DB_WALL_MS + MS_PER_HOUR) };
	b.status = (struct status){ .type = STR("Question"),
				    .origin = STR("https://old.example/polls/1"),
				    .created_ms = TEST_DB_WALL_MS - MS_PER_DAY,
				    .has_poll = true,
				    .poll = &b.poll };
	test_store_write(&t, import_job, &b);
	struct poll p = poll_of(&t, &b.status);
	assert_int_equal(p.voters, 7);
	assert_int_equal(p.closed_ms, TEST_DB_WALL_MS);
	assert_false(poll_is_stale(&p, TEST_DB_WALL_MS + MS_PER_DAY));
	assert_int_equal(poll_vote_do(&t, &bob, &b.status, "red", NULL), RC_DENIED);
	assert_int_equal(poll_waiting(&t).count, 0);
	test_store_check(&t);
}

static void who_voted_hears_of_changes_and_of_the_end_of_the_post(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice");
	struct account bob = test_store_remote(&t, "bob", "b.example");
	struct status post = poll_ask(&t, &alice, false, VISIBILITY_PUBLIC);
	struct poll next = poll_told(POLL_COUNTED, 0, 0, MS_PER_HOUR);
	assert_int_equal(poll_vote_do(&t, &bob, &post, "red", NULL), RC_OK);
	test_store_forget_jobs(&t);
	/* also when the change takes the vote away */
	next.reset = true;
	assert_int_equal(edit(&t, &alice, &post, &next), RC_OK);
	struct federate f = deed_told(&t, FEDERATE_UPDATE);
	assert_int_equal(f.extra_count, 1);
	assert_int_equal(f.extra[0], bob.id);
	assert_int_equal(poll_vote_do(&t, &bob, &post, "green", NULL), RC_OK);
	test_store_forget_jobs(&t);
	assert_int_equal(deed_on_status(&t, DO_DELETE, &alice, post.id), RC_OK);
	f = deed_told(&t, FEDERATE_DELETE);
	assert_int_equal(f.extra_count, 1);
	assert_int_equal(f.extra[0], bob.id);
	test_store_check(&t);
}

static void odd_payloads_are_refused(void **state UNUSED)
{
	struct poll_job job = { POLL_END, 7, 9 }, read;
	struct buf out CLEANUP(buf_free) = BUF_INIT(64);
	poll_job_encode(&out, &job);
	assert_true(poll_job_decode(buf_str(&out), &read));
	assert_true(read.task == POLL_END && read.status == 7 && read.after == 9);
	for (size_t n = 0; n < out.len; n++)
		assert_false(poll_job_decode(str_take(buf_str(&out), n), &read));
	out.ptr[1] = 3;
	assert_false(poll_job_decode(buf_str(&out), &read));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(s057_a_poll_has_two_options_to_as_many_as_the_node_allows),
		cmocka_unit_test(options_are_names_that_differ),
		cmocka_unit_test(a_poll_is_posted_with_its_end_as_a_job),
		cmocka_unit_test(s060_many_votes_are_told_at_once),
		cmocka_unit_test(what_stays_here_is_not_told),
		cmocka_unit_test(s067_a_reply_that_waits_for_consent_tells_no_counts),
		cmocka_unit_test(a_poll_ends_once),
		cmocka_unit_test(many_voters_hear_in_steps),
		cmocka_unit_test(a_deleted_poll_ends_in_silence),
		cmocka_unit_test(other_options_take_votes_away_and_that_must_be_meant),
		cmocka_unit_test(a_poll_that_was_brought_along_is_over),
		cmocka_unit_test(who_voted_hears_of_changes_and_of_the_end_of_the_post),
		cmocka_unit_test(odd_payloads_are_refused),
	};
	return cmocka_run_group_tests_name("poll", tests, NULL, NULL);
}
