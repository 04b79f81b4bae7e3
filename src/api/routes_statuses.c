/* Reading statuses: one, several, what is around one, who liked it. */
#include "own_int.h"

#include "social/poll.h"
#include "social/thread.h"
#include "store/graph.h"
#include "store/revision.h"

#define STATUSES_MOST 20
#define ABOVE_MAX 40
#define BELOW_MAX 400
#define CHUNK 40
#define PEOPLE_DEFAULT 40
#define PEOPLE_MOST 80

void reply_status(struct call *call, uint64_t id)
{
	struct gather g;
	struct status_view view;
	enum rc rc = gather_begin(&g, call);
	if (rc == RC_OK)
		rc = gather_end(&g, gather_status(&g, id, &view));
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	render_status(reply_begin(call), call->api->parts.site, &view);
	reply_end(call, 200);
}

static void get_status(struct call *call)
{
	reply_status(call, call_id(call, 0));
}

struct ids_params {
	struct id_list ids;
};

static const struct param ids_rows[] = { PARAM_IDS(struct ids_params, ids, "id") };
PARAM_TABLE(ids_params, struct ids_params, ids_rows);

static void get_statuses(struct call *call)
{
	const struct ids_params *p = call->params;
	struct status_view views[STATUSES_MOST];
	size_t n = p->ids.count < STATUSES_MOST ? p->ids.count : STATUSES_MOST;
	struct gather g;
	enum rc rc = gather_begin(&g, call);
	if (rc == RC_OK) {
		n = gather_statuses(&g, p->ids.list, n, views);
		rc = gather_end(&g, RC_OK);
	}
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	reply_status_list(call, views, n);
}

/* --- the conversation around it --- */

struct context {
	struct gather g;
	struct status_view above[ABOVE_MAX]; /* nearest first */
	size_t above_count;
	struct status_view below[BELOW_MAX]; /* level by level */
	size_t below_count;
};

static void read_above(struct context *c, uint64_t parent)
{
	while (parent != 0 && c->above_count < ABOVE_MAX &&
	       gather_statuses(&c->g, &parent, 1, &c->above[c->above_count]) == 1)
		parent = c->above[c->above_count++].status->parent;
}

static void read_children(struct context *c, uint64_t parent)
{
	uint64_t ids[CHUNK], after = 0;
	size_t n = CHUNK;
	while (n == CHUNK && c->below_count < BELOW_MAX) {
		size_t room = BELOW_MAX - c->below_count;
		n = status_by_parent(c->g.txn, parent, after, ids, room < CHUNK ? room : CHUNK);
		if (n == 0)
			return;
		after = ids[n - 1];
		c->below_count += gather_statuses(&c->g, ids, n, &c->below[c->below_count]);
	}
}

static void read_below(struct context *c, uint64_t id)
{
	read_children(c, id);
	for (size_t i = 0; i < c->below_count; i++)
		read_children(c, c->below[i].id);
}

/* Each reply is followed by its own, as clients expect them. */
static void render_below(struct jw *w, const struct call *call, const struct context *c,
			 uint64_t parent)
{
	for (size_t i = 0; i < c->below_count; i++) {
		if (c->below[i].status->parent != parent)
			continue;
		render_status(w, call->api->parts.site, &c->below[i]);
		render_below(w, call, c, c->below[i].id);
	}
}

static void render_context(struct call *call, const struct context *c, uint64_t id)
{
	struct jw *w = reply_begin(call);
	jw_object(w);
	jw_name(w, "ancestors");
	jw_array(w);
	for (size_t i = c->above_count; i-- > 0;)
		render_status(w, call->api->parts.site, &c->above[i]);
	jw_end(w);
	jw_name(w, "descendants");
	jw_array(w);
	render_below(w, call, c, id);
	jw_end(w);
	jw_end(w);
	reply_end(call, 200);
}

/* --- what of a thread is being fetched meanwhile: an AsyncRefresh, called after the post that was looked at --- */

#define REFRESH_PREFIX "context-"
#define REFRESH_RETRY_SECONDS 5

static enum thread_refresh refresh_of(struct gather *g, uint64_t status)
{
	const struct api_parts *parts = &g->api->parts;
	uint64_t refresh_ms = parts->thread_refresh_ms != NULL ? *parts->thread_refresh_ms : 0;
	return thread_refresh(g->txn, g->arena, status, clock_wall_ms(parts->clock), refresh_ms);
}

static void tell_refresh(struct call *call, uint64_t status)
{
	httpd_add_header(call->req, "Mastodon-Async-Refresh",
			 arena_printf(call->ctx->arena, "id=\"" REFRESH_PREFIX "%llu\", retry=%d",
				      (unsigned long long)status, REFRESH_RETRY_SECONDS));
}

static void get_refresh(struct call *call)
{
	struct str name = call->req->params[0];
	enum thread_refresh state = REFRESH_NONE;
	struct status_view view;
	uint64_t id = 0;
	struct gather g;
	bool named = str_has_prefix(name, STR(REFRESH_PREFIX)) &&
		     str_to_u64(str_skip(name, sizeof(REFRESH_PREFIX) - 1), &id);
	enum rc rc = named ? gather_begin(&g, call) : RC_NOT_FOUND;
	if (named && rc == RC_OK) {
		rc = gather_status(&g, id, &view);
		if (rc == RC_OK)
			state = refresh_of(&g, view.id);
		rc = gather_end(&g, state != REFRESH_NONE ? rc : RC_NOT_FOUND);
	}
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	struct jw *w = reply_begin(call);
	jw_object(w);
	jw_name(w, "async_refresh");
	jw_object(w);
	jw_member_str(w, "id", name);
	/* what is due again is another one */
	jw_member_str(w, "status", state == REFRESH_RUNNING ? STR("running") : STR("finished"));
	jw_end(w);
	jw_end(w);
	reply_end(call, 200);
}

static void get_context(struct call *call)
{
	enum thread_refresh refresh = REFRESH_NONE;
	struct context *c = ARENA_NEW(call->ctx->arena, struct context);
	struct status_view focus;
	enum rc rc = c != NULL ? gather_begin(&c->g, call) : RC_NO_MEMORY;
	if (rc == RC_OK) {
		rc = gather_status(&c->g, call_id(call, 0), &focus);
		if (rc == RC_OK) {
			read_above(c, focus.status->parent);
			read_below(c, focus.id);
			refresh = refresh_of(&c->g, focus.id);
		}
		rc = gather_end(&c->g, rc);
	}
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	if (refresh == REFRESH_DUE || refresh == REFRESH_RUNNING)
		tell_refresh(call, focus.id);
	render_context(call, c, focus.id);
	if (call->api->parts.look.look != NULL)
		call->api->parts.look.look(call->api->parts.look.arg, focus.id);
}

/* --- who did something with it --- */

struct people_params {
	struct paging page;
};

static const struct param people_rows[] = {
	PAGING_PARAMS(struct people_params, page, PEOPLE_DEFAULT, PEOPLE_MOST),
};
PARAM_TABLE(people_params, struct people_params, people_rows);

typedef size_t doers(struct db_txn *txn, uint64_t status, const struct page *page, uint64_t *out,
		     size_t count);

static void get_doers(struct call *call, doers *list)
{
	const struct people_params *p = call->params;
	struct page page = page_of(&p->page);
	struct status_view view;
	struct gather g;
	uint64_t ids[PEOPLE_MOST];
	enum rc rc = gather_begin(&g, call);
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	rc = gather_status(&g, call_id(call, 0), &view);
	if (rc != RC_OK) {
		reply_rc(call, gather_end(&g, rc));
		return;
	}
	uint64_t id = view.reblog != NULL ? view.reblog->id : view.id;
	size_t n = list(g.txn, id, &page, ids, p->page.limit);
	reply_people(call, &g, ids, n, n == p->page.limit);
}

static void get_reblogged_by(struct call *call)
{
	get_doers(call, status_boosters_page);
}

static void get_favourited_by(struct call *call)
{
	get_doers(call, likes_page);
}

/* --- posts that quote it --- */

static void get_quotes(struct call *call)
{
	const struct people_params *p = call->params;
	struct status_view view,
		*views = ARENA_ARRAY(call->ctx->arena, PEOPLE_MOST, struct status_view);
	struct page page = page_of(&p->page);
	uint64_t ids[PEOPLE_MOST];
	size_t n = 0, got = 0;
	struct gather g;
	enum rc rc = views != NULL ? gather_begin(&g, call) : RC_NO_MEMORY;
	if (rc == RC_OK) {
		rc = gather_status(&g, call_id(call, 0), &view);
		if (rc == RC_OK) {
			n = quotes_page(g.txn, view.id, &page, ids, p->page.limit);
			got = gather_statuses(&g, ids, n, views);
		}
		rc = gather_end(&g, rc);
	}
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	reply_links(call, n != 0 ? ids[0] : 0, n != 0 ? ids[n - 1] : 0, n == p->page.limit);
	reply_status_list(call, views, got);
}

/* --- what its author typed --- */

static void get_source(struct call *call)
{
	struct status_view view;
	struct gather g;
	enum rc rc = gather_begin(&g, call);
	if (rc == RC_OK) {
		rc = gather_status(&g, call_id(call, 0), &view);
		/* nobody else's source is anybody's to see */
		if (rc == RC_OK && view.status->account != call->viewer.account)
			rc = RC_NOT_FOUND;
		rc = gather_end(&g, rc);
	}
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	struct jw *w = reply_begin(call);
	jw_object(w);
	jw_member_id(w, "id", view.id);
	jw_member_str(w, "text", view.status->source);
	jw_member_str(w, "spoiler_text", view.status->spoiler);
	jw_end(w);
	reply_end(call, 200);
}

/* --- versions --- */

static void version_fill(struct gather *g, const struct status_view *now, const struct revision *r,
			 struct status_edit_view *out)
{
	*out = (struct status_edit_view){ .at_ms = r->at_ms,
					  /* what it quotes is not edited */
					  .shown = { .id = now->id,
						     .status = &r->status,
						     .account = now->account,
						     .quote_state = now->quote_state,
						     .quoted = now->quoted },
					  .options = r->options,
					  .option_count = r->option_count };
	gather_media(g, &out->shown);
}

/* The one that stands now, which is no row of its own. */
static void version_now(struct gather *g, const struct status_view *now, struct revision *out)
{
	const struct poll *poll = now->poll != NULL ? now->poll->poll : NULL;
	*out = (struct revision){ .status = *now->status };
	out->at_ms = out->status.edited_ms != 0 ? out->status.edited_ms : out->status.created_ms;
	out->options = poll != NULL ? ARENA_ARRAY(g->arena, poll->option_count, struct str) : NULL;
	for (unsigned i = 0; out->options != NULL && i < poll->option_count; i++)
		out->options[out->option_count++] = poll->options[i].name;
}

/* Whoever may see the post sees what it was. How many. */
static size_t gather_history(struct gather *g, uint64_t id, struct status_edit_view **out)
{
	struct status_view *found = ARENA_NEW(g->arena, struct status_view);
	struct revision *all = ARENA_ARRAY(g->arena, REVISIONS_MAX + 1, struct revision);
	*out = ARENA_ARRAY(g->arena, REVISIONS_MAX + 1, struct status_edit_view);
	if (found == NULL || all == NULL || *out == NULL || gather_status(g, id, found) != RC_OK)
		return 0;
	const struct status_view *now = found->reblog != NULL ? found->reblog : found;
	size_t n = revision_list(g->txn, g->arena, now->id, all);
	version_now(g, now, &all[n++]);
	for (size_t i = 0; i < n; i++)
		version_fill(g, now, &all[i], &(*out)[i]);
	return n;
}

static void get_history(struct call *call)
{
	struct status_edit_view *versions = NULL;
	struct gather g;
	size_t n = 0;
	enum rc rc = gather_begin(&g, call);
	if (rc == RC_OK) {
		n = gather_history(&g, call_id(call, 0), &versions);
		rc = gather_end(&g, n != 0 ? RC_OK : RC_NOT_FOUND);
	}
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	struct jw *w = reply_begin(call);
	jw_array(w);
	for (size_t i = 0; i < n; i++)
		render_status_edit(w, call->api->parts.site, &versions[i]);
	jw_end(w);
	reply_end(call, 200);
}

/* --- polls --- */

void reply_poll(struct call *call, uint64_t id)
{
	struct status_view view;
	struct gather g;
	enum rc rc = gather_begin(&g, call);
	if (rc == RC_OK) {
		rc = gather_status(&g, id, &view);
		if (rc == RC_OK && view.poll == NULL)
			rc = RC_NOT_FOUND;
		rc = gather_end(&g, rc);
	}
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	if (call->api->parts.poll_look.look != NULL &&
	    poll_is_stale(view.poll->poll, clock_wall_ms(call->api->parts.clock)))
		call->api->parts.poll_look.look(call->api->parts.poll_look.arg, view.id);
	render_poll(reply_begin(call), view.poll, view.status);
	reply_end(call, 200);
}

static void get_poll(struct call *call)
{
	reply_poll(call, call_id(call, 0));
}

#define GET HTTP_GET
#define STATUSES SCOPE(READ_STATUSES)
#define ACCOUNTS SCOPE(READ_ACCOUNTS)

API_ROWS_BEGIN
static const struct api_route routes[] = {
	{ GET, "/api/v1/statuses", AUTH_OPTIONAL, STATUSES, RATE_COMMON, &ids_params,
	  get_statuses },
	{ GET, "/api/v1/statuses/:id", AUTH_OPTIONAL, STATUSES, RATE_COMMON, NULL, get_status },
	{ GET, "/api/v1/statuses/:id/context", AUTH_OPTIONAL, STATUSES, RATE_COMMON, NULL,
	  get_context },
	{ GET, "/api/v1/statuses/:id/reblogged_by", AUTH_OPTIONAL, STATUSES | ACCOUNTS, RATE_COMMON,
	  &people_params, get_reblogged_by },
	{ GET, "/api/v1/statuses/:id/favourited_by", AUTH_OPTIONAL, STATUSES | ACCOUNTS,
	  RATE_COMMON, &people_params, get_favourited_by },
	{ GET, "/api/v1/statuses/:id/quotes", AUTH_USER, STATUSES, RATE_COMMON, &people_params,
	  get_quotes },
	{ GET, "/api/v1/statuses/:id/source", AUTH_USER, STATUSES, RATE_COMMON, NULL, get_source },
	{ GET, "/api/v1/statuses/:id/history", AUTH_OPTIONAL, STATUSES, RATE_COMMON, NULL,
	  get_history },
	{ GET, "/api/v1_alpha/async_refreshes/:id", AUTH_USER, STATUSES, RATE_COMMON, NULL,
	  get_refresh },
	{ GET, "/api/v1/polls/:id", AUTH_OPTIONAL, STATUSES, RATE_COMMON, NULL, get_poll },
};
API_ROWS_END
const struct api_route_table statuses_api = { routes, ARRAY_LEN(routes) };
