/* The entity AnnualReport, in its second version. Pure. */
#include "view_int.h"

#include "social/year.h"

#define SCHEMA_VERSION 2

static const char *archetype_word(enum year_archetype a)
{
	static const char *const words[] = {
		[YEAR_LURKER] = "lurker",     [YEAR_BOOSTER] = "booster",
		[YEAR_POLLSTER] = "pollster", [YEAR_REPLIER] = "replier",
		[YEAR_ORACLE] = "oracle",
	};
	return words[a];
}

static void render_months(struct jw *w, const struct year_report *y)
{
	jw_name(w, "time_series");
	jw_array(w);
	for (unsigned i = 0; i < YEAR_MONTHS; i++) {
		jw_object(w);
		jw_member_u64(w, "month", i + 1);
		jw_member_u64(w, "statuses", y->month_posts[i]);
		jw_member_u64(w, "followers", y->month_followers[i]);
		jw_end(w);
	}
	jw_end(w);
}

static void render_tags(struct jw *w, const struct year_report *y)
{
	jw_name(w, "top_hashtags");
	jw_array(w);
	for (unsigned i = 0; i < y->tag_count; i++) {
		jw_object(w);
		jw_member_str(w, "name", y->tags[i].display);
		jw_member_u64(w, "count", y->tags[i].uses);
		jw_end(w);
	}
	jw_end(w);
}

static void render_data(struct jw *w, const struct year_report *y)
{
	jw_name(w, "data");
	jw_object(w);
	jw_member_str(w, "archetype", str_of(archetype_word(year_archetype(y))));
	render_months(w, y);
	render_tags(w, y);
	jw_name(w, "top_statuses");
	jw_object(w);
	jw_member_id_opt(w, "by_reblogs", y->top_boosted);
	jw_member_null(w, "by_replies");
	jw_member_null(w, "by_favourites");
	jw_end(w);
	jw_end(w);
}

void render_year(struct jw *w, const struct year_report *y)
{
	jw_object(w);
	jw_member_u64(w, "year", y->year);
	render_data(w, y);
	jw_member_u64(w, "schema_version", SCHEMA_VERSION);
	jw_member_null(w, "share_url");
	jw_member_id(w, "account_id", y->account);
	jw_end(w);
}
