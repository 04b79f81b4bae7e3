/* Making feeds: merged anew, extended, without the same post twice near itself. Inside
 * transactions; the log is its owner's. */
#include <string.h>

#include "feed_int.h"
#include "merge_int.h"

#define CHUNK 32
#define SCRATCH_BYTES (64 * 1024 * 1024)

/* --- items --- */

static bool is_near(const struct feed_items *items, const struct feed_item *item)
{
	size_t first = items->count > FEED_APART ? items->count - FEED_APART : 0;
	for (size_t i = items->count; i-- > first;) {
		if (items->list[i].of == item->of)
			return true;
	}
	return false;
}

void feed_items_push(struct feed_items *items, const struct feed_item *item)
{
	if (is_near(items, item))
		return;
	if (items->count == FEED_LENGTH) {
		memmove(items->list, items->list + 1, (FEED_LENGTH - 1) * sizeof(items->list[0]));
		items->count--;
	}
	items->list[items->count++] = *item;
}

/* --- choosing --- */

/* What is read to judge a few posts is not kept. */
static struct arena *scratch_new(struct db_txn *txn)
{
	struct arena *scratch = arena_new(SCRATCH_BYTES);
	if (scratch == NULL)
		db_txn_fail(txn, RC_NO_MEMORY);
	return scratch;
}

/* Those of the ids that r wants, in their order. Returns how many. */
static size_t choose(struct db_txn *txn, struct arena *scratch, const struct reader *r,
		     const uint64_t *ids, size_t count, struct feed_item *out)
{
	struct status statuses[CHUNK];
	size_t n = 0;
	arena_reset(scratch);
	if (!status_get_many(txn, scratch, ids, count, statuses))
		return 0;
	for (size_t i = 0; i < count; i++) {
		const struct status *s = &statuses[i];
		if (s->id != 0 && reader_wants(txn, scratch, r, s))
			out[n++] =
				(struct feed_item){ s->id, s->boost_of != 0 ? s->boost_of : s->id };
	}
	if (arena_failed(scratch))
		db_txn_fail(txn, RC_NO_MEMORY);
	return n;
}

void feed_take(struct db_txn *txn, const struct reader *r, const uint64_t *ids, size_t count,
	       struct feed_items *items)
{
	struct arena *scratch = count != 0 ? scratch_new(txn) : NULL;
	struct feed_item chosen[CHUNK];
	for (size_t at = 0; scratch != NULL && at < count; at += CHUNK) {
		size_t part = count - at < CHUNK ? count - at : CHUNK;
		size_t n = choose(txn, scratch, r, ids + at, part, chosen);
		for (size_t i = 0; i < n; i++)
			feed_items_push(items, &chosen[i]);
	}
	arena_free(&scratch);
}

/* --- merging --- */

static struct merge *sources_of(struct db_txn *txn, struct arena *arena, const struct reader *r,
				const struct id_range *range)
{
	struct merge *m = merge_new(txn, arena, range, 0, 0);
	if (m == NULL)
		return NULL;
	if (r->list != NULL) {
		for (size_t i = 0; i < r->list->member_count; i++)
			merge_add(m, MERGE_AUTHOR, r->list->members[i], STR_NONE);
		return m;
	}
	merge_add(m, MERGE_AUTHOR, r->account, STR_NONE);
	for (size_t i = 0; i < r->followee_count; i++)
		merge_add(m, MERGE_AUTHOR, r->followees[i], STR_NONE);
	for (size_t i = 0; i < r->tag_count; i++)
		merge_add(m, MERGE_TAG, 0, r->tags[i]);
	return m;
}

/* Drops what shows the same as something older that is near. Returns how many are left. */
static size_t spread(struct feed_item *items, size_t count, bool ascending)
{
	struct feed_items seen = { .count = 0 };
	size_t left = 0;
	/* from the oldest on, whichever end that is */
	for (size_t i = 0; i < count; i++) {
		struct feed_item *item = &items[ascending ? i : count - 1 - i];
		if (is_near(&seen, item))
			item->id = 0;
		else
			feed_items_push(&seen, item);
	}
	for (size_t i = 0; i < count; i++) {
		if (items[i].id != 0)
			items[left++] = items[i];
	}
	return left;
}

size_t feed_merge(struct db_txn *txn, struct arena *arena, const struct reader *r,
		  const struct id_range *range, struct feed_item *out, size_t count)
{
	struct merge *m = sources_of(txn, arena, r, range);
	struct arena *scratch = scratch_new(txn);
	size_t want = count + FEED_APART, n = 0, part = CHUNK;
	struct feed_item *found = ARENA_ARRAY(arena, want + CHUNK, struct feed_item);
	if (m == NULL || found == NULL || scratch == NULL) {
		arena_free(&scratch);
		return 0;
	}
	while (n < want && part == CHUNK) {
		uint64_t ids[CHUNK];
		for (part = 0; part < CHUNK && merge_next(m, &ids[part]);)
			part++;
		n += choose(txn, scratch, r, ids, part, found + n);
	}
	arena_free(&scratch);
	n = spread(found, n, range->ascending);
	n = n < count ? n : count;
	memcpy(out, found, n * sizeof(out[0]));
	return n;
}

/* --- the log --- */

bool feed_log_covers(const struct feed_log *log, uint64_t after)
{
	return after >= log->from;
}

struct status_author feed_log_at(const struct feed_log *log, size_t i)
{
	return log->list[(log->begin + i) % FEED_LOG_LENGTH];
}

static void log_add(struct feed_log *log, const struct status_author *s)
{
	if (log->count == FEED_LOG_LENGTH) {
		log->from = log->list[log->begin].id;
		log->begin = (log->begin + 1) % FEED_LOG_LENGTH;
		log->count--;
	}
	log->list[(log->begin + log->count++) % FEED_LOG_LENGTH] = *s;
}

/* What nobody read for so long is merged anew by whoever comes: the log begins again. */
static void log_skip(struct feed_log *log, uint64_t newest)
{
	log->begin = log->count = 0;
	log->from = log->upto = newest;
}

void feed_log_read(struct feed_log *log, struct db_txn *txn)
{
	struct status_author some[64];
	uint64_t newest = status_newest(txn);
	size_t n, read = 0;
	if (log->upto == 0)
		log_skip(log, newest);
	while (log->upto < newest &&
	       (n = status_since(txn, log->upto, some, ARRAY_LEN(some))) != 0) {
		for (size_t i = 0; i < n; i++)
			log_add(log, &some[i]);
		log->upto = some[n - 1].id;
		read += n;
		if (read >= FEED_LOG_LENGTH)
			log_skip(log, newest);
	}
}
