/* Handlers of Add and Remove: what an account shows first. */
#include "incoming_int.h"
#include "social/react.h"
#include "store/pin.h"

static bool is_own_target(struct incoming *in)
{
	struct account actor;
	struct db_txn *txn;
	if (db_read_begin(in->fed->db, &txn) != RC_OK)
		return false;
	bool own = account_get(txn, in->ctx->arena, in->signer, &actor) &&
		   incoming_owns_target(in, &actor);
	db_read_end(&txn);
	return own;
}

static bool is_unknown(struct incoming *in, struct str uri)
{
	struct db_txn *txn;
	if (db_read_begin(in->fed->db, &txn) != RC_OK)
		return false;
	bool unknown = uri_find(txn, uri).kind == URI_NONE;
	db_read_end(&txn);
	return unknown;
}

/* A post that is pinned is read at its origin, for those whom somebody here follows (S-061). */
enum rc prepare_featured(struct incoming *in)
{
	struct ap_reader reader = { in->ctx, in->fed->site->iri_flags };
	struct jr object = jr_one_at(in->activity.object, 0);
	in->hashtag = ap_hashtag(object);
	if (!is_own_target(in)) {
		if (incoming_next_row(in))
			return incoming_prepare_row(in);
		/* other collections (playlists, a community's) have no meaning here */
		in->row = NULL;
		return RC_OK;
	}
	if (in->hashtag.ptr != NULL)
		return RC_OK;
	if (in->activity.object_id.ptr == NULL)
		return ctx_fail(in->ctx, RC_INVALID, "the object has no id");
	if (!ap_same_origin(&reader, in->activity.object_id, in->activity.actor))
		return ctx_fail(in->ctx, RC_DENIED, "the object is not on its sender's host");
	if (in->activity.type == AP_ADD && !in->fetched && is_unknown(in, in->activity.object_id) &&
	    incoming_is_worth_a_fetch(in))
		in->need = in->activity.object_id;
	return RC_OK;
}

/* S-056: surplus ones, and names that are no hashtags here, are no fault that a sender could mend. */
static enum rc politely(enum rc rc)
{
	return rc == RC_TOO_LARGE || rc == RC_INVALID ? RC_NOT_FOUND : rc;
}

static enum rc feature(struct incoming *in, struct social *s, const struct account *actor,
		       bool shown)
{
	struct uri_entry entry;
	if (in->hashtag.ptr != NULL)
		return shown ? act_feature_tag(s, actor, in->hashtag)
			     : act_unfeature_tag(s, actor, in->hashtag);
	entry = uri_find(s->txn, in->activity.object_id);
	if (entry.kind != URI_STATUS)
		return RC_NOT_FOUND;
	return shown ? act_pin(s, actor, entry.id) : act_unpin(s, actor, entry.id);
}

enum rc apply_add(struct incoming *in, struct social *s, const struct account *actor)
{
	return politely(feature(in, s, actor, true));
}

enum rc apply_remove(struct incoming *in, struct social *s, const struct account *actor)
{
	return politely(feature(in, s, actor, false));
}
