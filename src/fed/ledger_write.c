/* The job that writes what is shared and decided in a joint community into its ledger: one record a step,
 * signed by the community's group; partners are told when all is written. */
#include <stdio.h>

#include "core/must.h"
#include "ledger_fed_int.h"

#define PAYLOAD_MAX 8192

struct writing {
	struct fed *fed;
	struct queue_job *job;
	struct ctx ctx;
	struct ledger_task task; /* where the next step begins */
	enum ledger_found found;
	struct ledger_entry entry;
	struct buf record;
	struct buf next;
	bool enqueued;
};

static void writing_after(void *arg, enum rc rc)
{
	struct writing *w = arg;
	struct arena *arena = w->ctx.arena;
	fed_wake(w->fed, rc == RC_OK && w->enqueued);
	buf_free(&w->record);
	buf_free(&w->next);
	arena_free(&arena);
}

static enum rc writing_write(struct db_txn *txn, void *arg)
{
	struct writing *w = arg;
	struct arena *arena = arena_new(WORK_ARENA_MAX);
	if (arena == NULL)
		return RC_NO_MEMORY;
	struct ctx ctx = { .arena = arena };
	struct social s = { .txn = txn, .ctx = &ctx, .site = w->fed->site };
	enum rc rc = RC_OK;
	buf_reset(&w->next);
	if (w->found == LEDGER_FOUND)
		rc = ledger_written(&s, w->task.community, &w->entry, buf_str(&w->record));
	else if (w->found == LEDGER_NOTHING)
		ledger_tell(&s, w->task.community, 0);
	/* what has changed meanwhile is looked at again; what cannot be written ends the walk */
	if (w->found != LEDGER_NOTHING && rc != RC_TOO_LARGE && rc != RC_INVALID)
		ledger_task_encode(&w->next, &w->task);
	w->enqueued = s.enqueued;
	rc = arena_failed(arena) ? RC_NO_MEMORY : db_txn_rc(txn);
	arena_free(&arena);
	return rc;
}

static void writing_end(struct writing *w, enum rc rc)
{
	struct queue_end end = { .outcome = { .verdict = QUEUE_AGAIN },
				 .write = writing_write,
				 .next = &w->next,
				 .after = writing_after,
				 .arg = w };
	if (rc != RC_OK) {
		end.outcome.verdict = rc == RC_CORRUPT ? QUEUE_REJECT : QUEUE_DEFER;
		end.payload = w->job->payload;
		end.write = NULL;
		end.next = NULL;
		snprintf(end.outcome.reason, sizeof(end.outcome.reason), "%s",
			 w->ctx.err.rc != RC_OK ? err_text(&w->ctx.err) : rc_text(rc));
	}
	queue_finish(w->job, &end);
}

static enum rc compose(struct writing *w)
{
	struct db_txn *txn;
	enum rc rc = db_read_begin(w->fed->db, &txn);
	if (rc != RC_OK)
		return rc;
	w->found = ledger_lacking(txn, &w->ctx, w->fed->site, clock_wall_ms(w->fed->clock),
				  &w->task, &w->entry);
	rc = arena_failed(w->ctx.arena) ? RC_NO_MEMORY : db_txn_rc(txn);
	db_read_end(&txn);
	if (rc != RC_OK || w->found != LEDGER_FOUND)
		return rc;
	ledger_compose(w->fed, w->ctx.arena, &w->entry, &w->record);
	rc = proof_attach(w->fed, &w->ctx, w->task.community, &w->record);
	return rc == RC_OK && w->record.failed ? RC_NO_MEMORY : rc;
}

void ledger_write_run(struct queue_job *job, void *app)
{
	struct arena *arena = arena_new(2 * WORK_ARENA_MAX);
	must(arena != NULL);
	struct writing *w = ARENA_NEW(arena, struct writing);
	must(w != NULL);
	*w = (struct writing){ .fed = fed_of(app), .job = job, .ctx = { .arena = arena } };
	buf_init(&w->record, LEDGER_BYTES_MAX);
	buf_init(&w->next, PAYLOAD_MAX);
	if (!ledger_task_decode(job->payload, &w->task))
		return writing_end(w, ctx_fail(&w->ctx, RC_CORRUPT, "the job cannot be decoded"));
	w->task.uri = arena_str(arena, w->task.uri);
	writing_end(w, compose(w));
}
