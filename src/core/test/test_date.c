/* Dates: the examples of the RFCs, leap years, offsets, and what is no date. */
#include "core/date.h"

#include "core/clock.h"
#include "testkit.h"

struct row {
	struct str text;
	uint64_t ms;
};

static void assert_dates(const struct row *rows, size_t count,
			 bool (*parse)(struct str, uint64_t *))
{
	for (size_t i = 0; i < count; i++) {
		uint64_t ms = 0;
		if (!parse(rows[i].text, &ms) || ms != rows[i].ms)
			fail_msg("%.*s: %llu", STR_ARG(rows[i].text), (unsigned long long)ms);
	}
}

static void assert_no_dates(const struct str *texts, size_t count,
			    bool (*parse)(struct str, uint64_t *))
{
	for (size_t i = 0; i < count; i++) {
		uint64_t ms = 42;
		if (parse(texts[i], &ms))
			fail_msg("%.*s: taken", STR_ARG(texts[i]));
		assert_int_equal(ms, 42);
	}
}

static void reads_the_examples_of_rfc_3339(void **state UNUSED)
{
	/* section 5.8 */
	static const struct row rows[] = {
		{ STR_INIT("1985-04-12T23:20:50.52Z"), UINT64_C(482196050520) },
		{ STR_INIT("1996-12-19T16:39:57-08:00"), UINT64_C(851042397000) },
		{ STR_INIT("1990-12-31T23:59:60Z"), UINT64_C(662688000000) },
		{ STR_INIT("1990-12-31T15:59:60-08:00"), UINT64_C(662688000000) },
	};
	/* the year 1937 is before all that can be stored */
	static const struct str refused[] = { STR_INIT("1937-01-01T12:00:27.87+00:20") };
	assert_dates(rows, ARRAY_LEN(rows), date_parse_rfc3339);
	assert_no_dates(refused, ARRAY_LEN(refused), date_parse_rfc3339);
}

static void reads_offsets_and_fractions(void **state UNUSED)
{
	static const struct row rows[] = {
		{ STR_INIT("1970-01-01T00:00:00Z"), 0 },
		{ STR_INIT("1970-01-01T00:00:00-00:00"), 0 },
		{ STR_INIT("1970-01-01T00:00:00+00:00"), 0 },
		{ STR_INIT("1970-01-01T01:00:00+01:00"), 0 },
		{ STR_INIT("1970-01-02T05:30:00+05:30"), MS_PER_DAY },
		{ STR_INIT("1970-01-01T00:00:00-23:59"), 23 * MS_PER_HOUR + 59 * MS_PER_MINUTE },
		{ STR_INIT("1970-01-01t00:00:00z"), 0 },
		{ STR_INIT("1970-01-01 00:00:01Z"), 1000 },
		{ STR_INIT("1970-01-01T00:00:00.1Z"), 100 },
		{ STR_INIT("1970-01-01T00:00:00.12Z"), 120 },
		{ STR_INIT("1970-01-01T00:00:00.123Z"), 123 },
		{ STR_INIT("1970-01-01T00:00:00.123999999999999999999999Z"), 123 },
		{ STR_INIT("1970-01-01T00:00:00.0009Z"), 0 },
		{ STR_INIT("2026-11-20T10:56:08.123Z"), UINT64_C(1795172168123) },
		{ STR_INIT("9999-12-31T23:59:59.999Z"), UINT64_C(253402300799999) },
	};
	assert_dates(rows, ARRAY_LEN(rows), date_parse_rfc3339);
}

static void knows_leap_years(void **state UNUSED)
{
	static const struct row rows[] = {
		{ STR_INIT("2000-02-29T00:00:00Z"), UINT64_C(951782400000) },
		{ STR_INIT("2000-03-01T00:00:00Z"), UINT64_C(951868800000) },
		{ STR_INIT("2024-02-29T23:59:59Z"), UINT64_C(1709251199000) },
		{ STR_INIT("2024-12-31T00:00:00Z"), UINT64_C(1735603200000) },
		{ STR_INIT("2025-02-28T00:00:00Z"), UINT64_C(1740700800000) },
		{ STR_INIT("2100-02-28T00:00:00Z"), UINT64_C(4107456000000) },
		{ STR_INIT("2100-03-01T00:00:00Z"), UINT64_C(4107542400000) },
		{ STR_INIT("2400-02-29T00:00:00Z"), UINT64_C(13574563200000) },
	};
	static const struct str refused[] = {
		STR_INIT("2023-02-29T00:00:00Z"),
		STR_INIT("2100-02-29T00:00:00Z"),
		STR_INIT("2024-02-30T00:00:00Z"),
	};
	assert_dates(rows, ARRAY_LEN(rows), date_parse_rfc3339);
	assert_no_dates(refused, ARRAY_LEN(refused), date_parse_rfc3339);
}

static void refuses_what_is_no_rfc_3339_date(void **state UNUSED)
{
	static const struct str refused[] = {
		STR_INIT(""),
		STR_INIT("2026"),
		STR_INIT("2026-11-20"),
		STR_INIT("2026-11-20T10:56:08"),
		STR_INIT("2026-11-20T10:56Z"),
		STR_INIT("2026-11-20T10:56:08.Z"),
		STR_INIT("2026-11-20T10:56:08,5Z"),
		STR_INIT("2026-11-20T10:56:08Zx"),
		STR_INIT(" 2026-11-20T10:56:08Z"),
		STR_INIT("2026-11-20T10:56:08Z "),
		STR_INIT("2026-11-20X10:56:08Z"),
		STR_INIT("2026-1-20T10:56:08Z"),
		STR_INIT("2026-00-20T10:56:08Z"),
		STR_INIT("2026-13-20T10:56:08Z"),
		STR_INIT("2026-11-00T10:56:08Z"),
		STR_INIT("2026-11-31T10:56:08Z"),
		STR_INIT("2026-11-20T24:00:00Z"),
		STR_INIT("2026-11-20T10:60:08Z"),
		STR_INIT("2026-11-20T10:56:61Z"),
		STR_INIT("2026-11-20T-1:56:08Z"),
		STR_INIT("2026-11-20T10:56:08+24:00"),
		STR_INIT("2026-11-20T10:56:08+00:60"),
		STR_INIT("2026-11-20T10:56:08+0000"),
		STR_INIT("2026-11-20T10:56:08+00"),
		STR_INIT("2026-11-20T10:56:08 Z"),
		STR_INIT("+026-11-20T10:56:08Z"),
		STR_INIT("12026-11-20T10:56:08Z"),
		STR_INIT("1969-12-31T23:59:59Z"),
		STR_INIT("1970-01-01T00:59:59+01:00"),
		/* the year 10000 in UTC */
		STR_INIT("9999-12-31T23:59:59-00:01"),
		STR_INIT("9999-12-31T23:59:60Z"),
		STR_INIT("2026-11-20T10:56:08\0Z"),
	};
	assert_no_dates(refused, ARRAY_LEN(refused), date_parse_rfc3339);
}

static void reads_the_date_of_http(void **state UNUSED)
{
	static const struct row rows[] = {
		/* RFC 9110 section 5.6.7 */
		{ STR_INIT("Sun, 06 Nov 1994 08:49:37 GMT"), UINT64_C(784111777000) },
		{ STR_INIT("Thu, 01 Jan 1970 00:00:00 GMT"), 0 },
		{ STR_INIT("Thu, 29 Feb 2024 23:59:59 GMT"), UINT64_C(1709251199000) },
		{ STR_INIT("Fri, 20 Nov 2026 10:56:08 GMT"), UINT64_C(1795172168000) },
		/* a leap second belongs to the day that it ends */
		{ STR_INIT("Sat, 31 Dec 2016 23:59:60 GMT"), UINT64_C(1483228800000) },
	};
	static const struct str refused[] = {
		STR_INIT("Sunday, 06-Nov-94 08:49:37 GMT"),
		STR_INIT("Sun Nov  6 08:49:37 1994"),
		STR_INIT("Mon, 06 Nov 1994 08:49:37 GMT"),
		STR_INIT("sun, 06 Nov 1994 08:49:37 GMT"),
		STR_INIT("Sun, 06 nov 1994 08:49:37 GMT"),
		STR_INIT("Sun, 06 Nov 1994 08:49:37 UTC"),
		STR_INIT("Sun, 06 Nov 1994 08:49:37 GMT "),
		STR_INIT("Sun,  6 Nov 1994 08:49:37 GMT"),
		STR_INIT("Sun, 6 Nov 1994 08:49:37 GMT"),
		STR_INIT("Sun, 06 Nov 1994 24:49:37 GMT"),
		STR_INIT("Wed, 29 Feb 2023 00:00:00 GMT"),
		STR_INIT("Wed, 31 Dec 1969 23:59:59 GMT"),
		STR_INIT(""),
	};
	assert_dates(rows, ARRAY_LEN(rows), date_parse_http);
	assert_no_dates(refused, ARRAY_LEN(refused), date_parse_http);
}

static void writes_what_it_reads(void **state UNUSED)
{
	/* steps that visit all days of the week and months, from 1970 to 9999 */
	for (uint64_t ms = 0; ms < UINT64_C(253402300800000); ms += UINT64_C(86399999) * 997) {
		struct buf out CLEANUP(buf_free) = BUF_INIT(100);
		uint64_t back = 1;
		date_add_rfc3339(&out, ms);
		assert_true(date_parse_rfc3339(buf_str(&out), &back));
		assert_true(back == ms);
		buf_reset(&out);
		date_add_http(&out, ms);
		assert_true(date_parse_http(buf_str(&out), &back));
		assert_true(back == ms / 1000 * 1000);
	}
}

static void writes_both_forms(void **state UNUSED)
{
	struct buf out CLEANUP(buf_free) = BUF_INIT(100);
	date_add_rfc3339(&out, 0);
	buf_add_chr(&out, '|');
	date_add_rfc3339(&out, UINT64_C(1709251199007));
	buf_add_chr(&out, '|');
	date_add_http(&out, UINT64_C(784111777999));
	assert_str_eq(buf_str(&out), STR("1970-01-01T00:00:00.000Z|2024-02-29T23:59:59.007Z|"
					 "Sun, 06 Nov 1994 08:49:37 GMT"));
}

/* A day that people are told is theirs to its end, in UTC-12 as anywhere else. */
static void a_day_is_over_when_it_is_over_everywhere(void **state UNUSED)
{
	static const struct {
		const char *at, *over;
	} rows[] = { { "2026-11-29T00:00:00Z", "2026-11-30T12:00:00Z" },
		     { "2026-11-29T23:59:59.999Z", "2026-11-30T12:00:00Z" },
		     { "2026-12-31T08:00:00Z", "2027-01-01T12:00:00Z" } };
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		uint64_t at_ms, over_ms;
		assert_true(date_parse_rfc3339(str_of(rows[i].at), &at_ms));
		assert_true(date_parse_rfc3339(str_of(rows[i].over), &over_ms));
		assert_int_equal(date_day_over(at_ms), over_ms);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_the_examples_of_rfc_3339),
		cmocka_unit_test(reads_offsets_and_fractions),
		cmocka_unit_test(knows_leap_years),
		cmocka_unit_test(refuses_what_is_no_rfc_3339_date),
		cmocka_unit_test(reads_the_date_of_http),
		cmocka_unit_test(writes_what_it_reads),
		cmocka_unit_test(writes_both_forms),
		cmocka_unit_test(a_day_is_over_when_it_is_over_everywhere),
	};
	return cmocka_run_group_tests_name("date", tests, NULL, NULL);
}
