/* What trends or might, as moderators see it, and what they say of it. */
#include "admin_int.h"

#include "social/audit.h"

struct trends_params {
	uint64_t limit, offset;
};

static const struct param trends_rows[] = {
	PARAM_LIMIT(struct trends_params, limit, 10, TRENDS_LIMIT_MAX),
	PARAM_NUMBER(struct trends_params, offset, "offset", 0, TRENDS_OFFSET_MAX, 0),
};
PARAM_TABLE(trends_params, struct trends_params, trends_rows);

/* --- reading --- */

static void reply_read(struct call *call, struct db_txn **txn)
{
	enum rc rc = db_txn_rc(*txn);
	db_read_end(txn);
	if (rc == RC_OK)
		reply_end(call, 200);
	else
		reply_rc(call, rc);
}

static void render_link(struct jw *w, const struct site *site, const struct trend_item *item)
{
	render_trends_link(w, site, item, NULL);
}

typedef void render_item(struct jw *w, const struct site *site, const struct trend_item *item);

static render_item *renderer(enum rank_kind kind)
{
	return kind == RANK_TAG ? render_admin_tag : render_link;
}

static void get_items(struct call *call, enum rank_kind kind)
{
	const struct trends_params *p = call->params;
	const struct trend_page page = { (unsigned)p->offset, (unsigned)p->limit, true };
	struct trend_item *items =
		ARENA_ARRAY(call->ctx->arena, TRENDS_LIMIT_MAX, struct trend_item);
	struct db_txn *txn = NULL;
	if (!call_permits(call, PERMISSION_MANAGE_TAXONOMIES))
		return;
	enum rc rc = items != NULL ? call_read(call, &txn) : RC_NO_MEMORY;
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	size_t n = trends_items(call->ctx, txn, kind, &page, clock_wall_ms(call->api->parts.clock),
				items);
	struct jw *w = reply_begin(call);
	jw_array(w);
	for (size_t i = 0; i < n; i++)
		renderer(kind)(w, call->api->parts.site, &items[i]);
	jw_end(w);
	reply_read(call, &txn);
}

static void get_tags(struct call *call)
{
	get_items(call, RANK_TAG);
}

static void get_links(struct call *call)
{
	get_items(call, RANK_LINK);
}

static void get_statuses(struct call *call)
{
	const struct trends_params *p = call->params;
	const struct trend_page page = { (unsigned)p->offset, (unsigned)p->limit, true };
	struct status_view *views =
		ARENA_ARRAY(call->ctx->arena, TRENDS_LIMIT_MAX, struct status_view);
	uint64_t ids[TRENDS_LIMIT_MAX];
	size_t n = 0;
	struct gather g;
	if (!call_permits(call, PERMISSION_MANAGE_TAXONOMIES))
		return;
	enum rc rc = views != NULL ? gather_begin(&g, call) : RC_NO_MEMORY;
	if (rc == RC_OK) {
		n = trends_statuses(call->ctx, g.txn, call->viewer, &page, ids);
		n = gather_statuses(&g, ids, n, views);
		rc = gather_end(&g, RC_OK);
	}
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	reply_status_list(call, views, n);
}

/* --- saying something of it --- */

struct reviewing {
	enum rank_kind kind;
	uint64_t number;
	enum rank_review review;
	const struct account *moderator;
};

static void record(struct social *s, const struct reviewing *r)
{
	const struct audit_detail details[] = {
		{ "kind", r->kind == RANK_STATUS ? STR("status")
			  : r->kind == RANK_TAG	 ? STR("tag")
						 : STR("link") },
		{ "review", r->review == REVIEW_ALLOWED ? STR("allowed") : STR("refused") },
	};
	const struct audit_about about = { .id = r->number,
					   .details = details,
					   .detail_count = ARRAY_LEN(details) };
	audit(s, r->moderator, AUDIT_TREND_REVIEW, &about);
}

/* Statuses are told by their ids, all else by its number. */
static enum rc review_job(struct social *s, void *arg)
{
	const struct reviewing *r = arg;
	struct rank_id id = rank_id(r->number);
	struct rank rank = { .item = rank_id_str(&id) };
	struct status status;
	if (r->kind == RANK_STATUS ? !status_get(s->txn, s->ctx->arena, r->number, &status)
				   : !rank_find(s->txn, s->ctx->arena, r->kind, r->number, &rank))
		return RC_NOT_FOUND;
	rank_review(s->txn, r->kind, rank.item, r->review);
	record(s, r);
	return db_txn_rc(s->txn);
}

static void reply_item(struct call *call, enum rank_kind kind, uint64_t number)
{
	struct trend_item item;
	struct rank rank;
	struct db_txn *txn = NULL;
	enum rc rc = call_read(call, &txn);
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	if (!rank_find(txn, call->ctx->arena, kind, number, &rank)) {
		db_read_end(&txn);
		reply_rc(call, RC_NOT_FOUND);
		return;
	}
	trends_item(call->ctx, txn, kind, rank.item, clock_wall_ms(call->api->parts.clock), &item);
	renderer(kind)(reply_begin(call), call->api->parts.site, &item);
	reply_read(call, &txn);
}

static void post_review(struct call *call, enum rank_kind kind, enum rank_review review)
{
	struct reviewing r = { kind, call_id(call, 0), review, call_account(call) };
	if (!call_permits(call, PERMISSION_MANAGE_TAXONOMIES))
		return;
	enum rc rc = call_write(call, review_job, &r);
	if (rc != RC_OK)
		reply_rc(call, rc);
	else if (kind == RANK_STATUS)
		reply_status(call, r.number);
	else
		reply_item(call, kind, r.number);
}

#define REVIEWS(name, kind)                              \
	static void approve_##name(struct call *call)    \
	{                                                \
		post_review(call, kind, REVIEW_ALLOWED); \
	}                                                \
	static void reject_##name(struct call *call)     \
	{                                                \
		post_review(call, kind, REVIEW_REFUSED); \
	}

REVIEWS(tag, RANK_TAG)
REVIEWS(link, RANK_LINK)
REVIEWS(status, RANK_STATUS)

/* --- hashtags by themselves --- */

static void get_tag(struct call *call)
{
	if (call_permits(call, PERMISSION_MANAGE_TAXONOMIES))
		reply_item(call, RANK_TAG, call_id(call, 0));
}

struct tag_params {
	enum tri trendable;
};

static const struct param tag_rows[] = { PARAM_BOOL(struct tag_params, trendable, "trendable") };
PARAM_TABLE(tag_params, struct tag_params, tag_rows);

static void put_tag(struct call *call)
{
	const struct tag_params *p = call->params;
	if (p->trendable == TRI_UNSET)
		get_tag(call);
	else
		post_review(call, RANK_TAG,
			    p->trendable == TRI_YES ? REVIEW_ALLOWED : REVIEW_REFUSED);
}

#define GET HTTP_GET
#define POST HTTP_POST
/* Mastodon has no scopes of its own for these: whoever may read or write for moderators. */
#define READ (SCOPE(ADMIN_READ_ACCOUNTS) | SCOPE(ADMIN_READ_REPORTS))
#define WRITE (SCOPE(ADMIN_WRITE_ACCOUNTS) | SCOPE(ADMIN_WRITE_REPORTS))
#define TRENDS "/api/v1/admin/trends"

API_ROWS_BEGIN
static const struct api_route routes[] = {
	{ GET, TRENDS "/tags", AUTH_USER, READ, RATE_COMMON, &trends_params, get_tags },
	{ GET, TRENDS "/links", AUTH_USER, READ, RATE_COMMON, &trends_params, get_links },
	{ GET, TRENDS "/statuses", AUTH_USER, READ, RATE_COMMON, &trends_params, get_statuses },
	{ POST, TRENDS "/tags/:id/approve", AUTH_USER, WRITE, RATE_COMMON, NULL, approve_tag },
	{ POST, TRENDS "/tags/:id/reject", AUTH_USER, WRITE, RATE_COMMON, NULL, reject_tag },
	{ POST, TRENDS "/links/:id/approve", AUTH_USER, WRITE, RATE_COMMON, NULL, approve_link },
	{ POST, TRENDS "/links/:id/reject", AUTH_USER, WRITE, RATE_COMMON, NULL, reject_link },
	{ POST, TRENDS "/statuses/:id/approve", AUTH_USER, WRITE, RATE_COMMON, NULL,
	  approve_status },
	{ POST, TRENDS "/statuses/:id/reject", AUTH_USER, WRITE, RATE_COMMON, NULL, reject_status },
	{ GET, "/api/v1/admin/tags", AUTH_USER, READ, RATE_COMMON, &trends_params, get_tags },
	{ GET, "/api/v1/admin/tags/:id", AUTH_USER, READ, RATE_COMMON, NULL, get_tag },
	{ HTTP_PUT, "/api/v1/admin/tags/:id", AUTH_USER, WRITE, RATE_COMMON, &tag_params, put_tag },
};
API_ROWS_END
const struct api_route_table admin_trends_api = { routes, ARRAY_LEN(routes) };
