/* The parts of a profile that a community has: rules, moderators, children, the orders of its threads. Pure. */
#include "core/enc.h"
#include "page.h"

static const enum word order_words[] = {
	[BOARD_ACTIVE] = W_ORDER_ACTIVE,     [BOARD_HOT] = W_ORDER_HOT,
	[BOARD_NEW] = W_ORDER_NEW,	     [BOARD_TOP] = W_ORDER_TOP,
	[BOARD_COMMENTS] = W_ORDER_COMMENTS,
};

static const enum word span_words[] = {
	[BOARD_ALL_TIME] = W_SPAN_ALL, [BOARD_DAY] = W_SPAN_DAY,   [BOARD_WEEK] = W_SPAN_WEEK,
	[BOARD_MONTH] = W_SPAN_MONTH,  [BOARD_YEAR] = W_SPAN_YEAR,
};

static const enum word join_words[] = {
	[COMMUNITY_JOIN_OPEN] = W_JOIN_OPEN,
	[COMMUNITY_JOIN_ON_REQUEST] = W_JOIN_ON_REQUEST,
	[COMMUNITY_JOIN_BY_INVITATION] = W_JOIN_BY_INVITATION,
	[COMMUNITY_JOIN_BY_ATTRIBUTE] = W_JOIN_BY_ATTRIBUTE,
};

void community_add_path(struct buf *out, const struct account *a, const struct board_wish *wish)
{
	page_add_person_href(out, a);
	buf_addf(out, "?sort=%s", board_order_name(wish->order));
	if (wish->span != BOARD_ALL_TIME)
		buf_addf(out, "&span=%s", board_span_name(wish->span));
	if (wish->offset != 0)
		buf_addf(out, "&offset=%zu", wish->offset);
}

static void add_chip(struct buf *out, struct str text)
{
	tag(out, "<span class=\"chip\"><bdi>");
	html_add_text(out, text);
	tag(out, "</bdi></span> ");
}

static void add_people(struct buf *out, enum word title, const struct account *const *list,
		       size_t count)
{
	if (count == 0)
		return;
	tag(out, "<p class=\"company\"><strong>");
	html_add_text(out, word(title));
	tag(out, "</strong> ");
	for (size_t i = 0; i < count; i++) {
		if (i != 0)
			tag(out, ", ");
		page_person_link(out, list[i]);
	}
	tag(out, "</p>\n");
}

static void add_rules(struct buf *out, const struct community *c)
{
	if (c->rule_count == 0)
		return;
	tag(out, "<details class=\"rules\" open><summary>");
	html_add_text(out, word(W_RULES));
	tag(out, "</summary>\n<ol>\n");
	for (unsigned i = 0; i < c->rule_count; i++) {
		tag(out, "<li dir=\"auto\">");
		html_add_text(out, c->rules[i]);
		tag(out, "</li>\n");
	}
	tag(out, "</ol></details>\n");
}

/* What is held next, and where calendar programs find all of it. */
static void add_events(struct buf *out, const struct web *web, const struct community_shown *c)
{
	if (c->event_count == 0)
		return;
	tag(out, "<section class=\"company\">\n");
	page_heading(out, W_ROOM_EVENTS);
	tag(out, "<ul class=\"held\">\n");
	for (size_t i = 0; i < c->event_count; i++) {
		const struct event_brief *e = &c->events[i];
		const struct post post = { .status = &e->status, .author = e->author };
		const struct page_clock clock = { e->zone, e->status.event.timezone };
		tag(out, "<li>");
		page_open_post(out, &post, "");
		tag(out, "<bdi>");
		html_add_text(out, e->status.title);
		tag(out, "</bdi></a>, ");
		page_period(out, web, &clock, e->date.start_ms, e->date.end_ms);
		tag(out, "</li>\n");
	}
	buf_addf(out,
		 "</ul>\n<p><a rel=\"nofollow\" "
		 "href=\"/api/fediflow/v1/communities/%llu/calendar\">",
		 (unsigned long long)c->settings.id);
	html_add_text(out, word(W_EVENTS_CALENDAR));
	tag(out, "</a></p>\n</section>\n");
}

static void add_tag(struct buf *out, struct str name)
{
	tag(out, "<a class=\"chip\" rel=\"tag\" href=\"/tags/");
	enc_percent(out, name);
	tag(out, "\">#");
	html_add_text(out, name);
	tag(out, "</a>");
}

void render_community_card(struct buf *out, const struct web *web, const struct community_shown *c)
{
	tag(out, "<p class=\"chips\">");
	if (c->open && c->settings.kind.len != 0)
		add_chip(out, c->settings.kind);
	add_chip(out, word(join_words[c->settings.join]));
	for (unsigned i = 0; c->open && i < c->settings.tag_count; i++)
		add_tag(out, c->settings.tags[i]);
	buf_addf(out,
		 "<a class=\"chip\" rel=\"nofollow\" href=\"/auth/communities?community=%llu\">",
		 (unsigned long long)c->settings.id);
	html_add_text(out, word(W_ROOM_ENTER));
	tag(out, "</a></p>\n");
	if (!c->open) {
		tag(out, "<p>");
		html_add_text(out, word(W_COMMUNITY_CLOSED));
		tag(out, "</p>\n");
		return;
	}
	add_people(out, W_PART_OF, &c->parent, c->parent != NULL);
	add_people(out, W_MODERATORS, c->staff, c->staff_count);
	add_people(out, W_PARTNERS, c->partners, c->partner_count);
	add_people(out, W_CHILDREN, c->children, c->child_count);
	add_rules(out, &c->settings);
	add_events(out, web, c);
}

static void add_choice(struct buf *out, const struct account *a, const struct board_wish *wish,
		       enum word name, bool chosen)
{
	struct buf path CLEANUP(buf_free) = BUF_INIT(512);
	community_add_path(&path, a, wish);
	tag(out, "<a class=\"chip\" rel=\"nofollow\"");
	page_attribute(out, "href", buf_str(&path));
	if (chosen)
		tag(out, " aria-current=\"true\"");
	tag(out, ">");
	html_add_text(out, word(name));
	tag(out, "</a> ");
}

void render_community_orders(struct buf *out, const struct profile_view *view)
{
	const struct board_wish *now = &view->community->wish;
	tag(out, "<nav class=\"chips orders\"");
	page_attribute(out, "aria-label", word(W_ORDERS));
	tag(out, ">");
	for (int o = 0; o < BOARD_ORDERS; o++) {
		const struct board_wish wish = { .order = (enum board_order)o };
		add_choice(out, &view->account, &wish, order_words[o], now->order == wish.order);
	}
	tag(out, "</nav>\n");
	if (now->order != BOARD_TOP && now->order != BOARD_COMMENTS)
		return;
	tag(out, "<nav class=\"chips orders\"");
	page_attribute(out, "aria-label", word(W_SPANS));
	tag(out, ">");
	for (int s = 0; s < BOARD_SPANS; s++) {
		const struct board_wish wish = { .order = now->order, .span = (enum board_span)s };
		add_choice(out, &view->account, &wish, span_words[s], now->span == wish.span);
	}
	tag(out, "</nav>\n");
}

/* --- lists of communities --- */

static void add_fact(struct buf *out, enum word one, enum word many, uint64_t n)
{
	tag(out, "<li>");
	word_count(out, one, many, n);
	tag(out, "</li>");
}

static void add_row(struct buf *out, const struct web *web, const struct community_row *row)
{
	tag(out, "<li>\n");
	page_open_person(out, row->group, "who h-card");
	page_badge(out, row->group);
	tag(out, "<span class=\"names\">");
	page_name(out, row->group);
	tag(out, " <span class=\"handle\" dir=\"ltr\">");
	page_handle(out, web, row->group);
	tag(out, "</span></span></a>\n");
	if (row->summary.len != 0) {
		tag(out, "<p dir=\"auto\">");
		html_add_text(out, row->summary);
		tag(out, "</p>\n");
	}
	tag(out, "<p class=\"chips\">");
	if (row->settings.kind.len != 0)
		add_chip(out, row->settings.kind);
	add_chip(out, word(join_words[row->settings.join]));
	tag(out, "</p>\n");
	add_people(out, W_PART_OF, &row->parent, row->parent != NULL);
	tag(out, "<ul class=\"facts\">");
	add_fact(out, W_MEMBERS_ONE, W_MEMBERS_MANY, row->members);
	add_fact(out, W_THREADS_ONE, W_THREADS_MANY, row->totals.threads);
	add_fact(out, W_COMMENTS_ONE, W_COMMENTS_MANY, row->totals.comments);
	tag(out, "</ul>\n</li>\n");
}

void render_community_rows(struct buf *out, const struct web *web, const struct community_row *rows,
			   size_t count)
{
	tag(out, "<ul class=\"communities\">\n");
	for (size_t i = 0; i < count; i++)
		add_row(out, web, &rows[i]);
	tag(out, "</ul>\n");
}

void render_communities(struct buf *out, const struct web *web, const struct communities_view *view)
{
	struct buf next CLEANUP(buf_free) = BUF_INIT(128);
	struct page_head head = { .title = word(W_COMMUNITIES), .type = "website" };
	if (view->next != 0)
		buf_addf(&next, "/communities?after=%llu", (unsigned long long)view->next);
	head.next = buf_str(&next);
	head.canonical = view->after == 0 ? STR("/communities") : STR("");
	page_begin(out, web, &head);
	tag(out, "<section class=\"card\">\n<h1>");
	html_add_text(out, head.title);
	tag(out, "</h1>\n");
	if (view->count == 0) {
		tag(out, "<p class=\"empty\">");
		html_add_text(out, word(W_NO_COMMUNITIES));
		tag(out, "</p>\n");
	}
	render_community_rows(out, web, view->rows, view->count);
	tag(out, "</section>\n");
	page_pager(out, W_FIRST_COMMUNITIES, view->after != 0 ? STR("/communities") : STR(""),
		   W_MORE_COMMUNITIES, head.next);
	page_end(out, web);
}
