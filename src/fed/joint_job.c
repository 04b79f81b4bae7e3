/*
 * Has here what partners of a community have (JOB_JOINT): the past when they have agreed, and what was
 * missed since. Only differences are read: first the digests of buckets (the form of FEP-8fcf), then
 * the items of those that differ, then each post that is not here, at its own origin: a partner's word for
 * what a third person wrote is not enough (S-027), but where the origin is gone, and then it says so.
 *
 * Each step is one job or one write; what is left to do is its payload, so that a crash goes on where it
 * was. Steps run on the client's thread, or on a worker's.
 */
#include <stdio.h>

#include "core/enc.h"
#include "core/must.h"
#include "db/rec.h"
#include "joint_job_int.h"
#include "store/uri.h"

#define PAYLOAD_MAX (16 * 1024)
#define INDEX_STEP 100
#define CLEAR_STEP 200
#define ITEMS_MAX 200 /* that one page is read to have */
#define GONE_MAX 200  /* posts whose origin is asked because of one page */
#define TRIES_MAX 6
#define WAIT_MS 2000
#define READY_TRIES 30 /* while the other side makes its past ready */

static void work_after(void *arg, enum rc rc)
{
	struct joint_work *w = arg;
	struct arena *arena = w->ctx.arena;
	fed_wake(w->fed, rc == RC_OK && w->enqueued);
	if (w->answers)
		queue_host_alive(w->fed->queue, uri_authority(w->uri));
	if (w->in != NULL)
		incoming_close(w->in);
	jr_free(&w->doc);
	buf_free(&w->payload);
	arena_free(&arena);
}

static enum rc work_step(struct db_txn *txn, void *arg)
{
	struct joint_work *w = arg;
	struct arena *arena = arena_new(WORK_ARENA_MAX);
	if (arena == NULL)
		return RC_NO_MEMORY;
	struct ctx ctx = { .arena = arena };
	struct social s = { .txn = txn, .ctx = &ctx, .site = w->fed->site };
	buf_reset(&w->payload);
	w->next = w->task;
	w->step(w, &s);
	w->enqueued = s.enqueued;
	enum rc rc = arena_failed(arena) ? RC_NO_MEMORY : db_txn_rc(txn);
	arena_free(&arena);
	return rc;
}

void joint_work_write(struct joint_work *w, void (*step)(struct joint_work *w, struct social *s))
{
	struct queue_end end = { .outcome = { .verdict = QUEUE_AGAIN },
				 .write = work_step,
				 .next = &w->payload,
				 .after = work_after,
				 .arg = w };
	w->step = step;
	queue_finish(w->job, &end);
}

void joint_work_end_write(struct joint_work *w, enum queue_verdict verdict, const char *reason,
			  void (*step)(struct joint_work *w, struct social *s))
{
	struct queue_end end = { .outcome = { .verdict = verdict },
				 .payload = w->job->payload,
				 .write = work_step,
				 .after = work_after,
				 .arg = w };
	snprintf(end.outcome.reason, sizeof(end.outcome.reason), "%s", reason);
	w->step = step;
	queue_finish(w->job, &end);
}

void joint_work_write_unasked(struct joint_work *w,
			      void (*step)(struct joint_work *w, struct social *s))
{
	joint_work_end_write(w, QUEUE_LOOP, "", step);
}

void joint_work_end(struct joint_work *w, enum queue_verdict verdict, const char *reason)
{
	struct queue_end end = { .outcome = { .verdict = verdict },
				 .payload = w->job->payload,
				 .after = work_after,
				 .arg = w };
	snprintf(end.outcome.reason, sizeof(end.outcome.reason), "%s", reason);
	queue_finish(w->job, &end);
}

/* What may pass waits for the host; what never will is over. */
void joint_work_failed(struct joint_work *w, enum rc rc)
{
	joint_work_end(w,
		       rc == RC_UNREACHABLE || rc == RC_TIMEOUT ? QUEUE_DEFER_LANE
		       : job_may_pass(rc)			? QUEUE_DEFER
								: QUEUE_REJECT,
		       err_text(&w->ctx.err));
}

void joint_came(void *arg, enum rc rc, uint64_t id UNUSED, struct str reason)
{
	struct joint_work *w = arg;
	if (rc == RC_OK)
		return joint_work_write(w, w->step);
	ctx_fail(&w->ctx, rc, "%.*s", STR_ARG(reason));
	joint_work_failed(w, rc);
}

bool joint_still_agreed(struct joint_work *w, struct social *s, struct joint *out)
{
	return joint_get(s->txn, s->ctx->arena, w->task.community, w->task.partner, out) &&
	       out->state == JOINT_AGREED &&
	       account_get(s->txn, s->ctx->arena, w->task.partner, &w->group);
}

/* --- what is here already --- */

static void index_step(struct joint_work *w, struct social *s)
{
	struct joint j;
	if (!joint_still_agreed(w, s, &j))
		return;
	if (joint_index(s->txn, w->task.community, &w->next.after, INDEX_STEP) == INDEX_STEP) {
		joint_task_encode(&w->payload, &w->next);
		return;
	}
	w->next.step = JOINT_STEP_VOTES;
	w->next.after = 0;
	joint_task_encode(&w->payload, &w->next);
}

static void clear_step(struct joint_work *w, struct social *s)
{
	if (!joint_is(s->txn, w->task.community) &&
	    joint_clear(s->txn, w->task.community, CLEAR_STEP) == CLEAR_STEP)
		joint_task_encode(&w->payload, &w->task);
}

/* --- comparing --- */

static bool bucket_is_left(const struct joint_task *t, unsigned bucket)
{
	return (t->todo[bucket / 8] & (1U << (bucket % 8))) != 0;
}

static void bucket_mark(struct joint_task *t, unsigned bucket, bool left)
{
	const unsigned char bit = (unsigned char)(1U << (bucket % 8));
	if (left)
		t->todo[bucket / 8] |= bit;
	else
		t->todo[bucket / 8] = (unsigned char)(t->todo[bucket / 8] & ~bit);
}

static bool bucket_next(const struct joint_task *t, unsigned *out)
{
	for (*out = 0; *out < JOINT_BUCKETS; (*out)++) {
		if (bucket_is_left(t, *out))
			return true;
	}
	return false;
}

uint64_t joint_later(struct social *s, unsigned tries)
{
	return db_txn_now(s->txn) + ((uint64_t)WAIT_MS << (tries < TRIES_MAX ? tries : TRIES_MAX));
}

/* What was not here is on its way: then it is looked at again, until nothing more comes. */
static bool comes_more(const struct joint_task *t)
{
	return t->lacking != 0 && (t->tries < TRIES_MAX || t->lacking < t->before);
}

/* Votes are compared when what they are about is, and once more with what has come since. before: what
 * was not here and is looked at again; 0: it is the last round. */
static void goes_round(struct joint_work *w, struct social *s, uint32_t before)
{
	const struct joint_task *t = &w->next;
	struct joint_task next = { .step = JOINT_STEP_COMPARE,
				   .community = t->community,
				   .partner = t->partner,
				   .tries = t->tries,
				   .before = before,
				   .pages = t->pages,
				   .uri = STR("") };
	uint64_t due_ms = 0;
	if (t->about == JOINT_BANS) {
		if (before == 0)
			return;
		next.tries++;
		next.took = true;
		due_ms = joint_later(s, t->tries);
	} else {
		next.about = t->about == JOINT_POSTS   ? JOINT_VOTES
			     : t->about == JOINT_VOTES ? JOINT_REACTIONS
						       : JOINT_BANS;
	}
	joint_task_add(s, &next, uri_authority(w->group.uri), due_ms);
}

static void posts_compared(struct joint_work *w, struct social *s, struct joint *j)
{
	const struct joint_task *t = &w->next;
	const bool more = comes_more(t);
	j->compared_ms = t->until_ms;
	j->lacking = t->lacking;
	if (joint_put(s->txn, j) != RC_OK)
		return;
	/* who moderates it there may have changed unheard */
	if (t->tries == 0)
		inbox_job_add(s, INBOX_FEATURED, uri_authority(w->group.uri), w->group.uri, STR(""),
			      j->partner, STR(""));
	if (t->took && !more)
		joint_nudge(s, t->community, t->partner);
	goes_round(w, s, more ? t->lacking : 0);
}

/* All is compared. What has come is news to other partners. */
static void compared(struct joint_work *w, struct social *s)
{
	struct joint j;
	if (!joint_still_agreed(w, s, &j))
		return;
	if (w->next.about == JOINT_POSTS)
		return posts_compared(w, s, &j);
	if (w->next.about == JOINT_BANS && joint_bans_again(w, s))
		return;
	if (w->next.took)
		joint_nudge(s, w->next.community, w->next.partner);
	goes_round(w, s, w->next.before);
}

/* Goes on with the next bucket, or ends. */
static void go_on(struct joint_work *w, struct social *s)
{
	unsigned bucket;
	if (bucket_next(&w->next, &bucket))
		joint_task_encode(&w->payload, &w->next);
	else
		compared(w, s);
}

static void begun_step(struct joint_work *w, struct social *s)
{
	w->next.begun = true;
	memcpy(w->next.todo, w->task.todo, sizeof(w->next.todo));
	go_on(w, s);
}

uint64_t joint_number(struct jr object, const char *name)
{
	int64_t n;
	return jr_i64(jr_get(object, name), &n) && n > 0 ? (uint64_t)n : 0;
}

static bool digest_read(struct str text, struct digest *out)
{
	struct buf bytes CLEANUP(buf_free) = BUF_INIT(DIGEST_SIZE);
	if (text.len != DIGEST_SIZE * 2 || !enc_unhex(&bytes, text) || bytes.len != DIGEST_SIZE)
		return false;
	memcpy(out->bytes, buf_str(&bytes).ptr, DIGEST_SIZE);
	return true;
}

/* Which buckets differ? False when what came is no such list. */
static bool sums_compare(struct joint_work *w, struct jr root)
{
	struct joint_sum theirs[JOINT_BUCKETS] = { 0 };
	struct jr buckets = jr_get(root, "buckets");
	struct db_txn *txn;
	size_t n = jr_one_count(buckets);
	if (jr_type(buckets) != JR_ARRAY || n > JOINT_BUCKETS)
		return false;
	for (size_t i = 0; i < n; i++) {
		struct jr row = jr_one_at(buckets, i);
		uint64_t bucket = joint_number(row, "bucket");
		if (bucket >= JOINT_BUCKETS || theirs[bucket].count != 0 ||
		    !digest_read(jr_str(jr_get(row, "digest")), &theirs[bucket].digest))
			return false;
		theirs[bucket].count = joint_number(row, "totalItems");
	}
	if (db_read_begin(w->fed->db, &txn) != RC_OK)
		return false;
	for (unsigned i = 0; i < JOINT_BUCKETS; i++) {
		const struct joint_sum ours = joint_sum(txn, w->task.community, w->task.about, i);
		bucket_mark(&w->task, i,
			    ours.count != theirs[i].count ||
				    memcmp(ours.digest.bytes, theirs[i].digest.bytes,
					   DIGEST_SIZE) != 0);
	}
	bool ok = db_txn_rc(txn) == RC_OK;
	db_read_end(&txn);
	return ok;
}

/* Its own past is not ready yet, or it has not heard that we agree. */
static void wait_step(struct joint_work *w, struct social *s)
{
	w->next.tries++;
	joint_task_add(s, &w->next, uri_authority(w->group.uri), db_txn_now(s->txn) + WAIT_MS);
}

/* It served what it has before, and does not any more: it has ended what we take to stand, and its word was
 * lost; or it has lost the relation. It is asked, once for each comparison. */
static void unknown_step(struct joint_work *w, struct social *s)
{
	joint_remind(s, w->task.community, w->task.partner);
}

bool joint_is_theirs(struct joint_work *w, const struct document *doc, const char *type)
{
	struct ap_reader reader = { &w->ctx, w->fed->site->iri_flags };
	return ap_same_origin(&reader, doc->url, w->group.uri) &&
	       str_eq(jr_str(jr_get(jr_root(doc->doc), "type")), str_of(type));
}

static void sums_came(void *arg, enum rc rc, struct document *doc)
{
	struct joint_work *w = arg;
	if (rc == RC_NOT_FOUND && w->joint.compared_ms == 0 && w->task.about == JOINT_POSTS &&
	    w->task.tries < READY_TRIES)
		return joint_work_write(w, wait_step);
	if (rc == RC_NOT_FOUND && w->joint.compared_ms != 0 && w->task.about == JOINT_POSTS)
		return joint_work_write(w, unknown_step);
	/* it tells of posts alone: there is nothing to compare */
	if (rc == RC_NOT_FOUND && w->task.about != JOINT_POSTS)
		return joint_work_write(w, begun_step);
	if (rc != RC_OK)
		return joint_work_failed(w, rc);
	if (!joint_is_theirs(w, doc, "OrderedCollection") || !sums_compare(w, jr_root(doc->doc)))
		return joint_work_end(w, QUEUE_REJECT, "what the partner has is not told in order");
	/* waiting for the other side to be ready is no difference */
	if (w->joint.compared_ms == 0 && !w->task.took && w->task.about == JOINT_POSTS)
		w->task.tries = 0;
	joint_work_write(w, begun_step);
}

/* --- the items of a bucket --- */

static unsigned state_of(struct str letters)
{
	unsigned state = 0;
	for (size_t i = 0; i < letters.len; i++)
		state |= letters.ptr[i] == 'r'	 ? (unsigned)JOINT_REMOVED
			 : letters.ptr[i] == 'l' ? (unsigned)JOINT_LOCKED
			 : letters.ptr[i] == 'p' ? (unsigned)JOINT_PINNED
						 : 0;
	return state;
}

/* In order of their names, and in the bucket: else nothing of it counts. */
static bool items_read(struct joint_work *w, struct jr root)
{
	struct ap_reader reader = { &w->ctx, w->fed->site->iri_flags };
	struct jr items = jr_get(root, "orderedItems");
	size_t n = jr_one_count(items);
	w->items = ARENA_ARRAY(w->ctx.arena, ITEMS_MAX, struct joint_their);
	if (w->items == NULL || n > ITEMS_MAX)
		return false;
	for (size_t i = 0; i < n; i++) {
		struct jr item = jr_one_at(items, i);
		struct joint_their *t = &w->items[w->count];
		struct str id = ap_id(&reader, jr_get(item, "id"));
		if (id.ptr == NULL)
			return false;
		struct reckey name = reckey_digest(id);
		*t = (struct joint_their){ .uri = arena_str(w->ctx.arena, id),
					   .state = state_of(jr_str(jr_get(item, "state"))),
					   .state_ms = joint_number(item, "stateTime"),
					   .edited_ms = joint_number(item, "edited"),
					   .reason = joint_reason(w, item) };
		memcpy(t->name, name.bytes, JOINT_NAME_SIZE);
		const unsigned char *before = i != 0	       ? w->items[i - 1].name
					      : w->task.inside ? w->task.name
							       : NULL;
		if (t->name[0] != w->bucket ||
		    (before != NULL && memcmp(before, t->name, JOINT_NAME_SIZE) >= 0))
			return false;
		w->count++;
	}
	w->last = jr_type(jr_get(root, "next")) == JR_ABSENT;
	return w->last || w->count != 0;
}

static void item_differs(struct joint_work *w, struct social *s, const struct joint_their *t,
			 const struct joint_item *own)
{
	struct status status;
	if (own->state != t->state &&
	    joint_state_told(s, w->task.community, own, t->state, t->state_ms, t->reason) == RC_OK)
		w->next.took = true;
	if (t->edited_ms > own->edited_ms &&
	    status_get(s->txn, s->ctx->arena, own->status, &status) &&
	    (status.flags & STATUS_LOCAL) == 0)
		inbox_job_add(s, INBOX_UPDATED, uri_authority(t->uri), t->uri, STR(""), 0, STR(""));
}

static void item_missing(struct joint_work *w, struct social *s, const struct joint_their *t)
{
	struct status status;
	struct joint_item own;
	if (status_find_uri(s->txn, s->ctx->arena, t->uri, &status)) {
		if (joint_tells(s, &w->group, w->task.community, &status) != RC_OK)
			return;
		w->next.took = true;
		if (joint_item_get(s->txn, w->task.community, t->name, &own))
			item_differs(w, s, t, &own);
		return;
	}
	/* what was deleted here, or moved, does not come back by it */
	if (site_owns_text(w->fed->site, t->uri) || !uri_is_free(uri_find(s->txn, t->uri)))
		return;
	w->next.took = true;
	if (w->next.lacking++ < JOINT_TAKEN_MAX && joint_asks(w))
		joint_ask_for(w, s, t);
}

static bool is_listed(const struct joint_work *w, const unsigned char *name)
{
	for (size_t i = 0; i < w->count; i++) {
		if (memcmp(w->items[i].name, name, JOINT_NAME_SIZE) == 0)
			return true;
	}
	return false;
}

/* What is here and not there may have been deleted where it was written: its origin is asked. At first
 * the other side has simply not read it yet. */
static void ours_alone(struct joint_work *w, struct social *s)
{
	struct joint_item items[ITEMS_MAX];
	const unsigned char *after = w->task.inside ? w->task.name : NULL;
	size_t n = w->joint.compared_ms != 0 ? joint_items(s->txn, w->task.community, w->bucket,
							   after, items, GONE_MAX)
					     : 0;
	for (size_t i = 0; i < n; i++) {
		struct status status;
		if (!w->last &&
		    memcmp(items[i].name, w->items[w->count - 1].name, JOINT_NAME_SIZE) > 0)
			return;
		if (is_listed(w, items[i].name) ||
		    !status_get(s->txn, s->ctx->arena, items[i].status, &status) ||
		    (status.flags & STATUS_LOCAL) != 0)
			continue;
		inbox_job_add(s, INBOX_GONE, uri_authority(status.uri), status.uri, STR(""), 0,
			      STR(""));
	}
}

void joint_page_done(struct joint_work *w, struct social *s, const unsigned char *name, size_t size)
{
	w->next.inside = !w->last;
	w->next.pages++;
	if (w->last)
		bucket_mark(&w->next, w->bucket, false);
	else
		memcpy(w->next.name, name, size);
	go_on(w, s);
}

static void page_step(struct joint_work *w, struct social *s)
{
	struct joint j;
	if (!joint_still_agreed(w, s, &j))
		return;
	ours_alone(w, s);
	for (size_t i = 0; i < w->count; i++) {
		struct joint_item own;
		if (joint_item_get(s->txn, w->task.community, w->items[i].name, &own))
			item_differs(w, s, &w->items[i], &own);
		else
			item_missing(w, s, &w->items[i]);
	}
	joint_page_done(w, s, w->count != 0 ? w->items[w->count - 1].name : NULL, JOINT_NAME_SIZE);
}

static void page_came(void *arg, enum rc rc, struct document *doc)
{
	struct joint_work *w = arg;
	if (rc != RC_OK)
		return joint_work_failed(w, rc);
	const bool posts = w->task.about == JOINT_POSTS;
	if (!joint_is_theirs(w, doc, "OrderedCollectionPage") ||
	    !(posts ? items_read(w, jr_root(doc->doc)) : joint_words_read(w, jr_root(doc->doc))))
		return joint_work_end(w, QUEUE_REJECT, "what the partner has is not told in order");
	joint_work_write(w, posts ? page_step : joint_words_step);
}

static struct str page_url(struct joint_work *w, struct str base)
{
	const bool posts = w->task.about == JOINT_POSTS;
	struct buf name CLEANUP(buf_free) = BUF_INIT(128);
	base = arena_printf(w->ctx.arena, "%.*s?bucket=%u%s%s", STR_ARG(base), w->bucket,
			    posts ? "" : "&of=", posts ? "" : joint_about_name(w->task.about));
	if (!w->task.inside)
		return base;
	enc_hex(&name,
		str_n(w->task.name, posts ? JOINT_NAME_SIZE : joint_word_name(w->task.about)));
	return arena_printf(w->ctx.arena, "%.*s&after=%.*s", STR_ARG(base),
			    STR_ARG(buf_str(&name)));
}

static struct str head_url(struct joint_work *w, struct str base)
{
	return w->task.about == JOINT_POSTS
		       ? base
		       : arena_printf(w->ctx.arena, "%.*s?of=%s", STR_ARG(base),
				      joint_about_name(w->task.about));
}

/* A look that was asked for before the last one began has had its answer. */
static bool is_stale(const struct joint_work *w)
{
	return w->task.about == JOINT_POSTS && w->task.tries == 0 && w->task.after != 0 &&
	       w->joint.compared_ms > w->task.after;
}

struct str joint_items_url(struct joint_work *w)
{
	return w->joint.items.len != 0
		       ? w->joint.items
		       : arena_join(w->ctx.arena, w->group.uri, STR("/" JOINT_COLLECTION));
}

static void compare(struct joint_work *w)
{
	const struct str base = joint_items_url(w);
	if (!w->task.begun) {
		if (is_stale(w))
			return joint_work_end(w, QUEUE_DELIVERED, "");
		w->task.until_ms = clock_wall_ms(w->fed->clock);
		return document_fetch(w->fed, &w->ctx, head_url(w, base), sums_came, w);
	}
	if (!bucket_next(&w->task, &w->bucket))
		return joint_work_end(w, QUEUE_REJECT, "the job cannot be decoded");
	if (w->task.pages >= JOINT_PAGES_MAX)
		return joint_work_end(w, QUEUE_REJECT, "what the partner has does not end");
	document_fetch(w->fed, &w->ctx, page_url(w, base), page_came, w);
}

/* --- running --- */

static bool load(struct joint_work *w)
{
	struct db_txn *txn;
	if (db_read_begin(w->fed->db, &txn) != RC_OK)
		return false;
	bool there = joint_get(txn, w->ctx.arena, w->task.community, w->task.partner, &w->joint) &&
		     w->joint.state == JOINT_AGREED &&
		     account_get(txn, w->ctx.arena, w->task.partner, &w->group) &&
		     !account_is_gone(&w->group);
	db_read_end(&txn);
	return there;
}

void joint_run(struct queue_job *job, void *app)
{
	struct arena *arena = arena_new(WORK_ARENA_MAX);
	must(arena != NULL);
	struct joint_work *w = ARENA_NEW(arena, struct joint_work);
	must(w != NULL);
	*w = (struct joint_work){ .fed = fed_of(app), .job = job, .ctx = { .arena = arena } };
	buf_init(&w->payload, PAYLOAD_MAX);
	if (!joint_task_decode(arena_str(arena, job->payload), &w->task))
		return joint_work_end(w, QUEUE_REJECT, "the job cannot be decoded");
	if (w->task.step == JOINT_STEP_CLEAR)
		return joint_work_write(w, clear_step);
	if (w->task.step == JOINT_STEP_RETURN)
		return joint_return_run(w);
	/* it has ended meanwhile */
	if (!load(w))
		return joint_work_end(w, QUEUE_DELIVERED, "");
	switch (w->task.step) {
	case JOINT_STEP_INDEX:
		return joint_work_write(w, index_step);
	case JOINT_STEP_COMPARE:
		return compare(w);
	case JOINT_STEP_TAKE:
		return joint_take_run(w);
	case JOINT_STEP_VOTES:
		return joint_work_write(w, joint_index_words_step);
	case JOINT_STEP_BAN:
		return joint_ban_run(w);
	case JOINT_STEP_COPY:
		return joint_copy_run(w);
	case JOINT_STEP_RETURN:
	case JOINT_STEP_CLEAR:
		break;
	}
}
