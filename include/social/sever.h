/*
 * Follows that end because a host is blocked or an account suspended: whoever loses some is told, and
 * keeps a list of them. Inside transactions.
 */
#ifndef FF_SOCIAL_SEVER_H
#define FF_SOCIAL_SEVER_H

#include "core/buf.h"
#include "social/social.h"
#include "store/severance.h"

/* --- JOB_SEVER: a host was blocked, and its follows end, some at a time --- */

struct sever_job {
	uint64_t event;
	struct str host;
	struct str user;  /* the local account behind which it goes on; empty: the first */
	uint64_t account; /* whom it is at; 0: the next one */
	bool followers;	  /* of whom it is at: those who follow, or whom they follow */
	uint64_t after;
};
void sever_job_encode(struct buf *out, const struct sever_job *job);
/* Strings are copied into arena. */
bool sever_job_decode(struct arena *arena, struct str payload, struct sever_job *out) NODISCARD;
/* One step, which moves job on. RC_BUSY: there is more to do. */
enum rc sever_job_step(struct social *s, struct sever_job *job) NODISCARD;

/* --- what a block would end --- */

struct sever_preview {
	uint64_t followers, following; /* follows that would end */
	uint64_t people;	       /* of here who would lose some */
	bool touched;		       /* whom it is at would */
};
/* Looks at some more; job starts with nothing but its host. Reads only. False at the end. */
bool sever_preview_step(struct social *s, struct sever_job *job, struct sever_preview *out);

/* --- the pieces, for acts that end follows themselves --- */

/* Records an accepted follow between a local account and another one as lost by event, and ends
 * it; one that is not accepted only ends. event->event and the like are filled in, account is not. */
void sever_follow(struct social *s, const struct severance *event, const struct account *local,
		  const struct account *other, bool follower);
/* Tells somebody that they have lost follows, if they have. */
void sever_tell(struct social *s, uint64_t account, uint64_t event);
/* "user@host", of our own people, too. */
struct str sever_handle(struct social *s, const struct account *account);

#endif
