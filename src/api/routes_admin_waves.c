/* Rolling back waves of posts. */
#include "core/date.h"
#include "sieve_view_int.h"
#include "text/iri.h"

struct wave_params {
	struct str host, from, to;
	uint64_t rule, like, likeness;
};

static const struct param wave_rows[] = {
	PARAM_NUMBER(struct wave_params, rule, "rule", 0, UINT64_MAX, 0),
	PARAM_STR(struct wave_params, host, "host", 300),
	PARAM_NUMBER(struct wave_params, like, "like", 0, UINT64_MAX, 0),
	PARAM_NUMBER(struct wave_params, likeness, "likeness", 0, 100, 0),
	PARAM_STR(struct wave_params, from, "from", 40),
	PARAM_STR(struct wave_params, to, "to", 40),
};
PARAM_TABLE(wave_params, struct wave_params, wave_rows);

struct page_params {
	struct paging page;
};

static const struct param page_rows[] = {
	PAGING_PARAMS(struct page_params, page, ADMIN_PAGE_DEFAULT, ADMIN_PAGE_MOST),
};
PARAM_TABLE(page_params, struct page_params, page_rows);

/* --- what is asked for --- */

static bool read_time(struct call *call, const char *name, struct str text, uint64_t *out)
{
	if (text.len == 0 || date_parse_rfc3339(text, out))
		return true;
	reply_invalid(call, name, "ERR_INVALID", "It is not a time");
	return false;
}

static bool read_wish(struct call *call, struct wave_wish *out)
{
	const struct wave_params *p = call->params;
	struct ctx quiet = { .arena = call->ctx->arena };
	*out = (struct wave_wish){
		.rule = p->rule, .host = STR(""), .like = p->like, .likeness = (uint8_t)p->likeness
	};
	if (p->host.len != 0 && iri_authority(&quiet, p->host, IRI_LITERAL, &out->host) != RC_OK) {
		reply_invalid(call, "host", "ERR_INVALID", "Host is not a valid host name");
		return false;
	}
	return read_time(call, "from", p->from, &out->from_ms) &&
	       read_time(call, "to", p->to, &out->to_ms);
}

static void post_preview(struct call *call)
{
	struct wave_wish wish;
	struct wave_preview preview;
	struct db_txn *txn = NULL;
	if (!call_permits(call, PERMISSION_MANAGE_REPORTS) || !read_wish(call, &wish))
		return;
	enum rc rc = call_read(call, &txn);
	if (rc == RC_OK) {
		rc = wave_look(txn, call->ctx, call->api->parts.site, &wish, &preview);
		db_read_end(&txn);
	}
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	render_wave_preview(reply_begin(call), &preview);
	reply_end(call, 200);
}

/* --- waves --- */

static void get_waves(struct call *call)
{
	const struct page_params *p = call->params;
	struct wave *waves = ARENA_ARRAY(call->ctx->arena, ADMIN_PAGE_MOST, struct wave);
	struct db_txn *txn = NULL;
	size_t n = 0;
	if (!call_permits(call, PERMISSION_MANAGE_REPORTS))
		return;
	enum rc rc = waves != NULL ? call_read(call, &txn) : RC_NO_MEMORY;
	if (rc == RC_OK) {
		n = wave_list(txn, call->ctx->arena, p->page.max_id, waves, p->page.limit);
		rc = db_txn_rc(txn);
		db_read_end(&txn);
	}
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	reply_links(call, 0, n != 0 ? waves[n - 1].id : 0, n == p->page.limit);
	struct jw *w = reply_begin(call);
	jw_array(w);
	for (size_t i = 0; i < n; i++)
		render_wave(w, &waves[i]);
	jw_end(w);
	reply_end(call, 200);
}

static void reply_wave(struct call *call, uint64_t id)
{
	struct wave wave;
	struct db_txn *txn = NULL;
	enum rc rc = call_read(call, &txn);
	if (rc == RC_OK) {
		bool found = wave_get(txn, call->ctx->arena, id, &wave);
		rc = db_txn_rc(txn);
		if (rc == RC_OK && !found)
			rc = RC_NOT_FOUND;
		db_read_end(&txn);
	}
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	render_wave(reply_begin(call), &wave);
	reply_end(call, 200);
}

static void get_wave(struct call *call)
{
	if (call_permits(call, PERMISSION_MANAGE_REPORTS))
		reply_wave(call, call_id(call, 0));
}

struct rolling {
	const struct account *moderator;
	struct wave_wish wish;
	uint64_t id;
};

static enum rc begin_job(struct social *s, void *arg)
{
	struct rolling *r = arg;
	return wave_begin(s, r->moderator, &r->wish, &r->id);
}

static enum rc undo_job(struct social *s, void *arg)
{
	const struct rolling *r = arg;
	return wave_undo(s, r->moderator, r->id);
}

static void run(struct call *call, social_job *job, struct rolling *r)
{
	enum rc rc = call_write(call, job, r);
	if (rc == RC_OK)
		reply_wave(call, r->id);
	else
		reply_rc(call, rc);
}

static void post_wave(struct call *call)
{
	struct rolling r = { .moderator = call_account(call) };
	if (call_permits(call, PERMISSION_MANAGE_REPORTS) && read_wish(call, &r.wish))
		run(call, begin_job, &r);
}

static void post_undo(struct call *call)
{
	struct rolling r = { .moderator = call_account(call), .id = call_id(call, 0) };
	if (call_permits(call, PERMISSION_MANAGE_REPORTS))
		run(call, undo_job, &r);
}

/* --- the rows --- */

#define WAVES "/api/fediflow/v1/admin/waves"
#define READS SCOPE(ADMIN_READ_REPORTS)
#define WRITES SCOPE(ADMIN_WRITE_REPORTS)

API_ROWS_BEGIN
static const struct api_route routes[] = {
	{ HTTP_GET, WAVES, AUTH_USER, READS, RATE_COMMON, &page_params, get_waves, "[Wave] Link" },
	{ HTTP_POST, WAVES, AUTH_USER, WRITES, RATE_COMMON, &wave_params, post_wave, "Wave" },
	{ HTTP_POST, WAVES "/preview", AUTH_USER, READS, RATE_COMMON, &wave_params, post_preview,
	  "WavePreview" },
	{ HTTP_GET, WAVES "/:id", AUTH_USER, READS, RATE_COMMON, NULL, get_wave, "Wave" },
	{ HTTP_POST, WAVES "/:id/undo", AUTH_USER, WRITES, RATE_COMMON, NULL, post_undo,
	  "Wave 409" },
};
API_ROWS_END
const struct api_route_table admin_waves_api = { routes, ARRAY_LEN(routes) };
