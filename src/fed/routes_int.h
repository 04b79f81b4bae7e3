/* What the files that serve documents share. */
#ifndef FF_FED_ROUTES_INT_H
#define FF_FED_ROUTES_INT_H

#include "fed_int.h"
#include "social/see.h"

/* Serves one document to a viewer who is known by now: sets the reply; the caller resumes. */
typedef void serve_fn(struct fed *fed, struct httpd_request *req, struct viewer viewer);

/*
 * Finds out who asks, as far as it matters (S-077: the setting holds for every route that goes
 * through here), then serves. What depends on who asks is marked as private (S-073).
 */
void serve_guarded(struct httpd_request *req, void *app, serve_fn *serve);

/* The same for what only a signed request may read: then viewer.account is not 0. */
void serve_signed(struct httpd_request *req, void *app, serve_fn *serve);

/*
 * Adds the ETag of a document that is about to be served (RFC 9110 section 8.8.3). True when the
 * asker has it already, by If-None-Match: a 304 is enough.
 */
bool validator_holds(struct httpd_request *req, struct str body);
/* The same with Last-Modified, by If-Modified-Since; changed_ms 0: nobody knows. What counts is the
 * ETag, where both are asked by. */
bool validator_date_holds(struct httpd_request *req, uint64_t changed_ms);

/* What is the same for everybody, and open in every mode, may be cached (S-073). */
void serve_for_all(struct httpd_request *req);

/* The reply: an ActivityPub document from body; or the same 404 for what is not there and what is
 * not for this viewer (S-071). */
void serve_document(struct httpd_request *req, struct buf *body);
/* One that is written inside a read transaction; write says why it is not. */
typedef enum rc document_fn(struct fed *fed, struct httpd_request *req, struct db_txn *txn,
			    struct viewer viewer, struct jw *w);
void serve_by(struct fed *fed, struct httpd_request *req, struct viewer viewer, document_fn *write);
/* The same for what has a time of its last change. */
void serve_dated(struct httpd_request *req, struct buf *body, uint64_t changed_ms);
/* The same for another media type. */
void serve_plain(struct httpd_request *req, const char *type, struct buf *body);
void serve_missing(struct httpd_request *req);
/* 404, 410, or 503 when storage or memory failed. */
void serve_failed(struct httpd_request *req, enum rc rc);

/* The local account of the first path parameter. RC_NOT_FOUND; RC_GONE when it is deleted, and *out
 * is what is left of it. */
enum rc serve_account(struct httpd_request *req, struct db_txn *txn, struct viewer viewer,
		      struct account *out);
/* A local status of that account by the second parameter, if viewer may see it. RC_GONE: a
 * tombstone stands for it. */
enum rc serve_find_status(struct fed *fed, struct httpd_request *req, struct db_txn *txn,
			  struct viewer viewer, const struct account *author, struct status *out);

httpd_handler inbox_post, followers_sync_get, ledger_get_route, ledger_record_get;
httpd_handler relay_actor_get, relay_outbox_get, relay_followers_get, relay_following_get;
httpd_handler webfinger_get, host_meta_get, nodeinfo_index_get, nodeinfo_20_get, nodeinfo_21_get;
httpd_handler actor_get, instance_get, outbox_get, followers_get, following_get, featured_get,
	instance_outbox_get, featured_tags_get, moderators_get, emoji_document_get, taken_get,
	joint_get_items, collections_get, collection_document_get, feature_authorization_get;
httpd_handler status_get_activity, status_activity_get, status_replies_get, status_likes_get,
	status_shares_get, status_context_get, authorization_get;

/* --- serve_community.c: of a community of this node --- */

/* May the viewer look into it? Everybody may look at what is none. */
bool community_is_open(struct httpd_request *req, struct db_txn *txn, struct viewer viewer,
		       const struct account *a);
/* Its threads that stand first, as ids; how many. */
unsigned community_featured(struct httpd_request *req, struct db_txn *txn, struct viewer viewer,
			    const struct account *a, struct str *out, unsigned max);
/* Its outbox: what was posted in it, newest first (FEP-1b12); page: one page of it. */
enum rc community_outbox_write(struct fed *fed, struct httpd_request *req, struct db_txn *txn,
			       struct viewer viewer, const struct account *a, bool page,
			       struct jw *w) NODISCARD;

/* --- serve_thread.c --- */

/* The replies to a status: the collection with its first page, or one page of it. */
enum rc replies_write(struct httpd_request *req, struct db_txn *txn, struct viewer viewer,
		      const struct status *s, uint64_t total, struct jw *w) NODISCARD;
/* The conversation that a first post began (FEP-f228). RC_NOT_FOUND for a reply. */
enum rc context_write(struct httpd_request *req, struct db_txn *txn, struct viewer viewer,
		      const struct status *s, const struct account *author, struct jw *w) NODISCARD;

#endif
