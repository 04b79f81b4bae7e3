/* Interprets the tables of parts. Pure. */
#include "parts_int.h"

#include "core/must.h"

void parts_encode(struct buf *out, const struct store_part *rows, size_t count, const void *record)
{
	uint64_t there = 0;
	for (size_t i = 0; i < count; i++)
		there += rows[i].has(record);
	rec_add_num(out, there);
	for (size_t i = 0; i < count; i++) {
		if (!rows[i].has(record))
			continue;
		rec_add_u8(out, rows[i].tag);
		rows[i].encode(out, record);
	}
}

static const struct store_part *part_find(const struct store_part *rows, size_t count, uint8_t tag)
{
	for (size_t i = 0; i < count; i++) {
		if (rows[i].tag == tag)
			return &rows[i];
	}
	return NULL;
}

bool parts_decode(struct arena *arena, struct rec *r, const struct store_part *rows, size_t count,
		  void *record)
{
	uint64_t there = rec_num(r);
	uint8_t last = 0;
	if (there > count)
		return false;
	for (; there != 0; there--) {
		uint8_t tag = rec_u8(r);
		const struct store_part *row = part_find(rows, count, tag);
		if (row == NULL || tag <= last || !row->decode(arena, r, record) ||
		    !row->has(record))
			return false;
		last = tag;
	}
	return true;
}

void parts_strs_encode(struct buf *out, const struct str *list, unsigned count, unsigned max)
{
	must(count <= max);
	rec_add_num(out, count);
	for (unsigned i = 0; i < count; i++)
		rec_add_str(out, list[i]);
}

bool parts_strs_decode(struct arena *arena, struct rec *r, unsigned max, struct str **list,
		       unsigned *count)
{
	uint64_t n = rec_num(r);
	if (n > max)
		return false;
	*list = ARENA_ARRAY(arena, n, struct str);
	if (*list == NULL)
		return false;
	for (*count = 0; *count < n; (*count)++)
		(*list)[*count] = rec_str(r);
	return true;
}
