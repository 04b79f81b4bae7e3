/*
 * What happens live: what people who are connected should hear of at once. An act says so in its
 * transaction (db_effect()); after the commit it goes to a struct bus, whose subscribers look up
 * what they need. Only ids travel: what they stand for may have changed again, and whether somebody
 * may see it is asked when it is shown to them.
 */
#ifndef FF_SOCIAL_LIVE_H
#define FF_SOCIAL_LIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/buf.h"
#include "core/bus.h"
#include "db/db.h"
#include "store/status.h"

/* constant, number (also said to running nodes by commands beside them), what ids[] are */
#define LIVE_TABLE(X)                                                                             \
	X(STATUS_ADDED, 1, "status, its author, what it boosts or 0")                             \
	X(STATUS_CHANGED, 2, "status, its author, 0")                                             \
	X(STATUS_REMOVED, 3, "status, its author, what it boosted or 0")                          \
	X(STATUS_TAKEN, 4, "status, its author, a local account that it mentioned")               \
	X(NOTICE, 5, "account that has it, notice, whom it is from")                              \
	X(RELATION, 6, "two accounts between which a follow, block or mute began or ended")       \
	X(ACCOUNT_GONE, 7, "account that was suspended or deleted")                               \
	X(TOKEN_GONE, 8, "account, token that is valid no longer, or 0: all of the account's")    \
	X(FILTERS, 9, "account that changed its filters")                                         \
	X(LIST, 10, "account, list of theirs that changed")                                       \
	X(CONVERSATION, 11, "account, conversation, newest status")                               \
	X(ANNOUNCEMENT, 12, "announcement that was published or changed")                         \
	X(ANNOUNCEMENT_REACTION, 13, "announcement; its flags and further ids are live_name()'s") \
	X(ANNOUNCEMENT_REMOVED, 14, "announcement")                                               \
	X(NOTICES_MERGED, 15, "account whose filtered notices were let through")

enum live_kind {
#define X(constant, number, ids) LIVE_##constant = (number),
	LIVE_TABLE(X)
#undef X
};

/* Flags of statuses: the visibility in the lowest bits, and these. */
enum live_flag {
	LIVE_VISIBILITY = 7,
	LIVE_LOCAL = 8, /* its author is of this node */
	LIVE_REPLY = 16,
	LIVE_OLD = 32, /* an old story that became known now: no timeline shows it as new */
};
static inline enum visibility live_visibility(const struct db_effect *e)
{
	return (enum visibility)(e->flags & LIVE_VISIBILITY);
}

/* --- inside a transaction --- */

void live_tell(struct db_txn *txn, enum live_kind kind, uint64_t a, uint64_t b, uint64_t c);
/* LIVE_STATUS_...; of one that is held back nothing is said. A removal is also told to each local
 * account that it mentions. */
void live_tell_status(struct db_txn *txn, enum live_kind kind, const struct status *status,
		      bool old);

/* That somebody has reacted to an announcement with name, or no longer. */
void live_tell_reaction(struct db_txn *txn, uint64_t announcement, struct str name);

/* --- after the commit --- */

#define LIVE_NAME_MAX 16
/* The name of a reaction; empty when it was too long to be told. */
struct str live_name(const struct db_effect *effect, char out[LIVE_NAME_MAX]);

/* A db_effects_fn: publishes each effect on the bus, which is arg, as an event of the effect's kind. */
void live_publish(void *bus, const struct db_effect *effects, size_t count);
/* What such an event carries. */
const struct db_effect *live_of_event(const struct bus_event *event);

/* --- from a command to the running node --- */

/* "5 0 12 34 56", and a space between several. */
void live_format(struct buf *out, const struct db_effect *effects, size_t count);
/* Takes the first off *text. False at its end, or when it is malformed. */
bool live_parse(struct str *text, struct db_effect *out) NODISCARD;

#endif
