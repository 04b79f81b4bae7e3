/* What the files of polls share. */
#ifndef FF_SOCIAL_POLL_INT_H
#define FF_SOCIAL_POLL_INT_H

#include "social/poll.h"

/* Adds the job that ends a poll of this node. */
void poll_end_later(struct social *s, uint64_t status, uint64_t ends_ms);
/*
 * Somebody here has voted in a poll elsewhere, and will hear of its end: adds the job that waits for
 * it, unless there is one. *poll is marked and not written.
 */
void poll_watch(struct social *s, uint64_t status, struct poll *poll);
/* The poll of a post that was brought along from elsewhere: it is over, since nobody can tell who has
 * voted there. */
void poll_import(struct social *s, const struct status *status);
/* A vote was counted: peers hear of it before long, of many votes at once. */
void poll_tell_later(struct social *s, uint64_t status, struct poll *poll);

#endif
