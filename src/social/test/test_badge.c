/* Badges: who makes and gives them, to whom, and that nothing is left of them. */
#include "communitykit.h"
#include "social/badge.h"
#include "store/tables.h"

struct deal {
	struct scene *scene;
	const struct account *actor;
	enum { SAVE, DROP, GIVE, TAKE, CLEAR } what;
	struct badge badge;
	struct badge_award award;
};

static enum rc run(struct social *s, void *arg)
{
	struct deal *d = arg;
	const uint64_t group = d->scene->group.id;
	d->badge.community = d->award.community = group;
	switch (d->what) {
	case SAVE:
		return badge_save(s, d->actor, &d->badge);
	case DROP:
		return badge_drop(s, d->actor, group, d->badge.id);
	case GIVE:
		return badge_give(s, d->actor, &d->award);
	case TAKE:
		return badge_take(s, d->actor, group, d->award.account, d->award.id);
	case CLEAR:
		while (badges_clear(s->txn, s->ctx->arena, group, 1) != 0)
			;
		return RC_OK;
	}
	return RC_UNSUPPORTED;
}

static enum rc deal(struct scene *w, struct deal *d)
{
	d->scene = w;
	return test_store_try(&w->t, run, d);
}

static struct deal helper(const struct account *actor)
{
	return (struct deal){ .actor = actor,
			      .what = SAVE,
			      .badge = { .name = STR(" Helper "),
					 .description = STR("Answers questions"),
					 .emoji = STR("\xf0\x9f\x8c\x9f") } };
}

static struct deal gift(const struct account *actor, const struct account *to, uint64_t badge)
{
	return (struct deal){
		.actor = actor,
		.what = GIVE,
		.award = { .badge = badge, .account = to->id, .reason = STR("for the answers") }
	};
}

static void badges_are_given_to_members_for_a_reason(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	struct badge_award got[BADGE_AWARDS_MAX];
	struct badge all[BADGES_MAX];
	scene_init(&w, &(struct community){ .given = 0 });
	assert_int_equal(scene_join(&w, &w.bob), RC_OK);
	struct deal made = helper(&w.bob);
	assert_int_equal(deal(&w, &made), RC_DENIED);
	made = helper(&w.alice);
	assert_int_equal(deal(&w, &made), RC_OK);
	struct deal give = gift(&w.alice, &w.carol, made.badge.id);
	assert_int_equal(deal(&w, &give), RC_NOT_FOUND); /* no member */
	give = gift(&w.alice, &w.alice, made.badge.id);
	assert_int_equal(deal(&w, &give), RC_DENIED);
	give = gift(&w.alice, &w.bob, made.badge.id + 1);
	assert_int_equal(deal(&w, &give), RC_NOT_FOUND);
	give = gift(&w.alice, &w.bob, made.badge.id);
	give.award.reason = STR(" ");
	assert_int_equal(deal(&w, &give), RC_INVALID);
	give = gift(&w.alice, &w.bob, made.badge.id);
	assert_int_equal(deal(&w, &give), RC_OK);
	struct db_txn *txn = test_store_read(&w.t);
	assert_int_equal(badges_of(txn, w.t.d.arena, w.group.id, all), 1);
	assert_str_eq(all[0].name, STR("Helper"));
	assert_int_equal(badge_awards(txn, w.t.d.arena, w.group.id, w.bob.id, got), 1);
	assert_true(got[0].badge == made.badge.id && got[0].by == w.alice.id);
	assert_str_eq(got[0].reason, STR("for the answers"));
	db_read_end(&txn);
	/* who has got it may give it back; others may not take it */
	give.what = TAKE;
	give.actor = &w.carol;
	assert_int_equal(deal(&w, &give), RC_DENIED);
	give.actor = &w.bob;
	assert_int_equal(deal(&w, &give), RC_OK);
	assert_int_equal(deal(&w, &give), RC_NOT_FOUND);
}

static void nothing_is_left_of_a_badge_that_goes(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	scene_init(&w, &(struct community){ .given = 0 });
	assert_int_equal(scene_join(&w, &w.bob), RC_OK);
	struct deal one = helper(&w.alice), two = helper(&w.alice);
	assert_int_equal(deal(&w, &one), RC_OK);
	assert_int_equal(deal(&w, &two), RC_OK);
	for (int i = 0; i < 3; i++) {
		struct deal give = gift(&w.alice, &w.bob, i < 2 ? one.badge.id : two.badge.id);
		assert_int_equal(deal(&w, &give), RC_OK);
	}
	one.what = DROP;
	one.actor = &w.bob;
	assert_int_equal(deal(&w, &one), RC_DENIED);
	one.actor = &w.alice;
	assert_int_equal(deal(&w, &one), RC_OK);
	assert_int_equal(deal(&w, &one), RC_NOT_FOUND);
	assert_int_equal(test_store_rows(&w.t, &store_badge_award), 1);
	assert_int_equal(test_store_rows(&w.t, &store_badge_given), 1);
	struct deal clear = { .what = CLEAR };
	assert_int_equal(deal(&w, &clear), RC_OK);
	assert_int_equal(test_store_rows(&w.t, &store_badge), 0);
	assert_int_equal(test_store_rows(&w.t, &store_badge_award), 0);
	assert_int_equal(test_store_rows(&w.t, &store_badge_given), 0);
}

static void there_are_not_too_many(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	scene_init(&w, &(struct community){ .given = 0 });
	for (unsigned i = 0; i <= BADGES_MAX; i++) {
		struct deal made = helper(&w.alice);
		assert_int_equal(deal(&w, &made), i < BADGES_MAX ? RC_OK : RC_TOO_LARGE);
	}
	struct deal odd = helper(&w.alice);
	odd.badge.name = STR("");
	assert_int_equal(deal(&w, &odd), RC_INVALID);
	odd = helper(&w.alice);
	odd.badge.emoji = STR("\xff");
	assert_int_equal(deal(&w, &odd), RC_INVALID);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(badges_are_given_to_members_for_a_reason),
		cmocka_unit_test(nothing_is_left_of_a_badge_that_goes),
		cmocka_unit_test(there_are_not_too_many),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
