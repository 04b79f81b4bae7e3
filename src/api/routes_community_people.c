/* Who is in a community: joining, members and their cards, requests, bans. */
#include "community_int.h"

#include "social/act.h"
#include "social/community_words.h"

#define PAGE_DEFAULT 40
#define PAGE_MOST 80
#define STAFF_MOST 500

/* --- joining and leaving --- */

static enum rc join(struct social *s, const struct account *actor, const struct account *target,
		    void *arg UNUSED)
{
	enum follow_state state;
	return target->kind == ACCOUNT_GROUP ? act_follow(s, actor, target, STR(""), &state)
					     : RC_NOT_FOUND;
}

static void post_join(struct call *call)
{
	uint64_t id = call_id(call, 0);
	enum rc rc = id != 0 ? own_do(call, OWN_DO, id, join, NULL) : RC_NOT_FOUND;
	if (rc != RC_OK)
		reply_reason(call, rc);
	else
		reply_community(call, id);
}

static enum rc leave(struct social *s, const struct account *actor, const struct account *target,
		     void *arg UNUSED)
{
	return target->kind == ACCOUNT_GROUP ? act_unfollow(s, actor, target) : RC_NOT_FOUND;
}

static void post_leave(struct call *call)
{
	uint64_t id = call_id(call, 0);
	enum rc rc = id != 0 ? own_do(call, OWN_UNDO, id, leave, NULL) : RC_NOT_FOUND;
	if (rc != RC_OK)
		reply_reason(call, rc);
	else
		reply_community(call, id);
}

struct secret_params {
	struct str code;
};

static const struct param secret_rows[] = {
	PARAM_STR(struct secret_params, code, "code", 200),
};
PARAM_TABLE(secret_params, struct secret_params, secret_rows);

struct entering {
	struct str secret;
	uint64_t community;
};

static enum rc enter(struct social *s, const struct account *actor,
		     const struct account *target UNUSED, void *arg)
{
	struct entering *e = arg;
	return community_join_invited(s, actor, e->secret, &e->community);
}

/* The code, or the whole link that it stands in. */
static void post_enter(struct call *call)
{
	struct str code = str_trim(((const struct secret_params *)call->params)->code);
	struct entering e = { .secret = code };
	for (size_t i = 0; i < code.len; i++) {
		if (code.ptr[i] == '=')
			e.secret = str_skip(code, i + 1);
	}
	enum rc rc = own_do(call, OWN_DO, 0, enter, &e);
	if (rc != RC_OK)
		reply_reason(call, rc);
	else
		reply_community(call, e.community);
}

/* --- members --- */

struct members_params {
	struct paging page;
	enum tri staff, banned;
};

static const struct param members_rows[] = {
	PAGING_PARAMS(struct members_params, page, PAGE_DEFAULT, PAGE_MOST),
	PARAM_BOOL(struct members_params, staff, "staff"),
	PARAM_BOOL(struct members_params, banned, "banned"),
};
PARAM_TABLE(members_params, struct members_params, members_rows);

struct listing {
	uint64_t community;
	uint64_t ids[STAFF_MOST];
	size_t count;
	bool full;  /* there may be more */
	bool cards; /* with what is for moderators */
};

/* Those who are more than members: few, and not paged. */
static void list_staff(struct gather *g, struct listing *l)
{
	struct community_member *rows = ARENA_ARRAY(g->arena, STAFF_MOST, struct community_member);
	size_t n = rows != NULL ? community_staff_rows(g->txn, g->arena, l->community, 0, rows,
						       STAFF_MOST)
				: 0;
	for (size_t i = 0; i < n; i++) {
		if ((rows[i].flags & COMMUNITY_BANNED) == 0)
			l->ids[l->count++] = rows[i].account;
	}
}

static void list_banned(struct gather *g, struct listing *l, const struct paging *paging)
{
	const struct page page = page_of(paging);
	l->count = community_banned_page(g->txn, l->community, &page, l->ids, paging->limit);
	l->full = l->count == paging->limit;
}

static void list_followers(struct gather *g, struct listing *l, const struct paging *paging)
{
	const struct page page = page_of(paging);
	l->count = follow_followers_page(g->txn, l->community, FOLLOW_ACCEPTED, &page, l->ids,
					 paging->limit);
	l->full = l->count == paging->limit;
}

static void reply_cards(struct call *call, struct gather *g, struct listing *l)
{
	struct jw *w = reply_begin(call);
	gather_accounts(g, l->ids, l->count);
	jw_array(w);
	for (size_t i = 0; i < l->count; i++) {
		struct community_card card;
		gather_card_of(g, l->community, l->ids[i], l->cards, &card);
		if (card.account != NULL)
			render_card_of(w, call->api->parts.site, &card);
	}
	jw_end(w);
	enum rc rc = gather_end(g, RC_OK);
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	if (l->full)
		reply_links(call, l->ids[0], l->ids[l->count - 1], true);
	reply_end(call, 200);
}

/* Whoever may read it sees who moderates it; who else is in it, its members see; bans only those who look after
 * it. Guests have permissions, and are none of either. */
static enum rc may_list(struct call *call, struct gather *g, const struct members_params *p,
			struct listing *l)
{
	struct community_view view;
	enum rc rc = gather_community_view(g, l->community, &view);
	if (rc != RC_OK)
		return rc;
	if (!community_is_open_to(g, l->community))
		return RC_NOT_FOUND;
	unsigned may = view.own.standing.permissions;
	l->cards = view.known_viewer && (may & COMMUNITY_MAY_STRIKES) != 0;
	bool allowed = p->banned == TRI_YES  ? (may & COMMUNITY_MAY_BAN) != 0
		       : p->staff == TRI_YES ? true
					     : view.own.standing.member;
	if (allowed)
		return RC_OK;
	return ctx_fail(call->ctx, RC_DENIED, "your role in this community does not permit it");
}

static void get_members(struct call *call)
{
	const struct members_params *p = call->params;
	struct listing *l = ARENA_NEW(call->ctx->arena, struct listing);
	struct gather g;
	enum rc rc = l != NULL ? gather_begin(&g, call) : RC_NO_MEMORY;
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	l->community = call_id(call, 0);
	rc = may_list(call, &g, p, l);
	if (rc != RC_OK) {
		reply_reason(call, gather_end(&g, rc));
		return;
	}
	if (p->banned == TRI_YES)
		list_banned(&g, l, &p->page);
	else if (p->staff == TRI_YES)
		list_staff(&g, l);
	else
		list_followers(&g, l, &p->page);
	reply_cards(call, &g, l);
}

static void reply_card(struct call *call, uint64_t community, uint64_t account)
{
	struct community_view view;
	struct community_card card;
	struct gather g;
	enum rc rc = gather_begin(&g, call);
	if (rc == RC_OK) {
		rc = gather_community_view(&g, community, &view);
		if (rc == RC_OK && !community_is_open_to(&g, community))
			rc = RC_NOT_FOUND;
		if (rc == RC_OK) {
			bool full = (view.own.standing.permissions & COMMUNITY_MAY_STRIKES) != 0;
			gather_card_of(&g, community, account, full, &card);
			rc = card.account != NULL ? RC_OK : RC_NOT_FOUND;
		}
		rc = gather_end(&g, rc);
	}
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	render_card_of(reply_begin(call), call->api->parts.site, &card);
	reply_end(call, 200);
}

static void get_member(struct call *call)
{
	reply_card(call, call_id(call, 0), call_id(call, 1));
}

/* --- acts upon somebody --- */

struct upon {
	uint64_t community, account;
	struct str role, reason;
	uint64_t seconds;
};

static enum rc remove_member(struct social *s, const struct account *actor,
			     const struct account *target UNUSED, void *arg)
{
	const struct upon *u = arg;
	return community_admit(s, actor, u->community, u->account, false);
}

static void delete_member(struct call *call)
{
	struct upon u = { .community = call_id(call, 0), .account = call_id(call, 1) };
	reply_done(call, own_do(call, OWN_MAKE, 0, remove_member, &u));
}

struct role_params {
	struct str role;
};

static const struct param role_rows[] = {
	PARAM_STR(struct role_params, role, "role", 100),
};
PARAM_TABLE(role_params, struct role_params, role_rows);

static enum rc appoint(struct social *s, const struct account *actor,
		       const struct account *target UNUSED, void *arg)
{
	const struct upon *u = arg;
	struct community_role role;
	if (!community_role_named(s->txn, s->ctx->arena, u->community, u->role, &role))
		return ctx_fail(s->ctx, RC_INVALID, "There is no such role");
	return community_appoint(s, actor, u->community, u->account, role.id);
}

static void put_member_role(struct call *call)
{
	struct upon u = { .community = call_id(call, 0),
			  .account = call_id(call, 1),
			  .role = ((const struct role_params *)call->params)->role };
	enum rc rc = own_do(call, OWN_DO, 0, appoint, &u);
	if (rc != RC_OK)
		reply_reason(call, rc);
	else
		reply_card(call, u.community, u.account);
}

static enum rc transfer(struct social *s, const struct account *actor, const struct account *target,
			void *arg)
{
	const struct upon *u = arg;
	return target != NULL ? community_transfer(s, actor, u->community, target->id)
			      : RC_NOT_FOUND;
}

struct account_params {
	uint64_t account;
};

static const struct param account_rows[] = {
	PARAM_NUMBER(struct account_params, account, "account_id", 0, UINT64_MAX, 0),
};
PARAM_TABLE(account_params, struct account_params, account_rows);

static void post_transfer(struct call *call)
{
	struct upon u = { .community = call_id(call, 0) };
	enum rc rc = own_do(call, OWN_MAKE, ((const struct account_params *)call->params)->account,
			    transfer, &u);
	if (rc != RC_OK)
		reply_reason(call, rc);
	else
		reply_community(call, u.community);
}

struct note_params {
	struct str note;
};

static const struct param note_rows[] = {
	PARAM_STR(struct note_params, note, "note", 8000),
};
PARAM_TABLE(note_params, struct note_params, note_rows);

static enum rc keep_in_mind(struct social *s, const struct account *actor,
			    const struct account *target UNUSED, void *arg)
{
	const struct upon *u = arg;
	return community_note(s, actor, u->community, u->account, u->reason);
}

static void put_note(struct call *call)
{
	struct str note = ((const struct note_params *)call->params)->note;
	struct upon u = { .community = call_id(call, 0),
			  .account = call_id(call, 1),
			  .reason = note.ptr != NULL ? note : STR("") };
	enum rc rc = own_do(call, OWN_DO, 0, keep_in_mind, &u);
	if (rc != RC_OK)
		reply_reason(call, rc);
	else
		reply_card(call, u.community, u.account);
}

struct ban_params {
	struct str reason;
	uint64_t seconds;
};

#define BAN_SECONDS_MAX ((uint64_t)100 * 366 * 24 * 3600)

static const struct param ban_rows[] = {
	PARAM_STR(struct ban_params, reason, "reason", 4000),
	PARAM_NUMBER(struct ban_params, seconds, "duration", 0, BAN_SECONDS_MAX, 0),
};
PARAM_TABLE(ban_params, struct ban_params, ban_rows);

static enum rc ban(struct social *s, const struct account *actor,
		   const struct account *target UNUSED, void *arg)
{
	const struct upon *u = arg;
	uint64_t until = u->seconds != 0 ? db_txn_now(s->txn) + u->seconds * MS_PER_SECOND : 0;
	return community_ban(s, actor, u->community, u->account, u->reason, until);
}

static void post_ban(struct call *call)
{
	const struct ban_params *p = call->params;
	struct upon u = { .community = call_id(call, 0),
			  .account = call_id(call, 1),
			  .reason = p->reason.ptr != NULL ? p->reason : STR(""),
			  .seconds = p->seconds };
	enum rc rc = own_do(call, OWN_DO, 0, ban, &u);
	if (rc != RC_OK)
		reply_reason(call, rc);
	else
		reply_card(call, u.community, u.account);
}

static enum rc unban(struct social *s, const struct account *actor,
		     const struct account *target UNUSED, void *arg)
{
	const struct upon *u = arg;
	return community_unban(s, actor, u->community, u->account);
}

static void delete_ban(struct call *call)
{
	struct upon u = { .community = call_id(call, 0), .account = call_id(call, 1) };
	reply_done(call, own_do(call, OWN_MAKE, 0, unban, &u));
}

/* --- requests --- */

struct page_params {
	struct paging page;
};

static const struct param page_rows[] = {
	PAGING_PARAMS(struct page_params, page, PAGE_DEFAULT, PAGE_MOST),
};
PARAM_TABLE(page_params, struct page_params, page_rows);

static void get_requests(struct call *call)
{
	const struct page_params *p = call->params;
	const struct page page = page_of(&p->page);
	struct shelved items[PAGE_MOST];
	uint64_t ids[PAGE_MOST];
	struct gather g;
	if (!community_begin(call, &g, call_id(call, 0), COMMUNITY_MAY_ADMIT))
		return;
	size_t n = follow_followers_page(g.txn, call_id(call, 0), FOLLOW_PENDING, &page, ids,
					 p->page.limit);
	for (size_t i = 0; i < n; i++)
		items[i] = (struct shelved){ .id = ids[i], .order = ids[i] };
	reply_shelved_accounts(call, &g, items, n, n == p->page.limit);
}

static enum rc admit(struct social *s, const struct account *actor,
		     const struct account *target UNUSED, void *arg)
{
	const struct upon *u = arg;
	return community_admit(s, actor, u->community, u->account, true);
}

static void post_admit(struct call *call)
{
	struct upon u = { .community = call_id(call, 0), .account = call_id(call, 1) };
	reply_done(call, own_do(call, OWN_DO, 0, admit, &u));
}

#define BASE "/api/fediflow/v1/communities"
#define ONE BASE "/:id"
#define GET HTTP_GET
#define POST HTTP_POST
#define READ SCOPE(READ_COMMUNITIES)
#define WRITE SCOPE(WRITE_COMMUNITIES)
#define ANYBODY AUTH_OPTIONAL
#define USER AUTH_USER
#define COMMON RATE_COMMON

API_ROWS_BEGIN
static const struct api_route routes[] = {
	{ POST, BASE "/join", USER, WRITE, RATE_TOKEN, &secret_params, post_enter, "Community",
	  "code" },
	{ POST, ONE "/join", USER, WRITE, COMMON, NULL, post_join, "Community" },
	{ POST, ONE "/leave", USER, WRITE, COMMON, NULL, post_leave, "Community" },
	{ GET, ONE "/members", ANYBODY, READ, COMMON, &members_params, get_members,
	  "[CommunityMember] Link" },
	{ GET, ONE "/members/:account", ANYBODY, READ, COMMON, NULL, get_member,
	  "CommunityMember" },
	{ HTTP_DELETE, ONE "/members/:account", USER, WRITE, COMMON, NULL, delete_member,
	  "Nothing" },
	{ HTTP_PUT, ONE "/members/:account/role", USER, WRITE, COMMON, &role_params,
	  put_member_role, "CommunityMember", "role" },
	{ HTTP_PUT, ONE "/members/:account/note", USER, WRITE, COMMON, &note_params, put_note,
	  "CommunityMember" },
	{ POST, ONE "/members/:account/ban", USER, WRITE, COMMON, &ban_params, post_ban,
	  "CommunityMember" },
	{ HTTP_DELETE, ONE "/members/:account/ban", USER, WRITE, COMMON, NULL, delete_ban,
	  "Nothing" },
	{ POST, ONE "/transfer", USER, WRITE, COMMON, &account_params, post_transfer, "Community",
	  "account_id" },
	{ GET, ONE "/requests", USER, READ, COMMON, &page_params, get_requests, "[Account] Link" },
	{ POST, ONE "/requests/:account/authorize", USER, WRITE, COMMON, NULL, post_admit,
	  "Nothing" },
	{ POST, ONE "/requests/:account/reject", USER, WRITE, COMMON, NULL, delete_member,
	  "Nothing" },
};
API_ROWS_END
const struct api_route_table community_people_api = { routes, ARRAY_LEN(routes) };
