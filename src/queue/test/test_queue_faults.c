/*
 * What goes wrong: writes that fail, storage that is full, jobs dropped while they run, processes
 * killed at any moment. Nothing is lost, nothing takes effect twice.
 */
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/must.h"
#include "core/random.h"
#include "db/rec.h"
#include "queuekit.h"

static void add_one(struct kit *kit, const char *payload)
{
	struct queue_new job = {
		.kind = KIT_HOST, .lane = str_of(payload), .order = 1, .payload = str_of(payload)
	};
	kit_add(kit, &job, 1);
}

/* --- the runner's own write --- */

/* Leaves one more row in the table of effects, and then does what arg says. */
static enum rc effect(struct db_txn *txn, void *arg)
{
	struct reckey key = reckey_u64(db_next_id(txn));
	db_put(txn, &kit_table_effect, reckey_str(&key), STR("\1"));
	return arg != NULL ? *(const enum rc *)arg : RC_OK;
}

static const struct queue_end delivered = { .outcome = { .verdict = QUEUE_DELIVERED, .code = 200 },
					    .write = effect };

static void a_write_takes_effect_with_the_end_of_its_job(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	kit_init(&kit);
	kit_start(&kit);
	add_one(&kit, "a");
	kit_expect(&kit, "a");
	assert_int_equal(kit_finish(&kit, "a", &delivered), RC_OK);
	assert_int_equal(kit_rows(&kit, &kit_table_effect), 1);
	assert_int_equal(kit_rows(&kit, &queue_table_job), 0);
}

static void a_write_that_fails_leaves_the_job(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	enum rc rc = RC_CONFLICT;
	struct queue_end end = delivered;
	end.arg = &rc;
	kit_init(&kit);
	kit_start(&kit);
	add_one(&kit, "a");
	kit_expect(&kit, "a");
	assert_int_equal(kit_finish(&kit, "a", &end), RC_CONFLICT);
	kit_expect(&kit, "");
	assert_int_equal(kit_rows(&kit, &kit_table_effect), 0);
	assert_int_equal(kit_rows(&kit, &queue_table_job), 1);
	kit_advance(&kit, MS_PER_MINUTE);
	kit_expect(&kit, "a");
	/* recorded like any failure, so that its life ends some day */
	assert_int_equal(kit_job(&kit, "a")->attempts, 1);
	assert_int_equal(kit_finish(&kit, "a", &delivered), RC_OK);
	assert_int_equal(kit_rows(&kit, &kit_table_effect), 1);
}

static void a_write_that_finds_damage_is_not_repeated(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	enum rc rc = RC_CORRUPT;
	struct queue_end end = delivered;
	end.arg = &rc;
	kit_init(&kit);
	kit_start(&kit);
	add_one(&kit, "a");
	kit_expect(&kit, "a");
	assert_int_equal(kit_finish(&kit, "a", &end), RC_CORRUPT);
	kit_expect(&kit, "");
	assert_int_equal(kit_rows(&kit, &queue_table_dead), 1);
	assert_int_equal(kit_rows(&kit, &kit_table_effect), 0);
}

/* A write for which there is no room at first. */
struct cramped {
	_Atomic int refusals;
	_Atomic int runs;
	enum rc rc;
	_Atomic bool over;
};

static enum rc cramped_write(struct db_txn *txn, void *arg)
{
	struct cramped *c = arg;
	c->runs++;
	return c->refusals-- > 0 ? RC_FULL : effect(txn, NULL);
}

static void cramped_after(void *arg, enum rc rc)
{
	struct cramped *c = arg;
	c->rc = rc;
	c->over = true;
}

static const struct queue_end cramped_end = { .outcome = { .verdict = QUEUE_DELIVERED },
					      .write = cramped_write,
					      .after = cramped_after };

static enum rc nothing(struct db_txn *txn UNUSED, void *arg UNUSED)
{
	return RC_OK;
}

static void s114_p07_full_storage_is_asked_again_until_it_has_room(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	struct cramped c = { .refusals = 3 };
	struct queue_end end = cramped_end;
	end.arg = &c;
	kit_init(&kit);
	kit_start(&kit);
	add_one(&kit, "a");
	kit_expect(&kit, "a");
	queue_finish(kit_job(&kit, "a"), &end);
	kit.count = 0;
	while (!c.over) {
		kit_advance(&kit, 4 * MS_PER_SECOND);
		kit_write(&kit, nothing, NULL);
	}
	/* the attempt was made once, however often its end had to be written */
	assert_int_equal(c.rc, RC_OK);
	assert_int_equal(c.runs, 4);
	kit_expect(&kit, "");
	assert_int_equal(kit_rows(&kit, &kit_table_effect), 1);
	assert_int_equal(kit_rows(&kit, &queue_table_job), 0);
}

static void s114_a_stop_leaves_what_found_no_room(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	struct cramped c = { .refusals = INT_MAX };
	struct queue_end end = cramped_end;
	end.arg = &c;
	kit_init(&kit);
	kit_start(&kit);
	add_one(&kit, "a");
	kit_expect(&kit, "a");
	queue_finish(kit_job(&kit, "a"), &end);
	kit.count = 0;
	queue_stop(&kit.queue, MS_PER_MINUTE);
	assert_true(c.over);
	assert_int_equal(c.rc, RC_FULL);
	kit_start(&kit);
	kit_expect(&kit, "a");
	assert_int_equal(kit_finish(&kit, "a", &delivered), RC_OK);
	assert_int_equal(kit_rows(&kit, &kit_table_effect), 1);
}

static enum rc fill(struct db_txn *txn, void *arg UNUSED)
{
	static char bytes[1 << 20];
	queue_add_body(txn, str_n(bytes, sizeof(bytes)));
	return db_txn_rc(txn);
}

static void s114_jobs_end_in_the_reserve_of_full_storage(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	kit_init(&kit);
	kit_start(&kit);
	add_one(&kit, "a");
	add_one(&kit, "b");
	kit_expect(&kit, "a b");
	while (db_write(kit.db, fill, NULL) == RC_OK)
		;
	assert_int_equal(db_write(kit.db, fill, NULL), RC_FULL);
	assert_int_equal(kit_end(&kit, "a", QUEUE_DELIVERED, 200), RC_OK);
	assert_int_equal(kit_end(&kit, "b", QUEUE_DEFER, 500), RC_OK);
	assert_int_equal(kit_rows(&kit, &queue_table_job), 1);
}

static enum rc drop_all(struct db_txn *txn, void *arg)
{
	*(uint64_t *)arg = queue_drop_lane(txn, STR(""), STR("by hand"));
	return db_txn_rc(txn);
}

static void a_job_dropped_while_it_runs_has_no_effect(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	uint64_t count;
	kit_init(&kit);
	kit_start(&kit);
	add_one(&kit, "a");
	kit_expect(&kit, "a");
	kit_write(&kit, drop_all, &count);
	assert_int_equal(count, 1);
	assert_int_equal(kit_finish(&kit, "a", &delivered), RC_NOT_FOUND);
	assert_int_equal(kit_rows(&kit, &kit_table_effect), 0);
	assert_int_equal(kit_rows(&kit, &queue_table_dead), 1);
	/* and the lane goes on */
	add_one(&kit, "a");
	kit_expect(&kit, "a");
	assert_int_equal(kit_finish(&kit, "a", &delivered), RC_OK);
}

static void a_cursor_that_grows_too_large_is_given_up(void **state UNUSED)
{
	static char bytes[(1 << 20) + 1];
	struct kit kit CLEANUP(kit_free);
	struct queue_end end = { .outcome.verdict = QUEUE_AGAIN,
				 .payload = { bytes, sizeof(bytes) } };
	kit_init(&kit);
	kit_start(&kit);
	add_one(&kit, "a");
	kit_expect(&kit, "a");
	assert_int_equal(kit_finish(&kit, "a", &end), RC_OK);
	kit_expect(&kit, "");
	assert_int_equal(kit_rows(&kit, &queue_table_dead), 1);
}

/* --- many threads --- */

#define FINISHERS 4
#define HOSTS 200

struct finisher {
	pthread_t thread;
	struct kit *kit;
};

static void *finish_some(void *arg)
{
	struct kit *kit = ((const struct finisher *)arg)->kit;
	for (;;) {
		pthread_mutex_lock(&kit->lock);
		struct queue_job *job = kit->count != 0 ? kit->stage[--kit->count] : NULL;
		pthread_mutex_unlock(&kit->lock);
		if (job == NULL)
			return NULL;
		queue_finish(job, &delivered);
	}
}

static void attempts_end_on_any_thread(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	struct finisher finishers[FINISHERS];
	char names[HOSTS][16];
	kit_init(&kit);
	kit_start(&kit);
	for (size_t i = 0; i < HOSTS; i++) {
		snprintf(names[i], sizeof(names[i]), "h%zu.test", i);
		add_one(&kit, names[i]);
	}
	kit_settle(&kit);
	assert_int_equal(kit.count, HOSTS);
	for (size_t i = 0; i < FINISHERS; i++) {
		finishers[i].kit = &kit;
		must(pthread_create(&finishers[i].thread, NULL, finish_some, &finishers[i]) == 0);
	}
	for (size_t i = 0; i < FINISHERS; i++)
		pthread_join(finishers[i].thread, NULL);
	queue_stop(&kit.queue, MS_PER_MINUTE);
	assert_int_equal(kit_rows(&kit, &kit_table_effect), HOSTS);
	assert_int_equal(kit_rows(&kit, &queue_table_job), 0);
}

/* --- left behind --- */

static void an_attempt_left_behind_may_go_on_when_everything_is_gone(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	kit_init(&kit);
	struct queue_new jobs[2];
	for (size_t i = 0; i < ARRAY_LEN(jobs); i++)
		jobs[i] = (struct queue_new){ .kind = KIT_HOST,
					      .lane = STR("a.test"),
					      .order = i,
					      .body = kit_add_body(&kit, STR("body")),
					      .payload = i == 0 ? STR("a") : STR("b") };
	kit_start(&kit);
	kit_add(&kit, jobs, ARRAY_LEN(jobs));
	kit_expect(&kit, "a b");
	struct queue_job *a = kit_job(&kit, "a"), *b = kit_job(&kit, "b");
	struct queue_blob *blob = queue_job_body(a);
	kit_stop(&kit);
	kit.count = 0;
	db_close(&kit.db);
	/* what it holds stays, what it asks for is not there any more */
	assert_str_eq(queue_blob_str(blob), STR("body"));
	assert_null(queue_job_body(b));
	queue_finish(b, &delivered);
	queue_finish(a, &delivered);
	queue_blob_unref(&blob);
	kit_open(&kit);
	assert_int_equal(kit_rows(&kit, &queue_table_job), 2);
	assert_int_equal(kit_rows(&kit, &kit_table_effect), 0);
}

/* --- killed --- */

struct victim {
	_Atomic unsigned runs_left;
};

/* A runner that ends at once, until the process is killed in the middle of it all. */
static void run_and_die(struct queue_job *job, void *app)
{
	struct victim *victim = app;
	if (atomic_fetch_sub(&victim->runs_left, 1) == 1)
		kill(getpid(), SIGKILL);
	queue_finish(job, &delivered);
}

/* In a process of its own: opens the database, works, is killed. */
static void work_until_killed(const char *folder, unsigned runs)
{
	struct err err = { 0 };
	struct victim victim = { runs };
	struct db *db;
	struct queue *queue;
	const struct queue_kind kinds[] = {
		{ .id = KIT_HOST,
		  .name = "host",
		  .remote = true,
		  .window = 4,
		  .at_once = 50,
		  .life_ms = MS_PER_DAY,
		  .run = run_and_die,
		  .app = &victim },
	};
	const struct queue_settings settings = { .workers = 2,
						 .retry_first_ms = MS_PER_MINUTE,
						 .retry_max_ms = MS_PER_HOUR,
						 .down_after_ms = MS_PER_DAY,
						 .dead_keep_ms = MS_PER_DAY };
	struct db_settings db_settings = kit_db_settings(folder);
	if (db_open(&err, &db_settings, kit_tables, KIT_TABLES, clock_system(), &db) == RC_OK &&
	    queue_start(db, &settings, kinds, 1, clock_system(), &queue) == RC_OK)
		pause();
	_exit(1);
}

static void s119_p02_a_kill_loses_nothing_and_repeats_no_effect(void **state UNUSED)
{
	enum { JOBS = 300, ROUNDS = 6 };
	struct kit kit CLEANUP(kit_free);
	char names[20][16];
	kit_init(&kit);
	for (size_t i = 0; i < JOBS; i++) {
		snprintf(names[i % 20], sizeof(names[0]), "h%zu.test", i % 20);
		add_one(&kit, names[i % 20]);
	}
	for (int round = 0; round < ROUNDS; round++) {
		unsigned runs = 1 + (unsigned)random_below(JOBS / ROUNDS - 10);
		int status;
		db_close(&kit.db);
		pid_t child = fork();
		if (child == 0)
			work_until_killed(kit.folder, runs);
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
		kit_open(&kit);
		uint64_t effects = kit_rows(&kit, &kit_table_effect);
		assert_int_equal(effects + kit_rows(&kit, &queue_table_job), JOBS);
		kit_check(&kit);
	}
	/* the rest is done as if nothing had happened */
	kit_start(&kit);
	kit_settle(&kit);
	while (kit.count != 0) {
		char payload[16];
		snprintf(payload, sizeof(payload), "%.*s", STR_ARG(kit.stage[0]->payload));
		assert_int_equal(kit_finish(&kit, payload, &delivered), RC_OK);
		kit_settle(&kit);
	}
	assert_int_equal(kit_rows(&kit, &kit_table_effect), JOBS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_write_takes_effect_with_the_end_of_its_job),
		cmocka_unit_test(a_write_that_fails_leaves_the_job),
		cmocka_unit_test(a_write_that_finds_damage_is_not_repeated),
		cmocka_unit_test(s114_p07_full_storage_is_asked_again_until_it_has_room),
		cmocka_unit_test(s114_a_stop_leaves_what_found_no_room),
		cmocka_unit_test(s114_jobs_end_in_the_reserve_of_full_storage),
		cmocka_unit_test(a_job_dropped_while_it_runs_has_no_effect),
		cmocka_unit_test(a_cursor_that_grows_too_large_is_given_up),
		cmocka_unit_test(attempts_end_on_any_thread),
		cmocka_unit_test(an_attempt_left_behind_may_go_on_when_everything_is_gone),
		cmocka_unit_test(s119_p02_a_kill_loses_nothing_and_repeats_no_effect),
	};
	return cmocka_run_group_tests_name("queue_faults", tests, NULL, NULL);
}
