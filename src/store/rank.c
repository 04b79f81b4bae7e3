/* Ranked sets. Owns tables rank and rank_order. Inside transactions only. */
#include "store/rank.h"

#include "check_int.h"
#include "core/attr.h"
#include "core/must.h"
#include "db/rec.h"
#include "store/tables.h"
#include "store_int.h"

#define RANK_VERSION 1
#define RANK_MAX_BYTES (RANK_ITEM_MAX + 32)

static struct reckey rank_key(enum rank_kind kind, struct str item)
{
	struct reckey key = RECKEY_INIT, digest = reckey_digest(item);
	reckey_add_u8(&key, (uint8_t)kind);
	reckey_add_bytes(&key, digest.bytes, digest.len);
	return key;
}

static struct reckey order_key(enum rank_kind kind, uint64_t score, const struct reckey *rank)
{
	struct reckey key = RECKEY_INIT;
	reckey_add_u8(&key, (uint8_t)kind);
	reckey_add_u64(&key, score);
	reckey_add_bytes(&key, rank->bytes + 1, rank->len - 1);
	return key;
}

static bool rank_decode(struct str value, struct rank *out)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	out->score = rec_u64(&r);
	out->review = (enum rank_review)rec_u8(&r);
	out->item = rec_str(&r);
	return version == RANK_VERSION && rec_ok(&r) && out->review <= REVIEW_REFUSED;
}

/* The item lies in the transaction. */
static bool rank_read(struct db_txn *txn, const struct reckey *key, struct rank *out)
{
	struct str value;
	if (!db_get(txn, &store_rank, reckey_str(key), &value))
		return false;
	if (rank_decode(value, out))
		return true;
	db_txn_fail(txn, RC_CORRUPT);
	return false;
}

bool rank_get(struct db_txn *txn, struct arena *arena, enum rank_kind kind, struct str item,
	      struct rank *out)
{
	struct reckey key = rank_key(kind, item);
	if (!rank_read(txn, &key, out) || !str_eq(out->item, item))
		return false;
	out->item = arena_str(arena, item);
	return true;
}

static void rank_write(struct db_txn *txn, enum rank_kind kind, const struct rank *rank)
{
	struct reckey key = rank_key(kind, rank->item), order = order_key(kind, rank->score, &key);
	struct buf row CLEANUP(buf_free) = BUF_INIT(RANK_MAX_BYTES);
	rec_add_u8(&row, RANK_VERSION);
	rec_add_u64(&row, rank->score);
	rec_add_u8(&row, (uint8_t)rank->review);
	rec_add_str(&row, rank->item);
	if (store_put(txn, &store_rank, &key, &row))
		db_put(txn, &store_rank_order, reckey_str(&order), STR(""));
}

void rank_put(struct db_txn *txn, enum rank_kind kind, struct str item, uint64_t score)
{
	struct reckey key = rank_key(kind, item);
	struct rank now = { .review = REVIEW_NONE };
	if (rank_read(txn, &key, &now)) {
		if (now.score == score)
			return;
		struct reckey order = order_key(kind, now.score, &key);
		db_del(txn, &store_rank_order, reckey_str(&order));
	}
	rank_write(txn, kind, &(struct rank){ item, score, now.review });
}

bool rank_del(struct db_txn *txn, enum rank_kind kind, struct str item)
{
	struct reckey key = rank_key(kind, item);
	struct rank now;
	if (!rank_read(txn, &key, &now))
		return false;
	struct reckey order = order_key(kind, now.score, &key);
	db_del(txn, &store_rank_order, reckey_str(&order));
	return db_del(txn, &store_rank, reckey_str(&key));
}

void rank_review(struct db_txn *txn, enum rank_kind kind, struct str item, enum rank_review review)
{
	struct reckey key = rank_key(kind, item);
	struct rank now = { .score = 0 };
	rank_read(txn, &key, &now);
	rank_write(txn, kind, &(struct rank){ item, now.score, review });
}

/* The row that a key of rank_order stands for. */
static bool order_read(struct db_txn *txn, struct str key, enum rank_kind kind, struct rank *out)
{
	struct reckey own = RECKEY_INIT;
	if (key.len != 1 + 8 + 16)
		return false;
	reckey_add_u8(&own, (uint8_t)kind);
	reckey_add_bytes(&own, key.ptr + 9, 16);
	return rank_read(txn, &own, out);
}

size_t rank_top(struct db_txn *txn, struct arena *arena, enum rank_kind kind, size_t offset,
		struct rank *out, size_t count)
{
	const char prefix = (char)kind;
	struct db_iter it CLEANUP(db_iter_close);
	struct str key;
	size_t n = 0;
	db_iter_open(&it, txn, &store_rank_order, str_n(&prefix, 1), DB_BACKWARD, STR_NONE);
	while (n < count && db_iter_next(&it, &key, NULL)) {
		if (offset != 0) {
			offset--;
			continue;
		}
		if (!order_read(txn, key, kind, &out[n]))
			continue;
		out[n].item = arena_str(arena, out[n].item);
		n++;
	}
	return n;
}

size_t rank_prune(struct db_txn *txn, enum rank_kind kind, uint64_t score, size_t count)
{
	const char prefix = (char)kind;
	struct db_iter it CLEANUP(db_iter_close);
	struct str key;
	size_t n = 0, seen = 0;
	db_iter_open(&it, txn, &store_rank_order, str_n(&prefix, 1), DB_FORWARD, STR_NONE);
	while (n < count && seen++ < 2 * count && db_iter_next(&it, &key, NULL)) {
		char item[RANK_ITEM_MAX];
		struct rank rank;
		if (!order_read(txn, key, kind, &rank))
			continue;
		if (rank.score >= score)
			break;
		if (rank.review != REVIEW_NONE || rank.item.len > sizeof(item))
			continue;
		/* what is deleted must not name itself */
		memcpy(item, rank.item.ptr, rank.item.len);
		n += rank_del(txn, kind, str_n(item, rank.item.len));
	}
	return n;
}

struct rank_id rank_id(uint64_t id)
{
	struct rank_id out;
	struct reckey key = reckey_u64(id);
	memcpy(out.bytes, key.bytes, sizeof(out.bytes));
	return out;
}

uint64_t rank_item_id(struct str item)
{
	uint64_t id = 0;
	return item.len == sizeof(id) && reckey_read_u64(item, 0, &id) ? id : 0;
}

uint64_t rank_number(struct str item)
{
	struct reckey digest = reckey_digest(item);
	uint64_t number = 0;
	must(reckey_read_u64(reckey_str(&digest), 0, &number));
	/* clients read numbers with a sign */
	return number & INT64_MAX;
}

static bool find_start(struct db_txn *txn, struct arena *arena, enum rank_kind kind, uint64_t start,
		       struct rank *out)
{
	struct reckey prefix = RECKEY_INIT;
	struct db_iter it CLEANUP(db_iter_close);
	struct str value;
	reckey_add_u8(&prefix, (uint8_t)kind);
	reckey_add_u64(&prefix, start);
	db_iter_open(&it, txn, &store_rank, reckey_str(&prefix), DB_FORWARD, STR_NONE);
	if (!db_iter_next(&it, NULL, &value))
		return false;
	return rank_decode(arena_str(arena, value), out) || store_undecoded(txn, arena);
}

bool rank_find(struct db_txn *txn, struct arena *arena, enum rank_kind kind, uint64_t number,
	       struct rank *out)
{
	return find_start(txn, arena, kind, number, out) ||
	       find_start(txn, arena, kind, number | ~(uint64_t)INT64_MAX, out);
}

/* --- integrity --- */

static void check_rank(const struct check *c, struct str key, struct str value)
{
	struct rank rank;
	struct str none;
	enum rank_kind kind = (enum rank_kind)(unsigned char)key.ptr[0];
	if (!rank_decode(value, &rank)) {
		check_say(c, "rank", (uint64_t)kind, "cannot be decoded");
		return;
	}
	struct reckey own = rank_key(kind, rank.item), order = order_key(kind, rank.score, &own);
	if (!str_eq(reckey_str(&own), key))
		check_say(c, "rank", (uint64_t)kind, "is of another thing");
	if (!db_get(c->txn, &store_rank_order, reckey_str(&order), &none))
		check_say(c, "rank", (uint64_t)kind, "is not in the order");
}

static void check_order(const struct check *c, struct str key, struct str value UNUSED)
{
	struct rank rank;
	uint64_t score = 0;
	enum rank_kind kind = (enum rank_kind)(unsigned char)key.ptr[0];
	if (!reckey_read_u64(key, 1, &score) || !order_read(c->txn, key, kind, &rank) ||
	    rank.score != score)
		check_say(c, "order of ranks", (uint64_t)kind, "has nothing of this score");
}

void rank_check(struct db_txn *txn, struct arena *arena, void (*bad)(void *arg, struct str what),
		void *arg)
{
	const struct check c = { txn, arena, bad, arg };
	check_walk(&c, &store_rank, 17, check_rank);
	check_walk(&c, &store_rank_order, 25, check_order);
	check_end(&c, "ranks");
}
