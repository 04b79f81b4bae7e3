/* Encoding of custom emoji, hashtags and what searches may find. Pure. */
#include "ap/write.h"

#include <stdio.h>

void ap_write_emoji(struct jw *w, const struct ap_write_emoji *e, bool with_context)
{
	char name[80];
	int len = snprintf(name, sizeof(name), ":%.*s:", STR_ARG(e->shortcode));
	jw_object(w);
	if (with_context)
		ap_write_context(w, AP_CONTEXT_EMOJI);
	/* FEP-9098: an id that may be another's is left out */
	jw_member_opt(w, "id", e->id);
	jw_member_str(w, "type", STR("Emoji"));
	jw_member_str(w, "name",
		      str_n(name, (size_t)len < sizeof(name) ? (size_t)len : sizeof(name) - 1));
	if (e->updated_ms != 0)
		jw_member_date(w, "updated", e->updated_ms);
	jw_name(w, "icon");
	jw_object(w);
	jw_member_str(w, "type", STR("Image"));
	jw_member_opt(w, "mediaType", e->media_type);
	jw_member_str(w, "url", e->url);
	jw_end(w);
	jw_end(w);
}

void ap_write_hashtag(struct jw *w, const struct ap_write_tag *tag)
{
	char name[260];
	int len = snprintf(name, sizeof(name), "#%.*s", STR_ARG(tag->name));
	jw_object(w);
	jw_member_str(w, "type", STR("Hashtag"));
	jw_member_str(w, "href", tag->href);
	jw_member_str(w, "name",
		      str_n(name, (size_t)len < sizeof(name) ? (size_t)len : sizeof(name) - 1));
	jw_end(w);
}
