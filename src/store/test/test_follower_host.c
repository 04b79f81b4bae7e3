/* Followers by host: the digest is that of the members, whatever the order of what happened. */
#include "store/follower_host.h"

#include "core/enc.h"
#include "store/graph.h"
#include "store/tables.h"
#include "testdb.h"

struct task {
	const struct account *follower, *followee;
	enum follow_state state;
};

static enum rc put(struct db_txn *txn, void *arg)
{
	const struct task *task = arg;
	if (task->state == FOLLOW_NONE)
		follow_del(txn, task->follower, task->followee);
	else
		follow_put(txn, task->follower, task->followee, task->state, STR(""));
	return db_txn_rc(txn);
}

static void set(struct test_db *t, const struct account *follower, const struct account *followee,
		enum follow_state state)
{
	struct task task = { follower, followee, state };
	test_db_write(t, put, &task);
}

static struct follower_host look(struct test_db *t, const struct account *a, const char *host)
{
	struct db_txn *txn = test_db_read(t);
	struct follower_host row = follower_host_get(txn, a->id, str_of(host));
	db_read_end(&txn);
	return row;
}

static struct digest sum_of(const struct account *const *accounts, size_t count)
{
	struct digest sum = { { 0 } };
	for (size_t i = 0; i < count; i++)
		follower_digest_add(&sum, accounts[i]->uri);
	return sum;
}

static void expect(struct test_db *t, const struct account *a, const char *host,
		   const struct account *const *members, size_t count)
{
	struct follower_host row = look(t, a, host);
	struct digest sum = sum_of(members, count);
	uint64_t ids[8];
	assert_int_equal(row.count, count);
	assert_memory_equal(row.digest.bytes, sum.bytes, DIGEST_SIZE);
	struct db_txn *txn = test_db_read(t);
	assert_int_equal(follower_host_list(txn, a->id, str_of(host), 0, ids, ARRAY_LEN(ids)),
			 count);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(ids[i], members[i]->id);
	if (count > 1)
		assert_int_equal(follower_host_list(txn, a->id, str_of(host), ids[0], ids, 8),
				 count - 1);
	db_read_end(&txn);
	test_db_check(t);
}

/* What another implementation (Python's hashlib) makes of these ids. */
static void the_digest_is_what_others_make_of_the_same_ids(void **state UNUSED)
{
	struct digest sum = { { 0 } };
	struct buf hex CLEANUP(buf_free) = BUF_INIT(128);
	follower_digest_add(&sum, STR("https://testing.example.org/users/1"));
	follower_digest_add(&sum, STR("https://testing.example.org/users/2"));
	enc_hex(&hex, str_n(sum.bytes, DIGEST_SIZE));
	assert_string_equal(hex.ptr,
			    "c33f48cd341ef046a206b8a72ec97af65079f9a3a9b90eef79c5920dce45c61f");
}

static void only_accepted_follows_count_by_the_follower_s_host(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	test_db_init(&t, NULL, 0);
	struct account alice = test_db_local(&t, "alice");
	struct account bob = test_db_remote(&t, "bob", "b.example");
	struct account ben = test_db_remote(&t, "ben", "b.example");
	struct account cyd = test_db_remote(&t, "cyd", "c.example");
	const struct account *const both[] = { &bob, &ben }, *const cyds[] = { &cyd };
	set(&t, &bob, &alice, FOLLOW_PENDING);
	expect(&t, &alice, "b.example", NULL, 0);
	set(&t, &bob, &alice, FOLLOW_ACCEPTED);
	set(&t, &bob, &alice, FOLLOW_ACCEPTED);
	expect(&t, &alice, "b.example", both, 1);
	set(&t, &cyd, &alice, FOLLOW_ACCEPTED);
	set(&t, &ben, &alice, FOLLOW_ACCEPTED);
	expect(&t, &alice, "b.example", both, 2);
	expect(&t, &alice, "c.example", cyds, 1);
	set(&t, &bob, &alice, FOLLOW_NONE);
	set(&t, &bob, &alice, FOLLOW_NONE);
	expect(&t, &alice, "b.example", both + 1, 1);
	set(&t, &ben, &alice, FOLLOW_PENDING);
	set(&t, &cyd, &alice, FOLLOW_NONE);
	assert_int_equal(test_db_rows(&t, &store_follower_host), 0);
}

static void our_people_count_for_those_elsewhere_and_not_among_themselves(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	test_db_init(&t, NULL, 0);
	struct account alice = test_db_local(&t, "alice"), anna = test_db_local(&t, "anna");
	struct account bob = test_db_remote(&t, "bob", "b.example");
	const struct account *const alices[] = { &alice };
	set(&t, &alice, &bob, FOLLOW_ACCEPTED);
	set(&t, &anna, &alice, FOLLOW_ACCEPTED);
	expect(&t, &bob, "", alices, 1);
	expect(&t, &alice, "", NULL, 0);
}

static void rows_of_an_older_database_are_made_once(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	test_db_init(&t, NULL, 0);
	struct account alice = test_db_local(&t, "alice");
	struct account bob = test_db_remote(&t, "bob", "b.example");
	const struct account *const bobs[] = { &bob };
	set(&t, &bob, &alice, FOLLOW_ACCEPTED);
	struct db_txn *txn = test_db_read(&t);
	struct db_iter it;
	struct str key, value, keys[4];
	size_t n = 0;
	db_iter_open(&it, txn, &store_follower_host, STR(""), DB_FORWARD, STR_NONE);
	while (db_iter_next(&it, &key, &value))
		keys[n++] = arena_str(t.arena, key);
	db_iter_close(&it);
	db_read_end(&txn);
	assert_int_equal(n, 2);
	for (size_t i = 0; i < n; i++)
		test_db_put(&t, &store_follower_host, keys[i], STR_NONE);
	assert_int_not_equal(test_db_complaints(&t, NULL), 0);
	test_db_write(&t, follower_host_ensure, NULL);
	test_db_write(&t, follower_host_ensure, NULL);
	expect(&t, &alice, "b.example", bobs, 1);
}

static void a_sum_that_is_not_that_of_the_followers_is_found(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	test_db_init(&t, NULL, 0);
	struct account alice = test_db_local(&t, "alice");
	struct account bob = test_db_remote(&t, "bob", "b.example");
	struct str key, value;
	struct db_iter it;
	set(&t, &bob, &alice, FOLLOW_ACCEPTED);
	struct db_txn *txn = test_db_read(&t);
	db_iter_open(&it, txn, &store_follower_host, STR(""), DB_FORWARD, STR_NONE);
	assert_true(db_iter_next(&it, &key, &value));
	key = arena_str(t.arena, key);
	char *bytes = arena_cstr(t.arena, STR("0123456789012345678901234567890123456789012345678"));
	assert_true(value.len < 60);
	memcpy(bytes, value.ptr, value.len < 49 ? value.len : 49);
	struct str damaged = str_n(bytes, value.len < 49 ? value.len : 49);
	bytes[8] = (char)(bytes[8] ^ 1);
	db_iter_close(&it);
	db_read_end(&txn);
	test_db_put(&t, &store_follower_host, key, damaged);
	assert_int_not_equal(test_db_complaints(&t, NULL), 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_digest_is_what_others_make_of_the_same_ids),
		cmocka_unit_test(only_accepted_follows_count_by_the_follower_s_host),
		cmocka_unit_test(our_people_count_for_those_elsewhere_and_not_among_themselves),
		cmocka_unit_test(rows_of_an_older_database_are_made_once),
		cmocka_unit_test(a_sum_that_is_not_that_of_the_followers_is_found),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
