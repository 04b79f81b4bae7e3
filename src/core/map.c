/* Open addressing with linear probing; dead slots are swept when the table grows. One thread at a
 * time. */
#include "core/map.h"

#include <stdlib.h>

#include "core/must.h"

struct map_slot {
	uint64_t hash;
	char *key; /* NULL: never used */
	size_t len;
	void *value; /* NULL with a key: dead */
};

void map_free(struct map *map)
{
	for (size_t i = 0; i < map->cap; i++)
		free(map->slots[i].key);
	free(map->slots);
	*map = (struct map)MAP_INIT;
}

static struct map_slot *slot_find(const struct map *map, struct str key, uint64_t hash)
{
	size_t mask = map->cap - 1;
	for (size_t i = (size_t)hash & mask;; i = (i + 1) & mask) {
		struct map_slot *slot = &map->slots[i];
		if (slot->key == NULL)
			return slot;
		if (slot->hash == hash && str_eq(str_n(slot->key, slot->len), key))
			return slot;
	}
}

void *map_get(const struct map *map, struct str key)
{
	return map->cap != 0 ? slot_find(map, key, str_hash(key))->value : NULL;
}

static bool map_grow(struct map *map)
{
	struct map bigger = { .cap = 16 };
	while (bigger.cap < map->count * 4)
		bigger.cap *= 2;
	bigger.slots = calloc(bigger.cap, sizeof(*bigger.slots));
	if (bigger.slots == NULL)
		return false;
	for (size_t i = 0; i < map->cap; i++) {
		struct map_slot *old = &map->slots[i];
		if (old->value == NULL) {
			free(old->key);
			continue;
		}
		*slot_find(&bigger, str_n(old->key, old->len), old->hash) = *old;
	}
	free(map->slots);
	map->slots = bigger.slots;
	map->cap = bigger.cap;
	map->used = map->count;
	return true;
}

bool map_put(struct map *map, struct str key, void *value)
{
	must(value != NULL);
	if ((map->cap == 0 || (map->used + 1) * 4 > map->cap * 3) && !map_grow(map))
		return false;
	uint64_t hash = str_hash(key);
	struct map_slot *slot = slot_find(map, key, hash);
	if (slot->key == NULL) {
		char *copy = malloc(key.len + 1);
		if (copy == NULL)
			return false;
		if (key.len != 0)
			memcpy(copy, key.ptr, key.len);
		copy[key.len] = '\0';
		*slot = (struct map_slot){ .hash = hash, .key = copy, .len = key.len };
		map->used++;
	}
	map->count += slot->value == NULL;
	slot->value = value;
	return true;
}

void *map_del(struct map *map, struct str key)
{
	if (map->cap == 0)
		return NULL;
	struct map_slot *slot = slot_find(map, key, str_hash(key));
	void *value = slot->value;
	slot->value = NULL;
	map->count -= value != NULL;
	return value;
}

size_t map_count(const struct map *map)
{
	return map->count;
}

bool map_next(const struct map *map, size_t *at, struct str *key, void **value)
{
	for (; *at < map->cap; (*at)++) {
		const struct map_slot *slot = &map->slots[*at];
		if (slot->value == NULL)
			continue;
		*key = str_n(slot->key, slot->len);
		*value = slot->value;
		(*at)++;
		return true;
	}
	return false;
}
