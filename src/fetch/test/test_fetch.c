/* The client against a server on loopback: what is sent, what comes back, reuse, the end. */
#include <stdio.h>
#include <stdlib.h>

#include "core/log.h"
#include "net.h"

static void gets_status_type_and_body(void **state UNUSED)
{
	struct outcome o;
	get(&o, "/hello");
	assert_int_equal(o.rc, RC_OK);
	assert_int_equal(o.status, 200);
	assert_string_equal(o.content_type, "application/activity+json; charset=utf-8");
	assert_string_equal(o.body, "{}");
	assert_null(o.location);
	assert_null(o.accept_signature);
	outcome_free(&o);
	get(&o, "/empty");
	assert_int_equal(o.status, 204);
	assert_string_equal(o.body, "");
	outcome_free(&o);
	get(&o, "/missing");
	assert_int_equal(o.rc, RC_OK);
	assert_int_equal(o.status, 404);
	outcome_free(&o);
}

static void reads_the_fields_that_matter(void **state UNUSED)
{
	struct outcome o;
	static const struct {
		const char *path;
		uint64_t seconds;
	} waits[] = { { "/busy", 120 },
		      { "/later", 30 },
		      { "/past", 0 },
		      { "/never", 31536000 },
		      { "/hello", 0 } };
	for (size_t i = 0; i < ARRAY_LEN(waits); i++) {
		get(&o, waits[i].path);
		assert_int_equal(o.retry_after_s, waits[i].seconds);
		outcome_free(&o);
	}
	get(&o, "/signatures");
	assert_string_equal(o.accept_signature, "sig1=(\"@method\");created");
	outcome_free(&o);
	get(&o, "/interim");
	assert_int_equal(o.status, 200);
	assert_null(o.location);
	outcome_free(&o);
}

static void sends_what_it_was_given_and_nothing_else(void **state UNUSED)
{
	static const struct fetch_header headers[] = {
		{ STR_INIT("Accept"), STR_INIT("application/activity+json") },
		{ STR_INIT("Host"), STR_INIT("evil.example") },
		{ STR_INIT("X-Empty"), STR_INIT("") },
	};
	struct outcome o;
	char url[128], expected[512];
	struct fetch_request req = request_of(&o, url_of(url, sizeof(url), "/hello"));
	req.headers = headers;
	req.header_count = ARRAY_LEN(headers);
	outcome_init(&o);
	fetch_submit(client, &req);
	outcome_wait(&o);
	snprintf(expected, sizeof(expected),
		 "GET /hello HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nUser-Agent: FediFlow-Test/1\r\n"
		 "X-Empty:\r\nAccept: application/activity+json\r\n\r\n",
		 loopback_port(server));
	assert_str_eq(last_request(), str_of(expected));
	outcome_free(&o);
}

static void posts_a_shared_body(void **state UNUSED)
{
	static char bytes[2 << 20];
	memset(bytes, 'b', sizeof(bytes));
	struct str sizes[] = { STR(""), STR("{\"type\":\"Note\"}"), str_n(bytes, 100000),
			       str_n(bytes, sizeof(bytes)) };
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		struct fetch_header type = { STR("Content-Type"), STR("application/json") };
		struct fetch_body *body = fetch_body_new(sizes[i]);
		struct outcome o;
		char url[128];
		struct fetch_request req = request_of(&o, url_of(url, sizeof(url), "/empty"));
		req.method = STR("POST");
		req.body = body;
		req.headers = i != 0 ? &type : NULL;
		req.header_count = i != 0;
		outcome_init(&o);
		fetch_submit(client, &req);
		fetch_body_unref(&body);
		assert_null(body);
		outcome_wait(&o);
		assert_int_equal(o.status, 204);
		struct str sent = last_request();
		assert_true(str_has_suffix(sent, sizes[i]));
		assert_true(str_has_prefix(sent, STR("POST /empty HTTP/1.1\r\n")));
		assert_false(str_contains(sent, STR("Expect")));
		assert_int_equal(str_contains(sent, STR("Content-Type: application/json")), i != 0);
		assert_false(str_contains(sent, STR("urlencoded")));
		outcome_free(&o);
	}
}

static void connections_are_used_again(void **state UNUSED)
{
	size_t before = loopback_connections(server);
	for (unsigned i = 0; i < 20; i++) {
		struct outcome o;
		get(&o, "/hello");
		assert_int_equal(o.rc, RC_OK);
		outcome_free(&o);
	}
	assert_true(loopback_connections(server) - before <= 1);
}

static void two_hundred_at_once_are_all_answered(void **state UNUSED)
{
	static struct outcome o[200];
	char url[128];
	size_t before = loopback_connections(server);
	for (size_t i = 0; i < ARRAY_LEN(o); i++) {
		struct fetch_request req = request_of(
			&o[i], url_of(url, sizeof(url), i % 2 == 0 ? "/hello" : "/echo"));
		struct fetch_body *body = fetch_body_new(STR("echoed"));
		if (i % 2 != 0) {
			req.method = STR("POST");
			req.body = body;
		}
		outcome_init(&o[i]);
		fetch_submit(client, &req);
		fetch_body_unref(&body);
	}
	for (size_t i = 0; i < ARRAY_LEN(o); i++) {
		outcome_wait(&o[i]);
		assert_int_equal(o[i].rc, RC_OK);
		assert_string_equal(o[i].body, i % 2 == 0 ? "{}" : "echoed");
		outcome_free(&o[i]);
	}
	/* S-041: never more than per_host_max */
	assert_true(loopback_connections(server) - before <= 8);
}

static void a_body_that_ends_early_is_no_body(void **state UNUSED)
{
	struct outcome o;
	get(&o, "/short");
	assert_int_equal(o.rc, RC_UNREACHABLE);
	assert_string_equal(o.body, "");
	outcome_free(&o);
}

static void nobody_listening_is_unreachable(void **state UNUSED)
{
	struct outcome o;
	struct loopback *gone = loopback_new(net_answer);
	char url[64];
	snprintf(url, sizeof(url), "http://127.0.0.1:%u/", loopback_port(gone));
	loopback_free(&gone);
	get_url(&o, str_of(url));
	assert_int_equal(o.rc, RC_UNREACHABLE);
	assert_int_equal(o.status, 0);
	assert_true(o.reason[0] != '\0');
	outcome_free(&o);
	/* a server that speaks no TLS */
	snprintf(url, sizeof(url), "https://127.0.0.1:%u/", loopback_port(server));
	struct fetch_request req = request_of(&o, str_of(url));
	req.timeout_ms = 2000;
	outcome_init(&o);
	fetch_submit(client, &req);
	outcome_wait(&o);
	assert_true(o.rc == RC_UNREACHABLE || o.rc == RC_TIMEOUT);
	outcome_free(&o);
}

/* A request that submits the next one from its callback, as a crawl does. */
struct chain {
	struct outcome last;
	unsigned left;
	char url[128];
};

static void on_chain(void *arg, const struct fetch_result *r)
{
	struct chain *chain = arg;
	if (r->rc != RC_OK || --chain->left == 0) {
		on_done(&chain->last, r);
		return;
	}
	struct fetch_request req = request_of(NULL, str_of(chain->url));
	req.done = on_chain;
	req.arg = chain;
	fetch_submit(client, &req);
}

static void a_callback_may_submit(void **state UNUSED)
{
	struct chain chain = { .left = 50 };
	outcome_init(&chain.last);
	struct fetch_request req = request_of(NULL, url_of(chain.url, sizeof(chain.url), "/hello"));
	req.done = on_chain;
	req.arg = &chain;
	fetch_submit(client, &req);
	outcome_wait(&chain.last);
	assert_int_equal(chain.last.rc, RC_OK);
	assert_int_equal(chain.left, 0);
	outcome_free(&chain.last);
}

static void free_cancels_what_is_under_way_and_what_waits(void **state UNUSED)
{
	static struct outcome o[40];
	struct fetch *own = client_new(settings_of_tests());
	char url[128];
	for (size_t i = 0; i < ARRAY_LEN(o); i++) {
		struct fetch_request req = request_of(&o[i], url_of(url, sizeof(url), "/silence"));
		outcome_init(&o[i]);
		fetch_submit(own, &req);
	}
	fetch_free(&own);
	assert_null(own);
	for (size_t i = 0; i < ARRAY_LEN(o); i++) {
		assert_int_equal(o[i].calls, 1);
		assert_int_equal(o[i].rc, RC_UNREACHABLE);
		outcome_free(&o[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gets_status_type_and_body),
		cmocka_unit_test(reads_the_fields_that_matter),
		cmocka_unit_test(sends_what_it_was_given_and_nothing_else),
		cmocka_unit_test(posts_a_shared_body),
		cmocka_unit_test(connections_are_used_again),
		cmocka_unit_test(two_hundred_at_once_are_all_answered),
		cmocka_unit_test(a_body_that_ends_early_is_no_body),
		cmocka_unit_test(nobody_listening_is_unreachable),
		cmocka_unit_test(a_callback_may_submit),
		cmocka_unit_test(free_cancels_what_is_under_way_and_what_waits),
	};
	log_setup(LOG_LEVEL_ERROR, false, 2);
	return cmocka_run_group_tests_name("fetch", tests, net_setup, net_teardown);
}
