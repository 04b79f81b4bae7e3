/*
 * Names seen, by open addressing with a keyed hash: strangers cannot choose collisions, so n names
 * cost O(n). Entries of closed objects stay; their object number never comes again. Owned by one
 * scan.
 */
#include "names_int.h"

#include <stdlib.h>

void names_init(struct names *names)
{
	memset(names->small, 0, sizeof(names->small));
	names->slots = names->small;
	names->cap = NAMES_SMALL;
	names->count = 0;
}

void names_free(struct names *names)
{
	if (names->slots != names->small)
		free(names->slots);
	names->slots = NULL;
}

static bool slot_is(const struct name_slot *slot, const struct name_slot *entry)
{
	return slot->hash == entry->hash && slot->object == entry->object &&
	       slot->len == entry->len && memcmp(slot->ptr, entry->ptr, entry->len) == 0;
}

/* The slot that holds entry, or the free one where it belongs. */
static struct name_slot *slot_find(const struct names *names, const struct name_slot *entry)
{
	size_t mask = names->cap - 1;
	size_t i = (size_t)entry->hash & mask;
	while (names->slots[i].ptr != NULL && !slot_is(&names->slots[i], entry))
		i = (i + 1) & mask;
	return &names->slots[i];
}

static bool names_grow(struct names *names)
{
	struct names bigger = { .cap = names->cap * 4 };
	bigger.slots = calloc(bigger.cap, sizeof(*bigger.slots));
	if (bigger.slots == NULL)
		return false;
	for (size_t i = 0; i < names->cap; i++) {
		if (names->slots[i].ptr != NULL)
			*slot_find(&bigger, &names->slots[i]) = names->slots[i];
	}
	names_free(names);
	names->slots = bigger.slots;
	names->cap = bigger.cap;
	return true;
}

enum names_result names_add(struct names *names, uint32_t object, struct str name)
{
	if ((names->count + 1) * 4 > names->cap * 3 && !names_grow(names))
		return NAMES_NO_MEMORY;
	struct name_slot entry = {
		.ptr = name.ptr,
		.len = (uint32_t)name.len,
		.object = object,
		/* the odd factor sends the same name of different objects to different places */
		.hash = str_hash(name) + object * UINT64_C(0x9e3779b97f4a7c15),
	};
	struct name_slot *slot = slot_find(names, &entry);
	if (slot->ptr != NULL)
		return NAMES_DUPLICATE;
	*slot = entry;
	names->count++;
	return NAMES_NEW;
}
