/* Handlers run on listener threads; POST /later is answered by a thread of its own. */
#include "serve.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "httpd/file.h"
#include "testkit.h"

#define REPLY_MAX ((size_t)1 << 20)
#define PATIENCE_SECONDS 10
/* longer: to be closed for idleness is no answer */
#define IDLE_SECONDS (3 * PATIENCE_SECONDS)

struct serve {
	struct httpd *httpd;
	pthread_t thread;
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	struct httpd_request *later; /* to be answered by the thread */
	struct httpd_request *held;
	bool ending;
	_Atomic unsigned handled;
	unsigned waiting; /* handlers of POST /wait that were begun */
	bool released;
	struct httpd_request *left[SERVE_LEFT_MAX];
	unsigned left_count;
};

static _Atomic unsigned ended_count;

static void ended(void *arg)
{
	atomic_fetch_add((_Atomic unsigned *)arg, 1);
}

unsigned serve_ended(void)
{
	return atomic_load(&ended_count);
}

static void count(struct serve *serve)
{
	atomic_fetch_add(&serve->handled, 1);
}

static void get_hello(struct httpd_request *req, void *app)
{
	count(app);
	httpd_reply_str(req, 200, "text/plain; charset=utf-8", STR("hello"));
}

static void get_page(struct httpd_request *req, void *app)
{
	count(app);
	httpd_reply_str(req, 200, "text/html; charset=utf-8", STR("<!doctype html>"));
}

static void get_own_policy(struct httpd_request *req, void *app)
{
	count(app);
	httpd_add_header(req, "content-security-policy", STR("default-src 'self'"));
	httpd_reply_str(req, 200, "text/html; charset=utf-8", STR("<!doctype html>"));
}

static void get_user_page(struct httpd_request *req, void *app)
{
	count(app);
	httpd_reply_str(req, 200, "text/html; charset=utf-8", req->params[0]);
}

static void get_user(struct httpd_request *req, void *app)
{
	count(app);
	httpd_reply_str(req, 200, "application/activity+json", req->params[0]);
}

static void get_query(struct httpd_request *req, void *app)
{
	struct str q = httpd_query(req, "q");
	count(app);
	httpd_reply_str(req, 200, "text/plain", q.ptr != NULL ? q : STR("(none)"));
}

static void get_client(struct httpd_request *req, void *app)
{
	count(app);
	httpd_reply_str(req, 200, "text/plain", req->client);
}

static void get_away(struct httpd_request *req, void *app)
{
	count(app);
	httpd_redirect(req, 302, STR("/hello"));
}

static void get_file(struct httpd_request *req, void *app)
{
	int fd = memfd_create("file", MFD_CLOEXEC);
	count(app);
	assert_true(fd >= 0 && write(fd, "0123456789", 10) == 10);
	httpd_reply_file(req, &(struct httpd_file){ fd, 10, "image/png", STR("\"tag\"") });
}

static void get_failed(struct httpd_request *req, void *app)
{
	struct buf body = BUF_INIT(4);
	count(app);
	buf_add(&body, STR("more than four"));
	httpd_reply(req, 200, "text/plain", &body);
}

static void post_echo(struct httpd_request *req, void *app)
{
	count(app);
	httpd_reply_str(req, 200, "text/plain", req->body);
}

static void post_later(struct httpd_request *req, void *app)
{
	struct serve *serve = app;
	count(serve);
	httpd_suspend(req);
	pthread_mutex_lock(&serve->mutex);
	while (serve->later != NULL)
		pthread_cond_wait(&serve->changed, &serve->mutex);
	serve->later = req;
	pthread_cond_broadcast(&serve->changed);
	pthread_mutex_unlock(&serve->mutex);
}

static void post_hold(struct httpd_request *req, void *app)
{
	struct serve *serve = app;
	count(serve);
	req->ended = ended;
	req->ended_arg = &ended_count;
	httpd_suspend(req);
	pthread_mutex_lock(&serve->mutex);
	serve->held = req;
	pthread_cond_broadcast(&serve->changed);
	pthread_mutex_unlock(&serve->mutex);
}

/* Until the test lets all of them go. */
static void post_wait(struct httpd_request *req, void *app)
{
	struct serve *serve = app;
	count(serve);
	pthread_mutex_lock(&serve->mutex);
	serve->waiting++;
	pthread_cond_broadcast(&serve->changed);
	while (!serve->released)
		pthread_cond_wait(&serve->changed, &serve->mutex);
	pthread_mutex_unlock(&serve->mutex);
	httpd_reply_str(req, 200, "text/plain", req->body);
}

static void hand(void *arg)
{
	struct httpd_request *req = arg;
	struct serve *serve = req->user;
	pthread_mutex_lock(&serve->mutex);
	assert_true(serve->left_count < SERVE_LEFT_MAX);
	serve->left[serve->left_count++] = req;
	pthread_cond_broadcast(&serve->changed);
	pthread_mutex_unlock(&serve->mutex);
}

static void post_leave(struct httpd_request *req, void *app)
{
	count(app);
	req->user = app;
	req->ended = ended;
	req->ended_arg = &ended_count;
	httpd_leave(req, hand, req);
}

static _Atomic unsigned rested_count;

unsigned serve_rested(void)
{
	return atomic_load(&rested_count);
}

void serve_rest(void *arg)
{
	struct httpd_request *req = arg;
	if (str_eq(req->body, STR("twice"))) {
		req->body = STR("left twice");
		httpd_leave(req, hand, req);
		return;
	}
	atomic_fetch_add(&rested_count, 1);
	httpd_reply_str(req, 200, "text/plain", req->body);
}

static const struct httpd_route routes[] = {
	{ HTTP_GET, "/hello", HTTP_ANY, 0, get_hello },
	{ HTTP_GET, "/page", HTTP_HTML, 0, get_page },
	{ HTTP_GET, "/file", HTTP_ANY, 0, get_file },
	{ HTTP_GET, "/own-policy", HTTP_HTML, 0, get_own_policy },
	{ HTTP_GET, "/users/:name", HTTP_HTML, 0, get_user_page },
	{ HTTP_GET, "/users/:name", HTTP_ACTIVITY, 0, get_user },
	{ HTTP_GET, "/query", HTTP_ANY, 0, get_query },
	{ HTTP_GET, "/client", HTTP_ANY, 0, get_client },
	{ HTTP_GET, "/away", HTTP_ANY, 0, get_away },
	{ HTTP_GET, "/failed", HTTP_ANY, 0, get_failed },
	{ HTTP_POST, "/echo", HTTP_ANY, 64, post_echo },
	{ HTTP_POST, "/later", HTTP_ANY, 64, post_later },
	{ HTTP_POST, "/hold", HTTP_ANY, 64, post_hold },
};

static const struct httpd_route waiting_routes[] = {
	{ HTTP_POST, "/wait", HTTP_ANY, 64, post_wait },
	{ HTTP_POST, "/leave", HTTP_ANY, 64, post_leave },
};

static void say_too_large(struct httpd_request *req, void *app UNUSED)
{
	httpd_reply_str(req, 413, "text/plain",
			arena_printf(req->ctx.arena, "%zu at most", req->route->body_max));
}

static void *answer_later(void *arg)
{
	struct serve *serve = arg;
	pthread_mutex_lock(&serve->mutex);
	for (;;) {
		while (serve->later == NULL && !serve->ending)
			pthread_cond_wait(&serve->changed, &serve->mutex);
		struct httpd_request *req = serve->later;
		serve->later = NULL;
		if (req == NULL)
			break;
		pthread_cond_broadcast(&serve->changed);
		httpd_reply_str(req, 202, "text/plain", req->body);
		httpd_resume(req);
	}
	pthread_mutex_unlock(&serve->mutex);
	return NULL;
}

struct serve *serve_start(uint64_t request_seconds, const char *trusted)
{
	struct serve *serve = calloc(1, sizeof(*serve));
	assert_non_null(serve);
	const struct httpd_route_table tables[] = {
		{ routes, ARRAY_LEN(routes), serve, false, NULL },
		{ waiting_routes, ARRAY_LEN(waiting_routes), serve, true, say_too_large },
	};
	const struct httpd_settings settings = {
		.listen = STR_INIT("127.0.0.1:0"),
		.threads = 2,
		.workers = SERVE_WORKERS,
		.connections_max = 64,
		.connections_per_client = 8,
		.idle_seconds = IDLE_SECONDS,
		.request_seconds = request_seconds,
		.trusted_proxies = str_of(trusted),
	};
	struct err err = { 0 };
	pthread_mutex_init(&serve->mutex, NULL);
	pthread_cond_init(&serve->changed, NULL);
	assert_int_equal(pthread_create(&serve->thread, NULL, answer_later, serve), 0);
	assert_int_equal(httpd_start(&err, &settings, tables, ARRAY_LEN(tables), clock_system(),
				     &serve->httpd),
			 RC_OK);
	return serve;
}

void serve_stop(struct serve **at, uint64_t wait_ms)
{
	struct serve *serve = *at;
	httpd_stop(&serve->httpd, wait_ms);
	assert_null(serve->httpd);
	pthread_mutex_lock(&serve->mutex);
	serve->ending = true;
	pthread_cond_broadcast(&serve->changed);
	pthread_mutex_unlock(&serve->mutex);
	pthread_join(serve->thread, NULL);
	pthread_cond_destroy(&serve->changed);
	pthread_mutex_destroy(&serve->mutex);
	free(serve);
	*at = NULL;
}

uint16_t serve_port(const struct serve *serve)
{
	return httpd_port(serve->httpd);
}

struct httpd_request *serve_held(struct serve *serve)
{
	pthread_mutex_lock(&serve->mutex);
	while (serve->held == NULL)
		pthread_cond_wait(&serve->changed, &serve->mutex);
	struct httpd_request *held = serve->held;
	serve->held = NULL;
	pthread_mutex_unlock(&serve->mutex);
	return held;
}

void serve_left(struct serve *serve, struct httpd_request *left[SERVE_LEFT_MAX], unsigned count)
{
	pthread_mutex_lock(&serve->mutex);
	while (serve->left_count < count)
		pthread_cond_wait(&serve->changed, &serve->mutex);
	assert_int_equal(serve->left_count, count);
	memcpy(left, serve->left, count * sizeof(left[0]));
	serve->left_count = 0;
	pthread_mutex_unlock(&serve->mutex);
}

unsigned serve_handled(const struct serve *serve)
{
	return atomic_load(&serve->handled);
}

int serve_connect(const struct serve *serve)
{
	const struct timeval patience = { .tv_sec = PATIENCE_SECONDS };
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(serve_port(serve)) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_true(fd >= 0);
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)), 0);
	assert_int_equal(connect(fd, (const void *)&to, sizeof(to)), 0);
	return fd;
}

void serve_send(int fd, struct str bytes)
{
	assert_int_equal(send(fd, bytes.ptr, bytes.len, MSG_NOSIGNAL), bytes.len);
}

bool serve_read_all(int fd, struct buf *out)
{
	char piece[4096];
	for (;;) {
		ssize_t got = recv(fd, piece, sizeof(piece), 0);
		if (got == 0)
			return true;
		if (got < 0) {
			assert_int_equal(errno, ECONNRESET);
			return false;
		}
		buf_add_bytes(out, piece, (size_t)got);
	}
}

void serve_read_one(int fd, struct buf *out)
{
	static const char length[] = "Content-Length: ";
	char c;
	while (!str_has_suffix(buf_str(out), STR("\r\n\r\n"))) {
		assert_int_equal(recv(fd, &c, 1, 0), 1);
		buf_add_chr(out, c);
	}
	struct str head = buf_str(out);
	struct str text = str_skip(head, str_find(head, str_of(length)) + sizeof(length) - 1);
	uint64_t left = 0;
	assert_true(str_to_u64(str_take(text, str_index(text, '\r')), &left));
	for (; left != 0; left--) {
		assert_int_equal(recv(fd, &c, 1, 0), 1);
		buf_add_chr(out, c);
	}
	assert_false(out->failed);
}

void serve_ask(const struct serve *serve, struct str bytes, struct buf *out)
{
	int fd = serve_connect(serve);
	buf_init(out, REPLY_MAX);
	serve_send(fd, bytes);
	serve_read_all(fd, out);
	close(fd);
}

void serve_await_waiting(struct serve *serve, unsigned count)
{
	pthread_mutex_lock(&serve->mutex);
	while (serve->waiting < count)
		pthread_cond_wait(&serve->changed, &serve->mutex);
	pthread_mutex_unlock(&serve->mutex);
}

void serve_release(struct serve *serve)
{
	pthread_mutex_lock(&serve->mutex);
	serve->released = true;
	pthread_cond_broadcast(&serve->changed);
	pthread_mutex_unlock(&serve->mutex);
}
