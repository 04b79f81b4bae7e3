/* Bodies of requests: both framings, and what is larger than its route takes. */
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

static void ask(void **state, const char *request, const char *status, struct buf *reply)
{
	serve_ask(*state, str_of(request), reply);
	assert_status(reply, status);
}

static void takes_bodies_of_both_framings(void **state)
{
	struct buf reply CLEANUP(buf_free);
	ask(state, "POST /echo HTTP/1.1\r\nContent-Length: 4\r\n" CLOSE "body", "200", &reply);
	assert_has(&reply, "\r\n\r\nbody");
	buf_free(&reply);
	ask(state,
	    "POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" CLOSE
	    "3\r\nbod\r\n2\r\ny2\r\n0\r\n\r\n",
	    "200", &reply);
	assert_has(&reply, "\r\n\r\nbody2");
	assert_has(&reply, "\r\nConnection: close\r\n");
}

static void s048_a_long_body_is_refused_unread(void **state)
{
	struct buf reply CLEANUP(buf_free);
	ask(state, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 65\r\n\r\n", "413", &reply);
	assert_has(&reply, "\r\nConnection: close\r\n");
	buf_free(&reply);
	ask(state, "GET /hello HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n", "413", &reply);
	assert_int_equal(serve_handled(*state), 0);
}

static void s048_a_chunked_body_past_the_limit_is_refused(void **state)
{
	char chunk[4100];
	struct buf reply CLEANUP(buf_free) = BUF_INIT(65536);
	memset(chunk, 'x', sizeof(chunk));
	memcpy(chunk, "ffa\r\n", 5);
	memcpy(chunk + 5 + 0xffa - 1, "x\r\n", 3);
	ask(state,
	    "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
	    "41\r\n01234567890123456789012345678901234567890123456789012345678901234\r\n"
	    "0\r\n\r\n",
	    "413", &reply);
	assert_has(&reply, "\r\nConnection: close\r\n");
	buf_free(&reply);
	/* without an end it is cut off, not read on */
	int fd = serve_connect(*state);
	ssize_t sent = 1;
	serve_send(fd, STR("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"));
	for (size_t i = 0; i < 4096 && sent > 0; i++)
		sent = send(fd, chunk, 5 + 0xffa + 2, MSG_NOSIGNAL);
	assert_true(sent < 0);
	close(fd);
	assert_int_equal(serve_handled(*state), 0);
}

#define LONG_65 "41\r\n01234567890123456789012345678901234567890123456789012345678901234\r\n"

static void who_reads_pages_is_told_by_one_after_the_body(void **state)
{
	struct buf reply CLEANUP(buf_free) = BUF_INIT(65536);
	int fd = serve_connect(*state);
	serve_send(fd, STR("POST /wait HTTP/1.1\r\nHost: a\r\nContent-Length: 65\r\n\r\n"
			   "01234567890123456789012345678901234567890123456789"));
	serve_send(fd, STR("012345678901234"));
	assert_true(serve_read_all(fd, &reply));
	close(fd);
	assert_status(&reply, "413");
	assert_has(&reply, "\r\n\r\n64 at most");
	assert_has(&reply, "\r\nConnection: close\r\n");
	buf_free(&reply);
	ask(state,
	    "POST /wait HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" LONG_65
	    "0\r\n\r\n",
	    "413", &reply);
	assert_has(&reply, "\r\n\r\n64 at most");
	buf_free(&reply);
	/* nobody waits for as much as that */
	ask(state, "POST /wait HTTP/1.1\r\nHost: a\r\nContent-Length: 33554433\r\n\r\n", "413",
	    &reply);
	assert_has(&reply, "\r\n\r\n64 at most");
	assert_int_equal(serve_handled(*state), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(takes_bodies_of_both_framings, start, stop),
		cmocka_unit_test_setup_teardown(s048_a_long_body_is_refused_unread, start, stop),
		cmocka_unit_test_setup_teardown(s048_a_chunked_body_past_the_limit_is_refused,
						start, stop),
		cmocka_unit_test_setup_teardown(who_reads_pages_is_told_by_one_after_the_body,
						start, stop),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
