/* Calendars of events: each once, series with their rule and with the dates that are otherwise. Pure, but for the
 * files of time zones. */
#include "social/calendar.h"

#include "core/clock.h"
#include "store/event.h"
#include "text/html.h"
#include "text/ical.h"

#define ZONE_SPAN_MS ((uint64_t)12 * 366 * MS_PER_DAY)

static struct str location(struct buf *out, struct str place, struct str address)
{
	buf_add(out, place);
	if (place.len != 0 && address.len != 0)
		buf_add(out, STR(", "));
	buf_add(out, address);
	return buf_str(out);
}

/* RFC 5545 section 3.8.7.4: every version has a greater number than the one before. */
static uint32_t sequence(const struct status *s)
{
	uint64_t n = s->edited_ms > s->created_ms
			     ? (s->edited_ms - s->created_ms) / MS_PER_SECOND + 1
			     : 0;
	return n < INT32_MAX ? (uint32_t)n : INT32_MAX;
}

/* What stands behind a warning is looked at where it is. */
static struct str description(struct ctx *ctx, const struct status *s)
{
	struct ctx quiet = { .arena = ctx->arena };
	struct str text;
	return s->spoiler.len != 0 || html_to_text(&quiet, s->content, &text) != RC_OK ? s->spoiler
										       : text;
}

static struct ical_event event_of(struct ctx *ctx, const struct calendar_event *from)
{
	static const enum ical_status states[] = { [EVENT_SCHEDULED] = ICAL_CONFIRMED,
						   [EVENT_TENTATIVE] = ICAL_TENTATIVE,
						   [EVENT_POSTPONED] = ICAL_TENTATIVE,
						   [EVENT_CANCELLED] = ICAL_CANCELLED };
	const struct status *s = from->status;
	const struct account *author = from->author;
	return (struct ical_event){ .uid = s->uri,
				    .stamp_ms = s->edited_ms != 0 ? s->edited_ms : s->created_ms,
				    .created_ms = s->created_ms,
				    .start_ms = s->event.start_ms,
				    .end_ms = s->event.end_ms,
				    .sequence = sequence(s),
				    .status = states[s->event.state],
				    .summary = s->title,
				    .description = description(ctx, s),
				    .url = s->url.len != 0 ? s->url : s->uri,
				    .organizer = author->uri,
				    .organizer_name = author->display_name.len != 0
							      ? author->display_name
							      : author->username };
}

/* Section 3.8.5.1: what is called off is left out. */
static void series_of(struct ctx *ctx, const struct zones *zones, const struct status_event *e,
		      struct ical_event *out)
{
	uint64_t *excluded = ARENA_ARRAY(ctx->arena, EVENT_DATES_MAX, uint64_t);
	uint64_t *dates = ARENA_ARRAY(ctx->arena, EVENT_DATES_MAX, uint64_t);
	if (excluded == NULL || dates == NULL)
		return;
	out->rule = e->rule;
	out->zone_name = e->timezone;
	out->zone = zones_find(zones, e->timezone);
	for (unsigned i = 0; i < e->date_count; i++) {
		if ((e->dates[i].flags & EVENT_DATE_CANCELLED) != 0)
			excluded[out->excluded_count++] = e->dates[i].original_ms;
		else if (i != 0)
			dates[out->date_count++] = e->dates[i].original_ms;
	}
	out->excluded = excluded;
	out->dates = dates;
}

/* Section 3.8.4.4: a date that is otherwise is an event of the same name. */
static void write_changed(struct buf *out, const struct status_event *e,
			  const struct ical_event *series)
{
	for (unsigned i = 0; i < e->date_count; i++) {
		struct buf where CLEANUP(buf_free) = BUF_INIT(8192);
		const struct event_date *d = &e->dates[i];
		struct ical_event one = *series;
		if (d->flags != EVENT_DATE_CHANGED)
			continue;
		one.rule = STR("");
		one.recurrence_ms = d->original_ms;
		one.start_ms = d->start_ms;
		one.end_ms = d->end_ms;
		if (d->place.len != 0)
			one.location = location(&where, d->place, STR(""));
		ical_event(out, &one);
	}
}

static void write_event(struct ctx *ctx, struct buf *out, const struct zones *zones,
			const struct calendar_event *from)
{
	struct buf where CLEANUP(buf_free) = BUF_INIT(8192);
	const struct status_event *e = &from->status->event;
	struct ical_event one = event_of(ctx, from);
	one.location = location(&where, e->place, e->address);
	if (e->date_count != 0)
		series_of(ctx, zones, e, &one);
	ical_event(out, &one);
	write_changed(out, e, &one);
}

/* Between the first date of any series in it and the last. */
static void write_zone(struct buf *out, struct str name, const struct zone *zone,
		       const struct calendar_event *events, size_t count)
{
	uint64_t from = UINT64_MAX, to = 0;
	for (size_t i = 0; i < count; i++) {
		const struct status_event *e = &events[i].status->event;
		if (e->date_count == 0 || !str_eq(e->timezone, name))
			continue;
		uint64_t last = event_end_ms(e), by_rule = e->dates[e->date_count - 1].original_ms;
		from = e->start_ms < from ? e->start_ms : from;
		last = by_rule > last ? by_rule : last;
		to = last > to ? last : to;
	}
	/* dates that were moved far away are no reason to walk through millennia */
	to = to < from + ZONE_SPAN_MS ? to : from + ZONE_SPAN_MS;
	ical_zone(out, name, zone, from > MS_PER_DAY ? from - MS_PER_DAY : 0, to + MS_PER_DAY);
}

void calendar_write(struct ctx *ctx, struct buf *out, struct str name,
		    const struct calendar_event *events, size_t count)
{
	struct zones *zones = ARENA_NEW(ctx->arena, struct zones);
	if (zones == NULL) {
		buf_fail(out);
		return;
	}
	ical_begin(out, name);
	for (size_t i = 0; i < count; i++) {
		const struct status_event *e = &events[i].status->event;
		if (e->date_count == 0 || zones_find(zones, e->timezone) != NULL)
			continue;
		const struct zone *zone = zones_load(ctx, zones, e->timezone);
		if (zone != NULL && e->timezone.len != 0)
			write_zone(out, e->timezone, zone, events, count);
	}
	for (size_t i = 0; i < count; i++)
		write_event(ctx, out, zones, &events[i]);
	ical_end(out);
}
