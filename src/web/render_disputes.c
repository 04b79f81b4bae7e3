/* The pages of what was decided about somebody, and of follows that they have lost. Pure. */
#include <stdio.h>

#include "disputes_int.h"
#include "page.h"

static void line(struct buf *out, enum word w)
{
	tag(out, "<p>");
	html_add_text(out, word(w));
	tag(out, "</p>\n");
}

static void line_with_day(struct buf *out, enum word w, uint64_t ms)
{
	struct buf day CLEANUP(buf_free) = BUF_INIT(64);
	page_add_day(&day, ms);
	tag(out, "<p>");
	word_fill(out, w, buf_str(&day));
	tag(out, "</p>\n");
}

static void line_with_moment(struct buf *out, const struct web *web, enum word w, uint64_t ms)
{
	tag(out, "<p>");
	struct str behind = word_begin(out, w);
	page_moment(out, web, "", ms);
	html_add_text(out, behind);
	tag(out, "</p>\n");
}

/* What people have written, with its paragraphs. */
static void words_of(struct buf *out, struct str text)
{
	struct str rest = text, part;
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

/* --- strikes --- */

static void add_rules(struct buf *out, const struct strike_view *view)
{
	if (view->rule_count == 0)
		return;
	line(out, W_STRIKE_RULES);
	tag(out, "<ul>\n");
	for (unsigned i = 0; i < view->rule_count; i++) {
		tag(out, "<li>");
		html_add_text(out, view->rules[i].text);
		tag(out, "</li>\n");
	}
	tag(out, "</ul>\n");
}

static void add_posts(struct buf *out, const struct strike *strike, const struct account *account)
{
	if (strike->status_count == 0)
		return;
	line(out, W_STRIKE_POSTS);
	tag(out, "<ul>\n");
	for (unsigned i = 0; i < strike->status_count; i++) {
		struct buf path CLEANUP(buf_free) = BUF_INIT(256);
		buf_addf(&path, "/@%.*s/%llu", STR_ARG(account->username),
			 (unsigned long long)strike->statuses[i]);
		tag(out, "<li><a");
		page_attribute(out, "href", buf_str(&path));
		tag(out, ">");
		html_add_text(out, buf_str(&path));
		tag(out, "</a></li>\n");
	}
	tag(out, "</ul>\n");
}

static void add_form(struct buf *out, const struct strikes_page *page, uint64_t id)
{
	char digits[24], field[40];
	snprintf(digits, sizeof(digits), "%llu", (unsigned long long)id);
	snprintf(field, sizeof(field), "text-%s", digits);
	form_open(out, &page->form, "appeal");
	if (page->ticket.len != 0)
		form_hidden(out, "ticket", page->ticket);
	form_hidden(out, "id", str_of(digits));
	tag(out, "<p><label");
	page_attribute(out, "for", str_of(field));
	tag(out, ">");
	html_add_text(out, word(W_APPEAL_TEXT));
	tag(out, "</label>\n<textarea name=\"text\" rows=\"5\" maxlength=\"2000\" required");
	page_attribute(out, "id", str_of(field));
	tag(out, "></textarea></p>\n");
	form_button(out, W_APPEAL, "main");
	form_close(out);
}

/* What a community has rejected. */
static void add_way_up(struct buf *out, const struct strikes_page *page,
		       const struct strike_view *view)
{
	if (view->up_until_ms == 0)
		return;
	line_with_day(out, W_APPEAL_UP_UNTIL, view->up_until_ms);
	form_open(out, &page->form, "escalate");
	if (page->ticket.len != 0)
		form_hidden(out, "ticket", page->ticket);
	form_id(out, "id", view->strike.id);
	form_button(out, W_APPEAL_UP, "quiet");
	form_close(out);
}

static void add_appeal(struct buf *out, const struct strikes_page *page,
		       const struct strike_view *view)
{
	static const enum word states[] = { [APPEAL_PENDING] = W_APPEAL_PENDING,
					    [APPEAL_APPROVED] = W_APPEAL_APPROVED,
					    [APPEAL_REJECTED] = W_APPEAL_REJECTED };
	const struct strike *strike = &view->strike;
	if (strike->undone)
		line(out, W_STRIKE_UNDONE);
	if (view->open) {
		line_with_day(out, W_APPEAL_UNTIL, strike->appeal_until_ms);
		add_form(out, page, strike->id);
	} else if (strike->appeal == APPEAL_NONE && !strike->undone) {
		line(out, W_APPEAL_LATE);
	}
	if (strike->appeal != APPEAL_NONE) {
		line(out, states[strike->appeal]);
		words_of(out, strike->appeal_text);
	}
	if (strike->escalated && strike->appeal == APPEAL_PENDING)
		line(out, W_APPEAL_AT_NODE);
	add_way_up(out, page, view);
}

static void add_strike(struct buf *out, const struct web *web, const struct strikes_page *page,
		       const struct strike_view *view)
{
	static const enum word acts[MODERATIONS] = {
		[MODERATE_NONE] = W_STRIKE_NONE,
		[MODERATE_REMOVE] = W_STRIKE_REMOVE,
		[MODERATE_LOCK] = W_STRIKE_LOCK,
		[MODERATE_BAN] = W_STRIKE_BAN,
		[MODERATE_SENSITIVE] = W_STRIKE_SENSITIVE,
		[MODERATE_DISABLE] = W_STRIKE_DISABLE,
		[MODERATE_SILENCE] = W_STRIKE_SILENCE,
		[MODERATE_SUSPEND] = W_STRIKE_SUSPEND,
		[MODERATE_MARK_STATUSES] = W_STRIKE_MARK_STATUSES,
		[MODERATE_DELETE_STATUSES] = W_STRIKE_DELETE_STATUSES,
	};
	const struct strike *strike = &view->strike;
	tag(out, "<h2 id=\"strike-");
	buf_add_u64(out, strike->id);
	tag(out, "\">");
	page_add_day(out, strike->created_ms);
	tag(out, "</h2>\n");
	if (view->community.len != 0) {
		tag(out, "<p>");
		word_fill(out, W_STRIKE_IN, view->community);
		tag(out, "</p>\n");
	}
	line(out, acts[strike->action]);
	if (strike->until_ms != 0)
		line_with_moment(out, web, W_STRIKE_UNTIL, strike->until_ms);
	if (strike->text.len != 0)
		words_of(out, strike->text);
	add_rules(out, view);
	add_posts(out, strike, page->account);
	line(out, strike->automated ? W_STRIKE_BY_PROGRAM : W_STRIKE_BY_PERSON);
	add_appeal(out, page, view);
}

void render_strikes(struct buf *out, const struct web *web, const struct strikes_page *page)
{
	form_page_begin(out, web, W_STRIKES);
	if (page->told != W_LANGUAGE) {
		tag(out, "<p role=\"status\">");
		html_add_text(out, word(page->told));
		tag(out, "</p>\n");
	}
	form_complaint(out, page->complaint);
	if (page->count == 0)
		line(out, W_STRIKES_NONE);
	for (size_t i = 0; i < page->count; i++)
		add_strike(out, web, page, &page->strikes[i]);
	form_page_end(out, web);
}

/* --- lost follows --- */

static void add_count(struct buf *out, const struct severance *event, uint64_t count, enum word one,
		      enum word many, const char *list)
{
	struct buf path CLEANUP(buf_free) = BUF_INIT(128);
	if (count == 0)
		return;
	tag(out, "<li>");
	word_count(out, one, many, count);
	if (!event->purged) {
		buf_addf(&path, "/severed_relationships/%llu/%s.csv",
			 (unsigned long long)event->event, list);
		tag(out, " <a");
		page_attribute(out, "href", buf_str(&path));
		tag(out, ">");
		html_add_text(out, word(W_SEVERED_LIST));
		tag(out, "</a>");
	}
	tag(out, "</li>\n");
}

static void add_event(struct buf *out, const struct severance *event)
{
	static const enum word causes[] = { [SEVERANCE_DOMAIN_BLOCK] = W_SEVERED_BY_NODE,
					    [SEVERANCE_USER_DOMAIN_BLOCK] = W_SEVERED_BY_YOU,
					    [SEVERANCE_ACCOUNT] = W_SEVERED_ACCOUNT };
	tag(out, "<h2>");
	page_add_day(out, event->created_ms);
	tag(out, "</h2>\n<p>");
	word_fill(out, causes[event->kind], event->target);
	tag(out, "</p>\n<ul>\n");
	add_count(out, event, event->followers, W_SEVERED_FOLLOWERS_ONE, W_SEVERED_FOLLOWERS_MANY,
		  "followers");
	add_count(out, event, event->following, W_SEVERED_FOLLOWING_ONE, W_SEVERED_FOLLOWING_MANY,
		  "following");
	tag(out, "</ul>\n");
	if (event->purged)
		line(out, W_SEVERED_PURGED);
}

void render_severances(struct buf *out, const struct web *web, const struct severance *list,
		       size_t count)
{
	struct buf days CLEANUP(buf_free) = BUF_INIT(32);
	buf_add_u64(&days, SEVERED_KEEP_DAYS);
	form_page_begin(out, web, W_SEVERED);
	if (count == 0)
		line(out, W_SEVERED_NONE);
	else {
		tag(out, "<p>");
		word_fill(out, W_SEVERED_MORE, buf_str(&days));
		tag(out, "</p>\n");
	}
	for (size_t i = 0; i < count; i++)
		add_event(out, &list[i]);
	form_page_end(out, web);
}
