/* What an actor's document claims: its handle on another host, and what its server can do. */
#include "ap/capability.h"
#include "fedkit.h"

#define JRD "application/jrd+json"
#define FINGER(host, acct) "https://" host "/.well-known/webfinger?resource=acct%3A" acct
#define AT_CORP FINGER("corp.example", "carol%40corp.example")
#define AT_PEER FINGER("peer.example", "carol%40peer.example")
#define RFC9421 "https://datatracker.ietf.org/doc/html/rfc9421"

static void finger(struct fedkit *kit, const char *url, const char *subject, const char *self)
{
	test_fetch_answer(kit->net, url, 200, JRD,
			  kit_json(kit,
				   "{\"subject\":\"%s\",\"links\":[{\"rel\":\"self\",\"type\":"
				   "\"" ACTIVITY_JSON "\",\"href\":\"%s\"}]}",
				   subject, self));
}

/* Carol's document with more members, read anew. */
static uint64_t carol_says(struct fedkit *kit, const char *more)
{
	struct peer_actor carol = { .uri = CAROL, .rsa = kit_rsa(0) };
	struct str json = kit_actor_json(kit, &carol);
	test_fetch_answer(kit->net, CAROL, 200, ACTIVITY_JSON,
			  kit_json(kit, "%.*s%s}", (int)json.len - 1, json.ptr, more));
	struct kit_answer a = kit_resolve(kit, 'r', CAROL);
	if (a.rc != RC_OK)
		fail_msg("%s", a.reason);
	/* what it has started ends with a write before this one */
	kit_put_account(kit, &kit->bob);
	return a.id;
}

static void is_called(struct fedkit *kit, uint64_t id, const char *domain)
{
	struct account a;
	assert_true(kit_account(kit, id, &a));
	assert_str_eq(a.domain, str_of(domain));
}

static void fep2c59_a_handle_elsewhere_counts_when_both_hosts_say_so(void **state)
{
	struct fedkit *kit = *state;
	finger(kit, AT_CORP, "acct:carol@corp.example", CAROL);
	finger(kit, AT_PEER, "acct:carol@corp.example", CAROL);
	uint64_t id = carol_says(kit, ",\"webfinger\":\"carol@corp.example\"");
	is_called(kit, id, "corp.example");
	/* nobody is asked again for what is known */
	size_t fetches = test_fetch_count(kit->net);
	carol_says(kit, ",\"webfinger\":\"acct:Carol@CORP.example\"");
	assert_int_equal(test_fetch_count(kit->net), fetches + 1);
	is_called(kit, id, "corp.example");
}

static void s018_a_handle_that_is_only_claimed_is_not_taken(void **state)
{
	struct fedkit *kit = *state;
	size_t fetches;
	finger(kit, AT_CORP, "acct:carol@corp.example", DAVE);
	kit_stranger(kit, DAVE, 1);
	uint64_t id = carol_says(kit, ",\"webfinger\":\"carol@corp.example\"");
	is_called(kit, id, "peer.example");
	/* what has failed is not asked for at every turn */
	fetches = test_fetch_count(kit->net);
	carol_says(kit, ",\"webfinger\":\"carol@corp.example\"");
	assert_int_equal(test_fetch_count(kit->net), fetches + 1);
}

static void claims_that_cannot_be_are_passed_over_without_a_question(void **state)
{
	static const char *const claims[] = {
		",\"webfinger\":\"dave@corp.example\"",
		",\"webfinger\":\"carol@home.example\"",
		",\"webfinger\":\"carol@peer.example\"",
		",\"webfinger\":\"carol\"",
		",\"webfinger\":\"carol@127.0.0.1\"",
		",\"webfinger\":{\"@id\":\"x\"}",
		",\"webfinger\":\"@\"",
		",\"webfinger\":\"carol@blocked.example\"",
	};
	struct fedkit *kit = *state;
	kit_policy(kit, "blocked.example", PEER_BLOCKED);
	for (size_t i = 0; i < ARRAY_LEN(claims); i++) {
		size_t fetches = test_fetch_count(kit->net);
		is_called(kit, carol_says(kit, claims[i]), "peer.example");
		if (test_fetch_count(kit->net) != fetches + 1)
			fail_msg("asked for %s", claims[i]);
	}
}

static void fep844e_what_a_server_says_it_takes_is_how_it_is_signed_to(void **state)
{
	struct fedkit *kit = *state;
	carol_says(kit, ",\"generator\":{\"type\":\"Application\",\"implements\":[{\"href\":"
			"\"https://b.example/other\"}]}");
	assert_int_equal(peer_scheme(kit->fed, STR("peer.example")), PEER_SCHEME_UNKNOWN);
	carol_says(kit, ",\"generator\":{\"id\":\"https://b.example/actor\",\"implements\":"
			"[{\"href\":\"" RFC9421 "\"}]}");
	assert_int_equal(peer_scheme(kit->fed, STR("peer.example")), PEER_SCHEME_UNKNOWN);
	carol_says(kit, ",\"generator\":{\"type\":\"Application\",\"implements\":[{\"href\":"
			"\"" RFC9421 "\",\"name\":\"x\"}]}");
	assert_int_equal(peer_scheme(kit->fed, STR("peer.example")), PEER_SCHEME_RFC9421_RSA);
	/* what is known already is not overruled */
	carol_says(kit, ",\"generator\":{\"id\":\"https://peer.example/actor\",\"implements\":"
			"[\"" RFC9421 "\",\"" RFC9421 "#name-eddsa-using-curve-edwards25\"]}");
	assert_int_equal(peer_scheme(kit->fed, STR("peer.example")), PEER_SCHEME_RFC9421_RSA);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, kit_setup, kit_teardown)
		T(fep2c59_a_handle_elsewhere_counts_when_both_hosts_say_so),
		T(s018_a_handle_that_is_only_claimed_is_not_taken),
		T(claims_that_cannot_be_are_passed_over_without_a_question),
		T(fep844e_what_a_server_says_it_takes_is_how_it_is_signed_to),
	};
	return cmocka_run_group_tests_name("claim", tests, NULL, NULL);
}
