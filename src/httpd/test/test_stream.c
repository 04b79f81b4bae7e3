/* Streams over real sockets: both kinds, back-pressure, limits, heartbeats, and their end. */
#include "httpd/stream.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/metric.h"
#include "testkit.h"
#include "wskit.h"

#define STREAMS_MAX 40
#define PER_CLIENT 30
#define HEARTBEAT_SECONDS 15
#define HANDSHAKE                                                          \
	"Host: a.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" \
	"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"

struct opened {
	struct scene *scene;
	struct httpd_stream *stream;
	bool ended;
};

struct scene {
	struct httpd *httpd;
	struct test_clock clock;
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	struct opened opened[2 * STREAMS_MAX]; /* in the order of their opening */
	size_t count;
	size_t ended;
	struct buf said;
	bool early; /* something is sent before a stream begins */
};

/* --- the owner --- */

static void said(void *arg, struct str text)
{
	struct opened *o = arg;
	struct httpd_piece *piece CLEANUP(httpd_piece_release) = httpd_piece_message(text);
	pthread_mutex_lock(&o->scene->mutex);
	buf_add(&o->scene->said, text);
	pthread_mutex_unlock(&o->scene->mutex);
	httpd_stream_send(o->stream, piece);
}

static void ended(void *arg)
{
	struct opened *o = arg;
	pthread_mutex_lock(&o->scene->mutex);
	o->ended = true;
	o->scene->ended++;
	pthread_cond_broadcast(&o->scene->changed);
	pthread_mutex_unlock(&o->scene->mutex);
}

static void open_stream(struct httpd_request *req, struct scene *s, enum httpd_stream_kind kind,
			struct str protocol)
{
	pthread_mutex_lock(&s->mutex);
	assert_true(s->count < ARRAY_LEN(s->opened));
	struct opened *o = &s->opened[s->count];
	o->scene = s;
	pthread_mutex_unlock(&s->mutex);
	const struct httpd_stream_owner owner = { said, ended, o };
	httpd_add_header(req, "X-Added", STR("yes"));
	if (!httpd_stream_open(req, kind, &owner, protocol, &o->stream))
		return;
	struct httpd_stream *stream = o->stream;
	struct httpd_piece *early CLEANUP(httpd_piece_release) =
		s->early ? httpd_piece_message(STR("early")) : NULL;
	if (early != NULL)
		httpd_stream_send(stream, early);
	pthread_mutex_lock(&s->mutex);
	s->count++;
	pthread_cond_broadcast(&s->changed);
	pthread_mutex_unlock(&s->mutex);
	httpd_stream_begin(stream);
}

static void get_events(struct httpd_request *req, void *app)
{
	open_stream(req, app, HTTPD_EVENTS, STR(""));
}

static void get_socket(struct httpd_request *req, void *app)
{
	struct str protocol = httpd_header(req, "sec-websocket-protocol");
	open_stream(req, app, HTTPD_WEBSOCKET, protocol.ptr != NULL ? protocol : STR(""));
}

static void get_hello(struct httpd_request *req, void *app UNUSED)
{
	httpd_reply_str(req, 200, "text/plain", STR("hello"));
}

static const struct httpd_route routes[] = {
	{ HTTP_GET, "/events", HTTP_ANY, 0, get_events },
	{ HTTP_GET, "/socket", HTTP_ANY, 0, get_socket },
	{ HTTP_GET, "/hello", HTTP_ANY, 0, get_hello },
};

/* --- the scene --- */

static int begin(void **state)
{
	struct scene *s = calloc(1, sizeof(*s));
	struct err err = { 0 };
	const struct httpd_route_table table = { routes, ARRAY_LEN(routes), s, false, NULL };
	const struct httpd_settings settings = {
		.listen = STR_INIT("127.0.0.1:0"),
		.threads = 1,
		.connections_max = 8,
		.connections_per_client = 8,
		.idle_seconds = 60,
		.request_seconds = 60,
		.streams_max = STREAMS_MAX,
		.streams_per_client = PER_CLIENT,
		.heartbeat_seconds = HEARTBEAT_SECONDS,
		.trusted_proxies = STR_INIT("127.0.0.2"),
	};
	assert_non_null(s);
	test_clock_init(&s->clock, UINT64_C(1700000000000));
	pthread_mutex_init(&s->mutex, NULL);
	pthread_cond_init(&s->changed, NULL);
	buf_init(&s->said, 65536);
	assert_int_equal(httpd_start(&err, &settings, &table, 1, &s->clock.clock, &s->httpd),
			 RC_OK);
	*state = s;
	return 0;
}

static void stop(struct scene *s)
{
	httpd_stop(&s->httpd, 0);
	for (size_t i = 0; i < s->count; i++) {
		assert_true(s->opened[i].ended);
		httpd_stream_release(&s->opened[i].stream);
	}
	s->count = 0;
}

static int end(void **state)
{
	struct scene *s = *state;
	if (s->httpd != NULL)
		stop(s);
	buf_free(&s->said);
	pthread_cond_destroy(&s->changed);
	pthread_mutex_destroy(&s->mutex);
	free(s);
	return 0;
}

static struct httpd_stream *wait_opened(struct scene *s, size_t count)
{
	pthread_mutex_lock(&s->mutex);
	while (s->count < count)
		pthread_cond_wait(&s->changed, &s->mutex);
	struct httpd_stream *stream = s->opened[count - 1].stream;
	pthread_mutex_unlock(&s->mutex);
	return stream;
}

static void wait_ended(struct scene *s, size_t count)
{
	pthread_mutex_lock(&s->mutex);
	while (s->ended < count)
		pthread_cond_wait(&s->changed, &s->mutex);
	pthread_mutex_unlock(&s->mutex);
}

/* --- the client --- */

static int client_from(const struct scene *s, const char *address)
{
	const struct timeval patience = { .tv_sec = 10 };
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(httpd_port(s->httpd)) };
	struct sockaddr_in from = { .sin_family = AF_INET };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_true(fd >= 0);
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(inet_pton(AF_INET, address, &from.sin_addr), 1);
	assert_int_equal(bind(fd, (const void *)&from, sizeof(from)), 0);
	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)), 0);
	assert_int_equal(connect(fd, (const void *)&to, sizeof(to)), 0);
	return fd;
}

static void say(int fd, struct str bytes)
{
	assert_int_equal(send(fd, bytes.ptr, bytes.len, MSG_NOSIGNAL), bytes.len);
}

/* The next bytes are these. */
static void expect(int fd, struct str bytes)
{
	char got[512];
	assert_true(bytes.len <= sizeof(got));
	assert_int_equal(recv(fd, got, bytes.len, MSG_WAITALL), bytes.len);
	assert_str_eq(str_n(got, bytes.len), bytes);
}

static void expect_end(int fd)
{
	char c;
	assert_true(recv(fd, &c, 1, 0) <= 0);
	close(fd);
}

/* Reads a head, which is returned in out. */
static void read_head(int fd, struct buf *out)
{
	char c;
	while (!str_has_suffix(buf_str(out), STR("\r\n\r\n"))) {
		assert_int_equal(recv(fd, &c, 1, 0), 1);
		buf_add_chr(out, c);
	}
}

static void assert_has(const struct buf *head, const char *text)
{
	if (!str_contains(buf_str(head), str_of(text)))
		fail_msg("no \"%s\" in \"%.*s\"", text, STR_ARG(buf_str(head)));
}

static int ask(const struct scene *s, const char *request, const char *status, struct buf *head)
{
	int fd = client_from(s, "127.0.0.1");
	buf_init(head, 8192);
	say(fd, str_of(request));
	read_head(fd, head);
	assert_str_eq(str_take(str_skip(buf_str(head), 9), 3), str_of(status));
	if (str_contains(buf_str(head), STR("text/event-stream")) &&
	    !str_has_prefix(str_of(request), STR("HEAD")))
		expect(fd, STR(":thump\n"));
	return fd;
}

static int open_events(struct scene *s)
{
	struct buf head CLEANUP(buf_free);
	return ask(s, "GET /events HTTP/1.1\r\nHost: a.example\r\n\r\n", "200", &head);
}

static int open_socket(struct scene *s)
{
	struct buf head CLEANUP(buf_free);
	return ask(s, "GET /socket HTTP/1.1\r\n" HANDSHAKE, "101", &head);
}

static void say_frame(int fd, unsigned char first, const char *payload)
{
	struct buf frame CLEANUP(buf_free) = BUF_INIT(65536);
	wskit_frame(&frame, first, str_of(payload));
	say(fd, buf_str(&frame));
}

/* --- tests --- */

static void events_arrive(void **state)
{
	struct scene *s = *state;
	struct buf head CLEANUP(buf_free);
	struct httpd_piece *piece = httpd_piece_event(STR("update"), STR("{}"));
	int fd = ask(s, "GET /events HTTP/1.1\r\nHost: a.example\r\n\r\n", "200", &head);
	assert_has(&head, "\r\nContent-Type: text/event-stream\r\n");
	assert_has(&head, "\r\nCache-Control: no-store\r\n");
	assert_has(&head, "\r\nX-Added: yes\r\n");
	assert_true(httpd_stream_send(wait_opened(s, 1), piece));
	expect(fd, STR("event: update\ndata: {}\n\n"));
	httpd_piece_release(&piece);
	/* what the client says is not heard */
	say(fd, STR("GET /hello HTTP/1.1\r\n\r\n"));
	close(fd);
	wait_ended(s, 1);
	assert_int_equal(s->said.len, 0);
}

static void messages_arrive_both_ways(void **state)
{
	struct scene *s = *state;
	struct buf head CLEANUP(buf_free);
	int fd = ask(s, "GET /socket HTTP/1.1\r\nSec-WebSocket-Protocol: secret\r\n" HANDSHAKE,
		     "101", &head);
	assert_has(&head, "\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n");
	assert_has(&head, "\r\nSec-WebSocket-Protocol: secret\r\n");
	say_frame(fd, 0x81, "hello");
	expect(fd, STR("\x81\x05hello"));
	say_frame(fd, 0x89, "ping");
	expect(fd, STR("\x8a\x04ping"));
	/* in two halves */
	struct buf frame CLEANUP(buf_free) = BUF_INIT(64);
	wskit_frame(&frame, 0x81, STR("again"));
	say(fd, str_take(buf_str(&frame), 4));
	say(fd, str_skip(buf_str(&frame), 4));
	expect(fd, STR("\x81\x05"
		       "again"));
	say_frame(fd, 0x88, "\x03\xe8");
	expect(fd, STR("\x88\x02\x03\xe8"));
	expect_end(fd);
	wait_ended(s, 1);
	struct httpd_piece *piece = httpd_piece_message(STR("too late"));
	assert_false(httpd_stream_send(wait_opened(s, 1), piece));
	httpd_piece_release(&piece);
}

static void what_is_sent_before_the_beginning_comes_after_the_head(void **state)
{
	struct scene *s = *state;
	s->early = true;
	int fd = open_socket(s);
	expect(fd, STR("\x81\x05"
		       "early"));
	say_frame(fd, 0x81, "hello");
	expect(fd, STR("\x81\x05hello"));
	close(fd);
	wait_ended(s, 1);
}

static void what_is_no_handshake_is_answered(void **state)
{
	struct scene *s = *state;
	struct buf head CLEANUP(buf_free);
	int fd = ask(s, "GET /socket HTTP/1.1\r\nHost: a.example\r\n\r\n", "426", &head);
	assert_has(&head, "\r\nUpgrade: websocket\r\n");
	assert_has(&head, "\r\nSec-WebSocket-Version: 13\r\n");
	close(fd);
	buf_free(&head);
	fd = ask(s, "HEAD /events HTTP/1.1\r\nHost: a.example\r\n\r\n", "200", &head);
	assert_has(&head, "\r\nContent-Type: text/event-stream\r\n");
	close(fd);
	assert_int_equal(s->count, 0);
}

static void streams_take_no_connection_and_have_limits_of_their_own(void **state)
{
	struct scene *s = *state;
	struct buf head CLEANUP(buf_free);
	int fds[PER_CLIENT];
	/* many more than there may be connections */
	for (size_t i = 0; i < PER_CLIENT; i++)
		fds[i] = i % 2 == 0 ? open_events(s) : open_socket(s);
	close(ask(s, "GET /hello HTTP/1.1\r\nHost: a.example\r\n\r\n", "200", &head));
	buf_free(&head);
	close(ask(s, "GET /events HTTP/1.1\r\nHost: a.example\r\n\r\n", "503", &head));
	assert_has(&head, "\r\nRetry-After: 30\r\n");
	assert_int_equal(metric_get(METRIC_HTTP_STREAMS), PER_CLIENT);
	close(fds[0]);
	wait_ended(s, 1);
	fds[0] = open_events(s);
	for (size_t i = 0; i < PER_CLIENT; i++)
		close(fds[i]);
	wait_ended(s, PER_CLIENT + 1);
	assert_int_equal(metric_get(METRIC_HTTP_STREAMS), 0);
}

static void clients_behind_a_proxy_are_counted_one_by_one(void **state)
{
	struct scene *s = *state;
	int fds[STREAMS_MAX + 1];
	for (size_t i = 0; i <= STREAMS_MAX; i++) {
		struct buf head CLEANUP(buf_free) = BUF_INIT(8192);
		bool second = i >= PER_CLIENT;
		fds[i] = client_from(s, "127.0.0.2");
		say(fds[i], second ? STR("GET /events HTTP/1.1\r\nHost: a.example\r\n"
					 "X-Forwarded-For: 192.0.2.2\r\n\r\n")
				   : STR("GET /events HTTP/1.1\r\nHost: a.example\r\n"
					 "X-Forwarded-For: 192.0.2.1\r\n\r\n"));
		read_head(fds[i], &head);
		/* the last is one too many at all */
		assert_has(&head, i < STREAMS_MAX ? "HTTP/1.1 200" : "HTTP/1.1 503");
	}
	for (size_t i = 0; i <= STREAMS_MAX; i++)
		close(fds[i]);
	wait_ended(s, STREAMS_MAX);
}

static void a_reader_that_does_not_read_is_closed_and_costs_a_bounded_amount(void **state)
{
	struct scene *s = *state;
	char text[8192];
	memset(text, 'x', sizeof(text));
	int fd = open_socket(s);
	struct httpd_stream *stream = wait_opened(s, 1);
	struct httpd_piece *piece = httpd_piece_message(str_n(text, sizeof(text)));
	uint64_t slow = metric_get(METRIC_HTTP_STREAMS_SLOW);
	size_t sent = 0;
	/* the buffers of both sides take a few megabytes at most, the stream no more than its backlog */
	while (httpd_stream_send(stream, piece))
		assert_true(++sent < 4096);
	assert_true(sent * sizeof(text) >= HTTPD_BACKLOG_MAX - 2 * sizeof(text));
	assert_int_equal(metric_get(METRIC_HTTP_STREAMS_SLOW), slow + 1);
	httpd_piece_release(&piece);
	wait_ended(s, 1);
	close(fd);
}

static void what_could_not_be_sent_at_once_arrives_whole_and_in_order(void **state)
{
	struct scene *s = *state;
	static char got[65536 + 10];
	int fd = open_socket(s);
	struct httpd_stream *stream = wait_opened(s, 1);
	for (char c = 'a'; c <= 'c'; c++) {
		char text[65536];
		memset(text, c, sizeof(text));
		struct httpd_piece *piece = httpd_piece_message(str_n(text, sizeof(text)));
		assert_true(httpd_stream_send(stream, piece));
		httpd_piece_release(&piece);
	}
	for (char c = 'a'; c <= 'c'; c++) {
		assert_int_equal(recv(fd, got, sizeof(got), MSG_WAITALL), sizeof(got));
		assert_memory_equal(got, "\x81\x7f\0\0\0\0\0\1\0\0", 10);
		assert_int_equal(got[10], c);
		assert_int_equal(got[sizeof(got) - 1], c);
	}
	close(fd);
	wait_ended(s, 1);
}

/* The streams' thread looks at the clock when something happens; by then it has heard of this client. */
static void beat(struct scene *s, int fd)
{
	say_frame(fd, 0x81, "x");
	expect(fd, STR("\x81\x01x"));
	test_clock_advance(&s->clock, HEARTBEAT_SECONDS * MS_PER_SECOND);
	say_frame(fd, 0x8a, "");
}

static void hearts_beat_and_who_does_not_answer_is_gone(void **state)
{
	struct scene *s = *state;
	int events = open_events(s), silent = open_socket(s), awake = open_socket(s);
	wait_opened(s, 3);
	beat(s, awake);
	expect(awake, STR("\x89\x00"));
	expect(silent, STR("\x89\x00"));
	expect(events, STR(":thump\n"));
	beat(s, awake);
	expect(awake, STR("\x89\x00"));
	expect(events, STR(":thump\n"));
	wait_ended(s, 1);
	assert_true(s->opened[1].ended);
	expect_end(silent);
	close(awake);
	close(events);
	wait_ended(s, 3);
}

static void its_owner_ends_a_stream(void **state)
{
	struct scene *s = *state;
	int events = open_events(s), socket = open_socket(s);
	httpd_stream_end(wait_opened(s, 1));
	httpd_stream_end(wait_opened(s, 2));
	wait_ended(s, 2);
	expect_end(events);
	expect(socket, STR("\x88\x02\x03\xe9"));
	expect_end(socket);
}

static void stopping_ends_all_streams_and_tells_their_owners(void **state)
{
	struct scene *s = *state;
	int events = open_events(s), socket = open_socket(s);
	wait_opened(s, 2);
	stop(s);
	assert_int_equal(s->ended, 2);
	expect_end(events);
	expect(socket, STR("\x88\x02\x03\xe9"));
	expect_end(socket);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(events_arrive, begin, end),
		cmocka_unit_test_setup_teardown(messages_arrive_both_ways, begin, end),
		cmocka_unit_test_setup_teardown(
			what_is_sent_before_the_beginning_comes_after_the_head, begin, end),
		cmocka_unit_test_setup_teardown(what_is_no_handshake_is_answered, begin, end),
		cmocka_unit_test_setup_teardown(
			streams_take_no_connection_and_have_limits_of_their_own, begin, end),
		cmocka_unit_test_setup_teardown(clients_behind_a_proxy_are_counted_one_by_one,
						begin, end),
		cmocka_unit_test_setup_teardown(
			a_reader_that_does_not_read_is_closed_and_costs_a_bounded_amount, begin,
			end),
		cmocka_unit_test_setup_teardown(
			what_could_not_be_sent_at_once_arrives_whole_and_in_order, begin, end),
		cmocka_unit_test_setup_teardown(hearts_beat_and_who_does_not_answer_is_gone, begin,
						end),
		cmocka_unit_test_setup_teardown(its_owner_ends_a_stream, begin, end),
		cmocka_unit_test_setup_teardown(stopping_ends_all_streams_and_tells_their_owners,
						begin, end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
