/* What becomes of strangers' notifications: the policy, and the requests in which they wait. */
#include "told_int.h"

#define PAGE_DEFAULT 40
#define PAGE_MOST 80
#define REQUESTS_COUNTED 100

/* --- the policy --- */

static const char *const rule_words[] = { "accept", "filter", "drop", NULL };

struct policy_params {
	uint32_t not_following, not_followers, new_accounts, private_mentions, limited_accounts;
};

static const struct param policy_rows[] = {
	PARAM_CHOICE(struct policy_params, not_following, "for_not_following", rule_words),
	PARAM_CHOICE(struct policy_params, not_followers, "for_not_followers", rule_words),
	PARAM_CHOICE(struct policy_params, new_accounts, "for_new_accounts", rule_words),
	PARAM_CHOICE(struct policy_params, private_mentions, "for_private_mentions", rule_words),
	PARAM_CHOICE(struct policy_params, limited_accounts, "for_limited_accounts", rule_words),
};
PARAM_TABLE(policy_params, struct policy_params, policy_rows);

struct policy_v1_params {
	enum tri not_following, not_followers, new_accounts, private_mentions;
};

static const struct param policy_v1_rows[] = {
	PARAM_BOOL(struct policy_v1_params, not_following, "filter_not_following"),
	PARAM_BOOL(struct policy_v1_params, not_followers, "filter_not_followers"),
	PARAM_BOOL(struct policy_v1_params, new_accounts, "filter_new_accounts"),
	PARAM_BOOL(struct policy_v1_params, private_mentions, "filter_private_mentions"),
};
PARAM_TABLE(policy_v1_params, struct policy_v1_params, policy_v1_rows);

static struct notice_summary summary_of(struct db_txn *txn, struct arena *arena, uint64_t account)
{
	const struct id_range all = { .max_id = 0 };
	struct notice_summary summary = { .requests = 0 };
	struct notice_request *list = ARENA_ARRAY(arena, REQUESTS_COUNTED, struct notice_request);
	if (list == NULL)
		return summary;
	summary.requests = notice_requests(txn, account, &all, list, REQUESTS_COUNTED);
	for (size_t i = 0; i < summary.requests; i++)
		summary.notices += list[i].count;
	return summary;
}

typedef void policy_renderer(struct jw *w, const struct notice_policy *policy,
			     const struct notice_summary *summary);

static void reply_policy(struct call *call, policy_renderer *render)
{
	struct notice_policy policy = { .not_following = NOTICE_ACCEPT };
	struct notice_summary summary = { .requests = 0 };
	struct gather g;
	enum rc rc = gather_begin(&g, call);
	if (rc == RC_OK) {
		policy = notice_policy_get(g.txn, call->viewer.account);
		summary = summary_of(g.txn, g.arena, call->viewer.account);
		rc = gather_end(&g, RC_OK);
	}
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	render(reply_begin(call), &policy, &summary);
	reply_end(call, 200);
}

static void get_policy(struct call *call)
{
	reply_policy(call, render_notification_policy);
}

static void get_policy_v1(struct call *call)
{
	reply_policy(call, render_notification_policy_v1);
}

static void take_rule(uint32_t choice, enum notice_rule *rule)
{
	if (choice != NO_CHOICE)
		*rule = (enum notice_rule)choice;
}

static void take_yes(enum tri yes, enum notice_rule *rule)
{
	if (yes != TRI_UNSET)
		*rule = yes == TRI_YES ? NOTICE_HOLD : NOTICE_ACCEPT;
}

static enum rc policy_job(struct social *s, void *arg)
{
	const struct call *call = arg;
	const struct policy_params *p = call->params;
	struct notice_policy policy = notice_policy_get(s->txn, call->viewer.account);
	take_rule(p->not_following, &policy.not_following);
	take_rule(p->not_followers, &policy.not_followers);
	take_rule(p->new_accounts, &policy.new_accounts);
	take_rule(p->private_mentions, &policy.private_mentions);
	take_rule(p->limited_accounts, &policy.limited_accounts);
	notice_policy_put(s->txn, call->viewer.account, &policy);
	return db_txn_rc(s->txn);
}

static enum rc policy_v1_job(struct social *s, void *arg)
{
	const struct call *call = arg;
	const struct policy_v1_params *p = call->params;
	struct notice_policy policy = notice_policy_get(s->txn, call->viewer.account);
	take_yes(p->not_following, &policy.not_following);
	take_yes(p->not_followers, &policy.not_followers);
	take_yes(p->new_accounts, &policy.new_accounts);
	take_yes(p->private_mentions, &policy.private_mentions);
	notice_policy_put(s->txn, call->viewer.account, &policy);
	return db_txn_rc(s->txn);
}

static void patch_policy(struct call *call)
{
	enum rc rc = call_write(call, policy_job, call);
	if (rc == RC_OK)
		get_policy(call);
	else
		reply_rc(call, rc);
}

static void put_policy_v1(struct call *call)
{
	enum rc rc = call_write(call, policy_v1_job, call);
	if (rc == RC_OK)
		get_policy_v1(call);
	else
		reply_rc(call, rc);
}

/* --- requests --- */

struct requests_params {
	struct paging page;
};

static const struct param requests_rows[] = {
	PAGING_PARAMS(struct requests_params, page, PAGE_DEFAULT, PAGE_MOST),
};
PARAM_TABLE(requests_params, struct requests_params, requests_rows);

struct ids_params {
	struct id_list ids;
};

static const struct param ids_rows[] = { PARAM_IDS(struct ids_params, ids, "id") };
PARAM_TABLE(ids_params, struct ids_params, ids_rows);

static void turn(struct notice_request *list, size_t count)
{
	for (size_t i = 0; i < count / 2; i++) {
		struct notice_request other = list[count - 1 - i];
		list[count - 1 - i] = list[i];
		list[i] = other;
	}
}

static void get_requests(struct call *call)
{
	const struct requests_params *p = call->params;
	struct id_range range = call_range(call, &p->page);
	struct arena *arena = call->ctx->arena;
	struct notice_request *list = ARENA_ARRAY(arena, PAGE_MOST, struct notice_request);
	struct notification_request_view *views =
		ARENA_ARRAY(arena, PAGE_MOST, struct notification_request_view);
	struct gather g;
	size_t n = 0, shown = 0;
	enum rc rc = list != NULL && views != NULL ? gather_begin(&g, call) : RC_NO_MEMORY;
	if (rc == RC_OK) {
		n = notice_requests(g.txn, call->viewer.account, &range, list, p->page.limit);
		if (range.ascending)
			turn(list, n);
		shown = gather_notification_requests(&g, list, n, views);
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
		render_notification_request(w, call->api->parts.site, &views[i]);
	jw_end(w);
	reply_end(call, 200);
}

static void get_request(struct call *call)
{
	struct notification_request_view view;
	struct notice_request one;
	struct gather g;
	enum rc rc = gather_begin(&g, call);
	if (rc == RC_OK) {
		bool there =
			notice_request_get(g.txn, call->viewer.account, call_id(call, 0), &one) &&
			gather_notification_requests(&g, &one, 1, &view) == 1;
		rc = gather_end(&g, there ? RC_OK : RC_NOT_FOUND);
	}
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	render_notification_request(reply_begin(call), call->api->parts.site, &view);
	reply_end(call, 200);
}

/* What was accepted stands in the list when the answer comes. */
static void get_merged(struct call *call)
{
	struct jw *w = reply_begin(call);
	jw_object(w);
	jw_member_bool(w, "merged", true);
	jw_end(w);
	reply_end(call, 200);
}

typedef enum rc request_act(struct social *s, const struct account *account, uint64_t request);

struct answering {
	const struct account *account;
	request_act *act;
	uint64_t id;
	bool more;
};

static enum rc answer_job(struct social *s, void *arg)
{
	struct answering *a = arg;
	enum rc rc = a->act(s, a->account, a->id);
	a->more = rc == RC_BUSY;
	return a->more ? RC_OK : rc;
}

/* Of several, those that are answered already do not stop the rest, and are no error. */
static void answer(struct call *call, request_act *act, const uint64_t *ids, size_t count,
		   bool several)
{
	struct answering a = { .account = call_account(call), .act = act };
	enum rc rc = RC_OK;
	for (size_t i = 0; i < count && rc == RC_OK; i++) {
		a.id = ids[i];
		rc = call_write_steps(call, answer_job, &a, &a.more);
		if (rc == RC_NOT_FOUND && several)
			rc = RC_OK;
	}
	if (rc == RC_OK)
		reply_empty(call);
	else
		reply_rc(call, rc);
}

static void post_accept(struct call *call)
{
	uint64_t id = call_id(call, 0);
	answer(call, act_accept_notices, &id, 1, false);
}

static void post_dismiss(struct call *call)
{
	uint64_t id = call_id(call, 0);
	answer(call, act_turn_away_notices, &id, 1, false);
}

static void post_accept_many(struct call *call)
{
	const struct ids_params *p = call->params;
	answer(call, act_accept_notices, p->ids.list, p->ids.count, true);
}

static void post_dismiss_many(struct call *call)
{
	const struct ids_params *p = call->params;
	answer(call, act_turn_away_notices, p->ids.list, p->ids.count, true);
}

#define READ SCOPE(READ_NOTIFICATIONS)
#define WRITE SCOPE(WRITE_NOTIFICATIONS)
#define REQUESTS "/api/v1/notifications/requests"

API_ROWS_BEGIN
static const struct api_route routes[] = {
	{ HTTP_GET, "/api/v2/notifications/policy", AUTH_USER, READ, RATE_COMMON, NULL,
	  get_policy },
	{ HTTP_PATCH, "/api/v2/notifications/policy", AUTH_USER, WRITE, RATE_COMMON, &policy_params,
	  patch_policy },
	{ HTTP_GET, "/api/v1/notifications/policy", AUTH_USER, READ, RATE_COMMON, NULL,
	  get_policy_v1 },
	{ HTTP_PUT, "/api/v1/notifications/policy", AUTH_USER, WRITE, RATE_COMMON,
	  &policy_v1_params, put_policy_v1 },
	{ HTTP_GET, REQUESTS, AUTH_USER, READ, RATE_COMMON, &requests_params, get_requests },
	{ HTTP_GET, REQUESTS "/merged", AUTH_USER, READ, RATE_COMMON, NULL, get_merged },
	{ HTTP_GET, REQUESTS "/:id", AUTH_USER, READ, RATE_COMMON, NULL, get_request },
	{ HTTP_POST, REQUESTS "/accept", AUTH_USER, WRITE, RATE_COMMON, &ids_params,
	  post_accept_many },
	{ HTTP_POST, REQUESTS "/dismiss", AUTH_USER, WRITE, RATE_COMMON, &ids_params,
	  post_dismiss_many },
	{ HTTP_POST, REQUESTS "/:id/accept", AUTH_USER, WRITE, RATE_COMMON, NULL, post_accept },
	{ HTTP_POST, REQUESTS "/:id/dismiss", AUTH_USER, WRITE, RATE_COMMON, NULL, post_dismiss },
};
API_ROWS_END
const struct api_route_table requests_api = { routes, ARRAY_LEN(routes) };
