/*
 * Moving house: an account says that another one is its new home, and its followers go along. The
 * new one must say so, too (`alsoKnownAs`), or anybody could be robbed of followers (S-029). All
 * inside a write transaction.
 */
#ifndef FF_SOCIAL_MOVE_H
#define FF_SOCIAL_MOVE_H

#include <stdbool.h>
#include <stdint.h>

#include "social/social.h"
#include "store/account.h"

/* Does account name uri as another address of its own? */
bool account_has_alias(const struct account *account, struct str uri);

/*
 * Lists an address with a local account, or takes it away, and tells the peers. RC_EXISTS,
 * RC_NOT_FOUND, RC_TOO_LARGE beyond ACCOUNT_ALIASES_MAX, RC_INVALID: its own address.
 */
enum rc move_alias(struct social *s, const struct account *account, struct str uri,
		   bool listed) NODISCARD;

/*
 * old moves to target: old is told to have moved, its followers here go along in steps (a job), and
 * when it is one of ours, the others hear of it. The caller has read target's document just now, if
 * it is not ours. RC_DENIED with the reason in ctx: target does not name old, has moved itself, or
 * old has moved less than MOVE_EVERY_MS ago; RC_EXISTS: it was done before; RC_GONE.
 */
#define MOVE_EVERY_MS (30 * MS_PER_DAY)
enum rc move_begin(struct social *s, const struct account *old,
		   const struct account *target) NODISCARD;
/* A local account comes home: it may post again. Followers who left do not come back by it. */
enum rc move_cancel(struct social *s, const struct account *account) NODISCARD;

/* The job that takes followers along. */
struct move {
	uint64_t old, target;
	uint64_t after; /* the last follower that was looked at */
};
bool move_decode(struct str payload, struct move *out);
/*
 * The next followers: each follows target as by their own act, and old no longer. Adds the job for
 * those who are left, a moment later, so that a host is not overrun by thousands of follows.
 */
enum rc move_step(struct social *s, const struct move *move) NODISCARD;

#endif
