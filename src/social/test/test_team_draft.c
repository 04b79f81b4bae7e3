/* What members write, until it is published: drafts, four eyes, embargoes, bylines, heirs. */
#include "social/team.h"

#include "core/clock.h"
#include "social/account.h"
#include "store/medium.h"
#include "store/tables.h"
#include "teststore.h"

enum who { ADA, EDI, ABE, RIA, ANN, EVE, PEOPLE };

struct scene {
	struct test_store t;
	struct account desk, who[PEOPLE];
};

struct task {
	enum rc (*run)(struct social *s, struct task *task);
	uint64_t person, team, member, id, due_ms;
	enum team_role role;
	struct team_change change;
	struct account account;
	struct str note;
	struct team_writing writing;
	struct scheduled made;
	struct draft *draft;
	struct team_review *review;
	struct status changed;
};

static enum rc run_task(struct social *s, void *arg)
{
	struct task *task = arg;
	return task->run(s, task);
}

static enum rc does(struct scene *s, struct task task)
{
	task.team = s->desk.id;
	return test_store_try(&s->t, run_task, &task);
}

static enum rc create(struct social *s, struct task *task)
{
	struct account a = task->account;
	a.kind = ACCOUNT_ORGANIZATION;
	return team_create(s, 0, &a, task->member, &task->change);
}

static enum rc give(struct social *s, struct task *task)
{
	return team_give(s, 0, task->team, task->member, task->role);
}

static enum rc set(struct social *s, struct task *task)
{
	return team_set(s, 0, task->team, &task->change);
}

static void scene_init(struct scene *s)
{
	static const struct {
		const char *name;
		enum team_role role;
	} rows[PEOPLE] = {
		[ADA] = { "ada", TEAM_ADMINISTRATOR }, [EDI] = { "edi", TEAM_EDITOR },
		[ABE] = { "abe", TEAM_AUTHOR },	       [RIA] = { "ria", TEAM_REVIEWER },
		[ANN] = { "ann", TEAM_ANALYST },       [EVE] = { "eve", TEAM_NOBODY },
	};
	test_store_init(&s->t);
	s->desk = test_store_local(&s->t, "desk");
	for (unsigned i = 0; i < PEOPLE; i++)
		s->who[i] = test_store_local(&s->t, rows[i].name);
	assert_int_equal(
		does(s,
		     (struct task){ .run = create, .account = s->desk, .member = s->who[ADA].id }),
		RC_OK);
	for (unsigned i = ADA + 1; i < EVE; i++)
		assert_int_equal(does(s, (struct task){ .run = give,
							.member = s->who[i].id,
							.role = rows[i].role }),
				 RC_OK);
	s->desk = test_store_account(&s->t, s->desk.id);
}

static void scene_free(struct scene *s)
{
	test_store_check(&s->t);
	test_store_free(&s->t);
}

static void demand_four_eyes(struct scene *s)
{
	assert_int_equal(
		does(s, (struct task){ .run = set,
				       .change = { .has_four_eyes = true, .four_eyes = true } }),
		RC_OK);
}

/* --- acts --- */

static enum rc write_run(struct social *s, struct task *task)
{
	return team_write(s, &task->writing, &task->made);
}

static enum rc writes_as(struct scene *s, enum who who, struct team_writing w, const char *text,
			 uint64_t *id)
{
	struct post_params params = { .text = str_of(text), .keeps_media = w.edits != 0 };
	struct task task = { .run = write_run, .writing = w };
	task.writing.team = s->desk.id;
	task.writing.person = s->who[who].id;
	task.writing.params = &params;
	enum rc rc = test_store_try(&s->t, run_task, &task);
	*id = task.made.id;
	return rc;
}

static uint64_t submits(struct scene *s, enum who who, const char *text, uint64_t due_ms)
{
	uint64_t id;
	assert_int_equal(writes_as(s, who,
				   (struct team_writing){ .submit = true, .due_ms = due_ms }, text,
				   &id),
			 RC_OK);
	return id;
}

static enum rc approve_run(struct social *s, struct task *task)
{
	return team_approve(s, task->review);
}

static enum rc approves(struct scene *s, enum who who, uint64_t id, struct team_review *review)
{
	struct ctx ctx = { .arena = s->t.d.arena };
	struct task task = { .run = approve_run, .review = review };
	*review = (struct team_review){ .team = s->desk.id, .person = s->who[who].id, .id = id };
	enum rc rc = team_review_compose(&ctx, &s->t.site, s->t.d.db, review);
	return rc == RC_OK ? test_store_try(&s->t, run_task, &task) : rc;
}

static enum rc return_run(struct social *s, struct task *task)
{
	return team_return(s, task->person, task->team, task->id, task->note);
}

static enum rc returns(struct scene *s, enum who who, uint64_t id, const char *note)
{
	return does(s, (struct task){ .run = return_run,
				      .person = s->who[who].id,
				      .id = id,
				      .note = str_of(note) });
}

static enum rc drop_run(struct social *s, struct task *task)
{
	return team_drop(s, task->person, task->team, task->id);
}

static enum rc drops(struct scene *s, enum who who, uint64_t id)
{
	return does(s, (struct task){ .run = drop_run, .person = s->who[who].id, .id = id });
}

static bool row_of(struct scene *s, uint64_t id, struct scheduled *out)
{
	struct db_txn *txn = test_store_read(&s->t);
	bool there = scheduled_get(txn, s->t.d.arena, s->desk.id, id, out);
	db_read_end(&txn);
	return there;
}

static struct byline byline_of(struct scene *s, uint64_t status)
{
	struct byline byline;
	struct db_txn *txn = test_store_read(&s->t);
	byline_get(txn, status, &byline);
	db_read_end(&txn);
	return byline;
}

/* What the job does at its time. */
static enum rc post_run(struct social *s, struct task *task)
{
	const struct schedule_job job = { task->team, task->id };
	return act_post_scheduled(s, &job, task->draft);
}

static enum rc falls_due(struct scene *s, uint64_t id, struct draft *draft)
{
	struct post_params params;
	struct ctx ctx = { .arena = s->t.d.arena };
	const struct schedule_job job = { s->desk.id, id };
	*draft = (struct draft){ .id = 0 };
	enum rc rc = schedule_compose(&ctx, &s->t.site, s->t.d.db, NULL, &job,
				      clock_wall_ms(&s->t.d.clock.clock), &params, draft);
	return rc == RC_OK ? does(s, (struct task){ .run = post_run, .id = id, .draft = draft })
			   : rc;
}

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
	assert_int_equal(byline_of(&s, review.made).writer, s.who[EDI].id);
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
	review = (struct team_review){ .team = s.desk.id, .person = s.who[RIA].id, .id = id };
	assert_int_equal(team_review_compose(&ctx, &s.t.site, s.t.d.db, &review), RC_OK);
	assert_int_equal(writes_as(&s, ABE, (struct team_writing){ .id = id, .submit = true },
				   "nasty", &again),
			 RC_OK);
	struct task task = { .run = approve_run, .review = &review };
	assert_int_equal(test_store_try(&s.t, run_task, &task), RC_CONFLICT);
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
	assert_int_equal(
		does(&s,
		     (struct task){ .run = give, .member = s.who[EVE].id, .role = TEAM_AUTHOR }),
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
	assert_int_equal(does(&s, (struct task){ .run = set,
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
		cmocka_unit_test(drafts_are_their_owners),
		cmocka_unit_test(what_is_approved_waits_for_its_time),
		cmocka_unit_test(a_time_that_has_passed_holds_nothing_up),
		cmocka_unit_test(what_may_be_posted_no_longer_is_held),
		cmocka_unit_test(a_change_is_reviewed_like_a_post),
		cmocka_unit_test(a_byline_goes_where_the_team_wants_it),
		cmocka_unit_test(who_leaves_hands_over),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
