/* Reports as moderators handle them. */
#include "admin_int.h"

struct reports_params {
	struct paging page;
	enum tri resolved;
	uint64_t account_id, target_account_id;
	struct str by_target_domain;
};

static const struct param reports_rows[] = {
	PAGING_PARAMS(struct reports_params, page, ADMIN_PAGE_DEFAULT, ADMIN_PAGE_MOST),
	PARAM_BOOL(struct reports_params, resolved, "resolved"),
	PARAM_NUMBER(struct reports_params, account_id, "account_id", 0, UINT64_MAX, 0),
	PARAM_NUMBER(struct reports_params, target_account_id, "target_account_id", 0, UINT64_MAX,
		     0),
	PARAM_STR(struct reports_params, by_target_domain, "by_target_domain", 300),
};
PARAM_TABLE(reports_params, struct reports_params, reports_rows);

/* --- views --- */

/* What was reported is seen as its author sees it: moderators judge what others may not see. */
static void add_statuses(struct gather *g, struct admin_report_view *view)
{
	const struct report *r = view->report;
	const struct viewer own = g->viewer;
	uint64_t *ids = ARENA_ARRAY(g->arena, r->object_count, uint64_t);
	size_t n = 0;
	view->statuses = ARENA_ARRAY(g->arena, r->object_count, struct status_view);
	if (ids == NULL || view->statuses == NULL)
		return;
	for (unsigned i = 0; i < r->object_count; i++) {
		struct status s;
		if (status_find_uri(g->txn, g->arena, r->objects[i], &s) && s.account == r->target)
			ids[n++] = s.id;
	}
	g->viewer = (struct viewer){ r->target, false };
	view->status_count = gather_statuses(g, ids, n, view->statuses);
	g->viewer = own;
}

static void add_rules(struct gather *g, struct admin_report_view *view)
{
	view->rules = ARENA_ARRAY(g->arena, view->report->rule_count, struct rule);
	for (unsigned i = 0; view->rules != NULL && i < view->report->rule_count; i++)
		view->rule_count += rule_get(g->txn, g->arena, view->report->rules[i],
					     &view->rules[view->rule_count]);
}

static void gather_report(struct gather *g, const struct report *report,
			  struct admin_report_view *out)
{
	*out = (struct admin_report_view){
		.report = report,
		.reporter = gather_admin_account(g, report->reporter),
		.target = gather_admin_account(g, report->target),
		.assigned = gather_admin_account(g, report->assigned),
		.resolver = gather_admin_account(g, report->resolved_by),
	};
	add_statuses(g, out);
	add_rules(g, out);
}

static void reply_admin_report(struct call *call, uint64_t id)
{
	struct report report;
	struct admin_report_view view;
	struct gather g;
	enum rc rc = gather_begin(&g, call);
	if (rc == RC_OK) {
		rc = report_get(g.txn, g.arena, id, &report) ? RC_OK : RC_NOT_FOUND;
		if (rc == RC_OK)
			gather_report(&g, &report, &view);
		rc = gather_end(&g, rc);
	}
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	render_admin_report(reply_begin(call), call->api->parts.site, &view);
	reply_end(call, 200);
}

/* --- lists --- */

struct asked {
	const struct reports_params *params;
	struct gather *g;
};

static bool fits(void *arg, const struct report *r)
{
	const struct asked *asked = arg;
	const struct reports_params *p = asked->params;
	struct str domain;
	if ((p->account_id != 0 && r->reporter != p->account_id) ||
	    (p->target_account_id != 0 && r->target != p->target_account_id))
		return false;
	return p->by_target_domain.len == 0 || (account_domain(asked->g->txn, r->target, &domain) &&
						str_eq(domain, p->by_target_domain));
}

static size_t find_reports(struct gather *g, const struct reports_params *p, struct report *out)
{
	struct asked asked = { p, g };
	bool all = p->account_id == 0 && p->target_account_id == 0 && p->by_target_domain.len == 0;
	const struct report_ask ask = {
		.lane = REPORT_LANE_ANY,
		.state = p->resolved == TRI_YES ? REPORT_IS_RESOLVED : REPORT_IS_OPEN,
		.page = { p->page.max_id, p->page.since_id, p->page.min_id },
		.fits = all ? NULL : fits,
		.arg = &asked
	};
	return report_page(g->txn, g->arena, &ask, out, p->page.limit);
}

static void get_reports(struct call *call)
{
	const struct reports_params *p = call->params;
	struct report *reports = ARENA_ARRAY(call->ctx->arena, ADMIN_PAGE_MOST, struct report);
	struct gather g;
	if (!call_permits(call, PERMISSION_MANAGE_REPORTS))
		return;
	enum rc rc = reports != NULL ? gather_begin(&g, call) : RC_NO_MEMORY;
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	size_t n = find_reports(&g, p, reports);
	struct jw *w = reply_begin(call);
	jw_array(w);
	for (size_t i = 0; i < n; i++) {
		struct admin_report_view view;
		gather_report(&g, &reports[i], &view);
		render_admin_report(w, call->api->parts.site, &view);
	}
	jw_end(w);
	rc = gather_end(&g, RC_OK);
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	reply_links(call, n != 0 ? reports[0].id : 0, n != 0 ? reports[n - 1].id : 0,
		    n == p->page.limit);
	reply_end(call, 200);
}

static void get_report(struct call *call)
{
	if (call_permits(call, PERMISSION_MANAGE_REPORTS))
		reply_admin_report(call, call_id(call, 0));
}

/* --- handling --- */

struct handling {
	const struct account *moderator;
	uint64_t report;
	enum report_step step;
	enum report_category category;
	const struct id_list *rules;
};

static enum rc handle(struct social *s, void *arg)
{
	const struct handling *h = arg;
	return report_handle(s, h->moderator, h->report, h->step);
}

static void post_step(struct call *call, enum report_step step)
{
	struct handling h = { .moderator = call_account(call),
			      .report = call_id(call, 0),
			      .step = step };
	/* staff of communities handles theirs elsewhere: what is shown here is for the node's moderators */
	if (!call_permits(call, PERMISSION_MANAGE_REPORTS))
		return;
	enum rc rc = call_write(call, handle, &h);
	if (rc == RC_OK)
		reply_admin_report(call, h.report);
	else
		reply_reason(call, rc);
}

static void post_assign(struct call *call)
{
	post_step(call, REPORT_ASSIGN);
}

static void post_unassign(struct call *call)
{
	post_step(call, REPORT_UNASSIGN);
}

static void post_resolve(struct call *call)
{
	post_step(call, REPORT_RESOLVE);
}

static void post_reopen(struct call *call)
{
	post_step(call, REPORT_REOPEN);
}

struct sort_params {
	struct str category;
	struct id_list rule_ids;
};

static const struct param sort_rows[] = {
	PARAM_STR(struct sort_params, category, "category", 20),
	PARAM_IDS(struct sort_params, rule_ids, "rule_ids"),
};
PARAM_TABLE(sort_params, struct sort_params, sort_rows);

static enum rc sort(struct social *s, void *arg)
{
	const struct handling *h = arg;
	return report_sort(s, h->moderator, h->report, h->category, h->rules->list,
			   (unsigned)h->rules->count);
}

static void put_report(struct call *call)
{
	const struct sort_params *p = call->params;
	struct handling h = { .moderator = call_account(call),
			      .report = call_id(call, 0),
			      .category = REPORT_OTHER,
			      .rules = &p->rule_ids };
	if (!call_permits(call, PERMISSION_MANAGE_REPORTS))
		return;
	if (p->category.len != 0 && !report_category_parse(p->category, &h.category)) {
		reply_invalid(call, "category", "ERR_INCLUSION",
			      "Category is not included in the list");
		return;
	}
	if (p->category.len == 0 && p->rule_ids.count != 0)
		h.category = REPORT_VIOLATION;
	enum rc rc = call_write(call, sort, &h);
	if (rc == RC_OK)
		reply_admin_report(call, h.report);
	else
		reply_rc(call, rc);
}

#define GET HTTP_GET
#define POST HTTP_POST
#define READ SCOPE(ADMIN_READ_REPORTS)
#define WRITE SCOPE(ADMIN_WRITE_REPORTS)
#define BASE "/api/v1/admin/reports"

API_ROWS_BEGIN
static const struct api_route routes[] = {
	{ GET, BASE, AUTH_USER, READ, RATE_COMMON, &reports_params, get_reports },
	{ GET, BASE "/:id", AUTH_USER, READ, RATE_COMMON, NULL, get_report },
	{ HTTP_PUT, BASE "/:id", AUTH_USER, WRITE, RATE_COMMON, &sort_params, put_report },
	{ POST, BASE "/:id/assign_to_self", AUTH_USER, WRITE, RATE_COMMON, NULL, post_assign },
	{ POST, BASE "/:id/unassign", AUTH_USER, WRITE, RATE_COMMON, NULL, post_unassign },
	{ POST, BASE "/:id/resolve", AUTH_USER, WRITE, RATE_COMMON, NULL, post_resolve },
	{ POST, BASE "/:id/reopen", AUTH_USER, WRITE, RATE_COMMON, NULL, post_reopen },
};
API_ROWS_END
const struct api_route_table admin_reports_api = { routes, ARRAY_LEN(routes) };
