/* WebSockets without a socket: frames in any pieces, what is answered, and the handshake. */
#include "core/arena.h"
#include "httpd/stream.h"
#include "testkit.h"
#include "wskit.h"

#define TEXT 0x81
#define TEXT_BEGINS 0x01
#define CONTINUES 0x00
#define CONTINUES_LAST 0x80
#define CLOSE 0x88
#define PING 0x89
#define PONG 0x8a

struct scene {
	struct buf input;
	struct wskit kit;
};

static void frame(struct scene *s, unsigned char first, const char *payload)
{
	wskit_frame(&s->input, first, str_of(payload));
}

static void scene_begin(struct scene *s)
{
	buf_init(&s->input, WSKIT_MAX);
}

static enum ws_state scene_run(struct scene *s, size_t piece)
{
	wskit_init(&s->kit, buf_str(&s->input), piece);
	return ws_run(s->kit.ws);
}

static void scene_free(struct scene *s)
{
	wskit_free(&s->kit);
	buf_free(&s->input);
}

/* What is sent is a close with this status. */
static void expect_close(const struct scene *s, unsigned status)
{
	struct str sent = buf_str(&s->kit.sent);
	assert_true(sent.len >= 4);
	assert_int_equal((unsigned char)sent.ptr[0], CLOSE);
	assert_int_equal((unsigned char)sent.ptr[2] << 8 | (unsigned char)sent.ptr[3], status);
}

static void takes_messages_in_any_pieces(void **state UNUSED)
{
	static const size_t pieces[] = { 1, 2, 3, 7, 4096 };
	for (size_t i = 0; i < ARRAY_LEN(pieces); i++) {
		struct scene s CLEANUP(scene_free);
		scene_begin(&s);
		frame(&s, TEXT, "{\"type\":\"subscribe\"}");
		frame(&s, TEXT, "");
		frame(&s, TEXT_BEGINS, "in ");
		frame(&s, PING, "x");
		frame(&s, CONTINUES, "three");
		frame(&s, CONTINUES_LAST, " parts");
		assert_int_equal(scene_run(&s, pieces[i]), WS_BETWEEN);
		assert_str_eq(buf_str(&s.kit.said),
			      STR("{\"type\":\"subscribe\"}\n\nin three parts\n"));
		assert_str_eq(buf_str(&s.kit.sent), STR("\x8a\x01x"));
	}
}

static void knows_whether_it_is_within_a_message(void **state UNUSED)
{
	struct scene s CLEANUP(scene_free);
	scene_begin(&s);
	frame(&s, TEXT, "one");
	size_t first = s.input.len;
	frame(&s, TEXT_BEGINS, "t");
	frame(&s, PONG, "");
	frame(&s, CONTINUES_LAST, "wo");
	wskit_init(&s.kit, buf_str(&s.input), 4096);
	for (size_t at = 0; at <= s.input.len; at++) {
		s.kit.let = at == 0 ? 0 : 1;
		bool between = at == 0 || at == first || at == s.input.len;
		assert_int_equal(ws_run(s.kit.ws), between ? WS_BETWEEN : WS_WITHIN);
	}
	assert_str_eq(buf_str(&s.kit.said), STR("one\ntwo\n"));
}

static void a_long_message_is_counted_right(void **state UNUSED)
{
	char text[HTTPD_SAID_MAX + 1];
	struct scene s CLEANUP(scene_free);
	memset(text, 'a', sizeof(text));
	text[HTTPD_SAID_MAX] = '\0';
	scene_begin(&s);
	frame(&s, TEXT, text);
	assert_int_equal(scene_run(&s, 100), WS_BETWEEN);
	assert_int_equal(s.kit.said.len, HTTPD_SAID_MAX + 1);
}

static void a_message_that_is_too_long_ends_it(void **state UNUSED)
{
	char text[HTTPD_SAID_MAX + 2];
	struct scene s CLEANUP(scene_free);
	memset(text, 'a', sizeof(text));
	text[HTTPD_SAID_MAX + 1] = '\0';
	scene_begin(&s);
	frame(&s, TEXT, text);
	assert_int_equal(scene_run(&s, 4096), WS_OVER);
	expect_close(&s, 1009);
	assert_int_equal(s.kit.said.len, 0);
}

static void a_close_is_answered(void **state UNUSED)
{
	struct scene s CLEANUP(scene_free);
	scene_begin(&s);
	frame(&s, CLOSE, "\x03\xe8");
	frame(&s, TEXT, "too late");
	assert_int_equal(scene_run(&s, 4096), WS_OVER);
	expect_close(&s, 1000);
	assert_int_equal(s.kit.said.len, 0);
}

static void the_end_of_the_connection_ends_it(void **state UNUSED)
{
	struct scene s CLEANUP(scene_free);
	scene_begin(&s);
	frame(&s, TEXT, "last");
	wskit_init(&s.kit, buf_str(&s.input), 4096);
	s.kit.over = true;
	assert_int_equal(ws_run(s.kit.ws), WS_OVER);
	assert_str_eq(buf_str(&s.kit.said), STR("last\n"));
}

static void what_breaks_the_protocol_ends_it(void **state UNUSED)
{
	static const struct {
		const char *bytes;
		size_t len;
		unsigned status;
	} cases[] = {
		{ "\x81\x02hi", 4, 1002 },		  /* not masked */
		{ "\xc1\x80\1\2\3\4", 6, 1002 },	  /* a reserved bit */
		{ "\x83\x80\1\2\3\4", 6, 1002 },	  /* a reserved opcode */
		{ "\x80\x80\1\2\3\4", 6, 1002 },	  /* continues nothing */
		{ "\x09\x80\1\2\3\4", 6, 1002 },	  /* a ping in parts */
		{ "\x81\xfe\x00\x01\1\2\3\4x", 9, 1002 }, /* a length that is too long */
		{ "\x81\x81\0\0\0\0\xff", 7, 1007 },	  /* not UTF-8 */
		{ "\x82\x81\0\0\0\0x", 7, 1003 },	  /* not text */
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct scene s CLEANUP(scene_free);
		scene_begin(&s);
		buf_add_bytes(&s.input, cases[i].bytes, cases[i].len);
		assert_int_equal(scene_run(&s, 4096), WS_OVER);
		expect_close(&s, cases[i].status);
		assert_int_equal(s.kit.said.len, 0);
	}
}

/* --- the handshake --- */

static const struct httpd_header good[] = {
	{ STR_INIT("Connection"), STR_INIT("keep-alive, Upgrade") },
	{ STR_INIT("Upgrade"), STR_INIT("WebSocket") },
	{ STR_INIT("Sec-WebSocket-Version"), STR_INIT("13") },
	{ STR_INIT("Sec-WebSocket-Key"), STR_INIT("dGhlIHNhbXBsZSBub25jZQ==") },
};

static unsigned shake(struct arena *arena, const struct httpd_header *headers, size_t count,
		      struct str *accept)
{
	struct httpd_request req = { .ctx = { .arena = arena },
				     .method = HTTP_GET,
				     .headers = headers,
				     .header_count = count };
	const char *reason;
	unsigned status = ws_handshake(&req, accept, &reason);
	if (status != 0)
		assert_true(strlen(reason) != 0);
	return status;
}

static void the_handshake_of_the_standard_is_accepted(void **state UNUSED)
{
	struct arena *arena = arena_new(65536);
	struct str accept;
	/* RFC 6455 section 1.3 */
	assert_int_equal(shake(arena, good, ARRAY_LEN(good), &accept), 0);
	assert_str_eq(accept, STR("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
	arena_free(&arena);
}

static void a_handshake_that_is_none_is_refused(void **state UNUSED)
{
	static const struct {
		size_t header;
		struct str value;
		unsigned status;
	} cases[] = {
		{ 0, STR_INIT("keep-alive"), 426 },
		{ 1, STR_INIT("h2c"), 426 },
		{ 2, STR_INIT("8"), 426 },
		{ 2, STR_INIT("13, 8"), 426 },
		{ 3, STR_INIT(""), 400 },
		{ 3, STR_INIT("dGhlIHNhbXBsZSBub25jZQ"), 400 },
		{ 3, STR_INIT("dGhlIHNhbXBsZSBub25jZSE="), 400 },
		{ 3, STR_INIT("dGhlIHNhbXBsZSBub25j!Q=="), 400 },
	};
	struct arena *arena = arena_new(65536);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct httpd_header headers[ARRAY_LEN(good)];
		struct str accept;
		memcpy(headers, good, sizeof(good));
		headers[cases[i].header].value = cases[i].value;
		assert_int_equal(shake(arena, headers, ARRAY_LEN(good), &accept), cases[i].status);
	}
	struct str accept;
	assert_int_equal(shake(arena, good, 0, &accept), 426);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_messages_in_any_pieces),
		cmocka_unit_test(knows_whether_it_is_within_a_message),
		cmocka_unit_test(a_long_message_is_counted_right),
		cmocka_unit_test(a_message_that_is_too_long_ends_it),
		cmocka_unit_test(a_close_is_answered),
		cmocka_unit_test(the_end_of_the_connection_ends_it),
		cmocka_unit_test(what_breaks_the_protocol_ends_it),
		cmocka_unit_test(the_handshake_of_the_standard_is_accepted),
		cmocka_unit_test(a_handshake_that_is_none_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
