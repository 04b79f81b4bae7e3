/*
 * The entity ScheduledStatus of what waits for review, which is a Status, too: whichever of the two a
 * client decodes, it finds what it needs. Pure.
 */
#include "team_api_int.h"

static void render_none(struct jw *w, const char *const *names)
{
	for (; *names != NULL; names++) {
		jw_name(w, *names);
		jw_array(w);
		jw_end(w);
	}
}

static void render_null(struct jw *w, const char *const *names)
{
	for (; *names != NULL; names++)
		jw_member_null(w, *names);
}

static void render_zero(struct jw *w, const char *const *names)
{
	for (; *names != NULL; names++)
		jw_member_u64(w, *names, 0);
}

static void render_false(struct jw *w, const char *const *names)
{
	for (; *names != NULL; names++)
		jw_member_bool(w, *names, false);
}

/* What nobody has done with it yet. */
static void render_untouched(struct jw *w)
{
	static const char *const none[] = { "mentions", "tags", "emojis", "filtered", NULL };
	static const char *const null[] = {
		"url",	 "in_reply_to_account_id", "edited_at",	  "card",   "poll",
		"quote", "quote_approval",	   "application", "reblog", NULL
	};
	static const char *const zero[] = { "replies_count", "reblogs_count", "favourites_count",
					    "quotes_count", NULL };
	static const char *const no[] = { "favourited", "reblogged", "muted",
					  "bookmarked", "pinned",    NULL };
	render_none(w, none);
	render_null(w, null);
	render_zero(w, zero);
	render_false(w, no);
}

void render_pending(struct jw *w, const struct site *site, const struct pending_view *view)
{
	const struct status *s = &view->draft->status;
	const struct scheduled *row = view->scheduled.scheduled;
	struct buf uri CLEANUP(buf_free) = BUF_INIT(2048);
	buf_addf(&uri, "%.*s/api/v1/scheduled_statuses/%llu", STR_ARG(site->base),
		 (unsigned long long)row->id);
	jw_object(w);
	render_scheduled_members(w, &view->scheduled);
	jw_member_str(w, "uri", buf_str(&uri));
	jw_member_date(w, "created_at", row->changed_ms);
	jw_name(w, "account");
	render_account(w, site, view->account);
	jw_member_id_opt(w, "in_reply_to_id", view->draft->parent);
	jw_member_str(w, "content", s->content.markup);
	jw_member_str(w, "text", s->source);
	jw_member_str(w, "spoiler_text", s->spoiler.ptr != NULL ? s->spoiler : STR(""));
	jw_member_str(w, "visibility", str_of(post_visibility_name(view->draft->visibility)));
	jw_member_bool(w, "sensitive", view->draft->sensitive);
	jw_member_nullable(w, "language", s->language);
	render_untouched(w);
	jw_end(w);
}
