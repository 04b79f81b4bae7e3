/*
 * What people do not want to see or hear of: muted accounts and conversations, hosts that somebody
 * has blocked for themselves. Nobody else is told of it. hidden_many() is the one question that
 * timelines and notifications ask.
 */
#ifndef FF_SOCIAL_MUTE_H
#define FF_SOCIAL_MUTE_H

#include <stdbool.h>
#include <stdint.h>

#include "social/social.h"
#include "store/account.h"

/* duration_ms 0: until it is taken back. Muting again changes both. RC_DENIED: oneself. */
enum rc act_mute(struct social *s, const struct account *actor, const struct account *target,
		 bool notifications, uint64_t duration_ms) NODISCARD;
/* RC_NOT_FOUND: it was not so. */
enum rc act_unmute(struct social *s, const struct account *actor,
		   const struct account *target) NODISCARD;

/* The conversation that a post belongs to, which the actor must be able to see. RC_EXISTS,
 * RC_NOT_FOUND. */
enum rc act_mute_thread(struct social *s, const struct account *actor, uint64_t status) NODISCARD;
enum rc act_unmute_thread(struct social *s, const struct account *actor, uint64_t status) NODISCARD;

/*
 * Ends follows with everybody there, too, in steps: RC_BUSY means that one was made, to be
 * committed (the job ends with RC_OK), and that another write must call again. RC_INVALID: no host
 * of elsewhere.
 */
enum rc act_block_domain(struct social *s, const struct account *actor,
			 struct str domain) NODISCARD;
/* RC_NOT_FOUND: it was not so. */
enum rc act_unblock_domain(struct social *s, const struct account *actor,
			   struct str domain) NODISCARD;
/* How many follows blocking a host would end. RC_INVALID. */
struct domain_follows {
	uint64_t following, followers;
};
enum rc domain_follows_count(struct social *s, const struct account *actor, struct str domain,
			     struct domain_follows *out) NODISCARD;

/* --- the question --- */

enum hidden {
	HIDDEN_BLOCKED = 1,    /* the viewer has blocked the account */
	HIDDEN_BLOCKED_BY = 2, /* the other way round */
	HIDDEN_MUTED = 4,
	HIDDEN_MUTED_NOTICES = 8, /* muted with its notifications */
	HIDDEN_DOMAIN = 16,	  /* the viewer does not want to hear of its host */
	HIDDEN_THREAD = 32,	  /* the conversation is muted */
};

/* What keeps a post out of timelines. A muted conversation stays there: only its notifications end. */
#define HIDDEN_IN_TIMELINES (HIDDEN_BLOCKED | HIDDEN_BLOCKED_BY | HIDDEN_MUTED | HIDDEN_DOMAIN)
/* What keeps somebody's doings out of notifications. */
#define HIDDEN_IN_NOTICES \
	(HIDDEN_BLOCKED | HIDDEN_BLOCKED_BY | HIDDEN_MUTED_NOTICES | HIDDEN_DOMAIN | HIDDEN_THREAD)

/* Who or what may be hidden: an author, a booster, somebody who is mentioned. */
struct hidden_ask {
	uint64_t account;
	struct str domain; /* of the account; empty for people of here */
	uint64_t root;	   /* of the conversation; 0: not asked */
};

/* out[i] has enum hidden's bits for asks[i]; a constant number of batched reads. */
void hidden_many(struct db_txn *txn, uint64_t viewer, const struct hidden_ask *asks, size_t count,
		 unsigned *out);

#endif
