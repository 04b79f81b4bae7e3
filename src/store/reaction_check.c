/* Integrity of reactions, dislikes and pins. */
#include "check_int.h"
#include "core/attr.h"
#include "graph_int.h"
#include "reaction_int.h"
#include "status_int.h"
#include "store/pin.h"
#include "store/tables.h"
#include "store/told_vote.h"

#define ARENA_MAX ((size_t)4 << 20)

static void check_ends(const struct check *c, const char *what, uint64_t status, uint64_t account)
{
	if (!check_has(c, &store_status, status) || !check_has(c, &store_account, account))
		check_say_pair(c, what, status, account, "is of a status or account not there");
}

static void check_row(const struct check *c, struct str key, struct str value)
{
	struct reaction list[REACTIONS_PER_PERSON];
	struct uri_entry entry;
	uint64_t status, account;
	struct str count;
	size_t n;
	if (!reckey_read_u64(key, 0, &status) || !reckey_read_u64(key, 8, &account))
		return;
	check_ends(c, "reaction", status, account);
	if (!reactions_decode(value, list, &n)) {
		check_say_pair(c, "reaction", status, account, "cannot be decoded");
		return;
	}
	for (size_t i = 0; i < n; i++) {
		struct reckey kind = reaction_count_key(status, list[i].text, list[i].host);
		if (!db_get(c->txn, &store_reaction_count, reckey_str(&kind), &count))
			check_say_pair(c, "reaction", status, account, "is not counted");
		if (list[i].uri.len != 0 && !check_uri(c, list[i].uri, &entry))
			check_say_pair(c, "reaction", status, account, "is not found by its uri");
	}
}

/* How many rows of the post hold this kind. */
static uint64_t tally(const struct check *c, uint64_t status, const struct reaction_count *kind)
{
	struct reckey prefix = reckey_u64(status);
	struct db_iter it CLEANUP(db_iter_close);
	struct reaction list[REACTIONS_PER_PERSON];
	struct str value;
	uint64_t sum = 0;
	size_t n;
	db_iter_open(&it, c->txn, &store_reaction, reckey_str(&prefix), DB_FORWARD, STR_NONE);
	while (db_iter_next(&it, NULL, &value)) {
		if (!reactions_decode(value, list, &n))
			continue;
		for (size_t i = 0; i < n; i++)
			sum += str_eq(list[i].text, kind->text) && str_eq(list[i].host, kind->host);
	}
	return sum + told_reactions(c->txn, status, kind);
}

static void check_count_row(const struct check *c, struct str key, struct str value)
{
	struct reaction_count kind;
	uint64_t status;
	if (!reckey_read_u64(key, 0, &status))
		return;
	if (!reaction_count_decode(value, &kind)) {
		check_say(c, "reaction count", status, "cannot be decoded");
		return;
	}
	struct reckey own = reaction_count_key(status, kind.text, kind.host);
	if (!str_eq(key, reckey_str(&own)))
		check_say(c, "reaction count", status, "is in a wrong place");
	if (tally(c, status, &kind) != kind.count)
		check_say(c, "reaction count", status, "is not what the reactions say");
}

static void check_dislike(const struct check *c, struct str key, struct str value)
{
	uint64_t status, account;
	struct uri_entry entry;
	struct block edge;
	if (!reckey_read_u64(key, 0, &status) || !reckey_read_u64(key, 8, &account))
		return;
	check_ends(c, "dislike", status, account);
	if (!edge_decode(value, &edge))
		check_say_pair(c, "dislike", status, account, "cannot be decoded");
	else if (edge.uri.len != 0 && !check_uri(c, edge.uri, &entry))
		check_say_pair(c, "dislike", status, account, "is not found by its uri");
	if (!check_has(c, &store_dislike_count, status))
		check_say_pair(c, "dislike", status, account, "is not counted");
}

static void check_dislike_count(const struct check *c, struct str key, struct str value)
{
	uint64_t status;
	uint32_t count;
	if (!reckey_read_u64(key, 0, &status))
		return;
	if (!dislike_count_decode(value, &count) ||
	    count != check_count(c, &store_dislike, status) + told_votes(c->txn, status).down)
		check_say(c, "dislike count", status, "is not what the dislikes say");
}

/* An id that leads to a reaction or dislike leads to one that has it. */
static void check_uri_row(const struct check *c, struct str key, struct str value)
{
	struct reaction list[REACTIONS_PER_PERSON];
	struct uri_entry e;
	struct block edge;
	struct str row;
	size_t n = 0;
	if (!uri_entry_decode(value, &e) || (e.kind != URI_REACTION && e.kind != URI_DISLIKE))
		return;
	struct reckey at = reckey_u64_u64(e.id, e.other);
	bool fits = false;
	if (e.kind == URI_DISLIKE)
		fits = db_get(c->txn, &store_dislike, reckey_str(&at), &row) &&
		       edge_decode(row, &edge) && check_uri_fits(key, edge.uri);
	else if (db_get(c->txn, &store_reaction, reckey_str(&at), &row) &&
		 reactions_decode(row, list, &n))
		for (size_t i = 0; i < n; i++)
			fits = fits || check_uri_fits(key, list[i].uri);
	if (!fits)
		check_say_pair(c, "uri", e.id, e.other, "leads to no reaction of this uri");
}

static void check_all(struct db_txn *txn, void (*bad)(void *arg, struct str what), void *arg,
		      void (*run)(const struct check *c))
{
	struct arena *arena = arena_new(ARENA_MAX);
	const struct check c = { txn, arena, bad, arg };
	if (arena == NULL) {
		check_say(&c, "reactions", 0, "there is no memory to check them");
		return;
	}
	run(&c);
	arena_free(&arena);
}

static void reactions_run(const struct check *c)
{
	check_walk(c, &store_reaction, 16, check_row);
	check_walk(c, &store_reaction_count, REACTION_COUNT_KEY, check_count_row);
	check_walk(c, &store_dislike, 16, check_dislike);
	check_walk(c, &store_dislike_count, 8, check_dislike_count);
	check_walk(c, &store_uri, 16, check_uri_row);
	told_votes_check(c);
	told_reactions_check(c);
	check_end(c, "reactions");
}

void reaction_check(struct db_txn *txn, void (*bad)(void *arg, struct str what), void *arg)
{
	check_all(txn, bad, arg, reactions_run);
}

static void check_pin(const struct check *c, struct str key, struct str value)
{
	uint64_t account, id;
	struct reckey at;
	struct status status;
	struct str row;
	if (!reckey_read_u64(key, 0, &account) || !reckey_read_u64(key, 8, &id))
		return;
	at = reckey_u64(id);
	if (value.len != 8)
		check_say_pair(c, "pin", account, id, "cannot be decoded");
	if (!db_get(c->txn, &store_status, reckey_str(&at), &row) ||
	    !status_decode(c->arena, row, id, &status) || status.account != account)
		check_say_pair(c, "pin", account, id, "is not of a post of this account");
}

static void pins_run(const struct check *c)
{
	check_walk(c, &store_pin, 16, check_pin);
	check_end(c, "pins");
}

void pin_check(struct db_txn *txn, void (*bad)(void *arg, struct str what), void *arg)
{
	check_all(txn, bad, arg, pins_run);
}
