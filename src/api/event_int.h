/* Events as clients see them, and as calendars. */
#ifndef FF_API_EVENT_INT_H
#define FF_API_EVENT_INT_H

#include "own_int.h"
#include "social/event.h"

struct event_view {
	const struct status_view *shown; /* its status, as the viewer sees it */
	const struct event_date *date;	 /* which one of a series is shown; NULL: all of it */
	struct attendance attendance;
	enum participation mine; /* the viewer's */
	uint32_t remind_min;	 /* of who takes part */
	bool by_letter;
	bool may_join;
	bool may_manage;
};

struct participant_view {
	const struct account_view *account;
	struct participant participant;
	bool with_note; /* for who manages the event */
};

/* Is it one, and no boost of one? */
bool event_is_shown(const struct status_view *shown);
/* RC_NOT_FOUND for what the caller does not see, or is no event. */
enum rc event_view_find(struct call *call, struct gather *g, uint64_t id, struct status_view *shown,
			struct event_view *out) NODISCARD;
/* May the caller see what is in a community of this node? What they may not is not there. */
bool event_may_look(struct call *call, struct gather *g, uint64_t community);
void reply_event(struct call *call, uint64_t id);

void render_event(struct jw *w, const struct site *site, const struct event_view *view);
void render_participant(struct jw *w, const struct site *site, const struct participant_view *view);

#endif
