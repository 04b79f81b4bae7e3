/* The syntax of a settings file: sections, names, quotes, comments, and lines that say nothing. */
#include "conf_int.h"
#include "testkit.h"

static struct arena *arena;

static int setup(void **state UNUSED)
{
	arena = arena_new(1 << 20);
	return arena == NULL;
}

static int teardown(void **state UNUSED)
{
	arena_free(&arena);
	return 0;
}

/* Reads a text that has one item at most. */
static bool parse_one(struct str text, struct conf_item *item)
{
	struct conf_parser parser;
	struct conf_item more;
	conf_parser_init(&parser, arena, text);
	bool found = conf_parser_next(&parser, item);
	assert_false(found && conf_parser_next(&parser, &more));
	return found;
}

static void passes_over_blank_lines_and_comments(void **state UNUSED)
{
	struct conf_item item;
	assert_false(parse_one(STR(""), &item));
	assert_false(parse_one(STR("\n\r\n  \t\n# a comment\n   # another"), &item));
}

static void reads_sections_and_settings_with_their_lines(void **state UNUSED)
{
	struct conf_parser parser;
	struct conf_item item;
	conf_parser_init(&parser, arena, STR("# top\n[node]\n\nname = value # why\n"));
	assert_true(conf_parser_next(&parser, &item));
	assert_int_equal(item.kind, CONF_ITEM_SECTION);
	assert_int_equal(item.line, 2);
	assert_str_eq(item.name, STR("node"));
	assert_true(conf_parser_next(&parser, &item));
	assert_int_equal(item.kind, CONF_ITEM_SETTING);
	assert_int_equal(item.line, 4);
	assert_str_eq(item.name, STR("name"));
	assert_str_eq(item.value, STR("value"));
	assert_false(conf_parser_next(&parser, &item));
}

static void reads_values_plain_and_quoted(void **state UNUSED)
{
	static const struct {
		struct str text, value;
	} cases[] = {
		{ STR_INIT("a=b"), STR_INIT("b") },
		{ STR_INIT("  a\t=  b c  "), STR_INIT("b c") },
		{ STR_INIT("a = b#c"), STR_INIT("b#c") },
		{ STR_INIT("a = b #c"), STR_INIT("b") },
		{ STR_INIT("a = b\\n"), STR_INIT("b\\n") },
		{ STR_INIT("a = b = \"c\""), STR_INIT("b = \"c\"") },
		{ STR_INIT("a = \"\""), STR_INIT("") },
		{ STR_INIT("a = \" b # c \" # d"), STR_INIT(" b # c ") },
		{ STR_INIT("a = \"x\\\"y\\\\z\\n\\t\""), STR_INIT("x\"y\\z\n\t") },
		{ STR_INIT("a = gr\xc3\xbc\xc3\x9f"), STR_INIT("gr\xc3\xbc\xc3\x9f") },
		{ STR_INIT("a = b\r\n"), STR_INIT("b") },
		{ STR_INIT("\xef\xbb\xbf"
			   "a = b"),
		  STR_INIT("b") },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct conf_item item;
		assert_true(parse_one(cases[i].text, &item));
		assert_int_equal(item.kind, CONF_ITEM_SETTING);
		assert_str_eq(item.name, STR("a"));
		assert_str_eq(item.value, cases[i].value);
	}
}

static void says_what_is_wrong_with_a_line(void **state UNUSED)
{
	static const struct {
		struct str text;
		const char *word;
	} cases[] = {
		{ STR_INIT("a"), "name = value" },
		{ STR_INIT("= b"), "name = value" },
		{ STR_INIT("a b = c"), "name = value" },
		{ STR_INIT("a ="), "missing" },
		{ STR_INIT("a = # b"), "missing" },
		{ STR_INIT("a = \"b"), "closing quote is missing" },
		{ STR_INIT("a = \"b\\"), "backslash" },
		{ STR_INIT("a = \"\\x41\""), "backslash" },
		{ STR_INIT("a = \"b\" c"), "behind the closing quote" },
		{ STR_INIT("[a"), "[name]" },
		{ STR_INIT("[]"), "[name]" },
		{ STR_INIT("[a b]"), "[name]" },
		{ STR_INIT("[a] b"), "[name]" },
		{ STR_INIT("a = b\x01"), "control" },
		{ STR_INIT("a = b\0c"), "control" },
		{ STR_INIT("a = \x7f"), "control" },
		{ STR_INIT("a = \xff"), "UTF-8" },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct conf_item item;
		assert_true(parse_one(cases[i].text, &item));
		assert_int_equal(item.kind, CONF_ITEM_PROBLEM);
		assert_int_equal(item.line, 1);
		if (strstr(item.problem, cases[i].word) == NULL)
			fail_msg("\"%s\" does not speak of \"%s\"", item.problem, cases[i].word);
	}
}

static void goes_on_behind_a_bad_line(void **state UNUSED)
{
	struct conf_parser parser;
	struct conf_item item;
	conf_parser_init(&parser, arena, STR("???\na = \"open\nb = c"));
	assert_true(conf_parser_next(&parser, &item));
	assert_int_equal(item.kind, CONF_ITEM_PROBLEM);
	assert_true(conf_parser_next(&parser, &item));
	assert_int_equal(item.kind, CONF_ITEM_PROBLEM);
	assert_true(conf_parser_next(&parser, &item));
	assert_int_equal(item.kind, CONF_ITEM_SETTING);
	assert_int_equal(item.line, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(passes_over_blank_lines_and_comments),
		cmocka_unit_test(reads_sections_and_settings_with_their_lines),
		cmocka_unit_test(reads_values_plain_and_quoted),
		cmocka_unit_test(says_what_is_wrong_with_a_line),
		cmocka_unit_test(goes_on_behind_a_bad_line),
	};
	return cmocka_run_group_tests_name("conf parse", tests, setup, teardown);
}
