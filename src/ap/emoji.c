/* Decoding of custom emoji and reactions. Pure. */
#include "ap/emoji.h"

#include "text/emoji.h"

#define HASHTAG_BYTES_MAX 256
#define TAGS_LOOKED_MAX 200

static bool is_type(struct jr object, struct str name)
{
	struct jr type = jr_get(object, "type");
	for (size_t i = 0; i < jr_one_count(type) && i < 4; i++) {
		if (str_eq(jr_str(jr_one_at(type, i)), name))
			return true;
	}
	return false;
}

/* ":blobcat:"; some write it without colons. */
static struct str name_of(struct jr tag)
{
	struct str name = jr_str(jr_get(tag, "name"));
	struct str inner = emoji_shortcode_of(name);
	if (inner.ptr != NULL)
		return inner;
	return emoji_shortcode_valid(name) ? name : STR_NONE;
}

/* FEP-9098: the icon is an Image with its url, which ap_id() takes only when it is https (S-086). */
static struct str picture_of(const struct ap_reader *reader, struct jr tag)
{
	struct jr icon = jr_one_at(jr_get(tag, "icon"), 0);
	struct str url = ap_id(reader, jr_type(icon) == JR_OBJECT ? jr_get(icon, "url") : icon);
	return url.ptr != NULL && !str_eq(url, STR(AP_PUBLIC)) ? url : STR_NONE;
}

static bool is_there(const struct ap_emoji *list, unsigned count, struct str shortcode)
{
	for (unsigned i = 0; i < count; i++) {
		if (str_eq(list[i].shortcode, shortcode))
			return true;
	}
	return false;
}

unsigned ap_emojis_decode(const struct ap_reader *reader, struct jr tags, struct ap_emoji *out,
			  unsigned max)
{
	unsigned count = 0;
	size_t many = jr_one_count(tags);
	for (size_t i = 0; i < many && i < TAGS_LOOKED_MAX && count < max; i++) {
		struct jr tag = jr_one_at(tags, i);
		if (!is_type(tag, STR("Emoji")))
			continue;
		struct ap_emoji e = { .shortcode = name_of(tag) };
		if (e.shortcode.ptr == NULL || is_there(out, count, e.shortcode))
			continue;
		e.url = picture_of(reader, tag);
		e.id = ap_id(reader, jr_get(tag, "id"));
		if (e.url.ptr != NULL)
			out[count++] = e;
	}
	return count;
}

/* FEP-c0e0: a shortcode comes with its Emoji. */
static enum rc custom_decode(const struct ap_reader *reader, struct jr tags, struct str shortcode,
			     struct ap_reaction *out)
{
	struct ap_emoji list[4];
	unsigned n = ap_emojis_decode(reader, tags, list, ARRAY_LEN(list));
	for (unsigned i = 0; i < n; i++) {
		if (!str_eq(list[i].shortcode, shortcode))
			continue;
		out->emoji = list[i];
		out->text = arena_printf(reader->ctx->arena, ":%.*s:", STR_ARG(shortcode));
		return out->text.ptr != NULL ? RC_OK : RC_NO_MEMORY;
	}
	out->text = arena_printf(reader->ctx->arena, ":%.*s:", STR_ARG(shortcode));
	return ctx_fail(reader->ctx, RC_INVALID, "a reaction without its picture");
}

enum rc ap_reaction_decode(const struct ap_reader *reader, struct jr activity,
			   struct ap_reaction *out)
{
	struct jr content = jr_get(activity, "content");
	*out = (struct ap_reaction){ .text = STR_NONE };
	/* Misskey had its own name for it before the others agreed on this one */
	if (jr_type(content) != JR_STRING)
		content = jr_get(activity, "_misskey_reaction");
	struct str text = jr_str(content);
	if (text.len == 0)
		return RC_NOT_FOUND;
	struct str shortcode = emoji_shortcode_of(text);
	if (shortcode.ptr == NULL && emoji_shortcode_valid(text))
		shortcode = text;
	if (shortcode.ptr != NULL)
		return custom_decode(reader, jr_get(activity, "tag"), shortcode, out);
	return emoji_canonical(reader->ctx, text, &out->text);
}

struct str ap_hashtag(struct jr tag)
{
	struct str name = jr_str(jr_get(tag, "name"));
	if (!is_type(tag, STR("Hashtag")))
		return STR_NONE;
	if (name.len != 0 && name.ptr[0] == '#')
		name = str_skip(name, 1);
	return name.len != 0 && name.len <= HASHTAG_BYTES_MAX ? name : STR_NONE;
}
