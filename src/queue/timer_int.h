/* A heap of times. Each names a lane or an entry; whether it still means anything is for the one
 * who takes it to see. */
#ifndef FF_QUEUE_TIMER_INT_H
#define FF_QUEUE_TIMER_INT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/attr.h"

struct timer {
	uint64_t at_ms; /* steady */
	uint32_t index;
	bool lane; /* index of a lane, not of an entry */
};

struct timers {
	struct timer *heap;
	size_t count;
	size_t cap;
};

void timers_free(struct timers *t);
bool timers_add(struct timers *t, struct timer timer) NODISCARD;
/* The first; NULL when there is none. */
const struct timer *timers_first(const struct timers *t);
/* Takes the first when its time has come. */
bool timers_take(struct timers *t, uint64_t now_ms, struct timer *out);

#endif
