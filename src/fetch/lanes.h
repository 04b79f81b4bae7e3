/*
 * Whose turn it is: requests wait in one queue per host, a host has at most per_host of them under
 * way, and hosts take turns. A host that answers slowly or never holds up nobody else (S-041).
 * Hosts are forgotten when nothing of theirs is left (S-060).
 */
#ifndef FF_FETCH_LANES_H
#define FF_FETCH_LANES_H

#include "core/map.h"
#include "transfer.h"

struct lanes {
	struct map by_host;
	struct lane *ready_head; /* hosts that have something waiting and may start it */
	struct lane *ready_tail;
	size_t active;
	size_t waiting;
	size_t active_max;
	size_t per_host;
};

void lanes_init(struct lanes *lanes, size_t active_max, size_t per_host);
/* Releases an empty one. */
void lanes_free(struct lanes *lanes);

/* Puts t at the end of its host's queue. False when memory is exhausted. */
bool lanes_put(struct lanes *lanes, struct transfer *t) NODISCARD;
/* The transfer whose turn it is, now under way; NULL when none may start. */
struct transfer *lanes_next(struct lanes *lanes);
/* t, from lanes_next(), is not under way any more. */
void lanes_release(struct lanes *lanes, struct transfer *t);
/* Takes out all waiting transfers that pick says yes to, as a list by next. */
struct transfer *lanes_take(struct lanes *lanes, bool (*pick)(const struct transfer *t));

#endif
