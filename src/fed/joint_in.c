/*
 * Groups elsewhere that offer to own a community of this node together with its people, answer such an
 * offer, or end what was agreed. Each speaks for itself: the signer is one side of the relation, and a
 * community of this node the other; what stands in between is nobody's.
 */
#include "core/must.h"
#include "joint_fed_int.h"

/* The Relationship that an Offer is of: of the activity itself, or of the Offer inside it. */
static struct jr relation_of(struct incoming *in)
{
	struct jr object = jr_one_at(in->activity.object, 0);
	if (in->activity.type == AP_OFFER)
		return object;
	return jr_one_at(jr_get(object, "object"), 0);
}

const struct activity_row *joint_answer_row(struct incoming *in)
{
	struct arena *arena = in->ctx->arena;
	struct joint j;
	struct db_txn *txn;
	if (db_read_begin(in->fed->db, &txn) != RC_OK)
		return NULL;
	uint64_t community = joint_named(txn, in->signer);
	bool found = community != 0 && in->inner_id.ptr != NULL &&
		     joint_get(txn, arena, community, in->signer, &j) &&
		     str_eq(j.offer, in->inner_id);
	db_read_end(&txn);
	for (size_t i = 0; found && i < activity_table_count; i++) {
		const struct activity_row *row = &activity_table[i];
		if (row->type == in->activity.type && row->inner == AP_OFFER)
			return row;
	}
	return NULL;
}

enum rc prepare_joint(struct incoming *in)
{
	struct ap_reader reader = { in->ctx, in->fed->site->iri_flags };
	struct jr relation = relation_of(in);
	in->inner_id = in->activity.type == AP_OFFER ? in->activity.id : in->activity.object_id;
	if (jr_type(relation) != JR_OBJECT) {
		/* by its id alone: of what it was is kept */
		if (in->activity.type == AP_OFFER)
			in->row = NULL;
		return RC_OK;
	}
	/* other offers, of whatever, mean nothing here */
	if (!str_eq(jr_str(jr_get(relation, "relationship")), STR(JOINT_RELATIONSHIP))) {
		in->row = NULL;
		return RC_OK;
	}
	in->inner_actor = ap_id(&reader, jr_get(relation, "subject"));
	in->inner_object = ap_id(&reader, jr_get(relation, "object"));
	return RC_OK;
}

/* Where the signer tells what it has: on its own host, or nowhere. */
static struct str items_of(struct incoming *in, const struct account *actor)
{
	struct ap_reader reader = { in->ctx, in->fed->site->iri_flags };
	struct str items = ap_id(&reader, in->activity.instrument);
	return items.ptr != NULL && ap_same_origin(&reader, items, actor->uri) ? items : STR("");
}

/* The community of this node on the other side; signed_by is the signer's side. 0: none. */
static uint64_t other_side(struct incoming *in, struct social *s, const struct account *actor,
			   struct str signed_by, struct str other)
{
	if (signed_by.ptr == NULL)
		return joint_named(s->txn, actor->id);
	if (!str_eq(signed_by, actor->uri) || other.ptr == NULL ||
	    !site_owns_text(in->fed->site, other))
		return 0;
	return account_id_of_uri(s->txn, other);
}

enum rc apply_joint_offer(struct incoming *in, struct social *s, const struct account *actor)
{
	uint64_t community = other_side(in, s, actor, in->inner_actor, in->inner_object);
	if (community == 0 || in->inner_id.ptr == NULL || in->inner_actor.ptr == NULL)
		return RC_NOT_FOUND;
	enum rc rc = joint_offered(s, actor, community, in->inner_id, items_of(in, actor));
	return rc == RC_DENIED || rc == RC_EXISTS || rc == RC_TOO_LARGE || rc == RC_INVALID
		       ? RC_NOT_FOUND
		       : rc;
}

/* An answer is by whom the offer was made to. */
static enum rc answered(struct incoming *in, struct social *s, const struct account *actor,
			bool accepted)
{
	uint64_t community = other_side(in, s, actor, in->inner_object, in->inner_actor);
	if (community == 0 || in->inner_id.ptr == NULL)
		return RC_NOT_FOUND;
	enum rc rc =
		joint_answered(s, actor, community, in->inner_id, accepted, items_of(in, actor));
	return rc == RC_TOO_LARGE || rc == RC_INVALID ? RC_NOT_FOUND : rc;
}

enum rc apply_joint_accept(struct incoming *in, struct social *s, const struct account *actor)
{
	return answered(in, s, actor, true);
}

enum rc apply_joint_reject(struct incoming *in, struct social *s, const struct account *actor)
{
	return answered(in, s, actor, false);
}

enum rc apply_joint_undo(struct incoming *in, struct social *s, const struct account *actor)
{
	uint64_t community = other_side(in, s, actor, in->inner_actor, in->inner_object);
	return community != 0 ? joint_undone(s, actor, community) : RC_NOT_FOUND;
}
