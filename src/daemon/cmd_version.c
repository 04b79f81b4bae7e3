/* fediflow version and help: the program about itself. */
#include "cmd.h"
#include "config.h"
#include "db/db.h"
#include "settings.h"

#if defined(__clang__)
#define COMPILER "clang " __clang_version__
#else
#define COMPILER "gcc " __VERSION__
#endif

static const char *sanitizers(void)
{
#if defined(__SANITIZE_ADDRESS__)
	return "address";
#elif defined(__SANITIZE_THREAD__)
	return "thread";
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
	return "address";
#elif __has_feature(thread_sanitizer)
	return "thread";
#endif
#endif
	return "none";
}

/* S-131, S-138: what it was built with, and whether it has settings that only tests may use. */
enum rc cmd_version(struct cli *cli)
{
	struct output *out = &cli->out;
	struct str libraries = STR(FF_BUILD_VERSIONS), one;
	output_object(out, NULL);
	output_str(out, "fediflow", STR(PACKAGE_VERSION));
	output_num(out, "schema", DB_SCHEMA_VERSION);
	output_flag(out, "test_hooks", settings_have_test_hooks());
	output_str(out, "compiler", STR(COMPILER));
	output_str(out, "sanitizers", str_of(sanitizers()));
	output_list(out, "libraries");
	while (str_next(&libraries, ',', &one))
		output_item(out, str_trim(one));
	output_end(out);
	output_end(out);
	return RC_OK;
}

enum rc cmd_help(struct cli *cli)
{
	if (command_switch(cli, "markdown"))
		command_print_markdown(&cli->out.buf);
	else
		command_print_all(&cli->out.buf);
	return RC_OK;
}
