/* fediflow version and help: the program about itself. */
#include "cmd.h"
#include "config.h"
#include "crypt/key.h"
#include "settings.h"
#include "text/html.h"
#include "json/jr.h"

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

static void print_libraries(struct output *out)
{
	const struct {
		const char *name;
		const char *(*version)(void);
	} libraries[] = {
		{ "libmicrohttpd", httpd_library_version }, { "libcurl", fetch_library_version },
		{ "OpenSSL", crypt_library_version },	    { "libxml2", text_library_version },
		{ "json-c", json_library_version },	    { "LMDB", db_library_version },
	};
	output_object(out, "libraries");
	for (size_t i = 0; i < ARRAY_LEN(libraries); i++)
		output_str(out, libraries[i].name, str_of(libraries[i].version()));
	output_end(out);
}

/* S-131, S-138: what runs, what it was built with, and whether tests have settings of their own. */
enum rc cmd_version(struct cli *cli)
{
	struct output *out = &cli->out;
	output_object(out, NULL);
	output_str(out, "fediflow", STR(PACKAGE_VERSION));
	output_num(out, "schema", DB_SCHEMA_VERSION);
	output_flag(out, "test_hooks", settings_have_test_hooks());
	output_str(out, "compiler", STR(COMPILER));
	output_str(out, "sanitizers", str_of(sanitizers()));
	print_libraries(out);
	output_str(out, "built_with", STR(FF_BUILD_VERSIONS));
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
