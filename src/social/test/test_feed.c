/* Feeds: what belongs into them, their pages, and that a kept feed is what a fresh one would be. */
#include "social/feed.h"

#include "../feed_int.h"
#include "deed.h"
#include "social/keep.h"
#include "social/mute.h"
#include "social/relation.h"
#include "store/graph.h"

#define PAGE 40

struct scene {
	struct test_store t;
	struct feeds *feeds;
	struct account me, ann, bob, eve; /* I follow Ann and Bob */
	uint64_t ids[PAGE];
	size_t count;
};

static void scene_init(struct scene *s)
{
	test_store_init(&s->t);
	s->feeds = feeds_new(&s->t.d.clock.clock, 4);
	assert_non_null(s->feeds);
	s->me = test_store_local(&s->t, "me");
	s->ann = test_store_local(&s->t, "ann");
	s->bob = test_store_remote(&s->t, "bob", "b.example");
	s->eve = test_store_remote(&s->t, "eve", "e.example");
	test_store_follow(&s->t, &s->me, &s->ann);
	test_store_follow(&s->t, &s->me, &s->bob);
}

static void scene_free(struct scene *s)
{
	feeds_free(&s->feeds);
	test_store_free(&s->t);
}

static enum rc read_page(struct scene *s, struct feeds *feeds, uint64_t list, struct id_range range,
			 size_t count)
{
	struct db_txn *txn = test_store_read(&s->t);
	enum rc rc = feed_read(feeds, txn, s->me.id, list, &range, s->ids, count, &s->count);
	db_read_end(&txn);
	return rc;
}

static void see(struct scene *s, struct id_range range, size_t count)
{
	assert_int_equal(read_page(s, s->feeds, 0, range, count), RC_OK);
}

/* The home feed is these, newest first, up to a 0: as it is kept, and as it is made anew. */
static void shows(struct scene *s, const uint64_t *expected)
{
	struct feeds *fresh = feeds_new(&s->t.d.clock.clock, 1);
	assert_non_null(fresh);
	for (int i = 0; i < 2; i++) {
		size_t n = 0;
		assert_int_equal(
			read_page(s, i == 0 ? s->feeds : fresh, 0, (struct id_range){ 0 }, PAGE),
			RC_OK);
		for (; expected[n] != 0; n++) {
			assert_true(n < s->count);
			assert_int_equal(s->ids[n], expected[n]);
		}
		assert_int_equal(s->count, n);
	}
	feeds_free(&fresh);
}

static uint64_t post(struct scene *s, const struct account *author)
{
	return test_store_post(&s->t, author, VISIBILITY_PUBLIC, "x", NULL).id;
}

static uint64_t boost(struct scene *s, const struct account *booster, uint64_t status)
{
	struct deed deed = { .verb = DO_BOOST,
			     .actor = booster,
			     .status = status,
			     .uri = STR(""),
			     .visibility = VISIBILITY_PUBLIC };
	if (!account_is_local(booster))
		deed.uri = arena_printf(s->t.d.arena, "%.*s/boosts/%llu", STR_ARG(booster->uri),
					(unsigned long long)status);
	assert_int_equal(deed_do(&s->t, &deed), RC_OK);
	return deed.made;
}

static void whom_one_follows_and_oneself_are_at_home(void **state UNUSED)
{
	struct scene s CLEANUP(scene_free);
	scene_init(&s);
	uint64_t a = post(&s, &s.ann);
	shows(&s, (uint64_t[]){ a, 0 });
	uint64_t b = post(&s, &s.bob);
	post(&s, &s.eve);
	uint64_t mine = post(&s, &s.me);
	shows(&s, (uint64_t[]){ mine, b, a, 0 });
	/* what is for followers is for me, a letter only when it names me */
	uint64_t inner = test_store_post(&s.t, &s.ann, VISIBILITY_FOLLOWERS, "x", NULL).id;
	uint64_t local = test_store_post(&s.t, &s.ann, VISIBILITY_LOCAL, "x", NULL).id;
	test_store_post(&s.t, &s.ann, VISIBILITY_DIRECT, "x", &s.bob, NULL);
	uint64_t letter = test_store_post(&s.t, &s.ann, VISIBILITY_DIRECT, "x", &s.me, NULL).id;
	shows(&s, (uint64_t[]){ letter, local, inner, mine, b, a, 0 });
}

static void a_follow_begins_and_ends_with_all_that_was_written(void **state UNUSED)
{
	struct scene s CLEANUP(scene_free);
	scene_init(&s);
	uint64_t e = post(&s, &s.eve), a = post(&s, &s.ann);
	shows(&s, (uint64_t[]){ a, 0 });
	test_store_follow(&s.t, &s.me, &s.eve);
	shows(&s, (uint64_t[]){ a, e, 0 });
	assert_int_equal(deed_on_account(&s.t, DO_UNFOLLOW, &s.me, &s.ann), RC_OK);
	shows(&s, (uint64_t[]){ e, 0 });
	assert_int_equal(deed_on_account(&s.t, DO_BLOCK, &s.eve, &s.me), RC_OK);
	shows(&s, (uint64_t[]){ 0 });
}

static void replies_are_shown_to_those_who_follow_both(void **state UNUSED)
{
	struct scene s CLEANUP(scene_free);
	scene_init(&s);
	struct status a = test_store_post(&s.t, &s.ann, VISIBILITY_PUBLIC, "x", NULL);
	struct status e = test_store_post(&s.t, &s.eve, VISIBILITY_PUBLIC, "x", NULL);
	struct status m = test_store_post(&s.t, &s.me, VISIBILITY_PUBLIC, "x", NULL);
	uint64_t both = test_store_reply(&s.t, &s.bob, &a, "x").id;
	test_store_reply(&s.t, &s.bob, &e, "x");
	uint64_t to_me = test_store_reply(&s.t, &s.bob, &m, "x").id;
	uint64_t to_self = test_store_reply(&s.t, &s.ann, &a, "x").id;
	uint64_t by_me = test_store_reply(&s.t, &s.me, &e, "x").id;
	shows(&s, (uint64_t[]){ by_me, to_self, to_me, both, m.id, a.id, 0 });
}

static void a_boost_is_shown_unless_the_post_is_near(void **state UNUSED)
{
	struct scene s CLEANUP(scene_free);
	scene_init(&s);
	uint64_t e = post(&s, &s.eve), a = post(&s, &s.ann);
	uint64_t first = boost(&s, &s.bob, e);
	boost(&s, &s.ann, e);
	boost(&s, &s.bob, a);
	shows(&s, (uint64_t[]){ first, a, 0 });
	/* far away from it, it is shown again */
	uint64_t long_list[FEED_APART + 4];
	long_list[FEED_APART + 1] = first;
	long_list[FEED_APART + 2] = a;
	long_list[FEED_APART + 3] = 0;
	for (size_t i = FEED_APART; i > 0; i--)
		long_list[i] = post(&s, &s.ann);
	long_list[0] = boost(&s, &s.me, e);
	assert_int_equal(read_page(&s, s.feeds, 0, (struct id_range){ 0 }, 2), RC_OK);
	assert_int_equal(s.ids[0], long_list[0]);
	assert_int_equal(s.ids[1], long_list[1]);
	see(&s, (struct id_range){ .max_id = long_list[FEED_APART - 1] }, PAGE);
	assert_int_equal(s.count, 3);
	assert_int_equal(s.ids[1], first);
}

static void whom_one_has_blocked_is_not_shown_by_others(void **state UNUSED)
{
	struct scene s CLEANUP(scene_free);
	scene_init(&s);
	struct account eve = test_store_local(&s.t, "eva");
	uint64_t e = post(&s, &eve);
	uint64_t about = test_store_post(&s.t, &s.ann, VISIBILITY_PUBLIC, "x", &eve, NULL).id;
	uint64_t b = boost(&s, &s.bob, e);
	shows(&s, (uint64_t[]){ b, about, 0 });
	assert_int_equal(deed_on_account(&s.t, DO_BLOCK, &s.me, &eve), RC_OK);
	shows(&s, (uint64_t[]){ 0 });
	assert_int_equal(deed_on_account(&s.t, DO_UNBLOCK, &s.me, &eve), RC_OK);
	shows(&s, (uint64_t[]){ b, about, 0 });
	assert_int_equal(deed_on_account(&s.t, DO_BLOCK, &eve, &s.me), RC_OK);
	shows(&s, (uint64_t[]){ about, 0 });
}

/* --- what one has set --- */

enum setting {
	SET_MUTE,
	SET_HIDE_HOST,
	SET_NO_BOOSTS,
	SET_LANGUAGE,
	SET_TAG,
	SET_LIST,
	SET_LIST_REPLIES,
	SET_LIST_MEMBER,
};

struct set {
	enum setting what;
	const struct account *actor, *target;
	struct str text;
	struct list list;
	bool back;
};

static enum rc set_job(struct social *s, void *arg)
{
	struct set *set = arg;
	const struct account *me = set->actor, *whom = set->target;
	const struct follow_wish no_boosts = { .has_boosts = true, .boosts = set->back };
	const struct follow_wish german = { .has_languages = true,
					    .languages = &set->text,
					    .language_count = set->back ? 0 : 1 };
	switch (set->what) {
	case SET_MUTE:
		return set->back ? act_unmute(s, me, whom) : act_mute(s, me, whom, false, 0);
	case SET_HIDE_HOST:
		return set->back ? act_unblock_domain(s, me, set->text)
				 : act_block_domain(s, me, set->text);
	case SET_NO_BOOSTS:
		return act_follow_as(s, me, whom, &no_boosts);
	case SET_LANGUAGE:
		return act_follow_as(s, me, whom, &german);
	case SET_TAG:
		return set->back ? act_unfollow_tag(s, me, set->text)
				 : act_follow_tag(s, me, set->text);
	case SET_LIST:
		return act_list_make(s, me, &set->list);
	case SET_LIST_REPLIES:
		return act_list_change(s, me, &set->list);
	case SET_LIST_MEMBER:
		return set->back ? act_list_remove(s, me, set->list.id, &whom->id, 1)
				 : act_list_add(s, me, set->list.id, &whom->id, 1);
	}
	return RC_INVALID;
}

static void set(struct scene *s, struct set *how)
{
	how->actor = &s->me;
	test_store_write(&s->t, set_job, how);
}

static void what_one_has_set_is_heeded_and_may_be_taken_back(void **state UNUSED)
{
	struct scene s CLEANUP(scene_free);
	scene_init(&s);
	uint64_t e = post(&s, &s.eve), a = post(&s, &s.ann), b = post(&s, &s.bob);
	uint64_t again = boost(&s, &s.bob, e);
	const struct {
		struct set set;
		uint64_t expected[4];
	} cases[] = {
		{ { .what = SET_MUTE, .target = &s.ann }, { again, b } },
		{ { .what = SET_MUTE, .target = &s.eve }, { b, a } },
		{ { .what = SET_NO_BOOSTS, .target = &s.bob }, { b, a } },
		{ { .what = SET_HIDE_HOST, .text = STR_INIT("e.example") }, { b, a } },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct set how = cases[i].set;
		shows(&s, (uint64_t[]){ again, b, a, 0 });
		set(&s, &how);
		shows(&s, cases[i].expected);
		how.back = true;
		set(&s, &how);
	}
	shows(&s, (uint64_t[]){ again, b, a, 0 });
}

static void a_list_may_keep_its_members_from_home(void **state UNUSED)
{
	struct scene s CLEANUP(scene_free);
	scene_init(&s);
	uint64_t a = post(&s, &s.ann), b = post(&s, &s.bob);
	struct set how = { .what = SET_LIST,
			   .target = &s.bob,
			   .list = { .title = STR("far"), .exclusive = true } };
	set(&s, &how);
	how.what = SET_LIST_MEMBER;
	set(&s, &how);
	shows(&s, (uint64_t[]){ a, 0 });
	how.back = true;
	set(&s, &how);
	shows(&s, (uint64_t[]){ b, a, 0 });
}

static void only_the_languages_that_one_wants_are_at_home(void **state UNUSED)
{
	struct scene s CLEANUP(scene_free);
	struct set how = { .what = SET_LANGUAGE, .target = &s.bob, .text = STR("de") };
	struct status status = { .type = STR("Note"),
				 .language = STR("en"),
				 .uri = STR("https://b.example/en"),
				 .url = STR("https://b.example/en") };
	struct deed deed = { .verb = DO_RECEIVE, .actor = &s.bob, .changed = &status };
	scene_init(&s);
	set(&s, &how);
	uint64_t b = post(&s, &s.bob);
	assert_int_equal(deed_do(&s.t, &deed), RC_OK);
	shows(&s, (uint64_t[]){ b, 0 });
	how.back = true;
	set(&s, &how);
	shows(&s, (uint64_t[]){ status.id, b, 0 });
}

static uint64_t tagged(struct scene *s, const struct account *author, const char *tag)
{
	struct str *names = ARENA_ARRAY(s->t.d.arena, 1, struct str);
	struct status status = { .type = STR("Note"), .tags = names, .tag_count = 1 };
	static unsigned number;
	assert_non_null(names);
	names[0] = str_of(tag);
	status.uri = status.url =
		arena_printf(s->t.d.arena, "%.*s/tagged/%u", STR_ARG(author->uri), number++);
	struct deed deed = { .verb = DO_RECEIVE, .actor = author, .changed = &status };
	assert_int_equal(deed_do(&s->t, &deed), RC_OK);
	return status.id;
}

static void hashtags_that_one_follows_are_at_home(void **state UNUSED)
{
	struct scene s CLEANUP(scene_free);
	struct set how = { .what = SET_TAG, .text = STR("Cats") };
	scene_init(&s);
	set(&s, &how);
	uint64_t a = post(&s, &s.ann), cat = tagged(&s, &s.eve, "Cats");
	tagged(&s, &s.eve, "dogs");
	shows(&s, (uint64_t[]){ cat, a, 0 });
	uint64_t more = tagged(&s, &s.eve, "CATS"), both = tagged(&s, &s.bob, "cats");
	shows(&s, (uint64_t[]){ both, more, cat, a, 0 });
	struct set mute = { .what = SET_MUTE, .target = &s.eve };
	set(&s, &mute);
	shows(&s, (uint64_t[]){ both, a, 0 });
	how.back = true;
	set(&s, &how);
	shows(&s, (uint64_t[]){ both, a, 0 });
}

static void a_list_has_its_own_members_and_replies(void **state UNUSED)
{
	struct scene s CLEANUP(scene_free);
	scene_init(&s);
	struct set how = { .what = SET_LIST,
			   .target = &s.bob,
			   .list = { .title = STR("far"), .replies = REPLIES_TO_NOBODY } };
	set(&s, &how);
	how.what = SET_LIST_MEMBER;
	set(&s, &how);
	struct status a = test_store_post(&s.t, &s.ann, VISIBILITY_PUBLIC, "x", NULL);
	struct status b = test_store_post(&s.t, &s.bob, VISIBILITY_PUBLIC, "x", NULL);
	uint64_t self = test_store_reply(&s.t, &s.bob, &b, "x").id;
	uint64_t other = test_store_reply(&s.t, &s.bob, &a, "x").id, list = how.list.id;
	assert_int_equal(read_page(&s, s.feeds, list, (struct id_range){ 0 }, PAGE), RC_OK);
	assert_int_equal(s.count, 2);
	assert_int_equal(s.ids[0], self);
	assert_int_equal(s.ids[1], b.id);
	how.what = SET_LIST_REPLIES;
	how.list.replies = REPLIES_TO_FOLLOWED;
	set(&s, &how);
	assert_int_equal(read_page(&s, s.feeds, list, (struct id_range){ 0 }, PAGE), RC_OK);
	assert_int_equal(s.count, 3);
	assert_int_equal(s.ids[0], other);
	how.list.replies = REPLIES_TO_LIST;
	set(&s, &how);
	assert_int_equal(read_page(&s, s.feeds, list, (struct id_range){ 0 }, PAGE), RC_OK);
	assert_int_equal(s.count, 2);
	uint64_t late = post(&s, &s.bob);
	post(&s, &s.ann);
	assert_int_equal(read_page(&s, s.feeds, list, (struct id_range){ 0 }, 1), RC_OK);
	assert_int_equal(s.ids[0], late);
	assert_int_equal(read_page(&s, s.feeds, list + 1, (struct id_range){ 0 }, 1), RC_NOT_FOUND);
	assert_int_equal(s.count, 0);
	/* nor is it anybody else's */
	s.me = s.ann;
	assert_int_equal(read_page(&s, s.feeds, list, (struct id_range){ 0 }, 1), RC_NOT_FOUND);
}

static void what_was_deleted_leaves_no_gap(void **state UNUSED)
{
	struct scene s CLEANUP(scene_free);
	scene_init(&s);
	uint64_t ids[6];
	for (size_t i = 0; i < ARRAY_LEN(ids); i++)
		ids[i] = post(&s, &s.ann);
	see(&s, (struct id_range){ 0 }, 2);
	assert_int_equal(deed_on_status(&s.t, DO_DELETE, &s.ann, ids[4]), RC_OK);
	see(&s, (struct id_range){ 0 }, 2);
	assert_int_equal(s.count, 2);
	assert_int_equal(s.ids[0], ids[5]);
	assert_int_equal(s.ids[1], ids[3]);
}

/* More posts than are kept, paged through from both ends. */
static void pages_go_on_behind_what_is_kept(void **state UNUSED)
{
	enum { POSTS = FEED_LENGTH + 150 };
	static uint64_t ids[POSTS];
	struct scene s CLEANUP(scene_free);
	scene_init(&s);
	for (size_t i = 0; i < POSTS; i++) {
		ids[i] = post(&s, i % 3 == 0 ? &s.ann : &s.bob);
		if (i % 7 == 0)
			see(&s, (struct id_range){ 0 }, 1);
	}
	struct id_range down = { 0 };
	for (size_t left = POSTS; left != 0;) {
		see(&s, down, PAGE);
		assert_int_equal(s.count, left < PAGE ? left : PAGE);
		for (size_t i = 0; i < s.count; i++)
			assert_int_equal(s.ids[i], ids[--left]);
		down.max_id = s.ids[s.count - 1];
	}
	struct id_range up = { .ascending = true };
	for (size_t at = 0; at < POSTS;) {
		see(&s, up, PAGE);
		assert_true(s.count != 0);
		for (size_t i = s.count; i-- > 0;)
			assert_int_equal(s.ids[i], ids[at++]);
		up.min_id = s.ids[0];
	}
	see(&s, up, PAGE);
	assert_int_equal(s.count, 0);
	see(&s, (struct id_range){ .max_id = ids[20], .since_id = ids[17] }, PAGE);
	assert_int_equal(s.count, 2);
	see(&s, (struct id_range){ .min_id = ids[17], .max_id = ids[20], .ascending = true }, PAGE);
	assert_int_equal(s.count, 2);
	assert_int_equal(s.ids[0], ids[19]);
}

static void a_log_that_was_not_read_for_long_begins_again(void **state UNUSED)
{
	static struct feed_log log;
	struct scene s CLEANUP(scene_free);
	scene_init(&s);
	uint64_t first = post(&s, &s.ann);
	memset(&log, 0, sizeof(log));
	struct db_txn *txn = test_store_read(&s.t);
	feed_log_read(&log, txn);
	db_read_end(&txn);
	assert_true(feed_log_covers(&log, first));
	assert_false(feed_log_covers(&log, first - 1));
	uint64_t second = post(&s, &s.eve);
	txn = test_store_read(&s.t);
	feed_log_read(&log, txn);
	assert_int_equal(log.count, 1);
	assert_int_equal(feed_log_at(&log, 0).id, second);
	assert_int_equal(feed_log_at(&log, 0).account, s.eve.id);
	/* full of others' posts, it has lost what came before */
	log.count = FEED_LOG_LENGTH;
	log.list[0].id = second;
	db_read_end(&txn);
	post(&s, &s.ann);
	txn = test_store_read(&s.t);
	feed_log_read(&log, txn);
	db_read_end(&txn);
	assert_int_equal(log.count, FEED_LOG_LENGTH);
	assert_false(feed_log_covers(&log, first));
	assert_true(feed_log_covers(&log, second));
}

static void feeds_of_those_who_left_are_forgotten(void **state UNUSED)
{
	struct scene s CLEANUP(scene_free);
	scene_init(&s);
	uint64_t a = post(&s, &s.ann);
	see(&s, (struct id_range){ 0 }, 1);
	test_clock_advance(&s.t.d.clock, 1000);
	s.me = s.ann;
	see(&s, (struct id_range){ 0 }, 1);
	assert_int_equal(s.ids[0], a);
	assert_int_equal(feeds_forget(s.feeds, 2000), 2);
	test_clock_advance(&s.t.d.clock, 1500);
	assert_int_equal(feeds_forget(s.feeds, 2000), 1);
	test_clock_advance(&s.t.d.clock, FEEDS_IDLE_MS);
	s.me.id = 999;
	see(&s, (struct id_range){ 0 }, 1);
	assert_int_equal(feeds_forget(s.feeds, UINT64_MAX), 1);
	/* and no more than there may be are kept */
	for (uint64_t i = 0; i < 10; i++) {
		s.me.id = 1000 + i;
		see(&s, (struct id_range){ 0 }, 1);
		assert_int_equal(s.count, 0);
	}
	assert_int_equal(feeds_forget(s.feeds, UINT64_MAX), 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whom_one_follows_and_oneself_are_at_home),
		cmocka_unit_test(a_follow_begins_and_ends_with_all_that_was_written),
		cmocka_unit_test(replies_are_shown_to_those_who_follow_both),
		cmocka_unit_test(a_boost_is_shown_unless_the_post_is_near),
		cmocka_unit_test(whom_one_has_blocked_is_not_shown_by_others),
		cmocka_unit_test(what_one_has_set_is_heeded_and_may_be_taken_back),
		cmocka_unit_test(a_list_may_keep_its_members_from_home),
		cmocka_unit_test(only_the_languages_that_one_wants_are_at_home),
		cmocka_unit_test(hashtags_that_one_follows_are_at_home),
		cmocka_unit_test(a_list_has_its_own_members_and_replies),
		cmocka_unit_test(what_was_deleted_leaves_no_gap),
		cmocka_unit_test(pages_go_on_behind_what_is_kept),
		cmocka_unit_test(a_log_that_was_not_read_for_long_begins_again),
		cmocka_unit_test(feeds_of_those_who_left_are_forgotten),
	};
	return cmocka_run_group_tests_name("feed", tests, NULL, NULL);
}
