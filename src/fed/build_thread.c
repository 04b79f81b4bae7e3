/* What participants hear of a conversation of ours. Reads in the caller's transaction. */
#include "ap/write.h"
#include "fed_int.h"

/* FEP-7888, "Receiving an interaction with your context": the owner adds a post to it, or takes it out.
 * It is named, not shown: its own server tells what it says. */
enum rc build_context_add(struct db_txn *txn, struct ctx *ctx, const struct federate *f,
			  const struct account *actor, struct jw *w)
{
	const struct str to[] = { STR(AP_PUBLIC) };
	struct str cc[FEDERATE_EXTRA_MAX];
	unsigned count = 0;
	bool add = f->what == FEDERATE_CONTEXT_ADD;
	struct status reply;
	struct account hearer;
	if (!status_get(txn, ctx->arena, f->status, &reply))
		return RC_NOT_FOUND;
	for (unsigned i = 0; i < f->extra_count; i++) {
		if (account_get(txn, ctx->arena, f->extra[i], &hearer))
			cc[count++] = hearer.uri;
	}
	ap_write_activity(w, &(struct ap_activity_view){ .id = f->uri,
							 .type = add ? STR("Add") : STR("Remove"),
							 .actor = actor->uri,
							 .published_ms = f->at_ms,
							 .to = to,
							 .to_count = 1,
							 .cc = cc,
							 .cc_count = count });
	jw_member_str(w, "object", reply.uri);
	/* FEP-171b: enough of the target to be told from a profile's featured posts */
	jw_name(w, "target");
	jw_object(w);
	jw_member_str(w, "id", f->object);
	jw_member_str(w, "type", STR("OrderedCollection"));
	jw_member_str(w, "attributedTo", actor->uri);
	jw_end(w);
	jw_end(w);
	return RC_OK;
}
