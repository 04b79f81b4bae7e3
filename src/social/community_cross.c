/* Posts that are carried across into a community. Inside transactions, but for composing. */
#include "community_int.h"
#include "text/html.h"

#define LOOKED_AT 200 /* of the newest threads */
#define THREADS_CHUNK 20
#define LOOK_BYTES ((size_t)16 << 20)

/* Its markup leads to that address, which is written as in markup. */
static bool leads_to(const struct status *status, struct str link)
{
	return str_contains(status->content.markup, link);
}

static bool has_thread_about(struct db_txn *txn, struct arena *arena, uint64_t community,
			     struct str link)
{
	struct community_post places[THREADS_CHUNK];
	uint64_t ids[THREADS_CHUNK], before = 0;
	struct status threads[THREADS_CHUNK];
	size_t n, looked = 0;
	while (looked < LOOKED_AT &&
	       (n = community_threads(txn, community, before, places, THREADS_CHUNK)) != 0) {
		arena_reset(arena);
		for (size_t i = 0; i < n; i++)
			ids[i] = places[i].status;
		status_get_many(txn, arena, ids, n, threads);
		for (size_t i = 0; i < n; i++) {
			if (threads[i].id != 0 && (places[i].flags & COMMUNITY_POST_REMOVED) == 0 &&
			    leads_to(&threads[i], link))
				return true;
		}
		before = ids[n - 1];
		looked += n;
	}
	return false;
}

/* Where people read it. */
static struct str address_of(const struct status *source)
{
	return source->url.len != 0 ? source->url : source->uri;
}

enum rc community_cross_draft(struct ctx *ctx, const struct status *source, struct str text,
			      struct draft *draft)
{
	struct str words = str_trim(text);
	if (!visibility_is_open(source->visibility))
		return ctx_fail(ctx, RC_DENIED, "what is not for everybody stays where it is");
	draft->title = source->title;
	draft->text = arena_printf(ctx->arena, "%.*s%s%.*s", STR_ARG(words),
				   words.len != 0 ? "\n\n" : "", STR_ARG(address_of(source)));
	return draft->text.ptr != NULL ? RC_OK : RC_NO_MEMORY;
}

static enum rc cross_check(struct social *s, uint64_t community, const struct status *source)
{
	struct buf link CLEANUP(buf_free) = BUF_INIT(8192);
	if (source->community == community)
		return act_end(s, ctx_fail(s->ctx, RC_EXISTS, "it is in this community already"));
	struct arena *arena = arena_new(LOOK_BYTES);
	if (arena == NULL)
		return RC_NO_MEMORY;
	buf_add(&link, STR("href=\""));
	html_add_text(&link, address_of(source));
	buf_add_chr(&link, '"');
	bool there = !link.failed && has_thread_about(s->txn, arena, community, buf_str(&link));
	arena_free(&arena);
	return act_end(s, there ? ctx_fail(s->ctx, RC_EXISTS,
					   "it was posted across into this community before")
				: RC_OK);
}

enum rc community_cross(struct social *s, const struct status *source, struct draft *draft)
{
	enum rc rc = cross_check(s, draft->community, source);
	return rc == RC_OK ? act_post(s, draft) : rc;
}
