/* Notifications, one by one. */
#include "told_int.h"

#include "store/personal.h"

#define PAGE_DEFAULT 40
#define PAGE_MOST 80
#define UNREAD_DEFAULT 100
#define UNREAD_MOST 1000

/* --- what is asked for --- */

static const struct param page_rows[] = {
	NOTICE_ROWS,
	SUPPORTED_ROW(struct notices_params, supported_types),
	PAGING_PARAMS(struct notices_params, page, PAGE_DEFAULT, PAGE_MOST),
};
PARAM_TABLE(page_params, struct notices_params, page_rows);

static const struct param supported_rows[] = {
	SUPPORTED_ROW(struct supported_params, supported),
};
const struct param_table supported_params = { supported_rows, ARRAY_LEN(supported_rows),
					      sizeof(struct supported_params), false };

static const struct param unread_rows[] = {
	NOTICE_ROWS,
	PARAM_LIMIT(struct notices_params, page.limit, UNREAD_DEFAULT, UNREAD_MOST),
};
PARAM_TABLE(unread_params, struct notices_params, unread_rows);

struct ids_params {
	struct id_list ids;
};

static const struct param ids_rows[] = { PARAM_IDS(struct ids_params, ids, "ids") };
PARAM_TABLE(ids_params, struct ids_params, ids_rows);

static unsigned kinds_of(const struct str_list *types)
{
	unsigned kinds = 0;
	for (size_t i = 0; i < types->count; i++)
		kinds |= notification_kinds(types->list[i]);
	return kinds;
}

struct notice_filter notices_filter(const struct notices_params *p)
{
	struct notice_filter filter = { .kinds = notification_kinds_all(),
					.from = p->account_id,
					.held_too = p->include_filtered == TRI_YES };
	if (p->types.given)
		filter.kinds = kinds_of(&p->types);
	filter.kinds &= ~kinds_of(&p->exclude_types);
	return filter;
}

struct id_range notices_unread(struct db_txn *txn, uint64_t account)
{
	struct marker markers[MARKERS];
	markers_get(txn, account, markers);
	return (struct id_range){ .since_id = markers[MARKER_NOTIFICATIONS].last_read };
}

/* --- reading --- */

static void get_notifications(struct call *call)
{
	const struct notices_params *p = call->params;
	struct notice_filter filter = notices_filter(p);
	struct id_range range = call_range(call, &p->page);
	struct arena *arena = call->ctx->arena;
	struct notice *list = ARENA_ARRAY(arena, PAGE_MOST, struct notice);
	struct notification_view *views = ARENA_ARRAY(arena, PAGE_MOST, struct notification_view);
	struct gather g;
	size_t n = 0, shown = 0;
	enum rc rc = list != NULL && views != NULL ? gather_begin(&g, call) : RC_NO_MEMORY;
	if (rc == RC_OK) {
		n = notices_read(g.txn, call->viewer.account, &range, &filter, list, p->page.limit);
		shown = gather_notifications(&g, list, n, views);
		notifications_fall_back(views, shown, &p->supported_types);
		rc = gather_end(&g, RC_OK);
	}
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	if (n != 0)
		reply_links(call, list[0].id, list[n - 1].id, n == p->page.limit);
	struct jw *w = reply_begin(call);
	jw_array(w);
	for (size_t i = 0; i < shown; i++)
		render_notification(w, call->api->parts.site, &views[i]);
	jw_end(w);
	reply_end(call, 200);
}

static void get_notification(struct call *call)
{
	const struct supported_params *p = call->params;
	struct notification_view view;
	struct notice one;
	struct gather g;
	enum rc rc = gather_begin(&g, call);
	if (rc == RC_OK) {
		bool there = notice_read(g.txn, call->viewer.account, call_id(call, 0), &one) &&
			     notification_type(one.kind) != NULL &&
			     gather_notifications(&g, &one, 1, &view) == 1;
		rc = gather_end(&g, there ? RC_OK : RC_NOT_FOUND);
	}
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	notifications_fall_back(&view, 1, &p->supported);
	render_notification(reply_begin(call), call->api->parts.site, &view);
	reply_end(call, 200);
}

void reply_count(struct call *call, uint64_t count)
{
	struct jw *w = reply_begin(call);
	jw_object(w);
	jw_member_u64(w, "count", count);
	jw_end(w);
	reply_end(call, 200);
}

static void get_unread_count(struct call *call)
{
	const struct notices_params *p = call->params;
	struct notice_filter filter = notices_filter(p);
	struct notice *list = ARENA_ARRAY(call->ctx->arena, p->page.limit, struct notice);
	struct gather g;
	size_t n = 0;
	enum rc rc = list != NULL ? gather_begin(&g, call) : RC_NO_MEMORY;
	if (rc == RC_OK) {
		struct id_range unread = notices_unread(g.txn, call->viewer.account);
		n = notices_read(g.txn, call->viewer.account, &unread, &filter, list,
				 p->page.limit);
		rc = gather_end(&g, RC_OK);
	}
	if (rc == RC_OK)
		reply_count(call, n);
	else
		reply_rc(call, rc);
}

/* --- writing --- */

struct dismissal {
	const struct account *account;
	const uint64_t *ids;
	size_t count;
};

/* What is gone already is dismissed. */
static enum rc dismiss_job(struct social *s, void *arg)
{
	const struct dismissal *d = arg;
	for (size_t i = 0; i < d->count; i++) {
		enum rc rc = act_dismiss_notice(s, d->account, d->ids[i]);
		if (rc != RC_OK && rc != RC_NOT_FOUND)
			return rc;
	}
	return RC_OK;
}

static enum rc dismiss_one_job(struct social *s, void *arg)
{
	const struct dismissal *d = arg;
	return act_dismiss_notice(s, d->account, d->ids[0]);
}

static void reply_done(struct call *call, enum rc rc)
{
	if (rc == RC_OK)
		reply_empty(call);
	else
		reply_rc(call, rc);
}

static void post_dismiss(struct call *call)
{
	uint64_t id = call_id(call, 0);
	struct dismissal d = { call_account(call), &id, 1 };
	reply_done(call, call_write(call, dismiss_one_job, &d));
}

static void delete_many(struct call *call)
{
	const struct ids_params *p = call->params;
	struct dismissal d = { call_account(call), p->ids.list, p->ids.count };
	reply_done(call, call_write(call, dismiss_job, &d));
}

enum rc call_write_steps(struct call *call, social_job *job, void *arg, bool *more)
{
	enum rc rc;
	do {
		*more = false;
		rc = call_write(call, job, arg);
	} while (rc == RC_OK && *more);
	return rc;
}

struct clearing {
	const struct account *account;
	bool more;
};

static enum rc clear_job(struct social *s, void *arg)
{
	struct clearing *c = arg;
	enum rc rc = act_clear_notices(s, c->account);
	c->more = rc == RC_BUSY;
	return c->more ? RC_OK : rc;
}

static void post_clear(struct call *call)
{
	struct clearing c = { call_account(call), false };
	reply_done(call, call_write_steps(call, clear_job, &c, &c.more));
}

#define READ SCOPE(READ_NOTIFICATIONS)
#define WRITE SCOPE(WRITE_NOTIFICATIONS)

API_ROWS_BEGIN
static const struct api_route routes[] = {
	{ HTTP_GET, "/api/v1/notifications", AUTH_USER, READ, RATE_COMMON, &page_params,
	  get_notifications },
	{ HTTP_GET, "/api/v1/notifications/unread_count", AUTH_USER, READ, RATE_COMMON,
	  &unread_params, get_unread_count },
	{ HTTP_GET, "/api/v1/notifications/:id", AUTH_USER, READ, RATE_COMMON, &supported_params,
	  get_notification },
	{ HTTP_POST, "/api/v1/notifications/clear", AUTH_USER, WRITE, RATE_COMMON, NULL,
	  post_clear },
	{ HTTP_POST, "/api/v1/notifications/:id/dismiss", AUTH_USER, WRITE, RATE_COMMON, NULL,
	  post_dismiss },
	{ HTTP_DELETE, "/api/v1/notifications/destroy_multiple", AUTH_USER, WRITE, RATE_COMMON,
	  &ids_params, delete_many },
	{ HTTP_DELETE, "/api/v1/notifications/:id", AUTH_USER, WRITE, RATE_COMMON, NULL,
	  post_dismiss },
};
API_ROWS_END
const struct api_route_table notifications_api = { routes, ARRAY_LEN(routes) };
