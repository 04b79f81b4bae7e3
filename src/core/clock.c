/* The machine's clocks. Stateless, any thread. */
#include "core/clock.h"

#include <time.h>

#include "core/must.h"

static uint64_t read_ms(clockid_t id)
{
	struct timespec ts;
	must(clock_gettime(id, &ts) == 0);
	if (ts.tv_sec < 0)
		return 0;
	return (uint64_t)ts.tv_sec * MS_PER_SECOND + (uint64_t)ts.tv_nsec / 1000000;
}

static uint64_t system_wall_ms(void *arg UNUSED)
{
	return read_ms(CLOCK_REALTIME);
}

static uint64_t system_steady_ms(void *arg UNUSED)
{
	return read_ms(CLOCK_BOOTTIME);
}

const struct clock *clock_system(void)
{
	static const struct clock system = { system_wall_ms, system_steady_ms, NULL };
	return &system;
}
