/* Who stands above the members of a community, and who is banned: found among many rows. */
#include "core/must.h"
#include "store/account.h"
#include "store/community.h"
#include "store/tables.h"
#include "testdb.h"

#define CROWD 300

static uint64_t crowd[CROWD];

struct world {
	struct test_db t;
	struct account alice, bob, group;
};

static void world_free(struct world *w)
{
	test_db_free(&w->t);
}

static void put(struct db_txn *txn, const struct world *w, uint64_t account, uint64_t role,
		unsigned flags)
{
	const struct community_member m = { .community = w->group.id,
					    .account = account,
					    .role = role,
					    .flags = flags,
					    .strikes = 1,
					    .reason = STR(""),
					    .note = STR("") };
	community_member_put(txn, &m);
}

static enum rc crowd_job(struct db_txn *txn, void *arg)
{
	struct world *w = arg;
	const struct community one = { .id = w->group.id, .kind = STR("") };
	w->group.kind = ACCOUNT_GROUP;
	must(account_put(txn, w->t.arena, &w->group));
	must(community_put(txn, w->t.arena, &one) == RC_OK);
	put(txn, w, w->alice.id, COMMUNITY_OWNER, 0);
	put(txn, w, w->bob.id, COMMUNITY_MEMBER, COMMUNITY_BANNED);
	for (unsigned i = 0; i < CROWD; i++)
		put(txn, w, crowd[i], i == CROWD - 1 ? COMMUNITY_MODERATOR : COMMUNITY_MEMBER,
		    i % 100 == 50 ? COMMUNITY_BANNED : 0);
	return db_txn_rc(txn);
}

static void world_crowd(struct world *w)
{
	test_db_init(&w->t, NULL, 0);
	w->alice = test_db_local(&w->t, "alice");
	w->bob = test_db_remote(&w->t, "bob", "b.example");
	w->group = test_db_local(&w->t, "botany");
	for (unsigned i = 0; i < CROWD; i++) {
		const char *name = arena_printf(w->t.arena, "one%u", i).ptr;
		crowd[i] = test_db_remote(&w->t, name, "c.example").id;
	}
	test_db_write(&w->t, crowd_job, w);
}

static void table_clear(struct world *w, const struct db_table *table)
{
	struct db_txn *txn = test_db_read(&w->t);
	struct db_iter it;
	struct str key, keys[8];
	size_t n = 0;
	db_iter_open(&it, txn, table, STR(""), DB_FORWARD, STR_NONE);
	while (n < ARRAY_LEN(keys) && db_iter_next(&it, &key, NULL))
		keys[n++] = arena_str(w->t.arena, key);
	db_iter_close(&it);
	db_read_end(&txn);
	for (size_t i = 0; i < n; i++)
		test_db_put(&w->t, table, keys[i], STR_NONE);
	assert_int_equal(test_db_rows(&w->t, table), 0);
}

static enum rc demote_job(struct db_txn *txn, void *arg)
{
	struct world *w = arg;
	struct community_member m;
	must(community_member_get(txn, w->t.arena, w->group.id, w->alice.id, &m));
	m.role = COMMUNITY_MEMBER;
	community_member_put(txn, &m);
	must(community_member_del(txn, w->group.id, w->bob.id));
	return db_txn_rc(txn);
}

static void who_stands_above_or_is_banned_is_found_among_many(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	struct community_member rows[8];
	uint64_t ids[8];
	world_crowd(&w);
	test_db_check(&w.t);
	const uint64_t id = w.group.id;
	struct db_txn *txn = test_db_read(&w.t);
	assert_int_equal(community_staff_rows(txn, w.t.arena, id, 0, rows, 8), 2);
	assert_true(rows[0].account == w.alice.id && rows[0].role == COMMUNITY_OWNER);
	assert_true(rows[1].role == COMMUNITY_MODERATOR);
	assert_int_equal(community_staff_rows(txn, w.t.arena, id, w.alice.id, rows, 8), 1);
	assert_int_equal(community_banned_rows(txn, w.t.arena, id, 0, rows, 8), 4);
	assert_true(rows[0].account == w.bob.id && rows[3].strikes == 1);
	assert_int_equal(community_banned_page(txn, id, &PAGE_ALL, ids, 3), 3);
	assert_int_equal(ids[0], rows[3].account);
	const struct page older = { .max_id = ids[2] };
	assert_int_equal(community_banned_page(txn, id, &older, ids, 3), 1);
	assert_int_equal(ids[0], w.bob.id);
	db_read_end(&txn);
	test_db_write(&w.t, demote_job, &w);
	test_db_check(&w.t);
	txn = test_db_read(&w.t);
	assert_int_equal(community_staff_rows(txn, w.t.arena, id, 0, rows, 8), 1);
	assert_int_equal(community_banned_rows(txn, w.t.arena, id, 0, rows, 8), 3);
	db_read_end(&txn);
}

/* As an earlier build left the database. */
static void standing_is_written_for_older_databases(void **state UNUSED)
{
	static struct db_table *const tables[] = { &store_community_staff,
						   &store_community_banned };
	struct world w CLEANUP(world_free);
	world_crowd(&w);
	/* one without the other is a fault; neither is an older database, which is none */
	table_clear(&w, tables[0]);
	assert_true(test_db_complaints(&w.t, NULL) > 0);
	table_clear(&w, tables[1]);
	test_db_check(&w.t);
	test_db_write(&w.t, community_standing_ensure, NULL);
	test_db_check(&w.t);
	assert_int_equal(test_db_rows(&w.t, &store_community_staff), 2);
	assert_int_equal(test_db_rows(&w.t, &store_community_banned), 4);
	test_db_write(&w.t, community_standing_ensure, NULL);
	test_db_check(&w.t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_stands_above_or_is_banned_is_found_among_many),
		cmocka_unit_test(standing_is_written_for_older_databases),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
