/* Announcements: read once, reacted to by many, counted rightly. */
#include "store/announcement.h"

#include "db/rec.h"

#include "store/node.h"
#include "store/sweep.h"
#include "store/tables.h"
#include "testdb.h"

enum verb {
	ADD,
	DEL,
	READ,
	REACT,
	UNREACT,
	SWEEP,
};

struct task {
	struct test_db *t;
	enum verb verb;
	uint64_t id, account;
	struct str name;
	enum rc rc;
	bool result;
};

static enum rc act(struct db_txn *txn, void *arg)
{
	struct task *t = arg;
	struct announcement a = { .text = STR("hello"),
				  .content = html_trusted(STR("<p>hello</p>")) };
	struct sweep_cursor cursor = { .len = 0 };
	switch (t->verb) {
	case ADD:
		t->rc = announcement_add(txn, &a);
		t->id = a.id;
		break;
	case DEL:
		t->result = announcement_del(txn, t->id);
		break;
	case READ:
		announcement_read(txn, t->id, t->account);
		break;
	case REACT:
		t->rc = announcement_react(txn, t->id, t->account, t->name);
		break;
	case UNREACT:
		t->result = announcement_unreact(txn, t->id, t->account, t->name);
		break;
	case SWEEP:
		t->result = announcements_sweep(txn, 0, &cursor, 100);
		break;
	}
	return db_txn_rc(txn);
}

static struct task doing(struct test_db *t, enum verb verb, uint64_t id, uint64_t account,
			 struct str name)
{
	struct task task = { t, verb, id, account, name, RC_OK, false };
	test_db_write(t, act, &task);
	return task;
}

static size_t counts(struct test_db *t, uint64_t id,
		     struct announcement_count out[ANNOUNCEMENT_REACTIONS_MAX])
{
	struct db_txn *txn = test_db_read(t);
	size_t n = announcement_counts(txn, t->arena, id, out);
	db_read_end(&txn);
	return n;
}

static struct announcement_mark mark(struct test_db *t, uint64_t id, uint64_t account)
{
	struct db_txn *txn = test_db_read(t);
	struct announcement_mark m;
	announcement_mark_get(txn, t->arena, id, account, &m);
	db_read_end(&txn);
	return m;
}

static void everybody_reacts_once_with_each_emoji(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	struct announcement_count c[ANNOUNCEMENT_REACTIONS_MAX];
	test_db_init(&t, NULL, 0);
	uint64_t id = doing(&t, ADD, 0, 0, STR_NONE).id;
	assert_int_equal(doing(&t, REACT, id, 7, STR("cat")).rc, RC_OK);
	assert_int_equal(doing(&t, REACT, id, 7, STR("cat")).rc, RC_EXISTS);
	assert_int_equal(doing(&t, REACT, id, 8, STR("dog")).rc, RC_OK);
	assert_int_equal(doing(&t, REACT, id, 8, STR("cat")).rc, RC_OK);
	assert_int_equal(counts(&t, id, c), 2);
	assert_str_eq(c[0].name, STR("cat"));
	assert_int_equal(c[0].count, 2);
	assert_int_equal(c[1].count, 1);
	doing(&t, READ, id, 8, STR_NONE);
	struct announcement_mark m = mark(&t, id, 8);
	assert_true(m.read);
	assert_int_equal(m.name_count, 2);
	assert_false(mark(&t, id, 7).read);
	test_db_check(&t);
	assert_true(doing(&t, UNREACT, id, 8, STR("dog")).result);
	assert_false(doing(&t, UNREACT, id, 8, STR("dog")).result);
	assert_true(doing(&t, UNREACT, id, 7, STR("cat")).result);
	assert_int_equal(counts(&t, id, c), 1);
	assert_int_equal(c[0].count, 1);
	assert_true(mark(&t, id, 8).read);
	test_db_check(&t);
}

static void there_are_only_so_many_kinds(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	test_db_init(&t, NULL, 0);
	uint64_t id = doing(&t, ADD, 0, 0, STR_NONE).id;
	for (unsigned i = 0; i < ANNOUNCEMENT_REACTIONS_MAX; i++)
		assert_int_equal(
			doing(&t, REACT, id, 7 + i % 2, arena_printf(t.arena, "e%u", i)).rc, RC_OK);
	assert_int_equal(doing(&t, REACT, id, 9, STR("more")).rc, RC_TOO_LARGE);
	assert_int_equal(doing(&t, REACT, id, 9, STR("e3")).rc, RC_OK);
	test_db_check(&t);
}

static enum rc leave(struct db_txn *txn, void *arg)
{
	struct task *t = arg;
	struct account gone;
	if (!account_get(txn, t->t->arena, t->account, &gone))
		return RC_NOT_FOUND;
	gone.flags |= ACCOUNT_DELETED;
	node_count(txn, -1, 0);
	return account_put(txn, t->t->arena, &gone) ? RC_OK : RC_NOT_FOUND;
}

static void what_is_gone_takes_its_marks_along(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	struct announcement_count c[ANNOUNCEMENT_REACTIONS_MAX];
	test_db_init(&t, NULL, 0);
	struct account alice = test_db_local(&t, "alice"), bob = test_db_local(&t, "bob");
	uint64_t id = doing(&t, ADD, 0, 0, STR_NONE).id, other = doing(&t, ADD, 0, 0, STR_NONE).id;
	doing(&t, REACT, id, alice.id, STR("cat"));
	doing(&t, REACT, id, alice.id, STR("dog"));
	doing(&t, REACT, id, bob.id, STR("cat"));
	doing(&t, READ, other, bob.id, STR_NONE);
	struct task leaving = { .t = &t, .account = alice.id };
	test_db_write(&t, leave, &leaving);
	assert_true(doing(&t, DEL, other, 0, STR_NONE).result);
	assert_false(doing(&t, DEL, other, 0, STR_NONE).result);
	assert_true(doing(&t, SWEEP, 0, 0, STR_NONE).result);
	assert_int_equal(counts(&t, id, c), 1);
	assert_int_equal(c[0].count, 1);
	assert_int_equal(test_db_rows(&t, &store_announcement_mark), 1);
	test_db_check(&t);
}

static void wrong_counts_are_found(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	struct str first;
	test_db_init(&t, NULL, 0);
	uint64_t id = doing(&t, ADD, 0, 0, STR_NONE).id;
	doing(&t, REACT, id, 7, STR("cat"));
	struct reckey key = reckey_u64(id), stray = reckey_u64(5);
	test_db_put(&t, &store_announcement_count, reckey_str(&key), STR("\1\1\2\4cat"));
	assert_int_not_equal(test_db_complaints(&t, &first), 0);
	assert_true(str_contains(first, STR("miscounts")));
	test_db_put(&t, &store_announcement_count, reckey_str(&key), STR_NONE);
	assert_int_not_equal(test_db_complaints(&t, &first), 0);
	assert_true(str_contains(first, STR("does not count")));
	test_db_put(&t, &store_announcement_count, reckey_str(&key), STR("\1\1\1\4cat"));
	test_db_check(&t);
	test_db_put(&t, &store_announcement_count, reckey_str(&stray), STR("\1\0"));
	assert_int_not_equal(test_db_complaints(&t, &first), 0);
	assert_true(str_contains(first, STR("has counts and is not there")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everybody_reacts_once_with_each_emoji),
		cmocka_unit_test(there_are_only_so_many_kinds),
		cmocka_unit_test(what_is_gone_takes_its_marks_along),
		cmocka_unit_test(wrong_counts_are_found),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
