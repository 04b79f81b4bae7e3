/* Gathers a post with what it replies to, and with the replies to it. */
#include "social/move.h"
#include "store/thread.h"
#include "web_int.h"

#define ABOVE_MAX 40
#define REPLIES_MAX 120
/* How many replies are looked at, visible or not. */
#define SCAN_MAX 1000
#define KNOWN_MAX 1000

/* Replies level by level, as they are read. */
struct replies {
	struct post posts[REPLIES_MAX + POSTS_CHUNK];
	size_t parents[REPLIES_MAX + POSTS_CHUNK]; /* an index + 1; 0 is the post of the page */
	size_t count;
	size_t seen;
	bool cut;
};

static void read_above(struct reading *r, struct thread_view *out)
{
	const struct post *first = &out->focus;
	struct post *at = out->above + ABOVE_MAX;
	while (out->above_count < ABOVE_MAX && first->parent != NULL && !reading_is_spent(r)) {
		if (reading_posts(r, &first->parent->id, 1, at - 1) == 0)
			break;
		out->focus.parent_above = true;
		if (at != out->above + ABOVE_MAX)
			at->parent_above = true;
		first = --at;
		out->above_count++;
	}
	out->above = at;
	out->cut_above = (first->status->flags & STATUS_REPLY) != 0;
}

static void read_children(struct reading *r, struct replies *replies, uint64_t parent, size_t index)
{
	uint64_t ids[POSTS_CHUNK], after = 0;
	size_t got = POSTS_CHUNK;
	while (got == POSTS_CHUNK && !replies->cut) {
		got = status_by_parent(r->txn, parent, after, ids, POSTS_CHUNK);
		if (got == 0)
			return;
		after = ids[got - 1];
		size_t n = reading_posts(r, ids, got, &replies->posts[replies->count]);
		for (size_t i = 0; i < n; i++)
			replies->parents[replies->count + i] = index;
		replies->count += n;
		replies->seen += got;
		replies->cut = replies->count > REPLIES_MAX || replies->seen > SCAN_MAX ||
			       reading_is_spent(r);
	}
}

/* By time, not by when they came here: late ones may be old. */
static bool is_before(const struct post *a, const struct post *b)
{
	if (a->status->created_ms != b->status->created_ms)
		return a->status->created_ms < b->status->created_ms;
	return a->id < b->id;
}

/* The reply to parent that follows `last` (replies->count: the first); replies->count when there is
 * none. */
static size_t next_reply(const struct replies *replies, size_t parent, size_t last)
{
	size_t next = replies->count;
	for (size_t i = 0; i < replies->count; i++) {
		const struct post *post = &replies->posts[i];
		if (replies->parents[i] == parent &&
		    (last == replies->count || is_before(&replies->posts[last], post)) &&
		    (next == replies->count || is_before(post, &replies->posts[next])))
			next = i;
	}
	return next;
}

/*
 * Puts each reply behind its parent; only as deep as there are replies. Those to the post of the
 * page need not say so.
 */
static void order_replies(const struct replies *replies, size_t parent, unsigned depth,
			  struct thread_view *out)
{
	size_t begin = out->below_count, i = replies->count;
	while (out->below_count < REPLIES_MAX &&
	       (i = next_reply(replies, parent, i)) != replies->count) {
		struct post *post = &out->below[out->below_count++];
		*post = replies->posts[i];
		post->depth = depth;
		post->parent_above = depth == 0 || out->below_count == begin + 1;
		order_replies(replies, i + 1, depth + 1, out);
	}
}

static void read_below(struct reading *r, struct thread_view *out)
{
	struct replies *replies = ARENA_NEW(r->arena, struct replies);
	out->below = ARENA_ARRAY(r->arena, REPLIES_MAX, struct post);
	if (replies == NULL || out->below == NULL)
		return;
	read_children(r, replies, out->focus.id, 0);
	for (size_t i = 0; i < replies->count; i++)
		read_children(r, replies, replies->posts[i].id, i + 1);
	out->cut_below = replies->cut;
	order_replies(replies, 0, 0, out);
}

/* What the conversation's owner has counted, and how much of it is here. */
static void read_known(struct reading *r, struct thread_view *out)
{
	struct thread_entry rows[KNOWN_MAX];
	uint64_t root = out->focus.status->root;
	struct status_hints hints = hint_get(r->txn, root);
	if (hints.thread == HINT_NONE)
		return;
	out->told = hints.thread;
	out->known = 1 + thread_list(r->txn, root, 0, 0, rows, KNOWN_MAX);
	/* more than is counted here */
	if (out->known > KNOWN_MAX)
		out->told = 0;
}

static bool read_focus(struct reading *r, struct str name, uint64_t id, struct post *out)
{
	struct account account;
	if (!reading_local(r, name, &account) || reading_posts(r, &id, 1, out) == 0)
		return false;
	return (out->booster != NULL ? out->booster->id : out->author->id) == account.id;
}

/* Without the link to what is shown as a card. */
static struct html own_words(struct ctx *ctx, const struct post *post)
{
	struct buf words = BUF_INIT(HTML_OUTPUT_MAX);
	if (post->quoted == NULL)
		return post->status->content;
	html_add_without_quote(&words, post->status->content);
	return html_trusted(arena_take_buf(ctx->arena, &words));
}

enum rc gather_thread(const struct web *web, struct ctx *ctx, struct str name, uint64_t id,
		      struct thread_view *out)
{
	struct reading r;
	enum rc rc = reading_begin(&r, web, ctx->arena);
	*out = (struct thread_view){ 0 };
	if (rc != RC_OK)
		return rc;
	out->above = ARENA_ARRAY(ctx->arena, ABOVE_MAX, struct post);
	bool found = out->above != NULL && read_focus(&r, name, id, &out->focus);
	out->findable =
		found && may_find(r.txn, VIEWER_ANYBODY, out->focus.status, out->focus.author);
	if (found && out->focus.booster == NULL)
		out->moved_url = taken_to(r.txn, ctx->arena, out->focus.author, out->focus.status);
	/* a boost stands alone: its thread is its author's */
	if (found && out->focus.booster == NULL) {
		read_above(&r, out);
		read_below(&r, out);
		read_known(&r, out);
	}
	rc = reading_end(&r, found ? RC_OK : RC_NOT_FOUND);
	if (rc == RC_OK)
		out->description = out->focus.status->spoiler.len != 0
					   ? out->focus.status->spoiler
					   : summary_of(ctx, own_words(ctx, &out->focus));
	return rc;
}
