/* Counters of use. Owns tables hashtag, usage, measure and presence. Inside transactions only. */
#include "store/usage.h"

#include "core/attr.h"
#include "core/must.h"
#include "db/rec.h"
#include "store/sweep.h"
#include "store/tables.h"
#include "store_int.h"
#include "sweep_int.h"

#define USAGE_KEY_LEN 16 /* kind, digest, day */
#define HASHTAG_VERSION 1
#define USAGE_VERSION 1
#define HASHTAG_MAX_BYTES 2048
#define HASHTAG_KEY_MAX 480

/* --- hashtags --- */

static bool hashtag_decode(struct str value, struct hashtag *out)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	out->first_ms = rec_num(&r);
	out->last_ms = rec_num(&r);
	out->uses = rec_num(&r);
	out->display = rec_str(&r);
	return version == HASHTAG_VERSION && rec_ok(&r);
}

/* A folded name has at most 400 bytes (text_tag_fold()), but compatibility forms may grow. */
static struct str hashtag_key(struct str name)
{
	return str_take(name, HASHTAG_KEY_MAX);
}

bool hashtag_get(struct db_txn *txn, struct arena *arena, struct str name, struct hashtag *out)
{
	struct str value;
	if (name.len == 0 || !db_get(txn, &store_hashtag, hashtag_key(name), &value))
		return false;
	if (!hashtag_decode(arena_str(arena, value), out))
		return store_undecoded(txn, arena);
	out->name = arena_str(arena, hashtag_key(name));
	return true;
}

void hashtag_use(struct db_txn *txn, struct str name, struct str display, uint64_t at_ms)
{
	struct buf row CLEANUP(buf_free) = BUF_INIT(HASHTAG_MAX_BYTES);
	struct hashtag now = { .first_ms = at_ms };
	struct str value;
	if (name.len == 0)
		return;
	if (db_get(txn, &store_hashtag, hashtag_key(name), &value) && !hashtag_decode(value, &now))
		db_txn_fail(txn, RC_CORRUPT);
	rec_add_u8(&row, HASHTAG_VERSION);
	rec_add_num(&row, now.first_ms);
	rec_add_num(&row, at_ms > now.last_ms ? at_ms : now.last_ms);
	rec_add_num(&row, now.uses + 1);
	rec_add_str(&row, display);
	if (row.failed)
		db_txn_fail(txn, RC_TOO_LARGE);
	db_put(txn, &store_hashtag, hashtag_key(name), buf_str(&row));
}

size_t hashtag_list(struct db_txn *txn, struct arena *arena, struct str prefix, struct hashtag *out,
		    size_t count)
{
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	size_t n = 0;
	db_iter_open(&it, txn, &store_hashtag, hashtag_key(prefix), DB_FORWARD, STR_NONE);
	while (n < count && db_iter_next(&it, &key, &value)) {
		if (!hashtag_decode(arena_str(arena, value), &out[n])) {
			store_undecoded(txn, arena);
			return 0;
		}
		out[n++].name = arena_str(arena, key);
	}
	return n;
}

/* --- uses of a day --- */

#define DIGEST_LEN 11 /* so that a key has the length of those that are swept */
#define SKETCH_BITS 512U
#define SKETCH_BYTES (SKETCH_BITS / 8)
#define ONE_ACCOUNT 256U /* accounts are counted in parts of this */

static struct reckey usage_key(enum usage_kind kind, struct str item, uint32_t day)
{
	struct reckey key = RECKEY_INIT, digest = reckey_digest(item);
	reckey_add_u8(&key, (uint8_t)kind);
	reckey_add_bytes(&key, digest.bytes, DIGEST_LEN);
	for (int shift = 24; shift >= 0; shift -= 8)
		reckey_add_u8(&key, (uint8_t)(day >> shift));
	must(key.len == USAGE_KEY_LEN);
	return key;
}

struct sketch {
	uint32_t uses, parts;
	unsigned char bits[SKETCH_BYTES];
};

static bool sketch_read(struct db_txn *txn, const struct reckey *key, struct sketch *out)
{
	struct str value;
	if (!db_get(txn, &store_usage, reckey_str(key), &value))
		return false;
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	out->uses = rec_u32(&r);
	out->parts = rec_u32(&r);
	struct str bits = rec_str(&r);
	if (version != USAGE_VERSION || !rec_ok(&r) || bits.len != SKETCH_BYTES) {
		db_txn_fail(txn, RC_CORRUPT);
		return false;
	}
	memcpy(out->bits, bits.ptr, SKETCH_BYTES);
	return true;
}

static unsigned bits_set(const struct sketch *s)
{
	unsigned n = 0;
	for (size_t i = 0; i < SKETCH_BYTES; i++)
		n += (unsigned)__builtin_popcount(s->bits[i]);
	return n;
}

/* Spreads ids, which are given one after another, over the bits as chance would (splitmix64). */
static unsigned bit_of(uint64_t account)
{
	uint64_t x = account + UINT64_C(0x9e3779b97f4a7c15);
	x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (unsigned)((x ^ (x >> 31)) % SKETCH_BITS);
}

/*
 * Linear counting, step by step: a bit that is new stands for as many people as would find one that
 * is not taken yet.
 */
static void sketch_add(struct sketch *s, uint64_t account)
{
	unsigned at = bit_of(account);
	unsigned taken = bits_set(s);
	unsigned char bit = (unsigned char)(1U << (at % 8));
	s->uses += s->uses != UINT32_MAX;
	if ((s->bits[at / 8] & bit) != 0)
		return;
	s->bits[at / 8] |= bit;
	s->parts += ONE_ACCOUNT * SKETCH_BITS / (SKETCH_BITS - taken);
}

void usage_add(struct db_txn *txn, enum usage_kind kind, struct str item, uint32_t day,
	       uint64_t account)
{
	struct reckey key = usage_key(kind, item, day);
	struct buf row CLEANUP(buf_free) = BUF_INIT(SKETCH_BYTES + 32);
	struct sketch s = { 0 };
	sketch_read(txn, &key, &s);
	sketch_add(&s, account);
	rec_add_u8(&row, USAGE_VERSION);
	rec_add_u32(&row, s.uses);
	rec_add_u32(&row, s.parts);
	rec_add_str(&row, str_n(s.bits, SKETCH_BYTES));
	store_put(txn, &store_usage, &key, &row);
}

struct usage usage_get(struct db_txn *txn, enum usage_kind kind, struct str item, uint32_t day)
{
	struct reckey key = usage_key(kind, item, day);
	struct sketch s = { 0 };
	sketch_read(txn, &key, &s);
	return (struct usage){ s.uses, (s.parts + ONE_ACCOUNT / 2) / ONE_ACCOUNT };
}

static void usage_look(struct db_txn *txn, struct str key, struct str value UNUSED, void *arg)
{
	const uint32_t *first = arg;
	uint64_t tail;
	if (reckey_read_u64(key, USAGE_KEY_LEN - 8, &tail) && (uint32_t)tail < *first)
		db_del(txn, &store_usage, key);
}

bool usage_sweep(struct db_txn *txn, uint64_t now_ms, struct sweep_cursor *cursor, size_t count)
{
	uint32_t today = day_of_ms(now_ms);
	uint32_t first = today > USAGE_KEPT_DAYS ? today - USAGE_KEPT_DAYS : 0;
	return sweep_walk(txn, &store_usage, cursor, count, usage_look, &first);
}

/* --- counts of a day --- */

static uint64_t measure_decode(struct db_txn *txn, struct str value)
{
	uint64_t n = 0;
	if (value.len != sizeof(n) || !reckey_read_u64(value, 0, &n))
		db_txn_fail(txn, RC_CORRUPT);
	return n;
}

void measure_add(struct db_txn *txn, enum measure what, uint32_t day, uint64_t n)
{
	struct reckey key = reckey_u64_u64((uint64_t)what, day);
	struct str value;
	if (db_get(txn, &store_measure, reckey_str(&key), &value))
		n += measure_decode(txn, value);
	struct reckey sum = reckey_u64(n);
	db_put(txn, &store_measure, reckey_str(&key), reckey_str(&sum));
}

#define MEASURE_DAYS_MAX 400

uint64_t measure_sum(struct db_txn *txn, enum measure what, uint32_t first, uint32_t last)
{
	uint64_t sum = 0;
	for (uint32_t day = first; day <= last && day - first < MEASURE_DAYS_MAX; day++) {
		struct reckey key = reckey_u64_u64((uint64_t)what, day);
		struct str value;
		if (db_get(txn, &store_measure, reckey_str(&key), &value))
			sum += measure_decode(txn, value);
	}
	return sum;
}

/* --- who was here --- */

/* Days since 1970 to months: by the same calendar as core/date.c. */
static uint32_t month_of_day(uint64_t day)
{
	uint64_t z = day + 719468;
	uint64_t doe = z % 146097;
	uint64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	uint64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	uint64_t mp = (5 * doy + 2) / 153;
	uint64_t month = mp < 10 ? mp + 2 : mp - 10; /* from 0 */
	uint64_t year = yoe + z / 146097 * 400 + (month <= 1 ? 1 : 0);
	return (uint32_t)(year * 12 + month);
}

uint32_t period_of_ms(enum period period, uint64_t ms)
{
	uint32_t day = day_of_ms(ms);
	if (period == PERIOD_MONTH)
		return month_of_day(day);
	/* 1970 began on a Thursday */
	return period == PERIOD_WEEK && day >= 4 ? day - (day - 4) % 7 : day;
}

/* The first day of a month, in days since 1970. */
static uint64_t day_of_month(uint32_t number)
{
	uint64_t year = number / 12, month = number % 12; /* from 0 */
	uint64_t y = month <= 1 ? year - 1 : year;
	uint64_t shifted = month > 1 ? month - 2 : month + 10;
	uint64_t year_of_era = y % 400;
	uint64_t day_of_era =
		year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + (153 * shifted + 2) / 5;
	return y / 400 * 146097 + day_of_era - 719468;
}

uint64_t period_start_ms(enum period period, uint32_t number)
{
	return (period == PERIOD_MONTH ? day_of_month(number) : number) * MS_PER_DAY;
}

static uint64_t period_key(enum period period, uint32_t number)
{
	return (uint64_t)period << 32 | number;
}

static const struct {
	enum period period;
	enum measure count;
	uint32_t kept; /* numbers of the period, afterwards the accounts are forgotten */
} periods[PERIODS] = {
	{ PERIOD_DAY, MEASURE_PRESENT_DAY, 62 },
	{ PERIOD_WEEK, MEASURE_PRESENT_WEEK, 14 },
	{ PERIOD_MONTH, MEASURE_PRESENT_MONTH, 36 },
};

bool presence_add(struct db_txn *txn, uint64_t account, uint64_t at_ms)
{
	for (size_t i = 0; i < PERIODS; i++) {
		uint32_t number = period_of_ms(periods[i].period, at_ms);
		struct reckey key = reckey_u64_u64(period_key(periods[i].period, number), account);
		/* who was here today was here this month */
		if (db_add(txn, &store_presence, reckey_str(&key), STR(""), NULL))
			measure_add(txn, periods[i].count, number, 1);
		else if (periods[i].period == PERIOD_DAY)
			return false;
	}
	return db_txn_rc(txn) == RC_OK;
}

bool presence_has(struct db_txn *txn, enum period period, uint32_t number, uint64_t account)
{
	struct reckey key = reckey_u64_u64(period_key(period, number), account);
	struct str value;
	return db_get(txn, &store_presence, reckey_str(&key), &value);
}

uint64_t presence_count(struct db_txn *txn, enum period period, uint32_t number)
{
	for (size_t i = 0; i < PERIODS; i++) {
		if (periods[i].period == period)
			return measure_sum(txn, periods[i].count, number, number);
	}
	return 0;
}

size_t presence_list(struct db_txn *txn, enum period period, uint32_t number, uint64_t after,
		     uint64_t *out, size_t count)
{
	uint64_t which = period_key(period, number);
	struct reckey prefix = reckey_u64(which), from = store_key_after(which, after);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key;
	size_t n = 0;
	db_iter_open(&it, txn, &store_presence, reckey_str(&prefix), DB_FORWARD, reckey_str(&from));
	while (n < count && db_iter_next(&it, &key, NULL))
		n += reckey_read_u64(key, 8, &out[n]);
	return n;
}

static void presence_look(struct db_txn *txn, struct str key, struct str value UNUSED, void *arg)
{
	const uint64_t *now_ms = arg;
	uint64_t which;
	if (!reckey_read_u64(key, 0, &which))
		return;
	for (size_t i = 0; i < PERIODS; i++) {
		enum period period = periods[i].period;
		if (which >> 32 == (uint64_t)period &&
		    (uint32_t)which + periods[i].kept < period_of_ms(period, *now_ms))
			db_del(txn, &store_presence, key);
	}
}

bool presence_sweep(struct db_txn *txn, uint64_t now_ms, struct sweep_cursor *cursor, size_t count)
{
	return sweep_walk(txn, &store_presence, cursor, count, presence_look, &now_ms);
}
