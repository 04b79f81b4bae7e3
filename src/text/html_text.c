/*
 * The text of our own HTML, as a person would read it. Takes what the writer wrote: every "<"
 * begins a tag and every attribute is quoted and escaped. Stateless, any thread.
 */
#include "html_int.h"

/* What a tag is worth in line ends. */
struct line_row {
	struct str tag;
	unsigned lines;
};

static const struct line_row line_rows[] = {
	{ STR_INIT("p"), 2 },	 { STR_INIT("/p"), 2 },		{ STR_INIT("pre"), 2 },
	{ STR_INIT("/pre"), 2 }, { STR_INIT("blockquote"), 2 }, { STR_INIT("/blockquote"), 2 },
	{ STR_INIT("ul"), 2 },	 { STR_INIT("/ul"), 2 },	{ STR_INIT("ol"), 2 },
	{ STR_INIT("/ol"), 2 },	 { STR_INIT("li"), 1 },		{ STR_INIT("/li"), 1 },
};

struct reader {
	struct buf out;
	unsigned lines; /* that are due before further text */
};

static void reader_free(struct reader *r)
{
	buf_free(&r->out);
}

static void add_lines(struct reader *r)
{
	for (; r->lines != 0 && r->out.len != 0; r->lines--)
		buf_add_chr(&r->out, '\n');
	r->lines = 0;
}

static void read_text(struct reader *r, struct str text)
{
	if (text.len == 0)
		return;
	add_lines(r);
	buf_add(&r->out, text);
}

/* tag is what stands between the angle brackets. */
static void read_tag(struct reader *r, struct str tag)
{
	struct str name = str_take(tag, str_index(tag, ' '));
	if (str_eq(name, STR("br"))) {
		add_lines(r);
		buf_add_chr(&r->out, '\n');
		return;
	}
	for (size_t i = 0; i < ARRAY_LEN(line_rows); i++) {
		if (str_eq(name, line_rows[i].tag) && r->lines < line_rows[i].lines)
			r->lines = line_rows[i].lines;
	}
}

struct reference_row {
	struct str name;
	struct str text;
};

static const struct reference_row references[] = {
	{ STR_INIT("&amp;"), STR_INIT("&") }, { STR_INIT("&lt;"), STR_INIT("<") },
	{ STR_INIT("&gt;"), STR_INIT(">") },  { STR_INIT("&quot;"), STR_INIT("\"") },
	{ STR_INIT("&#39;"), STR_INIT("'") },
};

/* Takes a reference off the start of *rest; one that the writer does not write is text. */
static void read_reference(struct reader *r, struct str *rest)
{
	for (size_t i = 0; i < ARRAY_LEN(references); i++) {
		if (str_has_prefix(*rest, references[i].name)) {
			read_text(r, references[i].text);
			*rest = str_skip(*rest, references[i].name.len);
			return;
		}
	}
	read_text(r, STR("&"));
	*rest = str_skip(*rest, 1);
}

enum rc html_to_text(struct ctx *ctx, struct html html, struct str *out)
{
	/* no reference is shorter than what it stands for, and a tag longer than its line ends */
	CLEANUP(reader_free) struct reader r = { .out = BUF_INIT(html.markup.len + 2) };
	struct str rest = html.markup;
	while (rest.len != 0) {
		size_t plain = 0;
		while (plain < rest.len && rest.ptr[plain] != '<' && rest.ptr[plain] != '&')
			plain++;
		read_text(&r, str_take(rest, plain));
		rest = str_skip(rest, plain);
		if (rest.len == 0)
			break;
		if (rest.ptr[0] == '&') {
			read_reference(&r, &rest);
			continue;
		}
		size_t end = str_index(rest, '>');
		read_tag(&r, str_take(str_skip(rest, 1), end - 1));
		rest = str_skip(rest, end + 1);
	}
	*out = arena_take_buf(ctx->arena, &r.out);
	return out->ptr != NULL ? RC_OK : ctx_fail(ctx, RC_NO_MEMORY, "HTML: no memory");
}
