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

static bool take(struct throttle *t, struct str name, uint64_t now_ms, uint64_t interval_ms)
{
	uint64_t *until = map_get(&t->names, name);
	if (until != NULL && now_ms < *until)
		return false;
	if (until == NULL) {
		if (map_count(&t->names) >= t->max)
			names_expire(t, now_ms);
		until = malloc(sizeof(*until));
		if (until == NULL || !map_put(&t->names, name, until)) {
			free(until);
			return false;
		}
	}
	*until = now_ms + interval_ms;
	return true;
}

bool throttle_take(struct throttle *t, struct str name, uint64_t now_ms, uint64_t interval_ms)
{
	pthread_mutex_lock(&t->lock);
	bool taken = take(t, name, now_ms, interval_ms);
	pthread_mutex_unlock(&t->lock);
	return taken;
}
