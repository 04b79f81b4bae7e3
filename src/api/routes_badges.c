/* Badges of communities: made, given, taken back. */
#include "community_int.h"
#include "social/badge.h"

#define ONE "/api/fediflow/v1/communities/:id"

/* What an act is about. */
struct badge_act {
	struct badge badge;
	struct badge_award award;
};

/* --- looking --- */

/* False when it was answered. */
static bool begin(struct call *call, struct gather *g, uint64_t community)
{
	enum rc rc = gather_begin(g, call);
	if (rc == RC_OK && community_exists(g->txn, community) &&
	    community_is_open_to(g, community))
		return true;
	reply_rc(call, rc == RC_OK ? gather_end(g, RC_NOT_FOUND) : rc);
	return false;
}

static void reply_badges(struct call *call, uint64_t community)
{
	struct badge *all = ARENA_ARRAY(call->ctx->arena, BADGES_MAX, struct badge);
	struct gather g;
	if (all == NULL) {
		reply_rc(call, RC_NO_MEMORY);
		return;
	}
	if (!begin(call, &g, community))
		return;
	size_t n = badges_of(g.txn, g.arena, community, all);
	enum rc rc = gather_end(&g, RC_OK);
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	struct jw *w = reply_begin(call);
	jw_array(w);
	for (size_t i = 0; i < n; i++)
		render_badge(w, &all[i]);
	jw_end(w);
	reply_end(call, 200);
}

static void get_badges(struct call *call)
{
	reply_badges(call, call_id(call, 0));
}

static void reply_awards(struct call *call, uint64_t community, uint64_t account)
{
	struct community_card card;
	struct gather g;
	if (!begin(call, &g, community))
		return;
	gather_card_of(&g, community, account, false, &card);
	enum rc rc = gather_end(&g, card.account != NULL ? RC_OK : RC_NOT_FOUND);
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	render_awards(reply_begin(call), &card);
	reply_end(call, 200);
}

static void get_awards(struct call *call)
{
	reply_awards(call, call_id(call, 0), call_id(call, 1));
}

/* --- making --- */

struct badge_params {
	struct str name, description, emoji;
};

static const struct param badge_rows[] = {
	PARAM_STR(struct badge_params, name, "name", 1000),
	PARAM_STR(struct badge_params, description, "description", 8000),
	PARAM_STR(struct badge_params, emoji, "emoji", 64),
};
PARAM_TABLE(badge_params, struct badge_params, badge_rows);

static enum rc save(struct social *s, const struct account *actor,
		    const struct account *target UNUSED, void *arg)
{
	struct badge badge = ((const struct badge_act *)arg)->badge;
	return badge_save(s, actor, &badge);
}

static struct str said(struct str s)
{
	return s.ptr != NULL ? s : STR("");
}

static void save_badge(struct call *call, uint64_t id)
{
	const struct badge_params *p = call->params;
	struct badge_act act = { .badge = { .id = id,
					    .community = call_id(call, 0),
					    .name = said(p->name),
					    .description = said(p->description),
					    .emoji = said(p->emoji) } };
	enum rc rc = own_do(call, OWN_MAKE, 0, save, &act);
	if (rc != RC_OK)
		reply_reason(call, rc);
	else
		reply_badges(call, act.badge.community);
}

static void post_badge(struct call *call)
{
	save_badge(call, 0);
}

static void put_badge(struct call *call)
{
	uint64_t id = call_id(call, 1);
	if (id != 0)
		save_badge(call, id);
	else
		reply_rc(call, RC_NOT_FOUND);
}

static enum rc drop(struct social *s, const struct account *actor,
		    const struct account *target UNUSED, void *arg)
{
	const struct badge_act *act = arg;
	return badge_drop(s, actor, act->badge.community, act->badge.id);
}

static void delete_badge(struct call *call)
{
	struct badge_act act = { .badge = { .id = call_id(call, 1),
					    .community = call_id(call, 0) } };
	reply_done(call, own_do(call, OWN_MAKE, 0, drop, &act));
}

/* --- giving --- */

struct award_params {
	uint64_t badge_id;
	struct str reason;
};

static const struct param award_rows[] = {
	PARAM_NUMBER(struct award_params, badge_id, "badge_id", 0, UINT64_MAX, 0),
	PARAM_STR(struct award_params, reason, "reason", 8000),
};
PARAM_TABLE(award_params, struct award_params, award_rows);

static enum rc give(struct social *s, const struct account *actor,
		    const struct account *target UNUSED, void *arg)
{
	struct badge_award award = ((const struct badge_act *)arg)->award;
	return badge_give(s, actor, &award);
}

static void post_award(struct call *call)
{
	const struct award_params *p = call->params;
	struct badge_act act = { .award = { .badge = p->badge_id,
					    .community = call_id(call, 0),
					    .account = call_id(call, 1),
					    .reason = said(p->reason) } };
	enum rc rc = own_do(call, OWN_MAKE, 0, give, &act);
	if (rc != RC_OK)
		reply_reason(call, rc);
	else
		reply_awards(call, act.award.community, act.award.account);
}

static enum rc take(struct social *s, const struct account *actor,
		    const struct account *target UNUSED, void *arg)
{
	const struct badge_award *award = &((const struct badge_act *)arg)->award;
	return badge_take(s, actor, award->community, award->account, award->id);
}

static void delete_award(struct call *call)
{
	struct badge_act act = { .award = { .id = call_id(call, 2),
					    .community = call_id(call, 0),
					    .account = call_id(call, 1) } };
	reply_done(call, own_do(call, OWN_MAKE, 0, take, &act));
}

#define AWARDS ONE "/members/:account/badges"
#define READ SCOPE(READ_COMMUNITIES)
#define WRITE SCOPE(WRITE_COMMUNITIES)
#define USER AUTH_USER
#define COMMON RATE_COMMON

API_ROWS_BEGIN
static const struct api_route routes[] = {
	{ HTTP_GET, ONE "/badges", AUTH_OPTIONAL, READ, COMMON, NULL, get_badges, "[Badge]" },
	{ HTTP_POST, ONE "/badges", USER, WRITE, COMMON, &badge_params, post_badge, "[Badge]",
	  "name" },
	{ HTTP_PUT, ONE "/badges/:badge", USER, WRITE, COMMON, &badge_params, put_badge, "[Badge]",
	  "name" },
	{ HTTP_DELETE, ONE "/badges/:badge", USER, WRITE, COMMON, NULL, delete_badge, "Nothing" },
	{ HTTP_GET, AWARDS, AUTH_OPTIONAL, READ, COMMON, NULL, get_awards, "[Award]" },
	{ HTTP_POST, AWARDS, USER, WRITE, COMMON, &award_params, post_award, "[Award]",
	  "badge_id" },
	{ HTTP_DELETE, AWARDS "/:award", USER, WRITE, COMMON, NULL, delete_award, "Nothing" },
};
API_ROWS_END
const struct api_route_table badges_api = { routes, ARRAY_LEN(routes) };
