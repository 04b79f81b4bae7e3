/*
 * Reactions with emoji, dislikes, and what accounts show first: acts like those of act.h, with the
 * same common results.
 */
#ifndef FF_SOCIAL_REACT_H
#define FF_SOCIAL_REACT_H

#include "social/social.h"
#include "store/reaction.h"
#include "store/status.h"

/*
 * A reaction (FEP-c0e0); r->uri empty: of a local account, which gets one. Its text is canonical.
 * RC_EXISTS when it was there, RC_TOO_LARGE when the person or the post has as many as there may be.
 */
enum rc act_emoji_react(struct social *s, const struct account *actor, uint64_t status,
			const struct reaction *r) NODISCARD;
enum rc act_emoji_unreact(struct social *s, const struct account *actor, uint64_t status,
			  struct str text) NODISCARD;
/*
 * What a local person means by "👍" or ":blobcat:": canonical, with the node's picture. RC_INVALID,
 * RC_NOT_FOUND with the reason in the context.
 */
enum rc act_emoji_choose(struct social *s, struct str text, struct reaction *out) NODISCARD;

/* A dislike makes no notification and counts as no like; uri empty: of a local account, which gets
 * one. RC_EXISTS when it was there. */
enum rc act_dislike(struct social *s, const struct account *actor, uint64_t status,
		    struct str uri) NODISCARD;
enum rc act_undislike(struct social *s, const struct account *actor, uint64_t status) NODISCARD;

/* The account's own posts; of local ones public and unlisted ones. RC_TOO_LARGE: there are enough. */
enum rc act_pin(struct social *s, const struct account *account, uint64_t status) NODISCARD;
enum rc act_unpin(struct social *s, const struct account *account, uint64_t status) NODISCARD;
/* Hashtags on the profile, without "#"; RC_TOO_LARGE as above. */
enum rc act_feature_tag(struct social *s, const struct account *account, struct str tag) NODISCARD;
enum rc act_unfeature_tag(struct social *s, const struct account *account,
			  struct str tag) NODISCARD;

#endif
