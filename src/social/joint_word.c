/*
 * What partners say of votes and bans when they compare; of reactions: joint_reaction.c. Inside write transactions.
 *
 * Who may say what (S-027): nobody tells of the votes and reactions of this node's people but they themselves. Of those
 * of a partner's host that partner alone tells, and its word counts whenever it was said. For all others,
 * whom several nodes may hear and some have missed, the later word counts, as it does for what moderators
 * do; of the same moment the one that says more, so that both sides come to the same.
 */
#include "community_int.h"
#include "core/must.h"
#include "social/joint.h"
#include "store/reaction.h"
#include "store/told_vote.h"
#include "store/uri.h"

/* --- whose word counts --- */

static uint64_t not_later(struct social *s, uint64_t ms)
{
	uint64_t now = db_txn_now(s->txn);
	return ms < now ? ms : now;
}

/* Of two states that differ. */
static bool counts(struct social *s, const struct joint_word *own, const struct joint_word *told)
{
	uint64_t told_ms = not_later(s, told->at_ms);
	if (told_ms != own->at_ms)
		return told_ms > own->at_ms;
	return told->state != own->state ? told->state > own->state
					 : told->until_ms > own->until_ms;
}

void joint_speaker_open(struct social *s, const struct account *group, uint64_t community,
			struct joint_speaker *out)
{
	uint64_t partners[JOINT_PARTNERS_MAX];
	size_t n = joint_partners(s->txn, community, partners);
	*out = (struct joint_speaker){ .group = group,
				       .community = community,
				       .host = community_host_of(s, group->uri) };
	for (size_t i = 0; i < n; i++) {
		struct account a;
		if (partners[i] != group->id && account_get(s->txn, s->ctx->arena, partners[i], &a))
			out->others[out->count++] = community_host_of(s, a.uri);
	}
}

static bool is_others(const struct joint_speaker *by, struct str host)
{
	for (size_t i = 0; i < by->count; i++) {
		if (str_eq(by->others[i], host))
			return true;
	}
	return false;
}

/* --- votes --- */

static enum rc may_tell(struct social *s, const struct joint_speaker *by, uint64_t voter,
			const struct joint_word *own, const struct joint_word *told)
{
	struct account a;
	if (voter != 0 && account_get(s->txn, s->ctx->arena, voter, &a)) {
		const struct str host = community_host_of(s, a.uri);
		if (account_is_local(&a) || account_is_gone(&a) ||
		    (is_others(by, host) && !str_eq(host, by->host)))
			return RC_DENIED;
		if (str_eq(host, by->host))
			return RC_OK;
	}
	return counts(s, own, told) ? RC_OK : RC_EXISTS;
}

/* What the voter has told here themselves gives way. */
static bool vote_set(struct social *s, uint64_t status, uint64_t voter,
		     const unsigned char name[JOINT_NAME_SIZE], enum joint_vote vote)
{
	bool changed = false;
	if (voter != 0) {
		changed = like_del(s->txn, status, voter);
		changed = dislike_del(s->txn, status, voter) || changed;
	}
	if (vote == JOINT_VOTE_NONE)
		return told_vote_del_named(s->txn, status, name) || changed;
	return told_vote_put_named(s->txn, status, name, vote == JOINT_VOTE_UP) || changed;
}

enum rc joint_hear(struct social *s, const struct joint_speaker *by, const struct joint_word *told,
		   struct joint_heard *out)
{
	struct joint_item post;
	if (!joint_item_get(s->txn, by->community, told->name, &post))
		return act_end(s, RC_NOT_FOUND);
	*out = (struct joint_heard){ .own = *told, .status = post.status };
	joint_word_get(s->txn, by->community, &out->own);
	if (out->own.state == told->state)
		return act_end(s, RC_EXISTS);
	const struct uri_entry who = uri_find_digest(s->txn, told->name + JOINT_NAME_SIZE);
	out->person = who.kind == URI_ACCOUNT ? who.id : 0;
	enum rc rc = may_tell(s, by, out->person, &out->own, told);
	return rc == RC_OK ? act_end(s, RC_OK) : rc;
}

enum rc joint_heard_keep(struct social *s, const struct joint_speaker *by,
			 const struct joint_word *told, struct joint_heard *heard)
{
	/* it is as old here as there */
	heard->own.at_ms = not_later(s, told->at_ms);
	joint_word_stamp(s->txn, by->community, &heard->own);
	return act_end(s, RC_OK);
}

enum rc joint_vote_compared(struct social *s, const struct joint_speaker *by,
			    const struct joint_word *told)
{
	struct joint_heard heard;
	if (told->about != JOINT_VOTES)
		return act_end(s, RC_NOT_FOUND);
	enum rc rc = joint_hear(s, by, told, &heard);
	if (rc != RC_OK)
		return rc;
	if (!vote_set(s, heard.status, heard.person, told->name + JOINT_NAME_SIZE,
		      (enum joint_vote)told->state))
		return act_end(s, RC_EXISTS);
	return joint_heard_keep(s, by, told, &heard);
}

/* --- bans --- */

enum rc joint_ban_compared(struct social *s, const struct joint_speaker *by, struct str person,
			   const struct joint_word *told, struct str reason)
{
	const uint64_t community = by->community;
	struct joint_word own = *told;
	const uint64_t now = db_txn_now(s->txn);
	joint_word_get(s->txn, community, &own);
	if ((own.state == told->state && own.until_ms == told->until_ms) || !counts(s, &own, told))
		return act_end(s, RC_EXISTS);
	own.state = told->state;
	own.until_ms = told->until_ms;
	own.at_ms = not_later(s, told->at_ms);
	/* what is over is known to have been, and bans nobody, though it may have been for longer here */
	const bool over = told->state != 0 && told->until_ms != 0 && told->until_ms <= now;
	const bool banned = told->state != 0 && !over;
	uint64_t id = account_id_of_uri(s->txn, person);
	if (id == 0 && !over)
		return act_end(s, RC_NOT_FOUND);
	enum rc rc =
		id == 0 ? RC_OK
			: joint_told_ban(s, by->group, community, id, banned,
					 banned ? reason : STR(""), banned ? told->until_ms : 0);
	/* it is so, and was never said */
	if (rc == RC_OK || rc == RC_EXISTS)
		joint_word_put(s->txn, community, &own);
	return act_end(s, rc);
}
