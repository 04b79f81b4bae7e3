/* Whose turn it is, without any network. */
#include "../lanes.h"

#include <stdio.h>

#include "testkit.h"

static struct test_clock now;
static struct transfer_settings settings;
static struct lanes lanes;

static int setup(void **state UNUSED)
{
	test_clock_init(&now, 1000);
	settings = (struct transfer_settings){ .clock = &now.clock };
	lanes_init(&lanes, 4, 2);
	return 0;
}

static int teardown(void **state UNUSED)
{
	lanes_free(&lanes);
	return 0;
}

static struct transfer transfer_of(const char *host, uint64_t deadline_ms)
{
	return (struct transfer){ .settings = &settings,
				  .url.host = str_of(host),
				  .deadline_ms = deadline_ms };
}

static void put_all(struct transfer *t, size_t count)
{
	for (size_t i = 0; i < count; i++)
		assert_true(lanes_put(&lanes, &t[i]));
}

static bool any(const struct transfer *t UNUSED)
{
	return true;
}

static bool expired(const struct transfer *t)
{
	return transfer_time_left(t) == 0;
}

static void hosts_take_turns_and_none_has_more_than_its_share(void **state UNUSED)
{
	struct transfer t[] = { transfer_of("a", 99), transfer_of("a", 99), transfer_of("a", 99),
				transfer_of("a", 99), transfer_of("b", 99), transfer_of("c", 99) };
	put_all(t, ARRAY_LEN(t));
	assert_ptr_equal(lanes_next(&lanes), &t[0]);
	assert_ptr_equal(lanes_next(&lanes), &t[4]);
	assert_ptr_equal(lanes_next(&lanes), &t[5]);
	assert_ptr_equal(lanes_next(&lanes), &t[1]);
	/* four are under way in all */
	assert_null(lanes_next(&lanes));
	lanes_release(&lanes, &t[4]);
	/* there is room, but two of a's are under way */
	assert_null(lanes_next(&lanes));
	lanes_release(&lanes, &t[0]);
	assert_ptr_equal(lanes_next(&lanes), &t[2]);
	assert_null(lanes_next(&lanes));
	lanes_release(&lanes, &t[2]);
	lanes_release(&lanes, &t[1]);
	assert_ptr_equal(lanes_next(&lanes), &t[3]);
	lanes_release(&lanes, &t[3]);
	lanes_release(&lanes, &t[5]);
	assert_int_equal(lanes.waiting, 0);
	assert_int_equal(lanes.active, 0);
}

static void s060_hosts_are_forgotten_when_nothing_is_left(void **state UNUSED)
{
	char host[32];
	for (unsigned i = 0; i < 10000; i++) {
		snprintf(host, sizeof(host), "host-%u.example", i);
		struct transfer t = transfer_of(host, 99);
		assert_true(lanes_put(&lanes, &t));
		assert_ptr_equal(lanes_next(&lanes), &t);
		lanes_release(&lanes, &t);
		assert_int_equal(map_count(&lanes.by_host), 0);
	}
}

static void s041_whose_time_is_over_leaves_the_queue(void **state UNUSED)
{
	struct transfer t[] = { transfer_of("a", 10), transfer_of("a", 30), transfer_of("a", 10),
				transfer_of("a", 30), transfer_of("a", 10), transfer_of("b", 10) };
	put_all(t, ARRAY_LEN(t));
	assert_null(lanes_take(&lanes, expired));
	test_clock_advance(&now, 10);
	unsigned count = 0;
	for (struct transfer *at = lanes_take(&lanes, expired); at != NULL; at = at->next) {
		assert_int_equal(at->deadline_ms, 10);
		count++;
	}
	assert_int_equal(count, 4);
	assert_int_equal(lanes.waiting, 2);
	/* what stayed keeps its order, also behind what comes now */
	struct transfer late = transfer_of("a", 50);
	assert_true(lanes_put(&lanes, &late));
	assert_ptr_equal(lanes_next(&lanes), &t[1]);
	assert_ptr_equal(lanes_next(&lanes), &t[3]);
	lanes_release(&lanes, &t[1]);
	assert_ptr_equal(lanes_next(&lanes), &late);
	lanes_release(&lanes, &t[3]);
	lanes_release(&lanes, &late);
}

static void all_that_waits_can_be_taken_at_once(void **state UNUSED)
{
	struct transfer t[] = { transfer_of("a", 10), transfer_of("b", 30), transfer_of("b", 10) };
	put_all(t, ARRAY_LEN(t));
	unsigned count = 0;
	for (struct transfer *at = lanes_take(&lanes, any); at != NULL; at = at->next)
		count++;
	assert_int_equal(count, ARRAY_LEN(t));
	assert_int_equal(lanes.waiting, 0);
	assert_null(lanes_next(&lanes));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(hosts_take_turns_and_none_has_more_than_its_share,
						setup, teardown),
		cmocka_unit_test_setup_teardown(s060_hosts_are_forgotten_when_nothing_is_left,
						setup, teardown),
		cmocka_unit_test_setup_teardown(s041_whose_time_is_over_leaves_the_queue, setup,
						teardown),
		cmocka_unit_test_setup_teardown(all_that_waits_can_be_taken_at_once, setup,
						teardown),
	};
	return cmocka_run_group_tests_name("lanes", tests, NULL, NULL);
}
