/* The node's own record and its totals. */
#include "store/node.h"

#include "store/tables.h"
#include "testdb.h"

static enum rc put_node(struct db_txn *txn, void *arg)
{
	node_put(txn, arg);
	return db_txn_rc(txn);
}

static void the_node_is_there_once_it_was_made(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	struct node_record node = { .domain = STR("example.org"),
				    .host = STR("social.example.org"),
				    .created_ms = 7,
				    .instance_actor = 8 },
			   read;
	test_db_init(&t, NULL, 0);
	struct db_txn *txn = test_db_read(&t);
	assert_false(node_get(txn, t.arena, &read));
	assert_int_equal(db_txn_rc(txn), RC_OK);
	db_read_end(&txn);
	test_db_write(&t, put_node, &node);
	txn = test_db_read(&t);
	assert_true(node_get(txn, t.arena, &read));
	assert_str_eq(read.domain, STR("example.org"));
	assert_str_eq(read.host, STR("social.example.org"));
	assert_int_equal(read.created_ms, 7);
	assert_int_equal(read.instance_actor, 8);
	db_read_end(&txn);
	test_db_put(&t, &store_node, STR("totals"), STR("\1\0"));
	txn = test_db_read(&t);
	assert_int_equal(node_totals(txn).accounts, 0);
	assert_int_equal(db_txn_rc(txn), RC_CORRUPT);
	db_read_end(&txn);
}

static enum rc note_left(struct db_txn *txn, void *arg UNUSED)
{
	node_note_left(txn);
	return db_txn_rc(txn);
}

static void that_posts_have_left_is_remembered(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	test_db_init(&t, NULL, 0);
	struct db_txn *txn = test_db_read(&t);
	assert_false(node_has_left(txn));
	db_read_end(&txn);
	test_db_write(&t, note_left, NULL);
	test_db_write(&t, note_left, NULL);
	txn = test_db_read(&t);
	assert_true(node_has_left(txn));
	db_read_end(&txn);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_node_is_there_once_it_was_made),
		cmocka_unit_test(that_posts_have_left_is_remembered),
	};
	return cmocka_run_group_tests_name("node", tests, NULL, NULL);
}
