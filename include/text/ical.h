/*
 * Calendars as files (RFC 5545), written, not read. Pure.
 *
 *   ical_begin(&out, name);
 *   ical_event(&out, &event);
 *   ical_end(&out);
 */
#ifndef FF_TEXT_ICAL_H
#define FF_TEXT_ICAL_H

#include <stdint.h>

#include "core/buf.h"
#include "core/str.h"

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
};

/* name, which may be empty, is what calendar programs call it. */
void ical_begin(struct buf *out, struct str name);
void ical_event(struct buf *out, const struct ical_event *event);
void ical_end(struct buf *out);

#endif
