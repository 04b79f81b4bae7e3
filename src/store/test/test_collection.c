/* Collections of accounts: what is stored comes back, indexes agree, limits hold. */
#include "../collection_int.h"
#include "core/must.h"
#include "db/rec.h"
#include "store/account.h"
#include "store/tables.h"
#include "store/uri.h"
#include "testdb.h"

struct world {
	struct test_db t;
	struct account alice, bob, carol;
	struct collection cats;
	struct collection_item item;
};

static enum rc add_job(struct db_txn *txn, void *arg)
{
	struct world *w = arg;
	w->cats.id = w->item.id = 0;
	must(collection_add(txn, &w->cats));
	w->item.collection = w->cats.id;
	must(collection_item_add(txn, w->t.arena, &w->item));
	return db_txn_rc(txn);
}

static void world_init(struct world *w)
{
	test_db_init(&w->t, NULL, 0);
	w->alice = test_db_local(&w->t, "alice");
	w->bob = test_db_remote(&w->t, "bob", "b.example");
	w->carol = test_db_remote(&w->t, "carol", "c.example");
	w->cats = (struct collection){ .account = w->alice.id,
				       .flags = COLLECTION_DISCOVERABLE,
				       .uri = STR("https://social.example.org/c/1"),
				       .url = STR(""),
				       .name = STR("Cats"),
				       .description = html_trusted(STR("<p>Only cats</p>")),
				       .language = STR("en"),
				       .tag = STR("cats"),
				       .created_ms = 1000,
				       .updated_ms = 2000 };
	w->item = (struct collection_item){ .account = w->bob.id,
					    .state = COLLECTION_PENDING,
					    .uri = STR("https://social.example.org/c/1/i/1"),
					    .request = STR("https://social.example.org/r/1"),
					    .authorization = STR(""),
					    .created_ms = 1500 };
	test_db_write(&w->t, add_job, w);
}

static void world_free(struct world *w)
{
	test_db_free(&w->t);
}

static void what_is_stored_comes_back(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	struct collection c;
	struct collection_item items[COLLECTION_ITEMS_MAX];
	struct collection_place places[4];
	uint64_t ids[COLLECTIONS_MAX];
	world_init(&w);
	struct db_txn *txn = test_db_read(&w.t);
	assert_true(collection_find_uri(txn, w.t.arena, w.cats.uri, &c));
	assert_int_equal(c.id, w.cats.id);
	assert_int_equal(c.account, w.alice.id);
	assert_int_equal(c.flags, COLLECTION_DISCOVERABLE);
	assert_str_eq(c.name, STR("Cats"));
	assert_str_eq(c.description.markup, STR("<p>Only cats</p>"));
	assert_str_eq(c.tag, STR("cats"));
	assert_true(c.created_ms == 1000 && c.updated_ms == 2000 && c.fetched_ms == 0);
	assert_int_equal(collections_of(txn, w.alice.id, ids), 1);
	assert_int_equal(collections_of(txn, w.bob.id, ids), 0);
	assert_int_equal(collection_items(txn, w.t.arena, c.id, items), 1);
	assert_int_equal(items[0].account, w.bob.id);
	assert_int_equal(items[0].state, COLLECTION_PENDING);
	assert_str_eq(items[0].request, w.item.request);
	assert_int_equal(collections_with(txn, w.bob.id, 0, places, 4), 1);
	assert_true(places[0].collection == c.id && places[0].item == items[0].id);
	assert_int_equal(collections_with(txn, w.bob.id, c.id, places, 4), 0);
	assert_true(collection_item_of(txn, w.t.arena, c.id, w.bob.id, &items[1]));
	assert_false(collection_item_of(txn, w.t.arena, c.id, w.carol.id, &items[1]));
	db_read_end(&txn);
	test_db_check(&w.t);
}

static enum rc again_job(struct db_txn *txn, void *arg)
{
	struct world *w = arg;
	struct collection same = w->cats;
	struct collection_item twice = w->item;
	same.id = twice.id = 0;
	/* its id is taken; who is in it is in it once */
	must(!collection_add(txn, &same));
	must(!collection_item_add(txn, w->t.arena, &twice));
	w->item.state = COLLECTION_ACCEPTED;
	w->item.authorization = STR("https://b.example/stamps/1");
	collection_item_put(txn, &w->item);
	w->cats.name = STR("Cats and owls");
	collection_put(txn, &w->cats);
	return db_txn_rc(txn);
}

static void who_is_in_it_is_in_it_once(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	struct collection c;
	struct collection_item item;
	world_init(&w);
	test_db_write(&w.t, again_job, &w);
	struct db_txn *txn = test_db_read(&w.t);
	assert_true(collection_get(txn, w.t.arena, w.cats.id, &c));
	assert_str_eq(c.name, STR("Cats and owls"));
	assert_true(collection_item_of(txn, w.t.arena, c.id, w.bob.id, &item));
	assert_int_equal(item.state, COLLECTION_ACCEPTED);
	assert_str_eq(item.authorization, STR("https://b.example/stamps/1"));
	db_read_end(&txn);
	test_db_check(&w.t);
}

static enum rc many_job(struct db_txn *txn, void *arg)
{
	struct world *w = arg;
	for (unsigned i = 1; i < COLLECTIONS_MAX; i++) {
		struct collection c = w->cats;
		c.id = 0;
		c.uri = arena_printf(w->t.arena, "https://social.example.org/c/many/%u", i);
		must(collection_add(txn, &c));
	}
	struct collection c = w->cats;
	c.id = 0;
	c.uri = STR("https://social.example.org/c/surplus");
	must(!collection_add(txn, &c));
	for (unsigned i = 1; i < COLLECTION_ITEMS_MAX; i++) {
		struct collection_item item = w->item;
		item.account = 1000 + i;
		must(collection_item_add(txn, w->t.arena, &item));
	}
	struct collection_item item = w->item;
	item.account = w->carol.id;
	must(!collection_item_add(txn, w->t.arena, &item));
	return db_txn_rc(txn);
}

static enum rc del_job(struct db_txn *txn, void *arg)
{
	struct world *w = arg;
	must(collection_del(txn, w->t.arena, w->cats.id));
	must(!collection_del(txn, w->t.arena, w->cats.id));
	return db_txn_rc(txn);
}

static void limits_hold_and_nothing_is_left(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	test_db_write(&w.t, many_job, &w);
	test_db_check(&w.t);
	test_db_write(&w.t, del_job, &w);
	assert_int_equal(test_db_rows(&w.t, &store_collection_item), 0);
	assert_int_equal(test_db_rows(&w.t, &store_collection_with), 0);
	assert_int_equal(test_db_rows(&w.t, &store_collection), COLLECTIONS_MAX - 1);
	test_db_check(&w.t);
}

static void every_truncation_is_refused(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	struct buf row CLEANUP(buf_free) = BUF_INIT(4096), item CLEANUP(buf_free) = BUF_INIT(4096);
	struct collection c;
	struct collection_item i;
	const struct collection_place place = { 1, 2 };
	world_init(&w);
	collection_encode(&row, &w.cats);
	assert_true(collection_decode(buf_str(&row), 7, &c));
	for (size_t len = 0; len < row.len; len++)
		assert_false(collection_decode(str_take(buf_str(&row), len), 7, &c));
	buf_add_chr(&row, 'x');
	assert_false(collection_decode(buf_str(&row), 7, &c));
	collection_item_encode(&item, &w.item);
	assert_true(collection_item_decode(buf_str(&item), place, &i));
	assert_true(i.id == 2 && i.collection == 1 && i.account == w.bob.id);
	for (size_t len = 0; len < item.len; len++)
		assert_false(collection_item_decode(str_take(buf_str(&item), len), place, &i));
	item.ptr[1] = 9; /* a state of the future */
	assert_false(collection_item_decode(buf_str(&item), place, &i));
}

static void the_loss_of_any_row_is_found(void **state UNUSED)
{
	struct db_table *const tables[] = { &store_collection, &store_collection_by_account,
					    &store_collection_item, &store_collection_with };
	for (size_t k = 0; k < ARRAY_LEN(tables); k++) {
		struct world w CLEANUP(world_free);
		struct db_iter it;
		struct str key, value;
		world_init(&w);
		struct db_txn *txn = test_db_read(&w.t);
		db_iter_open(&it, txn, tables[k], STR(""), DB_FORWARD, STR_NONE);
		assert_true(db_iter_next(&it, &key, &value));
		key = arena_str(w.t.arena, key);
		db_iter_close(&it);
		db_read_end(&txn);
		test_db_put(&w.t, tables[k], key, STR_NONE);
		assert_true(test_db_complaints(&w.t, NULL) != 0);
		test_db_put(&w.t, tables[k], key, STR("\xff"));
		/* what is an index of keys alone has nothing to damage */
		if (tables[k] != &store_collection_by_account)
			assert_true(test_db_complaints(&w.t, NULL) != 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_stored_comes_back),
		cmocka_unit_test(who_is_in_it_is_in_it_once),
		cmocka_unit_test(limits_hold_and_nothing_is_left),
		cmocka_unit_test(every_truncation_is_refused),
		cmocka_unit_test(the_loss_of_any_row_is_found),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
