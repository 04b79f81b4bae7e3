/* Measures and cohorts. Reads only. */
#include "social/figures.h"

#include "core/must.h"
#include "store/report.h"
#include "store/search.h"

#define HOST_ACCOUNTS_MAX 20000 /* looked at of a host */
#define ACCOUNT_ARENA ((size_t)1 << 20)

/* --- by days --- */

typedef uint64_t day_fn(struct db_txn *txn, const struct figure_ask *ask, uint32_t day);

static uint64_t active_users(struct db_txn *txn, const struct figure_ask *ask UNUSED, uint32_t day)
{
	return presence_count(txn, PERIOD_DAY, day);
}

static uint64_t new_users(struct db_txn *txn, const struct figure_ask *ask UNUSED, uint32_t day)
{
	return measure_sum(txn, MEASURE_REGISTRATIONS, day, day);
}

static uint64_t interactions(struct db_txn *txn, const struct figure_ask *ask UNUSED, uint32_t day)
{
	return measure_sum(txn, MEASURE_INTERACTIONS, day, day);
}

static uint64_t opened_reports(struct db_txn *txn, const struct figure_ask *ask UNUSED,
			       uint32_t day)
{
	return measure_sum(txn, MEASURE_REPORTS, day, day);
}

static uint64_t resolved_reports(struct db_txn *txn, const struct figure_ask *ask UNUSED,
				 uint32_t day)
{
	return measure_sum(txn, MEASURE_RESOLVED, day, day);
}

static uint64_t tag_uses(struct db_txn *txn, const struct figure_ask *ask, uint32_t day)
{
	return usage_get(txn, USAGE_TAG, ask->tag, day).uses;
}

static uint64_t tag_accounts(struct db_txn *txn, const struct figure_ask *ask, uint32_t day)
{
	return usage_get(txn, USAGE_TAG, ask->tag, day).accounts;
}

/* --- of a host, as it is now --- */

struct host_sums {
	uint64_t accounts, statuses, followers, following;
};

/* The accounts of a host are those that are found by its whole name. */
static struct host_sums host_sums(struct ctx *ctx, struct db_txn *txn, struct str domain)
{
	struct host_sums sums = { 0 };
	struct buf name CLEANUP(buf_free) = BUF_INIT(SEARCH_TERM_MAX + 1);
	uint64_t *ids = ARENA_ARRAY(ctx->arena, HOST_ACCOUNTS_MAX, uint64_t);
	buf_add(&name, str_take(domain, SEARCH_TERM_MAX - 1));
	buf_add_chr(&name, '\0');
	if (ids == NULL || name.failed || domain.len == 0)
		return sums;
	size_t n = search_people(txn, buf_str(&name), ids, HOST_ACCOUNTS_MAX);
	for (size_t i = 0; i < n; i++) {
		struct account_counts counts = account_counts(txn, ids[i]);
		sums.statuses += counts.statuses;
		sums.followers += counts.followers;
		sums.following += counts.following;
	}
	sums.accounts = n;
	return sums;
}

typedef uint64_t now_fn(struct ctx *ctx, struct db_txn *txn, const struct figure_ask *ask);

static uint64_t instance_accounts(struct ctx *ctx, struct db_txn *txn, const struct figure_ask *ask)
{
	return host_sums(ctx, txn, ask->domain).accounts;
}

static uint64_t instance_statuses(struct ctx *ctx, struct db_txn *txn, const struct figure_ask *ask)
{
	return host_sums(ctx, txn, ask->domain).statuses;
}

static uint64_t instance_followers(struct ctx *ctx, struct db_txn *txn,
				   const struct figure_ask *ask)
{
	return host_sums(ctx, txn, ask->domain).followers;
}

static uint64_t instance_follows(struct ctx *ctx, struct db_txn *txn, const struct figure_ask *ask)
{
	return host_sums(ctx, txn, ask->domain).following;
}

struct host_reports {
	struct db_txn *txn;
	struct arena *arena; /* for one at a time */
	struct str domain;
	uint64_t count;
};

/* Counts, and keeps none. */
static bool count_report(void *arg, const struct report *report)
{
	struct host_reports *of = arg;
	struct account target;
	of->count += account_get(of->txn, of->arena, report->target, &target) &&
		     str_eq(target.domain, of->domain);
	arena_reset(of->arena);
	return false;
}

static uint64_t instance_reports(struct ctx *ctx, struct db_txn *txn, const struct figure_ask *ask)
{
	static const enum report_state states[] = { REPORT_IS_OPEN, REPORT_IS_RESOLVED };
	struct host_reports of = { txn, arena_new(ACCOUNT_ARENA), ask->domain, 0 };
	struct report none;
	for (size_t i = 0; of.arena != NULL && i < ARRAY_LEN(states); i++) {
		const struct report_ask all = { .lane = REPORT_LANE_ANY,
						.state = states[i],
						.page = PAGE_ALL,
						.fits = count_report,
						.arg = &of };
		(void)!report_page(txn, ctx->arena, &all, &none, 1);
	}
	arena_free(&of.arena);
	return of.count;
}

/* --- the table --- */

static const struct {
	const char *key;
	day_fn *day; /* one of the two */
	now_fn *now;
} figures[] = {
	{ "active_users", active_users, NULL },
	{ "new_users", new_users, NULL },
	{ "interactions", interactions, NULL },
	{ "opened_reports", opened_reports, NULL },
	{ "resolved_reports", resolved_reports, NULL },
	{ "tag_accounts", tag_accounts, NULL },
	{ "tag_uses", tag_uses, NULL },
	{ "instance_accounts", NULL, instance_accounts },
	{ "instance_statuses", NULL, instance_statuses },
	{ "instance_followers", NULL, instance_followers },
	{ "instance_follows", NULL, instance_follows },
	{ "instance_reports", NULL, instance_reports },
};

const char *figure_name(size_t i)
{
	return i < ARRAY_LEN(figures) ? figures[i].key : NULL;
}

static void days_answer(struct db_txn *txn, const struct figure_ask *ask, day_fn *day,
			struct figure *out)
{
	out->count = ask->last - ask->first + 1;
	out->has_previous = ask->first >= out->count;
	for (unsigned i = 0; i < out->count; i++) {
		out->days[i] = day(txn, ask, ask->first + i);
		out->total += out->days[i];
		if (out->has_previous)
			out->previous += day(txn, ask, ask->first - out->count + i);
	}
}

enum rc figure_answer(struct ctx *ctx, struct db_txn *txn, const struct figure_ask *ask,
		      struct figure *out)
{
	*out = (struct figure){ .unit = NULL };
	for (size_t i = 0; i < ARRAY_LEN(figures); i++) {
		if (!str_eq(ask->key, str_of(figures[i].key)))
			continue;
		if (figures[i].now != NULL) {
			out->total = figures[i].now(ctx, txn, ask);
			return db_txn_rc(txn);
		}
		if (ask->last < ask->first || ask->last - ask->first >= FIGURE_DAYS_MAX)
			return ctx_fail(ctx, RC_INVALID, "too many days");
		days_answer(txn, ask, figures[i].day, out);
		return db_txn_rc(txn);
	}
	return ctx_fail(ctx, RC_NOT_FOUND, "there is no such measure");
}

/* --- cohorts --- */

#define SCANNED_MAX 50000
#define CHUNK 256
#define ID_MS_SHIFT 16

struct counting {
	struct db_txn *txn;
	enum period period;
	uint32_t first;
	unsigned count;
	struct cohort *out;
};

static void count_one(struct counting *c, const struct account *a)
{
	uint32_t came = period_of_ms(c->period, a->created_ms);
	if (!account_is_local(a) || (a->flags & ACCOUNT_INSTANCE) != 0 || came < c->first ||
	    came - c->first >= c->count)
		return;
	struct cohort *cohort = &c->out[came - c->first];
	cohort->size++;
	for (unsigned i = 0; i < cohort->count; i++)
		cohort->here[i] += presence_has(c->txn, c->period, came + i, a->id);
}

static void count_all(struct counting *c, uint64_t after)
{
	struct arena *arena = arena_new((size_t)4 << 20);
	uint64_t ids[CHUNK];
	size_t n = CHUNK;
	for (size_t seen = 0; arena != NULL && n == CHUNK && seen < SCANNED_MAX; seen += n) {
		n = account_after(c->txn, after, ids, CHUNK);
		for (size_t i = 0; i < n; i++) {
			struct account a;
			arena_reset(arena);
			if (account_get(c->txn, arena, ids[i], &a))
				count_one(c, &a);
			after = ids[i];
		}
	}
	arena_free(&arena);
}

size_t cohorts_of(struct db_txn *txn, enum period period, uint64_t first_ms, uint64_t last_ms,
		  struct cohort out[COHORTS_MAX])
{
	struct counting c = { txn, period, period_of_ms(period, first_ms), 0, out };
	uint32_t last = period_of_ms(period, last_ms);
	if (last_ms < first_ms || last - c.first >= COHORTS_MAX)
		return 0;
	c.count = last - c.first + 1;
	for (unsigned i = 0; i < c.count; i++) {
		out[i] = (struct cohort){ .start_ms = period_start_ms(period, c.first + i),
					  .count = c.count - i };
		for (unsigned k = 0; k < out[i].count; k++)
			out[i].starts_ms[k] = period_start_ms(period, c.first + i + k);
	}
	uint64_t start_ms = out[0].start_ms;
	count_all(&c, start_ms != 0 ? (start_ms << ID_MS_SHIFT) - 1 : 0);
	return c.count;
}
