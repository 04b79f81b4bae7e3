/* With which groups elsewhere a community is owned together: shown to whoever sees it; offers are for its
 * owners. */
#include "community_int.h"
#include "social/joint.h"
#include "social/search.h"

/* --- looking --- */

struct partners_view {
	struct joint rows[JOINT_PARTNERS_MAX];
	const struct account_view *accounts[JOINT_PARTNERS_MAX];
	size_t count;
};

static void render_partner(struct jw *w, const struct site *site, const struct joint *j,
			   const struct account_view *account)
{
	jw_object(w);
	jw_name(w, "account");
	render_account(w, site, account);
	jw_member_str(w, "state", str_of(joint_state_name(j->state)));
	jw_member_date(w, "since", j->since_ms);
	jw_member_time(w, "compared_at", j->compared_ms);
	jw_member_u64(w, "lacking", j->lacking);
	jw_end(w);
}

/* What is not agreed is between the owners of both. */
static bool is_owner(struct gather *g, uint64_t community, uint64_t viewer)
{
	struct community_standing standing;
	return viewer != 0 && community_standing(g->txn, g->arena, community, viewer, &standing) &&
	       standing.role == COMMUNITY_OWNER;
}

static void fill(struct gather *g, uint64_t community, uint64_t viewer, struct partners_view *view)
{
	struct joint *rows = ARENA_ARRAY(g->arena, JOINT_PARTNERS_MAX, struct joint);
	uint64_t ids[JOINT_PARTNERS_MAX];
	size_t n = rows != NULL ? joints(g->txn, g->arena, community, rows) : 0;
	const bool all = is_owner(g, community, viewer);
	for (size_t i = 0; i < n; i++)
		ids[i] = rows[i].partner;
	gather_accounts(g, ids, n);
	for (size_t i = 0; i < n; i++) {
		const struct account_view *account = gather_account(g, ids[i]);
		if (account == NULL || (!all && rows[i].state != JOINT_AGREED))
			continue;
		view->rows[view->count] = rows[i];
		view->accounts[view->count++] = account;
	}
}

static void reply_partners(struct call *call, uint64_t community)
{
	struct partners_view *view = ARENA_NEW(call->ctx->arena, struct partners_view);
	struct gather g;
	enum rc rc = view != NULL ? gather_begin(&g, call) : RC_NO_MEMORY;
	if (rc == RC_OK) {
		bool there =
			community_exists(g.txn, community) && community_is_open_to(&g, community);
		if (there)
			fill(&g, community, call->viewer.account, view);
		rc = gather_end(&g, there ? RC_OK : RC_NOT_FOUND);
	}
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	struct jw *w = reply_begin(call);
	jw_array(w);
	for (size_t i = 0; i < view->count; i++)
		render_partner(w, call->api->parts.site, &view->rows[i], view->accounts[i]);
	jw_end(w);
	reply_end(call, 200);
}

static void get_partners(struct call *call)
{
	reply_partners(call, call_id(call, 0));
}

/* --- offering, answering, ending --- */

struct pair {
	uint64_t community, group;
};

static void reply_after(struct call *call, enum rc rc, uint64_t community)
{
	if (rc != RC_OK)
		reply_reason(call, rc);
	else
		reply_partners(call, community);
}

struct offer_params {
	uint64_t account;
	struct str acct,
		uri; /* "name@host", with "!" or "@" before it; the group's id or its page */
};

static const struct param offer_rows[] = {
	PARAM_NUMBER(struct offer_params, account, "account_id", 0, UINT64_MAX, 0),
	PARAM_STR(struct offer_params, acct, "acct", 1024),
	PARAM_STR(struct offer_params, uri, "uri", 4096),
};
PARAM_TABLE(offer_params, struct offer_params, offer_rows);

static enum rc offer(struct social *s, const struct account *actor, const struct account *target,
		     void *arg)
{
	const struct pair *p = arg;
	return target != NULL ? joint_offer(s, actor, p->community, target)
			      : ctx_fail(s->ctx, RC_NOT_FOUND, "there is no such group");
}

static void offer_to(struct call *call, uint64_t community, uint64_t group)
{
	struct pair pair = { .community = community };
	reply_after(call, own_do(call, OWN_DO, group, offer, &pair), community);
}

/* --- a group that is not known yet --- */

/* Only an owner makes the node ask others (S-061). known 0: it may be asked for. */
static enum rc look(struct call *call, const struct search_target *target, uint64_t *known)
{
	const struct site *site = call->api->parts.site;
	struct db_txn *txn;
	enum rc rc = call_read(call, &txn);
	if (rc != RC_OK)
		return rc;
	struct social s = { .txn = txn, .ctx = call->ctx, .site = site };
	rc = joint_offer_check(&s, call_account(call), call_id(call, 0));
	*known = rc == RC_OK ? search_known(call->ctx, txn, site, call->viewer, target).account : 0;
	if (rc == RC_OK)
		rc = db_txn_rc(txn);
	db_read_end(&txn);
	return rc;
}

/* One that another host is asked for; no thread waits for it. Of the call's arena. */
struct naming {
	struct call *call;
	struct search_target target;
	uint64_t group; /* 0: it cannot be found */
};

static void naming_rest(void *arg)
{
	const struct naming *n = arg;
	if (n->group == 0)
		reply_error(n->call, 422, "that group cannot be found");
	else
		offer_to(n->call, call_id(n->call, 0), n->group);
	buf_free(&n->call->out);
}

static void naming_done(void *arg, enum rc rc, uint64_t id)
{
	struct naming *n = arg;
	n->group = rc == RC_OK ? id : 0;
	httpd_go_on(n->call->req, naming_rest, n);
}

static void naming_ask(void *arg)
{
	struct naming *n = arg;
	search_ask(&n->call->api->parts.search, &n->target, naming_done, n);
}

static void offer_named(struct call *call, struct str name)
{
	const struct api_parts *parts = &call->api->parts;
	struct naming *n = ARENA_NEW(call->ctx->arena, struct naming);
	if (n == NULL)
		return reply_rc(call, RC_NO_MEMORY);
	*n = (struct naming){ .call = call };
	search_group_target(call->ctx, parts->site, name, &n->target);
	enum rc rc = look(call, &n->target, &n->group);
	if (rc != RC_OK)
		return reply_reason(call, rc);
	if (n->group != 0)
		return offer_to(call, call_id(call, 0), n->group);
	if (!search_may_ask(&parts->search, parts->site, &n->target))
		return reply_error(call, 422, "a partner is a group of another server");
	httpd_leave(call->req, naming_ask, n);
}

static void post_partner(struct call *call)
{
	const struct offer_params *p = call->params;
	const struct str name = p->uri.len != 0 ? p->uri : p->acct;
	if (p->account == 0 && name.len != 0)
		offer_named(call, name);
	else
		offer_to(call, call_id(call, 0), p->account);
}

static enum rc accept(struct social *s, const struct account *actor,
		      const struct account *target UNUSED, void *arg)
{
	const struct pair *p = arg;
	return joint_accept(s, actor, p->community, p->group);
}

static void post_accept(struct call *call)
{
	struct pair pair = { .community = call_id(call, 0), .group = call_id(call, 1) };
	reply_after(call, own_do(call, OWN_DO, 0, accept, &pair), pair.community);
}

static enum rc compare(struct social *s, const struct account *actor,
		       const struct account *target UNUSED, void *arg)
{
	const struct pair *p = arg;
	return joint_compare(s, actor, p->community, p->group);
}

static void post_compare(struct call *call)
{
	struct pair pair = { .community = call_id(call, 0), .group = call_id(call, 1) };
	reply_after(call, own_do(call, OWN_DO, 0, compare, &pair), pair.community);
}

static enum rc end(struct social *s, const struct account *actor,
		   const struct account *target UNUSED, void *arg)
{
	const struct pair *p = arg;
	return joint_end(s, actor, p->community, p->group);
}

static void delete_partner(struct call *call)
{
	struct pair pair = { .community = call_id(call, 0), .group = call_id(call, 1) };
	reply_done(call, own_do(call, OWN_MAKE, 0, end, &pair));
}

#define ONE "/api/fediflow/v1/communities/:id/partners"
#define READ SCOPE(READ_COMMUNITIES)
#define WRITE SCOPE(WRITE_COMMUNITIES)
#define USER AUTH_USER
#define COMMON RATE_COMMON

API_ROWS_BEGIN
static const struct api_route routes[] = {
	{ HTTP_GET, ONE, AUTH_OPTIONAL, READ, COMMON, NULL, get_partners, "[Partner]" },
	{ HTTP_POST, ONE, USER, WRITE, COMMON, &offer_params, post_partner, "[Partner]" },
	{ HTTP_POST, ONE "/:account/accept", USER, WRITE, COMMON, NULL, post_accept, "[Partner]" },
	{ HTTP_POST, ONE "/:account/compare", USER, WRITE, COMMON, NULL, post_compare,
	  "[Partner]" },
	{ HTTP_DELETE, ONE "/:account", USER, WRITE, COMMON, NULL, delete_partner, "Nothing" },
};
API_ROWS_END
const struct api_route_table partners_api = { routes, ARRAY_LEN(routes) };
