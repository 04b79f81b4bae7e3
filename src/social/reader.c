/* What belongs into somebody's feed. Inside transactions; reads only. */
#include <stdlib.h>

#include "social/feed.h"
#include "social/see.h"
#include "social/wants.h"
#include "store/graph.h"
#include "store/shelf.h"
#include "text/html.h"

#define CHUNK 512
#define FEED_MEMBERS_MAX 5000 /* of a list; those who joined last */

/* --- loading --- */

/* In the order of ids, as the index has them. */
static const uint64_t *followees_load(struct db_txn *txn, struct arena *arena, uint64_t account,
				      size_t *count)
{
	uint64_t *all = NULL, chunk[CHUNK], after = 0;
	size_t n, room = 0;
	*count = 0;
	while ((n = follow_following(txn, account, after, FOLLOW_ACCEPTED, chunk, CHUNK)) != 0) {
		if (*count + n > room) {
			uint64_t *more = ARENA_ARRAY(arena, room = (*count + n) * 2, uint64_t);
			if (more == NULL)
				return NULL;
			if (*count != 0)
				memcpy(more, all, *count * sizeof(all[0]));
			all = more;
		}
		memcpy(all + *count, chunk, n * sizeof(chunk[0]));
		*count += n;
		after = chunk[n - 1];
	}
	return all;
}

static void tags_load(struct db_txn *txn, struct arena *arena, struct reader *r)
{
	if (r->list != NULL)
		return;
	struct str *tags = ARENA_ARRAY(arena, FEED_TAGS_MAX, struct str);
	if (tags == NULL)
		return;
	r->tag_count = wants_tags(txn, arena, r->account, tags, FEED_TAGS_MAX);
	r->tags = tags;
}

static int by_id(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;
	return *x < *y ? -1 : *x > *y;
}

/* NULL when there is no such list, or the arena has failed. */
static const struct feed_list *list_load(struct db_txn *txn, struct arena *arena, uint64_t account,
					 uint64_t id)
{
	struct feed_list *out = ARENA_NEW(arena, struct feed_list);
	uint64_t *members = ARENA_ARRAY(arena, FEED_MEMBERS_MAX, uint64_t);
	struct page page = PAGE_ALL;
	struct shelved some[64];
	struct list list;
	size_t n;
	if (out == NULL || members == NULL || !list_get(txn, arena, account, id, &list))
		return NULL;
	do {
		n = shelf_list(txn, arena, SHELF_LISTED, id, &page, some, ARRAY_LEN(some));
		for (size_t i = 0; i < n && out->member_count < FEED_MEMBERS_MAX; i++)
			members[out->member_count++] = some[i].id;
		if (n != 0)
			page.max_id = some[n - 1].order;
	} while (n == ARRAY_LEN(some) && out->member_count < FEED_MEMBERS_MAX);
	qsort(members, out->member_count, sizeof(members[0]), by_id);
	out->members = members;
	out->replies = list.replies;
	return out;
}

bool reader_load(struct db_txn *txn, struct arena *arena, uint64_t account, uint64_t list,
		 struct reader *out)
{
	*out = (struct reader){ .account = account };
	if (list != 0) {
		out->list = list_load(txn, arena, account, list);
		if (out->list == NULL)
			return false;
	}
	out->followees = followees_load(txn, arena, account, &out->followee_count);
	tags_load(txn, arena, out);
	return db_txn_rc(txn) == RC_OK && !arena_failed(arena);
}

/* --- judging --- */

static bool has_id(const uint64_t *sorted, size_t count, uint64_t id)
{
	size_t low = 0, high = count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (sorted[middle] == id)
			return true;
		if (sorted[middle] < id)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

static bool follows(const struct reader *r, uint64_t account)
{
	return has_id(r->followees, r->followee_count, account);
}

static bool hides(struct db_txn *txn, const struct reader *r, uint64_t account, struct str host)
{
	return account != r->account && (block_exists(txn, r->account, account) ||
					 wants_not(txn, r->account, account, host));
}

/* Whoever is not to be seen is not to be seen by being mentioned, either. */
static bool mentions_hidden(struct db_txn *txn, const struct reader *r, const struct status *s)
{
	for (unsigned i = 0; i < s->mention_count; i++) {
		if (s->mentions[i].account != 0 && hides(txn, r, s->mentions[i].account, STR("")))
			return true;
	}
	return false;
}

static bool has_followed_tag(struct arena *arena, const struct reader *r, const struct status *s)
{
	struct ctx quiet = { .arena = arena };
	struct str folded;
	for (unsigned i = 0; r->tag_count != 0 && i < s->tag_count; i++) {
		if (text_tag_fold(&quiet, s->tags[i], &folded) != RC_OK)
			continue;
		for (size_t k = 0; k < r->tag_count; k++) {
			if (str_eq(folded, r->tags[k]))
				return true;
		}
	}
	return false;
}

/* An answer to a stranger says nothing to those who do not know what was asked. */
static bool wants_reply(const struct reader *r, const struct status *s)
{
	uint64_t to = s->parent_account;
	if (s->parent == 0)
		return false;
	if (to == s->account || to == r->account)
		return true;
	if (r->list == NULL)
		return follows(r, to);
	switch (r->list->replies) {
	case REPLIES_TO_LIST:
		return has_id(r->list->members, r->list->member_count, to);
	case REPLIES_TO_FOLLOWED:
		return follows(r, to);
	case REPLIES_TO_NOBODY:
		break;
	}
	return false;
}

static bool wants_boost(struct db_txn *txn, struct arena *arena, const struct reader *r,
			const struct status *boost, const struct account *booster)
{
	const struct viewer viewer = { r->account, true };
	struct status original;
	struct account author;
	if (wants_no_boosts(txn, r->account, booster->id))
		return false;
	return status_get(txn, arena, boost->boost_of, &original) &&
	       account_get(txn, arena, original.account, &author) &&
	       may_see_boost(txn, viewer, boost, booster, &original, &author) &&
	       !hides(txn, r, author.id, author.domain) && !mentions_hidden(txn, r, &original);
}

/* Is there a reason why it would be here at all? */
static bool concerns(struct arena *arena, const struct reader *r, const struct status *s,
		     bool *by_tag)
{
	*by_tag = false;
	if (r->list != NULL)
		return has_id(r->list->members, r->list->member_count, s->account);
	if (s->account == r->account || follows(r, s->account))
		return true;
	*by_tag = s->visibility == VISIBILITY_PUBLIC && has_followed_tag(arena, r, s);
	return *by_tag;
}

static bool is_set_aside(struct db_txn *txn, const struct reader *r, const struct status *s)
{
	return (r->list == NULL && wants_apart(txn, r->account, s->account)) ||
	       wants_no_language(txn, r->account, s->account, s->language);
}

bool reader_wants(struct db_txn *txn, struct arena *arena, const struct reader *r,
		  const struct status *s)
{
	const struct viewer viewer = { r->account, true };
	struct account author;
	bool by_tag;
	if (!concerns(arena, r, s, &by_tag) || !account_get(txn, arena, s->account, &author) ||
	    !may_see(txn, viewer, s, &author))
		return false;
	bool own = s->account == r->account;
	if (!own && (is_held_back(s) || hides(txn, r, author.id, author.domain) ||
		     mentions_hidden(txn, r, s)))
		return false;
	if ((s->flags & STATUS_BOOST) != 0)
		return !(by_tag || (!own && is_set_aside(txn, r, s))) &&
		       wants_boost(txn, arena, r, s, &author);
	if (own || by_tag)
		return true;
	return !is_set_aside(txn, r, s) && ((s->flags & STATUS_REPLY) == 0 || wants_reply(r, s));
}
