/* Likes, replies and boosts of posts whose authors want to be asked, or let nobody. */
#include "consentkit.h"
#include "social/react.h"
#include "social/see.h"
#include "store/tables.h"

static enum rc like_job(struct social *s, void *arg)
{
	const struct consent_act *d = arg;
	s->proof = d->authorization;
	return act_like(s, d->actor, d->id, d->uri);
}

static enum rc proven_job(struct social *s, void *arg)
{
	struct consent_act *d = arg;
	/* as the job does: no proof is a decision, too */
	d->answer = act_proven(s, d->id, d->proof) == RC_OK;
	return db_txn_rc(s->txn);
}

static void answer(struct cast *c, const struct account *owner, bool yes)
{
	struct consent_act d = { .actor = owner, .id = consent_waiting(c, owner), .answer = yes };
	assert_int_equal(test_store_try(&c->t, consent_decide_job, &d), RC_OK);
}

static enum rc reply(struct cast *c, const struct account *author, const struct status *parent,
		     const char *uri, struct status *out)
{
	struct consent_act d = { .actor = author };
	struct status s = { .account = author->id,
			    .flags = account_is_local(author) ? STATUS_LOCAL : 0U,
			    .type = STR("Note"),
			    .uri = str_of(uri),
			    .parent_uri = parent->uri,
			    .content = html_trusted(STR("<p>re</p>")) };
	d.status = s;
	d.draft = (struct draft){ .author = *author, .parent = parent->id, .status = s };
	enum rc rc = test_store_try(
		&c->t, account_is_local(author) ? consent_post_job : consent_receive_job, &d);
	if (rc == RC_OK)
		*out = test_store_status(&c->t, d.status.id);
	return rc;
}

static bool sees(struct cast *c, struct viewer viewer, const struct status *s,
		 const struct account *author)
{
	struct db_txn *txn = test_store_read(&c->t);
	bool yes = may_see(txn, viewer, s, author);
	db_read_end(&txn);
	return yes;
}

static void a_like_waits_until_it_is_approved(void **state UNUSED)
{
	struct cast c CLEANUP(cast_free);
	cast_init(&c);
	struct status post = consent_guarded(&c, &c.alice, POLICY_ASK);
	const struct account *const likers[] = { &c.bob, &c.carol };
	for (unsigned i = 0; i < ARRAY_LEN(likers); i++) {
		assert_int_equal(deed_on_status(&c.t, DO_LIKE, likers[i], post.id), RC_OK);
		assert_int_equal(deed_on_status(&c.t, DO_LIKE, likers[i], post.id), RC_EXISTS);
		assert_int_equal(deed_status_counts(&c.t, post.id).likes, i);
		answer(&c, &c.alice, true);
		assert_int_equal(deed_status_counts(&c.t, post.id).likes, i + 1);
		assert_int_equal(deed_on_status(&c.t, DO_LIKE, likers[i], post.id), RC_EXISTS);
		if (!account_is_local(likers[i]))
			deed_told(&c.t, FEDERATE_APPROVE);
		test_store_check(&c.t);
	}
	/* taken back, also while it waits */
	assert_int_equal(deed_on_status(&c.t, DO_UNLIKE, &c.carol, post.id), RC_OK);
	assert_int_equal(deed_status_counts(&c.t, post.id).likes, 1);
	assert_int_equal(deed_on_status(&c.t, DO_LIKE, &c.erin, post.id), RC_OK);
	assert_int_equal(deed_on_status(&c.t, DO_UNLIKE, &c.erin, post.id), RC_OK);
	assert_int_equal(consent_waiting(&c, &c.alice), 0);
	assert_int_equal(deed_on_status(&c.t, DO_UNLIKE, &c.erin, post.id), RC_NOT_FOUND);
	test_store_check(&c.t);
}

static void what_was_refused_is_not_asked_again(void **state UNUSED)
{
	struct cast c CLEANUP(cast_free);
	cast_init(&c);
	struct status post = consent_guarded(&c, &c.alice, POLICY_ASK);
	assert_int_equal(deed_on_status(&c.t, DO_LIKE, &c.carol, post.id), RC_OK);
	answer(&c, &c.alice, false);
	deed_told(&c.t, FEDERATE_DENY);
	assert_int_equal(deed_on_status(&c.t, DO_UNLIKE, &c.carol, post.id), RC_NOT_FOUND);
	assert_int_equal(deed_on_status(&c.t, DO_LIKE, &c.carol, post.id), RC_DENIED);
	assert_int_equal(deed_status_counts(&c.t, post.id).likes, 0);
	test_store_check(&c.t);
}

static void what_is_forbidden_leaves_no_trace(void **state UNUSED)
{
	struct cast c CLEANUP(cast_free);
	struct status out;
	cast_init(&c);
	struct status posts[] = { consent_guarded(&c, &c.alice, POLICY_NOBODY),
				  consent_guarded(&c, &c.carol, POLICY_NOBODY) };
	for (size_t i = 0; i < ARRAY_LEN(posts); i++) {
		assert_int_equal(deed_on_status(&c.t, DO_LIKE, &c.bob, posts[i].id), RC_DENIED);
		assert_int_equal(deed_on_status(&c.t, DO_BOOST, &c.bob, posts[i].id), RC_DENIED);
		assert_int_equal(reply(&c, &c.bob, &posts[i], "", &out), RC_DENIED);
		assert_int_equal(deed_on_status(&c.t, DO_LIKE, &c.erin, posts[i].id), RC_DENIED);
		assert_int_equal(deed_on_status(&c.t, DO_BOOST, &c.erin, posts[i].id), RC_DENIED);
		assert_int_equal(reply(&c, &c.erin, &posts[i], "https://e.example/r", &out),
				 RC_DENIED);
		struct status_counts counts = deed_status_counts(&c.t, posts[i].id);
		assert_true(counts.likes == 0 && counts.boosts == 0 && counts.replies == 0);
	}
	deed_told_nobody(&c.t);
	assert_int_equal(test_store_rows(&c.t, &store_interaction), 0);
	assert_int_equal(test_store_rows(&c.t, &store_notice), 0);
	test_store_check(&c.t);
}

static void a_reply_is_between_the_two_until_it_is_approved(void **state UNUSED)
{
	struct cast c CLEANUP(cast_free);
	struct status mine, theirs;
	cast_init(&c);
	struct status post = consent_guarded(&c, &c.alice, POLICY_ASK);
	assert_int_equal(reply(&c, &c.carol, &post, "https://c.example/users/carol/r", &theirs),
			 RC_OK);
	assert_int_equal(theirs.approval.state, INTERACTION_PENDING);
	deed_noticed(&c.t, &c.alice, 1, NOTICE_INTERACTION, c.carol.id, post.id);
	const struct viewer alice = { c.alice.id, true }, bob = { c.bob.id, true };
	assert_true(sees(&c, alice, &theirs, &c.carol));
	assert_false(sees(&c, bob, &theirs, &c.carol));
	assert_false(sees(&c, VIEWER_ANYBODY, &theirs, &c.carol));
	assert_int_equal(deed_status_counts(&c.t, post.id).replies, 0);
	answer(&c, &c.alice, true);
	deed_told(&c.t, FEDERATE_APPROVE);
	theirs = test_store_status(&c.t, theirs.id);
	assert_int_equal(theirs.parent, post.id);
	assert_int_equal(theirs.root, post.root);
	assert_true(sees(&c, VIEWER_ANYBODY, &theirs, &c.carol));
	assert_int_equal(deed_status_counts(&c.t, post.id).replies, 1);
	/* one of here, that nobody elsewhere hears of before, whatever becomes of it */
	test_store_follow(&c.t, &c.carol, &c.bob);
	assert_int_equal(reply(&c, &c.bob, &post, "", &mine), RC_OK);
	deed_told_nobody(&c.t);
	struct status changed = mine;
	changed.edited_ms = mine.created_ms + 5;
	struct deed edit = { .verb = DO_EDIT, .actor = &c.bob, .changed = &changed };
	assert_int_equal(deed_do(&c.t, &edit), RC_OK);
	deed_told_nobody(&c.t);
	answer(&c, &c.alice, true);
	/* followers hear of it, and carol that it is part of the conversation */
	struct federate jobs[DEED_JOBS_MAX];
	assert_int_equal(test_store_jobs(&c.t, jobs, DEED_JOBS_MAX), 2);
	assert_int_equal(jobs[0].what, FEDERATE_CREATE);
	assert_int_equal(jobs[1].what, FEDERATE_CONTEXT_ADD);
	assert_true(jobs[0].status == mine.id && jobs[1].status == mine.id);
	assert_int_equal(deed_status_counts(&c.t, post.id).replies, 2);
	test_store_check(&c.t);
}

static enum rc pin_job(struct social *s, void *arg)
{
	const struct consent_act *d = arg;
	return act_pin(s, d->actor, d->id);
}

static void s067_a_reply_that_waits_is_not_shown_around(void **state UNUSED)
{
	struct cast c CLEANUP(cast_free);
	struct status mine;
	cast_init(&c);
	struct status post = consent_guarded(&c, &c.alice, POLICY_ASK);
	assert_int_equal(reply(&c, &c.bob, &post, "", &mine), RC_OK);
	struct consent_act d = { .actor = &c.bob, .id = mine.id };
	/* neither its author nor who may see it already tells others of it */
	assert_int_equal(test_store_try(&c.t, pin_job, &d), RC_DENIED);
	assert_int_equal(deed_on_status(&c.t, DO_BOOST, &c.bob, mine.id), RC_DENIED);
	assert_int_equal(deed_on_status(&c.t, DO_BOOST, &c.alice, mine.id), RC_DENIED);
	deed_told_nobody(&c.t);
	answer(&c, &c.alice, true);
	assert_int_equal(test_store_try(&c.t, pin_job, &d), RC_OK);
	assert_int_equal(deed_on_status(&c.t, DO_BOOST, &c.alice, mine.id), RC_OK);
	test_store_check(&c.t);
}

static void a_reply_that_is_refused_stays_its_authors(void **state UNUSED)
{
	struct cast c CLEANUP(cast_free);
	struct status mine;
	cast_init(&c);
	struct status post = consent_guarded(&c, &c.carol, POLICY_ASK);
	assert_int_equal(reply(&c, &c.bob, &post, "", &mine), RC_OK);
	struct federate f = deed_told(&c.t, FEDERATE_REQUEST);
	assert_int_equal(f.target, c.carol.id);
	assert_int_equal(f.visibility, VISIBILITY_DIRECT);
	struct consent_act d = { .actor = &c.carol, .id = f.status };
	assert_int_equal(test_store_try(&c.t, consent_answered_job, &d), RC_OK);
	mine = test_store_status(&c.t, mine.id);
	assert_int_equal(mine.approval.state, INTERACTION_REJECTED);
	const struct viewer bob = { c.bob.id, true }, carol = { c.carol.id, false };
	assert_true(sees(&c, bob, &mine, &c.bob));
	assert_false(sees(&c, carol, &mine, &c.bob));
	assert_false(sees(&c, VIEWER_ANYBODY, &mine, &c.bob));
	/* only whom it was shown hears of its end */
	assert_int_equal(deed_on_status(&c.t, DO_DELETE, &c.bob, mine.id), RC_OK);
	f = deed_told(&c.t, FEDERATE_DELETE);
	assert_int_equal(f.visibility, VISIBILITY_DIRECT);
	test_store_check(&c.t);
}

static void a_boost_happens_when_it_is_allowed(void **state UNUSED)
{
	struct cast c CLEANUP(cast_free);
	cast_init(&c);
	struct status post = consent_guarded(&c, &c.carol, POLICY_ASK);
	assert_int_equal(deed_on_status(&c.t, DO_BOOST, &c.bob, post.id), RC_OK);
	struct federate f = deed_told(&c.t, FEDERATE_REQUEST);
	assert_int_equal(deed_status_counts(&c.t, post.id).boosts, 0);
	struct consent_act d = { .actor = &c.carol,
				 .id = f.status,
				 .answer = true,
				 .authorization = STR("https://c.example/stamps/1") };
	assert_int_equal(test_store_try(&c.t, consent_answered_job, &d), RC_OK);
	assert_int_equal(deed_status_counts(&c.t, post.id).boosts, 1);
	f = deed_told(&c.t, FEDERATE_BOOST);
	struct db_txn *txn = test_store_read(&c.t);
	struct status boost;
	assert_true(status_get(txn, c.t.d.arena, status_boost_by(txn, post.id, c.bob.id), &boost));
	db_read_end(&txn);
	assert_str_eq(boost.approval.authorization, d.authorization);
	assert_str_eq(boost.uri, f.uri);
	assert_int_equal(deed_on_status(&c.t, DO_UNBOOST, &c.bob, post.id), RC_OK);
	deed_told(&c.t, FEDERATE_UNBOOST);
	assert_int_equal(test_store_rows(&c.t, &store_interaction), 0);
	test_store_check(&c.t);
}

static void between_two_others_a_proof_counts(void **state UNUSED)
{
	struct cast c CLEANUP(cast_free);
	cast_init(&c);
	struct status post = consent_guarded(&c, &c.carol, POLICY_ASK);
	struct consent_act d = { .actor = &c.erin,
				 .id = post.id,
				 .uri = STR("https://e.example/likes/1"),
				 .authorization = STR("https://e.example/stamps/1") };
	assert_int_equal(test_store_try(&c.t, like_job, &d), RC_DENIED);
	d.authorization = STR("");
	assert_int_equal(test_store_try(&c.t, like_job, &d), RC_DENIED);
	const struct proof good = { INTERACTION_LIKE, STR("https://c.example/stamps/1"),
				    c.carol.uri, d.uri, post.uri };
	struct proof bad[] = { good, good, good, good, good };
	bad[0].kind = INTERACTION_QUOTE;
	bad[1].attributed_to = c.erin.uri;
	bad[2].object = STR("https://e.example/likes/2");
	bad[3].target = STR("https://c.example/other");
	bad[4].id = STR("https://c.example/stamps/2");
	for (size_t i = 0; i <= ARRAY_LEN(bad) + 1; i++) {
		d.id = post.id;
		d.authorization = STR("https://c.example/stamps/1");
		assert_int_equal(test_store_try(&c.t, like_job, &d), RC_OK);
		assert_int_equal(deed_status_counts(&c.t, post.id).likes, 0);
		d.id = consent_waiting(&c, &c.carol);
		d.proof = i < ARRAY_LEN(bad) ? &bad[i] : i == ARRAY_LEN(bad) ? NULL : &good;
		bool last = d.proof == &good;
		test_store_write(&c.t, proven_job, &d);
		assert_int_equal(d.answer, last);
		assert_int_equal(deed_status_counts(&c.t, post.id).likes, last);
		test_store_forget_jobs(&c.t);
	}
	test_store_check(&c.t);
}

static void what_never_gets_there_asks_nobody(void **state UNUSED)
{
	struct cast c CLEANUP(cast_free);
	cast_init(&c);
	struct status post = consent_guarded(&c, &c.carol, POLICY_ASK);
	struct consent_act d = { .draft = {
					 .author = c.bob,
					 .parent = post.id,
					 .visibility = VISIBILITY_LOCAL,
					 .status = { .account = c.bob.id,
						     .flags = STATUS_LOCAL,
						     .type = STR("Note"),
						     .content = html_trusted(STR("<p>x</p>")) } } };
	assert_int_equal(test_store_try(&c.t, consent_post_job, &d), RC_OK);
	deed_told_nobody(&c.t);
	assert_int_equal(test_store_status(&c.t, d.status.id).parent, post.id);
	test_store_check(&c.t);
}

/* Erin's reply to what carol posts later. */
static struct status early_reply(struct cast *c, const char *uri, const char *authorization)
{
	struct consent_act d = { .actor = &c->erin };
	d.status = (struct status){ .account = c->erin.id,
				    .type = STR("Note"),
				    .uri = str_of(uri),
				    .parent_uri =
					    arena_join(c->t.d.arena, c->carol.uri, STR("/guarded")),
				    .content = html_trusted(STR("<p>re</p>")),
				    .approval.authorization = str_of(authorization) };
	test_store_write(&c->t, consent_receive_job, &d);
	return d.status;
}

static void a_reply_that_came_before_what_it_answers_is_asked_about_late(void **state UNUSED)
{
	struct cast c CLEANUP(cast_free);
	cast_init(&c);
	struct status bare = early_reply(&c, "https://e.example/r1", "");
	struct status proved =
		early_reply(&c, "https://e.example/r2", "https://c.example/stamps/1");
	assert_int_equal(test_store_rows(&c.t, &store_waiting), 2);
	struct status post = consent_guarded(&c, &c.carol, POLICY_ASK);
	assert_int_equal(test_store_rows(&c.t, &store_waiting), 0);
	assert_int_equal(deed_status_counts(&c.t, post.id).replies, 0);
	bare = test_store_status(&c.t, bare.id);
	assert_int_equal(bare.approval.state, INTERACTION_REJECTED);
	assert_int_equal(bare.parent, 0);
	assert_false(sees(&c, VIEWER_ANYBODY, &bare, &c.erin));
	proved = test_store_status(&c.t, proved.id);
	assert_int_equal(proved.approval.state, INTERACTION_PENDING);
	assert_false(sees(&c, VIEWER_ANYBODY, &proved, &c.erin));
	/* what it brought is looked at */
	struct interaction i;
	struct db_txn *txn = test_store_read(&c.t);
	assert_true(interaction_find(txn, c.t.d.arena, post.id, INTERACTION_REPLY, c.erin.id,
				     proved.uri, &i));
	db_read_end(&txn);
	const struct proof good = { INTERACTION_REPLY, STR("https://c.example/stamps/1"),
				    c.carol.uri, proved.uri, post.uri };
	struct consent_act d = { .id = i.id, .proof = &good };
	test_store_write(&c.t, proven_job, &d);
	assert_true(d.answer);
	proved = test_store_status(&c.t, proved.id);
	assert_int_equal(proved.parent, post.id);
	assert_true(sees(&c, VIEWER_ANYBODY, &proved, &c.erin));
	assert_int_equal(deed_status_counts(&c.t, post.id).replies, 1);
	test_store_check(&c.t);
}

static void to_whom_everybody_may_answer_late_replies_join_at_once(void **state UNUSED)
{
	struct cast c CLEANUP(cast_free);
	cast_init(&c);
	struct status early = early_reply(&c, "https://e.example/r1", "");
	struct status post = consent_guarded(&c, &c.carol, POLICY_PUBLIC);
	assert_int_equal(test_store_status(&c.t, early.id).parent, post.id);
	assert_int_equal(deed_status_counts(&c.t, post.id).replies, 1);
	test_store_check(&c.t);
}

static void to_whom_nobody_may_answer_late_replies_do_not_either(void **state UNUSED)
{
	struct cast c CLEANUP(cast_free);
	cast_init(&c);
	struct status early = early_reply(&c, "https://e.example/r1", "");
	struct status post = consent_guarded(&c, &c.carol, POLICY_NOBODY);
	early = test_store_status(&c.t, early.id);
	assert_int_equal(early.parent, 0);
	assert_int_equal(early.approval.state, INTERACTION_REJECTED);
	assert_int_equal(deed_status_counts(&c.t, post.id).replies, 0);
	test_store_check(&c.t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_like_waits_until_it_is_approved),
		cmocka_unit_test(what_was_refused_is_not_asked_again),
		cmocka_unit_test(what_is_forbidden_leaves_no_trace),
		cmocka_unit_test(a_reply_is_between_the_two_until_it_is_approved),
		cmocka_unit_test(s067_a_reply_that_waits_is_not_shown_around),
		cmocka_unit_test(a_reply_that_is_refused_stays_its_authors),
		cmocka_unit_test(a_boost_happens_when_it_is_allowed),
		cmocka_unit_test(between_two_others_a_proof_counts),
		cmocka_unit_test(a_reply_that_came_before_what_it_answers_is_asked_about_late),
		cmocka_unit_test(to_whom_everybody_may_answer_late_replies_join_at_once),
		cmocka_unit_test(to_whom_nobody_may_answer_late_replies_do_not_either),
		cmocka_unit_test(what_never_gets_there_asks_nobody),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
