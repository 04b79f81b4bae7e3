/*
 * Integrity of relations: follows mirror each other, audiences and counts are what the follows say,
 * ids lead to edges and back. Audiences are compared as sums of hashes, so that one of any size
 * needs no memory.
 */
#include "account_int.h"
#include "check_int.h"
#include "core/attr.h"
#include "follower_host_int.h"
#include "graph_int.h"
#include "store/shelf.h"
#include "store/tables.h"

#define ARENA_MAX ((size_t)4 << 20)

static bool read_follow(const struct check *c, uint64_t follower, uint64_t followee,
			struct follow *out)
{
	struct reckey key = reckey_u64_u64(follower, followee);
	struct str value;
	return db_get(c->txn, &store_follow, reckey_str(&key), &value) && follow_decode(value, out);
}

static bool read_edge(const struct check *c, const struct db_table *table, uint64_t a, uint64_t b,
		      struct block *out)
{
	struct reckey key = reckey_u64_u64(a, b);
	struct str value;
	return db_get(c->txn, table, reckey_str(&key), &value) && edge_decode(value, out);
}

static bool read_account(const struct check *c, uint64_t id, struct account *out)
{
	struct reckey key = reckey_u64(id);
	struct str value;
	return db_get(c->txn, &store_account, reckey_str(&key), &value) &&
	       account_decode(c->arena, value, id, out);
}

static void check_follow(const struct check *c, struct str key, struct str value)
{
	uint64_t follower, followee;
	struct uri_entry entry;
	struct follow f;
	struct str mirrored;
	if (!reckey_read_u64(key, 0, &follower) || !reckey_read_u64(key, 8, &followee))
		return;
	if (!follow_decode(value, &f)) {
		check_say_pair(c, "follow", follower, followee, "cannot be decoded");
		return;
	}
	const char state = (char)f.state;
	struct reckey mirror = reckey_u64_u64(followee, follower);
	if (!db_get(c->txn, &store_follower, reckey_str(&mirror), &mirrored) ||
	    !str_eq(mirrored, str_n(&state, 1)))
		check_say_pair(c, "follow", follower, followee, "is not mirrored");
	if (!check_has(c, &store_account, follower) || !check_has(c, &store_account, followee))
		check_say_pair(c, "follow", follower, followee, "is of an account that is gone");
	if (f.uri.len != 0 && !check_uri(c, f.uri, &entry))
		check_say_pair(c, "follow", follower, followee, "is not found by its uri");
	if (shelf_has(c->txn, SHELF_WATCHERS, followee, follower) !=
	    ((f.flags & FOLLOW_NOTIFY) != 0))
		check_say_pair(c, "follow", follower, followee, "is watched and is not listed");
}

static void check_follower(const struct check *c, struct str key, struct str value UNUSED)
{
	uint64_t followee, follower;
	struct follow f;
	if (reckey_read_u64(key, 0, &followee) && reckey_read_u64(key, 8, &follower) &&
	    !read_follow(c, follower, followee, &f))
		check_say_pair(c, "follower", followee, follower, "follows nobody");
}

static void check_edge(const struct check *c, const struct db_table *table, struct str key,
		       struct str value)
{
	uint64_t a, b;
	struct uri_entry entry;
	struct block edge;
	if (!reckey_read_u64(key, 0, &a) || !reckey_read_u64(key, 8, &b))
		return;
	if (!edge_decode(value, &edge))
		check_say_pair(c, table->name, a, b, "cannot be decoded");
	else if (edge.uri.len != 0 && !check_uri(c, edge.uri, &entry))
		check_say_pair(c, table->name, a, b, "is not found by its uri");
}

static void check_block(const struct check *c, struct str key, struct str value)
{
	check_edge(c, &store_block, key, value);
}

static void check_like(const struct check *c, struct str key, struct str value)
{
	uint64_t status, account = 0;
	struct account liker;
	check_edge(c, &store_like, key, value);
	if (reckey_read_u64(key, 0, &status) && reckey_read_u64(key, 8, &account) &&
	    (!check_has(c, &store_status, status) || !check_has(c, &store_account, account)))
		check_say_pair(c, "like", status, account, "is of a status or account not there");
	if (account != 0 && read_account(c, account, &liker) && account_is_local(&liker) &&
	    !shelf_has(c->txn, SHELF_LIKED, account, status))
		check_say_pair(c, "like", status, account, "is not among what the account likes");
}

static void check_uri_row(const struct check *c, struct str key, struct str value)
{
	struct uri_entry e;
	struct follow f;
	struct block edge;
	if (!uri_entry_decode(value, &e))
		return;
	bool fits = true;
	if (e.kind == URI_FOLLOW)
		fits = read_follow(c, e.id, e.other, &f) && check_uri_fits(key, f.uri);
	else if (e.kind == URI_LIKE)
		fits = read_edge(c, &store_like, e.id, e.other, &edge) &&
		       check_uri_fits(key, edge.uri);
	else if (e.kind == URI_BLOCK)
		fits = read_edge(c, &store_block, e.id, e.other, &edge) &&
		       check_uri_fits(key, edge.uri);
	if (!fits)
		check_say_pair(c, "uri", e.id, e.other, "leads to no relation of this uri");
}

/* --- audiences --- */

struct tally {
	uint64_t followers; /* accepted */
	uint64_t inboxes;   /* sum of the hashes of the inboxes that should hear */
	struct follower_host_sum hosts;
};

static void tally_follower(struct tally *t, const struct account *follower, bool local_followee)
{
	struct digest d = digest_sha256(follower->uri);
	struct str inbox = audience_inbox_of(follower);
	t->inboxes += inbox.len != 0 ? str_hash(inbox) : 0;
	if (account_is_local(follower) == local_followee)
		return;
	t->hosts.count++;
	follower_host_sum_add(&t->hosts, &d, follower->domain);
}

static struct tally tally_followers(const struct check *c, uint64_t account)
{
	struct reckey prefix = reckey_u64(account);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	struct tally t = { 0 };
	struct account followee;
	bool local = read_account(c, account, &followee) && account_is_local(&followee);
	db_iter_open(&it, c->txn, &store_follower, reckey_str(&prefix), DB_FORWARD, STR_NONE);
	while (db_iter_next(&it, &key, &value)) {
		struct account follower;
		uint64_t id;
		if (value.len != 1 || value.ptr[0] != FOLLOW_ACCEPTED)
			continue;
		t.followers++;
		arena_reset(c->arena);
		if (reckey_read_u64(key, 8, &id) && read_account(c, id, &follower))
			tally_follower(&t, &follower, local);
	}
	return t;
}

static uint64_t tally_audience(const struct check *c, uint64_t account)
{
	struct reckey prefix = reckey_u64(account);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	struct audience_inbox row;
	uint64_t sum = 0;
	db_iter_open(&it, c->txn, &store_audience, reckey_str(&prefix), DB_FORWARD, STR_NONE);
	while (db_iter_next(&it, &key, &value)) {
		struct reckey own;
		if (!audience_decode(value, &row)) {
			check_say(c, "audience", account, "has an inbox that cannot be decoded");
			continue;
		}
		own = audience_key(account, row.inbox);
		if (!str_eq(key, reckey_str(&own)) || row.followers == 0)
			check_say(c, "audience", account, "has an inbox in a wrong place");
		sum += row.followers * str_hash(row.inbox);
	}
	return sum;
}

static uint64_t count_following(const struct check *c, uint64_t account)
{
	struct reckey prefix = reckey_u64(account);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	struct follow f;
	uint64_t n = 0;
	db_iter_open(&it, c->txn, &store_follow, reckey_str(&prefix), DB_FORWARD, STR_NONE);
	while (db_iter_next(&it, &key, &value))
		n += follow_decode(value, &f) && f.state == FOLLOW_ACCEPTED;
	return n;
}

static void check_account(const struct check *c, struct str key, struct str value UNUSED)
{
	uint64_t id;
	if (!reckey_read_u64(key, 0, &id))
		return;
	struct account_counts counts = account_counts(c->txn, id);
	struct tally tally = tally_followers(c, id);
	if (counts.followers != tally.followers)
		check_say(c, "account", id, "miscounts its followers");
	if (counts.following != count_following(c, id))
		check_say(c, "account", id, "miscounts whom it follows");
	if (tally.inboxes != tally_audience(c, id))
		check_say(c, "audience", id, "is not that of the followers");
	follower_host_check(c, id, &tally.hosts);
}

static void check_audience_row(const struct check *c, struct str key, struct str value UNUSED)
{
	uint64_t id;
	if (reckey_read_u64(key, 0, &id) && !check_has(c, &store_account, id))
		check_say(c, "audience", id, "is of an account that is not there");
}

void graph_check(struct db_txn *txn, void (*bad)(void *arg, struct str what), void *arg)
{
	struct arena *arena = arena_new(ARENA_MAX);
	const struct check c = { txn, arena, bad, arg };
	if (arena == NULL) {
		check_say(&c, "relations", 0, "there is no memory to check them");
		return;
	}
	check_walk(&c, &store_follow, 16, check_follow);
	check_walk(&c, &store_follower, 16, check_follower);
	check_walk(&c, &store_block, 16, check_block);
	check_walk(&c, &store_like, 16, check_like);
	check_walk(&c, &store_uri, 16, check_uri_row);
	check_walk(&c, &store_account, 8, check_account);
	check_walk(&c, &store_audience, 8 + AUDIENCE_DIGEST_LEN, check_audience_row);
	check_end(&c, "relations");
	arena_free(&arena);
}
