/* What people of here do beside liking: reactions, pins, hashtags; and who may find a post. */
#include "social/react.h"

#include <stdio.h>

#include "deed.h"
#include "social/account.h"
#include "social/see.h"
#include "store/emoji.h"
#include "store/graph.h"
#include "store/pin.h"
#include "store/tables.h"

#define FIRE "\xf0\x9f\x94\xa5"
#define PUBLIC_URI "https://www.w3.org/ns/activitystreams#Public"

enum what {
	REACT,
	UNREACT,
	DISLIKE,
	UNDISLIKE,
	PIN,
	UNPIN,
	TAG,
	UNTAG,
	OFFER,
	PROFILE,
};

struct step {
	enum what what;
	uint64_t actor, status;
	struct str text;
	char reason[200];
};

static enum rc run(struct social *s, void *arg)
{
	struct step *p = arg;
	struct account a;
	struct reaction r;
	enum rc rc = RC_OK;
	if (p->what != OFFER && !account_get(s->txn, s->ctx->arena, p->actor, &a))
		return RC_NOT_FOUND;
	switch (p->what) {
	case REACT:
		rc = act_emoji_choose(s, p->text, &r);
		if (rc == RC_OK)
			rc = act_emoji_react(s, &a, p->status, &r);
		break;
	case UNREACT:
		rc = act_emoji_unreact(s, &a, p->status, p->text);
		break;
	case DISLIKE:
		rc = act_dislike(s, &a, p->status, STR(""));
		break;
	case UNDISLIKE:
		rc = act_undislike(s, &a, p->status);
		break;
	case PIN:
		rc = act_pin(s, &a, p->status);
		break;
	case UNPIN:
		rc = act_unpin(s, &a, p->status);
		break;
	case TAG:
		rc = act_feature_tag(s, &a, p->text);
		break;
	case UNTAG:
		rc = act_unfeature_tag(s, &a, p->text);
		break;
	case OFFER:
		emoji_put(s->txn, p->text, STR("https://pics.example/1.png"));
		break;
	case PROFILE:
		a.display_name = p->text;
		rc = account_change(s, &a);
		break;
	}
	snprintf(p->reason, sizeof(p->reason), "%s", err_text(&s->ctx->err));
	return rc;
}

static enum rc does(struct test_store *t, enum what what, const struct account *actor,
		    uint64_t status, struct str text)
{
	struct step step = {
		.what = what, .actor = actor != NULL ? actor->id : 0, .status = status, .text = text
	};
	return test_store_try(t, run, &step);
}

static void a_reaction_of_ours_is_told_to_its_author_alone(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice"), carol = test_store_local(&t, "carol");
	struct account bob = test_store_remote(&t, "bob", "b.example");
	struct status post = test_store_post(&t, &bob, VISIBILITY_PUBLIC, "x", NULL);
	struct status own = test_store_post(&t, &carol, VISIBILITY_PUBLIC, "x", NULL);
	test_store_forget_jobs(&t);
	assert_int_equal(does(&t, REACT, &alice, post.id, STR(FIRE)), RC_OK);
	struct federate f = deed_told(&t, FEDERATE_REACT);
	assert_str_eq(f.text, STR(FIRE));
	assert_str_eq(f.object, post.uri);
	assert_int_equal(f.extra_count, 1);
	assert_int_equal(f.extra[0], bob.id);
	struct str uri = f.uri;
	assert_int_equal(does(&t, REACT, &alice, post.id, STR(FIRE)), RC_EXISTS);
	assert_int_equal(does(&t, UNREACT, &alice, post.id, STR(FIRE)), RC_OK);
	f = deed_told(&t, FEDERATE_UNREACT);
	assert_str_eq(f.uri, uri);
	assert_str_eq(f.text, STR(FIRE));
	assert_int_equal(does(&t, UNREACT, &alice, post.id, STR(FIRE)), RC_NOT_FOUND);
	/* among people of here nobody else hears */
	assert_int_equal(does(&t, REACT, &alice, own.id, STR(FIRE)), RC_OK);
	deed_told_nobody(&t);
	deed_noticed(&t, &carol, 1, NOTICE_REACTION, alice.id, own.id);
	test_store_check(&t);
}

static void a_dislike_of_ours_is_told_to_its_author_alone(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice"), carol = test_store_local(&t, "carol");
	struct account bob = test_store_remote(&t, "bob", "b.example");
	struct status post = test_store_post(&t, &bob, VISIBILITY_PUBLIC, "x", NULL);
	struct status own = test_store_post(&t, &carol, VISIBILITY_PUBLIC, "x", NULL);
	test_store_forget_jobs(&t);
	assert_int_equal(does(&t, DISLIKE, &alice, post.id, STR("")), RC_OK);
	struct federate f = deed_told(&t, FEDERATE_DISLIKE);
	assert_str_eq(f.object, post.uri);
	assert_int_equal(f.extra_count, 1);
	assert_int_equal(f.extra[0], bob.id);
	struct str uri = f.uri;
	assert_true(str_has_prefix(uri, alice.uri));
	assert_int_equal(does(&t, DISLIKE, &alice, post.id, STR("")), RC_EXISTS);
	assert_int_equal(does(&t, UNDISLIKE, &alice, post.id, STR("")), RC_OK);
	f = deed_told(&t, FEDERATE_UNDISLIKE);
	assert_str_eq(f.uri, uri);
	assert_int_equal(does(&t, UNDISLIKE, &alice, post.id, STR("")), RC_NOT_FOUND);
	/* among people of here nobody hears, not even the author */
	assert_int_equal(does(&t, DISLIKE, &alice, own.id, STR("")), RC_OK);
	deed_told_nobody(&t);
	struct notice notice;
	assert_int_equal(test_store_notices(&t, carol.id, &notice, 1), 0);
	test_store_check(&t);
}

static void a_reaction_is_one_emoji_or_one_of_the_node(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice");
	struct status post = test_store_post(&t, &alice, VISIBILITY_PUBLIC, "x", NULL);
	assert_int_equal(does(&t, REACT, &alice, post.id, STR("nice")), RC_INVALID);
	assert_int_equal(does(&t, REACT, &alice, post.id, STR(FIRE FIRE)), RC_INVALID);
	assert_int_equal(does(&t, REACT, &alice, post.id, STR(":owl:")), RC_NOT_FOUND);
	assert_int_equal(does(&t, OFFER, NULL, 0, STR("owl")), RC_OK);
	assert_int_equal(does(&t, REACT, &alice, post.id, STR(":owl:")), RC_OK);
	assert_int_equal(test_store_rows(&t, &store_reaction_count), 1);
	test_store_check(&t);
}

static void s067_what_is_pinned_is_ones_own_and_open(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice"), bob = test_store_local(&t, "bob");
	struct status theirs = test_store_post(&t, &bob, VISIBILITY_PUBLIC, "x", NULL);
	assert_int_equal(does(&t, PIN, &alice, theirs.id, STR("")), RC_DENIED);
	for (enum visibility v = VISIBILITY_PUBLIC; v <= VISIBILITY_LOCAL; v++) {
		struct status post = test_store_post(&t, &alice, v, "x", NULL);
		assert_int_equal(does(&t, PIN, &alice, post.id, STR("")),
				 visibility_is_open(v) ? RC_OK : RC_DENIED);
	}
	uint64_t last = 0;
	for (unsigned i = 2; i < PINS_LOCAL_MAX; i++) {
		last = test_store_post(&t, &alice, VISIBILITY_PUBLIC, "x", NULL).id;
		test_store_forget_jobs(&t);
		assert_int_equal(does(&t, PIN, &alice, last, STR("")), RC_OK);
		assert_int_equal(deed_told(&t, FEDERATE_PIN).visibility, VISIBILITY_PUBLIC);
		assert_int_equal(does(&t, PIN, &alice, last, STR("")), RC_EXISTS);
	}
	struct status more = test_store_post(&t, &alice, VISIBILITY_PUBLIC, "x", NULL);
	assert_int_equal(does(&t, PIN, &alice, more.id, STR("")), RC_TOO_LARGE);
	test_store_forget_jobs(&t);
	assert_int_equal(does(&t, UNPIN, &alice, last, STR("")), RC_OK);
	deed_told(&t, FEDERATE_UNPIN);
	assert_int_equal(does(&t, UNPIN, &alice, last, STR("")), RC_NOT_FOUND);
	/* a pin goes with its post */
	assert_int_equal(does(&t, PIN, &alice, more.id, STR("")), RC_OK);
	assert_int_equal(deed_on_status(&t, DO_DELETE, &alice, more.id), RC_OK);
	assert_int_equal(test_store_rows(&t, &store_pin), PINS_LOCAL_MAX - 1);
	test_store_check(&t);
}

static void hashtags_of_a_profile_are_few_and_told(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice");
	assert_int_equal(does(&t, TAG, &alice, 0, STR("Trees")), RC_OK);
	assert_str_eq(deed_told(&t, FEDERATE_FEATURE_TAG).text, STR("Trees"));
	assert_int_equal(does(&t, TAG, &alice, 0, STR("trees")), RC_EXISTS);
	assert_int_equal(does(&t, TAG, &alice, 0, STR("no tag")), RC_INVALID);
	for (unsigned i = 1; i < ACCOUNT_TAGS_MAX; i++)
		assert_int_equal(does(&t, TAG, &alice, 0, arena_printf(t.d.arena, "t%u", i)),
				 RC_OK);
	assert_int_equal(does(&t, TAG, &alice, 0, STR("more")), RC_TOO_LARGE);
	test_store_forget_jobs(&t);
	assert_int_equal(does(&t, UNTAG, &alice, 0, STR("TREES")), RC_OK);
	assert_str_eq(deed_told(&t, FEDERATE_UNFEATURE_TAG).text, STR("Trees"));
	assert_int_equal(does(&t, UNTAG, &alice, 0, STR("TREES")), RC_NOT_FOUND);
	test_store_check(&t);
}

static void emoji_of_the_node_are_found_in_texts(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice");
	assert_int_equal(does(&t, OFFER, NULL, 0, STR("owl")), RC_OK);
	struct status post =
		test_store_post(&t, &alice, VISIBILITY_PUBLIC, ":owl: :owl: :none:owl:", NULL);
	assert_int_equal(post.emoji_count, 1);
	assert_str_eq(post.emojis[0].shortcode, STR("owl"));
	assert_int_equal(does(&t, PROFILE, &alice, 0, STR("Alice :owl:")), RC_OK);
	struct account now = test_store_account(&t, alice.id);
	assert_int_equal(now.emoji_count, 1);
	assert_str_eq(now.emojis[0].url, STR("https://pics.example/1.png"));
	assert_int_equal(does(&t, PROFILE, &alice, 0, STR("Alice")), RC_OK);
	assert_int_equal(test_store_account(&t, alice.id).emoji_count, 0);
}

/* FEP-268d and FEP-5feb, rule by rule. */
static void who_may_find_a_post(void **state UNUSED)
{
	enum { NOBODY_SAID, ALL, FOLLOWERS, AUTHOR, BOB };
	static const struct {
		int post, account;
		bool indexable;
		enum visibility visibility;
		bool anybody, follower, bob;
	} rows[] = {
		{ NOBODY_SAID, NOBODY_SAID, true, VISIBILITY_PUBLIC, true, true, true },
		{ NOBODY_SAID, NOBODY_SAID, false, VISIBILITY_PUBLIC, false, false, false },
		{ NOBODY_SAID, NOBODY_SAID, true, VISIBILITY_UNLISTED, false, false, false },
		{ ALL, NOBODY_SAID, false, VISIBILITY_PUBLIC, true, true, true },
		{ ALL, AUTHOR, false, VISIBILITY_UNLISTED, true, true, true },
		{ ALL, ALL, true, VISIBILITY_FOLLOWERS, false, true, false },
		{ AUTHOR, ALL, true, VISIBILITY_PUBLIC, false, false, false },
		{ FOLLOWERS, ALL, true, VISIBILITY_PUBLIC, false, true, false },
		{ BOB, ALL, true, VISIBILITY_PUBLIC, false, false, true },
		{ NOBODY_SAID, FOLLOWERS, true, VISIBILITY_PUBLIC, false, true, false },
		{ NOBODY_SAID, ALL, false, VISIBILITY_PUBLIC, true, true, true },
	};
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account author = test_store_remote(&t, "author", "a.example");
	struct account fan = test_store_local(&t, "fan"), bob = test_store_local(&t, "bob");
	author.followers = STR("https://a.example/users/author/followers");
	test_store_follow(&t, &fan, &author);
	struct str who[] = { [ALL] = STR(PUBLIC_URI),
			     [FOLLOWERS] = author.followers,
			     [AUTHOR] = author.uri,
			     [BOB] = bob.uri };
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct account a = author;
		struct status s = { .account = a.id, .visibility = rows[i].visibility };
		struct db_txn *txn = test_store_read(&t);
		a.flags = rows[i].indexable ? ACCOUNT_INDEXABLE : 0;
		s.searchable_by = &who[rows[i].post];
		s.searchable_count = rows[i].post != NOBODY_SAID;
		a.searchable_by = &who[rows[i].account];
		a.searchable_count = rows[i].account != NOBODY_SAID;
		const struct viewer fans = { fan.id, true }, bobs = { bob.id, true };
		const struct viewer own = { author.id, false };
		if (may_find(txn, VIEWER_ANYBODY, &s, &a) != rows[i].anybody ||
		    may_find(txn, fans, &s, &a) != rows[i].follower ||
		    may_find(txn, bobs, &s, &a) != rows[i].bob || !may_find(txn, own, &s, &a))
			fail_msg("row %zu", i);
		db_read_end(&txn);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_reaction_of_ours_is_told_to_its_author_alone),
		cmocka_unit_test(a_dislike_of_ours_is_told_to_its_author_alone),
		cmocka_unit_test(a_reaction_is_one_emoji_or_one_of_the_node),
		cmocka_unit_test(s067_what_is_pinned_is_ones_own_and_open),
		cmocka_unit_test(hashtags_of_a_profile_are_few_and_told),
		cmocka_unit_test(emoji_of_the_node_are_found_in_texts),
		cmocka_unit_test(who_may_find_a_post),
	};
	return cmocka_run_group_tests_name("react", tests, NULL, NULL);
}
