/* What types and formats other than notes in HTML mean here (quirks.c names who sends them). Pure. */
#include "core/utf8.h"
#include "remote_int.h"

/* The numbers of both sets are the same. */
_Static_assert((int)AP_JOIN_NONE == (int)EVENT_JOIN_NONE &&
		       (int)AP_JOIN_RESTRICTED == (int)EVENT_JOIN_ON_REQUEST &&
		       (int)AP_EVENT_CANCELLED == (int)EVENT_CANCELLED &&
		       (int)AP_EVENT_TENTATIVE == (int)EVENT_TENTATIVE,
	       "how one takes part");

#define EXCERPT_CHARS 1000
#define PLACE_CHARS 500
#define WORDS_BYTES_MAX ((size_t)256 * 1024) /* of all languages but the first */

/* --- formats --- */

struct format_row {
	struct str media_type;
	enum rc (*to_html)(struct ctx *ctx, struct str text, struct html *out);
};

/* What is not here is HTML. */
static const struct format_row formats[] = {
	{ STR_INIT("text/markdown"), text_markdown },
	{ STR_INIT("text/x.misskeymarkdown"), text_mfm },
	{ STR_INIT("text/plain"), text_plain },
	{ STR_INIT("text/bbcode"), text_plain },
};

static struct html formatted(struct ctx *ctx, struct str text, struct str media_type)
{
	struct ctx quiet = { .arena = ctx->arena };
	struct html out;
	for (size_t i = 0; i < ARRAY_LEN(formats); i++) {
		if (!str_has_prefix_nocase(media_type, formats[i].media_type))
			continue;
		if (!utf8_valid(text) || formats[i].to_html(&quiet, text, &out) != RC_OK)
			break;
		return out;
	}
	return remote_html(ctx, text);
}

struct html remote_content(struct ctx *ctx, const struct ap_object *o)
{
	if (o->content.len != 0)
		return formatted(ctx, o->content, o->media_type);
	if (o->source.len != 0)
		return formatted(ctx, o->source, o->source_type);
	return (struct html){ STR("") };
}

/* --- summaries --- */

/* The custom of the field for what is short; and whoever calls a long text sensitive says why
 * (WordPress). For others FEP-b2b8 has it as an excerpt. lotide repeats the name there. */
static bool summary_warns(const struct ap_object *o)
{
	static const struct str types[] = { STR_INIT("Note"), STR_INIT("Question"),
					    STR_INIT("ChatMessage") };
	if (str_eq(o->summary, o->name))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(types); i++) {
		if (str_eq(o->type, types[i]))
			return true;
	}
	return o->sensitive;
}

struct str remote_warning(struct ctx *ctx, const struct ap_object *o)
{
	return summary_warns(o) ? remote_text(ctx, o->summary, REMOTE_TITLE_CHARS,
					      (size_t)REMOTE_TITLE_CHARS * 4)
				: STR("");
}

static struct str excerpt_make(struct ctx *ctx, const struct ap_object *o)
{
	struct ctx quiet = { .arena = ctx->arena };
	struct str text;
	struct str markup = o->preview.ptr != NULL ? o->preview : STR("");
	if (o->summary.len != 0 && !summary_warns(o) && !str_eq(o->summary, o->name))
		markup = o->summary;
	if (markup.len == 0 || html_to_text(&quiet, remote_html(ctx, markup), &text) != RC_OK)
		return STR("");
	return remote_text(ctx, str_trim(text), EXCERPT_CHARS, (size_t)EXCERPT_CHARS * 4);
}

/* --- other languages --- */

static enum rc words_make(struct ctx *ctx, const struct ap_object *o, struct status *out)
{
	size_t room = WORDS_BYTES_MAX;
	out->words = ARENA_ARRAY(ctx->arena, o->word_count, struct status_words);
	if (out->words == NULL)
		return RC_NO_MEMORY;
	for (unsigned i = 0; i < o->word_count && out->word_count < STATUS_WORDS_MAX; i++) {
		const struct ap_words *w = &o->words[i];
		if (str_eq_nocase(w->language, o->language) || !text_language_valid(w->language) ||
		    w->content.len + w->name.len + w->summary.len > room)
			continue;
		struct status_words next = {
			.language = w->language,
			.title = remote_text(ctx, w->name, REMOTE_TITLE_CHARS,
					     (size_t)REMOTE_TITLE_CHARS * 4),
			.content = formatted(ctx, w->content, o->media_type),
			.spoiler = remote_text(ctx, w->summary, REMOTE_TITLE_CHARS,
					       (size_t)REMOTE_TITLE_CHARS * 4),
		};
		if (next.content.markup.len > room)
			continue;
		room -= next.content.markup.len;
		out->words[out->word_count++] = next;
	}
	return RC_OK;
}

/* --- attachments and events --- */

static enum attachment_kind kind_of(struct str type)
{
	static const struct {
		struct str type;
		enum attachment_kind kind;
	} kinds[] = {
		{ STR_INIT("Image"), ATTACHMENT_IMAGE }, { STR_INIT("Video"), ATTACHMENT_VIDEO },
		{ STR_INIT("Audio"), ATTACHMENT_AUDIO }, { STR_INIT("Link"), ATTACHMENT_LINK },
		{ STR_INIT("Page"), ATTACHMENT_LINK },
	};
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		if (str_eq(type, kinds[i].type))
			return kinds[i].kind;
	}
	return ATTACHMENT_BY_TYPE;
}

/* Lemmy calls an uploaded picture a Link as well: its address tells. */
static bool is_picture(struct str url)
{
	static const struct str endings[] = { STR_INIT(".png"),	 STR_INIT(".jpg"),
					      STR_INIT(".jpeg"), STR_INIT(".gif"),
					      STR_INIT(".webp"), STR_INIT(".avif") };
	struct str path = str_take(url, str_index(url, '?'));
	for (size_t i = 0; i < ARRAY_LEN(endings); i++) {
		if (path.len > endings[i].len &&
		    str_eq_nocase(str_skip(path, path.len - endings[i].len), endings[i]))
			return true;
	}
	return false;
}

static void details_fill(const struct ap_object *o, struct status *out)
{
	for (unsigned i = 0; i < out->attachment_count && i < o->attachment_count; i++) {
		const struct ap_attachment *from = &o->attachments[i];
		struct status_attachment *a = &out->attachments[i];
		enum attachment_kind kind = kind_of(from->type);
		if (kind == ATTACHMENT_LINK && a->media_type.len == 0 && is_picture(a->url))
			kind = ATTACHMENT_IMAGE;
		/* only what the media type does not say already */
		if (kind != attachment_kind_of(a))
			a->kind = kind;
		a->has_focus = from->has_focus;
		a->focus_x = from->focus_x;
		a->focus_y = from->focus_y;
		if (from->preview.ptr != NULL)
			a->preview = from->preview;
	}
}

static void event_fill(struct ctx *ctx, const struct ap_event *from, struct status_event *e)
{
	*e = (struct status_event){
		.start_ms = from->start_ms,
		.end_ms = from->end_ms,
		.place = remote_text(ctx, from->place, PLACE_CHARS, (size_t)PLACE_CHARS * 4),
		.address = remote_text(ctx, from->address, PLACE_CHARS, (size_t)PLACE_CHARS * 4),
		.url = from->url.ptr != NULL ? from->url : STR(""),
		.join = (enum event_join)from->join,
		.state = (enum event_state)from->state,
		.capacity = from->capacity,
		.timezone = from->timezone.ptr != NULL ? from->timezone : STR(""),
		.group = from->group.ptr != NULL ? from->group : STR(""),
		.has_told = from->has_participants,
		.told = from->participants,
	};
}

enum rc remote_object_fill(struct ctx *ctx, const struct ap_object *o, struct status *out)
{
	details_fill(o, out);
	event_fill(ctx, &o->event, &out->event);
	out->excerpt = excerpt_make(ctx, o);
	return words_make(ctx, o, out);
}
