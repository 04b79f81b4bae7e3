/*
 * Polls: made with a post, voted in, told to peers, ended. A post of ours has its votes counted here;
 * what a poll of elsewhere has come to is the word of its own server.
 */
#ifndef FF_SOCIAL_POLL_H
#define FF_SOCIAL_POLL_H

#include "social/social.h"
#include "store/poll.h"
#include "store/status.h"

#define POLL_SHORTEST_MS (5 * MS_PER_MINUTE)
#define POLL_LONGEST_MS (366 * MS_PER_DAY)

/* What a local person asks. */
struct poll_draft {
	struct str options[POLL_OPTIONS_MAX];
	unsigned option_count;
	bool multiple;
	bool secret;	   /* nobody hears what was chosen before it is over (hide_totals) */
	uint64_t lasts_ms; /* from when it is written */
	bool reset;	   /* of an edit: votes may be taken away */
};

/*
 * Outside any write: cleans and checks. out is in ctx's arena; its end is still a length of time.
 * RC_INVALID with the reason in ctx.
 */
enum rc poll_compose(struct ctx *ctx, const struct site *site, const struct poll_draft *draft,
		     struct poll **out) NODISCARD;
/* The poll of a post of ours that was just written. */
void poll_begin(struct social *s, const struct status *status);
/*
 * The poll of a post of ours is to be another one (FEP-9967, "Editing options"). Options that differ take the votes away, which
 * must be meant: else RC_CONFLICT. One that is over stays as it is: RC_DENIED.
 */
enum rc poll_change(struct social *s, const struct status *now, const struct poll *next) NODISCARD;
/*
 * What a poll's own server says of it: with a new post, a change or an answer to our asking. What
 * somebody here has chosen stays, as long as the options do.
 */
enum rc poll_take(struct social *s, const struct status *status, const struct poll *told) NODISCARD;

/* One choice of a vote. */
struct ballot {
	struct str name; /* of the option */
	struct str uri;	 /* id of the vote; empty for one of ours, which gets one */
};

/*
 * Votes (FEP-9967, "Voting"). A person of here does it once, with all choices; a remote one may send the choices of one
 * vote apart. RC_NOT_FOUND (no such poll, or not theirs to see), RC_DENIED (one's own, over),
 * RC_INVALID (no such option, too many), RC_EXISTS (voted before).
 */
enum rc act_vote(struct social *s, const struct account *actor, uint64_t status,
		 const struct ballot *ballots, unsigned count) NODISCARD;

/* --- the job that tells peers the counts while votes come, and that ends a poll --- */

enum poll_task {
	POLL_TELL = 1,
	POLL_END = 2,
};

struct poll_job {
	enum poll_task task;
	uint64_t status;
	uint64_t after; /* the last voter who was told of the end; 0: the end itself is to come */
};

void poll_job_encode(struct buf *out, const struct poll_job *job);
/* False when payload is damaged. */
bool poll_job_decode(struct str payload, struct poll_job *out) NODISCARD;
/* The next step, in a write. RC_BUSY: it was made, and job says where the next one begins. */
enum rc poll_job_step(struct social *s, struct poll_job *job) NODISCARD;
/* Should the counts of this poll be asked for at its origin: over, and not told since? */
bool poll_is_stale(const struct poll *poll, uint64_t now_ms);

#endif
