/* Writes the first page, and the pages that stand for a failure. Pure. */
#include "page.h"
#include "sign_in_int.h"

/* --- the first page --- */

static void add_totals(struct buf *out, const struct node_totals *totals)
{
	tag(out, "<ul class=\"facts\"><li>");
	word_count(out, W_PEOPLE_ONE, W_PEOPLE_MANY, totals->accounts);
	tag(out, "</li><li>");
	word_count(out, W_POSTS_ONE, W_POSTS_MANY, totals->statuses);
	tag(out, "</li></ul>\n");
}

static void add_person(struct buf *out, const struct web *web, const struct account *a)
{
	tag(out, "<li>");
	page_open_person(out, a, "who h-card");
	page_badge(out, a);
	tag(out, "<span class=\"names\">");
	page_name(out, a);
	tag(out, " <span class=\"handle\" dir=\"ltr\">");
	page_handle(out, web, a);
	tag(out, "</span></span></a></li>\n");
}

static void add_people(struct buf *out, const struct web *web, const struct home_view *view)
{
	tag(out, "<section class=\"card\">\n");
	page_heading(out, W_PEOPLE);
	if (view->count == 0) {
		tag(out, "<p class=\"empty\">");
		html_add_text(out, word(W_NO_PEOPLE));
		tag(out, "</p>\n");
	} else {
		tag(out, "<ul class=\"people\">\n");
		for (size_t i = 0; i < view->count; i++)
			add_person(out, web, view->people[i]);
		tag(out, "</ul>\n");
	}
	tag(out, "</section>\n");
}

static void add_communities(struct buf *out, const struct web *web, const struct home_view *view)
{
	if (view->community_count == 0)
		return;
	tag(out, "<section class=\"card\">\n");
	page_heading(out, W_COMMUNITIES);
	render_community_rows(out, web, view->communities, view->community_count);
	if (view->more_communities) {
		tag(out, "<p><a href=\"/communities\">");
		html_add_text(out, word(W_ALL_COMMUNITIES));
		tag(out, "</a></p>\n");
	}
	tag(out, "</section>\n");
}

static void add_how_to_follow(struct buf *out, const struct web *web, const struct home_view *view)
{
	tag(out, "<section class=\"card\">\n");
	page_heading(out, W_FOLLOW_HEAD);
	tag(out, "<p>");
	struct str behind = word_begin(out, W_FOLLOW_NODE);
	tag(out, "<code>");
	if (view->count != 0) {
		page_handle(out, web, view->people[0]);
	} else {
		tag(out, "@name@");
		html_add_text(out, web->site->domain);
	}
	tag(out, "</code>");
	html_add_text(out, behind);
	tag(out, "</p>\n</section>\n");
}

void render_home(struct buf *out, const struct web *web, const struct home_view *view)
{
	struct buf next CLEANUP(buf_free) = BUF_INIT(1024);
	struct buf description CLEANUP(buf_free) = BUF_INIT(8192);
	struct page_head head = { .title = web->site->title,
				  .description = web->site->description,
				  .type = "website",
				  .bare = true };
	if (view->next.len != 0) {
		tag(&next, "/?after=");
		buf_add(&next, view->next); /* a user name: nothing to escape */
	}
	if (head.description.len == 0) {
		word_fill(&description, W_NODE_DESCRIPTION, web->site->domain);
		head.description = buf_str(&description);
	}
	head.next = buf_str(&next);
	head.canonical = view->after.len == 0 ? STR("/") : STR("");
	page_begin(out, web, &head);
	tag(out, "<header class=\"card node\">\n<img src=\"/icon.svg\" alt=\"\" width=\"52\" "
		 "height=\"52\">\n"
		 "<h1><bdi>");
	html_add_text(out, web->site->title);
	tag(out, "</bdi></h1>\n<p class=\"lead\" dir=\"auto\">");
	html_add_text(out, head.description);
	tag(out, "</p>\n");
	add_totals(out, &view->totals);
	form_sign_up_link(out, web);
	tag(out, "</header>\n");
	add_communities(out, web, view);
	add_people(out, web, view);
	page_pager(out, W_FIRST_PEOPLE, view->after.len != 0 ? STR("/") : STR(""), W_MORE_PEOPLE,
		   head.next);
	add_how_to_follow(out, web, view);
	page_end(out, web);
}

/* --- failures --- */

void render_failure(struct buf *out, const struct web *web, unsigned status)
{
	static const struct {
		unsigned status;
		enum word title, more;
	} kinds[] = {
		{ 404, W_NOT_FOUND, W_NOT_FOUND_MORE },
		{ 503, W_BUSY, W_BUSY_MORE },
		{ 500, W_BROKEN, W_BROKEN_MORE },
	};
	size_t kind = 0;
	while (kind + 1 < ARRAY_LEN(kinds) && kinds[kind].status != status)
		kind++;
	const struct page_head head = { .title = word(kinds[kind].title),
					.type = "website",
					.hidden = true };
	page_begin(out, web, &head);
	tag(out, "<section class=\"card failure\">\n<h1>");
	html_add_text(out, head.title);
	tag(out, "</h1>\n<p>");
	html_add_text(out, word(kinds[kind].more));
	tag(out, "</p>\n<p><a href=\"/\">");
	html_add_text(out, word(W_HOME));
	tag(out, "</a></p>\n</section>\n");
	page_end(out, web);
}
