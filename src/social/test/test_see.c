/* The rule of visibility, case by case (S-066). */
#include "social/see.h"

#include "deed.h"

enum who {
	ANYBODY,
	LOCAL_STRANGER,
	REMOTE_STRANGER,
	LOCAL_FOLLOWER,
	REMOTE_FOLLOWER,
	LOCAL_PENDING,
	REMOTE_PENDING,
	LOCAL_MENTIONED,
	REMOTE_MENTIONED,
	AUTHOR,
	LOCAL_BLOCKED,	/* mentioned, too */
	REMOTE_BLOCKED, /* a follower whose row was left behind */
	WHO_COUNT
};

/* One letter for each viewer, in the order of enum who. */
static const char *const seen_by[] = {
	[VISIBILITY_PUBLIC] = "yyyyyyyyyy--",	 [VISIBILITY_UNLISTED] = "yyyyyyyyyy--",
	[VISIBILITY_FOLLOWERS] = "---yy--yyy--", [VISIBILITY_DIRECT] = "-------yyy--",
	[VISIBILITY_LOCAL] = "-y-y-y-y-y--",
};

struct world {
	struct test_store t;
	struct account who[WHO_COUNT];
	struct status post[VISIBILITY_LOCAL + 1];
};

static enum rc relate(struct social *s, void *arg)
{
	const struct world *w = arg;
	const struct account *author = &w->who[AUTHOR];
	follow_put(s->txn, &w->who[LOCAL_FOLLOWER], author, FOLLOW_ACCEPTED, STR("https://x/1"));
	follow_put(s->txn, &w->who[REMOTE_FOLLOWER], author, FOLLOW_ACCEPTED, STR("https://x/2"));
	follow_put(s->txn, &w->who[LOCAL_PENDING], author, FOLLOW_PENDING, STR("https://x/3"));
	follow_put(s->txn, &w->who[REMOTE_PENDING], author, FOLLOW_PENDING, STR("https://x/4"));
	follow_put(s->txn, &w->who[REMOTE_BLOCKED], author, FOLLOW_ACCEPTED, STR("https://x/5"));
	block_put(s->txn, author->id, w->who[LOCAL_BLOCKED].id, STR(""));
	block_put(s->txn, author->id, w->who[REMOTE_BLOCKED].id, STR(""));
	return db_txn_rc(s->txn);
}

static void world_init(struct world *w)
{
	static const char *const names[WHO_COUNT] = {
		[LOCAL_STRANGER] = "ls",  [REMOTE_STRANGER] = "rs",  [LOCAL_FOLLOWER] = "lf",
		[REMOTE_FOLLOWER] = "rf", [LOCAL_PENDING] = "lp",    [REMOTE_PENDING] = "rp",
		[LOCAL_MENTIONED] = "lm", [REMOTE_MENTIONED] = "rm", [AUTHOR] = "la",
		[LOCAL_BLOCKED] = "lb",	  [REMOTE_BLOCKED] = "rb",
	};
	test_store_init(&w->t);
	w->who[ANYBODY] = (struct account){ .id = 0 };
	for (unsigned i = ANYBODY + 1; i < WHO_COUNT; i++)
		w->who[i] = names[i][0] == 'l' ? test_store_local(&w->t, names[i])
					       : test_store_remote(&w->t, names[i], "r.example");
	test_store_write(&w->t, relate, w);
	for (unsigned v = 0; v <= VISIBILITY_LOCAL; v++)
		w->post[v] = test_store_post(&w->t, &w->who[AUTHOR], (enum visibility)v, "text",
					     &w->who[LOCAL_MENTIONED], &w->who[REMOTE_MENTIONED],
					     &w->who[LOCAL_BLOCKED], NULL);
}

static void world_free(struct world *w)
{
	test_store_free(&w->t);
}

static struct viewer viewer(const struct world *w, unsigned who)
{
	return (struct viewer){ w->who[who].id, account_is_local(&w->who[who]) };
}

static void expect_row(struct world *w, unsigned v, const struct account *author, const char *row)
{
	struct db_txn *txn = test_store_read(&w->t);
	for (unsigned i = 0; i < WHO_COUNT; i++) {
		if (may_see(txn, viewer(w, i), &w->post[v], author) != (row[i] == 'y'))
			fail_msg("viewer %u of a post that is %s: expected %c", i,
				 visibility_name((enum visibility)v), row[i]);
	}
	assert_int_equal(db_txn_rc(txn), RC_OK);
	db_read_end(&txn);
}

static void s066_everybody_sees_what_is_theirs_to_see(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	for (unsigned v = 0; v <= VISIBILITY_LOCAL; v++) {
		assert_int_equal(strlen(seen_by[v]), WHO_COUNT);
		expect_row(&w, v, &w.who[AUTHOR], seen_by[v]);
	}
}

static void s072_nobody_sees_what_a_suspended_or_deleted_author_wrote(void **state UNUSED)
{
	static const unsigned gone[] = { ACCOUNT_SUSPENDED, ACCOUNT_DELETED,
					 ACCOUNT_SUSPENDED | ACCOUNT_LEAVING };
	struct world w CLEANUP(world_free);
	world_init(&w);
	for (size_t i = 0; i < ARRAY_LEN(gone); i++) {
		struct account author = w.who[AUTHOR];
		author.flags |= gone[i];
		for (unsigned v = 0; v <= VISIBILITY_LOCAL; v++)
			expect_row(&w, v, &author, "------------");
	}
}

static void the_author_must_be_the_right_one(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	expect_row(&w, VISIBILITY_PUBLIC, &w.who[LOCAL_STRANGER], "------------");
}

static void a_visibility_out_of_range_is_seen_by_the_author_alone(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	w.post[VISIBILITY_PUBLIC].visibility = (enum visibility)77;
	struct db_txn *txn = test_store_read(&w.t);
	assert_false(may_see(txn, VIEWER_ANYBODY, &w.post[0], &w.who[AUTHOR]));
	assert_false(may_see(txn, viewer(&w, LOCAL_FOLLOWER), &w.post[0], &w.who[AUTHOR]));
	assert_true(may_see(txn, viewer(&w, AUTHOR), &w.post[0], &w.who[AUTHOR]));
	db_read_end(&txn);
}

static void s069_an_end_of_the_follow_ends_the_view(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	assert_int_equal(deed_on_account(&w.t, DO_REJECT, &w.who[AUTHOR], &w.who[REMOTE_FOLLOWER]),
			 RC_OK);
	expect_row(&w, VISIBILITY_FOLLOWERS, &w.who[AUTHOR], "---y---yyy--");
	assert_int_equal(deed_on_account(&w.t, DO_ACCEPT, &w.who[AUTHOR], &w.who[LOCAL_PENDING]),
			 RC_OK);
	expect_row(&w, VISIBILITY_FOLLOWERS, &w.who[AUTHOR], "---y-y-yyy--");
}

static void accounts_are_hidden_from_those_they_block(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	struct account gone = w.who[AUTHOR];
	gone.flags |= ACCOUNT_SUSPENDED;
	struct db_txn *txn = test_store_read(&w.t);
	assert_true(may_see_account(txn, VIEWER_ANYBODY, &w.who[AUTHOR]));
	assert_true(may_see_account(txn, viewer(&w, REMOTE_STRANGER), &w.who[AUTHOR]));
	assert_false(may_see_account(txn, viewer(&w, LOCAL_BLOCKED), &w.who[AUTHOR]));
	assert_true(may_see_account(txn, viewer(&w, AUTHOR), &w.who[LOCAL_BLOCKED]));
	assert_false(may_see_account(txn, viewer(&w, AUTHOR), &gone));
	db_read_end(&txn);
}

static void a_boost_shows_no_more_than_what_it_boosts(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	const struct account *author = &w.who[AUTHOR], *booster = &w.who[LOCAL_STRANGER];
	struct status *post = &w.post[VISIBILITY_PUBLIC];
	struct status boost = {
		.id = 5, .account = booster->id, .flags = STATUS_BOOST, .boost_of = post->id
	};
	struct db_txn *txn = test_store_read(&w.t);
	assert_true(may_see_boost(txn, VIEWER_ANYBODY, &boost, booster, post, author));
	assert_false(may_see_boost(txn, VIEWER_ANYBODY, &boost, booster, NULL, NULL));
	assert_false(may_see_boost(txn, VIEWER_ANYBODY, &boost, booster, post, NULL));
	/* of something else than what is shown */
	assert_false(may_see_boost(txn, VIEWER_ANYBODY, &boost, booster,
				   &w.post[VISIBILITY_UNLISTED], author));
	/* the author of the original has blocked the viewer, or is gone (S-072) */
	assert_false(may_see_boost(txn, viewer(&w, LOCAL_BLOCKED), &boost, booster, post, author));
	struct account gone = *author;
	gone.flags |= ACCOUNT_SUSPENDED;
	assert_false(may_see_boost(txn, VIEWER_ANYBODY, &boost, booster, post, &gone));
	/* the boost is for followers, the original is not */
	boost.visibility = VISIBILITY_FOLLOWERS;
	assert_false(
		may_see_boost(txn, viewer(&w, REMOTE_STRANGER), &boost, booster, post, author));
	assert_true(may_see_boost(txn, viewer(&w, LOCAL_STRANGER), &boost, booster, post, author));
	db_read_end(&txn);
}

static void what_may_be_boosted_and_by_whom(void **state UNUSED)
{
	static const char *const by[] = { "yy", "yy", "y-", "--", "--" }; /* author, another */
	for (unsigned v = 0; v <= VISIBILITY_LOCAL; v++) {
		struct status status = { .account = 1, .visibility = (enum visibility)v };
		assert_int_equal(may_boost(&status, 1), by[v][0] == 'y');
		assert_int_equal(may_boost(&status, 2), by[v][1] == 'y');
		status.flags = STATUS_BOOST;
		assert_false(may_boost(&status, 1));
	}
}

/* What a card under a post shows: what its author allows, to those who may see both. */
static void s066_a_card_is_for_those_who_may_see_both(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice"), bob = test_store_local(&t, "bob");
	struct account carol = test_store_remote(&t, "carol", "c.example");
	test_store_follow(&t, &bob, &alice);
	struct status secret = test_store_post(&t, &alice, VISIBILITY_FOLLOWERS, "x", NULL);
	struct status quote = test_store_post(&t, &alice, VISIBILITY_FOLLOWERS, "y", NULL);
	const struct viewer insider = { bob.id, true }, outsider = { carol.id, false };
	struct account gone = alice;
	gone.flags |= ACCOUNT_SUSPENDED;
	struct db_txn *txn = test_store_read(&t);
	quote.quote = (struct status_quote){ .uri = secret.uri,
					     .status = secret.id,
					     .state = INTERACTION_ACCEPTED };
	assert_true(may_see_quote(txn, insider, &quote, &alice, &secret, &alice));
	assert_false(may_see_quote(txn, outsider, &quote, &alice, &secret, &alice));
	assert_false(may_see_quote(txn, VIEWER_ANYBODY, &quote, &alice, &secret, &alice));
	/* were the quote for everybody, what it quotes would still not be */
	quote.visibility = VISIBILITY_PUBLIC;
	assert_false(may_see_quote(txn, VIEWER_ANYBODY, &quote, &alice, &secret, &alice));
	/* S-072; nothing known; another post */
	assert_false(may_see_quote(txn, insider, &quote, &alice, &secret, &gone));
	assert_false(may_see_quote(txn, insider, &quote, &alice, NULL, NULL));
	assert_false(may_see_quote(txn, insider, &quote, &alice, &quote, &alice));
	const enum interaction_state others[] = { INTERACTION_NONE, INTERACTION_PENDING,
						  INTERACTION_REJECTED, INTERACTION_REVOKED,
						  INTERACTION_UNAUTHORISED };
	for (size_t i = 0; i < ARRAY_LEN(others); i++) {
		quote.quote.state = others[i];
		assert_false(may_see_quote(txn, insider, &quote, &alice, &secret, &alice));
	}
	db_read_end(&txn);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(s066_everybody_sees_what_is_theirs_to_see),
		cmocka_unit_test(s072_nobody_sees_what_a_suspended_or_deleted_author_wrote),
		cmocka_unit_test(the_author_must_be_the_right_one),
		cmocka_unit_test(a_visibility_out_of_range_is_seen_by_the_author_alone),
		cmocka_unit_test(s069_an_end_of_the_follow_ends_the_view),
		cmocka_unit_test(accounts_are_hidden_from_those_they_block),
		cmocka_unit_test(a_boost_shows_no_more_than_what_it_boosts),
		cmocka_unit_test(what_may_be_boosted_and_by_whom),
		cmocka_unit_test(s066_a_card_is_for_those_who_may_see_both),
	};
	return cmocka_run_group_tests_name("see", tests, NULL, NULL);
}
