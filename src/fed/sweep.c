/* Forgets what is too old, in small steps: a job that keeps coming back. */
#include <stdlib.h>

#include "core/must.h"
#include "fed_int.h"
#include "store/tables.h"

#define SEEN_KEEP_MS (90 * MS_PER_DAY) /* SECURITY section 13: dedupe memory */
#define SWEEP_EVERY_MS MS_PER_DAY
#define SWEEP_ROWS 256

struct sweep {
	struct seen_cursor cursor;
	uint64_t now_ms;
	struct buf payload;
};

/* The cursor is the job's payload; at the end it starts over, a day later. */
static enum rc sweep_write(struct db_txn *txn, void *arg)
{
	struct sweep *s = arg;
	struct seen_cursor cursor = s->cursor;
	bool end = seen_sweep(txn, s->now_ms - SEEN_KEEP_MS, &cursor, SWEEP_ROWS);
	buf_reset(&s->payload);
	if (end) {
		struct queue_new job = { .kind = JOB_SWEEP,
					 .payload = STR(""),
					 .due_ms = s->now_ms + SWEEP_EVERY_MS };
		queue_add(txn, &job);
	} else {
		buf_add_bytes(&s->payload, cursor.key, sizeof(cursor.key));
	}
	return db_txn_rc(txn);
}

static void sweep_after(void *arg, enum rc rc UNUSED)
{
	struct sweep *s = arg;
	buf_free(&s->payload);
	free(s);
}

void sweep_run(struct queue_job *job, void *app)
{
	struct fed *fed = fed_of(app);
	struct sweep *s = calloc(1, sizeof(*s));
	must(s != NULL);
	s->now_ms = clock_wall_ms(fed->clock);
	buf_init(&s->payload, 64);
	if (job->payload.len == sizeof(s->cursor.key)) {
		memcpy(s->cursor.key, job->payload.ptr, sizeof(s->cursor.key));
		s->cursor.begun = true;
	}
	struct queue_end end = { .outcome = { .verdict = QUEUE_AGAIN },
				 .write = sweep_write,
				 .next = &s->payload,
				 .after = sweep_after,
				 .arg = s };
	queue_finish(job, &end);
}

/* --- the first one --- */

static bool found_one(void *arg, const struct queue_job_view *job)
{
	bool *found = arg;
	*found = *found || job->kind == JOB_SWEEP;
	return !*found;
}

static enum rc ensure_job(struct db_txn *txn, void *arg UNUSED)
{
	bool found = false;
	queue_each_job(txn, false, STR(""), 0, found_one, &found);
	if (!found) {
		struct queue_new job = { .kind = JOB_SWEEP, .payload = STR("") };
		queue_add(txn, &job);
	}
	return db_txn_rc(txn);
}

enum rc fed_ensure_sweep(struct fed *fed)
{
	return db_write(fed->db, ensure_job, NULL);
}
