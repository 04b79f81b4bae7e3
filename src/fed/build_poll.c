/* Polls and votes between our rows and documents, both ways. Reads in the caller's transaction. */
#include "ap/write.h"
#include "poll_int.h"

_Static_assert(POLL_OPTIONS_MAX == AP_POLL_OPTIONS_MAX, "what is read can be kept");

/* --- in --- */

static void name_clean(struct ctx *ctx, struct poll_option *o)
{
	struct ctx quiet = { .arena = ctx->arena };
	struct str name;
	/* what cannot be cleaned cannot be shown; a vote for it could not be told either */
	if (text_clean(&quiet, o->name, POLL_NAME_CHARS, POLL_NAME_CHARS * 4, &name) != RC_OK)
		name = STR("?");
	o->name = name;
}

struct poll *remote_poll_make(struct ctx *ctx, const struct ap_poll *told, uint64_t now_ms)
{
	struct poll *out = ARENA_NEW(ctx->arena, struct poll);
	uint64_t sum = 0;
	if (told == NULL || out == NULL)
		return NULL;
	out->options = ARENA_ARRAY(ctx->arena, told->option_count, struct poll_option);
	if (out->options == NULL)
		return NULL;
	for (; out->option_count < told->option_count; out->option_count++) {
		struct poll_option *o = &out->options[out->option_count];
		*o = (struct poll_option){ told->options[out->option_count].name,
					   told->options[out->option_count].votes };
		name_clean(ctx, o);
		sum += o->votes;
	}
	out->flags = told->multiple ? POLL_MULTIPLE : 0U;
	out->ends_ms = told->ends_ms;
	if (told->closed || (told->closed_ms != 0 && told->closed_ms <= now_ms))
		out->closed_ms = told->closed_ms != 0 ? told->closed_ms : now_ms;
	/* Misskey tells votes alone: where each has one, they are the people */
	if (told->voters_known)
		out->voters = told->voters;
	else if (!told->multiple)
		out->voters = sum < UINT32_MAX ? (uint32_t)sum : UINT32_MAX;
	return out;
}

/* --- out --- */

const struct ap_poll *build_poll(struct db_txn *txn, struct ctx *ctx, const struct status *s)
{
	struct ap_poll *out;
	struct poll poll;
	if (!s->has_poll || !poll_get(txn, ctx->arena, s->id, &poll))
		return NULL;
	out = ARENA_NEW(ctx->arena, struct ap_poll);
	if (out == NULL)
		return NULL;
	/* what is secret until the end is told to nobody: a count of none, as of one that is new */
	bool told = (poll.flags & POLL_SECRET) == 0 || poll_is_over(&poll, db_txn_now(txn));
	for (unsigned i = 0; i < poll.option_count; i++)
		out->options[i] = (struct ap_poll_option){ poll.options[i].name,
							   told ? poll.options[i].votes : 0 };
	out->option_count = poll.option_count;
	out->multiple = (poll.flags & POLL_MULTIPLE) != 0;
	out->ends_ms = poll.ends_ms;
	out->closed_ms = poll.closed_ms;
	out->voters = poll.voters;
	return out;
}

enum rc build_vote(struct db_txn *txn, struct ctx *ctx, const struct federate *f,
		   const struct account *actor, const struct account *target, struct jw *w)
{
	const struct str to[] = { target->uri };
	struct status status;
	if (!status_get(txn, ctx->arena, f->status, &status))
		return RC_NOT_FOUND;
	const struct ap_vote vote = { f->uri, actor->uri, status.uri, f->object };
	ap_write_activity(w, &(struct ap_activity_view){
				     .id = arena_join(ctx->arena, f->uri, STR("/activity")),
				     .type = STR("Create"),
				     .actor = actor->uri,
				     .published_ms = f->at_ms,
				     .to = to,
				     .to_count = 1 });
	jw_name(w, "object");
	ap_write_vote(w, &vote, target->uri);
	jw_end(w);
	return RC_OK;
}
