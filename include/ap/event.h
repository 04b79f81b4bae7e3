/* Events: when and where they are, how one takes part (FEP-8a8e; Mobilizon, Gancio). */
#ifndef FF_AP_EVENT_H
#define FF_AP_EVENT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/str.h"
#include "json/jw.h"

enum ap_join {
	AP_JOIN_UNSAID,
	AP_JOIN_FREE,
	AP_JOIN_RESTRICTED, /* on request */
	AP_JOIN_EXTERNAL,
	AP_JOIN_INVITE,
	AP_JOIN_NONE,
};

enum ap_event_state {
	AP_EVENT_SCHEDULED,
	AP_EVENT_TENTATIVE,
	AP_EVENT_POSTPONED,
	AP_EVENT_CANCELLED,
};

struct ap_event {
	uint64_t start_ms, end_ms; /* 0: not told */
	struct str place;
	struct str address; /* in one line */
	struct str url;	    /* of the place; where one joins an event that is online */
	enum ap_join join;
	enum ap_event_state state;
	uint32_t capacity; /* 0: as many as come */
	struct str timezone;
	struct str group; /* who holds it besides its author; absent: nobody */
	bool has_participants;
	uint32_t participants;
};

/* The members of an Event that stands open; organizer is its author's id. */
void ap_write_event(struct jw *w, const struct ap_event *event, struct str organizer);

#endif
