/* The thread of the index. */
#include "indexer.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "core/clock.h"
#include "core/log.h"
#include "core/must.h"
#include "social/search.h"
#include "social/trends.h"

#define LOOK_EVERY_MS 1000
#define FAILED_WAIT_MS (30 * MS_PER_SECOND)

struct indexer {
	struct db *db;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool ending;
};

/* False when the end has come. */
static bool wait_for(struct indexer *ix, uint64_t ms)
{
	struct timespec until;
	must(clock_gettime(CLOCK_MONOTONIC, &until) == 0);
	until.tv_sec += (time_t)(ms / 1000);
	until.tv_nsec += (long)(ms % 1000) * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_nsec -= 1000000000;
		until.tv_sec++;
	}
	pthread_mutex_lock(&ix->lock);
	int waited = 0;
	while (!ix->ending && waited == 0 && ms != 0)
		waited = pthread_cond_timedwait(&ix->changed, &ix->lock, &until);
	bool on = !ix->ending;
	pthread_mutex_unlock(&ix->lock);
	return on;
}

/*
 * How long to wait before the next step. Where there is more to take up, as long as this one took: it
 * can wait, and half of the time is left to those who cannot.
 */
static uint64_t step(struct indexer *ix)
{
	uint64_t begun = clock_steady_ms(clock_system());
	enum rc rc = search_take_up(ix->db);
	enum rc counted = trends_take_up(ix->db);
	if (rc == RC_OK)
		rc = counted;
	if (rc == RC_BUSY)
		return clock_steady_ms(clock_system()) - begun + 1;
	if (rc == RC_OK)
		return LOOK_EVERY_MS;
	LOG(INDEX_FAILED, F_RC(rc));
	return FAILED_WAIT_MS;
}

static void *run(void *arg)
{
	struct indexer *ix = arg;
	uint64_t wait_ms = 0;
	while (wait_for(ix, wait_ms))
		wait_ms = step(ix);
	return NULL;
}

struct indexer *indexer_start(struct db *db)
{
	struct indexer *ix = calloc(1, sizeof(*ix));
	pthread_condattr_t steady;
	must(ix != NULL);
	ix->db = db;
	must(pthread_mutex_init(&ix->lock, NULL) == 0);
	must(pthread_condattr_init(&steady) == 0);
	must(pthread_condattr_setclock(&steady, CLOCK_MONOTONIC) == 0);
	must(pthread_cond_init(&ix->changed, &steady) == 0);
	pthread_condattr_destroy(&steady);
	must(pthread_create(&ix->thread, NULL, run, ix) == 0);
	return ix;
}

void indexer_stop(struct indexer **indexer)
{
	struct indexer *ix = *indexer;
	if (ix == NULL)
		return;
	pthread_mutex_lock(&ix->lock);
	ix->ending = true;
	pthread_cond_signal(&ix->changed);
	pthread_mutex_unlock(&ix->lock);
	pthread_join(ix->thread, NULL);
	pthread_cond_destroy(&ix->changed);
	pthread_mutex_destroy(&ix->lock);
	free(ix);
	*indexer = NULL;
}
