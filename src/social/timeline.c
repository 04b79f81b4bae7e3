/* The timelines of all, of hashtags, of links, of letters. Inside transactions; reads only. */
#include "social/timeline.h"

#include <string.h>

#include "merge_int.h"
#include "social/moderate.h"
#include "social/wants.h"
#include "store/conversation.h"
#include "store/graph.h"
#include "store/timeline.h"
#include "text/html.h"

#define CHUNK 32
#define SCRATCH_BYTES (64 * 1024 * 1024)

/* Hashtags in their canonical form. */
struct tags {
	struct str names[TIMELINE_TAGS];
	unsigned count;
};

struct reading {
	struct db_txn *txn;
	struct arena *scratch; /* emptied for every few posts */
	struct viewer viewer;
	const struct timeline_wish *wish;
	struct tags all, none;
};

/* --- what a post is judged by --- */

static bool fold(struct arena *arena, struct str tag, struct str *out)
{
	struct ctx quiet = { .arena = arena };
	return text_tag_fold(&quiet, tag, out) == RC_OK;
}

static bool has_tag(struct arena *arena, const struct status *s, struct str name)
{
	struct str folded;
	for (unsigned i = 0; i < s->tag_count; i++) {
		if (fold(arena, s->tags[i], &folded) && str_eq(folded, name))
			return true;
	}
	return false;
}

static bool has_the_tags(const struct reading *r, const struct status *s)
{
	for (unsigned i = 0; i < r->all.count; i++) {
		if (!has_tag(r->scratch, s, r->all.names[i]))
			return false;
	}
	for (unsigned i = 0; i < r->none.count; i++) {
		if (has_tag(r->scratch, s, r->none.names[i]))
			return false;
	}
	return true;
}

/* That the author has not blocked the viewer is part of may_see(). */
static bool is_hidden(const struct reading *r, const struct account *author)
{
	uint64_t me = r->viewer.account;
	return me != 0 && me != author->id &&
	       (block_exists(r->txn, me, author->id) ||
		wants_not(r->txn, me, author->id, author->domain));
}

/* The sieve keeps it from strangers. */
static bool is_limited(const struct reading *r, const struct status *s)
{
	uint64_t me = r->viewer.account;
	return (s->flags & STATUS_LIMITED) != 0 &&
	       (me == 0 || (me != s->account && !follow_accepted(r->txn, me, s->account)));
}

static bool belongs(const struct reading *r, const struct status *s)
{
	struct account author;
	if (s->id == 0 || !account_get(r->txn, r->scratch, s->account, &author) ||
	    !may_see(r->txn, r->viewer, s, &author) || is_held_back(s) || is_hidden(r, &author) ||
	    !may_hear_of(r->txn, r->scratch, r->viewer, &author) || is_limited(r, s))
		return false;
	if (r->wish->of == TIMELINE_OF_LINK && (author.flags & ACCOUNT_DISCOVERABLE) == 0)
		return false;
	return has_the_tags(r, s);
}

/* --- where it comes from --- */

static struct tags fold_all(struct arena *arena, const struct str *names, unsigned count)
{
	struct tags tags = { .count = 0 };
	for (unsigned i = 0; i < count; i++)
		tags.count += fold(arena, names[i], &tags.names[tags.count]);
	return tags;
}

static unsigned needed(const struct timeline_wish *wish)
{
	return (wish->only_media ? TIMELINE_MEDIA : 0U) |
	       (wish->from == TIMELINE_FROM_HERE ? TIMELINE_OURS : 0U);
}

static unsigned refused(const struct timeline_wish *wish, struct viewer viewer)
{
	return (wish->from == TIMELINE_FROM_ELSEWHERE ? TIMELINE_OURS : 0U) |
	       (viewer.local ? 0U : TIMELINE_INSIDE);
}

static void sources_add(struct merge *m, struct arena *arena, const struct timeline_wish *wish)
{
	struct str folded;
	switch (wish->of) {
	case TIMELINE_OF_ALL:
		merge_add(m, wish->from == TIMELINE_FROM_HERE ? MERGE_LOCAL : MERGE_PUBLIC, 0,
			  STR_NONE);
		break;
	case TIMELINE_OF_LINK:
		merge_add(m, MERGE_LINK, 0, wish->name);
		break;
	case TIMELINE_OF_TAG:
		if (fold(arena, wish->name, &folded))
			merge_add(m, MERGE_TAG, 0, folded);
		for (unsigned i = 0; i < wish->any_count; i++) {
			if (fold(arena, wish->any[i], &folded))
				merge_add(m, MERGE_TAG, 0, folded);
		}
		break;
	}
}

static void turn(uint64_t *ids, size_t count)
{
	for (size_t i = 0; i < count / 2; i++) {
		uint64_t other = ids[count - 1 - i];
		ids[count - 1 - i] = ids[i];
		ids[i] = other;
	}
}

/* Judges a few and takes those that belong; how many. */
static size_t take(const struct reading *r, const uint64_t *ids, size_t n, uint64_t *out,
		   size_t room)
{
	struct status statuses[CHUNK];
	size_t taken = 0;
	arena_reset(r->scratch);
	if (!status_get_many(r->txn, r->scratch, ids, n, statuses))
		return 0;
	for (size_t i = 0; i < n && taken < room; i++) {
		if (belongs(r, &statuses[i]))
			out[taken++] = ids[i];
	}
	if (arena_failed(r->scratch))
		db_txn_fail(r->txn, RC_NO_MEMORY);
	return taken;
}

size_t timeline_read(struct db_txn *txn, struct arena *arena, struct viewer viewer,
		     const struct timeline_wish *wish, const struct id_range *range, uint64_t *out,
		     size_t count)
{
	struct merge *m = merge_new(txn, arena, range, needed(wish), refused(wish, viewer));
	struct reading r = {
		.txn = txn, .scratch = arena_new(SCRATCH_BYTES), .viewer = viewer, .wish = wish
	};
	size_t n = 0, part = 1;
	if (m == NULL || r.scratch == NULL) {
		arena_free(&r.scratch);
		db_txn_fail(txn, RC_NO_MEMORY);
		return 0;
	}
	r.all = fold_all(arena, wish->all, wish->all_count);
	r.none = fold_all(arena, wish->none, wish->none_count);
	sources_add(m, arena, wish);
	while (n < count && part != 0) {
		uint64_t ids[CHUNK];
		for (part = 0; part < CHUNK && part < count - n && merge_next(m, &ids[part]);)
			part++;
		n += take(&r, ids, part, out + n, count - n);
	}
	arena_free(&r.scratch);
	if (range->ascending)
		turn(out, n);
	return n;
}

size_t timeline_letters(struct db_txn *txn, struct arena *arena, uint64_t account,
			const struct id_range *range, uint64_t *out, size_t count)
{
	struct letter *letters = ARENA_ARRAY(arena, count, struct letter);
	if (letters == NULL)
		return 0;
	size_t n = letter_list(txn, account, range, letters, count);
	for (size_t i = 0; i < n; i++)
		out[i] = letters[i].status;
	if (range->ascending)
		turn(out, n);
	return n;
}
