/* How one account stands to others, and what somebody wants of those whom they follow. */
#ifndef FF_SOCIAL_RELATION_H
#define FF_SOCIAL_RELATION_H

#include <stdbool.h>
#include <stdint.h>

#include "social/social.h"
#include "store/account.h"
#include "store/graph.h"

struct relationship {
	uint64_t account;
	struct follow follow;	   /* of it by the viewer; its strings are in the arena */
	enum follow_state follows; /* of the viewer by it */
	uint64_t asks;		   /* a community that it asks the viewer to let it join; 0: none */
	bool blocking, blocked_by;
	bool muting, muting_notifications;
	uint64_t mute_ends_ms; /* 0: never */
	bool domain_blocking;
	bool endorsed;
	struct str note;
};

/* A constant number of batched reads. */
void relationships_gather(struct db_txn *txn, struct arena *arena, uint64_t viewer,
			  const struct account *accounts, size_t count, struct relationship *out);

/* What is said of a follow, each or not. */
struct follow_wish {
	bool has_boosts, boosts;
	bool has_notify, notify;
	bool has_languages;
	const struct str *languages; /* none: all */
	unsigned language_count;
};
#define FOLLOW_LANGUAGES_MAX 20

/* Follows, unless the follower does already, and keeps what they wish. RC_INVALID: no languages;
 * otherwise act_follow()'s. */
enum rc act_follow_as(struct social *s, const struct account *follower,
		      const struct account *followee, const struct follow_wish *wish) NODISCARD;

/* A note that only its writer reads; empty takes it away. RC_TOO_LARGE, RC_INVALID. */
enum rc act_note(struct social *s, const struct account *actor, const struct account *target,
		 struct str text) NODISCARD;

/* Shows somebody on one's profile. RC_DENIED: whom one does not follow. RC_EXISTS, RC_TOO_LARGE. */
enum rc act_endorse(struct social *s, const struct account *actor,
		    const struct account *target) NODISCARD;
/* RC_NOT_FOUND: it was not so. */
enum rc act_unendorse(struct social *s, const struct account *actor,
		      const struct account *target) NODISCARD;

#endif
