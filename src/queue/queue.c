/* The running queue as others see it: start and stop, what wakes it, mail to its scheduler. */
#include <errno.h>
#include <stdlib.h>
#include <time.h>

#include "core/log.h"
#include "queue_int.h"
#include "store_int.h"

/* What can be spared is kept for a host that does not answer for so long, and so much of it. */
#define BURDEN_MS MS_PER_HOUR
#define BURDEN_JOBS 1000

/* --- lifetimes --- */

static void queue_destroy(struct queue *q)
{
	roster_free(&q->roster);
	timers_free(&q->timers);
	blobs_free(&q->blobs);
	pthread_mutex_destroy(&q->lock);
	pthread_mutex_destroy(&q->run_lock);
	pthread_cond_destroy(&q->mailed);
	pthread_cond_destroy(&q->stopped);
	pthread_cond_destroy(&q->run_filled);
	free(q->kinds);
	free(q->workers);
	free(q);
}

void queue_unref(struct queue *q)
{
	if (atomic_fetch_sub(&q->refs, 1) == 1)
		queue_destroy(q);
}

size_t queue_slot(struct str lane)
{
	return str_hash(lane) % NOTED_SLOTS;
}

struct attempt *attempt_new(struct queue *q, uint32_t entry)
{
	const struct entry *e = roster_entry(&q->roster, entry);
	struct attempt *a = calloc(1, sizeof(*a));
	if (a == NULL)
		return NULL;
	a->magic = ATTEMPT_MAGIC;
	a->queue = q;
	a->entry = entry;
	a->id = e->id;
	a->check = e->check;
	buf_init(&a->payload, QUEUE_ROW_MAX);
	atomic_fetch_add(&q->refs, 1);
	return a;
}

void attempt_free(struct attempt *a)
{
	a->magic = 0;
	arena_free(&a->job.ctx.arena);
	buf_free(&a->payload);
	free(a);
}

struct attempt *attempt_of(struct mail *mail)
{
	struct attempt *a = CONTAINER_OF(mail, struct attempt, mail);
	MAGIC_CHECK(a, ATTEMPT_MAGIC);
	return a;
}

struct queue_blob *queue_job_body(struct queue_job *job)
{
	struct attempt *a = CONTAINER_OF(job, struct attempt, job);
	MAGIC_CHECK(a, ATTEMPT_MAGIC);
	return blobs_get(a->queue->blobs, job->body_id);
}

/* --- mail --- */

bool mail_post(struct queue *q, struct mail *mail)
{
	mail->next = NULL;
	pthread_mutex_lock(&q->lock);
	bool dead = q->dead;
	if (!dead) {
		if (q->mail_first == NULL)
			pthread_cond_signal(&q->mailed);
		*q->mail_last = mail;
		q->mail_last = &mail->next;
	}
	pthread_mutex_unlock(&q->lock);
	return !dead;
}

void queue_wake(struct queue *q)
{
	if (atomic_exchange(&q->woken, true))
		return;
	pthread_mutex_lock(&q->lock);
	pthread_cond_signal(&q->mailed);
	pthread_mutex_unlock(&q->lock);
}

void queue_reload(struct queue *q)
{
	pthread_mutex_lock(&q->lock);
	q->reload = true;
	pthread_cond_signal(&q->mailed);
	pthread_mutex_unlock(&q->lock);
}

struct sign_of_life {
	struct mail mail;
	size_t len;
	char host[];
};

static void on_alive(struct queue *q, struct mail *mail)
{
	struct sign_of_life *sign = CONTAINER_OF(mail, struct sign_of_life, mail);
	sched_host_alive(q, str_n(sign->host, sign->len));
	free(sign);
}

void queue_host_alive(struct queue *q, struct str host)
{
	if (host.len == 0 ||
	    atomic_load_explicit(&q->noted[queue_slot(host)], memory_order_relaxed) == 0)
		return;
	struct sign_of_life *sign = malloc(sizeof(*sign) + host.len);
	if (sign == NULL)
		return;
	sign->mail.handle = on_alive;
	sign->len = host.len;
	memcpy(sign->host, host.ptr, host.len);
	if (!mail_post(q, &sign->mail))
		free(sign);
}

/* --- starting --- */

static bool start_thread(struct queue *q, pthread_t *thread, void *(*main)(void *arg),
			 const char *name)
{
	atomic_fetch_add(&q->refs, 1);
	if (pthread_create(thread, NULL, main, q) != 0) {
		atomic_fetch_sub(&q->refs, 1);
		return false;
	}
	pthread_setname_np(*thread, name);
	return true;
}

static enum rc take_kinds(struct queue *q, const struct queue_kind *kinds, size_t count)
{
	if (count > UINT8_MAX)
		return RC_INVALID;
	q->kinds = calloc(count != 0 ? count : 1, sizeof(*q->kinds));
	if (q->kinds == NULL)
		return RC_NO_MEMORY;
	q->kind_count = count;
	for (size_t i = 0; i < count; i++) {
		if (kinds[i].run == NULL || kinds[i].window == 0 || kinds[i].at_once == 0)
			return RC_INVALID;
		q->kinds[i].row = &kinds[i];
	}
	return RC_OK;
}

static struct queue *queue_new(struct db *db, const struct queue_settings *settings,
			       const struct clock *clock)
{
	pthread_condattr_t steady;
	struct queue *q = calloc(1, sizeof(*q));
	if (q == NULL)
		return NULL;
	q->db = db;
	q->clock = clock;
	q->settings = *settings;
	q->refs = 1;
	q->mail_last = &q->mail_first;
	q->run_last = &q->run_first;
	q->scan_more = true;
	q->wall_base_ms = clock_wall_ms(clock);
	q->steady_base_ms = clock_steady_ms(clock);
	must(pthread_condattr_init(&steady) == 0);
	must(pthread_condattr_setclock(&steady, CLOCK_MONOTONIC) == 0);
	must(pthread_mutex_init(&q->lock, NULL) == 0);
	must(pthread_mutex_init(&q->run_lock, NULL) == 0);
	must(pthread_cond_init(&q->mailed, &steady) == 0);
	must(pthread_cond_init(&q->stopped, &steady) == 0);
	must(pthread_cond_init(&q->run_filled, NULL) == 0);
	pthread_condattr_destroy(&steady);
	return q;
}

static enum rc prepare(struct queue *q, const struct queue_kind *kinds, size_t kind_count)
{
	enum rc rc = take_kinds(q, kinds, kind_count);
	if (rc != RC_OK)
		return rc;
	if (q->settings.workers == 0)
		return RC_INVALID;
	q->blobs = blobs_new(q->db);
	q->workers = calloc(q->settings.workers, sizeof(*q->workers));
	if (q->blobs == NULL || q->workers == NULL || !roster_init(&q->roster))
		return RC_NO_MEMORY;
	return RC_OK;
}

enum rc queue_start(struct db *db, const struct queue_settings *settings,
		    const struct queue_kind *kinds, size_t kind_count, const struct clock *clock,
		    struct queue **out)
{
	struct queue *q = queue_new(db, settings, clock);
	*out = NULL;
	if (q == NULL)
		return RC_NO_MEMORY;
	enum rc rc = prepare(q, kinds, kind_count);
	if (rc == RC_OK && !start_thread(q, &q->scheduler, sched_main, "queue"))
		rc = RC_NO_MEMORY;
	if (rc != RC_OK) {
		queue_unref(q);
		return rc;
	}
	for (; q->worker_count < settings->workers; q->worker_count++) {
		if (start_thread(q, &q->workers[q->worker_count], worker_main, "queue-worker"))
			continue;
		queue_stop(&q, 0);
		return RC_NO_MEMORY;
	}
	*out = q;
	return RC_OK;
}

size_t queue_waiting(const struct queue *q, uint8_t kind)
{
	for (size_t i = 0; i < q->kind_count; i++) {
		if (q->kinds[i].row->id != kind)
			continue;
		/* not read at one moment */
		uint32_t resting = atomic_load(&q->kinds[i].resting);
		uint32_t waiting = atomic_load(&q->kinds[i].waiting);
		return waiting > resting ? waiting - resting : 0;
	}
	return 0;
}

uint64_t queue_down_after_ms(const struct queue *q)
{
	return q->settings.down_after_ms;
}

bool queue_is_burdened(const struct queue *q, struct db_txn *txn, uint8_t kind, struct str lane)
{
	struct lane_row row;
	/* who answers takes whatever there is, so that a crowd at another name of its slot is no matter */
	if (!store_get_lane(txn, kind, lane, &row) || row.state.failures == 0)
		return false;
	return sched_wall(q) >= row.state.first_failure_ms + BURDEN_MS ||
	       atomic_load(&q->crowds[queue_slot(lane)]) >= BURDEN_JOBS;
}

/* --- stopping --- */

static struct timespec deadline(uint64_t wait_ms)
{
	struct timespec until;
	must(clock_gettime(CLOCK_MONOTONIC, &until) == 0);
	until.tv_sec += (time_t)(wait_ms / MS_PER_SECOND);
	until.tv_nsec += (long)(wait_ms % MS_PER_SECOND) * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_nsec -= 1000000000;
		until.tv_sec++;
	}
	return until;
}

/* Asks the scheduler to end; true when no attempt was left behind. */
static bool stop_scheduler(struct queue *q, uint64_t wait_ms)
{
	struct timespec until = deadline(wait_ms);
	pthread_mutex_lock(&q->lock);
	q->stopping = true;
	pthread_cond_signal(&q->mailed);
	while (!q->dead)
		if (pthread_cond_timedwait(&q->stopped, &q->lock, &until) == ETIMEDOUT)
			break;
	bool all = q->dead;
	q->abandon = true;
	pthread_cond_signal(&q->mailed);
	pthread_mutex_unlock(&q->lock);
	pthread_join(q->scheduler, NULL);
	queue_unref(q);
	return all;
}

void queue_stop(struct queue **queue, uint64_t wait_ms)
{
	struct queue *q = *queue;
	if (q == NULL)
		return;
	*queue = NULL;
	q->closing = true;
	bool all = stop_scheduler(q, wait_ms);
	worker_stop(q);
	blobs_close(q->blobs);
	/* a worker may be inside an attempt that was given up; it ends with it */
	for (size_t i = 0; i < q->worker_count; i++) {
		if (all)
			pthread_join(q->workers[i], NULL);
		else
			pthread_detach(q->workers[i]);
	}
	queue_unref(q);
}
