/* The roster: who may start, against a model that says it the long way; timers come in their order. */
#include "roster_int.h"

#include "core/random.h"
#include "row_int.h"
#include "testkit.h"
#include "timer_int.h"

#define JOBS_MAX 300
#define STEPS 20000

/* What the model knows of a job; jobs stand in the order of their ids. */
struct model_job {
	struct lane *lane;
	uint32_t entry;
};

struct model {
	struct roster roster;
	struct lane *lanes[3];
	struct model_job jobs[JOBS_MAX];
	size_t count;
	uint64_t last_id;
};

static const struct entry *entry_of(const struct model *m, size_t i)
{
	return roster_entry(&m->roster, m->jobs[i].entry);
}

/* The rule, word by word: no earlier unfinished entry of the lane with the same order has another
 * group, and group 0 never shares. */
static bool may_start(const struct model *m, size_t i)
{
	const struct entry *e = entry_of(m, i);
	for (size_t k = 0; k < i; k++) {
		const struct entry *other = entry_of(m, k);
		if (other->lane == e->lane && other->order == e->order &&
		    (e->group == 0 || other->group != e->group))
			return false;
	}
	return true;
}

static void check_all(const struct model *m)
{
	uint32_t entries = 0;
	for (size_t i = 0; i < m->count; i++) {
		assert_int_equal(entry_of(m, i)->state != ENTRY_BLOCKED, may_start(m, i));
		assert_int_equal(roster_find(&m->roster, m->jobs[i].lane, entry_of(m, i)->order,
					     entry_of(m, i)->id),
				 m->jobs[i].entry);
	}
	for (size_t l = 0; l < ARRAY_LEN(m->lanes); l++)
		entries += m->lanes[l]->entries;
	assert_int_equal(entries, m->count);
	assert_int_equal(m->roster.live, m->count);
}

static void model_add(struct model *m)
{
	if (m->count == JOBS_MAX)
		return;
	struct lane *lane = m->lanes[random_below(ARRAY_LEN(m->lanes))];
	uint32_t index =
		roster_add(&m->roster, lane, ++m->last_id, random_below(6), random_below(3));
	assert_int_not_equal(index, ENTRY_NONE);
	m->jobs[m->count++] = (struct model_job){ .lane = lane, .entry = index };
	if (!roster_entry(&m->roster, index)->first)
		return;
	if (random_below(4) == 0)
		roster_defer(&m->roster, index, 1000);
	else
		roster_offer(&m->roster, index);
}

static void model_claim(struct model *m)
{
	struct lane *lane = m->lanes[random_below(ARRAY_LEN(m->lanes))];
	uint32_t before = lane->running;
	uint32_t index = roster_claim(&m->roster, lane);
	assert_int_equal(lane->running, before + (index != ENTRY_NONE));
	if (index != ENTRY_NONE)
		assert_int_equal(roster_entry(&m->roster, index)->state, ENTRY_RUNNING);
}

/* Ends any job, whatever its state: an operator may drop it. */
static void model_remove(struct model *m, size_t i)
{
	roster_remove(&m->roster, m->jobs[i].entry);
	m->count--;
	for (size_t k = i; k < m->count; k++)
		m->jobs[k] = m->jobs[k + 1];
}

static void model_step(struct model *m)
{
	size_t i = m->count != 0 ? random_below(m->count) : 0;
	unsigned state = m->count != 0 ? entry_of(m, i)->state : ENTRY_FREE;
	switch (random_below(5)) {
	case 0:
	case 1:
		model_add(m);
		break;
	case 2:
		model_claim(m);
		break;
	case 3:
		if (state == ENTRY_RUNNING)
			roster_defer(&m->roster, m->jobs[i].entry, 77);
		else if (state == ENTRY_WAITING)
			roster_offer(&m->roster, m->jobs[i].entry);
		break;
	default:
		if (m->count != 0 && (state == ENTRY_RUNNING || random_below(4) == 0))
			model_remove(m, i);
	}
}

static void p06_starts_what_the_rule_allows_and_nothing_else(void **state UNUSED)
{
	static struct model m;
	static const char *names[] = { "a.test", "b.test", "c.test" };
	assert_true(roster_init(&m.roster));
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		m.lanes[i] = roster_lane(&m.roster, 0, str_of(names[i]));
	for (int step = 0; step < STEPS; step++) {
		model_step(&m);
		if (step % 16 == 0)
			check_all(&m);
	}
	while (m.count != 0)
		model_remove(&m, random_below(m.count));
	check_all(&m);
	assert_int_equal(m.roster.heads_used, 0);
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		assert_int_equal(m.lanes[i]->running, 0);
		roster_forget_lane(&m.roster, m.lanes[i]);
		assert_null(roster_find_lane(&m.roster, 0, str_of(names[i])));
	}
	roster_free(&m.roster);
}

static void a_waiting_job_takes_forty_bytes(void **state UNUSED)
{
	assert_int_equal(sizeof(struct entry), 40);
}

static void lanes_are_told_apart_by_kind_and_name(void **state UNUSED)
{
	struct roster r;
	assert_true(roster_init(&r));
	struct lane *a = roster_lane(&r, 0, STR("a.test"));
	assert_ptr_equal(roster_lane(&r, 0, STR("a.test")), a);
	assert_ptr_not_equal(roster_lane(&r, 1, STR("a.test")), a);
	assert_ptr_not_equal(roster_lane(&r, 0, STR("")), a);
	assert_null(roster_find_lane(&r, 0, STR("b.test")));
	/* one with a failure to remember stays */
	a->state.failures = 1;
	roster_forget_lane(&r, a);
	assert_ptr_equal(roster_find_lane(&r, 0, STR("a.test")), a);
	a->state.failures = 0;
	uint32_t index = a->index;
	roster_forget_lane(&r, a);
	assert_null(roster_lane_at(&r, index));
	assert_int_equal(roster_lane(&r, 0, STR("new.test"))->index, index);
	roster_free(&r);
}

static void timers_come_in_their_order(void **state UNUSED)
{
	struct timers t = { 0 };
	struct timer timer;
	uint64_t last = 0;
	for (uint32_t i = 0; i < 2000; i++)
		assert_true(timers_add(&t, (struct timer){ random_below(1000) + 1, i, false }));
	assert_false(timers_take(&t, 0, &timer));
	for (uint64_t now = 100; now <= 1000; now += 100) {
		while (timers_take(&t, now, &timer)) {
			assert_true(timer.at_ms >= last && timer.at_ms <= now);
			last = timer.at_ms;
		}
		assert_true(timers_first(&t) == NULL || timers_first(&t)->at_ms > now);
	}
	assert_int_equal(t.count, 0);
	timers_free(&t);
}

static const struct job_row sample = {
	.kind = 3,
	.lane = STR_INIT("a.test:8443"),
	.order = UINT64_MAX,
	.group = 300,
	.body = 1,
	.due_ms = 5,
	.created_ms = 1763600000000,
	.attempts = 7,
	.reason = STR_INIT("503 Service Unavailable"),
	.payload = STR_INIT("https://a.test/inbox"),
};

static void assert_job_equal(const struct job_row *a, const struct job_row *b)
{
	assert_int_equal(a->kind, b->kind);
	assert_str_eq(a->lane, b->lane);
	assert_true(a->order == b->order && a->group == b->group && a->body == b->body);
	assert_true(a->due_ms == b->due_ms && a->created_ms == b->created_ms);
	assert_int_equal(a->attempts, b->attempts);
	assert_str_eq(a->reason, b->reason);
	assert_str_eq(a->payload, b->payload);
}

static void rows_survive_a_round_trip_and_no_truncation(void **state UNUSED)
{
	struct buf job CLEANUP(buf_free) = BUF_INIT(1024);
	struct buf dead CLEANUP(buf_free) = BUF_INIT(1024);
	struct buf lane CLEANUP(buf_free) = BUF_INIT(1024);
	struct buf refs CLEANUP(buf_free) = BUF_INIT(1024);
	struct dead_row corpse = { .died_ms = 9, .why = STR("too old"), .job = sample }, d;
	struct lane_row closed = { .state = { 1, 2, 3, 4, 5, 6 }, .reason = STR("timeout") }, l;
	struct job_row j;
	uint64_t n;
	job_row_encode(&job, &sample);
	dead_row_encode(&dead, &corpse);
	lane_row_encode(&lane, &closed);
	refs_row_encode(&refs, 12345);
	assert_true(job_row_decode(buf_str(&job), &j));
	assert_job_equal(&j, &sample);
	assert_true(dead_row_decode(buf_str(&dead), &d));
	assert_job_equal(&d.job, &sample);
	assert_str_eq(d.why, corpse.why);
	assert_int_equal(d.died_ms, 9);
	assert_true(lane_row_decode(buf_str(&lane), &l));
	assert_memory_equal(&l.state, &closed.state, sizeof(l.state));
	assert_str_eq(l.reason, closed.reason);
	assert_true(refs_row_decode(buf_str(&refs), &n));
	assert_int_equal(n, 12345);
	for (size_t i = 0; i < job.len; i++)
		assert_false(job_row_decode(str_take(buf_str(&job), i), &j));
	for (size_t i = 0; i < dead.len; i++)
		assert_false(dead_row_decode(str_take(buf_str(&dead), i), &d));
	for (size_t i = 0; i < lane.len; i++)
		assert_false(lane_row_decode(str_take(buf_str(&lane), i), &l));
	for (size_t i = 0; i < refs.len; i++)
		assert_false(refs_row_decode(str_take(buf_str(&refs), i), &n));
	/* a version that is not ours */
	job.ptr[0] = 2;
	assert_false(job_row_decode(buf_str(&job), &j));
}

static void s126_no_clock_makes_a_row_wait_forever(void **state UNUSED)
{
	static const struct {
		uint32_t attempts;
		uint64_t due, created, now, wait;
		bool again;
	} cases[] = {
		{ 0, 0, 1000, 1000, 0, false },
		{ 0, 900, 1000, 1000, 0, false },
		/* intended: looked at again, in case the clock was set */
		{ 0, 6000, 1000, 1000, 5000, true },
		{ 0, MS_PER_DAY, 0, 0, MS_PER_HOUR, true },
		/* the clock was set back: measured from the creation */
		{ 0, 9 * MS_PER_DAY + 5000, 9 * MS_PER_DAY, 0, 5000, false },
		{ 0, MS_PER_DAY, 9 * MS_PER_DAY, 0, 0, false },
		/* a retry */
		{ 1, 6000, 1000, 1000, 5000, false },
		{ 1, 900 * MS_PER_DAY, 1000, 1000, MS_PER_DAY, false },
		{ 1, UINT64_MAX, 0, 0, MS_PER_DAY, false },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct job_row row = { .attempts = cases[i].attempts,
				       .due_ms = cases[i].due,
				       .created_ms = cases[i].created };
		bool again = !cases[i].again;
		assert_int_equal(job_row_wait(&row, cases[i].now, &again), cases[i].wait);
		assert_int_equal(again, cases[i].again);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(p06_starts_what_the_rule_allows_and_nothing_else),
		cmocka_unit_test(a_waiting_job_takes_forty_bytes),
		cmocka_unit_test(lanes_are_told_apart_by_kind_and_name),
		cmocka_unit_test(timers_come_in_their_order),
		cmocka_unit_test(rows_survive_a_round_trip_and_no_truncation),
		cmocka_unit_test(s126_no_clock_makes_a_row_wait_forever),
	};
	return cmocka_run_group_tests_name("roster", tests, NULL, NULL);
}
