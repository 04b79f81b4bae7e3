/*
 * What people see of communities: those that somebody is in or looks after, who asks to join, what is
 * posted, as plain timelines. Inside transactions; nothing is written.
 */
#ifndef FF_SOCIAL_COMMUNITY_VIEW_H
#define FF_SOCIAL_COMMUNITY_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "social/see.h"
#include "social/social.h"
#include "store/account.h"
#include "store/community.h"
#include "store/page.h"

#define COMMUNITIES_JOINED_MAX 500

/* Groups, here and elsewhere, that an account follows, in the order of their ids; at most max. */
size_t communities_joined(struct db_txn *txn, struct arena *arena, uint64_t account, uint64_t *out,
			  size_t max);
/* Those in which the account has a role with all of the permissions; of those elsewhere, what can be done
 * from here (COMMUNITY_MAY_ELSEWHERE). */
size_t communities_tended(struct db_txn *txn, uint64_t account, unsigned permissions, uint64_t *out,
			  size_t max);
/* Does the account follow this group? Copies the group into arena. */
bool community_joined(struct db_txn *txn, struct arena *arena, uint64_t account, uint64_t group,
		      struct account *out);
/* People of this node with a role that permits all of it. */
size_t community_staff(struct db_txn *txn, struct arena *arena, uint64_t community,
		       unsigned permissions, uint64_t *out, size_t max);

/* Who asks to follow the account, or to join a community into which it may let people; as a page of ids. */
size_t community_requests_page(struct db_txn *txn, uint64_t account, const struct page *page,
			       uint64_t *out, size_t count);
/* For each of askers the community that they ask to join, and that account may let them into: of several
 * the oldest; 0: none. */
void communities_asked(struct db_txn *txn, uint64_t account, const uint64_t *askers, size_t count,
		       uint64_t *out);
/* The same of one. */
uint64_t community_asked(struct db_txn *txn, uint64_t account, uint64_t asker);

/*
 * Which of n posts of a community viewer is shown: what no moderator has taken out or has yet to look at,
 * whom viewer does not hide, and by the rule of see.h. False when txn or arena has failed.
 */
bool community_pick(struct db_txn *txn, struct arena *arena, struct viewer viewer,
		    uint64_t community, const uint64_t *ids, size_t n, bool *shown);
/* Threads that viewer is shown, newest first. Nothing of a community that viewer may not see. */
size_t community_timeline(struct db_txn *txn, struct arena *arena, struct viewer viewer,
			  uint64_t community, const struct page *page, uint64_t *out, size_t count);
/* What stands first in it, as far as viewer is shown it, the newest first. */
size_t community_pinned(struct db_txn *txn, struct arena *arena, struct viewer viewer,
			uint64_t community, uint64_t *out, size_t count);

#endif
