/* Scheduling posts, and writing them when their time has come. Inside transactions, but for composing. */
#include "social/schedule.h"

#include "act_int.h"
#include "community_int.h"
#include "core/date.h"
#include "db/rec.h"
#include "queue/queue.h"
#include "store/personal.h"
#include "team_int.h"

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

void schedule_enqueue(struct social *s, uint64_t account, uint64_t id, uint64_t due_ms)
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
		schedule_enqueue(s, account, id, due_ms);
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
				   .params = post_params_write(s->ctx->arena, params),
				   .writer = s->person,
				   .owner = s->person,
				   .changed_ms = db_txn_now(s->txn) };
	if (out->params.ptr == NULL)
		return RC_NO_MEMORY;
	rc = scheduled_add(s->txn, out);
	if (rc == RC_OK) {
		rc = media_reserve(s, actor, out->id, params->media, params->media_count);
		if (rc != RC_OK)
			return rc;
		if (s->person != 0)
			team_log(s, actor->id, s->person, "post.schedule", out->id, STR(""));
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
	if (now.state == SCHEDULED_REFUSED) {
		now.state = SCHEDULED_DUE;
		now.note = STR("");
		scheduled_put(s->txn, &now);
	}
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
				 .community = p->community,
				 .application = p->application,
				 .media = p->media,
				 .media_count = p->media_count,
				 .keeps_media = p->keeps_media };
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

/* The post that is to be changed says what a change says nothing of. */
static enum rc load_before(struct db_txn *txn, struct ctx *ctx, const struct scheduled *row,
			   struct draft *draft)
{
	struct status before;
	if (row->edits == 0)
		return RC_OK;
	if (!status_get(txn, ctx->arena, row->edits, &before) || before.account != row->account)
		return RC_NOT_FOUND;
	draft->edits = row->edits;
	draft->visibility = before.visibility;
	draft->title = before.title;
	if (draft->keeps_media)
		draft->media_count = before.attachment_count;
	return RC_OK;
}

enum rc schedule_load(struct ctx *ctx, struct db_txn *txn, const struct scheduled *row,
		      struct post_params *params, struct draft *draft)
{
	struct preference preference;
	if (!account_get(txn, ctx->arena, row->account, &draft->author))
		return db_txn_rc(txn) != RC_OK ? db_txn_rc(txn) : RC_NOT_FOUND;
	preference_get(txn, ctx->arena, row->account, &preference);
	enum rc rc = post_params_read(ctx, row->params, params);
	if (rc != RC_OK)
		return rc;
	with_preferences(params, &preference);
	rc = post_params_draft(ctx, params, draft);
	return rc == RC_OK ? load_before(txn, ctx, row, draft) : rc;
}

enum rc schedule_finish(struct ctx *ctx, const struct site *site, struct db *db,
			const struct mention_finder *finder, struct post_params *params,
			struct draft *draft)
{
	if (draft->edits != 0 && draft->poll != NULL)
		params->poll.reset = true;
	return act_compose(ctx, site, db, finder, draft);
}

enum rc schedule_compose(struct ctx *ctx, const struct site *site, struct db *db,
			 const struct mention_finder *finder, const struct schedule_job *job,
			 uint64_t now_ms, struct post_params *params, struct draft *draft)
{
	struct scheduled row;
	struct db_txn *txn;
	enum rc rc = db_read_begin(db, &txn);
	if (rc != RC_OK)
		return rc;
	if (!scheduled_get(txn, ctx->arena, job->account, job->id, &row) ||
	    row.state != SCHEDULED_DUE || row.due_ms > now_ms)
		rc = db_txn_rc(txn) != RC_OK ? db_txn_rc(txn) : RC_NOT_FOUND;
	if (rc == RC_OK)
		rc = schedule_load(ctx, txn, &row, params, draft);
	db_read_end(&txn);
	return rc == RC_OK ? schedule_finish(ctx, site, db, finder, params, draft) : rc;
}

static enum rc change_draft(struct social *s, const struct draft *draft)
{
	struct status now;
	if (!status_get(s->txn, s->ctx->arena, draft->edits, &now))
		return act_end(s, RC_NOT_FOUND);
	struct status next = act_edited(&now, draft);
	/* edits are told apart by their time (S-022) */
	next.edited_ms = db_txn_now(s->txn);
	if (next.edited_ms <= now.edited_ms)
		next.edited_ms = now.edited_ms + 1;
	enum rc rc = RC_OK;
	if (!draft->keeps_media)
		rc = media_attach(s, &draft->author, &next, draft->media, draft->media_count);
	return rc == RC_OK ? act_edit(s, &draft->author, &next) : rc;
}

enum rc act_post_draft(struct social *s, struct draft *draft)
{
	return draft->edits != 0 ? change_draft(s, draft) : act_post(s, draft);
}

enum rc act_post_scheduled(struct social *s, const struct schedule_job *job, struct draft *draft)
{
	struct scheduled row;
	if (!scheduled_get(s->txn, s->ctx->arena, job->account, job->id, &row) ||
	    row.state != SCHEDULED_DUE)
		return act_end(s, RC_NOT_FOUND);
	/* whoever scheduled it may be gone, or four eyes be asked for by now */
	if (row.owner != 0 && !team_may_publish(s, &row))
		return team_hold(s, &row);
	scheduled_del(s->txn, job->account, job->id);
	s->person = row.writer;
	s->reviewer = row.reviewer;
	s->former = row.former[0];
	return act_post_draft(s, draft);
}

/* --- what is refused --- */

/* The community that it was to be posted in, which tells its author so as it tells of posts that waited; 0: none of
 * here. */
static uint64_t community_of(struct social *s, const struct scheduled *row)
{
	struct post_params *p = ARENA_NEW(s->ctx->arena, struct post_params);
	struct ctx quiet = { .arena = s->ctx->arena };
	struct status parent = { .community = 0 };
	if (p == NULL || post_params_read(&quiet, row->params, p) != RC_OK)
		return 0;
	if (p->community == 0 && p->parent != 0)
		(void)!status_get(s->txn, s->ctx->arena, p->parent, &parent);
	uint64_t id = p->community != 0 ? p->community : parent.community;
	return id != 0 && community_exists(s->txn, id) ? id : 0;
}

static void tell_refused(struct social *s, const struct scheduled *row)
{
	struct buf due CLEANUP(buf_free) = BUF_INIT(64);
	struct account author;
	date_add_http(&due, row->due_ms);
	struct str text = arena_printf(s->ctx->arena,
				       "What was scheduled for %.*s was not posted: %.*s. It is "
				       "kept among what is scheduled: give it another time, or "
				       "delete it.",
				       STR_ARG(buf_str(&due)), STR_ARG(row->note));
	if (row->owner != 0)
		team_letter(s, row->account, &row->owner, 1, text,
			    arena_join(s->ctx->arena, s->site->base, STR("/auth/teams")));
	else if (account_get(s->txn, s->ctx->arena, row->account, &author))
		community_write_to(s, community_of(s, row), &author, text, STR(""));
}

enum rc schedule_refuse(struct social *s, const struct schedule_job *job, uint64_t now_ms,
			struct str reason)
{
	struct scheduled row;
	if (!scheduled_get(s->txn, s->ctx->arena, job->account, job->id, &row) ||
	    row.state != SCHEDULED_DUE || row.due_ms > now_ms)
		return act_end(s, RC_OK);
	row.state = SCHEDULED_REFUSED;
	row.note = reason;
	row.changed_ms = db_txn_now(s->txn);
	scheduled_put(s->txn, &row);
	if (row.owner != 0)
		team_log(s, row.account, 0, "draft.refuse", row.id, reason);
	tell_refused(s, &row);
	return act_end(s, RC_OK);
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
