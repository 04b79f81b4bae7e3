/* Authorizations, each under its own id. */
#include "interact_int.h"
#include "routes_int.h"

#define DOCUMENT_BYTES (64 * 1024)

static void serve_authorization(struct fed *fed, struct httpd_request *req, struct viewer viewer)
{
	struct buf body = BUF_INIT(DOCUMENT_BYTES);
	struct account owner;
	struct db_txn *txn;
	struct jw w;
	uint64_t id;
	if (!str_to_u64(req->params[1], &id))
		return serve_missing(req);
	enum rc rc = db_read_begin(fed->db, &txn);
	if (rc != RC_OK)
		return serve_failed(req, rc);
	jw_init(&w, &body);
	rc = serve_account(req, txn, viewer, &owner);
	if (rc == RC_OK)
		rc = build_authorization(fed, txn, &req->ctx, viewer, &owner, id, &w);
	if (db_txn_rc(txn) != RC_OK)
		rc = db_txn_rc(txn);
	if (rc == RC_OK)
		jw_done(&w);
	db_read_end(&txn);
	if (rc == RC_OK)
		return serve_document(req, &body);
	buf_free(&body);
	serve_failed(req, rc);
}

void authorization_get(struct httpd_request *req, void *app)
{
	serve_guarded(req, app, serve_authorization);
}
