/* Time zones: files of the system (RFC 8536), and the rule that stands at their end. */
#include "text/zone.h"

#include <fcntl.h>
#include <unistd.h>

#include "core/buf.h"
#include "core/clock.h"
#include "core/date.h"

#define FOLDER "/usr/share/zoneinfo/"
#define NAME_MAX_BYTES 64
#define FILE_MAX ((size_t)64 * 1024)
#define HEADER 44
#define CHANGES_MAX 4096
#define TYPES_MAX 256
#define OFFSET_MAX (26 * 3600)
#define S_PER_DAY 86400

bool zone_name_valid(struct str name)
{
	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];
		bool fits = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
			    (c >= '0' && c <= '9') || c == '/' || c == '_' || c == '-' || c == '+';
		if (!fits)
			return false;
	}
	return name.len <= NAME_MAX_BYTES;
}

/* --- numbers of the file --- */

struct counts {
	uint32_t utc, standard, leaps, changes, types, chars;
};

static uint64_t big_endian(const char *at, size_t bytes)
{
	uint64_t n = 0;
	for (size_t i = 0; i < bytes; i++)
		n = n << 8 | (unsigned char)at[i];
	return n;
}

static int32_t signed32(const char *at)
{
	return (int32_t)(uint32_t)big_endian(at, 4);
}

static bool header_read(struct str *bytes, struct counts *out)
{
	if (bytes->len < HEADER || !str_has_prefix(*bytes, STR("TZif")) || bytes->ptr[4] < '2')
		return false;
	uint32_t *const fields[] = { &out->utc,	    &out->standard, &out->leaps,
				     &out->changes, &out->types,    &out->chars };
	for (size_t i = 0; i < ARRAY_LEN(fields); i++)
		*fields[i] = (uint32_t)big_endian(bytes->ptr + 20 + 4 * i, 4);
	*bytes = str_skip(*bytes, HEADER);
	return out->changes <= CHANGES_MAX && out->types >= 1 && out->types <= TYPES_MAX &&
	       out->chars <= FILE_MAX && out->leaps <= CHANGES_MAX && out->utc <= TYPES_MAX &&
	       out->standard <= TYPES_MAX;
}

static size_t block_size(const struct counts *c, size_t time_bytes)
{
	return c->changes * time_bytes + c->changes + (size_t)c->types * 6 + c->chars +
	       c->leaps * (time_bytes + 4) + c->standard + c->utc;
}

/* --- the rule at the end (POSIX TZ, of the forms that RFC 8536 files have) --- */

static bool take_number(struct str *s, unsigned *out)
{
	size_t n = 0;
	*out = 0;
	while (n < s->len && n < 4 && s->ptr[n] >= '0' && s->ptr[n] <= '9')
		*out = *out * 10 + (unsigned)(s->ptr[n++] - '0');
	*s = str_skip(*s, n);
	return n != 0;
}

static bool take(struct str *s, char c)
{
	bool there = s->len != 0 && s->ptr[0] == c;
	if (there)
		*s = str_skip(*s, 1);
	return there;
}

static bool take_name(struct str *s)
{
	size_t n = 0;
	if (take(s, '<')) {
		while (n < s->len && s->ptr[n] != '>')
			n++;
		bool closed = n < s->len;
		*s = str_skip(*s, closed ? n + 1 : n);
		return closed;
	}
	while (n < s->len &&
	       ((s->ptr[n] >= 'A' && s->ptr[n] <= 'Z') || (s->ptr[n] >= 'a' && s->ptr[n] <= 'z')))
		n++;
	*s = str_skip(*s, n);
	return n >= 3;
}

/* [+-]hh[:mm[:ss]] */
static bool take_clock(struct str *s, int32_t *out)
{
	unsigned part[3] = { 0, 0, 0 };
	bool minus = take(s, '-');
	if (!minus)
		take(s, '+');
	if (!take_number(s, &part[0]))
		return false;
	for (size_t i = 1; i < 3 && take(s, ':'); i++) {
		if (!take_number(s, &part[i]))
			return false;
	}
	if (part[0] > 167 || part[1] > 59 || part[2] > 59)
		return false;
	int32_t seconds = (int32_t)(part[0] * 3600 + part[1] * 60 + part[2]);
	*out = minus ? -seconds : seconds;
	return true;
}

/* ",M3.5.0/2" */
static bool take_day(struct str *s, struct zone_day *out)
{
	out->second = 2 * 3600;
	if (!take(s, ',') || !take(s, 'M') || !take_number(s, &out->month) || !take(s, '.') ||
	    !take_number(s, &out->week) || !take(s, '.') || !take_number(s, &out->weekday))
		return false;
	if (take(s, '/') && !take_clock(s, &out->second))
		return false;
	return out->month >= 1 && out->month <= 12 && out->week >= 1 && out->week <= 5 &&
	       out->weekday <= 6;
}

/* What is of another form is no rule: the last change goes on. */
static void rule_read(struct str text, struct zone *out)
{
	struct str s = text;
	int32_t west;
	if (!take_name(&s) || !take_clock(&s, &west) || west > OFFSET_MAX || west < -OFFSET_MAX)
		return;
	out->winter = -west;
	out->summer = out->winter + 3600;
	if (s.len == 0) {
		out->has_rule = true;
		return;
	}
	if (!take_name(&s))
		return;
	if (s.len != 0 && s.ptr[0] != ',') {
		if (!take_clock(&s, &west))
			return;
		out->summer = -west;
	}
	out->has_rule = out->has_summer =
		take_day(&s, &out->begins) && take_day(&s, &out->ends) && s.len == 0;
}

/* --- files --- */

static bool changes_read(struct ctx *ctx, struct str block, const struct counts *c,
			 struct zone *out)
{
	struct zone_change *list = ARENA_ARRAY(ctx->arena, c->changes + 1, struct zone_change);
	const char *times = block.ptr, *indexes = times + (size_t)c->changes * 8;
	const char *types = indexes + c->changes;
	if (list == NULL)
		return false;
	for (uint32_t i = 0; i < c->changes; i++) {
		unsigned type = (unsigned char)indexes[i];
		if (type >= c->types)
			return false;
		list[i].at = (int64_t)big_endian(times + (size_t)i * 8, 8);
		list[i].offset = signed32(types + (size_t)type * 6);
		if (list[i].offset > OFFSET_MAX || list[i].offset < -OFFSET_MAX ||
		    (i != 0 && list[i].at <= list[i - 1].at))
			return false;
	}
	out->first = signed32(types);
	out->changes = list;
	out->change_count = c->changes;
	return out->first <= OFFSET_MAX && out->first >= -OFFSET_MAX;
}

enum rc zone_decode(struct ctx *ctx, struct str bytes, struct zone *out)
{
	struct counts first = { 0 }, second = { 0 };
	*out = (struct zone){ .first = 0 };
	if (!header_read(&bytes, &first) || bytes.len < block_size(&first, 4))
		return ctx_fail(ctx, RC_INVALID, "the file of the time zone is none");
	bytes = str_skip(bytes, block_size(&first, 4));
	if (!header_read(&bytes, &second) || bytes.len < block_size(&second, 8) ||
	    !changes_read(ctx, bytes, &second, out))
		return ctx_fail(ctx, RC_INVALID, "the file of the time zone is damaged");
	/* section 3.3: between two line feeds */
	struct str rule, rest = str_skip(bytes, block_size(&second, 8));
	if (rest.len > 1 && rest.ptr[0] == '\n' && str_split(str_skip(rest, 1), '\n', &rule, &rest))
		rule_read(rule, out);
	return RC_OK;
}

static void close_fd(const int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static enum rc file_read(struct ctx *ctx, struct str name, struct buf *out)
{
	struct str path = arena_join(ctx->arena, STR(FOLDER), name);
	const char *cpath = arena_cstr(ctx->arena, path);
	if (cpath == NULL)
		return RC_NO_MEMORY;
	int fd CLEANUP(close_fd) = open(cpath, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	char chunk[4096];
	ssize_t n = fd >= 0 ? 1 : -1;
	while (n > 0) {
		n = read(fd, chunk, sizeof(chunk));
		if (n > 0)
			buf_add_bytes(out, chunk, (size_t)n);
	}
	return n == 0 && !out->failed
		       ? RC_OK
		       : ctx_fail(ctx, RC_NOT_FOUND, "this system knows no time zone \"%.*s\"",
				  STR_ARG(name));
}

enum rc zone_load(struct ctx *ctx, struct str name, struct zone *out)
{
	struct buf bytes CLEANUP(buf_free) = BUF_INIT(FILE_MAX);
	*out = (struct zone){ .first = 0 };
	if (name.len == 0)
		return RC_OK;
	if (!zone_name_valid(name))
		return ctx_fail(ctx, RC_INVALID, "this is no name of a time zone");
	enum rc rc = file_read(ctx, name, &bytes);
	return rc == RC_OK ? zone_decode(ctx, buf_str(&bytes), out) : rc;
}

/* --- looking up --- */

/* --- sets --- */

const struct zone *zones_find(const struct zones *zones, struct str name)
{
	for (size_t i = 0; i < zones->count; i++) {
		if (str_eq(zones->names[i], name))
			return &zones->zones[i];
	}
	return NULL;
}

const struct zone *zones_load(struct ctx *ctx, struct zones *zones, struct str name)
{
	struct ctx quiet = { .arena = ctx->arena };
	const struct zone *known = zones_find(zones, name);
	if (known != NULL || zones->count == ZONES_MAX ||
	    zone_load(&quiet, name, &zones->zones[zones->count]) != RC_OK)
		return known;
	zones->names[zones->count] = name;
	return &zones->zones[zones->count++];
}

/* When a year's change is, by UTC; offset is that of the clocks before. */
static int64_t day_at(const struct zone_day *day, unsigned year, int32_t offset)
{
	uint64_t first = date_days(year, day->month, 1);
	/* 1970-01-01 was a Thursday */
	unsigned weekday = (unsigned)((first + 4) % 7);
	uint64_t date = first + (day->weekday + 7 - weekday) % 7 + (uint64_t)(day->week - 1) * 7;
	while (date >= first + date_days_in_month(year, day->month))
		date -= 7;
	return (int64_t)(date * S_PER_DAY) + day->second - offset;
}

static int32_t rule_offset(const struct zone *zone, int64_t at)
{
	struct date_parts parts;
	if (!zone->has_summer)
		return zone->winter;
	int64_t local = at + zone->winter;
	date_split(local > 0 ? (uint64_t)local * 1000 : 0, &parts);
	int64_t begins = day_at(&zone->begins, parts.year, zone->winter);
	int64_t ends = day_at(&zone->ends, parts.year, zone->summer);
	bool summer = begins < ends ? at >= begins && at < ends : at >= begins || at < ends;
	return summer ? zone->summer : zone->winter;
}

static int32_t offset_at(const struct zone *zone, int64_t at)
{
	size_t low = 0, high = zone->change_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (zone->changes[middle].at <= at)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == zone->change_count && zone->has_rule)
		return rule_offset(zone, at);
	return low != 0 ? zone->changes[low - 1].offset : zone->first;
}

int32_t zone_offset_s(const struct zone *zone, uint64_t utc_ms)
{
	return offset_at(zone, (int64_t)(utc_ms / 1000));
}

static uint64_t shifted(uint64_t ms, int64_t seconds)
{
	int64_t moved = (int64_t)ms + seconds * 1000;
	return moved > 0 ? (uint64_t)moved : 0;
}

uint64_t zone_to_local(const struct zone *zone, uint64_t utc_ms)
{
	return shifted(utc_ms, zone_offset_s(zone, utc_ms));
}

uint64_t zone_to_utc(const struct zone *zone, uint64_t local_ms)
{
	/* as if no clock had changed within the last day, and as if it would not within the next */
	int32_t before = zone_offset_s(zone, shifted(local_ms, -S_PER_DAY));
	int32_t after = zone_offset_s(zone, shifted(local_ms, S_PER_DAY));
	uint64_t early = shifted(local_ms, -(int64_t)before),
		 late = shifted(local_ms, -(int64_t)after);
	if (zone_to_local(zone, early) == local_ms)
		return early;
	return zone_to_local(zone, late) == local_ms ? late : early;
}

bool zone_next_change(const struct zone *zone, uint64_t after_ms, uint64_t until_ms,
		      uint64_t *at_ms)
{
	uint64_t low = after_ms, high = after_ms;
	int32_t offset = zone_offset_s(zone, after_ms);
	do {
		low = high;
		high += MS_PER_DAY;
		if (low >= until_ms)
			return false;
	} while (zone_offset_s(zone, high) == offset);
	while (high - low > 1000) {
		uint64_t middle = low + (high - low) / 2000 * 1000;
		if (zone_offset_s(zone, middle) == offset)
			low = middle;
		else
			high = middle;
	}
	*at_ms = high / 1000 * 1000;
	return *at_ms < until_ms;
}
