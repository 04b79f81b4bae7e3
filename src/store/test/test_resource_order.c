/* Versions of a resource that several nodes revise: in one order wherever they are, whatever came first. */
#include "core/must.h"
#include "store/account.h"
#include "store/community.h"
#include "store/resource.h"
#include "store/tables.h"
#include "testdb.h"

struct world {
	struct test_db t;
	struct account group;
	struct resource r;
	struct resource_version v;
	enum rc rc;
};

static struct resource_version version(uint64_t at_ms, const char *uri)
{
	return (struct resource_version){ .by = 7,
					  .at_ms = at_ms,
					  .url = str_of(uri),
					  .title = str_of(uri),
					  .description = STR(""),
					  .note = STR(""),
					  .origin = 7,
					  .uri = str_of(uri) };
}

static enum rc begin_job(struct db_txn *txn, void *arg)
{
	struct world *w = arg;
	const struct community c = { .id = w->group.id, .kind = STR("") };
	w->group.kind = ACCOUNT_GROUP;
	must(account_put(txn, w->t.arena, &w->group));
	must(community_put(txn, w->t.arena, &c) == RC_OK);
	w->r = (struct resource){ .community = w->group.id, .by = 7, .origin = 7 };
	w->rc = resource_add(txn, &w->r, STR("https://p.example/r/1"), &w->v) ? RC_OK : RC_IO;
	return db_txn_rc(txn);
}

static enum rc insert_job(struct db_txn *txn, void *arg)
{
	struct world *w = arg;
	w->rc = resource_insert(txn, w->r.id, &w->v);
	return RC_OK;
}

static void world_init(struct world *w, uint64_t at_ms, const char *uri)
{
	test_db_init(&w->t, NULL, 0);
	w->group = test_db_local(&w->t, "group");
	w->v = version(at_ms, uri);
	test_db_write(&w->t, begin_job, w);
}

static void world_free(struct world *w)
{
	test_db_free(&w->t);
}

static enum rc insert(struct world *w, uint64_t at_ms, const char *uri)
{
	w->v = version(at_ms, uri);
	test_db_write(&w->t, insert_job, w);
	return w->rc;
}

static void assert_order(struct world *w, const char *titles)
{
	struct buf all CLEANUP(buf_free) = BUF_INIT(4096);
	struct resource_version v;
	struct resource r;
	struct db_txn *txn = test_db_read(&w->t);
	assert_true(resource_get(txn, w->r.id, &r));
	for (uint32_t n = 1; n <= r.versions; n++) {
		assert_true(resource_version_get(txn, w->t.arena, w->r.id, n, &v));
		assert_int_equal(v.number, n);
		buf_add(&all, v.title);
	}
	assert_false(resource_version_get(txn, w->t.arena, w->r.id, r.versions + 1, &v));
	assert_str_eq(resource_uri(txn, w->t.arena, w->r.id), STR("https://p.example/r/1"));
	db_read_end(&txn);
	assert_str_eq(buf_str(&all), str_of(titles));
	test_db_check(&w->t);
}

static void whatever_comes_first_the_order_is_one(void **state UNUSED)
{
	struct world a CLEANUP(world_free), b CLEANUP(world_free);
	world_init(&a, 10, "a");
	assert_int_equal(insert(&a, 30, "d"), RC_OK);
	assert_int_equal(insert(&a, 20, "c"), RC_OK);
	assert_int_equal(insert(&a, 20, "b"), RC_OK);
	assert_int_equal(insert(&a, 20, "b"), RC_EXISTS);
	world_init(&b, 20, "b");
	assert_int_equal(insert(&b, 20, "c"), RC_OK);
	assert_int_equal(insert(&b, 10, "a"), RC_OK);
	assert_int_equal(insert(&b, 30, "d"), RC_OK);
	assert_order(&a, "abcd");
	assert_order(&b, "abcd");
}

static void there_is_an_end_to_them(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w, 1, "a");
	for (unsigned i = 1; i < RESOURCE_VERSIONS_JOINT_MAX; i++)
		assert_int_equal(insert(&w, i, arena_printf(w.t.arena, "v%u", i).ptr), RC_OK);
	assert_int_equal(insert(&w, 1000, "last"), RC_TOO_LARGE);
	test_db_check(&w.t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whatever_comes_first_the_order_is_one),
		cmocka_unit_test(there_is_an_end_to_them),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
