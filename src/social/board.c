/*
 * The boards that are wanted. Any thread. The lock of all is held only to find a board; each board has its
 * own, held while it is made, counted or read.
 */
#include "social/board.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "board_int.h"
#include "core/map.h"
#include "core/must.h"
#include "social/community.h"
#include "social/community_view.h"
#include "store/account.h"

#define BOARDS_MAGIC 0x424F4152U
#define WORK_BYTES (32 * 1024 * 1024)
#define CHUNK 40
#define NAME_LEN sizeof(uint64_t)

struct held {
	char name[NAME_LEN];
	unsigned users; /* under the lock of all, like the order of use */
	struct held *older, *newer;
	pthread_mutex_t lock; /* of what follows */
	struct board board;
};

struct boards {
	unsigned magic;
	const struct clock *clock;
	size_t max;
	pthread_mutex_t lock;
	struct map map;
	struct held *newest, *oldest; /* by use */
};

static const char *const order_names[] = {
	[BOARD_ACTIVE] = "active", [BOARD_HOT] = "hot",		  [BOARD_NEW] = "new",
	[BOARD_TOP] = "top",	   [BOARD_COMMENTS] = "comments",
};

const char *board_order_name(enum board_order order)
{
	must((size_t)order < ARRAY_LEN(order_names));
	return order_names[order];
}

static const char *const span_names[] = {
	[BOARD_ALL_TIME] = "all", [BOARD_DAY] = "day",	 [BOARD_WEEK] = "week",
	[BOARD_MONTH] = "month",  [BOARD_YEAR] = "year",
};

const char *board_span_name(enum board_span span)
{
	must((size_t)span < ARRAY_LEN(span_names));
	return span_names[span];
}

struct boards *boards_new(const struct clock *clock, size_t max)
{
	struct boards *all = calloc(1, sizeof(*all));
	must(max != 0);
	if (all == NULL)
		return NULL;
	all->magic = BOARDS_MAGIC;
	all->clock = clock;
	all->max = max;
	must(pthread_mutex_init(&all->lock, NULL) == 0);
	return all;
}

/* --- the order of use --- */

static void unlink_held(struct boards *all, struct held *h)
{
	*(h->newer != NULL ? &h->newer->older : &all->newest) = h->older;
	*(h->older != NULL ? &h->older->newer : &all->oldest) = h->newer;
	h->newer = h->older = NULL;
}

static void link_newest(struct boards *all, struct held *h)
{
	h->older = all->newest;
	*(all->newest != NULL ? &all->newest->newer : &all->oldest) = h;
	all->newest = h;
}

static void drop(struct boards *all, struct held *h)
{
	unlink_held(all, h);
	map_del(&all->map, str_n(h->name, NAME_LEN));
	board_clear(&h->board);
	pthread_mutex_destroy(&h->lock);
	free(h);
}

void boards_free(struct boards **boards)
{
	struct boards *all = *boards;
	if (all == NULL)
		return;
	MAGIC_CHECK(all, BOARDS_MAGIC);
	while (all->oldest != NULL)
		drop(all, all->oldest);
	map_free(&all->map);
	pthread_mutex_destroy(&all->lock);
	all->magic = 0;
	free(all);
	*boards = NULL;
}

static struct held *held_add(struct boards *all, const char name[NAME_LEN], uint64_t community)
{
	struct held *h = calloc(1, sizeof(*h));
	if (h == NULL || !map_put(&all->map, str_n(name, NAME_LEN), h)) {
		free(h);
		return NULL;
	}
	memcpy(h->name, name, NAME_LEN);
	h->board.community = community;
	must(pthread_mutex_init(&h->lock, NULL) == 0);
	link_newest(all, h);
	for (struct held *old = all->oldest; map_count(&all->map) > all->max && old != h;) {
		struct held *next = old->newer;
		if (old->users == 0)
			drop(all, old);
		old = next;
	}
	return h;
}

/* Locked; NULL when there is no memory. */
static struct held *take(struct boards *all, uint64_t community)
{
	char name[NAME_LEN];
	memcpy(name, &community, sizeof(community));
	pthread_mutex_lock(&all->lock);
	struct held *h = map_get(&all->map, str_n(name, NAME_LEN));
	if (h == NULL)
		h = held_add(all, name, community);
	if (h != NULL) {
		h->users++;
		unlink_held(all, h);
		link_newest(all, h);
	}
	pthread_mutex_unlock(&all->lock);
	if (h != NULL)
		pthread_mutex_lock(&h->lock);
	return h;
}

static void let_go(struct boards *all, struct held *h)
{
	pthread_mutex_unlock(&h->lock);
	pthread_mutex_lock(&all->lock);
	h->users--;
	pthread_mutex_unlock(&all->lock);
}

size_t boards_count(struct boards *all, size_t *bytes)
{
	MAGIC_CHECK(all, BOARDS_MAGIC);
	*bytes = 0;
	pthread_mutex_lock(&all->lock);
	size_t n = map_count(&all->map);
	for (struct held *h = all->oldest; h != NULL; h = h->newer)
		*bytes += board_bytes(&h->board);
	pthread_mutex_unlock(&all->lock);
	return n;
}

/* --- reading --- */

/* A copy of what stands from the offset on, so that the lock is not held while it is judged. */
static enum rc candidates(struct boards *all, struct db_txn *txn, struct arena *work,
			  uint64_t community, const struct board_wish *wish, uint64_t **out,
			  size_t *count)
{
	uint64_t steady_ms = clock_steady_ms(all->clock), now_ms = clock_wall_ms(all->clock);
	struct held *h = take(all, community);
	if (h == NULL)
		return RC_NO_MEMORY;
	enum rc rc = board_refresh(&h->board, txn, work, steady_ms);
	const struct board_sorted *sorted =
		rc == RC_OK ? board_sort(&h->board, wish->order, wish->span, now_ms) : NULL;
	*count = 0;
	if (rc == RC_OK && sorted == NULL)
		rc = RC_NO_MEMORY;
	if (rc == RC_OK) {
		*out = ARENA_ARRAY(work, sorted->count + 1, uint64_t);
		for (size_t i = 0; *out != NULL && i < sorted->count; i++) {
			const struct board_entry *e = &h->board.entries[sorted->list[i]];
			/* a place keeps its number whatever the flair that is asked for */
			(*out)[(*count)++] =
				wish->flair == 0 || e->flair == wish->flair ? e->id : 0;
		}
	}
	let_go(all, h);
	return rc == RC_OK && *out == NULL ? RC_NO_MEMORY : rc;
}

struct judge {
	struct db_txn *txn;
	struct arena *work;
	struct viewer viewer;
	uint64_t community;
};

static void page_fill(const struct judge *j, const uint64_t *from, size_t total, size_t offset,
		      uint64_t *out, size_t count, struct board_page *page)
{
	uint64_t ids[CHUNK];
	bool shown[CHUNK];
	size_t at = offset;
	while (at < total && page->count < count) {
		size_t n = 0;
		for (; at < total && n < CHUNK && n < count - page->count; at++) {
			if (from[at] != 0)
				ids[n++] = from[at];
		}
		if (!community_pick(j->txn, j->work, j->viewer, j->community, ids, n, shown))
			return;
		for (size_t i = 0; i < n; i++) {
			if (shown[i])
				out[page->count++] = ids[i];
		}
	}
	page->next = at < total ? at : 0;
}

enum rc board_read(struct boards *all, struct db_txn *txn, struct viewer viewer, uint64_t community,
		   const struct board_wish *wish, uint64_t *out, size_t count,
		   struct board_page *page)
{
	MAGIC_CHECK(all, BOARDS_MAGIC);
	struct arena *work = arena_new(WORK_BYTES);
	struct account group;
	uint64_t *ids = NULL;
	size_t total = 0;
	*page = (struct board_page){ 0 };
	if (work == NULL)
		return RC_NO_MEMORY;
	bool there = account_get(txn, work, community, &group) && group.kind == ACCOUNT_GROUP &&
		     may_see_account(txn, viewer, &group) &&
		     may_see_community(txn, work, viewer, community);
	enum rc rc =
		there ? candidates(all, txn, work, community, wish, &ids, &total) : RC_NOT_FOUND;
	if (rc == RC_OK) {
		const struct judge j = { txn, work, viewer, community };
		page_fill(&j, ids, total, wish->offset, out, count, page);
	}
	if (db_txn_rc(txn) != RC_OK)
		rc = db_txn_rc(txn);
	else if (arena_failed(work))
		rc = RC_NO_MEMORY;
	arena_free(&work);
	return rc;
}
