/*
 * Boards: the threads of communities, ranked. A board is no row anywhere: it is made from the newest
 * threads by batched reads when somebody wants it, kept in memory, brought up to date by what has been
 * written since, and forgotten when others are wanted more. What decides what is shown is in the
 * database, and asked for each page: marks of moderators, and the rule of see.h. Communities of this
 * node and of others alike.
 */
#ifndef FF_SOCIAL_BOARD_H
#define FF_SOCIAL_BOARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/clock.h"
#include "core/rc.h"
#include "core/str.h"
#include "db/db.h"
#include "social/see.h"

#define BOARD_LENGTH 2000    /* threads that are ranked: the newest, and those that are pinned */
#define BOARD_STALE_MS 2000  /* votes and comments are counted anew after this */
#define BOARD_PINNED_MAX 100 /* that stand first */

enum board_order {
	BOARD_ACTIVE, /* as hot, by the time of the last comment */
	BOARD_HOT,    /* by votes and age */
	BOARD_NEW,
	BOARD_TOP,	/* by votes, of a span of time */
	BOARD_COMMENTS, /* by how many they are */
	BOARD_ORDERS,
};
/* "active", "hot", "new", "top", "comments". */
const char *board_order_name(enum board_order order);

enum board_span {
	BOARD_ALL_TIME,
	BOARD_DAY,
	BOARD_WEEK,
	BOARD_MONTH,
	BOARD_YEAR,
	BOARD_SPANS,
};
/* "all", "day", "week", "month", "year". */
const char *board_span_name(enum board_span span);

/* score is likes less dislikes. What is not yet there has none. */
double board_hotness(int64_t score, int64_t age_ms);

struct board_wish {
	enum board_order order;
	enum board_span span; /* of BOARD_TOP and BOARD_COMMENTS */
	uint32_t flair;	      /* 0: any */
	size_t offset;	      /* board_page's next; 0 at first */
};

struct board_page {
	size_t count;
	size_t next; /* where the next page begins; 0: this was the last */
};

struct boards;

/* max: how many are kept; the one that was read longest ago goes first. */
struct boards *boards_new(const struct clock *clock, size_t max) NODISCARD;
void boards_free(struct boards **boards);

/*
 * Ids of threads that viewer may see and does not hide, in their order, those that are pinned first. Any
 * thread, with a snapshot of its own. RC_NOT_FOUND: there is no such community for viewer; or the
 * transaction's failure, RC_NO_MEMORY.
 */
enum rc board_read(struct boards *boards, struct db_txn *txn, struct viewer viewer,
		   uint64_t community, const struct board_wish *wish, uint64_t *out, size_t count,
		   struct board_page *page) NODISCARD;
/* How many boards are in memory, and their bytes. */
size_t boards_count(struct boards *boards, size_t *bytes);

#endif
