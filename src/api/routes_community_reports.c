/* Reports in the lane of a community, for its staff; and what the node's moderators do with lanes. */
#include "lane_int.h"

#define PAGE_DEFAULT 20
#define PAGE_MOST 80

/* --- the list --- */

struct list_params {
	struct paging page;
	enum tri resolved;
};

static const struct param list_rows[] = {
	PAGING_PARAMS(struct list_params, page, PAGE_DEFAULT, PAGE_MOST),
	PARAM_BOOL(struct list_params, resolved, "resolved"),
};
PARAM_TABLE(list_params, struct list_params, list_rows);

/* Nobody reads what is about themselves. */
static bool is_about_another(void *arg, const struct report *report)
{
	const uint64_t *viewer = arg;
	return report->target != *viewer;
}

static void get_list(struct call *call)
{
	const struct list_params *p = call->params;
	struct report *reports = ARENA_ARRAY(call->ctx->arena, PAGE_MOST, struct report);
	uint64_t community = call_id(call, 0), viewer = call->viewer.account;
	const struct report_ask ask = { .lane = community,
					.state = p->resolved == TRI_YES ? REPORT_IS_RESOLVED
									: REPORT_IS_OPEN,
					.page = page_of(&p->page),
					.fits = is_about_another,
					.arg = &viewer };
	struct lane_report_view *views =
		ARENA_ARRAY(call->ctx->arena, PAGE_MOST, struct lane_report_view);
	struct gather g;
	if (reports == NULL || views == NULL) {
		reply_rc(call, RC_NO_MEMORY);
		return;
	}
	if (!community_begin(call, &g, community, COMMUNITY_MAY_REPORTS))
		return;
	size_t n = report_page(g.txn, g.arena, &ask, reports, p->page.limit);
	for (size_t i = 0; i < n; i++)
		gather_lane_report(&g, &reports[i], community, false, &views[i]);
	enum rc rc = gather_end(&g, RC_OK);
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	struct jw *w = reply_begin(call);
	jw_array(w);
	for (size_t i = 0; i < n; i++)
		render_lane_report(w, call->api->parts.site, &views[i]);
	jw_end(w);
	reply_links(call, n != 0 ? reports[0].id : 0, n != 0 ? reports[n - 1].id : 0,
		    n == p->page.limit);
	reply_end(call, 200);
}

/* --- one --- */

struct deed_params {
	uint64_t account;
	struct str text;
};

static const struct param assign_rows[] = {
	PARAM_NUMBER(struct deed_params, account, "account_id", 0, UINT64_MAX, 0),
};
PARAM_TABLE(assign_params, struct deed_params, assign_rows);

static const struct param reason_rows[] = {
	PARAM_STR(struct deed_params, text, "reason", (size_t)4 * REPORT_NOTE_CHARS),
};
PARAM_TABLE(reason_params, struct deed_params, reason_rows);

static const struct param note_rows[] = {
	PARAM_STR(struct deed_params, text, "text", (size_t)4 * REPORT_NOTE_CHARS),
};
PARAM_TABLE(note_params, struct deed_params, note_rows);

static void get_in_lane(struct call *call)
{
	lane_get_report(call, call_id(call, 0), call_id(call, 1));
}

static void get_of_node(struct call *call)
{
	lane_get_report(call, 0, call_id(call, 0));
}

/* By the community's way its id stands first in the path. */
static void act(struct call *call, bool lane, enum lane_deed deed)
{
	const struct deed_params *p = call->params;
	unsigned at = lane ? 1 : 0;
	struct lane_wish wish = { .deed = deed,
				  .community = lane ? call_id(call, 0) : 0,
				  .report = call_id(call, at),
				  .text = STR("") };
	if (p != NULL) {
		wish.about = p->account;
		wish.text = p->text.ptr != NULL ? p->text : STR("");
	}
	if (deed == LANE_UNNOTE)
		wish.about = call_id(call, at + 1);
	if (lane && wish.community == 0)
		reply_rc(call, RC_NOT_FOUND);
	else
		lane_do(call, &wish);
}

#define DEED(name, deed)                           \
	static void lane_##name(struct call *call) \
	{                                          \
		act(call, true, deed);             \
	}                                          \
	static void node_##name(struct call *call) \
	{                                          \
		act(call, false, deed);            \
	}
DEED(assign, LANE_ASSIGN)
DEED(escalate, LANE_ESCALATE)
DEED(note, LANE_NOTE)
DEED(unnote, LANE_UNNOTE)

static void lane_unassign(struct call *call)
{
	act(call, true, LANE_UNASSIGN);
}

static void lane_resolve(struct call *call)
{
	act(call, true, LANE_RESOLVE);
}

static void lane_reopen(struct call *call)
{
	act(call, true, LANE_REOPEN);
}

static void node_hand_down(struct call *call)
{
	act(call, false, LANE_HAND_DOWN);
}

/* --- what came of one's own --- */

static void get_outcome(struct call *call)
{
	struct report r;
	struct gather g;
	enum rc rc = gather_begin(&g, call);
	if (rc == RC_OK) {
		bool own = report_get(g.txn, g.arena, call_id(call, 0), &r) &&
			   r.reporter == call_account(call)->id;
		rc = gather_end(&g, own ? RC_OK : RC_NOT_FOUND);
	}
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	struct jw *w = reply_begin(call);
	jw_object(w);
	jw_member_id(w, "id", r.id);
	jw_member_str(w, "category", str_of(report_category_name(r.category)));
	jw_member_date(w, "created_at", r.created_ms);
	jw_member_bool(w, "action_taken", r.resolved_ms != 0);
	jw_member_time(w, "action_taken_at", r.resolved_ms);
	jw_member_id_opt(w, "community_id", r.community);
	jw_end(w);
	reply_end(call, 200);
}

#define LIST "/api/fediflow/v1/communities/:id/reports"
#define ONE LIST "/:report"
#define NODE "/api/fediflow/v1/admin/reports/:id"
#define GET HTTP_GET
#define POST HTTP_POST
#define READ SCOPE(READ_COMMUNITIES)
#define WRITE SCOPE(WRITE_COMMUNITIES)
#define ADMIN_READ SCOPE(ADMIN_READ_REPORTS)
#define ADMIN_WRITE SCOPE(ADMIN_WRITE_REPORTS)
#define USER AUTH_USER
#define COMMON RATE_COMMON

API_ROWS_BEGIN
static const struct api_route routes[] = {
	{ GET, LIST, USER, READ, COMMON, &list_params, get_list, "[LaneReport] Link" },
	{ GET, ONE, USER, READ, COMMON, NULL, get_in_lane, "LaneReport" },
	{ POST, ONE "/assign", USER, WRITE, COMMON, &assign_params, lane_assign, "LaneReport" },
	{ POST, ONE "/unassign", USER, WRITE, COMMON, NULL, lane_unassign, "LaneReport" },
	{ POST, ONE "/resolve", USER, WRITE, COMMON, NULL, lane_resolve, "LaneReport" },
	{ POST, ONE "/reopen", USER, WRITE, COMMON, NULL, lane_reopen, "LaneReport" },
	{ POST, ONE "/escalate", USER, WRITE, COMMON, &reason_params, lane_escalate, "Nothing" },
	{ POST, ONE "/notes", USER, WRITE, COMMON, &note_params, lane_note, "LaneReport", "text" },
	{ HTTP_DELETE, ONE "/notes/:note", USER, WRITE, COMMON, NULL, lane_unnote, "LaneReport" },
	{ GET, NODE, USER, ADMIN_READ, COMMON, NULL, get_of_node, "LaneReport" },
	{ POST, NODE "/assign", USER, ADMIN_WRITE, COMMON, &assign_params, node_assign,
	  "LaneReport" },
	{ POST, NODE "/escalate", USER, ADMIN_WRITE, COMMON, &reason_params, node_escalate,
	  "LaneReport" },
	{ POST, NODE "/hand_down", USER, ADMIN_WRITE, COMMON, &reason_params, node_hand_down,
	  "LaneReport" },
	{ POST, NODE "/notes", USER, ADMIN_WRITE, COMMON, &note_params, node_note, "LaneReport",
	  "text" },
	{ HTTP_DELETE, NODE "/notes/:note", USER, ADMIN_WRITE, COMMON, NULL, node_unnote,
	  "LaneReport" },
	{ GET, "/api/fediflow/v1/reports/:id", USER, SCOPE(WRITE_REPORTS), COMMON, NULL,
	  get_outcome, "ReportOutcome" },
};
API_ROWS_END
const struct api_route_table community_reports_api = { routes, ARRAY_LEN(routes) };
