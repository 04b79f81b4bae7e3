/* What posts said before: in order, the first one always, gone with the post. */
#include "store/revision.h"

#include "store/node.h"
#include "store/tables.h"
#include "testdb.h"

struct world {
	struct test_db t;
	struct account alice;
	struct status post;
	unsigned edits;
};

static enum rc make_post(struct db_txn *txn, void *arg)
{
	struct world *w = arg;
	w->post = (struct status){ .account = w->alice.id,
				   .flags = STATUS_LOCAL,
				   .created_ms = TEST_DB_WALL_MS,
				   .type = STR("Note"),
				   .content = html_trusted(STR("0")),
				   .uri = STR("https://social.example.org/users/alice/1") };
	node_count(txn, 0, 1);
	return status_add(txn, &w->post) ? db_txn_rc(txn) : RC_EXISTS;
}

/* Each says its number. */
static enum rc edit_post(struct db_txn *txn, void *arg)
{
	struct world *w = arg;
	struct poll_option options[] = { { STR("red"), 3 }, { STR("green"), 0 } };
	const struct poll poll = { .options = options, .option_count = 2 };
	for (unsigned i = 0; i < w->edits; i++) {
		unsigned n = (unsigned)w->post.edited_ms != 0
				     ? (unsigned)(w->post.edited_ms - w->post.created_ms)
				     : 0;
		revision_keep(txn, &w->post, n == 1 ? &poll : NULL);
		w->post.edited_ms = w->post.created_ms + n + 1;
		w->post.content = html_trusted(arena_printf(w->t.arena, "%u", n + 1));
		if (!status_edit(txn, &w->post))
			return RC_NOT_FOUND;
	}
	return db_txn_rc(txn);
}

static enum rc del_post(struct db_txn *txn, void *arg)
{
	struct world *w = arg;
	node_count(txn, 0, -1);
	return status_del(txn, w->post.id, TEST_DB_WALL_MS) ? RC_OK : RC_NOT_FOUND;
}

static void world_init(struct world *w, unsigned edits)
{
	*w = (struct world){ .edits = edits };
	test_db_init(&w->t, NULL, 0);
	w->alice = test_db_local(&w->t, "alice");
	assert_int_equal(db_write(w->t.db, make_post, w), RC_OK);
	assert_int_equal(db_write(w->t.db, edit_post, w), RC_OK);
}

static void world_free(struct world *w)
{
	test_db_free(&w->t);
}

static size_t list(struct world *w, struct revision out[REVISIONS_MAX])
{
	struct db_txn *txn = test_db_read(&w->t);
	size_t n = revision_list(txn, w->t.arena, w->post.id, out);
	assert_int_equal(db_txn_rc(txn), RC_OK);
	db_read_end(&txn);
	return n;
}

static void versions_come_back_in_order(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	static struct revision found[REVISIONS_MAX];
	world_init(&w, 3);
	assert_int_equal(list(&w, found), 3);
	assert_int_equal(found[0].at_ms, w.post.created_ms);
	assert_int_equal(found[2].at_ms, w.post.created_ms + 2);
	assert_str_eq(found[0].status.content.markup, STR("0"));
	assert_str_eq(found[2].status.content.markup, STR("2"));
	assert_int_equal(found[0].option_count, 0);
	assert_int_equal(found[1].option_count, 2);
	assert_str_eq(found[1].options[1], STR("green"));
	test_db_check(&w.t);
}

static void the_first_and_the_newest_are_kept(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	static struct revision found[REVISIONS_MAX];
	world_init(&w, REVISIONS_MAX + 20);
	assert_int_equal(list(&w, found), REVISIONS_MAX);
	assert_str_eq(found[0].status.content.markup, STR("0"));
	assert_str_eq(found[1].status.content.markup, STR("21"));
	assert_int_equal(found[REVISIONS_MAX - 1].at_ms, w.post.created_ms + REVISIONS_MAX + 19);
}

static void they_go_with_their_post(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	static struct revision found[REVISIONS_MAX];
	world_init(&w, 3);
	assert_int_equal(db_write(w.t.db, del_post, &w), RC_OK);
	assert_int_equal(list(&w, found), 0);
	test_db_check(&w.t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(versions_come_back_in_order),
		cmocka_unit_test(the_first_and_the_newest_are_kept),
		cmocka_unit_test(they_go_with_their_post),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
