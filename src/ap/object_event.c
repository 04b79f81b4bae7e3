/* When and where an Event is (Activity Vocabulary section 3.3; Mobilizon, WordPress, Gancio). Pure. */
#include "ap/event.h"
#include "core/attr.h"
#include "core/buf.h"
#include "field_int.h"
#include "object_int.h"

#define ADDRESS_MAX 500
#define TIMEZONE_MAX 64

/* schema:PostalAddress, from near to far. */
static const char *const address_parts[] = { "streetAddress", "postalCode", "addressLocality",
					     "addressRegion", "addressCountry" };

static struct str address_text(const struct ap_reader *reader, struct jr address)
{
	struct buf text = BUF_INIT(ADDRESS_MAX + 8);
	if (jr_type(address) != JR_OBJECT)
		return ap_cut(jr_str(address), ADDRESS_MAX);
	for (size_t i = 0; i < ARRAY_LEN(address_parts); i++) {
		struct str part = jr_str(jr_get(address, address_parts[i]));
		if (part.len == 0 || text.len + part.len + 2 > ADDRESS_MAX)
			continue;
		if (text.len != 0)
			buf_add(&text, STR(", "));
		buf_add(&text, part);
	}
	if (text.len == 0) {
		buf_free(&text);
		return STR_NONE;
	}
	return arena_take_buf(reader->ctx->arena, &text);
}

/* Of several locations the one with a name is the place, and a VirtualLocation's url is kept. */
static void place_decode(const struct ap_reader *reader, struct jr location, struct ap_event *out)
{
	struct str name = jr_type(location) == JR_STRING
				  ? jr_str(location)
				  : ap_text(location, "name", "nameMap", NULL);
	struct str address = address_text(reader, jr_get(location, "address"));
	struct str url = ap_id(reader, jr_get(location, "url"));
	if (out->place.ptr == NULL && name.len != 0)
		out->place = ap_cut(name, ADDRESS_MAX);
	if (out->address.ptr == NULL && address.len != 0)
		out->address = address;
	if (out->url.ptr == NULL && url.ptr != NULL)
		out->url = url;
}

/* --- how one takes part --- */

static const char *const join_words[] = {
	[AP_JOIN_FREE] = "free",	 [AP_JOIN_RESTRICTED] = "restricted",
	[AP_JOIN_EXTERNAL] = "external", [AP_JOIN_INVITE] = "invite",
	[AP_JOIN_NONE] = "none",
};

/* FEP-8a8e, "Event status"; the words of iCalendar are those of Mobilizon (RFC 5545 section 3.8.1.11). */
static const struct {
	enum ap_event_state state;
	const char *word, *ical;
} states[] = {
	{ AP_EVENT_SCHEDULED, "EventScheduled", "CONFIRMED" },
	{ AP_EVENT_TENTATIVE, "EventTentative", "TENTATIVE" },
	{ AP_EVENT_POSTPONED, "EventPostponed", "TENTATIVE" },
	{ AP_EVENT_CANCELLED, "EventCancelled", "CANCELLED" },
};

static enum ap_join join_decode(struct jr mode)
{
	for (size_t i = AP_JOIN_FREE; i < ARRAY_LEN(join_words); i++) {
		if (str_eq(jr_str(mode), str_of(join_words[i])))
			return (enum ap_join)i;
	}
	return AP_JOIN_UNSAID;
}

/* A term, or its whole address. */
static bool is_state(struct str text, const char *word)
{
	struct str name = str_of(word);
	return str_eq(text, name) ||
	       (text.len > name.len && str_eq(str_skip(text, text.len - name.len), name) &&
		text.ptr[text.len - name.len - 1] == '/');
}

static enum ap_event_state state_decode(struct jr object)
{
	struct str told = jr_str(jr_get(object, "eventStatus"));
	struct str ical = jr_str(jr_get(object, "status"));
	if (ical.ptr == NULL)
		ical = jr_str(jr_get(object, "ical:status"));
	for (size_t i = 0; i < ARRAY_LEN(states); i++) {
		if (told.ptr != NULL ? is_state(told, states[i].word)
				     : str_eq_nocase(ical, str_of(states[i].ical)))
			return states[i].state;
	}
	return AP_EVENT_SCHEDULED;
}

static uint32_t number(struct jr v)
{
	int64_t n;
	return jr_i64(v, &n) && n > 0 && n <= UINT32_MAX ? (uint32_t)n : 0;
}

/* The name of a zone as IANA has them: nothing else is passed on. */
static struct str timezone_decode(struct jr v)
{
	struct str name = jr_str(v);
	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];
		bool letter =
			(c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
		if (!letter && c != '/' && c != '_' && c != '-' && c != '+')
			return STR_NONE;
	}
	return name.len <= TIMEZONE_MAX ? name : STR_NONE;
}

/* FEP-8a8e has a collection of those who attend; Mobilizon a number. */
static void participants_decode(struct jr object, struct ap_event *out)
{
	struct jr count = jr_get(object, "participantCount");
	if (jr_type(count) == JR_ABSENT)
		count = jr_get(jr_get(object, "attendees"), "totalItems");
	out->has_participants = jr_type(count) == JR_NUMBER;
	out->participants = number(count);
}

/* Mobilizon: an event of a group is attributed to it, and its maker is the actor. */
static struct str group_decode(const struct ap_reader *reader, struct jr object,
			       const struct ap_object *o)
{
	struct str group = ap_id(reader, jr_one_at(jr_get(object, "attributedTo"), 0));
	return !str_eq(group, o->attributed_to) && ap_same_origin(reader, group, o->id) ? group
											: STR_NONE;
}

static void terms_decode(const struct ap_reader *reader, struct jr object, struct ap_object *out)
{
	out->event.join = join_decode(jr_get(object, "joinMode"));
	out->event.state = state_decode(object);
	out->event.capacity = number(jr_get(object, "maximumAttendeeCapacity"));
	out->event.timezone = timezone_decode(jr_get(object, "timezone"));
	out->event.group = group_decode(reader, object, out);
	participants_decode(object, &out->event);
}

void object_event_decode(const struct ap_reader *reader, struct jr object, struct ap_object *out)
{
	struct jr locations = jr_get(object, "location");
	if (!str_eq(out->type, STR("Event")))
		return;
	out->event.start_ms = ap_time(jr_get(object, "startTime"));
	out->event.end_ms = ap_time(jr_get(object, "endTime"));
	if (out->event.end_ms < out->event.start_ms)
		out->event.end_ms = 0;
	for (size_t i = 0; i < jr_one_count(locations) && i < 4; i++)
		place_decode(reader, jr_one_at(locations, i), &out->event);
	/* Mobilizon: joined elsewhere */
	if (out->event.url.ptr == NULL)
		out->event.url = ap_id(reader, jr_get(object, "externalParticipationUrl"));
	terms_decode(reader, object, out);
}

/* --- out --- */

static void write_place(struct jw *w, const struct ap_event *e)
{
	/* FEP-8a8e, "Virtual": what has no place but an address in the net */
	bool virtual = e->place.len == 0 && e->address.len == 0;
	if (virtual && e->url.len == 0)
		return;
	jw_name(w, "location");
	jw_object(w);
	jw_member_str(w, "type", virtual ? STR("VirtualLocation") : STR("Place"));
	jw_member_str(w, "name", e->place.len != 0 ? e->place : virtual ? e->url : e->address);
	jw_member_opt(w, "address", e->address);
	jw_member_opt(w, "url", e->url);
	jw_end(w);
}

static void write_organizers(struct jw *w, struct str organizer)
{
	jw_name(w, "organizers");
	jw_object(w);
	jw_member_str(w, "type", STR("Collection"));
	jw_member_u64(w, "totalItems", 1);
	jw_name(w, "items");
	jw_array(w);
	jw_str(w, organizer);
	jw_end(w);
	jw_end(w);
}

static void write_attendance(struct jw *w, const struct ap_event *e)
{
	uint32_t left = e->participants < e->capacity ? e->capacity - e->participants : 0;
	if (e->capacity != 0) {
		jw_member_u64(w, "maximumAttendeeCapacity", e->capacity);
		jw_member_u64(w, "remainingAttendeeCapacity", left);
	}
	if (!e->has_participants)
		return;
	jw_member_u64(w, "participantCount", e->participants);
	jw_name(w, "attendees");
	jw_object(w);
	jw_member_str(w, "type", STR("Collection"));
	jw_member_u64(w, "totalItems", e->participants);
	jw_end(w);
}

void ap_write_event(struct jw *w, const struct ap_event *e, struct str organizer)
{
	jw_member_date(w, "startTime", e->start_ms);
	if (e->end_ms != 0)
		jw_member_date(w, "endTime", e->end_ms);
	jw_member_opt(w, "timezone", e->timezone);
	write_place(w, e);
	write_organizers(w, organizer);
	jw_member_str(w, "eventStatus", str_of(states[e->state].word));
	jw_member_str(w, "status", str_of(states[e->state].ical));
	if (e->join != AP_JOIN_UNSAID)
		jw_member_str(w, "joinMode", str_of(join_words[e->join]));
	if (e->join == AP_JOIN_EXTERNAL)
		jw_member_opt(w, "externalParticipationUrl", e->url);
	write_attendance(w, e);
}
