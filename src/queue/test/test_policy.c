/* The retry policy: waits, windows, lives, and what every HTTP status means. */
#include "queue/policy.h"

#include "testkit.h"

#define NOW UINT64_C(1763600000000)

static const struct queue_rules rules = {
	.window_max = 4,
	.life_ms = 7 * MS_PER_DAY,
	.retry_first_ms = MS_PER_MINUTE,
	.retry_max_ms = 6 * MS_PER_HOUR,
	.down_after_ms = 7 * MS_PER_DAY,
};

static struct queue_decision plan(struct queue_lane_state lane, enum queue_verdict verdict,
				  unsigned attempts, unsigned jitter)
{
	struct queue_outcome outcome = { .verdict = verdict, .code = 500 };
	return queue_plan(&rules, &lane, &outcome, NOW, attempts, NOW, jitter);
}

static const uint64_t waits[] = {
	MS_PER_MINUTE,	 5 * MS_PER_MINUTE, 15 * MS_PER_MINUTE, MS_PER_HOUR,
	3 * MS_PER_HOUR, 6 * MS_PER_HOUR,   6 * MS_PER_HOUR,
};

static void s122_waits_longer_after_each_failure(void **state UNUSED)
{
	for (unsigned i = 0; i < ARRAY_LEN(waits); i++) {
		struct queue_lane_state lane = { .failures = i, .first_failure_ms = i ? NOW : 0 };
		struct queue_decision job =
			plan((struct queue_lane_state){ 0 }, QUEUE_DEFER, i + 1, 0);
		struct queue_decision host = plan(lane, QUEUE_DEFER_LANE, 1, 0);
		assert_int_equal(job.job_due_ms - NOW, waits[i]);
		assert_int_equal(host.lane.due_ms - NOW, waits[i]);
		assert_int_equal(host.lane.failures, i + 1);
	}
}

static void s122_jitter_shortens_by_a_fifth_at_most(void **state UNUSED)
{
	for (unsigned i = 0; i < ARRAY_LEN(waits); i++) {
		for (unsigned jitter = 0; jitter < 1000; jitter += 37) {
			uint64_t wait =
				plan((struct queue_lane_state){ 0 }, QUEUE_DEFER, i + 1, jitter)
					.job_due_ms -
				NOW;
			assert_in_range(wait, waits[i] * 4 / 5, waits[i]);
		}
		uint64_t shortest =
			plan((struct queue_lane_state){ 0 }, QUEUE_DEFER, i + 1, 999).job_due_ms -
			NOW;
		assert_in_range(shortest, waits[i] * 4 / 5, waits[i] * 81 / 100);
	}
}

static void s123_honours_retry_after_up_to_a_day(void **state UNUSED)
{
	static const struct {
		uint64_t asked, expected;
	} cases[] = {
		{ 0, MS_PER_MINUTE },
		{ 5000, MS_PER_MINUTE },
		{ 10 * MS_PER_MINUTE, 10 * MS_PER_MINUTE },
		{ 24 * MS_PER_HOUR, 24 * MS_PER_HOUR },
		{ 400 * MS_PER_DAY, 24 * MS_PER_HOUR },
		{ UINT64_MAX, 24 * MS_PER_HOUR },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct queue_lane_state lane = { 0 };
		struct queue_outcome outcome = queue_outcome_of_status(429, cases[i].asked);
		struct queue_decision d = queue_plan(&rules, &lane, &outcome, NOW, 1, NOW, 0);
		assert_int_equal(d.lane.due_ms - NOW, cases[i].expected);
		outcome = queue_outcome_of_status(500, cases[i].asked);
		d = queue_plan(&rules, &lane, &outcome, NOW, 1, NOW, 0);
		assert_int_equal(d.job_due_ms - NOW, cases[i].expected);
		assert_int_equal(d.lane.due_ms, 0);
	}
}

static void success_opens_the_window_step_by_step(void **state UNUSED)
{
	struct queue_lane_state lane =
		plan((struct queue_lane_state){ 0 }, QUEUE_DEFER_LANE, 1, 0).lane;
	assert_int_equal(lane.window, 1);
	for (unsigned expected = 2; expected <= 6; expected++) {
		struct queue_decision d = plan(lane, QUEUE_DELIVERED, 1, 0);
		assert_int_equal(d.fate, QUEUE_REMOVE);
		assert_int_equal(d.lane.window, expected < 4 ? expected : 4);
		assert_int_equal(d.lane_came_up, expected == 2);
		assert_int_equal(d.lane.last_success_ms, NOW);
		assert_int_equal(d.lane.due_ms, 0);
		lane = d.lane;
	}
}

static void a_new_lane_has_the_whole_window(void **state UNUSED)
{
	assert_int_equal(plan((struct queue_lane_state){ 0 }, QUEUE_DELIVERED, 1, 0).lane.window,
			 4);
	struct queue_lane_state lane = { .window = 100 };
	assert_int_equal(plan(lane, QUEUE_LOOP, 1, 0).lane.window, 4);
}

static void failures_of_one_moment_count_once(void **state UNUSED)
{
	struct queue_decision d = plan((struct queue_lane_state){ 0 }, QUEUE_DEFER_LANE, 1, 0);
	assert_true(d.lane_went_down);
	for (int i = 0; i < 3; i++) {
		d = plan(d.lane, QUEUE_DEFER_LANE, 1, 0);
		assert_false(d.lane_went_down);
		assert_int_equal(d.lane.failures, 1);
		assert_int_equal(d.lane.due_ms, NOW + MS_PER_MINUTE);
	}
	struct queue_outcome busy = queue_outcome_of_status(503, MS_PER_HOUR);
	d = queue_plan(&rules, &d.lane, &busy, NOW, 1, NOW, 0);
	assert_int_equal(d.lane.failures, 1);
	assert_int_equal(d.lane.due_ms, NOW + MS_PER_HOUR);
}

static void a_deferred_job_leaves_the_lane_alone(void **state UNUSED)
{
	struct queue_decision d = plan((struct queue_lane_state){ 0 }, QUEUE_DEFER, 1, 0);
	assert_int_equal(d.fate, QUEUE_KEEP);
	assert_int_equal(d.lane.due_ms, 0);
	assert_int_equal(d.lane.window, 4);
	assert_false(d.lane_went_down);
}

static void ten_jobs_deferred_in_a_row_are_the_lane(void **state UNUSED)
{
	struct queue_lane_state lane = { 0 };
	for (int i = 0; i < 9; i++)
		lane = plan(lane, QUEUE_DEFER, 1, 0).lane;
	assert_int_equal(lane.due_ms, 0);
	assert_int_equal(
		plan(plan(lane, QUEUE_DELIVERED, 1, 0).lane, QUEUE_DEFER, 1, 0).lane.due_ms, 0);
	struct queue_decision d = plan(lane, QUEUE_DEFER, 1, 0);
	assert_true(d.lane_went_down);
	assert_int_equal(d.lane.due_ms, NOW + MS_PER_MINUTE);
	assert_int_equal(d.lane.window, 1);
}

static void an_answer_of_any_kind_brings_a_lane_up(void **state UNUSED)
{
	static const enum queue_verdict verdicts[] = { QUEUE_DELIVERED, QUEUE_AGAIN, QUEUE_DEFER,
						       QUEUE_REJECT, QUEUE_GONE };
	struct queue_lane_state down = { .window = 1, .failures = 3, .first_failure_ms = NOW - 1 };
	for (size_t i = 0; i < ARRAY_LEN(verdicts); i++) {
		struct queue_decision d = plan(down, verdicts[i], 1, 0);
		assert_true(d.lane_came_up);
		assert_int_equal(d.lane.failures, 0);
		assert_int_equal(d.lane.first_failure_ms, 0);
	}
	/* no code: it was never asked */
	struct queue_outcome ours = { .verdict = QUEUE_DEFER };
	assert_false(queue_plan(&rules, &down, &ours, NOW, 1, NOW, 0).lane_came_up);
	assert_int_equal(plan(down, QUEUE_LOOP, 1, 0).lane.failures, 3);
}

static void fates_follow_verdicts(void **state UNUSED)
{
	static const struct {
		enum queue_verdict verdict;
		enum queue_fate fate;
	} cases[] = {
		{ QUEUE_DELIVERED, QUEUE_REMOVE }, { QUEUE_AGAIN, QUEUE_KEEP },
		{ QUEUE_DEFER, QUEUE_KEEP },	   { QUEUE_DEFER_LANE, QUEUE_KEEP },
		{ QUEUE_REJECT, QUEUE_BURY },	   { QUEUE_GONE, QUEUE_BURY },
		{ QUEUE_LOOP, QUEUE_REMOVE },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_int_equal(plan((struct queue_lane_state){ 0 }, cases[i].verdict, 1, 0).fate,
				 cases[i].fate);
	/* the lane waits, not the job: a wake frees both */
	assert_int_equal(plan((struct queue_lane_state){ 0 }, QUEUE_DEFER_LANE, 1, 0).job_due_ms,
			 NOW);
	assert_int_equal(plan((struct queue_lane_state){ 0 }, QUEUE_AGAIN, 1, 0).job_due_ms, NOW);
	const struct queue_outcome later = { .verdict = QUEUE_AGAIN, .retry_after_ms = 5000 };
	const struct queue_lane_state none = { 0 };
	assert_int_equal(queue_plan(&rules, &none, &later, NOW, 1, NOW, 0).job_due_ms, NOW + 5000);
}

static void s122_a_job_is_given_up_when_it_fails_after_its_life(void **state UNUSED)
{
	static const struct {
		uint64_t age;
		enum queue_verdict verdict;
		enum queue_fate fate;
	} cases[] = {
		{ 7 * MS_PER_DAY - 1, QUEUE_DEFER, QUEUE_KEEP },
		{ 7 * MS_PER_DAY, QUEUE_DEFER, QUEUE_BURY },
		{ 7 * MS_PER_DAY, QUEUE_DEFER_LANE, QUEUE_BURY },
		{ 7 * MS_PER_DAY, QUEUE_DELIVERED, QUEUE_REMOVE },
		{ 7 * MS_PER_DAY, QUEUE_AGAIN, QUEUE_KEEP },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct queue_lane_state lane = { 0 };
		struct queue_outcome outcome = { .verdict = cases[i].verdict };
		assert_int_equal(
			queue_plan(&rules, &lane, &outcome, NOW - cases[i].age, 9, NOW, 0).fate,
			cases[i].fate);
	}
	struct queue_rules forever = rules;
	struct queue_lane_state lane = { 0 };
	struct queue_outcome outcome = { .verdict = QUEUE_DEFER };
	forever.life_ms = 0;
	assert_int_equal(queue_plan(&forever, &lane, &outcome, 0, 9, NOW, 0).fate, QUEUE_KEEP);
}

static void s122_a_host_that_is_gone_is_probed_daily(void **state UNUSED)
{
	struct queue_lane_state lane = { .failures = 30, .first_failure_ms = NOW - 7 * MS_PER_DAY };
	assert_int_equal(plan(lane, QUEUE_DEFER_LANE, 1, 0).lane.due_ms - NOW, MS_PER_DAY);
	lane.first_failure_ms += 1;
	assert_int_equal(plan(lane, QUEUE_DEFER_LANE, 1, 0).lane.due_ms - NOW, 6 * MS_PER_HOUR);
}

static void s126_a_clock_set_back_ages_nothing(void **state UNUSED)
{
	struct queue_lane_state lane = { .failures = 1, .first_failure_ms = NOW + MS_PER_DAY };
	struct queue_outcome outcome = { .verdict = QUEUE_DEFER_LANE };
	struct queue_decision d =
		queue_plan(&rules, &lane, &outcome, NOW + 30 * MS_PER_DAY, 1, NOW, 0);
	assert_int_equal(d.fate, QUEUE_KEEP);
	assert_int_equal(d.lane.due_ms - NOW, 5 * MS_PER_MINUTE);
}

static void s123_a_404_is_believed_the_third_time(void **state UNUSED)
{
	struct queue_outcome outcome = queue_outcome_of_status(404, 0);
	struct queue_lane_state lane = { 0 };
	assert_int_equal(queue_plan(&rules, &lane, &outcome, NOW, 1, NOW, 0).fate, QUEUE_KEEP);
	assert_int_equal(queue_plan(&rules, &lane, &outcome, NOW, 2, NOW, 0).fate, QUEUE_KEEP);
	assert_int_equal(queue_plan(&rules, &lane, &outcome, NOW, 3, NOW, 0).fate, QUEUE_BURY);
}

static void s122_s123_every_status_has_its_verdict(void **state UNUSED)
{
	static const unsigned deferring[] = { 401, 404, 408, 421, 425 };
	static const unsigned pausing[] = { 0, 429, 502, 503, 504, 507 };
	for (unsigned status = 0; status < 700; status++) {
		enum queue_verdict expected = QUEUE_DEFER;
		if (status >= 200 && status < 300)
			expected = QUEUE_DELIVERED;
		else if (status >= 400 && status < 500)
			expected = status == 410 ? QUEUE_GONE : QUEUE_REJECT;
		else if (status >= 520 && status <= 530)
			expected = QUEUE_DEFER_LANE;
		else if (status == 501)
			expected = QUEUE_REJECT;
		for (size_t i = 0; i < ARRAY_LEN(deferring); i++)
			expected = deferring[i] == status ? QUEUE_DEFER : expected;
		for (size_t i = 0; i < ARRAY_LEN(pausing); i++)
			expected = pausing[i] == status ? QUEUE_DEFER_LANE : expected;
		struct queue_outcome outcome = queue_outcome_of_status(status, 1234);
		assert_int_equal(outcome.verdict, expected);
		assert_int_equal(outcome.code, status);
		assert_int_equal(outcome.retry_after_ms, 1234);
	}
}

static void reasons_are_for_people(void **state UNUSED)
{
	assert_string_equal(queue_outcome_of_status(503, 0).reason, "503 Service Unavailable");
	assert_string_equal(queue_outcome_of_status(410, 0).reason, "410 Gone");
	assert_string_equal(queue_outcome_of_status(599, 0).reason, "599");
	assert_string_equal(queue_outcome_of_status(0, 0).reason, "no answer");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(s122_waits_longer_after_each_failure),
		cmocka_unit_test(s122_jitter_shortens_by_a_fifth_at_most),
		cmocka_unit_test(s123_honours_retry_after_up_to_a_day),
		cmocka_unit_test(success_opens_the_window_step_by_step),
		cmocka_unit_test(a_new_lane_has_the_whole_window),
		cmocka_unit_test(failures_of_one_moment_count_once),
		cmocka_unit_test(a_deferred_job_leaves_the_lane_alone),
		cmocka_unit_test(ten_jobs_deferred_in_a_row_are_the_lane),
		cmocka_unit_test(an_answer_of_any_kind_brings_a_lane_up),
		cmocka_unit_test(fates_follow_verdicts),
		cmocka_unit_test(s122_a_job_is_given_up_when_it_fails_after_its_life),
		cmocka_unit_test(s122_a_host_that_is_gone_is_probed_daily),
		cmocka_unit_test(s126_a_clock_set_back_ages_nothing),
		cmocka_unit_test(s123_a_404_is_believed_the_third_time),
		cmocka_unit_test(s122_s123_every_status_has_its_verdict),
		cmocka_unit_test(reasons_are_for_people),
	};
	return cmocka_run_group_tests_name("policy", tests, NULL, NULL);
}
