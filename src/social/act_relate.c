/* Follows, blocks and reports. Inside transactions only. */
#include "interact_int.h"
#include "social/collection.h"
#include "social/community.h"
#include "social/mute.h"
#include "social/thread.h"

#define OUTBOX_SPREAD_MS (2 * MS_PER_SECOND)

/* An act of a local account upon a remote one is told to that one alone. */
static void tell_target(struct social *s, enum federate_what what, const struct account *actor,
			const struct account *target, struct str uri, struct str object)
{
	if (!account_is_local(actor) || account_is_local(target))
		return;
	struct federate f = { .what = what,
			      .actor = actor->id,
			      .target = target->id,
			      .visibility = VISIBILITY_DIRECT,
			      .uri = uri,
			      .object = object,
			      .at_ms = db_txn_now(s->txn) };
	act_hears(&f, target);
	federate_add(s, &f);
}

/* The id of an activity that this node makes. */
static struct str fresh_uri(struct social *s, const struct account *actor, const char *kind)
{
	return site_activity_uri(s->ctx->arena, actor->uri, kind, db_next_id(s->txn));
}

/* Has either of the two blocked the other, or the host it is on? */
static bool is_barred(struct social *s, const struct account *a, const struct account *b)
{
	const struct hidden_ask of_b = { .account = b->id, .domain = b->domain };
	const struct hidden_ask of_a = { .account = a->id, .domain = a->domain };
	const unsigned bars = HIDDEN_BLOCKED | HIDDEN_BLOCKED_BY | HIDDEN_DOMAIN;
	unsigned by_a, by_b;
	hidden_many(s->txn, a->id, &of_b, 1, &by_a);
	hidden_many(s->txn, b->id, &of_a, 1, &by_b);
	return ((by_a | by_b) & bars) != 0;
}

/*
 * A follow of a remote account waits for its Accept (S-069); a local one that is not locked takes
 * it at once. A repeated follow of an accepted follower is answered again, since the peer may have
 * lost the first answer.
 */
enum rc act_follow(struct social *s, const struct account *follower, const struct account *followee,
		   struct str uri, enum follow_state *state)
{
	struct follow old = follow_get(s->txn, follower->id, followee->id);
	struct str kept = arena_str(s->ctx->arena, old.uri);
	bool here = account_is_local(followee);
	if (account_is_gone(follower) || account_is_gone(followee))
		return act_end(s, RC_GONE);
	enum rc rc = act_refuse_moved(s, follower);
	if (rc != RC_OK)
		return rc;
	if (follower->id == followee->id || (!here && !account_is_local(follower)) ||
	    is_barred(s, follower, followee))
		return act_end(s, RC_DENIED);
	bool open = here && (followee->flags & ACCOUNT_LOCKED) == 0;
	*state = open || old.state == FOLLOW_ACCEPTED ? FOLLOW_ACCEPTED : FOLLOW_PENDING;
	bool group = followee->kind == ACCOUNT_GROUP;
	if (group && here && old.state != FOLLOW_ACCEPTED) {
		rc = community_receives(s, follower, followee, state);
		if (rc != RC_OK)
			return rc;
		open = *state == FOLLOW_ACCEPTED;
	}
	if (old.state != FOLLOW_NONE && uri.len == 0)
		uri = kept;
	else if (account_is_local(follower) && uri.len == 0)
		uri = fresh_uri(s, follower, "follows");
	bool is_new = old.state == FOLLOW_NONE;
	follow_put(s->txn, follower, followee, *state, uri);
	live_tell(s->txn, LIVE_RELATION, follower->id, followee->id, 0);
	if (is_new)
		act_notify(s, followee, open ? NOTICE_FOLLOW : NOTICE_FOLLOW_REQUEST, follower->id,
			   0);
	/* a community has a place of its own: whoever wants its posts at home says so */
	if (is_new && group && account_is_local(follower))
		follow_want(s->txn, follower->id, followee->id, FOLLOW_NO_BOOSTS, STR(""));
	if (is_new && group && here && !open)
		community_requested(s, follower, followee->id);
	if (!here && *state == FOLLOW_PENDING)
		tell_target(s, FEDERATE_FOLLOW, follower, followee, uri, STR_NONE);
	if (here && *state == FOLLOW_ACCEPTED)
		tell_target(s, FEDERATE_ACCEPT, followee, follower,
			    fresh_uri(s, followee, "accepts"), uri);
	return act_end(s, RC_OK);
}

enum rc act_unfollow(struct social *s, const struct account *follower,
		     const struct account *followee)
{
	struct follow old = follow_get(s->txn, follower->id, followee->id);
	struct str uri = arena_str(s->ctx->arena, old.uri);
	if (old.state != FOLLOW_NONE && followee->kind == ACCOUNT_GROUP) {
		enum rc rc = community_left(s, followee->id, follower->id);
		if (rc != RC_OK)
			return rc;
	}
	if (!follow_del(s->txn, follower, followee))
		return act_end(s, RC_NOT_FOUND);
	live_tell(s->txn, LIVE_RELATION, follower->id, followee->id, 0);
	tell_target(s, FEDERATE_UNFOLLOW, follower, followee, uri, STR_NONE);
	return act_end(s, RC_OK);
}

/* Whom nobody here has followed before is a stranger: the newest posts are fetched. */
static void read_first_follow(struct social *s, const struct account *followee,
			      const struct account *follower)
{
	uint64_t ids[2];
	if (account_is_local(followee) || !account_is_local(follower) ||
	    followee->outbox.len == 0 ||
	    follow_followers(s->txn, followee->id, 0, FOLLOW_ACCEPTED, ids, 2) != 1)
		return;
	crawl_add(s, CRAWL_OUTBOX, followee->id, OUTBOX_SPREAD_MS);
}

/* A request has its answer: it is no news any more to whoever was told of it. */
static void decided(struct social *s, const struct account *followee,
		    const struct account *follower)
{
	act_unnotice(s, followee->id, NOTICE_FOLLOW_REQUEST, follower->id, 0);
	if (followee->kind == ACCOUNT_GROUP)
		community_decided(s, follower, followee->id);
}

enum rc act_accept(struct social *s, const struct account *followee, const struct account *follower)
{
	struct follow old = follow_get(s->txn, follower->id, followee->id);
	struct str uri = arena_str(s->ctx->arena, old.uri);
	if (old.state == FOLLOW_NONE)
		return act_end(s, RC_NOT_FOUND);
	if (account_is_gone(followee) || account_is_gone(follower))
		return RC_GONE;
	if (old.state == FOLLOW_ACCEPTED)
		return act_end(s, RC_EXISTS);
	follow_put(s->txn, follower, followee, FOLLOW_ACCEPTED, STR(""));
	decided(s, followee, follower);
	live_tell(s->txn, LIVE_RELATION, follower->id, followee->id, 0);
	read_first_follow(s, followee, follower);
	tell_target(s, FEDERATE_ACCEPT, followee, follower, fresh_uri(s, followee, "accepts"), uri);
	return act_end(s, RC_OK);
}

enum rc act_reject(struct social *s, const struct account *followee, const struct account *follower)
{
	struct follow old = follow_get(s->txn, follower->id, followee->id);
	struct str uri = arena_str(s->ctx->arena, old.uri);
	if (!follow_del(s->txn, follower, followee))
		return act_end(s, RC_NOT_FOUND);
	if (old.state == FOLLOW_PENDING)
		decided(s, followee, follower);
	live_tell(s->txn, LIVE_RELATION, follower->id, followee->id, 0);
	tell_target(s, FEDERATE_REJECT, followee, follower, fresh_uri(s, followee, "rejects"), uri);
	return act_end(s, RC_OK);
}

/* The blocked one's follow is refused with a word, so that its server stops showing us; our own is
 * taken back. */
enum rc act_block(struct social *s, const struct account *actor, const struct account *target,
		  struct str uri)
{
	enum rc rc;
	if (actor->id == target->id)
		return RC_DENIED;
	if (block_exists(s->txn, actor->id, target->id))
		return act_end(s, RC_EXISTS);
	if (uri.len == 0 && account_is_local(actor))
		uri = fresh_uri(s, actor, "blocks");
	rc = act_reject(s, actor, target);
	if (rc == RC_OK || rc == RC_NOT_FOUND)
		rc = act_unfollow(s, actor, target);
	if ((rc == RC_OK || rc == RC_NOT_FOUND) && target->kind == ACCOUNT_GROUP)
		rc = community_given_up(s, target->id, actor->id);
	if (rc != RC_OK && rc != RC_NOT_FOUND)
		return rc;
	block_put(s->txn, actor->id, target->id, uri);
	live_tell(s->txn, LIVE_RELATION, actor->id, target->id, 0);
	interact_block(s, actor, target);
	collections_block(s, actor, target);
	tell_target(s, FEDERATE_BLOCK, actor, target, uri, STR_NONE);
	return act_end(s, RC_OK);
}

enum rc act_unblock(struct social *s, const struct account *actor, const struct account *target)
{
	struct block old;
	if (!block_get(s->txn, actor->id, target->id, &old))
		return act_end(s, RC_NOT_FOUND);
	struct str uri = arena_str(s->ctx->arena, old.uri);
	block_del(s->txn, actor->id, target->id);
	live_tell(s->txn, LIVE_RELATION, actor->id, target->id, 0);
	tell_target(s, FEDERATE_UNBLOCK, actor, target, uri, STR_NONE);
	return act_end(s, RC_OK);
}
