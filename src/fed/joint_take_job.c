/* One post that a partner has and we have not (part of JOB_JOINT): it is read at its own origin. */
#include "core/must.h"
#include "db/rec.h"
#include "joint_job_int.h"

static void take_step(struct joint_work *w, struct social *s)
{
	struct status status;
	struct joint_item own;
	struct joint j;
	struct reckey name = reckey_digest(w->task.uri);
	if (!joint_still_agreed(w, s, &j) ||
	    !status_find_uri(s->txn, s->ctx->arena, w->task.uri, &status))
		return;
	s->quiet = true;
	enum rc rc = joint_tells(s, &w->group, w->task.community, &status);
	if ((rc == RC_OK || rc == RC_EXISTS) &&
	    joint_item_get(s->txn, w->task.community, name.bytes, &own) &&
	    own.state != w->task.state)
		(void)!joint_state_told(s, w->task.community, &own, w->task.state,
					w->task.state_ms);
}

void joint_take_run(struct joint_work *w)
{
	w->terms.accepted_in = w->task.community;
	w->step = take_step;
	resolve_object_for(w->fed, w->task.uri, &w->terms, joint_came, w);
}
