/* What a community shares: added and revised by those whose role lets them, seen by members. Inside
 * write transactions, but for what only reads. */
#ifndef FF_SOCIAL_RESOURCE_H
#define FF_SOCIAL_RESOURCE_H

#include "social/social.h"
#include "store/resource.h"

/* Is the account a member, who sees what is shared? */
bool resource_may_see(struct db_txn *txn, uint64_t community, uint64_t account);
/* May the account add to what is shared? */
bool resource_may_add(struct db_txn *txn, uint64_t community, uint64_t account);
/* May it take one away: whoever added it, or removes posts of others. */
bool resource_may_drop(struct db_txn *txn, const struct resource *resource, uint64_t account);

/*
 * resource->community and of version title, description, note, and either url or medium (open, the
 * actor's) are given; the rest is set. RC_DENIED, RC_NOT_FOUND, RC_INVALID with the reason in ctx.
 */
enum rc resource_share(struct social *s, const struct account *actor, struct resource *resource,
		       struct resource_version *version) NODISCARD;
/* A further version; the older ones stay. RC_TOO_LARGE. */
enum rc resource_change(struct social *s, const struct account *actor, uint64_t resource,
			struct resource_version *version) NODISCARD;
/* With all versions and files. actor may be NULL: the operator. */
enum rc resource_drop(struct social *s, const struct account *actor, uint64_t resource) NODISCARD;

#endif
