/*
 * An edit that somebody else passes on without a proof: the post is read at its origin, and what is
 * there counts as an Update by its author would (S-020).
 */
#include "incoming_int.h"
#include "store/status.h"

enum rc updated_open(struct incoming *in, struct str uri, struct document *doc)
{
	const struct ap_reader reader = { in->ctx, in->fed->site->iri_flags };
	in->bytes = arena_str(in->ctx->arena, doc->bytes);
	/* what is decoded points into it */
	in->doc = doc->doc;
	doc->doc = NULL;
	enum rc rc = ap_object_decode(&reader, jr_root(in->doc), &in->object);
	if (rc != RC_OK)
		return rc;
	/* S-010: what came counts under the id that was asked for, and no other */
	if (!str_eq(in->object->id, uri) || !ap_same_origin(&reader, doc->url, uri))
		return ctx_fail(in->ctx, RC_INVALID, "what came is not this post");
	in->activity.object_id = in->object->id;
	rc = remote_status_make(in->ctx, in->fed, in->object, &in->status);
	return rc == RC_OK && arena_failed(in->ctx->arena) ? RC_NO_MEMORY : rc;
}

enum rc updated_apply(struct incoming *in, struct social *s)
{
	struct status stored;
	struct account author;
	/* a post that is gone meanwhile does not come back by its edit */
	if (!status_find_uri(s->txn, in->ctx->arena, in->object->id, &stored) ||
	    !account_get(s->txn, in->ctx->arena, stored.account, &author) ||
	    account_is_local(&author) || account_is_gone(&author))
		return RC_NOT_FOUND;
	if (!str_eq(in->object->attributed_to, author.uri))
		return RC_DENIED;
	return apply_update(in, s, &author);
}
