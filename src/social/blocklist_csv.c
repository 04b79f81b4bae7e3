/* Reading a list of blocks. Pure; what strangers wrote. */
#include <stdlib.h>

#include "core/must.h"
#include "social/blocklist.h"
#include "text/html.h"
#include "text/iri.h"

#define FIELDS_MAX 32
#define COMMENT_CHARS 500

enum column {
	COLUMN_DOMAIN,
	COLUMN_SEVERITY,
	COLUMN_REJECT_MEDIA,
	COLUMN_REJECT_REPORTS,
	COLUMN_COMMENT,
	COLUMN_OBFUSCATE,
	COLUMNS,
};

static const char *const column_names[COLUMNS] = {
	[COLUMN_DOMAIN] = "domain",
	[COLUMN_SEVERITY] = "severity",
	[COLUMN_REJECT_MEDIA] = "reject_media",
	[COLUMN_REJECT_REPORTS] = "reject_reports",
	[COLUMN_COMMENT] = "public_comment",
	[COLUMN_OBFUSCATE] = "obfuscate",
};

struct reader {
	struct ctx *ctx;
	struct str rest;
	struct str fields[FIELDS_MAX];
	unsigned count;
	int columns[COLUMNS]; /* which field; -1: none */
};

/* --- RFC 4180 --- */

/* In quotes, behind the first one: "" is one of them. */
static bool read_quoted(struct reader *r, struct str *out)
{
	struct buf field = BUF_INIT(BLOCKLIST_BYTES_MAX);
	bool closed = false;
	while (r->rest.len != 0 && !closed) {
		char c = r->rest.ptr[0];
		bool twice = c == '"' && r->rest.len > 1 && r->rest.ptr[1] == '"';
		r->rest = str_skip(r->rest, twice ? 2 : 1);
		closed = c == '"' && !twice;
		if (!closed)
			buf_add_chr(&field, c);
	}
	/* what stands between it and the next comma belongs to nothing */
	while (closed && r->rest.len != 0 && strchr(",\r\n", r->rest.ptr[0]) == NULL)
		r->rest = str_skip(r->rest, 1);
	*out = arena_take_buf(r->ctx->arena, &field);
	return closed && out->ptr != NULL;
}

static bool read_field(struct reader *r, struct str *out)
{
	size_t n = 0;
	if (r->rest.len != 0 && r->rest.ptr[0] == '"') {
		r->rest = str_skip(r->rest, 1);
		return read_quoted(r, out);
	}
	while (n < r->rest.len && strchr(",\r\n", r->rest.ptr[n]) == NULL)
		n++;
	*out = str_trim(str_take(r->rest, n));
	r->rest = str_skip(r->rest, n);
	return true;
}

/* Fields beyond FIELDS_MAX are passed over. */
static bool read_line(struct reader *r)
{
	struct str field;
	bool more = true;
	for (r->count = 0; more;) {
		if (!read_field(r, &field))
			return false;
		if (r->count < FIELDS_MAX)
			r->fields[r->count++] = field;
		more = r->rest.len != 0 && r->rest.ptr[0] == ',';
		if (more)
			r->rest = str_skip(r->rest, 1);
	}
	while (r->rest.len != 0 && (r->rest.ptr[0] == '\r' || r->rest.ptr[0] == '\n'))
		r->rest = str_skip(r->rest, 1);
	return true;
}

/* --- what it means --- */

static struct str field_of(const struct reader *r, enum column column)
{
	int at = r->columns[column];
	return at >= 0 && (unsigned)at < r->count ? r->fields[at] : STR("");
}

/* False when the line names no columns. */
static bool read_columns(struct reader *r)
{
	bool named = false;
	for (unsigned c = 0; c < COLUMNS; c++)
		r->columns[c] = -1;
	for (unsigned i = 0; i < r->count; i++) {
		bool marked = r->fields[i].len != 0 && r->fields[i].ptr[0] == '#';
		struct str name = str_skip(r->fields[i], marked);
		for (unsigned c = 0; c < COLUMNS; c++) {
			if (!str_eq_nocase(name, str_of(column_names[c])))
				continue;
			r->columns[c] = (int)i;
			named = true;
		}
	}
	if (!named)
		r->columns[COLUMN_DOMAIN] = 0;
	return named;
}

static bool is_true(struct str word)
{
	return str_eq_nocase(word, STR("true")) || str_eq_nocase(word, STR("yes")) ||
	       str_eq(word, STR("1"));
}

static bool read_severity(const struct reader *r, struct block_entry *out)
{
	struct str word = field_of(r, COLUMN_SEVERITY);
	if (word.len == 0 || str_eq_nocase(word, STR("suspend")))
		out->policy = PEER_BLOCKED;
	else if (str_eq_nocase(word, STR("silence")))
		out->policy = PEER_LIMITED;
	else if (str_eq_nocase(word, STR("noop")))
		out->policy = PEER_DEFAULT;
	else
		return false;
	if (is_true(field_of(r, COLUMN_REJECT_MEDIA)))
		out->flags |= PEER_REJECT_MEDIA;
	if (is_true(field_of(r, COLUMN_REJECT_REPORTS)))
		out->flags |= PEER_REJECT_REPORTS;
	/* a name that is hidden in part, as lists have them, is none: this says so for ours */
	if (is_true(field_of(r, COLUMN_OBFUSCATE)))
		out->flags |= PEER_OBFUSCATE;
	return out->policy != PEER_DEFAULT ||
	       (out->flags & (PEER_REJECT_MEDIA | PEER_REJECT_REPORTS)) != 0;
}

static bool read_entry(const struct reader *r, struct block_entry *out)
{
	struct ctx quiet = { .arena = r->ctx->arena };
	struct str comment;
	*out = (struct block_entry){ .comment = STR("") };
	if (iri_authority(&quiet, field_of(r, COLUMN_DOMAIN), IRI_LITERAL, &out->host) != RC_OK ||
	    out->host.len > 253 || !read_severity(r, out))
		return false;
	if (text_clean(&quiet, field_of(r, COLUMN_COMMENT), COMMENT_CHARS, 4 * COMMENT_CHARS,
		       &comment) == RC_OK)
		out->comment = comment;
	return true;
}

/* The stricter one first. */
static int by_host(const void *a, const void *b)
{
	const struct block_entry *x = a, *y = b;
	int order = str_cmp(x->host, y->host);
	if (order != 0)
		return order;
	return (x->policy == PEER_BLOCKED) < (y->policy == PEER_BLOCKED) ? 1 : -1;
}

static void make_unique(struct block_rows *rows)
{
	size_t n = 0;
	if (rows->count != 0)
		qsort(rows->list, rows->count, sizeof(rows->list[0]), by_host);
	for (size_t i = 0; i < rows->count; i++) {
		if (n == 0 || !str_eq(rows->list[i].host, rows->list[n - 1].host))
			rows->list[n++] = rows->list[i];
	}
	rows->count = n;
}

static enum rc read_all(struct reader *r, struct block_rows *out)
{
	bool first = true;
	while (r->rest.len != 0) {
		if (!read_line(r))
			return ctx_fail(r->ctx, RC_INVALID, "a quote in the list does not end");
		bool head = first && read_columns(r);
		first = false;
		if (head && r->columns[COLUMN_DOMAIN] < 0)
			return ctx_fail(r->ctx, RC_INVALID, "the list has no column of domains");
		if (head || (r->count == 1 && r->fields[0].len == 0))
			continue;
		if (out->count == BLOCKLIST_HOSTS_MAX)
			return ctx_fail(r->ctx, RC_TOO_LARGE, "the list has more than %d hosts",
					BLOCKLIST_HOSTS_MAX);
		if (read_entry(r, &out->list[out->count]))
			out->count++;
		else
			out->skipped++;
	}
	return RC_OK;
}

enum rc blocklist_parse(struct ctx *ctx, struct str text, struct block_rows *out)
{
	struct ctx quiet = { .arena = ctx->arena };
	struct reader r = { .ctx = ctx, .rest = text };
	struct str clean;
	*out = (struct block_rows){ .count = 0 };
	if (text.len > BLOCKLIST_BYTES_MAX)
		return ctx_fail(ctx, RC_TOO_LARGE, "the list is too long");
	if (text_clean(&quiet, text, BLOCKLIST_BYTES_MAX, BLOCKLIST_BYTES_MAX, &clean) != RC_OK)
		return ctx_fail(ctx, RC_INVALID, "the list is not UTF-8");
	r.rest = clean;
	out->list = ARENA_ARRAY(ctx->arena, BLOCKLIST_HOSTS_MAX, struct block_entry);
	enum rc rc = out->list != NULL ? read_all(&r, out) : RC_NO_MEMORY;
	if (rc == RC_OK && arena_failed(ctx->arena))
		rc = ctx_fail(ctx, RC_NO_MEMORY, "out of memory");
	if (rc == RC_OK)
		make_unique(out);
	else
		out->count = 0;
	return rc;
}
