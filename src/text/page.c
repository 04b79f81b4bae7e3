/* Heads of web pages, read by libxml2's events: no tree is built. Any thread. */
#include "text/page.h"

#include <libxml/HTMLparser.h>
#include <pthread.h>

#include "core/date.h"
#include "core/utf8.h"
#include "text/acct.h"
#include "text/html.h"
#include "text/iri.h"

#define TITLE_CHARS 200
#define DESCRIPTION_CHARS 500
#define NAME_CHARS 100
#define RAW_MAX ((size_t)8192) /* of one value, before it is cleaned */

/* What may say the same, the better one first. */
enum source { BEST, SECOND, THIRD, SOURCES };

/* One value that is looked for, by where it was found. */
struct wanted {
	struct str found[SOURCES];
};

struct page {
	struct ctx *ctx;
	htmlParserCtxtPtr parser;
	struct wanted title, description, site_name, author, creator, image, image_alt, width,
		height, published, language;
	struct buf title_text; /* of the element */
	bool in_title, had_title, over;
};

/* name (as property or name says), where it goes, how good it is */
static const struct row {
	const char *name;
	size_t offset;
	enum source source;
} rows[] = {
	{ "og:title", offsetof(struct page, title), BEST },
	{ "twitter:title", offsetof(struct page, title), SECOND },
	{ "og:description", offsetof(struct page, description), BEST },
	{ "twitter:description", offsetof(struct page, description), SECOND },
	{ "description", offsetof(struct page, description), THIRD },
	{ "og:site_name", offsetof(struct page, site_name), BEST },
	{ "application-name", offsetof(struct page, site_name), SECOND },
	{ "author", offsetof(struct page, author), BEST },
	{ "og:article:author", offsetof(struct page, author), SECOND },
	{ "article:author", offsetof(struct page, author), THIRD },
	{ "fediverse:creator", offsetof(struct page, creator), BEST },
	{ "og:image:secure_url", offsetof(struct page, image), BEST },
	{ "og:image", offsetof(struct page, image), SECOND },
	{ "twitter:image", offsetof(struct page, image), THIRD },
	{ "og:image:alt", offsetof(struct page, image_alt), BEST },
	{ "twitter:image:alt", offsetof(struct page, image_alt), SECOND },
	{ "og:image:width", offsetof(struct page, width), BEST },
	{ "og:image:height", offsetof(struct page, height), BEST },
	{ "article:published_time", offsetof(struct page, published), BEST },
	{ "og:article:published_time", offsetof(struct page, published), SECOND },
	{ "og:locale", offsetof(struct page, language), SECOND },
};

static struct str best(const struct wanted *w)
{
	for (size_t i = 0; i < SOURCES; i++) {
		if (w->found[i].len != 0)
			return w->found[i];
	}
	return STR("");
}

/* --- what the parser says --- */

static struct str attribute(const xmlChar **attributes, const char *name)
{
	for (; attributes != NULL && attributes[0] != NULL; attributes += 2) {
		if (strcmp((const char *)attributes[0], name) == 0 && attributes[1] != NULL)
			return str_take(str_of((const char *)attributes[1]), RAW_MAX);
	}
	return STR_NONE;
}

/* The first of several counts. */
static void keep(struct page *p, struct str *slot, struct str value)
{
	value = str_trim(value);
	if (slot->len == 0 && value.len != 0)
		*slot = arena_str(p->ctx->arena, value);
}

static void on_meta(struct page *p, const xmlChar **attributes)
{
	struct str name = attribute(attributes, "property");
	if (name.len == 0)
		name = attribute(attributes, "name");
	for (size_t i = 0; name.len != 0 && i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct wanted *w = (void *)((char *)p + rows[i].offset);
		if (str_eq_nocase(name, str_of(rows[i].name)))
			keep(p, &w->found[rows[i].source], attribute(attributes, "content"));
	}
}

static void on_start(void *arg, const xmlChar *element, const xmlChar **attributes)
{
	struct page *p = arg;
	const char *name = (const char *)element;
	if (p->over)
		return;
	if (strcmp(name, "html") == 0)
		keep(p, &p->language.found[BEST], attribute(attributes, "lang"));
	else if (strcmp(name, "meta") == 0)
		on_meta(p, attributes);
	else if (strcmp(name, "title") == 0)
		p->in_title = !p->had_title;
	else if (strcmp(name, "body") == 0) {
		/* what follows is for those who read the page */
		p->over = true;
		xmlStopParser(p->parser);
	}
}

static void on_end(void *arg, const xmlChar *element)
{
	struct page *p = arg;
	if (strcmp((const char *)element, "title") != 0)
		return;
	p->had_title = p->had_title || p->in_title;
	p->in_title = false;
}

static void on_text(void *arg, const xmlChar *text, int len)
{
	struct page *p = arg;
	if (p->in_title && !p->over && len > 0 && p->title_text.len + (size_t)len <= RAW_MAX)
		buf_add_bytes(&p->title_text, text, (size_t)len);
}

static pthread_once_t once = PTHREAD_ONCE_INIT;

/* Feeds bytes to the events in sax; *parser is there meanwhile, so that they can stop it. */
static enum rc parse(struct ctx *ctx, struct str bytes, const htmlSAXHandler *sax, void *arg,
		     htmlParserCtxtPtr *parser)
{
	static const int options = HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
				   HTML_PARSE_NONET | HTML_PARSE_NODEFDTD;
	if (bytes.len == 0 || bytes.len > INT32_MAX)
		return ctx_fail(ctx, RC_INVALID, "there is nothing to read");
	pthread_once(&once, xmlInitParser);
	*parser = htmlNewParserCtxt();
	if (*parser == NULL)
		return ctx_fail(ctx, RC_NO_MEMORY, "HTML: no memory");
	*(*parser)->sax = *sax;
	(*parser)->userData = arg;
	/* a page that is UTF-8 is taken for it, whatever it says; else it says what it is */
	htmlDocPtr document = htmlCtxtReadMemory(*parser, bytes.ptr, (int)bytes.len, NULL,
						 utf8_valid(bytes) ? "UTF-8" : NULL, options);
	if (document != NULL)
		xmlFreeDoc(document);
	bool memory = (*parser)->errNo == XML_ERR_NO_MEMORY;
	htmlFreeParserCtxt(*parser);
	*parser = NULL;
	return memory ? ctx_fail(ctx, RC_NO_MEMORY, "HTML: no memory") : RC_OK;
}

/* --- what is made of it --- */

/* One line, cut between characters; empty when it is no text. */
static struct str line(struct ctx *ctx, struct str raw, size_t chars)
{
	struct buf out = BUF_INIT(RAW_MAX);
	struct str clean;
	struct ctx quiet = { .arena = ctx->arena };
	bool blank = true;
	if (text_clean(&quiet, raw, RAW_MAX, RAW_MAX, &clean) != RC_OK)
		return STR("");
	for (size_t i = 0; i < clean.len; i++) {
		bool space = clean.ptr[i] == ' ' || clean.ptr[i] == '\n' || clean.ptr[i] == '\t';
		if (!space || !blank)
			buf_add_chr(&out, space ? ' ' : clean.ptr[i]);
		blank = space;
	}
	struct str whole = str_trim(arena_take_buf(ctx->arena, &out));
	return utf8_take(whole, chars, RAW_MAX);
}

/* S-086: nobody is led to anything but the web. */
static struct str address(struct ctx *ctx, struct str raw, struct str base, unsigned iri_flags)
{
	struct ctx quiet = { .arena = ctx->arena };
	struct iri iri;
	struct str whole = raw;
	if (raw.len == 0)
		return STR("");
	if (str_has_prefix(raw, STR("//")))
		whole = arena_join(ctx->arena, STR("https:"), raw);
	else if (raw.ptr[0] == '/' && iri_parse(&quiet, base, iri_flags, &iri) == RC_OK)
		whole = arena_printf(ctx->arena, "%.*s://%.*s%.*s", STR_ARG(iri.scheme),
				     STR_ARG(iri.authority), STR_ARG(raw));
	return iri_parse(&quiet, whole, iri_flags, &iri) == RC_OK ? iri.text : STR("");
}

static uint32_t size_of(struct str raw)
{
	uint64_t n;
	return str_to_u64(raw, &n) && n <= 100000 ? (uint32_t)n : 0;
}

/* "de_DE" is "de-DE". */
static struct str language_of(struct ctx *ctx, struct str raw)
{
	char *text = arena_cstr(ctx->arena, str_take(raw, 35));
	for (char *at = text; at != NULL && *at != '\0'; at++) {
		if (*at == '_')
			*at = '-';
	}
	struct str tag = str_of(text);
	return tag.len != 0 && text_language_valid(tag) ? tag : STR("");
}

static struct str creator_of(struct ctx *ctx, struct str raw, unsigned iri_flags)
{
	struct ctx quiet = { .arena = ctx->arena };
	struct acct acct;
	if (raw.len == 0 || acct_parse(&quiet, raw, iri_flags, &acct) != RC_OK ||
	    acct.host.len == 0)
		return STR("");
	return arena_printf(ctx->arena, "%.*s@%.*s", STR_ARG(acct.user), STR_ARG(acct.host));
}

/* A name: many put the address of a profile there. */
static struct str author_of(struct ctx *ctx, struct str raw)
{
	struct str name = line(ctx, raw, NAME_CHARS);
	return str_contains(name, STR("://")) ? STR("") : name;
}

static void fill(struct page *p, struct str url, unsigned iri_flags, struct page_meta *out)
{
	struct ctx *ctx = p->ctx;
	struct str title = best(&p->title);
	*out = (struct page_meta){
		.title = line(ctx, title.len != 0 ? title : buf_str(&p->title_text), TITLE_CHARS),
		.description = line(ctx, best(&p->description), DESCRIPTION_CHARS),
		.site_name = line(ctx, best(&p->site_name), NAME_CHARS),
		.author = author_of(ctx, best(&p->author)),
		.creator = creator_of(ctx, best(&p->creator), iri_flags),
		.image = address(ctx, best(&p->image), url, iri_flags),
		.image_alt = line(ctx, best(&p->image_alt), DESCRIPTION_CHARS),
		.width = size_of(best(&p->width)),
		.height = size_of(best(&p->height)),
		.language = language_of(ctx, best(&p->language)),
	};
	if (!date_parse_rfc3339(best(&p->published), &out->published_ms))
		out->published_ms = 0;
}

enum rc page_meta_read(struct ctx *ctx, struct str bytes, struct str url, unsigned iri_flags,
		       struct page_meta *out)
{
	static const htmlSAXHandler sax = { .startElement = on_start,
					    .endElement = on_end,
					    .characters = on_text,
					    .ignorableWhitespace = on_text };
	struct page p = { .ctx = ctx, .title_text = BUF_INIT(RAW_MAX) };
	enum rc rc = parse(ctx, bytes, &sax, &p, &p.parser);
	if (rc == RC_OK)
		fill(&p, url, iri_flags, out);
	buf_free(&p.title_text);
	if (rc == RC_OK && arena_failed(ctx->arena))
		return ctx_fail(ctx, RC_NO_MEMORY, "out of memory");
	if (rc == RC_OK && out->title.len == 0)
		return ctx_fail(ctx, RC_INVALID, "the page has no title");
	return rc;
}

/* --- links to oneself --- */

struct back {
	struct ctx *ctx;
	htmlParserCtxtPtr parser;
	struct str url;
	unsigned iri_flags;
	const struct str *addresses;
	size_t count;
	unsigned looked_at;
	bool found;
};

#define BACK_LINKS_MAX 1000

static bool says_me(struct str rel)
{
	struct str word;
	for (size_t i = 0; i < rel.len; i++) {
		size_t start = i;
		while (i < rel.len && strchr(" \t\n\f\r", rel.ptr[i]) == NULL)
			i++;
		word = str_take(str_skip(rel, start), i - start);
		if (str_eq_nocase(word, STR("me")))
			return true;
	}
	return false;
}

static bool is_one_of(const struct back *b, struct str href)
{
	struct str whole = address(b->ctx, str_trim(href), b->url, b->iri_flags);
	whole = str_take(whole, str_index(whole, '#'));
	for (size_t i = 0; i < b->count && whole.len != 0; i++) {
		if (str_eq(whole, b->addresses[i]))
			return true;
	}
	return false;
}

static void on_link(void *arg, const xmlChar *element, const xmlChar **attributes)
{
	struct back *b = arg;
	const char *name = (const char *)element;
	bool link = strcmp(name, "a") == 0 || strcmp(name, "link") == 0;
	if (b->found || !link || b->looked_at == BACK_LINKS_MAX ||
	    !says_me(attribute(attributes, "rel")))
		return;
	b->looked_at++;
	b->found = is_one_of(b, attribute(attributes, "href"));
	if (b->found)
		xmlStopParser(b->parser);
}

enum rc page_says_me(struct ctx *ctx, struct str bytes, struct str url, unsigned iri_flags,
		     const struct str *addresses, size_t count, bool *found)
{
	static const htmlSAXHandler sax = { .startElement = on_link };
	struct back b = { .ctx = ctx,
			  .url = url,
			  .iri_flags = iri_flags,
			  .addresses = addresses,
			  .count = count };
	enum rc rc = parse(ctx, bytes, &sax, &b, &b.parser);
	*found = rc == RC_OK && b.found;
	if (rc == RC_OK && arena_failed(ctx->arena))
		return ctx_fail(ctx, RC_NO_MEMORY, "out of memory");
	return rc;
}
