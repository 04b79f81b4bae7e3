/*
 * Listens as many people do, and says how long it takes from a request that posts something until
 * those who should see it do. One thread, epoll.
 *
 *   bench-streams --port P --streams FILE --count N --posts FILE --number N --every MS
 *
 * Both files are bench-load's: requests for event streams, of which the first N are opened, and
 * requests that post, of which each has "live-1 ", "live-2 " and so on in its text. A post is sent
 * every MS milliseconds; what comes in until a second after the last is counted.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "args.h"
#include "requests.h"

#define MARK "live-"
#define MARK_MAX 16
#define POSTS_MAX 1000
#define RECEIPTS_MAX ((size_t)20 << 20)
#define READ_BYTES 65536
#define AFTER_NS ((uint64_t)1000000000)

struct stream {
	int fd;
	bool open;     /* its head has come */
	unsigned last; /* the newest post that it has seen */
	size_t kept;   /* the end of what was read before: a mark may be cut */
	char tail[MARK_MAX];
};

struct live {
	struct sockaddr_in address;
	int epoll;
	struct stream *streams;
	size_t count, opened;
	int poster;
	uint64_t sent_ns[POSTS_MAX + 1];
	uint64_t *delays;
	size_t delay_count;
};

static int connect_to(const struct live *l)
{
	int one = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || connect(fd, (const struct sockaddr *)&l->address, sizeof(l->address)) != 0)
		die("cannot connect: %m");
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	return fd;
}

static void send_all(int fd, const struct request *r)
{
	for (size_t sent = 0; sent < r->len;) {
		ssize_t n = send(fd, r->ptr + sent, r->len - sent, MSG_NOSIGNAL);
		if (n <= 0)
			die("a connection broke while sending: %m");
		sent += (size_t)n;
	}
}

/* --- what comes in --- */

static void seen(struct live *l, struct stream *s, unsigned post, uint64_t now)
{
	if (post <= s->last || post > POSTS_MAX || l->sent_ns[post] == 0)
		return;
	s->last = post;
	if (l->delay_count < RECEIPTS_MAX)
		l->delays[l->delay_count++] = now - l->sent_ns[post];
}

/* bytes end with a zero. What may be the beginning of a mark is kept. */
static void look(struct live *l, struct stream *s, char *bytes, size_t len)
{
	uint64_t now = now_ns();
	for (const char *at = bytes; (at = strstr(at, MARK)) != NULL;) {
		char *end;
		unsigned long post = strtoul(at + strlen(MARK), &end, 10);
		if (*end != '\0')
			seen(l, s, (unsigned)post, now);
		at = end;
	}
	s->kept = len < MARK_MAX ? len : MARK_MAX;
	memcpy(s->tail, bytes + len - s->kept, s->kept);
}

static void stream_read(struct live *l, struct stream *s)
{
	char bytes[MARK_MAX + READ_BYTES + 1];
	for (;;) {
		memcpy(bytes, s->tail, s->kept);
		ssize_t n = recv(s->fd, bytes + s->kept, READ_BYTES, 0);
		if (n < 0 && errno == EAGAIN)
			return;
		if (n <= 0)
			die("a stream ended");
		size_t len = s->kept + (size_t)n;
		bytes[len] = '\0';
		if (!s->open && strncmp(bytes, "HTTP/1.1 200", 12) != 0)
			die("a stream was refused: %.40s", bytes);
		l->opened += !s->open;
		s->open = true;
		look(l, s, bytes, len);
	}
}

/* Until a time, or until all streams are open. */
static void listen_until(struct live *l, uint64_t until_ns, bool opening)
{
	struct epoll_event events[256];
	for (;;) {
		uint64_t now = now_ns();
		if (now >= until_ns || (opening && l->opened == l->count))
			return;
		int n = epoll_wait(l->epoll, events, 256, (int)((until_ns - now) / 1000000) + 1);
		for (int i = 0; i < n; i++)
			stream_read(l, events[i].data.ptr);
	}
}

/* --- the run --- */

static void open_streams(struct live *l, const struct requests *requests)
{
	for (size_t i = 0; i < l->count; i++) {
		struct stream *s = &l->streams[i];
		s->fd = connect_to(l);
		send_all(s->fd, &requests->all[i]);
		fcntl(s->fd, F_SETFL, O_NONBLOCK);
		struct epoll_event event = { .events = EPOLLIN | EPOLLET, .data.ptr = s };
		if (epoll_ctl(l->epoll, EPOLL_CTL_ADD, s->fd, &event) != 0)
			die("epoll: %m");
	}
	listen_until(l, now_ns() + 60 * (uint64_t)1000000000, true);
	if (l->opened != l->count)
		die("%zu of %zu streams were opened", l->opened, l->count);
}

/* The answer is not waited for: the streams tell when it was done. */
static void post(struct live *l, const struct request *request, unsigned number)
{
	char answer[READ_BYTES];
	while (recv(l->poster, answer, sizeof(answer), MSG_DONTWAIT) > 0) {
	}
	l->sent_ns[number] = now_ns();
	send_all(l->poster, request);
}

static int by_size(const void *a, const void *b)
{
	uint64_t x, y;
	memcpy(&x, a, sizeof(x));
	memcpy(&y, b, sizeof(y));
	return (x > y) - (x < y);
}

static uint64_t share_us(const struct live *l, size_t percent)
{
	return l->delays[l->delay_count * percent / 100] / 1000;
}

int main(int argc, char **argv)
{
	struct requests streams, posts;
	struct live l = { .count = arg_number(argv, "--count", 1) };
	uint64_t number = arg_number(argv, "--number", 1), every = arg_number(argv, "--every", 100);
	(void)argc;
	requests_read(&streams, arg_needed(argv, "--streams"), 0);
	requests_read(&posts, arg_needed(argv, "--posts"), 0);
	if (streams.count < l.count || posts.count < number || number > POSTS_MAX)
		die("there are only %zu streams and %zu posts", streams.count, posts.count);
	l.streams = calloc(l.count, sizeof(*l.streams));
	l.delays = calloc(RECEIPTS_MAX, sizeof(*l.delays));
	l.epoll = epoll_create1(EPOLL_CLOEXEC);
	l.address = (struct sockaddr_in){
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t)arg_number(argv, "--port", 0)),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	uint64_t begun = now_ns();
	open_streams(&l, &streams);
	uint64_t opened = now_ns();
	l.poster = connect_to(&l);
	for (unsigned i = 1; i <= number; i++) {
		post(&l, &posts.all[i - 1], i);
		listen_until(&l, l.sent_ns[i] + every * 1000000, false);
	}
	listen_until(&l, now_ns() + AFTER_NS, false);
	if (l.delay_count == 0)
		die("no post arrived");
	qsort(l.delays, l.delay_count, sizeof(*l.delays), by_size);
	printf("{\"streams\":%zu,\"open_seconds\":%.3f,\"posts\":%" PRIu64 ",\"receipts\":%zu,"
	       "\"p50_us\":%" PRIu64 ",\"p95_us\":%" PRIu64 ",\"p99_us\":%" PRIu64
	       ",\"max_us\":%" PRIu64 "}\n",
	       l.opened, (double)(opened - begun) / 1e9, number, l.delay_count, share_us(&l, 50),
	       share_us(&l, 95), share_us(&l, 99), l.delays[l.delay_count - 1] / 1000);
	return 0;
}
