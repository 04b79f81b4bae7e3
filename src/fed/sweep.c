/* Forgets what is too old, in small steps: a job that keeps coming back. */
#include <stdlib.h>

#include "core/must.h"
#include "fed_int.h"
#include "store/sweep.h"

#define SWEEP_EVERY_MS MS_PER_DAY
#define SWEEP_ROWS 256

/* One after the other. */
static store_sweep *const sweeps[] = {
	seen_sweep,	     peer_keys_sweep,	 likes_sweep,	      reactions_sweep,
	dislikes_sweep,	     poll_votes_sweep,	 oauth_codes_sweep,   web_sessions_sweep,
	shelf_sweep,	     thread_mutes_sweep, account_notes_sweep, idempotency_sweep,
	announcements_sweep, media_sweep,	 timeline_sweep,      usage_sweep,
	presence_sweep,	     cards_sweep,	 sign_ups_sweep,      severed_sweep,
	sieve_counts_sweep,  sieve_fits_sweep,	 learned_sweep,	      participants_sweep,
};
struct sweep {
	size_t stage;
	struct sweep_cursor cursor;
	uint64_t now_ms;
	struct buf payload;
};

/* Stage and cursor are the job's payload; at the end it starts over, a day later. */
static enum rc sweep_write(struct db_txn *txn, void *arg)
{
	struct sweep *s = arg;
	struct sweep_cursor cursor = s->cursor;
	bool end = sweeps[s->stage](txn, s->now_ms, &cursor, SWEEP_ROWS);
	size_t stage = end ? s->stage + 1 : s->stage;
	buf_reset(&s->payload);
	if (stage == ARRAY_LEN(sweeps)) {
		struct queue_new job = { .kind = JOB_SWEEP,
					 .payload = STR(""),
					 .due_ms = s->now_ms + SWEEP_EVERY_MS };
		queue_add(txn, &job);
		return db_txn_rc(txn);
	}
	buf_add_chr(&s->payload, (char)stage);
	if (!end)
		buf_add_bytes(&s->payload, cursor.key, cursor.len);
	return db_txn_rc(txn);
}

/* What an older version has left begins from the start. */
static void payload_read(struct sweep *s, struct str payload)
{
	size_t stage = payload.len != 0 ? (unsigned char)payload.ptr[0] : 0;
	if (payload.len == 0 || payload.len > 1 + SWEEP_KEY_MAX || stage >= ARRAY_LEN(sweeps))
		return;
	s->stage = stage;
	s->cursor.len = payload.len - 1;
	memcpy(s->cursor.key, payload.ptr + 1, s->cursor.len);
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
	buf_init(&s->payload, 1 + SWEEP_KEY_MAX);
	payload_read(s, job->payload);
	struct queue_end end = { .outcome = { .verdict = QUEUE_AGAIN },
				 .write = sweep_write,
				 .next = &s->payload,
				 .after = sweep_after,
				 .arg = s };
	queue_finish(job, &end);
}

/* --- the first ones --- */

struct found {
	uint8_t kind;
	bool there;
};

static bool found_one(void *arg, const struct queue_job_view *job)
{
	struct found *found = arg;
	found->there = found->there || job->kind == found->kind;
	return !found->there;
}

/* What comes back by itself. */
static const uint8_t returning[] = { JOB_SWEEP, JOB_COMMUNITY };

static enum rc ensure_jobs(struct db_txn *txn, void *arg UNUSED)
{
	for (size_t i = 0; i < ARRAY_LEN(returning); i++) {
		struct found found = { .kind = returning[i] };
		struct queue_new job = { .kind = returning[i], .payload = STR("") };
		queue_each_job(txn, false, STR(""), 0, found_one, &found);
		if (!found.there)
			queue_add(txn, &job);
	}
	return db_txn_rc(txn);
}

enum rc fed_ensure_sweep(struct fed *fed)
{
	return db_write(fed->db, ensure_jobs, NULL);
}
