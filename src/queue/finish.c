/*
 * The end of an attempt: the policy plans on the scheduler's thread, which knows the lane; the
 * decision and the runner's own write become durable together; then the scheduler goes on.
 */
#include <stdio.h>

#include "core/log.h"
#include "core/metric.h"
#include "core/random.h"
#include "queue_int.h"
#include "store_int.h"

#define STUCK_MS MS_PER_MINUTE

static void submit(struct queue *q, struct attempt *a);
static void unpark_all(struct queue *q);

void queue_finish(struct queue_job *job, const struct queue_end *end)
{
	struct attempt *a = CONTAINER_OF(job, struct attempt, job);
	MAGIC_CHECK(a, ATTEMPT_MAGIC);
	struct queue *q = a->queue;
	a->end = *end;
	if (end->outcome.verdict == QUEUE_AGAIN) {
		buf_add(&a->payload, end->payload);
		if (a->payload.failed)
			a->end.outcome = (struct queue_outcome){ .verdict = QUEUE_REJECT,
								 .reason = "payload too large" };
	}
	a->mail.handle = finish_plan;
	if (mail_post(q, &a->mail))
		return;
	/* stopped without waiting for this one: it will be tried again */
	if (end->after != NULL)
		end->after(end->arg, RC_BUSY);
	attempt_free(a);
	queue_unref(q);
}

/* --- inside db's transaction --- */

/* What the runner's write has decided counts before what the runner gave. */
static struct str next_payload(const struct attempt *a)
{
	return a->end.next != NULL ? buf_str(a->end.next) : buf_str(&a->payload);
}

static enum rc apply(struct db_txn *txn, struct attempt *a)
{
	const struct queue_job *job = &a->job;
	const struct queue_outcome *outcome = &a->end.outcome;
	bool again = outcome->verdict == QUEUE_AGAIN;
	struct job_row row = {
		.kind = job->kind,
		.lane = job->lane,
		.order = job->order,
		.group = job->group,
		.body = job->body_id,
		.created_ms = job->created_ms,
		.attempts = again ? 0 : job->attempts + 1,
		.reason = again ? STR("") : str_of(outcome->reason),
		.payload = again ? next_payload(a) : job->payload,
	};
	if (again && a->end.next != NULL)
		a->decision.fate = row.payload.len != 0 ? QUEUE_KEEP : QUEUE_REMOVE;
	if (a->decision.job_due_ms > a->planned_ms)
		row.due_ms = a->decision.job_due_ms;
	if (a->decision.fate == QUEUE_REMOVE)
		store_remove_job(txn, job->id, job->body_id);
	else if (a->decision.fate == QUEUE_BURY)
		store_bury_job(txn, job->id, &row, str_of(outcome->reason));
	else
		store_put_job(txn, job->id, &row);
	struct lane_row lane = { .state = a->decision.lane, .reason = str_of(outcome->reason) };
	if (a->writes_lane)
		store_put_lane(txn, job->kind, job->lane, &lane);
	return db_txn_rc(txn);
}

static enum rc finish_job(struct db_txn *txn, void *arg)
{
	struct attempt *a = arg;
	struct job_row row;
	a->write_failed = false;
	/* not there any more: an operator has dropped it, and its effects are not wanted */
	if (!store_get_job(txn, a->id, &row))
		return db_txn_rc(txn) != RC_OK ? db_txn_rc(txn) : RC_NOT_FOUND;
	if (a->end.write != NULL) {
		enum rc rc = a->end.write(txn, a->end.arg);
		if (rc == RC_OK)
			rc = db_txn_rc(txn);
		if (rc != RC_OK) {
			a->write_failed = true;
			return rc;
		}
	}
	return apply(txn, a);
}

/* --- planning --- */

static void log_lane(const struct queue_decision *d, const struct attempt *a)
{
	if (d->lane_went_down)
		LOG(HOST_DOWN, F_STR("host", a->job.lane), F_CSTR("reason", a->end.outcome.reason));
	if (d->lane_came_up)
		LOG(HOST_UP, F_STR("host", a->job.lane));
}

/* A lane that is no host is never closed: its failure is the job's. */
static void plan_local(const struct queue_rules *rules, struct attempt *a, unsigned jitter)
{
	struct queue_lane_state none = { 0 };
	if (a->end.outcome.verdict == QUEUE_DEFER_LANE)
		a->end.outcome.verdict = QUEUE_DEFER;
	a->decision = queue_plan(rules, &none, &a->end.outcome, a->job.created_ms,
				 a->job.attempts + 1, a->planned_ms, jitter);
	a->writes_lane = false;
}

static void plan_remote(struct queue *q, const struct queue_rules *rules, struct attempt *a,
			unsigned jitter)
{
	struct lane *lane = sched_lane_of(q, a);
	struct queue_lane_state before = lane->state;
	a->decision = queue_plan(rules, &before, &a->end.outcome, a->job.created_ms,
				 a->job.attempts + 1, a->planned_ms, jitter);
	const struct queue_lane_state *after = &a->decision.lane;
	a->writes_lane = after->failures != before.failures || after->due_ms != before.due_ms;
	if (a->writes_lane)
		sched_lane_set(q, lane, after, a->planned_ms);
	else
		lane->state = *after;
	log_lane(&a->decision, a);
}

void finish_plan(struct queue *q, struct mail *mail)
{
	struct attempt *a = attempt_of(mail);
	const struct queue_kind *kind = sched_kind_of(q, sched_lane_of(q, a))->row;
	struct queue_rules rules = {
		.window_max = kind->window,
		.life_ms = kind->life_ms,
		.retry_first_ms = q->settings.retry_first_ms,
		.retry_max_ms = q->settings.retry_max_ms,
		.down_after_ms = q->settings.down_after_ms,
	};
	unsigned jitter = (unsigned)random_below(1000);
	a->planned_ms = sched_wall(q);
	if (kind->remote)
		plan_remote(q, &rules, a, jitter);
	else
		plan_local(&rules, a, jitter);
	submit(q, a);
}

/* --- settling --- */

static void log_job(const struct attempt *a, bool remote)
{
	struct str reason = str_of(a->end.outcome.reason);
	bool dropped = a->decision.fate == QUEUE_BURY;
	if (remote && dropped)
		LOG(DELIVERY_DROPPED, F_U64("job", a->id), F_STR("host", a->job.lane),
		    F_U64("attempts", a->job.attempts + 1), F_STR("reason", reason));
	else if (remote)
		LOG(DELIVERY_FAILED, F_U64("job", a->id), F_STR("host", a->job.lane),
		    F_U64("attempts", a->job.attempts + 1), F_STR("reason", reason));
	else if (dropped)
		LOG(JOB_DROPPED, F_U64("job", a->id), F_U64("kind", a->job.kind),
		    F_U64("attempts", a->job.attempts + 1), F_STR("reason", reason));
	else
		LOG(JOB_FAILED, F_U64("job", a->id), F_U64("kind", a->job.kind),
		    F_U64("attempts", a->job.attempts + 1), F_STR("reason", reason));
}

static void settled(struct queue *q, struct attempt *a)
{
	static const enum metric metrics[] = {
		[QUEUE_KEEP] = METRIC_QUEUE_DEFERRED,
		[QUEUE_REMOVE] = METRIC_QUEUE_DONE,
		[QUEUE_BURY] = METRIC_QUEUE_DEAD,
	};
	const struct queue_decision *d = &a->decision;
	bool again = a->end.outcome.verdict == QUEUE_AGAIN;
	q->pauses = 0;
	q->pause_steady_ms = 0;
	unpark_all(q);
	if (!again)
		metric_add(metrics[d->fate], 1);
	if (!again && d->fate != QUEUE_REMOVE)
		log_job(a, sched_kind_of(q, sched_lane_of(q, a))->row->remote);
	if (d->fate == QUEUE_KEEP)
		sched_retry(q, a->entry,
			    d->job_due_ms > a->planned_ms ? d->job_due_ms - a->planned_ms : 0,
			    false);
	else
		sched_remove(q, a->entry);
}

/* The runner's write failed: that is recorded as the job's failure, without it. */
static void record_failure(struct queue *q, struct attempt *a, enum rc rc)
{
	a->second = true;
	a->end = (struct queue_end){ 0 };
	/* damage does not heal: nothing is repeated because of it */
	a->end.outcome.verdict = rc == RC_CORRUPT ? QUEUE_REJECT : QUEUE_DEFER;
	snprintf(a->end.outcome.reason, sizeof(a->end.outcome.reason), "%s", rc_text(rc));
	finish_plan(q, &a->mail);
}

static bool storage_is_in_trouble(enum rc rc)
{
	return rc == RC_FULL || rc == RC_IO || rc == RC_NO_MEMORY;
}

static void tell(const struct attempt *a)
{
	if (a->end.after != NULL)
		a->end.after(a->end.arg, a->work.rc);
}

static void on_committed(struct queue *q, struct mail *mail)
{
	struct attempt *a = attempt_of(mail);
	enum rc rc = a->work.rc;
	bool dropped = rc == RC_NOT_FOUND && !a->write_failed;
	q->committing--;
	if (storage_is_in_trouble(rc)) {
		/* what has happened at the other side happens once: it is the commit that is tried
		 * again, and meanwhile nothing starts */
		sched_pause(q);
		a->next = q->parked;
		q->parked = a;
		return;
	}
	tell(a);
	if (rc != RC_OK && !dropped && !a->second) {
		record_failure(q, a, rc);
		return;
	}
	q->kinds[sched_lane_of(q, a)->kind].running--;
	if (rc == RC_OK)
		settled(q, a);
	else if (dropped)
		sched_remove(q, a->entry);
	else
		sched_retry(q, a->entry, STUCK_MS, false);
	sched_release(q, a);
}

static void on_work_done(struct db_work *work)
{
	struct attempt *a = CONTAINER_OF(work, struct attempt, work);
	a->mail.handle = on_committed;
	/* the scheduler does not go before its works are done */
	must(mail_post(a->queue, &a->mail));
}

static void submit(struct queue *q, struct attempt *a)
{
	/* what leaves the queue frees room: it may use what is left of it (S-114) */
	a->work = (struct db_work){
		.job = finish_job, .done = on_work_done, .arg = a, .reserve = true
	};
	q->committing++;
	db_submit(q->db, &a->work);
}

/* --- storage that is full --- */

void finish_unpark_one(struct queue *q)
{
	struct attempt *a = q->parked;
	q->parked = a->next;
	submit(q, a);
}

static void unpark_all(struct queue *q)
{
	while (q->parked != NULL)
		finish_unpark_one(q);
}

void finish_give_up_parked(struct queue *q)
{
	while (q->parked != NULL) {
		struct attempt *a = q->parked;
		q->parked = a->next;
		tell(a);
		sched_release(q, a);
	}
}
