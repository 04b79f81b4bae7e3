/* What is posted in communities: where it belongs, who sees it, who is told. */
#include "communitykit.h"

/* --- posts --- */

static enum rc foresee_job(struct social *s, void *arg)
{
	return community_foresee(s, arg);
}

static void what_is_posted_is_passed_on(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	struct federate f, inner;
	uint64_t thread, comment;
	scene_init(&w, &(struct community){ .given = 0 });
	assert_int_equal(scene_post(&w, &w.bob, 0, &thread), RC_DENIED);
	assert_int_equal(scene_join(&w, &w.bob), RC_OK);
	assert_int_equal(scene_post(&w, &w.bob, 0, &thread), RC_OK);
	assert_true(scene_told(&w, FEDERATE_COMMUNITY_PASS, &f));
	assert_true(federate_decode(w.t.d.arena, f.text, &inner));
	assert_true(inner.what == FEDERATE_CREATE && inner.status == thread);
	/* servers without groups see it boosted */
	assert_true(scene_told(&w, FEDERATE_BOOST, &f));
	assert_true(f.actor == w.group.id && f.status == thread);
	assert_int_equal(scene_place(&w, thread).root, thread);
	test_store_forget_jobs(&w.t);
	/* whoever answers is in it, and needs to be no member */
	assert_int_equal(scene_post(&w, &w.carol, thread, &comment), RC_OK);
	assert_int_equal(test_store_status(&w.t, comment).community, w.group.id);
	assert_true(scene_told(&w, FEDERATE_COMMUNITY_PASS, &f));
	assert_false(scene_told(&w, FEDERATE_BOOST, &f));
	assert_int_equal(scene_place(&w, thread).comments, 1);
	assert_true(scene_totals(&w).threads == 1 && scene_totals(&w).comments == 1);
	test_store_forget_jobs(&w.t);
	/* votes, edits and deletions, too */
	assert_int_equal(deed_on_status(&w.t, DO_LIKE, &w.alice, comment), RC_OK);
	assert_true(scene_told(&w, FEDERATE_COMMUNITY_PASS, &f));
	assert_true(federate_decode(w.t.d.arena, f.text, &inner));
	assert_true(inner.what == FEDERATE_LIKE && inner.actor == w.alice.id);
	test_store_forget_jobs(&w.t);
	assert_int_equal(deed_on_status(&w.t, DO_DELETE, &w.carol, comment), RC_OK);
	assert_true(scene_told(&w, FEDERATE_COMMUNITY_PASS, &f));
	assert_true(federate_decode(w.t.d.arena, f.text, &inner));
	assert_int_equal(inner.what, FEDERATE_DELETE);
	assert_true(scene_place(&w, thread).comments == 0 && scene_totals(&w).comments == 0);
}

static void a_mention_posts_for_those_who_may(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	scene_init(&w, &(struct community){ .given = 0 });
	struct status s = test_store_post(&w.t, &w.bob, VISIBILITY_PUBLIC, "hi", &w.group, NULL);
	assert_int_equal(s.community, 0);
	assert_int_equal(scene_join(&w, &w.bob), RC_OK);
	s = test_store_post(&w.t, &w.bob, VISIBILITY_PUBLIC, "hi", &w.group, NULL);
	assert_int_equal(s.community, w.group.id);
	/* from elsewhere it is the same */
	assert_int_equal(scene_join(&w, &w.dave), RC_OK);
	s = test_store_post(&w.t, &w.dave, VISIBILITY_PUBLIC, "hi", &w.group, NULL);
	assert_int_equal(s.community, w.group.id);
	/* a letter to a community is a letter, and what is for followers stays with them */
	s = test_store_post(&w.t, &w.bob, VISIBILITY_DIRECT, "psst", &w.group, NULL);
	assert_int_equal(s.community, 0);
	s = test_store_post(&w.t, &w.bob, VISIBILITY_FOLLOWERS, "psst", &w.group, NULL);
	assert_int_equal(s.community, 0);
}

/* Whoever writes by a mere mention hears why not, as with a wish. */
static void what_a_community_refuses_is_not_said_elsewhere(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	uint64_t id, thread;
	scene_init(&w,
		   &(struct community){ .sight = COMMUNITY_MEMBERS,
					.posting = COMMUNITY_POST_APPOINTED,
					.given = COMMUNITY_GIVES_SIGHT | COMMUNITY_GIVES_POSTING });
	struct status open = test_store_post(&w.t, &w.carol, VISIBILITY_PUBLIC, "hi", NULL);
	assert_int_equal(scene_join(&w, &w.bob), RC_OK);
	test_store_forget_jobs(&w.t);
	for (unsigned v = VISIBILITY_PUBLIC; v <= VISIBILITY_FOLLOWERS; v++) {
		/* a member without the right, and somebody who is none; anywhere else, too */
		assert_int_equal(scene_say(&w, &w.bob, v, 0, &id), RC_DENIED);
		assert_int_equal(scene_say(&w, &w.carol, v, 0, &id), RC_DENIED);
		assert_int_equal(scene_say(&w, &w.bob, v, open.id, &id), RC_DENIED);
		deed_told_nobody(&w.t);
		assert_int_equal(scene_say(&w, &w.alice, v, 0, &thread), RC_OK);
		assert_int_equal(test_store_status(&w.t, thread).visibility, VISIBILITY_MEMBERS);
		assert_int_equal(test_store_status(&w.t, thread).community, w.group.id);
		assert_int_equal(scene_say(&w, &w.bob, v, thread, &id), RC_OK);
		assert_int_equal(test_store_status(&w.t, id).visibility, VISIBILITY_MEMBERS);
		deed_told_nobody(&w.t);
	}
	/* a letter goes to those who are named in it */
	assert_int_equal(scene_say(&w, &w.bob, VISIBILITY_DIRECT, 0, &id), RC_OK);
	/* what is public does not come to name it later */
	struct status changed = test_store_status(&w.t, open.id);
	struct status_mention mention = { .uri = w.group.uri, .handle = STR("tea@a.example") };
	struct deed edit = { .verb = DO_EDIT, .actor = &w.carol, .changed = &changed };
	changed.mentions = &mention;
	changed.mention_count = 1;
	changed.edited_ms = TEST_DB_WALL_MS + 1;
	assert_int_equal(deed_do(&w.t, &edit), RC_DENIED);
	changed.mention_count = 0;
	assert_int_equal(deed_do(&w.t, &edit), RC_OK);
}

static void who_speaks_to_a_community_hears_why_not(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	uint64_t id;
	scene_init(&w, &(struct community){ .slow_s = 60, .given = COMMUNITY_GIVES_SLOW });
	assert_int_equal(scene_join(&w, &w.bob), RC_OK);
	assert_int_equal(scene_say(&w, &w.bob, VISIBILITY_PUBLIC, 0, &id), RC_OK);
	assert_int_equal(scene_say(&w, &w.bob, VISIBILITY_PUBLIC, 0, &id), RC_DENIED);
	/* for later it is soon enough */
	struct status_mention mention = { .uri = w.group.uri, .handle = STR("tea@a.example") };
	struct draft later = { .author = w.bob,
			       .status = { .mentions = &mention, .mention_count = 1 } };
	assert_int_equal(test_store_try(&w.t, foresee_job, &later), RC_OK);
	/* of what everybody reads others may speak */
	assert_int_equal(scene_say(&w, &w.carol, VISIBILITY_PUBLIC, 0, &id), RC_OK);
	assert_int_equal(test_store_status(&w.t, id).community, 0);
	struct job ban = { .what = BAN, .actor = &w.alice, .account = w.bob.id };
	assert_int_equal(scene_act(&w, ban), RC_OK);
	assert_int_equal(scene_say(&w, &w.bob, VISIBILITY_PUBLIC, 0, &id), RC_DENIED);
	assert_int_equal(test_store_try(&w.t, foresee_job, &later), RC_DENIED);
	assert_int_equal(scene_say(&w, &w.bob, VISIBILITY_FOLLOWERS, 0, &id), RC_OK);
	w.settings.sight = COMMUNITY_LOCAL;
	w.settings.given |= COMMUNITY_GIVES_SIGHT;
	assert_int_equal(scene_act(&w, (struct job){ .what = CHANGE, .actor = &w.alice }), RC_OK);
	assert_int_equal(scene_say(&w, &w.bob, VISIBILITY_FOLLOWERS, 0, &id), RC_DENIED);
	assert_int_equal(scene_say(&w, &w.carol, VISIBILITY_PUBLIC, 0, &id), RC_DENIED);
	/* among people of the node it is named */
	struct status said = test_store_post(&w.t, &w.carol, VISIBILITY_LOCAL, "hi", NULL);
	assert_int_equal(scene_say(&w, &w.carol, VISIBILITY_LOCAL, said.id, &id), RC_OK);
}

static void what_waits_is_seen_by_moderators(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	struct federate f;
	uint64_t id;
	scene_init(&w, &(struct community){ .premoderated = true,
					    .given = COMMUNITY_GIVES_PREMODERATION });
	assert_int_equal(scene_join(&w, &w.bob), RC_OK);
	assert_int_equal(scene_join(&w, &w.carol), RC_OK);
	test_store_forget_jobs(&w.t);
	assert_int_equal(scene_post(&w, &w.bob, 0, &id), RC_OK);
	deed_told_nobody(&w.t);
	assert_true(scene_sees(&w, &w.bob, id) && scene_sees(&w, &w.alice, id));
	assert_false(scene_sees(&w, &w.carol, id) || scene_sees(&w, NULL, id));
	assert_int_equal(scene_totals(&w).threads, 0);
	struct job approve = {
		.what = MODERATE, .actor = &w.carol, .status = id, .act = COMMUNITY_ACT_APPROVE
	};
	assert_int_equal(scene_act(&w, approve), RC_DENIED);
	approve.actor = &w.alice;
	assert_int_equal(scene_act(&w, approve), RC_OK);
	assert_int_equal(scene_act(&w, approve), RC_EXISTS);
	assert_true(scene_sees(&w, &w.carol, id) && scene_sees(&w, NULL, id));
	assert_true(scene_told(&w, FEDERATE_CREATE, &f) &&
		    scene_told(&w, FEDERATE_COMMUNITY_PASS, &f));
	assert_int_equal(scene_totals(&w).threads, 1);
	/* who moderates waits for nobody; what is refused is its author's alone */
	test_store_forget_jobs(&w.t);
	assert_int_equal(scene_post(&w, &w.alice, 0, &id), RC_OK);
	assert_true(scene_told(&w, FEDERATE_CREATE, &f));
	test_store_forget_jobs(&w.t);
	assert_int_equal(scene_post(&w, &w.bob, 0, &id), RC_OK);
	approve.status = id;
	approve.act = COMMUNITY_ACT_REFUSE;
	assert_int_equal(scene_act(&w, approve), RC_OK);
	assert_false(scene_sees(&w, &w.carol, id));
	assert_true(scene_sees(&w, &w.bob, id));
	/* but for a letter about it */
	f = deed_told(&w.t, FEDERATE_CREATE);
	assert_true(f.status != id && f.visibility == VISIBILITY_DIRECT && f.extra_count == 0);
}

static void what_is_for_members_never_leaves(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	uint64_t thread, comment;
	scene_init(&w, &(struct community){ .sight = COMMUNITY_MEMBERS,
					    .given = COMMUNITY_GIVES_SIGHT });
	/* nor is it told who they are */
	assert_true((w.group.flags & ACCOUNT_HIDE_NETWORK) != 0);
	assert_int_equal(scene_join(&w, &w.dave), RC_DENIED);
	assert_int_equal(scene_join(&w, &w.bob), RC_OK);
	test_store_forget_jobs(&w.t);
	assert_int_equal(scene_post(&w, &w.bob, 0, &thread), RC_OK);
	assert_int_equal(test_store_status(&w.t, thread).visibility, VISIBILITY_MEMBERS);
	assert_true(scene_sees(&w, &w.alice, thread));
	assert_false(scene_sees(&w, &w.carol, thread) || scene_sees(&w, &w.dave, thread) ||
		     scene_sees(&w, NULL, thread));
	assert_int_equal(scene_post(&w, &w.carol, thread, &comment), RC_NOT_FOUND);
	assert_int_equal(scene_post(&w, &w.alice, thread, &comment), RC_OK);
	assert_int_equal(test_store_status(&w.t, comment).visibility, VISIBILITY_MEMBERS);
	assert_int_equal(deed_on_status(&w.t, DO_LIKE, &w.bob, comment), RC_OK);
	assert_int_equal(deed_on_status(&w.t, DO_DELETE, &w.alice, comment), RC_OK);
	deed_told_nobody(&w.t);
	/* and whoever leaves sees it no more */
	struct job remove = {
		.what = MODERATE, .actor = &w.alice, .status = thread, .act = COMMUNITY_ACT_REMOVE
	};
	assert_int_equal(scene_join(&w, &w.carol), RC_OK);
	assert_true(scene_sees(&w, &w.carol, thread));
	assert_int_equal(scene_act(&w, remove), RC_OK);
	assert_false(scene_sees(&w, &w.carol, thread));
	assert_true(scene_sees(&w, &w.alice, thread) && scene_sees(&w, &w.bob, thread));
	remove.act = COMMUNITY_ACT_RESTORE;
	assert_int_equal(scene_act(&w, remove), RC_OK);
	assert_int_equal(scene_leave(&w, &w.carol), RC_OK);
	assert_false(scene_sees(&w, &w.carol, thread));
	deed_told_nobody(&w.t);
}

static void a_locked_thread_takes_no_comments(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	struct federate f;
	uint64_t thread, comment;
	scene_init(&w, &(struct community){ .given = 0 });
	assert_int_equal(scene_join(&w, &w.bob), RC_OK);
	assert_int_equal(scene_post(&w, &w.bob, 0, &thread), RC_OK);
	assert_int_equal(scene_post(&w, &w.bob, thread, &comment), RC_OK);
	test_store_forget_jobs(&w.t);
	struct job lock = {
		.what = MODERATE, .actor = &w.bob, .status = thread, .act = COMMUNITY_ACT_LOCK
	};
	assert_int_equal(scene_act(&w, lock), RC_DENIED);
	lock.actor = &w.alice;
	assert_int_equal(scene_act(&w, lock), RC_OK);
	assert_true(scene_told(&w, FEDERATE_COMMUNITY_PASS, &f));
	assert_int_equal(scene_post(&w, &w.bob, comment, &comment), RC_DENIED);
	struct status late = { .type = STR("Note"),
			       .uri = STR("https://d.example/n/1"),
			       .url = STR(""),
			       .parent_uri = test_store_status(&w.t, thread).uri,
			       .content = html_trusted(STR("<p>late</p>")),
			       .created_ms = TEST_DB_WALL_MS };
	struct deed receive = { .verb = DO_RECEIVE, .actor = &w.dave, .changed = &late };
	assert_int_equal(deed_do(&w.t, &receive), RC_DENIED);
	assert_int_equal(scene_post(&w, &w.alice, thread, &comment), RC_OK);
	lock.act = COMMUNITY_ACT_UNLOCK;
	assert_int_equal(scene_act(&w, lock), RC_OK);
	assert_int_equal(scene_post(&w, &w.bob, thread, &comment), RC_OK);
	lock.status = comment;
	lock.act = COMMUNITY_ACT_PIN;
	assert_int_equal(scene_act(&w, lock), RC_INVALID);
	lock.status = thread;
	assert_int_equal(scene_act(&w, lock), RC_OK);
	assert_true((scene_place(&w, thread).flags & COMMUNITY_POST_PINNED) != 0);
	struct job until = { .what = PIN, .actor = &w.alice, .status = thread };
	until.until_ms = TEST_DB_WALL_MS;
	assert_int_equal(scene_act(&w, until), RC_INVALID);
	until.until_ms = TEST_DB_WALL_MS + 1000;
	assert_int_equal(scene_act(&w, until), RC_OK);
	const struct community_post pinned = scene_place(&w, thread);
	assert_true(community_post_is_pinned(&pinned, TEST_DB_WALL_MS));
	assert_false(community_post_is_pinned(&pinned, TEST_DB_WALL_MS + 1000));
}

static enum rc pins_job(struct social *s, void *arg)
{
	community_pins_end(s, *(const uint64_t *)arg);
	return RC_OK;
}

static void a_pin_ends_when_its_time_is_over(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	struct federate f, inner;
	uint64_t id, always;
	scene_init(&w, &(struct community){ .given = 0 });
	assert_int_equal(scene_post(&w, &w.alice, 0, &id), RC_OK);
	assert_int_equal(scene_post(&w, &w.alice, 0, &always), RC_OK);
	struct job pin = { .what = PIN,
			   .actor = &w.alice,
			   .status = id,
			   .until_ms = w.t.d.clock.wall_ms + 60000 };
	assert_int_equal(scene_act(&w, pin), RC_OK);
	pin.status = always;
	pin.until_ms = 0;
	assert_int_equal(scene_act(&w, pin), RC_OK);
	test_store_forget_jobs(&w.t);
	test_store_write(&w.t, pins_job, &w.group.id);
	deed_told_nobody(&w.t);
	w.t.d.clock.wall_ms += 60000;
	test_store_write(&w.t, pins_job, &w.group.id);
	assert_true(scene_told(&w, FEDERATE_COMMUNITY_PASS, &f));
	assert_true(federate_decode(w.t.d.arena, f.text, &inner));
	assert_true(inner.what == FEDERATE_COMMUNITY_UNPIN && inner.status == id);
	assert_true((scene_place(&w, id).flags & COMMUNITY_POST_PINNED) == 0);
	assert_true((scene_place(&w, always).flags & COMMUNITY_POST_PINNED) != 0);
}

static void slow_communities_make_people_wait(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	uint64_t id;
	scene_init(&w, &(struct community){ .slow_s = 60, .given = COMMUNITY_GIVES_SLOW });
	assert_int_equal(scene_join(&w, &w.bob), RC_OK);
	assert_int_equal(scene_post(&w, &w.bob, 0, &id), RC_OK);
	assert_int_equal(scene_post(&w, &w.bob, 0, &id), RC_DENIED);
	w.t.d.clock.wall_ms += 61000;
	assert_int_equal(scene_post(&w, &w.bob, 0, &id), RC_OK);
}

static void old_threads_go(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	uint64_t old, answered, comment, fresh;
	scene_init(&w,
		   &(struct community){ .retention_days = 2, .given = COMMUNITY_GIVES_RETENTION });
	assert_int_equal(scene_post(&w, &w.alice, 0, &old), RC_OK);
	assert_int_equal(scene_post(&w, &w.alice, 0, &answered), RC_OK);
	w.t.d.clock.wall_ms += (uint64_t)3 * 86400 * 1000;
	assert_int_equal(scene_post(&w, &w.alice, answered, &comment), RC_OK);
	assert_int_equal(scene_post(&w, &w.alice, 0, &fresh), RC_OK);
	struct job retain = { .scene = &w, .what = RETAIN };
	test_store_write(&w.t, scene_run, &retain);
	assert_int_equal(retain.count, 1);
	assert_int_equal(scene_totals(&w).threads, 2);
	assert_int_equal(scene_place(&w, answered).comments, 1);
}

static void what_a_group_elsewhere_says_counts_for_its_own(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	uint64_t id;
	scene_init(&w, &(struct community){ .given = 0 });
	assert_int_equal(scene_post(&w, &w.alice, 0, &id), RC_OK);
	/* never for what is in a community of ours */
	struct job say = { .what = TOLD, .status = id, .act = COMMUNITY_ACT_REMOVE };
	assert_int_equal(scene_act(&w, say), RC_DENIED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_posted_is_passed_on),
		cmocka_unit_test(a_mention_posts_for_those_who_may),
		cmocka_unit_test(what_a_community_refuses_is_not_said_elsewhere),
		cmocka_unit_test(who_speaks_to_a_community_hears_why_not),
		cmocka_unit_test(what_waits_is_seen_by_moderators),
		cmocka_unit_test(what_is_for_members_never_leaves),
		cmocka_unit_test(a_locked_thread_takes_no_comments),
		cmocka_unit_test(a_pin_ends_when_its_time_is_over),
		cmocka_unit_test(slow_communities_make_people_wait),
		cmocka_unit_test(old_threads_go),
		cmocka_unit_test(what_a_group_elsewhere_says_counts_for_its_own),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
