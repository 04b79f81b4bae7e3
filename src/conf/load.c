/*
 * Loads settings: reads the items of a file into copies of the modules' structs, collects
 * everything that is wrong, and puts the copies in place when nothing is. Called at the start and
 * on reload, by the main thread.
 */
#include <stdarg.h>
#include <stdio.h>

#include "conf_int.h"
#include "core/nearest.h"

/* Beyond this a file is not one of settings, and the rest of the messages would help nobody. */
#define ERRORS_MAX 200

/* A table while its section is read. */
struct draft {
	const struct conf_table *table;
	void *values;	 /* the copy */
	unsigned *lines; /* where each row was set; 0 when it was not */
};

struct loader {
	struct ctx *ctx;
	struct str folder;
	struct draft *drafts;
	size_t count;
	struct draft *section; /* the one being read; NULL before the first and in an unknown one */
	bool in_unknown;
	struct conf_error *errors;
	size_t error_count;
};

static void add_error(struct loader *loader, unsigned line, const char *fmt, ...) PRINTF_LIKE(3, 4);

static void add_error(struct loader *loader, unsigned line, const char *fmt, ...)
{
	char text[512];
	va_list ap;
	if (loader->error_count == ERRORS_MAX)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	struct conf_error *error = &loader->errors[loader->error_count++];
	error->line = line;
	error->text = arena_str(loader->ctx->arena, str_of(text));
}

/* -- known names -- */

static struct draft *find_section(const struct loader *loader, struct str name)
{
	for (size_t i = 0; i < loader->count; i++) {
		if (str_eq(str_of(loader->drafts[i].table->section), name))
			return &loader->drafts[i];
	}
	return NULL;
}

static const struct conf_row *find_row(const struct conf_table *table, struct str name)
{
	for (size_t i = 0; i < table->row_count; i++) {
		if (str_eq(str_of(table->rows[i].name), name))
			return &table->rows[i];
	}
	return NULL;
}

static struct str short_name(struct str name)
{
	return str_take(name, CONF_QUOTE_MAX);
}

static void unknown_section(struct loader *loader, const struct conf_item *item)
{
	struct nearest nearest;
	struct str name = short_name(item->name);
	nearest_init(&nearest, item->name);
	for (size_t i = 0; i < loader->count; i++)
		nearest_offer(&nearest, str_of(loader->drafts[i].table->section));
	if (nearest.best.ptr != NULL)
		add_error(loader, item->line, "there is no section [%.*s]; did you mean [%.*s]?",
			  STR_ARG(name), STR_ARG(nearest.best));
	else
		add_error(loader, item->line, "there is no section [%.*s]", STR_ARG(name));
}

/* The section that does have a row of this name; NULL when none has. */
static const char *section_of(const struct loader *loader, struct str name)
{
	for (size_t i = 0; i < loader->count; i++) {
		if (find_row(loader->drafts[i].table, name) != NULL)
			return loader->drafts[i].table->section;
	}
	return NULL;
}

static void unknown_name(struct loader *loader, const struct conf_item *item)
{
	const struct conf_table *table = loader->section->table;
	const char *elsewhere = section_of(loader, item->name);
	struct nearest nearest;
	struct str name = short_name(item->name);
	nearest_init(&nearest, item->name);
	for (size_t i = 0; i < table->row_count; i++)
		nearest_offer(&nearest, str_of(table->rows[i].name));
	if (elsewhere != NULL)
		add_error(loader, item->line, "there is no \"%.*s\" in [%s]; it belongs in [%s]",
			  STR_ARG(name), table->section, elsewhere);
	else if (nearest.best.ptr != NULL)
		add_error(loader, item->line,
			  "there is no \"%.*s\" in [%s]; did you mean \"%.*s\"?", STR_ARG(name),
			  table->section, STR_ARG(nearest.best));
	else
		add_error(loader, item->line, "there is no \"%.*s\" in [%s]", STR_ARG(name),
			  table->section);
}

/* -- items -- */

static void load_value(struct loader *loader, unsigned line, struct draft *draft,
		       const struct conf_row *row, struct str text)
{
	struct ctx sub = { .arena = loader->ctx->arena };
	if (conf_value_parse(&sub, row, text, loader->folder, draft->values) != RC_OK)
		add_error(loader, line, "%s: %s", row->name, err_text(&sub.err));
}

static void load_setting(struct loader *loader, const struct conf_item *item)
{
	struct draft *draft = loader->section;
	if (draft == NULL) {
		/* what stands in an unknown section is reported with its heading */
		if (!loader->in_unknown)
			add_error(loader, item->line, "\"%.*s\" stands before any [section]",
				  STR_ARG(short_name(item->name)));
		return;
	}
	const struct conf_row *row = find_row(draft->table, item->name);
	if (row == NULL) {
		unknown_name(loader, item);
		return;
	}
	unsigned *line = &draft->lines[row - draft->table->rows];
	if (*line != 0) {
		add_error(loader, item->line, "%s was set already, on line %u", row->name, *line);
		return;
	}
	*line = item->line;
	load_value(loader, item->line, draft, row, item->value);
}

static void load_item(struct loader *loader, const struct conf_item *item)
{
	switch (item->kind) {
	case CONF_ITEM_SECTION:
		loader->section = find_section(loader, item->name);
		loader->in_unknown = loader->section == NULL;
		if (loader->in_unknown)
			unknown_section(loader, item);
		break;
	case CONF_ITEM_SETTING:
		load_setting(loader, item);
		break;
	case CONF_ITEM_PROBLEM:
		add_error(loader, item->line, "%s", item->problem);
		break;
	}
}

static void load_defaults(struct loader *loader, struct draft *draft)
{
	for (size_t i = 0; i < draft->table->row_count; i++) {
		const struct conf_row *row = &draft->table->rows[i];
		if (draft->lines[i] != 0)
			continue;
		if (row->fallback != NULL)
			load_value(loader, 0, draft, row, str_of(row->fallback));
		else
			add_error(loader, 0, "%s in [%s] must be given: %s", row->name,
				  draft->table->section, row->help);
	}
}

/* -- all of it -- */

static bool loader_init(struct loader *loader, const struct conf_table *tables)
{
	struct arena *arena = loader->ctx->arena;
	loader->drafts = ARENA_ARRAY(arena, loader->count, struct draft);
	loader->errors = ARENA_ARRAY(arena, ERRORS_MAX, struct conf_error);
	if (loader->drafts == NULL || loader->errors == NULL)
		return false;
	for (size_t i = 0; i < loader->count; i++) {
		struct draft *draft = &loader->drafts[i];
		draft->table = &tables[i];
		draft->values = arena_alloc(arena, tables[i].values_size);
		draft->lines = ARENA_ARRAY(arena, tables[i].row_count, unsigned);
		if (draft->values == NULL || draft->lines == NULL)
			return false;
		memcpy(draft->values, tables[i].values, tables[i].values_size);
	}
	return true;
}

static enum rc fail_with_first(struct ctx *ctx, const struct conf_report *report)
{
	const struct conf_error *first = &report->errors[0];
	const char *more = report->error_count > 1 ? " (and more)" : "";
	if (first->line == 0)
		return ctx_fail(ctx, RC_INVALID, "%.*s%s", STR_ARG(first->text), more);
	return ctx_fail(ctx, RC_INVALID, "line %u: %.*s%s", first->line, STR_ARG(first->text),
			more);
}

enum rc conf_load(struct ctx *ctx, struct str text, struct str folder, struct conf_table *tables,
		  size_t table_count, struct conf_report *report)
{
	struct loader loader = { .ctx = ctx, .folder = folder, .count = table_count };
	struct conf_parser parser;
	struct conf_item item;
	*report = (struct conf_report){ 0 };
	/* values are views into the text, and live as long as the arena */
	text = arena_str(ctx->arena, text);
	if (!loader_init(&loader, tables))
		return ctx_fail(ctx, RC_NO_MEMORY, "out of memory");
	conf_parser_init(&parser, ctx->arena, text);
	while (conf_parser_next(&parser, &item))
		load_item(&loader, &item);
	for (size_t i = 0; i < loader.count; i++)
		load_defaults(&loader, &loader.drafts[i]);
	if (arena_failed(ctx->arena))
		return ctx_fail(ctx, RC_NO_MEMORY, "out of memory");
	*report = (struct conf_report){ loader.errors, loader.error_count };
	if (loader.error_count != 0)
		return fail_with_first(ctx, report);
	for (size_t i = 0; i < loader.count; i++)
		memcpy(tables[i].values, loader.drafts[i].values, tables[i].values_size);
	return RC_OK;
}
