/*
 * Feeds: what one person reads of those whom they follow, at home and in their lists. A feed is no
 * row anywhere: it is merged from the indexes of the authors when somebody wants it, kept in memory
 * while they are there, extended by what has been written since, and forgotten when they leave. All
 * that keeps it right is in the database, so that it does not matter which process wrote a post or
 * ended a follow.
 */
#ifndef FF_SOCIAL_FEED_H
#define FF_SOCIAL_FEED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/clock.h"
#include "core/ctx.h"
#include "core/str.h"
#include "db/db.h"
#include "store/list.h"
#include "store/range.h"
#include "store/status.h"

#define FEED_LENGTH 400 /* ids that are kept of one feed; older ones are merged anew */

/* --- what somebody reads --- */

/* Members are in the order of their ids. */
struct feed_list {
	const uint64_t *members;
	size_t member_count;
	enum replies_policy replies;
};

#define FEED_TAGS_MAX 500

/* What is read once to judge many posts, for as long as interest_of() the account stays the same. */
struct reader {
	uint64_t account;
	const uint64_t *followees; /* in the order of their ids */
	size_t followee_count;
	const struct str *tags;
	size_t tag_count;
	const struct feed_list *list; /* NULL: the home feed */
};

/* list 0: the home feed. False when there is no such list, or txn or arena has failed. */
bool reader_load(struct db_txn *txn, struct arena *arena, uint64_t account, uint64_t list,
		 struct reader *out) NODISCARD;
/* Does the status belong into this feed, as it is now? For a feed, and for what arrives live. */
bool reader_wants(struct db_txn *txn, struct arena *arena, const struct reader *r,
		  const struct status *status);

/* --- the feeds of those who are there --- */

struct feeds;

/* max: how many are kept; the one that was read longest ago goes first. */
struct feeds *feeds_new(const struct clock *clock, size_t max) NODISCARD;
void feeds_free(struct feeds **feeds);

/*
 * A page of a feed, newest first whichever way it was asked for. Any thread, with a snapshot of its
 * own. RC_NOT_FOUND: no such list of theirs; or the transaction's failure, RC_NO_MEMORY.
 */
enum rc feed_read(struct feeds *feeds, struct db_txn *txn, uint64_t account, uint64_t list,
		  const struct id_range *range, uint64_t *out, size_t count, size_t *got) NODISCARD;
/* Forgets those that nobody has read for so long; how many are left. After FEEDS_IDLE_MS they are
 * forgotten by themselves when others read. */
#define FEEDS_IDLE_MS (30 * MS_PER_MINUTE)
size_t feeds_forget(struct feeds *feeds, uint64_t idle_ms);

#endif
