/* struct httpd: what the listener's threads share. */
#ifndef FF_HTTPD_HTTPD_INT_H
#define FF_HTTPD_HTTPD_INT_H

#include <pthread.h>
#include <stdatomic.h>

#include "client_int.h"
#include "conn_int.h"
#include "httpd/httpd.h"
#include "loop_int.h"
#include "request_int.h"
#include "route_int.h"
#include "stream_int.h"
#include "worker_int.h"

#define SPARE_ARENAS 256

struct httpd {
	unsigned magic;
	const struct clock *clock;
	struct prefixes trusted;
	struct routes *routes;
	struct conns *conns;
	struct loops *loops;
	struct workers *workers; /* NULL: no route waits */
	struct streams *streams;
	int fd;
	uint16_t port;

	httpd_admit *admit;
	httpd_door *door;
	void *door_arg;
	_Atomic uint64_t in_hand; /* requests born and not yet answered */
	_Atomic unsigned large;	  /* of them, those with large bodies */
	_Atomic bool stopping;	  /* replies close their connections */

	pthread_mutex_t mutex; /* of what follows */
	pthread_cond_t changed;
	struct request *suspended;
	bool closing; /* nothing is suspended any more */
	struct arena *spare[SPARE_ARENAS];
	size_t spare_count;
};

/* An arena from the shelf or a new one; NULL when memory is exhausted. */
struct arena *httpd_take_arena(struct httpd *httpd);
void httpd_return_arena(struct httpd *httpd, struct arena *arena);
/* A request is over. */
void httpd_request_done(struct httpd *httpd);

#endif
