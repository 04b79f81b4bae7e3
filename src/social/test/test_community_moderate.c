/* What waits in communities, is changed and is taken out: never more of it is seen than should be. */
#include "communitykit.h"
#include "pollkit.h"

/* What members post waits; dave, who is elsewhere, and bob are in. */
static void queue_init(struct scene *w)
{
	scene_init(w, &(struct community){ .premoderated = true,
					   .given = COMMUNITY_GIVES_PREMODERATION });
	assert_int_equal(scene_join(w, &w->bob), RC_OK);
	assert_int_equal(scene_join(w, &w->dave), RC_OK);
	test_store_forget_jobs(&w->t);
}

static enum rc moderate(struct scene *w, uint64_t id, enum community_act act)
{
	return scene_act(
		w, (struct job){ .what = MODERATE, .actor = &w->alice, .status = id, .act = act });
}

static enum rc become(struct scene *w, enum community_sight sight)
{
	w->settings.sight = sight;
	w->settings.given |= COMMUNITY_GIVES_SIGHT;
	return scene_act(w, (struct job){ .what = CHANGE, .actor = &w->alice });
}

/* --- what waits while the community becomes another --- */

static void what_waits_appears_as_the_community_is_by_then(void **state UNUSED)
{
	static const struct {
		enum community_sight sight;
		enum visibility visibility;
	} rows[] = {
		{ COMMUNITY_MEMBERS, VISIBILITY_MEMBERS },
		{ COMMUNITY_LOCAL, VISIBILITY_LOCAL },
		{ COMMUNITY_UNLISTED, VISIBILITY_UNLISTED },
		{ COMMUNITY_PUBLIC, VISIBILITY_PUBLIC },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct scene w CLEANUP(scene_free);
		struct federate f;
		uint64_t thread, comment;
		queue_init(&w);
		assert_int_equal(scene_leave(&w, &w.dave), RC_OK);
		assert_int_equal(scene_post(&w, &w.alice, 0, &thread), RC_OK);
		assert_int_equal(scene_post(&w, &w.bob, thread, &comment), RC_OK);
		assert_int_equal(become(&w, rows[i].sight), RC_OK);
		test_store_forget_jobs(&w.t);
		assert_int_equal(moderate(&w, comment, COMMUNITY_ACT_APPROVE), RC_OK);
		assert_int_equal(test_store_status(&w.t, comment).visibility, rows[i].visibility);
		if (rows[i].visibility >= VISIBILITY_LOCAL)
			deed_told_nobody(&w.t);
		else
			assert_true(scene_told(&w, FEDERATE_COMMUNITY_PASS, &f));
		assert_true(scene_sees(&w, NULL, comment) ==
			    (rows[i].visibility < VISIBILITY_LOCAL));
	}
}

static void what_was_for_members_stays_so(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	uint64_t id;
	queue_init(&w);
	assert_int_equal(scene_leave(&w, &w.dave), RC_OK);
	assert_int_equal(become(&w, COMMUNITY_MEMBERS), RC_OK);
	assert_int_equal(scene_post(&w, &w.bob, 0, &id), RC_OK);
	assert_int_equal(become(&w, COMMUNITY_LOCAL), RC_OK);
	assert_int_equal(moderate(&w, id, COMMUNITY_ACT_APPROVE), RC_OK);
	assert_int_equal(test_store_status(&w.t, id).visibility, VISIBILITY_MEMBERS);
}

static void nobody_elsewhere_appears_in_what_stays_here(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	queue_init(&w);
	struct status s = test_store_post(&w.t, &w.dave, VISIBILITY_PUBLIC, "hi", &w.group, NULL);
	assert_true(s.community == w.group.id && s.waits);
	assert_int_equal(scene_leave(&w, &w.dave), RC_OK);
	assert_int_equal(become(&w, COMMUNITY_MEMBERS), RC_OK);
	test_store_forget_jobs(&w.t);
	assert_int_equal(moderate(&w, s.id, COMMUNITY_ACT_APPROVE), RC_DENIED);
	assert_true(test_store_status(&w.t, s.id).waits);
	deed_told_nobody(&w.t);
	assert_int_equal(moderate(&w, s.id, COMMUNITY_ACT_REFUSE), RC_OK);
}

struct below {
	struct scene *w;
	struct account group;
};

static enum rc found_below(struct social *s, void *arg)
{
	struct below *b = arg;
	const struct account_secrets none = { .key_count = 0 };
	const struct new_account account = { .username = STR("green"),
					     .display_name = STR("Green"),
					     .note = STR("") };
	struct community settings = { .parent = b->w->group.id };
	return community_create(s, &b->w->alice, &account, &none, &settings, &b->group);
}

static void members_elsewhere_of_one_below_count(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	struct below b = { .w = &w };
	scene_init(&w, &(struct community){ .given = 0 });
	test_store_write(&w.t, found_below, &b);
	b.group = test_store_account(&w.t, b.group.id);
	struct deed follow = { .verb = DO_FOLLOW,
			       .actor = &w.dave,
			       .target = &b.group,
			       .uri = STR("https://d.example/f/2") };
	assert_int_equal(deed_do(&w.t, &follow), RC_OK);
	assert_int_equal(become(&w, COMMUNITY_MEMBERS), RC_INVALID);
	assert_int_equal(deed_on_account(&w.t, DO_UNFOLLOW, &w.dave, &b.group), RC_OK);
	assert_int_equal(become(&w, COMMUNITY_MEMBERS), RC_OK);
}

static void who_asked_from_elsewhere_is_not_admitted_any_more(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	scene_init(&w, &(struct community){ .join = COMMUNITY_JOIN_ON_REQUEST,
					    .given = COMMUNITY_GIVES_JOIN });
	assert_int_equal(scene_join(&w, &w.dave), RC_OK);
	assert_int_equal(become(&w, COMMUNITY_LOCAL), RC_OK);
	struct job admit = { .what = ADMIT, .actor = &w.alice, .account = w.dave.id };
	assert_int_equal(scene_act(&w, admit), RC_DENIED);
	admit.what = REFUSE;
	assert_int_equal(scene_act(&w, admit), RC_OK);
}

/* --- edits --- */

static enum rc edit(struct scene *w, const struct account *author, uint64_t id, const char *words)
{
	struct status changed = test_store_status(&w->t, id);
	struct deed deed = { .verb = DO_EDIT, .actor = author, .changed = &changed };
	w->t.d.clock.wall_ms += 1000;
	changed.edited_ms = w->t.d.clock.wall_ms;
	changed.content = html_trusted(str_of(words));
	return deed_do(&w->t, &deed);
}

/* Is this passed on to those who follow the community? */
static bool passed(struct scene *w, enum federate_what what)
{
	struct federate jobs[16], inner;
	size_t n = test_store_jobs(&w->t, jobs, ARRAY_LEN(jobs));
	for (size_t i = 0; i < n && i < ARRAY_LEN(jobs); i++) {
		if (jobs[i].what == FEDERATE_COMMUNITY_PASS &&
		    federate_decode(w->t.d.arena, jobs[i].text, &inner) && inner.what == what)
			return true;
	}
	return false;
}

static bool is_marked(struct scene *w, uint64_t id, unsigned flags)
{
	const unsigned all = COMMUNITY_POST_HELD | COMMUNITY_POST_REMOVED | COMMUNITY_POST_CHANGED;
	return (scene_place(w, id).flags & all) == flags;
}

static void who_is_banned_changes_nothing(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	uint64_t id;
	scene_init(&w, &(struct community){ .given = 0 });
	assert_int_equal(scene_join(&w, &w.bob), RC_OK);
	assert_int_equal(scene_join(&w, &w.dave), RC_OK);
	assert_int_equal(scene_post(&w, &w.bob, 0, &id), RC_OK);
	struct status s = test_store_post(&w.t, &w.dave, VISIBILITY_PUBLIC, "hi", &w.group, NULL);
	struct job ban = { .what = BAN, .actor = &w.alice, .account = w.bob.id };
	assert_int_equal(scene_act(&w, ban), RC_OK);
	ban.account = w.dave.id;
	assert_int_equal(scene_act(&w, ban), RC_OK);
	test_store_forget_jobs(&w.t);
	assert_int_equal(edit(&w, &w.bob, id, "<p>buy</p>"), RC_DENIED);
	assert_int_equal(edit(&w, &w.dave, s.id, "<p>buy</p>"), RC_DENIED);
	assert_str_eq(test_store_status(&w.t, id).content.markup, STR("<p>words</p>"));
	deed_told_nobody(&w.t);
	/* it is theirs to delete */
	assert_int_equal(deed_on_status(&w.t, DO_DELETE, &w.bob, id), RC_OK);
	assert_true(passed(&w, FEDERATE_DELETE));
}

static void an_edit_waits_as_the_post_did(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	struct federate f;
	struct notice notices[8];
	uint64_t id;
	queue_init(&w);
	assert_int_equal(scene_post(&w, &w.bob, 0, &id), RC_OK);
	assert_int_equal(edit(&w, &w.bob, id, "<p>better</p>"), RC_OK);
	assert_true(is_marked(&w, id, COMMUNITY_POST_HELD));
	assert_int_equal(moderate(&w, id, COMMUNITY_ACT_APPROVE), RC_OK);
	assert_true(passed(&w, FEDERATE_CREATE) && !passed(&w, FEDERATE_UPDATE));
	test_store_forget_jobs(&w.t);
	assert_int_equal(edit(&w, &w.bob, id, "<p>buy</p>"), RC_OK);
	deed_told_nobody(&w.t);
	assert_true(is_marked(&w, id, COMMUNITY_POST_HELD | COMMUNITY_POST_CHANGED));
	assert_false(scene_sees(&w, &w.carol, id) || scene_sees(&w, NULL, id));
	assert_int_equal(scene_totals(&w).threads, 0);
	assert_true(test_store_notices(&w.t, w.alice.id, notices, ARRAY_LEN(notices)) != 0 &&
		    notices[0].kind == NOTICE_EDIT && notices[0].status == id);
	assert_int_equal(moderate(&w, id, COMMUNITY_ACT_APPROVE), RC_OK);
	assert_true(is_marked(&w, id, 0) && scene_sees(&w, NULL, id));
	assert_int_equal(scene_totals(&w).threads, 1);
	assert_true(passed(&w, FEDERATE_UPDATE) && !passed(&w, FEDERATE_CREATE));
	assert_true(scene_told(&w, FEDERATE_UPDATE, &f) && f.status == id);
	/* what moderators say waits for nobody */
	assert_int_equal(scene_post(&w, &w.alice, 0, &id), RC_OK);
	test_store_forget_jobs(&w.t);
	assert_int_equal(edit(&w, &w.alice, id, "<p>better</p>"), RC_OK);
	assert_true(is_marked(&w, id, 0) && passed(&w, FEDERATE_UPDATE));
}

static void who_elsewhere_changes_a_post_waits_too(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	queue_init(&w);
	struct status s = test_store_post(&w.t, &w.dave, VISIBILITY_PUBLIC, "hi", &w.group, NULL);
	assert_int_equal(moderate(&w, s.id, COMMUNITY_ACT_APPROVE), RC_OK);
	assert_int_equal(edit(&w, &w.dave, s.id, "<p>buy</p>"), RC_OK);
	assert_true(is_marked(&w, s.id, COMMUNITY_POST_HELD | COMMUNITY_POST_CHANGED));
	assert_false(scene_sees(&w, NULL, s.id));
	/* its author takes it back: that is told, since it was known */
	test_store_forget_jobs(&w.t);
	assert_int_equal(deed_on_status(&w.t, DO_DELETE, &w.dave, s.id), RC_OK);
}

static void what_is_removed_is_not_passed_on_when_it_changes(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	uint64_t id;
	scene_init(&w, &(struct community){ .given = 0 });
	assert_int_equal(scene_join(&w, &w.bob), RC_OK);
	assert_int_equal(scene_post(&w, &w.bob, 0, &id), RC_OK);
	assert_int_equal(moderate(&w, id, COMMUNITY_ACT_REMOVE), RC_OK);
	test_store_forget_jobs(&w.t);
	assert_int_equal(edit(&w, &w.bob, id, "<p>again</p>"), RC_OK);
	assert_false(passed(&w, FEDERATE_UPDATE));
	assert_int_equal(deed_on_status(&w.t, DO_LIKE, &w.alice, id), RC_OK);
	assert_false(passed(&w, FEDERATE_LIKE));
	assert_true(is_marked(&w, id, COMMUNITY_POST_REMOVED | COMMUNITY_POST_CHANGED));
	/* it is when it comes back */
	assert_int_equal(moderate(&w, id, COMMUNITY_ACT_RESTORE), RC_OK);
	assert_true(passed(&w, FEDERATE_COMMUNITY_RESTORE) && passed(&w, FEDERATE_UPDATE));
	assert_true(is_marked(&w, id, 0));
}

static void who_is_banned_votes_in_no_poll(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	struct poll_draft poll = poll_asks(3, poll_colours);
	struct draft draft = { .visibility = VISIBILITY_PUBLIC };
	scene_init(&w, &(struct community){ .given = 0 });
	draft.community = w.group.id;
	assert_int_equal(poll_kit_compose(&w.t, &w.alice, &poll, &draft), RC_OK);
	test_store_write(&w.t, poll_post_job, &draft);
	const struct account *people[] = { &w.bob, &w.dave };
	for (size_t i = 0; i < ARRAY_LEN(people); i++) {
		struct job ban = { .what = BAN, .actor = &w.alice, .account = people[i]->id };
		assert_int_equal(scene_act(&w, ban), RC_OK);
		assert_int_equal(poll_vote_by(&w.t, people[i], &draft.status, "red",
					      "https://d.example/v/1"),
				 RC_DENIED);
		ban.what = UNBAN;
		assert_int_equal(scene_act(&w, ban), RC_OK);
		assert_int_equal(poll_vote_by(&w.t, people[i], &draft.status, "red",
					      "https://d.example/v/1"),
				 RC_OK);
	}
	poll_expect(&w.t, &draft.status, 2, 0, 0, 2);
}

/* --- taking out and bringing back --- */

static void what_waits_and_is_removed_is_refused(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	uint64_t id;
	queue_init(&w);
	assert_int_equal(scene_post(&w, &w.bob, 0, &id), RC_OK);
	assert_int_equal(moderate(&w, id, COMMUNITY_ACT_REMOVE), RC_OK);
	assert_true(is_marked(&w, id, COMMUNITY_POST_REMOVED));
	/* nobody has ever heard of it */
	deed_told_nobody(&w.t);
	assert_int_equal(moderate(&w, id, COMMUNITY_ACT_APPROVE), RC_INVALID);
	assert_int_equal(moderate(&w, id, COMMUNITY_ACT_RESTORE), RC_OK);
	assert_true(is_marked(&w, id, COMMUNITY_POST_HELD));
	deed_told_nobody(&w.t);
	assert_int_equal(moderate(&w, id, COMMUNITY_ACT_APPROVE), RC_OK);
	assert_true(passed(&w, FEDERATE_CREATE) && scene_sees(&w, NULL, id));
}

static void what_was_refused_waits_again_when_it_is_brought_back(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	uint64_t thread, comment;
	queue_init(&w);
	assert_int_equal(scene_post(&w, &w.bob, 0, &thread), RC_OK);
	assert_int_equal(moderate(&w, thread, COMMUNITY_ACT_REFUSE), RC_OK);
	assert_int_equal(moderate(&w, thread, COMMUNITY_ACT_REFUSE), RC_EXISTS);
	assert_int_equal(moderate(&w, thread, COMMUNITY_ACT_RESTORE), RC_OK);
	assert_int_equal(moderate(&w, thread, COMMUNITY_ACT_RESTORE), RC_EXISTS);
	assert_true(is_marked(&w, thread, COMMUNITY_POST_HELD));
	assert_int_equal(scene_totals(&w).threads, 0);
	assert_int_equal(moderate(&w, thread, COMMUNITY_ACT_APPROVE), RC_OK);
	assert_true(scene_sees(&w, NULL, thread));
	assert_int_equal(scene_totals(&w).threads, 1);
	/* what is shown is removed, and not refused */
	assert_int_equal(moderate(&w, thread, COMMUNITY_ACT_REFUSE), RC_INVALID);
	assert_int_equal(scene_post(&w, &w.bob, thread, &comment), RC_OK);
	assert_int_equal(moderate(&w, comment, COMMUNITY_ACT_REFUSE), RC_OK);
	assert_int_equal(moderate(&w, comment, COMMUNITY_ACT_RESTORE), RC_OK);
	assert_int_equal(moderate(&w, comment, COMMUNITY_ACT_APPROVE), RC_OK);
	assert_int_equal(scene_totals(&w).comments, 1);
}

static void a_refused_edit_takes_the_post_out(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	struct federate f;
	uint64_t id;
	queue_init(&w);
	assert_int_equal(scene_post(&w, &w.bob, 0, &id), RC_OK);
	assert_int_equal(moderate(&w, id, COMMUNITY_ACT_APPROVE), RC_OK);
	assert_int_equal(edit(&w, &w.bob, id, "<p>buy</p>"), RC_OK);
	test_store_forget_jobs(&w.t);
	/* those who have it as it was hear so */
	assert_int_equal(moderate(&w, id, COMMUNITY_ACT_REFUSE), RC_OK);
	assert_true(passed(&w, FEDERATE_COMMUNITY_REMOVE));
	assert_true(scene_told(&w, FEDERATE_UNBOOST, &f) && f.actor == w.group.id);
	test_store_forget_jobs(&w.t);
	assert_int_equal(moderate(&w, id, COMMUNITY_ACT_RESTORE), RC_OK);
	assert_true(passed(&w, FEDERATE_COMMUNITY_RESTORE) && !passed(&w, FEDERATE_UPDATE));
	assert_false(scene_sees(&w, NULL, id));
	test_store_forget_jobs(&w.t);
	assert_int_equal(edit(&w, &w.bob, id, "<p>sorry</p>"), RC_OK);
	assert_int_equal(moderate(&w, id, COMMUNITY_ACT_APPROVE), RC_OK);
	assert_true(passed(&w, FEDERATE_UPDATE) && scene_sees(&w, NULL, id));
	assert_true(scene_told(&w, FEDERATE_BOOST, &f) && f.actor == w.group.id);
	assert_true(is_marked(&w, id, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_waits_appears_as_the_community_is_by_then),
		cmocka_unit_test(what_was_for_members_stays_so),
		cmocka_unit_test(nobody_elsewhere_appears_in_what_stays_here),
		cmocka_unit_test(members_elsewhere_of_one_below_count),
		cmocka_unit_test(who_asked_from_elsewhere_is_not_admitted_any_more),
		cmocka_unit_test(who_is_banned_changes_nothing),
		cmocka_unit_test(an_edit_waits_as_the_post_did),
		cmocka_unit_test(who_elsewhere_changes_a_post_waits_too),
		cmocka_unit_test(what_is_removed_is_not_passed_on_when_it_changes),
		cmocka_unit_test(who_is_banned_votes_in_no_poll),
		cmocka_unit_test(what_waits_and_is_removed_is_refused),
		cmocka_unit_test(what_was_refused_waits_again_when_it_is_brought_back),
		cmocka_unit_test(a_refused_edit_takes_the_post_out),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
