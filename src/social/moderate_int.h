/* What the files of moderation share. */
#ifndef FF_SOCIAL_MODERATE_INT_H
#define FF_SOCIAL_MODERATE_INT_H

#include "act_int.h"
#include "core/must.h"
#include "social/moderate.h"

#define MODERATORS_MAX 100 /* who hears of one thing */

/* NULL is the operator, who may everything and stands above all. */
bool may_moderate(struct social *s, const struct account *moderator, enum permission permission);
bool outranks(struct social *s, const struct account *moderator, const struct account *target);
/* An account that the moderator may act upon. RC_DENIED, RC_NOT_FOUND. */
enum rc moderated_load(struct social *s, const struct account *moderator, uint64_t target,
		       struct account *out) NODISCARD;

#endif
