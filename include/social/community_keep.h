/*
 * The end of communities, and what is done to them from time to time: what is older than its retention
 * goes, and what a community leaves behind whose account was deleted. Inside write transactions.
 */
#ifndef FF_SOCIAL_COMMUNITY_KEEP_H
#define FF_SOCIAL_COMMUNITY_KEEP_H

#include <stdbool.h>
#include <stdint.h>

#include "core/buf.h"
#include "social/account.h"
#include "social/social.h"

/*
 * Deletes a community and its account; only its owner may. It is out of sight at once, and the rest is done
 * by a job, in steps: what its members posted stays with them. RC_INVALID while others belong to it: they
 * inherit from it. RC_GONE when that has begun.
 */
enum rc community_close(struct social *s, const struct account *actor, uint64_t id) NODISCARD;
/* The next step of it, whoever makes it. True when nothing is left. */
bool community_close_step(struct social *s, uint64_t id);

/* What a job of keeping communities has to do. What cannot be read begins from the start. */
struct community_job {
	uint64_t after;	  /* goes through all that come after it, once a day */
	uint64_t closing; /* not 0: closes this one instead, and does not come back */
};
void community_job_encode(struct buf *out, const struct community_job *job);
struct community_job community_job_decode(struct str payload);

/*
 * A step of going through all communities of this node; *after is where it stands, 0 at the beginning.
 * True when the end was reached.
 */
bool community_keep_step(struct social *s, uint64_t *after);

#endif
