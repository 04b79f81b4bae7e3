/* Help for people, and the reference in Markdown, both from the table of commands. Pure. */
#include <string.h>

#include "command.h"

#define COLUMN 22

static const struct {
	unsigned code;
	const char *meaning;
} exit_codes[] = {
	{ EXIT_DONE, "done" },
	{ EXIT_FAILED, "it could not be done" },
	{ EXIT_USAGE, "the command was called wrongly" },
	{ EXIT_NOT_FOUND, "there is no such person, post, host or job" },
	{ EXIT_UNAVAILABLE, "another host cannot be reached, or an address cannot be listened on" },
	{ EXIT_STORAGE, "the database failed, is full or damaged" },
	{ EXIT_DENIED, "it is not allowed" },
	{ EXIT_SETTINGS, "the settings are wrong or missing" },
};

static void add_column(struct buf *out, size_t used)
{
	do
		buf_add_chr(out, ' ');
	while (++used < COLUMN);
}

static void add_options(struct buf *out, const struct option_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		size_t before = out->len;
		buf_addf(out, "  --%s%s%s", rows[i].name, rows[i].value != NULL ? " " : "",
			 rows[i].value != NULL ? rows[i].value : "");
		add_column(out, out->len - before);
		buf_addf(out, "%s\n", rows[i].help);
	}
}

static void add_synopsis(struct buf *out, const struct command *c)
{
	buf_addf(out, "fediflow %s", c->name);
	if (c->arguments[0] != '\0')
		buf_addf(out, " %s", c->arguments);
}

void command_print_help(struct buf *out, const struct command *c)
{
	add_synopsis(out, c);
	buf_addf(out, "\n\n%s\n\n", c->help);
	add_options(out, c->options, c->option_count);
	add_options(out, common_options, common_option_count);
}

void command_print_all(struct buf *out)
{
	buf_add(out, STR("fediflow COMMAND [OPTION]...\n\n"));
	for (size_t i = 0; i < command_count; i++) {
		size_t before = out->len;
		buf_addf(out, "  %s", commands[i].name);
		add_column(out, out->len - before);
		buf_addf(out, "%s\n", commands[i].help);
	}
	buf_add(out, STR("\nEvery command takes:\n"));
	add_options(out, common_options, common_option_count);
}

static void add_markdown_options(struct buf *out, const struct option_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++)
		buf_addf(out, "- `--%s%s%s`: %s\n", rows[i].name, rows[i].value != NULL ? " " : "",
			 rows[i].value != NULL ? rows[i].value : "", rows[i].help);
}

void command_print_markdown(struct buf *out)
{
	buf_add(out, STR("Commands work beside a running node, which hears of what they changed. "
			 "Every command takes:\n\n"));
	add_markdown_options(out, common_options, common_option_count);
	buf_add(out, STR("\n| ends with | when |\n|---|---|\n"));
	for (size_t i = 0; i < ARRAY_LEN(exit_codes); i++)
		buf_addf(out, "| %u | %s |\n", exit_codes[i].code, exit_codes[i].meaning);
	for (size_t i = 0; i < command_count; i++) {
		const struct command *c = &commands[i];
		buf_addf(out, "\n#### `");
		add_synopsis(out, c);
		buf_addf(out, "`\n\n%s\n", c->help);
		if (c->option_count != 0)
			buf_add_chr(out, '\n');
		add_markdown_options(out, c->options, c->option_count);
	}
}
