/* Taking part in events, from here and from elsewhere. Inside transactions only. */
#include "event_int.h"
#include "social/community.h"
#include "text/text.h"

enum rc event_refuse(struct social *s, enum rc rc, const char *why)
{
	return act_end(s, ctx_fail(s->ctx, rc, "%s", why));
}

bool event_is_full(struct db_txn *txn, const struct status *status)
{
	struct attendance a = attendance_get(txn, status->id);
	uint32_t known = (a.flags & ATTENDANCE_TOLD) != 0 && a.told > a.going ? a.told : a.going;
	return status->event.capacity != 0 && known >= status->event.capacity;
}

static const char *why_not_mode(enum event_join join)
{
	switch (join) {
	case EVENT_JOIN_EXTERNAL:
		return "one joins this event at its own address";
	case EVENT_JOIN_INVITE:
		return "one joins this event by invitation";
	case EVENT_JOIN_NONE:
		return "nobody needs to join this event";
	case EVENT_JOIN_UNSAID:
	case EVENT_JOIN_FREE:
	case EVENT_JOIN_ON_REQUEST:
		break;
	}
	return NULL;
}

/* Answered or not: who was invited joins at once. */
static bool is_invitation(enum participation state)
{
	return state == PARTICIPATION_INVITED || state == PARTICIPATION_DECLINED;
}

const char *event_why_not(struct db_txn *txn, const struct status *status, uint64_t account,
			  const struct participant *p, uint64_t now_ms)
{
	const struct status_event *e = &status->event;
	if (status->account == account)
		return "this event is your own";
	if (e->state == EVENT_CANCELLED)
		return "this event is cancelled";
	if (event_end_ms(e) <= now_ms)
		return "this event is over";
	if (community_bans(txn, status->community, account))
		return "you are banned from this community";
	bool invited = p != NULL && is_invitation(p->state);
	if (p != NULL && !invited)
		return p->state == PARTICIPATION_REFUSED ? "your request was refused" : NULL;
	const char *why = invited ? NULL : why_not_mode(e->join);
	return why == NULL && event_is_full(txn, status) ? "this event is full" : why;
}

/* --- answers --- */

/* In the name of the author, whoever has answered. */
static void tell_answer(struct social *s, const struct status *status,
			const struct account *organizer, const struct account *to, struct str join,
			bool accept)
{
	struct federate f = { .what = accept ? FEDERATE_JOIN_ACCEPT : FEDERATE_JOIN_REJECT,
			      .actor = organizer->id,
			      .status = status->id,
			      .target = to->id,
			      .visibility = VISIBILITY_DIRECT,
			      .object = join,
			      .at_ms = db_txn_now(s->txn) };
	if (account_is_local(to) || !account_is_local(organizer))
		return;
	f.uri = site_activity_uri(s->ctx->arena, organizer->uri, accept ? "accepts" : "rejects",
				  db_next_id(s->txn));
	act_hears(&f, to);
	federate_add(s, &f);
}

/* --- joining --- */

struct joining {
	const struct account *actor;
	struct status status;
	struct account organizer;
	struct participant p;
	bool known;
};

static enum rc joining_load(struct social *s, uint64_t id, struct joining *j)
{
	enum rc rc = account_is_gone(j->actor) ? RC_GONE : act_refuse_moved(s, j->actor);
	if (rc == RC_OK)
		rc = act_load_seen(s, j->actor, id, &j->status, &j->organizer);
	if (rc != RC_OK)
		return rc;
	if (!status_is_event(&j->status) || is_held_back(&j->status))
		return event_refuse(s, RC_NOT_FOUND, "this is no event");
	/* who joins elsewhere is counted there */
	if (!account_is_local(j->actor) && !account_is_local(&j->organizer))
		return event_refuse(s, RC_NOT_FOUND, "the event is not of this node");
	j->known = participant_get(s->txn, s->ctx->arena, id, j->actor->id, &j->p);
	return RC_OK;
}

/* Between the two: who takes part is nobody else's business, though the event is everybody's. */
static void tell_organizer(struct social *s, enum federate_what what, const struct joining *j,
			   struct str uri, struct str note)
{
	struct federate f =
		act_about(what, j->actor, &j->status, &j->organizer, db_txn_now(s->txn));
	f.uri = uri;
	f.text = note;
	if (f.extra_count != 0)
		federate_add(s, &f);
}

static void join_first(struct social *s, struct joining *j, struct str uri, struct str note)
{
	bool here = account_is_local(&j->organizer);
	bool open = here && j->status.event.join != EVENT_JOIN_ON_REQUEST;
	if (uri.len == 0)
		uri = event_act_uri(s, j->actor->uri, "joins", j->status.id);
	j->p = (struct participant){ .status = j->status.id,
				     .account = j->actor->id,
				     .state = open ? PARTICIPATION_GOING : PARTICIPATION_WAITING,
				     .since_ms = db_txn_now(s->txn),
				     .uri = uri,
				     .note = note,
				     .remind_min = EVENT_REMIND_DEFAULT_MIN };
	event_part_put(s, &j->status, &j->p);
	if (open)
		tell_answer(s, &j->status, &j->organizer, j->actor, uri, true);
	else if (here)
		act_notify(s, &j->organizer, NOTICE_EVENT_REQUEST, j->actor->id, j->status.id);
	else
		tell_organizer(s, FEDERATE_JOIN, j, uri, note);
	if (open)
		event_tell_later(s, &j->status);
}

/* With a Join of their own, or by accepting the Invite: of an event elsewhere its server hears. */
static enum rc join_invited(struct social *s, struct joining *j, struct str uri)
{
	if (uri.len != 0) {
		j->p.uri = uri;
		j->p.invited = false;
		tell_answer(s, &j->status, &j->organizer, j->actor, uri, true);
	} else {
		event_tell_invite(s, FEDERATE_INVITE_ACCEPT, &j->status, j->actor, &j->organizer,
				  j->p.uri);
	}
	j->p.state = PARTICIPATION_GOING;
	j->p.since_ms = db_txn_now(s->txn);
	event_part_put(s, &j->status, &j->p);
	event_tell_later(s, &j->status);
	return act_end(s, RC_OK);
}

/* Whoever asks again has not heard the answer. */
static enum rc join_again(struct social *s, struct joining *j, struct str uri)
{
	if (account_is_local(j->actor))
		return act_end(s, RC_EXISTS);
	j->p.uri = uri;
	event_part_put(s, &j->status, &j->p);
	if (j->p.state == PARTICIPATION_GOING)
		tell_answer(s, &j->status, &j->organizer, j->actor, uri, true);
	return act_end(s, RC_OK);
}

enum rc event_join(struct social *s, const struct account *actor, uint64_t id, struct str uri,
		   struct str note, enum participation *state)
{
	struct joining j = { .actor = actor };
	enum rc rc = joining_load(s, id, &j);
	if (rc == RC_OK)
		rc = text_clean(s->ctx, note, EVENT_NOTE_CHARS, (size_t)EVENT_NOTE_CHARS * 4,
				&note);
	if (rc != RC_OK)
		return act_end(s, rc);
	const char *why = event_why_not(s->txn, &j.status, actor->id, j.known ? &j.p : NULL,
					db_txn_now(s->txn));
	if (why != NULL) {
		if (j.known && j.p.invited)
			event_tell_invite(s, FEDERATE_UNINVITE, &j.status, &j.organizer, actor,
					  j.p.uri);
		else
			tell_answer(s, &j.status, &j.organizer, actor, uri, false);
		return event_refuse(s, RC_DENIED, why);
	}
	if (j.known && is_invitation(j.p.state)) {
		*state = PARTICIPATION_GOING;
		return join_invited(s, &j, uri);
	}
	*state = j.p.state;
	if (j.known)
		return join_again(s, &j, uri);
	join_first(s, &j, uri, note.ptr != NULL ? str_trim(note) : STR(""));
	*state = j.p.state;
	return act_end(s, RC_OK);
}

/* It is known that they do not come. */
static enum rc decline(struct social *s, struct joining *j)
{
	j->p.state = PARTICIPATION_DECLINED;
	j->p.since_ms = db_txn_now(s->txn);
	event_part_put(s, &j->status, &j->p);
	event_tell_invite(s, FEDERATE_INVITE_REJECT, &j->status, j->actor, &j->organizer, j->p.uri);
	return act_end(s, RC_OK);
}

enum rc event_leave(struct social *s, const struct account *actor, uint64_t id)
{
	struct joining j = { .actor = actor };
	enum rc rc = act_load(s, id, &j.status, &j.organizer);
	if (rc != RC_OK)
		return rc;
	/* who was refused stays so, and does not ask anew by leaving first */
	if (!participant_get(s->txn, s->ctx->arena, id, actor->id, &j.p) ||
	    j.p.state == PARTICIPATION_REFUSED || j.p.state == PARTICIPATION_DECLINED)
		return act_end(s, RC_NOT_FOUND);
	if (j.p.state == PARTICIPATION_INVITED)
		return decline(s, &j);
	participant_del(s->txn, id, actor->id);
	if (account_is_local(actor) && !account_is_local(&j.organizer))
		tell_organizer(
			s, FEDERATE_LEAVE, &j,
			site_activity_uri(s->ctx->arena, actor->uri, "leaves", db_next_id(s->txn)),
			STR(""));
	if (j.p.state == PARTICIPATION_GOING)
		event_tell_later(s, &j.status);
	return act_end(s, RC_OK);
}

/* --- answering --- */

static const char *why_not_accept(struct social *s, const struct joining *j)
{
	if (j->status.event.state == EVENT_CANCELLED)
		return "this event is cancelled";
	if (community_bans(s->txn, j->status.community, j->p.account))
		return "they are banned from this community";
	return event_is_full(s->txn, &j->status) ? "this event is full" : NULL;
}

enum rc event_answer(struct social *s, const struct account *actor, uint64_t id, uint64_t account,
		     bool accept)
{
	const enum participation next = accept ? PARTICIPATION_GOING : PARTICIPATION_REFUSED;
	struct joining j = { .known = true };
	struct account other;
	enum rc rc = act_load(s, id, &j.status, &j.organizer);
	if (rc != RC_OK)
		return rc;
	if (!status_is_event(&j.status))
		return act_end(s, RC_NOT_FOUND);
	if (!event_may_manage(s->txn, &j.status, actor->id))
		return act_end(s, RC_DENIED);
	if (!participant_get(s->txn, s->ctx->arena, id, account, &j.p) ||
	    !account_get(s->txn, s->ctx->arena, account, &other))
		return act_end(s, RC_NOT_FOUND);
	if (j.p.state == next)
		return act_end(s, RC_EXISTS);
	const char *why = accept ? why_not_accept(s, &j) : NULL;
	if (why != NULL)
		return event_refuse(s, RC_DENIED, why);
	if (accept && is_invitation(j.p.state))
		return event_refuse(s, RC_DENIED, "it is for them to say whether they come");
	bool counted = accept || j.p.state == PARTICIPATION_GOING;
	if (j.p.invited)
		event_tell_invite(s, FEDERATE_UNINVITE, &j.status, &j.organizer, &other, j.p.uri);
	else
		tell_answer(s, &j.status, &j.organizer, &other, j.p.uri, accept);
	if (is_invitation(j.p.state)) {
		participant_del(s->txn, id, account);
		return act_end(s, RC_OK);
	}
	j.p.state = next;
	event_part_put(s, &j.status, &j.p);
	if (counted)
		event_tell_later(s, &j.status);
	return act_end(s, RC_OK);
}

enum rc event_answered(struct social *s, const struct account *organizer, uint64_t id,
		       uint64_t account, bool accept)
{
	const enum participation next = accept ? PARTICIPATION_GOING : PARTICIPATION_REFUSED;
	struct joining j = { .known = true };
	enum rc rc = act_load(s, id, &j.status, &j.organizer);
	if (rc != RC_OK)
		return rc;
	if (!event_is_held_by(&j.status, organizer))
		return act_end(s, RC_DENIED);
	if (!participant_get(s->txn, s->ctx->arena, id, account, &j.p))
		return act_end(s, RC_NOT_FOUND);
	if (j.p.state == next)
		return act_end(s, RC_EXISTS);
	/* whoever was invited says themselves whether they come */
	if (accept && is_invitation(j.p.state))
		return act_end(s, RC_DENIED);
	j.p.state = next;
	event_part_put(s, &j.status, &j.p);
	return act_end(s, RC_OK);
}
