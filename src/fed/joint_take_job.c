/* One post that a partner has and we have not (part of JOB_JOINT): it is read at its own origin. */
#include "core/must.h"
#include "db/rec.h"
#include "joint_job_int.h"

bool joint_taken(struct joint_work *w, struct social *s, struct status *status)
{
	struct joint_item own;
	struct reckey name = reckey_digest(w->task.uri);
	s->quiet = true;
	enum rc rc = joint_tells(s, &w->group, w->task.community, status);
	if ((rc != RC_OK && rc != RC_EXISTS) ||
	    !joint_item_get(s->txn, w->task.community, name.bytes, &own))
		return false;
	if (own.state != w->task.state)
		(void)!joint_state_told(s, w->task.community, &own, w->task.state, w->task.state_ms,
					w->task.text);
	return true;
}

/* At its origin. Where that is gone the partner's copy has to do (joint_copy_job.c, which asks the host once more). */
void joint_ask_for(struct joint_work *w, struct social *s, const struct joint_their *t)
{
	const bool gone = joint_origin_is_gone(w, s->txn, t->uri, NULL);
	const struct joint_task task = { .step = gone ? JOINT_STEP_COPY : JOINT_STEP_TAKE,
					 .community = w->task.community,
					 .partner = w->task.partner,
					 .uri = t->uri,
					 .state = t->state,
					 .state_ms = t->state_ms,
					 .text = t->reason };
	joint_task_add(s, &task, uri_authority(gone ? w->group.uri : t->uri), 0);
}

static void take_step(struct joint_work *w, struct social *s)
{
	struct status status;
	struct joint j;
	if (joint_still_agreed(w, s, &j) &&
	    status_find_uri(s->txn, s->ctx->arena, w->task.uri, &status))
		(void)!joint_taken(w, s, &status);
}

static void taken_step(struct joint_work *w, struct social *s)
{
	joint_host_answered(s, w->task.uri);
	take_step(w, s);
}

static void answered_step(struct joint_work *w, struct social *s)
{
	joint_host_answered(s, w->task.uri);
}

/* One address that does not answer closes no lane to a host that does. */
static void take_away(struct joint_work *w)
{
	joint_work_end_write(w, w->silent ? QUEUE_DEFER_LANE : QUEUE_DEFER, w->reason,
			     joint_silence_step);
}

/* Is it something that the host has said, and no trouble of ours? */
static bool is_an_answer(enum rc rc)
{
	return rc == RC_NOT_FOUND || rc == RC_GONE || rc == RC_DENIED || rc == RC_INVALID ||
	       rc == RC_UNSUPPORTED || rc == RC_TOO_LARGE;
}

static void take_came(void *arg, enum rc rc, uint64_t id UNUSED, struct str reason)
{
	struct joint_work *w = arg;
	if (rc == RC_OK)
		return joint_work_write(w, taken_step);
	struct str text = arena_str(w->ctx.arena, reason);
	w->reason = text.ptr != NULL ? text.ptr : "";
	if (rc == RC_UNREACHABLE || rc == RC_TIMEOUT)
		return joint_probe(w, take_away);
	if (is_an_answer(rc))
		return joint_work_end_write(w, QUEUE_REJECT, w->reason, answered_step);
	ctx_fail(&w->ctx, rc, "%s", w->reason);
	joint_work_failed(w, rc);
}

void joint_take_run(struct joint_work *w)
{
	/* it came meanwhile, perhaps as a copy: that says nothing of its host */
	if (incoming_is_known(w->fed, w->task.uri))
		return joint_work_write_unasked(w, take_step);
	w->terms.accepted_in = w->task.community;
	resolve_object_for(w->fed, w->task.uri, &w->terms, take_came, w);
}
