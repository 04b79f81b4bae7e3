/* One listener thread, and as many requests at once as the library asks epoll for, or a multiple. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "httpd/httpd.h"
#include "testkit.h"

#define CONNECTIONS_MAX 400

struct scene {
	struct httpd *httpd;
	sem_t blocked, go_on;
};

static void get_hello(struct httpd_request *req, void *app UNUSED)
{
	httpd_reply_str(req, 200, "text/plain", STR("hello"));
}

/* What no handler may do: the thread sees nothing meanwhile. */
static void get_block(struct httpd_request *req, void *app)
{
	struct scene *scene = app;
	sem_post(&scene->blocked);
	while (sem_wait(&scene->go_on) != 0)
		continue;
	get_hello(req, app);
}

static const struct httpd_route routes[] = {
	{ HTTP_GET, "/hello", HTTP_ANY, 0, get_hello },
	{ HTTP_GET, "/block", HTTP_ANY, 0, get_block },
};

static int start(void **state)
{
	struct scene *scene = calloc(1, sizeof(*scene));
	assert_non_null(scene);
	const struct httpd_route_table table = { routes, ARRAY_LEN(routes), scene, false, NULL };
	const struct httpd_settings settings = {
		.listen = STR_INIT("127.0.0.1:0"),
		.threads = 1,
		.connections_max = CONNECTIONS_MAX,
		.connections_per_client = CONNECTIONS_MAX,
		.idle_seconds = 60,
		.request_seconds = 60,
		.trusted_proxies = STR(""),
	};
	struct err err = { 0 };
	sem_init(&scene->blocked, 0, 0);
	sem_init(&scene->go_on, 0, 0);
	assert_int_equal(httpd_start(&err, &settings, &table, 1, clock_system(), &scene->httpd),
			 RC_OK);
	*state = scene;
	return 0;
}

static int stop(void **state)
{
	struct scene *scene = *state;
	httpd_stop(&scene->httpd, 5000);
	sem_destroy(&scene->blocked);
	sem_destroy(&scene->go_on);
	free(scene);
	return 0;
}

static int connect_to(const struct scene *scene)
{
	const struct timeval patience = { .tv_sec = 10 };
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_port = htons(httpd_port(scene->httpd)) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_true(fd >= 0);
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)), 0);
	assert_int_equal(connect(fd, (const void *)&to, sizeof(to)), 0);
	return fd;
}

static void ask(int fd, const char *path)
{
	char text[128];
	int len = snprintf(text, sizeof(text), "GET %s HTTP/1.1\r\nHost: a.example\r\n\r\n", path);
	assert_int_equal(send(fd, text, (size_t)len, MSG_NOSIGNAL), len);
}

static void is_answered(int fd)
{
	char answer[1024];
	assert_true(recv(fd, answer, sizeof(answer), 0) > 12);
	assert_memory_equal(answer, "HTTP/1.1 200", 12);
}

static void any_number_of_requests_at_once_is_answered(void **state)
{
	static const unsigned counts[] = { 1, 127, 128, 129, 256, 384 };
	struct scene *scene = *state;
	int blocking = connect_to(scene), fds[CONNECTIONS_MAX];
	for (size_t i = 0; i < ARRAY_LEN(counts); i++) {
		for (unsigned k = 0; k < counts[i]; k++) {
			fds[k] = connect_to(scene);
			ask(fds[k], "/hello");
			is_answered(fds[k]);
		}
		ask(blocking, "/block");
		while (sem_wait(&scene->blocked) != 0)
			continue;
		for (unsigned k = 0; k < counts[i]; k++)
			ask(fds[k], "/hello");
		sem_post(&scene->go_on);
		is_answered(blocking);
		for (unsigned k = 0; k < counts[i]; k++) {
			is_answered(fds[k]);
			close(fds[k]);
		}
	}
	close(blocking);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(any_number_of_requests_at_once_is_answered, start,
						stop),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
