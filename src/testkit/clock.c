/* A clock for tests: it moves only when told to. */
#include "testkit.h"

static uint64_t fake_wall(void *arg)
{
	return ((const struct test_clock *)arg)->wall_ms;
}

static uint64_t fake_steady(void *arg)
{
	return ((const struct test_clock *)arg)->steady_ms;
}

void test_clock_init(struct test_clock *t, uint64_t wall_ms)
{
	*t = (struct test_clock){ .clock = { fake_wall, fake_steady, t }, .wall_ms = wall_ms };
}

void test_clock_advance(struct test_clock *t, uint64_t ms)
{
	t->wall_ms += ms;
	t->steady_ms += ms;
}
