/* Policies of hosts, and what they are known to take. */
#include "fedkit.h"

#include <stdio.h>

#include "store/peer.h"
#include "store/tables.h"

static bool ok(struct fedkit *kit, const char *host)
{
	return peer_permitted(kit->fed, str_of(host));
}

static void s036_a_block_holds_for_all_below_a_host_and_for_no_neighbour(void **state)
{
	struct fedkit *kit = *state;
	kit_policy(kit, "evil.example", PEER_BLOCKED);
	assert_false(ok(kit, "evil.example"));
	assert_false(ok(kit, "a.evil.example"));
	assert_false(ok(kit, "a.b.evil.example"));
	assert_false(ok(kit, "evil.example:8443"));
	assert_false(ok(kit, "a.evil.example:8443"));
	assert_true(ok(kit, "notevil.example"));
	assert_true(ok(kit, "evil.example.org"));
	assert_true(ok(kit, "example"));
	assert_true(ok(kit, "evil"));
	assert_true(ok(kit, ""));
}

static void the_nearest_policy_counts(void **state)
{
	struct fedkit *kit = *state;
	kit_policy(kit, "evil.example", PEER_BLOCKED);
	kit_policy(kit, "good.evil.example", PEER_ALLOWED);
	kit_policy(kit, "worst.good.evil.example", PEER_BLOCKED);
	assert_true(ok(kit, "good.evil.example"));
	assert_true(ok(kit, "a.good.evil.example"));
	assert_false(ok(kit, "worst.good.evil.example"));
	assert_false(ok(kit, "other.evil.example"));
	kit_policy(kit, "evil.example", PEER_DEFAULT);
	assert_true(ok(kit, "other.evil.example"));
}

static void an_allow_list_permits_what_stands_on_it(void **state)
{
	struct fedkit *kit = *state;
	kit_policy(kit, "good.example", PEER_ALLOWED);
	kit->settings.access = FED_ALLOW_LIST;
	assert_true(ok(kit, "good.example"));
	assert_true(ok(kit, "a.good.example"));
	assert_false(ok(kit, "other.example"));
	assert_false(peer_permitted_uri(kit->fed, STR("https://other.example/x")));
	/* what is merely not listed is not blocked */
	assert_false(peer_blocked_uri(kit->fed, STR("https://other.example/x")));
}

static void s030_an_address_is_judged_by_its_host(void **state)
{
	struct fedkit *kit = *state;
	assert_false(peers_judged(kit->fed));
	assert_true(peer_permitted_uri(kit->fed, STR("https://evil.example/x")));
	kit_policy(kit, "evil.example", PEER_BLOCKED);
	assert_true(peers_judged(kit->fed));
	static const char *const bad[] = { "https://evil.example/x", "https://evil.example",
					   "https://evil.example?x", "https://evil.example#x",
					   "https://a.evil.example:444/x" };
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		assert_false(peer_permitted_uri(kit->fed, str_of(bad[i])));
		assert_true(peer_blocked_uri(kit->fed, str_of(bad[i])));
	}
	assert_true(peer_permitted_uri(kit->fed, STR("https://good.example/evil.example")));
	assert_true(peer_permitted_uri(kit->fed, STR("https://good.example/#@evil.example")));
	/* ours are, whatever an operator has written down */
	kit_policy(kit, "home.example", PEER_BLOCKED);
	assert_true(peer_permitted_uri(kit->fed, STR(ALICE)));
}

static void what_is_learnt_keeps_the_policy(void **state)
{
	struct fedkit *kit = *state;
	kit_policy(kit, "peer.example", PEER_ALLOWED);
	assert_int_equal(peer_scheme(kit->fed, STR("peer.example")), PEER_SCHEME_UNKNOWN);
	peer_learn(kit->fed, STR("peer.example"), PEER_SCHEME_RFC9421_RSA);
	assert_int_equal(peer_scheme(kit->fed, STR("peer.example")), PEER_SCHEME_RFC9421_RSA);
	/* what is known already is not written again */
	kit_peer(kit, CAROL, 0);
	uint64_t before = kit_last_commit(kit);
	peer_learn(kit->fed, STR("peer.example"), PEER_SCHEME_RFC9421_RSA);
	peer_learn(kit->fed, STR(""), PEER_SCHEME_RFC9421_RSA);
	kit_resolve(kit, 'r', CAROL); /* a write behind those */
	assert_int_equal(kit_last_commit(kit), before + 1);
	fed_reload(kit->fed);
	assert_int_equal(peer_scheme(kit->fed, STR("peer.example")), PEER_SCHEME_RFC9421_RSA);
	kit->settings.access = FED_ALLOW_LIST;
	assert_true(ok(kit, "peer.example"));
}

static enum rc many_job(struct db_txn *txn, void *arg)
{
	struct fedkit *kit = arg;
	for (int i = 0; i < 60000; i++) {
		struct peer peer = { .host = arena_printf(kit->arena, "h%d.example", i),
				     .policy = i == 59999 ? PEER_BLOCKED : PEER_DEFAULT,
				     .scheme = PEER_SCHEME_CAVAGE,
				     .note = STR(
					     "a note of an operator, as long as such notes are, "
					     "which may be much longer than this one is") };
		peer_put(txn, &peer);
	}
	return db_txn_rc(txn);
}

static void s060_many_hosts_are_read_in_bounded_steps(void **state)
{
	struct fedkit *kit = *state;
	kit_write(kit, many_job, kit);
	fed_reload(kit->fed);
	assert_false(ok(kit, "h59999.example"));
	assert_int_equal(peer_scheme(kit->fed, STR("h0.example")), PEER_SCHEME_CAVAGE);
	assert_int_equal(peer_scheme(kit->fed, STR("h12345.example")), PEER_SCHEME_CAVAGE);
}

static unsigned count_learnt(struct fedkit *kit)
{
	char host[40];
	unsigned count = 0;
	for (int i = 0; i < 60000; i++) {
		snprintf(host, sizeof(host), "h%d.example", i);
		count += peer_scheme(kit->fed, str_of(host)) != PEER_SCHEME_UNKNOWN;
	}
	return count;
}

static void s060_what_is_learnt_of_hosts_is_bounded_and_policies_stay(void **state)
{
	struct fedkit *kit = *state;
	kit_write(kit, many_job, kit);
	fed_reload(kit->fed);
	assert_in_range(count_learnt(kit), 50000, 50001);
	peer_learn(kit->fed, STR("one.more.example"), PEER_SCHEME_RFC9421_RSA);
	assert_int_equal(peer_scheme(kit->fed, STR("one.more.example")), PEER_SCHEME_RFC9421_RSA);
	assert_in_range(count_learnt(kit), 1, 1000);
	assert_false(ok(kit, "h59999.example"));
	/* learnt again, but not written again */
	kit_peer(kit, CAROL, 0);
	uint64_t before = kit_rows(kit, &store_peer);
	peer_learn(kit->fed, STR("h7.example"), PEER_SCHEME_CAVAGE);
	assert_int_equal(peer_scheme(kit->fed, STR("h7.example")), PEER_SCHEME_CAVAGE);
	assert_int_equal(kit_rows(kit, &store_peer), before);
}

#define T(name) cmocka_unit_test_setup_teardown(name, kit_setup, kit_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(s036_a_block_holds_for_all_below_a_host_and_for_no_neighbour),
		T(the_nearest_policy_counts),
		T(an_allow_list_permits_what_stands_on_it),
		T(s030_an_address_is_judged_by_its_host),
		T(what_is_learnt_keeps_the_policy),
		T(s060_many_hosts_are_read_in_bounded_steps),
		T(s060_what_is_learnt_of_hosts_is_bounded_and_policies_stay),
	};
	return cmocka_run_group_tests_name("peers", tests, NULL, NULL);
}
