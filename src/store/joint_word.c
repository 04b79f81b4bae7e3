/*
 * What people have said in joint communities: votes, and who is banned, as partners compare them. Owns
 * tables joint_word and joint_at. Inside transactions only.
 *
 * Words follow what is stored elsewhere: likes, dislikes, told votes and members' rows call a note
 * here, which costs nothing where no community is joint, and a look at one row where one is. The bucket
 * of a vote is made of the post's name and the voter's, so that those on one post are spread, too.
 */
#include "store/joint_word.h"

#include "account_int.h"
#include "core/enc.h"
#include "core/must.h"
#include "joint_int.h"
#include "store/account.h"
#include "store/community.h"
#include "store/graph.h"
#include "store/reaction.h"
#include "store/tables.h"
#include "store/told_vote.h"
#include "store/uri.h"
#include "store_int.h"

#define WORD_VERSION 1
#define ROW_MAX_BYTES 64
#define WORD_KEY (8 + 2 + JOINT_WORD_NAME)
#define BEGIN_VOTES 500 /* that a new item is looked at for; the daily walk finds more */
#define CHUNK 64
#define CHUNK_BANS 32

/* --- rows --- */

void joint_word_encode(struct buf *out, const struct joint_word *w)
{
	rec_add_u8(out, WORD_VERSION);
	rec_add_u8(out, (uint8_t)w->state);
	rec_add_num(out, w->at_ms);
	rec_add_num(out, w->until_ms);
}

bool joint_word_decode(struct str value, struct joint_word *out)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	out->state = rec_u8(&r);
	out->at_ms = rec_num(&r);
	out->until_ms = rec_num(&r);
	return version == WORD_VERSION && rec_ok(&r) && out->state <= JOINT_VOTE_DOWN;
}

unsigned joint_word_bucket(const struct joint_word *w)
{
	return w->name[0] ^ w->name[JOINT_NAME_SIZE];
}

static struct reckey bucket_key(uint64_t community, enum joint_about about, unsigned bucket)
{
	struct reckey key = reckey_u64(community);
	reckey_add_u8(&key, (uint8_t)about);
	reckey_add_u8(&key, (uint8_t)bucket);
	return key;
}

static struct reckey word_key(uint64_t community, const struct joint_word *w)
{
	struct reckey key = bucket_key(community, w->about, joint_word_bucket(w));
	reckey_add_bytes(&key, w->name, JOINT_WORD_NAME);
	return key;
}

struct digest joint_word_digest(const struct joint_word *w)
{
	struct buf text CLEANUP(buf_free) = BUF_INIT(256);
	enc_hex(&text, str_n(w->name, JOINT_NAME_SIZE));
	buf_add(&text, STR("\n"));
	if (w->about == JOINT_VOTES) {
		enc_hex(&text, str_n(w->name + JOINT_NAME_SIZE, JOINT_NAME_SIZE));
		buf_addf(&text, "\n%s", w->state == JOINT_VOTE_UP ? "up" : "down");
	} else {
		buf_addf(&text, "%llu", (unsigned long long)w->until_ms);
	}
	must(!text.failed);
	return digest_sha256(buf_str(&text));
}

bool joint_word_get(struct db_txn *txn, uint64_t community, struct joint_word *w)
{
	struct reckey key = word_key(community, w);
	struct str value;
	w->state = 0;
	w->at_ms = w->until_ms = 0;
	if (!db_get(txn, &store_joint_word, reckey_str(&key), &value))
		return false;
	if (joint_word_decode(value, w))
		return true;
	db_txn_fail(txn, RC_CORRUPT);
	return false;
}

/* What was taken back stands in no sum. */
static void sum(struct db_txn *txn, uint64_t community, const struct joint_word *w, int by)
{
	if (w->state == 0)
		return;
	const struct joint_sum one = { .count = 1, .digest = joint_word_digest(w) };
	joint_sum_change(txn, community, w->about, joint_word_bucket(w), &one, by < 0);
}

static void row_put(struct db_txn *txn, uint64_t community, const struct joint_word *w)
{
	struct reckey key = word_key(community, w);
	struct buf row CLEANUP(buf_free) = BUF_INIT(ROW_MAX_BYTES);
	joint_word_encode(&row, w);
	store_put(txn, &store_joint_word, &key, &row);
}

void joint_word_put(struct db_txn *txn, uint64_t community, const struct joint_word *w)
{
	struct joint_word was = *w;
	if (joint_word_get(txn, community, &was))
		sum(txn, community, &was, -1);
	row_put(txn, community, w);
	sum(txn, community, w, 1);
}

void joint_word_stamp(struct db_txn *txn, uint64_t community, const struct joint_word *w)
{
	struct joint_word now = *w;
	if (!joint_word_get(txn, community, &now))
		return;
	now.at_ms = w->at_ms;
	row_put(txn, community, &now);
}

static bool word_read(struct str key, struct str value, struct joint_word *out)
{
	if (key.len != WORD_KEY || !joint_word_decode(value, out))
		return false;
	out->about = (enum joint_about)(unsigned char)key.ptr[8];
	memcpy(out->name, key.ptr + 10, JOINT_WORD_NAME);
	return out->about == JOINT_VOTES || out->about == JOINT_BANS;
}

size_t joint_words(struct db_txn *txn, uint64_t community, enum joint_about about, unsigned bucket,
		   const unsigned char *after, struct joint_word *out, size_t count)
{
	struct reckey prefix = bucket_key(community, about, bucket), from = prefix;
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	size_t n = 0;
	if (after != NULL) {
		reckey_add_bytes(&from, after, JOINT_WORD_NAME);
		reckey_add_bytes(&from, "", 1);
	}
	db_iter_open(&it, txn, &store_joint_word, reckey_str(&prefix), DB_FORWARD,
		     reckey_str(&from));
	while (n < count && db_iter_next(&it, &key, &value)) {
		if (!word_read(key, value, &out[n])) {
			db_txn_fail(txn, RC_CORRUPT);
			return 0;
		}
		n++;
	}
	return n;
}

/* What goes out of one bucket, until the next one's turn: its sum is written once. */
struct leaving {
	enum joint_about about;
	unsigned bucket;
	struct joint_sum sum;
};

static void leave_end(struct db_txn *txn, uint64_t community, struct leaving *l)
{
	if (l->sum.count != 0)
		joint_sum_change(txn, community, l->about, l->bucket, &l->sum, true);
	l->sum = (struct joint_sum){ .count = 0 };
}

static void leave(struct db_txn *txn, uint64_t community, struct leaving *l,
		  const struct joint_word *w)
{
	struct reckey key = word_key(community, w);
	if (l->about != w->about || l->bucket != joint_word_bucket(w))
		leave_end(txn, community, l);
	l->about = w->about;
	l->bucket = joint_word_bucket(w);
	if (w->state != 0) {
		const struct digest digest = joint_word_digest(w);
		joint_sum_add(&l->sum, &digest);
	}
	db_del(txn, &store_joint_word, reckey_str(&key));
}

static size_t chunk_read(struct db_txn *txn, const struct reckey *prefix,
			 struct joint_word out[CHUNK], size_t count)
{
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	size_t n = 0;
	db_iter_open(&it, txn, &store_joint_word, reckey_str(prefix), DB_FORWARD, STR_NONE);
	while (n < CHUNK && n < count && db_iter_next(&it, &key, &value) &&
	       word_read(key, value, &out[n]))
		n++;
	return n;
}

/* Of those under a prefix, at most count, with their sums. */
static size_t rows_del(struct db_txn *txn, uint64_t community, const struct reckey *prefix,
		       size_t count)
{
	struct leaving leaving = { .bucket = 0 };
	size_t n = 0, found;
	do {
		struct joint_word words[CHUNK];
		found = chunk_read(txn, prefix, words, count - n);
		for (size_t i = 0; i < found; i++)
			leave(txn, community, &leaving, &words[i]);
		n += found;
	} while (found == CHUNK);
	leave_end(txn, community, &leaving);
	return n;
}

size_t joint_words_clear(struct db_txn *txn, uint64_t community, size_t count)
{
	struct reckey prefix = reckey_u64(community);
	return rows_del(txn, community, &prefix, count);
}

/* --- votes --- */

/* The joint community of a post, and its name in it. */
static uint64_t community_at(struct db_txn *txn, uint64_t status,
			     unsigned char name[JOINT_NAME_SIZE])
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

static enum joint_vote vote_of(struct db_txn *txn, uint64_t status,
			       const unsigned char voter[JOINT_NAME_SIZE])
{
	const struct uri_entry who = uri_find_digest(txn, voter);
	bool up;
	if (who.kind == URI_ACCOUNT && like_get(txn, status, who.id, NULL))
		return JOINT_VOTE_UP;
	if (who.kind == URI_ACCOUNT && dislike_get(txn, status, who.id, NULL))
		return JOINT_VOTE_DOWN;
	if (!told_vote_get_named(txn, status, voter, &up))
		return JOINT_VOTE_NONE;
	return up ? JOINT_VOTE_UP : JOINT_VOTE_DOWN;
}

static void note_in(struct db_txn *txn, uint64_t community,
		    const unsigned char post[JOINT_NAME_SIZE], uint64_t status,
		    const unsigned char voter[JOINT_NAME_SIZE])
{
	struct joint_word word = { .about = JOINT_VOTES };
	memcpy(word.name, post, JOINT_NAME_SIZE);
	memcpy(word.name + JOINT_NAME_SIZE, voter, JOINT_NAME_SIZE);
	const enum joint_vote vote = vote_of(txn, status, voter);
	joint_word_get(txn, community, &word);
	if (word.state == vote)
		return;
	word.state = vote;
	word.at_ms = db_txn_now(txn);
	joint_word_put(txn, community, &word);
}

void joint_vote_note(struct db_txn *txn, uint64_t status,
		     const unsigned char voter[JOINT_NAME_SIZE])
{
	unsigned char post[JOINT_NAME_SIZE];
	uint64_t community = community_at(txn, status, post);
	if (community != 0)
		note_in(txn, community, post, status, voter);
}

static bool voter_name(struct db_txn *txn, uint64_t account, unsigned char out[JOINT_NAME_SIZE])
{
	struct account a;
	if (!account_peek(txn, account, &a))
		return false;
	struct reckey name = reckey_digest(a.uri);
	memcpy(out, name.bytes, JOINT_NAME_SIZE);
	return true;
}

void joint_vote_note_by(struct db_txn *txn, uint64_t status, uint64_t account)
{
	unsigned char post[JOINT_NAME_SIZE], voter[JOINT_NAME_SIZE];
	uint64_t community = community_at(txn, status, post);
	if (community != 0 && voter_name(txn, account, voter))
		note_in(txn, community, post, status, voter);
}

/* --- votes that are there already --- */

enum kind { KIND_LIKE, KIND_DISLIKE, KIND_TOLD, KIND_COUNT };

static const struct db_table *const tables[] = {
	[KIND_LIKE] = &store_like,
	[KIND_DISLIKE] = &store_dislike,
	[KIND_TOLD] = &store_told_vote,
};

/* Who stands behind the status in a key: an account, or a digest. */
static size_t voters_of(struct db_txn *txn, uint64_t status, const struct joint_walk *walk,
			unsigned char out[][JOINT_NAME_SIZE], size_t count)
{
	const size_t size = walk->kind == KIND_TOLD ? JOINT_NAME_SIZE : sizeof(uint64_t);
	struct reckey prefix = reckey_u64(status), from = prefix;
	struct db_iter it CLEANUP(db_iter_close);
	struct str key;
	size_t n = 0;
	reckey_add_bytes(&from, walk->after, size);
	reckey_add_bytes(&from, "", 1);
	db_iter_open(&it, txn, tables[walk->kind], reckey_str(&prefix), DB_FORWARD,
		     reckey_str(&from));
	while (n < count && db_iter_next(&it, &key, NULL)) {
		if (key.len != 8 + size) {
			db_txn_fail(txn, RC_CORRUPT);
			return 0;
		}
		memset(out[n], 0, JOINT_NAME_SIZE);
		memcpy(out[n++], key.ptr + 8, size);
	}
	return n;
}

/* At most count votes on one post; fewer when that were all of this kind. */
static size_t kind_step(struct db_txn *txn, uint64_t community, const struct joint_item *item,
			struct joint_walk *walk, size_t count)
{
	unsigned char voters[CHUNK][JOINT_NAME_SIZE], name[JOINT_NAME_SIZE];
	size_t n = voters_of(txn, item->status, walk, voters, count < CHUNK ? count : CHUNK);
	for (size_t i = 0; i < n; i++) {
		uint64_t account;
		if (walk->kind == KIND_TOLD)
			note_in(txn, community, item->name, item->status, voters[i]);
		else if (reckey_read_u64(str_n(voters[i], sizeof(account)), 0, &account) &&
			 voter_name(txn, account, name))
			note_in(txn, community, item->name, item->status, name);
	}
	if (n != 0)
		memcpy(walk->after, voters[n - 1], JOINT_NAME_SIZE);
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

void joint_votes_begin(struct db_txn *txn, uint64_t community, const struct joint_item *item)
{
	struct joint_walk walk = { .status = 0 };
	size_t count = BEGIN_VOTES;
	at_put(txn, community, item->status);
	post_step(txn, community, item, &walk, &count);
}

/* The first bucket from *bucket on that has words about the post. Those that have none at all are passed
 * over, so that no more is looked at than there is. */
static bool bucket_about(struct db_txn *txn, uint64_t community, const struct joint_item *item,
			 unsigned *bucket)
{
	struct reckey prefix = reckey_u64(community);
	reckey_add_u8(&prefix, JOINT_VOTES);
	while (*bucket < JOINT_BUCKETS) {
		struct reckey from = bucket_key(community, JOINT_VOTES, *bucket);
		struct db_iter it CLEANUP(db_iter_close);
		struct str key;
		reckey_add_bytes(&from, item->name, JOINT_NAME_SIZE);
		db_iter_open(&it, txn, &store_joint_word, reckey_str(&prefix), DB_FORWARD,
			     reckey_str(&from));
		if (!db_iter_next(&it, &key, NULL) || key.len != WORD_KEY)
			return false;
		const int order = memcmp(key.ptr + 10, item->name, JOINT_NAME_SIZE);
		*bucket = (unsigned char)key.ptr[9] + (order > 0 ? 1U : 0U);
		if (order == 0)
			return true;
	}
	return false;
}

void joint_votes_end(struct db_txn *txn, uint64_t community, const struct joint_item *item)
{
	joint_at_del(txn, item->status);
	for (unsigned b = 0; bucket_about(txn, community, item, &b); b++) {
		struct reckey prefix = bucket_key(community, JOINT_VOTES, b);
		reckey_add_bytes(&prefix, item->name, JOINT_NAME_SIZE);
		rows_del(txn, community, &prefix, SIZE_MAX);
	}
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

/* --- bans --- */

void joint_ban_note(struct db_txn *txn, uint64_t community, uint64_t account)
{
	struct joint_word word = { .about = JOINT_BANS };
	uint64_t until_ms = 0;
	if (db_count(txn, &store_joint) == 0 || !joint_is(txn, community) ||
	    !voter_name(txn, account, word.name))
		return;
	bool banned = community_ban_peek(txn, community, account, &until_ms);
	joint_word_get(txn, community, &word);
	if ((word.state != 0) == banned && word.until_ms == until_ms)
		return;
	word.state = banned;
	word.until_ms = until_ms;
	word.at_ms = db_txn_now(txn);
	joint_word_put(txn, community, &word);
}

size_t joint_bans_index(struct db_txn *txn, struct arena *arena, uint64_t community,
			uint64_t *after, size_t count)
{
	struct community_member rows[CHUNK_BANS];
	size_t n = community_banned_rows(txn, arena, community, *after, rows,
					 count < CHUNK_BANS ? count : CHUNK_BANS);
	for (size_t i = 0; i < n; i++)
		joint_ban_note(txn, community, rows[i].account);
	if (n != 0)
		*after = rows[n - 1].account;
	return n;
}
