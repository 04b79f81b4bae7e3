/*
 * What authors answer to those who ask what they may do with a post, and what comes of it. Inside
 * transactions only.
 */
#include "interact_int.h"

#include "social/conversation.h"
#include "social/thread.h"
#include "store/peer.h"
#include "store/thread.h"
#include "store/uri.h"

#define CHUNK 64
#define BLOCK_CHUNKS 8

/* --- what was allowed happens --- */

static enum rc like_now(struct social *s, const struct interaction *i, const struct account *owner)
{
	if (!like_add(s->txn, i->status, i->from, i->uri))
		return act_end(s, RC_EXISTS);
	act_notify(s, owner, NOTICE_LIKE, i->from, i->status);
	return act_end(s, RC_OK);
}

static enum rc reply_now(struct social *s, const struct interaction *i, const struct account *from,
			 struct str authorization)
{
	struct status reply, parent;
	if (!status_find_uri(s->txn, s->ctx->arena, i->uri, &reply) || reply.account != i->from ||
	    !status_get(s->txn, s->ctx->arena, i->status, &parent))
		return act_end(s, RC_NOT_FOUND);
	if (reply.parent != 0)
		return act_end(s, RC_EXISTS);
	uint64_t top = thread_top(s->txn, s->ctx->arena, parent.root);
	reply.parent = parent.id;
	reply.parent_account = parent.account;
	reply.root = top != 0 ? top : parent.root;
	reply.approval = (struct status_approval){ INTERACTION_ACCEPTED, authorization };
	if (!status_join(s->txn, &reply))
		return act_end(s, RC_NOT_FOUND);
	/* nobody has heard of it before */
	live_tell_status(s->txn, LIVE_STATUS_ADDED, &reply, s->quiet);
	conversation_tell(s, &reply);
	if (account_is_local(from))
		act_tell_post(s, from, &reply);
	thread_tell_added(s, &reply);
	return account_is_local(from) ? quote_ask(s, from, &reply) : act_end(s, RC_OK);
}

/* The proof that goes with it: a local author's own, or what a remote one has answered with. */
static struct str proof_of(struct social *s, const struct interaction *i,
			   const struct account *owner)
{
	return account_is_local(owner)
		       ? interact_authorization_uri(s->ctx->arena, s->site, owner, i->id)
		       : i->authorization;
}

struct str interact_proof(struct social *s, const struct wish *wish)
{
	struct interaction i;
	if (policy_is_open(wish->status, wish->author, wish->actor, wish->kind) ||
	    !interaction_find(s->txn, s->ctx->arena, wish->status->id, wish->kind, wish->actor->id,
			      wish->uri, &i) ||
	    i.state != INTERACTION_ACCEPTED)
		return STR_NONE;
	return proof_of(s, &i, wish->author);
}

static enum rc take_effect(struct social *s, const struct interaction *i,
			   const struct account *owner)
{
	struct account from;
	struct str proof = proof_of(s, i, owner);
	if (!account_get(s->txn, s->ctx->arena, i->from, &from) || account_is_gone(&from))
		return act_end(s, RC_NOT_FOUND);
	switch (i->kind) {
	case INTERACTION_QUOTE:
		return quote_decide(s, i, INTERACTION_ACCEPTED, proof);
	case INTERACTION_REPLY:
		return reply_now(s, i, &from, proof);
	case INTERACTION_LIKE:
		return like_now(s, i, owner);
	case INTERACTION_BOOST:
		return act_boost(s, &from, i->status, i->uri, i->at_ms,
				 (enum visibility)i->visibility, NULL);
	}
	return RC_UNSUPPORTED;
}

/* It may be gone by now, or have happened: the answer is the same. */
static enum rc accept_now(struct social *s, struct interaction *i, const struct account *owner)
{
	i->state = INTERACTION_ACCEPTED;
	interaction_put(s->txn, i);
	enum rc rc = take_effect(s, i, owner);
	return rc == RC_NOT_FOUND || rc == RC_EXISTS || rc == RC_DENIED ? act_end(s, RC_OK) : rc;
}

/* A reply that waited is its author's alone from now on. */
static void refuse_reply(struct social *s, const struct interaction *i)
{
	struct status reply;
	if (!status_find_uri(s->txn, s->ctx->arena, i->uri, &reply) || reply.account != i->from)
		return;
	reply.approval.state = INTERACTION_REJECTED;
	status_edit(s->txn, &reply);
}

static enum rc refuse_now(struct social *s, struct interaction *i, enum interaction_state state)
{
	i->state = state;
	interaction_put(s->txn, i);
	if (i->kind == INTERACTION_REPLY)
		refuse_reply(s, i);
	if (i->kind != INTERACTION_QUOTE)
		return act_end(s, RC_OK);
	enum rc rc = quote_decide(s, i, state, STR(""));
	return rc == RC_NOT_FOUND || rc == RC_EXISTS ? act_end(s, RC_OK) : rc;
}

/* --- a remote actor asks --- */

/* Embedded posts say for themselves what they do: storing them asks the same question. */
static enum rc receive_embedded(struct social *s, const struct account *actor,
				const struct interact_request *r)
{
	if (r->embedded == NULL)
		return RC_OK;
	enum rc rc = act_receive_post(s, actor, r->embedded);
	return rc == RC_EXISTS || rc == RC_DENIED ? act_end(s, RC_OK) : rc;
}

static enum rc answer(struct social *s, const struct account *owner, const struct account *actor,
		      struct interaction *i, const struct interact_request *r)
{
	i->request = r->request;
	interaction_put(s->txn, i);
	if (i->state != INTERACTION_PENDING)
		interact_answer(s, owner, actor, i);
	return act_end(s, RC_OK);
}

enum rc act_request(struct social *s, const struct account *actor, const struct interact_request *r)
{
	struct status status;
	struct account owner;
	struct interaction i;
	const struct viewer viewer = { actor->id, false };
	enum rc rc = act_load(s, r->status, &status, &owner);
	if (rc != RC_OK)
		return rc;
	if (!account_is_local(&owner) || (status.flags & STATUS_BOOST) != 0 ||
	    !may_see(s->txn, viewer, &status, &owner))
		return act_end(s, RC_NOT_FOUND);
	enum allowance allowance = policy_allows(s->txn, &status, &owner, actor, r->kind);
	if (allowance != ALLOWED_NOT)
		rc = receive_embedded(s, actor, r);
	if (rc != RC_OK)
		return rc;
	if (interaction_find(s->txn, s->ctx->arena, r->status, r->kind, actor->id, r->uri, &i))
		return answer(s, &owner, actor, &i, r);
	const struct wish wish = { r->kind, actor, &status, &owner, r->uri, r->visibility };
	const enum interaction_state states[] = { [ALLOWED_NOT] = INTERACTION_REJECTED,
						  [ALLOWED_ASKING] = INTERACTION_PENDING,
						  [ALLOWED] = INTERACTION_ACCEPTED };
	if (!interact_record(s, &wish, states[allowance], &i))
		return act_end(s, RC_DENIED);
	if (allowance == ALLOWED)
		rc = accept_now(s, &i, &owner);
	if (rc != RC_OK)
		return rc;
	if (allowance == ALLOWED_ASKING)
		act_notify(s, &owner, NOTICE_INTERACTION, actor->id, status.id);
	else if (allowance == ALLOWED && r->kind == INTERACTION_QUOTE)
		act_notify(s, &owner, NOTICE_QUOTE, actor->id, status.id);
	return answer(s, &owner, actor, &i, r);
}

/* --- answers --- */

static enum rc load_own(struct social *s, const struct account *owner, uint64_t id,
			struct interaction *out)
{
	if (!interaction_get(s->txn, s->ctx->arena, id, out))
		return act_end(s, RC_NOT_FOUND);
	return out->owner == owner->id ? RC_OK : RC_DENIED;
}

enum rc act_approve(struct social *s, const struct account *owner, uint64_t id)
{
	struct interaction i;
	struct account from;
	enum rc rc = load_own(s, owner, id, &i);
	if (rc != RC_OK)
		return rc;
	if (i.state != INTERACTION_PENDING)
		return RC_EXISTS;
	if (!account_get(s->txn, s->ctx->arena, i.from, &from))
		return act_end(s, RC_NOT_FOUND);
	rc = accept_now(s, &i, owner);
	if (rc == RC_OK)
		interact_answer(s, owner, &from, &i);
	return act_end(s, rc);
}

static void tell_revoked(struct social *s, const struct account *owner, const struct account *from,
			 const struct interaction *i)
{
	struct federate f = { .what = FEDERATE_QUOTE_REVOKE,
			      .actor = owner->id,
			      .target = from->id,
			      .visibility = VISIBILITY_PUBLIC,
			      .at_ms = db_txn_now(s->txn) };
	struct status quoted;
	if (status_get(s->txn, s->ctx->arena, i->status, &quoted))
		f.visibility = quoted.visibility;
	f.object = interact_authorization_uri(s->ctx->arena, s->site, owner, i->id);
	f.uri = arena_join(s->ctx->arena, f.object, STR("#delete"));
	act_hears(&f, from);
	if (!visibility_stays(f.visibility))
		federate_add(s, &f);
}

/* FEP-044f, "Revoking a previously-accepted quote post": the authorization is deleted. */
static enum rc revoke(struct social *s, const struct account *owner, struct interaction *i)
{
	struct account from;
	enum rc rc = refuse_now(s, i, INTERACTION_REVOKED);
	if (rc == RC_OK && account_get(s->txn, s->ctx->arena, i->from, &from))
		tell_revoked(s, owner, &from, i);
	return act_end(s, rc);
}

enum rc act_deny(struct social *s, const struct account *owner, uint64_t id)
{
	struct interaction i;
	struct account from;
	enum rc rc = load_own(s, owner, id, &i);
	if (rc != RC_OK)
		return rc;
	if (i.kind == INTERACTION_QUOTE && i.state == INTERACTION_ACCEPTED)
		return revoke(s, owner, &i);
	if (i.state != INTERACTION_PENDING)
		return RC_EXISTS;
	rc = refuse_now(s, &i, INTERACTION_REJECTED);
	if (rc == RC_OK && account_get(s->txn, s->ctx->arena, i.from, &from))
		interact_answer(s, owner, &from, &i);
	return act_end(s, rc);
}

enum rc act_quote_revoke(struct social *s, const struct account *owner, uint64_t quoting)
{
	struct status status;
	struct interaction i;
	if (!status_get(s->txn, s->ctx->arena, quoting, &status) || status.quote.status == 0 ||
	    !interaction_find(s->txn, s->ctx->arena, status.quote.status, INTERACTION_QUOTE,
			      status.account, status.uri, &i))
		return act_end(s, RC_NOT_FOUND);
	if (i.owner != owner->id)
		return RC_DENIED;
	return i.state == INTERACTION_ACCEPTED ? revoke(s, owner, &i) : RC_NOT_FOUND;
}

void interact_block(struct social *s, const struct account *owner, const struct account *from)
{
	uint64_t ids[CHUNK], after = 0;
	size_t n = CHUNK;
	if (!account_is_local(owner))
		return;
	/* of still more each is hidden by the block itself */
	for (unsigned i = 0; i < BLOCK_CHUNKS && n == CHUNK; i++) {
		n = interactions_accepted(s->txn, owner->id, from->id, after, ids, CHUNK);
		if (n == 0)
			return;
		after = ids[n - 1];
		for (size_t k = 0; k < n; k++) {
			struct interaction one;
			if (interaction_get(s->txn, s->ctx->arena, ids[k], &one) &&
			    one.kind == INTERACTION_QUOTE && revoke(s, owner, &one) != RC_OK)
				return;
		}
	}
}

enum rc act_answered(struct social *s, const struct account *owner, uint64_t id, bool accepted,
		     struct str authorization)
{
	struct interaction i;
	enum rc rc = load_own(s, owner, id, &i);
	if (rc != RC_OK)
		return rc;
	if (i.state != INTERACTION_PENDING)
		return RC_EXISTS;
	if (!accepted)
		return refuse_now(s, &i, INTERACTION_REJECTED);
	/* a proof that others could not check, or that its author took back, is none */
	if (!interact_same_origin(s, authorization, owner->uri))
		return ctx_fail(s->ctx, RC_DENIED, "the authorization is not on its author's host");
	if (seen_has(s->txn, authorization, owner->id))
		return RC_DENIED;
	i.authorization = authorization;
	return accept_now(s, &i, owner);
}

enum rc act_proven(struct social *s, uint64_t id, const struct proof *proof)
{
	struct interaction i;
	struct status status;
	struct account owner;
	if (!interaction_get(s->txn, s->ctx->arena, id, &i) || i.state != INTERACTION_PENDING ||
	    act_load(s, i.status, &status, &owner) != RC_OK)
		return act_end(s, RC_NOT_FOUND);
	bool good = proof != NULL && proof->kind == i.kind && str_eq(proof->id, i.authorization) &&
		    str_eq(proof->attributed_to, owner.uri) && str_eq(proof->object, i.uri) &&
		    str_eq(proof->target, status.uri) &&
		    !seen_has(s->txn, i.authorization, owner.id);
	if (good)
		return accept_now(s, &i, &owner);
	/* nothing is remembered against it: a later copy may prove itself (S-019) */
	refuse_reply(s, &i);
	interaction_del(s->txn, s->ctx->arena, i.id);
	return act_end(s, RC_DENIED);
}
