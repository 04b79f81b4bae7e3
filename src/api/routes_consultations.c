/* Consultations of communities: called, voted in, their results. */
#include "consultation_int.h"
#include "core/clock.h"
#include "core/date.h"
#include "thing_int.h"

#define TEXT_BYTES_MAX 40000

/* --- looking --- */

/* What the viewer may not see of the community is not there. */
static bool view_fill(struct call *call, struct gather *g, uint64_t id, void *out)
{
	struct consultation_view *view = out;
	struct social s = { .txn = g->txn, .ctx = call->ctx, .site = call->api->parts.site };
	struct consultation *c = &view->consultation;
	if (!consultation_get(g->txn, g->arena, id, c) ||
	    !may_see_community(g->txn, g->arena, call->viewer, c->community))
		return false;
	view->state = consultation_state_at(c, clock_wall_ms(call->api->parts.clock));
	view->turnout = consultation_turnout(g->txn, id);
	view->voted = false;
	view->may_vote = false;
	if (call->viewer.account == 0)
		return true;
	view->voted = consultation_has_voted(g->txn, id, call->viewer.account);
	view->may_vote = consultation_may_vote(&s, call_account(call), c) == RC_OK;
	return true;
}

static bool community_is_seen(struct call *call, struct gather *g, uint64_t community)
{
	return may_see_community(g->txn, g->arena, call->viewer, community);
}

static void view_render(struct jw *w, const void *view)
{
	render_consultation(w, view);
}

static const struct thing_kind consultation_kind = { sizeof(struct consultation_view),
						     community_is_seen, consultations_of, view_fill,
						     view_render };

static void get_consultation(struct call *call)
{
	get_thing(call, &consultation_kind);
}

struct list_params {
	struct paging page;
};

static const struct param list_rows[] = {
	PAGING_PARAMS(struct list_params, page, THING_PAGE_DEFAULT, THING_PAGE_MOST),
};
PARAM_TABLE(list_params, struct list_params, list_rows);

static void get_consultations(struct call *call)
{
	const struct list_params *p = call->params;
	get_things(call, &consultation_kind, &p->page);
}

static void get_result(struct call *call)
{
	struct consultation_view view;
	struct consultation_result result;
	struct gather g;
	enum rc rc = gather_begin(&g, call);
	if (rc == RC_OK) {
		rc = view_fill(call, &g, call_id(call, 0), &view) ? RC_OK : RC_NOT_FOUND;
		if (rc == RC_OK)
			rc = consultation_result(call->ctx, g.txn,
						 clock_wall_ms(call->api->parts.clock),
						 &view.consultation, &result);
		rc = gather_end(&g, rc);
	}
	if (rc != RC_OK) {
		reply_reason(call, rc);
		return;
	}
	render_consultation_result(reply_begin(call), &view.consultation, &result);
	reply_end(call, 200);
}

/* --- calling --- */

struct call_params {
	struct str question, description, opens_at, closes_at, papers_until;
	struct str_list options;
	struct id_list roles;
	uint64_t seats, quorum;
	uint32_t method;
	enum tri named;
};

/* In the order of enum consultation_method. */
static const char *const method_words[] = { "approval", "ranked", NULL };

static const struct param call_rows[] = {
	PARAM_STR(struct call_params, question, "question", 4096),
	PARAM_STR(struct call_params, description, "description", TEXT_BYTES_MAX),
	PARAM_STR(struct call_params, opens_at, "opens_at", 64),
	PARAM_STR(struct call_params, closes_at, "closes_at", 64),
	PARAM_STR(struct call_params, papers_until, "papers_until", 64),
	PARAM_STRS(struct call_params, options, "options", 4096),
	PARAM_IDS(struct call_params, roles, "role_ids"),
	PARAM_NUMBER(struct call_params, seats, "seats", 1, CONSULTATION_OPTIONS_MAX - 1, 1),
	PARAM_NUMBER(struct call_params, quorum, "quorum", 0, UINT32_MAX, 0),
	PARAM_CHOICE(struct call_params, method, "method", method_words),
	PARAM_BOOL(struct call_params, named, "named"),
};
PARAM_TABLE(call_params, struct call_params, call_rows);

static bool time_fill(struct str text, uint64_t *ms)
{
	*ms = 0;
	return text.len == 0 || date_parse_rfc3339(text, ms);
}

/* False when the answer was given. */
static bool consultation_fill(struct call *call, struct consultation *c)
{
	const struct call_params *p = call->params;
	*c = (struct consultation){ .community = call_id(call, 0),
				    .question = or_empty(p->question),
				    .description = or_empty(p->description),
				    .seats = (uint32_t)p->seats,
				    .quorum = (uint32_t)p->quorum };
	if (p->options.count > CONSULTATION_OPTIONS_MAX ||
	    p->roles.count > CONSULTATION_ROLES_MAX) {
		reply_invalid(call,
			      p->roles.count > CONSULTATION_ROLES_MAX ? "role_ids" : "options",
			      "ERR_TOO_LONG", "There are too many");
		return false;
	}
	if (!time_fill(p->opens_at, &c->opens_ms) || !time_fill(p->closes_at, &c->closes_ms) ||
	    !time_fill(p->papers_until, &c->papers_until_ms)) {
		reply_invalid(call, "closes_at", "ERR_INVALID", "A time has the form of RFC 3339");
		return false;
	}
	for (size_t i = 0; i < p->options.count; i++)
		c->options[c->option_count++] = p->options.list[i];
	for (size_t i = 0; i < p->roles.count; i++)
		c->roles[c->role_count++] = p->roles.list[i];
	if (p->method != NO_CHOICE)
		c->method = (enum consultation_method)p->method;
	if (p->named == TRI_YES)
		c->flags |= CONSULTATION_NAMED;
	return true;
}

static enum rc call_it(struct social *s, const struct account *actor,
		       const struct account *target UNUSED, void *arg)
{
	return consultation_call(s, actor, arg);
}

static void post_consultation(struct call *call)
{
	struct consultation c;
	if (!consultation_fill(call, &c))
		return;
	enum rc rc = own_do(call, OWN_MAKE, 0, call_it, &c);
	if (rc != RC_OK)
		reply_reason(call, rc);
	else
		reply_thing(call, &consultation_kind, c.id);
}

static enum rc cancel_it(struct social *s, const struct account *actor,
			 const struct account *target UNUSED, void *arg)
{
	return consultation_cancel(s, actor, *(const uint64_t *)arg);
}

static void delete_consultation(struct call *call)
{
	uint64_t id = call_id(call, 0);
	enum rc rc = own_do(call, OWN_UNDO, 0, cancel_it, &id);
	if (rc != RC_OK)
		reply_reason(call, rc);
	else
		reply_thing(call, &consultation_kind, id);
}

/* --- voting --- */

struct vote_params {
	struct id_list choices;
	struct str receipt;
};

static const struct param vote_rows[] = {
	PARAM_IDS(struct vote_params, choices, "choices"),
	PARAM_STR(struct vote_params, receipt, "receipt", 64),
};
PARAM_TABLE(vote_params, struct vote_params, vote_rows);

struct vote {
	uint64_t id;
	uint8_t choices[CONSULTATION_OPTIONS_MAX];
	unsigned count;
	struct str receipt, before;
};

static enum rc cast_it(struct social *s, const struct account *actor,
		       const struct account *target UNUSED, void *arg)
{
	const struct vote *v = arg;
	return consultation_cast(s, actor, v->id, v->choices, v->count, v->receipt, v->before);
}

static void post_vote(struct call *call)
{
	const struct vote_params *p = call->params;
	struct vote v = { .id = call_id(call, 0), .before = or_empty(p->receipt) };
	v.receipt = v.before.len != 0 ? v.before : consultation_receipt_make(call->ctx->arena);
	if (p->choices.count > CONSULTATION_OPTIONS_MAX) {
		reply_invalid(call, "choices", "ERR_TOO_LONG", "There are too many");
		return;
	}
	for (size_t i = 0; i < p->choices.count; i++) {
		uint64_t option = p->choices.list[i];
		v.choices[v.count++] = option <= CONSULTATION_OPTIONS_MAX ? (uint8_t)option : 0;
	}
	enum rc rc = own_do(call, OWN_MAKE, 0, cast_it, &v);
	if (rc != RC_OK) {
		reply_reason(call, rc);
		return;
	}
	struct jw *w = reply_begin(call);
	jw_object(w);
	jw_member_str(w, "receipt", v.receipt);
	jw_end(w);
	reply_end(call, 200);
}

#define COMMUNITY "/api/fediflow/v1/communities/:id/consultations"
#define ONE "/api/fediflow/v1/consultations/:id"
#define READ SCOPE(READ_COMMUNITIES)
#define WRITE SCOPE(WRITE_COMMUNITIES)

API_ROWS_BEGIN
static const struct api_route routes[] = {
	{ HTTP_GET, COMMUNITY, AUTH_OPTIONAL, READ, RATE_COMMON, &list_params, get_consultations,
	  "[Consultation] Link" },
	{ HTTP_POST, COMMUNITY, AUTH_USER, WRITE, RATE_COMMON, &call_params, post_consultation,
	  "Consultation", "question options closes_at" },
	{ HTTP_GET, ONE, AUTH_OPTIONAL, READ, RATE_COMMON, NULL, get_consultation, "Consultation" },
	{ HTTP_DELETE, ONE, AUTH_USER, WRITE, RATE_COMMON, NULL, delete_consultation,
	  "Consultation" },
	{ HTTP_POST, ONE "/votes", AUTH_USER, WRITE, RATE_COMMON, &vote_params, post_vote,
	  "VoteReceipt", "choices" },
	{ HTTP_GET, ONE "/result", AUTH_OPTIONAL, READ, RATE_COMMON, NULL, get_result,
	  "ConsultationResult" },
};
API_ROWS_END
const struct api_route_table consultations_api = { routes, ARRAY_LEN(routes) };
