/* What a joint community's partners read of its ledger: which records there are, and each of them. Nobody else
 * is shown that there is one. */
#include "ledger_fed_int.h"
#include "routes_int.h"
#include "store/joint.h"

#define PAGE 500
#define DOCUMENT_BYTES ((size_t)1 << 20)

/* Who asks is a partner, or the actor of a partner's node, which signs what it fetches. */
static bool is_for(struct httpd_request *req, struct db_txn *txn, uint64_t community,
		   uint64_t viewer)
{
	uint64_t partners[JOINT_PARTNERS_MAX];
	struct account asking, partner;
	size_t n = joint_partners(txn, community, partners);
	if (viewer == 0 || !account_get(txn, req->ctx.arena, viewer, &asking) ||
	    account_is_gone(&asking))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (account_get(txn, req->ctx.arena, partners[i], &partner) &&
		    !account_is_gone(&partner) &&
		    str_eq(uri_authority(partner.uri), uri_authority(asking.uri)))
			return true;
	}
	return false;
}

static enum rc ledger_find_for(struct httpd_request *req, struct db_txn *txn, struct viewer viewer,
			       struct account *out)
{
	enum rc rc = serve_account(req, txn, viewer, out);
	if (rc != RC_OK)
		return rc;
	return is_for(req, txn, out->id, viewer.account) ? RC_OK : RC_NOT_FOUND;
}

static void page_write(struct httpd_request *req, struct db_txn *txn, const struct account *a,
		       struct str id, uint64_t before, struct jw *w)
{
	struct arena *arena = req->ctx.arena;
	struct digest *names = ARENA_ARRAY(arena, PAGE, struct digest);
	uint64_t end = 0;
	size_t n = names != NULL ? ledger_before(txn, a->id, before, names, PAGE, &end) : 0;
	jw_object(w);
	ap_write_context(w, AP_CONTEXT_LEDGER);
	jw_member_str(
		w, "id",
		arena_printf(arena, "%.*s?before=%llu", STR_ARG(id), (unsigned long long)before));
	jw_member_str(w, "type", STR("OrderedCollectionPage"));
	jw_member_str(w, "partOf", id);
	jw_name(w, "orderedItems");
	jw_array(w);
	for (size_t i = 0; i < n; i++)
		jw_str(w, arena_printf(arena, "%.*s/records/%.*s", STR_ARG(id),
				       STR_ARG(ledger_hex(arena, &names[i]))));
	jw_end(w);
	if (n == PAGE && end > 1)
		jw_member_str(w, "next",
			      arena_printf(arena, "%.*s?before=%llu", STR_ARG(id),
					   (unsigned long long)end));
	jw_end(w);
}

static enum rc ledger_write(struct fed *fed, struct httpd_request *req, struct db_txn *txn,
			    struct viewer viewer, struct jw *w)
{
	struct str param = httpd_query(req, "before");
	struct account a;
	uint64_t before = 0;
	enum rc rc = ledger_find_for(req, txn, viewer, &a);
	if (rc != RC_OK)
		return rc;
	if (param.ptr != NULL && !str_to_u64(param, &before))
		return RC_NOT_FOUND;
	struct str id = site_actor_part(req->ctx.arena, fed->site, a.username, LEDGER_PART);
	struct ledger_sum sum = ledger_sum(txn, a.id);
	if (param.ptr != NULL)
		page_write(req, txn, &a, id, before, w);
	else
		ledger_head_write(w, req->ctx.arena, id, &sum, false);
	return arena_failed(req->ctx.arena) ? RC_NO_MEMORY : db_txn_rc(txn);
}

static void serve_ledger(struct fed *fed, struct httpd_request *req, struct viewer viewer)
{
	serve_by(fed, req, viewer, ledger_write);
}

static void serve_record(struct fed *fed, struct httpd_request *req, struct viewer viewer)
{
	struct buf body = BUF_INIT(DOCUMENT_BYTES);
	struct ledger_record record;
	struct digest name;
	struct account a;
	struct db_txn *txn;
	enum rc rc = db_read_begin(fed->db, &txn);
	if (rc != RC_OK)
		return serve_failed(req, rc);
	rc = ledger_find_for(req, txn, viewer, &a);
	if (rc == RC_OK && (!ledger_unhex(req->params[1], &name) ||
			    !ledger_get(txn, req->ctx.arena, a.id, &name, &record) ||
			    (record.flags & LEDGER_REFUSED) != 0))
		rc = RC_NOT_FOUND;
	if (rc == RC_OK)
		buf_add(&body, record.bytes);
	db_read_end(&txn);
	if (rc == RC_OK)
		return serve_document(req, &body);
	buf_free(&body);
	serve_failed(req, rc);
}

void ledger_get_route(struct httpd_request *req, void *app)
{
	serve_signed(req, app, serve_ledger);
}

void ledger_record_get(struct httpd_request *req, void *app)
{
	serve_signed(req, app, serve_record);
}
