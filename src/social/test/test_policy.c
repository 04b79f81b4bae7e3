/* What authors allow others to do with their posts, and who may without being allowed. */
#include "deed.h"
#include "social/interact.h"

#define EVERYBODY STR_INIT("")

struct cast {
	struct test_store t;
	struct account alice, friend, idol, named, stranger, here;
};

static void cast_init(struct cast *c)
{
	test_store_init(&c->t);
	c->alice = test_store_local(&c->t, "alice");
	c->here = test_store_local(&c->t, "here");
	c->friend = test_store_remote(&c->t, "friend", "b.example"); /* follows alice */
	c->idol = test_store_remote(&c->t, "idol", "b.example");     /* is followed by her */
	c->named = test_store_remote(&c->t, "named", "b.example");   /* is mentioned */
	c->stranger = test_store_remote(&c->t, "stranger", "b.example");
	test_store_follow(&c->t, &c->friend, &c->alice);
	test_store_follow(&c->t, &c->alice, &c->idol);
}

static void cast_free(struct cast *c)
{
	test_store_free(&c->t);
}

static enum allowance allows(struct cast *c, const struct status *post, const struct account *actor,
			     enum interaction_kind kind)
{
	struct db_txn *txn = test_store_read(&c->t);
	enum allowance a = policy_allows(txn, post, &c->alice, actor, kind);
	db_read_end(&txn);
	return a;
}

static void without_a_policy_the_defaults_hold(void **state UNUSED)
{
	struct cast c CLEANUP(cast_free);
	cast_init(&c);
	for (int v = 0; v <= VISIBILITY_LOCAL; v++) {
		struct status post =
			test_store_post(&c.t, &c.alice, (enum visibility)v, "x", &c.named, NULL);
		bool open = v == VISIBILITY_PUBLIC || v == VISIBILITY_UNLISTED;
		assert_int_equal(allows(&c, &post, &c.stranger, INTERACTION_LIKE), ALLOWED);
		assert_int_equal(allows(&c, &post, &c.stranger, INTERACTION_REPLY), ALLOWED);
		assert_int_equal(allows(&c, &post, &c.stranger, INTERACTION_QUOTE),
				 open ? ALLOWED : ALLOWED_NOT);
		assert_int_equal(allows(&c, &post, &c.here, INTERACTION_QUOTE),
				 open || v == VISIBILITY_LOCAL ? ALLOWED : ALLOWED_NOT);
		/* what is for some is not spread by those it names */
		assert_int_equal(allows(&c, &post, &c.named, INTERACTION_QUOTE),
				 open ? ALLOWED : ALLOWED_NOT);
		assert_int_equal(allows(&c, &post, &c.alice, INTERACTION_QUOTE),
				 v != VISIBILITY_DIRECT ? ALLOWED : ALLOWED_NOT);
	}
}

static void a_remote_author_without_a_policy_is_asked_for_quotes(void **state UNUSED)
{
	struct cast c CLEANUP(cast_free);
	cast_init(&c);
	struct status post = test_store_post(&c.t, &c.idol, VISIBILITY_PUBLIC, "x", NULL);
	struct db_txn *txn = test_store_read(&c.t);
	assert_int_equal(policy_allows(txn, &post, &c.idol, &c.alice, INTERACTION_QUOTE),
			 ALLOWED_ASKING);
	assert_int_equal(policy_allows(txn, &post, &c.idol, &c.alice, INTERACTION_LIKE), ALLOWED);
	assert_true(policy_is_open(&post, &c.idol, &c.alice, INTERACTION_LIKE));
	assert_false(policy_is_open(&post, &c.idol, &c.alice, INTERACTION_QUOTE));
	db_read_end(&txn);
}

/* "Conflicting / Duplicate Values": the narrowest line decides, among equals the kinder one. */
static void the_narrowest_line_decides(void **state UNUSED)
{
	struct cast c CLEANUP(cast_free);
	cast_init(&c);
	const struct {
		struct policy_entry lines[3];
		unsigned count;
		enum allowance friend, idol, stranger;
	} rows[] = {
		{ { { .kind = INTERACTION_LIKE } }, 0, ALLOWED_NOT, ALLOWED_NOT, ALLOWED_NOT },
		{ { { INTERACTION_LIKE, false, EVERYBODY } }, 1, ALLOWED, ALLOWED, ALLOWED },
		{ { { INTERACTION_LIKE, true, EVERYBODY } },
		  1,
		  ALLOWED_ASKING,
		  ALLOWED_ASKING,
		  ALLOWED_ASKING },
		{ { { INTERACTION_LIKE, false, c.alice.followers } },
		  1,
		  ALLOWED,
		  ALLOWED_NOT,
		  ALLOWED_NOT },
		{ { { INTERACTION_LIKE, false, c.alice.following } },
		  1,
		  ALLOWED_NOT,
		  ALLOWED,
		  ALLOWED_NOT },
		{ { { INTERACTION_LIKE, false, c.stranger.uri } },
		  1,
		  ALLOWED_NOT,
		  ALLOWED_NOT,
		  ALLOWED },
		{ { { INTERACTION_LIKE, false, EVERYBODY },
		    { INTERACTION_LIKE, true, c.stranger.uri } },
		  2,
		  ALLOWED,
		  ALLOWED,
		  ALLOWED_ASKING },
		{ { { INTERACTION_LIKE, true, EVERYBODY },
		    { INTERACTION_LIKE, false, c.alice.followers } },
		  2,
		  ALLOWED,
		  ALLOWED_ASKING,
		  ALLOWED_ASKING },
		{ { { INTERACTION_LIKE, true, c.stranger.uri },
		    { INTERACTION_LIKE, false, c.stranger.uri } },
		  2,
		  ALLOWED_NOT,
		  ALLOWED_NOT,
		  ALLOWED },
		/* a collection of somebody else's, and lines about something else */
		{ { { INTERACTION_LIKE, false, c.idol.followers },
		    { INTERACTION_QUOTE, false, EVERYBODY } },
		  2,
		  ALLOWED_NOT,
		  ALLOWED_NOT,
		  ALLOWED_NOT },
	};
	struct status post = test_store_post(&c.t, &c.alice, VISIBILITY_PUBLIC, "x", NULL);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct policy_entry lines[3];
		memcpy(lines, rows[i].lines, sizeof(lines));
		post.policy = (struct policy){ 0xf, lines, rows[i].count };
		assert_int_equal(allows(&c, &post, &c.friend, INTERACTION_LIKE), rows[i].friend);
		assert_int_equal(allows(&c, &post, &c.idol, INTERACTION_LIKE), rows[i].idol);
		assert_int_equal(allows(&c, &post, &c.stranger, INTERACTION_LIKE),
				 rows[i].stranger);
		/* always: the author */
		assert_int_equal(allows(&c, &post, &c.alice, INTERACTION_LIKE), ALLOWED);
	}
}

static void who_is_named_may_answer_and_quote_whatever_the_policy(void **state UNUSED)
{
	struct cast c CLEANUP(cast_free);
	cast_init(&c);
	struct status post =
		test_store_post(&c.t, &c.alice, VISIBILITY_PUBLIC, "x", &c.named, NULL);
	post.policy.given = 0xf;
	assert_int_equal(allows(&c, &post, &c.named, INTERACTION_REPLY), ALLOWED);
	assert_int_equal(allows(&c, &post, &c.named, INTERACTION_QUOTE), ALLOWED);
	assert_int_equal(allows(&c, &post, &c.named, INTERACTION_LIKE), ALLOWED_NOT);
	assert_int_equal(allows(&c, &post, &c.named, INTERACTION_BOOST), ALLOWED_NOT);
	/* who is answered may answer again */
	post.parent_account = c.stranger.id;
	assert_int_equal(allows(&c, &post, &c.stranger, INTERACTION_REPLY), ALLOWED);
	assert_int_equal(allows(&c, &post, &c.stranger, INTERACTION_QUOTE), ALLOWED_NOT);
	/* who is merely addressed is not named */
	post.mentions[0].handle = STR("");
	assert_int_equal(allows(&c, &post, &c.named, INTERACTION_QUOTE), ALLOWED_NOT);
}

static void what_is_open_is_so_by_name_or_for_all(void **state UNUSED)
{
	struct cast c CLEANUP(cast_free);
	cast_init(&c);
	struct status post = test_store_post(&c.t, &c.alice, VISIBILITY_PUBLIC, "x", NULL);
	struct policy_entry lines[] = { { INTERACTION_LIKE, false, EVERYBODY },
					{ INTERACTION_LIKE, true, c.stranger.uri } };
	post.policy = (struct policy){ 0xf, lines, 2 };
	assert_true(policy_is_open(&post, &c.alice, &c.friend, INTERACTION_LIKE));
	assert_false(policy_is_open(&post, &c.alice, &c.stranger, INTERACTION_LIKE));
	lines[0].uri = c.alice.followers;
	assert_false(policy_is_open(&post, &c.alice, &c.friend, INTERACTION_LIKE));
	lines[1] = (struct policy_entry){ INTERACTION_LIKE, false, c.friend.uri };
	assert_true(policy_is_open(&post, &c.alice, &c.friend, INTERACTION_LIKE));
	assert_true(policy_is_open(&post, &c.alice, &c.alice, INTERACTION_LIKE));
}

static unsigned told(const struct cast *c, const struct status *post, enum interaction_kind kind,
		     struct policy_entry *out)
{
	struct policy_entry all[64];
	unsigned n = 0, count = policy_told(post, &c->alice, all, ARRAY_LEN(all));
	for (unsigned i = 0; i < count; i++) {
		if (all[i].kind == kind)
			out[n++] = all[i];
	}
	return n;
}

static void a_policy_is_told_with_those_who_always_may(void **state UNUSED)
{
	struct cast c CLEANUP(cast_free);
	struct policy_entry out[64];
	cast_init(&c);
	struct status post =
		test_store_post(&c.t, &c.alice, VISIBILITY_PUBLIC, "x", &c.named, NULL);
	for (unsigned k = 1; k <= INTERACTION_KINDS; k++) {
		assert_int_equal(told(&c, &post, (enum interaction_kind)k, out), 1);
		assert_true(out[0].uri.len == 0 && !out[0].manual);
	}
	struct policy policy = { 0 };
	assert_int_equal(
		policy_set(c.t.d.arena, &policy, INTERACTION_QUOTE, POLICY_NOBODY, &c.alice),
		RC_OK);
	assert_int_equal(policy_set(c.t.d.arena, &policy, INTERACTION_REPLY, POLICY_ASK, &c.alice),
			 RC_OK);
	assert_int_equal(
		policy_set(c.t.d.arena, &policy, INTERACTION_LIKE, POLICY_FOLLOWERS, &c.alice),
		RC_OK);
	post.policy = policy;
	assert_int_equal(told(&c, &post, INTERACTION_QUOTE, out), 1);
	assert_str_eq(out[0].uri, c.alice.uri);
	assert_int_equal(told(&c, &post, INTERACTION_REPLY, out), 3);
	assert_true(out[0].manual && out[0].uri.len == 0);
	assert_str_eq(out[1].uri, c.alice.uri);
	assert_str_eq(out[2].uri, c.named.uri);
	assert_int_equal(told(&c, &post, INTERACTION_LIKE, out), 2);
	assert_str_eq(out[0].uri, c.alice.followers);
	assert_int_equal(told(&c, &post, INTERACTION_BOOST, out), 1);
	/* what is for some does not say that it may be spread, whatever was set */
	struct status narrow = test_store_post(&c.t, &c.alice, VISIBILITY_FOLLOWERS, "x", NULL);
	assert_int_equal(
		policy_set(c.t.d.arena, &narrow.policy, INTERACTION_QUOTE, POLICY_PUBLIC, &c.alice),
		RC_OK);
	assert_int_equal(told(&c, &narrow, INTERACTION_QUOTE, out), 1);
	assert_str_eq(out[0].uri, c.alice.uri);
	assert_int_equal(told(&c, &narrow, INTERACTION_BOOST, out), 1);
	assert_int_equal(told(&c, &narrow, INTERACTION_LIKE, out), 0);
}

static void words_are_parsed(void **state UNUSED)
{
	enum policy_who who;
	assert_true(policy_who_parse(STR("public"), &who) && who == POLICY_PUBLIC);
	assert_true(policy_who_parse(STR("followers"), &who) && who == POLICY_FOLLOWERS);
	assert_true(policy_who_parse(STR("ask"), &who) && who == POLICY_ASK);
	assert_true(policy_who_parse(STR("nobody"), &who) && who == POLICY_NOBODY);
	assert_false(policy_who_parse(STR("everybody"), &who));
	assert_false(policy_who_parse(STR(""), &who));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_a_policy_the_defaults_hold),
		cmocka_unit_test(a_remote_author_without_a_policy_is_asked_for_quotes),
		cmocka_unit_test(the_narrowest_line_decides),
		cmocka_unit_test(who_is_named_may_answer_and_quote_whatever_the_policy),
		cmocka_unit_test(what_is_open_is_so_by_name_or_for_all),
		cmocka_unit_test(a_policy_is_told_with_those_who_always_may),
		cmocka_unit_test(words_are_parsed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
