/*
 * Inbox forwarding (ActivityPub section 7.1.2), both sides. What we pass on keeps its bytes, is
 * stored once and goes to the followers of the local author whose thread it is in; what others pass
 * on is read at its origin, whoever signed the request.
 */
#include "incoming_int.h"
#include "social/federate.h"
#include "social/move.h"
#include "store/graph.h"
#include "store/uri.h"

#define ANCESTORS_MAX 10 /* SECURITY section 13: reply depth */

/* --- what others pass on --- */

bool forward_knows(struct fed *fed, struct str uri)
{
	struct db_txn *txn;
	if (db_read_begin(fed->db, &txn) != RC_OK)
		return false;
	bool known = uri_find(txn, uri).kind == URI_STATUS;
	db_read_end(&txn);
	return known;
}

enum inbox_mode forward_mode(const struct incoming *in)
{
	if (in->activity.type == AP_UPDATE)
		return INBOX_UPDATED;
	return in->activity.type == AP_DELETE ? INBOX_GONE : INBOX_FETCH;
}

/* The thread's own server has no other sign of its good faith than whose thread it is. */
static bool answers_signer(const struct incoming *in, struct str signer_uri)
{
	struct ap_reader reader = { in->ctx, in->fed->site->iri_flags };
	struct jr object = jr_one_at(in->activity.object, 0);
	struct str parent = ap_id(&reader, jr_get(object, "inReplyTo"));
	return parent.ptr != NULL && ap_same_origin(&reader, parent, signer_uri);
}

/*
 * A server that forwards what another one wrote signs the request itself, and may leave the
 * author's linked-data signature or proof inside. That is no authentication here (S-020): what it
 * tells is read at its origin.
 */
bool forward_is_one(const struct incoming *in, struct str signer_uri)
{
	struct ap_reader reader = { in->ctx, in->fed->site->iri_flags };
	const struct ap_activity *a = &in->activity;
	if ((a->type != AP_CREATE && a->type != AP_UPDATE && a->type != AP_DELETE) ||
	    a->object_id.ptr == NULL || !ap_same_origin(&reader, a->object_id, a->actor) ||
	    site_owns_text(in->fed->site, a->object_id) ||
	    !peer_permitted_uri(in->fed, a->object_id))
		return false;
	/* a deletion that brings a proof stands and falls with it */
	if (a->type == AP_DELETE)
		return jr_type(jr_get(a->root, "signature")) == JR_OBJECT &&
		       forward_knows(in->fed, a->object_id);
	if (a->type == AP_UPDATE && !forward_knows(in->fed, a->object_id))
		return false;
	return jr_type(jr_get(a->root, "signature")) == JR_OBJECT ||
	       jr_one_count(jr_get(a->root, "proof")) != 0 || answers_signer(in, signer_uri);
}

/* --- what we pass on --- */

/* The nearest local author above whose followers the activity names. False when there is none. */
static bool find_addressed(struct incoming *in, struct social *s,
			   const struct ap_audience *audience, struct account *out)
{
	uint64_t id = in->status.parent;
	for (unsigned i = 0; i < ANCESTORS_MAX && id != 0; i++) {
		struct status above;
		struct account author;
		if (!status_get(s->txn, in->ctx->arena, id, &above) ||
		    !account_get(s->txn, in->ctx->arena, above.account, &author))
			return false;
		/* what not everybody may see has answers that not everybody may see */
		if (above.visibility > VISIBILITY_UNLISTED)
			return false;
		if (account_is_local(&author) && !account_is_gone(&author) &&
		    author.followers.len != 0 && ap_audience_has(audience, author.followers) &&
		    !block_exists(s->txn, author.id, in->status.account)) {
			*out = author;
			return true;
		}
		id = above.parent;
	}
	return false;
}

void forward_on(struct incoming *in, struct social *s, const struct account *actor)
{
	struct ap_reader reader = { in->ctx, in->fed->site->iri_flags };
	struct account author;
	/* only what its author has sent us itself, once: a post that is new here */
	if (in->object == NULL || in->status.parent == 0 ||
	    in->status.visibility > VISIBILITY_UNLISTED)
		return;
	struct ap_audience *audience = ARENA_NEW(in->ctx->arena, struct ap_audience);
	if (audience == NULL)
		return;
	ap_audience_decode(&reader, in->activity.root, audience);
	if (!find_addressed(in, s, audience, &author))
		return;
	struct federate f = { .what = FEDERATE_FORWARD,
			      .actor = author.id,
			      .visibility = VISIBILITY_PUBLIC,
			      .uri = in->activity.id.ptr != NULL ? in->activity.id : STR(""),
			      .object = uri_authority(actor->uri),
			      .at_ms = db_txn_now(s->txn) };
	f.body = queue_add_body(s->txn, in->bytes);
	/* the job's own hold, as an expansion has on what it has built */
	queue_body_hold(s->txn, f.body);
	federate_add(s, &f);
}

/* --- to where an account of ours has moved --- */

enum about {
	ABOUT_NOTHING,
	ABOUT_OBJECT, /* what is liked or boosted */
	ABOUT_INNER,  /* what was */
	ABOUT_PARENT, /* what is answered */
	ABOUT_STORED, /* what was answered by the object */
};

static const enum about abouts[AP_ACTIVITY_COUNT] = {
	[AP_LIKE] = ABOUT_OBJECT,     [AP_EMOJI_REACT] = ABOUT_OBJECT, [AP_DISLIKE] = ABOUT_OBJECT,
	[AP_ANNOUNCE] = ABOUT_OBJECT, [AP_UNDO] = ABOUT_INNER,	       [AP_CREATE] = ABOUT_PARENT,
	[AP_UPDATE] = ABOUT_STORED,   [AP_DELETE] = ABOUT_STORED,
};

/* The post of ours that an activity is about; 0: none. */
static uint64_t post_about(struct incoming *in, struct social *s)
{
	struct status reply;
	switch (abouts[in->activity.type]) {
	case ABOUT_OBJECT:
		return status_named(s->txn, in->activity.object_id);
	case ABOUT_INNER:
		return status_named(s->txn, in->inner_object);
	case ABOUT_PARENT:
		return in->object != NULL ? status_named(s->txn, in->status.parent_uri) : 0;
	case ABOUT_STORED:
		return status_find_uri(s->txn, in->ctx->arena, in->activity.object_id, &reply)
			       ? reply.parent
			       : 0;
	case ABOUT_NOTHING:
		break;
	}
	return 0;
}

bool forward_moved_find(struct incoming *in, struct social *s, struct moved_home *out)
{
	struct status post;
	struct account author, home;
	uint64_t id = post_about(in, s);
	if (id == 0 || !status_get(s->txn, in->ctx->arena, id, &post) || post.taken.len == 0 ||
	    !account_get(s->txn, in->ctx->arena, post.account, &author) ||
	    !taken_account(s->txn, in->ctx->arena, &author, &home))
		return false;
	*out = (struct moved_home){ author.id, home.id };
	return true;
}

/* What arrives there is known by its proof, or read at its origin. */
void forward_home(struct incoming *in, struct social *s, const struct account *actor,
		  const struct moved_home *home)
{
	if (in->activity.type == AP_CREATE && in->status.visibility > VISIBILITY_UNLISTED)
		return;
	struct federate f = { .what = FEDERATE_FORWARD,
			      .actor = home->old,
			      .visibility = VISIBILITY_DIRECT,
			      .uri = in->activity.id.ptr != NULL ? in->activity.id : STR(""),
			      .object = uri_authority(actor->uri),
			      .at_ms = db_txn_now(s->txn),
			      .extra = { home->now },
			      .extra_count = 1 };
	f.body = queue_add_body(s->txn, in->bytes);
	queue_body_hold(s->txn, f.body);
	federate_add(s, &f);
}
