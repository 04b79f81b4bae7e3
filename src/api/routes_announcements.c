/* What those who run the node tell its people. */
#include "own_int.h"

static void get_announcements(struct call *call)
{
	struct announcement_view *views = NULL;
	struct gather g;
	size_t n = 0;
	enum rc rc = gather_begin(&g, call);
	if (rc == RC_OK) {
		struct social s = { .txn = g.txn, .ctx = call->ctx, .site = call->api->parts.site };
		n = announcements_gather(&s, call->viewer.account, &views);
		rc = gather_end(&g, RC_OK);
	}
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	struct jw *w = reply_begin(call);
	jw_array(w);
	for (size_t i = 0; i < n; i++)
		render_announcement(w, &views[i]);
	jw_end(w);
	reply_end(call, 200);
}

struct reacting {
	uint64_t id;
	struct str name;
};

static void act_on(struct call *call, enum own_kind kind, own_act *act)
{
	struct reacting r = { call_id(call, 0), call->req->params[1] };
	enum rc rc = own_do(call, kind, 0, act, &r);
	if (rc == RC_INVALID)
		reply_invalid(call, "name", "ERR_INVALID", "Name is not a recognized emoji");
	else if (rc != RC_OK)
		reply_rc(call, rc);
	else
		reply_empty(call);
}

static enum rc dismiss(struct social *s, const struct account *actor,
		       const struct account *target UNUSED, void *arg)
{
	const struct reacting *r = arg;
	return act_announcement_read(s, actor, r->id);
}

static void post_dismiss(struct call *call)
{
	act_on(call, OWN_DO, dismiss);
}

static enum rc react(struct social *s, const struct account *actor,
		     const struct account *target UNUSED, void *arg)
{
	const struct reacting *r = arg;
	return act_announcement_react(s, actor, r->id, r->name);
}

static void put_reaction(struct call *call)
{
	act_on(call, OWN_DO, react);
}

static enum rc unreact(struct social *s, const struct account *actor,
		       const struct account *target UNUSED, void *arg)
{
	const struct reacting *r = arg;
	return act_announcement_unreact(s, actor, r->id, r->name);
}

static void delete_reaction(struct call *call)
{
	act_on(call, OWN_MAKE, unreact);
}

#define ANNOUNCEMENTS "/api/v1/announcements"
#define USER AUTH_USER
#define COMMON RATE_COMMON

API_ROWS_BEGIN
static const struct api_route routes[] = {
	{ HTTP_GET, ANNOUNCEMENTS, USER, 0, COMMON, NULL, get_announcements },
	{ HTTP_POST, ANNOUNCEMENTS "/:id/dismiss", USER, SCOPE(WRITE_ACCOUNTS), COMMON, NULL,
	  post_dismiss },
	{ HTTP_PUT, ANNOUNCEMENTS "/:id/reactions/:name", USER, SCOPE(WRITE_FAVOURITES), COMMON,
	  NULL, put_reaction },
	{ HTTP_DELETE, ANNOUNCEMENTS "/:id/reactions/:name", USER, SCOPE(WRITE_FAVOURITES), COMMON,
	  NULL, delete_reaction },
};
API_ROWS_END
const struct api_route_table announcements_api = { routes, ARRAY_LEN(routes) };
