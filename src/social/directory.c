/* The directory of people, whom to follow, and whom one knows already. Reads but for
 * directory_put(). */
#include <stdlib.h>

#include "core/must.h"
#include "social/moderate.h"
#include "social/wants.h"
#include "store/dismissed.h"
#include "store/graph.h"
#include "trends_int.h"

#define LOOKED_AT_MAX 800
#define LOOK_ARENA ((size_t)4 << 20)

static bool is_listed(const struct account *a)
{
	return (a->flags & ACCOUNT_DISCOVERABLE) != 0 && !account_is_gone(a) &&
	       a->moved_to.len == 0 && (a->flags & (ACCOUNT_INSTANCE | ACCOUNT_LEAVING)) == 0;
}

void directory_put(struct db_txn *txn, const struct account *account)
{
	struct rank_id id = rank_id(account->id);
	if (is_listed(account)) {
		rank_put(txn, RANK_NEW, rank_id_str(&id), account->id);
		if (account_is_local(account))
			rank_put(txn, RANK_NEW_LOCAL, rank_id_str(&id), account->id);
		return;
	}
	for (enum rank_kind kind = RANK_POPULAR; kind <= RANK_NEW_LOCAL; kind++)
		rank_del(txn, kind, rank_id_str(&id));
}

struct looking {
	struct db_txn *txn;
	struct arena *arena; /* for one account */
	struct viewer viewer;
};

static bool is_shown(struct looking *l, uint64_t id)
{
	struct account a;
	arena_reset(l->arena);
	return account_get(l->txn, l->arena, id, &a) && is_listed(&a) &&
	       may_see_account(l->txn, l->viewer, &a) &&
	       (l->viewer.account == 0 || (!block_exists(l->txn, l->viewer.account, id) &&
					   !wants_not(l->txn, l->viewer.account, id, a.domain))) &&
	       !is_silenced(l->txn, l->arena, &a);
}

size_t directory_list(struct ctx *ctx, struct db_txn *txn, struct viewer viewer,
		      enum directory_order order, bool local, unsigned offset, unsigned limit,
		      uint64_t out[DIRECTORY_LIMIT_MAX])
{
	static const enum rank_kind kinds[2][2] = {
		[DIRECTORY_ACTIVE] = { RANK_ACTIVE, RANK_ACTIVE_LOCAL },
		[DIRECTORY_NEW] = { RANK_NEW, RANK_NEW_LOCAL },
	};
	struct looking l = { txn, arena_new(LOOK_ARENA), viewer };
	struct rank *top = ARENA_ARRAY(ctx->arena, LOOKED_AT_MAX, struct rank);
	size_t n = 0, found = 0;
	must(limit <= DIRECTORY_LIMIT_MAX);
	if (l.arena != NULL && top != NULL && offset <= TRENDS_OFFSET_MAX)
		found = rank_top(txn, ctx->arena, kinds[order][local ? 1 : 0], offset, top,
				 LOOKED_AT_MAX);
	for (size_t i = 0; i < found && n < limit; i++) {
		uint64_t id = rank_item_id(top[i].item);
		if (is_shown(&l, id))
			out[n++] = id;
	}
	arena_free(&l.arena);
	return n;
}

/* --- whom to follow --- */

#define FRIENDS_MAX 200
#define THEIRS_MAX 100

struct tally {
	uint64_t account;
	unsigned friends;
};

static int by_id(const void *a, const void *b)
{
	const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
	return (x > y) - (x < y);
}

static int most_friends_first(const void *a, const void *b)
{
	const struct tally *x = a, *y = b;
	if (x->friends != y->friends)
		return x->friends < y->friends ? 1 : -1;
	return (x->account > y->account) - (x->account < y->account);
}

/* Whom those follow whom one follows; who occurs once is a matter of chance and comes last. */
static size_t tally_friends(struct ctx *ctx, struct db_txn *txn, uint64_t viewer,
			    struct tally **out)
{
	uint64_t friends[FRIENDS_MAX];
	uint64_t *theirs = ARENA_ARRAY(ctx->arena, FRIENDS_MAX * THEIRS_MAX, uint64_t);
	size_t n = 0, kept = 0;
	if (theirs == NULL)
		return 0;
	size_t count = follow_following(txn, viewer, 0, FOLLOW_ACCEPTED, friends, FRIENDS_MAX);
	for (size_t i = 0; i < count; i++)
		n += follow_following(txn, friends[i], 0, FOLLOW_ACCEPTED, theirs + n, THEIRS_MAX);
	qsort(theirs, n, sizeof(theirs[0]), by_id);
	struct tally *list = ARENA_ARRAY(ctx->arena, n, struct tally);
	if (list == NULL)
		return 0;
	for (size_t i = 0; i < n; i++) {
		if (kept == 0 || list[kept - 1].account != theirs[i])
			list[kept++] = (struct tally){ theirs[i], 0 };
		list[kept - 1].friends++;
	}
	qsort(list, kept, sizeof(list[0]), most_friends_first);
	*out = list;
	return kept;
}

static bool is_suggested(struct looking *l, uint64_t id, const struct suggestion *have, size_t n)
{
	uint64_t me = l->viewer.account;
	for (size_t i = 0; i < n; i++) {
		if (have[i].account == id)
			return false;
	}
	return id != 0 && id != me && follow_get(l->txn, me, id).state == FOLLOW_NONE &&
	       !dismissed_has(l->txn, me, id) && is_shown(l, id);
}

static size_t suggest(struct ctx *ctx, struct looking *l, unsigned limit,
		      struct suggestion out[SUGGESTIONS_MAX])
{
	struct tally *friends = NULL;
	struct rank *top = ARENA_ARRAY(ctx->arena, LOOKED_AT_MAX, struct rank);
	size_t n = 0, count = tally_friends(ctx, l->txn, l->viewer.account, &friends);
	for (size_t i = 0; i < count && n < limit && i < LOOKED_AT_MAX; i++) {
		if (is_suggested(l, friends[i].account, out, n))
			out[n++] = (struct suggestion){ friends[i].account, SUGGESTION_FRIENDS };
	}
	if (top == NULL)
		return n;
	count = rank_top(l->txn, ctx->arena, RANK_POPULAR, 0, top, LOOKED_AT_MAX);
	for (size_t i = 0; i < count && n < limit; i++) {
		uint64_t id = rank_item_id(top[i].item);
		if (is_suggested(l, id, out, n))
			out[n++] = (struct suggestion){ id, SUGGESTION_POPULAR };
	}
	return n;
}

size_t suggestions_of(struct ctx *ctx, struct db_txn *txn, struct viewer viewer, unsigned limit,
		      struct suggestion out[SUGGESTIONS_MAX])
{
	struct looking l = { txn, arena_new(LOOK_ARENA), viewer };
	must(limit <= SUGGESTIONS_MAX);
	size_t n = l.arena != NULL && viewer.account != 0 ? suggest(ctx, &l, limit, out) : 0;
	arena_free(&l.arena);
	return n;
}

/* --- whom one knows already --- */

#define FOLLOWED_MAX 5000

static bool is_told(struct looking *l, uint64_t id)
{
	struct account a;
	arena_reset(l->arena);
	return account_get(l->txn, l->arena, id, &a) && !account_is_gone(&a) &&
	       (a.flags & ACCOUNT_HIDE_NETWORK) == 0;
}

size_t familiar_followers(struct ctx *ctx, struct db_txn *txn, struct viewer viewer,
			  uint64_t account, uint64_t out[FAMILIAR_MAX])
{
	struct looking l = { txn, arena_new(LOOK_ARENA), viewer };
	uint64_t *followed = ARENA_ARRAY(ctx->arena, FOLLOWED_MAX, uint64_t);
	size_t n = 0, count = 0;
	if (l.arena != NULL && followed != NULL && viewer.account != 0)
		count = follow_following(txn, viewer.account, 0, FOLLOW_ACCEPTED, followed,
					 FOLLOWED_MAX);
	for (size_t i = 0; i < count && n < FAMILIAR_MAX; i++) {
		if (follow_accepted(txn, followed[i], account) && is_told(&l, followed[i]))
			out[n++] = followed[i];
	}
	arena_free(&l.arena);
	return n;
}
