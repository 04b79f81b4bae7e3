/* What our deliveries say of the followers they go to, and the partial collection that the other
 * host may compare (FEP-8fcf). */
#include "ap/write.h"
#include "routes_int.h"
#include "sync_int.h"

#define DOCUMENT_BYTES (1024 * 1024)
#define WHOLE_MAX 1000 /* members that stand in one document; more come in pages of this size */

static struct str sync_url(struct arena *arena, const struct account *a)
{
	return arena_join(arena, a->uri, STR("/followers_synchronization"));
}

struct str sync_header_for(struct fed *fed, struct arena *arena, uint64_t account, struct str host)
{
	struct sync_header header = { .collection = STR("") };
	struct account a;
	struct db_txn *txn;
	bool known = false;
	if (db_read_begin(fed->db, &txn) != RC_OK)
		return STR_NONE;
	if (account_get(txn, arena, account, &a) && a.followers.len != 0) {
		header.collection = a.followers;
		header.url = sync_url(arena, &a);
		struct follower_host row = follower_host_get(txn, account, host);
		header.digest = row.digest;
		known = row.count != 0;
	}
	/* FEP-8fcf is for hosts whose ids are where their inboxes are: others have nobody here */
	bool ok = known && db_txn_rc(txn) == RC_OK && header.collection.len != 0;
	db_read_end(&txn);
	return ok ? sync_header_make(arena, &header) : STR_NONE;
}

/* Everybody on that host whom we count as a follower: who is left out would lose the follow. */
static void members_write(struct httpd_request *req, struct db_txn *txn, const uint64_t *ids,
			  size_t n, struct jw *w)
{
	jw_name(w, "orderedItems");
	jw_array(w);
	for (size_t i = 0; i < n; i++) {
		struct account member;
		if (account_get(txn, req->ctx.arena, ids[i], &member))
			jw_str(w, member.uri);
		else if (db_txn_rc(txn) == RC_OK)
			db_txn_fail(txn, RC_CORRUPT);
	}
	jw_end(w);
}

static enum rc partial_write(struct httpd_request *req, struct db_txn *txn, const struct account *a,
			     struct str host, struct jw *w)
{
	struct arena *arena = req->ctx.arena;
	uint64_t *ids = ARENA_ARRAY(arena, WHOLE_MAX, uint64_t), after = 0;
	struct str url = sync_url(arena, a), param = httpd_query(req, "after");
	struct follower_host row = follower_host_get(txn, a->id, host);
	bool page = param.ptr != NULL, whole = row.count <= WHOLE_MAX;
	if (ids == NULL)
		return RC_NO_MEMORY;
	if (page && !str_to_u64(param, &after))
		return RC_NOT_FOUND;
	size_t n = page || whole ? follower_host_list(txn, a->id, host, after, ids, WHOLE_MAX) : 0;
	jw_object(w);
	ap_write_context(w, AP_CONTEXT_PLAIN);
	jw_member_str(w, "id",
		      page ? arena_printf(arena, "%.*s?after=%llu", STR_ARG(url),
					  (unsigned long long)after)
			   : url);
	jw_member_str(w, "type", page ? STR("OrderedCollectionPage") : STR("OrderedCollection"));
	if (page)
		jw_member_str(w, "partOf", url);
	jw_member_u64(w, "totalItems", row.count);
	if (!page && !whole)
		jw_member_str(w, "first", arena_join(arena, url, STR("?after=0")));
	else
		members_write(req, txn, ids, n, w);
	if (page && n == WHOLE_MAX)
		jw_member_str(w, "next",
			      arena_printf(arena, "%.*s?after=%llu", STR_ARG(url),
					   (unsigned long long)ids[n - 1]));
	jw_end(w);
	return db_txn_rc(txn);
}

/* FEP-8fcf: a host is shown its own people and nobody else's. */
static void serve_partial(struct fed *fed, struct httpd_request *req, struct viewer viewer)
{
	struct buf body = BUF_INIT(DOCUMENT_BYTES);
	struct account a, asking;
	struct db_txn *txn;
	struct jw w;
	enum rc rc = db_read_begin(fed->db, &txn);
	if (rc != RC_OK)
		return serve_failed(req, rc);
	rc = serve_account(req, txn, viewer, &a);
	if (rc == RC_OK && (!account_get(txn, req->ctx.arena, viewer.account, &asking) ||
			    account_is_local(&asking)))
		rc = db_txn_rc(txn) != RC_OK ? db_txn_rc(txn) : RC_NOT_FOUND;
	jw_init(&w, &body);
	if (rc == RC_OK)
		rc = partial_write(req, txn, &a, asking.domain, &w);
	db_read_end(&txn);
	if (rc == RC_OK) {
		jw_done(&w);
		return serve_document(req, &body);
	}
	buf_free(&body);
	serve_failed(req, rc);
}

void followers_sync_get(struct httpd_request *req, void *app)
{
	serve_signed(req, app, serve_partial);
}
