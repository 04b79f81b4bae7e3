/* Putting follows right that two hosts see differently (FEP-8fcf). Inside transactions only. */
#include "act_int.h"

enum rc act_disown_follow(struct social *s, const struct account *follower,
			  const struct account *followee)
{
	struct federate f = { .what = FEDERATE_UNFOLLOW,
			      .actor = follower->id,
			      .target = followee->id,
			      .visibility = VISIBILITY_DIRECT,
			      .at_ms = db_txn_now(s->txn) };
	if (!account_is_local(follower) || account_is_local(followee))
		return RC_DENIED;
	if (follow_get(s->txn, follower->id, followee->id).state != FOLLOW_NONE)
		return act_end(s, RC_EXISTS);
	f.uri = site_activity_uri(s->ctx->arena, follower->uri, "follows", db_next_id(s->txn));
	act_hears(&f, followee);
	federate_add(s, &f);
	return act_end(s, RC_OK);
}
