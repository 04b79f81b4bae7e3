/* Teams: roles, members, what they have agreed on, their trail. Inside transactions, but for the tables. */
#include "social/audit.h"
#include "social/oauth.h"
#include "store/factor.h"
#include "store/ticket.h"
#include "team_int.h"

/* --- the tables --- */

#define WRITES (TEAM_MAY(DRAFT) | TEAM_MAY(SCHEDULE))
#define EDITS                                                                                 \
	(WRITES | TEAM_MAY(LETTERS) | TEAM_MAY(PUBLISH) | TEAM_MAY(REVIEW) | TEAM_MAY(EDIT) | \
	 TEAM_MAY(DELETE) | TEAM_MAY(ENGAGE) | TEAM_MAY(RELATE) | TEAM_MAY(ANALYTICS))
#define ADMINISTERS (EDITS | TEAM_MAY(PROFILE) | TEAM_MAY(MEMBERS) | TEAM_MAY(LOG))

static const struct {
	const char *name;
	team_permissions may;
} roles[TEAM_ROLES] = {
	[TEAM_NOBODY] = { "", 0 },
	[TEAM_ADMINISTRATOR] = { "administrator", TEAM_MAY(READ) | ADMINISTERS },
	[TEAM_EDITOR] = { "editor", TEAM_MAY(READ) | EDITS },
	[TEAM_AUTHOR] = { "author", TEAM_MAY(READ) | WRITES },
	[TEAM_REVIEWER] = { "reviewer", TEAM_MAY(READ) | TEAM_MAY(REVIEW) },
	[TEAM_ANALYST] = { "analyst", TEAM_MAY(READ) | TEAM_MAY(ANALYTICS) },
};

/* A leaf is open to roles with one of these permissions; what has no row is open to none. A client
 * hears of direct messages by push, too. */
static const struct {
	scope_set scopes;
	team_permissions one_of;
} leaves[] = {
	{ SCOPE(PROFILE) | SCOPE(READ_ACCOUNTS) | SCOPE(READ_BLOCKS) | SCOPE(READ_BOOKMARKS) |
		  SCOPE(READ_COLLECTIONS) | SCOPE(READ_FAVOURITES) | SCOPE(READ_FILTERS) |
		  SCOPE(READ_FOLLOWS) | SCOPE(READ_LISTS) | SCOPE(READ_MUTES) |
		  SCOPE(READ_NOTIFICATIONS) | SCOPE(READ_SEARCH) | SCOPE(READ_STATUSES),
	  TEAM_MAY(READ) },
	{ SCOPE(PUSH) | SCOPE(WRITE_CONVERSATIONS) | SCOPE_LETTERS, TEAM_MAY(LETTERS) },
	{ SCOPE(WRITE_ACCOUNTS), TEAM_MAY(PROFILE) | TEAM_MAY(EDIT) },
	{ SCOPE(WRITE_COLLECTIONS), TEAM_MAY(PROFILE) },
	{ SCOPE(WRITE_BOOKMARKS) | SCOPE(WRITE_FAVOURITES), TEAM_MAY(ENGAGE) },
	{ SCOPE(WRITE_BLOCKS) | SCOPE(WRITE_FILTERS) | SCOPE(WRITE_FOLLOWS) | SCOPE(WRITE_LISTS) |
		  SCOPE(WRITE_MUTES) | SCOPE(WRITE_NOTIFICATIONS) | SCOPE(WRITE_REPORTS),
	  TEAM_MAY(RELATE) },
	{ SCOPE(WRITE_MEDIA), TEAM_MAY(DRAFT) },
	/* each route says more */
	{ SCOPE(WRITE_STATUSES), TEAM_MAY(READ) },
};

static const char *const permission_names[] = {
#define X(constant, name, text) name,
	TEAM_PERMISSION_TABLE(X)
#undef X
};

static const char *const credit_names[TEAM_CREDITS] = {
	[TEAM_CREDIT_MEMBERS] = "members",
	[TEAM_CREDIT_PUBLIC] = "public",
	[TEAM_CREDIT_EVERYWHERE] = "everywhere",
};

const char *team_role_name(enum team_role role)
{
	return role < TEAM_ROLES ? roles[role].name : "";
}

bool team_role_parse(struct str name, enum team_role *out)
{
	for (unsigned i = TEAM_NOBODY + 1; i < TEAM_ROLES; i++) {
		if (str_eq(name, str_of(roles[i].name))) {
			*out = (enum team_role)i;
			return true;
		}
	}
	return false;
}

team_permissions team_role_permissions(enum team_role role)
{
	return role < TEAM_ROLES ? roles[role].may : 0;
}

const char *team_permission_name(unsigned bit)
{
	return bit < TEAM_PERMISSION_BITS ? permission_names[bit] : NULL;
}

const char *team_credit_name(enum team_credit credit)
{
	return credit_names[credit];
}

bool team_credit_parse(struct str name, enum team_credit *out)
{
	for (unsigned i = 0; i < TEAM_CREDITS; i++) {
		if (str_eq(name, str_of(credit_names[i]))) {
			*out = (enum team_credit)i;
			return true;
		}
	}
	return false;
}

scope_set team_role_scopes(enum team_role role)
{
	scope_set set = 0;
	for (size_t i = 0; i < ARRAY_LEN(leaves); i++) {
		if (team_role_may(role, leaves[i].one_of))
			set |= leaves[i].scopes;
	}
	return set;
}

/* --- who may --- */

static bool is_active(const struct account *a)
{
	return !account_is_gone(a) && (a->flags & ACCOUNT_DISABLED) == 0;
}

enum team_role team_role_of(struct db_txn *txn, struct arena *arena, uint64_t team, uint64_t person)
{
	struct team_member member;
	struct account account, who;
	if (person == 0 || !team_member_get(txn, team, person, &member) ||
	    !account_get(txn, arena, team, &account) || !account_get(txn, arena, person, &who) ||
	    (account.flags & ACCOUNT_TEAM) == 0 || !is_active(&account) || !is_active(&who))
		return TEAM_NOBODY;
	return member.role;
}

static enum rc no_team(struct social *s)
{
	return act_end(s, ctx_fail(s->ctx, RC_NOT_FOUND, "there is no such team"));
}

enum rc team_allow(struct social *s, uint64_t team, uint64_t person, team_permissions one_of)
{
	struct team found;
	if (!team_get(s->txn, team, &found))
		return no_team(s);
	if (person == 0)
		return RC_OK;
	enum team_role role = team_role_of(s->txn, s->ctx->arena, team, person);
	/* S-071: who is no member hears of nothing */
	if (role == TEAM_NOBODY)
		return no_team(s);
	if (!team_role_may(role, one_of))
		return act_end(s, ctx_fail(s->ctx, RC_DENIED,
					   "Your role in this team, %s, does not permit this",
					   team_role_name(role)));
	return act_end(s, RC_OK);
}

void team_log(struct social *s, uint64_t team, uint64_t person, const char *act, uint64_t about,
	      struct str words)
{
	struct team_entry entry = {
		.person = person, .act = str_of(act), .about = about, .words = words
	};
	const struct audit_detail details[] = { { "act", str_of(act) } };
	const struct audit_about what = {
		.id = about, .team = team, .details = details, .detail_count = ARRAY_LEN(details)
	};
	s->logged = true;
	team_log_add(s->txn, team, &entry);
	/* without the words, which people have written */
	audit_by(s, person, AUDIT_TEAM_ACT, &what);
}

/* --- the team itself --- */

static void change_apply(struct team *team, const struct team_change *change)
{
	if (change->has_four_eyes)
		team->four_eyes = change->four_eyes;
	if (change->has_credit)
		team->credit = change->credit;
}

static struct str agreed(struct social *s, const struct team *team)
{
	return arena_printf(s->ctx->arena, "four_eyes=%s credit=%s", team->four_eyes ? "yes" : "no",
			    team_credit_name(team->credit));
}

static enum rc admit(struct social *s, uint64_t person, uint64_t team, uint64_t member,
		     enum team_role role);

enum rc team_create(struct social *s, uint64_t person, const struct account *account,
		    uint64_t administrator, const struct team_change *wishes)
{
	struct team team = { .id = account->id, .created_ms = db_txn_now(s->txn) };
	struct account next = *account;
	struct account_secrets secrets;
	if (!account_is_local(account) || (account->flags & ACCOUNT_INSTANCE) != 0 ||
	    (account->kind != ACCOUNT_ORGANIZATION && account->kind != ACCOUNT_SERVICE))
		return ctx_fail(s->ctx, RC_INVALID,
				"only an organisation or a service of this node can be a team");
	if ((account->flags & ACCOUNT_TEAM) != 0)
		return ctx_fail(s->ctx, RC_EXISTS, "the account is a team already");
	next.flags |= ACCOUNT_TEAM;
	if (!account_put(s->txn, s->ctx->arena, &next) ||
	    !account_secrets_get(s->txn, s->ctx->arena, account->id, &secrets))
		return act_end(s, RC_NOT_FOUND);
	/* nobody signs in as the team itself */
	secrets.password_hash = STR("");
	account_secrets_put(s->txn, account->id, &secrets);
	factors_del(s->txn, account->id);
	tickets_del(s->txn, account->id);
	sign_out_everywhere(s->txn, account->id, 0);
	change_apply(&team, wishes);
	team_put(s->txn, &team);
	team_log(s, team.id, person, "team.create", team.id, agreed(s, &team));
	return admit(s, person, team.id, administrator, TEAM_ADMINISTRATOR);
}

enum rc team_set(struct social *s, uint64_t person, uint64_t id, const struct team_change *change)
{
	struct team team;
	enum rc rc = team_allow(s, id, person, TEAM_MAY(MEMBERS));
	if (rc != RC_OK)
		return rc;
	if (!team_get(s->txn, id, &team))
		return no_team(s);
	change_apply(&team, change);
	team_put(s->txn, &team);
	team_log(s, id, person, "team.set", id, agreed(s, &team));
	return act_end(s, RC_OK);
}

/* --- members --- */

/* Those who can act, but for one. */
static uint64_t other_administrator(struct social *s, uint64_t team, uint64_t but)
{
	struct team_member all[TEAM_MEMBERS_MAX];
	size_t n = team_members(s->txn, team, 0, all, TEAM_MEMBERS_MAX);
	for (size_t i = 0; i < n; i++) {
		if (all[i].person != but &&
		    team_role_of(s->txn, s->ctx->arena, team, all[i].person) == TEAM_ADMINISTRATOR)
			return all[i].person;
	}
	return 0;
}

static enum rc refuse_last(struct social *s)
{
	return ctx_fail(s->ctx, RC_CONFLICT,
			"the last administrator stays: make somebody else one first");
}

static enum rc may_join(struct social *s, uint64_t team, uint64_t member)
{
	struct team_member all[TEAM_MEMBERS_MAX];
	struct account a;
	if (!account_get(s->txn, s->ctx->arena, member, &a))
		return act_end(s, RC_NOT_FOUND);
	if (!account_is_local(&a) || a.kind != ACCOUNT_PERSON || !is_active(&a))
		return ctx_fail(s->ctx, RC_INVALID, "only a person of this node can be a member");
	if (team_members(s->txn, team, 0, all, TEAM_MEMBERS_MAX) == TEAM_MEMBERS_MAX ||
	    teams_of(s->txn, member, 0, all, TEAMS_OF_MAX) == TEAMS_OF_MAX)
		return ctx_fail(s->ctx, RC_TOO_LARGE,
				"a team has at most %d members, and a person at most %d teams",
				TEAM_MEMBERS_MAX, TEAMS_OF_MAX);
	return act_end(s, RC_OK);
}

static enum rc admit(struct social *s, uint64_t person, uint64_t team, uint64_t member,
		     enum team_role role)
{
	struct team_member m;
	enum rc rc = RC_OK;
	bool known = team_member_get(s->txn, team, member, &m);
	if (known && m.role == role)
		return act_end(s, RC_OK);
	if (!known)
		rc = may_join(s, team, member);
	else if (m.role == TEAM_ADMINISTRATOR && other_administrator(s, team, member) == 0)
		rc = refuse_last(s);
	if (rc != RC_OK)
		return rc;
	m.role = role;
	m.by = person;
	if (!known)
		m.since_ms = db_txn_now(s->txn);
	team_member_put(s->txn, &m);
	/* letters of the team are none of a stranger's */
	notice_welcome(s->txn, member, team);
	/* what the new role does not permit ends at once; other tokens are told to come again */
	team_streams_end(s->txn, member, team);
	team_log(s, team, person, known ? "member.role" : "member.add", member,
		 str_of(team_role_name(role)));
	return act_end(s, RC_OK);
}

enum rc team_give(struct social *s, uint64_t person, uint64_t team, uint64_t member,
		  enum team_role role)
{
	enum rc rc = team_allow(s, team, person, TEAM_MAY(MEMBERS));
	return rc == RC_OK ? admit(s, person, team, member, role) : rc;
}

void team_operated(struct social *s, const struct account *account, const char *act, uint64_t about)
{
	if ((account->flags & ACCOUNT_TEAM) != 0)
		team_log(s, account->id, 0, act, about, STR(""));
}

bool team_asks_four_eyes(struct db_txn *txn, const struct account *account)
{
	struct team team;
	return (account->flags & ACCOUNT_TEAM) != 0 && team_get(txn, account->id, &team) &&
	       team.four_eyes;
}

void team_streams_end(struct db_txn *txn, uint64_t person, uint64_t team)
{
	for (uint64_t id = 0, account; oauth_token_by_next(txn, person, id, &id, &account);) {
		if (team == 0 || account == team)
			live_tell(txn, LIVE_TOKEN_GONE, account, id, 0);
	}
}

void team_sign_out(struct db_txn *txn, uint64_t person, uint64_t team)
{
	uint64_t id = 0, account;
	while (oauth_token_by_next(txn, person, id, &id, &account)) {
		if (team != 0 && account != team)
			continue;
		oauth_token_del(txn, account, id);
		live_tell(txn, LIVE_TOKEN_GONE, account, id, 0);
	}
}

static enum rc find_heir(struct social *s, uint64_t person, const struct team_member *leaver,
			 uint64_t *heir)
{
	struct arena *arena = s->ctx->arena;
	uint64_t team = leaver->team;
	if (*heir == 0 && person != leaver->person)
		*heir = person;
	if (*heir == 0)
		*heir = other_administrator(s, team, leaver->person);
	if (*heir == leaver->person ||
	    (*heir != 0 && team_role_of(s->txn, arena, team, *heir) == TEAM_NOBODY))
		return ctx_fail(s->ctx, RC_INVALID,
				"who inherits the drafts must be another member of the team");
	return RC_OK;
}

static void leave(struct social *s, uint64_t person, const struct team_member *m, uint64_t heir)
{
	struct arena *arena = s->ctx->arena;
	size_t handed = team_hand_over(s, m->team, m->person, heir);
	team_member_del(s->txn, m->team, m->person);
	team_sign_out(s->txn, m->person, m->team);
	team_log(s, m->team, person, "member.remove", m->person, str_of(team_role_name(m->role)));
	if (handed != 0)
		team_log(s, m->team, person, "drafts.hand-over", heir,
			 arena_printf(arena, "%zu", handed));
}

enum rc team_remove(struct social *s, uint64_t person, uint64_t team, uint64_t member,
		    uint64_t heir)
{
	struct team_member m;
	enum rc rc =
		team_allow(s, team, person, person == member ? TEAM_MAY(READ) : TEAM_MAY(MEMBERS));
	if (rc != RC_OK)
		return rc;
	if (!team_member_get(s->txn, team, member, &m))
		return act_end(s, ctx_fail(s->ctx, RC_NOT_FOUND, "there is no such member"));
	if (m.role == TEAM_ADMINISTRATOR && other_administrator(s, team, member) == 0)
		return refuse_last(s);
	rc = find_heir(s, person, &m, &heir);
	if (rc == RC_OK)
		leave(s, person, &m, heir);
	return rc == RC_OK ? act_end(s, RC_OK) : rc;
}

static void end_team(struct social *s, uint64_t team)
{
	struct team_member m;
	while (team_members(s->txn, team, 0, &m, 1) == 1) {
		team_member_del(s->txn, team, m.person);
		team_sign_out(s->txn, m.person, team);
	}
	team_log(s, team, 0, "team.end", team, STR(""));
}

void team_forget(struct social *s, const struct account *account)
{
	struct team_member m;
	if ((account->flags & ACCOUNT_TEAM) != 0)
		end_team(s, account->id);
	while (teams_of(s->txn, account->id, 0, &m, 1) == 1)
		leave(s, 0, &m, other_administrator(s, m.team, account->id));
	team_sign_out(s->txn, account->id, 0);
}
