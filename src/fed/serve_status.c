/* Posts and their collections, as documents: for whoever may see them, and for nobody else. */
#include "ap/write.h"
#include "routes_int.h"
#include "social/move.h"
#include "store/graph.h"

#define DOCUMENT_BYTES (1024 * 1024)

enum form {
	FORM_NOTE,
	FORM_ACTIVITY,
	FORM_REPLIES,
	FORM_CONTEXT,
	FORM_LIKES,
	FORM_SHARES,
};

static enum rc form_write(struct fed *fed, struct httpd_request *req, struct db_txn *txn,
			  struct viewer viewer, const struct status *s,
			  const struct account *author, enum form form, struct jw *w)
{
	struct arena *arena = req->ctx.arena;
	switch (form) {
	case FORM_NOTE:
		return build_note(fed, txn, &req->ctx, s, author, w, true);
	case FORM_ACTIVITY:
		return build_status_activity(fed, txn, &req->ctx, s, author, w, false);
	case FORM_REPLIES:
		return replies_write(req, txn, viewer, s, status_counts(txn, s->id).replies, w);
	case FORM_CONTEXT:
		return context_write(req, txn, viewer, s, author, w);
	case FORM_LIKES: /* how many, not who (S-076) */
		ap_write_collection(w, arena_join(arena, s->uri, STR("/likes")),
				    status_counts(txn, s->id).likes, STR_NONE);
		return RC_OK;
	case FORM_SHARES:
		ap_write_collection(w, arena_join(arena, s->uri, STR("/shares")),
				    status_counts(txn, s->id).boosts, STR_NONE);
		return RC_OK;
	}
	return RC_NOT_FOUND;
}

static void serve_tombstone(struct fed *fed, struct httpd_request *req, struct str username)
{
	struct buf body = BUF_INIT(DOCUMENT_BYTES);
	struct jw w;
	uint64_t id = 0;
	if (!str_to_u64(req->params[1], &id))
		return serve_missing(req);
	jw_init(&w, &body);
	ap_write_tombstone(&w, site_status_uri(req->ctx.arena, fed->site, username, id),
			   STR("Note"), 0, true);
	jw_done(&w);
	httpd_reply(req, 410, AP_MEDIA_TYPE "; charset=utf-8", &body);
}

/* A poll and a quote change without an edit: what is true of them has no time. */
static uint64_t changed_ms(const struct status *s)
{
	if (s->has_poll || s->quote.uri.len != 0)
		return 0;
	return s->edited_ms != 0 ? s->edited_ms : s->created_ms;
}

static void serve_form(struct fed *fed, struct httpd_request *req, struct viewer viewer,
		       enum form form)
{
	struct buf body = BUF_INIT(DOCUMENT_BYTES);
	struct account author;
	struct status status;
	struct db_txn *txn;
	struct str moved = STR_NONE;
	struct jw w;
	enum rc rc = db_read_begin(fed->db, &txn);
	if (rc != RC_OK)
		return serve_failed(req, rc);
	rc = serve_account(req, txn, viewer, &author);
	bool there = rc == RC_OK;
	if (there)
		rc = serve_find_status(fed, req, txn, viewer, &author, &status);
	jw_init(&w, &body);
	if (rc == RC_OK && form == FORM_NOTE)
		moved = taken_to(txn, req->ctx.arena, &author, &status);
	if (rc == RC_OK && moved.ptr == NULL)
		rc = form_write(fed, req, txn, viewer, &status, &author, form, &w);
	if (rc == RC_OK)
		rc = db_txn_rc(txn);
	if (rc == RC_OK && moved.ptr == NULL)
		jw_done(&w);
	db_read_end(&txn);
	/* RFC 9110 section 15.4.9; kept for a minute, as the document would be: who comes home takes
	 * the posts back. Collections stay: they tell what was counted here. */
	if (rc == RC_OK && moved.ptr != NULL) {
		buf_free(&body);
		return httpd_redirect(req, 308, moved);
	}
	if (rc == RC_OK)
		return serve_dated(req, &body, form == FORM_NOTE ? changed_ms(&status) : 0);
	buf_free(&body);
	if (there && rc == RC_GONE)
		return serve_tombstone(fed, req, author.username);
	serve_failed(req, rc);
}

static void serve_note(struct fed *fed, struct httpd_request *req, struct viewer viewer)
{
	serve_form(fed, req, viewer, FORM_NOTE);
}

static void serve_activity(struct fed *fed, struct httpd_request *req, struct viewer viewer)
{
	serve_form(fed, req, viewer, FORM_ACTIVITY);
}

static void serve_replies(struct fed *fed, struct httpd_request *req, struct viewer viewer)
{
	serve_form(fed, req, viewer, FORM_REPLIES);
}

static void serve_context(struct fed *fed, struct httpd_request *req, struct viewer viewer)
{
	serve_form(fed, req, viewer, FORM_CONTEXT);
}

static void serve_likes(struct fed *fed, struct httpd_request *req, struct viewer viewer)
{
	serve_form(fed, req, viewer, FORM_LIKES);
}

static void serve_shares(struct fed *fed, struct httpd_request *req, struct viewer viewer)
{
	serve_form(fed, req, viewer, FORM_SHARES);
}

void status_get_activity(struct httpd_request *req, void *app)
{
	serve_guarded(req, app, serve_note);
}

void status_activity_get(struct httpd_request *req, void *app)
{
	serve_guarded(req, app, serve_activity);
}

void status_replies_get(struct httpd_request *req, void *app)
{
	serve_guarded(req, app, serve_replies);
}

void status_context_get(struct httpd_request *req, void *app)
{
	serve_guarded(req, app, serve_context);
}

void status_likes_get(struct httpd_request *req, void *app)
{
	serve_guarded(req, app, serve_likes);
}

void status_shares_get(struct httpd_request *req, void *app)
{
	serve_guarded(req, app, serve_shares);
}
