/* Reports with their lanes, and strikes of communities, as moderators and the staff of communities see
 * them. */
#ifndef FF_API_LANE_INT_H
#define FF_API_LANE_INT_H

#include "admin_int.h"
#include "community_int.h"
#include "social/lane.h"
#include "social/strike.h"

/* A report without what only the node's moderators are shown of people. */
struct lane_report_view {
	const struct report *report;
	uint64_t lane;
	const struct account_view *reporter, *target, *assigned, *resolver;
	struct status_view *statuses;
	size_t status_count;
	const struct report_event *events; /* in order; NULL: they are not shown */
	const struct account_view **who;   /* of each */
	size_t event_count;
};
/* posts of the community alone, or all of the target's where community is 0. */
void gather_lane_report(struct gather *g, const struct report *report, uint64_t community,
			bool history, struct lane_report_view *out);
void render_lane_report(struct jw *w, const struct site *site, const struct lane_report_view *view);

struct strike_item_view {
	const struct strike *strike;
	const struct account_view *account, *moderator;
	bool open, may_go_up;
};
/* moderator: who has done it is said only to those who moderate. */
void gather_strike_item(struct gather *g, const struct site *site, const struct strike *strike,
			bool moderator, struct strike_item_view *out);
void render_strike_item(struct jw *w, const struct site *site, const struct strike_item_view *view);
/* A strike, or why not. */
void reply_strike(struct call *call, uint64_t id, bool moderator);
/* What became of an appeal, as reply_reason() but with words where it is late or decided. */
void reply_appeal(struct call *call, enum rc rc);

/* Which of the two ways in a request has come: the id of the community in its path, or 0. */
void lane_get_report(struct call *call, uint64_t community, uint64_t report);
/* Assigning, resolving, ..., by their word, in a write of its own; answers with the report. */
enum lane_deed {
	LANE_ASSIGN,
	LANE_UNASSIGN,
	LANE_RESOLVE,
	LANE_REOPEN,
	LANE_ESCALATE,
	LANE_HAND_DOWN,
	LANE_NOTE,
	LANE_UNNOTE,
};
struct lane_wish {
	enum lane_deed deed;
	uint64_t community; /* 0: by the way of the node's moderators */
	uint64_t report, about;
	struct str text;
};
void lane_do(struct call *call, const struct lane_wish *wish);

#endif
