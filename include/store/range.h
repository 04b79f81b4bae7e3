/* A page of things in the order of their ids, as clients ask for one. */
#ifndef FF_STORE_RANGE_H
#define FF_STORE_RANGE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * From the newest id below max_id down to since_id; or, ascending, from the oldest one above min_id
 * up to max_id. The bounds themselves are never part of it; a max_id of 0 is none.
 */
struct id_range {
	uint64_t max_id;
	uint64_t since_id;
	uint64_t min_id;
	bool ascending; /* a min_id was given */
};

/* The least and the greatest id of it; there is none when the least is the greater one. */
static inline uint64_t id_range_low(const struct id_range *r)
{
	uint64_t above = r->ascending ? r->min_id : r->since_id;
	return above != UINT64_MAX ? above + 1 : above;
}

static inline uint64_t id_range_high(const struct id_range *r)
{
	return r->max_id != 0 ? r->max_id - 1 : UINT64_MAX;
}

static inline bool id_range_has(const struct id_range *r, uint64_t id)
{
	return id >= id_range_low(r) && id <= id_range_high(r);
}

/* What is left of it behind id. */
static inline void id_range_pass(struct id_range *r, uint64_t id)
{
	if (r->ascending)
		r->min_id = id;
	else
		r->max_id = id;
}

#endif
