/* Strikes in communities: what their staff does, with its reasons, and what is said against it. */
#include "core/date.h"
#include "lanekit.h"

static enum rc sentence_run(struct social *s, struct act *a)
{
	return moderate_account(s, a->actor, a->target->id, &a->sentence, &a->strike);
}

static enum rc preset_run(struct social *s, struct act *a)
{
	a->sentence.preset = community_preset_put(s->txn, a->w->group.id, &a->preset);
	return db_txn_rc(s->txn);
}

static enum rc appeal_run(struct social *s, struct act *a)
{
	return appeal_file(s, a->target, a->strike, a->text);
}

static enum rc decide_run(struct social *s, struct act *a)
{
	return appeal_decide(s, a->actor, a->strike, a->approve);
}

static enum rc higher_run(struct social *s, struct act *a)
{
	return appeal_escalate(s, a->actor, a->strike);
}

static struct strike strike_of(struct scene *w, uint64_t id)
{
	struct strike strike;
	struct db_txn *txn = test_store_read(&w->t);
	assert_true(strike_get(txn, w->t.d.arena, id, &strike));
	db_read_end(&txn);
	return strike;
}

static uint32_t card_of(struct scene *w, uint64_t account)
{
	struct community_member m = { .strikes = 0 };
	struct db_txn *txn = test_store_read(&w->t);
	bool row = community_member_get(txn, w->t.d.arena, w->group.id, account, &m);
	db_read_end(&txn);
	return row ? m.strikes : 0;
}

static void a_community_warns_with_its_reasons(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	struct statement letter;
	struct account mona = lanes_init(&w);
	struct act a = { .actor = &w.alice, .target = &w.bob };
	a.preset = (struct preset){ .title = STR("tone"), .text = STR("Mind your tone.") };
	assert_int_equal(act_on(&w, &a, preset_run), RC_OK);
	a.sentence.what = MODERATE_NONE;
	a.sentence.text = STR("And be on time.");
	a.sentence.community = w.group.id;
	assert_int_equal(act_on(&w, &a, sentence_run), RC_OK);
	struct strike strike = strike_of(&w, a.strike);
	assert_int_equal(strike.community, w.group.id);
	assert_str_eq(strike.text, STR("Mind your tone.\n\nAnd be on time."));
	assert_int_equal(card_of(&w, w.bob.id), 1);
	assert_int_equal(told(&w, w.bob.id, NOTICE_WARNING), 1);
	assert_int_equal(letters(&w, STATEMENT_STRIKE, w.bob.id, &letter), 1);
	assert_true(str_contains(letter.letter.text, STR("the community Tea")));
	assert_true(str_contains(letter.letter.text, STR("Mind your tone.")));
	assert_true(letter.has_ticket);
	/* not by whoever is in it, nor about who stands as high, nor what only the node does */
	a.actor = &w.carol;
	assert_int_equal(act_on(&w, &a, sentence_run), RC_DENIED);
	a.actor = &w.alice;
	a.target = &w.alice;
	assert_int_equal(act_on(&w, &a, sentence_run), RC_DENIED);
	a.target = &w.bob;
	a.sentence.what = MODERATE_SILENCE;
	assert_int_equal(act_on(&w, &a, sentence_run), RC_INVALID);
	/* nor does the node what is a community's */
	a.actor = &mona;
	a.sentence = (struct sentence){ .what = MODERATE_BAN };
	assert_int_equal(act_on(&w, &a, sentence_run), RC_INVALID);
	/* somebody elsewhere gets a letter */
	test_store_forget_jobs(&w.t);
	a.actor = &w.alice;
	a.target = &w.dave;
	a.sentence = (struct sentence){ .what = MODERATE_NONE,
					.community = w.group.id,
					.text = STR("Be <kind>") };
	struct federate f;
	assert_int_equal(act_on(&w, &a, sentence_run), RC_OK);
	assert_true(scene_told(&w, FEDERATE_CREATE, &f));
	assert_true(f.actor == w.group.id && f.visibility == VISIBILITY_DIRECT);
	struct status note = test_store_status(&w.t, f.status);
	assert_true(str_contains(note.content.markup, STR("Be &lt;kind&gt;")));
	assert_str_eq(note.mentions[0].uri, w.dave.uri);
}

static enum rc moderate_run(struct social *s, struct act *a)
{
	return community_moderate(s, a->actor, a->status, a->what, a->text);
}

static void removing_a_post_is_a_strike_until_it_comes_back(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	struct strike list[8];
	struct str uri;
	lanes_init(&w);
	struct act a = filed(&w, &uri, REPORT_SPAM);
	a.actor = &w.alice;
	a.what = COMMUNITY_ACT_REMOVE;
	a.text = STR("off topic");
	assert_int_equal(act_on(&w, &a, moderate_run), RC_OK);
	struct db_txn *txn = test_store_read(&w.t);
	assert_int_equal(strikes_in(txn, w.t.d.arena, w.group.id, 0, list, 8), 1);
	db_read_end(&txn);
	assert_true(list[0].action == MODERATE_REMOVE && list[0].statuses[0] == a.status);
	assert_str_eq(list[0].text, STR("off topic"));
	assert_int_equal(card_of(&w, w.bob.id), 1);
	a.what = COMMUNITY_ACT_RESTORE;
	assert_int_equal(act_on(&w, &a, moderate_run), RC_OK);
	assert_true(strike_of(&w, list[0].id).undone);
	assert_int_equal(card_of(&w, w.bob.id), 0);
	/* a lock is told, and does not count; one's own thread needs no reasons */
	a.what = COMMUNITY_ACT_LOCK;
	assert_int_equal(act_on(&w, &a, moderate_run), RC_OK);
	assert_int_equal(card_of(&w, w.bob.id), 0);
	assert_int_equal(told(&w, w.bob.id, NOTICE_WARNING), 2);
	assert_int_equal(scene_post(&w, &w.alice, 0, &a.status), RC_OK);
	assert_int_equal(act_on(&w, &a, moderate_run), RC_OK);
	assert_int_equal(told(&w, w.alice.id, NOTICE_WARNING), 0);
}

static void a_report_is_answered_by_a_sentence(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	struct statement letter;
	struct str uri;
	struct account mona = lanes_init(&w);
	struct act a = filed(&w, &uri, REPORT_SPAM);
	a.actor = &w.alice;
	a.sentence = (struct sentence){ .what = MODERATE_REMOVE,
					.community = w.group.id,
					.report = a.report,
					.text = STR("spam") };
	assert_int_equal(act_on(&w, &a, sentence_run), RC_OK);
	assert_true((scene_place(&w, a.status).flags & COMMUNITY_POST_REMOVED) != 0);
	assert_int_not_equal(report_of(&w, a.report).resolved_ms, 0);
	assert_int_equal(letters(&w, STATEMENT_REPORT, w.carol.id, &letter), 1);
	assert_true(str_contains(letter.letter.text, STR("have acted")));
	/* one in another lane is none of the community's */
	struct act b = filed(&w, &uri, REPORT_LEGAL);
	b.actor = &w.alice;
	b.sentence = a.sentence;
	b.sentence.report = b.report;
	assert_int_equal(act_on(&w, &b, sentence_run), RC_NOT_FOUND);
	/* what the node acts upon becomes its own */
	struct act c = filed(&w, &uri, REPORT_SPAM);
	c.actor = &mona;
	c.sentence = (struct sentence){ .what = MODERATE_SILENCE, .report = c.report };
	assert_int_equal(act_on(&w, &c, sentence_run), RC_OK);
	struct report done = report_of(&w, c.report);
	assert_true(done.lane == 0 && done.resolved_by == mona.id);
}

static void an_appeal_goes_to_owners_and_then_to_the_node(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	struct statement letter;
	struct account mona = lanes_init(&w);
	struct act a = { .actor = &w.alice, .target = &w.bob, .text = STR("not me") };
	a.sentence = (struct sentence){ .what = MODERATE_BAN,
					.community = w.group.id,
					.until_ms = TEST_DB_WALL_MS + 86400000,
					.text = STR("rude") };
	assert_int_equal(act_on(&w, &a, sentence_run), RC_OK);
	assert_true(scene_stand(&w, &w.bob).banned);
	assert_int_equal(strike_of(&w, a.strike).until_ms, TEST_DB_WALL_MS + 86400000);
	assert_int_equal(letters(&w, STATEMENT_STRIKE, w.bob.id, &letter), 1);
	assert_true(
		str_contains(letter.letter.text, STR("The ban ends on 2023-11-15, 22:13 UTC.")));
	/* before there is an appeal there is nothing to pass on */
	assert_int_equal(act_on(&w, &a, higher_run), RC_NOT_FOUND);
	test_store_forget_jobs(&w.t);
	assert_int_equal(act_on(&w, &a, appeal_run), RC_OK);
	assert_int_equal(letters(&w, STATEMENT_APPEALED, w.alice.id, &letter), 1);
	assert_int_equal(letters(&w, STATEMENT_APPEALED, mona.id, &letter), 0);
	a.actor = &mona;
	assert_int_equal(act_on(&w, &a, decide_run), RC_DENIED);
	a.actor = &w.bob;
	assert_int_equal(act_on(&w, &a, decide_run), RC_DENIED);
	assert_int_equal(act_on(&w, &a, higher_run), RC_GONE);
	a.actor = &w.alice;
	assert_int_equal(act_on(&w, &a, decide_run), RC_OK);
	assert_int_equal(strike_of(&w, a.strike).appeal, APPEAL_REJECTED);
	/* the person does not take it, in time */
	a.actor = &w.carol;
	assert_int_equal(act_on(&w, &a, higher_run), RC_DENIED);
	a.actor = &w.bob;
	assert_int_equal(act_on(&w, &a, higher_run), RC_OK);
	assert_int_equal(act_on(&w, &a, higher_run), RC_EXISTS);
	assert_int_equal(letters(&w, STATEMENT_APPEALED, mona.id, &letter), 1);
	a.actor = &w.alice;
	assert_int_equal(act_on(&w, &a, decide_run), RC_DENIED);
	a.actor = &mona;
	a.approve = true;
	assert_int_equal(act_on(&w, &a, decide_run), RC_OK);
	assert_false(scene_stand(&w, &w.bob).banned);
	assert_true(strike_of(&w, a.strike).undone);
	assert_int_equal(card_of(&w, w.bob.id), 0);
	struct federate f;
	assert_true(scene_told(&w, FEDERATE_COMMUNITY_PASS, &f));
}

static void it_is_too_late_to_go_up(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	lanes_init(&w);
	struct act a = { .actor = &w.alice, .target = &w.bob, .text = STR("not me") };
	a.sentence = (struct sentence){ .community = w.group.id, .text = STR("rude") };
	assert_int_equal(act_on(&w, &a, sentence_run), RC_OK);
	assert_int_equal(act_on(&w, &a, appeal_run), RC_OK);
	assert_int_equal(act_on(&w, &a, decide_run), RC_OK);
	test_clock_advance(&w.t.d.clock,
			   date_day_over(TEST_DB_WALL_MS + w.t.site.appeal_ms) - TEST_DB_WALL_MS);
	a.actor = &w.bob;
	assert_int_equal(act_on(&w, &a, higher_run), RC_GONE);
	/* an owner may pass it on while it waits */
	struct act b = { .actor = &w.alice, .target = &w.bob, .text = STR("again") };
	b.sentence = a.sentence;
	assert_int_equal(act_on(&w, &b, sentence_run), RC_OK);
	assert_int_equal(act_on(&w, &b, appeal_run), RC_OK);
	assert_int_equal(act_on(&w, &b, higher_run), RC_OK);
	assert_true(strike_of(&w, b.strike).escalated);
}

/* --- a single comment --- */

static void a_locked_comment_takes_no_answers_below_it(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	uint64_t thread, comment, below, other;
	lanes_init(&w);
	assert_int_equal(scene_post(&w, &w.bob, 0, &thread), RC_OK);
	assert_int_equal(scene_post(&w, &w.bob, thread, &comment), RC_OK);
	assert_int_equal(scene_post(&w, &w.carol, comment, &below), RC_OK);
	struct job lock = {
		.what = MODERATE, .actor = &w.alice, .status = comment, .act = COMMUNITY_ACT_LOCK
	};
	assert_int_equal(scene_act(&w, lock), RC_OK);
	assert_int_equal(scene_act(&w, lock), RC_EXISTS);
	assert_int_equal(scene_post(&w, &w.carol, comment, &other), RC_DENIED);
	assert_int_equal(scene_post(&w, &w.carol, below, &other), RC_DENIED);
	assert_int_equal(scene_post(&w, &w.carol, thread, &other), RC_OK);
	assert_int_equal(scene_post(&w, &w.alice, below, &other), RC_OK);
	lock.act = COMMUNITY_ACT_UNLOCK;
	assert_int_equal(scene_act(&w, lock), RC_OK);
	assert_int_equal(scene_post(&w, &w.carol, below, &other), RC_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_community_warns_with_its_reasons),
		cmocka_unit_test(removing_a_post_is_a_strike_until_it_comes_back),
		cmocka_unit_test(a_report_is_answered_by_a_sentence),
		cmocka_unit_test(an_appeal_goes_to_owners_and_then_to_the_node),
		cmocka_unit_test(it_is_too_late_to_go_up),
		cmocka_unit_test(a_locked_comment_takes_no_answers_below_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
