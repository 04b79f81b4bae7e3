/* Conversations: their order, and that rows and order agree. */
#include "store/conversation.h"

#include "db/rec.h"
#include "store/tables.h"
#include "testdb.h"

struct task {
	uint64_t account;
	struct conversation c;
	size_t n;
	bool done;
};

static enum rc put(struct db_txn *txn, void *arg)
{
	struct task *t = arg;
	conversation_put(txn, t->account, &t->c);
	return db_txn_rc(txn);
}

static enum rc del(struct db_txn *txn, void *arg)
{
	struct task *t = arg;
	t->done = conversation_del(txn, t->account, t->c.root);
	return db_txn_rc(txn);
}

static enum rc del_all(struct db_txn *txn, void *arg)
{
	struct task *t = arg;
	t->n = conversations_del(txn, t->account, t->n);
	return db_txn_rc(txn);
}

static void say(struct test_db *t, uint64_t account, uint64_t root, uint64_t last)
{
	struct task task = {
		account,
		{ .root = root, .last = last, .unread = true, .with = { 7, 8 }, .with_count = 2 },
		0,
		false
	};
	test_db_write(t, put, &task);
}

static size_t list(struct test_db *t, uint64_t account, struct id_range range,
		   struct conversation *out, size_t count)
{
	struct db_txn *txn = test_db_read(t);
	size_t n = conversation_list(txn, account, &range, out, count);
	db_read_end(&txn);
	return n;
}

static void conversations_come_by_their_last_letter(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	struct conversation out[8];
	test_db_init(&t, NULL, 0);
	say(&t, 1, 10, 10);
	say(&t, 1, 20, 20);
	say(&t, 1, 10, 30);
	say(&t, 2, 20, 20);
	assert_int_equal(list(&t, 1, (struct id_range){ 0 }, out, 8), 2);
	assert_int_equal(out[0].root, 10);
	assert_int_equal(out[0].last, 30);
	assert_true(out[0].unread);
	assert_int_equal(out[0].with_count, 2);
	assert_int_equal(out[0].with[1], 8);
	assert_int_equal(out[1].root, 20);
	assert_int_equal(list(&t, 1, (struct id_range){ .max_id = 30 }, out, 8), 1);
	assert_int_equal(out[0].last, 20);
	assert_int_equal(list(&t, 1, (struct id_range){ .since_id = 20 }, out, 8), 1);
	assert_int_equal(out[0].last, 30);
	assert_int_equal(list(&t, 1, (struct id_range){ .min_id = 5, .ascending = true }, out, 1),
			 1);
	assert_int_equal(out[0].last, 20);
	test_db_check(&t);
}

static void a_conversation_goes_with_its_place(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	struct conversation out;
	struct task task = { 1, { .root = 10 }, 0, false };
	test_db_init(&t, NULL, 0);
	say(&t, 1, 10, 10);
	test_db_write(&t, del, &task);
	assert_true(task.done);
	test_db_write(&t, del, &task);
	assert_false(task.done);
	assert_int_equal(list(&t, 1, (struct id_range){ 0 }, &out, 1), 0);
	for (uint64_t i = 1; i <= 5; i++)
		say(&t, 1, i, i);
	say(&t, 2, 1, 1);
	task.n = 3;
	test_db_write(&t, del_all, &task);
	assert_int_equal(task.n, 3);
	test_db_write(&t, del_all, &task);
	assert_int_equal(task.n, 2);
	assert_int_equal(test_db_rows(&t, &store_conversation), 1);
	assert_int_equal(test_db_rows(&t, &store_conversation_last), 1);
	test_db_check(&t);
}

static enum rc put_letters(struct db_txn *txn, void *arg)
{
	struct task *t = arg;
	letter_put(txn, t->account, t->c.last, t->c.root);
	return db_txn_rc(txn);
}

static enum rc del_letters(struct db_txn *txn, void *arg)
{
	struct task *t = arg;
	t->n = letters_del(txn, t->account, t->n);
	return db_txn_rc(txn);
}

static void letters_are_listed_as_they_came(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	const struct id_range all = { 0 };
	struct letter out[4];
	test_db_init(&t, NULL, 0);
	struct account alice = test_db_local(&t, "alice");
	struct task task = { .account = alice.id };
	for (int i = 0; i < 3; i++) {
		struct status s = test_db_status(&t, &alice, 0, 0);
		task.c.last = s.id;
		task.c.root = s.root;
		test_db_write(&t, put_letters, &task);
	}
	test_db_check(&t);
	struct db_txn *txn = test_db_read(&t);
	assert_int_equal(letter_list(txn, alice.id, &all, out, 4), 3);
	assert_int_equal(out[0].status, task.c.last);
	assert_int_equal(out[0].root, task.c.root);
	db_read_end(&txn);
	task.n = 2;
	test_db_write(&t, del_letters, &task);
	assert_int_equal(task.n, 2);
	test_db_write(&t, del_letters, &task);
	assert_int_equal(task.n, 1);
	task.c.last = 99;
	test_db_write(&t, put_letters, &task);
	assert_int_equal(test_db_complaints(&t, NULL), 1);
}

static void a_conversation_that_has_lost_its_place_is_found(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	struct reckey place = reckey_u64_u64(1, 11), other = reckey_u64_u64(1, 12);
	struct reckey row = reckey_u64_u64(1, 10), root = reckey_u64(10);
	struct str first;
	test_db_init(&t, NULL, 0);
	say(&t, 1, 10, 11);
	test_db_check(&t);
	test_db_put(&t, &store_conversation_last, reckey_str(&place), STR_NONE);
	assert_int_equal(test_db_complaints(&t, &first), 1);
	assert_true(str_contains(first, STR("has lost its place")));
	test_db_put(&t, &store_conversation_last, reckey_str(&place), reckey_str(&root));
	test_db_put(&t, &store_conversation_last, reckey_str(&other), reckey_str(&root));
	assert_int_equal(test_db_complaints(&t, &first), 1);
	assert_true(str_contains(first, STR("ends otherwise")));
	test_db_put(&t, &store_conversation_last, reckey_str(&other), STR_NONE);
	static const struct str odd[] = { STR_INIT(""), STR_INIT("\1\0"), STR_INIT("\2\0\0"),
					  STR_INIT("\1\2\0\0\0\0\0\0\0\13\0"),
					  STR_INIT("\1\0\0\0\0\0\0\0\0\13\1") };
	for (size_t i = 0; i < ARRAY_LEN(odd); i++) {
		test_db_put(&t, &store_conversation, reckey_str(&row), odd[i]);
		assert_true(test_db_complaints(&t, &first) != 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(conversations_come_by_their_last_letter),
		cmocka_unit_test(a_conversation_goes_with_its_place),
		cmocka_unit_test(letters_are_listed_as_they_came),
		cmocka_unit_test(a_conversation_that_has_lost_its_place_is_found),
	};
	return cmocka_run_group_tests_name("conversation", tests, NULL, NULL);
}
