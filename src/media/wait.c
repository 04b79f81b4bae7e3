/* An upload that its thread waits for: module media's workers need the body, which is the thread's. On worker
 * threads of the listener. */
#include <pthread.h>
#include <stdio.h>

#include "media/media.h"

struct waiting {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool done;
	enum rc rc;
	char reason[240];
	uint64_t id;
};

static void uploaded(void *arg, enum rc rc, const char *reason, const struct medium *medium)
{
	struct waiting *w = arg;
	pthread_mutex_lock(&w->lock);
	w->done = true;
	w->rc = rc;
	w->id = rc == RC_OK ? medium->id : 0;
	snprintf(w->reason, sizeof(w->reason), "%s", reason);
	pthread_cond_signal(&w->changed);
	pthread_mutex_unlock(&w->lock);
}

enum rc media_submit_wait(struct media *media, struct ctx *ctx, struct media_upload *upload,
			  uint64_t *id)
{
	struct waiting w = { .lock = PTHREAD_MUTEX_INITIALIZER,
			     .changed = PTHREAD_COND_INITIALIZER };
	upload->done = uploaded;
	upload->arg = &w;
	media_submit(media, upload);
	pthread_mutex_lock(&w.lock);
	while (!w.done)
		pthread_cond_wait(&w.changed, &w.lock);
	pthread_mutex_unlock(&w.lock);
	*id = w.id;
	return w.rc == RC_OK ? RC_OK : ctx_fail(ctx, w.rc, "%s", w.reason);
}
