/* Posts: edits and ends. */
#include "deed.h"
#include "store/tables.h"

/* --- edits --- */

static enum rc edit(struct test_store *t, const struct account *actor, struct status *changed)
{
	struct deed deed = { .verb = DO_EDIT, .actor = actor, .changed = changed };
	return deed_do(t, &deed);
}

static void s067_an_edit_changes_content_and_nothing_else(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account bob = test_store_remote(&t, "bob", "b.example");
	struct account eve = test_store_remote(&t, "eve", "b.example");
	struct status post = test_store_post(&t, &bob, VISIBILITY_FOLLOWERS, "x", NULL);
	struct status changed = { .id = post.id,
				  .account = eve.id,
				  .flags = STATUS_LOCAL | STATUS_BOOST | STATUS_SENSITIVE,
				  .visibility = VISIBILITY_PUBLIC,
				  .created_ms = 1,
				  .edited_ms = TEST_DB_WALL_MS + 5,
				  .parent = 99,
				  .root = 98,
				  .boost_of = 97,
				  .uri = STR("https://b.example/other"),
				  .type = STR("Note"),
				  .content = html_trusted(STR("new")) };
	assert_int_equal(edit(&t, &eve, &changed), RC_DENIED);
	assert_int_equal(edit(&t, &bob, &changed), RC_OK);
	struct status now = test_store_status(&t, post.id);
	assert_str_eq(now.content.markup, STR("new"));
	assert_int_equal(now.flags, STATUS_SENSITIVE);
	assert_int_equal(now.visibility, VISIBILITY_FOLLOWERS);
	assert_int_equal(now.account, bob.id);
	assert_str_eq(now.uri, post.uri);
	assert_true(now.parent == 0 && now.root == post.id && now.boost_of == 0);
	assert_int_equal(now.created_ms, post.created_ms);
	/* S-022: the same again, and an older one */
	assert_int_equal(edit(&t, &bob, &changed), RC_EXISTS);
	changed.edited_ms--;
	assert_int_equal(edit(&t, &bob, &changed), RC_EXISTS);
	changed.edited_ms += 9;
	assert_int_equal(deed_on_status(&t, DO_SUSPEND, &bob, 0), RC_OK);
	assert_int_equal(edit(&t, &bob, &changed), RC_GONE);
	changed.id = 4711;
	assert_int_equal(edit(&t, &bob, &changed), RC_NOT_FOUND);
	test_store_check(&t);
}

static void s066_an_edit_does_not_reach_whom_it_no_longer_names(void **state UNUSED)
{
	static const enum visibility narrow[] = { VISIBILITY_FOLLOWERS, VISIBILITY_DIRECT };
	for (size_t i = 0; i < ARRAY_LEN(narrow); i++) {
		struct test_store t CLEANUP(test_store_free);
		test_store_init(&t);
		struct account alice = test_store_local(&t, "alice");
		struct account bob = test_store_remote(&t, "bob", "b.example");
		struct account far = test_store_remote(&t, "far", "f.example");
		struct status post = test_store_post(&t, &alice, narrow[i], "x", &bob, &far, NULL);
		test_store_forget_jobs(&t);
		post.mention_count = 1;
		post.edited_ms = TEST_DB_WALL_MS + 5;
		assert_int_equal(edit(&t, &alice, &post), RC_OK);
		struct federate f = deed_told(&t, FEDERATE_UPDATE);
		assert_int_equal(f.extra_count, 1);
		assert_int_equal(f.extra[0], bob.id);
	}
}

static void an_edit_reaches_whom_either_version_names(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice"), carol = test_store_local(&t, "carol"),
		       dave = test_store_local(&t, "dave");
	struct account bob = test_store_remote(&t, "bob", "b.example");
	struct account far = test_store_remote(&t, "far", "f.example");
	struct status top = test_store_post(&t, &far, VISIBILITY_PUBLIC, "top", NULL);
	struct status post =
		test_store_post(&t, &alice, VISIBILITY_PUBLIC, "x", &bob, &carol, NULL);
	struct status_mention mentions[] = { { .uri = carol.uri, .handle = STR("carol@x") },
					     { .uri = dave.uri, .handle = STR("dave@x") } };
	test_store_forget_jobs(&t);
	post.mentions = mentions;
	post.mention_count = 2;
	post.edited_ms = TEST_DB_WALL_MS + 5;
	assert_int_equal(edit(&t, &alice, &post), RC_OK);
	struct federate f = deed_told(&t, FEDERATE_UPDATE);
	assert_int_equal(f.extra_count, 1);
	assert_int_equal(f.extra[0], bob.id);
	deed_noticed(&t, &carol, 1, NOTICE_MENTION, alice.id, post.id);
	deed_noticed(&t, &dave, 1, NOTICE_MENTION, alice.id, post.id);
	post.edited_ms++;
	assert_int_equal(edit(&t, &alice, &post), RC_OK);
	struct federate again = deed_told(&t, FEDERATE_UPDATE);
	assert_false(str_eq(again.uri, f.uri));
	deed_noticed(&t, &dave, 1, NOTICE_MENTION, alice.id, post.id);
	/* the author of the parent has it, too */
	struct status reply = test_store_reply(&t, &alice, &top, "reply");
	test_store_forget_jobs(&t);
	reply.edited_ms = TEST_DB_WALL_MS + 5;
	assert_int_equal(edit(&t, &alice, &reply), RC_OK);
	f = deed_told(&t, FEDERATE_UPDATE);
	assert_int_equal(f.extra_count, 1);
	assert_int_equal(f.extra[0], far.id);
}

/* --- ends --- */

static void a_deletion_takes_boosts_and_likes_along(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice"), carol = test_store_local(&t, "carol");
	struct account bob = test_store_remote(&t, "bob", "b.example");
	struct status post = test_store_post(&t, &alice, VISIBILITY_PUBLIC, "x", &bob, NULL);
	assert_int_equal(deed_on_status(&t, DO_BOOST, &carol, post.id), RC_OK);
	assert_int_equal(deed_on_status(&t, DO_BOOST, &bob, post.id), RC_OK);
	assert_int_equal(deed_on_status(&t, DO_LIKE, &bob, post.id), RC_OK);
	test_store_forget_jobs(&t);
	assert_int_equal(deed_on_status(&t, DO_DELETE, &bob, post.id), RC_DENIED);
	assert_int_equal(deed_on_status(&t, DO_DELETE, &alice, post.id), RC_OK);
	struct federate f = deed_told(&t, FEDERATE_DELETE);
	assert_str_eq(f.object, post.uri);
	assert_int_equal(f.extra_count, 1);
	assert_int_equal(f.extra[0], bob.id);
	assert_int_equal(test_store_rows(&t, &store_status), 0);
	assert_int_equal(test_store_rows(&t, &store_boost), 0);
	assert_int_equal(test_store_rows(&t, &store_like), 0);
	assert_int_equal(deed_account_counts(&t, &carol).statuses, 0);
	assert_int_equal(deed_on_status(&t, DO_DELETE, &alice, post.id), RC_NOT_FOUND);
	deed_told_nobody(&t);
	test_store_check(&t);
}

static void more_boosts_than_a_chunk_go_along(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice");
	struct status post = test_store_post(&t, &alice, VISIBILITY_PUBLIC, "x", NULL);
	for (int i = 0; i < 70; i++) {
		char name[] = { 'b', (char)('0' + i / 10), (char)('0' + i % 10), '\0' };
		struct account booster = test_store_remote(&t, name, "b.example");
		test_db_status(&t.d, &booster, 0, post.id);
	}
	assert_int_equal(deed_status_counts(&t, post.id).boosts, 70);
	assert_int_equal(deed_on_status(&t, DO_DELETE, &alice, post.id), RC_OK);
	assert_int_equal(test_store_rows(&t, &store_status), 0);
	test_store_check(&t);
}

static void deleting_a_boost_is_taking_it_back(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice");
	struct account bob = test_store_remote(&t, "bob", "b.example");
	struct status post = test_store_post(&t, &bob, VISIBILITY_PUBLIC, "x", NULL);
	struct deed boost = {
		.verb = DO_BOOST, .actor = &alice, .status = post.id, .uri = STR("")
	};
	assert_int_equal(deed_do(&t, &boost), RC_OK);
	test_store_forget_jobs(&t);
	assert_int_equal(deed_on_status(&t, DO_DELETE, &bob, boost.made), RC_DENIED);
	assert_int_equal(deed_on_status(&t, DO_DELETE, &alice, boost.made), RC_OK);
	deed_told(&t, FEDERATE_UNBOOST);
	assert_int_equal(deed_status_counts(&t, post.id).boosts, 0);
	assert_int_equal(test_store_rows(&t, &store_status), 1);
	test_store_check(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(s067_an_edit_changes_content_and_nothing_else),
		cmocka_unit_test(s066_an_edit_does_not_reach_whom_it_no_longer_names),
		cmocka_unit_test(an_edit_reaches_whom_either_version_names),
		cmocka_unit_test(a_deletion_takes_boosts_and_likes_along),
		cmocka_unit_test(more_boosts_than_a_chunk_go_along),
		cmocka_unit_test(deleting_a_boost_is_taking_it_back),
	};
	return cmocka_run_group_tests_name("act_edit", tests, NULL, NULL);
}
