/*
 * The serialiser of all HTML that we make of others' words (S-081). It does not trust the tree that
 * it is given: it keeps its own stack of what is open and a content model so narrow that no parser
 * has anything to repair, which is what makes the sanitiser idempotent. Owned by its caller.
 */
#include "core/must.h"
#include "core/utf8.h"
#include "html_int.h"

enum kind { INLINE, RUBY_PART, PARAGRAPH, FLOW, LIST, ITEM };

struct tag_row {
	struct str name;
	enum kind kind;
};

static const struct tag_row tags[] = {
#define X(constant, name, kind) [TAG_##constant] = { STR_INIT(name), kind },
	HTML_TAG_TABLE(X)
#undef X
};

/* A start tag with the longest link, and the end tags of all that is open, fit behind the limit. */
#define CLOSING_ROOM ((size_t)16 * 1024)

void html_writer_init(struct html_writer *w)
{
	buf_init(&w->out, HTML_OUTPUT_MAX);
	w->depth = 0;
	w->last_id = 0;
	w->limit = HTML_OUTPUT_MAX - CLOSING_ROOM;
	w->run = false;
	w->boundary = false;
	w->full = false;
}

void html_writer_free(struct html_writer *w)
{
	buf_free(&w->out);
}

static const struct tag_row *top(const struct html_writer *w)
{
	return w->depth != 0 ? &tags[w->open[w->depth - 1].tag] : NULL;
}

static bool top_is(const struct html_writer *w, enum kind kind)
{
	const struct tag_row *row = top(w);
	return row != NULL && row->kind == kind;
}

static bool is_open(const struct html_writer *w, enum html_tag tag)
{
	for (size_t i = 0; i < w->depth; i++) {
		if (w->open[i].tag == tag)
			return true;
	}
	return false;
}

bool html_writer_within(const struct html_writer *w, enum html_tag tag)
{
	return is_open(w, tag);
}

static bool is_phrasing(enum kind kind)
{
	return kind == INLINE || kind == RUBY_PART;
}

static void pop(struct html_writer *w)
{
	const struct html_open *entry = &w->open[--w->depth];
	const struct tag_row *row = &tags[entry->tag];
	bool empty = w->out.len == entry->inner;
	if (empty) {
		buf_cut(&w->out, entry->start);
	} else {
		buf_add(&w->out, STR("</"));
		buf_add(&w->out, row->name);
		buf_add_chr(&w->out, '>');
	}
	if (is_phrasing(row->kind))
		return;
	w->run = empty && entry->run_before;
	w->boundary = w->run;
}

static unsigned push(struct html_writer *w, enum html_tag tag, struct str attributes)
{
	must(w->depth < HTML_OPEN_MAX);
	struct html_open *entry = &w->open[w->depth++];
	entry->tag = tag;
	entry->run_before = w->run;
	entry->id = ++w->last_id;
	entry->start = w->out.len;
	buf_add_chr(&w->out, '<');
	buf_add(&w->out, tags[tag].name);
	buf_add(&w->out, attributes);
	buf_add_chr(&w->out, '>');
	entry->inner = w->out.len;
	if (!is_phrasing(tags[tag].kind)) {
		w->run = false;
		w->boundary = false;
	}
	return entry->id;
}

/* A list holds nothing but items: what else comes gets one. A list is only begun where an item
 * fits. */
static void ensure_item(struct html_writer *w)
{
	if (top_is(w, LIST))
		push(w, TAG_LI, STR(""));
}

static void flush_boundary(struct html_writer *w)
{
	if (w->boundary && w->run)
		buf_add_chr(&w->out, ' ');
	w->boundary = false;
}

static bool has_room(const struct html_writer *w, enum kind kind)
{
	size_t need = 1;
	if (kind == LIST)
		need++;
	if (kind != ITEM && top_is(w, LIST))
		need++;
	return w->depth + need <= HTML_OPEN_MAX;
}

static unsigned open_inline(struct html_writer *w, enum html_tag tag, struct str attributes)
{
	if (tags[tag].kind == RUBY_PART) {
		if (top_is(w, RUBY_PART))
			pop(w);
		if (w->depth == 0 || w->open[w->depth - 1].tag != TAG_RUBY)
			return 0;
	}
	if (!has_room(w, INLINE) || (tag == TAG_A && is_open(w, TAG_A)))
		return 0;
	ensure_item(w);
	flush_boundary(w);
	return push(w, tag, attributes);
}

static unsigned open_item(struct html_writer *w, struct str attributes)
{
	size_t depth = w->depth;
	while (depth != 0 && tags[w->open[depth - 1].tag].kind != LIST)
		depth--;
	if (depth == 0) {
		html_writer_boundary(w);
		return 0;
	}
	while (w->depth > depth)
		pop(w);
	return push(w, TAG_LI, attributes);
}

static unsigned open_block(struct html_writer *w, enum html_tag tag, struct str attributes)
{
	while (w->depth != 0 && !top_is(w, FLOW) && !top_is(w, LIST) && !top_is(w, ITEM))
		pop(w);
	if (!has_room(w, tags[tag].kind)) {
		html_writer_boundary(w);
		return 0;
	}
	ensure_item(w);
	return push(w, tag, attributes);
}

unsigned html_writer_open(struct html_writer *w, enum html_tag tag, struct str attributes)
{
	w->full = w->full || w->out.len > w->limit;
	if (w->full)
		return 0;
	if (is_phrasing(tags[tag].kind))
		return open_inline(w, tag, attributes);
	if (tags[tag].kind == ITEM)
		return open_item(w, attributes);
	return open_block(w, tag, attributes);
}

void html_writer_close(struct html_writer *w, unsigned id)
{
	size_t depth = w->depth;
	/* ids grow with depth */
	while (depth != 0 && w->open[depth - 1].id > id)
		depth--;
	if (depth == 0 || w->open[depth - 1].id != id)
		return;
	while (w->depth >= depth)
		pop(w);
}

void html_writer_boundary(struct html_writer *w)
{
	w->boundary = w->run;
}

void html_writer_break(struct html_writer *w)
{
	w->full = w->full || w->out.len > w->limit;
	if (w->full || top_is(w, LIST))
		return;
	w->boundary = false;
	buf_add(&w->out, STR("<br>"));
	w->run = true;
}

/* 0 for what stands for itself, else its length in references[]. */
enum { PLAIN, AMP, LT, GT, QUOT, APOS, DROP, WIDE };

static const unsigned char byte_role[256] = {
	[0x00 ... 0x08] = DROP,
	[0x0b ... 0x1f] = DROP,
	[0x7f] = DROP,
	['&'] = AMP,
	['<'] = LT,
	['>'] = GT,
	['"'] = QUOT,
	['\''] = APOS,
	[0x80 ... 0xff] = WIDE,
};

static const struct str references[] = {
	[AMP] = STR_INIT("&amp;"),   [LT] = STR_INIT("&lt;"),	 [GT] = STR_INIT("&gt;"),
	[QUOT] = STR_INIT("&quot;"), [APOS] = STR_INIT("&#39;"),
};

void html_add_text(struct buf *out, struct str text)
{
	size_t start = 0;
	if (text.len == 0) /* absent, perhaps: nothing may be added to no address */
		return;
	for (size_t i = 0; i < text.len; i++) {
		unsigned char role = byte_role[(unsigned char)text.ptr[i]];
		if (role < AMP || role > APOS)
			continue;
		buf_add_bytes(out, text.ptr + start, i - start);
		buf_add(out, references[role]);
		start = i + 1;
	}
	buf_add_bytes(out, text.ptr + start, text.len - start);
}

/* C1 controls and noncharacters (S-145). */
static bool is_unwanted(uint32_t code)
{
	return code < 0xa0 || (code >= 0xfdd0 && code <= 0xfdef) || (code & 0xfffe) == 0xfffe;
}

/* How many bytes at the start of text are to be left out: those that may not be seen, or are not
 * UTF-8. */
static size_t unwanted_at(struct str text)
{
	struct str rest = text;
	uint32_t code;
	switch (byte_role[(unsigned char)text.ptr[0]]) {
	case DROP:
		return 1;
	case WIDE:
		if (!utf8_next(&rest, &code))
			return 1;
		return is_unwanted(code) ? text.len - rest.len : 0;
	default:
		return 0;
	}
}

static size_t sequence_at(struct str text)
{
	struct str rest = text;
	uint32_t code;
	return utf8_next(&rest, &code) ? text.len - rest.len : 1;
}

/* White space that begins a block is not seen; in pre it is, but for the line end that HTML drops
 * there. */
static struct str skip_leading(const struct html_writer *w, struct str text)
{
	bool pre = is_open(w, TAG_PRE);
	while (text.len != 0) {
		char c = text.ptr[0];
		size_t n = unwanted_at(text);
		if (n == 0 && (c == '\n' || (!pre && (c == ' ' || c == '\t'))))
			n = 1;
		if (n == 0)
			break;
		text = str_skip(text, n);
	}
	return text;
}

static void add_visible(struct html_writer *w, struct str text)
{
	size_t i = 0;
	while (i < text.len) {
		size_t start = i;
		size_t room = w->limit >= w->out.len ? w->limit - w->out.len + 1 : 0;
		while (i < text.len && i - start < room &&
		       byte_role[(unsigned char)text.ptr[i]] == PLAIN)
			i++;
		buf_add_bytes(&w->out, text.ptr + start, i - start);
		if (i == text.len)
			return;
		if (w->out.len > w->limit) {
			w->full = true;
			return;
		}
		struct str rest = str_skip(text, i);
		unsigned char role = byte_role[(unsigned char)rest.ptr[0]];
		size_t unwanted = unwanted_at(rest);
		size_t n = unwanted != 0 ? unwanted : sequence_at(rest);
		if (role == WIDE && unwanted == 0)
			buf_add_bytes(&w->out, rest.ptr, n);
		else if (role != WIDE && unwanted == 0)
			buf_add(&w->out, references[role]);
		i += n;
	}
}

void html_writer_text(struct html_writer *w, struct str text)
{
	w->full = w->full || w->out.len > w->limit;
	if (w->full)
		return;
	if (!w->run)
		text = skip_leading(w, text);
	if (text.len == 0)
		return;
	ensure_item(w);
	flush_boundary(w);
	size_t before = w->out.len;
	add_visible(w, text);
	w->run = w->run || w->out.len != before;
}

enum rc html_writer_finish(struct html_writer *w, struct ctx *ctx, struct html *out)
{
	while (w->depth != 0)
		pop(w);
	/* the room behind the limit was kept free, so that it was memory */
	out->markup = arena_take_buf(ctx->arena, &w->out);
	return out->markup.ptr != NULL ? RC_OK : ctx_fail(ctx, RC_NO_MEMORY, "HTML: no memory");
}

void html_add_link(struct buf *attributes, struct str href, struct str classes, struct str rel)
{
	buf_add(attributes, STR(" href=\""));
	html_add_text(attributes, href);
	if (classes.len != 0) {
		buf_add(attributes, STR("\" class=\""));
		html_add_text(attributes, classes);
	}
	buf_add(attributes, STR("\" rel=\""));
	buf_add(attributes, rel);
	if (rel.len != 0)
		buf_add_chr(attributes, ' ');
	buf_add(attributes, STR("nofollow noopener noreferrer\" target=\"_blank\""));
}
