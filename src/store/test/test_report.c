/* Reports in lanes, what was done with them; strikes and presets of communities; what was before. */
#include "store/report.h"

#include "../report_int.h"
#include "../strike_int.h"
#include "db/rec.h"
#include "store/audit.h"
#include "store/strike.h"
#include "store/tables.h"
#include "testdb.h"

struct task {
	struct test_db t;
	struct report report;
	struct report_event event;
	struct strike strike;
	struct preset preset;
	uint64_t id, lane;
	size_t count;
	bool result;
};

static void task_free(struct task *task)
{
	test_db_free(&task->t);
}

/* --- lanes --- */

static enum rc add_job(struct db_txn *txn, void *arg)
{
	struct task *task = arg;
	task->id = report_add(txn, &task->report);
	return db_txn_rc(txn);
}

static enum rc put_job(struct db_txn *txn, void *arg)
{
	struct task *task = arg;
	task->result = report_put(txn, &task->report);
	return db_txn_rc(txn);
}

static enum rc clear_job(struct db_txn *txn, void *arg)
{
	struct task *task = arg;
	task->count = report_lane_clear(txn, task->t.arena, task->lane, 2);
	return db_txn_rc(txn);
}

static uint64_t report_in(struct task *task, uint64_t lane)
{
	task->report = (struct report){ .reporter = 5,
					.target = 6,
					.comment = STR("bad"),
					.uri = STR(""),
					.lane = lane,
					.community = lane };
	test_db_write(&task->t, add_job, task);
	return task->id;
}

static size_t count_in(struct task *task, uint64_t lane, uint64_t max_id)
{
	struct report list[8];
	struct db_txn *txn = test_db_read(&task->t);
	size_t n = report_list_lane(txn, task->t.arena, lane, max_id, list, 8);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(list[i].lane, lane);
	db_read_end(&txn);
	return n;
}

static void reports_are_found_by_their_lane(void **state UNUSED)
{
	struct task task CLEANUP(task_free) = { .id = 0 };
	test_db_init(&task.t, NULL, 0);
	uint64_t first = report_in(&task, 9);
	report_in(&task, 0);
	uint64_t second = report_in(&task, 9);
	report_in(&task, 10);
	assert_int_equal(count_in(&task, 9, 0), 2);
	assert_int_equal(count_in(&task, 9, second), 1);
	assert_int_equal(count_in(&task, 10, 0), 1);
	test_db_check(&task.t);
	/* it goes to another */
	task.report = (struct report){
		.id = first, .comment = STR(""), .uri = STR(""), .lane = 10, .told = true
	};
	test_db_write(&task.t, put_job, &task);
	assert_true(task.result);
	assert_int_equal(count_in(&task, 9, 0), 1);
	assert_int_equal(count_in(&task, 10, 0), 2);
	test_db_check(&task.t);
	task.report.id = 99;
	test_db_write(&task.t, put_job, &task);
	assert_false(task.result);
	/* and to the node, when the community ends */
	report_in(&task, 10);
	task.lane = 10;
	test_db_write(&task.t, clear_job, &task);
	assert_int_equal(task.count, 2);
	test_db_write(&task.t, clear_job, &task);
	assert_int_equal(task.count, 1);
	assert_int_equal(count_in(&task, 10, 0), 0);
	assert_int_equal(test_db_rows(&task.t, &store_report), 5);
	test_db_check(&task.t);
}

/* --- by lane and state --- */

#define MANY 2300 /* more than any page or chunk */

static enum rc many_job(struct db_txn *txn, void *arg)
{
	struct task *task = arg;
	struct report r = task->report;
	for (uint64_t i = 0; i < MANY; i++) {
		r.lane = i % 3 == 0 ? 9 : 0;
		r.resolved_ms = i % 5 == 0 ? 1 : 0;
		r.target = i % 7;
		report_add(txn, &r);
	}
	return db_txn_rc(txn);
}

static bool is_about(void *arg, const struct report *report)
{
	const uint64_t *target = arg;
	return report->target == *target;
}

/* All pages of an ask, downward or upward: how many reports, each once and in order. */
static size_t walk(struct task *task, struct report_ask ask)
{
	struct report page[40];
	struct db_txn *txn = test_db_read(&task->t);
	bool upward = ask.page.min_id != 0;
	size_t all = 0, n = ARRAY_LEN(page);
	while (n == ARRAY_LEN(page)) {
		struct arena *arena = arena_new(1 << 20);
		assert_non_null(arena);
		n = report_page(txn, arena, &ask, page, ARRAY_LEN(page));
		for (size_t i = 0; i < n; i++) {
			assert_true(i == 0 || page[i].id < page[i - 1].id);
			assert_true(ask.lane == REPORT_LANE_ANY || page[i].lane == ask.lane);
			assert_int_equal(page[i].resolved_ms != 0, ask.state == REPORT_IS_RESOLVED);
			assert_true(ask.fits == NULL || ask.fits(ask.arg, &page[i]));
			assert_true(upward ? page[i].id > ask.page.min_id
					   : ask.page.max_id == 0 || page[i].id < ask.page.max_id);
		}
		if (n != 0 && upward)
			ask.page.min_id = page[0].id;
		else if (n != 0)
			ask.page.max_id = page[n - 1].id;
		all += n;
		arena_free(&arena);
	}
	db_read_end(&txn);
	return all;
}

static size_t expected(uint64_t lane, bool resolved, uint64_t target)
{
	size_t n = 0;
	for (uint64_t i = 0; i < MANY; i++)
		n += (lane == REPORT_LANE_ANY || (i % 3 == 0 ? 9 : 0) == lane) &&
		     (i % 5 == 0) == resolved && (target == 7 || i % 7 == target);
	return n;
}

static void pages_by_lane_and_state_are_whole(void **state UNUSED)
{
	static const uint64_t lanes[] = { REPORT_LANE_NODE, 9, REPORT_LANE_ANY };
	struct task task CLEANUP(task_free) = { .id = 0 };
	uint64_t target = 4;
	test_db_init(&task.t, NULL, 0);
	task.report = (struct report){ .comment = STR("bad"), .uri = STR("") };
	test_db_write(&task.t, many_job, &task);
	for (size_t i = 0; i < 2 * ARRAY_LEN(lanes); i++) {
		struct report_ask ask = { .lane = lanes[i / 2],
					  .state = i % 2 == 0 ? REPORT_IS_OPEN
							      : REPORT_IS_RESOLVED };
		assert_int_equal(walk(&task, ask), expected(ask.lane, i % 2 != 0, 7));
		ask.page.min_id = 1;
		assert_int_equal(walk(&task, ask), expected(ask.lane, i % 2 != 0, 7));
		ask.fits = is_about;
		ask.arg = &target;
		assert_int_equal(walk(&task, ask), expected(ask.lane, i % 2 != 0, target));
		ask.page.min_id = 0;
		assert_int_equal(walk(&task, ask), expected(ask.lane, i % 2 != 0, target));
	}
	assert_int_equal(walk(&task, (struct report_ask){ .lane = 10 }), 0);
	test_db_check(&task.t);
}

static size_t open_in(struct task *task, uint64_t lane)
{
	return walk(task, (struct report_ask){ .lane = lane, .state = REPORT_IS_OPEN });
}

static void a_report_is_in_one_state_and_one_lane(void **state UNUSED)
{
	struct task task CLEANUP(task_free) = { .id = 0 };
	test_db_init(&task.t, NULL, 0);
	report_in(&task, 9);
	task.report.id = task.id;
	assert_true(open_in(&task, 9) == 1 && open_in(&task, REPORT_LANE_ANY) == 1);
	task.report.resolved_ms = 5;
	test_db_write(&task.t, put_job, &task);
	assert_true(open_in(&task, 9) == 0 && open_in(&task, REPORT_LANE_ANY) == 0);
	/* reopened, and somewhere else */
	task.report.resolved_ms = task.report.lane = 0;
	test_db_write(&task.t, put_job, &task);
	assert_true(open_in(&task, REPORT_LANE_NODE) == 1 && open_in(&task, 9) == 0 &&
		    open_in(&task, REPORT_LANE_ANY) == 1);
	assert_int_equal(test_db_rows(&task.t, &store_report_state), 2);
	test_db_check(&task.t);
}

static void state_del(struct task *task, const struct report *report, uint64_t lane)
{
	struct reckey key = report_state_key(report, lane);
	test_db_put(&task->t, &store_report_state, reckey_str(&key), STR_NONE);
}

static void states_are_written_for_older_databases(void **state UNUSED)
{
	struct task task CLEANUP(task_free) = { .id = 0 };
	struct report made[2];
	test_db_init(&task.t, NULL, 0);
	for (size_t i = 0; i < ARRAY_LEN(made); i++) {
		report_in(&task, i == 0 ? 9 : 0);
		made[i] = task.report;
		made[i].id = task.id;
	}
	/* one that lacks is a fault, as is one too many; all of them are an older database, which is none */
	state_del(&task, &made[0], 9);
	assert_int_equal(test_db_complaints(&task.t, NULL), 1);
	struct reckey wrong = report_state_key(&made[0], 10);
	test_db_put(&task.t, &store_report_state, reckey_str(&wrong), STR(""));
	assert_int_equal(test_db_complaints(&task.t, NULL), 2);
	state_del(&task, &made[0], 10);
	state_del(&task, &made[0], REPORT_LANE_ANY);
	state_del(&task, &made[1], 0);
	state_del(&task, &made[1], REPORT_LANE_ANY);
	test_db_check(&task.t);
	assert_int_equal(open_in(&task, REPORT_LANE_ANY), 0);
	for (unsigned i = 0; i < 2; i++) {
		test_db_write(&task.t, report_state_ensure, NULL);
		test_db_check(&task.t);
		assert_int_equal(open_in(&task, REPORT_LANE_ANY), 2);
		assert_int_equal(open_in(&task, 9), 1);
	}
}

/* --- what was done --- */

static enum rc event_job(struct db_txn *txn, void *arg)
{
	struct task *task = arg;
	task->id = report_event_add(txn, task->report.id, &task->event);
	return db_txn_rc(txn);
}

static enum rc drop_job(struct db_txn *txn, void *arg)
{
	struct task *task = arg;
	task->result = report_event_del(txn, task->report.id, task->id);
	return db_txn_rc(txn);
}

static size_t events_of(struct task *task, struct report_event *out)
{
	struct db_txn *txn = test_db_read(&task->t);
	size_t n = report_events(txn, task->t.arena, task->report.id, out);
	db_read_end(&txn);
	return n;
}

static void the_history_is_kept_in_order_and_bounded(void **state UNUSED)
{
	static struct report_event list[REPORT_EVENTS_MAX];
	struct task task CLEANUP(task_free) = { .id = 0 };
	test_db_init(&task.t, NULL, 0);
	task.report.id = report_in(&task, 0);
	task.event =
		(struct report_event){ .kind = REPORT_NOTED, .who = 7, .text = STR("look here") };
	test_db_write(&task.t, event_job, &task);
	uint64_t note = task.id;
	task.event = (struct report_event){ .kind = REPORT_ASSIGNED, .about = 8, .text = STR("") };
	test_db_write(&task.t, event_job, &task);
	assert_int_equal(events_of(&task, list), 2);
	assert_true(list[0].id == note && list[0].who == 7);
	assert_str_eq(list[0].text, STR("look here"));
	assert_int_equal(list[0].at_ms, TEST_DB_WALL_MS);
	assert_true(list[1].kind == REPORT_ASSIGNED && list[1].about == 8);
	/* there are only so many: notes stay, and are refused in the end */
	for (size_t i = 0; i < REPORT_EVENTS_MAX; i++)
		test_db_write(&task.t, event_job, &task);
	assert_int_equal(events_of(&task, list), REPORT_EVENTS_MAX);
	assert_int_equal(list[0].id, note);
	task.event.kind = REPORT_NOTED;
	for (size_t i = 1; i < REPORT_NOTES_MAX; i++) {
		test_db_write(&task.t, event_job, &task);
		assert_int_not_equal(task.id, 0);
	}
	uint64_t last = task.id;
	test_db_write(&task.t, event_job, &task);
	assert_int_equal(task.id, 0);
	assert_int_equal(events_of(&task, list), REPORT_EVENTS_MAX);
	task.id = last;
	test_db_write(&task.t, drop_job, &task);
	assert_true(task.result);
	test_db_write(&task.t, event_job, &task);
	assert_int_not_equal(task.id, 0);
	test_db_check(&task.t);
}

/* --- strikes and presets of communities --- */

static enum rc strike_job(struct db_txn *txn, void *arg)
{
	struct task *task = arg;
	task->id = strike_add(txn, &task->strike);
	return db_txn_rc(txn);
}

static enum rc forget_job(struct db_txn *txn, void *arg)
{
	struct task *task = arg;
	task->count = strikes_del(txn, 5, 9);
	return db_txn_rc(txn);
}

static enum rc end_job(struct db_txn *txn, void *arg)
{
	struct task *task = arg;
	task->count = community_strikes_clear(txn, 9, 100);
	return db_txn_rc(txn);
}

static enum rc preset_job(struct db_txn *txn, void *arg)
{
	struct task *task = arg;
	task->id = community_preset_put(txn, task->lane, &task->preset);
	return db_txn_rc(txn);
}

static void strikes_are_found_by_their_community(void **state UNUSED)
{
	struct task task CLEANUP(task_free) = { .id = 0 };
	struct strike list[4];
	test_db_init(&task.t, NULL, 0);
	task.strike = (struct strike){ .account = 5,
				       .action = MODERATE_BAN,
				       .community = 9,
				       .until_ms = 1234567,
				       .escalated = true,
				       .text = STR("why"),
				       .appeal_text = STR("") };
	test_db_write(&task.t, strike_job, &task);
	task.strike.account = 6;
	test_db_write(&task.t, strike_job, &task);
	struct db_txn *txn = test_db_read(&task.t);
	assert_int_equal(strikes_in(txn, task.t.arena, 9, 0, list, 4), 2);
	assert_true(list[1].until_ms == 1234567 && list[1].escalated);
	assert_int_equal(strikes_in(txn, task.t.arena, 10, 0, list, 4), 0);
	assert_int_equal(strikes_of(txn, task.t.arena, 5, 0, list, 4), 1);
	db_read_end(&txn);
	test_db_write(&task.t, forget_job, &task);
	assert_int_equal(test_db_rows(&task.t, &store_strike_in), 1);
	test_db_check(&task.t);
	/* strikes outlast the community */
	test_db_write(&task.t, end_job, &task);
	assert_int_equal(test_db_rows(&task.t, &store_strike_in), 0);
	assert_int_equal(test_db_rows(&task.t, &store_strike), 1);
	test_db_check(&task.t);
}

static void each_community_has_presets_of_its_own(void **state UNUSED)
{
	struct task task CLEANUP(task_free) = { .lane = 9 };
	static struct preset list[PRESETS_MAX];
	test_db_init(&task.t, NULL, 0);
	task.preset = (struct preset){ .title = STR("tone"), .text = STR("Mind your tone.") };
	test_db_write(&task.t, preset_job, &task);
	uint64_t first = task.id;
	task.lane = 10;
	test_db_write(&task.t, preset_job, &task);
	struct db_txn *txn = test_db_read(&task.t);
	assert_int_equal(community_preset_list(txn, task.t.arena, 9, list), 1);
	assert_str_eq(list[0].text, STR("Mind your tone."));
	assert_false(community_preset_get(txn, task.t.arena, 10, first, &list[0]));
	assert_true(community_preset_get(txn, task.t.arena, 9, first, &list[0]));
	assert_int_equal(preset_list(txn, task.t.arena, list), 0);
	db_read_end(&txn);
	test_db_check(&task.t);
	test_db_write(&task.t, end_job, &task);
	assert_int_equal(test_db_rows(&task.t, &store_community_preset), 1);
}

/* --- the record --- */

static enum rc record_job(struct db_txn *txn, void *arg)
{
	struct task *task = arg;
	for (uint64_t i = 0; i < 6; i++) {
		const struct audit_detail within = { "community",
						     i % 3 == 1 ? STR("1") : STR("2") };
		const struct audit_entry entry = { .act = "community.pin",
						   .actor = 7,
						   .target = STR("1"),
						   .details = &within,
						   .detail_count = i % 3 != 0 };
		audit_append(txn, task->t.arena, &entry);
	}
	return db_txn_rc(txn);
}

static void a_community_reads_its_part_of_the_record(void **state UNUSED)
{
	struct task task CLEANUP(task_free) = { .id = 0 };
	struct audit_row rows[8];
	test_db_init(&task.t, NULL, 0);
	test_db_write(&task.t, record_job, &task);
	struct db_txn *txn = test_db_read(&task.t);
	assert_int_equal(audit_within(txn, task.t.arena, 1, 0, rows, 8), 2);
	assert_true(rows[0].number == 5 && rows[1].number == 2);
	assert_int_equal(audit_within(txn, task.t.arena, 1, 5, rows, 8), 1);
	assert_int_equal(audit_within(txn, task.t.arena, 3, 0, rows, 8), 0);
	db_read_end(&txn);
	test_db_check(&task.t);
}

/* --- codecs --- */

/* As they were written before there were lanes: what they do not have is nothing. */
static void old_rows_are_read(void **state UNUSED)
{
	struct arena *arena = arena_new(1 << 20);
	struct buf row CLEANUP(buf_free) = BUF_INIT(4096);
	struct report r = { .id = 0 };
	struct strike s = { .id = 0 };
	rec_add_u8(&row, 2);
	rec_add_u64(&row, 5);
	rec_add_u64(&row, 6);
	rec_add_str(&row, STR("c"));
	rec_add_str(&row, STR(""));
	rec_add_num(&row, 0);
	rec_add_u8(&row, REPORT_SPAM);
	rec_add_u8(&row, 1);
	for (uint64_t i = 0; i < 5; i++)
		rec_add_num(&row, i);
	rec_add_num(&row, 0);
	assert_true(report_decode(arena, buf_str(&row), &r));
	assert_true(r.target == 6 && r.forwarded && r.resolved_by == 4);
	assert_true(!r.told && r.lane == 0 && r.community == 0);
	buf_reset(&row);
	rec_add_u8(&row, 1);
	rec_add_u8(&row, MODERATE_SILENCE);
	rec_add_u8(&row, 2);
	rec_add_u8(&row, APPEAL_NONE);
	rec_add_u64(&row, 5);
	for (uint64_t i = 0; i < 7; i++)
		rec_add_num(&row, i);
	rec_add_str(&row, STR("why"));
	rec_add_str(&row, STR(""));
	rec_add_num(&row, 0);
	rec_add_num(&row, 0);
	assert_true(strike_decode(buf_str(&row), &s));
	assert_true(s.undone && !s.escalated && s.community == 0 && s.decided_by == 6);
	arena_free(&arena);
}

static void no_event_is_read_in_part(void **state UNUSED)
{
	const struct report_event event = {
		.kind = REPORT_ESCALATED, .who = 300, .at_ms = 400, .about = 500, .text = STR("t")
	};
	struct buf row CLEANUP(buf_free) = BUF_INIT(4096);
	struct report_event out = { .id = 0 };
	report_event_encode(&row, &event);
	for (size_t n = 0; n <= row.len; n++)
		assert_int_equal(report_event_decode(str_take(buf_str(&row), n), &out),
				 n == row.len);
	assert_true(out.kind == REPORT_ESCALATED && out.who == 300 && out.about == 500);
	row.ptr[1] = 9;
	assert_false(report_event_decode(buf_str(&row), &out));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reports_are_found_by_their_lane),
		cmocka_unit_test(pages_by_lane_and_state_are_whole),
		cmocka_unit_test(a_report_is_in_one_state_and_one_lane),
		cmocka_unit_test(states_are_written_for_older_databases),
		cmocka_unit_test(the_history_is_kept_in_order_and_bounded),
		cmocka_unit_test(strikes_are_found_by_their_community),
		cmocka_unit_test(each_community_has_presets_of_its_own),
		cmocka_unit_test(a_community_reads_its_part_of_the_record),
		cmocka_unit_test(old_rows_are_read),
		cmocka_unit_test(no_event_is_read_in_part),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
