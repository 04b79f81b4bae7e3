/* Roles of a community, and the invitations to it. */
#include "community_int.h"

#include "social/community_words.h"

#define SECONDS_MAX ((uint64_t)100 * 366 * 24 * 3600)

struct upon {
	uint64_t community, id; /* of a role or an invitation */
	struct str role;
	uint64_t seconds;
	struct community_invite invite;
	struct community_role own_role;
	struct str secret;
};

/* --- roles --- */

static void reply_roles(struct call *call, uint64_t community)
{
	struct community_role *roles =
		ARENA_ARRAY(call->ctx->arena, COMMUNITY_ROLES_MAX, struct community_role);
	struct community_view view;
	struct gather g;
	size_t n = 0;
	enum rc rc = roles != NULL ? gather_begin(&g, call) : RC_NO_MEMORY;
	if (rc == RC_OK) {
		rc = gather_community_view(&g, community, &view);
		if (rc == RC_OK && (!view.local || !community_is_open_to(&g, community)))
			rc = RC_NOT_FOUND;
		if (rc == RC_OK)
			n = community_roles(g.txn, g.arena, community, roles);
		rc = gather_end(&g, rc);
	}
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	struct jw *w = reply_begin(call);
	jw_array(w);
	for (size_t i = 0; i < n; i++)
		render_community_role(w, &roles[i]);
	jw_end(w);
	reply_end(call, 200);
}

static void get_roles(struct call *call)
{
	reply_roles(call, call_id(call, 0));
}

struct save_role_params {
	struct str name;
	uint64_t position;
	struct str_list permissions;
};

static const struct param save_role_rows[] = {
	PARAM_STR(struct save_role_params, name, "name", 100),
	PARAM_NUMBER(struct save_role_params, position, "position", 0, UINT32_MAX, 1),
	PARAM_STRS(struct save_role_params, permissions, "permissions", 32),
};
PARAM_TABLE(save_role_params, struct save_role_params, save_role_rows);

static enum rc read_role(struct call *call, struct community_role *out)
{
	const struct save_role_params *p = call->params;
	*out = (struct community_role){ .name = str_trim(p->name),
					.position = (uint32_t)p->position };
	for (size_t i = 0; i < p->permissions.count; i++) {
		unsigned one;
		if (!community_permission_parse(p->permissions.list[i], &one))
			return ctx_fail(call->ctx, RC_INVALID, "There is no permission \"%.*s\"",
					STR_ARG(str_take(p->permissions.list[i], 32)));
		out->permissions |= one;
	}
	return RC_OK;
}

static enum rc change_role(struct social *s, const struct account *actor,
			   const struct account *target UNUSED, void *arg)
{
	struct upon *u = arg;
	struct community_role role = u->own_role;
	return community_role_change(s, actor, u->community, &role);
}

static void save_role(struct call *call, uint64_t id)
{
	struct upon u = { .community = call_id(call, 0) };
	enum rc rc = read_role(call, &u.own_role);
	u.own_role.id = id;
	if (rc == RC_OK)
		rc = own_do(call, OWN_MAKE, 0, change_role, &u);
	if (rc != RC_OK)
		reply_reason(call, rc);
	else
		reply_roles(call, u.community);
}

static void post_role(struct call *call)
{
	save_role(call, 0);
}

static void put_role(struct call *call)
{
	uint64_t id = call_id(call, 1);
	if (id != 0)
		save_role(call, id);
	else
		reply_rc(call, RC_NOT_FOUND);
}

static enum rc drop_role(struct social *s, const struct account *actor,
			 const struct account *target UNUSED, void *arg)
{
	const struct upon *u = arg;
	return community_role_drop(s, actor, u->community, u->id);
}

static void delete_role(struct call *call)
{
	struct upon u = { .community = call_id(call, 0), .id = call_id(call, 1) };
	reply_done(call, own_do(call, OWN_MAKE, 0, drop_role, &u));
}

/* --- invitations --- */

static void render_invite(struct jw *w, const struct community_invite *i, struct str link)
{
	jw_object(w);
	jw_member_id(w, "id", i->id);
	if (link.len != 0)
		jw_member_str(w, "url", link);
	jw_member_id(w, "role_id", i->role);
	jw_member_id_opt(w, "created_by_id", i->by);
	jw_member_u64(w, "uses", i->uses);
	jw_name(w, "max_uses");
	if (i->limit != 0)
		jw_u64(w, i->limit);
	else
		jw_null(w);
	jw_member_time(w, "expires_at", i->until_ms);
	jw_end(w);
}

static void get_invites(struct call *call)
{
	struct community_invite *all =
		ARENA_ARRAY(call->ctx->arena, COMMUNITY_INVITES_MAX, struct community_invite);
	struct gather g;
	if (all == NULL) {
		reply_rc(call, RC_NO_MEMORY);
		return;
	}
	if (!community_begin(call, &g, call_id(call, 0), COMMUNITY_MAY_INVITE))
		return;
	size_t n = community_invites(g.txn, call_id(call, 0), all);
	enum rc rc = gather_end(&g, RC_OK);
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	struct jw *w = reply_begin(call);
	jw_array(w);
	for (size_t i = 0; i < n; i++)
		render_invite(w, &all[i], STR(""));
	jw_end(w);
	reply_end(call, 200);
}

struct invite_params {
	struct str role;
	uint64_t limit, seconds;
};

static const struct param invite_rows[] = {
	PARAM_STR(struct invite_params, role, "role", 100),
	PARAM_NUMBER(struct invite_params, limit, "max_uses", 0, UINT32_MAX, 0),
	PARAM_NUMBER(struct invite_params, seconds, "expires_in", 0, SECONDS_MAX, 0),
};
PARAM_TABLE(invite_params, struct invite_params, invite_rows);

static enum rc invite(struct social *s, const struct account *actor,
		      const struct account *target UNUSED, void *arg)
{
	struct upon *u = arg;
	struct community_role role;
	u->invite.role = 0;
	if (u->role.len != 0) {
		if (!community_role_named(s->txn, s->ctx->arena, u->community, u->role, &role))
			return ctx_fail(s->ctx, RC_INVALID, "There is no such role");
		u->invite.role = role.id;
	}
	u->invite.until_ms = u->seconds != 0 ? db_txn_now(s->txn) + u->seconds * MS_PER_SECOND : 0;
	return community_invite(s, actor, u->secret, &u->invite);
}

static void post_invite(struct call *call)
{
	const struct invite_params *p = call->params;
	struct upon u = { .community = call_id(call, 0),
			  .role = str_trim(p->role),
			  .seconds = p->seconds,
			  .secret = community_secret_make(call->ctx->arena) };
	u.invite =
		(struct community_invite){ .community = u.community, .limit = (uint32_t)p->limit };
	enum rc rc = own_do(call, OWN_MAKE, 0, invite, &u);
	if (rc != RC_OK) {
		reply_reason(call, rc);
		return;
	}
	/* the link is told this once: only its digest is kept */
	render_invite(
		reply_begin(call), &u.invite,
		community_invite_url(call->ctx->arena, call->api->parts.site->base, u.secret));
	reply_end(call, 200);
}

static enum rc uninvite(struct social *s, const struct account *actor,
			const struct account *target UNUSED, void *arg)
{
	const struct upon *u = arg;
	return community_uninvite(s, actor, u->community, u->id);
}

static void delete_invite(struct call *call)
{
	struct upon u = { .community = call_id(call, 0), .id = call_id(call, 1) };
	reply_done(call, own_do(call, OWN_MAKE, 0, uninvite, &u));
}

#define ONE "/api/fediflow/v1/communities/:id"
#define GET HTTP_GET
#define POST HTTP_POST
#define READ SCOPE(READ_COMMUNITIES)
#define WRITE SCOPE(WRITE_COMMUNITIES)
#define ANYBODY AUTH_OPTIONAL
#define USER AUTH_USER
#define COMMON RATE_COMMON

API_ROWS_BEGIN
static const struct api_route routes[] = {
	{ GET, ONE "/roles", ANYBODY, READ, COMMON, NULL, get_roles, "[CommunityRole]" },
	{ POST, ONE "/roles", USER, WRITE, COMMON, &save_role_params, post_role, "[CommunityRole]",
	  "name" },
	{ HTTP_PUT, ONE "/roles/:role", USER, WRITE, COMMON, &save_role_params, put_role,
	  "[CommunityRole]", "name" },
	{ HTTP_DELETE, ONE "/roles/:role", USER, WRITE, COMMON, NULL, delete_role, "Nothing" },
	{ GET, ONE "/invitations", USER, READ, COMMON, NULL, get_invites, "[Invitation]" },
	{ POST, ONE "/invitations", USER, WRITE, COMMON, &invite_params, post_invite,
	  "Invitation" },
	{ HTTP_DELETE, ONE "/invitations/:invitation", USER, WRITE, COMMON, NULL, delete_invite,
	  "Nothing" },
};
API_ROWS_END
const struct api_route_table community_roles_api = { routes, ARRAY_LEN(routes) };
