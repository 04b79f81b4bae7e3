/*
 * Posts of joint communities with what is said about them: where a post is, what was said before it came,
 * and what goes with it. Owns table joint_at. Inside transactions only.
 */
#include "core/must.h"
#include "joint_int.h"
#include "store/tables.h"
#include "store/told_reaction.h"
#include "store_int.h"

#define BEGIN_VOTES 500 /* that a new item is looked at for; the daily walk finds more */
#define CHUNK 64

/* --- where a post is --- */

uint64_t joint_at_find(struct db_txn *txn, uint64_t status, unsigned char name[JOINT_NAME_SIZE])
{
	struct reckey key = reckey_u64(status);
	struct str value;
	uint64_t community = 0;
	/* most nodes have none */
	if (db_count(txn, &store_joint_at) == 0 ||
	    !db_get(txn, &store_joint_at, reckey_str(&key), &value))
		return 0;
	if (!reckey_read_u64(value, 0, &community)) {
		db_txn_fail(txn, RC_CORRUPT);
		return 0;
	}
	struct reckey of = reckey_u64_u64(community, status);
	if (!db_get(txn, &store_joint_item_of, reckey_str(&of), &value) ||
	    value.len != JOINT_NAME_SIZE) {
		db_txn_fail(txn, RC_CORRUPT);
		return 0;
	}
	memcpy(name, value.ptr, JOINT_NAME_SIZE);
	return community;
}

static void at_put(struct db_txn *txn, uint64_t community, uint64_t status)
{
	struct reckey key = reckey_u64(status), value = reckey_u64(community);
	struct str there;
	if (!db_get(txn, &store_joint_at, reckey_str(&key), &there) ||
	    !str_eq(there, reckey_str(&value)))
		db_put(txn, &store_joint_at, reckey_str(&key), reckey_str(&value));
}

void joint_at_del(struct db_txn *txn, uint64_t status)
{
	struct reckey key = reckey_u64(status);
	db_del(txn, &store_joint_at, reckey_str(&key));
}

/* --- what is there already --- */

/* The numbers are part of what waits in the queue. */
enum kind {
	KIND_LIKE,
	KIND_DISLIKE,
	KIND_TOLD,
	KIND_REACTION,
	KIND_TOLD_REACTION,
	KIND_COUNT,
};

/* Who stands behind the status in a key: an account, or digests of so many bytes. */
static const struct {
	const struct db_table *table;
	size_t size;
} kinds[] = {
	[KIND_LIKE] = { &store_like, sizeof(uint64_t) },
	[KIND_DISLIKE] = { &store_dislike, sizeof(uint64_t) },
	[KIND_TOLD] = { &store_told_vote, JOINT_NAME_SIZE },
	[KIND_REACTION] = { &store_reaction, sizeof(uint64_t) },
	[KIND_TOLD_REACTION] = { &store_told_reaction, (size_t)2 * JOINT_NAME_SIZE },
};

#define VOTER_MAX (2 * JOINT_NAME_SIZE)

static size_t voters_of(struct db_txn *txn, uint64_t status, const struct joint_walk *walk,
			unsigned char out[][VOTER_MAX], size_t count)
{
	const size_t size = kinds[walk->kind].size;
	struct reckey prefix = reckey_u64(status), from = prefix;
	struct db_iter it CLEANUP(db_iter_close);
	struct str key;
	size_t n = 0;
	reckey_add_bytes(&from, walk->after, size);
	reckey_add_bytes(&from, "", 1);
	db_iter_open(&it, txn, kinds[walk->kind].table, reckey_str(&prefix), DB_FORWARD,
		     reckey_str(&from));
	while (n < count && db_iter_next(&it, &key, NULL)) {
		if (key.len != 8 + size) {
			db_txn_fail(txn, RC_CORRUPT);
			return 0;
		}
		memset(out[n], 0, VOTER_MAX);
		memcpy(out[n++], key.ptr + 8, size);
	}
	return n;
}

static void voter_note(struct db_txn *txn, uint64_t community, const struct joint_item *item,
		       unsigned kind, const unsigned char voter[VOTER_MAX])
{
	unsigned char name[JOINT_NAME_SIZE];
	uint64_t account;
	if (kind == KIND_TOLD_REACTION)
		joint_reaction_note_told(txn, community, item, voter);
	else if (kind == KIND_TOLD)
		joint_vote_note_in(txn, community, item->name, item->status, voter);
	else if (!reckey_read_u64(str_n(voter, sizeof(account)), 0, &account))
		return;
	else if (kind == KIND_REACTION)
		joint_reactions_note_of(txn, community, item, account);
	else if (joint_voter_name(txn, account, name))
		joint_vote_note_in(txn, community, item->name, item->status, name);
}

/* At most count votes on one post; fewer when that were all of this kind. */
static size_t kind_step(struct db_txn *txn, uint64_t community, const struct joint_item *item,
			struct joint_walk *walk, size_t count)
{
	unsigned char voters[CHUNK][VOTER_MAX];
	size_t n = voters_of(txn, item->status, walk, voters, count < CHUNK ? count : CHUNK);
	for (size_t i = 0; i < n; i++)
		voter_note(txn, community, item, walk->kind, voters[i]);
	if (n != 0)
		memcpy(walk->after, voters[n - 1], VOTER_MAX);
	return n;
}

/* At most count; true when all votes on the post are noted. */
static bool post_step(struct db_txn *txn, uint64_t community, const struct joint_item *item,
		      struct joint_walk *walk, size_t *count)
{
	while (walk->kind < KIND_COUNT) {
		if (*count == 0)
			return false;
		size_t n = kind_step(txn, community, item, walk, *count);
		*count -= n < *count ? n : *count;
		if (n != 0)
			continue;
		walk->kind++;
		memset(walk->after, 0, sizeof(walk->after));
	}
	walk->status = item->status;
	walk->kind = 0;
	return true;
}

void joint_votes_begin(struct db_txn *txn, uint64_t community, const struct joint_item *item)
{
	struct joint_walk walk = { .status = 0 };
	size_t count = BEGIN_VOTES;
	at_put(txn, community, item->status);
	post_step(txn, community, item, &walk, &count);
}

/* The first bucket from *bucket on that has words about the post. Those that have none at all are passed
 * over, so that no more is looked at than there is. */
static bool bucket_about(struct db_txn *txn, uint64_t community, enum joint_about about,
			 const struct joint_item *item, unsigned *bucket)
{
	struct reckey prefix = reckey_u64(community);
	reckey_add_u8(&prefix, (uint8_t)about);
	while (*bucket < JOINT_BUCKETS) {
		struct reckey from = joint_word_key(community, about, *bucket);
		struct db_iter it CLEANUP(db_iter_close);
		struct str key;
		reckey_add_bytes(&from, item->name, JOINT_NAME_SIZE);
		db_iter_open(&it, txn, &store_joint_word, reckey_str(&prefix), DB_FORWARD,
			     reckey_str(&from));
		if (!db_iter_next(&it, &key, NULL) || key.len < JOINT_WORD_AT + JOINT_NAME_SIZE)
			return false;
		const int order = memcmp(key.ptr + JOINT_WORD_AT, item->name, JOINT_NAME_SIZE);
		*bucket = (unsigned char)key.ptr[9] + (order > 0 ? 1U : 0U);
		if (order == 0)
			return true;
	}
	return false;
}

static void words_end(struct db_txn *txn, uint64_t community, enum joint_about about,
		      const struct joint_item *item)
{
	for (unsigned b = 0; bucket_about(txn, community, about, item, &b); b++) {
		struct reckey prefix = joint_word_key(community, about, b);
		reckey_add_bytes(&prefix, item->name, JOINT_NAME_SIZE);
		joint_words_del(txn, community, &prefix, SIZE_MAX);
	}
}

void joint_votes_end(struct db_txn *txn, uint64_t community, const struct joint_item *item)
{
	joint_at_del(txn, item->status);
	words_end(txn, community, JOINT_VOTES, item);
	words_end(txn, community, JOINT_REACTIONS, item);
}

/* The item after that status; false behind the last. */
static bool item_after(struct db_txn *txn, uint64_t community, uint64_t after,
		       struct joint_item *out)
{
	struct reckey prefix = reckey_u64(community), from = store_key_after(community, after);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, name;
	*out = (struct joint_item){ .status = 0 };
	db_iter_open(&it, txn, &store_joint_item_of, reckey_str(&prefix), DB_FORWARD,
		     reckey_str(&from));
	if (!db_iter_next(&it, &key, &name))
		return false;
	if (!reckey_read_u64(key, 8, &out->status) || name.len != JOINT_NAME_SIZE) {
		db_txn_fail(txn, RC_CORRUPT);
		return false;
	}
	memcpy(out->name, name.ptr, JOINT_NAME_SIZE);
	return true;
}

bool joint_votes_index(struct db_txn *txn, uint64_t community, struct joint_walk *walk,
		       size_t count)
{
	struct joint_item item;
	/* a post without votes is a look, too */
	while (count != 0 && item_after(txn, community, walk->status, &item)) {
		at_put(txn, community, item.status);
		count--;
		if (!post_step(txn, community, &item, walk, &count))
			return false;
	}
	return count != 0 || db_txn_rc(txn) != RC_OK;
}
