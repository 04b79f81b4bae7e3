/* Filters as they were before 4.0: each keyword stands for one. Old clients call these. */
#include "filter_int.h"

static void get_filters(struct call *call)
{
	struct filter *filters = NULL;
	struct gather g;
	size_t n = 0;
	enum rc rc = gather_begin(&g, call);
	if (rc == RC_OK) {
		n = filter_all(g.txn, g.arena, call->viewer.account, &filters);
		rc = gather_end(&g, RC_OK);
	}
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	struct jw *w = reply_begin(call);
	jw_array(w);
	for (size_t i = 0; i < n; i++) {
		for (unsigned k = 0; k < filters[i].keyword_count; k++)
			render_v1_filter(w, &filters[i], &filters[i].keywords[k]);
	}
	jw_end(w);
	reply_end(call, 200);
}

static enum rc read_place(struct call *call, struct filter_place *place)
{
	enum rc rc = filter_read_part(call, call_id(call, 0), place);
	return rc == RC_OK && place->keyword == NULL ? RC_NOT_FOUND : rc;
}

static void reply_v1(struct call *call, enum rc rc, const struct filter *f,
		     const struct filter_keyword *k)
{
	if (rc != RC_OK) {
		reply_filter_invalid(call, rc);
		return;
	}
	render_v1_filter(reply_begin(call), f, k);
	reply_end(call, 200);
}

static void get_filter(struct call *call)
{
	struct filter_place place;
	enum rc rc = read_place(call, &place);
	reply_v1(call, rc, &place.filter, place.keyword);
}

/* --- making and changing --- */

struct v1_params {
	struct str phrase;
	enum tri irreversible, whole_word;
	struct filter_params filter;
};

static const struct param v1_rows[] = {
	PARAM_STR(struct v1_params, phrase, "phrase", 4096),
	PARAM_BOOL(struct v1_params, irreversible, "irreversible"),
	PARAM_BOOL(struct v1_params, whole_word, "whole_word"),
	PARAM_STRS(struct v1_params, filter.contexts, "context", 40),
	PARAM_STR(struct v1_params, filter.expires_in, "expires_in", 20),
};
PARAM_TABLE(v1_params, struct v1_params, v1_rows);

static enum rc v1_apply(struct call *call, struct filter *f, struct filter_keyword *k)
{
	const struct v1_params *p = call->params;
	struct filter_params other = p->filter;
	other.action = NO_CHOICE;
	other.title = f->id == 0 ? p->phrase : STR_NONE;
	if (p->phrase.ptr != NULL)
		k->text = p->phrase;
	if (p->whole_word != TRI_UNSET)
		k->whole_word = p->whole_word == TRI_YES;
	if (p->irreversible != TRI_UNSET)
		f->action = p->irreversible == TRI_YES ? FILTER_HIDE : FILTER_WARN;
	return filter_params_apply(call, &other, f);
}

static void post_filter(struct call *call)
{
	struct filter_keyword k = { .text = STR("") };
	struct filter f = { .title = STR(""), .keywords = &k, .keyword_count = 1 };
	enum rc rc = v1_apply(call, &f, &k);
	if (rc == RC_OK)
		rc = filter_save(call, &f);
	reply_v1(call, rc, &f, &k);
}

/* Of a filter with several keywords only what is the keyword's own can be changed here. */
static bool is_shared_change(const struct filter *before, const struct filter *after)
{
	return before->keyword_count > 1 &&
	       (before->contexts != after->contexts || before->action != after->action ||
		before->expires_ms != after->expires_ms);
}

static void put_filter(struct call *call)
{
	struct filter_place place;
	enum rc rc = read_place(call, &place);
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	struct filter before = place.filter;
	rc = v1_apply(call, &place.filter, place.keyword);
	if (rc == RC_OK && is_shared_change(&before, &place.filter))
		rc = ctx_fail(call->ctx, RC_INVALID,
			      "The filter has several keywords: change it with a newer client");
	if (rc == RC_OK)
		rc = filter_save(call, &place.filter);
	reply_v1(call, rc, &place.filter, place.keyword);
}

static void delete_filter(struct call *call)
{
	struct filter_place place;
	enum rc rc = read_place(call, &place);
	if (rc == RC_OK)
		rc = filter_drop_part(call, &place);
	if (rc != RC_OK)
		reply_rc(call, rc);
	else
		reply_empty(call);
}

#define FILTERS "/api/v1/filters"
#define READ SCOPE(READ_FILTERS)
#define WRITE SCOPE(WRITE_FILTERS)
#define USER AUTH_USER
#define COMMON RATE_COMMON

API_ROWS_BEGIN
static const struct api_route routes[] = {
	{ HTTP_GET, FILTERS, USER, READ, COMMON, NULL, get_filters },
	{ HTTP_GET, FILTERS "/:id", USER, READ, COMMON, NULL, get_filter },
	{ HTTP_POST, FILTERS, USER, WRITE, COMMON, &v1_params, post_filter },
	{ HTTP_PUT, FILTERS "/:id", USER, WRITE, COMMON, &v1_params, put_filter },
	{ HTTP_DELETE, FILTERS "/:id", USER, WRITE, COMMON, NULL, delete_filter },
};
API_ROWS_END
const struct api_route_table filters_v1_api = { routes, ARRAY_LEN(routes) };
