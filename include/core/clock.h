/*
 * Time, injected: everything that needs the time gets a const struct clock. Wall time (for dates
 * that people and peers see) may jump; steady time (for timeouts and schedules inside the process)
 * may not.
 */
#ifndef FF_CORE_CLOCK_H
#define FF_CORE_CLOCK_H

#include <stdint.h>

struct clock {
	uint64_t (*wall_ms)(void *arg);
	uint64_t (*steady_ms)(void *arg);
	void *arg;
};

/* The machine's clocks: CLOCK_REALTIME and CLOCK_BOOTTIME. */
const struct clock *clock_system(void);

/* Milliseconds since 1970-01-01T00:00:00Z. */
static inline uint64_t clock_wall_ms(const struct clock *c)
{
	return c->wall_ms(c->arg);
}

/* Milliseconds since some moment, never going back. */
static inline uint64_t clock_steady_ms(const struct clock *c)
{
	return c->steady_ms(c->arg);
}

#define MS_PER_SECOND UINT64_C(1000)
#define MS_PER_MINUTE UINT64_C(60000)
#define MS_PER_HOUR UINT64_C(3600000)
#define MS_PER_DAY UINT64_C(86400000)

#endif
