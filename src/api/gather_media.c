/* What posts and accounts show, at addresses of this node. */
#include <math.h>

#include "view_int.h"

#define SMALL_PIXELS 230400.0 /* of the pictures that stand for others: 640 by 360 */

/* Without module media everything is shown where it is. */
static struct str picture(const struct gather *g, const struct account *a, struct str url,
			  struct str (*address)(const struct media *media, struct arena *arena,
						const struct account *account))
{
	const struct media *media = g->api->parts.media;
	return media != NULL ? address(media, g->arena, a) : url;
}

void gather_pictures(struct gather *g, struct account_view *view)
{
	const struct account *a = view->account;
	view->avatar = picture(g, a, a->avatar, media_avatar_url);
	view->header = picture(g, a, a->header, media_header_url);
}

static void small_size(struct media_view *v)
{
	if (v->width == 0 || v->height == 0 || v->preview.len == 0)
		return;
	double scale = fmin(1, sqrt(SMALL_PIXELS / ((double)v->width * v->height)));
	v->small_width = (uint32_t)fmax(1, floor(v->width * scale));
	v->small_height = (uint32_t)fmax(1, floor(v->height * scale));
}

static const char *type_word(enum attachment_kind kind)
{
	static const char *const words[] = {
		[ATTACHMENT_BY_TYPE] = "unknown", [ATTACHMENT_IMAGE] = "image",
		[ATTACHMENT_VIDEO] = "video",	  [ATTACHMENT_AUDIO] = "audio",
		[ATTACHMENT_LINK] = "unknown",
	};
	return words[kind];
}

static struct media_view view_of(const struct gather *g, const struct status *s, unsigned number)
{
	const struct status_attachment *a = &s->attachments[number];
	const struct media *media = g->api->parts.media;
	struct media_view v = {
		.id = a->medium != 0 ? a->medium : s->id + number + 1,
		.type = type_word(attachment_kind_of(a)),
		.url = a->url,
		.preview = a->preview,
		.remote = (s->flags & STATUS_LOCAL) != 0 ? STR_NONE : a->url,
		.description = a->description,
		.blurhash = a->blurhash,
		.width = a->width,
		.height = a->height,
		.has_focus = a->has_focus,
		.focus_x = a->focus_x,
		.focus_y = a->focus_y,
	};
	if (media != NULL) {
		v.url = media_attachment_url(media, g->arena, s, number);
		v.preview = media_preview_url(media, g->arena, s, number);
	}
	if (v.preview.len == 0 && attachment_kind_of(a) == ATTACHMENT_IMAGE)
		v.preview = v.url;
	small_size(&v);
	return v;
}

void gather_media(struct gather *g, struct status_view *view)
{
	const struct status *s = view->status;
	view->media = ARENA_ARRAY(g->arena, s->attachment_count, struct media_view);
	for (unsigned i = 0; view->media != NULL && i < s->attachment_count; i++) {
		if (attachment_kind_of(&s->attachments[i]) != ATTACHMENT_LINK)
			view->media[view->media_count++] = view_of(g, s, i);
	}
}

/* --- what was uploaded --- */

static struct str url_of(struct call *call, const struct medium_file *file)
{
	struct str path = media_file_path(call->ctx->arena, file);
	return path.ptr == NULL ? STR_NONE
				: arena_join(call->ctx->arena, call->api->parts.site->base, path);
}

struct media_view view_medium(struct call *call, const struct medium *m)
{
	static const char *const words[] = { [MEDIA_IMAGE] = "image",
					     [MEDIA_VIDEO] = "video",
					     [MEDIA_AUDIO] = "audio",
					     [MEDIA_DOCUMENT] = "unknown" };
	const struct media_type *type = media_type_by_name(m->file.type);
	bool ready = m->state == MEDIUM_READY;
	return (struct media_view){
		.id = m->id,
		.type = type != NULL ? words[type->kind] : "unknown",
		.url = ready ? url_of(call, &m->file) : STR_NONE,
		.preview = ready ? url_of(call, &m->small) : STR_NONE,
		.description = m->description,
		.blurhash = m->blurhash,
		.width = m->file.width,
		.height = m->file.height,
		.small_width = m->small.width,
		.small_height = m->small.height,
		.duration_ms = m->duration_ms,
		.has_focus = m->has_focus,
		.focus_x = m->focus_x,
		.focus_y = m->focus_y,
	};
}
