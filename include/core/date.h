/* Dates as protocols write them. All are UTC; milliseconds since 1970 inside. No locale, no time
 * zone files. */
#ifndef FF_CORE_DATE_H
#define FF_CORE_DATE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/attr.h"
#include "core/buf.h"
#include "core/str.h"

/* "2026-11-20T10:56:08.123Z", RFC 3339. */
void date_add_rfc3339(struct buf *out, uint64_t ms);
/* "Fri, 20 Nov 2026 10:56:08 GMT", RFC 9110 section 5.6.7. */
void date_add_http(struct buf *out, uint64_t ms);

/* What a calendar shows. */
struct date_parts {
	unsigned year, month, day; /* month 1 to 12, day 1 to 31 */
	unsigned weekday;	   /* 0: Sunday */
};
void date_split(uint64_t ms, struct date_parts *out);
/* Days since 1970-01-01; years from 1970. */
uint64_t date_days(unsigned year, unsigned month, unsigned day);
unsigned date_days_in_month(unsigned year, unsigned month);

/* When the day (of UTC) in which ms lies is over everywhere on earth, that is in UTC-12: who is told a day
 * has all of it. */
uint64_t date_day_over(uint64_t ms);

/* RFC 3339 with any offset and any number of fraction digits; years 1970 to 9999. */
bool date_parse_rfc3339(struct str s, uint64_t *ms) NODISCARD;
/* An IMF-fixdate of RFC 9110; the obsolete forms are refused. */
bool date_parse_http(struct str s, uint64_t *ms) NODISCARD;

#endif
