/*
 * The command line as a table: a row is a command's name, arguments, options, sentence and handler.
 * command.c interprets it, prints help and the reference from it; the rows are in commands.c, the
 * handlers in cmd_*.c.
 */
#ifndef FF_DAEMON_COMMAND_H
#define FF_DAEMON_COMMAND_H

#include <stdbool.h>
#include <stdint.h>

#include "core/ctx.h"
#include "core/str.h"
#include "output.h"

/* What the program ends with. Those above 64 are sysexits(3)'s. */
enum exit_code {
	EXIT_DONE = 0,
	EXIT_FAILED = 1,
	EXIT_USAGE = 2,
	EXIT_NOT_FOUND = 3,
	EXIT_UNAVAILABLE = 69, /* a peer or a listener that cannot be had */
	EXIT_STORAGE = 70,     /* the database failed, is full or damaged */
	EXIT_DENIED = 77,
	EXIT_SETTINGS = 78,
};

struct option_row {
	const char *name;  /* without "--" */
	const char *value; /* what follows, in the help: "TEXT"; NULL for a switch */
	const char *help;
};

#define OPTIONS_MAX 32
#define ARGUMENTS_MAX 24

struct cli;

struct command {
	const char *name;	/* one to three words */
	const char *arguments;	/* "NAME HANDLE"; "" when there are none */
	unsigned min_arguments; /* how many there must be, and how many there may be */
	unsigned max_arguments;
	const char *help; /* one sentence */
	const struct option_row *options;
	size_t option_count;
	/* Returns what to end with; the cause of a failure is in cli->ctx. */
	enum rc (*run)(struct cli *cli);
};

extern const struct command commands[];
extern const size_t command_count;
/* Options of every command. */
extern const struct option_row common_options[];
extern const size_t common_option_count;

/* One command on its way. */
struct cli {
	struct ctx ctx; /* lives as long as the command */
	const struct command *command;
	const char *arguments[ARGUMENTS_MAX];
	unsigned argument_count;
	const char *values[OPTIONS_MAX]; /* by the row's index; "" for a switch that is set */
	const char *config;
	bool json;
	bool help;
	struct output out;
	enum exit_code exit_code; /* when it is not 0, it stands for the result's own */
};

/*
 * Reads the words behind the program's name. RC_INVALID with what is wrong in cli->ctx, and
 * cli->command set as soon as it was found; NULL and RC_OK when there are no words at all.
 */
enum rc command_parse(struct cli *cli, int argc, char *const argv[]) NODISCARD;

/* The value of an option of this command; absent when it was not given. */
struct str command_option(const struct cli *cli, const char *name);
bool command_switch(const struct cli *cli, const char *name);
/* The argument; absent when there are fewer. */
struct str command_argument(const struct cli *cli, unsigned index);
/* A number given to an option. RC_INVALID when it is none or beyond the bounds. */
enum rc command_number(struct cli *cli, const char *name, uint64_t fallback, uint64_t max,
		       uint64_t *out) NODISCARD;

/* An argument that is an id; what says of what: "a badge". RC_INVALID when it is none. */
enum rc command_id(struct cli *cli, unsigned argument, const char *what, uint64_t *out) NODISCARD;
/*
 * The parts of a list given to an option, parted by semicolons, without the blanks around them; empty ones are none.
 * list has room for most; where there are more, RC_INVALID.
 */
enum rc command_list(struct cli *cli, const char *name, struct str *list, unsigned most,
		     unsigned *count) NODISCARD;

enum exit_code command_exit_code(enum rc rc);

/* Help for people and the reference in Markdown. */
void command_print_help(struct buf *out, const struct command *command);
void command_print_all(struct buf *out);
void command_print_markdown(struct buf *out);

/* Something wrong with how the command was called. */
#define usage_fail(cli, ...) \
	((cli)->exit_code = EXIT_USAGE, ctx_fail(&(cli)->ctx, RC_INVALID, __VA_ARGS__))

#endif
