/* Events and what is done with them as documents (FEP-8a8e, Mobilizon). Reads in the caller's
 * transaction. */
#include "ap/write.h"
#include "event_int.h"

_Static_assert((int)AP_JOIN_NONE == (int)EVENT_JOIN_NONE &&
		       (int)AP_EVENT_CANCELLED == (int)EVENT_CANCELLED,
	       "the numbers of both sets are the same");

const struct ap_event *build_event(struct db_txn *txn, struct ctx *ctx, const struct status *s)
{
	const struct status_event *e = &s->event;
	struct event_date next;
	if (!status_is_event(s))
		return NULL;
	/* peers have no series: to them it is at its next date */
	if (!event_next_date(e, db_txn_now(txn), &next))
		next = e->dates[e->date_count - 1];
	struct ap_event *out = ARENA_NEW(ctx->arena, struct ap_event);
	if (out == NULL)
		return NULL;
	*out = (struct ap_event){ .start_ms = next.start_ms,
				  .end_ms = next.end_ms,
				  .place = next.place.len != 0 ? next.place : e->place,
				  .address = e->address,
				  .url = e->url,
				  .join = (enum ap_join)e->join,
				  .state = (enum ap_event_state)e->state,
				  .capacity = e->capacity,
				  .timezone = e->timezone,
				  .has_participants = true,
				  .participants = attendance_get(txn, s->id).going };
	return out;
}

static void join_head(struct jw *w, const struct federate *f, const struct account *actor,
		      const struct account *target, const char *type)
{
	const struct str to[] = { target->uri };
	ap_write_activity(w, &(struct ap_activity_view){
				     .id = f->uri,
				     .type = str_of(type),
				     .actor = actor->uri,
				     .published_ms = f->at_ms,
				     .to = to,
				     .to_count = 1,
				     .context = f->text.len != 0 ? (unsigned)AP_CONTEXT_EVENT
								 : AP_CONTEXT_PLAIN });
}

static enum rc answer_activity(struct db_txn *txn, struct ctx *ctx, const struct federate *f,
			       const struct account *actor, const struct account *target,
			       struct jw *w)
{
	struct status status;
	if (!status_get(txn, ctx->arena, f->status, &status))
		return RC_NOT_FOUND;
	join_head(w, f, actor, target, f->what == FEDERATE_JOIN_ACCEPT ? "Accept" : "Reject");
	jw_name(w, "object");
	jw_object(w);
	jw_member_opt(w, "id", f->object);
	jw_member_str(w, "type", STR("Join"));
	jw_member_str(w, "actor", target->uri);
	jw_member_str(w, "object", status.uri);
	jw_end(w);
	jw_end(w);
	return RC_OK;
}

/* Activity Vocabulary, Invite: the object is what for, the target whom. */
static void invite_members(struct jw *w, struct str actor, struct str event, struct str guest)
{
	jw_member_str(w, "actor", actor);
	jw_member_str(w, "object", event);
	jw_member_str(w, "target", guest);
}

static enum rc invite_activity(struct db_txn *txn, struct ctx *ctx, const struct federate *f,
			       const struct account *actor, const struct account *target,
			       struct jw *w)
{
	/* in the order of their numbers */
	static const char *const types[] = { "Invite", "Undo", "Accept", "Reject" };
	bool ours = f->what == FEDERATE_INVITE || f->what == FEDERATE_UNINVITE;
	struct status status;
	if (!status_get(txn, ctx->arena, f->status, &status))
		return RC_NOT_FOUND;
	join_head(w, f, actor, target, types[f->what - FEDERATE_INVITE]);
	if (f->what == FEDERATE_INVITE) {
		jw_member_str(w, "object", status.uri);
		jw_member_str(w, "target", target->uri);
		jw_end(w);
		return RC_OK;
	}
	jw_name(w, "object");
	jw_object(w);
	jw_member_opt(w, "id", f->object);
	jw_member_str(w, "type", STR("Invite"));
	invite_members(w, ours ? actor->uri : target->uri, status.uri,
		       ours ? target->uri : actor->uri);
	jw_end(w);
	jw_end(w);
	return RC_OK;
}

enum rc build_event_act(struct db_txn *txn, struct ctx *ctx, const struct federate *f,
			const struct account *actor, const struct account *target, struct jw *w)
{
	if (f->what == FEDERATE_JOIN_ACCEPT || f->what == FEDERATE_JOIN_REJECT)
		return answer_activity(txn, ctx, f, actor, target, w);
	if (f->what >= FEDERATE_INVITE && f->what <= FEDERATE_INVITE_REJECT)
		return invite_activity(txn, ctx, f, actor, target, w);
	if (f->what != FEDERATE_JOIN && f->what != FEDERATE_LEAVE)
		return RC_UNSUPPORTED;
	join_head(w, f, actor, target, f->what == FEDERATE_JOIN ? "Join" : "Leave");
	jw_member_str(w, "object", f->object);
	jw_member_opt(w, "participationMessage", f->text);
	jw_end(w);
	return RC_OK;
}
