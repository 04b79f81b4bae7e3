/* Results: their names, and the record of a first cause. */
#include "core/rc.h"

#include <string.h>

#include "testkit.h"

static void every_result_has_a_name_and_a_phrase(void **state UNUSED)
{
	for (int rc = RC_OK; rc <= RC_IO; rc++) {
		assert_true(rc_name((enum rc)rc)[0] != '\0');
		assert_true(rc_text((enum rc)rc)[0] != '\0');
	}
	assert_string_equal(rc_name(RC_NOT_FOUND), "not_found");
	assert_string_equal(rc_text(RC_NOT_FOUND), "not found");
}

static void the_first_cause_is_kept(void **state UNUSED)
{
	struct err err = { 0 };
	assert_string_equal(err_text(&err), "ok");
	assert_int_equal(err_set(&err, RC_INVALID, "byte %d", 7), RC_INVALID);
	assert_int_equal(err_set(&err, RC_IO, "later"), RC_IO);
	assert_int_equal(err.rc, RC_INVALID);
	assert_string_equal(err_text(&err), "byte 7");
}

static void without_a_detail_the_phrase_is_told(void **state UNUSED)
{
	struct err err = { 0 };
	assert_int_equal(err_set(&err, RC_GONE, "%s", ""), RC_GONE);
	assert_string_equal(err_text(&err), "gone for good");
	assert_int_equal(err_set(NULL, RC_GONE, "nobody asks"), RC_GONE);
}

static void a_long_detail_is_cut(void **state UNUSED)
{
	char text[1000];
	struct err err = { 0 };
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	assert_int_equal(err_set(&err, RC_INVALID, "%s", text), RC_INVALID);
	assert_int_equal(strlen(err_text(&err)), sizeof(err.detail) - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_result_has_a_name_and_a_phrase),
		cmocka_unit_test(the_first_cause_is_kept),
		cmocka_unit_test(without_a_detail_the_phrase_is_told),
		cmocka_unit_test(a_long_detail_is_cut),
	};
	return cmocka_run_group_tests_name("rc", tests, NULL, NULL);
}
