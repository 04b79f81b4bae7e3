/* Invitations to events, ours and those that come in (FEP-8a8e). Inside write transactions. */
#include "event_int.h"
#include "social/community.h"
#include "store/graph.h"

/* --- telling --- */

void event_tell_invite(struct social *s, enum federate_what what, const struct status *status,
		       const struct account *from, const struct account *to, struct str invite)
{
	const char *folder = what == FEDERATE_UNINVITE	      ? "undos"
			     : what == FEDERATE_INVITE_ACCEPT ? "accepts"
							      : "rejects";
	struct federate f = { .what = what,
			      .actor = from->id,
			      .status = status->id,
			      .target = to->id,
			      .visibility = VISIBILITY_DIRECT,
			      .object = invite,
			      .at_ms = db_txn_now(s->txn) };
	if (account_is_local(to) || !account_is_local(from))
		return;
	f.uri = what == FEDERATE_INVITE
			? invite
			: site_activity_uri(s->ctx->arena, from->uri, folder, db_next_id(s->txn));
	act_hears(&f, to);
	federate_add(s, &f);
}

/* --- ours --- */

static enum rc check(struct social *s, const struct account *actor, uint64_t id,
		     struct status *status, struct account *organizer)
{
	enum rc rc = act_load(s, id, status, organizer);
	if (rc != RC_OK)
		return rc;
	if (!status_is_event(status) || is_held_back(status))
		return event_refuse(s, RC_NOT_FOUND, "this is no event");
	if (!event_may_manage(s->txn, status, actor->id))
		return act_end(s, RC_DENIED);
	if (status->event.state == EVENT_CANCELLED)
		return event_refuse(s, RC_DENIED, "this event is cancelled");
	if (event_end_ms(&status->event) <= db_txn_now(s->txn))
		return event_refuse(s, RC_DENIED, "this event is over");
	return act_end(s, RC_OK);
}

/* Nobody is shown by an invitation what they do not see, nor called by whom they have blocked. */
static enum rc check_guest(struct social *s, const struct status *status,
			   const struct account *organizer, const struct account *guest)
{
	const struct viewer viewer = { guest->id, account_is_local(guest) };
	if (guest->id == organizer->id)
		return event_refuse(s, RC_DENIED, "this event is their own");
	if (account_is_gone(guest) || guest->kind == ACCOUNT_GROUP ||
	    !may_see(s->txn, viewer, status, organizer) ||
	    block_exists(s->txn, guest->id, organizer->id))
		return event_refuse(s, RC_DENIED, "they do not see this event");
	if (community_bans(s->txn, status->community, guest->id))
		return event_refuse(s, RC_DENIED, "they are banned from this community");
	return act_end(s, RC_OK);
}

enum rc event_invite(struct social *s, const struct account *actor, uint64_t id, uint64_t account)
{
	struct status status;
	struct account organizer, guest;
	struct participant p;
	enum rc rc = check(s, actor, id, &status, &organizer);
	if (rc != RC_OK)
		return rc;
	if (!account_get(s->txn, s->ctx->arena, account, &guest))
		return act_end(s, RC_NOT_FOUND);
	rc = check_guest(s, &status, &organizer, &guest);
	if (rc != RC_OK)
		return rc;
	bool known = participant_get(s->txn, s->ctx->arena, id, account, &p);
	if (known && p.state == PARTICIPATION_WAITING)
		return event_answer(s, actor, id, account, true);
	if (known && p.state != PARTICIPATION_REFUSED)
		return act_end(s, RC_EXISTS);
	p = (struct participant){ .status = id,
				  .account = account,
				  .state = PARTICIPATION_INVITED,
				  .since_ms = db_txn_now(s->txn),
				  .invited = true,
				  .note = STR(""),
				  .remind_min = EVENT_REMIND_DEFAULT_MIN };
	p.uri = event_act_uri(s, organizer.uri, "invites", id);
	event_part_put(s, &status, &p);
	event_tell_invite(s, FEDERATE_INVITE, &status, &organizer, &guest, p.uri);
	act_notify(s, &guest, NOTICE_EVENT_INVITE, organizer.id, id);
	return act_end(s, RC_OK);
}

enum rc event_invite_answered(struct social *s, const struct account *actor, uint64_t id,
			      bool accept)
{
	struct participant p;
	enum participation state;
	if (!participant_get(s->txn, s->ctx->arena, id, actor->id, &p) || !p.invited)
		return act_end(s, RC_NOT_FOUND);
	if (p.state == (accept ? PARTICIPATION_GOING : PARTICIPATION_DECLINED))
		return act_end(s, RC_EXISTS);
	return accept ? event_join(s, actor, id, STR(""), STR(""), &state)
		      : event_leave(s, actor, id);
}

/* --- of events elsewhere --- */

static enum rc load_told(struct social *s, const struct account *organizer, uint64_t id,
			 const struct account *account, struct status *status,
			 struct account *author)
{
	enum rc rc = act_load(s, id, status, author);
	if (rc != RC_OK)
		return rc;
	if (!status_is_event(status))
		return act_end(s, RC_NOT_FOUND);
	if (!event_is_held_by(status, organizer) || !account_is_local(account))
		return act_end(s, RC_DENIED);
	return act_end(s, RC_OK);
}

enum rc event_invited(struct social *s, const struct account *organizer, uint64_t id,
		      const struct account *account, struct str uri)
{
	struct status status;
	struct account author;
	struct participant p;
	enum rc rc = load_told(s, organizer, id, account, &status, &author);
	if (rc == RC_OK)
		rc = check_guest(s, &status, organizer, account);
	if (rc != RC_OK)
		return rc;
	bool known = participant_get(s->txn, s->ctx->arena, id, account->id, &p);
	if (known && p.state == PARTICIPATION_GOING)
		return act_end(s, RC_EXISTS);
	/* who has declined is not asked over and over; who was put off may be asked once more */
	bool again = known && p.invited && p.state != PARTICIPATION_REFUSED;
	bool asked = known && p.state == PARTICIPATION_WAITING;
	if (!again)
		p.state = asked ? PARTICIPATION_GOING : PARTICIPATION_INVITED;
	p.since_ms = db_txn_now(s->txn);
	p.uri = uri;
	p.invited = true;
	if (!known) {
		p.note = STR("");
		p.remind_min = EVENT_REMIND_DEFAULT_MIN;
	}
	event_part_put(s, &status, &p);
	if (asked)
		event_tell_invite(s, FEDERATE_INVITE_ACCEPT, &status, account, organizer, uri);
	else if (!again)
		act_notify(s, account, NOTICE_EVENT_INVITE, organizer->id, id);
	return act_end(s, RC_OK);
}

enum rc event_uninvited(struct social *s, const struct account *organizer, uint64_t id,
			const struct account *account)
{
	struct status status;
	struct account author;
	struct participant p;
	enum rc rc = load_told(s, organizer, id, account, &status, &author);
	if (rc != RC_OK)
		return rc;
	if (!participant_get(s->txn, s->ctx->arena, id, account->id, &p) || !p.invited)
		return act_end(s, RC_NOT_FOUND);
	/* that they have declined is remembered */
	if (p.state == PARTICIPATION_DECLINED)
		return act_end(s, RC_OK);
	if (p.state != PARTICIPATION_GOING) {
		participant_del(s->txn, id, account->id);
		return act_end(s, RC_OK);
	}
	p.state = PARTICIPATION_REFUSED;
	event_part_put(s, &status, &p);
	return act_end(s, RC_OK);
}
