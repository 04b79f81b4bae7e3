/* Making polls, changing them, taking what their servers tell. Inside transactions, but for
 * poll_compose(). */
#include "poll_int.h"

#include "act_int.h"
#include "core/must.h"

static bool has_option(const struct poll *p, struct str name)
{
	for (unsigned i = 0; i < p->option_count; i++) {
		if (str_eq(p->options[i].name, name))
			return true;
	}
	return false;
}

static enum rc option_compose(struct ctx *ctx, struct str text, struct poll *out)
{
	struct str name;
	enum rc rc = text_clean(ctx, str_trim(text), POLL_NAME_CHARS, POLL_NAME_CHARS * 4, &name);
	if (rc != RC_OK)
		return rc;
	if (name.len == 0)
		return ctx_fail(ctx, RC_INVALID, "an option of a poll is empty");
	if (has_option(out, name))
		return ctx_fail(ctx, RC_INVALID, "two options of the poll are the same: \"%.*s\"",
				STR_ARG(str_take(name, 80)));
	out->options[out->option_count++].name = name;
	return RC_OK;
}

enum rc poll_compose(struct ctx *ctx, const struct site *site, const struct poll_draft *draft,
		     struct poll **result)
{
	struct poll *out = ARENA_NEW(ctx->arena, struct poll);
	if (draft->option_count < 2 || draft->option_count > site->poll_max_options)
		return ctx_fail(ctx, RC_INVALID, "a poll has 2 to %u options",
				(unsigned)site->poll_max_options);
	if (draft->lasts_ms < POLL_SHORTEST_MS || draft->lasts_ms > POLL_LONGEST_MS)
		return ctx_fail(ctx, RC_INVALID, "a poll lasts from 5 minutes to 366 days");
	if (out != NULL)
		out->options = ARENA_ARRAY(ctx->arena, draft->option_count, struct poll_option);
	if (out == NULL || out->options == NULL)
		return ctx_fail(ctx, RC_NO_MEMORY, "the poll is too large");
	out->flags = POLL_COUNTED | (draft->multiple ? POLL_MULTIPLE : 0U) |
		     (draft->secret ? POLL_SECRET : 0U);
	out->ends_ms = draft->lasts_ms;
	out->reset = draft->reset;
	for (unsigned i = 0; i < draft->option_count; i++) {
		enum rc rc = option_compose(ctx, draft->options[i], out);
		if (rc != RC_OK)
			return rc;
	}
	*result = out;
	return RC_OK;
}

void poll_begin(struct social *s, const struct status *status)
{
	/* the job may run again: what was composed stays as it is */
	struct poll poll = *status->poll;
	poll.ends_ms += db_txn_now(s->txn);
	poll_put(s->txn, status->id, &poll);
	poll_end_later(s, status->id, poll.ends_ms);
}

void poll_import(struct social *s, const struct status *status)
{
	if (status->poll == NULL)
		return;
	struct poll poll = *status->poll;
	if (poll.closed_ms == 0)
		poll.closed_ms = poll.ends_ms != 0 && poll.ends_ms < db_txn_now(s->txn)
					 ? poll.ends_ms
					 : db_txn_now(s->txn);
	poll_put(s->txn, status->id, &poll);
}

bool poll_is_stale(const struct poll *poll, uint64_t now_ms)
{
	return (poll->flags & POLL_COUNTED) == 0 && poll->closed_ms == 0 && poll->ends_ms != 0 &&
	       poll->ends_ms <= now_ms && poll->told_ms < poll->ends_ms;
}

static bool is_same_ballot(const struct poll *a, const struct poll *b)
{
	if (a->option_count != b->option_count ||
	    ((a->flags ^ b->flags) & (unsigned)POLL_MULTIPLE) != 0)
		return false;
	for (unsigned i = 0; i < a->option_count; i++) {
		if (!str_eq(a->options[i].name, b->options[i].name))
			return false;
	}
	return true;
}

enum rc poll_change(struct social *s, const struct status *status, const struct poll *next)
{
	struct poll now, poll = *next;
	if (!poll_get(s->txn, s->ctx->arena, status->id, &now))
		return act_end(s, ctx_fail(s->ctx, RC_INVALID, "the post has no poll"));
	if (poll_is_over(&now, db_txn_now(s->txn)))
		return ctx_fail(s->ctx, RC_DENIED, "the poll has ended");
	poll.ends_ms += db_txn_now(s->txn);
	if (is_same_ballot(&now, &poll)) {
		now.ends_ms = poll.ends_ms;
		now.flags =
			(now.flags & ~(unsigned)POLL_SECRET) | (poll.flags & (unsigned)POLL_SECRET);
		poll = now;
	} else if (now.voters != 0 && !next->reset) {
		return ctx_fail(s->ctx, RC_CONFLICT,
				"other options take %u votes away: that must be said", now.voters);
	} else {
		poll.flags |= now.flags & POLL_TELLING;
		poll_votes_del(s->txn, status->id, &poll);
	}
	poll_put(s->txn, status->id, &poll);
	poll_end_later(s, status->id, poll.ends_ms);
	return act_end(s, RC_OK);
}

enum rc poll_take(struct social *s, const struct status *status, const struct poll *told)
{
	struct poll now, next = *told;
	bool known = poll_get(s->txn, s->ctx->arena, status->id, &now);
	uint64_t one;
	if (known && (now.flags & POLL_COUNTED) != 0)
		return RC_DENIED;
	next.told_ms = db_txn_now(s->txn);
	if (known && !is_same_ballot(&now, &next))
		poll_votes_del(s->txn, status->id, &next);
	else if (known && now.closed_ms != 0)
		next.closed_ms = now.closed_ms; /* it opens no more: its end is told once */
	if (known)
		next.flags |= now.flags & POLL_WATCHED;
	/* closed before its time: who waits for the end hears of it now */
	if (known && now.closed_ms == 0 && next.closed_ms != 0 && (now.flags & POLL_WATCHED) != 0)
		poll_end_later(s, status->id, next.told_ms);
	/* who has voted here hears of the end, also when there was none before */
	if (next.ends_ms > next.told_ms && poll_voters(s->txn, status->id, 0, &one, 1) != 0)
		poll_watch(s, status->id, &next);
	poll_put(s->txn, status->id, &next);
	return act_end(s, RC_OK);
}
