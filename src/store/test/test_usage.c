/* Ranked sets, and counters of use. */
#include "store/usage.h"

#include "core/random.h"
#include "store/rank.h"
#include "store/sweep.h"
#include "store/tables.h"
#include "testdb.h"

/* --- ranks --- */

struct ranking {
	struct test_db *t;
	enum rank_kind kind;
	struct str item;
	uint64_t score;
	enum rank_review review;
	size_t pruned;
	enum { PUT, DEL, REVIEW, PRUNE } what;
};

static enum rc rank_job(struct db_txn *txn, void *arg)
{
	struct ranking *r = arg;
	switch (r->what) {
	case PUT:
		rank_put(txn, r->kind, r->item, r->score);
		break;
	case DEL:
		rank_del(txn, r->kind, r->item);
		break;
	case REVIEW:
		rank_review(txn, r->kind, r->item, r->review);
		break;
	case PRUNE:
		r->pruned = rank_prune(txn, r->kind, r->score, 10);
		break;
	}
	return db_txn_rc(txn);
}

static void put(struct test_db *t, enum rank_kind kind, const char *item, uint64_t score)
{
	struct ranking r = { .kind = kind, .item = str_of(item), .score = score, .what = PUT };
	test_db_write(t, rank_job, &r);
}

static void expect_order(struct test_db *t, enum rank_kind kind, size_t offset, const char *words)
{
	struct rank list[8];
	struct buf joined CLEANUP(buf_free) = BUF_INIT(1024);
	struct db_txn *txn = test_db_read(t);
	size_t n = rank_top(txn, t->arena, kind, offset, list, 8);
	db_read_end(&txn);
	for (size_t i = 0; i < n; i++)
		buf_addf(&joined, "%.*s ", STR_ARG(list[i].item));
	assert_str_eq(buf_str(&joined), str_of(words));
	test_db_check(t);
}

static void ranks_are_in_the_order_of_their_scores(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	test_db_init(&t, NULL, 0);
	put(&t, RANK_TAG, "a", 5);
	put(&t, RANK_TAG, "b", UINT64_MAX);
	put(&t, RANK_TAG, "c", 300);
	put(&t, RANK_LINK, "z", 7);
	expect_order(&t, RANK_TAG, 0, "b c a ");
	expect_order(&t, RANK_TAG, 1, "c a ");
	expect_order(&t, RANK_LINK, 0, "z ");
	expect_order(&t, RANK_STATUS, 0, "");
	put(&t, RANK_TAG, "a", 400);
	expect_order(&t, RANK_TAG, 0, "b a c ");
	struct ranking del = { .kind = RANK_TAG, .item = STR("b"), .what = DEL };
	test_db_write(&t, rank_job, &del);
	test_db_write(&t, rank_job, &del);
	expect_order(&t, RANK_TAG, 0, "a c ");
}

static void the_worst_are_pruned_but_not_what_was_reviewed(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	struct rank rank;
	test_db_init(&t, NULL, 0);
	put(&t, RANK_TAG, "a", 1);
	put(&t, RANK_TAG, "b", 2);
	put(&t, RANK_TAG, "c", 3);
	put(&t, RANK_TAG, "d", 4);
	struct ranking review = {
		.kind = RANK_TAG, .item = STR("b"), .review = REVIEW_REFUSED, .what = REVIEW
	};
	test_db_write(&t, rank_job, &review);
	struct ranking prune = { .kind = RANK_TAG, .score = 4, .what = PRUNE };
	test_db_write(&t, rank_job, &prune);
	assert_int_equal(prune.pruned, 2);
	expect_order(&t, RANK_TAG, 0, "d b ");
	/* a review outlives a new score */
	put(&t, RANK_TAG, "b", 9);
	struct db_txn *txn = test_db_read(&t);
	assert_true(rank_get(txn, t.arena, RANK_TAG, STR("b"), &rank));
	assert_int_equal(rank.review, REVIEW_REFUSED);
	assert_int_equal(rank.score, 9);
	assert_false(rank_get(txn, t.arena, RANK_TAG, STR("a"), &rank));
	db_read_end(&txn);
}

static void items_may_be_ids(void **state UNUSED)
{
	struct rank_id id = rank_id(UINT64_C(0x0102030405060708));
	assert_int_equal(rank_item_id(rank_id_str(&id)), UINT64_C(0x0102030405060708));
	assert_int_equal(rank_item_id(STR("short")), 0);
}

static void items_are_found_by_their_numbers(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	struct rank rank;
	test_db_init(&t, NULL, 0);
	put(&t, RANK_TAG, "cats", 5);
	put(&t, RANK_LINK, "dogs", 6);
	struct db_txn *txn = test_db_read(&t);
	assert_true(rank_find(txn, t.arena, RANK_TAG, rank_number(STR("cats")), &rank));
	assert_str_eq(rank.item, STR("cats"));
	assert_int_equal(rank.score, 5);
	assert_false(rank_find(txn, t.arena, RANK_TAG, rank_number(STR("dogs")), &rank));
	assert_true(rank_number(STR("cats")) != rank_number(STR("dogs")));
	db_read_end(&txn);
}

static void a_rank_out_of_order_is_told(void **state UNUSED)
{
	static const struct str foreign = STR_INIT("\1........0123456789abcdef");
	struct test_db t CLEANUP(test_db_free);
	struct str first;
	test_db_init(&t, NULL, 0);
	test_db_put(&t, &store_rank_order, foreign, STR(""));
	assert_int_equal(test_db_complaints(&t, &first), 1);
	assert_true(str_contains(first, STR("has nothing of this score")));
	test_db_put(&t, &store_rank_order, foreign, STR_NONE);
	test_db_put(&t, &store_rank, STR("\1................"), STR("\1\0\0\0\0\0\0\0\1\0\1"));
	assert_int_equal(test_db_complaints(&t, NULL), 2);
	test_db_put(&t, &store_rank, STR("\1................"), STR("\1\0"));
	assert_int_equal(test_db_complaints(&t, &first), 1);
	assert_true(str_contains(first, STR("cannot be decoded")));
}

/* --- use --- */

struct using
{
	uint64_t accounts, times;
	uint32_t day;
};

static enum rc use_job(struct db_txn *txn, void *arg)
{
	const struct using *u = arg;
	for (uint64_t i = 0; i < u->accounts * u->times; i++)
		usage_add(txn, USAGE_TAG, STR("cats"), u->day, (i % u->accounts) << 16);
	return db_txn_rc(txn);
}

static void people_are_counted_once_a_day(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	test_db_init(&t, NULL, 0);
	struct using few = { 5, 3, 100 }, many = { 1000, 2, 101 };
	test_db_write(&t, use_job, &few);
	test_db_write(&t, use_job, &many);
	struct db_txn *txn = test_db_read(&t);
	struct usage usage = usage_get(txn, USAGE_TAG, STR("cats"), 100);
	assert_int_equal(usage.uses, 15);
	assert_int_equal(usage.accounts, 5);
	usage = usage_get(txn, USAGE_TAG, STR("cats"), 101);
	assert_int_equal(usage.uses, 2000);
	assert_in_range(usage.accounts, 800, 1200);
	usage = usage_get(txn, USAGE_LINK, STR("cats"), 100);
	assert_int_equal(usage.uses, 0);
	db_read_end(&txn);
}

static enum rc sweep_job(struct db_txn *txn, void *arg)
{
	struct sweep_cursor cursor = { .len = 0 };
	const uint64_t *now_ms = arg;
	while (!usage_sweep(txn, *now_ms, &cursor, 2))
		;
	cursor = (struct sweep_cursor){ .len = 0 };
	while (!presence_sweep(txn, *now_ms, &cursor, 2))
		;
	return db_txn_rc(txn);
}

static void old_days_are_forgotten(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	test_db_init(&t, NULL, 0);
	for (uint32_t day = 100; day < 110; day++) {
		struct using u = { 1, 1, day };
		test_db_write(&t, use_job, &u);
	}
	uint64_t now_ms = (105 + USAGE_KEPT_DAYS) * MS_PER_DAY + 1;
	test_db_write(&t, sweep_job, &now_ms);
	assert_int_equal(test_db_rows(&t, &store_usage), 5);
}

static enum rc tag_job(struct db_txn *txn, void *arg UNUSED)
{
	hashtag_use(txn, STR("cats"), STR("cats"), 1000);
	hashtag_use(txn, STR("cats"), STR("Cats"), 2000);
	hashtag_use(txn, STR("catsofmastodon"), STR("CatsOfMastodon"), 1500);
	hashtag_use(txn, STR("dogs"), STR("dogs"), 1500);
	return db_txn_rc(txn);
}

static void hashtags_are_found_by_how_they_begin(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	struct hashtag tag, list[4];
	test_db_init(&t, NULL, 0);
	test_db_write(&t, tag_job, NULL);
	struct db_txn *txn = test_db_read(&t);
	assert_true(hashtag_get(txn, t.arena, STR("cats"), &tag));
	assert_str_eq(tag.display, STR("Cats"));
	assert_int_equal(tag.first_ms, 1000);
	assert_int_equal(tag.last_ms, 2000);
	assert_int_equal(tag.uses, 2);
	assert_false(hashtag_get(txn, t.arena, STR("cat"), &tag));
	assert_int_equal(hashtag_list(txn, t.arena, STR("cat"), list, 4), 2);
	assert_str_eq(list[1].name, STR("catsofmastodon"));
	assert_int_equal(hashtag_list(txn, t.arena, STR(""), list, 4), 3);
	db_read_end(&txn);
}

static enum rc measure_job(struct db_txn *txn, void *arg UNUSED)
{
	measure_add(txn, MEASURE_STATUSES, 10, 2);
	measure_add(txn, MEASURE_STATUSES, 10, 3);
	measure_add(txn, MEASURE_STATUSES, 12, 7);
	measure_add(txn, MEASURE_REPORTS, 11, 100);
	return db_txn_rc(txn);
}

static void days_are_summed(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	test_db_init(&t, NULL, 0);
	test_db_write(&t, measure_job, NULL);
	struct db_txn *txn = test_db_read(&t);
	assert_int_equal(measure_sum(txn, MEASURE_STATUSES, 10, 10), 5);
	assert_int_equal(measure_sum(txn, MEASURE_STATUSES, 10, 12), 12);
	assert_int_equal(measure_sum(txn, MEASURE_STATUSES, 11, 11), 0);
	assert_int_equal(measure_sum(txn, MEASURE_STATUSES, 12, 10), 0);
	db_read_end(&txn);
}

/* --- who was here --- */

static const struct {
	uint64_t account, at_ms;
	bool fresh;
} visits[] = {
	{ 1, UINT64_C(1704067199000), true }, /* 2023-12-31T23:59:59Z */
	{ 1, UINT64_C(1704067198000), false }, { 2, UINT64_C(1704067199000), true },
	{ 1, UINT64_C(1704067200000), true }, /* a second later it is January */
	{ 1, UINT64_C(1709164800000), true }, /* 2024-02-29 */
};

static enum rc visit_job(struct db_txn *txn, void *arg UNUSED)
{
	for (size_t i = 0; i < ARRAY_LEN(visits); i++)
		assert_int_equal(presence_add(txn, visits[i].account, visits[i].at_ms),
				 visits[i].fresh);
	return db_txn_rc(txn);
}

static void who_was_here_is_known_by_days_and_months(void **state UNUSED)
{
	const uint32_t december = 2023 * 12 + 11, january = december + 1, february = january + 1;
	struct test_db t CLEANUP(test_db_free);
	uint64_t ids[4];
	test_db_init(&t, NULL, 0);
	test_db_write(&t, visit_job, NULL);
	struct db_txn *txn = test_db_read(&t);
	assert_int_equal(period_of_ms(PERIOD_MONTH, visits[0].at_ms), december);
	assert_int_equal(period_of_ms(PERIOD_MONTH, visits[3].at_ms), january);
	assert_int_equal(period_of_ms(PERIOD_MONTH, visits[4].at_ms), february);
	assert_int_equal(presence_count(txn, PERIOD_MONTH, december), 2);
	assert_int_equal(presence_count(txn, PERIOD_DAY, day_of_ms(visits[3].at_ms)), 1);
	/* the Monday of the week of 2024-01-01 is that day */
	assert_int_equal(period_of_ms(PERIOD_WEEK, visits[3].at_ms), day_of_ms(visits[3].at_ms));
	assert_int_equal(period_of_ms(PERIOD_WEEK, visits[0].at_ms),
			 day_of_ms(visits[3].at_ms) - 7);
	assert_int_equal(presence_count(txn, PERIOD_WEEK, day_of_ms(visits[3].at_ms) - 7), 2);
	assert_int_equal(presence_count(txn, PERIOD_WEEK, day_of_ms(visits[3].at_ms)), 1);
	assert_true(presence_has(txn, PERIOD_MONTH, february, 1));
	assert_false(presence_has(txn, PERIOD_MONTH, february, 2));
	assert_int_equal(presence_list(txn, PERIOD_MONTH, december, 0, ids, 4), 2);
	assert_int_equal(presence_list(txn, PERIOD_MONTH, december, 1, ids, 4), 1);
	assert_int_equal(ids[0], 2);
	db_read_end(&txn);
	/* four days, four weeks, four months */
	assert_int_equal(test_db_rows(&t, &store_presence), 12);
	uint64_t now_ms = visits[4].at_ms + 63 * MS_PER_DAY;
	test_db_write(&t, sweep_job, &now_ms);
	assert_int_equal(test_db_rows(&t, &store_presence), 4);
}

static void months_begin_where_they_end(void **state UNUSED)
{
	/* 2023-01-01 */
	assert_int_equal(period_start_ms(PERIOD_MONTH, 2023 * 12), UINT64_C(1672531200000));
	for (uint32_t month = 1970 * 12; month < 2101 * 12; month++) {
		uint64_t start = period_start_ms(PERIOD_MONTH, month);
		assert_int_equal(period_of_ms(PERIOD_MONTH, start), month);
		if (start != 0)
			assert_int_equal(period_of_ms(PERIOD_MONTH, start - 1), month - 1);
	}
	assert_int_equal(period_start_ms(PERIOD_DAY, 10), 10 * MS_PER_DAY);
}

static void damaged_counters_are_told(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	struct hashtag tag;
	test_db_init(&t, NULL, 0);
	test_db_put(&t, &store_hashtag, STR("cats"), STR("\1\1"));
	struct db_txn *txn = test_db_read(&t);
	assert_false(hashtag_get(txn, t.arena, STR("cats"), &tag));
	assert_int_equal(db_txn_rc(txn), RC_CORRUPT);
	db_read_end(&txn);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ranks_are_in_the_order_of_their_scores),
		cmocka_unit_test(the_worst_are_pruned_but_not_what_was_reviewed),
		cmocka_unit_test(items_may_be_ids),
		cmocka_unit_test(items_are_found_by_their_numbers),
		cmocka_unit_test(a_rank_out_of_order_is_told),
		cmocka_unit_test(people_are_counted_once_a_day),
		cmocka_unit_test(old_days_are_forgotten),
		cmocka_unit_test(hashtags_are_found_by_how_they_begin),
		cmocka_unit_test(days_are_summed),
		cmocka_unit_test(who_was_here_is_known_by_days_and_months),
		cmocka_unit_test(months_begin_where_they_end),
		cmocka_unit_test(damaged_counters_are_told),
	};
	return cmocka_run_group_tests_name("usage", tests, NULL, NULL);
}
