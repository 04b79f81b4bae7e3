/* What the files of events share. */
#ifndef FF_SOCIAL_EVENT_INT_H
#define FF_SOCIAL_EVENT_INT_H

#include "act_int.h"
#include "social/event.h"
#include "social/mail.h"

/* The number of those who take part has changed: peers hear of it before long, of many at once. */
void event_tell_later(struct social *s, const struct status *status);
/* Has it all the participants that it has room for? */
bool event_is_full(struct db_txn *txn, const struct status *status);
enum rc event_refuse(struct social *s, enum rc rc, const char *why) NODISCARD;

/* The id of a Join or an Invite of ours, "…/users/alice#joins/17/42": event_of_act() finds the event in it, since
 * those who answer may tell no more than that. */
struct str event_act_uri(struct social *s, struct str actor_uri, const char *kind, uint64_t status);

/* Text of people for where something is. */
enum rc event_place_clean(struct ctx *ctx, struct str text, struct str *out) NODISCARD;
/* event_series.c: the dates of out's rule; what draft says of single ones is kept. */
enum rc event_series_compose(struct ctx *ctx, const struct status_event *draft,
			     struct status_event *out) NODISCARD;

/* event_remind.c: stores who takes part, and when they are reminded. */
void event_part_put(struct social *s, const struct status *status, struct participant *p);
/* Of a series of ours whose next date peers are to hear of: that is planned for the end of the one before it,
 * whenever that is by now. */
void event_roll_later(struct social *s, const struct status *status);
/* Peers hear how the event is now. */
void event_tell_now(struct social *s, const struct status *status, const struct account *author);

/* The numbers are stored. */
enum event_wake_what {
	EVENT_WAKE_REMIND, /* one account */
	EVENT_WAKE_ROLL,   /* a date of a series is over */
	EVENT_WAKE_CHANGE, /* those after the account hear of an edit, that of due_ms */
	EVENT_WAKE_OPENS,  /* a consultation, whose id status is */
};
struct event_wake {
	uint64_t status, account;
	uint64_t due_ms;
	enum event_wake_what what;
};
void event_wake_encode(struct buf *out, const struct event_wake *wake);
bool event_wake_decode(struct str payload, struct event_wake *out) NODISCARD;
/* What the reminder says by e-mail; RC_NOT_FOUND: nothing, since none is wished or it is stale. Reads only. */
enum rc event_wake_letter(struct ctx *ctx, struct db_txn *txn, const struct site *site,
			  const struct event_wake *wake, struct letter *out) NODISCARD;
/* In a write; packed is the letter, absent without. */
enum rc event_wake_step(struct social *s, const struct event_wake *wake,
			struct str packed) NODISCARD;

/* A consultation opens then: consultation_opens(). */
void event_wake_opens(struct social *s, uint64_t consultation, uint64_t due_ms);

/* The next step of what event_notify() has begun: a job. */
void event_change_later(struct social *s, const struct status *status, uint64_t after);
enum rc event_change_step(struct social *s, const struct event_wake *wake) NODISCARD;

/* event_invite.c. An Invite or what becomes of it, from one account to another; invite is the id of the
 * Invite. Nothing where both are here. */
void event_tell_invite(struct social *s, enum federate_what what, const struct status *status,
		       const struct account *from, const struct account *to, struct str invite);

#endif
