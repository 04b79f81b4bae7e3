/* What the files of teams share. Inside transactions only. */
#ifndef FF_SOCIAL_TEAM_INT_H
#define FF_SOCIAL_TEAM_INT_H

#include "act_int.h"
#include "social/team.h"

/* RC_DENIED with the reason in ctx unless person (0: who runs the node) has one of these. */
enum rc team_allow(struct social *s, uint64_t team, uint64_t person,
		   team_permissions one_of) NODISCARD;

/* A letter of the team to members of it: text is plain, link may be empty. */
void team_letter(struct social *s, uint64_t team, const uint64_t *members, size_t count,
		 struct str text, struct str link);
/* All who may review what its writer and owner may not. */
void team_tell_reviewers(struct social *s, const struct scheduled *row);

/* Gives what is somebody's to somebody else; how many. */
size_t team_hand_over(struct social *s, uint64_t team, uint64_t from, uint64_t to);

/* May what is scheduled be posted: was it reviewed, or may its owner still publish? */
bool team_may_publish(struct social *s, const struct scheduled *row);
/* It may not: it waits for review. */
enum rc team_hold(struct social *s, const struct scheduled *row) NODISCARD;

/* The job that posts at its time, or makes what was scheduled wait where it may not be. */
void schedule_enqueue(struct social *s, uint64_t account, uint64_t id, uint64_t due_ms);

/* Who wrote what is being posted or changed is kept with it, and told where the team wants that. */
void team_sign(struct social *s, const struct account *author, struct status *status);
void team_posted(struct social *s, const struct status *status);
void team_edited(struct social *s, const struct status *status);

#endif
