/* Posts that are to be written later. */
#include "team_api_int.h"

#include "core/date.h"
#include "social/community.h"

#define PAGE_DEFAULT 20
#define PAGE_MOST 40

void gather_scheduled(struct call *call, struct gather *g, const struct scheduled *s,
		      struct scheduled_view *out)
{
	uint64_t ids[POST_MEDIA_MAX];
	struct medium m;
	*out = (struct scheduled_view){ .scheduled = s };
	size_t n = medium_held_by(g->txn, s->id, ids, POST_MEDIA_MAX);
	for (size_t i = 0; i < n; i++) {
		if (medium_get(g->txn, g->arena, ids[i], &m))
			out->media[out->media_count++] = view_medium(call, &m);
	}
}

/* Of a team, a member sees what is theirs to see. */
static bool may_look(const struct call *call, const struct scheduled *s)
{
	return call->bearer.person.id == 0 ||
	       team_may_look(call->bearer.role, call->bearer.person.id, s);
}

static void reply_scheduled(struct call *call, uint64_t id)
{
	struct scheduled s;
	struct scheduled_view view;
	struct gather g;
	enum rc rc = gather_begin(&g, call);
	if (rc == RC_OK) {
		bool there = scheduled_get(g.txn, g.arena, call->viewer.account, id, &s) &&
			     may_look(call, &s);
		if (there)
			gather_scheduled(call, &g, &s, &view);
		rc = gather_end(&g, there ? RC_OK : RC_NOT_FOUND);
	}
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	render_scheduled(reply_begin(call), &view);
	reply_end(call, 200);
}

static void get_scheduled(struct call *call)
{
	reply_scheduled(call, call_id(call, 0));
}

struct page_params {
	struct paging page;
};

static const struct param page_rows[] = {
	PAGING_PARAMS(struct page_params, page, PAGE_DEFAULT, PAGE_MOST),
};
PARAM_TABLE(page_params, struct page_params, page_rows);

static void get_all(struct call *call)
{
	const struct page_params *p = call->params;
	struct page page = page_of(&p->page);
	struct scheduled list[PAGE_MOST];
	struct scheduled_view *views =
		ARENA_ARRAY(call->ctx->arena, PAGE_MOST, struct scheduled_view);
	struct gather g;
	size_t n = 0, shown = 0;
	enum rc rc = gather_begin(&g, call);
	if (rc == RC_OK) {
		n = scheduled_list(g.txn, g.arena, call->viewer.account, &page, list,
				   p->page.limit);
		for (size_t i = 0; views != NULL && i < n; i++) {
			if (may_look(call, &list[i]))
				gather_scheduled(call, &g, &list[i], &views[shown++]);
		}
		rc = gather_end(&g, RC_OK);
	}
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	reply_links(call, n != 0 ? list[0].id : 0, n != 0 ? list[n - 1].id : 0, n == p->page.limit);
	struct jw *w = reply_begin(call);
	jw_array(w);
	for (size_t i = 0; i < shown; i++)
		render_scheduled(w, &views[i]);
	jw_end(w);
	reply_end(call, 200);
}

/* --- another time, or never --- */

static void refuse_time(struct call *call)
{
	reply_invalid(call, "scheduled_at", "ERR_INVALID",
		      "Scheduled at The scheduled date must be in the future");
}

struct when_params {
	struct str at;
};

static const struct param when_rows[] = { PARAM_STR(struct when_params, at, "scheduled_at", 64) };
PARAM_TABLE(when_params, struct when_params, when_rows);

struct moving {
	uint64_t id, due_ms;
};

static enum rc move(struct social *s, const struct account *actor,
		    const struct account *target UNUSED, void *arg)
{
	const struct moving *m = arg;
	if (s->person != 0)
		return team_put_off(s, s->person, actor->id, m->id, m->due_ms);
	return act_reschedule(s, actor, m->id, m->due_ms);
}

static void put_scheduled(struct call *call)
{
	const struct when_params *p = call->params;
	struct moving m = { .id = call_id(call, 0) };
	if (!date_parse_rfc3339(p->at, &m.due_ms))
		m.due_ms = 0;
	enum rc rc = own_do(call, OWN_MAKE, 0, move, &m);
	if (rc == RC_INVALID)
		refuse_time(call);
	else if (rc != RC_OK)
		reply_team_rc(call, rc);
	else
		reply_scheduled(call, m.id);
}

static enum rc drop(struct social *s, const struct account *actor,
		    const struct account *target UNUSED, void *arg)
{
	uint64_t id = *(const uint64_t *)arg;
	return s->person != 0 ? team_drop(s, s->person, actor->id, id)
			      : act_unschedule(s, actor, id);
}

static void delete_scheduled(struct call *call)
{
	uint64_t id = call_id(call, 0);
	enum rc rc = own_do(call, OWN_MAKE, 0, drop, &id);
	if (rc != RC_OK)
		reply_team_rc(call, rc);
	else
		reply_empty(call);
}

/* --- a new one: POST /api/v1/statuses with scheduled_at --- */

struct scheduling {
	const struct draft *draft;
	struct post_params params;
	uint64_t due_ms;
	struct scheduled made;
	enum rc foreseen; /* what would come of it now */
};

static enum rc schedule(struct social *s, const struct account *actor,
			const struct account *target UNUSED, void *arg)
{
	struct scheduling *p = arg;
	struct str key = p->params.idempotency;
	struct idempotent before;
	if (key.len != 0 && idempotency_get(s->txn, actor->id, key, &before) && before.scheduled) {
		p->made.id = before.id;
		return RC_OK;
	}
	p->foreseen = community_foresee(s, p->draft);
	if (p->foreseen != RC_OK)
		return p->foreseen;
	enum rc rc = act_schedule(s, actor, &p->params, p->due_ms, &p->made);
	if (rc == RC_OK && key.len != 0)
		idempotency_put(s->txn, actor->id, key, true, p->made.id);
	return rc;
}

struct post_params schedule_params(const struct draft *d, const struct schedule_ask *ask)
{
	struct post_params p = { .text = d->text,
				 .spoiler = d->spoiler,
				 .language = d->language,
				 .idempotency = ask->idempotency,
				 .has_visibility = true,
				 .visibility = d->visibility,
				 .has_sensitive = true,
				 .sensitive = d->sensitive,
				 .parent = d->parent,
				 .quote = d->quote,
				 .community = d->community,
				 .application = d->application,
				 .has_quotes = ask->has_quotes,
				 .quotes = ask->quotes };
	for (; p.media_count < d->media_count && p.media_count < POST_MEDIA_MAX; p.media_count++)
		p.media[p.media_count] = d->media[p.media_count];
	if (d->poll != NULL) {
		p.has_poll = true;
		p.poll = *d->poll;
	}
	return p;
}

void reply_schedule(struct call *call, const struct draft *draft, const struct schedule_ask *ask)
{
	struct scheduling *p = ARENA_NEW(call->ctx->arena, struct scheduling);
	if (p == NULL) {
		reply_rc(call, RC_NO_MEMORY);
		return;
	}
	if (draft->media_count > POST_MEDIA_MAX) {
		reply_error(call, 422, "Cannot attach more than 4 files");
		return;
	}
	p->draft = draft;
	p->params = schedule_params(draft, ask);
	if (!date_parse_rfc3339(ask->at, &p->due_ms)) {
		refuse_time(call);
		return;
	}
	enum rc rc = own_do(call, OWN_MAKE, 0, schedule, p);
	if (rc == RC_INVALID && p->foreseen == RC_OK && p->made.id == 0)
		refuse_time(call);
	else if (rc != RC_OK)
		reply_reason(call, rc);
	else
		reply_scheduled(call, p->made.id);
}

#define SCHEDULED "/api/v1/scheduled_statuses"
#define READ SCOPE(READ_STATUSES)
#define WRITE SCOPE(WRITE_STATUSES)
#define USER AUTH_USER
#define COMMON RATE_COMMON

API_ROWS_BEGIN
static const struct api_route routes[] = {
	{ HTTP_GET, SCHEDULED, USER, READ, COMMON, &page_params, get_all },
	{ HTTP_GET, SCHEDULED "/:id", USER, READ, COMMON, NULL, get_scheduled },
	{ HTTP_PUT, SCHEDULED "/:id", USER, WRITE, COMMON, &when_params, put_scheduled },
	{ HTTP_DELETE, SCHEDULED "/:id", USER, WRITE, COMMON, NULL, delete_scheduled },
};
API_ROWS_END
const struct api_route_table scheduled_api = { routes, ARRAY_LEN(routes) };
