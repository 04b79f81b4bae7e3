/* Series of events: the dates of a rule, and single ones that are otherwise. */
#include "core/must.h"
#include "event_int.h"
#include "text/recur.h"
#include "text/text.h"
#include "text/zone.h"

/* Ten years until a series begins, and ten that its rule goes on. */
#define AHEAD_MAX_MS ((uint64_t)20 * 366 * MS_PER_DAY)

/* --- composing: outside of writes --- */

/* What was said of single dates holds as long as the rule has them. */
static void keep_changes(const struct status_event *draft, struct event_date *date)
{
	const struct event_date *was = event_date_find(draft, date->original_ms);
	if (was != NULL && was->flags != 0)
		*date = *was;
}

static enum rc fill_dates(struct ctx *ctx, const struct status_event *draft,
			  const struct zone *zone, const uint64_t *local, size_t count,
			  struct status_event *out)
{
	uint64_t length = out->end_ms != 0 ? out->end_ms - out->start_ms : 0;
	out->dates = ARENA_ARRAY(ctx->arena, count, struct event_date);
	if (out->dates == NULL)
		return RC_NO_MEMORY;
	for (size_t i = 0; i < count; i++) {
		/* the first is what was said, to the millisecond, whatever the clocks do */
		uint64_t at = i == 0 ? out->start_ms : zone_to_utc(zone, local[i]);
		out->dates[i] = (struct event_date){ .original_ms = at,
						     .start_ms = at,
						     .end_ms = length != 0 ? at + length : 0,
						     .place = STR("") };
		keep_changes(draft, &out->dates[i]);
	}
	out->date_count = (unsigned)count;
	return RC_OK;
}

enum rc event_series_compose(struct ctx *ctx, const struct status_event *draft,
			     struct status_event *out)
{
	struct buf text = BUF_INIT(1024);
	struct recur rule;
	struct zone zone;
	uint64_t *local = ARENA_ARRAY(ctx->arena, RECUR_DATES_MAX, uint64_t);
	size_t count = 0;
	_Static_assert(RECUR_DATES_MAX <= EVENT_DATES_MAX, "there is room for them");
	out->dates = NULL;
	out->date_count = 0;
	if (out->rule.len == 0) {
		out->rule = STR("");
		return RC_OK;
	}
	if (local == NULL)
		return RC_NO_MEMORY;
	enum rc rc = recur_parse(ctx, out->rule, &rule);
	if (rc == RC_OK)
		rc = zone_load(ctx, out->timezone, &zone);
	if (rc == RC_NOT_FOUND)
		rc = RC_INVALID;
	if (rc == RC_OK)
		rc = recur_dates(ctx, &rule, zone_to_local(&zone, out->start_ms),
				 rule.until_utc ? zone_to_local(&zone, rule.until_ms)
						: rule.until_ms,
				 local, &count);
	if (rc != RC_OK)
		return rc;
	recur_add(&text, &rule);
	out->rule = arena_take_buf(ctx->arena, &text);
	return fill_dates(ctx, draft, &zone, local, count, out);
}

/* --- single dates: inside of writes --- */

static enum rc check_time(struct social *s, const struct status_event *e,
			  const struct event_date *date)
{
	if (date->end_ms != 0 && date->end_ms <= date->start_ms)
		return event_refuse(s, RC_INVALID, "an event ends after it has begun");
	if (date->end_ms != 0 && date->end_ms - date->start_ms > EVENT_LONGEST_MS)
		return event_refuse(s, RC_INVALID, "an event lasts 31 days at most");
	if (date->start_ms > db_txn_now(s->txn) + AHEAD_MAX_MS)
		return event_refuse(s, RC_INVALID, "a date is within twenty years");
	for (unsigned i = 0; i < e->date_count; i++) {
		const struct event_date *other = &e->dates[i];
		if (other->original_ms != date->original_ms && other->start_ms == date->start_ms)
			return event_refuse(s, RC_INVALID, "the series has a date at that time");
	}
	return RC_OK;
}

static enum rc change(struct social *s, const struct event_date_change *c, struct status_event *e,
		      struct event_date *date)
{
	uint64_t length = date->end_ms != 0 ? date->end_ms - date->start_ms : 0;
	struct str place = STR("");
	if (c->fate == EVENT_DATE_CALL_OFF)
		date->flags |= EVENT_DATE_CANCELLED;
	else if (c->fate == EVENT_DATE_RESTORE)
		date->flags &= ~(unsigned)EVENT_DATE_CANCELLED;
	if (c->start_ms == 0 && c->end_ms == 0 && c->place.ptr == NULL)
		return RC_OK;
	if (c->start_ms != 0) {
		date->start_ms = c->start_ms;
		date->end_ms = length != 0 ? c->start_ms + length : 0;
	}
	if (c->end_ms != 0)
		date->end_ms = c->end_ms;
	enum rc rc = c->place.ptr != NULL ? event_place_clean(s->ctx, c->place, &place) : RC_OK;
	if (rc != RC_OK)
		return rc;
	if (c->place.ptr != NULL)
		date->place = place;
	date->flags |= EVENT_DATE_CHANGED;
	return check_time(s, e, date);
}

enum rc event_change_date(struct social *s, const struct account *actor, uint64_t id,
			  uint64_t original_ms, const struct event_date_change *c)
{
	struct status status;
	struct account author;
	enum rc rc = act_load(s, id, &status, &author);
	if (rc != RC_OK)
		return rc;
	if (!status_is_event(&status) || status.event.date_count == 0)
		return event_refuse(s, RC_NOT_FOUND, "this is no series of events");
	if (actor != NULL && !event_may_manage(s->txn, &status, actor->id))
		return act_end(s, RC_DENIED);
	if (status.event.state == EVENT_CANCELLED)
		return event_refuse(s, RC_DENIED, "this event is cancelled");
	struct event_date *dates =
		ARENA_ARRAY(s->ctx->arena, status.event.date_count, struct event_date);
	if (dates == NULL || event_date_find(&status.event, original_ms) == NULL)
		return dates == NULL ? RC_NO_MEMORY
				     : event_refuse(s, RC_NOT_FOUND, "the series has no such date");
	size_t at = (size_t)(event_date_find(&status.event, original_ms) - status.event.dates);
	memcpy(dates, status.event.dates, status.event.date_count * sizeof(*dates));
	status.event.dates = dates;
	rc = change(s, c, &status.event, &dates[at]);
	if (rc != RC_OK)
		return rc;
	uint64_t now = db_txn_now(s->txn);
	status.edited_ms = now > status.edited_ms ? now : status.edited_ms + 1;
	bool own = actor != NULL && actor->id == author.id;
	return act_edit_as(s, own ? EDIT_BY_AUTHOR : EDIT_BY_STAFF, &author, &status);
}
