/* The quarantine and waves, as moderators handle them. */
#include "sieve_view_int.h"

struct held_params {
	struct paging page;
	struct id_list ids;
	struct str_list updated_at; /* one for each */
	struct str seen;	    /* of one */
};

static const struct param page_rows[] = {
	PAGING_PARAMS(struct held_params, page, ADMIN_PAGE_DEFAULT, ADMIN_PAGE_MOST),
};
PARAM_TABLE(page_params, struct held_params, page_rows);

static const struct param ids_rows[] = {
	PARAM_IDS(struct held_params, ids, "ids"),
	PARAM_STRS(struct held_params, updated_at, "updated_at", 64),
};
PARAM_TABLE(ids_params, struct held_params, ids_rows);

static const struct param seen_rows[] = {
	PARAM_STR(struct held_params, seen, "updated_at", 64),
};
PARAM_TABLE(seen_params, struct held_params, seen_rows);

/* --- views --- */

/* As its author sees it: moderators judge what others may not see. */
static void gather_view(struct gather *g, uint64_t id, bool evidence, struct sieve_view *out)
{
	const struct viewer own = g->viewer;
	struct ctx quiet = { .arena = g->arena };
	struct status status;
	uint8_t spam;
	*out = (struct sieve_view){ .mark = { .status = id } };
	if (!sieve_mark_get(g->txn, g->arena, id, &out->mark) ||
	    !status_get(g->txn, g->arena, id, &status))
		return;
	g->viewer = (struct viewer){ status.account, false };
	out->has_status = gather_statuses(g, &id, 1, &out->status) == 1;
	g->viewer = own;
	if (evidence)
		sift_believe(g->txn, &quiet, &status, &spam, out->evidence, &out->evidence_count);
}

static void get_held(struct call *call)
{
	const struct held_params *p = call->params;
	uint64_t min_id = p->page.min_id > p->page.since_id ? p->page.min_id : p->page.since_id;
	struct sieve_view *views =
		ARENA_ARRAY(call->ctx->arena, ADMIN_PAGE_MOST, struct sieve_view);
	uint64_t ids[ADMIN_PAGE_MOST];
	struct gather g;
	size_t n = 0;
	if (!call_permits(call, PERMISSION_MANAGE_REPORTS))
		return;
	enum rc rc = views != NULL ? gather_begin(&g, call) : RC_NO_MEMORY;
	if (rc == RC_OK) {
		n = sieve_held(g.txn, p->page.max_id, min_id, ids, p->page.limit);
		for (size_t i = 0; i < n; i++)
			gather_view(&g, ids[i], false, &views[i]);
		rc = gather_end(&g, RC_OK);
	}
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	reply_links(call, n != 0 ? ids[0] : 0, n != 0 ? ids[n - 1] : 0, n == p->page.limit);
	struct jw *w = reply_begin(call);
	jw_array(w);
	for (size_t i = 0; i < n; i++)
		render_sieve_view(w, call->api->parts.site, &views[i]);
	jw_end(w);
	reply_end(call, 200);
}

/* Any post that was marked, with what the classifier makes of its words. */
static void get_mark(struct call *call)
{
	struct sieve_view view;
	struct gather g;
	if (!call_permits(call, PERMISSION_MANAGE_REPORTS))
		return;
	enum rc rc = gather_begin(&g, call);
	if (rc == RC_OK) {
		gather_view(&g, call_id(call, 0), true, &view);
		rc = gather_end(&g, view.mark.at_ms != 0 ? RC_OK : RC_NOT_FOUND);
	}
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	render_sieve_view(reply_begin(call), call->api->parts.site, &view);
	reply_end(call, 200);
}

/* --- deciding --- */

struct deciding {
	const struct account *moderator;
	enum rc (*act)(struct social *s, const struct account *moderator, uint64_t status,
		       uint64_t seen_ms);
	const uint64_t *ids;
	size_t count;
	uint64_t seen_ms[LIST_MAX];
	enum rc ends[LIST_MAX];
};

/* What is not held any more, or was changed meanwhile, does not keep the others. */
static enum rc decide_job(struct social *s, void *arg)
{
	struct deciding *d = arg;
	for (size_t i = 0; i < d->count; i++) {
		enum rc rc = d->act(s, d->moderator, d->ids[i], d->seen_ms[i]);
		d->ends[i] = rc == RC_GONE ? RC_NOT_FOUND : rc;
		if (d->ends[i] != RC_OK && d->ends[i] != RC_NOT_FOUND && rc != RC_CONFLICT)
			return rc;
	}
	return db_txn_rc(s->txn);
}

static void reply_decided(struct call *call, const struct deciding *d)
{
	static const struct {
		const char *name;
		enum rc end;
	} lists[] = { { "decided", RC_OK },
		      { "not_held", RC_NOT_FOUND },
		      { "changed", RC_CONFLICT } };
	struct jw *w = reply_begin(call);
	jw_object(w);
	for (size_t k = 0; k < ARRAY_LEN(lists); k++) {
		jw_name(w, lists[k].name);
		jw_array(w);
		for (size_t i = 0; i < d->count; i++) {
			if (d->ends[i] == lists[k].end)
				jw_u64_str(w, d->ids[i]);
		}
		jw_end(w);
	}
	jw_end(w);
	reply_end(call, 200);
}

/* What is refused need not be as it was seen, unless that is said. */
static enum rc read_seen(struct call *call, const struct deciding *d, struct str text,
			 uint64_t *out)
{
	*out = HELD_SEEN_ANY;
	return text.len == 0 && d->act == held_refuse ? RC_OK : param_seen(call->ctx, text, out);
}

static enum rc read_all_seen(struct call *call, struct deciding *d)
{
	const struct str_list *seen = &((const struct held_params *)call->params)->updated_at;
	enum rc rc = RC_OK;
	if (seen->count != 0 && seen->count != d->count)
		return ctx_fail(call->ctx, RC_INVALID, "each of ids has one of updated_at");
	for (size_t i = 0; rc == RC_OK && i < d->count; i++)
		rc = read_seen(call, d, seen->count != 0 ? seen->list[i] : STR(""), &d->seen_ms[i]);
	return rc;
}

/* NULL when the answer was given. */
static struct deciding *begin(struct call *call)
{
	struct deciding *d = ARENA_NEW(call->ctx->arena, struct deciding);
	if (!call_permits(call, PERMISSION_MANAGE_REPORTS))
		return NULL;
	if (d == NULL)
		reply_rc(call, RC_NO_MEMORY);
	else
		d->moderator = call_account(call);
	return d;
}

static void decide_many(struct call *call, struct deciding *d)
{
	const struct held_params *p = call->params;
	d->ids = p->ids.list;
	d->count = p->ids.count;
	enum rc rc = read_all_seen(call, d);
	if (rc == RC_OK)
		rc = call_write(call, decide_job, d);
	if (rc == RC_OK)
		reply_decided(call, d);
	else
		reply_rc(call, rc);
}

static void decide_one(struct call *call, struct deciding *d)
{
	const struct held_params *p = call->params;
	uint64_t id = call_id(call, 0);
	d->ids = &id;
	d->count = 1;
	enum rc rc = read_seen(call, d, p->seen, &d->seen_ms[0]);
	if (rc == RC_OK)
		rc = call_write(call, decide_job, d);
	if (rc == RC_OK)
		rc = d->ends[0];
	if (rc == RC_OK)
		reply_empty(call);
	else
		reply_rc(call, rc);
}

static void post_release_many(struct call *call)
{
	struct deciding *d = begin(call);
	if (d == NULL)
		return;
	d->act = held_release;
	decide_many(call, d);
}

static void post_refuse_many(struct call *call)
{
	struct deciding *d = begin(call);
	if (d == NULL)
		return;
	d->act = held_refuse;
	decide_many(call, d);
}

static void post_release(struct call *call)
{
	struct deciding *d = begin(call);
	if (d == NULL)
		return;
	d->act = held_release;
	decide_one(call, d);
}

static void post_refuse(struct call *call)
{
	struct deciding *d = begin(call);
	if (d == NULL)
		return;
	d->act = held_refuse;
	decide_one(call, d);
}

/* --- the rows --- */

#define HELD "/api/fediflow/v1/admin/held"
#define READS SCOPE(ADMIN_READ_REPORTS)
#define WRITES SCOPE(ADMIN_WRITE_REPORTS)

API_ROWS_BEGIN
static const struct api_route routes[] = {
	{ HTTP_GET, HELD, AUTH_USER, READS, RATE_COMMON, &page_params, get_held, "[Held] Link" },
	{ HTTP_POST, HELD "/release", AUTH_USER, WRITES, RATE_COMMON, &ids_params,
	  post_release_many, "HeldDecisions", "ids updated_at" },
	{ HTTP_POST, HELD "/refuse", AUTH_USER, WRITES, RATE_COMMON, &ids_params, post_refuse_many,
	  "HeldDecisions" },
	{ HTTP_GET, HELD "/:id", AUTH_USER, READS, RATE_COMMON, NULL, get_mark, "Held" },
	{ HTTP_POST, HELD "/:id/release", AUTH_USER, WRITES, RATE_COMMON, &seen_params,
	  post_release, "Nothing 409", "updated_at" },
	{ HTTP_POST, HELD "/:id/refuse", AUTH_USER, WRITES, RATE_COMMON, &seen_params, post_refuse,
	  "Nothing 409" },
};
API_ROWS_END
const struct api_route_table admin_held_api = { routes, ARRAY_LEN(routes) };
