/* The relay's own actor and its collections, as documents; and making it. */
#include "ap/write.h"
#include "routes_int.h"
#include "social/account.h"
#include "social/relay.h"

#define DOCUMENT_BYTES (64 * 1024)

static void answer(struct httpd_request *req, struct buf *body, enum rc rc)
{
	if (rc == RC_OK)
		return serve_document(req, body);
	buf_free(body);
	serve_failed(req, rc);
}

/* Readable by everybody in every mode, as the instance actor is: its key signs what is passed on. */
void relay_actor_get(struct httpd_request *req, void *app)
{
	struct fed *fed = fed_of(app);
	struct buf body = BUF_INIT(DOCUMENT_BYTES);
	struct account a;
	struct db_txn *txn;
	struct jw w;
	serve_for_all(req);
	if (fed->relay_actor == 0)
		return serve_missing(req);
	enum rc rc = db_read_begin(fed->db, &txn);
	if (rc != RC_OK)
		return serve_failed(req, rc);
	jw_init(&w, &body);
	rc = account_get(txn, req->ctx.arena, fed->relay_actor, &a) ? RC_OK : RC_NOT_FOUND;
	if (rc == RC_OK)
		rc = build_actor(fed, txn, &req->ctx, &a, &w, true);
	db_read_end(&txn);
	if (rc == RC_OK)
		jw_done(&w);
	answer(req, &body, rc);
}

/* How many, and not who (S-076). */
static void serve_total(struct httpd_request *req, void *app, const char *part)
{
	struct fed *fed = fed_of(app);
	struct buf body = BUF_INIT(DOCUMENT_BYTES);
	struct account_counts counts = { 0 };
	struct db_txn *txn;
	struct jw w;
	serve_for_all(req);
	if (fed->relay_actor == 0)
		return serve_missing(req);
	if (db_read_begin(fed->db, &txn) == RC_OK) {
		counts = account_counts(txn, fed->relay_actor);
		db_read_end(&txn);
	}
	jw_init(&w, &body);
	ap_write_collection(&w, arena_join(req->ctx.arena, fed->relay_uri, str_of(part)),
			    str_eq(str_of(part), STR("/followers")) ? counts.followers : 0,
			    STR_NONE);
	jw_done(&w);
	serve_document(req, &body);
}

void relay_followers_get(struct httpd_request *req, void *app)
{
	serve_total(req, app, "/followers");
}

void relay_following_get(struct httpd_request *req, void *app)
{
	serve_total(req, app, "/following");
}

void relay_outbox_get(struct httpd_request *req, void *app)
{
	serve_total(req, app, "/outbox");
}

/* --- making it --- */

struct making {
	struct fed *fed;
	struct account_secrets secrets;
	struct account made;
};

static enum rc make_job(struct db_txn *txn, void *arg)
{
	struct making *m = arg;
	struct arena *arena = arena_new(WORK_ARENA_MAX);
	struct ctx ctx = { .arena = arena };
	struct social s = { .txn = txn, .ctx = &ctx, .site = m->fed->site };
	if (arena == NULL)
		return RC_NO_MEMORY;
	enum rc rc = account_create_relay(&s, &m->secrets, &m->made);
	arena_free(&arena);
	return rc == RC_EXISTS ? RC_OK : rc;
}

enum rc fed_relay_find(struct fed *fed)
{
	struct db_txn *txn;
	enum rc rc = db_read_begin(fed->db, &txn);
	if (rc != RC_OK)
		return rc;
	fed->relay_uri = site_relay_uri(fed->arena, fed->site);
	fed->relay_actor = account_id_of_uri(txn, fed->relay_uri);
	rc = db_txn_rc(txn);
	db_read_end(&txn);
	return rc;
}

enum rc fed_ensure_relay(struct fed *fed)
{
	struct arena *arena = arena_new(WORK_ARENA_MAX);
	struct ctx ctx = { .arena = arena };
	struct making m = { .fed = fed };
	enum rc rc = RC_OK;
	if (fed->relay->serve == FED_RELAY_OFF || fed->relay_actor != 0) {
		arena_free(&arena);
		return RC_OK;
	}
	rc = arena == NULL ? RC_NO_MEMORY
			   : account_keys_make(&ctx, fed->seal, fed->relay_uri,
					       clock_wall_ms(fed->clock), &m.secrets);
	if (rc == RC_OK)
		rc = db_write(fed->db, make_job, &m);
	arena_free(&arena);
	return rc == RC_OK ? fed_relay_find(fed) : rc;
}
