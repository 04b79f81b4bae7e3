/* Networks that are kept out, and how often one may try to get in. */
#include "social/sign_up.h"
#include "teststore.h"

static enum rc put_bar(struct social *s, void *arg)
{
	return bar_put(s->txn, s->ctx->arena, arg) != 0 ? RC_OK : RC_EXISTS;
}

static void bar(struct test_store *t, enum bar_severity severity, struct str value,
		uint64_t expires_ms)
{
	struct bar row = { .kind = BAR_IP,
			   .severity = severity,
			   .value = value,
			   .comment = STR(""),
			   .expires_ms = expires_ms };
	test_store_write(t, put_bar, &row);
}

static void networks_are_kept_out_as_far_as_was_said(void **state UNUSED)
{
	static const struct {
		const char *client;
		enum barred barred;
	} cases[] = {
		{ "192.0.2.1", BARRED_SIGN_UP },     { "192.0.2.200", BARRED_SIGN_UP },
		{ "192.0.2.77", BARRED_WHOLLY },     { "192.0.3.1", BARRED_NOT },
		{ "198.51.100.9", BARRED_APPROVAL }, { "198.51.101.9", BARRED_NOT },
		{ "203.0.113.1", BARRED_NOT },	     { "2001:db8:1::5", BARRED_WHOLLY },
		{ "2001:db8:2::5", BARRED_NOT },     { "::1", BARRED_NOT },
		{ "no address", BARRED_NOT },	     { "", BARRED_NOT },
	};
	struct test_store t CLEANUP(test_store_free);
	struct bars *bars;
	test_store_init(&t);
	assert_int_equal(bars_new(t.d.db, &t.d.clock.clock, &bars), RC_OK);
	assert_int_equal(barred_client(bars, STR("192.0.2.1")), BARRED_NOT);
	bar(&t, BAR_SIGN_UP_BLOCK, STR("192.0.2.0/24"), 0);
	bar(&t, BAR_NO_ACCESS, STR("192.0.2.77/32"), 0);
	bar(&t, BAR_SIGN_UP_APPROVAL, STR("198.51.100.0/24"), 0);
	bar(&t, BAR_NO_ACCESS, STR("203.0.113.0/24"), 1);
	bar(&t, BAR_NO_ACCESS, STR("2001:db8:1::/48"), 0);
	bars_reload(bars);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		if (barred_client(bars, str_of(cases[i].client)) != cases[i].barred)
			fail_msg("%s", cases[i].client);
	}
	assert_int_equal(barred_client(NULL, STR("192.0.2.77")), BARRED_NOT);
	bars_free(&bars);
}

static void a_network_is_written_in_one_way(void **state UNUSED)
{
	static const struct {
		const char *text, *network; /* NULL: it is none */
	} cases[] = {
		{ "192.0.2.77/24", "192.0.2.0/24" },
		{ "192.0.2.77", "192.0.2.77/32" },
		{ "255.255.255.255/1", "128.0.0.0/1" },
		{ "1.2.3.4/0", "0.0.0.0/0" },
		{ "2001:DB8::1", "2001:db8::1/128" },
		{ "2001:db8:ffff::/33", "2001:db8:8000::/33" },
		{ "192.0.2.1/33", NULL },
		{ "192.0.2.1/", NULL },
		{ "::/129", NULL },
		{ "192.0.2", NULL },
		{ "", NULL },
		{ "a name that is longer than any address of any family could be", NULL },
	};
	struct arena *arena = arena_new(65536);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct str out = STR("");
		bool is = bar_network_parse(arena, str_of(cases[i].text), &out);
		assert_int_equal(is, cases[i].network != NULL);
		if (is)
			assert_str_eq(out, str_of(cases[i].network));
	}
	arena_free(&arena);
}

static void s106_each_way_in_has_its_limits(void **state UNUSED)
{
	static const struct {
		enum gate_act act;
		bool by_client;
		uint64_t window_ms;
	} rows[] = {
		{ GATE_SIGN_IN, true, 5 * MS_PER_MINUTE },
		{ GATE_SIGN_IN, false, MS_PER_HOUR },
		{ GATE_RESET, true, 5 * MS_PER_MINUTE },
		{ GATE_RESET, false, 30 * MS_PER_MINUTE },
		{ GATE_CONFIRM, true, 5 * MS_PER_MINUTE },
		{ GATE_CONFIRM, false, 30 * MS_PER_MINUTE },
		{ GATE_PASSWORD, false, 10 * MS_PER_MINUTE },
	};
	const struct gate_settings limits = { 3, 3, 3, 3, 3, 3, 3 };
	const struct sign_up_settings sign_up = { .per_client = 3,
						  .tries_per_client = 3,
						  .per_day = 3 };
	struct test_clock clock;
	test_clock_init(&clock, 1);
	struct gate *gate = gate_new(&clock.clock, &limits, &sign_up);
	assert_non_null(gate);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		bool (*take)(struct gate * gate, enum gate_act act, struct str who) =
			rows[i].by_client ? gate_client : gate_subject;
		for (unsigned k = 0; k < 3; k++)
			assert_true(take(gate, rows[i].act, STR("192.0.2.1")));
		assert_false(take(gate, rows[i].act, STR("192.0.2.1")));
		assert_true(take(gate, rows[i].act, STR("192.0.2.2")));
		test_clock_advance(&clock, rows[i].window_ms - 1);
		assert_false(take(gate, rows[i].act, STR("192.0.2.1")));
		test_clock_advance(&clock, 1);
		assert_true(take(gate, rows[i].act, STR("192.0.2.1")));
	}
	gate_free(&gate);
	assert_true(gate_client(NULL, GATE_SIGN_IN, STR("192.0.2.1")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(networks_are_kept_out_as_far_as_was_said),
		cmocka_unit_test(a_network_is_written_in_one_way),
		cmocka_unit_test(s106_each_way_in_has_its_limits),
	};
	return cmocka_run_group_tests_name("bar", tests, NULL, NULL);
}
