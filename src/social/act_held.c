/* Acts as the sieve lets them happen: asked before, held, made up for. Inside transactions. */
#include "poll_int.h"
#include "post_int.h"
#include "social/card.h"
#include "social/community.h"
#include "social/conversation.h"
#include "social/event.h"
#include "social/thread.h"

/* --- asking --- */

/* What the sieve says of a local post that is about to be made. */
enum rc post_sift_draft(struct social *s, const struct account *author, struct draft *draft)
{
	struct status *status = &draft->status;
	const unsigned said = STATUS_HELD | STATUS_LIMITED | STATUS_REPLY;
	const struct sift_post post = { author, status, draft->media_count, false };
	/* a job may run again */
	status->flags = (status->flags & ~said) | (draft->parent != 0 ? STATUS_REPLY : 0U);
	sift_ask(s->txn, s->ctx, s->site, &post, &draft->verdict);
	if (draft->verdict.action == SIEVE_REJECT)
		return act_end(s, ctx_fail(s->ctx, RC_DENIED,
					   "the rules of this node do not let this be posted"));
	status->flags |= sift_flags(&draft->verdict);
	return act_end(s, RC_OK);
}

/* An edit may make rules fit that did not before. */
enum rc post_sift_edit(struct social *s, const struct sift_post *post, const struct status *now,
		       struct status *next, struct sift_verdict *verdict)
{
	sift_ask(s->txn, s->ctx, s->site, post, verdict);
	if (verdict->action == SIEVE_REJECT) {
		sift_record(s, post, verdict);
		if (!account_is_local(post->author))
			return act_end(s, RC_EXISTS);
		return act_end(s, ctx_fail(s->ctx, RC_DENIED,
					   "the rules of this node do not let this be posted"));
	}
	next->flags |= sift_flags(verdict);
	/* who sees it now shall see it no longer */
	if ((next->flags & STATUS_HELD) != 0)
		live_tell_status(s->txn, LIVE_STATUS_REMOVED, now, false);
	return act_end(s, RC_OK);
}

/* --- holding --- */

/* It is stored, and nothing else: what it answers and quotes is looked for when it is released. */
enum rc post_hold(struct social *s, const struct sift_post *post, struct status *status,
		  const struct sift_verdict *verdict)
{
	post_leave_thread(status);
	status->approval.state = INTERACTION_NONE;
	status->community = 0;
	status->waits = false;
	if (str_eq(status->parent_uri, status->uri))
		status->parent_uri = STR("");
	if (status->parent_uri.len != 0)
		status->flags |= STATUS_REPLY;
	if (!status_add(s->txn, status))
		return act_end(s, RC_EXISTS);
	sift_record(s, post, verdict);
	return status->poll != NULL ? poll_take(s, status, status->poll) : act_end(s, RC_OK);
}

/* --- and what comes of it --- */

void post_appear(struct social *s, const struct account *author, const struct status *status)
{
	live_tell_status(s->txn, LIVE_STATUS_ADDED, status, s->quiet);
	conversation_tell(s, status);
	act_notify_post(s, status, author);
}

enum rc post_spread(struct social *s, const struct account *author, struct status *status)
{
	bool local = account_is_local(author);
	if (is_held_back(status))
		return act_end(s, RC_OK);
	if (local)
		act_tell_post(s, author, status);
	else
		post_tell_mentioned(s, status, NULL, NULL);
	thread_tell_added(s, status);
	return local ? quote_ask(s, author, status) : act_end(s, RC_OK);
}

enum rc post_changed(struct social *s, const struct account *author, const struct status *status)
{
	if ((status->flags & STATUS_HELD) != 0 || status->waits)
		return act_end(s, RC_OK);
	live_tell_status(s->txn, LIVE_STATUS_ADDED, status, true);
	/* those who were told of the first version are not told again */
	post_tell_mentioned(s, status, NULL, NULL);
	act_notify_edit(s, status);
	event_notify(s, status);
	if (account_is_local(author))
		act_tell_change(s, author, status);
	return act_end(s, RC_OK);
}

enum rc act_reveal(struct social *s, const struct account *author, struct status *status)
{
	bool local = account_is_local(author);
	status->flags &= ~(unsigned)STATUS_HELD;
	post_know_mentioned(s, status);
	/* where its parent's author does not want it, it stands alone */
	enum rc rc = post_find_thread(s, author, status);
	if (rc != RC_OK && rc != RC_DENIED && rc != RC_EXISTS)
		return act_end(s, rc);
	/* what was meant for a community that keeps to itself is its author's alone */
	if (rc == RC_DENIED && community_names_none_closed(s, author, status, NULL) != RC_OK)
		status->visibility = VISIBILITY_MEMBERS;
	s->ctx->err = (struct err){ .rc = RC_OK };
	if (status->root == 0)
		status->root = status->id;
	event_admit(s, author, status);
	if (!local)
		quote_receive(s, author, status);
	card_want(s, status);
	if (!status_edit(s->txn, status) || (status->parent != 0 && !status_join(s->txn, status)))
		return act_end(s, RC_NOT_FOUND);
	if (!local)
		quote_received(s, status);
	post_appear(s, author, status);
	rc = community_posted(s, author, status);
	if (rc != RC_OK)
		return rc;
	thread_welcome(s, status);
	return post_spread(s, author, status);
}

enum rc act_reveal_edit(struct social *s, const struct account *author, struct status *status)
{
	status->flags &= ~(unsigned)STATUS_HELD;
	card_want(s, status);
	if (!status_edit(s->txn, status))
		return act_end(s, RC_NOT_FOUND);
	if (!account_is_local(author))
		quote_received(s, status);
	return post_changed(s, author, status);
}
