/* The memory of one request: pieces, the ceiling, overflow and reset. */
#include "core/arena.h"

#include <stdalign.h>
#include <stdint.h>

#include "testkit.h"

static bool all_zero(const char *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (bytes[i] != 0)
			return false;
	}
	return true;
}

static void pieces_are_zeroed_aligned_and_apart(void **state UNUSED)
{
	static const size_t sizes[] = {
		1, 16, 0, 15, 17, 3000, 1, 9000, 8192, 2048, 100, 20000, 7
	};
	struct arena *arena = arena_new(1 << 20);
	char *pieces[ARRAY_LEN(sizes)];
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		pieces[i] = arena_alloc(arena, sizes[i]);
		assert_non_null(pieces[i]);
		assert_int_equal((uintptr_t)pieces[i] % alignof(max_align_t), 0);
		assert_true(all_zero(pieces[i], sizes[i]));
		memset(pieces[i], (int)i + 1, sizes[i]);
	}
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		for (size_t k = 0; k < sizes[i]; k++)
			assert_int_equal(pieces[i][k], i + 1);
	}
	assert_false(arena_failed(arena));
	arena_free(&arena);
	assert_null(arena);
	arena_free(&arena);
}

static void never_passes_its_ceiling(void **state UNUSED)
{
	struct arena *arena = arena_new(1000);
	size_t taken = 0;
	while (arena_alloc(arena, 10) != NULL) {
		taken += 10;
		assert_true(arena_used(arena) >= taken && arena_used(arena) <= 1000);
	}
	assert_true(taken > 500);
	assert_true(arena_failed(arena));
	arena_free(&arena);
}

static void pieces_of_no_size_meet_the_ceiling_too(void **state UNUSED)
{
	struct arena *arena = arena_new(1000);
	size_t taken = 0;
	while (taken < 2000 && arena_alloc(arena, 0) != NULL)
		taken++;
	assert_true(taken <= 1000);
	assert_true(arena_failed(arena));
	arena_free(&arena);
}

static void takes_exactly_up_to_the_ceiling(void **state UNUSED)
{
	struct arena *arena = arena_new(4096);
	assert_non_null(arena_alloc(arena, 4096));
	assert_int_equal(arena_used(arena), 4096);
	assert_null(arena_alloc(arena, 1));
	arena_free(&arena);

	arena = arena_new(100);
	assert_non_null(arena_alloc(arena, 100));
	assert_int_equal(arena_used(arena), 100);
	assert_null(arena_alloc(arena, 0));
	arena_free(&arena);
}

static void failure_is_sticky(void **state UNUSED)
{
	struct arena *arena = arena_new(100);
	assert_null(arena_alloc(arena, 101));
	assert_true(arena_failed(arena));
	assert_null(arena_alloc(arena, 1));
	assert_null(arena_cstr(arena, STR("x")));
	assert_null(arena_str(arena, STR("x")).ptr);
	assert_null(arena_join(arena, STR("x"), STR("y")).ptr);
	assert_null(arena_printf(arena, "%d", 1).ptr);
	assert_null(ARENA_NEW(arena, int));
	assert_null(ARENA_ARRAY(arena, 2, int));
	arena_free(&arena);
}

static void sizes_do_not_wrap_around(void **state UNUSED)
{
	static const struct {
		size_t count;
		size_t size;
	} rows[] = {
		{ SIZE_MAX, 2 },     { SIZE_MAX / 2 + 1, 2 }, { SIZE_MAX, SIZE_MAX },
		{ SIZE_MAX, 1 },     { SIZE_MAX - 7, 1 },     { SIZE_MAX - 15, 1 },
		{ SIZE_MAX / 4, 4 },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct arena *arena = arena_new(SIZE_MAX);
		assert_null(arena_array(arena, rows[i].count, rows[i].size));
		assert_true(arena_failed(arena));
		arena_free(&arena);
	}
}

static void reset_gives_all_back(void **state UNUSED)
{
	struct arena *arena = arena_new(20000);
	for (size_t round = 0; round < 3; round++) {
		assert_non_null(arena_alloc(arena, round == 1 ? 12000 : 100));
		char *piece = arena_alloc(arena, 5000);
		assert_non_null(piece);
		assert_true(all_zero(piece, 5000));
		memset(piece, 0xff, 5000);
		assert_null(arena_alloc(arena, 20000));
		assert_true(arena_failed(arena));
		arena_reset(arena);
		assert_false(arena_failed(arena));
		assert_int_equal(arena_used(arena), 0);
	}
	arena_reset(arena);
	assert_non_null(arena_alloc(arena, 20000 / 16 * 16));
	arena_free(&arena);
}

static void copies_strings(void **state UNUSED)
{
	struct arena *arena = arena_new(1000);
	char text[] = "abc";
	struct str copy = arena_str(arena, str_n(text, 2));
	struct str empty = arena_str(arena, STR(""));
	const char *cstr = arena_cstr(arena, str_n(text, 3));
	text[0] = 'x';
	assert_str_eq(copy, STR("ab"));
	assert_int_equal(copy.ptr[2], '\0');
	assert_non_null(empty.ptr);
	assert_int_equal(empty.len, 0);
	assert_null(arena_str(arena, STR_NONE).ptr);
	assert_string_equal(cstr, "abc");
	assert_string_equal(arena_cstr(arena, STR_NONE), "");
	assert_str_eq(arena_join(arena, STR("ab"), STR("\0c")), STR("ab\0c"));
	assert_str_eq(arena_join(arena, STR_NONE, STR("c")), STR("c"));
	assert_str_eq(arena_printf(arena, "%s/%zu", "a", (size_t)7), STR("a/7"));
	assert_str_eq(arena_printf(arena, "%s", ""), STR(""));
	arena_free(&arena);
}

static void takes_a_buffer_over(void **state UNUSED)
{
	struct arena *arena = arena_new(1000);
	struct buf b = BUF_INIT(5);
	buf_add(&b, STR("abc"));
	assert_str_eq(arena_take_buf(arena, &b), STR("abc"));
	assert_null(b.ptr);
	struct str nothing = arena_take_buf(arena, &b);
	assert_non_null(nothing.ptr);
	assert_int_equal(nothing.len, 0);
	buf_add(&b, STR("abcdef"));
	assert_null(arena_take_buf(arena, &b).ptr);
	assert_false(arena_failed(arena));
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pieces_are_zeroed_aligned_and_apart),
		cmocka_unit_test(never_passes_its_ceiling),
		cmocka_unit_test(pieces_of_no_size_meet_the_ceiling_too),
		cmocka_unit_test(takes_exactly_up_to_the_ceiling),
		cmocka_unit_test(failure_is_sticky),
		cmocka_unit_test(sizes_do_not_wrap_around),
		cmocka_unit_test(reset_gives_all_back),
		cmocka_unit_test(copies_strings),
		cmocka_unit_test(takes_a_buffer_over),
	};
	return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
