/* Voting in polls. On worker threads. */
#include "view_int.h"

#include "social/poll.h"

struct vote_params {
	struct str_list choices;
};

static const struct param vote_rows[] = { PARAM_STRS(struct vote_params, choices, "choices", 20) };
PARAM_TABLE(vote_params, struct vote_params, vote_rows);

struct voting {
	uint64_t account, status;
	const struct str_list *choices;
};

static enum rc vote_job(struct social *s, void *arg)
{
	const struct voting *v = arg;
	struct ballot ballots[POLL_OPTIONS_MAX];
	struct account actor;
	struct poll poll;
	uint64_t index;
	if (!account_get(s->txn, s->ctx->arena, v->account, &actor) ||
	    !poll_get(s->txn, s->ctx->arena, v->status, &poll))
		return RC_NOT_FOUND;
	if (v->choices->count == 0 || v->choices->count > POLL_OPTIONS_MAX)
		return ctx_fail(s->ctx, RC_INVALID, "choices is invalid");
	for (size_t i = 0; i < v->choices->count; i++) {
		if (!str_to_u64(v->choices->list[i], &index) || index >= poll.option_count)
			return ctx_fail(s->ctx, RC_INVALID,
					"The chosen vote option does not exist");
		ballots[i] = (struct ballot){ .name = poll.options[index].name };
	}
	return act_vote(s, &actor, v->status, ballots, (unsigned)v->choices->count);
}

/* Apps know a vote that does not count as one that is not valid, whyever. */
static void refuse(struct call *call, enum rc rc)
{
	const struct err *err = &call->ctx->err;
	if (err->rc == rc && (rc == RC_DENIED || rc == RC_EXISTS || rc == RC_INVALID))
		reply_error(call, 422,
			    arena_cstr(call->ctx->arena,
				       arena_printf(call->ctx->arena, "Validation failed: %s",
						    err_text(err))));
	else
		reply_rc(call, rc);
}

static void post_vote(struct call *call)
{
	const struct vote_params *p = call->params;
	struct voting v = { .account = call_account(call)->id, .choices = &p->choices };
	enum rc rc = call_target(call, &v.status);
	if (rc == RC_OK)
		rc = call_write(call, vote_job, &v);
	if (rc != RC_OK)
		refuse(call, rc);
	else
		reply_poll(call, v.status);
}

API_ROWS_BEGIN
static const struct api_route routes[] = {
	{ HTTP_POST, "/api/v1/polls/:id/votes", AUTH_USER, SCOPE(WRITE_STATUSES), RATE_COMMON,
	  &vote_params, post_vote },
};
API_ROWS_END
const struct api_route_table votes_api = { routes, ARRAY_LEN(routes) };
