/*
 * The acts of people, local and remote alike: the actor is an account, whatever its host. An act of
 * a local account adds the federate job that peers need; an act upon a local account adds its
 * notification. All run inside a write transaction.
 *
 * Common results: RC_DENIED (a block, a visibility, an owner), RC_NOT_FOUND, RC_EXISTS (it was done
 * before: no effect), RC_GONE (suspended).
 */
#ifndef FF_SOCIAL_ACT_H
#define FF_SOCIAL_ACT_H

#include <stdbool.h>
#include <stdint.h>

#include "social/poll.h"
#include "social/sift.h"
#include "social/social.h"
#include "store/account.h"
#include "store/graph.h"
#include "store/status.h"

/* --- posts --- */

/* What a local person wants to post; checked and composed by act_compose(), then written by
 * act_post(). */
struct draft {
	uint64_t id; /* db_next_id() of the writing transaction, filled by act_post() */
	struct account author;
	enum visibility visibility;
	struct str title; /* makes it an Article; empty for a note */
	struct str text;
	struct str spoiler;
	struct str language;
	bool sensitive;
	uint64_t parent;	   /* 0: none */
	uint64_t quote;		   /* 0: none */
	uint64_t community;	   /* to post in; 0: where its parent is, or what it mentions */
	struct policy policy;	   /* what others may do with it (policy_set()) */
	struct str *searchable_by; /* who may find it by searching (FEP-268d); none: unsaid */
	unsigned searchable_count;
	const struct poll_draft *poll;	  /* NULL: none */
	const struct status_event *event; /* NULL: none; it needs a title, too */
	const uint64_t *media;		  /* the author's, in their order */
	unsigned media_count;
	uint64_t application;	     /* that it is written with; 0: none */
	uint64_t edits;		     /* the post that it is to change; 0: it is a new one */
	bool keeps_media;	     /* of that, which has media of its own */
	struct status status;	     /* what was composed */
	struct sift_verdict verdict; /* what the sieve says of it */
};

/* What was said of a draft: all else is as its author prefers it. */
struct post_said {
	bool visibility, sensitive, quotes;
};
struct preference;
enum rc draft_prefer(struct arena *arena, const struct preference *preference,
		     const struct post_said *said, struct draft *draft) NODISCARD;

/* Finds a remote or local account for a mention, adding it when it was not known; NULL when only
 * known ones count. */
struct mention_finder {
	bool (*find)(void *arg, struct ctx *ctx, struct str user, struct str host);
	void *arg;
};

/*
 * Outside any write: cleans the text, finds mentions, makes HTML. db is read in short transactions.
 * RC_INVALID with the reason in ctx: too long, empty, not UTF-8.
 */
enum rc act_compose(struct ctx *ctx, const struct site *site, struct db *db,
		    const struct mention_finder *finder, struct draft *draft) NODISCARD;
/* What was composed of draft, as the next version of a post: what it does not say anew stays. */
struct status act_edited(const struct status *before, const struct draft *draft);
/* Writes it: draft->status has its id and addresses afterwards. */
enum rc act_post(struct social *s, struct draft *draft) NODISCARD;
/* A status that came from elsewhere, complete but for id, parent and root. RC_EXISTS when its uri
 * is known or buried. */
enum rc act_receive_post(struct social *s, const struct account *author,
			 struct status *status) NODISCARD;
/*
 * A post that its author brought along from elsewhere, where it had the id in origin: becomes one of
 * ours, at the time when it was written, and nobody is told. RC_EXISTS when it was brought before.
 */
enum rc act_import_post(struct social *s, const struct account *author,
			struct status *status) NODISCARD;
/* changed has the new content; only the author may. Older edits than the stored one are RC_EXISTS
 * (S-022). */
enum rc act_edit(struct social *s, const struct account *actor,
		 const struct status *changed) NODISCARD;
/* Removes a post with its boosts; only the author may. */
enum rc act_delete(struct social *s, const struct account *actor, uint64_t status) NODISCARD;

/* uri empty: an act of a local account, which gets one. */
enum rc act_boost(struct social *s, const struct account *actor, uint64_t status, struct str uri,
		  uint64_t published_ms, enum visibility visibility, uint64_t *boost) NODISCARD;
enum rc act_unboost(struct social *s, const struct account *actor, uint64_t status) NODISCARD;
enum rc act_like(struct social *s, const struct account *actor, uint64_t status,
		 struct str uri) NODISCARD;
enum rc act_unlike(struct social *s, const struct account *actor, uint64_t status) NODISCARD;

/* --- relations --- */

/* *state says what came of it: accepted at once, or pending. */
enum rc act_follow(struct social *s, const struct account *follower, const struct account *followee,
		   struct str uri, enum follow_state *state) NODISCARD;
enum rc act_unfollow(struct social *s, const struct account *follower,
		     const struct account *followee) NODISCARD;
/* A peer counts a follow that is none here: it is told that there is none (FEP-8fcf). RC_EXISTS when
 * there is one all the same. */
enum rc act_disown_follow(struct social *s, const struct account *follower,
			  const struct account *followee) NODISCARD;
/* The followee decides: a pending follow, or (reject) one that was accepted before. */
enum rc act_accept(struct social *s, const struct account *followee,
		   const struct account *follower) NODISCARD;
enum rc act_reject(struct social *s, const struct account *followee,
		   const struct account *follower) NODISCARD;
/* Ends follows both ways, too. */
enum rc act_block(struct social *s, const struct account *actor, const struct account *target,
		  struct str uri) NODISCARD;
enum rc act_unblock(struct social *s, const struct account *actor,
		    const struct account *target) NODISCARD;

/* A report. From here to a peer's account it becomes a Flag in the instance actor's name (S-080). community: where it
 * is sent to besides, as report_file() has it; 0: nowhere. */
enum rc act_report(struct social *s, const struct account *reporter, const struct account *target,
		   uint64_t community, struct str comment, const struct str *objects,
		   unsigned object_count, struct str uri) NODISCARD;

#endif
