/*
 * Media of local people: described, held by posts and profiles, taken away. All inside a write
 * transaction. What is somebody else's is RC_NOT_FOUND.
 */
#ifndef FF_SOCIAL_MEDIA_H
#define FF_SOCIAL_MEDIA_H

#include <stdbool.h>
#include <stdint.h>

#include "social/social.h"
#include "store/account.h"
#include "store/medium.h"
#include "store/status.h"

#define POST_MEDIA_MAX 4 /* SECURITY section 13 */

/* What is changed of a medium: absent or unset stays. */
struct media_change {
	struct str description;
	bool has_focus;
	int focus_x, focus_y;
};

/*
 * Describes a medium that nobody holds yet. RC_INVALID with the reason in ctx: too long, not UTF-8,
 * a focus outside of the picture.
 */
enum rc media_describe(struct social *s, uint64_t owner, uint64_t id,
		       const struct media_change *change, struct medium *out) NODISCARD;
/* The same of one that this status holds already: its author edits the post. */
enum rc media_describe_held(struct social *s, uint64_t owner, uint64_t id, uint64_t status,
			    const struct media_change *change) NODISCARD;
/* The picture of another open medium stands for this one from now on; the other one goes. */
enum rc media_take_thumbnail(struct social *s, uint64_t owner, uint64_t id,
			     uint64_t thumbnail) NODISCARD;
/* Takes an open medium away. RC_CONFLICT when it is held. */
enum rc media_delete(struct social *s, uint64_t owner, uint64_t id) NODISCARD;
/* What a post of this owner holds is held by nobody, as if it had just been uploaded; the post is to be deleted.
 * RC_NOT_FOUND when it is another's. */
enum rc media_give_back(struct social *s, uint64_t owner, uint64_t status) NODISCARD;

/*
 * The attachments of a post in this order: open media of its author, or (when it is edited) those
 * that it holds. status->id is known. RC_INVALID with the reason in ctx: too many, the same twice, not
 * ready, a film beside others.
 */
enum rc media_attach(struct social *s, const struct account *author, struct status *status,
		     const uint64_t *ids, unsigned count) NODISCARD;

/*
 * A post that was written elsewhere: those of its attachments that say which medium of the author they
 * are show that, with what was said of them there. One that another post holds is had twice.
 */
enum rc media_bring(struct social *s, const struct account *author,
		    struct status *status) NODISCARD;

/* The same rules for a post that is to be written later, which holds them until then. */
enum rc media_reserve(struct social *s, const struct account *author, uint64_t scheduled,
		      const uint64_t *ids, unsigned count) NODISCARD;

/* A medium that a resource of a community is from now on: open, the actor's, and ready. */
enum rc media_share(struct social *s, const struct account *actor, uint64_t resource,
		    uint64_t medium) NODISCARD;

/*
 * MEDIUM_AVATAR or MEDIUM_HEADER becomes this open picture of whom it was uploaded by, or none with id 0, in
 * *account, which has it from then on, and which the caller then writes by account_change().
 */
enum rc media_wear(struct social *s, struct account *account, enum medium_use use,
		   uint64_t uploader, uint64_t id) NODISCARD;

#endif
