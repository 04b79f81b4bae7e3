/* Waves. Owns tables wave and wave_item. Inside transactions only. */
#include "core/attr.h"
#include "core/must.h"
#include "db/rec.h"
#include "store/tables.h"
#include "store_int.h"
#include "wave_int.h"

#define WAVE_VERSION 1
#define WAVE_BYTES 4096

static const char *const states[] = {
	[WAVE_ROLLING] = "rolling", [WAVE_HIDDEN] = "hidden",	  [WAVE_UNDOING] = "undoing",
	[WAVE_UNDONE] = "undone",   [WAVE_REMOVING] = "removing", [WAVE_REMOVED] = "removed",
};

const char *wave_state_name(enum wave_state state)
{
	must((size_t)state < ARRAY_LEN(states));
	return states[state];
}

void wave_encode(struct buf *out, const struct wave *w)
{
	rec_add_u8(out, WAVE_VERSION);
	rec_add_u8(out, (uint8_t)w->state);
	rec_add_num(out, w->wish.rule);
	rec_add_str(out, w->wish.host);
	rec_add_num(out, w->wish.like);
	rec_add_u8(out, w->wish.likeness);
	rec_add_num(out, w->wish.from_ms);
	rec_add_num(out, w->wish.to_ms);
	rec_add_u64(out, w->print);
	rec_add_num(out, w->cursor);
	rec_add_num(out, w->posts);
	rec_add_num(out, w->by);
	rec_add_num(out, w->created_ms);
	rec_add_num(out, w->until_ms);
}

bool wave_decode(struct str value, struct wave *w)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r), state = rec_u8(&r);
	w->state = (enum wave_state)state;
	w->wish.rule = rec_num(&r);
	w->wish.host = rec_str(&r);
	w->wish.like = rec_num(&r);
	w->wish.likeness = rec_u8(&r);
	w->wish.from_ms = rec_num(&r);
	w->wish.to_ms = rec_num(&r);
	w->print = rec_u64(&r);
	w->cursor = rec_num(&r);
	w->posts = rec_num(&r);
	w->by = rec_num(&r);
	w->created_ms = rec_num(&r);
	w->until_ms = rec_num(&r);
	return version == WAVE_VERSION && state < ARRAY_LEN(states) && rec_ok(&r);
}

bool wave_get(struct db_txn *txn, struct arena *arena, uint64_t id, struct wave *out)
{
	struct reckey key = reckey_u64(id);
	struct str value;
	*out = (struct wave){ .id = id };
	return db_get(txn, &store_wave, reckey_str(&key), &value) &&
	       (wave_decode(arena_str(arena, value), out) || store_undecoded(txn, arena));
}

uint64_t wave_put(struct db_txn *txn, const struct wave *wave)
{
	uint64_t id = wave->id != 0 ? wave->id : db_next_id(txn);
	struct reckey key = reckey_u64(id);
	struct buf row CLEANUP(buf_free) = BUF_INIT(WAVE_BYTES);
	wave_encode(&row, wave);
	store_put(txn, &store_wave, &key, &row);
	return id;
}

size_t wave_list(struct db_txn *txn, struct arena *arena, uint64_t max_id, struct wave *out,
		 size_t count)
{
	struct reckey from = reckey_u64(max_id != 0 ? max_id - 1 : UINT64_MAX);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	size_t n = 0;
	db_iter_open(&it, txn, &store_wave, STR(""), DB_BACKWARD, reckey_str(&from));
	while (n < count && db_iter_next(&it, &key, &value)) {
		if (!reckey_read_u64(key, 0, &out[n].id) ||
		    !wave_decode(arena_str(arena, value), &out[n])) {
			store_undecoded(txn, arena);
			return 0;
		}
		n++;
	}
	return n;
}

bool wave_item_add(struct db_txn *txn, uint64_t wave, uint64_t status)
{
	struct reckey key = reckey_u64_u64(wave, status);
	return db_add(txn, &store_wave_item, reckey_str(&key), STR(""), NULL);
}

void wave_item_del(struct db_txn *txn, uint64_t wave, uint64_t status)
{
	struct reckey key = reckey_u64_u64(wave, status);
	db_del(txn, &store_wave_item, reckey_str(&key));
}

size_t wave_items(struct db_txn *txn, uint64_t wave, uint64_t after, uint64_t *out, size_t count)
{
	struct reckey prefix = reckey_u64(wave), from = store_key_after(wave, after);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key;
	size_t n = 0;
	db_iter_open(&it, txn, &store_wave_item, reckey_str(&prefix), DB_FORWARD,
		     reckey_str(&from));
	while (n < count && db_iter_next(&it, &key, NULL))
		n += reckey_read_u64(key, 8, &out[n]);
	return n;
}
