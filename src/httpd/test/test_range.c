/* Ranges and entity tags. */
#include "httpd/file.h"
#include "testkit.h"

static void finds_the_bytes_that_are_asked_for(void **state UNUSED)
{
	static const struct {
		const char *header;
		uint64_t size, first, last;
	} cases[] = {
		{ "bytes=0-0", 10, 0, 0 },
		{ "bytes=0-", 10, 0, 9 },
		{ "bytes=3-5", 10, 3, 5 },
		{ "bytes=3-500", 10, 3, 9 },
		{ "bytes=9-", 10, 9, 9 },
		{ "bytes=-3", 10, 7, 9 },
		{ "bytes=-30", 10, 0, 9 },
		{ "Bytes = 3-5 ", 10, 3, 5 },
		{ "bytes=0-18446744073709551615", 10, 0, 9 },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		uint64_t first = 77, last = 77;
		assert_int_equal(range_parse(str_of(cases[i].header), cases[i].size, &first, &last),
				 RANGE_PART);
		assert_int_equal(first, cases[i].first);
		assert_int_equal(last, cases[i].last);
	}
}

static void takes_what_it_does_not_understand_for_the_whole(void **state UNUSED)
{
	static const char *const headers[] = {
		"",
		"bytes",
		"bytes=",
		"bytes=-",
		"bytes=a-b",
		"bytes=5-3",
		"bytes=0-1,3",
		"bytes=0-1,3-4",
		"items=0-1",
		"bytes=+1-2",
		"bytes=1-2-3",
		"bytes=0x1-2",
		"bytes=-a",
		"bytes=18446744073709551616-",
	};
	uint64_t first, last;
	for (size_t i = 0; i < ARRAY_LEN(headers); i++)
		assert_int_equal(range_parse(str_of(headers[i]), 10, &first, &last), RANGE_WHOLE);
	assert_int_equal(range_parse(STR_NONE, 10, &first, &last), RANGE_WHOLE);
}

static void tells_a_range_behind_the_end(void **state UNUSED)
{
	uint64_t first, last;
	assert_int_equal(range_parse(STR("bytes=10-"), 10, &first, &last), RANGE_NONE);
	assert_int_equal(range_parse(STR("bytes=10-11"), 10, &first, &last), RANGE_NONE);
	assert_int_equal(range_parse(STR("bytes=-0"), 10, &first, &last), RANGE_NONE);
	assert_int_equal(range_parse(STR("bytes=0-"), 0, &first, &last), RANGE_NONE);
	assert_int_equal(range_parse(STR("bytes=-1"), 0, &first, &last), RANGE_NONE);
}

static void compares_tags_weakly(void **state UNUSED)
{
	const struct str tag = STR("\"abc\"");
	assert_true(etag_listed(STR("\"abc\""), tag));
	assert_true(etag_listed(STR("W/\"abc\""), tag));
	assert_true(etag_listed(STR("\"x\", W/\"y\" ,\"abc\""), tag));
	assert_true(etag_listed(STR(" * "), tag));
	assert_false(etag_listed(STR("abc"), tag));
	assert_false(etag_listed(STR("\"ab\""), tag));
	assert_false(etag_listed(STR(""), tag));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_the_bytes_that_are_asked_for),
		cmocka_unit_test(takes_what_it_does_not_understand_for_the_whole),
		cmocka_unit_test(tells_a_range_behind_the_end),
		cmocka_unit_test(compares_tags_weakly),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
