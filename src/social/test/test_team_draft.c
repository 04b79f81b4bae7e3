/* What members write, until it is published: drafts, four eyes, embargoes, bylines, heirs. */
#include "core/clock.h"
#include "social/account.h"
#include "store/medium.h"
#include "store/tables.h"
#include "teamkit.h"

/* --- the table of ways --- */

static void what_is_sent_goes_the_way_of_the_role(void **state UNUSED)
{
	static const struct {
		enum team_role role;
		bool four_eyes, edit, own;
		enum team_way way;
	} rows[] = {
		{ TEAM_AUTHOR, false, false, true, TEAM_REVIEWED },
		{ TEAM_AUTHOR, false, true, true, TEAM_REVIEWED },
		{ TEAM_AUTHOR, false, true, false, TEAM_REFUSED },
		{ TEAM_EDITOR, false, false, true, TEAM_AT_ONCE },
		{ TEAM_EDITOR, false, true, false, TEAM_AT_ONCE },
		{ TEAM_EDITOR, true, false, true, TEAM_REVIEWED },
		{ TEAM_EDITOR, true, true, false, TEAM_REVIEWED },
		{ TEAM_ADMINISTRATOR, true, false, true, TEAM_REVIEWED },
		{ TEAM_REVIEWER, false, false, true, TEAM_REFUSED },
		{ TEAM_ANALYST, false, false, true, TEAM_REFUSED },
		{ TEAM_NOBODY, false, true, true, TEAM_REFUSED },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct team team = { .four_eyes = rows[i].four_eyes };
		assert_int_equal(team_way_of(&team, rows[i].role, 7, rows[i].edit ? 9 : 0,
					     rows[i].own ? 7 : 8),
				 rows[i].way);
	}
}

/* --- review --- */

static void an_authors_post_waits_for_a_second_person(void **state UNUSED)
{
	struct scene s CLEANUP(scene_free);
	struct team_review review;
	struct scheduled row;
	struct notice notice;
	scene_init(&s);
	uint64_t id = submits(&s, ABE, "hello", 0);
	assert_true(row_of(&s, id, &row));
	assert_int_equal(row.state, SCHEDULED_WAITING);
	/* reviewers hear of it, by a letter that apps show */
	assert_int_equal(test_store_notices(&s.t, s.who[RIA].id, &notice, 1), 1);
	assert_int_equal(notice.kind, NOTICE_MENTION);
	assert_int_equal(notice.from, s.desk.id);
	assert_false(notice.held);
	assert_int_equal(test_store_notices(&s.t, s.who[ANN].id, &notice, 1), 0);
	assert_int_equal(test_store_notices(&s.t, s.who[ABE].id, &notice, 1), 0);
	/* who may not */
	assert_int_equal(approves(&s, ABE, id, &review), RC_DENIED);
	assert_int_equal(approves(&s, ANN, id, &review), RC_DENIED);
	assert_int_equal(approves(&s, EVE, id, &review), RC_NOT_FOUND);
	/* who may */
	assert_int_equal(approves(&s, RIA, id, &review), RC_OK);
	assert_true(review.published);
	assert_false(row_of(&s, id, &row));
	struct status post = test_store_status(&s.t, review.made);
	assert_int_equal(post.account, s.desk.id);
	assert_str_eq(post.source, STR("hello"));
	struct byline byline = byline_of(&s, post.id);
	assert_int_equal(byline.writer, s.who[ABE].id);
	assert_int_equal(byline.reviewer, s.who[RIA].id);
	/* its author hears of that */
	assert_int_equal(test_store_notices(&s.t, s.who[ABE].id, &notice, 1), 1);
	assert_int_equal(notice.kind, NOTICE_STATUS);
	assert_int_equal(notice.status, post.id);
	/* twice is once */
	assert_int_equal(approves(&s, RIA, id, &review), RC_NOT_FOUND);
}

static void nobody_reviews_what_they_wrote_or_have(void **state UNUSED)
{
	struct scene s CLEANUP(scene_free);
	struct team_review review;
	scene_init(&s);
	demand_four_eyes(&s);
	uint64_t id = submits(&s, EDI, "mine", 0), again;
	assert_int_equal(approves(&s, EDI, id, &review), RC_DENIED);
	assert_int_equal(returns(&s, EDI, id, "x"), RC_DENIED);
	/* who changes it has it, and the first writer is no second person either */
	assert_int_equal(writes_as(&s, ADA, (struct team_writing){ .id = id, .submit = true },
				   "ours", &again),
			 RC_OK);
	assert_int_equal(again, id);
	assert_int_equal(approves(&s, ADA, id, &review), RC_DENIED);
	assert_int_equal(approves(&s, EDI, id, &review), RC_DENIED);
	assert_int_equal(approves(&s, RIA, id, &review), RC_OK);
	/* whose words they are now, and who began them */
	assert_int_equal(byline_of(&s, review.made).writer, s.who[ADA].id);
	assert_int_equal(byline_of(&s, review.made).former, s.who[EDI].id);
}

static void what_is_returned_is_written_again(void **state UNUSED)
{
	struct scene s CLEANUP(scene_free);
	struct team_review review;
	struct scheduled row;
	struct notice notice;
	uint64_t again;
	scene_init(&s);
	uint64_t id = submits(&s, ABE, "helo", 0);
	assert_int_equal(returns(&s, RIA, id, "a letter is missing"), RC_OK);
	assert_true(row_of(&s, id, &row));
	assert_int_equal(row.state, SCHEDULED_RETURNED);
	assert_str_eq(row.note, STR("a letter is missing"));
	assert_int_equal(test_store_notices(&s.t, s.who[ABE].id, &notice, 1), 1);
	assert_int_equal(notice.kind, NOTICE_MENTION);
	assert_int_equal(approves(&s, RIA, id, &review), RC_CONFLICT);
	assert_int_equal(writes_as(&s, ABE, (struct team_writing){ .id = id, .submit = true },
				   "hello", &again),
			 RC_OK);
	assert_int_equal(approves(&s, EDI, id, &review), RC_OK);
	assert_str_eq(test_store_status(&s.t, review.made).source, STR("hello"));
}

/* Between composing and writing somebody else has changed it: what was not read is not approved. */
static void what_changes_meanwhile_is_not_approved(void **state UNUSED)
{
	struct scene s CLEANUP(scene_free);
	struct team_review review = { .team = 0 };
	struct ctx ctx = { .arena = NULL };
	uint64_t again;
	scene_init(&s);
	ctx.arena = s.t.d.arena;
	uint64_t id = submits(&s, ABE, "nice", 0);
	review = (struct team_review){
		.team = s.desk.id, .person = s.who[RIA].id, .id = id, .seen_ms = changed_of(&s, id)
	};
	assert_int_equal(team_review_compose(&ctx, &s.t.site, s.t.d.db, &review), RC_OK);
	assert_int_equal(writes_as(&s, ABE, (struct team_writing){ .id = id, .submit = true },
				   "nasty", &again),
			 RC_OK);
	struct task task = { .run = approve_run, .review = &review };
	assert_int_equal(test_store_try(&s.t, run_task, &task), RC_CONFLICT);
	/* nor what was changed between the look and the click */
	assert_int_equal(team_review_compose(&ctx, &s.t.site, s.t.d.db, &review), RC_CONFLICT);
	/* the same clock, another text: that is seen, too */
	review.seen_ms = changed_of(&s, id);
	assert_int_equal(puts_off(&s, ABE, id, clock_wall_ms(&s.t.d.clock.clock) + MS_PER_DAY),
			 RC_OK);
	assert_int_equal(team_review_compose(&ctx, &s.t.site, s.t.d.db, &review), RC_CONFLICT);
	review.seen_ms = changed_of(&s, id);
	assert_int_equal(team_review_compose(&ctx, &s.t.site, s.t.d.db, &review), RC_OK);
}

static void nobody_writes_over_what_they_have_not_seen(void **state UNUSED)
{
	struct scene s CLEANUP(scene_free);
	uint64_t again;
	scene_init(&s);
	uint64_t id = submits(&s, ABE, "one", 0), seen_ms = changed_of(&s, id);
	const struct team_writing same = { .id = id, .submit = true, .seen_ms = seen_ms };
	assert_int_equal(writes_as(&s, EDI, same, "two", &again), RC_OK);
	assert_true(changed_of(&s, id) > seen_ms);
	assert_int_equal(writes_as(&s, ADA, same, "three", &again), RC_CONFLICT);
}

static void drafts_are_their_owners(void **state UNUSED)
{
	struct scene s CLEANUP(scene_free);
	struct team_review review;
	struct scheduled row;
	uint64_t id, other;
	scene_init(&s);
	assert_int_equal(writes_as(&s, ABE, (struct team_writing){ .id = 0 }, "note", &id), RC_OK);
	assert_true(row_of(&s, id, &row));
	assert_int_equal(row.state, SCHEDULED_DRAFT);
	assert_false(team_may_look(TEAM_ADMINISTRATOR, s.who[ADA].id, &row));
	assert_true(team_may_look(TEAM_AUTHOR, s.who[ABE].id, &row));
	assert_int_equal(approves(&s, RIA, id, &review), RC_NOT_FOUND);
	assert_int_equal(drops(&s, ADA, id), RC_NOT_FOUND);
	assert_int_equal(writes_as(&s, EDI, (struct team_writing){ .id = id }, "x", &other),
			 RC_NOT_FOUND);
	assert_int_equal(writes_as(&s, RIA, (struct team_writing){ .id = 0 }, "x", &other),
			 RC_DENIED);
	assert_int_equal(writes_as(&s, EVE, (struct team_writing){ .id = 0 }, "x", &other),
			 RC_NOT_FOUND);
	assert_int_equal(drops(&s, ABE, id), RC_OK);
	assert_false(row_of(&s, id, &row));
}

/* --- embargo --- */

static void what_is_approved_waits_for_its_time(void **state UNUSED)
{
	struct scene s CLEANUP(scene_free);
	struct team_review review;
	struct scheduled row;
	struct draft draft;
	scene_init(&s);
	uint64_t due = TEST_DB_WALL_MS + MS_PER_HOUR;
	uint64_t id = submits(&s, ABE, "later", due);
	/* it is not posted at its time, unless it was approved */
	test_clock_advance(&s.t.d.clock, MS_PER_HOUR / 2);
	assert_int_equal(falls_due(&s, id, &draft), RC_NOT_FOUND);
	assert_int_equal(approves(&s, RIA, id, &review), RC_OK);
	assert_false(review.published);
	assert_true(row_of(&s, id, &row));
	assert_int_equal(row.state, SCHEDULED_DUE);
	assert_int_equal(falls_due(&s, id, &draft), RC_NOT_FOUND);
	test_clock_advance(&s.t.d.clock, MS_PER_HOUR);
	assert_int_equal(falls_due(&s, id, &draft), RC_OK);
	assert_int_equal(byline_of(&s, draft.status.id).writer, s.who[ABE].id);
	assert_int_equal(byline_of(&s, draft.status.id).reviewer, s.who[RIA].id);
	assert_false(row_of(&s, id, &row));
}

/* It is returned, and its time passes: it may be written again all the same. */
static void a_time_that_has_passed_holds_nothing_up(void **state UNUSED)
{
	struct scene s CLEANUP(scene_free);
	struct team_review review;
	uint64_t due = TEST_DB_WALL_MS + MS_PER_HOUR, again;
	scene_init(&s);
	uint64_t id = submits(&s, ABE, "later", due);
	assert_int_equal(returns(&s, RIA, id, "no"), RC_OK);
	test_clock_advance(&s.t.d.clock, 2 * MS_PER_HOUR);
	const struct team_writing same = { .id = id, .submit = true, .due_ms = due };
	const struct team_writing past = { .id = id, .submit = true, .due_ms = due + 1 };
	assert_int_equal(writes_as(&s, ABE, past, "now", &again), RC_INVALID);
	assert_int_equal(writes_as(&s, ABE, same, "now", &again), RC_OK);
	assert_int_equal(approves(&s, RIA, id, &review), RC_OK);
	assert_true(review.published);
}

static enum rc schedule_run(struct social *s, struct task *task)
{
	const struct post_params params = { .text = STR("soon") };
	s->person = task->person;
	enum rc rc = act_schedule(s, &task->account, &params, task->due_ms, &task->made);
	task->draft->id = task->made.id;
	return rc;
}

/* An editor has scheduled it; by its time four eyes are asked for. */
static void what_may_be_posted_no_longer_is_held(void **state UNUSED)
{
	struct scene s CLEANUP(scene_free);
	struct team_review review;
	struct scheduled row;
	struct draft draft, made = { .id = 0 };
	scene_init(&s);
	assert_int_equal(does(&s, (struct task){ .run = schedule_run,
						 .person = s.who[EDI].id,
						 .account = s.desk,
						 .due_ms = TEST_DB_WALL_MS + MS_PER_HOUR,
						 .draft = &made }),
			 RC_OK);
	demand_four_eyes(&s);
	test_clock_advance(&s.t.d.clock, 2 * MS_PER_HOUR);
	assert_int_equal(falls_due(&s, made.id, &draft), RC_OK);
	assert_true(row_of(&s, made.id, &row));
	assert_int_equal(row.state, SCHEDULED_WAITING);
	assert_int_equal(test_store_rows(&s.t, &store_byline), 0);
	assert_int_equal(approves(&s, RIA, made.id, &review), RC_OK);
	assert_true(review.published);
}

static enum rc refuse_run(struct social *s, struct task *task)
{
	const struct schedule_job job = { task->team, task->id };
	return schedule_refuse(s, &job, db_txn_now(s->txn), STR("nobody answers there now"));
}

static void whose_it_is_hears_that_it_was_refused(void **state UNUSED)
{
	struct scene s CLEANUP(scene_free);
	struct team_review review;
	struct scheduled row;
	struct notice notice;
	struct draft draft;
	scene_init(&s);
	uint64_t id = submits(&s, ABE, "later", TEST_DB_WALL_MS + MS_PER_HOUR);
	assert_int_equal(approves(&s, RIA, id, &review), RC_OK);
	test_clock_advance(&s.t.d.clock, 2 * MS_PER_HOUR);
	assert_int_equal(does(&s, (struct task){ .run = refuse_run, .id = id }), RC_OK);
	assert_true(row_of(&s, id, &row));
	assert_int_equal(row.state, SCHEDULED_REFUSED);
	assert_int_equal(test_store_notices(&s.t, s.who[ABE].id, &notice, 1), 1);
	assert_true(notice.kind == NOTICE_MENTION && notice.from == s.desk.id);
	assert_true(str_contains(test_store_status(&s.t, notice.status).content.markup,
				 STR("not posted: nobody answers there now")));
	/* what was approved stays so, and has another time */
	assert_int_equal(puts_off(&s, ABE, id, TEST_DB_WALL_MS + 3 * MS_PER_HOUR), RC_OK);
	test_clock_advance(&s.t.d.clock, 2 * MS_PER_HOUR);
	assert_int_equal(falls_due(&s, id, &draft), RC_OK);
	assert_int_equal(byline_of(&s, draft.status.id).reviewer, s.who[RIA].id);
}

/* --- edits --- */

static uint64_t publishes(struct scene *s, const char *text)
{
	struct team_review review;
	uint64_t id = submits(s, ABE, text, 0);
	assert_int_equal(approves(s, RIA, id, &review), RC_OK);
	return review.made;
}

static void a_change_is_reviewed_like_a_post(void **state UNUSED)
{
	struct scene s CLEANUP(scene_free);
	struct team_review review;
	struct notice notice;
	uint64_t id, other;
	scene_init(&s);
	uint64_t post = publishes(&s, "hello wrld");
	const struct team_writing change = { .edits = post, .submit = true };
	assert_int_equal(writes_as(&s, ABE, change, "hello world", &id), RC_OK);
	assert_str_eq(test_store_status(&s.t, post).source, STR("hello wrld"));
	assert_int_equal(approves(&s, ABE, id, &review), RC_DENIED);
	assert_int_equal(approves(&s, RIA, id, &review), RC_OK);
	assert_int_equal(review.made, post);
	struct status now = test_store_status(&s.t, post);
	assert_str_eq(now.source, STR("hello world"));
	assert_int_not_equal(now.edited_ms, 0);
	assert_int_equal(byline_of(&s, post).editor, s.who[ABE].id);
	assert_int_equal(test_store_notices(&s.t, s.who[ABE].id, &notice, 1), 1);
	assert_int_equal(notice.kind, NOTICE_EDIT);
	/* somebody who is no author of it, and a post that is none of the team's */
	assert_int_equal(does(&s, (struct task){ .run = give_run,
						 .member = s.who[EVE].id,
						 .role = TEAM_AUTHOR }),
			 RC_OK);
	assert_int_equal(writes_as(&s, EVE, change, "x", &other), RC_DENIED);
	struct status far = test_store_post(&s.t, &s.who[EVE], VISIBILITY_PUBLIC, "mine", NULL);
	assert_int_equal(writes_as(&s, EVE,
				   (struct team_writing){ .edits = far.id, .submit = true }, "x",
				   &other),
			 RC_NOT_FOUND);
}

/* --- bylines --- */

static void a_byline_goes_where_the_team_wants_it(void **state UNUSED)
{
	struct scene s CLEANUP(scene_free);
	struct team_review review;
	uint64_t id;
	scene_init(&s);
	struct status silent = test_store_status(&s.t, publishes(&s, "silent"));
	assert_false(str_contains(silent.content.markup, STR("abe")));
	assert_int_equal(does(&s, (struct task){ .run = set_run,
						 .change = { .has_credit = true,
							     .credit = TEAM_CREDIT_EVERYWHERE } }),
			 RC_OK);
	struct status told = test_store_status(&s.t, publishes(&s, "told"));
	assert_true(str_has_suffix(told.content.markup, STR("<p>— abe</p>")));
	assert_str_eq(told.source, STR("told"));
	/* a change keeps one such line */
	assert_int_equal(writes_as(&s, ABE,
				   (struct team_writing){ .edits = told.id, .submit = true },
				   "told again", &id),
			 RC_OK);
	assert_int_equal(approves(&s, RIA, id, &review), RC_OK);
	told = test_store_status(&s.t, told.id);
	assert_true(str_has_suffix(told.content.markup, STR("again</p><p>— abe</p>")));
}

/* --- heirs --- */

static enum rc leave_run(struct social *s, struct task *task)
{
	return team_remove(s, task->person, task->team, task->person, task->member);
}

static void who_leaves_hands_over(void **state UNUSED)
{
	struct scene s CLEANUP(scene_free);
	struct team_review review;
	struct scheduled row;
	uint64_t draft;
	scene_init(&s);
	assert_int_equal(writes_as(&s, ABE, (struct team_writing){ .id = 0 }, "note", &draft),
			 RC_OK);
	uint64_t waiting = submits(&s, ABE, "wait", 0);
	assert_int_equal(does(&s, (struct task){ .run = leave_run,
						 .person = s.who[ABE].id,
						 .member = s.who[EVE].id }),
			 RC_INVALID);
	assert_int_equal(does(&s, (struct task){ .run = leave_run,
						 .person = s.who[ABE].id,
						 .member = s.who[EDI].id }),
			 RC_OK);
	assert_true(row_of(&s, draft, &row));
	assert_int_equal(row.owner, s.who[EDI].id);
	assert_int_equal(row.writer, s.who[ABE].id);
	/* the heir is no second person */
	assert_int_equal(approves(&s, EDI, waiting, &review), RC_DENIED);
	assert_int_equal(approves(&s, RIA, waiting, &review), RC_OK);
	assert_int_equal(drops(&s, ABE, draft), RC_NOT_FOUND);
	assert_int_equal(drops(&s, EDI, draft), RC_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_sent_goes_the_way_of_the_role),
		cmocka_unit_test(an_authors_post_waits_for_a_second_person),
		cmocka_unit_test(nobody_reviews_what_they_wrote_or_have),
		cmocka_unit_test(what_is_returned_is_written_again),
		cmocka_unit_test(what_changes_meanwhile_is_not_approved),
		cmocka_unit_test(nobody_writes_over_what_they_have_not_seen),
		cmocka_unit_test(drafts_are_their_owners),
		cmocka_unit_test(what_is_approved_waits_for_its_time),
		cmocka_unit_test(a_time_that_has_passed_holds_nothing_up),
		cmocka_unit_test(what_may_be_posted_no_longer_is_held),
		cmocka_unit_test(whose_it_is_hears_that_it_was_refused),
		cmocka_unit_test(a_change_is_reviewed_like_a_post),
		cmocka_unit_test(a_byline_goes_where_the_team_wants_it),
		cmocka_unit_test(who_leaves_hands_over),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
