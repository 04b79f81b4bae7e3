/*
 * The feeds of those who are there. Any thread. The lock of all is held only to find a feed or to
 * read the log on; each feed has its own, held while it is made, extended or read.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "core/map.h"
#include "core/must.h"
#include "feed_int.h"
#include "store/graph.h"
#include "store/timeline.h"

#define FEEDS_MAGIC 0x46454544U
#define READER_BYTES (16 * 1024 * 1024)
#define WORK_BYTES (64 * 1024 * 1024)
#define NAME_LEN (2 * sizeof(uint64_t))

struct feed {
	char name[NAME_LEN];
	unsigned users; /* under the lock of all, like used_ms and the order of use */
	uint64_t used_ms;
	struct feed *older, *newer;
	pthread_mutex_t lock; /* of what follows */
	struct arena *arena;  /* of reader; NULL: not made yet */
	struct reader reader;
	uint64_t interest; /* that of the account when it was made */
	uint64_t upto;	   /* everything up to this id was looked at */
	bool whole;	   /* there is nothing older than what is kept */
	struct feed_items items;
};

struct feeds {
	unsigned magic;
	const struct clock *clock;
	size_t max;
	pthread_mutex_t lock;
	struct map map;
	struct feed *newest, *oldest; /* by use */
	struct feed_log log;
};

struct feeds *feeds_new(const struct clock *clock, size_t max)
{
	struct feeds *f = calloc(1, sizeof(*f));
	must(max != 0);
	if (f == NULL)
		return NULL;
	f->magic = FEEDS_MAGIC;
	f->clock = clock;
	f->max = max;
	must(pthread_mutex_init(&f->lock, NULL) == 0);
	return f;
}

static void feed_free(struct feed *feed)
{
	arena_free(&feed->arena);
	pthread_mutex_destroy(&feed->lock);
	free(feed);
}

/* --- the order of use --- */

static void unlink_feed(struct feeds *f, struct feed *feed)
{
	*(feed->newer != NULL ? &feed->newer->older : &f->newest) = feed->older;
	*(feed->older != NULL ? &feed->older->newer : &f->oldest) = feed->newer;
	feed->newer = feed->older = NULL;
}

static void link_newest(struct feeds *f, struct feed *feed)
{
	feed->older = f->newest;
	*(f->newest != NULL ? &f->newest->newer : &f->oldest) = feed;
	f->newest = feed;
}

static void drop(struct feeds *f, struct feed *feed)
{
	unlink_feed(f, feed);
	map_del(&f->map, str_n(feed->name, NAME_LEN));
	feed_free(feed);
}

void feeds_free(struct feeds **feeds)
{
	struct feeds *f = *feeds;
	if (f == NULL)
		return;
	MAGIC_CHECK(f, FEEDS_MAGIC);
	while (f->oldest != NULL)
		drop(f, f->oldest);
	map_free(&f->map);
	pthread_mutex_destroy(&f->lock);
	f->magic = 0;
	free(f);
	*feeds = NULL;
}

static struct feed *feed_add(struct feeds *f, const char name[NAME_LEN])
{
	struct feed *feed = calloc(1, sizeof(*feed));
	if (feed == NULL || !map_put(&f->map, str_n(name, NAME_LEN), feed)) {
		free(feed);
		return NULL;
	}
	memcpy(feed->name, name, NAME_LEN);
	must(pthread_mutex_init(&feed->lock, NULL) == 0);
	link_newest(f, feed);
	for (struct feed *old = f->oldest; map_count(&f->map) > f->max && old != feed;) {
		struct feed *next = old->newer;
		if (old->users == 0)
			drop(f, old);
		old = next;
	}
	return feed;
}

/* Of whoever left nothing stays. */
static void forget_idle(struct feeds *f, uint64_t now, uint64_t idle_ms)
{
	while (f->oldest != NULL && f->oldest->users == 0 && now - f->oldest->used_ms >= idle_ms)
		drop(f, f->oldest);
}

/* NULL when there is no memory. */
static struct feed *feed_hold(struct feeds *f, uint64_t account, uint64_t list)
{
	char name[NAME_LEN];
	memcpy(name, &account, sizeof(account));
	memcpy(name + sizeof(account), &list, sizeof(list));
	pthread_mutex_lock(&f->lock);
	struct feed *feed = map_get(&f->map, str_n(name, NAME_LEN));
	if (feed == NULL)
		feed = feed_add(f, name);
	if (feed != NULL) {
		feed->users++;
		feed->used_ms = clock_steady_ms(f->clock);
		unlink_feed(f, feed);
		link_newest(f, feed);
		forget_idle(f, feed->used_ms, FEEDS_IDLE_MS);
	}
	pthread_mutex_unlock(&f->lock);
	if (feed != NULL)
		pthread_mutex_lock(&feed->lock);
	return feed;
}

static void feed_let_go(struct feeds *f, struct feed *feed)
{
	pthread_mutex_unlock(&feed->lock);
	pthread_mutex_lock(&f->lock);
	feed->users--;
	pthread_mutex_unlock(&f->lock);
}

size_t feeds_forget(struct feeds *f, uint64_t idle_ms)
{
	MAGIC_CHECK(f, FEEDS_MAGIC);
	pthread_mutex_lock(&f->lock);
	forget_idle(f, clock_steady_ms(f->clock), idle_ms);
	size_t left = map_count(&f->map);
	pthread_mutex_unlock(&f->lock);
	return left;
}

/* --- making and extending --- */

static enum rc failure(struct db_txn *txn, const struct arena *arena, enum rc rc)
{
	if (db_txn_rc(txn) != RC_OK)
		return db_txn_rc(txn);
	return arena_failed(arena) ? RC_NO_MEMORY : rc;
}

static void feed_unmake(struct feed *feed)
{
	arena_free(&feed->arena);
	feed->items.count = 0;
}

static enum rc feed_make(struct feeds *f, struct feed *feed, struct db_txn *txn, struct arena *work,
			 uint64_t account, uint64_t list)
{
	const struct id_range all = { 0 };
	struct feed_item *found = ARENA_ARRAY(work, FEED_LENGTH, struct feed_item);
	feed_unmake(feed);
	feed->arena = arena_new(READER_BYTES);
	if (feed->arena == NULL || found == NULL)
		return RC_NO_MEMORY;
	feed->interest = interest_of(txn, account);
	feed->upto = status_newest(txn);
	pthread_mutex_lock(&f->lock);
	feed_log_read(&f->log, txn);
	pthread_mutex_unlock(&f->lock);
	if (!reader_load(txn, feed->arena, account, list, &feed->reader))
		return failure(txn, feed->arena, RC_NOT_FOUND);
	size_t n = feed_merge(txn, work, &feed->reader, &all, found, FEED_LENGTH);
	for (size_t i = 0; i < n; i++)
		feed->items.list[i] = found[n - 1 - i];
	feed->items.count = n;
	feed->whole = n < FEED_LENGTH;
	return failure(txn, work, RC_OK);
}

static bool is_read(const struct reader *r, uint64_t account)
{
	const uint64_t *in = r->list != NULL ? r->list->members : r->followees;
	size_t low = 0, high = r->list != NULL ? r->list->member_count : r->followee_count;
	if (r->list == NULL && account == r->account)
		return true;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (in[middle] < account)
			low = middle + 1;
		else
			high = middle;
	}
	return low < (r->list != NULL ? r->list->member_count : r->followee_count) &&
	       in[low] == account;
}

struct fresh {
	uint64_t *ids;
	size_t count;
};

/* Of what the log has beyond the feed, what those wrote who are read. False when it has not all. */
static bool fresh_of_authors(struct feeds *f, const struct feed *feed, struct db_txn *txn,
			     uint64_t newest, struct fresh *out)
{
	pthread_mutex_lock(&f->lock);
	feed_log_read(&f->log, txn);
	bool all = feed_log_covers(&f->log, feed->upto);
	for (size_t i = all ? f->log.count : 0; i-- > 0;) {
		struct status_author s = feed_log_at(&f->log, i);
		if (s.id <= feed->upto)
			break;
		if (s.id <= newest && is_read(&feed->reader, s.account))
			out->ids[out->count++] = s.id;
	}
	pthread_mutex_unlock(&f->lock);
	return all;
}

static void fresh_of_tags(const struct feed *feed, struct db_txn *txn, struct fresh *out)
{
	struct timeline_entry e[FEED_APART];
	const struct id_range range = { .since_id = feed->upto };
	for (size_t t = 0; t < feed->reader.tag_count; t++) {
		size_t n = timeline_tag(txn, feed->reader.tags[t], &range, e, ARRAY_LEN(e));
		for (size_t i = 0; i < n; i++)
			out->ids[out->count++] = e[i].id;
	}
}

static int by_id(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;
	return *x < *y ? -1 : *x > *y;
}

static void fresh_sort(struct fresh *fresh)
{
	size_t left = 0;
	qsort(fresh->ids, fresh->count, sizeof(fresh->ids[0]), by_id);
	for (size_t i = 0; i < fresh->count; i++) {
		if (left == 0 || fresh->ids[left - 1] != fresh->ids[i])
			fresh->ids[left++] = fresh->ids[i];
	}
	fresh->count = left;
}

/* False when it has to be made anew. */
static bool feed_extend(struct feeds *f, struct feed *feed, struct db_txn *txn, struct arena *work)
{
	uint64_t newest = status_newest(txn);
	size_t most = FEED_LOG_LENGTH + feed->reader.tag_count * FEED_APART;
	struct fresh fresh = { .ids = NULL };
	size_t before = feed->items.count;
	/* another thread, whose snapshot is newer, was here before */
	if (newest <= feed->upto)
		return true;
	fresh.ids = ARENA_ARRAY(work, most, uint64_t);
	if (fresh.ids == NULL || !fresh_of_authors(f, feed, txn, newest, &fresh))
		return false;
	fresh_of_tags(feed, txn, &fresh);
	fresh_sort(&fresh);
	feed_take(txn, &feed->reader, fresh.ids, fresh.count, &feed->items);
	feed->upto = newest;
	if (before + fresh.count > FEED_LENGTH)
		feed->whole = false;
	return db_txn_rc(txn) == RC_OK;
}

static enum rc feed_refresh(struct feeds *f, struct feed *feed, struct db_txn *txn,
			    struct arena *work, uint64_t account, uint64_t list)
{
	if (feed->arena != NULL && feed->interest == interest_of(txn, account) &&
	    feed_extend(f, feed, txn, work))
		return RC_OK;
	enum rc rc = failure(txn, work, RC_OK);
	if (rc == RC_OK)
		rc = feed_make(f, feed, txn, work, account, list);
	if (rc != RC_OK)
		feed_unmake(feed);
	return rc;
}

/* --- reading --- */

struct feed_page {
	uint64_t *ids;
	size_t count, room;
};

static void reverse(struct feed_page *page)
{
	for (size_t i = 0; i < page->count / 2; i++) {
		uint64_t other = page->ids[page->count - 1 - i];
		page->ids[page->count - 1 - i] = page->ids[i];
		page->ids[i] = other;
	}
}

/* What is kept of the range, in its order, as far as there is room. */
static void page_kept(const struct feed *feed, const struct id_range *range, struct feed_page *page)
{
	const struct feed_items *items = &feed->items;
	for (size_t i = 0; i < items->count && page->count < page->room; i++) {
		uint64_t id = items->list[range->ascending ? i : items->count - 1 - i].id;
		if (id_range_has(range, id))
			page->ids[page->count++] = id;
	}
}

static void page_merged(const struct feed *feed, struct db_txn *txn, struct arena *work,
			const struct id_range *range, struct feed_page *page)
{
	size_t room = page->room - page->count;
	struct feed_item *found = ARENA_ARRAY(work, room, struct feed_item);
	if (found == NULL)
		return;
	size_t n = feed_merge(txn, work, &feed->reader, range, found, room);
	for (size_t i = 0; i < n; i++)
		page->ids[page->count++] = found[i].id;
}

static void page_fill(const struct feed *feed, struct db_txn *txn, struct arena *work,
		      const struct id_range *range, struct feed_page *page)
{
	uint64_t kept = feed->whole		 ? 0
			: feed->items.count != 0 ? feed->items.list[0].id
						 : UINT64_MAX;
	struct id_range rest = *range;
	if (range->ascending && range->min_id < kept) {
		page_merged(feed, txn, work, range, page);
		return;
	}
	page_kept(feed, range, page);
	if (range->ascending || page->count == page->room || id_range_low(range) >= kept)
		return;
	if (rest.max_id == 0 || rest.max_id > kept)
		rest.max_id = kept;
	page_merged(feed, txn, work, &rest, page);
}

static bool feed_lose(struct feed *feed, uint64_t id)
{
	size_t left = 0;
	for (size_t i = 0; i < feed->items.count; i++) {
		if (feed->items.list[i].id != id)
			feed->items.list[left++] = feed->items.list[i];
	}
	bool lost = left != feed->items.count;
	feed->items.count = left;
	return lost;
}

/* A post may have been deleted since it was taken in. True when one was, and is kept no more. */
static bool page_has_lost(struct feed *feed, struct db_txn *txn, struct arena *work,
			  const struct feed_page *page)
{
	bool *there = ARENA_ARRAY(work, page->count, bool), lost = false;
	if (there == NULL || !status_has_many(txn, work, page->ids, page->count, there))
		return false;
	for (size_t i = 0; i < page->count; i++) {
		/* what a newer snapshot of another thread took in stays */
		if (there[i] || page->ids[i] > status_newest(txn))
			continue;
		lost = feed_lose(feed, page->ids[i]) || lost;
	}
	return lost;
}

enum rc feed_read(struct feeds *f, struct db_txn *txn, uint64_t account, uint64_t list,
		  const struct id_range *range, uint64_t *out, size_t count, size_t *got)
{
	MAGIC_CHECK(f, FEEDS_MAGIC);
	struct feed_page page = { .ids = out, .room = count };
	struct arena *work = arena_new(WORK_BYTES);
	*got = 0;
	if (work == NULL)
		return RC_NO_MEMORY;
	struct feed *feed = feed_hold(f, account, list);
	enum rc rc = feed == NULL ? RC_NO_MEMORY : feed_refresh(f, feed, txn, work, account, list);
	if (rc == RC_OK) {
		do {
			page.count = 0;
			page_fill(feed, txn, work, range, &page);
		} while (page_has_lost(feed, txn, work, &page));
		if (range->ascending)
			reverse(&page);
		*got = page.count;
		rc = failure(txn, work, RC_OK);
	}
	if (feed != NULL)
		feed_let_go(f, feed);
	arena_free(&work);
	return rc;
}
