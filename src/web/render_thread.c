/* Writes the page of a post, with what it replies to and the replies to it. Pure. */
#include "page.h"

/* Deeper replies are drawn at this depth: narrow screens have no room for more. */
#define DEPTH_SHOWN 4

static void add_note(struct buf *out, enum word w)
{
	tag(out, "<p class=\"cut\">");
	html_add_text(out, word(w));
	tag(out, "</p>\n");
}

static void add_above(struct buf *out, const struct web *web, const struct thread_view *view)
{
	if (view->cut_above)
		add_note(out, W_CUT_ABOVE);
	if (view->above_count == 0)
		return;
	tag(out, "<ol class=\"above\">\n");
	for (size_t i = 0; i < view->above_count; i++) {
		tag(out, "<li>");
		render_post(out, web, &view->above[i]);
		tag(out, "</li>\n");
	}
	tag(out, "</ol>\n");
}

static void add_below(struct buf *out, const struct web *web, const struct thread_view *view)
{
	if (view->below_count == 0)
		return;
	tag(out, "<section class=\"replies\">\n");
	page_heading(out, W_REPLIES);
	tag(out, "<ol class=\"below\">\n");
	for (size_t i = 0; i < view->below_count; i++) {
		const struct post *post = &view->below[i];
		tag(out, "<li class=\"depth");
		buf_add_u64(out, post->depth < DEPTH_SHOWN ? post->depth : DEPTH_SHOWN);
		tag(out, "\">");
		render_post(out, web, post);
		tag(out, "</li>\n");
	}
	tag(out, "</ol>\n");
	if (view->cut_below)
		add_note(out, W_CUT_BELOW);
	tag(out, "</section>\n");
}

/* What it is called, unless a warning stands before that; who has written it, and when. */
static void add_title(struct buf *out, const struct post *post)
{
	const struct status *s = post->status;
	if (s->title.len != 0 && s->spoiler.len == 0) {
		buf_add(out, s->title);
		buf_add(out, word(W_TITLE_BETWEEN));
	}
	buf_add(out, page_name_text(post->author));
	buf_add(out, word(W_TITLE_BETWEEN));
	page_add_day(out, post->status->created_ms);
}

/* Boosts are found at what they boost. */
bool thread_is_hidden(const struct thread_view *view)
{
	const struct post *post = &view->focus;
	return post->booster != NULL || !view->findable ||
	       (post->author->flags & ACCOUNT_DISCOVERABLE) == 0;
}

void render_thread(struct buf *out, const struct web *web, const struct thread_view *view)
{
	const struct post *focus = &view->focus;
	struct buf title CLEANUP(buf_free) = BUF_INIT(8192);
	struct buf here CLEANUP(buf_free) = BUF_INIT(512);
	bool local = account_is_local(focus->author);
	add_title(&title, focus);
	if (local)
		page_add_post_href(&here, focus);
	const struct page_head head = {
		.title = buf_str(&title),
		.description = view->description,
		.canonical = buf_str(&here),
		.alternate = focus->booster == NULL ? focus->status->uri : STR(""),
		.type = "article",
		.hidden = thread_is_hidden(view),
		.oembed = thread_is_embeddable(view),
	};
	page_begin(out, web, &head);
	tag(out, "<h1 class=\"unseen\">");
	html_add_text(out, head.title);
	tag(out, "</h1>\n");
	add_above(out, web, view);
	tag(out, "<div class=\"focus\">\n");
	render_post(out, web, focus);
	tag(out, "</div>\n");
	add_below(out, web, view);
	render_known(out, view);
	page_end(out, web);
}

bool thread_is_embeddable(const struct thread_view *view)
{
	const struct post *post = &view->focus;
	return post->booster == NULL && account_is_local(post->author) &&
	       view->moved_url.ptr == NULL && visibility_is_open(post->status->visibility);
}

void render_embed(struct buf *out, const struct web *web, const struct thread_view *view)
{
	struct buf title CLEANUP(buf_free) = BUF_INIT(8192);
	add_title(&title, &view->focus);
	const struct page_head head = { .title = buf_str(&title),
					.type = "article",
					.hidden = true,
					.bare = true,
					.embedded = true };
	page_begin(out, web, &head);
	tag(out, "<h1 class=\"unseen\">");
	html_add_text(out, head.title);
	tag(out, "</h1>\n");
	render_post(out, web, &view->focus);
	tag(out, "<p class=\"from\"><a href=\"");
	page_add_post_href(out, &view->focus);
	tag(out, "\"><img src=\"/icon.svg\" alt=\"\" width=\"20\" height=\"20\"> <bdi>");
	html_add_text(out, web->site->title);
	tag(out, "</bdi></a></p>\n</main>\n</body>\n</html>\n");
}
