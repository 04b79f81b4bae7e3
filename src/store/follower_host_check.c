/* Integrity of followers by host: XOR commutes with turning bits, so one sum per account compares
 * all of its hosts. */
#include "follower_host_int.h"
#include "store/graph.h"
#include "store/tables.h"

void follower_host_sum_add(struct follower_host_sum *sum, const struct digest *d, struct str host)
{
	unsigned turn = (unsigned)(str_hash(host) & 63);
	for (size_t i = 0; i < 4; i++) {
		uint64_t lane;
		memcpy(&lane, d->bytes + 8 * i, sizeof(lane));
		sum->lanes[i] ^= turn == 0 ? lane : lane << turn | lane >> (64 - turn);
	}
}

static void check_sum_row(const struct check *c, uint64_t followee, struct str key,
			  struct str value, struct follower_host_sum *found)
{
	struct follower_host row;
	struct str host;
	if (!follower_host_decode(value, &host, &row)) {
		check_say(c, "followers by host", followee, "cannot be decoded");
		return;
	}
	struct reckey own = follower_host_key(followee, host, 0);
	if (!str_eq(key, reckey_str(&own)) || row.count == 0)
		check_say(c, "followers by host", followee, "has a host in a wrong place");
	follower_host_sum_add(found, &row.digest, host);
	found->count += row.count;
}

void follower_host_check(const struct check *c, uint64_t followee,
			 const struct follower_host_sum *expected)
{
	struct reckey prefix = reckey_u64(followee);
	struct db_iter it CLEANUP(db_iter_close);
	struct follower_host_sum found = { .count = 0 };
	struct str key, value;
	uint64_t members = 0, id;
	db_iter_open(&it, c->txn, &store_follower_host, reckey_str(&prefix), DB_FORWARD, STR_NONE);
	while (db_iter_next(&it, &key, &value)) {
		if (key.len != FOLLOWER_HOST_KEY_LEN || !reckey_read_u64(key, 24, &id))
			check_say(c, "followers by host", followee, "has a malformed key");
		else if (id == 0)
			check_sum_row(c, followee, key, value, &found);
		else if (follow_accepted(c->txn, id, followee))
			members++;
		else
			check_say_pair(c, "followers by host", followee, id, "follows no more");
	}
	if (members != expected->count || found.count != expected->count ||
	    memcmp(found.lanes, expected->lanes, sizeof(found.lanes)) != 0)
		check_say(c, "followers by host", followee, "are not the followers");
}
