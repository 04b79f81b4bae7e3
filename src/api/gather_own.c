/* What of a status depends on what its reader keeps. Inside the read transaction of a gather. */
#include "own_int.h"

#include "core/clock.h"
#include "store/personal.h"

static void add_bookmarks(struct gather *g, struct status_view *views, size_t count)
{
	struct shelved *items = ARENA_ARRAY(g->arena, count, struct shelved);
	struct shelved *found = ARENA_ARRAY(g->arena, count, struct shelved);
	if (items == NULL || found == NULL)
		return;
	for (size_t i = 0; i < count; i++)
		items[i].id = views[i].id;
	shelf_get_many(g->txn, SHELF_BOOKMARKS, g->viewer.account, items, count, found);
	for (size_t i = 0; i < count; i++)
		views[i].bookmarked = found[i].order != 0;
}

static void add_mutes(struct gather *g, struct status_view *views, size_t count)
{
	uint64_t *roots = ARENA_ARRAY(g->arena, count, uint64_t);
	bool *muted = ARENA_ARRAY(g->arena, count, bool);
	if (roots == NULL || muted == NULL)
		return;
	for (size_t i = 0; i < count; i++)
		roots[i] = views[i].status->root;
	thread_mute_has_many(g->txn, g->viewer.account, roots, count, muted);
	for (size_t i = 0; i < count; i++)
		views[i].muted = muted[i];
}

/* Clients know where they show a post, and look at the filter's contexts themselves. */
static const struct filter_set *filters_of(struct gather *g)
{
	struct filter *filters;
	if (g->filters_read)
		return g->filters;
	g->filters_read = true;
	size_t n = filter_all(g->txn, g->arena, g->viewer.account, &filters);
	if (n != 0)
		g->filters = filters_compile(g->arena, filters, n, FILTER_CONTEXTS,
					     clock_wall_ms(g->api->parts.clock));
	return g->filters;
}

static void add_filtered(struct gather *g, struct status_view *views, size_t count)
{
	const struct filter_set *set = filters_of(g);
	struct ctx quiet = { .arena = g->arena };
	for (size_t i = 0; set != NULL && i < count; i++) {
		const struct status_view *v = &views[i];
		struct filter_match *matches;
		struct str text;
		/* nobody hides from themselves what they wrote */
		if (v->status->account == g->viewer.account ||
		    filter_text(&quiet, v->status, v->poll != NULL ? v->poll->poll : NULL, &text) !=
			    RC_OK)
			continue;
		views[i].filtered_count = filters_match(set, g->arena, text, v->id, &matches);
		views[i].filtered = matches;
	}
}

void gather_own(struct gather *g, struct status_view *views, size_t count)
{
	if (g->viewer.account == 0 || count == 0)
		return;
	add_bookmarks(g, views, count);
	add_mutes(g, views, count);
	add_filtered(g, views, count);
}
