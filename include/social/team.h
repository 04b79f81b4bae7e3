/*
 * Teams: local accounts that several people act for, each with their own credentials and a role. What
 * a role may do is a table; a token names the person and the account, and may what both may.
 *
 * What somebody writes who may not publish, and where four eyes are asked for what anybody writes, is
 * a draft (store/schedule.h) until somebody else has reviewed it: never who wrote it, nor whose it is.
 * Every act is in the team's trail, in the write that makes it.
 *
 * Acts run inside write transactions. RC_DENIED, with the reason in ctx, where a role does not permit
 * them; RC_NOT_FOUND for what is not there, or not for this person.
 */
#ifndef FF_SOCIAL_TEAM_H
#define FF_SOCIAL_TEAM_H

#include <stdbool.h>
#include <stdint.h>

#include "social/account.h"
#include "social/schedule.h"
#include "social/scope.h"
#include "social/social.h"
#include "store/team.h"

/* --- roles --- */

/* constant, name, what it permits */
#define TEAM_PERMISSION_TABLE(X)                                                        \
	X(READ, "read", "reading timelines, posts, drafts of one's own, notifications") \
	X(LETTERS, "letters", "reading and answering direct messages")                  \
	X(DRAFT, "draft", "writing what waits for review")                              \
	X(PUBLISH, "publish", "posting at once")                                        \
	X(SCHEDULE, "schedule", "saying when something is posted")                      \
	X(REVIEW, "review", "approving and returning what others wrote")                \
	X(EDIT, "edit", "changing posts and drafts of others")                          \
	X(DELETE, "delete", "deleting posts and drafts of others")                      \
	X(ENGAGE, "engage", "liking, boosting, voting")                                 \
	X(RELATE, "relate", "following, muting, blocking, reporting, lists, filters")   \
	X(PROFILE, "profile", "changing the profile")                                   \
	X(ANALYTICS, "analytics", "seeing figures")                                     \
	X(MEMBERS, "members", "giving roles and changing what the team has agreed on")  \
	X(LOG, "log", "reading the trail")

enum team_permission_bit {
#define X(constant, name, text) TEAM_BIT_##constant,
	TEAM_PERMISSION_TABLE(X)
#undef X
		TEAM_PERMISSION_BITS,
};
typedef unsigned team_permissions;
#define TEAM_MAY(constant) (1U << TEAM_BIT_##constant)

/* "administrator", "editor", "author", "reviewer", "analyst"; "" for TEAM_NOBODY. */
const char *team_role_name(enum team_role role);
bool team_role_parse(struct str name, enum team_role *out) NODISCARD;
team_permissions team_role_permissions(enum team_role role);
static inline bool team_role_may(enum team_role role, team_permissions one_of)
{
	return (team_role_permissions(role) & one_of) != 0;
}
/* The name of a permission, by its bit; NULL behind the last. */
const char *team_permission_name(unsigned bit);
/* "members", "public", "everywhere". */
const char *team_credit_name(enum team_credit credit);
bool team_credit_parse(struct str name, enum team_credit *out) NODISCARD;
/* What a token of somebody with this role may do at most. */
scope_set team_role_scopes(enum team_role role);

/* What person may do for a team now: TEAM_NOBODY, too, when one of the two is suspended. */
enum team_role team_role_of(struct db_txn *txn, struct arena *arena, uint64_t team,
			    uint64_t person);

/* --- the team. person is who acts: 0 is who runs the node, and may everything --- */

/* What is changed; unset stays. */
struct team_change {
	bool has_four_eyes, four_eyes;
	bool has_credit;
	enum team_credit credit;
};

/*
 * A local account of an organisation or a service becomes a team, whose first administrator is given.
 * Nobody signs in as it any more. RC_INVALID, RC_EXISTS.
 */
enum rc team_create(struct social *s, uint64_t person, const struct account *account,
		    uint64_t administrator, const struct team_change *wishes) NODISCARD;

#define TEAMS_FOUNDED_MAX 20 /* that somebody may be an administrator of and still make another */
struct team_founding {
	uint64_t person; /* its first administrator */
	struct new_account account;
	struct account_secrets secrets; /* of account_keys_make() */
	struct team_change wishes;
	struct account made; /* set by team_found() */
};
/*
 * Outside any write, before keys are made: may the person make a team of this name? RC_DENIED for whose
 * role at the node does not permit it, RC_TOO_LARGE for who has enough of them, RC_INVALID for what is
 * no name, RC_EXISTS for one that is taken; all with the reason in ctx.
 */
enum rc team_found_check(struct ctx *ctx, const struct site *site, struct db *db, uint64_t person,
			 struct str name) NODISCARD;
/* Makes an account that is a team. Asks all of that once more; RC_INVALID for texts, too. */
enum rc team_found(struct social *s, struct team_founding *founding) NODISCARD;
enum rc team_set(struct social *s, uint64_t person, uint64_t team,
		 const struct team_change *change) NODISCARD;
/* Adds a member, or gives one another role. RC_INVALID for who cannot be one; RC_TOO_LARGE; RC_CONFLICT
 * when the last administrator would be none. */
enum rc team_give(struct social *s, uint64_t person, uint64_t team, uint64_t member,
		  enum team_role role) NODISCARD;
/*
 * Ends a membership, with its tokens; everybody may leave. Drafts and scheduled posts go to heir; 0:
 * to who removes them, or to an administrator. RC_CONFLICT: the last administrator cannot leave.
 */
enum rc team_remove(struct social *s, uint64_t person, uint64_t team, uint64_t member,
		    uint64_t heir) NODISCARD;
/* An account that is going: it leaves its teams; a team ends. */
void team_forget(struct social *s, const struct account *account);
/* Ends the tokens with which person acts for team (0: for any), and the streams that use them. */
void team_sign_out(struct db_txn *txn, uint64_t person, uint64_t team);

/* Tells the streams of those tokens to come again: what they may has changed. */
void team_streams_end(struct db_txn *txn, uint64_t person, uint64_t team);

/* What who runs the node does for an account by the command line: if it is a team's, its trail says so. */
void team_operated(struct social *s, const struct account *account, const char *act,
		   uint64_t about);
/* Is whatever anybody posts for the account reviewed? */
bool team_asks_four_eyes(struct db_txn *txn, const struct account *account);

/* Adds to the trail. */
void team_log(struct social *s, uint64_t team, uint64_t person, const char *act, uint64_t about,
	      struct str words);

/* --- what is written --- */

enum team_way {
	TEAM_REFUSED,
	TEAM_REVIEWED, /* it becomes a draft, which waits */
	TEAM_AT_ONCE,
};

/* What becomes of a post, or of a change of a post that writer wrote, when somebody with this role
 * sends it. edits 0: it is a new one. */
enum team_way team_way_of(const struct team *team, enum team_role role, uint64_t person,
			  uint64_t edits, uint64_t writer);

/* What person sends for a team, as it is kept. */
struct team_writing {
	uint64_t team, person;
	uint64_t id;	  /* of the draft that it changes; 0: it is a new one */
	uint64_t seen_ms; /* of a draft: its changed_ms as the writer saw it */
	uint64_t edits;	  /* the post that it would change; 0: it is a new one */
	uint64_t due_ms;
	bool submit; /* it is to be reviewed now */
	const struct post_params *params;
};
/* Outside any write: what is kept is what could be posted. RC_INVALID with the reason in ctx. */
enum rc team_write_check(struct ctx *ctx, const struct site *site, struct db *db,
			 const struct team_writing *w) NODISCARD;
/* RC_INVALID (media, a time that has passed), RC_TOO_LARGE; RC_CONFLICT: it was changed since it was
 * seen. *out is what is stored. */
enum rc team_write(struct social *s, const struct team_writing *w, struct scheduled *out) NODISCARD;
/* May person look at a draft or a scheduled post; put it off or take it away? */
/* Did person write it, or what became of it? */
bool team_has_written(const struct scheduled *row, uint64_t person);
bool team_may_look(enum team_role role, uint64_t person, const struct scheduled *row);
bool team_may_drop(enum team_role role, uint64_t person, const struct scheduled *row);
enum rc team_drop(struct social *s, uint64_t person, uint64_t team, uint64_t id) NODISCARD;
enum rc team_put_off(struct social *s, uint64_t person, uint64_t team, uint64_t id,
		     uint64_t due_ms) NODISCARD;

/* --- reviewing --- */

/* What is approved, composed outside of any write. */
struct team_review {
	uint64_t team, person, id;
	uint64_t seen_ms; /* its changed_ms as the reviewer saw it */
	struct scheduled row;
	struct post_params params;
	struct draft draft;
	uint64_t made; /* the post, or the draft while its time has not come */
	bool published;
};
enum rc team_review_compose(struct ctx *ctx, const struct site *site, struct db *db,
			    struct team_review *review) NODISCARD;
/* Publishes it, or lets it be published at its time. RC_CONFLICT: it was changed since it was seen, or
 * does not wait. */
enum rc team_approve(struct social *s, struct team_review *review) NODISCARD;
enum rc team_return(struct social *s, uint64_t person, uint64_t team, uint64_t id,
		    struct str note) NODISCARD;

#endif
