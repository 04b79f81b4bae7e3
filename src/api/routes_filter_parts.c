/* The keywords and posts of filters, each by itself. */
#include "filter_int.h"

/* --- lists of a filter --- */

static void get_keywords(struct call *call)
{
	struct filter f;
	enum rc rc = filter_read(call, call_id(call, 0), &f);
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	struct jw *w = reply_begin(call);
	jw_array(w);
	for (unsigned i = 0; i < f.keyword_count; i++)
		render_filter_keyword(w, &f.keywords[i]);
	jw_end(w);
	reply_end(call, 200);
}

static void get_statuses(struct call *call)
{
	struct filter f;
	enum rc rc = filter_read(call, call_id(call, 0), &f);
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	struct jw *w = reply_begin(call);
	jw_array(w);
	for (unsigned i = 0; i < f.status_count; i++)
		render_filter_status(w, &f.statuses[i]);
	jw_end(w);
	reply_end(call, 200);
}

/* --- keywords --- */

struct keyword_params {
	struct str keyword;
	enum tri whole_word;
};

static const struct param keyword_rows[] = {
	PARAM_STR(struct keyword_params, keyword, "keyword", 4096),
	PARAM_BOOL(struct keyword_params, whole_word, "whole_word"),
};
PARAM_TABLE(keyword_params, struct keyword_params, keyword_rows);

static void reply_keyword(struct call *call, enum rc rc, const struct filter_keyword *k)
{
	if (rc != RC_OK) {
		reply_filter_invalid(call, rc);
		return;
	}
	render_filter_keyword(reply_begin(call), k);
	reply_end(call, 200);
}

struct adding {
	uint64_t filter;
	struct filter_keyword keyword;
	struct filter_status status;
};

static enum rc add_keyword(struct social *s, const struct account *actor,
			   const struct account *target UNUSED, void *arg)
{
	struct adding *a = arg;
	return act_filter_add_keyword(s, actor, a->filter, &a->keyword);
}

static void post_keyword(struct call *call)
{
	const struct keyword_params *p = call->params;
	struct adding a = { .filter = call_id(call, 0),
			    .keyword = { .text = p->keyword.ptr != NULL ? p->keyword : STR(""),
					 .whole_word = p->whole_word == TRI_YES } };
	enum rc rc = own_do(call, OWN_MAKE, 0, add_keyword, &a);
	reply_keyword(call, rc, &a.keyword);
}

/* RC_NOT_FOUND when the id is a post's. */
static enum rc read_keyword(struct call *call, struct filter_place *place)
{
	enum rc rc = filter_read_part(call, call_id(call, 0), place);
	return rc == RC_OK && place->keyword == NULL ? RC_NOT_FOUND : rc;
}

static void get_keyword(struct call *call)
{
	struct filter_place place;
	enum rc rc = read_keyword(call, &place);
	reply_keyword(call, rc, place.keyword);
}

static void put_keyword(struct call *call)
{
	const struct keyword_params *p = call->params;
	struct filter_place place;
	enum rc rc = read_keyword(call, &place);
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	if (p->keyword.ptr != NULL)
		place.keyword->text = p->keyword;
	if (p->whole_word != TRI_UNSET)
		place.keyword->whole_word = p->whole_word == TRI_YES;
	rc = filter_save(call, &place.filter);
	reply_keyword(call, rc, place.keyword);
}

static void delete_keyword(struct call *call)
{
	struct filter_place place;
	enum rc rc = read_keyword(call, &place);
	if (rc == RC_OK)
		rc = filter_drop_part(call, &place);
	if (rc != RC_OK)
		reply_rc(call, rc);
	else
		reply_empty(call);
}

/* --- posts --- */

struct status_params {
	uint64_t status;
};

static const struct param status_rows[] = {
	PARAM_NUMBER(struct status_params, status, "status_id", 0, UINT64_MAX, 0),
};
PARAM_TABLE(status_params, struct status_params, status_rows);

static void reply_filter_status(struct call *call, enum rc rc, const struct filter_status *s)
{
	if (rc != RC_OK) {
		reply_filter_invalid(call, rc);
		return;
	}
	render_filter_status(reply_begin(call), s);
	reply_end(call, 200);
}

static enum rc add_status(struct social *s, const struct account *actor,
			  const struct account *target UNUSED, void *arg)
{
	struct adding *a = arg;
	return act_filter_add_status(s, actor, a->filter, &a->status);
}

static void post_status(struct call *call)
{
	const struct status_params *p = call->params;
	struct adding a = { .filter = call_id(call, 0), .status = { .status = p->status } };
	enum rc rc = own_do(call, OWN_MAKE, 0, add_status, &a);
	if (rc == RC_EXISTS)
		reply_invalid(call, "status", "ERR_TAKEN", "Status has already been taken");
	else
		reply_filter_status(call, rc, &a.status);
}

static enum rc read_status(struct call *call, struct filter_place *place)
{
	enum rc rc = filter_read_part(call, call_id(call, 0), place);
	return rc == RC_OK && place->status == NULL ? RC_NOT_FOUND : rc;
}

static void get_status(struct call *call)
{
	struct filter_place place;
	enum rc rc = read_status(call, &place);
	reply_filter_status(call, rc, place.status);
}

static void delete_status(struct call *call)
{
	struct filter_place place;
	enum rc rc = read_status(call, &place);
	struct filter_status gone = rc == RC_OK ? *place.status : (struct filter_status){ 0 };
	if (rc == RC_OK)
		rc = filter_drop_part(call, &place);
	reply_filter_status(call, rc, &gone);
}

#define FILTERS "/api/v2/filters"
#define READ SCOPE(READ_FILTERS)
#define WRITE SCOPE(WRITE_FILTERS)
#define USER AUTH_USER
#define COMMON RATE_COMMON

API_ROWS_BEGIN
static const struct api_route routes[] = {
	{ HTTP_GET, FILTERS "/:id/keywords", USER, READ, COMMON, NULL, get_keywords },
	{ HTTP_POST, FILTERS "/:id/keywords", USER, WRITE, COMMON, &keyword_params, post_keyword },
	{ HTTP_GET, FILTERS "/keywords/:id", USER, READ, COMMON, NULL, get_keyword },
	{ HTTP_PUT, FILTERS "/keywords/:id", USER, WRITE, COMMON, &keyword_params, put_keyword },
	{ HTTP_DELETE, FILTERS "/keywords/:id", USER, WRITE, COMMON, NULL, delete_keyword },
	{ HTTP_GET, FILTERS "/:id/statuses", USER, READ, COMMON, NULL, get_statuses },
	{ HTTP_POST, FILTERS "/:id/statuses", USER, WRITE, COMMON, &status_params, post_status },
	{ HTTP_GET, FILTERS "/statuses/:id", USER, READ, COMMON, NULL, get_status },
	{ HTTP_DELETE, FILTERS "/statuses/:id", USER, WRITE, COMMON, NULL, delete_status },
};
API_ROWS_END
const struct api_route_table filter_parts_api = { routes, ARRAY_LEN(routes) };
