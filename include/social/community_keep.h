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

/* What a job of keeping communities has to do. What cannot be read begins the daily round. */
enum community_task {
	COMMUNITY_TASK_ROUND,  /* goes through all of them once a day */
	COMMUNITY_TASK_CLOSE,  /* the end of it, or of any other account */
	COMMUNITY_TASK_REMOVE, /* what somebody has posted there */
	COMMUNITY_TASK_INHERIT, /* those that belong to it have its settings, as far as they say nothing else */
};
struct community_job {
	enum community_task task;
	uint64_t community; /* of the round: the last that is done */
	/* of the round: the member of the next one that is done last; of inheriting: the child; else whose
	 * posts */
	uint64_t account;
	uint64_t actor;	 /* who removes them; 0: a group elsewhere, or a partner, has said so */
	uint64_t before; /* the post that was looked at last; 0: the newest is next */
};
void community_job_encode(struct buf *out, const struct community_job *job);
struct community_job community_job_decode(struct str payload);
/* A step of any of them; *job is what is next. True at the end. */
bool community_job_step(struct social *s, struct community_job *job);
/* It is done as soon as it can be. */
void community_job_add(struct social *s, const struct community_job *job);

#endif
