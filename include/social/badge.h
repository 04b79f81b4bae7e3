/* Badges of communities: made, given for a reason, taken back. Inside write transactions. */
#ifndef FF_SOCIAL_BADGE_H
#define FF_SOCIAL_BADGE_H

#include "social/community.h"
#include "store/badge.h"

/* Makes one (badge->id 0) or changes it; badge->community, name, description and emoji are given.
 * RC_INVALID with the reason in ctx, RC_TOO_LARGE. */
enum rc badge_save(struct social *s, const struct account *actor, struct badge *badge) NODISCARD;
/* With all that were given, in steps: RC_BUSY means that another write must call again. */
enum rc badge_drop(struct social *s, const struct account *actor, uint64_t community,
		   uint64_t badge) NODISCARD;
/* award->community, badge, account and reason are given; the account is a member. Nobody gives
 * themselves one. RC_TOO_LARGE. */
enum rc badge_give(struct social *s, const struct account *actor,
		   struct badge_award *award) NODISCARD;
/* By who may give them, or whoever has got it. */
enum rc badge_take(struct social *s, const struct account *actor, uint64_t community,
		   uint64_t account, uint64_t award) NODISCARD;

#endif
