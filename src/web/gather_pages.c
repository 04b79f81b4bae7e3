/* Gathers the first page and the pages of accounts: lists that go on from page to page. */
#include "page.h"
#include "social/move.h"

#define PEOPLE_CHUNK 32
/* How many rows a page looks at before it leaves the rest to the next one. */
#define SCAN_MAX 400

/* --- the first page --- */

/* Communities have a list of their own, with rules of their own. */
static bool is_listed(struct reading *r, const struct account *a)
{
	return a->kind != ACCOUNT_GROUP && (a->flags & ACCOUNT_DISCOVERABLE) != 0 &&
	       (a->flags & ACCOUNT_INSTANCE) == 0 && may_see_account(r->txn, VIEWER_ANYBODY, a);
}

/* One more than the page has is looked for, so that a next page is never empty. */
static void read_people(struct reading *r, struct home_view *out)
{
	uint64_t ids[PEOPLE_CHUNK];
	struct str after = out->after;
	size_t got = PEOPLE_CHUNK;
	for (size_t seen = 0; seen < SCAN_MAX && got == PEOPLE_CHUNK; seen += got) {
		got = account_local_ids(r->txn, after, ids, PEOPLE_CHUNK);
		for (size_t i = 0; i < got; i++) {
			const struct account *a = reading_person(r, ids[i]);
			if (a == NULL)
				return;
			if (is_listed(r, a) && out->count == PAGE_PEOPLE) {
				out->next = out->people[PAGE_PEOPLE - 1]->username;
				return;
			}
			if (is_listed(r, a))
				out->people[out->count++] = a;
			after = a->username;
			if (reading_is_spent(r)) {
				out->next = after;
				return;
			}
		}
	}
	if (got == PEOPLE_CHUNK)
		out->next = after;
}

/* On the first page, which leads to all of them. */
static void read_communities(struct reading *r, struct ctx *ctx, struct home_view *out)
{
	struct community_row beyond;
	uint64_t after = 0;
	if (out->after.len != 0)
		return;
	out->community_count =
		gather_community_rows(r, ctx, &after, out->communities, HOME_COMMUNITIES);
	out->more_communities = out->community_count == HOME_COMMUNITIES &&
				gather_community_rows(r, ctx, &after, &beyond, 1) != 0;
}

enum rc gather_home(const struct web *web, struct ctx *ctx, struct str after, struct home_view *out)
{
	struct reading r;
	enum rc rc = reading_begin(&r, web, ctx->arena);
	*out = (struct home_view){ .after = after };
	if (rc != RC_OK)
		return rc;
	out->people = ARENA_ARRAY(ctx->arena, PAGE_PEOPLE, const struct account *);
	if (out->people != NULL) {
		out->totals = node_totals(r.txn);
		read_communities(&r, ctx, out);
		read_people(&r, out);
	}
	return reading_end(&r, RC_OK);
}

/* --- an account --- */

/* What stands first on a page does not stand there again. */
static bool is_pinned(const struct profile_view *view, uint64_t id)
{
	for (size_t i = 0; i < view->pin_count; i++) {
		if (view->pins[i].id == id)
			return true;
	}
	return false;
}

static void read_pins(struct reading *r, struct profile_view *out)
{
	uint64_t ids[PINS_MAX];
	size_t n = out->max_id == 0 ? pins_of(r->txn, out->account.id, ids) : 0;
	n = n < POSTS_CHUNK ? n : POSTS_CHUNK;
	out->pins = ARENA_ARRAY(r->arena, POSTS_CHUNK, struct post);
	if (out->pins != NULL && n != 0)
		out->pin_count = reading_posts(r, ids, n, out->pins);
	for (size_t i = 0; i < out->pin_count; i++)
		out->pins[i].pinned = true;
}

/* The index knows visibilities: what is surely not for everybody is not even read. */
static size_t pick_ids(const struct profile_view *view, const struct status_entry *entries,
		       size_t count, uint64_t *ids)
{
	size_t n = 0;
	for (size_t i = 0; i < count; i++) {
		if (visibility_is_open(entries[i].visibility) && !is_pinned(view, entries[i].id))
			ids[n++] = entries[i].id;
	}
	return n;
}

static void read_posts(struct reading *r, struct profile_view *out)
{
	struct status_entry entries[POSTS_CHUNK];
	uint64_t ids[POSTS_CHUNK];
	uint64_t below = out->max_id;
	size_t got = POSTS_CHUNK;
	for (size_t seen = 0; out->count <= PAGE_POSTS && got == POSTS_CHUNK; seen += got) {
		if (seen >= SCAN_MAX || reading_is_spent(r)) {
			out->next = below;
			break;
		}
		got = status_by_author(r->txn, out->account.id, below, 0, entries, POSTS_CHUNK);
		out->count += reading_posts(r, ids, pick_ids(out, entries, got, ids),
					    &out->posts[out->count]);
		if (got != 0)
			below = entries[got - 1].id;
	}
	if (out->count > PAGE_POSTS) {
		out->count = PAGE_POSTS;
		out->next = out->posts[PAGE_POSTS - 1].id;
	}
}

/* Where somebody is now who took the posts along; absent when that is here. */
static struct str moved_account_url(struct reading *r, const struct account *account)
{
	struct account target;
	if (!taken_account(r->txn, r->arena, account, &target))
		return STR_NONE;
	return page_is_link(target.url) ? target.url : target.uri;
}

enum rc gather_profile(const struct web *web, struct ctx *ctx, struct str name, uint64_t max_id,
		       const struct board_wish *wish, struct profile_view *out)
{
	struct reading r;
	enum rc rc = reading_begin(&r, web, ctx->arena);
	*out = (struct profile_view){ .max_id = max_id };
	if (rc != RC_OK)
		return rc;
	out->posts = ARENA_ARRAY(ctx->arena, PAGE_POSTS + POSTS_CHUNK, struct post);
	bool found = out->posts != NULL && reading_local(&r, name, &out->account);
	if (found) {
		out->moved_url = moved_account_url(&r, &out->account);
		out->counts = account_counts(r.txn, out->account.id);
		gather_community(&r, web, wish, out);
		if (out->community == NULL) {
			read_pins(&r, out);
			read_posts(&r, out);
		}
	}
	rc = reading_end(&r, found ? RC_OK : RC_NOT_FOUND);
	if (rc == RC_OK)
		out->description = summary_of(ctx, out->account.note);
	if (rc == RC_OK)
		gather_community_clocks(ctx, out);
	return rc;
}
