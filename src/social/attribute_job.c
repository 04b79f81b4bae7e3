/* JOB_ATTRIBUTE: memberships that follow from attributes are looked after, step by step, and members told of them.
 * The letter is sealed outside of the write. */
#include <stdio.h>

#include "act_int.h"
#include "core/must.h"
#include "courier_int.h"
#include "social/attribute.h"
#include "social/mail.h"

#define ARENA_MAX ((size_t)16 << 20)
#define PAYLOAD_MAX 64

struct attempt {
	struct courier *courier;
	struct queue *queue;
	struct arena *arena;
	struct attribute_job job;
	struct str packed;
	struct buf payload; /* the next step's; empty when there is none */
	bool enqueued;
};

static enum rc attempt_write(struct db_txn *txn, void *arg)
{
	struct attempt *a = arg;
	struct arena *arena = arena_new(ARENA_MAX);
	if (arena == NULL)
		return RC_NO_MEMORY;
	struct ctx ctx = { .arena = arena };
	struct social s = { .txn = txn, .ctx = &ctx, .site = a->courier->parts.site };
	/* each time from the same place */
	struct attribute_job next = a->job;
	buf_reset(&a->payload);
	enum rc rc = attribute_job_step(&s, &next, a->packed);
	a->enqueued = s.enqueued;
	if (rc == RC_BUSY)
		attribute_job_encode(&a->payload, &next);
	arena_free(&arena);
	return rc == RC_BUSY ? db_txn_rc(txn) : rc;
}

static void attempt_after(void *arg, enum rc rc)
{
	struct attempt *a = arg;
	struct arena *arena = a->arena;
	if (rc == RC_OK && a->enqueued)
		queue_wake(a->queue);
	buf_free(&a->payload);
	arena_free(&arena);
}

/* RC_NOT_FOUND: there is none to write. */
static enum rc compose(struct attempt *a)
{
	struct ctx ctx = { .arena = a->arena };
	struct letter letter;
	struct db_txn *txn;
	if (a->job.news == MEMBERSHIP_NO_NEWS)
		return RC_NOT_FOUND;
	enum rc rc = db_read_begin(a->courier->parts.db, &txn);
	if (rc != RC_OK)
		return rc;
	rc = attribute_letter(&ctx, txn, a->courier->parts.site, &a->job, &letter);
	db_read_end(&txn);
	return rc == RC_OK ? letter_pack(&ctx, a->courier->parts.seal, &letter, &a->packed) : rc;
}

void attribute_run(struct queue_job *job, void *app)
{
	struct arena *arena = arena_new(ARENA_MAX);
	must(arena != NULL);
	struct attempt *a = ARENA_NEW(arena, struct attempt);
	must(a != NULL);
	*a = (struct attempt){
		.courier = app, .queue = job->queue, .arena = arena, .packed = STR_NONE
	};
	buf_init(&a->payload, PAYLOAD_MAX);
	struct queue_end end = { .outcome = { .verdict = QUEUE_AGAIN },
				 .write = attempt_write,
				 .after = attempt_after,
				 .arg = a,
				 .next = &a->payload };
	enum rc rc = attribute_job_decode(job->payload, &a->job) ? compose(a) : RC_CORRUPT;
	if (rc != RC_OK && rc != RC_NOT_FOUND && rc != RC_TOO_LARGE) {
		end = (struct queue_end){ .outcome = { .verdict = rc == RC_CORRUPT ? QUEUE_REJECT
										   : QUEUE_DEFER },
					  .after = attempt_after,
					  .arg = a };
		snprintf(end.outcome.reason, sizeof(end.outcome.reason), "%s", rc_text(rc));
	}
	queue_finish(job, &end);
}
