/* Clients of streams, over raw sockets. One thread. */
#include "streamkit.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "core/must.h"

#define TEXT_MAX ((size_t)1 << 20)
#define HANDSHAKE                                                                    \
	"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n" \
	"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"

static bool read_byte(const struct listener *l, char *c)
{
	ssize_t n = recv(l->fd, c, 1, 0);
	assert_true(n >= 0); /* nothing in time */
	return n == 1;
}

static void read_head(struct apikit *kit, struct listener *l)
{
	struct buf head = BUF_INIT(TEXT_MAX);
	uint64_t status;
	char c;
	while (!str_has_suffix(buf_str(&head), STR("\r\n\r\n")) && read_byte(l, &c))
		buf_add_chr(&head, c);
	l->head = arena_take_buf(kit->t.d.arena, &head);
	assert_true(str_to_u64(str_take(str_skip(l->head, 9), 3), &status));
	l->status = (unsigned)status;
}

static struct listener ask(struct apikit *kit, struct str token, const char *path,
			   const char *headers)
{
	const struct timeval patience = { .tv_sec = 20 };
	struct listener l = { .fd = apikit_connect(kit) };
	struct buf request CLEANUP(buf_free) = BUF_INIT(TEXT_MAX);
	assert_int_equal(setsockopt(l.fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)), 0);
	buf_addf(&request, "GET %s HTTP/1.1\r\nHost: social.example.org\r\n%s", path, headers);
	if (token.ptr != NULL)
		buf_addf(&request, "Authorization: Bearer %.*s\r\n", STR_ARG(token));
	buf_add(&request, STR("\r\n"));
	assert_int_equal(send(l.fd, request.ptr, request.len, MSG_NOSIGNAL), request.len);
	read_head(kit, &l);
	return l;
}

struct listener listen_events(struct apikit *kit, struct str token, const char *path)
{
	return ask(kit, token, path, "");
}

struct listener listen_socket(struct apikit *kit, struct str token, const char *path,
			      const char *headers)
{
	char all[1024];
	snprintf(all, sizeof(all), HANDSHAKE "%s", headers);
	struct listener l = ask(kit, token, path, all);
	l.socket = true;
	return l;
}

void listener_close(struct listener *l)
{
	if (l->fd >= 0)
		close(l->fd);
	l->fd = -1;
}

/* --- what comes --- */

static struct jr parse(struct apikit *kit, struct str text)
{
	struct ctx ctx = { .arena = kit->t.d.arena };
	struct jr none = { NULL };
	if (jr_parse(&ctx, text, &jr_limits_peer, &kit->docs[kit->doc_count]) != RC_OK)
		return none;
	return jr_root(kit->docs[kit->doc_count++]);
}

/* One frame; absent at the end, and when it is a close. */
static struct str read_frame(struct apikit *kit, const struct listener *l)
{
	unsigned char head[2], more[8];
	if (recv(l->fd, head, 2, MSG_WAITALL) != 2 || head[0] == 0x88)
		return STR_NONE;
	assert_int_equal(head[0], 0x81);
	size_t len = head[1], bytes = len == 127 ? 8 : len == 126 ? 2 : 0;
	assert_int_equal(recv(l->fd, more, bytes, MSG_WAITALL), bytes);
	for (size_t i = 0; i < bytes; i++)
		len = (i == 0 ? 0 : len << 8) | more[i];
	char *text = arena_alloc(kit->t.d.arena, len + 1);
	assert_int_equal(recv(l->fd, text, len, MSG_WAITALL), len);
	return str_n(text, len);
}

static struct told read_message(struct apikit *kit, const struct listener *l)
{
	struct str text = read_frame(kit, l);
	struct told told = { .event = STR_NONE };
	if (text.ptr == NULL)
		return told;
	told.whole = parse(kit, text);
	assert_int_equal(jr_type(told.whole), JR_OBJECT);
	struct jr names = jr_get(told.whole, "stream");
	struct buf stream = BUF_INIT(TEXT_MAX);
	for (size_t i = 0; i < jr_count(names); i++) {
		if (i != 0)
			buf_add_chr(&stream, ' ');
		buf_add(&stream, jr_str(jr_at(names, i)));
	}
	told.stream = arena_take_buf(kit->t.d.arena, &stream);
	told.event = jr_str(jr_get(told.whole, "event"));
	if (told.event.ptr == NULL)
		told.event = STR("");
	told.payload = jr_str(jr_get(told.whole, "payload"));
	return told;
}

static struct str read_line(struct apikit *kit, const struct listener *l)
{
	struct buf line = BUF_INIT(TEXT_MAX);
	char c;
	while (read_byte(l, &c)) {
		if (c == '\n')
			return arena_take_buf(kit->t.d.arena, &line);
		buf_add_chr(&line, c);
	}
	buf_free(&line);
	return STR_NONE;
}

static struct told read_event(struct apikit *kit, const struct listener *l)
{
	struct told told = { .event = STR_NONE };
	struct str line;
	while ((line = read_line(kit, l)).ptr != NULL) {
		if (str_has_prefix(line, STR("event: ")))
			told.event = str_skip(line, 7);
		else if (str_has_prefix(line, STR("data: ")))
			told.payload = str_skip(line, 6);
		else if (line.len == 0 && told.event.ptr != NULL)
			return told;
	}
	return (struct told){ .event = STR_NONE };
}

struct told next_told(struct apikit *kit, struct listener *l)
{
	struct told told = l->socket ? read_message(kit, l) : read_event(kit, l);
	if (str_has_prefix(told.payload, STR("{")))
		told.json = parse(kit, told.payload);
	return told;
}

void expect_told(struct apikit *kit, struct listener *l, const char *event, uint64_t status)
{
	struct told told = next_told(kit, l);
	uint64_t id = 0;
	struct str text = told.json.node != NULL ? jr_str(jr_get(told.json, "id")) : told.payload;
	assert_str_eq(told.event, str_of(event));
	assert_true(str_to_u64(text, &id));
	assert_int_equal(id, status);
}

void expect_ended(struct apikit *kit, struct listener *l)
{
	assert_null(next_told(kit, l).event.ptr);
}

/* --- what is said --- */

void say(const struct listener *l, const char *json)
{
	/* a mask of zeros masks nothing */
	unsigned char head[8] = { 0x81, 0x80 | 126 };
	size_t len = strlen(json);
	head[2] = (unsigned char)(len >> 8);
	head[3] = (unsigned char)len;
	size_t skip = 0;
	if (len < 126) {
		head[2] = 0x81;
		head[3] = (unsigned char)(0x80 | len);
		skip = 2;
	}
	assert_int_equal(send(l->fd, head + skip, sizeof(head) - skip, MSG_NOSIGNAL | MSG_MORE),
			 sizeof(head) - skip);
	assert_int_equal(send(l->fd, json, len, MSG_NOSIGNAL), len);
}

void subscribe(struct apikit *kit, struct listener *l, const char *json)
{
	say(l, json);
	say(l, "{}");
	struct told told = next_told(kit, l);
	assert_str_eq(jr_str(jr_get(told.whole, "error")), STR("Unknown message type"));
}

/* --- a scene --- */

int scene_begin(void **state)
{
	struct scene *s = calloc(1, sizeof(*s));
	s->kit = apikit_new();
	s->alice = test_store_local(&s->kit->t, "alice");
	s->bob = test_store_local(&s->kit->t, "bob");
	s->eve = test_store_local(&s->kit->t, "eve");
	s->carol = test_store_remote(&s->kit->t, "carol", "c.example");
	test_store_follow(&s->kit->t, &s->bob, &s->alice);
	s->alice_token = apikit_sign_in(s->kit, &s->alice, "read write");
	s->bob_token = apikit_sign_in(s->kit, &s->bob, "read write");
	s->eve_token = apikit_sign_in(s->kit, &s->eve, "read write");
	*state = s;
	return 0;
}

int scene_end(void **state)
{
	struct scene *s = *state;
	apikit_free(&s->kit);
	free(s);
	return 0;
}

uint64_t scene_post(struct scene *s, const char *body)
{
	struct answer a = api_post(s->kit, s->alice_token, "/api/v1/statuses", body);
	assert_int_equal(a.status, 200);
	return answer_id(&a);
}

const char *scene_path(struct scene *s, uint64_t status, const char *act)
{
	return arena_cstr(s->kit->t.d.arena,
			  arena_printf(s->kit->t.d.arena, "/api/v1/statuses/%llu%s",
				       (unsigned long long)status, act));
}
