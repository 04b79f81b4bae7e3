/*
 * Calendars as files (RFC 5545), written, not read. Pure.
 *
 *   ical_begin(&out, name);
 *   ical_zone(&out, zone_name, &zone, from_ms, to_ms);   each that an event names
 *   ical_event(&out, &event);
 *   ical_end(&out);
 */
#ifndef FF_TEXT_ICAL_H
#define FF_TEXT_ICAL_H

#include <stdint.h>

#include "core/buf.h"
#include "core/str.h"
#include "text/zone.h"

#define ICAL_TYPE "text/calendar; charset=utf-8"

enum ical_status {
	ICAL_CONFIRMED,
	ICAL_TENTATIVE,
	ICAL_CANCELLED,
};

/* Texts are plain and UTF-8; what is empty is left out. */
struct ical_event {
	struct str uid;
	uint64_t stamp_ms; /* when this version was made */
	uint64_t created_ms;
	uint64_t start_ms, end_ms; /* end 0: not told */
	uint32_t sequence;	   /* grows with every change */
	enum ical_status status;
	struct str summary, description, location, url;
	struct str organizer;	   /* an address */
	struct str organizer_name; /* of one that has an address */
	/* of a series: its rule, in the zone of that name, without those dates; where the zone is not known
	 * (NULL), all dates one by one */
	struct str rule;
	const struct zone *zone;
	struct str zone_name;
	const uint64_t *excluded, *dates;
	size_t excluded_count, date_count;
	/* of one date of a series that is otherwise: what it is by the rule; 0: none */
	uint64_t recurrence_ms;
};

/* name, which may be empty, is what calendar programs call it. */
void ical_begin(struct buf *out, struct str name);
/* What the clocks of a place show between two times (section 3.6.5). */
void ical_zone(struct buf *out, struct str name, const struct zone *zone, uint64_t from_ms,
	       uint64_t to_ms);
void ical_event(struct buf *out, const struct ical_event *event);
void ical_end(struct buf *out);

#endif
