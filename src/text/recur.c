/* Dates that recur: reading rules, writing them, finding the dates. Pure. */
#include "text/recur.h"

#include "core/clock.h"
#include "core/date.h"

#define INTERVAL_MAX 99
#define WEEK 7
#define DAYS_MAX ((uint64_t)RECUR_YEARS_MAX * 366)

static const char weekday_names[7][3] = { "SU", "MO", "TU", "WE", "TH", "FR", "SA" };
static const char *const frequency_names[] = { [RECUR_DAILY] = "DAILY",
					       [RECUR_WEEKLY] = "WEEKLY",
					       [RECUR_MONTHLY] = "MONTHLY",
					       [RECUR_YEARLY] = "YEARLY" };

/* --- reading --- */

static bool weekday_read(struct str name, unsigned *out)
{
	for (unsigned i = 0; i < WEEK; i++) {
		if (str_eq_nocase(name, str_n(weekday_names[i], 2))) {
			*out = i;
			return true;
		}
	}
	return false;
}

/* [+-]n, 1 to max. */
static bool number_read(struct str text, int max, int *out)
{
	uint64_t n;
	bool minus = str_has_prefix(text, STR("-"));
	if (minus || str_has_prefix(text, STR("+")))
		text = str_skip(text, 1);
	if (text.len == 0 || !str_to_u64(text, &n) || n < 1 || n > (uint64_t)max)
		return false;
	*out = minus ? -(int)n : (int)n;
	return true;
}

static bool frequency_read(struct str value, struct recur *out)
{
	for (size_t i = 0; i < ARRAY_LEN(frequency_names); i++) {
		if (str_eq_nocase(value, str_of(frequency_names[i]))) {
			out->frequency = (enum recur_frequency)i;
			return true;
		}
	}
	return false;
}

static bool interval_read(struct str value, struct recur *out)
{
	int n;
	bool fits = number_read(value, INTERVAL_MAX, &n) && n > 0;
	out->interval = fits ? (unsigned)n : 1;
	return fits;
}

static bool count_read(struct str value, struct recur *out)
{
	int n;
	bool fits = number_read(value, RECUR_DATES_MAX, &n) && n > 0;
	out->count = fits ? (unsigned)n : 0;
	return fits;
}

/* "20261224", "20261224T180000" or "20261224T180000Z": a day goes on to its end. */
static bool until_read(struct str value, struct recur *out)
{
	struct buf text CLEANUP(buf_free) = BUF_INIT(64);
	bool day = value.len == 8;
	out->until_utc = value.len == 16 && value.ptr[15] == 'Z';
	if (!day && (value.len < 15 || value.ptr[8] != 'T' || (value.len != 15 && !out->until_utc)))
		return false;
	struct str clock = day ? STR("235959") : str_take(str_skip(value, 9), 6);
	buf_addf(&text, "%.4s-%.2s-%.2sT%.2s:%.2s:%.2sZ", value.ptr, value.ptr + 4, value.ptr + 6,
		 clock.ptr, clock.ptr + 2, clock.ptr + 4);
	return date_parse_rfc3339(buf_str(&text), &out->until_ms);
}

static bool by_day_read(struct str value, struct recur *out)
{
	struct str one;
	while (str_next(&value, ',', &one)) {
		unsigned weekday;
		int nth;
		if (one.len < 2 || !weekday_read(str_skip(one, one.len - 2), &weekday))
			return false;
		struct str number = str_take(one, one.len - 2);
		if (number.len == 0) {
			out->weekdays |= 1U << weekday;
			continue;
		}
		if (!number_read(number, 5, &nth) || out->nth_count == ARRAY_LEN(out->nths))
			return false;
		out->nths[out->nth_count].nth = nth;
		out->nths[out->nth_count++].weekday = weekday;
	}
	return out->weekdays != 0 || out->nth_count != 0;
}

static bool by_month_day_read(struct str value, struct recur *out)
{
	struct str one;
	while (str_next(&value, ',', &one)) {
		if (out->month_day_count == ARRAY_LEN(out->month_days) ||
		    !number_read(one, 31, &out->month_days[out->month_day_count]))
			return false;
		out->month_day_count++;
	}
	return out->month_day_count != 0;
}

static bool week_start_read(struct str value, struct recur *out)
{
	return weekday_read(value, &out->week_start);
}

static const struct {
	const char *name;
	bool (*read)(struct str value, struct recur *out);
} parts[] = {
	{ "FREQ", frequency_read },  { "INTERVAL", interval_read },
	{ "COUNT", count_read },     { "UNTIL", until_read },
	{ "BYDAY", by_day_read },    { "BYMONTHDAY", by_month_day_read },
	{ "WKST", week_start_read },
};

static enum rc part_read(struct ctx *ctx, struct str part, unsigned *seen, struct recur *out)
{
	struct str name, value;
	if (!str_split(part, '=', &name, &value))
		return ctx_fail(ctx, RC_INVALID, "a rule is made of NAME=VALUE, parted by ;");
	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		if (!str_eq_nocase(name, str_of(parts[i].name)))
			continue;
		if ((*seen & 1U << i) != 0 || !parts[i].read(value, out))
			return ctx_fail(ctx, RC_INVALID, "%s of the rule is none", parts[i].name);
		*seen |= 1U << i;
		return RC_OK;
	}
	return ctx_fail(ctx, RC_INVALID, "rules with %.*s are not known here",
			STR_ARG(str_take(name, 32)));
}

/* Which parts go together (section 3.3.10): what is not here would only be misunderstood. */
static enum rc check(struct ctx *ctx, const struct recur *r, unsigned seen)
{
	if ((seen & 1U) == 0)
		return ctx_fail(ctx, RC_INVALID, "a rule says how often: FREQ");
	if ((r->count == 0) == (r->until_ms == 0))
		return ctx_fail(ctx, RC_INVALID, "a series ends: either COUNT or UNTIL says when");
	if (r->nth_count != 0 && (r->frequency != RECUR_MONTHLY || r->weekdays != 0))
		return ctx_fail(ctx, RC_INVALID, "the nth weekday is one of a month");
	if (r->month_day_count != 0 &&
	    (r->frequency != RECUR_MONTHLY || r->nth_count != 0 || r->weekdays != 0))
		return ctx_fail(ctx, RC_INVALID, "BYMONTHDAY stands alone, in monthly rules");
	if (r->weekdays != 0 && r->frequency == RECUR_YEARLY)
		return ctx_fail(ctx, RC_INVALID, "a yearly rule has no BYDAY here");
	return RC_OK;
}

enum rc recur_parse(struct ctx *ctx, struct str rule, struct recur *out)
{
	struct str rest = rule, part;
	unsigned seen = 0;
	enum rc rc = RC_OK;
	*out = (struct recur){ .interval = 1, .week_start = 1 };
	if (str_has_prefix_nocase(rest, STR("RRULE:")))
		rest = str_skip(rest, 6);
	if (rest.len == 0 || rest.len > 500)
		return ctx_fail(ctx, RC_INVALID, "a rule has 1 to 500 bytes");
	while (rc == RC_OK && str_next(&rest, ';', &part))
		rc = part_read(ctx, part, &seen, out);
	return rc == RC_OK ? check(ctx, out, seen) : rc;
}

/* --- writing --- */

static void add_until(struct buf *out, const struct recur *r)
{
	struct buf date CLEANUP(buf_free) = BUF_INIT(64);
	date_add_rfc3339(&date, r->until_ms);
	buf_add(out, STR(";UNTIL="));
	for (size_t i = 0; i < 19; i++) {
		if (date.ptr[i] != '-' && date.ptr[i] != ':')
			buf_add_chr(out, date.ptr[i]);
	}
	if (r->until_utc)
		buf_add_chr(out, 'Z');
}

static void add_days(struct buf *out, const struct recur *r)
{
	const char *between = ";BYDAY=";
	for (unsigned i = 0; i < WEEK; i++) {
		unsigned day = (i + 1) % WEEK; /* from Monday */
		if ((r->weekdays & 1U << day) == 0)
			continue;
		buf_addf(out, "%s%s", between, weekday_names[day]);
		between = ",";
	}
	for (unsigned i = 0; i < r->nth_count; i++) {
		buf_addf(out, "%s%d%s", between, r->nths[i].nth, weekday_names[r->nths[i].weekday]);
		between = ",";
	}
	between = ";BYMONTHDAY=";
	for (unsigned i = 0; i < r->month_day_count; i++) {
		buf_addf(out, "%s%d", between, r->month_days[i]);
		between = ",";
	}
}

void recur_add(struct buf *out, const struct recur *r)
{
	buf_addf(out, "FREQ=%s", frequency_names[r->frequency]);
	if (r->interval != 1)
		buf_addf(out, ";INTERVAL=%u", r->interval);
	if (r->count != 0)
		buf_addf(out, ";COUNT=%u", r->count);
	else
		add_until(out, r);
	add_days(out, r);
	if (r->week_start != 1 && r->frequency == RECUR_WEEKLY)
		buf_addf(out, ";WKST=%s", weekday_names[r->week_start]);
}

/* --- finding --- */

struct walk {
	const struct recur *rule;
	struct date_parts first, day;
	uint64_t first_number, number; /* days since 1970 */
};

static bool is_weekday(const struct walk *w)
{
	return w->rule->weekdays == 0 || (w->rule->weekdays & 1U << w->day.weekday) != 0;
}

static uint64_t week_of(const struct walk *w, uint64_t number)
{
	/* 1970-01-01 was a Thursday; whole weeks ahead, so that nothing is below zero */
	return (number + 4 + WEEK - w->rule->week_start) / WEEK;
}

static bool fits_week(const struct walk *w)
{
	uint64_t weeks = week_of(w, w->number) - week_of(w, w->first_number);
	bool day = w->rule->weekdays != 0 ? is_weekday(w) : w->day.weekday == w->first.weekday;
	return day && weeks % w->rule->interval == 0;
}

static bool fits_nth(const struct walk *w)
{
	int in_month = (int)date_days_in_month(w->day.year, w->day.month);
	int day = (int)w->day.day;
	for (unsigned i = 0; i < w->rule->nth_count; i++) {
		int nth = w->rule->nths[i].nth;
		int there = nth > 0 ? (day - 1) / WEEK + 1 : -((in_month - day) / WEEK + 1);
		if (w->rule->nths[i].weekday == w->day.weekday && nth == there)
			return true;
	}
	return false;
}

static bool fits_month_day(const struct walk *w)
{
	int in_month = (int)date_days_in_month(w->day.year, w->day.month);
	for (unsigned i = 0; i < w->rule->month_day_count; i++) {
		int day = w->rule->month_days[i];
		if ((int)w->day.day == (day > 0 ? day : in_month + 1 + day))
			return true;
	}
	return false;
}

static bool fits_month(const struct walk *w)
{
	unsigned months = (w->day.year - w->first.year) * 12 + w->day.month - w->first.month;
	if (months % w->rule->interval != 0)
		return false;
	if (w->rule->nth_count != 0)
		return fits_nth(w);
	if (w->rule->month_day_count != 0)
		return fits_month_day(w);
	return w->rule->weekdays != 0 ? is_weekday(w) : w->day.day == w->first.day;
}

static bool fits(const struct walk *w)
{
	switch (w->rule->frequency) {
	case RECUR_DAILY:
		return (w->number - w->first_number) % w->rule->interval == 0 && is_weekday(w);
	case RECUR_WEEKLY:
		return fits_week(w);
	case RECUR_MONTHLY:
		return fits_month(w);
	case RECUR_YEARLY:
		return (w->day.year - w->first.year) % w->rule->interval == 0 &&
		       w->day.month == w->first.month && w->day.day == w->first.day;
	}
	return false;
}

enum rc recur_dates(struct ctx *ctx, const struct recur *rule, uint64_t start_ms, uint64_t until_ms,
		    uint64_t out[RECUR_DATES_MAX], size_t *count)
{
	struct walk w = { .rule = rule, .first_number = start_ms / MS_PER_DAY };
	uint64_t clock = start_ms % MS_PER_DAY;
	size_t n = 0;
	date_split(start_ms, &w.first);
	for (uint64_t i = 0; i < DAYS_MAX; i++) {
		w.number = w.first_number + i;
		uint64_t at = w.number * MS_PER_DAY + clock;
		if (rule->count != 0 ? n == rule->count : at > until_ms)
			break;
		date_split(at, &w.day);
		if (!fits(&w)) {
			if (i == 0)
				return ctx_fail(ctx, RC_INVALID,
						"the first date is none of the rule's");
			continue;
		}
		if (n == RECUR_DATES_MAX)
			return ctx_fail(ctx, RC_INVALID, "a series has %d dates at most",
					RECUR_DATES_MAX);
		out[n++] = at;
	}
	*count = n;
	if (n < 2)
		return ctx_fail(ctx, RC_INVALID, "a series has two dates at least");
	if (rule->count != 0 ? n < rule->count
			     : until_ms > start_ms && until_ms - start_ms > DAYS_MAX * MS_PER_DAY)
		return ctx_fail(ctx, RC_INVALID, "a series ends within %d years", RECUR_YEARS_MAX);
	return RC_OK;
}
