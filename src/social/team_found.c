/*
 * Making teams, by people to whom the node gave its accounts in charge. What is cheap to ask is asked
 * before keys are made, which takes long, and once more in the write.
 */
#include "social/audit.h"
#include "social/moderate.h"
#include "team_int.h"
#include "text/acct.h"

static enum rc may_found(struct social *s, uint64_t person)
{
	struct team_member all[TEAMS_OF_MAX];
	size_t administered = 0;
	if (!role_permits(s->txn, s->ctx->arena, person, PERMISSION_MANAGE_USERS))
		return ctx_fail(s->ctx, RC_DENIED,
				"Your role at this server does not permit making teams");
	size_t n = teams_of(s->txn, person, 0, all, TEAMS_OF_MAX);
	for (size_t i = 0; i < n; i++)
		administered += all[i].role == TEAM_ADMINISTRATOR;
	if (administered >= TEAMS_FOUNDED_MAX)
		return ctx_fail(s->ctx, RC_TOO_LARGE, "You are administrator of %d teams already",
				TEAMS_FOUNDED_MAX);
	return RC_OK;
}

enum rc team_found_check(struct ctx *ctx, const struct site *site, struct db *db, uint64_t person,
			 struct str name)
{
	struct account taken;
	struct db_txn *txn = NULL;
	enum rc rc = db_read_begin(db, &txn);
	if (rc != RC_OK)
		return rc;
	struct social s = { .txn = txn, .ctx = ctx, .site = site };
	rc = may_found(&s, person);
	if (rc == RC_OK && !acct_local_user_valid(name))
		rc = ctx_fail(ctx, RC_INVALID,
			      "a name is made of a to z, 0 to 9 and _, at most 30");
	else if (rc == RC_OK && account_find_handle(txn, ctx->arena, name, STR(""), &taken))
		rc = ctx_fail(ctx, RC_EXISTS, "that name is taken");
	if (db_txn_rc(txn) != RC_OK)
		rc = db_txn_rc(txn);
	db_read_end(&txn);
	return rc;
}

enum rc team_found(struct social *s, struct team_founding *f)
{
	struct new_account wanted = f->account;
	/* nobody signs in as it */
	wanted.password_hash = wanted.email = STR("");
	enum rc rc = may_found(s, f->person);
	if (rc == RC_OK)
		rc = account_create(s, &wanted, &f->secrets, &f->made);
	if (rc != RC_OK)
		return rc;
	audit_by(s, f->person, AUDIT_ACCOUNT_CREATE, AUDIT_ABOUT(f->made.id));
	return team_create(s, f->person, &f->made, f->person, &f->wishes);
}
