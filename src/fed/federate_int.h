/* The expansion of an act into deliveries, shared with the file of those whom polls tell. */
#ifndef FF_FED_FEDERATE_INT_H
#define FF_FED_FEDERATE_INT_H

#include "fed_int.h"

struct expansion {
	struct fed *fed;
	struct ctx ctx;
	struct federate f;
	struct buf activity; /* what is told; made before the first step */
	struct buf payload;  /* the next one; empty when all is expanded */
	bool more;
	const struct queue
		*spares; /* of a vote: it knows who does not answer; NULL: all are told */
};

/* A delivery to this inbox, when its host may be talked to. */
void expansion_deliver(struct expansion *x, struct db_txn *txn, struct str inbox);

/* FEDERATE_POLL_VOTERS, FEDERATE_EVENT_PARTICIPANTS: the next of those who have voted, or take part,
 * behind f.target. */
void expand_voters(struct expansion *x, struct db_txn *txn);

#endif
