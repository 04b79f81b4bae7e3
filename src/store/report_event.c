/* What was done with reports, and notes on them. Owns table report_event. Inside transactions only. */
#include "check_int.h"
#include "core/must.h"
#include "db/rec.h"
#include "report_int.h"
#include "store/tables.h"
#include "store_int.h"

#define EVENT_VERSION 1
#define EVENT_MAX_BYTES ((size_t)16 * 1024)

static const char *const names[] = {
	[REPORT_NOTED] = "note",	  [REPORT_ASSIGNED] = "assign",
	[REPORT_UNASSIGNED] = "unassign", [REPORT_RESOLVED] = "resolve",
	[REPORT_REOPENED] = "reopen",	  [REPORT_SORTED] = "sort",
	[REPORT_ESCALATED] = "escalate",  [REPORT_HANDED_DOWN] = "hand_down",
};

const char *report_event_name(enum report_event_kind kind)
{
	must((size_t)kind < ARRAY_LEN(names) && names[kind] != NULL);
	return names[kind];
}

void report_event_encode(struct buf *out, const struct report_event *e)
{
	rec_add_u8(out, EVENT_VERSION);
	rec_add_u8(out, (uint8_t)e->kind);
	rec_add_num(out, e->who);
	rec_add_num(out, e->at_ms);
	rec_add_num(out, e->about);
	rec_add_str(out, e->text);
}

bool report_event_decode(struct str value, struct report_event *out)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	uint8_t kind = rec_u8(&r);
	out->kind = (enum report_event_kind)kind;
	out->who = rec_num(&r);
	out->at_ms = rec_num(&r);
	out->about = rec_num(&r);
	out->text = rec_str(&r);
	return version == EVENT_VERSION && rec_ok(&r) && kind >= REPORT_NOTED &&
	       kind <= REPORT_HANDED_DOWN;
}

/* --- adding --- */

struct tally {
	size_t notes, all;
	uint64_t oldest; /* that is no note; 0: none */
};

static struct tally count_events(struct db_txn *txn, uint64_t report)
{
	struct reckey prefix = reckey_u64(report);
	struct db_iter it CLEANUP(db_iter_close);
	struct tally t = { .all = 0 };
	struct report_event e = { .id = 0 };
	struct str key, value;
	db_iter_open(&it, txn, &store_report_event, reckey_str(&prefix), DB_FORWARD, STR_NONE);
	while (db_iter_next(&it, &key, &value)) {
		if (!reckey_read_u64(key, 8, &e.id) || !report_event_decode(value, &e))
			continue;
		t.all++;
		if (e.kind == REPORT_NOTED)
			t.notes++;
		else if (t.oldest == 0)
			t.oldest = e.id;
	}
	return t;
}

uint64_t report_event_add(struct db_txn *txn, uint64_t report, const struct report_event *event)
{
	struct report_event fresh = *event;
	struct buf row CLEANUP(buf_free) = BUF_INIT(EVENT_MAX_BYTES);
	const struct tally t = count_events(txn, report);
	if (event->kind == REPORT_NOTED && t.notes >= REPORT_NOTES_MAX)
		return 0;
	if (t.all >= REPORT_EVENTS_MAX && t.oldest != 0)
		report_event_del(txn, report, t.oldest);
	fresh.id = db_next_id(txn);
	fresh.at_ms = db_txn_now(txn);
	struct reckey key = reckey_u64_u64(report, fresh.id);
	report_event_encode(&row, &fresh);
	store_put(txn, &store_report_event, &key, &row);
	return fresh.id;
}

bool report_event_get(struct db_txn *txn, struct arena *arena, uint64_t report, uint64_t id,
		      struct report_event *out)
{
	struct reckey key = reckey_u64_u64(report, id);
	struct str value;
	*out = (struct report_event){ .id = id };
	return db_get(txn, &store_report_event, reckey_str(&key), &value) &&
	       (report_event_decode(arena_str(arena, value), out) || store_undecoded(txn, arena));
}

bool report_event_del(struct db_txn *txn, uint64_t report, uint64_t id)
{
	struct reckey key = reckey_u64_u64(report, id);
	return db_del(txn, &store_report_event, reckey_str(&key));
}

size_t report_events(struct db_txn *txn, struct arena *arena, uint64_t report,
		     struct report_event out[REPORT_EVENTS_MAX])
{
	struct reckey prefix = reckey_u64(report);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	size_t n = 0;
	db_iter_open(&it, txn, &store_report_event, reckey_str(&prefix), DB_FORWARD, STR_NONE);
	while (n < REPORT_EVENTS_MAX && db_iter_next(&it, &key, &value)) {
		out[n] = (struct report_event){ .id = 0 };
		if (!reckey_read_u64(key, 8, &out[n].id) ||
		    !report_event_decode(arena_str(arena, value), &out[n])) {
			store_undecoded(txn, arena);
			return 0;
		}
		n++;
	}
	return n;
}

/* --- integrity --- */

static bool report_of_key(const struct check *c, uint64_t id, struct report *out)
{
	struct reckey key = reckey_u64(id);
	struct str value;
	*out = (struct report){ .id = id };
	return db_get(c->txn, &store_report, reckey_str(&key), &value) &&
	       report_decode(c->arena, value, out);
}

static bool is_in_state(const struct check *c, const struct report *r, uint64_t lane)
{
	struct reckey key = report_state_key(r, lane);
	struct str none;
	return db_get(c->txn, &store_report_state, reckey_str(&key), &none);
}

static void check_report(const struct check *c, struct str key, struct str value)
{
	struct report r = { .id = 0 };
	struct str none;
	if (!reckey_read_u64(key, 0, &r.id) || !report_decode(c->arena, value, &r)) {
		check_say(c, "report", r.id, "cannot be decoded");
		return;
	}
	struct reckey in = reckey_u64_u64(r.lane, r.id);
	if (r.lane != 0 && !db_get(c->txn, &store_report_lane, reckey_str(&in), &none))
		check_say(c, "report", r.id, "is not found by its lane");
	/* an empty index: the database is older than it is, and it is written when it is next opened for
	 * writing (report_state_ensure()) */
	if (db_count(c->txn, &store_report_state) != 0 &&
	    !(is_in_state(c, &r, r.lane) && is_in_state(c, &r, REPORT_LANE_ANY)))
		check_say(c, "report", r.id, "is not found by its lane and state");
}

static void check_lane(const struct check *c, struct str key, struct str value UNUSED)
{
	struct report r;
	uint64_t lane = 0, id = 0;
	if (!reckey_read_u64(key, 0, &lane) || !reckey_read_u64(key, 8, &id) ||
	    !report_of_key(c, id, &r) || r.lane != lane)
		check_say_pair(c, "report in lane", lane, id, "is not there");
}

static void check_state(const struct check *c, struct str key, struct str value UNUSED)
{
	struct report r;
	uint64_t lane = 0, id = 0;
	struct reckey own = { .len = 0 };
	bool there = reckey_read_u64(key, 0, &lane) && reckey_read_u64(key, 9, &id) &&
		     report_of_key(c, id, &r) && (lane == REPORT_LANE_ANY || lane == r.lane);
	if (there)
		own = report_state_key(&r, lane);
	if (!there || !str_eq(reckey_str(&own), key))
		check_say_pair(c, "report in lane and state", lane, id, "is not there");
}

static void check_event(const struct check *c, struct str key, struct str value)
{
	struct report_event e;
	uint64_t report = 0, id = 0;
	if (!reckey_read_u64(key, 0, &report) || !reckey_read_u64(key, 8, &id) ||
	    !report_event_decode(value, &e))
		check_say_pair(c, "act upon report", report, id, "cannot be decoded");
	else if (!check_has(c, &store_report, report))
		check_say_pair(c, "act upon report", report, id, "is of no report");
}

void report_check(struct db_txn *txn, struct arena *arena, void (*bad)(void *arg, struct str what),
		  void *arg)
{
	const struct check c = { txn, arena, bad, arg };
	check_walk(&c, &store_report, 8, check_report);
	check_walk(&c, &store_report_lane, 16, check_lane);
	check_walk(&c, &store_report_state, 17, check_state);
	check_walk(&c, &store_report_event, 16, check_event);
	check_end(&c, "reports");
}
