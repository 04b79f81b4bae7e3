/* Integrity of strikes, presets and lost follows. Inside transactions that only read. */
#include "check_int.h"
#include "db/rec.h"
#include "severance_int.h"
#include "store/tables.h"
#include "strike_int.h"

/* --- strikes --- */

static bool has_row(const struct check *c, const struct db_table *table, struct reckey key)
{
	struct str value;
	return db_get(c->txn, table, reckey_str(&key), &value);
}

static bool strike_of_key(const struct check *c, uint64_t id, struct strike *out)
{
	struct reckey key = reckey_u64(id);
	struct str value;
	*out = (struct strike){ .id = id };
	return db_get(c->txn, &store_strike, reckey_str(&key), &value) && strike_decode(value, out);
}

static void check_strike(const struct check *c, struct str key, struct str value)
{
	struct strike s = { .id = 0 };
	if (!reckey_read_u64(key, 0, &s.id) || !strike_decode(value, &s)) {
		check_say(c, "strike", s.id, "cannot be decoded");
		return;
	}
	if (!has_row(c, &store_strike_of, reckey_u64_u64(s.account, s.id)))
		check_say(c, "strike", s.id, "is not found by whom it is against");
	if ((s.appeal == APPEAL_PENDING) != has_row(c, &store_appeal_open, reckey_u64(s.id)))
		check_say(c, "strike", s.id, "its appeal waits in one place only");
}

static void check_strike_of(const struct check *c, struct str key, struct str value UNUSED)
{
	struct strike s;
	uint64_t account, id;
	if (!reckey_read_u64(key, 0, &account) || !reckey_read_u64(key, 8, &id))
		return;
	if (!strike_of_key(c, id, &s) || s.account != account)
		check_say_pair(c, "strike of account", account, id, "is none");
}

/* Strikes outlast the community: they may stand in no list of one. */
static void check_strike_in(const struct check *c, struct str key, struct str value UNUSED)
{
	struct strike s;
	uint64_t community, id;
	if (!reckey_read_u64(key, 0, &community) || !reckey_read_u64(key, 8, &id))
		return;
	if (!strike_of_key(c, id, &s) || s.community != community)
		check_say_pair(c, "strike in community", community, id, "is none");
}

static void check_open(const struct check *c, struct str key, struct str value UNUSED)
{
	struct strike s;
	uint64_t id;
	if (reckey_read_u64(key, 0, &id) && !strike_of_key(c, id, &s))
		check_say(c, "open appeal", id, "is of no strike");
}

static void check_preset(const struct check *c, struct str key, struct str value)
{
	struct preset p = { .id = 0 };
	if (!reckey_read_u64(key, 0, &p.id) || !preset_decode(value, &p))
		check_say(c, "preset", p.id, "cannot be decoded");
}

static void check_community_preset(const struct check *c, struct str key, struct str value)
{
	struct preset p = { .id = 0 };
	if (!reckey_read_u64(key, 8, &p.id) || !preset_decode(value, &p))
		check_say(c, "preset of a community", p.id, "cannot be decoded");
}

void strike_check(struct db_txn *txn, struct arena *arena, void (*bad)(void *arg, struct str what),
		  void *arg)
{
	const struct check c = { txn, arena, bad, arg };
	check_walk(&c, &store_strike, 8, check_strike);
	check_walk(&c, &store_strike_of, 16, check_strike_of);
	check_walk(&c, &store_strike_in, 16, check_strike_in);
	check_walk(&c, &store_appeal_open, 8, check_open);
	check_walk(&c, &store_community_preset, 16, check_community_preset);
	check_walk(&c, &store_preset, 8, check_preset);
	check_end(&c, "strikes");
}

/* --- lost follows --- */

static uint64_t rows_of(const struct check *c, uint64_t account, uint64_t event, uint8_t direction)
{
	struct reckey prefix = reckey_u64_u64(account, event);
	struct db_iter it CLEANUP(db_iter_close);
	uint64_t n = 0;
	reckey_add_u8(&prefix, direction);
	db_iter_open(&it, c->txn, &store_severed, reckey_str(&prefix), DB_FORWARD, STR_NONE);
	while (db_iter_next(&it, NULL, NULL))
		n++;
	return n;
}

static void check_severance(const struct check *c, struct str key, struct str value)
{
	struct severance s = { .event = 0 };
	if (!reckey_read_u64(key, 0, &s.account) || !reckey_read_u64(key, 8, &s.event) ||
	    !severance_decode(value, &s)) {
		check_say(c, "severance", s.event, "cannot be decoded");
		return;
	}
	if (!s.purged && (rows_of(c, s.account, s.event, 1) != s.followers ||
			  rows_of(c, s.account, s.event, 0) != s.following))
		check_say_pair(c, "severance", s.account, s.event, "its list has another length");
}

static void check_severed(const struct check *c, struct str key, struct str value)
{
	struct severed s;
	uint64_t account, event;
	if (!reckey_read_u64(key, 0, &account) || !reckey_read_u64(key, 8, &event))
		return;
	if (!severed_decode(value, &s) ||
	    !has_row(c, &store_severance, reckey_u64_u64(account, event)))
		check_say_pair(c, "lost follow", account, event, "is of no event");
}

static void check_severing(const struct check *c, struct str key UNUSED, struct str value)
{
	uint64_t event;
	if (value.len != 8 || !reckey_read_u64(value, 0, &event))
		check_say(c, "severance that goes on", 0, "is none");
}

void severance_check(struct db_txn *txn, struct arena *arena,
		     void (*bad)(void *arg, struct str what), void *arg)
{
	const struct check c = { txn, arena, bad, arg };
	check_walk(&c, &store_severance, 16, check_severance);
	check_walk(&c, &store_severed, 25, check_severed);
	check_walk(&c, &store_severing, 24, check_severing);
	check_end(&c, "lost follows");
}
