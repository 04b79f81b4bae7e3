/*
 * The command line from any words (FZ-12): each line of the input is a word. What is refused is
 * refused as wrong usage with a reason; what is taken is within its row's bounds; and nothing of it
 * reaches a terminal as a control.
 */
#include "command.h"

#include <stdlib.h>
#include <string.h>

#include "core/must.h"

#define WORDS_MAX 64

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_taken(const struct cli *cli)
{
	const struct command *c = cli->command;
	if (c == NULL || cli->help)
		return;
	must(cli->argument_count >= c->min_arguments && cli->argument_count <= c->max_arguments);
	for (size_t i = 0; i < c->option_count; i++)
		must(cli->values[i] == NULL || c->options[i].value != NULL ||
		     cli->values[i][0] == '\0');
}

static void check_refused(const struct cli *cli)
{
	struct buf line CLEANUP(buf_free) = BUF_INIT(4096);
	must(cli->exit_code == EXIT_USAGE && err_text(&cli->ctx.err)[0] != '\0');
	output_clean(&line, str_of(err_text(&cli->ctx.err)));
	for (size_t i = 0; i < line.len; i++)
		must((unsigned char)line.ptr[i] >= 0x20 && line.ptr[i] != 0x7f);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf copy CLEANUP(buf_free) = BUF_INIT(1 << 20);
	char *argv[WORDS_MAX];
	struct arena *arena = arena_new(1 << 20);
	struct cli cli = { .ctx = { .arena = arena } };
	int argc = 0;
	buf_add_bytes(&copy, data, size);
	must(!copy.failed && arena != NULL);
	for (char *word = copy.ptr, *end; word != NULL && argc < WORDS_MAX; word = end) {
		end = strchr(word, '\n');
		argv[argc++] = word;
		if (end != NULL)
			*end++ = '\0';
	}
	if (command_parse(&cli, argc, argv) == RC_OK)
		check_taken(&cli);
	else
		check_refused(&cli);
	arena_free(&arena);
	return 0;
}
