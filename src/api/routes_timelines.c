/* Timelines: home, of all, of hashtags, lists, links, letters. */
#include "community_int.h"

#include "social/feed.h"
#include "social/timeline.h"

#define PAGE_DEFAULT 20
#define PAGE_MOST 40
#define TAG_BYTES_MAX 1024
#define URL_BYTES_MAX 4096

struct timeline_params {
	struct paging page;
	enum tri local, remote, only_media;
	struct str_list any, all, none;
	struct str url;
};

static const struct param page_rows[] = {
	PAGING_PARAMS(struct timeline_params, page, PAGE_DEFAULT, PAGE_MOST),
};
PARAM_TABLE(page_params, struct timeline_params, page_rows);

#define PUBLIC_ROWS                                                           \
	PAGING_PARAMS(struct timeline_params, page, PAGE_DEFAULT, PAGE_MOST), \
		PARAM_BOOL(struct timeline_params, local, "local"),           \
		PARAM_BOOL(struct timeline_params, remote, "remote"),         \
		PARAM_BOOL(struct timeline_params, only_media, "only_media")

static const struct param public_rows[] = { PUBLIC_ROWS };
PARAM_TABLE(public_params, struct timeline_params, public_rows);

static const struct param tag_rows[] = {
	PUBLIC_ROWS,
	PARAM_STRS(struct timeline_params, any, "any", TAG_BYTES_MAX),
	PARAM_STRS(struct timeline_params, all, "all", TAG_BYTES_MAX),
	PARAM_STRS(struct timeline_params, none, "none", TAG_BYTES_MAX),
};
PARAM_TABLE(tag_params, struct timeline_params, tag_rows);

static const struct param link_rows[] = {
	PAGING_PARAMS(struct timeline_params, page, PAGE_DEFAULT, PAGE_MOST),
	PARAM_STR(struct timeline_params, url, "url", URL_BYTES_MAX),
};
PARAM_TABLE(link_params, struct timeline_params, link_rows);

/* --- from ids to an answer --- */

struct showing {
	struct gather g;
	struct id_range range;
	uint64_t ids[PAGE_MOST];
	size_t count;
};

/* NULL: it was answered. */
static struct showing *show_begin(struct call *call)
{
	const struct timeline_params *p = call->params;
	struct showing *s = ARENA_NEW(call->ctx->arena, struct showing);
	enum rc rc = s != NULL ? gather_begin(&s->g, call) : RC_NO_MEMORY;
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return NULL;
	}
	s->range = call_range(call, &p->page);
	return s;
}

/* The bounds of the next pages are those of the ids, shown or not. */
static void show_end(struct call *call, struct showing *s, enum rc rc)
{
	const struct timeline_params *p = call->params;
	struct status_view *views = ARENA_ARRAY(call->ctx->arena, PAGE_MOST, struct status_view);
	size_t n = 0;
	if (rc == RC_OK && views != NULL && s->count != 0)
		n = gather_statuses(&s->g, s->ids, s->count, views);
	rc = gather_end(&s->g, rc);
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	if (s->count != 0)
		reply_links(call, s->ids[0], s->ids[s->count - 1], s->count == p->page.limit);
	reply_status_list(call, views, n);
}

/* --- feeds --- */

static void show_feed(struct call *call, uint64_t list)
{
	const struct timeline_params *p = call->params;
	struct showing *s = show_begin(call);
	if (s == NULL)
		return;
	enum rc rc = feed_read(call->api->feeds, s->g.txn, call->viewer.account, list, &s->range,
			       s->ids, p->page.limit, &s->count);
	show_end(call, s, rc);
}

static void get_home(struct call *call)
{
	show_feed(call, 0);
}

/* The id of a community that the caller has joined is that of a list, too. */
static bool is_joined(struct call *call, uint64_t id)
{
	struct account group;
	struct db_txn *txn;
	if (id == 0 || call_read(call, &txn) != RC_OK)
		return false;
	bool joined = community_joined(txn, call->ctx->arena, call->viewer.account, id, &group);
	db_read_end(&txn);
	return joined;
}

static void get_list(struct call *call)
{
	const struct timeline_params *p = call->params;
	uint64_t list = call_id(call, 0);
	if (is_joined(call, list))
		reply_community_timeline(call, list, &p->page);
	else if (list != 0)
		show_feed(call, list);
	else
		reply_rc(call, RC_NOT_FOUND);
}

/* --- what all may read --- */

static void show_timeline(struct call *call, const struct timeline_wish *wish)
{
	const struct timeline_params *p = call->params;
	struct showing *s = show_begin(call);
	if (s == NULL)
		return;
	s->count = timeline_read(s->g.txn, call->ctx->arena, call->viewer, wish, &s->range, s->ids,
				 p->page.limit);
	show_end(call, s, RC_OK);
}

static struct timeline_wish wish_of(const struct timeline_params *p, enum timeline_of of)
{
	struct timeline_wish wish = { .of = of, .only_media = p->only_media == TRI_YES };
	if (p->local == TRI_YES)
		wish.from = TIMELINE_FROM_HERE;
	else if (p->remote == TRI_YES)
		wish.from = TIMELINE_FROM_ELSEWHERE;
	return wish;
}

static void get_public(struct call *call)
{
	struct timeline_wish wish = wish_of(call->params, TIMELINE_OF_ALL);
	show_timeline(call, &wish);
}

static unsigned take_tags(const struct str_list *from, struct str out[TIMELINE_TAGS])
{
	unsigned n = 0;
	for (; n < from->count && n < TIMELINE_TAGS; n++)
		out[n] = from->list[n];
	return n;
}

static void get_tag(struct call *call)
{
	const struct timeline_params *p = call->params;
	struct timeline_wish wish = wish_of(p, TIMELINE_OF_TAG);
	wish.name = call->req->params[0];
	wish.any_count = take_tags(&p->any, wish.any);
	wish.all_count = take_tags(&p->all, wish.all);
	wish.none_count = take_tags(&p->none, wish.none);
	show_timeline(call, &wish);
}

static void get_link(struct call *call)
{
	const struct timeline_params *p = call->params;
	struct timeline_wish wish = { .of = TIMELINE_OF_LINK, .name = p->url };
	if (p->url.len != 0)
		show_timeline(call, &wish);
	else
		reply_rc(call, RC_NOT_FOUND);
}

static void get_direct(struct call *call)
{
	const struct timeline_params *p = call->params;
	struct showing *s = show_begin(call);
	if (s == NULL)
		return;
	s->count = timeline_letters(s->g.txn, call->ctx->arena, call->viewer.account, &s->range,
				    s->ids, p->page.limit);
	show_end(call, s, RC_OK);
}

#define GET HTTP_GET
#define STATUSES SCOPE(READ_STATUSES)

API_ROWS_BEGIN
static const struct api_route routes[] = {
	{ GET, "/api/v1/timelines/home", AUTH_USER, STATUSES, RATE_COMMON, &page_params, get_home },
	{ GET, "/api/v1/timelines/public", AUTH_OPTIONAL, STATUSES, RATE_COMMON, &public_params,
	  get_public },
	{ GET, "/api/v1/timelines/tag/:hashtag", AUTH_OPTIONAL, STATUSES, RATE_COMMON, &tag_params,
	  get_tag },
	{ GET, "/api/v1/timelines/link", AUTH_OPTIONAL, STATUSES, RATE_COMMON, &link_params,
	  get_link },
	{ GET, "/api/v1/timelines/list/:id", AUTH_USER, SCOPE(READ_LISTS), RATE_COMMON,
	  &page_params, get_list },
	{ GET, "/api/v1/timelines/direct", AUTH_USER, STATUSES, RATE_COMMON, &page_params,
	  get_direct },
};
API_ROWS_END
const struct api_route_table timelines_api = { routes, ARRAY_LEN(routes) };
