/* Integrity of collections of accounts: rows to indexes and back. */
#include "check_int.h"
#include "collection_int.h"
#include "core/attr.h"
#include "db/rec.h"
#include "store/tables.h"

static bool has_pair(const struct check *c, const struct db_table *table, uint64_t a, uint64_t b,
		     uint64_t *out)
{
	struct reckey key = reckey_u64_u64(a, b);
	struct str value;
	return db_get(c->txn, table, reckey_str(&key), &value) &&
	       (out == NULL || reckey_read_u64(value, 0, out));
}

static void check_collection(const struct check *c, struct str key, struct str value)
{
	struct collection one;
	struct uri_entry entry;
	uint64_t id = 0;
	if (!reckey_read_u64(key, 0, &id) || !collection_decode(value, id, &one)) {
		check_say(c, "collection", id, "cannot be decoded");
		return;
	}
	if (!check_uri(c, one.uri, &entry))
		check_say(c, "collection", id, "is not found by its id");
	if (!check_has(c, &store_account, one.account))
		check_say(c, "collection", id, "is nobody's");
	if (!has_pair(c, &store_collection_by_account, one.account, id, NULL))
		check_say(c, "collection", id, "is not among its account's");
}

static void check_by_account(const struct check *c, struct str key, struct str value UNUSED)
{
	struct collection one;
	struct reckey own;
	struct str row;
	uint64_t account = 0, id = 0;
	bool read = reckey_read_u64(key, 0, &account) && reckey_read_u64(key, 8, &id);
	own = reckey_u64(id);
	if (!read || !db_get(c->txn, &store_collection, reckey_str(&own), &row) ||
	    !collection_decode(row, id, &one) || one.account != account)
		check_say_pair(c, "collection of account", account, id, "is not there");
}

static void check_item(const struct check *c, struct str key, struct str value)
{
	struct collection_place place = { 0 };
	struct collection_item item;
	uint64_t listed = 0;
	if (!reckey_read_u64(key, 0, &place.collection) || !reckey_read_u64(key, 8, &place.item) ||
	    !collection_item_decode(value, place, &item)) {
		check_say_pair(c, "item of collection", place.collection, place.item,
			       "cannot be decoded");
		return;
	}
	if (!check_has(c, &store_collection, place.collection))
		check_say_pair(c, "item of collection", place.collection, place.item, "is in none");
	if (!has_pair(c, &store_collection_with, item.account, place.collection, &listed) ||
	    listed != place.item)
		check_say_pair(c, "item of collection", place.collection, place.item,
			       "is not listed with its account");
}

static void check_with(const struct check *c, struct str key, struct str value)
{
	struct collection_place place = { 0 };
	struct collection_item item;
	struct reckey own;
	struct str row;
	uint64_t account = 0;
	bool read = reckey_read_u64(key, 0, &account) &&
		    reckey_read_u64(key, 8, &place.collection) &&
		    reckey_read_u64(value, 0, &place.item);
	own = reckey_u64_u64(place.collection, place.item);
	if (!read || !db_get(c->txn, &store_collection_item, reckey_str(&own), &row) ||
	    !collection_item_decode(row, place, &item) || item.account != account)
		check_say_pair(c, "collection with account", account, place.collection,
			       "has no such item");
}

void collection_check(struct db_txn *txn, struct arena *arena,
		      void (*bad)(void *arg, struct str what), void *arg)
{
	const struct check c = { txn, arena, bad, arg };
	check_walk(&c, &store_collection, 8, check_collection);
	check_walk(&c, &store_collection_by_account, 16, check_by_account);
	check_walk(&c, &store_collection_item, 16, check_item);
	check_walk(&c, &store_collection_with, 16, check_with);
	check_end(&c, "collections");
}
