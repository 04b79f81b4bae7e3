/* Strikes, presets, follows that were lost. */
#include "store/strike.h"

#include "../severance_int.h"
#include "../strike_int.h"
#include "core/clock.h"
#include "db/rec.h"
#include "store/sweep.h"
#include "store/tables.h"
#include "testdb.h"

struct task {
	struct test_db t;
	struct strike strike;
	struct preset preset;
	struct severance event;
	struct severed lost;
	struct str target;
	uint64_t account, id, now_ms;
	size_t count;
	bool result;
};

static void task_free(struct task *task)
{
	test_db_free(&task->t);
}

/* --- strikes --- */

static enum rc strike_job(struct db_txn *txn, void *arg)
{
	struct task *task = arg;
	task->id = strike_add(txn, &task->strike);
	return db_txn_rc(txn);
}

static enum rc change_job(struct db_txn *txn, void *arg)
{
	struct task *task = arg;
	task->result = strike_put(txn, &task->strike);
	return db_txn_rc(txn);
}

static enum rc forget_job(struct db_txn *txn, void *arg)
{
	struct task *task = arg;
	task->count = strikes_del(txn, task->account, 1);
	return db_txn_rc(txn);
}

static uint64_t strike_against(struct task *task, uint64_t account)
{
	task->strike = (struct strike){ .account = account,
					.action = MODERATE_SILENCE,
					.text = STR("why"),
					.appeal_text = STR("") };
	test_db_write(&task->t, strike_job, task);
	return task->id;
}

static void strikes_are_found_by_whom_they_are_against(void **state UNUSED)
{
	struct task task CLEANUP(task_free) = { .id = 0 };
	struct strike list[4];
	test_db_init(&task.t, NULL, 0);
	uint64_t first = strike_against(&task, 5), other = strike_against(&task, 6),
		 second = strike_against(&task, 5);
	struct db_txn *txn = test_db_read(&task.t);
	assert_int_equal(strikes_of(txn, task.t.arena, 5, 0, list, 4), 2);
	assert_int_equal(list[0].id, second);
	assert_int_equal(list[1].id, first);
	assert_int_equal(list[1].created_ms, TEST_DB_WALL_MS);
	assert_int_equal(strikes_of(txn, task.t.arena, 5, second, list, 4), 1);
	assert_int_equal(strike_list(txn, task.t.arena, false, 0, list, 4), 3);
	assert_int_equal(list[1].id, other);
	assert_int_equal(strike_list(txn, task.t.arena, true, 0, list, 4), 0);
	assert_false(strike_get(txn, task.t.arena, 99, &list[0]));
	db_read_end(&txn);
	test_db_check(&task.t);
}

static void an_appeal_waits_until_it_is_decided(void **state UNUSED)
{
	struct task task CLEANUP(task_free) = { .id = 0 };
	struct strike list[2];
	test_db_init(&task.t, NULL, 0);
	task.strike.id = strike_against(&task, 5);
	task.strike.appeal = APPEAL_PENDING;
	task.strike.appeal_text = STR("not so");
	test_db_write(&task.t, change_job, &task);
	assert_true(task.result);
	struct db_txn *txn = test_db_read(&task.t);
	assert_int_equal(strike_list(txn, task.t.arena, true, 0, list, 2), 1);
	assert_str_eq(list[0].appeal_text, STR("not so"));
	db_read_end(&txn);
	test_db_check(&task.t);
	task.strike.appeal = APPEAL_REJECTED;
	test_db_write(&task.t, change_job, &task);
	txn = test_db_read(&task.t);
	assert_int_equal(strike_list(txn, task.t.arena, true, 0, list, 2), 0);
	db_read_end(&txn);
	test_db_check(&task.t);
	task.strike.id = 99;
	test_db_write(&task.t, change_job, &task);
	assert_false(task.result);
}

static void strikes_go_with_the_account(void **state UNUSED)
{
	struct task task CLEANUP(task_free) = { .account = 5 };
	test_db_init(&task.t, NULL, 0);
	strike_against(&task, 5);
	strike_against(&task, 5);
	strike_against(&task, 6);
	for (size_t left = 2; left != 0; left--) {
		test_db_write(&task.t, forget_job, &task);
		assert_int_equal(task.count, 1);
	}
	test_db_write(&task.t, forget_job, &task);
	assert_int_equal(task.count, 0);
	assert_int_equal(test_db_rows(&task.t, &store_strike), 1);
	test_db_check(&task.t);
}

static void damaged_strikes_are_found(void **state UNUSED)
{
	struct task task CLEANUP(task_free) = { .id = 0 };
	test_db_init(&task.t, NULL, 0);
	uint64_t id = strike_against(&task, 5);
	struct reckey of = reckey_u64_u64(5, id), key = reckey_u64(id), preset = reckey_u64(3);
	test_db_put(&task.t, &store_strike_of, reckey_str(&of), STR_NONE);
	assert_int_equal(test_db_complaints(&task.t, NULL), 1);
	test_db_put(&task.t, &store_strike_of, reckey_str(&of), STR(""));
	test_db_put(&task.t, &store_appeal_open, reckey_str(&key), STR(""));
	assert_int_equal(test_db_complaints(&task.t, NULL), 1);
	test_db_put(&task.t, &store_appeal_open, reckey_str(&key), STR_NONE);
	test_db_put(&task.t, &store_preset, reckey_str(&preset), STR("no preset"));
	assert_int_equal(test_db_complaints(&task.t, NULL), 1);
}

/* --- the codec --- */

static void rows_are_read_whole_or_not_at_all(void **state UNUSED)
{
	struct buf row CLEANUP(buf_free) = BUF_INIT(65536);
	struct strike again;
	const struct strike strike = { .account = 5,
				       .moderator = 6,
				       .report = 7,
				       .action = MODERATE_DELETE_STATUSES,
				       .automated = true,
				       .undone = true,
				       .text = STR("t"),
				       .statuses = { 8, 9 },
				       .status_count = 2,
				       .rules = { 10 },
				       .rule_count = 1,
				       .created_ms = 11,
				       .appeal_until_ms = 12,
				       .appeal = APPEAL_APPROVED,
				       .appeal_text = STR("a"),
				       .appealed_ms = 13,
				       .decided_ms = 14,
				       .decided_by = 15 };
	strike_encode(&row, &strike);
	for (size_t i = 0; i < row.len; i++)
		assert_false(strike_decode(str_take(buf_str(&row), i), &again));
	assert_true(strike_decode(buf_str(&row), &again));
	assert_int_equal(again.action, MODERATE_DELETE_STATUSES);
	assert_true(again.automated && again.undone);
	assert_int_equal(again.statuses[1], 9);
	assert_int_equal(again.rules[0], 10);
	assert_int_equal(again.appeal, APPEAL_APPROVED);
	assert_int_equal(again.decided_by, 15);
	row.ptr[1] = MODERATIONS;
	assert_false(strike_decode(buf_str(&row), &again));
}

/* --- presets --- */

static enum rc preset_job(struct db_txn *txn, void *arg)
{
	struct task *task = arg;
	task->id = preset_put(txn, &task->preset);
	return db_txn_rc(txn);
}

static enum rc unpreset_job(struct db_txn *txn, void *arg)
{
	struct task *task = arg;
	task->result = preset_del(txn, task->id);
	return db_txn_rc(txn);
}

static void presets_are_made_changed_and_removed(void **state UNUSED)
{
	struct task task CLEANUP(
		task_free) = { .preset = { 0, STR_INIT("Spam"), STR_INIT("No.") } };
	struct preset list[PRESETS_MAX], one;
	test_db_init(&task.t, NULL, 0);
	test_db_write(&task.t, preset_job, &task);
	task.preset = (struct preset){ task.id, STR_INIT("Spam"), STR_INIT("No spam.") };
	test_db_write(&task.t, preset_job, &task);
	struct db_txn *txn = test_db_read(&task.t);
	assert_int_equal(preset_list(txn, task.t.arena, list), 1);
	assert_str_eq(list[0].text, STR("No spam."));
	assert_true(preset_get(txn, task.t.arena, task.id, &one));
	assert_str_eq(one.title, STR("Spam"));
	db_read_end(&txn);
	test_db_check(&task.t);
	test_db_write(&task.t, unpreset_job, &task);
	assert_true(task.result);
	test_db_write(&task.t, unpreset_job, &task);
	assert_false(task.result);
}

/* --- lost follows --- */

static enum rc lose_job(struct db_txn *txn, void *arg)
{
	struct task *task = arg;
	severance_add(txn, task->t.arena, &task->event, &task->lost);
	return db_txn_rc(txn);
}

static void lose(struct task *task, uint64_t other, bool follower)
{
	task->event = (struct severance){ .event = 40,
					  .account = 5,
					  .kind = SEVERANCE_DOMAIN_BLOCK,
					  .target = STR("b.example") };
	task->lost = (struct severed){ .follower = follower,
				       .other = other,
				       .handle = STR("bob@b.example"),
				       .flags = follower ? 0 : 2,
				       .languages = STR("de,en") };
	test_db_write(&task->t, lose_job, task);
}

static void lost_follows_are_listed(void **state UNUSED)
{
	struct task task CLEANUP(task_free) = { .id = 0 };
	struct severance event;
	struct severed list[4];
	test_db_init(&task.t, NULL, 0);
	lose(&task, 7, true);
	lose(&task, 7, false);
	lose(&task, 8, false);
	lose(&task, 8, false); /* the same once more */
	test_db_check(&task.t);
	struct db_txn *txn = test_db_read(&task.t);
	assert_true(severance_get(txn, task.t.arena, 5, 40, &event));
	assert_int_equal(event.followers, 1);
	assert_int_equal(event.following, 2);
	assert_str_eq(event.target, STR("b.example"));
	assert_int_equal(event.created_ms, TEST_DB_WALL_MS);
	assert_int_equal(severed_list(txn, task.t.arena, 5, 40, false, 0, list, 4), 2);
	assert_int_equal(list[1].other, 8);
	assert_int_equal(list[1].flags, 2);
	assert_str_eq(list[1].languages, STR("de,en"));
	assert_int_equal(severed_list(txn, task.t.arena, 5, 40, false, 7, list, 4), 1);
	assert_int_equal(severed_list(txn, task.t.arena, 5, 40, true, 0, list, 4), 1);
	assert_int_equal(severance_list(txn, task.t.arena, 5, 0, &event, 1), 1);
	assert_int_equal(severance_list(txn, task.t.arena, 6, 0, &event, 1), 0);
	db_read_end(&txn);
}

static enum rc sweep_job(struct db_txn *txn, void *arg)
{
	const struct task *task = arg;
	struct sweep_cursor cursor = { .len = 0 };
	while (!severed_sweep(txn, task->now_ms, &cursor, 1))
		;
	return db_txn_rc(txn);
}

static void lists_are_kept_for_a_while(void **state UNUSED)
{
	struct task task CLEANUP(task_free) = { .now_ms = TEST_DB_WALL_MS };
	struct severance event;
	test_db_init(&task.t, NULL, 0);
	lose(&task, 7, true);
	lose(&task, 8, false);
	task.now_ms += SEVERED_KEEP_DAYS * MS_PER_DAY;
	test_db_write(&task.t, sweep_job, &task);
	assert_int_equal(test_db_rows(&task.t, &store_severed), 2);
	task.now_ms++;
	test_db_write(&task.t, sweep_job, &task);
	assert_int_equal(test_db_rows(&task.t, &store_severed), 0);
	struct db_txn *txn = test_db_read(&task.t);
	assert_true(severance_get(txn, task.t.arena, 5, 40, &event));
	assert_true(event.purged);
	assert_int_equal(event.followers + event.following, 2);
	db_read_end(&txn);
	test_db_check(&task.t);
}

static enum rc sever_forget_job(struct db_txn *txn, void *arg)
{
	struct task *task = arg;
	task->count = severances_del(txn, 5, 2);
	return db_txn_rc(txn);
}

static void lists_go_with_the_account(void **state UNUSED)
{
	struct task task CLEANUP(task_free) = { .id = 0 };
	test_db_init(&task.t, NULL, 0);
	lose(&task, 7, true);
	lose(&task, 8, false);
	test_db_write(&task.t, sever_forget_job, &task);
	assert_int_equal(task.count, 2);
	test_db_write(&task.t, sever_forget_job, &task);
	assert_int_equal(task.count, 1);
	assert_int_equal(test_db_rows(&task.t, &store_severance), 0);
	test_db_check(&task.t);
}

static enum rc begin_job(struct db_txn *txn, void *arg)
{
	struct task *task = arg;
	task->id = severing_begin(txn, task->account, task->target);
	assert_int_equal(severing_begin(txn, task->account, task->target), task->id);
	assert_int_equal(severing_get(txn, task->account + 1, task->target), 0);
	return db_txn_rc(txn);
}

static enum rc end_job(struct db_txn *txn, void *arg)
{
	struct task *task = arg;
	severing_end(txn, task->account, task->target);
	task->id = severing_get(txn, task->account, task->target);
	return db_txn_rc(txn);
}

static void an_event_goes_on_until_it_ends(void **state UNUSED)
{
	struct task task CLEANUP(task_free) = { .account = 5, .target = STR("b.example") };
	test_db_init(&task.t, NULL, 0);
	test_db_write(&task.t, begin_job, &task);
	assert_int_not_equal(task.id, 0);
	test_db_check(&task.t);
	test_db_write(&task.t, end_job, &task);
	assert_int_equal(task.id, 0);
}

static void rows_of_lists_are_read_whole_or_not_at_all(void **state UNUSED)
{
	struct buf row CLEANUP(buf_free) = BUF_INIT(4096);
	const struct severance event = { .kind = SEVERANCE_ACCOUNT,
					 .target = STR("bob@b.example"),
					 .followers = 300,
					 .following = 2,
					 .created_ms = 5,
					 .purged = true };
	const struct severed lost = { .handle = STR("h"), .flags = 3, .languages = STR("") };
	struct severance event_again;
	struct severed lost_again;
	severance_encode(&row, &event);
	for (size_t i = 0; i < row.len; i++)
		assert_false(severance_decode(str_take(buf_str(&row), i), &event_again));
	assert_true(severance_decode(buf_str(&row), &event_again));
	assert_int_equal(event_again.followers, 300);
	assert_true(event_again.purged);
	buf_reset(&row);
	severed_encode(&row, &lost);
	for (size_t i = 0; i < row.len; i++)
		assert_false(severed_decode(str_take(buf_str(&row), i), &lost_again));
	assert_true(severed_decode(buf_str(&row), &lost_again));
	assert_int_equal(lost_again.flags, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(strikes_are_found_by_whom_they_are_against),
		cmocka_unit_test(an_appeal_waits_until_it_is_decided),
		cmocka_unit_test(strikes_go_with_the_account),
		cmocka_unit_test(damaged_strikes_are_found),
		cmocka_unit_test(rows_are_read_whole_or_not_at_all),
		cmocka_unit_test(presets_are_made_changed_and_removed),
		cmocka_unit_test(lost_follows_are_listed),
		cmocka_unit_test(lists_are_kept_for_a_while),
		cmocka_unit_test(lists_go_with_the_account),
		cmocka_unit_test(an_event_goes_on_until_it_ends),
		cmocka_unit_test(rows_of_lists_are_read_whole_or_not_at_all),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
