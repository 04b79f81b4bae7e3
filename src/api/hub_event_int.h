/* What the files of the hub's events share: one effect, while it is told. */
#ifndef FF_API_HUB_EVENT_INT_H
#define FF_API_HUB_EVENT_INT_H

#include "hub_int.h"
#include "store/account.h"
#include "store/status.h"

/* An effect, and the status that it is about. */
struct matter {
	struct hub *hub;
	struct ctx ctx;
	const struct db_effect *effect;
	struct str event;
	struct status status;
	struct account author;
	struct account boosted; /* the author of what a boost is of */
	struct news everybody;	/* what all hear alike */
};

typedef void hub_tell_fn(struct matter *m, const struct hub_channel *channel);

/* Calls tell for the home channel of each person who is there and wants the status. */
void hub_for_home(struct matter *m, hub_tell_fn *tell);
/* The same for each list that somebody listens to. */
void hub_for_lists(struct matter *m, hub_tell_fn *tell);

#endif
