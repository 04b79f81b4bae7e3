/* Threads: who waits, who joins, what moves; and what other servers tell. */
#include "store/thread.h"

#include "core/must.h"
#include "db/rec.h"
#include "store/hint.h"
#include "store/tables.h"
#include "testdb.h"

#define PARENT "https://b.example/notes/parent"

struct world {
	struct test_db t;
	struct account alice, bob;
	struct status parent, child, leaf;
	size_t moved;
	bool joined;
};

static enum rc wait_job(struct db_txn *txn, void *arg)
{
	struct world *w = arg;
	w->child.id = 0;
	w->child.root = 0;
	w->child.account = w->bob.id;
	w->child.uri = STR("https://b.example/notes/child");
	w->child.url = w->child.type = w->child.title = w->child.spoiler = STR("");
	w->child.language = w->child.source = STR("");
	w->child.content = html_trusted(STR("<p>x</p>"));
	w->child.parent_uri = STR(PARENT);
	w->child.created_ms = 20;
	must(status_add(txn, &w->child));
	waiting_add(txn, w->child.parent_uri, w->child.id);
	return db_txn_rc(txn);
}

static enum rc parent_job(struct db_txn *txn, void *arg)
{
	struct world *w = arg;
	w->parent = w->child;
	w->parent.id = w->parent.root = 0;
	w->parent.uri = STR(PARENT);
	w->parent.parent_uri = STR("");
	w->parent.created_ms = 10;
	must(status_add(txn, &w->parent));
	return db_txn_rc(txn);
}

static enum rc join_job(struct db_txn *txn, void *arg)
{
	struct world *w = arg;
	w->joined = thread_join(txn, w->t.arena, w->child.id, &w->parent, w->parent.root);
	return db_txn_rc(txn);
}

static enum rc move_job(struct db_txn *txn, void *arg)
{
	struct world *w = arg;
	w->moved = thread_move(txn, w->t.arena, w->child.id, w->parent.id, 2);
	return db_txn_rc(txn);
}

static void world_init(struct world *w)
{
	test_db_init(&w->t, NULL, 0);
	w->alice = test_db_local(&w->t, "alice");
	w->bob = test_db_remote(&w->t, "bob", "b.example");
	w->child = (struct status){ 0 };
	test_db_write(&w->t, wait_job, w);
}

static void world_free(struct world *w)
{
	test_db_free(&w->t);
}

static size_t waiting(struct world *w, const char *uri, uint64_t *out)
{
	struct db_txn *txn = test_db_read(&w->t);
	size_t n = waiting_list(txn, str_of(uri), 0, out, 4);
	db_read_end(&txn);
	return n;
}

static size_t listed(struct world *w, uint64_t root, struct thread_entry *out, size_t count)
{
	struct db_txn *txn = test_db_read(&w->t);
	size_t n = thread_list(txn, root, 0, 0, out, count);
	db_read_end(&txn);
	return n;
}

static struct status read(struct world *w, uint64_t id)
{
	struct status s = { 0 };
	struct db_txn *txn = test_db_read(&w->t);
	status_get(txn, w->t.arena, id, &s);
	db_read_end(&txn);
	return s;
}

static void a_reply_waits_for_its_parent_alone(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	uint64_t ids[4];
	world_init(&w);
	assert_int_equal(waiting(&w, PARENT, ids), 1);
	assert_true(ids[0] == w.child.id);
	assert_int_equal(waiting(&w, PARENT "/other", ids), 0);
	test_db_check(&w.t);
}

static void it_joins_once_with_all_that_belongs_to_it(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	struct thread_entry entries[8];
	uint64_t ids[4];
	world_init(&w);
	for (unsigned i = 0; i < 3; i++)
		w.leaf = test_db_status(&w.t, &w.bob, w.child.id, 0);
	assert_int_equal(listed(&w, w.child.id, entries, 8), 3);
	test_db_write(&w.t, parent_job, &w);
	test_db_write(&w.t, join_job, &w);
	assert_true(w.joined);
	assert_int_equal(waiting(&w, PARENT, ids), 0);
	test_db_check(&w.t);
	test_db_write(&w.t, move_job, &w);
	assert_int_equal(w.moved, 2);
	test_db_check(&w.t);
	test_db_write(&w.t, move_job, &w);
	assert_int_equal(w.moved, 1);
	test_db_write(&w.t, move_job, &w);
	assert_int_equal(w.moved, 0);
	assert_int_equal(listed(&w, w.parent.id, entries, 8), 4);
	/* the oldest first */
	assert_true(entries[0].id == w.child.id && entries[0].created_ms == 20);
	struct status leaf = read(&w, w.leaf.id);
	assert_true(leaf.root == w.parent.id && leaf.parent == w.child.id);
	test_db_write(&w.t, join_job, &w);
	assert_false(w.joined);
	test_db_check(&w.t);
}

static enum rc del_job(struct db_txn *txn, void *arg)
{
	struct world *w = arg;
	status_del(txn, w->child.id, 1);
	return db_txn_rc(txn);
}

static enum rc tell_job(struct db_txn *txn, void *arg)
{
	struct world *w = arg;
	const struct status_hints told = { 14, HINT_NONE, HINT_MAX + 1, 0, 0 };
	hint_tell(txn, w->child.id, &told);
	look_put(txn, w->child.id, &(struct thread_look){ 7, 9, STR("where it goes on") });
	return db_txn_rc(txn);
}

static void what_is_deleted_waits_no_more_and_has_no_hints(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	test_db_write(&w.t, tell_job, &w);
	assert_int_equal(test_db_rows(&w.t, &store_hint), 1);
	assert_int_equal(test_db_rows(&w.t, &store_look), 1);
	test_db_write(&w.t, del_job, &w);
	assert_int_equal(test_db_rows(&w.t, &store_waiting), 0);
	assert_int_equal(test_db_rows(&w.t, &store_hint), 0);
	assert_int_equal(test_db_rows(&w.t, &store_look), 0);
	test_db_check(&w.t);
}

static void hints_keep_what_is_not_told_and_believe_no_monsters(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	test_db_write(&w.t, tell_job, &w);
	struct db_txn *txn = test_db_read(&w.t);
	struct status_hints h = hint_get(txn, w.child.id);
	struct thread_look look = look_get(txn, w.t.arena, w.child.id);
	struct status_hints none = hint_get(txn, w.child.id + 1);
	db_read_end(&txn);
	assert_true(h.replies == 14 && h.boosts == HINT_NONE && h.likes == HINT_NONE);
	assert_true(h.thread == HINT_NONE && none.replies == HINT_NONE && none.told_ms == 0);
	assert_true(h.told_ms != 0 && look.looked_ms == 7 && look.ended_ms == 9);
	assert_str_eq(look.state, STR("where it goes on"));
}

static void damage_is_found(void **state UNUSED)
{
	static struct db_table *const tables[] = { &store_thread, &store_waiting, &store_hint,
						   &store_look };
	for (size_t i = 0; i < ARRAY_LEN(tables); i++) {
		struct world w CLEANUP(world_free);
		char key[24] = { 0 };
		world_init(&w);
		size_t len = i == 0 || i == 1 ? 24 : 8;
		key[len - 1] = 1;
		test_db_put(&w.t, tables[i], str_n(key, len), STR("\1"));
		assert_int_equal(test_db_complaints(&w.t, NULL), 1);
	}
}

static void a_lost_row_is_missed(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	struct status leaf = test_db_status(&w.t, &w.bob, w.child.id, 0);
	struct reckey key = reckey_u64_u64(leaf.root, leaf.created_ms);
	reckey_add_u64(&key, leaf.id);
	test_db_put(&w.t, &store_thread, reckey_str(&key), STR_NONE);
	assert_int_equal(test_db_complaints(&w.t, NULL), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_reply_waits_for_its_parent_alone),
		cmocka_unit_test(it_joins_once_with_all_that_belongs_to_it),
		cmocka_unit_test(what_is_deleted_waits_no_more_and_has_no_hints),
		cmocka_unit_test(hints_keep_what_is_not_told_and_believe_no_monsters),
		cmocka_unit_test(damage_is_found),
		cmocka_unit_test(a_lost_row_is_missed),
	};
	return cmocka_run_group_tests_name("thread", tests, NULL, NULL);
}
