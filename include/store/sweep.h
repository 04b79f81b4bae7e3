/*
 * Forgetting what is too old or nobody's any more, in steps of a few rows: each sweep walks one
 * table. Inside write transactions.
 */
#ifndef FF_STORE_SWEEP_H
#define FF_STORE_SWEEP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/db.h"

#define SWEEP_KEY_MAX 64 /* of every table that is swept */

/* Where a sweep goes on: starts as zero. */
struct sweep_cursor {
	unsigned char key[SWEEP_KEY_MAX];
	size_t len; /* 0: at the beginning */
};

/* Looks at the next count rows and moves the cursor behind them. True when the end was reached. */
typedef bool store_sweep(struct db_txn *txn, uint64_t now_ms, struct sweep_cursor *cursor,
			 size_t count);

/* Activities seen more than 90 days ago. */
store_sweep seen_sweep;
/* Keys that their owner no longer listed when it was read last, and those of deleted accounts. */
store_sweep peer_keys_sweep;
/* Likes by deleted accounts, with their counts. */
store_sweep likes_sweep;
/* Their reactions and dislikes. */
store_sweep reactions_sweep, dislikes_sweep;
/* Votes by deleted accounts, with their counts. */
store_sweep poll_votes_sweep;
/* Who took part in events, likewise. */
store_sweep participants_sweep;
/* The oldest rows of the timeline of all. */
store_sweep timeline_sweep;
/* Who signed up and never confirmed the address, and what is kept of others for a year. */
store_sweep sign_ups_sweep;
/* Codes that are too old to be redeemed, sessions that began a year ago. */
store_sweep oauth_codes_sweep, web_sessions_sweep;
/* On shelves: posts and people that are gone, mutes that have ended. */
store_sweep shelf_sweep;
/* Mutes of conversations by deleted accounts, and notes about them. */
store_sweep thread_mutes_sweep, account_notes_sweep;
/* What clients called their requests more than an hour ago. */
store_sweep idempotency_sweep;
/* What deleted accounts made of announcements, with the counts. */
store_sweep announcements_sweep;
/* Cards that were read long ago. */
store_sweep cards_sweep;
/* Media that nobody has held for a day. */
store_sweep media_sweep;
/* Uses of hashtags and links, and who was here, long ago. */
store_sweep usage_sweep, presence_sweep;
/* Lists of follows that were lost long ago. */
store_sweep severed_sweep;
/* Counts of rules and what they fitted, long ago; words that were learnt once. */
store_sweep sieve_counts_sweep, sieve_fits_sweep, learned_sweep;

#endif
