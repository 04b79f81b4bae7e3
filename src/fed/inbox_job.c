/* The job that finishes what an inbox could not apply at once: it fetches what is needed, then
 * applies in the write that ends the job. */
#include <stdio.h>
#include <string.h>

#include "collection_int.h"
#include "core/log.h"
#include "core/metric.h"
#include "core/must.h"
#include "crypt/digest.h"
#include "db/rec.h"
#include "incoming_int.h"
#include "social/account.h"

#define PAYLOAD_VERSION 1
#define PAYLOAD_MAX (16 * 1024)

/* Jobs that need the same object run as they came; a host that is away holds up no others of the
 * sender. */
static uint64_t order_of(struct str need)
{
	struct digest d = digest_sha256(need);
	uint64_t order;
	memcpy(&order, d.bytes, sizeof(order));
	return order;
}

void inbox_job_add(struct social *s, enum inbox_mode mode, struct str lane, struct str need,
		   struct str actor, uint64_t account, struct str bytes)
{
	inbox_job_add_later(s, mode, lane, need, actor, account, bytes, 0);
}

void inbox_job_add_later(struct social *s, enum inbox_mode mode, struct str lane, struct str need,
			 struct str actor, uint64_t account, struct str bytes, uint64_t wait_ms)
{
	struct buf payload CLEANUP(buf_free) = BUF_INIT(PAYLOAD_MAX);
	rec_add_u8(&payload, PAYLOAD_VERSION);
	rec_add_u8(&payload, (uint8_t)mode);
	rec_add_u64(&payload, account);
	rec_add_str(&payload, mode == INBOX_ACTIVITY ? actor : need);
	must(!payload.failed);
	struct queue_new job = { .kind = JOB_INBOX,
				 .lane = lane,
				 .order = order_of(need),
				 .payload = buf_str(&payload),
				 .due_ms = wait_ms != 0 ? db_txn_now(s->txn) + wait_ms : 0 };
	if (bytes.len != 0)
		job.body = queue_add_body(s->txn, bytes);
	queue_add(s->txn, &job);
	s->enqueued = true;
}

/* One attempt. It has an arena of its own, since it outlives the queue's job by the write. */
struct attempt {
	struct queue_job *job;
	struct fed *fed;
	struct ctx ctx;
	enum inbox_mode mode;
	uint64_t account;
	struct str uri;
	struct queue_blob *blob;
	struct incoming in;
	struct resolve_terms terms;
};

static void attempt_after(void *arg, enum rc rc)
{
	struct attempt *a = arg;
	struct arena *arena = a->ctx.arena;
	fed_wake(a->fed, rc == RC_OK && a->in.enqueued);
	if (rc == RC_OK && a->mode == INBOX_ACTIVITY && a->in.row != NULL)
		metric_add(a->in.result == RC_OK ? METRIC_INBOX_ACCEPTED : METRIC_INBOX_IGNORED, 1);
	incoming_close(&a->in);
	queue_blob_unref(&a->blob);
	arena_free(&arena);
}

static void attempt_end(struct attempt *a, enum queue_verdict verdict, const char *reason,
			enum rc (*write)(struct db_txn *, void *))
{
	struct queue_end end = { .outcome = { .verdict = verdict },
				 .payload = a->job->payload,
				 .write = write,
				 .after = attempt_after,
				 .arg = a };
	snprintf(end.outcome.reason, sizeof(end.outcome.reason), "%s", reason);
	queue_finish(a->job, &end);
}

/* What may pass is tried again; what never will is over, and the effect is what is possible without
 * it. */
bool job_may_pass(enum rc rc)
{
	switch (rc) {
	case RC_UNREACHABLE:
	case RC_TIMEOUT:
	case RC_BUSY:
	case RC_NO_MEMORY:
	case RC_FULL:
	case RC_IO:
		return true;
	case RC_OK:
	case RC_NOT_FOUND:
	case RC_EXISTS:
	case RC_INVALID:
	case RC_TOO_LARGE:
	case RC_UNSUPPORTED:
	case RC_UNAUTHENTICATED:
	case RC_DENIED:
	case RC_BLOCKED:
	case RC_GONE:
	case RC_CONFLICT:
	case RC_CORRUPT:
		break;
	}
	return false;
}

/* --- an activity that needed something --- */

static enum rc activity_write(struct db_txn *txn, void *arg)
{
	struct attempt *a = arg;
	return incoming_write(txn, &a->in);
}

static void activity_apply(struct attempt *a)
{
	a->in.fetched = true;
	a->in.need = STR_NONE;
	attempt_end(a, QUEUE_DELIVERED, "", a->in.row != NULL ? activity_write : NULL);
}

static void needed_came(void *arg, enum rc rc, uint64_t id UNUSED, struct str reason)
{
	struct attempt *a = arg;
	if (job_may_pass(rc)) {
		struct str text = arena_str(a->ctx.arena, reason);
		return attempt_end(a, QUEUE_DEFER, text.ptr != NULL ? text.ptr : "", NULL);
	}
	if (rc != RC_OK)
		LOG(INBOX_IGNORED, F_STR("actor", a->uri), F_STR("needs", a->in.need),
		    F_STR("detail", reason));
	activity_apply(a);
}

static void activity_run(struct attempt *a)
{
	a->blob = queue_job_body(a->job);
	if (a->blob == NULL)
		return attempt_end(a, QUEUE_REJECT, "the stored activity is damaged", NULL);
	a->in = (struct incoming){ .fed = a->fed,
				   .ctx = &a->ctx,
				   .bytes = queue_blob_str(a->blob),
				   .signer = a->account };
	enum rc rc = incoming_open(&a->in, a->uri);
	if (rc == RC_OK)
		rc = incoming_prepare_row(&a->in);
	if (rc != RC_OK)
		return attempt_end(a, job_may_pass(rc) ? QUEUE_DEFER : QUEUE_REJECT,
				   err_text(&a->ctx.err), NULL);
	if (a->in.need.ptr == NULL)
		return activity_apply(a);
	if (a->in.need_actor)
		return fed_resolve_actor(a->fed, a->in.need, false, needed_came, a);
	/* what a partner has accepted is stored whatever this community asks of its own */
	a->terms.accepted_in = announced_home(&a->in);
	if (a->terms.accepted_in != 0)
		return resolve_object_for(a->fed, a->in.need, &a->terms, needed_came, a);
	fed_resolve_object(a->fed, a->in.need, needed_came, a);
}

/* --- a post by its id --- */

static void object_came(void *arg, enum rc rc, uint64_t id UNUSED, struct str reason)
{
	struct attempt *a = arg;
	struct str text = arena_str(a->ctx.arena, reason);
	attempt_end(a, job_may_pass(rc) ? QUEUE_DEFER : QUEUE_DELIVERED,
		    text.ptr != NULL ? text.ptr : "", NULL);
}

/* --- the rows of an account that deleted itself, as earlier versions left them --- */

static enum rc purge_write(struct db_txn *txn, void *arg)
{
	struct attempt *a = arg;
	struct ctx ctx = { .arena = a->ctx.arena };
	struct social s = { .txn = txn, .ctx = &ctx, .site = a->fed->site };
	struct account account;
	/* what is left is another job's */
	if (account_get(txn, ctx.arena, a->account, &account))
		(void)!account_delete(&s, &account);
	a->in.enqueued = s.enqueued;
	return db_txn_rc(txn);
}

/* --- an account that says it has moved --- */

static enum rc move_write(struct db_txn *txn, void *arg)
{
	struct attempt *a = arg;
	struct ctx ctx = { .arena = a->ctx.arena };
	struct social s = { .txn = txn, .ctx = &ctx, .site = a->fed->site };
	enum rc rc = move_confirmed(&s, a->account, a->uri);
	a->in.enqueued = s.enqueued;
	if (rc == RC_DENIED)
		LOG(INBOX_IGNORED, F_STR("type", STR("Move")), F_STR("actor", a->uri),
		    F_CSTR("detail", err_text(&ctx.err)));
	return rc == RC_NO_MEMORY ? rc : db_txn_rc(txn);
}

static void move_target_came(void *arg, enum rc rc, uint64_t id UNUSED, struct str reason)
{
	struct attempt *a = arg;
	struct str text = arena_str(a->ctx.arena, reason);
	attempt_end(a, job_may_pass(rc) ? QUEUE_DEFER : QUEUE_DELIVERED,
		    text.ptr != NULL ? text.ptr : "", rc == RC_OK ? move_write : NULL);
}

/* S-029: what the new account says is read now, whatever was known of it. */
static void move_check(struct attempt *a)
{
	if (site_owns_text(a->fed->site, a->uri))
		return attempt_end(a, QUEUE_DELIVERED, "", move_write);
	fed_resolve_actor(a->fed, a->uri, true, move_target_came, a);
}

/* --- a post that somebody says was edited --- */

static enum rc updated_write(struct db_txn *txn, void *arg)
{
	struct attempt *a = arg;
	struct ctx ctx = { .arena = a->ctx.arena };
	struct social s = { .txn = txn, .ctx = &ctx, .site = a->fed->site };
	enum rc rc = updated_apply(&a->in, &s);
	a->in.enqueued = s.enqueued;
	return rc == RC_NO_MEMORY ? rc : db_txn_rc(txn);
}

static void updated_came(void *arg, enum rc rc, struct document *doc)
{
	struct attempt *a = arg;
	a->in = (struct incoming){ .fed = a->fed, .ctx = &a->ctx };
	if (rc == RC_OK)
		rc = updated_open(&a->in, a->uri, doc);
	attempt_end(a, job_may_pass(rc) ? QUEUE_DEFER : QUEUE_DELIVERED,
		    rc != RC_OK ? err_text(&a->ctx.err) : "", rc == RC_OK ? updated_write : NULL);
}

/* --- a post that somebody says is deleted --- */

static enum rc gone_write(struct db_txn *txn, void *arg)
{
	struct attempt *a = arg;
	struct ctx ctx = { .arena = a->ctx.arena };
	struct social s = { .txn = txn, .ctx = &ctx, .site = a->fed->site };
	enum rc rc = gone_apply(&s, a->uri);
	a->in.enqueued = s.enqueued;
	return rc == RC_NOT_FOUND ? db_txn_rc(txn) : rc;
}

static void gone_said(void *arg, bool gone, enum rc rc, const char *reason)
{
	struct attempt *a = arg;
	attempt_end(a, job_may_pass(rc) ? QUEUE_DEFER : QUEUE_DELIVERED, reason,
		    gone ? gone_write : NULL);
}

/* --- running --- */

static bool payload_read(struct attempt *a)
{
	struct rec r = rec_open(a->job->payload);
	uint8_t version = rec_u8(&r);
	a->mode = (enum inbox_mode)rec_u8(&r);
	a->account = rec_u64(&r);
	a->uri = arena_str(a->ctx.arena, rec_str(&r));
	return version == PAYLOAD_VERSION && rec_ok(&r);
}

void inbox_run(struct queue_job *job, void *app)
{
	struct arena *arena = arena_new(WORK_ARENA_MAX);
	must(arena != NULL);
	struct attempt *a = ARENA_NEW(arena, struct attempt);
	must(a != NULL);
	a->job = job;
	a->fed = fed_of(app);
	a->ctx.arena = arena;
	if (!payload_read(a))
		return attempt_end(a, QUEUE_REJECT, "the job cannot be decoded", NULL);
	switch (a->mode) {
	case INBOX_ACTIVITY:
		return activity_run(a);
	case INBOX_FETCH:
		return fed_resolve_object(a->fed, a->uri, object_came, a);
	case INBOX_MOVE:
		return move_check(a);
	case INBOX_FEATURED: {
		uint64_t account = a->account;
		arena_free(&arena);
		return featured_run(fed_of(app), job, account);
	}
	case INBOX_COLLECTION:
		collection_run(a->fed, job, a->account, a->uri);
		arena_free(&arena);
		return;
	case INBOX_PURGE:
		return attempt_end(a, QUEUE_DELIVERED, "", purge_write);
	case INBOX_UPDATED:
		return document_fetch(a->fed, &a->ctx, a->uri, updated_came, a);
	case INBOX_GONE:
		return gone_ask(a->fed, a->uri, gone_said, a);
	}
	attempt_end(a, QUEUE_REJECT, "the job cannot be decoded", NULL);
}
