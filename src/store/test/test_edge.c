/* Blocks and likes. */
#include "db/rec.h"
#include "store/graph.h"
#include "store/status.h"
#include "store/sweep.h"
#include "store/tables.h"
#include "store/uri.h"
#include "testdb.h"

enum verb {
	LIKE,
	UNLIKE,
	BLOCK,
	UNBLOCK,
};

struct task {
	enum verb verb;
	uint64_t a, b;
	struct str uri;
	bool result;
};

static enum rc act(struct db_txn *txn, void *arg)
{
	struct task *task = arg;
	switch (task->verb) {
	case LIKE:
		task->result = like_add(txn, task->a, task->b, task->uri);
		break;
	case UNLIKE:
		task->result = like_del(txn, task->a, task->b);
		break;
	case BLOCK:
		block_put(txn, task->a, task->b, task->uri);
		break;
	case UNBLOCK:
		task->result = block_del(txn, task->a, task->b);
		break;
	}
	return db_txn_rc(txn);
}

static bool doing(struct test_db *t, enum verb verb, uint64_t a, uint64_t b, struct str uri)
{
	struct task task = { verb, a, b, uri, false };
	test_db_write(t, act, &task);
	return task.result;
}

static struct uri_entry entry_of(struct test_db *t, struct str uri)
{
	struct db_txn *txn = test_db_read(t);
	struct uri_entry entry = uri_find(txn, uri);
	db_read_end(&txn);
	return entry;
}

static unsigned likes(struct test_db *t, uint64_t status)
{
	struct db_txn *txn = test_db_read(t);
	struct status_counts counts = status_counts(txn, status);
	db_read_end(&txn);
	return counts.likes;
}

struct sweeping {
	struct test_db *t;
	const struct account *gone;
	struct sweep_cursor cursor;
	bool end;
};

static enum rc sweep(struct db_txn *txn, void *arg)
{
	struct sweeping *s = arg;
	struct sweep_cursor cursor = s->cursor;
	if (!account_put(txn, s->t->arena, s->gone))
		return RC_NOT_FOUND;
	s->end = likes_sweep(txn, 0, &cursor, 2);
	s->cursor = cursor;
	return db_txn_rc(txn);
}

static void s078_likes_by_a_deleted_account_are_swept(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	test_db_init(&t, NULL, 0);
	struct account alice = test_db_local(&t, "alice");
	struct account gone = test_db_remote(&t, "gone", "b.example");
	struct account bob = test_db_remote(&t, "bob", "b.example");
	uint64_t ids[5];
	for (size_t i = 0; i < ARRAY_LEN(ids); i++) {
		ids[i] = test_db_status(&t, &alice, 0, 0).id;
		doing(&t, LIKE, ids[i], gone.id, STR(""));
		doing(&t, LIKE, ids[i], bob.id, STR(""));
	}
	gone.flags = ACCOUNT_DELETED;
	struct sweeping s = { .t = &t, .gone = &gone };
	do {
		test_db_write(&t, sweep, &s);
	} while (!s.end);
	for (size_t i = 0; i < ARRAY_LEN(ids); i++)
		assert_int_equal(likes(&t, ids[i]), 1);
	assert_int_equal(test_db_rows(&t, &store_like), 5);
	test_db_check(&t);
}

static void s065_a_like_counts_once(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	test_db_init(&t, NULL, 0);
	struct account alice = test_db_local(&t, "alice"), bob = test_db_local(&t, "bob");
	struct status post = test_db_status(&t, &alice, 0, 0);
	struct str uri = STR("https://b.example/likes/1");
	assert_true(doing(&t, LIKE, post.id, bob.id, uri));
	for (int i = 0; i < 10; i++)
		assert_false(doing(&t, LIKE, post.id, bob.id, STR("https://b.example/likes/2")));
	assert_int_equal(likes(&t, post.id), 1);
	assert_int_equal(entry_of(&t, uri).kind, URI_LIKE);
	assert_int_equal(entry_of(&t, uri).id, post.id);
	assert_int_equal(entry_of(&t, uri).other, bob.id);
	assert_int_equal(entry_of(&t, STR("https://b.example/likes/2")).kind, URI_NONE);
	test_db_check(&t);
	assert_true(doing(&t, UNLIKE, post.id, bob.id, STR("")));
	for (int i = 0; i < 10; i++)
		assert_false(doing(&t, UNLIKE, post.id, bob.id, STR("")));
	assert_int_equal(likes(&t, post.id), 0);
	assert_int_equal(entry_of(&t, uri).kind, URI_NONE);
	test_db_check(&t);
}

static void likes_are_listed_and_carry_their_uri(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	uint64_t ids[4];
	struct str uri;
	test_db_init(&t, NULL, 0);
	struct account alice = test_db_local(&t, "alice"), bob = test_db_local(&t, "bob");
	struct status post = test_db_status(&t, &alice, 0, 0);
	doing(&t, LIKE, post.id, bob.id, STR("https://b.example/likes/1"));
	doing(&t, LIKE, post.id, alice.id, STR(""));
	struct db_txn *txn = test_db_read(&t);
	assert_int_equal(likes_of(txn, post.id, 0, ids, 4), 2);
	assert_int_equal(ids[0], alice.id);
	assert_int_equal(likes_of(txn, post.id, alice.id, ids, 4), 1);
	assert_int_equal(likes_of(txn, post.id, UINT64_MAX, ids, 4), 0);
	assert_true(like_get(txn, post.id, bob.id, &uri));
	assert_str_eq(uri, STR("https://b.example/likes/1"));
	assert_true(like_get(txn, post.id, alice.id, NULL));
	assert_false(like_get(txn, post.id + 1, alice.id, NULL));
	db_read_end(&txn);
	test_db_check(&t);
}

/* An activity's id is its sender's word: one that is somebody else's id must not take its index. */
static void s005_an_edge_under_anothers_id_takes_nothing_from_it(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	test_db_init(&t, NULL, 0);
	struct account alice = test_db_local(&t, "alice");
	struct account bob = test_db_remote(&t, "bob", "b.example");
	struct account eve = test_db_remote(&t, "eve", "b.example");
	struct status post = test_db_status(&t, &alice, 0, 0);
	struct status bobs = test_db_status(&t, &bob, 0, 0);
	const struct str stolen[] = { bob.uri, bobs.uri };
	for (size_t i = 0; i < ARRAY_LEN(stolen); i++) {
		struct uri_entry before = entry_of(&t, stolen[i]);
		assert_true(doing(&t, LIKE, post.id, eve.id, stolen[i]));
		doing(&t, BLOCK, eve.id, alice.id, stolen[i]);
		assert_int_equal(entry_of(&t, stolen[i]).kind, before.kind);
		assert_int_equal(entry_of(&t, stolen[i]).id, before.id);
		test_db_check(&t);
		assert_true(doing(&t, UNLIKE, post.id, eve.id, STR("")));
		assert_true(doing(&t, UNBLOCK, eve.id, alice.id, STR("")));
		assert_int_equal(entry_of(&t, stolen[i]).kind, before.kind);
	}
	test_db_check(&t);
}

static void a_block_replaces_an_older_one(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	struct block block;
	test_db_init(&t, NULL, 0);
	doing(&t, BLOCK, 1, 2, STR("https://b.example/blocks/1"));
	doing(&t, BLOCK, 1, 2, STR("https://b.example/blocks/2"));
	assert_int_equal(entry_of(&t, STR("https://b.example/blocks/1")).kind, URI_NONE);
	assert_int_equal(entry_of(&t, STR("https://b.example/blocks/2")).kind, URI_BLOCK);
	struct db_txn *txn = test_db_read(&t);
	assert_true(block_get(txn, 1, 2, &block));
	assert_int_equal(block.created_ms, TEST_DB_WALL_MS);
	assert_true(block_exists(txn, 1, 2));
	assert_false(block_exists(txn, 2, 1));
	db_read_end(&txn);
	assert_true(doing(&t, UNBLOCK, 1, 2, STR("")));
	assert_false(doing(&t, UNBLOCK, 1, 2, STR("")));
	assert_int_equal(test_db_rows(&t, &store_uri), 0);
}

static enum rc clear_blocks(struct db_txn *txn, void *arg)
{
	*(size_t *)arg = blocks_del(txn, 1, *(size_t *)arg);
	return db_txn_rc(txn);
}

static void all_blocks_of_an_account_end_in_chunks(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	test_db_init(&t, NULL, 0);
	for (uint64_t i = 0; i < 5; i++)
		doing(&t, BLOCK, 1, 10 + i, STR(""));
	doing(&t, BLOCK, 2, 10, STR(""));
	size_t n = 3;
	test_db_write(&t, clear_blocks, &n);
	assert_int_equal(n, 3);
	test_db_write(&t, clear_blocks, &n);
	assert_int_equal(n, 2);
	assert_int_equal(test_db_rows(&t, &store_block), 1);
}

static enum rc long_uri(struct db_txn *txn, void *arg)
{
	like_add(txn, 1, 2, *(struct str *)arg);
	return db_txn_rc(txn);
}

static void an_endless_uri_is_refused_not_stored_in_part(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	static char text[8000];
	test_db_init(&t, NULL, 0);
	memset(text, 'x', sizeof(text));
	struct str uri = str_n(text, sizeof(text));
	assert_int_equal(db_write(t.db, long_uri, &uri), RC_TOO_LARGE);
	assert_int_equal(test_db_rows(&t, &store_like), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(s078_likes_by_a_deleted_account_are_swept),
		cmocka_unit_test(s065_a_like_counts_once),
		cmocka_unit_test(likes_are_listed_and_carry_their_uri),
		cmocka_unit_test(s005_an_edge_under_anothers_id_takes_nothing_from_it),
		cmocka_unit_test(a_block_replaces_an_older_one),
		cmocka_unit_test(all_blocks_of_an_account_end_in_chunks),
		cmocka_unit_test(an_endless_uri_is_refused_not_stored_in_part),
	};
	return cmocka_run_group_tests_name("edge", tests, NULL, NULL);
}
