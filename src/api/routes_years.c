/* Years in review (methods/annual_reports). */
#include "view_int.h"

#include "social/year.h"

static enum year_offer offer_of(const struct call *call)
{
	return (enum year_offer)call->api->parts.settings->annual_reports;
}

/* 0 when the path names none. */
static uint16_t year_of(const struct call *call)
{
	uint64_t year = 0;
	bool sound = call->req->params[0].len == 4 && str_to_u64(call->req->params[0], &year);
	return sound && year <= YEAR_LAST ? (uint16_t)year : 0;
}

/* --- reading --- */

/* The posts that reports name, with their authors. */
static void render_named(struct jw *w, struct gather *g, const struct year_report *list,
			 size_t count)
{
	const struct site *site = g->api->parts.site;
	struct status_view *views = ARENA_ARRAY(g->arena, YEARS_MAX, struct status_view);
	uint64_t *ids = ARENA_ARRAY(g->arena, YEARS_MAX, uint64_t);
	size_t n = 0;
	for (size_t i = 0; ids != NULL && i < count; i++) {
		if (list[i].top_boosted != 0)
			ids[n++] = list[i].top_boosted;
	}
	n = views != NULL && ids != NULL ? gather_statuses(g, ids, n, views) : 0;
	const struct account_view *own = count != 0 ? gather_account(g, list[0].account) : NULL;
	jw_name(w, "accounts");
	jw_array(w);
	if (own != NULL)
		render_account(w, site, own);
	jw_end(w);
	jw_name(w, "statuses");
	jw_array(w);
	for (size_t i = 0; i < n; i++)
		render_status(w, site, &views[i]);
	jw_end(w);
}

static void render_reports(struct jw *w, struct gather *g, const struct year_report *list,
			   size_t count)
{
	jw_object(w);
	jw_name(w, "annual_reports");
	jw_array(w);
	for (size_t i = 0; i < count; i++)
		render_year(w, &list[i]);
	jw_end(w);
	render_named(w, g, list, count);
	jw_end(w);
}

static size_t read_ready(struct gather *g, uint64_t account, struct year_report *list)
{
	size_t n = year_list(g->txn, g->arena, account, list), ready = 0;
	for (size_t i = 0; i < n; i++) {
		if (list[i].phase == YEAR_READY)
			list[ready++] = list[i];
	}
	return ready;
}

static void get_reports(struct call *call)
{
	struct year_report *list = ARENA_ARRAY(call->ctx->arena, YEARS_MAX, struct year_report);
	struct gather g;
	enum rc rc = list != NULL ? gather_begin(&g, call) : RC_NO_MEMORY;
	if (rc == RC_OK) {
		size_t n = read_ready(&g, call->viewer.account, list);
		render_reports(reply_begin(call), &g, list, n);
		rc = gather_end(&g, RC_OK);
	}
	if (rc == RC_OK)
		reply_end(call, 200);
	else
		reply_rc(call, rc);
}

static void get_report(struct call *call)
{
	struct year_report report;
	struct gather g;
	enum rc rc = gather_begin(&g, call);
	if (rc == RC_OK) {
		bool there =
			year_get(g.txn, g.arena, call->viewer.account, year_of(call), &report) &&
			report.phase == YEAR_READY;
		if (there)
			render_reports(reply_begin(call), &g, &report, 1);
		rc = gather_end(&g, there ? RC_OK : RC_NOT_FOUND);
	}
	if (rc == RC_OK)
		reply_end(call, 200);
	else
		reply_rc(call, rc);
}

static const char *state_word(enum year_state state)
{
	static const char *const words[] = {
		[YEAR_INELIGIBLE] = "ineligible",
		[YEAR_ELIGIBLE] = "eligible",
		[YEAR_GENERATING] = "generating",
		[YEAR_AVAILABLE] = "available",
	};
	return words[state];
}

static void get_state(struct call *call)
{
	struct db_txn *txn;
	enum rc rc = call_read(call, &txn);
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	enum year_state state =
		year_state(txn, call->ctx->arena, offer_of(call), call->viewer.account,
			   year_of(call), clock_wall_ms(call->api->parts.clock));
	rc = db_txn_rc(txn);
	db_read_end(&txn);
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	struct jw *w = reply_begin(call);
	jw_object(w);
	jw_member_str(w, "state", str_of(state_word(state)));
	jw_end(w);
	reply_end(call, 200);
}

/* --- writing --- */

struct asking {
	const struct call *call;
	enum year_state state;
};

static enum rc generate(struct social *s, void *arg)
{
	struct asking *a = arg;
	return year_generate(s, offer_of(a->call), call_account(a->call), year_of(a->call),
			     &a->state);
}

static void post_generate(struct call *call)
{
	struct asking a = { .call = call };
	enum rc rc = call_write(call, generate, &a);
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	jw_object(reply_begin(call));
	jw_end(&call->w);
	reply_end(call, a.state == YEAR_GENERATING ? 202 : 200);
}

static enum rc mark_read(struct social *s, void *arg)
{
	const struct call *call = arg;
	return year_mark_read(s, call_account(call), year_of(call));
}

static void post_read(struct call *call)
{
	enum rc rc = call_write(call, mark_read, call);
	if (rc == RC_OK)
		reply_empty(call);
	else
		reply_rc(call, rc);
}

#define BASE "/api/v1/annual_reports"
#define READ SCOPE(READ_ACCOUNTS)
#define WRITE SCOPE(WRITE_ACCOUNTS)

API_ROWS_BEGIN
static const struct api_route routes[] = {
	{ HTTP_GET, BASE, AUTH_USER, READ, RATE_COMMON, NULL, get_reports },
	{ HTTP_GET, BASE "/:year", AUTH_USER, READ, RATE_COMMON, NULL, get_report },
	{ HTTP_GET, BASE "/:year/state", AUTH_USER, READ, RATE_COMMON, NULL, get_state },
	{ HTTP_POST, BASE "/:year/generate", AUTH_USER, WRITE, RATE_COMMON, NULL, post_generate },
	{ HTTP_POST, BASE "/:year/read", AUTH_USER, WRITE, RATE_COMMON, NULL, post_read },
};
API_ROWS_END
const struct api_route_table years_api = { routes, ARRAY_LEN(routes) };
