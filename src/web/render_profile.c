/* Writes the page of an account. Pure. */
#include "page.h"

#define OWN_LINK "me nofollow noopener noreferrer"

static void add_chip(struct buf *out, enum word w)
{
	tag(out, " <span class=\"chip\">");
	html_add_text(out, word(w));
	tag(out, "</span>");
}

static void add_kind(struct buf *out, const struct account *a)
{
	static const enum word kinds[] = {
		[ACCOUNT_GROUP] = W_KIND_GROUP,
		[ACCOUNT_ORGANIZATION] = W_KIND_ORGANIZATION,
		[ACCOUNT_SERVICE] = W_KIND_SERVICE,
		[ACCOUNT_APPLICATION] = W_KIND_APPLICATION,
	};
	if (a->kind != ACCOUNT_PERSON)
		add_chip(out, kinds[a->kind]);
	if ((a->flags & ACCOUNT_LOCKED) != 0)
		add_chip(out, W_LOCKED);
}

static void add_moved(struct buf *out, const struct account *a)
{
	if (!page_is_link(a->moved_to))
		return;
	tag(out, "<p class=\"notice\">");
	struct str behind = word_begin(out, W_MOVED);
	page_link_out(out, a->moved_to, OWN_LINK);
	html_add_text(out, word(W_MOVED_LINK));
	tag(out, "</a>");
	html_add_text(out, behind);
	tag(out, "</p>\n");
}

/* S-087: when the page there was found to say that it is of the same person. */
static void add_verified(struct buf *out, uint64_t ms)
{
	tag(out, "<span class=\"chip verified\">");
	struct str behind = word_begin(out, W_LINK_VERIFIED);
	page_day(out, ms);
	html_add_text(out, behind);
	tag(out, "</span>");
}

static void add_fields(struct buf *out, const struct account *a)
{
	if (a->field_count == 0)
		return;
	tag(out, "<dl class=\"fields\">\n");
	for (unsigned i = 0; i < a->field_count; i++) {
		tag(out, "<div><dt dir=\"auto\">");
		page_add_text_of(out, a, a->emojis, a->emoji_count, a->fields[i].name);
		tag(out, a->fields[i].verified_ms != 0 ? "</dt><dd class=\"verified\" dir=\"auto\">"
						       : "</dt><dd dir=\"auto\">");
		page_add_html_of(out, a, a->emojis, a->emoji_count, a->fields[i].value);
		if (a->fields[i].verified_ms != 0)
			add_verified(out, a->fields[i].verified_ms);
		tag(out, "</dd></div>\n");
	}
	tag(out, "</dl>\n");
}

/* FEP-c390: whoever holds the key has said so; it was verified before it was stored. */
static void add_identities(struct buf *out, const struct web *web, const struct account *a)
{
	uint64_t now = clock_wall_ms(web->clock);
	bool any = false;
	for (unsigned i = 0; i < a->identity_count; i++) {
		const struct identity *one = &a->identities[i];
		if (one->expires_ms != 0 && one->expires_ms <= now)
			continue;
		if (!any)
			tag(out, "<dl class=\"fields identities\">\n");
		any = true;
		tag(out, "<div><dt>");
		html_add_text(out, word(W_IDENTITY));
		tag(out, "</dt><dd><code dir=\"ltr\">");
		html_add_text(out, one->subject);
		tag(out, "</code>");
		add_chip(out, W_VERIFIED);
		tag(out, "</dd></div>\n");
	}
	if (any)
		tag(out, "</dl>\n");
}

/* Who follows a community is in it, and it follows nobody. */
static void add_community_facts(struct buf *out, const struct profile_view *view)
{
	const struct community_shown *c = view->community;
	tag(out, "<ul class=\"facts\"><li>");
	word_count(out, W_MEMBERS_ONE, W_MEMBERS_MANY, view->counts.followers);
	if (c->open) {
		tag(out, "</li><li>");
		word_count(out, W_THREADS_ONE, W_THREADS_MANY, c->totals.threads);
		tag(out, "</li><li>");
		word_count(out, W_COMMENTS_ONE, W_COMMENTS_MANY, c->totals.comments);
	}
	tag(out, "</li></ul>\n");
}

static void add_facts(struct buf *out, const struct profile_view *view)
{
	if (view->community != NULL) {
		add_community_facts(out, view);
		return;
	}
	tag(out, "<ul class=\"facts\"><li>");
	word_count(out, W_FOLLOWERS_ONE, W_FOLLOWERS_MANY, view->counts.followers);
	tag(out, "</li><li>");
	word_count(out, W_FOLLOWING_ONE, W_FOLLOWING_MANY, view->counts.following);
	tag(out, "</li><li>");
	struct str behind = word_begin(out, W_JOINED);
	page_day(out, view->account.created_ms);
	html_add_text(out, behind);
	tag(out, "</li></ul>\n");
}

static void add_tags(struct buf *out, const struct account *a)
{
	if (a->tag_count == 0)
		return;
	tag(out, "<p class=\"chips\">");
	for (unsigned i = 0; i < a->tag_count; i++) {
		tag(out, "<span class=\"chip\"><bdi>#");
		html_add_text(out, a->tags[i]);
		tag(out, "</bdi></span> ");
	}
	tag(out, "</p>\n");
}

static void add_how_to_follow(struct buf *out, const struct web *web, const struct account *a)
{
	tag(out, "<details class=\"follow\"><summary>");
	html_add_text(out, word(W_FOLLOW_PERSON));
	tag(out, "</summary>\n<p>");
	html_add_text(out, word(W_FOLLOW_STEPS));
	tag(out, "</p>\n<p><code class=\"copy\">");
	page_handle(out, web, a);
	tag(out, "</code></p></details>\n");
}

static void add_card(struct buf *out, const struct web *web, const struct profile_view *view)
{
	const struct account *a = &view->account;
	tag(out, "<section class=\"card profile h-card ");
	page_add_hue(out, a);
	tag(out, "\">\n<div class=\"who\">");
	page_badge(out, a);
	tag(out, "<div class=\"names\"><h1>");
	page_name(out, a);
	tag(out, "</h1>\n<p class=\"handle\" dir=\"ltr\">");
	page_handle(out, web, a);
	tag(out, "</p></div></div>\n");
	if (a->kind != ACCOUNT_PERSON || (a->flags & ACCOUNT_LOCKED) != 0) {
		tag(out, "<p class=\"chips\">");
		add_kind(out, a);
		tag(out, "</p>\n");
	}
	add_moved(out, a);
	if (a->note.markup.len != 0) {
		tag(out, "<div class=\"text own note p-note\" dir=\"auto\">");
		page_add_html_of(out, a, a->emojis, a->emoji_count, a->note);
		tag(out, "</div>\n");
	}
	add_fields(out, a);
	add_identities(out, web, a);
	add_tags(out, a);
	add_facts(out, view);
	if (view->community != NULL)
		render_community_card(out, web, view->community);
	add_how_to_follow(out, web, a);
	tag(out, "</section>\n");
}

static void add_posts(struct buf *out, const struct web *web, const struct profile_view *view)
{
	tag(out, "<section class=\"feed h-feed\">\n");
	page_heading(out, view->community != NULL ? W_THREADS : W_POSTS);
	if (view->community != NULL && view->community->open)
		render_community_orders(out, view);
	for (size_t i = 0; i < view->pin_count; i++)
		render_post(out, web, &view->pins[i]);
	for (size_t i = 0; i < view->count; i++)
		render_post(out, web, &view->posts[i]);
	if (view->count + view->pin_count == 0) {
		tag(out, "<p class=\"card empty\">");
		html_add_text(out, word(view->max_id == 0 ? W_NO_POSTS : W_NO_OLDER));
		tag(out, "</p>\n");
	}
	tag(out, "</section>\n");
}

/* "/@alice?max_id=17", or without the query for 0 */
static void add_path(struct buf *out, const struct account *a, uint64_t max_id)
{
	page_add_person_href(out, a);
	if (max_id != 0) {
		tag(out, "?max_id=");
		buf_add_u64(out, max_id);
	}
}

static void add_community_paths(const struct profile_view *view, struct buf *first,
				struct buf *next)
{
	struct board_wish wish = view->community->wish;
	if (wish.offset != 0) {
		wish.offset = 0;
		community_add_path(first, &view->account, &wish);
	}
	if (view->community->next != 0) {
		wish.offset = view->community->next;
		community_add_path(next, &view->account, &wish);
	}
}

bool profile_is_hidden(const struct profile_view *view)
{
	const unsigned open = ACCOUNT_DISCOVERABLE | ACCOUNT_INDEXABLE;
	return (view->account.flags & open) != open;
}

void render_profile(struct buf *out, const struct web *web, const struct profile_view *view)
{
	const struct account *a = &view->account;
	struct buf title CLEANUP(buf_free) = BUF_INIT(8192);
	struct buf here CLEANUP(buf_free) = BUF_INIT(512);
	struct buf first CLEANUP(buf_free) = BUF_INIT(512);
	struct buf next CLEANUP(buf_free) = BUF_INIT(512);
	buf_add(&title, page_name_text(a));
	tag(&title, " (@");
	buf_add(&title, a->username);
	tag(&title, "@");
	buf_add(&title, web->site->domain);
	tag(&title, ")");
	add_path(&here, a, view->max_id);
	if (view->max_id != 0)
		add_path(&first, a, 0);
	if (view->next != 0)
		add_path(&next, a, view->next);
	if (view->community != NULL)
		add_community_paths(view, &first, &next);
	const struct page_head head = {
		.title = buf_str(&title),
		.description = view->description,
		.canonical = buf_str(&here),
		.alternate = a->uri,
		.next = buf_str(&next),
		.type = "profile",
		.hidden = profile_is_hidden(view),
	};
	page_begin(out, web, &head);
	add_card(out, web, view);
	add_posts(out, web, view);
	page_pager(out, W_NEWEST, buf_str(&first), W_OLDER, buf_str(&next));
	page_end(out, web);
}
