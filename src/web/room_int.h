/*
 * The room of a community: what its members find and do there beside talking: events, consultations,
 * what is shared. It is a part of the page of the community's office (office.c).
 */
#ifndef FF_WEB_ROOM_INT_H
#define FF_WEB_ROOM_INT_H

#include "events_int.h"
#include "sign_in_int.h"
#include "social/consultation.h"
#include "store/community.h"
#include "store/event.h"
#include "store/resource.h"

#define ROOM_SHOWN 20
#define ROOM_RESULTS 3 /* of consultations that are over, counted for a page */

struct room_consultation {
	struct consultation consultation;
	enum consultation_state state;
	uint64_t turnout;
	bool voted, may_vote;
	const struct consultation_result *result; /* of one that is over; NULL */
	struct str
		partner; /* the handle of the group elsewhere that has called it; empty: it is ours */
};

struct room_resource {
	struct resource resource;
	struct resource_version version;
	struct str url; /* of the link, or of the file; empty: the file is not ready */
	bool may_drop;
	struct str
		partner; /* the handle of the group elsewhere whose version it is; empty: it is ours */
};

struct room {
	struct event_card *events;
	struct room_consultation *consultations;
	struct room_resource *resources;
	size_t event_count, consultation_count, resource_count;
	size_t results;	  /* that were counted */
	uint64_t ends_ms; /* the membership, by attribute; 0: it does not end */
	bool may_share;
	struct str receipt; /* of a vote that was cast just now; empty: none */
};

struct office_page;
struct office_act;

/* room_read.c */
void room_read(struct asking *a, struct db_txn *txn, uint64_t community, struct room *room);
/* render_room.c: pure */
void render_room(struct buf *out, const struct web *web, const struct office_page *page);

#endif
