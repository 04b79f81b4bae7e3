/* The strict lexer: every clause of S-047 and S-048, and where it says the fault is. */
#include "../prescan_int.h"

#include <stdio.h>
#include <stdlib.h>

#include "testkit.h"

/* Bytes that are refused, how, and the start of what is said. */
struct refusal {
	struct str text;
	enum rc rc;
	const char *detail;
};

static void assert_refused(const struct refusal *rows, size_t count, const struct jr_limits *limits)
{
	for (size_t i = 0; i < count; i++) {
		struct err err = { 0 };
		enum rc rc = prescan(&err, rows[i].text, limits, NULL);
		if (rc != rows[i].rc || strcmp(err.detail, rows[i].detail) != 0)
			fail_msg("%.*s: %s, \"%s\" instead of \"%s\"", STR_ARG(rows[i].text),
				 rc_name(rc), err.detail, rows[i].detail);
	}
}

#define INVALID(literal, what)                                \
	{                                                     \
		STR_INIT(literal), RC_INVALID, "JSON: " what, \
	}
#define TOO_LARGE(literal, what)                                \
	{                                                       \
		STR_INIT(literal), RC_TOO_LARGE, "JSON: " what, \
	}
#define ASSERT_REFUSED(rows) assert_refused((rows), ARRAY_LEN(rows), &jr_limits_peer)

static void assert_accepted(const struct str *texts, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct err err = { 0 };
		if (prescan(&err, texts[i], &jr_limits_peer, NULL) != RC_OK)
			fail_msg("%.*s: %s", STR_ARG(texts[i]), err.detail);
		assert_int_equal(err.rc, RC_OK);
	}
}

#define ASSERT_ACCEPTED(texts) assert_accepted((texts), ARRAY_LEN(texts))

static void accepts_what_the_grammar_allows(void **state UNUSED)
{
	static const struct str texts[] = {
		STR_INIT("{}"),
		STR_INIT("[]"),
		STR_INIT(" \t\r\n{ \"a\" : [ true , false , null ] } \n"),
		STR_INIT("{\"a\":{\"a\":{\"a\":1}},\"b\":[{\"a\":1},{\"a\":1}]}"),
		STR_INIT("[[],{},[[]],\"\",0]"),
		STR_INIT("{\"\":1}"),
	};
	ASSERT_ACCEPTED(texts);
}

static void refuses_broken_structure(void **state UNUSED)
{
	static const struct refusal rows[] = {
		INVALID("", "end of the text too early at byte 0"),
		INVALID("  ", "end of the text too early at byte 2"),
		INVALID("[1", "end of the text too early at byte 2"),
		INVALID("{\"a\":", "end of the text too early at byte 5"),
		INVALID("{\"a\"", "expected a colon at byte 4"),
		INVALID("{\"a\" 1}", "expected a colon at byte 5"),
		INVALID("{\"a\":1,}", "expected a member name at byte 7"),
		INVALID("{,}", "expected a member name at byte 1"),
		INVALID("{1:2}", "expected a member name at byte 1"),
		INVALID("{'a':2}", "expected a member name at byte 1"),
		INVALID("[1,]", "expected a value at byte 3"),
		INVALID("[,1]", "expected a value at byte 1"),
		INVALID("[1 2]", "expected a comma or the end of a container at byte 3"),
		INVALID("[1}", "expected a comma or the end of a container at byte 2"),
		INVALID("{\"a\":1]", "expected a comma or the end of a container at byte 6"),
		INVALID("[tru]", "expected a value at byte 1"),
		INVALID("[True]", "expected a value at byte 1"),
		INVALID("[truefalse]", "expected a comma or the end of a container at byte 5"),
		INVALID("[\f1]", "expected a value at byte 1"),
		INVALID("[1/**/]", "expected a comma or the end of a container at byte 2"),
		INVALID("[1]//", "bytes behind the end at byte 3"),
	};
	ASSERT_REFUSED(rows);
}

static void s047_refuses_a_root_that_is_no_container(void **state UNUSED)
{
	static const struct refusal rows[] = {
		INVALID("1", "expected an object or an array at byte 0"),
		INVALID("\"a\"", "expected an object or an array at byte 0"),
		INVALID(" null", "expected an object or an array at byte 1"),
		INVALID("\xef\xbb\xbf{}", "expected an object or an array at byte 0"),
	};
	ASSERT_REFUSED(rows);
}

static void s047_refuses_trailing_bytes(void **state UNUSED)
{
	static const struct refusal rows[] = {
		INVALID("{}{}", "bytes behind the end at byte 2"),
		INVALID("[] x", "bytes behind the end at byte 3"),
		INVALID("[]]", "bytes behind the end at byte 2"),
		INVALID("{}\0", "bytes behind the end at byte 2"),
	};
	ASSERT_REFUSED(rows);
}

static void s047_refuses_invalid_utf8(void **state UNUSED)
{
	static const struct refusal rows[] = {
		INVALID("[\"\x80\"]", "invalid UTF-8 at byte 2"),
		INVALID("[\"a\xff\"]", "invalid UTF-8 at byte 3"),
		/* overlong */
		INVALID("[\"\xc0\xaf\"]", "invalid UTF-8 at byte 2"),
		INVALID("[\"\xc1\xbf\"]", "invalid UTF-8 at byte 2"),
		INVALID("[\"\xe0\x9f\xbf\"]", "invalid UTF-8 at byte 2"),
		INVALID("[\"\xf0\x8f\xbf\xbf\"]", "invalid UTF-8 at byte 2"),
		/* surrogates, and above U+10FFFF */
		INVALID("[\"\xed\xa0\x80\"]", "invalid UTF-8 at byte 2"),
		INVALID("[\"\xed\xbf\xbf\"]", "invalid UTF-8 at byte 2"),
		INVALID("[\"\xf4\x90\x80\x80\"]", "invalid UTF-8 at byte 2"),
		INVALID("[\"\xf5\x80\x80\x80\"]", "invalid UTF-8 at byte 2"),
		/* cut off */
		INVALID("[\"\xc3\"]", "invalid UTF-8 at byte 2"),
		INVALID("[\"\xe2\x82\"]", "invalid UTF-8 at byte 2"),
		INVALID("[\"\xf0\x9f\x98\"]", "invalid UTF-8 at byte 2"),
		INVALID("[\"\xe2\x82", "invalid UTF-8 at byte 2"),
		INVALID("{\"long enough a name \xc3(\":1}", "invalid UTF-8 at byte 21"),
		INVALID("\xff[]", "expected an object or an array at byte 0"),
	};
	static const struct str fine[] = {
		STR_INIT("[\"\xc2\x80 \xdf\xbf \xe0\xa0\x80 \xed\x9f\xbf \xee\x80\x80\"]"),
		STR_INIT("[\"\xef\xbf\xbf \xf0\x90\x80\x80 \xf4\x8f\xbf\xbf\"]"),
		STR_INIT("{\"\xc3\xa9\":\"\x7f\"}"),
	};
	ASSERT_REFUSED(rows);
	ASSERT_ACCEPTED(fine);
}

static void s047_refuses_raw_control_characters(void **state UNUSED)
{
	char text[] = "[\"0123456?\"]";
	for (int c = 0; c < 0x20; c++) {
		struct err err = { 0 };
		text[9] = (char)c;
		assert_int_equal(
			prescan(&err, str_n(text, sizeof(text) - 1), &jr_limits_peer, NULL),
			RC_INVALID);
		assert_string_equal(err.detail, "JSON: control character in a string at byte 9");
	}
	static const struct refusal rows[] = {
		INVALID("{\"a\tb\":1}", "control character in a string at byte 3"),
		INVALID("[\0]", "expected a value at byte 1"),
		INVALID("[1,\v2]", "expected a value at byte 3"),
	};
	ASSERT_REFUSED(rows);
}

static void s047_refuses_duplicate_names(void **state UNUSED)
{
	static const struct refusal rows[] = {
		INVALID("{\"a\":1,\"a\":1}", "duplicate member name at byte 7"),
		INVALID("{\"\":1,\"b\":2,\"\":1}", "duplicate member name at byte 12"),
		INVALID("[{\"x\":{\"id\":1,\"b\":[],\"id\":2}}]",
			"duplicate member name at byte 21"),
		/* an object between the two */
		INVALID("{\"a\":{\"a\":1},\"a\":1}", "duplicate member name at byte 13"),
	};
	static const struct str fine[] = {
		STR_INIT("{\"a\":1,\"A\":1,\"a \":1,\"\":1}"),
		STR_INIT("{\"a\":{\"a\":1},\"b\":{\"a\":1}}"),
		/* two ways to compose a letter are two names */
		STR_INIT("{\"\xc3\xa9\":1,\"e\xcc\x81\":2}"),
	};
	ASSERT_REFUSED(rows);
	ASSERT_ACCEPTED(fine);
}

static void s047_compares_names_after_unescaping(void **state UNUSED)
{
	static const struct refusal rows[] = {
		INVALID("{\"a\":1,\"\\u0061\":1}", "duplicate member name at byte 7"),
		INVALID("{\"\\u0061b\":1,\"\\u0061\\u0062\":1}",
			"duplicate member name at byte 13"),
		INVALID("{\"a/b\":1,\"a\\/b\":1}", "duplicate member name at byte 9"),
		INVALID("{\"\\n\":1,\"\\u000a\":1}", "duplicate member name at byte 8"),
		INVALID("{\"\xc3\xa9\":1,\"\\u00E9\":1}", "duplicate member name at byte 8"),
		INVALID("{\"\\u20ac\":1,\"\xe2\x82\xac\":1}", "duplicate member name at byte 12"),
		INVALID("{\"\xf0\x9f\x98\x80\":1,\"\\uD83D\\ude00\":1}",
			"duplicate member name at byte 10"),
	};
	static const struct str fine[] = {
		STR_INIT("{\"\\u0061\":1,\"\\u0062\":1,\"\\\"\":1,\"\\\\\":1}"),
	};
	ASSERT_REFUSED(rows);
	ASSERT_ACCEPTED(fine);
}

static void s047_refuses_the_nul_character(void **state UNUSED)
{
	static const struct refusal rows[] = {
		INVALID("[\"a\\u0000b\"]", "\\u0000 at byte 3"),
		INVALID("{\"a\\u0000b\":1}", "\\u0000 at byte 3"),
	};
	ASSERT_REFUSED(rows);
}

static void s047_refuses_lone_surrogates_and_broken_escapes(void **state UNUSED)
{
	static const struct refusal rows[] = {
		INVALID("[\"\\ud800\"]", "lone surrogate at byte 2"),
		INVALID("[\"\\ud83dx\"]", "lone surrogate at byte 2"),
		INVALID("[\"\\ud83d\\n\"]", "lone surrogate at byte 2"),
		INVALID("[\"\\ud83d\\u0041\"]", "lone surrogate at byte 2"),
		INVALID("[\"\\ud83d\\ud83d\"]", "lone surrogate at byte 2"),
		INVALID("[\"\\ude00\\ud83d\"]", "lone surrogate at byte 2"),
		INVALID("{\"\\uDFFF\":1}", "lone surrogate at byte 2"),
		INVALID("[\"\\u12g4\"]", "malformed \\u escape at byte 2"),
		INVALID("[\"\\u123\"]", "malformed \\u escape at byte 2"),
		INVALID("[\"\\U0041\"]", "unknown escape at byte 2"),
		INVALID("[\"\\x41\"]", "unknown escape at byte 2"),
		INVALID("[\"\\'\"]", "unknown escape at byte 2"),
		INVALID("[\"\\0\"]", "unknown escape at byte 2"),
		INVALID("[\"\\", "end inside a string at byte 3"),
		INVALID("[\"\\\"", "end inside a string at byte 4"),
		INVALID("[\"abc", "end inside a string at byte 5"),
	};
	static const struct str fine[] = {
		STR_INIT("[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0001\\uFFFF\\ud83d\\uDE00\"]"),
	};
	ASSERT_REFUSED(rows);
	ASSERT_ACCEPTED(fine);
}

static void s047_holds_numbers_to_the_grammar(void **state UNUSED)
{
	static const struct refusal rows[] = {
		INVALID("[01]", "number with leading zero at byte 1"),
		INVALID("[-01]", "number with leading zero at byte 2"),
		INVALID("[-]", "number without digits at byte 2"),
		INVALID("[-a]", "number without digits at byte 2"),
		INVALID("[1.]", "number without digits behind the point at byte 3"),
		INVALID("[1.e5]", "number without digits behind the point at byte 3"),
		INVALID("[1e]", "number without digits in the exponent at byte 3"),
		INVALID("[1e+]", "number without digits in the exponent at byte 4"),
		INVALID("[1e+-1]", "number without digits in the exponent at byte 4"),
		INVALID("[1", "end of the text too early at byte 2"),
		INVALID("[+1]", "expected a value at byte 1"),
		INVALID("[.5]", "expected a value at byte 1"),
		INVALID("[0x1]", "expected a comma or the end of a container at byte 2"),
		INVALID("[1_0]", "expected a comma or the end of a container at byte 2"),
		INVALID("[1.5.5]", "expected a comma or the end of a container at byte 4"),
	};
	static const struct str fine[] = {
		STR_INIT("[0,-0,-0.0,1.50,0e1,0E+1,1e-2,10,-12.5E+3]"),
	};
	ASSERT_REFUSED(rows);
	ASSERT_ACCEPTED(fine);
}

static void s047_refuses_nan_and_infinity(void **state UNUSED)
{
	static const struct refusal rows[] = {
		INVALID("[NaN]", "expected a value at byte 1"),
		INVALID("[nan]", "expected a value at byte 1"),
		INVALID("[Infinity]", "expected a value at byte 1"),
		INVALID("[-Infinity]", "number without digits at byte 2"),
		INVALID("[1e309]", "number out of range at byte 1"),
		INVALID("[-1e309]", "number out of range at byte 1"),
		INVALID("[1.7976931348623159e308]", "number out of range at byte 1"),
		INVALID("[1e99999999999999999999]", "number out of range at byte 1"),
		INVALID("[0.001e312]", "number out of range at byte 1"),
		INVALID("[1000000000e300]", "number out of range at byte 1"),
	};
	static const struct str fine[] = {
		STR_INIT("[1.7976931348623157e308,-1.7976931348623157e308,1.7e308,1e308]"),
		STR_INIT("[0.001e311,17e307,0e99999999999,0.0e999,1e-99999999999]"),
	};
	ASSERT_REFUSED(rows);
	ASSERT_ACCEPTED(fine);
}

static void s047_refuses_integers_beyond_2_to_the_53(void **state UNUSED)
{
	static const struct refusal rows[] = {
		INVALID("[9007199254740993]", "number out of range at byte 1"),
		INVALID("[-9007199254740993]", "number out of range at byte 1"),
		INVALID("[10000000000000000]", "number out of range at byte 1"),
		INVALID("[90071992547409920]", "number out of range at byte 1"),
		INVALID("[18446744073709551617]", "number out of range at byte 1"),
		INVALID("[123456789012345678901234567890]", "number out of range at byte 1"),
	};
	static const struct str fine[] = {
		STR_INIT("[9007199254740992,-9007199254740992,9007199254740991]"),
		STR_INIT("[123456789012345678901234567890.0,1e30]"),
	};
	ASSERT_REFUSED(rows);
	ASSERT_ACCEPTED(fine);
}

static void refuses_numbers_of_endless_digits(void **state UNUSED)
{
	char text[4096];
	memset(text, '1', sizeof(text));
	memcpy(text, "[0.", 3);
	text[sizeof(text) - 1] = ']';
	struct err err = { 0 };
	assert_int_equal(prescan(&err, str_n(text, sizeof(text)), &jr_limits_peer, NULL),
			 RC_INVALID);
	assert_string_equal(err.detail, "JSON: number too long at byte 1");
	text[500] = ']';
	err = (struct err){ 0 };
	assert_int_equal(prescan(&err, str_n(text, 501), &jr_limits_peer, NULL), RC_OK);
}

static const struct jr_limits small_limits = {
	.bytes = 64,
	.depth = 3,
	.nodes = 5,
	.names = 2,
	.string = 4,
};

static void s047_holds_every_limit(void **state UNUSED)
{
	static const struct refusal rows[] = {
		TOO_LARGE("[                                                              ] ",
			  "more than 64 bytes"),
		TOO_LARGE("[[[[]]]]", "nested too deep at byte 3"),
		TOO_LARGE("[{\"a\":[{}]}]", "nested too deep at byte 7"),
		TOO_LARGE("[1,2,3,4,5]", "too many values at byte 9"),
		TOO_LARGE("[[],[],[],[],[]]", "too many values at byte 13"),
		TOO_LARGE("{\"a\":1,\"b\":2,\"c\":3}", "too many members in an object at byte 13"),
		TOO_LARGE("[\"abcde\"]", "string too long at byte 1"),
		TOO_LARGE("{\"abcde\":1}", "string too long at byte 1"),
		TOO_LARGE("[\"\\ud83d\\ude00x\"]", "string too long at byte 1"),
	};
	static const struct str fine[] = {
		STR_INIT("[                                                              ]"),
		STR_INIT("[[[]]]"),
		STR_INIT("[1,2,3,4]"),
		STR_INIT("{\"a\":1,\"b\":{\"c\":1,\"d\":1}}"),
		STR_INIT("[\"abcd\",\"\\u0061\\n\\\\\\/\",\"\\ud83d\\ude00\",\"\\u20acx\"]"),
	};
	assert_refused(rows, ARRAY_LEN(rows), &small_limits);
	for (size_t i = 0; i < ARRAY_LEN(fine); i++) {
		struct err err = { 0 };
		if (prescan(&err, fine[i], &small_limits, NULL) != RC_OK)
			fail_msg("%.*s: %s", STR_ARG(fine[i]), err.detail);
	}
}

/* open repeated n times, then close repeated n times. */
static struct str nested(char *text, size_t n)
{
	memset(text, '[', n);
	memset(text + n, ']', n);
	return str_n(text, 2 * n);
}

static void s048_refuses_deep_nesting_without_recursion(void **state UNUSED)
{
	const size_t size = (size_t)1 << 20;
	char *text = malloc(size);
	assert_non_null(text);
	struct err err = { 0 };
	assert_int_equal(prescan(&err, nested(text, 32), &jr_limits_peer, NULL), RC_OK);
	assert_int_equal(prescan(&err, nested(text, 33), &jr_limits_peer, NULL), RC_TOO_LARGE);
	err = (struct err){ 0 };
	memset(text, '[', size);
	assert_int_equal(prescan(&err, str_n(text, size), &jr_limits_peer, NULL), RC_TOO_LARGE);
	assert_string_equal(err.detail, "JSON: nested too deep at byte 32");
	free(text);
}

/* {"n0":0,"n1":0,...} with one more name when it is not NULL. */
static void add_names(struct buf *out, size_t count, const char *last)
{
	buf_add_chr(out, '{');
	for (size_t i = 0; i < count; i++)
		buf_addf(out, "%s\"n%zu\":0", i != 0 ? "," : "", i);
	if (last != NULL)
		buf_addf(out, ",\"%s\":0", last);
	buf_add_chr(out, '}');
}

static void s047_finds_a_duplicate_among_many_names(void **state UNUSED)
{
	static const struct {
		size_t count;
		const char *last;
		enum rc rc;
	} rows[] = {
		{ 512, NULL, RC_OK },	     { 511, "n0", RC_INVALID },
		{ 511, "n510", RC_INVALID }, { 511, "\\u006e255", RC_INVALID },
		{ 512, "x", RC_TOO_LARGE },  { 95, "n94", RC_INVALID },
		{ 96, "n1", RC_INVALID },    { 97, "n96", RC_INVALID },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct buf text CLEANUP(buf_free) = BUF_INIT(1 << 16);
		struct err err = { 0 };
		add_names(&text, rows[i].count, rows[i].last);
		assert_int_equal(prescan(&err, buf_str(&text), &jr_limits_peer, NULL), rows[i].rc);
	}
}

static void keeps_the_names_of_many_objects_apart(void **state UNUSED)
{
	struct buf text CLEANUP(buf_free) = BUF_INIT(1 << 20);
	struct err err = { 0 };
	buf_add_chr(&text, '[');
	for (size_t i = 0; i < 90; i++) {
		add_names(&text, 200, NULL);
		buf_add_chr(&text, ',');
	}
	size_t end = text.len;
	buf_add(&text, STR("{}]"));
	assert_int_equal(prescan(&err, buf_str(&text), &jr_limits_peer, NULL), RC_OK);
	buf_cut(&text, end);
	add_names(&text, 200, "n7");
	buf_add_chr(&text, ']');
	assert_int_equal(prescan(&err, buf_str(&text), &jr_limits_peer, NULL), RC_INVALID);
}

static void refuses_every_truncation(void **state UNUSED)
{
	const struct str text = STR(
		"{\"a\":[1.5e3,-2,\"x\\n\\ud83d\\ude00\xe2\x82\xac\",{\"b\":null}],\"c\":true}");
	struct err err = { 0 };
	assert_int_equal(prescan(&err, text, &jr_limits_peer, NULL), RC_OK);
	for (size_t n = 0; n < text.len; n++) {
		/* a copy of just that size, so that a sanitizer sees a byte read too far */
		char *copy = malloc(n != 0 ? n : 1);
		assert_non_null(copy);
		memcpy(copy, text.ptr, n);
		assert_int_equal(prescan(NULL, str_n(copy, n), &jr_limits_peer, NULL), RC_INVALID);
		free(copy);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(accepts_what_the_grammar_allows),
		cmocka_unit_test(refuses_broken_structure),
		cmocka_unit_test(s047_refuses_a_root_that_is_no_container),
		cmocka_unit_test(s047_refuses_trailing_bytes),
		cmocka_unit_test(s047_refuses_invalid_utf8),
		cmocka_unit_test(s047_refuses_raw_control_characters),
		cmocka_unit_test(s047_refuses_duplicate_names),
		cmocka_unit_test(s047_compares_names_after_unescaping),
		cmocka_unit_test(s047_refuses_the_nul_character),
		cmocka_unit_test(s047_refuses_lone_surrogates_and_broken_escapes),
		cmocka_unit_test(s047_holds_numbers_to_the_grammar),
		cmocka_unit_test(s047_refuses_nan_and_infinity),
		cmocka_unit_test(s047_refuses_integers_beyond_2_to_the_53),
		cmocka_unit_test(refuses_numbers_of_endless_digits),
		cmocka_unit_test(s047_holds_every_limit),
		cmocka_unit_test(s048_refuses_deep_nesting_without_recursion),
		cmocka_unit_test(s047_finds_a_duplicate_among_many_names),
		cmocka_unit_test(keeps_the_names_of_many_objects_apart),
		cmocka_unit_test(refuses_every_truncation),
	};
	return cmocka_run_group_tests_name("prescan", tests, NULL, NULL);
}
