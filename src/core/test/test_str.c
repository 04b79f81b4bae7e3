/* Views: comparison, search, splitting, numbers, and the keyed hash. */
#include "core/str.h"

#include "testkit.h"

static void compares_bytes_and_ascii_case(void **state UNUSED)
{
	assert_true(str_eq(STR("abc"), STR("abc")));
	assert_false(str_eq(STR("abc"), STR("abd")));
	assert_false(str_eq(STR("abc"), STR("ab")));
	assert_true(str_eq(STR_NONE, STR("")));
	assert_true(str_eq_nocase(STR("AbC-1"), STR("aBc-1")));
	assert_false(str_eq_nocase(STR("[\\]"), STR("{|}")));
	assert_true(str_eq_secret(STR("secret"), STR("secret")));
	assert_false(str_eq_secret(STR("secret"), STR("secreT")));
	assert_false(str_eq_secret(STR("secret"), STR("secre")));
	assert_true(str_cmp(STR("a"), STR("b")) < 0);
	assert_true(str_cmp(STR("a"), STR("ab")) < 0);
	assert_true(str_cmp(STR("b"), STR("ab")) > 0);
	assert_int_equal(str_cmp(STR("ab"), STR("ab")), 0);
}

static void finds_and_cuts(void **state UNUSED)
{
	struct str s = STR("one/two/three");
	assert_int_equal(str_index(s, '/'), 3);
	assert_int_equal(str_rindex(s, '/'), 7);
	assert_int_equal(str_index(s, 'z'), s.len);
	assert_int_equal(str_find(s, STR("two")), 4);
	assert_int_equal(str_find(s, STR("four")), s.len);
	assert_int_equal(str_find(STR(""), STR("")), 0);
	assert_true(str_has_suffix(s, STR("three")));
	assert_false(str_has_suffix(STR("e"), STR("three")));
	assert_str_eq(str_skip(s, 100), STR(""));
	assert_str_eq(str_take(s, 3), STR("one"));
	assert_str_eq(str_trim(STR(" \t x y\r\n")), STR("x y"));
	assert_str_eq(str_trim(STR("  ")), STR(""));
}

static void splits_into_every_part(void **state UNUSED)
{
	struct str rest = STR("a,,b,"), part;
	const struct str expected[] = { STR_INIT("a"), STR_INIT(""), STR_INIT("b"), STR_INIT("") };
	size_t n = 0;
	while (str_next(&rest, ',', &part)) {
		assert_true(n < ARRAY_LEN(expected));
		assert_str_eq(part, expected[n++]);
	}
	assert_int_equal(n, ARRAY_LEN(expected));

	struct str head, tail;
	assert_true(str_split(STR("k=v=w"), '=', &head, &tail));
	assert_str_eq(head, STR("k"));
	assert_str_eq(tail, STR("v=w"));
	assert_false(str_split(STR("plain"), '=', &head, &tail));
	assert_str_eq(head, STR("plain"));
	assert_null(tail.ptr);
}

static void reads_whole_numbers_only(void **state UNUSED)
{
	static const struct str refused[] = {
		STR_INIT(""),	 STR_INIT("-"),	  STR_INIT("+1"),
		STR_INIT("1 "),	 STR_INIT("0x1"), STR_INIT("18446744073709551616"),
		STR_INIT("1e3"), STR_INIT("１"),
	};
	uint64_t u = 7;
	int64_t i = 7;
	for (size_t k = 0; k < ARRAY_LEN(refused); k++)
		assert_false(str_to_u64(refused[k], &u));
	assert_int_equal(u, 7);
	assert_true(str_to_u64(STR("18446744073709551615"), &u));
	assert_true(u == UINT64_MAX);
	assert_true(str_to_i64(STR("-9223372036854775808"), &i));
	assert_true(i == INT64_MIN);
	assert_false(str_to_i64(STR("9223372036854775808"), &i));
	assert_true(str_to_i64(STR("-12"), &i));
	assert_int_equal(i, -12);
}

static void hashes_differ_where_strings_do(void **state UNUSED)
{
	char bytes[64] = { 0 };
	assert_true(str_hash(STR("x")) == str_hash(STR("x")));
	for (size_t n = 1; n < sizeof(bytes); n++)
		assert_true(str_hash(str_n(bytes, n)) != str_hash(str_n(bytes, n - 1)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(compares_bytes_and_ascii_case),
		cmocka_unit_test(finds_and_cuts),
		cmocka_unit_test(splits_into_every_part),
		cmocka_unit_test(reads_whole_numbers_only),
		cmocka_unit_test(hashes_differ_where_strings_do),
	};
	return cmocka_run_group_tests_name("str", tests, NULL, NULL);
}
