/*
 * Searching statuses. The terms of a question are walked together, newest first; each status that has
 * all of them is looked at itself: the index proposes, the rules decide (S-066). Reads only.
 */
#include "social/search.h"

#include <stdlib.h>

#include "core/clock.h"
#include "core/must.h"
#include "search_int.h"
#include "social/moderate.h"
#include "social/wants.h"
#include "store/graph.h"

/* What one question may cost. */
#define BLOCKS_MAX 4000
#define LOOKS_MAX 2000

/* Ids carry the time at which they were given; a post is dated and received at about the same time. */
#define ID_MS_SHIFT 16
#define LATE_MS MS_PER_DAY

struct hunt {
	struct ctx *ctx;
	struct db_txn *txn;
	struct viewer viewer;
	const struct search_query *query;
	const struct search_page *page;
	struct arena *arena; /* for one status */
	struct search_walk *walks;
	size_t walk_count;
	unsigned looks;
	unsigned skip;
	uint64_t *out;
	size_t count;
};

/* --- does it match? --- */

static bool has_phrase(const struct search_doc *doc, const struct search_clause *clause)
{
	for (size_t i = 0; i + clause->count <= doc->word_count; i++) {
		size_t k = 0;
		while (k < clause->count && str_eq(doc->words[i + k], clause->terms[k]))
			k++;
		if (k == clause->count)
			return true;
	}
	return false;
}

static bool has_clause(const struct search_doc *doc, const struct search_clause *clause)
{
	if (clause->terms[0].ptr[0] != SEARCH_FEATURE)
		return has_phrase(doc, clause);
	for (size_t i = 0; i < doc->feature_count; i++) {
		if (str_eq(doc->features[i], clause->terms[0]))
			return true;
	}
	return false;
}

static bool fits(const struct hunt *h, const struct search_doc *doc)
{
	for (size_t i = 0; i < h->query->count; i++) {
		const struct search_clause *clause = &h->query->clauses[i];
		if (has_clause(doc, clause) == clause->without)
			return false;
	}
	return true;
}

static bool is_of_time(const struct search_query *q, uint64_t ms)
{
	return ms >= q->from_ms && (q->to_ms == 0 || ms < q->to_ms);
}

/* Whom one has blocked or muted is not heard of. */
static bool may_hear(const struct hunt *h, const struct status *s, const struct account *author)
{
	if (!may_see(h->txn, h->viewer, s, author) ||
	    block_exists(h->txn, h->viewer.account, author->id) ||
	    wants_not(h->txn, h->viewer.account, author->id, author->domain))
		return false;
	switch (h->query->where) {
	case SEARCH_LIBRARY:
		return in_library(h->txn, h->arena, h->viewer, s);
	case SEARCH_PUBLIC:
		return may_find(h->txn, VIEWER_ANYBODY, s, author) &&
		       may_hear_of(h->txn, h->arena, h->viewer, author);
	case SEARCH_ALL:
		break;
	}
	return in_library(h->txn, h->arena, h->viewer, s) ||
	       (may_find(h->txn, h->viewer, s, author) &&
		may_hear_of(h->txn, h->arena, h->viewer, author));
}

static bool is_hit(struct hunt *h, uint64_t id)
{
	struct search_doc doc;
	struct status s;
	struct account author;
	arena_reset(h->arena);
	h->looks++;
	return search_doc_get(h->txn, h->arena, id, &doc) && fits(h, &doc) &&
	       status_get(h->txn, h->arena, id, &s) && is_of_time(h->query, s.created_ms) &&
	       (h->page->account == 0 || s.account == h->page->account) &&
	       account_get(h->txn, h->arena, s.account, &author) && may_hear(h, &s, &author);
}

/* --- walking --- */

static unsigned blocks_read(const struct hunt *h)
{
	unsigned n = 0;
	for (size_t i = 0; i < h->walk_count; i++)
		n += h->walks[i].blocks;
	return n;
}

static bool may_go_on(const struct hunt *h)
{
	return h->count < h->page->limit && h->looks < LOOKS_MAX && blocks_read(h) < BLOCKS_MAX &&
	       db_txn_rc(h->txn) == RC_OK;
}

/* The greatest id of at most max that all terms have; 0: none. */
static uint64_t meet(struct hunt *h, uint64_t max)
{
	uint64_t id = max;
	for (size_t agreed = 0, i = 0; agreed < h->walk_count; i = (i + 1) % h->walk_count) {
		uint64_t here = search_walk_seek(&h->walks[i], id);
		if (here == 0 || blocks_read(h) >= BLOCKS_MAX)
			return 0;
		agreed = here == id ? agreed + 1 : 1;
		id = here;
	}
	return id;
}

/* The next candidate; without terms every status is one. */
static uint64_t propose(struct hunt *h, uint64_t max)
{
	uint64_t id;
	if (h->walk_count != 0)
		return meet(h, max);
	return status_before(h->txn, max == UINT64_MAX ? 0 : max + 1, &id, 1) == 1 ? id : 0;
}

/* From max down to min, both included. */
static void hunt_between(struct hunt *h, uint64_t max, uint64_t min)
{
	while (may_go_on(h)) {
		uint64_t id = propose(h, max);
		if (id == 0 || id < min)
			return;
		if (is_hit(h, id)) {
			if (h->skip != 0)
				h->skip--;
			else
				h->out[h->count++] = id;
		}
		max = id - 1;
	}
}

static uint64_t id_at(uint64_t ms)
{
	return ms > UINT64_MAX >> ID_MS_SHIFT ? UINT64_MAX : ms << ID_MS_SHIFT;
}

static bool walks_open(struct hunt *h)
{
	size_t most = 0;
	for (size_t i = 0; i < h->query->count; i++)
		most += h->query->clauses[i].without ? 0 : h->query->clauses[i].count;
	/* the rest of a long question is seen when a status is looked at */
	most = most < CLAUSES_MAX ? most : CLAUSES_MAX;
	h->walks = ARENA_ARRAY(h->ctx->arena, most, struct search_walk);
	for (size_t i = 0; i < h->query->count && h->walks != NULL; i++) {
		const struct search_clause *clause = &h->query->clauses[i];
		for (size_t k = 0; k < clause->count && !clause->without; k++) {
			if (h->walk_count < most)
				search_walk_open(&h->walks[h->walk_count++], h->txn,
						 clause->terms[k]);
		}
	}
	return h->walks != NULL;
}

static void walks_restart(struct hunt *h)
{
	for (size_t i = 0; i < h->walk_count; i++)
		h->walks[i].count = 0;
}

/*
 * What was written before some day mostly came before it, too: that is looked at first, and only then
 * what was received later.
 */
static void hunt_all(struct hunt *h)
{
	const struct search_query *q = h->query;
	uint64_t max = h->page->max_id != 0 ? h->page->max_id - 1 : UINT64_MAX;
	uint64_t min = h->page->min_id + 1;
	uint64_t early = q->from_ms > LATE_MS ? id_at(q->from_ms - LATE_MS) : 0;
	uint64_t late = q->to_ms != 0 ? id_at(q->to_ms + LATE_MS) : UINT64_MAX;
	min = min > early ? min : early;
	hunt_between(h, max < late ? max : late, min);
	if (late >= max)
		return;
	walks_restart(h);
	hunt_between(h, max, min > late ? min : late + 1);
}

#define LOOK_ARENA ((size_t)16 << 20)

static int newest_first(const void *a, const void *b)
{
	const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
	return (x < y) - (x > y);
}

enum rc search_statuses(struct ctx *ctx, struct db_txn *txn, const struct site *site,
			struct viewer viewer, struct str query, const struct search_page *page,
			uint64_t out[SEARCH_LIMIT_MAX], size_t *count)
{
	struct search_query *q = ARENA_NEW(ctx->arena, struct search_query);
	struct hunt h = { .ctx = ctx,
			  .txn = txn,
			  .viewer = viewer,
			  .query = q,
			  .page = page,
			  .skip = page->offset,
			  .out = out };
	*count = 0;
	must(page->limit <= SEARCH_LIMIT_MAX);
	if (q == NULL)
		return ctx_fail(ctx, RC_NO_MEMORY, "out of memory");
	enum rc rc = search_query_parse(ctx, txn, site, viewer, query, q);
	if (rc != RC_OK || q->nothing || viewer.account == 0 || page->offset > SEARCH_OFFSET_MAX ||
	    (q->count == 0 && q->from_ms == 0 && q->to_ms == 0 && q->where == SEARCH_ALL))
		return rc;
	h.arena = arena_new(LOOK_ARENA);
	if (h.arena == NULL || !walks_open(&h))
		rc = ctx_fail(ctx, RC_NO_MEMORY, "out of memory");
	else
		hunt_all(&h);
	arena_free(&h.arena);
	qsort(out, h.count, sizeof(out[0]), newest_first);
	*count = h.count;
	return rc == RC_OK ? db_txn_rc(txn) : rc;
}
