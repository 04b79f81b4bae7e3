/* Windows of counting, in a table of fixed size with a lock for each of its parts. Any thread. */
#include "core/limit.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "core/must.h"

#define SHARDS 16
#define BUCKETS 512 /* of a shard */
#define WAYS 8	    /* windows of a bucket */

#define NETWORK_BYTES 8 /* of an IPv6 address: a /64 */
#define NAME_BYTES 320	/* of a name that are compared */

struct window {
	uint64_t subject; /* with its kind; 0: free */
	uint64_t ends_ms; /* steady time */
	uint64_t count;
};

struct shard {
	pthread_mutex_t mutex;
	struct window windows[BUCKETS][WAYS];
};

struct limiter {
	const struct clock *clock;
	struct shard shards[SHARDS];
};

struct limiter *limiter_new(const struct clock *clock)
{
	struct limiter *l = calloc(1, sizeof(*l));
	if (l == NULL)
		return NULL;
	l->clock = clock;
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

bool limiter_take(struct limiter *l, unsigned kind, const struct limit *limit, uint64_t subject,
		  struct limit_left *left)
{
	const uint64_t key[] = { subject, kind };
	uint64_t hash = str_hash(str_n(key, sizeof(key))) | 1; /* 0 is nobody */
	struct shard *shard = &l->shards[(hash >> 1) % SHARDS];
	uint64_t now = clock_steady_ms(l->clock);
	pthread_mutex_lock(&shard->mutex);
	struct window *w = find(shard->windows[(hash >> 8) % BUCKETS], hash);
	if (w->subject != hash || w->ends_ms <= now)
		*w = (struct window){ hash, now + limit->window_ms, 0 };
	bool may = w->count < limit->most;
	w->count += may;
	if (left != NULL)
		*left = (struct limit_left){
			.limit = limit->most,
			.left = limit->most > w->count ? limit->most - w->count : 0,
			.reset_ms = clock_wall_ms(l->clock) + (w->ends_ms - now)
		};
	pthread_mutex_unlock(&shard->mutex);
	return may;
}

/* --- subjects --- */

uint64_t limit_subject_of_client(struct str client)
{
	char text[INET6_ADDRSTRLEN];
	unsigned char bytes[16];
	if (client.len >= sizeof(text))
		return str_hash(client);
	memcpy(text, client.ptr, client.len);
	text[client.len] = '\0';
	if (inet_pton(AF_INET6, text, bytes) == 1)
		return str_hash(str_n(bytes, NETWORK_BYTES));
	return str_hash(client);
}

uint64_t limit_subject_of_name(struct str name)
{
	char lower[NAME_BYTES];
	size_t n = name.len < sizeof(lower) ? name.len : sizeof(lower);
	for (size_t i = 0; i < n; i++) {
		char c = name.ptr[i];
		lower[i] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
	}
	return str_hash(str_n(lower, n));
}
