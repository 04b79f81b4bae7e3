/* JOB_EVENT_WAKE: what comes of events by the clock. The letter is sealed outside of the write. */
#include <stdio.h>

#include "core/must.h"
#include "courier_int.h"
#include "event_int.h"

#define ARENA_MAX ((size_t)16 << 20)

struct attempt {
	struct courier *courier;
	struct queue *queue;
	struct ctx ctx;
	struct event_wake wake;
	struct str packed;
	bool enqueued;
};

static void attempt_after(void *arg, enum rc rc)
{
	struct attempt *a = arg;
	struct arena *arena = a->ctx.arena;
	if (rc == RC_OK && a->enqueued)
		queue_wake(a->queue);
	arena_free(&arena);
}

static enum rc attempt_write(struct db_txn *txn, void *arg)
{
	struct attempt *a = arg;
	struct arena *arena = arena_new(ARENA_MAX);
	if (arena == NULL)
		return RC_NO_MEMORY;
	struct ctx ctx = { .arena = arena };
	struct social s = { .txn = txn, .ctx = &ctx, .site = a->courier->parts.site };
	enum rc rc = event_wake_step(&s, &a->wake, a->packed);
	a->enqueued = s.enqueued;
	arena_free(&arena);
	return rc;
}

/* RC_NOT_FOUND: there is none to write. */
static enum rc compose(struct attempt *a)
{
	struct letter letter;
	struct db_txn *txn;
	enum rc rc = db_read_begin(a->courier->parts.db, &txn);
	if (rc != RC_OK)
		return rc;
	rc = event_wake_letter(&a->ctx, txn, a->courier->parts.site, &a->wake, &letter);
	db_read_end(&txn);
	return rc == RC_OK ? letter_pack(&a->ctx, a->courier->parts.seal, &letter, &a->packed) : rc;
}

void event_wake_run(struct queue_job *job, void *app)
{
	struct arena *arena = arena_new(ARENA_MAX);
	must(arena != NULL);
	struct attempt *a = ARENA_NEW(arena, struct attempt);
	must(a != NULL);
	*a = (struct attempt){
		.courier = app, .queue = job->queue, .ctx = { .arena = arena }, .packed = STR_NONE
	};
	struct queue_end end = { .outcome = { .verdict = QUEUE_DELIVERED },
				 .write = attempt_write,
				 .after = attempt_after,
				 .arg = a };
	enum rc rc = event_wake_decode(job->payload, &a->wake) ? compose(a) : RC_CORRUPT;
	if (rc != RC_OK && rc != RC_NOT_FOUND && rc != RC_TOO_LARGE) {
		end.outcome.verdict = rc == RC_CORRUPT ? QUEUE_REJECT : QUEUE_DEFER;
		end.write = NULL;
		snprintf(end.outcome.reason, sizeof(end.outcome.reason), "%s", rc_text(rc));
	}
	queue_finish(job, &end);
}
