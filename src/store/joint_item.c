/*
 * What is in joint communities, as partners compare it. Owns tables joint_item, joint_item_of and
 * joint_sum. Inside transactions only.
 *
 * The sums are kept beside the items: a partner that asks costs a read of 256 rows, however large the
 * community is.
 */
#include "core/must.h"
#include "joint_int.h"
#include "store/community.h"
#include "store/status.h"
#include "store/tables.h"
#include "store_int.h"

#define ITEM_VERSION 1
#define SUM_VERSION 1
#define ROW_MAX_BYTES 128
#define ARENA_MAX ((size_t)4 << 20)
#define HASHED_MAX (16 * 1024)
#define CHUNK 100

/* --- codecs --- */

static bool digest_read(struct rec *r, struct digest *out)
{
	struct str bytes = rec_str(r);
	if (bytes.len != DIGEST_SIZE)
		return false;
	memcpy(out->bytes, bytes.ptr, DIGEST_SIZE);
	return true;
}

void joint_item_encode(struct buf *out, const struct joint_item *i, const struct digest *digest)
{
	rec_add_u8(out, ITEM_VERSION);
	rec_add_u64(out, i->status);
	rec_add_num(out, i->state);
	rec_add_num(out, i->state_ms);
	rec_add_num(out, i->edited_ms);
	rec_add_str(out, str_n(digest->bytes, DIGEST_SIZE));
}

bool joint_item_decode(struct str value, struct joint_item *out, struct digest *digest)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	out->status = rec_u64(&r);
	out->state = store_num32(&r);
	out->state_ms = rec_num(&r);
	out->edited_ms = rec_num(&r);
	return digest_read(&r, digest) && version == ITEM_VERSION && rec_ok(&r) &&
	       out->state <= (JOINT_REMOVED | JOINT_LOCKED | JOINT_PINNED);
}

void joint_sum_encode(struct buf *out, const struct joint_sum *s)
{
	rec_add_u8(out, SUM_VERSION);
	rec_add_num(out, s->count);
	rec_add_str(out, str_n(s->digest.bytes, DIGEST_SIZE));
}

bool joint_sum_decode(struct str value, struct joint_sum *out)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	out->count = rec_num(&r);
	return digest_read(&r, &out->digest) && version == SUM_VERSION && rec_ok(&r);
}

/* --- sums --- */

struct digest joint_digest(struct str uri, unsigned state, uint64_t edited_ms)
{
	struct buf text CLEANUP(buf_free) = BUF_INIT(HASHED_MAX);
	buf_add(&text, uri);
	buf_addf(&text, "\n%s%s%s\n%llu", (state & JOINT_REMOVED) != 0 ? "r" : "",
		 (state & JOINT_LOCKED) != 0 ? "l" : "", (state & JOINT_PINNED) != 0 ? "p" : "",
		 (unsigned long long)edited_ms);
	/* an id that is stored fits */
	must(!text.failed);
	return digest_sha256(buf_str(&text));
}

static struct reckey sum_key(uint64_t community, enum joint_about about, unsigned bucket)
{
	return reckey_u64_u64(community, (uint64_t)about * JOINT_BUCKETS + bucket);
}

struct joint_sum joint_sum(struct db_txn *txn, uint64_t community, enum joint_about about,
			   unsigned bucket)
{
	struct reckey key = sum_key(community, about, bucket);
	struct joint_sum sum = { .count = 0 };
	struct str value;
	if (db_get(txn, &store_joint_sum, reckey_str(&key), &value) &&
	    !joint_sum_decode(value, &sum)) {
		db_txn_fail(txn, RC_CORRUPT);
		return (struct joint_sum){ .count = 0 };
	}
	return sum;
}

static void digest_mix(struct digest *into, const struct digest *digest)
{
	for (size_t i = 0; i < DIGEST_SIZE; i++)
		into->bytes[i] ^= digest->bytes[i];
}

void joint_sum_add(struct joint_sum *sum, const struct digest *digest)
{
	sum->count++;
	digest_mix(&sum->digest, digest);
}

void joint_sum_change(struct db_txn *txn, uint64_t community, enum joint_about about,
		      unsigned bucket, const struct joint_sum *by, bool leave)
{
	struct reckey key = sum_key(community, about, bucket);
	struct buf row CLEANUP(buf_free) = BUF_INIT(ROW_MAX_BYTES);
	struct joint_sum sum = joint_sum(txn, community, about, bucket);
	digest_mix(&sum.digest, &by->digest);
	if (!leave)
		sum.count += by->count;
	else
		sum.count -= by->count < sum.count ? by->count : sum.count;
	if (sum.count == 0) {
		db_del(txn, &store_joint_sum, reckey_str(&key));
		return;
	}
	joint_sum_encode(&row, &sum);
	store_put(txn, &store_joint_sum, &key, &row);
}

/* --- items --- */

static struct reckey item_key(uint64_t community, struct str name)
{
	struct reckey key = reckey_u64(community);
	reckey_add_bytes(&key, name.ptr, name.len);
	return key;
}

static unsigned bucket_of(struct str name)
{
	return (unsigned char)name.ptr[0];
}

/* A new one is empty. */
static bool item_read(struct db_txn *txn, uint64_t community, uint64_t status,
		      struct joint_item *out, struct digest *digest)
{
	struct reckey of = reckey_u64_u64(community, status);
	struct str name, value;
	*out = (struct joint_item){ .status = status };
	if (!db_get(txn, &store_joint_item_of, reckey_str(&of), &name))
		return false;
	if (name.len != JOINT_NAME_SIZE) {
		db_txn_fail(txn, RC_CORRUPT);
		return false;
	}
	memcpy(out->name, name.ptr, JOINT_NAME_SIZE);
	struct reckey key = item_key(community, str_n(out->name, JOINT_NAME_SIZE));
	if (db_get(txn, &store_joint_item, reckey_str(&key), &value) &&
	    joint_item_decode(value, out, digest))
		return true;
	db_txn_fail(txn, RC_CORRUPT);
	return false;
}

/* The item as it is, taken out of its sum. */
static bool item_take(struct db_txn *txn, uint64_t community, uint64_t status,
		      struct joint_item *out)
{
	struct digest digest;
	if (!item_read(txn, community, status, out, &digest))
		return false;
	const struct str name = str_n(out->name, JOINT_NAME_SIZE);
	struct reckey key = item_key(community, name), of = reckey_u64_u64(community, status);
	const struct joint_sum one = { .count = 1, .digest = digest };
	joint_sum_change(txn, community, JOINT_POSTS, bucket_of(name), &one, true);
	db_del(txn, &store_joint_item, reckey_str(&key));
	db_del(txn, &store_joint_item_of, reckey_str(&of));
	return true;
}

static void item_put(struct db_txn *txn, uint64_t community, const struct joint_item *item,
		     const struct digest *digest)
{
	struct str name = str_n(item->name, JOINT_NAME_SIZE);
	struct reckey key = item_key(community, name), of = reckey_u64_u64(community, item->status);
	struct buf row CLEANUP(buf_free) = BUF_INIT(ROW_MAX_BYTES);
	joint_item_encode(&row, item, digest);
	store_put(txn, &store_joint_item, &key, &row);
	db_put(txn, &store_joint_item_of, reckey_str(&of), name);
	const struct joint_sum one = { .count = 1, .digest = *digest };
	joint_sum_change(txn, community, JOINT_POSTS, bucket_of(name), &one, false);
}

static unsigned state_of(unsigned flags)
{
	return ((flags & COMMUNITY_POST_REMOVED) != 0 ? JOINT_REMOVED : 0U) |
	       ((flags & COMMUNITY_POST_LOCKED) != 0 ? JOINT_LOCKED : 0U) |
	       ((flags & COMMUNITY_POST_PINNED) != 0 ? JOINT_PINNED : 0U);
}

/* What waits for a moderator is in it nowhere else; what its author shows to some is nobody's. */
static bool is_item(struct db_txn *txn, struct arena *arena, uint64_t community, uint64_t id,
		    struct status *status, unsigned *state)
{
	struct community_post post;
	if (!community_post_get(txn, community, id, &post) ||
	    (post.flags & COMMUNITY_POST_HELD) != 0 || !status_get(txn, arena, id, status) ||
	    !visibility_is_open(status->visibility))
		return false;
	*state = state_of(post.flags);
	return true;
}

static void note(struct db_txn *txn, struct arena *arena, uint64_t community, uint64_t id)
{
	struct joint_item item;
	struct status status;
	unsigned state = 0;
	bool was = item_take(txn, community, id, &item);
	if (!is_item(txn, arena, community, id, &status, &state)) {
		if (was)
			joint_votes_end(txn, community, &item);
		return;
	}
	struct digest digest = joint_digest(status.uri, state, status.edited_ms);
	struct reckey name = reckey_digest(status.uri);
	must(name.len == JOINT_NAME_SIZE);
	memcpy(item.name, name.bytes, JOINT_NAME_SIZE);
	if (item.state != state)
		item.state_ms = db_txn_now(txn);
	item.state = state;
	item.edited_ms = status.edited_ms;
	item_put(txn, community, &item, &digest);
	if (!was)
		joint_votes_begin(txn, community, &item);
}

void joint_stamp(struct db_txn *txn, uint64_t community, uint64_t status, uint64_t state_ms)
{
	struct buf row CLEANUP(buf_free) = BUF_INIT(ROW_MAX_BYTES);
	struct joint_item item;
	struct digest digest;
	if (!item_read(txn, community, status, &item, &digest))
		return;
	struct reckey key = item_key(community, str_n(item.name, JOINT_NAME_SIZE));
	item.state_ms = state_ms;
	joint_item_encode(&row, &item, &digest);
	store_put(txn, &store_joint_item, &key, &row);
}

void joint_note(struct db_txn *txn, uint64_t community, uint64_t status)
{
	struct joint_item left;
	if (community == 0)
		return;
	/* what is left of a relation that has ended goes sooner or later */
	if (!joint_is(txn, community)) {
		if (item_take(txn, community, status, &left))
			joint_votes_end(txn, community, &left);
		return;
	}
	struct arena *arena = arena_new(ARENA_MAX);
	if (arena == NULL) {
		db_txn_fail(txn, RC_NO_MEMORY);
		return;
	}
	note(txn, arena, community, status);
	if (arena_failed(arena))
		db_txn_fail(txn, RC_NO_MEMORY);
	arena_free(&arena);
}

size_t joint_items(struct db_txn *txn, uint64_t community, unsigned bucket,
		   const unsigned char *after, struct joint_item *out, size_t count)
{
	const unsigned char first = (unsigned char)bucket;
	struct reckey prefix = item_key(community, str_n(&first, 1)), from = prefix;
	struct db_iter it CLEANUP(db_iter_close);
	struct digest digest;
	struct str key, value;
	size_t n = 0;
	if (after != NULL) {
		from = item_key(community, str_n(after, JOINT_NAME_SIZE));
		reckey_add_bytes(&from, "", 1);
	}
	db_iter_open(&it, txn, &store_joint_item, reckey_str(&prefix), DB_FORWARD,
		     reckey_str(&from));
	while (n < count && db_iter_next(&it, &key, &value)) {
		if (key.len != 8 + JOINT_NAME_SIZE || !joint_item_decode(value, &out[n], &digest)) {
			db_txn_fail(txn, RC_CORRUPT);
			return 0;
		}
		memcpy(out[n++].name, key.ptr + 8, JOINT_NAME_SIZE);
	}
	return n;
}

bool joint_item_get(struct db_txn *txn, uint64_t community,
		    const unsigned char name[JOINT_NAME_SIZE], struct joint_item *out)
{
	struct reckey key = item_key(community, str_n(name, JOINT_NAME_SIZE));
	struct digest digest;
	struct str value;
	*out = (struct joint_item){ .status = 0 };
	memcpy(out->name, name, JOINT_NAME_SIZE);
	if (!db_get(txn, &store_joint_item, reckey_str(&key), &value))
		return false;
	if (joint_item_decode(value, out, &digest))
		return true;
	db_txn_fail(txn, RC_CORRUPT);
	return false;
}

size_t joint_index(struct db_txn *txn, uint64_t community, uint64_t *after, size_t count)
{
	uint64_t ids[CHUNK];
	size_t n = 0;
	if (count > CHUNK)
		count = CHUNK;
	{
		struct reckey prefix = reckey_u64(community),
			      from = store_key_after(community, *after);
		struct db_iter it CLEANUP(db_iter_close);
		struct str key;
		db_iter_open(&it, txn, &store_community_post, reckey_str(&prefix), DB_FORWARD,
			     reckey_str(&from));
		while (n < count && db_iter_next(&it, &key, NULL))
			n += reckey_read_u64(key, 8, &ids[n]);
	}
	for (size_t i = 0; i < n; i++)
		joint_note(txn, community, ids[i]);
	if (n != 0)
		*after = ids[n - 1];
	return n;
}

size_t joint_clear(struct db_txn *txn, uint64_t community, size_t count)
{
	/* no new word is about what is no item any more */
	size_t n = joint_words_clear(txn, community, count);
	while (n < count) {
		struct reckey prefix = reckey_u64(community);
		struct db_iter it CLEANUP(db_iter_close);
		struct joint_item item;
		struct str key;
		uint64_t status;
		db_iter_open(&it, txn, &store_joint_item_of, reckey_str(&prefix), DB_FORWARD,
			     STR_NONE);
		if (!db_iter_next(&it, &key, NULL) || !reckey_read_u64(key, 8, &status))
			break;
		db_iter_close(&it);
		if (!item_take(txn, community, status, &item))
			break;
		joint_at_del(txn, status);
		n++;
	}
	return n;
}
