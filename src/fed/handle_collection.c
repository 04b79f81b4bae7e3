/* Handlers of collections of accounts (FEP-7aa9): changes, requests, answers. What a collection holds
 * is read at its origin, whatever the activity shows. */
#include "collection_int.h"
#include "store/graph.h"

#define REQUESTS "#feature_requests/"

/* --- changes --- */

static struct str target_of(const struct incoming *in)
{
	const struct ap_reader reader = { in->ctx, in->fed->site->iri_flags };
	return ap_id(&reader, in->activity.target);
}

/* Is it known, and the actor's? */
static bool is_own(struct incoming *in, struct db_txn *txn, const struct account *actor,
		   struct str uri)
{
	struct collection c;
	return uri.len != 0 && collection_find_uri(txn, in->ctx->arena, uri, &c) &&
	       c.account == actor->id;
}

/* To the list of the actor's collections, or to one of them; an item says so of itself. */
static bool is_about_collection(struct incoming *in, struct db_txn *txn,
				const struct account *actor)
{
	const struct ap_reader reader = { in->ctx, in->fed->site->iri_flags };
	struct ap_featured_item item;
	struct jr object = jr_one_at(in->activity.object, 0);
	struct str target = target_of(in);
	if (target.len == 0)
		return false;
	if (str_eq(target, actor->featured_collections) || is_own(in, txn, actor, target))
		return true;
	return in->activity.type == AP_ADD && ap_featured_item_decode(&reader, object, &item) &&
	       ap_same_origin(&reader, target, actor->uri);
}

enum rc prepare_collection(struct incoming *in)
{
	struct account actor;
	struct db_txn *txn;
	bool fits = false;
	if (db_read_begin(in->fed->db, &txn) == RC_OK) {
		fits = account_get(txn, in->ctx->arena, in->signer, &actor) &&
		       is_about_collection(in, txn, &actor);
		db_read_end(&txn);
	}
	if (fits)
		return RC_OK;
	if (incoming_next_row(in))
		return incoming_prepare_row(in);
	in->row = NULL;
	return RC_OK;
}

void collection_ask(struct social *s, const struct account *owner, struct str uri)
{
	struct ctx quiet = { .arena = s->ctx->arena };
	struct iri iri;
	if (iri_parse(&quiet, uri, s->site->iri_flags, &iri) == RC_OK)
		inbox_job_add(s, INBOX_COLLECTION, iri.authority, iri.text, STR(""), owner->id,
			      STR(""));
}

/* Somebody here follows the actor, or is in it. */
static enum rc read_again(struct incoming *in, struct social *s, const struct account *actor,
			  struct str uri)
{
	const struct ap_reader reader = { in->ctx, in->fed->site->iri_flags };
	struct collection c;
	uint64_t one;
	if (!ap_same_origin(&reader, uri, actor->uri))
		return RC_DENIED;
	bool known = collection_find_uri(s->txn, in->ctx->arena, uri, &c);
	if (known && c.account != actor->id)
		return RC_DENIED;
	if (!known && follow_followers(s->txn, actor->id, 0, FOLLOW_ACCEPTED, &one, 1) == 0)
		return RC_NOT_FOUND;
	collection_ask(s, actor, uri);
	return db_txn_rc(s->txn);
}

/* At once: its Remove, which names the item by its id, may come before the collection was read. */
static void name_item(struct incoming *in, struct social *s, const struct account *actor,
		      struct str collection)
{
	const struct ap_reader reader = { in->ctx, in->fed->site->iri_flags };
	struct ap_featured_item item;
	if (ap_featured_item_decode(&reader, jr_one_at(in->activity.object, 0), &item) &&
	    item.id.ptr != NULL && item.object.ptr != NULL)
		act_collection_item_named(s, actor, collection, item.object, item.id);
}

enum rc apply_collection_add(struct incoming *in, struct social *s, const struct account *actor)
{
	struct str target = target_of(in);
	bool whole = str_eq(target, actor->featured_collections);
	if (whole && in->activity.object_id.ptr == NULL)
		return RC_INVALID;
	if (!whole)
		name_item(in, s, actor, target);
	return read_again(in, s, actor, whole ? in->activity.object_id : target);
}

enum rc apply_collection_remove(struct incoming *in, struct social *s, const struct account *actor)
{
	const struct ap_reader reader = { in->ctx, in->fed->site->iri_flags };
	struct str target = target_of(in), object = in->activity.object_id;
	if (object.ptr == NULL)
		object =
			ap_id(&reader, jr_get(jr_one_at(in->activity.object, 0), "featuredObject"));
	if (object.ptr == NULL)
		return RC_INVALID;
	return str_eq(target, actor->featured_collections)
		       ? act_collection_dropped(s, actor, object)
		       : act_collection_item_dropped(s, actor, target, object);
}

enum rc apply_collection_update(struct incoming *in, struct social *s, const struct account *actor)
{
	if (in->activity.object_id.ptr == NULL ||
	    !ap_is_featured(jr_one_at(in->activity.object, 0)))
		return RC_NOT_FOUND;
	return read_again(in, s, actor, in->activity.object_id);
}

/* --- requests and answers --- */

enum rc apply_feature_request(struct incoming *in, struct social *s, const struct account *actor)
{
	const struct ap_reader reader = { in->ctx, in->fed->site->iri_flags };
	struct str collection = ap_id(&reader, jr_one_at(in->activity.instrument, 0));
	struct account account;
	if (in->activity.id.ptr == NULL || in->activity.object_id.ptr == NULL ||
	    collection.ptr == NULL)
		return RC_INVALID;
	if (!account_find_uri(s->txn, in->ctx->arena, in->activity.object_id, &account) ||
	    !account_is_local(&account) || account_is_gone(&account))
		return RC_NOT_FOUND;
	enum rc rc = act_collection_requested(s, actor, &account, collection, in->activity.id);
	/* who asks is shown by name */
	if (rc == RC_OK)
		collection_ask(s, actor, collection);
	return rc == RC_TOO_LARGE ? RC_NOT_FOUND : rc;
}

const struct activity_row *feature_answer_row(struct incoming *in)
{
	struct str id = in->activity.object_id;
	if (id.ptr == NULL || !site_owns_text(in->fed->site, id) ||
	    !str_contains(id, STR(REQUESTS)))
		return NULL;
	for (size_t i = 0; i < activity_table_count; i++) {
		const struct activity_row *row = &activity_table[i];
		if (row->type == in->activity.type && row->inner == AP_FEATURE_REQUEST)
			return row;
	}
	return NULL;
}

enum rc apply_feature_accept(struct incoming *in, struct social *s, const struct account *actor)
{
	const struct ap_reader reader = { in->ctx, in->fed->site->iri_flags };
	struct str proof = ap_id(&reader, jr_one_at(in->activity.result, 0));
	if (in->activity.object_id.ptr == NULL || proof.ptr == NULL)
		return RC_INVALID;
	return act_collection_answered(s, actor, in->activity.object_id, true, proof);
}

enum rc apply_feature_reject(struct incoming *in, struct social *s, const struct account *actor)
{
	if (in->activity.object_id.ptr == NULL)
		return RC_INVALID;
	return act_collection_answered(s, actor, in->activity.object_id, false, STR(""));
}
