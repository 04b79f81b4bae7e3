/*
 * Handlers that wait (for the disk, for a slow digest) on threads of their own, so that listener
 * threads never do. First come, first served.
 */
#include "worker_int.h"

#include <pthread.h>
#include <stdlib.h>

#include "core/attr.h"
#include "core/must.h"

struct workers {
	pthread_mutex_t mutex; /* of all that follows */
	pthread_cond_t work;
	struct request *first, *last;
	unsigned count, idle, max;
	bool stopping;
	pthread_t threads[];
};

/* The next request; NULL: there will be none. With the mutex. */
static struct request *take(struct workers *w)
{
	w->idle++;
	while (w->first == NULL && !w->stopping)
		must(pthread_cond_wait(&w->work, &w->mutex) == 0);
	w->idle--;
	struct request *req = w->first;
	if (req != NULL)
		w->first = req->queued;
	return req;
}

static void run(struct request *req)
{
	void (*rest)(void *arg) = req->rest;
	if (atomic_load(&req->phase) == PHASE_DETACHED) {
		/* the client has its answer already: nothing is begun any more */
		request_drop(req);
		return;
	}
	if (rest != NULL)
		rest(req->rest_arg);
	else
		req->pub.route->handle(&req->pub, req->app);
	void (*hand)(void *arg) = req->hand;
	req->hand = NULL;
	if (hand != NULL)
		hand(req->hand_arg);
	else
		httpd_resume(&req->pub);
}

void httpd_leave(struct httpd_request *pub, void (*hand)(void *arg), void *arg)
{
	struct request *req = request_of(pub);
	must(req->on_worker && req->hand == NULL && req->status == 0);
	req->hand = hand;
	req->hand_arg = arg;
}

static void *work(void *arg)
{
	struct workers *w = arg;
	struct request *req;
	pthread_setname_np(pthread_self(), "http-worker");
	pthread_mutex_lock(&w->mutex);
	while ((req = take(w)) != NULL) {
		pthread_mutex_unlock(&w->mutex);
		run(req);
		pthread_mutex_lock(&w->mutex);
	}
	pthread_mutex_unlock(&w->mutex);
	return NULL;
}

struct workers *workers_new(unsigned max)
{
	struct workers *w = calloc(1, sizeof(*w) + max * sizeof(w->threads[0]));
	if (w == NULL)
		return NULL;
	w->max = max;
	must(pthread_mutex_init(&w->mutex, NULL) == 0);
	must(pthread_cond_init(&w->work, NULL) == 0);
	return w;
}

void workers_add(struct workers *w, struct request *req)
{
	req->queued = NULL;
	pthread_mutex_lock(&w->mutex);
	if (w->first == NULL)
		w->first = req;
	else
		w->last->queued = req;
	w->last = req;
	if (w->idle == 0 && w->count < w->max &&
	    pthread_create(&w->threads[w->count], NULL, work, w) == 0)
		w->count++;
	must(w->count != 0); /* there was memory for one thread when the node was young */
	pthread_cond_signal(&w->work);
	pthread_mutex_unlock(&w->mutex);
}

void workers_free(struct workers **at)
{
	struct workers *w = *at;
	if (w == NULL)
		return;
	pthread_mutex_lock(&w->mutex);
	w->stopping = true;
	pthread_cond_broadcast(&w->work);
	pthread_mutex_unlock(&w->mutex);
	for (unsigned i = 0; i < w->count; i++)
		pthread_join(w->threads[i], NULL);
	pthread_cond_destroy(&w->work);
	pthread_mutex_destroy(&w->mutex);
	free(w);
	*at = NULL;
}
