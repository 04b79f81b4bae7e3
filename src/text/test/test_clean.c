/* Text of people, made fit to be stored (S-145). */
#include "testkit.h"
#include "text/html.h"

#define RLE "\342\200\253"
#define PDF "\342\200\254"
#define RLO "\342\200\256"
#define LRO "\342\200\255"
#define FSI "\342\201\250"
#define PDI "\342\201\251"

struct row {
	struct str text;
	struct str clean;
};

#define ROW(text, clean)                         \
	{                                        \
		STR_INIT(text), STR_INIT(clean), \
	}

static const struct row rows[] = {
	ROW("", ""),
	ROW("plain text", "plain text"),
	ROW("a\tb\nc", "a\tb\nc"),
	ROW("a\r\nb\rc\n\rd", "a\nb\nc\n\nd"),
	ROW("a\0b\001c\033[1md\177e", "abc[1mde"),
	ROW("a\302\200b\302\237c\302\240d", "abc\302\240d"),
	ROW("a\357\277\276b\357\277\277c\357\267\220d\360\237\277\276e", "abcde"),
	/* NFC */
	ROW("cafe\314\201", "caf\303\251"),
	ROW("\342\204\253", "\303\205"),
	ROW("e\001\314\201", "\303\251"),
	ROW("\341\204\222\341\205\241\341\206\253", "\355\225\234"),
	/* what joins emoji and shapes words stays */
	ROW("\360\237\221\251\342\200\215\360\237\222\273",
	    "\360\237\221\251\342\200\215\360\237\222\273"),
	ROW("\342\235\244\357\270\217", "\342\235\244\357\270\217"),
	ROW("a\342\200\216b\342\200\217c", "a\342\200\216b\342\200\217c"),
	/* bidi controls: pairs stay, strays and overrides go */
	ROW("a" RLE "b" PDF "c", "a" RLE "b" PDF "c"),
	ROW("a" FSI "b" PDI "c", "a" FSI "b" PDI "c"),
	ROW("a" RLE "b", "ab"),
	ROW("a" FSI "b", "ab"),
	ROW("a" PDF "b" PDI "c", "abc"),
	ROW("a" RLO "gpj.exe", "agpj.exe"),
	ROW("a" RLO "b" PDF "c" LRO "d" PDF "e", "abcde"),
	ROW(RLE RLO "a" PDF "b" PDF, RLE "ab" PDF),
	ROW(FSI RLE "a" PDI "b" PDF, FSI "a" PDI "b"),
	ROW(RLE FSI "a" PDF "b" PDI "c" PDF, RLE FSI "ab" PDI "c" PDF),
	ROW("a" RLE "b\nc" PDF "d", "ab\ncd"),
	ROW("a" FSI "b\nc", "ab\nc"),
};

static void s145_cleans_every_row(void **state UNUSED)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct ctx ctx = { .arena = arena_new(4096) };
		struct str clean, again;
		assert_int_equal(text_clean(&ctx, rows[i].text, 100, 400, &clean), RC_OK);
		assert_str_eq(clean, rows[i].clean);
		assert_int_equal(text_clean(&ctx, clean, 100, 400, &again), RC_OK);
		assert_str_eq(again, clean);
		arena_free(&ctx.arena);
	}
}

static void s145_refuses_what_is_not_utf8(void **state UNUSED)
{
	static const struct str texts[] = { STR_INIT("\377"), STR_INIT("a\303"),
					    STR_INIT("\300\200"), STR_INIT("\355\240\200"),
					    STR_INIT("\364\220\200\200") };
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct ctx ctx = { .arena = arena_new(4096) };
		struct str clean;
		assert_int_equal(text_clean(&ctx, texts[i], 100, 400, &clean), RC_INVALID);
		assert_null(clean.ptr);
		arena_free(&ctx.arena);
	}
}

static enum rc clean_rc(struct str text, size_t max_chars, size_t max_bytes)
{
	struct ctx ctx = { .arena = arena_new((size_t)4 << 20) };
	struct str clean;
	enum rc rc = text_clean(&ctx, text, max_chars, max_bytes, &clean);
	arena_free(&ctx.arena);
	return rc;
}

static void s145_counts_code_points_and_bytes(void **state UNUSED)
{
	assert_int_equal(clean_rc(STR("abcde"), 5, 5), RC_OK);
	assert_int_equal(clean_rc(STR("abcdef"), 5, 100), RC_TOO_LARGE);
	assert_int_equal(clean_rc(STR("abcdef"), 100, 5), RC_TOO_LARGE);
	assert_int_equal(clean_rc(STR("\360\237\230\200\360\237\230\200"), 2, 8), RC_OK);
	assert_int_equal(clean_rc(STR("\360\237\230\200\360\237\230\200"), 2, 7), RC_TOO_LARGE);
	assert_int_equal(clean_rc(STR("\360\237\230\200\360\237\230\200"), 1, 8), RC_TOO_LARGE);
	/* counted when it is clean */
	assert_int_equal(clean_rc(STR("e\314\201\001\001\r\n"), 2, 3), RC_OK);
	assert_int_equal(clean_rc(STR(""), 0, 0), RC_OK);
}

static void s052_floods_of_controls_end_soon(void **state UNUSED)
{
	static const struct str units[] = { STR_INIT(RLE),	  STR_INIT(FSI),
					    STR_INIT(PDF),	  STR_INIT(FSI RLE RLE PDI),
					    STR_INIT("\314\201"), STR_INIT("\001"),
					    STR_INIT(RLE "\n") };
	for (size_t i = 0; i < ARRAY_LEN(units); i++) {
		struct buf text = BUF_INIT(1 << 20);
		while (text.len + units[i].len <= text.max)
			buf_add(&text, units[i]);
		enum rc rc = clean_rc(buf_str(&text), SIZE_MAX, SIZE_MAX);
		assert_int_equal(rc, RC_OK);
		assert_int_equal(clean_rc(buf_str(&text), 500, 2000), RC_TOO_LARGE);
		buf_free(&text);
	}
}

static void memory_that_ends_is_told(void **state UNUSED)
{
	struct ctx ctx = { .arena = arena_new(8) };
	struct str clean;
	assert_int_equal(text_clean(&ctx, STR("some more text"), 100, 100, &clean), RC_NO_MEMORY);
	arena_free(&ctx.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(s145_cleans_every_row),
		cmocka_unit_test(s145_refuses_what_is_not_utf8),
		cmocka_unit_test(s145_counts_code_points_and_bytes),
		cmocka_unit_test(s052_floods_of_controls_end_soon),
		cmocka_unit_test(memory_that_ends_is_told),
	};
	return cmocka_run_group_tests_name("clean", tests, NULL, NULL);
}
