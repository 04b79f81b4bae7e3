/*
 * What relays and subscribers send. A relay is never believed: what it tells of is read at its
 * origin. The relay that this node is passes on what it has verified, once, and never back.
 */
#include "relay_int.h"

#include "store/status.h"
#include "store/uri.h"

/* --- from relays --- */

bool relay_is_ours(struct fed *fed, uint64_t account)
{
	struct arena *arena = arena_new(RELAYS_MAX * 16 * 1024);
	struct relay relay;
	struct db_txn *txn;
	bool ours = false;
	if (arena != NULL && db_read_begin(fed->db, &txn) == RC_OK) {
		ours = relay_find(txn, arena, account, STR_NONE, &relay) &&
		       relay.state == RELAY_ACCEPTED;
		db_read_end(&txn);
	}
	arena_free(&arena);
	return ours;
}

bool relay_may_fetch(struct fed *fed, struct str uri, bool known)
{
	uint64_t minute = clock_steady_ms(fed->clock) / MS_PER_MINUTE;
	if (site_owns_text(fed->site, uri) || !peer_permitted_uri(fed, uri) ||
	    forward_knows(fed, uri) != known)
		return false;
	pthread_mutex_lock(&fed->relay_lock);
	if (fed->relay_minute != minute)
		fed->relay_fetches = 0;
	fed->relay_minute = minute;
	bool may = fed->relay_fetches < fed->relay->fetches_per_minute;
	fed->relay_fetches += may;
	pthread_mutex_unlock(&fed->relay_lock);
	return may;
}

enum rc relay_passed(struct incoming *in, uint64_t signer)
{
	struct ap_reader reader = { in->ctx, in->fed->site->iri_flags };
	const struct ap_activity *a = &in->activity;
	if (a->actor.ptr == NULL || !relay_is_ours(in->fed, signer))
		return RC_DENIED;
	bool known = a->type == AP_DELETE || a->type == AP_UPDATE;
	if ((a->type != AP_CREATE && !known) || a->object_id.ptr == NULL ||
	    !ap_same_origin(&reader, a->object_id, a->actor) ||
	    !relay_may_fetch(in->fed, a->object_id, known))
		return RC_EXISTS;
	in->need = a->object_id;
	return RC_OK;
}

bool relay_answers(struct incoming *in, struct db_txn *txn, const struct account *actor)
{
	struct ctx ctx = { .arena = in->ctx->arena };
	struct social s = { .txn = txn, .ctx = &ctx, .site = in->fed->site };
	struct relay relay;
	return relay_is_asked(&s, actor, in->inner_id, &relay);
}

bool relay_take_answer(struct incoming *in, struct social *s, const struct account *actor,
		       bool accepted, enum rc *rc)
{
	struct account instance;
	struct relay relay;
	if (!relay_is_asked(s, actor, in->inner_id, &relay))
		return false;
	*rc = relay_answered(s, &relay, actor, accepted);
	if (*rc != RC_OK || relay.style == RELAY_MASTODON)
		return true;
	/* the follow under it, as between people */
	if (!account_get(s->txn, in->ctx->arena, in->fed->instance_actor, &instance))
		return true;
	*rc = accepted ? act_accept(s, actor, &instance) : act_reject(s, actor, &instance);
	if (*rc == RC_NOT_FOUND || *rc == RC_EXISTS)
		*rc = RC_OK;
	return true;
}

/* A relay's announcement says where a post is; it is no boost. */
bool relay_take_announce(struct incoming *in, struct social *s, const struct account *actor,
			 enum rc *rc)
{
	struct relay relay;
	if (!relay_find(s->txn, in->ctx->arena, actor->id, STR_NONE, &relay) ||
	    relay.state != RELAY_ACCEPTED)
		return false;
	*rc = uri_find(s->txn, in->activity.object_id).kind == URI_STATUS ? RC_OK : RC_NOT_FOUND;
	return true;
}

/* --- from subscribers --- */

static bool is_relay_for(const struct fed *fed, struct str object, enum relay_style *style)
{
	if (fed->relay_actor == 0 || fed->relay->serve == FED_RELAY_OFF || object.ptr == NULL)
		return false;
	*style = str_eq(object, STR(AP_PUBLIC)) ? RELAY_MASTODON : RELAY_LITEPUB;
	return *style == RELAY_MASTODON || str_eq(object, fed->relay_uri);
}

static bool relay_account(struct incoming *in, struct social *s, struct account *out)
{
	return in->fed->relay_actor != 0 &&
	       account_get(s->txn, in->ctx->arena, in->fed->relay_actor, out);
}

bool relay_take_follow(struct incoming *in, struct social *s, const struct account *actor,
		       enum rc *rc)
{
	struct fed *fed = in->fed;
	struct account us;
	enum relay_style style;
	struct str uri = in->activity.id.ptr != NULL ? in->activity.id : STR("");
	if (is_relay_for(fed, in->activity.object_id, &style) && relay_account(in, s, &us)) {
		*rc = relay_admit(s, &us, actor, style, uri, in->relay_welcome);
		return true;
	}
	if (in->activity.object_id.ptr == NULL ||
	    !str_eq(in->activity.object_id, fed->instance_uri) ||
	    !account_get(s->txn, in->ctx->arena, fed->instance_actor, &us))
		return false;
	*rc = relay_followed_back(s, &us, actor, uri);
	return *rc != RC_DENIED;
}

bool relay_take_undo(struct incoming *in, struct social *s, const struct account *actor,
		     enum rc *rc)
{
	struct relay_subscriber subscriber;
	struct account us;
	enum relay_style style;
	if (in->inner_object.ptr != NULL && str_eq(in->inner_object, in->fed->instance_uri)) {
		if (!account_get(s->txn, in->ctx->arena, in->fed->instance_actor, &us))
			return false;
		*rc = act_unfollow(s, actor, &us);
		return true;
	}
	if (!relay_account(in, s, &us) ||
	    !relay_subscriber_get(s->txn, in->ctx->arena, actor->id, &subscriber))
		return false;
	bool named = in->inner_object.ptr != NULL
			     ? is_relay_for(in->fed, in->inner_object, &style) ||
				       str_eq(in->inner_object, us.uri)
			     : in->inner_id.ptr != NULL && str_eq(in->inner_id, subscriber.follow);
	if (!named)
		return false;
	*rc = relay_leave(s, &us, actor);
	return true;
}

/* --- passing on --- */

/* What an activity is known by among those that were passed on: a post by its own id, however it
 * came here. */
static struct str name_of(struct incoming *in)
{
	bool post = in->activity.type == AP_CREATE || in->activity.type == AP_ANNOUNCE;
	return arena_join(in->ctx->arena, STR("relayed "),
			  post ? in->activity.object_id : incoming_name(in));
}

static bool is_for_all(struct incoming *in, struct social *s, const struct account *actor)
{
	struct ap_reader reader = { in->ctx, in->fed->site->iri_flags };
	struct ap_audience *audience = ARENA_NEW(in->ctx->arena, struct ap_audience);
	struct relay_subscriber subscriber;
	if (audience == NULL || in->activity.object_id.ptr == NULL ||
	    !ap_same_origin(&reader, in->activity.object_id, actor->uri))
		return false;
	ap_audience_decode(&reader, in->activity.root, audience);
	/* in LitePub's style the subscriber itself announces what its people write */
	if (in->activity.type == AP_ANNOUNCE)
		return relay_subscriber_get(s->txn, in->ctx->arena, actor->id, &subscriber) &&
		       subscriber.style == RELAY_LITEPUB;
	return audience->public_to;
}

void relay_serve_on(struct incoming *in, struct social *s, const struct account *actor)
{
	const struct fed *fed = in->fed;
	enum ap_activity_type type = in->activity.type;
	struct account us;
	if (fed->relay_actor == 0 || fed->relay->serve == FED_RELAY_OFF ||
	    (type != AP_CREATE && type != AP_UPDATE && type != AP_DELETE && type != AP_ANNOUNCE) ||
	    !relay_subscribed_host(s->txn, actor->domain) || !is_for_all(in, s, actor) ||
	    !relay_account(in, s, &us) || !seen_add(s->txn, name_of(in), us.id))
		return;
	bool is_new = type == AP_CREATE, announced = type == AP_ANNOUNCE;
	if (!announced)
		relay_pass_on(s, &us, queue_add_body(s->txn, in->bytes), actor->domain,
			      is_new ? RELAY_TO(RELAY_MASTODON) : RELAY_TO_ALL);
	if (is_new || announced)
		relay_announce(s, &us, in->activity.object_id, actor->domain,
			       announced ? RELAY_TO_ALL : RELAY_TO(RELAY_LITEPUB));
}
