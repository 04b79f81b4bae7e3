/* What organizers have on the page of an event: who asks, whom they invite, changing and calling off. Pure. */
#include "events_int.h"

/* --- who asks --- */

static void add_request(struct buf *out, const struct web *web, const struct event_page *page,
			const struct event_guest *g)
{
	tag(out, "<div class=\"draft\">\n<p>");
	page_person_link(out, &g->account);
	tag(out, " <span class=\"handle\" dir=\"ltr\">");
	page_handle(out, web, &g->account);
	tag(out, "</span></p>\n");
	if (g->participant.note.len != 0) {
		tag(out, "<p dir=\"auto\">");
		html_add_text(out, g->participant.note);
		tag(out, "</p>\n");
	}
	tag(out, "<div class=\"row\">\n");
	form_act(out, &page->form, "accept", "account", g->account.id, W_OFFICE_ADMIT, "main");
	form_act(out, &page->form, "refuse", "account", g->account.id, W_OFFICE_REFUSE, "quiet");
	tag(out, "</div>\n</div>\n");
}

static void add_requests(struct buf *out, const struct web *web, const struct event_page *page)
{
	if (page->waiting_count == 0)
		return;
	page_heading(out, W_EVENT_REQUESTS);
	for (size_t i = 0; i < page->waiting_count; i++)
		add_request(out, web, page, &page->waiting[i]);
}

/* --- inviting --- */

static void add_members(struct buf *out, const struct event_page *page)
{
	if (page->member_count == 0)
		return;
	form_small(out, W_EVENT_INVITE_MEMBERS);
	form_open(out, &page->form, "invite");
	form_label(out, W_EVENT_INVITE_MEMBER);
	tag(out, "<select name=\"account\">\n");
	for (size_t i = 0; i < page->member_count; i++) {
		struct buf id CLEANUP(buf_free) = BUF_INIT(32);
		buf_add_u64(&id, page->members[i].id);
		form_option(out, buf_str(&id), page_name_text(&page->members[i]), false);
	}
	tag(out, "</select></label></p>\n");
	form_button(out, W_EVENT_INVITE, "quiet");
	form_close(out);
}

static void add_inviting(struct buf *out, const struct event_page *page)
{
	form_fold(out, W_EVENT_INVITE);
	form_open(out, &page->form, "invite");
	form_input(out, W_OFFICE_WHO, "who", AS_HANDLE, STR(""));
	form_button(out, W_EVENT_INVITE, "main");
	form_close(out);
	add_members(out, page);
	form_fold_end(out);
}

/* --- changing --- */

static void add_changing(struct buf *out, const struct event_page *page)
{
	tag(out, page->open ? "<details open>\n<summary>" : "<details>\n<summary>");
	html_add_text(out, word(W_EVENT_CHANGE));
	tag(out, "</summary>\n");
	form_open(out, &page->form, "change");
	event_form_add(out, &page->typed, NULL, 0, false);
	form_button(out, W_OFFICE_SAVE, "main");
	form_close(out);
	form_fold_end(out);
}

static void add_date_option(struct buf *out, const struct web *web, const struct page_clock *clock,
			    const struct event_date *d)
{
	struct buf id CLEANUP(buf_free) = BUF_INIT(32);
	buf_add_u64(&id, d->original_ms);
	tag(out, "<option");
	page_attribute(out, "value", buf_str(&id));
	tag(out, ">");
	page_add_local(out, web, clock, d->start_ms);
	if ((d->flags & EVENT_DATE_CANCELLED) != 0) {
		tag(out, " (");
		html_add_text(out, word(W_EVENT_DATE_OFF));
		tag(out, ")");
	}
	tag(out, "</option>\n");
}

/* One form for all of them: what is left empty stays. */
static void add_dating(struct buf *out, const struct web *web, const struct event_page *page)
{
	const struct status_event *e = &page->card.status.event;
	const struct page_clock clock = event_clock(&page->card);
	const uint64_t now = clock_wall_ms(web->clock);
	if (e->date_count == 0)
		return;
	form_fold(out, W_EVENT_DATE_CHANGE);
	form_small(out, W_EVENT_DATE_MORE);
	form_open(out, &page->form, "date");
	form_label(out, W_EVENT_DATE_WHICH);
	tag(out, "<select name=\"date\">\n");
	for (unsigned i = 0; i < e->date_count; i++) {
		if (e->dates[i].start_ms >= now)
			add_date_option(out, web, &clock, &e->dates[i]);
	}
	tag(out, "</select></label></p>\n");
	form_label(out, W_EVENT_DATE_FATE);
	tag(out, "<select name=\"fate\">\n");
	form_option(out, STR(""), word(W_EVENT_DATE_STAYS), true);
	form_option(out, STR("off"), word(W_EVENT_DATE_CALL_OFF), false);
	form_option(out, STR("on"), word(W_EVENT_DATE_RESTORE), false);
	tag(out, "</select></label></p>\n");
	form_input(out, W_EVENT_STARTS, "starts", "type=\"datetime-local\"", STR(""));
	form_input(out, W_EVENT_ENDS, "ends", "type=\"datetime-local\"", STR(""));
	form_input(out, W_EVENT_PLACE, "place", "type=\"text\" maxlength=\"500\"", STR(""));
	form_button(out, W_OFFICE_SAVE, "main");
	form_close(out);
	form_fold_end(out);
}

/* It cannot be taken back: asked for in a fold of its own. */
static void add_cancelling(struct buf *out, const struct event_page *page)
{
	form_fold(out, W_EVENT_CANCEL);
	form_small(out, W_EVENT_CANCEL_MORE);
	form_open(out, &page->form, "cancel");
	form_button(out, W_EVENT_CANCEL, "main");
	form_close(out);
	form_fold_end(out);
}

void event_desk_add(struct buf *out, const struct web *web, const struct event_page *page)
{
	const bool cancelled = page->card.status.event.state == EVENT_CANCELLED;
	if (!cancelled && !page->card.over) {
		add_requests(out, web, page);
		add_inviting(out, page);
	}
	if (page->may_edit)
		add_changing(out, page);
	if (!cancelled) {
		add_dating(out, web, page);
		add_cancelling(out, page);
	}
}
