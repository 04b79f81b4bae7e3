/* What accounts show first, and the node's emoji, as documents. */
#include "ap/write.h"
#include "routes_int.h"
#include "store/community.h"
#include "store/emoji.h"
#include "store/pin.h"

/* Posts by their ids: whoever may see them reads them there, and nobody is told of others (S-071). */
static enum rc write_featured(struct fed *fed, struct httpd_request *req, struct db_txn *txn,
			      struct viewer viewer, struct jw *w)
{
	struct arena *arena = req->ctx.arena;
	struct str shown[PINS_MAX];
	uint64_t ids[PINS_MAX];
	struct account a;
	unsigned count = 0;
	enum rc rc = serve_account(req, txn, viewer, &a);
	if (rc != RC_OK)
		return rc;
	if (community_exists(txn, a.id))
		count = community_featured(req, txn, viewer, &a, shown, PINS_MAX);
	size_t n = pins_of(txn, a.id, ids);
	for (size_t i = 0; i < n; i++) {
		struct status status;
		if (status_get(txn, arena, ids[i], &status) && may_see(txn, viewer, &status, &a))
			shown[count++] = status.uri;
	}
	ap_write_items(w, site_actor_part(arena, fed->site, a.username, "collections/featured"),
		       "OrderedCollection", count, AP_CONTEXT_PLAIN);
	for (unsigned i = 0; i < count; i++)
		jw_str(w, shown[i]);
	ap_write_page_end(w);
	return RC_OK;
}

static enum rc write_tags(struct fed *fed, struct httpd_request *req, struct db_txn *txn,
			  struct viewer viewer, struct jw *w)
{
	struct account a;
	enum rc rc = serve_account(req, txn, viewer, &a);
	if (rc != RC_OK)
		return rc;
	ap_write_items(w,
		       site_actor_part(req->ctx.arena, fed->site, a.username, "collections/tags"),
		       "Collection", a.tag_count, AP_CONTEXT_POST);
	for (unsigned i = 0; i < a.tag_count; i++) {
		const struct ap_write_tag tag = { build_tag_href(fed, &req->ctx, a.tags[i]),
						  a.tags[i] };
		ap_write_hashtag(w, &tag);
	}
	ap_write_page_end(w);
	return RC_OK;
}

static enum rc write_emoji(struct fed *fed, struct httpd_request *req, struct db_txn *txn,
			   struct viewer viewer UNUSED, struct jw *w)
{
	struct local_emoji e;
	/* a longer name is not even a key */
	if (req->params[0].len > 64 || !emoji_get(txn, req->ctx.arena, req->params[0], &e))
		return RC_NOT_FOUND;
	const struct ap_write_emoji view = {
		.id = site_emoji_uri(req->ctx.arena, fed->site, e.shortcode),
		.shortcode = e.shortcode,
		.url = e.url,
		.updated_ms = e.updated_ms,
	};
	ap_write_emoji(w, &view, true);
	return RC_OK;
}

static void serve_featured(struct fed *fed, struct httpd_request *req, struct viewer viewer)
{
	serve_by(fed, req, viewer, write_featured);
}

static void serve_tags(struct fed *fed, struct httpd_request *req, struct viewer viewer)
{
	serve_by(fed, req, viewer, write_tags);
}

static void serve_emoji(struct fed *fed, struct httpd_request *req, struct viewer viewer)
{
	serve_by(fed, req, viewer, write_emoji);
}

void featured_get(struct httpd_request *req, void *app)
{
	serve_guarded(req, app, serve_featured);
}

void featured_tags_get(struct httpd_request *req, void *app)
{
	serve_guarded(req, app, serve_tags);
}

void emoji_document_get(struct httpd_request *req, void *app)
{
	serve_guarded(req, app, serve_emoji);
}
