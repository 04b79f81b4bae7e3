/*
 * The blocks of Markdown (CommonMark section 4 and 5, as far as posts use them), for peers that
 * send their text as it was typed. What comes out goes through the sanitiser, which is why nothing
 * here need be closed in order. Line ends are kept: people mean them. Stateless, any thread.
 */
#include "core/attr.h"
#include "core/utf8.h"
#include "markdown_int.h"
#include "text/html.h"

#define NESTING_MAX 6 /* of quotes and lists */

static struct str indent_off(struct str line, size_t *indent)
{
	*indent = 0;
	while (line.len != 0 && (line.ptr[0] == ' ' || line.ptr[0] == '\t')) {
		*indent += line.ptr[0] == '\t' ? 4 : 1;
		line = str_skip(line, 1);
	}
	return line;
}

static struct str line_of(struct str text)
{
	struct str line = str_take(text, str_index(text, '\n'));
	return str_has_suffix(line, STR("\r")) ? str_take(line, line.len - 1) : line;
}

static struct str next_line(struct str text)
{
	return str_skip(text, str_index(text, '\n') + 1);
}

/* --- what a line begins --- */

enum block { TEXT, BLANK, HEADING, RULE, QUOTE, BULLET, NUMBER, FENCE };

static bool is_rule(struct str line)
{
	size_t marks = 0;
	char mark = line.len != 0 ? line.ptr[0] : '\0';
	if (mark != '-' && mark != '*' && mark != '_')
		return false;
	for (size_t i = 0; i < line.len; i++) {
		if (line.ptr[i] == mark)
			marks++;
		else if (line.ptr[i] != ' ' && line.ptr[i] != '\t')
			return false;
	}
	return marks >= 3;
}

static size_t number_length(struct str line)
{
	size_t n = 0;
	while (n < line.len && n < 9 && line.ptr[n] >= '0' && line.ptr[n] <= '9')
		n++;
	return n != 0 && n + 1 < line.len && (line.ptr[n] == '.' || line.ptr[n] == ')') &&
			       line.ptr[n + 1] == ' '
		       ? n + 2
		       : 0;
}

/* *skip: how many bytes of the line are its mark. */
static enum block block_of(struct str line, size_t *skip)
{
	size_t n = 0;
	*skip = 0;
	if (line.len == 0)
		return BLANK;
	if (is_rule(line))
		return RULE;
	if (str_has_prefix(line, STR("```")) || str_has_prefix(line, STR("~~~")))
		return FENCE;
	if (line.ptr[0] == '>') {
		*skip = line.len > 1 && line.ptr[1] == ' ' ? 2 : 1;
		return QUOTE;
	}
	while (n < line.len && n < 7 && line.ptr[n] == '#')
		n++;
	/* "#tag" is a hashtag, not a heading */
	if (n != 0 && n < 7 && n < line.len && line.ptr[n] == ' ') {
		*skip = n + 1;
		return HEADING;
	}
	if (line.len > 1 && strchr("-*+", line.ptr[0]) != NULL && line.ptr[1] == ' ') {
		*skip = 2;
		return BULLET;
	}
	*skip = number_length(line);
	return *skip != 0 ? NUMBER : TEXT;
}

/* --- blocks --- */

/* In a tight list paragraphs have no marks of their own (CommonMark section 5.3). */
enum paragraphs { LOOSE, TIGHT };

static void blocks(struct buf *out, struct str text, unsigned nesting, enum paragraphs paragraphs);

static struct str take_fence(struct buf *out, struct str text)
{
	size_t indent;
	struct str mark = str_take(indent_off(line_of(text), &indent), 3);
	buf_add(out, STR("<pre><code>"));
	for (text = next_line(text); text.len != 0; text = next_line(text)) {
		struct str line = line_of(text);
		if (str_has_prefix(indent_off(line, &indent), mark)) {
			text = next_line(text);
			break;
		}
		html_add_text(out, line);
		buf_add_chr(out, '\n');
	}
	buf_add(out, STR("</code></pre>"));
	return text;
}

static struct str take_quote(struct buf *out, struct str text, unsigned nesting)
{
	struct buf inner CLEANUP(buf_free) = BUF_INIT(HTML_INPUT_MAX);
	size_t indent, skip;
	for (; text.len != 0; text = next_line(text)) {
		struct str line = indent_off(line_of(text), &indent);
		if (block_of(line, &skip) != QUOTE)
			break;
		buf_add(&inner, str_skip(line, skip));
		buf_add_chr(&inner, '\n');
	}
	buf_add(out, STR("<blockquote>"));
	blocks(out, buf_str(&inner), nesting + 1, LOOSE);
	buf_add(out, STR("</blockquote>"));
	return text;
}

/* Does the line go on with an item whose text begins at column? */
static bool goes_on(struct str text, size_t column)
{
	size_t indent, skip;
	struct str line = indent_off(line_of(text), &indent);
	if (line.len == 0) {
		struct str behind = next_line(text);
		struct str further = indent_off(line_of(behind), &indent);
		return further.len != 0 && indent >= column;
	}
	return indent >= column || block_of(line, &skip) == TEXT;
}

static struct str take_item(struct buf *out, struct str text, size_t column, size_t skip,
			    unsigned nesting)
{
	struct buf inner CLEANUP(buf_free) = BUF_INIT(HTML_INPUT_MAX);
	size_t indent;
	struct str line = indent_off(line_of(text), &indent);
	buf_add(&inner, str_skip(line, skip));
	for (text = next_line(text); text.len != 0 && goes_on(text, column);
	     text = next_line(text)) {
		line = line_of(text);
		for (size_t i = 0; i < column && line.len != 0 && line.ptr[0] == ' '; i++)
			line = str_skip(line, 1);
		buf_add_chr(&inner, '\n');
		buf_add(&inner, line);
	}
	struct str all = buf_str(&inner);
	buf_add(out, STR("<li>"));
	blocks(out, all, nesting + 1, str_find(all, STR("\n\n")) == all.len ? TIGHT : LOOSE);
	buf_add(out, STR("</li>"));
	return text;
}

static struct str take_list(struct buf *out, struct str text, enum block kind, unsigned nesting)
{
	size_t indent, skip, first;
	struct str line = indent_off(line_of(text), &first);
	if (kind == NUMBER) {
		buf_add(out, STR("<ol start=\""));
		html_add_text(out, str_take(line, number_length(line) - 2));
		buf_add(out, STR("\">"));
	} else {
		buf_add(out, STR("<ul>"));
	}
	while (text.len != 0) {
		line = indent_off(line_of(text), &indent);
		if (block_of(line, &skip) != kind || indent > first + 3)
			break;
		text = take_item(out, text, indent + skip, skip, nesting);
		/* items may stand apart */
		struct str behind = next_line(text);
		if (line_of(text).len == 0 && text.len != 0 &&
		    block_of(indent_off(line_of(behind), &indent), &skip) == kind)
			text = behind;
	}
	buf_add(out, kind == NUMBER ? STR("</ol>") : STR("</ul>"));
	return text;
}

static struct str take_heading(struct buf *out, struct str text, size_t skip)
{
	size_t indent;
	struct str line = str_trim(str_skip(indent_off(line_of(text), &indent), skip));
	struct str open = line;
	while (str_has_suffix(open, STR("#")))
		open.len--;
	/* closing marks stand apart: "C#" is a word */
	if (open.len == 0 || str_has_suffix(open, STR(" ")))
		line = str_trim(open);
	buf_add(out, STR("<h2>"));
	markdown_inline(out, line);
	buf_add(out, STR("</h2>"));
	return next_line(text);
}

static struct str take_paragraph(struct buf *out, struct str text, unsigned nesting,
				 enum paragraphs paragraphs)
{
	struct buf inner CLEANUP(buf_free) = BUF_INIT(HTML_INPUT_MAX);
	size_t indent, skip;
	do {
		if (inner.len != 0)
			buf_add_chr(&inner, '\n');
		buf_add(&inner, str_trim(line_of(text)));
		text = next_line(text);
	} while (text.len != 0 && (nesting > NESTING_MAX ||
				   block_of(indent_off(line_of(text), &indent), &skip) == TEXT));
	if (paragraphs == LOOSE)
		buf_add(out, STR("<p>"));
	markdown_inline(out, buf_str(&inner));
	if (paragraphs == LOOSE)
		buf_add(out, STR("</p>"));
	return text;
}

static void blocks(struct buf *out, struct str text, unsigned nesting, enum paragraphs paragraphs)
{
	size_t indent, skip;
	while (text.len != 0 && !out->failed) {
		struct str line = indent_off(line_of(text), &indent);
		enum block kind = block_of(line, &skip);
		if (kind == BLANK || kind == RULE)
			text = next_line(text);
		else if (kind == FENCE)
			text = take_fence(out, text);
		else if (kind == HEADING)
			text = take_heading(out, text, skip);
		else if (kind == QUOTE && nesting < NESTING_MAX)
			text = take_quote(out, text, nesting);
		else if ((kind == BULLET || kind == NUMBER) && nesting < NESTING_MAX)
			text = take_list(out, text, kind, nesting);
		else
			text = take_paragraph(out, text, nesting, paragraphs);
	}
}

enum rc text_markdown(struct ctx *ctx, struct str text, struct html *out)
{
	struct buf markup CLEANUP(buf_free) = BUF_INIT(HTML_INPUT_MAX);
	out->markup = STR_NONE;
	if (text.len > HTML_OUTPUT_MAX)
		text = utf8_take(text, HTML_OUTPUT_MAX, HTML_OUTPUT_MAX);
	blocks(&markup, text, 0, LOOSE);
	if (markup.failed)
		return ctx_fail(ctx, RC_TOO_LARGE, "Markdown: too long as HTML");
	return html_sanitize(ctx, buf_str(&markup), out);
}

static bool nobody(void *arg UNUSED, struct ctx *ctx UNUSED, struct mention *mention UNUSED)
{
	return false;
}

enum rc text_plain(struct ctx *ctx, struct str text, struct html *out)
{
	static const struct compose_rules rules = { .resolve = nobody, .tag_base = STR_INIT("") };
	struct composed composed;
	enum rc rc = text_compose(ctx, text, &rules, &composed);
	*out = composed.html;
	return rc;
}
