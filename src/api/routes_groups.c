/* Notifications in groups. */
#include "told_int.h"

#define PAGE_DEFAULT 40
#define PAGE_MOST 80
#define UNREAD_DEFAULT 100
#define UNREAD_MOST 1000
#define MEMBERS_MOST 200

static const char *const expand_words[] = { "full", "partial_avatars", NULL };
enum { EXPAND_PARTIAL = 1 };

struct groups_params {
	struct notices_params of;
	struct str_list grouped_types;
	uint32_t expand_accounts;
};

#define GROUP_ROWS                                                                                 \
	PARAM_STRS(struct groups_params, of.types, "types", TYPE_BYTES_MAX),                       \
		PARAM_STRS(struct groups_params, of.exclude_types, "exclude_types",                \
			   TYPE_BYTES_MAX),                                                        \
		PARAM_NUMBER(struct groups_params, of.account_id, "account_id", 0, UINT64_MAX, 0), \
		PARAM_BOOL(struct groups_params, of.include_filtered, "include_filtered"),         \
		PARAM_STRS(struct groups_params, grouped_types, "grouped_types", TYPE_BYTES_MAX)

static const struct param page_rows[] = {
	GROUP_ROWS,
	SUPPORTED_ROW(struct groups_params, of.supported_types),
	PAGING_PARAMS(struct groups_params, of.page, PAGE_DEFAULT, PAGE_MOST),
	PARAM_CHOICE(struct groups_params, expand_accounts, "expand_accounts", expand_words),
};
PARAM_TABLE(page_params, struct groups_params, page_rows);

static const struct param unread_rows[] = {
	GROUP_ROWS,
	PARAM_LIMIT(struct groups_params, of.page.limit, UNREAD_DEFAULT, UNREAD_MOST),
};
PARAM_TABLE(unread_params, struct groups_params, unread_rows);

static unsigned grouped_of(const struct groups_params *p)
{
	unsigned kinds = 0;
	if (!p->grouped_types.given)
		return NOTICE_KINDS_GROUPED;
	for (size_t i = 0; i < p->grouped_types.count; i++)
		kinds |= notification_kinds(p->grouped_types.list[i]);
	return kinds;
}

/* --- pages --- */

static void get_groups(struct call *call)
{
	const struct groups_params *p = call->params;
	struct notification_groups_view view = {
		.with_page = true,
		.supported = &p->of.supported_types,
		.with_partial = p->expand_accounts == EXPAND_PARTIAL,
	};
	struct notice_filter filter = notices_filter(&p->of);
	struct id_range range = call_range(call, &p->of.page);
	struct notice_group *groups = ARENA_ARRAY(call->ctx->arena, PAGE_MOST, struct notice_group);
	uint64_t first = 0, last = 0;
	struct gather g;
	size_t n = 0;
	enum rc rc = groups != NULL ? gather_begin(&g, call) : RC_NO_MEMORY;
	if (rc == RC_OK) {
		n = notice_groups_read(g.txn, call->viewer.account, &range, &filter, grouped_of(p),
				       groups, p->of.page.limit);
		if (n != 0) {
			first = groups[0].page_newest;
			last = groups[n - 1].page_newest;
			gather_notification_groups(&g, groups, n, &view);
		}
		rc = gather_end(&g, RC_OK);
	}
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	reply_links(call, first, last, n == p->of.page.limit);
	render_notification_groups(reply_begin(call), call->api->parts.site, &view);
	reply_end(call, 200);
}

static void get_unread_count(struct call *call)
{
	const struct groups_params *p = call->params;
	struct notice_filter filter = notices_filter(&p->of);
	struct notice_group *groups =
		ARENA_ARRAY(call->ctx->arena, p->of.page.limit, struct notice_group);
	struct gather g;
	size_t n = 0;
	enum rc rc = groups != NULL ? gather_begin(&g, call) : RC_NO_MEMORY;
	if (rc == RC_OK) {
		struct id_range unread = notices_unread(g.txn, call->viewer.account);
		n = notice_groups_read(g.txn, call->viewer.account, &unread, &filter, grouped_of(p),
				       groups, p->of.page.limit);
		rc = gather_end(&g, RC_OK);
	}
	if (rc == RC_OK)
		reply_count(call, n);
	else
		reply_rc(call, rc);
}

/* --- one group --- */

struct one_group {
	struct gather g;
	struct notice_group group;
	struct notice members[MEMBERS_MOST];
	size_t count;
};

/* The members of the group that the path names; in an open gather when it is RC_OK. */
static enum rc group_begin(struct call *call, struct one_group **out)
{
	struct one_group *one = *out = ARENA_NEW(call->ctx->arena, struct one_group);
	if (one == NULL)
		return RC_NO_MEMORY;
	if (!group_key_parse(call->req->params[0], &one->group))
		return RC_NOT_FOUND;
	enum rc rc = gather_begin(&one->g, call);
	if (rc != RC_OK)
		return rc;
	one->count = notice_group_members(one->g.txn, call->viewer.account, &one->group,
					  one->members, MEMBERS_MOST);
	if (one->count == 0 || notification_type(one->members[0].kind) == NULL)
		return gather_end(&one->g, RC_NOT_FOUND);
	return RC_OK;
}

static void group_fill(struct one_group *one)
{
	one->group.kind = one->members[0].kind;
	one->group.status = one->members[0].status;
	one->group.newest = one->members[0].id;
	one->group.count = one->count;
	one->group.first = one->members[0];
	for (size_t i = 0; i < one->count; i++)
		notice_group_sample(&one->group, one->members[i].from);
}

static void get_group(struct call *call)
{
	const struct supported_params *p = call->params;
	struct notification_groups_view view = { .with_page = false, .supported = &p->supported };
	struct one_group *one;
	enum rc rc = group_begin(call, &one);
	if (rc == RC_OK) {
		group_fill(one);
		gather_notification_groups(&one->g, &one->group, 1, &view);
		rc = gather_end(&one->g, view.group_count == 1 ? RC_OK : RC_NOT_FOUND);
	}
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	render_notification_groups(reply_begin(call), call->api->parts.site, &view);
	reply_end(call, 200);
}

static void get_group_accounts(struct call *call)
{
	uint64_t ids[MEMBERS_MOST];
	struct one_group *one;
	enum rc rc = group_begin(call, &one);
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	for (size_t i = 0; i < one->count; i++)
		ids[i] = one->members[i].from;
	reply_people(call, &one->g, ids, one->count, false);
}

struct dismissal {
	const struct account *account;
	struct notice_group group;
	bool more;
};

static enum rc dismiss_job(struct social *s, void *arg)
{
	struct dismissal *d = arg;
	enum rc rc = act_dismiss_group(s, d->account, &d->group);
	d->more = rc == RC_BUSY;
	return d->more ? RC_OK : rc;
}

static void post_dismiss(struct call *call)
{
	struct dismissal d = { .account = call_account(call) };
	enum rc rc = RC_NOT_FOUND;
	if (group_key_parse(call->req->params[0], &d.group))
		rc = call_write_steps(call, dismiss_job, &d, &d.more);
	if (rc == RC_OK)
		reply_empty(call);
	else
		reply_rc(call, rc);
}

#define READ SCOPE(READ_NOTIFICATIONS)
#define WRITE SCOPE(WRITE_NOTIFICATIONS)

/* The same under the name of the time before 4.3. */
#define ROWS(base)                                                                          \
	{ HTTP_GET, base, AUTH_USER, READ, RATE_COMMON, &page_params, get_groups },         \
		{ HTTP_GET,    base "/unread_count", AUTH_USER,	      READ,                 \
		  RATE_COMMON, &unread_params,	     get_unread_count },                    \
		{ HTTP_GET,    base "/:group_key", AUTH_USER, READ,                         \
		  RATE_COMMON, &supported_params,  get_group },                             \
		{ HTTP_GET, base "/:group_key/accounts", AUTH_USER, READ, RATE_COMMON,      \
		  NULL,	    get_group_accounts },                                           \
	{                                                                                   \
		HTTP_POST, base "/:group_key/dismiss", AUTH_USER, WRITE, RATE_COMMON, NULL, \
			post_dismiss                                                        \
	}

API_ROWS_BEGIN
static const struct api_route routes[] = {
	ROWS("/api/v2/notifications"),
	ROWS("/api/v2_alpha/notifications"),
};
API_ROWS_END
const struct api_route_table groups_api = { routes, ARRAY_LEN(routes) };
