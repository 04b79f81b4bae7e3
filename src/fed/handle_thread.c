/* What peers tell of conversations: totals, parents that are missing, replies that were added. */
#include "incoming_int.h"
#include "social/thread.h"
#include "store/uri.h"

struct status_hints remote_hints(const struct ap_object *object)
{
	return (struct status_hints){ .replies = object->reply_total,
				      .boosts = object->share_total,
				      .likes = object->like_total,
				      .thread = HINT_NONE };
}

void remote_post_stored(struct social *s, const struct status *status,
			const struct status_hints *hints)
{
	hint_tell(s->txn, status->id, hints);
	/* for what nobody sees nobody is asked */
	if ((status->flags & STATUS_HELD) == 0)
		thread_climb(s, status);
}

static struct str target_of(const struct incoming *in)
{
	const struct ap_reader reader = { in->ctx, in->fed->site->iri_flags };
	return ap_id(&reader, in->activity.target);
}

/* Does somebody here take part in the conversation? */
static bool is_ours_too(struct fed *fed, struct str context)
{
	struct db_txn *txn;
	if (context.ptr == NULL || db_read_begin(fed->db, &txn) != RC_OK)
		return false;
	bool known = uri_find(txn, context).kind == URI_CONTEXT;
	db_read_end(&txn);
	return known;
}

/* A conversation is its host's: whoever speaks for it there (FEP-7888 names the owner where the
 * collection is; the origin is what can be checked without asking). */
bool rule_own_context(struct incoming *in, struct str actor)
{
	const struct ap_reader reader = { in->ctx, in->fed->site->iri_flags };
	return ap_same_origin(&reader, target_of(in), actor);
}

/* FEP-7888: what the owner adds is read at its own origin (S-028), once. */
enum rc prepare_context_add(struct incoming *in)
{
	struct str id = in->activity.object_id;
	if (!in->fetched && id.ptr != NULL && !site_owns_text(in->fed->site, id) &&
	    rule_own_context(in, in->activity.actor) && is_ours_too(in->fed, target_of(in)))
		in->need = id;
	return RC_OK;
}

enum rc apply_context_remove(struct incoming *in, struct social *s, const struct account *actor)
{
	struct uri_entry entry = { 0 };
	if (in->activity.object_id.ptr != NULL)
		entry = uri_find(s->txn, in->activity.object_id);
	if (entry.kind != URI_STATUS)
		return RC_NOT_FOUND;
	return thread_remove(s, actor, target_of(in), entry.id);
}

enum rc apply_context_add(struct incoming *in, struct social *s, const struct account *actor UNUSED)
{
	struct uri_entry context = uri_find(s->txn, target_of(in));
	if (context.kind != URI_CONTEXT || in->activity.object_id.ptr == NULL)
		return RC_NOT_FOUND;
	return uri_find(s->txn, in->activity.object_id).kind == URI_STATUS ? RC_OK : RC_NOT_FOUND;
}
