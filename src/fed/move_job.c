/* The job that takes the followers of an account that has moved along, some at a time. */
#include "core/must.h"
#include "fed_int.h"
#include "social/move.h"

struct step {
	struct fed *fed;
	struct ctx ctx;
	struct move move;
	bool enqueued;
};

static enum rc step_write(struct db_txn *txn, void *arg)
{
	struct step *step = arg;
	struct ctx ctx = { .arena = step->ctx.arena };
	struct social s = { .txn = txn, .ctx = &ctx, .site = step->fed->site };
	enum rc rc = move_step(&s, &step->move);
	step->enqueued = s.enqueued;
	/* who is gone takes nobody along */
	return rc == RC_NOT_FOUND ? db_txn_rc(txn) : rc;
}

static void step_after(void *arg, enum rc rc)
{
	struct step *step = arg;
	struct arena *arena = step->ctx.arena;
	fed_wake(step->fed, rc == RC_OK && step->enqueued);
	arena_free(&arena);
}

void move_run(struct queue_job *job, void *app)
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
	if (!move_decode(job->payload, &step->move)) {
		end.outcome = (struct queue_outcome){ .verdict = QUEUE_REJECT,
						      .reason = "the job cannot be decoded" };
		end.write = NULL;
	}
	queue_finish(job, &end);
}
