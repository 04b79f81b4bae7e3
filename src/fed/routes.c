/* The route table of federation, and what its handlers share. Handlers run on a listener's thread.
 */
#include "routes_int.h"

#include "fed/fed.h"
#include "store/uri.h"

#define INBOX_MAX (1024 * 1024) /* SECURITY section 13 */
#define WRITTEN_BYTES ((size_t)1 << 20)

const struct httpd_route fed_routes[] = {
	{ HTTP_GET, "/.well-known/webfinger", HTTP_ANY, 0, webfinger_get },
	{ HTTP_GET, "/.well-known/host-meta", HTTP_ANY, 0, host_meta_get },
	{ HTTP_GET, "/.well-known/nodeinfo", HTTP_ANY, 0, nodeinfo_index_get },
	{ HTTP_GET, "/nodeinfo/2.0", HTTP_ANY, 0, nodeinfo_20_get },
	{ HTTP_GET, "/nodeinfo/2.1", HTTP_ANY, 0, nodeinfo_21_get },
	{ HTTP_POST, "/inbox", HTTP_ANY, INBOX_MAX, inbox_post },
	{ HTTP_POST, "/actor/inbox", HTTP_ANY, INBOX_MAX, inbox_post },
	{ HTTP_POST, "/users/:name/inbox", HTTP_ANY, INBOX_MAX, inbox_post },
	{ HTTP_GET, "/actor", HTTP_ANY, 0, instance_get },
	{ HTTP_POST, "/relay/inbox", HTTP_ANY, INBOX_MAX, inbox_post },
	{ HTTP_GET, "/relay", HTTP_ANY, 0, relay_actor_get },
	{ HTTP_GET, "/relay/outbox", HTTP_ANY, 0, relay_outbox_get },
	{ HTTP_GET, "/relay/followers", HTTP_ANY, 0, relay_followers_get },
	{ HTTP_GET, "/relay/following", HTTP_ANY, 0, relay_following_get },
	{ HTTP_GET, "/actor/outbox", HTTP_ANY, 0, instance_outbox_get },
	{ HTTP_GET, "/users/:name", HTTP_ACTIVITY, 0, actor_get },
	{ HTTP_GET, "/@:name", HTTP_ACTIVITY, 0, actor_get },
	{ HTTP_GET, "/users/:name/outbox", HTTP_ANY, 0, outbox_get },
	{ HTTP_GET, "/users/:name/followers", HTTP_ANY, 0, followers_get },
	{ HTTP_GET, "/users/:name/followers_synchronization", HTTP_ANY, 0, followers_sync_get },
	{ HTTP_GET, "/users/:name/following", HTTP_ANY, 0, following_get },
	{ HTTP_GET, "/users/:name/collections/featured", HTTP_ANY, 0, featured_get },
	{ HTTP_GET, "/users/:name/moderators", HTTP_ANY, 0, moderators_get },
	{ HTTP_GET, "/users/:name/joint", HTTP_ANY, 0, joint_get_items },
	{ HTTP_GET, "/users/:name/ledger", HTTP_ANY, 0, ledger_get_route },
	{ HTTP_GET, "/users/:name/ledger/records/:record", HTTP_ANY, 0, ledger_record_get },
	{ HTTP_GET, "/users/:name/collections/tags", HTTP_ANY, 0, featured_tags_get },
	{ HTTP_GET, "/users/:name/collections/moved", HTTP_ANY, 0, taken_get },
	{ HTTP_GET, "/users/:name/featured_collections", HTTP_ANY, 0, collections_get },
	{ HTTP_GET, "/users/:name/featured_collections/:id", HTTP_ANY, 0, collection_document_get },
	{ HTTP_GET, "/users/:name/feature_authorizations/:id", HTTP_ANY, 0,
	  feature_authorization_get },
	{ HTTP_GET, "/emojis/:name", HTTP_ANY, 0, emoji_document_get },
	{ HTTP_GET, "/users/:name/statuses/:id", HTTP_ACTIVITY, 0, status_get_activity },
	{ HTTP_GET, "/@:name/:id", HTTP_ACTIVITY, 0, status_get_activity },
	{ HTTP_GET, "/users/:name/statuses/:id/activity", HTTP_ANY, 0, status_activity_get },
	{ HTTP_GET, "/users/:name/statuses/:id/replies", HTTP_ANY, 0, status_replies_get },
	{ HTTP_GET, "/users/:name/statuses/:id/context", HTTP_ANY, 0, status_context_get },
	{ HTTP_GET, "/users/:name/statuses/:id/likes", HTTP_ANY, 0, status_likes_get },
	{ HTTP_GET, "/users/:name/statuses/:id/shares", HTTP_ANY, 0, status_shares_get },
	{ HTTP_GET, "/users/:name/authorizations/:id", HTTP_ANY, 0, authorization_get },
};
const size_t fed_route_count = ARRAY_LEN(fed_routes);

static void mark_private(struct httpd_request *req, bool is_private)
{
	httpd_add_header(req, "Vary",
			 STR("Accept, Signature, Signature-Input, Authorization, Cookie"));
	httpd_add_header(req, "Cache-Control",
			 is_private ? STR("private, no-store") : STR("public, max-age=60"));
}

void serve_for_all(struct httpd_request *req)
{
	mark_private(req, false);
}

/* Whom a moderator has suspended reads nothing here, follower or not (S-072). */
static bool is_shut_out(struct fed *fed, struct httpd_request *req, uint64_t id)
{
	struct account account;
	struct db_txn *txn;
	if (id == 0 || db_read_begin(fed->db, &txn) != RC_OK)
		return id != 0;
	bool gone = !account_get(txn, req->ctx.arena, id, &account) || account_is_gone(&account);
	db_read_end(&txn);
	return gone;
}

static void identified(struct fed *fed, struct httpd_request *req, const struct auth *auth)
{
	serve_fn *const *serve = auth->extra;
	struct viewer viewer = { auth->rc == RC_OK ? auth->account : 0, false };
	mark_private(req, true);
	if (is_shut_out(fed, req, viewer.account)) {
		httpd_reply_error(req, 403, STR("This account is suspended here"), 0);
	} else if (auth->rc != RC_OK && fed->settings->access != FED_OPEN) {
		unsigned status = auth_status(auth->rc);
		httpd_reply_error(req, status, auth->reason, status == 503 ? 60 : 0);
	} else {
		(*serve)(fed, req, viewer);
	}
	fed_answered(req);
}

static void identified_only(struct fed *fed, struct httpd_request *req, const struct auth *auth)
{
	if (auth->rc == RC_OK)
		return identified(fed, req, auth);
	mark_private(req, true);
	unsigned status = auth_status(auth->rc);
	httpd_reply_error(req, status, auth->reason, status == 503 ? 60 : 0);
	fed_answered(req);
}

static bool is_signed(const struct httpd_request *req)
{
	return httpd_header(req, "Signature").ptr != NULL;
}

static void authenticate(struct fed *fed, struct httpd_request *req, serve_fn *serve,
			 void (*then)(struct fed *fed, struct httpd_request *req,
				      const struct auth *auth))
{
	serve_fn **kept = ARENA_NEW(req->ctx.arena, serve_fn *);
	if (kept == NULL)
		return serve_failed(req, RC_NO_MEMORY);
	*kept = serve;
	fed_authenticate(fed, req, then, kept);
}

void serve_guarded(struct httpd_request *req, void *app, serve_fn *serve)
{
	struct fed *fed = fed_of(app);
	req->user = NULL;
	if (fed->settings->access == FED_OPEN && !is_signed(req)) {
		mark_private(req, false);
		return serve(fed, req, VIEWER_ANYBODY);
	}
	authenticate(fed, req, serve, identified);
}

void serve_signed(struct httpd_request *req, void *app, serve_fn *serve)
{
	req->user = NULL;
	authenticate(fed_of(app), req, serve, identified_only);
}

static void serve_validated(struct httpd_request *req, const char *type, struct buf *body,
			    uint64_t changed_ms)
{
	bool same = validator_date_holds(req, changed_ms);
	if (!body->failed && (validator_holds(req, buf_str(body)) || same)) {
		buf_free(body);
		return httpd_reply_str(req, 304, NULL, STR(""));
	}
	httpd_reply(req, 200, type, body);
}

void serve_plain(struct httpd_request *req, const char *type, struct buf *body)
{
	serve_validated(req, type, body, 0);
}

void serve_dated(struct httpd_request *req, struct buf *body, uint64_t changed_ms)
{
	serve_validated(req, AP_MEDIA_TYPE "; charset=utf-8", body, changed_ms);
}

void serve_document(struct httpd_request *req, struct buf *body)
{
	serve_dated(req, body, 0);
}

void serve_by(struct fed *fed, struct httpd_request *req, struct viewer viewer, document_fn *write)
{
	struct buf body = BUF_INIT(WRITTEN_BYTES);
	struct db_txn *txn;
	struct jw w;
	enum rc rc = db_read_begin(fed->db, &txn);
	if (rc != RC_OK)
		return serve_failed(req, rc);
	jw_init(&w, &body);
	rc = write(fed, req, txn, viewer, &w);
	/* what could not be read is not what is not there */
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

void serve_missing(struct httpd_request *req)
{
	httpd_reply_error(req, 404, STR("Record not found"), 0);
}

void serve_failed(struct httpd_request *req, enum rc rc)
{
	if (rc == RC_NOT_FOUND)
		return serve_missing(req);
	if (rc == RC_GONE)
		return httpd_reply_error(req, 410, STR("Gone"), 0);
	httpd_reply_error(req, 503, str_of(rc_text(rc)), 10);
}

enum rc serve_account(struct httpd_request *req, struct db_txn *txn, struct viewer viewer,
		      struct account *out)
{
	/* the instance actor has an address of its own */
	bool found = account_find_handle(txn, req->ctx.arena, req->params[0], STR(""), out) &&
		     (out->flags & ACCOUNT_INSTANCE) == 0;
	if (db_txn_rc(txn) != RC_OK)
		return db_txn_rc(txn);
	/* ActivityPub section 6.4: what was deleted answers 410 */
	if (found && (out->flags & (ACCOUNT_DELETED | ACCOUNT_LEAVING)) != 0)
		return RC_GONE;
	return found && may_see_account(txn, viewer, out) ? RC_OK : RC_NOT_FOUND;
}

enum rc serve_find_status(struct fed *fed, struct httpd_request *req, struct db_txn *txn,
			  struct viewer viewer, const struct account *author, struct status *out)
{
	struct arena *arena = req->ctx.arena;
	struct uri_entry entry;
	uint64_t id;
	if (!str_to_u64(req->params[1], &id))
		return RC_NOT_FOUND;
	if (!status_get(txn, arena, id, out)) {
		struct str uri = site_status_uri(arena, fed->site, author->username, id);
		if (db_txn_rc(txn) != RC_OK)
			return db_txn_rc(txn);
		/* S-071: what not everybody could see has never been there */
		entry = uri_find(txn, uri);
		return entry.kind == URI_TOMBSTONE && visibility_is_open(entry.other)
			       ? RC_GONE
			       : RC_NOT_FOUND;
	}
	if (out->account != author->id || out->boost_of != 0 || !may_see(txn, viewer, out, author))
		return RC_NOT_FOUND;
	return RC_OK;
}
