/* What must not be fetched, followed, sent along or believed (S-031 to S-043). */
#include <stdio.h>
#include <stdlib.h>

#include "core/log.h"
#include "core/must.h"
#include "net.h"

static void s031_redirects_to_private_addresses_are_blocked(void **state UNUSED)
{
	static const char *const paths[] = { "/private", "/metadata" };
	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		struct outcome o;
		get(&o, paths[i]);
		assert_int_equal(o.rc, RC_BLOCKED);
		outcome_free(&o);
	}
}

static void s031_without_the_allow_list_loopback_sees_no_connection(void **state UNUSED)
{
	static const char *const hosts[] = { "127.0.0.1",	   "localhost", "[::1]",
					     "[::ffff:127.0.0.1]", "0.0.0.0",	"[::]",
					     "[64:ff9b::7f00:1]" };
	struct fetch_settings settings = settings_of_tests();
	struct fetch *shared = client;
	/* names without a dot and numbers are let through to the socket, and no further */
	settings.allow_addresses = STR("192.0.2.1/32");
	client = client_new(settings);
	size_t before = loopback_connections(server);
	for (size_t i = 0; i < ARRAY_LEN(hosts); i++) {
		struct outcome o;
		char url[128];
		snprintf(url, sizeof(url), "http://%s:%u/hello", hosts[i], loopback_port(server));
		get_url(&o, str_of(url));
		if (o.rc != RC_BLOCKED && o.rc != RC_INVALID)
			fail_msg("%s: %s", hosts[i], rc_name(o.rc));
		if (i < 2)
			assert_int_equal(o.rc, RC_BLOCKED);
		outcome_free(&o);
	}
	fetch_free(&client);
	client = shared;
	assert_int_equal(loopback_connections(server), before);
}

static void s031_a_bad_allow_list_is_refused(void **state UNUSED)
{
	struct fetch_settings settings = settings_of_tests();
	struct err err = { .rc = RC_OK };
	struct fetch *fetch;
	settings.allow_addresses = STR("127.0.0.0/8, everything");
	assert_int_equal(fetch_new(&err, &settings, &test_time, &fetch), RC_INVALID);
	assert_null(fetch);
}

static size_t sign_hop(void *arg, struct arena *arena, struct str method, struct str url,
		       struct fetch_header headers[8])
{
	struct outcome *o = arg;
	must(str_eq(method, STR("GET")));
	size_t used = strlen(o->signed_urls);
	snprintf(o->signed_urls + used, sizeof(o->signed_urls) - used, "%.*s ",
		 STR_ARG(str_skip(url, str_find(url, STR("/hop")))));
	headers[0] = (struct fetch_header){ STR("Signature"),
					    arena_printf(arena, "hop-%u", ++o->signed_hops) };
	return 1;
}

static void s033_redirects_are_followed_and_signed_again(void **state UNUSED)
{
	static const struct fetch_header headers[] = {
		{ STR_INIT("Accept"), STR_INIT("text/plain") },
		{ STR_INIT("Authorization"), STR_INIT("Bearer secret") },
		{ STR_INIT("X-Api-Key"), STR_INIT("secret") },
	};
	struct outcome o;
	char url[128];
	struct fetch_request req = request_of(&o, url_of(url, sizeof(url), "/hop/3"));
	req.headers = headers;
	req.header_count = ARRAY_LEN(headers);
	req.sign = sign_hop;
	outcome_init(&o);
	size_t first = loopback_requests(server);
	fetch_submit(client, &req);
	outcome_wait(&o);
	assert_int_equal(o.rc, RC_OK);
	assert_string_equal(o.body, "arrived");
	assert_string_equal(o.content_type, "text/plain");
	assert_string_equal(o.url, url_of(url, sizeof(url), "/hop/0").ptr);
	assert_string_equal(o.signed_urls, "/hop/3 /hop/2 /hop/1 /hop/0 ");
	assert_int_equal(loopback_requests(server) - first, 4);
	for (size_t i = 0; i < 4; i++) {
		char signature[32];
		snprintf(signature, sizeof(signature), "Signature: hop-%zu\r\n", i + 1);
		struct str sent = loopback_request(server, first + i);
		assert_true(str_contains(sent, str_of(signature)));
		assert_true(str_contains(sent, STR("Accept: text/plain")));
		assert_int_equal(str_contains(sent, STR("secret")), i == 0);
	}
	outcome_free(&o);
}

/* Not the second hop of three. */
static enum rc permit_hop(void *arg, struct str url)
{
	struct outcome *o = arg;
	o->signed_hops++;
	return str_has_suffix(url, STR("/hop/1")) ? RC_BLOCKED : RC_OK;
}

static void s030_a_redirect_is_followed_only_to_where_the_caller_permits(void **state UNUSED)
{
	struct outcome o;
	char url[128];
	struct fetch_request req = request_of(&o, url_of(url, sizeof(url), "/hop/3"));
	req.permit = permit_hop;
	outcome_init(&o);
	size_t first = loopback_requests(server);
	fetch_submit(client, &req);
	outcome_wait(&o);
	assert_int_equal(o.rc, RC_BLOCKED);
	assert_true(o.reason[0] != '\0');
	assert_int_equal(o.signed_hops, 2);
	assert_int_equal(loopback_requests(server) - first, 2);
	outcome_free(&o);
}

static void s033_secrets_stay_with_the_host_they_were_for(void **state UNUSED)
{
	static const struct fetch_header headers[] = {
		{ STR_INIT("Authorization"), STR_INIT("Bearer secret") },
		{ STR_INIT("Cookie"), STR_INIT("a=secret") },
		{ STR_INIT("Signature"), STR_INIT("secret") },
		{ STR_INIT("accept"), STR_INIT("text/html") },
	};
	struct outcome o;
	char url[128];
	struct fetch_request req = request_of(&o, url_of(url, sizeof(url), "/elsewhere"));
	req.headers = headers;
	req.header_count = ARRAY_LEN(headers);
	outcome_init(&o);
	fetch_submit(client, &req);
	outcome_wait(&o);
	assert_int_equal(o.rc, RC_OK);
	struct str sent = loopback_request(other, loopback_requests(other) - 1);
	snprintf(url, sizeof(url), "Host: 127.0.0.1:%u\r\n", loopback_port(other));
	assert_true(str_contains(sent, str_of(url)));
	assert_true(str_contains(sent, STR("accept: text/html")));
	assert_false(str_contains(sent, STR("secret")));
	outcome_free(&o);
}

static void s033_loops_and_a_fourth_hop_end_the_request(void **state UNUSED)
{
	static const char *const paths[] = { "/loop", "/hop/4", "/file" };
	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		struct outcome o;
		get(&o, paths[i]);
		assert_int_equal(o.rc, RC_INVALID);
		assert_true(o.reason[0] != '\0');
		assert_int_equal(o.status, 302);
		assert_string_equal(o.body, "");
		outcome_free(&o);
	}
}

static void s033_a_post_is_not_sent_on(void **state UNUSED)
{
	struct outcome o;
	char url[128];
	struct fetch_request req = request_of(&o, url_of(url, sizeof(url), "/moved"));
	req.method = STR("POST");
	outcome_init(&o);
	size_t before = loopback_requests(server);
	fetch_submit(client, &req);
	outcome_wait(&o);
	assert_int_equal(o.rc, RC_OK);
	assert_int_equal(o.status, 301);
	assert_string_equal(o.location, "/hello");
	assert_int_equal(loopback_requests(server) - before, 1);
	outcome_free(&o);
}

static void who_follows_none_is_told_where_it_goes(void **state UNUSED)
{
	struct outcome o;
	char url[128];
	struct fetch_request req = request_of(&o, url_of(url, sizeof(url), "/moved"));
	req.redirects_max = 0;
	outcome_init(&o);
	fetch_submit(client, &req);
	outcome_wait(&o);
	assert_int_equal(o.rc, RC_OK);
	assert_int_equal(o.status, 301);
	assert_string_equal(o.location, "/hello");
	outcome_free(&o);
}

static void s035_other_schemes_and_broken_urls_are_refused_at_once(void **state UNUSED)
{
	static const char *const urls[] = {
		"file:///etc/passwd",
		"gopher://127.0.0.1/",
		"ftp://127.0.0.1/",
		"data:text/plain,x",
		"//127.0.0.1/",
		"",
		"http://u:p@127.0.0.1/",
		"http://127.0.0.1/a b",
		"http:///x",
		"http://127.0.0.1\\@a.test/",
		"http://127.0.0.1/\r\nX: y",
		"dict://127.0.0.1/",
	};
	for (size_t i = 0; i < ARRAY_LEN(urls); i++) {
		struct outcome o;
		get_url(&o, str_of(urls[i]));
		if (o.rc != RC_INVALID)
			fail_msg("\"%s\": %s", urls[i], rc_name(o.rc));
		outcome_free(&o);
	}
}

static void s035_plain_http_needs_its_setting(void **state UNUSED)
{
	struct fetch_settings settings = settings_of_tests();
	struct fetch *shared = client;
	struct outcome o;
	settings.allow_http = false;
	client = client_new(settings);
	size_t before = loopback_connections(server);
	get(&o, "/hello");
	assert_int_equal(o.rc, RC_INVALID);
	assert_int_equal(loopback_connections(server), before);
	outcome_free(&o);
	fetch_free(&client);
	client = shared;
}

static void s040_proxies_of_the_environment_are_ignored(void **state UNUSED)
{
	static const char *const names[] = { "http_proxy",  "HTTP_PROXY", "https_proxy",
					     "HTTPS_PROXY", "all_proxy",  "ALL_PROXY" };
	char proxy[64];
	struct fetch *shared = client;
	struct outcome o;
	snprintf(proxy, sizeof(proxy), "http://127.0.0.1:%u", loopback_port(other));
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		setenv(names[i], proxy, 1);
	unsetenv("no_proxy");
	size_t before = loopback_connections(other);
	client = client_new(settings_of_tests());
	get(&o, "/hello");
	assert_int_equal(o.rc, RC_OK);
	outcome_free(&o);
	fetch_free(&client);
	client = shared;
	assert_int_equal(loopback_connections(other), before);
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		unsetenv(names[i]);
}

static void s042_cookies_are_not_returned(void **state UNUSED)
{
	struct outcome o;
	for (unsigned i = 0; i < 2; i++) {
		get(&o, "/cookie");
		assert_int_equal(o.rc, RC_OK);
		outcome_free(&o);
	}
	assert_false(str_contains(last_request(), STR("ookie:")));
}

static void s043_headers_cannot_bring_others_along(void **state UNUSED)
{
	static const struct fetch_header bad[] = {
		{ STR_INIT("X"), STR_INIT("a\r\nY: b") }, { STR_INIT("X"), STR_INIT("a\nb") },
		{ STR_INIT("X"), STR_INIT("a\0b") },	  { STR_INIT("X Y"), STR_INIT("a") },
		{ STR_INIT("X:"), STR_INIT("a") },	  { STR_INIT(""), STR_INIT("a") },
		{ STR_INIT("X\r\nY"), STR_INIT("a") },
	};
	size_t before = loopback_requests(server);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct outcome o;
		char url[128];
		struct fetch_request req = request_of(&o, url_of(url, sizeof(url), "/hello"));
		req.headers = &bad[i];
		req.header_count = 1;
		outcome_init(&o);
		fetch_submit(client, &req);
		outcome_wait(&o);
		assert_int_equal(o.rc, RC_INVALID);
		outcome_free(&o);
	}
	assert_int_equal(loopback_requests(server), before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(s031_redirects_to_private_addresses_are_blocked),
		cmocka_unit_test(s031_without_the_allow_list_loopback_sees_no_connection),
		cmocka_unit_test(s031_a_bad_allow_list_is_refused),
		cmocka_unit_test(s033_redirects_are_followed_and_signed_again),
		cmocka_unit_test(s030_a_redirect_is_followed_only_to_where_the_caller_permits),
		cmocka_unit_test(s033_secrets_stay_with_the_host_they_were_for),
		cmocka_unit_test(s033_loops_and_a_fourth_hop_end_the_request),
		cmocka_unit_test(s033_a_post_is_not_sent_on),
		cmocka_unit_test(who_follows_none_is_told_where_it_goes),
		cmocka_unit_test(s035_other_schemes_and_broken_urls_are_refused_at_once),
		cmocka_unit_test(s035_plain_http_needs_its_setting),
		cmocka_unit_test(s040_proxies_of_the_environment_are_ignored),
		cmocka_unit_test(s042_cookies_are_not_returned),
		cmocka_unit_test(s043_headers_cannot_bring_others_along),
	};
	log_setup(LOG_LEVEL_ERROR, false, 2);
	return cmocka_run_group_tests_name("fetch_guard", tests, net_setup, net_teardown);
}
