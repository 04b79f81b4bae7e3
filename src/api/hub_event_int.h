/* What the files of the hub's events share: one effect, while it is told. */
#ifndef FF_API_HUB_EVENT_INT_H
#define FF_API_HUB_EVENT_INT_H

#include "hub_int.h"
#include "social/feed.h"
#include "store/account.h"
#include "store/status.h"
#include "view_int.h"

/* An effect, and the status that it is about. */
struct matter {
	struct hub *hub;
	struct ctx ctx;
	struct ctx look; /* of a reading, in the hub's scratch */
	const struct db_effect *effect;
	struct str event;
	struct status status;
	struct account author;
	struct str *tags; /* folded */
	size_t tag_count;
	bool letter;	       /* only those hear it who read letters */
	struct news everybody; /* what all hear alike */
};

/*
 * Begins a reading on behalf of account, 0: nobody known, whose memory is the hub's scratch. False when
 * there is nothing to be read.
 */
bool hub_look(struct matter *m, uint64_t account, struct call *call, struct gather *g) NODISCARD;
/* Tells all of a channel but those without a scope, and clears the scratch. payload empty: nothing. */
void hub_tell_rendered(struct matter *m, const struct hub_channel *channel, struct buf *payload,
		       scope_set scopes);

/* hub_reader.c: what the person of a channel reads. NULL when it cannot be told. Uses the scratch. */
const struct reader *hub_reader(struct hub *hub, struct db_txn *txn, struct hub_channel *channel);

/* hub_announce.c */
void hub_tell_announced(struct matter *m);
void hub_tell_reaction(struct matter *m);
void hub_tell_unannounced(struct matter *m);

/* hub_told.c */
void hub_tell_notice(struct matter *m);
void hub_tell_letter(struct matter *m);

/* The status as account sees it; nothing when it sees none. */
void hub_render_for(struct matter *m, uint64_t account, struct buf *out);
/* The same of another status than the matter's. */
void hub_render_one(struct matter *m, uint64_t id, uint64_t account, struct buf *out);
/* hub_public.c */
void hub_tell_public(struct matter *m);

typedef void hub_tell_fn(struct matter *m, const struct hub_channel *channel);

/* Calls tell for the home channel of each person who is there and wants the status. */
void hub_for_home(struct matter *m, hub_tell_fn *tell);
/* The same for each list that somebody listens to. */
void hub_for_lists(struct matter *m, hub_tell_fn *tell);

#endif
