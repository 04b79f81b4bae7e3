/*
 * The inbox: limits (httpd), signature (auth.c), decoding, one durable write, 202. Nothing is
 * written before it is verified; nothing is acknowledged before it is on disk (S-003, P-01).
 */
#include <stdlib.h>

#include "ap/ap.h"
#include "core/log.h"
#include "core/metric.h"
#include "core/must.h"
#include "incoming_int.h"
#include "relay_int.h"
#include "routes_int.h"
#include "sync_int.h"

/* One POST between verification and answer; lives in the request's arena. */
struct posting {
	struct httpd_request *req;
	struct incoming in;
	struct str lane;   /* the sender's host */
	struct str sender; /* who signed the request */
	bool forwarded;
	struct db_work work;
};

/* What a sender hears: a status and a reason for each result. */
static unsigned status_of(enum rc rc)
{
	switch (rc) {
	case RC_OK:
	case RC_EXISTS:
	case RC_NOT_FOUND:
	case RC_GONE:
	case RC_CONFLICT:
		return 202;
	case RC_INVALID:
	case RC_UNSUPPORTED:
		return 400;
	case RC_TOO_LARGE:
		return 413;
	case RC_UNAUTHENTICATED:
		return 401;
	case RC_DENIED:
	case RC_BLOCKED:
		return 403;
	case RC_BUSY:
	case RC_UNREACHABLE:
	case RC_TIMEOUT:
	case RC_FULL:
	case RC_NO_MEMORY:
	case RC_CORRUPT:
	case RC_IO:
		break;
	}
	return 503;
}

static void refuse(struct httpd_request *req, struct str actor, enum rc rc, unsigned status)
{
	const char *reason = err_text(&req->ctx.err);
	metric_add(METRIC_INBOX_REFUSED, 1);
	LOG(INBOX_REFUSED, F_U64("status", status), F_RC(rc), F_CSTR("detail", reason),
	    F_STR("actor", actor), F_STR("client", req->client));
	httpd_reply_error(req, status, str_of(reason), status == 503 || status == 429 ? 60 : 0);
}

static void posting_refuse(struct posting *p, enum rc rc, unsigned status)
{
	refuse(p->req, p->in.activity.actor, rc, status);
	fed_answered(p->req);
}

static void posting_accept(struct posting *p, enum metric metric)
{
	metric_add(metric, 1);
	httpd_reply_str(p->req, 202, "application/json", STR("{}"));
	fed_answered(p->req);
}

/* --- the write --- */

/* What brings us here brings many others, too. */
static uint64_t posting_wait(const struct posting *p)
{
	const struct fed *fed = p->in.fed;
	return jitter_ms(fed->site->host, p->in.need, fed->settings->fetch_jitter_ms);
}

static enum rc posting_job(struct db_txn *txn, void *arg)
{
	struct posting *p = arg;
	struct ctx ctx = { .arena = p->req->ctx.arena };
	struct social s = { .txn = txn, .ctx = &ctx, .site = p->in.fed->site };
	struct account signer;
	bool waits = p->forwarded || p->in.need.ptr != NULL;
	/* S-072: for who is suspended here nothing is fetched either */
	if (waits &&
	    (!account_get(txn, ctx.arena, p->in.signer, &signer) || account_is_gone(&signer))) {
		p->in.result = RC_GONE;
		return db_txn_rc(txn);
	}
	if (p->forwarded) {
		inbox_job_add_later(&s, forward_mode(&p->in), p->lane, p->in.need, STR(""), 0,
				    STR(""), posting_wait(p));
	} else if (waits) {
		inbox_job_add_later(&s, INBOX_ACTIVITY, p->lane, p->in.need, p->in.activity.actor,
				    p->in.signer, p->in.bytes, posting_wait(p));
	} else {
		return incoming_write(txn, &p->in);
	}
	p->in.enqueued = true;
	return db_txn_rc(txn);
}

static void profile_keys_refresh(struct incoming *in)
{
	for (unsigned i = 0; i < in->profile.key_count; i++)
		key_cache_del(in->fed->keys, in->profile.keys[i].id);
}

static void posting_done(struct db_work *work)
{
	struct posting *p = work->arg;
	struct httpd_request *req = p->req;
	enum rc rc = work->rc != RC_OK ? work->rc : p->in.result;
	fed_wake(p->in.fed, work->rc == RC_OK && p->in.enqueued);
	if (rc == RC_OK && p->in.row != NULL && p->in.row->apply == apply_profile)
		profile_keys_refresh(&p->in);
	unsigned status = status_of(rc);
	enum metric metric = rc == RC_OK       ? METRIC_INBOX_ACCEPTED
			     : rc == RC_EXISTS ? METRIC_INBOX_DUPLICATE
					       : METRIC_INBOX_IGNORED;
	if (status != 202 && req->ctx.err.rc == RC_OK)
		ctx_fail(&req->ctx, rc, "%s",
			 rc == RC_DENIED ? "this actor may not do that" : rc_text(rc));
	if (status == 202)
		posting_accept(p, metric);
	else
		posting_refuse(p, rc, status);
}

static void posting_submit(struct posting *p)
{
	p->work = (struct db_work){ .job = posting_job, .done = posting_done, .arg = p };
	fed_hold(p->req);
	db_submit(p->in.fed->db, &p->work);
}

/* --- from verification to the write --- */

/* What a relay of ours passes on: true when that was all. */
static bool posting_relayed(struct posting *p)
{
	enum rc rc = relay_passed(&p->in, p->in.signer);
	if (rc == RC_DENIED)
		return false;
	p->req->ctx.err = (struct err){ 0 };
	p->forwarded = true;
	if (rc == RC_OK)
		posting_submit(p);
	else
		posting_accept(p, METRIC_INBOX_IGNORED);
	return true;
}

static void posting_forwarded(struct posting *p)
{
	if (!incoming_is_worth_a_fetch(&p->in))
		return posting_accept(p, METRIC_INBOX_IGNORED);
	p->forwarded = true;
	p->in.need = p->in.activity.object_id;
	posting_submit(p);
}

static void posting_go_on(struct posting *p, enum rc rc)
{
	if (rc == RC_OK)
		rc = incoming_prepare_row(&p->in);
	if (rc != RC_OK)
		return posting_refuse(p, rc, status_of(rc));
	if (p->in.row == NULL) {
		LOG(INBOX_IGNORED, F_STR("type", p->in.activity.type_text),
		    F_STR("actor", p->in.activity.actor));
		return posting_accept(p, METRIC_INBOX_IGNORED);
	}
	posting_submit(p);
}

/* Its actor speaks by the proof, whoever has brought it. Without one, only its origin can tell. */
static void posting_proved(void *arg, enum rc rc, uint64_t account)
{
	struct posting *p = arg;
	/* what did not fit in memory is not wrong: it shall come again */
	if (arena_failed(p->in.ctx->arena))
		rc = RC_NO_MEMORY;
	if (rc == RC_OK) {
		p->in.signer = account;
		return posting_go_on(p, incoming_admit(&p->in));
	}
	/* without a proof a relay may still have more to say than nothing */
	if (rc != RC_NO_MEMORY && posting_relayed(p))
		return;
	if (rc != RC_NO_MEMORY && forward_is_one(&p->in, p->sender))
		return posting_forwarded(p);
	if (rc == RC_NOT_FOUND)
		return posting_accept(p, METRIC_INBOX_IGNORED);
	if (rc == RC_UNAUTHENTICATED)
		ctx_fail(p->in.ctx, rc, "the actor is not who signed, and has not proved it");
	else
		ctx_fail(p->in.ctx, rc, "the actor's proof cannot be verified now: %s",
			 rc_text(rc));
	posting_refuse(p, rc, status_of(rc));
}

static void posting_take(struct posting *p, const struct auth *auth)
{
	enum rc rc = incoming_open(&p->in, auth->actor);
	p->in.signer = auth->account;
	p->lane = uri_authority(auth->actor);
	p->sender = auth->actor;
	sync_notice(p->in.fed, p->req, auth);
	if (rc != RC_UNAUTHENTICATED)
		return posting_go_on(p, rc);
	/* that the actor is not who signed is no failure of what follows */
	p->req->ctx.err = (struct err){ 0 };
	/* what a relay tells of is kept though nobody here follows its author */
	if (p->in.activity.type == AP_CREATE && posting_relayed(p))
		return;
	proof_verify_carried(&p->in, p->req, posting_proved, p);
}

/* S-006: an actor that is gone at its origin cannot sign any more; that its origin says 410 is the
 * proof. */
static bool gone_actor(struct posting *p, const struct auth *auth)
{
	struct ap_reader reader = { &p->req->ctx, p->in.fed->site->iri_flags };
	struct ctx quiet = { .arena = p->req->ctx.arena };
	struct ap_activity *a = &p->in.activity;
	/* what is gone must be the actor's own document, not just any key's */
	struct str key_document = str_take(auth->key_id, str_index(auth->key_id, '#'));
	if (auth->rc != RC_GONE)
		return false;
	reader.ctx = &quiet;
	if (jr_parse(&quiet, p->in.bytes, &jr_limits_peer, &p->in.doc) != RC_OK)
		return false;
	return ap_activity_decode(&reader, jr_root(p->in.doc), a) == RC_OK &&
	       a->type == AP_DELETE && str_eq(a->object_id, a->actor) &&
	       str_eq(key_document, a->actor) && !site_owns_text(p->in.fed->site, a->actor);
}

static enum rc gone_job(struct db_txn *txn, void *arg)
{
	struct posting *p = arg;
	struct account account;
	if (!account_find_uri(txn, p->req->ctx.arena, p->in.activity.actor, &account)) {
		p->in.result = RC_NOT_FOUND;
		return db_txn_rc(txn);
	}
	p->in.signer = account.id;
	p->in.row = NULL;
	for (size_t i = 0; i < activity_table_count && p->in.row == NULL; i++) {
		if (activity_table[i].apply == apply_delete)
			p->in.row = &activity_table[i];
	}
	must(p->in.row != NULL);
	return incoming_write(txn, &p->in);
}

static void posting_ended(void *arg)
{
	struct posting *p = arg;
	incoming_close(&p->in);
}

/* S-059: no host, however many accounts it has, keeps the others from being heard. */
static bool has_turn(struct fed *fed, const struct auth *auth)
{
	return budget_spend(fed, BUDGET_INBOX, uri_authority(auth->actor),
			    fed->settings->inbox_per_minute);
}

static void verified(struct fed *fed, struct httpd_request *req, const struct auth *auth)
{
	struct posting *p = ARENA_NEW(req->ctx.arena, struct posting);
	if (p == NULL) {
		refuse(req, STR_NONE, RC_NO_MEMORY, 503);
		return fed_answered(req);
	}
	p->req = req;
	/* the document is freed where it was made: its memory is that thread's */
	req->ended = posting_ended;
	req->ended_arg = p;
	p->in = (struct incoming){ .fed = fed, .ctx = &req->ctx, .bytes = req->body };
	if (auth->rc == RC_OK && !has_turn(fed, auth)) {
		ctx_fail(&req->ctx, RC_BUSY, "too many activities from this host");
		return posting_refuse(p, RC_BUSY, 429);
	}
	if (auth->rc == RC_OK)
		return posting_take(p, auth);
	if (gone_actor(p, auth)) {
		p->work = (struct db_work){ .job = gone_job, .done = posting_done, .arg = p };
		fed_hold(req);
		return db_submit(fed->db, &p->work);
	}
	posting_refuse(p, auth->rc, auth_status(auth->rc));
}

void inbox_post(struct httpd_request *req, void *app)
{
	struct fed *fed = fed_of(app);
	req->user = NULL;
	if (!ap_media_type(httpd_header(req, "Content-Type"))) {
		ctx_fail(&req->ctx, RC_UNSUPPORTED, "an inbox takes application/activity+json");
		return refuse(req, STR_NONE, RC_UNSUPPORTED, 415);
	}
	fed_authenticate(fed, req, verified, NULL);
}
