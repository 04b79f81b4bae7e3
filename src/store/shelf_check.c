/* Integrity of shelves: every thing is found at its place, and every place holds one. */
#include "check_int.h"
#include "core/attr.h"
#include "shelf_int.h"
#include "store/tables.h"

/* The shelf of a row, and its owner. SHELF_OF_NOTHING: the key is malformed. */
static enum shelf_of key_read(struct str key, unsigned *shelf, uint64_t *owner)
{
	*shelf = key.len != 0 ? (unsigned char)key.ptr[0] : 0;
	return reckey_read_u64(key, 1, owner) ? shelf_of(*shelf) : SHELF_OF_NOTHING;
}

static bool member_read(enum shelf_of of, struct str key, struct shelved *item)
{
	struct str member = str_skip(key, SHELF_PREFIX_LEN);
	if (of == SHELF_OF_TEXTS)
		return member.len == 16 && check_uri_fits(member, item->text);
	return member.len == 8 && item->text.len == 0 && reckey_read_u64(member, 0, &item->id);
}

/* Shelves that repeat what other tables say. */
static bool is_backed(const struct check *c, unsigned shelf, uint64_t owner, uint64_t id)
{
	struct reckey key = reckey_u64_u64(id, owner);
	struct str row;
	if (shelf == SHELF_LIKED)
		return db_get(c->txn, &store_like, reckey_str(&key), &row);
	if (shelf == SHELF_WATCHERS)
		return db_get(c->txn, &store_follow, reckey_str(&key), &row);
	return true;
}

static void check_thing(const struct check *c, struct str key, struct str value)
{
	struct shelved item;
	uint64_t owner = 0;
	unsigned shelf;
	struct str name;
	enum shelf_of of = key_read(key, &shelf, &owner);
	if (of == SHELF_OF_NOTHING || !shelved_decode(value, &item) ||
	    !member_read(of, key, &item)) {
		check_say_pair(c, "shelf", shelf, owner, "has a thing that cannot be decoded");
		return;
	}
	if (!is_backed(c, shelf, owner, item.id))
		check_say_pair(c, "shelf", shelf, owner, "lists what was never done");
	struct reckey place = shelf_order_key((enum shelf)shelf, owner, item.order);
	if (!db_get(c->txn, &store_shelf_order, reckey_str(&place), &name) ||
	    !str_eq(name, str_skip(key, SHELF_PREFIX_LEN)))
		check_say_pair(c, "shelf", shelf, owner, "has a thing without its place");
}

static void check_place(const struct check *c, struct str key, struct str value)
{
	struct reckey name = RECKEY_INIT;
	struct shelved item;
	struct str row;
	uint64_t owner = 0, order = 0;
	unsigned shelf;
	bool sound = key_read(key, &shelf, &owner) != SHELF_OF_NOTHING && value.len <= 16 &&
		     reckey_read_u64(key, SHELF_PREFIX_LEN, &order);
	if (sound) {
		reckey_add_bytes(&name, key.ptr, SHELF_PREFIX_LEN);
		reckey_add_bytes(&name, value.ptr, value.len);
	}
	if (!sound || !db_get(c->txn, &store_shelf, reckey_str(&name), &row) ||
	    !shelved_decode(row, &item) || item.order != order)
		check_say_pair(c, "shelf", shelf, owner, "has a place with nothing on it");
}

static void walk(const struct check *c, const struct db_table *table,
		 void (*row)(const struct check *c, struct str key, struct str value))
{
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	db_iter_open(&it, c->txn, table, STR(""), DB_FORWARD, STR_NONE);
	while (db_iter_next(&it, &key, &value))
		row(c, key, value);
}

void shelf_check(struct db_txn *txn, void (*bad)(void *arg, struct str what), void *arg)
{
	const struct check c = { .txn = txn, .bad = bad, .arg = arg };
	walk(&c, &store_shelf, check_thing);
	walk(&c, &store_shelf_order, check_place);
	check_end(&c, "shelves");
}
