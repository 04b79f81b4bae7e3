/* Rules for posts, as moderators make and try them. */
#include "sieve_view_int.h"

#define STATS_DAYS 30
#define SINCE_DEFAULT ((uint64_t)7 * 86400)
#define SINCE_MOST ((uint64_t)92 * 86400)

struct rule_params {
	struct str rule, mode;
	uint64_t position, since, days;
};

static const struct param rule_rows[] = {
	PARAM_STR(struct rule_params, rule, "rule", SIEVE_TEXT_MAX),
	PARAM_NUMBER(struct rule_params, position, "position", 0, UINT32_MAX, 0),
};
PARAM_TABLE(rule_params, struct rule_params, rule_rows);

static const struct param mode_rows[] = {
	PARAM_STR(struct rule_params, mode, "mode", 20),
};
PARAM_TABLE(mode_params, struct rule_params, mode_rows);

static const struct param test_rows[] = {
	PARAM_STR(struct rule_params, rule, "rule", SIEVE_TEXT_MAX),
	PARAM_NUMBER(struct rule_params, since, "since", 1, SINCE_MOST, SINCE_DEFAULT),
};
PARAM_TABLE(test_params, struct rule_params, test_rows);

static const struct param days_rows[] = {
	PARAM_NUMBER(struct rule_params, days, "days", 1, SIEVE_COUNT_DAYS, STATS_DAYS),
};
PARAM_TABLE(days_params, struct rule_params, days_rows);

/* --- reading --- */

static void get_rules(struct call *call)
{
	struct sieve_row *rows = ARENA_ARRAY(call->ctx->arena, SIEVE_ROWS_MAX, struct sieve_row);
	struct db_txn *txn = NULL;
	if (!call_permits(call, PERMISSION_MANAGE_RULES))
		return;
	enum rc rc = rows != NULL ? call_read(call, &txn) : RC_NO_MEMORY;
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	size_t n = sieve_row_list(txn, call->ctx->arena, rows);
	rc = db_txn_rc(txn);
	db_read_end(&txn);
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	struct jw *w = reply_begin(call);
	jw_array(w);
	for (size_t i = 0; i < n; i++)
		render_sieve_rule(w, &rows[i], NULL, 0);
	jw_end(w);
	reply_end(call, 200);
}

/* With its counts of the last days. */
static void reply_rule(struct call *call, uint64_t id, uint64_t days)
{
	struct sieve_count *counts =
		ARENA_ARRAY(call->ctx->arena, SIEVE_COUNT_DAYS + 1, struct sieve_count);
	struct sieve_row row;
	struct db_txn *txn = NULL;
	enum rc rc = counts != NULL ? call_read(call, &txn) : RC_NO_MEMORY;
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	uint32_t today = day_of_ms(clock_wall_ms(call->api->parts.clock));
	bool found = sieve_row_get(txn, call->ctx->arena, id, &row);
	size_t n =
		sieve_count_list(txn, id, today + 1 - (uint32_t)days, counts, SIEVE_COUNT_DAYS + 1);
	rc = db_txn_rc(txn);
	db_read_end(&txn);
	if (rc != RC_OK || !found) {
		reply_rc(call, rc != RC_OK ? rc : RC_NOT_FOUND);
		return;
	}
	render_sieve_rule(reply_begin(call), &row, counts, n);
	reply_end(call, 200);
}

static void get_rule(struct call *call)
{
	const struct rule_params *p = call->params;
	if (call_permits(call, PERMISSION_MANAGE_RULES))
		reply_rule(call, call_id(call, 0), p->days);
}

/* --- writing --- */

struct ruling {
	const struct account *moderator;
	struct sieve_row row;
	enum sieve_mode mode;
};

static enum rc put_job(struct social *s, void *arg)
{
	struct ruling *r = arg;
	/* it may be run again */
	struct sieve_row row = r->row;
	enum rc rc = sift_rule_put(s, r->moderator, &row);
	r->mode = row.mode;
	if (rc == RC_OK)
		r->row.id = row.id;
	return rc;
}

static void put(struct call *call, uint64_t id)
{
	const struct rule_params *p = call->params;
	struct ruling r = {
		.moderator = call_account(call),
		.row = { .id = id, .text = p->rule, .position = (uint32_t)p->position }
	};
	if (!call_permits(call, PERMISSION_MANAGE_RULES))
		return;
	enum rc rc = call_write(call, put_job, &r);
	if (rc == RC_OK)
		reply_rule(call, r.row.id, STATS_DAYS);
	else
		reply_rc(call, rc);
}

static void post_rule(struct call *call)
{
	put(call, 0);
}

static void put_rule(struct call *call)
{
	uint64_t id = call_id(call, 0);
	if (id != 0)
		put(call, id);
	else
		reply_rc(call, RC_NOT_FOUND);
}

static enum rc mode_job(struct social *s, void *arg)
{
	const struct ruling *r = arg;
	return sift_rule_mode(s, r->moderator, r->row.id, r->mode);
}

static void post_mode(struct call *call)
{
	const struct rule_params *p = call->params;
	struct ruling r = { .moderator = call_account(call), .row = { .id = call_id(call, 0) } };
	if (!call_permits(call, PERMISSION_MANAGE_RULES))
		return;
	if (!sieve_mode_parse(p->mode, &r.mode)) {
		reply_invalid(call, "mode", "ERR_INCLUSION", "Mode is not included in the list");
		return;
	}
	enum rc rc = call_write(call, mode_job, &r);
	if (rc == RC_OK)
		reply_rule(call, r.row.id, STATS_DAYS);
	else
		reply_rc(call, rc);
}

static enum rc del_job(struct social *s, void *arg)
{
	const struct ruling *r = arg;
	return sift_rule_del(s, r->moderator, r->row.id);
}

static void delete_rule(struct call *call)
{
	struct ruling r = { .moderator = call_account(call), .row = { .id = call_id(call, 0) } };
	if (!call_permits(call, PERMISSION_MANAGE_RULES))
		return;
	enum rc rc = call_write(call, del_job, &r);
	if (rc == RC_OK)
		reply_empty(call);
	else
		reply_rc(call, rc);
}

static void post_test(struct call *call)
{
	const struct rule_params *p = call->params;
	struct sift_scan scan;
	uint64_t now_ms = clock_wall_ms(call->api->parts.clock), back = p->since * MS_PER_SECOND;
	if (!call_permits(call, PERMISSION_MANAGE_RULES))
		return;
	enum rc rc = sift_scan_all(call->api->parts.db, call->ctx, call->api->parts.site, p->rule,
				   now_ms > back ? now_ms - back : 0, &scan);
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	render_sieve_scan(reply_begin(call), &scan);
	reply_end(call, 200);
}

/* --- the rows --- */

#define RULES "/api/fediflow/v1/admin/rules"
#define READS SCOPE(ADMIN_READ_REPORTS)
#define WRITES SCOPE(ADMIN_WRITE_REPORTS)

API_ROWS_BEGIN
static const struct api_route routes[] = {
	{ HTTP_GET, RULES, AUTH_USER, READS, RATE_COMMON, NULL, get_rules, "[Rule]" },
	{ HTTP_POST, RULES, AUTH_USER, WRITES, RATE_COMMON, &rule_params, post_rule, "Rule",
	  "rule" },
	{ HTTP_POST, RULES "/test", AUTH_USER, READS, RATE_COMMON, &test_params, post_test,
	  "RuleTest", "rule" },
	{ HTTP_GET, RULES "/:id", AUTH_USER, READS, RATE_COMMON, &days_params, get_rule, "Rule" },
	{ HTTP_PUT, RULES "/:id", AUTH_USER, WRITES, RATE_COMMON, &rule_params, put_rule, "Rule" },
	{ HTTP_DELETE, RULES "/:id", AUTH_USER, WRITES, RATE_COMMON, NULL, delete_rule, "Nothing" },
	{ HTTP_POST, RULES "/:id/mode", AUTH_USER, WRITES, RATE_COMMON, &mode_params, post_mode,
	  "Rule", "mode" },
};
API_ROWS_END
const struct api_route_table admin_sieve_api = { routes, ARRAY_LEN(routes) };
