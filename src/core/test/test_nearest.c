/* The known name that was meant. */
#include "core/nearest.h"

#include "testkit.h"

static void finds_the_nearest_known_name(void **state UNUSED)
{
	static const struct str known[] = { STR_INIT("listen"), STR_INIT("threads"),
					    STR_INIT("max-body") };
	static const struct {
		struct str wanted, best;
	} cases[] = {
		{ STR_INIT("listn"), STR_INIT("listen") },
		{ STR_INIT("lsiten"), STR_INIT("listen") },
		{ STR_INIT("thread"), STR_INIT("threads") },
		{ STR_INIT("max_body"), STR_INIT("max-body") },
		{ STR_INIT("zzz"), STR_INIT("") },
		{ STR_INIT("x"), STR_INIT("") },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct nearest nearest;
		nearest_init(&nearest, cases[i].wanted);
		for (size_t k = 0; k < ARRAY_LEN(known); k++)
			nearest_offer(&nearest, known[k]);
		assert_str_eq(nearest.best, cases[i].best);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_the_nearest_known_name),
	};
	return cmocka_run_group_tests_name("nearest", tests, NULL, NULL);
}
