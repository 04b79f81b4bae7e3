/* Files: what an object has attached, and what an object that is a file itself consists of. Pure. */
#include "core/attr.h"
#include "field_int.h"
#include "object_int.h"

#define LINKS_MAX 32 /* of one url that are looked at */

/* toot:focalPoint: a pair of numbers from -1 to 1. */
static void focus_decode(struct jr point, struct ap_attachment *out)
{
	double x, y;
	if (jr_count(point) != 2 || !jr_double(jr_at(point, 0), &x) ||
	    !jr_double(jr_at(point, 1), &y) || x < -1 || x > 1 || y < -1 || y > 1)
		return;
	out->has_focus = true;
	out->focus_x = (int)(x * 1000 + (x < 0 ? -0.5 : 0.5));
	out->focus_y = (int)(y * 1000 + (y < 0 ? -0.5 : 0.5));
}

/* url of an attachment: a string, a Link, or a list of Links of which the first will do. */
static void attachment_decode(const struct ap_reader *reader, struct jr a, struct ap_object *out)
{
	struct jr url = jr_get(a, "url");
	struct ap_attachment *to = &out->attachments[out->attachment_count];
	*to = (struct ap_attachment){
		.type = jr_str(jr_one_at(jr_get(a, "type"), 0)),
		.url = ap_id(reader, url),
		.media_type = jr_str(jr_get(a, "mediaType")),
		.description = ap_text(a, "name", "nameMap", NULL),
		.blurhash = jr_str(jr_get(a, "blurhash")),
		.preview = ap_picture(reader, jr_get(a, "icon")),
		.width = ap_dimension(jr_get(a, "width")),
		.height = ap_dimension(jr_get(a, "height")),
	};
	if (to->url.ptr == NULL)
		to->url = ap_id(reader, jr_get(a, "href"));
	if (to->media_type.ptr == NULL)
		to->media_type = jr_str(jr_get(jr_one_at(url, 0), "mediaType"));
	if (to->description.ptr == NULL)
		to->description = ap_text(a, "summary", "summaryMap", NULL);
	focus_decode(jr_get(a, "focalPoint"), to);
	/* a table of a profile is no file (Mobilizon puts facts of an event there, too) */
	if (to->url.ptr != NULL && !str_eq(to->type, STR("PropertyValue")))
		out->attachment_count++;
}

/* --- an object that is a file --- */

struct media_row {
	struct str type;   /* of the object */
	struct str prefix; /* of the media type of what may be played; empty: anything */
};

static const struct media_row media_rows[] = {
	{ STR_INIT("Video"), STR_INIT("video/") },
	{ STR_INIT("Audio"), STR_INIT("audio/") },
	{ STR_INIT("Image"), STR_INIT("image/") },
	{ STR_INIT("Document"), STR_INIT("") },
};

static const struct media_row *media_row(struct str type)
{
	for (size_t i = 0; i < ARRAY_LEN(media_rows); i++) {
		if (str_eq(type, media_rows[i].type))
			return &media_rows[i];
	}
	return NULL;
}

static bool is_page(struct str media_type)
{
	return str_has_prefix(media_type, STR("text/html"));
}

/* PeerTube: the page, then one Link per resolution, or a playlist of which the Links are tags. */
static struct jr media_link(struct jr url, const struct media_row *row, bool within)
{
	for (size_t i = 0; i < jr_one_count(url) && i < LINKS_MAX; i++) {
		struct jr one = jr_one_at(url, i);
		struct str media_type = jr_str(jr_get(one, "mediaType"));
		if (media_type.ptr != NULL && !is_page(media_type) &&
		    str_has_prefix(media_type, row->prefix))
			return one;
		struct jr inner =
			within ? media_link(jr_get(one, "tag"), row, false) : (struct jr){ NULL };
		if (jr_type(inner) != JR_ABSENT)
			return inner;
	}
	return (struct jr){ NULL };
}

static void itself_decode(const struct ap_reader *reader, struct jr object,
			  const struct media_row *row, struct ap_object *out)
{
	struct jr url = jr_get(object, "url");
	struct jr link = media_link(url, row, true);
	struct ap_attachment *to = &out->attachments[0];
	struct str media_type = jr_str(jr_get(object, "mediaType"));
	*to = (struct ap_attachment){
		.type = row->type,
		.url = ap_id(reader, link),
		.media_type = jr_str(jr_get(link, "mediaType")),
		.blurhash = jr_str(jr_get(object, "blurhash")),
		.preview = ap_picture(reader, jr_get(object, "icon")),
		.width = ap_dimension(jr_get(link, "width")),
		.height = ap_dimension(jr_get(link, "height")),
	};
	/* a lone address is the file where the object says of which type it is */
	if (to->url.ptr == NULL && jr_type(jr_one_at(url, 0)) == JR_STRING &&
	    str_has_prefix(media_type, row->prefix) && !str_has_prefix(media_type, STR("text/"))) {
		to->url = ap_id(reader, url);
		to->media_type = media_type;
	}
	focus_decode(jr_get(object, "focalPoint"), to);
	if (to->url.ptr != NULL)
		out->attachment_count = 1;
}

/* --- the page that a link post is about --- */

/*
 * Lemmy before 0.16, lotide and Friendica name the page that a Page is about as its url; on its own
 * host url is the post's own page.
 */
static void subject_decode(const struct ap_reader *reader, struct ap_object *out)
{
	if (!str_eq(out->type, STR("Page")) || out->url.ptr == NULL ||
	    ap_same_origin(reader, out->url, out->id) ||
	    out->attachment_count == AP_ATTACHMENTS_MAX)
		return;
	for (unsigned i = 0; i < out->attachment_count; i++) {
		if (str_eq(out->attachments[i].url, out->url))
			return;
	}
	out->attachments[out->attachment_count++] =
		(struct ap_attachment){ .type = STR("Link"), .url = out->url };
	out->url = STR_NONE;
}

/* A representative picture (FEP-b2b8, Lemmy's thumbnail) that is not attached as well. */
static void image_decode(const struct ap_reader *reader, struct jr object, struct ap_object *out)
{
	struct jr images = jr_get(object, "image");
	struct str url = ap_picture(reader, images);
	if (url.ptr == NULL || out->attachment_count == AP_ATTACHMENTS_MAX)
		return;
	for (unsigned i = 0; i < out->attachment_count; i++) {
		struct ap_attachment *a = &out->attachments[i];
		if (str_eq(a->url, url))
			return;
		if (str_eq(a->type, STR("Link")) && a->preview.ptr == NULL) {
			a->preview = url;
			return;
		}
	}
	out->attachments[out->attachment_count++] = (struct ap_attachment){
		.type = STR("Image"),
		.url = url,
		.media_type = jr_str(jr_get(jr_one_at(images, 0), "mediaType")),
		.description = ap_text(jr_one_at(images, 0), "name", "nameMap", NULL),
	};
}

void object_media_decode(const struct ap_reader *reader, struct jr object, struct ap_object *out)
{
	struct jr attachments = jr_get(object, "attachment");
	const struct media_row *row = media_row(out->type);
	if (row != NULL)
		itself_decode(reader, object, row, out);
	for (size_t i = 0; i < jr_one_count(attachments); i++) {
		if (out->attachment_count == AP_ATTACHMENTS_MAX)
			break;
		attachment_decode(reader, jr_one_at(attachments, i), out);
	}
	subject_decode(reader, out);
	image_decode(reader, object, out);
}
