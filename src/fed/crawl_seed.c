/* Where a crawl begins and how it goes from post to post. Reads the store. */
#include "crawl_int.h"
#include "store/thread.h"
#include "store/uri.h"

#define CHILDREN_MAX 100

static bool is_missing(struct fed *fed, struct db_txn *txn, const struct status *s)
{
	return s->parent == 0 && s->parent_uri.len != 0 &&
	       !site_owns_text(fed->site, s->parent_uri) &&
	       uri_find(txn, s->parent_uri).kind == URI_NONE;
}

static void push_parent(struct fed *fed, struct db_txn *txn, struct arena *arena, struct crawl *c,
			const struct status *s)
{
	const struct crawl_entry parent = { .kind = CRAWL_PARENT, .uri = s->parent_uri };
	if (is_missing(fed, txn, s) && c->climbed < crawl_limits(c->mode)->climbs)
		crawl_push(c, arena, &parent);
}

static void push_known(struct db_txn *txn, struct arena *arena, struct crawl *c,
		       const struct status *s, unsigned depth)
{
	uint64_t ids[CHILDREN_MAX];
	struct status child;
	size_t n = status_by_parent(txn, s->id, 0, ids, CHILDREN_MAX);
	for (size_t i = 0; i < n; i++) {
		if (!status_get(txn, arena, ids[i], &child))
			continue;
		const struct crawl_entry post = { .kind = CRAWL_POST,
						  .source = CRAWL_OF_REPLIES,
						  .depth = depth + 1,
						  .owner = s->id,
						  .uri = child.uri };
		crawl_push(c, arena, &post);
	}
}

void crawl_descend(struct db_txn *txn, struct arena *arena, struct crawl *c, const struct status *s,
		   unsigned depth)
{
	const struct crawl_entry page = { .kind = CRAWL_PAGE,
					  .source = CRAWL_OF_REPLIES,
					  .depth = depth,
					  .owner = s->id,
					  .uri = s->replies };
	if (depth >= CRAWL_DEPTH_MAX)
		return;
	if (s->replies.len != 0)
		crawl_push(c, arena, &page);
	else
		push_known(txn, arena, c, s, depth);
}

void crawl_climb_on(struct fed *fed, struct db_txn *txn, struct arena *arena, struct crawl *c,
		    uint64_t id)
{
	struct status s;
	if (!status_get(txn, arena, id, &s))
		return;
	c->climbed++;
	push_parent(fed, txn, arena, c, &s);
	if (c->mode == CRAWL_LOOK && s.parent_uri.len == 0)
		crawl_descend(txn, arena, c, &s, 0);
}

static void descend_from(struct db_txn *txn, struct arena *arena, struct crawl *c, uint64_t id)
{
	struct status s;
	if (status_get(txn, arena, id, &s))
		crawl_descend(txn, arena, c, &s, 0);
}

void crawl_without_context(struct db_txn *txn, struct arena *arena, struct crawl *c)
{
	c->context_state = CRAWL_CONTEXT_NONE;
	descend_from(txn, arena, c, c->id);
	if (c->root != c->id)
		descend_from(txn, arena, c, c->root);
}

/* --- beginning --- */

static void push_fresh(struct arena *arena, struct crawl *c, const struct status *s)
{
	const struct crawl_entry fresh = { .kind = CRAWL_FRESH, .owner = s->id, .uri = s->uri };
	if ((s->flags & STATUS_LOCAL) == 0)
		crawl_push(c, arena, &fresh);
}

/* A crawl that was too long goes on where it was. */
static bool seed_put_off(struct db_txn *txn, struct arena *arena, struct crawl *c)
{
	struct thread_look look = look_get(txn, arena, c->root);
	uint64_t id = c->id, root = c->root;
	bool goes_on = look.state.len != 0 && crawl_decode(arena, look.state, c) &&
		       c->mode == CRAWL_LOOK && c->root == root;
	if (!goes_on)
		crawl_init(c, CRAWL_LOOK, root);
	c->id = id;
	return goes_on;
}

static bool seed_look(struct fed *fed, struct db_txn *txn, struct arena *arena, struct crawl *c)
{
	struct status s, root;
	if (!status_get(txn, arena, c->id, &s))
		return false;
	c->root = thread_top(txn, arena, s.id);
	if (c->root == 0 || !status_get(txn, arena, c->root, &root)) {
		root = s;
		c->root = s.id;
	}
	if (seed_put_off(txn, arena, c))
		return true;
	c->context = root.context.len != 0 ? root.context : s.context;
	push_fresh(arena, c, &s);
	push_fresh(arena, c, &root);
	push_parent(fed, txn, arena, c, &root);
	if (c->context.len == 0 || site_owns_text(fed->site, c->context)) {
		crawl_without_context(txn, arena, c);
		return true;
	}
	/* FEP-f228: what tells the whole thread spares walking it */
	const struct crawl_entry page = {
		.kind = CRAWL_PAGE, .source = CRAWL_OF_CONTEXT, .owner = c->root, .uri = c->context
	};
	c->context_state = CRAWL_CONTEXT_ASKED;
	crawl_push(c, arena, &page);
	return true;
}

static bool seed_climb(struct fed *fed, struct db_txn *txn, struct arena *arena, struct crawl *c)
{
	struct status s;
	if (!status_get(txn, arena, c->id, &s))
		return false;
	push_parent(fed, txn, arena, c, &s);
	return true;
}

static bool seed_outbox(struct db_txn *txn, struct arena *arena, struct crawl *c)
{
	struct account a;
	if (!account_get(txn, arena, c->id, &a) || account_is_gone(&a) || account_is_local(&a))
		return false;
	const struct crawl_entry page = {
		.kind = CRAWL_PAGE, .source = CRAWL_OF_OUTBOX, .owner = a.id, .uri = a.outbox
	};
	/* in a group's there is what its members wrote */
	if (a.kind != ACCOUNT_GROUP)
		c->author = a.uri;
	crawl_push(c, arena, &page);
	return true;
}

bool crawl_seed(struct fed *fed, struct db_txn *txn, struct arena *arena, struct crawl *c)
{
	switch (c->mode) {
	case CRAWL_CLIMB:
		return seed_climb(fed, txn, arena, c);
	case CRAWL_LOOK:
		return seed_look(fed, txn, arena, c);
	case CRAWL_OUTBOX:
		return seed_outbox(txn, arena, c);
	}
	return false;
}
