/* What the endpoints of searching, trends and moderation share. */
#ifndef FF_API_DISCOVER_INT_H
#define FF_API_DISCOVER_INT_H

#include "social/moderate.h"
#include "social/trends.h"
#include "view_int.h"

void render_history(struct jw *w, const struct usage *history, uint32_t today);
void render_trend_tag(struct jw *w, const struct site *site, const struct trend_item *item);
void render_admin_tag(struct jw *w, const struct site *site, const struct trend_item *item);
/* A page that trends; card is NULL where nobody has read it. */
void render_trends_link(struct jw *w, const struct site *site, const struct trend_item *item,
			const struct card_view *card);
/* The pages that they are; each may be NULL, as may the list. */
const struct card_view **gather_link_cards(struct gather *g, const struct trend_item *items,
					   size_t count);
void render_rule(struct jw *w, const struct rule *rule);
void render_role(struct jw *w, const struct role *role);
/* A report as who filed it sees it. */
struct report_view {
	const struct report *report;
	const struct account_view *target;
	const uint64_t *statuses;
	size_t status_count;
	const uint64_t *collections;
	size_t collection_count;
};
/* NULL when there is none. */
const struct report_view *gather_report_view(struct gather *g, uint64_t id);
void render_report(struct jw *w, const struct site *site, const struct report_view *view);

/* An array of accounts in the order of ids, without those that may not be seen; ends g. */
void reply_account_list(struct call *call, struct gather *g, const uint64_t *ids, size_t count);

/* Does the caller's role permit it? Answers 403 when not. */
bool call_permits(struct call *call, enum permission permission);

#endif
