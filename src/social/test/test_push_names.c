/* Web push: the names of alerts and policies, and what a job holds. */
#include "social/push.h"
#include "teststore.h"

static void names_are_those_of_the_api(void **state UNUSED)
{
	enum push_policy policy;
	enum push_alert alert;
	for (int i = 0; i <= PUSH_FROM_NONE; i++) {
		struct str name = str_of(push_policy_name((enum push_policy)i));
		assert_true(push_policy_parse(name, &policy));
		assert_int_equal(policy, i);
	}
	assert_false(push_policy_parse(STR("nobody"), &policy));
	for (int i = 0; i < PUSH_ALERT_COUNT; i++)
		assert_non_null(push_alert_name((enum push_alert)i));
	assert_true(push_alert_of(NOTICE_REPORT, &alert));
	assert_string_equal(push_alert_name(alert), "admin.report");
	assert_true(push_alert_of(NOTICE_STATUS, &alert));
	assert_string_equal(push_alert_name(alert), "status");
	assert_true(push_alert_of(NOTICE_QUOTED_EDIT, &alert));
	assert_string_equal(push_alert_name(alert), "quoted_update");
	assert_true(push_alert_of(NOTICE_SIGN_UP, &alert));
	assert_string_equal(push_alert_name(alert), "admin.sign_up");
	assert_false(push_alert_of(NOTICE_MOVE, &alert));
}

static void jobs_come_back_and_truncations_are_refused(void **state UNUSED)
{
	const struct push_job job = {
		1, 2, 3, { .id = 4, .kind = NOTICE_LIKE, .from = 5, .status = 6, .about = 0 }
	};
	struct buf payload CLEANUP(buf_free) = BUF_INIT(128);
	struct push_job read;
	push_job_encode(&payload, &job);
	assert_true(push_job_decode(buf_str(&payload), &read));
	assert_true(read.account == 1 && read.token == 2 && read.subscription == 3);
	assert_true(read.notice.id == 4 && read.notice.kind == NOTICE_LIKE);
	assert_true(read.notice.from == 5 && read.notice.status == 6);
	for (size_t n = 0; n < payload.len; n++)
		assert_false(push_job_decode(str_take(buf_str(&payload), n), &read));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_those_of_the_api),
		cmocka_unit_test(jobs_come_back_and_truncations_are_refused),
	};
	return cmocka_run_group_tests_name("push names", tests, NULL, NULL);
}
