/*
 * The list of open connections and the counts per client, under one mutex; a connection's marks are
 * atomics, since its listener thread sets them and the watching thread reads them. A connection
 * that is overdue is shut down, not closed: the descriptor belongs to libmicrohttpd until
 * conn_close.
 */
#include "conn_int.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include "core/log.h"
#include "core/metric.h"
#include "core/must.h"
#include "tally_int.h"

#define CONN_MAGIC 0x636f6e6eu
#define NEVER UINT64_MAX
/* a body slower than this after the grace is cut */
#define BYTES_PER_SECOND_MIN 1024u
#define GRACE_MS (10 * MS_PER_SECOND)
/* time added for a route that takes long bodies */
#define EXPECTED_BYTES_PER_MS 128u

struct conns {
	struct conns_settings set;
	pthread_mutex_t mutex;
	pthread_cond_t wake;
	pthread_t thread;
	bool ending;
	struct conn *list;
	struct tally tally;
};

struct conn {
	unsigned magic;
	struct conns *conns;
	struct conn *prev, *next;
	int fd;
	bool counted;
	struct address peer;
	char peer_text[ADDRESS_TEXT_MAX];
	size_t peer_text_len;
	_Atomic uint64_t deadline_ms; /* NEVER while a request is being answered */
	_Atomic uint64_t begun_ms;    /* of the request that is arriving; NEVER without one */
	_Atomic uint64_t bytes;	      /* of its body */
};

bool conns_may_open(struct conns *conns, const struct sockaddr *peer)
{
	struct address address = address_of_socket(peer);
	pthread_mutex_lock(&conns->mutex);
	bool room = tally_has_room(&conns->tally, &address);
	pthread_mutex_unlock(&conns->mutex);
	if (!room) {
		char text[ADDRESS_TEXT_MAX];
		struct str client = str_n(text, address_text(&address, text));
		metric_add(METRIC_HTTP_REFUSED, 1);
		LOG(HTTP_REFUSED, F_CSTR("reason", "too many connections"),
		    F_STR("client", client));
	}
	return room;
}

struct conn *conn_open(struct conns *conns, int fd, const struct sockaddr *peer)
{
	struct conn *conn = calloc(1, sizeof(*conn));
	if (conn == NULL)
		return NULL;
	conn->magic = CONN_MAGIC;
	conn->conns = conns;
	conn->fd = fd;
	conn->peer = address_of_socket(peer);
	conn->peer_text_len = address_text(&conn->peer, conn->peer_text);
	conn_request_ends(conn, clock_steady_ms(conns->set.clock));
	pthread_mutex_lock(&conns->mutex);
	conn->counted = tally_add(&conns->tally, &conn->peer);
	conn->next = conns->list;
	if (conn->next != NULL)
		conn->next->prev = conn;
	conns->list = conn;
	pthread_mutex_unlock(&conns->mutex);
	return conn;
}

void conn_close(struct conn **at)
{
	struct conn *conn = *at;
	if (conn == NULL)
		return;
	MAGIC_CHECK(conn, CONN_MAGIC);
	struct conns *conns = conn->conns;
	pthread_mutex_lock(&conns->mutex);
	if (conn->counted)
		tally_drop(&conns->tally, &conn->peer);
	if (conn->prev != NULL)
		conn->prev->next = conn->next;
	else
		conns->list = conn->next;
	if (conn->next != NULL)
		conn->next->prev = conn->prev;
	pthread_mutex_unlock(&conns->mutex);
	conn->magic = 0;
	free(conn);
	*at = NULL;
}

const struct address *conn_peer(const struct conn *conn)
{
	MAGIC_CHECK(conn, CONN_MAGIC);
	return &conn->peer;
}

struct str conn_peer_text(const struct conn *conn)
{
	return str_n(conn->peer_text, conn->peer_text_len);
}

static void mark(_Atomic uint64_t *at, uint64_t value)
{
	atomic_store_explicit(at, value, memory_order_relaxed);
}

static uint64_t marked(const _Atomic uint64_t *at)
{
	return atomic_load_explicit(at, memory_order_relaxed);
}

void conn_request_begins(struct conn *conn, uint64_t now_ms)
{
	mark(&conn->bytes, 0);
	mark(&conn->begun_ms, now_ms);
	mark(&conn->deadline_ms, now_ms + conn->conns->set.request_ms);
}

void conn_expects(struct conn *conn, uint64_t body_max)
{
	uint64_t deadline_ms = marked(&conn->deadline_ms);
	mark(&conn->deadline_ms, deadline_ms + body_max / EXPECTED_BYTES_PER_MS);
}

void conn_received(struct conn *conn, size_t bytes)
{
	mark(&conn->bytes, marked(&conn->bytes) + bytes);
}

void conn_request_complete(struct conn *conn)
{
	mark(&conn->begun_ms, NEVER);
	mark(&conn->deadline_ms, NEVER);
}

/* The next request's line may take the time of idleness and that of a request. */
void conn_request_ends(struct conn *conn, uint64_t now_ms)
{
	const struct conns_settings *set = &conn->conns->set;
	mark(&conn->begun_ms, NEVER);
	mark(&conn->deadline_ms, now_ms + set->idle_ms + set->request_ms);
}

static bool is_overdue(const struct conn *conn, uint64_t now_ms)
{
	uint64_t begun_ms = marked(&conn->begun_ms);
	if (now_ms >= marked(&conn->deadline_ms))
		return true;
	if (begun_ms == NEVER || now_ms < begun_ms + GRACE_MS)
		return false;
	return marked(&conn->bytes) < (now_ms - begun_ms) / MS_PER_SECOND * BYTES_PER_SECOND_MIN;
}

static void cut(struct conn *conn)
{
	conn_request_complete(conn);
	shutdown(conn->fd, SHUT_RDWR);
	metric_add(METRIC_HTTP_REFUSED, 1);
	LOG(HTTP_REFUSED, F_CSTR("reason", "too slow"), F_STR("client", conn_peer_text(conn)));
}

/* Often enough for the deadline, and never more than twenty times a second. */
static uint64_t watch_interval_ms(const struct conns_settings *set)
{
	uint64_t interval_ms = set->request_ms / 8;
	if (interval_ms > MS_PER_SECOND)
		return MS_PER_SECOND;
	return interval_ms < 50 ? 50 : interval_ms;
}

static void *watch(void *arg)
{
	struct conns *conns = arg;
	uint64_t interval_ms = watch_interval_ms(&conns->set);
	pthread_mutex_lock(&conns->mutex);
	while (!conns->ending) {
		uint64_t now_ms = clock_steady_ms(conns->set.clock);
		struct timespec until;
		for (struct conn *conn = conns->list; conn != NULL; conn = conn->next) {
			if (is_overdue(conn, now_ms))
				cut(conn);
		}
		must(clock_gettime(CLOCK_MONOTONIC, &until) == 0);
		until.tv_nsec += (long)(interval_ms % MS_PER_SECOND * 1000000);
		until.tv_sec += (time_t)(interval_ms / MS_PER_SECOND) + until.tv_nsec / 1000000000;
		until.tv_nsec %= 1000000000;
		pthread_cond_timedwait(&conns->wake, &conns->mutex, &until);
	}
	pthread_mutex_unlock(&conns->mutex);
	return NULL;
}

enum rc conns_new(struct err *err, const struct conns_settings *settings, struct conns **out)
{
	struct conns *conns = calloc(1, sizeof(*conns));
	pthread_condattr_t attr;
	if (conns == NULL)
		return err_set(err, RC_NO_MEMORY, "no memory for connections");
	conns->set = *settings;
	conns->tally =
		(struct tally){ .per_client = settings->per_client, .exempt = settings->exempt };
	must(pthread_condattr_init(&attr) == 0);
	must(pthread_condattr_setclock(&attr, CLOCK_MONOTONIC) == 0);
	must(pthread_mutex_init(&conns->mutex, NULL) == 0);
	must(pthread_cond_init(&conns->wake, &attr) == 0);
	pthread_condattr_destroy(&attr);
	if (pthread_create(&conns->thread, NULL, watch, conns) != 0) {
		pthread_cond_destroy(&conns->wake);
		pthread_mutex_destroy(&conns->mutex);
		free(conns);
		return err_set(err, RC_NO_MEMORY, "cannot start the watching thread");
	}
	pthread_setname_np(conns->thread, "httpd-watch");
	*out = conns;
	return RC_OK;
}

void conns_free(struct conns **at)
{
	struct conns *conns = *at;
	if (conns == NULL)
		return;
	pthread_mutex_lock(&conns->mutex);
	must(conns->list == NULL);
	conns->ending = true;
	pthread_cond_signal(&conns->wake);
	pthread_mutex_unlock(&conns->mutex);
	must(pthread_join(conns->thread, NULL) == 0);
	pthread_cond_destroy(&conns->wake);
	pthread_mutex_destroy(&conns->mutex);
	tally_free(&conns->tally);
	free(conns);
	*at = NULL;
}
