/* When and where an event is, as a line below its text, since apps show nothing else of it; and a link to where one
 * takes part. Clocks of places are read from files: when the reading of the database is over. */
#include "core/date.h"
#include "event_int.h"
#include "text/zone.h"

#define LINE_BYTES ((size_t)16 << 10)
#define MINUTES_LEN 22 /* "Mon, 20 Nov 2023 18:00" of a date of HTTP */

struct event_line {
	const struct status_event *event;
	struct event_date date;
	struct str link;
	struct str html; /* absent until the reading is over */
	struct event_line *next;
};

const struct event_line *gather_event_line(struct gather *g, const struct status *s)
{
	struct event_line *line;
	if (!status_is_event(s) || (line = ARENA_NEW(g->arena, struct event_line)) == NULL)
		return NULL;
	*line = (struct event_line){ .event = &s->event, .next = g->event_lines };
	if (!event_next_date(&s->event, db_txn_now(g->txn), &line->date))
		line->date = s->event.dates[s->event.date_count - 1];
	/* where people of here say whether they come */
	line->link = g->viewer.local ? arena_printf(g->arena, "%.*s/auth/events/%llu",
						    STR_ARG(g->api->parts.site->base),
						    (unsigned long long)s->id)
				     : (s->url.len != 0 ? s->url : s->uri);
	g->event_lines = line;
	return line;
}

static void add_time(struct buf *out, const struct zone *zone, uint64_t ms)
{
	struct buf date CLEANUP(buf_free) = BUF_INIT(64);
	date_add_http(&date, zone != NULL ? zone_to_local(zone, ms) : ms);
	buf_add(out, str_take(buf_str(&date), MINUTES_LEN));
}

static void line_write(struct buf *out, const struct event_line *line, const struct zone *zone)
{
	const struct status_event *e = line->event;
	const struct event_date *d = &line->date;
	struct str place = d->place.len != 0 ? d->place : e->place;
	bool off = e->state == EVENT_CANCELLED || (d->flags & EVENT_DATE_CANCELLED) != 0;
	buf_add(out, off ? STR("<p>Called off. It was to start ") : STR("<p>Starts "));
	add_time(out, zone, d->start_ms);
	if (d->end_ms != 0) {
		buf_add(out, STR(", ends "));
		add_time(out, zone, d->end_ms);
	}
	buf_add(out, STR(" ("));
	html_add_text(out, zone != NULL && e->timezone.len != 0 ? e->timezone : STR("UTC"));
	buf_add(out, STR(")"));
	if (place.len != 0) {
		buf_add(out, STR(", at "));
		html_add_text(out, place);
	}
	buf_add(out, STR("<br><a href=\""));
	html_add_text(out, line->link);
	buf_add(out, STR("\" rel=\"nofollow noopener\">"));
	html_add_text(out, line->link);
	buf_add(out, STR("</a></p>"));
}

void event_lines_finish(struct gather *g)
{
	struct ctx quiet = { .arena = g->arena };
	struct zones *zones = g->event_lines != NULL ? ARENA_NEW(g->arena, struct zones) : NULL;
	if (zones == NULL)
		return;
	zones->count = 0;
	for (struct event_line *line = g->event_lines; line != NULL; line = line->next) {
		struct buf out = BUF_INIT(LINE_BYTES);
		line_write(&out, line, zones_load(&quiet, zones, line->event->timezone));
		line->html = arena_take_buf(g->arena, &out);
		if (line->html.ptr == NULL)
			line->html = STR("");
	}
}

struct str event_line_html(const struct event_line *line)
{
	if (line == NULL)
		return STR("");
	/* whoever renders has ended the reading */
	must(line->html.ptr != NULL);
	return line->html;
}
