/* Interprets the table of commands: words to a command with its options, help, reference. Pure. */
#include "command.h"

#include <string.h>

#include "core/must.h"
#include "core/nearest.h"

const struct option_row common_options[] = {
	{ "config", "FILE",
	  "The settings; without, ./fediflow.conf or /etc/fediflow/fediflow.conf." },
	{ "json", NULL, "Prints the result as JSON." },
	{ "help", NULL, "Prints what the command does." },
};
const size_t common_option_count = ARRAY_LEN(common_options);

/* --- words to a command --- */

/* How many of the words make up the command's name; 0 when they do not. */
static size_t name_matches(const struct command *command, int argc, char *const argv[])
{
	struct str rest = str_of(command->name), word;
	size_t n = 0;
	while (str_next(&rest, ' ', &word)) {
		if (n >= (size_t)argc || !str_eq(word, str_of(argv[n])))
			return 0;
		n++;
	}
	return n;
}

static const struct command *find_command(int argc, char *const argv[], size_t *words)
{
	const struct command *best = NULL;
	*words = 0;
	for (size_t i = 0; i < command_count; i++) {
		size_t n = name_matches(&commands[i], argc, argv);
		if (n > *words) {
			*words = n;
			best = &commands[i];
		}
	}
	return best;
}

static enum rc unknown_command(struct cli *cli, int argc, char *const argv[])
{
	struct str first = str_of(argv[0]);
	struct str two = argc > 1 && argv[1][0] != '-'
				 ? arena_printf(cli->ctx.arena, "%s %s", argv[0], argv[1])
				 : first;
	struct nearest near, near_first;
	struct str family = arena_join(cli->ctx.arena, two, STR(" "));
	nearest_init(&near, two);
	nearest_init(&near_first, first);
	for (size_t i = 0; i < command_count; i++) {
		struct str name = str_of(commands[i].name);
		if (str_has_prefix(name, family))
			return usage_fail(cli,
					  "\"%.*s\" needs to be told what to do: see fediflow help",
					  STR_ARG(two));
		nearest_offer(&near, name);
		nearest_offer(&near_first, name);
	}
	if (near.best.len == 0)
		near = near_first;
	if (near.best.len != 0)
		return usage_fail(cli, "there is no command \"%.*s\"; did you mean \"%.*s\"?",
				  STR_ARG(two), STR_ARG(near.best));
	return usage_fail(cli, "there is no command \"%s\": see fediflow help", argv[0]);
}

/* --- options --- */

/* Where an option's value goes: a slot of the command's own, or one of the common ones. */
static const struct option_row *find_option(struct cli *cli, struct str name, const char ***slot)
{
	static const char *ignored;
	for (size_t i = 0; cli->command != NULL && i < cli->command->option_count; i++) {
		if (str_eq(name, str_of(cli->command->options[i].name))) {
			*slot = &cli->values[i];
			return &cli->command->options[i];
		}
	}
	for (size_t i = 0; i < common_option_count; i++) {
		if (str_eq(name, str_of(common_options[i].name))) {
			*slot = str_eq(name, STR("config")) ? &cli->config : &ignored;
			cli->json = cli->json || str_eq(name, STR("json"));
			cli->help = cli->help || str_eq(name, STR("help"));
			return &common_options[i];
		}
	}
	return NULL;
}

static enum rc unknown_option(struct cli *cli, struct str name)
{
	struct nearest near;
	nearest_init(&near, name);
	for (size_t i = 0; i < cli->command->option_count; i++)
		nearest_offer(&near, str_of(cli->command->options[i].name));
	for (size_t i = 0; i < common_option_count; i++)
		nearest_offer(&near, str_of(common_options[i].name));
	if (near.best.len != 0)
		return usage_fail(cli, "%s has no option --%.*s; did you mean --%.*s?",
				  cli->command->name, STR_ARG(str_take(name, 60)),
				  STR_ARG(near.best));
	return usage_fail(cli, "%s has no option --%.*s", cli->command->name,
			  STR_ARG(str_take(name, 60)));
}

/* Reads one option; *used says how many words it took. */
static enum rc parse_option(struct cli *cli, int argc, char *const argv[], int *used)
{
	struct str name, value;
	const char **slot = NULL;
	bool inline_value = str_split(str_of(argv[0] + 2), '=', &name, &value);
	const struct option_row *row = find_option(cli, name, &slot);
	*used = 1;
	if (row == NULL)
		return unknown_option(cli, name);
	if (row->value == NULL && inline_value)
		return usage_fail(cli, "--%s takes no value", row->name);
	if (row->value == NULL) {
		*slot = "";
		return RC_OK;
	}
	if (*slot != NULL)
		return usage_fail(cli, "--%s was given twice", row->name);
	if (inline_value) {
		*slot = value.ptr;
		return RC_OK;
	}
	if (argc < 2)
		return usage_fail(cli, "--%s needs a value: %s", row->name, row->value);
	*slot = argv[1];
	*used = 2;
	return RC_OK;
}

static enum rc add_argument(struct cli *cli, const char *word)
{
	if (cli->argument_count >= cli->command->max_arguments)
		return usage_fail(cli, "\"%.60s\" is one word too many: fediflow %s%s%s", word,
				  cli->command->name, cli->command->arguments[0] != '\0' ? " " : "",
				  cli->command->arguments);
	cli->arguments[cli->argument_count++] = word;
	return RC_OK;
}

static enum rc parse_rest(struct cli *cli, int argc, char *const argv[])
{
	bool options = true;
	enum rc rc = RC_OK;
	for (int i = 0, used = 1; i < argc && rc == RC_OK; i += used) {
		const char *word = argv[i];
		used = 1;
		if (options && strcmp(word, "--") == 0)
			options = false;
		else if (options && strcmp(word, "-h") == 0)
			cli->help = true;
		else if (options && strncmp(word, "--", 2) == 0)
			rc = parse_option(cli, argc - i, argv + i, &used);
		else if (options && word[0] == '-' && word[1] != '\0')
			rc = usage_fail(cli, "%s has no option %.60s", cli->command->name, word);
		else
			rc = add_argument(cli, word);
	}
	if (rc != RC_OK || cli->help)
		return rc;
	if (cli->argument_count < cli->command->min_arguments)
		return usage_fail(cli, "something is missing: fediflow %s %s", cli->command->name,
				  cli->command->arguments);
	return RC_OK;
}

enum rc command_parse(struct cli *cli, int argc, char *const argv[])
{
	static char version_word[] = "version";
	static char *const version[] = { version_word };
	size_t words = 0;
	if (argc == 0)
		return RC_OK;
	if (argc == 1 && strcmp(argv[0], "--version") == 0)
		argv = version;
	if (strcmp(argv[0], "--help") == 0 || strcmp(argv[0], "-h") == 0)
		return RC_OK;
	cli->command = find_command(argc, argv, &words);
	if (cli->command == NULL)
		return unknown_command(cli, argc, argv);
	return parse_rest(cli, argc - (int)words, argv + words);
}

/* --- what handlers ask --- */

static const char *value_of(const struct cli *cli, const char *name)
{
	size_t i = 0;
	while (i < cli->command->option_count && strcmp(cli->command->options[i].name, name) != 0)
		i++;
	/* handlers ask for options of their own row only */
	must(i < cli->command->option_count);
	return cli->values[i];
}

struct str command_option(const struct cli *cli, const char *name)
{
	return str_of(value_of(cli, name));
}

bool command_switch(const struct cli *cli, const char *name)
{
	return value_of(cli, name) != NULL;
}

struct str command_argument(const struct cli *cli, unsigned index)
{
	return index < cli->argument_count ? str_of(cli->arguments[index]) : STR_NONE;
}

enum rc command_number(struct cli *cli, const char *name, uint64_t fallback, uint64_t max,
		       uint64_t *out)
{
	struct str text = command_option(cli, name);
	*out = fallback;
	if (text.ptr == NULL)
		return RC_OK;
	if (!str_to_u64(text, out) || *out > max)
		return usage_fail(cli, "--%s \"%.*s\" is no number from 0 to %llu", name,
				  STR_ARG(str_take(text, 40)), (unsigned long long)max);
	return RC_OK;
}

enum rc command_id(struct cli *cli, unsigned argument, const char *what, uint64_t *out)
{
	if (!str_to_u64(command_argument(cli, argument), out) || *out == 0)
		return usage_fail(cli, "%s is named by its id", what);
	return RC_OK;
}

enum rc command_list(struct cli *cli, const char *name, struct str *list, unsigned most,
		     unsigned *count)
{
	struct str rest = command_option(cli, name), part;
	*count = 0;
	while (str_next(&rest, ';', &part)) {
		part = str_trim(part);
		if (part.len == 0)
			continue;
		if (*count == most)
			return usage_fail(cli, "--%s has more than %u parts", name, most);
		list[(*count)++] = part;
	}
	return RC_OK;
}

enum exit_code command_exit_code(enum rc rc)
{
	static const struct {
		enum rc rc;
		enum exit_code code;
	} codes[] = {
		{ RC_OK, EXIT_DONE },
		{ RC_NOT_FOUND, EXIT_NOT_FOUND },
		{ RC_GONE, EXIT_NOT_FOUND },
		{ RC_UNREACHABLE, EXIT_UNAVAILABLE },
		{ RC_TIMEOUT, EXIT_UNAVAILABLE },
		{ RC_BUSY, EXIT_UNAVAILABLE },
		{ RC_FULL, EXIT_STORAGE },
		{ RC_CORRUPT, EXIT_STORAGE },
		{ RC_IO, EXIT_STORAGE },
		{ RC_DENIED, EXIT_DENIED },
		{ RC_BLOCKED, EXIT_DENIED },
	};
	for (size_t i = 0; i < ARRAY_LEN(codes); i++) {
		if (codes[i].rc == rc)
			return codes[i].code;
	}
	return EXIT_FAILED;
}
