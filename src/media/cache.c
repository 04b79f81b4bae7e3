/* A list in the order of looking, and a map into it. Callers hold a lock. */
#include "cache.h"

#include <stdlib.h>

struct cache_entry {
	struct digest name;
	uint64_t size;
	struct cache_entry *newer, *older;
};

static struct str key_of(const struct digest *name)
{
	return str_n(name->bytes, DIGEST_SIZE);
}

static void detach(struct cache *c, struct cache_entry *e)
{
	*(e->newer != NULL ? &e->newer->older : &c->newest) = e->older;
	*(e->older != NULL ? &e->older->newer : &c->oldest) = e->newer;
}

static void push(struct cache *c, struct cache_entry *e)
{
	e->newer = NULL;
	e->older = c->newest;
	*(c->newest != NULL ? &c->newest->newer : &c->oldest) = e;
	c->newest = e;
}

static void drop(struct cache *c, struct cache_entry *e)
{
	map_del(&c->entries, key_of(&e->name));
	detach(c, e);
	c->bytes -= e->size;
	free(e);
}

static void make_room(struct cache *c)
{
	while (c->bytes > c->budget && c->oldest != NULL) {
		if (files_del(c->files, &c->oldest->name) != RC_OK)
			break;
		drop(c, c->oldest);
	}
}

static bool insert(struct cache *c, const struct digest *name, uint64_t size)
{
	struct cache_entry *e = calloc(1, sizeof(*e));
	if (e == NULL || !map_put(&c->entries, key_of(name), e)) {
		free(e);
		return false;
	}
	e->name = *name;
	e->size = size;
	push(c, e);
	c->bytes += size;
	return true;
}

void cache_add(struct cache *cache, const struct digest *name, uint64_t size)
{
	cache_forget(cache, name);
	/* what cannot be remembered would never be removed */
	if (!insert(cache, name, size))
		(void)!files_del(cache->files, name);
	make_room(cache);
}

bool cache_touch(struct cache *cache, const struct digest *name)
{
	struct cache_entry *e = map_get(&cache->entries, key_of(name));
	if (e == NULL)
		return false;
	detach(cache, e);
	push(cache, e);
	files_touch(cache->files, name);
	return true;
}

void cache_forget(struct cache *cache, const struct digest *name)
{
	struct cache_entry *e = map_get(&cache->entries, key_of(name));
	if (e != NULL)
		drop(cache, e);
}

/* --- what was there at the start --- */

struct seen {
	struct digest name;
	uint64_t size, used_ms;
};

struct seen_list {
	struct seen *items;
	size_t count, cap;
	bool failed;
};

static void see(void *arg, const struct digest *name, uint64_t size, uint64_t used_ms)
{
	struct seen_list *list = arg;
	if (list->count == list->cap) {
		size_t cap = list->cap != 0 ? list->cap * 2 : 256;
		struct seen *more = reallocarray(list->items, cap, sizeof(*more));
		list->failed = list->failed || more == NULL;
		if (more == NULL)
			return;
		list->items = more;
		list->cap = cap;
	}
	list->items[list->count++] = (struct seen){ *name, size, used_ms };
}

static int by_time(const void *a, const void *b)
{
	const struct seen *x = a, *y = b;
	return (x->used_ms > y->used_ms) - (x->used_ms < y->used_ms);
}

enum rc cache_open(struct cache *cache, const struct files *files, uint64_t budget)
{
	struct seen_list list = { .count = 0 };
	*cache = (struct cache){ .files = files, .budget = budget };
	enum rc rc = files_walk(files, see, &list);
	if (rc == RC_OK && list.failed)
		rc = RC_NO_MEMORY;
	if (rc == RC_OK && list.count != 0)
		qsort(list.items, list.count, sizeof(*list.items), by_time);
	for (size_t i = 0; rc == RC_OK && i < list.count; i++) {
		if (!insert(cache, &list.items[i].name, list.items[i].size))
			rc = RC_NO_MEMORY;
	}
	free(list.items);
	if (rc == RC_OK)
		make_room(cache);
	return rc;
}

void cache_free(struct cache *cache)
{
	while (cache->oldest != NULL)
		drop(cache, cache->oldest);
	map_free(&cache->entries);
}
