/* Windows of counting: how many, for how long, by whom. */
#include "core/limit.h"

#include "testkit.h"

static const struct limit three = { 3, MS_PER_MINUTE };

static struct limiter *limiter_of(struct test_clock *clock)
{
	test_clock_init(clock, UINT64_C(1795172168000));
	struct limiter *l = limiter_new(&clock->clock);
	assert_non_null(l);
	return l;
}

static void counts_within_a_window(void **state UNUSED)
{
	struct test_clock clock;
	struct limiter *l CLEANUP(limiter_free) = limiter_of(&clock);
	struct limit_left left;
	uint64_t ends = clock_wall_ms(&clock.clock) + MS_PER_MINUTE;
	for (uint64_t i = 0; i < 3; i++) {
		assert_true(limiter_take(l, 1, &three, 7, &left));
		assert_int_equal(left.limit, 3);
		assert_int_equal(left.left, 2 - i);
		assert_int_equal(left.reset_ms, ends);
	}
	assert_false(limiter_take(l, 1, &three, 7, &left));
	assert_int_equal(left.left, 0);
	test_clock_advance(&clock, MS_PER_MINUTE - 1);
	assert_false(limiter_take(l, 1, &three, 7, NULL));
	test_clock_advance(&clock, 1);
	assert_true(limiter_take(l, 1, &three, 7, &left));
	assert_int_equal(left.left, 2);
}

static void counts_kinds_and_subjects_apart(void **state UNUSED)
{
	struct test_clock clock;
	struct limiter *l CLEANUP(limiter_free) = limiter_of(&clock);
	const struct limit one = { 1, MS_PER_MINUTE }, none = { 0, MS_PER_MINUTE };
	assert_true(limiter_take(l, 1, &one, 7, NULL));
	assert_false(limiter_take(l, 1, &one, 7, NULL));
	assert_true(limiter_take(l, 2, &one, 7, NULL));
	assert_true(limiter_take(l, 1, &one, 8, NULL));
	assert_false(limiter_take(l, 1, &none, 9, NULL));
}

/* Whoever floods it makes it forget, and it takes no more memory. */
static void forgets_the_oldest_when_it_is_full(void **state UNUSED)
{
	struct test_clock clock;
	struct limiter *l CLEANUP(limiter_free) = limiter_of(&clock);
	for (uint64_t i = 0; i < 1000000; i++)
		assert_true(limiter_take(l, 1, &three, i, NULL));
	for (unsigned i = 0; i < 3; i++)
		assert_true(limiter_take(l, 1, &three, 5000000, NULL));
	assert_false(limiter_take(l, 1, &three, 5000000, NULL));
}

static void s105_an_ipv6_customer_is_one_subject(void **state UNUSED)
{
	static const struct {
		const char *a, *b;
		bool same;
	} cases[] = {
		{ "192.0.2.1", "192.0.2.1", true },
		{ "192.0.2.1", "192.0.2.2", false },
		{ "2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true },
		{ "2001:db8:1:2::1", "2001:db8:1:3::1", false },
		/* however its zeros are written */
		{ "2001:db8::1", "2001:db8::2", true },
		{ "2001:db8::1", "2001:db8:0:0:5:6:7:8", true },
		{ "2001:db8::1:2:3:4", "2001:db8::9:2:3:4", true },
		{ "::1", "::2", true },
		{ "", "", true },
		{ "no address", "another", false },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		bool same = limit_subject_of_client(str_of(cases[i].a)) ==
			    limit_subject_of_client(str_of(cases[i].b));
		if (same != cases[i].same)
			fail_msg("%s, %s", cases[i].a, cases[i].b);
	}
}

static void a_name_is_one_subject_in_any_case(void **state UNUSED)
{
	assert_true(limit_subject_of_name(STR("Alice@Example.org")) ==
		    limit_subject_of_name(STR("alice@example.org")));
	assert_false(limit_subject_of_name(STR("alice")) == limit_subject_of_name(STR("alicf")));
	char longer[1000];
	memset(longer, 'x', sizeof(longer));
	assert_true(limit_subject_of_name(str_n(longer, sizeof(longer))) != 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_within_a_window),
		cmocka_unit_test(counts_kinds_and_subjects_apart),
		cmocka_unit_test(forgets_the_oldest_when_it_is_full),
		cmocka_unit_test(s105_an_ipv6_customer_is_one_subject),
		cmocka_unit_test(a_name_is_one_subject_in_any_case),
	};
	return cmocka_run_group_tests_name("limit", tests, NULL, NULL);
}
