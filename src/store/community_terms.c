/* Who joins a community by attribute. Owns table community_terms. Inside transactions only. */
#include "community_int.h"
#include "core/must.h"
#include "store/attribute.h"
#include "store/tables.h"
#include "store_int.h"

#define VERSION 1
#define ROW_MAX_BYTES (16 * 1024)
#define ALL 1U
#define OTHERS_ASK 2U

void community_terms_encode(struct buf *out, const struct community_terms *t)
{
	must(t->condition_count <= COMMUNITY_CONDITIONS_MAX);
	rec_add_u8(out, VERSION);
	rec_add_u8(out, (uint8_t)((t->all ? ALL : 0) | (t->others_ask ? OTHERS_ASK : 0)));
	rec_add_num(out, t->grace_days);
	rec_add_num(out, t->condition_count);
	for (unsigned i = 0; i < t->condition_count; i++) {
		rec_add_str(out, t->conditions[i].name);
		rec_add_str(out, t->conditions[i].value);
	}
}

bool community_terms_decode(struct arena *arena, struct str value, struct community_terms *out)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	unsigned flags = rec_u8(&r);
	*out = (struct community_terms){ .all = (flags & ALL) != 0,
					 .others_ask = (flags & OTHERS_ASK) != 0 };
	out->grace_days = store_num32(&r);
	uint64_t count = rec_num(&r);
	if (count > COMMUNITY_CONDITIONS_MAX)
		return false;
	out->conditions = ARENA_ARRAY(arena, count + 1, struct community_condition);
	if (out->conditions == NULL)
		return false;
	for (; out->condition_count < count; out->condition_count++) {
		struct community_condition *c = &out->conditions[out->condition_count];
		c->name = rec_str(&r);
		c->value = rec_str(&r);
		if (!attribute_name_valid(c->name) || c->value.len == 0)
			return false;
	}
	return version == VERSION && rec_ok(&r) && flags <= (ALL | OTHERS_ASK) &&
	       out->grace_days <= COMMUNITY_GRACE_MAX_DAYS;
}

static bool has_terms(const struct community *c)
{
	return (c->given & COMMUNITY_GIVES_JOIN) != 0 && c->join == COMMUNITY_JOIN_BY_ATTRIBUTE;
}

void community_terms_del(struct db_txn *txn, uint64_t community)
{
	struct reckey key = reckey_u64(community);
	db_del(txn, &store_community_terms, reckey_str(&key));
}

void community_terms_put(struct db_txn *txn, const struct community *c)
{
	struct reckey key = reckey_u64(c->id);
	struct buf row CLEANUP(buf_free) = BUF_INIT(ROW_MAX_BYTES);
	if (!has_terms(c)) {
		community_terms_del(txn, c->id);
		return;
	}
	community_terms_encode(&row, &c->terms);
	store_put(txn, &store_community_terms, &key, &row);
}

bool community_terms_get(struct db_txn *txn, struct arena *arena, struct community *c)
{
	struct reckey key = reckey_u64(c->id);
	struct str value;
	c->terms = (struct community_terms){ .all = false };
	return !has_terms(c) || (db_get(txn, &store_community_terms, reckey_str(&key), &value) &&
				 community_terms_decode(arena, arena_str(arena, value), &c->terms));
}
