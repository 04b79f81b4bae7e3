/*
 * Remote public keys in memory, by key id. Bounded: when it is full the older half goes (a
 * generation swap), so that a flood of new keys costs refetching from the store and nothing else. A
 * key takes more than 2 KB, and of those who vote or boost many are met once: so the first time only
 * that it was met is kept, and the key from the second time on. Any thread.
 */
#include <stdlib.h>

#include "core/must.h"
#include "fed_int.h"

struct cached_key {
	struct key *key; /* NULL: met once */
	uint64_t account;
	uint64_t loaded_ms;
	uint64_t refetched_ms;
	bool assertion;
	size_t owner_len;
	char owner[];
};

/* Two generations: lookups move entries into the young one; when that is full, the old one is
 * dropped. */
struct key_cache {
	pthread_mutex_t lock;
	struct map young;
	struct map old;
	size_t max;
};

struct key_cache *key_cache_new(size_t max)
{
	struct key_cache *cache = calloc(1, sizeof(*cache));
	must(cache != NULL);
	pthread_mutex_init(&cache->lock, NULL);
	cache->max = max > 2 ? max / 2 : 1;
	return cache;
}

static void entry_free(struct cached_key *entry)
{
	if (entry == NULL)
		return;
	key_unref(&entry->key);
	free(entry);
}

static void generation_drop(struct map *map)
{
	size_t at = 0;
	struct str id;
	void *value;
	while (map_next(map, &at, &id, &value))
		entry_free(value);
	map_free(map);
}

void key_cache_free(struct key_cache **cache)
{
	if (*cache == NULL)
		return;
	generation_drop(&(*cache)->young);
	generation_drop(&(*cache)->old);
	pthread_mutex_destroy(&(*cache)->lock);
	free(*cache);
	*cache = NULL;
}

void key_cache_clear(struct key_cache *cache)
{
	pthread_mutex_lock(&cache->lock);
	generation_drop(&cache->young);
	generation_drop(&cache->old);
	pthread_mutex_unlock(&cache->lock);
}

static void keep_young(struct key_cache *cache, struct str id, struct cached_key *entry)
{
	if (map_count(&cache->young) >= cache->max) {
		generation_drop(&cache->old);
		cache->old = cache->young;
		cache->young = (struct map)MAP_INIT;
	}
	entry_free(map_del(&cache->young, id));
	if (!map_put(&cache->young, id, entry))
		entry_free(entry);
}

static struct cached_key *find(struct key_cache *cache, struct str id)
{
	struct cached_key *entry = map_get(&cache->young, id);
	if (entry != NULL)
		return entry;
	entry = map_del(&cache->old, id);
	if (entry != NULL)
		keep_young(cache, id, entry);
	return map_get(&cache->young, id);
}

/* S-017: a key that its owner no longer lists is honoured for a day at most. */
#define KEY_LIFE_MS MS_PER_DAY

bool key_cache_get(struct key_cache *cache, struct arena *arena, struct str id, uint64_t now_ms,
		   struct known_key *out)
{
	pthread_mutex_lock(&cache->lock);
	struct cached_key *entry = find(cache, id);
	if (entry != NULL && (entry->key == NULL || now_ms - entry->loaded_ms > KEY_LIFE_MS))
		entry = NULL;
	if (entry != NULL) {
		out->key = key_ref(entry->key);
		out->account = entry->account;
		out->stale = false;
		out->assertion = entry->assertion;
		out->owner = arena_str(arena, str_n(entry->owner, entry->owner_len));
	}
	pthread_mutex_unlock(&cache->lock);
	return entry != NULL;
}

void key_cache_put(struct key_cache *cache, struct str id, const struct known_key *known,
		   uint64_t now_ms)
{
	struct cached_key *entry = calloc(1, sizeof(*entry) + known->owner.len + 1);
	if (entry == NULL)
		return;
	entry->account = known->account;
	entry->loaded_ms = now_ms;
	entry->assertion = known->assertion;
	entry->owner_len = known->owner.len;
	memcpy(entry->owner, known->owner.ptr, known->owner.len);
	pthread_mutex_lock(&cache->lock);
	struct cached_key *before = find(cache, id);
	if (before != NULL) {
		entry->key = key_ref(known->key);
		entry->refetched_ms = before->refetched_ms;
	}
	keep_young(cache, id, entry);
	pthread_mutex_unlock(&cache->lock);
}

void key_cache_del(struct key_cache *cache, struct str id)
{
	pthread_mutex_lock(&cache->lock);
	entry_free(map_del(&cache->young, id));
	entry_free(map_del(&cache->old, id));
	pthread_mutex_unlock(&cache->lock);
}

bool key_cache_may_refetch(struct key_cache *cache, struct str id, uint64_t now_ms,
			   uint64_t interval_ms)
{
	pthread_mutex_lock(&cache->lock);
	struct cached_key *entry = find(cache, id);
	bool may = entry != NULL &&
		   (entry->refetched_ms == 0 || now_ms - entry->refetched_ms >= interval_ms);
	if (may)
		entry->refetched_ms = now_ms;
	pthread_mutex_unlock(&cache->lock);
	return may;
}

bool key_cache_is_older(struct key_cache *cache, struct str id, uint64_t now_ms, uint64_t age_ms)
{
	pthread_mutex_lock(&cache->lock);
	const struct cached_key *entry = find(cache, id);
	bool older = entry != NULL && now_ms - entry->loaded_ms >= age_ms;
	pthread_mutex_unlock(&cache->lock);
	return older;
}
