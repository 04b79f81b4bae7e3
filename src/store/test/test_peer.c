/* Hosts, remote keys, activities seen. */
#include "store/peer.h"

#include <stdio.h>

#include "db/rec.h"
#include "store/sweep.h"
#include "store/tables.h"
#include "testdb.h"

struct task {
	struct peer peer;
	struct peer_key key;
	struct str activity;
	uint64_t actor;
	uint64_t now_ms;
	struct sweep_cursor cursor;
	store_sweep *sweep;
	size_t count;
	bool result;
};

static enum rc put_peer(struct db_txn *txn, void *arg)
{
	peer_put(txn, &((struct task *)arg)->peer);
	return db_txn_rc(txn);
}

static enum rc put_key(struct db_txn *txn, void *arg)
{
	peer_key_put(txn, &((struct task *)arg)->key);
	return db_txn_rc(txn);
}

static enum rc see(struct db_txn *txn, void *arg)
{
	struct task *task = arg;
	task->result = seen_add(txn, task->activity, task->actor);
	return db_txn_rc(txn);
}

static enum rc sweep(struct db_txn *txn, void *arg)
{
	struct task *task = arg;
	struct sweep_cursor cursor = task->cursor;
	task->result = task->sweep(txn, task->now_ms, &cursor, task->count);
	task->cursor = cursor;
	return db_txn_rc(txn);
}

static bool seen(struct test_db *t, const char *activity, uint64_t actor)
{
	struct task task = { .activity = str_of(activity), .actor = actor };
	test_db_write(t, see, &task);
	return !task.result;
}

static void a_host_is_remembered_with_what_was_decided(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	struct peer read;
	test_db_init(&t, NULL, 0);
	struct task task = { .peer = { .host = STR("b.example:8443"),
				       .policy = PEER_BLOCKED,
				       .scheme = PEER_SCHEME_RFC9421_ED25519,
				       .note = STR("spam") } };
	test_db_write(&t, put_peer, &task);
	struct db_txn *txn = test_db_read(&t);
	assert_true(peer_get(txn, t.arena, STR("b.example:8443"), &read));
	assert_int_equal(read.policy, PEER_BLOCKED);
	assert_int_equal(read.scheme, PEER_SCHEME_RFC9421_ED25519);
	assert_int_equal(read.first_seen_ms, TEST_DB_WALL_MS);
	assert_str_eq(read.note, STR("spam"));
	assert_false(peer_get(txn, t.arena, STR("b.example"), &read));
	assert_int_equal(read.policy, PEER_DEFAULT);
	assert_str_eq(read.host, STR("b.example"));
	assert_false(peer_get(txn, t.arena, STR(""), &read));
	assert_int_equal(db_txn_rc(txn), RC_OK);
	db_read_end(&txn);
}

static void hosts_are_listed_by_name(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	static const char *const hosts[] = { "c.example", "a.example", "b.example" };
	struct peer out[4];
	test_db_init(&t, NULL, 0);
	for (size_t i = 0; i < ARRAY_LEN(hosts); i++) {
		struct task task = { .peer = { .host = str_of(hosts[i]), .note = STR("") } };
		test_db_write(&t, put_peer, &task);
	}
	struct db_txn *txn = test_db_read(&t);
	assert_int_equal(peer_list(txn, t.arena, STR(""), out, 2), 2);
	assert_str_eq(out[0].host, STR("a.example"));
	assert_int_equal(peer_list(txn, t.arena, out[1].host, out, 4), 1);
	assert_str_eq(out[0].host, STR("c.example"));
	db_read_end(&txn);
}

static void a_key_is_found_by_its_whole_id(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	struct peer_key read;
	test_db_init(&t, NULL, 0);
	struct task task = { .key = { .id = STR("https://b.example/users/bob#main-key"),
				      .account = 17,
				      .public_der = STR("0\0der"),
				      .fetched_ms = 5,
				      .assertion = true } };
	test_db_write(&t, put_key, &task);
	struct db_txn *txn = test_db_read(&t);
	assert_true(peer_key_get(txn, t.arena, task.key.id, &read));
	assert_int_equal(read.account, 17);
	assert_int_equal(read.fetched_ms, 5);
	assert_str_eq(read.public_der, STR("0\0der"));
	assert_true(read.assertion);
	assert_false(peer_key_get(txn, t.arena, STR("https://b.example/users/bob"), &read));
	db_read_end(&txn);
	/* under the key of another id: found by digest, but not the one that was asked for (S-058) */
	struct reckey digest = reckey_digest(STR("https://b.example/other"));
	struct buf row CLEANUP(buf_free) = BUF_INIT(256);
	rec_add_u8(&row, 1);
	rec_add_u64(&row, 17);
	rec_add_num(&row, 5);
	rec_add_str(&row, task.key.id);
	rec_add_str(&row, STR("der"));
	test_db_put(&t, &store_key, reckey_str(&digest), buf_str(&row));
	txn = test_db_read(&t);
	assert_false(peer_key_get(txn, t.arena, STR("https://b.example/other"), &read));
	assert_int_equal(db_txn_rc(txn), RC_OK);
	db_read_end(&txn);
}

static void key_of(struct test_db *t, const struct account *a, const char *name,
		   uint64_t fetched_ms)
{
	struct task task = { .key = {
				     .id = arena_printf(t->arena, "%.*s#%s", STR_ARG(a->uri), name),
				     .account = a->id,
				     .public_der = STR("der"),
				     .fetched_ms = fetched_ms } };
	test_db_write(t, put_key, &task);
}

static bool has_key(struct test_db *t, const struct account *a, const char *name)
{
	struct peer_key key;
	struct db_txn *txn = test_db_read(t);
	bool has = peer_key_get(txn, t->arena,
				arena_printf(t->arena, "%.*s#%s", STR_ARG(a->uri), name), &key);
	db_read_end(&txn);
	return has;
}

static enum rc put_account(struct db_txn *txn, void *arg)
{
	struct test_db *t = ((void **)arg)[0];
	return account_put(txn, t->arena, ((void **)arg)[1]) ? RC_OK : RC_NOT_FOUND;
}

static void s060_s078_keys_that_are_honoured_no_more_are_swept(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	test_db_init(&t, NULL, 0);
	struct account bob = test_db_remote(&t, "bob", "b.example");
	struct account gone = test_db_remote(&t, "gone", "b.example");
	struct account eve = test_db_remote(&t, "eve", "b.example");
	const struct account nobody = { .id = 4711, .uri = STR("https://b.example/nobody") };
	bob.fetched_ms = 7;
	gone.flags = ACCOUNT_DELETED;
	eve.flags = ACCOUNT_SUSPENDED;
	test_db_write(&t, put_account, (void *[]){ &t, &bob });
	test_db_write(&t, put_account, (void *[]){ &t, &gone });
	test_db_write(&t, put_account, (void *[]){ &t, &eve });
	key_of(&t, &bob, "listed", 7);
	key_of(&t, &bob, "withdrawn", 6);
	key_of(&t, &gone, "k", 7);
	key_of(&t, &eve, "k", 7);
	key_of(&t, &nobody, "k", 7);
	struct task task = { .sweep = peer_keys_sweep, .count = 2 };
	do {
		test_db_write(&t, sweep, &task);
	} while (!task.result);
	assert_true(has_key(&t, &bob, "listed"));
	assert_true(has_key(&t, &eve, "k"));
	/* P-12: an account that is not there is damage, and no reason to remove anything */
	assert_true(has_key(&t, &nobody, "k"));
	assert_int_equal(test_db_rows(&t, &store_key), 3);
}

static void an_activity_is_new_once_for_its_actor(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	test_db_init(&t, NULL, 0);
	assert_false(seen(&t, "https://b.example/1", 7));
	assert_true(seen(&t, "https://b.example/1", 7));
	assert_true(seen(&t, "https://b.example/1", 7));
	assert_false(seen(&t, "https://b.example/2", 7));
	/* S-019, S-124: a copy under another's name does not spoil it for its owner, nor the other way
	 * round */
	assert_false(seen(&t, "https://b.example/1", 8));
	assert_true(seen(&t, "https://b.example/1", 7));
	assert_true(seen(&t, "https://b.example/1", 8));
}

static void damage_is_not_taken_for_new(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	struct task task = { .activity = STR("https://b.example/1"), .actor = 7 };
	test_db_init(&t, NULL, 0);
	struct buf name CLEANUP(buf_free) = BUF_INIT(256);
	rec_add_u64(&name, task.actor);
	buf_add(&name, task.activity);
	struct reckey key = reckey_digest(buf_str(&name));
	test_db_put(&t, &store_seen, reckey_str(&key), STR("\1\0\0"));
	test_db_write(&t, see, &task);
	assert_false(task.result);
}

static void a_sweep_forgets_what_is_old_in_steps(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	char uri[64];
	test_db_init(&t, NULL, 0);
	for (int i = 0; i < 40; i++) {
		snprintf(uri, sizeof(uri), "https://b.example/%d", i);
		assert_false(seen(&t, uri, 7));
		test_clock_advance(&t.clock, 1000);
	}
	struct task task = { .sweep = seen_sweep,
			     .now_ms = TEST_DB_WALL_MS + 25000 + 90 * MS_PER_DAY,
			     .count = 7 };
	unsigned steps = 0;
	do {
		test_db_write(&t, sweep, &task);
		steps++;
	} while (!task.result);
	assert_int_equal(steps, 6);
	assert_int_equal(test_db_rows(&t, &store_seen), 15);
	for (int i = 25; i < 40; i++) {
		snprintf(uri, sizeof(uri), "https://b.example/%d", i);
		assert_true(seen(&t, uri, 7));
	}
	assert_false(seen(&t, "https://b.example/3", 7));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_host_is_remembered_with_what_was_decided),
		cmocka_unit_test(hosts_are_listed_by_name),
		cmocka_unit_test(a_key_is_found_by_its_whole_id),
		cmocka_unit_test(s060_s078_keys_that_are_honoured_no_more_are_swept),
		cmocka_unit_test(an_activity_is_new_once_for_its_actor),
		cmocka_unit_test(damage_is_not_taken_for_new),
		cmocka_unit_test(a_sweep_forgets_what_is_old_in_steps),
	};
	return cmocka_run_group_tests_name("peer", tests, NULL, NULL);
}
