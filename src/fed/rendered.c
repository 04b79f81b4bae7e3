/*
 * Actor documents as they were last served. An entry stands for one state of the account (its time of
 * change) and for no longer than what HTTP caches are told, since keys retire without a change.
 * Bounded: when the young generation is full, the old one goes. Any thread.
 */
#include <stdlib.h>

#include "core/must.h"
#include "fed_int.h"

#define GENERATION_MAX 512
#define LIFE_MS MS_PER_MINUTE
/* Two changes may share a millisecond: a state counts as one when it has stood for a while. */
#define SETTLED_MS MS_PER_SECOND

struct entry {
	uint64_t updated_ms;
	uint64_t made_ms;
	size_t len;
	char bytes[];
};

struct rendered {
	pthread_mutex_t lock;
	struct map young; /* account id, 8 bytes -> struct entry */
	struct map old;
};

struct rendered *rendered_new(void)
{
	struct rendered *cache = calloc(1, sizeof(*cache));
	must(cache != NULL);
	pthread_mutex_init(&cache->lock, NULL);
	return cache;
}

static void generation_drop(struct map *map)
{
	size_t at = 0;
	struct str id;
	void *value;
	while (map_next(map, &at, &id, &value))
		free(value);
	map_free(map);
}

void rendered_free(struct rendered **cache)
{
	if (*cache == NULL)
		return;
	generation_drop(&(*cache)->young);
	generation_drop(&(*cache)->old);
	pthread_mutex_destroy(&(*cache)->lock);
	free(*cache);
	*cache = NULL;
}

static struct str name_of(const uint64_t *account)
{
	return str_n(account, sizeof(*account));
}

bool rendered_get(struct rendered *cache, const struct account *a, uint64_t now_ms, struct buf *out)
{
	pthread_mutex_lock(&cache->lock);
	const struct entry *e = map_get(&cache->young, name_of(&a->id));
	if (e == NULL)
		e = map_get(&cache->old, name_of(&a->id));
	bool found = e != NULL && e->updated_ms == a->updated_ms && e->made_ms <= now_ms &&
		     now_ms - e->made_ms < LIFE_MS;
	if (found)
		buf_add_bytes(out, e->bytes, e->len);
	pthread_mutex_unlock(&cache->lock);
	return found;
}

void rendered_put(struct rendered *cache, const struct account *a, uint64_t now_ms,
		  struct str bytes)
{
	if (now_ms < a->updated_ms + SETTLED_MS)
		return;
	struct entry *e = malloc(sizeof(*e) + bytes.len);
	if (e == NULL)
		return;
	*e = (struct entry){ .updated_ms = a->updated_ms, .made_ms = now_ms, .len = bytes.len };
	memcpy(e->bytes, bytes.ptr, bytes.len);
	pthread_mutex_lock(&cache->lock);
	if (map_count(&cache->young) >= GENERATION_MAX) {
		generation_drop(&cache->old);
		cache->old = cache->young;
		cache->young = (struct map)MAP_INIT;
	}
	free(map_del(&cache->old, name_of(&a->id)));
	free(map_del(&cache->young, name_of(&a->id)));
	if (!map_put(&cache->young, name_of(&a->id), e))
		free(e);
	pthread_mutex_unlock(&cache->lock);
}
