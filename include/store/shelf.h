/*
 * What one account has put aside, each kind on a shelf of its own: bookmarks, whom it has muted,
 * the members of a list. A thing stands on a shelf once, in the order in which it was put there.
 */
#ifndef FF_STORE_SHELF_H
#define FF_STORE_SHELF_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/ctx.h"
#include "core/str.h"
#include "db/db.h"
#include "store/page.h"

/* The numbers are part of the stored format. */
enum shelf {
	SHELF_BOOKMARKS = 1, /* statuses */
	SHELF_LIKED = 2,     /* statuses; kept by like_add() for accounts of here */
	SHELF_ENDORSED = 3,  /* accounts */
	SHELF_MUTED = 4,     /* accounts; until_ms, and SHELVED_NOTIFICATIONS */
	SHELF_LISTED = 5,    /* accounts; the owner is a list */
	SHELF_DOMAINS = 6,   /* texts: hosts that the owner does not want to hear of */
	SHELF_TAGS = 7,	     /* texts: hashtags that the owner follows, folded */
	SHELF_WATCHERS = 8,  /* accounts that want to hear of each post of the owner; kept by
				follow_want() */
};
#define SHELF_LAST SHELF_WATCHERS

enum shelved_flags {
	SHELVED_NOTIFICATIONS = 1, /* of a mute: notifications are muted, too */
};

struct shelved {
	uint64_t id;	   /* of what stands there; 0 on shelves of texts */
	struct str text;   /* on those */
	uint64_t order;	   /* its place: a later one is greater. Pages go by it */
	uint64_t until_ms; /* not there any more from then on; 0: for good */
	unsigned flags;
};

/*
 * Puts item on the owner's shelf; item->order is set. RC_EXISTS when it stood there already: it
 * keeps its place and gets the new flags and end. RC_TOO_LARGE when there is no room for another.
 */
enum rc shelf_put(struct db_txn *txn, enum shelf shelf, uint64_t owner,
		  struct shelved *item) NODISCARD;
/* False when it was not there. Of item the id or the text counts. */
bool shelf_del(struct db_txn *txn, enum shelf shelf, uint64_t owner, const struct shelved *item);
/* The text of what is found points into the transaction. What has ended is not there. */
bool shelf_get(struct db_txn *txn, enum shelf shelf, uint64_t owner, const struct shelved *item,
	       struct shelved *out);
/* Many at once: out[i].order is 0 for what is not there. The texts are those of items. */
void shelf_get_many(struct db_txn *txn, enum shelf shelf, uint64_t owner,
		    const struct shelved *items, size_t count, struct shelved *out);

/* What is there, the last first; texts are copied into arena. Returns how many of at most count. */
size_t shelf_list(struct db_txn *txn, struct arena *arena, enum shelf shelf, uint64_t owner,
		  const struct page *page, struct shelved *out, size_t count);

/* The ids of what is there, in their order, after `after`: for shelves of accounts and statuses that
 * nothing on them ends. Returns how many. */
size_t shelf_ids(struct db_txn *txn, enum shelf shelf, uint64_t owner, uint64_t after,
		 uint64_t *out, size_t count);

/* Empties it, at most count. Returns how many. */
size_t shelf_clear(struct db_txn *txn, enum shelf shelf, uint64_t owner, size_t count);

static inline bool shelf_has(struct db_txn *txn, enum shelf shelf, uint64_t owner, uint64_t id)
{
	const struct shelved item = { .id = id };
	return shelf_get(txn, shelf, owner, &item, NULL);
}

static inline bool shelf_has_text(struct db_txn *txn, enum shelf shelf, uint64_t owner,
				  struct str text)
{
	const struct shelved item = { .text = text };
	return shelf_get(txn, shelf, owner, &item, NULL);
}

/* Integrity: things to places and back. */
void shelf_check(struct db_txn *txn, void (*bad)(void *arg, struct str what), void *arg);

#endif
