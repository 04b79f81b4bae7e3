/* The scene of tests of teams. The thread of the test. */
#include "teamkit.h"

#include "core/clock.h"
#include "social/account.h"

enum rc run_task(struct social *s, void *arg)
{
	struct task *task = arg;
	return task->run(s, task);
}

enum rc does(struct scene *s, struct task task)
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

enum rc give_run(struct social *s, struct task *task)
{
	return team_give(s, 0, task->team, task->member, task->role);
}

enum rc set_run(struct social *s, struct task *task)
{
	return team_set(s, 0, task->team, &task->change);
}

void scene_init(struct scene *s)
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
		assert_int_equal(does(s, (struct task){ .run = give_run,
							.member = s->who[i].id,
							.role = rows[i].role }),
				 RC_OK);
	s->desk = test_store_account(&s->t, s->desk.id);
}

void scene_free(struct scene *s)
{
	test_store_check(&s->t);
	test_store_free(&s->t);
}

void demand_four_eyes(struct scene *s)
{
	assert_int_equal(
		does(s, (struct task){ .run = set_run,
				       .change = { .has_four_eyes = true, .four_eyes = true } }),
		RC_OK);
}

/* --- acts --- */

bool row_of(struct scene *s, uint64_t id, struct scheduled *out)
{
	struct db_txn *txn = test_store_read(&s->t);
	bool there = scheduled_get(txn, s->t.d.arena, s->desk.id, id, out);
	db_read_end(&txn);
	return there;
}

static enum rc write_run(struct social *s, struct task *task)
{
	return team_write(s, &task->writing, &task->made);
}

uint64_t changed_of(struct scene *s, uint64_t id)
{
	struct scheduled row = { .changed_ms = 0 };
	return row_of(s, id, &row) ? row.changed_ms : 0;
}

enum rc writes_as(struct scene *s, enum who who, struct team_writing w, const char *text,
		  uint64_t *id)
{
	struct post_params params = { .text = str_of(text), .keeps_media = w.edits != 0 };
	struct task task = { .run = write_run, .writing = w };
	task.writing.team = s->desk.id;
	task.writing.person = s->who[who].id;
	task.writing.params = &params;
	if (w.seen_ms == 0)
		task.writing.seen_ms = changed_of(s, w.id);
	enum rc rc = test_store_try(&s->t, run_task, &task);
	*id = task.made.id;
	return rc;
}

uint64_t submits(struct scene *s, enum who who, const char *text, uint64_t due_ms)
{
	uint64_t id;
	assert_int_equal(writes_as(s, who,
				   (struct team_writing){ .submit = true, .due_ms = due_ms }, text,
				   &id),
			 RC_OK);
	return id;
}

enum rc approve_run(struct social *s, struct task *task)
{
	return team_approve(s, task->review);
}

enum rc approves(struct scene *s, enum who who, uint64_t id, struct team_review *review)
{
	struct ctx ctx = { .arena = s->t.d.arena };
	struct task task = { .run = approve_run, .review = review };
	*review = (struct team_review){
		.team = s->desk.id, .person = s->who[who].id, .id = id, .seen_ms = changed_of(s, id)
	};
	enum rc rc = team_review_compose(&ctx, &s->t.site, s->t.d.db, review);
	return rc == RC_OK ? test_store_try(&s->t, run_task, &task) : rc;
}

static enum rc return_run(struct social *s, struct task *task)
{
	return team_return(s, task->person, task->team, task->id, task->note);
}

enum rc returns(struct scene *s, enum who who, uint64_t id, const char *note)
{
	return does(s, (struct task){ .run = return_run,
				      .person = s->who[who].id,
				      .id = id,
				      .note = str_of(note) });
}

static enum rc put_off_run(struct social *s, struct task *task)
{
	return team_put_off(s, task->person, task->team, task->id, task->due_ms);
}

enum rc puts_off(struct scene *s, enum who who, uint64_t id, uint64_t due_ms)
{
	return does(s, (struct task){ .run = put_off_run,
				      .person = s->who[who].id,
				      .id = id,
				      .due_ms = due_ms });
}

static enum rc drop_run(struct social *s, struct task *task)
{
	return team_drop(s, task->person, task->team, task->id);
}

enum rc drops(struct scene *s, enum who who, uint64_t id)
{
	return does(s, (struct task){ .run = drop_run, .person = s->who[who].id, .id = id });
}

struct byline byline_of(struct scene *s, uint64_t status)
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

enum rc falls_due(struct scene *s, uint64_t id, struct draft *draft)
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
