/* Handlers that leave their thread and go on later: answers, and what a stop does to them. */
#include <pthread.h>
#include <unistd.h>

#include "serve.h"
#include "testkit.h"

#define MANY (SERVE_WORKERS + 3)

static int leave(const struct serve *serve, const char *body)
{
	struct buf request CLEANUP(buf_free) = BUF_INIT(256);
	int fd = serve_connect(serve);
	buf_addf(&request, "POST /leave HTTP/1.1\r\nHost: a\r\nContent-Length: %zu\r\n\r\n%s",
		 strlen(body), body);
	serve_send(fd, buf_str(&request));
	return fd;
}

static bool is_answer(const struct buf *reply, const char *status, const char *body)
{
	return str_eq(str_take(str_skip(buf_str(reply), 9), 3), str_of(status)) &&
	       str_has_suffix(buf_str(reply), str_of(body));
}

static void expect(int fd, const char *status, const char *body)
{
	struct buf reply CLEANUP(buf_free) = BUF_INIT(65536);
	serve_read_one(fd, &reply);
	if (!is_answer(&reply, status, body))
		fail_msg("no %s, \"%s\" in \"%.*s\"", status, body, STR_ARG(buf_str(&reply)));
}

static void who_has_left_keeps_no_thread(void **state UNUSED)
{
	struct serve *serve = serve_start(60, "");
	struct httpd_request *left[SERVE_LEFT_MAX];
	int fds[MANY];
	for (unsigned i = 0; i < MANY; i++)
		fds[i] = leave(serve, "on");
	/* more than there are workers */
	serve_left(serve, left, MANY);
	for (unsigned i = 0; i < MANY; i++)
		httpd_go_on(left[i], serve_rest, left[i]);
	for (unsigned i = 0; i < MANY; i++) {
		expect(fds[i], "200", "\r\n\r\non");
		close(fds[i]);
	}
	serve_stop(&serve, 5000);
}

static void one_may_leave_again_and_again(void **state UNUSED)
{
	struct serve *serve = serve_start(60, "");
	struct httpd_request *left[SERVE_LEFT_MAX];
	int fd = leave(serve, "twice");
	for (unsigned i = 0; i < 2; i++) {
		serve_left(serve, left, 1);
		httpd_go_on(left[0], serve_rest, left[0]);
	}
	expect(fd, "200", "\r\n\r\nleft twice");
	/* and the connection is good for another one */
	serve_send(fd, STR("POST /leave HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n1"));
	serve_left(serve, left, 1);
	httpd_go_on(left[0], serve_rest, left[0]);
	expect(fd, "200", "\r\n\r\n1");
	close(fd);
	serve_stop(&serve, 5000);
}

static void a_stop_gives_up_who_has_left(void **state UNUSED)
{
	struct serve *serve = serve_start(60, "");
	struct httpd_request *left[SERVE_LEFT_MAX];
	unsigned rested = serve_rested(), ended = serve_ended();
	int fds[2] = { leave(serve, "on"), leave(serve, "on") };
	serve_left(serve, left, 2);
	serve_stop(&serve, 0);
	for (unsigned i = 0; i < 2; i++)
		expect(fds[i], "503", "}");
	/* the listener is no more; the requests are whole until they go on, and are freed then */
	assert_int_equal(serve_ended(), ended);
	for (unsigned i = 0; i < 2; i++) {
		assert_str_eq(left[i]->body, STR("on"));
		httpd_go_on(left[i], serve_rest, left[i]);
		close(fds[i]);
	}
	assert_int_equal(serve_ended(), ended + 2);
	assert_int_equal(serve_rested(), rested);
}

static void *go_on_late(void *arg)
{
	httpd_go_on(arg, serve_rest, arg);
	return NULL;
}

static void a_stop_and_going_on_may_meet(void **state UNUSED)
{
	for (unsigned i = 0; i < 50; i++) {
		struct serve *serve = serve_start(60, "");
		struct httpd_request *left[SERVE_LEFT_MAX];
		struct buf reply CLEANUP(buf_free) = BUF_INIT(65536);
		unsigned rested = serve_rested(), ended = serve_ended();
		pthread_t thread;
		int fd = leave(serve, "on");
		serve_left(serve, left, 1);
		assert_int_equal(pthread_create(&thread, NULL, go_on_late, left[0]), 0);
		serve_stop(&serve, 0);
		pthread_join(thread, NULL);
		/* one of the two has answered it, and only one; it is freed once */
		assert_true(serve_read_all(fd, &reply));
		bool answered = is_answer(&reply, "200", "\r\n\r\non");
		assert_true(answered || is_answer(&reply, "503", "}"));
		assert_true(!answered || serve_rested() == rested + 1);
		assert_int_equal(serve_ended(), ended + 1);
		close(fd);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_has_left_keeps_no_thread),
		cmocka_unit_test(one_may_leave_again_and_again),
		cmocka_unit_test(a_stop_gives_up_who_has_left),
		cmocka_unit_test(a_stop_and_going_on_may_meet),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
