/* Lists. Owns table list; their members are shelves. Inside transactions only. */
#include "list_int.h"

#include "core/attr.h"
#include "core/must.h"
#include "db/rec.h"
#include "store/shelf.h"
#include "store/tables.h"
#include "store_int.h"

#define LIST_VERSION 1

static const char *const policy_names[] = {
	[REPLIES_TO_LIST] = "list",
	[REPLIES_TO_FOLLOWED] = "followed",
	[REPLIES_TO_NOBODY] = "none",
};

const char *replies_policy_name(enum replies_policy policy)
{
	must((size_t)policy < ARRAY_LEN(policy_names));
	return policy_names[policy];
}

bool replies_policy_parse(struct str name, enum replies_policy *out)
{
	for (size_t i = 0; i < ARRAY_LEN(policy_names); i++) {
		if (str_eq(name, str_of(policy_names[i]))) {
			*out = (enum replies_policy)i;
			return true;
		}
	}
	return false;
}

void list_encode(struct buf *out, const struct list *list)
{
	rec_add_u8(out, LIST_VERSION);
	rec_add_u8(out, (uint8_t)list->replies);
	rec_add_u8(out, list->exclusive);
	rec_add_str(out, list->title);
}

bool list_decode(struct str value, struct list *out)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	*out = (struct list){ .replies = (enum replies_policy)rec_u8(&r) };
	uint8_t exclusive = rec_u8(&r);
	out->exclusive = exclusive != 0;
	out->title = rec_str(&r);
	return version == LIST_VERSION && rec_ok(&r) && out->replies <= REPLIES_TO_NOBODY &&
	       exclusive <= 1;
}

static bool read_row(struct db_txn *txn, struct arena *arena, uint64_t owner, uint64_t id,
		     struct str value, struct list *out)
{
	if (!list_decode(value, out)) {
		db_txn_fail(txn, RC_CORRUPT);
		return false;
	}
	out->id = id;
	out->owner = owner;
	out->title = arena_str(arena, out->title);
	return true;
}

bool list_get(struct db_txn *txn, struct arena *arena, uint64_t owner, uint64_t id,
	      struct list *out)
{
	struct reckey key = reckey_u64_u64(owner, id);
	struct str value;
	return db_get(txn, &store_list, reckey_str(&key), &value) &&
	       read_row(txn, arena, owner, id, value, out);
}

size_t list_all(struct db_txn *txn, struct arena *arena, uint64_t owner, struct list out[LISTS_MAX])
{
	struct reckey prefix = reckey_u64(owner);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	uint64_t id;
	size_t n = 0;
	db_iter_open(&it, txn, &store_list, reckey_str(&prefix), DB_FORWARD, STR_NONE);
	while (n < LISTS_MAX && db_iter_next(&it, &key, &value))
		n += reckey_read_u64(key, 8, &id) &&
		     read_row(txn, arena, owner, id, value, &out[n]);
	return n;
}

static size_t ids_of(struct db_txn *txn, uint64_t owner, uint64_t out[LISTS_MAX])
{
	struct reckey prefix = reckey_u64(owner);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key;
	size_t n = 0;
	db_iter_open(&it, txn, &store_list, reckey_str(&prefix), DB_FORWARD, STR_NONE);
	while (n < LISTS_MAX && db_iter_next(&it, &key, NULL))
		n += reckey_read_u64(key, 8, &out[n]);
	return n;
}

void list_put(struct db_txn *txn, const struct list *list)
{
	struct reckey key = reckey_u64_u64(list->owner, list->id);
	struct buf row CLEANUP(buf_free) = BUF_INIT(LIST_MAX_BYTES);
	list_encode(&row, list);
	store_put(txn, &store_list, &key, &row);
}

enum rc list_add(struct db_txn *txn, struct list *list)
{
	uint64_t ids[LISTS_MAX];
	if (ids_of(txn, list->owner, ids) == LISTS_MAX)
		return RC_TOO_LARGE;
	list->id = db_next_id(txn);
	list_put(txn, list);
	return RC_OK;
}

enum rc list_del(struct db_txn *txn, uint64_t owner, uint64_t id, size_t count)
{
	struct reckey key = reckey_u64_u64(owner, id);
	struct str value;
	if (!db_get(txn, &store_list, reckey_str(&key), &value))
		return RC_NOT_FOUND;
	if (shelf_clear(txn, SHELF_LISTED, id, count) == count)
		return RC_BUSY;
	db_del(txn, &store_list, reckey_str(&key));
	return RC_OK;
}

bool list_keeps_apart(struct db_txn *txn, uint64_t owner, uint64_t account)
{
	struct reckey prefix = reckey_u64(owner);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	struct list list;
	uint64_t id;
	db_iter_open(&it, txn, &store_list, reckey_str(&prefix), DB_FORWARD, STR_NONE);
	while (db_iter_next(&it, &key, &value)) {
		if (list_decode(value, &list) && list.exclusive && reckey_read_u64(key, 8, &id) &&
		    shelf_has(txn, SHELF_LISTED, id, account))
			return true;
	}
	return false;
}

void lists_drop(struct db_txn *txn, uint64_t owner, uint64_t account)
{
	const struct shelved member = { .id = account };
	uint64_t ids[LISTS_MAX];
	size_t n = ids_of(txn, owner, ids);
	for (size_t i = 0; i < n; i++)
		shelf_del(txn, SHELF_LISTED, ids[i], &member);
}
