/* Acts upon a person's own things, and pages of them. */
#include "own_int.h"

struct doing {
	uint64_t actor, target;
	own_act *act;
	enum own_kind kind;
	void *arg;
	bool again; /* a step was made, and there is another */
};

static enum rc own_job(struct social *s, void *arg)
{
	struct doing *d = arg;
	struct account actor, target;
	d->again = false;
	if (!account_get(s->txn, s->ctx->arena, d->actor, &actor) ||
	    (d->target != 0 &&
	     (!account_get(s->txn, s->ctx->arena, d->target, &target) || account_is_gone(&target))))
		return RC_NOT_FOUND;
	enum rc rc = d->act(s, &actor, d->target != 0 ? &target : NULL, d->arg);
	d->again = rc == RC_BUSY && db_txn_rc(s->txn) == RC_OK;
	if (d->again || (rc == RC_EXISTS && d->kind != OWN_MAKE) ||
	    (rc == RC_NOT_FOUND && d->kind == OWN_UNDO))
		return RC_OK;
	return rc;
}

enum rc own_do(struct call *call, enum own_kind kind, uint64_t target, own_act *act, void *arg)
{
	struct doing d = { .actor = call_account(call)->id,
			   .target = target,
			   .act = act,
			   .kind = kind,
			   .arg = arg };
	enum rc rc;
	do
		rc = call_write(call, own_job, &d);
	while (rc == RC_OK && d.again);
	return rc;
}

void reply_shelved_accounts(struct call *call, struct gather *g, const struct shelved *items,
			    size_t count, bool full)
{
	uint64_t *ids = ARENA_ARRAY(g->arena, count, uint64_t);
	struct jw *w = reply_begin(call);
	for (size_t i = 0; ids != NULL && i < count; i++)
		ids[i] = items[i].id;
	if (ids != NULL)
		gather_accounts(g, ids, count);
	jw_array(w);
	for (size_t i = 0; ids != NULL && i < count; i++) {
		const struct account_view *view = gather_account(g, ids[i]);
		if (view != NULL)
			render_account(w, call->api->parts.site, view);
	}
	jw_end(w);
	enum rc rc = gather_end(g, RC_OK);
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	reply_links(call, count != 0 ? items[0].order : 0, count != 0 ? items[count - 1].order : 0,
		    full);
	reply_end(call, 200);
}

void jw_member_time(struct jw *w, const char *name, uint64_t ms)
{
	if (ms != 0)
		jw_member_date(w, name, ms);
	else
		jw_member_null(w, name);
}
