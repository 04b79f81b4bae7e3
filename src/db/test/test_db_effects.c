/* Effects: told after the commit, in order, once, and only those of jobs that succeeded. */
#include <semaphore.h>

#include "core/must.h"
#include "dbkit.h"

#define STEPS_MAX 8

enum act {
	ACT_TELL,      /* writes, and tells its number twice */
	ACT_TELL_ONLY, /* tells without having written */
	ACT_REFUSE,    /* tells, then fails without having written */
	ACT_SPOIL,     /* tells and writes, then fails */
	ACT_STICKY,    /* tells, fails its transaction, but says it is well */
};

struct scene;

struct step {
	struct db_work work;
	struct scene *scene;
	enum act act;
	uint64_t number;
};

struct scene {
	struct kit kit;
	sem_t held, start, done;
	struct step steps[STEPS_MAX];
	uint64_t told[4 * STEPS_MAX];
	size_t told_count;
	size_t told_when_done; /* how many were told when the last step was done */
	unsigned calls;
};

static void tell(struct db_txn *txn, uint64_t number)
{
	const struct db_effect effect = { .kind = 7, .flags = 1, .ids = { number, 2, 3 } };
	db_effect(txn, &effect);
}

static enum rc job_step(struct db_txn *txn, void *arg)
{
	const struct step *step = arg;
	tell(txn, step->number);
	if (step->act == ACT_TELL || step->act == ACT_SPOIL || step->act == ACT_STICKY)
		db_put(txn, &kit_things, STR("k"), STR("v"));
	if (step->act == ACT_TELL)
		tell(txn, step->number);
	if (step->act == ACT_STICKY)
		db_txn_fail(txn, RC_INVALID);
	return step->act == ACT_REFUSE || step->act == ACT_SPOIL ? RC_CONFLICT : RC_OK;
}

static void step_done(struct db_work *work)
{
	struct step *step = CONTAINER_OF(work, struct step, work);
	step->scene->told_when_done = step->scene->told_count;
	sem_post(&step->scene->done);
}

static void listen(void *arg, const struct db_effect *effects, size_t count)
{
	struct scene *s = arg;
	s->calls++;
	for (size_t i = 0; i < count; i++) {
		must(effects[i].kind == 7 && effects[i].flags == 1 && effects[i].ids[2] == 3);
		must(s->told_count < ARRAY_LEN(s->told));
		s->told[s->told_count++] = effects[i].ids[0];
	}
}

static enum rc job_hold(struct db_txn *txn UNUSED, void *arg)
{
	struct scene *s = arg;
	sem_post(&s->held);
	sem_wait(&s->start);
	return RC_OK;
}

static void hold_done(struct db_work *work UNUSED)
{
}

static void scene_begin(struct scene *s)
{
	*s = (struct scene){ .told_count = 0 };
	kit_init(&s->kit);
	sem_init(&s->held, 0, 0);
	sem_init(&s->start, 0, 0);
	sem_init(&s->done, 0, 0);
	db_on_effects(s->kit.db, listen, s);
}

/* Runs these in one batch: they wait until all of them are there. */
static void scene_run(struct scene *s, const enum act *acts, size_t count)
{
	struct db_work hold = { .job = job_hold, .done = hold_done, .arg = s };
	db_submit(s->kit.db, &hold);
	sem_wait(&s->held);
	for (size_t i = 0; i < count; i++) {
		struct step *step = &s->steps[i];
		*step = (struct step){ .scene = s, .act = acts[i], .number = i };
		step->work = (struct db_work){ .job = job_step, .done = step_done, .arg = step };
		db_submit(s->kit.db, &step->work);
	}
	sem_post(&s->start);
	for (size_t i = 0; i < count; i++)
		sem_wait(&s->done);
}

static void scene_free(struct scene *s)
{
	kit_free(&s->kit);
	sem_destroy(&s->held);
	sem_destroy(&s->start);
	sem_destroy(&s->done);
}

static void expect_told(const struct scene *s, const uint64_t *numbers, size_t count)
{
	assert_int_equal(s->told_count, count);
	assert_memory_equal(s->told, numbers, count * sizeof(numbers[0]));
}

static void effects_of_a_batch_are_told_once_in_order_before_anybody_is_done(void **state UNUSED)
{
	static const enum act acts[] = { ACT_TELL, ACT_TELL_ONLY, ACT_TELL };
	static const uint64_t numbers[] = { 0, 0, 1, 2, 2 };
	struct scene s CLEANUP(scene_free);
	scene_begin(&s);
	scene_run(&s, acts, ARRAY_LEN(acts));
	expect_told(&s, numbers, ARRAY_LEN(numbers));
	assert_int_equal(s.calls, 1);
	assert_int_equal(s.told_when_done, ARRAY_LEN(numbers));
}

static void a_failed_job_has_no_effects_however_often_the_others_run(void **state UNUSED)
{
	static const enum act acts[] = { ACT_TELL, ACT_REFUSE, ACT_TELL_ONLY, ACT_SPOIL,
					 ACT_TELL, ACT_STICKY, ACT_TELL_ONLY };
	static const uint64_t numbers[] = { 0, 0, 2, 4, 4, 6 };
	struct scene s CLEANUP(scene_free);
	scene_begin(&s);
	scene_run(&s, acts, ARRAY_LEN(acts));
	expect_told(&s, numbers, ARRAY_LEN(numbers));
}

static void who_has_taken_leave_hears_nothing(void **state UNUSED)
{
	static const enum act acts[] = { ACT_TELL };
	struct scene s CLEANUP(scene_free);
	scene_begin(&s);
	db_on_effects(s.kit.db, NULL, NULL);
	scene_run(&s, acts, ARRAY_LEN(acts));
	assert_int_equal(s.calls, 0);
	kit_expect(&s.kit, &kit_things, STR("k"), STR("v"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(effects_of_a_batch_are_told_once_in_order_before_anybody_is_done),
		cmocka_unit_test(a_failed_job_has_no_effects_however_often_the_others_run),
		cmocka_unit_test(who_has_taken_leave_hears_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
