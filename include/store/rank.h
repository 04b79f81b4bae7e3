/*
 * Ranked sets: things in the order of a score, best first. What a score means is the matter of who
 * gives it. Written off the hot path only: by what takes up new statuses.
 */
#ifndef FF_STORE_RANK_H
#define FF_STORE_RANK_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/str.h"
#include "db/db.h"

/* The numbers are stored. */
enum rank_kind {
	RANK_TAG = 1,	       /* hashtags, folded */
	RANK_STATUS = 2,       /* statuses, by id */
	RANK_LINK = 3,	       /* addresses of pages */
	RANK_POPULAR = 4,      /* accounts, by followers and how long they are silent */
	RANK_ACTIVE = 5,       /* accounts, by their last status */
	RANK_ACTIVE_LOCAL = 6, /* the same of those of here */
	RANK_NEW = 7,	       /* accounts, by when they came */
	RANK_NEW_LOCAL = 8,
};
#define RANK_KINDS 8

/* What a moderator has said of it; the numbers are stored. */
enum rank_review {
	REVIEW_NONE,
	REVIEW_ALLOWED,
	REVIEW_REFUSED,
};

struct rank {
	struct str item;
	uint64_t score;
	enum rank_review review;
};

#define RANK_ITEM_MAX 4096

/* False when it is not ranked. Copies into arena. */
bool rank_get(struct db_txn *txn, struct arena *arena, enum rank_kind kind, struct str item,
	      struct rank *out);
/* Adds it, or moves it to another score; its review stays. */
void rank_put(struct db_txn *txn, enum rank_kind kind, struct str item, uint64_t score);
/* False when it was not ranked. */
bool rank_del(struct db_txn *txn, enum rank_kind kind, struct str item);
/* Ranks it with score 0 when it is not. */
void rank_review(struct db_txn *txn, enum rank_kind kind, struct str item, enum rank_review review);
/* Best first, without the first `offset`; copies into arena. */
size_t rank_top(struct db_txn *txn, struct arena *arena, enum rank_kind kind, size_t offset,
		struct rank *out, size_t count);
/* Drops the worst that have less than score, at most count, but for what was reviewed. Returns how
 * many. */
size_t rank_prune(struct db_txn *txn, enum rank_kind kind, uint64_t score, size_t count);

/* Items that are ids. */
struct rank_id {
	char bytes[8];
};
struct rank_id rank_id(uint64_t id);
static inline struct str rank_id_str(const struct rank_id *id)
{
	return str_n(id->bytes, sizeof(id->bytes));
}
/* 0 when it is none. */
uint64_t rank_item_id(struct str item);

/* A number for an item that is no id: the start of its digest. And the ranked item of a number. */
uint64_t rank_number(struct str item);
bool rank_find(struct db_txn *txn, struct arena *arena, enum rank_kind kind, uint64_t number,
	       struct rank *out);

/* Integrity: scores and their order mirror each other. */
void rank_check(struct db_txn *txn, struct arena *arena, void (*bad)(void *arg, struct str what),
		void *arg);

#endif
