/* When and where an Event is (Activity Vocabulary section 3.3; Mobilizon, WordPress, Gancio). Pure. */
#include "core/attr.h"
#include "core/buf.h"
#include "field_int.h"
#include "object_int.h"

#define ADDRESS_MAX 500

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
}
