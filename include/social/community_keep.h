/*
 * The end of communities, and what is done to them from time to time: what is older than its retention
 * goes, and what a community leaves behind whose account was deleted. Inside write transactions.
 */
#ifndef FF_SOCIAL_COMMUNITY_KEEP_H
#define FF_SOCIAL_COMMUNITY_KEEP_H

#include <stdbool.h>
#include <stdint.h>

#include "social/account.h"
#include "social/social.h"

/*
 * Deletes a community and its account, in steps as account_delete(); only its owner may. What its members
 * posted stays with them. RC_INVALID while others belong to it: they inherit from it.
 */
enum rc community_close(struct social *s, const struct account *actor, uint64_t id) NODISCARD;

/*
 * A step of going through all communities of this node; *after is where it stands, 0 at the beginning.
 * True when the end was reached.
 */
bool community_keep_step(struct social *s, uint64_t *after);

#endif
