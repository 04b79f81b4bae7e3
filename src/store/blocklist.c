/* Lists of blocks. Owns tables blocklist, block_entry and block_draft. Inside transactions only. */
#include "blocklist_int.h"
#include "core/must.h"
#include "db/rec.h"
#include "store/tables.h"
#include "store_int.h"

#define LIST_VERSION 2 /* 1: without accepted */
#define ENTRY_VERSION 1
#define DRAFT_VERSION 1
#define ROW_MAX_BYTES ((size_t)16 * 1024)
#define HOST_MAX 255
#define ID_LEN 8

/* --- lists --- */

void blocklist_encode(struct buf *out, const struct blocklist *l)
{
	rec_add_u8(out, LIST_VERSION);
	rec_add_u8(out, (uint8_t)l->severity);
	rec_add_u32(out, l->generation);
	rec_add_num(out, l->hosts);
	rec_add_num(out, l->by);
	rec_add_num(out, l->created_ms);
	rec_add_num(out, l->fetched_ms);
	rec_add_str(out, l->url);
	rec_add_str(out, l->etag);
	rec_add_str(out, l->error);
	rec_add_u8(out, l->accepted ? 1 : 0);
}

bool blocklist_decode(struct str value, struct blocklist *l)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r), severity = rec_u8(&r);
	l->severity = (enum blocklist_severity)severity;
	l->generation = rec_u32(&r);
	l->hosts = rec_num(&r);
	l->by = rec_num(&r);
	l->created_ms = rec_num(&r);
	l->fetched_ms = rec_num(&r);
	l->url = rec_str(&r);
	l->etag = rec_str(&r);
	l->error = rec_str(&r);
	uint8_t accepted = version > 1 ? rec_u8(&r) : 0;
	l->accepted = accepted != 0;
	return version != 0 && version <= LIST_VERSION && accepted <= 1 &&
	       severity <= BLOCKLIST_LIMIT && rec_ok(&r);
}

bool blocklist_get(struct db_txn *txn, struct arena *arena, uint64_t id, struct blocklist *out)
{
	struct reckey key = reckey_u64(id);
	struct str value;
	*out = (struct blocklist){ .id = id };
	return db_get(txn, &store_blocklist, reckey_str(&key), &value) &&
	       (blocklist_decode(arena_str(arena, value), out) || store_undecoded(txn, arena));
}

uint64_t blocklist_put(struct db_txn *txn, const struct blocklist *list)
{
	uint64_t id = list->id != 0 ? list->id : db_next_id(txn);
	struct reckey key = reckey_u64(id);
	struct buf row CLEANUP(buf_free) = BUF_INIT(ROW_MAX_BYTES);
	blocklist_encode(&row, list);
	store_put(txn, &store_blocklist, &key, &row);
	return id;
}

bool blocklist_del(struct db_txn *txn, uint64_t id)
{
	struct reckey key = reckey_u64(id);
	return db_del(txn, &store_blocklist, reckey_str(&key));
}

size_t blocklist_all(struct db_txn *txn, struct arena *arena, struct blocklist out[BLOCKLISTS_MAX])
{
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	size_t n = 0;
	db_iter_open(&it, txn, &store_blocklist, STR(""), DB_FORWARD, STR_NONE);
	while (n < BLOCKLISTS_MAX && db_iter_next(&it, &key, &value)) {
		if (!reckey_read_u64(key, 0, &out[n].id) ||
		    !blocklist_decode(arena_str(arena, value), &out[n])) {
			store_undecoded(txn, arena);
			return 0;
		}
		n++;
	}
	return n;
}

/* --- entries: keys are the list's id and the host's name --- */

struct entry_key {
	unsigned char bytes[ID_LEN + HOST_MAX + 1];
	size_t len;
};

static struct str entry_key(struct entry_key *key, uint64_t list, struct str host)
{
	struct reckey id = reckey_u64(list);
	must(host.len <= HOST_MAX);
	memcpy(key->bytes, id.bytes, ID_LEN);
	if (host.len != 0)
		memcpy(key->bytes + ID_LEN, host.ptr, host.len);
	key->len = ID_LEN + host.len;
	return str_n(key->bytes, key->len);
}

void block_entry_encode(struct buf *out, const struct block_entry *e)
{
	rec_add_u8(out, ENTRY_VERSION);
	rec_add_u8(out, (uint8_t)e->policy);
	rec_add_num(out, e->flags);
	rec_add_u32(out, e->generation);
	rec_add_str(out, e->comment);
}

bool block_entry_decode(struct str value, struct block_entry *e)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r), policy = rec_u8(&r);
	e->policy = (enum peer_policy)policy;
	e->flags = store_num32(&r);
	e->generation = rec_u32(&r);
	e->comment = rec_str(&r);
	return version == ENTRY_VERSION && policy <= PEER_LIMITED && rec_ok(&r);
}

bool block_entry_get(struct db_txn *txn, struct arena *arena, uint64_t list, struct str host,
		     struct block_entry *out)
{
	struct entry_key key;
	struct str value;
	*out = (struct block_entry){ .host = host };
	return db_get(txn, &store_block_entry, entry_key(&key, list, host), &value) &&
	       (block_entry_decode(arena_str(arena, value), out) || store_undecoded(txn, arena));
}

void block_entry_put(struct db_txn *txn, uint64_t list, const struct block_entry *entry)
{
	struct entry_key key;
	struct buf row CLEANUP(buf_free) = BUF_INIT(ROW_MAX_BYTES);
	block_entry_encode(&row, entry);
	if (row.failed)
		db_txn_fail(txn, RC_TOO_LARGE);
	else
		db_put(txn, &store_block_entry, entry_key(&key, list, entry->host), buf_str(&row));
}

void block_entry_del(struct db_txn *txn, uint64_t list, struct str host)
{
	struct entry_key key;
	db_del(txn, &store_block_entry, entry_key(&key, list, host));
}

size_t block_entries(struct db_txn *txn, struct arena *arena, uint64_t list, struct str after,
		     struct block_entry *out, size_t count)
{
	struct reckey prefix = reckey_u64(list);
	struct entry_key from;
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	size_t n = 0;
	db_iter_open(&it, txn, &store_block_entry, reckey_str(&prefix), DB_FORWARD,
		     entry_key(&from, list, after));
	while (n < count && db_iter_next(&it, &key, &value)) {
		struct str host = str_skip(key, ID_LEN);
		if (after.len != 0 && str_eq(host, after))
			continue;
		if (!block_entry_decode(arena_str(arena, value), &out[n])) {
			store_undecoded(txn, arena);
			return 0;
		}
		out[n++].host = arena_str(arena, host);
	}
	return n;
}

/* --- drafts --- */

static bool draft_decode(struct str value, struct block_draft *out)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r), dismissed = rec_u8(&r);
	out->dismissed = dismissed != 0;
	out->since_ms = rec_num(&r);
	return version == DRAFT_VERSION && dismissed <= 1 && rec_ok(&r);
}

bool block_draft_get(struct db_txn *txn, struct arena *arena, struct str host,
		     struct block_draft *out)
{
	struct str value;
	*out = (struct block_draft){ .host = host };
	if (!db_get(txn, &store_block_draft, host, &value))
		return false;
	return draft_decode(value, out) || store_undecoded(txn, arena);
}

void block_draft_put(struct db_txn *txn, const struct block_draft *draft)
{
	struct buf row CLEANUP(buf_free) = BUF_INIT(64);
	rec_add_u8(&row, DRAFT_VERSION);
	rec_add_u8(&row, draft->dismissed);
	rec_add_num(&row, draft->since_ms);
	db_put(txn, &store_block_draft, draft->host, buf_str(&row));
}

void block_draft_del(struct db_txn *txn, struct str host)
{
	db_del(txn, &store_block_draft, host);
}

size_t block_drafts(struct db_txn *txn, struct arena *arena, struct str after,
		    struct block_draft *out, size_t count)
{
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	size_t n = 0;
	db_iter_open(&it, txn, &store_block_draft, STR(""), DB_FORWARD,
		     after.len != 0 ? after : STR_NONE);
	while (n < count && db_iter_next(&it, &key, &value)) {
		if (str_eq(key, after))
			continue;
		if (!draft_decode(value, &out[n])) {
			store_undecoded(txn, arena);
			return 0;
		}
		out[n++].host = arena_str(arena, key);
	}
	return n;
}
