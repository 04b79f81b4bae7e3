/* Writing of calendars (RFC 5545). Pure. */
#include "text/ical.h"

#include "core/date.h"
#include "core/utf8.h"

#define LINE_MAX_BYTES 75
#define VALUE_MAX ((size_t)256 << 10)

static bool is_continuation(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

/* Section 3.1: no line has more than 75 octets; what is longer goes on behind a blank. A character is
 * never parted. */
static void line(struct buf *out, struct str text)
{
	size_t room = LINE_MAX_BYTES;
	while (text.len > room) {
		size_t cut = room;
		while (cut > 1 && is_continuation(text.ptr[cut]))
			cut--;
		buf_add(out, str_take(text, cut));
		buf_add(out, STR("\r\n "));
		text = str_skip(text, cut);
		room = LINE_MAX_BYTES - 1;
	}
	buf_add(out, text);
	buf_add(out, STR("\r\n"));
}

/* Section 3.3.11. Control characters have no form there. */
static void add_text(struct buf *out, struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		if (c == '\n')
			buf_add(out, STR("\\n"));
		else if (c == '\\' || c == ';' || c == ',')
			buf_addf(out, "\\%c", c);
		else if (((unsigned char)c >= 0x20 && c != 0x7f) || c == '\t')
			buf_add_chr(out, c);
	}
}

static void text_line(struct buf *out, const char *name, struct str text)
{
	struct buf value CLEANUP(buf_free) = BUF_INIT(VALUE_MAX);
	if (text.len == 0)
		return;
	buf_addf(&value, "%s:", name);
	add_text(&value, text);
	if (value.failed)
		buf_fail(out);
	line(out, buf_str(&value));
}

/* An address is no text: nothing in it is escaped, and what would end its line is left out. */
static void add_address(struct buf *out, struct str address)
{
	for (size_t i = 0; i < address.len; i++) {
		if ((unsigned char)address.ptr[i] > 0x20 && address.ptr[i] != 0x7f)
			buf_add_chr(out, address.ptr[i]);
	}
}

static void address_line(struct buf *out, const char *name, struct str address)
{
	struct buf value CLEANUP(buf_free) = BUF_INIT(VALUE_MAX);
	if (address.len == 0)
		return;
	buf_addf(&value, "%s:", name);
	add_address(&value, address);
	if (value.failed)
		buf_fail(out);
	line(out, buf_str(&value));
}

/* "20261120T105608" */
static void add_time(struct buf *out, uint64_t ms)
{
	struct buf date CLEANUP(buf_free) = BUF_INIT(64);
	date_add_rfc3339(&date, ms);
	struct str digits = str_take(buf_str(&date), sizeof("2026-11-20T10:56:08") - 1);
	for (size_t i = 0; i < digits.len; i++) {
		if (digits.ptr[i] != '-' && digits.ptr[i] != ':')
			buf_add_chr(out, digits.ptr[i]);
	}
}

/* Section 3.3.5, form 2: by UTC. */
static void time_line(struct buf *out, const char *name, uint64_t ms)
{
	struct buf value CLEANUP(buf_free) = BUF_INIT(64);
	if (ms == 0)
		return;
	buf_addf(&value, "%s:", name);
	add_time(&value, ms);
	buf_add_chr(&value, 'Z');
	line(out, buf_str(&value));
}

/* Form 3: by the clocks of the event's zone, where it has one. */
static void zoned_lines(struct buf *out, const struct ical_event *e, const char *name,
			const uint64_t *times, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct buf value CLEANUP(buf_free) = BUF_INIT(256);
		if (e->zone == NULL || e->zone_name.len == 0) {
			time_line(out, name, times[i]);
			continue;
		}
		buf_addf(&value, "%s;TZID=%.*s:", name, STR_ARG(e->zone_name));
		add_time(&value, zone_to_local(e->zone, times[i]));
		line(out, buf_str(&value));
	}
}

/* Section 3.8.4.3; the name as a quoted parameter value, which has no quotes in it (section 3.2). */
static void organizer_line(struct buf *out, const struct ical_event *e)
{
	struct buf value CLEANUP(buf_free) = BUF_INIT(VALUE_MAX);
	if (e->organizer.len == 0)
		return;
	buf_add(&value, STR("ORGANIZER"));
	if (e->organizer_name.len != 0) {
		buf_add(&value, STR(";CN=\""));
		for (size_t i = 0; i < e->organizer_name.len; i++) {
			char c = e->organizer_name.ptr[i];
			if ((unsigned char)c >= 0x20 && c != '"' && c != 0x7f)
				buf_add_chr(&value, c);
		}
		buf_add_chr(&value, '"');
	}
	buf_add_chr(&value, ':');
	add_address(&value, e->organizer);
	if (value.failed)
		buf_fail(out);
	line(out, buf_str(&value));
}

void ical_begin(struct buf *out, struct str name)
{
	line(out, STR("BEGIN:VCALENDAR"));
	line(out, STR("VERSION:2.0"));
	line(out, STR("PRODID:-//FediFlow//FediFlow//EN"));
	line(out, STR("CALSCALE:GREGORIAN"));
	/* RFC 7986 section 5.1, and what was there before it */
	text_line(out, "NAME", name);
	text_line(out, "X-WR-CALNAME", name);
}

/* Sections 3.8.5.1 to 3.8.5.3 and 3.8.4.4. */
static void series_lines(struct buf *out, const struct ical_event *e)
{
	struct buf value CLEANUP(buf_free) = BUF_INIT(1024);
	zoned_lines(out, e, "RECURRENCE-ID", &e->recurrence_ms, e->recurrence_ms != 0);
	if (e->rule.len == 0)
		return;
	if (e->zone == NULL) {
		zoned_lines(out, e, "RDATE", e->dates, e->date_count);
	} else {
		buf_addf(&value, "RRULE:%.*s", STR_ARG(e->rule));
		line(out, buf_str(&value));
	}
	zoned_lines(out, e, "EXDATE", e->excluded, e->excluded_count);
}

void ical_event(struct buf *out, const struct ical_event *e)
{
	static const char *const statuses[] = { [ICAL_CONFIRMED] = "CONFIRMED",
						[ICAL_TENTATIVE] = "TENTATIVE",
						[ICAL_CANCELLED] = "CANCELLED" };
	struct buf sequence CLEANUP(buf_free) = BUF_INIT(32);
	line(out, STR("BEGIN:VEVENT"));
	text_line(out, "UID", e->uid);
	time_line(out, "DTSTAMP", e->stamp_ms);
	time_line(out, "CREATED", e->created_ms);
	time_line(out, "LAST-MODIFIED", e->stamp_ms);
	series_lines(out, e);
	zoned_lines(out, e, "DTSTART", &e->start_ms, e->start_ms != 0);
	/* section 3.8.2.2: later than its start */
	zoned_lines(out, e, "DTEND", &e->end_ms, e->end_ms > e->start_ms);
	buf_addf(&sequence, "SEQUENCE:%u", (unsigned)e->sequence);
	line(out, buf_str(&sequence));
	text_line(out, "STATUS", str_of(statuses[e->status]));
	text_line(out, "SUMMARY", e->summary);
	text_line(out, "DESCRIPTION", e->description);
	text_line(out, "LOCATION", e->location);
	address_line(out, "URL", e->url);
	organizer_line(out, e);
	line(out, STR("END:VEVENT"));
}

/* "+0100" */
static void offset_line(struct buf *out, const char *name, int32_t offset)
{
	struct buf value CLEANUP(buf_free) = BUF_INIT(64);
	unsigned seconds = (unsigned)(offset < 0 ? -offset : offset);
	buf_addf(&value, "%s:%c%02u%02u", name, offset < 0 ? '-' : '+', seconds / 3600,
		 seconds / 60 % 60);
	if (seconds % 60 != 0)
		buf_addf(&value, "%02u", seconds % 60);
	line(out, buf_str(&value));
}

/* One stretch of time; it begins by the clocks before it. */
static void observance(struct buf *out, uint64_t local_ms, int32_t before, int32_t offset)
{
	struct buf value CLEANUP(buf_free) = BUF_INIT(64);
	struct str kind = offset > before ? STR("DAYLIGHT") : STR("STANDARD");
	buf_addf(&value, "BEGIN:%.*s", STR_ARG(kind));
	line(out, buf_str(&value));
	buf_reset(&value);
	buf_add(&value, STR("DTSTART:"));
	add_time(&value, local_ms);
	line(out, buf_str(&value));
	offset_line(out, "TZOFFSETFROM", before);
	offset_line(out, "TZOFFSETTO", offset);
	buf_reset(&value);
	buf_addf(&value, "END:%.*s", STR_ARG(kind));
	line(out, buf_str(&value));
}

void ical_zone(struct buf *out, struct str name, const struct zone *zone, uint64_t from_ms,
	       uint64_t to_ms)
{
	int32_t offset = zone_offset_s(zone, from_ms);
	uint64_t at = from_ms;
	line(out, STR("BEGIN:VTIMEZONE"));
	text_line(out, "TZID", name);
	observance(out, zone_to_local(zone, from_ms), offset, offset);
	while (zone_next_change(zone, at, to_ms, &at)) {
		int32_t next = zone_offset_s(zone, at);
		observance(out, (uint64_t)((int64_t)at + (int64_t)offset * 1000), offset, next);
		offset = next;
	}
	line(out, STR("END:VTIMEZONE"));
}

void ical_end(struct buf *out)
{
	line(out, STR("END:VCALENDAR"));
}
