/* The scripted client that tests of higher modules use keeps the contract of the real one. */
#include "testfetch.h"

#include <stdio.h>

#include "testkit.h"

struct told {
	unsigned calls;
	enum rc rc;
	unsigned status;
	char body[64];
	char type[64];
};

static void on_done(void *arg, const struct fetch_result *r)
{
	struct told *told = arg;
	told->calls++;
	told->rc = r->rc;
	told->status = r->status;
	snprintf(told->body, sizeof(told->body), "%.*s", STR_ARG(r->body));
	snprintf(told->type, sizeof(told->type), "%.*s", STR_ARG(r->content_type));
}

static struct fetch_request request_of(struct told *told, const char *url)
{
	return (struct fetch_request){ .method = STR("GET"),
				       .url = str_of(url),
				       .bytes_max = 32,
				       .timeout_ms = 1000,
				       .done = on_done,
				       .arg = told };
}

static struct told get(struct test_fetch *net, const char *url)
{
	struct told told = { 0 };
	struct fetch_request req = request_of(&told, url);
	fetch_submit(test_fetch_client(net), &req);
	return told;
}

static void answers_from_the_table_at_once(void **state UNUSED)
{
	struct test_fetch *net = test_fetch_new();
	test_fetch_answer(net, "https://a.example/", 200, "text/plain", STR("one"));
	test_fetch_fail(net, "https://b.example/", RC_TIMEOUT);
	struct told told = get(net, "https://a.example/");
	assert_int_equal(told.calls, 1);
	assert_int_equal(told.rc, RC_OK);
	assert_int_equal(told.status, 200);
	assert_string_equal(told.body, "one");
	assert_string_equal(told.type, "text/plain");
	assert_int_equal(get(net, "https://b.example/").rc, RC_TIMEOUT);
	assert_int_equal(get(net, "https://c.example/").rc, RC_UNREACHABLE);
	test_fetch_answer(net, "*", 404, NULL, STR_NONE);
	assert_int_equal(get(net, "https://c.example/").status, 404);
	test_fetch_answer(net, "https://a.example/", 410, NULL, STR_NONE);
	assert_int_equal(get(net, "https://a.example/").status, 410);
	test_fetch_answer(net, "https://a.example/", 200, NULL,
			  STR("this is longer than the limit of 32 bytes"));
	assert_int_equal(get(net, "https://a.example/").rc, RC_TOO_LARGE);
	assert_int_equal(test_fetch_count(net), 6);
	assert_int_equal(test_fetch_count_of(net, "https://a.example/"), 3);
	test_fetch_free(&net);
	assert_null(net);
}

static size_t sign(void *arg UNUSED, struct arena *arena, struct str method, struct str url,
		   struct fetch_header headers[8])
{
	headers[0] = (struct fetch_header){
		STR("Signature"), arena_printf(arena, "%.*s %.*s", STR_ARG(method), STR_ARG(url))
	};
	return 1;
}

static void keeps_every_request_with_its_signature(void **state UNUSED)
{
	static const struct fetch_header header = { STR_INIT("Accept"), STR_INIT("text/html") };
	struct test_fetch *net = test_fetch_new();
	struct told told = { 0 };
	struct fetch_request req = request_of(&told, "https://a.example/inbox");
	struct fetch_body *body = fetch_body_new(STR("{}"));
	req.method = STR("POST");
	req.headers = &header;
	req.header_count = 1;
	req.body = body;
	req.sign = sign;
	fetch_submit(test_fetch_client(net), &req);
	fetch_body_unref(&body);
	const struct test_fetch_request *kept = test_fetch_request(net, 0);
	assert_str_eq(kept->method, STR("POST"));
	assert_str_eq(kept->url, STR("https://a.example/inbox"));
	assert_str_eq(kept->body, STR("{}"));
	assert_str_eq(test_fetch_header(kept, "accept"), STR("text/html"));
	assert_str_eq(test_fetch_header(kept, "signature"), STR("POST https://a.example/inbox"));
	assert_null(test_fetch_header(kept, "date").ptr);
	test_fetch_free(&net);
}

static bool script(void *arg, size_t n, const struct test_fetch_request *request,
		   struct fetch_result *result)
{
	if (!str_eq(request->url, STR("https://a.example/")))
		return false;
	result->status = *(const unsigned *)arg + (unsigned)n;
	return true;
}

static void a_script_is_asked_before_the_table(void **state UNUSED)
{
	unsigned base = 500;
	struct test_fetch *net = test_fetch_new();
	test_fetch_answer(net, "*", 200, NULL, STR_NONE);
	test_fetch_script_set(net, script, &base);
	assert_int_equal(get(net, "https://a.example/").status, 500);
	assert_int_equal(get(net, "https://a.example/").status, 501);
	assert_int_equal(get(net, "https://b.example/").status, 200);
	test_fetch_free(&net);
}

static void held_requests_wait_for_run_or_are_cancelled(void **state UNUSED)
{
	struct told first = { 0 }, second = { 0 }, third = { 0 };
	struct fetch_request req = request_of(&first, "https://a.example/");
	struct test_fetch *net = test_fetch_new();
	test_fetch_answer(net, "*", 202, NULL, STR_NONE);
	test_fetch_hold(net);
	fetch_submit(test_fetch_client(net), &req);
	req.arg = &second;
	fetch_submit(test_fetch_client(net), &req);
	assert_int_equal(first.calls, 0);
	assert_int_equal(test_fetch_run(net), 2);
	assert_int_equal(first.status, 202);
	assert_int_equal(second.calls, 1);
	assert_int_equal(test_fetch_run(net), 0);
	req.arg = &third;
	fetch_submit(test_fetch_client(net), &req);
	struct fetch *client = test_fetch_client(net);
	fetch_free(&client);
	assert_int_equal(third.calls, 1);
	assert_int_equal(third.rc, RC_UNREACHABLE);
	test_fetch_free(&net);
	assert_int_equal(third.calls, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_from_the_table_at_once),
		cmocka_unit_test(keeps_every_request_with_its_signature),
		cmocka_unit_test(a_script_is_asked_before_the_table),
		cmocka_unit_test(held_requests_wait_for_run_or_are_cancelled),
	};
	return cmocka_run_group_tests_name("testfetch", tests, NULL, NULL);
}
