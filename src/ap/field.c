/* Reading single properties the way servers write them. Pure. */
#include "ap/ap.h"
#include "core/date.h"
#include "core/utf8.h"
#include "field_int.h"

#define PICTURES_MAX 32 /* of one property that are looked at */

/* Activity Vocabulary section 5.6 (ActivityPub section 5.6): the Public collection has three
 * spellings in JSON-LD. */
static bool is_public(struct str text)
{
	return str_eq(text, STR(AP_PUBLIC)) || str_eq(text, STR("as:Public")) ||
	       str_eq(text, STR("Public"));
}

static struct str id_text(struct jr v)
{
	if (jr_type(v) != JR_OBJECT)
		return jr_str(v);
	struct str id = jr_str(jr_get(v, "id"));
	return id.ptr != NULL ? id : jr_str(jr_get(v, "href"));
}

bool ap_iri(const struct ap_reader *reader, struct jr field, struct iri *out)
{
	/* a malformed id is an absent one: it must not become the first cause of something else */
	struct ctx quiet = { .arena = reader->ctx->arena };
	struct str text = id_text(jr_one_at(field, 0));
	return text.ptr != NULL && iri_parse(&quiet, text, reader->iri_flags, out) == RC_OK;
}

struct str ap_id(const struct ap_reader *reader, struct jr field)
{
	struct iri iri;
	if (ap_is_public(field))
		return STR(AP_PUBLIC);
	return ap_iri(reader, field, &iri) ? iri.text : STR_NONE;
}

bool ap_is_public(struct jr field)
{
	return is_public(id_text(jr_one_at(field, 0)));
}

struct str ap_page_url(const struct ap_reader *reader, struct jr url)
{
	for (size_t i = 0; i < jr_one_count(url); i++) {
		struct jr one = jr_one_at(url, i);
		if (str_has_prefix(jr_str(jr_get(one, "mediaType")), STR("text/html")))
			return ap_id(reader, one);
	}
	return ap_id(reader, url);
}

struct str ap_cut(struct str text, size_t max)
{
	return text.len <= max ? text : utf8_take(text, max, max);
}

enum rc ap_complete(const struct ap_reader *reader)
{
	if (arena_failed(reader->ctx->arena))
		return ctx_fail(reader->ctx, RC_NO_MEMORY, "the document is too large to decode");
	return RC_OK;
}

struct str ap_text(struct jr object, const char *name, const char *map_name, struct str *language)
{
	struct str text = jr_str(jr_one_at(jr_get(object, name), 0));
	struct jr map = map_name != NULL ? jr_get(object, map_name) : (struct jr){ NULL };
	struct jr_iter it = { 0 };
	struct str key;
	struct jr value;
	if (language != NULL)
		*language = STR_NONE;
	while (jr_next(map, &it, &key, &value)) {
		struct str entry = jr_str(value);
		if (entry.ptr == NULL || (text.ptr != NULL && !str_eq(entry, text)))
			continue;
		/* the entry that repeats the plain value tells its language */
		if (language != NULL)
			*language = key;
		return entry;
	}
	return text;
}

uint32_t ap_dimension(struct jr v)
{
	int64_t n;
	return jr_i64(v, &n) && n > 0 && n <= 65535 ? (uint32_t)n : 0;
}

struct str ap_picture(const struct ap_reader *reader, struct jr images)
{
	struct str best = STR_NONE;
	uint32_t width = 0;
	for (size_t i = 0; i < jr_one_count(images) && i < PICTURES_MAX; i++) {
		struct jr one = jr_one_at(images, i);
		struct str url = ap_id(reader, jr_get(one, "url"));
		uint32_t w = ap_dimension(jr_get(one, "width"));
		if (url.ptr == NULL)
			url = jr_type(one) == JR_STRING ? ap_id(reader, one)
							: ap_id(reader, jr_get(one, "href"));
		if (url.ptr == NULL || (best.ptr != NULL && w <= width))
			continue;
		best = url;
		width = w;
	}
	return best;
}

struct str ap_picture_name(struct jr images)
{
	struct jr one = jr_one_at(images, 0);
	if (jr_type(one) != JR_OBJECT)
		return STR_NONE;
	struct str name = jr_str(jr_get(one, "name"));
	return name.len != 0 ? name : jr_str(jr_get(one, "summary"));
}

uint64_t ap_time(struct jr field)
{
	uint64_t ms;
	return date_parse_rfc3339(jr_str(field), &ms) ? ms : 0;
}

bool ap_same_origin(const struct ap_reader *reader, struct str a, struct str b)
{
	struct ctx quiet = { .arena = reader->ctx->arena };
	struct iri x, y;
	return a.ptr != NULL && b.ptr != NULL &&
	       iri_parse(&quiet, a, reader->iri_flags, &x) == RC_OK &&
	       iri_parse(&quiet, b, reader->iri_flags, &y) == RC_OK && iri_same_origin(&x, &y);
}

/* The empty list says nothing, as in JSON-LD; what is there but cannot be read says: nobody whom we
 * know. */
unsigned ap_searchable_by(const struct ap_reader *reader, struct jr object,
			  struct str out[AP_SEARCHABLE_MAX])
{
	struct jr list = jr_get(object, "searchableBy");
	size_t many = jr_one_count(list);
	unsigned count = 0;
	for (size_t i = 0; i < many && count < AP_SEARCHABLE_MAX; i++) {
		struct jr one = jr_one_at(list, i);
		struct str id = ap_id(reader, one);
		if (jr_type(one) != JR_NULL && id.ptr != NULL)
			out[count++] = id;
	}
	if (count == 0 && many != 0)
		out[count++] = STR("");
	return count;
}

static struct str unquoted(struct str s)
{
	if (s.len >= 2 && s.ptr[0] == '"' && s.ptr[s.len - 1] == '"')
		return str_n(s.ptr + 1, s.len - 2);
	return s;
}

/* ActivityPub section 3.2; ld+json counts only with the profile, among whatever else it names. */
bool ap_media_type(struct str content_type)
{
	struct str rest, type, param, name, value;
	str_split(content_type, ';', &type, &rest);
	type = str_trim(type);
	if (str_eq_nocase(type, STR("application/activity+json")))
		return true;
	if (!str_eq_nocase(type, STR("application/ld+json")))
		return false;
	while (str_next(&rest, ';', &param)) {
		if (!str_split(str_trim(param), '=', &name, &value) ||
		    !str_eq_nocase(name, STR("profile")))
			continue;
		struct str profiles = unquoted(str_trim(value)), one;
		while (str_next(&profiles, ' ', &one)) {
			if (str_eq(one, STR("https://www.w3.org/ns/activitystreams")))
				return true;
		}
	}
	return false;
}
