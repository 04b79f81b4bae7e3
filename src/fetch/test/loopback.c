/* The test server: blocking sockets, one thread per connection, everything under one lock. */
#include "loopback.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/buf.h"
#include "core/must.h"

#define CONNECTIONS_MAX 1024
#define REQUESTS_MAX 4096
#define REQUEST_MAX ((size_t)4 << 20)

struct connection {
	struct loopback *loopback;
	pthread_t thread;
	unsigned number;
	int fd;
};

struct loopback {
	loopback_answer *answer;
	int listener;
	unsigned port;
	pthread_t thread;
	pthread_mutex_t lock;
	struct connection connections[CONNECTIONS_MAX];
	size_t connection_count;
	struct buf requests[REQUESTS_MAX];
	size_t request_count;
};

bool loopback_write(int fd, struct str bytes)
{
	while (bytes.len != 0) {
		ssize_t n = send(fd, bytes.ptr, bytes.len, MSG_NOSIGNAL);
		if (n <= 0)
			return false;
		bytes = str_skip(bytes, (size_t)n);
	}
	return true;
}

bool loopback_closed(int fd, int ms)
{
	char c;
	struct pollfd p = { .fd = fd, .events = POLLIN };
	return poll(&p, 1, ms) > 0 && recv(fd, &c, 1, MSG_PEEK | MSG_DONTWAIT) <= 0;
}

static bool read_more(int fd, struct buf *in)
{
	if (!buf_reserve(in, 4096))
		return false;
	ssize_t n = recv(fd, in->ptr + in->len, 4096, 0);
	if (n <= 0)
		return false;
	in->len += (size_t)n;
	in->ptr[in->len] = '\0';
	return true;
}

static size_t body_length(struct str head)
{
	for (struct str line; str_next(&head, '\n', &line);) {
		struct str name, value;
		uint64_t n;
		if (str_split(line, ':', &name, &value) &&
		    str_eq_nocase(name, STR("content-length")) && str_to_u64(str_trim(value), &n))
			return n;
	}
	return 0;
}

/* Reads one request to the start of in; what came of the next one stays behind it. */
static bool read_request(int fd, struct buf *in, struct loopback_request *request)
{
	size_t head;
	while ((head = str_find(buf_str(in), STR("\r\n\r\n"))) == in->len) {
		if (!read_more(fd, in))
			return false;
	}
	head += 4;
	size_t body = body_length(str_take(buf_str(in), head));
	while (in->len < head + body) {
		if (!read_more(fd, in))
			return false;
	}
	request->head = str_take(buf_str(in), head);
	request->body = str_take(str_skip(buf_str(in), head), body);
	struct str rest = request->head, method;
	str_next(&rest, ' ', &method);
	str_next(&rest, ' ', &request->target);
	return true;
}

static void keep_request(struct loopback *l, const struct loopback_request *request)
{
	pthread_mutex_lock(&l->lock);
	must(l->request_count < REQUESTS_MAX);
	struct buf *kept = &l->requests[l->request_count++];
	buf_init(kept, REQUEST_MAX);
	buf_add(kept, request->head);
	buf_add(kept, request->body);
	pthread_mutex_unlock(&l->lock);
}

static void *serve(void *arg)
{
	struct connection *c = arg;
	struct buf in = BUF_INIT(REQUEST_MAX);
	struct loopback_request request = { .connection = c->number };
	while (read_request(c->fd, &in, &request)) {
		size_t len = request.head.len + request.body.len;
		keep_request(c->loopback, &request);
		if (!c->loopback->answer(c->fd, &request))
			break;
		memmove(in.ptr, in.ptr + len, in.len - len);
		buf_cut(&in, in.len - len);
	}
	buf_free(&in);
	shutdown(c->fd, SHUT_RDWR);
	return NULL;
}

static void *accept_all(void *arg)
{
	struct loopback *l = arg;
	for (int fd; (fd = accept4(l->listener, NULL, NULL, SOCK_CLOEXEC)) >= 0;) {
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){ 1 }, sizeof(int));
		pthread_mutex_lock(&l->lock);
		must(l->connection_count < CONNECTIONS_MAX);
		struct connection *c = &l->connections[l->connection_count++];
		*c = (struct connection){ .loopback = l,
					  .fd = fd,
					  .number = (unsigned)l->connection_count };
		must(pthread_create(&c->thread, NULL, serve, c) == 0);
		pthread_mutex_unlock(&l->lock);
	}
	return NULL;
}

struct loopback *loopback_new(loopback_answer *answer)
{
	struct loopback *l = calloc(1, sizeof(*l));
	struct sockaddr_in addr = { .sin_family = AF_INET,
				    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(addr);
	must(l != NULL);
	l->answer = answer;
	l->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	must(l->listener >= 0 && bind(l->listener, (struct sockaddr *)&addr, len) == 0 &&
	     listen(l->listener, 512) == 0 &&
	     getsockname(l->listener, (struct sockaddr *)&addr, &len) == 0);
	l->port = ntohs(addr.sin_port);
	pthread_mutex_init(&l->lock, NULL);
	must(pthread_create(&l->thread, NULL, accept_all, l) == 0);
	return l;
}

void loopback_free(struct loopback **loopback)
{
	struct loopback *l = *loopback;
	if (l == NULL)
		return;
	shutdown(l->listener, SHUT_RDWR);
	pthread_join(l->thread, NULL);
	close(l->listener);
	for (size_t i = 0; i < l->connection_count; i++) {
		shutdown(l->connections[i].fd, SHUT_RDWR);
		pthread_join(l->connections[i].thread, NULL);
		close(l->connections[i].fd);
	}
	for (size_t i = 0; i < l->request_count; i++)
		buf_free(&l->requests[i]);
	pthread_mutex_destroy(&l->lock);
	free(l);
	*loopback = NULL;
}

unsigned loopback_port(const struct loopback *l)
{
	return l->port;
}

size_t loopback_connections(struct loopback *l)
{
	pthread_mutex_lock(&l->lock);
	size_t n = l->connection_count;
	pthread_mutex_unlock(&l->lock);
	return n;
}

size_t loopback_requests(struct loopback *l)
{
	pthread_mutex_lock(&l->lock);
	size_t n = l->request_count;
	pthread_mutex_unlock(&l->lock);
	return n;
}

struct str loopback_request(struct loopback *l, size_t n)
{
	pthread_mutex_lock(&l->lock);
	must(n < l->request_count);
	struct str s = buf_str(&l->requests[n]);
	pthread_mutex_unlock(&l->lock);
	return s;
}
