/* The retry policy. Pure: values in, values out; any thread. */
#include "queue/policy.h"

#include <stdio.h>

#include "core/attr.h"
#include "core/clock.h"

#define RETRY_AFTER_MAX_MS MS_PER_DAY
#define STRIKES_MAX 10
#define NOT_FOUND_ATTEMPTS 3

static uint64_t u64_min(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static uint64_t u64_max(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

/* Time that has passed; none when the clock was set back (S-126). */
static uint64_t elapsed(uint64_t since_ms, uint64_t now_ms)
{
	return now_ms > since_ms ? now_ms - since_ms : 0;
}

/* Shorter by up to a fifth, so that what failed together does not come back together. */
static uint64_t shorten(uint64_t wait_ms, unsigned jitter)
{
	return wait_ms - wait_ms / 5000 * jitter;
}

static uint64_t wait_after(const struct queue_rules *rules, unsigned failures, unsigned jitter)
{
	static const unsigned factors[] = { 1, 5, 15, 60, 180 };
	uint64_t wait_ms = rules->retry_max_ms;
	if (failures <= ARRAY_LEN(factors) && failures != 0)
		wait_ms = u64_min(wait_ms, rules->retry_first_ms * factors[failures - 1]);
	return shorten(wait_ms, jitter);
}

/* Not before the other side's Retry-After (RFC 9110 section 10.2.3), which is not shortened. */
static uint64_t wait_at_least(uint64_t wait_ms, const struct queue_outcome *outcome)
{
	return u64_max(wait_ms, u64_min(outcome->retry_after_ms, RETRY_AFTER_MAX_MS));
}

static unsigned window_now(const struct queue_rules *rules, const struct queue_lane_state *lane)
{
	if (lane->window == 0 || lane->window > rules->window_max)
		return rules->window_max;
	return lane->window;
}

/* The host answered: whatever it said, it is there. */
static void lane_answered(struct queue_decision *d)
{
	d->lane_came_up = d->lane.failures != 0;
	d->lane.failures = 0;
	d->lane.first_failure_ms = 0;
	d->lane.due_ms = 0;
}

static void lane_succeeded(struct queue_decision *d, const struct queue_rules *rules,
			   uint64_t now_ms)
{
	lane_answered(d);
	d->lane.strikes = 0;
	d->lane.last_success_ms = now_ms;
	if (d->lane.window < rules->window_max)
		d->lane.window++;
}

static void lane_failed(struct queue_decision *d, const struct queue_rules *rules,
			const struct queue_outcome *outcome, uint64_t now_ms, unsigned jitter)
{
	struct queue_lane_state *lane = &d->lane;
	lane->window = 1;
	lane->strikes = 0;
	if (lane->failures != 0 && lane->due_ms > now_ms) {
		/* one of several that ran when the lane failed: the same failure */
		lane->due_ms = u64_max(lane->due_ms, now_ms + wait_at_least(0, outcome));
		return;
	}
	if (lane->failures++ == 0) {
		lane->first_failure_ms = now_ms;
		d->lane_went_down = true;
	}
	uint64_t wait_ms = wait_after(rules, lane->failures, jitter);
	if (elapsed(lane->first_failure_ms, now_ms) >= rules->down_after_ms)
		wait_ms = u64_max(wait_ms, shorten(MS_PER_DAY, jitter));
	lane->due_ms = now_ms + wait_at_least(wait_ms, outcome);
}

/* The job failed alone; too many of them, and it is the lane after all. */
static void job_deferred(struct queue_decision *d, const struct queue_rules *rules,
			 const struct queue_outcome *outcome, unsigned attempts, uint64_t now_ms,
			 unsigned jitter)
{
	d->job_due_ms = now_ms + wait_at_least(wait_after(rules, attempts, jitter), outcome);
	if (outcome->code == 0)
		return; /* our own trouble: the host was not asked */
	lane_answered(d);
	if (++d->lane.strikes >= STRIKES_MAX)
		lane_failed(d, rules, outcome, now_ms, jitter);
	if (outcome->code == 404 && attempts >= NOT_FOUND_ATTEMPTS)
		d->fate = QUEUE_BURY;
}

struct queue_decision queue_plan(const struct queue_rules *rules,
				 const struct queue_lane_state *lane,
				 const struct queue_outcome *outcome, uint64_t job_created_ms,
				 unsigned attempts, uint64_t now_ms, unsigned jitter)
{
	struct queue_decision d = { .fate = QUEUE_KEEP, .job_due_ms = now_ms, .lane = *lane };
	bool expired = rules->life_ms != 0 && elapsed(job_created_ms, now_ms) >= rules->life_ms;
	d.lane.window = window_now(rules, lane);
	switch (outcome->verdict) {
	case QUEUE_DELIVERED:
		d.fate = QUEUE_REMOVE;
		lane_succeeded(&d, rules, now_ms);
		break;
	case QUEUE_AGAIN:
		d.job_due_ms = now_ms + outcome->retry_after_ms;
		lane_succeeded(&d, rules, now_ms);
		break;
	case QUEUE_DEFER:
		d.fate = expired ? QUEUE_BURY : QUEUE_KEEP;
		job_deferred(&d, rules, outcome, attempts, now_ms, jitter);
		break;
	case QUEUE_DEFER_LANE:
		/* the job itself is due at once: it is the lane that waits, and may be woken */
		d.fate = expired ? QUEUE_BURY : QUEUE_KEEP;
		lane_failed(&d, rules, outcome, now_ms, jitter);
		break;
	case QUEUE_REJECT:
	case QUEUE_GONE:
		d.fate = QUEUE_BURY;
		lane_answered(&d);
		d.lane.strikes = 0;
		d.lane.last_success_ms = now_ms;
		break;
	case QUEUE_LOOP:
		d.fate = QUEUE_REMOVE;
		break;
	}
	return d;
}

struct status_row {
	unsigned first, last;
	enum queue_verdict verdict;
};

/* The first row that holds a status counts. RFC 9110 section 15; 52x and 530 are Cloudflare's. */
static const struct status_row status_rows[] = {
	{ 0, 0, QUEUE_DEFER_LANE }, /* no answer */
	{ 200, 299, QUEUE_DELIVERED },
	{ 300, 399, QUEUE_DEFER }, /* a signed POST is not redirected */
	{ 401, 401, QUEUE_DEFER }, /* they could not fetch our key, or clocks differ */
	{ 404, 404, QUEUE_DEFER }, /* believed the third time */
	{ 408, 408, QUEUE_DEFER }, /* timeout of this request */
	{ 410, 410, QUEUE_GONE },
	{ 421, 421, QUEUE_DEFER },	/* misdirected: their proxy is being changed */
	{ 425, 425, QUEUE_DEFER },	/* too early */
	{ 429, 429, QUEUE_DEFER_LANE }, /* too many requests, RFC 6585 section 4 */
	{ 400, 499, QUEUE_REJECT },
	{ 501, 501, QUEUE_REJECT },	/* they have no such thing */
	{ 502, 504, QUEUE_DEFER_LANE }, /* only a proxy answers, or it asks for a pause */
	{ 507, 507, QUEUE_DEFER_LANE }, /* their disk is full */
	{ 520, 530, QUEUE_DEFER_LANE }, /* the host behind the proxy is not there */
};

/* Phrases of the statuses that inboxes give. */
static const char *status_phrase(unsigned status)
{
	static const struct {
		unsigned status;
		const char *phrase;
	} phrases[] = {
		{ 301, "Moved Permanently" },
		{ 302, "Found" },
		{ 307, "Temporary Redirect" },
		{ 308, "Permanent Redirect" },
		{ 400, "Bad Request" },
		{ 401, "Unauthorized" },
		{ 403, "Forbidden" },
		{ 404, "Not Found" },
		{ 405, "Method Not Allowed" },
		{ 406, "Not Acceptable" },
		{ 408, "Request Timeout" },
		{ 410, "Gone" },
		{ 413, "Content Too Large" },
		{ 415, "Unsupported Media Type" },
		{ 421, "Misdirected Request" },
		{ 422, "Unprocessable Content" },
		{ 429, "Too Many Requests" },
		{ 500, "Internal Server Error" },
		{ 501, "Not Implemented" },
		{ 502, "Bad Gateway" },
		{ 503, "Service Unavailable" },
		{ 504, "Gateway Timeout" },
		{ 507, "Insufficient Storage" },
	};
	for (size_t i = 0; i < ARRAY_LEN(phrases); i++)
		if (phrases[i].status == status)
			return phrases[i].phrase;
	return "";
}

struct queue_outcome queue_outcome_of_status(unsigned status, uint64_t retry_after_ms)
{
	/* 1xx, other 5xx and numbers that are no status at all */
	struct queue_outcome outcome = { .verdict = QUEUE_DEFER,
					 .code = status,
					 .retry_after_ms = retry_after_ms };
	for (size_t i = 0; i < ARRAY_LEN(status_rows); i++) {
		const struct status_row *row = &status_rows[i];
		if (status >= row->first && status <= row->last) {
			outcome.verdict = row->verdict;
			break;
		}
	}
	const char *phrase = status_phrase(status);
	if (status == 0)
		snprintf(outcome.reason, sizeof(outcome.reason), "no answer");
	else
		snprintf(outcome.reason, sizeof(outcome.reason), "%u%s%s", status,
			 phrase[0] != '\0' ? " " : "", phrase);
	return outcome;
}
