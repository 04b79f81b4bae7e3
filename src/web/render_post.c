/* Writes one post. Pure. */
#include "page.h"

#define LINK_OUT "nofollow noopener noreferrer"

static void add_booster(struct buf *out, const struct post *post)
{
	if (post->booster == NULL)
		return;
	tag(out, "<p class=\"context boosted\">");
	struct str behind = word_begin(out, W_BOOSTED);
	page_person_link(out, post->booster);
	html_add_text(out, behind);
	tag(out, "</p>\n");
}

static void add_context(struct buf *out, const struct post *post)
{
	if ((post->status->flags & STATUS_REPLY) == 0 || post->parent_above)
		return;
	tag(out, "<p class=\"context\">");
	if (post->parent == NULL) {
		html_add_text(out, word(W_REPLY));
	} else {
		struct str behind = word_begin(out, W_REPLY_TO);
		const struct post parent = { .status = post->parent,
					     .author = post->parent_author };
		page_open_post(out, &parent, "");
		page_name(out, post->parent_author);
		tag(out, "</a>");
		html_add_text(out, behind);
	}
	tag(out, "</p>\n");
}

/* " id=\"by-17\"" */
static void add_id(struct buf *out, const char *what, const struct post *post)
{
	tag(out, " id=\"");
	tag(out, what);
	buf_add_chr(out, '-');
	buf_add_u64(out, post->id);
	buf_add_chr(out, '"');
}

static void add_byline(struct buf *out, const struct web *web, const struct post *post)
{
	tag(out, "<header class=\"byline\"");
	add_id(out, "by", post);
	tag(out, ">");
	page_open_person(out, post->author, "who p-author h-card");
	page_badge(out, post->author);
	tag(out, "<span class=\"names\">");
	page_name(out, post->author);
	tag(out, " <span class=\"handle\" dir=\"ltr\">");
	page_handle(out, web, post->author);
	tag(out, "</span></span></a>\n");
	page_open_post(out, post, "when u-url");
	page_moment(out, web, "dt-published", post->status->created_ms);
	tag(out, "</a></header>\n");
}

static void add_body(struct buf *out, const struct post *post)
{
	const struct status *s = post->status;
	tag(out, "<div class=\"text e-content");
	tag(out, account_is_local(post->author) ? " own\"" : "\"");
	tag(out, " dir=\"auto\"");
	if (text_language_valid(s->language))
		page_attribute(out, "lang", s->language);
	tag(out, ">");
	if (s->title.len != 0) {
		tag(out, "<p class=\"title p-name\"><strong>");
		html_add_text(out, s->title);
		tag(out, "</strong></p>");
	}
	buf_add(out, s->content.markup);
	tag(out, "</div>\n");
}

static enum word kind_of(struct str media_type)
{
	static const struct {
		struct str prefix;
		enum word word;
	} kinds[] = {
		{ STR_INIT("image/"), W_IMAGE },
		{ STR_INIT("video/"), W_VIDEO },
		{ STR_INIT("audio/"), W_AUDIO },
	};
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		if (str_has_prefix_nocase(media_type, kinds[i].prefix))
			return kinds[i].word;
	}
	return W_FILE;
}

/* Files of other hosts are linked, not shown: nothing is loaded from elsewhere. */
static void add_attachment(struct buf *out, const struct status_attachment *a, bool sensitive)
{
	bool linked = page_is_link(a->url);
	tag(out, "<li>");
	if (linked)
		page_link_out(out, a->url, LINK_OUT);
	tag(out, "<span class=\"kind\">");
	html_add_text(out, word(kind_of(a->media_type)));
	tag(out, "</span>");
	if (sensitive) {
		tag(out, " <span class=\"chip\">");
		html_add_text(out, word(W_SENSITIVE));
		tag(out, "</span>");
	}
	tag(out, " <span class=\"alt\" dir=\"auto\">");
	html_add_text(out, a->description.len != 0 ? a->description : word(W_NO_DESCRIPTION));
	tag(out, linked ? "</span></a></li>\n" : "</span></li>\n");
}

static void add_attachments(struct buf *out, const struct status *s)
{
	if (s->attachment_count == 0)
		return;
	tag(out, "<ul class=\"files\">\n");
	for (unsigned i = 0; i < s->attachment_count; i++)
		add_attachment(out, &s->attachments[i], (s->flags & STATUS_SENSITIVE) != 0);
	tag(out, "</ul>\n");
}

static void add_content(struct buf *out, const struct web *web, const struct post *post)
{
	const struct status *s = post->status;
	if (s->spoiler.len != 0) {
		tag(out, "<details class=\"warning\"><summary><span class=\"chip\">");
		html_add_text(out, word(W_WARNING));
		tag(out, "</span> <span class=\"p-summary\" dir=\"auto\"");
		if (text_language_valid(s->language))
			page_attribute(out, "lang", s->language);
		tag(out, ">");
		html_add_text(out, s->spoiler);
		tag(out, "</span></summary>\n");
	}
	add_body(out, post);
	if (post->poll != NULL)
		render_poll(out, web, post->poll);
	add_attachments(out, s);
	if (s->spoiler.len != 0)
		tag(out, "</details>\n");
}

static void add_count(struct buf *out, enum word one, enum word many, uint64_t n)
{
	if (n == 0)
		return;
	tag(out, "<li>");
	word_count(out, one, many, n);
	tag(out, "</li>");
}

static void add_origin(struct buf *out, const struct post *post)
{
	struct str url = page_is_link(post->status->url) ? post->status->url : post->status->uri;
	if (account_is_local(post->author) || !page_is_link(url))
		return;
	tag(out, "<li>");
	page_link_out(out, url, LINK_OUT);
	word_fill(out, W_ORIGINAL, post->author->domain);
	tag(out, "</a></li>");
}

static bool has_facts(const struct post *post)
{
	const struct status *s = post->status;
	return post->counts.boosts != 0 || post->counts.likes != 0 || s->edited_ms != 0 ||
	       s->visibility == VISIBILITY_UNLISTED || !account_is_local(post->author);
}

static void add_facts(struct buf *out, const struct web *web, const struct post *post)
{
	const struct status *s = post->status;
	if (!has_facts(post))
		return;
	tag(out, "<ul class=\"facts\">");
	add_count(out, W_BOOSTS_ONE, W_BOOSTS_MANY, post->counts.boosts);
	add_count(out, W_LIKES_ONE, W_LIKES_MANY, post->counts.likes);
	if (s->visibility == VISIBILITY_UNLISTED) {
		tag(out, "<li>");
		html_add_text(out, word(W_UNLISTED));
		tag(out, "</li>");
	}
	if (s->edited_ms != 0) {
		tag(out, "<li>");
		struct str behind = word_begin(out, W_EDITED);
		page_moment(out, web, "dt-updated", s->edited_ms);
		html_add_text(out, behind);
		tag(out, "</li>");
	}
	add_origin(out, post);
	tag(out, "</ul>\n");
}

void render_post(struct buf *out, const struct web *web, const struct post *post)
{
	tag(out, "<article class=\"post h-entry\"");
	add_id(out, "post", post);
	tag(out, " aria-labelledby=\"by-");
	buf_add_u64(out, post->id);
	tag(out, "\">\n");
	add_booster(out, post);
	add_byline(out, web, post);
	add_context(out, post);
	add_content(out, web, post);
	add_facts(out, web, post);
	tag(out, "</article>\n");
}
