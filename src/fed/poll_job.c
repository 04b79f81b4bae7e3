/* The job that tells the counts of a poll, or ends it and tells who took part, some at a time. */
#include <stdio.h>

#include "core/must.h"
#include "poll_int.h"

struct step {
	struct queue_job *job;
	struct fed *fed;
	struct ctx ctx;
	struct poll_job poll;
	struct buf payload; /* the next step's; empty when there is none */
	bool enqueued;
};

static enum rc step_write(struct db_txn *txn, void *arg)
{
	struct step *step = arg;
	struct ctx ctx = { .arena = step->ctx.arena };
	struct social s = { .txn = txn, .ctx = &ctx, .site = step->fed->site };
	/* each time from the same place */
	struct poll_job next = step->poll;
	buf_reset(&step->payload);
	enum rc rc = poll_job_step(&s, &next);
	step->enqueued = s.enqueued;
	if (rc == RC_BUSY)
		poll_job_encode(&step->payload, &next);
	return rc == RC_BUSY ? db_txn_rc(txn) : rc;
}

static void step_after(void *arg, enum rc rc)
{
	struct step *step = arg;
	struct arena *arena = step->ctx.arena;
	fed_wake(step->fed, rc == RC_OK && step->enqueued);
	buf_free(&step->payload);
	arena_free(&arena);
}

static void step_finish(struct step *step, enum queue_verdict verdict, const char *reason)
{
	struct queue_end end = { .outcome = { .verdict = verdict },
				 .after = step_after,
				 .arg = step };
	snprintf(end.outcome.reason, sizeof(end.outcome.reason), "%s", reason);
	if (verdict == QUEUE_AGAIN) {
		end.next = &step->payload;
		end.write = step_write;
	}
	queue_finish(step->job, &end);
}

/* Whether or not the last counts could be had: who voted hears that it is over. */
static void counts_came(void *arg, enum rc rc UNUSED, uint64_t id UNUSED, struct str reason UNUSED)
{
	step_finish(arg, QUEUE_AGAIN, "");
}

void poll_run(struct queue_job *job, void *app)
{
	struct arena *arena = arena_new(WORK_ARENA_MAX);
	must(arena != NULL);
	struct step *step = ARENA_NEW(arena, struct step);
	must(step != NULL);
	step->job = job;
	step->fed = fed_of(app);
	step->ctx.arena = arena;
	buf_init(&step->payload, 64);
	if (!poll_job_decode(job->payload, &step->poll))
		return step_finish(step, QUEUE_REJECT, "the job cannot be decoded");
	if (step->poll.task == POLL_END && step->poll.after == 0)
		return fed_refresh_poll(step->fed, step->poll.status, counts_came, step);
	step_finish(step, QUEUE_AGAIN, "");
}
