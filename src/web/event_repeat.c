/* How a series repeats: the choices of the form as a rule (RFC 5545 section 3.3.10), and back. Pure. */
#include "core/date.h"
#include "events_int.h"

#define EVERY_DAY 0x7fU

static const char *const names[REPEAT_CHOICES] = {
	[REPEAT_NEVER] = "never",	  [REPEAT_DAILY] = "daily",
	[REPEAT_WEEKLY] = "weekly",	  [REPEAT_FORTNIGHTLY] = "fortnightly",
	[REPEAT_MONTHLY_DATE] = "date",	  [REPEAT_MONTHLY_WEEKDAY] = "weekday",
	[REPEAT_MONTHLY_LAST] = "last",	  [REPEAT_YEARLY] = "yearly",
	[REPEAT_OTHERWISE] = "otherwise",
};

const char *repeat_name(enum repeat_choice choice)
{
	return names[choice];
}

static uint64_t local_of(const struct zone *zone, uint64_t ms)
{
	return zone != NULL ? zone_to_local(zone, ms) : ms;
}

/* Which of the same weekdays of its month a day is, from 1. */
static int nth_of(const struct date_parts *day)
{
	return ((int)day->day - 1) / 7 + 1;
}

/* --- a rule in the words of the form --- */

static enum repeat_choice monthly_of(const struct recur *r, const struct date_parts *first)
{
	if (r->weekdays != 0 || r->nth_count > 1 || r->month_day_count > 1)
		return REPEAT_OTHERWISE;
	if (r->nth_count == 1) {
		if (r->nths[0].weekday != first->weekday)
			return REPEAT_OTHERWISE;
		if (r->nths[0].nth == -1)
			return REPEAT_MONTHLY_LAST;
		return r->nths[0].nth == nth_of(first) ? REPEAT_MONTHLY_WEEKDAY : REPEAT_OTHERWISE;
	}
	return r->month_day_count == 0 || r->month_days[0] == (int)first->day ? REPEAT_MONTHLY_DATE
									      : REPEAT_OTHERWISE;
}

static enum repeat_choice choice_of(const struct recur *r, const struct date_parts *first)
{
	if (r->frequency == RECUR_WEEKLY && r->week_start == 1 && r->interval <= 2)
		return r->interval == 1 ? REPEAT_WEEKLY : REPEAT_FORTNIGHTLY;
	if (r->interval != 1)
		return REPEAT_OTHERWISE;
	if (r->frequency == RECUR_DAILY && r->weekdays == 0)
		return REPEAT_DAILY;
	if (r->frequency == RECUR_YEARLY)
		return REPEAT_YEARLY;
	return r->frequency == RECUR_MONTHLY ? monthly_of(r, first) : REPEAT_OTHERWISE;
}

void repeat_of(struct arena *arena, const struct status_event *e, const struct zone *zone,
	       struct event_form *out)
{
	struct buf until CLEANUP(buf_free) = BUF_INIT(64);
	struct ctx quiet = { .arena = arena };
	struct date_parts first;
	struct recur r;
	out->repeat = str_of(names[REPEAT_NEVER]);
	out->times = out->until = STR("");
	if (e->rule.len == 0)
		return;
	out->repeat = str_of(names[REPEAT_OTHERWISE]);
	if (recur_parse(&quiet, e->rule, &r) != RC_OK)
		return;
	date_split(local_of(zone, e->start_ms), &first);
	out->repeat = str_of(names[choice_of(&r, &first)]);
	out->weekdays = r.frequency == RECUR_WEEKLY ? r.weekdays : 0;
	if (r.count != 0) {
		out->times = arena_printf(arena, "%u", r.count);
		return;
	}
	date_add_rfc3339(&until, r.until_utc ? local_of(zone, r.until_ms) : r.until_ms);
	out->until = arena_str(arena, str_take(buf_str(&until), 10));
}

/* --- and back --- */

/* The end of that day by the clocks of the zone, told by UTC, as for all times that have a zone. */
static enum rc until_take(struct ctx *ctx, struct str text, const struct zone *zone,
			  struct recur *out)
{
	struct buf day CLEANUP(buf_free) = BUF_INIT(64);
	uint64_t local;
	buf_addf(&day, "%.*sT23:59:59Z", STR_ARG(text));
	if (text.len != 10 || !date_parse_rfc3339(buf_str(&day), &local))
		return ctx_fail(ctx, RC_INVALID, "a day is written as 2026-11-20");
	out->until_ms = zone_to_utc(zone, local);
	out->until_utc = true;
	return RC_OK;
}

static enum rc end_take(struct ctx *ctx, const struct event_form *form, const struct zone *zone,
			struct recur *out)
{
	struct str times = str_trim(form->times), until = str_trim(form->until);
	uint64_t count;
	if ((times.len == 0) == (until.len == 0))
		return ctx_fail(ctx, RC_INVALID,
				"say how often a series is, or until which day, and not both");
	if (until.len != 0)
		return until_take(ctx, until, zone, out);
	if (!str_to_u64(times, &count) || count < 2 || count > RECUR_DATES_MAX)
		return ctx_fail(ctx, RC_INVALID, "a series has 2 to %d dates", RECUR_DATES_MAX);
	out->count = (unsigned)count;
	return RC_OK;
}

static bool choice_take(struct str name, enum repeat_choice *out)
{
	for (int i = 0; i < REPEAT_CHOICES; i++) {
		if (str_eq(name, str_of(names[i]))) {
			*out = (enum repeat_choice)i;
			return true;
		}
	}
	*out = REPEAT_NEVER;
	return name.len == 0;
}

static void rule_fill(enum repeat_choice choice, const struct event_form *form,
		      const struct date_parts *first, struct recur *out)
{
	static const enum recur_frequency frequencies[REPEAT_CHOICES] = {
		[REPEAT_DAILY] = RECUR_DAILY,
		[REPEAT_WEEKLY] = RECUR_WEEKLY,
		[REPEAT_FORTNIGHTLY] = RECUR_WEEKLY,
		[REPEAT_MONTHLY_DATE] = RECUR_MONTHLY,
		[REPEAT_MONTHLY_WEEKDAY] = RECUR_MONTHLY,
		[REPEAT_MONTHLY_LAST] = RECUR_MONTHLY,
		[REPEAT_YEARLY] = RECUR_YEARLY,
	};
	*out = (struct recur){ .frequency = frequencies[choice], .interval = 1, .week_start = 1 };
	if (choice == REPEAT_FORTNIGHTLY)
		out->interval = 2;
	if (choice == REPEAT_WEEKLY || choice == REPEAT_FORTNIGHTLY)
		out->weekdays = form->weekdays & EVERY_DAY;
	if (choice != REPEAT_MONTHLY_WEEKDAY && choice != REPEAT_MONTHLY_LAST)
		return;
	out->nths[0].nth = choice == REPEAT_MONTHLY_LAST ? -1 : nth_of(first);
	out->nths[0].weekday = first->weekday;
	out->nth_count = 1;
}

enum rc repeat_take(struct ctx *ctx, const struct event_form *form, const struct zone *zone,
		    struct status_event *e)
{
	struct buf text = BUF_INIT(256);
	enum repeat_choice choice;
	struct date_parts first;
	struct recur rule;
	if (!choice_take(form->repeat, &choice))
		return ctx_fail(ctx, RC_INVALID, "there is no such way to repeat");
	if (choice == REPEAT_OTHERWISE)
		return RC_OK;
	e->rule = STR("");
	if (choice == REPEAT_NEVER)
		return RC_OK;
	date_split(zone_to_local(zone, e->start_ms), &first);
	rule_fill(choice, form, &first, &rule);
	enum rc rc = end_take(ctx, form, zone, &rule);
	if (rc != RC_OK)
		return rc;
	recur_add(&text, &rule);
	e->rule = arena_take_buf(ctx->arena, &text);
	return e->rule.ptr != NULL ? RC_OK : RC_NO_MEMORY;
}
