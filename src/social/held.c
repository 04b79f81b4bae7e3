/* The quarantine: what becomes of posts that are held. Inside write transactions. */
#include "core/must.h"
#include "sift_int.h"
#include "social/audit.h"
#include "store/node.h"

struct holding {
	struct sieve_mark mark;
	struct status status;
	struct account author;
};

static enum rc held_load(struct social *s, const struct account *moderator, uint64_t id,
			 uint64_t seen_ms, struct holding *h)
{
	if (moderator != NULL &&
	    !role_permits(s->txn, s->ctx->arena, moderator->id, PERMISSION_MANAGE_REPORTS))
		return act_end(s, RC_DENIED);
	if (!sieve_mark_get(s->txn, s->ctx->arena, id, &h->mark) || h->mark.state != SIEVE_WAITING)
		return act_end(s, RC_NOT_FOUND);
	if (h->mark.changed_ms > seen_ms)
		return act_end(s, ctx_fail(s->ctx, RC_CONFLICT,
					   "It was changed meanwhile: look at it once more"));
	return act_load(s, id, &h->status, &h->author);
}

static enum rc release(struct social *s, struct holding *h)
{
	h->mark.state = SIEVE_RELEASED;
	sieve_mark_put(s->txn, &h->mark);
	return h->mark.edited ? act_reveal_edit(s, &h->author, &h->status)
			      : act_reveal(s, &h->author, &h->status);
}

static enum rc refuse(struct social *s, struct holding *h)
{
	uint64_t id = h->status.id;
	/* an edit was held: what it was before is with peers, who are told of its end */
	if (account_is_local(&h->author) && h->mark.edited) {
		h->status.flags &= ~(unsigned)STATUS_HELD;
		status_edit(s->txn, &h->status);
		return act_delete(s, &h->author, id);
	}
	act_remove(s, id);
	if (account_is_local(&h->author))
		node_count(s->txn, 0, -1);
	return act_end(s, RC_OK);
}

enum rc held_release(struct social *s, const struct account *moderator, uint64_t id,
		     uint64_t seen_ms)
{
	struct holding h;
	enum rc rc = held_load(s, moderator, id, seen_ms, &h);
	if (rc != RC_OK)
		return rc;
	/* it stays out of sight with its author, and waits for neither */
	if (account_is_gone(&h.author))
		return act_end(s, RC_GONE);
	sift_learn(s, &h.status, false, 1);
	h.mark.decided_ms = db_txn_now(s->txn);
	h.mark.decided_by = moderator != NULL ? moderator->id : 0;
	rc = release(s, &h);
	if (rc == RC_OK)
		audit(s, moderator, AUDIT_HELD_RELEASE, AUDIT_ABOUT(id));
	return rc;
}

enum rc held_refuse(struct social *s, const struct account *moderator, uint64_t id,
		    uint64_t seen_ms)
{
	struct holding h;
	enum rc rc = held_load(s, moderator, id, seen_ms, &h);
	if (rc != RC_OK)
		return rc;
	sift_learn(s, &h.status, true, 1);
	rc = refuse(s, &h);
	if (rc == RC_OK)
		audit(s, moderator, AUDIT_HELD_REFUSE, AUDIT_ABOUT(id));
	return rc;
}

/* Nothing is learnt of what nobody has judged, and it stays without a decision. */
enum rc held_expire(struct social *s, enum held_then then, uint64_t id)
{
	struct holding h;
	enum rc rc = held_load(s, NULL, id, HELD_SEEN_ANY, &h);
	if (rc != RC_OK)
		return rc;
	/* or whoever wrote it is gone */
	return then == HELD_THEN_RELEASE && !account_is_gone(&h.author) ? release(s, &h)
									: refuse(s, &h);
}
