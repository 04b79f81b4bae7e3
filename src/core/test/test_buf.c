/* Growing bytes: the maximum, the failure that sticks, and the NUL behind the end. */
#include "core/buf.h"

#include <stdlib.h>

#include "testkit.h"

static void assert_ends_in_nul(const struct buf *b)
{
	assert_true(b->ptr == NULL || b->ptr[b->len] == '\0');
	assert_true(b->len <= b->max);
	assert_true(b->ptr == NULL || b->cap > b->len);
}

static void starts_empty_and_never_absent(void **state UNUSED)
{
	struct buf b = BUF_INIT(10);
	assert_non_null(buf_str(&b).ptr);
	assert_int_equal(buf_str(&b).len, 0);
	assert_null(b.ptr);
	buf_free(&b);
}

static void adds_text_and_numbers(void **state UNUSED)
{
	struct buf b CLEANUP(buf_free) = BUF_INIT(1000);
	buf_add(&b, STR("a"));
	buf_add(&b, STR_NONE);
	buf_add_bytes(&b, "\0b", 2);
	buf_add_chr(&b, ' ');
	buf_add_u64(&b, 0);
	buf_add_chr(&b, ' ');
	buf_add_u64(&b, UINT64_MAX);
	buf_add_chr(&b, ' ');
	buf_add_i64(&b, INT64_MIN);
	buf_add_chr(&b, ' ');
	buf_add_i64(&b, INT64_MAX);
	buf_add_i64(&b, -1);
	buf_addf(&b, " %s-%03d", "x", 7);
	buf_addf(&b, "%s", "");
	assert_str_eq(buf_str(&b), STR("a\0b 0 18446744073709551615 -9223372036854775808 "
				       "9223372036854775807-1 x-007"));
	assert_ends_in_nul(&b);
}

static void grows_byte_by_byte_up_to_the_maximum(void **state UNUSED)
{
	struct buf b CLEANUP(buf_free) = BUF_INIT(1000);
	for (size_t i = 0; i < 1000; i++) {
		buf_add_chr(&b, (char)('a' + i % 26));
		assert_false(b.failed);
		assert_int_equal(b.len, i + 1);
		assert_ends_in_nul(&b);
	}
	assert_int_equal(b.cap, 1001);
	for (size_t i = 0; i < 1000; i++)
		assert_int_equal(b.ptr[i], 'a' + i % 26);
	buf_add_chr(&b, 'x');
	assert_true(b.failed);
}

static void add_chr(struct buf *b)
{
	buf_add_chr(b, 'x');
}

static void add_text(struct buf *b)
{
	buf_add(b, STR("x"));
}

static void add_number(struct buf *b)
{
	buf_add_u64(b, 1);
}

static void add_negative(struct buf *b)
{
	buf_add_i64(b, -1);
}

static void add_format(struct buf *b)
{
	buf_addf(b, "%d", 1);
}

static void add_nothing(struct buf *b)
{
	buf_add(b, STR(""));
}

static void failure_is_sticky_and_holds_nothing(void **state UNUSED)
{
	static void (*const adds[])(struct buf *) = { add_chr,	    add_text,	add_number,
						      add_negative, add_format, add_nothing };
	for (size_t i = 0; i < ARRAY_LEN(adds); i++) {
		struct buf b CLEANUP(buf_free) = BUF_INIT(3);
		buf_add(&b, STR("abc"));
		assert_false(b.failed);
		buf_add(&b, STR("d"));
		adds[i](&b);
		assert_true(b.failed);
		assert_null(b.ptr);
		assert_str_eq(buf_str(&b), STR(""));
		assert_false(buf_reserve(&b, 0));
		buf_cut(&b, 0);
		assert_true(b.failed);
		assert_null(buf_detach(&b, NULL));
	}
}

static void each_way_of_adding_meets_the_maximum(void **state UNUSED)
{
	static void (*const adds[])(struct buf *) = { add_chr, add_text, add_number, add_negative,
						      add_format };
	for (size_t i = 0; i < ARRAY_LEN(adds); i++) {
		struct buf b CLEANUP(buf_free) = BUF_INIT(2);
		buf_add(&b, STR("ab"));
		adds[i](&b);
		assert_true(b.failed);
	}
}

static void a_huge_request_fails_without_wrapping(void **state UNUSED)
{
	struct buf b CLEANUP(buf_free) = BUF_INIT(100);
	buf_add(&b, STR("abc"));
	assert_false(buf_reserve(&b, SIZE_MAX));
	assert_true(b.failed);
	buf_reset(&b);
	assert_false(buf_reserve(&b, SIZE_MAX - 2));
}

static void a_maximum_of_nothing_takes_nothing(void **state UNUSED)
{
	struct buf b CLEANUP(buf_free) = BUF_INIT(0);
	buf_add(&b, STR(""));
	assert_false(b.failed);
	assert_str_eq(buf_str(&b), STR(""));
	buf_add_chr(&b, 'x');
	assert_true(b.failed);
}

static void reset_clears_the_failure(void **state UNUSED)
{
	struct buf b CLEANUP(buf_free) = BUF_INIT(3);
	buf_add(&b, STR("abcd"));
	assert_true(b.failed);
	buf_reset(&b);
	assert_false(b.failed);
	buf_add(&b, STR("xyz"));
	assert_str_eq(buf_str(&b), STR("xyz"));
	const char *memory = b.ptr;
	buf_reset(&b);
	assert_true(b.ptr == memory);
	assert_str_eq(buf_str(&b), STR(""));
	assert_ends_in_nul(&b);
}

static void cuts_to_a_length(void **state UNUSED)
{
	struct buf b CLEANUP(buf_free) = BUF_INIT(10);
	buf_cut(&b, 0);
	buf_add(&b, STR("abcdef"));
	buf_cut(&b, 2);
	assert_str_eq(buf_str(&b), STR("ab"));
	assert_ends_in_nul(&b);
	buf_cut(&b, 2);
	buf_add(&b, STR("z"));
	assert_str_eq(buf_str(&b), STR("abz"));
}

static void hands_its_bytes_over(void **state UNUSED)
{
	struct buf b CLEANUP(buf_free) = BUF_INIT(10);
	size_t len = 99;
	char *bytes = buf_detach(&b, &len);
	assert_non_null(bytes);
	assert_int_equal(len, 0);
	assert_string_equal(bytes, "");
	free(bytes);
	buf_add(&b, STR("abc"));
	bytes = buf_detach(&b, &len);
	assert_int_equal(len, 3);
	assert_string_equal(bytes, "abc");
	free(bytes);
	assert_str_eq(buf_str(&b), STR(""));
	buf_add(&b, STR("0123456789"));
	assert_false(b.failed);
	buf_add_chr(&b, 'x');
	assert_true(b.failed);
}

static void can_be_made_to_fail(void **state UNUSED)
{
	struct buf b CLEANUP(buf_free) = BUF_INIT(64);
	buf_add(&b, STR("half of"));
	assert_false(buf_fail(&b));
	assert_true(b.failed);
	assert_null(b.ptr);
	assert_false(buf_reserve(&b, 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(starts_empty_and_never_absent),
		cmocka_unit_test(adds_text_and_numbers),
		cmocka_unit_test(grows_byte_by_byte_up_to_the_maximum),
		cmocka_unit_test(failure_is_sticky_and_holds_nothing),
		cmocka_unit_test(each_way_of_adding_meets_the_maximum),
		cmocka_unit_test(a_huge_request_fails_without_wrapping),
		cmocka_unit_test(a_maximum_of_nothing_takes_nothing),
		cmocka_unit_test(can_be_made_to_fail),
		cmocka_unit_test(reset_clears_the_failure),
		cmocka_unit_test(cuts_to_a_length),
		cmocka_unit_test(hands_its_bytes_over),
	};
	return cmocka_run_group_tests_name("buf", tests, NULL, NULL);
}
