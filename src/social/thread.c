/* Threads that grow together, and asking for what is missing. Inside write transactions, but for
 * thread_is_due(). */
#include "social/thread.h"

#include "core/must.h"
#include "db/rec.h"
#include "interact_int.h"
#include "queue/queue.h"
#include "store/hint.h"
#include "store/thread.h"
#include "store/uri.h"

#define TASK_VERSION 1
#define JOINS_AT_ONCE 16
#define MOVES_AT_ONCE 32
#define MOVES_A_STEP 200
/* A thread whose posts come one after another, the last ones first, is moved once and not each
 * time. */
#define MOVE_DELAY_MS (2 * MS_PER_SECOND)
#define AGAIN_DELAY_MS (10 * MS_PER_SECOND)
#define CLIMB_SPREAD_MS (2 * MS_PER_SECOND)
#define LOOK_SPREAD_MS MS_PER_SECOND
#define LOOK_LASTS_MS (5 * MS_PER_MINUTE) /* at most */

/* --- jobs --- */

/* Not random: a write may be run again. */
static uint64_t spread(uint64_t id, uint64_t span_ms)
{
	return span_ms != 0 ? (id * UINT64_C(0x9e3779b97f4a7c15) >> 32) % span_ms : 0;
}

void thread_task_encode(struct buf *out, const struct thread_task *task)
{
	rec_add_u8(out, TASK_VERSION);
	rec_add_u8(out, (uint8_t)task->step);
	rec_add_u64(out, task->id);
	rec_add_u64(out, task->after);
}

bool thread_task_decode(struct str payload, struct thread_task *out)
{
	struct rec r = rec_open(payload);
	uint8_t version = rec_u8(&r);
	out->step = (enum thread_step)rec_u8(&r);
	out->id = rec_u64(&r);
	out->after = rec_u64(&r);
	return version == TASK_VERSION && rec_ok(&r) &&
	       (out->step == THREAD_JOIN || out->step == THREAD_MOVE);
}

static void task_add(struct social *s, enum thread_step step, uint64_t id, uint64_t delay_ms)
{
	const struct thread_task task = { step, id, 0 };
	struct buf payload CLEANUP(buf_free) = BUF_INIT(64);
	thread_task_encode(&payload, &task);
	must(!payload.failed);
	const struct queue_new job = { .kind = JOB_THREAD,
				       .lane = STR(""),
				       .order = id,
				       .payload = buf_str(&payload),
				       .due_ms = db_txn_now(s->txn) + delay_ms };
	queue_add(s->txn, &job);
	s->enqueued = true;
}

void crawl_add(struct social *s, enum crawl_mode mode, uint64_t id, uint64_t spread_ms)
{
	struct buf payload CLEANUP(buf_free) = BUF_INIT(64);
	rec_add_u8(&payload, CRAWL_START_VERSION);
	rec_add_u8(&payload, (uint8_t)mode);
	rec_add_u64(&payload, id);
	must(!payload.failed);
	uint64_t wait = spread(id, spread_ms);
	const struct queue_new job = { .kind = JOB_CRAWL,
				       .lane = STR(""),
				       .order = id,
				       .payload = buf_str(&payload),
				       .due_ms = wait != 0 ? db_txn_now(s->txn) + wait : 0 };
	queue_add(s->txn, &job);
	s->enqueued = true;
}

/* --- joining --- */

/* What stands under a status that is no root any more; true when there is more of it. */
static bool move_some(struct social *s, uint64_t id, size_t count)
{
	uint64_t top = thread_top(s->txn, s->ctx->arena, id);
	struct status from;
	if (top == 0 && status_get(s->txn, s->ctx->arena, id, &from))
		top = from.root;
	/* a thread whose first post is gone stays where it is */
	if (top == 0 || top == id)
		return false;
	return thread_move(s->txn, s->ctx->arena, id, top, count) == count;
}

static void join_one(struct social *s, uint64_t id, const struct status *parent, uint64_t root)
{
	struct status child;
	/* S-055: who is its own ancestor waits no longer, and joins nobody */
	if (id == root) {
		waiting_del(s->txn, parent->uri, id);
		return;
	}
	if (!status_get(s->txn, s->ctx->arena, id, &child) || child.parent != 0 ||
	    !str_eq(child.parent_uri, parent->uri) || !interact_may_join(s, &child, parent))
		return;
	if (!thread_join(s->txn, s->ctx->arena, id, parent, root))
		return;
	if (move_some(s, id, MOVES_AT_ONCE))
		task_add(s, THREAD_MOVE, id, MOVE_DELAY_MS);
	if (status_get(s->txn, s->ctx->arena, id, &child))
		thread_tell_added(s, &child);
}

/* At most JOINS_AT_ONCE; true when there may be more, behind *after. */
static bool join_some(struct social *s, const struct status *parent, uint64_t *after)
{
	uint64_t ids[JOINS_AT_ONCE];
	size_t n = waiting_list(s->txn, parent->uri, *after, ids, JOINS_AT_ONCE);
	uint64_t root = n != 0 ? thread_top(s->txn, s->ctx->arena, parent->id) : 0;
	if (n != 0 && root == 0) {
		task_add(s, THREAD_JOIN, parent->id, AGAIN_DELAY_MS);
		return false;
	}
	for (size_t i = 0; i < n; i++)
		join_one(s, ids[i], parent, root);
	if (n != 0)
		*after = ids[n - 1];
	return n == JOINS_AT_ONCE;
}

void thread_welcome(struct social *s, const struct status *status)
{
	uint64_t after = 0;
	/* an address of ours that names nothing never will */
	if (status->parent == 0 && status->parent_uri.len != 0 &&
	    !site_owns_text(s->site, status->parent_uri) &&
	    uri_find(s->txn, status->parent_uri).kind == URI_NONE)
		waiting_add(s->txn, status->parent_uri, status->id);
	if (join_some(s, status, &after))
		task_add(s, THREAD_JOIN, status->id, 0);
}

bool thread_task_step(struct social *s, struct thread_task *task)
{
	struct status status;
	if (task->step == THREAD_MOVE)
		return move_some(s, task->id, MOVES_A_STEP);
	return status_get(s->txn, s->ctx->arena, task->id, &status) &&
	       join_some(s, &status, &task->after);
}

/* --- asking for what is missing --- */

void thread_climb(struct social *s, const struct status *status)
{
	if (status->parent == 0 && status->parent_uri.len != 0 &&
	    status->visibility != VISIBILITY_DIRECT &&
	    !site_owns_text(s->site, status->parent_uri) &&
	    uri_find(s->txn, status->parent_uri).kind == URI_NONE)
		crawl_add(s, CRAWL_CLIMB, status->id, CLIMB_SPREAD_MS);
}

/* Letters are not looked for; nor is what is too young to have been missed, nor what only we know
 * of. */
/* The first post of a thread that is refreshed at all, by which its looks are remembered; 0: it is not. */
static uint64_t look_root(struct db_txn *txn, struct arena *arena, uint64_t id, uint64_t now_ms,
			  uint64_t refresh_ms)
{
	struct status status;
	if (refresh_ms == 0 || !status_get(txn, arena, id, &status) ||
	    (status.flags & STATUS_BOOST) != 0 || status.visibility > VISIBILITY_UNLISTED ||
	    status.created_ms + refresh_ms > now_ms)
		return 0;
	if ((status.flags & STATUS_LOCAL) != 0 && status.root == id &&
	    status_counts(txn, id).replies == 0)
		return 0;
	uint64_t root = thread_top(txn, arena, id);
	/* a first post that is gone has no row to remember by */
	return root == 0 || (root != id && !status_get(txn, arena, root, &status)) ? id : root;
}

static uint64_t due_root(struct db_txn *txn, struct arena *arena, uint64_t id, uint64_t now_ms,
			 uint64_t refresh_ms)
{
	uint64_t root = look_root(txn, arena, id, now_ms, refresh_ms);
	if (root == 0)
		return 0;
	struct thread_look look = look_get(txn, arena, root);
	return look.looked_ms + refresh_ms <= now_ms ? root : 0;
}

enum thread_refresh thread_refresh(struct db_txn *txn, struct arena *arena, uint64_t id,
				   uint64_t now_ms, uint64_t refresh_ms)
{
	uint64_t root = look_root(txn, arena, id, now_ms, refresh_ms);
	if (root == 0)
		return REFRESH_NONE;
	struct thread_look look = look_get(txn, arena, root);
	if (look.looked_ms + refresh_ms <= now_ms)
		return REFRESH_DUE;
	/* one that was given up has not said so */
	return look.ended_ms >= look.looked_ms || look.looked_ms + LOOK_LASTS_MS <= now_ms
		       ? REFRESH_FINISHED
		       : REFRESH_RUNNING;
}

bool thread_is_due(struct db_txn *txn, struct arena *arena, uint64_t id, uint64_t now_ms,
		   uint64_t refresh_ms)
{
	return due_root(txn, arena, id, now_ms, refresh_ms) != 0;
}

bool thread_look_for(struct social *s, uint64_t id, uint64_t now_ms, uint64_t refresh_ms)
{
	uint64_t root = due_root(s->txn, s->ctx->arena, id, now_ms, refresh_ms);
	if (root == 0)
		return false;
	struct thread_look look = look_get(s->txn, s->ctx->arena, root);
	look.looked_ms = now_ms;
	look_put(s->txn, root, &look);
	crawl_add(s, CRAWL_LOOK, id, LOOK_SPREAD_MS);
	return true;
}
