/* What statuses have that came of other objects than notes, in its stored form: events, details of
 * attachments, other languages, excerpts. Pure. */
#include "status_object_int.h"

#include "core/must.h"
#include "status_int.h"
#include "store_int.h"

/* --- what an attachment is --- */

static const struct {
	struct str prefix; /* of the media type */
	enum attachment_kind kind;
	const char *name;
} kinds[] = {
	{ STR_INIT("image/"), ATTACHMENT_IMAGE, "image" },
	{ STR_INIT("video/"), ATTACHMENT_VIDEO, "video" },
	{ STR_INIT("audio/"), ATTACHMENT_AUDIO, "audio" },
	{ STR_INIT("application/x-mpegurl"), ATTACHMENT_VIDEO, "video" },
};

enum attachment_kind attachment_kind_of(const struct status_attachment *attachment)
{
	if (attachment->kind != ATTACHMENT_BY_TYPE)
		return attachment->kind;
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		if (str_has_prefix_nocase(attachment->media_type, kinds[i].prefix))
			return kinds[i].kind;
	}
	return ATTACHMENT_BY_TYPE;
}

const char *attachment_kind_name(const struct status_attachment *attachment)
{
	enum attachment_kind kind = attachment_kind_of(attachment);
	if (kind == ATTACHMENT_LINK)
		return "link";
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		if (kinds[i].kind == kind)
			return kinds[i].name;
	}
	return "file";
}

/* --- events --- */

static bool event_is_told(const struct status_event *e)
{
	return e->start_ms != 0 || e->end_ms != 0 || e->place.len != 0 || e->address.len != 0 ||
	       e->url.len != 0;
}

bool status_has_event(const void *record)
{
	return event_is_told(&((const struct status *)record)->event);
}

void status_encode_event(struct buf *out, const void *record)
{
	const struct status_event *e = &((const struct status *)record)->event;
	rec_add_num(out, e->start_ms);
	rec_add_num(out, e->end_ms);
	rec_add_str(out, e->place);
	rec_add_str(out, e->address);
	rec_add_str(out, e->url);
}

bool status_decode_event(struct arena *arena UNUSED, struct rec *r, void *record)
{
	struct status_event *e = &((struct status *)record)->event;
	e->start_ms = rec_num(r);
	e->end_ms = rec_num(r);
	e->place = rec_str(r);
	e->address = rec_str(r);
	e->url = rec_str(r);
	return true;
}

/* --- how one takes part in them --- */

bool status_has_terms(const void *record)
{
	const struct status_event *e = &((const struct status *)record)->event;
	return e->join != EVENT_JOIN_UNSAID || e->state != EVENT_SCHEDULED || e->capacity != 0 ||
	       e->timezone.len != 0 || e->group.len != 0;
}

void status_encode_terms(struct buf *out, const void *record)
{
	const struct status_event *e = &((const struct status *)record)->event;
	rec_add_u8(out, (uint8_t)e->join);
	rec_add_u8(out, (uint8_t)e->state);
	rec_add_num(out, e->capacity);
	rec_add_str(out, e->timezone);
	rec_add_str(out, e->group);
}

bool status_decode_terms(struct arena *arena UNUSED, struct rec *r, void *record)
{
	struct status_event *e = &((struct status *)record)->event;
	e->join = (enum event_join)rec_u8(r);
	e->state = (enum event_state)rec_u8(r);
	e->capacity = store_num32(r);
	e->timezone = rec_str(r);
	e->group = rec_str(r);
	return e->join <= EVENT_JOIN_NONE && e->state <= EVENT_CANCELLED;
}

/* --- series --- */

bool status_has_series(const void *record)
{
	return ((const struct status *)record)->event.date_count != 0;
}

void status_encode_series(struct buf *out, const void *record)
{
	const struct status_event *e = &((const struct status *)record)->event;
	uint64_t before = e->start_ms;
	must(e->date_count <= EVENT_DATES_MAX);
	rec_add_str(out, e->rule);
	rec_add_num(out, e->date_count);
	for (unsigned i = 0; i < e->date_count; i++) {
		const struct event_date *d = &e->dates[i];
		must(d->original_ms >= before);
		rec_add_num(out, d->original_ms - before);
		rec_add_u8(out, (uint8_t)d->flags);
		before = d->original_ms;
		if ((d->flags & EVENT_DATE_CHANGED) == 0)
			continue;
		rec_add_num(out, d->start_ms);
		rec_add_num(out, d->end_ms);
		rec_add_str(out, d->place);
	}
}

static bool date_decode(struct rec *r, const struct status_event *e, uint64_t *before,
			struct event_date *out)
{
	out->original_ms = *before + rec_num(r);
	out->flags = rec_u8(r);
	bool grows = out->original_ms >= *before;
	*before = out->original_ms;
	out->start_ms = out->original_ms;
	out->end_ms = e->end_ms > e->start_ms ? out->start_ms + (e->end_ms - e->start_ms) : 0;
	out->place = STR("");
	if ((out->flags & EVENT_DATE_CHANGED) != 0) {
		out->start_ms = rec_num(r);
		out->end_ms = rec_num(r);
		out->place = rec_str(r);
	}
	return grows && out->flags <= (EVENT_DATE_CANCELLED | EVENT_DATE_CHANGED);
}

/* Behind the part that says when the first date begins and ends. */
bool status_decode_series(struct arena *arena, struct rec *r, void *record)
{
	struct status_event *e = &((struct status *)record)->event;
	e->rule = rec_str(r);
	uint64_t count = rec_num(r), before = e->start_ms;
	if (count == 0 || count > EVENT_DATES_MAX)
		return false;
	e->dates = ARENA_ARRAY(arena, count, struct event_date);
	if (e->dates == NULL)
		return false;
	for (e->date_count = 0; e->date_count < count; e->date_count++) {
		if (!date_decode(r, e, &before, &e->dates[e->date_count]))
			return false;
	}
	return true;
}

/* --- details of attachments --- */

static bool has_details(const struct status_attachment *a)
{
	return a->kind != ATTACHMENT_BY_TYPE || a->has_focus || a->preview.len != 0 ||
	       a->medium != 0;
}

static unsigned details_count(const struct status *s)
{
	unsigned n = 0;
	for (unsigned i = 0; i < s->attachment_count; i++)
		n += has_details(&s->attachments[i]);
	return n;
}

bool status_has_details(const void *record)
{
	return details_count(record) != 0;
}

void status_encode_details(struct buf *out, const void *record)
{
	const struct status *s = record;
	rec_add_num(out, details_count(s));
	for (unsigned i = 0; i < s->attachment_count; i++) {
		const struct status_attachment *a = &s->attachments[i];
		if (!has_details(a))
			continue;
		must(a->focus_x >= -ATTACHMENT_FOCUS && a->focus_x <= ATTACHMENT_FOCUS &&
		     a->focus_y >= -ATTACHMENT_FOCUS && a->focus_y <= ATTACHMENT_FOCUS);
		rec_add_u8(out, (uint8_t)i);
		rec_add_u8(out, (uint8_t)a->kind);
		rec_add_u8(out, a->has_focus);
		rec_add_num(out, (uint64_t)(a->focus_x + ATTACHMENT_FOCUS));
		rec_add_num(out, (uint64_t)(a->focus_y + ATTACHMENT_FOCUS));
		rec_add_str(out, a->preview);
		rec_add_num(out, a->medium);
	}
}

static bool focus_read(struct rec *r, int *out)
{
	uint64_t n = rec_num(r);
	*out = (int)(n <= 2 * ATTACHMENT_FOCUS ? n : 0) - ATTACHMENT_FOCUS;
	return n <= 2 * ATTACHMENT_FOCUS;
}

bool status_decode_details(struct arena *arena UNUSED, struct rec *r, void *record)
{
	struct status *s = record;
	uint64_t count = rec_num(r);
	if (count > s->attachment_count)
		return false;
	for (; count != 0; count--) {
		unsigned i = rec_u8(r);
		if (i >= s->attachment_count)
			return false;
		struct status_attachment *a = &s->attachments[i];
		a->kind = (enum attachment_kind)rec_u8(r);
		a->has_focus = rec_u8(r) != 0;
		if (!focus_read(r, &a->focus_x) || !focus_read(r, &a->focus_y))
			return false;
		a->preview = rec_str(r);
		a->medium = rec_num(r);
		if (a->kind > ATTACHMENT_LINK)
			return false;
	}
	return true;
}

/* --- other languages --- */

bool status_has_words(const void *record)
{
	return ((const struct status *)record)->word_count != 0;
}

void status_encode_words(struct buf *out, const void *record)
{
	const struct status *s = record;
	must(s->word_count <= STATUS_WORDS_MAX);
	rec_add_num(out, s->word_count);
	for (unsigned i = 0; i < s->word_count; i++) {
		rec_add_str(out, s->words[i].language);
		rec_add_str(out, s->words[i].title);
		rec_add_str(out, s->words[i].content.markup);
		rec_add_str(out, s->words[i].spoiler);
	}
}

bool status_decode_words(struct arena *arena, struct rec *r, void *record)
{
	struct status *s = record;
	uint64_t count = rec_num(r);
	if (count > STATUS_WORDS_MAX)
		return false;
	s->words = ARENA_ARRAY(arena, count, struct status_words);
	if (s->words == NULL)
		return false;
	for (s->word_count = 0; s->word_count < count; s->word_count++) {
		struct status_words *w = &s->words[s->word_count];
		w->language = rec_str(r);
		w->title = rec_str(r);
		w->content = html_trusted(rec_str(r));
		w->spoiler = rec_str(r);
	}
	return true;
}

/* --- excerpts --- */

bool status_has_excerpt(const void *record)
{
	return ((const struct status *)record)->excerpt.len != 0;
}

void status_encode_excerpt(struct buf *out, const void *record)
{
	rec_add_str(out, ((const struct status *)record)->excerpt);
}

bool status_decode_excerpt(struct arena *arena UNUSED, struct rec *r, void *record)
{
	((struct status *)record)->excerpt = rec_str(r);
	return true;
}
