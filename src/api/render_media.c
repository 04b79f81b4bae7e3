/* The entities MediaAttachment and CustomEmoji. Pure. */
#include "view_int.h"

#include <stdio.h>

static const char *type_of(const struct status_attachment *a)
{
	static const char *const words[] = {
		[ATTACHMENT_BY_TYPE] = "unknown", [ATTACHMENT_IMAGE] = "image",
		[ATTACHMENT_VIDEO] = "video",	  [ATTACHMENT_AUDIO] = "audio",
		[ATTACHMENT_LINK] = "unknown",
	};
	return words[attachment_kind_of(a)];
}

static void render_size(struct jw *w, const struct status_attachment *a)
{
	char size[32];
	snprintf(size, sizeof(size), "%ux%u", a->width, a->height);
	jw_name(w, "original");
	jw_object(w);
	jw_member_u64(w, "width", a->width);
	jw_member_u64(w, "height", a->height);
	jw_member_str(w, "size", str_of(size));
	jw_name(w, "aspect");
	jw_double(w, (double)a->width / (double)a->height);
	jw_end(w);
}

static void render_meta(struct jw *w, const struct status_attachment *a)
{
	jw_name(w, "meta");
	jw_object(w);
	if (a->width != 0 && a->height != 0)
		render_size(w, a);
	if (a->has_focus) {
		jw_name(w, "focus");
		jw_object(w);
		jw_name(w, "x");
		jw_double(w, (double)a->focus_x / ATTACHMENT_FOCUS);
		jw_name(w, "y");
		jw_double(w, (double)a->focus_y / ATTACHMENT_FOCUS);
		jw_end(w);
	}
	jw_end(w);
}

static void render_one(struct jw *w, uint64_t id, const struct status_attachment *a, bool local)
{
	bool shown = str_eq(str_of(type_of(a)), STR("image"));
	jw_object(w);
	jw_member_id(w, "id", id);
	jw_member_str(w, "type", str_of(type_of(a)));
	jw_member_str(w, "url", a->url);
	jw_member_nullable(w, "preview_url",
			   a->preview.len != 0 ? a->preview
			   : shown	       ? a->url
					       : STR_NONE);
	jw_member_nullable(w, "remote_url", local ? STR_NONE : a->url);
	jw_member_nullable(w, "description", a->description);
	jw_member_nullable(w, "blurhash", a->blurhash);
	render_meta(w, a);
	jw_end(w);
}

void render_media(struct jw *w, const struct status *status)
{
	jw_array(w);
	for (unsigned i = 0; i < status->attachment_count; i++) {
		const struct status_attachment *a = &status->attachments[i];
		if (attachment_kind_of(a) != ATTACHMENT_LINK)
			render_one(w, status->id + i + 1, a, (status->flags & STATUS_LOCAL) != 0);
	}
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
