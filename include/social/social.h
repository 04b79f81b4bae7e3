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
 *   media.h     what posts and profiles hold of what was uploaded
 *   poll.h      polls: made, voted in, ended
 *   account.h   making and changing local accounts
 *   thread.h    conversations: joining late, telling of replies, asking for what is missing
 *   move.h      accounts that move, and take their followers along
 *   collection.h  accounts that somebody recommends, and their consent
 *   interact.h  what authors allow others to do with their posts; quotes and their consent
 *   feed.h      what one person reads of those whom they follow
 *   timeline.h  what everybody may read
 *   conversation.h  letters that belong together
 *   notify.h    notifications, one by one and in groups; strangers
 *   oauth.h     applications, tokens, signing in; scope.h what a token may do
 *   search.h    searching posts and people, and the index for it
 *   trends.h    what trends, the directory, whom to follow
 *   moderate.h  roles, moderation of accounts and hosts, reports
 *   strike.h    what moderators do about a person: strikes, letters of reasons, appeals
 *   sever.h     follows that blocks end
 *   audit.h     the record of what moderators and administrators do
 *   sieve.h     the language of the rules for posts; sift.h what they make of them; sifter.h its job
 *   figures.h   measures and cohorts, for those who run the node
 *   federate.h  the job that tells peers
 *   mute.h      what somebody does not want to see or hear of; the question that feeds ask
 *   relation.h  how accounts stand to each other; notes, endorsements
 *   keep.h      bookmarks, followed hashtags, lists
 *   filter.h    filters, and what they match
 *   schedule.h  posts that are written later
 *   announce.h  what those who run the node tell its people
 *   blocklist.h lists of blocks that others keep
 *   live.h      what people who are connected hear of, after the commit
 *   factor.h    second factors: one-time passwords, recovery codes, passkeys
 *   mail.h      letters, and the tickets that they carry
 *   sign_up.h   signing up, and being let in; gate.h how often somebody may try, bar.h who may not
 *   push.h      which client hears of which notification
 *   community.h  communities: roles, members, what is posted in them
 *   joint.h     communities that several nodes own together
 *   board.h     their threads, ranked
 *   consultation.h, tally.h  votes of communities, and how they are counted
 *   event.h    events: held, taken part in, cancelled
 *   resource.h  what communities share
 *   ledger.h    what joint communities share and decide, on all nodes
 *   badge.h    badges of communities: made, given, taken back
 *   courier.h   sends letters and push messages
 *   links.h     links of profiles whose pages link back
 *   year.h      what somebody did in a year
 *   translate.h posts in other languages, by a service that the operator has named
 *   team.h      accounts that several people act for
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
	uint64_t
		accepted_in; /* the community of which a partner has accepted what is received; 0: none */
	/* of teams (team.h) */
	uint64_t person;   /* who acts for the account; 0: the account itself */
	uint64_t reviewer; /* who has approved what is posted; 0: nobody */
	uint64_t former;   /* who began what is posted; 0: person */
	bool logged;	   /* what is done stands in the team's trail already */
	bool decided; /* of hosts: what keeps policies in memory is to read them after the commit */
};

#endif
