/* The entities Tag and Admin::Tag. Pure. */
#include "discover_int.h"

#include <stdio.h>

#include "core/enc.h"

/* Clients take numbers as text here. */
void render_history(struct jw *w, const struct usage *history, uint32_t today)
{
	jw_name(w, "history");
	jw_array(w);
	for (uint32_t i = 0; i < TREND_HISTORY_DAYS && i <= today; i++) {
		char text[24];
		jw_object(w);
		snprintf(text, sizeof(text), "%llu",
			 (unsigned long long)(today - i) * (MS_PER_DAY / MS_PER_SECOND));
		jw_member_str(w, "day", str_of(text));
		snprintf(text, sizeof(text), "%u", history[i].uses);
		jw_member_str(w, "uses", str_of(text));
		snprintf(text, sizeof(text), "%u", history[i].accounts);
		jw_member_str(w, "accounts", str_of(text));
		jw_end(w);
	}
	jw_end(w);
}

/* Without the braces. */
static void render_members(struct jw *w, const struct site *site, const struct trend_item *item)
{
	struct buf url CLEANUP(buf_free) = BUF_INIT(4096);
	buf_addf(&url, "%.*s/tags/", STR_ARG(site->base));
	enc_percent(&url, item->tag.name);
	jw_member_id(w, "id", rank_number(item->tag.name));
	jw_member_str(w, "name", item->tag.display);
	jw_member_str(w, "url", buf_str(&url));
	render_history(w, item->history, item->today);
}

void render_trend_tag(struct jw *w, const struct site *site, const struct trend_item *item)
{
	jw_object(w);
	render_members(w, site, item);
	jw_end(w);
}

void render_admin_tag(struct jw *w, const struct site *site, const struct trend_item *item)
{
	jw_object(w);
	render_members(w, site, item);
	jw_member_bool(w, "trendable", item->rank.review != REVIEW_REFUSED);
	jw_member_bool(w, "usable", true);
	jw_member_bool(w, "listable", true);
	jw_member_bool(w, "requires_review", item->rank.review == REVIEW_NONE);
	jw_end(w);
}
