/* Lists, filters, notes, markers, preferences, scheduled posts: each person's own. */
#include "store/personal.h"

#include "core/clock.h"
#include "store/filter.h"
#include "store/list.h"
#include "store/node.h"
#include "store/schedule.h"
#include "store/shelf.h"
#include "store/sweep.h"
#include "store/tables.h"
#include "store/thread.h"
#include "testdb.h"

/* A test's writes are a function of their own; what it asserts in there is asserted in the write. */
struct job {
	struct test_db *t;
	void (*run)(struct test_db *t, struct db_txn *txn);
};

static enum rc run_job(struct db_txn *txn, void *arg)
{
	const struct job *j = arg;
	j->run(j->t, txn);
	return db_txn_rc(txn);
}

static void writing(struct test_db *t, void (*run)(struct test_db *t, struct db_txn *txn))
{
	struct job job = { t, run };
	test_db_write(t, run_job, &job);
}

static void lists_run(struct test_db *t, struct db_txn *txn)
{
	struct list a = { .owner = 7, .title = STR("a"), .replies = REPLIES_TO_NOBODY };
	struct list b = { .owner = 7, .title = STR("b"), .exclusive = true }, found;
	struct list all[LISTS_MAX];
	assert_int_equal(list_add(txn, &a), RC_OK);
	assert_int_equal(list_add(txn, &b), RC_OK);
	assert_true(list_get(txn, t->arena, 7, b.id, &found));
	assert_str_eq(found.title, STR("b"));
	assert_true(found.exclusive);
	/* another's list is none */
	assert_false(list_get(txn, t->arena, 8, b.id, &found));
	assert_int_equal(list_del(txn, 8, b.id, 10), RC_NOT_FOUND);
	a.title = STR("changed");
	list_put(txn, &a);
	assert_int_equal(list_all(txn, t->arena, 7, all), 2);
	assert_str_eq(all[0].title, STR("changed"));
	assert_int_equal(all[0].replies, REPLIES_TO_NOBODY);
	for (uint64_t id = 100; id < 103; id++) {
		struct shelved member = { .id = id };
		assert_int_equal(shelf_put(txn, SHELF_LISTED, a.id, &member), RC_OK);
		assert_int_equal(shelf_put(txn, SHELF_LISTED, b.id, &member), RC_OK);
	}
	assert_true(list_keeps_apart(txn, 7, 101));
	assert_false(list_keeps_apart(txn, 8, 101));
	lists_drop(txn, 7, 101);
	assert_false(list_keeps_apart(txn, 7, 101));
	assert_false(shelf_has(txn, SHELF_LISTED, a.id, 101));
	assert_false(shelf_has(txn, SHELF_LISTED, b.id, 101));
	assert_true(shelf_has(txn, SHELF_LISTED, b.id, 102));
	assert_int_equal(list_del(txn, 7, a.id, 2), RC_BUSY);
	assert_int_equal(list_del(txn, 7, a.id, 2), RC_OK);
	assert_int_equal(list_all(txn, t->arena, 7, all), 1);
	for (unsigned i = 1; i < LISTS_MAX; i++)
		assert_int_equal(list_add(txn, &a), RC_OK);
	assert_int_equal(list_add(txn, &a), RC_TOO_LARGE);
}

static void lists_belong_to_one_and_have_members(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	test_db_init(&t, NULL, 0);
	writing(&t, lists_run);
	test_db_check(&t);
}

static void filters_run(struct test_db *t, struct db_txn *txn)
{
	struct filter_keyword words[2] = { { .text = STR("spoiler"), .whole_word = true },
					   { .text = STR("https://") } };
	struct filter_status posts[1] = { { .status = 42 } };
	struct filter f = { .owner = 7,
			    .title = STR("series"),
			    .contexts = FILTER_HOME | FILTER_THREAD,
			    .action = FILTER_BLUR,
			    .expires_ms = 1234,
			    .keywords = words,
			    .keyword_count = 2,
			    .statuses = posts,
			    .status_count = 1 };
	struct filter found, *all;
	assert_int_equal(filter_add(txn, &f), RC_OK);
	assert_int_not_equal(words[0].id, 0);
	assert_int_not_equal(words[0].id, words[1].id);
	assert_true(filter_get(txn, t->arena, 7, f.id, &found));
	assert_str_eq(found.title, f.title);
	assert_int_equal(found.contexts, f.contexts);
	assert_int_equal(found.action, FILTER_BLUR);
	assert_int_equal(found.expires_ms, 1234);
	assert_int_equal(found.keyword_count, 2);
	assert_int_equal(found.keywords[1].id, words[1].id);
	assert_true(found.keywords[0].whole_word && !found.keywords[1].whole_word);
	assert_str_eq(found.keywords[1].text, STR("https://"));
	assert_int_equal(found.statuses[0].status, 42);
	assert_false(filter_get(txn, t->arena, 8, f.id, &found));
	assert_false(filter_del(txn, 8, f.id));
	f.keyword_count = 1;
	filter_put(txn, &f);
	assert_int_equal(filter_all(txn, t->arena, 7, &all), 1);
	assert_int_equal(all[0].keyword_count, 1);
	assert_true(filter_del(txn, 7, f.id));
	assert_int_equal(filter_all(txn, t->arena, 7, &all), 0);
	for (unsigned i = 0; i < FILTERS_MAX; i++)
		assert_int_equal(filter_add(txn, &f), RC_OK);
	assert_int_equal(filter_add(txn, &f), RC_TOO_LARGE);
	filters_del(txn, 7);
	assert_int_equal(filter_all(txn, t->arena, 7, &all), 0);
}

static void filters_are_kept_whole(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	test_db_init(&t, NULL, 0);
	writing(&t, filters_run);
}

static void notes_run(struct test_db *t, struct db_txn *txn)
{
	uint64_t about[70];
	struct str out[70];
	account_note_put(txn, 7, 1, STR("met in May"));
	account_note_put(txn, 7, 69, STR("other"));
	account_note_put(txn, 8, 1, STR("mine"));
	assert_str_eq(account_note_get(txn, t->arena, 7, 1), STR("met in May"));
	assert_str_eq(account_note_get(txn, t->arena, 7, 2), STR(""));
	for (uint64_t i = 0; i < 70; i++)
		about[i] = i;
	account_note_get_many(txn, t->arena, 7, about, 70, out);
	assert_str_eq(out[1], STR("met in May"));
	assert_str_eq(out[69], STR("other"));
	assert_str_eq(out[2], STR(""));
	account_note_put(txn, 7, 1, STR(""));
	assert_str_eq(account_note_get(txn, t->arena, 7, 1), STR(""));
	assert_int_equal(account_notes_del(txn, 7, 10), 1);
	assert_str_eq(account_note_get(txn, t->arena, 8, 1), STR("mine"));
}

static void marks_run(struct test_db *t, struct db_txn *txn)
{
	struct marker markers[MARKERS], found[MARKERS];
	struct preference p;
	markers_get(txn, 7, markers);
	assert_int_equal(markers[MARKER_HOME].version, 0);
	markers[MARKER_NOTIFICATIONS] = (struct marker){ 55, 3, 99 };
	markers_put(txn, 7, markers);
	markers_get(txn, 7, found);
	assert_int_equal(found[MARKER_NOTIFICATIONS].last_read, 55);
	assert_int_equal(found[MARKER_NOTIFICATIONS].version, 3);
	assert_int_equal(found[MARKER_NOTIFICATIONS].updated_ms, 99);
	assert_int_equal(found[MARKER_HOME].version, 0);
	preference_get(txn, t->arena, 7, &p);
	assert_int_equal(p.visibility, VISIBILITY_PUBLIC);
	assert_str_eq(p.language, STR(""));
	p = (struct preference){ .visibility = VISIBILITY_UNLISTED,
				 .sensitive = true,
				 .quotes = 1,
				 .language = STR("cy"),
				 .expand_media = EXPAND_HIDE_ALL,
				 .autoplay = true };
	preference_put(txn, 7, &p);
	preference_get(txn, t->arena, 7, &p);
	assert_int_equal(p.visibility, VISIBILITY_UNLISTED);
	assert_true(p.sensitive && p.autoplay && !p.expand_spoilers);
	assert_int_equal(p.expand_media, EXPAND_HIDE_ALL);
	assert_int_equal(p.quotes, 1);
	assert_str_eq(p.language, STR("cy"));
	personal_del(txn, 7);
	preference_get(txn, t->arena, 7, &p);
	assert_false(p.sensitive);
	markers_get(txn, 7, found);
	assert_int_equal(found[MARKER_NOTIFICATIONS].version, 0);
}

static void notes_markers_and_preferences_are_remembered(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	test_db_init(&t, NULL, 0);
	writing(&t, notes_run);
	writing(&t, marks_run);
}

static void thread_mutes_run(struct test_db *t UNUSED, struct db_txn *txn)
{
	const uint64_t roots[] = { 100, 101, 102 };
	bool out[3];
	assert_true(thread_mute_add(txn, 100, 7));
	assert_false(thread_mute_add(txn, 100, 7));
	assert_true(thread_mute_add(txn, 100, 8));
	assert_true(thread_mute_add(txn, 102, 7));
	thread_mute_has_many(txn, 7, roots, 3, out);
	assert_true(out[0] && !out[1] && out[2]);
	/* the thread becomes part of another */
	assert_int_equal(thread_mutes_move(txn, 100, 101, 10), 2);
	assert_false(thread_mute_has(txn, 100, 7));
	assert_true(thread_mute_has(txn, 101, 7));
	assert_true(thread_mute_has(txn, 101, 8));
	assert_true(thread_mute_del(txn, 102, 7));
	assert_false(thread_mute_del(txn, 102, 7));
}

static void conversations_are_muted_for_one(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	test_db_init(&t, NULL, 0);
	writing(&t, thread_mutes_run);
}

static void scheduled_run(struct test_db *t, struct db_txn *txn)
{
	struct scheduled s = { .account = 7, .due_ms = 10 * MS_PER_DAY, .params = STR("{}") };
	struct scheduled found, list[4];
	for (unsigned i = 0; i < SCHEDULED_DAY_MAX; i++)
		assert_int_equal(scheduled_add(txn, &s), RC_OK);
	assert_int_equal(scheduled_add(txn, &s), RC_TOO_LARGE);
	uint64_t full = s.due_ms;
	s.due_ms += MS_PER_DAY;
	assert_int_equal(scheduled_add(txn, &s), RC_OK);
	assert_true(scheduled_get(txn, t->arena, 7, s.id, &found));
	assert_str_eq(found.params, STR("{}"));
	assert_int_equal(found.due_ms, s.due_ms);
	assert_false(scheduled_get(txn, t->arena, 8, s.id, &found));
	assert_int_equal(scheduled_move(txn, t->arena, 7, s.id, full), RC_TOO_LARGE);
	assert_int_equal(scheduled_move(txn, t->arena, 7, s.id, s.due_ms + 1), RC_OK);
	assert_int_equal(scheduled_move(txn, t->arena, 8, s.id, s.due_ms + 1), RC_NOT_FOUND);
	assert_int_equal(scheduled_list(txn, t->arena, 7, &PAGE_ALL, list, 4), 4);
	assert_int_equal(list[0].id, s.id);
	assert_int_equal(list[0].due_ms, s.due_ms + 1);
	assert_false(scheduled_del(txn, 8, s.id));
	assert_true(scheduled_del(txn, 7, s.id));
	for (unsigned i = SCHEDULED_DAY_MAX; i < SCHEDULED_MAX; i++) {
		s.due_ms = (20 + i) * MS_PER_DAY;
		assert_int_equal(scheduled_add(txn, &s), RC_OK);
	}
	s.due_ms = 5 * MS_PER_DAY;
	assert_int_equal(scheduled_add(txn, &s), RC_TOO_LARGE);
	scheduled_clear(txn, 7);
	assert_int_equal(scheduled_list(txn, t->arena, 7, &PAGE_ALL, list, 4), 0);
}

static void so_many_posts_are_scheduled_and_no_more(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	test_db_init(&t, NULL, 0);
	writing(&t, scheduled_run);
}

static void keys_run(struct test_db *t UNUSED, struct db_txn *txn)
{
	struct idempotent i;
	assert_false(idempotency_get(txn, 7, STR("k"), &i));
	idempotency_put(txn, 7, STR("k"), true, 99);
	assert_true(idempotency_get(txn, 7, STR("k"), &i));
	assert_true(i.scheduled);
	assert_int_equal(i.id, 99);
	assert_false(idempotency_get(txn, 8, STR("k"), &i));
	assert_false(idempotency_get(txn, 7, STR("K"), &i));
}

static void later_run(struct test_db *t UNUSED, struct db_txn *txn)
{
	struct sweep_cursor cursor = { .len = 0 };
	struct idempotent i;
	assert_false(idempotency_get(txn, 7, STR("k"), &i));
	idempotency_put(txn, 7, STR("new"), false, 100);
	assert_true(idempotency_sweep(txn, db_txn_now(txn), &cursor, 10));
	assert_true(idempotency_get(txn, 7, STR("new"), &i));
}

static void a_request_is_made_once_within_an_hour(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	test_db_init(&t, NULL, 0);
	writing(&t, keys_run);
	test_clock_advance(&t.clock, IDEMPOTENCY_MS);
	writing(&t, later_run);
	assert_int_equal(test_db_rows(&t, &store_idempotency), 1);
}

static uint64_t kept_account;

static void leave_run(struct test_db *t, struct db_txn *txn)
{
	struct account gone;
	assert_true(account_get(txn, t->arena, kept_account, &gone));
	account_note_put(txn, 7, gone.id, STR("x"));
	thread_mute_add(txn, 100, gone.id);
	gone.flags |= ACCOUNT_DELETED;
	assert_true(account_put(txn, t->arena, &gone));
}

static void sweep_run(struct test_db *t UNUSED, struct db_txn *txn)
{
	struct sweep_cursor notes = { .len = 0 }, mutes = { .len = 0 };
	assert_true(account_notes_sweep(txn, 0, &notes, 10));
	assert_true(thread_mutes_sweep(txn, 0, &mutes, 10));
}

static void what_was_said_of_accounts_that_are_gone_is_swept(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	test_db_init(&t, NULL, 0);
	kept_account = test_db_remote(&t, "bob", "b.example").id;
	writing(&t, leave_run);
	writing(&t, sweep_run);
	assert_int_equal(test_db_rows(&t, &store_account_note), 0);
	assert_int_equal(test_db_rows(&t, &store_thread_mute), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists_belong_to_one_and_have_members),
		cmocka_unit_test(filters_are_kept_whole),
		cmocka_unit_test(notes_markers_and_preferences_are_remembered),
		cmocka_unit_test(conversations_are_muted_for_one),
		cmocka_unit_test(so_many_posts_are_scheduled_and_no_more),
		cmocka_unit_test(a_request_is_made_once_within_an_hour),
		cmocka_unit_test(what_was_said_of_accounts_that_are_gone_is_swept),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
