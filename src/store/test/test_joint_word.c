/* Words of joint communities: votes and bans follow what is stored, add up, and go with what they are
 * about. */
#include "../joint_int.h"
#include "core/must.h"
#include "db/rec.h"
#include "store/account.h"
#include "store/community.h"
#include "store/graph.h"
#include "store/reaction.h"
#include "store/tables.h"
#include "store/told_vote.h"
#include "testdb.h"

#define VOTERS 30
#define MANY 700
#define STRANGER STR("https://v.example/voter")

struct world {
	struct test_db t;
	struct account alice, group, partner, voters[VOTERS];
	struct status post, other; /* the other one is put into the community by one test alone */
	size_t went;
	bool done;
};

static enum rc group_job(struct db_txn *txn, void *arg)
{
	struct world *w = arg;
	const struct community c = { .id = w->group.id, .kind = STR("") };
	w->group.kind = ACCOUNT_GROUP;
	must(account_put(txn, w->t.arena, &w->group));
	return community_put(txn, w->t.arena, &c);
}

static enum rc post_job(struct db_txn *txn, void *arg)
{
	struct world *w = arg;
	const struct community_post p = { .community = w->group.id,
					  .status = w->post.id,
					  .root = w->post.id };
	w->post.community = w->group.id;
	must(status_edit(txn, &w->post));
	community_post_add(txn, &p);
	return db_txn_rc(txn);
}

static enum rc partner_job(struct db_txn *txn, void *arg)
{
	const struct world *w = arg;
	const struct joint j = { .community = w->group.id,
				 .partner = w->partner.id,
				 .state = JOINT_AGREED,
				 .offer = STR("https://p.example/offers/1"),
				 .items = STR("") };
	return joint_put(txn, &j);
}

static void world_init(struct world *w)
{
	test_db_init(&w->t, NULL, 0);
	w->alice = test_db_local(&w->t, "alice");
	w->group = test_db_local(&w->t, "group");
	w->partner = test_db_remote(&w->t, "group", "p.example");
	for (unsigned i = 0; i < VOTERS; i++)
		w->voters[i] = test_db_remote(&w->t, "voter",
					      arena_printf(w->t.arena, "v%u.example", i).ptr);
	w->post = test_db_status(&w->t, &w->alice, 0, 0);
	w->other = test_db_status(&w->t, &w->alice, 0, 0);
	test_db_write(&w->t, group_job, w);
	test_db_write(&w->t, post_job, w);
}

static void world_free(struct world *w)
{
	test_db_free(&w->t);
}

/* The one word of a kind about a name, and how many of them stand in the sums. */
static struct joint_word word(struct world *w, enum joint_about about, struct str who,
			      uint64_t *counted)
{
	struct joint_word out = { .about = about };
	struct reckey name = reckey_digest(who), post = reckey_digest(w->post.uri);
	memcpy(out.name, about == JOINT_VOTES ? post.bytes : name.bytes, JOINT_NAME_SIZE);
	if (about == JOINT_VOTES)
		memcpy(out.name + JOINT_NAME_SIZE, name.bytes, JOINT_NAME_SIZE);
	struct db_txn *txn = test_db_read(&w->t);
	joint_word_get(txn, w->group.id, &out);
	*counted = 0;
	for (unsigned b = 0; b < JOINT_BUCKETS; b++)
		*counted += joint_sum(txn, w->group.id, about, b).count;
	db_read_end(&txn);
	return out;
}

static void vote_is(struct world *w, struct str who, enum joint_vote vote, uint64_t count)
{
	uint64_t counted;
	assert_int_equal(word(w, JOINT_VOTES, who, &counted).state, vote);
	assert_int_equal(counted, count);
	test_db_check(&w->t);
}

/* --- votes --- */

enum verb { LIKE, UNLIKE, DISLIKE, UNDISLIKE, TOLD_UP, TOLD_DOWN, TOLD_BACK };

struct deed {
	struct world *w;
	enum verb verb;
	const struct account *who;
};

static enum rc deed_job(struct db_txn *txn, void *arg)
{
	const struct deed *d = arg;
	const uint64_t post = d->w->post.id;
	switch (d->verb) {
	case LIKE:
		must(like_add(txn, post, d->who->id, STR("")));
		break;
	case UNLIKE:
		must(like_del(txn, post, d->who->id));
		break;
	case DISLIKE:
		must(dislike_add(txn, post, d->who->id, STR("")));
		break;
	case UNDISLIKE:
		must(dislike_del(txn, post, d->who->id));
		break;
	case TOLD_UP:
	case TOLD_DOWN:
		must(told_vote_put(txn, post, STRANGER, d->verb == TOLD_UP));
		break;
	case TOLD_BACK:
		must(told_vote_del(txn, post, STRANGER));
		break;
	}
	return db_txn_rc(txn);
}

static void does(struct world *w, enum verb verb, const struct account *who)
{
	struct deed d = { w, verb, who };
	test_db_write(&w->t, deed_job, &d);
}

static void a_vote_is_what_it_became_last(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	test_db_write(&w.t, partner_job, &w);
	test_db_write(&w.t, post_job, &w);
	struct status again = w.post;
	again.edited_ms = 5;
	w.post = again;
	test_db_write(&w.t, post_job, &w);
	const struct account *v = &w.voters[0];
	does(&w, LIKE, v);
	vote_is(&w, v->uri, JOINT_VOTE_UP, 1);
	does(&w, UNLIKE, v);
	vote_is(&w, v->uri, JOINT_VOTE_NONE, 0);
	does(&w, DISLIKE, v);
	vote_is(&w, v->uri, JOINT_VOTE_DOWN, 1);
	does(&w, UNDISLIKE, v);
	does(&w, LIKE, &w.alice);
	vote_is(&w, w.alice.uri, JOINT_VOTE_UP, 1);
	/* nobody who is known here */
	does(&w, TOLD_DOWN, NULL);
	vote_is(&w, STRANGER, JOINT_VOTE_DOWN, 2);
	does(&w, TOLD_UP, NULL);
	vote_is(&w, STRANGER, JOINT_VOTE_UP, 2);
	does(&w, TOLD_BACK, NULL);
	vote_is(&w, STRANGER, JOINT_VOTE_NONE, 1);
	/* what was taken back is known to have been */
	assert_int_equal(test_db_rows(&w.t, &store_joint_word), 3);
}

static void votes_are_words_in_joint_communities_alone(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	does(&w, LIKE, &w.voters[0]);
	does(&w, TOLD_DOWN, NULL);
	assert_int_equal(test_db_rows(&w.t, &store_joint_word), 0);
	assert_int_equal(test_db_rows(&w.t, &store_joint_at), 0);
}

static enum rc items_job(struct db_txn *txn, void *arg)
{
	struct world *w = arg;
	uint64_t after = 0;
	joint_index(txn, w->group.id, &after, 100);
	return db_txn_rc(txn);
}

static enum rc walk_job(struct db_txn *txn, void *arg)
{
	struct world *w = arg;
	struct joint_walk walk = { .status = 0 };
	for (w->went = 0; !joint_votes_index(txn, w->group.id, &walk, 4); w->went++)
		must(w->went < 100);
	return db_txn_rc(txn);
}

static enum rc forget_job(struct db_txn *txn, void *arg)
{
	struct world *w = arg;
	must(joint_words_clear(txn, w->group.id, 1000) != 0);
	joint_at_del(txn, w->post.id);
	return db_txn_rc(txn);
}

/* As in a database that is older than words are. */
static void a_walk_finds_what_was_voted_before(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	for (unsigned i = 0; i < VOTERS; i++)
		does(&w, i % 3 == 0 ? DISLIKE : LIKE, &w.voters[i]);
	does(&w, TOLD_DOWN, NULL);
	test_db_write(&w.t, partner_job, &w);
	test_db_write(&w.t, items_job, &w);
	vote_is(&w, w.voters[1].uri, JOINT_VOTE_UP, VOTERS + 1);
	test_db_write(&w.t, forget_job, &w);
	vote_is(&w, w.voters[1].uri, JOINT_VOTE_NONE, 0);
	test_db_write(&w.t, walk_job, &w);
	assert_true(w.went >= VOTERS / 4);
	vote_is(&w, w.voters[1].uri, JOINT_VOTE_UP, VOTERS + 1);
	vote_is(&w, w.voters[3].uri, JOINT_VOTE_DOWN, VOTERS + 1);
	vote_is(&w, STRANGER, JOINT_VOTE_DOWN, VOTERS + 1);
}

static enum rc gone_job(struct db_txn *txn, void *arg)
{
	const struct world *w = arg;
	must(community_post_del(txn, w->group.id, w->post.id));
	return db_txn_rc(txn);
}

static void words_go_with_their_post(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	test_db_write(&w.t, partner_job, &w);
	test_db_write(&w.t, items_job, &w);
	for (unsigned i = 0; i < VOTERS; i++)
		does(&w, LIKE, &w.voters[i]);
	vote_is(&w, w.voters[1].uri, JOINT_VOTE_UP, VOTERS);
	test_db_write(&w.t, gone_job, &w);
	assert_int_equal(test_db_rows(&w.t, &store_joint_word), 0);
	assert_int_equal(test_db_rows(&w.t, &store_joint_sum), 0);
	assert_int_equal(test_db_rows(&w.t, &store_joint_at), 0);
	test_db_check(&w.t);
}

static enum rc many_job(struct db_txn *txn, void *arg)
{
	struct world *w = arg;
	const uint64_t posts[] = { w->post.id, w->other.id };
	struct buf voter CLEANUP(buf_free) = BUF_INIT(64);
	for (unsigned i = 0; i < MANY; i++) {
		buf_reset(&voter);
		buf_addf(&voter, "https://many.example/%u", i);
		for (size_t k = 0; k < ARRAY_LEN(posts); k++)
			must(told_vote_put(txn, posts[k], buf_str(&voter), i % 2 == 0));
		/* what was taken back goes as well */
		if (i % 3 == 0)
			must(told_vote_del(txn, posts[0], buf_str(&voter)));
	}
	return db_txn_rc(txn);
}

static void words_of_others_stay(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	uint64_t counted;
	world_init(&w);
	test_db_write(&w.t, partner_job, &w);
	const struct status post = w.post;
	w.post = w.other;
	test_db_write(&w.t, post_job, &w);
	w.post = post;
	test_db_write(&w.t, items_job, &w);
	test_db_write(&w.t, many_job, &w);
	assert_int_equal(test_db_rows(&w.t, &store_joint_word), 2 * MANY);
	word(&w, JOINT_VOTES, STRANGER, &counted);
	assert_int_equal(counted, 2 * MANY - (MANY + 2) / 3);
	test_db_check(&w.t);
	/* of some buckets more than one go, and another post's stay there */
	test_db_write(&w.t, gone_job, &w);
	assert_int_equal(test_db_rows(&w.t, &store_joint_word), MANY);
	word(&w, JOINT_VOTES, STRANGER, &counted);
	assert_int_equal(counted, MANY);
	assert_int_equal(test_db_rows(&w.t, &store_joint_at), 1);
	test_db_check(&w.t);
}

static enum rc clear_job(struct db_txn *txn, void *arg)
{
	struct world *w = arg;
	w->went = joint_clear(txn, w->group.id, 7);
	return RC_OK;
}

static void words_go_some_at_a_time(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	size_t went = 0;
	world_init(&w);
	test_db_write(&w.t, partner_job, &w);
	test_db_write(&w.t, items_job, &w);
	for (unsigned i = 0; i < VOTERS; i++)
		does(&w, LIKE, &w.voters[i]);
	do {
		test_db_write(&w.t, clear_job, &w);
		assert_true(w.went <= 7);
		went += w.went;
		test_db_check(&w.t);
	} while (w.went == 7);
	assert_int_equal(went, VOTERS + 1);
	assert_int_equal(test_db_rows(&w.t, &store_joint_sum), 0);
	assert_int_equal(test_db_rows(&w.t, &store_joint_at), 0);
}

static void pages_hold_all_in_order(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	struct joint_word words[2];
	size_t n, all = 0;
	world_init(&w);
	test_db_write(&w.t, partner_job, &w);
	test_db_write(&w.t, items_job, &w);
	for (unsigned i = 0; i < VOTERS; i++)
		does(&w, LIKE, &w.voters[i]);
	struct db_txn *txn = test_db_read(&w.t);
	for (unsigned b = 0; b < JOINT_BUCKETS; b++) {
		unsigned char last[JOINT_WORD_NAME];
		const unsigned char *after = NULL;
		while ((n = joint_words(txn, w.group.id, JOINT_VOTES, b, after, words, 2)) != 0) {
			all += n;
			for (size_t i = 0; i < n; i++) {
				assert_int_equal(joint_word_bucket(&words[i]), b);
				assert_true(after == NULL ||
					    memcmp(words[i].name, after, JOINT_WORD_NAME) > 0);
			}
			after = memcpy(last, words[n - 1].name, sizeof(last));
		}
	}
	db_read_end(&txn);
	assert_int_equal(all, VOTERS);
}

/* --- bans --- */

struct sentence {
	struct world *w;
	const struct account *who;
	unsigned flags;
	uint64_t until_ms;
};

static enum rc ban_job(struct db_txn *txn, void *arg)
{
	const struct sentence *s = arg;
	const struct community_member m = { .community = s->w->group.id,
					    .account = s->who->id,
					    .role = COMMUNITY_MEMBER,
					    .flags = s->flags,
					    .until_ms = s->until_ms,
					    .reason = STR("rude"),
					    .note = STR("") };
	community_member_put(txn, &m);
	return db_txn_rc(txn);
}

static enum rc unban_job(struct db_txn *txn, void *arg)
{
	const struct sentence *s = arg;
	community_member_del(txn, s->w->group.id, s->who->id);
	return db_txn_rc(txn);
}

static enum rc bans_job(struct db_txn *txn, void *arg)
{
	struct world *w = arg;
	uint64_t after = 0;
	w->went = 0;
	for (size_t n; (n = joint_bans_index(txn, w->t.arena, w->group.id, &after, 3)) != 0;)
		w->went += n;
	return db_txn_rc(txn);
}

static void bans_are_words_as_well(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	uint64_t counted;
	world_init(&w);
	for (unsigned i = 0; i < 5; i++) {
		struct sentence s = { &w, &w.voters[i], COMMUNITY_BANNED, i };
		test_db_write(&w.t, ban_job, &s);
	}
	assert_int_equal(test_db_rows(&w.t, &store_joint_word), 0);
	test_db_write(&w.t, partner_job, &w);
	test_db_write(&w.t, bans_job, &w);
	assert_int_equal(w.went, 5);
	struct joint_word ban = word(&w, JOINT_BANS, w.voters[4].uri, &counted);
	assert_true(ban.state == 1 && ban.until_ms == 4 && counted == 5);
	struct sentence s = { &w, &w.voters[4], COMMUNITY_BANNED, 9 };
	test_db_write(&w.t, ban_job, &s);
	ban = word(&w, JOINT_BANS, w.voters[4].uri, &counted);
	assert_true(ban.state == 1 && ban.until_ms == 9 && counted == 5);
	test_db_write(&w.t, unban_job, &s);
	ban = word(&w, JOINT_BANS, w.voters[4].uri, &counted);
	assert_true(ban.state == 0 && ban.at_ms != 0 && counted == 4);
	/* who was never banned is no word */
	s = (struct sentence){ &w, &w.voters[9], 0, 0 };
	test_db_write(&w.t, ban_job, &s);
	assert_int_equal(test_db_rows(&w.t, &store_joint_word), 5);
	test_db_check(&w.t);
}

/* --- form and damage --- */

/* They are told to others: they are what schemas/joint.md says. */
static void digests_are_those_of_the_text(void **state UNUSED)
{
	struct joint_word vote = { .about = JOINT_VOTES, .state = JOINT_VOTE_DOWN };
	struct joint_word ban = { .about = JOINT_BANS, .state = 1, .until_ms = 77 };
	memset(vote.name, 0xab, JOINT_NAME_SIZE);
	memset(vote.name + JOINT_NAME_SIZE, 0x01, JOINT_NAME_SIZE);
	memset(ban.name, 0xab, JOINT_NAME_SIZE);
	struct digest d = joint_word_digest(&vote);
	struct digest text = digest_sha256(
		STR("abababababababababababababababab\n01010101010101010101010101010101\ndown"));
	assert_memory_equal(d.bytes, text.bytes, DIGEST_SIZE);
	d = joint_word_digest(&ban);
	text = digest_sha256(STR("abababababababababababababababab\n77"));
	assert_memory_equal(d.bytes, text.bytes, DIGEST_SIZE);
	assert_int_equal(joint_word_bucket(&vote), 0xaa);
}

static void every_truncation_is_refused(void **state UNUSED)
{
	struct buf row CLEANUP(buf_free) = BUF_INIT(64);
	const struct joint_word one = { .state = 2, .at_ms = 1700000000000, .until_ms = 8 };
	struct joint_word w;
	joint_word_encode(&row, &one);
	for (size_t len = 0; len < row.len; len++)
		assert_false(joint_word_decode(str_take(buf_str(&row), len), &w));
	assert_true(joint_word_decode(buf_str(&row), &w));
	assert_true(w.state == 2 && w.at_ms == one.at_ms && w.until_ms == 8);
}

static void damage_is_found(void **state UNUSED)
{
	static struct db_table *const tables[] = { &store_joint_word, &store_joint_sum,
						   &store_joint_item_of };
	for (size_t k = 0; k < ARRAY_LEN(tables); k++) {
		struct world w CLEANUP(world_free);
		struct db_iter it;
		struct str key;
		world_init(&w);
		test_db_write(&w.t, partner_job, &w);
		test_db_write(&w.t, items_job, &w);
		does(&w, LIKE, &w.voters[0]);
		struct db_txn *txn = test_db_read(&w.t);
		db_iter_open(&it, txn, tables[k], STR(""), DB_BACKWARD, STR_NONE);
		assert_true(db_iter_next(&it, &key, NULL));
		key = arena_str(w.t.arena, key);
		db_iter_close(&it);
		db_read_end(&txn);
		test_db_put(&w.t, tables[k], key,
			    tables[k] == &store_joint_sum ? STR("\1\5") : STR_NONE);
		assert_true(test_db_complaints(&w.t, NULL) > 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_vote_is_what_it_became_last),
		cmocka_unit_test(votes_are_words_in_joint_communities_alone),
		cmocka_unit_test(a_walk_finds_what_was_voted_before),
		cmocka_unit_test(words_go_with_their_post),
		cmocka_unit_test(words_of_others_stay),
		cmocka_unit_test(words_go_some_at_a_time),
		cmocka_unit_test(pages_hold_all_in_order),
		cmocka_unit_test(bans_are_words_as_well),
		cmocka_unit_test(digests_are_those_of_the_text),
		cmocka_unit_test(every_truncation_is_refused),
		cmocka_unit_test(damage_is_found),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
