/* The entity Profile. Pure. */
#include "own_int.h"

static void member_flag(struct jw *w, const char *name, const struct account *a, unsigned flag)
{
	jw_member_bool(w, name, (a->flags & flag) != 0);
}

/* Empty where nothing was said. */
static void member_text(struct jw *w, const char *name, struct str text)
{
	jw_member_str(w, name, text.ptr != NULL ? text : STR(""));
}

/* Unlike those of an Account, null where there is no picture. */
static void render_pictures(struct jw *w, const struct account_view *view)
{
	const struct account *a = view->account;
	jw_member_nullable(w, "avatar", view->avatar);
	jw_member_nullable(w, "avatar_static", view->avatar);
	member_text(w, "avatar_description", a->avatar_description);
	jw_member_nullable(w, "header", view->header);
	jw_member_nullable(w, "header_static", view->header);
	member_text(w, "header_description", a->header_description);
}

void render_own_profile(struct jw *w, const struct profile_view *view)
{
	const struct account *a = view->account.account;
	jw_object(w);
	jw_member_id(w, "id", a->id);
	jw_member_str(w, "display_name", a->display_name);
	jw_member_str(w, "note", view->account.note_source);
	render_fields(w, a, view->account.field_sources);
	render_pictures(w, &view->account);
	member_flag(w, "locked", a, ACCOUNT_LOCKED);
	jw_member_bool(w, "bot", a->kind == ACCOUNT_SERVICE || a->kind == ACCOUNT_APPLICATION);
	member_flag(w, "hide_collections", a, ACCOUNT_HIDE_NETWORK);
	member_flag(w, "discoverable", a, ACCOUNT_DISCOVERABLE);
	member_flag(w, "indexable", a, ACCOUNT_INDEXABLE);
	jw_member_bool(w, "show_media", (a->flags & ACCOUNT_NO_MEDIA) == 0);
	jw_member_bool(w, "show_media_replies", (a->flags & ACCOUNT_NO_MEDIA_REPLIES) == 0);
	jw_member_bool(w, "show_featured", (a->flags & ACCOUNT_NO_FEATURED) == 0);
	jw_member_strs(w, "attribution_domains", a->attribution, a->attribution_count);
	jw_name(w, "featured_tags");
	jw_array(w);
	for (unsigned i = 0; i < view->tag_count; i++)
		render_featured_tag(w, &view->tags[i]);
	jw_end(w);
	jw_end(w);
}
