/*
 * Time zones, as the system's files have them (RFC 8536): how far the clocks of a place are from UTC.
 * Reading a file is for outside of transactions; the rest is pure.
 */
#ifndef FF_TEXT_ZONE_H
#define FF_TEXT_ZONE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/attr.h"
#include "core/ctx.h"
#include "core/str.h"

/* A day of a year on which clocks change: the week-th (5: the last) weekday (0: Sunday) of a month. */
struct zone_day {
	unsigned month, week, weekday;
	int32_t second; /* of that day, by the clocks before */
};

struct zone_change {
	int64_t at;	/* seconds since 1970 */
	int32_t offset; /* seconds east of UTC, from then on */
};

struct zone {
	const struct zone_change *changes;
	size_t change_count;
	int32_t first; /* before the first change */
	/* after the last one */
	bool has_rule, has_summer;
	int32_t winter, summer;
	struct zone_day begins, ends; /* of summer */
};

/* As IANA names them: "Europe/Rome", "Etc/GMT+3". */
bool zone_name_valid(struct str name);
/* RC_NOT_FOUND when the system knows none of that name, RC_INVALID when its file cannot be read. The empty
 * name is UTC. */
enum rc zone_load(struct ctx *ctx, struct str name, struct zone *out) NODISCARD;
/* The file's bytes. RC_INVALID. */
enum rc zone_decode(struct ctx *ctx, struct str bytes, struct zone *out) NODISCARD;

/* The zones that what is shown together is in, each read once. What a set has no more room for, or the system
 * does not know, is NULL. The names must live as long as the set. */
#define ZONES_MAX 32
struct zones {
	struct str names[ZONES_MAX];
	struct zone zones[ZONES_MAX];
	size_t count;
};
const struct zone *zones_find(const struct zones *zones, struct str name);
/* Outside of transactions, in ctx's arena. */
const struct zone *zones_load(struct ctx *ctx, struct zones *zones, struct str name);

/* Milliseconds. "Local" is what the clocks show, as if it were UTC. A time that clocks jump over is that
 * much later; of one that they show twice it is the first. */
int32_t zone_offset_s(const struct zone *zone, uint64_t utc_ms);
uint64_t zone_to_local(const struct zone *zone, uint64_t utc_ms);
uint64_t zone_to_utc(const struct zone *zone, uint64_t local_ms);
/* The next change after a time, before `until_ms`. False when there is none. */
bool zone_next_change(const struct zone *zone, uint64_t after_ms, uint64_t until_ms,
		      uint64_t *at_ms);

#endif
