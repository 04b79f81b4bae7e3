/* Communities: how one stands in them; making and changing them. Inside transactions; standing may
 * only read. */
#include "community_int.h"
#include "core/must.h"
#include "social/attribute.h"
#include "social/audit.h"
#include "social/community_keep.h"
#include "social/consultation.h"
#include "store/joint.h"

#define BELOW_AT_ONCE 32
#define SCRATCH_BYTES (256 * 1024)
#define CHUNK 64
#define INHERIT_STEP 8

/* --- who may --- */

static bool is_banned(const struct community_member *m, uint64_t now_ms)
{
	return (m->flags & COMMUNITY_BANNED) != 0 && (m->until_ms == 0 || m->until_ms > now_ms);
}

bool community_standing(struct db_txn *txn, struct arena *arena, uint64_t community,
			uint64_t account, struct community_standing *out)
{
	struct community_member m;
	struct community_role role;
	*out = (struct community_standing){ .role = COMMUNITY_GUEST };
	if (!community_exists(txn, community))
		return false;
	bool row = account != 0 && community_member_get(txn, arena, community, account, &m);
	out->banned = row && is_banned(&m, db_txn_now(txn));
	/* whom a partner has named needs no follow of this community (joint.h) */
	out->member = account != 0 && !out->banned &&
		      (follow_accepted(txn, account, community) ||
		       (row && (m.flags & COMMUNITY_OF_PARTNER) != 0));
	if (out->member)
		out->role = row && m.role != 0 ? m.role : COMMUNITY_MEMBER;
	if (!community_role_get(txn, arena, community, out->role, &role))
		return db_txn_rc(txn) == RC_OK;
	out->permissions = out->banned || account == 0 ? 0 : role.permissions;
	out->position = role.position;
	return true;
}

/* With memory of its own: most who ask have none to spare. */
static bool standing_of(struct db_txn *txn, uint64_t community, uint64_t account,
			struct community_standing *out)
{
	struct arena *arena = arena_new(SCRATCH_BYTES);
	bool there = arena != NULL && community_standing(txn, arena, community, account, out);
	arena_free(&arena);
	return there;
}

bool community_permits(struct db_txn *txn, uint64_t community, uint64_t account,
		       unsigned permissions)
{
	struct community_standing standing;
	return standing_of(txn, community, account, &standing) &&
	       (standing.permissions & permissions) == permissions;
}

bool community_bans(struct db_txn *txn, uint64_t community, uint64_t account)
{
	struct community_standing standing;
	return community != 0 && account != 0 && standing_of(txn, community, account, &standing) &&
	       standing.banned;
}

bool community_has_member(struct db_txn *txn, uint64_t community, uint64_t account)
{
	struct community_standing standing;
	struct str domain;
	return account != 0 && account_domain(txn, account, &domain) && domain.len == 0 &&
	       standing_of(txn, community, account, &standing) && standing.member;
}

bool may_see_community(struct db_txn *txn, struct arena *arena, struct viewer viewer,
		       uint64_t community)
{
	struct community c;
	if (!community_effective(txn, arena, community, &c))
		return db_txn_rc(txn) == RC_OK; /* one elsewhere: what is known here is open */
	switch (c.sight) {
	case COMMUNITY_PUBLIC:
	case COMMUNITY_UNLISTED:
		return true;
	case COMMUNITY_LOCAL:
		return viewer.account != 0 && viewer.local;
	case COMMUNITY_MEMBERS:
		return viewer.local && community_has_member(txn, community, viewer.account);
	}
	return false;
}

bool may_see_membership(struct db_txn *txn, struct arena *arena, struct viewer viewer,
			const struct account *account)
{
	return account->kind != ACCOUNT_GROUP || may_see_community(txn, arena, viewer, account->id);
}

bool community_shows(struct db_txn *txn, struct viewer viewer, const struct status *status)
{
	struct community_post post;
	if (status->community == 0 || viewer.account == 0 || !viewer.local)
		return false;
	if (status->waits)
		return community_permits(txn, status->community, viewer.account,
					 COMMUNITY_MAY_APPROVE);
	if (!community_has_member(txn, status->community, viewer.account))
		return false;
	bool removed = !community_post_get(txn, status->community, status->id, &post) ||
		       (post.flags & COMMUNITY_POST_REMOVED) != 0;
	return !removed ||
	       community_permits(txn, status->community, viewer.account, COMMUNITY_MAY_REMOVE);
}

enum rc community_require(struct social *s, const struct account *actor, uint64_t community,
			  unsigned permissions)
{
	if (!community_exists(s->txn, community))
		return act_end(s,
			       ctx_fail(s->ctx, RC_NOT_FOUND, "there is no such community here"));
	if (actor == NULL)
		return RC_OK;
	if (account_is_gone(actor))
		return RC_GONE;
	if (community_permits(s->txn, community, actor->id, permissions))
		return RC_OK;
	return act_end(
		s, ctx_fail(s->ctx, RC_DENIED, "your role in this community does not permit it"));
}

bool community_is_above(struct social *s, const struct account *actor, uint64_t community,
			uint64_t account)
{
	struct community_standing mine, other;
	if (actor == NULL)
		return true;
	return community_standing(s->txn, s->ctx->arena, community, actor->id, &mine) &&
	       community_standing(s->txn, s->ctx->arena, community, account, &other) &&
	       mine.position > other.position;
}

/* What is about no post is about the community. */
static void tell_of(struct social *s, const struct account *who, enum notice_kind kind,
		    uint64_t from, uint64_t community, uint64_t status)
{
	if (status != 0)
		act_notify(s, who, kind, from, status);
	else
		act_notify_about(s, who, kind, from, community);
}

void community_tell_staff(struct social *s, uint64_t community, unsigned permissions,
			  enum notice_kind kind, uint64_t from, uint64_t status)
{
	struct community_member rows[CHUNK];
	uint64_t after = 0;
	size_t n;
	while ((n = community_staff_rows(s->txn, s->ctx->arena, community, after, rows, CHUNK)) !=
	       0) {
		for (size_t i = 0; i < n; i++) {
			struct account a;
			if (community_permits(s->txn, community, rows[i].account, permissions) &&
			    account_get(s->txn, s->ctx->arena, rows[i].account, &a))
				tell_of(s, &a, kind, from, community, status);
		}
		after = rows[n - 1].account;
	}
}

/* --- making --- */

static enum rc settings_check(struct social *s, const struct community *c)
{
	if (c->kind.len > 64)
		return ctx_fail(s->ctx, RC_INVALID, "the kind is a word of at most 64 bytes");
	for (unsigned i = 0; i < c->rule_count; i++) {
		if (c->rules[i].len == 0 || c->rules[i].len > 1000)
			return ctx_fail(s->ctx, RC_INVALID, "a rule has 1 to 1000 bytes");
	}
	for (unsigned i = 0; i < c->flair_count; i++) {
		if (c->flairs[i].name.len == 0 || c->flairs[i].name.len > 100)
			return ctx_fail(s->ctx, RC_INVALID, "a flair has 1 to 100 bytes");
	}
	return RC_OK;
}

/* What the account shows of the settings: how one joins, whether it is found, and, of one that is for its
 * members, not who they are. False when it is none. */
static bool lock_follows(struct social *s, uint64_t id, struct account *a)
{
	struct community c;
	if (!community_effective(s->txn, s->ctx->arena, id, &c) ||
	    !account_get(s->txn, s->ctx->arena, id, a))
		return false;
	unsigned flags = a->flags & ~(unsigned)(ACCOUNT_LOCKED | ACCOUNT_DISCOVERABLE);
	if (c.join != COMMUNITY_JOIN_OPEN)
		flags |= ACCOUNT_LOCKED;
	if (c.sight == COMMUNITY_PUBLIC)
		flags |= ACCOUNT_DISCOVERABLE;
	if (c.sight == COMMUNITY_MEMBERS)
		flags |= ACCOUNT_HIDE_NETWORK;
	if (flags != a->flags) {
		a->flags = flags;
		account_put(s->txn, s->ctx->arena, a);
	}
	attribute_terms_changed(s, id);
	return true;
}

/* Those below inherit, in steps: there may be many. */
static void inherit_later(struct social *s, uint64_t id)
{
	uint64_t child;
	if (community_children(s->txn, id, 0, &child, 1) != 0)
		community_job_add(s, &(struct community_job){ .task = COMMUNITY_TASK_INHERIT,
							      .community = id });
}

bool community_inherit_step(struct social *s, struct community_job *job)
{
	uint64_t children[INHERIT_STEP];
	size_t n = community_children(s->txn, job->community, job->account, children, INHERIT_STEP);
	for (size_t i = 0; i < n; i++) {
		struct account a;
		job->account = children[i];
		/* peers and caches have a document that says what is inherited */
		if (lock_follows(s, children[i], &a) && account_change(s, &a) == RC_OK)
			inherit_later(s, children[i]);
	}
	return n < INHERIT_STEP;
}

static enum rc settings_put(struct social *s, const struct community *settings)
{
	struct account group;
	enum rc rc = community_put(s->txn, s->ctx->arena, settings);
	if (rc == RC_INVALID)
		return ctx_fail(s->ctx, RC_INVALID,
				"a community cannot belong there: to none, to itself, or too deep");
	if (rc == RC_OK)
		(void)lock_follows(s, settings->id, &group);
	return rc;
}

static void found(struct social *s, const struct account *founder, const struct account *group)
{
	const struct community_member owner = { .community = group->id,
						.account = founder->id,
						.role = COMMUNITY_OWNER,
						.since_ms = db_txn_now(s->txn),
						.reason = STR(""),
						.note = STR("") };
	follow_put(s->txn, founder, group, FOLLOW_ACCEPTED,
		   site_activity_uri(s->ctx->arena, founder->uri, "follows", db_next_id(s->txn)));
	follow_want(s->txn, founder->id, group->id, FOLLOW_NO_BOOSTS, STR(""));
	community_member_put(s->txn, &owner);
}

enum rc community_create(struct social *s, const struct account *founder,
			 const struct new_account *account, const struct account_secrets *secrets,
			 struct community *settings, struct account *out)
{
	struct new_account group = *account;
	group.kind = ACCOUNT_GROUP;
	group.password_hash = group.email = STR("");
	if (founder != NULL && (account_is_gone(founder) || !account_is_local(founder)))
		return RC_DENIED;
	if (settings->parent != 0) {
		enum rc rc = community_require(s, founder, settings->parent, COMMUNITY_MAY_EDIT);
		if (rc != RC_OK)
			return rc;
	}
	enum rc rc = settings_check(s, settings);
	if (rc == RC_OK)
		rc = account_create(s, &group, secrets, out);
	if (rc != RC_OK)
		return rc;
	settings->id = out->id;
	settings->created_ms = db_txn_now(s->txn);
	rc = settings_put(s, settings);
	if (rc == RC_OK && founder != NULL)
		found(s, founder, out);
	if (rc == RC_OK)
		audit(s, founder, AUDIT_COMMUNITY_CREATE, AUDIT_IN(out->id, out->id));
	return rc == RC_OK ? act_end(s, RC_OK) : rc;
}

/* --- changing --- */

/* Has it followers on another host? */
static bool has_members_elsewhere(struct social *s, uint64_t id)
{
	struct audience_inbox one;
	struct str cursor = STR("");
	return audience_next(s->txn, s->ctx->arena, id, &cursor, &one, 1) != 0;
}

/* Is it joint, or is that asked? Those below inherit what may be seen. */
static bool joint_named_any(struct social *s, uint64_t id)
{
	struct joint *rows = ARENA_ARRAY(s->ctx->arena, JOINT_PARTNERS_MAX, struct joint);
	return rows == NULL || joints(s->txn, s->ctx->arena, id, rows) != 0;
}

bool community_stays_here(const struct community *c)
{
	return c->sight == COMMUNITY_LOCAL || c->sight == COMMUNITY_MEMBERS;
}

typedef bool community_question(struct social *s, uint64_t id);

/* Is it so of one below, which stays here, too, since it inherits that? */
static bool any_below(struct social *s, uint64_t id, community_question *is_so, unsigned depth)
{
	uint64_t below[BELOW_AT_ONCE], after = 0;
	size_t n;
	while (depth < COMMUNITY_DEPTH_MAX &&
	       (n = community_children(s->txn, id, after, below, BELOW_AT_ONCE)) != 0) {
		for (size_t i = 0; i < n; i++) {
			struct community c;
			if (community_effective(s->txn, s->ctx->arena, below[i], &c) &&
			    community_stays_here(&c) &&
			    (is_so(s, below[i]) || any_below(s, below[i], is_so, depth + 1)))
				return true;
		}
		after = below[n - 1];
	}
	return false;
}

/* What never leaves the node has nobody elsewhere who owns it or is in it, nor has what inherits that. */
static enum rc may_stay_here(struct social *s, uint64_t id)
{
	if (joint_named_any(s, id))
		return ctx_fail(s->ctx, RC_INVALID,
				"it is owned together with other servers: end that first");
	if (any_below(s, id, joint_named_any, 0))
		return ctx_fail(s->ctx, RC_INVALID,
				"one that belongs to it is owned together with other servers: end "
				"that first, or let it say itself who sees it");
	if (has_members_elsewhere(s, id))
		return ctx_fail(s->ctx, RC_INVALID,
				"it has members on other servers: they have to leave first");
	if (any_below(s, id, has_members_elsewhere, 0))
		return ctx_fail(s->ctx, RC_INVALID,
				"one that belongs to it has members on other servers: they have to "
				"leave first, or it says itself who sees it");
	return act_end(s, RC_OK);
}

enum rc community_change(struct social *s, const struct account *actor,
			 const struct community *settings)
{
	struct community now, next, before;
	struct account group;
	enum rc rc = community_require(s, actor, settings->id, COMMUNITY_MAY_EDIT);
	if (rc == RC_OK)
		rc = settings_check(s, settings);
	if (rc != RC_OK)
		return rc;
	if (!community_get(s->txn, s->ctx->arena, settings->id, &now) ||
	    !community_effective(s->txn, s->ctx->arena, settings->id, &before) ||
	    !account_get(s->txn, s->ctx->arena, settings->id, &group))
		return act_end(s, RC_NOT_FOUND);
	if (settings->parent != now.parent && settings->parent != 0) {
		rc = community_require(s, actor, settings->parent, COMMUNITY_MAY_EDIT);
		if (rc != RC_OK)
			return rc;
	}
	next = *settings;
	next.created_ms = now.created_ms;
	rc = settings_put(s, &next);
	if (rc != RC_OK)
		return rc;
	if (!community_effective(s->txn, s->ctx->arena, next.id, &now))
		return act_end(s, RC_NOT_FOUND);
	if (community_stays_here(&now)) {
		rc = may_stay_here(s, next.id);
		if (rc != RC_OK)
			return rc;
	}
	if (!community_says_the_same(&before, &now))
		inherit_later(s, next.id);
	audit(s, actor, AUDIT_COMMUNITY_CHANGE, AUDIT_IN(next.id, next.id));
	/* what peers show of it has changed */
	return account_get(s->txn, s->ctx->arena, next.id, &group) ? account_change(s, &group)
								   : act_end(s, RC_NOT_FOUND);
}

enum rc community_role_change(struct social *s, const struct account *actor, uint64_t community,
			      struct community_role *role)
{
	struct community_standing mine = { .permissions = COMMUNITY_MAY_ALL,
					   .position = UINT32_MAX };
	struct community_role now;
	enum rc rc = community_require(s, actor, community, COMMUNITY_MAY_ROLES);
	if (rc != RC_OK)
		return rc;
	if (actor != NULL &&
	    !community_standing(s->txn, s->ctx->arena, community, actor->id, &mine))
		return act_end(s, RC_NOT_FOUND);
	if (role->id != 0 && !community_role_get(s->txn, s->ctx->arena, community, role->id, &now))
		return act_end(s, RC_NOT_FOUND);
	if (role->id == COMMUNITY_OWNER)
		return ctx_fail(s->ctx, RC_DENIED, "owners may do everything");
	if ((role->permissions & ~mine.permissions) != 0 || role->position >= mine.position ||
	    (role->id != 0 && now.position >= mine.position))
		return ctx_fail(s->ctx, RC_DENIED, "nobody gives more than they have");
	if (role->name.len == 0 || role->name.len > 100)
		return ctx_fail(s->ctx, RC_INVALID, "a role's name has 1 to 100 bytes");
	if (community_role_misleads(s, community, role))
		return ctx_fail(s->ctx, RC_INVALID, "a role is called so, or looks like one");
	if (!community_role_put(s->txn, s->ctx->arena, community, role))
		return act_end(s, ctx_fail(s->ctx, RC_TOO_LARGE, "there are too many roles"));
	audit(s, actor, AUDIT_COMMUNITY_ROLE, AUDIT_IN(community, role->id));
	return act_end(s, RC_OK);
}

enum rc community_role_drop(struct social *s, const struct account *actor, uint64_t community,
			    uint64_t role)
{
	struct community_member rows[CHUNK];
	struct community_role now;
	uint64_t after = 0;
	size_t n;
	enum rc rc = community_require(s, actor, community, COMMUNITY_MAY_ROLES);
	if (rc != RC_OK)
		return rc;
	if (role < COMMUNITY_ROLE_OWN ||
	    !community_role_get(s->txn, s->ctx->arena, community, role, &now))
		return act_end(s, RC_NOT_FOUND);
	if (consultation_asks(s->txn, s->ctx->arena, community, role))
		return ctx_fail(s->ctx, RC_INVALID,
				"a consultation that is not over asks those who have this role");
	while ((n = community_staff_rows(s->txn, s->ctx->arena, community, after, rows, CHUNK)) !=
	       0) {
		for (size_t i = 0; i < n; i++) {
			if (rows[i].role != role)
				continue;
			rows[i].role = COMMUNITY_MEMBER;
			community_member_put(s->txn, &rows[i]);
		}
		after = rows[n - 1].account;
	}
	community_role_del(s->txn, community, role);
	audit(s, actor, AUDIT_COMMUNITY_ROLE_DROP, AUDIT_IN(community, role));
	return act_end(s, RC_OK);
}
