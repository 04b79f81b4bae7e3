/* What the form of an event says: read, made of an event, and taken over into one. */
#include "core/date.h"
#include "events_int.h"

/* --- reading --- */

void event_form_read(struct asking *a, struct event_form *out)
{
	const struct {
		const char *name;
		struct str *to;
	} fields[] = {
		{ "title", &out->title },	{ "content", &out->content },
		{ "spoiler", &out->spoiler },	{ "place", &out->place },
		{ "address", &out->address },	{ "url", &out->url },
		{ "starts", &out->starts },	{ "ends", &out->ends },
		{ "timezone", &out->timezone }, { "capacity", &out->capacity },
		{ "join", &out->join },		{ "sight", &out->sight },
		{ "repeat", &out->repeat },	{ "times", &out->times },
		{ "until", &out->until },
	};
	*out = (struct event_form){ .community = 0 };
	for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
		struct str value = asking_field(a, fields[i].name);
		*fields[i].to = value.ptr != NULL ? value : STR("");
	}
	out->timezone = str_trim(out->timezone);
	if (!str_to_u64(asking_field(a, "community"), &out->community))
		out->community = 0;
	for (unsigned day = 0; day < 7; day++) {
		struct str name = arena_printf(a->req->ctx.arena, "day-%u", day);
		if (name.ptr != NULL && asking_field(a, name.ptr).len != 0)
			out->weekdays |= 1U << day;
	}
}

/* --- of an event --- */

/* "2026-11-20T10:00" */
static struct str local_text(struct arena *arena, const struct zone *zone, uint64_t ms)
{
	struct buf text CLEANUP(buf_free) = BUF_INIT(64);
	if (ms == 0)
		return STR("");
	date_add_rfc3339(&text, zone != NULL ? zone_to_local(zone, ms) : ms);
	return arena_str(arena, str_take(buf_str(&text), 16));
}

void event_form_of(struct arena *arena, const struct status *s, const struct zone *zone,
		   struct event_form *out)
{
	const struct status_event *e = &s->event;
	const char *join = event_join_name(e->join);
	*out = (struct event_form){
		.title = s->title,
		.content = s->source.ptr != NULL ? s->source : STR(""),
		.spoiler = s->spoiler.ptr != NULL ? s->spoiler : STR(""),
		.place = e->place,
		.address = e->address,
		.url = e->url,
		.starts = local_text(arena, zone, e->start_ms),
		.ends = local_text(arena, zone, e->end_ms),
		.timezone = e->timezone,
		.capacity = e->capacity != 0 ? arena_printf(arena, "%u", e->capacity) : STR(""),
		.join = join != NULL ? str_of(join) : STR(""),
		.sight = STR(""),
	};
	repeat_of(arena, e, zone, out);
}

/* --- taking over --- */

/* With or without seconds; some write a blank where others write a T. */
enum rc event_time_take(struct ctx *ctx, const struct zone *zone, struct str text, uint64_t *out)
{
	struct buf full CLEANUP(buf_free) = BUF_INIT(64);
	struct str typed = str_trim(text);
	uint64_t local;
	*out = 0;
	if (typed.len == 0)
		return RC_OK;
	bool fits = typed.len >= 16 && (typed.ptr[10] == 'T' || typed.ptr[10] == ' ');
	if (fits)
		buf_addf(&full, "%.10sT%.5s:00Z", typed.ptr, typed.ptr + 11);
	if (!fits || !date_parse_rfc3339(buf_str(&full), &local))
		return ctx_fail(ctx, RC_INVALID, "a time is written as 2026-11-20T10:00");
	*out = zone != NULL ? zone_to_utc(zone, local) : local;
	return RC_OK;
}

static bool join_take(struct str value, enum event_join *out)
{
	for (enum event_join i = EVENT_JOIN_FREE; i <= EVENT_JOIN_INVITE; i++) {
		if (str_eq(value, str_of(event_join_name(i)))) {
			*out = i;
			return true;
		}
	}
	return value.len == 0;
}

static enum rc words_take(struct ctx *ctx, const struct event_form *form, struct status_event *out)
{
	uint64_t capacity = 0;
	struct str typed = str_trim(form->capacity);
	if (typed.len != 0 && (!str_to_u64(typed, &capacity) || capacity > UINT32_MAX))
		return ctx_fail(ctx, RC_INVALID, "how many may come is a number");
	if (!join_take(form->join, &out->join))
		return ctx_fail(ctx, RC_INVALID, "there is no such way to join");
	out->capacity = (uint32_t)capacity;
	out->place = form->place;
	out->address = form->address;
	out->url = str_trim(form->url);
	out->timezone = form->timezone;
	return RC_OK;
}

enum rc event_form_take(struct ctx *ctx, const struct event_form *form, struct status_event *out)
{
	struct zone zone;
	enum rc rc = words_take(ctx, form, out);
	if (rc == RC_OK && !zone_name_valid(form->timezone))
		rc = ctx_fail(ctx, RC_INVALID, "that is no name of a time zone");
	if (rc == RC_OK)
		rc = zone_load(ctx, form->timezone, &zone);
	if (rc == RC_NOT_FOUND)
		rc = RC_INVALID;
	if (rc == RC_OK)
		rc = event_time_take(ctx, &zone, form->starts, &out->start_ms);
	if (rc == RC_OK)
		rc = event_time_take(ctx, &zone, form->ends, &out->end_ms);
	return rc == RC_OK ? repeat_take(ctx, form, &zone, out) : rc;
}
