/* Group commit: jobs of one batch share a commit and nothing else. */
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/metric.h"
#include "core/must.h"
#include "dbkit.h"

#define JOBS 40

/* What one job of a script does. */
enum act {
	ACT_PUT,		/* puts its row */
	ACT_REFUSE,		/* fails without having written */
	ACT_SPOIL,		/* puts its row, then fails */
	ACT_SPOIL_UNLESS_ALONE, /* the same, as long as it is not the first of its transaction */
	ACT_STICKY,		/* fails its transaction, but says it is well */
	ACT_READ,		/* wants to see the row of the job before it, and not its own */
};

struct script;

struct step {
	struct db_work work;
	struct script *script;
	unsigned index;
	unsigned runs;
	enum act act;
	unsigned order;	  /* the how-manieth done() it was */
	uint64_t commits; /* how many commits there were when it was done */
};

struct script {
	struct kit kit;
	sem_t held, start, done;
	unsigned finished;
	uint64_t before; /* commits */
	struct step steps[JOBS];
};

static struct str step_key(char room[8], unsigned index)
{
	return str_n(room, (size_t)snprintf(room, 8, "%03u", index));
}

static enum rc act_spoil(struct db_txn *txn, struct str key)
{
	db_put(txn, &kit_things, key, STR("spoilt"));
	db_put(txn, &kit_others, STR("shared"), key);
	return RC_CONFLICT;
}

static enum rc job_step(struct db_txn *txn, void *arg)
{
	struct step *step = arg;
	char mine_room[8], before_room[8];
	struct str mine = step_key(mine_room, step->index), found;
	struct str before = step_key(before_room, step->index - 1);
	step->runs++;
	switch (step->act) {
	case ACT_PUT:
		assert_true(db_put(txn, &kit_things, mine, STR("put")));
		return RC_OK;
	case ACT_REFUSE:
		return RC_EXISTS;
	case ACT_SPOIL:
		return act_spoil(txn, mine);
	case ACT_SPOIL_UNLESS_ALONE:
		return step->runs == 1				    ? act_spoil(txn, mine)
		       : db_put(txn, &kit_things, mine, STR("put")) ? RC_OK
								    : RC_IO;
	case ACT_STICKY:
		db_put(txn, &kit_things, mine, STR("spoilt"));
		db_txn_fail(txn, RC_INVALID);
		assert_false(db_put(txn, &kit_things, mine, STR("more")));
		assert_false(db_get(txn, &kit_things, mine, &found));
		return RC_OK;
	case ACT_READ:
		assert_true(db_get(txn, &kit_things, before, &found));
		assert_false(db_get(txn, &kit_things, mine, &found));
		return RC_OK;
	}
	return RC_INVALID;
}

static enum rc job_hold(struct db_txn *txn UNUSED, void *arg)
{
	struct script *s = arg;
	sem_post(&s->held);
	sem_wait(&s->start);
	return RC_OK;
}

static void step_done(struct db_work *work)
{
	struct step *step = CONTAINER_OF(work, struct step, work);
	step->order = step->script->finished++;
	step->commits = metric_get(METRIC_DB_COMMITS);
	sem_post(&step->script->done);
}

/* Holds the writer in a job until all steps wait behind it, so that they are one batch. */
static void script_run(struct script *s, const enum act *acts, size_t n)
{
	struct db_work hold = { .job = job_hold, .arg = s };
	must(n <= JOBS);
	kit_init(&s->kit);
	sem_init(&s->held, 0, 0);
	sem_init(&s->start, 0, 0);
	sem_init(&s->done, 0, 0);
	s->finished = 0;
	s->before = metric_get(METRIC_DB_COMMITS);
	db_submit(s->kit.db, &hold);
	sem_wait(&s->held);
	for (size_t i = 0; i < n; i++) {
		struct step *step = &s->steps[i];
		*step = (struct step){ .script = s, .index = (unsigned)i, .act = acts[i] };
		step->work.job = job_step;
		step->work.done = step_done;
		step->work.arg = step;
		db_submit(s->kit.db, &step->work);
	}
	sem_post(&s->start);
	for (size_t i = 0; i < n; i++)
		sem_wait(&s->done);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(s->steps[i].order, i);
}

static void script_free(struct script *s)
{
	kit_free(&s->kit);
	sem_destroy(&s->held);
	sem_destroy(&s->start);
	sem_destroy(&s->done);
}

static void expect_row(struct script *s, unsigned index, struct str value)
{
	char room[8];
	kit_expect(&s->kit, &kit_things, step_key(room, index), value);
}

static void waiting_jobs_share_one_commit_in_their_order(void **state UNUSED)
{
	struct script s CLEANUP(script_free);
	enum act acts[JOBS];
	for (size_t i = 0; i < JOBS; i++)
		acts[i] = i % 2 == 0 ? ACT_PUT : ACT_READ;
	script_run(&s, acts, JOBS);
	assert_int_equal(s.steps[0].commits, s.before + 1);
	assert_int_equal(s.steps[JOBS - 1].commits, s.before + 1);
	for (unsigned i = 0; i < JOBS; i++) {
		assert_int_equal(s.steps[i].work.rc, RC_OK);
		assert_int_equal(s.steps[i].runs, 1);
		expect_row(&s, i, i % 2 == 0 ? STR("put") : STR_NONE);
	}
}

static void a_job_that_refuses_without_writing_costs_the_others_nothing(void **state UNUSED)
{
	static const enum act acts[] = { ACT_PUT, ACT_REFUSE, ACT_PUT };
	struct script s CLEANUP(script_free);
	script_run(&s, acts, ARRAY_LEN(acts));
	assert_int_equal(s.steps[0].work.rc, RC_OK);
	assert_int_equal(s.steps[1].work.rc, RC_EXISTS);
	assert_int_equal(s.steps[2].work.rc, RC_OK);
	for (size_t i = 0; i < ARRAY_LEN(acts); i++)
		assert_int_equal(s.steps[i].runs, 1);
}

static void p03_what_a_failed_job_wrote_is_undone_and_nothing_else(void **state UNUSED)
{
	static const enum act acts[] = { ACT_SPOIL, ACT_PUT,	ACT_READ,   ACT_SPOIL, ACT_SPOIL,
					 ACT_PUT,   ACT_STICKY, ACT_REFUSE, ACT_PUT,   ACT_SPOIL };
	struct script s CLEANUP(script_free);
	script_run(&s, acts, ARRAY_LEN(acts));
	for (unsigned i = 0; i < ARRAY_LEN(acts); i++) {
		static const enum rc verdicts[] = {
			[ACT_PUT] = RC_OK,	   [ACT_REFUSE] = RC_EXISTS,
			[ACT_SPOIL] = RC_CONFLICT, [ACT_STICKY] = RC_INVALID,
			[ACT_READ] = RC_OK,
		};
		assert_int_equal(s.steps[i].work.rc, verdicts[acts[i]]);
		expect_row(&s, i, acts[i] == ACT_PUT ? STR("put") : STR_NONE);
		/* once with the others, once more for each of: going ahead of it, standing alone */
		assert_true(s.steps[i].runs <= 2);
	}
	kit_expect(&s.kit, &kit_others, STR("shared"), STR_NONE);
}

static void a_job_that_succeeds_alone_is_committed(void **state UNUSED)
{
	static const enum act acts[] = { ACT_PUT, ACT_SPOIL_UNLESS_ALONE, ACT_READ };
	struct script s CLEANUP(script_free);
	script_run(&s, acts, ARRAY_LEN(acts));
	for (unsigned i = 0; i < ARRAY_LEN(acts); i++)
		assert_int_equal(s.steps[i].work.rc, RC_OK);
	expect_row(&s, 0, STR("put"));
	expect_row(&s, 1, STR("put"));
	kit_expect(&s.kit, &kit_others, STR("shared"), STR_NONE);
}

/* --- durability --- */

struct seen {
	struct db_work work;
	struct kit *kit;
	bool found;
	sem_t done;
};

static void look_for_row(struct db_work *work)
{
	struct seen *seen = CONTAINER_OF(work, struct seen, work);
	struct db_txn *txn;
	struct str value;
	must(db_read_begin(seen->kit->db, &txn) == RC_OK);
	seen->found = db_get(txn, &kit_things, STR("k"), &value);
	db_read_end(&txn);
	sem_post(&seen->done);
}

static enum rc job_put_k(struct db_txn *txn, void *arg UNUSED)
{
	db_put(txn, &kit_things, STR("k"), STR("v"));
	return db_txn_rc(txn);
}

static void s116_done_runs_after_the_commit(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	struct seen seen = { .work = { .job = job_put_k, .done = look_for_row }, .kit = &kit };
	kit_init(&kit);
	sem_init(&seen.done, 0, 0);
	db_submit(kit.db, &seen.work);
	sem_wait(&seen.done);
	assert_true(seen.found);
	sem_destroy(&seen.done);
}

static void closing_waits_for_the_jobs_in_hand(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	struct db_work work = { .job = job_put_k };
	kit_init(&kit);
	db_submit(kit.db, &work);
	kit_reopen(&kit);
	kit_expect(&kit, &kit_things, STR("k"), STR("v"));
}

/* --- many threads --- */

#define THREADS 16
#define ROUNDS 40

static enum rc job_count_up(struct db_txn *txn, void *arg UNUSED)
{
	struct str value;
	uint64_t n = 0;
	char room[24];
	if (db_get(txn, &kit_things, STR("count"), &value) && !str_to_u64(value, &n))
		return RC_CORRUPT;
	int len = snprintf(room, sizeof(room), "%llu", (unsigned long long)n + 1);
	db_put(txn, &kit_things, STR("count"), str_n(room, (size_t)len));
	return db_txn_rc(txn);
}

static enum rc job_count_up_in_vain(struct db_txn *txn, void *arg)
{
	job_count_up(txn, arg);
	return RC_CONFLICT;
}

static void *count_up(void *arg)
{
	struct kit *kit = arg;
	for (unsigned i = 0; i < ROUNDS; i++) {
		must(db_write(kit->db, job_count_up, NULL) == RC_OK);
		if (i % 8 == 0)
			must(db_write(kit->db, job_count_up_in_vain, NULL) == RC_CONFLICT);
	}
	return NULL;
}

static void s128_no_update_of_many_threads_is_lost(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	pthread_t threads[THREADS];
	char want[24];
	kit_init(&kit);
	for (size_t i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, count_up, &kit), 0);
	for (size_t i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	snprintf(want, sizeof(want), "%d", THREADS * ROUNDS);
	kit_expect(&kit, &kit_things, STR("count"), str_of(want));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(waiting_jobs_share_one_commit_in_their_order),
		cmocka_unit_test(a_job_that_refuses_without_writing_costs_the_others_nothing),
		cmocka_unit_test(p03_what_a_failed_job_wrote_is_undone_and_nothing_else),
		cmocka_unit_test(a_job_that_succeeds_alone_is_committed),
		cmocka_unit_test(s116_done_runs_after_the_commit),
		cmocka_unit_test(closing_waits_for_the_jobs_in_hand),
		cmocka_unit_test(s128_no_update_of_many_threads_is_lost),
	};
	return cmocka_run_group_tests_name("db_batch", tests, NULL, NULL);
}
