/* Consultations: who calls them, who votes, that nobody is found out, that the result can be checked. */
#include <stdio.h>

#include "communitykit.h"
#include "core/enc.h"
#include "db/rec.h"
#include "social/consultation.h"
#include "store/tables.h"

#define DAY ((uint64_t)24 * 60 * 60 * 1000)

struct call {
	struct scene *scene;
	const struct account *actor;
	struct consultation *c;
	enum { CALL, CANCEL, CAST } what;
	uint8_t choices[4];
	unsigned count;
	struct str receipt, before;
};

static enum rc run(struct social *s, void *arg)
{
	struct call *call = arg;
	switch (call->what) {
	case CALL:
		call->c->community = call->scene->group.id;
		return consultation_call(s, call->actor, call->c);
	case CANCEL:
		return consultation_cancel(s, call->actor, call->c->id);
	case CAST:
		return consultation_cast(s, call->actor, call->c->id, call->choices, call->count,
					 call->receipt, call->before);
	}
	return RC_UNSUPPORTED;
}

static enum rc call(struct scene *w, const struct account *actor, struct consultation *c)
{
	struct call one = { .scene = w, .actor = actor, .c = c, .what = CALL };
	return test_store_try(&w->t, run, &one);
}

static enum rc cast(struct scene *w, const struct account *actor, struct consultation *c,
		    const char *receipt, const char *before, uint8_t first, uint8_t second)
{
	struct call one = { .scene = w,
			    .actor = actor,
			    .c = c,
			    .what = CAST,
			    .choices = { first, second },
			    .count = second != 0 ? 2 : 1,
			    .receipt = str_of(receipt),
			    .before = str_of(before) };
	return test_store_try(&w->t, run, &one);
}

static struct consultation about_tea(void)
{
	return (struct consultation){ .method = CONSULTATION_RANKED,
				      .closes_ms = TEST_DB_WALL_MS + DAY,
				      .question = STR("Which tea?"),
				      .description = STR(""),
				      .options = { STR("Green"), STR("Black"), STR("None") },
				      .option_count = 3 };
}

static void scene_with_members(struct scene *w)
{
	scene_init(w, &(struct community){ .given = 0 });
	assert_int_equal(scene_join(w, &w->bob), RC_OK);
	assert_int_equal(scene_join(w, &w->carol), RC_OK);
}

static enum rc result(struct scene *w, const struct consultation *c,
		      struct consultation_result *out)
{
	struct ctx ctx = { .arena = w->t.d.arena };
	struct db_txn *txn = test_store_read(&w->t);
	enum rc rc = consultation_result(&ctx, txn, w->t.d.clock.wall_ms, c, out);
	db_read_end(&txn);
	return rc;
}

static void a_role_stays_while_its_people_are_asked(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	scene_with_members(&w);
	struct job role = { .what = ROLE,
			    .actor = &w.alice,
			    .own_role = { .position = 50,
					  .permissions = COMMUNITY_MAY_POST,
					  .name = STR("tutor") } };
	assert_int_equal(scene_act(&w, role), RC_OK);
	struct job drop = { .what = ROLE_DROP, .actor = &w.alice, .role = COMMUNITY_ROLE_OWN };
	struct consultation c = about_tea();
	c.roles[c.role_count++] = COMMUNITY_ROLE_OWN;
	assert_int_equal(call(&w, &w.alice, &c), RC_OK);
	assert_int_equal(scene_act(&w, drop), RC_INVALID);
	w.t.d.clock.wall_ms += DAY + 1;
	assert_int_equal(scene_act(&w, drop), RC_OK);
}

static void what_makes_no_sense_is_not_called(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	scene_with_members(&w);
	struct consultation c = about_tea();
	assert_int_equal(call(&w, &w.bob, &c), RC_DENIED);
	c.option_count = 1;
	assert_int_equal(call(&w, &w.alice, &c), RC_INVALID);
	c = about_tea();
	c.options[2] = c.options[0];
	assert_int_equal(call(&w, &w.alice, &c), RC_INVALID);
	c = about_tea();
	c.closes_ms = TEST_DB_WALL_MS;
	assert_int_equal(call(&w, &w.alice, &c), RC_INVALID);
	c = about_tea();
	c.seats = 3;
	assert_int_equal(call(&w, &w.alice, &c), RC_INVALID);
	c = about_tea();
	c.question = STR(" ");
	assert_int_equal(call(&w, &w.alice, &c), RC_INVALID);
	c = about_tea();
	c.roles[c.role_count++] = 99;
	assert_int_equal(call(&w, &w.alice, &c), RC_INVALID);
}

static void members_vote_once_and_change_it_by_their_receipt(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	struct consultation_result r;
	scene_with_members(&w);
	struct consultation c = about_tea();
	assert_int_equal(call(&w, &w.alice, &c), RC_OK);
	assert_int_equal(cast(&w, &w.dave, &c, "d", "", 1, 0), RC_DENIED);
	assert_int_equal(cast(&w, &w.bob, &c, "b", "", 4, 0), RC_INVALID);
	assert_int_equal(cast(&w, &w.bob, &c, "b", "", 1, 1), RC_INVALID);
	assert_int_equal(cast(&w, &w.bob, &c, "b", "", 1, 2), RC_OK);
	assert_int_equal(cast(&w, &w.bob, &c, "b2", "", 2, 0), RC_EXISTS);
	assert_int_equal(cast(&w, &w.carol, &c, "c", "b", 2, 0), RC_NOT_FOUND);
	assert_int_equal(cast(&w, &w.bob, &c, "b2", "guess", 2, 0), RC_NOT_FOUND);
	assert_int_equal(cast(&w, &w.bob, &c, "", "b", 2, 0), RC_OK);
	assert_int_equal(cast(&w, &w.carol, &c, "c", "", 2, 1), RC_OK);
	assert_int_equal(cast(&w, &w.alice, &c, "a", "", 1, 0), RC_OK);
	/* nothing is told before the end */
	assert_int_equal(result(&w, &c, &r), RC_DENIED);
	w.t.d.clock.wall_ms += DAY;
	assert_int_equal(cast(&w, &w.alice, &c, "", "a", 2, 0), RC_DENIED);
	assert_int_equal(result(&w, &c, &r), RC_OK);
	assert_true(r.decided && r.tally.winner[1] && r.tally.winner_count == 1);
	assert_int_equal(r.paper_count, 3);
}

/* Neither a paper nor a voter's row has anything by which the other is found. */
static void papers_lead_to_nobody(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	struct db_iter it;
	struct str key, value;
	scene_with_members(&w);
	struct consultation c = about_tea();
	assert_int_equal(call(&w, &w.alice, &c), RC_OK);
	assert_int_equal(cast(&w, &w.bob, &c, "b", "", 1, 2), RC_OK);
	struct db_txn *txn = test_store_read(&w.t);
	db_iter_open(&it, txn, &store_consultation_voter, STR(""), DB_FORWARD, STR_NONE);
	assert_true(db_iter_next(&it, &key, &value));
	assert_int_equal(value.len, 0);
	db_iter_close(&it);
	db_iter_open(&it, txn, &store_consultation_paper, STR(""), DB_FORWARD, STR_NONE);
	assert_true(db_iter_next(&it, &key, &value));
	/* version, no account, two choices */
	assert_int_equal(value.len, 5);
	assert_int_equal(key.len, 8 + CONSULTATION_RECEIPT_SIZE);
	db_iter_close(&it);
	db_read_end(&txn);
	/* where names are told, they are kept, and only with the paper */
	c = about_tea();
	c.flags = CONSULTATION_NAMED;
	assert_int_equal(call(&w, &w.alice, &c), RC_OK);
	assert_int_equal(cast(&w, &w.bob, &c, "b", "", 1, 2), RC_OK);
	assert_int_equal(cast(&w, &w.carol, &c, "c", "", 1, 0), RC_OK);
	assert_int_equal(cast(&w, &w.carol, &c, "", "b", 3, 0), RC_NOT_FOUND);
}

static void anybody_counts_again_and_comes_to_the_same(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	struct consultation_result r, again;
	struct tally t;
	scene_with_members(&w);
	struct consultation c = about_tea();
	c.quorum = 3;
	assert_int_equal(call(&w, &w.alice, &c), RC_OK);
	assert_int_equal(cast(&w, &w.bob, &c, "b", "", 1, 2), RC_OK);
	assert_int_equal(cast(&w, &w.carol, &c, "c", "", 2, 0), RC_OK);
	w.t.d.clock.wall_ms += DAY;
	assert_int_equal(result(&w, &c, &r), RC_OK);
	assert_false(r.enough || r.decided); /* too few */
	tally_count(&c, r.papers, r.paper_count, &t);
	assert_memory_equal(&t, &r.tally, sizeof(t));
	assert_int_equal(result(&w, &c, &again), RC_OK);
	assert_memory_equal(&r.digest, &again.digest, sizeof(r.digest));
	/* the digest is over what is told, in the order in which it is told */
	struct buf lines CLEANUP(buf_free) = BUF_INIT(4096);
	for (size_t i = 0; i < r.paper_count; i++) {
		enc_hex(&lines,
			str_n((const char *)r.papers[i].receipt, CONSULTATION_RECEIPT_SIZE));
		for (unsigned k = 0; k < r.papers[i].count; k++)
			buf_addf(&lines, " %u", r.papers[i].choices[k]);
		buf_add_chr(&lines, '\n');
	}
	struct digest digest = digest_sha256(buf_str(&lines));
	assert_memory_equal(&digest, &r.digest, sizeof(digest));
}

static void roles_decide_who_votes_and_calls_it_off(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	struct consultation_result r;
	scene_with_members(&w);
	struct consultation c = about_tea();
	c.roles[c.role_count++] = COMMUNITY_OWNER;
	assert_int_equal(call(&w, &w.alice, &c), RC_OK);
	assert_int_equal(cast(&w, &w.bob, &c, "b", "", 1, 0), RC_DENIED);
	assert_int_equal(cast(&w, &w.alice, &c, "a", "", 1, 0), RC_OK);
	struct call off = { .scene = &w, .actor = &w.bob, .c = &c, .what = CANCEL };
	assert_int_equal(test_store_try(&w.t, run, &off), RC_DENIED);
	off.actor = &w.alice;
	assert_int_equal(test_store_try(&w.t, run, &off), RC_OK);
	assert_int_equal(test_store_try(&w.t, run, &off), RC_EXISTS);
	c.flags |= CONSULTATION_CANCELLED;
	w.t.d.clock.wall_ms += DAY;
	assert_int_equal(result(&w, &c, &r), RC_DENIED);
}

static enum rc clear_job(struct social *s, void *arg)
{
	struct scene *w = arg;
	while (consultations_clear(s->txn, w->group.id, 2) >= 2)
		;
	return RC_OK;
}

static void nothing_is_left_when_a_community_goes(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	scene_with_members(&w);
	struct consultation c = about_tea();
	assert_int_equal(call(&w, &w.alice, &c), RC_OK);
	assert_int_equal(cast(&w, &w.bob, &c, "b", "", 1, 0), RC_OK);
	assert_int_equal(cast(&w, &w.carol, &c, "c", "", 1, 0), RC_OK);
	test_store_write(&w.t, clear_job, &w);
	assert_int_equal(test_store_rows(&w.t, &store_consultation), 0);
	assert_int_equal(test_store_rows(&w.t, &store_consultation_of), 0);
	assert_int_equal(test_store_rows(&w.t, &store_consultation_paper), 0);
	assert_int_equal(test_store_rows(&w.t, &store_consultation_voter), 0);
	assert_int_equal(test_store_rows(&w.t, &store_consultation_count), 0);
}

static uint64_t turnout(struct scene *w, uint64_t id)
{
	struct db_txn *txn = test_store_read(&w->t);
	uint64_t n = consultation_turnout(txn, id);
	db_read_end(&txn);
	return n;
}

static enum rc forget_count(struct social *s, void *arg)
{
	struct reckey key = reckey_u64(*(const uint64_t *)arg);
	db_del(s->txn, &store_consultation_count, reckey_str(&key));
	return db_txn_rc(s->txn);
}

static enum rc count_job(struct social *s, void *arg)
{
	consultations_count(s->txn, ((struct scene *)arg)->group.id);
	return db_txn_rc(s->txn);
}

static void voters_are_counted_once_also_where_they_never_were(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	scene_with_members(&w);
	struct consultation c = about_tea();
	assert_int_equal(call(&w, &w.alice, &c), RC_OK);
	assert_int_equal(turnout(&w, c.id), 0);
	assert_int_equal(cast(&w, &w.bob, &c, "b", "", 1, 2), RC_OK);
	assert_int_equal(cast(&w, &w.bob, &c, "b", "b", 2, 0), RC_OK);
	assert_int_equal(cast(&w, &w.carol, &c, "c", "", 1, 0), RC_OK);
	assert_int_equal(turnout(&w, c.id), 2);
	/* a database of before the number was kept */
	test_store_write(&w.t, forget_count, &c.id);
	assert_int_equal(turnout(&w, c.id), 2);
	assert_int_equal(test_store_rows(&w.t, &store_consultation_count), 0);
	assert_int_equal(cast(&w, &w.alice, &c, "a", "", 1, 0), RC_OK);
	assert_int_equal(turnout(&w, c.id), 3);
	test_store_write(&w.t, forget_count, &c.id);
	test_store_write(&w.t, count_job, &w);
	assert_int_equal(test_store_rows(&w.t, &store_consultation_count), 1);
	assert_int_equal(turnout(&w, c.id), 3);
}

/* --- many --- */

#define MANY 100000

static enum rc many_job(struct db_txn *txn, void *arg)
{
	const struct consultation *c = arg;
	for (unsigned i = 0; i < MANY; i++) {
		const struct consultation_paper paper = { .choices = { (uint8_t)(i % 3 + 1) },
							  .count = 1 };
		char receipt[16];
		snprintf(receipt, sizeof(receipt), "%u", i);
		if (consultation_paper_add(txn, c->id, 1000000 + i, str_of(receipt), &paper) !=
		    RC_OK)
			return RC_CORRUPT;
	}
	return db_txn_rc(txn);
}

/* Nothing but the papers themselves takes room. */
static void a_hundred_thousand_papers_are_there_once(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	struct consultation_result r;
	scene_with_members(&w);
	struct consultation c = about_tea();
	assert_int_equal(call(&w, &w.alice, &c), RC_OK);
	test_db_write(&w.t.d, many_job, &c);
	w.t.d.clock.wall_ms += DAY;
	struct ctx ctx = { .arena = arena_new(MANY * sizeof(struct consultation_paper) +
					      ((size_t)256 << 10)) };
	struct db_txn *txn = test_store_read(&w.t);
	assert_int_equal(consultation_result(&ctx, txn, w.t.d.clock.wall_ms, &c, &r), RC_OK);
	db_read_end(&txn);
	assert_int_equal(r.paper_count, MANY);
	assert_int_equal(r.tally.rounds[0].votes[0], (MANY + 2) / 3);
	for (size_t i = 1; i < r.paper_count; i++)
		assert_true(memcmp(r.papers[i - 1].receipt, r.papers[i].receipt,
				   CONSULTATION_RECEIPT_SIZE) < 0);
	struct digest is = consultation_lines_digest(r.papers, r.paper_count);
	assert_memory_equal(is.bytes, r.digest.bytes, DIGEST_SIZE);
	arena_free(&ctx.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_role_stays_while_its_people_are_asked),
		cmocka_unit_test(what_makes_no_sense_is_not_called),
		cmocka_unit_test(members_vote_once_and_change_it_by_their_receipt),
		cmocka_unit_test(papers_lead_to_nobody),
		cmocka_unit_test(a_hundred_thousand_papers_are_there_once),
		cmocka_unit_test(anybody_counts_again_and_comes_to_the_same),
		cmocka_unit_test(roles_decide_who_votes_and_calls_it_off),
		cmocka_unit_test(nothing_is_left_when_a_community_goes),
		cmocka_unit_test(voters_are_counted_once_also_where_they_never_were),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
