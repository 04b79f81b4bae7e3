/* The lanes of reports. Inside write transactions, but for what only reads. */
#include "lane_int.h"
#include "social/community.h"
#include "social/community_view.h"

#define STAFF_MAX 100

/* --- the rule --- */

static bool is_about_none(const struct lane_facts *f)
{
	return !f->about_community;
}

static bool is_by_node(const struct lane_facts *f)
{
	return f->by_node;
}

static bool is_legal(const struct lane_facts *f)
{
	return f->category == REPORT_LEGAL;
}

static bool is_about_staff(const struct lane_facts *f)
{
	return f->about_staff;
}

static bool is_unstaffed(const struct lane_facts *f)
{
	return !f->staffed;
}

/* What is the node's to handle; everything else is the community's. */
static const struct {
	bool (*fits)(const struct lane_facts *f);
	const char *why;
} rows[] = {
	{ is_about_none, "it is not about one community of this node" },
	{ is_by_node, "a rule of the node has found it" },
	{ is_legal, "legal matters are for the node" },
	{ is_about_staff, "it is about somebody who looks after the community" },
	{ is_unstaffed, "nobody handles reports in the community" },
};

bool lane_is_community(const struct lane_facts *facts, const char **why)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (!rows[i].fits(facts))
			continue;
		if (why != NULL)
			*why = rows[i].why;
		return false;
	}
	return true;
}

/* --- what it is about --- */

bool lane_of_posts(struct social *s, const struct report *report, uint64_t *community)
{
	bool any = false, one = true;
	*community = 0;
	for (unsigned i = 0; i < report->object_count; i++) {
		struct status status;
		uint64_t id = status_named(s->txn, report->objects[i]);
		if (id == 0 || !status_get(s->txn, s->ctx->arena, id, &status))
			continue;
		one &= status.community != 0 && (!any || status.community == *community);
		*community = status.community;
		any = true;
	}
	if (!one)
		*community = 0;
	return any;
}

/* The one community of this node in which all posts are that it names, or to which it was sent where it names
 * none; 0: there is none. */
static uint64_t community_of(struct social *s, const struct report *report)
{
	uint64_t found;
	if (!lane_of_posts(s, report, &found))
		found = report->community;
	return community_exists(s->txn, found) ? found : 0;
}

static size_t staff_of(struct social *s, const struct report *report, uint64_t community,
		       uint64_t out[STAFF_MAX])
{
	uint64_t all[STAFF_MAX];
	size_t n = 0, count = community_staff(s->txn, s->ctx->arena, community,
					      COMMUNITY_MAY_REPORTS, all, STAFF_MAX);
	for (size_t i = 0; i < count; i++) {
		if (all[i] != report->reporter && all[i] != report->target)
			out[n++] = all[i];
	}
	return n;
}

static struct lane_facts facts_of(struct social *s, const struct report *report, uint64_t community)
{
	struct community_standing target = { .role = COMMUNITY_GUEST };
	struct lane_facts f = { .category = report->category, .about_community = community != 0 };
	struct account reporter;
	uint64_t staff[STAFF_MAX];
	if (community == 0)
		return f;
	f.by_node = account_get(s->txn, s->ctx->arena, report->reporter, &reporter) &&
		    account_is_local(&reporter) && (reporter.flags & ACCOUNT_INSTANCE) != 0;
	f.about_staff =
		community_standing(s->txn, s->ctx->arena, community, report->target, &target) &&
		target.role > COMMUNITY_MEMBER;
	f.staffed = staff_of(s, report, community, staff) != 0;
	return f;
}

void lane_choose(struct social *s, struct report *report)
{
	report->community = community_of(s, report);
	const struct lane_facts facts = facts_of(s, report, report->community);
	report->lane = lane_is_community(&facts, NULL) ? report->community : 0;
}

/* --- who --- */

uint64_t lane_of(struct db_txn *txn, const struct report *report)
{
	return report->lane != 0 && community_exists(txn, report->lane) ? report->lane : 0;
}

bool lane_permits(struct db_txn *txn, struct arena *arena, uint64_t account,
		  const struct report *report)
{
	uint64_t lane = lane_of(txn, report);
	if (account == report->target)
		return false;
	return lane != 0 ? community_permits(txn, lane, account, COMMUNITY_MAY_REPORTS)
			 : role_permits(txn, arena, account, PERMISSION_MANAGE_REPORTS);
}

bool lane_shows(struct db_txn *txn, struct arena *arena, uint64_t account,
		const struct report *report)
{
	return role_permits(txn, arena, account, PERMISSION_MANAGE_REPORTS) ||
	       lane_permits(txn, arena, account, report);
}

static void tell_moderators(struct social *s, const struct report *report,
			    const struct notice *notice)
{
	uint64_t holders[MODERATORS_MAX];
	size_t n = role_holders(s->txn, 0, holders, MODERATORS_MAX);
	for (size_t i = 0; i < n; i++) {
		if (holders[i] != report->reporter && holders[i] != report->target &&
		    role_permits(s->txn, s->ctx->arena, holders[i], PERMISSION_MANAGE_REPORTS))
			act_notice(s, holders[i], *notice);
	}
}

void lane_tell(struct social *s, const struct report *report)
{
	const struct notice notice = { .kind = NOTICE_REPORT,
				       .from = report->reporter,
				       .about = report->id };
	uint64_t staff[STAFF_MAX], lane = lane_of(s->txn, report);
	if (lane == 0) {
		tell_moderators(s, report, &notice);
		return;
	}
	size_t n = staff_of(s, report, lane, staff);
	for (size_t i = 0; i < n; i++)
		act_notice(s, staff[i], notice);
}

/* --- from one to the other --- */

static enum rc reason_clean(struct social *s, struct str reason, struct str *out)
{
	enum rc rc =
		text_clean(s->ctx, reason, REPORT_NOTE_CHARS, (size_t)4 * REPORT_NOTE_CHARS, out);
	if (rc == RC_OK && str_trim(*out).len == 0)
		rc = ctx_fail(s->ctx, RC_INVALID, "it needs words");
	return rc;
}

void lane_leave(struct social *s, const struct account *actor, struct report *report,
		struct str reason)
{
	report_record(s, actor, report, AUDIT_REPORT_ESCALATE, REPORT_ESCALATED, report->lane,
		      reason);
	report->lane = report->assigned = 0;
}

enum rc report_escalate(struct social *s, const struct account *actor, uint64_t id,
			struct str reason)
{
	struct report report;
	struct str clean;
	enum rc rc = reason_clean(s, reason, &clean);
	if (rc != RC_OK)
		return rc;
	if (!report_get(s->txn, s->ctx->arena, id, &report))
		return report_missing(s, actor);
	/* the node's moderators take it up from where it is */
	if (actor != NULL && !lane_shows(s->txn, s->ctx->arena, actor->id, &report))
		return act_end(s, RC_DENIED);
	if (lane_of(s->txn, &report) == 0)
		return act_end(s, RC_EXISTS);
	lane_leave(s, actor, &report, clean);
	lane_tell(s, &report);
	return report_store(s, &report);
}

enum rc report_hand_down(struct social *s, const struct account *actor, uint64_t id,
			 struct str reason)
{
	struct report report;
	struct str clean;
	const char *why = NULL;
	enum rc rc = reason_clean(s, reason, &clean);
	if (rc == RC_OK)
		rc = report_load(s, actor, id, &report);
	if (rc != RC_OK)
		return rc;
	if (lane_of(s->txn, &report) != 0)
		return act_end(s, RC_EXISTS);
	uint64_t community = community_of(s, &report);
	const struct lane_facts facts = facts_of(s, &report, community);
	if (!lane_is_community(&facts, &why))
		return act_end(s, ctx_fail(s->ctx, RC_INVALID, "%s", why));
	report.lane = report.community = community;
	report.assigned = 0;
	report_record(s, actor, &report, AUDIT_REPORT_HAND_DOWN, REPORT_HANDED_DOWN, community,
		      clean);
	lane_tell(s, &report);
	return report_store(s, &report);
}

/* --- notes --- */

enum rc report_note(struct social *s, const struct account *actor, uint64_t id, struct str text,
		    uint64_t *note)
{
	struct report report;
	struct str clean;
	enum rc rc = reason_clean(s, text, &clean);
	if (rc == RC_OK)
		rc = report_load(s, actor, id, &report);
	if (rc != RC_OK)
		return rc;
	const struct report_event event = { .kind = REPORT_NOTED,
					    .who = actor != NULL ? actor->id : 0,
					    .text = clean };
	*note = report_event_add(s->txn, id, &event);
	if (*note == 0)
		return act_end(s, ctx_fail(s->ctx, RC_TOO_LARGE, "it has %d notes already",
					   REPORT_NOTES_MAX));
	const struct audit_about about = { .id = id, .community = lane_of(s->txn, &report) };
	audit(s, actor, AUDIT_REPORT_NOTE, &about);
	return act_end(s, RC_OK);
}

enum rc report_unnote(struct social *s, const struct account *actor, uint64_t id, uint64_t note)
{
	struct report report;
	struct report_event event;
	enum rc rc = report_load(s, actor, id, &report);
	if (rc != RC_OK)
		return rc;
	if (!report_event_get(s->txn, s->ctx->arena, id, note, &event) ||
	    event.kind != REPORT_NOTED)
		return act_end(s, RC_NOT_FOUND);
	if (actor != NULL && event.who != actor->id)
		return act_end(s, ctx_fail(s->ctx, RC_DENIED, "the note is somebody else's"));
	report_event_del(s->txn, id, note);
	const struct audit_about about = { .id = id, .community = lane_of(s->txn, &report) };
	audit(s, actor, AUDIT_REPORT_UNNOTE, &about);
	return act_end(s, RC_OK);
}
