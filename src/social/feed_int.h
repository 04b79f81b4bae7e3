/* One feed, without the locks: rings of ids, and what they are made from. */
#ifndef FF_SOCIAL_FEED_INT_H
#define FF_SOCIAL_FEED_INT_H

#include "social/feed.h"

/* A boost within so many posts of the same post, boosted or not, is not shown. */
#define FEED_APART 40

struct feed_item {
	uint64_t id;
	uint64_t of; /* what it shows: of a boost the post that is boosted */
};

/* Oldest first. */
struct feed_items {
	struct feed_item list[FEED_LENGTH];
	size_t count;
};

/* Adds a newer one, unless what it shows is near; the oldest goes when it is full. */
void feed_items_push(struct feed_items *items, const struct feed_item *item);

/*
 * Merges anew what r reads: at most count of the range, newest first in *out for a range that
 * descends, oldest first for one that ascends. Returns how many.
 */
size_t feed_merge(struct db_txn *txn, struct arena *arena, const struct reader *r,
		  const struct id_range *range, struct feed_item *out, size_t count);
/* Of ids that are newer than all of items, in their order, those that r wants go in. */
void feed_take(struct db_txn *txn, const struct reader *r, const uint64_t *ids, size_t count,
	       struct feed_items *items);

/* What was written lately, by whom: shared by all feeds, so that each post is looked at once. */
#define FEED_LOG_LENGTH 8192

struct feed_log {
	struct status_author list[FEED_LOG_LENGTH]; /* a ring */
	size_t begin, count;
	uint64_t from; /* everything after this id ... */
	uint64_t upto; /* ... up to this one is in it */
};

/* Reads on up to what txn sees. */
void feed_log_read(struct feed_log *log, struct db_txn *txn);
/* Is everything after this id in it? */
bool feed_log_covers(const struct feed_log *log, uint64_t after);
/* The i-th of it, oldest first. */
struct status_author feed_log_at(const struct feed_log *log, size_t i);

#endif
