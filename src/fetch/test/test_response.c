/* What is kept of an answer, line by line, up to the limits and not beyond (S-044). */
#include "../response.h"

#include "testkit.h"

static struct test_clock now;
static struct arena *arena;
static struct response response;

static int setup(void **state UNUSED)
{
	test_clock_init(&now, UINT64_C(1795172400000));
	arena = arena_new(1 << 20);
	response_init(&response, arena, &now.clock, 10);
	return arena == NULL;
}

static int teardown(void **state UNUSED)
{
	response_free(&response);
	arena_free(&arena);
	return 0;
}

static void feed(const char *const *lines, size_t count)
{
	for (size_t i = 0; i < count; i++)
		assert_true(response_header(&response, str_of(lines[i])));
}

static void keeps_the_first_of_each_field_of_the_final_answer(void **state UNUSED)
{
	static const char *const lines[] = {
		"HTTP/1.1 103 Early Hints\r\n",
		"Content-Type: text/early\r\n",
		"Retry-After: 5\r\n",
		"\r\n",
		"HTTP/1.1 301 Moved\r\n",
		"CONTENT-TYPE:application/json \r\n",
		"Content-Type: text/second\r\n",
		"Location:  /there\t\r\n",
		"ETag: \"one\"\r\n",
		"no colon here\r\n",
		"\r\n",
		/* trailers */
		"Accept-Signature: late\r\n",
		"HTTP/1.1 200 OK\r\n",
		"Content-Length: 99999\r\n",
	};
	feed(lines, ARRAY_LEN(lines));
	assert_int_equal(response.status, 301);
	assert_str_eq(response.content_type, STR("application/json"));
	assert_str_eq(response.location, STR("/there"));
	assert_str_eq(response.etag, STR("\"one\""));
	assert_null(response.accept_signature.ptr);
	assert_int_equal(response.retry_after_s, 0);
}

static void reads_retry_after_in_both_forms(void **state UNUSED)
{
	static const struct {
		const char *line;
		uint64_t seconds;
	} cases[] = {
		{ "Retry-After: 0\r\n", 0 },
		{ "Retry-After: 3600\r\n", 3600 },
		{ "Retry-After: Fri, 20 Nov 2026 11:00:01 GMT\r\n", 1 },
		{ "Retry-After: Fri, 20 Nov 2026 12:00:00 GMT\r\n", 3600 },
		{ "Retry-After: Thu, 19 Nov 2026 12:00:00 GMT\r\n", 0 },
		{ "Retry-After: Thu, 01 Jan 2099 00:00:00 GMT\r\n", 31536000 },
		{ "Retry-After: 99999999999\r\n", 31536000 },
		{ "Retry-After: -1\r\n", 0 },
		{ "Retry-After: 1.5\r\n", 0 },
		{ "Retry-After: soon\r\n", 0 },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *const lines[] = { "HTTP/1.1 503 Busy\r\n", cases[i].line };
		feed(lines, ARRAY_LEN(lines));
		assert_int_equal(response.retry_after_s, cases[i].seconds);
	}
}

static void s044_a_hundred_lines_and_no_more(void **state UNUSED)
{
	for (unsigned i = 0; i < RESPONSE_HEADER_LINES_MAX; i++)
		assert_true(response_header(&response, STR("X: y\r\n")));
	assert_null(response.too_large);
	assert_false(response_header(&response, STR("X: y\r\n")));
	assert_non_null(response.too_large);
}

static void s044_thirty_two_kib_of_header_and_no_more(void **state UNUSED)
{
	static char line[RESPONSE_HEADER_BYTES_MAX];
	memset(line, 'x', sizeof(line));
	assert_true(response_header(&response, str_n(line, sizeof(line))));
	assert_false(response_header(&response, STR("\n")));
}

static void s044_a_body_up_to_its_limit_and_no_more(void **state UNUSED)
{
	assert_true(response_body(&response, STR("12345")));
	assert_true(response_body(&response, STR("67890")));
	assert_true(response_body(&response, STR("")));
	assert_null(response.too_large);
	assert_false(response_body(&response, STR("1")));
	assert_non_null(response.too_large);
	assert_str_eq(buf_str(&response.body), STR("1234567890"));
}

static void s044_a_length_beyond_the_limit_ends_it_before_the_body(void **state UNUSED)
{
	assert_true(response_header(&response, STR("HTTP/1.1 200 OK\r\n")));
	assert_true(response_header(&response, STR("Content-Length: 10\r\n")));
	assert_true(response_header(&response, STR("Content-Length: 1e9\r\n")));
	assert_false(response_header(&response, STR("content-length: 11\r\n")));
	assert_non_null(response.too_large);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(keeps_the_first_of_each_field_of_the_final_answer),
		CASE(reads_retry_after_in_both_forms),
		CASE(s044_a_hundred_lines_and_no_more),
		CASE(s044_thirty_two_kib_of_header_and_no_more),
		CASE(s044_a_body_up_to_its_limit_and_no_more),
		CASE(s044_a_length_beyond_the_limit_ends_it_before_the_body),
	};
	return cmocka_run_group_tests_name("response", tests, NULL, NULL);
}
