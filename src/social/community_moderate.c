/* What moderators do with posts in communities: each act by one table, its record and its strike. Inside
 * write transactions. */
#include "community_int.h"
#include "core/must.h"
#include "post_int.h"
#include "social/audit.h"
#include "strike_int.h"

#define PINS_AT_ONCE 100

static enum rc refuse(struct social *s, const char *why)
{
	return act_end(s, ctx_fail(s->ctx, RC_DENIED, "%s", why));
}

/* clang-format off */
static const struct {
	unsigned permission;
	unsigned set, clear;
	bool thread; /* only of the first of a thread */
	uint8_t tells; /* enum federate_what; 0: nothing */
	enum audit_act recorded;
	enum moderation strike; /* that it leaves, or lifts; MODERATE_NONE: neither */
	bool lifts;
} acts[] = {
	[COMMUNITY_ACT_APPROVE] = { COMMUNITY_MAY_APPROVE, 0, COMMUNITY_POST_HELD, false, 0, AUDIT_COMMUNITY_APPROVE, MODERATE_NONE, false },
	[COMMUNITY_ACT_REFUSE] = { COMMUNITY_MAY_APPROVE, COMMUNITY_POST_REMOVED, COMMUNITY_POST_HELD, false, FEDERATE_COMMUNITY_REMOVE, AUDIT_COMMUNITY_REJECT, MODERATE_NONE, false },
	/* of what waits it is a refusal, and bringing that back lets it wait again */
	[COMMUNITY_ACT_REMOVE] = { COMMUNITY_MAY_REMOVE, COMMUNITY_POST_REMOVED, COMMUNITY_POST_HELD, false, FEDERATE_COMMUNITY_REMOVE, AUDIT_COMMUNITY_REMOVE, MODERATE_REMOVE, false },
	[COMMUNITY_ACT_RESTORE] = { COMMUNITY_MAY_REMOVE, 0, COMMUNITY_POST_REMOVED, false, FEDERATE_COMMUNITY_RESTORE, AUDIT_COMMUNITY_RESTORE, MODERATE_REMOVE, true },
	/* of a comment it closes what is below it, as with Lemmy */
	[COMMUNITY_ACT_LOCK] = { COMMUNITY_MAY_LOCK, COMMUNITY_POST_LOCKED, 0, false, FEDERATE_COMMUNITY_LOCK, AUDIT_COMMUNITY_LOCK, MODERATE_LOCK, false },
	[COMMUNITY_ACT_UNLOCK] = { COMMUNITY_MAY_LOCK, 0, COMMUNITY_POST_LOCKED, false, FEDERATE_COMMUNITY_UNLOCK, AUDIT_COMMUNITY_UNLOCK, MODERATE_LOCK, true },
	[COMMUNITY_ACT_PIN] = { COMMUNITY_MAY_PIN, COMMUNITY_POST_PINNED, 0, true, FEDERATE_COMMUNITY_PIN, AUDIT_COMMUNITY_PIN, MODERATE_NONE, false },
	[COMMUNITY_ACT_UNPIN] = { COMMUNITY_MAY_PIN, 0, COMMUNITY_POST_PINNED, true, FEDERATE_COMMUNITY_UNPIN, AUDIT_COMMUNITY_UNPIN, MODERATE_NONE, false },
};
/* clang-format on */

/* It waited, and everything happens now that would have happened. */
enum rc community_release(struct social *s, struct status *status, const struct account *author)
{
	struct community_post place;
	struct community c;
	if (!community_effective(s->txn, s->ctx->arena, status->community, &c) ||
	    !community_post_get(s->txn, status->community, status->id, &place))
		return act_end(s, RC_NOT_FOUND);
	status->waits = false;
	/* since it was written fewer may see what is said there */
	community_narrow(status, c.sight);
	if (!status_edit(s->txn, status))
		return act_end(s, RC_NOT_FOUND);
	community_tell_missed(s, author, status);
	if ((place.flags & COMMUNITY_POST_CHANGED) != 0)
		return community_release_edit(s, author, status);
	post_appear(s, author, status);
	enum rc rc = community_taken_up(s, author, status);
	return rc == RC_OK ? post_spread(s, author, status) : rc;
}

/* What is out of the community is not shown by it any more; what comes back is. */
enum rc community_reshow(struct social *s, const struct status *status, enum community_act act)
{
	struct account group;
	if (act == COMMUNITY_ACT_RESTORE)
		return status->waits ? act_end(s, RC_OK) : community_show(s, status);
	if ((act != COMMUNITY_ACT_REMOVE && act != COMMUNITY_ACT_REFUSE) ||
	    !account_get(s->txn, s->ctx->arena, status->community, &group))
		return act_end(s, RC_OK);
	enum rc rc = act_unboost(s, &group, status->id);
	return rc == RC_NOT_FOUND ? act_end(s, RC_OK) : rc;
}

/* May what waits appear? */
static enum rc may_appear(struct social *s, const struct status *status,
			  const struct community_post *place)
{
	struct community c;
	if ((place->flags & COMMUNITY_POST_REMOVED) != 0)
		return ctx_fail(s->ctx, RC_INVALID, "it was taken out: bring it back first");
	if ((status->flags & STATUS_LOCAL) == 0 &&
	    community_effective(s->txn, s->ctx->arena, status->community, &c) &&
	    community_stays_here(&c))
		return refuse(s,
			      "this community is for people of its own server now, and its author "
			      "is none");
	return act_end(s, RC_OK);
}

enum rc community_apply(struct social *s, const struct status *status, enum community_act act,
			struct str reason)
{
	struct community_post place;
	if (!community_post_get(s->txn, status->community, status->id, &place))
		return act_end(s, RC_NOT_FOUND);
	const unsigned set =
		act == COMMUNITY_ACT_RESTORE && status->waits ? COMMUNITY_POST_HELD : acts[act].set;
	enum rc rc = act == COMMUNITY_ACT_APPROVE ? may_appear(s, status, &place) : RC_OK;
	if (rc != RC_OK)
		return rc;
	if (act == COMMUNITY_ACT_RESTORE && (place.flags & COMMUNITY_POST_REMOVED) == 0)
		return act_end(s, RC_EXISTS);
	if (act == COMMUNITY_ACT_REFUSE &&
	    (place.flags & (COMMUNITY_POST_HELD | COMMUNITY_POST_REMOVED)) == 0)
		return ctx_fail(s->ctx, RC_INVALID, "it does not wait");
	if (acts[act].thread && (place.flags & COMMUNITY_POST_COMMENT) != 0)
		return ctx_fail(s->ctx, RC_INVALID, "this is no thread, but a comment");
	if (((place.flags | set) & ~acts[act].clear) == place.flags)
		return act_end(s, RC_EXISTS);
	community_post_mark(s->txn, status->community, status->id, set, acts[act].clear);
	if ((set & COMMUNITY_POST_REASONED) != 0)
		community_reason_put(s->txn, status->community, status->id, reason);
	return act_end(s, RC_OK);
}

enum rc community_do(struct social *s, const struct account *actor, uint64_t id,
		     enum community_act act, struct str reason)
{
	struct status status;
	struct account author;
	must((size_t)act < ARRAY_LEN(acts));
	enum rc rc = act_load(s, id, &status, &author);
	if (rc != RC_OK)
		return rc;
	if (status.community == 0)
		return act_end(s, RC_NOT_FOUND);
	const bool here = community_exists(s->txn, status.community);
	if (here) {
		rc = community_require(s, actor, status.community, acts[act].permission);
		if (rc != RC_OK)
			return rc;
	} else if (actor == NULL || !account_is_local(actor)) {
		return refuse(s, "that community is ruled elsewhere");
	} else if (!community_moderates(s, status.community, actor->id)) {
		return refuse(s, "you do not moderate this community");
	}
	rc = community_apply(s, &status, act, reason);
	if (rc != RC_OK)
		return rc;
	audit(s, actor, acts[act].recorded, AUDIT_IN(status.community, id));
	if (act == COMMUNITY_ACT_APPROVE)
		return community_release(s, &status, &author);
	rc = community_reshow(s, &status, act);
	/* of a post that nobody has seen nobody hears */
	if (rc == RC_OK && community_knows(s->txn, &status))
		community_tell_act(s, actor, status.community, (enum federate_what)acts[act].tells,
				   &status, author.id, reason, 0);
	return rc == RC_OK && act == COMMUNITY_ACT_RESTORE ? community_restored(s, &author, &status)
							   : rc;
}

/* What is done to somebody else's post leaves a strike, and what takes it back ends that. */
static enum rc reckon(struct social *s, const struct account *actor, uint64_t id,
		      enum community_act act, struct str reason)
{
	struct status status;
	struct account author;
	enum rc rc = act_load(s, id, &status, &author);
	if (rc != RC_OK)
		return rc;
	const bool own = actor != NULL && actor->id == author.id;
	const struct sentence sentence = { .what = acts[act].strike,
					   .community = status.community,
					   .text = reason,
					   .statuses = &id,
					   .status_count = 1 };
	/* what is ruled elsewhere is that server's to account for */
	if (own || !community_exists(s->txn, status.community))
		return act_end(s, RC_OK);
	if (acts[act].lifts) {
		community_strike_lift(s, status.community, author.id, acts[act].strike, id);
		return act_end(s, RC_OK);
	}
	return strike_lay(s, actor, &author, &sentence, NULL);
}

enum rc community_moderate(struct social *s, const struct account *actor, uint64_t id,
			   enum community_act act, struct str reason)
{
	struct status status;
	enum rc rc = community_do(s, actor, id, act, reason);
	if (rc == RC_OK && acts[act].strike != MODERATE_NONE)
		return reckon(s, actor, id, act, reason);
	if (rc == RC_OK && (act == COMMUNITY_ACT_APPROVE || act == COMMUNITY_ACT_REFUSE) &&
	    status_get(s->txn, s->ctx->arena, id, &status))
		community_tell_decided(s, actor, &status, act == COMMUNITY_ACT_APPROVE, reason);
	return rc;
}

enum rc community_approve(struct social *s, const struct account *actor, uint64_t id,
			  uint64_t seen_ms, struct str reason)
{
	struct status status;
	if (!status_get(s->txn, s->ctx->arena, id, &status))
		return act_end(s, RC_NOT_FOUND);
	enum rc rc = community_moderate(s, actor, id, COMMUNITY_ACT_APPROVE, reason);
	/* who may not approve is not told either that it was changed */
	if (rc == RC_OK && status.edited_ms != seen_ms)
		return act_end(s, ctx_fail(s->ctx, RC_CONFLICT,
					   "It was changed meanwhile: look at it once more"));
	return rc;
}

enum rc community_pin_until(struct social *s, const struct account *actor, uint64_t id,
			    uint64_t until_ms)
{
	struct status status;
	struct account author;
	if (until_ms != 0 && until_ms <= db_txn_now(s->txn))
		return ctx_fail(s->ctx, RC_INVALID, "the pin would be over already");
	enum rc rc = community_moderate(s, actor, id, COMMUNITY_ACT_PIN, STR(""));
	if (rc != RC_OK && rc != RC_EXISTS)
		return rc;
	rc = act_load(s, id, &status, &author);
	if (rc == RC_OK && !community_post_pin_until(s->txn, status.community, id, until_ms))
		rc = RC_NOT_FOUND;
	return act_end(s, rc);
}

enum rc community_moderated(struct social *s, uint64_t community, uint64_t id,
			    enum community_act act, struct str reason)
{
	struct status status;
	struct account author;
	must((size_t)act < ARRAY_LEN(acts));
	enum rc rc = act_load(s, id, &status, &author);
	if (rc != RC_OK)
		return rc;
	/* a group rules over its own posts, and one elsewhere never over those of ours */
	if (status.community != community || community_exists(s->txn, community))
		return RC_DENIED;
	rc = community_apply(s, &status, act, reason);
	return rc == RC_OK ? community_reshow(s, &status, act) : rc;
}

void community_pins_end(struct social *s, uint64_t community)
{
	const struct page newest = PAGE_ALL;
	uint64_t ids[PINS_AT_ONCE];
	size_t n = community_posts(s->txn, community, COMMUNITY_POSTS_PINNED, &newest, ids,
				   PINS_AT_ONCE);
	for (size_t i = 0; i < n; i++) {
		struct community_post place;
		if (community_post_get(s->txn, community, ids[i], &place) &&
		    !community_post_is_pinned(&place, db_txn_now(s->txn)) &&
		    community_do(s, NULL, ids[i], COMMUNITY_ACT_UNPIN, STR("")) != RC_OK)
			return;
	}
}

enum rc community_set_flair(struct social *s, const struct account *actor, uint64_t id,
			    uint32_t flair)
{
	struct status status;
	struct account author;
	struct community c;
	enum rc rc = act_load(s, id, &status, &author);
	if (rc != RC_OK)
		return rc;
	if (status.parent != 0 || !community_effective(s->txn, s->ctx->arena, status.community, &c))
		return act_end(s, RC_NOT_FOUND);
	if (flair != 0 && community_flair_find(&c, flair) == NULL)
		return ctx_fail(s->ctx, RC_INVALID, "the community has no such flair");
	if (actor == NULL || actor->id != author.id) {
		rc = community_require(s, actor, c.id, COMMUNITY_MAY_EDIT);
		if (rc != RC_OK)
			return rc;
		audit(s, actor, AUDIT_COMMUNITY_FLAIR, AUDIT_IN(c.id, id));
	}
	return act_end(s, community_post_flair(s->txn, c.id, id, flair) ? RC_OK : RC_NOT_FOUND);
}
