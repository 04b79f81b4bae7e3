/* Moving house. Inside transactions only. */
#include "social/move.h"

#include "act_int.h"
#include "core/must.h"
#include "db/rec.h"
#include "queue/queue.h"
#include "store/graph.h"

#define MOVE_VERSION 1
#define STEP_FOLLOWERS 50
#define STEP_EVERY_MS 500

bool account_has_alias(const struct account *account, struct str uri)
{
	for (unsigned i = 0; i < account->alias_count; i++) {
		if (str_eq(account->aliases[i], uri))
			return true;
	}
	return false;
}

/* --- what an account is also known as --- */

static enum rc alias_add(struct social *s, struct account *a, struct str uri)
{
	if (account_has_alias(a, uri))
		return RC_EXISTS;
	if (a->alias_count == ACCOUNT_ALIASES_MAX)
		return ctx_fail(s->ctx, RC_TOO_LARGE, "an account has %d other addresses at most",
				ACCOUNT_ALIASES_MAX);
	struct str *longer = ARENA_ARRAY(s->ctx->arena, ACCOUNT_ALIASES_MAX, struct str);
	if (longer == NULL)
		return RC_NO_MEMORY;
	for (unsigned i = 0; i < a->alias_count; i++)
		longer[i] = a->aliases[i];
	a->aliases = longer;
	a->aliases[a->alias_count++] = uri;
	return RC_OK;
}

static enum rc alias_del(struct account *a, struct str uri)
{
	unsigned kept = 0;
	for (unsigned i = 0; i < a->alias_count; i++) {
		if (!str_eq(a->aliases[i], uri))
			a->aliases[kept++] = a->aliases[i];
	}
	bool found = kept != a->alias_count;
	a->alias_count = kept;
	return found ? RC_OK : RC_NOT_FOUND;
}

enum rc move_alias(struct social *s, const struct account *account, struct str uri, bool listed)
{
	struct account next = *account;
	if (str_eq(uri, account->uri))
		return ctx_fail(s->ctx, RC_INVALID, "this is the account's own address");
	enum rc rc = listed ? alias_add(s, &next, uri) : alias_del(&next, uri);
	return rc == RC_OK ? account_change(s, &next) : act_end(s, rc);
}

/* --- the job --- */

static void move_job_add(struct social *s, const struct move *move, uint64_t due_ms)
{
	struct buf payload CLEANUP(buf_free) = BUF_INIT(64);
	rec_add_u8(&payload, MOVE_VERSION);
	rec_add_u64(&payload, move->old);
	rec_add_u64(&payload, move->target);
	rec_add_u64(&payload, move->after);
	must(!payload.failed);
	const struct queue_new job = {
		.kind = JOB_MOVE, .order = move->old, .payload = buf_str(&payload), .due_ms = due_ms
	};
	queue_add(s->txn, &job);
	s->enqueued = true;
}

bool move_decode(struct str payload, struct move *out)
{
	struct rec r = rec_open(payload);
	uint8_t version = rec_u8(&r);
	out->old = rec_u64(&r);
	out->target = rec_u64(&r);
	out->after = rec_u64(&r);
	return version == MOVE_VERSION && rec_ok(&r);
}

/* --- moving --- */

static enum rc move_allowed(struct social *s, const struct account *old,
			    const struct account *target)
{
	if (account_is_gone(old) || account_is_gone(target))
		return RC_GONE;
	if (old->id == target->id)
		return ctx_fail(s->ctx, RC_DENIED, "an account cannot move to itself");
	if (!account_has_alias(target, old->uri))
		return ctx_fail(s->ctx, RC_DENIED,
				"the new account does not say that it was this one");
	/* a chain or a ring of moves has no end that followers could be taken to */
	if (target->moved_to.len != 0)
		return ctx_fail(s->ctx, RC_DENIED, "the new account has moved itself");
	if (old->moved_ms == 0)
		return RC_OK;
	if (str_eq(old->moved_to, target->uri) && old->moved_account == target->id)
		return RC_EXISTS;
	if (db_txn_now(s->txn) - old->moved_ms < MOVE_EVERY_MS)
		return ctx_fail(s->ctx, RC_DENIED, "the account has moved within the last 30 days");
	return RC_OK;
}

static void tell_move(struct social *s, const struct account *old, const struct account *target)
{
	struct federate f = { .what = FEDERATE_MOVE,
			      .actor = old->id,
			      .target = target->id,
			      .visibility = VISIBILITY_FOLLOWERS,
			      .object = target->uri,
			      .at_ms = db_txn_now(s->txn) };
	f.uri = site_activity_uri(s->ctx->arena, old->uri, "moves", db_next_id(s->txn));
	federate_add(s, &f);
}

enum rc move_begin(struct social *s, const struct account *old, const struct account *target)
{
	struct account next = *old;
	enum rc rc = move_allowed(s, old, target);
	if (rc != RC_OK)
		return act_end(s, rc);
	next.moved_to = target->uri;
	next.moved_account = target->id;
	next.moved_ms = db_txn_now(s->txn);
	if (account_is_local(old)) {
		/* the document says so before the activity does */
		rc = account_change(s, &next);
		tell_move(s, &next, target);
		taken_ask(s, &next, target);
	} else if (!account_put(s->txn, s->ctx->arena, &next)) {
		rc = RC_NOT_FOUND;
	}
	if (rc == RC_OK)
		move_job_add(s, &(struct move){ .old = old->id, .target = target->id }, 0);
	return act_end(s, rc);
}

enum rc move_cancel(struct social *s, const struct account *account)
{
	struct account next = *account;
	if (account->moved_to.len == 0)
		return act_end(s, RC_NOT_FOUND);
	next.moved_to = STR("");
	next.moved_account = 0;
	return account_change(s, &next);
}

/* --- followers --- */

/* One who cannot follow the new account (a block) does not follow the old one any longer either:
 * there is nobody left. */
static enum rc take_along(struct social *s, const struct account *follower,
			  const struct account *old, const struct account *target)
{
	enum follow_state state;
	enum rc rc = RC_OK;
	if (follower->id != target->id &&
	    follow_get(s->txn, follower->id, target->id).state == FOLLOW_NONE)
		rc = act_follow(s, follower, target, STR(""), &state);
	if (rc == RC_OK)
		act_notify(s, follower, NOTICE_MOVE, target->id, 0);
	if (rc == RC_OK || rc == RC_DENIED || rc == RC_GONE)
		rc = act_unfollow(s, follower, old);
	return rc == RC_NOT_FOUND ? act_end(s, RC_OK) : rc;
}

enum rc move_step(struct social *s, const struct move *move)
{
	struct account old, target;
	struct move next = *move;
	uint64_t ids[STEP_FOLLOWERS];
	if (!account_get(s->txn, s->ctx->arena, move->old, &old) ||
	    !account_get(s->txn, s->ctx->arena, move->target, &target) || account_is_gone(&target))
		return act_end(s, RC_NOT_FOUND);
	size_t n =
		follow_followers(s->txn, old.id, move->after, FOLLOW_ACCEPTED, ids, STEP_FOLLOWERS);
	for (size_t i = 0; i < n; i++) {
		struct account follower;
		/* those of other hosts are told by their own */
		if (!account_get(s->txn, s->ctx->arena, ids[i], &follower) ||
		    !account_is_local(&follower))
			continue;
		enum rc rc = take_along(s, &follower, &old, &target);
		if (rc != RC_OK)
			return rc;
	}
	if (n == STEP_FOLLOWERS) {
		next.after = ids[n - 1];
		move_job_add(s, &next, db_txn_now(s->txn) + STEP_EVERY_MS);
	}
	return act_end(s, RC_OK);
}
