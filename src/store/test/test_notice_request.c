/* Strangers' notices: policies, requests, who is let in. */
#include "db/rec.h"
#include "store/notice.h"
#include "store/tables.h"
#include "testdb.h"

#define ME 1

struct task {
	struct notice notice;
	struct notice_policy policy;
	uint64_t id;
	size_t n;
};

static enum rc hold(struct db_txn *txn, void *arg)
{
	struct task *t = arg;
	t->notice.held = true;
	t->notice.id = t->id = notice_put(txn, ME, &t->notice);
	notice_hold(txn, ME, &t->notice);
	return db_txn_rc(txn);
}

static enum rc add(struct db_txn *txn, void *arg)
{
	struct task *t = arg;
	t->id = notice_put(txn, ME, &t->notice);
	return db_txn_rc(txn);
}

static enum rc release(struct db_txn *txn, void *arg)
{
	struct task *t = arg;
	t->n = notice_request_release(txn, ME, t->id, t->n);
	return db_txn_rc(txn);
}

static enum rc drop(struct db_txn *txn, void *arg)
{
	struct task *t = arg;
	t->n = notice_request_drop(txn, ME, t->id, t->n);
	return db_txn_rc(txn);
}

static enum rc welcome(struct db_txn *txn, void *arg)
{
	notice_welcome(txn, ME, ((struct task *)arg)->notice.from);
	return db_txn_rc(txn);
}

static enum rc set_policy(struct db_txn *txn, void *arg)
{
	notice_policy_put(txn, ME, &((struct task *)arg)->policy);
	return db_txn_rc(txn);
}

static enum rc forget(struct db_txn *txn, void *arg)
{
	struct task *t = arg;
	t->n = notice_strangers_del(txn, ME, t->n);
	return db_txn_rc(txn);
}

static uint64_t from(struct test_db *t, enum rc (*job)(struct db_txn *txn, void *arg),
		     uint64_t sender, uint64_t status)
{
	struct task task = { .notice = {
				     .kind = NOTICE_MENTION, .from = sender, .status = status } };
	test_db_write(t, job, &task);
	return task.id;
}

static size_t shown(struct test_db *t, const struct notice_filter *filter, struct notice *out)
{
	const struct id_range all = { 0 };
	struct db_txn *txn = test_db_read(t);
	size_t n = notice_page(txn, ME, &all, filter, out, 16);
	db_read_end(&txn);
	return n;
}

static size_t waiting(struct test_db *t, struct id_range range, struct notice_request *out)
{
	struct db_txn *txn = test_db_read(t);
	size_t n = notice_requests(txn, ME, &range, out, 16);
	db_read_end(&txn);
	return n;
}

static void what_is_held_waits_in_one_request_for_each_sender(void **state UNUSED)
{
	const struct notice_filter open = NOTICE_FILTER_ALL;
	const struct notice_filter all = { .kinds = ~0U, .held_too = true };
	struct test_db t CLEANUP(test_db_free);
	struct notice_request q[16];
	struct notice n[16];
	test_db_init(&t, NULL, 0);
	uint64_t first = from(&t, hold, 5, 100);
	uint64_t other = from(&t, hold, 6, 101);
	from(&t, add, 7, 102);
	uint64_t last = from(&t, hold, 5, 0);
	assert_int_equal(shown(&t, &open, n), 1);
	assert_int_equal(n[0].from, 7);
	assert_int_equal(shown(&t, &all, n), 4);
	assert_int_equal(waiting(&t, (struct id_range){ 0 }, q), 2);
	assert_int_equal(q[0].id, other);
	assert_int_equal(q[1].id, first);
	assert_int_equal(q[1].from, 5);
	assert_int_equal(q[1].last, last);
	assert_int_equal(q[1].count, 2);
	/* the newest post, not the newest notice's none */
	assert_int_equal(q[1].status, 100);
	assert_int_equal(waiting(&t, (struct id_range){ .max_id = other }, q), 1);
	assert_int_equal(q[0].id, first);
	test_db_check(&t);
}

static void what_is_let_in_stands_where_it_came(void **state UNUSED)
{
	const struct notice_filter open = NOTICE_FILTER_ALL;
	struct test_db t CLEANUP(test_db_free);
	struct notice_request q[16];
	struct notice n[16];
	test_db_init(&t, NULL, 0);
	struct task task = { .id = from(&t, hold, 5, 100), .n = 2 };
	uint64_t other = from(&t, hold, 6, 101);
	from(&t, add, 5, 102);
	from(&t, hold, 5, 103);
	from(&t, hold, 5, 104);
	test_db_write(&t, release, &task);
	assert_int_equal(task.n, 2);
	test_db_write(&t, release, &task);
	assert_int_equal(task.n, 1);
	assert_int_equal(shown(&t, &open, n), 4);
	assert_int_equal(n[0].status, 104);
	assert_int_equal(n[1].status, 103);
	assert_int_equal(n[2].status, 102);
	assert_int_equal(n[3].id, task.id);
	assert_false(n[3].held);
	assert_int_equal(waiting(&t, (struct id_range){ 0 }, q), 1);
	assert_int_equal(q[0].id, other);
	/* and there is no such request any more */
	test_db_write(&t, release, &task);
	assert_int_equal(task.n, 0);
	task.notice.from = 5;
	test_db_write(&t, welcome, &task);
	struct db_txn *txn = test_db_read(&t);
	assert_true(notice_is_welcome(txn, ME, 5));
	assert_false(notice_is_welcome(txn, ME, 6));
	assert_false(notice_is_welcome(txn, ME, 7));
	db_read_end(&txn);
	test_db_check(&t);
}

static void what_is_dismissed_is_removed_and_may_come_again(void **state UNUSED)
{
	const struct notice_filter all = { .kinds = ~0U, .held_too = true };
	struct test_db t CLEANUP(test_db_free);
	struct notice_request q[16];
	struct notice n[16];
	test_db_init(&t, NULL, 0);
	struct task task = { .id = from(&t, hold, 5, 100), .n = 16 };
	from(&t, hold, 5, 101);
	from(&t, add, 5, 102);
	test_db_write(&t, drop, &task);
	assert_int_equal(task.n, 2);
	assert_int_equal(shown(&t, &all, n), 1);
	assert_int_equal(waiting(&t, (struct id_range){ 0 }, q), 0);
	uint64_t again = from(&t, hold, 5, 103);
	assert_int_equal(waiting(&t, (struct id_range){ 0 }, q), 1);
	assert_int_equal(q[0].id, again);
	assert_int_equal(q[0].count, 1);
	test_db_check(&t);
}

static void a_policy_is_kept_and_has_a_beginning(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	struct task task = { .policy = { NOTICE_DROP, NOTICE_HOLD, NOTICE_ACCEPT, NOTICE_DROP,
					 NOTICE_ACCEPT } };
	test_db_init(&t, NULL, 0);
	struct db_txn *txn = test_db_read(&t);
	struct notice_policy p = notice_policy_get(txn, ME);
	assert_int_equal(p.not_following, NOTICE_ACCEPT);
	assert_int_equal(p.private_mentions, NOTICE_HOLD);
	assert_int_equal(p.limited_accounts, NOTICE_HOLD);
	db_read_end(&txn);
	test_db_write(&t, set_policy, &task);
	txn = test_db_read(&t);
	p = notice_policy_get(txn, ME);
	assert_memory_equal(&p, &task.policy, sizeof(p));
	db_read_end(&txn);
	struct reckey key = reckey_u64(ME);
	static const struct str odd[] = { STR_INIT("\1\0\0\0\0"), STR_INIT("\2\0\0\0\0\0"),
					  STR_INIT("\1\0\0\3\0\0"), STR_INIT("\1\0\0\0\0\0\0") };
	for (size_t i = 0; i < ARRAY_LEN(odd); i++) {
		test_db_put(&t, &store_notice_policy, reckey_str(&key), odd[i]);
		txn = test_db_read(&t);
		notice_policy_get(txn, ME);
		assert_int_equal(db_txn_rc(txn), RC_CORRUPT);
		db_read_end(&txn);
	}
}

static void all_of_an_account_is_forgotten_in_steps(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	struct task task = { .n = 3 };
	test_db_init(&t, NULL, 0);
	from(&t, hold, 5, 100);
	from(&t, hold, 6, 101);
	test_db_write(&t, set_policy, &task);
	test_db_write(&t, forget, &task);
	assert_int_equal(task.n, 3);
	test_db_write(&t, forget, &task);
	assert_int_equal(task.n, 2);
	assert_int_equal(test_db_rows(&t, &store_notice_request), 0);
	assert_int_equal(test_db_rows(&t, &store_notice_sender), 0);
	assert_int_equal(test_db_rows(&t, &store_notice_policy), 0);
}

static void requests_and_senders_that_disagree_are_found(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	struct str first;
	test_db_init(&t, NULL, 0);
	uint64_t id = from(&t, hold, 5, 100);
	struct reckey request = reckey_u64_u64(ME, id), sender = reckey_u64_u64(ME, 5);
	struct db_txn *txn = test_db_read(&t);
	struct str row, back;
	assert_true(db_get(txn, &store_notice_request, reckey_str(&request), &row));
	assert_true(db_get(txn, &store_notice_sender, reckey_str(&sender), &back));
	row = arena_str(t.arena, row);
	back = arena_str(t.arena, back);
	db_read_end(&txn);
	test_db_put(&t, &store_notice_sender, reckey_str(&sender), STR_NONE);
	assert_int_equal(test_db_complaints(&t, &first), 1);
	assert_true(str_contains(first, STR("is not found by its sender")));
	test_db_put(&t, &store_notice_sender, reckey_str(&sender), back);
	test_db_put(&t, &store_notice_request, reckey_str(&request), STR_NONE);
	assert_int_equal(test_db_complaints(&t, &first), 1);
	assert_true(str_contains(first, STR("has no such request")));
	for (size_t len = 0; len < row.len; len++) {
		test_db_put(&t, &store_notice_request, reckey_str(&request), str_take(row, len));
		assert_true(test_db_complaints(&t, &first) != 0);
		assert_true(str_contains(first, STR("cannot be decoded")));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_held_waits_in_one_request_for_each_sender),
		cmocka_unit_test(what_is_let_in_stands_where_it_came),
		cmocka_unit_test(what_is_dismissed_is_removed_and_may_come_again),
		cmocka_unit_test(a_policy_is_kept_and_has_a_beginning),
		cmocka_unit_test(all_of_an_account_is_forgotten_in_steps),
		cmocka_unit_test(requests_and_senders_that_disagree_are_found),
	};
	return cmocka_run_group_tests_name("notice_request", tests, NULL, NULL);
}
