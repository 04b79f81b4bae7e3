/*
 * The thread of all streams: it reads what clients send, empties queues, beats hearts, and is the only
 * one that takes a stream off the list and closes it. The list is in the order of the next beats, so
 * that one timer serves all.
 */
#include <errno.h>
#include <limits.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "core/metric.h"
#include "core/must.h"
#include "stream_int.h"

#define EVENTS_AT_ONCE 64
/* what one stream may make the others wait for */
#define TURN_MAX ((size_t)64 << 10)
/* in the kernel, for one stream; it doubles the number */
#define SEND_BUFFER (32 << 10)

/* --- the list; with its lock --- */

static void list_append(struct streams *all, struct httpd_stream *s)
{
	s->prev = all->last;
	s->next = NULL;
	if (all->last != NULL)
		all->last->next = s;
	else
		all->first = s;
	all->last = s;
}

static void list_remove(struct streams *all, struct httpd_stream *s)
{
	if (s->prev != NULL)
		s->prev->next = s->next;
	else
		all->first = s->next;
	if (s->next != NULL)
		s->next->prev = s->prev;
	else
		all->last = s->prev;
}

static void wake(struct streams *all)
{
	const uint64_t one = 1;
	must(write(all->wake, &one, sizeof(one)) == sizeof(one));
}

/* --- the end of one --- */

static void stream_gone(struct httpd_stream *s)
{
	struct streams *all = s->streams;
	stream_close(s);
	ws_free(&s->ws);
	pthread_mutex_lock(&all->mutex);
	list_remove(all, s);
	all->count--;
	metric_set(METRIC_HTTP_STREAMS, all->count);
	if (s->counted)
		tally_drop(&all->tally, &s->client);
	pthread_mutex_unlock(&all->mutex);
	s->owner.ended(s->owner.arg);
	httpd_stream_release(&s);
}

/* --- reading --- */

/* 0: nothing now; -1: never more. */
static ssize_t stream_read(struct httpd_stream *s, void *buf, size_t len)
{
	if (s->turn >= TURN_MAX)
		return 0;
	ssize_t n = recv(s->fd, buf, len, MSG_DONTWAIT);
	if (n > 0) {
		s->turn += (size_t)n;
		s->heard = true;
		return n;
	}
	return n < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : -1;
}

static ssize_t ws_recv(void *arg, void *buf, size_t len)
{
	return stream_read(arg, buf, len);
}

static bool ws_send(void *arg, struct str bytes)
{
	struct httpd_piece *piece CLEANUP(httpd_piece_release) = piece_new(bytes);
	return piece != NULL && httpd_stream_send(arg, piece);
}

static void ws_said(void *arg, struct str text)
{
	struct httpd_stream *s = arg;
	if (s->owner.said != NULL)
		s->owner.said(s->owner.arg, text);
}

/* False when the stream is over. */
static bool read_frames(struct httpd_stream *s)
{
	const struct ws_peer peer = { ws_recv, ws_send, ws_said, s };
	if (s->ws == NULL)
		s->ws = ws_new(&peer);
	if (s->ws == NULL)
		return false;
	enum ws_state state = ws_run(s->ws);
	if (state != WS_WITHIN)
		ws_free(&s->ws);
	return state != WS_OVER;
}

/* Who listens to events has nothing to say. */
static bool read_nothing(struct httpd_stream *s)
{
	char away[512];
	ssize_t n;
	while ((n = stream_read(s, away, sizeof(away))) > 0)
		;
	return n == 0;
}

static void stream_serve(struct httpd_stream *s, uint32_t events)
{
	bool open = true;
	MAGIC_CHECK(s, STREAM_MAGIC);
	s->turn = 0;
	if ((events & EPOLLOUT) != 0)
		stream_flush(s);
	if ((events & (EPOLLIN | EPOLLRDHUP)) != 0)
		open = s->kind == HTTPD_WEBSOCKET ? read_frames(s) : read_nothing(s);
	if (!open || (events & (EPOLLHUP | EPOLLERR)) != 0)
		stream_gone(s);
}

/* --- heartbeats --- */

/* Who has not read, not finished a message, or not answered a ping since the last beat has left. */
static bool is_alive(struct httpd_stream *s)
{
	pthread_mutex_lock(&s->mutex);
	bool waiting = s->queue_count != 0;
	pthread_mutex_unlock(&s->mutex);
	bool within = s->ws != NULL;
	bool alive = !(waiting && s->was_waiting) && !(within && s->was_within) &&
		     (s->kind != HTTPD_WEBSOCKET || s->heard);
	s->was_waiting = waiting;
	s->was_within = within;
	s->heard = false;
	return alive;
}

/* The stream whose beat is due; it goes to the end of the list. NULL when none is: *wait_ms says how
 * long, -1 for ever. */
static struct httpd_stream *next_beat(struct streams *all, int *wait_ms)
{
	uint64_t now_ms = clock_steady_ms(all->clock);
	pthread_mutex_lock(&all->mutex);
	struct httpd_stream *s = all->first;
	*wait_ms = -1;
	if (s != NULL && s->beat_ms > now_ms) {
		uint64_t left = s->beat_ms - now_ms;
		*wait_ms = left < INT_MAX ? (int)left : INT_MAX;
		s = NULL;
	}
	if (s != NULL) {
		list_remove(all, s);
		s->beat_ms = now_ms + all->beat_ms;
		list_append(all, s);
	}
	pthread_mutex_unlock(&all->mutex);
	return s;
}

static int beat_all(struct streams *all)
{
	int wait_ms;
	for (struct httpd_stream *s; (s = next_beat(all, &wait_ms)) != NULL;) {
		if (!is_alive(s))
			stream_gone(s);
		else
			httpd_stream_send(s, all->beats[s->kind]);
	}
	return wait_ms;
}

/* --- the thread --- */

static void *streams_main(void *arg)
{
	struct streams *all = arg;
	struct epoll_event events[EVENTS_AT_ONCE];
	uint64_t count;
	while (!atomic_load(&all->ending)) {
		int wait_ms = beat_all(all);
		int n = epoll_wait(all->epoll, events, EVENTS_AT_ONCE, wait_ms);
		for (int i = 0; i < n; i++) {
			if (events[i].data.ptr == NULL)
				must(read(all->wake, &count, sizeof(count)) == sizeof(count));
			else
				stream_serve(events[i].data.ptr, events[i].events);
		}
	}
	while (all->first != NULL) {
		httpd_stream_end(all->first);
		stream_gone(all->first);
	}
	return NULL;
}

static bool streams_prepare(struct streams *all)
{
	struct epoll_event event = { .events = EPOLLIN };
	all->beats[HTTPD_EVENTS] = piece_new(STR(HTTPD_BEAT));
	/* RFC 6455 section 5.5.2: an empty ping */
	all->beats[HTTPD_WEBSOCKET] = piece_new(STR("\x89\x00"));
	/* sections 5.5.1 and 7.4.1: closed, since this end goes away */
	all->going_away = piece_new(STR("\x88\x02\x03\xe9"));
	all->epoll = epoll_create1(EPOLL_CLOEXEC);
	all->wake = eventfd(0, EFD_CLOEXEC);
	return all->beats[HTTPD_EVENTS] != NULL && all->beats[HTTPD_WEBSOCKET] != NULL &&
	       all->going_away != NULL && all->epoll >= 0 && all->wake >= 0 &&
	       epoll_ctl(all->epoll, EPOLL_CTL_ADD, all->wake, &event) == 0;
}

enum rc streams_start(struct err *err, const struct streams_settings *settings,
		      struct streams **out)
{
	struct streams *all = calloc(1, sizeof(*all));
	*out = NULL;
	if (all == NULL)
		return err_set(err, RC_NO_MEMORY, "no memory for streams");
	all->clock = settings->clock;
	all->max = settings->max;
	all->beat_ms = settings->beat_ms;
	all->tally =
		(struct tally){ .per_client = settings->per_client, .exempt = settings->exempt };
	all->epoll = all->wake = -1;
	must(pthread_mutex_init(&all->mutex, NULL) == 0);
	if (!streams_prepare(all) || pthread_create(&all->thread, NULL, streams_main, all) != 0) {
		streams_stop(&all);
		return err_set(err, RC_IO, "cannot start the streams' thread");
	}
	all->started = true;
	pthread_setname_np(all->thread, "streams");
	*out = all;
	return RC_OK;
}

void streams_stop(struct streams **at)
{
	struct streams *all = *at;
	if (all == NULL)
		return;
	atomic_store(&all->ending, true);
	if (all->started) {
		wake(all);
		must(pthread_join(all->thread, NULL) == 0);
	}
	must(all->first == NULL);
	if (all->epoll >= 0)
		close(all->epoll);
	if (all->wake >= 0)
		close(all->wake);
	httpd_piece_release(&all->beats[HTTPD_EVENTS]);
	httpd_piece_release(&all->beats[HTTPD_WEBSOCKET]);
	httpd_piece_release(&all->going_away);
	tally_free(&all->tally);
	pthread_mutex_destroy(&all->mutex);
	free(all);
	*at = NULL;
}

/* --- a new one; any thread --- */

bool streams_have_room(struct streams *all, const struct address *client)
{
	pthread_mutex_lock(&all->mutex);
	bool room = all->count < all->max && tally_has_room(&all->tally, client);
	pthread_mutex_unlock(&all->mutex);
	return room;
}

static void set_options(int fd, uint64_t beat_ms)
{
	const int yes = 1, buffer = SEND_BUFFER;
	const unsigned patience = (unsigned)(2 * beat_ms);
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
	setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &patience, sizeof(patience));
	setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &buffer, sizeof(buffer));
}

/* From here on the thread may call its owner. */
static enum rc list_enter(struct streams *all, struct httpd_stream *s)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLRDHUP, .data.ptr = s };
	pthread_mutex_lock(&all->mutex);
	bool room = all->count < all->max && tally_has_room(&all->tally, &s->client);
	bool first = all->first == NULL;
	if (room && epoll_ctl(all->epoll, EPOLL_CTL_ADD, s->fd, &event) == 0) {
		s->counted = tally_add(&all->tally, &s->client);
		s->beat_ms = clock_steady_ms(all->clock) + all->beat_ms;
		list_append(all, s);
		metric_set(METRIC_HTTP_STREAMS, ++all->count);
	} else {
		room = false;
	}
	pthread_mutex_unlock(&all->mutex);
	if (room && first)
		wake(all);
	return room ? RC_OK : RC_BUSY;
}

static struct httpd_stream *stream_new(struct streams *all, int fd, enum httpd_stream_kind kind,
				       const struct address *client,
				       const struct httpd_stream_owner *owner)
{
	struct httpd_stream *s = calloc(1, sizeof(*s));
	if (s == NULL) {
		close(fd);
		return NULL;
	}
	s->magic = STREAM_MAGIC;
	atomic_init(&s->holders, 1);
	s->kind = kind;
	s->fd = fd;
	s->streams = all;
	s->owner = *owner;
	s->client = *client;
	s->heard = true;
	must(pthread_mutex_init(&s->mutex, NULL) == 0);
	return s;
}

enum rc streams_add(struct streams *all, int fd, enum httpd_stream_kind kind,
		    const struct address *client, const struct httpd_stream_owner *owner,
		    struct str head, struct httpd_stream **out)
{
	struct httpd_stream *s = stream_new(all, fd, kind, client, owner);
	*out = NULL;
	if (s == NULL)
		return RC_NO_MEMORY;
	s->head = piece_new(head);
	set_options(fd, all->beat_ms);
	*out = s;
	atomic_store(&s->holders, 2);
	enum rc rc = s->head != NULL ? list_enter(all, s) : RC_NO_MEMORY;
	if (rc == RC_OK)
		return RC_OK;
	atomic_store(&s->holders, 1);
	stream_close(s);
	httpd_stream_release(out);
	return rc;
}
