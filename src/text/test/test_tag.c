/* Hashtags: which spellings are the same one, and what is none. */
#include "testkit.h"
#include "text/html.h"

struct row {
	struct str tag;
	struct str folded; /* absent: refused */
};

#define SAME(tag, folded)                        \
	{                                        \
		STR_INIT(tag), STR_INIT(folded), \
	}
#define REFUSED(tag)                        \
	{                                   \
		STR_INIT(tag), { NULL, 0 }, \
	}

static const struct row rows[] = {
	SAME("tag", "tag"),
	SAME("TAG", "tag"),
	SAME("CamelCase2026", "camelcase2026"),
	SAME("_a", "_a"),
	SAME("\303\234BER", "\303\274ber"),
	SAME("U\314\210ber", "\303\274ber"),
	SAME("Stra\303\237e", "strasse"),
	SAME("\316\243\316\221\316\243", "\317\203\316\261\317\203"),
	SAME("\317\203\316\261\317\202", "\317\203\316\261\317\203"),
	SAME("\357\274\264\357\275\201\357\275\207", "tag"),
	SAME("\357\254\201n", "fin"),
	SAME("\343\202\253\343\203\273\343\203\212", "\343\202\253\343\203\273\343\203\212"),
	SAME("\346\227\245\346\234\254\350\252\236", "\346\227\245\346\234\254\350\252\236"),
	SAME("\327\251\327\234\327\225\327\235", "\327\251\327\234\327\225\327\235"),
	SAME("\330\263\331\204\330\247\331\205", "\330\263\331\204\330\247\331\205"),
	SAME("\340\244\271\340\244\277\340\244\250\340\245\215\340\244\246\340\245\200",
	     "\340\244\271\340\244\277\340\244\250\340\245\215\340\244\246\340\245\200"),
	REFUSED(""),
	REFUSED("#tag"),
	REFUSED("2026"),
	REFUSED("_"),
	REFUSED("a b"),
	REFUSED("a-b"),
	REFUSED("a/b"),
	REFUSED("a\0b"),
	REFUSED("a\n"),
	REFUSED("\302\267a"),
	REFUSED("a\302\267"),
	REFUSED("\314\201a"),
	REFUSED("a\360\237\230\200"),
	REFUSED("a\377"),
	REFUSED("a\342\200\256b"),
	/* a ligature of eighteen letters and three spaces */
	REFUSED("\357\267\272"),
};

static void folds_and_refuses_by_the_table(void **state UNUSED)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct ctx ctx = { .arena = arena_new(4096) };
		struct str folded, again;
		enum rc rc = text_tag_fold(&ctx, rows[i].tag, &folded);
		if ((rc == RC_OK) != (rows[i].folded.ptr != NULL))
			fail_msg("\"%.*s\": %s", STR_ARG(rows[i].tag), err_text(&ctx.err));
		assert_str_eq(folded, rows[i].folded);
		if (rc == RC_OK) {
			assert_int_equal(text_tag_fold(&ctx, folded, &again), RC_OK);
			assert_str_eq(again, folded);
		} else {
			assert_int_equal(rc, RC_INVALID);
		}
		arena_free(&ctx.arena);
	}
}

static void s057_limits_length(void **state UNUSED)
{
	struct ctx ctx = { .arena = arena_new(4096) };
	struct str folded;
	char tag[401];
	memset(tag, 'a', sizeof(tag));
	assert_int_equal(text_tag_fold(&ctx, str_n(tag, 100), &folded), RC_OK);
	assert_int_equal(text_tag_fold(&ctx, str_n(tag, 101), &folded), RC_INVALID);
	assert_int_equal(text_tag_fold(&ctx, str_n(tag, 401), &folded), RC_INVALID);
	arena_free(&ctx.arena);
}

static void memory_that_ends_is_told(void **state UNUSED)
{
	struct ctx ctx = { .arena = arena_new(4) };
	struct str folded;
	assert_int_equal(text_tag_fold(&ctx, STR("hashtag"), &folded), RC_NO_MEMORY);
	arena_free(&ctx.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(folds_and_refuses_by_the_table),
		cmocka_unit_test(s057_limits_length),
		cmocka_unit_test(memory_that_ends_is_told),
	};
	return cmocka_run_group_tests_name("tag", tests, NULL, NULL);
}
