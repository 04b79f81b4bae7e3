/* Words as they are searched for. */
#include "text/words.h"

#include "testkit.h"

#define ARENA_MAX ((size_t)4 << 20)

static void expect_words(struct str text, const char *expected)
{
	struct arena *arena = arena_new(ARENA_MAX);
	struct ctx ctx = { .arena = arena };
	struct buf joined CLEANUP(buf_free) = BUF_INIT(ARENA_MAX);
	struct words words;
	assert_int_equal(text_words(&ctx, text, &words), RC_OK);
	for (size_t i = 0; i < words.count; i++) {
		if (i != 0)
			buf_add_chr(&joined, '|');
		buf_add(&joined, words.list[i]);
	}
	assert_str_eq(buf_str(&joined), str_of(expected));
	arena_free(&arena);
}

static void texts_are_parted_and_folded(void **state UNUSED)
{
	static const struct {
		const char *text, *words;
	} cases[] = {
		{ "", "" },
		{ " - ... !", "" },
		{ "Hello, World!", "hello|world" },
		{ "The cat's 3.14 pies", "the|cat's|3.14|pies" },
		{ "snake_case @bob@b.example #Tag", "snake_case|bob|b.example|tag" },
		{ "_ __", "" },
		/* case and accents, composed or not, and what folds to several letters */
		{ "M\303\234LLER mu\314\210ller Muller", "muller|muller|muller" },
		{ "Stra\303\237e STRASSE", "strasse|strasse" },
		{ "\357\274\241\357\274\242\357\274\243", "abc" }, /* full width */
		{ "\316\237\316\264\317\214\317\202", "\316\277\316\264\316\277\317\203" },
		/* ideographs stand alone, what is written in Katakana stays together */
		{ "\346\235\261\344\272\254", "\346\235\261|\344\272\254" },
		{ "\343\203\206\343\202\271\343\203\210", "\343\203\206\343\202\271\343\203\210" },
		/* vowel signs belong to their words */
		{ "\340\244\250\340\244\256\340\244\270\340\245\215\340\244\244\340\245\207",
		  "\340\244\250\340\244\256\340\244\270\340\245\215\340\244\244\340\245\207" },
		{ "a\001b", "a|b" },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		expect_words(str_of(cases[i].text), cases[i].words);
}

static void long_words_are_cut_between_characters(void **state UNUSED)
{
	struct arena *arena = arena_new(ARENA_MAX);
	struct ctx ctx = { .arena = arena };
	struct buf text CLEANUP(buf_free) = BUF_INIT(1024);
	struct words words;
	for (int i = 0; i < 40; i++)
		buf_add(&text, STR("\320\266"));
	assert_int_equal(text_words(&ctx, buf_str(&text), &words), RC_OK);
	assert_int_equal(words.count, 1);
	assert_int_equal(words.list[0].len, WORD_BYTES_MAX);
	arena_free(&arena);
}

static void only_so_many_words_are_taken(void **state UNUSED)
{
	struct arena *arena = arena_new(ARENA_MAX);
	struct ctx ctx = { .arena = arena };
	struct buf text CLEANUP(buf_free) = BUF_INIT(ARENA_MAX);
	struct words words;
	for (int i = 0; i < WORDS_MAX + 5; i++)
		buf_addf(&text, "%d ", i);
	assert_int_equal(text_words(&ctx, buf_str(&text), &words), RC_OK);
	assert_int_equal(words.count, WORDS_MAX);
	assert_str_eq(words.list[WORDS_MAX - 1], STR("1999"));
	arena_free(&arena);
}

static void what_is_no_text_is_refused(void **state UNUSED)
{
	struct arena *arena = arena_new(ARENA_MAX);
	struct ctx ctx = { .arena = arena };
	struct words words;
	assert_int_equal(text_words(&ctx, STR("a\377b"), &words), RC_INVALID);
	assert_int_equal(words.count, 0);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_are_parted_and_folded),
		cmocka_unit_test(long_words_are_cut_between_characters),
		cmocka_unit_test(only_so_many_words_are_taken),
		cmocka_unit_test(what_is_no_text_is_refused),
	};
	return cmocka_run_group_tests_name("words", tests, NULL, NULL);
}
