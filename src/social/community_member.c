/* Who is in a community, with which part: requests, invitations, roles, bans. Inside write
 * transactions. */
#include "community_int.h"
#include "core/must.h"
#include "social/attribute.h"
#include "social/audit.h"
#include "strike_int.h"
#include "text/html.h"

#define CHUNK 64
#define REASON_MAX 2000
#define NOTE_CHARS 2000

/* --- joining --- */

static enum rc refuse(struct social *s, const char *why)
{
	return act_end(s, ctx_fail(s->ctx, RC_DENIED, "%s", why));
}

/* Who meets the terms is in at once; what others may do is one of the terms. */
static enum rc receive_by_attribute(struct social *s, const struct account *follower,
				    const struct community *c, enum follow_state *state)
{
	bool met = attributes_meet(s->txn, s->ctx->arena, c, follower->id);
	if (met)
		attribute_entered(s, c->id, follower->id);
	else if (!c->terms.others_ask)
		return refuse(s, "this community is for those whom its terms name");
	*state = met ? FOLLOW_ACCEPTED : FOLLOW_PENDING;
	return act_end(s, RC_OK);
}

enum rc community_receives(struct social *s, const struct account *follower,
			   const struct account *group, enum follow_state *state)
{
	struct community c;
	struct community_standing standing;
	if (!community_effective(s->txn, s->ctx->arena, group->id, &c) ||
	    !community_standing(s->txn, s->ctx->arena, group->id, follower->id, &standing))
		return act_end(s, RC_OK); /* a group that is no community */
	if (standing.banned)
		return refuse(s, "you are banned from this community");
	if (community_stays_here(&c) && !account_is_local(follower))
		return refuse(s, "this community is for people of its own server");
	if (standing.member || c.join == COMMUNITY_JOIN_OPEN)
		*state = FOLLOW_ACCEPTED;
	else if (c.join == COMMUNITY_JOIN_ON_REQUEST)
		*state = FOLLOW_PENDING;
	else if (c.join == COMMUNITY_JOIN_BY_ATTRIBUTE)
		return receive_by_attribute(s, follower, &c, state);
	else
		return refuse(s, "this community is joined by invitation");
	return act_end(s, RC_OK);
}

void community_requested(struct social *s, const struct account *follower, uint64_t community)
{
	if (community_exists(s->txn, community))
		community_tell_staff(s, community, COMMUNITY_MAY_ADMIT, NOTICE_FOLLOW_REQUEST,
				     follower->id, 0);
}

void community_decided(struct social *s, const struct account *follower, uint64_t community)
{
	struct community_member rows[CHUNK];
	uint64_t after = 0;
	size_t n;
	while ((n = community_staff_rows(s->txn, s->ctx->arena, community, after, rows, CHUNK)) !=
	       0) {
		for (size_t i = 0; i < n; i++)
			act_unnotice(s, rows[i].account, NOTICE_FOLLOW_REQUEST, follower->id,
				     community);
		after = rows[n - 1].account;
	}
}

/* A member at once, whatever the community asks of others. */
static void enroll(struct social *s, const struct account *account, const struct account *group)
{
	struct follow old = follow_get(s->txn, account->id, group->id);
	struct str uri = arena_str(s->ctx->arena, old.uri);
	if (old.state == FOLLOW_ACCEPTED)
		return;
	if (uri.len == 0)
		uri = site_activity_uri(s->ctx->arena, account->uri, "follows", db_next_id(s->txn));
	follow_put(s->txn, account, group, FOLLOW_ACCEPTED, uri);
	follow_want(s->txn, account->id, group->id, FOLLOW_NO_BOOSTS, STR(""));
	live_tell(s->txn, LIVE_RELATION, account->id, group->id, 0);
}

/* Not the node's word, but somebody's: they could make it today. */
static bool is_by_right(struct db_txn *txn, struct arena *arena,
			const struct community_invite *invite, const struct community_role *role)
{
	const unsigned needs =
		COMMUNITY_MAY_INVITE | (invite->role > COMMUNITY_MEMBER ? COMMUNITY_MAY_ROLES : 0U);
	struct community_standing standing;
	struct account by;
	return account_get(txn, arena, invite->by, &by) && !account_is_gone(&by) &&
	       community_standing(txn, arena, invite->community, invite->by, &standing) &&
	       (standing.permissions & needs) == needs &&
	       (invite->role <= COMMUNITY_MEMBER || standing.position > role->position);
}

bool community_invite_holds(struct db_txn *txn, struct arena *arena,
			    const struct community_invite *invite)
{
	struct community_role role;
	return (invite->until_ms == 0 || invite->until_ms > db_txn_now(txn)) &&
	       (invite->limit == 0 || invite->uses < invite->limit) &&
	       community_role_get(txn, arena, invite->community, invite->role, &role) &&
	       (invite->by == 0 || is_by_right(txn, arena, invite, &role));
}

/* What the card says of them stays; a ban is over, or they would not come in. */
static void invited_as(struct social *s, const struct account *account,
		       const struct community_invite *invite)
{
	struct community_member m;
	community_row_get(s, invite->community, account->id, &m);
	m.role = invite->role;
	m.flags &= ~(unsigned)(COMMUNITY_BANNED | COMMUNITY_OF_PARTNER);
	m.since_ms = db_txn_now(s->txn);
	m.until_ms = 0;
	m.by = invite->by;
	community_member_put(s->txn, &m);
}

enum rc community_join_invited(struct social *s, const struct account *account, struct str secret,
			       uint64_t *community)
{
	struct community_invite invite;
	struct community_standing standing;
	struct account group;
	if (account_is_gone(account) || !account_is_local(account))
		return RC_DENIED;
	if (!community_invite_find(s->txn, secret, &invite) ||
	    !community_invite_holds(s->txn, s->ctx->arena, &invite))
		return act_end(s, ctx_fail(s->ctx, RC_NOT_FOUND,
					   "this invitation is none, or not any more"));
	if (!account_get(s->txn, s->ctx->arena, invite.community, &group) ||
	    !community_standing(s->txn, s->ctx->arena, invite.community, account->id, &standing))
		return act_end(s, RC_NOT_FOUND);
	*community = invite.community;
	if (standing.banned)
		return refuse(s, "you are banned from this community");
	if (standing.member)
		return act_end(s, RC_EXISTS);
	enroll(s, account, &group);
	community_invite_use(s->txn, secret);
	if (invite.role > COMMUNITY_MEMBER)
		invited_as(s, account, &invite);
	return act_end(s, RC_OK);
}

static bool is_last_owner(struct social *s, const struct community_member *m)
{
	return m->role == COMMUNITY_OWNER &&
	       !community_has_owner(s->txn, s->ctx->arena, m->community, false, m->account);
}

enum rc community_left(struct social *s, uint64_t community, uint64_t account)
{
	struct community_member m;
	bool row = community_member_get(s->txn, s->ctx->arena, community, account, &m);
	if (!row || !is_last_owner(s, &m))
		attribute_entry_del(s->txn, community, account);
	if (!row)
		return act_end(s, RC_OK);
	if (is_last_owner(s, &m))
		return refuse(s, "the last owner of a community hands it over before leaving");
	/* whom a partner has named needed no follow, and ends nothing by ending one */
	if ((m.flags & COMMUNITY_OF_PARTNER) != 0)
		return act_end(s, RC_OK);
	const bool moderated = m.role > COMMUNITY_MEMBER && community_exists(s->txn, community);
	/* strikes, bans and what moderators have noted stay */
	m.role = COMMUNITY_MEMBER;
	community_row_put(s, &m);
	if (moderated)
		community_tell_act(s, NULL, community, FEDERATE_COMMUNITY_DISMISS, NULL, account,
				   STR(""), 0);
	return act_end(s, RC_OK);
}

enum rc community_given_up(struct social *s, uint64_t community, uint64_t account)
{
	struct community_member m;
	if (community_member_get(s->txn, s->ctx->arena, community, account, &m) &&
	    (m.flags & COMMUNITY_OF_PARTNER) != 0) {
		m.flags &= ~(unsigned)COMMUNITY_OF_PARTNER;
		community_row_put(s, &m);
	}
	return community_left(s, community, account);
}

enum rc community_admit(struct social *s, const struct account *actor, uint64_t community,
			uint64_t account, bool accept)
{
	struct account group, member;
	struct community c;
	enum rc rc = community_require(s, actor, community, COMMUNITY_MAY_ADMIT);
	if (rc != RC_OK)
		return rc;
	if (!account_get(s->txn, s->ctx->arena, community, &group) ||
	    !account_get(s->txn, s->ctx->arena, account, &member))
		return act_end(s, RC_NOT_FOUND);
	/* who asked from elsewhere while it was open */
	if (accept && !account_is_local(&member) &&
	    community_effective(s->txn, s->ctx->arena, community, &c) && community_stays_here(&c))
		return refuse(s, "this community is for people of its own server");
	audit(s, actor,
	      accept					    ? AUDIT_COMMUNITY_ADMIT
	      : follow_accepted(s->txn, account, community) ? AUDIT_COMMUNITY_EXPEL
							    : AUDIT_COMMUNITY_REFUSE,
	      AUDIT_IN(community, account));
	if (accept)
		return act_accept(s, &group, &member);
	if (follow_accepted(s->txn, account, community)) {
		if (!community_is_above(s, actor, community, account))
			return refuse(s, "they stand as high as you");
		rc = community_left(s, community, account);
		if (rc != RC_OK)
			return rc;
	}
	return act_reject(s, &group, &member);
}

/* --- roles --- */

enum rc community_appoint(struct social *s, const struct account *actor, uint64_t community,
			  uint64_t account, uint64_t role)
{
	struct community_standing mine = { .position = UINT32_MAX }, other;
	struct community_role to;
	struct community_member m;
	struct arena *arena = s->ctx->arena;
	enum rc rc = community_require(s, actor, community, COMMUNITY_MAY_ROLES);
	if (rc != RC_OK)
		return rc;
	if (!community_role_get(s->txn, arena, community, role, &to) || role < COMMUNITY_MEMBER)
		return act_end(s, ctx_fail(s->ctx, RC_NOT_FOUND, "there is no such role"));
	if (actor != NULL && !community_standing(s->txn, arena, community, actor->id, &mine))
		return act_end(s, RC_NOT_FOUND);
	if (!community_standing(s->txn, arena, community, account, &other))
		return act_end(s, RC_NOT_FOUND);
	if (!other.member)
		return act_end(s, ctx_fail(s->ctx, RC_NOT_FOUND, "they are no member"));
	bool own = actor != NULL && actor->id == account;
	/* an owner makes others owners; else one stands above what one gives and takes */
	if (actor != NULL && ((to.position >= mine.position && mine.role != COMMUNITY_OWNER) ||
			      (!own && other.position >= mine.position)))
		return refuse(s, "nobody gives or takes a role as high as their own");
	bool row = community_row_get(s, community, account, &m);
	if (row && m.role == role)
		return act_end(s, RC_EXISTS);
	if (row && is_last_owner(s, &m))
		return refuse(s, "somebody has to own the community");
	const struct audit_detail details[] = { { "role", audit_number(s, role) } };
	const struct audit_about about = { .id = account,
					   .community = community,
					   .details = details,
					   .detail_count = ARRAY_LEN(details) };
	audit(s, actor, AUDIT_COMMUNITY_APPOINT, &about);
	bool was_moderator = other.role > COMMUNITY_MEMBER;
	m.role = role;
	m.flags &= ~(unsigned)COMMUNITY_OF_PARTNER; /* it is ours to take back now */
	m.since_ms = db_txn_now(s->txn);
	m.by = actor != NULL ? actor->id : 0;
	community_row_put(s, &m);
	if (was_moderator != (role > COMMUNITY_MEMBER))
		community_tell_act(s, actor, community,
				   was_moderator ? FEDERATE_COMMUNITY_DISMISS
						 : FEDERATE_COMMUNITY_APPOINT,
				   NULL, account, STR(""), 0);
	community_tell_role(s, actor, community, account, &to);
	return act_end(s, RC_OK);
}

enum rc community_transfer(struct social *s, const struct account *actor, uint64_t community,
			   uint64_t account)
{
	struct community_standing mine, theirs;
	if (actor != NULL &&
	    (!community_standing(s->txn, s->ctx->arena, community, actor->id, &mine) ||
	     mine.role != COMMUNITY_OWNER))
		return refuse(s, "only an owner hands the community over");
	if (actor != NULL && actor->id == account)
		return act_end(s, ctx_fail(s->ctx, RC_INVALID, "it is yours already"));
	/* who owns it already owns it alone from now on */
	const bool owns = actor != NULL &&
			  community_standing(s->txn, s->ctx->arena, community, account, &theirs) &&
			  theirs.member && theirs.role == COMMUNITY_OWNER;
	enum rc rc =
		owns ? RC_OK : community_appoint(s, actor, community, account, COMMUNITY_OWNER);
	if (rc == RC_OK)
		audit(s, actor, AUDIT_COMMUNITY_TRANSFER, AUDIT_IN(community, account));
	if (rc != RC_OK || actor == NULL)
		return rc;
	return community_appoint(s, actor, community, actor->id, COMMUNITY_MODERATOR);
}

/* --- what moderators keep in mind --- */

enum rc community_note(struct social *s, const struct account *actor, uint64_t community,
		       uint64_t account, struct str note)
{
	struct community_standing standing;
	struct community_member m;
	enum rc rc = community_require(s, actor, community, COMMUNITY_MAY_STRIKES);
	if (rc == RC_OK)
		rc = text_clean(s->ctx, str_trim(note), NOTE_CHARS, 4 * NOTE_CHARS, &note);
	if (rc != RC_OK)
		return rc;
	bool row = community_row_get(s, community, account, &m);
	if (!community_standing(s->txn, s->ctx->arena, community, account, &standing) ||
	    (!row && !standing.member))
		return act_end(s, ctx_fail(s->ctx, RC_NOT_FOUND, "they are no member"));
	m.note = note;
	community_row_put(s, &m);
	return act_end(s, RC_OK);
}

/* --- bans --- */

enum rc community_ban_do(struct social *s, const struct account *actor, uint64_t community,
			 uint64_t account, struct str reason, uint64_t until_ms)
{
	struct community_member m;
	struct account group, target;
	struct arena *arena = s->ctx->arena;
	enum rc rc = community_require(s, actor, community, COMMUNITY_MAY_BAN);
	if (rc != RC_OK)
		return rc;
	if (reason.len > REASON_MAX)
		return ctx_fail(s->ctx, RC_INVALID, "the reason is too long");
	if (until_ms != 0 && until_ms <= db_txn_now(s->txn))
		return ctx_fail(s->ctx, RC_INVALID, "the ban would be over already");
	if (!account_get(s->txn, arena, community, &group) ||
	    !account_get(s->txn, arena, account, &target))
		return act_end(s, RC_NOT_FOUND);
	if (!community_is_above(s, actor, community, account))
		return refuse(s, "they stand as high as you");
	if (!community_member_get(s->txn, arena, community, account, &m))
		m.note = STR("");
	else if (is_last_owner(s, &m))
		return refuse(s, "somebody has to own the community");
	m.role = COMMUNITY_MEMBER;
	m.flags = COMMUNITY_BANNED;
	m.since_ms = db_txn_now(s->txn);
	m.until_ms = until_ms;
	m.by = actor != NULL ? actor->id : 0;
	m.reason = reason;
	rc = act_reject(s, &group, &target);
	if (rc != RC_OK && rc != RC_NOT_FOUND)
		return rc;
	community_member_put(s->txn, &m);
	community_tell_act(s, actor, community, FEDERATE_COMMUNITY_BAN, NULL, account, reason,
			   until_ms);
	audit(s, actor, AUDIT_COMMUNITY_BAN, AUDIT_IN(community, account));
	return act_end(s, RC_OK);
}

enum rc community_ban(struct social *s, const struct account *actor, uint64_t community,
		      uint64_t account, struct str reason, uint64_t until_ms)
{
	struct account target;
	const struct sentence sentence = {
		.what = MODERATE_BAN, .community = community, .text = reason, .until_ms = until_ms
	};
	enum rc rc = community_ban_do(s, actor, community, account, reason, until_ms);
	if (rc != RC_OK)
		return rc;
	return account_get(s->txn, s->ctx->arena, account, &target)
		       ? strike_lay(s, actor, &target, &sentence, NULL)
		       : act_end(s, RC_NOT_FOUND);
}

enum rc community_unban_do(struct social *s, const struct account *actor, uint64_t community,
			   uint64_t account)
{
	struct community_member m;
	enum rc rc = community_require(s, actor, community, COMMUNITY_MAY_BAN);
	if (rc != RC_OK)
		return rc;
	if (!community_member_get(s->txn, s->ctx->arena, community, account, &m) ||
	    (m.flags & COMMUNITY_BANNED) == 0)
		return act_end(s, RC_NOT_FOUND);
	m.flags &= ~(unsigned)COMMUNITY_BANNED;
	m.until_ms = 0;
	community_member_put(s->txn, &m);
	community_tell_act(s, actor, community, FEDERATE_COMMUNITY_UNBAN, NULL, account, STR(""),
			   0);
	audit(s, actor, AUDIT_COMMUNITY_UNBAN, AUDIT_IN(community, account));
	return act_end(s, RC_OK);
}

enum rc community_unban(struct social *s, const struct account *actor, uint64_t community,
			uint64_t account)
{
	enum rc rc = community_unban_do(s, actor, community, account);
	if (rc == RC_OK)
		community_strike_lift(s, community, account, MODERATE_BAN, 0);
	return rc;
}

/* --- invitations --- */

enum rc community_invite(struct social *s, const struct account *actor, struct str secret,
			 struct community_invite *invite)
{
	struct community_standing mine = { .position = UINT32_MAX };
	struct community_role role;
	enum rc rc = community_require(s, actor, invite->community, COMMUNITY_MAY_INVITE);
	if (rc != RC_OK)
		return rc;
	if (actor != NULL &&
	    !community_standing(s->txn, s->ctx->arena, invite->community, actor->id, &mine))
		return act_end(s, RC_NOT_FOUND);
	if (invite->role == 0)
		invite->role = COMMUNITY_MEMBER;
	if (!community_role_get(s->txn, s->ctx->arena, invite->community, invite->role, &role) ||
	    invite->role < COMMUNITY_MEMBER)
		return act_end(s, ctx_fail(s->ctx, RC_NOT_FOUND, "there is no such role"));
	if (invite->role > COMMUNITY_MEMBER &&
	    (role.position >= mine.position ||
	     (actor != NULL && (mine.permissions & COMMUNITY_MAY_ROLES) == 0)))
		return refuse(s, "nobody gives a role as high as their own");
	if (invite->until_ms != 0 && invite->until_ms <= db_txn_now(s->txn))
		return ctx_fail(s->ctx, RC_INVALID, "the invitation would be over already");
	invite->by = actor != NULL ? actor->id : 0;
	invite->uses = 0;
	rc = community_invite_add(s->txn, secret, invite);
	if (rc == RC_TOO_LARGE)
		return ctx_fail(s->ctx, rc, "there are too many invitations");
	if (rc == RC_OK)
		audit(s, actor, AUDIT_COMMUNITY_INVITE, AUDIT_IN(invite->community, invite->id));
	return rc;
}

enum rc community_uninvite(struct social *s, const struct account *actor, uint64_t community,
			   uint64_t invite)
{
	enum rc rc = community_require(s, actor, community, COMMUNITY_MAY_INVITE);
	if (rc != RC_OK)
		return rc;
	if (!community_invite_del(s->txn, community, invite))
		return act_end(s, RC_NOT_FOUND);
	audit(s, actor, AUDIT_COMMUNITY_UNINVITE, AUDIT_IN(community, invite));
	return act_end(s, RC_OK);
}
