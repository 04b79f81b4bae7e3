/*
 * Teams. Owns tables team, team_member, team_of, team_log and byline. Inside transactions only.
 */
#include "team_int.h"

#include "check_int.h"
#include "core/attr.h"
#include "db/rec.h"
#include "page_int.h"
#include "store/account.h"
#include "store/tables.h"
#include "store_int.h"

#define TEAM_VERSION 1
#define MEMBER_VERSION 1
#define BYLINE_VERSION 2 /* 1: without former */
#define ENTRY_VERSION 1
#define ROW_MAX_BYTES ((size_t)16 << 10)
#define LOG_CHUNK 200

/* --- what it has agreed on --- */

void team_encode(struct buf *out, const struct team *team)
{
	rec_add_u8(out, TEAM_VERSION);
	rec_add_u8(out, team->four_eyes ? 1 : 0);
	rec_add_u8(out, (uint8_t)team->credit);
	rec_add_num(out, team->created_ms);
}

bool team_decode(struct str value, struct team *out)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r), four_eyes = rec_u8(&r), credit = rec_u8(&r);
	out->four_eyes = four_eyes != 0;
	out->credit = (enum team_credit)credit;
	out->created_ms = rec_num(&r);
	return version == TEAM_VERSION && rec_ok(&r) && four_eyes <= 1 && credit < TEAM_CREDITS;
}

bool team_get(struct db_txn *txn, uint64_t id, struct team *out)
{
	struct reckey key = reckey_u64(id);
	struct str value;
	*out = (struct team){ .id = id };
	if (!db_get(txn, &store_team, reckey_str(&key), &value))
		return false;
	if (team_decode(value, out))
		return true;
	db_txn_fail(txn, RC_CORRUPT);
	return false;
}

void team_put(struct db_txn *txn, const struct team *team)
{
	struct buf row CLEANUP(buf_free) = BUF_INIT(ROW_MAX_BYTES);
	struct reckey key = reckey_u64(team->id);
	team_encode(&row, team);
	store_put(txn, &store_team, &key, &row);
}

size_t team_ids(struct db_txn *txn, uint64_t after, uint64_t *out, size_t count)
{
	struct reckey from = reckey_u64(after + 1);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key;
	size_t n = 0;
	db_iter_open(&it, txn, &store_team, STR(""), DB_FORWARD, reckey_str(&from));
	while (n < count && db_iter_next(&it, &key, NULL))
		n += reckey_read_u64(key, 0, &out[n]);
	return n;
}

/* --- members --- */

void team_member_encode(struct buf *out, const struct team_member *m)
{
	rec_add_u8(out, MEMBER_VERSION);
	rec_add_u8(out, (uint8_t)m->role);
	rec_add_num(out, m->since_ms);
	rec_add_u64(out, m->by);
}

bool team_member_decode(struct str value, struct team_member *out)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r), role = rec_u8(&r);
	out->role = (enum team_role)role;
	out->since_ms = rec_num(&r);
	out->by = rec_u64(&r);
	return version == MEMBER_VERSION && rec_ok(&r) && role != TEAM_NOBODY && role < TEAM_ROLES;
}

bool team_member_get(struct db_txn *txn, uint64_t team, uint64_t person, struct team_member *out)
{
	struct reckey key = reckey_u64_u64(team, person);
	struct str value;
	*out = (struct team_member){ .team = team, .person = person };
	if (!db_get(txn, &store_team_member, reckey_str(&key), &value))
		return false;
	if (team_member_decode(value, out))
		return true;
	db_txn_fail(txn, RC_CORRUPT);
	out->role = TEAM_NOBODY;
	return false;
}

void team_member_put(struct db_txn *txn, const struct team_member *m)
{
	struct buf row CLEANUP(buf_free) = BUF_INIT(ROW_MAX_BYTES);
	struct reckey key = reckey_u64_u64(m->team, m->person);
	struct reckey back = reckey_u64_u64(m->person, m->team);
	team_member_encode(&row, m);
	store_put(txn, &store_team_member, &key, &row);
	db_put(txn, &store_team_of, reckey_str(&back), STR(""));
}

bool team_member_del(struct db_txn *txn, uint64_t team, uint64_t person)
{
	struct reckey key = reckey_u64_u64(team, person);
	struct reckey back = reckey_u64_u64(person, team);
	db_del(txn, &store_team_of, reckey_str(&back));
	return db_del(txn, &store_team_member, reckey_str(&key));
}

size_t team_members(struct db_txn *txn, uint64_t team, uint64_t after, struct team_member *out,
		    size_t count)
{
	struct reckey prefix = reckey_u64(team), from = store_key_after(team, after);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	size_t n = 0;
	db_iter_open(&it, txn, &store_team_member, reckey_str(&prefix), DB_FORWARD,
		     reckey_str(&from));
	while (n < count && db_iter_next(&it, &key, &value)) {
		out[n] = (struct team_member){ .team = team };
		if (!reckey_read_u64(key, 8, &out[n].person) ||
		    !team_member_decode(value, &out[n])) {
			db_txn_fail(txn, RC_CORRUPT);
			return 0;
		}
		n++;
	}
	return n;
}

size_t teams_of(struct db_txn *txn, uint64_t person, uint64_t after, struct team_member *out,
		size_t count)
{
	struct reckey prefix = reckey_u64(person), from = store_key_after(person, after);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key;
	uint64_t team;
	size_t n = 0;
	db_iter_open(&it, txn, &store_team_of, reckey_str(&prefix), DB_FORWARD, reckey_str(&from));
	while (n < count && db_iter_next(&it, &key, NULL)) {
		if (reckey_read_u64(key, 8, &team))
			n += team_member_get(txn, team, person, &out[n]);
	}
	return n;
}

/* --- who wrote a post --- */

void byline_encode(struct buf *out, const struct byline *b)
{
	rec_add_u8(out, BYLINE_VERSION);
	rec_add_u64(out, b->writer);
	rec_add_u64(out, b->reviewer);
	rec_add_u64(out, b->editor);
	rec_add_u64(out, b->former);
}

bool byline_decode(struct str value, struct byline *out)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	out->writer = rec_u64(&r);
	out->reviewer = rec_u64(&r);
	out->editor = rec_u64(&r);
	out->former = version > 1 ? rec_u64(&r) : 0;
	return version != 0 && version <= BYLINE_VERSION && rec_ok(&r);
}

bool byline_get(struct db_txn *txn, uint64_t status, struct byline *out)
{
	struct reckey key = reckey_u64(status);
	struct str value;
	*out = (struct byline){ .writer = 0 };
	if (!db_get(txn, &store_byline, reckey_str(&key), &value))
		return false;
	if (byline_decode(value, out))
		return true;
	db_txn_fail(txn, RC_CORRUPT);
	return false;
}

void byline_put(struct db_txn *txn, uint64_t status, const struct byline *byline)
{
	struct buf row CLEANUP(buf_free) = BUF_INIT(ROW_MAX_BYTES);
	struct reckey key = reckey_u64(status);
	byline_encode(&row, byline);
	store_put(txn, &store_byline, &key, &row);
}

void byline_del(struct db_txn *txn, uint64_t status)
{
	struct reckey key = reckey_u64(status);
	db_del(txn, &store_byline, reckey_str(&key));
}

/* --- the trail --- */

void team_entry_encode(struct buf *out, const struct team_entry *e)
{
	rec_add_u8(out, ENTRY_VERSION);
	rec_add_num(out, e->at_ms);
	rec_add_u64(out, e->person);
	rec_add_u64(out, e->about);
	rec_add_str(out, e->act);
	rec_add_str(out, e->words);
}

bool team_entry_decode(struct str value, struct team_entry *out)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	out->at_ms = rec_num(&r);
	out->person = rec_u64(&r);
	out->about = rec_u64(&r);
	out->act = rec_str(&r);
	out->words = rec_str(&r);
	return version == ENTRY_VERSION && rec_ok(&r);
}

void team_log_add(struct db_txn *txn, uint64_t team, struct team_entry *e)
{
	struct buf row CLEANUP(buf_free) = BUF_INIT(ROW_MAX_BYTES);
	e->id = db_next_id(txn);
	e->at_ms = db_txn_now(txn);
	struct reckey key = reckey_u64_u64(team, e->id);
	team_entry_encode(&row, e);
	store_put(txn, &store_team_log, &key, &row);
}

static bool entry_get(struct db_txn *txn, struct arena *arena, uint64_t team, uint64_t id,
		      struct team_entry *out)
{
	struct reckey key = reckey_u64_u64(team, id);
	struct str value;
	*out = (struct team_entry){ .id = id };
	return db_get(txn, &store_team_log, reckey_str(&key), &value) &&
	       (team_entry_decode(arena_str(arena, value), out) || store_undecoded(txn, arena));
}

size_t team_log_page(struct db_txn *txn, struct arena *arena, uint64_t team,
		     const struct page *page, struct team_entry *out, size_t count)
{
	struct reckey prefix = reckey_u64(team);
	uint64_t ids[LOG_CHUNK];
	size_t n = 0, want = count < LOG_CHUNK ? count : LOG_CHUNK;
	size_t found = page_ids(txn, &store_team_log, &prefix, page, NULL, ids, want);
	for (size_t i = 0; i < found; i++)
		n += entry_get(txn, arena, team, ids[i], &out[n]);
	return n;
}

/* --- integrity --- */

static void team_row(const struct check *c, struct str key, struct str value)
{
	struct account account = { .id = 0 };
	struct team team;
	uint64_t id = 0;
	if (!reckey_read_u64(key, 0, &id) || !team_decode(value, &team))
		check_say(c, "team", id, "cannot be decoded");
	else if (!account_get(c->txn, c->arena, id, &account) ||
		 (account.flags & (ACCOUNT_TEAM | ACCOUNT_DELETED)) == 0)
		check_say(c, "team", id, "is no account of a team");
}

static void member_row(const struct check *c, struct str key, struct str value)
{
	struct team_member m;
	uint64_t team = 0, person = 0;
	struct str none;
	bool ok = reckey_read_u64(key, 0, &team) && reckey_read_u64(key, 8, &person) &&
		  team_member_decode(value, &m);
	struct reckey back = reckey_u64_u64(person, team);
	if (!ok || !db_get(c->txn, &store_team_of, reckey_str(&back), &none))
		check_say_pair(c, "team-member", team, person, "is not listed with the person");
	else if (!check_has(c, &store_team, team))
		check_say_pair(c, "team-member", team, person, "is of no team");
}

static void team_of_row(const struct check *c, struct str key, struct str value UNUSED)
{
	struct team_member m;
	uint64_t person = 0, team = 0;
	if (!reckey_read_u64(key, 0, &person) || !reckey_read_u64(key, 8, &team) ||
	    !team_member_get(c->txn, team, person, &m))
		check_say_pair(c, "team-of", person, team, "is listed and not there");
}

static void byline_row(const struct check *c, struct str key, struct str value)
{
	struct byline b;
	uint64_t id = 0;
	if (!reckey_read_u64(key, 0, &id) || !byline_decode(value, &b))
		check_say(c, "byline", id, "cannot be decoded");
	else if (!check_has(c, &store_status, id))
		check_say(c, "byline", id, "is of no post");
}

static void log_row(const struct check *c, struct str key, struct str value)
{
	struct team_entry e;
	uint64_t id = 0;
	if (!reckey_read_u64(key, 8, &id) || !team_entry_decode(value, &e))
		check_say(c, "team-log", id, "cannot be decoded");
}

void team_check(struct db_txn *txn, struct arena *arena, void (*bad)(void *arg, struct str what),
		void *arg)
{
	const struct check c = { txn, arena, bad, arg };
	check_walk(&c, &store_team, 8, team_row);
	check_walk(&c, &store_team_member, 16, member_row);
	check_walk(&c, &store_team_of, 16, team_of_row);
	check_walk(&c, &store_byline, 8, byline_row);
	check_walk(&c, &store_team_log, 16, log_row);
	check_end(&c, "team");
}
