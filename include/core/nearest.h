/*
 * Looks for a known name that someone may have meant. Offer every known name, then read best: absent
 * when none is near.
 */
#ifndef FF_CORE_NEAREST_H
#define FF_CORE_NEAREST_H

#include <stddef.h>

#include "core/str.h"

struct nearest {
	struct str wanted;
	struct str best;
	size_t distance; /* of best */
};

void nearest_init(struct nearest *nearest, struct str wanted);
void nearest_offer(struct nearest *nearest, struct str known);

#endif
