/* The quarantine: what becomes of posts that are held. Inside write transactions. */
#include "core/must.h"
#include "sift_int.h"
#include "social/audit.h"
#include "store/node.h"

static enum rc held_load(struct social *s, const struct account *moderator, uint64_t id,
			 uint64_t seen_ms, struct sieve_mark *mark, struct status *status,
			 struct account *author)
{
	if (moderator != NULL &&
	    !role_permits(s->txn, s->ctx->arena, moderator->id, PERMISSION_MANAGE_REPORTS))
		return act_end(s, RC_DENIED);
	if (!sieve_mark_get(s->txn, s->ctx->arena, id, mark) || mark->state != SIEVE_WAITING)
		return act_end(s, RC_NOT_FOUND);
	if (mark->changed_ms > seen_ms)
		return act_end(s, ctx_fail(s->ctx, RC_CONFLICT,
					   "It was changed meanwhile: look at it once more"));
	return act_load(s, id, status, author);
}

static void decide(struct social *s, const struct account *moderator, struct sieve_mark *mark,
		   enum sieve_state state)
{
	mark->state = state;
	mark->decided_ms = db_txn_now(s->txn);
	mark->decided_by = moderator != NULL ? moderator->id : 0;
	sieve_mark_put(s->txn, mark);
}

static enum rc release(struct social *s, const struct account *moderator, uint64_t id,
		       uint64_t seen_ms)
{
	struct sieve_mark mark;
	struct status status;
	struct account author;
	enum rc rc = held_load(s, moderator, id, seen_ms, &mark, &status, &author);
	if (rc != RC_OK)
		return rc;
	/* it stays out of sight with its author, and waits for neither */
	if (account_is_gone(&author))
		return act_end(s, RC_GONE);
	sift_learn(s, &status, false, 1);
	decide(s, moderator, &mark, SIEVE_RELEASED);
	return mark.edited ? act_reveal_edit(s, &author, &status) : act_reveal(s, &author, &status);
}

static enum rc refuse(struct social *s, const struct account *moderator, uint64_t id,
		      uint64_t seen_ms)
{
	struct sieve_mark mark;
	struct status status;
	struct account author;
	enum rc rc = held_load(s, moderator, id, seen_ms, &mark, &status, &author);
	if (rc != RC_OK)
		return rc;
	sift_learn(s, &status, true, 1);
	/* an edit was held: what it was before is with peers, who are told of its end */
	if (account_is_local(&author) && mark.edited) {
		status.flags &= ~(unsigned)STATUS_HELD;
		status_edit(s->txn, &status);
		return act_delete(s, &author, id);
	}
	act_remove(s, id);
	if (account_is_local(&author))
		node_count(s->txn, 0, -1);
	return act_end(s, RC_OK);
}

enum rc held_release(struct social *s, const struct account *moderator, uint64_t id,
		     uint64_t seen_ms)
{
	enum rc rc = release(s, moderator, id, seen_ms);
	if (rc == RC_OK)
		audit(s, moderator, AUDIT_HELD_RELEASE, AUDIT_ABOUT(id));
	return rc;
}

enum rc held_refuse(struct social *s, const struct account *moderator, uint64_t id,
		    uint64_t seen_ms)
{
	enum rc rc = refuse(s, moderator, id, seen_ms);
	if (rc == RC_OK)
		audit(s, moderator, AUDIT_HELD_REFUSE, AUDIT_ABOUT(id));
	return rc;
}

enum rc held_expire(struct social *s, enum held_then then, uint64_t id)
{
	enum rc rc = then == HELD_THEN_RELEASE ? release(s, NULL, id, HELD_SEEN_ANY) : RC_GONE;
	/* or whoever wrote it is gone */
	return rc == RC_GONE ? refuse(s, NULL, id, HELD_SEEN_ANY) : rc;
}
