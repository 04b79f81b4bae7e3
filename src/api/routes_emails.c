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

static enum rc read_secrets(struct call *call, struct account_secrets *out)
{
	struct db_txn *txn;
	enum rc rc = call_read(call, &txn);
	if (rc != RC_OK)
		return rc;
	if (!account_secrets_get(txn, call->ctx->arena, call_account(call)->id, out))
		rc = db_txn_rc(txn) == RC_OK ? RC_NOT_FOUND : db_txn_rc(txn);
	db_read_end(&txn);
	return rc;
}

static enum rc ask_job(struct social *s, void *arg)
{
	const struct call *call = arg;
	const struct confirm_params *p = call->params;
	return email_ask(s, call_account(call)->id, p->email);
}

static enum rc send_job(struct social *s, void *arg)
{
	return ticket_send(s, arg);
}

/* RC_DENIED when there is nothing to confirm. */
static enum rc send_ticket(struct call *call)
{
	const struct confirm_params *p = call->params;
	struct account_secrets secrets;
	struct ticket_letter letter;
	enum rc rc = read_secrets(call, &secrets);
	if (rc == RC_OK && email_to_confirm(&secrets).len == 0)
		rc = RC_DENIED;
	if (rc == RC_OK && p->email.len != 0)
		rc = call_write(call, ask_job, call);
	if (rc == RC_OK && p->email.len != 0)
		rc = read_secrets(call, &secrets);
	if (rc == RC_OK)
		rc = ticket_make(call->ctx, call->api->parts.site, call->api->parts.seal,
				 call_account(call), TICKET_CONFIRM, email_to_confirm(&secrets),
				 &letter);
	return rc == RC_OK ? call_write(call, send_job, &letter) : rc;
}

static void post_confirmation(struct call *call)
{
	enum rc rc = send_ticket(call);
	if (rc == RC_OK)
		reply_empty(call);
	else if (rc == RC_DENIED)
		reply_error(call, 403,
			    "This method is only available while the e-mail is awaiting "
			    "confirmation");
	else if (rc == RC_INVALID)
		reply_invalid(call, "email", "ERR_INVALID", "E-mail is not an address");
	else if (rc == RC_EXISTS)
		reply_invalid(call, "email", "ERR_TAKEN", "E-mail is taken");
	else if (rc == RC_BUSY)
		reply_error(call, 429, "Too many requests");
	else
		reply_rc(call, rc);
}

static void get_confirmation(struct call *call)
{
	struct account_secrets secrets;
	enum rc rc = read_secrets(call, &secrets);
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	/* who has no address has none to confirm */
	jw_bool(reply_begin(call), secrets.confirmed_ms != 0 || secrets.email.len == 0);
	reply_end(call, 200);
}

static const struct api_route routes[] = {
	{ HTTP_POST, "/api/v1/emails/confirmations", AUTH_USER, 0, RATE_COMMON, &confirm_params,
	  post_confirmation },
	{ HTTP_GET, "/api/v1/emails/check_confirmation", AUTH_USER, 0, RATE_COMMON, NULL,
	  get_confirmation },
};
const struct api_route_table emails_api = { routes, ARRAY_LEN(routes) };
