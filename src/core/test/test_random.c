/* Random bytes: filled to the last one, different every time, without bias below a bound. */
#include "core/random.h"

#include <string.h>

#include "testkit.h"

static void fills_every_byte_and_no_more(void **state UNUSED)
{
	/* a byte stays 0 in 40 draws with a chance of 2^-320 */
	unsigned char seen[300] = { 0 };
	unsigned char bytes[302];
	for (size_t round = 0; round < 40; round++) {
		memset(bytes, 0, sizeof(bytes));
		random_bytes(bytes + 1, sizeof(seen));
		assert_int_equal(bytes[0], 0);
		assert_int_equal(bytes[sizeof(bytes) - 1], 0);
		for (size_t i = 0; i < sizeof(seen); i++)
			seen[i] |= bytes[i + 1];
	}
	for (size_t i = 0; i < sizeof(seen); i++)
		assert_int_not_equal(seen[i], 0);
	random_bytes(bytes, 0);
}

static void never_repeats_itself(void **state UNUSED)
{
	uint64_t drawn[100];
	for (size_t i = 0; i < ARRAY_LEN(drawn); i++) {
		drawn[i] = random_u64();
		for (size_t k = 0; k < i; k++)
			assert_true(drawn[i] != drawn[k]);
	}
}

static void stays_below_the_bound(void **state UNUSED)
{
	static const uint64_t bounds[] = {
		1, 2, 3, 10, 64, UINT64_C(1) << 63, UINT64_MAX, (UINT64_C(1) << 63) + 1
	};
	for (size_t i = 0; i < ARRAY_LEN(bounds); i++) {
		for (size_t n = 0; n < 200; n++)
			assert_true(random_below(bounds[i]) < bounds[i]);
	}
}

static void every_value_below_the_bound_is_met(void **state UNUSED)
{
	/* each of 5 is expected 2000 times; 400 away are ten standard deviations */
	size_t met[5] = { 0 };
	for (size_t n = 0; n < 10000; n++)
		met[random_below(ARRAY_LEN(met))]++;
	for (size_t i = 0; i < ARRAY_LEN(met); i++)
		assert_in_range(met[i], 1600, 2400);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fills_every_byte_and_no_more),
		cmocka_unit_test(never_repeats_itself),
		cmocka_unit_test(stays_below_the_bound),
		cmocka_unit_test(every_value_below_the_bound_is_met),
	};
	return cmocka_run_group_tests_name("random", tests, NULL, NULL);
}
