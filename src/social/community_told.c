/*
 * What groups elsewhere tell of themselves: posts, votes, moderators, bans. A group's word counts for
 * its own posts alone, and never for a community of this node. Inside write transactions.
 */
#include "community_int.h"
#include "core/must.h"
#include "social/community_keep.h"
#include "social/joint.h"
#include "social/moderate.h"
#include "store/graph.h"
#include "store/reaction.h"
#include "store/told_vote.h"
#include "text/iri.h"

#define CHUNK 32
#define REASON_MAX 2000

/* --- posts --- */

struct str community_host_of(struct social *s, struct str uri)
{
	struct ctx quiet = { .arena = s->ctx->arena };
	struct iri iri;
	return iri_parse(&quiet, uri, s->site->iri_flags, &iri) == RC_OK ? iri.authority : STR("");
}

bool community_is_neighbour(struct social *s, const struct account *group, struct str uri)
{
	struct str there = community_host_of(s, uri);
	return there.len != 0 && str_eq(there, community_host_of(s, group->uri));
}

bool community_belongs(struct social *s, const struct account *group, const struct status *status)
{
	struct status parent;
	if (account_is_local(group) || group->kind != ACCOUNT_GROUP ||
	    visibility_stays(status->visibility))
		return false;
	if (status->community == group->id || act_mentions(status, group->uri))
		return true;
	if (status->parent != 0 && status_get(s->txn, s->ctx->arena, status->parent, &parent) &&
	    parent.community == group->id)
		return true;
	return community_is_neighbour(s, group, status->uri);
}

enum rc community_announced(struct social *s, const struct account *group,
			    const struct status *status, struct str uri)
{
	const bool comment = status->parent != 0 || status->parent_uri.len != 0;
	/* what the group writes itself its followers get anyway */
	if (comment || status->account == group->id || !visibility_is_open(status->visibility))
		return act_end(s, RC_OK);
	enum rc rc = act_boost(s, group, status->id, uri.ptr != NULL ? uri : STR(""),
			       db_txn_now(s->txn), status->visibility, NULL);
	/* an author may not want boosts, and a group may say it twice */
	if (rc == RC_EXISTS || rc == RC_DENIED || rc == RC_NOT_FOUND)
		return act_end(s, RC_OK);
	if (rc == RC_OK)
		community_tell_watchers(s, status);
	return rc;
}

/* --- votes --- */

/* Has somebody who is known here voted so already? */
static bool has_voted(struct social *s, uint64_t status, struct str voter)
{
	uint64_t id = account_id_of_uri(s->txn, voter);
	return id != 0 &&
	       (like_get(s->txn, status, id, NULL) || dislike_get(s->txn, status, id, NULL));
}

enum rc community_count_vote(struct social *s, uint64_t id, struct str voter,
			     enum community_vote vote)
{
	bool changed;
	if (vote == COMMUNITY_VOTE_NONE)
		changed = told_vote_del(s->txn, id, voter);
	else
		changed = !has_voted(s, id, voter) &&
			  told_vote_put(s->txn, id, voter, vote == COMMUNITY_VOTE_UP);
	return act_end(s, changed ? RC_OK : RC_EXISTS);
}

enum rc community_told_vote(struct social *s, uint64_t community, uint64_t id, struct str voter,
			    enum community_vote vote)
{
	struct status status;
	if (!status_get(s->txn, s->ctx->arena, id, &status))
		return act_end(s, RC_NOT_FOUND);
	if (status.community != community || community_exists(s->txn, community))
		return RC_DENIED;
	return community_count_vote(s, id, voter, vote);
}

void community_vote_known(struct social *s, const struct account *voter,
			  const struct status *status)
{
	if (status->community != 0 && !account_is_local(voter))
		told_vote_del(s->txn, status->id, voter->uri);
}

/* --- people --- */

bool community_row_get(struct social *s, uint64_t community, uint64_t account,
		       struct community_member *out)
{
	if (community_member_get(s->txn, s->ctx->arena, community, account, out))
		return true;
	*out = (struct community_member){ .community = community,
					  .account = account,
					  .role = COMMUNITY_MEMBER,
					  .reason = STR(""),
					  .note = STR("") };
	return false;
}

void community_row_put(struct social *s, const struct community_member *m)
{
	if (m->role == COMMUNITY_MEMBER && m->flags == 0 && m->strikes == 0 && m->note.len == 0)
		community_member_del(s->txn, m->community, m->account);
	else
		community_member_put(s->txn, m);
}

bool community_standing_elsewhere(struct db_txn *txn, struct arena *arena, uint64_t community,
				  uint64_t account, struct community_standing *out)
{
	struct community_member m;
	struct community_role role;
	*out = (struct community_standing){ .role = COMMUNITY_GUEST };
	if (community_exists(txn, community))
		return false;
	bool row = account != 0 && community_member_get(txn, arena, community, account, &m);
	out->banned = row && (m.flags & COMMUNITY_BANNED) != 0 &&
		      (m.until_ms == 0 || m.until_ms > db_txn_now(txn));
	out->member = account != 0 && !out->banned && follow_accepted(txn, account, community);
	if (row && !out->banned && m.role == COMMUNITY_MODERATOR)
		out->role = COMMUNITY_MODERATOR;
	else if (out->member)
		out->role = COMMUNITY_MEMBER;
	if (!community_role_get(txn, arena, community, out->role, &role))
		return db_txn_rc(txn) == RC_OK;
	out->position = role.position;
	if (out->role >= COMMUNITY_MEMBER)
		out->permissions = COMMUNITY_MAY_POST | COMMUNITY_MAY_COMMENT | COMMUNITY_MAY_VOTE;
	if (out->role == COMMUNITY_MODERATOR)
		out->permissions |= COMMUNITY_MAY_ELSEWHERE;
	return true;
}

bool community_moderates(struct social *s, uint64_t community, uint64_t account)
{
	struct community_member m;
	return community_row_get(s, community, account, &m) && m.role == COMMUNITY_MODERATOR;
}

enum rc community_told_moderator(struct social *s, uint64_t community, uint64_t account,
				 bool moderates)
{
	struct community_member m;
	if (community_exists(s->txn, community))
		return RC_DENIED;
	/* who blocks the group has no part in it, whatever it says */
	if (moderates && block_exists(s->txn, account, community))
		return RC_DENIED;
	community_row_get(s, community, account, &m);
	if ((m.role == COMMUNITY_MODERATOR) == moderates)
		return act_end(s, RC_EXISTS);
	m.role = moderates ? COMMUNITY_MODERATOR : COMMUNITY_MEMBER;
	m.since_ms = db_txn_now(s->txn);
	community_row_put(s, &m);
	return act_end(s, RC_OK);
}

bool community_banned_elsewhere(struct social *s, uint64_t community, uint64_t account)
{
	struct community_member m;
	return community_row_get(s, community, account, &m) && (m.flags & COMMUNITY_BANNED) != 0 &&
	       (m.until_ms == 0 || m.until_ms > db_txn_now(s->txn));
}

enum rc community_told_ban(struct social *s, uint64_t community, uint64_t account, bool banned,
			   struct str reason, uint64_t until_ms)
{
	struct community_member m;
	if (community_exists(s->txn, community))
		return RC_DENIED;
	community_row_get(s, community, account, &m);
	if (!banned && (m.flags & COMMUNITY_BANNED) == 0)
		return act_end(s, RC_NOT_FOUND);
	m.flags = banned ? COMMUNITY_BANNED : 0;
	m.since_ms = db_txn_now(s->txn);
	m.until_ms = banned ? until_ms : 0;
	m.reason = banned && reason.len <= REASON_MAX ? reason : STR("");
	community_row_put(s, &m);
	return act_end(s, RC_OK);
}

/* --- removing what somebody posted --- */

static void remove_one(struct social *s, const struct account *actor, uint64_t community,
		       uint64_t id)
{
	struct status status;
	if (!status_get(s->txn, s->ctx->arena, id, &status) || status.community != community)
		return;
	/* what is out already is no failure; one ban is one strike, whatever goes with it */
	if (actor != NULL)
		(void)!community_do(s, actor, id, COMMUNITY_ACT_REMOVE, STR(""));
	/* a group elsewhere has said so, or a partner of one here */
	else if (community_exists(s->txn, community))
		(void)!joint_moderated(s, community, id, COMMUNITY_ACT_REMOVE, STR(""));
	else
		(void)!community_moderated(s, community, id, COMMUNITY_ACT_REMOVE, STR(""));
}

void community_remove_later(struct social *s, const struct account *actor, uint64_t community,
			    uint64_t account)
{
	const struct community_job job = { .task = COMMUNITY_TASK_REMOVE,
					   .community = community,
					   .account = account,
					   .actor = actor != NULL ? actor->id : 0 };
	community_job_add(s, &job);
}

bool community_remove_step(struct social *s, struct community_job *job)
{
	struct status_entry entries[CHUNK];
	struct account actor;
	if (job->actor != 0 && !account_get(s->txn, s->ctx->arena, job->actor, &actor))
		return true;
	size_t n = status_by_author(s->txn, job->account, job->before, 0, entries, CHUNK);
	for (size_t i = 0; i < n; i++) {
		job->before = entries[i].id;
		if ((entries[i].flags & STATUS_BOOST) == 0)
			remove_one(s, job->actor != 0 ? &actor : NULL, job->community, job->before);
	}
	return n < CHUNK;
}

/* --- reports --- */

/* S-080: the community says so, and not who of its people did it. */
void community_tell_resolved(struct social *s, const struct report *report)
{
	struct account reporter, group;
	uint64_t community = report->lane != 0 ? report->lane : report->community;
	if (community == 0 || report->uri.len == 0 || !community_exists(s->txn, community) ||
	    !account_get(s->txn, s->ctx->arena, report->reporter, &reporter) ||
	    account_is_local(&reporter) || !account_get(s->txn, s->ctx->arena, community, &group))
		return;
	struct federate f = { .what = FEDERATE_COMMUNITY_RESOLVE,
			      .actor = group.id,
			      .target = reporter.id,
			      .status = report->id,
			      .visibility = VISIBILITY_DIRECT,
			      .object = report->uri,
			      .at_ms = db_txn_now(s->txn) };
	f.uri = site_activity_uri(s->ctx->arena, group.uri, "resolved", db_next_id(s->txn));
	act_hears(&f, &reporter);
	federate_add(s, &f);
}
