/*
 * Storage that fails. The calls that LMDB writes with are taken over here, so that any of them can
 * be made to fail.
 */
#include <errno.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "core/must.h"
#include "dbkit.h"

/* The next calls of each kind fail with this error; 0 lets them through. */
static _Atomic int sync_error, page_error, meta_error;

static int refuse(int error)
{
	errno = error;
	return -1;
}

int fdatasync(int fd)
{
	return sync_error != 0 ? refuse(sync_error) : (int)syscall(SYS_fdatasync, fd);
}

/* Pages go out by pwrite() one by one, by writev() in runs; the meta page by a small pwrite(). */
ssize_t pwrite(int fd, const void *bytes, size_t n, off_t offset)
{
	int error = n < 4096 ? meta_error : page_error;
	return error != 0 ? refuse(error) : (ssize_t)syscall(SYS_pwrite64, fd, bytes, n, offset);
}

ssize_t writev(int fd, const struct iovec *parts, int count)
{
	return page_error != 0 ? refuse(page_error)
			       : (ssize_t)syscall(SYS_writev, fd, parts, count);
}

static void let_everything_through(void)
{
	sync_error = 0;
	page_error = 0;
	meta_error = 0;
}

struct alarm_bell {
	unsigned rings;
	enum rc rc;
};

static void ring(void *arg, enum rc rc)
{
	struct alarm_bell *bell = arg;
	bell->rings++;
	bell->rc = rc;
}

static void opened(struct kit *kit, struct alarm_bell *bell)
{
	let_everything_through();
	kit_init(kit);
	*bell = (struct alarm_bell){ 0 };
	db_on_failure(kit->db, ring, bell);
	assert_int_equal(kit_put(kit, &kit_things, STR("before"), STR("kept")), RC_OK);
}

/* What is there after a restart. */
static void expect_only_before(struct kit *kit)
{
	let_everything_through();
	kit_reopen(kit);
	kit_expect(kit, &kit_things, STR("before"), STR("kept"));
	kit_expect(kit, &kit_things, STR("after"), STR_NONE);
	assert_int_equal(db_verify(kit->db, NULL, NULL), RC_OK);
}

static void s115_nothing_is_acknowledged_after_storage_failed(void **state UNUSED)
{
	static _Atomic int *const faults[] = { &sync_error, &page_error, &meta_error };
	for (size_t i = 0; i < ARRAY_LEN(faults); i++) {
		struct kit kit CLEANUP(kit_free);
		struct alarm_bell bell;
		opened(&kit, &bell);
		*faults[i] = EIO;
		assert_int_equal(kit_put(&kit, &kit_things, STR("lost"), STR("x")), RC_IO);
		assert_int_equal(bell.rings, 1);
		assert_int_equal(bell.rc, RC_IO);
		/* LMDB would go on after a failed sync (F-11); we do not, although the disk seems well */
		let_everything_through();
		assert_int_equal(kit_put(&kit, &kit_things, STR("after"), STR("x")), RC_IO);
		assert_int_equal(bell.rings, 1);
		expect_only_before(&kit);
	}
}

/* --- the jobs in hand --- */

#define JOBS 10

struct hand {
	sem_t held, start, done;
	struct db_work works[JOBS];
};

static enum rc job_hold(struct db_txn *txn UNUSED, void *arg)
{
	struct hand *hand = arg;
	sem_post(&hand->held);
	sem_wait(&hand->start);
	return RC_OK;
}

static enum rc job_put(struct db_txn *txn, void *arg UNUSED)
{
	db_put(txn, &kit_things, STR("after"), STR("x"));
	return db_txn_rc(txn);
}

static void post_done(struct db_work *work)
{
	sem_post(&((struct hand *)work->arg)->done);
}

static void run_in_hand(struct kit *kit, struct hand *hand, int error)
{
	struct db_work hold = { .job = job_hold, .arg = hand };
	sem_init(&hand->held, 0, 0);
	sem_init(&hand->start, 0, 0);
	sem_init(&hand->done, 0, 0);
	db_submit(kit->db, &hold);
	sem_wait(&hand->held);
	for (size_t i = 0; i < JOBS; i++) {
		hand->works[i] = (struct db_work){ .job = job_put, .done = post_done, .arg = hand };
		db_submit(kit->db, &hand->works[i]);
	}
	page_error = error;
	sem_post(&hand->start);
	for (size_t i = 0; i < JOBS; i++)
		sem_wait(&hand->done);
	sem_destroy(&hand->held);
	sem_destroy(&hand->start);
	sem_destroy(&hand->done);
}

static void s115_every_job_in_hand_learns_of_the_failure(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	struct alarm_bell bell;
	struct hand hand;
	opened(&kit, &bell);
	run_in_hand(&kit, &hand, EIO);
	for (size_t i = 0; i < JOBS; i++)
		assert_int_equal(hand.works[i].rc, RC_IO);
	assert_int_equal(bell.rings, 1);
	expect_only_before(&kit);
}

static void f09_a_full_disk_refuses_and_then_takes_again(void **state UNUSED)
{
	static const int errors[] = { ENOSPC, EDQUOT };
	for (size_t i = 0; i < ARRAY_LEN(errors); i++) {
		struct kit kit CLEANUP(kit_free);
		struct alarm_bell bell;
		struct db_stat stat;
		struct hand hand;
		opened(&kit, &bell);
		run_in_hand(&kit, &hand, errors[i]);
		for (size_t k = 0; k < JOBS; k++)
			assert_int_equal(hand.works[k].rc, RC_FULL);
		assert_int_equal(db_stat(kit.db, &stat), RC_OK);
		assert_true(stat.full);
		kit_expect(&kit, &kit_things, STR("before"), STR("kept"));
		kit_expect(&kit, &kit_things, STR("after"), STR_NONE);
		let_everything_through();
		assert_int_equal(kit_put(&kit, &kit_things, STR("again"), STR("x")), RC_OK);
		/* the news is told with the next look at the room */
		assert_int_equal(kit_put(&kit, &kit_things, STR("again"), STR("y")), RC_OK);
		assert_int_equal(db_stat(kit.db, &stat), RC_OK);
		assert_false(stat.full);
		assert_int_equal(bell.rings, 0);
		expect_only_before(&kit);
		kit_expect(&kit, &kit_things, STR("again"), STR("y"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(s115_nothing_is_acknowledged_after_storage_failed),
		cmocka_unit_test(s115_every_job_in_hand_learns_of_the_failure),
		cmocka_unit_test(f09_a_full_disk_refuses_and_then_takes_again),
	};
	return cmocka_run_group_tests_name("db_storage", tests, NULL, NULL);
}
