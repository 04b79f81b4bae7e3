/* Events as clients see them, and as calendars. */
#ifndef FF_API_EVENT_INT_H
#define FF_API_EVENT_INT_H

#include "own_int.h"
#include "social/event.h"

struct event_view {
	const struct status_view *shown; /* its status, as the viewer sees it */
	struct attendance attendance;
	enum participation mine; /* the viewer's */
	bool may_join;
	bool may_manage;
};

struct participant_view {
	const struct account_view *account;
	struct participant participant;
	bool with_note; /* for who manages the event */
};

void render_event(struct jw *w, const struct site *site, const struct event_view *view);
void render_participant(struct jw *w, const struct site *site, const struct participant_view *view);
/* One event of a calendar; description is the status's text. */
void render_calendar_event(struct buf *out, const struct status_view *shown,
			   struct str description);

#endif
