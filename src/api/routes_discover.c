/* What trends, the directory, whom to follow, whom one knows already. */
#include "discover_int.h"

#include "store/dismissed.h"

#define TAGS_DEFAULT 10
#define TAGS_MOST 20
#define STATUSES_DEFAULT 20
#define STATUSES_MOST 40
#define PEOPLE_DEFAULT 40

/* --- trends --- */

struct tags_params {
	uint64_t limit, offset;
};

static const struct param tags_rows[] = {
	PARAM_LIMIT(struct tags_params, limit, TAGS_DEFAULT, TAGS_MOST),
	PARAM_NUMBER(struct tags_params, offset, "offset", 0, TRENDS_OFFSET_MAX, 0),
};
PARAM_TABLE(tags_params, struct tags_params, tags_rows);

/* Where the next page is (RFC 8288): trends are counted, not told apart by ids. */
static void link_offset(struct call *call, uint64_t offset, uint64_t limit, size_t got)
{
	struct str path = call->req->path, base = call->api->parts.site->base;
	struct buf link CLEANUP(buf_free) = BUF_INIT(4096);
	if (got == limit)
		buf_addf(&link, "<%.*s%.*s?limit=%llu&offset=%llu>; rel=\"next\"", STR_ARG(base),
			 STR_ARG(path), (unsigned long long)limit,
			 (unsigned long long)(offset + limit));
	if (offset != 0)
		buf_addf(&link, "%s<%.*s%.*s?limit=%llu&offset=%llu>; rel=\"prev\"",
			 link.len != 0 ? ", " : "", STR_ARG(base), STR_ARG(path),
			 (unsigned long long)limit,
			 (unsigned long long)(offset > limit ? offset - limit : 0));
	if (link.len != 0)
		httpd_add_header(call->req, "Link", buf_str(&link));
}

static void get_items(struct call *call, enum rank_kind kind)
{
	const struct tags_params *p = call->params;
	struct trend_item *items =
		ARENA_ARRAY(call->ctx->arena, TRENDS_LIMIT_MAX, struct trend_item);
	const struct trend_page page = { .offset = (unsigned)p->offset,
					 .limit = (unsigned)p->limit };
	const struct card_view **cards = NULL;
	struct gather g;
	size_t n = 0;
	enum rc rc = items != NULL ? gather_begin(&g, call) : RC_NO_MEMORY;
	if (rc == RC_OK) {
		n = trends_items(call->ctx, g.txn, kind, &page,
				 clock_wall_ms(call->api->parts.clock), items);
		cards = kind == RANK_LINK ? gather_link_cards(&g, items, n) : NULL;
		rc = gather_end(&g, RC_OK);
	}
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	link_offset(call, p->offset, p->limit, n);
	struct jw *w = reply_begin(call);
	jw_array(w);
	for (size_t i = 0; i < n; i++) {
		if (kind == RANK_TAG)
			render_trend_tag(w, call->api->parts.site, &items[i]);
		else
			render_trends_link(w, call->api->parts.site, &items[i],
					   cards != NULL ? cards[i] : NULL);
	}
	jw_end(w);
	reply_end(call, 200);
}

static void get_tags(struct call *call)
{
	get_items(call, RANK_TAG);
}

static void get_links(struct call *call)
{
	get_items(call, RANK_LINK);
}

static const struct param statuses_rows[] = {
	PARAM_LIMIT(struct tags_params, limit, STATUSES_DEFAULT, STATUSES_MOST),
	PARAM_NUMBER(struct tags_params, offset, "offset", 0, TRENDS_OFFSET_MAX, 0),
};
PARAM_TABLE(statuses_params, struct tags_params, statuses_rows);

static void get_trending_statuses(struct call *call)
{
	const struct tags_params *p = call->params;
	const struct trend_page page = { .offset = (unsigned)p->offset,
					 .limit = (unsigned)p->limit };
	struct status_view *views =
		ARENA_ARRAY(call->ctx->arena, STATUSES_MOST, struct status_view);
	uint64_t ids[TRENDS_LIMIT_MAX];
	size_t n = 0, got = 0;
	struct gather g;
	enum rc rc = views != NULL ? gather_begin(&g, call) : RC_NO_MEMORY;
	if (rc == RC_OK) {
		n = trends_statuses(call->ctx, g.txn, call->viewer, &page, ids);
		got = gather_statuses(&g, ids, n, views);
		rc = gather_end(&g, RC_OK);
	}
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	link_offset(call, p->offset, p->limit, n);
	reply_status_list(call, views, got);
}

/* --- people --- */

void reply_account_list(struct call *call, struct gather *g, const uint64_t *ids, size_t count)
{
	struct jw *w = reply_begin(call);
	gather_accounts(g, ids, count);
	jw_array(w);
	for (size_t i = 0; i < count; i++) {
		const struct account_view *view = gather_account(g, ids[i]);
		if (view != NULL)
			render_account(w, call->api->parts.site, view);
	}
	jw_end(w);
	enum rc rc = gather_end(g, RC_OK);
	if (rc == RC_OK)
		reply_end(call, 200);
	else
		reply_rc(call, rc);
}

struct directory_params {
	uint64_t limit, offset;
	uint32_t order;
	enum tri local;
};

static const char *const orders[] = { "active", "new", NULL };

static const struct param directory_rows[] = {
	PARAM_LIMIT(struct directory_params, limit, PEOPLE_DEFAULT, DIRECTORY_LIMIT_MAX),
	PARAM_NUMBER(struct directory_params, offset, "offset", 0, TRENDS_OFFSET_MAX, 0),
	PARAM_CHOICE(struct directory_params, order, "order", orders),
	PARAM_BOOL(struct directory_params, local, "local"),
};
PARAM_TABLE(directory_params, struct directory_params, directory_rows);

static void get_directory(struct call *call)
{
	const struct directory_params *p = call->params;
	enum directory_order order = p->order == 1 ? DIRECTORY_NEW : DIRECTORY_ACTIVE;
	uint64_t ids[DIRECTORY_LIMIT_MAX];
	struct gather g;
	enum rc rc = gather_begin(&g, call);
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	size_t n = directory_list(call->ctx, g.txn, call->viewer, order, p->local == TRI_YES,
				  (unsigned)p->offset, (unsigned)p->limit, ids);
	reply_account_list(call, &g, ids, n);
}

struct suggestions_params {
	uint64_t limit;
};

static const struct param suggestions_rows[] = {
	PARAM_LIMIT(struct suggestions_params, limit, PEOPLE_DEFAULT, SUGGESTIONS_MAX),
};
PARAM_TABLE(suggestions_params, struct suggestions_params, suggestions_rows);

/* "source" is what older clients read; the words of newer ones stand in "sources". */
static void render_suggestion(struct jw *w, const struct site *site,
			      const struct account_view *view, enum suggestion_source source)
{
	bool friends = source == SUGGESTION_FRIENDS;
	jw_object(w);
	jw_member_str(w, "source", friends ? STR("past_interactions") : STR("global"));
	jw_name(w, "sources");
	jw_array(w);
	jw_str(w, friends ? STR("friends_of_friends") : STR("most_followed"));
	jw_end(w);
	jw_name(w, "account");
	render_account(w, site, view);
	jw_end(w);
}

static void get_suggestions(struct call *call)
{
	const struct suggestions_params *p = call->params;
	struct suggestion list[SUGGESTIONS_MAX];
	struct gather g;
	enum rc rc = gather_begin(&g, call);
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	size_t n = suggestions_of(call->ctx, g.txn, call->viewer, (unsigned)p->limit, list);
	struct jw *w = reply_begin(call);
	jw_array(w);
	for (size_t i = 0; i < n; i++) {
		const struct account_view *view = gather_account(&g, list[i].account);
		if (view != NULL)
			render_suggestion(w, call->api->parts.site, view, list[i].source);
	}
	jw_end(w);
	rc = gather_end(&g, RC_OK);
	if (rc == RC_OK)
		reply_end(call, 200);
	else
		reply_rc(call, rc);
}

static void get_suggestions_v1(struct call *call)
{
	const struct suggestions_params *p = call->params;
	struct suggestion list[SUGGESTIONS_MAX];
	uint64_t ids[SUGGESTIONS_MAX];
	struct gather g;
	enum rc rc = gather_begin(&g, call);
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	size_t n = suggestions_of(call->ctx, g.txn, call->viewer, (unsigned)p->limit, list);
	for (size_t i = 0; i < n; i++)
		ids[i] = list[i].account;
	reply_account_list(call, &g, ids, n);
}

struct dismissal {
	uint64_t account, target;
};

static enum rc dismiss(struct social *s, void *arg)
{
	const struct dismissal *d = arg;
	struct account target;
	/* nothing is kept about whom there is not */
	if (account_get(s->txn, s->ctx->arena, d->target, &target))
		dismissed_add(s->txn, d->account, d->target);
	return db_txn_rc(s->txn);
}

static void delete_suggestion(struct call *call)
{
	struct dismissal d = { call_account(call)->id, call_id(call, 0) };
	enum rc rc = call_write(call, dismiss, &d);
	if (rc == RC_OK)
		reply_empty(call);
	else
		reply_rc(call, rc);
}

struct familiar_params {
	struct id_list ids;
};

static const struct param familiar_rows[] = { PARAM_IDS(struct familiar_params, ids, "id") };
PARAM_TABLE(familiar_params, struct familiar_params, familiar_rows);

static void render_familiar(struct jw *w, struct gather *g, struct call *call, uint64_t account)
{
	uint64_t ids[FAMILIAR_MAX];
	size_t n = familiar_followers(call->ctx, g->txn, call->viewer, account, ids);
	jw_object(w);
	jw_member_id(w, "id", account);
	jw_name(w, "accounts");
	jw_array(w);
	for (size_t i = 0; i < n; i++) {
		const struct account_view *view = gather_account(g, ids[i]);
		if (view != NULL)
			render_account(w, call->api->parts.site, view);
	}
	jw_end(w);
	jw_end(w);
}

#define FAMILIAR_ASKED_MAX 40

static void get_familiar_followers(struct call *call)
{
	const struct familiar_params *p = call->params;
	struct gather g;
	enum rc rc = gather_begin(&g, call);
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	struct jw *w = reply_begin(call);
	jw_array(w);
	for (size_t i = 0; i < p->ids.count && i < FAMILIAR_ASKED_MAX; i++) {
		if (gather_account(&g, p->ids.list[i]) != NULL)
			render_familiar(w, &g, call, p->ids.list[i]);
	}
	jw_end(w);
	rc = gather_end(&g, RC_OK);
	if (rc == RC_OK)
		reply_end(call, 200);
	else
		reply_rc(call, rc);
}

#define GET HTTP_GET

API_ROWS_BEGIN
static const struct api_route routes[] = {
	{ GET, "/api/v1/trends", AUTH_OPTIONAL, 0, RATE_COMMON, &tags_params, get_tags },
	{ GET, "/api/v1/trends/tags", AUTH_OPTIONAL, 0, RATE_COMMON, &tags_params, get_tags },
	{ GET, "/api/v1/trends/links", AUTH_OPTIONAL, 0, RATE_COMMON, &tags_params, get_links },
	{ GET, "/api/v1/trends/statuses", AUTH_OPTIONAL, 0, RATE_COMMON, &statuses_params,
	  get_trending_statuses },
	{ GET, "/api/v1/directory", AUTH_OPTIONAL, 0, RATE_COMMON, &directory_params,
	  get_directory },
	{ GET, "/api/v2/suggestions", AUTH_USER, SCOPE(READ_ACCOUNTS), RATE_COMMON,
	  &suggestions_params, get_suggestions },
	{ GET, "/api/v1/suggestions", AUTH_USER, SCOPE(READ_ACCOUNTS), RATE_COMMON,
	  &suggestions_params, get_suggestions_v1 },
	{ HTTP_DELETE, "/api/v1/suggestions/:id", AUTH_USER, SCOPE(READ_ACCOUNTS), RATE_COMMON,
	  NULL, delete_suggestion },
	{ GET, "/api/v1/accounts/familiar_followers", AUTH_USER, SCOPE(READ_FOLLOWS), RATE_COMMON,
	  &familiar_params, get_familiar_followers },
};
API_ROWS_END
const struct api_route_table discover_api = { routes, ARRAY_LEN(routes) };
