/* JOB_STATEMENT and JOB_SEVER: letters of reasons become letters, follows of blocked hosts end. */
#include <stdio.h>

#include "act_int.h"
#include "core/must.h"
#include "courier_int.h"
#include "social/sever.h"
#include "statement_int.h"

#define ARENA_MAX ((size_t)16 << 20)
#define REPEATS_MAX ((size_t)8 << 10)

/* One attempt at either. */
struct attempt {
	struct courier *courier;
	struct queue *queue;
	struct ctx ctx;
	bool enqueued;
	/* of a letter */
	struct statement_job statement;
	struct statement written;
	struct str packed;
	/* of follows that end */
	struct sever_job sever;
	struct buf payload; /* the next step's; empty when there is none */
};

static struct attempt *attempt_new(struct queue_job *job, void *app)
{
	struct arena *arena = arena_new(ARENA_MAX);
	must(arena != NULL);
	struct attempt *a = ARENA_NEW(arena, struct attempt);
	must(a != NULL);
	a->courier = app;
	a->queue = job->queue;
	a->ctx.arena = arena;
	buf_init(&a->payload, REPEATS_MAX);
	return a;
}

static void attempt_after(void *arg, enum rc rc)
{
	struct attempt *a = arg;
	struct arena *arena = a->ctx.arena;
	if (rc == RC_OK && a->enqueued)
		queue_wake(a->queue);
	buf_free(&a->payload);
	arena_free(&arena);
}

static void attempt_end(struct attempt *a, struct queue_job *job, enum queue_verdict verdict,
			const char *reason, enum rc (*write)(struct db_txn *txn, void *arg))
{
	struct queue_end end = {
		.outcome = { .verdict = verdict }, .write = write, .after = attempt_after, .arg = a
	};
	snprintf(end.outcome.reason, sizeof(end.outcome.reason), "%s", reason);
	if (verdict == QUEUE_AGAIN)
		end.next = &a->payload;
	queue_finish(job, &end);
}

static struct social social_of(struct attempt *a, struct db_txn *txn, struct ctx *ctx)
{
	return (struct social){ .txn = txn, .ctx = ctx, .site = a->courier->parts.site };
}

/* --- letters --- */

static enum rc post_write(struct db_txn *txn, void *arg)
{
	struct attempt *a = arg;
	struct ctx ctx = { .arena = a->ctx.arena };
	struct social s = social_of(a, txn, &ctx);
	if (a->written.has_ticket)
		ticket_put(txn, a->statement.to, TICKET_APPEAL, &a->written.ticket);
	letter_post(&s, a->packed);
	a->enqueued = s.enqueued;
	return db_txn_rc(txn);
}

static enum rc compose(struct attempt *a)
{
	struct db_txn *txn;
	enum rc rc = db_read_begin(a->courier->parts.db, &txn);
	if (rc != RC_OK)
		return rc;
	rc = statement_compose(&a->ctx, txn, a->courier->parts.site, &a->statement, &a->written);
	db_read_end(&txn);
	if (rc == RC_OK)
		rc = letter_pack(&a->ctx, a->courier->parts.seal, &a->written.letter, &a->packed);
	return rc == RC_OK && arena_failed(a->ctx.arena) ? RC_NO_MEMORY : rc;
}

void statement_run(struct queue_job *job, void *app)
{
	struct attempt *a = attempt_new(job, app);
	if (!statement_job_decode(job->payload, &a->statement))
		return attempt_end(a, job, QUEUE_REJECT, "the job cannot be decoded", NULL);
	enum rc rc = compose(a);
	if (rc == RC_OK)
		attempt_end(a, job, QUEUE_DELIVERED, "", post_write);
	else if (rc == RC_NOT_FOUND) /* nobody to write to, or nothing any more */
		attempt_end(a, job, QUEUE_DELIVERED, "", NULL);
	else if (rc == RC_TOO_LARGE || rc == RC_CORRUPT)
		attempt_end(a, job, QUEUE_REJECT, rc_text(rc), NULL);
	else
		attempt_end(a, job, QUEUE_DEFER, rc_text(rc), NULL);
}

/* --- follows --- */

static enum rc sever_write(struct db_txn *txn, void *arg)
{
	struct attempt *a = arg;
	struct arena *arena = arena_new(ARENA_MAX);
	if (arena == NULL)
		return RC_NO_MEMORY;
	struct ctx ctx = { .arena = arena };
	struct social s = social_of(a, txn, &ctx);
	/* each time from the same place */
	struct sever_job next = a->sever;
	buf_reset(&a->payload);
	enum rc rc = sever_job_step(&s, &next);
	a->enqueued = s.enqueued;
	if (rc == RC_BUSY)
		sever_job_encode(&a->payload, &next);
	arena_free(&arena);
	return rc == RC_BUSY ? db_txn_rc(txn) : rc;
}

void sever_run(struct queue_job *job, void *app)
{
	struct attempt *a = attempt_new(job, app);
	if (!sever_job_decode(a->ctx.arena, job->payload, &a->sever))
		return attempt_end(a, job, QUEUE_REJECT, "the job cannot be decoded", NULL);
	attempt_end(a, job, QUEUE_AGAIN, "", sever_write);
}
