/* The text of an object in its formats and languages. Pure. */
#include "core/attr.h"
#include "field_int.h"
#include "object_int.h"

#define LANGUAGE_BYTES_MAX 35

/* ISO 639-3 has a code for what nobody said (Lemmy, snac). */
static bool is_undetermined(struct str language)
{
	return str_eq(language, STR("und"));
}

static struct ap_words *words_of(struct ap_object *out, struct str language)
{
	for (unsigned i = 0; i < out->word_count; i++) {
		if (str_eq_nocase(out->words[i].language, language))
			return &out->words[i];
	}
	if (out->word_count == AP_LANGUAGES_MAX)
		return NULL;
	out->words[out->word_count] = (struct ap_words){ .language = language };
	return &out->words[out->word_count++];
}

enum part { CONTENT, NAME, SUMMARY };

static void map_decode(struct jr map, enum part part, struct ap_object *out)
{
	struct jr_iter it = { 0 };
	struct str key;
	struct jr value;
	while (jr_next(map, &it, &key, &value)) {
		struct str text = jr_str(value);
		if (text.len == 0 || key.len == 0 || key.len > LANGUAGE_BYTES_MAX ||
		    is_undetermined(key))
			continue;
		struct ap_words *words = words_of(out, key);
		if (words == NULL)
			continue;
		if (part == CONTENT)
			words->content = text;
		else if (part == NAME)
			words->name = text;
		else
			words->summary = text;
	}
}

/* The language of what is said plainly: the map's entry that repeats it has told it; else the one
 * entry that there is (Friendica renders the map in another way), else what the object calls its
 * language (Lemmy, PeerTube). */
static void language_decode(struct jr object, struct ap_object *out)
{
	static const char *const members[] = { "language", "inLanguage" };
	if (out->language.ptr != NULL && !is_undetermined(out->language))
		return;
	out->language = STR_NONE;
	if (out->word_count == 1 && out->words[0].content.ptr != NULL) {
		out->language = out->words[0].language;
		return;
	}
	for (size_t i = 0; i < ARRAY_LEN(members) && out->language.ptr == NULL; i++) {
		struct jr language = jr_one_at(jr_get(object, members[i]), 0);
		out->language = jr_type(language) == JR_OBJECT
					? jr_str(jr_get(language, "identifier"))
					: jr_str(language);
	}
}

/* source: an object with content and mediaType, or (Pleroma) the text alone. */
static void source_decode(struct jr object, struct ap_object *out)
{
	struct jr source = jr_get(object, "source");
	if (jr_type(source) == JR_STRING) {
		out->source = jr_str(source);
		out->source_type = STR("text/plain");
		return;
	}
	out->source = jr_str(jr_get(source, "content"));
	out->source_type = jr_str(jr_get(source, "mediaType"));
	if (out->source.ptr == NULL) {
		out->source = jr_str(jr_get(object, "_misskey_content"));
		out->source_type = STR("text/x.misskeymarkdown");
	}
}

void object_words_decode(struct jr object, struct ap_object *out)
{
	struct jr preview = jr_one_at(jr_get(object, "preview"), 0);
	out->media_type = jr_str(jr_get(object, "mediaType"));
	source_decode(object, out);
	map_decode(jr_get(object, "contentMap"), CONTENT, out);
	map_decode(jr_get(object, "nameMap"), NAME, out);
	map_decode(jr_get(object, "summaryMap"), SUMMARY, out);
	language_decode(object, out);
	if (is_undetermined(out->language))
		out->language = STR_NONE;
	/* FEP-b2b8: PeerTube's storyboard is a preview, too, but says nothing */
	if (jr_type(preview) == JR_OBJECT)
		out->preview = ap_text(preview, "content", "contentMap", NULL);
}
