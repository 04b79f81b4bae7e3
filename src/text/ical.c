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

/* Section 3.3.5, form 2: "20261120T105608Z". */
static void time_line(struct buf *out, const char *name, uint64_t ms)
{
	struct buf date CLEANUP(buf_free) = BUF_INIT(64), value CLEANUP(buf_free) = BUF_INIT(64);
	if (ms == 0)
		return;
	date_add_rfc3339(&date, ms);
	struct str digits = str_take(buf_str(&date), sizeof("2026-11-20T10:56:08") - 1);
	buf_addf(&value, "%s:", name);
	for (size_t i = 0; i < digits.len; i++) {
		if (digits.ptr[i] != '-' && digits.ptr[i] != ':')
			buf_add_chr(&value, digits.ptr[i]);
	}
	buf_add_chr(&value, 'Z');
	line(out, buf_str(&value));
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
	time_line(out, "DTSTART", e->start_ms);
	/* section 3.8.2.2: later than its start */
	if (e->end_ms > e->start_ms)
		time_line(out, "DTEND", e->end_ms);
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

void ical_end(struct buf *out)
{
	line(out, STR("END:VCALENDAR"));
}
