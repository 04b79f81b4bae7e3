/* How a community is called and what it says of itself, changed together with its settings. */
#ifndef FF_SOCIAL_COMMUNITY_PROFILE_H
#define FF_SOCIAL_COMMUNITY_PROFILE_H

#include "core/ctx.h"
#include "social/social.h"
#include "store/account.h"
#include "store/community.h"

/* One of its pictures: nothing of it stays as it is unless it says so. */
struct community_picture {
	uint64_t medium;	/* open, and the uploader's; 0: the one that there is stays */
	bool gone;		/* it has none any more */
	struct str description; /* absent: that of the same picture stays */
};

/* What is absent stays. */
struct community_profile {
	struct str title;
	struct str source; /* the description as it was typed */
	struct html note;
	uint64_t uploader; /* of the pictures */
	struct community_picture avatar, header;
};

/* Both may be absent. Outside any write. RC_INVALID or RC_TOO_LARGE with the reason in ctx. */
enum rc community_profile_make(struct ctx *ctx, const struct site *site, struct str title,
			       struct str description, struct community_profile *out) NODISCARD;
/* Settings as community_change() permits them, and the profile, in one write. */
enum rc community_change_all(struct social *s, const struct account *actor,
			     const struct community *settings,
			     const struct community_profile *profile) NODISCARD;
/* The profile alone, by whose role permits it; NULL: the operator. RC_NOT_FOUND, RC_DENIED, RC_INVALID with the
 * reason in ctx. */
enum rc community_profile_change(struct social *s, const struct account *actor, uint64_t community,
				 const struct community_profile *profile) NODISCARD;
/* A description of a picture, which may be absent. RC_INVALID or RC_TOO_LARGE with the reason in ctx. */
enum rc community_picture_describe(struct ctx *ctx, struct str typed,
				   struct community_picture *out) NODISCARD;

#define COMMUNITIES_OWNED_MAX 20
/* May somebody make one more? RC_TOO_LARGE with the reason in ctx. */
enum rc community_may_found(struct social *s, uint64_t account) NODISCARD;
struct reception; /* social/sign_up.h */
/* The same, and whether one of that name can be: asked before keys are made, which takes long. The write asks
 * once more. RC_INVALID, RC_EXISTS, RC_TOO_LARGE with the reason in ctx. */
enum rc community_found_check(struct ctx *ctx, const struct reception *reception, struct db *db,
			      uint64_t account, struct str name) NODISCARD;

#endif
