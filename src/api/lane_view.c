/* Reports in lanes and strikes: read in the transaction of the gather, and rendered. */
#include "lane_int.h"

/* --- reports --- */

/* What was reported is seen as its author sees it: moderators judge what others may not see. */
static void add_statuses(struct gather *g, uint64_t community, struct lane_report_view *view)
{
	const struct report *r = view->report;
	const struct viewer own = g->viewer;
	uint64_t *ids = ARENA_ARRAY(g->arena, r->object_count, uint64_t);
	size_t n = 0;
	view->statuses = ARENA_ARRAY(g->arena, r->object_count, struct status_view);
	if (ids == NULL || view->statuses == NULL)
		return;
	for (unsigned i = 0; i < r->object_count; i++) {
		struct status s;
		if (status_find_uri(g->txn, g->arena, r->objects[i], &s) &&
		    s.account == r->target && (community == 0 || s.community == community))
			ids[n++] = s.id;
	}
	g->viewer = (struct viewer){ r->target, false };
	view->status_count = gather_statuses(g, ids, n, view->statuses);
	g->viewer = own;
}

static void add_history(struct gather *g, struct lane_report_view *view)
{
	struct report_event *events = ARENA_ARRAY(g->arena, REPORT_EVENTS_MAX, struct report_event);
	view->who = ARENA_ARRAY(g->arena, REPORT_EVENTS_MAX, const struct account_view *);
	if (events == NULL || view->who == NULL)
		return;
	view->events = events;
	view->event_count = report_events(g->txn, g->arena, view->report->id, events);
	for (size_t i = 0; i < view->event_count; i++)
		view->who[i] = gather_person(g, events[i].who);
}

void gather_lane_report(struct gather *g, const struct report *report, uint64_t community,
			bool history, struct lane_report_view *out)
{
	*out = (struct lane_report_view){
		.report = report,
		.lane = lane_of(g->txn, report),
		.reporter = gather_person(g, report->reporter),
		.target = gather_person(g, report->target),
		.assigned = gather_person(g, report->assigned),
		.resolver = gather_person(g, report->resolved_by),
	};
	add_statuses(g, community, out);
	if (history)
		add_history(g, out);
}

static void member_person(struct jw *w, const struct site *site, const char *name,
			  const struct account_view *view)
{
	jw_name(w, name);
	if (view != NULL)
		render_account(w, site, view);
	else
		jw_null(w);
}

static void render_event(struct jw *w, const struct site *site, const struct report_event *e,
			 const struct account_view *who)
{
	jw_object(w);
	jw_member_id(w, "id", e->id);
	jw_member_str(w, "type", str_of(report_event_name(e->kind)));
	jw_member_date(w, "created_at", e->at_ms);
	member_person(w, site, "account", who);
	jw_member_id_opt(w, "assigned_account_id", e->kind == REPORT_ASSIGNED ? e->about : 0);
	jw_member_nullable(w, "text", e->text);
	jw_end(w);
}

void render_lane_report(struct jw *w, const struct site *site, const struct lane_report_view *view)
{
	const struct report *r = view->report;
	jw_object(w);
	jw_member_id(w, "id", r->id);
	jw_member_id_opt(w, "lane", view->lane);
	jw_member_id_opt(w, "community_id", r->community);
	jw_member_bool(w, "action_taken", r->resolved_ms != 0);
	jw_member_time(w, "action_taken_at", r->resolved_ms);
	jw_member_str(w, "category", str_of(report_category_name(r->category)));
	jw_member_str(w, "comment", r->comment);
	jw_member_date(w, "created_at", r->created_ms);
	jw_member_date(w, "updated_at", r->updated_ms);
	member_person(w, site, "account", view->reporter);
	member_person(w, site, "target_account", view->target);
	member_person(w, site, "assigned_account", view->assigned);
	member_person(w, site, "action_taken_by_account", view->resolver);
	jw_name(w, "statuses");
	jw_array(w);
	for (size_t i = 0; i < view->status_count; i++)
		render_status(w, site, &view->statuses[i]);
	jw_end(w);
	if (view->events != NULL) {
		jw_name(w, "history");
		jw_array(w);
		for (size_t i = 0; i < view->event_count; i++)
			render_event(w, site, &view->events[i], view->who[i]);
		jw_end(w);
	}
	jw_end(w);
}

/* --- strikes --- */

void gather_strike_item(struct gather *g, const struct site *site, const struct strike *strike,
			bool moderator, struct strike_item_view *out)
{
	uint64_t now = db_txn_now(g->txn);
	*out = (struct strike_item_view){
		.strike = strike,
		.account = gather_person(g, strike->account),
		.moderator = moderator ? gather_person(g, strike->moderator) : NULL,
		.open = strike_is_open(strike, now),
		.may_go_up = strike_may_go_up(site, strike, now),
	};
}

static const char *action_of(const struct strike *strike)
{
	return strike->action == MODERATE_NONE ? "warn" : moderation_name(strike->action);
}

static void render_appeal(struct jw *w, const struct strike *strike)
{
	static const char *const states[] = { [APPEAL_PENDING] = "pending",
					      [APPEAL_APPROVED] = "approved",
					      [APPEAL_REJECTED] = "rejected" };
	jw_name(w, "appeal");
	if (strike->appeal == APPEAL_NONE) {
		jw_null(w);
		return;
	}
	jw_object(w);
	jw_member_str(w, "state", str_of(states[strike->appeal]));
	jw_member_str(w, "text", strike->appeal_text);
	jw_member_time(w, "created_at", strike->appealed_ms);
	jw_member_time(w, "decided_at", strike->decided_ms);
	jw_member_bool(w, "escalated", strike->escalated);
	jw_end(w);
}

void render_strike_item(struct jw *w, const struct site *site, const struct strike_item_view *view)
{
	const struct strike *s = view->strike;
	jw_object(w);
	jw_member_id(w, "id", s->id);
	jw_member_id_opt(w, "community_id", s->community);
	jw_member_str(w, "action", str_of(action_of(s)));
	jw_member_str(w, "text", s->text);
	jw_member_date(w, "created_at", s->created_ms);
	jw_member_time(w, "until", s->until_ms);
	jw_member_bool(w, "undone", s->undone);
	jw_member_id_opt(w, "report_id", view->moderator != NULL ? s->report : 0);
	jw_name(w, "status_ids");
	jw_array(w);
	for (unsigned i = 0; i < s->status_count; i++)
		jw_u64_str(w, s->statuses[i]);
	jw_end(w);
	member_person(w, site, "target_account", view->account);
	member_person(w, site, "account", view->moderator);
	jw_member_time(w, "appeal_until", view->open ? strike_deadline(s) : 0);
	jw_member_bool(w, "may_escalate", view->may_go_up);
	render_appeal(w, s);
	jw_end(w);
}

void reply_strike(struct call *call, uint64_t id, bool moderator)
{
	struct strike strike;
	struct strike_item_view view;
	struct gather g;
	enum rc rc = gather_begin(&g, call);
	if (rc == RC_OK) {
		rc = strike_get(g.txn, g.arena, id, &strike) ? RC_OK : RC_NOT_FOUND;
		if (rc == RC_OK)
			gather_strike_item(&g, call->api->parts.site, &strike, moderator, &view);
		rc = gather_end(&g, rc);
	}
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	render_strike_item(reply_begin(call), call->api->parts.site, &view);
	reply_end(call, 200);
}

void reply_appeal(struct call *call, enum rc rc)
{
	if (rc == RC_EXISTS)
		reply_error(call, 422, "It was appealed, or decided, before");
	else if (rc == RC_GONE)
		reply_error(call, 422, "It is too late, or too early, for that");
	else
		reply_reason(call, rc);
}
