/* A partner tells that there is something in its ledger (an Update of it). */
#include "ledger_fed_int.h"
#include "store/joint.h"

enum rc prepare_ledger(struct incoming *in)
{
	struct ledger_sum sum;
	struct db_txn *txn;
	bool mine = false;
	if (ledger_head_read(jr_one_at(in->activity.object, 0), &sum) &&
	    db_read_begin(in->fed->db, &txn) == RC_OK) {
		mine = joint_community(txn, in->signer) != 0;
		db_read_end(&txn);
	}
	if (mine)
		return RC_OK;
	if (incoming_next_row(in))
		return incoming_prepare_row(in);
	in->row = NULL;
	return RC_OK;
}

enum rc apply_ledger(struct incoming *in, struct social *s, const struct account *actor)
{
	const struct ap_reader reader = { in->ctx, in->fed->site->iri_flags };
	struct ledger_sum sum;
	if (in->activity.object_id.ptr == NULL ||
	    !ledger_head_read(jr_one_at(in->activity.object, 0), &sum) ||
	    !ap_same_origin(&reader, in->activity.object_id, actor->uri))
		return RC_INVALID;
	return ledger_told(s, actor, in->activity.object_id, &sum);
}
