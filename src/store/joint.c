/*
 * Partners of joint communities. Owns tables joint and joint_of. Inside transactions only.
 */
#include "joint_int.h"

#include "core/must.h"
#include "store/tables.h"
#include "store_int.h"

#define JOINT_VERSION 1
#define ROW_MAX_BYTES (32 * 1024)

static const char *const names[] = {
	[JOINT_OFFERED] = "offered",
	[JOINT_ASKED] = "asked",
	[JOINT_AGREED] = "agreed",
};

const char *joint_state_name(enum joint_state state)
{
	must((size_t)state < ARRAY_LEN(names));
	return names[state];
}

static const char *const abouts[JOINT_ABOUT_COUNT] = {
	[JOINT_POSTS] = "posts",
	[JOINT_VOTES] = "votes",
	[JOINT_BANS] = "bans",
	[JOINT_REACTIONS] = "reactions",
};

const char *joint_about_name(enum joint_about about)
{
	must((size_t)about < ARRAY_LEN(abouts));
	return abouts[about];
}

void joint_encode(struct buf *out, const struct joint *j)
{
	rec_add_u8(out, JOINT_VERSION);
	rec_add_u8(out, (uint8_t)j->state);
	rec_add_num(out, j->since_ms);
	rec_add_num(out, j->by);
	rec_add_str(out, j->offer);
	rec_add_str(out, j->items);
	rec_add_num(out, j->compared_ms);
	rec_add_num(out, j->lacking);
	rec_add_u8(out, j->indexed);
}

bool joint_decode(struct str value, struct joint *out)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	out->state = (enum joint_state)rec_u8(&r);
	out->since_ms = rec_num(&r);
	out->by = rec_num(&r);
	out->offer = rec_str(&r);
	out->items = rec_str(&r);
	out->compared_ms = rec_num(&r);
	out->lacking = store_num32(&r);
	uint8_t indexed = rec_u8(&r);
	out->indexed = indexed != 0;
	return version == JOINT_VERSION && rec_ok(&r) && out->state <= JOINT_AGREED && indexed <= 1;
}

bool joint_get(struct db_txn *txn, struct arena *arena, uint64_t community, uint64_t partner,
	       struct joint *out)
{
	struct reckey key = reckey_u64_u64(community, partner);
	struct str value;
	*out = (struct joint){ .community = community, .partner = partner };
	if (!db_get(txn, &store_joint, reckey_str(&key), &value))
		return false;
	return joint_decode(arena_str(arena, value), out) || store_undecoded(txn, arena);
}

uint64_t joint_named(struct db_txn *txn, uint64_t partner)
{
	struct reckey key = reckey_u64(partner);
	struct str value;
	uint64_t community = 0;
	if (db_get(txn, &store_joint_of, reckey_str(&key), &value) &&
	    (value.len != sizeof(community) || !reckey_read_u64(value, 0, &community)))
		db_txn_fail(txn, RC_CORRUPT);
	return community;
}

static size_t count_of(struct db_txn *txn, uint64_t community)
{
	struct reckey prefix = reckey_u64(community);
	struct db_iter it CLEANUP(db_iter_close);
	size_t n = 0;
	db_iter_open(&it, txn, &store_joint, reckey_str(&prefix), DB_FORWARD, STR_NONE);
	while (db_iter_next(&it, NULL, NULL))
		n++;
	return n;
}

enum rc joint_put(struct db_txn *txn, const struct joint *j)
{
	struct reckey key = reckey_u64_u64(j->community, j->partner), of = reckey_u64(j->partner);
	struct reckey to = reckey_u64(j->community);
	struct buf row CLEANUP(buf_free) = BUF_INIT(ROW_MAX_BYTES);
	uint64_t known = joint_named(txn, j->partner);
	if (known != 0 && known != j->community)
		return RC_EXISTS;
	if (known == 0 && count_of(txn, j->community) >= JOINT_PARTNERS_MAX)
		return RC_TOO_LARGE;
	joint_encode(&row, j);
	store_put(txn, &store_joint, &key, &row);
	db_put(txn, &store_joint_of, reckey_str(&of), reckey_str(&to));
	return db_txn_rc(txn);
}

bool joint_del(struct db_txn *txn, uint64_t community, uint64_t partner)
{
	struct reckey key = reckey_u64_u64(community, partner), of = reckey_u64(partner);
	if (!db_del(txn, &store_joint, reckey_str(&key)))
		return false;
	db_del(txn, &store_joint_of, reckey_str(&of));
	return true;
}

/* Calls for each row until it is told to stop; the row's string lives as long as the transaction. */
typedef bool joint_each(void *arg, const struct joint *joint);

static void walk(struct db_txn *txn, uint64_t community, joint_each *each, void *arg)
{
	struct reckey prefix = reckey_u64(community);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	db_iter_open(&it, txn, &store_joint, reckey_str(&prefix), DB_FORWARD, STR_NONE);
	while (db_iter_next(&it, &key, &value)) {
		struct joint j = { .community = community };
		if (!reckey_read_u64(key, 8, &j.partner) || !joint_decode(value, &j)) {
			db_txn_fail(txn, RC_CORRUPT);
			return;
		}
		if (!each(arg, &j))
			return;
	}
}

struct listing {
	struct arena *arena;
	struct joint *rows;
	uint64_t *partners;
	size_t count;
};

static bool list_row(void *arg, const struct joint *j)
{
	struct listing *l = arg;
	l->rows[l->count] = *j;
	l->rows[l->count].offer = arena_str(l->arena, j->offer);
	l->rows[l->count].items = arena_str(l->arena, j->items);
	return ++l->count < JOINT_PARTNERS_MAX;
}

size_t joints(struct db_txn *txn, struct arena *arena, uint64_t community,
	      struct joint out[JOINT_PARTNERS_MAX])
{
	struct listing l = { .arena = arena, .rows = out };
	walk(txn, community, list_row, &l);
	return arena_failed(arena) && !store_undecoded(txn, arena) ? 0 : l.count;
}

static bool list_partner(void *arg, const struct joint *j)
{
	struct listing *l = arg;
	if (j->state == JOINT_AGREED)
		l->partners[l->count++] = j->partner;
	return l->count < JOINT_PARTNERS_MAX;
}

size_t joint_partners(struct db_txn *txn, uint64_t community, uint64_t out[JOINT_PARTNERS_MAX])
{
	struct listing l = { .partners = out };
	walk(txn, community, list_partner, &l);
	return l.count;
}

static bool find_agreed(void *arg, const struct joint *j)
{
	bool *found = arg;
	*found = j->state == JOINT_AGREED;
	return !*found;
}

bool joint_is(struct db_txn *txn, uint64_t community)
{
	bool found = false;
	walk(txn, community, find_agreed, &found);
	return found;
}

uint64_t joint_community(struct db_txn *txn, uint64_t partner)
{
	uint64_t community = joint_named(txn, partner);
	struct reckey key = reckey_u64_u64(community, partner);
	struct joint j;
	struct str value;
	if (community == 0 || !db_get(txn, &store_joint, reckey_str(&key), &value))
		return 0;
	if (!joint_decode(value, &j)) {
		db_txn_fail(txn, RC_CORRUPT);
		return 0;
	}
	return j.state == JOINT_AGREED ? community : 0;
}
