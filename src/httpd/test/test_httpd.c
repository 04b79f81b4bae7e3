/* A real listener on loopback and raw sockets: replies, suspending, stopping, deadlines. */
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <unistd.h>

#include "serve.h"
#include "testkit.h"

#define CLOSE "Host: a.example\r\nConnection: close\r\n\r\n"

static int start(void **state)
{
	*state = serve_start(60, "");
	return 0;
}

static int stop(void **state)
{
	serve_stop((struct serve **)state, 5000);
	return 0;
}

static void assert_status(const struct buf *reply, const char *status)
{
	struct str expected = str_of(status);
	assert_str_eq(str_take(str_skip(buf_str(reply), 9), expected.len), expected);
}

static void assert_has(const struct buf *reply, const char *text)
{
	if (!str_contains(buf_str(reply), str_of(text)))
		fail_msg("no \"%s\" in \"%.*s\"", text, STR_ARG(buf_str(reply)));
}

static void assert_lacks(const struct buf *reply, const char *text)
{
	if (str_contains(buf_str(reply), str_of(text)))
		fail_msg("\"%s\" in \"%.*s\"", text, STR_ARG(buf_str(reply)));
}

static void ask(void **state, const char *request, const char *status, struct buf *reply)
{
	serve_ask(*state, str_of(request), reply);
	assert_status(reply, status);
}

static void answers_get_with_nosniff(void **state)
{
	struct buf reply CLEANUP(buf_free);
	ask(state, "GET /hello HTTP/1.1\r\n" CLOSE, "200", &reply);
	assert_has(&reply, "\r\nX-Content-Type-Options: nosniff\r\n");
	assert_has(&reply, "\r\nContent-Type: text/plain; charset=utf-8\r\n");
	assert_has(&reply, "\r\nContent-Length: 5\r\n");
	assert_has(&reply, "\r\n\r\nhello");
	assert_lacks(&reply, "Content-Security-Policy");
}

static void answers_head_like_get_without_a_body(void **state)
{
	struct buf reply CLEANUP(buf_free);
	ask(state, "HEAD /hello HTTP/1.1\r\n" CLOSE, "200", &reply);
	assert_has(&reply, "\r\nContent-Length: 5\r\n");
	assert_true(str_has_suffix(buf_str(&reply), STR("\r\n\r\n")));
}

static void s090_html_carries_its_headers(void **state)
{
	struct buf reply CLEANUP(buf_free);
	ask(state, "GET /page HTTP/1.1\r\n" CLOSE, "200", &reply);
	assert_has(&reply, "\r\nContent-Security-Policy: default-src 'none'; script-src 'self'; "
			   "style-src 'self'; img-src 'self' data:; connect-src 'self'; "
			   "form-action 'self'; base-uri 'none'; frame-ancestors 'none'\r\n");
	assert_has(&reply, "\r\nReferrer-Policy: same-origin\r\n");
	assert_has(&reply, "\r\nCross-Origin-Opener-Policy: same-origin\r\n");
	assert_has(&reply, "\r\nX-Content-Type-Options: nosniff\r\n");
}

static void s090_a_handler_may_state_its_own_policy(void **state)
{
	struct buf reply CLEANUP(buf_free);
	ask(state, "GET /own-policy HTTP/1.1\r\n" CLOSE, "200", &reply);
	assert_has(&reply, "default-src 'self'");
	assert_lacks(&reply, "default-src 'none'");
	assert_has(&reply, "\r\nReferrer-Policy: same-origin\r\n");
}

static void a_file_is_sent_whole_or_in_part(void **state)
{
	struct buf reply CLEANUP(buf_free);
	ask(state, "GET /file HTTP/1.1\r\n" CLOSE, "200", &reply);
	assert_has(&reply, "\r\nContent-Type: image/png\r\n");
	assert_has(&reply, "\r\nAccept-Ranges: bytes\r\n");
	assert_has(&reply, "\r\nETag: \"tag\"\r\n");
	assert_has(&reply, "\r\nContent-Length: 10\r\n");
	assert_true(str_has_suffix(buf_str(&reply), STR("\r\n\r\n0123456789")));
	buf_free(&reply);
	ask(state, "HEAD /file HTTP/1.1\r\n" CLOSE, "200", &reply);
	assert_has(&reply, "\r\nContent-Length: 10\r\n");
	assert_true(str_has_suffix(buf_str(&reply), STR("\r\n\r\n")));
	buf_free(&reply);
	ask(state, "GET /file HTTP/1.1\r\nRange: bytes=2-4\r\n" CLOSE, "206", &reply);
	assert_has(&reply, "\r\nContent-Range: bytes 2-4/10\r\n");
	assert_true(str_has_suffix(buf_str(&reply), STR("\r\n\r\n234")));
	buf_free(&reply);
	ask(state, "GET /file HTTP/1.1\r\nRange: bytes=10-\r\n" CLOSE, "416", &reply);
	assert_has(&reply, "\r\nContent-Range: bytes */10\r\n");
}

static void a_file_that_is_known_is_not_sent_again(void **state)
{
	struct buf reply CLEANUP(buf_free);
	ask(state, "GET /file HTTP/1.1\r\nIf-None-Match: \"x\", W/\"tag\"\r\n" CLOSE, "304",
	    &reply);
	assert_has(&reply, "\r\nETag: \"tag\"\r\n");
	assert_true(str_has_suffix(buf_str(&reply), STR("\r\n\r\n")));
	buf_free(&reply);
	ask(state, "GET /file HTTP/1.1\r\nRange: bytes=2-4\r\nIf-Range: \"old\"\r\n" CLOSE, "200",
	    &reply);
	assert_true(str_has_suffix(buf_str(&reply), STR("\r\n\r\n0123456789")));
	buf_free(&reply);
	ask(state, "GET /file HTTP/1.1\r\nRange: bytes=-1\r\nIf-Range: \"tag\"\r\n" CLOSE, "206",
	    &reply);
	assert_true(str_has_suffix(buf_str(&reply), STR("\r\n\r\n9")));
}

static void s064_errors_are_json(void **state)
{
	struct buf reply CLEANUP(buf_free);
	ask(state, "GET /nowhere HTTP/1.1\r\n" CLOSE, "404", &reply);
	assert_has(&reply, "\r\nContent-Type: application/json; charset=utf-8\r\n");
	assert_has(&reply, "\r\n\r\n{\"error\":\"not found\"}");
}

static void a_wrong_method_gets_405_with_allow(void **state)
{
	struct buf reply CLEANUP(buf_free);
	ask(state, "DELETE /hello HTTP/1.1\r\n" CLOSE, "405", &reply);
	assert_has(&reply, "\r\nAllow: GET, HEAD\r\n");
}

static void negotiates_and_says_so(void **state)
{
	struct buf reply CLEANUP(buf_free);
	ask(state, "GET /users/alice HTTP/1.1\r\nAccept: application/activity+json\r\n" CLOSE,
	    "200", &reply);
	assert_has(&reply, "\r\nContent-Type: application/activity+json\r\n");
	assert_has(&reply, "\r\nVary: Accept\r\n");
	buf_free(&reply);
	ask(state, "GET /users/al%C3%ADce HTTP/1.1\r\n" CLOSE, "200", &reply);
	assert_has(&reply, "\r\nContent-Type: text/html; charset=utf-8\r\n");
	assert_has(&reply, "\r\n\r\nal\xc3\xad"
			   "ce");
	buf_free(&reply);
	ask(state, "GET /users/alice HTTP/1.1\r\nAccept: image/png\r\n" CLOSE, "406", &reply);
	assert_has(&reply, "\r\nVary: Accept\r\n");
}

static void decodes_the_query(void **state)
{
	struct buf reply CLEANUP(buf_free);
	ask(state, "GET /query?x=1&q=a+b%2Fc%26&q=2 HTTP/1.1\r\n" CLOSE, "200", &reply);
	assert_has(&reply, "\r\n\r\na b/c&");
	buf_free(&reply);
	ask(state, "GET /query?q=%ff HTTP/1.1\r\n" CLOSE, "200", &reply);
	assert_has(&reply, "\r\n\r\n(none)");
}

static void redirects(void **state)
{
	struct buf reply CLEANUP(buf_free);
	ask(state, "GET /away HTTP/1.1\r\n" CLOSE, "302", &reply);
	assert_has(&reply, "\r\nLocation: /hello\r\n");
}

static void a_reply_that_failed_becomes_503(void **state)
{
	struct buf reply CLEANUP(buf_free);
	ask(state, "GET /failed HTTP/1.1\r\n" CLOSE, "503", &reply);
	assert_lacks(&reply, "more than four");
}

static void keeps_a_connection_for_several_requests(void **state)
{
	struct buf reply CLEANUP(buf_free) = BUF_INIT(65536);
	int fd = serve_connect(*state);
	for (int i = 0; i < 3; i++) {
		buf_reset(&reply);
		serve_send(fd,
			   STR("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nok"));
		serve_read_one(fd, &reply);
		assert_status(&reply, "200");
	}
	serve_send(fd, STR("GET /hello HTTP/1.1\r\nHost: a\r\n\r\nGET /hello HTTP/1.1\r\n" CLOSE));
	buf_reset(&reply);
	assert_true(serve_read_all(fd, &reply));
	assert_int_equal(serve_handled(*state), 5);
	close(fd);
}

static void a_suspended_request_is_answered_from_another_thread(void **state)
{
	struct buf reply CLEANUP(buf_free) = BUF_INIT(65536);
	int fd = serve_connect(*state);
	for (int i = 0; i < 50; i++) {
		buf_reset(&reply);
		serve_send(fd,
			   STR("POST /later HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nok"));
		serve_read_one(fd, &reply);
		assert_status(&reply, "202");
		assert_has(&reply, "\r\n\r\nok");
	}
	close(fd);
}

#define WAIT "POST /wait HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n"

static void what_waits_holds_up_nobody_else(void **state)
{
	struct buf reply CLEANUP(buf_free) = BUF_INIT(65536);
	int fds[SERVE_WORKERS + 2];
	for (size_t i = 0; i < ARRAY_LEN(fds); i++) {
		fds[i] = serve_connect(*state);
		serve_send(fds[i], STR(WAIT "ok"));
	}
	/* all workers are taken, and others wait for one: listener threads are free */
	serve_await_waiting(*state, SERVE_WORKERS);
	ask(state, "GET /hello HTTP/1.1\r\n" CLOSE, "200", &reply);
	serve_release(*state);
	for (size_t i = 0; i < ARRAY_LEN(fds); i++) {
		buf_reset(&reply);
		serve_read_one(fds[i], &reply);
		assert_status(&reply, "200");
		assert_has(&reply, "\r\n\r\nok");
		close(fds[i]);
	}
}

static void *stop_now(void *arg)
{
	struct serve **serve = arg;
	serve_stop(serve, 0);
	return NULL;
}

static void stop_gives_up_what_waits_for_a_worker(void **state UNUSED)
{
	struct serve *serve = serve_start(60, "");
	struct buf reply CLEANUP(buf_free) = BUF_INIT(65536);
	int fds[SERVE_WORKERS + 1];
	pthread_t thread;
	for (size_t i = 0; i < ARRAY_LEN(fds); i++) {
		fds[i] = serve_connect(serve);
		serve_send(fds[i], STR(WAIT "ok"));
		if (i < SERVE_WORKERS)
			serve_await_waiting(serve, (unsigned)i + 1);
	}
	assert_int_equal(pthread_create(&thread, NULL, stop_now, &serve), 0);
	/* all have their 503 while the handlers still run; the last may not have been read at all */
	for (size_t i = 0; i < ARRAY_LEN(fds); i++) {
		buf_reset(&reply);
		bool whole = serve_read_all(fds[i], &reply);
		assert_true(whole || i == SERVE_WORKERS);
		assert_true(str_has_prefix(buf_str(&reply), STR("HTTP/1.1 503")) ||
			    (i == SERVE_WORKERS && reply.len == 0));
		close(fds[i]);
	}
	unsigned begun = serve_handled(serve);
	serve_release(serve);
	pthread_join(thread, NULL);
	assert_null(serve);
	assert_int_equal(begun, SERVE_WORKERS);
}

static void s105_believes_only_trusted_proxies(void **state UNUSED)
{
	struct buf reply CLEANUP(buf_free);
	struct serve *serve = serve_start(60, "127.0.0.0/8 10.0.0.0/8");
	const struct str request = STR("GET /client HTTP/1.1\r\n"
				       "X-Forwarded-For: 6.6.6.6, 192.0.2.7, 10.1.1.1\r\n" CLOSE);
	serve_ask(serve, request, &reply);
	assert_has(&reply, "\r\n\r\n192.0.2.7");
	buf_free(&reply);
	serve_stop(&serve, 5000);
	serve = serve_start(60, "");
	serve_ask(serve, request, &reply);
	assert_has(&reply, "\r\n\r\n127.0.0.1");
	serve_stop(&serve, 5000);
}

static void s051_one_client_has_so_many_connections(void **state)
{
	int fds[9];
	struct buf reply CLEANUP(buf_free) = BUF_INIT(65536);
	/* a reply on each makes sure that it was accepted and counted */
	for (size_t i = 0; i < 8; i++) {
		buf_reset(&reply);
		fds[i] = serve_connect(*state);
		serve_send(fds[i], STR("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n"));
		serve_read_one(fds[i], &reply);
	}
	buf_reset(&reply);
	fds[8] = serve_connect(*state);
	serve_read_all(fds[8], &reply);
	assert_int_equal(reply.len, 0);
	for (size_t i = 0; i < 9; i++)
		close(fds[i]);
}

static void s051_a_dripping_body_is_cut_at_the_deadline(void **state UNUSED)
{
	struct serve *serve = serve_start(1, "");
	struct buf reply CLEANUP(buf_free) = BUF_INIT(65536);
	int fd = serve_connect(serve);
	serve_send(fd, STR("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nslow"));
	serve_read_all(fd, &reply);
	assert_int_equal(reply.len, 0);
	assert_int_equal(serve_handled(serve), 0);
	close(fd);
	serve_stop(&serve, 5000);
}

static void s051_a_dripping_head_is_cut_at_the_deadline(void **state UNUSED)
{
	struct serve *serve = serve_start(1, "");
	struct buf reply CLEANUP(buf_free) = BUF_INIT(65536);
	int fd = serve_connect(serve);
	serve_send(fd, STR("GET /hello HTTP/1.1\r\nHost: a\r\nX-Slow: "));
	serve_read_all(fd, &reply);
	assert_int_equal(reply.len, 0);
	close(fd);
	serve_stop(&serve, 5000);
}

static void stop_answers_what_is_suspended_and_leaves_it_to_its_owner(void **state UNUSED)
{
	struct serve *serve = serve_start(60, "");
	struct buf reply CLEANUP(buf_free) = BUF_INIT(65536);
	int fd = serve_connect(serve);
	serve_send(fd, STR("POST /hold HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nok"));
	struct httpd_request *held = serve_held(serve);
	unsigned ended = serve_ended();
	serve_stop(&serve, 10);
	assert_true(serve_read_all(fd, &reply));
	assert_status(&reply, "503");
	assert_has(&reply, "\r\nConnection: close\r\n");
	/* late, but not wrong: the request is still whole, its reply goes nowhere */
	assert_str_eq(held->body, STR("ok"));
	assert_str_eq(httpd_header(held, "host"), STR("a"));
	httpd_reply_str(held, 202, "text/plain", STR("too late"));
	assert_int_equal(serve_ended(), ended);
	httpd_resume(held);
	assert_int_equal(serve_ended(), ended + 1);
	close(fd);
}

static void *resume_late(void *arg)
{
	struct httpd_request *held = arg;
	httpd_reply_str(held, 202, "text/plain", STR("in time"));
	httpd_resume(held);
	return NULL;
}

static void stop_waits_for_what_is_suspended(void **state UNUSED)
{
	struct serve *serve = serve_start(60, "");
	struct buf reply CLEANUP(buf_free) = BUF_INIT(65536);
	pthread_t thread;
	int fd = serve_connect(serve);
	serve_send(fd, STR("POST /hold HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nok"));
	struct httpd_request *held = serve_held(serve);
	unsigned ended = serve_ended();
	assert_int_equal(pthread_create(&thread, NULL, resume_late, held), 0);
	serve_stop(&serve, 10000);
	pthread_join(thread, NULL);
	assert_int_equal(serve_ended(), ended + 1);
	assert_true(serve_read_all(fd, &reply));
	assert_status(&reply, "202");
	close(fd);
}

static void stop_and_resume_may_meet(void **state UNUSED)
{
	for (unsigned i = 0; i < 20; i++) {
		struct serve *serve = serve_start(60, "");
		struct buf reply CLEANUP(buf_free) = BUF_INIT(65536);
		pthread_t thread;
		int fd = serve_connect(serve);
		serve_send(fd,
			   STR("POST /hold HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nok"));
		struct httpd_request *held = serve_held(serve);
		assert_int_equal(pthread_create(&thread, NULL, resume_late, held), 0);
		serve_stop(&serve, 0);
		pthread_join(thread, NULL);
		/* one of the two has answered it, and only one */
		assert_true(serve_read_all(fd, &reply));
		bool answered = str_has_prefix(buf_str(&reply), STR("HTTP/1.1 202"));
		assert_true(answered || str_has_prefix(buf_str(&reply), STR("HTTP/1.1 503")));
		assert_lacks(&reply, answered ? " 503 " : " 202 ");
		close(fd);
	}
}

struct knocker {
	struct sockaddr_in address;
	atomic_bool over;
};

/* Connections that come and go as fast as they can. */
static void *knock(void *arg)
{
	struct knocker *knocker = arg;
	while (!atomic_load(&knocker->over)) {
		int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
		(void)!connect(fd, (const struct sockaddr *)(const void *)&knocker->address,
			       sizeof(knocker->address));
		close(fd);
	}
	return NULL;
}

static void stop_and_new_connections_may_meet(void **state UNUSED)
{
	for (unsigned i = 0; i < 100; i++) {
		struct serve *serve = serve_start(60, "127.0.0.1");
		struct knocker knocker = { .address = {
						   .sin_family = AF_INET,
						   .sin_port = htons(serve_port(serve)),
						   .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
					   } };
		pthread_t thread;
		assert_int_equal(pthread_create(&thread, NULL, knock, &knocker), 0);
		close(serve_connect(serve));
		serve_stop(&serve, 0);
		atomic_store(&knocker.over, true);
		pthread_join(thread, NULL);
	}
}

static void stop_closes_idle_connections(void **state UNUSED)
{
	struct serve *serve = serve_start(60, "");
	struct buf reply CLEANUP(buf_free) = BUF_INIT(65536);
	int fd = serve_connect(serve);
	serve_send(fd, STR("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n"));
	serve_read_one(fd, &reply);
	assert_lacks(&reply, "Connection: close");
	serve_stop(&serve, 5000);
	buf_reset(&reply);
	assert_true(serve_read_all(fd, &reply));
	assert_int_equal(reply.len, 0);
	close(fd);
}

static void start_tells_what_is_wrong(void **state UNUSED)
{
	static const struct row {
		const char *listen, *trusted;
		enum rc rc;
	} rows[] = {
		{ "127.0.0.1", "", RC_INVALID },
		{ "localhost:80", "", RC_INVALID },
		{ "::1:8080", "", RC_INVALID },
		{ "127.0.0.1:65536", "", RC_INVALID },
		{ "127.0.0.1:0", "proxy", RC_INVALID },
		{ "127.0.0.1:0", "10.0.0.0/33", RC_INVALID },
		{ "192.0.2.1:0", "", RC_IO },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct err err = { 0 };
		struct httpd *httpd = NULL;
		struct httpd_settings settings = {
			.listen = str_of(rows[i].listen),
			.threads = 1,
			.connections_max = 4,
			.idle_seconds = 1,
			.request_seconds = 1,
			.trusted_proxies = str_of(rows[i].trusted),
		};
		assert_int_equal(httpd_start(&err, &settings, NULL, 0, clock_system(), &httpd),
				 rows[i].rc);
		assert_null(httpd);
		assert_true(err.detail[0] != '\0');
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(answers_get_with_nosniff, start, stop),
		cmocka_unit_test_setup_teardown(answers_head_like_get_without_a_body, start, stop),
		cmocka_unit_test_setup_teardown(s090_html_carries_its_headers, start, stop),
		cmocka_unit_test_setup_teardown(s090_a_handler_may_state_its_own_policy, start,
						stop),
		cmocka_unit_test_setup_teardown(a_file_is_sent_whole_or_in_part, start, stop),
		cmocka_unit_test_setup_teardown(a_file_that_is_known_is_not_sent_again, start,
						stop),
		cmocka_unit_test_setup_teardown(s064_errors_are_json, start, stop),
		cmocka_unit_test_setup_teardown(a_wrong_method_gets_405_with_allow, start, stop),
		cmocka_unit_test_setup_teardown(negotiates_and_says_so, start, stop),
		cmocka_unit_test_setup_teardown(decodes_the_query, start, stop),
		cmocka_unit_test_setup_teardown(redirects, start, stop),
		cmocka_unit_test_setup_teardown(a_reply_that_failed_becomes_503, start, stop),
		cmocka_unit_test_setup_teardown(keeps_a_connection_for_several_requests, start,
						stop),
		cmocka_unit_test_setup_teardown(a_suspended_request_is_answered_from_another_thread,
						start, stop),
		cmocka_unit_test_setup_teardown(what_waits_holds_up_nobody_else, start, stop),
		cmocka_unit_test(stop_gives_up_what_waits_for_a_worker),
		cmocka_unit_test_setup_teardown(s051_one_client_has_so_many_connections, start,
						stop),
		cmocka_unit_test(s105_believes_only_trusted_proxies),
		cmocka_unit_test(s051_a_dripping_body_is_cut_at_the_deadline),
		cmocka_unit_test(s051_a_dripping_head_is_cut_at_the_deadline),
		cmocka_unit_test(stop_answers_what_is_suspended_and_leaves_it_to_its_owner),
		cmocka_unit_test(stop_waits_for_what_is_suspended),
		cmocka_unit_test(stop_and_resume_may_meet),
		cmocka_unit_test(stop_and_new_connections_may_meet),
		cmocka_unit_test(stop_closes_idle_connections),
		cmocka_unit_test(start_tells_what_is_wrong),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
