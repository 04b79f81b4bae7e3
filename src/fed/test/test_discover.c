/* A handle leads to an actor only when both hosts say so. */
#include "fedkit.h"

#define JRD "application/jrd+json"
#define FINGER(host, acct) "https://" host "/.well-known/webfinger?resource=acct%3A" acct

static void finger(struct fedkit *kit, const char *url, const char *subject, const char *self)
{
	test_fetch_answer(kit->net, url, 200, JRD,
			  kit_json(kit,
				   "{\"subject\":\"%s\",\"links\":[{\"rel\":\"self\",\"type\":"
				   "\"" ACTIVITY_JSON "\",\"href\":\"%s\"}]}",
				   subject, self));
}

static struct kit_answer find(struct fedkit *kit, const char *user, const char *host)
{
	struct kit_answer a = KIT_ANSWER_INIT;
	fed_resolve_handle(kit->fed, str_of(user), str_of(host), kit_answered, &a);
	kit_wait(&a);
	return a;
}

static void expect(struct fedkit *kit, const char *user, const char *host, enum rc rc)
{
	struct kit_answer a = find(kit, user, host);
	if (a.rc != rc)
		fail_msg("%s instead of %s: %s", rc_name(a.rc), rc_name(rc), a.reason);
}

static void assert_domain(struct fedkit *kit, uint64_t id, const char *domain)
{
	struct account a;
	assert_true(kit_account(kit, id, &a));
	assert_str_eq(a.domain, str_of(domain));
}

static void a_handle_at_its_own_host_takes_one_question(void **state)
{
	struct fedkit *kit = *state;
	kit_stranger(kit, CAROL, 0);
	finger(kit, FINGER("peer.example", "carol%40peer.example"), "acct:carol@peer.example",
	       CAROL);
	struct kit_answer a = find(kit, "carol", "peer.example");
	assert_int_equal(a.rc, RC_OK);
	assert_domain(kit, a.id, "peer.example");
	assert_int_equal(test_fetch_count(kit->net), 2);
}

static void a_host_may_be_spelt_in_any_way(void **state)
{
	struct fedkit *kit = *state;
	kit_stranger(kit, CAROL, 0);
	finger(kit, FINGER("peer.example", "Carol%40peer.example"), "acct:carol@PEER.example",
	       CAROL);
	expect(kit, "Carol", "PEER.Example.", RC_OK);
}

static void s037_another_domain_is_confirmed_by_the_actors_host(void **state)
{
	struct fedkit *kit = *state;
	kit_stranger(kit, CAROL, 0);
	finger(kit, FINGER("corp.example", "carol%40corp.example"), "acct:carol@corp.example",
	       CAROL);
	/* the actor's host knows nothing of it */
	expect(kit, "carol", "corp.example", RC_UNREACHABLE);
	/* or calls it otherwise, or means somebody else */
	finger(kit, FINGER("peer.example", "carol%40peer.example"), "acct:carol@peer.example",
	       CAROL);
	expect(kit, "carol", "corp.example", RC_INVALID);
	finger(kit, FINGER("peer.example", "carol%40peer.example"), "acct:carol@corp.example",
	       DAVE);
	expect(kit, "carol", "corp.example", RC_INVALID);
	finger(kit, FINGER("peer.example", "carol%40peer.example"), "acct:carol@corp.example",
	       CAROL);
	struct kit_answer a = find(kit, "carol", "corp.example");
	assert_int_equal(a.rc, RC_OK);
	assert_domain(kit, a.id, "corp.example");
}

static void s037_the_domain_that_a_host_names_itself_is_the_handles(void **state)
{
	struct fedkit *kit = *state;
	kit_stranger(kit, CAROL, 0);
	finger(kit, FINGER("peer.example", "carol%40peer.example"), "acct:carol@corp.example",
	       CAROL);
	finger(kit, FINGER("corp.example", "carol%40corp.example"), "acct:carol@corp.example",
	       CAROL);
	struct kit_answer a = find(kit, "carol", "peer.example");
	assert_int_equal(a.rc, RC_OK);
	assert_domain(kit, a.id, "corp.example");
}

static void s037_a_handle_of_a_domain_that_does_not_know_it_is_refused(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor evil = kit_stranger(kit, "https://evil.example/users/carol", 1);
	finger(kit, FINGER("evil.example", "carol%40evil.example"), "acct:carol@peer.example",
	       evil.uri);
	finger(kit, FINGER("peer.example", "carol%40peer.example"), "acct:carol@peer.example",
	       CAROL);
	kit_stranger(kit, CAROL, 0);
	struct kit_answer a = find(kit, "carol", "evil.example");
	/* peer.example is who says whose handle this is */
	assert_int_equal(a.rc, RC_OK);
	assert_int_equal(a.id, kit_uri(kit, CAROL).id);
	/* and where it says nothing, nobody has it */
	finger(kit, FINGER("evil.example", "erin%40evil.example"), "acct:erin@nobody.example",
	       evil.uri);
	expect(kit, "erin", "evil.example", RC_UNREACHABLE);
}

static void s037_the_actor_itself_carries_the_name(void **state)
{
	struct fedkit *kit = *state;
	kit_stranger(kit, CAROL, 0);
	finger(kit, FINGER("peer.example", "mallory%40peer.example"), "acct:mallory@peer.example",
	       CAROL);
	expect(kit, "mallory", "peer.example", RC_INVALID);
}

static void s037_two_different_self_links_are_no_answer(void **state)
{
	struct fedkit *kit = *state;
	kit_stranger(kit, CAROL, 0);
	test_fetch_answer(
		kit->net, FINGER("peer.example", "carol%40peer.example"), 200, JRD,
		STR("{\"subject\":\"acct:carol@peer.example\",\"links\":["
		    "{\"rel\":\"self\",\"type\":\"" ACTIVITY_JSON "\",\"href\":\"" CAROL "\"},"
		    "{\"rel\":\"self\",\"type\":\"" ACTIVITY_JSON "\",\"href\":\"" DAVE "\"}]}"));
	expect(kit, "carol", "peer.example", RC_NOT_FOUND);
}

static void only_a_self_link_of_the_right_type_counts(void **state)
{
	static const char *const links[] = {
		"",
		"{\"rel\":\"self\",\"href\":\"" CAROL "\"}",
		"{\"rel\":\"self\",\"type\":\"text/html\",\"href\":\"" CAROL "\"}",
		"{\"rel\":\"other\",\"type\":\"" ACTIVITY_JSON "\",\"href\":\"" CAROL "\"}",
		"{\"rel\":\"self\",\"type\":\"" ACTIVITY_JSON "\",\"href\":\"http://x\"}",
		"{\"rel\":\"self\",\"type\":\"" ACTIVITY_JSON "\",\"href\":\"" ALICE "\"}",
		"7",
	};
	struct fedkit *kit = *state;
	kit_stranger(kit, CAROL, 0);
	for (size_t i = 0; i < ARRAY_LEN(links); i++) {
		test_fetch_answer(kit->net, FINGER("peer.example", "carol%40peer.example"), 200,
				  JRD, kit_json(kit, "{\"links\":[%s]}", links[i]));
		struct kit_answer a = find(kit, "carol", "peer.example");
		assert_true(a.rc == RC_NOT_FOUND || a.rc == RC_DENIED);
	}
}

static void s038_xml_is_not_read(void **state)
{
	struct fedkit *kit = *state;
	test_fetch_answer(kit->net, FINGER("peer.example", "carol%40peer.example"), 200,
			  "application/xrd+xml", STR("<XRD/>"));
	expect(kit, "carol", "peer.example", RC_INVALID);
	assert_true(test_fetch_request(kit->net, 0)->bytes_max <= 256 * 1024);
}

static void s037_a_known_handle_is_not_taken_over(void **state)
{
	struct fedkit *kit = *state;
	kit_peer(kit, CAROL, 0);
	struct peer_actor evil = kit_stranger(kit, "https://evil.example/users/carol", 1);
	/* peer.example's WebFinger was broken into, so to speak: but evil's host must agree too */
	finger(kit, FINGER("peer.example", "carol%40peer.example"), "acct:carol@peer.example",
	       evil.uri);
	finger(kit, FINGER("evil.example", "carol%40evil.example"), "acct:carol@peer.example",
	       evil.uri);
	expect(kit, "carol", "peer.example", RC_DENIED);
	assert_domain(kit, kit_uri(kit, CAROL).id, "peer.example");
}

static void a_domain_of_ours_or_none_is_refused(void **state)
{
	struct fedkit *kit = *state;
	expect(kit, "alice", "home.example", RC_DENIED);
	expect(kit, "carol", "not a host", RC_INVALID);
	expect(kit, "carol", "127.0.0.1", RC_INVALID);
	assert_int_equal(test_fetch_count(kit->net), 0);
}

#define T(name) cmocka_unit_test_setup_teardown(name, kit_setup, kit_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_handle_at_its_own_host_takes_one_question),
		T(a_host_may_be_spelt_in_any_way),
		T(s037_another_domain_is_confirmed_by_the_actors_host),
		T(s037_the_domain_that_a_host_names_itself_is_the_handles),
		T(s037_a_handle_of_a_domain_that_does_not_know_it_is_refused),
		T(s037_the_actor_itself_carries_the_name),
		T(s037_two_different_self_links_are_no_answer),
		T(only_a_self_link_of_the_right_type_counts),
		T(s038_xml_is_not_read),
		T(s037_a_known_handle_is_not_taken_over),
		T(a_domain_of_ours_or_none_is_refused),
	};
	return cmocka_run_group_tests_name("discover", tests, NULL, NULL);
}
