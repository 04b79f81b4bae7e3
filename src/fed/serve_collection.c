/* Collections of accounts and consents to be in one, as documents. */
#include "ap/write.h"
#include "collection_int.h"
#include "routes_int.h"

static enum rc write_list(struct fed *fed, struct httpd_request *req, struct db_txn *txn,
			  struct viewer viewer, struct jw *w)
{
	uint64_t ids[COLLECTIONS_MAX];
	struct collection c;
	struct account a;
	enum rc rc = serve_account(req, txn, viewer, &a);
	if (rc != RC_OK)
		return rc;
	size_t n = collections_of(txn, a.id, ids);
	ap_write_items(w, site_actor_part(req->ctx.arena, fed->site, a.username, COLLECTIONS_PART),
		       "Collection", n, AP_CONTEXT_PLAIN);
	for (size_t i = 0; i < n; i++) {
		if (collection_get(txn, req->ctx.arena, ids[i], &c))
			jw_str(w, c.uri);
	}
	ap_write_page_end(w);
	return RC_OK;
}

/* The account of the path, and the number behind it. */
static enum rc named(struct httpd_request *req, struct db_txn *txn, struct viewer viewer,
		     struct account *a, uint64_t *id)
{
	enum rc rc = serve_account(req, txn, viewer, a);
	return rc == RC_OK && !str_to_u64(req->params[1], id) ? RC_NOT_FOUND : rc;
}

static enum rc write_one(struct fed *fed, struct httpd_request *req, struct db_txn *txn,
			 struct viewer viewer, struct jw *w)
{
	struct collection c;
	struct account a;
	uint64_t id;
	enum rc rc = named(req, txn, viewer, &a, &id);
	if (rc != RC_OK)
		return rc;
	if (!collection_get(txn, req->ctx.arena, id, &c) || c.account != a.id)
		return RC_NOT_FOUND;
	struct ap_featured *view = build_featured_collection(fed, txn, &req->ctx, &c, &a);
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
				   struct viewer viewer, struct jw *w)
{
	struct collection c;
	struct collection_item item;
	struct collection_place place;
	struct account a;
	uint64_t id;
	enum rc rc = named(req, txn, viewer, &a, &id);
	if (rc != RC_OK)
		return rc;
	if (!place_of(txn, &a, id, &place) ||
	    !collection_item_get(txn, req->ctx.arena, place, &item) ||
	    item.state != COLLECTION_ACCEPTED ||
	    !collection_get(txn, req->ctx.arena, place.collection, &c))
		return RC_NOT_FOUND;
	const struct ap_feature_authorization view = {
		collection_authorization_uri(req->ctx.arena, fed->site, &a, &item), c.uri, a.uri
	};
	ap_write_feature_authorization(w, &view, true);
	return RC_OK;
}

static void serve_list(struct fed *fed, struct httpd_request *req, struct viewer viewer)
{
	serve_by(fed, req, viewer, write_list);
}

static void serve_one(struct fed *fed, struct httpd_request *req, struct viewer viewer)
{
	serve_by(fed, req, viewer, write_one);
}

static void serve_authorization(struct fed *fed, struct httpd_request *req, struct viewer viewer)
{
	serve_by(fed, req, viewer, write_authorization);
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
