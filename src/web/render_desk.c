/* The desk of those who moderate: plain forms, which work without a script. Pure. */
#include "core/utf8.h"
#include "desk_int.h"
#include "page.h"

#define FIRST_WORDS 300

/* --- pieces --- */

static void add_who(struct buf *out, const struct web *web, const struct account *a)
{
	if (a->id == 0) {
		html_add_text(out, word(W_DESK_GONE));
		return;
	}
	page_person_link(out, a);
	tag(out, " <span class=\"handle\" dir=\"ltr\">");
	page_handle(out, web, a);
	tag(out, "</span>");
}

static void add_line(struct buf *out, const struct web *web, enum word w, const struct account *who)
{
	tag(out, "<p>");
	struct str behind = word_begin(out, w);
	add_who(out, web, who);
	html_add_text(out, behind);
	tag(out, "</p>\n");
}

/* What people have written, with its paragraphs. */
static void add_quote(struct buf *out, struct str text)
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

static void add_text_field(struct buf *out, enum word label, bool required)
{
	form_label(out, label);
	tag(out, "<textarea name=\"text\" rows=\"3\" maxlength=\"4000\"");
	tag(out, required ? " required></textarea></label></p>\n" : "></textarea></label></p>\n");
}

static enum word category_word(enum report_category category)
{
	static const enum word words[] = { [REPORT_OTHER] = W_DESK_OTHER,
					   [REPORT_SPAM] = W_DESK_SPAM,
					   [REPORT_LEGAL] = W_DESK_LEGAL,
					   [REPORT_VIOLATION] = W_DESK_VIOLATION };
	return words[category];
}

/* Its lane, what it is about and since when. */
static void add_kind(struct buf *out, const struct web *web, const struct desk_report *r)
{
	tag(out, "<p class=\"chips\"><span class=\"chip\">");
	if (r->lane.id != 0)
		page_name(out, &r->lane);
	else
		html_add_text(out, word(W_DESK_LANE_NODE));
	tag(out, "</span> <span class=\"chip\">");
	html_add_text(out, word(category_word(r->report.category)));
	tag(out, "</span> ");
	page_moment(out, web, "", r->report.created_ms);
	tag(out, "</p>\n");
}

/* --- the list --- */

static void add_guest(struct buf *out, const struct web *web, const struct desk_page *page,
		      const struct desk_guest *guest)
{
	tag(out, "<div class=\"draft\">\n<p>");
	add_who(out, web, &guest->account);
	if (guest->asked.asked_ms != 0) {
		tag(out, ", ");
		page_moment(out, web, "", guest->asked.asked_ms);
	}
	tag(out, "</p>\n");
	add_quote(out, guest->asked.reason);
	tag(out, "<div class=\"row\">\n");
	form_act(out, &page->form, "approve", "account", guest->account.id, W_OFFICE_ADMIT, "main");
	form_act(out, &page->form, "reject", "account", guest->account.id, W_OFFICE_REFUSE,
		 "quiet");
	tag(out, "</div>\n</div>\n");
}

static void add_report_row(struct buf *out, const struct web *web, const struct desk_report *r)
{
	struct str first = str_take(r->report.comment, FIRST_WORDS);
	tag(out, "<article class=\"draft\">\n");
	add_kind(out, web, r);
	add_line(out, web, W_DESK_ABOUT, &r->target);
	if (r->assigned.id != 0)
		add_line(out, web, W_DESK_ASSIGNED, &r->assigned);
	if (first.len != 0) {
		tag(out, "<p class=\"soft\" dir=\"auto\">");
		html_add_text(out, utf8_take(r->report.comment, FIRST_WORDS, FIRST_WORDS * 4));
		tag(out, "</p>\n");
	}
	buf_addf(out, "<p><a href=\"" DESK_PATH "?report=%llu\">",
		 (unsigned long long)r->report.id);
	html_add_text(out, word(r->mine ? W_DESK_OPEN : W_DESK_LOOK));
	tag(out, "</a></p>\n</article>\n");
}

static void add_action(struct buf *out, enum moderation action)
{
	static const enum word words[MODERATIONS] = {
		[MODERATE_NONE] = W_DESK_WARN,
		[MODERATE_SENSITIVE] = W_DESK_SENSITIVE,
		[MODERATE_DISABLE] = W_DESK_DISABLE,
		[MODERATE_SILENCE] = W_DESK_SILENCE,
		[MODERATE_SUSPEND] = W_DESK_SUSPEND,
		[MODERATE_MARK_STATUSES] = W_DESK_MARK,
		[MODERATE_DELETE_STATUSES] = W_DESK_DELETE,
		[MODERATE_REMOVE] = W_DESK_REMOVE,
		[MODERATE_LOCK] = W_DESK_LOCK,
		[MODERATE_BAN] = W_DESK_BAN,
	};
	html_add_text(out, word(words[action]));
}

static void add_appeal(struct buf *out, const struct web *web, const struct desk_page *page,
		       const struct desk_appeal *appeal)
{
	const struct strike *s = &appeal->strike;
	tag(out, "<article class=\"draft\">\n<p class=\"chips\"><span class=\"chip\">");
	if (appeal->community.id != 0)
		page_name(out, &appeal->community);
	else
		html_add_text(out, word(W_DESK_LANE_NODE));
	tag(out, "</span> <span class=\"chip\">");
	add_action(out, s->action);
	tag(out, "</span></p>\n");
	add_line(out, web, W_DESK_ABOUT, &appeal->account);
	add_quote(out, s->text);
	form_text(out, W_DESK_APPEAL_SAYS);
	add_quote(out, s->appeal_text);
	tag(out, "<div class=\"row\">\n");
	form_act(out, &page->form, "appeal_approve", "id", s->id, W_DESK_APPEAL_APPROVE, "main");
	form_act(out, &page->form, "appeal_reject", "id", s->id, W_DESK_APPEAL_REJECT, "quiet");
	tag(out, "</div>\n");
	if (s->community != 0 && !s->escalated)
		form_act(out, &page->form, "appeal_escalate", "id", s->id, W_DESK_ESCALATE,
			 "quiet");
	tag(out, "</article>\n");
}

static void add_pager(struct buf *out, const struct desk_page *page)
{
	struct buf next CLEANUP(buf_free) = BUF_INIT(128);
	if (page->more && page->report_count != 0)
		buf_addf(&next, DESK_PATH "?before=%llu",
			 (unsigned long long)page->reports[page->report_count - 1].report.id);
	page_pager(out, W_NEWEST, page->before != 0 ? STR(DESK_PATH) : STR(""), W_OLDER,
		   buf_str(&next));
}

static void add_list(struct buf *out, const struct web *web, const struct desk_page *page)
{
	if (page->guest_count != 0)
		page_heading(out, W_DESK_GUESTS);
	for (size_t i = 0; i < page->guest_count; i++)
		add_guest(out, web, page, &page->guests[i]);
	page_heading(out, W_DESK_REPORTS);
	if (page->report_count == 0)
		form_small(out, W_DESK_REPORTS_NONE);
	for (size_t i = 0; i < page->report_count; i++)
		add_report_row(out, web, &page->reports[i]);
	add_pager(out, page);
	if (page->appeal_count != 0)
		page_heading(out, W_DESK_APPEALS);
	for (size_t i = 0; i < page->appeal_count; i++)
		add_appeal(out, web, page, &page->appeals[i]);
}

/* --- one report --- */

static void add_posts(struct buf *out, const struct web *web, const struct desk_case *one)
{
	if (one->post_count != 0)
		page_heading(out, W_DESK_POSTS);
	for (size_t i = 0; i < one->post_count; i++) {
		const struct status *s = &one->posts[i];
		tag(out, "<article class=\"draft\">\n<p>");
		page_moment(out, web, "", s->created_ms);
		if (page_is_link(s->url)) {
			tag(out, " ");
			page_link_out(out, s->url, "nofollow noopener noreferrer");
			html_add_text(out, word(W_DESK_LINK));
			tag(out, "</a>");
		}
		tag(out, "</p>\n");
		if (s->spoiler.len != 0) {
			tag(out, "<p><strong dir=\"auto\">");
			html_add_text(out, s->spoiler);
			tag(out, "</strong></p>\n");
		}
		tag(out, "<div class=\"text\" dir=\"auto\">");
		page_add_html_of(out, &one->about.target, s->emojis, s->emoji_count, s->content);
		tag(out, "</div>\n");
		if (s->attachment_count != 0) {
			tag(out, "<p class=\"soft\">");
			word_count(out, W_DESK_FILES_ONE, W_DESK_FILES_MANY, s->attachment_count);
			tag(out, "</p>\n");
		}
		tag(out, "</article>\n");
	}
}

static void add_event(struct buf *out, const struct web *web, const struct desk_page *page,
		      const struct desk_event *e)
{
	static const enum word words[] = {
		[REPORT_NOTED] = W_DESK_NOTED,
		[REPORT_ASSIGNED] = W_DESK_DID_ASSIGN,
		[REPORT_UNASSIGNED] = W_DESK_DID_UNASSIGN,
		[REPORT_RESOLVED] = W_DESK_DID_RESOLVE,
		[REPORT_REOPENED] = W_DESK_DID_REOPEN,
		[REPORT_SORTED] = W_DESK_DID_SORT,
		[REPORT_ESCALATED] = W_DESK_DID_ESCALATE,
		[REPORT_HANDED_DOWN] = W_DESK_DID_HAND_DOWN,
	};
	const bool own = page->form.account != NULL && e->event.who == page->form.account->id;
	tag(out, "<li>");
	if (e->who.id != 0)
		page_person_link(out, &e->who);
	else
		html_add_text(out, word(W_DESK_OPERATOR));
	tag(out, " ");
	html_add_text(out, word(words[e->event.kind]));
	tag(out, ", ");
	page_moment(out, web, "", e->event.at_ms);
	add_quote(out, e->event.text);
	if (e->event.kind == REPORT_NOTED && own)
		form_act(out, &page->form, "unnote", "id", e->event.id, W_DESK_UNNOTE, "quiet");
	tag(out, "</li>\n");
}

static void add_history(struct buf *out, const struct web *web, const struct desk_page *page)
{
	const struct desk_case *one = page->one;
	if (one->event_count == 0)
		return;
	page_heading(out, W_DESK_HISTORY);
	tag(out, "<ul>\n");
	for (size_t i = 0; i < one->event_count; i++)
		add_event(out, web, page, &one->events[i]);
	tag(out, "</ul>\n");
}

static void add_options(struct buf *out, const struct desk_case *one)
{
	static const enum moderation of_node[] = {
		MODERATE_NONE,	    MODERATE_MARK_STATUSES, MODERATE_DELETE_STATUSES,
		MODERATE_SENSITIVE, MODERATE_DISABLE,	    MODERATE_SILENCE,
		MODERATE_SUSPEND
	};
	static const enum moderation of_community[] = { MODERATE_NONE, MODERATE_REMOVE,
							MODERATE_LOCK, MODERATE_BAN };
	const bool node = one->about.lane.id == 0;
	const size_t count = node ? ARRAY_LEN(of_node) : ARRAY_LEN(of_community);
	form_label(out, W_DESK_WHAT);
	tag(out, "<select name=\"what\">\n");
	for (size_t i = 0; i < count; i++) {
		enum moderation what = node ? of_node[i] : of_community[i];
		/* only people of this node sign in here */
		if (what == MODERATE_DISABLE && !account_is_local(&one->about.target))
			continue;
		tag(out, "<option");
		page_attribute(out, "value", str_of(moderation_name(what)));
		tag(out, ">");
		add_action(out, what);
		tag(out, "</option>\n");
	}
	tag(out, "</select></label></p>\n");
}

static void add_sentence(struct buf *out, const struct desk_page *page)
{
	const struct desk_case *one = page->one;
	form_fold(out, W_DESK_DECIDE);
	form_small(out, W_DESK_DECIDE_MORE);
	form_open(out, &page->form, "sentence");
	add_options(out, one);
	if (one->preset_count != 0) {
		form_label(out, W_DESK_PRESET);
		tag(out, "<select name=\"preset\">\n");
		form_option(out, STR(""), word(W_DESK_PRESET_NONE), true);
		for (size_t i = 0; i < one->preset_count; i++) {
			struct buf id CLEANUP(buf_free) = BUF_INIT(32);
			buf_add_u64(&id, one->presets[i].id);
			form_option(out, buf_str(&id), one->presets[i].title, false);
		}
		tag(out, "</select></label></p>\n");
	}
	if (one->about.lane.id != 0)
		form_input(out, W_DESK_DAYS, "days", AS_NUMBER, STR(""));
	add_text_field(out, W_DESK_REASONS, false);
	form_button(out, W_DESK_DECIDE, "main");
	form_close(out);
	form_fold_end(out);
}

/* The same words for what goes up and what goes down. */
static void add_moving(struct buf *out, const struct desk_page *page, const char *step,
		       enum word label)
{
	form_fold(out, label);
	form_open(out, &page->form, step);
	add_text_field(out, W_DESK_WHY, true);
	form_button(out, label, "quiet");
	form_close(out);
	form_fold_end(out);
}

static void add_acts(struct buf *out, const struct desk_page *page)
{
	const struct desk_case *one = page->one;
	const struct report *r = &one->about.report;
	const bool own = page->form.account != NULL && r->assigned == page->form.account->id;
	if (r->resolved_ms != 0) {
		form_act(out, &page->form, "reopen", "id", r->id, W_DESK_REOPEN, "quiet");
		return;
	}
	tag(out, "<div class=\"row\">\n");
	form_act(out, &page->form, own ? "unassign" : "assign", "id", r->id,
		 own ? W_DESK_UNASSIGN : W_DESK_ASSIGN, "quiet");
	form_act(out, &page->form, "resolve", "id", r->id, W_DESK_RESOLVE, "quiet");
	tag(out, "</div>\n");
	add_sentence(out, page);
	if (one->about.lane.id != 0)
		add_moving(out, page, "escalate", W_DESK_ESCALATE);
	else if (one->community.id != 0)
		add_moving(out, page, "hand_down", W_DESK_HAND_DOWN);
	form_fold(out, W_DESK_NOTE);
	form_open(out, &page->form, "note");
	add_text_field(out, W_DESK_NOTE_TEXT, true);
	form_button(out, W_DESK_NOTE, "quiet");
	form_close(out);
	form_fold_end(out);
}

static void add_case(struct buf *out, const struct web *web, const struct desk_page *page)
{
	const struct desk_case *one = page->one;
	tag(out, "<p><a href=\"" DESK_PATH "\">");
	html_add_text(out, word(W_DESK));
	tag(out, "</a></p>\n");
	add_kind(out, web, &one->about);
	add_line(out, web, W_DESK_ABOUT, &one->about.target);
	add_line(out, web, W_DESK_BY, &one->about.reporter);
	if (one->about.assigned.id != 0)
		add_line(out, web, W_DESK_ASSIGNED, &one->about.assigned);
	if (one->about.report.resolved_ms != 0)
		form_text(out, W_DESK_RESOLVED);
	add_quote(out, one->about.report.comment);
	if (one->rule_count != 0) {
		form_text(out, W_DESK_RULES);
		tag(out, "<ul>\n");
		for (size_t i = 0; i < one->rule_count; i++) {
			tag(out, "<li dir=\"auto\">");
			html_add_text(out, one->rules[i].text);
			tag(out, "</li>\n");
		}
		tag(out, "</ul>\n");
	}
	add_posts(out, web, one);
	if (one->about.mine)
		add_acts(out, page);
	else if (one->about.lane.id != 0)
		/* the node's moderators take it up from a community's lane */
		add_moving(out, page, "escalate", W_DESK_TAKE_UP);
	add_history(out, web, page);
}

void render_desk(struct buf *out, const struct web *web, const struct desk_page *page)
{
	form_desk_begin(out, web, word(page->one != NULL ? W_DESK_REPORT : W_DESK), page->changed,
			page->complaint);
	if (page->one != NULL)
		add_case(out, web, page);
	else
		add_list(out, web, page);
	form_page_end(out, web);
}
