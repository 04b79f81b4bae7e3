/* The page of reports: plain forms, which work without a script. Pure. */
#include "lanes_int.h"
#include "office_int.h"
#include "page.h"

/* --- pieces --- */

static void filled(struct buf *out, enum word w, struct str text)
{
	tag(out, "<p>");
	word_fill(out, w, text);
	tag(out, "</p>\n");
}

static void quoted(struct buf *out, struct str text)
{
	struct str rest = text, part;
	if (str_trim(text).len == 0)
		return;
	tag(out, "<blockquote dir=\"auto\">\n");
	while (str_next(&rest, '\n', &part)) {
		if (str_trim(part).len == 0)
			continue;
		tag(out, "<p>");
		html_add_text(out, part);
		tag(out, "</p>\n");
	}
	tag(out, "</blockquote>\n");
}

static void begin_form(struct buf *out, const struct lanes_page *page, const char *step,
		       uint64_t id)
{
	form_open(out, &page->form, step);
	form_id(out, "id", id);
}

static void one_button(struct buf *out, const struct lanes_page *page, const char *step,
		       uint64_t id, enum word label, const char *class)
{
	begin_form(out, page, step, id);
	form_button(out, label, class);
	form_close(out);
}

/* --- a report --- */

static void add_post(struct buf *out, const struct web *web, const struct lane_post *post)
{
	const struct status *status = &post->status;
	tag(out, "<div class=\"text\" dir=\"auto\">");
	page_add_html_of(out, &post->author, status->emojis, status->emoji_count, status->content);
	struct str url = status->url.len != 0 ? status->url : status->uri;
	tag(out, "</div>\n<p>");
	if (page_is_link(url))
		page_link_out(out, url, "nofollow noopener");
	page_moment(out, web, "", status->created_ms);
	tag(out, page_is_link(url) ? "</a></p>\n" : "</p>\n");
}

static void add_event(struct buf *out, const struct web *web, const struct lanes_page *page,
		      const struct lane_item *item, size_t i)
{
	static const enum word words[] = {
		[REPORT_NOTED] = W_LANE_NOTED,		 [REPORT_ASSIGNED] = W_LANE_ASSIGNED,
		[REPORT_UNASSIGNED] = W_LANE_UNASSIGNED, [REPORT_RESOLVED] = W_LANE_RESOLVED,
		[REPORT_REOPENED] = W_LANE_REOPENED,	 [REPORT_SORTED] = W_LANE_SORTED,
		[REPORT_ESCALATED] = W_LANE_ESCALATED,	 [REPORT_HANDED_DOWN] = W_LANE_HANDED_DOWN,
	};
	const struct report_event *e = &item->events[i];
	tag(out, "<li>");
	page_moment(out, web, "", e->at_ms);
	tag(out, " ");
	word_fill(out, words[e->kind],
		  item->who[i].len != 0 ? item->who[i] : word(W_LANE_OPERATOR));
	quoted(out, e->text);
	if (e->kind == REPORT_NOTED && e->who == page->viewer) {
		begin_form(out, page, "unnote", item->report.id);
		form_id(out, "about", e->id);
		form_button(out, W_LANE_UNNOTE, "quiet");
		form_close(out);
	}
	tag(out, "</li>\n");
}

struct deed_row {
	const char *type;
	enum word label;
	unsigned permission; /* in a community */
};
static const struct deed_row lane_deeds[] = {
	{ "warn", W_LANE_WARN, COMMUNITY_MAY_REPORTS },
	{ "remove", W_LANE_REMOVE, COMMUNITY_MAY_REMOVE },
	{ "lock", W_LANE_LOCK, COMMUNITY_MAY_LOCK },
	{ "ban", W_LANE_BAN, COMMUNITY_MAY_BAN },
};
static const struct deed_row node_deeds[] = {
	{ "none", W_LANE_WARN, 0 },
	{ "mark_statuses_as_sensitive", W_LANE_COVER, 0 },
	{ "delete_statuses", W_LANE_DELETE, 0 },
	{ "sensitive", W_LANE_SENSITIVE, 0 },
	{ "silence", W_LANE_SILENCE, 0 },
	{ "disable", W_LANE_DISABLE, 0 },
	{ "suspend", W_LANE_SUSPEND, 0 },
};

static void add_deeds(struct buf *out, const struct lanes_page *page)
{
	const bool node = page->here->community == 0;
	const struct deed_row *rows = node ? node_deeds : lane_deeds;
	size_t n = node ? ARRAY_LEN(node_deeds) : ARRAY_LEN(lane_deeds);
	form_label(out, W_LANE_WHAT);
	tag(out, "<select name=\"type\">\n");
	for (size_t i = 0; i < n; i++) {
		if ((page->here->permissions & rows[i].permission) == rows[i].permission)
			form_option(out, str_of(rows[i].type), word(rows[i].label), false);
	}
	tag(out, "</select></label></p>\n");
}

static void add_presets(struct buf *out, const struct lanes_page *page)
{
	if (page->preset_count == 0)
		return;
	form_label(out, W_LANE_PRESET);
	tag(out, "<select name=\"about\">\n");
	form_option(out, STR("0"), STR(""), true);
	for (size_t i = 0; i < page->preset_count; i++) {
		struct buf id CLEANUP(buf_free) = BUF_INIT(32);
		buf_add_u64(&id, page->presets[i].id);
		form_option(out, buf_str(&id), page->presets[i].title, false);
	}
	tag(out, "</select></label></p>\n");
}

static void add_forms(struct buf *out, const struct lanes_page *page, const struct lane_item *item)
{
	const bool node = page->here->community == 0;
	uint64_t id = item->report.id;
	office_fold(out, W_LANE_ACT);
	begin_form(out, page, "act", id);
	add_deeds(out, page);
	add_presets(out, page);
	form_area(out, W_LANE_REASONS, "text", STR(""));
	if (!node)
		form_input(out, W_LANE_DAYS, "days", AS_NUMBER, STR(""));
	form_button(out, W_LANE_ACT, "main");
	form_close(out);
	office_fold_end(out);
	office_fold(out, W_LANE_NOTE);
	begin_form(out, page, "note", id);
	form_area(out, W_LANE_NOTE_TEXT, "text", STR(""));
	form_button(out, W_LANE_NOTE, "main");
	form_close(out);
	office_fold_end(out);
	if (!node || item->report.community != 0) {
		office_fold(out, node ? W_LANE_DOWN : W_LANE_UP);
		begin_form(out, page, "pass", id);
		form_area(out, W_LANE_WHY, "text", STR(""));
		form_button(out, node ? W_LANE_DOWN : W_LANE_UP, "main");
		form_close(out);
		office_fold_end(out);
	}
	if (item->report.assigned != page->viewer)
		one_button(out, page, "assign", id, W_LANE_ASSIGN, "quiet");
	one_button(out, page, "resolve", id, W_LANE_RESOLVE, "quiet");
}

static void add_item(struct buf *out, const struct web *web, const struct lanes_page *page,
		     const struct lane_item *item)
{
	static const enum word categories[] = { [REPORT_OTHER] = W_LANE_OTHER,
						[REPORT_SPAM] = W_LANE_SPAM,
						[REPORT_LEGAL] = W_LANE_LEGAL,
						[REPORT_VIOLATION] = W_LANE_VIOLATION };
	const struct report *r = &item->report;
	tag(out, "<article class=\"draft\">\n<h3><bdi>");
	html_add_text(out, item->target);
	tag(out, "</bdi>: ");
	html_add_text(out, word(categories[r->category]));
	tag(out, "</h3>\n<p>");
	page_moment(out, web, "", r->created_ms);
	tag(out, "</p>\n");
	filled(out, W_LANE_BY, item->reporter);
	quoted(out, r->comment);
	for (size_t i = 0; i < item->post_count; i++)
		add_post(out, web, &item->posts[i]);
	if (item->assigned.len != 0)
		filled(out, W_LANE_WITH, item->assigned);
	if (item->event_count != 0) {
		tag(out, "<ul>\n");
		for (size_t i = 0; i < item->event_count; i++)
			add_event(out, web, page, item, i);
		tag(out, "</ul>\n");
	}
	add_forms(out, page, item);
	tag(out, "</article>\n");
}

/* --- appeals and the record --- */

static void appeal_button(struct buf *out, const struct lanes_page *page, uint64_t id,
			  const char *type, enum word label, const char *class)
{
	begin_form(out, page, "appeal", id);
	form_hidden(out, "type", str_of(type));
	form_button(out, label, class);
	form_close(out);
}

static void add_appeal(struct buf *out, const struct lanes_page *page,
		       const struct lane_appeal *appeal)
{
	const struct strike *strike = &appeal->strike;
	tag(out, "<article class=\"draft\">\n<h3><bdi>");
	html_add_text(out, appeal->who);
	tag(out, "</bdi></h3>\n");
	filled(out, W_LANE_STRUCK,
	       str_of(strike->action == MODERATE_NONE ? "warn" : moderation_name(strike->action)));
	quoted(out, strike->text);
	form_text(out, W_LANE_SAYS);
	quoted(out, strike->appeal_text);
	appeal_button(out, page, strike->id, "approve", W_LANE_APPROVE, "main");
	appeal_button(out, page, strike->id, "reject", W_LANE_REJECT, "quiet");
	if (page->here->community != 0)
		appeal_button(out, page, strike->id, "escalate", W_LANE_UP, "quiet");
	tag(out, "</article>\n");
}

static void add_record(struct buf *out, const struct lanes_page *page)
{
	office_fold(out, W_LANE_RECORD);
	tag(out, "<ul>\n");
	for (size_t i = 0; i < page->act_count; i++) {
		const struct lane_act *act = &page->acts[i];
		tag(out, "<li><code>");
		html_add_text(out, act->act);
		tag(out, "</code> <bdi>");
		html_add_text(out, act->who.len != 0 ? act->who : word(W_LANE_OPERATOR));
		tag(out, "</bdi>, ");
		html_add_text(out, str_take(act->at, 10));
		tag(out, "</li>\n");
	}
	tag(out, "</ul>\n");
	office_fold_end(out);
}

/* --- the page --- */

static void add_choices(struct buf *out, const struct lanes_page *page)
{
	if (page->choice_count < 2)
		return;
	tag(out, "<ul>\n");
	for (size_t i = 0; i < page->choice_count; i++) {
		const struct lane_choice *choice = &page->choices[i];
		struct buf path CLEANUP(buf_free) = BUF_INIT(128);
		buf_add(&path, STR(LANES_PATH));
		if (choice->community != 0)
			buf_addf(&path, "?community=%llu", (unsigned long long)choice->community);
		tag(out, "<li><a");
		page_attribute(out, "href", buf_str(&path));
		tag(out, choice == page->here ? " aria-current=\"page\"><bdi>" : "><bdi>");
		html_add_text(out, choice->name);
		tag(out, "</bdi></a></li>\n");
	}
	tag(out, "</ul>\n");
}

static void add_lane(struct buf *out, const struct web *web, const struct lanes_page *page)
{
	tag(out, "<h2><bdi>");
	html_add_text(out, page->here->name);
	tag(out, "</bdi></h2>\n");
	if (page->item_count == 0)
		form_text(out, W_LANE_EMPTY);
	for (size_t i = 0; i < page->item_count; i++)
		add_item(out, web, page, &page->items[i]);
	if (page->appeal_count != 0)
		page_heading(out, W_LANE_APPEALS);
	for (size_t i = 0; i < page->appeal_count; i++)
		add_appeal(out, page, &page->appeals[i]);
	if (page->here->community != 0)
		add_record(out, page);
}

void render_lanes(struct buf *out, const struct web *web, const struct lanes_page *page)
{
	const struct page_head head = { .title = word(W_LANES), .type = "website", .hidden = true };
	page_begin(out, web, &head);
	tag(out, "<section class=\"card sign-in office\">\n<h1>");
	html_add_text(out, head.title);
	tag(out, "</h1>\n");
	if (page->changed) {
		tag(out, "<p role=\"status\">");
		html_add_text(out, word(W_CHANGED));
		tag(out, "</p>\n");
	}
	if (page->complaint.len != 0) {
		tag(out, "<p class=\"complaint\" role=\"alert\">");
		html_add_text(out, page->complaint);
		tag(out, "</p>\n");
	}
	add_choices(out, page);
	if (page->here != NULL)
		add_lane(out, web, page);
	else
		form_text(out, W_LANE_NOTHING);
	form_page_end(out, web);
}
