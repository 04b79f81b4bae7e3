/* The job that tells peers how many take part in an event. */
#include <stdio.h>

#include "core/must.h"
#include "event_int.h"

struct step {
	struct fed *fed;
	struct ctx ctx;
	uint64_t status;
	bool enqueued;
};

static enum rc step_write(struct db_txn *txn, void *arg)
{
	struct step *step = arg;
	struct ctx ctx = { .arena = step->ctx.arena };
	struct social s = { .txn = txn, .ctx = &ctx, .site = step->fed->site };
	enum rc rc = event_job_step(&s, step->status);
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

void event_run(struct queue_job *job, void *app)
{
	struct arena *arena = arena_new(WORK_ARENA_MAX);
	must(arena != NULL);
	struct step *step = ARENA_NEW(arena, struct step);
	must(step != NULL);
	step->fed = fed_of(app);
	step->ctx.arena = arena;
	struct queue_end end = { .outcome = { .verdict = QUEUE_DELIVERED },
				 .write = step_write,
				 .after = step_after,
				 .arg = step };
	if (!event_job_decode(job->payload, &step->status)) {
		end.outcome.verdict = QUEUE_REJECT;
		snprintf(end.outcome.reason, sizeof(end.outcome.reason),
			 "the job cannot be decoded");
		end.write = NULL;
	}
	queue_finish(job, &end);
}
