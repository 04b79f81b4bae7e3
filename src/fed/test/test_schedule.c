/* Posts that are written by their job, when their time has come. */
#include "fedqueue.h"

#include "social/schedule.h"
#include "store/notice.h"
#include "store/tables.h"

static int scene_begin(void **state)
{
	*state = kit_scene();
	return 0;
}

struct scheduling {
	struct kit_scene *scene;
	struct post_params params;
	struct scheduled made;
};

static enum rc schedule_job(struct db_txn *txn, void *arg)
{
	struct scheduling *p = arg;
	struct fedkit *kit = p->scene->kit;
	struct ctx ctx = { .arena = kit->arena };
	struct social s = { .txn = txn, .ctx = &ctx, .site = &kit->site };
	uint64_t due_ms = db_txn_now(txn) + MS_PER_HOUR;
	return act_schedule(&s, &kit->alice, &p->params, due_ms, &p->made);
}

static enum rc cancel_job(struct db_txn *txn, void *arg)
{
	struct scheduling *p = arg;
	struct fedkit *kit = p->scene->kit;
	struct ctx ctx = { .arena = kit->arena };
	struct social s = { .txn = txn, .ctx = &ctx, .site = &kit->site };
	return act_unschedule(&s, &kit->alice, p->made.id);
}

static void schedule(struct kit_scene *scene, struct scheduling *p)
{
	p->scene = scene;
	assert_int_equal(db_write(scene->kit->db, schedule_job, p), RC_OK);
}

/* The queue begins to work at the test clock's time; what is due was told by the database's. */
static void work_after(struct kit_scene *scene, uint64_t ms)
{
	test_clock_advance(&scene->kit->clock, ms);
	kit_queue_start(scene->q, scene->kit, false);
	kit_drain(scene->q, 0);
}

static size_t posts(struct kit_scene *scene, struct status_entry *out)
{
	struct db_txn *txn;
	assert_int_equal(db_read_begin(scene->kit->db, &txn), RC_OK);
	size_t n = status_by_author(txn, scene->kit->alice.id, 0, 0, out, 4);
	db_read_end(&txn);
	return n;
}

static uint64_t left(struct kit_scene *scene, const struct db_table *table)
{
	struct db_txn *txn;
	assert_int_equal(db_read_begin(scene->kit->db, &txn), RC_OK);
	uint64_t n = db_count(txn, table);
	db_read_end(&txn);
	return n;
}

static void a_post_is_written_when_its_time_has_come(void **state)
{
	struct kit_scene *scene = *state;
	struct status_entry entries[4];
	struct scheduling p = { .params = { .text = STR("later"),
					    .has_visibility = true,
					    .visibility = VISIBILITY_UNLISTED } };
	schedule(scene, &p);
	work_after(scene, MS_PER_HOUR - MS_PER_MINUTE);
	assert_int_equal(posts(scene, entries), 0);
	fed_set_queue(scene->kit->fed, NULL);
	queue_stop(&scene->kit->queue, 5000);
	work_after(scene, 2 * MS_PER_MINUTE);
	assert_int_equal(posts(scene, entries), 1);
	assert_int_equal(entries[0].visibility, VISIBILITY_UNLISTED);
	assert_int_equal(left(scene, &store_scheduled), 0);
}

static void what_was_taken_back_is_not_written(void **state)
{
	struct kit_scene *scene = *state;
	struct status_entry entries[4];
	struct scheduling p = { .params = { .text = STR("never") } };
	schedule(scene, &p);
	assert_int_equal(db_write(scene->kit->db, cancel_job, &p), RC_OK);
	work_after(scene, MS_PER_HOUR + MS_PER_MINUTE);
	assert_int_equal(posts(scene, entries), 0);
	assert_int_equal(left(scene, &queue_table_dead), 0);
}

/* It is kept, with the reason, and its author has a letter that says it. */
static void is_refused(struct kit_scene *scene, struct scheduling *p, const char *why,
		       const char *in_markup)
{
	struct fedkit *kit = scene->kit;
	struct status_entry entries[4];
	struct scheduled row;
	struct status letter;
	struct notice n[4];
	struct db_txn *txn;
	assert_int_equal(posts(scene, entries), 1);
	assert_int_equal(entries[0].visibility, VISIBILITY_DIRECT);
	assert_int_equal(db_read_begin(kit->db, &txn), RC_OK);
	assert_true(scheduled_get(txn, kit->arena, kit->alice.id, p->made.id, &row));
	assert_int_equal(row.state, SCHEDULED_REFUSED);
	assert_str_eq(row.note, str_of(why));
	assert_int_equal(notice_list(txn, kit->alice.id, 0, n, ARRAY_LEN(n)), 1);
	assert_true(n[0].kind == NOTICE_MENTION && n[0].from == kit->alice.id);
	assert_true(status_get(txn, kit->arena, n[0].status, &letter));
	assert_true(str_contains(letter.content.markup, str_of(in_markup)));
	assert_true(str_contains(letter.content.markup, STR("give it another time")));
	db_read_end(&txn);
}

static enum rc anew_job(struct db_txn *txn, void *arg)
{
	struct scheduling *p = arg;
	struct fedkit *kit = p->scene->kit;
	struct ctx ctx = { .arena = kit->arena };
	struct social s = { .txn = txn, .ctx = &ctx, .site = &kit->site };
	return act_reschedule(&s, &kit->alice, p->made.id, db_txn_now(txn) + MS_PER_HOUR);
}

static void what_cannot_become_a_post_is_kept_with_the_reason(void **state)
{
	struct kit_scene *scene = *state;
	struct status_entry entries[4];
	struct scheduling p = { .params = { .text = STR("x"), .language = STR("!!") } };
	schedule(scene, &p);
	work_after(scene, MS_PER_HOUR + MS_PER_MINUTE);
	is_refused(scene, &p, "\"!!\" is no language tag", "&quot;!!&quot; is no language tag");
	assert_int_equal(left(scene, &queue_table_dead), 1);
	/* it has its chance again */
	assert_int_equal(db_write(scene->kit->db, anew_job, &p), RC_OK);
	fed_set_queue(scene->kit->fed, NULL);
	queue_stop(&scene->kit->queue, 5000);
	work_after(scene, MS_PER_HOUR + MS_PER_MINUTE);
	assert_int_equal(left(scene, &queue_table_dead), 2);
	assert_int_equal(left(scene, &store_scheduled), 1);
	assert_int_equal(posts(scene, entries), 2);
}

static void an_answer_to_nothing_is_kept_with_the_reason(void **state)
{
	struct kit_scene *scene = *state;
	struct scheduling p = { .params = { .text = STR("yes"), .parent = 17 } };
	schedule(scene, &p);
	work_after(scene, MS_PER_HOUR + MS_PER_MINUTE);
	is_refused(scene, &p, "what it is about is not there any more",
		   "not posted: what it is about is not there any more. It");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_post_is_written_when_its_time_has_come,
						scene_begin, kit_scene_end),
		cmocka_unit_test_setup_teardown(what_was_taken_back_is_not_written, scene_begin,
						kit_scene_end),
		cmocka_unit_test_setup_teardown(what_cannot_become_a_post_is_kept_with_the_reason,
						scene_begin, kit_scene_end),
		cmocka_unit_test_setup_teardown(an_answer_to_nothing_is_kept_with_the_reason,
						scene_begin, kit_scene_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
