/* What happens to a poll by itself: its counts are told now and then, and it ends. Inside
 * transactions only. */
#include "act_int.h"
#include "db/rec.h"
#include "poll_int.h"
#include "queue/queue.h"

#define JOB_VERSION 1
#define CHUNK 200

void poll_job_encode(struct buf *out, const struct poll_job *job)
{
	rec_add_u8(out, JOB_VERSION);
	rec_add_u8(out, (uint8_t)job->task);
	rec_add_u64(out, job->status);
	rec_add_u64(out, job->after);
}

bool poll_job_decode(struct str payload, struct poll_job *out)
{
	struct rec r = rec_open(payload);
	uint8_t version = rec_u8(&r);
	out->task = (enum poll_task)rec_u8(&r);
	out->status = rec_u64(&r);
	out->after = rec_u64(&r);
	return version == JOB_VERSION && rec_ok(&r) &&
	       (out->task == POLL_TELL || out->task == POLL_END);
}

static void job_add(struct social *s, enum poll_task task, uint64_t status, uint64_t due_ms)
{
	struct buf payload CLEANUP(buf_free) = BUF_INIT(64);
	const struct poll_job job = { .task = task, .status = status };
	poll_job_encode(&payload, &job);
	/* an order of its own: one that is due in a year holds up no other */
	struct queue_new row = { .kind = JOB_POLL,
				 .order = db_next_id(s->txn),
				 .payload = buf_str(&payload),
				 .due_ms = due_ms };
	queue_add(s->txn, &row);
	s->enqueued = true;
}

void poll_end_later(struct social *s, uint64_t status, uint64_t ends_ms)
{
	job_add(s, POLL_END, status, ends_ms);
}

/*
 * One job for each poll, whatever its author says of the end, and how often (S-060): it looks once a
 * day until the end has come.
 */
void poll_watch(struct social *s, uint64_t status, struct poll *poll)
{
	uint64_t tomorrow = db_txn_now(s->txn) + MS_PER_DAY;
	if ((poll->flags & POLL_WATCHED) != 0 || poll->ends_ms == 0 || poll->closed_ms != 0)
		return;
	poll->flags |= POLL_WATCHED;
	job_add(s, POLL_END, status, poll->ends_ms < tomorrow ? poll->ends_ms : tomorrow);
}

void poll_tell_later(struct social *s, uint64_t status, struct poll *poll)
{
	if ((poll->flags & POLL_TELLING) != 0)
		return;
	poll->flags |= POLL_TELLING;
	job_add(s, POLL_TELL, status, db_txn_now(s->txn) + s->site->poll_tell_ms);
}

/* --- telling --- */

/* Those besides followers and voters who have the post: a letter's readers are only they. */
static void readers_hear(struct social *s, const struct status *status,
			 const struct account *author, struct federate *f)
{
	for (unsigned i = 0; i < status->mention_count; i++) {
		const struct viewer viewer = { status->mentions[i].account, false };
		struct account a;
		if (viewer.account != 0 && account_get(s->txn, s->ctx->arena, viewer.account, &a) &&
		    may_see(s->txn, viewer, status, author))
			act_hears(f, &a);
	}
}

static void tell_counts(struct social *s, const struct status *status, const struct account *author)
{
	struct federate f = { .what = FEDERATE_POLL,
			      .actor = author->id,
			      .status = status->id,
			      .visibility = status->visibility,
			      .at_ms = db_txn_now(s->txn) };
	if (visibility_stays(status->visibility) || account_is_gone(author) || is_held_back(status))
		return;
	f.uri = arena_printf(s->ctx->arena, "%.*s#votes/%llu", STR_ARG(status->uri),
			     (unsigned long long)db_next_id(s->txn));
	readers_hear(s, status, author, &f);
	federate_add(s, &f);
}

static enum rc step_tell(struct social *s, const struct status *status,
			 const struct account *author, struct poll *poll)
{
	if ((poll->flags & POLL_TELLING) == 0)
		return RC_OK;
	poll->flags &= ~(unsigned)POLL_TELLING;
	poll_put(s->txn, status->id, poll);
	tell_counts(s, status, author);
	return act_end(s, RC_OK);
}

/* --- the end --- */

/* False when the end is to come, or was told before. */
static bool end_elsewhere(struct social *s, const struct status *status, struct poll *poll)
{
	if ((poll->flags & POLL_WATCHED) == 0)
		return false;
	bool over = poll_is_over(poll, db_txn_now(s->txn));
	poll->flags &= ~(unsigned)POLL_WATCHED;
	if (!over)
		poll_watch(s, status->id, poll);
	poll_put(s->txn, status->id, poll);
	return over;
}

/* False when the end has come before, or is to come: it was put off. */
static bool end_poll(struct social *s, const struct status *status, const struct account *author,
		     struct poll *poll)
{
	if ((poll->flags & POLL_COUNTED) == 0)
		return end_elsewhere(s, status, poll);
	if (poll->closed_ms != 0 || !poll_is_over(poll, db_txn_now(s->txn)))
		return false;
	poll->closed_ms = poll->ends_ms;
	poll->flags &= ~(unsigned)POLL_TELLING;
	poll_put(s->txn, status->id, poll);
	tell_counts(s, status, author);
	/* nobody hears of their own doings but by this */
	if (account_is_local(author) && !account_is_gone(author))
		act_notice(s, author->id,
			   (struct notice){
				   .kind = NOTICE_POLL, .from = author->id, .status = status->id });
	return true;
}

static enum rc step_end(struct social *s, const struct status *status, const struct account *author,
			struct poll *poll, struct poll_job *job)
{
	uint64_t ids[CHUNK];
	if (job->after == 0 && !end_poll(s, status, author, poll))
		return act_end(s, RC_OK);
	size_t n = poll_voters(s->txn, status->id, job->after, ids, CHUNK);
	for (size_t i = 0; i < n; i++) {
		struct account voter;
		if (account_get(s->txn, s->ctx->arena, ids[i], &voter))
			act_notify(s, &voter, NOTICE_POLL, author->id, status->id);
	}
	if (n == CHUNK)
		job->after = ids[n - 1];
	return act_end(s, n == CHUNK ? RC_BUSY : RC_OK);
}

enum rc poll_job_step(struct social *s, struct poll_job *job)
{
	struct status status;
	struct account author;
	struct poll poll;
	/* the post may be gone by now: then there is nothing to do */
	enum rc rc = act_load(s, job->status, &status, &author);
	if (rc != RC_OK || !poll_get(s->txn, s->ctx->arena, job->status, &poll))
		return act_end(s, rc == RC_NOT_FOUND ? RC_OK : rc);
	return job->task == POLL_TELL ? step_tell(s, &status, &author, &poll)
				      : step_end(s, &status, &author, &poll, job);
}
