/* What trends, as it is shown. Reads only. */
#include <stdlib.h>

#include "core/must.h"
#include "social/moderate.h"
#include "social/wants.h"
#include "store/graph.h"
#include "text/html.h"
#include "trends_int.h"

#define LOOKED_AT_MAX 400

static void history_read(struct db_txn *txn, enum rank_kind kind, struct str item, uint64_t now_ms,
			 struct trend_item *out)
{
	enum usage_kind usage = kind == RANK_TAG ? USAGE_TAG : USAGE_LINK;
	out->today = day_of_ms(now_ms);
	for (uint32_t i = 0; i < TREND_HISTORY_DAYS; i++)
		out->history[i] = i <= out->today ? usage_get(txn, usage, item, out->today - i)
						  : (struct usage){ 0 };
}

static bool does_trend(const struct trend_item *item)
{
	if (item->rank.review != REVIEW_NONE)
		return item->rank.review == REVIEW_ALLOWED;
	return item->history[0].accounts + item->history[1].accounts >= TREND_ACCOUNTS_MIN;
}

static void tag_read(struct ctx *ctx, struct db_txn *txn, struct str name, struct trend_item *out)
{
	if (!hashtag_get(txn, ctx->arena, name, &out->tag))
		out->tag = (struct hashtag){ .name = name, .display = name };
}

bool trends_item(struct ctx *ctx, struct db_txn *txn, enum rank_kind kind, struct str item,
		 uint64_t now_ms, struct trend_item *out)
{
	*out = (struct trend_item){ .rank = { .item = item } };
	bool ranked = rank_get(txn, ctx->arena, kind, item, &out->rank);
	history_read(txn, kind, item, now_ms, out);
	if (kind != RANK_TAG)
		return ranked;
	tag_read(ctx, txn, item, out);
	return ranked || out->tag.uses != 0;
}

size_t trends_items(struct ctx *ctx, struct db_txn *txn, enum rank_kind kind,
		    const struct trend_page *page, uint64_t now_ms,
		    struct trend_item out[TRENDS_LIMIT_MAX])
{
	struct rank *top = ARENA_ARRAY(ctx->arena, LOOKED_AT_MAX, struct rank);
	unsigned skip = page->offset;
	size_t n = 0;
	must(page->limit <= TRENDS_LIMIT_MAX);
	if (top == NULL || page->offset > TRENDS_OFFSET_MAX)
		return 0;
	size_t found = rank_top(txn, ctx->arena, kind, 0, top, LOOKED_AT_MAX);
	for (size_t i = 0; i < found && n < page->limit; i++) {
		out[n] = (struct trend_item){ .rank = top[i] };
		history_read(txn, kind, top[i].item, now_ms, &out[n]);
		if (!page->all && !does_trend(&out[n]))
			continue;
		if (skip != 0) {
			skip--;
			continue;
		}
		if (kind == RANK_TAG)
			tag_read(ctx, txn, top[i].item, &out[n]);
		n++;
	}
	return n;
}

#define LOOK_ARENA ((size_t)4 << 20)

static bool is_shown(struct arena *arena, struct db_txn *txn, struct viewer viewer, uint64_t id)
{
	struct status s;
	struct account author;
	arena_reset(arena);
	return status_get(txn, arena, id, &s) && account_get(txn, arena, s.account, &author) &&
	       (author.flags & ACCOUNT_DISCOVERABLE) != 0 && may_see(txn, viewer, &s, &author) &&
	       (viewer.account == 0 ||
		(!block_exists(txn, viewer.account, author.id) &&
		 !wants_not(txn, viewer.account, author.id, author.domain))) &&
	       may_hear_of(txn, arena, viewer, &author);
}

size_t trends_statuses(struct ctx *ctx, struct db_txn *txn, struct viewer viewer,
		       const struct trend_page *page, uint64_t out[TRENDS_LIMIT_MAX])
{
	struct rank *top = ARENA_ARRAY(ctx->arena, LOOKED_AT_MAX, struct rank);
	struct arena *arena = arena_new(LOOK_ARENA);
	unsigned skip = page->offset;
	size_t n = 0, found = 0;
	must(page->limit <= TRENDS_LIMIT_MAX);
	if (top != NULL && arena != NULL && page->offset <= TRENDS_OFFSET_MAX)
		found = rank_top(txn, ctx->arena, RANK_STATUS, 0, top, LOOKED_AT_MAX);
	for (size_t i = 0; i < found && n < page->limit; i++) {
		uint64_t id = rank_item_id(top[i].item);
		if ((top[i].review == REVIEW_REFUSED && !page->all) ||
		    !is_shown(arena, txn, viewer, id))
			continue;
		if (skip != 0)
			skip--;
		else
			out[n++] = id;
	}
	arena_free(&arena);
	return n;
}

/* --- hashtags by how they begin --- */

static int most_used_first(const void *a, const void *b)
{
	const struct hashtag *x = a, *y = b;
	if (x->uses != y->uses)
		return x->uses < y->uses ? 1 : -1;
	return str_cmp(x->name, y->name);
}

size_t search_tags(struct ctx *ctx, struct db_txn *txn, struct str text, unsigned offset,
		   unsigned limit, struct hashtag out[TRENDS_LIMIT_MAX])
{
	struct ctx quiet = { .arena = ctx->arena };
	struct hashtag *list = ARENA_ARRAY(ctx->arena, LOOKED_AT_MAX, struct hashtag);
	struct str name;
	size_t n = 0;
	text = str_trim(text);
	if (str_has_prefix(text, STR("#")))
		text = str_skip(text, 1);
	must(limit <= TRENDS_LIMIT_MAX);
	if (list == NULL || text_tag_fold(&quiet, text, &name) != RC_OK)
		return 0;
	size_t found = hashtag_list(txn, ctx->arena, name, list, LOOKED_AT_MAX);
	qsort(list, found, sizeof(list[0]), most_used_first);
	for (size_t i = offset; i < found && n < limit; i++)
		out[n++] = list[i];
	return n;
}
