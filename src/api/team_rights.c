/*
 * What a role in a team permits of the routes. Scopes say most of it (team_role_scopes()); a route whose
 * scope says too little has a row here.
 */
#include "api_int.h"

#define READ TEAM_MAY(READ)
#define LETTERS TEAM_MAY(LETTERS)
#define WRITE (TEAM_MAY(DRAFT) | TEAM_MAY(PUBLISH))
#define EDIT TEAM_MAY(EDIT)
#define ENGAGE TEAM_MAY(ENGAGE)
#define STATUS "/api/v1/statuses/:id"
#define SCHEDULED "/api/v1/scheduled_statuses/:id"
#define OURS "/api/fediflow/v1/"
#define TEAM OURS "teams"

static const struct {
	enum http_method method;
	const char *path;
	team_permissions one_of;
} rows[] = {
	{ HTTP_POST, "/api/v1/statuses", WRITE },
	{ HTTP_PUT, STATUS, WRITE | EDIT },
	{ HTTP_DELETE, STATUS, TEAM_MAY(DELETE) },
	{ HTTP_POST, STATUS "/reblog", ENGAGE },
	{ HTTP_POST, STATUS "/unreblog", ENGAGE },
	{ HTTP_POST, STATUS "/pin", EDIT },
	{ HTTP_POST, STATUS "/unpin", EDIT },
	{ HTTP_PUT, STATUS "/interaction_policy", EDIT },
	{ HTTP_POST, STATUS "/quotes/:quoting/revoke", EDIT },
	{ HTTP_POST, "/api/v1/polls/:id/votes", ENGAGE },
	{ HTTP_PUT, SCHEDULED, WRITE | EDIT },
	{ HTTP_DELETE, SCHEDULED, WRITE | TEAM_MAY(DELETE) },
	/* how far it was read changes nothing for anybody else */
	{ HTTP_POST, "/api/v1/markers", READ },
	{ HTTP_GET, "/api/v1/conversations", LETTERS },
	{ HTTP_DELETE, "/api/v1/conversations/:id", LETTERS },
	{ HTTP_POST, "/api/v1/conversations/:id/read", LETTERS },
	{ HTTP_GET, "/api/v1/streaming/direct", LETTERS },
	{ HTTP_DELETE, "/api/v1/suggestions/:id", TEAM_MAY(RELATE) },
	/* people make teams, in their own name */
	{ HTTP_POST, TEAM, 0 },
	/* in communities that the team is a member of */
	{ HTTP_POST, OURS "communities/:id/consultations", TEAM_MAY(PUBLISH) },
	{ HTTP_DELETE, OURS "consultations/:id", TEAM_MAY(DELETE) },
	{ HTTP_POST, OURS "consultations/:id/votes", ENGAGE },
};

/* What is open to all, but for what changes something. */
static scope_set reading(void)
{
	return team_role_scopes(TEAM_ANALYST) & ~SCOPE(WRITE_STATUSES);
}

static team_permissions of_route(const struct api_route *route)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (rows[i].method == route->method && strcmp(rows[i].path, route->path) == 0)
			return rows[i].one_of;
	}
	/* routes of teams ask the team that they are about */
	if (strncmp(route->path, TEAM, strlen(TEAM)) == 0 || route->method == HTTP_GET)
		return READ;
	/* default deny: a route that changes posts, or needs no scope for a change, stands above */
	if ((route->scopes & SCOPE(WRITE_STATUSES)) != 0 || (route->scopes & ~reading()) == 0)
		return 0;
	return (route->scopes & SCOPE(WRITE_ACCOUNTS)) != 0 ? TEAM_MAY(PROFILE) : READ;
}

bool team_route_may(const struct api_route *route, enum team_role role)
{
	scope_set scopes = team_role_scopes(role);
	return (route->scopes == 0 || (route->scopes & scopes) != 0) &&
	       team_role_may(role, of_route(route));
}

void team_refuse(struct call *call)
{
	struct str text =
		arena_printf(call->ctx->arena, "Your role in this team, %s, does not permit this",
			     team_role_name(call->bearer.role));
	reply_error(call, 403, arena_cstr(call->ctx->arena, text));
}

/* The route's pattern says what is done; the id in its path, to what. */
void team_trail(struct social *s, const struct call *call)
{
	static const char *const names[] = {
		[HTTP_GET] = "GET",	[HTTP_POST] = "POST",	  [HTTP_PUT] = "PUT",
		[HTTP_PATCH] = "PATCH", [HTTP_DELETE] = "DELETE",
	};
	struct str act =
		arena_printf(s->ctx->arena, "%s %s", names[call->route->method], call->route->path);
	uint64_t about;
	if (!str_to_u64(call->req->params[0], &about))
		about = 0;
	team_log(s, call->bearer.account.id, call->bearer.person.id, arena_cstr(s->ctx->arena, act),
		 about, STR(""));
}
