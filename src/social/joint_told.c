/*
 * What partners of a community tell: posts, votes, moderation. Their word counts for what is in the
 * joint community alone (S-027). Inside write transactions.
 */
#include "community_int.h"
#include "core/must.h"
#include "social/joint.h"
#include "store/graph.h"

#define REASON_MAX 2000
#define RECOUNT 1000

/* --- posts --- */

/* Does it name something that may be a group of the joint one? Those of partners further away are not
 * known here by name. */
static bool names_group(struct social *s, const struct status *status)
{
	for (unsigned i = 0; i < status->mention_count; i++) {
		struct account a;
		uint64_t id = account_id_of_uri(s->txn, status->mentions[i].uri);
		if (id == 0 ||
		    (account_get(s->txn, s->ctx->arena, id, &a) && a.kind == ACCOUNT_GROUP))
			return true;
	}
	return false;
}

/* A partner puts nothing into the community that was said to no group at all. */
static bool belongs(struct social *s, const struct account *group, uint64_t community,
		    const struct status *status)
{
	struct status parent;
	if (status->parent != 0 && status_get(s->txn, s->ctx->arena, status->parent, &parent) &&
	    parent.community == community)
		return true;
	return community_is_neighbour(s, group, status->uri) || names_group(s, status);
}

enum rc joint_tells(struct social *s, const struct account *group, uint64_t community,
		    struct status *status)
{
	struct account author;
	if (!visibility_is_open(status->visibility) || (status->flags & STATUS_BOOST) != 0)
		return RC_NOT_FOUND;
	if (status->community == community) {
		/* an edit that waits is not what the partner has */
		if (!status->waits || community_knows(s->txn, status))
			return RC_EXISTS;
		if (!account_get(s->txn, s->ctx->arena, status->account, &author))
			return act_end(s, RC_NOT_FOUND);
		/* as a moderator here would approve it */
		enum rc rc = community_apply(s, status, COMMUNITY_ACT_APPROVE, STR(""));
		return rc == RC_OK ? community_release(s, status, &author) : rc;
	}
	/* our own people say themselves where they post; what is in another community stays there, but what
	 * was known as the partner's is ours, too */
	if (((status->flags & STATUS_LOCAL) != 0 && status->community == 0) ||
	    (status->community != 0 && status->community != group->id) ||
	    !belongs(s, group, community, status))
		return RC_NOT_FOUND;
	if (status->community != 0)
		community_post_del(s->txn, status->community, status->id);
	status->community = community;
	status->waits = false;
	if (!status_edit(s->txn, status))
		return act_end(s, RC_NOT_FOUND);
	const struct community_post place = community_place_of(status);
	community_post_add(s->txn, &place);
	if ((place.flags & COMMUNITY_POST_COMMENT) == 0)
		community_post_recount(s->txn, community, status->id, RECOUNT);
	community_tell_watchers(s, status);
	return community_show(s, status);
}

enum rc joint_moderated(struct social *s, uint64_t community, uint64_t id, enum community_act act,
			struct str reason)
{
	struct status status;
	struct account author;
	enum rc rc = act_load(s, id, &status, &author);
	if (rc != RC_OK)
		return rc;
	if (status.community != community)
		return RC_DENIED;
	rc = community_apply(s, &status, act, reason);
	if (rc == RC_OK)
		rc = community_reshow(s, &status, act);
	return rc == RC_OK && act == COMMUNITY_ACT_RESTORE ? community_restored(s, &author, &status)
							   : rc;
}

enum rc joint_state_told(struct social *s, uint64_t community, const struct joint_item *own,
			 unsigned state, uint64_t state_ms, struct str reason)
{
	static const struct {
		unsigned bit;
		enum community_act on, off;
	} rows[] = {
		{ JOINT_REMOVED, COMMUNITY_ACT_REMOVE, COMMUNITY_ACT_RESTORE },
		{ JOINT_LOCKED, COMMUNITY_ACT_LOCK, COMMUNITY_ACT_UNLOCK },
		{ JOINT_PINNED, COMMUNITY_ACT_PIN, COMMUNITY_ACT_UNPIN },
	};
	const unsigned differs = own->state ^ state;
	uint64_t now = db_txn_now(s->txn), told_ms = state_ms < now ? state_ms : now;
	bool changed = false;
	/* the later word counts; of two at once, the stricter one, on both sides */
	if (differs == 0 || told_ms < own->state_ms ||
	    (told_ms == own->state_ms && state < own->state))
		return act_end(s, RC_EXISTS);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if ((differs & rows[i].bit) == 0)
			continue;
		enum rc rc = joint_moderated(s, community, own->status,
					     (state & rows[i].bit) != 0 ? rows[i].on : rows[i].off,
					     reason);
		changed = changed || rc == RC_OK;
	}
	/* it is as old here as there: what was undone since is the later word */
	if (changed)
		joint_stamp(s->txn, community, own->status, told_ms);
	return act_end(s, changed ? RC_OK : RC_EXISTS);
}

/* --- votes --- */

enum rc joint_told_vote(struct social *s, uint64_t community, uint64_t id, struct str voter,
			enum community_vote vote)
{
	struct status status;
	if (!status_get(s->txn, s->ctx->arena, id, &status))
		return act_end(s, RC_NOT_FOUND);
	return status.community == community ? community_count_vote(s, id, voter, vote) : RC_DENIED;
}

/* --- people --- */

enum rc joint_told_ban(struct social *s, const struct account *group, uint64_t community,
		       uint64_t account, bool banned, struct str reason, uint64_t until_ms)
{
	struct community_member m;
	struct account own, target;
	community_row_get(s, community, account, &m);
	/* nobody puts those out who look after it here, but the partner its own */
	if (m.role > COMMUNITY_MEMBER &&
	    ((m.flags & COMMUNITY_OF_PARTNER) == 0 || m.by != group->id))
		return RC_DENIED;
	if (((m.flags & COMMUNITY_BANNED) != 0) == banned && m.until_ms == until_ms)
		return act_end(s, RC_EXISTS);
	if (!account_get(s->txn, s->ctx->arena, community, &own) ||
	    !account_get(s->txn, s->ctx->arena, account, &target))
		return act_end(s, RC_NOT_FOUND);
	m.role = COMMUNITY_MEMBER;
	m.flags = banned ? COMMUNITY_BANNED : 0;
	m.since_ms = db_txn_now(s->txn);
	m.until_ms = banned ? until_ms : 0;
	m.by = group->id;
	m.reason = banned && reason.len <= REASON_MAX ? reason : STR("");
	if (banned) {
		m.strikes++;
		enum rc rc = act_reject(s, &own, &target);
		if (rc != RC_OK && rc != RC_NOT_FOUND)
			return rc;
	}
	community_row_put(s, &m);
	return act_end(s, RC_OK);
}

enum rc joint_told_moderator(struct social *s, const struct account *group, uint64_t community,
			     uint64_t account, bool moderates)
{
	struct community_member m;
	struct account a;
	if (!account_get(s->txn, s->ctx->arena, account, &a))
		return act_end(s, RC_NOT_FOUND);
	if (account_is_local(&a) || !community_is_neighbour(s, group, a.uri) ||
	    (moderates && block_exists(s->txn, account, community)))
		return RC_DENIED;
	bool row = community_row_get(s, community, account, &m);
	bool theirs = row && (m.flags & COMMUNITY_OF_PARTNER) != 0 && m.by == group->id;
	if (theirs == moderates)
		return act_end(s, RC_EXISTS);
	/* whoever has a role or a ban from here has it from here */
	if (!theirs && (m.role > COMMUNITY_MEMBER || (m.flags & COMMUNITY_BANNED) != 0))
		return RC_DENIED;
	m.role = moderates ? COMMUNITY_MODERATOR : COMMUNITY_MEMBER;
	m.flags = moderates ? COMMUNITY_OF_PARTNER : 0;
	m.by = moderates ? group->id : 0;
	m.since_ms = db_txn_now(s->txn);
	community_row_put(s, &m);
	return act_end(s, RC_OK);
}
