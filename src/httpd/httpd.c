/*
 * The listener: start, graceful stop, suspended requests, spare arenas. The socket is bound here;
 * settings.threads listener threads serve it (loop.c), one more watches deadlines (conn.c), one serves
 * streams (streams.c).
 */
#include "httpd_int.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "core/must.h"
#include "httpd/form.h"
#include "listen_int.h"

#define HTTPD_MAGIC 0x68747470u
/* 32 KiB of headers, 8 KiB of target, and the library's own records of a hundred headers */
#define CONNECTION_MEMORY ((size_t)48 << 10)
/* how long the last replies may take to leave once everything was resumed */
#define LAST_REPLIES_MS 1000u

struct arena *httpd_take_arena(struct httpd *httpd)
{
	struct arena *arena = NULL;
	pthread_mutex_lock(&httpd->mutex);
	if (httpd->spare_count != 0)
		arena = httpd->spare[--httpd->spare_count];
	pthread_mutex_unlock(&httpd->mutex);
	return arena != NULL ? arena : arena_new(REQUEST_ARENA_MAX);
}

void httpd_return_arena(struct httpd *httpd, struct arena *arena)
{
	arena_reset(arena);
	pthread_mutex_lock(&httpd->mutex);
	if (httpd->spare_count < SPARE_ARENAS) {
		httpd->spare[httpd->spare_count++] = arena;
		arena = NULL;
	}
	pthread_mutex_unlock(&httpd->mutex);
	arena_free(&arena);
}

void httpd_request_done(struct httpd *httpd)
{
	if (atomic_fetch_sub(&httpd->in_hand, 1) != 1 || !atomic_load(&httpd->stopping))
		return;
	pthread_mutex_lock(&httpd->mutex);
	pthread_cond_broadcast(&httpd->changed);
	pthread_mutex_unlock(&httpd->mutex);
}

/* --- suspended requests --- */

static void unlink_suspended(struct httpd *httpd, struct request *req)
{
	if (req->prev != NULL)
		req->prev->next = req->next;
	else
		httpd->suspended = req->next;
	if (req->next != NULL)
		req->next->prev = req->prev;
	req->prev = req->next = NULL;
}

void httpd_suspend(struct httpd_request *pub)
{
	struct request *req = request_of(pub);
	struct httpd *httpd = req->httpd;
	must(!req->waits && req->status == 0);
	pthread_mutex_lock(&httpd->mutex);
	if (httpd->closing) {
		req->too_late = true;
		atomic_store(&req->holders, 2);
		atomic_store(&req->phase, PHASE_DETACHED);
	} else {
		req->waits = true;
		atomic_store(&req->phase, PHASE_SUSPENDED);
		req->next = httpd->suspended;
		if (req->next != NULL)
			req->next->prev = req;
		httpd->suspended = req;
		MHD_suspend_connection(req->mhd);
	}
	pthread_mutex_unlock(&httpd->mutex);
}

void httpd_resume(struct httpd_request *pub)
{
	struct request *req = request_of(pub);
	int phase = PHASE_SUSPENDED;
	must(req->status != 0); /* the reply comes first */
	if (!atomic_compare_exchange_strong(&req->phase, &phase, PHASE_RESUMED)) {
		must(phase == PHASE_DETACHED);
		request_drop(req);
		return;
	}
	/* httpd_stop waits until the request has left the list, so httpd is still there */
	struct httpd *httpd = req->httpd;
	pthread_mutex_lock(&httpd->mutex);
	unlink_suspended(httpd, req);
	loops_resume(httpd->loops, req->mhd);
	if (httpd->closing)
		pthread_cond_broadcast(&httpd->changed);
	pthread_mutex_unlock(&httpd->mutex);
}

void httpd_go_on(struct httpd_request *pub, void (*rest)(void *arg), void *arg)
{
	struct request *req = request_of(pub);
	int phase = PHASE_SUSPENDED;
	req->rest = rest;
	req->rest_arg = arg;
	if (!atomic_compare_exchange_strong(&req->phase, &phase, PHASE_RETURNING)) {
		must(phase == PHASE_DETACHED);
		request_drop(req);
		return;
	}
	/* as in httpd_resume() */
	struct httpd *httpd = req->httpd;
	pthread_mutex_lock(&httpd->mutex);
	bool closing = httpd->closing;
	atomic_store(&req->phase, closing ? PHASE_DETACHED : PHASE_SUSPENDED);
	if (closing) {
		unlink_suspended(httpd, req);
		loops_resume(httpd->loops, req->mhd);
		pthread_cond_broadcast(&httpd->changed);
	} else {
		workers_add(httpd->workers, req);
	}
	pthread_mutex_unlock(&httpd->mutex);
	if (closing)
		request_drop(req);
}

/* Takes every request that is still suspended from its owner. With the mutex. */
static void detach_all(struct httpd *httpd)
{
	for (struct request *req = httpd->suspended, *next; req != NULL; req = next) {
		int phase = PHASE_SUSPENDED;
		next = req->next;
		atomic_store(&req->holders, 2);
		if (!atomic_compare_exchange_strong(&req->phase, &phase, PHASE_DETACHED))
			continue; /* its owner is resuming it right now, or goes on */
		unlink_suspended(httpd, req);
		loops_resume(httpd->loops, req->mhd);
	}
	while (httpd->suspended != NULL)
		pthread_cond_wait(&httpd->changed, &httpd->mutex);
}

/* --- start and stop --- */

static enum MHD_Result may_accept(void *cls, const struct sockaddr *peer, socklen_t len UNUSED)
{
	struct httpd *httpd = cls;
	return !atomic_load(&httpd->stopping) && conns_may_open(httpd->conns, peer) ? MHD_YES
										    : MHD_NO;
}

static void on_connection(void *cls, struct MHD_Connection *mhd, void **conn,
			  enum MHD_ConnectionNotificationCode code)
{
	struct httpd *httpd = cls;
	if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
		conn_close((struct conn **)conn);
		return;
	}
	const union MHD_ConnectionInfo *fd =
		MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD);
	const union MHD_ConnectionInfo *peer =
		MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	*conn = conn_open(httpd->conns, fd->connect_fd, peer->client_addr);
}

static enum rc start_loops(struct err *err, struct httpd *httpd, const struct httpd_settings *set)
{
	const struct MHD_OptionItem options[] = {
		{ MHD_OPTION_CONNECTION_TIMEOUT, (intptr_t)set->idle_seconds, NULL },
		{ MHD_OPTION_CONNECTION_MEMORY_LIMIT, (intptr_t)CONNECTION_MEMORY, NULL },
		{ MHD_OPTION_STRICT_FOR_CLIENT, 1, NULL },
		{ MHD_OPTION_URI_LOG_CALLBACK, (intptr_t)request_on_target, httpd },
		{ MHD_OPTION_NOTIFY_COMPLETED, (intptr_t)request_on_completed, httpd },
		{ MHD_OPTION_NOTIFY_CONNECTION, (intptr_t)on_connection, httpd },
		{ MHD_OPTION_END, 0, NULL },
	};
	const struct loops_settings loops = {
		.fd = httpd->fd,
		.count = set->threads != 0 ? (unsigned)set->threads : 1,
		.connections_max = (unsigned)set->connections_max,
		.may_accept = may_accept,
		.on_call = request_on_call,
		.options = options,
		.arg = httpd,
	};
	return loops_start(err, &loops, &httpd->loops);
}

static void httpd_free(struct httpd **at)
{
	struct httpd *httpd = *at;
	workers_free(&httpd->workers);
	streams_stop(&httpd->streams);
	conns_free(&httpd->conns);
	routes_free(&httpd->routes);
	if (httpd->fd >= 0)
		close(httpd->fd);
	while (httpd->spare_count != 0)
		arena_free(&httpd->spare[--httpd->spare_count]);
	pthread_cond_destroy(&httpd->changed);
	pthread_mutex_destroy(&httpd->mutex);
	httpd->magic = 0;
	free(httpd);
	*at = NULL;
}

static struct httpd *httpd_new(const struct clock *clock)
{
	struct httpd *httpd = calloc(1, sizeof(*httpd));
	pthread_condattr_t attr;
	if (httpd == NULL)
		return NULL;
	httpd->magic = HTTPD_MAGIC;
	httpd->clock = clock;
	httpd->fd = -1;
	must(pthread_condattr_init(&attr) == 0);
	must(pthread_condattr_setclock(&attr, CLOCK_MONOTONIC) == 0);
	must(pthread_mutex_init(&httpd->mutex, NULL) == 0);
	must(pthread_cond_init(&httpd->changed, &attr) == 0);
	pthread_condattr_destroy(&attr);
	return httpd;
}

static enum rc start_parts(struct err *err, struct httpd *httpd, const struct httpd_settings *set,
			   const struct httpd_route_table *tables, size_t table_count)
{
	const struct conns_settings conns = {
		.per_client = set->connections_per_client,
		.idle_ms = set->idle_seconds * MS_PER_SECOND,
		.request_ms = set->request_seconds * MS_PER_SECOND,
		.exempt = &httpd->trusted,
		.clock = httpd->clock,
	};
	const struct streams_settings streams = {
		.max = set->streams_max,
		.per_client = set->streams_per_client,
		.beat_ms = set->heartbeat_seconds * MS_PER_SECOND,
		.exempt = &httpd->trusted,
		.clock = httpd->clock,
	};
	httpd->admit = set->admit;
	httpd->door = set->door;
	httpd->door_arg = set->door_arg;
	enum rc rc = prefixes_parse(err, set->trusted_proxies, &httpd->trusted);
	if (rc == RC_OK)
		rc = routes_new(err, tables, table_count, &httpd->routes);
	if (rc == RC_OK)
		rc = listen_open(err, set->listen, &httpd->fd, &httpd->port);
	if (rc == RC_OK)
		rc = conns_new(err, &conns, &httpd->conns);
	if (rc == RC_OK && set->workers != 0) {
		httpd->workers = workers_new((unsigned)set->workers);
		rc = httpd->workers != NULL ? RC_OK : RC_NO_MEMORY;
	}
	if (rc == RC_OK)
		rc = streams_start(err, &streams, &httpd->streams);
	if (rc == RC_OK)
		rc = start_loops(err, httpd, set);
	return rc;
}

enum rc httpd_start(struct err *err, const struct httpd_settings *settings,
		    const struct httpd_route_table *tables, size_t table_count,
		    const struct clock *clock, struct httpd **out)
{
	struct httpd *httpd = httpd_new(clock);
	*out = NULL;
	if (httpd == NULL)
		return err_set(err, RC_NO_MEMORY, "no memory for the listener");
	enum rc rc = start_parts(err, httpd, settings, tables, table_count);
	if (rc != RC_OK) {
		httpd_free(&httpd);
		return rc;
	}
	*out = httpd;
	return RC_OK;
}

/* Until no request is in hand, at most wait_ms. With the mutex. */
static void wait_idle(struct httpd *httpd, uint64_t wait_ms)
{
	struct timespec until;
	must(clock_gettime(CLOCK_MONOTONIC, &until) == 0);
	until.tv_nsec += (long)(wait_ms % MS_PER_SECOND * 1000000);
	until.tv_sec += (time_t)(wait_ms / MS_PER_SECOND) + until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	while (atomic_load(&httpd->in_hand) != 0) {
		if (pthread_cond_timedwait(&httpd->changed, &httpd->mutex, &until) == ETIMEDOUT)
			return;
	}
}

void httpd_stop(struct httpd **at, uint64_t wait_ms)
{
	struct httpd *httpd = *at;
	if (httpd == NULL)
		return;
	MAGIC_CHECK(httpd, HTTPD_MAGIC);
	/*
	 * Who connects from now on is turned away at once and may try again. Not by
	 * MHD_quiesce_daemon(): two threads take the socket out of the same epoll set then, and the
	 * later one aborts the process (seen with 0.9.75).
	 */
	atomic_store(&httpd->stopping, true);
	pthread_mutex_lock(&httpd->mutex);
	wait_idle(httpd, wait_ms);
	httpd->closing = true;
	detach_all(httpd);
	wait_idle(httpd, LAST_REPLIES_MS);
	pthread_mutex_unlock(&httpd->mutex);
	loops_stop(&httpd->loops);
	httpd_free(at);
}

uint16_t httpd_port(const struct httpd *httpd)
{
	return httpd->port;
}

struct str httpd_query(struct httpd_request *req, const char *name)
{
	return form_find(req->ctx.arena, req->query, str_of(name));
}
