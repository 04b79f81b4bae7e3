/* Whether people have shown that their e-mail address is theirs. */
#include "api_int.h"
#include "social/mail.h"

struct confirm_params {
	struct str email;
};

static const struct param confirm_rows[] = {
	PARAM_STR(struct confirm_params, email, "email", 320),
};
PARAM_TABLE(confirm_params, struct confirm_params, confirm_rows);

struct person {
	struct account_secrets secrets;
	struct sign_up sign_up;
};

static enum rc read_person(struct call *call, struct person *out)
{
	struct db_txn *txn;
	enum rc rc = call_read(call, &txn);
	if (rc != RC_OK)
		return rc;
	(void)sign_up_get(txn, call->ctx->arena, call_account(call)->id, &out->sign_up);
	if (!account_secrets_get(txn, call->ctx->arena, call_account(call)->id, &out->secrets))
		rc = RC_NOT_FOUND;
	if (db_txn_rc(txn) != RC_OK)
		rc = db_txn_rc(txn);
	db_read_end(&txn);
	return rc;
}

static enum rc ask_job(struct social *s, void *arg)
{
	const struct call *call = arg;
	const struct confirm_params *p = call->params;
	uint64_t id = call_account(call)->id;
	return account_is_waiting(call_account(call)) ? sign_up_readdress(s, id, p->email)
						      : email_ask(s, id, p->email);
}

static enum rc send_job(struct social *s, void *arg)
{
	return ticket_send(s, arg);
}

/* RC_BUSY: too often (S-106). */
static enum rc send_ticket(struct call *call, struct str email)
{
	const struct reception *r = call->api->parts.reception;
	struct ticket_letter letter;
	if (!gate_client(r->gate, GATE_CONFIRM, call->req->client) ||
	    !gate_subject(r->gate, GATE_CONFIRM, email))
		return RC_BUSY;
	enum rc rc = sign_up_letter(r, call->ctx, call_account(call), email, &letter);
	return rc == RC_OK ? call_write(call, send_job, &letter) : rc;
}

static enum rc ask_and_send(struct call *call, struct person *who)
{
	const struct confirm_params *p = call->params;
	enum rc rc = RC_OK;
	if (p->email.len != 0)
		rc = call_write(call, ask_job, call);
	if (rc == RC_OK && p->email.len != 0)
		rc = read_person(call, who);
	return rc == RC_OK ? send_ticket(call, email_to_confirm(&who->secrets)) : rc;
}

static void reply_sent(struct call *call, enum rc rc)
{
	if (rc == RC_OK)
		reply_empty(call);
	else if (rc == RC_INVALID)
		reply_invalid(call, "email", "ERR_INVALID", "E-mail is not an address");
	else if (rc == RC_EXISTS)
		reply_invalid(call, "email", "ERR_TAKEN", "E-mail is taken");
	else if (rc == RC_BLOCKED)
		reply_invalid(call, "email", "ERR_BLOCKED",
			      "E-mail is from a provider that is not allowed");
	else if (rc == RC_BUSY)
		reply_error(call, 429, "Too many requests");
	else
		reply_rc(call, rc);
}

static bool is_to_confirm(const struct call *call, const struct person *who)
{
	const struct account *a = call_account(call);
	if (account_is_waiting(a))
		return (a->flags & ACCOUNT_UNCONFIRMED) != 0;
	return email_to_confirm(&who->secrets).len != 0;
}

/* methods/emails#confirmation */
static void post_confirmation(struct call *call)
{
	struct person who;
	enum rc rc = read_person(call, &who);
	if (rc != RC_OK)
		reply_rc(call, rc);
	else if (account_is_waiting(call_account(call)) &&
		 who.sign_up.app != call->bearer.token.app)
		reply_error(call, 403,
			    "This method is only available to the application the user originally "
			    "signed-up with");
	else if (!is_to_confirm(call, &who))
		reply_error(call, 403,
			    "This method is only available while the e-mail is awaiting "
			    "confirmation");
	else
		reply_sent(call, ask_and_send(call, &who));
}

static void get_confirmation(struct call *call)
{
	struct person who;
	enum rc rc = read_person(call, &who);
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	bool confirmed = (call_account(call)->flags & ACCOUNT_UNCONFIRMED) == 0;
	/* who has no address has none to confirm */
	jw_bool(reply_begin(call),
		confirmed && (who.secrets.confirmed_ms != 0 || who.secrets.email.len == 0));
	reply_end(call, 200);
}

API_ROWS_BEGIN
static const struct api_route routes[] = {
	{ HTTP_POST, "/api/v1/emails/confirmations", AUTH_WAITING, 0, RATE_COMMON, &confirm_params,
	  post_confirmation },
	{ HTTP_GET, "/api/v1/emails/check_confirmation", AUTH_WAITING, 0, RATE_COMMON, NULL,
	  get_confirmation },
};
API_ROWS_END
const struct api_route_table emails_api = { routes, ARRAY_LEN(routes) };
