/* Years in review. Owns table year. Inside transactions only. */
#include "store/year.h"

#include "check_int.h"
#include "core/must.h"
#include "store/tables.h"
#include "store_int.h"
#include "year_int.h"

#define YEAR_VERSION 1

static void encode_months(struct buf *out, const uint32_t months[YEAR_MONTHS])
{
	for (size_t i = 0; i < YEAR_MONTHS; i++)
		rec_add_num(out, months[i]);
}

static void decode_months(struct rec *r, uint32_t months[YEAR_MONTHS])
{
	for (size_t i = 0; i < YEAR_MONTHS; i++)
		months[i] = store_num32(r);
}

void year_encode(struct buf *out, const struct year_report *y)
{
	must(y->tag_count <= YEAR_TAGS_MAX);
	rec_add_u8(out, YEAR_VERSION);
	rec_add_u8(out, (uint8_t)y->phase);
	rec_add_u8(out, y->read ? 1 : 0);
	rec_add_num(out, y->cursor);
	rec_add_num(out, y->posts);
	rec_add_num(out, y->replies);
	rec_add_num(out, y->polls);
	rec_add_num(out, y->boosts);
	encode_months(out, y->month_posts);
	encode_months(out, y->month_followers);
	rec_add_num(out, y->top_boosted);
	rec_add_num(out, y->top_boosts);
	rec_add_num(out, y->tag_count);
	for (unsigned i = 0; i < y->tag_count; i++) {
		rec_add_str(out, y->tags[i].name);
		rec_add_str(out, y->tags[i].display);
		rec_add_num(out, y->tags[i].uses);
	}
}

static bool decode_tags(struct arena *arena, struct rec *r, struct year_report *out)
{
	uint64_t count = rec_num(r);
	if (count > YEAR_TAGS_MAX)
		return false;
	out->tags = ARENA_ARRAY(arena, count, struct year_tag);
	if (out->tags == NULL)
		return false;
	for (out->tag_count = 0; out->tag_count < count; out->tag_count++) {
		struct year_tag *tag = &out->tags[out->tag_count];
		tag->name = arena_str(arena, rec_str(r));
		tag->display = arena_str(arena, rec_str(r));
		tag->uses = store_num32(r);
	}
	return true;
}

bool year_decode(struct arena *arena, struct str value, struct year_report *out)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	uint8_t phase = rec_u8(&r), read = rec_u8(&r);
	*out = (struct year_report){ .phase = phase, .read = read == 1 };
	out->cursor = rec_num(&r);
	out->posts = store_num32(&r);
	out->replies = store_num32(&r);
	out->polls = store_num32(&r);
	out->boosts = store_num32(&r);
	decode_months(&r, out->month_posts);
	decode_months(&r, out->month_followers);
	out->top_boosted = rec_num(&r);
	out->top_boosts = store_num32(&r);
	return decode_tags(arena, &r, out) && version == YEAR_VERSION && rec_ok(&r) &&
	       phase >= YEAR_POSTS && phase <= YEAR_READY && read <= 1;
}

bool year_get(struct db_txn *txn, struct arena *arena, uint64_t account, uint16_t year,
	      struct year_report *out)
{
	struct reckey key = reckey_u64_u64(account, year);
	struct str value;
	if (!db_get(txn, &store_year, reckey_str(&key), &value))
		return false;
	if (!year_decode(arena, value, out))
		return store_undecoded(txn, arena);
	out->account = account;
	out->year = year;
	return true;
}

size_t year_list(struct db_txn *txn, struct arena *arena, uint64_t account,
		 struct year_report out[YEARS_MAX])
{
	struct reckey prefix = reckey_u64(account);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	uint64_t year;
	size_t n = 0;
	db_iter_open(&it, txn, &store_year, reckey_str(&prefix), DB_FORWARD, STR_NONE);
	while (n < YEARS_MAX && db_iter_next(&it, &key, &value)) {
		if (!reckey_read_u64(key, 8, &year) || !year_decode(arena, value, &out[n])) {
			store_undecoded(txn, arena);
			return 0;
		}
		out[n].account = account;
		out[n++].year = (uint16_t)year;
	}
	return n;
}

void year_put(struct db_txn *txn, const struct year_report *report)
{
	struct reckey key = reckey_u64_u64(report->account, report->year);
	struct buf row CLEANUP(buf_free) = BUF_INIT(YEAR_MAX_BYTES);
	year_encode(&row, report);
	store_put(txn, &store_year, &key, &row);
}

size_t years_del(struct db_txn *txn, uint64_t account, size_t count)
{
	struct reckey prefix = reckey_u64(account);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key;
	uint64_t year;
	size_t n = 0;
	db_iter_open(&it, txn, &store_year, reckey_str(&prefix), DB_FORWARD, STR_NONE);
	while (n < count && db_iter_next(&it, &key, NULL)) {
		if (!reckey_read_u64(key, 8, &year))
			continue;
		struct reckey one = reckey_u64_u64(account, year);
		n += db_del(txn, &store_year, reckey_str(&one));
	}
	return n;
}

static void check_row(const struct check *c, struct str key, struct str value)
{
	struct year_report report;
	uint64_t account = 0, year = 0;
	if (!reckey_read_u64(key, 0, &account) || !reckey_read_u64(key, 8, &year) || year > 9999 ||
	    !year_decode(c->arena, value, &report))
		check_say(c, "year in review of account", account, "cannot be decoded");
	else if (!check_has(c, &store_account, account))
		check_say(c, "year in review of account", account,
			  "is of an account that is not there");
}

void year_check(struct db_txn *txn, struct arena *arena, void (*bad)(void *arg, struct str what),
		void *arg)
{
	const struct check c = { txn, arena, bad, arg };
	check_walk(&c, &store_year, 16, check_row);
	check_end(&c, "years in review");
}
