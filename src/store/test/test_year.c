/* The codec of years in review: round trip, and no truncation passes. */
#include "../year_int.h"

#include "testkit.h"

static struct year_report sample(struct year_tag *tags)
{
	tags[0] = (struct year_tag){ STR("fog"), STR("Fog"), 7 };
	tags[1] = (struct year_tag){ STR("sea"), STR("sea"), 300 };
	struct year_report y = { .phase = YEAR_FOLLOWERS,
				 .cursor = UINT64_C(1) << 60,
				 .read = true,
				 .posts = 400,
				 .replies = 3,
				 .polls = 2,
				 .boosts = 1,
				 .top_boosted = 99,
				 .top_boosts = 12,
				 .tags = tags,
				 .tag_count = 2 };
	y.month_posts[11] = 400;
	y.month_followers[0] = 1;
	return y;
}

static void what_was_written_is_read(void **state UNUSED)
{
	struct arena *arena = arena_new(1 << 16);
	struct year_tag tags[2];
	struct year_report y = sample(tags), back;
	struct buf row CLEANUP(buf_free) = BUF_INIT(YEAR_MAX_BYTES),
		       again CLEANUP(buf_free) = BUF_INIT(YEAR_MAX_BYTES);
	year_encode(&row, &y);
	assert_true(year_decode(arena, buf_str(&row), &back));
	assert_int_equal(back.month_posts[11], 400);
	assert_str_eq(back.tags[0].display, STR("Fog"));
	year_encode(&again, &back);
	assert_str_eq(buf_str(&again), buf_str(&row));
	for (size_t i = 0; i < row.len; i++)
		assert_false(year_decode(arena, str_take(buf_str(&row), i), &back));
	buf_add_chr(&row, 'x');
	assert_false(year_decode(arena, buf_str(&row), &back));
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(what_was_written_is_read) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
