/* What is asked once, what is not asked again, and what is too much. */
#include "fedkit.h"

#include <stdio.h>

static void s016_who_asks_for_the_same_waits_for_one_fetch(void **state)
{
	struct fedkit *kit = *state;
	struct kit_answer answers[10];
	kit_stranger(kit, CAROL, 0);
	test_fetch_hold(kit->net);
	for (size_t i = 0; i < ARRAY_LEN(answers); i++) {
		answers[i] = (struct kit_answer)KIT_ANSWER_INIT;
		fed_resolve_key(kit->fed, STR(CAROL "#main-key"), kit_answered, &answers[i]);
	}
	assert_int_equal(test_fetch_count(kit->net), 1);
	test_fetch_run(kit->net);
	for (size_t i = 0; i < ARRAY_LEN(answers); i++) {
		assert_int_equal(kit_wait(&answers[i]), RC_OK);
		assert_int_equal(answers[i].id, answers[0].id);
	}
}

static void what_is_asked_for_another_purpose_flies_alone(void **state)
{
	struct fedkit *kit = *state;
	struct kit_answer actor = KIT_ANSWER_INIT, key = KIT_ANSWER_INIT;
	kit_stranger(kit, CAROL, 0);
	test_fetch_hold(kit->net);
	fed_resolve_actor(kit->fed, STR(CAROL), true, kit_answered, &actor);
	fed_resolve_key(kit->fed, STR(CAROL "#main-key"), kit_answered, &key);
	assert_int_equal(test_fetch_count(kit->net), 2);
	test_fetch_run(kit->net);
	assert_int_equal(kit_wait(&actor), RC_OK);
	assert_int_equal(kit_wait(&key), RC_OK);
}

static void asked(struct fedkit *kit, enum rc rc, bool again)
{
	size_t before = test_fetch_count(kit->net);
	struct kit_answer a = kit_resolve(kit, 'k', CAROL "#main-key");
	assert_int_equal(a.rc, rc);
	assert_int_equal(test_fetch_count(kit->net) - before, again ? 1 : 0);
}

static void s016_what_is_gone_is_not_asked_for_again_for_a_day(void **state)
{
	static const struct {
		unsigned status;
		enum rc rc;
	} answers[] = { { 404, RC_NOT_FOUND }, { 410, RC_GONE } };
	struct fedkit *kit = *state;
	for (size_t i = 0; i < ARRAY_LEN(answers); i++) {
		test_fetch_answer(kit->net, CAROL, answers[i].status, "text/html", STR(""));
		asked(kit, answers[i].rc, true);
		asked(kit, answers[i].rc, false);
		test_clock_advance(&kit->clock, MS_PER_DAY - 1);
		asked(kit, answers[i].rc, false);
		test_clock_advance(&kit->clock, 1);
	}
	asked(kit, RC_GONE, true);
}

static void s016_what_was_silent_is_asked_less_and_less_often(void **state)
{
	static const uint64_t waits[] = { 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 2560, 2560 };
	struct fedkit *kit = *state;
	test_fetch_fail(kit->net, CAROL, RC_TIMEOUT);
	for (size_t i = 0; i < ARRAY_LEN(waits); i++) {
		asked(kit, RC_TIMEOUT, true);
		test_clock_advance(&kit->clock, waits[i] * MS_PER_SECOND - 1);
		asked(kit, RC_TIMEOUT, false);
		test_clock_advance(&kit->clock, 1);
	}
	/* an answer makes all forgotten */
	kit_stranger(kit, CAROL, 0);
	asked(kit, RC_OK, true);
	test_fetch_fail(kit->net, CAROL, RC_TIMEOUT);
	asked(kit, RC_TIMEOUT, true);
	test_clock_advance(&kit->clock, 10 * MS_PER_SECOND);
	asked(kit, RC_TIMEOUT, true);
}

static void s016_one_host_is_not_asked_more_than_its_budget(void **state)
{
	struct fedkit *kit = *state;
	char uri[80];
	kit->settings.key_fetches_per_minute = 5;
	for (int round = 0; round < 2; round++) {
		size_t before = test_fetch_count(kit->net);
		for (int i = 0; i < 100; i++) {
			snprintf(uri, sizeof(uri), "https://evil.example/%d/%d#k", round, i);
			struct kit_answer a = kit_resolve(kit, 'k', uri);
			assert_int_equal(a.rc, i < 5 ? RC_UNREACHABLE : RC_BUSY);
		}
		assert_int_equal(test_fetch_count(kit->net) - before, 5);
		/* another host has its own */
		snprintf(uri, sizeof(uri), "https://host%d.example/k", round);
		struct kit_answer other = kit_resolve(kit, 'k', uri);
		assert_int_equal(other.rc, RC_UNREACHABLE);
		test_clock_advance(&kit->clock, MS_PER_MINUTE);
	}
}

/* Anybody may name a key of the host, whoever that is; only who is verified names a post. */
static void s016_who_names_keys_of_a_host_does_not_use_up_what_its_posts_need(void **state)
{
	struct fedkit *kit = *state;
	kit->settings.key_fetches_per_minute = 1;
	for (int i = 0; i < 2; i++) {
		struct kit_answer key = kit_resolve(kit, 'k', i == 0 ? CAROL "/k1" : CAROL "/k2");
		assert_int_equal(key.rc, i == 0 ? RC_UNREACHABLE : RC_BUSY);
	}
	struct kit_answer post = kit_resolve(kit, 'o', CAROL "/notes/1");
	assert_int_equal(post.rc, RC_UNREACHABLE);
}

static void s060_all_ports_of_a_host_have_one_budget(void **state)
{
	struct fedkit *kit = *state;
	char uri[80];
	kit->settings.key_fetches_per_minute = 2;
	for (int i = 0; i < 4; i++) {
		snprintf(uri, sizeof(uri), "https://evil.example:%d/k", 8000 + i);
		struct kit_answer a = kit_resolve(kit, 'k', uri);
		assert_int_equal(a.rc, i < 2 ? RC_UNREACHABLE : RC_BUSY);
	}
}

static void what_was_too_much_is_not_remembered_as_failed(void **state)
{
	struct fedkit *kit = *state;
	kit->settings.key_fetches_per_minute = 1;
	kit_stranger(kit, CAROL, 0);
	kit_resolve(kit, 'k', "https://peer.example/other");
	asked(kit, RC_BUSY, false);
	test_clock_advance(&kit->clock, MS_PER_MINUTE);
	asked(kit, RC_OK, true);
}

static void s034_what_is_no_address_is_refused_at_once(void **state)
{
	static const char *const addresses[] = { "",
						 "carol",
						 "http://peer.example/",
						 "ftp://peer.example/",
						 "https://peer",
						 "https://127.0.0.1/",
						 "https://a b.example/",
						 "https://u@peer.example/" };
	struct fedkit *kit = *state;
	for (size_t i = 0; i < ARRAY_LEN(addresses); i++) {
		struct kit_answer a = kit_resolve(kit, 'o', addresses[i]);
		assert_int_equal(a.rc, RC_INVALID);
		assert_true(a.reason[0] != '\0');
	}
	assert_int_equal(test_fetch_count(kit->net), 0);
}

struct step {
	struct hand_task task;
	pthread_t *thread;
	unsigned *count;
	unsigned place;
};

static void step_run(void *arg)
{
	struct step *step = arg;
	step->place = ++*step->count;
	*step->thread = pthread_self();
}

static void what_is_done_by_hand_is_done_in_order_elsewhere_and_to_the_end(void **state UNUSED)
{
	struct step steps[100];
	pthread_t thread = pthread_self();
	unsigned count = 0;
	struct hand *hand = hand_new();
	for (unsigned i = 0; i < ARRAY_LEN(steps); i++) {
		steps[i] = (struct step){ .thread = &thread, .count = &count };
		steps[i].task = (struct hand_task){ .run = step_run, .arg = &steps[i] };
		hand_do(hand, &steps[i].task);
	}
	hand_free(&hand);
	assert_null(hand);
	for (unsigned i = 0; i < ARRAY_LEN(steps); i++)
		assert_int_equal(steps[i].place, i + 1);
	assert_int_equal(pthread_equal(thread, pthread_self()), 0);
	hand_free(&hand);
}

static void who_still_waits_when_the_client_ends_is_told(void **state)
{
	struct fedkit *kit = *state;
	struct kit_answer a = KIT_ANSWER_INIT;
	test_fetch_hold(kit->net);
	fed_resolve_object(kit->fed, STR(CAROL "/notes/1"), kit_answered, &a);
	test_fetch_free(&kit->net);
	assert_int_equal(kit_wait(&a), RC_UNREACHABLE);
}

#define T(name) cmocka_unit_test_setup_teardown(name, kit_setup, kit_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(s016_who_asks_for_the_same_waits_for_one_fetch),
		T(what_is_asked_for_another_purpose_flies_alone),
		T(s016_what_is_gone_is_not_asked_for_again_for_a_day),
		T(s016_what_was_silent_is_asked_less_and_less_often),
		T(s016_one_host_is_not_asked_more_than_its_budget),
		T(s016_who_names_keys_of_a_host_does_not_use_up_what_its_posts_need),
		T(s060_all_ports_of_a_host_have_one_budget),
		T(what_was_too_much_is_not_remembered_as_failed),
		T(s034_what_is_no_address_is_refused_at_once),
		cmocka_unit_test(what_is_done_by_hand_is_done_in_order_elsewhere_and_to_the_end),
		T(who_still_waits_when_the_client_ends_is_told),
	};
	return cmocka_run_group_tests_name("flight", tests, NULL, NULL);
}
