/*
 * What has been posted in communities and is changed: whether it may be, whether it waits once more, and what
 * followers of a community are told when it comes back. Inside write transactions.
 */
#include "community_int.h"
#include "post_int.h"
#include "queue/queue.h"

#define HIDDEN (COMMUNITY_POST_HELD | COMMUNITY_POST_REMOVED)

static enum rc refuse(struct social *s, const char *why)
{
	return act_end(s, ctx_fail(s->ctx, RC_DENIED, "%s", why));
}

bool community_knows(struct db_txn *txn, const struct status *status)
{
	struct community_post place;
	return !status->waits || (community_post_get(txn, status->community, status->id, &place) &&
				  (place.flags & COMMUNITY_POST_CHANGED) != 0);
}

enum rc community_may_edit(struct social *s, const struct account *author, const struct status *now,
			   struct status *next)
{
	struct community_standing standing;
	struct community c;
	uint64_t id = next->community;
	enum rc rc = community_names_none_closed(s, author, next, now);
	if (rc != RC_OK)
		return rc;
	/* a partner has asked its own questions (joint.h) */
	if (id == 0 || s->accepted_in == id ||
	    !community_effective(s->txn, s->ctx->arena, id, &c) ||
	    !community_standing(s->txn, s->ctx->arena, id, author->id, &standing))
		return act_end(s, RC_OK);
	if (standing.banned)
		return refuse(s, "you are banned from this community");
	if (c.premoderated && (standing.permissions & COMMUNITY_MAY_SKIP_QUEUE) == 0)
		next->waits = true;
	return act_end(s, RC_OK);
}

void community_edited(struct social *s, const struct status *before, const struct status *now)
{
	struct community_post place;
	if (now->community == 0 || !community_exists(s->txn, now->community) ||
	    !community_post_get(s->txn, now->community, now->id, &place))
		return;
	bool again = now->waits && !before->waits, removed = (place.flags & HIDDEN) != 0;
	if (!again && (before->waits || !removed))
		return;
	community_post_mark(s->txn, now->community, now->id,
			    COMMUNITY_POST_CHANGED | (again && !removed ? COMMUNITY_POST_HELD : 0U),
			    0);
	if (!again || removed)
		return;
	/* who sees it now shall see it no longer */
	live_tell_status(s->txn, LIVE_STATUS_REMOVED, before, false);
	community_tell_staff(s, now->community, COMMUNITY_MAY_APPROVE, NOTICE_EDIT, now->account,
			     now->id);
}

void community_tell_missed(struct social *s, const struct account *author,
			   const struct status *status)
{
	struct str came = community_held_get(s->txn, status->id);
	if (came.ptr != NULL)
		community_pass_body(s, status->community, queue_add_body(s->txn, came),
				    arena_str(s->ctx->arena, author->domain), 0);
	community_held_del(s->txn, status->id);
}

enum rc community_restored(struct social *s, const struct account *author,
			   const struct status *status)
{
	struct community_post place;
	if (status->waits || !community_exists(s->txn, status->community) ||
	    !community_post_get(s->txn, status->community, status->id, &place) ||
	    (place.flags & COMMUNITY_POST_CHANGED) == 0)
		return act_end(s, RC_OK);
	community_tell_missed(s, author, status);
	return community_release_edit(s, author, status);
}

enum rc community_release_edit(struct social *s, const struct account *author,
			       const struct status *status)
{
	community_post_mark(s->txn, status->community, status->id, 0, COMMUNITY_POST_CHANGED);
	enum rc rc = community_show(s, status);
	return rc == RC_OK ? post_changed(s, author, status) : rc;
}
