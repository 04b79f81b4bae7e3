/* Integrity of joint communities: rows to indexes and back, sums to items. */
#include "check_int.h"
#include "core/attr.h"
#include "db/rec.h"
#include "joint_int.h"
#include "store/account.h"
#include "store/community.h"
#include "store/joint_copy.h"
#include "store/status.h"
#include "store/tables.h"

#define WORDS 100

static void check_joint(const struct check *c, struct str key, struct str value)
{
	struct joint j = { .community = 0 };
	struct account a;
	if (!reckey_read_u64(key, 0, &j.community) || !reckey_read_u64(key, 8, &j.partner) ||
	    !joint_decode(value, &j)) {
		check_say_pair(c, "partner of community", j.community, j.partner,
			       "cannot be decoded");
		return;
	}
	if (!community_exists(c->txn, j.community))
		check_say_pair(c, "partner of community", j.community, j.partner, "is of none");
	if (joint_named(c->txn, j.partner) != j.community)
		check_say_pair(c, "partner of community", j.community, j.partner,
			       "is not found by the group");
	if (!account_get(c->txn, c->arena, j.partner, &a) || account_is_local(&a))
		check_say_pair(c, "partner of community", j.community, j.partner,
			       "is no account elsewhere");
}

static void check_of(const struct check *c, struct str key, struct str value UNUSED)
{
	struct joint j;
	uint64_t partner = 0;
	if (!reckey_read_u64(key, 0, &partner) ||
	    !joint_get(c->txn, c->arena, joint_named(c->txn, partner), partner, &j))
		check_say(c, "joint of", partner, "is not there");
}

static void check_item_of(const struct check *c, struct str key, struct str value)
{
	struct community_post post;
	struct status status;
	uint64_t community = 0, id = 0;
	if (!reckey_read_u64(key, 0, &community) || !reckey_read_u64(key, 8, &id) ||
	    value.len != JOINT_NAME_SIZE) {
		check_say_pair(c, "joint item of", community, id, "cannot be decoded");
		return;
	}
	/* the next read moves what value points to */
	char name[JOINT_NAME_SIZE];
	memcpy(name, value.ptr, JOINT_NAME_SIZE);
	struct reckey item = reckey_u64(community);
	reckey_add_bytes(&item, name, JOINT_NAME_SIZE);
	if (!db_get(c->txn, &store_joint_item, reckey_str(&item), &value))
		check_say_pair(c, "joint item of", community, id, "is not there");
	if (!community_post_get(c->txn, community, id, &post) ||
	    !status_get(c->txn, c->arena, id, &status) ||
	    !check_uri_fits(str_n(name, JOINT_NAME_SIZE), status.uri))
		check_say_pair(c, "joint item of", community, id, "is no post of it");
}

static void check_item(const struct check *c, struct str key, struct str value)
{
	struct joint_item item = { .status = 0 };
	struct status status;
	struct digest digest;
	uint64_t community = 0;
	if (!reckey_read_u64(key, 0, &community) || !joint_item_decode(value, &item, &digest)) {
		check_say_pair(c, "joint item", community, item.status, "cannot be decoded");
		return;
	}
	struct reckey of = reckey_u64_u64(community, item.status);
	struct str there;
	if (!db_get(c->txn, &store_joint_item_of, reckey_str(&of), &there))
		check_say_pair(c, "joint item", community, item.status, "is not found by its post");
	if (!status_get(c->txn, c->arena, item.status, &status))
		return; /* its post's row says so */
	struct digest now = joint_digest(status.uri, item.state, item.edited_ms);
	if (item.edited_ms != status.edited_ms || memcmp(&now, &digest, sizeof(now)) != 0)
		check_say_pair(c, "joint item", community, item.status,
			       "is not what its post says");
}

static struct joint_sum add_up_posts(const struct check *c, uint64_t community, unsigned bucket)
{
	struct joint_sum sum = { .count = 0 };
	struct reckey prefix = reckey_u64(community);
	const unsigned char first = (unsigned char)bucket;
	struct db_iter it CLEANUP(db_iter_close);
	struct joint_item item;
	struct digest digest;
	struct str value;
	reckey_add_bytes(&prefix, &first, 1);
	db_iter_open(&it, c->txn, &store_joint_item, reckey_str(&prefix), DB_FORWARD, STR_NONE);
	while (db_iter_next(&it, NULL, &value)) {
		if (joint_item_decode(value, &item, &digest))
			joint_sum_add(&sum, &digest);
	}
	return sum;
}

static struct joint_sum add_up_words(const struct check *c, uint64_t community,
				     enum joint_about about, unsigned bucket)
{
	struct joint_sum sum = { .count = 0 };
	struct joint_word words[WORDS];
	const unsigned char *after = NULL;
	size_t n;
	while ((n = joint_words(c->txn, community, about, bucket, after, words, WORDS)) != 0) {
		for (size_t i = 0; i < n; i++) {
			const struct digest digest = joint_word_digest(&words[i]);
			if (words[i].state != 0)
				joint_sum_add(&sum, &digest);
		}
		after = words[n - 1].name;
	}
	return sum;
}

static void check_sum(const struct check *c, struct str key, struct str value)
{
	struct joint_sum sum = { .count = 0 };
	uint64_t community = 0, bucket = 0;
	if (!reckey_read_u64(key, 0, &community) || !reckey_read_u64(key, 8, &bucket) ||
	    bucket >= JOINT_ABOUT_COUNT * JOINT_BUCKETS || !joint_sum_decode(value, &sum)) {
		check_say_pair(c, "joint sum", community, bucket, "cannot be decoded");
		return;
	}
	const enum joint_about about = (enum joint_about)(bucket / JOINT_BUCKETS);
	const unsigned number = (unsigned)(bucket % JOINT_BUCKETS);
	const struct joint_sum now = about == JOINT_POSTS
					     ? add_up_posts(c, community, number)
					     : add_up_words(c, community, about, number);
	if (now.count != sum.count || memcmp(now.digest.bytes, sum.digest.bytes, DIGEST_SIZE) != 0)
		check_say_pair(c, "joint sum", community, bucket, "is not what it has");
}

static void check_word(const struct check *c, struct str key, struct str value)
{
	struct joint_word word;
	struct joint_item post;
	struct reaction reaction;
	uint64_t community = 0;
	if (!reckey_read_u64(key, 0, &community) || !joint_word_read(key, value, &word)) {
		check_say_pair(c, "joint word", community, key.len, "cannot be decoded");
		return;
	}
	if (joint_word_bucket(&word) != (unsigned char)key.ptr[9])
		check_say_pair(c, "joint word", community, word.about, "is in another bucket");
	if (word.about == JOINT_BANS)
		return;
	if (!joint_item_get(c->txn, community, word.name, &post))
		check_say_pair(c, "joint word", community, word.about, "is about no post of it");
	else if (word.about == JOINT_REACTIONS &&
		 joint_reaction_get(c->txn, c->arena, community, &word, &reaction) !=
			 (word.state != 0))
		check_say_pair(c, "joint word", community, word.about,
			       "is not what was reacted with");
}

/* Keys are as long as what they are about wants. */
static void check_words(const struct check *c)
{
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	db_iter_open(&it, c->txn, &store_joint_word, STR(""), DB_FORWARD, STR_NONE);
	while (db_iter_next(&it, &key, &value)) {
		arena_reset(c->arena);
		check_word(c, key, value);
	}
}

static void check_at(const struct check *c, struct str key, struct str value)
{
	uint64_t status = 0, community = 0;
	struct str there;
	if (!reckey_read_u64(key, 0, &status) || !reckey_read_u64(value, 0, &community)) {
		check_say(c, "joint post", status, "cannot be decoded");
		return;
	}
	struct reckey of = reckey_u64_u64(community, status);
	if (!db_get(c->txn, &store_joint_item_of, reckey_str(&of), &there))
		check_say(c, "joint post", status, "is in no joint community");
}

void joint_check(struct db_txn *txn, struct arena *arena, void (*bad)(void *arg, struct str what),
		 void *arg)
{
	const struct check c = { txn, arena, bad, arg };
	check_walk(&c, &store_joint, 16, check_joint);
	check_walk(&c, &store_joint_of, 8, check_of);
	check_walk(&c, &store_joint_item_of, 16, check_item_of);
	check_walk(&c, &store_joint_item, 8 + JOINT_NAME_SIZE, check_item);
	check_walk(&c, &store_joint_sum, 16, check_sum);
	check_words(&c);
	check_walk(&c, &store_joint_at, 8, check_at);
	joint_copy_check(txn, arena, bad, arg);
}
