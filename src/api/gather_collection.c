/* Collections as somebody sees them: with those items that are for them. */
#include "own_int.h"

#include "social/collection.h"
#include "store/graph.h"
#include "text/html.h"

/* Its owner sees who was asked, too; whom the viewer blocks, and who may not be seen, is in none. */
static bool is_shown(struct gather *g, const struct collection *c,
		     const struct collection_item *item)
{
	uint64_t viewer = g->viewer.account;
	bool own = viewer != 0 && (viewer == c->account || viewer == item->account);
	if (!collection_shows(g->txn, item) && !(own && item->state == COLLECTION_PENDING))
		return false;
	return gather_account(g, item->account) != NULL &&
	       (viewer == 0 || !block_exists(g->txn, viewer, item->account));
}

static void take_items(struct gather *g, struct collection_view *view)
{
	struct collection_item *all =
		ARENA_ARRAY(g->arena, COLLECTION_ITEMS_MAX, struct collection_item);
	uint64_t *ids = ARENA_ARRAY(g->arena, COLLECTION_ITEMS_MAX, uint64_t);
	if (all == NULL || ids == NULL)
		return;
	size_t n = collection_items(g->txn, g->arena, view->collection.id, all), wanted = 0;
	for (size_t i = 0; i < n; i++) {
		if (all[i].account != 0)
			ids[wanted++] = all[i].account;
	}
	gather_accounts(g, ids, wanted);
	view->items = all;
	for (size_t i = 0; i < n; i++) {
		view->accepted += all[i].state == COLLECTION_ACCEPTED;
		if (all[i].account != 0 && is_shown(g, &view->collection, &all[i]))
			all[view->count++] = all[i];
	}
}

enum rc gather_collection(struct gather *g, uint64_t id, struct collection_view *out)
{
	struct ctx ctx = { .arena = g->arena };
	*out = (struct collection_view){ .description = STR("") };
	if (!collection_get(g->txn, g->arena, id, &out->collection))
		return RC_NOT_FOUND;
	out->owner = gather_account(g, out->collection.account);
	if (out->owner == NULL)
		return RC_NOT_FOUND;
	out->local = account_is_local(out->owner->account);
	/* a remote one of which only the id is known has nothing to show yet */
	if (!out->local && out->collection.fetched_ms == 0)
		return RC_NOT_FOUND;
	if (html_to_text(&ctx, out->collection.description, &out->description) != RC_OK)
		out->description = STR("");
	take_items(g, out);
	return db_txn_rc(g->txn);
}
