/* Words are found whatever their case and form, and whole ones only where words end. */
#include "text/match.h"

#include "testkit.h"

static struct str fold(struct arena *arena, const char *text)
{
	struct str out;
	assert_int_equal(match_fold(arena, str_of(text), &out), RC_OK);
	return out;
}

static bool finds(const char *text, const char *word, bool whole)
{
	struct arena *arena = arena_new(1 << 16);
	struct match_word w = match_word(fold(arena, word), whole);
	bool found = match_find(fold(arena, text), &w);
	arena_free(&arena);
	return found;
}

static void words_are_found_without_regard_to_case_and_form(void **state UNUSED)
{
	assert_true(finds("An ELECTION is near", "election", false));
	assert_true(finds("STRASSE",
			  "stra\xc3\x9f"
			  "e",
			  false));
	/* "e" with a combining acute, and the letter that has it */
	assert_true(finds("cafe\xcc\x81", "CAF\xc3\x89", false));
	/* full width */
	assert_true(finds("\xef\xbd\x81\xef\xbd\x82\xef\xbd\x83", "ABC", false));
	assert_false(finds("elec tion", "election", false));
	assert_false(finds("", "x", false));
	assert_false(finds("anything", "", false));
	assert_false(finds("anything", "", true));
}

static void whole_words_end_where_words_end(void **state UNUSED)
{
	assert_true(finds("the cat sat", "cat", true));
	assert_true(finds("cat", "cat", true));
	assert_true(finds("(cat)", "cat", true));
	assert_true(finds("concatenate the cat", "cat", true));
	assert_false(finds("concatenate", "cat", true));
	assert_false(finds("cats", "cat", true));
	assert_false(finds("cat_sat", "cat", true));
	assert_false(finds("cat9", "cat", true));
	assert_true(finds("concatenate", "cat", false));
	/* of letters beyond ASCII, and a mark that belongs to the letter before it */
	assert_false(finds("\xd0\xba\xd0\xbe\xd1\x82\xd1\x8b", "\xd0\xba\xd0\xbe\xd1\x82", true));
	assert_true(finds("\xd0\xba\xd0\xbe\xd1\x82!", "\xd0\x9a\xd0\x9e\xd0\xa2", true));
	assert_false(finds("cat\xcc\xb2", "cat", true));
}

static void what_is_no_word_itself_needs_no_boundary(void **state UNUSED)
{
	assert_true(finds("see https://t.co/abc", "https://t.co/", true));
	assert_true(finds("x@example.org", "@example.org", true));
	assert_false(finds("x@example.organic", "@example.org", true));
	assert_true(finds("a#b", "#", true));
}

static void scripts_without_spaces_have_words_anywhere(void **state UNUSED)
{
	/* two ideographs among others */
	assert_true(
		finds("\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e", "\xe6\x97\xa5\xe6\x9c\xac", true));
	assert_false(
		finds("\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e", "\xe6\x97\xa5\xe8\xaa\x9e", true));
}

static void what_is_not_utf8_is_refused(void **state UNUSED)
{
	struct arena *arena = arena_new(1 << 16);
	struct str out;
	assert_int_equal(match_fold(arena, STR("a\xff"), &out), RC_INVALID);
	assert_int_equal(match_fold(arena, STR("\xc0\xaf"), &out), RC_INVALID);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_found_without_regard_to_case_and_form),
		cmocka_unit_test(whole_words_end_where_words_end),
		cmocka_unit_test(what_is_no_word_itself_needs_no_boundary),
		cmocka_unit_test(scripts_without_spaces_have_words_anywhere),
		cmocka_unit_test(what_is_not_utf8_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
