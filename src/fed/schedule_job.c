/* The job that writes a post whose time has come. */
#include <stdio.h>

#include "core/must.h"
#include "fed_int.h"
#include "social/schedule.h"

struct step {
	struct fed *fed;
	struct ctx ctx;
	struct schedule_job job;
	struct draft draft;
	const char *reason; /* that it is refused for */
	bool enqueued;
};

static enum rc post_write(struct db_txn *txn, void *arg)
{
	struct step *step = arg;
	struct ctx ctx = { .arena = step->ctx.arena };
	struct social s = { .txn = txn, .ctx = &ctx, .site = step->fed->site };
	enum rc rc = act_post_scheduled(&s, &step->job, &step->draft);
	step->enqueued = s.enqueued;
	if (rc != RC_OK && step->ctx.err.rc == RC_OK)
		step->ctx.err = ctx.err;
	return rc;
}

/* What can never become a post is not lost, and its author hears why. */
static enum rc refuse_write(struct db_txn *txn, void *arg)
{
	struct step *step = arg;
	struct ctx ctx = { .arena = step->ctx.arena };
	struct social s = { .txn = txn, .ctx = &ctx, .site = step->fed->site };
	enum rc rc = schedule_refuse(&s, &step->job, clock_wall_ms(step->fed->clock),
				     str_of(step->reason));
	step->enqueued = s.enqueued;
	return rc;
}

static void step_after(void *arg, enum rc rc)
{
	struct step *step = arg;
	struct arena *arena = step->ctx.arena;
	fed_wake(step->fed, rc == RC_OK && step->enqueued);
	arena_free(&arena);
}

/* Is it worth another attempt? */
static bool may_pass(enum rc rc)
{
	return rc == RC_BUSY || rc == RC_FULL || rc == RC_NO_MEMORY || rc == RC_IO ||
	       rc == RC_TIMEOUT || rc == RC_UNREACHABLE;
}

static const char *reason_of(const struct step *step, enum rc rc)
{
	if (step->ctx.err.rc != RC_OK)
		return err_text(&step->ctx.err);
	return rc == RC_NOT_FOUND ? "what it is about is not there any more" : rc_text(rc);
}

/* Composing asks nobody: whom it mentions was looked up when it was scheduled. */
static enum rc post(struct step *step)
{
	struct fed *fed = step->fed;
	struct post_params *params = ARENA_NEW(step->ctx.arena, struct post_params);
	if (params == NULL)
		return RC_NO_MEMORY;
	enum rc rc = schedule_compose(&step->ctx, fed->site, fed->db, NULL, &step->job,
				      clock_wall_ms(fed->clock), params, &step->draft);
	if (rc == RC_OK)
		rc = db_write(fed->db, post_write, step);
	fed_wake(fed, rc == RC_OK && step->enqueued);
	return rc;
}

void schedule_run(struct queue_job *job, void *app)
{
	struct arena *arena = arena_new(WORK_ARENA_MAX);
	must(arena != NULL);
	struct step *step = ARENA_NEW(arena, struct step);
	must(step != NULL);
	step->fed = fed_of(app);
	step->ctx.arena = arena;
	struct queue_end end = { .outcome = { .verdict = QUEUE_DELIVERED },
				 .after = step_after,
				 .arg = step };
	bool sound = schedule_job_decode(job->payload, &step->job);
	enum rc rc = sound ? post(step) : RC_CORRUPT;
	if (rc == RC_OK) {
		queue_finish(job, &end);
		return;
	}
	step->enqueued = false;
	step->reason = reason_of(step, rc);
	/* what was taken back, put off or written before is done: else what it is about is gone */
	if (rc != RC_NOT_FOUND) {
		end.outcome.verdict = may_pass(rc) ? QUEUE_DEFER : QUEUE_REJECT;
		snprintf(end.outcome.reason, sizeof(end.outcome.reason), "%s", step->reason);
	}
	if (sound && !may_pass(rc))
		end.write = refuse_write;
	queue_finish(job, &end);
}
