/* The entity StatusEdit. Pure. */
#include "view_int.h"

static void render_options(struct jw *w, const struct str *options, unsigned count)
{
	jw_object(w);
	jw_name(w, "options");
	jw_array(w);
	for (unsigned i = 0; i < count; i++) {
		jw_object(w);
		jw_member_str(w, "title", options[i]);
		jw_end(w);
	}
	jw_end(w);
	jw_end(w);
}

void render_status_edit(struct jw *w, const struct site *site, const struct status_edit_view *view)
{
	const struct status *s = view->shown.status;
	jw_object(w);
	render_content(w, s, STR(""), STR(""));
	jw_member_date(w, "created_at", view->at_ms);
	jw_name(w, "account");
	render_account(w, site, view->shown.account);
	if (view->option_count != 0) {
		jw_name(w, "poll");
		render_options(w, view->options, view->option_count);
	}
	jw_name(w, "quote");
	render_quote(w, site, &view->shown);
	jw_name(w, "media_attachments");
	render_media(w, &view->shown);
	jw_name(w, "emojis");
	render_emojis(w, s->emojis, s->emoji_count);
	jw_end(w);
}
