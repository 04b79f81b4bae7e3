/* curl's socket interface over epoll. Client's thread, but for the bell. */
#include "poller.h"

#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/must.h"

#define EVENTS_MAX 128
#define NEVER UINT64_MAX

static uint64_t now_ms(void)
{
	return clock_steady_ms(clock_system());
}

/* The entry of fd; NULL when memory is exhausted. */
static struct poller_socket *socket_of(struct poller *p, int fd)
{
	must(fd >= 0);
	size_t at = (size_t)fd;
	if (at >= p->socket_count) {
		size_t count = at < 128 ? 256 : at * 2;
		struct poller_socket *grown =
			reallocarray(p->sockets, count, sizeof(p->sockets[0]));
		if (grown == NULL)
			return NULL;
		memset(grown + p->socket_count, 0,
		       (count - p->socket_count) * sizeof(p->sockets[0]));
		p->sockets = grown;
		p->socket_count = count;
	}
	return &p->sockets[at];
}

/* Tells epoll what it does not know yet. */
static void socket_tell(struct poller *p, int fd, struct poller_socket *s)
{
	struct epoll_event event = { .events = s->wanted, .data.fd = fd };
	int op = s->wanted == 0 ? EPOLL_CTL_DEL : s->known == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;
	if (s->known == s->wanted)
		return;
	epoll_ctl(p->epoll, op, fd, &event);
	s->known = s->wanted;
}

static int on_socket(CURL *easy UNUSED, curl_socket_t fd, int what, void *arg,
		     void *socket_arg UNUSED)
{
	struct poller *p = arg;
	struct poller_socket *s = socket_of(p, fd);
	if (s == NULL)
		return -1;
	s->wanted = 0;
	if (what == CURL_POLL_IN || what == CURL_POLL_INOUT)
		s->wanted |= EPOLLIN;
	if (what == CURL_POLL_OUT || what == CURL_POLL_INOUT)
		s->wanted |= EPOLLOUT;
	/*
	 * A connection that is between two requests stays where it is: most often the next one
	 * comes before anything is heard of it. Other sockets are closed behind our back and must
	 * not be remembered.
	 */
	if (s->wanted != 0 || !s->kept)
		socket_tell(p, fd, s);
	return 0;
}

static int on_timer(CURLM *multi UNUSED, long timeout_ms, void *arg)
{
	struct poller *p = arg;
	p->due_ms = timeout_ms < 0 ? NEVER : now_ms() + (uint64_t)timeout_ms;
	return 0;
}

bool poller_init(struct poller *p, CURLM *multi)
{
	struct epoll_event event = { .events = EPOLLIN };
	*p = (struct poller){ .multi = multi, .due_ms = NEVER };
	p->epoll = epoll_create1(EPOLL_CLOEXEC);
	p->bell = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	event.data.fd = p->bell;
	return p->epoll >= 0 && p->bell >= 0 &&
	       epoll_ctl(p->epoll, EPOLL_CTL_ADD, p->bell, &event) == 0 &&
	       curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, on_socket) == CURLM_OK &&
	       curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, p) == CURLM_OK &&
	       curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, on_timer) == CURLM_OK &&
	       curl_multi_setopt(multi, CURLMOPT_TIMERDATA, p) == CURLM_OK;
}

void poller_free(struct poller *p)
{
	if (p->epoll > 0)
		close(p->epoll);
	if (p->bell > 0)
		close(p->bell);
	free(p->sockets);
	*p = (struct poller){ .due_ms = NEVER };
}

curl_socket_t poller_open(struct poller *p, const struct curl_sockaddr *address)
{
	int fd = socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
	if (fd < 0)
		return CURL_SOCKET_BAD;
	struct poller_socket *s = socket_of(p, fd);
	if (s == NULL) {
		close(fd);
		return CURL_SOCKET_BAD;
	}
	*s = (struct poller_socket){ .kept = true };
	return fd;
}

int poller_close(void *poller, curl_socket_t fd)
{
	struct poller *p = poller;
	/* closing takes it off the epoll */
	if ((size_t)fd < p->socket_count)
		p->sockets[fd] = (struct poller_socket){ .known = 0 };
	return close(fd);
}

void poller_ring(struct poller *p)
{
	uint64_t one = 1;
	/* a bell that is full is ringing already */
	ssize_t n = write(p->bell, &one, sizeof(one));
	must(n == sizeof(one) || n < 0);
}

bool poller_run_timer(struct poller *p)
{
	int running;
	if (p->due_ms == NEVER || now_ms() < p->due_ms)
		return false;
	p->due_ms = NEVER;
	must(curl_multi_socket_action(p->multi, CURL_SOCKET_TIMEOUT, 0, &running) == CURLM_OK);
	return true;
}

static void socket_event(struct poller *p, const struct epoll_event *event)
{
	int fd = event->data.fd, bits = 0, running;
	struct poller_socket *s = socket_of(p, fd);
	if (s == NULL)
		return;
	if (s->wanted == 0) {
		/* an idle connection whose peer closes it; curl finds out when it wants it again */
		socket_tell(p, fd, s);
		return;
	}
	if ((event->events & (EPOLLIN | EPOLLHUP)) != 0)
		bits |= CURL_CSELECT_IN;
	if ((event->events & EPOLLOUT) != 0)
		bits |= CURL_CSELECT_OUT;
	if ((event->events & EPOLLERR) != 0)
		bits |= CURL_CSELECT_ERR;
	must(curl_multi_socket_action(p->multi, fd, bits, &running) == CURLM_OK);
}

static void bell_silence(struct poller *p)
{
	uint64_t rings;
	ssize_t n = read(p->bell, &rings, sizeof(rings));
	must(n == sizeof(rings) || n < 0);
}

void poller_wait(struct poller *p, int ms)
{
	struct epoll_event events[EVENTS_MAX];
	if (p->due_ms != NEVER) {
		uint64_t now = now_ms();
		uint64_t left = p->due_ms > now ? p->due_ms - now : 0;
		ms = left < (uint64_t)ms ? (int)left : ms;
	}
	int count = epoll_wait(p->epoll, events, EVENTS_MAX, ms);
	for (int i = 0; i < count; i++) {
		if (events[i].data.fd == p->bell)
			bell_silence(p);
		else
			socket_event(p, &events[i]);
	}
}
