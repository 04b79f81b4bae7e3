/* What a board is made from, and in which orders it stands. Under its lock. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "board_int.h"
#include "core/must.h"
#include "store/community.h"
#include "store/reaction.h"
#include "store/status.h"

#define CHUNK 256
#define GRAVITY 1.8
#define BUMPED_MS (2 * MS_PER_DAY) /* comments keep a thread active for so long */

/*
 * Lemmy's rank (join-lemmy.org/docs/contributors/07-ranking-algo.html): log(max(1, 3 + score)) divided by
 * (hours + 2) to the power of 1.8; its constant factor moves nothing.
 */
double board_hotness(int64_t score, int64_t age_ms)
{
	double votes = 3.0 + (double)score;
	if (age_ms < 0)
		return 0;
	return log(votes > 1 ? votes : 1) / pow((double)age_ms / MS_PER_HOUR + 2, GRAVITY);
}

/* --- reading --- */

struct reading {
	struct db_txn *txn;
	struct arena *work;
	uint64_t community;
	uint64_t *ids;
	struct community_post *places;
	struct status_counts *counts;
};

static bool reading_begin(struct reading *r, size_t most)
{
	r->ids = ARENA_ARRAY(r->work, most, uint64_t);
	r->places = ARENA_ARRAY(r->work, most, struct community_post);
	r->counts = ARENA_ARRAY(r->work, most, struct status_counts);
	return r->ids != NULL && r->places != NULL && r->counts != NULL;
}

/* What changes of a thread: votes, comments, marks. False when it is none any more. */
static bool entry_count(const struct reading *r, size_t i, struct board_entry *e)
{
	const struct community_post *p = &r->places[i];
	if (p->status == 0 || (p->flags & (COMMUNITY_POST_HELD | COMMUNITY_POST_REMOVED |
					   COMMUNITY_POST_COMMENT)) != 0)
		return false;
	e->last_ms = p->last_ms;
	e->comments = p->comments;
	e->flair = p->flair;
	e->pinned = community_post_is_pinned(p, db_txn_now(r->txn));
	e->score = (int64_t)r->counts[i].likes - dislike_count(r->txn, p->status);
	return true;
}

/* Reads the counts of r->ids[0..n). */
static bool read_counts(struct reading *r, size_t n)
{
	return n == 0 ||
	       (community_post_get_many(r->txn, r->work, r->community, r->ids, n, r->places) &&
		status_counts_many(r->txn, r->work, r->ids, n, r->counts));
}

/* Fills entries of r->ids[0..n), and says how many they are. What does not change is read here alone. */
static size_t read_entries(struct reading *r, size_t n, struct board_entry *out)
{
	struct status *rows = ARENA_ARRAY(r->work, CHUNK, struct status);
	size_t left = 0;
	if (rows == NULL || !read_counts(r, n))
		return 0;
	for (size_t at = 0; at < n; at += CHUNK) {
		size_t part = n - at < CHUNK ? n - at : CHUNK;
		if (!status_get_many(r->txn, r->work, r->ids + at, part, rows))
			return 0;
		for (size_t i = 0; i < part; i++) {
			struct board_entry e = { .id = rows[i].id };
			/* a time to come would keep it on top: the id says when it came */
			uint64_t came = rows[i].id >> 16;
			e.created_ms = rows[i].created_ms < came ? rows[i].created_ms : came;
			if (e.id != 0 && entry_count(r, at + i, &e))
				out[left++] = e;
		}
	}
	return left;
}

/* --- making --- */

void board_clear(struct board *b)
{
	for (int o = 0; o < BOARD_ORDERS; o++) {
		for (int s = 0; s < BOARD_SPANS; s++)
			free(b->sorted[o][s].list);
	}
	memset(b->sorted, 0, sizeof(b->sorted));
	free(b->entries);
	b->entries = NULL;
	b->count = 0;
	b->newest = 0;
}

size_t board_bytes(const struct board *b)
{
	size_t bytes = sizeof(*b) + b->count * sizeof(*b->entries);
	for (int o = 0; o < BOARD_ORDERS; o++) {
		for (int s = 0; s < BOARD_SPANS; s++)
			bytes += b->sorted[o][s].count * sizeof(uint32_t);
	}
	return bytes;
}

static bool board_keep(struct board *b, const struct board_entry *entries, size_t count)
{
	struct board_entry *kept = malloc((count != 0 ? count : 1) * sizeof(*kept));
	if (kept == NULL)
		return false;
	if (count != 0)
		memcpy(kept, entries, count * sizeof(*kept));
	free(b->entries);
	b->entries = kept;
	b->count = count;
	b->version++;
	return true;
}

static enum rc outcome(const struct reading *r, bool kept)
{
	if (db_txn_rc(r->txn) != RC_OK)
		return db_txn_rc(r->txn);
	return kept && !arena_failed(r->work) ? RC_OK : RC_NO_MEMORY;
}

/* The pinned ones that are older than the oldest of ids. */
static size_t add_pinned(struct reading *r, size_t n)
{
	uint64_t pinned[BOARD_PINNED_MAX];
	const struct page page = { .max_id = n == BOARD_LENGTH ? r->ids[n - 1] : 0 };
	if (n < BOARD_LENGTH)
		return n;
	size_t got = community_posts(r->txn, r->community, COMMUNITY_POSTS_PINNED, &page, pinned,
				     BOARD_PINNED_MAX);
	memcpy(r->ids + n, pinned, got * sizeof(pinned[0]));
	return n + got;
}

static enum rc board_make(struct board *b, struct reading *r)
{
	const size_t most = BOARD_LENGTH + BOARD_PINNED_MAX;
	struct page page = PAGE_ALL;
	struct board_entry *entries = ARENA_ARRAY(r->work, most, struct board_entry);
	if (entries == NULL || !reading_begin(r, most))
		return RC_NO_MEMORY;
	size_t n = community_posts(r->txn, r->community, COMMUNITY_POSTS_THREADS, &page, r->ids,
				   BOARD_LENGTH);
	b->newest = n != 0 ? r->ids[0] : 0;
	n = read_entries(r, add_pinned(r, n), entries);
	return outcome(r, board_keep(b, entries, n));
}

/* Threads that began since are put in front; the oldest go, but for those that are pinned. */
static enum rc board_extend(struct board *b, struct reading *r, size_t fresh)
{
	const size_t most = BOARD_LENGTH + BOARD_PINNED_MAX;
	struct board_entry *entries = ARENA_ARRAY(r->work, fresh + b->count, struct board_entry);
	if (entries == NULL)
		return RC_NO_MEMORY;
	b->newest = r->ids[0];
	size_t n = read_entries(r, fresh, entries);
	for (size_t i = 0; i < b->count; i++) {
		if (n < BOARD_LENGTH || (b->entries[i].pinned && n < most))
			entries[n++] = b->entries[i];
	}
	return outcome(r, board_keep(b, entries, n));
}

/* Votes, comments and marks of all that is there. */
static enum rc board_count(struct board *b, struct reading *r)
{
	struct board_entry *entries = ARENA_ARRAY(r->work, b->count + 1, struct board_entry);
	size_t n = 0;
	if (entries == NULL || !reading_begin(r, b->count + 1))
		return RC_NO_MEMORY;
	for (size_t i = 0; i < b->count; i++)
		r->ids[i] = b->entries[i].id;
	uint64_t seen = status_newest(r->txn);
	if (read_counts(r, b->count)) {
		for (size_t i = 0; i < b->count; i++) {
			entries[n] = b->entries[i];
			/* what a newer snapshot of another thread took in stays */
			n += entry_count(r, i, &entries[n]) || entries[n].id > seen;
		}
	}
	return outcome(r, board_keep(b, entries, n));
}

enum rc board_refresh(struct board *b, struct db_txn *txn, struct arena *work, uint64_t steady_ms)
{
	struct reading r = { .txn = txn, .work = work, .community = b->community };
	const struct page since = { .since_id = b->newest };
	enum rc rc = RC_OK;
	bool stale = steady_ms - b->counted_ms >= BOARD_STALE_MS;
	if (!reading_begin(&r, CHUNK))
		return RC_NO_MEMORY;
	size_t fresh = b->entries == NULL
			       ? CHUNK
			       : community_posts(txn, b->community, COMMUNITY_POSTS_THREADS, &since,
						 r.ids, CHUNK);
	/* what a moderator let in, or took back, may be older than the newest: it is found now and then */
	bool anew = fresh == CHUNK || (stale && b->count < BOARD_LENGTH &&
				       community_totals(txn, b->community).threads != b->count);
	if (anew)
		rc = board_make(b, &r);
	else if (fresh != 0)
		rc = board_extend(b, &r, fresh);
	if (rc == RC_OK && !anew && stale)
		rc = board_count(b, &r);
	if (rc == RC_OK && (anew || stale))
		b->counted_ms = steady_ms;
	if (rc != RC_OK)
		board_clear(b);
	return rc;
}

/* --- sorting --- */

struct key {
	double first;
	uint64_t id;
	uint32_t index;
	bool pinned;
};

static int by_key(const void *a, const void *b)
{
	const struct key *x = a, *y = b;
	if (x->pinned != y->pinned)
		return x->pinned ? -1 : 1;
	if (x->first > y->first || x->first < y->first)
		return x->first > y->first ? -1 : 1;
	return x->id > y->id ? -1 : x->id < y->id;
}

static double value_of(const struct board_entry *e, enum board_order order, uint64_t now_ms)
{
	uint64_t bumped =
		e->last_ms < e->created_ms + BUMPED_MS ? e->last_ms : e->created_ms + BUMPED_MS;
	switch (order) {
	case BOARD_ACTIVE:
		/* another server's clock may be ahead of ours */
		if (bumped > now_ms)
			bumped = now_ms;
		if (bumped < e->created_ms)
			bumped = e->created_ms;
		return board_hotness(e->score, (int64_t)(now_ms - bumped));
	case BOARD_HOT:
		return board_hotness(e->score, (int64_t)(now_ms - e->created_ms));
	case BOARD_TOP:
		return (double)e->score;
	case BOARD_COMMENTS:
		return e->comments;
	case BOARD_NEW:
	case BOARD_ORDERS:
		break;
	}
	return 0;
}

static uint64_t span_ms(enum board_span span)
{
	static const uint64_t days[] = {
		[BOARD_ALL_TIME] = 0, [BOARD_DAY] = 1,	  [BOARD_WEEK] = 7,
		[BOARD_MONTH] = 30,   [BOARD_YEAR] = 365,
	};
	return days[span] * MS_PER_DAY;
}

static size_t keys_fill(const struct board *b, enum board_order order, enum board_span span,
			uint64_t now_ms, struct key *keys)
{
	uint64_t length = span_ms(span);
	size_t n = 0;
	for (size_t i = 0; i < b->count; i++) {
		const struct board_entry *e = &b->entries[i];
		if (length != 0 && !e->pinned && e->created_ms + length < now_ms)
			continue;
		keys[n++] = (struct key){ .first = value_of(e, order, now_ms),
					  .id = e->id,
					  .index = (uint32_t)i,
					  .pinned = e->pinned };
	}
	return n;
}

const struct board_sorted *board_sort(struct board *b, enum board_order order, enum board_span span,
				      uint64_t now_ms)
{
	must(order < BOARD_ORDERS && span < BOARD_SPANS);
	struct board_sorted *sorted = &b->sorted[order][span];
	if (sorted->version == b->version)
		return sorted;
	struct key *keys = malloc((b->count + 1) * sizeof(*keys));
	uint32_t *list = malloc((b->count + 1) * sizeof(*list));
	if (keys == NULL || list == NULL) {
		free(keys);
		free(list);
		return NULL;
	}
	size_t n = keys_fill(b, order, span, now_ms, keys);
	qsort(keys, n, sizeof(*keys), by_key);
	for (size_t i = 0; i < n; i++)
		list[i] = keys[i].index;
	free(keys);
	free(sorted->list);
	*sorted = (struct board_sorted){ list, n, b->version };
	return sorted;
}
