/* Polls and votes: counted once, gone with their status and their account. */
#include "store/poll.h"

#include "../poll_int.h"
#include "core/must.h"
#include "core/random.h"
#include "store/node.h"
#include "store/sweep.h"
#include "store/tables.h"
#include "testdb.h"

#define ROUNDS 200

struct world {
	struct test_db t;
	struct account alice, bob, carol;
	struct status post;
};

static struct poll three_options(unsigned flags)
{
	static struct poll_option options[3];
	options[0] = (struct poll_option){ STR("red"), 0 };
	options[1] = (struct poll_option){ STR("green"), 0 };
	options[2] = (struct poll_option){ STR("blue"), 0 };
	return (struct poll){ .flags = flags,
			      .ends_ms = TEST_DB_WALL_MS + MS_PER_DAY,
			      .options = options,
			      .option_count = 3 };
}

static enum rc make_poll(struct db_txn *txn, void *arg)
{
	struct world *w = arg;
	struct poll poll = three_options(POLL_COUNTED | POLL_MULTIPLE);
	w->post = (struct status){ .account = w->alice.id,
				   .flags = STATUS_LOCAL,
				   .type = STR("Question"),
				   .uri = STR("https://social.example.org/users/alice/polls/1"),
				   .has_poll = true };
	node_count(txn, 0, 1);
	if (!status_add(txn, &w->post))
		return RC_EXISTS;
	poll_put(txn, w->post.id, &poll);
	return db_txn_rc(txn);
}

static void world_init(struct world *w)
{
	test_db_init(&w->t, NULL, 0);
	w->alice = test_db_local(&w->t, "alice");
	w->bob = test_db_remote(&w->t, "bob", "b.example");
	w->carol = test_db_local(&w->t, "carol");
	test_db_write(&w->t, make_poll, w);
}

static void world_free(struct world *w)
{
	test_db_free(&w->t);
}

struct voting {
	struct world *w;
	uint64_t account;
	uint32_t choices;
};

static enum rc vote_job(struct db_txn *txn, void *arg)
{
	const struct voting *v = arg;
	struct arena *arena = v->w->t.arena;
	const struct poll_vote vote = { .choices = v->choices,
					.created_ms = 7,
					.uris = { STR("https://b.example/votes/1") },
					.uri_count = 1 };
	struct poll poll;
	if (!poll_get(txn, arena, v->w->post.id, &poll))
		return RC_NOT_FOUND;
	poll_vote_put(txn, arena, v->w->post.id, v->account, &vote, &poll);
	return db_txn_rc(txn);
}

static void vote(struct world *w, const struct account *who, uint32_t choices)
{
	struct voting v = { w, who->id, choices };
	test_db_write(&w->t, vote_job, &v);
}

static void expect(struct world *w, uint32_t red, uint32_t green, uint32_t blue, uint32_t voters)
{
	struct db_txn *txn = test_db_read(&w->t);
	struct poll p;
	assert_true(poll_get(txn, w->t.arena, w->post.id, &p));
	db_read_end(&txn);
	assert_int_equal(p.option_count, 3);
	assert_int_equal(p.options[0].votes, red);
	assert_int_equal(p.options[1].votes, green);
	assert_int_equal(p.options[2].votes, blue);
	assert_int_equal(p.voters, voters);
	test_db_check(&w->t);
}

static void votes_are_counted_by_people_and_options(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	struct poll_vote kept;
	uint64_t ids[4];
	world_init(&w);
	expect(&w, 0, 0, 0, 0);
	vote(&w, &w.bob, 1);
	expect(&w, 1, 0, 0, 1);
	vote(&w, &w.carol, 1 | 4);
	expect(&w, 2, 0, 1, 2);
	/* the same again counts nothing; another choice counts the difference */
	vote(&w, &w.bob, 1);
	expect(&w, 2, 0, 1, 2);
	vote(&w, &w.bob, 1 | 2);
	expect(&w, 2, 1, 1, 2);
	vote(&w, &w.bob, 4);
	expect(&w, 1, 0, 2, 2);
	struct db_txn *txn = test_db_read(&w.t);
	assert_true(poll_vote_get(txn, w.t.arena, w.post.id, w.bob.id, &kept));
	assert_int_equal(kept.choices, 4);
	assert_str_eq(kept.uris[0], STR("https://b.example/votes/1"));
	assert_false(poll_vote_get(txn, w.t.arena, w.post.id, w.alice.id, &kept));
	assert_int_equal(poll_voters(txn, w.post.id, 0, ids, 4), 2);
	assert_int_equal(poll_voters(txn, w.post.id, ids[0], ids + 1, 1), 1);
	assert_int_equal(poll_voters(txn, w.post.id, ids[1], ids, 4), 0);
	db_read_end(&txn);
}

static enum rc reset_job(struct db_txn *txn, void *arg)
{
	struct world *w = arg;
	struct poll poll;
	must(poll_get(txn, w->t.arena, w->post.id, &poll));
	poll_votes_del(txn, w->post.id, &poll);
	poll_put(txn, w->post.id, &poll);
	return db_txn_rc(txn);
}

static void votes_can_be_taken_away(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	vote(&w, &w.bob, 1);
	vote(&w, &w.carol, 2);
	test_db_write(&w.t, reset_job, &w);
	expect(&w, 0, 0, 0, 0);
	assert_int_equal(test_db_rows(&w.t, &store_poll_vote), 0);
	vote(&w, &w.bob, 2);
	expect(&w, 0, 1, 0, 1);
}

static enum rc del_job(struct db_txn *txn, void *arg)
{
	const struct world *w = arg;
	node_count(txn, 0, -1);
	return status_del(txn, w->post.id, 1) ? RC_OK : RC_NOT_FOUND;
}

static void a_poll_goes_with_its_status(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	vote(&w, &w.bob, 1);
	vote(&w, &w.carol, 2);
	test_db_write(&w.t, del_job, &w);
	assert_int_equal(test_db_rows(&w.t, &store_poll), 0);
	assert_int_equal(test_db_rows(&w.t, &store_poll_vote), 0);
	test_db_check(&w.t);
}

struct sweeping {
	struct world *w;
	struct sweep_cursor cursor;
	bool end;
};

static enum rc sweep_job(struct db_txn *txn, void *arg)
{
	struct sweeping *s = arg;
	struct sweep_cursor cursor = s->cursor;
	s->end = poll_votes_sweep(txn, 0, &cursor, 1);
	s->cursor = cursor;
	return db_txn_rc(txn);
}

static enum rc gone_job(struct db_txn *txn, void *arg)
{
	struct world *w = arg;
	w->bob.flags |= ACCOUNT_DELETED;
	return account_put(txn, w->t.arena, &w->bob) ? RC_OK : RC_NOT_FOUND;
}

static void s078_votes_of_a_deleted_account_are_swept(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	struct sweeping s = { .w = &w };
	vote(&w, &w.bob, 1 | 2);
	vote(&w, &w.carol, 2);
	test_db_write(&w.t, gone_job, &w);
	for (unsigned i = 0; i < 4 && !s.end; i++)
		test_db_write(&w.t, sweep_job, &s);
	assert_true(s.end);
	expect(&w, 0, 1, 0, 1);
	assert_int_equal(test_db_rows(&w.t, &store_poll_vote), 1);
}

/* --- the stored form --- */

static uint64_t any_num(void)
{
	return random_u64() >> random_below(64);
}

static void refuses_truncations(struct str whole, bool is_poll)
{
	struct arena *arena = arena_new(1 << 20);
	struct poll_vote v;
	struct poll p;
	for (size_t n = 0; n < whole.len; n++) {
		assert_false(is_poll ? poll_decode(arena, str_take(whole, n), &p)
				     : poll_vote_decode(str_take(whole, n), &v));
	}
	arena_free(&arena);
}

static void polls_come_back_as_they_were(void **state UNUSED)
{
	for (int round = 0; round < ROUNDS; round++) {
		struct arena *arena = arena_new(1 << 20);
		struct poll_option options[POLL_OPTIONS_MAX];
		struct poll p = { .flags = (unsigned)random_below(32),
				  .ends_ms = any_num(),
				  .closed_ms = any_num(),
				  .told_ms = any_num(),
				  .voters = (uint32_t)any_num(),
				  .options = options,
				  .option_count = 1 + (unsigned)random_below(POLL_OPTIONS_MAX) };
		struct poll b;
		struct buf row CLEANUP(buf_free) = BUF_INIT(POLL_MAX_BYTES);
		for (unsigned i = 0; i < p.option_count; i++)
			options[i] = (struct poll_option){ arena_printf(arena, "option %u", i),
							   (uint32_t)any_num() };
		poll_encode(&row, &p);
		assert_true(poll_decode(arena, buf_str(&row), &b));
		assert_true(b.flags == p.flags && b.ends_ms == p.ends_ms &&
			    b.closed_ms == p.closed_ms && b.told_ms == p.told_ms &&
			    b.voters == p.voters && b.option_count == p.option_count);
		for (unsigned i = 0; i < p.option_count; i++) {
			assert_str_eq(b.options[i].name, options[i].name);
			assert_int_equal(b.options[i].votes, options[i].votes);
		}
		refuses_truncations(buf_str(&row), true);
		arena_free(&arena);
	}
}

static void votes_come_back_as_they_were(void **state UNUSED)
{
	for (int round = 0; round < ROUNDS; round++) {
		struct poll_vote v = { .choices = 1 + (uint32_t)random_below(
							      (1 << POLL_OPTIONS_MAX) - 1),
				       .created_ms = any_num(),
				       .uri_count = (unsigned)random_below(POLL_OPTIONS_MAX + 1) };
		struct poll_vote b;
		struct buf row CLEANUP(buf_free) = BUF_INIT(POLL_VOTE_MAX_BYTES);
		for (unsigned i = 0; i < v.uri_count; i++)
			v.uris[i] = STR("https://b.example/votes/1");
		poll_vote_encode(&row, &v);
		assert_true(poll_vote_decode(buf_str(&row), &b));
		assert_true(b.choices == v.choices && b.created_ms == v.created_ms &&
			    b.uri_count == v.uri_count);
		refuses_truncations(buf_str(&row), false);
	}
}

static void out_of_range_is_damage(void **state UNUSED)
{
	struct arena *arena = arena_new(1 << 20);
	struct poll_vote v;
	struct poll p;
	assert_false(poll_decode(arena, str_n("\1\0\0\0\0\0\0", 7), &p));	/* no option */
	assert_false(poll_decode(arena, str_n("\1\0\0\0\0\0\x15", 7), &p));	/* 21 */
	assert_false(poll_decode(arena, str_n("\1\x20\0\0\0\0\1\1\0", 9), &p)); /* a flag */
	assert_false(poll_decode(arena, str_n("\2\0\0\0\0\0\1\1\0", 9), &p));	/* a version */
	assert_true(poll_decode(arena, str_n("\1\0\0\0\0\0\1\1\0", 9), &p));
	assert_false(poll_vote_decode(str_n("\1\0\7\0", 4), &v));	    /* nothing chosen */
	assert_false(poll_vote_decode(str_n("\1\x80\x80\x40\7\0", 6), &v)); /* the 21st */
	assert_false(poll_vote_decode(str_n("\1\1\7\x15", 4), &v));
	assert_true(poll_vote_decode(str_n("\1\1\7\0", 4), &v));
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(votes_are_counted_by_people_and_options),
		cmocka_unit_test(votes_can_be_taken_away),
		cmocka_unit_test(a_poll_goes_with_its_status),
		cmocka_unit_test(s078_votes_of_a_deleted_account_are_swept),
		cmocka_unit_test(polls_come_back_as_they_were),
		cmocka_unit_test(votes_come_back_as_they_were),
		cmocka_unit_test(out_of_range_is_damage),
	};
	return cmocka_run_group_tests_name("poll", tests, NULL, NULL);
}
