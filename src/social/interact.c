/*
 * Asking authors for what others do with their posts: like, boost, reply; quotes in quote.c, answers
 * in consent.c. Inside transactions only.
 */
#include "interact_int.h"

#include "core/must.h"
#include "db/rec.h"
#include "queue/queue.h"
#include "store/graph.h"
#include "store/peer.h"
#include "store/thread.h"
#include "store/uri.h"
#include "text/iri.h"

#define CHUNK 64
#define VERIFY_VERSION 1

bool interact_same_origin(struct social *s, struct str a, struct str b)
{
	struct ctx quiet = { .arena = s->ctx->arena };
	struct iri x, y;
	return a.len != 0 && b.len != 0 && iri_parse(&quiet, a, s->site->iri_flags, &x) == RC_OK &&
	       iri_parse(&quiet, b, s->site->iri_flags, &y) == RC_OK && iri_same_origin(&x, &y);
}

struct str interact_authorization_uri(struct arena *arena, const struct site *site,
				      const struct account *owner, uint64_t id)
{
	return arena_printf(
		arena, "%.*s/%llu",
		STR_ARG(site_actor_part(arena, site, owner->username, "authorizations")),
		(unsigned long long)id);
}

struct str interact_consent_name(struct arena *arena, struct str authorization,
				 const struct account *owner)
{
	return arena_printf(arena, "%.*s %.*s", STR_ARG(authorization), STR_ARG(owner->uri));
}

/* --- the job that fetches a proof --- */

void verify_add(struct social *s, bool interaction, uint64_t id, struct str lane_uri)
{
	struct ctx quiet = { .arena = s->ctx->arena };
	struct buf payload CLEANUP(buf_free) = BUF_INIT(64);
	struct iri iri;
	if (iri_parse(&quiet, lane_uri, s->site->iri_flags, &iri) != RC_OK)
		return;
	rec_add_u8(&payload, VERIFY_VERSION);
	rec_add_u8(&payload, interaction);
	rec_add_u64(&payload, id);
	must(!payload.failed);
	struct queue_new job = {
		.kind = JOB_VERIFY, .lane = iri.authority, .order = id, .payload = buf_str(&payload)
	};
	queue_add(s->txn, &job);
	s->enqueued = true;
}

bool verify_decode(struct str payload, struct verify *out)
{
	struct rec r = rec_open(payload);
	uint8_t version = rec_u8(&r);
	uint8_t interaction = rec_u8(&r);
	out->interaction = interaction != 0;
	out->id = rec_u64(&r);
	return version == VERIFY_VERSION && interaction <= 1 && rec_ok(&r);
}

/* --- telling --- */

static void tell(struct social *s, enum federate_what what, const struct account *actor,
		 const struct account *target, const struct interaction *i, const char *kind)
{
	if (!account_is_local(actor) || account_is_local(target))
		return;
	struct federate f = { .what = what,
			      .actor = actor->id,
			      .target = target->id,
			      .status = i->id,
			      .visibility = VISIBILITY_DIRECT,
			      .at_ms = db_txn_now(s->txn) };
	f.uri = what == FEDERATE_REQUEST
			? i->request
			: site_activity_uri(s->ctx->arena, actor->uri, kind, db_next_id(s->txn));
	act_hears(&f, target);
	federate_add(s, &f);
}

void interact_request(struct social *s, const struct interaction *i, const struct account *owner)
{
	struct account from;
	if (account_get(s->txn, s->ctx->arena, i->from, &from))
		tell(s, FEDERATE_REQUEST, &from, owner, i, "requests");
}

void interact_answer(struct social *s, const struct account *owner, const struct account *from,
		     const struct interaction *i)
{
	bool yes = i->state == INTERACTION_ACCEPTED;
	tell(s, yes ? FEDERATE_APPROVE : FEDERATE_DENY, owner, from, i,
	     yes ? "accepts" : "rejects");
}

/* --- asking --- */

bool interact_record(struct social *s, const struct wish *wish, enum interaction_state state,
		     struct interaction *out)
{
	bool asks = account_is_local(wish->actor) && !account_is_local(wish->author);
	*out = (struct interaction){ .id = db_next_id(s->txn),
				     .kind = wish->kind,
				     .state = state,
				     .owner = wish->author->id,
				     .status = wish->status->id,
				     .from = wish->actor->id,
				     .visibility = (uint8_t)wish->visibility,
				     .at_ms = db_txn_now(s->txn),
				     .uri = wish->uri,
				     .request = STR(""),
				     .authorization = STR("") };
	if (asks)
		out->request =
			site_activity_uri(s->ctx->arena, wish->actor->uri, "requests", out->id);
	if (!asks && !account_is_local(wish->author))
		out->authorization = s->proof;
	return interaction_add(s->txn, out);
}

/* There is an answer, or a question, already. */
static enum rc ask_again(const struct interaction *i, bool *waits)
{
	*waits = i->state == INTERACTION_PENDING;
	return i->state == INTERACTION_ACCEPTED ? RC_OK : *waits ? RC_EXISTS : RC_DENIED;
}

static enum rc denied(struct social *s, const struct wish *wish)
{
	static const char *const done[] = { [INTERACTION_QUOTE] = "quote",
					    [INTERACTION_REPLY] = "answer",
					    [INTERACTION_LIKE] = "like",
					    [INTERACTION_BOOST] = "boost" };
	return act_end(s, ctx_fail(s->ctx, RC_DENIED,
				   "the author of this post does not let %.*s %s it",
				   STR_ARG(wish->actor->username), done[wish->kind]));
}

/* Between two others a proof counts, and nothing else; it has to be on the author's own host. */
static enum rc ask_for_proof(struct social *s, const struct wish *wish, bool *waits)
{
	struct interaction i;
	if (!interact_same_origin(s, s->proof, wish->author->uri) ||
	    seen_has(s->txn, s->proof, wish->author->id))
		return denied(s, wish);
	if (!interact_record(s, wish, INTERACTION_PENDING, &i))
		return act_end(s, RC_DENIED);
	verify_add(s, true, i.id, s->proof);
	*waits = true;
	return act_end(s, RC_OK);
}

/*
 * A local author's answer comes from the policy, a remote one's by mail: also where the policy says
 * yes by a collection, since others cannot look into it (GoToSocial, "When to Send an Interaction
 * Request").
 */
enum rc interact_ask(struct social *s, const struct wish *wish, bool *waits)
{
	struct interaction i;
	bool here = account_is_local(wish->author), mine = account_is_local(wish->actor);
	*waits = false;
	if (policy_is_open(wish->status, wish->author, wish->actor, wish->kind))
		return RC_OK;
	if (interaction_find(s->txn, s->ctx->arena, wish->status->id, wish->kind, wish->actor->id,
			     wish->kind == INTERACTION_REPLY ? wish->uri : STR(""), &i))
		return ask_again(&i, waits);
	if (!here && !mine)
		return ask_for_proof(s, wish, waits);
	enum allowance allowance =
		policy_allows(s->txn, wish->status, wish->author, wish->actor, wish->kind);
	if (allowance == ALLOWED_NOT)
		return denied(s, wish);
	if (here && allowance == ALLOWED)
		return act_end(s, RC_OK);
	if (!interact_record(s, wish, INTERACTION_PENDING, &i))
		return act_end(s, ctx_fail(s->ctx, RC_DENIED, "too much waits for this author"));
	*waits = true;
	if (here)
		act_notify(s, wish->author, NOTICE_INTERACTION, wish->actor->id, wish->status->id);
	else
		interact_request(s, &i, wish->author);
	return act_end(s, RC_OK);
}

/*
 * A reply that waited for its parent is asked about when the parent comes, as it would have been
 * (GoToSocial, "Interaction Policy"). What is refused is its author's alone from then on.
 */
bool interact_may_join(struct social *s, struct status *reply, const struct status *parent)
{
	struct account author, parent_author;
	bool waits = false;
	enum rc rc = RC_NOT_FOUND;
	s->proof = reply->approval.authorization;
	const struct wish wish = { INTERACTION_REPLY, &author,	  parent,
				   &parent_author,    reply->uri, VISIBILITY_PUBLIC };
	if (account_get(s->txn, s->ctx->arena, reply->account, &author) &&
	    account_get(s->txn, s->ctx->arena, parent->account, &parent_author))
		rc = interact_ask(s, &wish, &waits);
	if (rc == RC_OK && !waits)
		return true;
	/* an answer is on its way already */
	waits = waits || rc == RC_EXISTS;
	reply->parent_account = parent->account;
	reply->approval.state = waits ? INTERACTION_PENDING : INTERACTION_REJECTED;
	waiting_del(s->txn, parent->uri, reply->id);
	status_edit(s->txn, reply);
	return false;
}

bool interact_forget(struct social *s, uint64_t status, enum interaction_kind kind, uint64_t from,
		     struct str uri)
{
	struct interaction i;
	if (!interaction_find(s->txn, s->ctx->arena, status, kind, from, uri, &i))
		return false;
	/* what was refused stays so */
	if (i.state == INTERACTION_PENDING || i.state == INTERACTION_ACCEPTED)
		interaction_del(s->txn, s->ctx->arena, i.id);
	return i.state == INTERACTION_PENDING;
}

void interact_remove(struct social *s, const struct status *status)
{
	struct uri_entry parent = uri_find(s->txn, status->parent_uri);
	while (interactions_del(s->txn, s->ctx->arena, status->id, CHUNK) == CHUNK)
		;
	if (status->parent_uri.len != 0 && parent.kind == URI_STATUS)
		interact_forget(s, parent.id, INTERACTION_REPLY, status->account, status->uri);
	if (status->quote.status != 0)
		interact_forget(s, status->quote.status, INTERACTION_QUOTE, status->account,
				status->uri);
	quote_unindex(s, status);
	quotes_unindex(s, status);
}
