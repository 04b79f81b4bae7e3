/* Notifications: who is told, what strangers' ones wait for, reading them one by one and in groups. */
#include "social/notify.h"

#include "deed.h"
#include "social/moderate.h"
#include "social/relation.h"

#define PAGE 16

struct scene {
	struct test_store t;
	struct account me, ann, far;
	struct notice list[PAGE];
	struct notice_group groups[PAGE];
	size_t count;
};

static void scene_init(struct scene *s)
{
	test_store_init(&s->t);
	s->me = test_store_local(&s->t, "me");
	s->ann = test_store_local(&s->t, "ann");
	s->far = test_store_remote(&s->t, "far", "f.example");
}

static void scene_free(struct scene *s)
{
	test_store_free(&s->t);
}

static void see(struct scene *s, struct id_range range, struct notice_filter filter)
{
	struct db_txn *txn = test_store_read(&s->t);
	s->count = notices_read(txn, s->me.id, &range, &filter, s->list, PAGE);
	assert_int_equal(db_txn_rc(txn), RC_OK);
	db_read_end(&txn);
}

static void see_all(struct scene *s)
{
	see(s, (struct id_range){ 0 }, NOTICE_FILTER_ALL);
}

static void see_groups(struct scene *s, struct id_range range, unsigned grouped, size_t count)
{
	const struct notice_filter all = NOTICE_FILTER_ALL;
	struct db_txn *txn = test_store_read(&s->t);
	s->count = notice_groups_read(txn, s->me.id, &range, &all, grouped, s->groups, count);
	assert_int_equal(db_txn_rc(txn), RC_OK);
	db_read_end(&txn);
}

/* --- acts in writes of their own --- */

struct doing {
	const struct account *account;
	uint64_t id;
	struct notice_policy policy;
	struct notice_group group;
	bool more;
};

static enum rc stepped(struct doing *d, enum rc rc)
{
	d->more = rc == RC_BUSY;
	return d->more ? RC_OK : rc;
}

static enum rc set_policy(struct social *s, void *arg)
{
	const struct doing *d = arg;
	notice_policy_put(s->txn, d->account->id, &d->policy);
	return RC_OK;
}

static enum rc dismiss(struct social *s, void *arg)
{
	const struct doing *d = arg;
	return act_dismiss_notice(s, d->account, d->id);
}

static enum rc dismiss_group(struct social *s, void *arg)
{
	struct doing *d = arg;
	return stepped(d, act_dismiss_group(s, d->account, &d->group));
}

static enum rc clear(struct social *s, void *arg)
{
	struct doing *d = arg;
	return stepped(d, act_clear_notices(s, d->account));
}

static enum rc accept_all(struct social *s, void *arg)
{
	struct doing *d = arg;
	return stepped(d, act_accept_notices(s, d->account, d->id));
}

static enum rc turn_away(struct social *s, void *arg)
{
	struct doing *d = arg;
	return stepped(d, act_turn_away_notices(s, d->account, d->id));
}

static void policy(struct scene *s, struct notice_policy p)
{
	struct doing d = { .account = &s->me, .policy = p };
	test_store_write(&s->t, set_policy, &d);
}

static size_t requests(struct scene *s, struct notice_request *out)
{
	const struct id_range all = { 0 };
	struct db_txn *txn = test_store_read(&s->t);
	size_t n = notice_requests(txn, s->me.id, &all, out, PAGE);
	db_read_end(&txn);
	return n;
}

static struct status mention(struct scene *s, const struct account *from, enum visibility v)
{
	return test_store_post(&s->t, from, v, "x", &s->me, NULL);
}

/* --- reading --- */

static void what_is_gone_is_not_read(void **state UNUSED)
{
	struct scene s CLEANUP(scene_free);
	struct notice one;
	scene_init(&s);
	struct status a = mention(&s, &s.far, VISIBILITY_PUBLIC);
	struct status b = mention(&s, &s.ann, VISIBILITY_PUBLIC);
	see_all(&s);
	assert_int_equal(s.count, 2);
	assert_int_equal(s.list[0].status, b.id);
	uint64_t id = s.list[1].id;
	assert_int_equal(deed_on_status(&s.t, DO_DELETE, &s.far, a.id), RC_OK);
	see_all(&s);
	assert_int_equal(s.count, 1);
	struct db_txn *txn = test_store_read(&s.t);
	assert_false(notice_read(txn, s.me.id, id, &one));
	assert_true(notice_read(txn, s.me.id, s.list[0].id, &one));
	assert_int_equal(one.status, b.id);
	assert_false(notice_read(txn, s.ann.id, s.list[0].id, &one));
	db_read_end(&txn);
	assert_int_equal(deed_on_account(&s.t, DO_BLOCK, &s.me, &s.ann), RC_OK);
	see_all(&s);
	assert_int_equal(s.count, 0);
}

static void a_page_is_of_kinds_of_somebody_and_between_ids(void **state UNUSED)
{
	struct scene s CLEANUP(scene_free);
	uint64_t ids[4];
	scene_init(&s);
	struct status post = test_store_post(&s.t, &s.me, VISIBILITY_PUBLIC, "x", NULL);
	assert_int_equal(deed_on_status(&s.t, DO_LIKE, &s.ann, post.id), RC_OK);
	mention(&s, &s.ann, VISIBILITY_PUBLIC);
	assert_int_equal(deed_on_status(&s.t, DO_LIKE, &s.far, post.id), RC_OK);
	mention(&s, &s.far, VISIBILITY_PUBLIC);
	see_all(&s);
	assert_int_equal(s.count, 4);
	for (size_t i = 0; i < 4; i++)
		ids[i] = s.list[i].id;
	see(&s, (struct id_range){ 0 }, (struct notice_filter){ .kinds = NOTICE_BIT(NOTICE_LIKE) });
	assert_int_equal(s.count, 2);
	assert_int_equal(s.list[0].id, ids[1]);
	see(&s, (struct id_range){ 0 }, (struct notice_filter){ .kinds = ~0U, .from = s.ann.id });
	assert_int_equal(s.count, 2);
	assert_int_equal(s.list[1].id, ids[3]);
	see(&s, (struct id_range){ .max_id = ids[1] }, NOTICE_FILTER_ALL);
	assert_int_equal(s.count, 2);
	assert_int_equal(s.list[0].id, ids[2]);
	see(&s, (struct id_range){ .min_id = ids[3], .ascending = true }, NOTICE_FILTER_ALL);
	assert_int_equal(s.count, 3);
	assert_int_equal(s.list[0].id, ids[0]);
	assert_int_equal(s.list[2].id, ids[2]);
}

static void notices_are_dismissed_and_cleared(void **state UNUSED)
{
	struct scene s CLEANUP(scene_free);
	scene_init(&s);
	struct doing d = { .account = &s.me };
	mention(&s, &s.ann, VISIBILITY_PUBLIC);
	mention(&s, &s.ann, VISIBILITY_DIRECT);
	mention(&s, &s.far, VISIBILITY_PUBLIC);
	see_all(&s);
	assert_int_equal(s.count, 2);
	d.id = s.list[0].id;
	test_store_write(&s.t, dismiss, &d);
	assert_int_equal(test_store_try(&s.t, dismiss, &d), RC_NOT_FOUND);
	see_all(&s);
	assert_int_equal(s.count, 1);
	test_store_write(&s.t, clear, &d);
	assert_false(d.more);
	see(&s, (struct id_range){ 0 }, (struct notice_filter){ .kinds = ~0U, .held_too = true });
	assert_int_equal(s.count, 0);
	struct notice_request q[PAGE];
	assert_int_equal(requests(&s, q), 0);
	test_store_check(&s.t);
}

/* --- strangers --- */

static void letters_of_strangers_wait_until_they_are_let_in(void **state UNUSED)
{
	struct scene s CLEANUP(scene_free);
	struct notice_request q[PAGE];
	struct doing d = { .account = &s.me };
	scene_init(&s);
	struct status letter = mention(&s, &s.far, VISIBILITY_DIRECT);
	mention(&s, &s.far, VISIBILITY_PUBLIC);
	see_all(&s);
	assert_int_equal(s.count, 1);
	assert_int_equal(requests(&s, q), 1);
	assert_int_equal(q[0].from, s.far.id);
	assert_int_equal(q[0].status, letter.id);
	d.id = q[0].id;
	test_store_write(&s.t, accept_all, &d);
	assert_false(d.more);
	see_all(&s);
	assert_int_equal(s.count, 2);
	assert_int_equal(s.list[1].status, letter.id);
	assert_int_equal(requests(&s, q), 0);
	mention(&s, &s.far, VISIBILITY_DIRECT);
	see_all(&s);
	assert_int_equal(s.count, 3);
	assert_int_equal(test_store_try(&s.t, accept_all, &d), RC_NOT_FOUND);
	test_store_check(&s.t);
}

static void who_is_turned_away_waits_again(void **state UNUSED)
{
	struct scene s CLEANUP(scene_free);
	struct notice_request q[PAGE];
	struct doing d = { .account = &s.me };
	scene_init(&s);
	mention(&s, &s.far, VISIBILITY_DIRECT);
	assert_int_equal(requests(&s, q), 1);
	d.id = q[0].id;
	test_store_write(&s.t, turn_away, &d);
	see(&s, (struct id_range){ 0 }, (struct notice_filter){ .kinds = ~0U, .held_too = true });
	assert_int_equal(s.count, 0);
	mention(&s, &s.far, VISIBILITY_DIRECT);
	assert_int_equal(requests(&s, q), 1);
	assert_int_equal(q[0].count, 1);
	assert_int_equal(test_store_try(&s.t, turn_away, &d), RC_NOT_FOUND);
	test_store_check(&s.t);
}

static void letters_of_friends_and_answers_do_not_wait(void **state UNUSED)
{
	struct scene s CLEANUP(scene_free);
	scene_init(&s);
	test_store_follow(&s.t, &s.me, &s.ann);
	mention(&s, &s.ann, VISIBILITY_DIRECT);
	struct status mine = test_store_post(&s.t, &s.me, VISIBILITY_DIRECT, "x", &s.far, NULL);
	struct status_mention me = { .uri = s.me.uri, .handle = STR("me@example.org") };
	struct status back = { .type = STR("Note"),
			       .visibility = VISIBILITY_DIRECT,
			       .parent_uri = mine.uri,
			       .mentions = &me,
			       .mention_count = 1,
			       .uri = STR("https://f.example/back"),
			       .url = STR("https://f.example/back") };
	struct deed deed = { .verb = DO_RECEIVE, .actor = &s.far, .changed = &back };
	assert_int_equal(deed_do(&s.t, &deed), RC_OK);
	see_all(&s);
	assert_int_equal(s.count, 2);
	assert_int_equal(s.list[0].status, back.id);
}

/* Each rule alone: what becomes of a like by somebody who is a stranger in that way. */
static void each_rule_holds_or_drops_its_strangers(void **state UNUSED)
{
	static const struct {
		struct notice_policy policy;
		size_t shown, waiting;
	} cases[] = {
		{ { .limited_accounts = NOTICE_DROP }, 1, 0 },
		{ { .not_following = NOTICE_HOLD }, 0, 1 },
		{ { .not_following = NOTICE_DROP }, 0, 0 },
		{ { .not_followers = NOTICE_HOLD }, 0, 1 },
		{ { .not_followers = NOTICE_DROP, .not_following = NOTICE_HOLD }, 0, 0 },
		{ { .new_accounts = NOTICE_HOLD }, 0, 1 },
		{ { .new_accounts = NOTICE_DROP }, 0, 0 },
		{ { .private_mentions = NOTICE_DROP }, 1, 0 },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct scene s CLEANUP(scene_free);
		struct notice_request q[PAGE];
		scene_init(&s);
		policy(&s, cases[i].policy);
		struct status post = test_store_post(&s.t, &s.me, VISIBILITY_PUBLIC, "x", NULL);
		assert_int_equal(deed_on_status(&s.t, DO_LIKE, &s.ann, post.id), RC_OK);
		see_all(&s);
		assert_int_equal(s.count, cases[i].shown);
		assert_int_equal(requests(&s, q), cases[i].waiting);
		test_store_check(&s.t);
	}
}

static enum rc silence_ann(struct social *s, void *arg)
{
	const struct scene *scene = arg;
	return moderate_account(s, NULL, scene->ann.id,
				&(struct sentence){ .what = MODERATE_SILENCE }, NULL);
}

static void who_is_limited_is_a_stranger_until_followed(void **state UNUSED)
{
	struct scene s CLEANUP(scene_free);
	struct notice_request q[PAGE];
	scene_init(&s);
	policy(&s, (struct notice_policy){ .limited_accounts = NOTICE_HOLD });
	test_store_write(&s.t, silence_ann, &s);
	struct status post = test_store_post(&s.t, &s.me, VISIBILITY_PUBLIC, "x", NULL);
	struct account ann = test_store_account(&s.t, s.ann.id);
	assert_int_equal(deed_on_status(&s.t, DO_LIKE, &ann, post.id), RC_OK);
	see_all(&s);
	assert_int_equal(s.count, 0);
	assert_int_equal(requests(&s, q), 1);
	test_store_follow(&s.t, &s.me, &ann);
	assert_int_equal(deed_on_status(&s.t, DO_BOOST, &ann, post.id), RC_OK);
	see_all(&s);
	assert_int_equal(s.count, 1);
}

static void old_friends_are_no_strangers(void **state UNUSED)
{
	struct scene s CLEANUP(scene_free);
	scene_init(&s);
	test_store_follow(&s.t, &s.me, &s.ann);
	test_store_follow(&s.t, &s.ann, &s.me);
	test_clock_advance(&s.t.d.clock, 31 * MS_PER_DAY);
	policy(&s, (struct notice_policy){ NOTICE_DROP, NOTICE_DROP, NOTICE_DROP, NOTICE_DROP,
					   NOTICE_DROP });
	mention(&s, &s.ann, VISIBILITY_DIRECT);
	see_all(&s);
	assert_int_equal(s.count, 1);
}

/* --- edits --- */

static void an_edit_is_told_to_who_has_boosted(void **state UNUSED)
{
	struct scene s CLEANUP(scene_free);
	scene_init(&s);
	struct status post = test_store_post(&s.t, &s.ann, VISIBILITY_PUBLIC, "x", NULL);
	struct deed boost = { .verb = DO_BOOST, .actor = &s.me, .status = post.id, .uri = STR("") };
	assert_int_equal(deed_do(&s.t, &boost), RC_OK);
	for (uint64_t i = 1; i <= 2; i++) {
		struct status changed = test_store_status(&s.t, post.id);
		changed.edited_ms = i;
		struct deed edit = { .verb = DO_EDIT, .actor = &s.ann, .changed = &changed };
		assert_int_equal(deed_do(&s.t, &edit), RC_OK);
		uint64_t before = s.list[0].id;
		see_all(&s);
		assert_int_equal(s.count, 1);
		assert_int_equal(s.list[0].kind, NOTICE_EDIT);
		assert_int_equal(s.list[0].from, s.ann.id);
		assert_int_equal(s.list[0].status, post.id);
		/* the newer word replaces the older one */
		assert_true(i == 1 || s.list[0].id != before);
	}
}

static enum rc watch(struct social *s, void *arg)
{
	const struct follow_wish wish = { .has_notify = true, .notify = true };
	const struct scene *scene = arg;
	return act_follow_as(s, &scene->me, &scene->ann, &wish);
}

static void every_post_is_told_to_who_watches(void **state UNUSED)
{
	struct scene s CLEANUP(scene_free);
	scene_init(&s);
	test_store_write(&s.t, watch, &s);
	struct status far = test_store_post(&s.t, &s.far, VISIBILITY_PUBLIC, "x", NULL);
	struct status post = test_store_post(&s.t, &s.ann, VISIBILITY_FOLLOWERS, "x", NULL);
	test_store_post(&s.t, &s.ann, VISIBILITY_DIRECT, "x", &s.far, NULL);
	test_store_reply(&s.t, &s.ann, &far, "x");
	see_all(&s);
	assert_int_equal(s.count, 1);
	assert_int_equal(s.list[0].kind, NOTICE_STATUS);
	assert_int_equal(s.list[0].status, post.id);
	/* who is mentioned hears of that */
	mention(&s, &s.ann, VISIBILITY_PUBLIC);
	see_all(&s);
	assert_int_equal(s.count, 2);
	assert_int_equal(s.list[0].kind, NOTICE_MENTION);
}

/* --- groups --- */

static void likes_of_a_post_are_one_group(void **state UNUSED)
{
	struct scene s CLEANUP(scene_free);
	struct notice members[PAGE];
	scene_init(&s);
	struct status one = test_store_post(&s.t, &s.me, VISIBILITY_PUBLIC, "x", NULL);
	struct status two = test_store_post(&s.t, &s.me, VISIBILITY_PUBLIC, "x", NULL);
	assert_int_equal(deed_on_status(&s.t, DO_LIKE, &s.ann, one.id), RC_OK);
	assert_int_equal(deed_on_status(&s.t, DO_LIKE, &s.ann, two.id), RC_OK);
	mention(&s, &s.ann, VISIBILITY_PUBLIC);
	assert_int_equal(deed_on_status(&s.t, DO_LIKE, &s.far, one.id), RC_OK);
	see_groups(&s, (struct id_range){ 0 }, NOTICE_KINDS_GROUPED, PAGE);
	assert_int_equal(s.count, 3);
	assert_int_equal(s.groups[0].kind, NOTICE_LIKE);
	assert_int_equal(s.groups[0].status, one.id);
	assert_int_equal(s.groups[0].count, 2);
	assert_int_equal(s.groups[0].sample_count, 2);
	assert_int_equal(s.groups[0].sample[0], s.far.id);
	assert_int_equal(s.groups[0].first.from, s.far.id);
	assert_true(s.groups[0].page_oldest < s.groups[0].page_newest);
	assert_int_equal(s.groups[1].kind, NOTICE_MENTION);
	assert_int_equal(s.groups[1].count, 1);
	assert_int_equal(s.groups[1].hours, 0);
	assert_int_equal(s.groups[1].alone, s.groups[1].newest);
	assert_int_equal(s.groups[2].status, two.id);
	struct db_txn *txn = test_store_read(&s.t);
	assert_int_equal(notice_group_members(txn, s.me.id, &s.groups[0], members, PAGE), 2);
	assert_int_equal(members[1].from, s.ann.id);
	assert_int_equal(notice_group_members(txn, s.me.id, &s.groups[1], members, PAGE), 1);
	db_read_end(&txn);
	/* ungrouped when that is wanted */
	see_groups(&s, (struct id_range){ 0 }, NOTICE_BIT(NOTICE_FOLLOW), PAGE);
	assert_int_equal(s.count, 4);
	struct doing d = { .account = &s.me };
	see_groups(&s, (struct id_range){ 0 }, NOTICE_KINDS_GROUPED, PAGE);
	d.group = s.groups[0];
	test_store_write(&s.t, dismiss_group, &d);
	assert_false(d.more);
	see_groups(&s, (struct id_range){ 0 }, NOTICE_KINDS_GROUPED, PAGE);
	assert_int_equal(s.count, 2);
}

static void a_group_ends_with_its_half_day(void **state UNUSED)
{
	struct scene s CLEANUP(scene_free);
	scene_init(&s);
	struct status post = test_store_post(&s.t, &s.me, VISIBILITY_PUBLIC, "x", NULL);
	assert_int_equal(deed_on_status(&s.t, DO_LIKE, &s.ann, post.id), RC_OK);
	test_clock_advance(&s.t.d.clock, 12 * MS_PER_HOUR);
	assert_int_equal(deed_on_status(&s.t, DO_LIKE, &s.far, post.id), RC_OK);
	see_groups(&s, (struct id_range){ 0 }, NOTICE_KINDS_GROUPED, PAGE);
	assert_int_equal(s.count, 2);
	assert_int_equal(s.groups[0].count, 1);
	assert_int_equal(s.groups[0].hours, s.groups[1].hours + 12);
}

static void groups_come_in_pages(void **state UNUSED)
{
	struct scene s CLEANUP(scene_free);
	struct status posts[3];
	scene_init(&s);
	for (size_t i = 0; i < ARRAY_LEN(posts); i++) {
		posts[i] = test_store_post(&s.t, &s.me, VISIBILITY_PUBLIC, "x", NULL);
		assert_int_equal(deed_on_status(&s.t, DO_LIKE, &s.ann, posts[i].id), RC_OK);
	}
	for (size_t i = 0; i < ARRAY_LEN(posts); i++)
		assert_int_equal(deed_on_status(&s.t, DO_LIKE, &s.far, posts[i].id), RC_OK);
	see_groups(&s, (struct id_range){ 0 }, NOTICE_KINDS_GROUPED, 2);
	assert_int_equal(s.count, 2);
	assert_int_equal(s.groups[1].status, posts[1].id);
	/* what is not on the page counts */
	assert_int_equal(s.groups[1].count, 2);
	assert_int_equal(s.groups[1].page_oldest, s.groups[1].page_newest);
	see_groups(&s, (struct id_range){ .max_id = s.groups[1].page_newest }, NOTICE_KINDS_GROUPED,
		   2);
	assert_int_equal(s.count, 2);
	assert_int_equal(s.groups[0].status, posts[0].id);
	assert_int_equal(s.groups[0].count, 2);
	/* what is newer than the page does not */
	assert_int_equal(s.groups[1].status, posts[2].id);
	assert_int_equal(s.groups[1].count, 1);
	see_groups(&s, (struct id_range){ .ascending = true }, NOTICE_KINDS_GROUPED, 2);
	assert_int_equal(s.count, 2);
	assert_int_equal(s.groups[0].status, posts[1].id);
	assert_int_equal(s.groups[1].status, posts[0].id);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_gone_is_not_read),
		cmocka_unit_test(a_page_is_of_kinds_of_somebody_and_between_ids),
		cmocka_unit_test(notices_are_dismissed_and_cleared),
		cmocka_unit_test(letters_of_strangers_wait_until_they_are_let_in),
		cmocka_unit_test(who_is_turned_away_waits_again),
		cmocka_unit_test(letters_of_friends_and_answers_do_not_wait),
		cmocka_unit_test(each_rule_holds_or_drops_its_strangers),
		cmocka_unit_test(who_is_limited_is_a_stranger_until_followed),
		cmocka_unit_test(old_friends_are_no_strangers),
		cmocka_unit_test(an_edit_is_told_to_who_has_boosted),
		cmocka_unit_test(every_post_is_told_to_who_watches),
		cmocka_unit_test(likes_of_a_post_are_one_group),
		cmocka_unit_test(a_group_ends_with_its_half_day),
		cmocka_unit_test(groups_come_in_pages),
	};
	return cmocka_run_group_tests_name("notify", tests, NULL, NULL);
}
