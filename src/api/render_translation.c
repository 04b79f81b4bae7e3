/* The entity Translation. Pure. */
#include "view_int.h"

static void render_poll_options(struct jw *w, const struct translation *t, uint64_t id)
{
	jw_name(w, "poll");
	if (t->option_count == 0) {
		jw_null(w);
		return;
	}
	jw_object(w);
	jw_member_id(w, "id", id);
	jw_name(w, "options");
	jw_array(w);
	for (unsigned i = 0; i < t->option_count; i++) {
		jw_object(w);
		jw_member_str(w, "title", t->options[i]);
		jw_end(w);
	}
	jw_end(w);
	jw_end(w);
}

static void render_descriptions(struct jw *w, const struct translation *t,
				const struct status_view *view)
{
	jw_name(w, "media_attachments");
	jw_array(w);
	for (unsigned i = 0; i < t->description_count && i < view->media_count; i++) {
		if (t->descriptions[i].len == 0)
			continue;
		jw_object(w);
		jw_member_id(w, "id", view->media[i].id);
		jw_member_str(w, "description", t->descriptions[i]);
		jw_end(w);
	}
	jw_end(w);
}

void render_translation(struct jw *w, const struct translation *t, const struct status_view *view)
{
	jw_object(w);
	jw_member_str(w, "content", t->content.markup);
	jw_member_str(w, "spoiler_text", t->spoiler);
	jw_member_str(w, "language", t->target);
	render_descriptions(w, t, view);
	render_poll_options(w, t, view->id);
	jw_member_str(w, "detected_source_language", t->source);
	jw_member_str(w, "provider", t->provider);
	jw_end(w);
}
