/*
 * How many files that are not kept here one network may have fetched in a window of time (S-096). A table of
 * fixed size: when it is full, whoever's window ends first is forgotten, which lets them have more, never fewer.
 */
#ifndef FF_MEDIA_ALLOWANCE_H
#define FF_MEDIA_ALLOWANCE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/str.h"

#define ALLOWANCE_BUCKETS 256
#define ALLOWANCE_WAYS 8
#define ALLOWANCE_WINDOW_MS UINT64_C(600000)

struct allowance {
	struct allowance_window {
		uint64_t subject; /* 0: free */
		uint64_t ends_ms; /* steady */
		uint64_t count;
	} windows[ALLOWANCE_BUCKETS][ALLOWANCE_WAYS];
};

/* Counts one more of a client's address (of IPv6 its /64). 0 when it may be had, else how long to wait. */
uint64_t allowance_take(struct allowance *allowance, struct str client, uint64_t limit,
			uint64_t now_ms);

#endif
