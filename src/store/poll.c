/* Polls and votes. Owns tables poll and poll_vote. Inside transactions only. */
#include "account_int.h"
#include "core/attr.h"
#include "core/must.h"
#include "poll_int.h"
#include "store/account.h"
#include "store/sweep.h"
#include "store/tables.h"
#include "store_int.h"
#include "sweep_int.h"

#define POLL_VERSION 1
#define VOTE_VERSION 1
#define FLAGS_ALL (POLL_MULTIPLE | POLL_COUNTED | POLL_TELLING | POLL_WATCHED | POLL_SECRET)

/* --- the stored form --- */

void poll_encode(struct buf *out, const struct poll *p)
{
	must(p->option_count <= POLL_OPTIONS_MAX);
	rec_add_u8(out, POLL_VERSION);
	rec_add_num(out, p->flags);
	rec_add_num(out, p->ends_ms);
	rec_add_num(out, p->closed_ms);
	rec_add_num(out, p->told_ms);
	rec_add_num(out, p->voters);
	rec_add_num(out, p->option_count);
	for (unsigned i = 0; i < p->option_count; i++) {
		rec_add_str(out, p->options[i].name);
		rec_add_num(out, p->options[i].votes);
	}
}

bool poll_decode(struct arena *arena, struct str value, struct poll *out)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	*out = (struct poll){ .flags = store_num32(&r) };
	out->ends_ms = rec_num(&r);
	out->closed_ms = rec_num(&r);
	out->told_ms = rec_num(&r);
	out->voters = store_num32(&r);
	uint64_t count = rec_num(&r);
	if (version != POLL_VERSION || (out->flags & ~(unsigned)FLAGS_ALL) != 0 || count == 0 ||
	    count > POLL_OPTIONS_MAX)
		return false;
	out->options = ARENA_ARRAY(arena, count, struct poll_option);
	if (out->options == NULL)
		return false;
	for (out->option_count = 0; out->option_count < count; out->option_count++) {
		struct poll_option *o = &out->options[out->option_count];
		o->name = rec_str(&r);
		o->votes = store_num32(&r);
	}
	return rec_ok(&r);
}

void poll_vote_encode(struct buf *out, const struct poll_vote *v)
{
	must(v->uri_count <= POLL_OPTIONS_MAX);
	rec_add_u8(out, VOTE_VERSION);
	rec_add_num(out, v->choices);
	rec_add_num(out, v->created_ms);
	rec_add_num(out, v->uri_count);
	for (unsigned i = 0; i < v->uri_count; i++)
		rec_add_str(out, v->uris[i]);
}

bool poll_vote_decode(struct str value, struct poll_vote *out)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	*out = (struct poll_vote){ .choices = store_num32(&r) };
	out->created_ms = rec_num(&r);
	uint64_t count = rec_num(&r);
	if (version != VOTE_VERSION || out->choices == 0 ||
	    out->choices >= UINT32_C(1) << POLL_OPTIONS_MAX || count > POLL_OPTIONS_MAX)
		return false;
	for (out->uri_count = 0; out->uri_count < count; out->uri_count++)
		out->uris[out->uri_count] = rec_str(&r);
	return rec_ok(&r);
}

/* --- polls --- */

bool poll_get(struct db_txn *txn, struct arena *arena, uint64_t status, struct poll *out)
{
	struct reckey key = reckey_u64(status);
	struct str value;
	*out = (struct poll){ .option_count = 0 };
	if (!db_get(txn, &store_poll, reckey_str(&key), &value))
		return false;
	return poll_decode(arena, arena_str(arena, value), out) || store_undecoded(txn, arena);
}

void poll_put(struct db_txn *txn, uint64_t status, const struct poll *poll)
{
	struct reckey key = reckey_u64(status);
	struct buf row CLEANUP(buf_free) = BUF_INIT(POLL_MAX_BYTES);
	poll_encode(&row, poll);
	store_put(txn, &store_poll, &key, &row);
}

static void votes_del(struct db_txn *txn, uint64_t status)
{
	struct reckey prefix = reckey_u64(status);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	uint64_t account;
	db_iter_open(&it, txn, &store_poll_vote, reckey_str(&prefix), DB_FORWARD, STR_NONE);
	while (db_iter_next(&it, &key, &value)) {
		if (!reckey_read_u64(key, 8, &account))
			continue;
		struct reckey one = reckey_u64_u64(status, account);
		db_del(txn, &store_poll_vote, reckey_str(&one));
	}
}

void poll_del(struct db_txn *txn, uint64_t status)
{
	struct reckey key = reckey_u64(status);
	if (db_del(txn, &store_poll, reckey_str(&key)))
		votes_del(txn, status);
}

/* --- votes --- */

static bool vote_read(struct db_txn *txn, uint64_t status, uint64_t account, struct poll_vote *out)
{
	struct reckey key = reckey_u64_u64(status, account);
	struct str value;
	if (!db_get(txn, &store_poll_vote, reckey_str(&key), &value))
		return false;
	if (poll_vote_decode(value, out))
		return true;
	db_txn_fail(txn, RC_CORRUPT);
	return false;
}

bool poll_vote_get(struct db_txn *txn, struct arena *arena, uint64_t status, uint64_t account,
		   struct poll_vote *out)
{
	if (!vote_read(txn, status, account, out))
		return false;
	for (unsigned i = 0; i < out->uri_count; i++)
		out->uris[i] = arena_str(arena, out->uris[i]);
	return true;
}

static void count(uint32_t *n, bool more)
{
	if (more && *n != UINT32_MAX)
		++*n;
	else if (!more && *n != 0)
		--*n;
}

/* What was chosen before and what is now; none: somebody who has not voted. */
static void recount(struct poll *p, uint32_t before, uint32_t now)
{
	for (unsigned i = 0; i < p->option_count; i++) {
		uint32_t bit = UINT32_C(1) << i;
		if (((before ^ now) & bit) != 0)
			count(&p->options[i].votes, (now & bit) != 0);
	}
	if ((before == 0) != (now == 0))
		count(&p->voters, now != 0);
}

void poll_vote_put(struct db_txn *txn, struct arena *arena, uint64_t status, uint64_t account,
		   const struct poll_vote *vote, struct poll *poll)
{
	struct reckey key = reckey_u64_u64(status, account);
	struct buf row CLEANUP(buf_free) = BUF_INIT(POLL_VOTE_MAX_BYTES);
	struct poll_vote before = { .choices = 0 };
	if (!poll_vote_get(txn, arena, status, account, &before))
		before.choices = 0;
	poll_vote_encode(&row, vote);
	store_put(txn, &store_poll_vote, &key, &row);
	recount(poll, before.choices, vote->choices);
	poll_put(txn, status, poll);
}

void poll_votes_del(struct db_txn *txn, uint64_t status, struct poll *poll)
{
	votes_del(txn, status);
	if ((poll->flags & POLL_COUNTED) == 0)
		return;
	poll->voters = 0;
	for (unsigned i = 0; i < poll->option_count; i++)
		poll->options[i].votes = 0;
}

size_t poll_voters(struct db_txn *txn, uint64_t status, uint64_t after, uint64_t *out, size_t max)
{
	struct reckey prefix = reckey_u64(status);
	struct reckey from = store_key_after(status, after);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	size_t n = 0;
	db_iter_open(&it, txn, &store_poll_vote, reckey_str(&prefix), DB_FORWARD,
		     reckey_str(&from));
	while (n < max && db_iter_next(&it, &key, &value))
		n += reckey_read_u64(key, 8, &out[n]);
	return n;
}

/* --- sweeping --- */

static void vote_forget(struct db_txn *txn, struct arena *arena, uint64_t status, uint64_t account)
{
	struct reckey key = reckey_u64_u64(status, account);
	struct poll_vote vote;
	struct poll poll;
	if (!vote_read(txn, status, account, &vote))
		return;
	if (poll_get(txn, arena, status, &poll) && (poll.flags & POLL_COUNTED) != 0) {
		recount(&poll, vote.choices, 0);
		poll_put(txn, status, &poll);
	}
	db_del(txn, &store_poll_vote, reckey_str(&key));
}

static void vote_look(struct db_txn *txn, struct str key, struct str value UNUSED, void *arg)
{
	struct arena *arena = arg;
	uint64_t status, account;
	struct account a;
	arena_reset(arena);
	if (reckey_read_u64(key, 0, &status) && reckey_read_u64(key, 8, &account) &&
	    account_peek(txn, account, &a) && (a.flags & ACCOUNT_DELETED) != 0)
		vote_forget(txn, arena, status, account);
}

/* S-078: there is no index of votes by account; what one leaves behind is found by the way. */
bool poll_votes_sweep(struct db_txn *txn, uint64_t now_ms UNUSED, struct sweep_cursor *cursor,
		      size_t count_max)
{
	struct arena *arena = arena_new(POLL_MAX_BYTES * 2);
	if (arena == NULL) {
		db_txn_fail(txn, RC_NO_MEMORY);
		return false;
	}
	bool end = sweep_walk(txn, &store_poll_vote, cursor, count_max, vote_look, arena);
	arena_free(&arena);
	return end;
}
