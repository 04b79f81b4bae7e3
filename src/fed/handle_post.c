/* Handlers of what people read: posts, edits, deletions, profiles, boosts. */
#include "core/must.h"
#include "event_int.h"
#include "interact_int.h"
#include "joint_fed_int.h"
#include "relay_int.h"
#include "social/account.h"
#include "social/collection.h"
#include "store/uri.h"

/* --- posts --- */

bool incoming_is_known(struct fed *fed, struct str uri)
{
	struct db_txn *txn;
	if (db_read_begin(fed->db, &txn) != RC_OK)
		return false;
	bool known = !uri_is_free(uri_find(txn, uri)) || status_of_origin(txn, uri) != 0;
	db_read_end(&txn);
	return known;
}

bool incoming_is_followed(struct fed *fed, uint64_t account)
{
	struct db_txn *txn;
	uint64_t one;
	if (db_read_begin(fed->db, &txn) != RC_OK)
		return false;
	bool followed = follow_followers(txn, account, 0, FOLLOW_ACCEPTED, &one, 1) != 0;
	db_read_end(&txn);
	return followed;
}

/* An address of ours that leads to nobody is no reason to fetch anything. */
static bool is_person_here(struct fed *fed, struct str uri)
{
	struct db_txn *txn;
	if (!site_owns_text(fed->site, uri) || db_read_begin(fed->db, &txn) != RC_OK)
		return false;
	bool here = account_id_of_uri(txn, uri) != 0;
	db_read_end(&txn);
	return here;
}

/* What is said about a post that moved here, by whoever still knows it under its old id. */
static bool is_about_moved(struct incoming *in, const struct ap_reader *reader)
{
	struct jr object = jr_one_at(in->activity.object, 0);
	const struct str about[] = { in->activity.object_id,
				     ap_id(reader, jr_get(object, "object")),
				     ap_id(reader, jr_get(object, "inReplyTo")) };
	bool found = false;
	struct db_txn *txn;
	if (db_read_begin(in->fed->db, &txn) != RC_OK)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(about) && !found; i++)
		found = about[i].len != 0 && status_of_origin(txn, about[i]) != 0;
	db_read_end(&txn);
	return found;
}

bool incoming_is_worth_a_fetch(struct incoming *in)
{
	struct ap_reader reader = { in->ctx, in->fed->site->iri_flags };
	struct ap_audience *audience = ARENA_NEW(in->ctx->arena, struct ap_audience);
	if (audience == NULL)
		return false;
	ap_audience_decode(&reader, in->activity.root, audience);
	for (unsigned i = 0; i < audience->count; i++) {
		if (is_person_here(in->fed, audience->ids[i]))
			return true;
	}
	return incoming_is_followed(in->fed, in->signer) || is_about_moved(in, &reader);
}

/* S-027: an embedded object counts when it is on its sender's own host; else only its origin can
 * tell it. */
enum rc prepare_post(struct incoming *in)
{
	struct ap_reader reader = { in->ctx, in->fed->site->iri_flags };
	struct jr object = jr_one_at(in->activity.object, 0);
	if (in->activity.object_id.ptr == NULL)
		return ctx_fail(in->ctx, RC_INVALID, "the object has no id");
	if (!ap_same_origin(&reader, in->activity.object_id, in->activity.actor))
		return ctx_fail(in->ctx, RC_DENIED, "the object is not on its sender's host");
	if (jr_type(object) == JR_STRING) {
		if (!in->fetched && incoming_is_worth_a_fetch(in))
			in->need = in->activity.object_id;
		return RC_OK;
	}
	enum rc rc = ap_object_decode(&reader, object, &in->object);
	if (rc == RC_UNSUPPORTED) {
		in->row = NULL; /* a type without meaning here: accepted and counted like any other
				   unknown */
		return RC_OK;
	}
	return rc == RC_OK ? remote_status_make(in->ctx, in->fed, in->object, &in->status) : rc;
}

/* Does anybody here care? Followers, those who are addressed, the thread's people. */
static bool is_relevant(struct incoming *in, struct social *s, const struct account *author)
{
	uint64_t one;
	/* a group that is followed here says that it is its */
	if (in->told_by != 0)
		return true;
	if (follow_followers(s->txn, author->id, 0, FOLLOW_ACCEPTED, &one, 1) != 0)
		return true;
	for (unsigned i = 0; i < in->status.mention_count; i++) {
		if (site_owns_text(in->fed->site, in->status.mentions[i].uri) &&
		    account_id_of_uri(s->txn, in->status.mentions[i].uri) != 0)
			return true;
	}
	if (in->status.quote.uri.len != 0 && site_owns_text(in->fed->site, in->status.quote.uri) &&
	    uri_find(s->txn, in->status.quote.uri).kind == URI_STATUS)
		return true;
	return status_named(s->txn, in->status.parent_uri) != 0;
}

enum rc apply_create(struct incoming *in, struct social *s, const struct account *actor)
{
	struct uri_entry entry = uri_find(s->txn, in->activity.object_id);
	struct joint_copy copy;
	if (in->object == NULL) /* it was fetched by its id, or cannot be had */
		return entry.kind == URI_STATUS ? RC_OK : RC_NOT_FOUND;
	/* its author speaks: what was known by a partner's word alone is read there */
	if (entry.kind == URI_STATUS && joint_copy_get(s->txn, entry.id, &copy)) {
		joint_ask_again(s, &copy, in->object->id);
		return RC_OK;
	}
	if (!uri_is_free(entry) || seen_has(s->txn, in->object->id, actor->id))
		return RC_EXISTS;
	in->status.account = actor->id;
	in->status.visibility = remote_visibility(&in->object->audience, actor->followers);
	if (!is_relevant(in, s, actor))
		return RC_NOT_FOUND;
	enum rc rc = act_receive_post(s, actor, &in->status);
	if (rc == RC_OK && (in->status.flags & STATUS_RAW_KEPT) != 0)
		status_raw_put(s->txn, in->status.id, in->bytes);
	const struct status_hints hints = remote_hints(in->object);
	if (rc == RC_OK) {
		remote_post_stored(s, &in->status, &hints);
		forward_on(in, s, actor);
	}
	return rc;
}

static uint64_t later(uint64_t now, uint64_t before)
{
	return now > before ? now : before + 1;
}

/* A consent that came or went changes the quote and not the text; an older version does not come
 * back (S-022). */
static enum rc update_retold(struct incoming *in, struct social *s, const struct account *actor,
			     const struct status *next)
{
	struct str name = incoming_name(in);
	if (seen_has(s->txn, name, actor->id))
		return RC_EXISTS;
	enum rc rc = act_retold(s, actor, next->id, &next->quote, &next->policy);
	if (rc == RC_OK)
		seen_add(s->txn, name, actor->id);
	return rc;
}

enum rc apply_update(struct incoming *in, struct social *s, const struct account *actor)
{
	struct status stored;
	struct joint_copy copy;
	if (in->object == NULL)
		return RC_NOT_FOUND;
	if (!status_find_uri(s->txn, in->ctx->arena, in->object->id, &stored) ||
	    joint_copy_get(s->txn, stored.id, &copy))
		return apply_create(in, s, actor);
	enum rc rc;
	if (apply_counts(in, s, actor, &stored, &rc) ||
	    apply_attendance(in, s, actor, &stored, &rc))
		return rc;
	struct status next = in->status;
	next.id = stored.id;
	/* where a server tells no time of the edit, it is newer than what came before, once (S-022)
	 */
	bool timeless = next.edited_ms == 0;
	if (timeless && seen_has(s->txn, incoming_name(in), actor->id))
		return RC_EXISTS;
	if (is_retold(s, &stored, &next))
		return update_retold(in, s, actor, &next);
	if (timeless)
		next.edited_ms = later(db_txn_now(s->txn), stored.edited_ms);
	rc = act_edit(s, actor, &next);
	/* the counts of a poll that come again would be taken: they have no time */
	if (rc == RC_OK && (timeless || next.poll != NULL))
		seen_add(s->txn, incoming_name(in), actor->id);
	if (rc == RC_OK && (next.flags & STATUS_RAW_KEPT) != 0)
		status_raw_put(s->txn, next.id, in->bytes);
	const struct status_hints hints = remote_hints(in->object);
	if (rc == RC_OK)
		hint_tell(s->txn, next.id, &hints);
	return rc;
}

static enum rc delete_actor(struct social *s, const struct account *actor)
{
	enum rc rc = account_delete(s, actor);
	/* many rows: gone from view now, and a job goes on */
	return rc == RC_BUSY ? RC_OK : rc;
}

enum rc apply_delete(struct incoming *in, struct social *s, const struct account *actor)
{
	struct str id = in->activity.object_id;
	struct uri_entry entry = uri_find(s->txn, id);
	if (str_eq(id, actor->uri))
		return delete_actor(s, actor);
	if (entry.kind == URI_STATUS)
		return act_delete(s, actor, entry.id);
	enum rc rc = apply_revocation(in, s, actor);
	if (rc == RC_NOT_FOUND)
		rc = act_collection_withdrawn(s, actor, id);
	if (rc != RC_NOT_FOUND)
		return rc;
	if (!uri_is_free(entry))
		return RC_EXISTS;
	/* S-125: a deletion that comes before what it deletes is remembered, as this actor's word
	 * and nobody else's (S-019) */
	return seen_add(s->txn, id, actor->id) ? RC_OK : RC_EXISTS;
}

/* --- profiles --- */

enum rc prepare_profile(struct incoming *in)
{
	struct ap_reader reader = { in->ctx, in->fed->site->iri_flags };
	return ap_actor_decode(&reader, jr_one_at(in->activity.object, 0), &in->profile);
}

enum rc apply_profile(struct incoming *in, struct social *s, const struct account *actor UNUSED)
{
	uint64_t id;
	return remote_account_put(s, &in->profile, STR_NONE, STR(""), &id);
}

/* --- boosts --- */

/* S-028: what is boosted is read at its origin, never from the boost; and only for boosters whom
 * somebody here follows. */
enum rc prepare_boost(struct incoming *in)
{
	if (in->activity.object_id.ptr == NULL)
		return ctx_fail(in->ctx, RC_INVALID, "the object has no id");
	if (in->activity.id.ptr == NULL)
		return ctx_fail(in->ctx, RC_INVALID, "a boost needs an id");
	if (!in->fetched && !incoming_is_known(in->fed, in->activity.object_id) &&
	    !site_owns_text(in->fed->site, in->activity.object_id) &&
	    (incoming_is_followed(in->fed, in->signer) ||
	     (relay_is_ours(in->fed, in->signer) &&
	      relay_may_fetch(in->fed, in->activity.object_id, false))))
		in->need = in->activity.object_id;
	return RC_OK;
}

enum rc apply_boost(struct incoming *in, struct social *s, const struct account *actor)
{
	struct ap_reader reader = { in->ctx, in->fed->site->iri_flags };
	struct ap_audience *audience = ARENA_NEW(in->ctx->arena, struct ap_audience);
	uint64_t boosted = status_named(s->txn, in->activity.object_id);
	struct uri_entry itself = uri_find(s->txn, in->activity.id);
	enum rc rc;
	if (relay_take_announce(in, s, actor, &rc))
		return rc;
	if (audience == NULL)
		return RC_NO_MEMORY;
	if (!uri_is_free(itself))
		return RC_EXISTS;
	if (boosted == 0)
		return RC_NOT_FOUND;
	if (actor->kind == ACCOUNT_GROUP &&
	    announced_plainly(s, actor, boosted, in->activity.id, &rc))
		return rc;
	s->proof = ap_authorization_of(&reader, in->activity.root, AP_INTERACTION_ANNOUNCE);
	ap_audience_decode(&reader, in->activity.root, audience);
	uint64_t published = in->activity.published_ms, now = db_txn_now(s->txn);
	return act_boost(s, actor, boosted, in->activity.id, published < now ? published : now,
			 remote_visibility(audience, actor->followers), NULL);
}
