/* The running queue: what may start when, over a real database, a scripted runner and a fake clock. */
#include <stdio.h>

#include "core/must.h"
#include "queuekit.h"

static void hands_over_what_was_added(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	kit_init(&kit);
	kit_start(&kit);
	uint64_t body = kit_add_body(&kit, STR("{\"type\":\"Create\"}"));
	struct queue_new job = HOST("a.test", 7, 8, "https://a.test/inbox");
	job.body = body;
	kit_add(&kit, &job, 1);
	kit_expect(&kit, "https://a.test/inbox");
	struct queue_job *got = kit_job(&kit, "https://a.test/inbox");
	assert_int_equal(got->kind, KIT_HOST);
	assert_str_eq(got->lane, STR("a.test"));
	assert_int_equal(got->order, 7);
	assert_int_equal(got->group, 8);
	assert_int_equal(got->body_id, body);
	assert_int_equal(got->attempts, 0);
	struct queue_blob *blob = queue_job_body(got), *same = queue_job_body(got);
	assert_str_eq(queue_blob_str(blob), STR("{\"type\":\"Create\"}"));
	assert_ptr_equal(blob, same);
	queue_blob_unref(&blob);
	queue_blob_unref(&same);
	kit_done(&kit, "https://a.test/inbox");
	assert_int_equal(kit_rows(&kit, &queue_table_job), 0);
	assert_int_equal(kit_rows(&kit, &queue_table_body), 0);
}

static void jobs_of_one_order_run_one_after_another(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	kit_init(&kit);
	kit_start(&kit);
	ADD(&kit, HOST("a.test", 1, 0, "a1"), HOST("a.test", 1, 0, "a2"),
	    HOST("a.test", 2, 0, "b1"), HOST("a.test", 1, 0, "a3"), HOST("b.test", 1, 0, "c1"));
	kit_expect(&kit, "a1 b1 c1");
	kit_done(&kit, "a1");
	kit_expect(&kit, "a2 b1 c1");
	kit_done(&kit, "a2");
	kit_expect(&kit, "a3 b1 c1");
	kit_done(&kit, "b1");
	kit_done(&kit, "c1");
	kit_done(&kit, "a3");
	kit_expect(&kit, "");
}

static void jobs_of_one_group_run_together_and_others_wait_for_all(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	kit_init(&kit);
	kit_start(&kit);
	ADD(&kit, HOST("a.test", 1, 5, "a1"), HOST("a.test", 1, 5, "a2"),
	    HOST("a.test", 1, 6, "b1"), HOST("a.test", 1, 5, "c1"));
	kit_expect(&kit, "a1 a2");
	kit_done(&kit, "a2");
	kit_expect(&kit, "a1");
	kit_done(&kit, "a1");
	/* c1 has the group of the first two, but b1 stands between */
	kit_expect(&kit, "b1");
	kit_done(&kit, "b1");
	kit_expect(&kit, "c1");
	kit_done(&kit, "c1");
}

static void a_window_limits_a_lane_and_a_kind(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	kit_init(&kit);
	kit_start(&kit);
	ADD(&kit, HOST("a.test", 1, 0, "a"), HOST("a.test", 2, 0, "b"), HOST("a.test", 3, 0, "c"),
	    HOST("a.test", 4, 0, "d"), HOST("a.test", 5, 0, "e"));
	kit_expect(&kit, "a b c d");
	kit_done(&kit, "c");
	kit_expect(&kit, "a b d e");
	kit_done(&kit, "a");
	kit_done(&kit, "b");
	kit_done(&kit, "d");
	kit_done(&kit, "e");
	static const struct queue_new locals[] = {
		{ .kind = KIT_LOCAL, .lane = STR_INIT("x"), .order = 1, .payload = STR_INIT("x1") },
		{ .kind = KIT_LOCAL, .lane = STR_INIT("x"), .order = 2, .payload = STR_INIT("x2") },
		{ .kind = KIT_LOCAL, .lane = STR_INIT("x"), .order = 3, .payload = STR_INIT("x3") },
		{ .kind = KIT_LOCAL, .lane = STR_INIT("y"), .order = 1, .payload = STR_INIT("y1") },
		{ .kind = KIT_LOCAL, .lane = STR_INIT("y"), .order = 2, .payload = STR_INIT("y2") },
	};
	kit_add(&kit, locals, ARRAY_LEN(locals));
	/* two in lane x, three in all */
	kit_expect(&kit, "x1 x2 y1");
	kit_done(&kit, "x1");
	kit_done(&kit, "x2");
	kit_expect(&kit, "x3 y1 y2");
	kit_done(&kit, "x3");
	kit_done(&kit, "y1");
	kit_done(&kit, "y2");
}

static void s123_dead_hosts_do_not_delay_a_live_one(void **state UNUSED)
{
	enum { DEAD = 200, ROWS = 5 };
	struct kit kit CLEANUP(kit_free);
	char names[DEAD][24];
	static struct queue_new jobs[DEAD * ROWS];
	kit_init(&kit);
	kit_start(&kit);
	for (size_t i = 0; i < ARRAY_LEN(jobs); i++) {
		char *name = names[i % DEAD];
		snprintf(name, sizeof(names[0]), "dead%03zu.test", i % DEAD);
		jobs[i] = (struct queue_new){
			.kind = KIT_HOST, .lane = str_of(name), .order = 1, .payload = str_of(name)
		};
	}
	kit_add(&kit, jobs, ARRAY_LEN(jobs));
	kit_settle(&kit);
	assert_int_equal(kit.count, DEAD);
	/* with every one of them still hanging, a live host is served */
	ADD(&kit, HOST("live.test", 1, 0, "live"));
	kit_settle(&kit);
	kit_done(&kit, "live");
	kit_settle(&kit);
	assert_int_equal(queue_waiting(kit.queue, KIT_HOST), DEAD * ROWS);
	for (size_t i = 0; i < DEAD; i++)
		kit_host_fails(&kit, names[i]);
	kit_expect(&kit, "");
	/* nor do they count among what is to be done */
	assert_int_equal(queue_waiting(kit.queue, KIT_HOST), 0);
	ADD(&kit, HOST("live.test", 1, 0, "live"), HOST("dead000.test", 2, 0, "more"));
	kit_expect(&kit, "live");
	assert_int_equal(queue_waiting(kit.queue, KIT_HOST), 1);
	kit_done(&kit, "live");
	assert_int_equal(kit_rows(&kit, &queue_table_job), DEAD * ROWS + 1);
	assert_int_equal(kit_rows(&kit, &queue_table_lane), DEAD);
	/* what was counted out is counted in again, also after a start */
	kit_stop(&kit);
	kit_start(&kit);
	kit_settle(&kit);
	assert_int_equal(queue_waiting(kit.queue, KIT_HOST), 0);
	queue_host_alive(kit.queue, STR("dead000.test"));
	kit_settle(&kit);
	assert_int_equal(queue_waiting(kit.queue, KIT_HOST), ROWS + 1);
	kit_host_fails(&kit, names[0]);
	kit_expect(&kit, "");
	assert_int_equal(queue_waiting(kit.queue, KIT_HOST), 0);
}

static bool is_burdened(struct kit *kit, const char *host)
{
	struct db_txn *txn;
	assert_int_equal(db_read_begin(kit->db, &txn), RC_OK);
	bool burdened = queue_is_burdened(kit->queue, txn, KIT_HOST, str_of(host));
	db_read_end(&txn);
	return burdened;
}

static void a_host_that_does_not_answer_is_burdened_by_time_and_by_what_waits(void **state UNUSED)
{
	enum { MANY = 1000 };
	struct kit kit CLEANUP(kit_free);
	static struct queue_new jobs[MANY];
	kit_init(&kit);
	kit_start(&kit);
	for (size_t i = 0; i < MANY; i++)
		jobs[i] = (struct queue_new)HOST("many.test", 1, 0, "many");
	kit_add(&kit, jobs, MANY);
	ADD(&kit, HOST("few.test", 1, 0, "few"));
	kit_expect(&kit, "few many");
	/* who has not failed takes whatever there is */
	assert_false(is_burdened(&kit, "many.test"));
	kit_host_fails(&kit, "many");
	kit_host_fails(&kit, "few");
	kit_expect(&kit, "");
	assert_true(is_burdened(&kit, "many.test"));
	assert_false(is_burdened(&kit, "few.test"));
	kit_advance(&kit, MS_PER_HOUR);
	assert_true(is_burdened(&kit, "few.test"));
	assert_false(is_burdened(&kit, "other.test"));
	/* it answers */
	kit_expect(&kit, "few many");
	kit_done(&kit, "few");
	kit_host_fails(&kit, "many");
	kit_expect(&kit, "");
	assert_false(is_burdened(&kit, "few.test"));
	kit_stop(&kit);
	kit_start(&kit);
	kit_settle(&kit);
	assert_true(is_burdened(&kit, "many.test"));
}

#define OTHERS 502 /* three more than there is room for beside one */

static void add_crowd(struct kit *kit)
{
	struct queue_new jobs[OTHERS];
	char lanes[OTHERS][16];
	for (size_t i = 0; i < OTHERS; i++) {
		snprintf(lanes[i], sizeof(lanes[i]), "h%zu.example", i);
		jobs[i] = (struct queue_new){ .kind = KIT_HOST,
					      .lane = str_of(lanes[i]),
					      .order = 1,
					      .payload = str_of(lanes[i]) };
	}
	kit_add(kit, jobs, OTHERS);
}

/* The payload of what was started last. */
static struct str started(struct kit *kit)
{
	kit_settle(kit);
	return kit->stage[kit->count - 1]->payload;
}

static void finish_all(struct kit *kit)
{
	for (kit_settle(kit); kit->count != 0; kit_settle(kit)) {
		while (kit->count != 0)
			kit_done(kit, arena_cstr(kit->stage[0]->ctx.arena, kit->stage[0]->payload));
	}
	kit_check(kit);
}

static void a_host_that_answers_keeps_its_turn_for_a_while(void **state UNUSED)
{
	static const char names[] = "a\0b\0c\0d\0e\0f\0g\0h\0i\0j";
	struct kit kit CLEANUP(kit_free);
	kit_init(&kit);
	ADD(&kit, HOST("x.example", 1, 0, "a"), HOST("x.example", 1, 0, "b"),
	    HOST("x.example", 1, 0, "c"), HOST("x.example", 1, 0, "d"),
	    HOST("x.example", 1, 0, "e"), HOST("x.example", 1, 0, "f"),
	    HOST("x.example", 1, 0, "g"), HOST("x.example", 1, 0, "h"),
	    HOST("x.example", 1, 0, "i"), HOST("x.example", 1, 0, "j"));
	add_crowd(&kit);
	kit_start(&kit);
	kit_settle(&kit);
	assert_int_equal(kit.count, 500);
	/* eight jobs over one connection, though others wait */
	for (size_t i = 0; i < 7; i++) {
		kit_done(&kit, names + 2 * i);
		assert_str_eq(started(&kit), str_of(names + 2 * (i + 1)));
	}
	/* then one of the others; what is left goes behind all of them */
	kit_done(&kit, "h");
	assert_str_eq(started(&kit), STR("h499.example"));
	kit_done(&kit, "h499.example");
	assert_str_eq(started(&kit), STR("h500.example"));
	kit_done(&kit, "h500.example");
	assert_str_eq(started(&kit), STR("h501.example"));
	kit_done(&kit, "h501.example");
	assert_str_eq(started(&kit), STR("i"));
	kit_done(&kit, "i");
	assert_str_eq(started(&kit), STR("j"));
	finish_all(&kit);
}

static void a_host_that_is_slow_does_not_keep_its_turn(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	kit_init(&kit);
	ADD(&kit, HOST("x.example", 1, 0, "a"), HOST("x.example", 1, 0, "b"));
	add_crowd(&kit);
	kit_start(&kit);
	kit_settle(&kit);
	kit_advance(&kit, 5 * MS_PER_SECOND);
	kit_done(&kit, "a");
	assert_str_eq(started(&kit), STR("h499.example"));
	finish_all(&kit);
}

static void a_deferred_job_blocks_its_order_only(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	kit_init(&kit);
	kit_start(&kit);
	ADD(&kit, HOST("a.test", 1, 9, "poison"), HOST("a.test", 1, 9, "same"),
	    HOST("a.test", 1, 0, "after"), HOST("a.test", 2, 0, "other"));
	kit_expect(&kit, "other poison same");
	kit_end(&kit, "poison", QUEUE_DEFER, 500);
	kit_done(&kit, "same");
	kit_done(&kit, "other");
	kit_expect(&kit, "");
	kit_advance(&kit, MS_PER_MINUTE);
	kit_expect(&kit, "poison");
	assert_int_equal(kit_job(&kit, "poison")->attempts, 1);
	kit_end(&kit, "poison", QUEUE_REJECT, 400);
	/* it is dead; its successor goes on */
	kit_expect(&kit, "after");
	kit_done(&kit, "after");
	assert_int_equal(kit_rows(&kit, &queue_table_dead), 1);
}

static void a_cursor_goes_on_from_its_new_payload(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	kit_init(&kit);
	kit_start(&kit);
	ADD(&kit, LOCAL(1, "0"), LOCAL(1, "next"));
	kit_expect(&kit, "0");
	struct queue_end again = { .outcome.verdict = QUEUE_AGAIN, .payload = STR("500") };
	assert_int_equal(kit_finish(&kit, "0", &again), RC_OK);
	kit_expect(&kit, "500");
	/* durable: a crash goes on from there */
	struct queue_job *lost = kit_job(&kit, "500");
	kit_stop(&kit);
	kit.count = 0;
	kit_start(&kit);
	kit_expect(&kit, "500");
	queue_finish(lost, &(struct queue_end){ .outcome.verdict = QUEUE_DELIVERED });
	kit_done(&kit, "500");
	kit_expect(&kit, "next");
	kit_done(&kit, "next");
}

static void what_is_not_done_is_counted_and_can_wait(void **state UNUSED)
{
	const struct queue_end later = {
		.outcome = { .verdict = QUEUE_AGAIN, .retry_after_ms = 2000 }, .payload = STR("x2")
	};
	struct kit kit CLEANUP(kit_free);
	kit_init(&kit);
	ADD(&kit, LOCAL(1, "x"), LOCAL(1, "y"), HOST("a.example", 1, 0, "z"));
	kit_start(&kit);
	kit_expect(&kit, "x z");
	assert_int_equal(queue_waiting(kit.queue, KIT_LOCAL), 2);
	assert_int_equal(queue_waiting(kit.queue, KIT_HOST), 1);
	/* what comes behind it in its order waits, too */
	assert_int_equal(kit_finish(&kit, "x", &later), RC_OK);
	kit_expect(&kit, "z");
	kit_advance(&kit, 1999);
	kit_expect(&kit, "z");
	kit_advance(&kit, 1);
	kit_expect(&kit, "x2 z");
	kit_done(&kit, "x2");
	kit_done(&kit, "z");
	kit_expect(&kit, "y");
	assert_int_equal(queue_waiting(kit.queue, KIT_LOCAL), 1);
	assert_int_equal(queue_waiting(kit.queue, KIT_HOST), 0);
	assert_int_equal(queue_waiting(kit.queue, 77), 0);
	kit_done(&kit, "y");
	kit_check(&kit);
}

static void s119_what_a_stop_leaves_is_run_after_a_start(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	struct queue_job *left[3];
	kit_init(&kit);
	kit_start(&kit);
	ADD(&kit, HOST("a.test", 1, 0, "a"), HOST("b.test", 1, 0, "b"), HOST("c.test", 1, 0, "c"),
	    HOST("a.test", 1, 0, "later"));
	kit_expect(&kit, "a b c");
	kit_done(&kit, "b");
	left[0] = kit_job(&kit, "a");
	left[1] = kit_job(&kit, "c");
	kit_stop(&kit);
	kit.count = 0;
	/* what comes too late has no effect */
	queue_finish(left[0], &(struct queue_end){ .outcome.verdict = QUEUE_DELIVERED });
	queue_finish(left[1], &(struct queue_end){ .outcome.verdict = QUEUE_DELIVERED });
	assert_int_equal(kit_rows(&kit, &queue_table_job), 3);
	kit_start(&kit);
	kit_expect(&kit, "a c");
	kit_done(&kit, "a");
	kit_done(&kit, "c");
	kit_expect(&kit, "later");
	kit_done(&kit, "later");
}

static void s127_a_stop_waits_for_what_runs(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	kit_init(&kit);
	kit_start(&kit);
	ADD(&kit, HOST("a.test", 1, 0, "a"));
	kit_expect(&kit, "a");
	queue_finish(kit_job(&kit, "a"), &(struct queue_end){ .outcome.verdict = QUEUE_DELIVERED });
	kit.count = 0;
	queue_stop(&kit.queue, 60 * MS_PER_SECOND);
	assert_null(kit.queue);
	assert_int_equal(kit_rows(&kit, &queue_table_job), 0);
}

static enum rc retry_all(struct db_txn *txn, void *arg)
{
	*(uint64_t *)arg = queue_retry_lane(txn, STR("a.test"));
	return db_txn_rc(txn);
}

static enum rc drop_host(struct db_txn *txn, void *arg)
{
	*(uint64_t *)arg = queue_drop_lane(txn, STR("a.test"), STR("by hand"));
	return db_txn_rc(txn);
}

static void what_another_process_did_is_seen(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	uint64_t count = 0;
	kit_init(&kit);
	kit_start(&kit);
	ADD(&kit, HOST("a.test", 1, 0, "a"), HOST("a.test", 2, 0, "b"));
	kit_expect(&kit, "a b");
	kit_end(&kit, "b", QUEUE_DEFER, 500);
	kit_host_fails(&kit, "a");
	kit_write(&kit, retry_all, &count);
	assert_int_equal(count, 2);
	queue_reload(kit.queue);
	/* due, but still one at a time */
	kit_expect(&kit, "a");
	kit_done(&kit, "a");
	kit_expect(&kit, "b");
	ADD(&kit, HOST("a.test", 3, 0, "c"));
	kit_expect(&kit, "b c");
	kit_end(&kit, "b", QUEUE_DEFER, 500);
	kit_host_fails(&kit, "c");
	kit_write(&kit, drop_host, &count);
	assert_int_equal(count, 2);
	queue_reload(kit.queue);
	kit_advance(&kit, MS_PER_DAY);
	kit_expect(&kit, "");
	assert_int_equal(kit_rows(&kit, &queue_table_dead), 2);
}

static void a_reload_does_not_hasten_what_waits(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	kit_init(&kit);
	kit_start(&kit);
	ADD(&kit, HOST("a.test", 1, 0, "a"), HOST("b.test", 1, 0, "b"));
	kit_expect(&kit, "a b");
	kit_end(&kit, "a", QUEUE_DEFER, 500);
	kit_host_fails(&kit, "b");
	queue_reload(kit.queue);
	kit_expect(&kit, "");
	kit_advance(&kit, MS_PER_MINUTE);
	kit_expect(&kit, "a b");
	kit_done(&kit, "a");
	kit_done(&kit, "b");
}

static void a_local_failure_defers_the_job_and_no_lane(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	kit_init(&kit);
	kit_start(&kit);
	ADD(&kit, LOCAL(1, "a"), LOCAL(2, "b"), LOCAL(3, "c"));
	kit_expect(&kit, "a b");
	kit_end(&kit, "a", QUEUE_DEFER_LANE, 0);
	kit_expect(&kit, "b c");
	kit_done(&kit, "b");
	kit_done(&kit, "c");
	assert_int_equal(kit_rows(&kit, &queue_table_lane), 0);
	kit_advance(&kit, MS_PER_MINUTE);
	kit_expect(&kit, "a");
	kit_done(&kit, "a");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hands_over_what_was_added),
		cmocka_unit_test(jobs_of_one_order_run_one_after_another),
		cmocka_unit_test(jobs_of_one_group_run_together_and_others_wait_for_all),
		cmocka_unit_test(a_window_limits_a_lane_and_a_kind),
		cmocka_unit_test(s123_dead_hosts_do_not_delay_a_live_one),
		cmocka_unit_test(a_host_that_does_not_answer_is_burdened_by_time_and_by_what_waits),
		cmocka_unit_test(a_host_that_answers_keeps_its_turn_for_a_while),
		cmocka_unit_test(a_host_that_is_slow_does_not_keep_its_turn),
		cmocka_unit_test(a_deferred_job_blocks_its_order_only),
		cmocka_unit_test(a_cursor_goes_on_from_its_new_payload),
		cmocka_unit_test(what_is_not_done_is_counted_and_can_wait),
		cmocka_unit_test(s119_what_a_stop_leaves_is_run_after_a_start),
		cmocka_unit_test(s127_a_stop_waits_for_what_runs),
		cmocka_unit_test(what_another_process_did_is_seen),
		cmocka_unit_test(a_reload_does_not_hasten_what_waits),
		cmocka_unit_test(a_local_failure_defers_the_job_and_no_lane),
	};
	return cmocka_run_group_tests_name("queue", tests, NULL, NULL);
}
