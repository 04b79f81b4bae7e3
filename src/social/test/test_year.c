/* Years in review: when there is one, and that it counts what was done in that year, however it is cut. */
#include "social/year.h"

#include "teststore.h"

/* 2027-12-01T00:00:00Z */
#define DECEMBER UINT64_C(1827619200000)

static enum rc generate_job(struct social *s, void *arg)
{
	struct account *a = arg;
	enum year_state state;
	enum rc rc = year_generate(s, YEAR_ALWAYS, a, 2027, &state);
	assert_int_equal(state, YEAR_GENERATING);
	return rc;
}

struct stepping {
	struct year_task task;
	bool more;
};

static enum rc step_job(struct social *s, void *arg)
{
	struct stepping *stepping = arg;
	stepping->more = year_task_step(s, &stepping->task);
	return RC_OK;
}

static struct year_report count(struct test_store *t, struct account *a)
{
	struct year_report y;
	test_store_write(t, generate_job, a);
	struct stepping stepping = { { a->id, 2027 }, true };
	while (stepping.more)
		test_store_write(t, step_job, &stepping);
	struct db_txn *txn = test_store_read(t);
	assert_true(year_get(txn, t->d.arena, a->id, 2027, &y));
	db_read_end(&txn);
	return y;
}

static void at(struct test_store *t, uint64_t ms)
{
	uint64_t now = t->d.clock.wall_ms;
	assert_true(now <= ms);
	test_clock_advance(&t->d.clock, ms - now);
}

static void it_is_offered_when_the_operator_says(void **state UNUSED)
{
	static const struct {
		enum year_offer offer;
		uint64_t ms;
		uint16_t year;
	} cases[] = {
		{ YEAR_DECEMBER, DECEMBER, 0 },
		{ YEAR_DECEMBER, DECEMBER + 9 * MS_PER_DAY - 1, 0 },
		{ YEAR_DECEMBER, DECEMBER + 9 * MS_PER_DAY, 2027 },
		{ YEAR_DECEMBER, DECEMBER + 31 * MS_PER_DAY - 1, 2027 },
		{ YEAR_DECEMBER, DECEMBER + 31 * MS_PER_DAY, 0 },
		{ YEAR_ALWAYS, DECEMBER, 2027 },
		{ YEAR_ALWAYS, DECEMBER + 31 * MS_PER_DAY, 2028 },
		{ YEAR_NEVER, DECEMBER + 9 * MS_PER_DAY, 0 },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_int_equal(year_on_offer(cases[i].offer, cases[i].ms), cases[i].year);
}

static void only_what_was_done_in_the_year_counts(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice"), bob = test_store_local(&t, "bob");
	struct account carol = test_store_remote(&t, "carol", "c.example");
	at(&t, DECEMBER - 400 * MS_PER_DAY);
	test_store_post(&t, &alice, VISIBILITY_PUBLIC, "before", NULL);
	test_store_follow(&t, &carol, &alice);
	at(&t, DECEMBER);
	/* more than fit into one step */
	for (int i = 0; i < 230; i++)
		test_store_post(&t, &alice, VISIBILITY_PUBLIC, "x", NULL);
	struct status first = test_store_post(&t, &alice, VISIBILITY_PUBLIC, "the first", NULL);
	test_store_reply(&t, &alice, &first, "and");
	test_store_follow(&t, &bob, &alice);
	at(&t, DECEMBER + 40 * MS_PER_DAY);
	test_store_post(&t, &alice, VISIBILITY_PUBLIC, "after", NULL);
	struct year_report y = count(&t, &alice);
	assert_int_equal(y.phase, YEAR_READY);
	assert_int_equal(y.posts, 232);
	assert_int_equal(y.replies, 1);
	assert_int_equal(y.month_posts[11], 232);
	assert_int_equal(y.month_posts[0], 0);
	assert_int_equal(y.month_followers[11], 1);
	assert_int_equal(y.tag_count, 0);
	assert_int_equal(year_archetype(&y), YEAR_ORACLE);
	test_store_check(&t);
}

static void who_did_little_gets_none(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice");
	at(&t, DECEMBER);
	for (int i = 0; i < YEAR_POSTS_MIN; i++) {
		struct db_txn *txn = test_store_read(&t);
		assert_int_equal(year_state(txn, t.d.arena, YEAR_ALWAYS, alice.id, 2027, DECEMBER),
				 YEAR_INELIGIBLE);
		db_read_end(&txn);
		test_store_post(&t, &alice, VISIBILITY_FOLLOWERS, "x", NULL);
	}
	struct db_txn *txn = test_store_read(&t);
	assert_int_equal(year_state(txn, t.d.arena, YEAR_ALWAYS, alice.id, 2027, DECEMBER),
			 YEAR_ELIGIBLE);
	assert_int_equal(year_state(txn, t.d.arena, YEAR_DECEMBER, alice.id, 2027, DECEMBER),
			 YEAR_INELIGIBLE);
	assert_int_equal(year_state(txn, t.d.arena, YEAR_ALWAYS, alice.id, 2028, DECEMBER),
			 YEAR_INELIGIBLE);
	assert_int_equal(year_state(txn, t.d.arena, YEAR_ALWAYS, alice.id, 0, DECEMBER),
			 YEAR_INELIGIBLE);
	db_read_end(&txn);
}

static void people_are_of_kinds(void **state UNUSED)
{
	static const struct {
		uint32_t posts, replies, polls, boosts;
		enum year_archetype kind;
	} cases[] = {
		{ 10, 0, 0, 20, YEAR_LURKER },	   { 10, 0, 0, 200, YEAR_BOOSTER },
		{ 100, 90, 11, 0, YEAR_POLLSTER }, { 100, 90, 0, 0, YEAR_REPLIER },
		{ 100, 10, 1, 100, YEAR_ORACLE },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct year_report y = { .posts = cases[i].posts,
					       .replies = cases[i].replies,
					       .polls = cases[i].polls,
					       .boosts = cases[i].boosts };
		assert_int_equal(year_archetype(&y), cases[i].kind);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_offered_when_the_operator_says),
		cmocka_unit_test(only_what_was_done_in_the_year_counts),
		cmocka_unit_test(who_did_little_gets_none),
		cmocka_unit_test(people_are_of_kinds),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
