/*
 * Dates that recur (RFC 5545 section 3.3.10), as far as events of people need them: daily, weekly, monthly
 * and yearly, each with an end. Pure. Times are local: what the clocks show, in milliseconds as if it were
 * UTC, so that what is at ten is at ten in summer, too.
 */
#ifndef FF_TEXT_RECUR_H
#define FF_TEXT_RECUR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/attr.h"
#include "core/buf.h"
#include "core/ctx.h"
#include "core/str.h"

#define RECUR_DATES_MAX 200
#define RECUR_YEARS_MAX 10

enum recur_frequency {
	RECUR_DAILY,
	RECUR_WEEKLY,
	RECUR_MONTHLY,
	RECUR_YEARLY,
};

struct recur {
	enum recur_frequency frequency;
	unsigned interval;
	unsigned count;	   /* 0: until_ms says */
	uint64_t until_ms; /* the last that is among them; with until_utc by UTC, else local */
	bool until_utc;
	unsigned week_start; /* 0: Sunday */
	unsigned weekdays;   /* bits, 1: Sunday; 0: as the first date */
	struct {
		int nth; /* of a month: 1 to 5, or from its end -1 to -5 */
		unsigned weekday;
	} nths[8];
	unsigned nth_count;
	int month_days[31]; /* 1 to 31, or from the month's end -1 to -31 */
	unsigned month_day_count;
};

/* RC_INVALID with the reason in ctx: of another form, without an end, or with parts that are not known
 * here. */
enum rc recur_parse(struct ctx *ctx, struct str rule, struct recur *out) NODISCARD;
/* In the one form that all ways of writing it have in common. */
void recur_add(struct buf *out, const struct recur *rule);
/*
 * The dates from start_ms on, which has to be the first of them; until_ms is rule's, made local. RC_INVALID
 * with the reason in ctx when it is none, or there are fewer than 2 or more than RECUR_DATES_MAX, or when
 * they reach further than RECUR_YEARS_MAX.
 */
enum rc recur_dates(struct ctx *ctx, const struct recur *rule, uint64_t start_ms, uint64_t until_ms,
		    uint64_t out[RECUR_DATES_MAX], size_t *count) NODISCARD;

#endif
