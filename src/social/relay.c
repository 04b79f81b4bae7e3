/* Relays: subscribing to one, and being one. Inside transactions only. */
#include "social/relay.h"

#include "act_int.h"
#include "queue/queue.h"
#include "store/tables.h"

#define RELAY_USER "relay"

static void tell(struct social *s, enum federate_what what, const struct account *actor,
		 const struct account *target, struct str uri, struct str object)
{
	struct federate f = { .what = what,
			      .actor = actor->id,
			      .target = target != NULL ? target->id : 0,
			      .visibility = VISIBILITY_DIRECT,
			      .uri = uri,
			      .object = object,
			      .at_ms = db_txn_now(s->txn) };
	if (target != NULL)
		act_hears(&f, target);
	federate_add(s, &f);
}

/* --- subscribing --- */

enum rc relay_subscribe(struct social *s, const struct account *instance, struct str inbox,
			const struct account *target)
{
	struct relay relay = { .created_ms = db_txn_now(s->txn) }, old;
	enum follow_state state;
	if (relay_get(s->txn, s->ctx->arena, inbox, &old) && old.state != RELAY_REJECTED)
		return act_end(s, RC_EXISTS);
	relay.inbox = inbox;
	relay.style = target != NULL ? RELAY_LITEPUB : RELAY_MASTODON;
	relay.account = target != NULL ? target->id : 0;
	relay.follow =
		site_activity_uri(s->ctx->arena, instance->uri, "relays", db_next_id(s->txn));
	if (!relay_put(s->txn, &relay))
		return act_end(s, RC_FULL);
	if (target != NULL)
		return act_follow(s, instance, target, relay.follow, &state);
	/* what is followed is the Public collection: object is where it goes */
	tell(s, FEDERATE_RELAY_FOLLOW, instance, NULL, relay.follow, inbox);
	return act_end(s, RC_OK);
}

enum rc relay_unsubscribe(struct social *s, const struct account *instance, struct str inbox)
{
	struct relay relay;
	struct account actor;
	enum rc rc = RC_OK;
	if (!relay_get(s->txn, s->ctx->arena, inbox, &relay))
		return act_end(s, RC_NOT_FOUND);
	relay_del(s->txn, inbox);
	if (relay.style == RELAY_MASTODON) {
		tell(s, FEDERATE_RELAY_UNFOLLOW, instance, NULL, relay.follow, inbox);
		return act_end(s, RC_OK);
	}
	if (!account_get(s->txn, s->ctx->arena, relay.account, &actor))
		return act_end(s, RC_OK);
	rc = act_unfollow(s, instance, &actor);
	if (rc == RC_OK || rc == RC_NOT_FOUND)
		rc = act_reject(s, instance, &actor);
	return rc == RC_NOT_FOUND ? act_end(s, RC_OK) : rc;
}

/* scheme://host of an address. */
static struct str origin_of(struct str uri)
{
	size_t at = str_find(uri, STR("://"));
	if (at == uri.len)
		return STR("");
	size_t host = at + 3;
	return str_take(uri, host + str_index(str_skip(uri, host), '/'));
}

bool relay_is_asked(struct social *s, const struct account *actor, struct str follow,
		    struct relay *out)
{
	if (!relay_find(s->txn, s->ctx->arena, actor->id, follow, out))
		return false;
	/* S-008: whoever names our Follow must be where we have sent it */
	return out->account == actor->id ||
	       (out->account == 0 && follow.len != 0 && str_eq(out->follow, follow) &&
		str_eq(origin_of(out->inbox), origin_of(actor->uri)));
}

enum rc relay_answered(struct social *s, const struct relay *relay, const struct account *actor,
		       bool accepted)
{
	struct relay next = *relay;
	next.account = actor->id;
	next.state = accepted ? RELAY_ACCEPTED : RELAY_REJECTED;
	relay_put(s->txn, &next);
	return act_end(s, RC_OK);
}

enum rc relay_followed_back(struct social *s, const struct account *instance,
			    const struct account *actor, struct str uri)
{
	struct relay relay;
	if (!relay_find(s->txn, s->ctx->arena, actor->id, STR_NONE, &relay))
		return act_end(s, RC_DENIED);
	follow_put(s->txn, actor, instance, FOLLOW_PENDING, uri);
	return act_accept(s, instance, actor);
}

/* --- being one --- */

enum rc account_create_relay(struct social *s, const struct account_secrets *secrets,
			     struct account *out)
{
	struct arena *arena = s->ctx->arena;
	struct account taken;
	struct str user = STR(RELAY_USER), uri = site_relay_uri(arena, s->site);
	/* persons have no dot in their names */
	if (account_find_handle(s->txn, arena, user, STR(""), &taken))
		user = STR(RELAY_USER ".actor");
	*out = (struct account){ .kind = ACCOUNT_APPLICATION,
				 .flags = ACCOUNT_LOCAL | ACCOUNT_INSTANCE,
				 .username = user,
				 .domain = STR(""),
				 .display_name =
					 arena_join(arena, STR("Relay of "), s->site->title),
				 .uri = uri,
				 .url = arena_join(arena, s->site->base, STR("/")),
				 .inbox = arena_join(arena, uri, STR("/inbox")),
				 .outbox = arena_join(arena, uri, STR("/outbox")),
				 .followers = arena_join(arena, uri, STR("/followers")),
				 .following = arena_join(arena, uri, STR("/following")),
				 .shared_inbox = site_shared_inbox(arena, s->site),
				 .created_ms = db_txn_now(s->txn) };
	if (!account_add(s->txn, arena, out))
		return act_end(s, RC_EXISTS);
	account_secrets_put(s->txn, out->id, secrets);
	return act_end(s, RC_OK);
}

static struct str answer_uri(struct social *s, const struct account *relay, const char *kind)
{
	return site_activity_uri(s->ctx->arena, relay->uri, kind, db_next_id(s->txn));
}

static enum rc refuse(struct social *s, const struct account *relay, const struct account *actor,
		      enum relay_style style, struct str uri)
{
	tell(s, style == RELAY_LITEPUB ? FEDERATE_REJECT : FEDERATE_RELAY_REJECT, relay, actor,
	     answer_uri(s, relay, "rejects"), uri);
	return act_end(s, RC_OK);
}

enum rc relay_admit(struct social *s, const struct account *relay, const struct account *actor,
		    enum relay_style style, struct str uri, bool welcome)
{
	struct relay_subscriber old, fresh = { .account = actor->id,
					       .style = style,
					       .host = actor->domain,
					       .follow = uri,
					       .created_ms = db_txn_now(s->txn) };
	enum follow_state state;
	bool again = relay_subscriber_get(s->txn, s->ctx->arena, actor->id, &old);
	if (!welcome ||
	    (!again && (relay_subscribed_host(s->txn, actor->domain) ||
			db_count(s->txn, &store_relay_subscriber) >= RELAY_SUBSCRIBERS_MAX)))
		return refuse(s, relay, actor, style, uri);
	if (again)
		fresh.created_ms = old.created_ms;
	relay_subscriber_put(s->txn, &fresh);
	if (style == RELAY_MASTODON) {
		tell(s, FEDERATE_RELAY_ACCEPT, relay, actor, answer_uri(s, relay, "accepts"), uri);
		return act_end(s, RC_OK);
	}
	enum rc rc = act_follow(s, actor, relay, uri, &state);
	/* the other half of a mutual follow */
	if (rc == RC_OK && follow_get(s->txn, relay->id, actor->id).state == FOLLOW_NONE)
		rc = act_follow(s, relay, actor, STR(""), &state);
	return rc;
}

enum rc relay_leave(struct social *s, const struct account *relay, const struct account *actor)
{
	if (!relay_subscriber_del(s->txn, actor->id))
		return act_end(s, RC_NOT_FOUND);
	enum rc rc = act_unfollow(s, actor, relay);
	if (rc == RC_OK || rc == RC_NOT_FOUND)
		rc = act_unfollow(s, relay, actor);
	return rc == RC_NOT_FOUND ? act_end(s, RC_OK) : rc;
}

/* object of both is the host that must not get it back; status says which styles do. */
void relay_announce(struct social *s, const struct account *relay, struct str object,
		    struct str origin, unsigned to)
{
	struct federate f = { .what = FEDERATE_RELAY_ANNOUNCE,
			      .actor = relay->id,
			      .status = to,
			      .visibility = VISIBILITY_PUBLIC,
			      .object = arena_printf(s->ctx->arena, "%.*s %.*s", STR_ARG(origin),
						     STR_ARG(object)),
			      .at_ms = db_txn_now(s->txn) };
	f.uri = site_activity_uri(s->ctx->arena, relay->uri, "announces", db_next_id(s->txn));
	federate_add(s, &f);
}

void relay_pass_on(struct social *s, const struct account *relay, uint64_t body, struct str origin,
		   unsigned to)
{
	struct federate f = { .what = FEDERATE_RELAY_PASS,
			      .actor = relay->id,
			      .status = to,
			      .visibility = VISIBILITY_PUBLIC,
			      .uri = STR(""),
			      .object = origin,
			      .at_ms = db_txn_now(s->txn),
			      .body = body };
	queue_body_hold(s->txn, f.body);
	federate_add(s, &f);
}
