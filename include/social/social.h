/*
 * social: what people do and what the rules are, for local and remote people alike. Nothing here
 * knows the wire: what peers must hear of is a `federate` job in the same write, which module fed
 * carries out.
 *
 *   site.h      the node's names and the shapes of its addresses
 *   act.h       the acts: post, edit, delete, boost, like, follow, block, report
 *   react.h     reactions with emoji, dislikes, pins, featured hashtags
 *   emoji.h     custom emoji in the texts of our people
 *   see.h       may_see(): the one rule for every way out
 *   poll.h      polls: made, voted in, ended
 *   account.h   making and changing local accounts
 *   thread.h    conversations: joining late, telling of replies, asking for what is missing
 *   move.h      accounts that move, and take their followers along
 *   collection.h  accounts that somebody recommends, and their consent
 *   interact.h  what authors allow others to do with their posts; quotes and their consent
 *   oauth.h     applications, tokens, signing in; scope.h what a token may do
 *   federate.h  the job that tells peers
 *
 * Acts run inside a write transaction and return rc; what they cause (notifications, counts, jobs)
 * is part of the same write.
 */
#ifndef FF_SOCIAL_SOCIAL_H
#define FF_SOCIAL_SOCIAL_H

#include "core/ctx.h"
#include "db/db.h"
#include "social/site.h"
#include "store/account.h"

/* What an act needs. Made by the writer of a job at the job's beginning, since a job may run again.
 */
struct social {
	struct db_txn *txn;
	struct ctx *ctx;
	const struct site *site;
	struct str proof; /* that what a remote actor does is allowed, as it says itself: an id */
	bool shallow;  /* what is received was fetched for a quote: it leads to no further fetch */
	bool enqueued; /* there are new jobs: queue_wake() after the commit */
	bool quiet;    /* it is an old story: nobody is notified */
};

#endif
