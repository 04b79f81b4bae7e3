/* What may be done once in a while for each name: bounded memory, any thread. */
#include <stdlib.h>

#include "core/must.h"
#include "fed_int.h"

struct throttle {
	pthread_mutex_t lock;
	struct map names; /* -> uint64_t: not before */
	size_t max;
};

struct throttle *throttle_new(size_t max)
{
	struct throttle *t = calloc(1, sizeof(*t));
	must(t != NULL);
	pthread_mutex_init(&t->lock, NULL);
	t->max = max;
	return t;
}

static void names_drop(struct throttle *t)
{
	size_t at = 0;
	struct str name;
	void *value;
	while (map_next(&t->names, &at, &name, &value))
		free(value);
	map_free(&t->names);
}

void throttle_free(struct throttle **t)
{
	if (*t == NULL)
		return;
	names_drop(*t);
	pthread_mutex_destroy(&(*t)->lock);
	free(*t);
	*t = NULL;
}

static void names_expire(struct throttle *t, uint64_t now_ms)
{
	size_t at = 0;
	struct str name;
	void *value;
	while (map_next(&t->names, &at, &name, &value)) {
		if (*(uint64_t *)value <= now_ms)
			free(map_del(&t->names, name));
	}
	/* all of them are fresh: somebody invents names, and it begins anew */
	if (map_count(&t->names) >= t->max)
		names_drop(t);
}

/* When the name is free again; NULL when there is no memory. */
static uint64_t *until_of(struct throttle *t, struct str name, uint64_t now_ms)
{
	uint64_t *until = map_get(&t->names, name);
	if (until != NULL)
		return until;
	if (map_count(&t->names) >= t->max)
		names_expire(t, now_ms);
	until = calloc(1, sizeof(*until));
	if (until == NULL || !map_put(&t->names, name, until)) {
		free(until);
		return NULL;
	}
	return until;
}

bool throttle_take(struct throttle *t, struct str name, uint64_t now_ms, uint64_t interval_ms)
{
	pthread_mutex_lock(&t->lock);
	uint64_t *until = until_of(t, name, now_ms);
	bool taken = until != NULL && now_ms >= *until;
	if (taken)
		*until = now_ms + interval_ms;
	pthread_mutex_unlock(&t->lock);
	return taken;
}

void throttle_hold(struct throttle *t, struct str name, uint64_t now_ms, uint64_t interval_ms)
{
	pthread_mutex_lock(&t->lock);
	uint64_t *until = until_of(t, name, now_ms);
	if (until != NULL && *until < now_ms + interval_ms)
		*until = now_ms + interval_ms;
	pthread_mutex_unlock(&t->lock);
}

bool throttle_held(struct throttle *t, struct str name, uint64_t now_ms)
{
	pthread_mutex_lock(&t->lock);
	const uint64_t *until = map_get(&t->names, name);
	bool held = until != NULL && now_ms < *until;
	pthread_mutex_unlock(&t->lock);
	return held;
}
