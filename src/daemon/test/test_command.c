/* The table of commands, and how words become a command. */
#include "command.h"

#include <stdio.h>
#include <string.h>

#include "testkit.h"

#define WORDS_MAX 12

struct stage {
	struct arena *arena;
	struct cli cli;
	char words[256];
	char *argv[WORDS_MAX];
};

static int setup(void **state)
{
	static struct stage stage;
	stage = (struct stage){ .arena = arena_new(1 << 20) };
	*state = &stage;
	return stage.arena == NULL;
}

static int teardown(void **state)
{
	struct stage *stage = *state;
	arena_free(&stage->arena);
	return 0;
}

/* Parses words parted by single blanks. */
static enum rc parse(struct stage *stage, const char *line)
{
	int argc = 0;
	stage->cli = (struct cli){ .ctx = { .arena = stage->arena } };
	snprintf(stage->words, sizeof(stage->words), "%s", line);
	for (char *word = stage->words; word != NULL && *word != '\0';) {
		char *end = strchr(word, ' ');
		stage->argv[argc++] = word;
		if (end != NULL)
			*end++ = '\0';
		word = end;
	}
	return command_parse(&stage->cli, argc, stage->argv);
}

static void every_command_is_complete(void **state UNUSED)
{
	for (size_t i = 0; i < command_count; i++) {
		const struct command *c = &commands[i];
		struct str help = str_of(c->help);
		if (!str_has_suffix(help, STR(".")) || c->run == NULL || c->arguments == NULL)
			fail_msg("%s is not complete", c->name);
		assert_true(c->min_arguments <= c->max_arguments);
		assert_true(c->max_arguments <= ARGUMENTS_MAX);
		assert_true(c->option_count <= OPTIONS_MAX);
		assert_int_equal(c->max_arguments == 0, c->arguments[0] == '\0');
		for (size_t k = 0; k < c->option_count; k++) {
			struct str option_help = str_of(c->options[k].help);
			if (!str_has_suffix(option_help, STR(".")))
				fail_msg("--%s of %s has no sentence", c->options[k].name, c->name);
		}
		for (size_t k = i + 1; k < command_count; k++)
			assert_string_not_equal(c->name, commands[k].name);
	}
}

static void finds_the_longest_name(void **state)
{
	struct stage *stage = *state;
	assert_int_equal(parse(stage, "account keys rotate alice"), RC_OK);
	assert_string_equal(stage->cli.command->name, "account keys rotate");
	assert_str_eq(command_argument(&stage->cli, 0), STR("alice"));
	assert_null(command_argument(&stage->cli, 1).ptr);
}

static void reads_options_anywhere_and_in_both_forms(void **state)
{
	struct stage *stage = *state;
	assert_int_equal(parse(stage, "post alice hello --visibility direct --json"), RC_OK);
	assert_str_eq(command_option(&stage->cli, "visibility"), STR("direct"));
	assert_true(stage->cli.json);
	assert_null(command_option(&stage->cli, "spoiler").ptr);
	assert_int_equal(parse(stage, "post --visibility=local alice --sensitive hello"), RC_OK);
	assert_str_eq(command_option(&stage->cli, "visibility"), STR("local"));
	assert_true(command_switch(&stage->cli, "sensitive"));
	assert_str_eq(command_argument(&stage->cli, 1), STR("hello"));
	assert_int_equal(parse(stage, "post --config x.conf alice -- --json"), RC_OK);
	assert_string_equal(stage->cli.config, "x.conf");
	assert_str_eq(command_argument(&stage->cli, 1), STR("--json"));
	assert_false(stage->cli.json);
	assert_int_equal(parse(stage, "post alice -"), RC_OK);
	assert_str_eq(command_argument(&stage->cli, 1), STR("-"));
}

static void refuses_what_it_does_not_know_and_says_what_was_meant(void **state)
{
	static const struct {
		const char *line, *word;
	} cases[] = {
		{ "srve", "\"serve\"" },
		{ "acount create x", "\"account create\"" },
		{ "account craete x", "\"account create\"" },
		{ "srve --json", "command \"srve\"; did you mean \"serve\"" },
		{ "account", "needs to be told" },
		{ "account keys --json", "\"account keys\" needs to be told" },
		{ "post alice x --visiblity direct", "--visibility" },
		{ "post alice x --zzzzzzzzzz", "no option --zzzzzzzzzz" },
		{ "post alice x -v", "no option -v" },
		{ "post alice", "missing" },
		{ "post alice x y", "too many" },
		{ "post alice x --visibility", "needs a value" },
		{ "post alice x --sensitive=yes", "no value" },
		{ "post alice x --language de --language en", "twice" },
	};
	struct stage *stage = *state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		assert_int_equal(parse(stage, cases[i].line), RC_INVALID);
		assert_int_equal(stage->cli.exit_code, EXIT_USAGE);
		if (strstr(err_text(&stage->cli.ctx.err), cases[i].word) == NULL)
			fail_msg("\"%s\": \"%s\" says nothing of %s", cases[i].line,
				 err_text(&stage->cli.ctx.err), cases[i].word);
	}
}

static void help_needs_no_arguments(void **state)
{
	struct stage *stage = *state;
	assert_int_equal(parse(stage, "post --help"), RC_OK);
	assert_true(stage->cli.help);
	assert_int_equal(parse(stage, "post -h"), RC_OK);
	assert_true(stage->cli.help);
	assert_int_equal(parse(stage, "--help"), RC_OK);
	assert_null(stage->cli.command);
	assert_int_equal(parse(stage, ""), RC_OK);
	assert_null(stage->cli.command);
	assert_int_equal(parse(stage, "--version"), RC_OK);
	assert_string_equal(stage->cli.command->name, "version");
}

static void numbers_are_bounded(void **state)
{
	struct stage *stage = *state;
	uint64_t n = 0;
	assert_int_equal(parse(stage, "posts alice --limit 7"), RC_OK);
	assert_int_equal(command_number(&stage->cli, "limit", 20, 100, &n), RC_OK);
	assert_int_equal(n, 7);
	assert_int_equal(parse(stage, "posts alice"), RC_OK);
	assert_int_equal(command_number(&stage->cli, "limit", 20, 100, &n), RC_OK);
	assert_int_equal(n, 20);
	assert_int_equal(parse(stage, "posts alice --limit 101"), RC_OK);
	assert_int_equal(command_number(&stage->cli, "limit", 20, 100, &n), RC_INVALID);
	assert_int_equal(parse(stage, "posts alice --limit -1"), RC_OK);
	assert_int_equal(command_number(&stage->cli, "limit", 20, 100, &n), RC_INVALID);
}

static void lists_are_parted_and_bounded(void **state)
{
	struct stage *stage = *state;
	struct str list[2];
	unsigned n = 7;
	assert_int_equal(parse(stage, "community call tea x --options=;a;;\tb;"), RC_OK);
	assert_int_equal(command_list(&stage->cli, "options", list, 2, &n), RC_OK);
	assert_int_equal(n, 2);
	assert_str_eq(list[0], STR("a"));
	assert_str_eq(list[1], STR("b"));
	assert_int_equal(command_list(&stage->cli, "options", list, 1, &n), RC_INVALID);
	assert_int_equal(stage->cli.exit_code, EXIT_USAGE);
	assert_int_equal(command_list(&stage->cli, "roles", list, 2, &n), RC_OK);
	assert_int_equal(n, 0);
}

static void the_reference_names_every_command_and_option(void **state UNUSED)
{
	struct buf text CLEANUP(buf_free) = BUF_INIT(1 << 20);
	command_print_markdown(&text);
	for (size_t i = 0; i < command_count; i++) {
		assert_true(str_contains(buf_str(&text), str_of(commands[i].name)));
		assert_true(str_contains(buf_str(&text), str_of(commands[i].help)));
		for (size_t k = 0; k < commands[i].option_count; k++)
			assert_true(
				str_contains(buf_str(&text), str_of(commands[i].options[k].help)));
	}
}

static void failures_have_exit_codes(void **state UNUSED)
{
	assert_int_equal(command_exit_code(RC_OK), 0);
	assert_int_equal(command_exit_code(RC_INVALID), 1);
	assert_int_equal(command_exit_code(RC_NOT_FOUND), 3);
	assert_int_equal(command_exit_code(RC_TIMEOUT), 69);
	assert_int_equal(command_exit_code(RC_IO), 70);
	assert_int_equal(command_exit_code(RC_DENIED), 77);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_command_is_complete),
		cmocka_unit_test_setup_teardown(finds_the_longest_name, setup, teardown),
		cmocka_unit_test_setup_teardown(reads_options_anywhere_and_in_both_forms, setup,
						teardown),
		cmocka_unit_test_setup_teardown(
			refuses_what_it_does_not_know_and_says_what_was_meant, setup, teardown),
		cmocka_unit_test_setup_teardown(help_needs_no_arguments, setup, teardown),
		cmocka_unit_test_setup_teardown(numbers_are_bounded, setup, teardown),
		cmocka_unit_test_setup_teardown(lists_are_parted_and_bounded, setup, teardown),
		cmocka_unit_test(the_reference_names_every_command_and_option),
		cmocka_unit_test(failures_have_exit_codes),
	};
	return cmocka_run_group_tests_name("command", tests, NULL, NULL);
}
