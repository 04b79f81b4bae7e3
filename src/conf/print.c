/*
 * Settings as text: the values in force, the reference in Markdown, a sample file. All three are
 * written from the tables, so that none can say anything else than the program does. Stateless, any
 * thread.
 */
#include "conf_int.h"

void conf_print(struct buf *out, const struct conf_table *tables, size_t table_count)
{
	for (size_t t = 0; t < table_count; t++) {
		buf_addf(out, "%s[%s]\n", t != 0 ? "\n" : "", tables[t].section);
		for (size_t i = 0; i < tables[t].row_count; i++) {
			buf_addf(out, "%s = ", tables[t].rows[i].name);
			conf_value_print(out, &tables[t].rows[i], tables[t].values);
			buf_add_chr(out, '\n');
		}
	}
}

/* "16 to 4096 bytes", "at least 1 s"; nothing when there is no bound. */
static void add_bounds(struct buf *out, const struct conf_row *row)
{
	bool number =
		row->type == CONF_U64 || row->type == CONF_BYTES || row->type == CONF_DURATION;
	if (row->min == 0 && row->max == 0)
		return;
	if (row->max == 0)
		buf_add(out, STR("at least "));
	else if (row->min == 0)
		buf_add(out, STR("at most "));
	if (row->min != 0)
		conf_value_print_number(out, row->type, row->min);
	if (row->min != 0 && row->max != 0)
		buf_add(out, STR(" to "));
	if (row->max != 0)
		conf_value_print_number(out, row->type, row->max);
	if (!number)
		buf_add(out, STR(" bytes"));
}

/* "off, on or allow-list" */
static void add_choices(struct buf *out, const struct conf_row *row)
{
	struct str rest = str_of(row->choices), choice;
	bool first = true;
	while (str_next(&rest, ' ', &choice)) {
		if (!first)
			buf_add(out, rest.ptr != NULL ? STR(", ") : STR(" or "));
		buf_add(out, choice);
		first = false;
	}
}

/* What may stand there: type or choices, then bounds. */
static void add_domain_of_values(struct buf *out, const struct conf_row *row)
{
	struct buf bounds CLEANUP(buf_free) = BUF_INIT(256);
	if (row->type == CONF_ENUM)
		add_choices(out, row);
	else
		buf_add(out, str_of(conf_type_name(row->type)));
	add_bounds(&bounds, row);
	if (bounds.len != 0)
		buf_addf(out, ", %.*s", STR_ARG(buf_str(&bounds)));
}

/* A cell of a Markdown table may hold no bar and no line end. */
static void add_cell(struct buf *out, struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		if (c == '|')
			buf_add_chr(out, '\\');
		buf_add_chr(out, c == '\n' ? ' ' : c);
	}
}

static void add_reference_row(struct buf *out, const struct conf_row *row)
{
	buf_addf(out, "| `%s` | ", row->name);
	add_domain_of_values(out, row);
	buf_add(out, STR(" | "));
	if (row->fallback == NULL) {
		buf_add(out, STR("must be given"));
	} else if (row->fallback[0] == '\0') {
		buf_add(out, STR("none"));
	} else {
		buf_add_chr(out, '`');
		add_cell(out, str_of(row->fallback));
		buf_add_chr(out, '`');
	}
	buf_add(out, row->reload == CONF_RELOAD ? STR(" | yes | ") : STR(" | no | "));
	add_cell(out, str_of(row->help));
	buf_add(out, STR(" |\n"));
}

void conf_print_reference(struct buf *out, const struct conf_table *tables, size_t table_count)
{
	for (size_t t = 0; t < table_count; t++) {
		buf_addf(out, "%s### [%s]\n\n%s\n\n", t != 0 ? "\n" : "", tables[t].section,
			 tables[t].help);
		buf_add(out, STR("| name | value | default | on reload | meaning |\n"
				 "|---|---|---|---|---|\n"));
		for (size_t i = 0; i < tables[t].row_count; i++)
			add_reference_row(out, &tables[t].rows[i]);
	}
}

/* Words in lines of a comment, none longer than a screen is wide. */
static void add_comment(struct buf *out, struct str text)
{
	const size_t width = 100;
	struct str word;
	size_t column = 0;
	while (str_next(&text, ' ', &word)) {
		if (column != 0 && column + 1 + word.len > width) {
			buf_add_chr(out, '\n');
			column = 0;
		}
		buf_add(out, column == 0 ? STR("# ") : STR(" "));
		buf_add(out, word);
		column += word.len + (column == 0 ? 2 : 1);
	}
	buf_add_chr(out, '\n');
}

/* Something to put in the place of a value that has no default. */
static const char *example_of(enum conf_type type)
{
	static const char *const examples[] = {
		[CONF_STR] = "\"...\"",
		[CONF_U64] = "1",
		[CONF_BOOL] = "yes",
		[CONF_BYTES] = "1 MiB",
		[CONF_DURATION] = "1 s",
		[CONF_ENUM] = "...",
		[CONF_DOMAIN] = "social.example.org",
		[CONF_LISTEN] = "127.0.0.1:8080",
		[CONF_PATH] = "/path/to/it",
	};
	return examples[type];
}

static void add_sample_row(struct buf *out, const struct conf_row *row)
{
	struct buf comment CLEANUP(buf_free) = BUF_INIT(4096);
	buf_addf(&comment, "%s (", row->help);
	add_domain_of_values(&comment, row);
	buf_add(&comment, row->fallback == NULL ? STR("; must be given)") : STR(")"));
	buf_add_chr(out, '\n');
	add_comment(out, buf_str(&comment));
	buf_addf(out, "#%s = ", row->name);
	if (row->fallback == NULL)
		buf_add(out, str_of(example_of(row->type)));
	else if (row->type == CONF_BYTES || row->type == CONF_DURATION)
		buf_add(out, str_of(row->fallback));
	else
		conf_value_print_text(out, str_of(row->fallback));
	buf_add_chr(out, '\n');
}

void conf_print_sample(struct buf *out, const struct conf_table *tables, size_t table_count)
{
	for (size_t t = 0; t < table_count; t++) {
		if (t != 0)
			buf_add_chr(out, '\n');
		add_comment(out, str_of(tables[t].help));
		buf_addf(out, "[%s]\n", tables[t].section);
		for (size_t i = 0; i < tables[t].row_count; i++)
			add_sample_row(out, &tables[t].rows[i]);
	}
}
