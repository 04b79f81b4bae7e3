/* The entities MediaAttachment and CustomEmoji. Pure. */
#include "view_int.h"

#include <stdio.h>

static void render_size(struct jw *w, uint32_t width, uint32_t height)
{
	char size[32];
	if (width == 0 || height == 0)
		return;
	snprintf(size, sizeof(size), "%ux%u", width, height);
	jw_member_u64(w, "width", width);
	jw_member_u64(w, "height", height);
	jw_member_str(w, "size", str_of(size));
	jw_name(w, "aspect");
	jw_double(w, (double)width / (double)height);
}

static void render_original(struct jw *w, const struct media_view *v)
{
	if (v->width == 0 && v->duration_ms == 0)
		return;
	jw_name(w, "original");
	jw_object(w);
	render_size(w, v->width, v->height);
	if (v->duration_ms != 0) {
		jw_name(w, "duration");
		jw_double(w, (double)v->duration_ms / 1000);
	}
	jw_end(w);
}

static void render_focus(struct jw *w, const struct media_view *v)
{
	if (!v->has_focus)
		return;
	jw_name(w, "focus");
	jw_object(w);
	jw_name(w, "x");
	jw_double(w, (double)v->focus_x / ATTACHMENT_FOCUS);
	jw_name(w, "y");
	jw_double(w, (double)v->focus_y / ATTACHMENT_FOCUS);
	jw_end(w);
}

static void render_meta(struct jw *w, const struct media_view *v)
{
	jw_name(w, "meta");
	jw_object(w);
	render_original(w, v);
	if (v->small_width != 0) {
		jw_name(w, "small");
		jw_object(w);
		render_size(w, v->small_width, v->small_height);
		jw_end(w);
	}
	render_focus(w, v);
	jw_end(w);
}

void render_medium(struct jw *w, const struct media_view *view)
{
	jw_object(w);
	jw_member_id(w, "id", view->id);
	jw_member_str(w, "type", str_of(view->type));
	jw_member_nullable(w, "url", view->url);
	jw_member_nullable(w, "preview_url", view->preview);
	jw_member_nullable(w, "remote_url", view->remote);
	jw_member_nullable(w, "description", view->description);
	jw_member_nullable(w, "blurhash", view->blurhash);
	render_meta(w, view);
	jw_end(w);
}

void render_media(struct jw *w, const struct status_view *view)
{
	jw_array(w);
	for (unsigned i = 0; i < view->media_count; i++)
		render_medium(w, &view->media[i]);
	jw_end(w);
}

void render_emojis(struct jw *w, const struct emoji *emojis, unsigned count)
{
	jw_array(w);
	for (unsigned i = 0; i < count; i++) {
		jw_object(w);
		jw_member_str(w, "shortcode", emojis[i].shortcode);
		jw_member_str(w, "url", emojis[i].url);
		jw_member_str(w, "static_url", emojis[i].url);
		jw_member_bool(w, "visible_in_picker", true);
		jw_end(w);
	}
	jw_end(w);
}
