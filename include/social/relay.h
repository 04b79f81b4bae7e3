/*
 * Relays, as acts: subscribing to one, and being one. Inside write transactions; what peers must
 * hear is a federate job in the same write.
 */
#ifndef FF_SOCIAL_RELAY_H
#define FF_SOCIAL_RELAY_H

#include <stdbool.h>
#include <stdint.h>

#include "social/social.h"
#include "store/account.h"
#include "store/relay.h"

#define RELAY_SUBSCRIBERS_MAX 5000

/* --- subscribing; the node's own actor does --- */

/*
 * Asks the relay for a subscription. target is the relay's actor in LitePub's style, NULL in
 * Mastodon's. RC_EXISTS: it was asked before; RC_FULL: there are RELAYS_MAX.
 */
enum rc relay_subscribe(struct social *s, const struct account *instance, struct str inbox,
			const struct account *target) NODISCARD;
/* Tells it that the subscription ends. RC_NOT_FOUND. */
enum rc relay_unsubscribe(struct social *s, const struct account *instance,
			  struct str inbox) NODISCARD;
/* The relay whose actor is actor and whose answer the id of our Follow (may be absent) names. */
bool relay_is_asked(struct social *s, const struct account *actor, struct str follow,
		    struct relay *out);
/* It has accepted or refused. */
enum rc relay_answered(struct social *s, const struct relay *relay, const struct account *actor,
		       bool accepted) NODISCARD;
/* LitePub: a relay that we asked follows the node's own actor. RC_DENIED: it is none. */
enum rc relay_followed_back(struct social *s, const struct account *instance,
			    const struct account *actor, struct str uri) NODISCARD;

/* --- being one --- */

/* The relay's own actor, made once. RC_EXISTS. */
enum rc account_create_relay(struct social *s, const struct account_secrets *secrets,
			     struct account *out) NODISCARD;
/*
 * Somebody asks for a subscription; welcome says whether the rule lets it. It is accepted or
 * refused with a word. One subscriber per host.
 */
enum rc relay_admit(struct social *s, const struct account *relay, const struct account *actor,
		    enum relay_style style, struct str uri, bool welcome) NODISCARD;
/* A subscription ends. RC_NOT_FOUND when there was none. */
enum rc relay_leave(struct social *s, const struct account *relay,
		    const struct account *actor) NODISCARD;

/* To whom something is passed on: bits, in the status of struct federate. */
#define RELAY_TO(style) (1U << (style))
#define RELAY_TO_ALL (RELAY_TO(RELAY_MASTODON) | RELAY_TO(RELAY_LITEPUB))
/* Announces object to subscribers, but for the host it came from. */
void relay_announce(struct social *s, const struct account *relay, struct str object,
		    struct str origin, unsigned to);
/* Passes stored bytes on as they came. */
void relay_pass_on(struct social *s, const struct account *relay, uint64_t body, struct str origin,
		   unsigned to);

#endif
