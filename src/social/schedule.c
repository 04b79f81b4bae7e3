/* Scheduling posts, and writing them when their time has come. Inside transactions, but for composing. */
#include "social/schedule.h"

#include "act_int.h"
#include "db/rec.h"
#include "queue/queue.h"
#include "store/personal.h"

#define JOB_VERSION 1

void schedule_job_encode(struct buf *out, const struct schedule_job *job)
{
	rec_add_u8(out, JOB_VERSION);
	rec_add_u64(out, job->account);
	rec_add_u64(out, job->id);
}

bool schedule_job_decode(struct str payload, struct schedule_job *out)
{
	struct rec r = rec_open(payload);
	uint8_t version = rec_u8(&r);
	out->account = rec_u64(&r);
	out->id = rec_u64(&r);
	return version == JOB_VERSION && rec_ok(&r);
}

static void job_add(struct social *s, uint64_t account, uint64_t id, uint64_t due_ms)
{
	struct buf payload CLEANUP(buf_free) = BUF_INIT(64);
	const struct schedule_job job = { account, id };
	schedule_job_encode(&payload, &job);
	/* an order of its own: one that is due in a year holds up no other */
	const struct queue_new row = { .kind = JOB_SCHEDULED,
				       .order = db_next_id(s->txn),
				       .payload = buf_str(&payload),
				       .due_ms = due_ms };
	queue_add(s->txn, &row);
	s->enqueued = true;
}

static enum rc due_check(struct social *s, uint64_t due_ms)
{
	if (due_ms >= db_txn_now(s->txn) + SCHEDULE_LEAD_MS)
		return RC_OK;
	return ctx_fail(s->ctx, RC_INVALID, "The scheduled date must be in the future");
}

static enum rc added(struct social *s, enum rc rc, uint64_t account, uint64_t id, uint64_t due_ms)
{
	if (rc == RC_TOO_LARGE)
		return act_end(s, ctx_fail(s->ctx, rc,
					   "at most %d posts are scheduled, and %d for one day",
					   SCHEDULED_MAX, SCHEDULED_DAY_MAX));
	if (rc == RC_OK)
		job_add(s, account, id, due_ms);
	return act_end(s, rc);
}

enum rc act_schedule(struct social *s, const struct account *actor,
		     const struct post_params *params, uint64_t due_ms, struct scheduled *out)
{
	enum rc rc = due_check(s, due_ms);
	if (rc != RC_OK)
		return rc;
	*out = (struct scheduled){ .account = actor->id,
				   .due_ms = due_ms,
				   .params = post_params_write(s->ctx->arena, params) };
	if (out->params.ptr == NULL)
		return RC_NO_MEMORY;
	rc = scheduled_add(s->txn, out);
	if (rc == RC_OK) {
		rc = media_reserve(s, actor, out->id, params->media, params->media_count);
		if (rc != RC_OK)
			return rc;
	}
	return added(s, rc, actor->id, out->id, due_ms);
}

enum rc act_reschedule(struct social *s, const struct account *actor, uint64_t id, uint64_t due_ms)
{
	struct scheduled now;
	if (!scheduled_get(s->txn, s->ctx->arena, actor->id, id, &now))
		return act_end(s, RC_NOT_FOUND);
	enum rc rc = due_check(s, due_ms);
	if (rc != RC_OK)
		return rc;
	rc = scheduled_move(s->txn, s->ctx->arena, actor->id, id, due_ms);
	return added(s, rc, actor->id, id, due_ms);
}

enum rc act_unschedule(struct social *s, const struct account *actor, uint64_t id)
{
	return act_end(s, scheduled_del(s->txn, actor->id, id) ? RC_OK : RC_NOT_FOUND);
}

/* --- the post --- */

enum rc post_params_draft(struct ctx *ctx, const struct post_params *p, struct draft *draft)
{
	struct account author = draft->author;
	*draft = (struct draft){ .author = author,
				 .visibility = p->visibility,
				 .text = p->text,
				 .spoiler = p->spoiler,
				 .language = p->language,
				 .title = STR(""),
				 .sensitive = p->sensitive,
				 .parent = p->parent,
				 .quote = p->quote,
				 .application = p->application,
				 .media = p->media,
				 .media_count = p->media_count };
	if (p->has_poll)
		draft->poll = &p->poll;
	if (!p->has_quotes)
		return RC_OK;
	return policy_set(ctx->arena, &draft->policy, INTERACTION_QUOTE, p->quotes, &author);
}

/* What the client left out is as its owner likes it. */
static void with_preferences(struct post_params *p, const struct preference *preference)
{
	if (!p->has_visibility)
		p->visibility = preference->visibility;
	if (!p->has_sensitive)
		p->sensitive = preference->sensitive;
	if (p->language.len == 0)
		p->language = preference->language;
	if (!p->has_quotes && preference->quotes != POLICY_PUBLIC) {
		p->has_quotes = true;
		p->quotes = (enum policy_who)preference->quotes;
	}
}

static enum rc load(struct db_txn *txn, struct ctx *ctx, const struct schedule_job *job,
		    uint64_t now_ms, struct post_params *params, struct draft *draft)
{
	struct preference preference;
	struct scheduled s;
	if (!scheduled_get(txn, ctx->arena, job->account, job->id, &s) || s.due_ms > now_ms ||
	    !account_get(txn, ctx->arena, job->account, &draft->author))
		return db_txn_rc(txn) != RC_OK ? db_txn_rc(txn) : RC_NOT_FOUND;
	preference_get(txn, ctx->arena, job->account, &preference);
	enum rc rc = post_params_read(ctx, s.params, params);
	if (rc == RC_OK)
		with_preferences(params, &preference);
	return rc;
}

enum rc schedule_compose(struct ctx *ctx, const struct site *site, struct db *db,
			 const struct mention_finder *finder, const struct schedule_job *job,
			 uint64_t now_ms, struct post_params *params, struct draft *draft)
{
	struct db_txn *txn;
	enum rc rc = db_read_begin(db, &txn);
	if (rc != RC_OK)
		return rc;
	rc = load(txn, ctx, job, now_ms, params, draft);
	db_read_end(&txn);
	if (rc == RC_OK)
		rc = post_params_draft(ctx, params, draft);
	if (rc == RC_OK)
		rc = act_compose(ctx, site, db, finder, draft);
	return rc;
}

enum rc act_post_scheduled(struct social *s, const struct schedule_job *job, struct draft *draft)
{
	if (!scheduled_del(s->txn, job->account, job->id))
		return act_end(s, RC_NOT_FOUND);
	return act_post(s, draft);
}

void schedule_forget(struct social *s, uint64_t account)
{
	struct scheduled *all = ARENA_ARRAY(s->ctx->arena, SCHEDULED_MAX, struct scheduled);
	if (all == NULL)
		return;
	size_t n = scheduled_list(s->txn, s->ctx->arena, account, &PAGE_ALL, all, SCHEDULED_MAX);
	for (size_t i = 0; i < n; i++) {
		medium_del_held(s->txn, MEDIUM_SCHEDULED, all[i].id);
		scheduled_del(s->txn, account, all[i].id);
	}
}
