/* The index of ids. Owns table uri. Inside transactions only. */
#include "store/uri.h"

#include "check_int.h"
#include "db/rec.h"
#include "store/tables.h"

#define ENTRY_VERSION 1

static void entry_encode(struct buf *out, struct uri_entry e)
{
	rec_add_u8(out, ENTRY_VERSION);
	rec_add_u8(out, (uint8_t)e.kind);
	rec_add_num(out, e.id);
	rec_add_num(out, e.other);
}

static bool kind_known(enum uri_kind kind)
{
	switch (kind) {
	case URI_ACCOUNT:
	case URI_STATUS:
	case URI_TOMBSTONE:
	case URI_LIKE:
	case URI_FOLLOW:
	case URI_BLOCK:
	case URI_INTERACTION:
	case URI_AUTHORIZATION:
	case URI_CONTEXT:
	case URI_REACTION:
	case URI_DISLIKE:
	case URI_COLLECTION:
		return true;
	case URI_NONE:
		break;
	}
	return false;
}

bool uri_entry_decode(struct str value, struct uri_entry *out)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	out->kind = (enum uri_kind)rec_u8(&r);
	out->id = rec_num(&r);
	out->other = rec_num(&r);
	return version == ENTRY_VERSION && rec_ok(&r) && kind_known(out->kind);
}

static struct uri_entry entry_decode(struct db_txn *txn, struct str value)
{
	struct uri_entry e;
	if (uri_entry_decode(value, &e))
		return e;
	db_txn_fail(txn, RC_CORRUPT);
	return (struct uri_entry){ .kind = URI_NONE };
}

static struct uri_entry find(struct db_txn *txn, const struct reckey *key)
{
	struct str value;
	if (!db_get(txn, &store_uri, reckey_str(key), &value))
		return (struct uri_entry){ .kind = URI_NONE };
	return entry_decode(txn, value);
}

struct uri_entry uri_find(struct db_txn *txn, struct str uri)
{
	struct reckey key = reckey_digest(uri);
	return find(txn, &key);
}

struct uri_entry uri_find_digest(struct db_txn *txn, const unsigned char digest[URI_DIGEST_SIZE])
{
	struct reckey key = RECKEY_INIT;
	reckey_add_bytes(&key, digest, URI_DIGEST_SIZE);
	return find(txn, &key);
}

bool uri_add(struct db_txn *txn, struct str uri, struct uri_entry entry, struct uri_entry *existing)
{
	struct reckey key = reckey_digest(uri);
	struct buf value CLEANUP(buf_free) = BUF_INIT(64);
	struct str there;
	entry_encode(&value, entry);
	if (db_add(txn, &store_uri, reckey_str(&key), buf_str(&value), &there))
		return true;
	if (db_txn_rc(txn) == RC_OK && !uri_is_free(entry) &&
	    uri_is_free(entry_decode(txn, there)) && db_txn_rc(txn) == RC_OK)
		return db_put(txn, &store_uri, reckey_str(&key), buf_str(&value));
	if (existing != NULL) {
		*existing = (struct uri_entry){ .kind = URI_NONE };
		if (db_txn_rc(txn) == RC_OK)
			*existing = entry_decode(txn, there);
	}
	return false;
}

void uri_set(struct db_txn *txn, struct str uri, struct uri_entry entry)
{
	struct reckey key = reckey_digest(uri);
	struct buf value CLEANUP(buf_free) = BUF_INIT(64);
	entry_encode(&value, entry);
	db_put(txn, &store_uri, reckey_str(&key), buf_str(&value));
}

void uri_del(struct db_txn *txn, struct str uri)
{
	struct reckey key = reckey_digest(uri);
	db_del(txn, &store_uri, reckey_str(&key));
}

void uri_release(struct db_txn *txn, struct str uri, struct uri_entry entry)
{
	struct reckey key = reckey_digest(uri);
	struct uri_entry there = find(txn, &key);
	if (there.kind == entry.kind && there.id == entry.id && there.other == entry.other)
		db_del(txn, &store_uri, reckey_str(&key));
}
