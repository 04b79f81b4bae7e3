/* Moving house: whom followers are taken to, and who is believed (S-029). */
#include "core/must.h"
#include "deed.h"
#include "social/move.h"

struct wish {
	uint64_t account, target;
	struct str uri;
	bool listed;
};

static enum rc do_alias(struct social *s, void *arg)
{
	const struct wish *w = arg;
	struct account a;
	must(account_get(s->txn, s->ctx->arena, w->account, &a));
	return move_alias(s, &a, w->uri, w->listed);
}

static enum rc do_move(struct social *s, void *arg)
{
	const struct wish *w = arg;
	struct account old, target;
	must(account_get(s->txn, s->ctx->arena, w->account, &old));
	must(account_get(s->txn, s->ctx->arena, w->target, &target));
	return move_begin(s, &old, &target);
}

static enum rc do_cancel(struct social *s, void *arg)
{
	const struct wish *w = arg;
	struct account a;
	must(account_get(s->txn, s->ctx->arena, w->account, &a));
	return move_cancel(s, &a);
}

static enum rc do_put(struct social *s, void *arg)
{
	must(account_put(s->txn, s->ctx->arena, arg));
	return RC_OK;
}

static enum rc alias(struct test_store *t, const struct account *a, struct str uri, bool listed)
{
	return test_store_try(t, do_alias, &(struct wish){ a->id, 0, uri, listed });
}

static enum rc move(struct test_store *t, const struct account *old, const struct account *target)
{
	return test_store_try(t, do_move, &(struct wish){ old->id, target->id, STR_NONE, false });
}

/* A remote account's document says so. */
static void name_alias(struct test_store *t, const struct account *account, struct str uri)
{
	struct account a = test_store_account(t, account->id);
	struct str aliases[] = { STR("https://elsewhere.example/users/x"), uri };
	a.aliases = aliases;
	a.alias_count = 2;
	test_store_write(t, do_put, &a);
}

/* The jobs of kind JOB_MOVE that wait. */
struct waiting {
	struct move moves[4];
	uint64_t due_ms[4];
	size_t count;
};

static bool collect(void *arg, const struct queue_job_view *job)
{
	struct waiting *w = arg;
	if (job->kind != JOB_MOVE)
		return true;
	assert_in_range(w->count, 0, 3);
	w->due_ms[w->count] = job->due_ms;
	assert_true(move_decode(job->payload, &w->moves[w->count++]));
	return true;
}

static struct waiting waiting(struct test_store *t)
{
	struct waiting w = { .count = 0 };
	struct db_txn *txn = test_store_read(t);
	queue_each_job(txn, false, STR(""), 0, collect, &w);
	db_read_end(&txn);
	return w;
}

static enum rc do_step(struct social *s, void *arg)
{
	return move_step(s, arg);
}

/* Runs the steps that wait until none is left; returns how many there were. */
static unsigned run_steps(struct test_store *t)
{
	unsigned steps = 0;
	for (struct waiting w = waiting(t); w.count != 0; w = waiting(t)) {
		assert_int_equal(w.count, 1);
		test_store_forget_jobs(t);
		test_store_write(t, do_step, &w.moves[0]);
		steps++;
	}
	return steps;
}

static void aliases_are_listed_once_and_taken_away(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice");
	struct str there = STR("https://b.example/users/alice");
	assert_int_equal(alias(&t, &alice, there, true), RC_OK);
	deed_told(&t, FEDERATE_ACTOR);
	assert_int_equal(alias(&t, &alice, there, true), RC_EXISTS);
	assert_int_equal(alias(&t, &alice, alice.uri, true), RC_INVALID);
	alice = test_store_account(&t, alice.id);
	assert_int_equal(alice.alias_count, 1);
	assert_true(account_has_alias(&alice, there));
	assert_false(account_has_alias(&alice, STR("https://b.example/users/alic")));
	for (unsigned i = 1; i < ACCOUNT_ALIASES_MAX; i++) {
		struct str more = arena_printf(t.d.arena, "https://b.example/users/%u", i);
		assert_int_equal(alias(&t, &alice, more, true), RC_OK);
	}
	assert_int_equal(alias(&t, &alice, STR("https://b.example/one-more"), true), RC_TOO_LARGE);
	assert_int_equal(alias(&t, &alice, there, false), RC_OK);
	assert_int_equal(alias(&t, &alice, there, false), RC_NOT_FOUND);
	alice = test_store_account(&t, alice.id);
	assert_int_equal(alice.alias_count, ACCOUNT_ALIASES_MAX - 1);
	assert_false(account_has_alias(&alice, there));
	test_store_check(&t);
}

static void s029_only_who_names_the_old_account_gets_its_followers(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account fan = test_store_local(&t, "fan");
	struct account old = test_store_remote(&t, "old", "b.example");
	struct account target = test_store_remote(&t, "new", "c.example");
	test_store_follow(&t, &fan, &old);
	test_store_forget_jobs(&t);
	/* no alias; an alias of another id; of one that begins alike */
	assert_int_equal(move(&t, &old, &target), RC_DENIED);
	name_alias(&t, &target, STR("https://b.example/users/other"));
	assert_int_equal(move(&t, &old, &target), RC_DENIED);
	name_alias(&t, &target, str_take(old.uri, old.uri.len - 1));
	assert_int_equal(move(&t, &old, &target), RC_DENIED);
	assert_int_equal(move(&t, &old, &old), RC_DENIED);
	assert_int_equal(waiting(&t).count, 0);
	name_alias(&t, &target, old.uri);
	assert_int_equal(move(&t, &old, &target), RC_OK);
	assert_int_equal(waiting(&t).count, 1);
	assert_int_equal(run_steps(&t), 1);
	assert_int_equal(deed_follow_state(&t, &fan, &old), FOLLOW_NONE);
	assert_int_equal(deed_follow_state(&t, &fan, &target), FOLLOW_PENDING);
	deed_noticed(&t, &fan, 1, NOTICE_MOVE, target.id, 0);
	struct federate jobs[4];
	assert_int_equal(test_store_jobs(&t, jobs, 4), 2);
	assert_int_equal(jobs[0].what, FEDERATE_FOLLOW);
	assert_int_equal(jobs[0].target, target.id);
	assert_int_equal(jobs[1].what, FEDERATE_UNFOLLOW);
	assert_int_equal(jobs[1].target, old.id);
	/* a second time it is nothing new */
	assert_int_equal(move(&t, &old, &target), RC_EXISTS);
	test_store_check(&t);
}

static void s029_chains_and_rings_lead_nowhere(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account fan = test_store_local(&t, "fan");
	struct account a = test_store_remote(&t, "a", "b.example");
	struct account b = test_store_remote(&t, "b", "c.example");
	struct account c = test_store_remote(&t, "c", "d.example");
	test_store_follow(&t, &fan, &a);
	name_alias(&t, &a, b.uri);
	name_alias(&t, &b, a.uri);
	name_alias(&t, &c, a.uri);
	test_store_forget_jobs(&t);
	assert_int_equal(move(&t, &a, &b), RC_OK);
	run_steps(&t);
	/* back again: a has moved away */
	assert_int_equal(move(&t, &b, &a), RC_DENIED);
	/* on at once, to somebody else who names it: not within 30 days */
	assert_int_equal(move(&t, &a, &c), RC_DENIED);
	test_clock_advance(&t.d.clock, MOVE_EVERY_MS - 1000);
	assert_int_equal(move(&t, &a, &c), RC_DENIED);
	test_clock_advance(&t.d.clock, 2000);
	assert_int_equal(move(&t, &a, &c), RC_OK);
	run_steps(&t);
	/* nobody follows a any more */
	assert_int_equal(deed_follow_state(&t, &fan, &b), FOLLOW_PENDING);
	assert_int_equal(deed_follow_state(&t, &fan, &c), FOLLOW_NONE);
	test_store_check(&t);
}

static void s029_many_followers_go_in_steps(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account old = test_store_remote(&t, "old", "b.example");
	struct account target = test_store_local(&t, "new");
	struct account blocked = test_store_local(&t, "blocked");
	struct account already = test_store_local(&t, "already");
	assert_int_equal(alias(&t, &target, old.uri, true), RC_OK);
	for (unsigned i = 0; i < 120; i++) {
		struct account fan = test_store_local(&t, arena_printf(t.d.arena, "fan%u", i).ptr);
		test_store_follow(&t, &fan, &old);
	}
	test_store_follow(&t, &blocked, &old);
	test_store_follow(&t, &already, &old);
	test_store_follow(&t, &already, &target);
	assert_int_equal(deed_on_account(&t, DO_BLOCK, &target, &blocked), RC_OK);
	test_store_forget_jobs(&t);
	assert_int_equal(move(&t, &old, &target), RC_OK);
	struct waiting first = waiting(&t);
	assert_int_equal(first.count, 1);
	test_store_forget_jobs(&t);
	test_store_write(&t, do_step, &first.moves[0]);
	/* the next one a moment later */
	struct waiting second = waiting(&t);
	assert_int_equal(second.count, 1);
	assert_true(second.due_ms[0] > first.due_ms[0]);
	assert_int_equal(run_steps(&t), 2);
	assert_int_equal(deed_account_counts(&t, &old).followers, 0);
	assert_int_equal(deed_account_counts(&t, &target).followers, 121);
	assert_int_equal(deed_follow_state(&t, &blocked, &target), FOLLOW_NONE);
	/* the same step again (a crash before it was known to be done) changes nothing */
	test_store_forget_jobs(&t);
	test_store_write(&t, do_step, &first.moves[0]);
	assert_int_equal(deed_account_counts(&t, &target).followers, 121);
	test_store_check(&t);
}

static void who_has_moved_away_says_nothing_here(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice"), bob = test_store_local(&t, "bob");
	struct account target = test_store_remote(&t, "alice", "c.example");
	struct status post = test_store_post(&t, &bob, VISIBILITY_PUBLIC, "hello", NULL);
	name_alias(&t, &target, alice.uri);
	test_store_forget_jobs(&t);
	assert_int_equal(move(&t, &alice, &target), RC_OK);
	struct federate jobs[4];
	assert_int_equal(test_store_jobs(&t, jobs, 4), 2);
	assert_int_equal(jobs[0].what, FEDERATE_ACTOR);
	assert_int_equal(jobs[1].what, FEDERATE_MOVE);
	assert_int_equal(jobs[1].target, target.id);
	run_steps(&t);
	alice = test_store_account(&t, alice.id);
	assert_str_eq(alice.moved_to, target.uri);
	assert_int_equal(deed_on_status(&t, DO_BOOST, &alice, post.id), RC_DENIED);
	struct deed follow = { .verb = DO_FOLLOW, .actor = &alice, .target = &bob, .uri = STR("") };
	assert_int_equal(deed_do(&t, &follow), RC_DENIED);
	/* home again */
	assert_int_equal(test_store_try(&t, do_cancel, &(struct wish){ alice.id, 0, STR_NONE, 0 }),
			 RC_OK);
	assert_int_equal(test_store_try(&t, do_cancel, &(struct wish){ alice.id, 0, STR_NONE, 0 }),
			 RC_NOT_FOUND);
	alice = test_store_account(&t, alice.id);
	assert_int_equal(deed_on_status(&t, DO_BOOST, &alice, post.id), RC_OK);
	assert_int_equal(move(&t, &alice, &target), RC_DENIED); /* once in 30 days */
	test_store_check(&t);
}

static enum rc do_learn(struct social *s, void *arg)
{
	const struct wish *w = arg;
	struct account target;
	must(account_get(s->txn, s->ctx->arena, w->target, &target));
	const struct taken_post post = { w->uri, STR("https://c.example/notes/1") };
	return taken_learn(s, w->account, target.uri, &post, 1);
}

static void the_author_hears_of_old_posts_where_they_are_now(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice"), bob = test_store_local(&t, "bob");
	struct account target = test_store_remote(&t, "alice", "c.example");
	struct status post = test_store_post(&t, &alice, VISIBILITY_PUBLIC, "hello", NULL);
	struct wish learn = { alice.id, target.id, post.uri, false };
	name_alias(&t, &target, alice.uri);
	/* not while it is here */
	assert_int_equal(test_store_try(&t, do_learn, &learn), RC_DENIED);
	assert_int_equal(move(&t, &alice, &target), RC_OK);
	test_store_forget_jobs(&t);
	assert_int_equal(deed_on_status(&t, DO_LIKE, &bob, post.id), RC_OK);
	deed_told_nobody(&t);
	assert_int_equal(deed_on_status(&t, DO_UNLIKE, &bob, post.id), RC_OK);
	assert_int_equal(test_store_try(&t, do_learn, &learn), RC_OK);
	assert_str_eq(test_store_status(&t, post.id).taken, STR("https://c.example/notes/1"));
	assert_int_equal(deed_on_status(&t, DO_LIKE, &bob, post.id), RC_OK);
	struct federate f = deed_told(&t, FEDERATE_LIKE);
	assert_int_equal(f.extra_count, 1);
	assert_int_equal(f.extra[0], target.id);
	assert_str_eq(f.object, post.uri);
	test_store_reply(&t, &bob, &post, "still true");
	f = deed_told(&t, FEDERATE_CREATE);
	assert_int_equal(f.extra_count, 1);
	assert_int_equal(f.extra[0], target.id);
	test_store_check(&t);
}

static enum rc do_post(struct social *s, void *arg)
{
	return act_post(s, arg);
}

static void nor_posts(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice");
	struct account target = test_store_remote(&t, "alice", "c.example");
	struct ctx ctx = { .arena = t.d.arena };
	struct draft draft = { .author = alice, .text = STR("me again") };
	name_alias(&t, &target, alice.uri);
	assert_int_equal(act_compose(&ctx, &t.site, t.d.db, NULL, &draft), RC_OK);
	assert_int_equal(move(&t, &alice, &target), RC_OK);
	assert_int_equal(test_store_try(&t, do_post, &draft), RC_DENIED);
}

static void odd_payloads_are_refused(void **state UNUSED)
{
	struct move m;
	assert_false(move_decode(STR(""), &m));
	assert_false(move_decode(STR("\1"), &m));
	assert_false(move_decode(STR("\2234567812345678123456781"), &m));
	assert_true(
		move_decode(str_n("\1\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0\2\0\0\0\0\0\0\0\3", 25), &m));
	assert_true(m.old == 1 && m.target == 2 && m.after == 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(aliases_are_listed_once_and_taken_away),
		cmocka_unit_test(s029_only_who_names_the_old_account_gets_its_followers),
		cmocka_unit_test(s029_chains_and_rings_lead_nowhere),
		cmocka_unit_test(s029_many_followers_go_in_steps),
		cmocka_unit_test(who_has_moved_away_says_nothing_here),
		cmocka_unit_test(nor_posts),
		cmocka_unit_test(the_author_hears_of_old_posts_where_they_are_now),
		cmocka_unit_test(odd_payloads_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
