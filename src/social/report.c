/* Reports: filed, handled, told to moderators. Inside write transactions. */
#include "moderate_int.h"
#include "social/audit.h"
#include "social/community.h"
#include "social/community_view.h"
#include "store/usage.h"

#define COMMENT_MAX (16 * 1024)

/* Those who look after reports hear of it. */
static void tell_moderators(struct social *s, uint64_t reporter, uint64_t report)
{
	const struct notice notice = { .kind = NOTICE_REPORT, .from = reporter, .about = report };
	uint64_t holders[MODERATORS_MAX];
	size_t n = role_holders(s->txn, 0, holders, MODERATORS_MAX);
	for (size_t i = 0; i < n; i++) {
		if (holders[i] != reporter &&
		    role_permits(s->txn, s->ctx->arena, holders[i], PERMISSION_MANAGE_REPORTS))
			act_notice(s, holders[i], notice);
	}
}

/* S-080: the peer hears that somebody here reports, not who. */
static enum rc tell_peer(struct social *s, const struct account *target, const struct report *what,
			 uint64_t id)
{
	struct account instance;
	if (!account_find_uri(s->txn, s->ctx->arena, site_instance_uri(s->ctx->arena, s->site),
			      &instance))
		return act_end(s, RC_NOT_FOUND);
	struct federate f = { .what = FEDERATE_FLAG,
			      .actor = instance.id,
			      .target = target->id,
			      .status = id,
			      .visibility = VISIBILITY_DIRECT,
			      .object = what->comment,
			      .at_ms = db_txn_now(s->txn) };
	f.uri = site_activity_uri(s->ctx->arena, instance.uri, "reports", id);
	act_hears(&f, target);
	/* FEP-1b12: the moderators of the community where it was said */
	for (unsigned i = 0; i < what->object_count; i++) {
		struct status status;
		if (status_find_uri(s->txn, s->ctx->arena, what->objects[i], &status) &&
		    status.community != 0) {
			community_hears(s, status.community, &f);
			break;
		}
	}
	federate_add(s, &f);
	return act_end(s, RC_OK);
}

static bool are_refused(struct social *s, const struct account *reporter)
{
	struct peer peer;
	return reporter->domain.len != 0 &&
	       peer_judgement(s->txn, s->ctx->arena, reporter->domain, &peer) &&
	       (peer.flags & PEER_REJECT_REPORTS) != 0;
}

enum rc report_file(struct social *s, const struct account *reporter, const struct account *target,
		    const struct report *what, uint64_t *id)
{
	struct report report = *what;
	if (what->object_count > REPORT_OBJECTS_MAX || what->comment.len > COMMENT_MAX ||
	    what->rule_count > REPORT_RULES_MAX)
		return RC_TOO_LARGE;
	if (are_refused(s, reporter))
		return act_end(s, RC_OK);
	bool tells = what->forwarded && account_is_local(reporter) && !account_is_local(target);
	report.reporter = reporter->id;
	report.target = target->id;
	report.forwarded = tells;
	uint64_t made = report_add(s->txn, &report);
	if (id != NULL)
		*id = made;
	measure_add(s->txn, MEASURE_REPORTS, day_of_ms(db_txn_now(s->txn)), 1);
	tell_moderators(s, reporter->id, made);
	report.id = made;
	community_reported(s, &report);
	return tells ? tell_peer(s, target, what, made) : act_end(s, RC_OK);
}

enum rc act_report(struct social *s, const struct account *reporter, const struct account *target,
		   struct str comment, const struct str *objects, unsigned object_count,
		   struct str uri)
{
	struct report report = {
		.comment = comment, .uri = uri, .object_count = object_count, .forwarded = true
	};
	if (object_count > REPORT_OBJECTS_MAX)
		return RC_TOO_LARGE;
	report.objects = ARENA_ARRAY(s->ctx->arena, object_count, struct str);
	if (report.objects == NULL)
		return RC_NO_MEMORY;
	for (unsigned i = 0; i < object_count; i++)
		report.objects[i] = objects[i];
	return report_file(s, reporter, target, &report, NULL);
}

/* --- handling --- */

static enum rc report_load(struct social *s, const struct account *moderator, uint64_t id,
			   struct report *out)
{
	if (moderator != NULL &&
	    !role_permits(s->txn, s->ctx->arena, moderator->id, PERMISSION_MANAGE_REPORTS))
		return act_end(s, RC_DENIED);
	return report_get(s->txn, s->ctx->arena, id, out) ? RC_OK : act_end(s, RC_NOT_FOUND);
}

static enum rc report_store(struct social *s, struct report *report)
{
	report->updated_ms = db_txn_now(s->txn);
	return report_put(s->txn, report) ? act_end(s, RC_OK) : act_end(s, RC_NOT_FOUND);
}

static void report_resolve(struct social *s, uint64_t moderator, struct report *report)
{
	uint64_t now_ms = db_txn_now(s->txn);
	if (report->resolved_ms == 0) {
		community_tell_resolved(s, report);
		measure_add(s->txn, MEASURE_RESOLVED, day_of_ms(now_ms), 1);
		statement_add(s, STATEMENT_REPORT, report->id, report->reporter);
	}
	report->resolved_ms = now_ms;
	report->resolved_by = moderator;
}

enum rc report_handle(struct social *s, const struct account *moderator, uint64_t id,
		      enum report_step step)
{
	static const enum audit_act acts[] = { [REPORT_ASSIGN] = AUDIT_REPORT_ASSIGN,
					       [REPORT_UNASSIGN] = AUDIT_REPORT_UNASSIGN,
					       [REPORT_RESOLVE] = AUDIT_REPORT_RESOLVE,
					       [REPORT_REOPEN] = AUDIT_REPORT_REOPEN };
	struct report report;
	uint64_t who = moderator != NULL ? moderator->id : 0;
	enum rc rc = report_load(s, moderator, id, &report);
	if (rc != RC_OK)
		return rc;
	audit(s, moderator, acts[step], AUDIT_ABOUT(id));
	switch (step) {
	case REPORT_ASSIGN:
		report.assigned = who;
		break;
	case REPORT_UNASSIGN:
		report.assigned = 0;
		break;
	case REPORT_RESOLVE:
		report_resolve(s, who, &report);
		break;
	case REPORT_REOPEN:
		report.resolved_ms = report.resolved_by = 0;
		break;
	}
	return report_store(s, &report);
}

enum rc report_sort(struct social *s, const struct account *moderator, uint64_t id,
		    enum report_category category, const uint64_t *rules, unsigned rule_count)
{
	struct report report;
	enum rc rc = report_load(s, moderator, id, &report);
	if (rc != RC_OK)
		return rc;
	if (rule_count > REPORT_RULES_MAX)
		return act_end(s, RC_TOO_LARGE);
	report.category = category;
	report.rule_count = category == REPORT_VIOLATION ? rule_count : 0;
	for (unsigned i = 0; i < report.rule_count; i++)
		report.rules[i] = rules[i];
	const struct audit_detail details[] = {
		{ "category", str_of(report_category_name(category)) },
		{ "rules", audit_number(s, report.rule_count) },
	};
	const struct audit_about about = { .id = id,
					   .details = details,
					   .detail_count = ARRAY_LEN(details) };
	audit(s, moderator, AUDIT_REPORT_SORT, &about);
	return report_store(s, &report);
}
