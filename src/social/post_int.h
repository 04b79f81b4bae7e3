/* What the files about posts share. Inside transactions only. */
#ifndef FF_SOCIAL_POST_INT_H
#define FF_SOCIAL_POST_INT_H

#include "interact_int.h"
#include "sift_int.h"

/* act_mention.c: which accounts are mentioned, as far as they are known here. */
void post_know_mentioned(struct social *s, struct status *status);
/*
 * One notification for each local account that is mentioned, however often (S-056), but not for
 * those whom `before`, an earlier version, mentions; f, which may be NULL, hears of all remote ones.
 */
void post_tell_mentioned(struct social *s, const struct status *status, const struct status *before,
			 struct federate *f);
/* act_post.c. It stands alone until it has joined a thread: a job may run again. */
void post_leave_thread(struct status *status);
/* Joins the thread, when the parent's author lets it. */
enum rc post_find_thread(struct social *s, const struct account *author,
			 struct status *status) NODISCARD;

/* The account hears of it besides followers, where it may see it. */
void post_hears_if_seen(struct social *s, uint64_t id, const struct status *status,
			const struct account *author, struct federate *f);

/* post_voters.c: who has voted, or takes part, has the post, follower or not: as many of them as one
 * act can name. */
struct post_voters {
	uint64_t ids[FEDERATE_EXTRA_MAX];
	size_t count;
};
struct post_voters post_voters_of(struct social *s, const struct status *status);
void post_voters_hear(struct social *s, const struct post_voters *v, const struct status *now,
		      const struct account *author, struct federate *f);
/* Of an event the others who take part, too, by a job of their own. */
void post_voters_rest(struct social *s, const struct post_voters *v, const struct federate *told);

/* act_held.c: asks about a local post that is about to be made, and sets its flags. RC_DENIED. */
enum rc post_sift_draft(struct social *s, const struct account *author,
			struct draft *draft) NODISCARD;
/* The same of an edit, which is next. RC_EXISTS: it has no effect. */
enum rc post_sift_edit(struct social *s, const struct sift_post *post, const struct status *now,
		       struct status *next, struct sift_verdict *verdict) NODISCARD;
/* What a moderator lets out, of the node's quarantine or of a community's queue: first those here hear of
 * it; then, unless something else holds it back, peers and those whom it names. */
void post_appear(struct social *s, const struct account *author, const struct status *status);
enum rc post_spread(struct social *s, const struct account *author,
		    struct status *status) NODISCARD;
/* The same of an edit: those who have the first version get this one. */
enum rc post_changed(struct social *s, const struct account *author,
		     const struct status *status) NODISCARD;
/* Stores what came from elsewhere and is held, and does nothing else. */
enum rc post_hold(struct social *s, const struct sift_post *post, struct status *status,
		  const struct sift_verdict *verdict) NODISCARD;

#endif
