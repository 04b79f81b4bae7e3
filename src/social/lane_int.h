/* What the files of reports share. Inside write transactions. */
#ifndef FF_SOCIAL_LANE_INT_H
#define FF_SOCIAL_LANE_INT_H

#include "moderate_int.h"
#include "social/audit.h"
#include "social/lane.h"

/* Does it name posts? *community is the one in which all of them are, here or elsewhere; 0: there is none. */
bool lane_of_posts(struct social *s, const struct report *report, uint64_t *community);

/* One that the actor may handle. RC_DENIED with the reason in ctx, RC_NOT_FOUND. */
enum rc report_load(struct social *s, const struct account *actor, uint64_t id,
		    struct report *out) NODISCARD;
/* There is none: RC_NOT_FOUND, or RC_DENIED for who handles none at the node. */
enum rc report_missing(struct social *s, const struct account *actor) NODISCARD;
enum rc report_store(struct social *s, struct report *report) NODISCARD;
/* Writes into its history, and into the record of acts; about is what the history says besides. */
void report_record(struct social *s, const struct account *actor, const struct report *report,
		   enum audit_act act, enum report_event_kind kind, uint64_t about,
		   struct str text);
/* The node has acted upon what it is about: it is resolved, whatever lane it was in. */
enum rc report_answer(struct social *s, const struct account *moderator, uint64_t id) NODISCARD;
/* It leaves its lane for the node's. Nothing is stored of the report itself. */
void lane_leave(struct social *s, const struct account *actor, struct report *report,
		struct str reason);

#endif
