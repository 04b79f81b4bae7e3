/* Small manners: what is asked once in a while, and when many would ask at once. */
#include <stdio.h>

#include "fedkit.h"

static void a_name_is_taken_once_per_interval(void **state UNUSED)
{
	struct throttle *t = throttle_new(3);
	assert_true(throttle_take(t, STR("a"), 1000, 500));
	assert_false(throttle_take(t, STR("a"), 1499, 500));
	assert_true(throttle_take(t, STR("b"), 1499, 500));
	assert_true(throttle_take(t, STR("a"), 1500, 500));
	throttle_free(&t);
	assert_null(t);
}

static void s060_names_without_end_take_no_more_memory(void **state UNUSED)
{
	struct throttle *t = throttle_new(3);
	assert_true(throttle_take(t, STR("a"), 1000, 10));
	assert_true(throttle_take(t, STR("b"), 1000, 1000));
	assert_true(throttle_take(t, STR("c"), 1000, 1000));
	/* a has expired and makes room: b is still remembered */
	assert_true(throttle_take(t, STR("d"), 1500, 1000));
	assert_false(throttle_take(t, STR("b"), 1500, 1000));
	/* nothing has expired: it begins anew */
	assert_true(throttle_take(t, STR("e"), 1500, 1000));
	assert_true(throttle_take(t, STR("b"), 1500, 1000));
	throttle_free(&t);
}

#define NODES 1000
#define BUCKETS 10

static void nodes_spread_evenly_and_each_gives_the_same_answer(void **state UNUSED)
{
	unsigned buckets[BUCKETS] = { 0 }, moved = 0;
	for (unsigned i = 0; i < NODES; i++) {
		char node[32];
		int len = snprintf(node, sizeof(node), "node%u.example", i);
		struct str name = str_n(node, (size_t)len);
		uint64_t wait = jitter_ms(name, STR("https://a.example/1"), 30000);
		assert_true(wait < 30000);
		assert_int_equal(wait, jitter_ms(name, STR("https://a.example/1"), 30000));
		moved += wait != jitter_ms(name, STR("https://a.example/2"), 30000);
		buckets[wait * BUCKETS / 30000]++;
	}
	for (unsigned i = 0; i < BUCKETS; i++)
		assert_in_range(buckets[i], NODES / BUCKETS / 2, NODES / BUCKETS * 2);
	assert_true(moved > NODES * 9 / 10);
	assert_int_equal(jitter_ms(STR("a"), STR("b"), 0), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_name_is_taken_once_per_interval),
		cmocka_unit_test(s060_names_without_end_take_no_more_memory),
		cmocka_unit_test(nodes_spread_evenly_and_each_gives_the_same_answer),
	};
	return cmocka_run_group_tests_name("manners", tests, NULL, NULL);
}
