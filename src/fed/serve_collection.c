/* Collections of accounts and consents to be in one, as documents. */
#include "ap/write.h"
#include "collection_int.h"
#include "routes_int.h"

#define DOCUMENT_BYTES (256 * 1024)

typedef enum rc write_fn(struct fed *fed, struct httpd_request *req, struct db_txn *txn,
			 const struct account *a, uint64_t id, struct jw *w);

static enum rc write_list(struct fed *fed, struct httpd_request *req, struct db_txn *txn,
			  const struct account *a, uint64_t id UNUSED, struct jw *w)
{
	uint64_t ids[COLLECTIONS_MAX];
	struct collection c;
	size_t n = collections_of(txn, a->id, ids);
	ap_write_items(w, site_actor_part(req->ctx.arena, fed->site, a->username, COLLECTIONS_PART),
		       "Collection", n, AP_CONTEXT_PLAIN);
	for (size_t i = 0; i < n; i++) {
		if (collection_get(txn, req->ctx.arena, ids[i], &c))
			jw_str(w, c.uri);
	}
	ap_write_page_end(w);
	return RC_OK;
}

static enum rc write_one(struct fed *fed, struct httpd_request *req, struct db_txn *txn,
			 const struct account *a, uint64_t id, struct jw *w)
{
	struct collection c;
	if (!collection_get(txn, req->ctx.arena, id, &c) || c.account != a->id)
		return RC_NOT_FOUND;
	struct ap_featured *view = build_featured_collection(fed, txn, &req->ctx, &c, a);
	if (view == NULL)
		return RC_NO_MEMORY;
	ap_write_featured(w, view, true);
	return RC_OK;
}

/* The account's place with that item. */
static bool place_of(struct db_txn *txn, const struct account *a, uint64_t id,
		     struct collection_place *out)
{
	struct collection_place places[64];
	uint64_t after = 0;
	size_t n;
	do {
		n = collections_with(txn, a->id, after, places, ARRAY_LEN(places));
		for (size_t i = 0; i < n; i++) {
			after = places[i].collection;
			if (places[i].item == id) {
				*out = places[i];
				return true;
			}
		}
	} while (n == ARRAY_LEN(places));
	return false;
}

/* While it holds: what was taken back is not there any more. */
static enum rc write_authorization(struct fed *fed, struct httpd_request *req, struct db_txn *txn,
				   const struct account *a, uint64_t id, struct jw *w)
{
	struct collection c;
	struct collection_item item;
	struct collection_place place;
	if (!place_of(txn, a, id, &place) ||
	    !collection_item_get(txn, req->ctx.arena, place, &item) ||
	    item.state != COLLECTION_ACCEPTED ||
	    !collection_get(txn, req->ctx.arena, place.collection, &c))
		return RC_NOT_FOUND;
	const struct ap_feature_authorization view = {
		collection_authorization_uri(req->ctx.arena, fed->site, a, &item), c.uri, a->uri
	};
	ap_write_feature_authorization(w, &view, true);
	return RC_OK;
}

static void serve_written(struct fed *fed, struct httpd_request *req, struct viewer viewer,
			  write_fn *write)
{
	struct buf body = BUF_INIT(DOCUMENT_BYTES);
	struct account account;
	struct db_txn *txn;
	uint64_t id = 0;
	struct jw w;
	if (write != write_list && !str_to_u64(req->params[1], &id))
		return serve_missing(req);
	enum rc rc = db_read_begin(fed->db, &txn);
	if (rc != RC_OK)
		return serve_failed(req, rc);
	jw_init(&w, &body);
	rc = serve_account(req, txn, viewer, &account);
	if (rc == RC_OK)
		rc = write(fed, req, txn, &account, id, &w);
	if (rc == RC_OK)
		rc = db_txn_rc(txn);
	if (rc == RC_OK)
		jw_done(&w);
	db_read_end(&txn);
	if (rc == RC_OK)
		return serve_document(req, &body);
	buf_free(&body);
	serve_failed(req, rc);
}

static void serve_list(struct fed *fed, struct httpd_request *req, struct viewer viewer)
{
	serve_written(fed, req, viewer, write_list);
}

static void serve_one(struct fed *fed, struct httpd_request *req, struct viewer viewer)
{
	serve_written(fed, req, viewer, write_one);
}

static void serve_authorization(struct fed *fed, struct httpd_request *req, struct viewer viewer)
{
	serve_written(fed, req, viewer, write_authorization);
}

void collections_get(struct httpd_request *req, void *app)
{
	serve_guarded(req, app, serve_list);
}

void collection_document_get(struct httpd_request *req, void *app)
{
	serve_guarded(req, app, serve_one);
}

void feature_authorization_get(struct httpd_request *req, void *app)
{
	serve_guarded(req, app, serve_authorization);
}
