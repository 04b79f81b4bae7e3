/* Badges and who has got them. Owns tables badge, badge_award and badge_given. Inside transactions only. */
#include "badge_int.h"
#include "check_int.h"
#include "core/attr.h"
#include "store/community.h"
#include "store/tables.h"
#include "store_int.h"

#define BADGE_VERSION 1
#define AWARD_VERSION 1
#define ROW_MAX_BYTES (32 * 1024)

void badge_encode(struct buf *out, const struct badge *b)
{
	rec_add_u8(out, BADGE_VERSION);
	rec_add_num(out, b->created_ms);
	rec_add_str(out, b->name);
	rec_add_str(out, b->description);
	rec_add_str(out, b->emoji);
}

bool badge_decode(struct str value, struct badge *out)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	out->created_ms = rec_num(&r);
	out->name = rec_str(&r);
	out->description = rec_str(&r);
	out->emoji = rec_str(&r);
	return version == BADGE_VERSION && rec_ok(&r);
}

void badge_award_encode(struct buf *out, const struct badge_award *a)
{
	rec_add_u8(out, AWARD_VERSION);
	rec_add_u64(out, a->badge);
	rec_add_num(out, a->by);
	rec_add_num(out, a->given_ms);
	rec_add_str(out, a->reason);
}

bool badge_award_decode(struct str value, struct badge_award *out)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	out->badge = rec_u64(&r);
	out->by = rec_num(&r);
	out->given_ms = rec_num(&r);
	out->reason = rec_str(&r);
	return version == AWARD_VERSION && rec_ok(&r);
}

/* --- badges --- */

bool badge_get(struct db_txn *txn, struct arena *arena, uint64_t community, uint64_t id,
	       struct badge *out)
{
	struct reckey key = reckey_u64_u64(community, id);
	struct str value;
	*out = (struct badge){ .id = id, .community = community };
	if (!db_get(txn, &store_badge, reckey_str(&key), &value))
		return false;
	return badge_decode(arena_str(arena, value), out) || store_undecoded(txn, arena);
}

size_t badges_of(struct db_txn *txn, struct arena *arena, uint64_t community,
		 struct badge out[BADGES_MAX])
{
	struct reckey prefix = reckey_u64(community);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	size_t n = 0;
	db_iter_open(&it, txn, &store_badge, reckey_str(&prefix), DB_FORWARD, STR_NONE);
	while (n < BADGES_MAX && db_iter_next(&it, &key, &value)) {
		out[n] = (struct badge){ .community = community };
		if (!reckey_read_u64(key, 8, &out[n].id) ||
		    !badge_decode(arena_str(arena, value), &out[n])) {
			store_undecoded(txn, arena);
			return 0;
		}
		n++;
	}
	return n;
}

static size_t rows_of(struct db_txn *txn, const struct db_table *table, const struct reckey *prefix,
		      size_t most)
{
	struct db_iter it CLEANUP(db_iter_close);
	size_t n = 0;
	db_iter_open(&it, txn, table, reckey_str(prefix), DB_FORWARD, STR_NONE);
	while (n < most && db_iter_next(&it, NULL, NULL))
		n++;
	return n;
}

bool badge_put(struct db_txn *txn, struct badge *b)
{
	struct reckey prefix = reckey_u64(b->community);
	struct buf row CLEANUP(buf_free) = BUF_INIT(ROW_MAX_BYTES);
	if (b->id == 0 && rows_of(txn, &store_badge, &prefix, BADGES_MAX) == BADGES_MAX)
		return false;
	if (b->id == 0)
		b->id = db_next_id(txn);
	struct reckey key = reckey_u64_u64(b->community, b->id);
	badge_encode(&row, b);
	return store_put(txn, &store_badge, &key, &row);
}

/* --- awards --- */

static struct reckey award_key(uint64_t community, uint64_t account, uint64_t id)
{
	struct reckey key = reckey_u64_u64(community, account);
	reckey_add_u64(&key, id);
	return key;
}

bool badge_award_add(struct db_txn *txn, struct badge_award *a)
{
	struct reckey prefix = reckey_u64_u64(a->community, a->account);
	struct buf row CLEANUP(buf_free) = BUF_INIT(ROW_MAX_BYTES);
	struct buf whose CLEANUP(buf_free) = BUF_INIT(16);
	if (rows_of(txn, &store_badge_award, &prefix, BADGE_AWARDS_MAX) == BADGE_AWARDS_MAX)
		return false;
	a->id = db_next_id(txn);
	struct reckey key = award_key(a->community, a->account, a->id);
	struct reckey given = reckey_u64_u64(a->badge, a->id);
	badge_award_encode(&row, a);
	rec_add_u64(&whose, a->community);
	rec_add_u64(&whose, a->account);
	return store_put(txn, &store_badge_award, &key, &row) &&
	       store_put(txn, &store_badge_given, &given, &whose);
}

bool badge_award_del(struct db_txn *txn, struct arena *arena, uint64_t community, uint64_t account,
		     uint64_t id)
{
	struct reckey key = award_key(community, account, id);
	struct badge_award a;
	struct str value;
	if (!db_get(txn, &store_badge_award, reckey_str(&key), &value))
		return false;
	if (!badge_award_decode(arena_str(arena, value), &a))
		return store_undecoded(txn, arena);
	struct reckey given = reckey_u64_u64(a.badge, id);
	db_del(txn, &store_badge_given, reckey_str(&given));
	return db_del(txn, &store_badge_award, reckey_str(&key));
}

size_t badge_awards(struct db_txn *txn, struct arena *arena, uint64_t community, uint64_t account,
		    struct badge_award out[BADGE_AWARDS_MAX])
{
	struct reckey prefix = reckey_u64_u64(community, account);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	size_t n = 0;
	db_iter_open(&it, txn, &store_badge_award, reckey_str(&prefix), DB_FORWARD, STR_NONE);
	while (n < BADGE_AWARDS_MAX && db_iter_next(&it, &key, &value)) {
		out[n] = (struct badge_award){ .community = community, .account = account };
		if (!reckey_read_u64(key, 16, &out[n].id) ||
		    !badge_award_decode(arena_str(arena, value), &out[n])) {
			store_undecoded(txn, arena);
			return 0;
		}
		n++;
	}
	return n;
}

/* --- the end --- */

/* The first award of a badge. */
static bool first_given(struct db_txn *txn, uint64_t badge, uint64_t *award, uint64_t *account)
{
	struct reckey prefix = reckey_u64(badge);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	db_iter_open(&it, txn, &store_badge_given, reckey_str(&prefix), DB_FORWARD, STR_NONE);
	return db_iter_next(&it, &key, &value) && reckey_read_u64(key, 8, award) &&
	       reckey_read_u64(value, 8, account);
}

bool badge_del(struct db_txn *txn, struct arena *arena, uint64_t community, uint64_t id,
	       size_t count)
{
	struct reckey key = reckey_u64_u64(community, id);
	uint64_t award, account;
	for (size_t i = 0; i < count && first_given(txn, id, &award, &account); i++)
		badge_award_del(txn, arena, community, account, award);
	if (first_given(txn, id, &award, &account))
		return false;
	db_del(txn, &store_badge, reckey_str(&key));
	return true;
}

size_t badges_clear(struct db_txn *txn, struct arena *arena, uint64_t community, size_t count)
{
	struct reckey prefix = reckey_u64(community);
	size_t n = 0;
	for (; n < count; n++) {
		struct db_iter it CLEANUP(db_iter_close);
		struct str key;
		uint64_t id;
		db_iter_open(&it, txn, &store_badge, reckey_str(&prefix), DB_FORWARD, STR_NONE);
		if (!db_iter_next(&it, &key, NULL) || !reckey_read_u64(key, 8, &id))
			break;
		/* one with more awards than that stays for the next step */
		badge_del(txn, arena, community, id, 1);
	}
	return n;
}

/* --- integrity --- */

static void check_badge(const struct check *c, struct str key, struct str value)
{
	struct badge b;
	uint64_t community = 0, id = 0;
	if (!reckey_read_u64(key, 0, &community) || !reckey_read_u64(key, 8, &id) ||
	    !badge_decode(value, &b))
		check_say_pair(c, "badge", community, id, "cannot be decoded");
	else if (!community_exists(c->txn, community))
		check_say_pair(c, "badge", community, id, "is of no community");
}

static void check_award(const struct check *c, struct str key, struct str value)
{
	struct badge_award a = { 0 };
	struct str there;
	if (!reckey_read_u64(key, 0, &a.community) || !reckey_read_u64(key, 8, &a.account) ||
	    !reckey_read_u64(key, 16, &a.id) || !badge_award_decode(value, &a)) {
		check_say_pair(c, "award", a.community, a.id, "cannot be decoded");
		return;
	}
	struct reckey badge = reckey_u64_u64(a.community, a.badge);
	struct reckey given = reckey_u64_u64(a.badge, a.id);
	if (!db_get(c->txn, &store_badge, reckey_str(&badge), &there))
		check_say_pair(c, "award", a.community, a.id, "is of no badge");
	if (!db_get(c->txn, &store_badge_given, reckey_str(&given), &there))
		check_say_pair(c, "award", a.community, a.id, "is not found by its badge");
}

static void check_given(const struct check *c, struct str key, struct str value)
{
	uint64_t badge = 0, award = 0, community = 0, account = 0;
	struct str there;
	if (!reckey_read_u64(key, 0, &badge) || !reckey_read_u64(key, 8, &award) ||
	    !reckey_read_u64(value, 0, &community) || !reckey_read_u64(value, 8, &account)) {
		check_say_pair(c, "award of badge", badge, award, "cannot be decoded");
		return;
	}
	struct reckey row = award_key(community, account, award);
	if (!db_get(c->txn, &store_badge_award, reckey_str(&row), &there))
		check_say_pair(c, "award of badge", badge, award, "is not there");
}

void badge_check(struct db_txn *txn, struct arena *arena, void (*bad)(void *arg, struct str what),
		 void *arg)
{
	const struct check c = { txn, arena, bad, arg };
	check_walk(&c, &store_badge, 16, check_badge);
	check_walk(&c, &store_badge_award, 24, check_award);
	check_walk(&c, &store_badge_given, 16, check_given);
}
