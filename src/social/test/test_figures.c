/* Measures and cohorts. */
#include "social/figures.h"

#include "core/must.h"
#include "deed.h"
#include "social/search.h"
#include "store/report.h"

struct world {
	struct test_store t;
	struct ctx ctx;
	struct account ann, ben, cid;
};

static uint32_t today(const struct world *w)
{
	return day_of_ms(w->t.d.clock.wall_ms);
}

static enum rc count_job(struct social *s, void *arg)
{
	const struct world *w = arg;
	uint64_t now = w->t.d.clock.wall_ms;
	presence_add(s->txn, w->ann.id, now);
	presence_add(s->txn, w->ben.id, now);
	presence_add(s->txn, w->ann.id, now - MS_PER_DAY);
	presence_add(s->txn, w->ann.id, now + 40 * MS_PER_DAY);
	measure_add(s->txn, MEASURE_REPORTS, today(w), 2);
	measure_add(s->txn, MEASURE_REPORTS, today(w) - 3, 5);
	usage_add(s->txn, USAGE_TAG, STR("cats"), today(w), w->ann.id);
	usage_add(s->txn, USAGE_TAG, STR("cats"), today(w), w->ann.id);
	account_count(s->txn, w->cid.id, 3, 4, 5, 0);
	return db_txn_rc(s->txn);
}

static void world_init(struct world *w)
{
	test_store_init(&w->t);
	w->ctx = (struct ctx){ .arena = w->t.d.arena };
	w->ann = test_store_local(&w->t, "ann");
	w->ben = test_store_local(&w->t, "ben");
	w->cid = test_store_remote(&w->t, "cid", "b.example");
	test_store_remote(&w->t, "dot", "b.example.org");
	test_store_write(&w->t, count_job, w);
	assert_int_equal(search_take_up(w->t.d.db), RC_OK);
}

static void world_free(struct world *w)
{
	test_store_free(&w->t);
}

static struct figure ask(struct world *w, const char *key, unsigned days)
{
	const struct figure_ask ask = { .key = str_of(key),
					.first = today(w) + 1 - days,
					.last = today(w),
					.tag = STR("cats"),
					.domain = STR("b.example") };
	struct figure figure;
	struct db_txn *txn = test_store_read(&w->t);
	assert_int_equal(figure_answer(&w->ctx, txn, &ask, &figure), RC_OK);
	db_read_end(&txn);
	return figure;
}

static void days_are_counted_and_compared(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	struct figure f = ask(&w, "active_users", 2);
	assert_int_equal(f.count, 2);
	assert_int_equal(f.days[0], 1);
	assert_int_equal(f.days[1], 2);
	assert_int_equal(f.total, 3);
	f = ask(&w, "opened_reports", 2);
	assert_int_equal(f.total, 2);
	assert_true(f.has_previous);
	assert_int_equal(f.previous, 5);
	assert_int_equal(ask(&w, "tag_uses", 1).total, 2);
	assert_int_equal(ask(&w, "tag_accounts", 1).total, 1);
	assert_int_equal(ask(&w, "new_users", 1).total, 2);
	f = ask(&w, "instance_accounts", 1);
	assert_int_equal(f.total, 1);
	assert_int_equal(f.count, 0);
	assert_int_equal(ask(&w, "instance_followers", 1).total, 3);
	assert_int_equal(ask(&w, "instance_follows", 1).total, 4);
	assert_int_equal(ask(&w, "instance_statuses", 1).total, 5);
}

static enum rc report_job(struct social *s, void *arg)
{
	const struct world *w = arg;
	const struct report plain = {
		.reporter = w->ann.id, .target = w->cid.id, .comment = STR(""), .uri = STR("")
	};
	struct report one = plain;
	one.id = report_add(s->txn, &plain);
	one.resolved_ms = db_txn_now(s->txn);
	must(report_put(s->txn, &one));
	one.target = w->ben.id;
	for (size_t i = 0; i < 2100; i++)
		report_add(s->txn, i < 2 ? &plain : &one);
	return db_txn_rc(s->txn);
}

/* However many there are of others since, and whatever became of them. */
static void reports_of_a_host_are_counted(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	test_store_write(&w.t, report_job, &w);
	assert_int_equal(ask(&w, "instance_reports", 1).total, 3);
}

static void every_measure_has_an_answer(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	size_t i = 0;
	world_init(&w);
	for (const char *name; (name = figure_name(i)) != NULL; i++)
		ask(&w, name, 1);
	assert_in_range(i, 12, 40);
}

static void what_cannot_be_answered_is_refused(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	struct figure figure;
	world_init(&w);
	struct figure_ask odd = { .key = STR("luck") };
	struct db_txn *txn = test_store_read(&w.t);
	assert_int_equal(figure_answer(&w.ctx, txn, &odd, &figure), RC_NOT_FOUND);
	odd = (struct figure_ask){ .key = STR("new_users"), .first = 2, .last = 1 };
	assert_int_equal(figure_answer(&w.ctx, txn, &odd, &figure), RC_INVALID);
	odd.last = odd.first + FIGURE_DAYS_MAX;
	assert_int_equal(figure_answer(&w.ctx, txn, &odd, &figure), RC_INVALID);
	db_read_end(&txn);
}

static void cohorts_tell_who_stays(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	struct cohort cohorts[COHORTS_MAX];
	world_init(&w);
	uint64_t now = w.t.d.clock.wall_ms;
	struct db_txn *txn = test_store_read(&w.t);
	/* November to December of 2023 */
	assert_int_equal(cohorts_of(txn, PERIOD_MONTH, now, now + 40 * MS_PER_DAY, cohorts), 2);
	assert_int_equal(cohorts[0].start_ms, UINT64_C(1698796800000));
	assert_int_equal(cohorts[0].size, 2);
	assert_int_equal(cohorts[0].count, 2);
	assert_int_equal(cohorts[0].here[0], 2);
	assert_int_equal(cohorts[0].here[1], 1);
	assert_int_equal(cohorts[1].size, 0);
	assert_int_equal(cohorts[1].count, 1);
	assert_int_equal(cohorts_of(txn, PERIOD_DAY, now, now, cohorts), 1);
	assert_int_equal(cohorts[0].here[0], 2);
	assert_int_equal(cohorts_of(txn, PERIOD_DAY, now, now + 40 * MS_PER_DAY, cohorts), 0);
	assert_int_equal(cohorts_of(txn, PERIOD_DAY, now, now - 1, cohorts), 0);
	db_read_end(&txn);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(days_are_counted_and_compared),
		cmocka_unit_test(reports_of_a_host_are_counted),
		cmocka_unit_test(every_measure_has_an_answer),
		cmocka_unit_test(what_cannot_be_answered_is_refused),
		cmocka_unit_test(cohorts_tell_who_stays),
	};
	return cmocka_run_group_tests_name("figures", tests, NULL, NULL);
}
