/*
 * One stream: what goes out. Whoever sends writes to the socket at once; what it does not take waits in a
 * queue that exists only as long as something waits, and that the streams' thread empties.
 */
#include "httpd/stream.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/metric.h"
#include "core/must.h"
#include "stream_int.h"

#define QUEUE_FIRST 8

static void watch_for_room(struct httpd_stream *s, bool armed)
{
	struct epoll_event event = {
		.events = EPOLLIN | EPOLLRDHUP | (armed ? (uint32_t)EPOLLOUT : 0U),
		.data.ptr = s,
	};
	if (s->armed == armed)
		return;
	s->armed = armed;
	must(epoll_ctl(s->streams->epoll, EPOLL_CTL_MOD, s->fd, &event) == 0);
}

/* The thread sees it hang up. With the lock. */
static void stream_cut(struct httpd_stream *s)
{
	if (s->ended)
		return;
	s->ended = true;
	shutdown(s->fd, SHUT_RDWR);
}

static bool queue_grow(struct httpd_stream *s)
{
	size_t cap = s->queue_cap != 0 ? 2 * s->queue_cap : QUEUE_FIRST;
	struct httpd_piece **queue = calloc(cap, sizeof(struct httpd_piece *));
	if (queue == NULL)
		return false;
	for (size_t i = 0; i < s->queue_count; i++)
		queue[i] = s->queue[(s->queue_first + i) % s->queue_cap];
	free(s->queue);
	s->queue = queue;
	s->queue_cap = cap;
	s->queue_first = 0;
	return true;
}

static bool queue_push(struct httpd_stream *s, struct httpd_piece *piece, size_t sent)
{
	/* a short piece costs more than its bytes */
	size_t cost = piece->len - sent + sizeof(struct httpd_piece *);
	if (s->waiting + cost > HTTPD_BACKLOG_MAX) {
		metric_add(METRIC_HTTP_STREAMS_SLOW, 1);
		return false;
	}
	if (s->queue_count == s->queue_cap && !queue_grow(s))
		return false;
	if (s->queue_count == 0)
		s->sent = sent;
	httpd_piece_hold(piece);
	s->queue[(s->queue_first + s->queue_count++) % s->queue_cap] = piece;
	s->waiting += cost;
	return true;
}

static void queue_pop(struct httpd_stream *s)
{
	httpd_piece_release(&s->queue[s->queue_first]);
	s->queue_first = (s->queue_first + 1) % s->queue_cap;
	s->sent = 0;
	if (--s->queue_count != 0)
		return;
	free(s->queue);
	s->queue = NULL;
	s->queue_cap = s->queue_first = s->waiting = 0;
}

/* How many of the bytes went out; -1 when the connection is broken. */
static ssize_t put_out(const struct httpd_stream *s, const char *bytes, size_t len)
{
	ssize_t n = send(s->fd, bytes, len, MSG_NOSIGNAL | MSG_DONTWAIT);
	if (n >= 0)
		return n;
	return errno == EAGAIN || errno == EINTR ? 0 : -1;
}

static bool send_locked(struct httpd_stream *s, struct httpd_piece *piece)
{
	ssize_t n = 0;
	if (s->ended)
		return false;
	if (s->queue_count == 0 && s->head == NULL)
		n = put_out(s, piece->bytes, piece->len);
	if (n == (ssize_t)piece->len)
		return true;
	if (n < 0 || !queue_push(s, piece, (size_t)n)) {
		stream_cut(s);
		return false;
	}
	watch_for_room(s, s->head == NULL);
	return true;
}

bool httpd_stream_send(struct httpd_stream *s, struct httpd_piece *piece)
{
	MAGIC_CHECK(s, STREAM_MAGIC);
	pthread_mutex_lock(&s->mutex);
	bool sent = send_locked(s, piece);
	pthread_mutex_unlock(&s->mutex);
	return sent;
}

void httpd_stream_begin(struct httpd_stream *s)
{
	MAGIC_CHECK(s, STREAM_MAGIC);
	pthread_mutex_lock(&s->mutex);
	struct httpd_piece *head = s->head;
	s->head = NULL;
	must(head != NULL);
	/* the buffer is empty: it takes a few hundred bytes */
	if (!s->ended && put_out(s, head->bytes, head->len) != (ssize_t)head->len)
		stream_cut(s);
	if (!s->ended && s->queue_count != 0)
		watch_for_room(s, true);
	pthread_mutex_unlock(&s->mutex);
	httpd_piece_release(&head);
}

void stream_flush(struct httpd_stream *s)
{
	pthread_mutex_lock(&s->mutex);
	while (!s->ended && s->queue_count != 0) {
		const struct httpd_piece *piece = s->queue[s->queue_first];
		ssize_t n = put_out(s, piece->bytes + s->sent, piece->len - s->sent);
		if (n < 0)
			stream_cut(s);
		if (n <= 0)
			break;
		s->sent += (size_t)n;
		if (s->sent == piece->len)
			queue_pop(s);
	}
	if (!s->ended)
		watch_for_room(s, s->queue_count != 0);
	pthread_mutex_unlock(&s->mutex);
}

void httpd_stream_end(struct httpd_stream *s)
{
	MAGIC_CHECK(s, STREAM_MAGIC);
	pthread_mutex_lock(&s->mutex);
	if (!s->ended && s->kind == HTTPD_WEBSOCKET && s->queue_count == 0 && s->head == NULL)
		(void)!put_out(s, s->streams->going_away->bytes, s->streams->going_away->len);
	stream_cut(s);
	pthread_mutex_unlock(&s->mutex);
}

void stream_close(struct httpd_stream *s)
{
	pthread_mutex_lock(&s->mutex);
	s->ended = true;
	close(s->fd);
	s->fd = -1;
	while (s->queue_count != 0)
		queue_pop(s);
	pthread_mutex_unlock(&s->mutex);
}

void httpd_stream_release(struct httpd_stream **at)
{
	struct httpd_stream *s = *at;
	*at = NULL;
	if (s == NULL)
		return;
	MAGIC_CHECK(s, STREAM_MAGIC);
	if (atomic_fetch_sub(&s->holders, 1) != 1)
		return;
	must(s->fd < 0);
	httpd_piece_release(&s->head);
	pthread_mutex_destroy(&s->mutex);
	s->magic = 0;
	free(s);
}
