/*
 * Collections of accounts. Owns tables collection, collection_by_account, collection_item and
 * collection_with, and the collections' rows of uri. Inside transactions only.
 */
#include "store/collection.h"

#include "collection_int.h"
#include "core/must.h"
#include "db/rec.h"
#include "store/tables.h"
#include "store/uri.h"
#include "store_int.h"

#define COLLECTION_VERSION 1
#define ITEM_VERSION 1
#define COLLECTION_MAX_BYTES (64 * 1024)
#define ITEM_MAX_BYTES (16 * 1024)

static const char *const state_names[] = {
	[COLLECTION_PENDING] = "pending",
	[COLLECTION_ACCEPTED] = "accepted",
	[COLLECTION_REJECTED] = "rejected",
	[COLLECTION_REVOKED] = "revoked",
};

const char *collection_state_name(enum collection_state state)
{
	must((size_t)state < ARRAY_LEN(state_names) && state_names[state] != NULL);
	return state_names[state];
}

/* --- codecs --- */

void collection_encode(struct buf *out, const struct collection *c)
{
	rec_add_u8(out, COLLECTION_VERSION);
	rec_add_u64(out, c->account);
	rec_add_num(out, c->flags);
	rec_add_num(out, c->created_ms);
	rec_add_num(out, c->updated_ms);
	rec_add_num(out, c->fetched_ms);
	rec_add_str(out, c->uri);
	rec_add_str(out, c->url);
	rec_add_str(out, c->name);
	rec_add_str(out, c->description.markup);
	rec_add_str(out, c->language);
	rec_add_str(out, c->tag);
}

bool collection_decode(struct str value, uint64_t id, struct collection *out)
{
	struct rec r = rec_open(value);
	*out = (struct collection){ .id = id };
	uint8_t version = rec_u8(&r);
	out->account = rec_u64(&r);
	out->flags = store_num32(&r);
	out->created_ms = rec_num(&r);
	out->updated_ms = rec_num(&r);
	out->fetched_ms = rec_num(&r);
	out->uri = rec_str(&r);
	out->url = rec_str(&r);
	out->name = rec_str(&r);
	out->description = html_trusted(rec_str(&r));
	out->language = rec_str(&r);
	out->tag = rec_str(&r);
	return version == COLLECTION_VERSION && rec_ok(&r);
}

void collection_item_encode(struct buf *out, const struct collection_item *item)
{
	rec_add_u8(out, ITEM_VERSION);
	rec_add_u8(out, (uint8_t)item->state);
	rec_add_u64(out, item->account);
	rec_add_num(out, item->created_ms);
	rec_add_str(out, item->uri);
	rec_add_str(out, item->request);
	rec_add_str(out, item->authorization);
}

bool collection_item_decode(struct str value, struct collection_place place,
			    struct collection_item *out)
{
	struct rec r = rec_open(value);
	*out = (struct collection_item){ .id = place.item, .collection = place.collection };
	uint8_t version = rec_u8(&r);
	out->state = (enum collection_state)rec_u8(&r);
	out->account = rec_u64(&r);
	out->created_ms = rec_num(&r);
	out->uri = rec_str(&r);
	out->request = rec_str(&r);
	out->authorization = rec_str(&r);
	return version == ITEM_VERSION && rec_ok(&r) && out->state >= COLLECTION_PENDING &&
	       out->state <= COLLECTION_REVOKED;
}

/* --- collections --- */

bool collection_get(struct db_txn *txn, struct arena *arena, uint64_t id, struct collection *out)
{
	struct reckey key = reckey_u64(id);
	struct str value;
	if (!db_get(txn, &store_collection, reckey_str(&key), &value))
		return false;
	return collection_decode(arena_str(arena, value), id, out) || store_undecoded(txn, arena);
}

bool collection_find_uri(struct db_txn *txn, struct arena *arena, struct str uri,
			 struct collection *out)
{
	struct uri_entry entry = uri_find(txn, uri);
	return entry.kind == URI_COLLECTION && collection_get(txn, arena, entry.id, out) &&
	       str_eq(out->uri, uri);
}

void collection_put(struct db_txn *txn, const struct collection *c)
{
	struct reckey key = reckey_u64(c->id);
	struct buf row CLEANUP(buf_free) = BUF_INIT(COLLECTION_MAX_BYTES);
	collection_encode(&row, c);
	store_put(txn, &store_collection, &key, &row);
}

size_t collections_of(struct db_txn *txn, uint64_t account, uint64_t out[COLLECTIONS_MAX])
{
	struct reckey prefix = reckey_u64(account);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key;
	size_t n = 0;
	db_iter_open(&it, txn, &store_collection_by_account, reckey_str(&prefix), DB_FORWARD,
		     STR_NONE);
	while (n < COLLECTIONS_MAX && db_iter_next(&it, &key, NULL)) {
		if (reckey_read_u64(key, 8, &out[n]))
			n++;
	}
	return n;
}

bool collection_add(struct db_txn *txn, struct collection *c)
{
	uint64_t others[COLLECTIONS_MAX];
	if (c->id == 0)
		c->id = db_next_id(txn);
	if (collections_of(txn, c->account, others) == COLLECTIONS_MAX ||
	    !uri_add(txn, c->uri, (struct uri_entry){ .kind = URI_COLLECTION, .id = c->id }, NULL))
		return false;
	struct reckey key = reckey_u64_u64(c->account, c->id);
	db_put(txn, &store_collection_by_account, reckey_str(&key), STR(""));
	collection_put(txn, c);
	return db_txn_rc(txn) == RC_OK;
}

bool collection_del(struct db_txn *txn, struct arena *arena, uint64_t id)
{
	struct collection c;
	struct collection_item *items =
		ARENA_ARRAY(arena, COLLECTION_ITEMS_MAX, struct collection_item);
	if (items == NULL || !collection_get(txn, arena, id, &c))
		return false;
	size_t n = collection_items(txn, arena, id, items);
	for (size_t i = 0; i < n; i++)
		collection_item_del(txn, &items[i]);
	struct reckey key = reckey_u64_u64(c.account, id);
	db_del(txn, &store_collection_by_account, reckey_str(&key));
	key = reckey_u64(id);
	db_del(txn, &store_collection, reckey_str(&key));
	uri_release(txn, c.uri, (struct uri_entry){ .kind = URI_COLLECTION, .id = id });
	return db_txn_rc(txn) == RC_OK;
}

/* --- items --- */

size_t collection_items(struct db_txn *txn, struct arena *arena, uint64_t collection,
			struct collection_item out[COLLECTION_ITEMS_MAX])
{
	struct reckey prefix = reckey_u64(collection);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	size_t n = 0;
	db_iter_open(&it, txn, &store_collection_item, reckey_str(&prefix), DB_FORWARD, STR_NONE);
	while (n < COLLECTION_ITEMS_MAX && db_iter_next(&it, &key, &value)) {
		struct collection_place place = { .collection = collection };
		if (!reckey_read_u64(key, 8, &place.item) ||
		    !collection_item_decode(arena_str(arena, value), place, &out[n])) {
			store_undecoded(txn, arena);
			return 0;
		}
		n++;
	}
	return n;
}

bool collection_item_get(struct db_txn *txn, struct arena *arena, struct collection_place place,
			 struct collection_item *out)
{
	struct reckey key = reckey_u64_u64(place.collection, place.item);
	struct str value;
	if (!db_get(txn, &store_collection_item, reckey_str(&key), &value))
		return false;
	return collection_item_decode(arena_str(arena, value), place, out) ||
	       store_undecoded(txn, arena);
}

bool collection_item_of(struct db_txn *txn, struct arena *arena, uint64_t collection,
			uint64_t account, struct collection_item *out)
{
	struct reckey key = reckey_u64_u64(account, collection);
	struct collection_place place = { .collection = collection };
	struct str value;
	return db_get(txn, &store_collection_with, reckey_str(&key), &value) &&
	       reckey_read_u64(value, 0, &place.item) &&
	       collection_item_get(txn, arena, place, out);
}

size_t collections_with(struct db_txn *txn, uint64_t account, uint64_t after,
			struct collection_place *out, size_t count)
{
	struct reckey prefix = reckey_u64(account), from = store_key_after(account, after);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	size_t n = 0;
	db_iter_open(&it, txn, &store_collection_with, reckey_str(&prefix), DB_FORWARD,
		     reckey_str(&from));
	while (n < count && db_iter_next(&it, &key, &value)) {
		if (reckey_read_u64(key, 8, &out[n].collection) &&
		    reckey_read_u64(value, 0, &out[n].item))
			n++;
	}
	return n;
}

void collection_item_put(struct db_txn *txn, const struct collection_item *item)
{
	struct reckey key = reckey_u64_u64(item->collection, item->id);
	struct buf row CLEANUP(buf_free) = BUF_INIT(ITEM_MAX_BYTES);
	collection_item_encode(&row, item);
	store_put(txn, &store_collection_item, &key, &row);
}

static size_t item_count(struct db_txn *txn, uint64_t collection)
{
	struct reckey prefix = reckey_u64(collection);
	struct db_iter it CLEANUP(db_iter_close);
	size_t n = 0;
	db_iter_open(&it, txn, &store_collection_item, reckey_str(&prefix), DB_FORWARD, STR_NONE);
	while (n < COLLECTION_ITEMS_MAX && db_iter_next(&it, NULL, NULL))
		n++;
	return n;
}

bool collection_item_add(struct db_txn *txn, struct arena *arena, struct collection_item *item)
{
	struct reckey key = reckey_u64_u64(item->account, item->collection);
	struct collection_place *places =
		ARENA_ARRAY(arena, COLLECTIONS_WITH_MAX, struct collection_place);
	struct buf value CLEANUP(buf_free) = BUF_INIT(8);
	struct str there;
	if (places == NULL || db_get(txn, &store_collection_with, reckey_str(&key), &there) ||
	    item_count(txn, item->collection) == COLLECTION_ITEMS_MAX ||
	    collections_with(txn, item->account, 0, places, COLLECTIONS_WITH_MAX) ==
		    COLLECTIONS_WITH_MAX)
		return false;
	item->id = db_next_id(txn);
	rec_add_u64(&value, item->id);
	store_put(txn, &store_collection_with, &key, &value);
	collection_item_put(txn, item);
	return db_txn_rc(txn) == RC_OK;
}

void collection_item_del(struct db_txn *txn, const struct collection_item *item)
{
	struct reckey key = reckey_u64_u64(item->collection, item->id);
	db_del(txn, &store_collection_item, reckey_str(&key));
	key = reckey_u64_u64(item->account, item->collection);
	db_del(txn, &store_collection_with, reckey_str(&key));
}
