/*
 * Joint communities: a community here and groups elsewhere that own it together. Each partner has a
 * group of its own; what is said and decided in one is passed on to the others, and taken there as if
 * it had been said and decided in theirs. The relation is between two and stands only where both have
 * agreed; partners of partners are reached through them, whatever way they are connected.
 *
 * A partner's word counts for what is in the joint community, and for nothing else: not for the posts
 * of other communities, not against those who own or moderate this one, and not against what this node
 * has decided about hosts and accounts.
 *
 * Acts run inside a write transaction; an actor who is NULL is the operator at the command line.
 */
#ifndef FF_SOCIAL_JOINT_H
#define FF_SOCIAL_JOINT_H

#include <stdbool.h>
#include <stdint.h>

#include "social/community.h"
#include "store/joint_word.h"

/* --- the relation, from here: owners alone --- */

/* May the actor offer it at all? Asked before another host is asked who its group is; reads alone.
 * RC_DENIED, RC_INVALID with the reason, RC_NOT_FOUND. */
enum rc joint_offer_check(struct social *s, const struct account *actor,
			  uint64_t community) NODISCARD;
/* Offers a group elsewhere to own the community together, or accepts what it has offered. RC_INVALID,
 * with the reason, where what is in the community stays here, or the group is none elsewhere. RC_EXISTS,
 * RC_TOO_LARGE. */
enum rc joint_offer(struct social *s, const struct account *actor, uint64_t community,
		    const struct account *group) NODISCARD;
/* Answers an offer of theirs. RC_NOT_FOUND where there is none. */
enum rc joint_accept(struct social *s, const struct account *actor, uint64_t community,
		     uint64_t group) NODISCARD;
/* Refuses their offer, takes ours back, or ends what was agreed. What was said stays on both sides. */
enum rc joint_end(struct social *s, const struct account *actor, uint64_t community,
		  uint64_t group) NODISCARD;
/* Compares anew, now. */
enum rc joint_compare(struct social *s, const struct account *actor, uint64_t community,
		      uint64_t group) NODISCARD;
/* News that came by comparing: the other partners are asked to compare, too. */
void joint_nudge(struct social *s, uint64_t community, uint64_t but);
/* It does not know us as its partner any more, and nobody has told us: an Offer asks it. Whoever has ended
 * it has it from its owners again, or refuses it, and then it ends here, too. */
void joint_remind(struct social *s, uint64_t community, uint64_t partner);
/* The account is going: what it was the partner of is not any more. */
void joint_forget(struct social *s, uint64_t account);

/* --- the relation, as a group elsewhere tells of it --- */

/* It offers, or says that there is something new to compare; items is where. RC_DENIED where it has
 * been refused. */
enum rc joint_offered(struct social *s, const struct account *group, uint64_t community,
		      struct str offer, struct str items) NODISCARD;
/* Its answer to an offer of ours; a refusal ends what was agreed, too. RC_NOT_FOUND. */
enum rc joint_answered(struct social *s, const struct account *group, uint64_t community,
		       struct str offer, bool accepted, struct str items) NODISCARD;
/* It has taken back its offer, or left. RC_NOT_FOUND. */
enum rc joint_undone(struct social *s, const struct account *group, uint64_t community) NODISCARD;

/* --- what a partner tells, of the community with which it has agreed --- */

/* A post is in it: with what a partner has accepted no question of this community is asked, and what
 * waits here waits no more. RC_OK: it is new in it; RC_EXISTS; RC_NOT_FOUND: it is not for it. */
enum rc joint_tells(struct social *s, const struct account *group, uint64_t community,
		    struct status *status) NODISCARD;
/* RC_DENIED for what is not in it; RC_EXISTS. */
enum rc joint_moderated(struct social *s, uint64_t community, uint64_t status,
			enum community_act act, struct str reason) NODISCARD;
enum rc joint_told_vote(struct social *s, uint64_t community, uint64_t status, struct str voter,
			enum community_vote vote) NODISCARD;
/* A reaction with an emoji, by the id of somebody who may be known here or not; taken back with undo. The
 * picture is that of the person's host. */
enum rc joint_told_reaction(struct social *s, uint64_t community, uint64_t status,
			    struct str person, const struct reaction *r, bool undo) NODISCARD;
/* RC_DENIED against those who moderate it. */
enum rc joint_told_ban(struct social *s, const struct account *group, uint64_t community,
		       uint64_t account, bool banned, struct str reason,
		       uint64_t until_ms) NODISCARD;
/* One of the partner's own host moderates it, or does no more. RC_DENIED for anybody else. */
enum rc joint_told_moderator(struct social *s, const struct account *group, uint64_t community,
			     uint64_t account, bool moderates) NODISCARD;

/* --- comparing: JOB_JOINT --- */

/* The numbers are part of the stored format. */
enum joint_step {
	JOINT_STEP_INDEX = 1, /* what is here already becomes items */
	JOINT_STEP_COMPARE = 2,
	JOINT_STEP_TAKE = 3,  /* one post that a partner has */
	JOINT_STEP_CLEAR = 4, /* the last partner has gone */
	JOINT_STEP_VOTES = 5, /* votes and bans that are here already become words; then COMPARE */
	JOINT_STEP_BAN = 6,   /* of somebody who is not known here */
	JOINT_STEP_COPY =
		7, /* one post that a partner has and whose origin is gone: the partner's copy */
	JOINT_STEP_RETURN =
		8, /* all posts that are known by copies are asked for at their origins */
	JOINT_STEP_LAST = JOINT_STEP_RETURN,
};

struct joint_task {
	enum joint_step step;
	uint64_t community, partner;
	/* INDEX, RETURN: the last status; VOTES: that, with what else struct joint_walk holds in state and name;
	 * COMPARE: when it was asked for, 0: whatever was compared since */
	uint64_t after;
	unsigned tries;		  /* COMPARE: how often in a row there was a difference */
	uint32_t lacking, before; /* how much was not here, this time and the time before */
	bool took;		  /* something has come by comparing */
	bool begun;		  /* which buckets differ is known */
	unsigned char todo[JOINT_BUCKETS / 8];
	bool inside; /* of the first bucket that is left, all up to name is done */
	unsigned char name[JOINT_WORD_NAME]; /* of posts the first JOINT_NAME_SIZE */
	enum joint_about about;		     /* COMPARE */
	uint32_t pages;			     /* COMPARE: how many were read */
	/* TAKE, COPY: a post, and why its state is so; BAN: a person, until when, and why; RETURN: hosts that do
	 * not answer now */
	struct str uri;
	unsigned state; /* COMPARE, bans: how many people were not known the time before */
	uint64_t state_ms;
	uint64_t until_ms; /* COMPARE: when it began */
	struct str text;
};

void joint_task_encode(struct buf *out, const struct joint_task *task);
/* Strings point into payload. */
bool joint_task_decode(struct str payload, struct joint_task *out);
/* lane: the host that is asked; empty: none. */
void joint_task_add(struct social *s, const struct joint_task *task, struct str lane,
		    uint64_t due_ms);

/* What a partner says of one of its items, where its word is the newer one. RC_OK: something has
 * changed. */
enum rc joint_state_told(struct social *s, uint64_t community, const struct joint_item *own,
			 unsigned state, uint64_t state_ms, struct str reason) NODISCARD;
/* Who speaks when partners compare: a partner, and the hosts of the others. */
struct joint_speaker {
	const struct account *group;
	uint64_t community;
	struct str host, others[JOINT_PARTNERS_MAX];
	size_t count;
};
/* Strings are the arena's; group is kept. */
void joint_speaker_open(struct social *s, const struct account *group, uint64_t community,
			struct joint_speaker *out);
/* How somebody has voted on a post. RC_OK: another vote counts now; RC_EXISTS; RC_DENIED: others tell of
 * this person; RC_NOT_FOUND: no such post. */
enum rc joint_vote_compared(struct social *s, const struct joint_speaker *by,
			    const struct joint_word *told) NODISCARD;
/* With which emoji somebody has reacted to a post, or does no more (r: its text, and of a shortcode its
 * picture and whose it is). The same results, and RC_EXISTS also where there are too many already. */
enum rc joint_reaction_compared(struct social *s, const struct joint_speaker *by,
				const struct joint_word *told, const struct reaction *r) NODISCARD;
/* Who is banned. RC_NOT_FOUND: the person is not known here. */
enum rc joint_ban_compared(struct social *s, const struct joint_speaker *by, struct str person,
			   const struct joint_word *told, struct str reason) NODISCARD;
/* The daily look after a community: what was not compared for long is. */
void joint_keep(struct social *s, uint64_t community);
/* Once a day: the origins of what is known by copies are asked again. */
void joint_keep_copies(struct social *s);

#endif
