/* Posts that the caller keeps: bookmarks, favourites; conversations that they do not want to hear of. */
#include "own_int.h"

#include "social/keep.h"
#include "social/mute.h"

#define PAGE_DEFAULT 20
#define PAGE_MOST 40

/* --- lists --- */

struct page_params {
	struct paging page;
};

static const struct param page_rows[] = {
	PAGING_PARAMS(struct page_params, page, PAGE_DEFAULT, PAGE_MOST),
};
PARAM_TABLE(page_params, struct page_params, page_rows);

/* In the order in which they were put aside, which is what pages go by. */
static void reply_shelf(struct call *call, enum shelf shelf)
{
	const struct page_params *p = call->params;
	struct page page = page_of(&p->page);
	struct status_view *views = ARENA_ARRAY(call->ctx->arena, PAGE_MOST, struct status_view);
	struct shelved items[PAGE_MOST];
	uint64_t ids[PAGE_MOST];
	size_t n = 0, seen = 0;
	struct gather g;
	enum rc rc = views != NULL ? gather_begin(&g, call) : RC_NO_MEMORY;
	if (rc == RC_OK) {
		n = shelf_list(g.txn, g.arena, shelf, call->viewer.account, &page, items,
			       p->page.limit);
		for (size_t i = 0; i < n; i++)
			ids[i] = items[i].id;
		seen = gather_statuses(&g, ids, n, views);
		rc = gather_end(&g, RC_OK);
	}
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	reply_links(call, n != 0 ? items[0].order : 0, n != 0 ? items[n - 1].order : 0,
		    n == p->page.limit);
	reply_status_list(call, views, seen);
}

static void get_bookmarks(struct call *call)
{
	reply_shelf(call, SHELF_BOOKMARKS);
}

static void get_favourites(struct call *call)
{
	reply_shelf(call, SHELF_LIKED);
}

/* --- acts upon one post --- */

/* What a boost boosts. RC_NOT_FOUND when the caller may not see it. */
static enum rc find_target(struct call *call, uint64_t *out)
{
	struct status_view view;
	struct gather g;
	enum rc rc = gather_begin(&g, call);
	if (rc != RC_OK)
		return rc;
	rc = gather_status(&g, call_id(call, 0), &view);
	if (rc == RC_OK)
		*out = view.reblog != NULL ? view.reblog->id : view.id;
	return gather_end(&g, rc);
}

static void act_and_show(struct call *call, enum own_kind kind, own_act *act)
{
	uint64_t id = 0;
	enum rc rc = find_target(call, &id);
	if (rc == RC_OK)
		rc = own_do(call, kind, 0, act, &id);
	if (rc != RC_OK)
		reply_rc(call, rc);
	else
		reply_status(call, id);
}

static enum rc bookmark(struct social *s, const struct account *actor,
			const struct account *target UNUSED, void *arg)
{
	return act_bookmark(s, actor, *(const uint64_t *)arg);
}

static void post_bookmark(struct call *call)
{
	act_and_show(call, OWN_DO, bookmark);
}

static enum rc unbookmark(struct social *s, const struct account *actor,
			  const struct account *target UNUSED, void *arg)
{
	return act_unbookmark(s, actor, *(const uint64_t *)arg);
}

static void post_unbookmark(struct call *call)
{
	act_and_show(call, OWN_UNDO, unbookmark);
}

static enum rc mute(struct social *s, const struct account *actor,
		    const struct account *target UNUSED, void *arg)
{
	return act_mute_thread(s, actor, *(const uint64_t *)arg);
}

static void post_mute(struct call *call)
{
	act_and_show(call, OWN_DO, mute);
}

static enum rc unmute(struct social *s, const struct account *actor,
		      const struct account *target UNUSED, void *arg)
{
	return act_unmute_thread(s, actor, *(const uint64_t *)arg);
}

static void post_unmute(struct call *call)
{
	act_and_show(call, OWN_UNDO, unmute);
}

#define STATUS "/api/v1/statuses/:id"
#define USER AUTH_USER
#define COMMON RATE_COMMON

API_ROWS_BEGIN
static const struct api_route routes[] = {
	{ HTTP_GET, "/api/v1/bookmarks", USER, SCOPE(READ_BOOKMARKS), COMMON, &page_params,
	  get_bookmarks },
	{ HTTP_GET, "/api/v1/favourites", USER, SCOPE(READ_FAVOURITES), COMMON, &page_params,
	  get_favourites },
	{ HTTP_POST, STATUS "/bookmark", USER, SCOPE(WRITE_BOOKMARKS), COMMON, NULL,
	  post_bookmark },
	{ HTTP_POST, STATUS "/unbookmark", USER, SCOPE(WRITE_BOOKMARKS), COMMON, NULL,
	  post_unbookmark },
	{ HTTP_POST, STATUS "/mute", USER, SCOPE(WRITE_MUTES), COMMON, NULL, post_mute },
	{ HTTP_POST, STATUS "/unmute", USER, SCOPE(WRITE_MUTES), COMMON, NULL, post_unmute },
};
API_ROWS_END
const struct api_route_table kept_api = { routes, ARRAY_LEN(routes) };
