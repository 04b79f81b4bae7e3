/*
 * Reports, and their lanes: a report is handled by the node's moderators, or by the staff of the community that it is
 * about, each in a lane of their own. A community escalates what it cannot decide; the node takes up
 * what it wants to, and hands down what is a community's own matter. Acts run inside a write
 * transaction; an actor who is NULL is the operator, who may act in every lane.
 */
#ifndef FF_SOCIAL_LANE_H
#define FF_SOCIAL_LANE_H

#include <stdbool.h>
#include <stdint.h>

#include "social/social.h"
#include "store/report.h"

/* Reports target: comment, objects, category and rules are what's reported, forwarded asks to tell
 * the target's server (S-080: in the instance actor's name). community, where it is not 0, is where it is sent to:
 * one of this node, in which target is, or, by somebody of here, one elsewhere, which is told. *id may be NULL.
 * RC_TOO_LARGE; of a community RC_NOT_FOUND where the reporter does not see it, RC_DENIED where they are not told
 * who is in it, RC_INVALID where target is not or the posts are not, with the reason in ctx. */
enum rc report_file(struct social *s, const struct account *reporter, const struct account *target,
		    const struct report *what, uint64_t *id) NODISCARD;

enum report_step {
	REPORT_ASSIGN, /* to the moderator; one of the node takes it up so, whatever lane it is in */
	REPORT_UNASSIGN,
	REPORT_RESOLVE,
	REPORT_REOPEN,
};
enum rc report_handle(struct social *s, const struct account *moderator, uint64_t report,
		      enum report_step step) NODISCARD;
/* To somebody else who may handle it. RC_INVALID for who may not. */
enum rc report_assign(struct social *s, const struct account *moderator, uint64_t report,
		      uint64_t account) NODISCARD;
/* Another category and its rules. What is a legal matter goes to the node. */
enum rc report_sort(struct social *s, const struct account *moderator, uint64_t report,
		    enum report_category category, const uint64_t *rules,
		    unsigned rule_count) NODISCARD;

/* What decides of the lane of a new report, and whether one can be handed down. */
struct lane_facts {
	enum report_category category;
	bool by_node;	      /* one of the node's own rules for posts has found it */
	bool about_community; /* all that it names is in one community of this node */
	bool about_staff;     /* the target looks after that community */
	bool staffed; /* somebody of this node handles reports there, and did not report it */
};
/* The community's? Pure: the first row of the table that fits. *why, which may be NULL, says why not. */
bool lane_is_community(const struct lane_facts *facts, const char **why);

/* The lane that a report has now: a community that is gone has none. */
uint64_t lane_of(struct db_txn *txn, const struct report *report);
/* The lane, and the community that it is about, of a report that is about to be filed. */
void lane_choose(struct social *s, struct report *report);
/* Who handles it hears of it, but for who is reported and who reports. */
void lane_tell(struct social *s, const struct report *report);

/* May the account handle it? Nobody does what is about themselves. */
bool lane_permits(struct db_txn *txn, struct arena *arena, uint64_t account,
		  const struct report *report);
/* May it read it? The node's moderators read what is in every lane. */
bool lane_shows(struct db_txn *txn, struct arena *arena, uint64_t account,
		const struct report *report);

/* Reasons are needed, and have at most REPORT_NOTE_CHARS. RC_DENIED, RC_NOT_FOUND, RC_EXISTS (it is
 * there already), RC_INVALID with the reason in ctx. */
enum rc report_escalate(struct social *s, const struct account *actor, uint64_t report,
			struct str reason) NODISCARD;
enum rc report_hand_down(struct social *s, const struct account *actor, uint64_t report,
			 struct str reason) NODISCARD;
/* Notes are for those who handle it. RC_TOO_LARGE: there are too many. */
enum rc report_note(struct social *s, const struct account *actor, uint64_t report, struct str text,
		    uint64_t *note) NODISCARD;
/* One's own. */
enum rc report_unnote(struct social *s, const struct account *actor, uint64_t report,
		      uint64_t note) NODISCARD;

#endif
