/* Events by time, and who takes part. Owns tables event, participant, participation and attendance.
 * Inside transactions only. */
#include "event_int.h"

#include "account_int.h"
#include "core/attr.h"
#include "core/must.h"
#include "page_int.h"
#include "store/account.h"
#include "store/tables.h"
#include "store_int.h"
#include "sweep_int.h"

/* 1: before there were invitations; read, never written */
#define PARTICIPANT_VERSION 2
#define INVITED 1U
#define BY_LETTER 2U
#define ATTENDANCE_VERSION 2 /* 1 did not say when a series rolls */
#define ROW_MAX_BYTES (16 * 1024)
#define FLAGS_ALL (ATTENDANCE_TELLING | ATTENDANCE_TOLD | ATTENDANCE_ROLLING)

/* --- words --- */

const char *event_join_name(enum event_join join)
{
	static const char *const names[] = {
		[EVENT_JOIN_UNSAID] = NULL,	     [EVENT_JOIN_FREE] = "free",
		[EVENT_JOIN_ON_REQUEST] = "request", [EVENT_JOIN_EXTERNAL] = "external",
		[EVENT_JOIN_INVITE] = "invitation",  [EVENT_JOIN_NONE] = "none"
	};
	must((size_t)join < ARRAY_LEN(names));
	return names[join];
}

const char *event_state_name(enum event_state state)
{
	static const char *const names[] = { [EVENT_SCHEDULED] = "scheduled",
					     [EVENT_TENTATIVE] = "tentative",
					     [EVENT_POSTPONED] = "postponed",
					     [EVENT_CANCELLED] = "cancelled" };
	must((size_t)state < ARRAY_LEN(names));
	return names[state];
}

const char *participation_name(enum participation state)
{
	static const char *const names[] = {
		[PARTICIPATION_NONE] = NULL,	     [PARTICIPATION_WAITING] = "waiting",
		[PARTICIPATION_GOING] = "going",     [PARTICIPATION_REFUSED] = "refused",
		[PARTICIPATION_INVITED] = "invited", [PARTICIPATION_DECLINED] = "declined"
	};
	must((size_t)state < ARRAY_LEN(names));
	return names[state];
}

/* --- by time --- */

static struct reckey event_key(uint64_t owner, uint64_t start_ms, uint64_t id)
{
	struct reckey key = reckey_u64_u64(owner, start_ms);
	reckey_add_u64(&key, id);
	return key;
}

/* --- dates --- */

/* The i-th, of a series or not. */
static struct event_date date_of(const struct status_event *e, unsigned i)
{
	if (e->date_count != 0)
		return e->dates[i];
	return (struct event_date){ .original_ms = e->start_ms,
				    .start_ms = e->start_ms,
				    .end_ms = e->end_ms,
				    .place = STR("") };
}

static unsigned dates_of(const struct status_event *e)
{
	return e->date_count != 0 ? e->date_count : 1;
}

static uint64_t date_end_ms(const struct event_date *d)
{
	return d->end_ms != 0 ? d->end_ms : d->start_ms;
}

uint64_t event_end_ms(const struct status_event *e)
{
	uint64_t end = e->end_ms != 0 ? e->end_ms : e->start_ms;
	for (unsigned i = 0; i < e->date_count; i++) {
		uint64_t one = date_end_ms(&e->dates[i]);
		if ((e->dates[i].flags & EVENT_DATE_CANCELLED) == 0 && one > end)
			end = one;
	}
	return end;
}

const struct event_date *event_date_find(const struct status_event *e, uint64_t original_ms)
{
	for (unsigned i = 0; i < e->date_count; i++) {
		if (e->dates[i].original_ms == original_ms)
			return &e->dates[i];
	}
	return NULL;
}

bool event_date_at(const struct status_event *e, uint64_t start_ms, struct event_date *out)
{
	for (unsigned i = 0; i < dates_of(e); i++) {
		*out = date_of(e, i);
		if (out->start_ms == start_ms)
			return true;
	}
	return false;
}

bool event_next_date(const struct status_event *e, uint64_t now_ms, struct event_date *out)
{
	bool found = e->date_count == 0;
	*out = date_of(e, 0);
	for (unsigned i = 0; i < e->date_count; i++) {
		const struct event_date *d = &e->dates[i];
		if ((d->flags & EVENT_DATE_CANCELLED) != 0 || date_end_ms(d) <= now_ms ||
		    (found && d->start_ms >= out->start_ms))
			continue;
		*out = *d;
		found = true;
	}
	return found;
}

/* --- the index by time --- */

static struct reckey key_of(const struct status *s, unsigned i)
{
	return event_key(event_owner(s), date_of(&s->event, i).start_ms, s->id);
}

static bool has_key(const struct status *s, const struct reckey *wanted)
{
	for (unsigned i = 0; i < dates_of(&s->event); i++) {
		struct reckey key = key_of(s, i);
		if (str_eq(reckey_str(&key), reckey_str(wanted)))
			return true;
	}
	return false;
}

void event_index(struct db_txn *txn, const struct status *now, const struct status *next)
{
	bool was = now != NULL && status_is_event(now), is = next != NULL && status_is_event(next);
	for (unsigned i = 0; was && i < dates_of(&now->event); i++) {
		struct reckey key = key_of(now, i);
		if (!is || !has_key(next, &key))
			db_del(txn, &store_event, reckey_str(&key));
	}
	for (unsigned i = 0; is && i < dates_of(&next->event); i++) {
		struct reckey key = key_of(next, i);
		if (!was || !has_key(now, &key))
			db_put(txn, &store_event, reckey_str(&key), STR(""));
	}
}

bool event_is_indexed(struct db_txn *txn, const struct status *s)
{
	struct str value;
	for (unsigned i = 0; status_is_event(s) && i < dates_of(&s->event); i++) {
		struct reckey key = key_of(s, i);
		if (!db_get(txn, &store_event, reckey_str(&key), &value))
			return false;
	}
	return true;
}

size_t events_of(struct db_txn *txn, uint64_t owner, const struct event_entry *after,
		 struct event_entry *out, size_t count)
{
	struct reckey prefix = reckey_u64(owner);
	struct reckey from = event_key(owner, after->start_ms,
				       after->id != UINT64_MAX ? after->id + 1 : UINT64_MAX);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key;
	size_t n = 0;
	db_iter_open(&it, txn, &store_event, reckey_str(&prefix), DB_FORWARD, reckey_str(&from));
	while (n < count && db_iter_next(&it, &key, NULL))
		n += reckey_read_u64(key, 8, &out[n].start_ms) &&
		     reckey_read_u64(key, 16, &out[n].id);
	return n;
}

size_t events_between(struct db_txn *txn, uint64_t owner, uint64_t from_ms, uint64_t until_ms,
		      uint64_t *ids, size_t count)
{
	struct reckey prefix = reckey_u64(owner), from = event_key(owner, from_ms, 0);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key;
	uint64_t start, id;
	size_t n = 0, known;
	db_iter_open(&it, txn, &store_event, reckey_str(&prefix), DB_FORWARD, reckey_str(&from));
	for (unsigned i = 0; i < EVENTS_WALKED && n < count && db_iter_next(&it, &key, NULL); i++) {
		if (!reckey_read_u64(key, 8, &start) || !reckey_read_u64(key, 16, &id))
			continue;
		if (start >= until_ms)
			break;
		for (known = 0; known < n && ids[known] != id;)
			known++;
		if (known == n)
			ids[n++] = id;
	}
	return n;
}

/* --- counts --- */

struct attendance attendance_get(struct db_txn *txn, uint64_t status)
{
	struct reckey key = reckey_u64(status);
	struct attendance out = { .going = 0 };
	struct str value;
	if (!db_get(txn, &store_attendance, reckey_str(&key), &value))
		return out;
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	out.flags = rec_u8(&r);
	out.going = rec_u32(&r);
	out.waiting = rec_u32(&r);
	out.told = rec_u32(&r);
	out.roll_ms = version >= 2 ? rec_num(&r) : 0;
	if (version >= 1 && version <= ATTENDANCE_VERSION && rec_ok(&r) &&
	    (out.flags & ~(unsigned)FLAGS_ALL) == 0)
		return out;
	db_txn_fail(txn, RC_CORRUPT);
	return (struct attendance){ .going = 0 };
}

static void attendance_put(struct db_txn *txn, uint64_t status, const struct attendance *a)
{
	struct reckey key = reckey_u64(status);
	struct buf row CLEANUP(buf_free) = BUF_INIT(64);
	rec_add_u8(&row, ATTENDANCE_VERSION);
	rec_add_u8(&row, (uint8_t)a->flags);
	rec_add_u32(&row, a->going);
	rec_add_u32(&row, a->waiting);
	rec_add_u32(&row, a->told);
	rec_add_num(&row, a->roll_ms);
	store_put(txn, &store_attendance, &key, &row);
}

void attendance_mark(struct db_txn *txn, uint64_t status, unsigned set, unsigned clear)
{
	struct attendance a = attendance_get(txn, status);
	a.flags = (a.flags & ~clear) | set;
	attendance_put(txn, status, &a);
}

void attendance_tell(struct db_txn *txn, uint64_t status, uint32_t told)
{
	struct attendance a = attendance_get(txn, status);
	a.told = told;
	a.flags |= ATTENDANCE_TOLD;
	attendance_put(txn, status, &a);
}

void attendance_roll(struct db_txn *txn, uint64_t status, uint64_t at_ms)
{
	struct attendance a = attendance_get(txn, status);
	a.flags =
		at_ms != 0 ? a.flags | ATTENDANCE_ROLLING : a.flags & ~(unsigned)ATTENDANCE_ROLLING;
	a.roll_ms = at_ms;
	attendance_put(txn, status, &a);
}

static void step(uint32_t *n, bool before, bool now)
{
	if (now && !before && *n != UINT32_MAX)
		++*n;
	else if (before && !now && *n != 0)
		--*n;
}

static void recount(struct db_txn *txn, uint64_t status, enum participation before,
		    enum participation now)
{
	struct attendance a = attendance_get(txn, status);
	if (before == now)
		return;
	step(&a.going, before == PARTICIPATION_GOING, now == PARTICIPATION_GOING);
	step(&a.waiting, before == PARTICIPATION_WAITING, now == PARTICIPATION_WAITING);
	attendance_put(txn, status, &a);
}

/* --- participants --- */

void participant_encode(struct buf *out, const struct participant *p)
{
	rec_add_u8(out, PARTICIPANT_VERSION);
	rec_add_u8(out, (uint8_t)p->state);
	rec_add_num(out, p->since_ms);
	rec_add_str(out, p->uri);
	rec_add_str(out, p->note);
	rec_add_u8(out, (uint8_t)((p->invited ? INVITED : 0) | (p->by_letter ? BY_LETTER : 0)));
	rec_add_num(out, p->remind_min);
	rec_add_num(out, p->remind_ms);
}

bool participant_decode(struct str value, struct participant *out)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	out->state = (enum participation)rec_u8(&r);
	out->since_ms = rec_num(&r);
	out->uri = rec_str(&r);
	out->note = rec_str(&r);
	unsigned flags = version >= 2 ? rec_u8(&r) : 0;
	out->invited = (flags & INVITED) != 0;
	out->by_letter = (flags & BY_LETTER) != 0;
	out->remind_min = version >= 2 ? store_num32(&r) : 0;
	out->remind_ms = version >= 2 ? rec_num(&r) : 0;
	return version >= 1 && version <= PARTICIPANT_VERSION && rec_ok(&r) &&
	       flags <= (INVITED | BY_LETTER) && out->state >= PARTICIPATION_WAITING &&
	       out->state <= PARTICIPATION_DECLINED;
}

static bool participant_read(struct db_txn *txn, uint64_t status, uint64_t account,
			     struct participant *out)
{
	struct reckey key = reckey_u64_u64(status, account);
	struct str value;
	*out = (struct participant){ .status = status, .account = account };
	if (!db_get(txn, &store_participant, reckey_str(&key), &value))
		return false;
	if (participant_decode(value, out))
		return true;
	db_txn_fail(txn, RC_CORRUPT);
	return false;
}

static void keep(struct arena *arena, struct participant *p)
{
	p->uri = arena_str(arena, p->uri);
	p->note = arena_str(arena, p->note);
}

bool participant_get(struct db_txn *txn, struct arena *arena, uint64_t status, uint64_t account,
		     struct participant *out)
{
	if (!participant_read(txn, status, account, out))
		return false;
	keep(arena, out);
	return true;
}

void participant_put(struct db_txn *txn, const struct participant *p)
{
	struct reckey key = reckey_u64_u64(p->status, p->account);
	struct reckey back = reckey_u64_u64(p->account, p->status);
	struct buf row CLEANUP(buf_free) = BUF_INIT(ROW_MAX_BYTES);
	struct participant before;
	if (!participant_read(txn, p->status, p->account, &before))
		before.state = PARTICIPATION_NONE;
	recount(txn, p->status, before.state, p->state);
	participant_encode(&row, p);
	store_put(txn, &store_participant, &key, &row);
	db_put(txn, &store_participation, reckey_str(&back), STR(""));
}

bool participant_del(struct db_txn *txn, uint64_t status, uint64_t account)
{
	struct reckey key = reckey_u64_u64(status, account);
	struct reckey back = reckey_u64_u64(account, status);
	struct participant before;
	if (!participant_read(txn, status, account, &before))
		return false;
	recount(txn, status, before.state, PARTICIPATION_NONE);
	db_del(txn, &store_participation, reckey_str(&back));
	return db_del(txn, &store_participant, reckey_str(&key));
}

size_t participants(struct db_txn *txn, struct arena *arena, uint64_t status, uint64_t after,
		    struct participant *out, size_t count)
{
	struct reckey prefix = reckey_u64(status), from = store_key_after(status, after);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	size_t n = 0;
	db_iter_open(&it, txn, &store_participant, reckey_str(&prefix), DB_FORWARD,
		     reckey_str(&from));
	while (n < count && db_iter_next(&it, &key, &value)) {
		out[n] = (struct participant){ .status = status };
		if (!reckey_read_u64(key, 8, &out[n].account) ||
		    !participant_decode(value, &out[n])) {
			db_txn_fail(txn, RC_CORRUPT);
			return 0;
		}
		keep(arena, &out[n++]);
	}
	return n;
}

size_t participant_ids(struct db_txn *txn, uint64_t status, uint64_t after, uint64_t *out,
		       size_t count)
{
	struct reckey prefix = reckey_u64(status), from = store_key_after(status, after);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	size_t n = 0;
	db_iter_open(&it, txn, &store_participant, reckey_str(&prefix), DB_FORWARD,
		     reckey_str(&from));
	while (n < count && db_iter_next(&it, &key, &value)) {
		struct participant p;
		if (participant_decode(value, &p) && p.state != PARTICIPATION_REFUSED &&
		    p.state != PARTICIPATION_DECLINED)
			n += reckey_read_u64(key, 8, &out[n]);
	}
	return n;
}

size_t participations_of(struct db_txn *txn, uint64_t account, const struct page *page,
			 uint64_t *out, size_t count)
{
	struct reckey prefix = reckey_u64(account);
	return page_ids(txn, &store_participation, &prefix, page, NULL, out, count);
}

void participants_del(struct db_txn *txn, uint64_t status)
{
	struct reckey prefix = reckey_u64(status);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key;
	uint64_t account;
	db_iter_open(&it, txn, &store_participant, reckey_str(&prefix), DB_FORWARD, STR_NONE);
	while (db_iter_next(&it, &key, NULL)) {
		if (!reckey_read_u64(key, 8, &account))
			continue;
		struct reckey one = reckey_u64_u64(status, account);
		struct reckey back = reckey_u64_u64(account, status);
		db_del(txn, &store_participant, reckey_str(&one));
		db_del(txn, &store_participation, reckey_str(&back));
	}
	db_del(txn, &store_attendance, reckey_str(&prefix));
}

/* --- sweeping --- */

static void participant_look(struct db_txn *txn, struct str key, struct str value UNUSED,
			     void *arg UNUSED)
{
	uint64_t status, account;
	struct account a;
	if (reckey_read_u64(key, 0, &status) && reckey_read_u64(key, 8, &account) &&
	    account_peek(txn, account, &a) && (a.flags & ACCOUNT_DELETED) != 0)
		participant_del(txn, status, account);
}

/* S-078 */
bool participants_sweep(struct db_txn *txn, uint64_t now_ms UNUSED, struct sweep_cursor *cursor,
			size_t count)
{
	return sweep_walk(txn, &store_participant, cursor, count, participant_look, NULL);
}
