/*
 * Communities: who may do what in them, who is in, what is posted. A community is a Group account;
 * following it is being a member. Those of this node are ruled by what stands here; those elsewhere by
 * their own server, and what is known of them is their posts.
 *
 * Acts run inside a write transaction. An actor who is NULL is the operator at the command line, who
 * may do everything. RC_DENIED, with the reason in ctx, for who may not; RC_NOT_FOUND; RC_INVALID.
 */
#ifndef FF_SOCIAL_COMMUNITY_H
#define FF_SOCIAL_COMMUNITY_H

#include <stdbool.h>
#include <stdint.h>

#include "social/account.h"
#include "social/see.h"
#include "social/social.h"
#include "store/community.h"
#include "store/graph.h"
#include "store/report.h"
#include "store/status.h"

/* --- who may --- */

/* How somebody stands in a community of this node. */
struct community_standing {
	bool member;
	bool banned; /* now */
	unsigned permissions;
	uint32_t position;
	uint64_t role;
};
/* False when it is no community of this node. account 0: anybody. */
bool community_standing(struct db_txn *txn, struct arena *arena, uint64_t community,
			uint64_t account, struct community_standing *out);
/* All of the permissions? */
bool community_permits(struct db_txn *txn, uint64_t community, uint64_t account,
		       unsigned permissions);
/* Of this node, and a member that is not banned: who sees what is for members. */
bool community_has_member(struct db_txn *txn, uint64_t community, uint64_t account);
/* May viewer know what is said in it, as far as the community decides? */
bool may_see_community(struct db_txn *txn, struct arena *arena, struct viewer viewer,
		       uint64_t community);
/* May viewer be told that somebody is in it? Accounts that are no groups are told of. */
bool may_see_membership(struct db_txn *txn, struct arena *arena, struct viewer viewer,
			const struct account *account);
/* May viewer see a status that is for members, or waits? The rule of see.h asks. */
bool community_shows(struct db_txn *txn, struct viewer viewer, const struct status *status);

/* --- making and changing --- */

/*
 * Makes the account, which nobody signs in to, and the community; founder, who may be NULL, becomes
 * its owner and member. settings->id is set. RC_EXISTS when the name is taken.
 */
enum rc community_create(struct social *s, const struct account *founder,
			 const struct new_account *account, const struct account_secrets *secrets,
			 struct community *settings, struct account *out) NODISCARD;
/* Replaces the settings. RC_INVALID also where a circle of parents would be made, or what is for
 * members alone has members elsewhere. */
enum rc community_change(struct social *s, const struct account *actor,
			 const struct community *settings) NODISCARD;
/* A role's name, place and permissions (id 0: a new one); nobody gives what they do not have. */
enum rc community_role_change(struct social *s, const struct account *actor, uint64_t community,
			      struct community_role *role) NODISCARD;
/* Who has the role becomes a plain member, and invitations that give it end. RC_INVALID while a consultation
 * that is not over asks those who have it. */
enum rc community_role_drop(struct social *s, const struct account *actor, uint64_t community,
			    uint64_t role) NODISCARD;

/* --- members --- */

/* What becomes of a follow of a community: *state. RC_DENIED where it is refused. act_follow() asks. */
enum rc community_receives(struct social *s, const struct account *follower,
			   const struct account *community, enum follow_state *state) NODISCARD;
/* There is a new request: those who may admit hear of it. */
void community_requested(struct social *s, const struct account *follower, uint64_t community);
/* Does an invitation let in, now? Whoever made it must still be able to: who lost the right has ended it. */
bool community_invite_holds(struct db_txn *txn, struct arena *arena,
			    const struct community_invite *invite);
/* It was decided: the others need not look at it. */
void community_decided(struct social *s, const struct account *follower, uint64_t community);
/* With an invitation's secret: a member at once, with the role that it gives. */
enum rc community_join_invited(struct social *s, const struct account *account, struct str secret,
			       uint64_t *community) NODISCARD;
/* What is left of a member's part when the follow has ended. act_unfollow() calls it. RC_DENIED for the
 * last owner. */
enum rc community_left(struct social *s, uint64_t community, uint64_t account) NODISCARD;
/* The same of who blocks it, with the role that a partner or a group elsewhere has given, which needs no
 * follow. act_block() calls it. */
enum rc community_given_up(struct social *s, uint64_t community, uint64_t account) NODISCARD;
/* A request is accepted or refused; or (refused) somebody is put out, who may come again. */
enum rc community_admit(struct social *s, const struct account *actor, uint64_t community,
			uint64_t account, bool accept) NODISCARD;
/* A role; COMMUNITY_MEMBER takes every other one back. The last owner stays. */
enum rc community_appoint(struct social *s, const struct account *actor, uint64_t community,
			  uint64_t account, uint64_t role) NODISCARD;
/* What those who see strikes keep in mind of somebody, for themselves; empty takes it away. RC_DENIED, RC_NOT_FOUND
 * for who is neither in it nor known to it, RC_INVALID, with the reason in ctx. */
enum rc community_note(struct social *s, const struct account *actor, uint64_t community,
		       uint64_t account, struct str note) NODISCARD;
/* Hands the community over: the actor, who owns it, becomes a moderator; who owns it with them owns it alone.
 * RC_INVALID to oneself. */
enum rc community_transfer(struct social *s, const struct account *actor, uint64_t community,
			   uint64_t account) NODISCARD;
/* Until until_ms (0: for good). Ends the membership, and what waits of theirs is refused. */
enum rc community_ban(struct social *s, const struct account *actor, uint64_t community,
		      uint64_t account, struct str reason, uint64_t until_ms) NODISCARD;
enum rc community_unban(struct social *s, const struct account *actor, uint64_t community,
			uint64_t account) NODISCARD;
/* invite->community, role, until_ms and limit are given; secret is what will stand in the link. */
enum rc community_invite(struct social *s, const struct account *actor, struct str secret,
			 struct community_invite *invite) NODISCARD;
enum rc community_uninvite(struct social *s, const struct account *actor, uint64_t community,
			   uint64_t invite) NODISCARD;

/* --- posts --- */

/*
 * Which community a new post is in, and what that makes of it: status->community, waits and
 * visibility. wanted, when not 0, is what its author chose; else it is that of the parent (which may be
 * NULL), or the first group that it mentions. RC_DENIED with the reason in ctx, where the author wants
 * to post in it and may not: by a mention, too, unless somebody who is not in it speaks of one that
 * everybody may read. It is refused also where community_names_none_closed() says so.
 */
enum rc community_route(struct social *s, const struct account *author, struct status *status,
			const struct status *parent, uint64_t wanted) NODISCARD;
/* Whoever names a community that only its members, or the people of this node, may read means it to
 * hear what others must not: RC_DENIED where a local author names one, outside of it, to more people
 * than may read it. before (or NULL) is an earlier version, whose mentions count no more. The mentioned
 * accounts are known (post_know_mentioned()). */
enum rc community_names_none_closed(struct social *s, const struct account *author,
				    const struct status *status,
				    const struct status *before) NODISCARD;
struct draft;
/* Would a composed draft be refused by the community that it belongs in? As community_route(), but how
 * lately its author has posted does not count: it is for later. */
enum rc community_foresee(struct social *s, const struct draft *draft) NODISCARD;
/* It is stored: it gets its place in the community, which passes it on unless it waits. */
enum rc community_posted(struct social *s, const struct account *author,
			 const struct status *status) NODISCARD;
/* A group elsewhere says that a post of anybody is in it. */
void community_tells(struct social *s, uint64_t community, struct status *status);
/* It does so just now, by an Announce with this id (or none): a thread is shown by the group's boost to those
 * who want that at home, and told to those who watch it. */
enum rc community_announced(struct social *s, const struct account *group,
			    const struct status *status, struct str uri) NODISCARD;
/* Was it ever shown in its community, so that others may know it? What waits for the first time was not. */
bool community_knows(struct db_txn *txn, const struct status *status);
/* Is the account banned from a community of this node, now? */
bool community_bans(struct db_txn *txn, uint64_t community, uint64_t account);
/* It is going: its place, too. */
void community_gone(struct social *s, const struct status *status);

struct federate;
/* A local account's act upon a post, or in a community: a community of this node passes it on; one
 * elsewhere hears of it. community 0: nothing. */
void community_pass(struct social *s, uint64_t community, const struct federate *inner);
/* A community elsewhere hears of it. */
void community_hears(struct social *s, uint64_t community, struct federate *f);
/* May the actor vote on this? RC_DENIED. */
enum rc community_hears_vote(struct social *s, const struct account *actor,
			     const struct status *status) NODISCARD;
/* What a remote member sent, as it came, in the queue's keeping; concerns (0: nobody) hears of it,
 * member or not. */
void community_pass_body(struct social *s, uint64_t community, uint64_t body, struct str origin,
			 uint64_t concerns);
/* A vote or a reaction, or that it is taken back: told when there is time (federate_add_patient()). */
void community_pass_vote(struct social *s, uint64_t community, uint64_t body, struct str origin);

/* What moderators do with a post; reason is told to who is concerned. */
enum community_act {
	COMMUNITY_ACT_APPROVE, /* what waits */
	COMMUNITY_ACT_REFUSE,
	COMMUNITY_ACT_REMOVE,
	COMMUNITY_ACT_RESTORE,
	COMMUNITY_ACT_LOCK,
	COMMUNITY_ACT_UNLOCK,
	COMMUNITY_ACT_PIN,
	COMMUNITY_ACT_UNPIN,
};
/* By a local moderator, or by one elsewhere of a community of this node. RC_EXISTS when it is so
 * already. */
enum rc community_moderate(struct social *s, const struct account *actor, uint64_t status,
			   enum community_act act, struct str reason) NODISCARD;
/* COMMUNITY_ACT_APPROVE of a post whose edited_ms was seen_ms when it was looked at. RC_CONFLICT: it was
 * edited meanwhile, with the reason in ctx. */
enum rc community_approve(struct social *s, const struct account *actor, uint64_t status,
			  uint64_t seen_ms, struct str reason) NODISCARD;
/* COMMUNITY_ACT_PIN that ends by itself, as announcements do; a pin gets another end (0: none). */
enum rc community_pin_until(struct social *s, const struct account *actor, uint64_t status,
			    uint64_t until_ms) NODISCARD;
/* Pins that are over are taken out, so that other servers hear of it. */
void community_pins_end(struct social *s, uint64_t community);
/* What a group elsewhere says was done in it. */
enum rc community_moderated(struct social *s, uint64_t community, uint64_t status,
			    enum community_act act, struct str reason) NODISCARD;
/* --- what a group elsewhere tells --- */

/* Is it for a group elsewhere to say that this post is in it: does the post name the group, answer one
 * in it, or come from the group's own host? */
bool community_belongs(struct social *s, const struct account *group, const struct status *status);
/* Somebody has voted on a post of the group's: nobody here needs to know who. RC_EXISTS, RC_DENIED. */
enum community_vote {
	COMMUNITY_VOTE_NONE, /* taken back */
	COMMUNITY_VOTE_UP,
	COMMUNITY_VOTE_DOWN,
};
enum rc community_told_vote(struct social *s, uint64_t community, uint64_t status, struct str voter,
			    enum community_vote vote) NODISCARD;
/* Their vote is known by themselves now. */
void community_vote_known(struct social *s, const struct account *voter,
			  const struct status *status);
/* Who moderates it: one comes or goes. RC_EXISTS; RC_DENIED of a community of this node. */
enum rc community_told_moderator(struct social *s, uint64_t community, uint64_t account,
				 bool moderates) NODISCARD;
/* Somebody may not post in it any more, or may again. */
enum rc community_told_ban(struct social *s, uint64_t community, uint64_t account, bool banned,
			   struct str reason, uint64_t until_ms) NODISCARD;
/* Does a local account moderate a group elsewhere, as far as that has told? */
bool community_moderates(struct social *s, uint64_t community, uint64_t account);
/* How somebody stands in a group elsewhere, as far as that has told; the permissions are those by which
 * something can be done from here. False for a community of this node. */
bool community_standing_elsewhere(struct db_txn *txn, struct arena *arena, uint64_t community,
				  uint64_t account, struct community_standing *out);
/* What who moderates a group elsewhere does in it from here. */
#define COMMUNITY_MAY_ELSEWHERE (COMMUNITY_MAY_REMOVE | COMMUNITY_MAY_LOCK | COMMUNITY_MAY_PIN)
/* Takes out what an account has posted in a community, by a job, the newest first; actor moderates it, or is
 * NULL where the community is elsewhere and has said so, or a partner of it has. */
void community_remove_later(struct social *s, const struct account *actor, uint64_t community,
			    uint64_t account);

/* --- reports --- */

/* It is handled: who reported from elsewhere hears so, from the community in whose posts it was. */
void community_tell_resolved(struct social *s, const struct report *report);

/* --- further --- */

/* A thread about a post, with these words before a link to it, in *draft, whose author and community are given. RC_DENIED
 * with the reason in ctx: what is not for everybody is not carried elsewhere. */
enum rc community_cross_draft(struct ctx *ctx, const struct status *source, struct str text,
			      struct draft *draft) NODISCARD;
/* Posts it, composed. RC_EXISTS with the reason in ctx when the post is in that community itself, or one of its newest
 * threads leads to it. */
enum rc community_cross(struct social *s, const struct status *source,
			struct draft *draft) NODISCARD;
/* Of a thread; 0: none. RC_INVALID with the reason in ctx for one that the community has not. */
enum rc community_set_flair(struct social *s, const struct account *actor, uint64_t status,
			    uint32_t flair) NODISCARD;

/* A step of removing what is older than its retention: at most count posts. Returns how many went. */
size_t community_retain(struct social *s, uint64_t community, size_t count);

#endif
