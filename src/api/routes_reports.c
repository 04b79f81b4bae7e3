/* Reporting somebody. On worker threads. */
#include "discover_int.h"

#include "store/collection.h"

#define COMMENT_CHARS 1000

struct report_params {
	uint64_t account_id, community_id;
	struct id_list status_ids, collection_ids, rule_ids;
	struct str comment;
	enum tri forward;
	uint32_t category;
};

static const char *const category_words[] = { "other", "spam", "legal", "violation", NULL };
static const enum report_category categories[] = { REPORT_OTHER, REPORT_SPAM, REPORT_LEGAL,
						   REPORT_VIOLATION };

static const struct param report_rows[] = {
	PARAM_NUMBER(struct report_params, account_id, "account_id", 0, UINT64_MAX, 0),
	/* where it is sent to, when no post says it */
	PARAM_NUMBER(struct report_params, community_id, "community_id", 0, UINT64_MAX, 0),
	PARAM_IDS(struct report_params, status_ids, "status_ids"),
	PARAM_IDS(struct report_params, collection_ids, "collection_ids"),
	PARAM_IDS(struct report_params, rule_ids, "rule_ids"),
	PARAM_STR(struct report_params, comment, "comment", (size_t)16 << 10),
	PARAM_BOOL(struct report_params, forward, "forward"),
	PARAM_CHOICE(struct report_params, category, "category", category_words),
};
PARAM_TABLE(report_params, struct report_params, report_rows);

struct filing {
	const struct report_params *params;
	const struct account *reporter;
	struct report report;
	uint64_t id;
};

/* Only posts of the target that the reporter may see: nobody learns of others by reporting (S-071). */
static void add_statuses(struct social *s, struct filing *f, const struct account *target)
{
	const struct id_list *ids = &f->params->status_ids;
	const struct viewer viewer = { f->reporter->id, true };
	f->report.object_count = 0;
	for (size_t i = 0; i < ids->count && f->report.object_count < REPORT_OBJECTS_MAX; i++) {
		struct status status;
		if (!status_get(s->txn, s->ctx->arena, ids->list[i], &status) ||
		    status.account != target->id || !may_see(s->txn, viewer, &status, target))
			continue;
		f->report.objects[f->report.object_count++] = status.uri;
	}
}

static void add_collections(struct social *s, struct filing *f, const struct account *target)
{
	const struct id_list *ids = &f->params->collection_ids;
	for (size_t i = 0; i < ids->count && f->report.object_count < REPORT_OBJECTS_MAX; i++) {
		struct collection collection;
		if (collection_get(s->txn, s->ctx->arena, ids->list[i], &collection) &&
		    collection.account == target->id)
			f->report.objects[f->report.object_count++] = collection.uri;
	}
}

static void add_rules(struct social *s, struct filing *f)
{
	const struct id_list *ids = &f->params->rule_ids;
	f->report.rule_count = 0;
	for (size_t i = 0; i < ids->count && f->report.rule_count < REPORT_RULES_MAX; i++) {
		struct rule rule;
		if (rule_get(s->txn, s->ctx->arena, ids->list[i], &rule))
			f->report.rules[f->report.rule_count++] = rule.id;
	}
	if (f->report.rule_count != 0)
		f->report.category = REPORT_VIOLATION;
}

static enum rc file(struct social *s, void *arg)
{
	struct filing *f = arg;
	struct account target;
	const struct viewer viewer = { f->reporter->id, true };
	if (!account_get(s->txn, s->ctx->arena, f->params->account_id, &target) ||
	    !may_see_account(s->txn, viewer, &target))
		return RC_NOT_FOUND;
	f->report.objects = ARENA_ARRAY(s->ctx->arena, REPORT_OBJECTS_MAX, struct str);
	if (f->report.objects == NULL)
		return RC_NO_MEMORY;
	add_statuses(s, f, &target);
	add_collections(s, f, &target);
	add_rules(s, f);
	return report_file(s, f->reporter, &target, &f->report, &f->id);
}

static void reply_report(struct call *call, struct filing *f)
{
	const struct report_view *view = NULL;
	struct gather g;
	enum rc rc = gather_begin(&g, call);
	if (rc == RC_OK) {
		view = gather_report_view(&g, f->id);
		rc = gather_end(&g, view != NULL ? RC_OK : RC_NOT_FOUND);
	}
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	render_report(reply_begin(call), call->api->parts.site, view);
	reply_end(call, 200);
}

static void post_report(struct call *call)
{
	const struct report_params *p = call->params;
	struct filing *f = ARENA_NEW(call->ctx->arena, struct filing);
	if (f == NULL) {
		reply_rc(call, RC_NO_MEMORY);
		return;
	}
	*f = (struct filing){ .params = p, .reporter = call_account(call) };
	f->report = (struct report){ .uri = STR(""),
				     .comment = STR(""),
				     .category = p->category != NO_CHOICE ? categories[p->category]
									  : REPORT_OTHER,
				     .community = p->community_id,
				     .forwarded = p->forward == TRI_YES };
	enum rc rc = p->comment.len == 0 ? RC_OK
					 : text_clean(call->ctx, p->comment, COMMENT_CHARS,
						      (size_t)16 << 10, &f->report.comment);
	if (rc == RC_OK)
		rc = call_write(call, file, f);
	if (rc == RC_OK)
		reply_report(call, f);
	else
		reply_reason(call, rc);
}

API_ROWS_BEGIN
static const struct api_route routes[] = {
	{ HTTP_POST, "/api/v1/reports", AUTH_USER, SCOPE(WRITE_REPORTS), RATE_COMMON,
	  &report_params, post_report },
};
API_ROWS_END
const struct api_route_table reports_api = { routes, ARRAY_LEN(routes) };
