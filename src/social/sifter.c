/* JOB_SIFT: a step at a time, in the write that ends the attempt. Queue's threads. */
#include "social/sifter.h"

#include <stdio.h>

#include "core/must.h"
#include "db/rec.h"
#include "sift_int.h"
#include "sift_job_int.h"
#include "sifter_int.h"
#include "store/blocklist.h"

#define JOB_VERSION 1
#define STEP_ARENA ((size_t)64 << 20)
#define HELD_STEP 50

/* --- settings --- */

const struct conf_row sift_conf_rows[] = {
	{ .name = "held_for",
	  .offset = offsetof(struct sift_settings, held_ms),
	  .type = CONF_DURATION,
	  .fallback = "14 d",
	  .min = MS_PER_HOUR,
	  .max = 365 * MS_PER_DAY,
	  .help = "How long a post that the sieve holds waits for a moderator." },
	{ .name = "held_then",
	  .offset = offsetof(struct sift_settings, held_then),
	  .type = CONF_ENUM,
	  .fallback = "refuse",
	  .choices = "refuse release",
	  .help = "What becomes of it then." },
	{ .name = "undo_for",
	  .offset = offsetof(struct sift_settings, undo_ms),
	  .type = CONF_DURATION,
	  .fallback = "7 d",
	  .min = MS_PER_SECOND,
	  .max = 31 * MS_PER_DAY,
	  .help = "How long a wave that was rolled back can be shown again, before it is "
		  "deleted." },
	{ .name = "lists_agree",
	  .offset = offsetof(struct sift_settings, lists_agree),
	  .type = CONF_U64,
	  .fallback = "0",
	  .min = 0,
	  .max = BLOCKLISTS_MAX,
	  .help = "So many lists of blocks that name a host decide of it without a moderator; with "
		  "0 a "
		  "moderator confirms each." },
};
const size_t sift_conf_row_count = ARRAY_LEN(sift_conf_rows);

/* --- the payload --- */

struct task {
	enum sift_task what;
	uint64_t id;
};

static void task_encode(struct buf *out, const struct task *task)
{
	rec_add_u8(out, JOB_VERSION);
	rec_add_u8(out, (uint8_t)task->what);
	rec_add_u64(out, task->id);
}

static bool task_decode(struct str payload, struct task *out)
{
	struct rec r = rec_open(payload);
	uint8_t version = rec_u8(&r), what = rec_u8(&r);
	out->what = (enum sift_task)what;
	out->id = rec_u64(&r);
	return version == JOB_VERSION && rec_ok(&r) && what >= SIFT_JOB_HELD &&
	       what <= SIFT_JOB_LIST;
}

void sift_job_add(struct social *s, enum sift_task what, uint64_t id, uint64_t due_ms)
{
	struct buf payload CLEANUP(buf_free) = BUF_INIT(64);
	const struct task task = { what, id };
	task_encode(&payload, &task);
	const struct queue_new row = { .kind = JOB_SIFT,
				       /* one that is due in days holds up no other */
				       .order = db_next_id(s->txn),
				       .payload = buf_str(&payload),
				       .due_ms = due_ms };
	queue_add(s->txn, &row);
	s->enqueued = true;
}

/* --- what was held for too long --- */

enum rc sifter_held_step(struct social *s, const struct sift_settings *settings, uint64_t *after)
{
	uint64_t ids[HELD_STEP], now_ms = db_txn_now(s->txn);
	size_t n = sieve_held_after(s->txn, *after, ids, HELD_STEP);
	for (size_t i = 0; settings->held_ms != 0 && i < n; i++) {
		struct sieve_mark mark;
		if (!sieve_mark_get(s->txn, s->ctx->arena, ids[i], &mark) ||
		    mark.at_ms + settings->held_ms > now_ms)
			continue;
		enum rc rc = held_expire(s, (enum held_then)settings->held_then, ids[i]);
		if (rc != RC_OK)
			return rc;
	}
	*after = n == HELD_STEP ? ids[n - 1] : 0;
	return act_end(s, *after != 0 ? RC_BUSY : RC_OK);
}

/* --- running --- */

struct step {
	struct queue_job *job;
	const struct sifter *sifter;
	struct arena *arena;
	struct task task;   /* of what is held: behind which post it goes on */
	struct buf payload; /* the next step's; empty when there is none */
	struct queue *queue;
	bool enqueued;
};

/* next is what is to be done after it: the step may be run again as it was. */
static enum rc step_run(struct step *step, struct social *s, struct task *next)
{
	uint64_t due_ms = 0;
	enum rc rc;
	*next = step->task;
	if (step->task.what == SIFT_JOB_WAVE)
		rc = wave_step(s, step->task.id, &due_ms);
	else {
		rc = sifter_held_step(s, step->sifter->settings, &next->id);
		if (sieve_holds_any(s->txn))
			due_ms = db_txn_now(s->txn) + SIFT_HELD_EVERY_MS;
	}
	if (rc == RC_OK && due_ms != 0)
		sift_job_add(s, next->what, next->id, due_ms);
	return rc;
}

static enum rc step_write(struct db_txn *txn, void *arg)
{
	struct step *step = arg;
	struct ctx ctx = { .arena = step->arena };
	struct social s = { .txn = txn, .ctx = &ctx, .site = step->sifter->site };
	buf_reset(&step->payload);
	struct task next;
	enum rc rc = step_run(step, &s, &next);
	step->enqueued = s.enqueued;
	if (rc == RC_BUSY)
		task_encode(&step->payload, &next);
	return rc == RC_BUSY ? db_txn_rc(txn) : rc;
}

static void step_after(void *arg, enum rc rc)
{
	struct step *step = arg;
	struct arena *arena = step->arena;
	if (rc == RC_OK && step->enqueued)
		queue_wake(step->queue);
	buf_free(&step->payload);
	arena_free(&arena);
}

static void sift_run(struct queue_job *job, void *app)
{
	struct task task;
	if (task_decode(job->payload, &task) && task.what == SIFT_JOB_LIST) {
		sifter_list_run(job, app, task.id);
		return;
	}
	struct arena *arena = arena_new(STEP_ARENA);
	must(arena != NULL);
	struct step *step = ARENA_NEW(arena, struct step);
	must(step != NULL);
	*step = (struct step){ .job = job, .sifter = app, .arena = arena, .queue = job->queue };
	buf_init(&step->payload, 64);
	struct queue_end end = { .outcome = { .verdict = QUEUE_AGAIN },
				 .next = &step->payload,
				 .write = step_write,
				 .after = step_after,
				 .arg = step };
	if (!task_decode(job->payload, &step->task))
		end = (struct queue_end){ .outcome = { .verdict = QUEUE_REJECT,
						       .reason = "the job cannot be decoded" },
					  .after = step_after,
					  .arg = step };
	queue_finish(job, &end);
}

size_t sifter_job_kinds(struct sifter *sifter, struct queue_kind *out, size_t max)
{
	must(max >= 1);
	out[0] = (struct queue_kind){ .id = JOB_SIFT,
				      .name = "sift",
				      .window = 8,
				      .at_once = 8,
				      .run = sift_run,
				      .app = sifter };
	return 1;
}

/* --- the first one --- */

static bool found_one(void *arg, const struct queue_job_view *job)
{
	bool *found = arg;
	struct task task;
	*found = *found || (job->kind == JOB_SIFT && task_decode(job->payload, &task) &&
			    task.what == SIFT_JOB_HELD);
	return !*found;
}

static enum rc begin_job(struct db_txn *txn, void *arg)
{
	const struct sifter *sifter = arg;
	struct social s = { .txn = txn, .site = sifter->site };
	bool found = false;
	if (!sieve_holds_any(txn))
		return db_txn_rc(txn);
	queue_each_job(txn, false, STR(""), 0, found_one, &found);
	if (!found)
		sift_job_add(&s, SIFT_JOB_HELD, 0, 0);
	return db_txn_rc(txn);
}

enum rc sifter_begin(const struct sifter *sifter)
{
	struct sifter copy = *sifter;
	return db_write(copy.db, begin_job, &copy);
}
