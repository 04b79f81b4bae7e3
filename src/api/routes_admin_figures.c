/* Measures, dimensions and retention, for the dashboards of moderators. */
#include "admin_int.h"

#include <stdio.h>

#include "config.h"
#include "core/date.h"
#include "crypt/key.h"
#include "fetch/fetch.h"
#include "social/figures.h"

struct figure_params {
	struct str_list keys;
	struct str start_at, end_at, frequency;
	uint64_t limit;
};

#define KEYS_MAX 40
#define DIMENSION_ROWS_MOST 100

static const struct param figure_rows[] = {
	PARAM_STRS(struct figure_params, keys, "keys", 60),
	PARAM_STR(struct figure_params, start_at, "start_at", 40),
	PARAM_STR(struct figure_params, end_at, "end_at", 40),
	PARAM_STR(struct figure_params, frequency, "frequency", 10),
	PARAM_LIMIT(struct figure_params, limit, 10, DIMENSION_ROWS_MOST),
};
PARAM_TABLE(figure_params, struct figure_params, figure_rows);

/* A date, or a whole time. */
static bool read_time(struct arena *arena, struct str text, uint64_t *ms)
{
	if (text.len == strlen("2026-11-29"))
		text = arena_printf(arena, "%.*sT00:00:00Z", STR_ARG(text));
	return date_parse_rfc3339(text, ms);
}

static bool read_span(struct call *call, uint64_t *from, uint64_t *to)
{
	const struct figure_params *p = call->params;
	if (read_time(call->ctx->arena, p->start_at, from) &&
	    read_time(call->ctx->arena, p->end_at, to))
		return true;
	reply_error(call, 400, "Missing parameter: start_at or end_at");
	return false;
}

static void member_number(struct jw *w, const char *name, uint64_t n)
{
	char text[24];
	snprintf(text, sizeof(text), "%llu", (unsigned long long)n);
	jw_member_str(w, name, str_of(text));
}

/* --- measures --- */

static void render_measure(struct jw *w, const struct figure_ask *ask, const struct figure *f)
{
	jw_object(w);
	jw_member_str(w, "key", ask->key);
	jw_member_null(w, "unit");
	member_number(w, "total", f->total);
	if (f->has_previous)
		member_number(w, "previous_total", f->previous);
	else
		jw_member_null(w, "previous_total");
	jw_name(w, "data");
	jw_array(w);
	for (unsigned i = 0; i < f->count; i++) {
		jw_object(w);
		jw_member_date(w, "date", (uint64_t)(ask->first + i) * MS_PER_DAY);
		member_number(w, "value", f->days[i]);
		jw_end(w);
	}
	jw_end(w);
	jw_end(w);
}

/* "tag_uses[id]": what a measure is about. */
static struct str about(struct call *call, struct str key, const char *member)
{
	struct str name = arena_printf(call->ctx->arena, "%.*s[%s]", STR_ARG(key), member);
	const struct field *field = fields_find(&call->fields, name);
	return field != NULL ? field->value : STR("");
}

static void find_tag(struct call *call, struct db_txn *txn, struct figure_ask *ask)
{
	struct rank rank;
	uint64_t id;
	if (str_to_u64(about(call, ask->key, "id"), &id) &&
	    rank_find(txn, call->ctx->arena, RANK_TAG, id, &rank))
		ask->tag = rank.item;
}

static void render_measures(struct call *call, struct db_txn *txn, uint64_t from, uint64_t to)
{
	const struct figure_params *p = call->params;
	struct jw *w = reply_begin(call);
	jw_array(w);
	for (size_t i = 0; i < p->keys.count && i < KEYS_MAX; i++) {
		struct figure_ask ask = { .key = p->keys.list[i],
					  .first = day_of_ms(from),
					  .last = day_of_ms(to),
					  .tag = STR("") };
		struct figure *figure = ARENA_NEW(call->ctx->arena, struct figure);
		ask.domain = about(call, ask.key, "domain");
		find_tag(call, txn, &ask);
		/* what is not measured is left out */
		if (figure != NULL && figure_answer(call->ctx, txn, &ask, figure) == RC_OK)
			render_measure(w, &ask, figure);
	}
	jw_end(w);
}

static void reply_read(struct call *call, struct db_txn **txn)
{
	enum rc rc = db_txn_rc(*txn);
	db_read_end(txn);
	if (rc == RC_OK)
		reply_end(call, 200);
	else
		reply_rc(call, rc);
}

static void post_measures(struct call *call)
{
	uint64_t from, to;
	struct db_txn *txn = NULL;
	if (!call_permits(call, PERMISSION_VIEW_DASHBOARD) || !read_span(call, &from, &to))
		return;
	enum rc rc = call_read(call, &txn);
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	render_measures(call, txn, from, to);
	reply_read(call, &txn);
}

/* --- dimensions --- */

static void render_row(struct jw *w, const char *key, const char *human, struct str value,
		       struct str human_value)
{
	jw_object(w);
	jw_member_str(w, "key", str_of(key));
	jw_member_str(w, "human_key", str_of(human));
	jw_member_str(w, "value", value);
	jw_member_str(w, "human_value", human_value);
	jw_end(w);
}

static void render_versions(struct jw *w, struct call *call UNUSED)
{
	const struct {
		const char *key, *name, *version;
	} rows[] = {
		{ "fediflow", "FediFlow", PACKAGE_VERSION },
		{ "lmdb", "LMDB", db_library_version() },
		{ "libmicrohttpd", "libmicrohttpd", httpd_library_version() },
		{ "libcurl", "libcurl", fetch_library_version() },
		{ "openssl", "OpenSSL", crypt_library_version() },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		render_row(w, rows[i].key, rows[i].name, str_of(rows[i].version),
			   str_of(rows[i].version));
}

static void render_space(struct jw *w, struct call *call)
{
	struct db_stat stat;
	char bytes[24], human[40];
	if (db_stat(call->api->parts.db, &stat) != RC_OK)
		return;
	snprintf(bytes, sizeof(bytes), "%llu", (unsigned long long)stat.used_bytes);
	snprintf(human, sizeof(human), "%llu MB", (unsigned long long)(stat.used_bytes >> 20));
	render_row(w, "database", "Database", str_of(bytes), str_of(human));
}

static const struct {
	const char *key;
	void (*render)(struct jw *w, struct call *call);
} dimensions[] = {
	{ "software_versions", render_versions },
	{ "space_usage", render_space },
};

static void render_dimension(struct jw *w, struct call *call, struct str key)
{
	for (size_t i = 0; i < ARRAY_LEN(dimensions); i++) {
		if (!str_eq(key, str_of(dimensions[i].key)))
			continue;
		jw_object(w);
		jw_member_str(w, "key", key);
		jw_name(w, "data");
		jw_array(w);
		dimensions[i].render(w, call);
		jw_end(w);
		jw_end(w);
	}
}

static void post_dimensions(struct call *call)
{
	const struct figure_params *p = call->params;
	if (!call_permits(call, PERMISSION_VIEW_DASHBOARD))
		return;
	struct jw *w = reply_begin(call);
	jw_array(w);
	for (size_t i = 0; i < p->keys.count && i < KEYS_MAX; i++)
		render_dimension(w, call, p->keys.list[i]);
	jw_end(w);
	reply_end(call, 200);
}

/* --- retention --- */

static void render_cohort(struct jw *w, const struct cohort *c, struct str frequency)
{
	jw_object(w);
	jw_member_date(w, "period", c->start_ms);
	jw_member_str(w, "frequency", frequency);
	jw_name(w, "data");
	jw_array(w);
	for (unsigned i = 0; i < c->count; i++) {
		jw_object(w);
		jw_member_date(w, "date", c->starts_ms[i]);
		jw_name(w, "rate");
		jw_double(w, c->size != 0 ? (double)c->here[i] / (double)c->size : 0);
		member_number(w, "value", c->here[i]);
		jw_end(w);
	}
	jw_end(w);
	jw_end(w);
}

static void post_retention(struct call *call)
{
	const struct figure_params *p = call->params;
	bool months = str_eq(p->frequency, STR("month"));
	struct cohort *cohorts = ARENA_ARRAY(call->ctx->arena, COHORTS_MAX, struct cohort);
	uint64_t from, to;
	struct db_txn *txn = NULL;
	if (!call_permits(call, PERMISSION_VIEW_DASHBOARD) || !read_span(call, &from, &to))
		return;
	enum rc rc = cohorts != NULL ? call_read(call, &txn) : RC_NO_MEMORY;
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	size_t n = cohorts_of(txn, months ? PERIOD_MONTH : PERIOD_DAY, from, to, cohorts);
	struct jw *w = reply_begin(call);
	jw_array(w);
	for (size_t i = 0; i < n; i++)
		render_cohort(w, &cohorts[i], months ? STR("month") : STR("day"));
	jw_end(w);
	reply_read(call, &txn);
}

#define POST HTTP_POST
/* of all that can be read, the scope that every moderator's program has */
#define READ \
	(SCOPE(ADMIN_READ_ACCOUNTS) | SCOPE(ADMIN_READ_REPORTS) | SCOPE(ADMIN_READ_DOMAIN_BLOCKS))

API_ROWS_BEGIN
static const struct api_route routes[] = {
	{ POST, "/api/v1/admin/measures", AUTH_USER, READ, RATE_COMMON, &figure_params,
	  post_measures },
	{ POST, "/api/v1/admin/dimensions", AUTH_USER, READ, RATE_COMMON, &figure_params,
	  post_dimensions },
	{ POST, "/api/v1/admin/retention", AUTH_USER, READ, RATE_COMMON, &figure_params,
	  post_retention },
};
API_ROWS_END
const struct api_route_table admin_figures_api = { routes, ARRAY_LEN(routes) };
