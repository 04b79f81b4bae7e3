/* Which hashtags somebody uses. Inside transactions that may only read. */
#include "social/tags.h"

#include <stdlib.h>

#include "store/status.h"
#include "text/html.h"

#define CHUNK 40

static void use(struct ctx *ctx, const struct status *s, struct str tag, struct tag_use *out,
		size_t *n)
{
	struct ctx quiet = { .arena = ctx->arena };
	struct str folded;
	size_t i = 0;
	if (text_tag_fold(&quiet, tag, &folded) != RC_OK)
		return;
	while (i < *n && !str_eq(out[i].folded, folded))
		i++;
	if (i == TAGS_USED_MAX)
		return;
	/* the newest posts come first */
	if (i == *n)
		out[(*n)++] = (struct tag_use){ tag, folded, 0, s->created_ms };
	out[i].count++;
}

static int more_first(const void *a, const void *b)
{
	const struct tag_use *x = a, *y = b;
	return x->count < y->count ? 1 : x->count > y->count ? -1 : 0;
}

size_t tags_used(struct db_txn *txn, struct ctx *ctx, uint64_t account,
		 struct tag_use out[TAGS_USED_MAX])
{
	struct status_entry entries[CHUNK];
	struct status *posts = ARENA_ARRAY(ctx->arena, CHUNK, struct status);
	uint64_t ids[CHUNK], below = 0;
	size_t n = 0, read = CHUNK;
	for (size_t looked = 0; posts != NULL && read == CHUNK && looked < TAGS_LOOKED_AT;
	     looked += read) {
		size_t wanted = 0;
		read = status_by_author(txn, account, below, 0, entries, CHUNK);
		for (size_t i = 0; i < read; i++) {
			if (visibility_is_open(entries[i].visibility) &&
			    (entries[i].flags & STATUS_BOOST) == 0)
				ids[wanted++] = entries[i].id;
			below = entries[i].id;
		}
		if (!status_get_many(txn, ctx->arena, ids, wanted, posts))
			break;
		for (size_t i = 0; i < wanted; i++) {
			for (unsigned k = 0; k < posts[i].tag_count; k++)
				use(ctx, &posts[i], posts[i].tags[k], out, &n);
		}
	}
	qsort(out, n, sizeof(out[0]), more_first);
	return n;
}
