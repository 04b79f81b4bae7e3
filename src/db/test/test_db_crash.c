/*
 * A process that is killed at any moment loses nothing that it has acknowledged, and half of
 * nothing is there (P-02, P-03). The child writes numbered pairs of rows from several threads and
 * acknowledges each over a pipe.
 */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/log.h"
#include "core/metric.h"
#include "core/must.h"
#include "core/random.h"
#include "dbkit.h"

#define ROUNDS 40
#define WRITERS 4
#define LIFE_US_MAX 40000
#define NUMBERS_MAX 200000

/* --- the child --- */

struct child {
	struct kit kit;
	_Atomic unsigned next;
};

static struct str key_of(char room[16], unsigned n)
{
	return str_n(room, (size_t)snprintf(room, 16, "%08u", n));
}

static enum rc job_pair(struct db_txn *txn, void *arg)
{
	char room[16];
	struct str key = key_of(room, *(const unsigned *)arg);
	char body[600];
	memset(body, 'b', sizeof(body));
	db_append(txn, &kit_things, key, str_n(body, sizeof(body)));
	db_put(txn, &kit_others, key, key);
	return db_txn_rc(txn);
}

static void *write_and_acknowledge(void *arg)
{
	struct child *child = arg;
	for (;;) {
		unsigned n = child->next++;
		must(db_write(child->kit.db, job_pair, &n) == RC_OK);
		must(write(STDOUT_FILENO, &n, sizeof(n)) == sizeof(n));
	}
	return NULL;
}

static int run_as_child(char *folder, unsigned first)
{
	struct child child = { .next = first };
	pthread_t thread;
	kit_init_child(&child.kit, folder);
	struct err err = { 0 };
	must(kit_try_open(&child.kit, &err) == RC_OK);
	for (int i = 1; i < WRITERS; i++)
		must(pthread_create(&thread, NULL, write_and_acknowledge, &child) == 0);
	write_and_acknowledge(&child);
	return 0;
}

/* Opens a snapshot, says so, and waits for its death. */
static int run_as_reader(char *folder)
{
	struct kit kit;
	struct err err = { 0 };
	struct db_txn *txn;
	kit_init_child(&kit, folder);
	kit.settings.read_only = true;
	must(kit_try_open(&kit, &err) == RC_OK);
	must(db_read_begin(kit.db, &txn) == RC_OK);
	must(write(STDOUT_FILENO, "r", 1) == 1);
	for (;;)
		pause();
	return 0;
}

/* Holds a snapshot for longer than is right; prints how many of those were counted. */
static int run_as_slow_reader(char *folder)
{
	struct kit kit;
	struct err err = { 0 };
	struct db_txn *txn;
	kit_init_child(&kit, folder);
	must(kit_try_open(&kit, &err) == RC_OK);
	for (uint64_t ms = 1000; ms <= 1001; ms++) {
		must(db_read_begin(kit.db, &txn) == RC_OK);
		test_clock_advance(&kit.clock, ms);
		db_read_end(&txn);
	}
	must(metric_get(METRIC_DB_LONG_READS) == 1);
	db_close(&kit.db);
	return 0;
}

/* --- the parent --- */

/* Lets the child live for a random while after its first acknowledgement, and reads what it had
 * acknowledged. */
static unsigned child_kill(pid_t pid, int acks, bool *acked)
{
	unsigned n, greatest = 0;
	ssize_t got = read(acks, &n, sizeof(n));
	struct timespec life = { 0, (long)random_below(LIFE_US_MAX) * 1000 };
	nanosleep(&life, NULL);
	kill(pid, SIGKILL);
	for (; got == sizeof(n); got = read(acks, &n, sizeof(n))) {
		must(n < NUMBERS_MAX);
		acked[n] = true;
		greatest = n > greatest ? n : greatest;
	}
	close(acks);
	waitpid(pid, NULL, 0);
	return greatest;
}

/* Every acknowledged pair is there, and every pair is whole. Returns one more than the greatest
 * number. */
static unsigned check_state(struct kit *kit, const bool *acked, unsigned count)
{
	char room[16];
	struct db_txn *txn;
	unsigned next = 0;
	assert_int_equal(db_read_begin(kit->db, &txn), RC_OK);
	for (unsigned n = 0; n < count + WRITERS; n++) {
		struct str key = key_of(room, n), value;
		bool one = db_get(txn, &kit_things, key, &value);
		bool other = db_get(txn, &kit_others, key, &value);
		if (acked[n] && !one)
			fail_msg("%u was acknowledged and is lost", n);
		assert_int_equal(one, other);
		next = one ? n + 1 : next;
	}
	assert_int_equal(db_txn_rc(txn), RC_OK);
	db_read_end(&txn);
	return next;
}

static void h1_nothing_acknowledged_is_lost_to_a_kill(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	bool *acked = calloc(NUMBERS_MAX + WRITERS, sizeof(*acked));
	unsigned next = 0;
	must(acked != NULL);
	kit_init(&kit);
	db_close(&kit.db);
	kit.settings.max_bytes = 256 * MIB;
	for (int round = 0; round < ROUNDS; round++) {
		int acks;
		char first[16];
		snprintf(first, sizeof(first), "%u", next);
		pid_t pid = kit_spawn(kit.folder, first, &acks);
		unsigned greatest = child_kill(pid, acks, acked);
		kit_open(&kit);
		next = check_state(&kit, acked, greatest + 1);
		db_close(&kit.db);
	}
	kit_open(&kit);
	assert_true(next > ROUNDS);
	assert_int_equal(db_verify(kit.db, NULL, NULL), RC_OK);
	free(acked);
}

static void s117_the_slot_of_a_dead_reader_is_cleared_and_reported(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	char byte, line[1024] = "";
	int acks, logs[2];
	kit_init(&kit);
	pid_t pid = kit_spawn(kit.folder, "reader", &acks);
	assert_int_equal(read(acks, &byte, 1), 1);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	close(acks);
	assert_int_equal(pipe2(logs, O_CLOEXEC | O_NONBLOCK), 0);
	log_setup(LOG_LEVEL_WARN, false, logs[1]);
	test_clock_advance(&kit.clock, MS_PER_MINUTE);
	/* the look at the readers follows a batch, so the second job comes after it */
	assert_int_equal(kit_put(&kit, &kit_things, STR("k"), STR("1")), RC_OK);
	assert_int_equal(kit_put(&kit, &kit_things, STR("k"), STR("2")), RC_OK);
	log_setup(LOG_LEVEL_INFO, false, STDERR_FILENO);
	assert_true(read(logs[0], line, sizeof(line) - 1) > 0);
	assert_non_null(strstr(line, "db_reader_stale"));
	assert_non_null(strstr(line, "slots=1"));
	close(logs[0]);
	close(logs[1]);
}

static void s117_a_snapshot_of_more_than_a_second_is_a_bug(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	int out, status;
	kit_init(&kit);
	pid_t pid = kit_spawn(kit.folder, "slow", &out);
	waitpid(pid, &status, 0);
	close(out);
#ifdef FF_DEBUG
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
#else
	assert_int_equal(status, 0);
#endif
}

int main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[2], "slow") == 0)
		return run_as_slow_reader(argv[1]);
	if (argc == 3 && strcmp(argv[2], "reader") == 0)
		return run_as_reader(argv[1]);
	if (argc == 3)
		return run_as_child(argv[1], (unsigned)strtoul(argv[2], NULL, 10));
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(h1_nothing_acknowledged_is_lost_to_a_kill),
		cmocka_unit_test(s117_a_snapshot_of_more_than_a_second_is_a_bug),
		cmocka_unit_test(s117_the_slot_of_a_dead_reader_is_cleared_and_reported),
	};
	return cmocka_run_group_tests_name("db_crash", tests, NULL, NULL);
}
