/* Authorizations, each under its own id. */
#include "interact_int.h"
#include "routes_int.h"

static enum rc authorization_write(struct fed *fed, struct httpd_request *req, struct db_txn *txn,
				   struct viewer viewer, struct jw *w)
{
	struct account owner;
	uint64_t id;
	if (!str_to_u64(req->params[1], &id))
		return RC_NOT_FOUND;
	enum rc rc = serve_account(req, txn, viewer, &owner);
	return rc == RC_OK ? build_authorization(fed, txn, &req->ctx, viewer, &owner, id, w) : rc;
}

static void serve_authorization(struct fed *fed, struct httpd_request *req, struct viewer viewer)
{
	serve_by(fed, req, viewer, authorization_write);
}

void authorization_get(struct httpd_request *req, void *app)
{
	serve_guarded(req, app, serve_authorization);
}
