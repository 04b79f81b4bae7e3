/* Reports. Owns tables report, report_lane and report_state. Inside transactions only. */
#include "store/report.h"

#include "core/must.h"
#include "db/rec.h"
#include "page_int.h"
#include "report_int.h"
#include "store/tables.h"
#include "store_int.h"

#define REPORT_VERSION 3 /* 1 had no category and all behind it; 2 had no lane */
#define REPORT_MAX_BYTES (512 * 1024)
#define REPORT_FORWARDED 1U
#define REPORT_TOLD 2U
#define REPORT_ARENA ((size_t)2 << 20)
#define CHUNK 16
#define FOUND_CHUNK 64

static const char *const categories[] = {
	[REPORT_OTHER] = "other",
	[REPORT_SPAM] = "spam",
	[REPORT_LEGAL] = "legal",
	[REPORT_VIOLATION] = "violation",
};

const char *report_category_name(enum report_category category)
{
	must((size_t)category < ARRAY_LEN(categories));
	return categories[category];
}

bool report_category_parse(struct str name, enum report_category *out)
{
	for (size_t i = 0; i < ARRAY_LEN(categories); i++) {
		if (str_eq(name, str_of(categories[i]))) {
			*out = (enum report_category)i;
			return true;
		}
	}
	return false;
}

void report_encode(struct buf *out, const struct report *r)
{
	must(r->object_count <= REPORT_OBJECTS_MAX && r->rule_count <= REPORT_RULES_MAX);
	rec_add_u8(out, REPORT_VERSION);
	rec_add_u64(out, r->reporter);
	rec_add_u64(out, r->target);
	rec_add_str(out, r->comment);
	rec_add_str(out, r->uri);
	rec_add_num(out, r->object_count);
	for (unsigned i = 0; i < r->object_count; i++)
		rec_add_str(out, r->objects[i]);
	rec_add_u8(out, (uint8_t)r->category);
	rec_add_u8(out, (r->forwarded ? REPORT_FORWARDED : 0) | (r->told ? REPORT_TOLD : 0));
	rec_add_num(out, r->created_ms);
	rec_add_num(out, r->updated_ms);
	rec_add_num(out, r->assigned);
	rec_add_num(out, r->resolved_ms);
	rec_add_num(out, r->resolved_by);
	rec_add_num(out, r->rule_count);
	for (unsigned i = 0; i < r->rule_count; i++)
		rec_add_num(out, r->rules[i]);
	rec_add_num(out, r->lane);
	rec_add_num(out, r->community);
}

static bool objects_decode(struct arena *arena, struct rec *r, struct report *out)
{
	uint64_t count = rec_num(r);
	if (!rec_sound(r) || count > REPORT_OBJECTS_MAX)
		return false;
	out->objects = ARENA_ARRAY(arena, count, struct str);
	if (out->objects == NULL)
		return false;
	for (out->object_count = 0; out->object_count < count; out->object_count++)
		out->objects[out->object_count] = rec_str(r);
	return true;
}

static bool handling_decode(struct rec *r, struct report *out)
{
	out->category = (enum report_category)rec_u8(r);
	uint8_t flags = rec_u8(r);
	out->forwarded = (flags & REPORT_FORWARDED) != 0;
	out->told = (flags & REPORT_TOLD) != 0;
	out->created_ms = rec_num(r);
	out->updated_ms = rec_num(r);
	out->assigned = rec_num(r);
	out->resolved_ms = rec_num(r);
	out->resolved_by = rec_num(r);
	uint64_t count = rec_num(r);
	if (!rec_sound(r) || count > REPORT_RULES_MAX || out->category > REPORT_VIOLATION)
		return false;
	for (out->rule_count = 0; out->rule_count < count; out->rule_count++)
		out->rules[out->rule_count] = rec_num(r);
	return true;
}

static bool lane_decode(struct rec *r, struct report *out)
{
	out->lane = rec_num(r);
	out->community = rec_num(r);
	return rec_sound(r);
}

bool report_decode(struct arena *arena, struct str value, struct report *out)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	out->reporter = rec_u64(&r);
	out->target = rec_u64(&r);
	out->comment = rec_str(&r);
	out->uri = rec_str(&r);
	return version >= 1 && version <= REPORT_VERSION && objects_decode(arena, &r, out) &&
	       (version == 1 || handling_decode(&r, out)) &&
	       (version <= 2 || lane_decode(&r, out)) && rec_ok(&r);
}

/* --- lanes and states --- */

static enum report_state state_of(const struct report *report)
{
	return report->resolved_ms != 0 ? REPORT_IS_RESOLVED : REPORT_IS_OPEN;
}

static struct reckey state_prefix(uint64_t lane, enum report_state state)
{
	struct reckey key = reckey_u64(lane);
	reckey_add_u8(&key, (uint8_t)state);
	return key;
}

struct reckey report_state_key(const struct report *report, uint64_t lane)
{
	struct reckey key = state_prefix(lane, state_of(report));
	reckey_add_u64(&key, report->id);
	return key;
}

static void state_set(struct db_txn *txn, const struct report *report, bool there)
{
	const uint64_t lanes[] = { report->lane, REPORT_LANE_ANY };
	for (size_t i = 0; i < ARRAY_LEN(lanes); i++) {
		struct reckey key = report_state_key(report, lanes[i]);
		if (there)
			db_put(txn, &store_report_state, reckey_str(&key), STR(""));
		else
			db_del(txn, &store_report_state, reckey_str(&key));
	}
}

static bool report_write(struct db_txn *txn, const struct report *report)
{
	struct reckey key = reckey_u64(report->id);
	struct reckey in = reckey_u64_u64(report->lane, report->id);
	struct buf row CLEANUP(buf_free) = BUF_INIT(REPORT_MAX_BYTES);
	report_encode(&row, report);
	if (report->lane != 0)
		db_put(txn, &store_report_lane, reckey_str(&in), STR(""));
	state_set(txn, report, true);
	return store_put(txn, &store_report, &key, &row);
}

/* It was in another lane until now, or in another state? */
static void place_leave(struct db_txn *txn, const struct report *report, const struct report *old)
{
	struct reckey in = reckey_u64_u64(old->lane, report->id);
	if (old->lane != 0 && old->lane != report->lane)
		db_del(txn, &store_report_lane, reckey_str(&in));
	if (old->lane != report->lane || state_of(old) != state_of(report))
		state_set(txn, old, false);
}

uint64_t report_add(struct db_txn *txn, const struct report *report)
{
	struct report fresh = *report;
	fresh.id = db_next_id(txn);
	fresh.created_ms = fresh.updated_ms = db_txn_now(txn);
	report_write(txn, &fresh);
	return fresh.id;
}

bool report_put(struct db_txn *txn, const struct report *report)
{
	struct arena *arena = arena_new(REPORT_ARENA);
	struct report old;
	if (arena == NULL) {
		db_txn_fail(txn, RC_NO_MEMORY);
		return false;
	}
	bool there = report_get(txn, arena, report->id, &old);
	if (there)
		place_leave(txn, report, &old);
	arena_free(&arena);
	return there && report_write(txn, report);
}

bool report_get(struct db_txn *txn, struct arena *arena, uint64_t id, struct report *out)
{
	struct reckey key = reckey_u64(id);
	struct str value;
	*out = (struct report){ .id = id };
	return db_get(txn, &store_report, reckey_str(&key), &value) &&
	       (report_decode(arena, arena_str(arena, value), out) || store_undecoded(txn, arena));
}

size_t report_list(struct db_txn *txn, struct arena *arena, uint64_t max_id, struct report *out,
		   size_t count)
{
	struct reckey from = reckey_u64(max_id != 0 ? max_id - 1 : UINT64_MAX);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	size_t n = 0;
	db_iter_open(&it, txn, &store_report, STR(""), DB_BACKWARD, reckey_str(&from));
	while (n < count && db_iter_next(&it, &key, &value)) {
		out[n] = (struct report){ .id = 0 };
		if (!reckey_read_u64(key, 0, &out[n].id))
			continue;
		if (!report_decode(arena, arena_str(arena, value), &out[n])) {
			store_undecoded(txn, arena);
			return 0;
		}
		n++;
	}
	return n;
}

size_t report_list_lane(struct db_txn *txn, struct arena *arena, uint64_t lane, uint64_t max_id,
			struct report *out, size_t count)
{
	struct reckey prefix = reckey_u64(lane);
	struct reckey from = reckey_u64_u64(lane, max_id != 0 ? max_id - 1 : UINT64_MAX);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key;
	uint64_t id;
	size_t n = 0;
	db_iter_open(&it, txn, &store_report_lane, reckey_str(&prefix), DB_BACKWARD,
		     reckey_str(&from));
	while (n < count && db_iter_next(&it, &key, NULL)) {
		if (reckey_read_u64(key, 8, &id) && report_get(txn, arena, id, &out[n]))
			n++;
	}
	return n;
}

/* --- by lane and state --- */

/* Those of the ids that fit; upward: from the last on, since that is the next. */
static size_t keep_fitting(struct db_txn *txn, struct arena *arena, const struct report_ask *ask,
			   const uint64_t *ids, size_t n, struct report *out, size_t room)
{
	struct arena *scratch = ask->fits != NULL ? arena_new(REPORT_ARENA) : NULL;
	size_t kept = 0;
	if (ask->fits != NULL && scratch == NULL)
		db_txn_fail(txn, RC_NO_MEMORY);
	for (size_t i = 0; i < n && kept < room && db_txn_rc(txn) == RC_OK; i++) {
		uint64_t id = ids[ask->page.min_id != 0 ? n - 1 - i : i];
		struct report one;
		bool fits = scratch == NULL ||
			    (report_get(txn, scratch, id, &one) && ask->fits(ask->arg, &one));
		kept += fits && report_get(txn, arena, id, &out[kept]);
		if (scratch != NULL)
			arena_reset(scratch);
	}
	arena_free(&scratch);
	return kept;
}

static void turn(struct report *list, size_t n)
{
	for (size_t i = 0; i < n / 2; i++) {
		struct report other = list[n - 1 - i];
		list[n - 1 - i] = list[i];
		list[i] = other;
	}
}

size_t report_page(struct db_txn *txn, struct arena *arena, const struct report_ask *ask,
		   struct report *out, size_t count)
{
	struct reckey prefix = state_prefix(ask->lane, ask->state);
	struct page page = ask->page;
	uint64_t ids[FOUND_CHUNK];
	size_t n = 0, got = FOUND_CHUNK;
	const size_t most = ask->scanned_max != 0 ? ask->scanned_max : REPORT_SCANNED_MAX;
	for (size_t seen = 0; n < count && got == FOUND_CHUNK && seen < most; seen += got) {
		got = page_ids(txn, &store_report_state, &prefix, &page, NULL, ids, FOUND_CHUNK);
		n += keep_fitting(txn, arena, ask, ids, got, &out[n], count - n);
		if (got != 0 && page.min_id != 0)
			page.min_id = ids[0];
		else if (got != 0)
			page.max_id = ids[got - 1];
	}
	if (page.min_id != 0)
		turn(out, n);
	return n;
}

enum rc report_state_ensure(struct db_txn *txn, void *arg UNUSED)
{
	struct arena *arena = arena_new(REPORT_ARENA);
	struct db_iter it CLEANUP(db_iter_close) = { .txn = NULL };
	struct str key, value;
	if (arena == NULL)
		return RC_NO_MEMORY;
	bool there = db_count(txn, &store_report_state) != 0;
	db_iter_open(&it, txn, &store_report, STR(""), DB_FORWARD, STR_NONE);
	while (!there && db_iter_next(&it, &key, &value)) {
		struct report r = { .id = 0 };
		/* what cannot be decoded is for fediflow check to say */
		if (reckey_read_u64(key, 0, &r.id) && report_decode(arena, value, &r))
			state_set(txn, &r, true);
		arena_reset(arena);
	}
	arena_free(&arena);
	return db_txn_rc(txn);
}

size_t report_lane_clear(struct db_txn *txn, struct arena *arena, uint64_t lane, size_t count)
{
	struct report some[CHUNK];
	size_t n = 0, got;
	while (n < count && (got = report_list_lane(txn, arena, lane, 0, some,
						    count - n < CHUNK ? count - n : CHUNK)) != 0) {
		for (size_t i = 0; i < got; i++, n++) {
			some[i].lane = some[i].assigned = 0;
			if (!report_put(txn, &some[i]))
				return n;
		}
	}
	return n;
}
