/* Cards: found by their address alone, many at once, forgotten when they are old. */
#include "store/card.h"

#include "store/sweep.h"
#include "store/tables.h"
#include "testdb.h"

static struct card page(const char *url, uint64_t fetched_ms)
{
	return (struct card){ .url = str_of(url),
			      .shown = true,
			      .fetched_ms = fetched_ms,
			      .title = STR("A title"),
			      .description = STR("What it is about"),
			      .site_name = STR("The News"),
			      .author = STR("Lena"),
			      .creator = STR("lena@a.example"),
			      .image = STR("https://a.example/1.png"),
			      .image_alt = STR("A bridge"),
			      .width = 640,
			      .height = 480,
			      .language = STR("de"),
			      .published_ms = 5 };
}

static enum rc put_job(struct db_txn *txn, void *arg)
{
	card_put(txn, arg);
	return db_txn_rc(txn);
}

static void put(struct test_db *t, struct card card)
{
	assert_int_equal(db_write(t->db, put_job, &card), RC_OK);
}

static void it_comes_back_as_it_was(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	struct card found;
	test_db_init(&t, NULL, 0);
	put(&t, page("https://a.example/1", 17));
	struct db_txn *txn = test_db_read(&t);
	assert_true(card_get(txn, t.arena, card_id(STR("https://a.example/1")), &found));
	assert_false(card_get(txn, t.arena, card_id(STR("https://a.example/2")), &found));
	db_read_end(&txn);
	assert_true(found.shown);
	assert_int_equal(found.fetched_ms, 17);
	assert_str_eq(found.creator, STR("lena@a.example"));
	assert_str_eq(found.image_alt, STR("A bridge"));
	assert_int_equal(found.width, 640);
	assert_str_eq(found.language, STR("de"));
	assert_int_equal(found.published_ms, 5);
	test_db_check(&t);
}

static void many_are_read_at_once(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	struct card found[4];
	const struct str urls[] = { STR("https://a.example/2"), STR(""), STR("https://a.example/3"),
				    STR("https://a.example/1") };
	test_db_init(&t, NULL, 0);
	put(&t, page("https://a.example/1", 1));
	put(&t, page("https://a.example/2", 2));
	struct db_txn *txn = test_db_read(&t);
	assert_true(card_get_many(txn, t.arena, urls, 4, found));
	db_read_end(&txn);
	assert_int_equal(found[0].fetched_ms, 2);
	assert_int_equal(found[1].id, 0);
	assert_int_equal(found[2].id, 0);
	assert_int_equal(found[3].fetched_ms, 1);
}

static enum rc sweep_job(struct db_txn *txn, void *arg)
{
	struct sweep_cursor cursor = { .len = 0 };
	while (!cards_sweep(txn, *(const uint64_t *)arg, &cursor, 2)) {
	}
	return db_txn_rc(txn);
}

static void old_ones_are_forgotten(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	uint64_t now_ms = 1000 * MS_PER_DAY;
	test_db_init(&t, NULL, 0);
	put(&t, page("https://a.example/1", now_ms - CARD_KEEP_MS));
	put(&t, page("https://a.example/2", now_ms - CARD_KEEP_MS + 1));
	put(&t, page("https://a.example/3", now_ms));
	assert_int_equal(db_write(t.db, sweep_job, &now_ms), RC_OK);
	struct db_txn *txn = test_db_read(&t);
	assert_int_equal(db_count(txn, &store_card), 2);
	db_read_end(&txn);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_comes_back_as_it_was),
		cmocka_unit_test(many_are_read_at_once),
		cmocka_unit_test(old_ones_are_forgotten),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
