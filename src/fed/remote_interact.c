/* What a peer's post says of its quote, its policy and its proofs. */
#include "interact_int.h"

static struct str or_empty(struct str s)
{
	return s.ptr != NULL ? s : STR("");
}

static enum rc policy_make(struct ctx *ctx, const struct ap_policy *from, struct policy *to)
{
	*to = (struct policy){ .entries =
				       ARENA_ARRAY(ctx->arena, from->count, struct policy_entry) };
	if (to->entries == NULL)
		return RC_NO_MEMORY;
	for (unsigned k = 1; k <= INTERACTION_KINDS; k++) {
		if ((from->given & (1U << k)) != 0)
			to->given |= interaction_bit((enum interaction_kind)k);
	}
	for (unsigned i = 0; i < from->count && to->count < POLICY_ENTRIES_MAX; i++) {
		const struct ap_policy_entry *e = &from->entries[i];
		to->entries[to->count++] = (struct policy_entry){
			.kind = (enum interaction_kind)e->kind,
			.manual = e->manual,
			.uri = str_eq(e->id, STR(AP_PUBLIC)) ? STR("") : e->id,
		};
	}
	return RC_OK;
}

enum rc remote_interactions_make(struct ctx *ctx, const struct ap_object *o, struct status *out)
{
	out->quote.uri = or_empty(o->quote);
	out->quote.authorization = or_empty(o->quote_authorization);
	out->approval.authorization = or_empty(o->reply_authorization);
	/* a post cannot quote itself */
	if (str_eq(out->quote.uri, out->uri))
		out->quote.uri = STR("");
	return policy_make(ctx, &o->policy, &out->policy);
}
