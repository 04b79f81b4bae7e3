/* Subscriptions to web push: one per access token. */
#include "push_int.h"

struct push_params {
	struct str endpoint, p256dh, auth;
	enum tri standard;
	enum tri alerts[PUSH_ALERT_COUNT];
	unsigned policy, policy_alone;
};

/* In the order of enum push_policy. */
static const char *const policies[] = { "all", "followed", "follower", "none", NULL };

#define ALERT_ROW(constant, name) \
	PARAM_BOOL(struct push_params, alerts[PUSH_##constant], "data[alerts][" name "]"),

#define DATA_ROWS                                                           \
	PUSH_ALERTS(ALERT_ROW)                                              \
	PARAM_CHOICE(struct push_params, policy, "data[policy]", policies), \
		PARAM_CHOICE(struct push_params, policy_alone, "policy", policies)

static const struct param push_rows[] = {
	PARAM_STR(struct push_params, endpoint, "subscription[endpoint]", PUSH_ENDPOINT_MAX),
	PARAM_STR(struct push_params, p256dh, "subscription[keys][p256dh]", 200),
	PARAM_STR(struct push_params, auth, "subscription[keys][auth]", 200),
	PARAM_BOOL(struct push_params, standard, "subscription[standard]"),
	DATA_ROWS,
};
PARAM_TABLE(push_params, struct push_params, push_rows);

static const struct param data_rows[] = { DATA_ROWS };
PARAM_TABLE(data_params, struct push_params, data_rows);

static enum push_policy policy_of(const struct push_params *p, enum push_policy otherwise)
{
	if (p->policy != NO_CHOICE)
		return (enum push_policy)p->policy;
	return p->policy_alone != NO_CHOICE ? (enum push_policy)p->policy_alone : otherwise;
}

/* What was not named is off. */
static unsigned alerts_of(const struct push_params *p)
{
	unsigned alerts = 0;
	for (unsigned i = 0; i < PUSH_ALERT_COUNT; i++)
		alerts |= p->alerts[i] == TRI_YES ? 1U << i : 0;
	return alerts;
}

struct str call_server_key(struct call *call)
{
	struct db_txn *txn;
	if (call_read(call, &txn) != RC_OK)
		return STR("");
	struct str key = push_server_key(txn, call->ctx->arena);
	db_read_end(&txn);
	return key.ptr != NULL ? key : STR("");
}

static void reply_push(struct call *call, const struct push_subscription *s)
{
	struct str key = call_server_key(call);
	render_push(reply_begin(call), s, key);
	reply_end(call, 200);
}

/* --- the endpoints --- */

static void get_push(struct call *call)
{
	struct push_subscription s;
	struct db_txn *txn;
	enum rc rc = call_read(call, &txn);
	if (rc == RC_OK) {
		if (!push_get(txn, call->ctx->arena, call_account(call)->id, call->bearer.token.id,
			      &s))
			rc = db_txn_rc(txn) == RC_OK ? RC_NOT_FOUND : db_txn_rc(txn);
		db_read_end(&txn);
	}
	if (rc != RC_OK)
		reply_rc(call, rc);
	else
		reply_push(call, &s);
}

static enum rc put_job(struct social *s, void *arg)
{
	struct push_subscription *sub = arg;
	sub->created_ms = db_txn_now(s->txn);
	push_put(s->txn, sub);
	return db_txn_rc(s->txn);
}

static void post_push(struct call *call)
{
	const struct push_params *p = call->params;
	const struct push_wish wish = { .endpoint = p->endpoint,
					.p256dh = p->p256dh,
					.auth = p->auth,
					.standard = p->standard == TRI_YES,
					.alerts = alerts_of(p),
					.policy = policy_of(p, PUSH_FROM_ALL) };
	struct push_subscription s;
	enum rc rc = push_prepare(call->ctx, call->api->parts.site, call->api->parts.seal,
				  call_account(call)->id, call->bearer.token.id, call_token(call),
				  &wish, &s);
	if (rc == RC_INVALID) {
		reply_error(call, 422,
			    arena_cstr(call->ctx->arena,
				       arena_printf(call->ctx->arena, "Validation failed: %s",
						    err_text(&call->ctx->err))));
		return;
	}
	if (rc == RC_OK)
		rc = call_write(call, put_job, &s);
	if (rc != RC_OK)
		reply_rc(call, rc);
	else
		reply_push(call, &s);
}

struct changing {
	const struct call *call;
	struct push_subscription changed;
};

static enum rc change_job(struct social *s, void *arg)
{
	struct changing *c = arg;
	const struct push_params *p = c->call->params;
	if (!push_get(s->txn, s->ctx->arena, call_account(c->call)->id, c->call->bearer.token.id,
		      &c->changed))
		return db_txn_rc(s->txn) == RC_OK ? RC_NOT_FOUND : db_txn_rc(s->txn);
	c->changed.alerts = alerts_of(p);
	c->changed.policy = policy_of(p, c->changed.policy);
	push_change(s->txn, &c->changed);
	return db_txn_rc(s->txn);
}

static void put_push(struct call *call)
{
	struct changing c = { .call = call };
	enum rc rc = call_write(call, change_job, &c);
	if (rc != RC_OK)
		reply_rc(call, rc);
	else
		reply_push(call, &c.changed);
}

static enum rc delete_job(struct social *s, void *arg)
{
	const struct call *call = arg;
	push_del(s->txn, call_account(call)->id, call->bearer.token.id);
	return db_txn_rc(s->txn);
}

static void delete_push(struct call *call)
{
	enum rc rc = call_write(call, delete_job, call);
	if (rc != RC_OK)
		reply_rc(call, rc);
	else
		reply_empty(call);
}

#define PATH "/api/v1/push/subscription"

API_ROWS_BEGIN
static const struct api_route routes[] = {
	{ HTTP_GET, PATH, AUTH_USER, SCOPE(PUSH), RATE_COMMON, NULL, get_push },
	{ HTTP_POST, PATH, AUTH_USER, SCOPE(PUSH), RATE_COMMON, &push_params, post_push },
	{ HTTP_PUT, PATH, AUTH_USER, SCOPE(PUSH), RATE_COMMON, &data_params, put_push },
	{ HTTP_DELETE, PATH, AUTH_USER, SCOPE(PUSH), RATE_COMMON, NULL, delete_push },
};
API_ROWS_END
const struct api_route_table push_api = { routes, ARRAY_LEN(routes) };
