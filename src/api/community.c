/* Communities in what every app shows: as lists, and on posts. */
#include "community_int.h"
#include "store/joint_copy.h"

#define NOTE_BYTES 4096

/* --- lists --- */

static void fill(struct db_txn *txn, struct arena *arena, uint64_t account,
		 const struct account *group, struct list *out)
{
	struct follow f = follow_get(txn, account, group->id);
	struct str name = str_trim(group->display_name);
	*out = (struct list){ .id = group->id,
			      .owner = account,
			      .replies = REPLIES_TO_NOBODY,
			      .exclusive = (f.flags & FOLLOW_NO_BOOSTS) != 0,
			      .title = arena_str(arena, name.len != 0 ? name : group->username) };
}

bool community_as_list(struct db_txn *txn, struct arena *arena, uint64_t account, uint64_t id,
		       struct list *out)
{
	struct account group;
	if (!community_joined(txn, arena, account, id, &group))
		return false;
	fill(txn, arena, account, &group, out);
	return true;
}

size_t communities_as_lists(struct db_txn *txn, struct arena *arena, uint64_t account,
			    struct list *out, size_t max)
{
	uint64_t *ids = ARENA_ARRAY(arena, max, uint64_t);
	size_t count = ids != NULL ? communities_joined(txn, arena, account, ids, max) : 0, n = 0;
	for (size_t i = 0; i < count; i++)
		n += community_as_list(txn, arena, account, ids[i], &out[n]);
	return n;
}

/* --- timelines --- */

#define PAGE_MOST 80

void reply_community_timeline(struct call *call, uint64_t community, const struct paging *paging)
{
	const struct page page = page_of(paging);
	struct status_view *views = ARENA_ARRAY(call->ctx->arena, PAGE_MOST, struct status_view);
	uint64_t ids[PAGE_MOST];
	struct gather g;
	size_t n = 0, shown = 0;
	enum rc rc = views != NULL ? gather_begin(&g, call) : RC_NO_MEMORY;
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	const struct account_view *group = gather_account(&g, community);
	bool there = group != NULL && group->account->kind == ACCOUNT_GROUP &&
		     may_see_community(g.txn, g.arena, g.viewer, community);
	must(paging->limit <= PAGE_MOST);
	if (there)
		n = community_timeline(g.txn, g.arena, g.viewer, community, &page, ids,
				       paging->limit);
	shown = gather_statuses(&g, ids, n, views);
	rc = gather_end(&g, there ? RC_OK : RC_NOT_FOUND);
	if (rc != RC_OK)
		reply_rc(call, rc);
	else
		reply_statuses(call, views, shown, n == paging->limit);
}

/* --- posts --- */

#define GROUP_MAX ((size_t)256 * 1024)

/* The same for all posts of a page: it is written once. */
static struct str group_text(struct gather *g, const struct account_view *group)
{
	struct jw w;
	if (g->group != group) {
		struct buf out = BUF_INIT(GROUP_MAX);
		jw_init(&w, &out);
		render_account(&w, g->api->parts.site, group);
		jw_done(&w);
		g->group_text = arena_take_buf(g->arena, &out);
		g->group = group;
	}
	return g->group_text;
}

/*
 * What moderators have taken out stays its author's, on their profile and wherever it is known by itself, as
 * with Mastodon's groups, whose boost is undone; but it is no part of the community any more. Its author and
 * who may bring it back see that it was.
 */
static bool is_out_of_it(struct gather *g, const struct status *s,
			 const struct community_post *place)
{
	if (place->status == 0 || (place->flags & COMMUNITY_POST_REMOVED) == 0)
		return false;
	return g->viewer.account != s->account &&
	       (!g->viewer.local ||
		!community_permits(g->txn, s->community, g->viewer.account, COMMUNITY_MAY_REMOVE));
}

const struct attested *gather_attested(struct gather *g, const struct status *s)
{
	struct joint_copy copy;
	struct attested *out;
	if ((s->flags & STATUS_LOCAL) != 0 || !joint_copy_get(g->txn, s->id, &copy) ||
	    (out = ARENA_NEW(g->arena, struct attested)) == NULL)
		return NULL;
	gather_accounts(g, &copy.partner, 1);
	const struct account_view *partner = gather_account(g, copy.partner);
	struct buf note = BUF_INIT(NOTE_BYTES);
	buf_add(&note, STR("<p><em>A copy, as "));
	if (partner != NULL) {
		html_add_text(&note, partner->account->username);
		buf_add_chr(&note, '@');
		html_add_text(&note, partner->account->domain);
	} else {
		buf_add(&note, STR("another server"));
	}
	buf_add(&note, STR(" has it: its own server does not answer.</em></p>"));
	*out = (struct attested){ copy.partner, arena_take_buf(g->arena, &note) };
	return out;
}

const struct status_community *gather_status_community(struct gather *g, const struct status *s)
{
	struct community settings;
	if (s->community == 0)
		return NULL;
	const struct account_view *group = gather_account(g, s->community);
	struct status_community *c = ARENA_NEW(g->arena, struct status_community);
	if (group == NULL || c == NULL)
		return NULL;
	*c = (struct status_community){ .group = group,
					.group_text = group_text(g, group),
					.flair = STR_NONE,
					.reason = STR("") };
	if (!community_post_get(g->txn, s->community, s->id, &c->place))
		c->place.status = 0;
	if (is_out_of_it(g, s, &c->place))
		return NULL;
	if (c->place.status != 0 && (c->place.flags & COMMUNITY_POST_REASONED) != 0)
		c->reason = community_reason_get(g->txn, g->arena, s->community, s->id);
	const struct community_flair *flair = NULL;
	c->pinned = c->place.status != 0 && community_post_is_pinned(&c->place, db_txn_now(g->txn));
	if (c->place.status != 0 && c->place.flair != 0 &&
	    community_effective(g->txn, g->arena, s->community, &settings))
		flair = community_flair_find(&settings, c->place.flair);
	if (flair != NULL)
		c->flair = flair->name;
	return c;
}

void render_status_community(struct jw *w, const struct status_community *c,
			     const struct attested *attested)
{
	const unsigned flags = c->place.status != 0 ? c->place.flags : 0;
	jw_name(w, "group");
	jw_raw(w, c->group_text);
	jw_name(w, "community");
	jw_object(w);
	jw_member_id(w, "id", c->group->account->id);
	jw_member_id_opt(w, "thread_id", c->place.status != 0 ? c->place.root : 0);
	jw_member_nullable(w, "flair", c->flair);
	jw_member_u64(w, "comments_count", c->place.status != 0 ? c->place.comments : 0);
	jw_member_bool(w, "locked", (flags & COMMUNITY_POST_LOCKED) != 0);
	jw_member_bool(w, "pinned", c->pinned);
	jw_member_time(w, "pinned_until", c->pinned ? c->place.pin_until_ms : 0);
	jw_member_bool(w, "removed", (flags & COMMUNITY_POST_REMOVED) != 0);
	jw_member_bool(w, "held", (flags & COMMUNITY_POST_HELD) != 0);
	jw_member_nullable(w, "reason", c->reason.len != 0 ? c->reason : STR_NONE);
	jw_member_id_opt(w, "attested_by_id", attested != NULL ? attested->by : 0);
	jw_end(w);
}
