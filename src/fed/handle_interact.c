/* Handlers of consent: requests for it, answers to ours, its end. */
#include "core/must.h"
#include "interact_int.h"
#include "queue/queue.h"
#include "store/uri.h"

/* --- requests (FEP-044f, "QuoteRequest"; GoToSocial, "Interaction Request Types") --- */

static bool is_post(enum ap_interaction kind)
{
	return kind == AP_INTERACTION_QUOTE || kind == AP_INTERACTION_REPLY;
}

/* S-005: the instrument is the asking actor's own, and does what is asked. */
static enum rc decode_post(struct incoming *in, const struct ap_reader *reader,
			   struct jr instrument, enum ap_interaction kind)
{
	enum rc rc = ap_object_decode(reader, instrument, &in->object);
	if (rc != RC_OK)
		return rc;
	struct str to = kind == AP_INTERACTION_QUOTE ? in->object->quote : in->object->in_reply_to;
	if (!str_eq(in->object->attributed_to, in->activity.actor))
		return ctx_fail(in->ctx, RC_DENIED, "the instrument is somebody else's");
	if (!str_eq(to, in->activity.object_id))
		return ctx_fail(in->ctx, RC_INVALID, "the instrument is about another post");
	return remote_status_make(in->ctx, in->fed, in->object, &in->status);
}

static enum rc check_reaction(struct incoming *in, const struct ap_reader *reader,
			      struct jr instrument)
{
	struct str actor = ap_id(reader, jr_get(instrument, "actor"));
	struct str object = ap_id(reader, jr_get(instrument, "object"));
	if (jr_type(instrument) != JR_OBJECT)
		return RC_OK;
	if (!str_eq(actor, in->activity.actor))
		return ctx_fail(in->ctx, RC_DENIED, "the instrument is somebody else's");
	if (!str_eq(object, in->activity.object_id))
		return ctx_fail(in->ctx, RC_INVALID, "the instrument is about another post");
	return RC_OK;
}

static struct uri_entry find_outside(struct fed *fed, struct str uri)
{
	struct db_txn *txn;
	struct uri_entry entry = { .kind = URI_NONE };
	if (uri.ptr == NULL || db_read_begin(fed->db, &txn) != RC_OK)
		return entry;
	entry = uri_find(txn, uri);
	db_read_end(&txn);
	return entry;
}

enum rc prepare_request(struct incoming *in)
{
	struct ap_reader reader = { in->ctx, in->fed->site->iri_flags };
	struct jr instrument = jr_one_at(in->activity.instrument, 0);
	enum ap_interaction kind = ap_interaction_request(jr_get(in->activity.root, "type"));
	in->inner_id = ap_id(&reader, instrument);
	if (in->activity.id.ptr == NULL || in->activity.object_id.ptr == NULL ||
	    in->inner_id.ptr == NULL || kind == AP_INTERACTION_NONE)
		return ctx_fail(in->ctx, RC_INVALID, "a request without an id or an instrument");
	if (!ap_same_origin(&reader, in->inner_id, in->activity.actor))
		return ctx_fail(in->ctx, RC_DENIED, "the instrument is not on its sender's host");
	if (!is_post(kind))
		return check_reaction(in, &reader, instrument);
	if (jr_type(instrument) == JR_OBJECT &&
	    ap_type_class(jr_get(instrument, "type")) == AP_CLASS_POST)
		return decode_post(in, &reader, instrument, kind);
	/* one that is told by its id is fetched, where there is something to ask for */
	if (!in->fetched && site_owns_text(in->fed->site, in->activity.object_id) &&
	    find_outside(in->fed, in->activity.object_id).kind == URI_STATUS &&
	    find_outside(in->fed, in->inner_id).kind == URI_NONE)
		in->need = in->inner_id;
	return RC_OK;
}

/* A stored instrument is the actor's, and does what is asked. */
static enum rc check_stored(struct incoming *in, struct social *s, const struct account *actor,
			    enum interaction_kind kind, uint64_t status)
{
	struct status stored;
	struct uri_entry entry = uri_find(s->txn, in->inner_id);
	if (kind == INTERACTION_LIKE || kind == INTERACTION_BOOST)
		return RC_OK;
	if (entry.kind == URI_NONE)
		return in->object != NULL && !seen_has(s->txn, in->inner_id, actor->id)
			       ? RC_OK
			       : RC_NOT_FOUND;
	if (entry.kind != URI_STATUS || !status_get(s->txn, in->ctx->arena, entry.id, &stored) ||
	    stored.account != actor->id)
		return RC_DENIED;
	bool fits = kind == INTERACTION_QUOTE ? stored.quote.status == status
					      : str_eq(stored.parent_uri, in->activity.object_id);
	return fits ? RC_OK : RC_NOT_FOUND;
}

enum rc apply_request(struct incoming *in, struct social *s, const struct account *actor)
{
	struct ap_reader reader = { in->ctx, in->fed->site->iri_flags };
	struct uri_entry entry = uri_find(s->txn, in->activity.object_id);
	struct interact_request request = {
		.kind = (enum interaction_kind)ap_interaction_request(
			jr_get(in->activity.root, "type")),
		.status = entry.id,
		.uri = in->inner_id,
		.request = in->activity.id,
		.visibility = VISIBILITY_PUBLIC,
	};
	struct ap_audience *audience = ARENA_NEW(in->ctx->arena, struct ap_audience);
	if (audience == NULL)
		return RC_NO_MEMORY;
	if (entry.kind != URI_STATUS)
		return RC_NOT_FOUND;
	enum rc rc = check_stored(in, s, actor, request.kind, entry.id);
	if (rc != RC_OK)
		return rc;
	if (in->object != NULL) {
		in->status.account = actor->id;
		in->status.visibility = remote_visibility(&in->object->audience, actor->followers);
		request.embedded = &in->status;
	} else if (request.kind == INTERACTION_BOOST) {
		ap_audience_decode(&reader, jr_one_at(in->activity.instrument, 0), audience);
		request.visibility = remote_visibility(audience, actor->followers);
	}
	return act_request(s, actor, &request);
}

/* --- answers --- */

const struct activity_row *answer_row(struct incoming *in)
{
	if (find_outside(in->fed, in->activity.object_id).kind != URI_INTERACTION)
		return NULL;
	for (size_t i = 0; i < activity_table_count; i++) {
		const struct activity_row *row = &activity_table[i];
		if (row->type == in->activity.type && row->rule == RULE_ASKED)
			return row;
	}
	return NULL;
}

enum rc prepare_answer(struct incoming *in)
{
	struct ap_reader reader = { in->ctx, in->fed->site->iri_flags };
	struct jr inner = jr_one_at(in->activity.object, 0);
	in->inner_id = in->activity.object_id;
	in->inner_actor = ap_id(&reader, jr_get(inner, "actor"));
	in->inner_object = ap_id(&reader, jr_get(inner, "object"));
	return RC_OK;
}

/* By the id of our request, or by what it was about, for servers that keep no ids. */
static bool find_asked(struct incoming *in, struct db_txn *txn, struct interaction *out)
{
	struct ap_reader reader = { in->ctx, in->fed->site->iri_flags };
	struct jr inner = jr_one_at(in->activity.object, 0);
	struct uri_entry entry = { .kind = URI_NONE }, status = { .kind = URI_NONE };
	if (in->inner_id.ptr != NULL)
		entry = uri_find(txn, in->inner_id);
	if (entry.kind == URI_INTERACTION)
		return interaction_get(txn, in->ctx->arena, entry.id, out) &&
		       str_eq(out->request, in->inner_id);
	struct str instrument = ap_id(&reader, jr_get(inner, "instrument"));
	enum ap_interaction kind = ap_interaction_request(jr_get(inner, "type"));
	if (in->inner_object.ptr != NULL)
		status = uri_find(txn, in->inner_object);
	if (status.kind != URI_STATUS || instrument.ptr == NULL || in->inner_actor.ptr == NULL ||
	    kind == AP_INTERACTION_NONE)
		return false;
	return interaction_find(txn, in->ctx->arena, status.id, (enum interaction_kind)kind,
				account_id_of_uri(txn, in->inner_actor), instrument, out);
}

/* S-008: one of ours has asked, and asked this actor. */
bool is_asked(struct incoming *in, struct db_txn *txn, const struct account *actor)
{
	struct interaction i;
	struct account from;
	if (!find_asked(in, txn, &i) || i.owner != actor->id ||
	    !account_get(txn, in->ctx->arena, i.from, &from) || !account_is_local(&from))
		return false;
	in->interaction = i.id;
	return true;
}

enum rc apply_approval(struct incoming *in, struct social *s, const struct account *actor)
{
	struct ap_reader reader = { in->ctx, in->fed->site->iri_flags };
	struct str proof = ap_id(&reader, in->activity.result);
	return act_answered(s, actor, in->interaction, true, proof.ptr != NULL ? proof : STR(""));
}

enum rc apply_denial(struct incoming *in, struct social *s, const struct account *actor)
{
	return act_answered(s, actor, in->interaction, false, STR(""));
}

/* --- the end of a consent --- */

/* FEP-044f, "Handling a revocation": who owns the quote passes the word on to the quote's audience.
 * Only what carries a signature of its own means anything to them; for all others our Update does. */
static void forward(struct incoming *in, struct social *s, const struct account *actor,
		    const struct status *quoting)
{
	struct federate f = { .what = FEDERATE_FORWARD,
			      .actor = quoting->account,
			      .status = quoting->id,
			      .visibility = quoting->visibility,
			      .object = uri_authority(actor->uri),
			      .at_ms = db_txn_now(s->txn) };
	if (jr_type(jr_get(in->activity.root, "proof")) == JR_ABSENT &&
	    jr_type(jr_get(in->activity.root, "signature")) == JR_ABSENT)
		return;
	f.body = queue_add_body(s->txn, in->bytes);
	queue_body_hold(s->txn, f.body);
	federate_add(s, &f);
}

enum rc apply_revocation(struct incoming *in, struct social *s, const struct account *actor)
{
	struct uri_entry entry = uri_find(
		s->txn, interact_consent_name(in->ctx->arena, in->activity.object_id, actor));
	struct status quoting;
	if (entry.kind != URI_AUTHORIZATION)
		return RC_NOT_FOUND;
	enum rc rc = act_quote_revoked(s, actor, in->activity.object_id, entry.id);
	if (rc == RC_OK && status_get(s->txn, in->ctx->arena, entry.id, &quoting) &&
	    (quoting.flags & STATUS_LOCAL) != 0)
		forward(in, s, actor, &quoting);
	return rc;
}

/* Whoever tells no newer time tells of no edit (FEP-044f; Mastodon sends a changed policy so). */
bool is_retold(struct social *s, const struct status *now, const struct status *next)
{
	bool same_quote = str_eq(now->quote.uri, next->quote.uri) &&
			  str_eq(now->quote.authorization, next->quote.authorization);
	return next->edited_ms <= now->edited_ms &&
	       !(same_quote && policy_eq(&now->policy, &next->policy)) &&
	       act_says_the_same(s, now, next);
}
