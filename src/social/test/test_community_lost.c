/* Communities whose people are lost: deleted accounts, blocked hosts, nobody who owns it. */
#include "../community_int.h"
#include "lanekit.h"
#include "social/account.h"
#include "social/community_keep.h"
#include "social/sever.h"
#include "store/graph.h"

static void delete_all(struct scene *w, const struct account *who)
{
	const enum verb steps[] = { DO_REMOVE, DO_REMOVE_FINISH };
	for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
		enum rc rc = RC_BUSY;
		for (int n = 0; n < 10 && rc == RC_BUSY; n++)
			rc = deed_on_account(&w->t, steps[i], who, who);
		assert_int_equal(rc, RC_OK);
	}
	assert_true((test_store_account(&w->t, who->id).flags & ACCOUNT_DELETED) != 0);
}

static bool has_row(struct scene *w, const struct account *who)
{
	struct community_member m;
	struct db_txn *txn = test_store_read(&w->t);
	bool there = community_member_get(txn, w->t.d.arena, w->group.id, who->id, &m);
	db_read_end(&txn);
	return there;
}

static struct job appoint(const struct scene *w, const struct account *who, uint64_t role)
{
	return (struct job){
		.what = APPOINT, .actor = &w->alice, .account = who->id, .role = role
	};
}

static void a_ghost_owns_nothing(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	struct statement letter;
	struct account mona = lanes_init(&w);
	assert_int_equal(scene_act(&w, appoint(&w, &w.bob, COMMUNITY_OWNER)), RC_OK);
	delete_all(&w, &w.alice);
	assert_false(has_row(&w, &w.alice));
	/* bob is left, and stays */
	assert_int_equal(letters(&w, STATEMENT_OWNERLESS, mona.id, &letter), 0);
	assert_int_equal(scene_leave(&w, &w.bob), RC_DENIED);
	delete_all(&w, &w.bob);
	assert_int_equal(letters(&w, STATEMENT_OWNERLESS, mona.id, &letter), 1);
	assert_non_null(strstr(letter.letter.text.ptr, "appoint tea"));
	/* who runs the node gives it another */
	struct job next = { .what = APPOINT, .account = w.carol.id, .role = COMMUNITY_OWNER };
	assert_int_equal(scene_act(&w, next), RC_OK);
	assert_int_equal(scene_stand(&w, &w.carol).role, COMMUNITY_OWNER);
}

static bool decides(struct scene *w, const struct account *who, const struct strike *strike)
{
	struct db_txn *txn = test_store_read(&w->t);
	bool may = strike_may_decide(txn, w->t.d.arena, who, strike);
	db_read_end(&txn);
	return may;
}

static void an_appeal_waits_for_no_ghost(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	struct strike strike;
	uint64_t id;
	struct account mona = lanes_init(&w);
	assert_int_equal(scene_post(&w, &w.bob, 0, &id), RC_OK);
	struct job remove = {
		.what = MODERATE, .actor = &w.alice, .status = id, .act = COMMUNITY_ACT_REMOVE
	};
	assert_int_equal(scene_act(&w, remove), RC_OK);
	struct db_txn *txn = test_store_read(&w.t);
	assert_int_equal(strikes_of(txn, w.t.d.arena, w.bob.id, 0, &strike, 1), 1);
	db_read_end(&txn);
	assert_true(decides(&w, &w.alice, &strike) && !decides(&w, &mona, &strike));
	delete_all(&w, &w.alice);
	assert_true(decides(&w, &mona, &strike));
	assert_false(decides(&w, &w.bob, &strike));
}

struct cut {
	const struct account *group, *other;
};

static enum rc note_it(struct social *s, void *arg)
{
	const struct cut *c = arg;
	return community_note(s, NULL, c->group->id, c->other->id, STR("fond of tea"));
}

/* What moderators know of somebody is for whoever moderates next. */
static void assert_noted(struct scene *w, const struct account *who)
{
	struct community_member m;
	struct db_txn *txn = test_store_read(&w->t);
	assert_true(community_member_get(txn, w->t.d.arena, w->group.id, who->id, &m));
	assert_str_eq(m.note, STR("fond of tea"));
	db_read_end(&txn);
}

static enum rc cut_off(struct social *s, void *arg)
{
	const struct cut *c = arg;
	const struct severance event = { .event = 1,
					 .kind = SEVERANCE_DOMAIN_BLOCK,
					 .target = STR("d.example") };
	sever_follow(s, &event, c->group, c->other, true);
	return RC_OK;
}

static void who_is_cut_off_comes_back_as_anybody(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	struct federate f;
	lanes_init(&w);
	assert_int_equal(scene_join(&w, &w.dave), RC_OK);
	struct cut cut = { &w.group, &w.dave };
	test_store_write(&w.t, note_it, &cut);
	assert_int_equal(scene_act(&w, appoint(&w, &w.dave, COMMUNITY_MODERATOR)), RC_OK);
	assert_noted(&w, &w.dave);
	test_store_forget_jobs(&w.t);
	test_store_write(&w.t, cut_off, &cut);
	assert_true(scene_told(&w, FEDERATE_COMMUNITY_PASS, &f));
	assert_noted(&w, &w.dave);
	assert_int_equal(scene_join(&w, &w.dave), RC_OK);
	assert_int_equal(scene_stand(&w, &w.dave).role, COMMUNITY_MEMBER);
	assert_int_equal(scene_leave(&w, &w.dave), RC_OK);
	assert_noted(&w, &w.dave);
}

/* --- those who block it --- */

static void who_blocks_it_gives_up_their_part(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	struct federate f;
	lanes_init(&w);
	assert_int_equal(scene_join(&w, &w.bob), RC_OK);
	assert_int_equal(scene_act(&w, appoint(&w, &w.bob, COMMUNITY_MODERATOR)), RC_OK);
	test_store_forget_jobs(&w.t);
	assert_int_equal(deed_on_account(&w.t, DO_BLOCK, &w.bob, &w.group), RC_OK);
	assert_false(has_row(&w, &w.bob));
	/* others hear that he moderates it no more */
	assert_true(scene_told(&w, FEDERATE_COMMUNITY_PASS, &f));
	/* somebody has to own it */
	assert_int_equal(deed_on_account(&w.t, DO_BLOCK, &w.alice, &w.group), RC_DENIED);
	assert_int_equal(scene_stand(&w, &w.alice).role, COMMUNITY_OWNER);
	struct db_txn *txn = test_store_read(&w.t);
	assert_false(block_exists(txn, w.alice.id, w.group.id));
	db_read_end(&txn);
}

static enum rc made_group(struct social *s, void *arg)
{
	struct account *group = arg;
	group->kind = ACCOUNT_GROUP;
	return account_put(s->txn, s->ctx->arena, group) ? RC_OK : RC_NOT_FOUND;
}

static enum rc names(struct social *s, void *arg)
{
	const struct cut *c = arg;
	return community_told_moderator(s, c->group->id, c->other->id, true);
}

static bool moderates_elsewhere(struct scene *w, const struct cut *c)
{
	struct community_standing mine;
	struct db_txn *txn = test_store_read(&w->t);
	assert_true(
		community_standing_elsewhere(txn, w->t.d.arena, c->group->id, c->other->id, &mine));
	db_read_end(&txn);
	return mine.role == COMMUNITY_MODERATOR;
}

static void whom_a_group_elsewhere_has_named_needs_no_follow_to_give_it_up(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	lanes_init(&w);
	struct account far = test_store_remote(&w.t, "far", "f.example");
	test_store_write(&w.t, made_group, &far);
	struct cut cut = { &far, &w.bob };
	assert_int_equal(test_store_try(&w.t, names, &cut), RC_OK);
	assert_true(moderates_elsewhere(&w, &cut));
	assert_int_equal(deed_on_account(&w.t, DO_BLOCK, &w.bob, &far), RC_OK);
	assert_false(moderates_elsewhere(&w, &cut));
	/* it may go on to say so */
	assert_int_equal(test_store_try(&w.t, names, &cut), RC_DENIED);
	assert_int_equal(deed_on_account(&w.t, DO_UNBLOCK, &w.bob, &far), RC_OK);
	assert_int_equal(test_store_try(&w.t, names, &cut), RC_OK);
}

static void a_ban_outlives_an_account_elsewhere(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	lanes_init(&w);
	const struct account *people[] = { &w.bob, &w.dave };
	for (size_t i = 0; i < ARRAY_LEN(people); i++) {
		struct job ban = { .what = BAN, .actor = &w.alice, .account = people[i]->id };
		assert_int_equal(scene_act(&w, ban), RC_OK);
	}
	delete_all(&w, &w.bob);
	assert_false(has_row(&w, &w.bob));
	assert_int_equal(deed_on_account(&w.t, DO_REMOVE, &w.dave, &w.dave), RC_OK);
	assert_true(has_row(&w, &w.dave));
}

/* --- those who were left before --- */

static void count_bad(void *arg, struct str what UNUSED)
{
	++*(size_t *)arg;
}

static size_t faults(struct scene *w)
{
	size_t n = 0;
	struct db_txn *txn = test_store_read(&w->t);
	community_check(txn, w->t.d.arena, count_bad, &n);
	db_read_end(&txn);
	return n;
}

static enum rc left_behind(struct social *s, void *arg)
{
	const struct scene *w = arg;
	const struct community_member m = { .community = w->group.id,
					    .account = w->bob.id,
					    .role = COMMUNITY_OWNER,
					    .reason = STR(""),
					    .note = STR("") };
	community_member_put(s->txn, &m);
	return RC_OK;
}

static enum rc keep_all(struct social *s, void *arg UNUSED)
{
	struct community_job job = { 0 };
	for (int i = 0; i < 20; i++) {
		if (community_job_step(s, &job))
			return RC_OK;
	}
	return RC_BUSY;
}

static void ghosts_of_before_are_found_and_go(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	lanes_init(&w);
	delete_all(&w, &w.bob);
	test_store_write(&w.t, left_behind, &w);
	assert_int_equal(faults(&w), 1);
	/* nor does it count while it is there */
	assert_int_equal(scene_leave(&w, &w.alice), RC_DENIED);
	test_store_write(&w.t, keep_all, NULL);
	assert_false(has_row(&w, &w.bob));
	assert_int_equal(faults(&w), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_ghost_owns_nothing),
		cmocka_unit_test(an_appeal_waits_for_no_ghost),
		cmocka_unit_test(who_is_cut_off_comes_back_as_anybody),
		cmocka_unit_test(who_blocks_it_gives_up_their_part),
		cmocka_unit_test(whom_a_group_elsewhere_has_named_needs_no_follow_to_give_it_up),
		cmocka_unit_test(a_ban_outlives_an_account_elsewhere),
		cmocka_unit_test(ghosts_of_before_are_found_and_go),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
