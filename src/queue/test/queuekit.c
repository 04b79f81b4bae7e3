/* The stage, the clock and the database that the tests of the queue run on. */
#include "queuekit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "core/log.h"
#include "core/must.h"

#define PATIENCE_SECONDS 60

static uint64_t kit_wall(void *arg)
{
	return ((const struct kit *)arg)->wall_ms;
}

static uint64_t kit_steady(void *arg)
{
	return ((const struct kit *)arg)->steady_ms;
}

/* --- the stage --- */

static void stage_run(struct queue_job *job, void *app)
{
	struct kit *kit = app;
	pthread_mutex_lock(&kit->lock);
	must(kit->count < STAGE_MAX);
	kit->stage[kit->count++] = job;
	pthread_cond_broadcast(&kit->changed);
	pthread_mutex_unlock(&kit->lock);
}

static void barrier_passed(void *arg, enum rc rc UNUSED)
{
	struct kit *kit = arg;
	pthread_mutex_lock(&kit->lock);
	kit->barriers++;
	pthread_cond_broadcast(&kit->changed);
	pthread_mutex_unlock(&kit->lock);
}

static void barrier_run(struct queue_job *job, void *app)
{
	queue_finish(job, &(struct queue_end){ .after = barrier_passed, .arg = app });
}

/* The lock is held. */
static void stage_wait(struct kit *kit)
{
	struct timespec until;
	must(clock_gettime(CLOCK_REALTIME, &until) == 0);
	until.tv_sec += PATIENCE_SECONDS;
	must(pthread_cond_timedwait(&kit->changed, &kit->lock, &until) != ETIMEDOUT);
}

/* --- the kit --- */

struct db_table kit_table_effect = { .name = "effect", .help = "id -> a write that took effect" };

struct db_table *const kit_tables[KIT_TABLES] = { &queue_table_job, &queue_table_body,
						  &queue_table_lane, &queue_table_dead,
						  &kit_table_effect };

struct db_settings kit_db_settings(const char *folder)
{
	return (struct db_settings){
		.path = str_of(folder),
		.map_bytes = 16 << 20,
		.max_bytes = 64 << 20,
		.batch_max = 64,
		.readers = 8,
	};
}

void kit_open(struct kit *kit)
{
	struct err err = { 0 };
	struct db_settings settings = kit_db_settings(kit->folder);
	if (db_open(&err, &settings, kit_tables, KIT_TABLES, clock_system(), &kit->db) != RC_OK)
		fail_msg("%s", err_text(&err));
}

void kit_init(struct kit *kit)
{
	*kit = (struct kit){ .folder = test_tmpdir_new(), .clock = { kit_wall, kit_steady, kit } };
	/* db has the machine's clock: a clock that leaps would make its transactions look old */
	kit->wall_ms = clock_wall_ms(clock_system());
	kit->steady_ms = MS_PER_HOUR;
	must(pthread_mutex_init(&kit->lock, NULL) == 0);
	must(pthread_cond_init(&kit->changed, NULL) == 0);
	log_setup(LOG_LEVEL_ERROR, false, 2);
	kit_open(kit);
}

void kit_free(struct kit *kit)
{
	kit_stop(kit);
	must(kit->count == 0);
	db_close(&kit->db);
	pthread_mutex_destroy(&kit->lock);
	pthread_cond_destroy(&kit->changed);
	test_tmpdir_remove(&kit->folder);
}

static struct queue_kind *kit_kinds(struct kit *kit)
{
	static struct queue_kind kinds[] = {
		{ .id = KIT_HOST,
		  .name = "host",
		  .remote = true,
		  .window = 4,
		  .at_once = 500,
		  .life_ms = 7 * MS_PER_DAY,
		  .run = stage_run },
		{ .id = KIT_LOCAL, .name = "local", .window = 2, .at_once = 3, .run = stage_run },
		{ .id = KIT_BARRIER,
		  .name = "barrier",
		  .window = 1,
		  .at_once = 1,
		  .run = barrier_run },
	};
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		kinds[i].app = kit;
	return kinds;
}

void kit_start(struct kit *kit)
{
	static const struct queue_settings settings = {
		.workers = 1,
		.retry_first_ms = MS_PER_MINUTE,
		.retry_max_ms = 6 * MS_PER_HOUR,
		.down_after_ms = 7 * MS_PER_DAY,
		.dead_keep_ms = 30 * MS_PER_DAY,
	};
	assert_int_equal(
		queue_start(kit->db, &settings, kit_kinds(kit), 3, &kit->clock, &kit->queue),
		RC_OK);
}

void kit_stop(struct kit *kit)
{
	queue_stop(&kit->queue, 0);
}

struct additions {
	const struct queue_new *jobs;
	size_t count;
};

static enum rc add_jobs(struct db_txn *txn, void *arg)
{
	const struct additions *additions = arg;
	for (size_t i = 0; i < additions->count; i++)
		if (queue_add(txn, &additions->jobs[i]) == 0)
			return db_txn_rc(txn);
	return RC_OK;
}

void kit_add(struct kit *kit, const struct queue_new *jobs, size_t count)
{
	struct additions additions = { jobs, count };
	kit_write(kit, add_jobs, &additions);
	if (kit->queue != NULL)
		queue_wake(kit->queue);
}

struct addition {
	struct str bytes;
	uint64_t id;
};

static enum rc add_body(struct db_txn *txn, void *arg)
{
	struct addition *addition = arg;
	addition->id = queue_add_body(txn, addition->bytes);
	return db_txn_rc(txn);
}

uint64_t kit_add_body(struct kit *kit, struct str bytes)
{
	struct addition addition = { .bytes = bytes };
	kit_write(kit, add_body, &addition);
	assert_true(addition.id != 0);
	return addition.id;
}

void kit_write(struct kit *kit, enum rc (*job)(struct db_txn *txn, void *arg), void *arg)
{
	assert_int_equal(db_write(kit->db, job, arg), RC_OK);
}

void kit_advance(struct kit *kit, uint64_t ms)
{
	kit->wall_ms += ms;
	kit->steady_ms += ms;
	queue_wake(kit->queue);
}

void kit_settle(struct kit *kit)
{
	pthread_mutex_lock(&kit->lock);
	unsigned passed = kit->barriers;
	pthread_mutex_unlock(&kit->lock);
	kit_add(kit, &(struct queue_new){ .kind = KIT_BARRIER, .lane = STR("") }, 1);
	pthread_mutex_lock(&kit->lock);
	while (kit->barriers == passed)
		stage_wait(kit);
	pthread_mutex_unlock(&kit->lock);
}

static int compare_payloads(const void *a, const void *b)
{
	const struct queue_job *const *x = a, *const *y = b;
	return str_cmp((*x)->payload, (*y)->payload);
}

void kit_expect(struct kit *kit, const char *payloads)
{
	struct queue_job *sorted[STAGE_MAX];
	struct buf text CLEANUP(buf_free) = BUF_INIT(1 << 16);
	kit_settle(kit);
	pthread_mutex_lock(&kit->lock);
	memcpy(sorted, kit->stage, sizeof(sorted));
	qsort(sorted, kit->count, sizeof(sorted[0]), compare_payloads);
	for (size_t i = 0; i < kit->count; i++) {
		if (i != 0)
			buf_add_chr(&text, ' ');
		buf_add(&text, sorted[i]->payload);
	}
	pthread_mutex_unlock(&kit->lock);
	assert_str_eq(buf_str(&text), str_of(payloads));
}

static struct queue_job *stage_find(struct kit *kit, const char *payload, bool take)
{
	for (size_t i = 0; i < kit->count; i++) {
		struct queue_job *job = kit->stage[i];
		if (!str_eq(job->payload, str_of(payload)))
			continue;
		if (take) {
			kit->count--;
			memmove(&kit->stage[i], &kit->stage[i + 1],
				(kit->count - i) * sizeof(kit->stage[0]));
		}
		return job;
	}
	return NULL;
}

static struct queue_job *stage_get(struct kit *kit, const char *payload, bool take)
{
	pthread_mutex_lock(&kit->lock);
	struct queue_job *job = stage_find(kit, payload, take);
	pthread_mutex_unlock(&kit->lock);
	if (job == NULL)
		fail_msg("%s is not running", payload);
	return job;
}

struct queue_job *kit_job(struct kit *kit, const char *payload)
{
	return stage_get(kit, payload, false);
}

struct ending {
	struct kit *kit;
	enum rc (*write)(struct db_txn *txn, void *arg);
	void *arg;
};

static enum rc ending_write(struct db_txn *txn, void *arg)
{
	const struct ending *ending = arg;
	return ending->write(txn, ending->arg);
}

static void ending_after(void *arg, enum rc rc)
{
	struct kit *kit = ((const struct ending *)arg)->kit;
	pthread_mutex_lock(&kit->lock);
	kit->ended++;
	kit->end_rc = rc;
	pthread_cond_broadcast(&kit->changed);
	pthread_mutex_unlock(&kit->lock);
}

enum rc kit_finish(struct kit *kit, const char *payload, const struct queue_end *end)
{
	struct queue_job *job = stage_get(kit, payload, true);
	struct ending ending = { kit, end->write, end->arg };
	struct queue_end own = *end;
	own.write = end->write != NULL ? ending_write : NULL;
	own.after = ending_after;
	own.arg = &ending;
	pthread_mutex_lock(&kit->lock);
	unsigned ended = kit->ended;
	pthread_mutex_unlock(&kit->lock);
	queue_finish(job, &own);
	pthread_mutex_lock(&kit->lock);
	while (kit->ended == ended)
		stage_wait(kit);
	enum rc rc = kit->end_rc;
	pthread_mutex_unlock(&kit->lock);
	return rc;
}

enum rc kit_end(struct kit *kit, const char *payload, enum queue_verdict verdict, unsigned code)
{
	struct queue_end end = { .outcome = { .verdict = verdict, .code = code } };
	snprintf(end.outcome.reason, sizeof(end.outcome.reason), "code %u", code);
	return kit_finish(kit, payload, &end);
}

void kit_done(struct kit *kit, const char *payload)
{
	assert_int_equal(kit_end(kit, payload, QUEUE_DELIVERED, 202), RC_OK);
}

void kit_host_fails(struct kit *kit, const char *payload)
{
	assert_int_equal(kit_end(kit, payload, QUEUE_DEFER_LANE, 0), RC_OK);
}

uint64_t kit_rows(struct kit *kit, const struct db_table *table)
{
	struct db_txn *txn;
	assert_int_equal(db_read_begin(kit->db, &txn), RC_OK);
	uint64_t rows = db_count(txn, table);
	db_read_end(&txn);
	return rows;
}

static void on_bad(void *arg UNUSED, struct str what)
{
	fail_msg("%.*s", STR_ARG(what));
}

void kit_check(struct kit *kit)
{
	struct db_txn *txn;
	assert_int_equal(db_read_begin(kit->db, &txn), RC_OK);
	assert_int_equal(queue_check(txn, on_bad, NULL), RC_OK);
	db_read_end(&txn);
}
