/* Jobs that are one write each. */
#include "core/must.h"
#include "fed_int.h"

struct step {
	struct fed *fed;
	struct arena *arena;
	fed_step_fn *run;
	struct str payload;
	bool enqueued;
};

static enum rc step_write(struct db_txn *txn, void *arg)
{
	struct step *step = arg;
	struct ctx ctx = { .arena = step->arena };
	struct social s = { .txn = txn, .ctx = &ctx, .site = step->fed->site };
	enum rc rc = step->run(&s, step->payload);
	step->enqueued = s.enqueued;
	return rc;
}

static void step_after(void *arg, enum rc rc)
{
	struct step *step = arg;
	struct arena *arena = step->arena;
	fed_wake(step->fed, rc == RC_OK && step->enqueued);
	arena_free(&arena);
}

void fed_run_step(struct queue_job *job, void *app, fed_step_fn *run)
{
	struct arena *arena = arena_new(WORK_ARENA_MAX);
	must(arena != NULL);
	struct step *step = ARENA_NEW(arena, struct step);
	must(step != NULL);
	*step = (struct step){ .fed = fed_of(app),
			       .arena = arena,
			       .run = run,
			       .payload = arena_str(arena, job->payload) };
	struct queue_end end = { .outcome = { .verdict = QUEUE_DELIVERED },
				 .write = step_write,
				 .after = step_after,
				 .arg = step };
	if (run == NULL) {
		end.outcome = (struct queue_outcome){ .verdict = QUEUE_REJECT,
						      .reason = "the job cannot be decoded" };
		end.write = NULL;
	}
	queue_finish(job, &end);
}
