/*
 * Media of local accounts. Owns tables medium, medium_open, medium_held, medium_file and
 * medium_waste. Inside transactions only.
 */
#include "store/medium.h"

#include "core/attr.h"
#include "core/clock.h"
#include "medium_int.h"
#include "store/sweep.h"
#include "store/tables.h"
#include "store_int.h"
#include "sweep_int.h"

#define HELD_MAX 256 /* a post holds what it had before its edits, too */

/* --- indexes --- */

static struct reckey digest_key(const struct digest *digest)
{
	struct reckey key = RECKEY_INIT;
	reckey_add_bytes(&key, digest->bytes, DIGEST_SIZE);
	return key;
}

static void file_index_put(struct db_txn *txn, uint64_t id, const struct medium_file *file)
{
	struct reckey key = medium_file_key(&file->digest, id), waste = digest_key(&file->digest);
	if (file->type.len == 0)
		return;
	db_put(txn, &store_medium_file, reckey_str(&key), STR(""));
	db_del(txn, &store_medium_waste, reckey_str(&waste));
}

static void file_index_del(struct db_txn *txn, uint64_t id, const struct medium_file *file)
{
	struct reckey key = medium_file_key(&file->digest, id), waste = digest_key(&file->digest);
	if (file->type.len == 0 || !db_del(txn, &store_medium_file, reckey_str(&key)) ||
	    medium_file_used(txn, &file->digest))
		return;
	db_put(txn, &store_medium_waste, reckey_str(&waste), STR(""));
}

static void indexes_put(struct db_txn *txn, const struct medium *m)
{
	bool open = m->use == MEDIUM_OPEN;
	struct reckey key =
		open ? reckey_u64_u64(m->id, m->owner) : reckey_u64_u64(m->holder, m->id);
	db_put(txn, open ? &store_medium_open : &store_medium_held, reckey_str(&key), STR(""));
	file_index_put(txn, m->id, &m->file);
	file_index_put(txn, m->id, &m->small);
}

static void holder_index_del(struct db_txn *txn, const struct medium *m)
{
	bool open = m->use == MEDIUM_OPEN;
	struct reckey key =
		open ? reckey_u64_u64(m->id, m->owner) : reckey_u64_u64(m->holder, m->id);
	db_del(txn, open ? &store_medium_open : &store_medium_held, reckey_str(&key));
}

/* --- records --- */

/* Without what is text: that would die with the next write. */
static bool medium_peek(struct db_txn *txn, uint64_t id, struct medium *out)
{
	struct reckey key = reckey_u64(id);
	struct str value;
	*out = (struct medium){ .id = 0 };
	if (!db_get(txn, &store_medium, reckey_str(&key), &value))
		return false;
	if (!medium_decode(value, id, out)) {
		db_txn_fail(txn, RC_CORRUPT);
		return false;
	}
	out->file.type = out->file.type.len != 0 ? STR("some") : STR("");
	out->small.type = out->small.type.len != 0 ? STR("some") : STR("");
	out->blurhash = out->description = out->reason = STR_NONE;
	return true;
}

bool medium_get(struct db_txn *txn, struct arena *arena, uint64_t id, struct medium *out)
{
	struct reckey key = reckey_u64(id);
	struct str value;
	*out = (struct medium){ .id = 0 };
	if (!db_get(txn, &store_medium, reckey_str(&key), &value))
		return false;
	return medium_decode(arena_str(arena, value), id, out) || store_undecoded(txn, arena);
}

static bool medium_write(struct db_txn *txn, const struct medium *m)
{
	struct reckey key = reckey_u64(m->id);
	struct buf row CLEANUP(buf_free) = BUF_INIT(MEDIUM_MAX_BYTES);
	medium_encode(&row, m);
	if (!store_put(txn, &store_medium, &key, &row))
		return false;
	indexes_put(txn, m);
	return db_txn_rc(txn) == RC_OK;
}

bool medium_add(struct db_txn *txn, struct medium *medium)
{
	medium->id = db_next_id(txn);
	medium->created_ms = db_txn_now(txn);
	return medium_write(txn, medium);
}

static bool has_file(const struct medium *m, const struct medium_file *file)
{
	const struct medium_file *files[] = { &m->file, &m->small };
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		if (files[i]->type.len != 0 &&
		    memcmp(files[i]->digest.bytes, file->digest.bytes, DIGEST_SIZE) == 0)
			return true;
	}
	return false;
}

bool medium_put(struct db_txn *txn, const struct medium *medium)
{
	struct medium before;
	if (!medium_peek(txn, medium->id, &before))
		return false;
	holder_index_del(txn, &before);
	if (!has_file(medium, &before.file))
		file_index_del(txn, medium->id, &before.file);
	if (!has_file(medium, &before.small))
		file_index_del(txn, medium->id, &before.small);
	return medium_write(txn, medium);
}

bool medium_del(struct db_txn *txn, uint64_t id)
{
	struct reckey key = reckey_u64(id);
	struct medium m;
	if (!medium_peek(txn, id, &m))
		return false;
	holder_index_del(txn, &m);
	file_index_del(txn, id, &m.file);
	file_index_del(txn, id, &m.small);
	return db_del(txn, &store_medium, reckey_str(&key));
}

/* Ids that stand behind a prefix, or first in the key when there is none. */
static size_t ids_of(struct db_txn *txn, const struct db_table *table, struct str prefix,
		     const struct reckey *from, uint64_t *out, size_t count)
{
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	size_t n = 0;
	db_iter_open(&it, txn, table, prefix, DB_FORWARD, reckey_str(from));
	while (n < count && db_iter_next(&it, &key, &value))
		n += reckey_read_u64(key, prefix.len, &out[n]);
	return n;
}

size_t medium_held_by(struct db_txn *txn, uint64_t holder, uint64_t *out, size_t count)
{
	struct reckey prefix = reckey_u64(holder);
	struct reckey from = reckey_u64_u64(holder, 0);
	return ids_of(txn, &store_medium_held, reckey_str(&prefix), &from, out, count);
}

void medium_del_held(struct db_txn *txn, enum medium_use use, uint64_t holder)
{
	uint64_t ids[HELD_MAX];
	size_t n = medium_held_by(txn, holder, ids, HELD_MAX);
	for (size_t i = 0; i < n; i++) {
		struct medium m;
		if (medium_peek(txn, ids[i], &m) && m.use == use)
			medium_del(txn, ids[i]);
	}
}

void medium_release(struct db_txn *txn, enum medium_use use, uint64_t holder)
{
	uint64_t ids[HELD_MAX];
	size_t n = medium_held_by(txn, holder, ids, HELD_MAX);
	struct arena *arena = n != 0 ? arena_new(2 * MEDIUM_MAX_BYTES) : NULL;
	struct medium m;
	if (n != 0 && arena == NULL)
		db_txn_fail(txn, RC_NO_MEMORY);
	for (size_t i = 0; arena != NULL && i < n; i++) {
		arena_reset(arena);
		if (!medium_get(txn, arena, ids[i], &m) || m.use != use)
			continue;
		m.use = MEDIUM_OPEN;
		m.holder = 0;
		/* since when nobody holds it */
		m.created_ms = db_txn_now(txn);
		medium_put(txn, &m);
	}
	arena_free(&arena);
}

size_t medium_open(struct db_txn *txn, uint64_t after, uint64_t *out, size_t count)
{
	struct reckey from = reckey_u64_u64(after + 1, 0);
	return ids_of(txn, &store_medium_open, STR(""), &from, out, count);
}

/* --- files --- */

bool medium_file_used(struct db_txn *txn, const struct digest *digest)
{
	struct reckey prefix = digest_key(digest);
	struct db_iter it CLEANUP(db_iter_close);
	db_iter_open(&it, txn, &store_medium_file, reckey_str(&prefix), DB_FORWARD, STR_NONE);
	return db_iter_next(&it, NULL, NULL);
}

bool medium_file_is_copied(struct db_txn *txn, const struct digest *digest)
{
	struct reckey prefix = digest_key(digest);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key;
	bool copied = false;
	db_iter_open(&it, txn, &store_medium_file, reckey_str(&prefix), DB_FORWARD, STR_NONE);
	while (db_iter_next(&it, &key, NULL)) {
		struct medium m;
		uint64_t id;
		if (!reckey_read_u64(key, DIGEST_SIZE, &id) || !medium_peek(txn, id, &m))
			continue;
		if (m.use != MEDIUM_COPY)
			return false;
		copied = true;
	}
	return copied;
}

size_t medium_waste(struct db_txn *txn, const struct digest *after, struct digest *out,
		    size_t count)
{
	struct reckey from = RECKEY_INIT;
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	size_t n = 0;
	if (after != NULL)
		from = medium_file_key(after, 0);
	db_iter_open(&it, txn, &store_medium_waste, STR(""), DB_FORWARD,
		     after != NULL ? reckey_str(&from) : STR_NONE);
	while (n < count && db_iter_next(&it, &key, &value)) {
		if (key.len == DIGEST_SIZE)
			memcpy(out[n++].bytes, key.ptr, DIGEST_SIZE);
	}
	return n;
}

void medium_waste_del(struct db_txn *txn, const struct digest *digest)
{
	struct reckey key = digest_key(digest);
	db_del(txn, &store_medium_waste, reckey_str(&key));
}

/* --- sweeping --- */

static void open_look(struct db_txn *txn, struct str key, struct str value UNUSED, void *arg)
{
	const uint64_t *now_ms = arg;
	struct medium m;
	uint64_t id;
	if (reckey_read_u64(key, 0, &id) && medium_peek(txn, id, &m) &&
	    m.created_ms + MEDIUM_OPEN_MS < *now_ms)
		medium_del(txn, id);
}

bool media_sweep(struct db_txn *txn, uint64_t now_ms, struct sweep_cursor *cursor, size_t count)
{
	return sweep_walk(txn, &store_medium_open, cursor, count, open_look, &now_ms);
}
