/* Reading and writing comma-separated values. Pure. */
#include "text/csv.h"

/* --- writing --- */

static bool needs_quotes(struct str field)
{
	for (size_t i = 0; i < field.len; i++) {
		char c = field.ptr[i];
		if (c == ',' || c == '"' || c == '\r' || c == '\n')
			return true;
	}
	/* blanks at the ends would be lost with some readers */
	return field.len != str_trim(field).len;
}

void csv_add(struct buf *out, struct str field, bool first)
{
	if (!first)
		buf_add_chr(out, ',');
	if (!needs_quotes(field)) {
		buf_add(out, field);
		return;
	}
	/* RFC 4180 section 2, rules 6 and 7 */
	buf_add_chr(out, '"');
	for (size_t i = 0; i < field.len; i++) {
		if (field.ptr[i] == '"')
			buf_add_chr(out, '"');
		buf_add_chr(out, field.ptr[i]);
	}
	buf_add_chr(out, '"');
}

/* A line feed alone, as Mastodon and most others write it; RFC 4180 would have a return before it. */
void csv_end_row(struct buf *out)
{
	buf_add_chr(out, '\n');
}

/* --- reading --- */

static bool at_end_of_row(struct str s)
{
	return s.len == 0 || s.ptr[0] == '\n' ||
	       (s.ptr[0] == '\r' && s.len > 1 && s.ptr[1] == '\n');
}

static void pass_end_of_row(struct csv *csv)
{
	if (csv->rest.len != 0 && csv->rest.ptr[0] == '\r')
		csv->rest = str_skip(csv->rest, 1);
	csv->rest = str_skip(csv->rest, 1);
	csv->lines++;
}

static enum rc quoted(struct ctx *ctx, struct csv *csv, struct str *out)
{
	struct buf text = BUF_INIT(csv->rest.len + 1);
	bool closed = false;
	csv->rest = str_skip(csv->rest, 1);
	while (csv->rest.len != 0 && !closed) {
		char c = csv->rest.ptr[0];
		csv->rest = str_skip(csv->rest, 1);
		if (c == '"' && csv->rest.len != 0 && csv->rest.ptr[0] == '"')
			csv->rest = str_skip(csv->rest, 1);
		else if (c == '"')
			closed = true;
		csv->lines += c == '\n';
		if (!closed)
			buf_add_chr(&text, c);
	}
	/* what is empty is there all the same */
	*out = text.len != 0 ? arena_take_buf(ctx->arena, &text) : STR("");
	buf_free(&text);
	if (!closed)
		return ctx_fail(ctx, RC_INVALID, "line %u: a quote is not closed", csv->line);
	if (!at_end_of_row(csv->rest) && csv->rest.ptr[0] != ',')
		return ctx_fail(ctx, RC_INVALID, "line %u: there is something behind a quote",
				csv->line);
	return RC_OK;
}

static void plain(struct ctx *ctx, struct csv *csv, struct str *out)
{
	size_t n = 0;
	while (!at_end_of_row(str_skip(csv->rest, n)) && csv->rest.ptr[n] != ',')
		n++;
	*out = arena_str(ctx->arena, str_take(csv->rest, n));
	csv->rest = str_skip(csv->rest, n);
}

enum rc csv_row(struct ctx *ctx, struct csv *csv, struct str *fields, size_t max, size_t *count)
{
	if (csv->lines == 0 && str_has_prefix(csv->rest, STR("\xef\xbb\xbf")))
		csv->rest = str_skip(csv->rest, 3);
	csv->lines += csv->lines == 0;
	while (csv->rest.len != 0 && at_end_of_row(csv->rest))
		pass_end_of_row(csv);
	csv->line = csv->lines;
	*count = 0;
	if (csv->rest.len == 0)
		return RC_NOT_FOUND;
	for (;;) {
		enum rc rc = RC_OK;
		if (*count == max)
			return ctx_fail(ctx, RC_TOO_LARGE,
					"line %u: there are more than %zu fields", csv->line, max);
		if (csv->rest.len != 0 && csv->rest.ptr[0] == '"')
			rc = quoted(ctx, csv, &fields[*count]);
		else
			plain(ctx, csv, &fields[*count]);
		if (rc != RC_OK)
			return rc;
		++*count;
		if (at_end_of_row(csv->rest))
			break;
		csv->rest = str_skip(csv->rest, 1);
	}
	if (csv->rest.len != 0)
		pass_end_of_row(csv);
	return arena_failed(ctx->arena) ? RC_NO_MEMORY : RC_OK;
}
