/*
 * Quotes and their consent (FEP-044f). A quote counts as authorised when its author quotes itself,
 * is mentioned in what it quotes, or has the quoted author's authorization; the older forms of quotes
 * (quoteUrl, _misskey_quote, FEP-e232) are held to the same, since the FEP knows no other way to be
 * approved, and a policy is advice. Only where the quoted author is of this node does the policy
 * decide, because then it is the author's own answer. Inside transactions only.
 */
#include "core/must.h"
#include "interact_int.h"
#include "store/graph.h"
#include "store/peer.h"
#include "store/uri.h"

#define CHUNK 64

/* What a post quotes, as far as it is known here and its author may know it. */
struct quoted {
	struct status status;
	struct account author;
};

static bool is_named(const struct status *status, uint64_t account)
{
	for (unsigned i = 0; i < status->mention_count; i++) {
		if (status->mentions[i].account == account && status->mentions[i].handle.len != 0)
			return true;
	}
	return false;
}

static bool are_apart(struct social *s, uint64_t a, uint64_t b)
{
	return block_exists(s->txn, a, b) || block_exists(s->txn, b, a);
}

static bool is_elsewhere(const struct account *a)
{
	return !account_is_local(a) && !account_is_gone(a);
}

void quote_hears(struct social *s, const struct status *status, struct federate *f)
{
	struct status quoted;
	struct account author;
	if (status->quote.status == 0 || status->visibility > VISIBILITY_UNLISTED ||
	    act_load(s, status->quote.status, &quoted, &author) != RC_OK)
		return;
	act_hears(f, &author);
}

/* --- a local post quotes --- */

static enum rc refuse(struct social *s, const char *why)
{
	return act_end(s, ctx_fail(s->ctx, RC_DENIED, "%s", why));
}

static enum rc quote_permitted(struct social *s, const struct account *author,
			       const struct status *status, const struct quoted *q)
{
	bool own = author->id == q->author.id;
	if (are_apart(s, author->id, q->author.id))
		return refuse(s, "there is a block between the two authors");
	if (policy_allows(s->txn, &q->status, &q->author, author, INTERACTION_QUOTE) == ALLOWED_NOT)
		return refuse(s, "the author of this post does not let you quote it");
	if (q->status.visibility == VISIBILITY_MEMBERS &&
	    (status->visibility != VISIBILITY_MEMBERS || status->community != q->status.community))
		return refuse(s, "what is for members of a community is quoted there");
	if (own && q->status.visibility == VISIBILITY_FOLLOWERS &&
	    status->visibility < VISIBILITY_FOLLOWERS)
		return refuse(s, "the quoted post is for followers, and the quote for more");
	if (account_is_local(&q->author))
		return RC_OK;
	if (visibility_stays(status->visibility))
		return refuse(s, "a post that never leaves the node cannot ask to quote");
	/* who is asked is shown the quote */
	if (status->visibility == VISIBILITY_DIRECT && !is_named(status, q->author.id))
		return refuse(s, "a letter quotes only those to whom it is written");
	return RC_OK;
}

enum rc quote_join(struct social *s, struct draft *draft, const struct account *author,
		   struct federate *f)
{
	struct status *status = &draft->status;
	struct quoted q;
	const struct viewer viewer = { author->id, true };
	status->quote = (struct status_quote){ .uri = STR(""), .authorization = STR("") };
	if (draft->quote == 0)
		return RC_OK;
	enum rc rc = act_load(s, draft->quote, &q.status, &q.author);
	if (rc != RC_OK)
		return rc;
	if ((q.status.flags & STATUS_BOOST) != 0 || !may_see(s->txn, viewer, &q.status, &q.author))
		return act_end(s, RC_NOT_FOUND);
	if (q.status.visibility == VISIBILITY_LOCAL && status->visibility != VISIBILITY_DIRECT)
		status->visibility = VISIBILITY_LOCAL;
	rc = quote_permitted(s, author, status, &q);
	if (rc != RC_OK)
		return rc;
	bool granted = author->id == q.author.id || is_named(&q.status, author->id);
	status->quote.uri = q.status.uri;
	status->quote.status = q.status.id;
	status->quote.state = granted ? INTERACTION_ACCEPTED : INTERACTION_PENDING;
	quote_hears(s, status, f);
	return act_end(s, RC_OK);
}

/* Of a post of this node by another of this node, or by a stranger who did not ask: the policy is the
 * author's answer, and every one of these can be taken back. */
static enum interaction_state ask_here(struct social *s, const struct account *author,
				       const struct status *status, const struct quoted *q,
				       struct str *authorization)
{
	const struct wish wish = { INTERACTION_QUOTE, author,	   &q->status,
				   &q->author,	      status->uri, VISIBILITY_PUBLIC };
	struct interaction i;
	if (!interaction_find(s->txn, s->ctx->arena, q->status.id, INTERACTION_QUOTE, author->id,
			      status->uri, &i)) {
		enum allowance allowance =
			policy_allows(s->txn, &q->status, &q->author, author, INTERACTION_QUOTE);
		if (allowance == ALLOWED_NOT ||
		    !interact_record(
			    s, &wish,
			    allowance == ALLOWED ? INTERACTION_ACCEPTED : INTERACTION_PENDING, &i))
			return INTERACTION_UNAUTHORISED;
	}
	if (i.state == INTERACTION_ACCEPTED)
		*authorization =
			interact_authorization_uri(s->ctx->arena, s->site, &q->author, i.id);
	return i.state;
}

/* A quote that one of here should know of. */
static void notify(struct social *s, const struct status *status, const struct account *quoted)
{
	/* the sieve keeps it from strangers */
	if ((status->flags & STATUS_LIMITED) != 0 &&
	    !follow_accepted(s->txn, quoted->id, status->account))
		return;
	if (status->quote.state == INTERACTION_ACCEPTED)
		act_notify(s, quoted, NOTICE_QUOTE, status->account, status->id);
	else if (status->quote.state == INTERACTION_PENDING)
		act_notify(s, quoted, NOTICE_INTERACTION, status->account, status->id);
}

enum rc quote_ask(struct social *s, const struct account *author, const struct status *status)
{
	struct status next = *status;
	struct quoted q;
	struct interaction i;
	if (status->quote.status == 0 || status->quote.state == INTERACTION_NONE)
		return RC_OK;
	enum rc rc = act_load(s, status->quote.status, &q.status, &q.author);
	if (rc != RC_OK || author->id == q.author.id)
		return rc;
	if (!account_is_local(&q.author)) {
		const struct wish wish = { INTERACTION_QUOTE, author,	   &q.status,
					   &q.author,	      status->uri, VISIBILITY_PUBLIC };
		if (status->quote.state != INTERACTION_PENDING)
			return RC_OK;
		if (!interact_record(s, &wish, INTERACTION_PENDING, &i))
			return refuse(s, "too much waits for this author");
		interact_request(s, &i, &q.author);
		return act_end(s, RC_OK);
	}
	next.quote.state = ask_here(s, author, status, &q, &next.quote.authorization);
	status_edit(s->txn, &next);
	notify(s, &next, &q.author);
	return act_end(s, RC_OK);
}

/* --- a remote post quotes --- */

/* What a proof has to say (FEP-044f, "Verifying a QuoteAuthorization"). */
static bool proof_fits(const struct proof *proof, const struct status *status,
		       const struct quoted *q)
{
	return proof->kind == INTERACTION_QUOTE && str_eq(proof->id, status->quote.authorization) &&
	       str_eq(proof->attributed_to, q->author.uri) && str_eq(proof->object, status->uri) &&
	       str_eq(proof->target, q->status.uri);
}

/* The authorization leads to the quote, so that its deletion is understood. */
static bool authorization_index(struct social *s, const struct status *status,
				const struct account *owner)
{
	const struct uri_entry entry = { URI_AUTHORIZATION, status->id, owner->id };
	struct uri_entry there = { .kind = URI_NONE };
	struct str name = interact_consent_name(s->ctx->arena, status->quote.authorization, owner);
	return uri_add(s->txn, name, entry, &there) ||
	       (there.kind == entry.kind && there.id == entry.id);
}

static void unindex(struct social *s, const struct status *quoting, const struct account *owner)
{
	if (quoting->quote.authorization.len != 0)
		uri_release(
			s->txn,
			interact_consent_name(s->ctx->arena, quoting->quote.authorization, owner),
			(struct uri_entry){ URI_AUTHORIZATION, quoting->id, owner->id });
}

void quote_unindex(struct social *s, const struct status *quoting)
{
	struct quoted q;
	if (quoting->quote.status != 0 &&
	    act_load(s, quoting->quote.status, &q.status, &q.author) == RC_OK)
		unindex(s, quoting, &q.author);
}

void quotes_unindex(struct social *s, const struct status *quoted)
{
	uint64_t ids[CHUNK], after = 0;
	struct account owner;
	size_t n;
	if (!account_get(s->txn, s->ctx->arena, quoted->account, &owner))
		return;
	while ((n = quotes_of(s->txn, quoted->id, after, ids, CHUNK)) != 0) {
		for (size_t i = 0; i < n; i++) {
			struct status quoting;
			if (status_get(s->txn, s->ctx->arena, ids[i], &quoting))
				unindex(s, &quoting, &owner);
		}
		after = ids[n - 1];
	}
}

/* In the order of the FEP, "Verifying third-party quote posts". */
static enum interaction_state judge(struct social *s, const struct account *author,
				    struct status *status, const struct quoted *q,
				    const struct proof *proof)
{
	if ((q->status.flags & STATUS_BOOST) != 0 || are_apart(s, author->id, q->author.id))
		return INTERACTION_UNAUTHORISED;
	if (author->id == q->author.id)
		return INTERACTION_ACCEPTED;
	if (account_is_local(&q->author)) {
		status->quote.authorization = STR("");
		return ask_here(s, author, status, q, &status->quote.authorization);
	}
	if (is_named(&q->status, author->id))
		return INTERACTION_ACCEPTED;
	/* S-019: only the quoted author's own word against it counts, however early it came */
	if (!interact_same_origin(s, status->quote.authorization, q->author.uri) ||
	    seen_has(s->txn, status->quote.authorization, q->author.id))
		return INTERACTION_UNAUTHORISED;
	if (proof == NULL)
		return INTERACTION_PENDING;
	return proof_fits(proof, status, q) && authorization_index(s, status, &q->author)
		       ? INTERACTION_ACCEPTED
		       : INTERACTION_UNAUTHORISED;
}

/* Fills status->quote but for its uri and authorization. */
static void decide(struct social *s, const struct account *author, struct status *status,
		   const struct proof *proof)
{
	struct status_quote *quote = &status->quote;
	const struct viewer viewer = { author->id, false };
	struct quoted q;
	quote->status = 0;
	quote->state = INTERACTION_NONE;
	if (quote->uri.len == 0)
		return;
	quote->state = INTERACTION_UNAUTHORISED;
	struct uri_entry entry = uri_find(s->txn, quote->uri);
	if (entry.kind == URI_NONE && !site_owns_text(s->site, quote->uri))
		quote->state = INTERACTION_PENDING;
	if (entry.kind != URI_STATUS || act_load(s, entry.id, &q.status, &q.author) != RC_OK)
		return;
	/* S-071: who guesses the id of a post of ours that he may not see has quoted nothing */
	if (account_is_local(&q.author) && !may_see(s->txn, viewer, &q.status, &q.author))
		return;
	quote->status = q.status.id;
	quote->state = judge(s, author, status, &q, proof);
}

void quote_receive(struct social *s, const struct account *author, struct status *status)
{
	decide(s, author, status, NULL);
	/* S-061: else one post could lead to any number of others */
	if (s->shallow && status->quote.state == INTERACTION_PENDING)
		status->quote.state = INTERACTION_UNAUTHORISED;
}

/* Where the next thing to fetch is: what is quoted, or else the proof. */
static void look_for_more(struct social *s, const struct status *status)
{
	struct quoted q;
	if (status->quote.state != INTERACTION_PENDING)
		return;
	if (status->quote.status == 0)
		verify_add(s, false, status->id, status->quote.uri);
	else if (act_load(s, status->quote.status, &q.status, &q.author) == RC_OK &&
		 !account_is_local(&q.author))
		verify_add(s, false, status->id, status->quote.authorization);
}

void quote_received(struct social *s, const struct status *status)
{
	struct quoted q;
	look_for_more(s, status);
	if (status->quote.status != 0 &&
	    act_load(s, status->quote.status, &q.status, &q.author) == RC_OK)
		notify(s, status, &q.author);
}

/* Is what the new version says no news? What was decided stays decided. */
static bool is_same(const struct status_quote *now, const struct status_quote *next)
{
	return str_eq(now->uri, next->uri) && now->state != INTERACTION_PENDING &&
	       (str_eq(now->authorization, next->authorization) ||
		(next->authorization.len == 0 && now->state != INTERACTION_ACCEPTED));
}

void quote_edit(struct social *s, const struct account *author, const struct status *now,
		struct status *next)
{
	if (account_is_local(author) || is_same(&now->quote, &next->quote)) {
		next->quote = now->quote;
		return;
	}
	quote_unindex(s, now);
	decide(s, author, next, NULL);
}

enum rc act_quote_settle(struct social *s, uint64_t id, const struct proof *proof)
{
	struct status status;
	struct account author;
	enum rc rc = act_load(s, id, &status, &author);
	if (rc != RC_OK)
		return rc;
	if (status.quote.state != INTERACTION_PENDING || account_is_local(&author))
		return act_end(s, RC_EXISTS);
	decide(s, &author, &status, proof);
	/* what is still open now has no proof */
	struct quoted q;
	bool waits_here = status.quote.status != 0 &&
			  act_load(s, status.quote.status, &q.status, &q.author) == RC_OK &&
			  account_is_local(&q.author);
	if (status.quote.state == INTERACTION_PENDING && !waits_here)
		status.quote.state = INTERACTION_UNAUTHORISED;
	if (!status_edit(s->txn, &status))
		return act_end(s, RC_NOT_FOUND);
	live_tell_status(s->txn, LIVE_STATUS_CHANGED, &status, false);
	if (status.quote.status != 0 && account_is_local(&q.author))
		notify(s, &status, &q.author);
	return act_end(s, RC_OK);
}

/* --- decisions --- */

enum rc quote_decide(struct social *s, const struct interaction *i, enum interaction_state state,
		     struct str authorization)
{
	struct status status;
	struct account author;
	if (!status_find_uri(s->txn, s->ctx->arena, i->uri, &status) ||
	    !account_get(s->txn, s->ctx->arena, status.account, &author))
		return act_end(s, RC_NOT_FOUND);
	if (status.account != i->from || status.quote.status != i->status)
		return RC_DENIED;
	bool was = status.quote.state == INTERACTION_ACCEPTED;
	if (status.quote.state == state)
		return act_end(s, RC_EXISTS);
	status.quote.state = state;
	status.quote.authorization = authorization;
	struct account owner;
	if (state == INTERACTION_ACCEPTED && account_get(s->txn, s->ctx->arena, i->owner, &owner) &&
	    is_elsewhere(&owner) && !authorization_index(s, &status, &owner))
		return act_end(s, RC_DENIED);
	if (!status_edit(s->txn, &status))
		return act_end(s, RC_NOT_FOUND);
	live_tell_status(s->txn, LIVE_STATUS_CHANGED, &status, false);
	/* peers have it as a plain link: only what changes for them is told */
	if (account_is_local(&author) && (was || state == INTERACTION_ACCEPTED))
		act_tell_change(s, &author, &status);
	return act_end(s, RC_OK);
}

enum rc act_quote_revoked(struct social *s, const struct account *owner, struct str authorization,
			  uint64_t quoting)
{
	struct status status, quoted;
	struct account author, of;
	struct interaction i;
	struct str name = interact_consent_name(s->ctx->arena, authorization, owner);
	struct uri_entry entry = uri_find(s->txn, name);
	if (entry.kind != URI_AUTHORIZATION || entry.id != quoting)
		return RC_DENIED;
	enum rc rc = act_load(s, quoting, &status, &author);
	if (rc != RC_OK)
		return rc;
	uri_set(s->txn, name,
		(struct uri_entry){ .kind = URI_TOMBSTONE, .id = db_txn_now(s->txn) });
	seen_add(s->txn, authorization, owner->id);
	if (act_load(s, status.quote.status, &quoted, &of) == RC_OK &&
	    interaction_find(s->txn, s->ctx->arena, quoted.id, INTERACTION_QUOTE, author.id,
			     status.uri, &i)) {
		i.state = INTERACTION_REVOKED;
		interaction_put(s->txn, &i);
	}
	if (!str_eq(status.quote.authorization, authorization))
		return act_end(s, RC_OK);
	status.quote.state = INTERACTION_REVOKED;
	status.quote.authorization = STR("");
	status_edit(s->txn, &status);
	live_tell_status(s->txn, LIVE_STATUS_CHANGED, &status, false);
	if (account_is_local(&author))
		act_tell_change(s, &author, &status);
	return act_end(s, RC_OK);
}
