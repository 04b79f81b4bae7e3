/* The smuggling suite: raw bytes against a real listener (SECURITY S-045, F-01 to F-03). */
#include <unistd.h>

#include "serve.h"
#include "testkit.h"

/* Follows every request: when it is answered too, the listener misread where the first one ends. */
#define PIPELINED "GET /hello HTTP/1.1\r\nHost: pipelined\r\n\r\n"

#define ROW(status, bytes)                \
	{                                 \
		(status), STR_INIT(bytes) \
	}

static const struct row {
	unsigned status; /* 0: closed without a word */
	struct str bytes;
} refused[] = {
	ROW(400,
	    "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 6\r\n\r\n"),
	ROW(400,
	    "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc"),
	ROW(400, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n"
		 "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
	ROW(400, "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n"
		 "Content-Length: 4\r\n\r\n0\r\n\r\n"),
	ROW(400, "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
	ROW(400, "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"),
	ROW(400, "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n"),
	ROW(400, "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\x0b"
		 "chunked\r\n\r\n"),
	ROW(400, "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\x0b\r\n\r\n"),
	ROW(400, "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\f\r\n\r\n"),
	ROW(400, "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\r\n\r\n"),
	ROW(400, "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked \r\n\r\n"),
	ROW(400, "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\t\r\n\r\n"),
	ROW(400, "POST /echo HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
	ROW(400, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: +4\r\n\r\nabcd"),
	ROW(400, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4, 4\r\n\r\nabcd"),
	ROW(400, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 0x4\r\n\r\nabcd"),
	ROW(400, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length:\x0b 4\r\n\r\nabcd"),
	ROW(400, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\x0b\r\n\r\nabcd"),
	ROW(400, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\n"),
	ROW(400, "GET /hello HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
	ROW(400, "GET /hello HTTP/1.1\r\n\r\n"),
	ROW(400, "GET /hello HTTP/1.1\r\nHost: a, b\r\n\r\n"),
	/* bare LF: everywhere, after the first line, after a header, for the empty line */
	ROW(400, "GET /hello HTTP/1.1\nHost: a\n\n"),
	ROW(400, "GET /hello HTTP/1.1\nHost: a\r\n\r\n"),
	ROW(400, "GET /hello HTTP/1.1\r\nHost: a\nX: y\r\n\r\n"),
	ROW(400, "GET /hello HTTP/1.1\r\nHost: a\r\nX: y\n\r\n"),
	ROW(400, "GET /hello HTTP/1.1\r\nHost: a\r\nX: y\r\n\n"),
	ROW(400, "GET /hello HTTP/1.1\r\nHost: a\r\nX: y\n\n"),
	/* bare CR */
	ROW(400, "GET /hello HTTP/1.1\r\nHost: a\r\nX: y\rZ: w\r\n\r\n"),
	ROW(400, "GET /hello HTTP/1.1\r\nHost: a\r\nX: y\r\r\n\r\n"),
	ROW(400, "GET /hello HTTP/1.1\r\nHost: a\r\nX: \ry\r\n\r\n"),
	ROW(400, "GET /hello HTTP/1.1\r\nHost: a\r\nX:\r\r\n\r\n"),
	ROW(400, "GET /hello HTTP/1.1\r\nHost: a\x0b\r\n\r\n"),
	ROW(400, "GET /hello HTTP/1.1\r\nHost:\fa\r\n\r\n"),
	/* NUL: in the target, a value, a name, the first line */
	ROW(400, "GET /hello\0x HTTP/1.1\r\nHost: a\r\n\r\n"),
	ROW(400, "GET /hello HTTP/1.1\r\nHost: a\r\nX: y\0z\r\n\r\n"),
	ROW(400, "GET /hello HTTP/1.1\r\nHost: a\r\nX: y\0\r\n\r\n"),
	ROW(400, "GET /hello HTTP/1.1\r\nHost: a\0\r\nX: y\r\n\r\n"),
	ROW(400, "GET /hello HTTP/1.1\r\nHost: a\r\nX\0: y\r\n\r\n"),
	ROW(400, "GET /hello HTTP/1.1\0\r\nHost: a\r\n\r\n"),
	/* folded lines */
	ROW(400, "GET /hello HTTP/1.1\r\nHost: a\r\nDate: x\r\n y\r\n\r\n"),
	ROW(400, "GET /hello HTTP/1.1\r\nHost: a\r\nDate: x\r\n\ty\r\nX: z\r\n\r\n"),
	ROW(400, "GET /hello HTTP/1.1\r\nHost: a\r\nDate: x\r\n \r\n\r\n"),
	ROW(400, "GET /hello HTTP/1.1\r\n Host: a\r\n\r\n"),
	ROW(400, "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chun\r\n ked\r\n\r\n"),
	ROW(400, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n 4\r\n\r\nabcd"),
	/* names, methods, versions, spaces */
	ROW(400, "GET /hello HTTP/1.1\r\nHost: a\r\nX Y: z\r\n\r\n"),
	ROW(400, "GET /hello HTTP/1.1\r\nHost: a\r\n: z\r\n\r\n"),
	ROW(400, "GET /hello HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n"),
	ROW(400, "get /hello HTTP/1.1\r\nHost: a\r\n\r\n"),
	ROW(400, "TRACE /hello HTTP/1.1\r\nHost: a\r\n\r\n"),
	ROW(400, "GET  /hello HTTP/1.1\r\nHost: a\r\n\r\n"),
	ROW(0, "GET /hello  HTTP/1.1\r\nHost: a\r\n\r\n"),
	ROW(400, "GET /hello HTTP/1.1 \r\nHost: a\r\n\r\n"),
	ROW(400, "GET /hello HTTP/1.1\r\nHost: a\r\nX: \x01\r\n\r\n"),
	/* targets as they came, not as the library decodes them */
	ROW(400, "GET /users/%61lice%2f..%2fadmin%00x HTTP/1.1\r\nHost: a\r\n\r\n"),
	ROW(400, "GET /x/../hello HTTP/1.1\r\nHost: a\r\n\r\n"),
	ROW(400, "GET http://a/hello HTTP/1.1\r\nHost: a\r\n\r\n"),
	ROW(400, "GET /hello#x HTTP/1.1\r\nHost: a\r\n\r\n"),
	/* two of what is signed or authenticates */
	ROW(400, "GET /hello HTTP/1.1\r\nHost: a\r\nSignature: x\r\nSignature: y\r\n\r\n"),
	ROW(400, "GET /hello HTTP/1.1\r\nHost: a\r\nAuthorization: x\r\nauthorization: y\r\n\r\n"),
	ROW(400, "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
		 "0\r\nContent-Length: 5\r\n\r\n"),
};

static void check_refused(const struct serve *serve, size_t i, struct str behind)
{
	struct buf bytes CLEANUP(buf_free) = BUF_INIT(65536);
	struct buf reply CLEANUP(buf_free);
	buf_add(&bytes, refused[i].bytes);
	buf_add(&bytes, behind);
	serve_ask(serve, buf_str(&bytes), &reply);
	uint64_t status = 0;
	/* to be closed alone is no refusal: so ends, late, what is never seen to be whole */
	if (reply.len != 0 && !str_to_u64(str_take(str_skip(buf_str(&reply), 9), 3), &status))
		fail_msg("row %zu: not HTTP", i);
	if (status != refused[i].status)
		fail_msg("row %zu: \"%.*s\"", i, STR_ARG(buf_str(&reply)));
	/* the connection is closed behind it; the library repeats the head of its own refusals */
	if (str_contains(buf_str(&reply), STR("HTTP/1.1 2")))
		fail_msg("row %zu: the pipelined request was answered", i);
	if (serve_handled(serve) != 0)
		fail_msg("row %zu reached a handler", i);
}

static void s045_refuses_and_closes(void **state UNUSED)
{
	struct serve *serve = serve_start(60, "");
	for (size_t i = 0; i < ARRAY_LEN(refused); i++)
		check_refused(serve, i, STR(PIPELINED));
	serve_stop(&serve, 5000);
}

/* The end of the head is seen as well when nothing lies behind it. */
static void s045_refuses_what_stands_alone(void **state UNUSED)
{
	struct serve *serve = serve_start(60, "");
	for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
		if (str_has_suffix(refused[i].bytes, STR("\n\r\n")) ||
		    str_has_suffix(refused[i].bytes, STR("\n\n")))
			check_refused(serve, i, STR(""));
	}
	serve_stop(&serve, 5000);
}

static void s045_honest_heads_pass(void **state UNUSED)
{
	static const struct str heads[] = {
		STR_INIT("GET /hello HTTP/1.0\r\n\r\n"),
		STR_INIT("\r\nGET /hello HTTP/1.0\r\nHost: a\r\n\r\n"),
		STR_INIT("GET /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX:\r\n\r\n"),
		STR_INIT(
			"GET /hello HTTP/1.1\r\nHost:a\r\nConnection:\t close \t\r\nX: \t\r\n\r\n"),
		STR_INIT("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\t Chunked\r\n\r\n"
			 "4\r\nbody\r\n0\r\n\r\n"),
		STR_INIT("GET /hello?a=b&c=%20+d HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
			 "Cookie: a=b; c=\"d\"; e\r\nCookie: f=g\r\nAuthorization: Basic eDp5\r\n"
			 "Accept-Encoding: gzip, br\r\nUser-Agent: x/1.0 (caf\xc3\xa9)\r\n\r\n"),
	};
	struct serve *serve = serve_start(60, "");
	for (size_t i = 0; i < ARRAY_LEN(heads); i++) {
		struct buf reply CLEANUP(buf_free);
		serve_ask(serve, heads[i], &reply);
		assert_str_eq(str_take(str_skip(buf_str(&reply), 9), 3), STR("200"));
	}
	serve_stop(&serve, 5000);
}

static void s045_sees_through_pieces(void **state UNUSED)
{
	static const struct str pieces[] = {
		STR_INIT("POST /ec"),
		STR_INIT("ho HTTP/1.1\r"),
		STR_INIT("\nHost: a\r\nContent-"),
		STR_INIT("Length: 4\r\nX:   spaced   \r\nConnection: close\r\n"),
		STR_INIT("\r\nbo"),
		STR_INIT("dy"),
	};
	struct serve *serve = serve_start(60, "");
	struct buf reply CLEANUP(buf_free) = BUF_INIT(65536);
	int fd = serve_connect(serve);
	for (size_t i = 0; i < ARRAY_LEN(pieces); i++)
		serve_send(fd, pieces[i]);
	assert_true(serve_read_all(fd, &reply));
	assert_str_eq(str_take(buf_str(&reply), 12), STR("HTTP/1.1 200"));
	close(fd);
	serve_stop(&serve, 5000);
}

static void s045_exactness_holds_for_long_heads(void **state UNUSED)
{
	struct serve *serve = serve_start(60, "");
	struct buf head CLEANUP(buf_free) = BUF_INIT(65536);
	struct buf reply CLEANUP(buf_free) = BUF_INIT(65536);
	int fd = serve_connect(serve);
	buf_add(&head, STR("GET /query?q="));
	for (size_t i = 0; i < 8000; i++)
		buf_add_chr(&head, 'q');
	buf_add(&head, STR(" HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"));
	for (unsigned i = 0; i < 97; i++) {
		buf_addf(&head, "X-%u: ", i);
		for (size_t k = 0; k < 300; k++)
			buf_add_chr(&head, 'v');
		buf_add(&head, STR("\r\n"));
	}
	buf_add(&head, STR("\r\n"));
	serve_send(fd, str_take(buf_str(&head), 20000));
	serve_send(fd, str_skip(buf_str(&head), 20000));
	assert_true(serve_read_all(fd, &reply));
	assert_str_eq(str_take(buf_str(&reply), 12), STR("HTTP/1.1 200"));
	assert_true(reply.len > 8000);
	close(fd);
	serve_stop(&serve, 5000);
}

static void s045_too_many_headers_are_refused(void **state UNUSED)
{
	struct serve *serve = serve_start(60, "");
	struct buf head CLEANUP(buf_free) = BUF_INIT(65536);
	struct buf reply CLEANUP(buf_free);
	buf_add(&head, STR("GET /hello HTTP/1.1\r\nHost: a\r\n"));
	for (unsigned i = 0; i < 200; i++)
		buf_addf(&head, "X-%u: y\r\n", i);
	buf_add(&head, STR("\r\n"));
	serve_ask(serve, buf_str(&head), &reply);
	assert_str_eq(str_take(buf_str(&reply), 12), STR("HTTP/1.1 431"));
	assert_int_equal(serve_handled(serve), 0);
	serve_stop(&serve, 5000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(s045_refuses_and_closes),
		cmocka_unit_test(s045_refuses_what_stands_alone),
		cmocka_unit_test(s045_honest_heads_pass),
		cmocka_unit_test(s045_sees_through_pieces),
		cmocka_unit_test(s045_exactness_holds_for_long_heads),
		cmocka_unit_test(s045_too_many_headers_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
