/* Relations of one account with many others at once, and as pages. Inside transactions only. */
#include "db/rec.h"
#include "graph_int.h"
#include "page_int.h"
#include "store/graph.h"
#include "store/tables.h"

#define MANY 64 /* keys at once */

struct asking {
	const struct db_table *table;
	uint64_t viewer;
	bool mirrored; /* the keys begin with the others */
	/* sees every row, absent ones, too */
	void (*row)(struct db_txn *txn, struct str value, size_t i, void *out);
	void *out;
};

static void ask(struct db_txn *txn, const struct asking *a, const uint64_t *others, size_t count)
{
	struct reckey keys[MANY];
	struct str names[MANY], values[MANY];
	for (size_t at = 0; at < count; at += MANY) {
		size_t n = count - at < MANY ? count - at : MANY;
		for (size_t i = 0; i < n; i++) {
			uint64_t other = others[at + i];
			keys[i] = a->mirrored ? reckey_u64_u64(other, a->viewer)
					      : reckey_u64_u64(a->viewer, other);
			names[i] = reckey_str(&keys[i]);
		}
		bool read = db_get_many(txn, a->table, names, values, n);
		for (size_t i = 0; i < n; i++)
			a->row(txn, read ? values[i] : STR_NONE, at + i, a->out);
	}
}

static void follow_row(struct db_txn *txn, struct str value, size_t i, void *out)
{
	struct follow *f = (struct follow *)out + i;
	*f = (struct follow){ .state = FOLLOW_NONE };
	if (value.ptr == NULL || follow_decode(value, f))
		return;
	*f = (struct follow){ .state = FOLLOW_NONE };
	db_txn_fail(txn, RC_CORRUPT);
}

void follow_get_many(struct db_txn *txn, uint64_t viewer, const uint64_t *others, size_t count,
		     struct follow *out)
{
	const struct asking a = { &store_follow, viewer, false, follow_row, out };
	ask(txn, &a, others, count);
}

static void follower_row(struct db_txn *txn, struct str value, size_t i, void *out)
{
	enum follow_state *state = (enum follow_state *)out + i;
	*state = FOLLOW_NONE;
	if (value.len == 1)
		*state = (enum follow_state)value.ptr[0];
	else if (value.ptr != NULL)
		db_txn_fail(txn, RC_CORRUPT);
}

void follower_get_many(struct db_txn *txn, uint64_t viewer, const uint64_t *others, size_t count,
		       enum follow_state *out)
{
	const struct asking a = { &store_follower, viewer, false, follower_row, out };
	ask(txn, &a, others, count);
}

static void block_row(struct db_txn *txn, struct str value, size_t i, void *out)
{
	struct block edge;
	bool *there = (bool *)out + i;
	*there = value.ptr != NULL;
	if (*there && !edge_decode(value, &edge))
		db_txn_fail(txn, RC_CORRUPT);
}

void block_has_many(struct db_txn *txn, uint64_t blocker, const uint64_t *others, size_t count,
		    bool *out)
{
	const struct asking a = { &store_block, blocker, false, block_row, out };
	ask(txn, &a, others, count);
}

void blocked_by_many(struct db_txn *txn, uint64_t blocked, const uint64_t *others, size_t count,
		     bool *out)
{
	const struct asking a = { &store_block, blocked, true, block_row, out };
	ask(txn, &a, others, count);
}

/* --- pages --- */

static bool is_accepted(struct str value)
{
	struct follow f;
	return follow_decode(value, &f) && f.state == FOLLOW_ACCEPTED;
}

static bool is_pending(struct str value)
{
	struct follow f;
	return follow_decode(value, &f) && f.state == FOLLOW_PENDING;
}

static bool is_accepted_follower(struct str value)
{
	return value.len == 1 && value.ptr[0] == FOLLOW_ACCEPTED;
}

static bool is_pending_follower(struct str value)
{
	return value.len == 1 && value.ptr[0] == FOLLOW_PENDING;
}

size_t follow_followers_page(struct db_txn *txn, uint64_t followee, enum follow_state state,
			     const struct page *page, uint64_t *out, size_t count)
{
	struct reckey prefix = reckey_u64(followee);
	return page_ids(txn, &store_follower, &prefix, page,
			state == FOLLOW_PENDING ? is_pending_follower : is_accepted_follower, out,
			count);
}

size_t follow_following_page(struct db_txn *txn, uint64_t follower, enum follow_state state,
			     const struct page *page, uint64_t *out, size_t count)
{
	struct reckey prefix = reckey_u64(follower);
	return page_ids(txn, &store_follow, &prefix, page,
			state == FOLLOW_PENDING ? is_pending : is_accepted, out, count);
}
