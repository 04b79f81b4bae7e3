/* What the files of communities share. */
#ifndef FF_SOCIAL_COMMUNITY_INT_H
#define FF_SOCIAL_COMMUNITY_INT_H

#include "act_int.h"
#include "social/community.h"
#include "store/joint_word.h"

/* May the actor do it (NULL: the operator)? RC_DENIED with a reason, RC_NOT_FOUND where there is no
 * such community. */
enum rc community_require(struct social *s, const struct account *actor, uint64_t community,
			  unsigned permissions) NODISCARD;
/* Does the actor stand above account in the community? */
bool community_is_above(struct social *s, const struct account *actor, uint64_t community,
			uint64_t account);
/* Has a group elsewhere told that it has banned this account, and is it still so? */
bool community_banned_elsewhere(struct social *s, uint64_t community, uint64_t account);
/* One notification for each member of this node who has one of the permissions; status 0: it is about the
 * community. */
void community_tell_staff(struct social *s, uint64_t community, unsigned permissions,
			  enum notice_kind kind, uint64_t from, uint64_t status);
/* community_post.c: a post is in it from now on. */
enum rc community_taken_up(struct social *s, const struct account *author,
			   const struct status *status) NODISCARD;
/* As community_moderate(), community_ban() and community_unban(), without strikes. */
enum rc community_do(struct social *s, const struct account *actor, uint64_t status,
		     enum community_act act, struct str reason) NODISCARD;
enum rc community_ban_do(struct social *s, const struct account *actor, uint64_t community,
			 uint64_t account, struct str reason, uint64_t until_ms) NODISCARD;
enum rc community_unban_do(struct social *s, const struct account *actor, uint64_t community,
			   uint64_t account) NODISCARD;
/* An act of a moderator, for those who are told of it on the wire. */
void community_tell_act(struct social *s, const struct account *actor, uint64_t community,
			enum federate_what what, const struct status *status, uint64_t target,
			struct str reason, uint64_t until_ms);

/* --- whose word counts when partners compare (joint_word.c) --- */

struct joint_speaker;
/* What is told of a post by somebody, against what is known. */
struct joint_heard {
	struct joint_word own; /* as it is known */
	uint64_t status;
	uint64_t person; /* 0: unknown */
};
/* Is it news, and may the partner say it? RC_NOT_FOUND: no such post; RC_EXISTS; RC_DENIED. */
enum rc joint_hear(struct social *s, const struct joint_speaker *by, const struct joint_word *told,
		   struct joint_heard *out) NODISCARD;
/* It counts now, and is as old as there. */
enum rc joint_heard_keep(struct social *s, const struct joint_speaker *by,
			 const struct joint_word *told, struct joint_heard *heard) NODISCARD;

/* --- what partners' posts need, too (joint_told.c) --- */

/* Where a status stands that is put into its community. */
struct community_post community_place_of(const struct status *status);
/* A community of this node boosts its threads. */
enum rc community_show(struct social *s, const struct status *status) NODISCARD;
/* community_news.c: what waited was let in, or not: its author hears so, and why. */
void community_tell_decided(struct social *s, const struct account *actor,
			    const struct status *status, bool accepted, struct str reason);
struct consultation;
/* It was called off, as is stored: the thread that told of it says so from now on. */
enum rc consultation_ends_thread(struct social *s,
				 const struct consultation *consultation) NODISCARD;
/* A letter from the community; from themselves where it is 0. That it could not be sent undoes no act. */
void community_write_to(struct social *s, uint64_t community, const struct account *to,
			struct str text, struct str link);
/* Somebody here has another role, or a badge, which they have not given themselves. */
void community_tell_role(struct social *s, const struct account *actor, uint64_t community,
			 uint64_t account, const struct community_role *role);
struct badge;
struct badge_award;
void community_tell_badge(struct social *s, const struct account *actor,
			  const struct badge_award *award, const struct badge *badge);
/* A thread is in it: those who want to hear of every one are told. */
void community_tell_watchers(struct social *s, const struct status *status);
/* Nobody hears more of it than the community lets them; what is narrower stays so. */
void community_narrow(struct status *status, enum community_sight sight);
/* Is what is said in it for people of this node alone? */
bool community_stays_here(const struct community *c);
/* Sets or clears what an act is, and keeps why. RC_EXISTS, RC_INVALID, RC_DENIED. */
enum rc community_apply(struct social *s, const struct status *status, enum community_act act,
			struct str reason) NODISCARD;
/* What that means for what the community shows. */
enum rc community_reshow(struct social *s, const struct status *status,
			 enum community_act act) NODISCARD;
/* The host of an id; empty for what is none. */
struct str community_host_of(struct social *s, struct str uri);
/* Is it of the group's own host? */
bool community_is_neighbour(struct social *s, const struct account *group, struct str uri);
/* A vote that a group has told, of a post that is its to tell of. RC_EXISTS. */
enum rc community_count_vote(struct social *s, uint64_t status, struct str voter,
			     enum community_vote vote) NODISCARD;
/* What is kept of somebody in a community; false: nothing, and *out says so. Put, a row that says nothing
 * goes. */
bool community_row_get(struct social *s, uint64_t community, uint64_t account,
		       struct community_member *out);
void community_row_put(struct social *s, const struct community_member *m);
/* --- community_lost.c --- */

/* Who owns it, is there and is in it, but for one (0: none); here: of this node alone. How many. */
size_t community_owners(struct db_txn *txn, struct arena *arena, uint64_t community, bool here,
			uint64_t but, uint64_t *out, size_t max);
bool community_has_owner(struct db_txn *txn, struct arena *arena, uint64_t community, bool here,
			 uint64_t but);
/* Their follow is ended by the node: what they looked after is others' from now on. */
void community_part_lost(struct social *s, uint64_t community, uint64_t account);
/* Rows of one whose account is deleted, at most count. Returns how many went. */
size_t community_forget(struct social *s, const struct account *account, size_t count);
/* A step of going through the members for such that were left before; *after is where it stands, 0 at the
 * beginning and at the end. True at the end. */
bool community_ghosts_step(struct social *s, uint64_t community, uint64_t *after);

/* community_edit.c. May the author change what is in a community (next->community) of this node, or now name
 * one in it that keeps to itself? It may have to wait once more: next->waits. RC_DENIED. */
enum rc community_may_edit(struct social *s, const struct account *author, const struct status *now,
			   struct status *next) NODISCARD;
/* It is stored as `now`: its place says so. */
void community_edited(struct social *s, const struct status *before, const struct status *now);
/* It is shown again, and others hear what they missed of it: what its remote author sent meanwhile. */
void community_tell_missed(struct social *s, const struct account *author,
			   const struct status *status);
/* What was taken out is back: others hear of what has changed meanwhile. */
enum rc community_restored(struct social *s, const struct account *author,
			   const struct status *status) NODISCARD;
/* It was shown before: others hear how it is now. */
enum rc community_release_edit(struct social *s, const struct account *author,
			       const struct status *status) NODISCARD;

struct community_job;
/* community_told.c. A step of community_remove_later(). True at the end. */
bool community_remove_step(struct social *s, struct community_job *job);
/* community.c. A step of what follows from other settings. True at the end. */
bool community_inherit_step(struct social *s, struct community_job *job);

/* What waited appears. */
enum rc community_release(struct social *s, struct status *status,
			  const struct account *author) NODISCARD;

/* community_role_name.c: is a role called like another of the community, or so that it looks like one of the four
 * that every community has? What is no text does. */
bool community_role_misleads(struct social *s, uint64_t community,
			     const struct community_role *role);

#endif
