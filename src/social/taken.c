/*
 * Posts that an account took along when it moved: who learns of it, and where each is now. Inside
 * transactions only, but for reading.
 */
#include "act_int.h"
#include "core/must.h"
#include "db/rec.h"
#include "queue/queue.h"
#include "social/move.h"
#include "text/iri.h"

#define TAKEN_VERSION 1
#define PAYLOAD_MAX (16 * 1024)

/* --- the job that asks the new server --- */

void taken_encode(struct buf *out, const struct taken_job *job)
{
	rec_add_u8(out, TAKEN_VERSION);
	rec_add_u64(out, job->account);
	rec_add_num(out, job->steps);
	rec_add_str(out, job->uri);
}

bool taken_decode(struct arena *arena, struct str payload, struct taken_job *out)
{
	struct rec r = rec_open(payload);
	uint8_t version = rec_u8(&r);
	out->account = rec_u64(&r);
	out->steps = rec_num(&r);
	out->uri = arena_str(arena, rec_str(&r));
	return version == TAKEN_VERSION && rec_ok(&r) && !arena_failed(arena);
}

void taken_ask(struct social *s, const struct account *old, const struct account *target)
{
	struct ctx quiet = { .arena = s->ctx->arena };
	struct buf payload CLEANUP(buf_free) = BUF_INIT(PAYLOAD_MAX);
	const struct taken_job job = { .account = old->id, .uri = target->uri };
	struct iri iri;
	/* what moved within the house is known by its origin */
	if (!account_is_local(old) || account_is_local(target) ||
	    iri_parse(&quiet, target->uri, s->site->iri_flags, &iri) != RC_OK)
		return;
	taken_encode(&payload, &job);
	must(!payload.failed);
	const struct queue_new new = { .kind = JOB_TAKEN,
				       .lane = iri.authority,
				       .order = old->id,
				       .payload = buf_str(&payload) };
	queue_add(s->txn, &new);
	s->enqueued = true;
}

void taken_consider(struct social *s, const struct account *target)
{
	for (unsigned i = 0; i < target->alias_count; i++) {
		struct account old;
		if (site_owns_text(s->site, target->aliases[i]) &&
		    account_find_uri(s->txn, s->ctx->arena, target->aliases[i], &old) &&
		    account_is_local(&old) && old.moved_account == target->id)
			taken_ask(s, &old, target);
	}
}

/* --- the old server --- */

static bool same_origin(struct social *s, struct str a, struct str b)
{
	struct ctx quiet = { .arena = s->ctx->arena };
	struct iri x, y;
	return iri_parse(&quiet, a, s->site->iri_flags, &x) == RC_OK &&
	       iri_parse(&quiet, b, s->site->iri_flags, &y) == RC_OK && iri_same_origin(&x, &y);
}

/* Only what the account itself wrote, and only to where it moved. */
static bool take_one(struct social *s, const struct account *old, const struct account *target,
		     const struct taken_post *post)
{
	struct status status;
	if (!status_find_uri(s->txn, s->ctx->arena, post->from, &status) ||
	    status.account != old->id || (status.flags & STATUS_BOOST) != 0 ||
	    !same_origin(s, post->to, target->uri))
		return false;
	if (str_eq(status.taken, post->to))
		return true;
	status.taken = post->to;
	return status_edit(s->txn, &status);
}

enum rc taken_learn(struct social *s, uint64_t account, struct str target_uri,
		    const struct taken_post *posts, size_t count)
{
	struct account old, target;
	size_t known = 0;
	if (!account_get(s->txn, s->ctx->arena, account, &old) || !account_is_local(&old) ||
	    !account_get(s->txn, s->ctx->arena, old.moved_account, &target) ||
	    !str_eq(target.uri, target_uri))
		return act_end(s, RC_DENIED);
	for (size_t i = 0; i < count; i++)
		known += take_one(s, &old, &target, &posts[i]);
	if (known == 0 || old.took_out_ms != 0)
		return act_end(s, RC_OK);
	old.took_out_ms = db_txn_now(s->txn);
	return act_end(s, account_put(s->txn, s->ctx->arena, &old) ? RC_OK : RC_NOT_FOUND);
}

struct str taken_to(struct db_txn *txn, struct arena *arena, const struct account *author,
		    const struct status *status)
{
	struct status here;
	if (author->moved_account == 0 || !account_is_local(author))
		return STR_NONE;
	if (status->taken.len != 0)
		return status->taken;
	uint64_t id = status_of_origin(txn, status->uri);
	return id != 0 && status_get(txn, arena, id, &here) ? here.uri : STR_NONE;
}

bool taken_account(struct db_txn *txn, struct arena *arena, const struct account *author,
		   struct account *target)
{
	return author->moved_account != 0 && author->took_out_ms != 0 &&
	       account_get(txn, arena, author->moved_account, target) && !account_is_gone(target);
}

void taken_hears(struct social *s, const struct account *author, struct federate *f)
{
	struct account target;
	if (account_is_local(author) && taken_account(s->txn, s->ctx->arena, author, &target))
		act_hears(f, &target);
}

/* --- the new server --- */

enum rc taken_tell(struct social *s, const struct account *account, const struct account *old)
{
	struct account next = *account, from = *old;
	next.took_in_ms = from.took_out_ms = db_txn_now(s->txn);
	if (account_is_local(old) && !account_put(s->txn, s->ctx->arena, &from))
		return act_end(s, RC_NOT_FOUND);
	return account_change_for(s, &next, old);
}
