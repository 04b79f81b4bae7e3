/* Integrity of events: the index by time to statuses, participants both ways, counts. */
#include "check_int.h"
#include "core/attr.h"
#include "db/rec.h"
#include "event_int.h"
#include "store/tables.h"

static void check_index(const struct check *c, struct str key, struct str value UNUSED)
{
	uint64_t owner = 0, start = 0, id = 0;
	struct event_date date;
	struct status s;
	if (!reckey_read_u64(key, 0, &owner) || !reckey_read_u64(key, 8, &start) ||
	    !reckey_read_u64(key, 16, &id) || !status_get(c->txn, c->arena, id, &s) ||
	    !status_is_event(&s) || event_owner(&s) != owner ||
	    !event_date_at(&s.event, start, &date))
		check_say_pair(c, "event of", owner, id, "is not there, or at another time");
}

static void check_participant(const struct check *c, struct str key, struct str value)
{
	uint64_t status = 0, account = 0;
	struct participant p;
	struct str there;
	if (!reckey_read_u64(key, 0, &status) || !reckey_read_u64(key, 8, &account) ||
	    !participant_decode(value, &p)) {
		check_say(c, "participant of event", status, "cannot be decoded");
		return;
	}
	struct reckey back = reckey_u64_u64(account, status);
	if (!check_has(c, &store_status, status))
		check_say_pair(c, "participant of event", status, account, "of none that is there");
	if (!db_get(c->txn, &store_participation, reckey_str(&back), &there))
		check_say_pair(c, "participant of event", status, account, "does not know it");
}

static void check_participation(const struct check *c, struct str key, struct str value UNUSED)
{
	uint64_t status = 0, account = 0;
	struct str there;
	bool whole = reckey_read_u64(key, 0, &account) && reckey_read_u64(key, 8, &status);
	struct reckey row = reckey_u64_u64(status, account);
	if (!whole || !db_get(c->txn, &store_participant, reckey_str(&row), &there))
		check_say_pair(c, "participation of account", account, status, "is none");
}

static void check_attendance(const struct check *c, struct str key, struct str value UNUSED)
{
	uint64_t status = 0;
	struct reckey prefix = RECKEY_INIT;
	struct db_iter it CLEANUP(db_iter_close) = { .txn = NULL };
	struct str row;
	uint32_t going = 0, waiting = 0;
	if (!reckey_read_u64(key, 0, &status))
		return;
	reckey_add_u64(&prefix, status);
	db_iter_open(&it, c->txn, &store_participant, reckey_str(&prefix), DB_FORWARD, STR_NONE);
	while (db_iter_next(&it, NULL, &row)) {
		struct participant p = { .state = PARTICIPATION_NONE };
		if (!participant_decode(row, &p))
			continue;
		going += p.state == PARTICIPATION_GOING;
		waiting += p.state == PARTICIPATION_WAITING;
	}
	struct attendance a = attendance_get(c->txn, status);
	if (a.going != going || a.waiting != waiting)
		check_say(c, "event", status, "has other participants than it counts");
	if (!check_has(c, &store_status, status))
		check_say(c, "event", status, "is not there, but counted");
}

void event_check(struct db_txn *txn, struct arena *arena, void (*bad)(void *arg, struct str what),
		 void *arg)
{
	const struct check c = { txn, arena, bad, arg };
	check_walk(&c, &store_event, 24, check_index);
	check_walk(&c, &store_participant, 16, check_participant);
	check_walk(&c, &store_participation, 16, check_participation);
	check_walk(&c, &store_attendance, 8, check_attendance);
}
