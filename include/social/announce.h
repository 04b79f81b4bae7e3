/* Announcements: made by those who run the node, read and reacted to by its people. */
#ifndef FF_SOCIAL_ANNOUNCE_H
#define FF_SOCIAL_ANNOUNCE_H

#include "social/social.h"
#include "store/announcement.h"

#define ANNOUNCEMENT_TEXT_MAX 5000 /* characters */

/* a->text becomes a->content, outside any write. RC_INVALID, RC_TOO_LARGE with the reason in ctx. */
enum rc announcement_compose(struct ctx *ctx, const struct site *site,
			     struct announcement *a) NODISCARD;
/* Publishes what was composed; sets a->id. RC_TOO_LARGE: there are enough. */
enum rc act_announce(struct social *s, struct announcement *a) NODISCARD;
enum rc act_unannounce(struct social *s, uint64_t id) NODISCARD;

/* RC_NOT_FOUND: there is no such one. */
enum rc act_announcement_read(struct social *s, const struct account *actor, uint64_t id) NODISCARD;
/* name is an emoji or the node's shortcode without colons. RC_INVALID: neither; RC_EXISTS,
 * RC_TOO_LARGE. */
enum rc act_announcement_react(struct social *s, const struct account *actor, uint64_t id,
			       struct str name) NODISCARD;
enum rc act_announcement_unreact(struct social *s, const struct account *actor, uint64_t id,
				 struct str name) NODISCARD;

/* An announcement as one person sees it. */
struct announcement_reaction {
	struct str name;
	uint32_t count;
	bool me;
	struct str url; /* of the node's picture; empty for Unicode's */
};
struct announcement_view {
	struct announcement announcement;
	bool read;
	struct announcement_reaction reactions[ANNOUNCEMENT_REACTIONS_MAX];
	unsigned reaction_count;
	struct emoji *emojis; /* of the text */
	unsigned emoji_count;
};
/* Those that hold now, oldest first. *out is an array of ctx's arena; how many. */
size_t announcements_gather(struct social *s, uint64_t viewer, struct announcement_view **out);

#endif
