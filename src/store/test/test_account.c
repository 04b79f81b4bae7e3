/* Accounts: handles, ids, counts, secrets. */
#include "store/account.h"

#include "db/rec.h"
#include "store/node.h"
#include "store/tables.h"
#include "store/uri.h"
#include "testdb.h"

/* One job of a test: what it shall do, and what came of it. */
struct task {
	struct test_db *t;
	struct account account;
	bool result;
};

static enum rc add(struct db_txn *txn, void *arg)
{
	struct task *task = arg;
	task->result = account_add(txn, task->t->arena, &task->account);
	return db_txn_rc(txn);
}

static enum rc put(struct db_txn *txn, void *arg)
{
	struct task *task = arg;
	task->result = account_put(txn, task->t->arena, &task->account);
	return db_txn_rc(txn);
}

static bool try_add(struct test_db *t, struct account account)
{
	struct task task = { .t = t, .account = account };
	test_db_write(t, add, &task);
	return task.result;
}

static bool try_put(struct test_db *t, struct account account)
{
	struct task task = { .t = t, .account = account };
	test_db_write(t, put, &task);
	return task.result;
}

static uint64_t find_handle(struct test_db *t, struct str user, struct str domain)
{
	struct account a;
	struct db_txn *txn = test_db_read(t);
	bool found = account_find_handle(txn, t->arena, user, domain, &a);
	assert_int_equal(db_txn_rc(txn), RC_OK);
	db_read_end(&txn);
	return found ? a.id : 0;
}

static uint64_t find_uri(struct test_db *t, struct str uri)
{
	struct db_txn *txn = test_db_read(t);
	uint64_t id = account_id_of_uri(txn, uri);
	db_read_end(&txn);
	return id;
}

static void an_account_is_found_by_id_uri_and_handle(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	test_db_init(&t, NULL, 0);
	struct account alice = test_db_local(&t, "alice");
	struct account bob = test_db_remote(&t, "Bob", "b.example");
	assert_true(bob.id > alice.id);
	struct account read = test_db_account(&t, bob.id);
	assert_str_eq(read.username, STR("Bob"));
	assert_str_eq(read.domain, STR("b.example"));
	assert_str_eq(read.shared_inbox, STR("https://b.example/inbox"));
	assert_int_equal(find_uri(&t, bob.uri), bob.id);
	assert_int_equal(find_uri(&t, STR("https://b.example/users/bob")), 0);
	assert_int_equal(find_handle(&t, STR("alice"), STR("")), alice.id);
	assert_int_equal(find_handle(&t, STR("alice"), STR("b.example")), 0);
	test_db_check(&t);
}

static void user_names_are_compared_without_case(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	test_db_init(&t, NULL, 0);
	struct account alice = test_db_local(&t, "alice");
	struct account bob = test_db_remote(&t, "Bob", "b.example");
	assert_int_equal(find_handle(&t, STR("ALICE"), STR("")), alice.id);
	assert_int_equal(find_handle(&t, STR("bOB"), STR("b.example")), bob.id);
	bob.uri = STR("https://b.example/users/bob2");
	bob.username = STR("BOB");
	assert_false(try_add(&t, bob));
	assert_int_equal(find_uri(&t, bob.uri), 0);
}

static void a_taken_uri_or_handle_refuses_and_leaves_nothing(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	test_db_init(&t, NULL, 0);
	struct account bob = test_db_remote(&t, "bob", "b.example");
	uint64_t handles = test_db_rows(&t, &store_handle), uris = test_db_rows(&t, &store_uri);
	struct account other = bob;
	other.username = STR("other");
	assert_false(try_add(&t, other));
	other = bob;
	other.uri = STR("https://b.example/users/other");
	assert_false(try_add(&t, other));
	assert_int_equal(test_db_rows(&t, &store_handle), handles);
	assert_int_equal(test_db_rows(&t, &store_uri), uris);
	test_db_check(&t);
}

static void names_that_are_too_long_name_nobody(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	char longest[400];
	memset(longest, 'a', sizeof(longest));
	test_db_init(&t, NULL, 0);
	struct account alice = test_db_local(&t, "alice");
	const struct {
		size_t user, domain;
		bool fits;
	} cases[] = { { 60, 0, true },	{ 61, 0, false },  { 0, 0, false },   { 64, 9, true },
		      { 65, 9, false }, { 64, 300, true }, { 64, 301, false } };
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct account a = alice;
		a.username = str_n(longest, cases[i].user);
		a.domain = str_n(longest, cases[i].domain);
		a.uri = arena_printf(t.arena, "https://long.example/%zu", i);
		assert_int_equal(find_handle(&t, a.username, a.domain), 0);
		assert_int_equal(try_add(&t, a), cases[i].fits);
		assert_int_equal(find_handle(&t, a.username, a.domain) != 0, cases[i].fits);
		a.id = alice.id;
		a.uri = alice.uri;
		assert_false(try_put(&t, a));
	}
	assert_int_equal(find_handle(&t, STR("alice"), STR("")), alice.id);
}

static void a_changed_handle_moves_and_frees_the_old_one(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	test_db_init(&t, NULL, 0);
	struct account bob = test_db_remote(&t, "bob", "b.example");
	struct account eve = test_db_remote(&t, "eve", "b.example");
	bob.domain = STR("elsewhere.example");
	assert_true(try_put(&t, bob));
	assert_int_equal(find_handle(&t, STR("bob"), STR("elsewhere.example")), bob.id);
	assert_int_equal(find_handle(&t, STR("bob"), STR("b.example")), 0);
	struct account taker = bob;
	taker.username = STR("EVE");
	taker.domain = STR("b.example");
	assert_false(try_put(&t, taker));
	assert_int_equal(find_handle(&t, STR("eve"), STR("b.example")), eve.id);
	/* another spelling of the same name is no move */
	bob.username = STR("BoB");
	assert_true(try_put(&t, bob));
	assert_str_eq(test_db_account(&t, bob.id).username, STR("BoB"));
	test_db_check(&t);
}

static void local_accounts_are_listed_in_order_of_their_names(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	uint64_t ids[8];
	test_db_init(&t, NULL, 0);
	struct account carol = test_db_local(&t, "carol"), alice = test_db_local(&t, "alice"),
		       bob = test_db_local(&t, "bob");
	test_db_remote(&t, "aaron", "b.example");
	struct db_txn *txn = test_db_read(&t);
	assert_int_equal(account_local_ids(txn, STR(""), ids, 2), 2);
	assert_int_equal(ids[0], alice.id);
	assert_int_equal(ids[1], bob.id);
	assert_int_equal(account_local_ids(txn, STR("bob"), ids, 8), 1);
	assert_int_equal(ids[0], carol.id);
	assert_int_equal(account_local_ids(txn, STR("bo"), ids, 8), 2);
	assert_int_equal(account_local_ids(txn, STR("zz"), ids, 8), 0);
	db_read_end(&txn);
}

static enum rc count_up_and_down(struct db_txn *txn, void *arg)
{
	uint64_t id = *(uint64_t *)arg;
	account_count(txn, id, 2, 1, 3, 1000);
	account_count(txn, id, -5, -1, -1, 500);
	node_count(txn, 3, 5);
	node_count(txn, -4, -2);
	return db_txn_rc(txn);
}

static void s065_counts_never_fall_below_zero(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	uint64_t id = 17;
	test_db_init(&t, NULL, 0);
	test_db_write(&t, count_up_and_down, &id);
	struct db_txn *txn = test_db_read(&t);
	struct account_counts counts = account_counts(txn, id);
	assert_int_equal(counts.followers, 0);
	assert_int_equal(counts.following, 0);
	assert_int_equal(counts.statuses, 2);
	assert_int_equal(counts.last_status_ms, 1000);
	assert_int_equal(node_totals(txn).accounts, 0);
	assert_int_equal(node_totals(txn).statuses, 3);
	db_read_end(&txn);
}

static enum rc put_secrets(struct db_txn *txn, void *arg)
{
	struct account_secrets secrets = { .password_hash = STR("$scrypt$x"),
					   .email = STR("a@example.org") };
	for (unsigned i = 0; i < LOCAL_KEYS_MAX; i++) {
		secrets.keys[secrets.key_count++] = (struct local_key){ .name = STR("main-key"),
									.kind = (uint8_t)i,
									.sealed = STR("s\0ealed"),
									.public_der = STR("der"),
									.created_ms = 1,
									.retired_ms = i };
	}
	account_secrets_put(txn, *(uint64_t *)arg, &secrets);
	return db_txn_rc(txn);
}

static void secrets_come_back_as_they_were(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	struct account_secrets read;
	test_db_init(&t, NULL, 0);
	struct account alice = test_db_local(&t, "alice");
	test_db_write(&t, put_secrets, &alice.id);
	struct db_txn *txn = test_db_read(&t);
	assert_true(account_secrets_get(txn, t.arena, alice.id, &read));
	assert_int_equal(read.key_count, LOCAL_KEYS_MAX);
	assert_int_equal(read.keys[5].kind, 5);
	assert_int_equal(read.keys[5].retired_ms, 5);
	assert_str_eq(read.keys[5].sealed, STR("s\0ealed"));
	assert_str_eq(read.email, STR("a@example.org"));
	assert_false(account_secrets_get(txn, t.arena, alice.id + 1, &read));
	db_read_end(&txn);
}

static void a_damaged_account_fails_the_transaction(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	struct account read;
	test_db_init(&t, NULL, 0);
	struct account alice = test_db_local(&t, "alice");
	struct reckey key = reckey_u64(alice.id);
	test_db_put(&t, &store_account, reckey_str(&key), STR("\1nonsense"));
	struct db_txn *txn = test_db_read(&t);
	assert_false(account_get(txn, t.arena, alice.id, &read));
	assert_int_equal(db_txn_rc(txn), RC_CORRUPT);
	db_read_end(&txn);
}

static void too_small_an_arena_is_no_damage(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	struct account read;
	test_db_init(&t, NULL, 0);
	struct account alice = test_db_local(&t, "alice");
	struct arena *small = arena_new(16);
	struct db_txn *txn = test_db_read(&t);
	assert_false(account_get(txn, small, alice.id, &read));
	assert_int_equal(db_txn_rc(txn), RC_NO_MEMORY);
	db_read_end(&txn);
	arena_free(&small);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_account_is_found_by_id_uri_and_handle),
		cmocka_unit_test(user_names_are_compared_without_case),
		cmocka_unit_test(a_taken_uri_or_handle_refuses_and_leaves_nothing),
		cmocka_unit_test(names_that_are_too_long_name_nobody),
		cmocka_unit_test(a_changed_handle_moves_and_frees_the_old_one),
		cmocka_unit_test(local_accounts_are_listed_in_order_of_their_names),
		cmocka_unit_test(s065_counts_never_fall_below_zero),
		cmocka_unit_test(secrets_come_back_as_they_were),
		cmocka_unit_test(a_damaged_account_fails_the_transaction),
		cmocka_unit_test(too_small_an_arena_is_no_damage),
	};
	return cmocka_run_group_tests_name("account", tests, NULL, NULL);
}
