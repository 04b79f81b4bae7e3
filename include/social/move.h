/*
 * Moving house: an account says that another one is its new home, and its followers go along. The
 * new one must say so, too (`alsoKnownAs`), or anybody could be robbed of followers (S-029). All
 * inside a write transaction.
 */
#ifndef FF_SOCIAL_MOVE_H
#define FF_SOCIAL_MOVE_H

#include <stdbool.h>
#include <stdint.h>

#include "social/social.h"
#include "store/account.h"
#include "store/status.h"

/* Does account name uri as another address of its own? */
bool account_has_alias(const struct account *account, struct str uri);

/*
 * Lists an address with a local account, or takes it away, and tells the peers. RC_EXISTS,
 * RC_NOT_FOUND, RC_TOO_LARGE beyond ACCOUNT_ALIASES_MAX, RC_INVALID: its own address.
 */
enum rc move_alias(struct social *s, const struct account *account, struct str uri,
		   bool listed) NODISCARD;

/*
 * old moves to target: old is told to have moved, its followers here go along in steps (a job), and
 * when it is one of ours, the others hear of it. The caller has read target's document just now, if
 * it is not ours. RC_DENIED with the reason in ctx: target does not name old, has moved itself, or
 * old has moved less than MOVE_EVERY_MS ago; RC_EXISTS: it was done before; RC_GONE.
 */
#define MOVE_EVERY_MS (30 * MS_PER_DAY)
enum rc move_begin(struct social *s, const struct account *old,
		   const struct account *target) NODISCARD;
/* A local account comes home: it may post again. Followers who left do not come back by it. */
enum rc move_cancel(struct social *s, const struct account *account) NODISCARD;

/* The job that takes followers along. */
struct move {
	uint64_t old, target;
	uint64_t after; /* the last follower that was looked at */
};
bool move_decode(struct str payload, struct move *out);
/*
 * The next followers: each follows target as by their own act, and old no longer. Adds the job for
 * those who are left, a moment later, so that a host is not overrun by thousands of follows.
 */
enum rc move_step(struct social *s, const struct move *move) NODISCARD;

/* --- posts that were taken along --- */

/*
 * The new account's server lists which post of the old account became which of its own; the old one
 * asks for the list when it hears of the move, and again whenever the new account's document is told
 * anew. From then on it leads whoever asks for an old post to the new one.
 */
struct taken_post {
	struct str from, to; /* ids */
};

/* The job that reads the list: the document at uri comes next. */
struct taken_job {
	uint64_t account; /* the old one, of ours */
	uint64_t steps;	  /* documents that were read */
	struct str uri;
};
void taken_encode(struct buf *out, const struct taken_job *job);
bool taken_decode(struct arena *arena, struct str payload, struct taken_job *out);
/* Adds the job, when old is ours and target is not. */
void taken_ask(struct social *s, const struct account *old, const struct account *target);
/* The same for whoever of ours has moved to target, a remote account whose document was read. */
void taken_consider(struct social *s, const struct account *target);
/*
 * What the list at target's server says. Counts for posts of the account itself that became posts on
 * target's own host; the rest is left out. RC_DENIED when the account has not moved to target.
 */
enum rc taken_learn(struct social *s, uint64_t account, struct str target,
		    const struct taken_post *posts, size_t count) NODISCARD;
/* Where a post is now whose author has moved away with it: an id. Absent while it is here. */
struct str taken_to(struct db_txn *txn, struct arena *arena, const struct account *author,
		    const struct status *status);
/* Where the author of posts that were taken along is now. False while they are here. */
bool taken_account(struct db_txn *txn, struct arena *arena, const struct account *author,
		   struct account *target);
/* What is done with the posts is for the author to hear where they are now: adds that account. */
struct federate;
void taken_hears(struct social *s, const struct account *author, struct federate *f);
/* The new account has taken posts over: its peers, and the server of the old account, are told. */
enum rc taken_tell(struct social *s, const struct account *account,
		   const struct account *old) NODISCARD;

#endif
