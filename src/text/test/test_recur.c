/* Dates that recur, and the clocks of places: what RFC 5545 gives as examples, changes of clocks, rules that
 * are none. */
#include "text/recur.h"

#include "core/date.h"
#include "testkit.h"
#include "text/zone.h"

struct world {
	struct arena *arena;
	struct ctx ctx;
};

static void world_init(struct world *w)
{
	w->arena = arena_new((size_t)4 << 20);
	w->ctx = (struct ctx){ .arena = w->arena };
}

static void world_free(struct world *w)
{
	arena_free(&w->arena);
}

static uint64_t ms(const char *text)
{
	uint64_t out;
	assert_true(date_parse_rfc3339(str_of(text), &out));
	return out;
}

static enum rc dates(struct world *w, const char *rule, const char *start, struct buf *out)
{
	struct recur r;
	uint64_t list[RECUR_DATES_MAX];
	size_t n = 0;
	w->ctx.err = (struct err){ 0 };
	enum rc rc = recur_parse(&w->ctx, str_of(rule), &r);
	if (rc == RC_OK)
		rc = recur_dates(&w->ctx, &r, ms(start), r.until_ms, list, &n);
	for (size_t i = 0; rc == RC_OK && i < n; i++) {
		struct buf date CLEANUP(buf_free) = BUF_INIT(64);
		date_add_rfc3339(&date, list[i]);
		buf_addf(out, "%.*s ", 5, date.ptr + 5);
	}
	return rc;
}

static void rules_have_their_dates(void **state UNUSED)
{
	/* RFC 5545 section 3.8.5.3, and what months and years do */
	static const struct {
		const char *rule, *start, *dates;
	} rows[] = {
		{ "FREQ=DAILY;COUNT=3", "1997-09-02T09:00:00Z", "09-02 09-03 09-04 " },
		{ "FREQ=DAILY;INTERVAL=10;COUNT=5", "1997-09-02T09:00:00Z",
		  "09-02 09-12 09-22 10-02 10-12 " },
		{ "RRULE:FREQ=WEEKLY;UNTIL=19970930;BYDAY=TU,TH;WKST=SU", "1997-09-02T09:00:00Z",
		  "09-02 09-04 09-09 09-11 09-16 09-18 09-23 09-25 09-30 " },
		/* what a week begins with decides (section 3.3.10) */
		{ "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO", "1997-08-05T09:00:00Z",
		  "08-05 08-10 08-19 08-24 " },
		{ "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU", "1997-08-05T09:00:00Z",
		  "08-05 08-17 08-19 08-31 " },
		{ "FREQ=MONTHLY;COUNT=4;BYDAY=1FR", "1997-09-05T09:00:00Z",
		  "09-05 10-03 11-07 12-05 " },
		{ "FREQ=MONTHLY;INTERVAL=2;COUNT=4;BYDAY=1SU,-1SU", "1997-09-07T09:00:00Z",
		  "09-07 09-28 11-02 11-30 " },
		{ "FREQ=MONTHLY;COUNT=3;BYMONTHDAY=-3", "1997-09-28T09:00:00Z",
		  "09-28 10-29 11-28 " },
		/* a month without that day has none */
		{ "FREQ=MONTHLY;COUNT=3", "2026-01-31T09:00:00Z", "01-31 03-31 05-31 " },
		{ "FREQ=YEARLY;COUNT=2", "2028-02-29T09:00:00Z", "02-29 02-29 " },
		{ "FREQ=WEEKLY;UNTIL=19970916T090000Z", "1997-09-02T09:00:00Z",
		  "09-02 09-09 09-16 " },
	};
	struct world w CLEANUP(world_free);
	world_init(&w);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct buf out CLEANUP(buf_free) = BUF_INIT(4096);
		assert_int_equal(dates(&w, rows[i].rule, rows[i].start, &out), RC_OK);
		assert_str_eq(buf_str(&out), str_of(rows[i].dates));
	}
}

static void what_is_no_bounded_rule_is_refused(void **state UNUSED)
{
	static const char *const rules[] = {
		"",
		"FREQ",
		"FREQ=",
		"FREQ=HOURLY;COUNT=3",
		"COUNT=3",
		"FREQ=DAILY",
		"FREQ=DAILY;COUNT=0",
		"FREQ=DAILY;COUNT=1",
		"FREQ=DAILY;COUNT=201",
		"FREQ=DAILY;COUNT=-3",
		"FREQ=DAILY;COUNT=3;UNTIL=20300101",
		"FREQ=DAILY;COUNT=3;COUNT=4",
		"FREQ=DAILY;INTERVAL=0;COUNT=3",
		"FREQ=DAILY;INTERVAL=100;COUNT=3",
		"FREQ=DAILY;UNTIL=2030",
		"FREQ=DAILY;UNTIL=20301301",
		"FREQ=DAILY;UNTIL=20300101T0000",
		"FREQ=DAILY;UNTIL=20300101 000000Z",
		"FREQ=DAILY;UNTIL=20280101",
		"FREQ=WEEKLY;COUNT=3;BYDAY=XX",
		"FREQ=WEEKLY;COUNT=3;BYDAY=1MO",
		"FREQ=WEEKLY;COUNT=3;BYDAY=",
		"FREQ=MONTHLY;COUNT=3;BYDAY=6MO",
		"FREQ=MONTHLY;COUNT=3;BYMONTHDAY=32",
		"FREQ=WEEKLY;COUNT=3;BYMONTHDAY=2",
		"FREQ=YEARLY;COUNT=3;BYDAY=WE",
		"FREQ=DAILY;COUNT=3;BYSETPOS=1",
		"FREQ=DAILY;COUNT=3\r\nX:1",
		"FREQ=YEARLY;COUNT=12",
		"FREQ=MONTHLY;INTERVAL=99;UNTIL=20700101T000000Z",
		/* the first date is none of its own */
		"FREQ=WEEKLY;COUNT=3;BYDAY=MO",
	};
	struct world w CLEANUP(world_free);
	world_init(&w);
	for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
		struct buf out CLEANUP(buf_free) = BUF_INIT(4096);
		assert_int_equal(dates(&w, rules[i], "2026-12-02T09:00:00Z", &out), RC_INVALID);
		assert_true(err_text(&w.ctx.err)[0] != '\0');
	}
}

static void a_rule_is_written_in_one_form(void **state UNUSED)
{
	static const struct {
		const char *rule, *written;
	} rows[] = {
		{ "rrule:count=3;freq=daily", "FREQ=DAILY;COUNT=3" },
		{ "FREQ=WEEKLY;BYDAY=SU,MO;UNTIL=20300101;INTERVAL=2;WKST=SU",
		  "FREQ=WEEKLY;INTERVAL=2;UNTIL=20300101T235959;BYDAY=MO,SU;WKST=SU" },
		{ "FREQ=MONTHLY;BYDAY=-1FR,2TU;UNTIL=20300101T120000Z",
		  "FREQ=MONTHLY;UNTIL=20300101T120000Z;BYDAY=-1FR,2TU" },
		{ "FREQ=MONTHLY;BYMONTHDAY=1,-1;COUNT=4", "FREQ=MONTHLY;COUNT=4;BYMONTHDAY=1,-1" },
	};
	struct world w CLEANUP(world_free);
	world_init(&w);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct buf out CLEANUP(buf_free) = BUF_INIT(4096),
			       twice CLEANUP(buf_free) = BUF_INIT(4096);
		struct recur r;
		assert_int_equal(recur_parse(&w.ctx, str_of(rows[i].rule), &r), RC_OK);
		recur_add(&out, &r);
		assert_str_eq(buf_str(&out), str_of(rows[i].written));
		assert_int_equal(recur_parse(&w.ctx, buf_str(&out), &r), RC_OK);
		recur_add(&twice, &r);
		assert_str_eq(buf_str(&twice), buf_str(&out));
	}
}

/* --- zones --- */

static void put_number(struct buf *out, uint64_t n, size_t bytes)
{
	while (bytes-- != 0)
		buf_add_chr(out, (char)(n >> (8 * bytes)));
}

/* As RFC 8536 has it: an empty first block, then `changes` with two types, CET and CEST. */
static void zone_file(struct buf *out, const int64_t *changes, size_t count, const char *rule)
{
	for (int block = 0; block < 2; block++) {
		buf_add(out, STR("TZif2"));
		for (int i = 0; i < 15; i++)
			buf_add_chr(out, 0);
		const uint64_t counts[] = {
			0, 0, 0, block == 0 ? 0 : count, block == 0 ? 1 : 2, 4
		};
		for (size_t i = 0; i < ARRAY_LEN(counts); i++)
			put_number(out, counts[i], 4);
		for (size_t i = 0; block == 1 && i < count; i++)
			put_number(out, (uint64_t)changes[i], 8);
		for (size_t i = 0; block == 1 && i < count; i++)
			buf_add_chr(out, i % 2 == 0 ? 1 : 0);
		for (int type = 0; type <= block; type++) {
			put_number(out, type == 0 ? 3600 : 7200, 4);
			buf_add_chr(out, (char)type);
			buf_add_chr(out, 0);
		}
		buf_add(out, STR("CET"));
		buf_add_chr(out, 0);
	}
	buf_addf(out, "\n%s\n", rule);
}

static void clocks_change_as_the_file_says(void **state UNUSED)
{
	/* summer of 2026 by the list, what follows by the rule */
	const int64_t changes[] = { (int64_t)(ms("2026-03-29T01:00:00Z") / 1000),
				    (int64_t)(ms("2026-10-25T01:00:00Z") / 1000) };
	struct buf bytes CLEANUP(buf_free) = BUF_INIT(4096);
	struct world w CLEANUP(world_free);
	struct zone zone;
	static const struct {
		const char *utc;
		int offset;
	} rows[] = {
		{ "2026-03-29T00:59:59Z", 3600 }, { "2026-03-29T01:00:00Z", 7200 },
		{ "2026-10-25T00:59:59Z", 7200 }, { "2026-10-25T01:00:00Z", 3600 },
		{ "2030-03-31T00:59:59Z", 3600 }, { "2030-03-31T01:00:00Z", 7200 },
		{ "2030-10-27T00:59:59Z", 7200 }, { "2030-10-27T01:00:00Z", 3600 },
	};
	world_init(&w);
	zone_file(&bytes, changes, 2, "CET-1CEST,M3.5.0,M10.5.0/3");
	assert_int_equal(zone_decode(&w.ctx, buf_str(&bytes), &zone), RC_OK);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_int_equal(zone_offset_s(&zone, ms(rows[i].utc)), rows[i].offset);
	uint64_t at;
	assert_true(zone_next_change(&zone, ms("2026-06-01T00:00:00Z"), ms("2027-01-01T00:00:00Z"),
				     &at));
	assert_int_equal(at, ms("2026-10-25T01:00:00Z"));
	assert_false(zone_next_change(&zone, at, ms("2027-01-01T00:00:00Z"), &at));
	/* ten o'clock is ten o'clock */
	assert_int_equal(zone_to_utc(&zone, ms("2026-10-24T10:00:00Z")),
			 ms("2026-10-24T08:00:00Z"));
	assert_int_equal(zone_to_utc(&zone, ms("2026-10-26T10:00:00Z")),
			 ms("2026-10-26T09:00:00Z"));
	/* jumped over, and shown twice */
	assert_int_equal(zone_to_utc(&zone, ms("2026-03-29T02:30:00Z")),
			 ms("2026-03-29T01:30:00Z"));
	assert_int_equal(zone_to_utc(&zone, ms("2026-10-25T02:30:00Z")),
			 ms("2026-10-25T00:30:00Z"));
	/* damaged files */
	for (size_t len = 0; len + 30 < bytes.len; len++)
		assert_int_equal(zone_decode(&w.ctx, str_take(buf_str(&bytes), len), &zone),
				 RC_INVALID);
}

static void rules_of_other_hemispheres_and_forms(void **state UNUSED)
{
	static const struct {
		const char *rule, *utc;
		int offset;
	} rows[] = {
		{ "AEST-10AEDT,M10.1.0,M4.1.0/3", "2031-01-01T00:00:00Z", 39600 },
		{ "AEST-10AEDT,M10.1.0,M4.1.0/3", "2031-07-01T00:00:00Z", 36000 },
		{ "<+0545>-5:45", "2031-01-01T00:00:00Z", 20700 },
		{ "EST5EDT,M3.2.0,M11.1.0", "2031-07-01T00:00:00Z", -14400 },
		/* unknown: the last change goes on */
		{ "CET-1CEST,J60,J300", "2031-07-01T00:00:00Z", 3600 },
		{ "", "2031-07-01T00:00:00Z", 3600 },
	};
	struct world w CLEANUP(world_free);
	world_init(&w);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct buf bytes CLEANUP(buf_free) = BUF_INIT(4096);
		struct zone zone;
		zone_file(&bytes, NULL, 0, rows[i].rule);
		assert_int_equal(zone_decode(&w.ctx, buf_str(&bytes), &zone), RC_OK);
		assert_int_equal(zone_offset_s(&zone, ms(rows[i].utc)), rows[i].offset);
	}
}

static void only_names_of_zones_are_looked_for(void **state UNUSED)
{
	static const char *const names[] = { "../../../etc/passwd", "Europe/No Where", "a.b" };
	struct world w CLEANUP(world_free);
	struct zone zone;
	world_init(&w);
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		assert_int_equal(zone_load(&w.ctx, str_of(names[i]), &zone), RC_INVALID);
	assert_int_equal(zone_load(&w.ctx, STR("No/Where"), &zone), RC_NOT_FOUND);
	assert_int_equal(zone_load(&w.ctx, STR("Europe"), &zone), RC_NOT_FOUND);
	assert_int_equal(zone_load(&w.ctx, STR(""), &zone), RC_OK);
	assert_int_equal(zone_offset_s(&zone, ms("2026-06-01T00:00:00Z")), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rules_have_their_dates),
		cmocka_unit_test(what_is_no_bounded_rule_is_refused),
		cmocka_unit_test(a_rule_is_written_in_one_form),
		cmocka_unit_test(clocks_change_as_the_file_says),
		cmocka_unit_test(rules_of_other_hemispheres_and_forms),
		cmocka_unit_test(only_names_of_zones_are_looked_for),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
