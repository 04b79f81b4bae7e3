/*
 * What many people use and talk about at the moment: hashtags, posts, pages; and the directory of
 * people. All of it is counted after the fact, from what has been written, by trends_take_up().
 */
#ifndef FF_SOCIAL_TRENDS_H
#define FF_SOCIAL_TRENDS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/ctx.h"
#include "db/db.h"
#include "social/see.h"
#include "store/rank.h"
#include "store/usage.h"

/*
 * Counts the next statuses, and looks again at posts that were liked. RC_OK when all is done, RC_BUSY
 * when there is more to do. Outside of transactions; one thread.
 */
enum rc trends_take_up(struct db *db) NODISCARD;

#define TRENDS_LIMIT_MAX 40
#define TRENDS_OFFSET_MAX 1000
#define TREND_HISTORY_DAYS 7
#define TREND_ACCOUNTS_MIN 3 /* in two days, before something trends that no moderator allowed */

struct trend_item {
	struct rank rank;
	struct hashtag tag;			  /* of a hashtag */
	struct usage history[TREND_HISTORY_DAYS]; /* today first */
	uint32_t today;				  /* its day */
};

struct trend_page {
	unsigned offset;
	unsigned limit;
	bool all; /* for moderators: also what does not trend, or was refused */
};

/* RANK_TAG or RANK_LINK. Returns how many; copies into ctx's arena. */
size_t trends_items(struct ctx *ctx, struct db_txn *txn, enum rank_kind kind,
		    const struct trend_page *page, uint64_t now_ms,
		    struct trend_item out[TRENDS_LIMIT_MAX]);
/* The history of one thing, whether it trends or not; false when it was never used. */
bool trends_item(struct ctx *ctx, struct db_txn *txn, enum rank_kind kind, struct str item,
		 uint64_t now_ms, struct trend_item *out);
/* Posts that viewer may see. */
size_t trends_statuses(struct ctx *ctx, struct db_txn *txn, struct viewer viewer,
		       const struct trend_page *page, uint64_t out[TRENDS_LIMIT_MAX]);

/* Hashtags that begin with text, those used most first. */
size_t search_tags(struct ctx *ctx, struct db_txn *txn, struct str text, unsigned offset,
		   unsigned limit, struct hashtag out[TRENDS_LIMIT_MAX]);

/* --- people --- */

/* What the directory says of an account; its row in every list that it belongs to, or in none. */
void directory_put(struct db_txn *txn, const struct account *account);

enum directory_order {
	DIRECTORY_ACTIVE,
	DIRECTORY_NEW,
};
#define DIRECTORY_LIMIT_MAX 80
size_t directory_list(struct ctx *ctx, struct db_txn *txn, struct viewer viewer,
		      enum directory_order order, bool local, unsigned offset, unsigned limit,
		      uint64_t out[DIRECTORY_LIMIT_MAX]);

enum suggestion_source {
	SUGGESTION_FRIENDS, /* those whom one follows follow them */
	SUGGESTION_POPULAR,
};
struct suggestion {
	uint64_t account;
	enum suggestion_source source;
};
#define SUGGESTIONS_MAX 80
/* Whom viewer may want to follow, and neither follows, blocks nor has dismissed. */
size_t suggestions_of(struct ctx *ctx, struct db_txn *txn, struct viewer viewer, unsigned limit,
		      struct suggestion out[SUGGESTIONS_MAX]);

#define FAMILIAR_MAX 20
/* Whom viewer follows and who follow account, and do not hide it. */
size_t familiar_followers(struct ctx *ctx, struct db_txn *txn, struct viewer viewer,
			  uint64_t account, uint64_t out[FAMILIAR_MAX]);

#endif
