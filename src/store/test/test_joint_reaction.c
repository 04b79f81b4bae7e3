/* Reactions with emoji in joint communities: what partners tell of strangers counts once, and all of them
 * are words that follow what is stored, add up, and go with their post. */
#include "../joint_int.h"
#include "core/must.h"
#include "db/rec.h"
#include "store/account.h"
#include "store/community.h"
#include "store/tables.h"
#include "store/told_reaction.h"
#include "testdb.h"

#define STRANGER STR("https://v.example/voter")
#define FIRE STR("\xf0\x9f\x94\xa5")
#define CAT STR(":blobcat:")

struct world {
	struct test_db t;
	struct account group, partner, carol;
	struct status post;
};

static enum rc group_job(struct db_txn *txn, void *arg)
{
	struct world *w = arg;
	const struct community c = { .id = w->group.id, .kind = STR("") };
	const struct community_post p = { .community = w->group.id,
					  .status = w->post.id,
					  .root = w->post.id };
	w->group.kind = ACCOUNT_GROUP;
	must(account_put(txn, w->t.arena, &w->group));
	must(community_put(txn, w->t.arena, &c) == RC_OK);
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
	uint64_t after = 0;
	must(joint_put(txn, &j) == RC_OK);
	joint_index(txn, w->group.id, &after, 100);
	return db_txn_rc(txn);
}

static void world_init(struct world *w)
{
	test_db_init(&w->t, NULL, 0);
	w->group = test_db_local(&w->t, "group");
	w->partner = test_db_remote(&w->t, "group", "p.example");
	w->carol = test_db_remote(&w->t, "carol", "c.example");
	w->post = test_db_status(&w->t, &w->carol, 0, 0);
	test_db_write(&w->t, group_job, w);
}

static void world_free(struct world *w)
{
	test_db_free(&w->t);
}

/* --- doing --- */

enum verb { REACT, UNREACT, TOLD, TOLD_BACK, ERASE };

struct deed {
	struct world *w;
	enum verb verb;
	struct str text, url;
	struct str who; /* of a told one */
	enum rc rc;
};

static enum rc deed_job(struct db_txn *txn, void *arg)
{
	struct deed *d = arg;
	const struct reckey who = reckey_digest(d->who), emoji = reckey_digest(d->text);
	const struct reaction r = {
		.text = d->text, .host = STR("c.example"), .url = d->url, .uri = STR("")
	};
	const uint64_t post = d->w->post.id;
	switch (d->verb) {
	case REACT:
		d->rc = reaction_add(txn, post, d->w->carol.id, &r);
		break;
	case UNREACT:
		d->rc = reaction_del(txn, post, d->w->carol.id, d->text) ? RC_OK : RC_NOT_FOUND;
		break;
	case TOLD:
		d->rc = told_reaction_put(txn, post, who.bytes, &r);
		break;
	case TOLD_BACK:
		d->rc = told_reaction_del(txn, post, who.bytes, emoji.bytes) ? RC_OK : RC_NOT_FOUND;
		break;
	case ERASE:
		must(community_post_del(txn, d->w->group.id, post));
		d->rc = status_del(txn, post, 1) ? RC_OK : RC_NOT_FOUND;
		break;
	}
	return db_txn_rc(txn);
}

static enum rc does(struct world *w, enum verb verb, struct str who, struct str text)
{
	struct deed d = { .w = w, .verb = verb, .text = text, .url = STR(""), .who = who };
	test_db_write(&w->t, deed_job, &d);
	test_db_check(&w->t);
	return d.rc;
}

static struct joint_word word_of(struct world *w, struct str who, struct str text)
{
	struct joint_word word = { .about = JOINT_REACTIONS };
	const struct reckey names[] = { reckey_digest(w->post.uri), reckey_digest(who),
					reckey_digest(text) };
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		memcpy(word.name + i * JOINT_NAME_SIZE, names[i].bytes, JOINT_NAME_SIZE);
	struct db_txn *txn = test_db_read(&w->t);
	joint_word_get(txn, w->group.id, &word);
	db_read_end(&txn);
	return word;
}

/* How many words stand in sums, and how many reactions of that text are shown. */
static void counts_are(struct world *w, uint64_t words, struct str text, uint32_t shown)
{
	struct reaction_count kind = { .count = 0 };
	uint64_t counted = 0;
	struct db_txn *txn = test_db_read(&w->t);
	for (unsigned b = 0; b < JOINT_BUCKETS; b++)
		counted += joint_sum(txn, w->group.id, JOINT_REACTIONS, b).count;
	if (!reaction_kind_get(txn, w->t.arena, w->post.id, text, STR("c.example"), &kind))
		kind.count = 0;
	db_read_end(&txn);
	assert_int_equal(counted, words);
	assert_int_equal(kind.count, shown);
}

/* --- words --- */

static void each_emoji_is_a_word_of_its_own(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	assert_int_equal(does(&w, REACT, w.carol.uri, FIRE), RC_OK);
	assert_int_equal(test_db_rows(&w.t, &store_joint_word), 0);
	test_db_write(&w.t, partner_job, &w);
	/* what was there before */
	assert_int_equal(word_of(&w, w.carol.uri, FIRE).state, 1);
	assert_int_equal(does(&w, REACT, w.carol.uri, CAT), RC_OK);
	assert_int_equal(does(&w, TOLD, STRANGER, FIRE), RC_OK);
	counts_are(&w, 3, FIRE, 2);
	assert_int_equal(does(&w, UNREACT, w.carol.uri, FIRE), RC_OK);
	assert_int_equal(does(&w, TOLD_BACK, STRANGER, FIRE), RC_OK);
	counts_are(&w, 1, FIRE, 0);
	const struct joint_word word = word_of(&w, w.carol.uri, FIRE);
	assert_true(word.state == 0 && word.at_ms != 0);
	assert_int_equal(word_of(&w, w.carol.uri, CAT).state, 1);
	/* what was taken back is known to have been */
	assert_int_equal(test_db_rows(&w.t, &store_joint_word), 3);
}

static void who_is_known_by_now_counts_once(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	test_db_write(&w.t, partner_job, &w);
	assert_int_equal(does(&w, TOLD, w.carol.uri, FIRE), RC_OK);
	assert_int_equal(does(&w, TOLD, w.carol.uri, FIRE), RC_EXISTS);
	counts_are(&w, 1, FIRE, 1);
	assert_int_equal(does(&w, REACT, w.carol.uri, FIRE), RC_OK);
	counts_are(&w, 1, FIRE, 1);
	assert_int_equal(test_db_rows(&w.t, &store_told_reaction), 0);
	assert_int_equal(does(&w, UNREACT, w.carol.uri, FIRE), RC_OK);
	counts_are(&w, 0, FIRE, 0);
	assert_int_equal(does(&w, TOLD_BACK, w.carol.uri, FIRE), RC_NOT_FOUND);
}

static void nobody_has_more_than_there_may_be(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	test_db_write(&w.t, partner_job, &w);
	for (unsigned i = 0; i < REACTIONS_PER_PERSON; i++)
		assert_int_equal(does(&w, TOLD, STRANGER, arena_printf(w.t.arena, ":cat_%u:", i)),
				 RC_OK);
	assert_int_equal(does(&w, TOLD, STRANGER, CAT), RC_TOO_LARGE);
	for (unsigned i = REACTIONS_PER_PERSON; i < REACTION_KINDS_MAX; i++)
		assert_int_equal(does(&w, TOLD, arena_printf(w.t.arena, "https://v.example/%u", i),
				      arena_printf(w.t.arena, ":cat_%u:", i)),
				 RC_OK);
	assert_int_equal(does(&w, TOLD, STR("https://v.example/new"), CAT), RC_TOO_LARGE);
	assert_int_equal(does(&w, TOLD, STR("https://v.example/new"), STR(":cat_1:")), RC_OK);
	counts_are(&w, REACTION_KINDS_MAX + 1, STR(":cat_1:"), 2);
}

static enum rc forget_job(struct db_txn *txn, void *arg)
{
	struct world *w = arg;
	must(joint_words_clear(txn, w->group.id, 1000) == 4);
	joint_at_del(txn, w->post.id);
	return db_txn_rc(txn);
}

static enum rc walk_job(struct db_txn *txn, void *arg)
{
	struct world *w = arg;
	struct joint_walk walk = { .status = 0 };
	for (unsigned went = 0; !joint_votes_index(txn, w->group.id, &walk, 2); went++)
		must(went < 100);
	return db_txn_rc(txn);
}

/* As in a database that is older than these words are. */
static void a_walk_finds_what_was_there_before(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	test_db_write(&w.t, partner_job, &w);
	assert_int_equal(does(&w, REACT, w.carol.uri, FIRE), RC_OK);
	assert_int_equal(does(&w, REACT, w.carol.uri, CAT), RC_OK);
	assert_int_equal(does(&w, TOLD, STRANGER, FIRE), RC_OK);
	assert_int_equal(does(&w, TOLD, STRANGER, CAT), RC_OK);
	test_db_write(&w.t, forget_job, &w);
	counts_are(&w, 0, FIRE, 2);
	test_db_write(&w.t, walk_job, &w);
	test_db_check(&w.t);
	counts_are(&w, 4, CAT, 2);
	assert_int_equal(word_of(&w, STRANGER, CAT).state, 1);
}

static void they_go_with_their_post(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	test_db_write(&w.t, partner_job, &w);
	assert_int_equal(does(&w, REACT, w.carol.uri, FIRE), RC_OK);
	assert_int_equal(does(&w, TOLD, STRANGER, FIRE), RC_OK);
	assert_int_equal(does(&w, TOLD, STRANGER, CAT), RC_OK);
	assert_int_equal(does(&w, ERASE, STRANGER, FIRE), RC_OK);
	static struct db_table *const tables[] = { &store_told_reaction,  &store_reaction,
						   &store_reaction_count, &store_joint_word,
						   &store_joint_sum,	  &store_joint_at };
	for (size_t i = 0; i < ARRAY_LEN(tables); i++)
		assert_int_equal(test_db_rows(&w.t, tables[i]), 0);
}

/* --- form and damage --- */

/* They are told to others: they are what schemas/joint.md says. */
static void digests_are_those_of_the_text(void **state UNUSED)
{
	struct joint_word word = { .about = JOINT_REACTIONS, .state = 1 };
	memset(word.name, 0xab, JOINT_NAME_SIZE);
	memset(word.name + JOINT_NAME_SIZE, 0x01, JOINT_NAME_SIZE);
	memset(word.name + (size_t)2 * JOINT_NAME_SIZE, 0xcd, JOINT_NAME_SIZE);
	const struct digest d = joint_word_digest(&word);
	const struct digest text = digest_sha256(
		STR("abababababababababababababababab\n01010101010101010101010101010101\n"
		    "cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd"));
	assert_memory_equal(d.bytes, text.bytes, DIGEST_SIZE);
	assert_int_equal(joint_word_bucket(&word), 0xaa);
}

static void damage_is_found(void **state UNUSED)
{
	static struct db_table *const tables[] = { &store_told_reaction, &store_reaction_count,
						   &store_joint_word };
	for (size_t k = 0; k < ARRAY_LEN(tables); k++) {
		struct world w CLEANUP(world_free);
		struct db_iter it;
		struct str key;
		world_init(&w);
		test_db_write(&w.t, partner_job, &w);
		assert_int_equal(does(&w, TOLD, STRANGER, FIRE), RC_OK);
		struct db_txn *txn = test_db_read(&w.t);
		db_iter_open(&it, txn, tables[k], STR(""), DB_FORWARD, STR_NONE);
		assert_true(db_iter_next(&it, &key, NULL));
		key = arena_str(w.t.arena, key);
		db_iter_close(&it);
		db_read_end(&txn);
		test_db_put(&w.t, tables[k], key, STR_NONE);
		assert_true(test_db_complaints(&w.t, NULL) > 0);
		test_db_put(&w.t, tables[k], key, STR("\1"));
		assert_true(test_db_complaints(&w.t, NULL) > 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_emoji_is_a_word_of_its_own),
		cmocka_unit_test(who_is_known_by_now_counts_once),
		cmocka_unit_test(nobody_has_more_than_there_may_be),
		cmocka_unit_test(a_walk_finds_what_was_there_before),
		cmocka_unit_test(they_go_with_their_post),
		cmocka_unit_test(digests_are_those_of_the_text),
		cmocka_unit_test(damage_is_found),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
