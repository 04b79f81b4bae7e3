/* Relays and subscribers: rows, lookups, bounds. */
#include "store/relay.h"

#include "store/tables.h"
#include "testdb.h"

static enum rc put(struct db_txn *txn, void *arg)
{
	return relay_put(txn, arg) ? db_txn_rc(txn) : RC_OK;
}

static enum rc del(struct db_txn *txn, void *arg)
{
	relay_del(txn, *(struct str *)arg);
	return db_txn_rc(txn);
}

static enum rc subscribe(struct db_txn *txn, void *arg)
{
	relay_subscriber_put(txn, arg);
	return db_txn_rc(txn);
}

static enum rc unsubscribe(struct db_txn *txn, void *arg)
{
	relay_subscriber_del(txn, *(uint64_t *)arg);
	return db_txn_rc(txn);
}

static struct relay relay(struct test_db *t, unsigned n)
{
	return (struct relay){ .inbox = arena_printf(t->arena, "https://r%u.example/inbox", n),
			       .follow = arena_printf(t->arena,
						      "https://home.example/actor#relays/%u", n),
			       .created_ms = 5 };
}

static void a_relay_is_found_by_inbox_account_and_follow(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	test_db_init(&t, NULL, 0);
	struct relay one = relay(&t, 1), two = relay(&t, 2), got;
	two.style = RELAY_LITEPUB;
	two.state = RELAY_ACCEPTED;
	two.account = 17;
	test_db_write(&t, put, &one);
	test_db_write(&t, put, &two);
	struct db_txn *txn = test_db_read(&t);
	assert_true(relay_get(txn, t.arena, one.inbox, &got));
	assert_int_equal(got.state, RELAY_PENDING);
	assert_true(relay_find(txn, t.arena, 17, STR_NONE, &got));
	assert_true(str_eq(got.inbox, two.inbox) && got.style == RELAY_LITEPUB);
	assert_true(relay_find(txn, t.arena, 0, one.follow, &got));
	assert_true(str_eq(got.inbox, one.inbox));
	assert_false(relay_find(txn, t.arena, 0, STR(""), &got));
	assert_false(relay_find(txn, t.arena, 18, STR_NONE, &got));
	db_read_end(&txn);
	test_db_write(&t, del, &one.inbox);
	txn = test_db_read(&t);
	assert_false(relay_get(txn, t.arena, one.inbox, &got));
	db_read_end(&txn);
}

static void s060_there_are_no_more_than_so_many(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	struct relay *all;
	test_db_init(&t, NULL, 0);
	for (unsigned i = 0; i < RELAYS_MAX + 3; i++) {
		struct relay one = relay(&t, i);
		test_db_write(&t, put, &one);
	}
	struct db_txn *txn = test_db_read(&t);
	assert_int_equal(relay_list(txn, t.arena, &all), RELAYS_MAX);
	db_read_end(&txn);
}

static void subscribers_are_listed_and_known_by_host(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	struct relay_subscriber got[4];
	test_db_init(&t, NULL, 0);
	struct relay_subscriber a = { 3, RELAY_MASTODON, STR("a.example"), STR("https://a/1"), 1 };
	struct relay_subscriber b = { 9, RELAY_LITEPUB, STR("b.example"), STR("https://b/1"), 2 };
	test_db_write(&t, subscribe, &b);
	test_db_write(&t, subscribe, &a);
	struct db_txn *txn = test_db_read(&t);
	assert_int_equal(relay_subscriber_list(txn, t.arena, 0, got, 4), 2);
	assert_true(got[0].account == 3 && got[1].style == RELAY_LITEPUB);
	assert_int_equal(relay_subscriber_list(txn, t.arena, 3, got, 4), 1);
	assert_true(relay_subscribed_host(txn, STR("a.example")));
	assert_false(relay_subscribed_host(txn, STR("c.example")));
	db_read_end(&txn);
	uint64_t id = 3;
	test_db_write(&t, unsubscribe, &id);
	txn = test_db_read(&t);
	assert_false(relay_subscriber_get(txn, t.arena, 3, got));
	assert_false(relay_subscribed_host(txn, STR("a.example")));
	assert_true(relay_subscribed_host(txn, STR("b.example")));
	db_read_end(&txn);
}

static void s120_rows_that_do_not_mirror_each_other_are_found(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	test_db_init(&t, NULL, 0);
	struct account bob = test_db_remote(&t, "bob", "b.example");
	struct relay one = relay(&t, 1);
	struct relay_subscriber s = { bob.id, RELAY_MASTODON, STR("b.example"), STR("x"), 1 };
	test_db_write(&t, put, &one);
	test_db_write(&t, subscribe, &s);
	test_db_check(&t);
	struct relay_subscriber lost = { 77, RELAY_LITEPUB, STR("c.example"), STR("x"), 1 };
	test_db_write(&t, subscribe, &lost);
	assert_int_equal(test_db_complaints(&t, NULL), 1);
	test_db_put(&t, &store_relay_subscriber, STR("\0\0\0\0\0\0\0\x4d"), STR_NONE);
	assert_int_equal(test_db_complaints(&t, NULL), 1);
	test_db_put(&t, &store_relay, STR("0123456789012345"), STR("\x01\x07"));
	assert_int_equal(test_db_complaints(&t, NULL), 2);
}

static void a_damaged_row_fails_the_transaction(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	struct relay *all;
	test_db_init(&t, NULL, 0);
	test_db_put(&t, &store_relay, STR("0123456789012345"), STR("\x01\x07"));
	struct db_txn *txn = test_db_read(&t);
	assert_int_equal(relay_list(txn, t.arena, &all), 0);
	assert_int_equal(db_txn_rc(txn), RC_CORRUPT);
	db_read_end(&txn);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_relay_is_found_by_inbox_account_and_follow),
		cmocka_unit_test(s060_there_are_no_more_than_so_many),
		cmocka_unit_test(subscribers_are_listed_and_known_by_host),
		cmocka_unit_test(s120_rows_that_do_not_mirror_each_other_are_found),
		cmocka_unit_test(a_damaged_row_fails_the_transaction),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
