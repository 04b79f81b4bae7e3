/* What the index knows of a status. Pure, but for the arena. */
#include "core/must.h"
#include "search_int.h"
#include "store/poll.h"
#include "text/words.h"

/* --- terms --- */

struct str search_from_term(struct arena *arena, uint64_t account)
{
	return arena_printf(arena, "%cf%llx", SEARCH_FEATURE, (unsigned long long)account);
}

struct str search_mark_term(struct arena *arena, char kind, struct str name)
{
	return arena_printf(arena, "%c%c%.*s", SEARCH_FEATURE, kind, STR_ARG(name));
}

/* "pt-BR" is found as "pt". */
struct str search_language_term(struct arena *arena, struct str language)
{
	struct str primary = str_take(language, str_index(language, '-'));
	char lower[8];
	size_t n = 0;
	for (; n < primary.len && n < sizeof(lower); n++) {
		char c = primary.ptr[n];
		lower[n] = c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
	}
	return search_mark_term(arena, 'l', str_n(lower, n));
}

/* A term has room for less than a tag may have. */
struct str search_tag_term(struct ctx *ctx, struct str tag)
{
	struct ctx quiet = { .arena = ctx->arena };
	struct str folded;
	if (text_tag_fold(&quiet, tag, &folded) != RC_OK)
		return STR_NONE;
	return search_mark_term(ctx->arena, '#', str_take(folded, SEARCH_TERM_MAX - 2));
}

/* --- words --- */

#define TEXTS_MAX (8 + STATUS_ATTACHMENTS_MAX + POLL_OPTIONS_MAX + 3 * STATUS_WORDS_MAX)

struct making {
	struct ctx *ctx;
	struct search_doc *doc;
	enum rc rc;
};

static void add_text(struct making *m, struct str text)
{
	struct words words;
	if (m->rc != RC_OK || text.len == 0)
		return;
	m->rc = text_words(m->ctx, text, &words);
	/* what came from elsewhere may be no text: then it has no words */
	if (m->rc == RC_INVALID || m->rc == RC_TOO_LARGE)
		m->rc = RC_OK;
	struct search_doc *doc = m->doc;
	if (words.count == 0)
		return;
	if (doc->word_count != 0 && doc->word_count < SEARCH_DOC_WORDS_MAX)
		doc->words[doc->word_count++] = STR("");
	for (size_t i = 0; i < words.count && doc->word_count < SEARCH_DOC_WORDS_MAX; i++)
		doc->words[doc->word_count++] = words.list[i];
}

static void add_html(struct making *m, struct html html)
{
	struct str text;
	if (m->rc != RC_OK || html.markup.len == 0)
		return;
	m->rc = html_to_text(m->ctx, html, &text);
	if (m->rc == RC_OK)
		add_text(m, text);
}

static void add_words(struct making *m, const struct status *s, const struct poll *poll)
{
	add_text(m, s->title);
	add_text(m, s->spoiler);
	add_html(m, s->content);
	for (unsigned i = 0; i < s->attachment_count; i++)
		add_text(m, s->attachments[i].description);
	for (unsigned i = 0; poll != NULL && i < poll->option_count; i++)
		add_text(m, poll->options[i].name);
	for (unsigned i = 0; i < s->word_count; i++) {
		add_text(m, s->words[i].title);
		add_text(m, s->words[i].spoiler);
		add_html(m, s->words[i].content);
	}
	add_text(m, s->event.place);
}

/* --- features --- */

static void add_feature(struct making *m, struct str term)
{
	struct search_doc *doc = m->doc;
	for (size_t i = 0; i < doc->feature_count; i++) {
		if (str_eq(doc->features[i], term))
			return;
	}
	if (term.len != 0 && doc->feature_count < SEARCH_DOC_FEATURES_MAX)
		doc->features[doc->feature_count++] = term;
}

static void add_has(struct making *m, const char *name)
{
	add_feature(m, search_mark_term(m->ctx->arena, 'h', str_of(name)));
}

static void add_attachments(struct making *m, const struct status *s)
{
	for (unsigned i = 0; i < s->attachment_count; i++) {
		enum attachment_kind kind = attachment_kind_of(&s->attachments[i]);
		if (kind == ATTACHMENT_LINK) {
			add_has(m, "link");
			add_has(m, "embed");
			continue;
		}
		add_has(m, "media");
		if (kind != ATTACHMENT_BY_TYPE)
			add_has(m, attachment_kind_name(&s->attachments[i]));
	}
}

static bool has_link(struct ctx *ctx, struct html html)
{
	struct str rest = html.markup;
	struct html_link link;
	while (html_link_next(ctx, &rest, &link)) {
		if (!link.mention && !link.hashtag)
			return true;
	}
	return false;
}

static void add_features(struct making *m, const struct status *s)
{
	struct arena *arena = m->ctx->arena;
	add_feature(m, search_from_term(arena, s->account));
	if (s->language.len != 0)
		add_feature(m, search_language_term(arena, s->language));
	for (unsigned i = 0; i < s->word_count; i++)
		add_feature(m, search_language_term(arena, s->words[i].language));
	for (unsigned i = 0; i < s->tag_count; i++)
		add_feature(m, search_tag_term(m->ctx, s->tags[i]));
	add_attachments(m, s);
	if (s->has_poll)
		add_has(m, "poll");
	if (s->quote.uri.len != 0) {
		add_has(m, "quote");
		add_has(m, "embed");
	}
	if (has_link(m->ctx, s->content))
		add_has(m, "link");
	if ((s->flags & STATUS_REPLY) != 0)
		add_feature(m, search_mark_term(arena, 'i', STR("reply")));
	if ((s->flags & STATUS_SENSITIVE) != 0 || s->spoiler.len != 0)
		add_feature(m, search_mark_term(arena, 'i', STR("sensitive")));
}

enum rc search_doc_of(struct ctx *ctx, const struct status *status, const struct poll *poll,
		      struct search_doc *out)
{
	struct making m = { ctx, out, RC_OK };
	*out = (struct search_doc){ .id = status->id };
	out->words = ARENA_ARRAY(ctx->arena, SEARCH_DOC_WORDS_MAX, struct str);
	out->features = ARENA_ARRAY(ctx->arena, SEARCH_DOC_FEATURES_MAX, struct str);
	if (out->words == NULL || out->features == NULL)
		return ctx_fail(ctx, RC_NO_MEMORY, "out of memory");
	add_words(&m, status, poll);
	add_features(&m, status);
	return arena_failed(ctx->arena) ? ctx_fail(ctx, RC_NO_MEMORY, "out of memory") : m.rc;
}
