/* Integrity of polls: each belongs to a status that says so, each vote to a poll, and what is counted
 * here is what the votes say. */
#include "core/attr.h"
#include "db/rec.h"
#include "poll_int.h"
#include "status_int.h"
#include "store/tables.h"

static bool read_poll(const struct check *c, uint64_t status, struct poll *out)
{
	struct reckey key = reckey_u64(status);
	struct str value;
	return db_get(c->txn, &store_poll, reckey_str(&key), &value) &&
	       poll_decode(c->arena, value, out);
}

static void check_counts(const struct check *c, uint64_t status, const struct poll *p)
{
	struct reckey prefix = reckey_u64(status);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	uint64_t votes[POLL_OPTIONS_MAX] = { 0 }, voters = 0;
	bool right;
	db_iter_open(&it, c->txn, &store_poll_vote, reckey_str(&prefix), DB_FORWARD, STR_NONE);
	while (db_iter_next(&it, &key, &value)) {
		struct poll_vote vote;
		if (!poll_vote_decode(value, &vote))
			continue;
		voters++;
		for (unsigned i = 0; i < POLL_OPTIONS_MAX; i++)
			votes[i] += vote.choices >> i & 1;
	}
	right = p->voters == voters;
	for (unsigned i = 0; i < p->option_count; i++)
		right = right && p->options[i].votes == votes[i];
	if (!right)
		check_say(c, "poll", status, "miscounts its votes");
}

static void check_poll(const struct check *c, struct str key, struct str value)
{
	struct reckey name;
	struct status s;
	struct poll p;
	struct str row;
	uint64_t id = 0;
	if (!reckey_read_u64(key, 0, &id) || !poll_decode(c->arena, value, &p)) {
		check_say(c, "poll", id, "cannot be decoded");
		return;
	}
	name = reckey_u64(id);
	if (!db_get(c->txn, &store_status, reckey_str(&name), &row) ||
	    !status_decode(c->arena, row, id, &s) || !s.has_poll)
		check_say(c, "poll", id, "is of no status that has one");
	if ((p.flags & POLL_COUNTED) != 0)
		check_counts(c, id, &p);
}

static void check_vote(const struct check *c, struct str key, struct str value)
{
	uint64_t status, account;
	struct poll_vote v;
	struct poll p;
	if (!reckey_read_u64(key, 0, &status) || !reckey_read_u64(key, 8, &account))
		return;
	if (!poll_vote_decode(value, &v))
		check_say_pair(c, "vote", status, account, "cannot be decoded");
	else if (!read_poll(c, status, &p) || v.choices >> p.option_count != 0)
		check_say_pair(c, "vote", status, account, "is in no poll, or for no option of it");
	else if (!check_has(c, &store_account, account))
		check_say_pair(c, "vote", status, account, "is of an account that is not there");
}

void poll_check(const struct check *c)
{
	check_walk(c, &store_poll, 8, check_poll);
	check_walk(c, &store_poll_vote, 16, check_vote);
}
