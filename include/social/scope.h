/*
 * OAuth scopes as clients of Mastodon ask for them: a tree, in which "read" holds every "read:...".
 * A set of scopes is a bit for each leaf.
 */
#ifndef FF_SOCIAL_SCOPE_H
#define FF_SOCIAL_SCOPE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/str.h"

/* constant, name; the order is the bit's */
#define SCOPE_LEAVES(X)                                                     \
	X(PROFILE, "profile")                                               \
	X(PUSH, "push")                                                     \
	X(READ_ACCOUNTS, "read:accounts")                                   \
	X(READ_BLOCKS, "read:blocks")                                       \
	X(READ_BOOKMARKS, "read:bookmarks")                                 \
	X(READ_COLLECTIONS, "read:collections")                             \
	X(READ_COMMUNITIES, "read:communities")                             \
	X(READ_FAVOURITES, "read:favourites")                               \
	X(READ_FILTERS, "read:filters")                                     \
	X(READ_FOLLOWS, "read:follows")                                     \
	X(READ_LISTS, "read:lists")                                         \
	X(READ_MUTES, "read:mutes")                                         \
	X(READ_NOTIFICATIONS, "read:notifications")                         \
	X(READ_SEARCH, "read:search")                                       \
	X(READ_STATUSES, "read:statuses")                                   \
	X(WRITE_ACCOUNTS, "write:accounts")                                 \
	X(WRITE_BLOCKS, "write:blocks")                                     \
	X(WRITE_BOOKMARKS, "write:bookmarks")                               \
	X(WRITE_COLLECTIONS, "write:collections")                           \
	X(WRITE_COMMUNITIES, "write:communities")                           \
	X(WRITE_CONVERSATIONS, "write:conversations")                       \
	X(WRITE_FAVOURITES, "write:favourites")                             \
	X(WRITE_FILTERS, "write:filters")                                   \
	X(WRITE_FOLLOWS, "write:follows")                                   \
	X(WRITE_LISTS, "write:lists")                                       \
	X(WRITE_MEDIA, "write:media")                                       \
	X(WRITE_MUTES, "write:mutes")                                       \
	X(WRITE_NOTIFICATIONS, "write:notifications")                       \
	X(WRITE_REPORTS, "write:reports")                                   \
	X(WRITE_STATUSES, "write:statuses")                                 \
	X(ADMIN_READ_ACCOUNTS, "admin:read:accounts")                       \
	X(ADMIN_READ_REPORTS, "admin:read:reports")                         \
	X(ADMIN_READ_DOMAIN_ALLOWS, "admin:read:domain_allows")             \
	X(ADMIN_READ_DOMAIN_BLOCKS, "admin:read:domain_blocks")             \
	X(ADMIN_READ_IP_BLOCKS, "admin:read:ip_blocks")                     \
	X(ADMIN_READ_EMAIL_BLOCKS, "admin:read:email_domain_blocks")        \
	X(ADMIN_READ_CANONICAL_BLOCKS, "admin:read:canonical_email_blocks") \
	X(ADMIN_WRITE_ACCOUNTS, "admin:write:accounts")                     \
	X(ADMIN_WRITE_REPORTS, "admin:write:reports")                       \
	X(ADMIN_WRITE_DOMAIN_ALLOWS, "admin:write:domain_allows")           \
	X(ADMIN_WRITE_DOMAIN_BLOCKS, "admin:write:domain_blocks")           \
	X(ADMIN_WRITE_IP_BLOCKS, "admin:write:ip_blocks")                   \
	X(ADMIN_WRITE_EMAIL_BLOCKS, "admin:write:email_domain_blocks")      \
	X(ADMIN_WRITE_CANONICAL_BLOCKS, "admin:write:canonical_email_blocks")

enum scope_bit {
#define X(constant, name) SCOPE_BIT_##constant,
	SCOPE_LEAVES(X)
#undef X
		SCOPE_BITS,
};

typedef uint64_t scope_set;

/* One leaf as a set: SCOPE(READ_STATUSES). */
#define SCOPE(constant) ((scope_set)1 << SCOPE_BIT_##constant)
/* No scope of a token: letters may be read by what else may read posts. Who acts for a team may not
 * always. */
#define SCOPE_LETTERS ((scope_set)1 << 63)

/* Of names separated by spaces, each a leaf or what holds leaves. False when one is unknown, or
 * there is none. */
bool scopes_parse(struct str text, scope_set *out) NODISCARD;
/* Does a set hold all of another? */
static inline bool scopes_hold(scope_set set, scope_set wanted)
{
	return (set & wanted) == wanted;
}
/* The name at index among all that can be asked for, those that hold others first; absent behind the
 * last. */
struct str scope_name(size_t index);

#endif
