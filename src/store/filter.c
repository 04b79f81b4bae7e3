/* Filters. Owns table filter. Inside transactions only. */
#include "filter_int.h"

#include "core/attr.h"
#include "core/must.h"
#include "db/rec.h"
#include "store/tables.h"
#include "store_int.h"

#define FILTER_VERSION 1

/* --- the stored form --- */

void filter_encode(struct buf *out, const struct filter *f)
{
	must(f->keyword_count <= FILTER_KEYWORDS_MAX && f->status_count <= FILTER_STATUSES_MAX);
	rec_add_u8(out, FILTER_VERSION);
	rec_add_u8(out, (uint8_t)f->contexts);
	rec_add_u8(out, (uint8_t)f->action);
	rec_add_num(out, f->expires_ms);
	rec_add_str(out, f->title);
	rec_add_num(out, f->keyword_count);
	for (unsigned i = 0; i < f->keyword_count; i++) {
		rec_add_u64(out, f->keywords[i].id);
		rec_add_u8(out, f->keywords[i].whole_word);
		rec_add_str(out, f->keywords[i].text);
	}
	rec_add_num(out, f->status_count);
	for (unsigned i = 0; i < f->status_count; i++) {
		rec_add_u64(out, f->statuses[i].id);
		rec_add_u64(out, f->statuses[i].status);
	}
}

static bool keywords_decode(struct arena *arena, struct rec *r, struct filter *out)
{
	uint64_t count = rec_num(r);
	if (count > FILTER_KEYWORDS_MAX)
		return false;
	out->keywords = ARENA_ARRAY(arena, count, struct filter_keyword);
	if (out->keywords == NULL)
		return false;
	for (out->keyword_count = 0; out->keyword_count < count; out->keyword_count++) {
		struct filter_keyword *k = &out->keywords[out->keyword_count];
		k->id = rec_u64(r);
		uint8_t whole = rec_u8(r);
		k->whole_word = whole != 0;
		k->text = rec_str(r);
		if (whole > 1)
			return false;
	}
	return true;
}

static bool statuses_decode(struct arena *arena, struct rec *r, struct filter *out)
{
	uint64_t count = rec_num(r);
	if (count > FILTER_STATUSES_MAX)
		return false;
	out->statuses = ARENA_ARRAY(arena, count, struct filter_status);
	if (out->statuses == NULL)
		return false;
	for (out->status_count = 0; out->status_count < count; out->status_count++) {
		out->statuses[out->status_count].id = rec_u64(r);
		out->statuses[out->status_count].status = rec_u64(r);
	}
	return true;
}

bool filter_decode(struct arena *arena, struct str value, struct filter *out)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	*out = (struct filter){ .contexts = rec_u8(&r) };
	out->action = (enum filter_action)rec_u8(&r);
	out->expires_ms = rec_num(&r);
	out->title = rec_str(&r);
	return keywords_decode(arena, &r, out) && statuses_decode(arena, &r, out) &&
	       version == FILTER_VERSION && rec_ok(&r) &&
	       (out->contexts & ~(unsigned)FILTER_CONTEXTS) == 0 && out->action <= FILTER_BLUR;
}

/* --- reading --- */

static bool read_row(struct db_txn *txn, struct arena *arena, uint64_t owner, uint64_t id,
		     struct str value, struct filter *out)
{
	if (!filter_decode(arena, arena_str(arena, value), out))
		return store_undecoded(txn, arena);
	out->id = id;
	out->owner = owner;
	return true;
}

bool filter_get(struct db_txn *txn, struct arena *arena, uint64_t owner, uint64_t id,
		struct filter *out)
{
	struct reckey key = reckey_u64_u64(owner, id);
	struct str value;
	return db_get(txn, &store_filter, reckey_str(&key), &value) &&
	       read_row(txn, arena, owner, id, value, out);
}

static size_t ids_of(struct db_txn *txn, uint64_t owner, uint64_t out[FILTERS_MAX])
{
	struct reckey prefix = reckey_u64(owner);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key;
	size_t n = 0;
	db_iter_open(&it, txn, &store_filter, reckey_str(&prefix), DB_FORWARD, STR_NONE);
	while (n < FILTERS_MAX && db_iter_next(&it, &key, NULL))
		n += reckey_read_u64(key, 8, &out[n]);
	return n;
}

size_t filter_all(struct db_txn *txn, struct arena *arena, uint64_t owner, struct filter **out)
{
	uint64_t ids[FILTERS_MAX];
	size_t count = ids_of(txn, owner, ids), n = 0;
	*out = NULL;
	if (count == 0)
		return 0;
	*out = ARENA_ARRAY(arena, count, struct filter);
	for (size_t i = 0; *out != NULL && i < count; i++)
		n += filter_get(txn, arena, owner, ids[i], &(*out)[n]);
	return n;
}

/* --- writing --- */

void filter_put(struct db_txn *txn, struct filter *f)
{
	struct reckey key = reckey_u64_u64(f->owner, f->id);
	struct buf row CLEANUP(buf_free) = BUF_INIT(FILTER_MAX_BYTES);
	for (unsigned i = 0; i < f->keyword_count; i++) {
		if (f->keywords[i].id == 0)
			f->keywords[i].id = db_next_id(txn);
	}
	for (unsigned i = 0; i < f->status_count; i++) {
		if (f->statuses[i].id == 0)
			f->statuses[i].id = db_next_id(txn);
	}
	filter_encode(&row, f);
	store_put(txn, &store_filter, &key, &row);
}

enum rc filter_add(struct db_txn *txn, struct filter *f)
{
	uint64_t ids[FILTERS_MAX];
	if (ids_of(txn, f->owner, ids) == FILTERS_MAX)
		return RC_TOO_LARGE;
	f->id = db_next_id(txn);
	filter_put(txn, f);
	return RC_OK;
}

bool filter_del(struct db_txn *txn, uint64_t owner, uint64_t id)
{
	struct reckey key = reckey_u64_u64(owner, id);
	return db_del(txn, &store_filter, reckey_str(&key));
}

void filters_del(struct db_txn *txn, uint64_t owner)
{
	uint64_t ids[FILTERS_MAX];
	size_t n = ids_of(txn, owner, ids);
	for (size_t i = 0; i < n; i++)
		filter_del(txn, owner, ids[i]);
}
