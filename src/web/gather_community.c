/* Reading what everybody may see of a community: threads ranked, who looks after it, where it belongs. */
#include "social/community.h"
#include "social/community_view.h"
#include "store/event.h"
#include "store/joint.h"
#include "text/zone.h"
#include "web_int.h"

static bool is_open(struct reading *r, uint64_t id)
{
	return community_exists(r->txn, id) &&
	       may_see_community(r->txn, r->arena, VIEWER_ANYBODY, id);
}

static void read_family(struct reading *r, struct community_shown *c)
{
	uint64_t ids[COMMUNITY_SHOWN];
	if (c->settings.parent != 0 && is_open(r, c->settings.parent))
		c->parent = reading_person(r, c->settings.parent);
	size_t n = community_children(r->txn, c->settings.id, 0, ids, COMMUNITY_SHOWN);
	for (size_t i = 0; i < n; i++) {
		struct community child;
		/* what is not listed is found by who has its name */
		if (community_effective(r->txn, r->arena, ids[i], &child) &&
		    child.sight == COMMUNITY_PUBLIC)
			c->children[c->child_count] = reading_person(r, ids[i]);
		c->child_count += c->children[c->child_count] != NULL;
	}
}

static void read_staff(struct reading *r, struct community_shown *c)
{
	uint64_t ids[COMMUNITY_SHOWN];
	size_t n = community_staff(r->txn, r->arena, c->settings.id, COMMUNITY_MAY_REMOVE, ids,
				   COMMUNITY_SHOWN);
	for (size_t i = 0; i < n; i++) {
		c->staff[c->staff_count] = reading_person(r, ids[i]);
		c->staff_count += c->staff[c->staff_count] != NULL;
	}
}

_Static_assert(JOINT_PARTNERS_MAX <= COMMUNITY_SHOWN, "all of them");

static void read_partners(struct reading *r, struct community_shown *c)
{
	uint64_t ids[JOINT_PARTNERS_MAX];
	size_t n = joint_partners(r->txn, c->settings.id, ids);
	for (size_t i = 0; i < n; i++) {
		c->partners[c->partner_count] = reading_person(r, ids[i]);
		c->partner_count += c->partners[c->partner_count] != NULL;
	}
}

static bool event_read(struct reading *r, uint64_t community, uint64_t id, struct event_brief *out)
{
	bool shown = false;
	*out = (struct event_brief){ .zone = NULL };
	if (!status_get(r->txn, r->arena, id, &out->status) || !status_is_event(&out->status) ||
	    out->status.event.state == EVENT_CANCELLED ||
	    !event_next_date(&out->status.event, db_txn_now(r->txn), &out->date) ||
	    !community_pick(r->txn, r->arena, VIEWER_ANYBODY, community, &id, 1, &shown))
		return false;
	out->author = reading_person(r, out->status.account);
	return shown && out->author != NULL &&
	       may_see(r->txn, VIEWER_ANYBODY, &out->status, out->author);
}

/* Those that begin from now on; a series once, with its next date. */
static void read_events(struct reading *r, struct community_shown *c)
{
	uint64_t ids[COMMUNITY_EVENTS * 4];
	size_t n = events_between(r->txn, c->settings.id, db_txn_now(r->txn), UINT64_MAX, ids,
				  ARRAY_LEN(ids));
	for (size_t i = 0; i < n && c->event_count < COMMUNITY_EVENTS; i++)
		c->event_count += event_read(r, c->settings.id, ids[i], &c->events[c->event_count]);
}

void gather_community_clocks(struct ctx *ctx, struct profile_view *view)
{
	struct zones *zones = NULL;
	if (view->community == NULL || view->community->event_count == 0)
		return;
	zones = ARENA_NEW(ctx->arena, struct zones);
	for (size_t i = 0; zones != NULL && i < view->community->event_count; i++) {
		struct event_brief *e = &view->community->events[i];
		e->zone = zones_load(ctx, zones, e->status.event.timezone);
	}
}

static void read_threads(struct reading *r, const struct web *web, struct profile_view *out)
{
	struct community_shown *c = out->community;
	struct board_page page;
	uint64_t ids[PAGE_POSTS];
	if (board_read(web->boards, r->txn, VIEWER_ANYBODY, out->account.id, &c->wish, ids,
		       PAGE_POSTS, &page) != RC_OK)
		return;
	for (size_t i = 0; i < page.count; i += POSTS_CHUNK) {
		size_t part = page.count - i < POSTS_CHUNK ? page.count - i : POSTS_CHUNK;
		out->count += reading_posts(r, ids + i, part, &out->posts[out->count]);
	}
	c->next = page.next;
	for (size_t i = 0; i < out->count; i++) {
		struct community_post place;
		out->posts[i].community = NULL; /* the page says it */
		out->posts[i].pinned =
			community_post_get(r->txn, c->settings.id, out->posts[i].id, &place) &&
			community_post_is_pinned(&place, db_txn_now(r->txn));
	}
}

void gather_community(struct reading *r, const struct web *web, const struct board_wish *wish,
		      struct profile_view *out)
{
	struct community_shown *c = ARENA_NEW(r->arena, struct community_shown);
	if (c == NULL || !community_effective(r->txn, r->arena, out->account.id, &c->settings))
		return;
	out->community = c;
	c->wish = *wish;
	c->open = is_open(r, out->account.id);
	if (!c->open)
		return;
	c->totals = community_totals(r->txn, out->account.id);
	read_family(r, c);
	read_staff(r, c);
	read_partners(r, c);
	read_events(r, c);
	read_threads(r, web, out);
}

/* --- all of them --- */

#define ROWS_CHUNK 64
#define ROWS_SCANNED 2000

/* What is not listed is found by who has its name. */
static bool is_listed(struct reading *r, uint64_t id, struct community *settings)
{
	return community_effective(r->txn, r->arena, id, settings) &&
	       settings->sight == COMMUNITY_PUBLIC;
}

static bool row_fill(struct reading *r, struct ctx *ctx, uint64_t id, struct community_row *out)
{
	struct community above;
	*out = (struct community_row){ .summary = STR("") };
	if (!is_listed(r, id, &out->settings))
		return false;
	out->group = reading_person(r, id);
	if (out->group == NULL || account_is_gone(out->group))
		return false;
	if (out->settings.parent != 0 && is_listed(r, out->settings.parent, &above))
		out->parent = reading_person(r, out->settings.parent);
	out->totals = community_totals(r->txn, id);
	out->members = account_counts(r->txn, id).followers;
	out->summary = summary_of(ctx, out->group->note);
	return true;
}

size_t gather_community_rows(struct reading *r, struct ctx *ctx, uint64_t *after,
			     struct community_row *out, size_t count)
{
	uint64_t ids[ROWS_CHUNK];
	size_t n = 0, got = ROWS_CHUNK;
	for (size_t seen = 0; n < count && got == ROWS_CHUNK && seen < ROWS_SCANNED; seen += got) {
		got = communities(r->txn, *after, ids, ROWS_CHUNK);
		for (size_t i = 0; i < got && n < count; i++) {
			n += row_fill(r, ctx, ids[i], &out[n]);
			*after = ids[i];
		}
	}
	return n;
}

enum rc gather_communities(const struct web *web, struct ctx *ctx, uint64_t after,
			   struct communities_view *out)
{
	struct community_row beyond;
	struct reading r;
	uint64_t last;
	enum rc rc = reading_begin(&r, web, ctx->arena);
	out->after = out->next = after;
	if (rc != RC_OK)
		return rc;
	out->count = gather_community_rows(&r, ctx, &out->next, out->rows, PAGE_COMMUNITIES);
	after = out->next;
	/* a page may be short, with more behind it, where few want to be found */
	if (communities(r.txn, after, &last, 1) == 0 ||
	    (out->count == PAGE_COMMUNITIES &&
	     gather_community_rows(&r, ctx, &after, &beyond, 1) == 0 &&
	     communities(r.txn, after, &last, 1) == 0))
		out->next = 0;
	return reading_end(&r, RC_OK);
}
