/* Rules of the sieve with their counts. Owns tables sieve_rule, sieve_count and sieve_fit. Inside
 * transactions only. */
#include "store/sieve.h"

#include <stdlib.h>

#include "core/attr.h"
#include "core/must.h"
#include "db/rec.h"
#include "sieve_int.h"
#include "store/sweep.h"
#include "store/tables.h"
#include "store_int.h"
#include "sweep_int.h"

#define ROW_VERSION 1
#define COUNT_VERSION 1
#define ROW_MAX_BYTES ((size_t)256 * 1024)
#define COUNT_KEY_LEN 12
#define FIT_KEY_LEN 16
#define ID_TIME_SHIFT 16 /* db_next_id(): milliseconds, then a sequence */

static const char *const modes[] = {
	[SIEVE_OFF] = "off",
	[SIEVE_SHADOW] = "shadow",
	[SIEVE_LIVE] = "live",
};

const char *sieve_mode_name(enum sieve_mode mode)
{
	must((size_t)mode < ARRAY_LEN(modes));
	return modes[mode];
}

bool sieve_mode_parse(struct str name, enum sieve_mode *out)
{
	for (size_t i = 0; i < ARRAY_LEN(modes); i++) {
		if (str_eq(name, str_of(modes[i]))) {
			*out = (enum sieve_mode)i;
			return true;
		}
	}
	return false;
}

/* --- rules --- */

void sieve_row_encode(struct buf *out, const struct sieve_row *row)
{
	rec_add_u8(out, ROW_VERSION);
	rec_add_u8(out, (uint8_t)row->mode);
	rec_add_u8(out, row->action);
	rec_add_u32(out, row->position);
	rec_add_u32(out, row->revision);
	rec_add_num(out, row->created_ms);
	rec_add_num(out, row->updated_ms);
	rec_add_num(out, row->by);
	rec_add_str(out, row->label);
	rec_add_str(out, row->text);
	rec_add_str(out, row->program);
}

bool sieve_row_decode(struct str value, struct sieve_row *out)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r), mode = rec_u8(&r);
	out->mode = (enum sieve_mode)mode;
	out->action = rec_u8(&r);
	out->position = rec_u32(&r);
	out->revision = rec_u32(&r);
	out->created_ms = rec_num(&r);
	out->updated_ms = rec_num(&r);
	out->by = rec_num(&r);
	out->label = rec_str(&r);
	out->text = rec_str(&r);
	out->program = rec_str(&r);
	return version == ROW_VERSION && mode < ARRAY_LEN(modes) && rec_ok(&r);
}

bool sieve_row_get(struct db_txn *txn, struct arena *arena, uint64_t id, struct sieve_row *out)
{
	struct reckey key = reckey_u64(id);
	struct str value;
	*out = (struct sieve_row){ .id = id };
	return db_get(txn, &store_sieve_rule, reckey_str(&key), &value) &&
	       (sieve_row_decode(arena_str(arena, value), out) || store_undecoded(txn, arena));
}

uint64_t sieve_row_put(struct db_txn *txn, const struct sieve_row *row)
{
	uint64_t id = row->id != 0 ? row->id : db_next_id(txn);
	struct reckey key = reckey_u64(id);
	struct buf value CLEANUP(buf_free) = BUF_INIT(ROW_MAX_BYTES);
	sieve_row_encode(&value, row);
	store_put(txn, &store_sieve_rule, &key, &value);
	return id;
}

/* All rows of a table that begin with an id. */
static void rows_del(struct db_txn *txn, const struct db_table *table, uint64_t id)
{
	struct reckey prefix = reckey_u64(id);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key;
	db_iter_open(&it, txn, table, reckey_str(&prefix), DB_FORWARD, STR_NONE);
	while (db_iter_next(&it, &key, NULL)) {
		struct reckey one = RECKEY_INIT;
		reckey_add_bytes(&one, key.ptr, key.len);
		db_del(txn, table, reckey_str(&one));
	}
}

bool sieve_row_del(struct db_txn *txn, uint64_t id)
{
	struct reckey key = reckey_u64(id);
	if (!db_del(txn, &store_sieve_rule, reckey_str(&key)))
		return false;
	/* what it fitted is swept in time */
	rows_del(txn, &store_sieve_count, id);
	return true;
}

static int by_position(const void *a, const void *b)
{
	const struct sieve_row *x = a, *y = b;
	if (x->position != y->position)
		return x->position > y->position ? 1 : -1;
	return (x->id > y->id) - (x->id < y->id);
}

size_t sieve_row_list(struct db_txn *txn, struct arena *arena, struct sieve_row out[SIEVE_ROWS_MAX])
{
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	size_t n = 0;
	db_iter_open(&it, txn, &store_sieve_rule, STR(""), DB_FORWARD, STR_NONE);
	while (n < SIEVE_ROWS_MAX && db_iter_next(&it, &key, &value)) {
		if (!reckey_read_u64(key, 0, &out[n].id) ||
		    !sieve_row_decode(arena_str(arena, value), &out[n])) {
			store_undecoded(txn, arena);
			return 0;
		}
		n++;
	}
	qsort(out, n, sizeof(out[0]), by_position);
	return n;
}

void sieve_row_each(struct db_txn *txn, bool (*each)(void *arg, const struct sieve_row *row),
		    void *arg)
{
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	struct sieve_row row;
	db_iter_open(&it, txn, &store_sieve_rule, STR(""), DB_FORWARD, STR_NONE);
	while (db_iter_next(&it, &key, &value)) {
		if (!reckey_read_u64(key, 0, &row.id) || !sieve_row_decode(value, &row)) {
			db_txn_fail(txn, RC_CORRUPT);
			return;
		}
		if (row.mode != SIEVE_OFF && !each(arg, &row))
			return;
	}
}

/* --- counts --- */

static struct reckey count_key(uint64_t rule, uint32_t day)
{
	struct reckey key = reckey_u64(rule);
	for (int shift = 24; shift >= 0; shift -= 8)
		reckey_add_u8(&key, (uint8_t)(day >> shift));
	return key;
}

static uint32_t count_day(struct str key)
{
	uint32_t day = 0;
	for (size_t i = 8; i < COUNT_KEY_LEN && i < key.len; i++)
		day = day << 8 | (unsigned char)key.ptr[i];
	return day;
}

static bool count_decode(struct str value, struct sieve_count *out)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	out->shadow = rec_num(&r);
	out->live = rec_num(&r);
	out->exhausted = rec_num(&r);
	return version == COUNT_VERSION && rec_ok(&r);
}

void sieve_count_add(struct db_txn *txn, uint64_t rule, const struct sieve_count *more)
{
	struct reckey key = count_key(rule, more->day);
	struct buf row CLEANUP(buf_free) = BUF_INIT(64);
	struct sieve_count now = { .day = more->day };
	struct str value;
	if (db_get(txn, &store_sieve_count, reckey_str(&key), &value) && !count_decode(value, &now))
		db_txn_fail(txn, RC_CORRUPT);
	rec_add_u8(&row, COUNT_VERSION);
	rec_add_num(&row, now.shadow + more->shadow);
	rec_add_num(&row, now.live + more->live);
	rec_add_num(&row, now.exhausted + more->exhausted);
	store_put(txn, &store_sieve_count, &key, &row);
}

size_t sieve_count_list(struct db_txn *txn, uint64_t rule, uint32_t first, struct sieve_count *out,
			size_t count)
{
	struct reckey prefix = reckey_u64(rule), from = count_key(rule, first);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	size_t n = 0;
	db_iter_open(&it, txn, &store_sieve_count, reckey_str(&prefix), DB_FORWARD,
		     reckey_str(&from));
	while (n < count && db_iter_next(&it, &key, &value)) {
		if (!count_decode(value, &out[n])) {
			db_txn_fail(txn, RC_CORRUPT);
			return 0;
		}
		out[n++].day = count_day(key);
	}
	return n;
}

/* --- what fitted --- */

void sieve_fit_add(struct db_txn *txn, uint64_t rule, uint64_t status)
{
	struct reckey key = reckey_u64_u64(rule, status);
	db_put(txn, &store_sieve_fit, reckey_str(&key), STR(""));
}

size_t sieve_fits(struct db_txn *txn, uint64_t rule, uint64_t max_id, uint64_t *out, size_t count)
{
	struct reckey prefix = reckey_u64(rule),
		      from = reckey_u64_u64(rule, max_id != 0 ? max_id - 1 : UINT64_MAX);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key;
	size_t n = 0;
	db_iter_open(&it, txn, &store_sieve_fit, reckey_str(&prefix), DB_BACKWARD,
		     reckey_str(&from));
	while (n < count && db_iter_next(&it, &key, NULL))
		n += reckey_read_u64(key, 8, &out[n]);
	return n;
}

/* --- forgetting --- */

static void look_count(struct db_txn *txn, struct str key, struct str value UNUSED, void *arg)
{
	const uint64_t *now_ms = arg;
	if (key.len == COUNT_KEY_LEN &&
	    count_day(key) + UINT64_C(1) + SIEVE_COUNT_DAYS < *now_ms / MS_PER_DAY)
		db_del(txn, &store_sieve_count, key);
}

bool sieve_counts_sweep(struct db_txn *txn, uint64_t now_ms, struct sweep_cursor *cursor,
			size_t count)
{
	return sweep_walk(txn, &store_sieve_count, cursor, count, look_count, &now_ms);
}

static void look_fit(struct db_txn *txn, struct str key, struct str value UNUSED, void *arg)
{
	const uint64_t *now_ms = arg;
	uint64_t status;
	if (key.len == FIT_KEY_LEN && reckey_read_u64(key, 8, &status) &&
	    (status >> ID_TIME_SHIFT) + SIEVE_FITS_DAYS * MS_PER_DAY < *now_ms)
		db_del(txn, &store_sieve_fit, key);
}

bool sieve_fits_sweep(struct db_txn *txn, uint64_t now_ms, struct sweep_cursor *cursor,
		      size_t count)
{
	return sweep_walk(txn, &store_sieve_fit, cursor, count, look_fit, &now_ms);
}
