/* What people see of communities. Reads in batches; any thread with a transaction of its own. */
#include "social/community_view.h"

#include <stdlib.h>

#include "community_int.h"
#include "social/moderate.h"
#include "social/mute.h"

#define CHUNK 100
#define TENDED_MAX 100
#define PICK_AT_ONCE 40
#define SCRATCH_BYTES (4 * 1024 * 1024)
#define STANDING_BYTES (256 * 1024)

/* --- who is in --- */

size_t communities_joined(struct db_txn *txn, struct arena *arena, uint64_t account, uint64_t *out,
			  size_t max)
{
	uint64_t ids[CHUNK], after = 0;
	size_t n = 0, got;
	struct account *rows = ARENA_ARRAY(arena, CHUNK, struct account);
	struct arena *scratch = arena_new(SCRATCH_BYTES);
	while (rows != NULL && scratch != NULL && n < max &&
	       (got = follow_following(txn, account, after, FOLLOW_ACCEPTED, ids, CHUNK)) != 0) {
		if (!account_get_many(txn, scratch, ids, got, rows))
			break;
		for (size_t i = 0; i < got && n < max; i++) {
			if (rows[i].id != 0 && rows[i].kind == ACCOUNT_GROUP &&
			    !account_is_gone(&rows[i]))
				out[n++] = rows[i].id;
		}
		after = ids[got - 1];
		arena_reset(scratch);
	}
	arena_free(&scratch);
	return n;
}

static bool tends_elsewhere(struct db_txn *txn, uint64_t community, uint64_t account,
			    unsigned permissions)
{
	struct community_standing standing;
	if ((permissions & ~(unsigned)COMMUNITY_MAY_ELSEWHERE) != 0)
		return false;
	struct arena *arena = arena_new(STANDING_BYTES);
	bool tends = arena != NULL &&
		     community_standing_elsewhere(txn, arena, community, account, &standing) &&
		     (standing.permissions & permissions) == permissions;
	arena_free(&arena);
	return tends;
}

size_t communities_tended(struct db_txn *txn, uint64_t account, unsigned permissions, uint64_t *out,
			  size_t max)
{
	uint64_t ids[CHUNK], after = 0;
	size_t n = 0, got;
	while (n < max && (got = community_rows_of(txn, account, after, ids, CHUNK)) != 0) {
		for (size_t i = 0; i < got && n < max; i++) {
			if (community_permits(txn, ids[i], account, permissions) ||
			    tends_elsewhere(txn, ids[i], account, permissions))
				out[n++] = ids[i];
		}
		after = ids[got - 1];
	}
	return n;
}

bool community_joined(struct db_txn *txn, struct arena *arena, uint64_t account, uint64_t group,
		      struct account *out)
{
	return account != 0 && follow_accepted(txn, account, group) &&
	       account_get(txn, arena, group, out) && out->kind == ACCOUNT_GROUP &&
	       !account_is_gone(out);
}

size_t community_staff(struct db_txn *txn, struct arena *arena, uint64_t community,
		       unsigned permissions, uint64_t *out, size_t max)
{
	struct community_member *rows = ARENA_ARRAY(arena, CHUNK, struct community_member);
	uint64_t after = 0;
	struct str domain;
	size_t n = 0, got;
	while (rows != NULL && n < max &&
	       (got = community_staff_rows(txn, arena, community, after, rows, CHUNK)) != 0) {
		for (size_t i = 0; i < got && n < max; i++) {
			if (account_domain(txn, rows[i].account, &domain) && domain.len == 0 &&
			    community_permits(txn, community, rows[i].account, permissions))
				out[n++] = rows[i].account;
		}
		after = rows[got - 1].account;
	}
	return n;
}

/* --- who asks --- */

static int newest_first(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;
	return *x > *y ? -1 : *x < *y;
}

static size_t merge(uint64_t *ids, size_t n, bool oldest, uint64_t *out, size_t count)
{
	size_t left = 0, from;
	qsort(ids, n, sizeof(ids[0]), newest_first);
	for (size_t i = 0; i < n; i++) {
		if (left == 0 || ids[left - 1] != ids[i])
			ids[left++] = ids[i];
	}
	from = oldest && left > count ? left - count : 0;
	if (left > count)
		left = count;
	for (size_t i = 0; i < left; i++)
		out[i] = ids[from + i];
	return left;
}

size_t community_requests_page(struct db_txn *txn, uint64_t account, const struct page *page,
			       uint64_t *out, size_t count)
{
	uint64_t tended[TENDED_MAX];
	size_t n = communities_tended(txn, account, COMMUNITY_MAY_ADMIT, tended, TENDED_MAX);
	if (n == 0)
		return follow_followers_page(txn, account, FOLLOW_PENDING, page, out, count);
	uint64_t *ids = malloc((n + 1) * count * sizeof(*ids));
	if (ids == NULL) {
		db_txn_fail(txn, RC_NO_MEMORY);
		return 0;
	}
	size_t got = follow_followers_page(txn, account, FOLLOW_PENDING, page, ids, count);
	for (size_t i = 0; i < n; i++)
		got += follow_followers_page(txn, tended[i], FOLLOW_PENDING, page, ids + got,
					     count);
	got = merge(ids, got, page->min_id != 0, out, count);
	free(ids);
	return got;
}

void communities_asked(struct db_txn *txn, uint64_t account, const uint64_t *askers, size_t count,
		       uint64_t *out)
{
	enum follow_state states[CHUNK];
	uint64_t tended[TENDED_MAX];
	size_t n = communities_tended(txn, account, COMMUNITY_MAY_ADMIT, tended, TENDED_MAX);
	for (size_t i = 0; i < count; i++)
		out[i] = 0;
	for (size_t at = 0; at < count; at += CHUNK) {
		size_t some = count - at < CHUNK ? count - at : CHUNK;
		for (size_t k = 0; k < n; k++) {
			follower_get_many(txn, tended[k], askers + at, some, states);
			for (size_t i = 0; i < some; i++) {
				if (out[at + i] == 0 && states[i] == FOLLOW_PENDING)
					out[at + i] = tended[k];
			}
		}
	}
}

uint64_t community_asked(struct db_txn *txn, uint64_t account, uint64_t asker)
{
	uint64_t community;
	communities_asked(txn, account, &asker, 1, &community);
	return community;
}

/* --- what is posted --- */

struct pick {
	struct community_post *places;
	struct status *rows;
	struct account *authors;
	uint64_t *names;
	struct hidden_ask *asks;
	unsigned *hidden;
};

static bool pick_begin(struct arena *arena, size_t n, struct pick *p)
{
	*p = (struct pick){
		ARENA_ARRAY(arena, n, struct community_post), ARENA_ARRAY(arena, n, struct status),
		ARENA_ARRAY(arena, n, struct account),	      ARENA_ARRAY(arena, n, uint64_t),
		ARENA_ARRAY(arena, n, struct hidden_ask),     ARENA_ARRAY(arena, n, unsigned)
	};
	return p->places != NULL && p->rows != NULL && p->authors != NULL && p->names != NULL &&
	       p->asks != NULL && p->hidden != NULL;
}

static bool is_in(const struct community_post *place)
{
	return place->status != 0 &&
	       (place->flags & (COMMUNITY_POST_HELD | COMMUNITY_POST_REMOVED)) == 0;
}

bool community_pick(struct db_txn *txn, struct arena *arena, struct viewer viewer,
		    uint64_t community, const uint64_t *ids, size_t n, bool *shown)
{
	struct pick p;
	if (n == 0)
		return true;
	if (!pick_begin(arena, n, &p) ||
	    !community_post_get_many(txn, arena, community, ids, n, p.places) ||
	    !status_get_many(txn, arena, ids, n, p.rows))
		return false;
	for (size_t i = 0; i < n; i++)
		p.names[i] = p.rows[i].account;
	if (!account_get_many(txn, arena, p.names, n, p.authors))
		return false;
	for (size_t i = 0; i < n; i++) {
		p.asks[i] =
			(struct hidden_ask){ .account = p.names[i], .domain = p.authors[i].domain };
		p.hidden[i] = 0;
	}
	if (viewer.account != 0)
		hidden_many(txn, viewer.account, p.asks, n, p.hidden);
	for (size_t i = 0; i < n; i++) {
		bool own = viewer.account != 0 && viewer.account == p.names[i];
		shown[i] = is_in(&p.places[i]) && p.rows[i].id != 0 && p.authors[i].id != 0 &&
			   (own || (p.hidden[i] & HIDDEN_IN_TIMELINES) == 0) &&
			   may_see(txn, viewer, &p.rows[i], &p.authors[i]) &&
			   (own || may_hear_of(txn, arena, viewer, &p.authors[i]));
	}
	return true;
}

size_t community_timeline(struct db_txn *txn, struct arena *arena, struct viewer viewer,
			  uint64_t community, const struct page *page, uint64_t *out, size_t count)
{
	struct page next = *page;
	uint64_t ids[PICK_AT_ONCE];
	bool shown[PICK_AT_ONCE];
	size_t n = 0, got;
	if (!may_see_community(txn, arena, viewer, community))
		return 0;
	/* with min_id the oldest are asked for: that many, whatever is hidden of them */
	while (n < count &&
	       (got = community_posts(txn, community, COMMUNITY_POSTS_THREADS, &next, ids,
				      count - n < PICK_AT_ONCE ? count - n : PICK_AT_ONCE)) != 0) {
		if (!community_pick(txn, arena, viewer, community, ids, got, shown))
			break;
		for (size_t i = 0; i < got; i++) {
			if (shown[i])
				out[n++] = ids[i];
		}
		if (page->min_id != 0)
			break;
		next.max_id = ids[got - 1];
	}
	return n;
}

size_t community_pinned(struct db_txn *txn, struct arena *arena, struct viewer viewer,
			uint64_t community, uint64_t *out, size_t count)
{
	const struct page page = PAGE_ALL;
	uint64_t ids[PICK_AT_ONCE];
	bool shown[PICK_AT_ONCE];
	size_t n = 0;
	if (!may_see_community(txn, arena, viewer, community))
		return 0;
	size_t got =
		community_posts(txn, community, COMMUNITY_POSTS_PINNED, &page, ids, PICK_AT_ONCE);
	if (!community_pick(txn, arena, viewer, community, ids, got, shown))
		return 0;
	for (size_t i = 0; i < got && n < count; i++) {
		struct community_post place;
		if (shown[i] && community_post_get(txn, community, ids[i], &place) &&
		    community_post_is_pinned(&place, db_txn_now(txn)))
			out[n++] = ids[i];
	}
	return n;
}
