/* The network of the fetch tests: hostile and friendly answers, and outcomes to wait for. */
#include "net.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "core/buf.h"
#include "core/must.h"

struct loopback *server, *other;
struct fetch *client;

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
	snprintf(to, sizeof(to), "http://127.0.0.1:%u%s", loopback_port(other), path);
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

bool net_answer(int fd, const struct loopback_request *r)
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

static char *keep(struct str s)
{
	return s.ptr != NULL ? strndup(s.ptr, s.len) : NULL;
}

void on_done(void *arg, const struct fetch_result *r)
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

void outcome_init(struct outcome *o)
{
	*o = (struct outcome){ .calls = 0 };
	sem_init(&o->told, 0, 0);
}

void outcome_wait(struct outcome *o)
{
	struct timespec until;
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += 2 * PATIENCE_MS / 1000;
	assert_int_equal(sem_timedwait(&o->told, &until), 0);
	assert_int_equal(o->calls, 1);
}

void outcome_free(struct outcome *o)
{
	free(o->reason);
	free(o->url);
	free(o->content_type);
	free(o->location);
	free(o->accept_signature);
	free(o->body);
	sem_destroy(&o->told);
}

struct str url_of(char *space, size_t size, const char *path)
{
	int n = snprintf(space, size, "http://127.0.0.1:%u%s", loopback_port(server), path);
	return str_n(space, (size_t)n);
}

struct fetch_request request_of(struct outcome *o, struct str url)
{
	return (struct fetch_request){ .method = STR("GET"),
				       .url = url,
				       .bytes_max = BODY_MAX,
				       .redirects_max = 3,
				       .timeout_ms = PATIENCE_MS,
				       .done = on_done,
				       .arg = o };
}

void get_url(struct outcome *o, struct str url)
{
	struct fetch_request req = request_of(o, url);
	outcome_init(o);
	fetch_submit(client, &req);
	outcome_wait(o);
}

void get(struct outcome *o, const char *path)
{
	char url[2048];
	get_url(o, url_of(url, sizeof(url), path));
}

struct fetch_settings settings_of_tests(void)
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

const struct clock test_time = { fixed_wall, real_steady, NULL };

struct fetch *client_new(struct fetch_settings settings)
{
	struct err err = { .rc = RC_OK };
	struct fetch *fetch;
	if (fetch_new(&err, &settings, &test_time, &fetch) != RC_OK)
		fail_msg("%s", err_text(&err));
	return fetch;
}

int net_setup(void **state UNUSED)
{
	server = loopback_new(net_answer);
	other = loopback_new(net_answer);
	client = client_new(settings_of_tests());
	return 0;
}

int net_teardown(void **state UNUSED)
{
	fetch_free(&client);
	loopback_free(&server);
	loopback_free(&other);
	return 0;
}

struct str last_request(void)
{
	return loopback_request(server, loopback_requests(server) - 1);
}
