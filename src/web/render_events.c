/* The list of events, and what one of them shows wherever it stands: plain forms. Pure. */
#include "events_int.h"

/* --- one in a list --- */

static void add_place(struct buf *out, const struct event_card *card)
{
	const struct status_event *e = &card->status.event;
	struct str place = card->date.place.len != 0 ? card->date.place : e->place;
	if (place.len == 0)
		return;
	tag(out, ", <bdi>");
	html_add_text(out, place);
	tag(out, "</bdi>");
}

/* Where its own server counts, that is what counts. */
static uint32_t going(const struct event_card *card)
{
	const struct attendance *a = &card->attendance;
	return (a->flags & ATTENDANCE_TOLD) != 0 ? a->told : a->going;
}

void event_card_add(struct buf *out, const struct web *web, const struct event_card *card)
{
	const struct page_clock clock = event_clock(card);
	const struct status_event *e = &card->status.event;
	buf_addf(out, "<h3 dir=\"auto\"><a href=\"" EVENTS_PATH "/%llu\">",
		 (unsigned long long)card->status.id);
	html_add_text(out, card->status.title);
	tag(out, "</a></h3>\n<p>");
	page_period(out, web, &clock, card->date.start_ms, card->date.end_ms);
	add_place(out, card);
	tag(out, "</p>\n");
	if (e->date_count != 0) {
		tag(out, "<p class=\"soft\">");
		event_rule_add(out, e->rule, &clock);
		tag(out, "</p>\n");
	}
	if (e->state == EVENT_CANCELLED)
		form_text(out, W_ROOM_CANCELLED);
	tag(out, "<p>");
	word_count(out, W_ROOM_GOING_ONE, W_ROOM_GOING_MANY, going(card));
	tag(out, "</p>\n");
}

static void add_state(struct buf *out, const struct event_card *card)
{
	static const enum word states[] = { [PARTICIPATION_WAITING] = W_ROOM_WAITING,
					    [PARTICIPATION_GOING] = W_ROOM_GOING,
					    [PARTICIPATION_REFUSED] = W_ROOM_REFUSED,
					    [PARTICIPATION_INVITED] = W_ROOM_INVITED,
					    [PARTICIPATION_DECLINED] = W_ROOM_DECLINED };
	if (card->mine != PARTICIPATION_NONE && (size_t)card->mine < ARRAY_LEN(states))
		form_text(out, states[card->mine]);
}

/* Who is asked first may say why they want to come. */
static void add_join(struct buf *out, const struct consent_view *form,
		     const struct event_card *card)
{
	const bool asks = card->status.event.join == EVENT_JOIN_ON_REQUEST &&
			  card->mine != PARTICIPATION_INVITED;
	form_open(out, form, "join");
	form_id(out, "id", card->status.id);
	if (asks)
		form_input(out, W_EVENT_NOTE, "note", "type=\"text\" maxlength=\"500\"", STR(""));
	form_button(out, asks ? W_EVENT_ASK : W_ROOM_JOIN, "main");
	form_close(out);
}

void event_part_add(struct buf *out, const struct consent_view *form, const struct event_card *card)
{
	add_state(out, card);
	if (card->may_join)
		add_join(out, form, card);
	if (card->mine == PARTICIPATION_WAITING || card->mine == PARTICIPATION_GOING ||
	    card->mine == PARTICIPATION_INVITED)
		form_act(out, form, "leave", "id", card->status.id, W_ROOM_LEAVE, "quiet");
}

/* --- the list --- */

static void add_where(struct buf *out, const struct event_card *card)
{
	tag(out, "<p class=\"soft\">");
	struct str behind = word_begin(out, W_EVENT_BY);
	page_person_link(out, &card->author);
	html_add_text(out, behind);
	if (card->group.id != 0) {
		tag(out, " ");
		behind = word_begin(out, W_POSTED_IN);
		page_person_link(out, &card->group);
		html_add_text(out, behind);
	}
	tag(out, "</p>\n");
}

static void add_row(struct buf *out, const struct web *web, const struct event_card *card)
{
	tag(out, "<li class=\"draft\">\n");
	event_card_add(out, web, card);
	add_where(out, card);
	add_state(out, card);
	tag(out, "</li>\n");
}

static void add_calendar(struct buf *out, const struct events_page *page)
{
	form_fold(out, W_EVENTS_CALENDAR);
	form_small(out, W_EVENTS_CALENDAR_MORE);
	tag(out, "<code class=\"code\">");
	html_add_text(out, page->calendar);
	tag(out, "</code>\n<p><a");
	page_attribute(out, "href", page->calendar);
	tag(out, ">");
	html_add_text(out, word(W_EVENTS_CALENDAR_FILE));
	tag(out, "</a></p>\n");
	form_fold_end(out);
}

static void add_holding(struct buf *out, const struct events_page *page)
{
	tag(out, page->open ? "<details open>\n<summary>" : "<details>\n<summary>");
	html_add_text(out, word(W_EVENT_HOLD));
	tag(out, "</summary>\n");
	form_open(out, &page->form, "hold");
	event_form_add(out, &page->typed, page->communities, page->community_count, true);
	form_button(out, W_EVENT_HOLD, "main");
	form_close(out);
	form_fold_end(out);
}

void render_events_page(struct buf *out, const struct web *web, const struct events_page *page)
{
	form_desk_begin(out, web, word(W_EVENTS), page->changed, page->complaint);
	add_holding(out, page);
	add_calendar(out, page);
	if (page->count == 0)
		form_text(out, W_EVENTS_NONE);
	tag(out, "<ul class=\"plain\">\n");
	for (size_t i = 0; i < page->count; i++)
		add_row(out, web, &page->cards[i]);
	tag(out, "</ul>\n");
	form_page_end(out, web);
}
