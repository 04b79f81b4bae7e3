/* What is done with a report, by the staff of the community in whose lane it is, or by the node's
 * moderators. */
#include "lane_int.h"

/* One way leads to reports of a community's lane alone: another community's is none there. */
static bool is_in(struct db_txn *txn, struct arena *arena, const struct account *who,
		  uint64_t community, uint64_t id, struct report *out)
{
	return report_get(txn, arena, id, out) &&
	       (community == 0 || (lane_of(txn, out) == community && out->target != who->id));
}

void lane_get_report(struct call *call, uint64_t community, uint64_t id)
{
	struct report report;
	struct lane_report_view view;
	struct gather g;
	if (community == 0 && !call_permits(call, PERMISSION_MANAGE_REPORTS))
		return;
	if (community != 0 && !community_begin(call, &g, community, COMMUNITY_MAY_REPORTS))
		return;
	enum rc rc = community == 0 ? gather_begin(&g, call) : RC_OK;
	if (rc == RC_OK) {
		rc = is_in(g.txn, g.arena, call_account(call), community, id, &report)
			     ? RC_OK
			     : RC_NOT_FOUND;
		if (rc == RC_OK)
			gather_lane_report(&g, &report, community, true, &view);
		rc = gather_end(&g, rc);
	}
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	render_lane_report(reply_begin(call), call->api->parts.site, &view);
	reply_end(call, 200);
}

static enum rc assign(struct social *s, const struct account *actor, const struct lane_wish *w)
{
	if (w->about == 0 || w->about == actor->id)
		return report_handle(s, actor, w->report, REPORT_ASSIGN);
	return report_assign(s, actor, w->report, w->about);
}

static enum rc run(struct social *s, const struct account *actor,
		   const struct account *target UNUSED, void *arg)
{
	const struct lane_wish *w = arg;
	struct report report;
	uint64_t note;
	if (!is_in(s->txn, s->ctx->arena, actor, w->community, w->report, &report))
		return RC_NOT_FOUND;
	switch (w->deed) {
	case LANE_ASSIGN:
		return assign(s, actor, w);
	case LANE_UNASSIGN:
		return report_handle(s, actor, w->report, REPORT_UNASSIGN);
	case LANE_RESOLVE:
		return report_handle(s, actor, w->report, REPORT_RESOLVE);
	case LANE_REOPEN:
		return report_handle(s, actor, w->report, REPORT_REOPEN);
	case LANE_ESCALATE:
		return report_escalate(s, actor, w->report, w->text);
	case LANE_HAND_DOWN:
		return report_hand_down(s, actor, w->report, w->text);
	case LANE_NOTE:
		return report_note(s, actor, w->report, w->text, &note);
	case LANE_UNNOTE:
		return report_unnote(s, actor, w->report, w->about);
	}
	return RC_UNSUPPORTED;
}

/* A report that has left the lane is read no more by who has sent it away. */
void lane_do(struct call *call, const struct lane_wish *wish)
{
	struct lane_wish w = *wish;
	if (w.community == 0 && !call_permits(call, PERMISSION_MANAGE_REPORTS))
		return;
	enum rc rc = own_do(call, OWN_MAKE, 0, run, &w);
	if (rc == RC_EXISTS)
		reply_error(call, 422, "It is there already");
	else if (rc != RC_OK)
		reply_reason(call, rc);
	else if (w.community != 0 && w.deed == LANE_ESCALATE)
		reply_empty(call);
	else
		lane_get_report(call, w.community, w.report);
}
