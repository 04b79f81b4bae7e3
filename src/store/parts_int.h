/*
 * Records with parts that few of them have: a post's poll, an account's aliases. Each part is a row
 * of its owner's table; only those that are there are stored, in the order of their tags, so that
 * what a record does not have costs nothing and a new part is a new row.
 */
#ifndef FF_STORE_PARTS_INT_H
#define FF_STORE_PARTS_INT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/buf.h"
#include "db/rec.h"

struct store_part {
	uint8_t tag; /* part of the stored format; rows stand in its order */
	bool (*has)(const void *record);
	void (*encode)(struct buf *out, const void *record);
	/* Lists come from arena; strings point into the value. False when it is damaged. */
	bool (*decode)(struct arena *arena, struct rec *r, void *record);
};

void parts_encode(struct buf *out, const struct store_part *rows, size_t count, const void *record);
/* A list of strings, of at most max. */
void parts_strs_encode(struct buf *out, const struct str *list, unsigned count, unsigned max);
bool parts_strs_decode(struct arena *arena, struct rec *r, unsigned max, struct str **list,
		       unsigned *count);

/* False when a part is unknown, out of order, empty or damaged. */
bool parts_decode(struct arena *arena, struct rec *r, const struct store_part *rows, size_t count,
		  void *record);

#endif
