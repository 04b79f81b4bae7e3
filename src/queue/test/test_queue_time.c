/* The running queue and time: waits, lives, clocks that step. */
#include <stdio.h>

#include "queuekit.h"

static void s122_a_host_that_fails_waits_and_is_probed_by_one(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	kit_init(&kit);
	kit_start(&kit);
	ADD(&kit, HOST("a.test", 1, 0, "a"), HOST("a.test", 2, 0, "b"), HOST("a.test", 3, 0, "c"));
	kit_expect(&kit, "a b c");
	kit_host_fails(&kit, "a");
	kit_host_fails(&kit, "b");
	kit_host_fails(&kit, "c");
	kit_advance(&kit, 47 * MS_PER_SECOND);
	kit_expect(&kit, "");
	kit_advance(&kit, 13 * MS_PER_SECOND);
	kit_settle(&kit);
	/* one probe only */
	assert_int_equal(kit.count, 1);
	kit_expect(&kit, "a");
	kit_host_fails(&kit, "a");
	/* the second wait is longer, and another job is the next probe */
	kit_advance(&kit, MS_PER_MINUTE);
	kit_expect(&kit, "");
	kit_advance(&kit, 4 * MS_PER_MINUTE);
	kit_expect(&kit, "b");
	kit_done(&kit, "b");
	kit_expect(&kit, "a c");
	kit_done(&kit, "a");
	kit_done(&kit, "c");
	assert_int_equal(kit_rows(&kit, &queue_table_lane), 0);
}

static void a_sign_of_life_wakes_a_host_once_a_while(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	kit_init(&kit);
	kit_start(&kit);
	ADD(&kit, HOST("a.test", 1, 0, "a"), HOST("a.test", 2, 0, "b"));
	kit_expect(&kit, "a b");
	kit_host_fails(&kit, "a");
	kit_host_fails(&kit, "b");
	queue_host_alive(kit.queue, STR("b.test"));
	kit_expect(&kit, "");
	queue_host_alive(kit.queue, STR("a.test"));
	kit_expect(&kit, "a");
	kit_host_fails(&kit, "a");
	/* it sends but does not take: it is not asked at each of its requests */
	queue_host_alive(kit.queue, STR("a.test"));
	kit_expect(&kit, "");
	kit_advance(&kit, MS_PER_MINUTE);
	queue_host_alive(kit.queue, STR("a.test"));
	kit_expect(&kit, "b");
	kit_done(&kit, "b");
	kit_expect(&kit, "a");
	kit_done(&kit, "a");
}

static void a_lane_that_failed_is_left_alone_after_a_start(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	kit_init(&kit);
	kit_start(&kit);
	ADD(&kit, HOST("a.test", 1, 0, "a"), HOST("a.test", 2, 0, "b"));
	kit_expect(&kit, "a b");
	kit_host_fails(&kit, "a");
	kit_host_fails(&kit, "b");
	kit_stop(&kit);
	kit_start(&kit);
	kit_expect(&kit, "");
	kit_advance(&kit, MS_PER_MINUTE);
	kit_expect(&kit, "a");
	kit_done(&kit, "a");
	kit_expect(&kit, "b");
	kit_done(&kit, "b");
}

static enum rc retry_one(struct db_txn *txn, void *arg)
{
	assert_true(queue_retry_job(txn, *(const uint64_t *)arg));
	return db_txn_rc(txn);
}

static void s122_a_job_that_outlives_its_time_dies_and_can_be_put_back(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	kit_init(&kit);
	kit_start(&kit);
	ADD(&kit, HOST("a.test", 1, 0, "a"), HOST("a.test", 1, 0, "b"));
	kit_expect(&kit, "a");
	uint64_t id = kit_job(&kit, "a")->id;
	kit_advance(&kit, 7 * MS_PER_DAY + MS_PER_MINUTE);
	kit_end(&kit, "a", QUEUE_DEFER, 500);
	kit_expect(&kit, "b");
	kit_done(&kit, "b");
	assert_int_equal(kit_rows(&kit, &queue_table_dead), 1);
	kit_check(&kit);
	kit_write(&kit, retry_one, &id);
	queue_wake(kit.queue);
	kit_expect(&kit, "a");
	assert_int_equal(kit_job(&kit, "a")->attempts, 0);
	kit_done(&kit, "a");
	assert_int_equal(kit_rows(&kit, &queue_table_dead), 0);
}

static enum rc retry_all(struct db_txn *txn, void *arg)
{
	*(uint64_t *)arg = queue_retry_lane(txn, STR("a.test"));
	return db_txn_rc(txn);
}

static void s122_what_grew_old_behind_a_dead_host_is_given_up(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	uint64_t count = 0;
	kit_init(&kit);
	kit_start(&kit);
	ADD(&kit, HOST("a.test", 1, 0, "a"), HOST("a.test", 1, 0, "b"), HOST("a.test", 2, 0, "c"),
	    HOST("b.test", 1, 0, "z"));
	kit_expect(&kit, "a c z");
	kit_host_fails(&kit, "a");
	kit_host_fails(&kit, "c");
	kit_advance(&kit, 7 * MS_PER_DAY + MS_PER_HOUR);
	kit_expect(&kit, "a z");
	kit_host_fails(&kit, "a");
	/* a died of its own failure, b and c of the host's; z has not failed */
	kit_advance(&kit, 20 * MS_PER_MINUTE);
	kit_settle(&kit);
	kit_advance(&kit, MS_PER_MINUTE);
	kit_expect(&kit, "z");
	assert_int_equal(kit_rows(&kit, &queue_table_dead), 3);
	kit_done(&kit, "z");
	kit_write(&kit, retry_all, &count);
	assert_int_equal(count, 3);
	queue_reload(kit.queue);
	kit_settle(&kit);
	assert_int_equal(kit.count, 1);
	while (kit.count != 0) {
		char payload[8];
		snprintf(payload, sizeof(payload), "%.*s", STR_ARG(kit.stage[0]->payload));
		kit_done(&kit, payload);
		kit_settle(&kit);
	}
	assert_int_equal(kit_rows(&kit, &queue_table_dead), 0);
	assert_int_equal(kit_rows(&kit, &queue_table_job), 0);
}

static void the_dead_are_forgotten_after_their_time(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	kit_init(&kit);
	kit_start(&kit);
	struct queue_new job = HOST("a.test", 1, 0, "a");
	job.body = kit_add_body(&kit, STR("body"));
	kit_add(&kit, &job, 1);
	kit_expect(&kit, "a");
	kit_end(&kit, "a", QUEUE_GONE, 410);
	kit_advance(&kit, 29 * MS_PER_DAY);
	kit_settle(&kit);
	assert_int_equal(kit_rows(&kit, &queue_table_dead), 1);
	kit_advance(&kit, 2 * MS_PER_DAY);
	kit_settle(&kit);
	kit_settle(&kit);
	assert_int_equal(kit_rows(&kit, &queue_table_dead), 0);
	assert_int_equal(kit_rows(&kit, &queue_table_body), 0);
}

static void a_job_waits_for_its_time(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	kit_init(&kit);
	kit_start(&kit);
	struct queue_new job = HOST("a.test", 1, 0, "later");
	job.due_ms = kit.wall_ms + 3 * MS_PER_DAY;
	kit_add(&kit, &job, 1);
	ADD(&kit, HOST("a.test", 1, 0, "behind"), HOST("a.test", 2, 0, "now"));
	kit_expect(&kit, "now");
	kit_done(&kit, "now");
	kit_advance(&kit, 2 * MS_PER_DAY);
	kit_expect(&kit, "");
	kit_advance(&kit, MS_PER_DAY);
	kit_expect(&kit, "later");
	kit_done(&kit, "later");
	kit_expect(&kit, "behind");
	kit_done(&kit, "behind");
}

static void s126_a_clock_that_is_set_back_blocks_nothing(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	kit_init(&kit);
	uint64_t now = kit.wall_ms;
	kit.wall_ms = now + 6 * MS_PER_DAY;
	kit_start(&kit);
	ADD(&kit, HOST("a.test", 1, 0, "a"), HOST("b.test", 1, 0, "b"));
	kit_expect(&kit, "a b");
	kit_host_fails(&kit, "a");
	kit_end(&kit, "b", QUEUE_DEFER, 500);
	kit_stop(&kit);
	/* what is stored is due in six days */
	kit.wall_ms = now;
	kit_start(&kit);
	kit_expect(&kit, "");
	kit_advance(&kit, MS_PER_DAY);
	kit_expect(&kit, "a b");
	kit_done(&kit, "a");
	kit_done(&kit, "b");
}

static void s126_a_clock_that_leaps_ahead_ages_nothing(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	kit_init(&kit);
	kit_start(&kit);
	ADD(&kit, HOST("a.test", 1, 0, "a"), HOST("a.test", 1, 0, "b"));
	kit_expect(&kit, "a");
	kit.wall_ms += 4000 * MS_PER_DAY;
	kit_host_fails(&kit, "a");
	kit_advance(&kit, MS_PER_HOUR);
	kit_expect(&kit, "a");
	kit_done(&kit, "a");
	kit_expect(&kit, "b");
	kit_done(&kit, "b");
	assert_int_equal(kit_rows(&kit, &queue_table_dead), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(s122_a_host_that_fails_waits_and_is_probed_by_one),
		cmocka_unit_test(a_sign_of_life_wakes_a_host_once_a_while),
		cmocka_unit_test(a_lane_that_failed_is_left_alone_after_a_start),
		cmocka_unit_test(s122_a_job_that_outlives_its_time_dies_and_can_be_put_back),
		cmocka_unit_test(s122_what_grew_old_behind_a_dead_host_is_given_up),
		cmocka_unit_test(the_dead_are_forgotten_after_their_time),
		cmocka_unit_test(a_job_waits_for_its_time),
		cmocka_unit_test(s126_a_clock_that_is_set_back_blocks_nothing),
		cmocka_unit_test(s126_a_clock_that_leaps_ahead_ages_nothing),
	};
	return cmocka_run_group_tests_name("queue_time", tests, NULL, NULL);
}
