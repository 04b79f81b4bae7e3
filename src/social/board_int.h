/* One board, without the locks: what is known of its threads, and their orders. */
#ifndef FF_SOCIAL_BOARD_INT_H
#define FF_SOCIAL_BOARD_INT_H

#include "core/arena.h"
#include "social/board.h"

struct board_entry {
	uint64_t id;
	uint64_t created_ms; /* as its author says, but no later than it came */
	uint64_t last_ms;
	int64_t score;
	uint32_t comments;
	uint32_t flair;
	bool pinned;
};

/* Indexes of entries. */
struct board_sorted {
	uint32_t *list;
	size_t count;
	uint64_t version; /* of the board that was sorted; 0: not yet */
};

struct board {
	uint64_t community;
	uint64_t used_ms, counted_ms;
	uint64_t version;	     /* counts changes; from 1 */
	uint64_t newest;	     /* everything up to this thread was looked at */
	struct board_entry *entries; /* newest first */
	size_t count;
	struct board_sorted sorted[BOARD_ORDERS][BOARD_SPANS];
};

/* Makes it current. RC_NO_MEMORY, or the transaction's failure. */
enum rc board_refresh(struct board *b, struct db_txn *txn, struct arena *work,
		      uint64_t steady_ms) NODISCARD;
/* NULL without memory. */
const struct board_sorted *board_sort(struct board *b, enum board_order order, enum board_span span,
				      uint64_t now_ms) NODISCARD;
void board_clear(struct board *b);
size_t board_bytes(const struct board *b);

#endif
