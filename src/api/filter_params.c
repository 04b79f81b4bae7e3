/* Reading and writing filters as clients describe them. */
#include "filter_int.h"

#include "core/clock.h"

static enum rc contexts_read(struct call *call, const struct str_list *names, unsigned *out)
{
	*out = 0;
	for (size_t i = 0; i < names->count; i++) {
		enum filter_context context;
		if (!filter_context_parse(names->list[i], &context))
			return ctx_fail(call->ctx, RC_INVALID,
					"Context None or invalid context supplied");
		*out |= (unsigned)context;
	}
	return *out != 0 ? RC_OK
			 : ctx_fail(call->ctx, RC_INVALID,
				    "Context can't be blank, Context None or invalid context "
				    "supplied");
}

static enum rc expiry_read(struct call *call, struct str text, uint64_t *out)
{
	uint64_t seconds;
	*out = 0;
	if (text.len == 0)
		return RC_OK;
	if (!str_to_u64(text, &seconds) || seconds > UINT32_MAX * (uint64_t)100)
		return ctx_fail(call->ctx, RC_INVALID, "Expires in is not a number of seconds");
	*out = clock_wall_ms(call->api->parts.clock) + seconds * MS_PER_SECOND;
	return RC_OK;
}

enum rc filter_params_apply(struct call *call, const struct filter_params *p, struct filter *f)
{
	enum rc rc = RC_OK;
	if (p->title.ptr != NULL)
		f->title = p->title;
	if (p->contexts.given)
		rc = contexts_read(call, &p->contexts, &f->contexts);
	if (rc == RC_OK && p->action != NO_CHOICE)
		f->action = p->action == FILTER_ACTION_BLUR_MEDIA ? FILTER_BLUR
								  : (enum filter_action)p->action;
	if (rc == RC_OK && fields_find(&call->fields, STR("expires_in")) != NULL)
		rc = expiry_read(call, p->expires_in, &f->expires_ms);
	return rc;
}

/* --- reading --- */

enum rc filter_read(struct call *call, uint64_t id, struct filter *out)
{
	struct gather g;
	enum rc rc = gather_begin(&g, call);
	if (rc != RC_OK)
		return rc;
	bool there = filter_get(g.txn, g.arena, call->viewer.account, id, out);
	return gather_end(&g, there ? RC_OK : RC_NOT_FOUND);
}

enum rc filter_read_part(struct call *call, uint64_t id, struct filter_place *out)
{
	struct gather g;
	enum rc rc = gather_begin(&g, call);
	if (rc != RC_OK)
		return rc;
	bool there = filter_find_part(g.txn, g.arena, call->viewer.account, id, out);
	return gather_end(&g, there ? RC_OK : RC_NOT_FOUND);
}

/* --- writing --- */

static enum rc save(struct social *s, const struct account *actor,
		    const struct account *target UNUSED, void *arg)
{
	return act_filter_save(s, actor, arg);
}

enum rc filter_save(struct call *call, struct filter *f)
{
	return own_do(call, OWN_MAKE, 0, save, f);
}

static enum rc drop_part(struct social *s, const struct account *actor,
			 const struct account *target UNUSED, void *arg)
{
	struct filter_place *place = arg, again;
	uint64_t id = place->keyword != NULL ? place->keyword->id : place->status->id;
	/* as it is stored now: a write may run again */
	if (!filter_find_part(s->txn, s->ctx->arena, actor->id, id, &again))
		return RC_NOT_FOUND;
	return act_filter_drop_part(s, actor, &again);
}

enum rc filter_drop_part(struct call *call, struct filter_place *place)
{
	return own_do(call, OWN_MAKE, 0, drop_part, place);
}

void reply_filter_invalid(struct call *call, enum rc rc)
{
	struct buf text CLEANUP(buf_free) = BUF_INIT(512);
	if (rc != RC_INVALID && rc != RC_TOO_LARGE) {
		reply_rc(call, rc);
		return;
	}
	buf_addf(&text, "Validation failed: %s", err_text(&call->ctx->err));
	reply_error(call, 422, text.ptr != NULL ? text.ptr : "Validation failed");
}
