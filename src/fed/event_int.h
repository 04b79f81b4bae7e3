/* What the files of events share. */
#ifndef FF_FED_EVENT_INT_H
#define FF_FED_EVENT_INT_H

#include "ap/event.h"
#include "fed_int.h"
#include "incoming_int.h"
#include "social/event.h"

/* An event as documents show it; NULL when the status is none. */
const struct ap_event *build_event(struct db_txn *txn, struct ctx *ctx, const struct status *s);
/* Join, Leave, Invite, and the answers. RC_UNSUPPORTED for what is none of these. */
enum rc build_event_act(struct db_txn *txn, struct ctx *ctx, const struct federate *f,
			const struct account *actor, const struct account *target, struct jw *w);

/* The rule of answers, and the row of one that names a Join or an Invite of ours by its id alone; NULL when it names
 * none. */
bool rule_organizer(struct incoming *in, struct db_txn *txn, const struct account *actor);
const struct activity_row *join_answer_row(struct incoming *in);
/* True when an Update was for the number of participants alone, and *rc is what came of it. */
bool apply_attendance(struct incoming *in, struct social *s, const struct account *actor,
		      const struct status *stored, enum rc *rc);

incoming_prepare prepare_invite;
incoming_apply apply_invite, apply_invite_accept, apply_invite_reject, apply_undo_invite;
incoming_apply apply_join, apply_leave, apply_join_accept, apply_join_reject, apply_undo_join;

#endif
