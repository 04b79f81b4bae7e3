/*
 * How many requests somebody has made in a window of time (S-105, S-106). A table of fixed size: when
 * it is full, the oldest windows of a bucket are forgotten, which lets somebody make more requests,
 * never fewer. Any thread.
 */
#include <pthread.h>
#include <stdlib.h>

#include "api_int.h"

#define SHARDS 16
#define BUCKETS 512 /* of a shard */
#define WAYS 8	    /* windows of a bucket */

struct window {
	uint64_t subject; /* with its class; 0: free */
	uint64_t ends_ms; /* steady time */
	uint64_t count;
};

struct shard {
	pthread_mutex_t mutex;
	struct window windows[BUCKETS][WAYS];
};

struct limiter {
	const struct clock *clock;
	struct {
		uint64_t limit, window_ms;
	} classes[RATE_CLASSES];
	struct shard shards[SHARDS];
};

struct limiter *limiter_new(const struct clock *clock, const struct api_settings *settings)
{
	struct limiter *l = calloc(1, sizeof(*l));
	if (l == NULL)
		return NULL;
	l->clock = clock;
	l->classes[RATE_COMMON].limit = settings->rate;
	l->classes[RATE_COMMON].window_ms = 5 * MS_PER_MINUTE;
	l->classes[RATE_MEDIA].limit = settings->rate_media;
	l->classes[RATE_MEDIA].window_ms = 30 * MS_PER_MINUTE;
	l->classes[RATE_DELETE].limit = settings->rate_delete;
	l->classes[RATE_DELETE].window_ms = 30 * MS_PER_MINUTE;
	l->classes[RATE_SIGN_UP].limit = settings->rate_sign_up;
	l->classes[RATE_SIGN_UP].window_ms = 30 * MS_PER_MINUTE;
	l->classes[RATE_TOKEN].limit = settings->rate_token;
	l->classes[RATE_TOKEN].window_ms = 5 * MS_PER_MINUTE;
	for (size_t i = 0; i < SHARDS; i++)
		must(pthread_mutex_init(&l->shards[i].mutex, NULL) == 0);
	return l;
}

void limiter_free(struct limiter **at)
{
	if (*at == NULL)
		return;
	for (size_t i = 0; i < SHARDS; i++)
		pthread_mutex_destroy(&(*at)->shards[i].mutex);
	free(*at);
	*at = NULL;
}

/* The subject's window, or the one that ends first. */
static struct window *find(struct window ways[WAYS], uint64_t subject)
{
	struct window *oldest = &ways[0];
	for (size_t i = 0; i < WAYS; i++) {
		if (ways[i].subject == subject)
			return &ways[i];
		if (ways[i].ends_ms < oldest->ends_ms)
			oldest = &ways[i];
	}
	return oldest;
}

bool limiter_take(struct limiter *l, enum rate_class class, uint64_t subject,
		  struct allowance_left *left)
{
	struct {
		uint64_t subject, class;
	} key = { subject, class };
	uint64_t hash = str_hash(str_n(&key, sizeof(key))) | 1; /* 0 is nobody */
	struct shard *shard = &l->shards[(hash >> 1) % SHARDS];
	uint64_t now = clock_steady_ms(l->clock), limit = l->classes[class].limit;
	pthread_mutex_lock(&shard->mutex);
	struct window *w = find(shard->windows[(hash >> 8) % BUCKETS], hash);
	if (w->subject != hash || w->ends_ms <= now)
		*w = (struct window){ hash, now + l->classes[class].window_ms, 0 };
	bool may = w->count < limit;
	w->count += may;
	left->limit = limit;
	left->left = limit - w->count;
	left->reset_ms = clock_wall_ms(l->clock) + (w->ends_ms - now);
	pthread_mutex_unlock(&shard->mutex);
	return may;
}
