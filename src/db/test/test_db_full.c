/* A full map: refused, told, survived; and a map that grows under its readers. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/must.h"
#include "dbkit.h"

#define SMALL (2 * MIB)

static char body[3000];

static struct str key_of(char room[16], unsigned i)
{
	return str_n(room, (size_t)snprintf(room, 16, "%08u", i));
}

static enum rc put_row(struct kit *kit, unsigned i)
{
	char room[16];
	return kit_put(kit, &kit_things, key_of(room, i), str_n(body, sizeof(body)));
}

static enum rc del_row(struct kit *kit, unsigned i)
{
	char room[16];
	return kit_del(kit, &kit_things, key_of(room, i));
}

static bool is_full(struct kit *kit)
{
	struct db_stat stat;
	assert_int_equal(db_stat(kit->db, &stat), RC_OK);
	assert_true(stat.used_bytes <= stat.max_bytes);
	return stat.full;
}

/* Puts rows until one is refused; how many there are. */
static unsigned fill(struct kit *kit, unsigned from)
{
	enum rc rc;
	unsigned i = from;
	while ((rc = put_row(kit, i)) == RC_OK)
		must(++i < 100000);
	assert_int_equal(rc, RC_FULL);
	return i;
}

static void small_open(struct kit *kit)
{
	kit_init(kit);
	db_close(&kit->db);
	kit->settings.map_bytes = SMALL / 4;
	kit->settings.max_bytes = SMALL;
	kit_open(kit);
}

static void s114_a_full_map_refuses_writes_and_takes_them_again(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	char room[16];
	small_open(&kit);
	assert_false(is_full(&kit));
	unsigned n = fill(&kit, 0);
	assert_true(n > 300);
	assert_true(is_full(&kit));
	assert_int_equal(put_row(&kit, n), RC_FULL);
	/* reads and deletions work */
	kit_expect(&kit, &kit_things, key_of(room, n - 1), str_n(body, sizeof(body)));
	assert_int_equal(kit_count(&kit, &kit_things), n);
	for (unsigned i = 0; i < n / 2; i++)
		assert_int_equal(del_row(&kit, i), RC_OK);
	assert_int_equal(put_row(&kit, n), RC_OK);
	assert_false(is_full(&kit));
	assert_int_equal(kit_count(&kit, &kit_things), n - n / 2 + 1);
	/* and everything that was acknowledged is there after a restart */
	kit_reopen(&kit);
	assert_int_equal(kit_count(&kit, &kit_things), n - n / 2 + 1);
	assert_int_equal(db_verify(kit.db, NULL, NULL), RC_OK);
}

/* --- the reserve --- */

struct reserved {
	struct db_work work;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool finished;
};

static void reserved_done(struct db_work *work)
{
	struct reserved *r = CONTAINER_OF(work, struct reserved, work);
	pthread_mutex_lock(&r->lock);
	r->finished = true;
	pthread_cond_signal(&r->changed);
	pthread_mutex_unlock(&r->lock);
}

static enum rc write_reserved(struct kit *kit, enum rc (*job)(struct db_txn *, void *), void *arg)
{
	struct reserved r = {
		.work = { .job = job, .done = reserved_done, .arg = arg, .reserve = true },
		.lock = PTHREAD_MUTEX_INITIALIZER,
		.changed = PTHREAD_COND_INITIALIZER,
	};
	db_submit(kit->db, &r.work);
	pthread_mutex_lock(&r.lock);
	while (!r.finished)
		pthread_cond_wait(&r.changed, &r.lock);
	pthread_mutex_unlock(&r.lock);
	return r.work.rc;
}

static enum rc job_note(struct db_txn *txn, void *arg UNUSED)
{
	db_put(txn, &kit_others, STR("delivered"), str_n(body, sizeof(body)));
	return db_txn_rc(txn);
}

/* What a deletion is: a row goes, a tombstone comes. */
static enum rc job_bury(struct db_txn *txn, void *arg UNUSED)
{
	char room[16];
	db_del(txn, &kit_things, key_of(room, 0));
	db_put(txn, &kit_others, STR("tombstone"), STR("0"));
	return db_txn_rc(txn);
}

static enum rc job_flood(struct db_txn *txn, void *arg)
{
	char room[16];
	for (unsigned i = *(const unsigned *)arg; db_txn_rc(txn) == RC_OK; i++)
		db_put(txn, &kit_things, key_of(room, i), str_n(body, sizeof(body)));
	return db_txn_rc(txn);
}

static void s114_deliveries_and_deletions_work_from_the_reserve(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	small_open(&kit);
	unsigned n = fill(&kit, 0);
	assert_int_equal(db_write(kit.db, job_note, NULL), RC_FULL);
	assert_int_equal(write_reserved(&kit, job_note, NULL), RC_OK);
	assert_int_equal(db_write(kit.db, job_bury, NULL), RC_OK);
	kit_expect(&kit, &kit_others, STR("delivered"), str_n(body, sizeof(body)));
	kit_expect(&kit, &kit_others, STR("tombstone"), STR("0"));
	/* the reserve ends as well, without harm */
	assert_int_equal(write_reserved(&kit, job_flood, &n), RC_FULL);
	assert_int_equal(kit_count(&kit, &kit_things), n - 1);
	assert_int_equal(del_row(&kit, 1), RC_OK);
	assert_int_equal(db_verify(kit.db, NULL, NULL), RC_OK);
}

/* --- growing --- */

struct reading {
	struct kit *kit;
	_Atomic bool stop;
	_Atomic unsigned reads;
};

static void *read_on_and_on(void *arg)
{
	struct reading *r = arg;
	while (!r->stop) {
		struct db_txn *txn;
		struct str value;
		must(db_read_begin(r->kit->db, &txn) == RC_OK);
		must(db_get(txn, &kit_others, STR("k"), &value));
		must(str_eq(value, STR("steady")));
		db_read_end(&txn);
		r->reads++;
	}
	return NULL;
}

static void the_map_grows_under_its_readers(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	struct reading reading = { .kit = &kit };
	struct db_stat stat;
	pthread_t threads[2];
	small_open(&kit);
	assert_int_equal(db_stat(kit.db, &stat), RC_OK);
	assert_int_equal(stat.map_bytes, SMALL / 4);
	assert_int_equal(kit_put(&kit, &kit_others, STR("k"), STR("steady")), RC_OK);
	for (size_t i = 0; i < ARRAY_LEN(threads); i++)
		assert_int_equal(pthread_create(&threads[i], NULL, read_on_and_on, &reading), 0);
	fill(&kit, 0);
	reading.stop = true;
	for (size_t i = 0; i < ARRAY_LEN(threads); i++)
		pthread_join(threads[i], NULL);
	assert_true(reading.reads != 0);
	assert_int_equal(db_stat(kit.db, &stat), RC_OK);
	assert_int_equal(stat.map_bytes, SMALL);
}

static enum rc job_fill_half(struct db_txn *txn, void *arg UNUSED)
{
	char room[16];
	for (unsigned i = 0; i < SMALL / 2 / 4096; i++)
		db_append(txn, &kit_things, key_of(room, i), str_n(body, sizeof(body)));
	return db_txn_rc(txn);
}

static void one_job_may_need_the_map_to_grow_more_than_once(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	kit_init(&kit);
	db_close(&kit.db);
	kit.settings.map_bytes = 64 * KIB;
	kit.settings.max_bytes = 2 * SMALL;
	kit_open(&kit);
	assert_int_equal(db_write(kit.db, job_fill_half, NULL), RC_OK);
	assert_int_equal(kit_count(&kit, &kit_things), SMALL / 2 / 4096);
}

/* --- a map that another process grew --- */

static int run_as_child(char *folder)
{
	struct kit kit;
	struct err err = { 0 };
	kit_init_child(&kit, folder);
	must(kit_try_open(&kit, &err) == RC_OK);
	must(db_write(kit.db, job_fill_half, NULL) == RC_OK);
	db_close(&kit.db);
	return 0;
}

static void a_map_that_another_process_grew_is_taken_over(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	char room[16];
	int out, status;
	small_open(&kit);
	pid_t pid = kit_spawn(kit.folder, "grow", &out);
	waitpid(pid, &status, 0);
	close(out);
	assert_int_equal(status, 0);
	kit_expect(&kit, &kit_things, key_of(room, 100), str_n(body, sizeof(body)));
	assert_int_equal(put_row(&kit, 99999), RC_OK);
}

int main(int argc, char **argv)
{
	if (argc == 3)
		return run_as_child(argv[1]);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(s114_a_full_map_refuses_writes_and_takes_them_again),
		cmocka_unit_test(s114_deliveries_and_deletions_work_from_the_reserve),
		cmocka_unit_test(the_map_grows_under_its_readers),
		cmocka_unit_test(one_job_may_need_the_map_to_grow_more_than_once),
		cmocka_unit_test(a_map_that_another_process_grew_is_taken_over),
	};
	return cmocka_run_group_tests_name("db_full", tests, NULL, NULL);
}
