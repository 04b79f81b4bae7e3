/* One event: all of it for its guests, who comes, how one takes part. Plain forms. Pure. */
#include "events_int.h"

#define DATES_OPEN 5 /* of a series that stand there at once */

static void add_line(struct buf *out, enum word w, struct str text)
{
	if (text.len == 0)
		return;
	tag(out, "<p dir=\"auto\">");
	word_fill(out, w, text);
	tag(out, "</p>\n");
}

/* --- what it is --- */

static void add_people(struct buf *out, const struct event_card *card)
{
	tag(out, "<p>");
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

static void add_date(struct buf *out, const struct web *web, const struct page_clock *clock,
		     const struct event_date *date)
{
	const bool off = (date->flags & EVENT_DATE_CANCELLED) != 0;
	tag(out, off ? "<li><s>" : "<li>");
	page_period(out, web, clock, date->start_ms, date->end_ms);
	tag(out, off ? "</s> " : "");
	if (off)
		html_add_text(out, word(W_EVENT_DATE_OFF));
	if (date->place.len != 0) {
		tag(out, ", <bdi>");
		html_add_text(out, date->place);
		tag(out, "</bdi>");
	}
	tag(out, "</li>\n");
}

/* Those that are not over: the first of them open, and the others where one asks for them. */
static void add_dates(struct buf *out, const struct web *web, const struct event_page *page)
{
	const struct status_event *e = &page->card.status.event;
	const struct page_clock clock = event_clock(&page->card);
	const uint64_t now = clock_wall_ms(web->clock);
	unsigned shown = 0;
	if (e->date_count == 0)
		return;
	tag(out, "<p>");
	event_rule_add(out, e->rule, &clock);
	tag(out, "</p>\n<ul>\n");
	for (unsigned i = 0; i < e->date_count; i++) {
		const struct event_date *d = &e->dates[i];
		if ((d->end_ms != 0 ? d->end_ms : d->start_ms) < now)
			continue;
		if (shown++ == DATES_OPEN) {
			tag(out, "</ul>\n");
			form_fold(out, W_EVENT_MORE_DATES);
			tag(out, "<ul>\n");
		}
		add_date(out, web, &clock, d);
	}
	tag(out, "</ul>\n");
	if (shown > DATES_OPEN)
		form_fold_end(out);
}

static void add_text(struct buf *out, const struct event_card *card)
{
	const struct status *s = &card->status;
	if (s->spoiler.len != 0) {
		tag(out, "<details class=\"warning\"><summary><span class=\"chip\">");
		html_add_text(out, word(W_WARNING));
		tag(out, "</span> <span dir=\"auto\">");
		html_add_text(out, s->spoiler);
		tag(out, "</span></summary>\n");
	}
	tag(out, "<div class=\"text\" dir=\"auto\"");
	if (text_language_valid(s->language))
		page_attribute(out, "lang", s->language);
	tag(out, ">");
	page_add_html_of(out, &card->author, s->emojis, s->emoji_count, s->content);
	tag(out, s->spoiler.len != 0 ? "</div>\n</details>\n" : "</div>\n");
}

/* How many there is room for, beside how many come. */
static void add_counts(struct buf *out, const struct event_card *card)
{
	const struct attendance *a = &card->attendance;
	tag(out, "<p>");
	word_count(out, W_ROOM_GOING_ONE, W_ROOM_GOING_MANY,
		   (a->flags & ATTENDANCE_TOLD) != 0 ? a->told : a->going);
	if (card->status.event.capacity != 0) {
		tag(out, ", ");
		word_count(out, W_EVENT_ROOM_ONE, W_EVENT_ROOM_MANY, card->status.event.capacity);
	}
	tag(out, "</p>\n");
}

static void add_links(struct buf *out, const struct event_card *card)
{
	const struct status *s = &card->status;
	const struct post post = { .status = s, .author = &card->author };
	tag(out, "<ul class=\"facts\">\n");
	if (page_is_link(s->event.url)) {
		tag(out, "<li>");
		page_link_out(out, s->event.url, "nofollow noopener noreferrer");
		html_add_text(out, word(W_EVENT_LINK));
		tag(out, "</a></li>\n");
	}
	buf_addf(out, "<li><a href=\"" EVENTS_PATH "/%llu/calendar\">", (unsigned long long)s->id);
	html_add_text(out, word(W_EVENT_FILE));
	tag(out, "</a></li>\n");
	/* what is for fewer people has no page of its own */
	if (s->visibility <= VISIBILITY_UNLISTED) {
		tag(out, "<li>");
		page_open_post(out, &post, "");
		html_add_text(out, word(W_EVENT_THREAD));
		tag(out, "</a></li>\n");
	}
	tag(out, "</ul>\n");
}

static void add_event(struct buf *out, const struct web *web, const struct event_page *page)
{
	const struct event_card *card = &page->card;
	const struct status_event *e = &card->status.event;
	const struct page_clock clock = event_clock(card);
	add_people(out, card);
	if (e->state == EVENT_CANCELLED || card->over) {
		tag(out, "<p class=\"notice\">");
		html_add_text(out,
			      word(e->state == EVENT_CANCELLED ? W_ROOM_CANCELLED : W_EVENT_OVER));
		tag(out, "</p>\n");
	}
	tag(out, "<p><strong>");
	page_period(out, web, &clock, card->date.start_ms, card->date.end_ms);
	tag(out, "</strong></p>\n");
	add_dates(out, web, page);
	add_line(out, W_PLACE, card->date.place.len != 0 ? card->date.place : e->place);
	add_line(out, W_EVENT_ADDRESS_IS, e->address);
	add_text(out, card);
	add_counts(out, card);
	add_links(out, card);
}

/* --- taking part --- */

/* What is not among the choices is one all the same: apps may say any number. */
static void add_reminder(struct buf *out, const struct event_page *page)
{
	static const struct {
		uint64_t minutes;
		enum word word;
	} rows[] = { { 0, W_REMIND_NEVER },    { 15, W_REMIND_15 },
		     { 60, W_REMIND_HOUR },    { 180, W_REMIND_3_HOURS },
		     { 1440, W_REMIND_DAY },   { 2880, W_REMIND_2_DAYS },
		     { 10080, W_REMIND_WEEK }, { 20160, W_REMIND_2_WEEKS } };
	const uint64_t now = page->mine.remind_min;
	bool found = false;
	form_fold(out, W_EVENT_REMIND);
	form_open(out, &page->form, "remind");
	form_label(out, W_EVENT_REMIND_WHEN);
	tag(out, "<select name=\"minutes\">\n");
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct buf digits CLEANUP(buf_free) = BUF_INIT(32);
		buf_add_u64(&digits, rows[i].minutes);
		found |= rows[i].minutes == now;
		form_option(out, buf_str(&digits), word(rows[i].word), rows[i].minutes == now);
	}
	if (!found) {
		struct buf digits CLEANUP(buf_free) = BUF_INIT(32);
		struct buf text CLEANUP(buf_free) = BUF_INIT(256);
		buf_add_u64(&digits, now);
		word_count(&text, W_REMIND_MINUTE, W_REMIND_MINUTES, now);
		form_option(out, buf_str(&digits), buf_str(&text), true);
	}
	tag(out, "</select></label></p>\n");
	form_check(out, W_EVENT_REMIND_LETTER, "letter", page->mine.by_letter);
	form_button(out, W_OFFICE_SAVE, "main");
	form_close(out);
	form_fold_end(out);
}

/* --- who comes --- */

static void add_guests(struct buf *out, const struct web *web, const struct event_page *page)
{
	page_heading(out, W_EVENT_GUESTS);
	if (page->guest_count == 0)
		form_small(out, W_EVENT_GUESTS_NONE);
	tag(out, "<ul>\n");
	for (size_t i = 0; i < page->guest_count; i++) {
		const struct event_guest *g = &page->guests[i];
		static const enum word states[] = { [PARTICIPATION_REFUSED] = W_EVENT_IS_REFUSED,
						    [PARTICIPATION_INVITED] = W_EVENT_IS_INVITED,
						    [PARTICIPATION_DECLINED] =
							    W_EVENT_HAS_DECLINED };
		const enum participation state = g->participant.state;
		tag(out, "<li>");
		page_person_link(out, &g->account);
		tag(out, " <span class=\"handle\" dir=\"ltr\">");
		page_handle(out, web, &g->account);
		tag(out, "</span>");
		if (state != PARTICIPATION_GOING && (size_t)state < ARRAY_LEN(states)) {
			tag(out, ": ");
			html_add_text(out, word(states[state]));
		}
		if (page->may_manage &&
		    (state == PARTICIPATION_GOING || state == PARTICIPATION_INVITED))
			form_act(out, &page->form, "refuse", "account", g->account.id,
				 state == PARTICIPATION_GOING ? W_EVENT_PUT_OUT : W_EVENT_UNINVITE,
				 "quiet");
		tag(out, "</li>\n");
	}
	tag(out, "</ul>\n");
}

static void add_guest_pages(struct buf *out, const struct event_page *page)
{
	struct buf first CLEANUP(buf_free) = BUF_INIT(256), next CLEANUP(buf_free) = BUF_INIT(256);
	if (page->guests_after != 0)
		buf_add(&first, str_of(page->form.path));
	if (page->guests_next != 0)
		buf_addf(&next, "%s?after=%llu", page->form.path,
			 (unsigned long long)page->guests_next);
	page_pager(out, W_EVENT_FIRST_GUESTS, buf_str(&first), W_EVENT_MORE_GUESTS, buf_str(&next));
}

void render_event_page(struct buf *out, const struct web *web, const struct event_page *page)
{
	const enum participation mine = page->card.mine;
	form_desk_begin(out, web, page->card.status.title, page->changed, page->complaint);
	add_event(out, web, page);
	event_part_add(out, &page->form, &page->card);
	if (mine != PARTICIPATION_NONE && mine != PARTICIPATION_REFUSED && !page->card.over)
		add_reminder(out, page);
	if (page->may_manage)
		event_desk_add(out, web, page);
	if (page->sees_guests) {
		add_guests(out, web, page);
		add_guest_pages(out, page);
	}
	tag(out, "<p><a href=\"" EVENTS_PATH "\">");
	html_add_text(out, word(W_EVENTS_ALL));
	tag(out, "</a></p>\n");
	form_page_end(out, web);
}
