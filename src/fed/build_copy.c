/*
 * A post of somebody else as this node has it, for a partner of its community: its origin does not answer the
 * partner. What only the origin can say (who has liked it, what replies it has) is left out. Reads in the
 * caller's transaction.
 */
#include "ap/write.h"
#include "joint_fed_int.h"

/* Of one that is a copy itself not all addresses are known. */
static unsigned without_empty(const struct str *ids, unsigned count, struct str *out)
{
	unsigned n = 0;
	for (unsigned i = 0; i < count; i++) {
		if (ids[i].len != 0)
			out[n++] = ids[i];
	}
	return n;
}

static bool addresses_fill(struct ctx *ctx, struct ap_note_view *view)
{
	struct str *to = ARENA_ARRAY(ctx->arena, view->to_count, struct str);
	struct str *cc = ARENA_ARRAY(ctx->arena, view->cc_count, struct str);
	if (to == NULL || cc == NULL)
		return false;
	view->to_count = without_empty(view->to, view->to_count, to);
	view->cc_count = without_empty(view->cc, view->cc_count, cc);
	view->to = to;
	view->cc = cc;
	return true;
}

/* Whoever is addressed without being named in the text has no handle here. */
static bool mentions_fill(struct ctx *ctx, const struct status *s, struct ap_note_view *view)
{
	struct ap_write_mention *named =
		ARENA_ARRAY(ctx->arena, s->mention_count, struct ap_write_mention);
	if (named == NULL)
		return false;
	unsigned n = 0;
	for (unsigned i = 0; i < view->mention_count; i++) {
		if (s->mentions[i].handle.len != 0)
			named[n++] = view->mentions[i];
	}
	view->mentions = named;
	view->mention_count = n;
	return true;
}

enum rc build_copy(struct fed *fed, struct db_txn *txn, struct ctx *ctx,
		   const struct account *group, struct str id, const struct status *s, struct jw *w)
{
	struct account author;
	struct ap_note_view view;
	if (!account_get(txn, ctx->arena, s->account, &author))
		return RC_NOT_FOUND;
	enum rc rc = build_note_view(fed, txn, ctx, s, &author, &view);
	if (rc != RC_OK)
		return rc;
	const struct ap_author_view who = { .type = build_actor_type(author.kind),
					    .username = author.username,
					    .name = author.display_name,
					    .url = author.url };
	view.author = &who;
	view.replies = view.likes = view.shares = STR("");
	if (!addresses_fill(ctx, &view) || !mentions_fill(ctx, s, &view))
		return RC_NO_MEMORY;
	ap_write_activity(w, &(struct ap_activity_view){ .id = id,
							 .type = STR("Announce"),
							 .actor = group->uri,
							 .context = ap_note_context(&view) });
	jw_name(w, "object");
	ap_write_note(w, &view, false);
	jw_end(w);
	return arena_failed(ctx->arena) ? RC_NO_MEMORY : db_txn_rc(txn);
}
