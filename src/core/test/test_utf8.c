/* UTF-8: every code point there and back, every malformed form refused. */
#include "core/utf8.h"

#include <stdlib.h>

#include "testkit.h"

static void every_code_point_comes_back(void **state UNUSED)
{
	struct buf out CLEANUP(buf_free) = BUF_INIT(8);
	for (uint32_t code = 0; code <= 0x10ffff; code++) {
		if (code == 0xd800)
			code = 0xe000;
		buf_reset(&out);
		utf8_add(&out, code);
		struct str rest = buf_str(&out);
		uint32_t back = 1;
		if (!utf8_next(&rest, &back) || back != code || rest.len != 0)
			fail_msg("U+%04X", (unsigned)code);
	}
}

static void knows_the_length_of_each_range(void **state UNUSED)
{
	static const struct {
		uint32_t code;
		struct str bytes;
	} rows[] = {
		{ 0x00, STR_INIT("\0") },
		{ 0x7f, STR_INIT("\x7f") },
		{ 0x80, STR_INIT("\xc2\x80") },
		{ 0x7ff, STR_INIT("\xdf\xbf") },
		{ 0x800, STR_INIT("\xe0\xa0\x80") },
		{ 0xd7ff, STR_INIT("\xed\x9f\xbf") },
		{ 0xe000, STR_INIT("\xee\x80\x80") },
		{ 0xffff, STR_INIT("\xef\xbf\xbf") },
		{ 0x10000, STR_INIT("\xf0\x90\x80\x80") },
		{ 0x10ffff, STR_INIT("\xf4\x8f\xbf\xbf") },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct buf out CLEANUP(buf_free) = BUF_INIT(8);
		utf8_add(&out, rows[i].code);
		assert_str_eq(buf_str(&out), rows[i].bytes);
		assert_true(utf8_valid(rows[i].bytes));
	}
}

/* RFC 3629 sections 3 and 10. */
static const struct str malformed[] = {
	STR_INIT("\x80"),
	STR_INIT("\xbf"),
	STR_INIT("\xc0\x80"),
	STR_INIT("\xc0\xaf"),
	STR_INIT("\xc1\xbf"),
	STR_INIT("\xe0\x80\xaf"),
	STR_INIT("\xe0\x9f\xbf"),
	STR_INIT("\xf0\x80\x80\xaf"),
	STR_INIT("\xf0\x8f\xbf\xbf"),
	STR_INIT("\xed\xa0\x80"),
	STR_INIT("\xed\xbf\xbf"),
	STR_INIT("\xed\xa1\x8c\xed\xbe\xb4"),
	STR_INIT("\xf4\x90\x80\x80"),
	STR_INIT("\xf5\x80\x80\x80"),
	STR_INIT("\xf8\x88\x80\x80\x80"),
	STR_INIT("\xfe"),
	STR_INIT("\xff"),
	STR_INIT("\xc3"),
	STR_INIT("\xc3("),
	STR_INIT("\xe2\x82"),
	STR_INIT("\xe2(\xa1"),
	STR_INIT("\xe2\x82("),
	STR_INIT("\xf0\x9f\x98"),
	STR_INIT("\xf0\x9f\x98("),
	STR_INIT("\xf0(\x8c\xbc"),
};

static void refuses_every_malformed_form(void **state UNUSED)
{
	for (size_t i = 0; i < ARRAY_LEN(malformed); i++) {
		struct str rest = malformed[i];
		uint32_t code = 42;
		assert_false(utf8_next(&rest, &code));
		assert_int_equal(code, 42);
		assert_true(rest.ptr == malformed[i].ptr && rest.len == malformed[i].len);
	}
}

static void finds_a_malformed_form_at_every_place(void **state UNUSED)
{
	for (size_t i = 0; i < ARRAY_LEN(malformed); i++) {
		for (size_t before = 0; before < 20; before++) {
			struct str bad = malformed[i];
			/* just that size, so that a sanitizer sees a byte read too far */
			char *text = malloc(before + bad.len);
			assert_non_null(text);
			memset(text, 'a', before);
			memcpy(text + before, bad.ptr, bad.len);
			assert_true(utf8_valid(str_n(text, before)));
			assert_false(utf8_valid(str_n(text, before + bad.len)));
			free(text);
		}
	}
}

static void valid_text_is_valid(void **state UNUSED)
{
	assert_true(utf8_valid(STR("")));
	assert_true(utf8_valid(STR_NONE));
	assert_true(utf8_valid(STR("plain ASCII that is longer than one word\0")));
	assert_true(utf8_valid(STR("caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80 and then ASCII")));
}

static void counts_code_points(void **state UNUSED)
{
	assert_int_equal(utf8_count(STR("")), 0);
	assert_int_equal(utf8_count(STR_NONE), 0);
	assert_int_equal(utf8_count(STR("abc")), 3);
	assert_int_equal(utf8_count(STR("\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80")), 3);
}

static void takes_whole_code_points_only(void **state UNUSED)
{
	static const struct {
		size_t max;
		size_t max_bytes;
		size_t len;
	} rows[] = {
		{ 0, 100, 0 },	{ 1, 100, 1 }, { 2, 100, 3 }, { 3, 100, 6 }, { 4, 100, 10 },
		{ 9, 100, 10 }, { 9, 10, 10 }, { 9, 9, 6 },   { 9, 6, 6 },   { 9, 5, 3 },
		{ 9, 2, 1 },	{ 9, 0, 0 },   { 2, 2, 1 },
	};
	struct str text = STR("a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct str taken = utf8_take(text, rows[i].max, rows[i].max_bytes);
		assert_int_equal(taken.len, rows[i].len);
		assert_true(taken.ptr == text.ptr);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_code_point_comes_back),
		cmocka_unit_test(knows_the_length_of_each_range),
		cmocka_unit_test(refuses_every_malformed_form),
		cmocka_unit_test(finds_a_malformed_form_at_every_place),
		cmocka_unit_test(valid_text_is_valid),
		cmocka_unit_test(counts_code_points),
		cmocka_unit_test(takes_whole_code_points_only),
	};
	return cmocka_run_group_tests_name("utf8", tests, NULL, NULL);
}
