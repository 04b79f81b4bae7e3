/*
 * The job that learns where an account that has moved away has its posts now. It reads the new
 * account's document, the collections among its `streams`, and their pages: one document a step, each
 * on the new account's own host. What counts, social decides.
 */
#include <stdio.h>

#include "core/must.h"
#include "fed_int.h"
#include "incoming_int.h"
#include "social/move.h"

#define STEPS_MAX 1000 /* 100,000 posts */
#define MOVES_MAX 500
#define PAYLOAD_MAX (16 * 1024)

struct asking {
	struct fed *fed;
	struct queue_job *job;
	struct ctx ctx;
	struct taken_job task;
	struct str target; /* the new account */
	struct taken_post *posts;
	size_t count;
	struct buf next; /* the payload of the next step */
};

static void asking_after(void *arg, enum rc rc UNUSED)
{
	struct asking *a = arg;
	struct arena *arena = a->ctx.arena;
	buf_free(&a->next);
	arena_free(&arena);
}

static enum rc learn_write(struct db_txn *txn, void *arg)
{
	struct asking *a = arg;
	struct ctx ctx = { .arena = a->ctx.arena };
	struct social s = { .txn = txn, .ctx = &ctx, .site = a->fed->site };
	enum rc rc = taken_learn(&s, a->task.account, a->target, a->posts, a->count);
	/* it has come home meanwhile, or moved on */
	return rc == RC_DENIED || rc == RC_NOT_FOUND ? db_txn_rc(txn) : rc;
}

static void asking_end(struct asking *a, enum rc rc)
{
	struct queue_end end = { .outcome = { .verdict = QUEUE_AGAIN },
				 .write = a->count != 0 ? learn_write : NULL,
				 .next = &a->next,
				 .after = asking_after,
				 .arg = a };
	if (a->next.len == 0) {
		end.next = NULL;
		end.outcome.verdict = job_may_pass(rc) ? QUEUE_DEFER : QUEUE_DELIVERED;
		end.payload = a->job->payload;
	}
	if (rc != RC_OK)
		snprintf(end.outcome.reason, sizeof(end.outcome.reason), "%s",
			 a->ctx.err.rc != RC_OK ? err_text(&a->ctx.err) : rc_text(rc));
	queue_finish(a->job, &end);
}

static void go_on(struct asking *a, struct str uri)
{
	const struct ap_reader reader = { &a->ctx, a->fed->site->iri_flags };
	const struct taken_job next = { a->task.account, a->task.steps + 1, uri };
	if (uri.ptr != NULL && next.steps < STEPS_MAX && a->next.len == 0 &&
	    ap_same_origin(&reader, uri, a->target))
		taken_encode(&a->next, &next);
}

/* --- what came --- */

static void move_take(struct asking *a, struct jr item)
{
	const struct ap_reader reader = { &a->ctx, a->fed->site->iri_flags };
	struct str from = ap_id(&reader, jr_get(item, "object"));
	struct str to = ap_id(&reader, jr_get(item, "target"));
	if (ap_type_activity(jr_get(item, "type")) != AP_MOVE || from.ptr == NULL ||
	    to.ptr == NULL || a->count == MOVES_MAX ||
	    !str_eq(ap_id(&reader, jr_get(item, "actor")), a->target))
		return;
	a->posts[a->count++] =
		(struct taken_post){ arena_str(a->ctx.arena, from), arena_str(a->ctx.arena, to) };
}

/* A collection, or a page of one; the first page may be inside. */
static void collection_take(struct asking *a, struct jr collection)
{
	const struct ap_reader reader = { &a->ctx, a->fed->site->iri_flags };
	struct jr items = jr_get(collection, "orderedItems"), first = jr_get(collection, "first");
	if (jr_type(items) == JR_ABSENT)
		items = jr_get(collection, "items");
	for (size_t i = 0; i < jr_one_count(items); i++)
		move_take(a, jr_one_at(items, i));
	if (jr_type(first) == JR_OBJECT && jr_type(items) == JR_ABSENT)
		return collection_take(a, first);
	go_on(a, ap_id(&reader, jr_type(first) == JR_STRING ? first : jr_get(collection, "next")));
}

static void document_came(void *arg, enum rc rc, struct document *doc)
{
	struct asking *a = arg;
	const struct ap_reader reader = { &a->ctx, a->fed->site->iri_flags };
	if (rc == RC_OK && !ap_same_origin(&reader, doc->url, a->target))
		rc = ctx_fail(&a->ctx, RC_INVALID, "what came is on another host");
	if (rc != RC_OK)
		return asking_end(a, rc);
	struct jr root = jr_root(doc->doc);
	enum ap_object_class class = ap_type_class(jr_get(root, "type"));
	/* ActivityPub section 4.1: streams are collections that may be of interest; ours is one */
	if (class == AP_CLASS_ACTOR && str_eq(ap_id(&reader, jr_get(root, "id")), a->target))
		go_on(a, ap_id(&reader, jr_one_at(jr_get(root, "streams"), 0)));
	else if (class == AP_CLASS_COLLECTION)
		collection_take(a, root);
	asking_end(a, RC_OK);
}

/* --- running --- */

static bool target_read(struct asking *a)
{
	struct account old, target;
	struct db_txn *txn;
	if (db_read_begin(a->fed->db, &txn) != RC_OK)
		return false;
	bool found = account_get(txn, a->ctx.arena, a->task.account, &old) &&
		     old.moved_account != 0 &&
		     account_get(txn, a->ctx.arena, old.moved_account, &target) &&
		     !account_is_local(&target) && !account_is_gone(&target);
	if (found)
		a->target = target.uri;
	db_read_end(&txn);
	return found;
}

void taken_run(struct queue_job *job, void *app)
{
	struct arena *arena = arena_new(WORK_ARENA_MAX);
	must(arena != NULL);
	struct asking *a = ARENA_NEW(arena, struct asking);
	must(a != NULL);
	*a = (struct asking){ .fed = fed_of(app), .job = job, .ctx = { .arena = arena } };
	buf_init(&a->next, PAYLOAD_MAX);
	a->posts = ARENA_ARRAY(arena, MOVES_MAX, struct taken_post);
	if (a->posts == NULL || !taken_decode(arena, job->payload, &a->task) || !target_read(a))
		return asking_end(a, RC_NOT_FOUND);
	document_fetch(a->fed, &a->ctx, a->task.uri, document_came, a);
}
