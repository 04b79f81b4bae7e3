/*
 * How often somebody has done something in a window of time (S-105, S-106), in memory of a fixed
 * size: when it is full, the windows that end first are forgotten, which lets somebody do more, never
 * less. What is counted is lost when the process ends. Any thread.
 *
 *   static const struct limit limit = { 25, 5 * MS_PER_MINUTE };
 *   if (!limiter_take(limiter, KIND, &limit, limit_subject_of_client(client), NULL))
 *           too many
 */
#ifndef FF_CORE_LIMIT_H
#define FF_CORE_LIMIT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/attr.h"
#include "core/clock.h"
#include "core/str.h"

struct limit {
	uint64_t most;
	uint64_t window_ms; /* it begins with the first */
};

struct limit_left {
	uint64_t limit, left;
	uint64_t reset_ms; /* wall time at which the window ends */
};

struct limiter;

/* clock outlives it. NULL without memory. */
struct limiter *limiter_new(const struct clock *clock) NODISCARD;
void limiter_free(struct limiter **limiter);
/*
 * Counts one more by subject; false, and nothing is counted, when there were as many as may be. Kinds
 * are counted apart. left may be NULL.
 */
bool limiter_take(struct limiter *limiter, unsigned kind, const struct limit *limit,
		  uint64_t subject, struct limit_left *left);

/*
 * Whom an address stands for: an IPv4 address itself, of an IPv6 address its /64, all of which one
 * customer has (S-105). Text that is no address stands for itself.
 */
uint64_t limit_subject_of_client(struct str client);
/* The same of a name or an address for e-mail, whose case does not matter. */
uint64_t limit_subject_of_name(struct str name);

#endif
