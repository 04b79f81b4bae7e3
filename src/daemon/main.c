/* The program: finds the command, runs it, prints its result, ends with its code. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"
#include "core/log.h"
#include "media/media.h"

#define ARENA_BYTES ((size_t)256 << 20)

/* The failure on standard error: a sentence, or an object with --json. */
static void print_failure(const struct cli *cli, enum rc rc)
{
	struct buf line CLEANUP(buf_free) = BUF_INIT(64 * 1024);
	struct jw w;
	if (cli->json) {
		jw_init(&w, &line);
		jw_object(&w);
		jw_member_str(&w, "error", str_of(rc_name(rc)));
		jw_member_str(&w, "detail", str_of(err_text(&cli->ctx.err)));
		jw_end(&w);
		jw_done(&w);
	} else {
		buf_add(&line, STR("fediflow: "));
		output_clean(&line, str_of(err_text(&cli->ctx.err)));
	}
	fprintf(stderr, "%.*s\n", STR_ARG(buf_str(&line)));
}

static int finish(struct cli *cli, enum rc rc)
{
	if (rc == RC_OK && !output_flush(&cli->out, STDOUT_FILENO))
		rc = ctx_fail(&cli->ctx, RC_IO, "the result cannot be written: %s",
			      strerror(errno));
	if (rc != RC_OK)
		print_failure(cli, rc);
	enum exit_code code = cli->exit_code != EXIT_DONE ? cli->exit_code : command_exit_code(rc);
	return (int)code;
}

static int run(struct cli *cli, int argc, char *const argv[])
{
	enum rc rc = command_parse(cli, argc, argv);
	output_init(&cli->out, cli->ctx.arena, cli->json);
	if (rc == RC_OK && cli->command == NULL)
		command_print_all(&cli->out.buf);
	else if (rc == RC_OK && cli->help)
		command_print_help(&cli->out.buf, cli->command);
	else if (rc == RC_OK)
		rc = cli->command->run(cli);
	int code = finish(cli, rc);
	output_free(&cli->out);
	return code;
}

int main(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], MEDIA_HELPER) == 0)
		return media_helper_main(argc, argv);
	struct arena *arena = arena_new(ARENA_BYTES);
	/* S-134: whatever is made is its owner's alone */
	umask(S_IRWXG | S_IRWXO);
	if (arena == NULL) {
		fprintf(stderr, "fediflow: out of memory\n");
		return EXIT_FAILED;
	}
	/* beside a running node only what fails is worth a line */
	log_setup(LOG_LEVEL_ERROR, false, STDERR_FILENO);
	struct cli cli = { .ctx = { .arena = arena } };
	int code = run(&cli, argc - 1, argv + 1);
	arena_free(&arena);
	return code;
}
