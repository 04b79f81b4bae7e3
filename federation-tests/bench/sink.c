/*
 * The peers of the outbound benchmark: many hosts (127.0.1.1 and on) behind one port, each with a
 * certificate of its own from an authority that is made at the start, all in one thread that takes a
 * POST, notes which inbox it was for, and answers 202.
 *
 *   bench-sink --port P --hosts N --ca FILE [--close]
 *
 * --close ends every connection after its answer. On standard input it is told
 *
 *   reset       counts from zero again
 *   wait N MS   the answer is a line of JSON, as soon as N different inboxes were served
 *   more N MS   the same, as soon as there were N requests, to whatever inboxes
 *   die R S     of the last hosts, R are gone from now on (connections are refused), and S go silent:
 *               connections stay or come, and nothing is said on them
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "args.h"
#include "sink_address.h"
#include "sink_cert.h"

#define HOSTS_MAX 8000
#define INBOXES_MAX 65536
#define HEAD_MAX ((size_t)16 << 10)

enum peer_state {
	PEER_HANDSHAKE,
	PEER_HEAD,
	PEER_BODY,
};

/* A listener (ssl is NULL) or a connection. */
struct socket_state {
	int fd;
	unsigned host;
	bool listens;
	struct socket_state *prev, *next; /* in the list of all */
	SSL *ssl;
	enum peer_state state;
	size_t have;
	size_t body_left;
	char head[HEAD_MAX];
};

static struct {
	int epoll;
	bool closes;
	unsigned hosts;
	struct socket_state *all;
	SSL_CTX *contexts[HOSTS_MAX];
	bool served[INBOXES_MAX];
	uint64_t requests, distinct, connections;
	uint64_t first_ns, last_ns;
	uint64_t latest_ns; /* of all requests, be it the second of an inbox */
	uint64_t wait_for, wait_until_ns;
	bool wait_more;
} sink;

/* --- sockets --- */

static struct socket_state *socket_new(int fd, unsigned host)
{
	struct socket_state *s = calloc(1, sizeof(*s));
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = s };
	if (s == NULL || epoll_ctl(sink.epoll, EPOLL_CTL_ADD, fd, &event) != 0)
		die("a socket cannot be watched: %m");
	s->fd = fd;
	s->host = host;
	s->next = sink.all;
	if (s->next != NULL)
		s->next->prev = s;
	sink.all = s;
	return s;
}

static void socket_close(struct socket_state *s)
{
	if (s->prev != NULL)
		s->prev->next = s->next;
	else
		sink.all = s->next;
	if (s->next != NULL)
		s->next->prev = s->prev;
	SSL_free(s->ssl);
	close(s->fd);
	free(s);
}

/* Of the last hosts, `refused` are gone and `silent` say nothing any more. */
static void hosts_die(unsigned refused, unsigned silent)
{
	for (struct socket_state *s = sink.all, *next; s != NULL; s = next) {
		next = s->next;
		if (s->host >= sink.hosts - refused)
			socket_close(s);
		else if (s->host >= sink.hosts - refused - silent)
			epoll_ctl(sink.epoll, EPOLL_CTL_DEL, s->fd, NULL);
	}
	puts("{}");
	fflush(stdout);
}

/* --- counting --- */

static void note(const char *head)
{
	const char *digits = strstr(head, "/inbox/");
	uint64_t inbox = digits != NULL ? strtoull(digits + 7, NULL, 10) : INBOXES_MAX;
	sink.requests++;
	sink.latest_ns = now_ns();
	if (inbox >= INBOXES_MAX || sink.served[inbox])
		return;
	sink.served[inbox] = true;
	sink.last_ns = sink.latest_ns;
	if (sink.distinct++ == 0)
		sink.first_ns = sink.last_ns;
}

static void reset(void)
{
	memset(sink.served, 0, sizeof(sink.served));
	sink.requests = sink.distinct = sink.connections = sink.first_ns = sink.last_ns =
		sink.latest_ns = 0;
	puts("{}");
	fflush(stdout);
}

static void tell_when_due(void)
{
	bool late = now_ns() > sink.wait_until_ns;
	uint64_t have = sink.wait_more ? sink.requests : sink.distinct;
	if (sink.wait_for == 0 || (have < sink.wait_for && !late))
		return;
	sink.wait_for = 0;
	printf("{\"requests\":%" PRIu64 ",\"distinct\":%" PRIu64 ",\"connections\":%" PRIu64
	       ",\"first_ns\":%" PRIu64 ",\"last_ns\":%" PRIu64 ",\"latest_ns\":%" PRIu64 "}\n",
	       sink.requests, sink.distinct, sink.connections, sink.first_ns, sink.last_ns,
	       sink.latest_ns);
	fflush(stdout);
}

/* False at the end of the input. */
static bool command(void)
{
	char line[128];
	uint64_t n, ms;
	unsigned refused, silent;
	ssize_t len = read(STDIN_FILENO, line, sizeof(line) - 1);
	if (len <= 0)
		return false;
	line[len] = '\0';
	if (strncmp(line, "reset", 5) == 0)
		reset();
	bool more = strncmp(line, "more", 4) == 0;
	if (sscanf(line, more ? "more %" SCNu64 " %" SCNu64 : "wait %" SCNu64 " %" SCNu64, &n,
		   &ms) == 2) {
		sink.wait_for = n;
		sink.wait_more = more;
		sink.wait_until_ns = now_ns() + ms * 1000000;
	}
	if (sscanf(line, "die %u %u", &refused, &silent) == 2)
		hosts_die(refused, silent);
	return true;
}

/* --- a connection --- */

static size_t body_length(const char *head)
{
	for (const char *line = head; (line = strchr(line, '\n')) != NULL; line++) {
		if (strncasecmp(line + 1, "content-length:", 15) == 0)
			return strtoull(line + 16, NULL, 10);
	}
	return 0;
}

/* Takes what came; false when the connection is to end. */
static bool peer_answer(struct socket_state *p)
{
	static const char stays[] = "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n";
	static const char goes[] =
		"HTTP/1.1 202 Accepted\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
	note(p->head);
	p->state = PEER_HEAD;
	p->have = 0;
	if (sink.closes) {
		SSL_write(p->ssl, goes, sizeof(goes) - 1);
		SSL_shutdown(p->ssl);
		return false;
	}
	return SSL_write(p->ssl, stays, sizeof(stays) - 1) > 0;
}

static bool peer_take(struct socket_state *p)
{
	p->head[p->have] = '\0';
	if (p->state == PEER_HEAD) {
		char *end = strstr(p->head, "\r\n\r\n");
		if (end == NULL)
			return p->have < HEAD_MAX - 1;
		size_t behind = p->have - (size_t)(end + 4 - p->head);
		size_t body = body_length(p->head);
		p->body_left = body > behind ? body - behind : 0;
		p->state = PEER_BODY;
	}
	return p->body_left != 0 || peer_answer(p);
}

static bool peer_read(struct socket_state *p)
{
	char body[HEAD_MAX];
	for (;;) {
		bool head = p->state == PEER_HEAD;
		int n = head ? SSL_read(p->ssl, p->head + p->have, (int)(HEAD_MAX - 1 - p->have))
			     : SSL_read(p->ssl, body, sizeof(body));
		if (n <= 0)
			return SSL_get_error(p->ssl, n) == SSL_ERROR_WANT_READ;
		if (head)
			p->have += (size_t)n;
		else
			p->body_left -= (size_t)n < p->body_left ? (size_t)n : p->body_left;
		if (!peer_take(p))
			return false;
	}
}

static void peer_go(struct socket_state *p)
{
	ERR_clear_error();
	if (p->state == PEER_HANDSHAKE) {
		int n = SSL_accept(p->ssl);
		if (n <= 0) {
			if (SSL_get_error(p->ssl, n) != SSL_ERROR_WANT_READ)
				socket_close(p);
			return;
		}
		p->state = PEER_HEAD;
	}
	if (!peer_read(p))
		socket_close(p);
}

static void peer_accept(const struct socket_state *listener)
{
	int fd = accept4(listener->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (fd < 0)
		return;
	struct socket_state *p = socket_new(fd, listener->host);
	p->ssl = SSL_new(sink.contexts[p->host]);
	SSL_set_fd(p->ssl, fd);
	sink.connections++;
}

/* --- listeners --- */

static void listen_at(unsigned host, uint16_t port)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_port = htons(port),
				       .sin_addr.s_addr = htonl(sink_address(host)) };
	int one = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) != 0 || listen(fd, 512) != 0)
		die("host %u cannot listen: %m", host);
	socket_new(fd, host)->listens = true;
}

static void open_hosts(char **argv)
{
	uint16_t port = (uint16_t)arg_number(argv, "--port", 0);
	sink.hosts = (unsigned)arg_number(argv, "--hosts", 500);
	if (sink.hosts > HOSTS_MAX)
		die("--hosts is out of bounds");
	struct sink_authority *authority = sink_authority_new(arg_needed(argv, "--ca"));
	for (unsigned i = 0; i < sink.hosts; i++) {
		sink.contexts[i] = sink_context_new(authority, i);
		listen_at(i, port);
	}
}

int main(int argc, char **argv)
{
	struct epoll_event events[256];
	struct rlimit files = { 65536, 65536 };
	(void)argc;
	setrlimit(RLIMIT_NOFILE, &files);
	signal(SIGPIPE, SIG_IGN);
	sink.epoll = epoll_create1(EPOLL_CLOEXEC);
	sink.closes = arg_switch(argv, "--close");
	open_hosts(argv);
	struct epoll_event in = { .events = EPOLLIN, .data.ptr = NULL };
	epoll_ctl(sink.epoll, EPOLL_CTL_ADD, STDIN_FILENO, &in);
	puts("ready");
	fflush(stdout);
	for (;;) {
		int n = epoll_wait(sink.epoll, events, 256, 100);
		for (int i = 0; i < n; i++) {
			struct socket_state *s = events[i].data.ptr;
			if (s == NULL && !command())
				return 0;
			if (s != NULL && s->listens)
				peer_accept(s);
			else if (s != NULL)
				peer_go(s);
		}
		tell_when_due();
	}
}
