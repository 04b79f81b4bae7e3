/* Calendars: the form to the byte, long lines, texts that try to be more than that. */
#include "text/ical.h"

#include "core/utf8.h"
#include "testkit.h"

static const struct ical_event plain = {
	.uid = STR_INIT("https://a.example/users/a/statuses/1"),
	.stamp_ms = 1795172168000,
	.created_ms = 1795172100000,
	.start_ms = 1796148000000,
	.end_ms = 1796151600000,
	.sequence = 68,
	.summary = STR_INIT("Tea; cake, and \\ more"),
	.description = STR_INIT("One\nTwo\r\nEND:VEVENT"),
	.location = STR_INIT("Hall"),
	.url = STR_INIT("https://a.example/@a/1"),
	.organizer = STR_INIT("https://a.example/users/a"),
	.organizer_name = STR_INIT("A \"B\": C"),
};

static void an_event_is_written_by_the_letter(void **state UNUSED)
{
	struct buf out CLEANUP(buf_free) = BUF_INIT(1 << 16);
	ical_begin(&out, STR("Tea"));
	ical_event(&out, &plain);
	ical_end(&out);
	assert_str_eq(buf_str(&out),
		      STR("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//FediFlow//FediFlow//EN\r\n"
			  "CALSCALE:GREGORIAN\r\nNAME:Tea\r\nX-WR-CALNAME:Tea\r\n"
			  "BEGIN:VEVENT\r\nUID:https://a.example/users/a/statuses/1\r\n"
			  "DTSTAMP:20261120T105608Z\r\nCREATED:20261120T105500Z\r\n"
			  "LAST-MODIFIED:20261120T105608Z\r\n"
			  "DTSTART:20261201T180000Z\r\nDTEND:20261201T190000Z\r\nSEQUENCE:68\r\n"
			  "STATUS:CONFIRMED\r\nSUMMARY:Tea\\; cake\\, and \\\\ more\r\n"
			  "DESCRIPTION:One\\nTwo\\nEND:VEVENT\r\nLOCATION:Hall\r\n"
			  "URL:https://a.example/@a/1\r\n"
			  "ORGANIZER;CN=\"A B: C\":https://a.example/users/a\r\n"
			  "END:VEVENT\r\nEND:VCALENDAR\r\n"));
}

static void what_is_not_told_is_left_out(void **state UNUSED)
{
	struct buf out CLEANUP(buf_free) = BUF_INIT(1 << 16);
	const struct ical_event e = { .uid = STR("u"),
				      .stamp_ms = 1000,
				      .start_ms = 1796148000000,
				      .end_ms = 1796148000000,
				      .status = ICAL_CANCELLED };
	ical_event(&out, &e);
	assert_str_eq(buf_str(&out),
		      STR("BEGIN:VEVENT\r\nUID:u\r\nDTSTAMP:19700101T000001Z\r\n"
			  "LAST-MODIFIED:19700101T000001Z\r\nDTSTART:20261201T180000Z\r\n"
			  "SEQUENCE:0\r\nSTATUS:CANCELLED\r\nEND:VEVENT\r\n"));
}

static void a_series_is_told_by_the_clocks_of_its_place(void **state UNUSED)
{
	struct buf out CLEANUP(buf_free) = BUF_INIT(1 << 16);
	/* Rome, without a list of changes */
	const struct zone rome = { .first = 3600,
				   .has_rule = true,
				   .has_summer = true,
				   .winter = 3600,
				   .summer = 7200,
				   .begins = { 3, 5, 0, 7200 },
				   .ends = { 10, 5, 0, 10800 } };
	const uint64_t off = 1793174400000; /* 2026-10-28T08:00:00Z */
	struct ical_event e = { .uid = STR("u"),
				.stamp_ms = 1000,
				.start_ms = 1792562400000, /* 2026-10-21T06:00:00Z */
				.rule = STR("FREQ=WEEKLY;COUNT=3"),
				.zone = &rome,
				.zone_name = STR("Europe/Rome"),
				.excluded = &off,
				.excluded_count = 1 };
	ical_zone(&out, STR("Europe/Rome"), &rome, 1792562400000, 1793750400000);
	ical_event(&out, &e);
	assert_str_eq(buf_str(&out),
		      STR("BEGIN:VTIMEZONE\r\nTZID:Europe/Rome\r\n"
			  "BEGIN:STANDARD\r\nDTSTART:20261021T080000\r\n"
			  "TZOFFSETFROM:+0200\r\nTZOFFSETTO:+0200\r\nEND:STANDARD\r\n"
			  "BEGIN:STANDARD\r\nDTSTART:20261025T030000\r\n"
			  "TZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nEND:STANDARD\r\n"
			  "END:VTIMEZONE\r\n"
			  "BEGIN:VEVENT\r\nUID:u\r\nDTSTAMP:19700101T000001Z\r\n"
			  "LAST-MODIFIED:19700101T000001Z\r\n"
			  "RRULE:FREQ=WEEKLY;COUNT=3\r\n"
			  "EXDATE;TZID=Europe/Rome:20261028T090000\r\n"
			  "DTSTART;TZID=Europe/Rome:20261021T080000\r\nSEQUENCE:0\r\n"
			  "STATUS:CONFIRMED\r\nEND:VEVENT\r\n"));
	/* where the clocks are not known, date by date */
	buf_reset(&out);
	e.zone = NULL;
	e.dates = &off;
	e.date_count = 1;
	e.excluded_count = 0;
	ical_event(&out, &e);
	assert_true(str_contains(buf_str(&out), STR("\r\nRDATE:20261028T080000Z\r\n")));
	assert_false(str_contains(buf_str(&out), STR("RRULE")));
}

/* Joined again, the lines are what was folded. */
static void unfold(struct str text, struct buf *out)
{
	struct str one;
	bool first = true;
	while (text.len != 0) {
		size_t end = 0;
		while (end < text.len && text.ptr[end] != '\r')
			end++;
		one = str_take(text, end);
		text = str_skip(text, end + 2);
		assert_true(one.len <= 75);
		assert_true(utf8_valid(one));
		bool more = str_has_prefix(one, STR(" "));
		if (!more && !first)
			buf_add_chr(out, '\n');
		buf_add(out, more ? str_skip(one, 1) : one);
		first = false;
	}
}

static void long_lines_are_folded_between_characters(void **state UNUSED)
{
	for (size_t len = 0; len < 400; len++) {
		struct buf name CLEANUP(buf_free) = BUF_INIT(4096);
		struct buf out CLEANUP(buf_free) = BUF_INIT(1 << 16);
		struct buf back CLEANUP(buf_free) = BUF_INIT(1 << 16);
		struct ical_event e = { .uid = STR("u"), .stamp_ms = 1000, .start_ms = 1000 };
		for (size_t i = 0; i < len; i++)
			buf_add(&name, i % 3 == 0   ? STR("\xf0\x9f\x8c\x9f")
				       : i % 3 == 1 ? STR("x")
						    : STR("\xc3\xa9"));
		e.summary = buf_str(&name);
		ical_event(&out, &e);
		unfold(buf_str(&out), &back);
		assert_true(str_contains(buf_str(&back), e.summary));
	}
}

static void nothing_breaks_out_of_its_line(void **state UNUSED)
{
	struct buf out CLEANUP(buf_free) = BUF_INIT(1 << 16);
	const struct ical_event e = {
		.uid = STR("u\r\nX:1"),
		.stamp_ms = 1000,
		.start_ms = 1000,
		.summary = STR("a\rb\x01"),
		.url = STR("https://a.example/\r\nATTACH:x"),
		.organizer = STR("https://a.example/\nX:2"),
		.organizer_name = STR("n\r\nX:3"),
	};
	ical_event(&out, &e);
	assert_false(str_contains(buf_str(&out), STR("\nX:")));
	assert_false(str_contains(buf_str(&out), STR("\nATTACH")));
	assert_true(str_contains(buf_str(&out), STR("SUMMARY:ab\r\n")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_event_is_written_by_the_letter),
		cmocka_unit_test(what_is_not_told_is_left_out),
		cmocka_unit_test(a_series_is_told_by_the_clocks_of_its_place),
		cmocka_unit_test(long_lines_are_folded_between_characters),
		cmocka_unit_test(nothing_breaks_out_of_its_line),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
