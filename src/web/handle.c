/* Whom a form names by a handle that a person has typed. Inside transactions. */
#include "sign_in_int.h"
#include "text/acct.h"

enum rc page_find_handle(struct social *s, struct str who, uint64_t *account)
{
	struct acct acct = { .user = STR_NONE };
	struct account found;
	enum rc rc = acct_parse(s->ctx, who, s->site->iri_flags, &acct);
	if (rc != RC_OK)
		return rc;
	const bool ours = acct.host.len == 0 || str_eq(acct.host, s->site->domain) ||
			  str_eq(acct.host, s->site->host);
	if (!account_find_handle(s->txn, s->ctx->arena, acct.user, ours ? STR("") : acct.host,
				 &found) ||
	    account_is_gone(&found))
		return ctx_fail(s->ctx, RC_NOT_FOUND, "there is nobody of that name here");
	*account = found.id;
	return RC_OK;
}
