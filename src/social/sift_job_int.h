/* The tasks of JOB_SIFT. */
#ifndef FF_SOCIAL_SIFT_JOB_INT_H
#define FF_SOCIAL_SIFT_JOB_INT_H

#include "core/clock.h"
#include "social/social.h"

#define SIFT_HELD_EVERY_MS MS_PER_HOUR

/* The numbers are stored. */
enum sift_task {
	SIFT_JOB_HELD = 1, /* what was held for too long; comes back while anything is held */
	SIFT_JOB_WAVE = 2, /* a wave's next step */
	SIFT_JOB_LIST = 3, /* a list of blocks */
};

/* due_ms: 0 at once. */
void sift_job_add(struct social *s, enum sift_task task, uint64_t id, uint64_t due_ms);

#endif
