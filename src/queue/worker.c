/*
 * The workers: they load what was claimed, several rows in one short transaction, and start each
 * attempt after it has ended, since no transaction is held across what an attempt does.
 */
#include "core/log.h"
#include "queue_int.h"
#include "store_int.h"

#define BATCH_MAX 16
#define ARENA_MAX ((size_t)8 << 20)
#define READERS_BUSY_MS 100

void worker_push(struct queue *q, struct attempt *first, size_t count)
{
	struct attempt *last = first;
	while (last->next != NULL)
		last = last->next;
	pthread_mutex_lock(&q->run_lock);
	*q->run_last = first;
	q->run_last = &last->next;
	q->run_count += count;
	if (count == 1)
		pthread_cond_signal(&q->run_filled);
	else
		pthread_cond_broadcast(&q->run_filled);
	pthread_mutex_unlock(&q->run_lock);
}

/* Takes a share of what is claimed; 0 when there will be no more. */
static size_t take(struct queue *q, struct attempt **batch)
{
	size_t n = 0;
	pthread_mutex_lock(&q->run_lock);
	while (q->run_first == NULL && !q->run_stop)
		pthread_cond_wait(&q->run_filled, &q->run_lock);
	if (q->run_stop) {
		pthread_mutex_unlock(&q->run_lock);
		return 0;
	}
	size_t share = q->run_count / q->settings.workers + 1;
	while (n < BATCH_MAX && n < share && q->run_first != NULL) {
		batch[n++] = q->run_first;
		q->run_first = q->run_first->next;
		q->run_count--;
	}
	if (q->run_first == NULL)
		q->run_last = &q->run_first;
	q->loading++;
	pthread_mutex_unlock(&q->run_lock);
	return n;
}

/* From here on the worker reads nothing more for this batch. */
static void loaded(struct queue *q)
{
	pthread_mutex_lock(&q->run_lock);
	q->loading--;
	pthread_cond_broadcast(&q->run_filled);
	pthread_mutex_unlock(&q->run_lock);
}

void worker_stop(struct queue *q)
{
	pthread_mutex_lock(&q->run_lock);
	q->run_stop = true;
	pthread_cond_broadcast(&q->run_filled);
	while (q->loading != 0)
		pthread_cond_wait(&q->run_filled, &q->run_lock);
	pthread_mutex_unlock(&q->run_lock);
}

/* --- what loading can end with, as mail to the scheduler --- */

/* Somebody dropped it, or its row is damaged and stays for queue_check() to name. */
static void on_missing(struct queue *q, struct mail *mail)
{
	struct attempt *a = attempt_of(mail);
	q->kinds[sched_lane_of(q, a)->kind].running--;
	sched_remove(q, a->entry);
	sched_release(q, a);
}

static void on_early(struct queue *q, struct mail *mail)
{
	struct attempt *a = attempt_of(mail);
	q->kinds[sched_lane_of(q, a)->kind].running--;
	sched_retry(q, a->entry, a->wait_ms, a->wait_again);
	sched_release(q, a);
}

/* The queue stops: it is tried again after a start. */
static void on_unstarted(struct queue *q, struct mail *mail)
{
	sched_release(q, attempt_of(mail));
}

static void give_back(struct attempt *a, void (*handle)(struct queue *q, struct mail *mail))
{
	struct queue *q = a->queue;
	a->mail.handle = handle;
	if (mail_post(q, &a->mail))
		return;
	attempt_free(a);
	queue_unref(q);
}

/* --- loading --- */

static bool fill_job(struct attempt *a, const struct job_row *row)
{
	struct queue_job *job = &a->job;
	job->ctx.arena = arena_new(ARENA_MAX);
	if (job->ctx.arena == NULL)
		return false;
	job->id = a->id;
	job->kind = row->kind;
	job->lane = arena_str(job->ctx.arena, row->lane);
	job->order = row->order;
	job->group = row->group;
	job->payload = arena_str(job->ctx.arena, row->payload);
	job->body_id = row->body;
	job->created_ms = row->created_ms;
	job->attempts = row->attempts;
	job->queue = a->queue;
	return !arena_failed(job->ctx.arena);
}

/* What is to be done with a, NULL: run it. */
static void (*load(struct attempt *a, struct db_txn *txn))(struct queue *q, struct mail *mail)
{
	struct job_row row;
	if (!store_get_job(txn, a->id, &row))
		return on_missing;
	if (a->check) {
		a->wait_ms = job_row_wait(&row, clock_wall_ms(a->queue->clock), &a->wait_again);
		if (a->wait_ms != 0)
			return on_early;
	}
	if (fill_job(a, &row))
		return NULL;
	a->wait_ms = MS_PER_SECOND;
	a->wait_again = a->check;
	return on_early;
}

/* A damaged row spoils its transaction; the others are read in a new one. */
static size_t load_some(struct attempt **batch, size_t count,
			void (**what)(struct queue *q, struct mail *mail))
{
	struct db_txn *txn;
	size_t n = 0;
	if (db_read_begin(batch[0]->queue->db, &txn) != RC_OK) {
		for (; n < count; n++) {
			batch[n]->wait_ms = READERS_BUSY_MS;
			batch[n]->wait_again = batch[n]->check;
			what[n] = on_early;
		}
		return n;
	}
	while (n < count && db_txn_rc(txn) == RC_OK) {
		what[n] = load(batch[n], txn);
		n++;
	}
	db_read_end(&txn);
	return n;
}

static void start(struct attempt *a)
{
	for (size_t i = 0; i < a->queue->kind_count; i++) {
		const struct queue_kind *kind = a->queue->kinds[i].row;
		if (kind->id == a->job.kind) {
			kind->run(&a->job, kind->app);
			return;
		}
	}
	must_failed("a job's kind is known", __FILE__, __LINE__);
}

void *worker_main(void *arg)
{
	struct queue *q = arg;
	struct attempt *batch[BATCH_MAX];
	void (*what[BATCH_MAX])(struct queue * q, struct mail * mail);
	for (size_t n; (n = take(q, batch)) != 0;) {
		for (size_t done = 0; done < n;)
			done += load_some(batch + done, n - done, what + done);
		loaded(q);
		for (size_t i = 0; i < n; i++) {
			if (what[i] == NULL && q->closing)
				what[i] = on_unstarted;
			if (what[i] == NULL)
				start(batch[i]);
			else
				give_back(batch[i], what[i]);
		}
	}
	queue_unref(q);
	return NULL;
}
