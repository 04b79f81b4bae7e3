/* struct map: strings to pointers, by a keyed hash. The map copies its keys and owns no values. */
#ifndef FF_CORE_MAP_H
#define FF_CORE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/attr.h"
#include "core/str.h"

struct map_slot;

struct map {
	struct map_slot *slots;
	size_t cap;
	size_t used;  /* live and dead slots */
	size_t count; /* live slots */
};

#define MAP_INIT  \
	{         \
		0 \
	}
/* Releases the map's own memory. */
void map_free(struct map *map);

/* NULL when the key is absent. */
void *map_get(const struct map *map, struct str key);
/* Adds or replaces; value is not NULL. False only when memory is exhausted. */
bool map_put(struct map *map, struct str key, void *value) NODISCARD;
/* The value that was there, or NULL. */
void *map_del(struct map *map, struct str key);
size_t map_count(const struct map *map);

/*
 * Walks all entries in no order: start with *at = 0. The entry just returned may be deleted;
 * nothing may be put meanwhile.
 */
bool map_next(const struct map *map, size_t *at, struct str *key, void **value);

#endif
