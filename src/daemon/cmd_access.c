/* fediflow account factors and email: how people of here sign in and are reached. */
#include "cmd.h"
#include "node.h"
#include "social/attribute.h"
#include "social/audit.h"
#include "social/factor.h"
#include "social/mail.h"
#include "social/sign_up.h"
#include "target.h"
#include "text/email.h"

/* --- second factors --- */

static void present_passkeys(struct cli *cli, const struct passkey *passkeys, size_t count)
{
	output_table(&cli->out, "passkeys");
	for (size_t i = 0; i < count; i++) {
		output_row(&cli->out);
		output_id(&cli->out, "id", passkeys[i].id);
		output_str(&cli->out, "name", passkeys[i].name);
		output_date(&cli->out, "created", passkeys[i].created_ms);
		output_date(&cli->out, "used", passkeys[i].used_ms);
		output_end(&cli->out);
	}
	output_end(&cli->out);
}

static enum rc present_factors(struct cli *cli, const struct node *node, const struct account *a)
{
	struct passkey passkeys[PASSKEYS_MAX];
	struct db_txn *txn;
	enum rc rc = db_read_begin(node->db, &txn);
	if (rc != RC_OK)
		return ctx_fail(&cli->ctx, rc, "the database cannot be read");
	struct factor_state state = factor_state(txn, cli->ctx.arena, a->id);
	size_t n = passkey_list(txn, cli->ctx.arena, a->id, passkeys);
	rc = db_txn_rc(txn);
	db_read_end(&txn);
	if (rc != RC_OK)
		return ctx_fail(&cli->ctx, rc, "the factors cannot be read: %s", rc_text(rc));
	output_object(&cli->out, NULL);
	output_flag(&cli->out, "asked_for", factor_is_needed(&state));
	output_flag(&cli->out, "one_time_passwords", state.totp);
	output_num(&cli->out, "recovery_codes", state.recovery_codes);
	present_passkeys(cli, passkeys, n);
	output_end(&cli->out);
	return RC_OK;
}

static enum rc reset_act(struct social *s, void *arg)
{
	const struct account *a = arg;
	audit(s, NULL, AUDIT_ACCOUNT_FACTORS, AUDIT_ABOUT(a->id));
	return factors_reset(s, a->id);
}

enum rc cmd_account_factors(struct cli *cli)
{
	bool reset = command_switch(cli, "reset");
	struct node node;
	struct account a;
	enum rc rc = node_open(cli, reset ? NODE_WRITE : NODE_READ, &node);
	if (rc == RC_OK)
		rc = target_account(cli, &node, command_argument(cli, 0), TARGET_LOCAL, &a);
	if (rc == RC_OK && reset)
		rc = node_act(cli, &node, reset_act, &a);
	if (rc == RC_OK)
		rc = present_factors(cli, &node, &a);
	node_close(&node);
	return rc;
}

/* --- addresses --- */

struct addressing {
	uint64_t account;
	struct str email; /* empty: none */
};

/* What those who administer say is believed. */
static enum rc email_act(struct social *s, void *arg)
{
	const struct addressing *wish = arg;
	struct account_secrets secrets;
	struct email email = { .text = STR("") };
	bool waits;
	if (wish->email.len != 0) {
		enum rc rc = email_parse(s->ctx, wish->email, s->site->iri_flags, &email);
		if (rc != RC_OK)
			return rc;
	}
	uint64_t owner = account_id_of_email(s->txn, email.text);
	if (owner != 0 && owner != wish->account)
		return ctx_fail(s->ctx, RC_EXISTS, "the e-mail address is taken");
	if (!account_secrets_get(s->txn, s->ctx->arena, wish->account, &secrets))
		return ctx_fail(s->ctx, RC_NOT_FOUND, "the account has no secrets");
	secrets.email = email.text;
	secrets.email_next = STR("");
	secrets.confirmed_ms = email.text.len != 0 ? db_txn_now(s->txn) : 0;
	account_secrets_put(s->txn, wish->account, &secrets);
	attributes_changed(s, wish->account);
	audit(s, NULL, AUDIT_ACCOUNT_EMAIL, AUDIT_ABOUT(wish->account));
	/* who waited for that waits no longer */
	return secrets.confirmed_ms != 0
		       ? sign_up_confirmed(s, wish->account, &(struct sign_up_news){ .count = 0 },
					   &waits)
		       : db_txn_rc(s->txn);
}

static enum rc present_email(struct cli *cli, const struct node *node, const struct account *a)
{
	struct account_secrets secrets;
	struct db_txn *txn;
	enum rc rc = db_read_begin(node->db, &txn);
	if (rc != RC_OK)
		return ctx_fail(&cli->ctx, rc, "the database cannot be read");
	bool found = account_secrets_get(txn, cli->ctx.arena, a->id, &secrets);
	rc = db_txn_rc(txn);
	db_read_end(&txn);
	if (rc == RC_OK && !found)
		rc = RC_NOT_FOUND;
	if (rc != RC_OK)
		return ctx_fail(&cli->ctx, rc, "the address cannot be read: %s", rc_text(rc));
	output_object(&cli->out, NULL);
	output_opt(&cli->out, "email", secrets.email);
	output_date(&cli->out, "confirmed", secrets.confirmed_ms);
	output_opt(&cli->out, "asked_for", secrets.email_next);
	output_end(&cli->out);
	return RC_OK;
}

enum rc cmd_account_email(struct cli *cli)
{
	bool change = command_argument(cli, 1).ptr != NULL;
	struct node node;
	struct account a;
	enum rc rc = node_open(cli, change ? NODE_WRITE : NODE_READ, &node);
	if (rc == RC_OK)
		rc = target_account(cli, &node, command_argument(cli, 0), TARGET_LOCAL, &a);
	if (rc == RC_OK && change) {
		struct addressing wish = { a.id, command_argument(cli, 1) };
		rc = node_act(cli, &node, email_act, &wish);
	}
	if (rc == RC_OK)
		rc = present_email(cli, &node, &a);
	node_close(&node);
	return rc;
}
