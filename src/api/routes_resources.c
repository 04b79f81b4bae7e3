/* What communities share: shown to members, added, revised, taken away. */
#include "resource_int.h"
#include "thing_int.h"

#define TEXT_BYTES_MAX 40000

/* --- looking --- */

static bool version_fill(struct call *call, struct gather *g, uint64_t id, uint32_t number,
			 struct version_view *out)
{
	struct medium m;
	*out = (struct version_view){ .has_medium = false };
	if (!resource_version_get(g->txn, g->arena, id, number, &out->version))
		return false;
	out->has_medium =
		out->version.medium != 0 && medium_get(g->txn, g->arena, out->version.medium, &m);
	if (out->has_medium)
		out->medium = view_medium(call, &m);
	return true;
}

/* What the caller may not see is not there. */
static bool view_fill(struct call *call, struct gather *g, uint64_t id, void *out)
{
	const uint64_t viewer = call->viewer.account;
	struct resource_view *view = out;
	struct resource *r = &view->resource;
	if (!resource_get(g->txn, id, r) || !resource_may_see(g->txn, r->community, viewer) ||
	    !version_fill(call, g, id, r->versions, &view->newest))
		return false;
	view->may_change = resource_may_add(g->txn, r->community, viewer);
	view->may_drop = resource_may_drop(g->txn, r, viewer);
	return true;
}

static bool community_shares(struct call *call, struct gather *g, uint64_t community)
{
	return resource_may_see(g->txn, community, call->viewer.account);
}

static void view_render(struct jw *w, const void *view)
{
	render_resource(w, view);
}

static const struct thing_kind resource_kind = { sizeof(struct resource_view), community_shares,
						 resources_of, view_fill, view_render };

static void get_resource(struct call *call)
{
	get_thing(call, &resource_kind);
}

struct list_params {
	struct paging page;
};

static const struct param list_rows[] = {
	PAGING_PARAMS(struct list_params, page, THING_PAGE_DEFAULT, THING_PAGE_MOST),
};
PARAM_TABLE(list_params, struct list_params, list_rows);

static void get_resources(struct call *call)
{
	const struct list_params *p = call->params;
	get_things(call, &resource_kind, &p->page);
}

/* The newest first. */
static void get_versions(struct call *call)
{
	struct version_view *versions =
		ARENA_ARRAY(call->ctx->arena, RESOURCE_VERSIONS_MAX, struct version_view);
	struct resource_view view;
	struct gather g;
	size_t n = 0;
	enum rc rc = versions != NULL ? gather_begin(&g, call) : RC_NO_MEMORY;
	if (rc == RC_OK) {
		bool there = view_fill(call, &g, call_id(call, 0), &view);
		for (uint32_t i = there ? view.resource.versions : 0; i != 0; i--)
			n += version_fill(call, &g, view.resource.id, i, &versions[n]);
		rc = gather_end(&g, there ? RC_OK : RC_NOT_FOUND);
	}
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	struct jw *w = reply_begin(call);
	jw_array(w);
	for (size_t i = 0; i < n; i++)
		render_resource_version(w, &versions[i]);
	jw_end(w);
	reply_end(call, 200);
}

/* --- sharing --- */

struct share_params {
	struct str title, description, note, url;
	uint64_t media_id;
};

static const struct param share_rows[] = {
	PARAM_STR(struct share_params, title, "title", 4096),
	PARAM_STR(struct share_params, description, "description", TEXT_BYTES_MAX),
	PARAM_STR(struct share_params, note, "note", 4096),
	PARAM_STR(struct share_params, url, "url", 2048),
	PARAM_NUMBER(struct share_params, media_id, "media_id", 0, UINT64_MAX, 0),
};
PARAM_TABLE(share_params, struct share_params, share_rows);

struct sharing {
	struct resource resource;
	struct resource_version version;
};

static struct sharing sharing_of(const struct call *call)
{
	const struct share_params *p = call->params;
	return (struct sharing){ .version = { .title = or_empty(p->title),
					      .description = or_empty(p->description),
					      .note = or_empty(p->note),
					      .url = or_empty(p->url),
					      .medium = p->media_id } };
}

/* The job may run again: what was given stays as it is. */
static enum rc share_it(struct social *s, const struct account *actor,
			const struct account *target UNUSED, void *arg)
{
	struct sharing *kept = arg;
	struct resource_version version = kept->version;
	return resource_share(s, actor, &kept->resource, &version);
}

static enum rc change_it(struct social *s, const struct account *actor,
			 const struct account *target UNUSED, void *arg)
{
	const struct sharing *kept = arg;
	struct resource_version version = kept->version;
	return resource_change(s, actor, kept->resource.id, &version);
}

static void do_share(struct call *call, own_act *act, struct sharing *sharing)
{
	enum rc rc = own_do(call, OWN_MAKE, 0, act, sharing);
	if (rc != RC_OK)
		reply_reason(call, rc);
	else
		reply_thing(call, &resource_kind, sharing->resource.id);
}

static void post_resource(struct call *call)
{
	struct sharing sharing = sharing_of(call);
	sharing.resource.community = call_id(call, 0);
	do_share(call, share_it, &sharing);
}

static void post_version(struct call *call)
{
	struct sharing sharing = sharing_of(call);
	sharing.resource.id = call_id(call, 0);
	do_share(call, change_it, &sharing);
}

static enum rc drop_it(struct social *s, const struct account *actor,
		       const struct account *target UNUSED, void *arg)
{
	return resource_drop(s, actor, *(const uint64_t *)arg);
}

static void delete_resource(struct call *call)
{
	uint64_t id = call_id(call, 0);
	enum rc rc = own_do(call, OWN_MAKE, 0, drop_it, &id);
	if (rc != RC_OK)
		reply_reason(call, rc);
	else
		reply_empty(call);
}

#define COMMUNITY "/api/fediflow/v1/communities/:id/resources"
#define ONE "/api/fediflow/v1/resources/:id"
#define READ SCOPE(READ_STATUSES)
#define WRITE SCOPE(WRITE_STATUSES)

API_ROWS_BEGIN
static const struct api_route routes[] = {
	{ HTTP_GET, COMMUNITY, AUTH_USER, READ, RATE_COMMON, &list_params, get_resources,
	  "[Resource] Link" },
	{ HTTP_POST, COMMUNITY, AUTH_USER, WRITE, RATE_COMMON, &share_params, post_resource,
	  "Resource", "title" },
	{ HTTP_GET, ONE, AUTH_USER, READ, RATE_COMMON, NULL, get_resource, "Resource" },
	{ HTTP_DELETE, ONE, AUTH_USER, WRITE, RATE_DELETE, NULL, delete_resource, "Nothing" },
	{ HTTP_GET, ONE "/versions", AUTH_USER, READ, RATE_COMMON, NULL, get_versions,
	  "[ResourceVersion]" },
	{ HTTP_POST, ONE "/versions", AUTH_USER, WRITE, RATE_COMMON, &share_params, post_version,
	  "Resource", "title" },
};
API_ROWS_END
const struct api_route_table resources_api = { routes, ARRAY_LEN(routes) };
