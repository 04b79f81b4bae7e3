/*
 * Teams: who is in one with which role, what it has agreed on, its trail, its figures. For the people
 * in them, with a token of their own or with one that acts for the team.
 */
#include "team_api_int.h"

#include "core/date.h"
#include "social/sign_up.h"

#define LOG_DEFAULT 40
#define LOG_MOST 200
#define FIGURE_POSTS 40

/* --- which team, and who asks --- */

enum rc team_asked(struct call *call, struct db_txn *txn, struct team_asked *out)
{
	out->team = (struct team){ .id = call_id(call, 0) };
	out->person = call_person(call)->id;
	/* who acts for one team does not speak of another */
	if (call->bearer.person.id != 0 && call_account(call)->id != out->team.id)
		return RC_NOT_FOUND;
	out->role = team_role_of(txn, call->ctx->arena, out->team.id, out->person);
	if (out->role == TEAM_NOBODY || !team_get(txn, out->team.id, &out->team))
		return RC_NOT_FOUND;
	return RC_OK;
}

enum rc team_begin(struct gather *g, struct call *call, team_permissions one_of,
		   struct team_asked *asked)
{
	enum rc rc = gather_begin(g, call);
	if (rc != RC_OK)
		return rc;
	rc = team_asked(call, g->txn, asked);
	if (rc == RC_OK && !team_role_may(asked->role, one_of))
		rc = ctx_fail(call->ctx, RC_DENIED,
			      "Your role in this team, %s, does not permit this",
			      team_role_name(asked->role));
	return rc == RC_OK ? rc : gather_end(g, rc);
}

/* --- teams --- */

static void render_role(struct jw *w, enum team_role role)
{
	jw_member_str(w, "role", str_of(team_role_name(role)));
	jw_name(w, "permissions");
	jw_array(w);
	for (unsigned bit = 0; team_permission_name(bit) != NULL; bit++) {
		if (team_role_may(role, 1U << bit))
			jw_str(w, str_of(team_permission_name(bit)));
	}
	jw_end(w);
}

static void render_team(struct jw *w, const struct site *site, const struct team_asked *asked,
			const struct account_view *account)
{
	jw_object(w);
	jw_member_id(w, "id", asked->team.id);
	jw_member_bool(w, "four_eyes", asked->team.four_eyes);
	jw_member_str(w, "credit", str_of(team_credit_name(asked->team.credit)));
	render_role(w, asked->role);
	jw_name(w, "account");
	render_account(w, site, account);
	jw_end(w);
}

/* With an acting token, the one that it acts for. */
static size_t teams_asked(struct call *call, struct gather *g, struct team_asked *out)
{
	struct team_member rows[TEAMS_OF_MAX];
	uint64_t ids[TEAMS_OF_MAX];
	size_t n = 0, found = teams_of(g->txn, call_person(call)->id, 0, rows, TEAMS_OF_MAX);
	for (size_t i = 0; i < found; i++) {
		struct team_asked *t = &out[n];
		t->person = rows[i].person;
		t->role = team_role_of(g->txn, g->arena, rows[i].team, rows[i].person);
		bool other = call->bearer.person.id != 0 && call_account(call)->id != rows[i].team;
		if (t->role == TEAM_NOBODY || other || !team_get(g->txn, rows[i].team, &t->team))
			continue;
		ids[n++] = t->team.id;
	}
	gather_accounts(g, ids, n);
	return n;
}

static void get_teams(struct call *call)
{
	struct team_asked *teams = ARENA_ARRAY(call->ctx->arena, TEAMS_OF_MAX, struct team_asked);
	struct gather g;
	enum rc rc = teams != NULL ? gather_begin(&g, call) : RC_NO_MEMORY;
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	size_t n = teams_asked(call, &g, teams);
	struct jw *w = reply_begin(call);
	jw_array(w);
	for (size_t i = 0; i < n; i++) {
		const struct account_view *account = gather_account(&g, teams[i].team.id);
		if (account != NULL)
			render_team(w, call->api->parts.site, &teams[i], account);
	}
	jw_end(w);
	rc = gather_end(&g, RC_OK);
	if (rc != RC_OK)
		reply_rc(call, rc);
	else
		reply_end(call, 200);
}

static void get_team(struct call *call)
{
	const struct account_view *account = NULL;
	struct team_asked asked;
	struct gather g;
	enum rc rc = team_begin(&g, call, TEAM_MAY(READ), &asked);
	if (rc == RC_OK) {
		gather_accounts(&g, &asked.team.id, 1);
		account = gather_account(&g, asked.team.id);
		rc = gather_end(&g, account != NULL ? RC_OK : RC_NOT_FOUND);
	}
	if (rc != RC_OK) {
		reply_team_rc(call, rc);
		return;
	}
	render_team(reply_begin(call), call->api->parts.site, &asked, account);
	reply_end(call, 200);
}

/* --- making one --- */

enum kind_word { KIND_ORGANIZATION, KIND_SERVICE };
static const char *const kind_words[] = {
	[KIND_ORGANIZATION] = "organization", [KIND_SERVICE] = "service", NULL
};
static const char *const credit_words[] = { "members", "public", "everywhere", NULL };

struct make_params {
	struct str name, display_name, note;
	uint32_t kind, credit;
	enum tri four_eyes;
};

static const struct param make_rows[] = {
	PARAM_STR(struct make_params, name, "name", 100),
	PARAM_STR(struct make_params, display_name, "display_name", 400),
	PARAM_STR(struct make_params, note, "note", 8000),
	PARAM_CHOICE(struct make_params, kind, "kind", kind_words),
	PARAM_BOOL(struct make_params, four_eyes, "four_eyes"),
	PARAM_CHOICE(struct make_params, credit, "credit", credit_words),
};
PARAM_TABLE(make_params, struct make_params, make_rows);

static struct team_change wishes_of(enum tri four_eyes, uint32_t credit)
{
	struct team_change wishes = { .has_four_eyes = four_eyes != TRI_UNSET,
				      .four_eyes = four_eyes == TRI_YES,
				      .has_credit = credit != NO_CHOICE };
	if (wishes.has_credit)
		wishes.credit = (enum team_credit)credit;
	return wishes;
}

static enum rc make_job(struct social *s, void *arg)
{
	return team_found(s, arg);
}

static enum rc make(struct call *call, struct team_founding *founding)
{
	const struct site *site = call->api->parts.site;
	struct str name = founding->account.username;
	enum rc rc = sign_up_is_reserved(call->api->parts.reception, name)
			     ? ctx_fail(call->ctx, RC_INVALID, "that name is reserved")
			     : team_found_check(call->ctx, site, call->api->parts.db,
						founding->person, name);
	if (rc == RC_OK)
		rc = account_keys_make(call->ctx, call->api->parts.seal,
				       site_actor_uri(call->ctx->arena, site, name),
				       clock_wall_ms(call->api->parts.clock), &founding->secrets);
	return rc == RC_OK ? call_write(call, make_job, founding) : rc;
}

static void reply_made(struct call *call, const struct team_founding *founding)
{
	struct team_asked asked = { .person = founding->person, .role = TEAM_ADMINISTRATOR };
	const struct account_view *account = NULL;
	uint64_t id = founding->made.id;
	struct gather g;
	enum rc rc = gather_begin(&g, call);
	if (rc == RC_OK) {
		gather_accounts(&g, &id, 1);
		account = gather_account(&g, id);
		bool there = account != NULL && team_get(g.txn, id, &asked.team);
		rc = gather_end(&g, there ? RC_OK : RC_NOT_FOUND);
	}
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	render_team(reply_begin(call), call->api->parts.site, &asked, account);
	reply_end(call, 200);
}

static void post_team(struct call *call)
{
	const struct make_params *p = call->params;
	struct team_founding founding = {
		.person = call_person(call)->id,
		.account = { .username = p->name,
			     .display_name = p->display_name,
			     .note = p->note,
			     .kind = p->kind == KIND_SERVICE ? ACCOUNT_SERVICE
							     : ACCOUNT_ORGANIZATION },
		.wishes = wishes_of(p->four_eyes, p->credit),
	};
	enum rc rc = make(call, &founding);
	if (rc == RC_EXISTS)
		reply_invalid(call, "name", "ERR_TAKEN", "Name has already been taken");
	else if (rc != RC_OK)
		reply_team_rc(call, rc);
	else
		reply_made(call, &founding);
}

/* --- acts upon a team --- */

struct team_act {
	uint64_t person, team, other, heir;
	struct team_change change;
	enum team_role role;
};

/* Who acts for a team does not act for another. */
static bool act_begin(struct call *call, struct team_act *act)
{
	act->person = call_person(call)->id;
	act->team = call_id(call, 0);
	if (call->bearer.person.id == 0 || call_account(call)->id == act->team)
		return true;
	reply_rc(call, RC_NOT_FOUND);
	return false;
}

struct set_params {
	enum tri four_eyes;
	uint32_t credit;
};

static const struct param set_rows[] = {
	PARAM_BOOL(struct set_params, four_eyes, "four_eyes"),
	PARAM_CHOICE(struct set_params, credit, "credit", credit_words),
};
PARAM_TABLE(set_params, struct set_params, set_rows);

static enum rc set_job(struct social *s, void *arg)
{
	const struct team_act *act = arg;
	return team_set(s, act->person, act->team, &act->change);
}

static void patch_team(struct call *call)
{
	const struct set_params *p = call->params;
	struct team_act act = { .change = wishes_of(p->four_eyes, p->credit) };
	if (!act_begin(call, &act))
		return;
	enum rc rc = call_write(call, set_job, &act);
	if (rc != RC_OK)
		reply_team_rc(call, rc);
	else
		get_team(call);
}

/* --- members --- */

static void render_member(struct jw *w, const struct site *site, const struct team_member *m,
			  const struct account_view *account)
{
	jw_object(w);
	render_role(w, m->role);
	jw_member_date(w, "since", m->since_ms);
	jw_member_id_opt(w, "given_by", m->by);
	jw_name(w, "account");
	render_account(w, site, account);
	jw_end(w);
}

static void get_members(struct call *call)
{
	struct team_member rows[TEAM_MEMBERS_MAX];
	uint64_t ids[TEAM_MEMBERS_MAX];
	struct team_asked asked;
	struct gather g;
	enum rc rc = team_begin(&g, call, TEAM_MAY(READ), &asked);
	if (rc != RC_OK) {
		reply_team_rc(call, rc);
		return;
	}
	size_t n = team_members(g.txn, asked.team.id, 0, rows, TEAM_MEMBERS_MAX);
	for (size_t i = 0; i < n; i++)
		ids[i] = rows[i].person;
	gather_accounts(&g, ids, n);
	struct jw *w = reply_begin(call);
	jw_array(w);
	for (size_t i = 0; i < n; i++) {
		const struct account_view *account = gather_account(&g, rows[i].person);
		if (account != NULL)
			render_member(w, call->api->parts.site, &rows[i], account);
	}
	jw_end(w);
	rc = gather_end(&g, RC_OK);
	if (rc != RC_OK)
		reply_rc(call, rc);
	else
		reply_end(call, 200);
}

struct member_params {
	uint64_t account, heir;
	struct str role;
};

static const struct param member_rows[] = {
	PARAM_NUMBER(struct member_params, account, "account_id", 0, UINT64_MAX, 0),
	PARAM_STR(struct member_params, role, "role", 40),
};
PARAM_TABLE(member_params, struct member_params, member_rows);

static const struct param heir_rows[] = {
	PARAM_NUMBER(struct member_params, heir, "heir_id", 0, UINT64_MAX, 0),
};
PARAM_TABLE(heir_params, struct member_params, heir_rows);

static enum rc give_job(struct social *s, void *arg)
{
	const struct team_act *act = arg;
	return team_give(s, act->person, act->team, act->other, act->role);
}

static void give(struct call *call, uint64_t account)
{
	const struct member_params *p = call->params;
	struct team_act act = { .other = account };
	if (!act_begin(call, &act))
		return;
	if (!team_role_parse(p->role, &act.role)) {
		reply_error(call, 422,
			    "Validation failed: a role is administrator, editor, author, reviewer "
			    "or analyst");
		return;
	}
	enum rc rc = call_write(call, give_job, &act);
	if (rc != RC_OK)
		reply_team_rc(call, rc);
	else
		get_members(call);
}

static void post_member(struct call *call)
{
	const struct member_params *p = call->params;
	give(call, p->account);
}

static void put_member(struct call *call)
{
	give(call, call_id(call, 1));
}

static enum rc remove_job(struct social *s, void *arg)
{
	const struct team_act *act = arg;
	return team_remove(s, act->person, act->team, act->other, act->heir);
}

static void delete_member(struct call *call)
{
	const struct member_params *p = call->params;
	struct team_act act = { .other = call_id(call, 1), .heir = p->heir };
	if (!act_begin(call, &act))
		return;
	enum rc rc = call_write(call, remove_job, &act);
	if (rc != RC_OK)
		reply_team_rc(call, rc);
	else
		reply_empty(call);
}

/* --- the trail --- */

struct log_params {
	struct paging page;
};

static const struct param log_rows[] = {
	PAGING_PARAMS(struct log_params, page, LOG_DEFAULT, LOG_MOST),
};
PARAM_TABLE(log_params, struct log_params, log_rows);

static void render_entry(struct jw *w, const struct team_entry *e)
{
	jw_object(w);
	jw_member_id(w, "id", e->id);
	jw_member_date(w, "created_at", e->at_ms);
	jw_member_id_opt(w, "account_id", e->person);
	jw_member_str(w, "act", e->act);
	jw_member_id_opt(w, "about_id", e->about);
	jw_member_nullable(w, "words", e->words);
	jw_end(w);
}

static void get_log(struct call *call)
{
	const struct log_params *p = call->params;
	const struct page page = page_of(&p->page);
	struct team_entry *list = ARENA_ARRAY(call->ctx->arena, LOG_MOST, struct team_entry);
	struct team_asked asked;
	struct gather g;
	size_t n = 0;
	enum rc rc = list != NULL ? team_begin(&g, call, TEAM_MAY(LOG), &asked) : RC_NO_MEMORY;
	if (rc == RC_OK) {
		n = team_log_page(g.txn, g.arena, asked.team.id, &page, list, p->page.limit);
		rc = gather_end(&g, RC_OK);
	}
	if (rc != RC_OK) {
		reply_team_rc(call, rc);
		return;
	}
	reply_links(call, n != 0 ? list[0].id : 0, n != 0 ? list[n - 1].id : 0, n == p->page.limit);
	struct jw *w = reply_begin(call);
	jw_array(w);
	for (size_t i = 0; i < n; i++)
		render_entry(w, &list[i]);
	jw_end(w);
	reply_end(call, 200);
}

/* --- figures --- */

static void render_figures(struct call *call, struct gather *g, uint64_t team)
{
	struct status_entry entries[FIGURE_POSTS];
	struct account_counts counts = account_counts(g->txn, team);
	size_t n = status_by_author(g->txn, team, 0, 0, entries, FIGURE_POSTS);
	struct jw *w = reply_begin(call);
	jw_object(w);
	jw_member_u64(w, "followers_count", counts.followers);
	jw_member_u64(w, "following_count", counts.following);
	jw_member_u64(w, "statuses_count", counts.statuses);
	jw_name(w, "statuses");
	jw_array(w);
	for (size_t i = 0; i < n; i++) {
		struct status_counts c = status_counts(g->txn, entries[i].id);
		if ((entries[i].flags & STATUS_BOOST) != 0 ||
		    !visibility_is_open(entries[i].visibility))
			continue;
		jw_object(w);
		jw_member_id(w, "id", entries[i].id);
		jw_member_u64(w, "replies_count", c.replies);
		jw_member_u64(w, "reblogs_count", c.boosts);
		jw_member_u64(w, "favourites_count", c.likes);
		jw_end(w);
	}
	jw_end(w);
	jw_end(w);
}

/* Of its newest posts that everybody may see. */
static void get_figures(struct call *call)
{
	struct team_asked asked;
	struct gather g;
	enum rc rc = team_begin(&g, call, TEAM_MAY(ANALYTICS), &asked);
	if (rc == RC_OK) {
		render_figures(call, &g, asked.team.id);
		rc = gather_end(&g, RC_OK);
	}
	if (rc != RC_OK)
		reply_team_rc(call, rc);
	else
		reply_end(call, 200);
}

#define TEAMS "/api/fediflow/v1/teams"
#define TEAM TEAMS "/:id"
#define READ SCOPE(READ_ACCOUNTS)
#define WRITE SCOPE(WRITE_ACCOUNTS)
#define USER AUTH_USER
#define COMMON RATE_COMMON

API_ROWS_BEGIN
static const struct api_route routes[] = {
	{ HTTP_GET, TEAMS, USER, READ, COMMON, NULL, get_teams, "[Team]" },
	{ HTTP_POST, TEAMS, USER, WRITE, RATE_SIGN_UP, &make_params, post_team, "Team", "name" },
	{ HTTP_GET, TEAM, USER, READ, COMMON, NULL, get_team, "Team" },
	{ HTTP_PATCH, TEAM, USER, WRITE, COMMON, &set_params, patch_team, "Team" },
	{ HTTP_GET, TEAM "/members", USER, READ, COMMON, NULL, get_members, "[TeamMember]" },
	{ HTTP_POST, TEAM "/members", USER, WRITE, COMMON, &member_params, post_member,
	  "[TeamMember] 409", "account_id role" },
	{ HTTP_PUT, TEAM "/members/:account_id", USER, WRITE, COMMON, &member_params, put_member,
	  "[TeamMember] 409", "role" },
	/* whoever may only read may leave */
	{ HTTP_DELETE, TEAM "/members/:account_id", USER, WRITE | SCOPE(WRITE_STATUSES), COMMON,
	  &heir_params, delete_member, "Nothing 409" },
	{ HTTP_GET, TEAM "/log", USER, READ, COMMON, &log_params, get_log, "[LogEntry] Link" },
	{ HTTP_GET, TEAM "/figures", USER, READ, COMMON, NULL, get_figures, "Figures" },
};
API_ROWS_END
const struct api_route_table teams_api = { routes, ARRAY_LEN(routes) };
