/*
 * The member names that a text has had so far, to find the second one of an object. One table
 * serves all objects of a text: an entry is the number of its object and the name.
 */
#ifndef FF_JSON_NAMES_INT_H
#define FF_JSON_NAMES_INT_H

#include <stddef.h>
#include <stdint.h>

#include "core/str.h"

/* Room for the names of most activities without a malloc. */
#define NAMES_SMALL 128

struct name_slot {
	const char *ptr; /* NULL: free */
	uint32_t len;
	uint32_t object;
	uint64_t hash;
};

struct names {
	struct name_slot *slots;
	size_t cap; /* a power of two */
	size_t count;
	struct name_slot small[NAMES_SMALL];
};

enum names_result {
	NAMES_NEW,
	NAMES_DUPLICATE,
	NAMES_NO_MEMORY,
};

void names_init(struct names *names);
void names_free(struct names *names);
/* Adds a name, whose bytes must live as long as the table. */
enum names_result names_add(struct names *names, uint32_t object, struct str name) NODISCARD;

#endif
