/* Slow and oversized answers meet the limits (S-041, S-044). */
#include <stdio.h>

#include "core/log.h"
#include "net.h"

static void s041_a_dripping_host_meets_the_total_deadline(void **state UNUSED)
{
	static const char *const paths[] = { "/drip", "/silence" };
	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		struct outcome o;
		char url[128];
		struct fetch_request req = request_of(&o, url_of(url, sizeof(url), paths[i]));
		req.timeout_ms = SHORT_MS;
		outcome_init(&o);
		fetch_submit(client, &req);
		outcome_wait(&o);
		assert_int_equal(o.rc, RC_TIMEOUT);
		assert_true(o.reason[0] != '\0');
		outcome_free(&o);
	}
}

static void s041_hosts_that_never_answer_hold_up_nobody_else(void **state UNUSED)
{
	static struct outcome held[40];
	struct fetch *shared = client;
	struct outcome o;
	char url[128];
	client = client_new(settings_of_tests());
	/* another host by name, the same server */
	snprintf(url, sizeof(url), "http://localhost:%u/silence", loopback_port(server));
	for (size_t i = 0; i < ARRAY_LEN(held); i++) {
		struct fetch_request req = request_of(&held[i], str_of(url));
		outcome_init(&held[i]);
		fetch_submit(client, &req);
	}
	for (unsigned i = 0; i < 20; i++) {
		get(&o, "/hello");
		assert_int_equal(o.rc, RC_OK);
		outcome_free(&o);
	}
	for (size_t i = 0; i < ARRAY_LEN(held); i++)
		assert_int_equal(held[i].calls, 0);
	fetch_free(&client);
	client = shared;
	for (size_t i = 0; i < ARRAY_LEN(held); i++) {
		assert_int_equal(held[i].rc, RC_UNREACHABLE);
		outcome_free(&held[i]);
	}
}

static void s041_who_waits_in_line_too_long_times_out(void **state UNUSED)
{
	static struct outcome held[30];
	char url[128];
	for (size_t i = 0; i < ARRAY_LEN(held); i++) {
		struct fetch_request req =
			request_of(&held[i], url_of(url, sizeof(url), "/silence"));
		req.timeout_ms = SHORT_MS;
		outcome_init(&held[i]);
		fetch_submit(client, &req);
	}
	for (size_t i = 0; i < ARRAY_LEN(held); i++) {
		outcome_wait(&held[i]);
		assert_int_equal(held[i].rc, RC_TIMEOUT);
		outcome_free(&held[i]);
	}
}

static void s044_bodies_and_headers_beyond_the_limit_are_cut_off(void **state UNUSED)
{
	static const char *const paths[] = { "/liar", "/endless", "/lines", "/one-line" };
	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		struct outcome o;
		get(&o, paths[i]);
		assert_int_equal(o.rc, RC_TOO_LARGE);
		assert_true(o.reason[0] != '\0');
		assert_int_equal(o.body_len, 0);
		outcome_free(&o);
	}
}

static void s044_nothing_is_unpacked(void **state UNUSED)
{
	struct outcome o;
	get(&o, "/gzip");
	assert_int_equal(o.rc, RC_OK);
	assert_string_equal(o.body, "\x1f\x8b not unpacked");
	assert_false(str_contains(last_request(), STR("Accept-Encoding")));
	outcome_free(&o);
}

static void s044_the_limit_itself_is_allowed(void **state UNUSED)
{
	static char bytes[BODY_MAX + 1];
	memset(bytes, 'b', sizeof(bytes));
	for (size_t over = 0; over < 2; over++) {
		struct fetch_body *body = fetch_body_new(str_n(bytes, BODY_MAX + over));
		struct outcome o;
		char url[128];
		struct fetch_request req = request_of(&o, url_of(url, sizeof(url), "/echo"));
		req.method = STR("POST");
		req.body = body;
		outcome_init(&o);
		fetch_submit(client, &req);
		outcome_wait(&o);
		fetch_body_unref(&body);
		assert_int_equal(o.rc, over == 0 ? RC_OK : RC_TOO_LARGE);
		assert_int_equal(o.status, 202);
		assert_int_equal(o.body_len, over == 0 ? BODY_MAX : 0);
		outcome_free(&o);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(s041_a_dripping_host_meets_the_total_deadline),
		cmocka_unit_test(s041_hosts_that_never_answer_hold_up_nobody_else),
		cmocka_unit_test(s041_who_waits_in_line_too_long_times_out),
		cmocka_unit_test(s044_bodies_and_headers_beyond_the_limit_are_cut_off),
		cmocka_unit_test(s044_nothing_is_unpacked),
		cmocka_unit_test(s044_the_limit_itself_is_allowed),
	};
	log_setup(LOG_LEVEL_ERROR, false, 2);
	return cmocka_run_group_tests_name("fetch_limits", tests, net_setup, net_teardown);
}
