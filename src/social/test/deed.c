/* One act in a write of its own, and what it left. */
#include "deed.h"

#include "core/must.h"
#include "social/account.h"

static enum rc do_like(struct social *s, struct deed *d)
{
	return act_like(s, d->actor, d->status, d->uri);
}

static enum rc do_unlike(struct social *s, struct deed *d)
{
	return act_unlike(s, d->actor, d->status);
}

static enum rc do_boost(struct social *s, struct deed *d)
{
	return act_boost(s, d->actor, d->status, d->uri, 0, d->visibility, &d->made);
}

static enum rc do_unboost(struct social *s, struct deed *d)
{
	return act_unboost(s, d->actor, d->status);
}

static enum rc do_edit(struct social *s, struct deed *d)
{
	return act_edit(s, d->actor, d->changed);
}

static enum rc do_delete(struct social *s, struct deed *d)
{
	return act_delete(s, d->actor, d->status);
}

static enum rc do_receive(struct social *s, struct deed *d)
{
	return act_receive_post(s, d->actor, d->changed);
}

static enum rc do_follow(struct social *s, struct deed *d)
{
	return act_follow(s, d->actor, d->target, d->uri, &d->state);
}

static enum rc do_unfollow(struct social *s, struct deed *d)
{
	return act_unfollow(s, d->actor, d->target);
}

static enum rc do_accept(struct social *s, struct deed *d)
{
	return act_accept(s, d->actor, d->target);
}

static enum rc do_reject(struct social *s, struct deed *d)
{
	return act_reject(s, d->actor, d->target);
}

static enum rc do_block(struct social *s, struct deed *d)
{
	return act_block(s, d->actor, d->target, d->uri);
}

static enum rc do_unblock(struct social *s, struct deed *d)
{
	return act_unblock(s, d->actor, d->target);
}

static enum rc do_report(struct social *s, struct deed *d)
{
	return act_report(s, d->actor, d->target, 0, d->comment, d->objects, d->object_count,
			  d->uri);
}

static enum rc do_change(struct social *s, struct deed *d)
{
	return account_change(s, d->actor);
}

static enum rc do_suspend(struct social *s, struct deed *d)
{
	return account_suspend(s, &d->fresh, true);
}

static enum rc do_unsuspend(struct social *s, struct deed *d)
{
	return account_suspend(s, &d->fresh, false);
}

static enum rc do_remove(struct social *s, struct deed *d)
{
	return account_delete(s, &d->fresh);
}

static enum rc do_remove_finish(struct social *s, struct deed *d)
{
	return account_delete_finish(s, &d->fresh);
}

static enum rc (*const acts[])(struct social *s, struct deed *d) = {
	[DO_LIKE] = do_like,
	[DO_UNLIKE] = do_unlike,
	[DO_BOOST] = do_boost,
	[DO_UNBOOST] = do_unboost,
	[DO_EDIT] = do_edit,
	[DO_DELETE] = do_delete,
	[DO_RECEIVE] = do_receive,
	[DO_FOLLOW] = do_follow,
	[DO_UNFOLLOW] = do_unfollow,
	[DO_ACCEPT] = do_accept,
	[DO_REJECT] = do_reject,
	[DO_BLOCK] = do_block,
	[DO_UNBLOCK] = do_unblock,
	[DO_REPORT] = do_report,
	[DO_CHANGE] = do_change,
	[DO_SUSPEND] = do_suspend,
	[DO_UNSUSPEND] = do_unsuspend,
	[DO_REMOVE] = do_remove,
	[DO_REMOVE_FINISH] = do_remove_finish,
};

static enum rc deed_job(struct social *s, void *arg)
{
	struct deed *d = arg;
	if (!account_get(s->txn, s->ctx->arena, d->actor->id, &d->fresh))
		return RC_NOT_FOUND;
	enum rc rc = acts[d->verb](s, d);
	d->step = rc == RC_BUSY;
	return d->step ? RC_OK : rc;
}

enum rc deed_do(struct test_store *t, struct deed *deed)
{
	enum rc rc = test_store_try(t, deed_job, deed);
	return rc == RC_OK && deed->step ? RC_BUSY : rc;
}

enum rc deed_on_status(struct test_store *t, enum verb verb, const struct account *actor,
		       uint64_t status)
{
	struct deed deed = { .verb = verb, .actor = actor, .status = status, .uri = STR("") };
	if (!account_is_local(actor))
		deed.uri = arena_printf(t->d.arena, "%.*s/acts/%d-%llu", STR_ARG(actor->uri),
					(int)verb, (unsigned long long)status);
	return deed_do(t, &deed);
}

enum rc deed_on_account(struct test_store *t, enum verb verb, const struct account *actor,
			const struct account *target)
{
	struct deed deed = { .verb = verb, .actor = actor, .target = target, .uri = STR("") };
	if (!account_is_local(actor) && (verb == DO_FOLLOW || verb == DO_BLOCK))
		deed.uri = arena_printf(t->d.arena, "%.*s/acts/%d-%llu", STR_ARG(actor->uri),
					(int)verb, (unsigned long long)target->id);
	return deed_do(t, &deed);
}

struct federate deed_told(struct test_store *t, enum federate_what what)
{
	struct federate jobs[DEED_JOBS_MAX];
	size_t n = test_store_jobs(t, jobs, DEED_JOBS_MAX);
	assert_int_equal(n, 1);
	assert_int_equal(jobs[0].what, what);
	test_store_forget_jobs(t);
	return jobs[0];
}

void deed_told_nobody(struct test_store *t)
{
	struct federate jobs[DEED_JOBS_MAX];
	assert_int_equal(test_store_jobs(t, jobs, DEED_JOBS_MAX), 0);
}

void deed_noticed(struct test_store *t, const struct account *account, size_t count,
		  enum notice_kind kind, uint64_t from, uint64_t status)
{
	struct notice out[16];
	must(count != 0 && count <= ARRAY_LEN(out));
	assert_int_equal(test_store_notices(t, account->id, out, ARRAY_LEN(out)), count);
	assert_int_equal(out[0].kind, kind);
	assert_int_equal(out[0].from, from);
	assert_int_equal(out[0].status, status);
}

struct account_counts deed_account_counts(struct test_store *t, const struct account *account)
{
	struct db_txn *txn = test_store_read(t);
	struct account_counts counts = account_counts(txn, account->id);
	db_read_end(&txn);
	return counts;
}

struct status_counts deed_status_counts(struct test_store *t, uint64_t status)
{
	struct db_txn *txn = test_store_read(t);
	struct status_counts counts = status_counts(txn, status);
	db_read_end(&txn);
	return counts;
}

enum follow_state deed_follow_state(struct test_store *t, const struct account *follower,
				    const struct account *followee)
{
	struct db_txn *txn = test_store_read(t);
	enum follow_state state = follow_get(txn, follower->id, followee->id).state;
	db_read_end(&txn);
	return state;
}
