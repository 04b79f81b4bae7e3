/* What a command prints, as JSON or as lines. Owned by the command's thread. */
#include "output.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "core/date.h"
#include "core/must.h"
#include "core/utf8.h"

#define OUTPUT_MAX ((size_t)256 << 20)
#define SENTENCE_MAX 2048

/* Cells in the order in which they were added; row says where each belongs. */
struct output_cell {
	struct output_cell *next;
	const char *name;
	struct str text;
	size_t row;
	size_t width; /* in code points */
};

void output_init(struct output *out, struct arena *arena, bool json)
{
	*out = (struct output){ .json = json, .arena = arena };
	buf_init(&out->buf, OUTPUT_MAX);
	jw_init(&out->w, &out->buf);
}

void output_free(struct output *out)
{
	buf_free(&out->buf);
}

bool output_flush(struct output *out, int fd)
{
	struct str rest = buf_str(&out->buf);
	if (out->buf.failed)
		return false;
	if (out->json && rest.len != 0 && rest.ptr[rest.len - 1] != '\n') {
		buf_add_chr(&out->buf, '\n');
		rest = buf_str(&out->buf);
	}
	while (rest.len != 0) {
		ssize_t n = write(fd, rest.ptr, rest.len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		rest = str_skip(rest, (size_t)n);
	}
	return true;
}

void output_clean(struct buf *buf, struct str text)
{
	uint32_t code;
	while (text.len != 0) {
		struct str before = text;
		if (!utf8_next(&text, &code)) {
			buf_add_chr(buf, '?');
			text = str_skip(before, 1);
			continue;
		}
		/* C0, DEL, C1, and marks that turn the direction of what follows */
		bool turns =
			(code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
		if (code == '\n' || code == '\t')
			buf_add_chr(buf, ' ');
		else if (code < 0x20 || (code >= 0x7f && code < 0xa0) || turns)
			buf_add_chr(buf, '?');
		else
			buf_add(buf, str_take(before, before.len - text.len));
	}
}

/* --- lines for people --- */

static void push(struct output *out, enum output_kind kind)
{
	must(out->depth < OUTPUT_DEPTH_MAX);
	out->open[out->depth++] = kind;
}

static bool inside(const struct output *out, enum output_kind kind)
{
	return out->depth > 0 && out->open[out->depth - 1] == kind;
}

static void line_begin(struct output *out)
{
	for (unsigned i = 1; i < out->depth; i++)
		buf_add(&out->buf, out->dash && i + 1 == out->depth ? STR("- ") : STR("  "));
	out->dash = false;
}

static void cell_add(struct output *out, const char *name, struct str text)
{
	struct buf clean CLEANUP(buf_free) = BUF_INIT(OUTPUT_MAX);
	struct output_cell *cell = ARENA_NEW(out->arena, struct output_cell);
	output_clean(&clean, text);
	if (cell == NULL) {
		buf_fail(&out->buf);
		return;
	}
	*cell = (struct output_cell){ .name = name,
				      .text = arena_str(out->arena, buf_str(&clean)),
				      .row = out->rows,
				      .width = utf8_count(buf_str(&clean)) };
	if (out->last != NULL)
		out->last->next = cell;
	else
		out->first = cell;
	out->last = cell;
}

static void line_put(struct output *out, const char *name, struct str text)
{
	if (inside(out, OUTPUT_ROW)) {
		cell_add(out, name, text);
		return;
	}
	line_begin(out);
	if (name != NULL)
		buf_addf(&out->buf, "%s: ", name);
	output_clean(&out->buf, text);
	buf_add_chr(&out->buf, '\n');
}

static void pad(struct buf *buf, size_t n)
{
	while (n-- > 0)
		buf_add_chr(buf, ' ');
}

static void cell_print(struct output *out, struct str text, size_t width, size_t column_width,
		       bool last_in_row)
{
	buf_add(&out->buf, text);
	if (last_in_row)
		buf_add_chr(&out->buf, '\n');
	else
		pad(&out->buf, column_width - width + 2);
}

static bool ends_row(const struct output_cell *cell)
{
	return cell->next == NULL || cell->next->row != cell->row;
}

static void table_print(struct output *out)
{
	size_t widths[OUTPUT_COLUMNS_MAX] = { 0 }, column = 0;
	for (const struct output_cell *c = out->first; c != NULL; c = c->next) {
		must(column < OUTPUT_COLUMNS_MAX);
		size_t name = strlen(c->name), width = c->width > name ? c->width : name;
		if (width > widths[column])
			widths[column] = width;
		column = ends_row(c) ? 0 : column + 1;
	}
	column = 0;
	for (const struct output_cell *c = out->first; c != NULL && c->row == 0; c = c->next) {
		cell_print(out, str_of(c->name), strlen(c->name), widths[column], ends_row(c));
		column++;
	}
	column = 0;
	for (const struct output_cell *c = out->first; c != NULL; c = c->next) {
		cell_print(out, c->text, c->width, widths[column], ends_row(c));
		column = ends_row(c) ? 0 : column + 1;
	}
	out->first = out->last = NULL;
	out->rows = 0;
}

/* --- structure --- */

static void open_one(struct output *out, enum output_kind kind, const char *name)
{
	if (out->json) {
		if (name != NULL)
			jw_name(&out->w, name);
		if (kind == OUTPUT_LIST || kind == OUTPUT_TABLE)
			jw_array(&out->w);
		else
			jw_object(&out->w);
	} else if (name != NULL && kind != OUTPUT_TABLE) {
		line_begin(out);
		buf_addf(&out->buf, "%s:\n", name);
	}
	bool item = inside(out, OUTPUT_LIST) && name == NULL;
	push(out, kind);
	out->dash = item;
}

void output_object(struct output *out, const char *name)
{
	open_one(out, OUTPUT_OBJECT, name);
}

void output_list(struct output *out, const char *name)
{
	open_one(out, OUTPUT_LIST, name);
}

void output_table(struct output *out, const char *name)
{
	open_one(out, OUTPUT_TABLE, name);
}

void output_row(struct output *out)
{
	must(inside(out, OUTPUT_TABLE));
	open_one(out, OUTPUT_ROW, NULL);
}

void output_end(struct output *out)
{
	must(out->depth > 0);
	enum output_kind kind = out->open[--out->depth];
	if (kind == OUTPUT_ROW)
		out->rows++;
	if (out->json)
		jw_end(&out->w);
	else if (kind == OUTPUT_TABLE)
		table_print(out);
}

/* --- values --- */

void output_str(struct output *out, const char *name, struct str value)
{
	if (out->json)
		jw_member_str(&out->w, name, value);
	else
		line_put(out, name, value);
}

void output_opt(struct output *out, const char *name, struct str value)
{
	if (out->json)
		jw_member_str(&out->w, name, value.len != 0 ? value : STR_NONE);
	else if (value.len != 0 || inside(out, OUTPUT_ROW))
		line_put(out, name, value.len != 0 ? value : STR("-"));
}

void output_num(struct output *out, const char *name, uint64_t value)
{
	char text[24];
	snprintf(text, sizeof(text), "%llu", (unsigned long long)value);
	if (out->json)
		jw_member_u64(&out->w, name, value);
	else
		line_put(out, name, str_of(text));
}

void output_id(struct output *out, const char *name, uint64_t id)
{
	char text[24];
	snprintf(text, sizeof(text), "%llu", (unsigned long long)id);
	output_opt(out, name, id != 0 ? str_of(text) : STR_NONE);
}

void output_date(struct output *out, const char *name, uint64_t ms)
{
	struct buf text CLEANUP(buf_free) = BUF_INIT(64);
	if (ms != 0)
		date_add_rfc3339(&text, ms);
	output_opt(out, name, buf_str(&text));
}

void output_flag(struct output *out, const char *name, bool value)
{
	if (out->json)
		jw_member_bool(&out->w, name, value);
	else
		line_put(out, name, value ? STR("yes") : STR("no"));
}

void output_item(struct output *out, struct str value)
{
	if (out->json) {
		jw_str(&out->w, value);
		return;
	}
	line_begin(out);
	buf_add(&out->buf, STR("- "));
	output_clean(&out->buf, value);
	buf_add_chr(&out->buf, '\n');
}

void output_say(struct output *out, const char *fmt, ...)
{
	char text[SENTENCE_MAX];
	va_list ap;
	if (out->json)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	output_clean(&out->buf, str_of(text));
	buf_add_chr(&out->buf, '\n');
}

void output_raw(struct output *out, struct str bytes)
{
	buf_add(&out->buf, bytes);
}
