/*
 * Events: held by somebody or in a community, taken part in, cancelled. An event is a status of type
 * Event; who takes part stands beside it (store/event.h). Those of this node are answered and counted
 * here; what one elsewhere has come to is the word of its own server.
 *
 * Inside write transactions, but for event_compose() and what only reads.
 */
#ifndef FF_SOCIAL_EVENT_H
#define FF_SOCIAL_EVENT_H

#include "social/act.h"
#include "social/social.h"
#include "store/event.h"
#include "store/status.h"

#define EVENT_NOTE_CHARS 500
#define EVENT_LONGEST_MS ((uint64_t)31 * 24 * 60 * 60 * 1000)

/* Outside any write: cleans and checks what a person here asks for. RC_INVALID with the reason in ctx. */
enum rc event_compose(struct ctx *ctx, const struct site *site, const struct status_event *draft,
		      struct str title, struct status_event *out) NODISCARD;
/* A new event of a local author, who has been let into its community. RC_DENIED where that one does not
 * let them hold events; RC_INVALID when it is over, or an answer. */
enum rc event_begin(struct social *s, const struct account *author,
		    const struct status *status) NODISCARD;
/* One that came from elsewhere: it is in no community that does not let its author hold events. */
void event_admit(struct social *s, const struct account *author, struct status *status);
/* What its own server says of how many take part. */
void event_take(struct social *s, const struct status *status, const struct status_event *told);

/* Answers requests, sees who has asked, cancels: its author, or who admits people to its community. */
bool event_may_manage(struct db_txn *txn, const struct status *status, uint64_t account);
/* Why somebody who sees it cannot join it now; NULL: they can. p is how they take part already, or
 * NULL. */
const char *event_why_not(struct db_txn *txn, const struct status *status, uint64_t account,
			  const struct participant *p, uint64_t now_ms);

/*
 * Takes part, or asks to: *state says which. uri is the id of a remote account's Join, which is
 * answered; empty of a local one. RC_NOT_FOUND (no event that they see), RC_DENIED with the reason in
 * ctx (full, over, cancelled, refused before), RC_EXISTS.
 */
enum rc event_join(struct social *s, const struct account *actor, uint64_t status, struct str uri,
		   struct str note, enum participation *state) NODISCARD;
/* Who was invited declines by it. RC_NOT_FOUND when they do not take part. Who was refused stays so. */
enum rc event_leave(struct social *s, const struct account *actor, uint64_t status) NODISCARD;
/* A request is accepted, or somebody is refused who asks or takes part, or an invitation is taken back. */
enum rc event_answer(struct social *s, const struct account *actor, uint64_t status,
		     uint64_t account, bool accept) NODISCARD;
/* The event in the id of a Join or an Invite of ours; 0: there is none. */
uint64_t event_of_act(struct str uri);
/* Whose word counts for an event elsewhere? Its author's, and that of whom it is held by. */
bool event_is_held_by(const struct status *status, const struct account *organizer);
/* Such a one has answered a request of ours. */
enum rc event_answered(struct social *s, const struct account *organizer, uint64_t status,
		       uint64_t account, bool accept) NODISCARD;
/* How long before each date actor is reminded (0: not at all), and whether by e-mail, too. RC_NOT_FOUND when
 * they do not take part; RC_INVALID. */
enum rc event_remind(struct social *s, const struct account *actor, uint64_t status,
		     uint64_t minutes, bool by_letter) NODISCARD;

/* --- invitations --- */

/*
 * Somebody who sees the event is invited: they take part as soon as they say so, however others join.
 * Who has asked already is let in. RC_DENIED with the reason in ctx; RC_EXISTS for who takes part, is
 * invited, or has declined.
 */
enum rc event_invite(struct social *s, const struct account *actor, uint64_t status,
		     uint64_t account) NODISCARD;
/* One of ours is invited to an event elsewhere, by whom it is held. uri is the id of the Invite. */
enum rc event_invited(struct social *s, const struct account *organizer, uint64_t status,
		      const struct account *account, struct str uri) NODISCARD;
/* That is taken back. */
enum rc event_uninvited(struct social *s, const struct account *organizer, uint64_t status,
			const struct account *account) NODISCARD;
/* Somebody elsewhere answers an invitation of ours. */
enum rc event_invite_answered(struct social *s, const struct account *actor, uint64_t status,
			      bool accept) NODISCARD;

/* --- series --- */

enum event_date_fate {
	EVENT_DATE_STAYS,
	EVENT_DATE_CALL_OFF,
	EVENT_DATE_RESTORE,
};
/* What becomes of one date: what is not said stays. */
struct event_date_change {
	uint64_t start_ms, end_ms; /* 0: not said */
	struct str place;	   /* absent: not said */
	enum event_date_fate fate;
};
/* original_ms is when it begins by the rule. actor NULL: the operator. RC_INVALID, RC_DENIED, RC_NOT_FOUND with
 * the reason in ctx. */
enum rc event_change_date(struct social *s, const struct account *actor, uint64_t status,
			  uint64_t original_ms, const struct event_date_change *change) NODISCARD;

/* The next version of an event, as its author has composed it: what a draft says nothing of stays. */
struct status event_edited(const struct status *before, const struct draft *draft);
/* Makes it that, by its author; whether it is cancelled stays as it is by then. */
enum rc event_change(struct social *s, const struct account *actor,
		     const struct status *changed) NODISCARD;
/* The status stays. actor NULL: the operator. RC_EXISTS when it is cancelled. */
enum rc event_cancel(struct social *s, const struct account *actor, uint64_t status) NODISCARD;
/* Those here who take part, or have asked, hear of a change of it. */
void event_notify(struct social *s, const struct status *status);

/* --- the job that tells peers how many take part --- */

void event_job_encode(struct buf *out, uint64_t status);
bool event_job_decode(struct str payload, uint64_t *status) NODISCARD;
/* In a write. */
enum rc event_job_step(struct social *s, uint64_t status) NODISCARD;

#endif
