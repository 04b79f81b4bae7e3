/*
 * Groups as clients of Mitra know them (its docs/openapi.yaml, mitra_api's groups): those that somebody
 * follows or looks after, who looks after one, what is posted in it.
 */
#include "community_int.h"

#define GROUPS_DEFAULT 40
#define GROUPS_MOST 100
#define OFFSET_MOST 10000
#define STAFF_MOST 100

/* --- timelines/group --- */

struct timeline_params {
	struct paging page;
};

static const struct param timeline_rows[] = {
	PAGING_PARAMS(struct timeline_params, page, 20, 40),
};
PARAM_TABLE(timeline_params, struct timeline_params, timeline_rows);

static void get_timeline(struct call *call)
{
	const struct timeline_params *p = call->params;
	reply_community_timeline(call, call_id(call, 0), &p->page);
}

/* --- groups/followed --- */

struct followed_params {
	uint32_t filter;
	uint64_t limit, offset;
};

static const char *const filter_words[] = { "following", "moderating", NULL };
#define FILTER_MODERATING 1

static const struct param followed_rows[] = {
	PARAM_CHOICE(struct followed_params, filter, "filter", filter_words),
	PARAM_LIMIT(struct followed_params, limit, GROUPS_DEFAULT, GROUPS_MOST),
	PARAM_NUMBER(struct followed_params, offset, "offset", 0, OFFSET_MOST, 0),
};
PARAM_TABLE(followed_params, struct followed_params, followed_rows);

static void get_followed(struct call *call)
{
	const struct followed_params *p = call->params;
	uint64_t *ids = ARENA_ARRAY(call->ctx->arena, COMMUNITIES_JOINED_MAX, uint64_t);
	struct gather g;
	enum rc rc = ids != NULL ? gather_begin(&g, call) : RC_NO_MEMORY;
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	size_t n = p->filter == FILTER_MODERATING
			   ? communities_tended(g.txn, call->viewer.account, COMMUNITY_MAY_REMOVE,
						ids, COMMUNITIES_JOINED_MAX)
			   : communities_joined(g.txn, g.arena, call->viewer.account, ids,
						COMMUNITIES_JOINED_MAX);
	struct jw *w = reply_begin(call);
	jw_array(w);
	for (size_t i = p->offset; i < n && i < p->offset + p->limit; i++) {
		const struct account_view *view = gather_account(&g, ids[i]);
		if (view != NULL)
			render_account(w, call->api->parts.site, view);
	}
	jw_end(w);
	rc = gather_end(&g, RC_OK);
	if (rc != RC_OK)
		reply_rc(call, rc);
	else
		reply_end(call, 200);
}

/* --- groups/:id/members --- */

static void render_affiliations(struct call *call, struct gather *g, uint64_t community)
{
	struct community_member *rows = ARENA_ARRAY(g->arena, STAFF_MOST, struct community_member);
	size_t n = rows != NULL
			   ? community_staff_rows(g->txn, g->arena, community, 0, rows, STAFF_MOST)
			   : 0;
	struct jw *w = reply_begin(call);
	jw_array(w);
	for (size_t i = 0; i < n; i++) {
		const struct account_view *view = gather_account(g, rows[i].account);
		if (view == NULL)
			continue;
		jw_object(w);
		jw_name(w, "account");
		render_account(w, call->api->parts.site, view);
		jw_member_str(w, "affiliation",
			      rows[i].role == COMMUNITY_OWNER ? STR("admin") : STR("moderator"));
		jw_end(w);
	}
	jw_end(w);
}

static void get_members(struct call *call)
{
	uint64_t id = call_id(call, 0);
	struct gather g;
	enum rc rc = gather_begin(&g, call);
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	const struct account_view *group = gather_account(&g, id);
	bool there = group != NULL && group->account->kind == ACCOUNT_GROUP &&
		     may_see_community(g.txn, g.arena, g.viewer, id);
	if (there)
		render_affiliations(call, &g, id);
	rc = gather_end(&g, there ? RC_OK : RC_NOT_FOUND);
	if (rc != RC_OK)
		reply_rc(call, rc);
	else
		reply_end(call, 200);
}

API_ROWS_BEGIN
static const struct api_route routes[] = {
	{ HTTP_GET, "/api/v1/timelines/group/:id", AUTH_OPTIONAL, SCOPE(READ_STATUSES), RATE_COMMON,
	  &timeline_params, get_timeline },
	{ HTTP_GET, "/api/v1/groups/followed", AUTH_USER, SCOPE(READ_FOLLOWS), RATE_COMMON,
	  &followed_params, get_followed },
	{ HTTP_GET, "/api/v1/groups/:id/members", AUTH_OPTIONAL, SCOPE(READ_ACCOUNTS), RATE_COMMON,
	  NULL, get_members },
};
API_ROWS_END
const struct api_route_table mitra_groups_api = { routes, ARRAY_LEN(routes) };
