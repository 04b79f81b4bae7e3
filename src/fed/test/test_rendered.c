/* Actor documents in memory: for one state of an account, for a while, in bounded number. */
#include "testkit.h"

#include "fed_int.h"

#define NOW UINT64_C(1800000000000)

static struct rendered *cache;

static int setup(void **state UNUSED)
{
	cache = rendered_new();
	return 0;
}

static int teardown(void **state UNUSED)
{
	rendered_free(&cache);
	return 0;
}

static struct account account_at(uint64_t id, uint64_t updated_ms)
{
	return (struct account){ .id = id, .updated_ms = updated_ms };
}

static bool has(uint64_t id, uint64_t updated_ms, uint64_t now_ms)
{
	struct account a = account_at(id, updated_ms);
	struct buf out CLEANUP(buf_free) = BUF_INIT(100);
	return rendered_get(cache, &a, now_ms, &out);
}

static void a_document_comes_back_as_it_was(void **state UNUSED)
{
	struct account a = account_at(1, NOW - MS_PER_DAY);
	struct buf out CLEANUP(buf_free) = BUF_INIT(100);
	assert_false(rendered_get(cache, &a, NOW, &out));
	rendered_put(cache, &a, NOW, STR("first"));
	rendered_put(cache, &a, NOW, STR("second"));
	assert_true(rendered_get(cache, &a, NOW, &out));
	assert_str_eq(buf_str(&out), STR("second"));
	assert_false(has(2, NOW - MS_PER_DAY, NOW));
}

static void a_change_makes_it_useless(void **state UNUSED)
{
	struct account a = account_at(1, NOW - MS_PER_DAY);
	rendered_put(cache, &a, NOW, STR("text"));
	assert_false(has(1, NOW - 5, NOW));
	assert_true(has(1, NOW - MS_PER_DAY, NOW));
}

static void it_lives_as_long_as_http_caches_are_told(void **state UNUSED)
{
	struct account a = account_at(1, NOW - MS_PER_DAY);
	rendered_put(cache, &a, NOW, STR("text"));
	assert_true(has(1, NOW - MS_PER_DAY, NOW + MS_PER_MINUTE - 1));
	assert_false(has(1, NOW - MS_PER_DAY, NOW + MS_PER_MINUTE));
	/* a clock that was set back */
	assert_false(has(1, NOW - MS_PER_DAY, NOW - 1));
}

static void a_state_that_may_still_change_is_not_kept(void **state UNUSED)
{
	struct account a = account_at(1, NOW - MS_PER_SECOND + 1);
	rendered_put(cache, &a, NOW, STR("text"));
	assert_false(has(1, a.updated_ms, NOW));
	rendered_put(cache, &a, NOW + 1, STR("text"));
	assert_true(has(1, a.updated_ms, NOW + 1));
}

static void what_is_not_asked_for_makes_room(void **state UNUSED)
{
	for (uint64_t id = 1; id <= 2000; id++) {
		struct account a = account_at(id, NOW - MS_PER_DAY);
		rendered_put(cache, &a, NOW, STR("text"));
	}
	assert_false(has(1, NOW - MS_PER_DAY, NOW));
	assert_true(has(2000, NOW - MS_PER_DAY, NOW));
	assert_true(has(1500, NOW - MS_PER_DAY, NOW));
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_document_comes_back_as_it_was),
		T(a_change_makes_it_useless),
		T(it_lives_as_long_as_http_caches_are_told),
		T(a_state_that_may_still_change_is_not_kept),
		T(what_is_not_asked_for_makes_room),
	};
	return cmocka_run_group_tests_name("rendered", tests, NULL, NULL);
}
