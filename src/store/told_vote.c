/* Votes of those whom only a group elsewhere knows. Owns table told_vote. Inside transactions only. */
#include "store/told_vote.h"

#include "check_int.h"
#include "reaction_int.h"
#include "store/joint_word.h"
#include "store/status.h"
#include "store/tables.h"
#include "store_int.h"

#define VOTE_VERSION 1
#define VOTE_KEY 24 /* status id, digest of the voter's id */
#define VOTER_SIZE (VOTE_KEY - 8)

static struct reckey vote_key(uint64_t status, const unsigned char *voter)
{
	struct reckey key = reckey_u64(status);
	reckey_add_bytes(&key, voter, VOTER_SIZE);
	return key;
}

static bool vote_decode(struct str value, bool *up)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r), way = rec_u8(&r);
	*up = way == 1;
	return version == VOTE_VERSION && rec_ok(&r) && way <= 1;
}

static bool vote_get(struct db_txn *txn, const struct reckey *key, bool *up)
{
	struct str value;
	if (!db_get(txn, &store_told_vote, reckey_str(key), &value))
		return false;
	if (vote_decode(value, up))
		return true;
	db_txn_fail(txn, RC_CORRUPT);
	return false;
}

static void count(struct db_txn *txn, uint64_t status, bool up, int n)
{
	if (up)
		status_count(txn, status, 0, 0, n);
	else
		dislike_count_move(txn, status, n);
}

static bool is_full(struct db_txn *txn, uint64_t status, bool up)
{
	uint32_t n = up ? status_counts(txn, status).likes : dislike_count(txn, status);
	return n >= TOLD_VOTES_MAX;
}

bool told_vote_get_named(struct db_txn *txn, uint64_t status, const unsigned char *voter, bool *up)
{
	struct reckey key = vote_key(status, voter);
	return vote_get(txn, &key, up);
}

bool told_vote_put_named(struct db_txn *txn, uint64_t status, const unsigned char *voter, bool up)
{
	struct reckey key = vote_key(status, voter);
	struct buf row CLEANUP(buf_free) = BUF_INIT(8);
	bool before;
	bool known = vote_get(txn, &key, &before);
	if ((known && before == up) || is_full(txn, status, up))
		return false;
	if (known)
		count(txn, status, before, -1);
	rec_add_u8(&row, VOTE_VERSION);
	rec_add_u8(&row, up);
	store_put(txn, &store_told_vote, &key, &row);
	count(txn, status, up, 1);
	joint_vote_note(txn, status, voter);
	return true;
}

bool told_vote_put(struct db_txn *txn, uint64_t status, struct str voter, bool up)
{
	const struct reckey name = reckey_digest(voter);
	return told_vote_put_named(txn, status, name.bytes, up);
}

bool told_vote_del_named(struct db_txn *txn, uint64_t status, const unsigned char *voter)
{
	struct reckey key = vote_key(status, voter);
	bool up;
	if (!vote_get(txn, &key, &up))
		return false;
	db_del(txn, &store_told_vote, reckey_str(&key));
	count(txn, status, up, -1);
	joint_vote_note(txn, status, voter);
	return true;
}

bool told_vote_del(struct db_txn *txn, uint64_t status, struct str voter)
{
	const struct reckey name = reckey_digest(voter);
	return told_vote_del_named(txn, status, name.bytes);
}

void told_votes_del(struct db_txn *txn, uint64_t status)
{
	struct reckey prefix = reckey_u64(status);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	bool up;
	db_iter_open(&it, txn, &store_told_vote, reckey_str(&prefix), DB_FORWARD, STR_NONE);
	while (db_iter_next(&it, &key, &value)) {
		struct reckey one = { 0 };
		if (vote_decode(value, &up))
			count(txn, status, up, -1);
		reckey_add_bytes(&one, key.ptr, key.len);
		db_del(txn, &store_told_vote, reckey_str(&one));
	}
}

struct told_votes told_votes(struct db_txn *txn, uint64_t status)
{
	struct reckey prefix = reckey_u64(status);
	struct db_iter it CLEANUP(db_iter_close);
	struct told_votes votes = { 0 };
	struct str value;
	bool up;
	db_iter_open(&it, txn, &store_told_vote, reckey_str(&prefix), DB_FORWARD, STR_NONE);
	while (db_iter_next(&it, NULL, &value)) {
		if (!vote_decode(value, &up))
			continue;
		votes.up += up;
		votes.down += !up;
	}
	return votes;
}

static void check_vote(const struct check *c, struct str key, struct str value)
{
	uint64_t status = 0;
	bool up;
	if (!reckey_read_u64(key, 0, &status) || !vote_decode(value, &up))
		check_say(c, "told vote", status, "cannot be decoded");
	else if (!check_has(c, &store_status, status))
		check_say(c, "told vote", status, "is of a status that is not there");
	else if (!up && !check_has(c, &store_dislike_count, status))
		check_say(c, "told vote", status, "is not counted");
}

void told_votes_check(const struct check *c)
{
	check_walk(c, &store_told_vote, VOTE_KEY, check_vote);
}
