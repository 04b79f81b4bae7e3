/* Which files of other servers are kept, and which was looked at when: the least recent go first. */
#ifndef FF_MEDIA_CACHE_H
#define FF_MEDIA_CACHE_H

#include "core/map.h"
#include "files.h"

struct cache_entry;

struct cache {
	const struct files *files;
	uint64_t budget; /* bytes */
	uint64_t bytes;
	struct map entries;
	struct cache_entry *newest, *oldest;
};

/* Reads what is there. Not for several threads at once, like all the rest. */
enum rc cache_open(struct cache *cache, const struct files *files, uint64_t budget) NODISCARD;
void cache_free(struct cache *cache);
/* True when it is kept; it counts as looked at now. */
bool cache_touch(struct cache *cache, const struct digest *name);
/* A file was put: makes room for it, maybe by itself. */
void cache_add(struct cache *cache, const struct digest *name, uint64_t size);
/* The file is not there after all. */
void cache_forget(struct cache *cache, const struct digest *name);

#endif
