/* Growing bytes: the maximum, the sticky failure, the NUL behind the end. */
#include "core/buf.h"

#include "testkit.h"

static void fails_past_its_maximum_and_stays_so(void **state UNUSED)
{
	struct buf b = BUF_INIT(4);
	buf_add(&b, STR("four"));
	assert_str_eq(buf_str(&b), STR("four"));
	assert_int_equal(b.ptr[4], '\0');
	buf_add_chr(&b, '5');
	assert_true(b.failed);
	buf_add(&b, STR("x"));
	assert_int_equal(b.len, 0);
	assert_str_eq(buf_str(&b), STR(""));
	buf_reset(&b);
	buf_add(&b, STR("x"));
	assert_str_eq(buf_str(&b), STR("x"));
	buf_free(&b);
}

static void can_be_made_to_fail(void **state UNUSED)
{
	struct buf b = BUF_INIT(64);
	buf_add(&b, STR("half of"));
	assert_false(buf_fail(&b));
	assert_true(b.failed);
	assert_null(b.ptr);
	assert_false(buf_reserve(&b, 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fails_past_its_maximum_and_stays_so),
		cmocka_unit_test(can_be_made_to_fail),
	};
	return cmocka_run_group_tests_name("buf", tests, NULL, NULL);
}
