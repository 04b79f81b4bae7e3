/* Follows that blocks end: told to who loses them, with a list. */
#include <stdio.h>

#include "social/mute.h"
#include "store/severance.h"
#include "store/tables.h"
#include "strikekit.h"

static enum rc block_run(struct social *s, struct world *w)
{
	const struct peer decision = { .host = STR("b.example"),
				       .policy = w->approve ? PEER_DEFAULT : PEER_BLOCKED,
				       .note = STR(""),
				       .public_note = STR("") };
	return host_decide(s, w->moderator, &decision);
}

static enum rc sever_run(struct social *s, struct world *w)
{
	struct sever_job next = w->job;
	enum rc rc = sever_job_step(s, &next);
	w->again = rc == RC_BUSY;
	w->job = next;
	return w->again ? RC_OK : rc;
}

static void sever_all(struct world *w)
{
	struct waiting found = world_jobs(w, JOB_SEVER);
	assert_int_equal(found.count, 1);
	assert_true(sever_job_decode(w->t.d.arena, found.payload[0], &w->job));
	do
		assert_int_equal(world_act(w, -1, -1, sever_run), RC_OK);
	while (w->again);
}

static struct severance lost_by(struct world *w, int who)
{
	struct severance event = { .event = 0 };
	struct db_txn *txn = test_store_read(&w->t);
	severance_list(txn, w->t.d.arena, w->who[who].id, 0, &event, 1);
	db_read_end(&txn);
	return event;
}

static void told_of_loss(struct world *w, int who, enum severance_kind kind, const char *target,
			 uint64_t followers, uint64_t following)
{
	struct severance event = lost_by(w, who);
	struct notice notice;
	assert_int_equal(event.kind, kind);
	assert_str_eq(event.target, str_of(target));
	assert_int_equal(event.followers, followers);
	assert_int_equal(event.following, following);
	assert_true(test_store_notices(&w->t, w->who[who].id, &notice, 1) == 1);
	assert_int_equal(notice.kind, NOTICE_SEVERED);
	assert_int_equal(notice.about, event.event);
}

static void a_blocked_host_ends_follows_and_who_loses_some_is_told(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	struct notice notice;
	world_init(&w);
	struct account sub = test_store_remote(&w.t, "sue", "x.b.example"),
		       other = test_store_remote(&w.t, "eve", "notb.example");
	test_store_follow(&w.t, &w.who[ANN], &w.who[BOB]);
	test_store_follow(&w.t, &w.who[BOB], &w.who[ANN]);
	test_store_follow(&w.t, &sub, &w.who[ANN]);
	test_store_follow(&w.t, &other, &w.who[ANN]);
	test_store_follow(&w.t, &w.who[CAT], &other);
	test_store_forget_jobs(&w.t);
	assert_int_equal(world_act(&w, MODERATOR, -1, block_run), RC_OK);
	sever_all(&w);
	told_of_loss(&w, ANN, SEVERANCE_DOMAIN_BLOCK, "b.example", 2, 1);
	assert_int_equal(test_store_notices(&w.t, w.who[CAT].id, &notice, 1), 0);
	assert_int_equal(deed_follow_state(&w.t, &w.who[ANN], &w.who[BOB]), FOLLOW_NONE);
	assert_int_equal(deed_follow_state(&w.t, &sub, &w.who[ANN]), FOLLOW_NONE);
	assert_int_equal(deed_follow_state(&w.t, &other, &w.who[ANN]), FOLLOW_ACCEPTED);
	assert_int_equal(deed_account_counts(&w.t, &w.who[ANN]).followers, 1);
	/* blocking what is blocked ends nothing more */
	test_store_forget_jobs(&w.t);
	assert_int_equal(world_act(&w, MODERATOR, -1, block_run), RC_OK);
	assert_int_equal(world_jobs(&w, JOB_SEVER).count, 0);
}

static void a_block_that_was_taken_back_ends_no_more(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	test_store_follow(&w.t, &w.who[ANN], &w.who[BOB]);
	test_store_forget_jobs(&w.t);
	assert_int_equal(world_act(&w, MODERATOR, -1, block_run), RC_OK);
	w.approve = true;
	assert_int_equal(world_act(&w, MODERATOR, -1, block_run), RC_OK);
	sever_all(&w);
	assert_int_equal(deed_follow_state(&w.t, &w.who[ANN], &w.who[BOB]), FOLLOW_ACCEPTED);
	assert_int_equal(lost_by(&w, ANN).event, 0);
}

static enum rc list_run(struct social *s, struct world *w)
{
	enum rc rc = RC_OK;
	for (int i = 0; rc == RC_OK && i < 3; i++) {
		const struct peer decision = { .host = arena_printf(s->ctx->arena, "%c.example",
								    'b' + i),
					       .policy = PEER_BLOCKED,
					       .note = STR(""),
					       .public_note = STR("") };
		rc = host_decide(s, w->moderator, &decision);
	}
	return rc;
}

/* Only the walk of the last one goes through all follows; each host is an event of its own. */
static void a_list_of_hosts_is_one_walk(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	struct notice notices[4];
	world_init(&w);
	struct account cleo = test_store_remote(&w.t, "cleo", "c.example");
	test_store_follow(&w.t, &w.who[ANN], &w.who[BOB]);
	test_store_follow(&w.t, &w.who[ANN], &cleo);
	test_store_forget_jobs(&w.t);
	assert_int_equal(world_act(&w, MODERATOR, -1, list_run), RC_OK);
	struct waiting found = world_jobs(&w, JOB_SEVER);
	assert_int_equal(found.count, 3);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(deed_follow_state(&w.t, &w.who[ANN], &cleo), FOLLOW_ACCEPTED);
		assert_true(sever_job_decode(w.t.d.arena, found.payload[i], &w.job));
		assert_int_equal(world_act(&w, -1, -1, sever_run), RC_OK);
		assert_false(w.again);
	}
	assert_int_equal(deed_follow_state(&w.t, &w.who[ANN], &cleo), FOLLOW_NONE);
	assert_int_equal(deed_follow_state(&w.t, &w.who[ANN], &w.who[BOB]), FOLLOW_NONE);
	assert_int_equal(test_store_notices(&w.t, w.who[ANN].id, notices, 4), 2);
	assert_int_equal(test_store_rows(&w.t, &store_severance), 2);
}

/* More follows than one step looks at. */
static void many_follows_end_in_steps(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	unsigned steps = 0;
	world_init(&w);
	for (int i = 0; i < 600; i++) {
		char name[16];
		snprintf(name, sizeof(name), "u%d", i);
		struct account a =
			test_store_remote(&w.t, name, i % 3 == 0 ? "c.example" : "b.example");
		test_store_follow(&w.t, &a, &w.who[ANN]);
	}
	test_store_forget_jobs(&w.t);
	assert_int_equal(world_act(&w, MODERATOR, -1, block_run), RC_OK);
	struct waiting found = world_jobs(&w, JOB_SEVER);
	assert_true(sever_job_decode(w.t.d.arena, found.payload[0], &w.job));
	do {
		/* as it goes through the queue */
		struct buf payload CLEANUP(buf_free) = BUF_INIT(4096);
		sever_job_encode(&payload, &w.job);
		assert_true(sever_job_decode(w.t.d.arena, buf_str(&payload), &w.job));
		assert_int_equal(world_act(&w, -1, -1, sever_run), RC_OK);
		steps++;
	} while (w.again);
	assert_true(steps >= 3);
	told_of_loss(&w, ANN, SEVERANCE_DOMAIN_BLOCK, "b.example", 400, 0);
	assert_int_equal(deed_account_counts(&w.t, &w.who[ANN]).followers, 200);
}

static enum rc preview_run(struct social *s, struct world *w)
{
	w->preview =
		(struct sever_preview){ .host = STR("b.example"), .walk = { .user = STR("") } };
	while (sever_preview_step(s, &w->preview))
		;
	return db_txn_rc(s->txn);
}

static void a_preview_says_what_would_end(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	test_store_follow(&w.t, &w.who[ANN], &w.who[BOB]);
	test_store_follow(&w.t, &w.who[BOB], &w.who[ANN]);
	test_store_follow(&w.t, &w.who[BOB], &w.who[CAT]);
	assert_int_equal(world_act(&w, -1, -1, preview_run), RC_OK);
	assert_int_equal(w.preview.people, 2);
	assert_int_equal(w.preview.followers, 2);
	assert_int_equal(w.preview.following, 1);
	assert_int_equal(deed_follow_state(&w.t, &w.who[ANN], &w.who[BOB]), FOLLOW_ACCEPTED);
}

static enum rc own_block_run(struct social *s, struct world *w)
{
	enum rc rc = act_block_domain(s, w->target, STR("b.example"));
	w->again = rc == RC_BUSY;
	return w->again ? RC_OK : rc;
}

static void who_blocks_a_host_keeps_a_list_too(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	for (int i = 0; i < 70; i++) {
		char name[16];
		snprintf(name, sizeof(name), "u%d", i);
		struct account a = test_store_remote(&w.t, name, "b.example");
		test_store_follow(&w.t, &w.who[ANN], &a);
	}
	test_store_follow(&w.t, &w.who[BOB], &w.who[ANN]);
	do
		assert_int_equal(world_act(&w, -1, ANN, own_block_run), RC_OK);
	while (w.again);
	told_of_loss(&w, ANN, SEVERANCE_USER_DOMAIN_BLOCK, "b.example", 1, 70);
	assert_int_equal(test_store_rows(&w.t, &store_severing), 0);
	/* who follows nobody there loses nothing */
	do
		assert_int_equal(world_act(&w, -1, CAT, own_block_run), RC_OK);
	while (w.again);
	assert_int_equal(lost_by(&w, CAT).event, 0);
}

static enum rc delete_run(struct social *s, struct world *w)
{
	enum rc rc = moderate_delete(s, w->moderator, w->target->id);
	w->again = rc == RC_BUSY;
	return w->again ? RC_OK : rc;
}

static void a_suspended_account_that_is_deleted_is_lost_to_its_followers(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	test_store_follow(&w.t, &w.who[ANN], &w.who[BOB]);
	test_store_follow(&w.t, &w.who[BOB], &w.who[ANN]);
	test_store_follow(&w.t, &w.who[BOB], &w.who[CAT]);
	assert_int_equal(world_act(&w, ADMIN, BOB, delete_run), RC_INVALID);
	w.sentence.what = MODERATE_SUSPEND;
	assert_int_equal(world_act(&w, ADMIN, BOB, moderate_run), RC_OK);
	do
		assert_int_equal(world_act(&w, ADMIN, BOB, delete_run), RC_OK);
	while (w.again);
	told_of_loss(&w, ANN, SEVERANCE_ACCOUNT, "bob@b.example", 1, 1);
	told_of_loss(&w, CAT, SEVERANCE_ACCOUNT, "bob@b.example", 1, 0);
	assert_int_equal(test_store_rows(&w.t, &store_severing), 0);
	/* what was done about an account goes with it */
	assert_int_equal(test_store_rows(&w.t, &store_strike), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_blocked_host_ends_follows_and_who_loses_some_is_told),
		cmocka_unit_test(a_block_that_was_taken_back_ends_no_more),
		cmocka_unit_test(a_list_of_hosts_is_one_walk),
		cmocka_unit_test(many_follows_end_in_steps),
		cmocka_unit_test(a_preview_says_what_would_end),
		cmocka_unit_test(who_blocks_a_host_keeps_a_list_too),
		cmocka_unit_test(a_suspended_account_that_is_deleted_is_lost_to_its_followers),
	};
	return cmocka_run_group_tests_name("sever", tests, NULL, NULL);
}
