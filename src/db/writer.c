/*
 * The writer: one thread, a queue of jobs, and as many of them as are waiting in one durable
 * commit.
 *
 * A batch is settled span by span. A span is a run of jobs in one transaction. A job that fails
 * without having written anything is part of it like any other. One that fails after it has written
 * spoils the transaction: what stood before it is run again and committed, then it is run at the
 * head of a transaction of its own, where its verdict is final, and then the rest. So every job
 * sees exactly what it would see if each had its own commit.
 */
#include <errno.h>
#include <semaphore.h>
#include <stdlib.h>
#include <time.h>

#include "core/log.h"
#include "core/metric.h"
#include "core/must.h"
#include "db_int.h"

#define READER_CHECK_MS MS_PER_MINUTE
/* How soon room that came back is seen, when nobody asks (P-07). */
#define ROOM_CHECK_MS MS_PER_SECOND

enum span_end {
	SPAN_SETTLED, /* every job has its result */
	SPAN_SPOILT,  /* by the job at `at`, with rc */
	SPAN_NO_ROOM, /* the commit found no room, with rc */
	SPAN_GROW,    /* a larger map would help */
	SPAN_FAILED,  /* storage failed */
};

struct span {
	enum span_end end;
	size_t at;
	enum rc rc;
};

/* --- one span --- */

static enum span_end span_begin(struct db *db, enum rc *rc)
{
	struct db_txn *txn = &db->writer;
	struct arena *arena = txn->arena;
	room_check(db);
	db->effects.count = 0;
	*txn = (struct db_txn){ .db = db, .arena = arena, .writable = true };
	int error = gate_txn_begin(db, 0, &txn->mdb);
	*rc = error == ENOMEM ? RC_NO_MEMORY : RC_IO;
	if (error != 0)
		return error == ENOMEM ? SPAN_NO_ROOM : SPAN_FAILED;
	txn->wall_ms = clock_wall_ms(db->clock);
	return SPAN_SETTLED;
}

static void span_abort(struct db_txn *txn)
{
	mdb_txn_abort(txn->mdb);
	txn->mdb = NULL;
	gate_leave(txn->db);
}

static enum rc job_run(struct db_txn *txn, struct db_work *work)
{
	txn->rc = RC_OK;
	txn->freed = false;
	txn->reserve = work->reserve;
	size_t effects = txn->db->effects.count;
	enum rc rc = work->job(txn, work->arg);
	must(txn->iters == 0);
	arena_reset(txn->arena);
	if (txn->rc != RC_OK)
		rc = txn->rc;
	if (rc != RC_OK)
		txn->db->effects.count = effects;
	return rc;
}

static struct span span_spoilt(struct db_txn *txn, size_t at, enum rc rc)
{
	enum span_end end = SPAN_SPOILT;
	if (txn->io_failed)
		end = SPAN_FAILED;
	else if (txn->map_full)
		end = SPAN_GROW;
	span_abort(txn);
	return (struct span){ end, at, rc };
}

static struct span span_commit(struct db_txn *txn, size_t n)
{
	struct db *db = txn->db;
	txn->rc = RC_OK;
	txn->reserve = true;
	if (txn->writes == 0 && !txn->ids_used) {
		span_abort(txn);
		return (struct span){ SPAN_SETTLED, n, RC_OK };
	}
	if (!id_store(txn))
		return span_spoilt(txn, 0, txn->rc);
	errno = 0;
	int error = txn_error(mdb_txn_commit(txn->mdb));
	txn->mdb = NULL;
	gate_leave(db);
	switch (error) {
	case 0:
		room_committed(db);
		metric_add(METRIC_DB_COMMITS, 1);
		metric_add(METRIC_DB_JOBS, n);
		return (struct span){ SPAN_SETTLED, n, RC_OK };
	case MDB_MAP_FULL:
		return (struct span){ SPAN_GROW, 0, RC_FULL };
	case ENOSPC:
	case EDQUOT:
		return (struct span){ SPAN_NO_ROOM, 0, RC_FULL };
	case ENOMEM:
		return (struct span){ SPAN_NO_ROOM, 0, RC_NO_MEMORY };
	default:
		/* S-115: after a failed fsync nothing that storage says can be believed */
		return (struct span){ SPAN_FAILED, 0, RC_IO };
	}
}

static struct span span_run(struct db *db, struct db_work **works, size_t n)
{
	struct db_txn *txn = &db->writer;
	enum rc rc;
	enum span_end begun = span_begin(db, &rc);
	if (begun != SPAN_SETTLED)
		return (struct span){ begun, 0, rc };
	for (size_t i = 0; i < n; i++) {
		uint64_t before = txn->writes;
		works[i]->rc = job_run(txn, works[i]);
		if (works[i]->rc != RC_OK && (txn->broken || txn->writes != before))
			return span_spoilt(txn, i, works[i]->rc);
	}
	return span_commit(txn, n);
}

/* --- one batch --- */

static void storage_failed(struct db *db)
{
	db->failed = true;
	pthread_mutex_lock(&db->queue_lock);
	void (*fn)(void *arg, enum rc rc) = db->on_failure;
	void *arg = db->on_failure_arg;
	bool told = db->failure_told;
	db->failure_told = true;
	pthread_mutex_unlock(&db->queue_lock);
	if (told)
		return;
	LOG(DB_FAILED, F_STR("path", str_of(db->path)));
	if (fn != NULL)
		fn(arg, RC_IO);
}

/* What is to be done after a span that did not settle: how many jobs the next may hold, 0 when the
 * first is done. */
static size_t span_retry(struct db *db, struct span span, size_t n)
{
	if (span.end == SPAN_GROW && room_grow(db))
		return n;
	if (span.rc == RC_FULL && span.end != SPAN_SPOILT)
		room_refused(db, span.end == SPAN_NO_ROOM ? "disk" : "map");
	/* a failed commit blames nobody: halves, until it is clear who has no room */
	return span.at != 0 ? span.at : span.end == SPAN_SPOILT ? 0 : n / 2;
}

static void batch_run(struct db *db, struct db_work **works, size_t count)
{
	size_t settled = 0, n = count;
	while (settled < count && !db->failed) {
		struct span span = span_run(db, works + settled, n);
		if (span.end == SPAN_FAILED)
			break;
		if (span.end == SPAN_SETTLED) {
			effects_tell(&db->effects);
			settled += n;
			n = count - settled;
			continue;
		}
		n = span_retry(db, span, n);
		if (n == 0) {
			works[settled++]->rc = span.rc;
			n = count - settled;
		}
	}
	if (settled == count)
		return;
	for (; settled < count; settled++)
		works[settled]->rc = RC_IO;
	storage_failed(db);
}

enum rc writer_run_now(struct db *db, enum rc (*job)(struct db_txn *txn, void *arg), void *arg)
{
	struct db_work work = { .job = job, .arg = arg, .reserve = true };
	struct db_work *works[] = { &work };
	must(!db->thread_started);
	batch_run(db, works, 1);
	return work.rc;
}

/* --- the thread --- */

static void check_readers(struct db *db)
{
	int dead = 0;
	uint64_t now = clock_steady_ms(db->clock);
	if (db->failed || now - db->reader_check_ms < READER_CHECK_MS)
		return;
	db->reader_check_ms = now;
	if (mdb_reader_check(db->env, &dead) == 0 && dead > 0)
		LOG(DB_READER_STALE, F_I64("slots", dead));
}

static void wait_for_work(struct db *db)
{
	struct timespec until;
	must(clock_gettime(CLOCK_MONOTONIC, &until) == 0);
	uint64_t ms = db->room.full ? ROOM_CHECK_MS : READER_CHECK_MS;
	until.tv_sec += (time_t)(ms / MS_PER_SECOND);
	while (db->queue == NULL && !db->stopping)
		if (pthread_cond_timedwait(&db->queue_filled, &db->queue_lock, &until) == ETIMEDOUT)
			return;
}

/* Takes up to a batch of jobs, in their order. The lock is held. */
static size_t take_batch(struct db *db)
{
	size_t n = 0;
	while (n < db->batch_max && db->queue != NULL) {
		db->batch[n++] = db->queue;
		db->queue = db->queue->next;
	}
	if (db->queue == NULL)
		db->queue_tail = &db->queue;
	return n;
}

static void *writer_main(void *arg)
{
	struct db *db = arg;
	pthread_mutex_lock(&db->queue_lock);
	for (;;) {
		wait_for_work(db);
		size_t n = take_batch(db);
		if (n == 0 && db->stopping)
			break;
		pthread_mutex_unlock(&db->queue_lock);
		if (n != 0)
			batch_run(db, db->batch, n);
		for (size_t i = 0; i < n; i++)
			if (db->batch[i]->done != NULL)
				db->batch[i]->done(db->batch[i]);
		if (n == 0 && db->room.full)
			room_check(db);
		check_readers(db);
		pthread_mutex_lock(&db->queue_lock);
	}
	pthread_mutex_unlock(&db->queue_lock);
	return NULL;
}

enum rc writer_start(struct db *db)
{
	db->reader_check_ms = clock_steady_ms(db->clock);
	if (pthread_create(&db->thread, NULL, writer_main, db) != 0)
		return RC_NO_MEMORY;
	pthread_setname_np(db->thread, "db-writer");
	db->thread_started = true;
	return RC_OK;
}

void writer_stop(struct db *db)
{
	if (!db->thread_started)
		return;
	pthread_mutex_lock(&db->queue_lock);
	db->stopping = true;
	pthread_cond_signal(&db->queue_filled);
	pthread_mutex_unlock(&db->queue_lock);
	pthread_join(db->thread, NULL);
	db->thread_started = false;
}

/* --- for everyone --- */

void db_submit(struct db *db, struct db_work *work)
{
	must(!db->read_only);
	work->next = NULL;
	pthread_mutex_lock(&db->queue_lock);
	must(!db->stopping);
	bool was_empty = db->queue == NULL;
	*db->queue_tail = work;
	db->queue_tail = &work->next;
	if (was_empty)
		pthread_cond_signal(&db->queue_filled);
	pthread_mutex_unlock(&db->queue_lock);
}

struct waiter {
	struct db_work work;
	sem_t done;
};

static void wake(struct db_work *work)
{
	must(sem_post(&CONTAINER_OF(work, struct waiter, work)->done) == 0);
}

enum rc db_write(struct db *db, enum rc (*job)(struct db_txn *txn, void *arg), void *arg)
{
	struct waiter waiter = { .work = { .job = job, .done = wake, .arg = arg } };
	must(!gate_held_here());
	must(sem_init(&waiter.done, 0, 0) == 0);
	db_submit(db, &waiter.work);
	while (sem_wait(&waiter.done) != 0)
		must(errno == EINTR);
	sem_destroy(&waiter.done);
	return waiter.work.rc;
}

void db_on_failure(struct db *db, void (*fn)(void *arg, enum rc rc), void *arg)
{
	pthread_mutex_lock(&db->queue_lock);
	db->on_failure = fn;
	db->on_failure_arg = arg;
	pthread_mutex_unlock(&db->queue_lock);
}
