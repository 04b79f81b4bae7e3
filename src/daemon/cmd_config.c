/* fediflow config: checking, showing and describing the settings. */
#include "cmd.h"
#include "settings.h"

static enum rc no_file(struct cli *cli)
{
	cli->exit_code = EXIT_SETTINGS;
	return ctx_fail(
		&cli->ctx, RC_NOT_FOUND,
		"there is no fediflow.conf here or in /etc/fediflow: name it with --config");
}

/* --- check --- */

static void print_errors(struct cli *cli, const char *path, const struct conf_report *report)
{
	struct output *out = &cli->out;
	output_list(out, "errors");
	for (size_t i = 0; i < report->error_count; i++) {
		const struct conf_error *e = &report->errors[i];
		if (!cli->json) {
			struct str place =
				e->line != 0 ? arena_printf(cli->ctx.arena, "line %u: ", e->line)
					     : STR("");
			output_item(out, arena_join(cli->ctx.arena, place, e->text));
			continue;
		}
		output_object(out, NULL);
		output_str(out, "file", str_of(path));
		output_num(out, "line", e->line);
		output_str(out, "text", e->text);
		output_end(out);
	}
	output_end(out);
}

enum rc cmd_config_check(struct cli *cli)
{
	struct settings settings;
	struct conf_report report = { 0 };
	const char *path = settings_path(cli->config);
	if (path == NULL)
		return no_file(cli);
	settings_init(&settings);
	enum rc rc = settings_load(&cli->ctx, path, &settings, &report);
	output_object(&cli->out, NULL);
	output_str(&cli->out, "file", str_of(path));
	output_flag(&cli->out, "ok", rc == RC_OK);
	print_errors(cli, path, &report);
	output_end(&cli->out);
	if (rc == RC_OK)
		return RC_OK;
	cli->exit_code = EXIT_SETTINGS;
	/* what is wrong with the file is said already */
	if (report.error_count != 0)
		return RC_OK;
	return rc;
}

/* --- show --- */

/* Text as it stands behind "name = ", without its quotes. */
static struct str unquoted(struct arena *arena, struct str value)
{
	struct buf text CLEANUP(buf_free) = BUF_INIT(64 * 1024);
	if (!str_has_prefix(value, STR("\"")) || value.len < 2)
		return value;
	value = str_take(str_skip(value, 1), value.len - 2);
	for (size_t i = 0; i < value.len; i++) {
		bool escaped = value.ptr[i] == '\\' && i + 1 < value.len;
		char c = value.ptr[escaped ? ++i : i];
		buf_add_chr(&text, escaped && c == 'n' ? '\n' : escaped && c == 't' ? '\t' : c);
	}
	return arena_str(arena, buf_str(&text));
}

/* The sections and values of the printed file as objects. */
static void print_sections(struct output *out, struct str text)
{
	struct str line, name, value;
	bool open = false;
	output_object(out, NULL);
	while (str_next(&text, '\n', &line)) {
		if (str_has_prefix(line, STR("["))) {
			if (open)
				output_end(out);
			open = true;
			jw_name_str(&out->w, str_take(str_skip(line, 1), line.len - 2));
			output_object(out, NULL);
		} else if (str_split(line, '=', &name, &value)) {
			jw_name_str(&out->w, str_trim(name));
			jw_str(&out->w, unquoted(out->arena, str_trim(value)));
		}
	}
	if (open)
		output_end(out);
	output_end(out);
}

enum rc cmd_config_show(struct cli *cli)
{
	struct settings settings;
	struct conf_report report = { 0 };
	struct buf text CLEANUP(buf_free) = BUF_INIT(1024 * 1024);
	const char *path = settings_path(cli->config);
	if (path == NULL)
		return no_file(cli);
	settings_init(&settings);
	enum rc rc = settings_load(&cli->ctx, path, &settings, &report);
	if (rc != RC_OK) {
		cli->exit_code = EXIT_SETTINGS;
		return rc;
	}
	conf_print(&text, settings.tables, settings.table_count);
	if (cli->json)
		print_sections(&cli->out, buf_str(&text));
	else
		output_raw(&cli->out, buf_str(&text));
	return RC_OK;
}

/* --- reference, sample --- */

enum rc cmd_config_reference(struct cli *cli)
{
	struct settings settings;
	settings_init(&settings);
	conf_print_reference(&cli->out.buf, settings.tables, settings_public_tables(&settings));
	return RC_OK;
}

enum rc cmd_config_sample(struct cli *cli)
{
	struct settings settings;
	settings_init(&settings);
	conf_print_sample(&cli->out.buf, settings.tables, settings_public_tables(&settings));
	return RC_OK;
}
