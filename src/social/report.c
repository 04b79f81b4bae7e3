/* Reports: filed and handled. Inside write transactions. */
#include "lane_int.h"
#include "social/community.h"
#include "store/usage.h"

#define COMMENT_MAX (16 * 1024)

/* FEP-1b12: who moderates the community that it is about hears of it. */
static void community_told(struct social *s, const struct report *what, struct federate *f)
{
	if (what->community != 0 && !community_exists(s->txn, what->community)) {
		community_hears(s, what->community, f);
		return;
	}
	/* where it was said */
	for (unsigned i = 0; what->forwarded && i < what->object_count; i++) {
		struct status status;
		if (status_find_uri(s->txn, s->ctx->arena, what->objects[i], &status) &&
		    status.community != 0) {
			community_hears(s, status.community, f);
			return;
		}
	}
}

/* S-080: peers hear that somebody here reports, not who. */
static enum rc tell_peers(struct social *s, const struct account *target, const struct report *what,
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
	if (what->forwarded)
		act_hears(&f, target);
	community_told(s, what, &f);
	federate_add(s, &f);
	return act_end(s, RC_OK);
}

/* --- sent to a community --- */

/* Who is in it is known to those who are (routes_community_people.c). */
static enum rc check_member(struct social *s, const struct account *reporter,
			    const struct account *target, uint64_t community)
{
	struct community_standing own, theirs;
	if (!community_standing(s->txn, s->ctx->arena, community, reporter->id, &own) ||
	    !community_standing(s->txn, s->ctx->arena, community, target->id, &theirs))
		return act_end(s, RC_NOT_FOUND);
	if (!own.member)
		return ctx_fail(s->ctx, RC_DENIED,
				"its members know who is in this community: name a post");
	if (!theirs.member)
		return ctx_fail(s->ctx, RC_INVALID, "they are no member of this community");
	return act_end(s, RC_OK);
}

static enum rc check_community(struct social *s, const struct account *reporter,
			       const struct account *target, const struct report *what)
{
	const struct viewer viewer = { reporter->id, true };
	struct account group;
	uint64_t said_in;
	if (!account_get(s->txn, s->ctx->arena, what->community, &group) ||
	    !may_see_account(s->txn, viewer, &group) ||
	    !may_see_community(s->txn, s->ctx->arena, viewer, group.id))
		return act_end(s, RC_NOT_FOUND);
	if (group.kind != ACCOUNT_GROUP)
		return ctx_fail(s->ctx, RC_INVALID, "this is no community");
	bool posts = lane_of_posts(s, what, &said_in);
	if (posts && said_in != group.id)
		return ctx_fail(s->ctx, RC_INVALID, "these posts are not of this community");
	/* who is in one elsewhere is not known here */
	return posts || !community_exists(s->txn, group.id)
		       ? act_end(s, RC_OK)
		       : check_member(s, reporter, target, group.id);
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
	bool here = account_is_local(reporter);
	enum rc rc =
		here && what->community != 0 ? check_community(s, reporter, target, what) : RC_OK;
	if (rc != RC_OK)
		return rc;
	report.reporter = reporter->id;
	report.target = target->id;
	report.forwarded = what->forwarded && here && !account_is_local(target);
	const struct report sent = report;
	lane_choose(s, &report);
	uint64_t made = report_add(s->txn, &report);
	if (id != NULL)
		*id = made;
	measure_add(s->txn, MEASURE_REPORTS, day_of_ms(db_txn_now(s->txn)), 1);
	report.id = made;
	lane_tell(s, &report);
	return report.forwarded || (here && sent.community != 0 && report.community == 0)
		       ? tell_peers(s, target, &sent, made)
		       : act_end(s, RC_OK);
}

enum rc act_report(struct social *s, const struct account *reporter, const struct account *target,
		   uint64_t community, struct str comment, const struct str *objects,
		   unsigned object_count, struct str uri)
{
	struct report report = { .comment = comment,
				 .uri = uri,
				 .object_count = object_count,
				 .community = community,
				 .forwarded = true };
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

/* Whoever handles nothing does not learn which reports there are (S-071). */
enum rc report_missing(struct social *s, const struct account *actor)
{
	return act_end(s, may_moderate(s, actor, PERMISSION_MANAGE_REPORTS) ? RC_NOT_FOUND
									    : RC_DENIED);
}

enum rc report_load(struct social *s, const struct account *actor, uint64_t id, struct report *out)
{
	if (!report_get(s->txn, s->ctx->arena, id, out))
		return report_missing(s, actor);
	if (actor == NULL || lane_permits(s->txn, s->ctx->arena, actor->id, out))
		return act_end(s, RC_OK);
	if (lane_shows(s->txn, s->ctx->arena, actor->id, out))
		return act_end(s, ctx_fail(s->ctx, RC_DENIED,
					   "it is in the lane of a community: take it up first"));
	return act_end(s, RC_DENIED);
}

enum rc report_store(struct social *s, struct report *report)
{
	report->updated_ms = db_txn_now(s->txn);
	return report_put(s->txn, report) ? act_end(s, RC_OK) : act_end(s, RC_NOT_FOUND);
}

void report_record(struct social *s, const struct account *actor, const struct report *report,
		   enum audit_act act, enum report_event_kind kind, uint64_t about, struct str text)
{
	const struct report_event event = {
		.kind = kind, .who = actor != NULL ? actor->id : 0, .about = about, .text = text
	};
	const struct audit_about what = { .id = report->id, .community = lane_of(s->txn, report) };
	report_event_add(s->txn, report->id, &event);
	audit(s, actor, act, &what);
}

/* Who reported hears of it once, whoever has looked at it, and however often. */
static void tell_reporter(struct social *s, struct report *report)
{
	if (report->told)
		return;
	report->told = true;
	community_tell_resolved(s, report);
	statement_add(s, STATEMENT_REPORT, report->id, report->reporter);
}

static void report_resolve(struct social *s, uint64_t moderator, struct report *report)
{
	uint64_t now_ms = db_txn_now(s->txn);
	if (report->resolved_ms == 0)
		measure_add(s->txn, MEASURE_RESOLVED, day_of_ms(now_ms), 1);
	report->resolved_ms = now_ms;
	report->resolved_by = moderator;
	tell_reporter(s, report);
}

/* A moderator of the node who takes a report to themselves takes it into the node's lane: apps that know
 * no lanes have no other word for that. */
static enum rc load_for(struct social *s, const struct account *moderator, uint64_t id,
			enum report_step step, struct report *out)
{
	if (step != REPORT_ASSIGN || moderator == NULL)
		return report_load(s, moderator, id, out);
	if (!report_get(s->txn, s->ctx->arena, id, out))
		return report_missing(s, moderator);
	if (lane_of(s->txn, out) == 0 || lane_permits(s->txn, s->ctx->arena, moderator->id, out) ||
	    moderator->id == out->target)
		return report_load(s, moderator, id, out);
	if (!lane_shows(s->txn, s->ctx->arena, moderator->id, out))
		return act_end(s, RC_DENIED);
	lane_leave(s, moderator, out, STR(""));
	return act_end(s, RC_OK);
}

enum rc report_handle(struct social *s, const struct account *moderator, uint64_t id,
		      enum report_step step)
{
	static const struct {
		enum audit_act act;
		enum report_event_kind kind;
	} steps[] = { [REPORT_ASSIGN] = { AUDIT_REPORT_ASSIGN, REPORT_ASSIGNED },
		      [REPORT_UNASSIGN] = { AUDIT_REPORT_UNASSIGN, REPORT_UNASSIGNED },
		      [REPORT_RESOLVE] = { AUDIT_REPORT_RESOLVE, REPORT_RESOLVED },
		      [REPORT_REOPEN] = { AUDIT_REPORT_REOPEN, REPORT_REOPENED } };
	struct report report;
	uint64_t who = moderator != NULL ? moderator->id : 0;
	enum rc rc = load_for(s, moderator, id, step, &report);
	if (rc != RC_OK)
		return rc;
	report_record(s, moderator, &report, steps[step].act, steps[step].kind,
		      step == REPORT_ASSIGN ? who : 0, STR(""));
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

enum rc report_assign(struct social *s, const struct account *moderator, uint64_t id,
		      uint64_t account)
{
	struct report report;
	enum rc rc = report_load(s, moderator, id, &report);
	if (rc != RC_OK)
		return rc;
	if (account == 0 || !lane_permits(s->txn, s->ctx->arena, account, &report))
		return act_end(s, ctx_fail(s->ctx, RC_INVALID, "they may not handle it"));
	report.assigned = account;
	report_record(s, moderator, &report, AUDIT_REPORT_ASSIGN, REPORT_ASSIGNED, account,
		      STR(""));
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
					   .community = lane_of(s->txn, &report),
					   .details = details,
					   .detail_count = ARRAY_LEN(details) };
	const struct report_event event = { .kind = REPORT_SORTED,
					    .who = moderator != NULL ? moderator->id : 0,
					    .text = str_of(report_category_name(category)) };
	audit(s, moderator, AUDIT_REPORT_SORT, &about);
	report_event_add(s->txn, id, &event);
	if (category == REPORT_LEGAL && report.lane != 0) {
		lane_leave(s, moderator, &report, STR(""));
		lane_tell(s, &report);
	}
	return report_store(s, &report);
}

enum rc report_answer(struct social *s, const struct account *moderator, uint64_t id)
{
	struct report report;
	if (!report_get(s->txn, s->ctx->arena, id, &report))
		return act_end(s, RC_NOT_FOUND);
	/* what the node has acted upon is its own from then on */
	if (lane_of(s->txn, &report) != 0) {
		lane_leave(s, moderator, &report, STR(""));
		enum rc rc = report_store(s, &report);
		if (rc != RC_OK)
			return rc;
	}
	return report_handle(s, moderator, id, REPORT_RESOLVE);
}
