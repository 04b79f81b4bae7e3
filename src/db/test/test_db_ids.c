/* Ids: greater than every one before, whatever the clock does, in every process. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "core/must.h"
#include "dbkit.h"

static enum rc job_id(struct db_txn *txn, void *arg)
{
	*(uint64_t *)arg = db_next_id(txn);
	return db_txn_rc(txn);
}

static uint64_t next_id(struct kit *kit)
{
	uint64_t id = 0;
	assert_int_equal(db_write(kit->db, job_id, &id), RC_OK);
	return id;
}

static void ids_carry_the_wall_time(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	kit_init(&kit);
	assert_true(next_id(&kit) == KIT_WALL_MS << 16);
	assert_true(next_id(&kit) == (KIT_WALL_MS << 16) + 1);
	test_clock_advance(&kit.clock, 5);
	assert_true(next_id(&kit) == (KIT_WALL_MS + 5) << 16);
}

static void s126_ids_rise_whatever_the_clock_does(void **state UNUSED)
{
	static const uint64_t walls[] = { KIT_WALL_MS,
					  KIT_WALL_MS - MS_PER_HOUR,
					  0,
					  KIT_WALL_MS + 1,
					  KIT_WALL_MS + 365 * MS_PER_DAY * 20,
					  KIT_WALL_MS,
					  UINT64_MAX,
					  1 };
	struct kit kit CLEANUP(kit_free);
	uint64_t last = 0;
	kit_init(&kit);
	for (size_t i = 0; i < ARRAY_LEN(walls); i++) {
		kit.clock.wall_ms = walls[i];
		for (int round = 0; round < 3; round++) {
			uint64_t id = next_id(&kit);
			assert_true(id > last);
			last = id;
		}
		kit_reopen(&kit);
	}
}

static enum rc job_ids_then_fail(struct db_txn *txn, void *arg)
{
	uint64_t *ids = arg;
	ids[0] = db_next_id(txn);
	ids[1] = db_next_id(txn);
	assert_true(ids[1] > ids[0]);
	db_put(txn, &kit_things, STR("k"), STR("v"));
	return RC_CONFLICT;
}

static void a_failed_job_leaves_the_order_alone(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	uint64_t ids[2];
	kit_init(&kit);
	uint64_t first = next_id(&kit);
	assert_int_equal(db_write(kit.db, job_ids_then_fail, ids), RC_CONFLICT);
	assert_true(next_id(&kit) > first);
}

/* --- two processes --- */

#define PER_PROCESS 60

/* The other process: this program, started with a folder; prints its ids. */
static int run_as_child(char *folder)
{
	struct kit kit;
	kit_init_child(&kit, folder);
	kit.clock.wall_ms -= MS_PER_DAY;
	struct err err = { 0 };
	must(kit_try_open(&kit, &err) == RC_OK);
	for (int i = 0; i < PER_PROCESS; i++) {
		uint64_t id = 0;
		must(db_write(kit.db, job_id, &id) == RC_OK);
		printf("%llu\n", (unsigned long long)id);
	}
	db_close(&kit.db);
	return 0;
}

static int compare_ids(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;
	return *x < *y ? -1 : *x > *y;
}

static void s126_two_processes_never_give_the_same_id(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	uint64_t ids[2 * PER_PROCESS], last = 0;
	unsigned long long id;
	size_t n = 0;
	int out, status;
	kit_init(&kit);
	pid_t pid = kit_spawn(kit.folder, "ids", &out);
	FILE *child = fdopen(out, "r");
	assert_non_null(child);
	while (n < PER_PROCESS)
		ids[n++] = next_id(&kit);
	for (size_t i = 1; i < n; i++)
		assert_true(ids[i] > ids[i - 1]);
	while (n < ARRAY_LEN(ids) && fscanf(child, "%llu", &id) == 1) {
		assert_true(id > last);
		last = id;
		ids[n++] = id;
	}
	fclose(child);
	waitpid(pid, &status, 0);
	assert_int_equal(status, 0);
	assert_int_equal(n, ARRAY_LEN(ids));
	qsort(ids, n, sizeof(ids[0]), compare_ids);
	for (size_t i = 1; i < n; i++)
		assert_true(ids[i] > ids[i - 1]);
	assert_true(next_id(&kit) > ids[n - 1]);
}

int main(int argc, char **argv)
{
	if (argc == 3)
		return run_as_child(argv[1]);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ids_carry_the_wall_time),
		cmocka_unit_test(s126_ids_rise_whatever_the_clock_does),
		cmocka_unit_test(a_failed_job_leaves_the_order_alone),
		cmocka_unit_test(s126_two_processes_never_give_the_same_id),
	};
	return cmocka_run_group_tests_name("db_ids", tests, NULL, NULL);
}
