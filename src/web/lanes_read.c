/* Reading what the page of reports shows. */
#include "lanes_int.h"

#include "social/community_view.h"
#include "social/moderate.h"

static struct str handle_of(struct db_txn *txn, struct arena *arena, const struct site *site,
			    uint64_t id)
{
	struct account a;
	if (id == 0 || !account_get(txn, arena, id, &a))
		return STR("");
	struct str domain = a.domain.len != 0 ? a.domain : site->domain;
	return arena_printf(arena, "@%.*s@%.*s", STR_ARG(a.username), STR_ARG(domain));
}

/* --- whose lanes --- */

static void add_choice(struct db_txn *txn, struct arena *arena, uint64_t account, uint64_t id,
		       struct lane_choice *out, size_t *n)
{
	struct community_standing standing;
	struct account group;
	if (!community_standing(txn, arena, id, account, &standing) ||
	    !account_get(txn, arena, id, &group) || account_is_gone(&group))
		return;
	out[(*n)++] = (struct lane_choice){ .community = id,
					    .name = group.display_name.len != 0 ? group.display_name
										: group.username,
					    .permissions = standing.permissions };
}

static void read_choices(struct asking *a, struct db_txn *txn, uint64_t community,
			 struct lanes_page *page)
{
	struct arena *arena = a->req->ctx.arena;
	struct lane_choice *list = ARENA_ARRAY(arena, LANES_MAX + 1, struct lane_choice);
	uint64_t ids[LANES_MAX];
	if (list == NULL)
		return;
	if (role_permits(txn, arena, a->account.id, PERMISSION_MANAGE_REPORTS))
		list[page->choice_count++] = (struct lane_choice){ .name = a->web->site->title };
	size_t n = communities_tended(txn, a->account.id, COMMUNITY_MAY_REPORTS, ids, LANES_MAX);
	for (size_t i = 0; i < n; i++)
		add_choice(txn, arena, a->account.id, ids[i], list, &page->choice_count);
	page->choices = list;
	for (size_t i = 0; i < page->choice_count && page->here == NULL; i++) {
		if (community == 0 || list[i].community == community)
			page->here = &list[i];
	}
}

/* --- what waits --- */

static void read_posts(struct db_txn *txn, struct arena *arena, uint64_t lane,
		       struct lane_item *item)
{
	const struct report *r = &item->report;
	item->posts = ARENA_ARRAY(arena, LANES_POSTS, struct lane_post);
	for (unsigned i = 0;
	     item->posts != NULL && i < r->object_count && item->post_count < LANES_POSTS; i++) {
		struct lane_post *post = &item->posts[item->post_count];
		/* ids that name nothing here are shown to nobody as links (S-088) */
		if (status_find_uri(txn, arena, r->objects[i], &post->status) &&
		    post->status.account == r->target &&
		    (lane == 0 || post->status.community == lane) &&
		    account_get(txn, arena, post->status.account, &post->author))
			item->post_count++;
	}
}

static void read_item(struct asking *a, struct db_txn *txn, uint64_t lane, struct lane_item *item)
{
	struct arena *arena = a->req->ctx.arena;
	const struct site *site = a->web->site;
	struct report_event *events = ARENA_ARRAY(arena, REPORT_EVENTS_MAX, struct report_event);
	item->reporter = handle_of(txn, arena, site, item->report.reporter);
	item->target = handle_of(txn, arena, site, item->report.target);
	item->assigned = handle_of(txn, arena, site, item->report.assigned);
	read_posts(txn, arena, lane, item);
	if (events == NULL)
		return;
	item->event_count = report_events(txn, arena, item->report.id, events);
	if (item->event_count > LANES_EVENTS) {
		events += item->event_count - LANES_EVENTS;
		item->event_count = LANES_EVENTS;
	}
	struct str *who = ARENA_ARRAY(arena, item->event_count, struct str);
	for (size_t i = 0; who != NULL && i < item->event_count; i++)
		who[i] = handle_of(txn, arena, site, events[i].who);
	item->events = events;
	item->who = who;
	if (who == NULL)
		item->event_count = 0;
}

static size_t list_one(struct db_txn *txn, struct arena *arena, uint64_t lane, uint64_t max_id,
		       struct report *out)
{
	return lane != 0 ? report_list_lane(txn, arena, lane, max_id, out, 1)
			 : report_list(txn, arena, max_id, out, 1);
}

static void read_items(struct asking *a, struct db_txn *txn, struct lanes_page *page)
{
	struct arena *arena = a->req->ctx.arena;
	uint64_t lane = page->here->community, max_id = 0;
	page->items = ARENA_ARRAY(arena, LANES_SHOWN, struct lane_item);
	for (size_t seen = 0;
	     page->items != NULL && page->item_count < LANES_SHOWN && seen < LANES_SCANNED;
	     seen++) {
		struct lane_item *item = &page->items[page->item_count];
		*item = (struct lane_item){ .post_count = 0 };
		if (list_one(txn, arena, lane, max_id, &item->report) == 0)
			break;
		max_id = item->report.id;
		if (item->report.resolved_ms != 0 || lane_of(txn, &item->report) != lane ||
		    item->report.target == a->account.id)
			continue;
		read_item(a, txn, lane, item);
		page->item_count++;
	}
}

static void read_appeals(struct asking *a, struct db_txn *txn, struct lanes_page *page)
{
	struct arena *arena = a->req->ctx.arena;
	uint64_t lane = page->here->community, max_id = 0;
	page->appeals = ARENA_ARRAY(arena, LANES_SHOWN, struct lane_appeal);
	for (size_t seen = 0;
	     page->appeals != NULL && page->appeal_count < LANES_SHOWN && seen < LANES_SCANNED;
	     seen++) {
		struct lane_appeal *appeal = &page->appeals[page->appeal_count];
		struct strike *strike = &appeal->strike;
		if (strike_list(txn, arena, true, max_id, strike, 1) == 0)
			break;
		max_id = strike->id;
		const bool up = strike->community == 0 || strike->escalated;
		if ((lane == 0 ? !up : up || strike->community != lane) ||
		    !strike_may_decide(txn, arena, &a->account, strike))
			continue;
		appeal->who = handle_of(txn, arena, a->web->site, strike->account);
		page->appeal_count++;
	}
}

/* --- the community's part of the record --- */

static void read_record(struct asking *a, struct db_txn *txn, struct lanes_page *page)
{
	struct ctx *ctx = &a->req->ctx;
	struct audit_row rows[LANES_RECORD];
	uint64_t id;
	size_t n = audit_within(txn, ctx->arena, page->here->community, 0, rows, LANES_RECORD);
	page->acts = ARENA_ARRAY(ctx->arena, LANES_RECORD, struct lane_act);
	for (size_t i = 0; page->acts != NULL && i < n; i++) {
		struct audit_said said;
		if (audit_read(ctx, &rows[i], &said) != RC_OK)
			continue;
		if (!str_to_u64(said.actor, &id))
			id = 0;
		page->acts[page->act_count++] =
			(struct lane_act){ said.act, handle_of(txn, ctx->arena, a->web->site, id),
					   said.at };
	}
}

static void read_presets(struct asking *a, struct db_txn *txn, struct lanes_page *page)
{
	page->presets = ARENA_ARRAY(a->req->ctx.arena, PRESETS_MAX, struct preset);
	if (page->presets != NULL)
		page->preset_count = community_preset_list(txn, a->req->ctx.arena,
							   page->here->community, page->presets);
}

enum rc lanes_read(struct asking *a, uint64_t community, struct lanes_page *page)
{
	struct db_txn *txn;
	enum rc rc = db_read_begin(a->web->db, &txn);
	if (rc != RC_OK)
		return rc;
	page->viewer = a->account.id;
	read_choices(a, txn, community, page);
	if (page->here != NULL) {
		read_items(a, txn, page);
		read_appeals(a, txn, page);
	}
	if (page->here != NULL && page->here->community != 0) {
		read_presets(a, txn, page);
		read_record(a, txn, page);
	}
	rc = db_txn_rc(txn);
	db_read_end(&txn);
	if (rc == RC_OK && arena_failed(a->req->ctx.arena))
		rc = RC_NO_MEMORY;
	/* whoever handles nothing has an empty page; who asks for another's lane, none */
	return rc == RC_OK && page->here == NULL && community != 0 ? RC_NOT_FOUND : rc;
}
