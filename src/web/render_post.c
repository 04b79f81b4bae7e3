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

static void add_pinned(struct buf *out, const struct post *post)
{
	if (!post->pinned)
		return;
	tag(out, "<p class=\"context pinned\"><span class=\"chip\">");
	html_add_text(out, word(W_PINNED));
	tag(out, "</span></p>\n");
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

static void add_community(struct buf *out, const struct post *post)
{
	if (post->community == NULL || post->parent_above ||
	    (post->booster != NULL && post->booster->id == post->community->id))
		return;
	tag(out, "<p class=\"context\">");
	struct str behind = word_begin(out, W_POSTED_IN);
	page_person_link(out, post->community);
	html_add_text(out, behind);
	tag(out, "</p>\n");
}

static void add_attested(struct buf *out, const struct post *post)
{
	if (post->attested_by == NULL)
		return;
	tag(out, "<p class=\"context\">");
	struct str behind = word_begin(out, W_ATTESTED_BY);
	page_person_link(out, post->attested_by);
	html_add_text(out, behind);
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

/* What is shown as a card is not told by its link, too. */
static void add_without_quote(struct buf *out, const struct post *post)
{
	const struct status *s = post->status;
	struct buf words = BUF_INIT(HTML_OUTPUT_MAX);
	html_add_without_quote(&words, s->content);
	page_add_html_of(out, post->author, s->emojis, s->emoji_count,
			 html_trusted(buf_str(&words)));
	buf_free(&words);
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
		page_add_text_of(out, post->author, s->emojis, s->emoji_count, s->title);
		tag(out, "</strong></p>");
	}
	if (s->excerpt.len != 0 && s->content.markup.len == 0) {
		tag(out, "<p class=\"p-summary\">");
		html_add_text(out, s->excerpt);
		tag(out, "</p>");
	}
	if (post->quoted != NULL)
		add_without_quote(out, post);
	else
		page_add_html_of(out, post->author, s->emojis, s->emoji_count, s->content);
	tag(out, "</div>\n");
}

static enum word kind_of(const struct status_attachment *a)
{
	static const enum word words[] = {
		[ATTACHMENT_BY_TYPE] = W_FILE, [ATTACHMENT_IMAGE] = W_IMAGE,
		[ATTACHMENT_VIDEO] = W_VIDEO,  [ATTACHMENT_AUDIO] = W_AUDIO,
		[ATTACHMENT_LINK] = W_LINK,
	};
	return words[attachment_kind_of(a)];
}

/* What is said of a file; of a page without a name its address says enough. */
static struct str description_of(const struct status_attachment *a)
{
	if (a->description.len != 0)
		return a->description;
	return attachment_kind_of(a) == ATTACHMENT_LINK ? a->url : word(W_NO_DESCRIPTION);
}

/* Files of other hosts are linked, not shown: nothing is loaded from elsewhere. */
static void add_attachment(struct buf *out, const struct status_attachment *a, bool sensitive)
{
	bool linked = page_is_link(a->url);
	tag(out, "<li>");
	if (linked)
		page_link_out(out, a->url, LINK_OUT);
	tag(out, "<span class=\"kind\">");
	html_add_text(out, word(kind_of(a)));
	tag(out, "</span>");
	if (sensitive && attachment_kind_of(a) != ATTACHMENT_LINK) {
		tag(out, " <span class=\"chip\">");
		html_add_text(out, word(W_SENSITIVE));
		tag(out, "</span>");
	}
	tag(out, " <span class=\"alt\" dir=\"auto\">");
	html_add_text(out, description_of(a));
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

/* The same words in other languages, one behind the other. */
static void add_words(struct buf *out, const struct status *s)
{
	for (unsigned i = 0; i < s->word_count; i++) {
		const struct status_words *w = &s->words[i];
		tag(out, "<details class=\"words\"><summary>");
		word_fill(out, W_ALSO_IN, w->language);
		tag(out, "</summary><div class=\"text\" dir=\"auto\"");
		page_attribute(out, "lang", w->language);
		tag(out, ">");
		if (w->title.len != 0) {
			tag(out, "<p class=\"title\"><strong>");
			html_add_text(out, w->title);
			tag(out, "</strong></p>");
		}
		buf_add(out, w->content.markup);
		tag(out, "</div></details>\n");
	}
}

static void add_event_time(struct buf *out, const struct web *web, enum word w, const char *class,
			   uint64_t ms)
{
	if (ms == 0)
		return;
	tag(out, "<li>");
	struct str behind = word_begin(out, w);
	page_moment(out, web, class, ms);
	html_add_text(out, behind);
	tag(out, "</li>");
}

static void add_event(struct buf *out, const struct web *web, const struct status *s)
{
	const struct status_event *e = &s->event;
	if (!str_eq(s->type, STR("Event")))
		return;
	tag(out, "<ul class=\"facts event\">");
	if (e->state == EVENT_CANCELLED) {
		tag(out, "<li><strong>");
		html_add_text(out, word(W_ROOM_CANCELLED));
		tag(out, "</strong></li>");
	}
	add_event_time(out, web, W_STARTS, "dt-start", e->start_ms);
	add_event_time(out, web, W_ENDS, "dt-end", e->end_ms);
	if (e->place.len != 0 || e->address.len != 0) {
		tag(out, "<li class=\"p-location\" dir=\"auto\">");
		word_fill(out, W_PLACE, e->place.len != 0 ? e->place : e->address);
		if (e->place.len != 0 && e->address.len != 0) {
			html_add_text(out, word(W_TITLE_BETWEEN));
			html_add_text(out, e->address);
		}
		tag(out, "</li>");
	}
	if (page_is_link(e->url)) {
		tag(out, "<li>");
		page_link_out(out, e->url, LINK_OUT);
		html_add_text(out, word(W_EVENT_LINK));
		tag(out, "</a></li>");
	}
	if (e->state != EVENT_CANCELLED && e->start_ms != 0) {
		buf_addf(out, "<li><a rel=\"nofollow\" href=\"/auth/events/%llu\">",
			 (unsigned long long)s->id);
		html_add_text(out, word(W_ROOM_JOIN));
		tag(out, "</a></li>");
	}
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
		page_add_text_of(out, post->author, s->emojis, s->emoji_count, s->spoiler);
		tag(out, "</span></summary>\n");
	}
	add_body(out, post);
	if (post->poll != NULL)
		render_post_poll(out, web, post->poll);
	add_event(out, web, s);
	add_words(out, s);
	render_post_quote(out, web, post);
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
	       s->visibility == VISIBILITY_UNLISTED || !account_is_local(post->author) ||
	       post->writer != NULL;
}

static void add_facts(struct buf *out, const struct web *web, const struct post *post)
{
	const struct status *s = post->status;
	if (!has_facts(post))
		return;
	tag(out, "<ul class=\"facts\">");
	if (post->writer != NULL) {
		tag(out, "<li class=\"writer\">");
		word_fill(out, W_POSTED_BY, page_name_text(post->writer));
		tag(out, "</li>");
	}
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
	add_pinned(out, post);
	add_booster(out, post);
	add_byline(out, web, post);
	add_community(out, post);
	add_attested(out, post);
	add_context(out, post);
	add_content(out, web, post);
	page_add_reactions(out, post);
	add_facts(out, web, post);
	render_hints(out, post);
	tag(out, "</article>\n");
}
