/* Waves: many posts that were taken out of sight in one act. Inside transactions only. */
#ifndef FF_STORE_WAVE_H
#define FF_STORE_WAVE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/str.h"
#include "db/db.h"

/* The numbers are stored. */
enum wave_state {
	WAVE_ROLLING,  /* posts are being hidden */
	WAVE_HIDDEN,   /* all are; it can be undone */
	WAVE_UNDOING,  /* they are being shown again */
	WAVE_UNDONE,   /* all are */
	WAVE_REMOVING, /* the time to undo it is over: they are being deleted */
	WAVE_REMOVED,
};
/* "rolling", "hidden", "undoing", "undone", "removing", "removed". */
const char *wave_state_name(enum wave_state state);

/* Which posts; what is empty or 0 does not matter, but one of the first three is needed. */
struct wave_wish {
	uint64_t rule;		 /* that this rule fitted */
	struct str host;	 /* from it or a host below it */
	uint64_t like;		 /* whose text is like this post's */
	uint8_t likeness;	 /* percent, at least */
	uint64_t from_ms, to_ms; /* that came here between them, both included */
};

struct wave {
	uint64_t id;
	enum wave_state state;
	struct wave_wish wish;
	uint64_t print;	 /* fingerprint of wish.like, which may be gone later */
	uint64_t cursor; /* the id behind which it goes on */
	uint64_t posts;	 /* that are hidden or gone by it */
	uint64_t by;	 /* 0: the operator */
	uint64_t created_ms;
	uint64_t until_ms; /* until then it can be undone */
};

bool wave_get(struct db_txn *txn, struct arena *arena, uint64_t id, struct wave *out);
/* Adds (id 0) or replaces; returns the id. */
uint64_t wave_put(struct db_txn *txn, const struct wave *wave);
/* Newest first, below max_id (0: from the newest). */
size_t wave_list(struct db_txn *txn, struct arena *arena, uint64_t max_id, struct wave *out,
		 size_t count);

/* A post that a wave holds: false when it does already. */
bool wave_item_add(struct db_txn *txn, uint64_t wave, uint64_t status);
void wave_item_del(struct db_txn *txn, uint64_t wave, uint64_t status);
/* After an id, in their order. */
size_t wave_items(struct db_txn *txn, uint64_t wave, uint64_t after, uint64_t *out, size_t count);

#endif
