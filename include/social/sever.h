/*
 * Follows that end because a host is blocked or an account suspended: whoever loses some is told, and
 * keeps a list of them. Inside transactions.
 */
#ifndef FF_SOCIAL_SEVER_H
#define FF_SOCIAL_SEVER_H

#include "core/buf.h"
#include "social/social.h"
#include "store/severance.h"

/* Through all follows of people of here. */
struct sever_walk {
	struct str user;  /* the local account behind which it goes on; empty: the first */
	uint64_t account; /* whom it is at; 0: the next one */
	bool followers;	  /* of whom it is at: those who follow, or whom they follow */
	uint64_t after;
};

/* --- JOB_SEVER: hosts were blocked, and follows with them end, some at a time --- */

struct sever_job {
	uint64_t run; /* which block asked for it */
	struct sever_walk walk;
};
/* A host was blocked. The walk that is asked for last ends the follows of all hosts that are blocked,
 * and those before it end at once: a list of many hosts is one walk. */
void sever_later(struct social *s);
void sever_job_encode(struct buf *out, const struct sever_job *job);
/* Strings are copied into arena. */
bool sever_job_decode(struct arena *arena, struct str payload, struct sever_job *out) NODISCARD;
/* One step, which moves job on. RC_BUSY: there is more to do. */
enum rc sever_job_step(struct social *s, struct sever_job *job) NODISCARD;

/* --- what a block would end --- */

struct sever_preview {
	struct str host;
	struct sever_walk walk;	       /* starts at nobody */
	uint64_t followers, following; /* follows that would end */
	uint64_t people;	       /* of here who would lose some */
	bool touched;		       /* whom it is at would */
};
/* Looks at some more. Reads only. False at the end. */
bool sever_preview_step(struct social *s, struct sever_preview *preview);

/* --- the pieces, for acts that end follows themselves --- */

/*
 * Records an accepted follow between a local account and another one as lost by event, and ends it;
 * one that is not accepted only ends. event says which, of what kind and about what. True when it is
 * the first that local loses by this event.
 */
bool sever_follow(struct social *s, const struct severance *event, const struct account *local,
		  const struct account *other, bool follower);
/* Tells somebody that they have lost follows. */
void sever_tell(struct social *s, uint64_t account, uint64_t event);
/* "user@host", of our own people, too. */
struct str sever_handle(struct social *s, const struct account *account);

#endif
