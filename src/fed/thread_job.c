/* Replies that waited for a parent join it, step by step: each step is one write. */
#include "core/must.h"
#include "fed_int.h"
#include "social/thread.h"

struct joining {
	struct fed *fed;
	struct ctx ctx;
	struct thread_task task;
	struct buf payload; /* the next step; empty when it is done */
};

static enum rc joining_write(struct db_txn *txn, void *arg)
{
	struct joining *j = arg;
	struct ctx ctx = { .arena = j->ctx.arena };
	struct social s = { .txn = txn, .ctx = &ctx, .site = j->fed->site };
	struct thread_task task = j->task; /* a write may be run again */
	buf_reset(&j->payload);
	if (thread_task_step(&s, &task))
		thread_task_encode(&j->payload, &task);
	return arena_failed(ctx.arena) ? RC_NO_MEMORY : db_txn_rc(txn);
}

static void joining_after(void *arg, enum rc rc)
{
	struct joining *j = arg;
	struct arena *arena = j->ctx.arena;
	fed_wake(j->fed, rc == RC_OK);
	buf_free(&j->payload);
	arena_free(&arena);
}

void thread_run(struct queue_job *job, void *app)
{
	struct arena *arena = arena_new(WORK_ARENA_MAX);
	must(arena != NULL);
	struct joining *j = ARENA_NEW(arena, struct joining);
	must(j != NULL);
	j->fed = fed_of(app);
	j->ctx.arena = arena;
	buf_init(&j->payload, 64);
	struct queue_end end = { .outcome = { .verdict = QUEUE_AGAIN },
				 .write = joining_write,
				 .next = &j->payload,
				 .after = joining_after,
				 .arg = j };
	if (!thread_task_decode(job->payload, &j->task))
		end = (struct queue_end){ .outcome = { .verdict = QUEUE_REJECT,
						       .reason = "the job cannot be decoded" },
					  .after = joining_after,
					  .arg = j };
	queue_finish(job, &end);
}
