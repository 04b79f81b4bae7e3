/*
 * Strangers' HTML made harmless (S-081 to S-084). libxml2 reads; what it calls start, end and text
 * goes through the allow-lists below to the writer at once. No tree is built, so that depth is ours
 * to limit and most of libxml2 is never entered. A parser context per document; any thread.
 */
#include <libxml/HTMLparser.h>
#include <pthread.h>
#include <stdlib.h>

#include "core/utf8.h"
#include "html_int.h"
#include "text/iri.h"

/* libxml2's own limit for trees. Its time for one end tag grows with it. */
#define SOURCE_DEPTH_MAX 128

enum action {
	UNWRAP, /* its content stands alone; also what the table does not know */
	KEEP,
	SPACE,	 /* unwrapped, and words before and behind stay apart */
	HEADING, /* a paragraph in strong */
	BREAK,
	PICTURE, /* what it shows, as a text that leads to it */
	FORMULA, /* its annotation as text */
	DISCARD, /* with its content: raw text, foreign content, what browsers read in another way
		  */
};

struct element_row {
	const char *name;
	enum action action;
	enum html_tag tag;
};

/* Sorted by name. */
static const struct element_row elements[] = {
	{ "a", KEEP, TAG_A },	    { "address", SPACE, 0 },
	{ "article", SPACE, 0 },    { "aside", SPACE, 0 },
	{ "b", KEEP, TAG_B },	    { "blockquote", KEEP, TAG_BLOCKQUOTE },
	{ "br", BREAK, 0 },	    { "caption", SPACE, 0 },
	{ "center", SPACE, 0 },	    { "code", KEEP, TAG_CODE },
	{ "dd", SPACE, 0 },	    { "del", KEEP, TAG_DEL },
	{ "details", SPACE, 0 },    { "div", SPACE, 0 },
	{ "dl", SPACE, 0 },	    { "dt", SPACE, 0 },
	{ "em", KEEP, TAG_EM },	    { "fieldset", SPACE, 0 },
	{ "figcaption", SPACE, 0 }, { "figure", SPACE, 0 },
	{ "footer", SPACE, 0 },	    { "form", SPACE, 0 },
	{ "h1", HEADING, 0 },	    { "h2", HEADING, 0 },
	{ "h3", HEADING, 0 },	    { "h4", HEADING, 0 },
	{ "h5", HEADING, 0 },	    { "h6", HEADING, 0 },
	{ "header", SPACE, 0 },	    { "hr", SPACE, 0 },
	{ "i", KEEP, TAG_I },	    { "iframe", DISCARD, 0 },
	{ "img", PICTURE, 0 },	    { "kbd", KEEP, TAG_CODE },
	{ "legend", SPACE, 0 },	    { "li", KEEP, TAG_LI },
	{ "main", SPACE, 0 },	    { "math", FORMULA, 0 },
	{ "nav", SPACE, 0 },	    { "noembed", DISCARD, 0 },
	{ "noframes", DISCARD, 0 }, { "noscript", DISCARD, 0 },
	{ "ol", KEEP, TAG_OL },	    { "option", SPACE, 0 },
	{ "p", KEEP, TAG_P },	    { "plaintext", DISCARD, 0 },
	{ "pre", KEEP, TAG_PRE },   { "rp", KEEP, TAG_RP },
	{ "rt", KEEP, TAG_RT },	    { "ruby", KEEP, TAG_RUBY },
	{ "s", KEEP, TAG_S },	    { "samp", KEEP, TAG_CODE },
	{ "script", DISCARD, 0 },   { "section", SPACE, 0 },
	{ "select", DISCARD, 0 },   { "span", KEEP, TAG_SPAN },
	{ "strike", KEEP, TAG_S },  { "strong", KEEP, TAG_STRONG },
	{ "style", DISCARD, 0 },    { "summary", SPACE, 0 },
	{ "svg", DISCARD, 0 },	    { "table", SPACE, 0 },
	{ "td", SPACE, 0 },	    { "template", DISCARD, 0 },
	{ "textarea", DISCARD, 0 }, { "th", SPACE, 0 },
	{ "title", DISCARD, 0 },    { "tr", SPACE, 0 },
	{ "tt", KEEP, TAG_CODE },   { "u", KEEP, TAG_U },
	{ "ul", KEEP, TAG_UL },	    { "xmp", DISCARD, 0 },
};

/* An element that is open in the source. */
struct source {
	unsigned id; /* the writer's; 0 when it has no tag in the output */
	enum action action;
};

struct sanitizer {
	htmlParserCtxtPtr parser;
	struct buf input; /* what the parser reads */
	struct html_writer writer;
	struct html_attributes attributes; /* of one element, kept for its memory */
	struct source stack[SOURCE_DEPTH_MAX];
	size_t depth;
	size_t discard_depth; /* of the outermost discarded element; 0 when none is open */
	struct html_math math;
	size_t math_depth; /* of the formula that is open; 0 when none is */
	bool stopped;	   /* what the parser still says is not heard */
};

static void sanitizer_init(struct sanitizer *s)
{
	s->parser = NULL;
	/* U+FFFD is three bytes */
	buf_init(&s->input, HTML_INPUT_MAX * 3 + 64);
	html_writer_init(&s->writer);
	html_attributes_init(&s->attributes);
	html_math_init(&s->math);
	s->math_depth = 0;
	s->depth = 0;
	s->discard_depth = 0;
	s->stopped = false;
}

static void sanitizer_free(struct sanitizer *s)
{
	buf_free(&s->input);
	html_writer_free(&s->writer);
	html_attributes_free(&s->attributes);
	html_math_free(&s->math);
	if (s->parser != NULL)
		htmlFreeParserCtxt(s->parser);
}

static int compare_name(const void *name, const void *row)
{
	return strcmp(name, ((const struct element_row *)row)->name);
}

static const struct element_row *find_element(const char *name)
{
	return bsearch(name, elements, ARRAY_LEN(elements), sizeof(elements[0]), compare_name);
}

static unsigned open_kept(struct sanitizer *s, enum html_tag tag, const xmlChar **list)
{
	if (!html_attributes_collect(&s->attributes, tag, list))
		return 0;
	return html_writer_open(&s->writer, tag, buf_str(&s->attributes.text));
}

static unsigned open_heading(struct sanitizer *s)
{
	unsigned paragraph = html_writer_open(&s->writer, TAG_P, STR(""));
	unsigned strong = html_writer_open(&s->writer, TAG_STRONG, STR(""));
	return paragraph != 0 ? paragraph : strong;
}

/* The pictures that custom emoji are in other servers' HTML (Discourse, Friendica, WordPress). */
static bool is_smiley(struct str classes)
{
	return str_find(classes, STR("emoji")) != classes.len ||
	       str_find(classes, STR("smiley")) != classes.len;
}

/* No picture is loaded from elsewhere: its description leads to it (FEP-b2b8 lets long texts have
 * some). */
static void write_picture(struct sanitizer *s, const xmlChar **list)
{
	struct str src = str_trim(html_attribute(list, "src"));
	struct str alt = str_trim(html_attribute(list, "alt"));
	unsigned link = 0;
	const unsigned char *href[] = { (const unsigned char *)"href",
					(const unsigned char *)src.ptr, NULL };
	if (src.len != 0 && !html_writer_within(&s->writer, TAG_A) &&
	    !is_smiley(html_attribute(list, "class")))
		link = open_kept(s, TAG_A, href);
	if (alt.len == 0 && link != 0) {
		struct str path = str_take(src, str_index(src, '?'));
		while (str_index(path, '/') != path.len)
			path = str_skip(path, str_index(path, '/') + 1);
		alt = path.len != 0 ? path : src;
	}
	html_writer_text(&s->writer, alt);
	if (link != 0)
		html_writer_close(&s->writer, link);
}

static void begin(struct sanitizer *s, struct source *source, const struct element_row *row,
		  const xmlChar **list)
{
	switch (row->action) {
	case KEEP:
		source->id = open_kept(s, row->tag, list);
		break;
	case HEADING:
		source->id = open_heading(s);
		break;
	case SPACE:
		html_writer_boundary(&s->writer);
		break;
	case BREAK:
		html_writer_break(&s->writer);
		break;
	case PICTURE:
		write_picture(s, list);
		break;
	case FORMULA:
		s->math_depth = s->depth;
		html_math_begin(&s->math, list);
		break;
	case DISCARD:
		s->discard_depth = s->depth;
		break;
	case UNWRAP:
		break;
	}
}

static void on_start(void *data, const xmlChar *name, const xmlChar **attributes)
{
	struct sanitizer *s = data;
	if (s->stopped)
		return;
	/* what is deeper, and all behind it, is not read: unmatched end tags cost time by depth */
	if (s->depth == SOURCE_DEPTH_MAX || s->writer.full) {
		s->stopped = true;
		xmlStopParser(s->parser);
		return;
	}
	const struct element_row *row = find_element((const char *)name);
	struct source *source = &s->stack[s->depth++];
	*source = (struct source){ .action = row != NULL ? row->action : UNWRAP };
	if (s->math_depth != 0)
		html_math_open(&s->math, s->depth - s->math_depth + 1, (const char *)name,
			       attributes);
	else if (s->discard_depth == 0 && row != NULL)
		begin(s, source, row, attributes);
}

static void on_end(void *data, const xmlChar *name UNUSED)
{
	struct sanitizer *s = data;
	if (s->stopped || s->depth == 0)
		return;
	const struct source *source = &s->stack[s->depth - 1];
	if (s->math_depth != 0) {
		html_math_close(&s->math, s->depth - s->math_depth + 1);
		if (s->math_depth == s->depth) {
			s->math_depth = 0;
			html_math_end(&s->math, &s->writer);
		}
	} else if (s->discard_depth == 0) {
		if (source->id != 0)
			html_writer_close(&s->writer, source->id);
		if (source->action == SPACE)
			html_writer_boundary(&s->writer);
	} else if (s->discard_depth == s->depth) {
		s->discard_depth = 0;
	}
	s->depth--;
}

static void on_text(void *data, const xmlChar *text, int len)
{
	struct sanitizer *s = data;
	if (s->stopped)
		return;
	if (s->math_depth != 0)
		html_math_text(&s->math, str_n(text, (size_t)len));
	else if (s->discard_depth == 0)
		html_writer_text(&s->writer, str_n(text, (size_t)len));
}

static pthread_once_t parser_once = PTHREAD_ONCE_INIT;

static void parser_init(void)
{
	/* S-084: its global tables, before two threads need them */
	xmlInitParser();
}

static htmlParserCtxtPtr parser_new(struct sanitizer *s)
{
	pthread_once(&parser_once, parser_init);
	htmlParserCtxtPtr parser = htmlNewParserCtxt();
	if (parser == NULL)
		return NULL;
	/* comments, instructions, doctypes and raw text have no handler and so no way into the
	 * output */
	*parser->sax = (htmlSAXHandler){
		.startElement = on_start,
		.endElement = on_end,
		.characters = on_text,
		.ignorableWhitespace = on_text,
	};
	parser->userData = s;
	return parser;
}

static enum rc parse(struct ctx *ctx, struct sanitizer *s, struct str markup)
{
	static const int options = HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
				   HTML_PARSE_NONET | HTML_PARSE_NODEFDTD | HTML_PARSE_IGNORE_ENC;
	s->parser = parser_new(s);
	if (s->parser == NULL)
		return ctx_fail(ctx, RC_NO_MEMORY, "HTML: no memory");
	htmlDocPtr document =
		htmlCtxtReadMemory(s->parser, markup.ptr, (int)markup.len, NULL, "UTF-8", options);
	if (document != NULL)
		xmlFreeDoc(document);
	if (s->parser->errNo == XML_ERR_NO_MEMORY)
		return ctx_fail(ctx, RC_NO_MEMORY, "HTML: no memory");
	return RC_OK;
}

/* With a body begun, libxml2 has nothing to imply. */
#define PROLOGUE STR("<html><body>")

/* Line ends as LF, no NUL (libxml2 would stop, browsers do not), U+FFFD for what is not UTF-8. */
static void add_clean(struct buf *out, struct str markup)
{
	uint32_t code;
	while (markup.len != 0) {
		if (!utf8_next(&markup, &code)) {
			code = 0xfffd;
			markup = str_skip(markup, 1);
		}
		if (code == '\r') {
			code = '\n';
			if (markup.len != 0 && markup.ptr[0] == '\n')
				markup = str_skip(markup, 1);
		}
		if (code != 0)
			utf8_add(out, code);
	}
}

static void add_input(struct buf *out, struct str markup)
{
	buf_reserve(out, markup.len + PROLOGUE.len);
	buf_add(out, PROLOGUE);
	if (str_index(markup, '\0') == markup.len && str_index(markup, '\r') == markup.len &&
	    utf8_valid(markup))
		buf_add(out, markup);
	else
		add_clean(out, markup);
}

static enum rc sanitize(struct ctx *ctx, struct sanitizer *s, struct str markup, struct html *out)
{
	struct str input = buf_str(&s->input);
	enum rc rc = RC_OK;
	if (s->input.failed)
		return ctx_fail(ctx, RC_NO_MEMORY, "HTML: no memory");
	if (str_index(markup, '<') == markup.len && str_index(markup, '&') == markup.len)
		html_writer_text(&s->writer, str_skip(input, PROLOGUE.len));
	else if (!html_guard_trips(input))
		rc = parse(ctx, s, input);
	return rc == RC_OK ? html_writer_finish(&s->writer, ctx, out) : rc;
}

enum rc html_sanitize(struct ctx *ctx, struct str markup, struct html *out)
{
	out->markup = STR_NONE;
	if (markup.len > HTML_INPUT_MAX)
		return ctx_fail(ctx, RC_TOO_LARGE, "HTML: longer than %d bytes", HTML_INPUT_MAX);
	CLEANUP(sanitizer_free) struct sanitizer s;
	sanitizer_init(&s);
	add_input(&s.input, markup);
	return sanitize(ctx, &s, markup, out);
}
