/* Writes what a post quotes: a card, or a link where it is not to be shown. Pure. */
#include "page.h"

static void add_author(struct buf *out, const struct web *web, const struct account *author)
{
	tag(out, "<p class=\"by\">");
	page_open_person(out, author, "p-author h-card");
	page_name(out, author);
	tag(out, " <span class=\"handle\" dir=\"ltr\">");
	page_handle(out, web, author);
	tag(out, "</span></a></p>\n");
}

/* Behind a warning there is only the warning: the post itself has more. */
static void add_text(struct buf *out, const struct status *s)
{
	tag(out, "<div class=\"text p-content\" dir=\"auto\"");
	if (text_language_valid(s->language))
		page_attribute(out, "lang", s->language);
	tag(out, ">");
	if (s->spoiler.len != 0) {
		tag(out, "<p><span class=\"chip\">");
		html_add_text(out, word(W_WARNING));
		tag(out, "</span> ");
		html_add_text(out, s->spoiler);
		tag(out, "</p>");
	} else {
		html_add_without_quote(out, s->content);
	}
	tag(out, "</div>\n");
}

static void add_card(struct buf *out, const struct web *web, const struct post *post)
{
	const struct post quoted = { .status = post->quoted, .author = post->quoted_author };
	tag(out, "<blockquote class=\"quoted h-cite u-quotation-of\">\n");
	add_author(out, web, post->quoted_author);
	add_text(out, post->quoted);
	tag(out, "<p class=\"context\">");
	page_open_post(out, &quoted, "u-url");
	html_add_text(out, word(W_QUOTED));
	tag(out, "</a></p>\n</blockquote>\n");
}

/* Most peers put the link into the text themselves. */
static void add_link(struct buf *out, const struct status *s)
{
	if (!page_is_link(s->quote.uri) || str_contains(s->content.markup, STR("quote-inline")) ||
	    str_contains(s->content.markup, s->quote.uri))
		return;
	tag(out, "<p class=\"context\">");
	page_link_out(out, s->quote.uri, "nofollow noopener noreferrer");
	html_add_text(out, word(W_QUOTED));
	tag(out, "</a></p>\n");
}

void render_post_quote(struct buf *out, const struct web *web, const struct post *post)
{
	if (post->quoted != NULL)
		add_card(out, web, post);
	else if (post->status->quote.uri.len != 0)
		add_link(out, post->status);
}
