/* The entity Announcement. Pure. */
#include "own_int.h"

static void render_reaction(struct jw *w, const struct announcement_reaction *r)
{
	jw_object(w);
	jw_member_str(w, "name", r->name);
	jw_member_u64(w, "count", r->count);
	jw_member_bool(w, "me", r->me);
	if (r->url.len != 0) {
		jw_member_str(w, "url", r->url);
		jw_member_str(w, "static_url", r->url);
	}
	jw_end(w);
}

static void member_none(struct jw *w, const char *name)
{
	jw_name(w, name);
	jw_array(w);
	jw_end(w);
}

void render_announcement(struct jw *w, const struct announcement_view *view)
{
	const struct announcement *a = &view->announcement;
	jw_object(w);
	jw_member_id(w, "id", a->id);
	jw_member_str(w, "content", a->content.markup);
	jw_member_time(w, "starts_at", a->starts_ms);
	jw_member_time(w, "ends_at", a->ends_ms);
	jw_member_bool(w, "all_day", a->all_day);
	jw_member_date(w, "published_at", a->published_ms);
	jw_member_date(w, "updated_at", a->updated_ms);
	jw_member_bool(w, "read", view->read);
	/* what it links to is in its text alone */
	member_none(w, "mentions");
	member_none(w, "statuses");
	member_none(w, "tags");
	jw_name(w, "emojis");
	render_emojis(w, view->emojis, view->emoji_count);
	jw_name(w, "reactions");
	jw_array(w);
	for (unsigned i = 0; i < view->reaction_count; i++)
		render_reaction(w, &view->reactions[i]);
	jw_end(w);
	jw_end(w);
}
