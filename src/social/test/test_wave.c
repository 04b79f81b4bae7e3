/* Waves of posts: seen before they are hidden, shown again, deleted. */
#include "siftkit.h"
#include "store/tables.h"

/* --- waves --- */

#define SPAM "buy our wonderful pills now and be happy for ever and ever number"

static void a_wave_is_rolled_back_and_shown_again(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	struct wave_preview preview;
	world_init(&w);
	struct account eve = test_store_remote(&w.t, "eve", "sub.spam.example");
	struct status posts[3], other = from_bob(&w, "something else that is of no interest");
	for (int i = 0; i < 3; i++)
		posts[i] = test_store_post(&w.t, &eve, VISIBILITY_PUBLIC, SPAM, NULL);
	w.wish = (struct wave_wish){ .host = STR("spam.example") };
	struct db_txn *txn = test_store_read(&w.t);
	struct ctx ctx = { .arena = w.t.d.arena };
	assert_int_equal(wave_look(txn, &ctx, &w.t.site, &w.wish, &preview), RC_OK);
	db_read_end(&txn);
	assert_int_equal(preview.posts, 3);
	assert_true(preview.complete);
	assert_int_equal(preview.host_count, 1);
	w.moderator = &w.alice;
	assert_int_equal(test_store_try(&w.t, wave_act, &w), RC_DENIED);
	w.moderator = &w.mod;
	test_store_write(&w.t, wave_act, &w);
	test_store_write(&w.t, step_act, &w);
	assert_true(is_seen(&w, NULL, other.id));
	for (int i = 0; i < 3; i++)
		assert_false(is_seen(&w, NULL, posts[i].id));
	txn = test_store_read(&w.t);
	assert_int_equal(word_totals_get(txn).removed_posts, 3);
	db_read_end(&txn);
	test_store_write(&w.t, undo_act, &w);
	test_store_write(&w.t, step_act, &w);
	for (int i = 0; i < 3; i++)
		assert_true(is_seen(&w, NULL, posts[i].id));
	txn = test_store_read(&w.t);
	assert_int_equal(word_totals_get(txn).removed_posts, 0);
	assert_int_equal(word_totals_get(txn).words, 0);
	db_read_end(&txn);
	assert_int_equal(test_store_try(&w.t, undo_act, &w), RC_OK);
}

/* What the rule fitted with another text, or while it was tried, and what a moderator let be seen. */
static void a_wave_of_a_rule_hides_what_it_fits_now(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	struct wave_preview preview;
	world_init(&w);
	uint64_t rule = rule_add(&w, "hold when remote", SIEVE_SHADOW);
	struct status innocent = from_bob(&w, "good morning");
	struct status spam = from_bob(&w, "buy pills");
	w.row = (struct sieve_row){ .id = rule, .text = STR("hold when word has \"pills\"") };
	test_store_write(&w.t, put_act, &w);
	w.mode = SIEVE_LIVE;
	test_store_write(&w.t, mode_act, &w);
	struct status released = from_bob(&w, "pills of the pharmacy");
	w.id = released.id;
	test_store_write(&w.t, release_act, &w);
	w.wish = (struct wave_wish){ .rule = rule };
	struct db_txn *txn = test_store_read(&w.t);
	struct ctx ctx = { .arena = w.t.d.arena };
	assert_int_equal(wave_look(txn, &ctx, &w.t.site, &w.wish, &preview), RC_OK);
	db_read_end(&txn);
	assert_int_equal(preview.posts, 1);
	assert_int_equal(preview.sample[0], spam.id);
	test_store_write(&w.t, wave_act, &w);
	test_store_write(&w.t, step_act, &w);
	assert_true(is_seen(&w, NULL, innocent.id));
	assert_true(is_seen(&w, NULL, released.id));
	assert_false(is_seen(&w, NULL, spam.id));
	w.wish.rule = rule + 1;
	assert_int_equal(test_store_try(&w.t, wave_act, &w), RC_NOT_FOUND);
}

static void a_wave_is_deleted_when_its_time_is_over(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	uint64_t rule = rule_add(&w, "hold when remote", SIEVE_LIVE);
	from_bob(&w, "one");
	test_store_post(&w.t, &w.alice, VISIBILITY_PUBLIC, "mine", NULL);
	w.wish = (struct wave_wish){ .rule = rule };
	test_store_write(&w.t, wave_act, &w);
	test_store_write(&w.t, step_act, &w);
	assert_int_equal(held(&w), 0);
	test_clock_advance(&w.t.d.clock, w.t.site.wave_undo_ms + 1);
	assert_int_equal(test_store_try(&w.t, undo_act, &w), RC_CONFLICT);
	test_store_write(&w.t, step_act, &w);
	assert_int_equal(test_store_rows(&w.t, &store_status), 1);
	assert_int_equal(test_store_rows(&w.t, &store_wave_item), 0);
}

static void what_waited_waits_again(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	uint64_t rule = rule_add(&w, "hold when remote", SIEVE_LIVE);
	from_bob(&w, "one");
	w.wish = (struct wave_wish){ .rule = rule };
	test_store_write(&w.t, wave_act, &w);
	test_store_write(&w.t, step_act, &w);
	test_store_write(&w.t, undo_act, &w);
	test_store_write(&w.t, step_act, &w);
	assert_int_equal(held(&w), 1);
}

static void a_wave_is_of_something(void **state UNUSED)
{
	static const struct wave_wish wishes[] = {
		{ .from_ms = 1 },
		{ .host = STR_INIT("a.example"), .likeness = 101 },
		{ .host = STR_INIT("a.example"), .from_ms = 1 },
	};
	struct world w CLEANUP(world_free);
	world_init(&w);
	for (size_t i = 0; i < ARRAY_LEN(wishes); i++) {
		w.wish = wishes[i];
		assert_int_equal(test_store_try(&w.t, wave_act, &w), RC_INVALID);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_wave_is_rolled_back_and_shown_again),
		cmocka_unit_test(a_wave_of_a_rule_hides_what_it_fits_now),
		cmocka_unit_test(a_wave_is_deleted_when_its_time_is_over),
		cmocka_unit_test(what_waited_waits_again),
		cmocka_unit_test(a_wave_is_of_something),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
