/* Timelines of all, of hashtags, of links: who sees which posts of them. */
#include "social/timeline.h"

#include "deed.h"
#include "social/moderate.h"
#include "social/mute.h"
#include "store/timeline.h"

#define PAGE 16

struct scene {
	struct test_store t;
	struct account me, ann, bob;
	uint64_t ids[PAGE];
	size_t count;
};

static void scene_init(struct scene *s)
{
	test_store_init(&s->t);
	s->me = test_store_local(&s->t, "me");
	s->ann = test_store_local(&s->t, "ann");
	s->bob = test_store_remote(&s->t, "bob", "b.example");
}

static void scene_free(struct scene *s)
{
	test_store_free(&s->t);
}

static void see(struct scene *s, struct viewer viewer, struct timeline_wish wish,
		struct id_range range, size_t count)
{
	struct arena *arena = arena_new(1024 * 1024);
	struct db_txn *txn = test_store_read(&s->t);
	s->count = timeline_read(txn, arena, viewer, &wish, &range, s->ids, count);
	assert_int_equal(db_txn_rc(txn), RC_OK);
	db_read_end(&txn);
	arena_free(&arena);
}

static void see_all(struct scene *s, const struct account *viewer, enum timeline_from from)
{
	const struct viewer who = { viewer != NULL ? viewer->id : 0, viewer != NULL };
	see(s, who, (struct timeline_wish){ .from = from }, (struct id_range){ 0 }, PAGE);
}

static struct status send(struct scene *s, const struct account *author, const char *a,
			  const char *b, bool media)
{
	static unsigned number;
	static struct status_attachment picture = { .url = STR_INIT("https://b.example/1.png"),
						    .media_type = STR_INIT("image/png") };
	struct str *names = ARENA_ARRAY(s->t.d.arena, 2, struct str);
	struct status status = { .type = STR("Note"), .tags = names };
	assert_non_null(names);
	if (a != NULL)
		names[status.tag_count++] = str_of(a);
	if (b != NULL)
		names[status.tag_count++] = str_of(b);
	if (media) {
		status.attachments = &picture;
		status.attachment_count = 1;
	}
	status.uri = status.url =
		arena_printf(s->t.d.arena, "%.*s/sent/%u", STR_ARG(author->uri), number++);
	struct deed deed = { .verb = DO_RECEIVE, .actor = author, .changed = &status };
	assert_int_equal(deed_do(&s->t, &deed), RC_OK);
	return status;
}

static void everybody_sees_what_is_public_and_members_what_is_local(void **state UNUSED)
{
	struct scene s CLEANUP(scene_free);
	scene_init(&s);
	uint64_t here = test_store_post(&s.t, &s.ann, VISIBILITY_PUBLIC, "x", NULL).id;
	uint64_t there = test_store_post(&s.t, &s.bob, VISIBILITY_PUBLIC, "x", NULL).id;
	uint64_t inside = test_store_post(&s.t, &s.ann, VISIBILITY_LOCAL, "x", NULL).id;
	test_store_post(&s.t, &s.ann, VISIBILITY_UNLISTED, "x", NULL);
	see_all(&s, NULL, TIMELINE_FROM_ANYWHERE);
	assert_int_equal(s.count, 2);
	assert_int_equal(s.ids[0], there);
	assert_int_equal(s.ids[1], here);
	see_all(&s, NULL, TIMELINE_FROM_HERE);
	assert_int_equal(s.count, 1);
	see_all(&s, NULL, TIMELINE_FROM_ELSEWHERE);
	assert_int_equal(s.count, 1);
	assert_int_equal(s.ids[0], there);
	see_all(&s, &s.me, TIMELINE_FROM_HERE);
	assert_int_equal(s.count, 2);
	assert_int_equal(s.ids[0], inside);
	see_all(&s, &s.me, TIMELINE_FROM_ANYWHERE);
	assert_int_equal(s.count, 3);
}

static enum rc mute(struct social *s, void *arg)
{
	const struct scene *scene = arg;
	return act_mute(s, &scene->me, &scene->ann, false, 0);
}

static enum rc unmute(struct social *s, void *arg)
{
	const struct scene *scene = arg;
	return act_unmute(s, &scene->me, &scene->ann);
}

static void whom_one_does_not_want_to_see_is_left_out(void **state UNUSED)
{
	struct scene s CLEANUP(scene_free);
	scene_init(&s);
	test_store_post(&s.t, &s.ann, VISIBILITY_PUBLIC, "x", NULL);
	uint64_t b = test_store_post(&s.t, &s.bob, VISIBILITY_PUBLIC, "x", NULL).id;
	test_store_write(&s.t, mute, &s);
	see_all(&s, &s.me, TIMELINE_FROM_ANYWHERE);
	assert_int_equal(s.count, 1);
	assert_int_equal(s.ids[0], b);
	see_all(&s, NULL, TIMELINE_FROM_ANYWHERE);
	assert_int_equal(s.count, 2);
	test_store_write(&s.t, unmute, &s);
	assert_int_equal(deed_on_account(&s.t, DO_BLOCK, &s.ann, &s.me), RC_OK);
	see_all(&s, &s.me, TIMELINE_FROM_ANYWHERE);
	assert_int_equal(s.count, 1);
	assert_int_equal(deed_on_account(&s.t, DO_BLOCK, &s.me, &s.bob), RC_OK);
	see_all(&s, &s.me, TIMELINE_FROM_ANYWHERE);
	assert_int_equal(s.count, 0);
	assert_int_equal(deed_on_account(&s.t, DO_SUSPEND, &s.bob, NULL), RC_OK);
	see_all(&s, NULL, TIMELINE_FROM_ANYWHERE);
	assert_int_equal(s.count, 1);
}

static enum rc silence_bob(struct social *s, void *arg)
{
	const struct scene *scene = arg;
	return moderate_account(s, NULL, scene->bob.id,
				&(struct sentence){ .what = MODERATE_SILENCE }, NULL);
}

static void who_is_silenced_is_seen_by_followers(void **state UNUSED)
{
	struct scene s CLEANUP(scene_free);
	scene_init(&s);
	uint64_t a = test_store_post(&s.t, &s.ann, VISIBILITY_PUBLIC, "x", NULL).id;
	test_store_post(&s.t, &s.bob, VISIBILITY_PUBLIC, "x", NULL);
	test_store_write(&s.t, silence_bob, &s);
	test_store_follow(&s.t, &s.me, &s.bob);
	see_all(&s, NULL, TIMELINE_FROM_ANYWHERE);
	assert_int_equal(s.count, 1);
	assert_int_equal(s.ids[0], a);
	see_all(&s, &s.ann, TIMELINE_FROM_ANYWHERE);
	assert_int_equal(s.count, 1);
	see_all(&s, &s.me, TIMELINE_FROM_ANYWHERE);
	assert_int_equal(s.count, 2);
}

static void pages_come_newest_first_from_both_ends(void **state UNUSED)
{
	struct scene s CLEANUP(scene_free);
	uint64_t ids[5];
	scene_init(&s);
	for (size_t i = 0; i < ARRAY_LEN(ids); i++)
		ids[i] = test_store_post(&s.t, &s.bob, VISIBILITY_PUBLIC, "x", NULL).id;
	const struct timeline_wish all = { .of = TIMELINE_OF_ALL };
	see(&s, VIEWER_ANYBODY, all, (struct id_range){ .since_id = ids[0] }, 2);
	assert_int_equal(s.count, 2);
	assert_int_equal(s.ids[0], ids[4]);
	see(&s, VIEWER_ANYBODY, all, (struct id_range){ .min_id = ids[0], .ascending = true }, 2);
	assert_int_equal(s.count, 2);
	assert_int_equal(s.ids[0], ids[2]);
	assert_int_equal(s.ids[1], ids[1]);
	see(&s, VIEWER_ANYBODY, all, (struct id_range){ .max_id = ids[1] }, 2);
	assert_int_equal(s.count, 1);
	assert_int_equal(s.ids[0], ids[0]);
}

static void hashtags_are_joined_needed_and_refused(void **state UNUSED)
{
	struct scene s CLEANUP(scene_free);
	scene_init(&s);
	uint64_t cats = send(&s, &s.bob, "Cats", NULL, false).id;
	uint64_t dogs = send(&s, &s.bob, "dogs", NULL, true).id;
	uint64_t both = send(&s, &s.bob, "cats", "DOGS", false).id;
	struct timeline_wish wish = { .of = TIMELINE_OF_TAG, .name = STR("cats") };
	see(&s, VIEWER_ANYBODY, wish, (struct id_range){ 0 }, PAGE);
	assert_int_equal(s.count, 2);
	assert_int_equal(s.ids[0], both);
	assert_int_equal(s.ids[1], cats);
	wish.any[0] = STR("Dogs");
	wish.any_count = 1;
	see(&s, VIEWER_ANYBODY, wish, (struct id_range){ 0 }, PAGE);
	assert_int_equal(s.count, 3);
	assert_int_equal(s.ids[1], dogs);
	wish.only_media = true;
	see(&s, VIEWER_ANYBODY, wish, (struct id_range){ 0 }, PAGE);
	assert_int_equal(s.count, 1);
	assert_int_equal(s.ids[0], dogs);
	wish.only_media = false;
	wish.all[0] = STR("dogs");
	wish.all_count = 1;
	see(&s, VIEWER_ANYBODY, wish, (struct id_range){ 0 }, PAGE);
	assert_int_equal(s.count, 2);
	assert_int_equal(s.ids[1], dogs);
	wish.none[0] = STR("CATS");
	wish.none_count = 1;
	see(&s, VIEWER_ANYBODY, wish, (struct id_range){ 0 }, PAGE);
	assert_int_equal(s.count, 1);
	assert_int_equal(s.ids[0], dogs);
	wish = (struct timeline_wish){ .of = TIMELINE_OF_TAG, .name = STR("no tag") };
	see(&s, VIEWER_ANYBODY, wish, (struct id_range){ 0 }, PAGE);
	assert_int_equal(s.count, 0);
}

static enum rc link_job(struct social *s, void *arg)
{
	timeline_link_put(s->txn, arg, STR("https://news.example/1"));
	return RC_OK;
}

static enum rc found_job(struct social *s, void *arg)
{
	struct account a = *(const struct account *)arg;
	a.flags |= ACCOUNT_DISCOVERABLE;
	return account_put(s->txn, s->ctx->arena, &a) ? RC_OK : RC_NOT_FOUND;
}

static void a_link_shows_posts_of_those_who_may_be_found(void **state UNUSED)
{
	struct scene s CLEANUP(scene_free);
	scene_init(&s);
	struct timeline_wish wish = { .of = TIMELINE_OF_LINK,
				      .name = STR("https://news.example/1") };
	struct status post = send(&s, &s.bob, NULL, NULL, false);
	test_store_write(&s.t, link_job, &post);
	see(&s, VIEWER_ANYBODY, wish, (struct id_range){ 0 }, PAGE);
	assert_int_equal(s.count, 0);
	test_store_write(&s.t, found_job, &s.bob);
	see(&s, VIEWER_ANYBODY, wish, (struct id_range){ 0 }, PAGE);
	assert_int_equal(s.count, 1);
	assert_int_equal(s.ids[0], post.id);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everybody_sees_what_is_public_and_members_what_is_local),
		cmocka_unit_test(whom_one_does_not_want_to_see_is_left_out),
		cmocka_unit_test(who_is_silenced_is_seen_by_followers),
		cmocka_unit_test(pages_come_newest_first_from_both_ends),
		cmocka_unit_test(hashtags_are_joined_needed_and_refused),
		cmocka_unit_test(a_link_shows_posts_of_those_who_may_be_found),
	};
	return cmocka_run_group_tests_name("timeline_read", tests, NULL, NULL);
}
