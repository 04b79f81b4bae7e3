/* Signing up by an app (methods/accounts#create). */
#include "api_int.h"
#include "social/mail.h"

/* Longer ones are answered for by field, up to what no form sends. */
#define VALUE_MAX 4000

struct sign_up_params {
	struct str username, email, password, locale, reason, date_of_birth;
	enum tri agreement;
};

static const struct param sign_up_rows[] = {
	PARAM_STR(struct sign_up_params, username, "username", VALUE_MAX),
	PARAM_STR(struct sign_up_params, email, "email", VALUE_MAX),
	PARAM_STR(struct sign_up_params, password, "password", VALUE_MAX),
	PARAM_BOOL(struct sign_up_params, agreement, "agreement"),
	PARAM_STR(struct sign_up_params, locale, "locale", VALUE_MAX),
	PARAM_STR(struct sign_up_params, reason, "reason", VALUE_MAX),
	PARAM_STR(struct sign_up_params, date_of_birth, "date_of_birth", VALUE_MAX),
};
PARAM_TABLE(sign_up_params, struct sign_up_params, sign_up_rows);

struct making {
	const struct call *call;
	const struct sign_up_plan *plan;
	struct str secret; /* of the token */
	struct account account;
	struct oauth_token token;
};

/* The token does nothing until whoever signed up is let in (oauth_authenticate()). */
static enum rc make_job(struct social *s, void *arg)
{
	struct making *m = arg;
	struct oauth_app app;
	uint64_t id = m->call->bearer.token.app;
	if (!oauth_app_get(s->txn, s->ctx->arena, id, &app))
		return RC_NOT_FOUND;
	enum rc rc = sign_up_make(s, m->plan, &m->account);
	if (rc != RC_OK)
		return rc;
	m->token = (struct oauth_token){ .app = id,
					 .account = m->account.id,
					 .created_ms = db_txn_now(s->txn),
					 .scopes = app.scopes };
	oauth_token_add(s->txn, m->secret, &m->token);
	return db_txn_rc(s->txn);
}

static enum rc send_job(struct social *s, void *arg)
{
	return ticket_send(s, arg);
}

static struct sign_up_ask ask_of(const struct call *call)
{
	const struct sign_up_params *p = call->params;
	return (struct sign_up_ask){ .username = p->username,
				     .email = p->email,
				     .password = p->password,
				     .reason = p->reason,
				     .locale = p->locale,
				     .date_of_birth = p->date_of_birth,
				     .agreed = p->agreement == TRI_YES,
				     .client = call->req->client,
				     .app = call->bearer.token.app };
}

static void reply_refusal(struct call *call, struct sign_up_plan *plan, enum rc rc)
{
	if (rc == RC_INVALID)
		reply_faults(call, &plan->faults);
	else if (rc == RC_EXISTS)
		reply_invalid(call, "username", "ERR_TAKEN", "Username has already been taken");
	else if (rc == RC_BLOCKED)
		reply_error(call, 429, "Too many requests");
	else
		reply_rc(call, rc);
}

static void post_account(struct call *call)
{
	const struct reception *r = call->api->parts.reception;
	const struct sign_up_ask ask = ask_of(call);
	struct sign_up_plan plan;
	struct ticket_letter letter;
	struct making m = { .call = call, .plan = &plan, .secret = oauth_secret(call->ctx->arena) };
	if (call->bearer.account.id != 0) {
		reply_error(call, 403, "This action is not allowed");
		return;
	}
	enum rc rc = sign_up_prepare(r, call->ctx, &ask, &plan);
	if (rc == RC_OK && m.secret.ptr == NULL)
		rc = RC_NO_MEMORY;
	if (rc == RC_OK)
		rc = call_write(call, make_job, &m);
	if (rc != RC_OK) {
		reply_refusal(call, &plan, rc);
		return;
	}
	/* a letter that was not sent can be asked for again */
	rc = sign_up_letter(r, call->ctx, &m.account, plan.email, &letter);
	if (rc == RC_OK)
		rc = call_write(call, send_job, &letter);
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	struct jw *w = reply_begin(call);
	jw_object(w);
	jw_member_str(w, "access_token", m.secret);
	jw_member_str(w, "token_type", STR("Bearer"));
	jw_member_str(w, "scope", m.token.scopes);
	jw_member_u64(w, "created_at", m.token.created_ms / MS_PER_SECOND);
	jw_end(w);
	reply_end(call, 200);
}

API_ROWS_BEGIN
static const struct api_route routes[] = {
	{ HTTP_POST, "/api/v1/accounts", AUTH_APP, SCOPE(WRITE_ACCOUNTS), RATE_COMMON,
	  &sign_up_params, post_account },
};
API_ROWS_END
const struct api_route_table sign_up_api = { routes, ARRAY_LEN(routes) };
