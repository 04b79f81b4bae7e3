/* Reactions of those whom only a partner knows. Owns table told_reaction. Inside transactions only. */
#include "store/told_reaction.h"

#include "check_int.h"
#include "joint_int.h"
#include "reaction_int.h"
#include "store/joint_word.h"
#include "store/tables.h"
#include "store_int.h"

#define ROW_MAX_BYTES 8192

static struct reckey row_key(uint64_t status, const unsigned char *voter,
			     const unsigned char *emoji)
{
	struct reckey key = reckey_u64(status);
	reckey_add_bytes(&key, voter, JOINT_NAME_SIZE);
	reckey_add_bytes(&key, emoji, JOINT_NAME_SIZE);
	return key;
}

static bool row_decode(struct str value, struct reaction *out)
{
	size_t count;
	struct reaction list[REACTIONS_PER_PERSON];
	if (!reactions_decode(value, list, &count) || count != 1)
		return false;
	*out = list[0];
	return true;
}

bool told_reaction_get(struct db_txn *txn, uint64_t status, const unsigned char *voter,
		       const unsigned char *emoji, struct reaction *out)
{
	struct reckey key = row_key(status, voter, emoji);
	struct str value;
	if (!db_get(txn, &store_told_reaction, reckey_str(&key), &value))
		return false;
	if (row_decode(value, out))
		return true;
	db_txn_fail(txn, RC_CORRUPT);
	return false;
}

static bool has_enough(struct db_txn *txn, uint64_t status, const unsigned char *voter)
{
	struct reckey prefix = reckey_u64(status);
	struct db_iter it CLEANUP(db_iter_close);
	unsigned n = 0;
	reckey_add_bytes(&prefix, voter, JOINT_NAME_SIZE);
	db_iter_open(&it, txn, &store_told_reaction, reckey_str(&prefix), DB_FORWARD, STR_NONE);
	while (n < REACTIONS_PER_PERSON && db_iter_next(&it, NULL, NULL))
		n++;
	return n == REACTIONS_PER_PERSON;
}

enum rc told_reaction_put(struct db_txn *txn, uint64_t status, const unsigned char *voter,
			  const struct reaction *reaction)
{
	const struct reckey emoji = reckey_digest(reaction->text);
	struct reckey key = row_key(status, voter, emoji.bytes);
	struct buf row CLEANUP(buf_free) = BUF_INIT(ROW_MAX_BYTES);
	struct reaction told = *reaction;
	struct str there;
	if (db_get(txn, &store_told_reaction, reckey_str(&key), &there))
		return RC_EXISTS;
	if (has_enough(txn, status, voter) || !reaction_kind_add(txn, status, reaction))
		return db_txn_rc(txn) != RC_OK ? db_txn_rc(txn) : RC_TOO_LARGE;
	told.created_ms = db_txn_now(txn);
	told.uri = STR("");
	reactions_encode(&row, &told, 1);
	store_put(txn, &store_told_reaction, &key, &row);
	joint_reaction_note(txn, status, voter, emoji.bytes);
	return db_txn_rc(txn);
}

/* Its own copy of the row, which is deleted. */
static bool row_del(struct db_txn *txn, uint64_t status, const struct reckey *key)
{
	struct buf row CLEANUP(buf_free) = BUF_INIT(ROW_MAX_BYTES);
	struct reaction told;
	struct str value;
	if (!db_get(txn, &store_told_reaction, reckey_str(key), &value))
		return false;
	buf_add(&row, value);
	if (!row_decode(buf_str(&row), &told)) {
		db_txn_fail(txn, RC_CORRUPT);
		return false;
	}
	db_del(txn, &store_told_reaction, reckey_str(key));
	reaction_kind_drop(txn, status, &told);
	return true;
}

bool told_reaction_del(struct db_txn *txn, uint64_t status, const unsigned char *voter,
		       const unsigned char *emoji)
{
	struct reckey key = row_key(status, voter, emoji);
	if (!row_del(txn, status, &key))
		return false;
	joint_reaction_note(txn, status, voter, emoji);
	return true;
}

bool told_reaction_del_by(struct db_txn *txn, uint64_t status, uint64_t account, struct str text)
{
	const struct reckey emoji = reckey_digest(text);
	unsigned char voter[JOINT_NAME_SIZE];
	return db_count(txn, &store_told_reaction) != 0 && joint_voter_name(txn, account, voter) &&
	       told_reaction_del(txn, status, voter, emoji.bytes);
}

void told_reactions_del(struct db_txn *txn, uint64_t status)
{
	struct reckey prefix = reckey_u64(status);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key;
	db_iter_open(&it, txn, &store_told_reaction, reckey_str(&prefix), DB_FORWARD, STR_NONE);
	while (db_iter_next(&it, &key, NULL)) {
		struct reckey one = { .len = 0 };
		reckey_add_bytes(&one, key.ptr, key.len);
		row_del(txn, status, &one);
	}
}

uint64_t told_reactions(struct db_txn *txn, uint64_t status, const struct reaction_count *kind)
{
	struct reckey prefix = reckey_u64(status);
	struct db_iter it CLEANUP(db_iter_close);
	struct reaction told;
	struct str value;
	uint64_t n = 0;
	db_iter_open(&it, txn, &store_told_reaction, reckey_str(&prefix), DB_FORWARD, STR_NONE);
	while (db_iter_next(&it, NULL, &value))
		n += row_decode(value, &told) && str_eq(told.text, kind->text) &&
		     str_eq(told.host, kind->host);
	return n;
}

static void check_row(const struct check *c, struct str key, struct str value)
{
	struct reaction told;
	uint64_t status = 0;
	if (!reckey_read_u64(key, 0, &status) || !row_decode(value, &told)) {
		check_say(c, "told reaction", status, "cannot be decoded");
		return;
	}
	struct reckey kind = reaction_count_key(status, told.text, told.host);
	const struct reckey emoji = reckey_digest(told.text);
	struct str count;
	if (!check_has(c, &store_status, status))
		check_say(c, "told reaction", status, "is of a status that is not there");
	else if (!db_get(c->txn, &store_reaction_count, reckey_str(&kind), &count))
		check_say(c, "told reaction", status, "is not counted");
	if (memcmp(key.ptr + 8 + JOINT_NAME_SIZE, emoji.bytes, JOINT_NAME_SIZE) != 0)
		check_say(c, "told reaction", status, "is in a wrong place");
}

void told_reactions_check(const struct check *c)
{
	check_walk(c, &store_told_reaction, 8 + 2 * JOINT_NAME_SIZE, check_row);
}
