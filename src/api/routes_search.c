/* Searching. What is not known here is asked for at its host while the request waits. */
#include "discover_int.h"
#include "own_int.h"

#define LIMIT_DEFAULT 20
#define ACCOUNTS_DEFAULT 40

enum search_type { TYPE_ACCOUNTS, TYPE_HASHTAGS, TYPE_STATUSES };
static const char *const types[] = { "accounts", "hashtags", "statuses", NULL };

struct search_params {
	struct str q;
	uint32_t type;
	enum tri resolve, following, exclude_unreviewed;
	uint64_t account_id, max_id, min_id, limit, offset;
};

static const struct param search_rows[] = {
	PARAM_STR(struct search_params, q, "q", SEARCH_QUERY_MAX),
	PARAM_CHOICE(struct search_params, type, "type", types),
	PARAM_BOOL(struct search_params, resolve, "resolve"),
	PARAM_BOOL(struct search_params, following, "following"),
	PARAM_BOOL(struct search_params, exclude_unreviewed, "exclude_unreviewed"),
	PARAM_NUMBER(struct search_params, account_id, "account_id", 0, UINT64_MAX, 0),
	PARAM_NUMBER(struct search_params, max_id, "max_id", 0, UINT64_MAX, 0),
	PARAM_NUMBER(struct search_params, min_id, "min_id", 0, UINT64_MAX, 0),
	PARAM_LIMIT(struct search_params, limit, LIMIT_DEFAULT, SEARCH_LIMIT_MAX),
	PARAM_NUMBER(struct search_params, offset, "offset", 0, SEARCH_OFFSET_MAX, 0),
};
PARAM_TABLE(search_params, struct search_params, search_rows);

static const struct param people_rows[] = {
	PARAM_STR(struct search_params, q, "q", SEARCH_QUERY_MAX),
	PARAM_BOOL(struct search_params, resolve, "resolve"),
	PARAM_BOOL(struct search_params, following, "following"),
	PARAM_LIMIT(struct search_params, limit, ACCOUNTS_DEFAULT, SEARCH_LIMIT_MAX),
	PARAM_NUMBER(struct search_params, offset, "offset", 0, SEARCH_OFFSET_MAX, 0),
};
PARAM_TABLE(people_params, struct search_params, people_rows);

/* What was found, as ids. */
struct findings {
	uint64_t accounts[SEARCH_LIMIT_MAX];
	size_t account_count;
	struct trend_item *tags;
	size_t tag_count;
	uint64_t statuses[SEARCH_LIMIT_MAX];
	size_t status_count;
	uint64_t collection; /* 0: none */
};

/* The same with what is shown of it: what is read is rendered when the reading is over. */
struct found {
	const struct account_view *accounts[SEARCH_LIMIT_MAX];
	struct status_view *statuses;
	size_t account_count, status_count;
	struct collection_view collection;
	bool has_collection;
};

static bool wants(const struct search_params *p, enum search_type type)
{
	return p->type == NO_CHOICE || p->type == type;
}

/* --- finding --- */

static void put_first(struct findings *f, uint64_t account)
{
	size_t n = 0;
	for (size_t i = 0; i < f->account_count; i++) {
		if (f->accounts[i] != account)
			f->accounts[n++] = f->accounts[i];
	}
	n = n < SEARCH_LIMIT_MAX ? n : SEARCH_LIMIT_MAX - 1;
	memmove(f->accounts + 1, f->accounts, n * sizeof(f->accounts[0]));
	f->accounts[0] = account;
	f->account_count = n + 1;
}

/* Who is called by the whole handle comes first, be they in the index already or not. */
static enum rc find_accounts(struct gather *g, struct call *call,
			     const struct search_target *target, struct findings *f)
{
	const struct search_params *p = call->params;
	const struct people_query query = { .text = p->q,
					    .viewer = call->viewer,
					    .following = p->following == TRI_YES,
					    .offset = (unsigned)p->offset,
					    .limit = (unsigned)p->limit };
	enum rc rc = search_accounts(call->ctx, g->txn, call->api->parts.site, &query, f->accounts,
				     &f->account_count);
	if (rc != RC_OK || target->kind != SEARCH_HANDLE || p->offset != 0 ||
	    p->following == TRI_YES)
		return rc;
	struct search_hit hit =
		search_known(call->ctx, g->txn, call->api->parts.site, call->viewer, target);
	if (hit.account != 0)
		put_first(f, hit.account);
	return RC_OK;
}

static enum rc find_tags(struct gather *g, struct call *call, struct findings *f)
{
	const struct search_params *p = call->params;
	struct hashtag *tags = ARENA_ARRAY(g->arena, TRENDS_LIMIT_MAX, struct hashtag);
	f->tags = ARENA_ARRAY(g->arena, TRENDS_LIMIT_MAX, struct trend_item);
	if (tags == NULL || f->tags == NULL)
		return RC_NO_MEMORY;
	uint64_t now_ms = clock_wall_ms(call->api->parts.clock);
	size_t n =
		search_tags(call->ctx, g->txn, p->q, (unsigned)p->offset, (unsigned)p->limit, tags);
	for (size_t i = 0; i < n; i++)
		f->tag_count += trends_item(call->ctx, g->txn, RANK_TAG, tags[i].name, now_ms,
					    &f->tags[f->tag_count]);
	return RC_OK;
}

static enum rc find_statuses(struct gather *g, struct call *call, struct findings *f)
{
	const struct search_params *p = call->params;
	const struct search_page page = { .max_id = p->max_id,
					  .min_id = p->min_id,
					  .account = p->account_id,
					  .offset = (unsigned)p->offset,
					  .limit = (unsigned)p->limit };
	return search_statuses(call->ctx, g->txn, call->api->parts.site, call->viewer, p->q, &page,
			       f->statuses, &f->status_count);
}

/* An address is answered by what it names, and by nothing else. */
static enum rc find(struct gather *g, struct call *call, const struct search_target *target,
		    struct findings *f)
{
	const struct search_params *p = call->params;
	enum rc rc = RC_OK;
	if (target->kind == SEARCH_ADDRESS) {
		struct search_hit hit = search_known(call->ctx, g->txn, call->api->parts.site,
						     call->viewer, target);
		if (hit.account != 0 && wants(p, TYPE_ACCOUNTS) && p->offset == 0)
			f->accounts[f->account_count++] = hit.account;
		if (hit.status != 0 && wants(p, TYPE_STATUSES) && p->offset == 0)
			f->statuses[f->status_count++] = hit.status;
		struct collection collection;
		if (p->type == NO_CHOICE && p->offset == 0 &&
		    collection_find_uri(g->txn, g->arena, target->uri, &collection))
			f->collection = collection.id;
		return RC_OK;
	}
	if (wants(p, TYPE_ACCOUNTS))
		rc = find_accounts(g, call, target, f);
	if (rc == RC_OK && wants(p, TYPE_HASHTAGS))
		rc = find_tags(g, call, f);
	if (rc == RC_OK && wants(p, TYPE_STATUSES))
		rc = find_statuses(g, call, f);
	return rc;
}

/* --- answering --- */

static void gather_found(struct gather *g, const struct findings *f, struct found *out)
{
	*out = (struct found){ .statuses = ARENA_ARRAY(g->arena, SEARCH_LIMIT_MAX,
						       struct status_view) };
	gather_accounts(g, f->accounts, f->account_count);
	for (size_t i = 0; i < f->account_count; i++) {
		out->accounts[out->account_count] = gather_account(g, f->accounts[i]);
		out->account_count += out->accounts[out->account_count] != NULL;
	}
	if (out->statuses != NULL)
		out->status_count = gather_statuses(g, f->statuses, f->status_count, out->statuses);
	/* one that is called by its address */
	out->has_collection = f->collection != 0 &&
			      gather_collection(g, f->collection, &out->collection) == RC_OK;
}

static void render_accounts(struct jw *w, const struct site *site, const struct found *f)
{
	jw_name(w, "accounts");
	jw_array(w);
	for (size_t i = 0; i < f->account_count; i++)
		render_account(w, site, f->accounts[i]);
	jw_end(w);
}

static void render_statuses(struct jw *w, const struct site *site, const struct found *f)
{
	jw_name(w, "statuses");
	jw_array(w);
	for (size_t i = 0; i < f->status_count; i++)
		render_status(w, site, &f->statuses[i]);
	jw_end(w);
}

/* Hashtags are names alone in the first version. */
static void render_tags(struct jw *w, const struct site *site, const struct findings *f, bool v1)
{
	jw_name(w, "hashtags");
	jw_array(w);
	for (size_t i = 0; i < f->tag_count; i++) {
		if (v1)
			jw_str(w, f->tags[i].tag.display);
		else
			render_trend_tag(w, site, &f->tags[i]);
	}
	jw_end(w);
}

static void render_collections(struct jw *w, const struct site *site, const struct found *f)
{
	jw_name(w, "collections");
	jw_array(w);
	if (f->has_collection)
		render_collection(w, site, &f->collection);
	jw_end(w);
}

typedef void answer_fn(struct call *call, struct gather *g, const struct search_target *target,
		       struct findings *f);

static void answer_all(struct call *call, struct gather *g, const struct search_target *target,
		       struct findings *f, bool v1)
{
	const struct site *site = call->api->parts.site;
	struct found *found = ARENA_NEW(g->arena, struct found);
	enum rc rc = found != NULL ? find(g, call, target, f) : RC_NO_MEMORY;
	if (rc == RC_OK)
		gather_found(g, f, found);
	rc = gather_end(g, rc);
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	struct jw *w = reply_begin(call);
	jw_object(w);
	render_accounts(w, site, found);
	render_statuses(w, site, found);
	render_tags(w, site, f, v1);
	if (!v1)
		render_collections(w, site, found);
	jw_end(w);
	reply_end(call, 200);
}

static void answer_v2(struct call *call, struct gather *g, const struct search_target *target,
		      struct findings *f)
{
	answer_all(call, g, target, f, false);
}

static void answer_v1(struct call *call, struct gather *g, const struct search_target *target,
		      struct findings *f)
{
	answer_all(call, g, target, f, true);
}

static void answer_accounts(struct call *call, struct gather *g, const struct search_target *target,
			    struct findings *f)
{
	struct search_hit hit = { 0 };
	enum rc rc = RC_OK;
	if (target->kind == SEARCH_ADDRESS)
		hit = search_known(call->ctx, g->txn, call->api->parts.site, call->viewer, target);
	else
		rc = find_accounts(g, call, target, f);
	if (hit.account != 0)
		f->accounts[f->account_count++] = hit.account;
	if (rc != RC_OK)
		reply_rc(call, gather_end(g, rc));
	else
		reply_account_list(call, g, f->accounts, f->account_count);
}

static void answer(struct call *call, const struct search_target *target, answer_fn *fn)
{
	struct findings *f = ARENA_NEW(call->ctx->arena, struct findings);
	struct gather g;
	enum rc rc = f != NULL ? gather_begin(&g, call) : RC_NO_MEMORY;
	if (rc != RC_OK)
		reply_rc(call, rc);
	else
		fn(call, &g, target, f);
}

/* --- asking its host --- */

struct waiting {
	struct call call; /* the handler's own ends with the handler */
	struct search_target target;
	answer_fn *fn;
};

/* The address of a page has led to what is stored under an id of its own. */
static void follow_page(struct waiting *w, uint64_t id)
{
	struct arena *arena = w->call.ctx->arena;
	struct status status;
	struct account account;
	struct db_txn *txn;
	if (w->target.kind != SEARCH_ADDRESS || call_read(&w->call, &txn) != RC_OK)
		return;
	if (status_get(txn, arena, id, &status))
		w->target.uri = arena_str(arena, status.uri);
	else if (account_get(txn, arena, id, &account))
		w->target.uri = arena_str(arena, account.uri);
	db_read_end(&txn);
}

/* Whatever came of it: what is stored now is the answer. */
static void asked(void *arg, enum rc rc, uint64_t id)
{
	struct waiting *w = arg;
	struct httpd_request *req = w->call.req;
	if (rc == RC_OK)
		follow_page(w, id);
	buf_init(&w->call.out, REPLY_BYTES_MAX);
	answer(&w->call, &w->target, w->fn);
	buf_free(&w->call.out);
	httpd_resume(req);
}

static bool is_known(struct call *call, const struct search_target *target)
{
	struct db_txn *txn;
	if (call_read(call, &txn) != RC_OK)
		return true;
	struct search_hit hit =
		search_known(call->ctx, txn, call->api->parts.site, call->viewer, target);
	db_read_end(&txn);
	return hit.account != 0 || hit.status != 0;
}

/* Only people who are signed in make the node ask others (S-061). */
static bool is_to_be_asked(struct call *call, const struct search_target *target, enum tri resolve)
{
	const struct site *site = call->api->parts.site;
	const struct search_port *port = &call->api->parts.search;
	if (resolve != TRI_YES || call->viewer.account == 0 || target->kind == SEARCH_WORDS)
		return false;
	return search_may_ask(port, site, target) && !is_known(call, target);
}

static void search(struct call *call, answer_fn *fn)
{
	const struct search_params *p = call->params;
	const struct search_port *port = &call->api->parts.search;
	struct waiting *w = ARENA_NEW(call->ctx->arena, struct waiting);
	if (w == NULL) {
		reply_rc(call, RC_NO_MEMORY);
		return;
	}
	search_target_of(call->ctx, call->api->parts.site, p->q, &w->target);
	if (!is_to_be_asked(call, &w->target, p->resolve)) {
		answer(call, &w->target, fn);
		return;
	}
	w->call = *call;
	w->fn = fn;
	httpd_suspend(call->req);
	search_ask(port, &w->target, asked, w);
}

static bool may_search(struct call *call)
{
	const struct search_params *p = call->params;
	if (str_trim(p->q).len == 0) {
		reply_error(call, 400, "Missing parameter: q");
		return false;
	}
	if (call->viewer.account == 0 && (p->resolve == TRI_YES || p->offset != 0)) {
		reply_error(call, 401,
			    "Search queries that resolve remote resources or use an offset "
			    "require an authenticated user");
		return false;
	}
	return true;
}

static void get_search(struct call *call)
{
	if (may_search(call))
		search(call, answer_v2);
}

static void get_search_v1(struct call *call)
{
	if (may_search(call))
		search(call, answer_v1);
}

static void get_accounts_search(struct call *call)
{
	if (may_search(call))
		search(call, answer_accounts);
}

#define GET HTTP_GET

API_ROWS_BEGIN
static const struct api_route routes[] = {
	{ GET, "/api/v2/search", AUTH_OPTIONAL, SCOPE(READ_SEARCH), RATE_COMMON, &search_params,
	  get_search },
	{ GET, "/api/v1/search", AUTH_USER, SCOPE(READ_SEARCH), RATE_COMMON, &search_params,
	  get_search_v1 },
	{ GET, "/api/v1/accounts/search", AUTH_USER, SCOPE(READ_ACCOUNTS), RATE_COMMON,
	  &people_params, get_accounts_search },
};
API_ROWS_END
const struct api_route_table search_api = { routes, ARRAY_LEN(routes) };
