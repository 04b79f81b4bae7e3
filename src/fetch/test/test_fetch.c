/* The client against a server on loopback: answers good and hostile, limits, redirects, reuse, the
 * end. */
#include "fetch/fetch.h"

#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "core/buf.h"
#include "core/log.h"
#include "core/must.h"
#include "loopback.h"
#include "testkit.h"

#define BODY_MAX ((size_t)64 * 1024)
/* What a request may take in all; far more than any answer here takes. */
#define PATIENCE_MS 20000
/* The deadline where a deadline is what is tested. */
#define SHORT_MS 150

static struct loopback *server, *other;
static struct fetch *client;

static bool answer_with(int fd, const char *head, struct str body)
{
	struct buf out CLEANUP(buf_free) = BUF_INIT(1 << 20);
	buf_addf(&out, "HTTP/1.1 %s\r\nContent-Length: %zu\r\n\r\n", head, body.len);
	buf_add(&out, body);
	return loopback_write(fd, buf_str(&out));
}

static bool answer_endless(int fd)
{
	static const char chunk[] = "400\r\n";
	static char bytes[1024 + 2];
	memset(bytes, 'x', 1024);
	memcpy(bytes + 1024, "\r\n", 2);
	if (!loopback_write(fd, STR("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")))
		return false;
	while (loopback_write(fd, str_of(chunk)) && loopback_write(fd, str_n(bytes, 1026)))
		;
	return false;
}

static bool answer_bomb(int fd, struct str line)
{
	if (!loopback_write(fd, STR("HTTP/1.1 200 OK\r\n")))
		return false;
	for (unsigned i = 0; i < 1000000 && loopback_write(fd, line); i++)
		;
	return false;
}

/* One byte whenever the peer has not given up for 20 ms. */
static bool answer_drip(int fd)
{
	loopback_write(fd, STR("HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n"));
	while (!loopback_closed(fd, 20) && loopback_write(fd, STR("x")))
		;
	return false;
}

static bool answer_redirect(int fd, struct str to)
{
	char head[512];
	snprintf(head, sizeof(head), "302 Found\r\nLocation: %.*s", STR_ARG(to));
	return answer_with(fd, head, STR("gone over there"));
}

/* "/hop/3" goes on to "/hop/2", "/hop/0" is the end. */
static bool answer_hop(int fd, struct str target)
{
	char to[64];
	char left = target.ptr[target.len - 1];
	if (left == '0')
		return answer_with(fd, "200 OK\r\nContent-Type: text/plain", STR("arrived"));
	snprintf(to, sizeof(to), "/hop/%c", left - 1);
	return answer_redirect(fd, str_of(to));
}

static bool answer_other(int fd, const char *path)
{
	char to[128];
	snprintf(to, sizeof(to), "http://127.0.0.2:%u%s", loopback_port(other), path);
	return answer_redirect(fd, str_of(to));
}

static bool answer_silence(int fd)
{
	while (!loopback_closed(fd, 1000))
		;
	return false;
}

static const struct {
	const char *target;
	const char *head;
	const char *body;
} plain_answers[] = {
	{ "/hello", "200 OK\r\nContent-Type: application/activity+json; charset=utf-8", "{}" },
	{ "/empty", "204 No Content", "" },
	{ "/missing", "404 Not Found", "no" },
	{ "/cookie", "200 OK\r\nSet-Cookie: a=b; Path=/\r\nSet-Cookie: c=d", "c" },
	{ "/busy", "429 Too Many Requests\r\nRetry-After: 120", "" },
	{ "/later", "503 Busy\r\nRetry-After: Fri, 20 Nov 2026 11:00:30 GMT", "" },
	{ "/past", "503 Busy\r\nRetry-After: Fri, 20 Nov 2020 11:00:30 GMT", "" },
	{ "/never", "503 Busy\r\nRetry-After: 18446744073709551615", "" },
	{ "/signatures", "401 No\r\naccept-signature: sig1=(\"@method\");created", "" },
	{ "/interim", "103 Early\r\nLocation: /x\r\n\r\nHTTP/1.1 200 OK\r\nX: y", "ok" },
	{ "/moved", "301 Moved\r\nLocation: /hello", "" },
	{ "/loop", "302 Found\r\nLocation: /loop2", "" },
	{ "/loop2", "302 Found\r\nLocation: /loop", "" },
	{ "/file", "302 Found\r\nLocation: file:///etc/passwd", "" },
	{ "/private", "302 Found\r\nLocation: http://10.255.255.1/", "" },
	{ "/metadata", "302 Found\r\nLocation: http://169.254.169.254/latest", "" },
	{ "/gzip", "200 OK\r\nContent-Encoding: gzip", "\x1f\x8b not unpacked" },
};

static bool answer(int fd, const struct loopback_request *r)
{
	for (size_t i = 0; i < ARRAY_LEN(plain_answers); i++) {
		if (str_eq(r->target, str_of(plain_answers[i].target)))
			return answer_with(fd, plain_answers[i].head,
					   str_of(plain_answers[i].body));
	}
	if (str_eq(r->target, STR("/echo")))
		return answer_with(fd, "202 Accepted", r->body);
	if (str_eq(r->target, STR("/liar")))
		return loopback_write(fd,
				      STR("HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\nx"));
	if (str_eq(r->target, STR("/short")))
		return loopback_write(fd, STR("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx")) &&
		       false;
	if (str_eq(r->target, STR("/endless")))
		return answer_endless(fd);
	if (str_eq(r->target, STR("/lines")))
		return answer_bomb(fd, STR("X: y\r\n"));
	if (str_eq(r->target, STR("/one-line")))
		return answer_bomb(fd, STR("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"));
	if (str_eq(r->target, STR("/drip")))
		return answer_drip(fd);
	if (str_eq(r->target, STR("/elsewhere")))
		return answer_other(fd, "/hello");
	if (str_has_prefix(r->target, STR("/hop/")))
		return answer_hop(fd, r->target);
	return answer_silence(fd);
}

/* What done() was told, kept. */
struct outcome {
	sem_t told;
	atomic_uint calls;
	enum rc rc;
	unsigned status;
	uint64_t retry_after_s;
	char *reason, *url, *content_type, *location, *accept_signature, *body;
	size_t body_len;
	unsigned signed_hops;
	char signed_urls[512];
};

static char *keep(struct str s)
{
	return s.ptr != NULL ? strndup(s.ptr, s.len) : NULL;
}

static void on_done(void *arg, const struct fetch_result *r)
{
	struct outcome *o = arg;
	must(atomic_fetch_add(&o->calls, 1) == 0);
	o->rc = r->rc;
	o->status = r->status;
	o->retry_after_s = r->retry_after_s;
	o->reason = keep(r->reason);
	o->url = keep(r->url);
	o->content_type = keep(r->content_type);
	o->location = keep(r->location);
	o->accept_signature = keep(r->accept_signature);
	o->body = keep(r->body);
	o->body_len = r->body.len;
	sem_post(&o->told);
}

static void outcome_init(struct outcome *o)
{
	*o = (struct outcome){ .calls = 0 };
	sem_init(&o->told, 0, 0);
}

static void outcome_wait(struct outcome *o)
{
	struct timespec until;
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += 2 * PATIENCE_MS / 1000;
	assert_int_equal(sem_timedwait(&o->told, &until), 0);
	assert_int_equal(o->calls, 1);
}

static void outcome_free(struct outcome *o)
{
	free(o->reason);
	free(o->url);
	free(o->content_type);
	free(o->location);
	free(o->accept_signature);
	free(o->body);
	sem_destroy(&o->told);
}

static struct str url_of(char *space, size_t size, const char *path)
{
	int n = snprintf(space, size, "http://127.0.0.1:%u%s", loopback_port(server), path);
	return str_n(space, (size_t)n);
}

static struct fetch_request request_of(struct outcome *o, struct str url)
{
	return (struct fetch_request){ .method = STR("GET"),
				       .url = url,
				       .bytes_max = BODY_MAX,
				       .redirects_max = 3,
				       .timeout_ms = PATIENCE_MS,
				       .done = on_done,
				       .arg = o };
}

static void get_url(struct outcome *o, struct str url)
{
	struct fetch_request req = request_of(o, url);
	outcome_init(o);
	fetch_submit(client, &req);
	outcome_wait(o);
}

static void get(struct outcome *o, const char *path)
{
	char url[2048];
	get_url(o, url_of(url, sizeof(url), path));
}

static struct fetch_settings settings_of_tests(void)
{
	return (struct fetch_settings){ .connections_max = 64,
					.per_host_max = 8,
					.connect_ms = 5000,
					.user_agent = STR("FediFlow-Test/1"),
					.allow_addresses = STR("127.0.0.0/8"),
					.allow_http = true };
}

/* 2026-11-20T11:00:00Z; the time of day stands still, what runs down does not */
static uint64_t fixed_wall(void *arg UNUSED)
{
	return UINT64_C(1795172400000);
}

static uint64_t real_steady(void *arg UNUSED)
{
	return clock_steady_ms(clock_system());
}

static const struct clock test_time = { fixed_wall, real_steady, NULL };

static struct fetch *client_new(struct fetch_settings settings)
{
	struct err err = { .rc = RC_OK };
	struct fetch *fetch;
	if (fetch_new(&err, &settings, &test_time, &fetch) != RC_OK)
		fail_msg("%s", err_text(&err));
	return fetch;
}

static int setup(void **state UNUSED)
{
	server = loopback_new(answer);
	other = loopback_new(answer);
	client = client_new(settings_of_tests());
	return 0;
}

static int teardown(void **state UNUSED)
{
	fetch_free(&client);
	loopback_free(&server);
	loopback_free(&other);
	return 0;
}

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

static struct str last_request(void)
{
	return loopback_request(server, loopback_requests(server) - 1);
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
	struct outcome o;
	char url[128];
	snprintf(url, sizeof(url), "http://127.0.0.3:%u/silence", loopback_port(server));
	for (size_t i = 0; i < ARRAY_LEN(held); i++) {
		struct fetch_request req = request_of(&held[i], str_of(url));
		req.timeout_ms = 2 * SHORT_MS;
		outcome_init(&held[i]);
		fetch_submit(client, &req);
	}
	/* the server listens on 127.0.0.1 alone: nothing of this is answered */
	get(&o, "/hello");
	assert_int_equal(o.rc, RC_OK);
	outcome_free(&o);
	for (size_t i = 0; i < ARRAY_LEN(held); i++) {
		outcome_wait(&held[i]);
		assert_true(held[i].rc == RC_TIMEOUT || held[i].rc == RC_UNREACHABLE);
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

static void a_body_that_ends_early_is_no_body(void **state UNUSED)
{
	struct outcome o;
	get(&o, "/short");
	assert_int_equal(o.rc, RC_UNREACHABLE);
	assert_string_equal(o.body, "");
	outcome_free(&o);
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

static void nobody_listening_is_unreachable(void **state UNUSED)
{
	struct outcome o;
	struct loopback *gone = loopback_new(answer);
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
		cmocka_unit_test(s041_a_dripping_host_meets_the_total_deadline),
		cmocka_unit_test(s041_hosts_that_never_answer_hold_up_nobody_else),
		cmocka_unit_test(s041_who_waits_in_line_too_long_times_out),
		cmocka_unit_test(s044_bodies_and_headers_beyond_the_limit_are_cut_off),
		cmocka_unit_test(s044_nothing_is_unpacked),
		cmocka_unit_test(s044_the_limit_itself_is_allowed),
		cmocka_unit_test(a_body_that_ends_early_is_no_body),
		cmocka_unit_test(s033_redirects_are_followed_and_signed_again),
		cmocka_unit_test(s033_loops_and_a_fourth_hop_end_the_request),
		cmocka_unit_test(s033_a_post_is_not_sent_on),
		cmocka_unit_test(who_follows_none_is_told_where_it_goes),
		cmocka_unit_test(s031_redirects_to_private_addresses_are_blocked),
		cmocka_unit_test(s031_without_the_allow_list_loopback_sees_no_connection),
		cmocka_unit_test(s031_a_bad_allow_list_is_refused),
		cmocka_unit_test(s035_other_schemes_and_broken_urls_are_refused_at_once),
		cmocka_unit_test(s035_plain_http_needs_its_setting),
		cmocka_unit_test(s040_proxies_of_the_environment_are_ignored),
		cmocka_unit_test(s042_cookies_are_not_returned),
		cmocka_unit_test(s043_headers_cannot_bring_others_along),
		cmocka_unit_test(nobody_listening_is_unreachable),
		cmocka_unit_test(a_callback_may_submit),
		cmocka_unit_test(free_cancels_what_is_under_way_and_what_waits),
	};
	log_setup(LOG_LEVEL_ERROR, false, 2);
	return cmocka_run_group_tests_name("fetch", tests, setup, teardown);
}
