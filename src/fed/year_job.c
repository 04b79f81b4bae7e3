/* What somebody did in a year is counted, step by step: each step is one write. */
#include "core/must.h"
#include "fed_int.h"
#include "social/year.h"

struct counting {
	struct fed *fed;
	struct ctx ctx;
	struct year_task task;
	struct buf payload; /* the next step; empty when it is done */
};

static enum rc counting_write(struct db_txn *txn, void *arg)
{
	struct counting *c = arg;
	struct arena *arena = arena_new(WORK_ARENA_MAX);
	if (arena == NULL)
		return RC_NO_MEMORY;
	struct ctx ctx = { .arena = arena };
	struct social s = { .txn = txn, .ctx = &ctx, .site = c->fed->site };
	buf_reset(&c->payload);
	if (year_task_step(&s, &c->task))
		year_task_encode(&c->payload, &c->task);
	enum rc rc = arena_failed(arena) ? RC_NO_MEMORY : db_txn_rc(txn);
	arena_free(&arena);
	return rc;
}

static void counting_after(void *arg, enum rc rc UNUSED)
{
	struct counting *c = arg;
	struct arena *arena = c->ctx.arena;
	buf_free(&c->payload);
	arena_free(&arena);
}

void year_run(struct queue_job *job, void *app)
{
	struct arena *arena = arena_new(WORK_ARENA_MAX);
	must(arena != NULL);
	struct counting *c = ARENA_NEW(arena, struct counting);
	must(c != NULL);
	*c = (struct counting){ .fed = fed_of(app), .ctx = { .arena = arena } };
	buf_init(&c->payload, 64);
	struct queue_end end = { .outcome = { .verdict = QUEUE_AGAIN },
				 .write = counting_write,
				 .next = &c->payload,
				 .after = counting_after,
				 .arg = c };
	if (!year_task_decode(job->payload, &c->task))
		end = (struct queue_end){ .outcome = { .verdict = QUEUE_REJECT,
						       .reason = "the job cannot be decoded" },
					  .after = counting_after,
					  .arg = c };
	queue_finish(job, &end);
}
