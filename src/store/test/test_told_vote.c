/* Votes of those whom only a group knows: each counted once, gone with the post, missed when lost. */
#include "store/told_vote.h"

#include "store/reaction.h"
#include "store/tables.h"
#include "testdb.h"

#define XENIA STR("https://x.example/u/xenia")
#define YANNIS STR("https://y.example/u/yannis")

enum verb {
	UP,
	DOWN,
	BACK,
	ERASE,
};

struct task {
	enum verb verb;
	uint64_t status;
	struct str voter;
	bool result;
};

static enum rc act(struct db_txn *txn, void *arg)
{
	struct task *t = arg;
	switch (t->verb) {
	case UP:
	case DOWN:
		t->result = told_vote_put(txn, t->status, t->voter, t->verb == UP);
		break;
	case BACK:
		t->result = told_vote_del(txn, t->status, t->voter);
		break;
	case ERASE:
		t->result = status_del(txn, t->status, 1);
		break;
	}
	return db_txn_rc(txn);
}

static bool vote(struct test_db *t, enum verb verb, uint64_t status, struct str voter)
{
	struct task task = { verb, status, voter, false };
	test_db_write(t, act, &task);
	return task.result;
}

static void counts_are(struct test_db *t, uint64_t status, uint32_t up, uint32_t down)
{
	struct db_txn *txn = test_db_read(t);
	const struct told_votes votes = told_votes(txn, status);
	assert_int_equal(votes.up, up);
	assert_int_equal(votes.down, down);
	assert_int_equal(status_counts(txn, status).likes, up);
	assert_int_equal(dislike_count(txn, status), down);
	db_read_end(&txn);
	test_db_check(t);
}

static void each_voter_counts_once(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	test_db_init(&t, NULL, 0);
	struct account dave = test_db_remote(&t, "dave", "d.example");
	uint64_t post = test_db_status(&t, &dave, 0, 0).id;
	assert_true(vote(&t, UP, post, XENIA));
	assert_false(vote(&t, UP, post, XENIA));
	assert_true(vote(&t, DOWN, post, YANNIS));
	counts_are(&t, post, 1, 1);
	assert_true(vote(&t, UP, post, YANNIS));
	counts_are(&t, post, 2, 0);
	assert_true(vote(&t, BACK, post, XENIA));
	assert_false(vote(&t, BACK, post, XENIA));
	counts_are(&t, post, 1, 0);
	assert_true(vote(&t, DOWN, post, XENIA));
	assert_true(vote(&t, ERASE, post, STR("")));
	assert_int_equal(test_db_rows(&t, &store_told_vote), 0);
	assert_int_equal(test_db_rows(&t, &store_dislike_count), 0);
	test_db_check(&t);
}

static void the_loss_of_one_is_found(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	test_db_init(&t, NULL, 0);
	struct account dave = test_db_remote(&t, "dave", "d.example");
	uint64_t post = test_db_status(&t, &dave, 0, 0).id;
	for (int down = 0; down < 2; down++) {
		assert_true(vote(&t, down ? DOWN : UP, post, XENIA));
		struct db_txn *txn = test_db_read(&t);
		struct db_iter it;
		struct str key = STR_NONE, value = STR_NONE;
		db_iter_open(&it, txn, &store_told_vote, STR(""), DB_FORWARD, STR_NONE);
		assert_true(db_iter_next(&it, &key, &value));
		key = arena_str(t.arena, key);
		value = arena_str(t.arena, value);
		db_iter_close(&it);
		db_read_end(&txn);
		test_db_put(&t, &store_told_vote, key, STR_NONE);
		assert_true(test_db_complaints(&t, NULL) != 0);
		test_db_put(&t, &store_told_vote, key, STR("\1\2")); /* neither for nor against */
		assert_true(test_db_complaints(&t, NULL) != 0);
		test_db_put(&t, &store_told_vote, key, value);
		test_db_check(&t);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_voter_counts_once),
		cmocka_unit_test(the_loss_of_one_is_found),
	};
	return cmocka_run_group_tests_name("told-vote", tests, NULL, NULL);
}
