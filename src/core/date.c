/* Dates as text, by the proleptic Gregorian calendar. Stateless, any thread. */
#include "core/date.h"

#include "core/clock.h"

/* 9999-12-31T23:59:59.999Z: four digits of a year are all that the formats have. */
#define MS_MAX UINT64_C(253402300799999)

struct civil {
	uint64_t year;
	unsigned month; /* 1 to 12 */
	unsigned day;	/* 1 to 31 */
	unsigned hour, minute, second, ms;
};

static const char month_names[12][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
					 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
static const char day_names[7][4] = { "Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed" };

/* Days are counted from 0000-03-01, so that a leap day ends its year; 719468 days before 1970. */
static uint64_t days_from_civil(uint64_t year, unsigned month, unsigned day)
{
	uint64_t y = month <= 2 ? year - 1 : year;
	uint64_t era = y / 400;
	uint64_t year_of_era = y % 400;
	unsigned shifted = month > 2 ? month - 3 : month + 9;
	uint64_t day_of_year = (153 * shifted + 2) / 5 + day - 1;
	uint64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
	return era * 146097 + day_of_era - 719468;
}

static struct civil civil_from_ms(uint64_t ms)
{
	uint64_t z = ms / MS_PER_DAY + 719468;
	uint64_t era = z / 146097;
	uint64_t doe = z % 146097;
	uint64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	uint64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	uint64_t mp = (5 * doy + 2) / 153;
	uint64_t rest = ms % MS_PER_DAY;
	struct civil c = {
		.day = (unsigned)(doy - (153 * mp + 2) / 5 + 1),
		.month = (unsigned)(mp < 10 ? mp + 3 : mp - 9),
		.hour = (unsigned)(rest / MS_PER_HOUR),
		.minute = (unsigned)(rest / MS_PER_MINUTE % 60),
		.second = (unsigned)(rest / MS_PER_SECOND % 60),
		.ms = (unsigned)(rest % MS_PER_SECOND),
	};
	c.year = yoe + era * 400 + (c.month <= 2 ? 1 : 0);
	return c;
}

/* width digits and what stands behind them. */
static char *digits(char *at, unsigned n, size_t width, char behind)
{
	for (size_t i = width; i-- != 0; n /= 10)
		at[i] = (char)('0' + n % 10);
	at[width] = behind;
	return at + width + 1;
}

/* Every rendered document has several: written without printf, which costs ten times as much. */
void date_add_rfc3339(struct buf *out, uint64_t ms)
{
	struct civil c = civil_from_ms(ms);
	char text[32], *at = text;
	if (c.year > 9999)
		buf_add_u64(out, c.year / 10000);
	at = digits(at, (unsigned)(c.year % 10000), 4, '-');
	at = digits(at, c.month, 2, '-');
	at = digits(at, c.day, 2, 'T');
	at = digits(at, c.hour, 2, ':');
	at = digits(at, c.minute, 2, ':');
	at = digits(at, c.second, 2, '.');
	at = digits(at, c.ms, 3, 'Z');
	buf_add_bytes(out, text, (size_t)(at - text));
}

void date_add_http(struct buf *out, uint64_t ms)
{
	struct civil c = civil_from_ms(ms);
	buf_addf(out, "%s, %02u %s %04llu %02u:%02u:%02u GMT", day_names[ms / MS_PER_DAY % 7],
		 c.day, month_names[c.month - 1], (unsigned long long)c.year, c.hour, c.minute,
		 c.second);
}

static bool take_digits(struct str *s, size_t n, unsigned *out)
{
	uint64_t value;
	if (s->len < n || !str_to_u64(str_take(*s, n), &value))
		return false;
	*s = str_skip(*s, n);
	*out = (unsigned)value;
	return true;
}

static bool take_chr(struct str *s, char c)
{
	if (s->len == 0 || s->ptr[0] != c)
		return false;
	*s = str_skip(*s, 1);
	return true;
}

static bool take_clock(struct str *s, struct civil *c)
{
	return take_digits(s, 2, &c->hour) && take_chr(s, ':') && take_digits(s, 2, &c->minute) &&
	       take_chr(s, ':') && take_digits(s, 2, &c->second);
}

static unsigned days_in_month(uint64_t year, unsigned month)
{
	static const unsigned char days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
	return month == 2 && leap ? 29 : days[month - 1];
}

void date_split(uint64_t ms, struct date_parts *out)
{
	struct civil c = civil_from_ms(ms);
	/* 1970-01-01 was a Thursday */
	*out = (struct date_parts){ (unsigned)c.year, c.month, c.day,
				    (unsigned)((ms / MS_PER_DAY + 4) % 7) };
}

uint64_t date_days(unsigned year, unsigned month, unsigned day)
{
	return days_from_civil(year, month, day);
}

unsigned date_days_in_month(unsigned year, unsigned month)
{
	return days_in_month(year, month);
}

uint64_t date_day_over(uint64_t ms)
{
	return (ms / MS_PER_DAY + 1) * MS_PER_DAY + 12 * MS_PER_HOUR;
}

static bool civil_to_ms(const struct civil *c, uint64_t *ms)
{
	if (c->year < 1970 || c->year > 9999 || c->month < 1 || c->month > 12 || c->day < 1 ||
	    c->day > days_in_month(c->year, c->month) || c->hour > 23 || c->minute > 59 ||
	    c->second > 60) /* a leap second counts as the next second */
		return false;
	uint64_t value = days_from_civil(c->year, c->month, c->day) * MS_PER_DAY +
			 c->hour * MS_PER_HOUR + c->minute * MS_PER_MINUTE +
			 c->second * MS_PER_SECOND + c->ms;
	if (value > MS_MAX)
		return false;
	*ms = value;
	return true;
}

static bool take_fraction(struct str *s, unsigned *ms)
{
	unsigned scale = 100;
	size_t digits = 0;
	*ms = 0;
	while (s->len != 0 && s->ptr[0] >= '0' && s->ptr[0] <= '9') {
		*ms += (unsigned)(s->ptr[0] - '0') * scale;
		scale /= 10;
		digits++;
		*s = str_skip(*s, 1);
	}
	return digits != 0;
}

/* time-offset of RFC 3339 section 5.6, applied to *ms. */
static bool take_offset(struct str *s, uint64_t *ms)
{
	if (take_chr(s, 'Z') || take_chr(s, 'z'))
		return true;
	bool ahead = take_chr(s, '+');
	if (!ahead && !take_chr(s, '-'))
		return false;
	unsigned hour, minute;
	if (!take_digits(s, 2, &hour) || !take_chr(s, ':') || !take_digits(s, 2, &minute) ||
	    hour > 23 || minute > 59)
		return false;
	uint64_t offset = hour * MS_PER_HOUR + minute * MS_PER_MINUTE;
	if (ahead ? *ms < offset : offset > MS_MAX - *ms)
		return false;
	*ms = ahead ? *ms - offset : *ms + offset;
	return true;
}

bool date_parse_rfc3339(struct str s, uint64_t *ms)
{
	struct civil c = { 0 };
	unsigned year;
	if (!take_digits(&s, 4, &year) || !take_chr(&s, '-') || !take_digits(&s, 2, &c.month) ||
	    !take_chr(&s, '-') || !take_digits(&s, 2, &c.day))
		return false;
	c.year = year;
	if (!take_chr(&s, 'T') && !take_chr(&s, 't') && !take_chr(&s, ' '))
		return false;
	if (!take_clock(&s, &c))
		return false;
	if (take_chr(&s, '.') && !take_fraction(&s, &c.ms))
		return false;
	uint64_t value;
	if (!civil_to_ms(&c, &value) || !take_offset(&s, &value) || s.len != 0)
		return false;
	*ms = value;
	return true;
}

static bool take_month_name(struct str *s, unsigned *month)
{
	for (unsigned i = 0; i < ARRAY_LEN(month_names); i++) {
		if (str_has_prefix(*s, str_n(month_names[i], 3))) {
			*s = str_skip(*s, 3);
			*month = i + 1;
			return true;
		}
	}
	return false;
}

bool date_parse_http(struct str s, uint64_t *ms)
{
	struct civil c = { 0 };
	unsigned year;
	if (s.len != 29 || !str_eq(str_skip(str_take(s, 5), 3), STR(", ")))
		return false;
	struct str weekday = str_take(s, 3);
	s = str_skip(s, 5);
	if (!take_digits(&s, 2, &c.day) || !take_chr(&s, ' ') || !take_month_name(&s, &c.month) ||
	    !take_chr(&s, ' ') || !take_digits(&s, 4, &year) || !take_chr(&s, ' '))
		return false;
	c.year = year;
	uint64_t value;
	if (!take_clock(&s, &c) || !str_eq(s, STR(" GMT")) || !civil_to_ms(&c, &value))
		return false;
	/* of the date as written: a leap second already counts to the next day */
	uint64_t days = days_from_civil(c.year, c.month, c.day);
	if (!str_eq(weekday, str_n(day_names[days % 7], 3)))
		return false;
	*ms = value;
	return true;
}
