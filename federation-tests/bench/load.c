/*
 * The load generator: sends requests that were made before over kept-alive connections, the next one
 * of a connection as soon as the last was answered, and says what came back. One thread, epoll; what
 * it costs is on the machine's account like everything else.
 *
 *   bench-load --port P --connections N --file F [--from I] --count N   each request once
 *   bench-load --port P --connections N --file F --cycle --count N      round and round
 *
 * F holds requests as requests.h says.
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "args.h"
#include "requests.h"

#define ANSWER_MAX ((size_t)256 << 10)
#define STATUS_MAX 600

struct connection {
	int fd;
	const struct request *request; /* NULL: none in hand */
	size_t sent;
	uint64_t begun_ns;
	size_t have; /* bytes of the answer so far */
	size_t want; /* its whole length; 0: not known yet */
	char *answer;
};

struct load {
	struct requests requests;
	size_t next, left; /* which is next, and how many are still to be sent */
	bool cycle;
	uint64_t *latencies;
	size_t done, in_hand;
	uint64_t statuses[STATUS_MAX];
	int epoll;
	struct sockaddr_in address;
};

static const struct request *take(struct load *l)
{
	if (l->left == 0)
		return NULL;
	l->left--;
	const struct request *r = &l->requests.all[l->next++];
	if (l->next == l->requests.count)
		l->next = 0;
	return r;
}

/* --- one connection --- */

static void connection_open(struct load *l, struct connection *c)
{
	int one = 1;
	c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (c->fd < 0 || connect(c->fd, (struct sockaddr *)&l->address, sizeof(l->address)) != 0)
		die("cannot connect: %m");
	setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	fcntl(c->fd, F_SETFL, O_NONBLOCK);
	struct epoll_event event = { .events = EPOLLIN | EPOLLOUT | EPOLLET, .data.ptr = c };
	if (epoll_ctl(l->epoll, EPOLL_CTL_ADD, c->fd, &event) != 0)
		die("epoll: %m");
}

static void connection_write(struct connection *c)
{
	while (c->request != NULL && c->sent < c->request->len) {
		ssize_t n = send(c->fd, c->request->ptr + c->sent, c->request->len - c->sent,
				 MSG_NOSIGNAL);
		if (n < 0 && errno == EAGAIN)
			return;
		if (n <= 0)
			die("a connection broke while sending: %m");
		c->sent += (size_t)n;
	}
}

static void connection_next(struct load *l, struct connection *c)
{
	c->have = c->want = c->sent = 0;
	c->request = take(l);
	if (c->request == NULL)
		return;
	l->in_hand++;
	c->begun_ns = now_ns();
	connection_write(c);
}

/* The whole length of the answer, 0 when its head is not complete. */
static size_t answer_length(const struct connection *c, bool *closes)
{
	const char *end = memmem(c->answer, c->have, "\r\n\r\n", 4);
	size_t body = 0;
	if (end == NULL)
		return 0;
	*closes = false;
	for (const char *line = c->answer; line < end; line++) {
		line = memchr(line, '\n', (size_t)(end + 2 - line));
		if (line == NULL || line >= end)
			break;
		if (strncasecmp(line + 1, "content-length:", 15) == 0)
			body = strtoull(line + 16, NULL, 10);
		if (strncasecmp(line + 1, "connection: close", 17) == 0)
			*closes = true;
	}
	return (size_t)(end - c->answer) + 4 + body;
}

static void answered(struct load *l, struct connection *c)
{
	unsigned status = c->have > 12 ? (unsigned)strtoul(c->answer + 9, NULL, 10) : 0;
	l->statuses[status < STATUS_MAX ? status : 0]++;
	l->latencies[l->done++] = now_ns() - c->begun_ns;
	l->in_hand--;
}

static void connection_read(struct load *l, struct connection *c)
{
	bool closes = false;
	for (;;) {
		if (c->have == ANSWER_MAX)
			die("an answer is too long");
		ssize_t n = recv(c->fd, c->answer + c->have, ANSWER_MAX - c->have, 0);
		if (n < 0 && errno == EAGAIN)
			return;
		if (n <= 0 && c->request == NULL)
			return;
		if (n <= 0)
			die("a connection broke while waiting for an answer");
		c->have += (size_t)n;
		if (c->want == 0)
			c->want = answer_length(c, &closes);
		if (c->want == 0 || c->have < c->want)
			continue;
		answered(l, c);
		if (closes) {
			close(c->fd);
			connection_open(l, c);
		}
		connection_next(l, c);
	}
}

/* --- the run --- */

static void run(struct load *l, size_t connections)
{
	struct connection *all = calloc(connections, sizeof(*all));
	struct epoll_event events[256];
	for (size_t i = 0; i < connections; i++) {
		all[i].answer = malloc(ANSWER_MAX);
		connection_open(l, &all[i]);
	}
	for (size_t i = 0; i < connections; i++)
		connection_next(l, &all[i]);
	while (l->in_hand != 0) {
		int n = epoll_wait(l->epoll, events, 256, 30000);
		if (n == 0)
			die("no answer for 30 s; %zu of %zu are done", l->done, l->done + l->left);
		for (int i = 0; i < n; i++) {
			struct connection *c = events[i].data.ptr;
			connection_write(c);
			connection_read(l, c);
		}
	}
}

static int by_size(const void *a, const void *b)
{
	uint64_t x, y;
	memcpy(&x, a, sizeof(x));
	memcpy(&y, b, sizeof(y));
	return (x > y) - (x < y);
}

static void report(struct load *l, uint64_t ns)
{
	const char *sep = "";
	uint64_t ok = 0;
	qsort(l->latencies, l->done, sizeof(*l->latencies), by_size);
	for (size_t i = 200; i < 300; i++)
		ok += l->statuses[i];
	printf("{\"requests\":%zu,\"ok\":%" PRIu64 ",\"seconds\":%.4f,\"rate\":%.1f,", l->done, ok,
	       (double)ns / 1e9, (double)l->done * 1e9 / (double)ns);
	printf("\"p50_us\":%" PRIu64 ",\"p95_us\":%" PRIu64 ",\"p99_us\":%" PRIu64
	       ",\"max_us\":%" PRIu64 ",\"statuses\":{",
	       l->latencies[l->done / 2] / 1000, l->latencies[l->done * 95 / 100] / 1000,
	       l->latencies[l->done * 99 / 100] / 1000, l->latencies[l->done - 1] / 1000);
	for (size_t i = 0; i < STATUS_MAX; i++) {
		if (l->statuses[i] == 0)
			continue;
		printf("%s\"%zu\":%" PRIu64, sep, i, l->statuses[i]);
		sep = ",";
	}
	printf("}}\n");
}

int main(int argc, char **argv)
{
	struct load l = { .cycle = arg_switch(argv, "--cycle") };
	(void)argc;
	requests_read(&l.requests, arg_needed(argv, "--file"), arg_number(argv, "--from", 0));
	l.left = arg_number(argv, "--count", l.requests.count);
	if (l.left == 0 || (!l.cycle && l.left > l.requests.count))
		die("there are only %zu requests", l.requests.count);
	l.latencies = calloc(l.left, sizeof(*l.latencies));
	l.epoll = epoll_create1(EPOLL_CLOEXEC);
	l.address = (struct sockaddr_in){
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t)arg_number(argv, "--port", 0)),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	uint64_t begun = now_ns();
	run(&l, arg_number(argv, "--connections", 64));
	report(&l, now_ns() - begun);
	return 0;
}
