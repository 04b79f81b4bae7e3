/* Events as people and calendars see them: of communities and of people. */
#include "core/clock.h"
#include "core/date.h"
#include "event_int.h"
#include "social/calendar.h"
#include "social/community.h"
#include "text/ical.h"

#define PAGE_DEFAULT 20
#define PAGE_MOST 80
#define CALENDAR_DATES 1000
#define CALENDAR_MOST CALENDAR_DATES
#define CALENDAR_BACK_MS ((uint64_t)90 * 24 * 60 * 60 * 1000)
#define CALENDAR_BYTES_MAX ((size_t)8 << 20)

static uint64_t now_of(const struct call *call)
{
	return clock_wall_ms(call->api->parts.clock);
}

/* --- looking --- */

/* shown must be that of an event. */
static void view_fill(struct call *call, struct gather *g, const struct status_view *shown,
		      struct event_view *out)
{
	const struct status *s = shown->status;
	const uint64_t viewer = call->viewer.account;
	struct participant p;
	bool known = viewer != 0 && participant_get(g->txn, g->arena, s->id, viewer, &p);
	*out = (struct event_view){
		.shown = shown,
		.attendance = attendance_get(g->txn, s->id),
		.mine = known ? p.state : PARTICIPATION_NONE,
		.remind_min = known ? p.remind_min : 0,
		.by_letter = known && p.by_letter,
		.may_manage = event_may_manage(g->txn, s, viewer),
	};
	bool open = !known || p.state == PARTICIPATION_INVITED || p.state == PARTICIPATION_DECLINED;
	out->may_join = viewer != 0 && open &&
			event_why_not(g->txn, s, viewer, known ? &p : NULL, now_of(call)) == NULL;
}

bool event_is_shown(const struct status_view *shown)
{
	return shown->reblog == NULL && status_is_event(shown->status);
}

enum rc event_view_find(struct call *call, struct gather *g, uint64_t id, struct status_view *shown,
			struct event_view *out)
{
	enum rc rc = gather_status(g, id, shown);
	if (rc != RC_OK)
		return rc;
	if (!event_is_shown(shown))
		return RC_NOT_FOUND;
	view_fill(call, g, shown, out);
	return RC_OK;
}

void reply_event(struct call *call, uint64_t id)
{
	struct status_view shown;
	struct event_view view;
	struct gather g;
	enum rc rc = gather_begin(&g, call);
	if (rc == RC_OK)
		rc = gather_end(&g, event_view_find(call, &g, id, &shown, &view));
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	render_event(reply_begin(call), call->api->parts.site, &view);
	reply_end(call, 200);
}

static void get_event(struct call *call)
{
	reply_event(call, call_id(call, 0));
}

/* Of a series that which is at the entry's time. */
static const struct event_date *date_of_entry(struct gather *g, const struct status_event *e,
					      const struct event_entry *entry)
{
	struct event_date *date = ARENA_NEW(g->arena, struct event_date);
	return e->date_count != 0 && entry->start_ms != 0 && date != NULL &&
			       event_date_at(e, entry->start_ms, date)
		       ? date
		       : NULL;
}

/* Those of the entries that the caller sees, in their order. An entry without a time is the whole. */
static size_t fill_views(struct call *call, struct gather *g, const struct event_entry *entries,
			 size_t count, struct status_view *shown, struct event_view *views)
{
	uint64_t *ids = ARENA_ARRAY(g->arena, count + 1, uint64_t);
	size_t n = 0;
	for (size_t i = 0; ids != NULL && i < count; i++)
		ids[i] = entries[i].id;
	/* a series is among them for each date: the order of the answer is that of the question */
	size_t found = ids != NULL ? gather_statuses(g, ids, count, shown) : 0;
	for (size_t i = 0, at = 0; i < count && at < found; i++) {
		if (shown[at].id != entries[i].id)
			continue;
		if (event_is_shown(&shown[at])) {
			view_fill(call, g, &shown[at], &views[n]);
			views[n].date = date_of_entry(g, &shown[at].status->event, &entries[i]);
			n++;
		}
		at++;
	}
	return n;
}

static void reply_events(struct call *call, struct gather *g, const struct event_entry *entries,
			 size_t count)
{
	struct status_view *shown = ARENA_ARRAY(g->arena, count + 1, struct status_view);
	struct event_view *views = ARENA_ARRAY(g->arena, count + 1, struct event_view);
	size_t n = 0;
	enum rc rc = shown != NULL && views != NULL ? RC_OK : RC_NO_MEMORY;
	if (rc == RC_OK)
		n = fill_views(call, g, entries, count, shown, views);
	rc = gather_end(g, rc);
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	struct jw *w = reply_begin(call);
	jw_array(w);
	for (size_t i = 0; i < n; i++)
		render_event(w, call->api->parts.site, &views[i]);
	jw_end(w);
	reply_end(call, 200);
}

struct list_params {
	struct str from, after_date;
	uint64_t after, limit;
};

static const struct param list_rows[] = {
	PARAM_STR(struct list_params, from, "from", 64),
	PARAM_NUMBER(struct list_params, after, "after", 0, UINT64_MAX, 0),
	PARAM_STR(struct list_params, after_date, "after_date", 64),
	PARAM_LIMIT(struct list_params, limit, PAGE_DEFAULT, PAGE_MOST),
};
PARAM_TABLE(list_params, struct list_params, list_rows);

/* Where a page begins: behind an event of the owner's, or at a time, when what began before may still
 * go on. */
static bool page_begin(struct call *call, struct gather *g, uint64_t owner, uint64_t *from_ms,
		       struct event_entry *begin)
{
	const struct list_params *p = call->params;
	struct status after;
	uint64_t at = 0;
	*from_ms = now_of(call);
	if ((p->from.len != 0 && !date_parse_rfc3339(p->from, from_ms)) ||
	    (p->after_date.len != 0 && !date_parse_rfc3339(p->after_date, &at)))
		return false;
	*begin = (struct event_entry){ .start_ms = *from_ms > EVENT_LONGEST_MS
							   ? *from_ms - EVENT_LONGEST_MS
							   : 0 };
	if (p->after != 0 && status_get(g->txn, g->arena, p->after, &after) &&
	    status_is_event(&after) && event_owner(&after) == owner)
		*begin = (struct event_entry){ at != 0 ? at : after.event.start_ms, after.id };
	return true;
}

/* Does it still go on then? */
static bool goes_on(struct gather *g, const struct event_entry *entry, uint64_t from_ms)
{
	struct event_date date;
	struct status s;
	if (entry->start_ms >= from_ms)
		return true;
	return status_get(g->txn, g->arena, entry->id, &s) &&
	       event_date_at(&s.event, entry->start_ms, &date) && date.end_ms > from_ms;
}

/* The owner's that are not over at from_ms. */
static size_t page_fill(struct gather *g, uint64_t owner, uint64_t from_ms,
			struct event_entry begin, struct event_entry *out, size_t count)
{
	struct event_entry chunk[PAGE_MOST];
	size_t n = 0, got = PAGE_MOST;
	while (n < count && got == PAGE_MOST) {
		got = events_of(g->txn, owner, &begin, chunk, PAGE_MOST);
		for (size_t i = 0; i < got && n < count; i++) {
			begin = chunk[i];
			if (goes_on(g, &chunk[i], from_ms))
				out[n++] = chunk[i];
		}
	}
	return n;
}

static void link_next(struct call *call, const struct event_entry *last)
{
	struct buf date CLEANUP(buf_free) = BUF_INIT(64);
	date_add_rfc3339(&date, last->start_ms);
	const struct link_part parts[] = {
		{ "after", arena_printf(call->ctx->arena, "%llu", (unsigned long long)last->id) },
		{ "after_date", buf_str(&date) },
	};
	reply_next(call, parts, ARRAY_LEN(parts));
}

bool event_may_look(struct call *call, struct gather *g, uint64_t community)
{
	const struct account_view *group = gather_account(g, community);
	return group != NULL && group->account->kind == ACCOUNT_GROUP &&
	       may_see_community(g->txn, g->arena, call->viewer, community);
}

static void get_community_events(struct call *call)
{
	const struct list_params *p = call->params;
	uint64_t from_ms, community = call_id(call, 0);
	struct event_entry begin, entries[PAGE_MOST];
	struct gather g;
	enum rc rc = gather_begin(&g, call);
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	if (!event_may_look(call, &g, community)) {
		reply_rc(call, gather_end(&g, RC_NOT_FOUND));
	} else if (!page_begin(call, &g, community, &from_ms, &begin)) {
		rc = gather_end(&g, RC_INVALID);
		if (rc == RC_INVALID)
			reply_invalid(call, "from", "ERR_INVALID",
				      "A time has the form of RFC 3339");
		else
			reply_rc(call, rc);
	} else {
		size_t n = page_fill(&g, community, from_ms, begin, entries, p->limit);
		if (n == p->limit)
			link_next(call, &entries[n - 1]);
		reply_events(call, &g, entries, n);
	}
}

struct mine_params {
	struct paging page;
};

static const struct param mine_rows[] = {
	PAGING_PARAMS(struct mine_params, page, PAGE_DEFAULT, PAGE_MOST),
};
PARAM_TABLE(mine_params, struct mine_params, mine_rows);

/* Those in which the caller takes part, or asks to. */
static void get_mine(struct call *call)
{
	const struct mine_params *p = call->params;
	const struct page page = page_of(&p->page);
	struct event_entry entries[PAGE_MOST];
	uint64_t ids[PAGE_MOST];
	struct gather g;
	enum rc rc = gather_begin(&g, call);
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	size_t n = participations_of(g.txn, call->viewer.account, &page, ids, p->page.limit);
	if (n != 0)
		reply_links(call, ids[0], ids[n - 1], n == p->page.limit);
	for (size_t i = 0; i < n; i++)
		entries[i] = (struct event_entry){ .id = ids[i] };
	reply_events(call, &g, entries, n);
}

/* --- calendars --- */

/* The clocks of places are read when the reading of the database is over. */
static void reply_calendar(struct call *call, struct gather *g, struct str name,
			   const uint64_t *ids, size_t count)
{
	struct status_view *shown = ARENA_ARRAY(g->arena, count + 1, struct status_view);
	struct calendar_event *events = ARENA_ARRAY(g->arena, count + 1, struct calendar_event);
	struct buf out CLEANUP(buf_free) = BUF_INIT(CALENDAR_BYTES_MAX);
	bool room = shown != NULL && events != NULL;
	size_t found = room ? gather_statuses(g, ids, count, shown) : 0, n = 0;
	for (size_t i = 0; i < found; i++) {
		if (event_is_shown(&shown[i]))
			events[n++] = (struct calendar_event){ shown[i].status,
							       shown[i].account->account };
	}
	enum rc rc = gather_end(g, room ? RC_OK : RC_NO_MEMORY);
	if (rc == RC_OK)
		calendar_write(call->ctx, &out, name, events, n);
	if (rc != RC_OK || out.failed)
		reply_rc(call, rc != RC_OK ? rc : RC_NO_MEMORY);
	else
		httpd_reply(call->req, 200, ICAL_TYPE, &out);
}

/* Each event once, be it in it with many dates. */
static size_t ids_once(const struct event_entry *entries, size_t count, uint64_t *ids)
{
	size_t n = 0;
	for (size_t i = 0; i < count; i++) {
		bool there = false;
		for (size_t k = 0; k < n && !there; k++)
			there = ids[k] == entries[i].id;
		if (!there)
			ids[n++] = entries[i].id;
	}
	return n;
}

static void get_calendar(struct call *call)
{
	struct status_view shown;
	uint64_t id = call_id(call, 0);
	struct gather g;
	enum rc rc = gather_begin(&g, call);
	if (rc == RC_OK) {
		rc = gather_status(&g, id, &shown);
		if (rc == RC_OK && event_is_shown(&shown)) {
			reply_calendar(call, &g, STR(""), &id, 1);
			return;
		}
		rc = gather_end(&g, RC_NOT_FOUND);
	}
	reply_rc(call, rc);
}

static void get_community_calendar(struct call *call)
{
	uint64_t *ids = ARENA_ARRAY(call->ctx->arena, CALENDAR_MOST, uint64_t);
	struct event_entry *entries =
		ARENA_ARRAY(call->ctx->arena, CALENDAR_DATES, struct event_entry);
	uint64_t community = call_id(call, 0), now = now_of(call);
	const struct event_entry begin = { .start_ms = now > CALENDAR_BACK_MS
							       ? now - CALENDAR_BACK_MS
							       : 0 };
	struct account group;
	struct gather g;
	enum rc rc = ids != NULL && entries != NULL ? gather_begin(&g, call) : RC_NO_MEMORY;
	if (rc == RC_OK && event_may_look(call, &g, community) &&
	    account_get(g.txn, g.arena, community, &group)) {
		size_t n = page_fill(&g, community, 0, begin, entries, CALENDAR_DATES);
		n = ids_once(entries, n, ids);
		reply_calendar(call, &g, group.display_name, ids, n);
		return;
	}
	if (rc == RC_OK)
		rc = gather_end(&g, RC_NOT_FOUND);
	reply_rc(call, rc);
}

#define COMMUNITY "/api/fediflow/v1/communities/:id"
#define EVENTS "/api/fediflow/v1/events"
#define ONE EVENTS "/:id"
#define READ SCOPE(READ_STATUSES)

API_ROWS_BEGIN
static const struct api_route routes[] = {
	{ HTTP_GET, COMMUNITY "/events", AUTH_OPTIONAL, READ, RATE_COMMON, &list_params,
	  get_community_events, "[Event] Link" },
	{ HTTP_GET, COMMUNITY "/calendar", AUTH_OPTIONAL, READ, RATE_COMMON, NULL,
	  get_community_calendar, "text/calendar" },
	{ HTTP_GET, EVENTS, AUTH_USER, READ, RATE_COMMON, &mine_params, get_mine, "[Event] Link" },
	{ HTTP_GET, ONE, AUTH_OPTIONAL, READ, RATE_COMMON, NULL, get_event, "Event" },
	{ HTTP_GET, ONE "/calendar", AUTH_OPTIONAL, READ, RATE_COMMON, NULL, get_calendar,
	  "text/calendar" },
};
API_ROWS_END
const struct api_route_table events_api = { routes, ARRAY_LEN(routes) };
