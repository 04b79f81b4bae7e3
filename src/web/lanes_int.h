/*
 * The page of reports: the lanes in which somebody handles them, what waits there with its history, and
 * appeals; of a community, its newest rows in the record of acts.
 */
#ifndef FF_WEB_LANES_INT_H
#define FF_WEB_LANES_INT_H

#include "sign_in_int.h"
#include "social/audit.h"
#include "social/community.h"
#include "social/lane.h"
#include "social/strike.h"

#define LANES_PATH "/auth/reports"
#define LANES_MAX 40	/* communities of one person */
#define LANES_SHOWN 10	/* reports */
#define LANES_POSTS 5	/* of one of them */
#define LANES_EVENTS 20 /* the newest */
#define LANES_SCANNED 400
#define LANES_RECORD 30 /* rows */

struct lane_choice {
	uint64_t community; /* 0: the node */
	struct str name;
	unsigned permissions; /* of who looks at it */
};

struct lane_post {
	struct status status;
	struct account author;
};

struct lane_item {
	struct report report;
	struct str reporter, target, assigned; /* empty: nobody */
	struct lane_post *posts;
	size_t post_count;
	const struct report_event *events;
	const struct str *who;
	size_t event_count;
};

struct lane_appeal {
	struct strike strike;
	struct str who;
};

struct lane_act {
	struct str act, who, at;
};

struct lanes_page {
	struct consent_view form;
	bool changed;
	struct str complaint;
	const struct lane_choice *choices;
	size_t choice_count;
	const struct lane_choice *here; /* NULL: there is none that they handle */
	uint64_t viewer;
	struct lane_item *items;
	size_t item_count;
	struct lane_appeal *appeals;
	size_t appeal_count;
	struct preset *presets;
	size_t preset_count;
	struct lane_act *acts;
	size_t act_count;
};

/* lanes_read.c. community: whose lane is asked for; 0: the node's, or the first that there is. */
enum rc lanes_read(struct asking *a, uint64_t community, struct lanes_page *page) NODISCARD;
/* render_lanes.c: pure */
void render_lanes(struct buf *out, const struct web *web, const struct lanes_page *page);

#endif
