/* Relays on the wire, both ways. */
#ifndef FF_FED_RELAY_INT_H
#define FF_FED_RELAY_INT_H

#include "incoming_int.h"
#include "social/relay.h"

/* --- relay_in.c: what relays and subscribers send --- */

/* Is this account the actor of a relay that has accepted us? Outside any write. */
bool relay_is_ours(struct fed *fed, uint64_t account);
/*
 * What a relay tells of is fetched at its origin: true when it may be, there is still room for it
 * (S-061), and it is known here, or not, as it should be.
 */
bool relay_may_fetch(struct fed *fed, struct str uri, bool known);
/*
 * A relay that has accepted us passes on what another server wrote: RC_OK with in->need when it is
 * to be fetched, RC_EXISTS when nothing follows, RC_DENIED when it is none.
 */
enum rc relay_passed(struct incoming *in, uint64_t signer);

/* In a write, before the handler for people's own acts; false when it is not about a relay, else
 * *rc. */
bool relay_take_follow(struct incoming *in, struct social *s, const struct account *actor,
		       enum rc *rc);
bool relay_take_undo(struct incoming *in, struct social *s, const struct account *actor,
		     enum rc *rc);
bool relay_take_answer(struct incoming *in, struct social *s, const struct account *actor,
		       bool accepted, enum rc *rc);
bool relay_take_announce(struct incoming *in, struct social *s, const struct account *actor,
			 enum rc *rc);
/* Is this the answer to a subscription of ours? A rule (S-008). */
bool relay_answers(struct incoming *in, struct db_txn *txn, const struct account *actor);
/* After the effect: what a subscriber's people publish goes to the other subscribers. */
void relay_serve_on(struct incoming *in, struct social *s, const struct account *actor);

/* --- relay_out.c --- */

bool relay_builds(enum federate_what what);
enum rc relay_build(struct fed *fed, struct ctx *ctx, const struct federate *f,
		    const struct account *actor, const struct account *target, struct jw *w);
/* Does this go to the subscribers? */
bool relay_goes_to_subscribers(const struct federate *f);

/*
 * Calls deliver() for the inboxes of the next subscribers; f->cursor moves on. True when there may
 * be more.
 */
bool relay_expand(struct fed *fed, struct db_txn *txn, struct ctx *ctx, struct federate *f,
		  void (*deliver)(void *arg, struct db_txn *txn, struct str inbox), void *arg);
/* What our people publish goes to the relays that have accepted us, too. */
void relay_publish(struct fed *fed, struct db_txn *txn, struct ctx *ctx, const struct federate *f,
		   void (*deliver)(void *arg, struct db_txn *txn, struct str inbox), void *arg);

#endif
