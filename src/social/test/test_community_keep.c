/* Communities: in words, kept, deleted. */
#include <stdio.h>

#include "communitykit.h"
#include "social/audit.h"
#include "social/community_keep.h"
#include "social/community_words.h"

#define THREADS 210 /* more than one step takes */

/* --- in words --- */

static enum rc apply(struct arena *arena, const struct community_words *words, struct community *c)
{
	struct ctx ctx = { .arena = arena };
	return community_words_apply(&ctx, words, c);
}

static void words_become_settings(void **state UNUSED)
{
	struct arena *arena CLEANUP(arena_free) = arena_new(65536);
	const struct str rules[] = { STR("Be kind"), STR("  "), STR("Cite") };
	const struct str flairs[] = { STR("Question=#3366cc"), STR("a=b=#00ff00"), STR("Find") };
	const struct community_words words = { .kind = STR(" course "),
					       .join = STR("request"),
					       .sight = STR("members"),
					       .posting = STR("appointed"),
					       .premoderated = STR("yes"),
					       .slow = STR("30"),
					       .retention = STR("365"),
					       .rules = { rules, 3, true },
					       .flairs = { flairs, 3, true } };
	struct community c = { .kind = STR("") };
	assert_int_equal(apply(arena, &words, &c), RC_OK);
	assert_true(str_eq(c.kind, STR("course")));
	assert_true(c.join == COMMUNITY_JOIN_ON_REQUEST && c.sight == COMMUNITY_MEMBERS &&
		    c.posting == COMMUNITY_POST_APPOINTED && c.premoderated);
	assert_true(c.slow_s == 30 && c.retention_days == 365 && c.rule_count == 2);
	assert_true(str_eq(c.rules[1], STR("Cite")));
	assert_int_equal(c.flair_count, 3);
	assert_true(str_eq(c.flairs[0].name, STR("Question")));
	assert_true(str_eq(c.flairs[0].colour, STR("#3366cc")));
	assert_true(str_eq(c.flairs[1].name, STR("a=b")) &&
		    str_eq(c.flairs[1].colour, STR("#00ff00")));
	assert_int_equal(c.given,
			 COMMUNITY_GIVES_ALL & ~(COMMUNITY_GIVES_LANGUAGES | COMMUNITY_GIVES_TAGS));
	/* what is not said stays; what is said to be empty is the parent's */
	const struct community_words next = { .join = STR(""), .rules = { NULL, 0, true } };
	assert_int_equal(apply(arena, &next, &c), RC_OK);
	assert_int_equal(c.given & (COMMUNITY_GIVES_JOIN | COMMUNITY_GIVES_RULES), 0);
	assert_true(c.sight == COMMUNITY_MEMBERS && c.flair_count == 3);
}

static enum rc say_list(struct arena *arena, const struct str *list, size_t count, bool flairs,
			struct community *c)
{
	const struct community_list_words said = { list, count, true };
	const struct community_words words = flairs ? (struct community_words){ .flairs = said }
						    : (struct community_words){ .tags = said };
	return apply(arena, &words, c);
}

static void a_flair_is_the_same_wherever_it_stands(void **state UNUSED)
{
	struct arena *arena CLEANUP(arena_free) = arena_new(65536);
	const struct str two[] = { STR("Question"), STR("News") };
	const struct str three[] = { STR("Urgent"), STR("Question=#3366cc"), STR("News") };
	struct community c = { .kind = STR("") }, other = { .kind = STR("") };
	assert_int_equal(say_list(arena, two, 2, true, &c), RC_OK);
	const uint32_t question = c.flairs[0].id, news = c.flairs[1].id;
	assert_true(question > COMMUNITY_FLAIRS_MAX && news > COMMUNITY_FLAIRS_MAX);
	assert_int_equal(say_list(arena, three, 3, true, &c), RC_OK);
	assert_true(c.flairs[1].id == question && c.flairs[2].id == news);
	assert_true(c.flairs[0].id != question && c.flairs[0].id != news);
	/* taken away, it is none, and nobody else's; in a list of another it is the same */
	assert_int_equal(say_list(arena, three, 1, true, &c), RC_OK);
	assert_null(community_flair_find(&c, question));
	assert_int_equal(say_list(arena, two, 1, true, &other), RC_OK);
	assert_int_equal(other.flairs[0].id, question);
	/* those of old keep their places as ids */
	struct community_flair old[] = { { 1, STR("Question"), STR("") },
					 { 2, STR("News"), STR("") } };
	c.flairs = old;
	c.flair_count = 2;
	assert_int_equal(say_list(arena, three, 3, true, &c), RC_OK);
	assert_true(c.flairs[1].id == 1 && c.flairs[2].id == 2 && c.flairs[0].id > 2);
}

static void hashtags_are_kept_as_typed_and_found_as_folded(void **state UNUSED)
{
	struct arena *arena CLEANUP(arena_free) = arena_new(65536);
	const struct str tags[] = { STR("#Moss"), STR("Lichen") };
	const struct str twice[] = { STR("moss"), STR("#Moss") }, none[] = { STR("two words") };
	struct community c = { .kind = STR("") };
	assert_int_equal(say_list(arena, tags, 2, false, &c), RC_OK);
	assert_true(c.tag_count == 2 && str_eq(c.tags[0], STR("Moss")));
	assert_true((c.given & COMMUNITY_GIVES_TAGS) != 0);
	assert_true(community_has_tag(&c, STR("#mOSS")) && community_has_tag(&c, STR("lichen")));
	assert_false(community_has_tag(&c, STR("mos")) || community_has_tag(&c, STR("")));
	assert_int_equal(say_list(arena, twice, 2, false, &c), RC_INVALID);
	assert_int_equal(say_list(arena, none, 1, false, &c), RC_INVALID);
	assert_int_equal(c.tag_count, 2);
}

static void wrong_words_change_nothing(void **state UNUSED)
{
	static const struct str red[] = { STR_INIT("x=red") },
				klingon[] = { STR_INIT("klingonish!!") },
				same[] = { STR_INIT("News"), STR_INIT("news") };
	static const struct community_words wrong[] = {
		{ .flairs = { red, 1, true } },		 { .languages = { klingon, 1, true } },
		{ .flairs = { same, 2, true } },	 { .join = STR_INIT("whenever") },
		{ .sight = STR_INIT("secret") },	 { .posting = STR_INIT("nobody") },
		{ .premoderated = STR_INIT("perhaps") }, { .slow = STR_INIT("-1") },
		{ .slow = STR_INIT("99999999") },	 { .retention = STR_INIT("x") },
		{ .retention = STR_INIT("36501") },
	};
	struct arena *arena CLEANUP(arena_free) = arena_new(65536);
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		struct community_words words = wrong[i];
		struct community c = { .kind = STR("ward") };
		words.kind = STR("course");
		assert_int_equal(apply(arena, &words, &c), RC_INVALID);
		assert_true(str_eq(c.kind, STR("ward")) && c.given == 0);
	}
}

static void roles_are_named(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	struct arena *arena CLEANUP(arena_free) = arena_new(1 << 20);
	struct community_role role;
	scene_init(&w, &(struct community){ .kind = STR("") });
	struct db_txn *txn = test_store_read(&w.t);
	assert_true(community_role_named(txn, arena, w.group.id, STR("Moderator"), &role));
	assert_int_equal(role.id, COMMUNITY_MODERATOR);
	assert_true(community_role_named(txn, arena, w.group.id, STR("4"), &role));
	assert_int_equal(role.id, COMMUNITY_OWNER);
	assert_false(community_role_named(txn, arena, w.group.id, STR("king"), &role));
	assert_false(community_role_named(txn, arena, w.group.id, STR(""), &role));
	db_read_end(&txn);
}

/* --- the end --- */

struct closing {
	const struct account *actor;
	uint64_t id;
	bool more;
};

static enum rc close_act(struct social *s, void *arg)
{
	struct closing *c = arg;
	enum rc rc = community_close(s, c->actor, c->id);
	c->more = rc == RC_OK || rc == RC_GONE;
	if (c->more)
		c->more = !community_close_step(s, c->id);
	return rc == RC_GONE ? RC_OK : rc;
}

static enum rc close_all(struct scene *w, const struct account *actor)
{
	struct closing c = { .actor = actor, .id = w->group.id };
	enum rc rc;
	do
		rc = test_store_try(&w->t, close_act, &c);
	while (rc == RC_OK && c.more);
	return rc;
}

static bool exists(struct scene *w)
{
	struct db_txn *txn = test_store_read(&w->t);
	bool there = community_exists(txn, w->group.id);
	db_read_end(&txn);
	return there;
}

static void only_its_owner_deletes_it(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	uint64_t id;
	scene_init(&w, &(struct community){ .kind = STR("") });
	assert_int_equal(scene_join(&w, &w.bob), RC_OK);
	struct job appoint = {
		.what = APPOINT, .actor = &w.alice, .account = w.bob.id, .role = COMMUNITY_MODERATOR
	};
	assert_int_equal(scene_act(&w, appoint), RC_OK);
	assert_int_equal(scene_post(&w, &w.bob, 0, &id), RC_OK);
	assert_int_equal(close_all(&w, &w.bob), RC_DENIED);
	assert_true(exists(&w));
	assert_int_equal(close_all(&w, &w.alice), RC_OK);
	assert_false(exists(&w));
	assert_int_equal(scene_totals(&w).threads, 0);
	assert_int_equal(close_all(&w, &w.alice), RC_NOT_FOUND);
	/* what was said in it is its author's, as before */
	assert_true(scene_sees(&w, &w.carol, id));
}

#define POSTED 70

static enum rc remove_later(struct social *s, void *arg)
{
	const struct scene *w = arg;
	community_remove_later(s, &w->alice, w->group.id, w->bob.id);
	return RC_OK;
}

/* However many they are, and wherever else their author has posted since. */
static void what_somebody_posted_is_taken_out_in_steps(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	struct scene_keeping k = { .job = { .task = COMMUNITY_TASK_REMOVE } };
	uint64_t ids[POSTED], kept;
	int steps = 0;
	scene_init(&w, &(struct community){ .kind = STR("") });
	assert_int_equal(scene_join(&w, &w.bob), RC_OK);
	assert_int_equal(scene_post(&w, &w.alice, 0, &kept), RC_OK);
	for (size_t i = 0; i < POSTED; i++) {
		assert_int_equal(scene_post(&w, &w.bob, 0, &ids[i]), RC_OK);
		test_store_post(&w.t, &w.bob, VISIBILITY_PUBLIC, "elsewhere", NULL);
	}
	test_store_write(&w.t, remove_later, &w);
	k.job.community = w.group.id;
	k.job.account = w.bob.id;
	k.job.actor = w.alice.id;
	for (; steps < 10 && !k.end; steps++)
		test_store_write(&w.t, scene_keep, &k);
	assert_true(k.end && steps > 2);
	for (size_t i = 0; i < POSTED; i++)
		assert_true((scene_place(&w, ids[i]).flags & COMMUNITY_POST_REMOVED) != 0);
	assert_int_equal(scene_totals(&w).threads, 1);
}

/* --- settings of those below --- */

struct below {
	uint64_t parent;
	const char *name;
	const struct account *owner;
	struct account group;
};

static enum rc found_below(struct social *s, void *arg)
{
	struct below *b = arg;
	const struct account_secrets none = { .key_count = 0 };
	const struct new_account account = { .username = str_of(b->name),
					     .display_name = STR(""),
					     .note = STR("") };
	struct community settings = { .parent = b->parent, .kind = STR("") };
	return community_create(s, b->owner, &account, &none, &settings, &b->group);
}

static void those_below_have_new_settings_in_steps(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	struct account last = { 0 };
	struct below b = { .owner = &w.alice };
	scene_init(&w, &(struct community){ .kind = STR("") });
	for (int i = 0; i < 20; i++) {
		char name[16];
		snprintf(name, sizeof(name), "c%d", i);
		b.name = name;
		b.parent = i == 19 ? last.id : w.group.id;
		test_store_write(&w.t, found_below, &b);
		last = b.group;
	}
	test_store_forget_jobs(&w.t);
	w.settings.join = COMMUNITY_JOIN_ON_REQUEST;
	w.settings.given = COMMUNITY_GIVES_JOIN;
	const struct job change = { .what = CHANGE, .actor = &w.alice };
	assert_int_equal(scene_act(&w, change), RC_OK);
	assert_true((test_store_account(&w.t, w.group.id).flags & ACCOUNT_LOCKED) != 0);
	assert_true((test_store_account(&w.t, last.id).flags & ACCOUNT_LOCKED) == 0);
	assert_true(scene_run_jobs(&w) > 3);
	assert_true((test_store_account(&w.t, last.id).flags & ACCOUNT_LOCKED) != 0);
	/* what changes nothing for them is no work */
	assert_int_equal(scene_act(&w, change), RC_OK);
	assert_int_equal(scene_run_jobs(&w), 0);
}

struct boosting {
	struct scene *w;
	uint64_t ids[THREADS];
};

static enum rc boost_all(struct social *s, void *arg)
{
	struct boosting *b = arg;
	for (size_t i = 0; i < THREADS; i++) {
		struct draft draft = { .author = b->w->alice,
				       .community = b->w->group.id,
				       .status = { .account = b->w->alice.id,
						   .flags = STATUS_LOCAL,
						   .type = STR("Note"),
						   .content = html_trusted(STR("")) } };
		enum rc rc = act_post(s, &draft);
		if (rc != RC_OK)
			return rc;
		b->ids[i] = draft.status.id;
	}
	return RC_OK;
}

static enum rc begin_close(struct social *s, void *arg)
{
	const struct scene *w = arg;
	return community_close(s, &w->alice, w->group.id);
}

static size_t recorded(struct scene *w)
{
	struct ctx ctx = { .arena = w->t.d.arena };
	struct audit_row rows[8];
	struct audit_said said;
	struct db_txn *txn = test_store_read(&w->t);
	size_t n = 0, all = audit_within(txn, w->t.d.arena, w->group.id, 0, rows, ARRAY_LEN(rows));
	for (size_t i = 0; i < all; i++)
		n += audit_read(&ctx, &rows[i], &said) == RC_OK &&
		     str_eq(said.act, STR("community.close"));
	db_read_end(&txn);
	return n;
}

/* As much as a server was killed after the first step: what is kept of it must be enough. */
static void its_end_goes_on_whoever_is_killed(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	struct boosting b = { .w = &w };
	struct scene_keeping k = { .end = false };
	int steps = 0;
	scene_init(&w, &(struct community){ .kind = STR("") });
	test_store_write(&w.t, boost_all, &b);
	test_store_write(&w.t, begin_close, &w);
	assert_int_equal(test_store_try(&w.t, begin_close, &w), RC_GONE);
	assert_true(exists(&w));
	/* the daily round finds it, too */
	for (; steps < 40 && !k.end; steps++)
		test_store_write(&w.t, scene_keep, &k);
	assert_true(k.end && steps > 3);
	assert_false(exists(&w));
	assert_int_equal(recorded(&w), 1);
	assert_true((test_store_account(&w.t, w.group.id).flags & ACCOUNT_LEAVING) != 0);
	assert_true(scene_sees(&w, &w.carol, b.ids[0]));
}

/* What moderators suspend is not deleted by that. */
static void one_that_is_suspended_stays(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	struct scene_keeping k = { .end = false };
	scene_init(&w, &(struct community){ .kind = STR("") });
	assert_int_equal(deed_on_account(&w.t, DO_SUSPEND, &w.group, &w.group), RC_OK);
	for (int i = 0; i < 10 && !k.end; i++)
		test_store_write(&w.t, scene_keep, &k);
	assert_true(k.end && exists(&w));
}

static void its_job_says_what_to_do(void **state UNUSED)
{
	static const struct community_job jobs[] = { { .community = 7, .account = 8 },
						     { .task = COMMUNITY_TASK_CLOSE,
						       .community = 9 },
						     { .task = COMMUNITY_TASK_REMOVE,
						       .community = 1,
						       .account = 2,
						       .actor = 3,
						       .before = 4 } };
	for (size_t i = 0; i < ARRAY_LEN(jobs); i++) {
		struct buf packed CLEANUP(buf_free) = BUF_INIT(64);
		community_job_encode(&packed, &jobs[i]);
		struct community_job back = community_job_decode(buf_str(&packed));
		struct buf again CLEANUP(buf_free) = BUF_INIT(64);
		community_job_encode(&again, &back);
		assert_str_eq(buf_str(&again), buf_str(&packed));
		assert_int_equal(back.task, jobs[i].task);
		back = community_job_decode(str_take(buf_str(&packed), packed.len - 1));
		assert_true(back.task == COMMUNITY_TASK_ROUND && back.community == 0);
	}
	/* as older nodes wrote it */
	struct community_job old = community_job_decode(str_n("\1\0\0\0\0\0\0\0\5", 9));
	assert_true(old.task == COMMUNITY_TASK_ROUND && old.community == 5);
}

static enum rc delete_account(struct social *s, void *arg)
{
	struct account a;
	assert_true(account_get(s->txn, s->ctx->arena, *(const uint64_t *)arg, &a));
	return account_delete(s, &a);
}

static void what_an_account_leaves_behind_goes(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	struct scene_keeping k = { .end = false };
	scene_init(&w, &(struct community){ .kind = STR("") });
	assert_int_equal(scene_join(&w, &w.bob), RC_OK);
	for (int i = 0; i < 10 && !k.end; i++)
		test_store_write(&w.t, scene_keep, &k);
	assert_true(k.end && exists(&w));
	test_store_write(&w.t, delete_account, &w.group.id);
	k = (struct scene_keeping){ .end = false };
	for (int i = 0; i < 10 && !k.end; i++)
		test_store_write(&w.t, scene_keep, &k);
	assert_true(k.end);
	assert_false(exists(&w));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_become_settings),
		cmocka_unit_test(wrong_words_change_nothing),
		cmocka_unit_test(a_flair_is_the_same_wherever_it_stands),
		cmocka_unit_test(hashtags_are_kept_as_typed_and_found_as_folded),
		cmocka_unit_test(roles_are_named),
		cmocka_unit_test(only_its_owner_deletes_it),
		cmocka_unit_test(what_somebody_posted_is_taken_out_in_steps),
		cmocka_unit_test(those_below_have_new_settings_in_steps),
		cmocka_unit_test(its_end_goes_on_whoever_is_killed),
		cmocka_unit_test(one_that_is_suspended_stays),
		cmocka_unit_test(its_job_says_what_to_do),
		cmocka_unit_test(what_an_account_leaves_behind_goes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
