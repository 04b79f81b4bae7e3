/* Integrity of ledgers. */
#include <string.h>

#include "check_int.h"
#include "core/attr.h"
#include "ledger_int.h"
#include "store/community.h"
#include "store/tables.h"

static bool names(const struct check *c, const struct db_table *table, const struct reckey *key,
		  const struct digest *name)
{
	struct str value;
	return db_get(c->txn, table, reckey_str(key), &value) && value.len == DIGEST_SIZE &&
	       memcmp(value.ptr, name->bytes, DIGEST_SIZE) == 0;
}

static bool is_indexed(const struct check *c, const struct ledger_record *r)
{
	struct reckey order = reckey_u64_u64(r->community, r->order);
	struct reckey slot = ledger_text_key(r->community, r->slot);
	struct reckey of = ledger_of_key(r->community, r->thing, r->order);
	return names(c, &store_ledger_order, &order, &r->name) &&
	       names(c, &store_ledger_slot, &slot, &r->name) &&
	       names(c, &store_ledger_of, &of, &r->name);
}

static bool record_read(struct str key, struct str value, struct ledger_record *out)
{
	*out = (struct ledger_record){ .order = 0 };
	if (!reckey_read_u64(key, 0, &out->community) || !ledger_decode(value, out))
		return false;
	memcpy(out->name.bytes, key.ptr + 8, DIGEST_SIZE);
	return true;
}

static void check_record(const struct check *c, struct str key, struct str value)
{
	struct ledger_record r;
	if (!record_read(key, value, &r)) {
		check_say(c, "record in the ledger of community", r.community, "cannot be decoded");
		return;
	}
	if ((r.flags & LEDGER_REFUSED) != 0)
		return;
	struct digest is = digest_sha256(r.bytes);
	if (memcmp(is.bytes, r.name.bytes, DIGEST_SIZE) != 0)
		check_say_pair(c, "record", r.community, r.order, "is not what its name says");
	if (!is_indexed(c, &r))
		check_say_pair(c, "record", r.community, r.order,
			       "is not found by what it is about");
}

/* A row that leads to a record which is there. */
static void check_index(const struct check *c, struct str key, struct str value)
{
	uint64_t community = 0;
	struct digest name;
	if (!reckey_read_u64(key, 0, &community) || value.len != DIGEST_SIZE) {
		check_say(c, "row of the ledger of community", community, "cannot be decoded");
		return;
	}
	memcpy(name.bytes, value.ptr, DIGEST_SIZE);
	if (!ledger_knows(c->txn, community, &name))
		check_say(c, "row of the ledger of community", community, "leads nowhere");
}

static void check_thing(const struct check *c, struct str key, struct str value)
{
	struct ledger_thing thing;
	uint64_t community = 0;
	if (!reckey_read_u64(key, 0, &community) || !ledger_thing_decode(value, &thing))
		check_say(c, "thing in the ledger of community", community, "cannot be decoded");
	else if (thing.id != 0 && !check_has(c, &store_resource, thing.id) &&
		 !check_has(c, &store_consultation, thing.id))
		check_say_pair(c, "thing in the ledger of community", community, thing.id,
			       "is not there");
}

static void check_sum(const struct check *c, struct str key, struct str value)
{
	struct ledger_sum sum, is = { .count = 0 };
	struct db_iter it CLEANUP(db_iter_close) = { .txn = NULL };
	uint64_t community = 0;
	if (!reckey_read_u64(key, 0, &community) || !ledger_sum_decode(value, &sum)) {
		check_say(c, "sum of the ledger of community", community, "cannot be decoded");
		return;
	}
	if (!community_exists(c->txn, community))
		check_say(c, "ledger of community", community, "is of none");
	struct reckey prefix = reckey_u64(community);
	db_iter_open(&it, c->txn, &store_ledger, reckey_str(&prefix), DB_FORWARD, STR_NONE);
	while (db_iter_next(&it, &key, &value)) {
		struct ledger_record r;
		if (!record_read(key, value, &r))
			continue;
		if ((r.flags & LEDGER_REFUSED) != 0) {
			is.refused++;
			continue;
		}
		is.count++;
		ledger_digest_add(&is.digest, &r.name);
	}
	if (is.count != sum.count || is.refused != sum.refused ||
	    memcmp(is.digest.bytes, sum.digest.bytes, DIGEST_SIZE) != 0)
		check_say(c, "sum of the ledger of community", community,
			  "is not that of its records");
}

static void check_peer(const struct check *c, struct str key, struct str value)
{
	struct ledger_peer peer;
	uint64_t community = 0, partner = 0;
	if (!reckey_read_u64(key, 0, &community) || !reckey_read_u64(key, 8, &partner) ||
	    !ledger_peer_decode(value, &peer))
		check_say_pair(c, "ledger of partner", community, partner, "cannot be decoded");
}

void ledger_check(struct db_txn *txn, struct arena *arena, void (*bad)(void *arg, struct str what),
		  void *arg)
{
	const struct check c = { txn, arena, bad, arg };
	check_walk(&c, &store_ledger, 8 + DIGEST_SIZE, check_record);
	check_walk(&c, &store_ledger_order, 16, check_index);
	check_walk(&c, &store_ledger_slot, 24, check_index);
	check_walk(&c, &store_ledger_of, 24, check_index);
	check_walk(&c, &store_ledger_thing, 24, check_thing);
	check_walk(&c, &store_ledger_sum, 8, check_sum);
	check_walk(&c, &store_ledger_peer, 16, check_peer);
}
