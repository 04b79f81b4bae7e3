/*
 * What people have said in joint communities: votes, reactions, and who is banned, as partners compare them. Owns
 * table joint_word. Inside transactions only.
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

size_t joint_word_name(enum joint_about about)
{
	return (about == JOINT_REACTIONS ? 3U : 2U) * JOINT_NAME_SIZE;
}

unsigned joint_word_bucket(const struct joint_word *w)
{
	return w->name[0] ^ w->name[JOINT_NAME_SIZE];
}

struct reckey joint_word_key(uint64_t community, enum joint_about about, unsigned bucket)
{
	struct reckey key = reckey_u64(community);
	reckey_add_u8(&key, (uint8_t)about);
	reckey_add_u8(&key, (uint8_t)bucket);
	return key;
}

static struct reckey word_key(uint64_t community, const struct joint_word *w)
{
	struct reckey key = joint_word_key(community, w->about, joint_word_bucket(w));
	reckey_add_bytes(&key, w->name, joint_word_name(w->about));
	return key;
}

static void add_name(struct buf *text, const struct joint_word *w, size_t number)
{
	enc_hex(text, str_n(w->name + number * JOINT_NAME_SIZE, JOINT_NAME_SIZE));
}

struct digest joint_word_digest(const struct joint_word *w)
{
	struct buf text CLEANUP(buf_free) = BUF_INIT(256);
	add_name(&text, w, 0);
	buf_add(&text, STR("\n"));
	if (w->about == JOINT_BANS) {
		buf_addf(&text, "%llu", (unsigned long long)w->until_ms);
	} else {
		add_name(&text, w, 1);
		buf_add(&text, STR("\n"));
	}
	if (w->about == JOINT_VOTES)
		buf_add(&text, w->state == JOINT_VOTE_UP ? STR("up") : STR("down"));
	if (w->about == JOINT_REACTIONS)
		add_name(&text, w, 2);
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

bool joint_word_read(struct str key, struct str value, struct joint_word *out)
{
	if (key.len < JOINT_WORD_AT || !joint_word_decode(value, out))
		return false;
	out->about = (enum joint_about)(unsigned char)key.ptr[8];
	const size_t size = joint_word_name(out->about);
	if (out->about == JOINT_POSTS || out->about >= JOINT_ABOUT_COUNT ||
	    key.len != JOINT_WORD_AT + size)
		return false;
	memset(out->name, 0, sizeof(out->name));
	memcpy(out->name, key.ptr + JOINT_WORD_AT, size);
	return true;
}

size_t joint_words(struct db_txn *txn, uint64_t community, enum joint_about about, unsigned bucket,
		   const unsigned char *after, struct joint_word *out, size_t count)
{
	struct reckey prefix = joint_word_key(community, about, bucket), from = prefix;
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	size_t n = 0;
	if (after != NULL) {
		reckey_add_bytes(&from, after, joint_word_name(about));
		reckey_add_bytes(&from, "", 1);
	}
	db_iter_open(&it, txn, &store_joint_word, reckey_str(&prefix), DB_FORWARD,
		     reckey_str(&from));
	while (n < count && db_iter_next(&it, &key, &value)) {
		if (!joint_word_read(key, value, &out[n])) {
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
	       joint_word_read(key, value, &out[n]))
		n++;
	return n;
}

size_t joint_words_del(struct db_txn *txn, uint64_t community, const struct reckey *prefix,
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
	return joint_words_del(txn, community, &prefix, count);
}

/* --- votes --- */

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

void joint_vote_note_in(struct db_txn *txn, uint64_t community,
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
	uint64_t community = joint_at_find(txn, status, post);
	if (community != 0)
		joint_vote_note_in(txn, community, post, status, voter);
}

bool joint_voter_name(struct db_txn *txn, uint64_t account, unsigned char out[JOINT_NAME_SIZE])
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
	uint64_t community = joint_at_find(txn, status, post);
	if (community != 0 && joint_voter_name(txn, account, voter))
		joint_vote_note_in(txn, community, post, status, voter);
}

/* --- bans --- */

void joint_ban_note(struct db_txn *txn, uint64_t community, uint64_t account)
{
	struct joint_word word = { .about = JOINT_BANS };
	uint64_t until_ms = 0;
	if (db_count(txn, &store_joint) == 0 || !joint_is(txn, community) ||
	    !joint_voter_name(txn, account, word.name))
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
