/* The job that goes through all communities of this node once a day, and those that have more to do in one
 * than an act has time for: some rows at a time. */
#include "core/must.h"
#include "fed_int.h"
#include "social/community_keep.h"

#define EVERY_MS MS_PER_DAY

struct step {
	struct fed *fed;
	struct ctx ctx;
	struct community_job job;
	struct buf payload; /* the next step's; empty when there is none */
	bool enqueued;
};

static enum rc step_write(struct db_txn *txn, void *arg)
{
	struct step *step = arg;
	struct ctx ctx = { .arena = step->ctx.arena };
	struct social s = { .txn = txn, .ctx = &ctx, .site = step->fed->site };
	/* each time from the same place */
	struct community_job next = step->job;
	buf_reset(&step->payload);
	bool end = community_job_step(&s, &next);
	step->enqueued = s.enqueued;
	if (!end)
		community_job_encode(&step->payload, &next);
	if (!end || next.task != COMMUNITY_TASK_ROUND)
		return db_txn_rc(txn);
	const struct queue_new job = { .kind = JOB_COMMUNITY,
				       .payload = STR(""),
				       .due_ms = db_txn_now(txn) + EVERY_MS };
	queue_add(txn, &job);
	return db_txn_rc(txn);
}

static void step_after(void *arg, enum rc rc)
{
	struct step *step = arg;
	struct arena *arena = step->ctx.arena;
	fed_wake(step->fed, rc == RC_OK && step->enqueued);
	buf_free(&step->payload);
	arena_free(&arena);
}

void community_run(struct queue_job *job, void *app)
{
	struct arena *arena = arena_new(WORK_ARENA_MAX);
	must(arena != NULL);
	struct step *step = ARENA_NEW(arena, struct step);
	must(step != NULL);
	step->fed = fed_of(app);
	step->ctx.arena = arena;
	step->job = community_job_decode(job->payload);
	buf_init(&step->payload, 64);
	struct queue_end end = { .outcome = { .verdict = QUEUE_AGAIN },
				 .write = step_write,
				 .next = &step->payload,
				 .after = step_after,
				 .arg = step };
	queue_finish(job, &end);
}
